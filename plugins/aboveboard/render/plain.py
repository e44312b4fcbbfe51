"""HTML as plain text, for where there is nothing else: lines stay lines, and a link is followed by its address."""

from __future__ import annotations

import re
from html import unescape

import nh3

_BARE = nh3.Cleaner(tags=set())
"""Leaves the text alone."""

_LINE = re.compile(r"<(?:br|hr)\b[^>]*>|</(?:p|li|h\d|tr|div|blockquote|pre|dt|dd|figcaption|summary)>", re.IGNORECASE)
_ITEM = re.compile(r"<li\b[^>]*>", re.IGNORECASE)
_LINK = re.compile(r'<a\b[^>]*?\shref="([^"]*)"[^>]*>(.*?)</a>', re.IGNORECASE | re.DOTALL)
_PICTURE = re.compile(r'<img\b[^>]*?\salt="([^"]*)"[^>]*>', re.IGNORECASE)


def plain(html: str) -> str:
    """The text of safe HTML."""
    html = _LINK.sub(r"\2 (\1)", _PICTURE.sub(r"\1", html))
    text = unescape(_BARE.clean(_ITEM.sub("- ", _LINE.sub("\n", html))))
    lines = (" ".join(line.split(" ")).rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
