"""A writer's Markdown as HTML that is safe to publish and whose links work from where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextvars import ContextVar
from hashlib import blake2b
from posixpath import basename
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import nh3
from msgspec import Struct

from ..report import Report
from ..urls import Urls

ToHtml = Callable[[str], str]
"""Markdown to HTML with the site's own extensions; not yet safe, unless it is `Plain`."""


class Plain(str):
    """HTML with nothing in it but what plain Markdown has: of attributes there are only the addresses of links, and
    what language a block of code is in, and so no ids. Of letters there are only those that can be printed.

    It is safe as it is, and the allow-list would leave it so, unless it is `Linked`.
    """

    __slots__ = ()


class Linked(Plain):
    """There may be links in it, which are safe once their addresses are."""

    __slots__ = ()


_ATTRIBUTES = {
    "*": {"class", "dir", "id", "lang", "title"},
    "a": {"href", "hreflang"},
    "abbr": {"title"},
    "details": {"open"},
    "img": {"alt", "height", "src", "width", "loading"},
    "input": {"checked", "disabled", "type"},
    "ol": {"start", "reversed"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
_TAGS = frozenset(
    """a abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure
    h3 h4 h5 h6 hr i img input ins kbd li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot
    th thead time tr u ul var""".split()  # noqa: SIM905
)
_SCHEMES = {"http", "https", "mailto", "tel", "webcal", "ftp", "sftp", "xmpp"}

_Spelled = Callable[[str, str, str], str | None]
"""A tag, an attribute and its value to the value that is published, or to None where there shall be none."""

_SPELLED: ContextVar[_Spelled] = ContextVar("how attributes are spelled in the body that is being cleaned")


def _as_spelled(tag: str, name: str, value: str) -> str | None:
    return _SPELLED.get()(tag, name, value)


_ALLOW_LIST: dict[str, Any] = {
    "tags": set(_TAGS),
    "attributes": _ATTRIBUTES,
    "url_schemes": _SCHEMES,
    "attribute_filter": _as_spelled,
    "link_rel": "noopener",
}
_IN_FEED = nh3.Cleaner(**_ALLOW_LIST)
_ON_PAGE = nh3.Cleaner(**_ALLOW_LIST, set_tag_attribute_values={"table": {"tabindex": "0"}})
"""A wide table scrolls sideways, for the keyboard too. It takes ten times as long to tell nh3 the rules as to clean a
body by them, so it is told once."""

_LINK = re.compile(r'<a href="([^"]*)">')
_SURELY_A_URL = re.compile(r"[^:]*|https?://(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,}(?:[/?#].*)?")
"""What no two programs can disagree about: relative, or on the web and of a host with a plain name."""

_TO_ESCAPE = re.compile(r"[&\"<>\xa0]")

_NOTICE_LINK = re.compile(r"([a-z0-9][a-z0-9-]{0,99})\.md")
_PLAIN_NOTICE_LINK = re.compile(rf"(?:[a-z0-9.][a-z0-9./-]*/)?{_NOTICE_LINK.pattern}")


class Bodies(Struct, frozen=True):
    """Turns bodies into HTML for whichever page or feed they stand in."""

    report: Report
    urls: Urls
    to_html: ToHtml

    def on_page(self, markdown: str, notice: str, at: str) -> str:
        """The body of `notice` on the page at `at`: its relative links are spelled from there."""
        html = self.to_html(markdown)
        if type(html) is Plain:  # as most are
            return html
        return self._clean(html, markdown, notice, lambda to: self.urls.link(to, at))

    def in_feed(self, markdown: str, notice: str) -> str:
        """The body of `notice` in a feed: no link is relative, and nothing is left that only a page can do."""
        html = self.to_html(markdown)
        if type(html) is Plain:
            return html
        return self._clean(html, markdown, notice, self.urls.absolute, in_feed=True)

    def line(self, markdown: str, notice: str, at: str) -> str:
        """One line of a body, without its paragraph."""
        html = self.on_page(markdown, notice, at).strip()
        inside = html.removeprefix("<p>").removesuffix("</p>")
        return inside if "<p>" not in inside else html

    def _clean(
        self, html: str, markdown: str, notice: str, spell: Callable[[str], str], *, in_feed: bool = False
    ) -> str:
        """Safe HTML, in which a fragment of the same body is one of this page, or of the notice's from anywhere."""
        here = self.urls.notice(notice)
        if isinstance(html, Linked) and (linked := self._linked(html, here, spell)) is not None:
            return linked
        page = self.urls.absolute(here) if in_feed else ""

        def spelled(tag: str, name: str, value: str) -> str | None:
            if name == "id":
                return f"{_own(markdown)}{value}"
            if name == "href" and value.startswith("#") and f'id="{value[1:]}"' in html:
                return f"{page}#{_own(markdown)}{value[1:]}"
            if name == "src":
                return self._picture(value, here, spell)
            if name == "href":
                return self._resolve(value, here, spell)
            return None if tag == "input" and name == "type" and value != "checkbox" else value

        body = _SPELLED.set(spelled)
        try:
            return _IN_FEED.clean(html) if in_feed else _opening(_ON_PAGE.clean(html))
        finally:
            _SPELLED.reset(body)

    def _linked(self, html: Linked, here: str, spell: Callable[[str], str]) -> Plain | None:
        """What the allow-list would make of it, in a tenth of the time; None where that is better asked itself."""
        parts = _LINK.split(html)
        for at in range(1, len(parts), 2):
            if not _SURELY_A_URL.fullmatch(parts[at]):
                return None
            to = self._resolve(parts[at], here, spell)
            if to is not None and _TO_ESCAPE.search(to):
                return None
            parts[at] = '<a rel="noopener">' if to is None else f'<a href="{to}" rel="noopener">'
        return Plain("".join(parts))

    def _picture(self, url: str, here: str, spell: Callable[[str], str]) -> str | None:
        """A picture of the site itself. No page of ours asks another host for anything."""
        parts = _split(url)
        return None if parts is None or parts.scheme or parts.netloc else self._resolve(url, here, spell)

    def _resolve(self, url: str, here: str, spell: Callable[[str], str]) -> str | None:
        """A link as written beside the notice: to a file there, to another notice's file, or to anywhere else.

        None where it leads nowhere: to a notice that is not published yet, or to what is no address.
        """
        if name := _PLAIN_NOTICE_LINK.fullmatch(url):  # as most are, whose parts need no looking for
            return self._beside(name[1], "", spell)
        parts = _split(url)
        if parts is None:
            return None
        if parts.scheme:
            return url
        if parts.netloc:
            return f"https:{url}"
        tail = (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
        if not parts.path:
            return f"{spell(here)}{tail}"
        if parts.path.startswith("/"):
            return f"{spell(parts.path.lstrip('/'))}{tail}"
        if name := _NOTICE_LINK.fullmatch(basename(unquote(parts.path))):
            return self._beside(name[1], tail, spell)
        return f"{spell(f'{self.urls.own(here)}{parts.path}')}{tail}"

    def _beside(self, notice: str, tail: str, spell: Callable[[str], str]) -> str | None:
        """A link to the notice of that id."""
        return f"{spell(self.urls.notice(notice))}{tail}" if notice in self.report.index else None


def _own(markdown: str) -> str:
    """How ids of a body begin. Several stand on one page, each perhaps with a first footnote, and must not meet."""
    return f"b{blake2b(markdown.encode(errors='replace'), digest_size=4).hexdigest()}-"


_PICTURE = re.compile(r"(<a\b.*?</a>)|<img\b[^>]*>", re.DOTALL)
_SHOWN = re.compile(r'(?=.* alt="[^"]*[^\s"]).* src="([^"]*)"')


def _opening(html: str) -> str:
    """Pictures lead to themselves, as a telephone has no room for most. Those that lead elsewhere do not, nor those of
    which nobody says what they show: such a link would have no name.
    """

    def opening(found: re.Match[str]) -> str:
        shown = None if found[1] else _SHOWN.search(found[0])
        return f'<a class="ab-shot" href="{shown[1]}">{found[0]}</a>' if shown else found[0]

    return _PICTURE.sub(opening, html) if "<img" in html else html


_OWN = re.compile(r' (id|href)="(#?)(b[0-9a-f]{8}-)([^"]*)"')


def apart(page: str) -> str:
    """A page on which the same words stand twice, as one post does that was made about two notices: its ids are told
    apart, and its links lead to its own.
    """
    if page.count(' id="b') < 2:
        return page
    ids = [own + name for kind, _, own, name in _OWN.findall(page) if kind == "id"]
    if len(ids) == len(set(ids)):
        return page
    copy: dict[str, int] = {}
    seen: set[tuple[str, int, str]] = set()

    def named(found: re.Match[str]) -> str:
        kind, mark, own, name = found.groups()
        if kind == "id" and (own, copy.get(own, 1), name) in seen:
            copy[own] = copy.get(own, 1) + 1
        if kind == "id":
            seen.add((own, copy.get(own, 1), name))
        again = copy.get(own, 1)
        return f' {kind}="{mark}{own}{f"{again}-" if again > 1 else ""}{name}"'

    return _OWN.sub(named, page)


def _split(url: str) -> SplitResult | None:
    """Its parts as a browser sees them, for which a backslash is a slash; None for what is no URL."""
    try:
        return urlsplit(url.replace("\\", "/"))
    except ValueError:
        return None
