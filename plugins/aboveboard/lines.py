"""The lines of a notice's Markdown: which of them are inside a fence, which are headings, and what they point to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from msgspec import Struct
from msgspec.structs import replace

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
    rf"\[[^\[\]]*\]\(\s*{_TARGET.format('inline')}"
    r"|<img\b[^<>]*?\bsrc\s*=\s*"
    r"(?:\"(?P<tag_in_quotes>[^\"<>]+)|'(?P<tag_in_single_quotes>[^'<>]+)|(?P<tag>[^\"'\s<>]+))"
    rf"|\]\(\s*{_TARGET.format('outer')}",
    re.IGNORECASE,
)
"""Each way begins with a mark of its own, so that the search leaps over words."""

_DEFINITION = re.compile(r" {0,3}\[[^\]]+\]:\s*(?:<(?P<definition_in_angles>[^<>]+)>|(?P<definition>[^\s>]+))")


_PATH = re.compile(r"[A-Za-z0-9._-][A-Za-z0-9._/-]*")
"""A target that is nothing but a path, as most are: to take it apart takes as long as to find it."""


class Line(Struct, frozen=True):
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


class Reference(Struct, frozen=True):
    """A picture that a text shows, or a link."""

    line: int
    column: int
    target: str
    shown: bool
    """Whether it is a picture."""

    @property
    def local(self) -> str:
        """The path that it names; blank where it leads to another site or to the root of this one."""
        if _PATH.fullmatch(self.target):
            return self.target.removeprefix("./")
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
    comments = "<" in text and "<!--" in text
    is_simple = not comments and not _may_tag(text)
    for number, line in enumerate(text.split("\n"), first):
        if is_simple and not fence and line[:1] not in _MARKS:  # nearly every line
            found.append(Line(number, line))
            continue
        before, fence = fence, _fence_after(line, fence)
        if before or fence:
            opened = opened if before else len(found)
            found.append(Line(number, line, fenced=True))
        else:
            one = _heading(number, line) if _may_head(line) else _plain(number, line, found)
            if comments:
                one, comment = replace(one, comment=comment), _comment_after(line, number, comment)
            found.append(one)
    if fence:
        found[opened] = replace(found[opened], unclosed=True)
    return found


_MARKS = frozenset("#=-`~ ")
"""What a line begins with that is a heading, an underline or a fence."""

_FENCED = frozenset("`~ ")
"""What one begins with that is a fence."""


def marked(text: str, first: int = 1) -> list[Line]:
    """Those of `lines` that are more than text: they are a heading, begin like one, or divide elsewhere than it seems.

    Without comments and HTML, as nearly every text is, all of them begin with a mark, and the others need not be made.
    """
    if _may_tag(text) or ("<" in text and "<!--" in text):
        return [line for line in lines(text, first) if line.heading or _is_odd(line)]
    found: list[Line] = []
    fence = ""
    opened = 0
    texts = text.split("\n")
    for at, line in enumerate(texts):
        if line[:1] not in _MARKS:
            continue
        if fence or "```" in line or "~~~" in line:
            before, fence = fence, _fence_after(line, fence)
            if before or fence:
                opened = opened if before else at
                continue
        if line[0] == "#" or _may_head(line):
            found.append(_heading(first + at, line))
        elif at and _UNDERLINE.fullmatch(line):
            found.append(_plain(first + at, line, lines(texts[at - 1])))
    if fence:
        found.append(Line(first + opened, texts[opened], fenced=True, unclosed=True))
    return [line for line in found if line.heading or _is_odd(line)]


def _is_odd(line: Line) -> bool:
    """Whether a line that is no heading divides, or begins like a heading."""
    divides = line.unclosed or line.glued or line.underline or line.tag or line.comment
    return bool(divides) or (line.text.startswith("###") and not line.fenced)


def _fence_after(line: str, fence: str) -> str:
    """The marks of the fence that is open after `line`, where `fence` was before it; blank for none."""
    match = _FENCE.fullmatch(line) if "```" in line or "~~~" in line else None
    if not match:
        return fence
    if fence:
        return "" if match["fence"].startswith(fence) and not match["info"].strip() else fence
    return match["fence"]


def _may_tag(text: str) -> bool:
    return "<" in text and ("<h" in text or "<H" in text)  # to look for a single mark takes next to no time


def _may_head(line: str) -> bool:
    return line.lstrip(" ")[:1] == "#"


def _heading(number: int, line: str) -> Line:
    level = len(line) - len(line.lstrip("#"))
    title = line[level + 1 :]
    if 1 <= level <= 6 and line[level : level + 1] == " " and title == title.strip() and title[-1:] not in ("", "#"):
        return Line(number, line, level, title, level + 2)  # as nearly every heading is written
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
    if _may_tag(line) and (match := _TAG.search(_prose(line))):
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


def without_comments(text: str) -> str:
    """The text without HTML comments, which no page shows. What is code keeps what looks like one."""
    if "<!--" not in text:
        return text
    kept: list[str] = []
    hidden = False
    for line in lines(text):
        shown = line.text
        if hidden:
            _, end, shown = shown.partition("-->")
            if not end:
                continue
        elif line.fenced or shown.startswith(("    ", "\t")):
            kept.append(shown)
            continue
        masked = _CODE.sub(_blank, shown) if "`" in shown else shown
        asides = list(_ASIDE.finditer(masked))
        hidden = any(aside["open"] for aside in asides)
        for aside in reversed(asides):
            shown = shown[: aside.start()] + shown[aside.end() :]
        if shown.strip() or shown == line.text:
            kept.append(shown.rstrip() if asides else shown)
    return stripped(kept)


def joined(some: Sequence[Line]) -> str:
    """Their text, without blank lines at either end."""
    return stripped([line.text for line in some])


def stripped(texts: Sequence[str]) -> str:
    """These lines as one text, without blank ones at either end."""
    start, end = 0, len(texts)
    while end and not texts[end - 1].strip():
        end -= 1
    while start < end and not texts[start].strip():
        start += 1
    return "\n".join(texts[start:end])


@lru_cache(maxsize=100)  # who looks for pictures in some texts is followed by who looks for links to other notices
def references_in(text: str, first: int = 1) -> tuple[Reference, ...]:
    """What a text points to, whose first line is number `first` of its file."""
    if not _may_refer(text):
        return ()
    found: list[Line] = []
    fence = ""
    for number, line in enumerate(text.split("\n"), first):
        before = fence
        if line[:1] in _FENCED:
            fence = _fence_after(line, fence)
        if ("]" in line or "<" in line) and not (before or fence) and _may_refer(line):
            found.append(Line(number, line))
    return tuple(references(found))


def references(some: Sequence[Line]) -> Iterator[Reference]:
    """What the lines point to, outside code."""
    for line in some:
        if line.fenced or not _may_refer(line.text):
            continue
        text = _CODE.sub(_blank, line.text) if "`" in line.text else line.text
        definition = _DEFINITION.match(text)
        if definition:
            yield _reference(line, definition)
        for match in _REFERENCE.finditer(text, definition.end() if definition else 0):
            yield _reference(line, match)


def _reference(line: Line, match: re.Match[str]) -> Reference:
    group = match.lastgroup or ""
    shown = group.startswith("tag") or (group.startswith("inline") and line.text[: match.start()].endswith("!"))
    return Reference(line.number, match.start(group) + 1, match[group], shown)


def _may_refer(text: str) -> bool:
    return "<" in text or ("]" in text and ("](" in text or "]:" in text))
