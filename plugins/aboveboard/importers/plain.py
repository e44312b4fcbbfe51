"""Plain text of others, written so that a file may hold it and Markdown says the same.

A backslash stands only where a meaning would change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import groupby

ITEM = re.compile(r"(?:[-*]|(?P<number>[0-9]{1,9})\.) (?=\S)")
"""How people begin an item of a list in plain text. A list of them is one in Markdown, too."""

RULE = re.compile(r"(?:[-*_] *){3,}")
"""What alone on a line is a horizontal rule."""

URL = re.compile(r"""https?://[^\s<>"`\\\[]*[^\s<>"`\\\[.,;:!?'*_)\]}]""")
"""A bare address, without the punctuation of the sentence around it."""


def markdown(text: str) -> str:
    """Lines of plain text as Markdown: a line is a paragraph, and lists that people typed are lists.

    A single line break was a visible one. Two spaces at a line's end would say that too, but nobody sees them and
    editors strip them.
    """
    lines = [words for line in text.splitlines() if (words := " ".join(line.split()))]
    blocks: list[str] = []
    for listed, run in groupby(lines, key=_is_item):
        block = list(run)
        if listed and _is_list(block):
            blocks.append("\n".join(_item(line) for line in block))
        else:
            blocks += map(begin, block)
    return "\n\n".join(blocks)


def writable(text: str) -> str:
    """Text with only the characters that a file may hold: no controls, lone surrogates or what is no character.

    Whatever breaks a line becomes a line feed.
    """
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").translate(_BREAKS))


def one_line(text: str) -> str:
    """The same on one line, with single spaces: a name or a title."""
    return " ".join(writable(text).split())


def begin(line: str) -> str:
    """Text that begins a line: what would open a heading, list, quotation, rule or block there is escaped, too."""
    for opener, escaped in _OPENERS.items():
        if found := opener.match(line):
            return escaped(found[0]) + inline(line[found.end() :])
    return inline(line)


def inline(text: str) -> str:
    """Text within a line: what would be emphasis, code, a link or HTML is escaped; bare addresses become links."""
    parts: list[str] = []
    at = 0
    for url in URL.finditer(text):
        parts += (literal(text[at : url.start()]), f"<{_ENTITY.sub('&amp;', url[0])}>")
        at = url.end()
    return "".join((*parts, literal(text[at:])))


def literal(text: str) -> str:
    """Text within a line where no address may become a link."""
    return _ACTIVE.sub(_escape, text)


_UNWRITABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BREAKS = {ord(mark): "\n" for mark in "\r\x0b\x0c\x85\u2028\u2029"}


def _is_item(line: str) -> bool:
    return bool(ITEM.match(line)) and not RULE.fullmatch(line)


def _is_list(lines: list[str]) -> bool:
    """Whether they are all bullets, or numbered as Markdown, which counts for itself, would number them."""
    numbers = [found["number"] for line in lines if (found := ITEM.match(line))]
    return not any(numbers) or numbers == [str(n) for n in range(1, len(numbers) + 1)]


def _item(line: str) -> str:
    marker, words = line.split(" ", 1)
    return f"{marker.replace('*', '-')} {begin(words)}"


def _backslash(found: str) -> str:
    return f"\\{found}"


def _entity(found: str) -> str:
    """Python-Markdown lets a backslash escape only the characters that core Markdown uses."""
    return f"&#{ord(found)};"


_OPENERS: Mapping[re.Pattern[str], Callable[[str], str]] = {
    re.compile(rf"(?={RULE.pattern}$)[-_]|[-+*](?=\s|$)|-(?=-+$)|[#>]|!(?=!!)"): _backslash,
    re.compile(r"\d+\.(?=\s|$)"): lambda number: f"{number[:-1]}\\.",
    re.compile(r"~(?=~~)|\?(?=\?\?)|=(?==)|:(?=\s)"): _entity,
}
"""What at a line's start is more than text, in core Markdown and in the extensions that MkDocs sites often have."""

_ENTITY = re.compile(r"&(?=#|\w+;)")

_ACTIVE = re.compile(
    r"""
      (?P<word>(?<=[^\W_])_+(?=[^\W_]))                 # snake_case
    | (?P<alone>(?<!\S)[*_](?!\S))                      # 2 * 3
    | (?P<entity>&(?=\#|\w+;) | <(?=[A-Za-z/!?]))
    | [*_`{]
    | \\(?=[!-/:-@\[-`{-~])                             # a backslash that would itself escape
    | (?<=\])\(                                         # [a](b)
    | \[(?=[^\[\]]*\]: | \^ | TOC\] | [ xX]\])          # a definition, a footnote, a contents list, a task
    """,
    re.VERBOSE,
)
"""What within a line is more than text."""


def _escape(found: re.Match[str]) -> str:
    if found["word"] or found["alone"]:
        return found[0]
    if found["entity"]:
        return {"&": "&amp;", "<": "&lt;"}[found[0]]
    return f"\\{found[0]}"
