"""What was made from what, kept from one build to the next in one file that may be deleted at any time.

A thing is kept under a digest of everything that it was made from, so nothing that is found is out of date. The file
is SQLite's. What cannot be read in it, or is somebody else's, is as if it were not there.
"""

from __future__ import annotations

import os
import pickle
import platform
import sqlite3
import stat
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar
from zlib import crc32

if sys.platform != "win32":
    import fcntl

T = TypeVar("T")

MEMO = ".cache/aboveboard/memo"
"""Where it lies in a project."""

_PATIENCE = 60
"""Seconds to wait for another build of the same project, which writes for one at most."""

_DIGEST = 16
"""Bytes of a digest."""

_CHECK = 4
"""Bytes of what stands before each value to check it by, as a damaged file must not make a damaged page."""

_SLACK, _FEW = 1.1, 100
"""How many values there may be for those that are of use, and how many more: sweeping takes longer than carrying."""

_HELD = 8_000_000
"""So many bytes are kept in mind at most before they are written: a large site would take as much memory again. Fewer
take as long to write, as every page of the file's index changes."""

_ASKED = 500
"""So many keys are asked for at once: more than a thousand are too many for some releases of SQLite."""

_TABLES = (
    "CREATE TABLE kept (kind TEXT NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY (kind, key))",
    "CREATE TABLE program (digest BLOB NOT NULL)",
)


_OTHERS: list[sqlite3.Connection] = []
"""What another process has opened."""


class Damaged(Exception):
    """What was kept cannot be trusted, and why."""


class Memo:
    """Values by kind and key; whatever can be pickled."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.trouble = ""
        """Why what was kept is of no use: a sentence, or blank."""
        self._file: sqlite3.Connection | None = None
        self._first = self._process = os.getpid()
        self._new: dict[tuple[str, bytes], bytes] = {}
        self._held = 0
        """How many bytes of it there are."""
        self._theirs: dict[tuple[str, bytes], bytes] = {}
        """What the process that forked this one will write."""
        self._written: dict[str, bool] = {}
        """Of which kinds something was in the file when it was first looked for."""
        self._living: dict[str, list[tuple[int, Callable[[], Collection[bytes]]]]] = {}
        self._lock: int | None = None
        if path and not self._alone(path):
            self.path = None  # another build of this project is at work, and this one does without
        elif path:
            self._look(path)

    def get(self, kind: str, key: bytes) -> Any:
        """What is kept under that key, or None."""
        data = self._in_mind(kind, key)
        if data is None and (file := self._mine()):
            try:
                row = file.execute("SELECT value FROM kept WHERE kind = ? AND key = ?", (kind, key)).fetchone()
                data = None if row is None else _checked(kind, key, row[0])
            except (sqlite3.Error, Damaged) as wrong:
                self._distrust(str(wrong))
        return None if data is None else pickle.loads(data)  # noqa: S301, the file is ours and it is whole

    def several(self, kind: str, keys: Collection[bytes], *, look: bool = True) -> dict[bytes, Any]:
        """What is kept under these keys, by the key. To ask for each takes three times as long.

        Without a `look` at what was written, only what was put and is in mind.
        """
        there = {key: data for key in keys if (data := self._in_mind(kind, key)) is not None}
        asked = [key for key in keys if key not in there] if look else []
        if asked and (file := self._mine()):
            try:
                for first in range(0, len(asked), _ASKED):
                    some = asked[first : first + _ASKED]
                    query = f"SELECT key, value FROM kept WHERE kind = ? AND key IN ({', '.join('?' * len(some))})"  # noqa: S608
                    found = file.execute(query, (kind, *some)).fetchall()
                    there.update((key, _checked(kind, key, data)) for key, data in found)
            except (sqlite3.Error, Damaged) as wrong:
                self._distrust(str(wrong))
        return {key: pickle.loads(data) for key, data in there.items()}  # noqa: S301, as above

    def all(self, kind: str) -> Iterator[tuple[bytes, Any]]:
        """Everything of a kind, by key."""
        rows: list[tuple[bytes, bytes]] = []
        if file := self._mine():
            try:
                found = file.execute("SELECT key, value FROM kept WHERE kind = ?", (kind,)).fetchall()
                rows = [(key, _checked(kind, key, data)) for key, data in found]
            except (sqlite3.Error, Damaged) as wrong:
                self._distrust(str(wrong))
        there = dict(rows) | {key: data for (one, key), data in (self._theirs | self._new).items() if one == kind}
        for key, data in there.items():
            yield key, pickle.loads(data)  # noqa: S301, as above

    def put(self, kind: str, key: bytes, value: object) -> None:
        """Keep a value."""
        self._forked()
        self._new[kind, key] = data = pickle.dumps(value, protocol=5)
        self._held += len(data)
        if self._held >= _HELD:
            self.write()

    def kept(self, kind: str, key: bytes, make: Callable[[], T]) -> T:
        """What is kept under that key; where nothing is, it is made and kept.

        Of a kind of which nothing was kept before, nothing is looked for until `renew`: ten thousand times for nothing.
        """
        found: T | None = self.get(kind, key) if self._in_mind(kind, key) or self._holds(kind) else None
        if found is None:
            found = make()
            self.put(kind, key, found)
        return found

    def kept_together(
        self, kind: str, keys: Sequence[bytes], make: Callable[[Sequence[bytes]], Iterable[T]]
    ) -> list[T]:
        """The same under each of these keys. Of all under which nothing is kept, it is made at once."""
        known: dict[bytes, T] = self.several(kind, keys, look=self._holds(kind))
        missing = [key for key in keys if key not in known]
        for key, made in zip(missing, make(missing) if missing else (), strict=True):
            self.put(kind, key, made)
            known[key] = made
        return [known[key] for key in keys]

    def renew(self) -> None:
        """From now on what was written meanwhile is looked for too."""
        self._written.clear()

    def _in_mind(self, kind: str, key: bytes) -> bytes | None:
        """What was put and may not be written yet."""
        data = self._new.get((kind, key))
        return self._theirs.get((kind, key)) if data is None else data

    def _holds(self, kind: str) -> bool:
        if kind not in self._written:
            try:
                file = self._mine()
                row = file and file.execute("SELECT 1 FROM kept WHERE kind = ? LIMIT 1", (kind,)).fetchone()
                self._written[kind] = row is not None
            except sqlite3.Error as wrong:
                self._distrust(str(wrong))
                self._written[kind] = False
        return self._written[kind]

    def only(self, kind: str, count: int, keys: Callable[[], Collection[bytes]]) -> None:
        """Of this kind, so many `keys` will be asked for, and no others than are told like this.

        It is swept once there is enough to sweep.
        """
        self._living.setdefault(kind, []).append((count, keys))

    def begin(self) -> None:
        """See to it that there is a file, before a process that is forked now writes to it too."""
        if self.path and not self._file:
            try:
                self._file = _made(self.path)
            except (OSError, sqlite3.Error) as wrong:
                self._give_up(wrong)

    def write(self) -> None:
        """Write down what was put, for other processes and builds."""
        self._write(lambda _: ())

    def save(self) -> None:
        """Write it down at the end of a build, and sweep."""
        self._write(self._dead)

    def _write(self, dead: Callable[[sqlite3.Connection], Iterable[tuple[str, bytes]]]) -> None:
        """Where that cannot be done, `trouble` says why, and the next build makes more anew."""
        self._forked()
        if not self.path or not self._new:
            return
        if not self._mine() and os.getpid() == self._first:
            self.begin()
        if not self._file:
            return
        try:
            self._file.execute("BEGIN IMMEDIATE")
            self._file.executemany("DELETE FROM kept WHERE kind = ? AND key = ?", list(dead(self._file)))
            rows = ((*key, _bound(*key, data) + data) for key, data in self._new.items())
            self._file.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", rows)
            self._file.execute("COMMIT")
            self._new.clear()
            self._held = 0
        except (OSError, sqlite3.Error) as wrong:
            self._give_up(wrong)

    def _give_up(self, wrong: Exception) -> None:
        self.trouble = self.trouble or f"{self.path} cannot be written: {wrong}"
        self._shut()
        self.path = None

    def _dead(self, file: sqlite3.Connection) -> Iterator[tuple[str, bytes]]:
        for kind, told in self._living.items():
            (count,) = file.execute("SELECT count(*) FROM kept WHERE kind = ?", (kind,)).fetchone()
            if count > sum(living for living, _ in told) * _SLACK + _FEW:
                there = file.execute("SELECT key FROM kept WHERE kind = ?", (kind,)).fetchall()
                keys = set().union(*(find() for _, find in told))
                yield from ((kind, key) for (key,) in there if key not in keys)

    def close(self) -> None:
        """Let go of the file, and let others have it."""
        self._shut()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _shut(self) -> None:
        if self._file:
            self._file.close()
            self._file = None

    def _alone(self, path: Path) -> bool:
        """Whether no other build has the file. The lock is the system's, and ends with whoever holds it."""
        if sys.platform == "win32":
            return True
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            (path.parent / ".gitignore").write_text("*\n")
            self._lock = os.open(path.with_name("lock"), os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as wrong:
            self.trouble = f"{path} cannot be written: {wrong}"
            return False
        return True

    def _mine(self) -> sqlite3.Connection | None:
        """The file, which a process that was forked must open for itself."""
        self._forked()
        return self._file

    def _forked(self) -> None:
        """Once in a process that was forked, leave to the other one what is its own."""
        if self._process == os.getpid():
            return
        self._process = os.getpid()
        self._theirs, self._new, self._held = self._theirs | self._new, {}, 0
        if self._file and self.path:
            _OTHERS.append(self._file)  # and not close it, as that would close it for both
            self._file = None
            self._look(self.path)

    def _look(self, path: Path) -> None:
        try:
            self._file = _opened(path)
        except FileNotFoundError:
            return
        except (OSError, sqlite3.Error, Damaged) as wrong:
            self._distrust(str(wrong))

    def _distrust(self, why: str) -> None:
        self.trouble = self.trouble or f"{self.path} is made anew: {why}"
        self._shut()


def _opened(path: Path) -> sqlite3.Connection | None:
    """The file, where it is ours; None for another program's, which is made anew without a word."""
    _check_owner(path)
    file = _connected(path)
    try:
        rows = file.execute("SELECT digest FROM program").fetchall()
    except sqlite3.Error:
        file.close()
        raise
    if rows != [(program(),)]:
        file.close()
        return None
    return file


def _made(path: Path) -> sqlite3.Connection:
    """An empty file in the place of whatever was there."""
    for name in (path, path.with_name(f"{path.name}-journal")):
        name.unlink(missing_ok=True)
    file = _connected(path)
    path.chmod(0o600)
    with file:
        for table in _TABLES:
            file.execute(table)
        file.execute("INSERT INTO program VALUES (?)", (program(),))
    return file


def _connected(path: Path) -> sqlite3.Connection:
    file = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
    # What a failing machine loses can be made again: nobody waits for the disk.
    file.execute("PRAGMA synchronous = OFF")
    return file


def _check_owner(path: Path) -> None:
    """Values are pickled, and whoever may write them may run programs in our name."""
    found = path.stat()
    if not hasattr(os, "geteuid"):
        return
    if found.st_uid != os.geteuid():
        raise Damaged("it belongs to somebody else")
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise Damaged("others may write to it")


def _checked(kind: str, key: bytes, data: bytes) -> bytes:
    if _bound(kind, key, data[_CHECK:]) != data[:_CHECK]:
        raise Damaged("it is damaged")
    return data[_CHECK:]


def _bound(kind: str, key: bytes, data: bytes) -> bytes:
    """A check of a value that belongs to a key, and to no other. A digest would take five times as long."""
    return crc32(data, crc32(key, crc32(b"%s %d " % (kind.encode(), len(key))))).to_bytes(_CHECK)


@cache
def program() -> bytes:
    """A digest of all that makes a site besides what is written for it: ours, Python, and the packages beside."""
    digest = blake2b(digest_size=_DIGEST)
    digest.update(f"{sys.implementation.cache_tag} {sys.version} {platform.system()}".encode())
    for path, data in _ours(files(__package__), ""):
        digest.update(f"{path} {len(data)} ".encode() + data)
    for folder in sys.path:
        with suppress(OSError):
            digest.update("".join(sorted(one for one in os.listdir(folder) if one.endswith(".dist-info"))).encode())  # noqa: PTH208
    return digest.digest()


def _ours(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    """Every file of the package, without what Python makes of them."""
    for one in sorted(folder.iterdir(), key=lambda one: one.name):
        if one.is_dir():
            if one.name != "__pycache__":
                yield from _ours(one, f"{path}{one.name}/")
        else:
            yield f"{path}{one.name}", one.read_bytes()
