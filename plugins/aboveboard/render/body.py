"""A writer's Markdown as HTML that is safe to publish and whose links work from where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from posixpath import basename
from urllib.parse import unquote, urlsplit

import nh3

from ..report import Report
from ..urls import Urls

ToHtml = Callable[[str], str]
"""Markdown to HTML with the site's own extensions; not yet safe."""

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
_NOTICE_LINK = re.compile(r"([a-z0-9][a-z0-9-]{0,99})\.md")


@dataclass(frozen=True, slots=True)
class Bodies:
    """Turns bodies into HTML for whichever page or feed they stand in."""

    report: Report
    urls: Urls
    to_html: ToHtml

    def on_page(self, markdown: str, notice: str, at: str) -> str:
        """The body of `notice` on the page at `at`: its relative links are spelled from there."""
        here = self.urls.notice(notice)
        return self._clean(markdown, here, lambda to: self.urls.link(to, at))

    def in_feed(self, markdown: str, notice: str) -> str:
        """The body of `notice` in a feed: no link is relative, and nothing is left that only a page can do."""
        return self._clean(markdown, self.urls.notice(notice), self.urls.absolute)

    def line(self, markdown: str, notice: str, at: str) -> str:
        """One line of a body, without its paragraph."""
        html = self.on_page(markdown, notice, at).strip()
        inside = html.removeprefix("<p>").removesuffix("</p>")
        return inside if "<p>" not in inside else html

    def _clean(self, markdown: str, here: str, spell: Callable[[str], str]) -> str:
        def spelled(tag: str, name: str, value: str) -> str | None:
            if tag == "input" and name == "type" and value != "checkbox":
                return None
            if name == "src" and urlsplit(value).netloc:
                return None  # no page of ours asks another host for anything
            return self._resolve(value, here, spell) if name in ("href", "src") else value

        return nh3.clean(
            self.to_html(markdown),
            tags=set(_TAGS),
            attributes=_ATTRIBUTES,
            url_schemes=_SCHEMES,
            attribute_filter=spelled,
            link_rel="noopener",
        )

    def _resolve(self, url: str, here: str, spell: Callable[[str], str]) -> str:
        """A link as written beside the notice: to a file there, to another notice's file, or to anywhere else."""
        parts = urlsplit(url)
        if parts.scheme:
            return url
        if parts.netloc:
            return f"https:{url}"
        if not parts.path:
            return f"{spell(here)}#{parts.fragment}"
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        if parts.path.startswith("/"):
            return f"{spell(parts.path.lstrip('/'))}{fragment}"
        name = _NOTICE_LINK.fullmatch(basename(unquote(parts.path)))
        if name and name[1] in self.report.notices:
            return f"{spell(self.urls.notice(name[1]))}{fragment}"
        return f"{spell(f'{here}{parts.path}')}{fragment}"
