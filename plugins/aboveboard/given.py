"""What the host gives, kept so that it need not be asked again while nothing of it has changed.

MkDocs needs half a second to say what it said before: its configuration, the theme's page, the pages that a person
wrote. One edited notice changes none of these.
"""

from __future__ import annotations

import json
import marshal
import pickle
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from gzip import compress
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from . import bundling, documents
from .documents import Document
from .edition import Edition, files_below
from .memo import Memo, program
from .moment import moment
from .publish import Artefact, Bundle
from .render import markdown, search, sitemap
from .render.frame import Frames
from .render.pages import Pages
from .site import Site
from .urls import Page, Urls

KNOWN = frozenset({"aboveboard", "search", "material/search"})
"""Plugins of the host that make the same of the same. Any other may look at a clock, a network, a history."""

HOST = "host"
"""The bundle of the files that the host makes."""

SITEMAP = "sitemap.xml"
"""The host's list of every page."""

_ELSEWHERE = re.compile(rb"^INHERIT|^hooks|!ENV|!relative|!!python", re.MULTILINE)
"""What lets a configuration depend on more than its own text."""


class Part(Struct, frozen=True):
    """One plugin of ours in the host's site."""

    site: Site
    frames: Frames
    """The host's pages with holes."""


_Part = tuple[Part, Sequence[Edition]]


class Given(Struct, frozen=True, kw_only=True):
    """Everything that a build needs of the host."""

    config: Path
    """Its configuration file."""
    folders: tuple[Path, ...]
    """Where what a person wrote and changed lies."""
    inputs: bytes
    """A digest of both, of the day, and of whether a clock stands still."""
    changed: tuple[int, ...]
    """For each part, the day of its newest word, which the host gives for its pages in the sitemap."""
    site_dir: Path
    parts: tuple[Part, ...]
    files: Mapping[str, bytes]
    """The files that it made, by their paths, with the digests of their bytes. Sitemap and index are not among them."""
    sitemap: str | None
    """Without our pages."""
    found: Found | None
    """What its search finds."""


class Found(Struct, frozen=True):
    """The host's index around our entries."""

    path: str
    before: str
    after: str
    in_order: bool
    """Whether what is said of an entry is in the order of the alphabet."""
    shown_as_html: bool

    @classmethod
    def around(cls, path: str, index: str, entries: Sequence[search.Entry], *, shown_as_html: bool) -> Self | None:
        """An index that holds these entries next to one another; None for one of another form.

        One that was built for the browser beforehand holds them in another form as well.
        """
        if "index" in json.loads(index):
            return None
        for in_order in (False, True) if entries else ():
            before, ours, after = index.partition(_listed(entries, shown_as_html, in_order))
            if ours:
                return cls(path, before, after, in_order, shown_as_html)
        return None

    def holding(self, entries: Sequence[search.Entry]) -> bytes:
        """The index with other entries of ours, of which there is at least one."""
        return f"{self.before}{_listed(entries, self.shown_as_html, self.in_order)}{self.after}".encode()


class Unknown(Exception):
    """Something is needed of the host that it has not given."""


def remembered(memo: Memo, config: Path, environment: Mapping[str, str], clock: datetime) -> Given | None:
    """What the host gave the last time, if it would give the same again."""
    kept = memo.get("given", _key(config))
    if not isinstance(kept, Given):
        return None
    try:
        return kept if kept.inputs == digest(config, kept.folders, kept.parts, environment, clock) else None
    except OSError:
        return None


def remember(memo: Memo, given: Given) -> None:
    """Keep it for the next time, unless something in it cannot be kept."""
    for part in given.parts:
        known = part.site.settings
        every = [Urls(known), *(Urls(known, code) for code in known.languages[1:])]
        for at, lang in ((at, urls.lang) for urls in every for at in _depths(urls)):
            part.frames.blank(at.count("/"), lang)  # at every depth, as the first of its kind may come next
    parts = (Part(part.site, replace(part.frames, render=unrendered)) for part in given.parts)
    try:
        memo.put("given", _key(given.config), replace(given, parts=tuple(parts)))
    except (pickle.PicklingError, AttributeError, TypeError):  # options may hold what lives in one process only
        return


def _depths(urls: Urls) -> tuple[str, ...]:
    """An address at each depth at which pages of ours are."""
    chosen = (urls.history(*of) for of in (("components", "x"), ("components", "x", 1), ("kinds", "x", 1)))
    return urls.page(Page.BOARD), urls.page(Page.HISTORY), urls.notice("x"), *chosen


def apart(config: Path, folders: Iterable[Path], plugins: Iterable[str], nav: object) -> bool:
    """Whether the host's own can ask neither for our pages nor for a clock: no plugin, nor what a person wrote."""
    if not set(plugins) <= KNOWN or _ELSEWHERE.search(config.read_bytes()):
        return False
    texts = (path.read_bytes() for path in files_below(folders) if path.suffix.lower() in _TEXTS)
    return not any(_DEPENDS.search(text) for text in (repr(nav).encode(errors="replace"), *texts))


def may_be_kept(given: Given, *, theme: str, templates: Iterable[object]) -> bool:
    """Whether the host, if it is `apart`, makes the same of the same: of no other files or programs.

    `templates` are such as a site has of its own, besides the theme's.
    """
    if theme not in MATERIAL or list(templates):
        return False
    for part in given.parts:
        extensions = part.site.extensions
        ours = {name.partition(":")[0].partition(".")[0] for name in extensions if "." in name}
        if part.site.settings.page_events or markdown.refused(extensions) or not ours <= {"markdown", "pymdownx"}:
            return False
        if markdown.code(extensions) or any(True for _ in files_below(part.site.overrides)):
            return False
    return True


MATERIAL = frozenset({"material", "materialx"})
"""Themes whose root is 20 pixels, that have a block `container`, and that do not print when the site was built."""

_TEXTS = {".md", ".markdown", ".html", ".xml", ".yml", ".yaml", ".json"}

_DEPENDS = re.compile(rb"incidents/|components/|history/\d|build_date|\bnow\(")
"""What lets pages of the host's own depend on ours, which come and go, or on a clock."""


def digest(
    config: Path, folders: Iterable[Path], parts: Iterable[Part], environment: Mapping[str, str], clock: datetime
) -> bytes:
    """Of everything that the host makes its own from.

    Raises OSError where something of it is gone.
    """
    moments = [moment(part.site.settings, environment, clock) for part in parts]
    fixed = [now if is_fixed else None for now, is_fixed in moments]
    epoch = environment.get("SOURCE_DATE_EPOCH")
    day = (datetime.fromtimestamp(int(epoch), UTC) if epoch else clock).date()
    found = blake2b(program() + f"{day} {fixed}".encode(), digest_size=16)
    for folder in folders:
        folder.stat()
    for path in (config, *files_below(folders)):
        data = path.read_bytes()
        found.update(f"{path} {len(data)} ".encode(errors="replace") + data)
    return found.digest()


def newest(pages: Pages) -> int:
    """The day of the newest word."""
    return max((entry.last_posted for entry in pages.report.index.values()), default=-1) // sitemap.DAY


def bundles(given: Given, every: Sequence[Sequence[Edition]], host: Callable[[str], bytes]) -> Iterator[Bundle]:
    """Every file of the site; `every` is in the order of the parts, and `host` says what is in a file of the host.

    Raises Unknown where the host must be asked again.
    """
    if given.changed != tuple(newest(own.pages) for own, *_ in every):
        raise Unknown
    if given.found and not any(own.report.index for own, *_ in every):
        raise Unknown
    parts = list(zip(given.parts, every, strict=True))
    for part, editions in parts:
        for urls in (one.urls for one in editions):
            for at in _depths(urls):
                part.frames.frame(at, urls.lang)
    return _bundles(given, parts, host)


def _bundles(given: Given, parts: Sequence[_Part], host: Callable[[str], bytes]) -> Iterator[Bundle]:
    for part, editions in parts:
        yield bundling.clocked(editions, part.frames, taken=given.files.keys())
    overviews = [list(documents.overviews(editions)) for _, editions in parts]
    for (part, editions), known in zip(parts, overviews, strict=True):
        yield from bundling.bundles(editions, known, part.frames, taken=given.files.keys())

    def theirs() -> Iterator[Artefact]:
        for path, inputs in given.files.items():
            yield Artefact(path, inputs, partial(host, path))

    yield Bundle(HOST, blake2b(repr(given.files).encode(), digest_size=16).digest(), theirs)
    yield Bundle("both", b"", partial(_both, given, parts, overviews))


def _both(given: Given, parts: Sequence[_Part], overviews: Sequence[Sequence[Document]]) -> Iterator[Artefact]:
    """Files that hold something of the host and something of ours."""
    if given.sitemap is not None:
        yield from _sitemaps(given.sitemap, given.files, parts, overviews)
    if found := given.found:
        reports = [one.report for _, editions in parts for one in editions]
        shown = [report.index[id_].key for report in reports for id_ in search.shown(report)]
        worlds = [editions[0].world for _, editions in parts]
        said = repr((found, worlds, shown)).encode(errors="replace")

        def index() -> bytes:
            some = (search.findable(editions[0].pages) for _, editions in parts)
            return found.holding([*chain.from_iterable(some)])

        yield Artefact(found.path, blake2b(program() + said, digest_size=16).digest(), index)


def unrendered(_depth: int, _lang: str) -> str:
    """The host is not there to be asked for a page."""
    raise Unknown


def _sitemaps(
    host: str,
    files: Collection[str],
    parts: Sequence[_Part],
    overviews: Sequence[Sequence[Document]],
) -> Iterator[Artefact]:
    """The list of every page, and the same packed. Neither says when it was made."""
    urls = [editions[0].urls for _, editions in parts]
    shown = [
        (which, document.at, document.changed // sitemap.DAY)
        for which, (part, _) in enumerate(parts)
        for document in overviews[which]
        if document.at not in part.frames.written and urls[which].file(document.at) not in files
    ]
    notices = [
        (which, entry.id, entry.last_posted // sitemap.DAY)
        for which, (_, editions) in enumerate(parts)
        for entry in editions[0].report.index.values()
    ]
    settings = [(part.site.settings.host, part.site.settings.languages) for part, _ in parts]
    theirs = sorted(path for path in files if any(path.startswith(one.notices) for one in urls))
    inputs = blake2b(
        program() + repr((host, settings, theirs)).encode() + marshal.dumps((shown, notices)), digest_size=16
    )

    @cache
    def made() -> bytes:
        spelled = [[one.urls for one in editions] for _, editions in parts]
        addressed = ((which, one.notice(id_), day) for which, id_, day in notices for one in spelled[which])
        free = (one for one in addressed if urls[one[0]].file(one[1]) not in files)
        every = ((urls[which].absolute(at), day * sitemap.DAY) for which, at, day in chain(shown, free))
        return sitemap.extended(host, every).encode()

    yield Artefact(SITEMAP, inputs.digest(), made)
    yield Artefact(f"{SITEMAP}.gz", inputs.digest(), lambda: compress(made(), mtime=0))


def _listed(entries: Iterable[search.Entry], shown_as_html: bool, in_order: bool) -> str:
    said = [entry.said(shown_as_html=shown_as_html) for entry in entries]
    return json.dumps(said, separators=(",", ":"), sort_keys=in_order)[1:-1]


def _key(config: Path) -> bytes:
    return str(config).encode(errors="replace")
