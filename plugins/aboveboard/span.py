"""Half-open spans of UTC time, and all the arithmetic there is on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from msgspec import Struct

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def epoch(instant: datetime) -> int:
    """Whole seconds from 1970 to an aware time: what `timestamp` says, in half of its time."""
    gone = instant - _EPOCH
    return 86_400 * gone.days + gone.seconds


class Span(Struct, frozen=True, order=True):
    """From `start`, inclusive, to `end`, exclusive. Never empty: start < end, else ValueError."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"a span must end after it starts: {self.start} to {self.end}")

    @property
    def length(self) -> timedelta:
        """How long it lasts."""
        return self.end - self.start

    def __contains__(self, instant: datetime) -> bool:
        return self.start <= instant < self.end

    def clip(self, window: Span) -> Span | None:
        """The part of it inside `window`."""
        start, end = max(self.start, window.start), min(self.end, window.end)
        return Span(start, end) if start < end else None


def union(spans: Iterable[Span]) -> Iterator[Span]:
    """The same instants as disjoint spans in order; those that touch are joined."""
    current: Span | None = None
    for span in sorted(spans):
        if current is None:
            current = span
        elif span.start <= current.end:
            current = Span(current.start, max(current.end, span.end))
        else:
            yield current
            current = span
    if current:
        yield current


def total(spans: Iterable[Span]) -> timedelta:
    """How long they last together, no instant counted twice."""
    return sum((span.length for span in union(spans)), timedelta())
