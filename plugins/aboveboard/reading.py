"""From the folder of notices to their index: what has changed is parsed, the rest is remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache, partial
from hashlib import blake2b
from pathlib import Path
from typing import Any

from msgspec.msgpack import Decoder, Encoder

from . import folder, source
from .folder import Parsed, Unit
from .fork import shared
from .index import Entry, Index, entry, ordered
from .memo import Memo
from .model import Announcement, Incident, Maintenance, Notice, Retirement, Translation
from .problem import Problem, Refused
from .rows import Changes, Place, Row, changes, entries, living, remember, stamp
from .settings import Settings
from .source import File, Source
from .start import Start

packed = Encoder().encode
unpacked = Decoder(Incident | Maintenance | Retirement | Announcement).decode
"""A notice as bytes and back, in a tenth of the time of pickle, which asks a class about each value."""


def read(root: Path, settings: Settings, start: Start, at: int, *, may_fork: bool = False) -> Index:
    """Every notice of the project at `root`. Raises Refused with the problems of all files.

    `at` is the present in nanoseconds since 1970, by the clock that gives files their times.
    """
    memo, place = start.memo, Place(root, settings)
    known = entries(memo, place)
    changed = start.changes(place, at)
    there = _same(known, changed)
    if len(there) != changed.same:  # some of what was remembered is lost
        changed, there = changes(place, {}, at), {}
    fresh = dict(changed.touched)
    problems = [*changed.problems]
    if changed.there:
        memo.begin()
    make = partial(_made, place=place, start=start, at=at)
    for made, wrong in shared(changed.there, make, may_fork=may_fork, last=memo.write):
        problems += wrong
        for row, said in made:
            fresh[row[0]], there[row[0]] = Row._make(row), Entry._make(said)
    problems += folder.between(there, lambda: place.found.units, settings)
    opening = _opening(place, there, memo)
    translations, wrong = _translations(changed.translations, there, opening, memo, settings)
    problems += wrong
    if problems:
        raise Refused(problems)
    living(there, memo, place)
    start.remember(partial(remember, known, there, fresh, memo, place))
    return Index(ordered(there.values()), opening, translations)


def _same(known: Mapping[str, Entry], changed: Changes) -> dict[str, Entry]:
    """What the index says of those that say what they said."""
    others = {*changed.gone, *(stem for stem, _ in changed.there)}
    return {stem: entry for stem, entry in known.items() if stem not in others}


def _made(
    some: Iterable[tuple[str, Unit[File]]], place: Place, start: Start, at: int
) -> list[tuple[list[tuple[tuple[Any, ...], tuple[Any, ...]]], list[Problem]]]:
    """Notices, parsed and remembered: their rows and what the index says of them, and the problems of the others.

    What comes of them is plain, as it may go to another process.
    """
    settings, units, problems = place.settings, dict(some), list[Problem]()
    parsed = _parsed(units, settings, start, problems)
    keys = {stem: _key(units[stem], one, place) for stem, one in parsed.items()}
    for stem, one in parsed.items():
        with suppress(UnicodeEncodeError):  # half of a pair of surrogates: such a notice is read once more
            start.memo.put("notice", keys[stem], packed(one.notice))
    rows = [tuple(_row(stem, units[stem], one, at)) for stem, one in parsed.items()]
    said = [tuple(entry(one.notice, keys[stem], settings.zone, one.links, one.ends)) for stem, one in parsed.items()]
    return [(list(zip(rows, said, strict=True)), problems)]


def _parsed(
    units: Mapping[str, Unit[File]], settings: Settings, start: Start, problems: list[Problem]
) -> dict[str, Parsed]:
    """The notices, parsed now or early. The problems of the others are added."""
    parsed: dict[str, Parsed] = {}
    opened: dict[str, Unit[Source]] = {}
    for stem, unit in units.items():
        try:
            if early := start.parsed(unit, settings):
                parsed[stem] = early
            else:
                opened[stem] = folder.opened(unit)
        except Refused as refused:
            problems += refused.problems
    for stem, one in zip(opened, folder.parsed_together([*opened.values()], settings), strict=True):
        if isinstance(one, Refused):
            problems += one.problems
        else:
            parsed[stem] = one
    return parsed


def _key(unit: Unit[File], parsed: Parsed, place: Place) -> bytes:
    """A digest of all that a notice is made from."""
    named_as = f"{unit.notice.path} {unit.account.path if unit.account else ''} ".encode()
    return blake2b(b"".join([place.scope, named_as, *parsed.digests]), digest_size=16).digest()


def _row(stem: str, unit: Unit[File], parsed: Parsed, at: int) -> Row:
    notice, account = unit
    digest, *others = parsed.digests
    return Row(
        stem,
        notice.path,
        stamp(notice, at),
        digest,
        account.path if account else "",
        stamp(account, at),
        others[0] if others else b"",
        parsed.notice.images,
    )


def _opening(place: Place, entries: Mapping[str, Entry], memo: Memo) -> Callable[[str], Notice]:
    """How to get at a notice: as remembered, or read once more where that was lost."""
    ahead = _Ahead(entries, memo)

    @lru_cache(maxsize=500)  # those that several pages show
    def opened(id_: str) -> Notice:
        kept = ahead.get(entries[id_])
        return unpacked(kept) if kept else folder.parsed(place.found.units[id_], place.settings).notice

    return opened


_SEVERAL = 10
"""So many of a month are asked for one by one before the others are asked for together."""


class _Ahead:
    """Notices as they are remembered. Who opens several of a month in a row will open all of them."""

    def __init__(self, entries: Mapping[str, Entry], memo: Memo) -> None:
        self._entries, self._memo = entries, memo
        self._last, self._in_a_row = -1, 0
        self._month: dict[bytes, bytes] = {}
        """What was asked for ahead, by key."""

    def get(self, entry: Entry) -> bytes | None:
        """None for one that is lost."""
        if entry.key in self._month:
            return self._month[entry.key]
        self._in_a_row = self._in_a_row + 1 if entry.month == self._last else 1
        if self._in_a_row > _SEVERAL:
            self._month, self._in_a_row = self._memo.several("notice", self._keys[entry.month]), 0
            return self._month.get(entry.key)
        self._last = entry.month
        kept: bytes | None = self._memo.get("notice", entry.key)
        return kept

    @cached_property
    def _keys(self) -> Mapping[int, Sequence[bytes]]:
        """By month."""
        found: dict[int, list[bytes]] = {}
        for one in self._entries.values():
            found.setdefault(one.month, []).append(one.key)
        return found


def _translations(
    files: Iterable[File],
    entries: Mapping[str, Entry],
    opened: Callable[[str], Notice],
    memo: Memo,
    settings: Settings,
) -> tuple[tuple[Translation, ...], list[Problem]]:
    made: list[Translation] = []
    problems: list[Problem] = []
    keys: set[bytes] = set()
    for file in files:
        if original := entries.get(file.stem):
            named = original.key + file.path.encode() + source.digest(file)
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
