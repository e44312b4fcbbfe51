"""Every feed as one file that feed readers import."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from lxml import etree

from ..channels import About, Channel
from .outlet import Basis, File, Outlet
from .subscriptions import page_of, title
from .telling import sayable
from .words import Words

NAME = "all.opml"


def opml(basis: Basis) -> bytes:
    """OPML 2.0. A feed of notices of each channel: whoever takes all of them can throw out what is too much."""
    words, site = Words(basis.language), sayable(basis.report.settings.name)
    root = etree.Element("opml", version="2.0")
    # "The purpose of the <title> element is to be the title of the document."  opml.org/spec2, "What is a <head>?"
    etree.SubElement(etree.SubElement(root, "head"), "title").text = site
    body = etree.SubElement(root, "body")
    for about, name in (
        (About.EVERYTHING, ""),
        (About.KINDS, words._("By kind")),
        (About.GROUPS, words._("By group")),
        (About.COMPONENTS, words._("By component")),
    ):
        some = [channel for channel in basis.channels if channel.about == about]
        within = etree.SubElement(body, "outline", text=name) if name and some else body
        for channel in some:
            etree.SubElement(within, "outline", _said(basis, channel, site, words))
    made: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return made


def _said(basis: Basis, channel: Channel, site: str, words: Words) -> dict[str, str]:
    called = title(channel, site, words)
    # "For outline elements whose type is rss, the text attribute should initially be the top-level title element in the
    # feed being pointed to."  The same, "Subscription lists". The type is rss for Atom too.
    return {
        "type": "rss",
        "text": called,
        "title": called,
        "xmlUrl": basis.urls.absolute(basis.urls.channel(channel.about, channel.id, "history.atom")),
        "htmlUrl": basis.urls.absolute(page_of(basis.urls, channel)),
    }


def _files(basis: Basis) -> Iterator[File]:
    yield File(basis.urls.archive("", "", NAME), (), partial(opml, basis))


OUTLET = Outlet(name="opml", files=_files, mirrored=True, absolute=True)
