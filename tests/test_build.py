"""The plot: where files are written, and where never."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from pathlib import Path

import pytest

from aboveboard.build import ENOUGH, Artefact, publish, scaled


@pytest.mark.parametrize("path", ["../evil", "/etc/evil", "a/../../evil", "link/evil", "", "."])
def test_nothing_is_written_outside_the_site(tmp_path: Path, path: str):
    """Whatever a path is made of, and wherever links in the old site lead."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "link").symlink_to(tmp_path)
    with pytest.raises(ValueError, match="and nothing is ever written there"):
        publish([Artefact(path, lambda: b"evil")], site)

    assert list(tmp_path.rglob("*evil*")) == []


def test_folders_are_made_and_files_are_replaced(tmp_path: Path):
    for text in (b"old", b"new"):
        publish([Artefact("a/b/index.html", lambda text=text: text)], tmp_path)

    assert (tmp_path / "a/b/index.html").read_bytes() == b"new"


def test_only_rem_are_scaled():
    css = ".a1rem{width:.8rem;margin:-1rem 10em;--x2rem:1.5rem}@media(min-width:60em){b{top:calc(2rem - 3px)}}"

    assert scaled(css, Fraction(5, 4)) == (
        ".a1rem{width:1rem;margin:-1.25rem 10em;--x2rem:1.875rem}@media(min-width:60em){b{top:calc(2.5rem - 3px)}}"
    )


def many(count: int, wrong: int | None = None) -> list[Artefact]:
    """Files whose bytes are their numbers; one of them cannot be made."""

    def make(number: int) -> bytes:
        if number == wrong:
            raise ValueError(f"file {number} cannot be made")
        return str(number).encode()

    return [Artefact(f"{number % 7}/{number}.txt", partial(make, number)) for number in range(count)]


def test_two_processes_write_what_one_would(tmp_path: Path):
    for name, may_fork in (("one", False), ("two", True)):
        publish(many(ENOUGH + 1), tmp_path / name, may_fork=may_fork)
    one, two = (
        {path.relative_to(root): path.read_bytes() for path in root.rglob("*.txt")}
        for root in (tmp_path / "one", tmp_path / "two")
    )

    assert len(one) == ENOUGH + 1
    assert one == two


@pytest.mark.parametrize("wrong", [4, 5])
def test_what_goes_wrong_in_either_process_is_told(tmp_path: Path, wrong: int):
    with pytest.raises(ValueError, match=f"file {wrong} cannot be made"):
        publish(many(ENOUGH, wrong), tmp_path, may_fork=True)
