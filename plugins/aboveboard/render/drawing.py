"""Geometry of what pages draw: ninety days as tide marks, a notice's states over time, the ruler of a day.

Numbers only; the templates print them as SVG. Colour, shape and height come from the class of the state.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from ..model import SEVERITY, Component, ComponentSpan, ComponentStatus, Incident
from ..report import Day, NoticeReport, Report
from ..span import Span
from . import words

HEIGHT = {"none": 3, "ok": 8, "maint": 12, "degraded": 14, "partial": 19, "major": 24}
"""How tall the mark of a state is, in pixels of 24: taller is worse."""

MARKS = 90
"""Marks in a row."""

CLOSE = 4.0
"""Updates nearer than this percentage of the width share a mark."""

STEPS = tuple(
    timedelta(minutes=minutes)
    for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080, 20160, 43200, 129600, 525600)
)
"""Distances between the labels of a time axis; the first that needs at most `LABELS` is taken."""

LABELS = 6


@dataclass(frozen=True, slots=True)
class Row:
    """A row of marks: one path a state. The class gives its stroke, of which the dashes cut the marks."""

    paths: tuple[tuple[str, str], ...]
    """State class and path data, mild before bad, on a canvas of 270 by 24."""
    months: str = ""
    """Path data of the lines between months."""


@dataclass(frozen=True, slots=True)
class Strip:
    """Ninety days of a component."""

    row: Row
    label: str
    """The same in a sentence."""


@dataclass(frozen=True, slots=True)
class Label:
    """Text on a time axis."""

    x: float
    """Percent of the width."""
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A notice's components over time, with the updates as numbered marks."""

    lanes: tuple[tuple[Component, Row], ...]
    posts: tuple[Label, ...]
    untold: tuple[float, float] | None
    """From when it began to when we first said so: percent of the width, start and width."""
    axis: tuple[Label, ...]
    label: str


@dataclass(frozen=True, slots=True)
class Ruler:
    """The last day and the next hours, under the headline."""

    ticks: str
    """Path data on a canvas of 100 by 13: what was."""
    ticks_ahead: str
    bars: tuple[tuple[float, float], ...]
    """Trouble: start and width in percent."""
    plans: tuple[tuple[float, float], ...]
    """Planned work ahead."""
    pen: float
    """Where now is, in percent."""
    began: Label | None
    axis: tuple[Label, ...]
    label: str


def strip(days: Sequence[Day]) -> Strip:
    """The tide marks of a component's days, the oldest first."""
    states = [words.CLASS[day.worst] for day in days]
    firsts = (f"M{at * 3 - 0.5:g} 0v24" for at, day in enumerate(days) if day.day.day == 1 and at)
    return Strip(_row(states, "".join(firsts)), _days_said(days))


def months(days: Sequence[Day], clock: words.Clock) -> tuple[Label, ...]:
    """The names over the strips: the first day, the months, today."""
    firsts = [Label(100 * at / MARKS, f"{day.day:%b}") for at, day in enumerate(days) if day.day.day == 1]
    inside = (label for label in firsts if 14 < label.x < 88)
    return (Label(0, clock.day(days[0].day)), *inside, Label(100, "today"))


def chart(notice: NoticeReport, report: Report, clock: words.Clock) -> Chart | None:
    """A notice's chart; None where it has no component or no length."""
    if not notice.span or not notice.components or not notice.spans:
        return None
    posts = [update.time for update in notice.notice.updates]
    closing = [post for post in posts if notice.notice.is_over and post <= _said_over(notice)]
    first = min(notice.span.start, posts[0]) if isinstance(notice.notice, Incident) else notice.span.start
    last = max([notice.span.end, *closing])
    pad = max((last - first) / 10, timedelta(minutes=2))
    frame = Span(first - pad, min(last + pad, report.now) if notice.is_open else last + pad)
    told = notice.notice.posted
    return Chart(
        lanes=tuple((component, _lane(component, notice.spans, frame, report.now)) for component in notice.components),
        posts=tuple(_posts(posts, frame)),
        untold=_bar(Span(notice.span.start, told), frame) if notice.span.start < told <= frame.end else None,
        axis=tuple(_axis(frame, clock)),
        label=_spans_said(notice, clock),
    )


def ruler(report: Report, clock: words.Clock) -> Ruler:
    """The ruler of the day, the pen at now."""
    frame = report.ruler
    hours = list(_every(timedelta(hours=1), frame, clock))
    lead = report.headline.lead
    start = lead.span.start if lead and lead.span else None
    return Ruler(
        ticks="".join(_tick(hour, frame, clock) for hour in hours if hour <= report.now),
        ticks_ahead="".join(_tick(hour, frame, clock) for hour in hours if hour > report.now),
        bars=tuple(_bar(segment.span, frame) for segment in report.trouble),
        plans=tuple(_bar(cut, frame) for w in report.planned if (cut := Span(w.start, w.end).clip(frame))),
        pen=_x(report.now, frame),
        began=Label(_x(start, frame), f"began {clock.time(start)}") if start and start in frame else None,
        axis=tuple(
            Label(_x(hour, frame), _hour(hour, clock))
            for hour in hours
            if hour.astimezone(clock.zone).hour % 3 == 0 and 3 < _x(hour, frame) < 97
        ),
        label=_ruler_said(report, clock),
    )


def _row(states: Sequence[str], months: str = "") -> Row:
    """One path a state: a run of n equal marks is one line, as wide as the state is tall."""
    paths = dict.fromkeys(HEIGHT, "")
    at = 0
    for state, run in groupby(states):
        marks = len(list(run))
        if state:
            paths[state] += f"M{at * 3} {24 - HEIGHT[state] / 2:g}h{marks * 3 - 1}"
        at += marks
    return Row(tuple((state, path) for state, path in paths.items() if path), months)


def _lane(component: Component, spans: Iterable[ComponentSpan], frame: Span, now: datetime) -> Row:
    """The marks of one component: each the worst status of its stretch of the frame; nothing after now."""
    step = frame.length / MARKS
    told = min(MARKS, -((frame.start - now) // step))
    worst = [ComponentStatus.OPERATIONAL] * told
    for span in spans:
        if span.component != component.id:
            continue
        first = max(0, (span.start - frame.start) // step)
        last = min(told, -((frame.start - (span.end or now)) // step))
        for mark in range(first, last):
            worst[mark] = max(worst[mark], span.status, key=SEVERITY.__getitem__)
    return _row([words.CLASS[status] for status in worst])


def _posts(posts: Sequence[datetime], frame: Span) -> Iterable[Label]:
    """The numbers of the updates where they were posted; close ones share a mark. None outside the frame."""
    groups: list[tuple[float, list[int]]] = []
    for number, post in enumerate(posts, 1):
        if not frame.start <= post <= frame.end:
            continue
        x = _x(post, frame)
        if groups and x - groups[-1][0] < CLOSE:
            groups[-1][1].append(number)
        else:
            groups.append((x, [number]))
    for x, numbers in groups:
        yield Label(x, str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}")


def _axis(frame: Span, clock: words.Clock) -> Iterable[Label]:
    step = next((step for step in STEPS if frame.length / step <= LABELS), STEPS[-1])
    for instant in _every(step, frame, clock):
        x = _x(instant, frame)
        if 3 < x < 97:
            days = step >= timedelta(days=1)
            yield Label(x, clock.day(clock.date(instant)) if days else _clock_time(instant, clock))


def _every(step: timedelta, frame: Span, clock: words.Clock) -> Iterable[datetime]:
    """Round instants of the site's zone inside the frame, `step` apart."""
    local = frame.start.astimezone(clock.zone)
    offset = local.utcoffset() or timedelta()
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    instant = epoch + ((frame.start - epoch + offset) // step + 1) * step - offset
    while instant < frame.end:
        yield instant
        instant += step


def _clock_time(instant: datetime, clock: words.Clock) -> str:
    """`09:30`, and at midnight the day: `Mon 2`."""
    local = instant.astimezone(clock.zone)
    return clock.time(instant) if local.hour or local.minute else f"{local:%a} {local.day}"


def _hour(instant: datetime, clock: words.Clock) -> str:
    """`09`, and at midnight the day: `Mon 2`."""
    local = instant.astimezone(clock.zone)
    return f"{local:%H}" if local.hour else f"{local:%a} {local.day}"


def _tick(hour: datetime, frame: Span, clock: words.Clock) -> str:
    local = hour.astimezone(clock.zone)
    tall = 13 if local.hour % 12 == 0 else 8 if local.hour % 3 == 0 else 4
    return f"M{_x(hour, frame):g} 0v{tall}"


def _x(instant: datetime, frame: Span) -> float:
    return round(100 * ((instant - frame.start) / frame.length), 2)


def _bar(span: Span, frame: Span) -> tuple[float, float]:
    """Start and width in percent; never thinner than can be seen."""
    start = _x(max(span.start, frame.start), frame)
    return start, round(max(_x(min(span.end, frame.end), frame) - start, 0.4), 2)


def _said_over(notice: NoticeReport) -> datetime:
    """When it was first said to be over for good: what was posted later is not on the chart."""
    over = [update.time for update in notice.notice.updates if update.status == notice.notice.status]
    return over[-1]


def _days_said(days: Sequence[Day]) -> str:
    """`90 days to today: 2 days with a partial outage, 88 days without incident`."""
    counts = {state: sum(day.worst == state for day in days) for state in reversed(ComponentStatus)}
    told = {
        ComponentStatus.MAJOR_OUTAGE: "with a major outage",
        ComponentStatus.PARTIAL_OUTAGE: "with a partial outage",
        ComponentStatus.DEGRADED_PERFORMANCE: "degraded",
        ComponentStatus.UNDER_MAINTENANCE: "with maintenance",
        ComponentStatus.OPERATIONAL: "without incident",
        ComponentStatus.UNKNOWN: "without data",
    }
    parts = (f"{words.count(counts[state], 'day')} {text}" for state, text in told.items() if counts[state])
    return f"{len(days)} days to today: {', '.join(parts)}"


def _spans_said(notice: NoticeReport, clock: words.Clock) -> str:
    names = {component.id: component.name for component in notice.components}
    told = (
        f"{names[span.component]}: {words.COMPONENT_STATUS[span.status].lower()} from {clock.when(span.start)}"
        f" {f'to {clock.when(span.end)}' if span.end else 'until now'}"
        for span in notice.spans
        if span.component in names and span.status != ComponentStatus.OPERATIONAL
    )
    return "; ".join(told) + f". We first said so at {clock.when(notice.notice.posted)}."


def _ruler_said(report: Report, clock: words.Clock) -> str:
    spans = [segment.span for segment in report.trouble]
    if not spans:
        return "The last 18 hours and the next 6: nothing was wrong"
    told = ", ".join(
        f"from {clock.when(span.start)} {'until now' if span.end >= report.now else f'to {clock.when(span.end)}'}"
        for span in spans
    )
    return f"The last 18 hours and the next 6: trouble {told}"
