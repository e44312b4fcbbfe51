"""From the folder of notices to their index: what has changed is parsed, the rest is remembered."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from . import folder, source
from .folder import Sorted, Unit
from .fork import shared
from .index import Entry, Index, entry, ordered
from .memo import Memo, program
from .model import Notice, Translation
from .problem import Problem, Refused
from .settings import Settings
from .source import SETTLED, File
from .start import Start
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


def read(root: Path, settings: Settings, start: Start, at: int, *, may_fork: bool = False) -> Index:
    """Every notice of the project at `root`. Raises Refused with the problems of all files.

    `at` is the present in nanoseconds since 1970, by the clock that gives files their times.
    """
    memo = start.memo
    listing = source.listed(root / settings.incidents, settings.incidents)
    found = folder.sort(listing.files)
    scope = _scope(settings)
    rows = dict(_remembered(memo, scope))
    fresh = {stem: row for stem, unit in found.units.items() if (row := _unchanged(unit, rows.get(stem), at))}
    changed = [(stem, unit) for stem, unit in found.units.items() if stem not in fresh]
    problems = [*listing.problems, *found.problems]
    if changed:
        memo.begin()
    make = partial(_made, settings=settings, scope=scope, start=start, at=at)
    for stem, row, wrong in shared(changed, make, may_fork=may_fork, last=memo.write):
        problems += wrong
        if row:
            fresh[stem] = row
    problems += folder.between(found, {stem: row.entry for stem, row in fresh.items()}, settings)
    opening = _opening(found, fresh, memo, settings)
    translations, wrong = _translations(found, fresh, opening, memo, settings)
    problems += wrong
    if problems:
        raise Refused(problems)
    _remember(rows, fresh, memo, scope)
    return Index(ordered(row.entry for row in fresh.values()), opening, translations)


def _scope(settings: Settings) -> bytes:
    """A digest of what a notice is read with, besides its files."""
    said = repr(replace(settings, now=None))
    return blake2b(program() + rules(settings.zone) + said.encode(errors="replace"), digest_size=16).digest()


def _remembered(memo: Memo, scope: bytes) -> Iterator[tuple[str, Row]]:
    """Every row by the id of its notice. They are kept by months, as an edit changes one of them."""
    for key, packed in memo.all("rows"):
        if key.startswith(scope):
            for plain in marshal.loads(packed):  # noqa: S302, its digest is right
                one = Entry._make(plain[-1])
                yield one.id, Row._make((*plain[:-1], one))


def _remember(old: Mapping[str, Row], new: Mapping[str, Row], memo: Memo, scope: bytes) -> None:
    """Keep the rows of those months in which anything is new or gone."""
    changed = {row.entry.month for stem, row in old.items() if new.get(stem) is not row}
    changed |= {row.entry.month for stem, row in new.items() if old.get(stem) is not row}
    packed: dict[int, list[tuple[object, ...]]] = {month: [] for month in changed}
    for row in new.values() if changed else ():
        if row.entry.month in changed:
            packed[row.entry.month].append((*row[:-1], tuple(row.entry)))
    for month, rows in packed.items():
        memo.put("rows", scope + month.to_bytes(4), marshal.dumps(rows))
    if changed:
        months = {scope + row.entry.month.to_bytes(4) for row in new.values()}
        memo.only("rows", len(months), lambda: months)
        memo.only("notice", len(new), lambda: {row.entry.key for row in new.values()})


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
    stamps = _stamp(notice, at), _stamp(account, at)
    return row if stamps == (row.stamp, row.account_stamp) else row._replace(stamp=stamps[0], account_stamp=stamps[1])


def _stamp(file: File | None, at: int) -> tuple[int, ...]:
    return file.stamp if file and file.stamp[2] < at - SETTLED else ()


def _made(
    named: tuple[str, Unit[File]], settings: Settings, scope: bytes, start: Start, at: int
) -> tuple[str, Row | None, Iterable[Problem]]:
    """A notice, parsed and remembered: its row or its problems."""
    stem, unit = named
    notice, account = unit
    try:
        parsed = start.parsed(unit, settings) or folder.parsed(unit, settings)
    except Refused as refused:
        return stem, None, refused.problems
    digest, *others = parsed.digests
    account_digest = others[0] if others else b""
    named_as = f"{notice.path} {account.path if account else ''} ".encode()
    key = blake2b(scope + named_as + digest + account_digest, digest_size=16).digest()
    start.memo.put("notice", key, parsed.notice)
    row = Row(
        notice.path,
        _stamp(notice, at),
        digest,
        account.path if account else "",
        _stamp(account, at),
        account_digest,
        entry(parsed.notice, key, settings.zone, parsed.links, parsed.ends),
    )
    return stem, row, ()


def _opening(found: Sorted[File], rows: Mapping[str, Row], memo: Memo, settings: Settings) -> Callable[[str], Notice]:
    """How to get at a notice: as remembered, or read once more where that was lost."""

    @lru_cache(maxsize=500)  # those that several pages show
    def opened(id_: str) -> Notice:
        kept = memo.get("notice", rows[id_].entry.key)
        return kept if isinstance(kept, Notice) else folder.parsed(found.units[id_], settings).notice

    return opened


def _translations(
    found: Sorted[File], rows: Mapping[str, Row], opened: Callable[[str], Notice], memo: Memo, settings: Settings
) -> tuple[tuple[Translation, ...], list[Problem]]:
    made: list[Translation] = []
    problems: list[Problem] = []
    keys: set[bytes] = set()
    for file in found.translations:
        if row := rows.get(file.stem):
            named = row.entry.key + file.path.encode() + source.digest(file)
            key = blake2b(named, digest_size=16).digest()
            keys.add(key)
            try:
                made.append(memo.kept("translation", key, partial(_translated, file, opened, settings)))
            except Refused as refused:
                problems.extend(refused.problems)
    memo.only("translation", len(keys), lambda: keys)
    return tuple(sorted(made, key=lambda one: (one.notice, one.lang))), problems


def _translated(file: File, opened: Callable[[str], Notice], settings: Settings) -> Translation:
    return folder.translation(file, opened(file.stem), settings)
