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
    """The files of a notice as it is remembered: all that tells whether they have changed."""

    id: str
    path: str
    stamp: tuple[int, ...]
    """Of the notice's file when it was read; empty where a later change might not show in it."""
    digest: bytes
    account: str
    """The path of its post-mortem; blank where that is no file of its own."""
    account_stamp: tuple[int, ...]
    account_digest: bytes
    images: tuple[str, ...]
    """The names of those beside it that it shows."""


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
    same: int
    """How many say the same."""
    translations: Sequence[File]
    """All of them, changed or not."""
    problems: Sequence[Problem]
    """What is wrong with files by their names."""


def rows(memo: Memo, place: Place) -> dict[str, Row]:
    """Every row by the id of its notice."""
    return {row.id: row for plain in _remembered("rows", memo, place) for row in map(Row._make, plain)}


def entries(memo: Memo, place: Place) -> dict[str, Entry]:
    """What the index says of each notice, by its id."""
    return {entry.id: entry for plain in _remembered("entries", memo, place) for entry in map(Entry._make, plain)}


def remember(
    old: Mapping[str, Entry], new: Mapping[str, Entry], fresh: Mapping[str, Row], memo: Memo, place: Place
) -> None:
    """Keep the months in which anything is new or gone: an edit changes one of them. `fresh` is what was read anew."""
    changed = {entry.month for id_, entry in old.items() if new.get(id_) is not entry}
    changed |= {new[id_].month for id_ in fresh}
    if not changed:
        return
    months: dict[int, list[Entry]] = {}
    for entry in new.values():
        months.setdefault(entry.month, []).append(entry)
    for month, inside in ((month, months[month]) for month in changed if month in months):
        key = _key(month, place)
        packed = memo.get("rows", key)
        there = {row.id: row for row in map(Row._make, marshal.loads(packed))} if packed else {}  # noqa: S302, as below
        those = [fresh.get(one.id) or there.get(one.id) for one in inside]  # one that is lost is read again
        memo.put("rows", key, marshal.dumps([tuple(one) for one in those if one]))
        memo.put("entries", key, marshal.dumps([tuple(one) for one in inside]))


def living(entries: Mapping[str, Entry], memo: Memo, place: Place) -> None:
    """Say which notices and months there are, and so which are no more."""
    months = {entry.month for entry in entries.values()}
    for kind in ("rows", "entries"):
        memo.only(kind, len(months), lambda: {_key(month, place) for month in months})
    memo.only("notice", len(entries), lambda: {entry.key for entry in entries.values()})


def _key(month: int, place: Place) -> bytes:
    return place.scope + month.to_bytes(4)


def _remembered(kind: str, memo: Memo, place: Place) -> Iterator[list[tuple[object, ...]]]:
    """What is kept of each month, as plain values."""
    for key, packed in memo.all(kind):
        if key.startswith(place.scope):
            yield marshal.loads(packed)  # noqa: S302, it is whole


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
    same = len(units) - len(there)
    return Changes(there, gone, touched, same, place.found.translations, list(place.problems))


def stamp(file: File | None, at: int) -> tuple[int, ...]:
    """That of a file, if another change of it would show in its times."""
    return file.stamp if file and file.stamp[2] < at - SETTLED else ()


def _unchanged(unit: Unit[File], row: Row | None, at: int) -> Row | None:
    """The row, where what the notice is read from is what it was."""
    notice, account = unit
    if row is None or notice.path != row.path or (account.path if account else "") != row.account:
        return None
    if not notice.beside.issuperset(row.images):
        return None
    if notice.stamp == row.stamp and (not account or account.stamp == row.account_stamp):
        return row
    if source.digest(notice) != row.digest or (account and source.digest(account) != row.account_digest):
        return None
    stamps = stamp(notice, at), stamp(account, at)
    return row if stamps == (row.stamp, row.account_stamp) else row._replace(stamp=stamps[0], account_stamp=stamps[1])
