"""Markdown as the rest of the site writes it, less what a notice must not do."""

from __future__ import annotations

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
        "plantuml_markdown",
        "pymdownx.b64",
        "pymdownx.pathconverter",
        "pymdownx.snippets",
    }
)
"""Extensions that read other files, run programs or rewrite links: an address in a notice means what it says."""


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

    @cache  # a body stands on its page, on the board, in the feeds and in what is searched
    def to_html(text: str) -> str:
        return markdown.reset().convert(text)

    return to_html


def _allowed(name: str) -> bool:
    """Whether a notice may use it, however it is spelled: `pymdownx.snippets`, `mdx_include.mdx_include:Include`."""
    module = name.partition(":")[0]
    return not any(module == one or module.startswith(f"{one}.") for one in REFUSED)
