"""What a site's search knows of our notices: a title and some plain text each."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from html import escape, unescape
from itertools import islice

import nh3
from msgspec import Struct

from ..model import Notice
from ..report import Report
from ..urls import Urls
from .body import ToHtml
from .pages import Pages

NEWEST = 100
"""How many notices are searched. Themes fetch the whole index with every page, as Material does: older notices are
found by month and by component instead."""

ENOUGH = 200
"""Characters of a notice that are searched."""


_BARE = nh3.Cleaner(tags=set())
"""Leaves the text alone."""


class Entry(Struct, frozen=True):
    """One thing that can be found, in plain text."""

    location: str
    """An address as links spell it."""
    title: str
    text: str

    def said(self, *, shown_as_html: bool) -> dict[str, str]:
        """As the host's index holds it."""
        title, text = self.title, self.text
        if shown_as_html:
            title, text = escape(title, quote=False), escape(text, quote=False)
        return {"location": self.location, "title": title, "text": text}


class Index(Struct, frozen=True):
    """What the host's search finds."""

    entries: list[dict[str, str]]
    """The host's own list; it shall only grow by `add`, and be cut."""
    shown_as_html: bool

    @classmethod
    def of(cls, plugins: Mapping[str, object]) -> Index | None:
        """The index of Material's search, whose results are HTML, or of MkDocs' own, whose are text, if one is on."""
        for name, plugin in plugins.items():
            index = getattr(plugin, "search_index", None) if name.rpartition("/")[2] == "search" else None
            for attribute, shown_as_html in (("entries", True), ("_entries", False)):
                if isinstance(entries := getattr(index, attribute, None), list):
                    return cls(entries, shown_as_html)
        return None

    def add(self, entry: Entry) -> None:
        """Let it be found."""
        self.entries.append(entry.said(shown_as_html=self.shown_as_html))


def shown(report: Report) -> list[str]:
    """The ids of the notices that can be found: the newest to begin."""
    return list(islice(report.index, NEWEST))


def findable(pages: Pages) -> Iterator[Entry]:
    """What search finds: the newest notices, and in another language those that were translated."""
    for one in pages.every:
        among = one.translations if one.urls.lang else None
        yield from entries(one.report, one.urls, one.to_html, among)


def entries(report: Report, urls: Urls, to_html: ToHtml, among: Container[str] | None = None) -> Iterator[Entry]:
    """One for each of them; only for those `among` some where these are given."""
    for notice in (report.notices[id_].notice for id_ in shown(report) if among is None or id_ in among):
        yield Entry(urls.named(urls.notice(notice.id)), notice.title, _text(notice, to_html))


def _text(notice: Notice, to_html: ToHtml) -> str:
    """The beginning of what was posted, oldest first: what happened is told before what was done about it."""
    text = ""
    for update in notice.updates:
        if len(text) < ENOUGH:
            plain = unescape(_BARE.clean(to_html(update.body)))
            text = f"{text} {' '.join(plain.split())}".strip()
    return text if len(text) <= ENOUGH else f"{text[:ENOUGH].rpartition(' ')[0]} …"
