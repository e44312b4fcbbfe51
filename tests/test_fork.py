"""Work that two processes share."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from aboveboard import fork
from aboveboard.fork import ENOUGH, TOGETHER, Share, meanwhile, shared

Worker = Callable[[Sequence[int]], list[tuple[int, int]]]


def worker(wrong: int | None = None) -> Worker:
    """Squares numbers and says who did it; one number is too much."""

    def work(some: Sequence[int]) -> list[tuple[int, int]]:
        if wrong in some:
            raise ValueError(f"{wrong} is too much")
        return [(number * number, os.getpid()) for number in some]

    return work


def together(work: Worker) -> Worker:
    """Lets this process only go on once the other one has begun, as it would with more work."""
    here, (out, into), begun = os.getpid(), os.pipe(), False

    def begin(some: Sequence[int]) -> list[tuple[int, int]]:
        nonlocal begun
        if not begun:
            begun = True
            if os.getpid() == here:
                os.read(out, 1)
            else:
                os.write(into, b"!")
        return work(some)

    return begin


def squares(made: list[tuple[int, int]]) -> list[int]:
    return sorted(square for square, _ in made)


def test_all_of_it_is_done_once_by_two():
    heard: list[int] = []
    made = list(shared(range(5003), together(worker()), may_fork=True, done=heard.append))

    assert squares(made) == [number * number for number in range(5003)]
    assert len({process for _, process in made}) == 2
    assert heard == sorted(heard)
    assert heard[-1] <= 5003


def test_all_of_it_is_done_once_by_one():
    heard: list[int] = []
    made = list(shared(range(ENOUGH), worker(), may_fork=False, done=heard.append))

    assert made == [(number * number, os.getpid()) for number in range(ENOUGH)]
    assert heard == list(range(TOGETHER, ENOUGH + 1, TOGETHER))


@pytest.mark.parametrize("may_fork", [False, True])
def test_neighbours_are_worked_on_together(may_fork: bool):
    kin = {number: 1 + number // 450 for number in range(5003)}
    given = list(shared(range(5003), lambda some: [list(some)], may_fork=may_fork, kin=kin.__getitem__))

    assert sorted(number for some in given for number in some) == list(range(5003))
    assert all(some == list(range(some[0], some[-1] + 1)) and len(some) <= TOGETHER for some in given)


def test_there_may_be_any_amount_of_it():
    """More than there are numbers for batches of the usual size."""
    made = list(shared(range(200_001), worker(), may_fork=True))

    assert squares(made) == [number * number for number in range(200_001)]


def test_what_is_akin_stays_together():
    """As far as two can share it: a month of a large site does, and one month that is the whole of a site does not."""
    months = [list(batch) for batch in fork._batches(range(6000), kin=lambda number: 1 + number // 300)]
    alone = [len(batch) for batch in fork._batches(range(6000), kin=lambda _: "the same")]
    rest = [len(batch) for batch in fork._batches(range(6000), kin=lambda _: None)]

    assert months == [list(range(at, at + 300)) for at in range(0, 6000, 300)]
    assert (sum(alone), max(alone)) == (6000, 375)
    assert (sum(rest), max(rest)) == (6000, TOGETHER)


def test_little_work_is_done_here():
    assert {process for _, process in shared(range(ENOUGH - 1), worker(), may_fork=True)} == {os.getpid()}


@pytest.mark.parametrize("wrong", [4, ENOUGH - 1])
def test_what_goes_wrong_is_told(wrong: int):
    with pytest.raises(ValueError, match=f"{wrong} is too much"):
        list(shared(range(ENOUGH), together(worker(wrong)), may_fork=True))


@pytest.mark.parametrize("after", [0, 50])
def test_what_goes_wrong_in_the_other_process_alone_is_done_here(after: int):
    """Memory may have run out there. What it has told before counts."""
    here, left = os.getpid(), after

    def work(some: Sequence[int]) -> list[tuple[int, int]]:
        nonlocal left
        if os.getpid() != here:
            if not left:
                os._exit(9)
            left -= 1
        return worker()(some)

    made = list(shared(range(ENOUGH), together(work), may_fork=True))

    assert squares(made) == [number * number for number in range(ENOUGH)]
    assert len({process for _, process in made}) == (2 if after else 1)


def test_the_other_process_does_something_last():
    """When all is told, that is done too."""
    here, (out, into) = os.getpid(), os.pipe()
    for _ in shared(range(ENOUGH), worker(), may_fork=True, last=lambda: os.write(into, b"done")):
        assert os.getpid() == here

    assert os.read(out, 10) == b"done"


def test_what_is_half_written_is_not_told_yet(tmp_path: Path):
    """The other process may be stopped at any point of it, or for good."""
    told = [pickle.dumps((number, 2, [number, 7 * number])) for number in (1, 2)]
    text = b"".join(fork._LENGTH.pack(len(one)) + one for one in told)
    with (tmp_path / "told").open("w+b", buffering=0) as file:
        results: fork._Results[int] = fork._Results(file)
        heard = []
        for at in range(len(text)):
            file.write(text[at : at + 1])
            heard += results.news()
            assert heard == ([1, 7, 2, 14] if at == len(text) - 1 else [1, 7] if at >= len(text) // 2 - 1 else [])
        assert (results.batches, results.done) == ({1, 2}, 4)


def test_what_is_shared_is_begun_before_anybody_asks():
    """While this process does something else."""
    out, into = os.pipe()

    def work(some: Sequence[int]) -> list[tuple[int, int]]:
        if 4 in some:
            os.write(into, b"!")
        return worker()(some)

    with Share(range(5), work, may_fork=True) as share:
        assert os.read(out, 1) == b"!"
        made = list(share.results())

    assert squares(made) == [0, 1, 4, 9, 16]
    assert {process for _, process in made} != {os.getpid()}


def test_nobody_has_to_ask_for_it():
    with Share(range(5000), worker(), may_fork=True) as share:
        assert share.is_forked


def test_an_answer_is_made_meanwhile_and_waited_for_once():
    answer = meanwhile(lambda: (os.getpid(), list(range(100_000))))

    other, numbers = answer()

    assert other != os.getpid()
    assert numbers == list(range(100_000))
    assert answer() == (other, numbers)


def test_no_answer_is_none():
    assert meanwhile(lambda: 1 // 0)() is None
    assert meanwhile(lambda: lambda: "what cannot be told")() is None
