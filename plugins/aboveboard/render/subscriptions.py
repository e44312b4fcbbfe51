"""What one can subscribe to, in words, and where it lies: for feeds, and for pages that name them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from ..channels import KINDS, About, Channel
from ..model import Kind
from ..urls import Page, Urls
from .telling import sayable
from .words import Words


class Feed(NamedTuple):
    """A feed, as a page names it."""

    title: str
    media_type: str
    at: str
    """Its address."""


def name_of(channel: Channel, words: Words) -> str:
    """What a channel is called."""
    match channel.about:
        case About.EVERYTHING:
            return words._("incidents and maintenance")
        case About.KINDS if channel.promises:
            return words._("promises")
        case About.KINDS:
            return {
                Kind.INCIDENT: words._("incidents"),
                Kind.MAINTENANCE: words._("maintenance"),
                Kind.RETIREMENT: words._("services that end"),
                Kind.ANNOUNCEMENT: words._("announcements"),
                None: words._("post-mortems"),
            }[KINDS[channel.id]]
    return sayable(channel.name)


def title(channel: Channel, site: str, words: Words, *, updates: bool = False) -> str:
    """What a feed is called."""
    said = words._("%(site)s: %(about)s, every update") if updates else words._("%(site)s: %(about)s")
    return said % {"site": site, "about": name_of(channel, words)}


def page_of(urls: Urls, channel: Channel) -> str:
    """The address of the page that a channel is about."""
    if channel.about == About.COMPONENTS:
        return urls.component(channel.id)
    if channel.promises:
        return urls.page(Page.PROMISES)
    is_kind = channel.about == About.KINDS
    return urls.page(_PAGES.get(KINDS[channel.id], Page.BOARD) if is_kind else Page.BOARD)


_PAGES: Mapping[Kind | None, Page] = {
    Kind.INCIDENT: Page.HISTORY,
    Kind.MAINTENANCE: Page.MAINTENANCE,
    None: Page.POST_MORTEMS,
}


def feeds_of(urls: Urls, channel: Channel, site: str, words: Words) -> Iterator[Feed]:
    """The feeds of a channel, for the head of a page: those that any reader understands first."""
    for name, media_type, updates in (
        ("history.atom", "application/atom+xml", False),
        ("history.rss", "application/rss+xml", False),
        ("updates.atom", "application/atom+xml", True),
        ("feed.json", "application/feed+json", True),
    ):
        at = urls.channel(channel.about, channel.id, name)
        yield Feed(title(channel, site, words, updates=updates), media_type, at)
    if channel.about == About.COMPONENTS or channel.promises:
        yield Feed(calendar_title(channel, site, words), "text/calendar", calendar_of(urls, channel))
    elif channel.about == About.KINDS and KINDS[channel.id] == Kind.MAINTENANCE:
        everything = replace(channel, about=About.EVERYTHING, id="")
        yield Feed(calendar_title(everything, site, words), "text/calendar", calendar_of(urls, everything))


CALENDAR = "maintenance.ics"
"""What the calendar of a channel is called."""

DUE = "promises.ics"
"""What the calendar of promises is called. It lies at the root, as there is one."""


def has_calendar(channel: Channel) -> bool:
    """Whether there is a calendar of it: of kinds there is none, but of promises."""
    return channel.about != About.KINDS or channel.promises


def calendar_of(urls: Urls, channel: Channel) -> str:
    """The address of a channel's calendar."""
    if channel.promises:
        return urls.channel("", "", DUE)
    return urls.channel(channel.about, channel.id, CALENDAR)


def calendar_title(channel: Channel, site: str, words: Words) -> str:
    """What a calendar is called."""
    if channel.promises:
        return words._("%(site)s: promises by their days") % {"site": site}
    if channel.about == About.EVERYTHING:
        return words._("%(site)s: planned work") % {"site": site}
    return words._("%(site)s: planned work, %(about)s") % {"site": site, "about": name_of(channel, words)}


def webcal(urls: Urls, at: str) -> str:
    """An address that a calendar program takes as one to subscribe to."""
    return f"webcal:{urls.absolute(at).partition(':')[2]}"
