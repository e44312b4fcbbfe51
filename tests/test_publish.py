"""From artefacts to files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from aboveboard import publish as publishing
from aboveboard.fork import TOGETHER
from aboveboard.memo import Memo
from aboveboard.publish import Artefact, Bundle, Plain, Published, Together, publish


class Telling(Plain):
    """A folder that tells what is written to it."""

    def __init__(self, folder: Path, happened: list[str]) -> None:
        super().__init__(folder)
        self.happened = happened

    def put(self, path: str, data: bytes) -> os.stat_result:
        self.happened.append(f"write {path}")
        return super().put(path, data)


def published(folder: Path, some: Sequence[Artefact], happened: list[str]) -> Published:
    return publish([Bundle("all", b"", lambda: some)], Telling(folder, happened), {}, Memo(None))


def test_files_of_a_kind_are_made_together_and_then_written(tmp_path: Path):
    happened: list[str] = []

    def pages(kind: str, paths: Sequence[str]) -> list[bytes]:
        happened.append(f"make {' '.join(paths)}")
        return [f"{kind} {path}".encode() for path in paths]

    def alone() -> bytes:
        happened.append("make c")
        return b"alone"

    page, text = Together(partial(pages, "page")), Together(partial(pages, "text"))
    kinds = {"a": page, "b": page, "c": alone, "d": text, "e": page}
    done = published(tmp_path, [Artefact(path, path.encode(), make) for path, make in kinds.items()], happened)

    assert happened == ["make a b", "make c", "make d", "make e", *(f"write {path}" for path in kinds)]
    assert {path: (tmp_path / path).read_text() for path in kinds} == {
        "a": "page a",
        "b": "page b",
        "c": "alone",
        "d": "text d",
        "e": "page e",
    }
    assert done.changed == [*kinds]
    assert done.held["all"].files == {path: path.encode() for path in kinds}


def test_no_more_bytes_wait_than_is_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(publishing, "_WAITING", 20)
    happened: list[str] = []

    def make(path: str) -> bytes:
        happened.append(f"make {path}")
        return b"0123456789"

    published(tmp_path, [Artefact(path, b"", partial(make, path)) for path in "abc"], happened)

    assert happened == ["make a", "make b", "write a", "write b", "make c", "write c"]


def test_no_more_are_made_than_stay_at_hand(tmp_path: Path):
    happened: list[str] = []
    asked: list[int] = []

    def pages(paths: Sequence[str]) -> list[bytes]:
        asked.append(len(paths))
        return [b""] * len(paths)

    make = Together(pages)
    published(tmp_path, [Artefact(f"{number:03}", b"", make) for number in range(130)], happened)

    assert sum(asked) == 130
    assert max(asked) == TOGETHER
    assert happened == [f"write {number:03}" for number in range(130)]
