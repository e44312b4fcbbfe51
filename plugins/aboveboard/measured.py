"""What monitoring saw beside what notices say: how they differ, and what was seen and nobody posted."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

from msgspec import Struct

from .lazy import LazyMap
from .model import Component, ComponentStatus
from .probe import Probes, Seen, Stretch
from .span import Span, epoch
from .target import Period
from .uptime import Figure, Line, Segment

TOLERANCE, WIDEST = timedelta(minutes=5), timedelta(hours=1)
"""So much earlier or later than a notice says may an outage be seen and still be the one that it tells of; or as much
as lies between two probes where that is longer, as nobody knows it better, and never more than an hour."""


class Compared(Struct, frozen=True):
    """What a window of a component is made of, in whole seconds. They add up over windows that tile."""

    window: Span
    up: int
    """Seen up, and no notice says that anything was lost."""
    unseen: int
    """Seen up, while a notice says that something was not operational."""
    planned: int
    """Seen down, in a window of maintenance that was announced before it began."""
    told: int
    """Seen down, and a notice tells of it."""
    untold: int
    """Seen down, and no notice says so."""

    @property
    def down(self) -> int:
        """All that was seen down."""
        return self.planned + self.told + self.untold

    @property
    def known(self) -> int:
        """All of the window that was seen."""
        return self.up + self.unseen + self.down

    @property
    def no_data(self) -> timedelta:
        """All of it that was not."""
        return self.window.length - timedelta(seconds=self.known)

    @property
    def share(self) -> Fraction | None:
        """Of what was seen, what was up, whatever was announced; None where nothing was seen."""
        return Figure(Fraction(self.down), Fraction(self.known)).share


class Outage(Struct, frozen=True, kw_only=True):
    """A stretch for which monitoring saw a component down."""

    component: Component
    span: Span
    """Until now, where it goes on."""
    goes_on: bool
    notices: tuple[str, ...]
    """The ids of those that tell of it, as near to it as we ask."""
    untold: tuple[Span, ...]
    """What of it lies further from what they tell: all of it, where there is none."""
    planned: bool
    """Whether all that tell of it are maintenance in its announced window."""
    late: timedelta
    """How much later than it was seen a notice says that it began."""
    early: timedelta
    """How much sooner than it was seen to end a notice says that it was over."""

    @property
    def is_untold(self) -> bool:
        """Whether no notice tells of any of it."""
        return not self.notices


class ComponentMeasured(Struct, frozen=True, kw_only=True):
    """What was seen of one component."""

    component: Component
    interval: timedelta
    """Between two probes; nothing, where monitoring states its times itself."""
    hold: timedelta
    """For how long a probe counts."""
    tolerance: timedelta
    newest: datetime
    """When the last probe was."""
    periods: Mapping[str, Compared]
    """By the key of the period: those of the report, calendar months and years among them."""
    outages: tuple[Outage, ...]
    """The newest first."""

    @property
    def untold(self) -> tuple[Outage, ...]:
        """Those of which no notice tells, the newest first."""
        return tuple(outage for outage in self.outages if outage.is_untold)


class Measured(Struct, frozen=True, kw_only=True):
    """Everything that was seen, beside everything that was posted."""

    components: Mapping[str, ComponentMeasured]
    """By id, those that are measured, in declared order."""
    outages: tuple[Outage, ...]
    """Of all of them, the newest first."""
    absent: tuple[tuple[str, str], ...]
    """Components, and what they are called in no file."""
    digest: bytes
    """Of what was seen."""
    tolerance: timedelta = TOLERANCE
    """How far from what a notice says an outage is still the one that it tells of, where probes are near enough."""

    @property
    def untold_now(self) -> tuple[Outage, ...]:
        """Those that go on while no notice says that anything is wrong, the newest first."""
        return tuple(outage for outage in self.untold if outage.goes_on)

    @property
    def untold(self) -> tuple[Outage, ...]:
        """Of which no notice tells."""
        return tuple(outage for outage in self.outages if outage.is_untold)

    @property
    def told(self) -> tuple[Outage, ...]:
        """Of which a notice tells, at least of a part."""
        return tuple(outage for outage in self.outages if not outage.is_untold)


class Told(NamedTuple):
    """What notices say of a component that is not simply operational."""

    start: int
    end: int
    planned: bool
    """Whether a window of maintenance that was announced before it began covers it."""
    lost: bool
    """Whether they say that it was; of what they leave unsaid they do not."""
    notices: tuple[str, ...]


class _Atom(NamedTuple):
    """A stretch that was seen in one way and told of in one way."""

    start: int
    end: int
    of: int
    """The place of its kind in `_KINDS`."""


_KINDS = ("up", "unseen", "planned", "told", "untold")


def measured(
    probes: Probes,
    lines: Iterable[tuple[Component, Line]],
    periods: Mapping[str, Period],
    maintenance: frozenset[str],
    now: datetime,
) -> Measured:
    """All of it. `maintenance` are the ids of the notices that are."""
    found = {
        component.id: of_component(component, probes.components[component.id], line, periods, maintenance, now)
        for component, line in lines
        if component.id in probes.components
    }
    outages = sorted(
        (outage for one in found.values() for outage in one.outages),
        key=lambda one: (one.span.start, one.component.id),
        reverse=True,
    )
    return Measured(components=found, outages=tuple(outages), absent=probes.absent, digest=probes.digest)


def of_component(
    component: Component,
    seen: Seen,
    line: Line,
    periods: Mapping[str, Period],
    maintenance: frozenset[str],
    now: datetime,
) -> ComponentMeasured:
    """What was seen of one, beside its line."""
    interval = timedelta(seconds=seen.interval)
    tolerance = min(max(TOLERANCE, interval), WIDEST)
    stretches = list(_ours(seen.stretches, line.known))
    told: list[Told] = []
    if stretches:
        near = Span(_instant(stretches[0][0]) - tolerance, _instant(stretches[-1][1]) + tolerance)
        told = [_told(segment, maintenance) for segment in line.within(near)]
    atoms = list(_atoms(stretches, told))
    instant = epoch(now)
    still_seen = {start for start, end, up in seen.stretches if not up and end >= instant}
    outages = [
        _outage(component, start, end, told, tolerance, goes_on=end == instant and bool(still_seen))
        for start, end, up in stretches
        if not up
    ]
    return ComponentMeasured(
        component=component,
        interval=interval,
        hold=timedelta(seconds=seen.hold),
        tolerance=tolerance,
        newest=min(_instant(seen.newest), now),
        periods=LazyMap(periods, lambda key: _compared(atoms, periods[key].span)),
        outages=tuple(reversed(outages)),
    )


def _ours(stretches: Sequence[Stretch], known: Sequence[Span]) -> Iterator[Stretch]:
    """What was seen while the component was ours to speak of."""
    for span in known:
        first, last = epoch(span.start), epoch(span.end)
        for start, end, up in stretches:
            if start < last and end > first:
                yield max(start, first), min(end, last), up


def _told(segment: Segment, maintenance: frozenset[str]) -> Told:
    return Told(
        epoch(segment.span.start),
        epoch(segment.span.end),
        not segment.unexcused and not maintenance.isdisjoint(segment.notices),
        segment.status != ComponentStatus.UNKNOWN,
        segment.notices,
    )


def _atoms(stretches: Iterable[Stretch], told: Sequence[Told]) -> Iterator[_Atom]:
    """What was seen, cut wherever notices say something else. Both are disjoint and in order."""
    at = 0
    for start, end, up in stretches:
        while at < len(told) and told[at].end <= start:
            at += 1
        instant, one = start, at
        while instant < end:
            said = told[one] if one < len(told) and told[one].start < end else None
            if said and said.start <= instant:
                cut = min(said.end, end)
                kind = ("unseen" if said.lost else "up") if up else "planned" if said.planned else "told"
                one += said.end <= cut
            else:
                cut, kind = said.start if said else end, "up" if up else "untold"
            yield _Atom(instant, cut, _KINDS.index(kind))
            instant = cut


def _compared(atoms: Sequence[_Atom], window: Span) -> Compared:
    first, last = epoch(window.start), epoch(window.end)
    of = [0] * len(_KINDS)
    for atom in atoms[max(bisect_left(atoms, (first,)) - 1, 0) :]:
        if atom.start >= last:
            break
        of[atom.of] += max(min(atom.end, last) - max(atom.start, first), 0)
    return Compared(window, *of)


def _outage(
    component: Component, start: int, end: int, told: Sequence[Told], tolerance: timedelta, *, goes_on: bool
) -> Outage:
    """An outage, and what is told of it."""
    wide = int(tolerance.total_seconds())
    first = bisect_right(told, start - wide, key=lambda one: one.end)
    near = told[first : bisect_left(told, end + wide, key=lambda one: one.start)]
    began, over = min((one.start for one in near), default=start), max((one.end for one in near), default=end)
    return Outage(
        component=component,
        span=Span(_instant(start), _instant(end)),
        goes_on=goes_on,
        notices=tuple(dict.fromkeys(notice for one in near for notice in one.notices)),
        untold=tuple(_without(start, end, [(one.start - wide, one.end + wide) for one in near])),
        planned=bool(near) and all(one.planned for one in near),
        late=timedelta(seconds=max(began - start, 0)),
        early=timedelta(seconds=max(end - over, 0)),
    )


def _without(start: int, end: int, others: Iterable[tuple[int, int]]) -> Iterator[Span]:
    """What of a stretch none of the others covers."""
    for first, last in sorted(others):
        if start < min(first, end):
            yield Span(_instant(start), _instant(min(first, end)))
        start = max(start, last)
    if start < end:
        yield Span(_instant(start), _instant(end))


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
