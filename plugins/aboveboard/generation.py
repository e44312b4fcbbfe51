"""The two generations of a site: what tells them apart, and what one build writes down for the next."""

from __future__ import annotations

import errno
import json
import os
import sys
from array import array
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR
from zlib import crc32

from msgspec import Struct

from .inside import Stamp
from .memo import program

UNFINISHED = "state.new"
"""What a state is called while it is written."""


class Generation(Struct, frozen=True):
    """What tells one of the two folders from others, and what is hidden in it."""

    identity: tuple[int, int]
    """Its number on the disk, and when last something was added right in it or taken from it. Both stay as they are
    when a folder is moved."""
    made: frozenset[str]
    """What is hidden and the build's."""
    hidden: frozenset[str]
    """All that is hidden."""


class State(Struct, frozen=True, kw_only=True):
    """What is written down before an exchange, to be read by the next build, or after a kill."""

    new: Generation
    """The new site. Where the second copy is this one, it was not published."""
    old: Generation | None = None
    """The old site. Where the second copy is this one, it lacks what has changed. None if there is to be another."""
    changed: Mapping[str, Stamp | None] = {}
    """The files that were written, with what tells them apart, and None for those that were removed."""
    files: Mapping[str, int] = {}
    """Every file of the new site, and when it was written, in nanoseconds."""
    note: bytes
    turn: int
    """Which of the files are looked at next."""

    @property
    def lasting(self) -> frozenset[str]:
        """What is hidden, and the build's in both."""
        return self.new.made & self.old.made if self.old is not None else frozenset()

    def strange(self, names: Iterable[str]) -> set[str]:
        """What lies right in the second copy and neither was nor will be the build's."""
        known = {path.partition("/")[0] for path in (*self.files, *self.changed)}
        return {name for name in names if name not in (self.lasting if name.startswith(".") else known)}

    @classmethod
    def read(cls, at: Path) -> State | None:
        """None if there is none, or it is damaged, not ours, older than the machine's start, or of another release."""
        try:
            with at.open("rb") as file:
                stat = os.fstat(file.fileno())
                check, _, rest = file.read().partition(b"\n")
            if not is_ours(stat) or int(check, 16) != crc32(rest):
                return None
            line, _, rest = rest.partition(b"\n")
            told = json.loads(line)
            if told["by"] != _writer():
                return None
            count, length = told["files"]
            times, paths, note = rest[: 8 * count], rest[8 * count : 8 * count + length], rest[8 * count + length :]
            return cls(
                new=_generation(*told["new"]),
                old=told["old"] and _generation(*told["old"]),
                changed={path: stamp and tuple(stamp) for path, stamp in told["changed"].items()},
                files=dict(zip(paths.decode(errors="surrogatepass").split("\0"), array("q", times), strict=False)),
                note=note,
                turn=told["turn"],
            )
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            return None

    def write(self, at: Path) -> None:
        """All of it or nothing."""
        paths = "\0".join(self.files).encode(errors="surrogatepass")
        told = {
            "by": _writer(),
            "new": _told(self.new),
            "old": self.old and _told(self.old),
            "changed": self.changed,
            "files": (len(self.files), len(paths)),
            "turn": self.turn,
        }
        rest = b"".join((json.dumps(told).encode(), b"\n", array("q", self.files.values()).tobytes(), paths, self.note))
        fresh = at.with_name(UNFINISHED)
        try:
            fresh.unlink(missing_ok=True)
            fresh.write_bytes(b"%08x\n%b" % (crc32(rest), rest))
        except OSError as wrong:
            raise OSError(wrong.errno, wrong.strerror, str(fresh)) from None
        fresh.replace(at)


def _told(generation: Generation) -> tuple[object, ...]:
    return generation.identity, sorted(generation.made), sorted(generation.hidden)


def _generation(identity: list[int], made: list[str], hidden: list[str]) -> Generation:
    number, changed = identity
    return Generation((number, changed), frozenset(made), frozenset(hidden))


def hidden(folder: Path) -> frozenset[str]:
    """What begins with a dot right in it."""
    return frozenset(name for name in os.listdir(folder) if name.startswith("."))  # noqa: PTH208


def identity(folder: Path) -> tuple[int, int] | None:
    """As `Generation` has it; None where there is no folder."""
    with suppress(OSError):
        return identified(folder)
    return None


def identified(folder: Path) -> tuple[int, int]:
    """The same; raises OSError where there is none."""
    found = folder.lstat()
    if not S_ISDIR(found.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    return found.st_ino, found.st_mtime_ns


def is_ours(stat: os.stat_result) -> bool:
    """Whether a file or folder belongs to who runs this."""
    return sys.platform == "win32" or stat.st_uid == os.geteuid()


def _writer() -> list[str]:
    return [_boot(), program().hex()]


def _boot() -> str:
    """Which start of the machine this is. What was written shortly before it went down may not be on the disk."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return ""
