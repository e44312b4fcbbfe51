"""From the folder of notices to their index: what has changed is parsed, the rest is remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import lru_cache, partial
from hashlib import blake2b
from pathlib import Path

from msgspec.msgpack import Decoder, Encoder

from . import folder, source
from .folder import Unit
from .fork import shared
from .index import Entry, Index, entry, ordered
from .memo import Memo
from .model import Announcement, Incident, Maintenance, Notice, Retirement, Translation
from .problem import Problem, Refused
from .rows import Changes, Place, Row, changes, entries, remember, stamp
from .settings import Settings
from .source import File
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
        if made:
            row, there[row.id] = made
            fresh[row.id] = row
    problems += folder.between(there, lambda: place.found.units, settings)
    opening = _opening(place, there, memo)
    translations, wrong = _translations(changed.translations, there, opening, memo, settings)
    problems += wrong
    if problems:
        raise Refused(problems)
    remember(known, there, fresh, memo, place)
    return Index(ordered(there.values()), opening, translations)


def _same(known: Mapping[str, Entry], changed: Changes) -> dict[str, Entry]:
    """What the index says of those that say what they said."""
    others = {*changed.gone, *(stem for stem, _ in changed.there)}
    return {stem: entry for stem, entry in known.items() if stem not in others}


def _made(
    named: tuple[str, Unit[File]], place: Place, start: Start, at: int
) -> tuple[tuple[Row, Entry] | None, Iterable[Problem]]:
    """A notice, parsed and remembered: its row and what the index says of it, or its problems."""
    (stem, unit), settings = named, place.settings
    notice, account = unit
    try:
        parsed = start.parsed(unit, settings) or folder.parsed(unit, settings)
    except Refused as refused:
        return None, refused.problems
    digest, *others = parsed.digests
    account_digest = others[0] if others else b""
    named_as = f"{notice.path} {account.path if account else ''} ".encode()
    key = blake2b(place.scope + named_as + digest + account_digest, digest_size=16).digest()
    with suppress(UnicodeEncodeError):  # half of a pair of surrogates: such a notice is read once more
        start.memo.put("notice", key, packed(parsed.notice))
    row = Row(
        stem,
        notice.path,
        stamp(notice, at),
        digest,
        account.path if account else "",
        stamp(account, at),
        account_digest,
        parsed.notice.images,
    )
    return (row, entry(parsed.notice, key, settings.zone, parsed.links, parsed.ends)), ()


def _opening(place: Place, entries: Mapping[str, Entry], memo: Memo) -> Callable[[str], Notice]:
    """How to get at a notice: as remembered, or read once more where that was lost."""

    @lru_cache(maxsize=500)  # those that several pages show
    def opened(id_: str) -> Notice:
        kept = memo.get("notice", entries[id_].key)
        return unpacked(kept) if kept else folder.parsed(place.found.units[id_], place.settings).notice

    return opened


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
