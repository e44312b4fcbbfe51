"""The forms of a feed: Atom, RSS 2.0 and JSON Feed 1.1, and how an entry is written in each.

feedgen writes what stands at the head of a feed. Entries are put together here, which takes a twentieth of the time;
where a history of ten thousand notices is written, that is what counts. A test holds them against lxml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from lxml import etree
from msgspec import Struct, json
from msgspec.structs import replace

from ..times import iso

if TYPE_CHECKING:
    from feedgen.feed import FeedGenerator

ATOM, RSS, JSON = "application/atom+xml", "application/rss+xml", "application/feed+json"

_ATOM = "http://www.w3.org/2005/Atom"
_HISTORY = "http://purl.org/syndication/history/1.0"
_XHTML = "http://www.w3.org/1999/xhtml"


class Category(NamedTuple):
    """What an entry is about, for machines and for people."""

    what: str
    """`kind`, `component`, `group`, `status` or `impact`."""
    scheme: str
    term: str
    label: str


class Post(NamedTuple):
    """An entry of a feed, in whichever form. Nothing in it is relative, and everything can stand in XML."""

    id: str
    title: str
    link: str
    published: datetime
    updated: datetime
    content: str
    """HTML."""
    categories: tuple[Category, ...]
    notice: str
    """The id of what it is about."""


class Head(Struct, frozen=True, kw_only=True):
    """What a feed says of itself."""

    id: str
    title: str
    description: str
    language: str
    author: str
    updated: datetime
    self: str
    """Its address."""
    home: str
    """The page that it is about."""
    style: str
    """Where its style sheet lies, as seen from it."""
    hub: str
    """A WebSub hub that hears of it; blank without."""
    links: tuple[tuple[str, str], ...] = ()
    """Relations and addresses of Atom documents: the archives."""
    is_archive: bool = False
    explained: tuple[tuple[str, str], ...] = ()
    """What is said to a person who opens it in a browser: words, and where they lead, if anywhere."""


def atom(head: Head, entries: Iterable[bytes]) -> bytes:
    """RFC 4287, of entries that were written by `atom_entry`."""
    return _whole(_atom_head(head), b"</feed>", head, entries)


def _atom_head(head: Head) -> bytes:
    """As feedgen writes it, once for all archives of a channel, as that takes as long as their entries.

    They differ in when they were updated, and in where they and those before them lie.
    """
    links = {f"{_ELSEWHERE}{at}": href for at, (_, href) in enumerate(head.links)}
    standing = tuple((rel, stand_in) for (rel, _), stand_in in zip(head.links, links, strict=True))
    written = _written(replace(head, updated=_SOME_TIME, self=_ELSEWHERE, links=standing))
    for stand_in, href in {_ELSEWHERE: head.self, **links}.items():
        written = written.replace(_quoted(stand_in), _quoted(href))
    return written.replace(_updated(_SOME_TIME), _updated(head.updated)).encode()


@lru_cache(10)
def _written(head: Head) -> str:
    text: bytes = _generator(head, ATOM).atom_str()
    return text.decode()


def _updated(time: datetime) -> str:
    return f"<updated>{iso(time)}</updated>"


_ELSEWHERE, _SOME_TIME = f"aboveboard:{uuid4()}", datetime(1, 1, 1, tzinfo=UTC)
"""Stand in for the address of a feed and for a time. Nobody can have written the one, or be told of the other."""


def rss(head: Head, items: Iterable[bytes]) -> bytes:
    """RSS 2.0, of items that were written by `rss_item`."""
    return _whole(_generator(head, RSS).rss_str(), b"</channel></rss>", head, items)


def json_feed(head: Head, posts: Iterable[Post]) -> bytes:
    """JSON Feed 1.1."""
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": head.title,
        "home_page_url": head.home,
        "feed_url": head.self,
        "description": head.description,
        "language": head.language,
        "authors": [{"name": head.author}],
    }
    if head.hub:
        feed["hubs"] = [{"type": "WebSub", "url": head.hub}]
    feed["items"] = [_json_item(post) for post in posts]
    return json.format(json.encode(feed), indent=1) + b"\n"


def atom_entry(post: Post) -> bytes:
    """An entry of Atom, as it stands in a feed."""
    # "atom:entry elements MUST contain exactly one atom:updated element."  RFC 4287, 4.1.2
    return (
        f"<entry><id>{_escaped(post.id)}</id><title>{_escaped(post.title)}</title>"
        f'<link rel="alternate" type="text/html" href={_quoted(post.link)}/>'
        f"<published>{iso(post.published)}</published><updated>{iso(post.updated)}</updated>"
        f"{_atom_categories(post.categories)}"
        f'<content type="html">{_escaped(post.content)}</content></entry>'
    ).encode()


def rss_item(post: Post) -> bytes:
    """An item of RSS, as it stands in a feed."""
    return (
        f"<item><title>{_escaped(post.title)}</title><link>{_escaped(post.link)}</link>"
        f'<guid isPermaLink="false">{_escaped(post.id)}</guid><pubDate>{format_datetime(post.published)}</pubDate>'
        f"{_rss_categories(post.categories)}<description>{_escaped(post.content)}</description></item>"
    ).encode()


@lru_cache(1000)  # they are the same in many entries
def _atom_categories(some: tuple[Category, ...]) -> str:
    return "".join(
        f"<category term={_quoted(one.term)} scheme={_quoted(one.scheme)} label={_quoted(one.label)}/>" for one in some
    )


@lru_cache(1000)
def _rss_categories(some: tuple[Category, ...]) -> str:
    """RSS has one word for each: of those of `_NAMED` the name, of the others the term."""
    said = ((one.scheme, one.label if one.what in _NAMED else one.term) for one in some)
    return "".join(f"<category domain={_quoted(scheme)}>{_escaped(word)}</category>" for scheme, word in said)


_NAMED = frozenset({"component", "group"})


def _escaped(text: str) -> str:
    """What can stand in XML between tags."""
    for mark, entity in _ENTITIES:
        if mark in text:  # to ask costs a tenth of replacing nothing
            text = text.replace(mark, entity)
    return text


_ENTITIES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;"))


def _quoted(text: str) -> str:
    """What can stand in XML as the value of an attribute, with its quotes."""
    value = _escaped(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
    return f'"{value}"'


def posts(feed: bytes) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Read back: the ids and categories of the entries of a feed in Atom, each by the last part of its scheme."""
    for entry in etree.fromstring(feed).iterfind(f"{{{_ATOM}}}entry"):
        id_ = entry.findtext(f"{{{_ATOM}}}id", "").rpartition(":")[2]
        categories = entry.iterfind(f"{{{_ATOM}}}category")
        yield id_, {one.get("scheme", "").rpartition("/")[2]: one.get("term", "") for one in categories}


def _json_item(post: Post) -> dict[str, Any]:
    terms = {one.what: one.term for one in post.categories}
    return {
        "id": post.id,
        "url": post.link,
        "title": post.title,
        "content_html": post.content,
        "date_published": iso(post.published),
        "tags": [one.label for one in post.categories],
        # "Custom objects can be used anywhere in the feed. Their names must begin with an underscore."
        # jsonfeed.org/version/1.1
        "_aboveboard": {
            "notice": post.notice,
            "kind": terms.get("kind"),
            "status": terms.get("status"),
            "impact": terms.get("impact"),
            "components": [one.term for one in post.categories if one.what == "component"],
        },
    }


def _generator(head: Head, media_type: str) -> FeedGenerator:
    """A feed without entries. feedgen is imported here: many a build needs none."""
    from feedgen.feed import FeedGenerator

    feed = FeedGenerator()
    feed.id(head.id)
    feed.title(head.title)
    feed.description(head.description)
    feed.language(head.language)
    # "atom:feed elements MUST contain one or more atom:author elements, unless all of the atom:feed element's child
    # atom:entry elements contain at least one atom:author element."  RFC 4287, 4.1.1
    feed.author(name=head.author)
    feed.generator("Aboveboard")
    # "The 'atom:updated' element is a Date construct indicating the most recent instant in time when an entry or feed
    # was modified in a way the publisher considers significant."  RFC 4287, 4.2.15
    # What is not set, feedgen takes from the clock.
    feed.updated(head.updated)
    feed.lastBuildDate(head.updated)
    feed.link(href=head.home, rel="alternate", type="text/html")
    feed.register_extension("aboveboard", partial(_Extension, head, media_type))
    return feed


class _Extension:
    """What feedgen does not know: it would leave all links but one out of RSS."""

    def __init__(self, head: Head, media_type: str) -> None:
        self.head = head
        self.links = [("self", head.self, media_type)]
        self.links += [(rel, href, ATOM) for rel, href in head.links]
        if head.hub and not head.is_archive:
            # "the publisher MUST include at least one Link Header with rel=hub and exactly one with rel=self", or both
            # as elements of the feed.  WebSub, 4
            self.links.append(("hub", head.hub, ""))

    def extend_ns(self) -> Mapping[str, str]:
        return {"fh": _HISTORY} if self.head.is_archive else {}

    def extend_atom(self, feed: etree._Element) -> etree._Element:
        self._extend(feed, "link")
        return feed

    def extend_rss(self, rss: etree._Element) -> etree._Element:
        self._extend(rss[0], f"{{{_ATOM}}}link")
        return rss

    def _extend(self, feed: etree._Element, tag: str) -> None:
        for rel, href, media_type in self.links:
            link = etree.SubElement(feed, tag, rel=rel, href=href)
            if media_type:
                link.set("type", media_type)
        if self.head.is_archive:
            etree.SubElement(feed, f"{{{_HISTORY}}}archive")
        if self.head.explained:
            box = etree.SubElement(feed, f"{{{_XHTML}}}div", nsmap={"xhtml": _XHTML})
            for words, href in self.head.explained:
                line = etree.SubElement(box, f"{{{_XHTML}}}p")
                inside = etree.SubElement(line, f"{{{_XHTML}}}a", href=href) if href else line
                inside.text = words


def _whole(head: bytes, end: bytes, of: Head, entries: Iterable[bytes]) -> bytes:
    """A document: at its start what it is, for people and browsers; before its end the entries.

    The style sheet is CSS, as browsers are taking XSLT out. Chromium shows what is served as a feed as plain text, in
    which the comment is what one reads first; what is served as XML it shows in the style, as Firefox does both.
    """
    first, _, rest = head.partition(b"\n")
    said = "\n".join(words for words, href in of.explained if not href).replace("--", "- -")
    style = f'<?xml-stylesheet type="text/css" href={_quoted(of.style)}?>'
    return b"\n".join(
        [first, style.encode(), f"<!-- {said} {of.home} -->".encode(), rest.removesuffix(end), *entries, end, b""]
    )
