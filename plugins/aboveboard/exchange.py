"""A folder that takes another's place, whole or not at all."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path
from tempfile import mkdtemp

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

BUSY = "another build of this folder is running; this one has changed nothing"
BESIDE = "the folder above a site must be writable, because the new site is made beside the old and exchanged with it"
MOUNTED = (
    "this is a mount point and cannot be exchanged: the new site is made beside the old and takes its place, for which "
    "the folder above must be writable; mount that one, or let the site be a folder inside of what is mounted"
)


@contextmanager
def exchanged(site: Path) -> Iterator[Path]:
    """An empty folder that takes the place of `site`, an absolute path, when all went well.

    What begins with a dot in the old site is not of the build's making, and is kept, as MkDocs does: the new site has
    it before it is published. Whoever is killed here leaves the old site or the new one, and what else is left beside
    it is put right by the next. Raises OSError, with the path and a sentence, and then the site is as it was.
    """
    if os.path.ismount(site):
        raise OSError(errno.EBUSY, MOUNTED, str(site))
    with _alone(site):
        _put_right(site)
        work = Path(mkdtemp(prefix=_prefix(site), dir=site.parent))
        try:
            new = work / "new"
            new.mkdir()  # mkdtemp's own folder is closed to all others, and a web server is another
            yield new
            if site.exists():
                _keep_hidden(site, new)
                _exchange(site, new, work / "old")
            else:
                new.rename(site)
        finally:
            _remove(work, site)


@contextmanager
def _alone(site: Path) -> Iterator[None]:
    """Nobody else is in here for this site. The lock is the system's, and ends with whoever holds it."""
    path = site.with_name(f".{site.name}.lock")
    try:
        site.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as wrong:
        raise OSError(wrong.errno, f"{wrong.strerror}; {BESIDE}", str(wrong.filename)) from None
    try:
        if not _locked(file) or not _is_at(path, file):
            raise BlockingIOError(errno.EWOULDBLOCK, BUSY, str(site))
        try:
            yield
        finally:
            if sys.platform != "win32":
                path.unlink(missing_ok=True)  # still locked: whoever has opened it by now sees that it is gone
    finally:
        os.close(file)
        if sys.platform == "win32":
            _unlink_if_free(path)


def _locked(file: int) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _is_at(path: Path, file: int) -> bool:
    """Whether an open file is still the one of that name."""
    try:
        return os.path.samestat(path.stat(), os.fstat(file))
    except FileNotFoundError:
        return False


def _unlink_if_free(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except PermissionError:
        return  # open elsewhere: Windows removes no such file, and whoever has it open will


def _put_right(site: Path) -> None:
    """What a killed build has left: the site it had put aside, what is hidden in that one, and what it was making."""
    for work in site.parent.glob(f"{escape(_prefix(site))}????????"):
        old = work / "old"
        if old.is_dir() and not site.exists():
            old.rename(site)
        for kept in _hidden(old) if old.is_dir() else ():  # another program may have made a site meanwhile
            if not os.path.lexists(site / kept.name):
                kept.rename(site / kept.name)
        _remove(work, site)


def _keep_hidden(site: Path, new: Path) -> None:
    """Give the new site what is hidden in the old one, which keeps it too: no moment is without."""
    for kept in _hidden(site):
        at = new / kept.name
        if os.path.lexists(at):
            continue
        if kept.is_dir() and not kept.is_symlink():
            try:
                shutil.copytree(kept, at, symlinks=True, copy_function=_link)
            except shutil.Error as several:
                path, _, reason = several.args[0][0]
                raise OSError(errno.EIO, f"this cannot be kept: {reason}", str(path)) from None
        else:
            _link(kept, at)


def _hidden(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.name.startswith("."))


def _link(path: str | Path, at: str | Path) -> None:
    """One more name for a file, or a copy where there is no such thing or it is not allowed."""
    if not Path(path).is_symlink():
        try:
            return os.link(path, at)
        except OSError:
            pass
    shutil.copy2(path, at, follow_symlinks=False)
    return None


def _exchange(site: Path, new: Path, old: Path) -> None:
    """Put one in the other's place. In one step where the system can, else with a moment without either."""
    shutil.copymode(site, new)
    if _swapped(site, new):
        return
    try:
        site.rename(old)
        try:
            new.rename(site)
        except BaseException:
            old.rename(site)
            raise
    except OSError as wrong:
        mounted = wrong.errno in {errno.EBUSY, errno.EXDEV}
        raise OSError(wrong.errno, MOUNTED if mounted else wrong.strerror, str(site)) from None


def _swapped(one: Path, other: Path) -> bool:
    # "RENAME_EXCHANGE: Atomically exchange oldpath and newpath."  rename(2), since Linux 3.15
    if sys.platform != "linux":
        return False
    rename = getattr(ctypes.CDLL(None), "renameat2", None)
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    return rename is not None and rename(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0


def _remove(work: Path, site: Path) -> None:
    """What is left of a build, unless the only site there is lies in it."""
    if site.exists() or not (work / "old").exists():
        shutil.rmtree(work, ignore_errors=True)


def _prefix(site: Path) -> str:
    return f".{site.name}.build-"
