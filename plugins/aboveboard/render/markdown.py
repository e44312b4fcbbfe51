"""Markdown as the rest of the site writes it, less what a notice must not do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .body import Linked, Plain, ToHtml

if TYPE_CHECKING:
    from markdown import Markdown

REFUSED = frozenset(
    {
        "markdown_exec",
        "markdown_include",
        "mdx_include",
        "mdx_snippets",
        "meta",
        "plantuml_markdown",
        "pymdownx.b64",
        "pymdownx.pathconverter",
        "pymdownx.snippets",
    }
)
"""Extensions that read other files, run programs, rewrite links or swallow lines: a notice means what it says."""

LEAVES_ALONE: dict[str, str] = {
    "admonition": "",
    "attr_list": "",
    "codehilite": "",
    "def_list": "",
    "fenced_code": "",
    "footnotes": "",
    "md_in_html": "",
    "pymdownx.blocks.admonition": "",
    "pymdownx.blocks.details": "",
    "pymdownx.details": "",
    "pymdownx.highlight": "",
    "pymdownx.inlinehilite": "`",
    "pymdownx.superfences": "",
    "pymdownx.tasklist": "",
    "sane_lists": "",
    "tables": "",
    "toc": "",
}
"""Extensions that do nothing to the plain Markdown below, and the mark with which it is theirs nevertheless.

Others may do anything: `smarty` turns quotes.
"""

TAKE_FENCES = frozenset({"codehilite", "pymdownx.highlight", "pymdownx.superfences"})
"""Extensions that have a say on what `fenced_code` makes of a block of code."""

REMEMBERED = 2000
"""How many bodies are kept as Python-Markdown wrote them: few are in need of it, and all would fill the memory."""

LATELY = 4000
"""How many bodies are kept that were asked for last: pages of a month and what feeds tell of it are made together."""

# Plain Markdown is what most posts are: paragraphs, perhaps a list, some lines of code, a link, a word in bold.
# Python-Markdown takes some hundred microseconds to find that out, the patterns from here to `_plain` take four. They
# claim a text only as a whole and only where they write, byte for byte, what it would; whatever is not described here
# goes to the library.

_CONTROL = r"\x00-\x1f\x7f"
"""What cannot be printed in ASCII. Of other characters `_plain` asks that once."""

_ITSELF = rf"[^{_CONTROL}&*<>[\\\]^_`{{|}}~]"
"""A character that is no mark, unless a line begins with it."""

_CODE = rf"(?! )[^{_CONTROL}&*<>[\\\]`|]++(?<! )"
_WORDS = rf"(?! ){_ITSELF}++(?<! )"
_ADDRESS = r"[A-Za-z0-9.,:;?%/+@#=_~-]+"
"""What stands between two marks: without a blank at either end, and without other marks."""

_SPANS: dict[str, str] = {
    rf"`(?<!``)({_CODE})`(?!`)": "<code>{}</code>",
    rf"\*\*(?<![\w*]\*\*)({_WORDS})\*\*(?![\w*])": "<strong>{}</strong>",
    rf"\*(?<![\w*]\*)({_WORDS})\*(?![\w*])": "<em>{}</em>",
    rf"\[(?<!!\[)({_WORDS})\]\(({_ADDRESS})\)": '<a href="{1}">{0}</a>',
}
"""What may stand in a line, and its HTML. None can hold another. Each begins with its mark, so that a search for them
leaps over words.
"""

_FIRST = r"(?![ !#$%)+,./:;=?@-]|\d+[.)] )"
"""How a line begins that begins no list, heading, quotation or definition."""

_SPAN = "|".join(_SPANS)
_LINE = rf"{_FIRST}(?:{_ITSELF}++|{_SPAN})++(?<! )"
_ITEM = rf"[-*+] {{1,3}}{_LINE}"
"""An item of a list is one line."""

_FENCE = re.compile(rf"```([A-Za-z0-9-]*)\n((?:[^{_CONTROL}\"`]*[^{_CONTROL}\"`\s]\n)++)```")
"""A block of code without a blank line, and without quotes, which the library and the allow-list write in two ways."""

_PARAGRAPHS = re.compile(rf"{_LINE}(?:\n\n?{_LINE})*+")
_LIST = re.compile(rf"{_ITEM}(?:\n{_ITEM})*+")
_MARKED = re.compile(_SPAN)
_HTML = dict(zip((1, 2, 3, 5), _SPANS.values(), strict=True))
"""The HTML of what `_MARKED` finds, by the last of its groups."""


def refused(extensions: Iterable[object]) -> list[str]:
    """Which of a site's extensions are left out of notices, as far as they have a name.

    Those without one were put there by plugins, for MkDocs' own pages.
    """
    return [name for name in extensions if isinstance(name, str) and not _allowed(name)]


def converter(extensions: Iterable[object], configs: Mapping[str, Mapping[str, Any]]) -> ToHtml:
    """One converter for all bodies, with the site's extensions and their options as MkDocs keeps them."""
    names = [name for name in extensions if isinstance(name, str) and _allowed(name)]
    options = {name: dict(configs.get(name) or {}) for name in names}
    if "toc" in options:
        # A body stands on several pages and in feeds: a link to its own heading would be right on one of them.
        options["toc"] |= {"permalink": False, "anchorlink": False}
    known = {name.removeprefix("markdown.extensions.") for name in names}
    marks = [mark for name in known if (mark := LEAVES_ALONE.get(name))]
    if marker := options.get("toc", {}).get("marker"):
        marks.append(marker)  # a paragraph of any words can be made to stand for the table of contents

    @cache
    def library() -> Markdown:
        from markdown import Markdown

        return Markdown(extensions=names, extension_configs=options)

    @lru_cache(REMEMBERED)  # a body stands on its page, on the board, in the feeds and in what is searched
    def by_library(text: str) -> str:
        return library().reset().convert(text)

    may_be_plain = LEAVES_ALONE.keys() >= known
    fences = "fenced_code" in known and not options.get("fenced_code") and known.isdisjoint(TAKE_FENCES)

    @lru_cache(LATELY)
    def to_html(text: str) -> str:
        is_theirs = not may_be_plain or (marks and any(mark in text for mark in marks))
        html = None if is_theirs else _plain(text, fences=fences)
        return by_library(text) if html is None else html

    return to_html


def _plain(text: str, *, fences: bool = False) -> Plain | None:
    """The HTML of a text that is plain Markdown from its first character to its last; None for any other.

    Blocks of code are as plain as the rest where `fences` make them.
    """
    if not (text.isascii() or text.replace("\n", " ").isprintable()):
        return None
    kind = Linked if "[" in text else Plain
    if _PARAGRAPHS.fullmatch(text):  # as most are
        return kind(_paragraphs(text))
    html: list[str] = []
    for block in text.split("\n\n") if text else ():
        if _PARAGRAPHS.fullmatch(block):
            html.append(_paragraphs(block))
        elif _LIST.fullmatch(block) and not (html and html[-1].startswith("<ul>")):  # else one list, its items apart
            items = "\n".join([f"<li>{item[2:].lstrip(' ')}</li>" for item in _spans(block).split("\n")])
            html.append(f"<ul>\n{items}\n</ul>")
        elif fences and (fence := _FENCE.fullmatch(block)):
            language = f' class="language-{fence[1]}"' if fence[1] else ""
            html.append(f"<pre><code{language}>{escape(fence[2], quote=False)}</code></pre>")
        else:
            return None
    return kind("\n".join(html))


def _paragraphs(text: str) -> str:
    """Some paragraphs as HTML."""
    return f"<p>{_spans(text)}</p>".replace("\n\n", "</p>\n<p>")


def _spans(text: str) -> str:
    """A text with the HTML of its spans."""
    return _MARKED.sub(_filled, text) if "*" in text or "`" in text or "[" in text else text


def _filled(found: re.Match[str]) -> str:
    """A span's HTML, in half the time of a template of `re`."""
    return _HTML[found.lastindex or 0].format(*filter(None, found.groups()))


def _allowed(name: str) -> bool:
    """Whether a notice may use it, however it is spelled: `pymdownx.snippets`, `mdx_include.mdx_include:Include`."""
    module = name.partition(":")[0].removeprefix("markdown.extensions.")
    return not any(module == one or module.startswith(f"{one}.") for one in REFUSED)


def code(extensions: Iterable[str]) -> bytes:
    """The code of extensions that are not of an installed release: somebody may be at work on them."""
    from importlib.util import find_spec

    found = b""
    for name in extensions:
        module = name.partition(":")[0]
        if module.partition(".")[0] not in _RELEASED:
            with suppress(ImportError, ValueError, OSError):
                spec = find_spec(module)
                found += Path(spec.origin).read_bytes() if spec and spec.origin else b""
    return found


_RELEASED = {"markdown", "pymdownx", *(name.partition(".")[0] for name in LEAVES_ALONE if "." not in name)}
