"""What is remembered of the files of notices, and which of them have changed since."""

from __future__ import annotations

import marshal
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from . import folder, source
from .folder import Sorted, Unit
from .index import Entry
from .memo import Memo, program
from .problem import Problem
from .settings import Settings
from .source import SETTLED, File
from .times import rules


class Row(NamedTuple):
    """A notice as it is remembered."""

    path: str
    stamp: tuple[int, ...]
    """Of the notice's file when it was read; empty where a later change might not show in it."""
    digest: bytes
    account: str
    """The path of its post-mortem; blank where that is no file of its own."""
    account_stamp: tuple[int, ...]
    account_digest: bytes
    entry: Entry


class Place:
    """A folder of notices, on the terms on which they are read. It is listed once, when somebody asks."""

    def __init__(self, root: Path, settings: Settings) -> None:
        self.root, self.settings = root, settings

    @cached_property
    def scope(self) -> bytes:
        """A digest of what a notice is read with, besides its files."""
        said = repr(replace(self.settings, now=None)).encode(errors="replace")
        return blake2b(program() + rules(self.settings.zone) + said, digest_size=16).digest()

    @cached_property
    def found(self) -> Sorted[File]:
        """Its files."""
        return folder.sort(self._listing.files)

    @property
    def problems(self) -> Iterator[Problem]:
        """What is wrong with them by their names."""
        yield from self._listing.problems
        yield from self.found.problems

    @cached_property
    def _listing(self) -> source.Listing:
        return source.listed(self.root / self.settings.incidents, self.settings.incidents)


class Changes(NamedTuple):
    """What is other in a folder than what is remembered of it."""

    there: Sequence[tuple[str, Unit[File]]]
    """What is new, or says something else, by id."""
    gone: Collection[str]
    """The ids of what is there no more."""
    touched: Mapping[str, Row]
    """What says the same and has other times, by id."""
    translations: Sequence[File]
    """All of them, changed or not."""
    problems: Sequence[Problem]
    """What is wrong with files by their names."""


def remembered(memo: Memo, place: Place) -> dict[str, Row]:
    """Every row by the id of its notice. They are kept by months, as an edit changes one of them."""
    rows: dict[str, Row] = {}
    for key, packed in memo.all("rows"):
        if key.startswith(place.scope):
            for plain in marshal.loads(packed):  # noqa: S302, its digest is right
                one = Entry._make(plain[-1])
                rows[one.id] = Row._make((*plain[:-1], one))
    return rows


def remember(old: Mapping[str, Row], new: Mapping[str, Row], memo: Memo, place: Place) -> None:
    """Keep the rows of those months in which anything is new or gone."""
    changed = {row.entry.month for stem, row in old.items() if new.get(stem) is not row}
    changed |= {row.entry.month for stem, row in new.items() if old.get(stem) is not row}
    packed: dict[int, list[tuple[object, ...]]] = {month: [] for month in changed}
    for row in new.values() if changed else ():
        if row.entry.month in changed:
            packed[row.entry.month].append((*row[:-1], tuple(row.entry)))
    for month, rows in packed.items():
        memo.put("rows", place.scope + month.to_bytes(4), marshal.dumps(rows))
    if changed:
        months = {place.scope + row.entry.month.to_bytes(4) for row in new.values()}
        memo.only("rows", len(months), lambda: months)
        memo.only("notice", len(new), lambda: {row.entry.key for row in new.values()})


def changes(place: Place, rows: Mapping[str, Row], at: int) -> Changes:
    """What has changed since.

    `at` is the present in nanoseconds since 1970, by the clock that gives files their times.
    """
    units = place.found.units
    there: list[tuple[str, Unit[File]]] = []
    touched: dict[str, Row] = {}
    for stem, unit in units.items():
        row = rows.get(stem)
        now = _unchanged(unit, row, at)
        if now is None:
            there.append((stem, unit))
        elif now is not row:
            touched[stem] = now
    gone = rows.keys() - units.keys()
    return Changes(there, gone, touched, place.found.translations, list(place.problems))


def stamp(file: File | None, at: int) -> tuple[int, ...]:
    """That of a file, if another change of it would show in its times."""
    return file.stamp if file and file.stamp[2] < at - SETTLED else ()


def _unchanged(unit: Unit[File], row: Row | None, at: int) -> Row | None:
    """The row, where what the notice is read from is what it was."""
    notice, account = unit
    if row is None or notice.path != row.path or (account.path if account else "") != row.account:
        return None
    if not notice.beside.issuperset(row.entry.images):
        return None
    if notice.stamp == row.stamp and (not account or account.stamp == row.account_stamp):
        return row
    if source.digest(notice) != row.digest or (account and source.digest(account) != row.account_digest):
        return None
    stamps = stamp(notice, at), stamp(account, at)
    return row if stamps == (row.stamp, row.account_stamp) else row._replace(stamp=stamps[0], account_stamp=stamps[1])
