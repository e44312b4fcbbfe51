"""The only speller of public paths, of links between them, and of the ids that feeds keep for ever."""

from __future__ import annotations

import posixpath
import re
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import quote, urljoin, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from .settings import Settings

FEEDS = (".atom", ".rss", "feed.json")
"""How the names of feeds end."""

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_STATUSPAGE_ID = re.compile(r"[a-z0-9]{8,24}")


_PLAIN = re.compile(r"(?:[A-Za-z0-9_~-][A-Za-z0-9_~.-]*+/?+)++").fullmatch


@lru_cache
def _folder_of(url: str) -> str:
    """The URL below which relative ones lie."""
    return urljoin(url, "x").removesuffix("x")


class Page(StrEnum):
    """The pages of which there is one each. The value is its address below the prefix and its template's name."""

    BOARD = "board"
    HISTORY = "history"
    MAINTENANCE = "maintenance"
    POST_MORTEMS = "post-mortems"
    PROMISES = "promises"
    UPTIME = "uptime"
    CANDOUR = "candour"
    SUBSCRIBE = "subscribe"
    CUSTOMERS = "customers"
    SEARCH = "search"


class Urls(Struct, frozen=True):
    """Every address is a path from the site's root, without a leading slash; pages end in one (the board may be "")."""

    settings: Settings
    lang: str = ""
    """The language of pages and feeds, where it is not the site's own."""

    def page(self, page: Page) -> str:
        """The address of a page of which there is one."""
        return self._mirrored("" if page == Page.BOARD else f"{page}/")

    def notice(self, notice: str) -> str:
        """The address of a notice's page, by its id."""
        return self._mirrored(f"incidents/{notice}/")

    def beside(self, notice: str) -> str:
        """Where the files that lie beside a notice are published: once, whatever the language."""
        return self._below(f"incidents/{notice}/")

    def markdown(self, notice: str) -> str:
        """The address of a notice's text, beside its page."""
        return self._below(f"incidents/{notice}/index.md")

    @property
    def notices(self) -> str:
        """The folder of all notices' pages."""
        return self._mirrored("incidents/")

    def component(self, component: str) -> str:
        """The address of a component's page, by its id."""
        return self._mirrored(f"components/{component}/")

    def history(self, facet: str | None = None, value: str = "", year: int = 0, month: int = 0) -> str:
        """The address of what was in a month, a year or all of time: of all, or of one kind, cause or component."""
        folder = f"{facet}/{value}/" if facet else ""
        above = "" if facet == "components" else "history/"
        time = f"{year:04}-{month:02}/" if month else f"{year:04}/" if year else ""
        return self._mirrored(f"{above}{folder}{time}")

    @property
    def missing(self) -> str:
        """The page for whatever is not there. It lies at the root, and is shown at any address."""
        return "404.html"

    @property
    def headers(self) -> str:
        """What a web server should say beside each file, for those that look at the root for it."""
        return "_headers"

    def candour_year(self, year: int) -> str:
        """The address of the table of a year's incidents and what they measure of our candour."""
        return self._below(f"candour/{year:04}.csv")

    def image(self, notice: str, name: str) -> str:
        """The address of a file that lies beside a notice."""
        return f"{self.beside(notice)}{quote(name)}"

    def card(self, name: str) -> str:
        """The address of a picture that link previews show, with a word in it."""
        return self._mirrored(f"cards/{name}.png")

    def feed(self, name: str) -> str:
        """The address of a feed or another single file: `history.atom`. Feeds there are in each language."""
        return self._mirrored(name) if name.endswith(FEEDS) else self._below(name)

    def own(self, at: str) -> str:
        """The address of the same in the site's own language, where everything is that there is once."""
        return self._below(at.removeprefix(self._mirrored(""))) if self.lang else at

    def elsewhere(self, at: str) -> dict[str, str]:
        """For a page or feed that there is in each language, its address by their codes, the site's own first."""
        place = at.removeprefix(self._mirrored(""))
        first, *others = self.settings.languages
        return {first: replace(self, lang="")._mirrored(place)} | {
            code: replace(self, lang=code)._mirrored(place) for code in others
        }

    def channel(self, about: str, id: str, name: str) -> str:  # noqa: A002
        """The address of a file about a channel: `history.atom` about everything, others below `feeds/`."""
        return self._mirrored(f"feeds/{about}/{id}/{name}" if about else name)

    def archive(self, about: str, id: str, name: str) -> str:  # noqa: A002
        """The address of an archive of a channel."""
        return self._mirrored(f"feeds/{about}/{id}/{name}" if about else f"feeds/{name}")

    def findable(self, year: int, month: int) -> str:
        """The address of the text of a month's notices, which searching looks through."""
        return self._mirrored(f"search/{year:04}-{month:02}.json")

    @property
    def board_json(self) -> str:
        """The address of what open pages look at to learn whether something was written."""
        return self._mirrored("api/aboveboard/board.json")

    @property
    def embed_script(self) -> str:
        """The address of the script for other people's pages."""
        return self._mirrored("embed.js")

    def embed(self, about: str) -> str:
        """The address of a page for a frame: about everything, or about a component or group."""
        return self._mirrored(f"embed/{about}/" if about else "embed/")

    def badge(self, id: str, period: str, ending: str) -> str:  # noqa: A002
        """The address of a badge: of the site without an id, of a state without a period."""
        about = f"badges/{id}" if id else "badge"
        return self._below(f"{about}/{period}.{ending}" if period else f"{about}.{ending}")

    @property
    def worker(self) -> str:
        """The address of what keeps pages for when there is no network. It lies above all that it looks after."""
        return self._below("sw.js")

    def asset(self, name: str) -> str:
        """The address of a style sheet or picture of ours."""
        return self._below(f"assets/aboveboard/{name}")

    def icon(self, state: str) -> str:
        """The address of the small picture that a tab shows while the site is in that state."""
        return self.asset(f"icon-{state}.svg")

    def link(self, to: str, at: str) -> str:
        """How a page at `at` links to `to`: a relative URL, with index.html where the site wants files named.

        What is shown at any address knows no way but from the root of the host.
        """
        if at == self.missing:
            return self.root + self.named(to)
        if "/." in to or "//" in to or to.startswith("."):
            to = _plain(to)
        folder = _folder(at)
        common = 0
        while (end := folder.find("/", common) + 1) and to.startswith(folder[common:end], common):
            common = end
        path = "../" * folder.count("/", common) + to[common:]
        if not self.settings.host.directory_urls and (not path or path.endswith("/")):
            return f"{path}index.html"
        return path or "./"

    @property
    def root(self) -> str:
        """The path of the site on its host: `/`, or `/status/`."""
        return urlsplit(self.settings.host.url or "").path or "/"

    def absolute(self, to: str) -> str:
        """The whole URL. Raises ValueError without a site_url: feeds are left out then."""
        url, named = self.settings.host.url, self.named(to)
        if not url:
            raise ValueError("the site has no site_url")
        if _PLAIN(named):  # as all of ours: there is nothing to resolve
            return f"{_folder_of(url)}{named}"
        return urljoin(url, named)

    def named(self, to: str) -> str:
        """The address as links spell it: with index.html where the site wants files named."""
        return to if self.settings.host.directory_urls else self.file(to)

    def file(self, to: str) -> str:
        """Where the bytes of an address lie below the site's folder."""
        return f"{to}index.html" if not to or to.endswith("/") else to

    def feed_id(self, notice: str = "", update: str = "") -> str:
        """The id of the feed, of a notice's entry, or of an update's. A new domain or title changes none of them.

        What is in another language is another entry: `…:it-broke;de`.

        `tag:<authority>,<date>:<specific>` is RFC 4151's form; the authority is a setting.
        """
        specific = "/".join([part for part in (notice, update) if part]) or "history"
        specific += f";{self.lang}" if self.lang else ""
        return f"tag:{self.settings.feed_authority},2026:{specific}"

    def _mirrored(self, path: str) -> str:
        return self._below(f"{self.lang}/{path}" if self.lang else path)

    def api(self, name: str) -> str:
        """The address of a file for machines: `v2/status.json`, `aboveboard/index.json`."""
        return self._below(f"api/{name}")

    def statuspage_id(self, kind: str, id: str, source: str = "") -> str:  # noqa: A002
        """What Statuspage would call a thing of ours, for ever: 12 characters of 0 to 9 and a to z.

        What was imported from there keeps the id that it had.
        """
        if _STATUSPAGE_ID.fullmatch(source):
            return source
        number = int.from_bytes(blake2b(f"{kind} {id}".encode(), digest_size=8).digest())
        return "".join(_DIGITS[number // 36**place % 36] for place in range(12))

    def _below(self, path: str) -> str:
        return f"{self.settings.prefix}/{path}" if self.settings.prefix else path


def _folder(at: str) -> str:
    """The folder against which a browser resolves the links of a page."""
    return at if at.endswith("/") or not at else posixpath.dirname(at)


def _plain(to: str) -> str:
    """The address without detours through other folders."""
    path = posixpath.normpath(f"/{to}").lstrip("/")
    return f"{path}/" if path and to.endswith("/") else path
