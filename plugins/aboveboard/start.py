"""The first moments of a build: what is new is found and parsed while everything else is imported.

To understand a notice takes a parser and all that it stands on, to publish it takes everything that prints. One process
would import one after the other, and look at ten thousand files besides, for a third of the time of the whole build.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from msgspec import Struct

from .folder import Parsed, Unit, parsed, version
from .fork import meanwhile
from .history import News, Version, last_asked, news
from .memo import MEMO, Memo
from .problem import Problem, Refused
from .rows import Changes, Place, changes, rows
from .settings import Settings
from .source import File, digest

CONFIGS = ("mkdocs.yml", "mkdocs.yaml")
"""Where MkDocs looks for a configuration."""

FEW = 20
"""So many notices are parsed ahead at most. More are shared once it is known how many there are."""


class Folder(NamedTuple):
    """Where notices lie, and how they are read."""

    root: Path
    settings: Settings


class Early(NamedTuple):
    """What was found out about a folder before anybody asked."""

    folder: Folder
    changes: Changes
    parsed: Mapping[str, Parsed]
    """Of its changes by the paths of the notices, if there are but few."""
    versions: Mapping[bytes, Version | None]
    """What each of their files would say in a commit, by path and bytes."""
    news: News | None
    """What git has since it was asked before; None also where it is not to be asked."""


class Start(Struct, frozen=True, dict=True):
    """A build that has begun."""

    memo: Memo
    answer: Callable[[], Sequence[Early] | None] = tuple
    """What was found out meanwhile, once it is."""
    later: list[Callable[[], None]] | None = None
    """What puts into the memo what only the next build needs, where that is done later; None: it is put at once."""

    @cached_property
    def early(self) -> Sequence[Early]:
        """The same, or nothing."""
        return self.answer() or ()

    def remember(self, put: Callable[[], None]) -> None:
        """Have something put into the memo that only the next build needs."""
        if self.later is None:
            put()
        else:
            self.later.append(put)

    def changes(self, place: Place, at: int) -> Changes:
        """What is other in a folder than what is remembered of it."""
        for one in self.early:
            if one.folder == (place.root, place.settings):
                return one.changes
        return changes(place, rows(self.memo, place), at)

    def parsed(self, unit: Unit[File], settings: Settings) -> Parsed | None:
        """The notice in these files, if just what they hold now was parsed, and on the same terms."""
        for one in self.early:
            found = one.parsed.get(unit.notice.path) if one.folder.settings == settings else None
            if found and found.digests == tuple(digest(file) for file in unit if file):
                return found
        return None

    def version(self, path: str, data: bytes, settings: Settings) -> Version | None:
        """As `folder.version`, which is only imported if this was not parsed."""
        key = _key(path, data)
        for one in self.early:
            if key in one.versions and one.folder.settings == settings:
                return one.versions[key]
        return version(path, data, settings)

    def news(self, root: Path, settings: Settings, old: str) -> News | None:
        """What git has in a folder since a commit."""
        for one in self.early:
            if one.folder == (root, settings) and one.news and one.news.old == old:
                return one.news
        return news(root, settings.incidents, old)


def begin(config: Path, at: int, *, may_fork: bool = True) -> Start:
    """Open what is remembered beside a configuration, and look ahead for what is new.

    `at` is the present in nanoseconds since 1970.
    """
    memo = Memo(config.absolute().parent / MEMO)
    folders = memo.get("start", _named(config))
    if not (folders and may_fork and hasattr(os, "fork")):
        return Start(memo)
    return Start(memo, meanwhile(lambda: [_early(Place(*one), memo, at) for one in folders]))


def remember(memo: Memo, config: Path, folders: Sequence[Folder]) -> None:
    """Keep where notices lie, for the next time."""
    if memo.get("start", _named(config)) != tuple(folders):
        memo.put("start", _named(config), tuple(folders))


def found(file: Path | None) -> Path:
    """The configuration file: the one that is named, else MkDocs' usual one. Raises Refused."""
    for path in [file] if file else map(Path, CONFIGS):
        if path.exists():
            return path
    sentence = "there is no such file" if file else "there is no such file here; name one with --config-file"
    raise Refused([Problem(str(file or CONFIGS[0]), 1, 1, sentence)])


def _early(place: Place, memo: Memo, at: int) -> Early:
    """What has changed in a folder, and if it is little what it says now."""
    settings = place.settings
    asked = _asked(place, memo) if settings.evidence else lambda: None
    changed = changes(place, rows(memo, place), at)
    made: dict[str, Parsed] = {}
    versions: dict[bytes, Version | None] = {}
    for _, unit in changed.there if len(changed.there) <= FEW else ():
        try:
            made[unit.notice.path] = parsed(unit, settings)
        except Refused:  # which is told when it is asked for
            continue
        for file in (one for one in unit if one):
            data = Path(file.at).read_bytes()
            versions[_key(file.path, data)] = version(file.path, data, settings)
    return Early(Folder(place.root, settings), changed, made, versions, asked())


def _asked(place: Place, memo: Memo) -> Callable[[], News | None]:
    """Have git asked what is new. What is returned waits for its answer; None where it gave none."""
    folder, told = place.settings.incidents, list[News | None]()
    old = last_asked(folder, memo)

    def ask() -> None:
        with suppress(OSError, ValueError):  # which is told by whoever asks again
            told.append(news(place.root, folder, old))

    git = Thread(target=ask)
    git.start()

    def answer() -> News | None:
        git.join()
        return told[0] if told else None

    return answer


def _key(path: str, data: bytes) -> bytes:
    return blake2b(f"{path} ".encode(errors="replace") + data, digest_size=16).digest()


def _named(config: Path) -> bytes:
    return str(config.absolute()).encode(errors="replace")
