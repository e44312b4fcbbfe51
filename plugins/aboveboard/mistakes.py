"""The mistakes in one file, gathered until all are found."""

from __future__ import annotations

from msgspec import Struct

from .problem import Key, Problem, spelled
from .source import Source


class Mistakes(Struct, frozen=True):
    """What is wrong with a source, added to what is wrong with others that are read with it."""

    source: Source
    problems: list[Problem]

    def say(self, key: Key, sentence: str, *, content: bool = True) -> None:
        """Of a key of the front matter, or of its value."""
        place = self.source.front.place(key, content=content)
        self.problems.append(Problem(self.source.path, place.line, place.column, sentence, spelled(key)))

    def say_at(self, line: int, column: int, sentence: str, key: str = "") -> None:
        """Of a place in the body."""
        self.problems.append(Problem(self.source.path, line, column, sentence, key))


def nth(number: int) -> str:
    """The key of update `number`, from 0."""
    return f"updates[{number}]"
