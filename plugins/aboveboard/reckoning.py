"""How candid we were, over time: what the page of candour says, decided."""

from __future__ import annotations

import marshal
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from hashlib import blake2b
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

from msgspec import Struct

from . import uptime
from .candour import Promise, PromiseState, working_days
from .index import Entry
from .measures import NEVER, Figure, Measured, Source, figure, is_rewriting, measured
from .model import Edit, Record
from .settings import Goals, Settings

UNKNOWN = "unknown"
"""The cause of what nobody has found out."""

YEAR = 365
"""Days that the page calls this year: today is the last of them."""


class Measure(StrEnum):
    """What is measured as a length, in the order of the page. The value is the name in `Measured`."""

    FIRST_WORD = "first_word"
    SILENCE = "silence"
    RESOLVE = "resolve"
    OVER_WORD = "over_word"
    ACCOUNT = "account"
    """In working days, where the others are in seconds."""


class Count(StrEnum):
    """What is measured as so many of so many, in the order of the page."""

    NEXT_KEPT = "next_kept"
    """Promised next words that came in time."""
    TOLD_OVER = "told_over"
    """Incidents that were over before we told of them."""
    BACKDATED = "backdated"
    """Incidents with a post that reached the record long after the time it gives."""
    EDITED = "edited"
    """Incidents that were changed after we had said that they are over."""
    REMOVED = "removed"
    """Incidents of which a post was taken away."""
    COUNTED = "counted"
    """Incidents that say in numbers whom they hurt."""
    OURS = "ours"
    """Incidents that we noticed before customers told us."""


class Sum(Struct, frozen=True, kw_only=True):
    """Several incidents together."""

    incidents: int
    lengths: Mapping[Measure, Figure | None]
    met: Mapping[Measure, int]
    """Of those that have that length, how many met our goal; without those for which we have none."""
    counts: Mapping[Count, tuple[int, int]]
    """How many of how many."""


class Broken(NamedTuple):
    """What breaks for one cause: of this year, and of the year before."""

    cause: str
    """Its code."""
    incidents: int
    hurt: int
    """For how many seconds, of those that are over."""
    before: int
    hurt_before: int


class Owed(NamedTuple):
    """A post-mortem that is owed."""

    incident: str
    """Its id."""
    since: int
    """When it ended, in seconds since 1970."""


class Repeat(NamedTuple):
    """Incidents of one cause on one component within a year."""

    cause: str
    component: str
    """Its id."""
    incidents: tuple[str, ...]
    """Their ids, the newest first; at least two."""


class Change(Struct, frozen=True, kw_only=True):
    """Words of a notice that were other words before."""

    notice: str
    edit: Edit


class _Year(NamedTuple):
    """The incidents that began in a calendar year."""

    sum: Sum
    owed: tuple[tuple[int, str], ...]
    """When those ended that owe a post-mortem, and their ids."""

    @classmethod
    def of(cls, rows: Sequence[Measured], goals: Goals) -> Self:
        """A year of these."""
        owed = tuple((one.owed_since, one.id) for one in rows if one.owed_since != NEVER)
        return cls(_sum(rows, goals), owed)


class Reckoning(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """What can be said of our candour, up to `now`. It is found out when somebody asks, as few pages do."""

    entries: Sequence[Entry]
    """The oldest first."""
    promises: Sequence[Promise]
    record: Record
    settings: Settings
    now: datetime
    remember: uptime.Remember = uptime.unremembered

    @cached_property
    def digests(self) -> Mapping[int, bytes]:
        """Of all that the rows of a calendar year depend on, the newest first."""
        found: dict[int, list[bytes]] = defaultdict(list)
        for month, digest in self._months.items():
            found[month // 12].append(digest)
        return {year: blake2b(b"".join(some), digest_size=16).digest() for year, some in found.items()}

    @property
    def remembered(self) -> Iterator[bytes]:
        """Of each period of which something is kept."""
        yield from self._months.values()
        yield from self.digests.values()

    @cached_property
    def years(self) -> Mapping[int, Sum]:
        """By the calendar year in which they began, the newest first."""
        return {year: one.sum for year, one in self._years.items()}

    def rows(self, year: int) -> Sequence[Measured]:
        """Every incident of a calendar year, the oldest first."""
        months = [month for month in self._months if month // 12 == year]
        return [one for month in reversed(months) for one in self._measured(month)]

    @cached_property
    def year(self) -> Sequence[Measured]:
        """The incidents that began within `YEAR` days, the oldest first."""
        return [one for one in self._recent if one.began >= self._since.timestamp()]

    @cached_property
    def this_year(self) -> Sum:
        """Those together."""
        return _sum(self.year, self.settings.goals)

    @cached_property
    def year_before(self) -> Sum:
        """Those of as many days before."""
        since, until = self._before.timestamp(), self._since.timestamp()
        return _sum([one for one in self._recent if since <= one.began < until], self.settings.goals)

    @cached_property
    def sources(self) -> Mapping[Source, int]:
        """By what evidence the incidents of this year are measured."""
        return Counter(one.source for one in self.year)

    @cached_property
    def owed(self) -> Sequence[Owed]:
        """Post-mortems that are owed, the longest first."""
        found = sorted(one for some in self._years.values() for one in some.owed)
        return [Owed(id_, since) for since, id_ in found]

    @cached_property
    def kept(self) -> tuple[int, int]:
        """How many promises of post-mortems were kept in time, of how many that were due."""
        states = Counter(one.state for one in self.promises)
        return states[PromiseState.KEPT], sum(states.values()) - states[PromiseState.OPEN]

    @cached_property
    def causes(self) -> Sequence[Broken]:
        """By cause what broke within two years, what hurt longest this year first."""
        return _broken(self._lately, self._since.timestamp())

    @cached_property
    def repeats(self) -> Sequence[Repeat]:
        """What broke again within `YEAR` days, the most often first. Of causes that nobody knows nothing can repeat."""
        return _repeats(entry for entry in self._lately if entry.began >= self._since.timestamp())

    @cached_property
    def changes(self) -> Sequence[Change]:
        """What was changed or taken away within `YEAR` days, the latest first."""
        there = {one.id for one in self.entries}  # one that is taken out of the folder is still in the last commit
        found = (one for one in _changes(self.record, self._since) if one.notice in there)
        return sorted(found, key=lambda one: (one.edit.time, one.notice, one.edit.part), reverse=True)

    @cached_property
    def _since(self) -> datetime:
        return uptime.last_days(YEAR, self.now, self.settings.zone).start

    @cached_property
    def _before(self) -> datetime:
        return uptime.last_days(2 * YEAR, self.now, self.settings.zone).start

    @cached_property
    def _recent(self) -> Sequence[Measured]:
        """The incidents of the calendar years in which the last `2 * YEAR` days lie, the oldest first."""
        first = self._before.astimezone(self.settings.zone).year
        return [one for year in reversed([*self.digests]) if year >= first for one in self.rows(year)]

    @cached_property
    def _lately(self) -> Sequence[Entry]:
        """The incidents of the last `2 * YEAR` days that have a cause."""
        earlier = self._before.timestamp()
        return [one for some in self._grouped.values() for one in some if one.began >= earlier and one.cause]

    @cached_property
    def _grouped(self) -> Mapping[int, Sequence[Entry]]:
        """The incidents by month, twelve times the year and from 0 on."""
        found: dict[int, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            if entry.said:
                found[entry.month].append(entry)
        return found

    @cached_property
    def _months(self) -> Mapping[int, bytes]:
        """Of all that the rows of a month depend on, the newest first."""
        return {month: self._digest(month, some) for month, some in sorted(self._grouped.items(), reverse=True)}

    @cached_property
    def _years(self) -> Mapping[int, _Year]:
        return {year: self._year(year, digest) for year, digest in self.digests.items()}

    @cached_property
    def _live(self) -> frozenset[int]:
        """The months of those that go on, of which the clock has a say."""
        instant = self.now.timestamp()
        return frozenset(one.month for one in self.entries if instant < one.closed and one.said)

    def _digest(self, month: int, some: Sequence[Entry]) -> bytes:
        proved = self.record.digests
        keys = b"".join([one.key + proved.get(one.id, b"") for one in some])
        what = repr((self.settings.goals, self.settings.zone, self.now if month in self._live else None))
        return blake2b(keys + what.encode(), digest_size=16).digest()

    def _year(self, year: int, digest: bytes) -> _Year:
        def make() -> _Year:
            return _Year.of(self.rows(year), self.settings.goals)

        return make() if any(month // 12 == year for month in self._live) else self.remember(digest, make)

    def _measured(self, month: int) -> Sequence[Measured]:
        """The incidents of a month, the oldest first."""

        def make() -> bytes:
            proof = self.record.evidence
            told = ((one, claims) for one in self._grouped[month] if (claims := one.claims))
            rows = (measured(one.id, one.began, said, self.now, proof.get(one.id)) for one, said in told)
            return marshal.dumps([(*row[:2], str(row.source), *row[3:]) for row in rows])

        packed = make() if month in self._live else self.remember(self._months[month], make)
        plain = marshal.loads(packed)  # noqa: S302, ours
        return [Measured(id_, began, _SOURCES[source], *others) for id_, began, source, *others in plain]


_SOURCES = {source.value: source for source in Source}


def _sum(some: Sequence[Measured], goals: Goals) -> Sum:
    limits = {Measure.FIRST_WORD: goals.first_word, Measure.SILENCE: goals.silence}
    seconds = {measure: int(limit.total_seconds()) for measure, limit in limits.items() if limit}
    if goals.account is not None:
        seconds[Measure.ACCOUNT] = goals.account
    lengths = {measure: [(getattr(one, measure), one.id) for one in some] for measure in Measure}
    proved = [one for one in some if one.source == Source.GIT]
    known = [one for one in some if one.by]
    return Sum(
        incidents=len(some),
        lengths={measure: figure(found) for measure, found in lengths.items()},
        met={
            measure: sum(NEVER < length <= limit for length, _ in lengths[measure])
            for measure, limit in seconds.items()
        },
        counts={
            Count.NEXT_KEPT: (sum(one.kept for one in some), sum(one.kept + one.missed for one in some)),
            Count.TOLD_OVER: (sum(one.told_over for one in some), len(some)),
            Count.BACKDATED: (sum(one.backdated > 0 for one in proved), len(proved)),
            Count.EDITED: (sum(one.edited > 0 for one in proved), len(proved)),
            Count.REMOVED: (sum(one.removed > 0 for one in proved), len(proved)),
            Count.COUNTED: (sum(one.counted for one in some), len(some)),
            Count.OURS: (sum(one.by != "customers" for one in known), len(known)),
        },
    )


def _broken(lately: Iterable[Entry], since: float) -> list[Broken]:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for entry in lately:
        at = 0 if entry.began >= since else 2
        sums[entry.cause][at] += 1
        sums[entry.cause][at + 1] += entry.lasted
    found = (Broken(cause, *numbers) for cause, numbers in sums.items())
    return sorted(found, key=lambda one: (-one.hurt, -one.incidents, -one.hurt_before, one.cause))


def _repeats(lately: Iterable[Entry]) -> list[Repeat]:
    found: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in lately:
        for component in entry.touches if entry.cause != UNKNOWN else ():
            found[entry.cause, component].append(entry)
    again = {key: sorted(some, key=lambda one: (-one.began, one.id)) for key, some in found.items() if len(some) > 1}
    told = (Repeat(*key, tuple(one.id for one in some)) for key, some in again.items())
    return sorted(told, key=lambda one: (-len(one.incidents), one.cause, one.component))


def _changes(record: Record, since: datetime) -> Iterator[Change]:
    """What was changed since then, as far as words were taken back by it."""
    for id_ in record.edited:
        for edit in record.evidence[id_].edits:
            if edit.time >= since and is_rewriting(edit):
                yield Change(notice=id_, edit=edit)


def working_days_owed(one: Owed, now: datetime, zone: ZoneInfo) -> int:
    """Working days since the end of an incident that owes a post-mortem."""
    ended = datetime.fromtimestamp(one.since, UTC)
    return working_days(uptime.day_of(ended, zone), uptime.day_of(now, zone))
