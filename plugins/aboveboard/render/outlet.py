"""Everything that is published and is no page: each kind of file is an outlet, and `outlets.OUTLETS` lists them.

Whoever adds one writes a module with an `Outlet` in it, and one line in that list. Its files are then made, remembered
and removed like all others, and what it says is held against what everything else says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from hashlib import blake2b
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

from msgspec import Struct

from ..channels import Channel, channels
from ..coming import coming
from ..days import Month
from ..index import Entry
from ..language import ENGLISH, Language
from ..model import ComponentStatus
from ..report import Report
from ..span import epoch
from ..urls import Urls
from .body import Bodies, ToHtml
from .clock import Clock

S = TypeVar("S")
T = TypeVar("T")


class Kept(Protocol):
    """Remembers what is made, from one build to the next."""

    def __call__(self, kind: str, inputs: tuple[object, ...], make: Callable[[], T]) -> T:
        """What is kept under these inputs, which tell it apart as those of a `File` do; else what is made now."""


def made_anew(kind: str, inputs: tuple[object, ...], make: Callable[[], T]) -> T:  # noqa: ARG001
    """Remembers nothing."""
    return make()


Part = tuple[tuple[object, ...], S]
"""A part of a file: what it depends on, as a `File` has it, and what it is about. No two of a file depend on the same.
"""


class Parts(Protocol):
    """Remembers the parts that a file is put together from, all of them as one: an edit changes few of them."""

    def __call__(
        self, kind: str, whole: object, parts: Iterable[Part[S]], make: Callable[[Sequence[S]], Iterable[T]]
    ) -> list[T]:
        """The parts of that file, in their order, as they are kept. Those that are not are made now, some together."""


def parts_anew(
    kind: str,  # noqa: ARG001
    whole: object,  # noqa: ARG001
    parts: Iterable[Part[S]],
    make: Callable[[Sequence[S]], Iterable[T]],
) -> list[T]:
    """Remembers nothing."""
    return [*make([about for _, about in parts])]


class File(NamedTuple):
    """A file of an outlet, before anybody has asked for its bytes."""

    at: str
    """Its address, from `Urls`."""
    inputs: tuple[object, ...]
    """All that its bytes depend on besides the settings and the program, as plain values whose `repr` tells them apart.

    Of equal inputs, equal bytes are made. `Basis` has the digests that most need.
    """
    make: Callable[[], bytes]


class Shelf(NamedTuple):
    """Files that are looked at together, where there are many."""

    name: str
    inputs: tuple[object, ...]
    """All that any of them depends on, as a `File` has it: where that is as it was, none is looked at."""
    files: Callable[[], Iterable[File]]


class Basis(Struct, frozen=True, dict=True):
    """What outlets print from, and digests of it."""

    report: Report
    urls: Urls
    to_html: ToHtml
    root: Path
    """The project's folder."""
    scale: Fraction = Fraction(1)
    """Fits style sheets to the size of the host's letters."""
    shell: bool = True
    """Whether our pages stand in a shell of our own, rather than in the host's."""
    language: Language = ENGLISH
    kept: Kept = made_anew
    """Where what takes time is remembered."""
    parts: Parts = parts_anew
    """Where the parts of files are."""

    @cached_property
    def clock(self) -> Clock:
        """Writes times, and knows none of its own: for what stays as it is while time passes."""
        return Clock(self.report.settings.zone, language=self.language)

    @cached_property
    def bodies(self) -> Bodies:
        """What was written, as HTML."""
        return Bodies(self.report, self.urls, self.to_html)

    @cached_property
    def channels(self) -> Sequence[Channel]:
        """All that one can subscribe to."""
        return tuple(channels(self.report))

    @property
    def promises(self) -> Channel:
        """The channel that tells promises."""
        return next(one for one in self.channels if one.promises)

    @cached_property
    def instant(self) -> int:
        """Now, in seconds since 1970."""
        return epoch(self.report.now)

    @cached_property
    def clocked(self) -> tuple[object, ...]:
        """Of everything, of what git proves of it, and of the time: for what is made anew in every build."""
        record = self.report.reckoning.record  # which of one commit, and of the settings, is always the same
        return (self.instant, record.head, record.is_cut, *self.everything, *self.seen)

    @property
    def seen(self) -> tuple[bytes, ...]:
        """Of what monitoring saw, where the site shows it."""
        return (self.report.measured.digest,) if self.report.measured else ()

    @cached_property
    def everything(self) -> tuple[bytes, list[str]]:
        """Of all that is written."""
        return blake2b(b"".join(self.report.archive.digests.values())).digest(), self.missing

    @cached_property
    def later(self) -> Sequence[Report]:
        """The report as it will be if nobody writes."""
        return tuple(coming(self.report))

    @cached_property
    def missing(self) -> list[str]:
        """Who mentions what is not published, or not yet: for what shows bodies as HTML."""
        index = self.report.index
        return [f"{id_} {to}" for id_, entry in index.items() for to in entry.mentions if to not in index]

    @cached_property
    def promised(self) -> tuple[object, ...]:
        """Of all promises and what became of them: the clock changes it on the day on which one is late, or kept."""
        report = self.report
        theirs = [id_ for id_, entry in report.index.items() if entry.actions]
        digests = report.reckoning.record.digests
        # As words stay the same, each promise goes from open to late and from there to kept, and none goes back.
        stands = sorted(Counter(promise.state for promise in report.promises).items())
        return self.rows(theirs), [digests.get(id_, b"") for id_ in theirs], stands, self.missing if theirs else []

    @cached_property
    def as_posted(self) -> Sequence[Entry]:
        """Every notice in the order in which they were posted."""
        return sorted(self.report.index.values(), key=attrgetter("posted", "id"))

    @cached_property
    def live(self) -> frozenset[str]:
        """The notices that go on: of these alone the clock may change what is said."""
        return frozenset(id_ for id_, entry in self.report.index.items() if self.instant < entry.closed)

    def hidden(self, entry: Entry) -> tuple[str, ...]:
        """What a notice mentions that is not published, or not yet."""
        return tuple(to for to in entry.mentions if to not in self.report.index)

    def rows(self, ids: Iterable[str]) -> bytes:
        """Of all that these notices say, in this order, and of nothing that the clock may change."""
        return blake2b(b"".join(map(_KEY, map(self.report.index.__getitem__, ids)))).digest()

    def proved(self, ids: Iterable[str]) -> list[bytes]:
        """Of what git can prove of each of these notices; blank where that is nothing."""
        digests = self.report.reckoning.record.digests
        return [digests.get(id_, b"") for id_ in ids] if digests else []

    def timed(self, ids: Iterable[str]) -> tuple[bytes, int]:
        """The same, and of the time if one of them still goes on."""
        ids = list(ids)
        return self.rows(ids), 0 if self.live.isdisjoint(ids) else self.instant


_KEY = attrgetter("key")


class Said(Struct, frozen=True, kw_only=True):
    """What an outlet says of the present, read back from its bytes. None: of that it says nothing."""

    states: Mapping[str, ComponentStatus] | None = None
    """Of each component, by our id."""
    open: frozenset[str] | None = None
    """The notices that go on, by our id."""
    of: frozenset[str] | None = None
    """Of which notices it would say so, where that is not all of them."""


def _none(basis: Basis) -> Iterable[File]:  # noqa: ARG001
    return ()


def _nowhere(basis: Basis) -> Iterable[str]:  # noqa: ARG001
    return ()


def _as_it_is(status: ComponentStatus) -> ComponentStatus:
    return status


class InParts(NamedTuple):
    """Files that are put together from parts that are remembered."""

    kind: str
    """What these are called in the memo."""
    wholes: Callable[[Basis], Sequence[object]]
    """What tells the files apart there, as plain values."""


class Outlet(Struct, frozen=True, kw_only=True):
    """A kind of file that is no page."""

    name: str
    clocked: Callable[[Basis], Iterable[File]] = _none
    """Its files that read the clock, and so are made in every build: they are begun before any other is looked at."""
    files: Callable[[Basis], Iterable[File]] = _none
    """Its files of which there are not more for more notices, or not many more. Each is looked at in every build."""
    shelves: Callable[[Basis], Iterable[Shelf]] | None = None
    """Its files that are more for more notices. They are made last, when what `ahead` found out is remembered."""
    shelved: Callable[[Basis], Iterable[str]] = _nowhere
    """Where they lie: the addresses of some, one in each folder at the root."""
    ahead: Callable[[Basis], Callable[[Month], object]] | None = None
    """Finds out what they need of every notice of a month, while these are at hand as their pages are made; and
    remembers it, in parts."""
    in_parts: InParts | None = None
    """Which of them are put together from what is remembered of their parts."""
    beside: Callable[[Basis, Entry], Iterable[File]] | None = None
    """Its files beside the page of a notice: they may depend on no more than that page does, which is the notice's key,
    whether those that it mentions are published, and the time while it goes on."""
    mirrored: bool = False
    """Whether there is one in each language of the site."""
    absolute: bool = False
    """Whether it is of no use without absolute links, and so left out where the site has no `site_url`."""
    said: Callable[[Mapping[str, bytes], Basis], Said] | None = None
    """Reads its files back, by their addresses, for the test that everything agrees. None: it speaks of no state."""
    as_told: Callable[[ComponentStatus], ComponentStatus] = _as_it_is
    """How it tells a component's status, where the form that it speaks has no word for every one."""

    def every(self, basis: Basis) -> Iterator[File]:
        """Each of its files, but for those beside notices."""
        yield from self.clocked(basis)
        yield from self.files(basis)
        for shelf in self.shelves(basis) if self.shelves else ():
            yield from shelf.files()
