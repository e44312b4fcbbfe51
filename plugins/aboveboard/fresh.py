"""The next generation of a site, while it is made."""

# For each of ten thousand files a Path costs about as much as what the system does, so that here names are strings.
# ruff: noqa: PTH108
from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from stat import S_ISREG
from types import MappingProxyType

from msgspec import Struct

from .inside import Inside, all_normal, normal, unlink


class Fresh:
    """The next generation of a site, while it is made. Two processes may do so at once, for different paths."""

    site: Path
    """The site as it is now, which may not exist."""
    note: bytes
    """What the caller has said of the generation that `folder` holds. Empty if the folder is."""
    said: Said | None
    """What `done` was told."""

    def __init__(self, site: Path, folder: Path, note: bytes, state: Path) -> None:
        self.site, self.note, self.said = site, note, None
        self._folder, self._state, self._touched, self._shared = folder, state, False, False
        self._here, self._there = Inside(folder), Inside(site) if os.path.lexists(site) else None

    @property
    def folder(self) -> Path:
        """Takes the place of the site. Either empty, or it holds exactly the files of the generation in `note`.

        A file in it may be the public site's as well, so that it must be replaced and never written to. Whoever asks
        for the folder may change it: if it is not published after all, it is lost, and the next one starts empty.
        """
        self._touch()
        self._shared = True
        return self._folder

    def put(self, path: str, data: bytes) -> os.stat_result:
        """Write a file, and the folders above it. Raises ValueError if it would lie outside.

        What must give way, a file where there is to be a folder or the other way round, is to be removed before.
        """
        self._touch()
        at = self._here.at(path, make=True)
        try:
            file = _created(at)
        except FileNotFoundError:  # the other process has removed the folder meanwhile, which was empty
            self._here.forget()
            file = _created(self._here.at(path, make=True))
        try:
            written = os.write(file, data)
            while written < len(data):  # which no disk does that has room
                written += os.write(file, memoryview(data)[written:])
            found = os.fstat(file)
        except OSError as wrong:
            raise OSError(wrong.errno, wrong.strerror, at) from None
        finally:
            os.close(file)
        return found

    def same(self, path: str, data: bytes) -> os.stat_result | None:
        """The file that is here with these very bytes, else the site's, with its times. None where neither has them."""
        if self.note and (here := _held(self._here, path, data)):
            return here
        found = self._there and _held(self._there, path, data)
        if not (self._there and found):
            return None
        old = self._there.at(path)
        self._touch()
        at = self._here.at(path, make=True)
        with suppress(OSError):
            unlink(at)
            os.link(old, at)
            linked = os.lstat(at)
            if linked.st_ino == found.st_ino:
                return linked
        self.put(path, data)  # links are not possible here, or somebody has just put another file there
        shutil.copymode(old, at)
        os.utime(at, ns=(found.st_atime_ns, found.st_mtime_ns))
        return os.lstat(at)

    def remove(self, path: str) -> None:
        """Take a file away, if it is there, and the folders that became empty by it."""
        self._touch()
        self._here.remove(path)

    def done(self, changed: Collection[str], note: bytes, every: Mapping[str, int] = MappingProxyType({})) -> None:
        """Say, at the end, which paths were written or removed, and what the next build is to know of this folder.

        Without this nothing is published. An empty note is for who wants to begin with an empty folder next time too.
        `every` is all that was put into a folder that was empty, and when it was written, in nanoseconds as `put` and
        `same` tell it: who says this need not wait until it is looked for.
        """
        paths = frozenset(changed)
        if not all_normal(paths):
            paths = frozenset(map(normal, paths))
            for path in paths:
                if path == ".." or path.startswith(("../", "/")):
                    raise self._here.outside(path)
        known = {} if self.note or self._shared else every
        if not all_normal(known):
            known = {normal(path): time for path, time in known.items()}
        self.said = Said(paths, note, known)

    def _touch(self) -> None:
        """From now on nobody knows what the folder holds, whichever process has asked."""
        if not self._touched:
            self._state.unlink(missing_ok=True)
            self._touched = True


class Said(Struct, frozen=True):
    """What the caller has said at the end."""

    changed: frozenset[str]
    note: bytes
    every: Mapping[str, int]
    """Every file of the folder, and when it was written; none of them where that is not certain."""


_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


def _created(at: str) -> int:
    """A new file of that name. One that had it is left as it is, by the other names it may have."""
    try:
        return os.open(at, _NEW, 0o666)
    except FileExistsError:
        os.unlink(at)
        return os.open(at, _NEW, 0o666)


def _held(inside: Inside, path: str, data: bytes) -> os.stat_result | None:
    """The plain file of that path, if it has these bytes."""
    try:
        at = inside.at(path)
        found = os.lstat(at)
        if not S_ISREG(found.st_mode) or found.st_size != len(data):
            return None
        file = os.open(at, _READ)
    except (OSError, ValueError):
        return None
    try:
        return os.fstat(file) if os.read(file, len(data) + 1) == data else None
    finally:
        os.close(file)
