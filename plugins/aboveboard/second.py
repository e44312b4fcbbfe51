"""A second copy of a site: made, caught up with the first, and looked through for what others have done."""

# For each of ten thousand files a Path costs about as much as what the system does, so that here names are strings.
# ruff: noqa: PTH208
from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from stat import S_ISLNK

from .inside import Inside, Stamp, link, remove_all, stamp_of, unlink

LOOKS = 400
"""So many files, and the folders they lie in, are looked at for what others have done to the site. Of more, each build
takes the next ones, and all of them where it finds something."""


def make(here: Inside, there: Inside, files: Mapping[str, int]) -> None:
    """Give a folder the same files, of which it is told when they were written.

    Raises ValueError if somebody has changed one since. What others have added is not told of and not in it.
    """
    for path, time in files.items():
        old = there.at(path)
        found = os.lstat(old)
        if found.st_mtime_ns != time:
            raise ValueError(f"{old} has changed")
        link(old, here.at(path, make=True), S_ISLNK(found.st_mode))


def catch_up(here: Inside, there: Inside, changed: Mapping[str, Stamp | None], paths: Sequence[str]) -> None:
    """Do to a copy what was done to the other, which has these files, in order.

    Raises ValueError if somebody else has done more to it since.
    """
    for path, stamp in changed.items():
        if stamp is None:
            here.remove(path)
            _remove_rest(here, path, paths)
    for path, stamp in changed.items():
        if stamp is not None:
            old, at = there.at(path), here.at(path, make=True)
            if stamp_of(old) != stamp:
                raise ValueError(f"{old} has changed")
            unlink(at)
            link(old, at)


def _remove_rest(inside: Inside, path: str, paths: Sequence[str]) -> None:
    """Remove the topmost folder above a file in which there are none of these: what others have left in it."""
    folder = ""
    for name in path.split("/")[:-1]:
        folder += name
        if _first(paths, folder) == folder:
            return
        if not _first(paths, folder + "/").startswith(folder + "/"):
            with suppress(FileNotFoundError):
                remove_all(Path(inside.at(folder)).parent, [name])
            return
        folder += "/"


def _first(paths: Sequence[str], start: str) -> str:
    """The first of these that is not before `start`; blank where all are."""
    at = bisect_left(paths, start)
    return paths[at] if at < len(paths) else ""


def check(inside: Inside, files: Mapping[str, int], paths: Sequence[str], turn: int) -> None:
    """Raises ValueError where a file is not the one that was written, and removes what nobody has told of.

    Others do such things to a public site, and this copy was one. A server may prefer an old `index.html.gz` of theirs
    to what we have published since.
    """
    first = turn // 2 * LOOKS % len(paths) if len(paths) > LOOKS else 0  # there are two copies, which take turns
    if _looked_at(inside, files, paths, range(first, min(first + LOOKS, len(paths)))):
        _looked_at(inside, files, paths, range(len(paths)))


def _looked_at(inside: Inside, files: Mapping[str, int], paths: Sequence[str], chosen: Iterable[int]) -> bool:
    """Each of these files, and each folder of which one is the first. Whether there was something to remove."""
    found = False
    for number in chosen:
        path, last = paths[number], paths[number - 1] if number else ""
        if os.lstat(inside.at(path)).st_mtime_ns != files[path]:
            raise ValueError(f"{path} has changed")
        above = path.rpartition("/")[0]
        while above and not last.startswith(above + "/"):
            at = inside.at(above)
            strange = set(os.listdir(at)) - _names(above + "/", paths, number)
            if strange:
                remove_all(Path(at), strange)
                found = True
            above = above.rpartition("/")[0]
    return found


def _names(above: str, paths: Sequence[str], number: int) -> set[str]:
    """What lies right in a folder, of whose files this is the first."""
    names = set()
    for later in range(number, len(paths)):
        path = paths[later]
        if not path.startswith(above):
            break
        names.add(path[len(above) :].partition("/")[0])
    return names
