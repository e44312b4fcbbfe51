"""How long each component was up: from notices to one line of segments a component, and from those to figures.

Pure arithmetic. A second of a window is exactly one of operational, one of the troubled statuses, or no data; what of
it is lost is a matter of the rule. Nothing is rounded here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

from .model import SEVERITY, Component, ComponentSpan, ComponentStatus, Incident, Log, Maintenance, Rule
from .span import Span, union
from .window import Window, windows

WEIGHTS: Mapping[Rule, Mapping[ComponentStatus, Fraction]] = {
    Rule.STRICT: {
        ComponentStatus.OPERATIONAL: Fraction(0),
        ComponentStatus.UNDER_MAINTENANCE: Fraction(1),
        ComponentStatus.DEGRADED_PERFORMANCE: Fraction(1),
        ComponentStatus.PARTIAL_OUTAGE: Fraction(1),
        ComponentStatus.MAJOR_OUTAGE: Fraction(1),
    },
    Rule.OUTAGE: {
        ComponentStatus.OPERATIONAL: Fraction(0),
        ComponentStatus.UNDER_MAINTENANCE: Fraction(0),
        ComponentStatus.DEGRADED_PERFORMANCE: Fraction(0),
        ComponentStatus.PARTIAL_OUTAGE: Fraction(1),
        ComponentStatus.MAJOR_OUTAGE: Fraction(1),
    },
    Rule.WEIGHTED: {
        ComponentStatus.OPERATIONAL: Fraction(0),
        ComponentStatus.UNDER_MAINTENANCE: Fraction(0),
        ComponentStatus.DEGRADED_PERFORMANCE: Fraction(0),
        ComponentStatus.PARTIAL_OUTAGE: Fraction(3, 10),
        ComponentStatus.MAJOR_OUTAGE: Fraction(1),
    },
}
"""How much of a second is lost. UNKNOWN is not here: it is no data."""

UNEXCUSED = Fraction(1)
"""What a second of maintenance costs, under every rule, outside the window that was announced before it began."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What one notice did to one component, for one stretch of time."""

    span: Span
    status: ComponentStatus
    notice: str
    unexcused: bool = False
    """Maintenance outside the window that was announced before it began."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch in which the same notices held a component in the same state."""

    span: Span
    status: ComponentStatus
    """The worst of the notices'."""
    unexcused: bool
    """Whether any of them is maintenance outside its announced window."""
    notices: tuple[str, ...]
    """Their ids, in order."""

    def weight(self, rule: Rule) -> Fraction | None:
        """How much of each second is lost, or None for no data."""
        if self.unexcused:
            return UNEXCUSED
        return WEIGHTS[rule].get(self.status)


@dataclass(frozen=True)
class Line:
    """A component's time: the spans we speak for, and what was not simply operational within them."""

    known: tuple[Span, ...]
    """Disjoint and in order: since it is ours to speak of, until it was retired or until now."""
    segments: tuple[Segment, ...]
    """Disjoint, in order, inside `known`. Between them the component was operational."""

    def within(self, window: Span) -> Iterator[Segment]:
        """The segments inside `window`, cut at its ends."""
        for segment in self.segments[bisect_left(self._ends, window.start) :]:
            if segment.span.start >= window.end:
                break
            if cut := segment.span.clip(window):
                yield Segment(cut, segment.status, segment.unexcused, segment.notices)

    @cached_property
    def _ends(self) -> list[datetime]:
        return [segment.span.end for segment in self.segments]


@dataclass(frozen=True, slots=True)
class Figure:
    """Uptime under one rule over one window. Lost and known add up over windows that tile; shares do not."""

    lost: Fraction
    """Seconds."""
    known: Fraction
    """Seconds we speak for: the denominator."""

    @property
    def share(self) -> Fraction | None:
        """Of the known time, what was not lost; None where there is none."""
        return 1 - self.lost / self.known if self.known else None


@dataclass(frozen=True, slots=True)
class Tally:
    """What a window was made of."""

    window: Span
    of: Mapping[ComponentStatus, timedelta]
    """Time in each status; UNKNOWN is what notices left unsaid, not what lies outside the component's life."""
    unexcused: timedelta
    """Time with maintenance outside its announced window; part of the times above."""
    figures: Mapping[Rule, Figure]
    worst: ComponentStatus
    """The worst status reached; UNKNOWN also where nothing of the window is known."""
    notices: tuple[str, ...]
    """The ids of the notices that it is made of, in order of time."""

    @property
    def no_data(self) -> timedelta:
        """All of the window that is not known: before, after, to come, and unsaid."""
        return self.window.length - sum(
            (length for status, length in self.of.items() if status != ComponentStatus.UNKNOWN), timedelta()
        )


def effects(log: Log, now: datetime) -> Mapping[str, Sequence[Effect]]:
    """What every notice did to every component up to `now`, by component."""
    found: dict[str, list[Effect]] = defaultdict(list)
    for notice in log.notices:
        if isinstance(notice, Incident):
            for span in notice.component_spans():
                _add(found, span, notice.id, now, None)
        elif isinstance(notice, Maintenance):
            for window in windows(notice, now):
                for span in window.component_spans():
                    _add(found, span, notice.id, now, window)
    return found


def _add(
    found: dict[str, list[Effect]], span: ComponentSpan, notice: str, now: datetime, window: Window | None
) -> None:
    """The effect of a span, which under maintenance is cut where the announced window begins and ends."""
    end = min(span.end or now, now)
    if span.status == ComponentStatus.OPERATIONAL or span.start >= end:
        return
    if window is None:
        # What an incident calls maintenance was announced to nobody before it began.
        unexcused = span.status == ComponentStatus.UNDER_MAINTENANCE
        found[span.component].append(Effect(Span(span.start, end), span.status, notice, unexcused))
        return
    cuts = sorted({span.start, end, *(cut for cut in (window.start, window.end) if span.start < cut < end)})
    for piece in (Span(start, stop) for start, stop in pairwise(cuts)):
        announced = window.told_ahead and window.start <= piece.start and piece.end <= window.end
        unexcused = not announced and span.status != ComponentStatus.UNKNOWN
        found[span.component].append(Effect(piece, span.status, notice, unexcused))


def line(component: Component, effects: Iterable[Effect], since: datetime, now: datetime) -> Line:
    """One component's line. `since` stands where the component states none."""
    start, end = component.since or since, min(component.until or now, now)
    if start >= end:
        return Line((), ())
    life = Span(start, end)
    return Line((life,), tuple(_sweep(_clipped(effects, life))))


def worst_of(lines: Iterable[Line]) -> Line:
    """The line of several components as one: at each instant the worst of those that were ours to speak of."""
    lines = list(lines)
    pieces = (
        Effect(segment.span, segment.status, notice, segment.unexcused)
        for line in lines
        for segment in line.segments
        for notice in segment.notices
    )
    return Line(tuple(union(span for line in lines for span in line.known)), tuple(_sweep(pieces)))


def _clipped(effects: Iterable[Effect], life: Span) -> Iterator[Effect]:
    for effect in effects:
        if cut := effect.span.clip(life):
            yield Effect(cut, effect.status, effect.notice, effect.unexcused)


def _sweep(effects: Iterable[Effect]) -> Iterator[Segment]:
    """Effects that may overlap, as disjoint segments in order; touching ones that say the same are joined."""
    todo = sorted(effects, key=lambda effect: (effect.span, effect.notice))
    cuts = sorted({instant for effect in todo for instant in (effect.span.start, effect.span.end)})
    active: list[Effect] = []
    position = 0
    last: Segment | None = None
    for start, end in pairwise(cuts):
        active = [effect for effect in active if effect.span.end > start]
        while position < len(todo) and todo[position].span.start <= start:
            active.append(todo[position])
            position += 1
        if not active:
            continue
        status = max((effect.status for effect in active), key=SEVERITY.__getitem__)
        unexcused = any(effect.unexcused for effect in active)
        notices = tuple(dict.fromkeys(effect.notice for effect in active))
        if (
            last
            and last.span.end == start
            and (last.status, last.unexcused, last.notices) == (status, unexcused, notices)
        ):
            last = Segment(Span(last.span.start, end), status, unexcused, notices)
            continue
        if last:
            yield last
        last = Segment(Span(start, end), status, unexcused, notices)
    if last:
        yield last


def tally(line: Line, window: Span) -> Tally:
    """What `window` is made of, by status and by rule."""
    of: dict[ComponentStatus, timedelta] = {}
    lost = dict.fromkeys(Rule, Fraction(0))
    unsaid = unexcused = timedelta()
    notices: dict[str, None] = {}
    alive = sum((cut.length for span in line.known if (cut := span.clip(window))), timedelta())
    troubled = timedelta()
    for segment in line.within(window):
        length = segment.span.length
        of[segment.status] = of.get(segment.status, timedelta()) + length
        troubled += length
        notices |= dict.fromkeys(segment.notices)
        if segment.unexcused:
            unexcused += length
        if segment.weight(Rule.STRICT) is None:
            unsaid += length
            continue
        for rule in Rule:
            lost[rule] += (segment.weight(rule) or 0) * seconds(length)
    if alive > troubled:
        of[ComponentStatus.OPERATIONAL] = alive - troubled
    known = seconds(alive - unsaid)
    return Tally(
        window=window,
        of=of,
        unexcused=unexcused,
        figures={rule: Figure(lost[rule], known) for rule in Rule},
        worst=max(of, key=SEVERITY.__getitem__, default=ComponentStatus.UNKNOWN),
        notices=tuple(notices),
    )


def mean(figures: Iterable[Figure]) -> Fraction | None:
    """The mean of the shares of those that have one; None where none has."""
    shares = [share for figure in figures if (share := figure.share) is not None]
    return sum(shares, Fraction(0)) / len(shares) if shares else None


def seconds(length: timedelta) -> Fraction:
    """A length as an exact number of seconds."""
    return Fraction(length // timedelta(microseconds=1), 1_000_000)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a day in `zone`, in UTC. Where the clock skips midnight, the day begins at the skip."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def day_of(instant: datetime, zone: ZoneInfo) -> date:
    """The calendar day of `zone` in which an instant lies."""
    return instant.astimezone(zone).date()


def calendar_day(day: date, zone: ZoneInfo) -> Span:
    """A day of `zone`, as long or short as the clock made it."""
    return Span(midnight(day, zone), midnight(day + timedelta(days=1), zone))


def last_days(days: int, now: datetime, zone: ZoneInfo) -> Span:
    """`days` calendar days of `zone`, today included as far as it has come."""
    return Span(midnight(day_of(now, zone) - timedelta(days=days - 1), zone), now)
