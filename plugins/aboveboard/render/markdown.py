"""Markdown as the rest of the site writes it, less what a notice must not do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from markdown import Markdown

from .body import ToHtml

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


LEAVES_PROSE_ALONE = frozenset(
    {
        "admonition",
        "attr_list",
        "codehilite",
        "def_list",
        "fenced_code",
        "footnotes",
        "md_in_html",
        "pymdownx.blocks.admonition",
        "pymdownx.blocks.details",
        "pymdownx.details",
        "pymdownx.highlight",
        "pymdownx.inlinehilite",
        "pymdownx.superfences",
        "pymdownx.tasklist",
        "sane_lists",
        "tables",
        "toc",
    }
)
"""Extensions that do nothing to a text without any of Markdown's marks. Others may: `smarty` turns quotes."""

_PROSE_LINE = r"""(?!\d+[.)])[^\W_](?:[^\W_]|[ .,;?!'"()%/€£°’‘“”–—…+-]|:(?=[ \d]))*(?<! )"""
_PROSE = re.compile(rf"{_PROSE_LINE}(?:\n{{1,2}}{_PROSE_LINE})*")
"""Paragraphs in which nothing means anything to Markdown. A line begins with a letter or a number that is no list's."""


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
    markdown = Markdown(extensions=names, extension_configs=options)
    plain = LEAVES_PROSE_ALONE.issuperset(name.removeprefix("markdown.extensions.") for name in names)

    @cache  # a body stands on its page, on the board, in the feeds and in what is searched
    def to_html(text: str) -> str:
        # Most posts are paragraphs and nothing else. Markdown takes a millisecond to find that out, this a hundredth.
        if plain and _PROSE.fullmatch(text):
            return "\n".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n\n"))
        return markdown.reset().convert(text)

    return to_html


def _allowed(name: str) -> bool:
    """Whether a notice may use it, however it is spelled: `pymdownx.snippets`, `mdx_include.mdx_include:Include`."""
    module = name.partition(":")[0].removeprefix("markdown.extensions.")
    return not any(module == one or module.startswith(f"{one}.") for one in REFUSED)
