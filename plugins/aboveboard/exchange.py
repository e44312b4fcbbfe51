"""A folder that takes another's place, whole or not at all, and leaves the next one little to do."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from msgspec.structs import replace

from .beside import Start, Work, put_right_old
from .fresh import Fresh, Said
from .generation import Generation, State, hidden, identified, identity
from .inside import Inside, link, remove_all, walked
from .lock import alone
from .swap import MOUNTED, swap


@contextmanager
def exchanged(site: Path) -> Iterator[Fresh]:
    """What takes the place of `site`, an absolute path, when all went well and the caller has called `done`.

    Beside the site lies a second copy of it, of the same files by other names, one build behind. It is brought up to
    date, the caller changes what differs, and the two are exchanged. Where it is not certain what there is, the caller
    is given an empty folder. Of what becomes of that there is no second copy: the next build makes one, and where none
    comes, as in most CI, nobody has waited for it.

    What begins with a dot in the old site is not of the build's making, and is kept, as MkDocs does: the new site has
    it before it is published. Whoever is killed here leaves the old site or the new one, and what else is left beside
    it is put right by the next. Raises OSError, with the path and a sentence, and then the site is as it was.

    What is not hidden is the build's alone: what others add to it or change in it goes with the next build or, where
    there are more than `second.LOOKS` files, with one of the next.
    """
    if os.path.ismount(site):
        raise OSError(errno.EBUSY, MOUNTED, str(site))
    with alone(site):
        put_right_old(site)
        work = Work.beside(site)
        try:
            work.put_right(site)
            if os.path.lexists(site) and not identity(site):
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(site))
            start = work.start(site)
            made = Fresh(site, work.next, start.note, work.state)
            yield made
            if made.said is not None:
                _publish(site, work, start, made.said)
        finally:
            work.leave()


def _publish(site: Path, work: Work, start: Start, said: Said) -> None:
    """Exchange the two, and make of the one that is left what the next build needs."""
    changed, note = said.changed, said.note
    made, old = _made(work.next, start, changed), _now(site, start.site)
    stamps = Inside(work.next).stamps(changed) if start.is_published else {}
    is_second = old is not None and start.is_second(old)
    files: Mapping[str, int]
    if is_second:
        files = {path: time for path, time in start.files.items() if path not in stamps}
        files = {**files, **{path: stamp[-1] for path, stamp in stamps.items() if stamp}}
    else:
        files = said.every or (walked(work.next) if note else {})
    kept: frozenset[str] = frozenset()
    if old is not None:
        kept = old.hidden - old.made if old is start.site else old.hidden
        _keep_hidden(site, work.next, kept)
        shutil.copymode(site, work.next)
    state = State(new=Generation(identified(work.next), made, made | kept), files=files, note=note, turn=start.turn + 1)
    if is_second:
        state = replace(state, old=old, changed=stamps)
    state.write(work.state)
    try:
        swap(site, work.next, work.old)
    except OSError:
        work.state.unlink()
        raise
    if not note:
        work.state.unlink()
        return
    try:
        if state.old is not None:
            remove_all(work.next, state.old.hidden - state.lasting)
        else:
            work.put_aside(work.next)
    except OSError:  # the site is published, and the next one takes longer
        work.state.unlink(missing_ok=True)


def _made(folder: Path, start: Start, changed: Collection[str]) -> frozenset[str]:
    """What is hidden and the build's."""
    if start.made is None:
        return hidden(folder)
    told = {path.partition("/")[0] for path in changed if path.startswith(".")}
    return frozenset(name for name in start.made | told if os.path.lexists(folder / name))


def _now(site: Path, known: Generation | None) -> Generation | None:
    """The site as it is at this moment, to which somebody may have added something; or it is another altogether."""
    there = identity(site)
    if there is None or known is None or there[0] != known.identity[0]:
        return there and Generation(there, frozenset(), hidden(site))
    return known if there == known.identity else replace(known, hidden=hidden(site))


def _keep_hidden(site: Path, new: Path, hidden: Iterable[str]) -> None:
    """Give the new site what is hidden in the old one, which keeps it too: no moment is without."""
    for name in hidden:
        kept, at = site / name, new / name
        if os.path.lexists(at):
            continue
        if kept.is_dir() and not kept.is_symlink():
            try:
                shutil.copytree(kept, at, symlinks=True, copy_function=link)
            except shutil.Error as several:
                path, _, reason = several.args[0][0]
                raise OSError(errno.EIO, f"this cannot be kept: {reason}", str(path)) from None
        else:
            link(kept, at)
