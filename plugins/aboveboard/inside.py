"""The files in a folder by their paths, of which none leads out of it."""

# For each of ten thousand files a Path costs about as much as what the system does, so that here names are strings.
# ruff: noqa: PTH102, PTH106, PTH108, PTH114, PTH116, PTH118
from __future__ import annotations

import errno
import os
import posixpath
import re
import shutil
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR, S_ISLNK

Stamp = tuple[int, int, int]
"""What tells a file from others: its number on the disk, its size, and when it was written."""


class Inside:
    """A folder, and where below it a path lies. None leads out of it, by dots or through symlinks."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._root = os.path.join(folder, "")
        self._known = {"": self._root}

    def at(self, path: str, *, make: bool = False) -> str:
        """Raises ValueError if it is outside, and FileNotFoundError where there is no such folder, if none is made."""
        above, slash, name = path.rpartition("/")
        at = self._known.get(above + slash)
        if at is None:
            at = self._known[above + slash] = self._entered(above or slash, path, make)
        if name in _NO_NAMES or (_DOUBTFUL and not _DOUBTFUL.isdisjoint(name)):
            raise self.outside(path)
        return at + name

    def remove(self, path: str) -> None:
        """Take a file away, if it is there, and the folders that became empty by it."""
        with suppress(FileNotFoundError, NotADirectoryError):
            at = self.at(path)
            try:
                os.unlink(at)
            except (IsADirectoryError, PermissionError):  # which of the two depends on the system
                if S_ISDIR(os.lstat(at).st_mode):
                    return
                raise
        with suppress(OSError):  # that one is not empty
            while path := posixpath.normpath(path).rpartition("/")[0]:
                os.rmdir(self.at(path))
                self.forget()

    def stamps(self, paths: Iterable[str]) -> dict[str, Stamp | None]:
        """What tells each file from others, and None where there is none."""
        stamps: dict[str, Stamp | None] = {}
        for path in paths:
            try:
                stamps[path] = stamp_of(self.at(path))
            except (FileNotFoundError, NotADirectoryError):
                stamps[path] = None
        return stamps

    def forget(self) -> None:
        """Which folders there are, because somebody has removed some."""
        self._known = {"": self._root}

    def outside(self, path: str) -> ValueError:
        """Says so."""
        return ValueError(f"{path} lies outside {self._folder}, and nothing is ever written there")

    def _entered(self, above: str, path: str, make: bool) -> str:
        above = normal(above)
        if above.startswith(("/", "../")) or above == ".." or not _DOUBTFUL.isdisjoint(above):
            raise self.outside(path)
        at, here = self._root, ""
        for name in above.split("/") if above != "." else ():
            here += name + "/"
            known = self._known.get(here)
            if known is None:
                known = self._known[here] = f"{self._folder_at(at + name, path, make)}{os.sep}"
            at = known
        return at

    def _folder_at(self, at: str, path: str, make: bool) -> str:
        if make:
            with suppress(FileExistsError):
                os.mkdir(at)
                return at
        mode = os.lstat(at).st_mode
        if S_ISLNK(mode) or sys.platform == "win32":  # where there are other ways to lead elsewhere
            at = os.path.realpath(at)
            if not Path(at).is_relative_to(os.path.realpath(self._folder)):
                raise self.outside(path)
            mode = os.stat(at).st_mode
        if not S_ISDIR(mode):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), at)
        return at


_ODD = re.compile(r"(?:^|/)[./]|/$").search


def normal(path: str) -> str:
    """The path without detours. Hardly one has any, and to ask about each of ten thousand takes its time."""
    return posixpath.normpath(path) if _ODD(path) or not path else path


def all_normal(paths: Iterable[str]) -> bool:
    """Whether none of them has a detour, or leads out of its folder. It may say no of what is normal."""
    text = "\n".join(["", *paths, ""])
    return not any(odd in text for odd in ("//", "/.", "\n.", "\n/", "/\n", "\n\n"))


_NO_NAMES = frozenset({"", os.curdir, os.pardir})
_DOUBTFUL = frozenset("\\:" if sys.platform == "win32" else "")
"""What makes more of a name than a name."""


def stamp_of(at: str) -> Stamp | None:
    """That of a file; None of a folder."""
    found = os.lstat(at)
    return None if S_ISDIR(found.st_mode) else (found.st_ino, found.st_size, found.st_mtime_ns)


def unlink(at: str) -> None:
    """Take a name away, if it is there."""
    with suppress(FileNotFoundError):
        os.unlink(at)


def walked(folder: Path) -> dict[str, int]:
    """Every file in a folder, and when it was written."""
    files, todo = {}, [""]
    while todo:
        below = todo.pop()
        with os.scandir(f"{folder}/{below}") as entries:
            for entry in entries:
                path = below + entry.name
                if entry.is_dir(follow_symlinks=False):
                    todo.append(path + "/")
                else:
                    files[path] = entry.stat(follow_symlinks=False).st_mtime_ns
    return files


def link(path: str | Path, at: str | Path, is_symlink: bool | None = None) -> None:
    """One more name for a file, or a copy where there is no such thing or it is not allowed."""
    if not (os.path.islink(path) if is_symlink is None else is_symlink):
        try:
            return os.link(path, at)
        except FileExistsError:
            raise  # a copy would be written through that name
        except OSError:
            pass
    shutil.copy2(path, at, follow_symlinks=False)
    return None


def remove_all(folder: Path, names: Iterable[str]) -> None:
    """Raises OSError if some of it stays."""
    for name in names:
        at = folder / name
        if at.is_dir() and not at.is_symlink():
            shutil.rmtree(at)
        else:
            at.unlink(missing_ok=True)
