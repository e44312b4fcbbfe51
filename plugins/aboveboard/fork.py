"""Work that two processes share, with the same result as in one."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Iterator, Sequence
from struct import Struct
from tempfile import TemporaryFile
from typing import IO, Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

ENOUGH = 400
"""From so many pieces of work on, a second process is worth its start."""

_BATCH = 20
"""So many pieces are taken at a time: few enough that neither process waits long for the other at the end."""

_BATCHES = 4000
"""There are no more batches than that, as their numbers wait in a pipe, which holds so much on any system."""

_NUMBER, _LENGTH = Struct("=H"), Struct("=Q")


def shared(
    todo: Sequence[T],
    work: Callable[[T], R],
    *,
    may_fork: bool,
    done: Callable[[int], None] = lambda _: None,
    last: Callable[[], None] = lambda: None,
) -> Iterator[R]:
    """What `work` makes of each, in no order to rely on. Results must be such as can be pickled.

    Where there is enough to do, and the caller has no other thread that a fork would break, two processes take one
    batch after the other; `last` is done in the second one at its end, for what `work` leaves behind there. What goes
    wrong in it is done again here, where it can be told. `done` hears how many are done.
    """
    if not may_fork or len(todo) < ENOUGH or not hasattr(os, "fork"):
        for count, one in enumerate(todo, 1):
            yield work(one)
            done(count)
        return
    size = max(_BATCH, -(-len(todo) // _BATCHES))
    batches = [todo[at : at + size] for at in range(0, len(todo), size)]
    queue, mine, count = _Queue(len(batches)), set(), 0
    with TemporaryFile() as file:
        sys.stdout.flush()
        sys.stderr.flush()
        other = os.fork()
        if not other:
            _serve(batches, queue, work, last, file)
        theirs: _Results[R] = _Results(file)
        try:
            while (number := queue.next()) is not None:
                mine.add(number)
                for one in batches[number]:
                    yield work(one)
                    count += 1
                    done(count + theirs.done)
                yield from theirs.news()
        finally:
            queue.close()
            os.waitpid(other, 0)
        yield from theirs.news()
    for number in set(range(len(batches))) - mine - theirs.batches:
        yield from map(work, batches[number])


class _Queue:
    """The numbers of batches, each of which is given to one process, whichever asks first."""

    def __init__(self, count: int) -> None:
        self._out, into = os.pipe()
        os.write(into, b"".join(map(_NUMBER.pack, range(count))))
        os.close(into)

    def next(self) -> int | None:
        """The next one; None where there is none left."""
        read = os.read(self._out, _NUMBER.size)
        return _NUMBER.unpack(read)[0] if read else None

    def close(self) -> None:
        """Take back what is left, in case that something went wrong, and let the other process come to its end."""
        while os.read(self._out, _NUMBER.size * _BATCHES):
            pass
        os.close(self._out)


class _Results(Generic[R]):
    """What the other process has made until now."""

    def __init__(self, file: IO[bytes]) -> None:
        self.batches: set[int] = set()
        """Those of which everything was told."""
        self.done = 0
        """How many pieces of work that is."""
        self._file, self._read = file.fileno(), 0

    def news(self) -> Iterator[R]:
        """What was told since the last time. Of what is being written at this moment the next look tells."""
        data = memoryview(os.pread(self._file, os.fstat(self._file).st_size - self._read, self._read))
        while len(data) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(data)
            told, data = data[_LENGTH.size :][:length], data[_LENGTH.size + length :]
            if len(told) < length:
                return
            self._read += _LENGTH.size + length
            number, results = pickle.loads(told)  # noqa: S301, our own process has written it
            self.batches.add(number)
            self.done += len(results)
            yield from results


def _serve(
    batches: Sequence[Sequence[T]],
    queue: _Queue,
    work: Callable[[T], R],
    last: Callable[[], None],
    file: IO[bytes],
) -> None:
    """Do the work in the other process, and end that."""
    try:
        while (number := queue.next()) is not None:
            told = pickle.dumps((number, list(map(work, batches[number]))), protocol=5)
            file.write(_LENGTH.pack(len(told)) + told)
            file.flush()
        last()
    except BaseException:  # whatever it is, it is told by the process that is left
        os._exit(1)
    os._exit(0)
