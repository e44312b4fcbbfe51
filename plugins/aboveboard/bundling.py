"""From pages and outlets to bundles of files, each with a digest of what it is made from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import blake2b
from itertools import chain

from . import documents
from .days import Month
from .documents import Document, notices
from .edition import Edition
from .fork import TOGETHER, together
from .publish import Artefact, Bundle, Together
from .render import headers, manuscript
from .render.frame import Frames
from .render.outlet import File, Outlet, Shelf
from .render.pages import DAYS, Text


def clocked(some: Sequence[Edition], frames: Frames, *, taken: Collection[str]) -> Bundle:
    """What reads the clock, and so can be begun before it is known what else there is to make."""
    name = f"{some[0].site.settings.prefix}/clocked"

    def files() -> Iterator[Artefact]:
        for edition in some:
            for document in documents.clocked(edition):
                if edition.urls.file(document.at) not in taken:
                    yield _page(document, edition, frames)
            for outlet in edition.outlets:
                yield from _files(outlet, outlet.clocked(edition.basis), edition, taken)

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
                data += [file.at for file in outlet.clocked(edition.basis) if file.at not in taken]
                for file in _files(outlet, edition.files(outlet), edition, taken):
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
    ahead = [outlet.ahead(basis) for outlet in edition.outlets if outlet.ahead]

    def of_month(month: Month) -> Iterator[Artefact]:
        beside = [(outlet, outlet.beside) for outlet in edition.outlets if outlet.beside]
        pages = {urls.file(one.at): one for one in notices(edition, month.notices.keys)}
        make = Together(partial(_printed, pages, edition, frames, [partial(find_out, month) for find_out in ahead]))
        for some in together([*pages.items()], _AT_HAND):
            for path, document in some:
                if path not in taken:
                    yield Artefact(path, _inputs(document, frames), make)
            for outlet, files in beside:
                for _, document in some:
                    yield from _files(outlet, files(basis, report.index[document.about]), edition, taken)

    within = urls.notices
    theirs = sorted(path for path in taken if path.startswith(within))
    frame = frames.frame(urls.notice("x"), urls.lang).digest
    for month in report.months:
        inputs = edition.month(month.notices.keys, frame, theirs)
        name = f"{prefix}{NOTICES}" if not urls.lang else f"{prefix}/{urls.lang}/months/"
        yield Bundle(f"{name}{month.choice.year}-{month.choice.month}", inputs, partial(of_month, month))
    for outlet in edition.outlets:
        for shelf in edition.shelves(outlet):
            name = f"{prefix}/{urls.lang}/{outlet.name}/{shelf.name}"
            made = partial(_shelved, outlet, shelf, edition, taken)
            yield Bundle(name, edition.of(name, shelf.inputs, sorted(taken)), made, late=True)
    memo = edition.memo
    for parts in (outlet.in_parts for outlet in edition.outlets if outlet.in_parts):
        wholes = parts.wholes(basis)
        memo.only(parts.kind, len(wholes), partial(_wholes_of, parts.kind, wholes, edition))
    memo.only("page", len(report.index), lambda: {one.inputs for one in notices(edition, report.index)})
    memo.only(DAYS, len(report.components), lambda: set(edition.days))


_AT_HAND = 3 * TOGETHER
"""Of so many notices all is made before others are opened."""

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
            shelved = (shelf.files() for shelf in one.shelves(outlet))
            yield from (file.at for file in chain(outlet.clocked(one.basis), one.files(outlet), *shelved))
            if beside and outlet.beside and outlet is not manuscript.TEXTS:
                yield from (file.at for entry in one.report.index.values() for file in outlet.beside(one.basis, entry))


def _page(document: Document, edition: Edition, frames: Frames) -> Artefact:
    frame, words = frames.frame(document.at, document.lang), frames.words.get(document.at)

    def make() -> bytes:
        return frame.filled(document.at, document.text() if words is None else document.text(words))

    return Artefact(edition.urls.file(document.at), _inputs(document, frames), make)


def _inputs(document: Document, frames: Frames) -> bytes:
    """Of a page in the host's."""
    inputs, words = document.inputs + frames.frame(document.at, document.lang).digest, frames.words.get(document.at)
    return inputs + blake2b(words.encode(), digest_size=16).digest() if words else inputs


def _printed(
    known: Mapping[str, Document],
    edition: Edition,
    frames: Frames,
    ahead: Iterable[Callable[[], object]],
    paths: Sequence[str],
) -> Iterator[bytes]:
    """The pages of some notices. There are so many that what is printed of each is remembered."""
    for find_out in ahead:
        find_out()
    pages, some = edition.pages, {one.inputs: one for one in map(known.__getitem__, paths)}

    def printed(those: Sequence[bytes]) -> Sequence[Text]:
        return pages.bare_notices([some[inputs].about for inputs in those])

    bare = edition.memo.kept_together("page", [*some], printed)
    for one, text in zip(some.values(), bare, strict=True):
        yield frames.frame(one.at, one.lang).filled(one.at, pages.dressed(one.about, text))


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


def _wholes_of(kind: str, wholes: Sequence[object], edition: Edition) -> set[bytes]:
    return {edition.of(kind, whole) for whole in wholes}


def _shelved(outlet: Outlet, shelf: Shelf, edition: Edition, taken: Collection[str]) -> Iterator[Artefact]:
    yield from _files(outlet, shelf.files(), edition, taken)


def _files(outlet: Outlet, found: Iterable[File], edition: Edition, taken: Collection[str]) -> Iterator[Artefact]:
    for at, inputs, make in found:
        if at not in taken:
            yield Artefact(at, edition.of(outlet.name, inputs), make)
