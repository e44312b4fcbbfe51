"""A folder that takes another's place, whole or not at all, and leaves the next one little to do."""

# For each of ten thousand files a Path costs about as much as what the system does, so that here names are strings.
# ruff: noqa: PTH102, PTH106, PTH108, PTH114, PTH116, PTH118, PTH208
from __future__ import annotations

import ctypes
import errno
import json
import os
import posixpath
import shutil
import sys
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from stat import S_ISDIR, S_ISLNK, S_ISREG
from tempfile import mkdtemp
from zlib import crc32

from msgspec import Struct
from msgspec.structs import replace

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

LOOKS = 400
"""So many files, and the folders they lie in, are looked at for what others have done to the site. Of more, each build
takes the next ones, and all of them where it finds something."""


@contextmanager
def exchanged(site: Path) -> Iterator[Next]:
    """What takes the place of `site`, an absolute path, when all went well and the caller has called `done`.

    Beside the site lies a second copy of it, of the same files by other names, one build behind. It is brought up to
    date, the caller changes what differs, and the two are exchanged. Where it is not certain what there is, the caller
    is given an empty folder. Of what becomes of that there is no second copy: the next build makes one, and where none
    comes, as in most CI, nobody has waited for it.

    What begins with a dot in the old site is not of the build's making, and is kept, as MkDocs does: the new site has
    it before it is published. Whoever is killed here leaves the old site or the new one, and what else is left beside
    it is put right by the next. Raises OSError, with the path and a sentence, and then the site is as it was.

    What is not hidden is the build's alone: what others add to it or change in it goes with the next build or, where
    there are more than LOOKS files, with one of the next.
    """
    if os.path.ismount(site):
        raise OSError(errno.EBUSY, MOUNTED, str(site))
    with _alone(site):
        _put_right_old(site)
        work = _Work.beside(site)
        try:
            work.put_right(site)
            if os.path.lexists(site) and not _identity(site):
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(site))
            start = work.start(site)
            made = Next(site, work.next, start.note, work.state)
            yield made
            if made.said is not None:
                _publish(site, work, start, made.said)
        finally:
            work.leave()


class Next:
    """The next generation of a site, while it is made. Two processes may do so at once, for different paths."""

    site: Path
    """The site as it is now, which may not exist."""
    note: bytes
    """What the caller has said of the generation that `folder` holds. Empty if the folder is."""
    said: _Said | None
    """What `done` was told."""

    def __init__(self, site: Path, folder: Path, note: bytes, state: Path) -> None:
        self.site, self.note, self.said = site, note, None
        self._folder, self._state, self._touched, self._shared = folder, state, False, False
        self._here, self._there = _Inside(folder), _Inside(site) if os.path.lexists(site) else None

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
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(file, rest) :]
            written = os.fstat(file)
        except OSError as wrong:
            raise OSError(wrong.errno, wrong.strerror, at) from None
        finally:
            os.close(file)
        return written

    def same(self, path: str, data: bytes) -> os.stat_result | None:
        """Take the site's file, with its times, if it has that very one with these very bytes. None if not."""
        if not self._there:
            return None
        try:
            old = self._there.at(path)
            found = _holding(old, data)
        except (OSError, ValueError):
            return None
        if found is None:
            return None
        self._touch()
        at = self._here.at(path, make=True)
        with suppress(OSError):
            _unlink(at)
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
        _remove(self._here, path)

    def done(self, changed: Collection[str], note: bytes, every: Iterable[str] = ()) -> None:
        """Say, at the end, which paths were written or removed, and what the next build is to know of this folder.

        Without this nothing is published. An empty note is for who wants to begin with an empty folder next time too.
        `every` is all that was put into a folder that was empty: who tells this need not wait until it is looked for.
        """
        paths = frozenset(map(posixpath.normpath, changed))
        for path in paths:
            if path == ".." or path.startswith(("../", "/")):
                raise self._here.outside(path)
        known = () if self.note or self._shared else every
        self.said = _Said(paths, note, frozenset(map(posixpath.normpath, known)))

    def _touch(self) -> None:
        """From now on nobody knows what the folder holds, whichever process has asked."""
        if not self._touched:
            self._state.unlink(missing_ok=True)
            self._touched = True


class _Said(Struct, frozen=True):
    """What the caller has said at the end."""

    changed: frozenset[str]
    note: bytes
    every: frozenset[str]
    """Every file of the folder; none of them where that is not certain."""


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


def _put_right_old(site: Path) -> None:
    """What a killed build of an earlier version has left: the site it had put aside, and what it was making."""
    for work in site.parent.glob(f"{escape(f'.{site.name}.build-')}????????"):
        old = work / "old"
        if old.is_dir() and not site.exists():
            old.rename(site)
        if old.is_dir():  # another program may have made a site meanwhile
            _give_back(old, site)
        if site.exists() or not old.exists():  # else the only site there is lies in it
            shutil.rmtree(work, ignore_errors=True)


def _publish(site: Path, work: _Work, start: _Start, said: _Said) -> None:
    """Exchange the two, and make of the one that is left what the next build needs."""
    changed, note = said.changed, said.note
    made, old = _made(work.next, start, changed), _now(site, start.site)
    stamps = _stamps(_Inside(work.next), changed) if start.is_published else {}
    is_second = old is not None and start.is_second(old)
    if is_second:
        files = {path: time for path, time in start.files.items() if path not in stamps}
        files |= {path: stamp[-1] for path, stamp in stamps.items() if stamp}
    else:
        files = _times(_Inside(work.next), said.every) or (_walked(work.next) if note else {})
    kept: frozenset[str] = frozenset()
    if old is not None:
        kept = old.hidden - old.made if old is start.site else old.hidden
        _keep_hidden(site, work.next, kept)
        shutil.copymode(site, work.next)
    state = _State(new=_Generation(_known(work.next), made, made | kept), files=files, note=note, turn=start.turn + 1)
    if is_second:
        state = replace(state, old=old, changed=stamps)
    state.write(work)
    try:
        _exchange(site, work)
    except OSError:
        work.state.unlink()
        raise
    if not note:
        work.state.unlink()
        return
    try:
        if state.old is not None:
            _remove_all(work.next, state.old.hidden - state.lasting)
        else:
            work.put_aside(work.next)
    except OSError:  # the site is published, and the next one takes longer
        work.state.unlink(missing_ok=True)


def _made(folder: Path, start: _Start, changed: Collection[str]) -> frozenset[str]:
    """What is hidden and the build's."""
    if start.made is None:
        return _hidden(folder)
    told = {path.partition("/")[0] for path in changed if path.startswith(".")}
    return frozenset(name for name in start.made | told if os.path.lexists(folder / name))


def _now(site: Path, known: _Generation | None) -> _Generation | None:
    """The site as it is at this moment, to which somebody may have added something; or it is another altogether."""
    there = _identity(site)
    if there is None or known is None or there[0] != known.identity[0]:
        return there and _Generation(there, frozenset(), _hidden(site))
    return known if there == known.identity else replace(known, hidden=_hidden(site))


class _Generation(Struct, frozen=True):
    """What tells one of the two folders from others, and what is hidden in it."""

    identity: tuple[int, int]
    """Its number on the disk, and when last something was added right in it or taken from it. Both stay as they are
    when a folder is moved."""
    made: frozenset[str]
    """What is hidden and the build's."""
    hidden: frozenset[str]
    """All that is hidden."""


class _Start(Struct, frozen=True):
    """What the caller is given, and what is known of the site."""

    note: bytes = b""
    files: Mapping[str, int] = {}
    turn: int = 0
    made: frozenset[str] | None = None
    """What is hidden in the folder for the caller, and the build's. None where the folder is empty."""
    site: _Generation | None = None
    is_published: bool = False
    """Whether what is in the folder is in the site too, if it still is that one."""

    def is_second(self, site: _Generation) -> bool:
        """Whether it can be the next second copy, once it has been caught up with."""
        return self.is_published and self.site is not None and self.site.identity[0] == site.identity[0]


class _Work(Struct, frozen=True):
    """The folder beside the site."""

    folder: Path

    @classmethod
    def beside(cls, site: Path) -> _Work:
        work = cls(site.with_name(f".{site.name}.generations"))
        with suppress(FileExistsError):
            work.folder.mkdir(mode=0o700)
        _known(work.folder)
        if not work.unversioned.exists():
            work.unversioned.write_text("*\n")
        return work

    @property
    def unversioned(self) -> Path:
        """Tells git that nothing in here is to be added to anything."""
        return self.folder / ".gitignore"

    @property
    def next(self) -> Path:
        """Before the exchange the new site, after it the second copy."""
        return self.folder / "next"

    @property
    def second(self) -> Path:
        """The second copy, while it is made."""
        return self.folder / "second"

    @property
    def state(self) -> Path:
        """Says what `next` is. Without it nobody knows."""
        return self.folder / "state"

    @property
    def old(self) -> Path:
        """The site between the two renames, where no exchange in one step is possible."""
        return self.folder / "old"

    def put_right(self, site: Path) -> None:
        """After a build that was killed between two renames."""
        if not os.path.lexists(self.old):
            return
        if not os.path.lexists(site):
            self.old.rename(site)
            return
        state, there = _State.read(self), _identity(site)
        if state is None or there is None or there[0] != state.new.identity[0]:
            _give_back(self.old, site)
        if os.path.lexists(self.next):
            self.put_aside(self.old)
        else:
            self.old.rename(self.next)

    def start(self, site: Path) -> _Start:
        """Bring the second copy up to date, or make it empty where it is not certain what it holds."""
        with suppress(OSError, ValueError):
            start = self._brought_up(site)
            if start is not None:
                return start
        self.state.unlink(missing_ok=True)
        self.put_aside(self.next)
        self.next.mkdir()
        return _Start()

    def _brought_up(self, site: Path) -> _Start | None:
        """All of this can be done again: whoever is killed here leaves a state that is as true as before."""
        state = _State.read(self)
        if state is None or not _is_ours(self.folder.lstat()):
            return None
        if _is_site(site, state) and (state.old is None or not os.path.lexists(self.next)):
            state = self._doubled(site, state)
        here = _identity(self.next)
        if here is None:
            return None
        inside, paths = _Inside(self.next), sorted(state.files)
        is_published = here[0] != state.new.identity[0]
        if not is_published:
            _remove_all(self.next, _hidden(self.next) - state.new.made)
        elif state.old is None or here[0] != state.old.identity[0]:
            return None
        else:
            if here != state.old.identity or state.old.hidden - state.lasting:
                _remove_all(self.next, state.strange(os.listdir(self.next)))
            _catch_up(inside, _Inside(site), state.changed, paths)
        _check(inside, state.files, paths, state.turn)
        return _Start(
            note=state.note,
            files=state.files,
            turn=state.turn,
            made=state.new.made,
            site=state.new if is_published else state.old,
            is_published=is_published,
        )

    def _doubled(self, site: Path, state: _State) -> _State:
        """Make a second copy of the site, of the same files, which nobody may have changed since.

        What others have added, and what is hidden and not the build's, is not in it.
        """
        for folder in (self.second, self.next):
            self.put_aside(folder)
        self.second.mkdir()
        here, there = _Inside(self.second), _Inside(site)
        for path, time in state.files.items():
            old = there.at(path)
            found = os.lstat(old)
            if found.st_mtime_ns != time:
                raise ValueError(f"{old} has changed")
            _link(old, here.at(path, make=True), S_ISLNK(found.st_mode))
        made = _hidden(self.second)
        state = replace(state, old=_Generation(_known(self.second), made, made), changed={})
        state.write(self)
        self.second.rename(self.next)
        return state

    def put_aside(self, folder: Path) -> None:
        """To be removed at the end. It takes its time, and ext4 is slow to make files after so many were removed."""
        if os.path.lexists(folder):
            folder.rename(Path(mkdtemp(prefix="gone-", dir=self.folder), folder.name))

    def leave(self) -> None:
        """What nobody can use is not left behind."""
        with suppress(OSError):
            (self.folder / "state.new").unlink(missing_ok=True)
            self.put_aside(self.second)
            if not self.state.exists():
                self.put_aside(self.next)
            for gone in self.folder.glob("gone-*"):
                shutil.rmtree(gone, ignore_errors=True)
            if os.listdir(self.folder) == [self.unversioned.name]:
                self.unversioned.unlink()
                self.folder.rmdir()


class _State(Struct, frozen=True, kw_only=True):
    """What is written down before an exchange, to be read by the next build, or after a kill."""

    new: _Generation
    """The new site. Where the second copy is this one, it was not published."""
    old: _Generation | None = None
    """The old site. Where the second copy is this one, it lacks what has changed. None if there is to be another."""
    changed: Mapping[str, _Stamp | None] = {}
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
    def read(cls, work: _Work) -> _State | None:
        """None if there is none, or it is damaged, or not ours, or older than the machine's start."""
        try:
            with work.state.open("rb") as file:
                stat = os.fstat(file.fileno())
                check, _, rest = file.read().partition(b"\n")
            if not _is_ours(stat) or int(check, 16) != crc32(rest):
                return None
            line, _, rest = rest.partition(b"\n")
            told = json.loads(line)
            if told["boot"] != _boot():
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

    def write(self, work: _Work) -> None:
        """All of it or nothing."""
        paths = "\0".join(self.files).encode(errors="surrogatepass")
        told = {
            "boot": _boot(),
            "new": _told(self.new),
            "old": self.old and _told(self.old),
            "changed": self.changed,
            "files": (len(self.files), len(paths)),
            "turn": self.turn,
        }
        rest = b"".join((json.dumps(told).encode(), b"\n", array("q", self.files.values()).tobytes(), paths, self.note))
        fresh = work.folder / "state.new"
        try:
            fresh.unlink(missing_ok=True)
            fresh.write_bytes(b"%08x\n%b" % (crc32(rest), rest))
        except OSError as wrong:
            raise OSError(wrong.errno, wrong.strerror, str(fresh)) from None
        fresh.replace(work.state)


def _told(generation: _Generation) -> tuple[object, ...]:
    return generation.identity, sorted(generation.made), sorted(generation.hidden)


def _generation(identity: list[int], made: list[str], hidden: list[str]) -> _Generation:
    number, changed = identity
    return _Generation((number, changed), frozenset(made), frozenset(hidden))


class _Inside:
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

    def forget(self) -> None:
        """Which folders there are, because somebody has removed some."""
        self._known = {"": self._root}

    def outside(self, path: str) -> ValueError:
        """Says so."""
        return ValueError(f"{path} lies outside {self._folder}, and nothing is ever written there")

    def _entered(self, above: str, path: str, make: bool) -> str:
        above = posixpath.normpath(above)
        if above.startswith(("/", "../")) or above == ".." or not _DOUBTFUL.isdisjoint(above):
            raise self.outside(path)
        at, here = self._root, ""
        for name in above.split("/") if above != "." else ():
            here += name + "/"
            known = self._known.get(here)
            if known is None:
                known = self._known[here] = os.path.join(self._folder_at(at + name, path, make), "")
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


_NO_NAMES = frozenset({"", os.curdir, os.pardir})
_DOUBTFUL = frozenset("\\:" if sys.platform == "win32" else "")
"""What makes more of a name than a name."""

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


def _created(at: str) -> int:
    """A new file of that name. One that had it is left as it is, by the other names it may have."""
    try:
        return os.open(at, _NEW, 0o666)
    except FileExistsError:
        os.unlink(at)
        return os.open(at, _NEW, 0o666)


def _holding(at: str, data: bytes) -> os.stat_result | None:
    """A plain file with these bytes."""
    found = os.lstat(at)
    if not S_ISREG(found.st_mode) or found.st_size != len(data):
        return None
    file = os.open(at, _READ)
    try:
        return os.fstat(file) if os.read(file, len(data) + 1) == data else None
    finally:
        os.close(file)


def _remove(inside: _Inside, path: str) -> None:
    with suppress(FileNotFoundError, NotADirectoryError):
        at = inside.at(path)
        try:
            os.unlink(at)
        except (IsADirectoryError, PermissionError):  # which of the two depends on the system
            if S_ISDIR(os.lstat(at).st_mode):
                return
            raise
    with suppress(OSError):  # that one is not empty
        while path := posixpath.normpath(path).rpartition("/")[0]:
            os.rmdir(inside.at(path))
            inside.forget()


def _unlink(at: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(at)


_Stamp = tuple[int, int, int]


def _stamps(inside: _Inside, paths: Iterable[str]) -> dict[str, _Stamp | None]:
    """What tells each file from others, and None where there is none."""
    stamps: dict[str, _Stamp | None] = {}
    for path in paths:
        try:
            stamps[path] = _stamp(inside.at(path))
        except (FileNotFoundError, NotADirectoryError):
            stamps[path] = None
    return stamps


def _times(inside: _Inside, paths: Iterable[str]) -> dict[str, int]:
    """When each of these files was written; of none where one is missing."""
    try:
        return {path: os.lstat(inside.at(path)).st_mtime_ns for path in paths}
    except OSError:
        return {}


def _stamp(at: str) -> _Stamp | None:
    found = os.lstat(at)
    return None if S_ISDIR(found.st_mode) else (found.st_ino, found.st_size, found.st_mtime_ns)


def _catch_up(here: _Inside, there: _Inside, changed: Mapping[str, _Stamp | None], paths: Sequence[str]) -> None:
    """Do to a copy what was done to the other, which has these files, in order.

    Raises ValueError if somebody else has done more to it since.
    """
    for path, stamp in changed.items():
        if stamp is None:
            _remove(here, path)
            _remove_rest(here, path, paths)
    for path, stamp in changed.items():
        if stamp is not None:
            old, at = there.at(path), here.at(path, make=True)
            if _stamp(old) != stamp:
                raise ValueError(f"{old} has changed")
            _unlink(at)
            _link(old, at)


def _remove_rest(inside: _Inside, path: str, paths: Sequence[str]) -> None:
    """Remove the topmost folder above a file in which there are none of these: what others have left in it."""
    folder = ""
    for name in path.split("/")[:-1]:
        folder += name
        if _first(paths, folder) == folder:
            return
        if not _first(paths, folder + "/").startswith(folder + "/"):
            with suppress(FileNotFoundError):
                _remove_all(Path(inside.at(folder)).parent, [name])
            return
        folder += "/"


def _first(paths: Sequence[str], start: str) -> str:
    """The first of these that is not before `start`; blank where all are."""
    at = bisect_left(paths, start)
    return paths[at] if at < len(paths) else ""


def _check(inside: _Inside, files: Mapping[str, int], paths: Sequence[str], turn: int) -> None:
    """Raises ValueError where a file is not the one that was written, and removes what nobody has told of.

    Others do such things to a public site, and this copy was one. A server may prefer an old `index.html.gz` of theirs
    to what we have published since.
    """
    first = turn // 2 * LOOKS % len(paths) if len(paths) > LOOKS else 0  # there are two copies, which take turns
    if _looked_at(inside, files, paths, range(first, min(first + LOOKS, len(paths)))):
        _looked_at(inside, files, paths, range(len(paths)))


def _looked_at(inside: _Inside, files: Mapping[str, int], paths: Sequence[str], chosen: Iterable[int]) -> bool:
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
                _remove_all(Path(at), strange)
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


def _walked(folder: Path) -> dict[str, int]:
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


def _link(path: str | Path, at: str | Path, is_symlink: bool | None = None) -> None:
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


def _keep_hidden(site: Path, new: Path, hidden: Iterable[str]) -> None:
    """Give the new site what is hidden in the old one, which keeps it too: no moment is without."""
    for name in hidden:
        kept, at = site / name, new / name
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


def _remove_all(folder: Path, names: Iterable[str]) -> None:
    """Raises OSError if some of it stays."""
    for name in names:
        at = folder / name
        if at.is_dir() and not at.is_symlink():
            shutil.rmtree(at)
        else:
            at.unlink(missing_ok=True)


def _give_back(old: Path, site: Path) -> None:
    """Give a site that another program has made what is hidden in the one that was put aside."""
    for name in sorted(_hidden(old)):
        if not os.path.lexists(site / name):
            (old / name).rename(site / name)


def _hidden(folder: Path) -> frozenset[str]:
    return frozenset(name for name in os.listdir(folder) if name.startswith("."))


def _identity(folder: Path) -> tuple[int, int] | None:
    with suppress(OSError):
        return _known(folder)
    return None


def _is_site(site: Path, state: _State) -> bool:
    """Whether a site is the one that was published last, whatever others may have done to it."""
    there = _identity(site)
    return there is not None and there[0] == state.new.identity[0]


def _known(folder: Path) -> tuple[int, int]:
    found = folder.lstat()
    if not S_ISDIR(found.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    return found.st_ino, found.st_mtime_ns


def _is_ours(stat: os.stat_result) -> bool:
    return sys.platform == "win32" or stat.st_uid == os.geteuid()


def _boot() -> str:
    """Which start of the machine this is. What was written shortly before it went down may not be on the disk."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return ""


def _exchange(site: Path, work: _Work) -> None:
    """Put one in the other's place. In one step where the system can, else with a moment without either."""
    if not os.path.lexists(site):
        work.next.rename(site)
        return
    if _swapped(site, work.next):
        return
    try:
        site.rename(work.old)
        try:
            work.next.rename(site)
        except BaseException:
            work.old.rename(site)
            raise
    except OSError as wrong:
        mounted = wrong.errno in {errno.EBUSY, errno.EXDEV}
        raise OSError(wrong.errno, MOUNTED if mounted else wrong.strerror, str(site)) from None
    with suppress(OSError):  # the next build can do it
        work.old.rename(work.next)


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
