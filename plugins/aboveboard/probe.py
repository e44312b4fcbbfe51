"""What monitoring saw: probes one after the other, and from them when something was up, down or not looked at."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct

DOWN, UP, BLIND = 0, 1, 2
"""What a probe may say: the worst first. A monitor that is paused, or does not know, is blind."""

HOLD = Fraction(5, 2)
"""What a probe saw holds until the next one, and for so many times their usual distance at most: one that is lost is
bridged, and of what two lost ones would have seen, nothing is known."""

Run = tuple[int, int, int]
"""Probes that agree, one soon after the other: when the first and the last of them were, in whole seconds since 1970,
and what they saw."""

Stretch = tuple[int, int, bool]
"""From when to when, in whole seconds since 1970, and whether it was up."""


class Series(NamedTuple):
    """What one monitor saw, as far as one file has it."""

    id: str
    """What is the same in every file that has some of it."""
    names: tuple[str, ...]
    """What a site may call it."""
    interval: int
    """Seconds that usually lie between two of its probes; 0 where the file states from when to when each state held."""
    hold: int
    """For how many seconds after a probe what it saw holds, if no other follows."""
    runs: tuple[Run, ...]


class Seen(Struct, frozen=True):
    """What all the monitors of one component saw."""

    stretches: tuple[Stretch, ...]
    """Disjoint and in order. Between them nobody looked."""
    interval: int
    """Seconds between two probes: of the slowest of the monitors. 0 where they state their times themselves."""
    hold: int
    """For how long a probe holds at most."""
    newest: int
    """When the last probe was, in seconds since 1970."""


class Probes(Struct, frozen=True):
    """Everything that was seen, by component."""

    components: Mapping[str, Seen] = {}
    digest: bytes = b""
    """Of all of it."""
    absent: tuple[tuple[str, str], ...] = ()
    """Components, and by which names they are to be probed, where no file has that name."""


def series(id: str, names: Iterable[str], times: Sequence[int], states: Sequence[int]) -> Series:  # noqa: A002
    """From single probes, in any order. What several say of one second is the worst of it."""
    some: Iterable[tuple[int, int]] = zip(times, states, strict=True)
    if any(later < earlier for earlier, later in pairwise(times)):
        some = sorted(some, key=lambda one: (one[0], -one[1]))
        times = [time for time, _ in some]
    interval = _usual(times)
    hold = int(interval * HOLD)
    return Series(id, tuple(dict.fromkeys(names)), interval, hold, tuple(_runs(some, hold)))


def _usual(times: Sequence[int]) -> int:
    """The median of the distances between probes, the lower of two; 0 of fewer than two probes."""
    count: dict[int, int] = {}
    before = times[0] if times else 0
    for time in times:
        distance = time - before
        count[distance] = count.get(distance, 0) + 1
        before = time
    count.pop(0, None)
    left = (sum(count.values()) + 1) // 2
    for distance in sorted(count):
        left -= count[distance]
        if left <= 0:
            return distance
    return 0


def _runs(some: Iterable[tuple[int, int]], hold: int) -> Iterator[Run]:
    first = last = 0
    state = -1
    for time, saw in some:
        if saw == state and time - last <= hold:
            last = time
            continue
        if state >= 0:
            yield first, last, state
        first, last, state = time, time, saw
    if state >= 0:
        yield first, last, state


def together(some: Iterable[Series]) -> Seen:
    """All that the monitors of one component saw. Where they differ, the worst of it counts; blind ones have no say."""
    by_id: dict[str, list[tuple[int, int, int, int]]] = {}
    interval = hold = newest = 0
    for one in some:
        by_id.setdefault(one.id, []).extend((first, last, state, one.hold) for first, last, state in one.runs)
        interval, hold = max(interval, one.interval), max(hold, one.hold)
        newest = max([newest, *(last for _, last, _ in one.runs)])
    held = [stretch for runs in by_id.values() for stretch in _held(runs)]
    return Seen(tuple(_worst(held)), interval, hold, newest)


def _held(runs: list[tuple[int, int, int, int]]) -> Iterator[Stretch]:
    """What one monitor saw, each state until its next probe at most."""
    runs.sort(key=lambda run: (run[0], -run[2]))
    firsts = [run[0] for run in runs]
    for at, (first, last, state, hold) in enumerate(runs):
        ahead = bisect_left(firsts, last, at + 1)
        end = min(last + hold, firsts[ahead]) if ahead < len(runs) else last + hold
        if state != BLIND and first < end:
            yield first, end, state == UP


def _worst(some: Iterable[Stretch]) -> Iterator[Stretch]:
    """Stretches that may overlap as disjoint ones in order: up where one is up and none is down."""
    turns: dict[int, list[int]] = {}
    for start, end, up in some:
        turns.setdefault(start, [0, 0])[up] += 1
        turns.setdefault(end, [0, 0])[up] -= 1
    downs = ups = 0
    since, was = 0, None
    for instant in sorted(turns):
        downs, ups = downs + turns[instant][False], ups + turns[instant][True]
        now = False if downs else True if ups else None
        if now is not was:
            if was is not None:
                yield since, instant, was
            since, was = instant, now
