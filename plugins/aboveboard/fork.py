"""Work that two processes share, with the same result as in one."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Iterator, Sequence
from mmap import mmap
from struct import Struct
from tempfile import TemporaryFile
from typing import IO, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_COUNT = Struct("=Q")

ENOUGH = 400
"""From so many pieces of work on, a second process is worth its start."""


def shared(
    todo: Sequence[T], work: Callable[[T], R], *, may_fork: bool, done: Callable[[int], None] = lambda _: None
) -> Iterator[R]:
    """What `work` makes of each, in no order to rely on. Results must be such as can be pickled.

    Where there is enough to do, and the caller has no other thread that a fork would break, two processes do a half
    each. What goes wrong in the other one is done again here, where it can be told. `done` hears how many are done.
    """
    if not may_fork or len(todo) < ENOUGH or not hasattr(os, "fork"):
        for count, one in enumerate(todo, 1):
            yield work(one)
            done(count)
        return
    mine, theirs = todo[::2], todo[1::2]
    with TemporaryFile() as results, mmap(-1, _COUNT.size) as counted:
        sys.stdout.flush()
        sys.stderr.flush()
        other = os.fork()
        if not other:
            _serve(theirs, work, results, counted)
        try:
            for count, one in enumerate(mine, 1):
                yield work(one)
                done(count + _COUNT.unpack_from(counted)[0])
        finally:
            _, failed = os.waitpid(other, 0)
        if failed:
            yield from map(work, theirs)
        else:
            yield from _read(results, len(theirs))


def _serve(todo: Sequence[T], work: Callable[[T], R], results: IO[bytes], counted: mmap) -> None:
    """Do the work in the other process, and end that."""
    try:
        for count, one in enumerate(todo, 1):
            pickle.dump(work(one), results, protocol=5)
            _COUNT.pack_into(counted, 0, count)
        results.flush()
    except BaseException:  # whatever it is, it is told by the process that is left
        os._exit(1)
    os._exit(0)


def _read(results: IO[bytes], count: int) -> Iterator[R]:
    results.seek(0)
    for _ in range(count):
        yield pickle.load(results)  # noqa: S301, our own process has written it
