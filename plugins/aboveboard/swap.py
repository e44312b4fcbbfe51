"""Two folders in each other's places: in one step where the system can, else with a moment without either."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from contextlib import suppress
from pathlib import Path

MOUNTED = (
    "this is a mount point and cannot be exchanged: the new site is made beside the old and takes its place, for which "
    "the folder above must be writable; mount that one, or let the site be a folder inside of what is mounted"
)


def swap(site: Path, new: Path, aside: Path) -> None:
    """Put `new` in the place of `site`, which is there after that, if it was. On its way it may lie `aside`."""
    if not os.path.lexists(site):
        new.rename(site)
        return
    if _swapped(site, new):
        return
    try:
        site.rename(aside)
        try:
            new.rename(site)
        except BaseException:
            aside.rename(site)
            raise
    except OSError as wrong:
        mounted = wrong.errno in {errno.EBUSY, errno.EXDEV}
        raise OSError(wrong.errno, MOUNTED if mounted else wrong.strerror, str(site)) from None
    with suppress(OSError):  # the next build can do it
        aside.rename(new)


_SWAPS = {"linux": ("renameat2", -100, 2), "darwin": ("renameatx_np", -2, 2)}
"""By system: the function, its AT_FDCWD, and its flag."""
# "RENAME_EXCHANGE: Atomically exchange oldpath and newpath."  rename(2), since Linux 3.15
# "RENAME_SWAP: … causes the source and target to be atomically swapped."  rename(2) of macOS, since 10.12


def _swapped(one: Path, other: Path) -> bool:
    if sys.platform not in _SWAPS:
        return False
    name, here, flag = _SWAPS[sys.platform]
    rename = getattr(ctypes.CDLL(None), name, None)
    return rename is not None and rename(here, os.fsencode(one), here, os.fsencode(other), flag) == 0
