"""One build of a site at a time."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

BUSY = "another build of this folder is running; this one has changed nothing"
BESIDE = "the folder above a site must be writable, because the new site is made beside the old and exchanged with it"


@contextmanager
def alone(site: Path) -> Iterator[None]:
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
