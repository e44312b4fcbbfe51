"""The folder beside a site: what the next build begins with, and what a killed one has left."""

# ruff: noqa: PTH208, names are what is compared
from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from glob import escape
from pathlib import Path
from tempfile import mkdtemp

from msgspec import Struct
from msgspec.structs import replace

from . import second
from .generation import UNFINISHED, Generation, State, hidden, identified, identity, is_ours
from .inside import Inside, remove_all


class Work(Struct, frozen=True):
    """The folder beside the site."""

    folder: Path

    @classmethod
    def beside(cls, site: Path) -> Work:
        work = cls(site.with_name(f".{site.name}.generations"))
        with suppress(FileExistsError):
            work.folder.mkdir(mode=0o700)
        identified(work.folder)
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
        state, there = State.read(self.state), identity(site)
        if state is None or there is None or there[0] != state.new.identity[0]:
            _give_back(self.old, site)
        if os.path.lexists(self.next):
            self.put_aside(self.old)
        else:
            self.old.rename(self.next)

    def start(self, site: Path) -> Start:
        """Bring the second copy up to date, or make it empty where it is not certain what it holds."""
        with suppress(OSError, ValueError):
            start = self._brought_up(site)
            if start is not None:
                return start
        self.state.unlink(missing_ok=True)
        self.put_aside(self.next)
        self.next.mkdir()
        return Start()

    def _brought_up(self, site: Path) -> Start | None:
        """All of this can be done again: whoever is killed here leaves a state that is as true as before."""
        state = State.read(self.state)
        if state is None or not is_ours(self.folder.lstat()):
            return None
        if _is_site(site, state) and (state.old is None or not os.path.lexists(self.next)):
            state = self._doubled(site, state)
        here = identity(self.next)
        if here is None:
            return None
        inside, paths = Inside(self.next), sorted(state.files)
        is_published = here[0] != state.new.identity[0]
        if not is_published:
            remove_all(self.next, hidden(self.next) - state.new.made)
        elif state.old is None or here[0] != state.old.identity[0]:
            return None
        else:
            if here != state.old.identity or state.old.hidden - state.lasting:
                remove_all(self.next, state.strange(os.listdir(self.next)))
            second.catch_up(inside, Inside(site), state.changed, paths)
        second.check(inside, state.files, paths, state.turn)
        return Start(
            note=state.note,
            files=state.files,
            turn=state.turn,
            made=state.new.made,
            site=state.new if is_published else state.old,
            is_published=is_published,
        )

    def _doubled(self, site: Path, state: State) -> State:
        """Make a second copy of the site, of the same files, which nobody may have changed since.

        What others have added, and what is hidden and not the build's, is not in it.
        """
        for folder in (self.second, self.next):
            self.put_aside(folder)
        self.second.mkdir()
        second.make(Inside(self.second), Inside(site), state.files)
        made = hidden(self.second)
        state = replace(state, old=Generation(identified(self.second), made, made), changed={})
        state.write(self.state)
        self.second.rename(self.next)
        return state

    def put_aside(self, folder: Path) -> None:
        """To be removed at the end. It takes its time, and ext4 is slow to make files after so many were removed."""
        if os.path.lexists(folder):
            folder.rename(Path(mkdtemp(prefix="gone-", dir=self.folder), folder.name))

    def leave(self) -> None:
        """What nobody can use is not left behind."""
        with suppress(OSError):
            self.state.with_name(UNFINISHED).unlink(missing_ok=True)
            self.put_aside(self.second)
            if not self.state.exists():
                self.put_aside(self.next)
            for gone in self.folder.glob("gone-*"):
                shutil.rmtree(gone, ignore_errors=True)
            if os.listdir(self.folder) == [self.unversioned.name]:
                self.unversioned.unlink()
                self.folder.rmdir()


def _is_site(site: Path, state: State) -> bool:
    """Whether a site is the one that was published last, whatever others may have done to it."""
    there = identity(site)
    return there is not None and there[0] == state.new.identity[0]


class Start(Struct, frozen=True):
    """What the caller is given, and what is known of the site."""

    note: bytes = b""
    files: Mapping[str, int] = {}
    turn: int = 0
    made: frozenset[str] | None = None
    """What is hidden in the folder for the caller, and the build's. None where the folder is empty."""
    site: Generation | None = None
    is_published: bool = False
    """Whether what is in the folder is in the site too, if it still is that one."""

    def is_second(self, site: Generation) -> bool:
        """Whether it can be the next second copy, once it has been caught up with."""
        return self.is_published and self.site is not None and self.site.identity[0] == site.identity[0]


def put_right_old(site: Path) -> None:
    """What a killed build of an earlier version has left: the site it had put aside, and what it was making."""
    for work in site.parent.glob(f"{escape(f'.{site.name}.build-')}????????"):
        old = work / "old"
        if old.is_dir() and not site.exists():
            old.rename(site)
        if old.is_dir():  # another program may have made a site meanwhile
            _give_back(old, site)
        if site.exists() or not old.exists():  # else the only site there is lies in it
            shutil.rmtree(work, ignore_errors=True)


def _give_back(old: Path, site: Path) -> None:
    """Give a site that another program has made what is hidden in the one that was put aside."""
    for name in sorted(hidden(old)):
        if not os.path.lexists(site / name):
            (old / name).rename(site / name)
