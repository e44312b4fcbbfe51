"""The lines of a notice's Markdown: which of them are inside a fence, which are headings, and what they point to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}(?=[^`]*$)|~{3,})(?P<info>.*)")
_HEADING = re.compile(r" {0,3}(?P<marks>#{1,6})(?:[ \t]+(?P<text>.*?))??(?:[ \t]+#+)?[ \t]*")
_GLUED = re.compile(r"#{1,2}[^#\s].*")
_CODE = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)")
_REFERENCE = re.compile(
    r"(?P<shown>!)?\[[^\[\]]*\]\(\s*<?(?P<inline>[^)\s>]+)"
    r"|<img\b[^>]*?\bsrc\s*=\s*[\"']?(?P<tag>[^\"'\s>]+)"
    r"|\]\(\s*<?(?P<outer>[^)\s>]+)"
    r"|^ {0,3}\[[^\]]+\]:\s*<?(?P<definition>[^\s>]+)",
    re.IGNORECASE,
)


class Line(NamedTuple):
    """One line of Markdown."""

    number: int
    """From 1, in its file."""
    text: str
    heading: int = 0
    """The level of an ATX heading; 0 for anything else, and inside a fence."""
    title: str = ""
    """The text of a heading."""
    column: int = 1
    """Where that text begins."""
    fenced: bool = False
    """Whether it is part of a fenced code block."""
    unclosed: bool = False
    """Whether it opens a fence that nothing closes."""
    glued: bool = False
    """Whether it begins with one or two hashes and no blank, which Python-Markdown takes for a heading all the same."""


class Reference(NamedTuple):
    """A picture that a text shows, or a link."""

    line: int
    column: int
    target: str
    shown: bool
    """Whether it is a picture."""

    @property
    def local(self) -> str:
        """The path that it names; blank where it leads to another site or to the root of this one."""
        try:
            parts = urlsplit(self.target)
        except ValueError:  # "http://[" is no URL
            return ""
        return (
            "" if parts.scheme or parts.netloc or parts.path.startswith("/") else unquote(parts.path).removeprefix("./")
        )


def lines(text: str, first: int = 1) -> list[Line]:
    """The lines of `text`, whose first is number `first` of its file.

    "The content of the code block consists of all subsequent lines, until a closing code fence of the same type as
    the code block began with (backticks or tildes), and with at least as many backticks or tildes as the opening code
    fence."  CommonMark 0.31.2, 4.5. A heading inside a list or a quotation is not at the start of its line and
    divides nothing.
    """
    found: list[Line] = []
    fence = ""
    opened = 0
    for number, line in enumerate(text.split("\n"), first):
        match = _FENCE.fullmatch(line) if "```" in line or "~~~" in line else None
        if fence:
            found.append(Line(number, line, fenced=True))
            if match and match["fence"].startswith(fence) and not match["info"].strip():
                fence = ""
        elif match:
            fence, opened = match["fence"], len(found)
            found.append(Line(number, line, fenced=True))
        else:
            found.append(_heading(number, line) if line.lstrip(" ").startswith("#") else Line(number, line))
    if fence:
        found[opened] = found[opened]._replace(unclosed=True)
    return found


def _heading(number: int, line: str) -> Line:
    match = _HEADING.fullmatch(line)
    if not match:
        return Line(number, line, glued=bool(_GLUED.fullmatch(line)))
    title = (match["text"] or "").strip()
    column = match.start("text") + 1 if title else len(line) + 1
    return Line(number, line, heading=len(match["marks"]), title=title, column=column)


def joined(some: Sequence[Line]) -> str:
    """Their text, without blank lines at either end."""
    texts = [line.text for line in some]
    while texts and not texts[-1].strip():
        texts.pop()
    start = next((at for at, text in enumerate(texts) if text.strip()), len(texts))
    return "\n".join(texts[start:])


def references(some: Sequence[Line]) -> Iterator[Reference]:
    """What the lines point to, outside code."""
    for line in some:
        if line.fenced or not ("](" in line.text or "]:" in line.text or "<" in line.text):
            continue
        text = _CODE.sub(lambda code: " " * len(code[0]), line.text) if "`" in line.text else line.text
        for match in _REFERENCE.finditer(text):
            group = next(name for name in ("inline", "tag", "outer", "definition") if match[name])
            shown = group == "tag" or bool(match["shown"])
            yield Reference(line.number, match.start(group) + 1, match[group], shown)
