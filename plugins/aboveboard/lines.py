"""The lines of a notice's Markdown: which of them are inside a fence, which are headings, and what they point to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}(?=[^`]*$)|~{3,})(?P<info>.*)")
_HEADING = re.compile(r" {0,3}(?P<marks>#{1,6})(?:[ \t]+(?P<text>.*?))??(?:[ \t]+#+)?[ \t]*")
_GLUED = re.compile(r"#{1,2}[^#\s].*")
_CODE = re.compile(r"\\[\\`]|(?:(?<!`)|(?<=\\`))(`+)(?!`).*?(?<!`)\1(?!`)")
"""Code within a line, or a backslash with which none begins."""

_UNDERLINE = re.compile(r" {0,3}[=-]+[ \t]*")
_TAG = re.compile(r"<h[12](?=[\s/>])", re.IGNORECASE)
_ASIDE = re.compile(r"<!--.*?-->|(?P<open><!--.*)")

_TARGET = r"(?:<(?P<{0}_in_angles>[^<>]+)>|(?P<{0}>(?:[^()\s>]|\([^()\s>]*\)?)+))"
"""As CommonMark has it: in angle brackets with blanks, else with parentheses in pairs. One level of them will do."""

_REFERENCE = re.compile(
    rf"(?P<shown>!)?\[[^\[\]]*\]\(\s*{_TARGET.format('inline')}"
    r"|<img\b[^<>]*?\bsrc\s*=\s*"
    r"(?:\"(?P<tag_in_quotes>[^\"<>]+)|'(?P<tag_in_single_quotes>[^'<>]+)|(?P<tag>[^\"'\s<>]+))"
    rf"|\]\(\s*{_TARGET.format('outer')}"
    r"|^ {0,3}\[[^\]]+\]:\s*(?:<(?P<definition_in_angles>[^<>]+)>|(?P<definition>[^\s>]+))",
    re.IGNORECASE,
)
_TARGETS = tuple(group for group in _REFERENCE.groupindex if group != "shown")


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
    underline: bool = False
    """Whether it makes a heading of the line above it: a row of = or - that no blank line parts from it."""
    tag: int = 0
    """The column of a heading of level 1 or 2 in HTML; 0 where there is none."""
    comment: int = 0
    """The number of the line that opens the HTML comment in which this one begins; 0 outside."""


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
    opened = comment = 0
    comments = "<!--" in text
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
            one = _heading(number, line) if line.lstrip(" ").startswith("#") else _plain(number, line, found)
            if comments:
                one, comment = one._replace(comment=comment), _comment_after(line, number, comment)
            found.append(one)
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


def _plain(number: int, line: str, above: Sequence[Line]) -> Line:
    """A line that is no heading. Python-Markdown knows an underline below a list or a quotation, too."""
    if line[:1] in "=- " and above and _UNDERLINE.fullmatch(line):
        last = above[-1]
        return Line(number, line, underline=bool(last.text.strip()) and not (last.heading or last.fenced))
    if ("<h" in line or "<H" in line) and (match := _TAG.search(_prose(line))):
        return Line(number, line, tag=match.start() + 1)
    return Line(number, line)


def _prose(line: str) -> str:
    """The line with blanks in place of what is code or a comment."""
    if line.startswith(("    ", "\t")):
        return ""
    text = _CODE.sub(_blank, line) if "`" in line else line
    return _ASIDE.sub(_blank, text) if "<!--" in text else text


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _comment_after(line: str, number: int, comment: int) -> int:
    """The number of the line that opens the comment that is open after `line`; 0 where none is."""
    if comment:
        _, end, line = line.partition("-->")
        if not end:
            return comment
    elif line.startswith(("    ", "\t")):
        return 0
    text = _CODE.sub(_blank, line) if "`" in line else line
    return number if any(match["open"] for match in _ASIDE.finditer(text)) else 0


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
        text = _CODE.sub(_blank, line.text) if "`" in line.text else line.text
        for match in _REFERENCE.finditer(text):
            group = next(name for name in _TARGETS if match[name])
            shown = group.startswith("tag") or bool(match["shown"])
            yield Reference(line.number, match.start(group) + 1, match[group], shown)
