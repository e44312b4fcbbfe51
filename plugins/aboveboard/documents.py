"""The pages of ours without the host's frame."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from msgspec import Struct

from .edition import Edition
from .render.pages import CLOCKED, Text
from .urls import Page


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
    is_clocked: bool = False
    """Whether it reads the clock, and so is made in every build."""


def every(some: Iterable[Edition]) -> Iterator[Document]:
    """Every page: those of which there is one each, the components', the months' and the notices'."""
    for edition in some:
        yield from overviews([edition])
        yield from notices(edition, edition.report.index)


def overviews(some: Iterable[Edition]) -> Iterator[Document]:
    """The pages of more than one notice, in every language."""
    for edition in some:
        yield from clocked(edition)
        yield from _settled(edition)


def clocked(edition: Edition) -> Iterator[Document]:
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


def notices(edition: Edition, ids: Iterable[str]) -> Iterator[Document]:
    """The page of each notice."""
    index, urls = edition.report.index, edition.urls
    for entry in map(index.__getitem__, ids):
        around = [one and (one, index[one].title) for one in edition.report.neighbours[entry.id]]
        hidden = [to for to in entry.mentions if to not in index]
        now = edition.basis.instant if edition.basis.instant < entry.closed else 0
        proof = edition.report.reckoning.record.digests.get(entry.id, b"")
        inputs = edition.of("notice", entry.key, around, hidden, now, proof)
        text = partial(edition.pages.notice, entry.id)
        yield Document(urls.notice(entry.id), inputs, entry.last_posted, text, lang=urls.lang, about=entry.id)
