"""The plot, top to bottom: what is read, what is made of it, and where it is written."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from functools import cached_property, partial
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import unquote

from msgspec import Struct
from msgspec.structs import replace

from . import __version__, history, reading
from .archive import Choice
from .days import Month
from .doubts import Doubt, Doubted, doubts, unheard, untold
from .fork import meanwhile
from .index import Index
from .language import ENGLISH, load, spoken
from .memo import Memo, program
from .model import Record
from .problem import Problem, Refused, nearest
from .publish import Artefact, Bundle
from .render import (
    assets,
    badges,
    board,
    calendar,
    candid,
    cards,
    due,
    embed,
    feeds,
    finding,
    headers,
    machines,
    manuscript,
    markdown,
    metrics,
    opml,
    probed,
    promises,
    search,
    sheet,
    statuspage,
    worker,
)
from .render.frame import Frames
from .render.outlet import Ahead, Basis, File, Outlet, Part, Shelf
from .render.pages import CLOCKED, COMPILED, DAYS, Pages, Text
from .report import Report, Withheld
from .settings import INCIDENTS, Settings
from .start import Start
from .times import rules
from .uptime import Sum
from .urls import Page, Urls

if TYPE_CHECKING:  # a site that shows nothing of its monitoring pays nothing for it
    from .measured import Outage
    from .probe import Probes

T = TypeVar("T")

NO_MEMO = Memo(None)
"""Remembers nothing."""

BUILT = "built.json"
"""Says when the site was made, to pages that do not."""


class Site(Struct, frozen=True, kw_only=True):
    """What is made of notices on one site, besides the notices."""

    root: Path
    """The project's folder."""
    settings: Settings
    extensions: tuple[str, ...]
    """Of Markdown, by name."""
    configs: Mapping[str, Mapping[str, object]]
    """Their options, by their names."""
    overrides: tuple[Path, ...]
    """Folders with templates that win over ours."""
    own: bool
    """Whether the whole site is ours, rather than a part of somebody's, and we know what it asks for."""
    shell: bool
    """Whether our pages stand in a shell of our own, rather than in the host's."""
    scale: Fraction
    """Fits the style sheets to the size of the host's letters."""

    @property
    def urls(self) -> Urls:
        """Its addresses."""
        return Urls(self.settings)


class Line(Struct, frozen=True):
    """Something that is told while a site is made."""

    text: str
    loud: bool
    """Whether a writer should do something about it."""


class Document(Struct, frozen=True):
    """A page of ours without the host's frame, and how to make it."""

    at: str
    """Its address."""
    inputs: bytes
    """A digest of everything that the page will say."""
    changed: int
    """When what it says last changed, in seconds since 1970."""
    text: Callable[..., Text]
    """Where there is a template, it takes a person's words as safe HTML."""
    template: str = ""
    """The template that a page of a person's names in order to be this one; blank where none can be."""
    lang: str = ""
    """Its language, where that is not the site's own."""
    about: str = ""
    """The id of the notice that it is about, if it is about one."""
    kept: bool = False
    """Whether there are so many of its kind that its text is worth remembering."""
    is_clocked: bool = False
    """Whether it reads the clock, and so is made in every build."""


def moment(known: Settings, environment: Mapping[str, str], clock: datetime) -> tuple[datetime, bool]:
    """The time of this build, and whether it is a clock that stands still. Raises problem.Refused."""
    # "The value MUST be an ASCII representation of an integer with no fractional component, identical to the output
    # format of date +%s."  reproducible-builds.org/specs/source-date-epoch
    if stated := environment.get("SOURCE_DATE_EPOCH"):
        try:
            return datetime.fromtimestamp(int(stated), UTC), False
        except (ValueError, OverflowError, OSError):
            sentence = f'"{stated}" is not a time; write whole seconds since 1970, as `date +%s` does'
            raise Refused([Problem("SOURCE_DATE_EPOCH", 1, 1, sentence)]) from None
    if known.now:
        return known.now, True
    return clock.replace(microsecond=0), False


def told(site: Site, pages: Pages) -> Iterator[Line]:
    """What a writer should know about what is not wrong."""
    known, report = site.settings, pages.report
    for code in pages.unshown:
        yield Line(f"translations into {code} are not shown: {code} is none of the site's other languages", loud=False)
    for one in report.withheld:
        yield Line(_withheld(one, known), loud=True)
    for doubted in doubts(report):
        yield Line(_doubted(doubted, report), loud=True)
    for outage in untold(report):
        yield Line(_untold(outage, known), loud=True)
    for deaf in unheard(report):
        heard = f"{deaf.newest.astimezone(known.zone):%Y-%m-%d %H:%M}"
        sentence = f"the last probe of {deaf.component.name} was at {heard}; see whether its file is still written"
        yield Line(f"{known.measured}: {sentence}", loud=True)
    for id_, name in report.measured.absent if report.measured else ():
        yield Line(f'{id_} is to be probed as "{name}", and no file in {known.measured} has that name', loud=True)
    for name in markdown.refused(site.extensions):
        yield Line(f"{name} reads other files or rewrites links: notices do without it", loud=False)
    if not (site.root / known.incidents).is_dir():
        yield Line(f"there is no folder {known.incidents} beside mkdocs.yml: there is nothing to tell", loud=False)
    if not spoken(known.host.language):
        sentence = f"of {known.host.language}, which the theme speaks, we have no catalogue"
        yield Line(f"{sentence}: our own words are {ENGLISH.names[known.languages[0]]}", loud=False)
    elif spoken(known.host.language) != known.languages[0]:
        first = known.languages[0]
        yield Line(
            f"the theme speaks {known.host.language} and the site {first}; write language: {first} below theme",
            loud=False,
        )
    if not known.host.url:
        yield Line(
            "without a site_url in mkdocs.yml there are no feeds and no API: their links would lead nowhere", loud=False
        )


class Input(Struct, frozen=True):
    """All that was read."""

    index: Index
    """Of every notice."""
    probes: Probes | None = None
    """What monitoring saw; None where the site shows nothing of it."""


def read(site: Site, start: Start, at: int, *, may_fork: bool = False) -> Input:
    """Every notice of the project, and what it measures. Raises problem.Refused with the problems of all of it.

    The usual folder may be missing, as a site may have nothing to tell yet; one that was named may not. `at` is the
    present in nanoseconds since 1970.
    """
    named = site.settings.incidents
    if named != INCIDENTS and not (site.root / named).is_dir():
        beside = [path.name for path in site.root.iterdir() if path.is_dir()]
        sentence = f'there is no folder "{named}" beside this file{nearest(named, beside)}'
        raise Refused([Problem("mkdocs.yml", 1, 1, sentence, "incidents")])
    notices = partial(reading.read, site.root, site.settings, start, at, may_fork=may_fork)
    return _measured(site, start.memo, at, notices) if site.settings.measured else Input(notices())


def _measured(site: Site, memo: Memo, at: int, notices: Callable[[], Index]) -> Input:
    """Notices and probes, or the problems of both."""
    from . import probes

    index, seen, problems = None, None, list[Problem]()
    try:
        index = notices()
    except Refused as refused:
        problems += refused.problems
    try:
        seen = probes.read(site.root, site.settings, memo, at)
    except Refused as refused:
        problems += refused.problems
    if problems or index is None:
        raise Refused(problems)
    return Input(index, seen)


def reported(site: Site, given: Input, now: datetime, start: Start, *, fixed: bool = False) -> Pages:
    """What everything says for one `now`, and the means to print it."""
    index, memo = given.index, start.memo
    whose = site.settings.prefix.encode()
    known: Mapping[bytes, Sum] = memo.get("sums", whose) or {}
    used: dict[bytes, Sum] = {}

    def summed(digest: bytes, make: Callable[[], Sum]) -> Sum:
        if digest not in used:
            used[digest] = known[digest] if digest in known else make()
        return used[digest]

    def report_of(some: Index, settings: Settings) -> Report:
        seen = given.probes
        return Report.of(some, settings, now, fixed=fixed, sums=summed, record=record, remember=remember, probes=seen)

    def remember(digest: bytes, make: Callable[[], T], /) -> T:
        return memo.kept("periods", digest, make)

    def said_in(code: str) -> Pages:
        language = memo.kept("language", code.encode(), partial(load, code)) if code != ENGLISH.code else ENGLISH
        lang = code if code != first else ""
        theirs = index.in_language(code) if lang else index
        named = site.settings.in_language(code) if lang else site.settings
        there = report if theirs is index and named is site.settings else report_of(theirs, named)
        words = {one.notice: one for one in theirs.translations} if theirs is not index else {}
        return Pages(
            there,
            Urls(site.settings, lang),
            to_html,
            site.overrides,
            shell=site.shell,
            language=language,
            translations=words,
        )

    record = _record(site, start)
    report = report_of(index, site.settings)
    to_html = markdown.converter(site.extensions, site.configs)
    first, *others = site.settings.languages
    unshown = {one.lang for one in index.translations if spoken(one.lang) not in others}
    pages = replace(said_in(first), mirrors=tuple(map(said_in, others)), unshown=tuple(sorted(unshown)))
    known_periods = {digest for one in pages.every for digest in one.report.archive.digests.values()}
    known_periods.update(digest for one in pages.every for digest in one.report.reckoning.remembered)
    memo.only("periods", len(known_periods), lambda: known_periods)
    if used.keys() != known.keys():
        memo.put("sums", whose, used)
    COMPILED.update(memo.get("templates", b"") or {})
    return pages


def _record(site: Site, start: Start) -> Record:
    """What git can prove of the notices, where the site wants it to be asked."""
    known = site.settings
    if not known.evidence:
        return Record()
    ids = [one.id for one in known.components], [one.id for one in known.groups]
    scope = program() + rules(known.zone) + repr((known.zone, ids)).encode()
    reads = partial(start.version, settings=known)
    return history.read(site.root, known.incidents, reads, scope, start.memo, passed_over=known.of_form)


def compiled_meanwhile(pages: Sequence[Pages], *, may_fork: bool) -> Callable[[], None]:
    """Have another process compile the templates, if none is yet. What is returned waits for that and takes them over.

    Two processes that print would else compile them both.
    """
    if COMPILED or not (may_fork and hasattr(os, "fork")):
        return lambda: None

    def compiled() -> dict[str, bytes]:
        for one in (one for some in pages for one in some.every):
            one.compile()
        return COMPILED

    answer = meanwhile(compiled)
    return lambda: COMPILED.update(answer() or {})


def remember(memo: Memo) -> None:
    """Keep what was found out on the way, once everything is made."""
    if COMPILED.keys() != (memo.get("templates", b"") or {}).keys():
        memo.put("templates", b"", COMPILED)
    memo.save()


def editions(site: Site, pages: Pages, memo: Memo = NO_MEMO) -> tuple[Edition, ...]:
    """The site in each of its languages, its own first."""
    return tuple(Edition(site, one, memo) for one in pages.every)


def documents(some: Iterable[Edition]) -> Iterator[Document]:
    """Every page: those of which there is one each, the components', the months' and the notices'."""
    for edition in some:
        yield from overviews([edition])
        yield from edition.notices(edition.report.index)


def overviews(some: Iterable[Edition]) -> Iterator[Document]:
    """The pages of more than one notice, in every language."""
    for edition in some:
        yield from _clocked(edition)
        yield from _settled(edition)


def _clocked(edition: Edition) -> Iterator[Document]:
    """Those that read the clock, and so are made in every build."""
    report, urls, lang = edition.report, edition.urls, edition.urls.lang
    for page in (one for one in Page if one in CLOCKED):
        text = partial(edition.pages.page, page)
        yield Document(urls.page(page), edition.clocked, edition.newest, text, f"{page}.html", lang, is_clocked=True)
    for id_ in report.components:
        at, text = urls.component(id_), partial(edition.pages.component, id_)
        changed = report.last_words.get(id_, edition.newest)
        yield Document(at, edition.clocked, changed, text, "component.html", lang, is_clocked=True)


def _settled(edition: Edition) -> Iterator[Document]:
    """Those that stay as they are while nobody writes."""
    report, urls, lang = edition.report, edition.urls, edition.urls.lang
    for page in Page:
        if page not in CLOCKED:
            text = partial(edition.pages.page, page)
            yield Document(urls.page(page), edition.page(page), edition.newest, text, f"{page}.html", lang)
    for choice in report.archive.choices:
        changed, text = report.archive.changed(choice), partial(edition.pages.history, choice)
        yield Document(urls.history(*choice), edition.history(choice), changed, text, lang=lang)


def clocked(some: Sequence[Edition], frames: Frames, *, taken: Collection[str]) -> Bundle:
    """The pages that read the clock, which can be begun before it is known what else there is to make."""
    name = f"{some[0].site.settings.prefix}/clocked"

    def files() -> Iterator[Artefact]:
        for edition in some:
            for document in _clocked(edition):
                if edition.urls.file(document.at) not in taken:
                    yield _page(document, edition, frames)

    return Bundle(name, b"", files, first=True)


def bundles(
    some: Sequence[Edition], known: Iterable[Document], frames: Frames, *, taken: Collection[str]
) -> Iterator[Bundle]:
    """Every other file of ours, but for the paths that are `taken`: what a person wrote there is theirs.

    `known` are the overviews. Notices' pages are bundled by months: an edit touches one of them, and the others are not
    even looked at.
    """
    own, *_ = some
    site, urls = own.site, own.urls

    def others() -> Iterator[Artefact]:
        for document in known:
            if not document.is_clocked and urls.file(document.at) not in taken:
                yield _page(document, own, frames)
        if urls.missing in frames.written:
            yield _page(Document(urls.missing, own.clocked, 0, own.pages.missing), own, frames)
        data = []
        for edition in some:
            for outlet in edition.outlets:
                for file in _files(outlet, outlet.files(edition.basis), edition, taken):
                    data.append(file.path)
                    yield file
                data += outlet.shelved(edition.basis)
        if not site.settings.prefix and urls.headers not in taken:
            folders = [one.urls.notices for one in some]
            places = {(one.at.count("/"), one.lang) for one in known}
            places |= {(one.urls.notice("x").count("/"), one.urls.lang) for one in some}
            paths = [*map(urls.file, (one.at for one in known)), *folders]
            yield _headers(own, paths, data, frames, places)

    yield Bundle(f"{site.settings.prefix}/others", b"", others)
    for edition in some:
        yield from _notices(edition, frames, taken)


def _notices(edition: Edition, frames: Frames, taken: Collection[str]) -> Iterator[Bundle]:
    """The notices' pages in one language, by months."""
    report, urls, basis, prefix = edition.report, edition.urls, edition.basis, edition.site.settings.prefix
    ahead = [(one, one.find_out(basis)) for outlet in edition.outlets if (one := outlet.ahead)]

    def of_month(month: Month) -> Iterator[Artefact]:
        beside = [(outlet, outlet.beside) for outlet in edition.outlets if outlet.beside]
        for document in edition.notices(month.notices.keys):  # all of a notice while it is at hand
            entry = report.index[document.about]
            if urls.file(document.at) not in taken:
                yield _page(document, edition, frames, [partial(one.of, basis, entry, find) for one, find in ahead])
            for outlet, files in beside:
                yield from _files(outlet, files(basis, entry), edition, taken)

    within = urls.notices
    theirs = sorted(path for path in taken if path.startswith(within))
    frame = frames.frame(urls.notice("x"), urls.lang).digest
    for month in report.months:
        inputs = edition.month(month.notices.keys, frame, theirs)
        name = f"{prefix}{NOTICES}" if not urls.lang else f"{prefix}/{urls.lang}/months/"
        yield Bundle(f"{name}{month.choice.year}-{month.choice.month}", inputs, partial(of_month, month))
    for outlet in edition.outlets:
        for shelf in outlet.shelves(basis) if outlet.shelves else ():
            name = f"{prefix}/{urls.lang}/{outlet.name}/{shelf.name}"
            made = partial(_shelved, outlet, shelf, edition, taken)
            yield Bundle(name, edition.of(name, shelf.inputs, sorted(taken)), made, late=True)
    memo = edition.memo
    for one, _ in ahead:
        memo.only(one.kind, len(report.index), partial(_kept_of, one, edition))
    for parts in (outlet.in_parts for outlet in edition.outlets if outlet.in_parts):
        wholes = parts.wholes(basis)
        memo.only(parts.kind, len(wholes), partial(_wholes_of, parts.kind, wholes, edition))
    memo.only("page", len(report.index), lambda: {one.inputs for one in edition.notices(report.index)})
    memo.only(DAYS, len(report.components), lambda: set(edition.days))


NOTICES = "/notices/"
"""What stands in the name of a bundle of notices' pages in the site's own language."""


def paths(some: Sequence[Edition], known: Iterable[Document], *, beside: bool) -> Iterator[str]:
    """Where the known pages and every other file of ours lie, those that are taken too; and what is beside notices.

    Notices' texts are not told of: MkDocs takes whatever ends in .md for a page to be made.
    """
    own, *_ = some
    yield from (own.urls.file(document.at) for document in known)
    if not own.site.settings.prefix:
        yield own.urls.headers
    for one in some:
        for outlet in one.outlets:
            yield from (file.at for file in outlet.files(one.basis))
            if shelves := outlet.shelves:
                yield from (file.at for shelf in shelves(one.basis) for file in shelf.files())
            if beside and outlet.beside and outlet is not manuscript.TEXTS:
                yield from (file.at for entry in one.report.index.values() for file in outlet.beside(one.basis, entry))


def findable(pages: Pages) -> Iterator[search.Entry]:
    """What search finds: the newest notices, and in another language those that were translated."""
    for one in pages.every:
        among = one.translations if one.urls.lang else None
        yield from search.entries(one.report, one.urls, one.to_html, among)


def _page(document: Document, edition: Edition, frames: Frames, ahead: Sequence[Callable[[], object]] = ()) -> Artefact:
    frame, words = frames.frame(document.at, document.lang), frames.words.get(document.at)
    inputs = document.inputs + frame.digest
    if words:
        inputs += blake2b(words.encode(), digest_size=16).digest()

    def make() -> bytes:
        if document.kept:
            text = edition.memo.kept("page", document.inputs, document.text)
        else:
            text = document.text() if words is None else document.text(words)
        for find_out in ahead:
            find_out()
        return frame.filled(document.at, text)

    return Artefact(edition.urls.file(document.at), inputs, make)


def _headers(
    own: Edition, ours: Iterable[str], data: Iterable[str], frames: Frames, places: Iterable[tuple[int, str]]
) -> Artefact:
    """What a web server should say beside each file: the notices' pages are one folder, whichever there are."""
    site, data = own.site, list(data)
    embedded = {path for path in data if path.endswith(".html")}
    every = sorted({*ours, *embedded, *frames.others, own.urls.missing})
    allowed = [] if site.shell or not site.own else frames.inline(sorted(places))
    tops = ((path, *path.partition("/")[:2]) for path in data)
    others = site.settings.languages[1:]
    folders = sorted({path if top in others else f"{top}{slash}" for path, top, slash in tops})
    policy = headers.policy(allowed, theme=not site.shell) if site.own else ""

    def make() -> bytes:
        said = headers.text(every, folders, policy=policy, hidden=site.settings.noindex, languages=others)
        return said.encode()

    return Artefact(own.urls.headers, own.of("headers", every, folders, policy), make)


def _kept_of(ahead: Ahead, edition: Edition) -> set[bytes]:
    entries = edition.report.index.values()
    return {edition.of(ahead.kind, ahead.inputs(edition.basis, entry)) for entry in entries}


def _wholes_of(kind: str, wholes: Sequence[object], edition: Edition) -> set[bytes]:
    return {edition.of(kind, whole) for whole in wholes}


def _shelved(outlet: Outlet, shelf: Shelf, edition: Edition, taken: Collection[str]) -> Iterator[Artefact]:
    yield from _files(outlet, shelf.files(), edition, taken)


def _files(outlet: Outlet, found: Iterable[File], edition: Edition, taken: Collection[str]) -> Iterator[Artefact]:
    for at, inputs, make in found:
        if at not in taken:
            yield Artefact(at, edition.of(outlet.name, inputs), make)


def _built(basis: Basis) -> Iterator[File]:
    yield File(basis.urls.feed(BUILT), (basis.report.now.isoformat(),), partial(_when, basis.report))


def _when(report: Report) -> bytes:
    said = {"built": report.now.strftime("%Y-%m-%dT%H:%M:%SZ"), "generator": f"Aboveboard {__version__}"}
    return f"{json.dumps(said)}\n".encode()


def _images(basis: Basis) -> Iterator[File]:
    for entry in basis.report.index.values():
        for name in entry.images:
            beside = basis.root / Path(entry.path).with_name(name)
            yield File(unquote(basis.urls.image(entry.id, name)), _stamp(beside), beside.read_bytes)


OUTLETS: tuple[Outlet, ...] = (
    Outlet(name="built", files=_built),
    board.OUTLET,
    feeds.OUTLET,
    finding.OUTLET,
    opml.OUTLET,
    calendar.OUTLET,
    promises.OUTLET,
    due.OUTLET,
    badges.OUTLET,
    embed.OUTLET,
    candid.OUTLET,
    statuspage.OUTLET,
    machines.OUTLET,
    manuscript.TEXTS,
    manuscript.LISTED,
    metrics.OUTLET,
    sheet.OUTLET,
    probed.OUTLET,
    Outlet(name="images", files=_images),
    assets.OUTLET,
    worker.OUTLET,
    cards.OUTLET,
)
"""Everything that is published besides pages. A new one is a module in `render` and a line here."""


class Edition:
    """A site in one language, ready to be printed, and digests of all that is printed in it."""

    def __init__(self, site: Site, pages: Pages, memo: Memo = NO_MEMO) -> None:
        self.site, self.pages, self.memo = site, replace(pages, kept=self._kept), memo
        self.report, self.urls = pages.report, pages.urls
        self.basis = Basis(
            pages.report,
            pages.urls,
            pages.to_html,
            site.root,
            site.scale,
            site.shell,
            pages.language,
            self._kept,
            self._parts,
        )
        self.world = world(site, pages.report) + pages.urls.lang.encode()
        self.overridden = any(True for _ in files_below(site.overrides))

    def _kept(self, kind: str, inputs: tuple[object, ...], make: Callable[[], T]) -> T:
        return self.memo.kept(kind, self.of(kind, inputs), make)

    def _parts(self, kind: str, whole: object, parts: Iterable[Part[T]]) -> list[T]:
        key = self.of(kind, whole)
        known: Mapping[tuple[object, ...], T] = self.memo.get(kind, key) or {}
        made = {inputs: known[inputs] if inputs in known else make() for inputs, make in parts}
        if made.keys() != known.keys():
            self.memo.put(kind, key, made)
        return list(made.values())

    @cached_property
    def outlets(self) -> Sequence[Outlet]:
        """All that there are on this site, or those alone of which there is one in each language."""
        every = (one for one in OUTLETS if self.site.settings.host.url or not one.absolute)
        return [one for one in every if one.mirrored or not self.urls.lang]

    @cached_property
    def newest(self) -> int:
        """When the newest word was posted, in seconds since 1970."""
        return max((entry.last_posted for entry in self.report.index.values()), default=self.basis.instant)

    def of(self, what: str, *parts: object) -> bytes:
        """Of plain things, in a site like this. A template of somebody else's may ask for anything in the report."""
        if self.overridden and what != "everything":
            parts = (*parts, self.everything)
        return blake2b(self.world + repr((what, parts)).encode(errors="replace"), digest_size=16).digest()

    @property
    def days(self) -> Iterator[bytes]:
        """Of the year of each component of which that can be said."""
        for id_ in self.report.components:
            if of := self.pages.days_of(id_):
                yield self.of(DAYS, of)

    @cached_property
    def clocked(self) -> bytes:
        """Of everything, and of the time."""
        return self.of("clocked", *self.basis.clocked)

    @cached_property
    def everything(self) -> bytes:
        """Of all that is written."""
        return self.of("everything", *self.basis.everything, *self.basis.seen)

    def history(self, choice: Choice) -> bytes:
        """Of a page of history and of what is chosen on it, even where it lists the newest only."""
        archive = self.report.archive
        return self.of("history", tuple(choice), archive.told(choice), archive.around(choice), archive.digest(choice))

    def page(self, page: Page) -> bytes:
        """Of one of the pages of which there is one each."""
        report = self.report
        match page:
            case Page.HISTORY:
                newest = [self.basis.rows(month.notices.keys) for month in report.months[:3]]
                counts = [(month.choice, list(month.kinds.items())) for month in report.months]
                return self.of(page.value, newest, counts, report.archive.told(Choice()))
            case Page.POST_MORTEMS:
                return self.of(
                    page.value, self.basis.rows(report.post_mortems.keys), bool(report.heard), self.basis.missing
                )
            case Page.CUSTOMERS:
                theirs = self.basis.rows(report.heard.keys), [tuple(one) for one in report.heard_years]
                return self.of(page.value, theirs, self.basis.missing)
            case Page.SUBSCRIBE:
                return self.of(page.value)
            case Page.SEARCH:
                return self.of(page.value, [month.choice for month in report.months])
            case _:
                return self.clocked

    def month(self, ids: Sequence[str], frame: bytes, theirs: Sequence[str]) -> bytes:
        """Of all that the pages of some notices are made from, and of a little more, as that is quicker to say."""
        index, neighbours = self.report.index, self.report.neighbours
        digests = self.report.reckoning.record.digests
        keys = [index[id_].key + digests.get(id_, b"") for id_ in ids]
        keys += [index[one].key if one else b"" for id_ in ids for one in neighbours[id_]]
        now = 0 if self.basis.live.isdisjoint(ids) else self.basis.instant
        hidden = [to for id_ in ids for to in index[id_].mentions if to not in index]
        return self.of("notices", frame, blake2b(b"".join(keys)).digest(), now, hidden, theirs)

    def notices(self, ids: Iterable[str]) -> Iterator[Document]:
        """The page of each notice."""
        index, urls = self.report.index, self.urls
        for entry in map(index.__getitem__, ids):
            around = [one and (one, index[one].title) for one in self.report.neighbours[entry.id]]
            hidden = [to for to in entry.mentions if to not in index]
            now = self.basis.instant if self.basis.instant < entry.closed else 0
            proof = self.report.reckoning.record.digests.get(entry.id, b"")
            inputs = self.of("notice", entry.key, around, hidden, now, proof)
            at, text = urls.notice(entry.id), partial(self.pages.notice, entry.id)
            yield Document(at, inputs, entry.last_posted, text, lang=urls.lang, about=entry.id, kept=True)


def world(site: Site, report: Report) -> bytes:
    """A digest of what every page is made with."""
    overrides = [(str(path), path.read_bytes()) for path in files_below(site.overrides)]
    clock = report.now.isoformat() if report.fixed else ""
    said = (
        replace(site.settings, now=None),
        site.extensions,
        site.configs,
        site.own,
        site.shell,
        site.scale,
        clock,
        overrides,
    )
    # What lies where in memory is another thing in each process.
    text = re.sub(r" at 0x[0-9a-f]+", "", repr(said)).encode(errors="replace")
    return blake2b(program() + rules(site.settings.zone) + markdown.code(site.extensions) + text).digest()


def files_below(folders: Iterable[Path]) -> Iterator[Path]:
    """Every file in some folders, those behind links among them, as MkDocs follows links too."""
    for folder in folders:
        for where, inside, names in os.walk(folder, followlinks=True):
            inside.sort()
            yield from (Path(where, name) for name in sorted(names))


def _withheld(one: Withheld, known: Settings) -> str:
    """What is not published yet, and why."""
    update, time = one.update, one.update.time.astimezone(known.zone)
    sentence = f"this update is dated {time:%Y-%m-%d %H:%M} ({known.zone.key}), which is still to come"
    if known.now and update.time > known.now:
        clock = known.now.astimezone(known.zone)
        sentence += f" while `now` in mkdocs.yml holds the clock at {clock:%Y-%m-%d %H:%M}; take that line out"
    return str(Problem(one.notice.path, update.line or 1, 1, f"{sentence}; it is not published yet"))


_DOUBTS: Mapping[Doubt, str] = {
    Doubt.WORKS: "this is open and everything it touches works since {time}; write Resolved, or Monitoring, or what is "
    "not working",
    Doubt.WATCHED: "this has been watched since {time}; write Resolved, or what you are waiting for",
    Doubt.SILENT: "this is open, and nothing was posted since {time}; write what you know, even if it is nothing new",
    Doubt.OVERRUN: "its announced end was {time}; write Completed, or how much longer it takes",
    Doubt.OTHER_START: "its post-mortem says that it began at {time}, and `started` says {began}; change one of them",
}


def _doubted(one: Doubted, report: Report) -> str:
    """What does not fit together, and what to write."""
    zone = report.settings.zone
    time, began = (f"{when.astimezone(zone):%Y-%m-%d %H:%M}" for when in (one.since, one.notice.began))
    return str(Problem(one.notice.path, one.line, 1, _DOUBTS[one.doubt].format(time=time, began=began)))


def _untold(outage: Outage, known: Settings) -> str:
    """What monitoring saw and nobody posted, and what to write."""
    began, ended = (f"{when.astimezone(known.zone):%Y-%m-%d %H:%M}" for when in (outage.span.start, outage.span.end))
    id_, name = outage.component.id, outage.component.name
    if outage.goes_on:
        sentence = f"monitoring has seen {name} down since {began} and no notice says so; write one that names {id_}"
    else:
        sentence = (
            f"monitoring saw {name} down from {began} to {ended} and no notice says so; write one that names {id_}"
        )
    return f"{known.measured}: {sentence}, or say in one why it was not"


def _stamp(file: Path) -> tuple[int, ...]:
    """What changes with a file."""
    found = file.stat()
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino
