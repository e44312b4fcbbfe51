"""History cut into pages: what stands on each of them, and what else can be chosen there.

A page's counts are of the time that it is about. So a notice that is new changes the pages of its month and its year,
and those of all time, and no others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property, partial
from hashlib import blake2b
from typing import NamedTuple

from msgspec import Struct

from .index import Entry
from .model import Kind
from .uptime import Remember, unremembered

BOUND = 500
"""How many notices the page of a year lists. Of more, each month has a page of its own."""

NEWEST = 50
"""How many notices a page of all time lists; its years have the others."""


class Facet(StrEnum):
    """By what notices are told apart. The value is a folder in addresses."""

    KIND = "kinds"
    CAUSE = "causes"
    COMPONENT = "components"


class Choice(NamedTuple):
    """Notices of one kind, of one cause or of one component, or all of them; of a month, of a year or of all time."""

    facet: Facet | None = None
    value: str = ""
    year: int = 0
    month: int = 0

    def within(self, year: int = 0, month: int = 0) -> Choice:
        """The same of another time."""
        return Choice(self.facet, self.value, year, month)


class Option(Struct, frozen=True):
    """Something that can be chosen on a page."""

    choice: Choice
    count: int | None
    """How many notices that is; None where saying so would change the page with what it is not about."""
    page: Choice | None
    """The page that lists them; None where there are none."""
    current: bool = False
    """Whether it is that very page."""

    @property
    def told(self) -> tuple[str, int, int | None, int]:
        """All that a page prints of it, briefly: in its row nothing else tells one from another."""
        return self.choice.value, self.choice.year, self.count, self.page.month if self.page else -1


class Options(NamedTuple):
    """All that can be chosen on a page. Kinds and causes each begin with everything."""

    when: tuple[Option, ...]
    kinds: tuple[Option, ...] = ()
    causes: tuple[Option, ...] = ()
    components: tuple[Option, ...] = ()
    """Those that have any."""


class Section(Struct, frozen=True):
    """A part of a page: its rows, or only how many there are on another page."""

    choice: Choice
    entries: Sequence[Entry]
    """The newest first; none where a page of their own has them."""
    count: int


class Listing(NamedTuple):
    """A page of history."""

    choice: Choice
    sections: Sequence[Section]
    options: Options
    earlier: Choice | None
    later: Choice | None


_Of = tuple[Facet | None, str]
"""By what notices are chosen, whenever they began."""


class _Sum(NamedTuple):
    """What is chosen of a month."""

    notices: int
    digest: bytes
    """Of all that these notices say, in their order."""
    newest: int
    """When the newest word of them was posted, in seconds since 1970."""


_Sums = tuple[tuple[str, str, int, bytes, int], ...]
"""All that can be chosen of a month: facet, value, and the sum, as plain values."""


class Archive(Struct, frozen=True, dict=True):
    """Every notice, and the pages of history on which they are listed."""

    newest_first: Iterable[Entry]
    causes: Sequence[str]
    """The causes of this site, in its order."""
    components: Sequence[str]
    """The ids of its components, in its order."""
    bound: int = BOUND
    remember: Remember = unremembered
    """Of a month that stays as it is, what can be chosen of it stays as well."""

    @cached_property
    def choices(self) -> Sequence[Choice]:
        """Every page of history, but the one that is about everything."""
        return tuple(self._choices())

    def _choices(self) -> Iterator[Choice]:
        for (facet, value), months in self._sums.items():
            whole = Choice(facet, value)
            years = self._years[facet, value]
            if facet in (Facet.KIND, Facet.CAUSE):
                yield whole
            yield from (whole.within(year) for year in years)
            yield from (one for month in months if self.page(one := _of_month(whole, month)) == one)

    def page(self, choice: Choice) -> Choice:
        """The page that lists what is chosen: of a month, that of its year may do."""
        listed = not choice.month or not choice.facet or self._is_long(choice)
        return choice if listed else choice.within(choice.year)

    def entries(self, choice: Choice) -> Sequence[Entry]:
        """What is chosen, the newest first."""
        return [entry for month in self._within(choice) for entry in self._chosen(choice, month)]

    def count(self, choice: Choice) -> int:
        """How many notices are chosen."""
        return self._counts.get((choice.facet, choice.value), {}).get((choice.year, choice.month), 0)

    def digest(self, choice: Choice) -> bytes:
        """Of all that the chosen notices say, in their order."""
        return blake2b(b"".join([one.digest for one in self._within(choice).values()])).digest()

    def changed(self, choice: Choice) -> int:
        """When the newest word of the chosen notices was posted, in seconds since 1970."""
        return max([one.newest for one in self._within(choice).values()])

    def listing(self, choice: Choice) -> Listing:
        """A page of history."""
        return Listing(choice, tuple(self._sections(choice)), self.options(choice), *self.around(choice))

    def around(self, choice: Choice) -> tuple[Choice | None, Choice | None]:
        """The month or the year before, and the one after, in which there is something of the same."""
        months = self._sums[choice.facet, choice.value]
        some: list[Choice] = []
        if choice.month:
            some = [_of_month(choice, month) for month in months]
        elif choice.year:
            some = [choice.within(year) for year in self._years[choice.facet, choice.value]]
        at = some.index(choice) if some else 0
        return some[at + 1] if some[at + 1 :] else None, some[at - 1] if at else None

    def options(self, choice: Choice) -> Options:
        """What can be chosen on a page."""
        when = tuple(self._when(choice))
        if choice.facet == Facet.COMPONENT:
            return Options(when)
        return Options(
            when,
            self._facet(choice, Facet.KIND, Kind),
            self._facet(choice, Facet.CAUSE, self.causes),
            tuple(one for one in self._facet(choice, Facet.COMPONENT, self.components)[1:] if one.count),
        )

    def told(self, choice: Choice) -> object:
        """All that can be chosen on a page, as plain values whose `repr` tells them apart."""
        when = [one.told for one in self._when(choice)]
        if choice.facet == Facet.COMPONENT:
            return when
        time = choice.year, choice.month
        if time not in self._told:
            self._told[time] = [[one.told for one in some] for some in self.options(Choice(None, "", *time))[1:]]
        return when, self._told[time]

    @cached_property
    def _told(self) -> dict[tuple[int, int], object]:
        """What can be chosen of a time, whatever is chosen of it now."""
        return {}

    def _when(self, choice: Choice) -> Iterator[Option]:
        whole = choice.within()
        yield self._option(whole, choice, counts=not choice.year)
        for year in self._years.get((choice.facet, choice.value), ()):
            yield self._option(whole.within(year), choice, counts=not choice.year or choice == whole.within(year))
        if choice.month:
            yield self._option(choice, choice)

    def _facet(self, choice: Choice, facet: Facet, values: Iterable[str]) -> tuple[Option, ...]:
        """Everything, and each of these, of the time of a choice."""
        all_of_it = self._option(Choice(year=choice.year, month=choice.month), choice)
        each = (self._option(Choice(facet, str(one), choice.year, choice.month), choice) for one in values)
        return (all_of_it, *each)

    def _option(self, wanted: Choice, here: Choice, *, counts: bool = True) -> Option:
        count = self.count(wanted) if counts else None
        return Option(wanted, count, None if count == 0 else self.page(wanted), wanted == here)

    def _sections(self, choice: Choice) -> Iterator[Section]:
        if choice.month:
            yield Section(choice, self.entries(choice), self.count(choice))
        elif choice.year:
            listed = not self._is_long(choice)
            for month, one in self._within(choice).items():
                entries = self._chosen(choice, month) if listed else ()
                yield Section(_of_month(choice, month), entries, one.notices)
        else:
            left = NEWEST
            for year in self._years[choice.facet, choice.value]:
                some = self.entries(choice.within(year))[:left] if left else ()
                yield Section(choice.within(year), some, self.count(choice.within(year)))
                left -= len(some)

    def _within(self, choice: Choice) -> Mapping[int, _Sum]:
        """The months of a choice that have something, twelve times the year and from 0 on, the newest first."""
        months = self._sums.get((choice.facet, choice.value), {})
        if choice.month:
            month = 12 * choice.year + choice.month - 1
            return {month: months[month]} if month in months else {}
        return {one: some for one, some in months.items() if not choice.year or one // 12 == choice.year}

    def _chosen(self, choice: Choice, month: int) -> Sequence[Entry]:
        """What is chosen of a month, the newest first."""
        some, value = self._months[month], choice.value
        match choice.facet:
            case Facet.KIND:
                return [one for one in some if one.kind == value]
            case Facet.CAUSE:
                return [one for one in some if one.cause == value]
            case Facet.COMPONENT:
                return [one for one in some if value in one.touches]
        return some

    def _is_long(self, choice: Choice) -> bool:
        """Whether there is too much of it in its year for one page."""
        return self.count(choice.within(choice.year)) > self.bound

    @cached_property
    def digests(self) -> Mapping[int, bytes]:
        """Of all that the notices of each month say, the newest first."""
        return {month: _digest(some) for month, some in self._months.items()}

    @cached_property
    def _months(self) -> Mapping[int, Sequence[Entry]]:
        """The notices of each month, the newest first."""
        found: dict[int, list[Entry]] = defaultdict(list)
        for entry in self.newest_first:
            found[entry.month].append(entry)
        return found

    @cached_property
    def _sums(self) -> Mapping[_Of, Mapping[int, _Sum]]:
        """By month: years are made of these."""
        found: dict[_Of, dict[int, _Sum]] = defaultdict(dict)
        for month, digest in self.digests.items():
            for facet, value, notices, said, newest in self.remember(digest, partial(_summed, self._months[month])):
                found[Facet(facet) if facet else None, value][month] = _Sum(notices, said, newest)
        return dict(found)

    @cached_property
    def _years(self) -> Mapping[_Of, Sequence[int]]:
        """The years in which there is something, the newest first."""
        return {of: tuple(dict.fromkeys(month // 12 for month in months)) for of, months in self._sums.items()}

    @cached_property
    def _counts(self) -> Mapping[_Of, Mapping[tuple[int, int], int]]:
        """By year and month, each 0 for all of them."""
        found: dict[_Of, Counter[tuple[int, int]]] = defaultdict(Counter)
        for of, months in self._sums.items():
            for month, one in months.items():
                for time in ((month // 12, month % 12 + 1), (month // 12, 0), (0, 0)):
                    found[of][time] += one.notices
        return found


def _summed(some: Iterable[Entry]) -> _Sums:
    """All that can be chosen of a month's notices."""
    found: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    kind, cause, component = Facet.KIND.value, Facet.CAUSE.value, Facet.COMPONENT.value
    for entry in some:
        found["", ""].append(entry)
        found[kind, entry.kind].append(entry)
        if entry.cause:
            found[cause, entry.cause].append(entry)
        for id_ in entry.touches:
            found[component, id_].append(entry)
    return tuple((*of, len(chosen), _digest(chosen), _newest(chosen)) for of, chosen in found.items())


def _newest(some: Iterable[Entry]) -> int:
    return max([one.last_posted for one in some])


def _digest(some: Iterable[Entry]) -> bytes:
    return blake2b(b"".join([one.key for one in some]), digest_size=16).digest()


def _of_month(choice: Choice, month: int) -> Choice:
    return choice.within(month // 12, month % 12 + 1)
