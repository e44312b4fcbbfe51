"""Artefacts to files: what is as it was stays where it is, everything else is made and written."""

from __future__ import annotations

import marshal
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import chain, groupby
from pathlib import Path
from typing import NamedTuple, Protocol, Self

from msgspec import Struct

from .fork import Share, shared
from .memo import Memo

FEW = 12
"""From so many files on, two processes make them. Of few, most are pages that take as long as a hundred others."""

MANY = 100
"""From so many on a third process helps two that are at work already: to start it takes as long as ten files."""

Progress = Callable[[int, int, int], None]
"""Is told how many files were made, kept, and are left."""


class Together(Struct, frozen=True):
    """How to make files of which there are many: step by step, so that for each step of some of them the processor has
    at hand what that needs.
    """

    make: Callable[[Sequence[str]], Iterable[bytes]]
    """Is given the paths of some that are made in this way."""


class Artefact(Struct, frozen=True):
    """A file of the site, what it is made from, and how to make it."""

    path: str
    """Below the site's folder, with forward slashes."""
    inputs: bytes
    """A digest of all that `make` will read. Of equal inputs, equal bytes are made."""
    make: Callable[[], bytes] | Together


class Bundle(Struct, frozen=True):
    """Files that are looked at together."""

    name: str
    inputs: bytes
    """A digest of all that any of them is made from: where it is as it was, none is looked at. Blank: look at each."""
    artefacts: Callable[[], Iterable[Artefact]]
    """No path is in two bundles."""
    first: bool = False
    """Whether it is begun before others are looked at, as it is to be made in nearly every build."""
    late: bool = False
    """Whether it is made last, of what the making of others has put into the memo."""


class Folder(Protocol):
    """Where files go: the next generation of a site, or any folder."""

    def put(self, path: str, data: bytes) -> os.stat_result:
        """Write a file. Raises ValueError if it would lie outside."""

    def same(self, path: str, data: bytes) -> os.stat_result | None:
        """Take the file that is there already with these very bytes, if there is one."""

    def remove(self, path: str) -> None:
        """Take a file away."""


class Plain:
    """Any folder, whose files nobody else has by another name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._made: dict[str, Path] = {}

    def put(self, path: str, data: bytes) -> os.stat_result:
        """As `Folder`."""
        folder, _, name = os.path.normpath(path).rpartition("/")
        if folder not in self._made:
            inside = (self.folder / folder).resolve()
            if inside.is_relative_to(self.folder):
                inside.mkdir(parents=True, exist_ok=True)
            self._made[folder] = inside
        if not self._made[folder].is_relative_to(self.folder) or name in ("", os.curdir, os.pardir):
            raise ValueError(f"{path} lies outside {self.folder}, and nothing is ever written there")
        at = self._made[folder] / name
        at.write_bytes(data)
        return at.stat()

    def same(self, path: str, data: bytes) -> os.stat_result | None:  # noqa: ARG002
        """As `Folder`: it was emptied before."""
        return None

    def remove(self, path: str) -> None:
        """As `Folder`."""
        at = self.folder / path
        at.unlink(missing_ok=True)
        if at.parent != self.folder and not any(at.parent.iterdir()):
            at.parent.rmdir()


class Kept(NamedTuple):
    """A bundle as it is remembered."""

    inputs: bytes
    size: int
    """How many files it has."""
    packed: bytes
    """The same as `files`, at which nobody looks while the bundle stays as it is."""

    @property
    def files(self) -> Mapping[str, bytes]:
        """What each of its files was made from, by their paths."""
        known: dict[str, bytes] = marshal.loads(self.packed)  # noqa: S302, ours
        return known

    @classmethod
    def of(cls, inputs: bytes, files: Mapping[str, bytes]) -> Self:
        """A bundle of these files."""
        return cls(inputs, len(files), marshal.dumps(dict(files)))


class Published(Struct, frozen=True):
    """What came of it."""

    held: Mapping[str, Kept]
    """Every bundle that is there now, by its name."""
    changed: Sequence[str]
    """The paths of the files that were written, sorted."""
    times: Mapping[str, int]
    """When each file that was made was written, by its path: some time ago where it was there already."""
    removed: Sequence[str]
    """The paths of those that are gone, sorted."""

    @property
    def count(self) -> int:
        """How many files there are."""
        return sum(bundle.size for bundle in self.held.values())


def publish(
    bundles: Iterable[Bundle],
    folder: Folder,
    held: Mapping[str, Kept],
    memo: Memo,
    *,
    may_fork: bool = False,
    progress: Progress = lambda *_: None,
    besides: Callable[[], None] = lambda: None,
) -> Published:
    """Let the folder hold exactly the bundles' files, where it holds `held` now. Raises ValueError and OSError.

    `besides` puts into the memo what only the next build needs: a second process does so, if there is one for the first
    bundle.
    """

    def last() -> None:
        besides()
        memo.write()

    some = iter(bundles)
    look = _Look(held)
    first, early, late = _Todo(), _Todo(), _Todo()
    rest: list[Bundle] = []
    for bundle in some:
        if not bundle.first:
            rest.append(bundle)
            break
        first += look.at(bundle)
    if first:
        memo.begin()
    write = partial(_write, folder=folder)
    with Share(first, write, may_fork=may_fork and len(first) >= FEW, last=last) as share:
        if not share.is_forked:
            besides()
        for bundle in chain(rest, some):
            todo = late if bundle.late else early
            todo += look.at(bundle)
        # Who makes a file has at hand what others of the same time need. Files of one name in several folders are too.
        # What is of no time comes last, and in small pieces, so that neither process waits long for the other.
        early.sort(key=lambda one: _month_of(one) or _NEVER)
        late.sort(key=_name_of)
        removed = sorted(look.gone() - {artefact.path for part in (first, early, late) for _, artefact in part})
        for path in removed:  # a file may stand where there is to be a folder
            folder.remove(path)
        changed: list[str] = []
        times: dict[str, int] = {}
        todo_in_all, past = len(first) + len(early) + len(late), 0

        def done(count: int) -> None:
            progress(past + count, look.kept, todo_in_all - past - count)

        def take(made: Iterable[_Made]) -> None:
            for name, path, inputs, times[path], is_new in made:
                look.files[name][path] = inputs
                if is_new:
                    changed.append(path)

        if early or late:
            memo.begin()
        enough = MANY if share.is_forked else FEW
        for part, kin in ((early, _month_of), (late, _name_of)):
            memo.renew()
            take(shared(part, write, may_fork=may_fork, enough=enough, kin=kin, done=done, last=memo.write))
            past += len(part)
        take(share.results(done))
    return Published(look.held(), sorted(changed), times, removed)


_Todo = list[tuple[str, Artefact]]
"""Files that are to be made, each with the name of its bundle."""


class _Look:
    """Finds out what has to be made."""

    def __init__(self, held: Mapping[str, Kept]) -> None:
        self._held = held
        self._now: dict[str, Kept] = {}
        """Bundles that stay as they are."""
        self._opened: list[Bundle] = []
        self.before: set[str] = set()
        """The files of the others, as they were."""
        self.files: dict[str, dict[str, bytes]] = {}
        """The same as they are, by bundle and path with what they are made from, as far as that is known."""
        self.kept = 0
        """How many files stay."""

    def at(self, bundle: Bundle) -> _Todo:
        """What has to be made of a bundle."""
        was = self._held.get(bundle.name)
        if was and bundle.inputs and was.inputs == bundle.inputs:
            self._now[bundle.name] = was
            self.kept += was.size
            return []
        self._opened.append(bundle)
        there = was.files if was else {}
        self.before.update(there)
        ours = self.files[bundle.name] = {}
        todo: _Todo = []
        for artefact in bundle.artefacts():
            if there.get(artefact.path) == artefact.inputs:
                ours[artefact.path] = artefact.inputs
            else:
                todo.append((bundle.name, artefact))
        self.kept += len(ours)
        return todo

    def gone(self) -> set[str]:
        """The files of which no bundle that was looked at knows anything, unless they have to be made."""
        for name, kept in self._held.items():
            if name not in self._now and name not in self.files:
                self.before.update(kept.files)
        return self.before - {path for some in self.files.values() for path in some}

    def held(self) -> Mapping[str, Kept]:
        """Every bundle as it is once everything is made."""
        return self._now | {one.name: Kept.of(one.inputs, self.files[one.name]) for one in self._opened}


_MONTH = re.compile(r"(\d{4})-(\d\d?)(?!\d)|/(\d{4})/")

_NEVER = (9999, 99)
"""After every month."""


def _month_of(one: tuple[str, Artefact]) -> tuple[int, int] | None:
    """The month that a file is about, by the name of its bundle or its own; None for those that are about none.

    A year, which is listed as its months are, comes after them.
    """
    bundle, artefact = one
    return _month(bundle) or _month(artefact.path)


@lru_cache
def _month(name: str) -> tuple[int, int] | None:
    found = _MONTH.search(name)
    return (int(found[1] or found[3]), int(found[2] or 13)) if found else None


def _name_of(one: tuple[str, Artefact]) -> str:
    """The name of a file, whichever folder it is in."""
    return one[1].path.rpartition("/")[2]


def noted(held: Mapping[str, Kept]) -> bytes:
    """What the next build is told of the files."""
    return marshal.dumps([(name, *one) for name, one in held.items()])


def holding(note: bytes) -> Mapping[str, Kept]:
    """What the last build has told. Nothing, where it is in no form that we know."""
    try:
        return {name: Kept(*one) for name, *one in marshal.loads(note)} if note else {}  # noqa: S302, ours
    except (ValueError, EOFError, TypeError):
        return {}


_Made = tuple[str, str, bytes, int, bool]
"""The bundle, path and inputs of a file, when it was written, and whether that was now."""


def _write(some: Sequence[tuple[str, Artefact]], folder: Folder) -> Iterator[_Made]:
    """Make files, and then write those that are not there already. To go from one to the other and back for each would
    take longer by a twentieth: what the system does leaves little of ours at hand in the processor.
    """
    waiting: list[tuple[str, Artefact, bytes]] = []
    size = 0
    for (bundle, artefact), data in zip(some, _bytes_of(some), strict=True):
        waiting.append((bundle, artefact, data))
        size += len(data)
        if size >= _WAITING:
            yield from _written(waiting, folder)
            waiting, size = [], 0
    yield from _written(waiting, folder)


_WAITING = 4_000_000
"""So many bytes are made at most before they are written: a few files may be as large as all others."""


def _written(some: Iterable[tuple[str, Artefact, bytes]], folder: Folder) -> Iterator[_Made]:
    for bundle, artefact, data in some:
        there = folder.same(artefact.path, data)
        time = (there or folder.put(artefact.path, data)).st_mtime_ns
        yield bundle, artefact.path, artefact.inputs, time, not there


def _bytes_of(some: Iterable[tuple[str, Artefact]]) -> Iterator[bytes]:
    """Made together where that is how they are made."""
    for make, alike in groupby(some, key=_how):
        if isinstance(make, Together):
            yield from make.make([one.path for _, one in alike])
        else:
            yield from (make() for _ in alike)


def _how(one: tuple[str, Artefact]) -> Callable[[], bytes] | Together:
    return one[1].make
