"""What customers said, added up: how many reported it, and who noticed first.

Only what somebody wrote is counted. Of an incident for which nobody did, nothing is said, neither well nor badly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from .index import Entry
from .measures import NEVER
from .reckoning import Count, Sum


class HeardYear(NamedTuple):
    """What was heard of the incidents that began in a year."""

    year: int
    incidents: int
    counted: int
    """Of how many of them it is written how many customers reported it."""
    reports: int
    """From how many customers, over all of these; none is told apart from another."""
    ours: int
    """How many of them we noticed before customers told us."""
    noticed: int
    """Of how many of them it is written who noticed first."""


def is_heard(entry: Entry) -> bool:
    """Whether it tells what customers told us, or how many did."""
    return entry.quotes or entry.reports != NEVER


def heard(entries: Iterable[Entry], years: Mapping[int, Sum]) -> tuple[HeardYear, ...]:
    """By calendar year, the newest first; without those of which nothing is written."""
    counted: dict[int, list[int]] = defaultdict(list)
    for entry in entries:
        if entry.reports != NEVER:
            counted[entry.month // 12].append(entry.reports)
    told = (
        HeardYear(year, one.incidents, len(counted[year]), sum(counted[year]), *one.counts[Count.OURS])
        for year, one in years.items()
    )
    return tuple(one for one in told if one.counted or one.noticed)
