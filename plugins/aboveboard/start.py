"""The first moments of a build: what was written since the last one is parsed while everything else is imported.

To understand a notice takes a parser and all that it stands on, to publish it takes everything that prints. One process
would import one after the other, for a fifth of the time that the whole build takes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .fork import meanwhile
from .memo import MEMO, Memo
from .problem import Problem, Refused
from .settings import Settings

if TYPE_CHECKING:  # these are what is imported meanwhile
    from .folder import Parsed, Unit
    from .history import Version
    from .source import File

CONFIGS = ("mkdocs.yml", "mkdocs.yaml")
"""Where MkDocs looks for a configuration."""

FEW = 20
"""So many notices are parsed ahead at most. More are shared once it is known how many there are."""


class Folder(NamedTuple):
    """Where notices lie, and how they are read."""

    root: Path
    settings: Settings


class Early(NamedTuple):
    """A notice that was parsed before anybody asked for it."""

    settings: Settings
    unit: Unit[File]
    parsed: Parsed
    versions: Mapping[bytes, Version | None]
    """What each of its files would say in a commit, by path and bytes."""


@dataclass(frozen=True)
class Start:
    """A build that has begun."""

    memo: Memo
    answer: Callable[[], Sequence[Early] | None] = tuple
    """What was parsed meanwhile, once it is."""

    @cached_property
    def early(self) -> Mapping[str, Early]:
        """The same by the paths of the notices."""
        return {one.unit.notice.path: one for one in self.answer() or ()}

    def parsed(self, unit: Unit[File], settings: Settings) -> Parsed | None:
        """The notice in these files, if just what they hold now was parsed, and on the same terms."""
        found = self.early.get(unit.notice.path)
        if not found or (found.unit, found.settings) != (unit, settings):
            return None
        from .source import digest

        return found.parsed if found.parsed.digests == tuple(digest(one) for one in unit if one) else None

    def version(self, path: str, data: bytes, settings: Settings) -> Version | None:
        """As `folder.version`, which is only imported if this was not parsed."""
        key = _key(path, data)
        for one in self.early.values():
            if key in one.versions and one.settings == settings:
                return one.versions[key]
        from .folder import version

        return version(path, data, settings)


def begin(config: Path, *, may_fork: bool = True) -> Start:
    """Open what is remembered beside a configuration, and look ahead for what is new."""
    memo = Memo(config.absolute().parent / MEMO)
    folders = memo.get("start", _named(config))
    if not (folders and memo.path and may_fork and hasattr(os, "fork")):
        return Start(memo)
    return Start(memo, meanwhile(partial(_early, folders, memo.path.stat().st_mtime_ns)))


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


def _early(folders: Iterable[Folder], since: int) -> list[Early]:
    """Every notice whose files were written since then, in nanoseconds since 1970, if there are but few."""
    from . import folder, source

    made: list[Early] = []
    for root, settings in folders:
        listing = source.listed(root / settings.incidents, settings.incidents)
        fresh = {file.stem for file in listing.files if file.stamp[1] >= since}
        if len(fresh) > FEW:
            continue
        for unit in folder.sort(file for file in listing.files if file.stem in fresh).units.values():
            try:
                parsed = folder.parsed(unit, settings)
            except Refused:  # which is told when it is asked for
                continue
            made.append(Early(settings, unit, parsed, _versions(unit, settings)))
    return made


def _versions(unit: Unit[File], settings: Settings) -> dict[bytes, Version | None]:
    from .folder import version

    read = ((one.path, Path(one.at).read_bytes()) for one in unit if one)
    return {_key(path, data): version(path, data, settings) for path, data in read}


def _key(path: str, data: bytes) -> bytes:
    return blake2b(f"{path} ".encode(errors="replace") + data, digest_size=16).digest()


def _named(config: Path) -> bytes:
    return str(config.absolute()).encode(errors="replace")
