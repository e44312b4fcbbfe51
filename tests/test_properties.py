"""Laws of the arithmetic, over generated logs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from msgspec.structs import replace

from aboveboard import uptime
from aboveboard.model import ComponentStatus, Incident, Log, Maintenance, Notice, Rule, Status, Update, update_id
from aboveboard.report import Report
from aboveboard.span import Span
from make import DUBLIN, FINE, UNKNOWN, at, component, settings, updates

START, NOW = at("03-01 00:00"), at("03-09 00:00")
WEEK = Span(at("03-02 00:00"), NOW)
TROUBLE = [status for status in ComponentStatus if status != FINE]


@st.composite
def instants(draw: st.DrawFn, first: datetime = START, last: datetime = NOW) -> datetime:
    """Whole minutes, so that touching and overlapping notices are common."""
    return first + timedelta(minutes=draw(st.integers(0, (last - first) // timedelta(minutes=1))))


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start = draw(instants(last=NOW - timedelta(minutes=1)))
    return Span(start, draw(instants(first=start + timedelta(minutes=1))))


@st.composite
def incidents(draw: st.DrawFn, statuses: list[ComponentStatus] = TROUBLE) -> Incident:
    """An incident of `a`, `b` or both, with up to three changes on the way."""
    when = draw(spans())
    changes = sorted(draw(st.lists(instants(when.start, when.end), max_size=3, unique=True)))
    posts = [(when.start, Status.INVESTIGATING), *((one, Status.UPDATE) for one in changes)]
    if draw(st.booleans()):
        posts.append((when.end, Status.RESOLVED))
    pick = st.dictionaries(st.sampled_from("ab"), st.sampled_from([*statuses, FINE]), max_size=2)
    made: list[Update] = []
    for time, status in posts:
        made.append(
            Update(
                id=update_id(time, [update.id for update in made]),
                time=time,
                status=status,
                body="",
                components=draw(pick) if status == Status.UPDATE else {},
            )
        )
    first = draw(st.dictionaries(st.sampled_from("ab"), st.sampled_from(statuses), min_size=1, max_size=2))
    return Incident(id=f"i{draw(st.uuids()).hex}", title="It", updates=tuple(made), components=first)


@st.composite
def maintenances(draw: st.DrawFn) -> Maintenance:
    """Planned work on `a`, announced before or during, kept, overrun, cancelled or never closed."""
    when = draw(spans())
    announced = draw(st.sampled_from([when.start - timedelta(days=1), when.start, when.start + timedelta(minutes=1)]))
    posts = [f"{announced:%m-%d %H:%M} scheduled"]
    end = draw(instants(first=max(when.start, announced)))
    if draw(st.booleans()):
        posts.append(f"{end:%m-%d %H:%M} {draw(st.sampled_from(['completed', 'cancelled']))}")
    return Maintenance(
        id=f"m{draw(st.uuids()).hex}",
        title="Work",
        updates=updates(*posts),
        scheduled_for=when.start,
        scheduled_until=when.end,
        components={"a": draw(st.sampled_from(TROUBLE))},
    )


notices = st.lists(st.one_of(incidents(), maintenances()), max_size=6)


def line_of(log: list[Notice], id: str = "a") -> uptime.Line:
    effects = uptime.effects(Log.of(log), NOW)
    return uptime.line(component(id), effects.get(id, ()), START, NOW)


def tally_of(log: list[Notice], window: Span = WEEK, id: str = "a") -> uptime.Tally:
    return uptime.tally(line_of(log, id), window)


@given(notices)
def test_every_second_is_exactly_one_thing(log: list[Notice]):
    """Operational, one trouble or no data: the parts of a window are the window."""
    made = tally_of(log)
    known = sum((length for status, length in made.of.items() if status != UNKNOWN), timedelta())

    assert known + made.no_data == WEEK.length
    assert {figure.known for figure in made.figures.values()} == {uptime.seconds(known)}
    assert all(0 <= figure.lost <= figure.known for figure in made.figures.values())


@given(notices)
def test_segments_are_disjoint_and_in_order(log: list[Notice]):
    segments = line_of(log).segments

    assert all(one.span.end <= two.span.start for one, two in pairwise(segments))


@given(notices, st.randoms())
def test_the_order_of_files_never_matters(log: list[Notice], random: object):
    shuffled = log[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert Log.of(shuffled) == Log.of(log)
    assert tally_of(shuffled) == tally_of(log)


@given(
    st.lists(incidents([s for s in TROUBLE if s != UNKNOWN]), max_size=5),
    incidents([s for s in TROUBLE if s != UNKNOWN]),
)
def test_one_more_outage_never_raises_uptime(log: list[Notice], more: Incident):
    for rule in Rule:
        assert (share(tally_of([*log, more]), rule) or 0) <= (share(tally_of(log), rule) or 0)


@given(notices, incidents([ComponentStatus.MAJOR_OUTAGE]))
def test_one_more_major_outage_never_raises_uptime_even_where_nothing_was_known(log: list[Notice], more: Incident):
    """Known trouble replaces no data: it may bring time into the denominator, all of it lost."""
    down = Incident(
        id=more.id, title=more.title, updates=(more.updates[0],), components={"a": ComponentStatus.MAJOR_OUTAGE}
    )
    before, after = tally_of(log), tally_of([*log, down])
    for rule in Rule:
        if before.figures[rule].known:
            assert share(after, rule) <= share(before, rule)


@given(spans(), st.sampled_from(TROUBLE), st.data())
def test_an_outage_in_two_touching_parts_is_the_same_outage(when: Span, status: ComponentStatus, data: st.DataObject):
    middle = data.draw(instants(when.start, when.end))
    whole = tally_of([plain("whole", when.start, when.end, status)])
    parts = [plain(f"part{n}", *ends, status) for n, ends in enumerate([(when.start, middle), (middle, when.end)])]
    split = tally_of([part for part in parts if part.posted < part.updates[-1].time])

    assert (split.of, split.figures) == (whole.of, whole.figures)


@given(notices, st.lists(instants(WEEK.start, WEEK.end), max_size=5))
def test_windows_that_tile_add_up(log: list[Notice], cuts: list[datetime]):
    ends = sorted({WEEK.start, WEEK.end, *cuts})
    parts = [tally_of(log, Span(start, end)) for start, end in pairwise(ends)]
    whole = tally_of(log)
    for rule in Rule:
        assert sum(part.figures[rule].lost for part in parts) == whole.figures[rule].lost
        assert sum(part.figures[rule].known for part in parts) == whole.figures[rule].known
    assert sum((part.no_data for part in parts), timedelta()) == whole.no_data


@given(notices)
def test_the_sweep_agrees_with_looking_at_every_minute(log: list[Notice]):
    """A second implementation, slow and simple: what does each minute's worst notice say?"""
    effects = uptime.effects(Log.of(log), NOW).get("a", ())
    of: dict[ComponentStatus, int] = {}
    minute = WEEK.start
    while minute < WEEK.end:
        here = [effect.status for effect in effects if minute in effect.span]
        worst = max(here, key=lambda status: uptime.SEVERITY[status], default=FINE)
        of[worst] = of.get(worst, 0) + 1
        minute += timedelta(minutes=1)

    assert tally_of(log).of == {status: timedelta(minutes=minutes) for status, minutes in of.items()}


@given(notices)
def test_all_up_is_never_better_than_the_worst_child(log: list[Notice]):
    lines = [line_of(log, id) for id in "ab"]
    both = uptime.tally(uptime.worst_of(lines), WEEK)
    for rule in Rule:
        assert both.figures[rule].lost >= max(uptime.tally(line, WEEK).figures[rule].lost for line in lines) - (
            uptime.seconds(both.no_data)
        )


@given(st.dates(date(1995, 1, 1), date(2050, 12, 31)), st.integers(1, 400))
def test_days_tile_time_across_clock_changes_and_leap_years(day: date, days: int):
    first = uptime.calendar_day(day, DUBLIN)
    after = uptime.calendar_day(day + timedelta(days=1), DUBLIN)
    now = uptime.midnight(day, DUBLIN) + timedelta(hours=11)

    assert first.end == after.start
    assert uptime.last_days(days, now, DUBLIN).start == uptime.midnight(day - timedelta(days=days - 1), DUBLIN)


@given(notices)
def test_a_later_now_never_changes_what_was(log: list[Notice]):
    """The figures of a week that is over are the same ever after, once its notices are closed."""
    closed = [notice for notice in log if notice.is_over and notice.updates[-1].time <= NOW]
    later = uptime.effects(Log.of(closed), NOW + timedelta(days=90)).get("a", ())
    line = uptime.line(component("a"), later, START, NOW + timedelta(days=90))

    assert uptime.tally(line, WEEK) == tally_of(closed)


@given(notices)
def test_a_report_can_be_made_of_anything(log: list[Notice]):
    """And its headline never says that all is well while a component is not."""
    report = Report.of(Log.of(log), settings("a", "b", since="2026-03-01"), NOW)
    statuses = {one.status for one in report.components.values()}

    assert (report.headline.mood == "well") == (statuses == {FINE} and not report.open)


def share(tally: uptime.Tally, rule: Rule) -> Fraction | None:
    return tally.figures[rule].share


def plain(id: str, start: datetime, end: datetime, status: ComponentStatus) -> Incident:
    posts = updates(f"{start:%m-%d %H:%M} investigating", f"{end:%m-%d %H:%M} resolved")
    return Incident(id=id, title=id, updates=posts, components={"a": status})


ZONES = ("UTC", "Europe/Dublin", "America/New_York", "Australia/Lord_Howe", "Pacific/Auckland")
"""Clocks that change by an hour, by half an hour, on either half of the earth, and never."""

MOMENTS = tuple(
    datetime.fromisoformat(f"{text}+00:00")
    for text in (
        "2024-02-29T12:00", "2024-03-01T00:00", "2024-12-31T23:59", "2025-02-28T23:30", "2025-01-01T00:00",
        "2024-03-31T01:30", "2024-10-27T00:30", "2024-10-27T01:30", "2024-03-10T07:30", "2024-11-03T06:30",
        "2024-04-06T15:15", "2024-10-05T15:45",
    )
)  # fmt: skip
"""A leap day and what is around it, the turn of years, and hours in which one of these clocks changes."""

LOST: dict[Rule, dict[str, Fraction]] = {
    Rule.STRICT: dict.fromkeys(
        ["under_maintenance", "degraded_performance", "partial_outage", "major_outage"], Fraction(1)
    ),
    Rule.OUTAGE: {"partial_outage": Fraction(1), "major_outage": Fraction(1)},
    Rule.WEIGHTED: {"partial_outage": Fraction(3, 10), "major_outage": Fraction(1)},
}
"""What docs/uptime.md says that a second of each costs; of what is not here, nothing."""


def windows_by_hand(now: datetime, zone: ZoneInfo) -> Iterator[tuple[str, datetime, datetime]]:
    """Every period that has a name of its own, as the calendar on the wall has it."""
    local = now.astimezone(zone)

    def midnight(day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)

    yield "24h", now - timedelta(hours=24), now
    for days in (7, 30, 90, 365):
        yield f"{days}d", midnight(local.date() - timedelta(days=days - 1)), now
    for back in range(12):
        first = (local.replace(day=1) - relativedelta(months=back)).date()
        yield f"{first:%Y-%m}", midnight(first), midnight(first + relativedelta(months=1))
    for year in (local.year, local.year - 1):
        yield str(year), midnight(date(year, 1, 1)), midnight(date(year + 1, 1, 1))


def lost_by_hand(
    effects: Sequence[uptime.Effect], start: datetime, end: datetime
) -> tuple[dict[Rule, Fraction], Fraction]:
    """A second implementation, slow and simple: between any two instants at which something changes, look once."""
    edges = {start, end, *(edge for one in effects for edge in (one.span.start, one.span.end) if start < edge < end)}
    lost, known = dict.fromkeys(Rule, Fraction(0)), Fraction(0)
    for left, right in pairwise(sorted(edges)):
        seconds = Fraction(int((right - left).total_seconds()))
        here = [one for one in effects if one.span.start <= left < one.span.end]
        overrun = any(one.unexcused for one in here)
        worst = max((one.status for one in here), key=uptime.SEVERITY.__getitem__, default=FINE)
        if worst == UNKNOWN and not overrun:
            continue
        known += seconds
        for rule in Rule:
            lost[rule] += seconds * (1 if overrun else LOST[rule].get(worst, Fraction(0)))
    return lost, known


def moved(notice: Notice, by: timedelta) -> Notice:
    """The same at another time."""
    posts = tuple(replace(one, time=one.time + by) for one in notice.updates)
    if isinstance(notice, Maintenance):
        planned = notice.scheduled_for + by, notice.scheduled_until + by
        return replace(notice, updates=posts, scheduled_for=planned[0], scheduled_until=planned[1])
    return replace(notice, updates=posts)


@hypothesis_settings(max_examples=max(30, hypothesis_settings.default.max_examples // 3), deadline=None)
@given(st.lists(st.one_of(incidents(), maintenances()), min_size=1, max_size=6), st.sampled_from(MOMENTS),
       st.sampled_from(ZONES), st.integers(-2000, 90))  # fmt: skip
def test_every_rule_over_every_period_is_what_a_second_reckoning_says(
    log: list[Notice], moment: datetime, zone: str, minutes: int
):
    """Rolling, by days, by months and by years; where clocks change and in leap years too."""
    now = moment + timedelta(minutes=minutes)
    known = settings("a", "b", zone=zone, since="2023-06-01")
    log = [moved(notice, moment + timedelta(minutes=minutes // 2) - NOW) for notice in log]
    report = Report.of(Log.of(log), known, now)
    since = datetime(2023, 6, 1, tzinfo=known.zone).astimezone(UTC)
    told = [one for notice in log if (one := notice.as_of(now))]
    every = uptime.effects(Log.of(told), now)
    for id_, shown in report.components.items():
        until = shown.component.until
        for key, start, end in windows_by_hand(now, known.zone):
            found = shown.tallies[key] if key in shown.tallies else shown.calendar.get(key)
            if found is None:  # of a month before its time nothing is told
                assert end <= since or key < f"{since.astimezone(known.zone):%Y-%m}"
                continue
            begin, stop = max(start, since), min(end, now, until or now)
            lost, seconds = lost_by_hand(every.get(id_, ()), begin, stop) if begin < stop else ({}, Fraction(0))
            for rule in Rule:
                assert (found.figures[rule].lost, found.figures[rule].known) == (lost.get(rule, 0), seconds), (
                    key,
                    rule,
                )
