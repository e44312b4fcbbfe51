"""Work that two processes share."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from aboveboard.fork import ENOUGH, shared


def worker(wrong: int | None = None) -> Callable[[int], tuple[int, int]]:
    """Squares numbers and says who did it; one number is too much."""

    def work(number: int) -> tuple[int, int]:
        if number == wrong:
            raise ValueError(f"{number} is too much")
        return number * number, os.getpid()

    return work


@pytest.mark.parametrize("may_fork", [True, False])
def test_all_of_it_is_done_once(may_fork: bool):
    heard: list[int] = []
    made = list(shared(range(ENOUGH + 1), worker(), may_fork=may_fork, done=heard.append))

    assert sorted(square for square, _ in made) == [number * number for number in range(ENOUGH + 1)]
    assert len({process for _, process in made}) == (2 if may_fork else 1)
    assert heard == sorted(heard)
    assert heard[-1] <= ENOUGH + 1


def test_little_work_is_done_here():
    assert {process for _, process in shared(range(ENOUGH - 1), worker(), may_fork=True)} == {os.getpid()}


@pytest.mark.parametrize("wrong", [4, 5])
def test_what_goes_wrong_in_either_process_is_told(wrong: int):
    with pytest.raises(ValueError, match=f"{wrong} is too much"):
        list(shared(range(ENOUGH), worker(wrong), may_fork=True))
