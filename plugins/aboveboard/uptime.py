"""How long each component was up: from notices to one line of segments a component, and from those to figures.

Pure arithmetic. A second of a window is exactly one of operational, one of the troubled statuses, or no data; what of
it is lost is a matter of the rule. Nothing is rounded here.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cache, cached_property, lru_cache, partial
from hashlib import blake2b
from itertools import pairwise
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from msgspec import Struct

from .model import SEVERITY, Component, ComponentSpan, ComponentStatus, Incident, Log, Maintenance, Notice, Rule
from .span import Span, epoch, union
from .window import Window, windows

T = TypeVar("T")

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

BY_SEVERITY: tuple[ComponentStatus, ...] = tuple(sorted(SEVERITY, key=SEVERITY.__getitem__))
"""The statuses, the mildest first."""

UNEXCUSED = Fraction(1)
"""What a second of maintenance costs, under every rule, outside the window that was announced before it began."""


class Effect(Struct, frozen=True):
    """What one notice did to one component, for one stretch of time."""

    span: Span
    status: ComponentStatus
    notice: str
    unexcused: bool = False
    """Maintenance outside the window that was announced before it began."""


class Segment(Struct, frozen=True):
    """A stretch in which the same notices held a component in the same state."""

    span: Span
    status: ComponentStatus
    """The worst of the notices'."""
    unexcused: bool
    """Whether any of them is maintenance outside its announced window."""
    notices: tuple[str, ...]
    """Their ids, in order."""


Piece = tuple[int, int, int, bool, str]
"""An effect in plain numbers, as there may be ten thousand that nobody looks at: when it starts and ends, in whole
seconds since 1970, the place of its status in `BY_SEVERITY`, whether it is unexcused, and the notice."""

Sum = tuple[tuple[tuple[int, bool, int], ...], tuple[str, ...]]
"""Seconds by severity and whether they are unexcused, and the notices behind them: all that any rule asks of a time."""

Sums = Callable[[bytes, Callable[[], Sum]], Sum]
"""Remembers the sum of a month by a digest of what it is made of."""


class Remember(Protocol):
    """Remembers anything by a digest of what it is made of."""

    def __call__(self, digest: bytes, make: Callable[[], T], /) -> T:
        """What is remembered; where nothing is, what is made now."""


def unremembered(digest: bytes, make: Callable[[], T], /) -> T:  # noqa: ARG001
    """Everything made anew."""
    return make()


class Line(Struct, frozen=True, dict=True):
    """A component's time: the spans we speak for, and what was not simply operational within them.

    It is kept by months of UTC, since sums of months add up: whoever asks about five years adds sixty numbers.
    """

    known: tuple[Span, ...]
    """Disjoint and in order: since it is ours to speak of, until it was retired or until now."""
    months: Mapping[int, Sequence[Piece]]
    """By `month_of`, what was not operational in that month, inside `known`; pieces may overlap."""
    sums: Sums = unremembered

    @property
    def segments(self) -> Iterator[Segment]:
        """Disjoint, in order, inside `known`. Between them the component was operational."""
        swept = (segment for month in sorted(self.months) for segment in _sweep(self.months[month]))
        for start, end, severity, unexcused, notices in _joined(swept):
            yield Segment(Span(_instant(start), _instant(end)), BY_SEVERITY[severity], unexcused, notices)

    def within(self, window: Span) -> Iterator[Segment]:
        """The segments inside `window`, cut at its ends."""
        start, end = epoch(window.start), epoch(window.end)
        pieces = {month: _cut(self.months[month], start, end) for month in self._months(start, end)}
        return Line(self.known, pieces).segments

    def sum(self, window: Span) -> Sum:
        """What of `window` was not simply operational."""
        start, end = epoch(window.start), epoch(window.end)
        seconds: dict[tuple[int, bool], int] = {}
        notices: dict[str, None] = {}
        for month in self._months(start, end):
            whole = start <= _first_of(month) and _first_of(month + 1) <= end
            of, behind = self._sum(month) if whole else _sum(_cut(self.months[month], start, end))
            for severity, unexcused, length in of:
                seconds[severity, unexcused] = seconds.get((severity, unexcused), 0) + length
            notices |= dict.fromkeys(behind)
        return tuple((*key, length) for key, length in seconds.items()), tuple(notices)

    @cached_property
    def digests(self) -> Mapping[int, bytes]:
        """Of what was not operational in each month."""
        return {month: _digest(some) for month, some in self.months.items()}

    def _sum(self, month: int) -> Sum:
        if month not in self._known_sums:
            pieces = self.months[month]
            make = partial(_sum, pieces)
            self._known_sums[month] = make() if len(pieces) == 1 else self.sums(self.digests[month], make)
        return self._known_sums[month]

    @cached_property
    def _known_sums(self) -> dict[int, Sum]:
        """Of whole months, as many periods hold the same ones."""
        return {}

    def _months(self, start: int, end: int) -> list[int]:
        first, last = month_of(start), month_of(end - 1)
        return sorted(month for month in self.months if first <= month <= last)


class Figure(Struct, frozen=True):
    """Uptime under one rule over one window. Lost and known add up over windows that tile; shares do not."""

    lost: Fraction
    """Seconds."""
    known: Fraction
    """Seconds we speak for: the denominator."""

    @property
    def share(self) -> Fraction | None:
        """Of the known time, what was not lost; None where there is none."""
        return 1 - self.lost / self.known if self.known else None


class Tally(Struct, frozen=True):
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
        for component, effect in effects_of(notice, now):
            found[component].append(effect)
    return found


def effects_of(
    notice: Notice, now: datetime, spans: Iterable[ComponentSpan] | None = None
) -> Iterator[tuple[str, Effect]]:
    """What a notice did to which component, up to `now`. `spans` are its own, if it has but one window and somebody has
    them.
    """
    if isinstance(notice, Incident):
        for span in notice.component_spans() if spans is None else spans:
            end = min(span.end or now, now)
            if span.status != ComponentStatus.OPERATIONAL and span.start < end:
                # What an incident calls maintenance was announced to nobody before it began.
                unexcused = span.status == ComponentStatus.UNDER_MAINTENANCE
                yield span.component, Effect(Span(span.start, end), span.status, notice.id, unexcused)
    elif isinstance(notice, Maintenance):
        for window in windows(notice, now):
            for span in window.component_spans() if spans is None else spans:
                yield from _effects(span, notice.id, now, window)


def _effects(span: ComponentSpan, notice: str, now: datetime, window: Window) -> Iterator[tuple[str, Effect]]:
    """The effects of a span of maintenance, which is cut where the announced window begins and ends."""
    end = min(span.end or now, now)
    if span.status == ComponentStatus.OPERATIONAL or span.start >= end:
        return
    cuts = sorted({span.start, end, *(cut for cut in (window.start, window.end) if span.start < cut < end)})
    for piece in (Span(start, stop) for start, stop in pairwise(cuts)):
        announced = window.told_ahead and window.start <= piece.start and piece.end <= window.end
        unexcused = not announced and span.status != ComponentStatus.UNKNOWN
        yield span.component, Effect(piece, span.status, notice, unexcused)


def pieces(effect: Effect) -> list[tuple[int, Piece]]:
    """An effect cut at the ends of the months, each piece with its month."""
    start, end = epoch(effect.span.start), epoch(effect.span.end)
    first, last = month_of(start), month_of(end - 1)
    what = SEVERITY[effect.status], effect.unexcused, effect.notice
    if first == last:
        return [(first, (start, end, *what))]
    months = range(first, last + 1)
    return [(one, (max(start, _first_of(one)), min(end, _first_of(one + 1)), *what)) for one in months]


def line(component: Component, effects: Iterable[Effect], since: datetime, now: datetime) -> Line:
    """One component's line. `since` stands where the component states none."""
    months: dict[int, list[Piece]] = defaultdict(list)
    for effect in effects:
        for month, piece in pieces(effect):
            months[month].append(piece)
    return line_of(component, months, since, now)


def line_of(
    component: Component,
    months: Mapping[int, Sequence[Piece]],
    since: datetime,
    now: datetime,
    sums: Sums = unremembered,
) -> Line:
    """One component's line, from what is already in months."""
    start, end = component.since or since, min(component.until or now, now)
    if start >= end:
        return Line((), {})
    first, last = epoch(start), epoch(end)
    inside = {
        month: some if first <= _first_of(month) and _first_of(month + 1) <= last else _cut(some, first, last)
        for month, some in months.items()
    }
    return Line((Span(start, end),), inside, sums)


def worst_of(lines: Iterable[Line], sums: Sums = unremembered) -> Line:
    """The line of several components as one: at each instant the worst of those that were ours to speak of."""
    lines = list(lines)
    months: dict[int, list[Piece]] = defaultdict(list)
    for line in lines:
        for month, some in line.months.items():
            months[month] += some
    return Line(tuple(union(span for line in lines for span in line.known)), months, sums)


_Swept = tuple[int, int, int, bool, tuple[str, ...]]
"""Start, end, severity, whether unexcused, notices."""


def _digest(some: Iterable[Piece]) -> bytes:
    numbers = b"".join([_NUMBERS.pack(start, end, severity, unexcused) for start, end, severity, unexcused, _ in some])
    return blake2b(numbers + " ".join([one[4] for one in some]).encode(), digest_size=16).digest()


_NUMBERS = struct.Struct("=qqB?")
"""Those of a piece."""


def _cut(some: Iterable[Piece], start: int, end: int) -> list[Piece]:
    return [
        (max(begins, start), min(ends, end), severity, unexcused, notice)
        for begins, ends, severity, unexcused, notice in some
        if begins < end and ends > start
    ]


def _sum(some: Iterable[Piece]) -> Sum:
    seconds: dict[tuple[int, bool], int] = {}
    notices: dict[str, None] = {}
    for start, end, severity, unexcused, behind in _sweep(some):
        seconds[severity, unexcused] = seconds.get((severity, unexcused), 0) + end - start
        for notice in behind:
            notices[notice] = None
    return tuple((*key, length) for key, length in seconds.items()), tuple(notices)


def _sweep(some: Iterable[Piece]) -> Iterator[_Swept]:
    """Pieces that may overlap, as disjoint ones in order, each with the worst of those that were on."""
    for together in _overlapping(sorted(some)):
        if len(together) > 1:
            yield from _parted(together)
        else:  # as nearly all are
            start, end, severity, unexcused, notice = together[0]
            if start < end:
                yield start, end, severity, unexcused, (notice,)


def _overlapping(todo: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Pieces in order, those together that overlap, one with the next."""
    together: list[Piece] = []
    reach = 0
    for piece in todo:
        if together and piece[0] >= reach:
            yield together
            together = []
        reach = max(reach, piece[1]) if together else piece[1]
        together.append(piece)
    if together:
        yield together


def _parted(todo: Sequence[Piece]) -> Iterator[_Swept]:
    cuts = sorted({instant for start, end, *_ in todo for instant in (start, end)})
    active: list[Piece] = []
    position = 0
    for start, end in pairwise(cuts):
        active = [piece for piece in active if piece[1] > start]
        while position < len(todo) and todo[position][0] <= start:
            active.append(todo[position])
            position += 1
        if len(active) == 1:
            yield start, end, *active[0][2:4], active[0][4:]
        elif active:
            _, _, severities, unexcused, notices = zip(*active, strict=True)
            yield start, end, max(severities), any(unexcused), tuple(dict.fromkeys(notices))


def _joined(swept: Iterable[_Swept]) -> Iterator[_Swept]:
    """Of those that touch and say the same, one is made."""
    last: _Swept | None = None
    for one in swept:
        if last and last[1] == one[0] and last[2:] == one[2:]:
            last = (last[0], *one[1:])
            continue
        if last:
            yield last
        last = one
    if last:
        yield last


def month_of(instant: int) -> int:
    """The month of UTC in which an instant lies, counted from year 0. Instants are seconds since 1970."""
    month = _MONTHS.get(instant // _DAY)
    if month is None:
        day = _EPOCH + timedelta(days=instant // _DAY)
        month = _MONTHS[instant // _DAY] = 12 * day.year + day.month - 1
    return month


@cache
def _first_of(month: int) -> int:
    return (date(month // 12, month % 12 + 1, 1) - _EPOCH).days * _DAY


_DAY = 86_400
_EPOCH = date(1970, 1, 1)
_MONTHS: dict[int, int] = {}


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def tally(line: Line, window: Span) -> Tally:
    """What `window` is made of, by status and by rule."""
    counted, notices = line.sum(window)
    of: dict[ComponentStatus, timedelta] = {}
    lost = dict.fromkeys(Rule, Fraction(0))
    unsaid = unexcused_time = troubled = 0
    for severity, unexcused, length in counted:
        status = BY_SEVERITY[severity]
        of[status] = of.get(status, timedelta()) + timedelta(seconds=length)
        troubled += length
        unexcused_time += length * unexcused
        if status == ComponentStatus.UNKNOWN and not unexcused:
            unsaid += length
            continue
        for rule in Rule:
            lost[rule] += (UNEXCUSED if unexcused else WEIGHTS[rule][status]) * length
    alive = _alive(line, window)
    if alive > troubled:
        of[ComponentStatus.OPERATIONAL] = timedelta(seconds=alive - troubled)
    known = Fraction(alive - unsaid)
    return Tally(
        window=window,
        of=of,
        unexcused=timedelta(seconds=unexcused_time),
        figures={rule: Figure(lost[rule], known) for rule in Rule},
        worst=max(of, key=SEVERITY.__getitem__, default=ComponentStatus.UNKNOWN),
        notices=notices,
    )


def glances(line: Line, windows: Sequence[Span]) -> Iterator[tuple[ComponentStatus, timedelta, tuple[str, ...]]]:
    """Of `tally` the worst status, the time that was not simply operational, and the notices, for each of some windows.

    They touch one another and stand in order, so that one walk along the line is enough.
    """
    segments = list(line.within(Span(windows[0].start, windows[-1].end)))
    at = 0
    for window in windows:
        troubled, statuses, notices = timedelta(), [], dict[str, None]()
        while at < len(segments) and segments[at].span.start < window.end:
            segment = segments[at]
            troubled += min(segment.span.end, window.end) - max(segment.span.start, window.start)
            statuses.append(segment.status)
            notices |= dict.fromkeys(segment.notices)
            if segment.span.end > window.end:
                break  # it goes on in the next one
            at += 1
        if timedelta(seconds=_alive(line, window)) > troubled:
            statuses.append(ComponentStatus.OPERATIONAL)
        yield max(statuses, key=SEVERITY.__getitem__, default=ComponentStatus.UNKNOWN), troubled, tuple(notices)


def _alive(line: Line, window: Span) -> int:
    """How many seconds of `window` we speak for."""
    return sum((cut.length for span in line.known if (cut := span.clip(window))), timedelta()) // timedelta(seconds=1)


def mean(figures: Iterable[Figure]) -> Fraction | None:
    """The mean of the shares of those that have one; None where none has."""
    shares = [share for figure in figures if (share := figure.share) is not None]
    return sum(shares, Fraction(0)) / len(shares) if shares else None


def seconds(length: timedelta) -> Fraction:
    """A length as an exact number of seconds."""
    return Fraction(length // timedelta(microseconds=1), 1_000_000)


@lru_cache(8192)
def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a day in `zone`, in UTC. Where the clock skips midnight, the day begins at the skip."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def day_of(instant: datetime, zone: ZoneInfo) -> date:
    """The calendar day of `zone` in which an instant lies."""
    return instant.astimezone(zone).date()


def calendar_day(day: date, zone: ZoneInfo) -> Span:
    """A day of `zone`, as long or short as the clock made it."""
    return Span(midnight(day, zone), midnight(day + timedelta(days=1), zone))


def calendar_months(start: date, end: date, zone: ZoneInfo) -> Span:
    """Calendar months of `zone`: from the first of the month of `start` to the last of the month of `end`."""
    after = date(end.year + end.month // 12, end.month % 12 + 1, 1)
    return Span(midnight(start.replace(day=1), zone), midnight(after, zone))


def last_days(days: int, now: datetime, zone: ZoneInfo) -> Span:
    """`days` calendar days of `zone`, today included as far as it has come."""
    return Span(midnight(day_of(now, zone) - timedelta(days=days - 1), zone), now)
