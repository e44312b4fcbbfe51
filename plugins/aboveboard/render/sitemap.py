"""The host's sitemap with our pages in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def extended(sitemap: str, pages: Iterable[tuple[str, date]]) -> str:
    """The sitemap and in it these absolute URLs, each with the day on which it last changed.

    lxml is imported here, as not every build needs it.
    """
    from lxml import etree

    root = etree.fromstring(sitemap.encode())
    for address, changed in pages:
        url = etree.SubElement(root, f"{{{_NAMESPACE}}}url")
        etree.SubElement(url, f"{{{_NAMESPACE}}}loc").text = address
        etree.SubElement(url, f"{{{_NAMESPACE}}}lastmod").text = changed.isoformat()
    etree.indent(root)
    text: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return text.decode()
