"""The feeds: one entry per notice, the same in Atom and in RSS. A clock that moves on changes no byte of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from markupsafe import Markup

from ..index import Entry
from ..language import ENGLISH, Language, spoken
from ..model import Action, Impact, Incident, Notice, PostMortem, Update
from ..report import Report
from ..urls import Page, Urls
from .body import Bodies, ToHtml
from .outlet import Basis, File, Outlet
from .words import Clock, Words

if TYPE_CHECKING:
    from feedgen.feed import FeedGenerator

ATOM, RSS = "history.atom", "history.rss"
"""What the feeds are called."""

NEWEST = 50
"""How many notices a feed holds, of those with the newest word."""

_NEVER = datetime.fromtimestamp(0, UTC)
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def shown(report: Report) -> list[Entry]:
    """What the feeds hold: the notices with the newest word. Of two at one instant the order is always the same."""
    return sorted(report.index.values(), key=lambda entry: (entry.last_posted, entry.id), reverse=True)[:NEWEST]


@dataclass(frozen=True)
class Feeds:
    """Prints the feeds of one report. There are none without a `site_url`: every link in them is absolute."""

    report: Report
    urls: Urls
    to_html: ToHtml
    language: Language = ENGLISH

    def atom(self) -> bytes:
        """RFC 4287."""
        feed: bytes = self._feed(ATOM, "application/atom+xml").atom_str()
        return feed

    def rss(self) -> bytes:
        """RSS 2.0."""
        feed: bytes = self._feed(RSS, "application/rss+xml").rss_str()
        return feed

    def _feed(self, name: str, media_type: str) -> FeedGenerator:
        """The feed at an address. feedgen is imported here, as it costs more than reading a thousand notices."""
        from feedgen.feed import FeedGenerator

        site = _xml(self.report.settings.name)
        newest = [self.report.notices[entry.id].notice for entry in shown(self.report)]
        feed = FeedGenerator()
        feed.id(self.urls.feed_id())
        feed.title(self._words._("%(site)s: incidents and maintenance") % {"site": site})
        about = self._words._("Everything that %(site)s posts about incidents, maintenance and services that end.")
        feed.description(about % {"site": site})
        feed.language(self._tag)
        # "atom:feed elements MUST contain one or more atom:author elements, unless all of the atom:feed element's
        # child atom:entry elements contain at least one atom:author element."  RFC 4287, 4.1.1
        feed.author(name=site)
        feed.generator("Aboveboard")
        # "The 'atom:updated' element is a Date construct indicating the most recent instant in time when an entry
        # or feed was modified in a way the publisher considers significant."  RFC 4287, 4.2.15
        # What is not set, feedgen takes from the clock.
        feed.updated(max((notice.last_posted for notice in newest), default=_NEVER))
        feed.lastBuildDate(feed.updated())
        feed.link(href=self.urls.absolute(self.urls.feed(name)), rel="self", type=media_type)
        # feedgen makes the last link the channel's own: what comes here is what a click on the feed's name opens.
        feed.link(href=self.urls.absolute(self.urls.page(Page.BOARD)), rel="alternate", type="text/html")
        for notice in newest:
            self._add(feed, notice)
        return feed

    def _add(self, feed: FeedGenerator, notice: Notice) -> None:
        entry = feed.add_entry(order="append")
        # "When an Atom Document is relocated, migrated, syndicated, republished, exported, or imported, the content of
        # its atom:id element MUST NOT change."  RFC 4287, 4.2.6
        entry.guid(self.urls.feed_id(notice.id), permalink=False)
        entry.title(_xml(notice.title))
        entry.link(href=self.urls.absolute(self.urls.notice(notice.id)), rel="alternate", type="text/html")
        entry.published(notice.posted)
        # "atom:entry elements MUST contain exactly one atom:updated element."  RFC 4287, 4.1.2
        entry.updated(notice.last_posted)
        entry.content(_xml("\n".join(self._content(notice))), type="html")
        for label in self._categories(notice):
            entry.category(term=_xml(label), label=_xml(label))

    def _content(self, notice: Notice) -> Iterator[str]:
        """The story so far, the newest word first, with nothing in it that only a page or a clock can know."""
        if notice.post_mortem:
            yield from self._post_mortem(notice.post_mortem, notice)
        for update in reversed(notice.updates):
            yield _heading("h3", self._words.status[update.status], self._time(update))
            yield self._bodies.in_feed(update.body, notice.id)

    def _time(self, update: Update) -> Markup:
        time = Markup('<time datetime="{}">{}</time>')
        return time.format(self._clock.iso(update.time), self._clock.full(update.time))

    def _post_mortem(self, post_mortem: PostMortem, notice: Notice) -> Iterator[str]:
        posted = (self._clock.full(post_mortem.posted),) if post_mortem.posted else ()
        yield _heading("h3", self._words._("Post-mortem"), *posted)
        yield self._bodies.in_feed(post_mortem.lead, notice.id)
        for section in post_mortem.sections:
            yield _heading("h4", section.title)
            yield self._bodies.in_feed(section.body, notice.id)
            if section.actions:
                promises = Markup("").join(self._promise(action, notice) for action in section.actions)
                yield Markup("<ul>{}</ul>").format(promises)

    def _promise(self, action: Action, notice: Notice) -> Markup:
        """What was promised and whether it is done. Whether it is late, only a clock can say."""
        said = self._words._("done %(day)s") if action.done else self._words._("due %(day)s")
        day = said % {"day": action.done or action.due}
        text = Markup(self._bodies.in_feed(action.text, notice.id))  # noqa: S704, it has been through the allow-list
        return Markup("<li>{} <p>{}, {}</p></li>").format(text, action.owner, day)

    def _categories(self, notice: Notice) -> Iterator[str]:
        """Its kind, the names of what it touches, its impact."""
        yield self._words.kind[notice.kind]
        yield from (
            self.report.components[id_].component.name for id_ in notice.touches if id_ in self.report.components
        )
        if isinstance(notice, Incident) and notice.impact != Impact.NONE:
            yield self._words.impact[notice.impact]

    @cached_property
    def _clock(self) -> Clock:
        return Clock(self.report.settings.zone, self.report.now, self.language)

    @property
    def _tag(self) -> str:
        """The language, as exactly as the site says it."""
        told, code = self.report.settings.host.language, self.language.code
        return told if spoken(told) == code else code

    @property
    def _words(self) -> Words:
        return self._clock.words

    @cached_property
    def _bodies(self) -> Bodies:
        return Bodies(self.report, self.urls, self.to_html)


def _files(basis: Basis) -> Iterator[File]:
    printed = Feeds(basis.report, basis.urls, basis.to_html, basis.language)
    inputs = ([entry.key for entry in shown(basis.report)], basis.missing)
    yield File(basis.urls.feed(ATOM), inputs, printed.atom)
    yield File(basis.urls.feed(RSS), inputs, printed.rss)


OUTLET = Outlet(name="feeds", files=_files, mirrored=True, absolute=True)


def _heading(tag: str, *said: str) -> Markup:
    """A heading; what is in it is text, unless it is markup already."""
    return Markup("<{0}>{1}</{0}>").format(tag, Markup(" · ").join(said))


def _xml(text: str) -> str:
    """The text without characters that no XML can hold, not even escaped: feedgen would raise.

    "Char ::= #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]"  XML 1.0, 2.2
    """
    return _NOT_XML.sub("", text)
