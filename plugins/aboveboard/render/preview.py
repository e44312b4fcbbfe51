"""What other programs show of a page: link previews, in Open Graph's words, and search engines, in schema.org's."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from ..language import tag
from ..model import Maintenance, Notice, Status
from ..report import Report
from ..story import NoticeReport
from ..times import iso
from ..urls import Page, Urls
from . import cards
from .pieces import escaped

ENOUGH = 200
"""So many characters of a description are shown anywhere."""

_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_OPENING = "#>-+ "
"""What a line may open with before its words."""

_MARK = re.compile("[*_`~]")


class Preview(Struct, frozen=True):
    """What a page looks like from elsewhere."""

    card: str = cards.PLAIN
    """The name of its picture."""
    description: str = ""
    """Plain text; blank: what is said of every page."""
    data: Mapping[str, object] | None = None
    """In schema.org's words."""


def beginning(markdown: str) -> str:
    """The first paragraph of a body as plain text, as much as is shown anywhere."""
    first = markdown.strip().partition("\n\n")[0]
    unlinked = _LINK.sub(r"\1", first) if "[" in first else first
    opened = " ".join([line.lstrip(_OPENING) for line in unlinked.split("\n")])
    text = " ".join(_MARK.sub("", opened).split())
    return text if len(text) <= ENOUGH else f"{text[:ENOUGH].rpartition(' ')[0]} …"


def tags(preview: Preview, title: str, description: str, at: str, urls: Urls) -> str:
    """HTML for the head of a page whose site knows its own address: what differs from page to page."""
    image = urls.absolute(urls.card(preview.card))
    text = (
        f'<meta property="og:title" content="{escaped(title)}">\n'
        f'<meta property="og:description" content="{escaped(description)}">\n'
        f'<meta property="og:url" content="{escaped(urls.absolute(at))}">\n'
        f'<meta property="og:image" content="{escaped(image)}">\n'
    )
    if preview.data:
        data = json.dumps({"@context": "https://schema.org", **preview.data}, ensure_ascii=False)
        data = data.replace("<", r"\u003c")  # in a script, markup is none but for its own end and a comment's beginning
        text += f'<script type="application/ld+json">{data}</script>\n'
    return text


def site(report: Report, urls: Urls) -> Mapping[str, object]:
    """The whole site."""
    known = report.settings
    said = {
        "@type": "WebSite",
        "name": known.name,
        "url": urls.absolute(urls.page(Page.BOARD)),
        "inLanguage": urls.lang or tag(known.languages[0], known.host.language),
    }
    return said | ({"description": known.description} if known.description else {}) | {"publisher": _whose(report)}


def story(shown: NoticeReport, report: Report, urls: Urls, description: str) -> Mapping[str, object] | None:
    """A notice, where there is a word for it: work that is planned, and an account of what went wrong.

    There is none for an incident.
    """
    notice = shown.notice
    at = urls.absolute(urls.notice(notice.id))
    if isinstance(notice, Maintenance) and shown.window:
        cancelled = shown.status == Status.CANCELLED
        return {
            "@type": "Event",
            "name": notice.title,
            "description": description,
            "startDate": _iso(shown.window.start),
            "endDate": _iso(shown.window.end),
            "eventStatus": f"https://schema.org/Event{'Cancelled' if cancelled else 'Scheduled'}",
            "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
            "location": {"@type": "VirtualLocation", "url": at},
            "organizer": _whose(report),
            "url": at,
        }
    if notice.post_mortem:
        return {
            "@type": "Article",
            "headline": notice.title,
            "description": description,
            "datePublished": _iso(notice.posted),
            "dateModified": _iso(notice.last_posted),
            "author": _whose(report),
            "mainEntityOfPage": at,
        }
    return None


def card(shown: NoticeReport) -> str:
    """Which picture a notice has."""
    planned = shown.live and not shown.is_open and shown.status == Status.SCHEDULED
    return cards.of_notice(shown.state, is_open=shown.is_open, planned=planned)


def newest(notice: Notice) -> str:
    """What was said last, from its beginning."""
    return beginning(notice.updates[-1].body)


def _whose(report: Report) -> Mapping[str, str]:
    return {"@type": "Organization", "name": report.settings.name}


def _iso(instant: datetime) -> str:
    return f"{iso(instant)[:19]}Z"
