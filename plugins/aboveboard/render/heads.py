"""What the feed of a channel says of itself."""

from __future__ import annotations

from datetime import datetime

from ..channels import Channel
from ..language import tag
from ..urls import Page
from .outlet import Basis
from .subscriptions import page_of, title
from .syndication import Head
from .telling import sayable
from .words import Words

HISTORY, UPDATED = "history", "updates"
"""An entry per notice or promise, and one per update."""

STYLE = "feed.css"
"""The style sheet that lets a browser show a feed to whoever opens it there."""


def head(
    basis: Basis,
    channel: Channel,
    what: str,
    at: str,
    updated: datetime,
    description: str,
    links: tuple[tuple[str, str], ...] = (),
    *,
    is_archive: bool = False,
) -> Head:
    """The head of a feed of this channel at that address: `HISTORY` or `UPDATED`, last updated then."""
    known, urls, words = basis.report.settings, basis.urls, Words(basis.language)
    _, home = words._, page_of(urls, channel)
    about = f"feeds/{channel.about}/{channel.id}" if channel.about else ""
    explained = _(
        "This is a feed. Copy its address from your browser into a feed reader, and you are told of "
        "all that is posted. It needs no account; to leave, delete it there."
    )
    return Head(
        id=urls.feed_id(about, what),
        title=title(channel, sayable(known.name), words, updates=what == UPDATED),
        description=description,
        language=tag(basis.language.code, known.host.language),
        author=sayable(known.name),
        updated=updated,
        self=urls.absolute(at),
        home=urls.absolute(home),
        style=urls.link(urls.asset(STYLE), at),
        hub=known.websub_hub,
        links=links,
        is_archive=is_archive,
        explained=(
            (explained, ""),
            (_("The same as a page"), urls.link(home, at)),
            (_("Other feeds, and what to do with them"), urls.link(urls.page(Page.SUBSCRIBE), at)),
        ),
    )
