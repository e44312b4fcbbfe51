"""What a site's search knows of our notices: a title and some plain text each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape

import nh3

from ..model import Notice
from ..report import Report
from ..urls import Urls
from .body import ToHtml

ENOUGH = 400
"""Characters of a notice that are searched. All of them would be sent to everybody who opens the search."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be found, in plain text."""

    location: str
    """An address as links spell it."""
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Index:
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
        title, text = entry.title, entry.text
        if self.shown_as_html:
            title, text = escape(title, quote=False), escape(text, quote=False)
        self.entries.append({"location": entry.location, "title": title, "text": text})


def entries(report: Report, urls: Urls, to_html: ToHtml) -> Iterator[Entry]:
    """One for each notice, the newest to begin first."""
    for one in report.notices.values():
        notice = one.notice
        yield Entry(urls.named(urls.notice(notice.id)), notice.title, _text(notice, to_html))


def _text(notice: Notice, to_html: ToHtml) -> str:
    """The beginning of what was posted, oldest first: what happened is told before what was done about it."""
    text = ""
    for update in notice.updates:
        if len(text) < ENOUGH:
            plain = unescape(nh3.clean(to_html(update.body), tags=set()))
            text = f"{text} {' '.join(plain.split())}".strip()
    return text if len(text) <= ENOUGH else f"{text[:ENOUGH].rpartition(' ')[0]} …"
