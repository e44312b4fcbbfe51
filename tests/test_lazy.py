"""Mappings whose members are made when somebody looks at them."""

from __future__ import annotations

from aboveboard.lazy import KEPT, LazyMap


def test_the_last_that_were_looked_at_are_kept_and_no_more():
    asked: list[str] = []

    def make(key: str) -> int:
        asked.append(key)
        return int(key)

    keys = {str(number): None for number in range(2 * KEPT)}
    some = LazyMap(keys, make)

    assert [some[key] for key in keys] == list(range(2 * KEPT))
    assert some[str(KEPT)] == KEPT
    assert asked == list(keys)
    assert len(some.made) == KEPT
    assert some["0"] == 0
    assert asked[-1] == "0"
