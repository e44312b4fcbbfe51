"""What customers said, added up: how many reported it, and who noticed first.

Only what somebody wrote is counted. Of an incident for which nobody did, nothing is said, neither well nor badly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from .index import Entry
from .measures import NEVER, Claims


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


def heard(entries: Iterable[Entry]) -> tuple[HeardYear, ...]:
    """By calendar year, the newest first; without those of which nothing is written."""
    found: dict[int, list[int]] = defaultdict(lambda: [0] * (len(HeardYear._fields) - 1))
    for entry in entries:
        if not entry.said:  # of incidents alone
            continue
        year, who = found[entry.month // 12], entry.said[_BY]
        year[0] += 1
        if entry.reports != NEVER:
            year[1] += 1
            year[2] += entry.reports
        if who:
            year[3] += who != "customers"
            year[4] += 1
    told = (HeardYear(year, *counts) for year, counts in sorted(found.items(), reverse=True))
    return tuple(one for one in told if one.counted or one.noticed)


_BY = Claims.__struct_fields__.index("by")
