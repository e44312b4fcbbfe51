"""What one can subscribe to, and what of it is the newest."""

from __future__ import annotations

from heapq import nlargest
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aboveboard.channels import newest


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 50)), unique=True), st.integers(1, 8))
def test_the_newest_are_those_with_the_newest_word(some: list[tuple[int, int]], count: int):
    """Of two at one instant the order is always the same."""
    entries: Any = [SimpleNamespace(last_posted=last, id=str(id_)) for last, id_ in some]

    assert newest(entries, count) == nlargest(count, entries, key=attrgetter("last_posted", "id"))
