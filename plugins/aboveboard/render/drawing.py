"""Geometry of what pages draw: ninety days as tide marks, a notice's states over time, the ruler of a day.

Numbers only; the templates print them as SVG. Colour, shape and height come from the class of the state.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple, Self

from msgspec import Struct

from ..model import SEVERITY, Component, ComponentSpan, ComponentStatus, Incident, Status
from ..report import Report
from ..standing import Day
from ..story import NoticeReport
from .clock import Clock
from .words import CLASS, Words

HEIGHT = {"none": 3, "ok": 8, "unsaid": 12, "maint": 12, "degraded": 14, "partial": 19, "major": 24}
"""How tall the mark of a state is, in pixels of 24: taller is worse."""

_MIDDLE = {state: f"{24 - height / 2:g}" for state, height in HEIGHT.items()}
"""How far down the line of such a mark runs."""

MARKS = 90
"""Marks in a row."""

LATEST = 30
"""How many of them, the last ones, are shown where there is little room: style sheets cut the row."""

NUMERAL, AROUND = 2.2, 2.0
"""What a numeral of a mark takes of the width of a chart on a phone, and what stands around them all, in percent."""

STEPS = tuple(
    timedelta(minutes=minutes)
    for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080, 20160, 43200, 129600, 525600)
)
"""Distances between the labels of a time axis; the first that needs at most `LABELS` is taken."""

LABELS = 6

_LONG_ENOUGH = tuple(step * LABELS for step in STEPS[:-1])
"""For how long a stretch of time each distance will do; the last will do for any."""

DAY = timedelta(days=1)

_LEAST_PAD = timedelta(minutes=2)
"""What a chart shows at least of the time before and after."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Row(NamedTuple):
    """A row of marks: one path a state. The class gives its stroke, of which the dashes cut the marks."""

    paths: tuple[tuple[str, str], ...]
    """State class and path data, mild before bad, on a canvas of 270 by 24."""
    months: str = ""
    """Path data of the lines between months."""


class Strip(NamedTuple):
    """Ninety days of a component."""

    row: Row
    label: str
    """The same in a sentence."""


class MonthRow(NamedTuple):
    """A month of a year, day below day."""

    days: Sequence[Day]
    """Those that are drawn."""
    row: Row
    """On a canvas of 93 by 24."""


class Label(Struct, frozen=True, gc=False):
    """Text on a time axis."""

    x: float
    """Percent of the width."""
    text: str


class Frame(Struct, frozen=True, gc=False):
    """What a drawing shows of time, from its left to its right."""

    start: datetime
    end: datetime
    length: timedelta

    @classmethod
    def of(cls, start: datetime, end: datetime) -> Self:
        return cls(start, end, end - start)

    def x(self, instant: datetime) -> float:
        """Where an instant is, in percent of the width."""
        return round(100 * ((instant - self.start) / self.length), 2)

    def bar(self, start: datetime, end: datetime) -> tuple[float, float]:
        """Start and width in percent of what can be seen of a stretch of time; never thinner than can be seen."""
        x = self.x(max(start, self.start))
        return x, round(max(self.x(min(end, self.end)) - x, 0.4), 2)


class Bar(NamedTuple):
    """Trouble on the ruler."""

    x: float
    """Percent of the width, as is its own."""
    width: float
    goes_on: bool
    """It ends at now, and grows with it."""


class Chart(Struct, frozen=True):
    """A notice's components over time, with the updates as numbered marks."""

    lanes: Sequence[tuple[Sequence[Component], Row]]
    """One for all components that were alike all the time, in the order of the first of each."""
    posts: Sequence[Label]
    untold: tuple[float, float] | None
    """From when it began to when we first said so: percent of the width, start and width."""
    axis: Sequence[Label]
    label: str


class Ruler(Struct, frozen=True):
    """The last day and the next hours, under the headline."""

    ticks: str
    """Path data on a canvas of 100 by 13: what was."""
    ticks_ahead: str
    bars: tuple[Bar, ...]
    plans: tuple[tuple[float, float], ...]
    """Planned work ahead."""
    pen: float
    """Where now is, in percent."""
    began: Label | None
    axis: tuple[Label, ...]
    label: str


def strip(days: Sequence[Day], said: Words) -> Strip:
    """The tide marks of a component's days, the oldest first."""
    marks = enumerate(map(_mark, days))
    firsts = (f"M{at * 3 - 0.5:g} 0v24" for at, day in enumerate(days) if day.day.day == 1 and at)
    return Strip(_row(tuple(marks), len(days), "".join(firsts)), _days_said(days, said))


def year(days: Sequence[Day]) -> tuple[MonthRow, ...]:
    """The months of a component's days, today's first; the days as they come."""
    months = [list(some) for _, some in groupby(days, lambda day: (day.day.year, day.day.month))]
    rows = [_row(tuple([(day.day.day - 1, _mark(day)) for day in some]), some[-1].day.day) for some in months]
    return tuple(map(MonthRow, reversed(months), reversed(rows)))


def _mark(day: Day) -> str:
    """The state by which a day is drawn. Where a notice does not say how bad it was, something was all the same."""
    return "unsaid" if day.worst == ComponentStatus.UNKNOWN and day.notices else CLASS[day.worst]


def latest(days: Sequence[Day], clock: Clock) -> tuple[Label, ...]:
    """The names over what is left of the strips where there is little room."""
    return months(days[-LATEST:], clock)


def months(days: Sequence[Day], clock: Clock) -> tuple[Label, ...]:
    """The names over the strips: the first day, the months, today."""
    firsts = [(100 * at / len(days), day.day) for at, day in enumerate(days) if day.day.day == 1]
    inside = (Label(x, clock.language.written("month_short", day)) for x, day in firsts if 14 < x < 88)
    return (Label(0, clock.day(days[0].day)), *inside, Label(100, clock.words._("today")))


def chart(notice: NoticeReport, clock: Clock) -> Chart | None:
    """A notice's chart; None where it has no component or no length. Without a now it tells nothing past the end."""
    if not notice.span or not notice.components or not notice.spans:
        return None
    start, last = notice.span.start, notice.span.end
    posts = [update.time for update in notice.notice.updates]
    first = min(start, posts[0]) if isinstance(notice.notice, Incident) else start
    if over := _said_over(notice):
        last = max(last, over)
    pad = max((last - first) / 10, _LEAST_PAD)
    now = clock.now or last
    frame = Frame.of(first - pad, min(last + pad, now) if notice.is_open else last + pad)
    return Chart(
        lanes=_lanes(notice, frame, now),
        posts=_posts(posts, frame),
        untold=frame.bar(start, posts[0]) if start < posts[0] <= frame.end else None,
        axis=_axis(frame, clock),
        label=_spans_said(notice, clock),
    )


def ruler(report: Report, clock: Clock) -> Ruler:
    """The ruler of the day, the pen at now."""
    frame = Frame.of(report.ruler.start, report.ruler.end)
    hours = _every(timedelta(hours=1), frame, clock)
    spans = [segment.span for segment in report.trouble]
    lead = report.headline.lead
    start = lead.span.start if lead and lead.span else None
    return Ruler(
        ticks="".join(_tick(hour, frame, clock) for hour in hours if hour <= report.now),
        ticks_ahead="".join(_tick(hour, frame, clock) for hour in hours if hour > report.now),
        bars=tuple(Bar(*frame.bar(span.start, span.end), span.end >= report.now) for span in spans),
        plans=tuple(frame.bar(w.start, w.end) for w in report.planned if w.start < frame.end and frame.start < w.end),
        pen=frame.x(report.now),
        began=Label(frame.x(start), clock.words._("began %(time)s") % {"time": clock.time(start)})
        if start and frame.start <= start < frame.end
        else None,
        axis=tuple(
            Label(frame.x(hour), _hour(hour, clock))
            for hour in hours
            if hour.astimezone(clock.zone).hour % 3 == 0 and 3 < frame.x(hour) < 97
        ),
        label=_ruler_said(report, clock),
    )


@lru_cache(1024)  # most components are hurt for all of a notice: their lanes are alike
def _row(begins: tuple[tuple[int, str], ...], marks: int, months: str = "") -> Row:
    """Marks, given in their order those from which on others have a state, and how many there are of all.

    One path a state: a run of n equal marks is one line, as wide as the state is tall.
    """
    paths = dict.fromkeys(HEIGHT, "")
    first, run = 0, ""
    for mark, state in (*begins, (marks, "")):
        if state != run:
            if run and first < mark:
                paths[run] += f"M{first * 3} {_MIDDLE[run]}h{(mark - first) * 3 - 1}"
            first, run = mark, state
    return Row(tuple([(state, path) for state, path in paths.items() if path]), months)


def _lanes(notice: NoticeReport, frame: Frame, told: datetime) -> list[tuple[Sequence[Component], Row]]:
    """The marks of the components; nothing after `told`."""
    spans: dict[str, list[ComponentSpan]] = {component.id: [] for component in notice.components}
    for span in notice.spans:
        if span.component in spans:
            spans[span.component].append(span)
    step = frame.length / MARKS
    marks = min(MARKS, -((frame.start - told) // step))
    lanes: dict[Row, list[Component]] = {}
    for component in notice.components:
        begins = _lane(spans[component.id], frame.start, step, told, marks)
        lanes.setdefault(_row(begins, marks), []).append(component)
    return [(alike, row) for row, alike in lanes.items()]


def _lane(
    spans: Iterable[ComponentSpan], start: datetime, step: timedelta, told: datetime, marks: int
) -> tuple[tuple[int, str], ...]:
    """From which mark on a component has which state: in each the worst status of its `step`."""
    begins = {0: "ok"}
    drawn, before = 0, ComponentStatus.OPERATIONAL
    for span in spans:
        first = max(0, (span.start - start) // step)
        last = min(marks, -((start - (span.end or told)) // step))
        if first < drawn and SEVERITY[span.status] <= SEVERITY[before]:
            first = drawn  # They follow one another: of a mark that two share, it is the last and the first.
        if first < last:
            if first < drawn:
                del begins[drawn]
            begins[first], begins[last] = CLASS[span.status], "ok"
            drawn, before = last, span.status
    return tuple(begins.items())


def _posts(posts: Sequence[datetime], frame: Frame) -> Sequence[Label]:
    """The numbers of the updates where they were posted; close ones share a mark. None outside the frame."""
    found: list[Label] = []
    for number, post in enumerate(posts, 1):
        if frame.start <= post <= frame.end:
            mark = Label(frame.x(post), str(number))
            while found and mark.x - found[-1].x < _room(found[-1], mark):
                earlier = found.pop()
                mark = Label(earlier.x, f"{earlier.text.partition('–')[0]}–{number}")
            found.append(mark)
    return found


def _room(one: Label, other: Label) -> float:
    """How far apart two marks must stand, as each is in the middle of its numerals."""
    return (len(one.text) + len(other.text)) / 2 * NUMERAL + AROUND


def _axis(frame: Frame, clock: Clock) -> list[Label]:
    step = STEPS[bisect_left(_LONG_ENOUGH, frame.length)]
    labels = []
    for instant in _every(step, frame, clock):
        x = frame.x(instant)
        if 3 < x < 97:
            local = instant.astimezone(clock.zone)
            labels.append(Label(x, clock.day(local.date()) if step >= DAY else _clock_time(local, clock)))
    return labels


def _every(step: timedelta, frame: Frame, clock: Clock) -> list[datetime]:
    """Round instants of the site's zone inside the frame, `step` apart."""
    local = frame.start.astimezone(clock.zone)
    offset = local.utcoffset() or timedelta()
    instant = EPOCH + ((frame.start - EPOCH + offset) // step + 1) * step - offset
    instants = []
    while instant < frame.end:
        instants.append(instant)
        instant += step
    return instants


def _clock_time(local: datetime, clock: Clock) -> str:
    """`09:30`, and at midnight the day: `Mon 2`."""
    return clock.time_of_day(local.hour, local.minute) if local.hour or local.minute else _midnight(local, clock)


def _hour(instant: datetime, clock: Clock) -> str:
    """`09`, and at midnight the day: `Mon 2`."""
    local = instant.astimezone(clock.zone)
    return f"{local.hour:02}" if local.hour else _midnight(local, clock)


def _midnight(local: datetime, clock: Clock) -> str:
    return clock.language.written("day_of_week", local.date())


def _tick(hour: datetime, frame: Frame, clock: Clock) -> str:
    local = hour.astimezone(clock.zone)
    tall = 13 if local.hour % 12 == 0 else 8 if local.hour % 3 == 0 else 4
    return f"M{frame.x(hour):g} 0v{tall}"


def _said_over(notice: NoticeReport) -> datetime | None:
    """When it was last said to be over; None while it is not. What was posted later is not on the chart."""
    if not notice.notice.is_over:
        return None
    return next(update.time for update in reversed(notice.notice.updates) if update.status != Status.UPDATE)


def _days_said(days: Sequence[Day], say: Words) -> str:
    """`90 days to today: 2 days with a partial outage, 88 days without incident`."""
    counts = Counter(day.worst for day in days)
    major = counts[ComponentStatus.MAJOR_OUTAGE]
    partial = counts[ComponentStatus.PARTIAL_OUTAGE]
    degraded = counts[ComponentStatus.DEGRADED_PERFORMANCE]
    work = counts[ComponentStatus.UNDER_MAINTENANCE]
    fine = counts[ComponentStatus.OPERATIONAL]
    unknown = counts[ComponentStatus.UNKNOWN]
    told = [
        major and say._n("%(count)s day with a major outage", "%(count)s days with a major outage", major),
        partial and say._n("%(count)s day with a partial outage", "%(count)s days with a partial outage", partial),
        degraded and say._n("%(count)s day degraded", "%(count)s days degraded", degraded),
        work and say._n("%(count)s day with maintenance", "%(count)s days with maintenance", work),
        fine and say._n("%(count)s day without incident", "%(count)s days without incident", fine),
        unknown and say._n("%(count)s day without data", "%(count)s days without data", unknown),
    ]
    sums = say.listed(part for part in told if part)
    return say._n("%(count)s day to today: %(sums)s", "%(count)s days to today: %(sums)s", len(days), sums=sums)


def _spans_said(notice: NoticeReport, clock: Clock) -> str:
    """`Mail: partial outage from 09:14 to 10:00; Webmail: degraded from 09:20 until now. We first said so at 09:31.`"""
    say = clock.words
    names = {component.id: component.name for component in notice.components}
    alike: dict[tuple[ComponentStatus, datetime, datetime | None], list[str]] = {}
    for span in notice.spans:
        if span.component in names and span.status != ComponentStatus.OPERATIONAL:
            alike.setdefault((span.status, span.start, span.end), []).append(names[span.component])
    told = []
    for (status, start, end), of in alike.items():
        filled = {"name": say.both(of), "state": say.inside[status], "start": clock.when(start)}
        if end:
            filled["end"] = clock.then(end, start)
            told.append(say._("%(name)s: %(state)s from %(start)s to %(end)s") % filled)
        else:
            told.append(say._("%(name)s: %(state)s from %(start)s until now") % filled)
    posted = clock.when(notice.notice.posted)
    return say._("%(spans)s. We first said so at %(time)s.") % {"spans": say.semicolon.join(told), "time": posted}


def _ruler_said(report: Report, clock: Clock) -> str:
    """`The last 18 hours and the next 6: trouble from 09:14 until now`."""
    say = clock.words
    told = []
    for span in (segment.span for segment in report.trouble):
        filled = {"start": clock.when(span.start), "end": clock.when(span.end)}
        lasts = span.end >= report.now
        told.append(
            say._("from %(start)s until now") % filled if lasts else say._("from %(start)s to %(end)s") % filled
        )
    if not told:
        return say._("The last 18 hours and the next 6: nothing was wrong")
    return say._("The last 18 hours and the next 6: trouble %(spans)s") % {"spans": say.listed(told)}
