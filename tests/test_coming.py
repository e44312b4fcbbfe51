"""What will hold if nobody writes: it is what a report made then would say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from hypothesis import given, note
from hypothesis import strategies as st

from aboveboard.coming import HOURS, coming, coming_of
from aboveboard.headline import Mood
from aboveboard.index import Index
from aboveboard.model import Announcement, Incident, Log, Maintenance, Notice, Retirement
from aboveboard.report import AHEAD, Report
from aboveboard.window import windows
from make import WORK, at, incident, maintenance, settings
from strategies import FIRST, ZONES, instants, logs, site


def turns(notice: Notice) -> Iterator[datetime]:
    """Instants at which something about it may change by itself."""
    yield from (update.next_by for update in notice.updates if update.next_by)
    match notice:
        case Maintenance():
            for window, _ in zip(windows(notice, notice.scheduled_for + timedelta(days=60)), range(9), strict=False):
                yield from (window.start, window.end)
        case (
            Retirement(ends=end) | Announcement(pinned_until=datetime() as end) | Incident(stated_end=datetime() as end)
        ):
            yield end


@st.composite
def moments(draw: st.DrawFn) -> tuple[Log, datetime, datetime]:
    """Notices, a time of a build at most two days before something changes, and a time in the two days after it."""
    log = draw(logs(most=3))
    some = sorted({turn for one in log.notices for turn in turns(one)})
    before = timedelta(seconds=draw(st.integers(0, int(HOURS.total_seconds()))))
    now = max(draw(st.sampled_from(some)) - before, FIRST) if some else draw(instants())
    return log, now, now + timedelta(seconds=draw(st.integers(1, int(HOURS.total_seconds()))))


def stands(report: Report, far: datetime) -> dict[str, object]:
    """How everything stands, without what grows by the second, and without windows that begin after `far`."""
    said = report.headline
    return {
        "headline": (said.mood, said.state, said.worst, said.troubled, said.unsaid, said.working, said.others),
        "lead": said.lead and said.lead.id,
        "quiet": said.quiet_since,
        "open": [(one.id, one.status, one.state, one.now, bool(one.overran)) for one in report.open],
        "late": [one.id for one in report.open if one.next_by and one.next_by < report.now],
        "pinned": [one.id for one in report.pinned],
        "retiring": [one.id for one in report.retiring],
        "ahead": [window.id for window in report.ahead if window.start < far],
        "components": {id_: (one.status, one.retired) for id_, one in report.components.items()},
        "groups": [
            (one.group, [inside.component.id for inside in one.components], one.status) for one in report.groups
        ],
    }


@given(moments(), st.sampled_from(ZONES))
def test_what_will_hold_is_what_a_report_made_then_says(moment: tuple[Log, datetime, datetime], zone: str):
    log, now, then = moment
    known = site(zone)
    told = Index.of(log, known.zone).as_of(now, known.zone)
    report = Report.of(told, known, now)
    picked = [one for one in (report, *coming(report)) if one.now <= then][-1]
    note(f"picked that of {picked.now} for {then}")

    # How far a series is listed moves on by the second, and nothing is told for that.
    far = picked.now + AHEAD
    assert stands(picked, far) == stands(Report.of(told, known, then), far)


@given(moments())
def test_at_the_very_instant_it_says_the_same_to_the_second(moment: tuple[Log, datetime, datetime]):
    """The headline with its notice, the open notices and the ruler; not the figures, which are told as of the build."""
    log, now, _ = moment
    known = site()
    told = Index.of(log, known.zone).as_of(now, known.zone)
    for one in coming(Report.of(told, known, now)):
        then = Report.of(told, known, one.now)
        for what in ("headline", "open", "pinned", "retiring", "ahead", "planned", "ruler", "trouble"):
            assert getattr(one, what) == getattr(then, what), what


@given(moments())
def test_of_one_notice_it_says_what_the_report_then_says_of_it(moment: tuple[Log, datetime, datetime]):
    log, now, _ = moment
    known = site()
    told = Index.of(log, known.zone).as_of(now, known.zone)
    report = Report.of(told, known, now)
    for notice in report.notices:
        for one in coming_of(report, notice):
            assert one.notices[notice] == Report.of(told, known, one.now).notices[notice]


def test_maintenance_begins_and_runs_over_without_a_word():
    log = Log.of([maintenance(window=("14:00", "15:00"))])
    report = Report.of(log, settings(), at("12:00"))

    said = [(one.now, one.headline.mood, one.components["api"].status) for one in coming(report)]

    assert said[:2] == [(at("14:00"), Mood.MAINTENANCE, WORK), (at("15:00:01"), Mood.OVERRUN, WORK)]
    assert (report.headline.mood, report.components["api"].status) == (Mood.WELL, "operational")


def test_a_group_that_stands_as_it_did_is_the_very_same():
    """Whoever prints need not print it again."""
    log = Log.of([maintenance(components={"api": WORK})])
    known = settings(
        components=[{"id": "api", "name": "API", "group": "one"}, {"id": "web", "name": "Web", "group": "two"}],
        groups=[{"id": "one", "name": "One"}, {"id": "two", "name": "Two"}],
    )
    report = Report.of(log, known, at("13:00"))
    begun = next(coming(report))

    assert [now is then for now, then in zip(report.groups, begun.groups, strict=True)] == [False, True]


def test_what_is_over_changes_no_more():
    report = Report.of(Log.of([incident(started="09:00", ended="10:00")]), settings(), at("12:00"))

    assert list(coming_of(report, "it-broke")) == []


def test_nothing_comes_while_the_clock_stands_still():
    report = Report.of(Log.of([maintenance()]), settings(), at("12:00"), fixed=True)

    assert list(coming(report)) == []
