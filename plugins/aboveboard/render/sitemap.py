"""The host's sitemap with our pages in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"

DAY = 86_400
"""Seconds."""


def day(instant: int) -> str:
    """The day of UTC of an instant in seconds since 1970, as sitemaps write it."""
    return datetime.fromtimestamp(instant, UTC).date().isoformat()


def extended(sitemap: str, pages: Iterable[tuple[str, int]]) -> str:
    """The sitemap and in it these absolute URLs, each with the instant at which it last changed.

    lxml is imported here, as not every build needs it.
    """
    from lxml import etree

    root = etree.fromstring(sitemap.encode())
    for address, changed in pages:
        url = etree.SubElement(root, f"{{{_NAMESPACE}}}url")
        etree.SubElement(url, f"{{{_NAMESPACE}}}loc").text = address
        etree.SubElement(url, f"{{{_NAMESPACE}}}lastmod").text = day(changed)
    etree.indent(root)
    text: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return text.decode()
