"""What monitoring saw beside what notices say: every second has one place, and every outage is listed once."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from mkdocs.config import load_config

from aboveboard import doubts, folder, probes, source
from aboveboard.advice import advice
from aboveboard.measured import TOLERANCE, WIDEST, Compared, Measured, of_component
from aboveboard.memo import Memo
from aboveboard.model import Incident, Log, Notice
from aboveboard.options import read as read_settings
from aboveboard.probe import Probes, Seen, Stretch
from aboveboard.render import machines, probed
from aboveboard.render.outlet import Basis
from aboveboard.render.pages import Pages
from aboveboard.report import Report
from aboveboard.settings import Settings
from aboveboard.site import Site
from aboveboard.span import Span, total, union
from aboveboard.urls import Page, Urls
from building import NOW, SITE, lay_out, mkdocs
from make import DEGRADED, HOST, UNKNOWN, at, incident, maintenance
from make import settings as site_of
from strategies import COMPONENTS, FIRST, LAST, instants, logs, site
from test_machines import validator

FEW = settings(max_examples=max(15, settings.default.max_examples // 4))


def epoch(text: str) -> int:
    return int(at(text).timestamp())


def seen(*stretches: tuple[str, str, bool], interval: int = 60) -> Seen:
    """Such as `("14:00", "15:00", True)`, up."""
    plain = tuple((epoch(start), epoch(end), up) for start, end, up in stretches)
    return Seen(plain, interval, interval * 5 // 2, max((end for _, end, _ in plain), default=0))


def report(*notices: Notice, now: str, known: Settings | None = None, **components: Seen) -> Report:
    probes = Probes(components=components, digest=b"x")
    return Report.of(Log.of(notices), known or site_of("api", "web", measured="measured"), at(now), probes=probes)


def measured(*notices: Notice, now: str = "20:00", **components: Seen) -> Measured:
    found = report(*notices, now=now, **components).measured
    assert found
    return found


DAY = seen(("00:00", "14:00", True), ("14:00", "14:30", False), ("14:30", "20:00", True))
"""Half an hour of it down."""


def minutes(of: Compared) -> dict[str, int]:
    """Without what is nought."""
    names = ("up", "unseen", "planned", "told", "untold")
    return {name: getattr(of, name) // 60 for name in names if getattr(of, name)}


def test_an_outage_that_nobody_posted():
    found = measured(api=DAY)
    (outage,) = found.untold

    assert outage.span == Span(at("14:00"), at("14:30"))
    assert (outage.component.id, outage.goes_on, outage.notices, outage.untold) == ("api", False, (), (outage.span,))
    assert found.told == ()
    assert minutes(found.components["api"].periods["24h"]) == {"up": 20 * 60 - 30, "untold": 30}
    assert found.components["api"].periods["24h"].share == 1 - Fraction(30, 20 * 60)
    assert list(found.components) == ["api"]


def test_an_outage_that_a_notice_tells_of_and_how_late():
    """It says that it began 10 minutes later than was seen, and that it was over 5 minutes sooner."""
    found = measured(incident("it-broke", "14:20 investigating", "14:25 resolved", started="14:10"), api=DAY)
    (outage,) = found.told

    assert found.untold == ()
    assert (outage.notices, outage.planned) == (("it-broke",), False)
    assert (outage.late, outage.early) == (timedelta(minutes=10), timedelta(minutes=5))
    assert outage.untold == (Span(at("14:00"), at("14:05")),)
    assert minutes(found.components["api"].periods["24h"]) == {"up": 20 * 60 - 30, "told": 15, "untold": 15}


@pytest.mark.parametrize(
    ("started", "ended", "is_told"),
    [("13:00", "13:54", False), ("13:00", "13:55", False), ("13:00", "13:56", True), ("14:34", "15:00", True)],
)
def test_a_notice_may_be_five_minutes_off(started: str, ended: str, is_told: bool):
    found = measured(incident("it-broke", started=started, ended=ended), api=DAY)

    assert bool(found.told) is is_told
    assert bool(found.untold) is not is_told


@pytest.mark.parametrize(
    ("interval", "expected"), [(0, TOLERANCE), (600, timedelta(minutes=10)), (86_400, WIDEST)], ids=str
)
def test_rare_probes_are_as_near_as_they_can(interval: int, expected: timedelta):
    found = measured(api=seen(("00:00", "14:00", False), interval=interval))

    assert found.components["api"].tolerance == expected


def test_another_component_s_notice_tells_of_nothing():
    assert (
        measured(incident("it-broke", started="14:00", ended="14:30"), api=DAY, web=DAY).untold[0].component.id == "web"
    )


def test_announced_maintenance_is_told_apart_and_counts():
    """And none that was announced when it had begun."""
    work = maintenance("planned", "03-01 09:00 scheduled", "14:30 completed", window=("14:00", "14:30"))
    late = maintenance("planned", "14:10 scheduled", "14:30 completed", window=("14:00", "14:30"))
    ahead, behind = measured(work, api=DAY), measured(late, api=DAY)

    assert minutes(ahead.components["api"].periods["24h"]) == {"up": 20 * 60 - 30, "planned": 30}
    assert ahead.components["api"].periods["24h"].share == 1 - Fraction(30, 20 * 60)
    assert [outage.planned for outage in ahead.told] == [True]
    assert minutes(behind.components["api"].periods["24h"]) == {"up": 20 * 60 - 30, "told": 30}
    assert [outage.planned for outage in behind.told] == [False]


def test_what_was_posted_and_not_seen():
    """What a notice leaves unsaid was not posted as lost."""
    slow = incident("slow", started="10:00", ended="11:00", components={"api": DEGRADED})
    unsaid = incident("unsaid", started="12:00", ended="13:00", components={"api": UNKNOWN})
    found = measured(slow, unsaid, api=DAY)

    assert minutes(found.components["api"].periods["24h"]) == {"up": 18 * 60 + 30, "unseen": 60, "untold": 30}


def test_nobody_looked_is_no_data():
    """Before it is ours to speak of, after now, and while no probe counts."""
    gaps = seen(("10:00", "11:00", True), ("12:00", "23:00", True))
    over = measured(api=gaps, now="14:00").components["api"].periods

    assert (over["24h"].known, over["24h"].no_data) == (3 * 3600, timedelta(hours=21))
    assert over["24h"].share == 1
    assert measured(api=seen(), now="14:00").components["api"].periods["24h"].share is None


def test_an_outage_that_goes_on():
    """While its last probe counts; afterwards nobody knows."""
    down = seen(("10:00", "14:00", True), ("14:00", "14:32", False))
    (on,) = measured(api=down, now="14:30").untold_now

    assert (on.span, on.goes_on) == (Span(at("14:00"), at("14:30")), True)
    assert measured(api=down, now="15:00").untold_now == ()
    assert measured(incident("it-broke", started="14:10"), api=down, now="14:30").untold_now == ()


Cuts = st.lists(st.integers(0, int((LAST - FIRST).total_seconds()) // 600), max_size=40, unique=True)


@st.composite
def stretches(draw: st.DrawFn) -> tuple[Stretch, ...]:
    """Up, down or not looked at, at ten-minute steps of all generated time."""
    cuts = sorted(int(FIRST.timestamp()) + 600 * cut for cut in draw(Cuts))
    kinds = draw(st.lists(st.sampled_from([True, False, False, None]), min_size=len(cuts), max_size=len(cuts)))
    found: list[Stretch] = []
    for start, end, up in zip(cuts, cuts[1:], kinds, strict=False):
        if up is None:
            continue
        if found and found[-1][1] == start and found[-1][2] == up:
            found[-1] = (found[-1][0], end, up)
        else:
            found.append((start, end, up))
    return tuple(found)


@st.composite
def seens(draw: st.DrawFn) -> dict[str, Seen]:
    """What was seen of some of the components."""
    some = draw(st.lists(st.sampled_from(COMPONENTS), max_size=3, unique=True))
    intervals = st.sampled_from([0, 60, 1800, 86_400])
    found = {}
    for id_ in some:
        of, interval = draw(stretches()), draw(intervals)
        found[id_] = Seen(of, interval, interval * 5 // 2, max((end for _, end, _ in of), default=0))
    return found


def of(log: Log, now: datetime, components: Mapping[str, Seen]) -> Report:
    return Report.of(log, site(), now, probes=Probes(components=components, digest=b"x"))


def spans(some: Sequence[Stretch], known: Sequence[Span], *, up: bool) -> list[Span]:
    """As spans, inside the component's life."""
    of = (Span(datetime.fromtimestamp(a, UTC), datetime.fromtimestamp(b, UTC)) for a, b, is_up in some if is_up == up)
    return both(list(of), known)


def both(some: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """The instants that are in both."""
    return [part for one in some for other in others if (part := one.clip(other))]


def seconds(some: Sequence[Span]) -> int:
    return int(total(some).total_seconds())


@given(logs(), instants(), seens())
def test_every_second_that_was_seen_has_one_place(log: Log, now: datetime, components: dict[str, Seen]):
    """Counted another way, by what `span` knows: seen up and down, by what notices say of it."""
    whole = of(log, now, components)
    assert whole.measured
    for id_, one in whole.measured.components.items():
        line = whole.components[id_].line
        segments = list(line.segments)
        up, down = (spans(components[id_].stretches, line.known, up=up) for up in (True, False))
        lost = [segment.span for segment in segments if segment.status != UNKNOWN]
        work = [
            segment.span
            for segment in segments
            if not segment.unexcused and any(whole.index[notice].kind == "maintenance" for notice in segment.notices)
        ]
        every = Span(FIRST - timedelta(days=1), LAST + timedelta(days=400))
        counted = of_component(
            one.component,
            components[id_],
            line,
            {"x": whole.periods[0].__class__(key="x", span=every)},
            frozenset(entry.id for entry in whole.index.values() if entry.kind == "maintenance"),
            now,
        ).periods["x"]

        assert counted.known == seconds(up) + seconds(down)
        assert counted.down == seconds(down)
        assert counted.unseen == seconds(both(up, lost))
        assert counted.planned == seconds(both(down, work))
        assert counted.untold == seconds(down) - seconds(both(down, [segment.span for segment in segments]))


@given(logs(), instants(), seens())
def test_seconds_of_windows_that_tile_add_up(log: Log, now: datetime, components: dict[str, Seen]):
    """Those of the months of a year are the year's; known and not known are all of it."""
    whole = of(log, now, components)
    assert whole.measured
    for one in whole.measured.components.values():
        for year in (period for period in whole.calendar.values() if not period.is_month):
            months = [key for key in whole.calendar if key.startswith(f"{year.key}-")]
            if len(months) == 12:
                for what in ("up", "unseen", "planned", "told", "untold", "known", "down", "no_data"):
                    parts = [getattr(one.periods[key], what) for key in months]
                    assert sum(parts, type(parts[0])()) == getattr(one.periods[year.key], what)
        for key, over in one.periods.items():
            assert over.known + over.no_data.total_seconds() == over.window.length.total_seconds()
            assert (over.share is None) == (not over.known), key
            assert (over.share == 1) == (bool(over.known) and not over.down), key


@given(logs(), instants(), seens())
def test_every_outage_is_listed_once(log: Log, now: datetime, components: dict[str, Seen]):
    """Posted or not and never both; what is untold of it is exactly what lies further from what notices say."""
    whole = of(log, now, components)
    found = whole.measured
    assert found
    assert sorted(map(id, (*found.untold, *found.told))) == sorted(map(id, found.outages))
    assert [one.span.start for one in found.outages] == sorted((one.span.start for one in found.outages), reverse=True)
    for id_, one in found.components.items():
        line = whole.components[id_].line
        down = spans(components[id_].stretches, line.known, up=False)
        assert sorted(outage.span for outage in one.outages) == sorted(down)
        near = list(
            union(
                Span(segment.span.start - one.tolerance, segment.span.end + one.tolerance) for segment in line.segments
            )
        )
        for outage in one.outages:
            told_of = both([outage.span], near)
            assert seconds(outage.untold) + seconds(told_of) == seconds([outage.span])
            assert both(outage.untold, told_of) == []
            assert outage.is_untold == (not told_of)
            assert all(id_ in whole.notices[notice].notice.touches for notice in outage.notices)
            assert outage in found.untold or outage.notices


@FEW
@given(logs(), instants(), seens())
def test_the_page_the_tables_and_the_api_say_the_same(log: Log, now: datetime, components: dict[str, Seen]):
    whole = of(log, now, components)
    found = whole.measured
    assert found
    basis = Basis(whole, Urls(whole.settings), str, Path())
    files = {file.at: file.make() for file in (*machines.OUTLET.every(basis), *(probed.OUTLET.files(basis)))}
    said = json.loads(files["api/aboveboard/measured.json"])
    assert [error.message for error in validator("measured").iter_errors(said)] == []
    figures = list(csv.DictReader(io.StringIO(files["measured.csv"].decode())))
    outages = list(csv.DictReader(io.StringIO(files["outages.csv"].decode())))
    in_json = {(one["id"], key): over for one in said["components"] for key, over in one["periods"].items()}
    assert len(figures) == len(in_json) == len(found.components) * len([*whole.periods, *whole.calendar])
    for row in figures:
        over = in_json[row["component"], row["period"]]
        counted = found.components[row["component"]].periods[row["period"]]
        for name in ("known", "down", "planned", "told", "untold", "unseen"):
            assert int(row[f"{name}_seconds"]) == over[name] == getattr(counted, name)
        assert (float(row["share"]) if row["share"] else None) == over["share"]
        if counted.share is not None:
            assert 0 <= counted.share - Fraction(f"{over['share']:.6f}") < Fraction(1, 10**6)
    assert [(row["component"], row["start"], row["end"] or None, row["notices"].split()) for row in outages] == [
        (one["component"], one["start"], one["end"], one["notices"]) for one in said["outages"]
    ]
    html = BeautifulSoup(Pages(whole, Urls(whole.settings), str).page(Page.UPTIME).content, "lxml")
    listed = html.select("section:has(#untold) tbody tr")
    assert len(listed) == len(found.untold) == sum(row["posted"] == "no" for row in outages)
    assert len(html.select("section:has(#seen) tbody tr")) == min(len(found.told), 20)


def text(of: Report, page: Page) -> str:
    return " ".join(BeautifulSoup(Pages(of, Urls(of.settings), str).page(page).content, "lxml").get_text(" ").split())


def test_the_board_and_the_component_say_what_monitoring_sees_now():
    """Under the headline, which is ours."""
    down = seen(("10:00", "14:00", True), ("14:00", "14:32", False))
    alone, posted = report(now="14:30", api=down), report(incident("it-broke", started="14:10"), now="14:30", api=down)
    sentence = "Monitoring has seen API down since 14:00 , and no notice says so yet."
    pages = Pages(alone, Urls(alone.settings), str)

    assert sentence in text(alone, Page.BOARD)
    assert "Monitoring has seen" not in text(posted, Page.BOARD)
    assert "Monitoring has seen it down since" in pages.component("api").content
    assert "Monitoring has seen it down since" not in pages.component("web").content
    assert "1 outage nobody posted" in text(alone, Page.UPTIME)
    assert "A notice tells of every outage that monitoring saw." in text(posted, Page.UPTIME)


def lines_of(of: Report, root: Path) -> list[str]:
    site = Site(
        root=root,
        settings=of.settings,
        extensions=(),
        configs={},
        overrides=(),
        own=True,
        shell=True,
        scale=Fraction(1),
    )
    (root / "incidents").mkdir(exist_ok=True)
    return [line.text for line in advice(site, Pages(of, Urls(of.settings), str)) if line.loud]


def test_whoever_writes_is_told_what_nobody_posted(tmp_path: Path):
    """Now, and for a week."""
    down = seen(("10:00", "14:00", True), ("14:00", "14:32", False))
    advice = "and no notice says so; write one that names api, or say in one why it was not"
    now = f"measured: monitoring has seen API down since 2026-03-02 14:00 {advice}"
    then = f"measured: monitoring saw API down from 2026-03-02 14:00 to 2026-03-02 14:32 {advice}"

    deaf = "measured: the last probe of API was at 2026-03-02 14:32; see whether its file is still written"

    assert lines_of(report(now="14:30", api=down), tmp_path) == [now]
    assert lines_of(report(now="03-03 14:32", api=down), tmp_path) == [then]
    assert lines_of(report(now="03-09 14:31", api=down), tmp_path) == [then, deaf]
    assert lines_of(report(now="03-09 14:33", api=down), tmp_path) == [deaf]


def test_a_name_that_no_file_has_is_told(tmp_path: Path):
    known = site_of("api", measured="measured")
    absent = Probes(absent=(("api", "smtp"),), digest=b"x")

    assert lines_of(Report.of(Log.of([]), known, at("14:00"), probes=absent), tmp_path) == [
        'api is to be probed as "smtp", and no file in measured has that name'
    ]


def test_without_the_setting_nothing_is_said_and_nothing_is_published(tmp_path: Path):
    """Whatever lies in a folder of that name."""
    lay_out(tmp_path / "with", {**SITE, "measured/mail.csv": "nonsense"})
    lay_out(tmp_path / "without")
    made, plain = mkdocs(tmp_path / "with"), mkdocs(tmp_path / "without")

    assert made.files() == plain.files()
    assert "measured.csv" not in made.files()
    assert "api/aboveboard/measured.json" not in made.files()
    assert "Measured beside" not in made.text("uptime/index.html")


def test_without_the_setting_none_of_it_is_imported(tmp_path: Path):
    """It costs nothing."""
    lay_out(tmp_path)
    code = (
        "import sys, pathlib; from aboveboard.host import build_site;"
        "build_site(pathlib.Path(sys.argv[1]), None, may_fork=False, progress=None);"
        "print([name for name in ('probe', 'probes', 'measured') if f'aboveboard.{name}' in sys.modules])"
    )
    arguments = [sys.executable, "-c", code, str(tmp_path / "mkdocs.yml")]
    done = subprocess.run(
        arguments, capture_output=True, text=True, check=True, env={**os.environ, "SOURCE_DATE_EPOCH": NOW}
    )

    assert done.stdout.splitlines()[-1] == "[]"


def test_the_sample_shows_six_minutes_that_nobody_posted():
    """As it says above them, and nothing that its writer would be told of at each build."""
    root = Path(__file__).parents[1]
    known = read_settings(dict(load_config(str(root / "mkdocs.yml")).plugins["aboveboard"].config), HOST)
    log = folder.log(source.read(root / known.incidents, known.incidents), known)
    assert known.now
    whole = Report.of(log, known, known.now, probes=probes.read(root, known, Memo(None), 0))
    assert whole.measured
    (untold,), (posted,) = whole.measured.untold, whole.measured.told

    assert untold.span == Span(at("2026-10-17 03:12"), at("2026-10-17 03:18"))
    assert posted.notices == ("2026-09-09-name-servers-nine-minutes",)
    assert list(doubts.untold(whole)) == list(doubts.unheard(whole)) == []


def test_a_site_with_probes_is_whole(tmp_path: Path):
    """Links lead somewhere, and bad files are refused with those of the notices."""
    config = SITE["mkdocs.yml"].replace("  - aboveboard:\n", "  - aboveboard:\n      measured: seen\n")
    table = "time,until,state\n2026-11-01 00:00,2026-11-01 10:00,up\n2026-11-01 10:00,2026-11-01 10:20,down\n"
    lay_out(tmp_path, {**SITE, "mkdocs.yml": config, "seen/mail.csv": table})
    made = mkdocs(tmp_path)

    assert made.status == 0, made.said
    assert made.broken_links() == []
    assert "1 outage nobody posted" in made.text("uptime/index.html")
    assert "monitoring saw Mail down from 2026-11-01 10:00 to 2026-11-01 10:20" in made.said
    lay_out(tmp_path, {"seen/mail.csv": "time\n", "incidents/x.md": "---\ntitle: X\n---\n"})
    refused = mkdocs(tmp_path)
    assert refused.status == 1
    assert "seen/mail.csv:1:1: the first line names the columns" in refused.said
    assert "incidents/x.md:" in refused.said


def test_incidents_are_told_of_by_their_components():
    """One that names none tells of none."""
    whole = Incident(id="x", title="X", updates=incident("x", "14:05 investigating", "14:25 resolved").updates)

    assert [one.component.id for one in measured(whole, api=DAY).untold] == ["api"]
