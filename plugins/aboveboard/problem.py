"""A problem: the one error that an author sees. A place and a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from msgspec import Struct

Key = tuple[str | int, ...]
"""The way to a value in front matter: `("updates", 1)`."""


class Place(Struct, frozen=True):
    """Where something stands in a file: a line and a column, both from 1."""

    line: int
    column: int


class Problem(Struct, frozen=True, order=True):
    """What is wrong in a file, where, and what to write instead."""

    path: str
    """Relative to the project, with forward slashes."""
    line: int
    """From 1; 1 where the whole file is meant."""
    column: int
    """From 1."""
    sentence: str
    key: str = ""
    """The front-matter or settings key it is about, spelled `updates[1]` or `components.mail`; may be empty."""

    def __str__(self) -> str:
        """`incidents/x.md:9:4: updates[1]: "fixed" is not a status; use …`. Editors make the start a link."""
        about = f"{self.key}: " if self.key else ""
        return f"{self.path}:{self.line}:{self.column}: {about}{self.sentence}"


class Refused(Exception):
    """The input has problems: all of them, in the order of files and lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def one_of(words: Iterable[str]) -> str:
    """`a, b or c`: the choices, as a sentence lists them."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def nearest(word: str, words: Iterable[str]) -> str:
    """`; did you mean "mail"?` where something is near, else nothing."""
    near = get_close_matches(word, list(words), n=1, cutoff=0.6)
    return f'; did you mean "{near[0]}"?' if near else ""


def spelled(key: Key) -> str:
    """`components.mail`, `updates[1]`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in key).removeprefix(".")
