"""What is kept from one build to the next, by whichever of its processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from aboveboard import memo as keeping
from aboveboard.memo import Memo


def forked(work: Callable[[], object]) -> None:
    """Do something in another process, to its end."""
    other = os.fork()
    if not other:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitpid(other, 0)[1] == 0


@pytest.fixture(autouse=True)
def cramped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little is kept in mind."""
    monkeypatch.setattr(keeping, "_HELD", 20_000)


def put(memo: Memo, count: int, said: str) -> None:
    for number in range(count):
        memo.put("square", number.to_bytes(4), (said, number * number))


def test_what_is_too_much_to_keep_in_mind_is_found_again(tmp_path: Path):
    """As a large site has more pages than a build may hold."""
    memo = Memo(tmp_path / "memo")
    put(memo, 2500, "here")

    assert len(memo._new) < 1000
    assert [memo.get("square", number.to_bytes(4)) for number in range(2500)] == [("here", n * n) for n in range(2500)]
    assert memo.get("square", (2500).to_bytes(4)) is None


def test_several_are_found_as_each_is(tmp_path: Path):
    """Those that wait to be written, those that were, and none that is missing or damaged."""
    memo = Memo(tmp_path / "memo")
    put(memo, 2500, "here")
    keys = [number.to_bytes(4) for number in range(2600)]

    assert 0 < len(memo._new) < 2500
    assert memo.several("square", keys) == {key: memo.get("square", key) for key in keys[:2500]}
    assert memo.several("cube", keys) == {}
    assert memo._file is not None
    memo._file.execute("UPDATE kept SET value = zeroblob(50) WHERE kind = 'square' AND key = ?", (keys[7],))
    assert memo.several("square", keys[:5]).keys() == {*keys[:5]}
    assert keys[7] not in memo.several("square", keys)
    assert "damaged" in memo.trouble


def test_what_is_missing_of_several_is_made_together(tmp_path: Path):
    asked: list[list[bytes]] = []

    def made(missing: Sequence[bytes]) -> list[int]:
        asked.append([*missing])
        return [int.from_bytes(key) for key in missing]

    keys = [number.to_bytes(4) for number in range(40)]
    memo = Memo(tmp_path / "memo")
    memo.put("number", keys[7], "what was put")
    expected = [number if number != 7 else "what was put" for number in range(40)]

    assert memo.kept_together("number", keys, made) == expected
    memo.save()
    memo.close()
    later = Memo(tmp_path / "memo")
    assert later.kept_together("number", keys[30:], made) == expected[30:]
    assert later.kept_together("number", [*keys[:2], b"\xff"], made) == [0, 1, 255]
    assert asked == [[key for key in keys if key != keys[7]], [b"\xff"]]


def test_what_another_process_has_written_is_kept(tmp_path: Path):
    memo = Memo(tmp_path / "memo")
    memo.begin()
    put(memo, 3, "here")
    forked(lambda: (put(memo, 700, "there"), memo.write()))

    assert memo.get("square", bytes(4)) == ("here", 0)
    assert memo.get("square", (699).to_bytes(4)) == ("there", 699 * 699)
    memo.save()
    memo.close()
    later = Memo(tmp_path / "memo")
    assert later.get("square", bytes(4)) == ("here", 0)
    assert later.get("square", (3).to_bytes(4)) == ("there", 9)
    assert not later.trouble


def test_what_waits_to_be_written_is_written_by_one_process(tmp_path: Path):
    """The other one can read it, and writes its own alone."""
    memo = Memo(tmp_path / "memo")
    memo.begin()
    put(memo, 3, "here")
    zero = bytes(4)

    def there() -> None:
        assert memo.get("square", zero) == memo.several("square", [zero])[zero] == ("here", 0)
        assert memo.kept("square", zero, lambda: ("again", 0)) == ("here", 0)
        assert dict(memo.all("square"))[zero] == ("here", 0)
        memo.put("cube", b"", 0)
        memo.write()

    forked(there)
    assert memo._file is not None
    assert memo._file.execute("SELECT kind, key FROM kept").fetchall() == [("cube", b"")]
    memo.write()
    assert memo._file.execute("SELECT count(*) FROM kept").fetchone() == (4,)


def test_another_process_makes_no_file_of_its_own(tmp_path: Path):
    """The first one may be about to make it, and two would take it from one another."""
    memo = Memo(tmp_path / "memo")
    forked(lambda: (put(memo, 700, "there"), memo.write()))

    assert not (tmp_path / "memo").exists()
    put(memo, 1, "here")
    memo.save()
    assert memo.get("square", bytes(4)) == ("here", 0)
    assert memo.get("square", (1).to_bytes(4)) is None


def test_what_cannot_be_written_is_told_once(tmp_path: Path):
    (tmp_path / "memo").mkdir()
    memo = Memo(tmp_path / "memo")
    memo.begin()
    put(memo, 1, "here")
    memo.save()

    assert memo.trouble.startswith(f"{tmp_path / 'memo'} is made anew: ")
    assert memo.get("square", bytes(4)) == ("here", 0)


def test_of_a_kind_that_is_new_nothing_is_looked_for_until_it_is_renewed(tmp_path: Path):
    """What this process has in mind it knows, and making a thing again is never wrong."""
    memo = Memo(tmp_path / "memo")
    memo.begin()
    kept = [memo.kept("square", bytes(4), lambda: 1)]
    forked(lambda: (put(memo, 700, "there"), memo.write()))
    kept += [memo.kept("square", bytes(4), lambda: 2), memo.kept("square", bytes([0, 0, 0, 9]), lambda: 3)]
    assert kept == [1, 1, 3]

    memo.renew()
    assert memo.kept("square", bytes([0, 0, 0, 8]), lambda: 4) == ("there", 64)
    assert memo.kept("cube", bytes(4), lambda: 5) == 5
