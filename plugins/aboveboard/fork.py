"""Work that two processes share, with the same result as in one."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from struct import Struct
from tempfile import TemporaryFile
from typing import IO, Generic, Self, TypeVar

T = TypeVar("T")
R = TypeVar("R")

Work = Callable[[Sequence[T]], Iterable[R]]
"""What comes of some pieces of work: something for each, or for all of them together."""

ENOUGH = 400
"""From so many small pieces of work on, a second process is worth its start."""

TOGETHER = 40
"""So many pieces are worked on together at most: few enough that what one step has made of them is still at hand for
the next, and that neither process waits long for the other at the end."""

_SHARE = 64
"""Into so many batches fewer pieces are cut, for the same reason: of forty, one may take as long as ten others."""

_KIN, _LONGEST = 16, 2000
"""What is akin stays together as far as that leaves so many batches, and none has more pieces than that."""

_BATCHES = 4000
"""There are no more batches than that, as their numbers wait in a pipe, which holds so much on any system."""

_NUMBER, _LENGTH = Struct("=H"), Struct("=Q")


def shared(
    todo: Sequence[T],
    work: Work[T, R],
    *,
    may_fork: bool,
    enough: int = ENOUGH,
    kin: Callable[[T], object] = lambda _: None,
    done: Callable[[int], None] = lambda _: None,
    last: Callable[[], None] = lambda: None,
) -> Iterator[R]:
    """What `work` makes of all of it, in no order to rely on, as `Share` has it. `done` hears how many are done."""
    with Share(todo, work, may_fork=may_fork and len(todo) >= enough, kin=kin, last=last) as share:
        yield from share.results(done)


class Share(Generic[T, R]):
    """Work that a second process begins at once, and that this one goes on with when it asks for what came of it.

    `work` is given some pieces at a time, neighbours of each other, so that all of them can go through one step after
    the other: what a step needs is then at hand in the processor, which saves a tenth of the time. What comes of them
    must be such as can be pickled. The caller, if a fork is allowed, has no other thread that it would break.

    Two processes take one batch after the other. Neighbours of the same `kin`, where that is true, are mostly in one
    batch: who works on one of them has at hand what the others need. `last` is done in the second process at its end,
    for what `work` leaves behind there. What goes wrong in it is done again here, where it can be told.
    """

    def __init__(
        self,
        todo: Sequence[T],
        work: Work[T, R],
        *,
        may_fork: bool,
        kin: Callable[[T], object] = lambda _: None,
        last: Callable[[], None] = lambda: None,
    ) -> None:
        self._todo, self._work = todo, work
        self.is_forked = may_fork and len(todo) > 1 and hasattr(os, "fork")
        """Whether there is a second process."""
        if not self.is_forked:
            return
        self._batches = list(_batches(todo, kin))
        self._queue = _Queue(len(self._batches))
        self._file = TemporaryFile()  # noqa: SIM115, it is closed at the exit
        sys.stdout.flush()
        sys.stderr.flush()
        self._other = os.fork()
        if not self._other:
            _serve(self._batches, self._queue, work, last, self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()
        if self.is_forked:
            self._file.close()

    def results(self, done: Callable[[int], None] = lambda _: None) -> Iterator[R]:
        """What came of it, in no order to rely on. `done` hears how many are done."""
        count = 0
        if not self.is_forked:
            for some in together(self._todo):
                yield from self._work(some)
                done(count := count + len(some))
            return
        theirs: _Results[R] = _Results(self._file)
        mine = set()
        while (number := self._queue.next()) is not None:
            mine.add(number)
            for some in together(self._batches[number]):
                yield from self._work(some)
                done((count := count + len(some)) + theirs.done)
            yield from theirs.news()
        self._leave()
        yield from theirs.news()
        done(count + theirs.done)
        for number in set(range(len(self._batches))) - mine - theirs.batches:
            for some in together(self._batches[number]):
                yield from self._work(some)

    def _leave(self) -> None:
        """Let the other process come to its end."""
        if self.is_forked and self._other:
            self._queue.close()
            os.waitpid(self._other, 0)
            self._other = 0


def _batches(todo: Sequence[T], kin: Callable[[T], object]) -> Iterator[Sequence[T]]:
    """All of it in order, in pieces that are long enough for there to be no more than `_BATCHES`."""
    size = max(1, min(TOGETHER, len(todo) // _SHARE), -(-len(todo) // _BATCHES))
    longest = max(size, min(_LONGEST, len(todo) // _KIN))
    begin, before = 0, kin(todo[0])
    for at in range(1, len(todo)):
        this = kin(todo[at])
        if at - begin >= (longest if this and this == before else size):
            yield todo[begin:at]
            begin = at
        before = this
    yield todo[begin:]


def together(some: Sequence[T], count: int = TOGETHER) -> Iterator[Sequence[T]]:
    """As many at a time as should be worked on together."""
    return (some[at : at + count] for at in range(0, len(some), count))


def meanwhile(work: Callable[[], R]) -> Callable[[], R | None]:
    """Begin `work` in another process. What is returned waits for its end, and gives what came of it.

    That is None where it went wrong, so that it has to be done here, where it can be told. The caller has no other
    thread that a fork would break, and there is `os.fork`.
    """
    out, into = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    other = os.fork()
    if not other:
        os.close(out)
        _answer(work, into)
    os.close(into)

    @cache
    def answer() -> R | None:
        with open(out, "rb") as told:  # noqa: PTH123, a pipe has no path
            data = told.read()
        _, status = os.waitpid(other, 0)
        return None if status or not data else pickle.loads(data)  # noqa: S301, our own process has written it

    return answer


def _answer(work: Callable[[], object], into: int) -> None:
    """Do the work in the other process, tell what came of it, and end that."""
    try:
        rest = memoryview(pickle.dumps(work(), protocol=5))
        while rest:
            rest = rest[os.write(into, rest) :]
    except BaseException:  # as above, and nobody may be left to hear of it
        os._exit(1)
    os._exit(0)


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
            number, count, results = pickle.loads(told)  # noqa: S301, our own process has written it
            self.batches.add(number)
            self.done += count
            yield from results


def _serve(
    batches: Sequence[Sequence[T]],
    queue: _Queue,
    work: Work[T, R],
    last: Callable[[], None],
    file: IO[bytes],
) -> None:
    """Do the work in the other process, and end that."""
    try:
        while (number := queue.next()) is not None:
            batch = batches[number]
            results = [one for some in together(batch) for one in work(some)]
            told = pickle.dumps((number, len(batch), results), protocol=5)
            file.write(_LENGTH.pack(len(told)) + told)
            file.flush()
        last()
    except BaseException:  # whatever it is, it is told by the process that is left
        os._exit(1)
    os._exit(0)
