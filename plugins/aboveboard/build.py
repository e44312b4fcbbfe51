"""The plot, top to bottom: what is read, what is made of it, and where it is written."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import partial
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote

from . import folder, source
from .model import Log
from .problem import Problem, Refused, nearest
from .render.feeds import ATOM, RSS, Feeds
from .render.pages import Pages, Text, Wrap
from .settings import INCIDENTS, Settings
from .urls import Page

ENOUGH = 400
"""From so many files on, a second process is worth its start."""


@dataclass(frozen=True, slots=True)
class Artefact:
    """A file of the site, and how to make it."""

    path: str
    """Below the site's folder, with forward slashes."""
    make: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Document:
    """A page of ours without the host's frame, and how to make it."""

    at: str
    """Its address."""
    changed: datetime
    """When what it says last changed."""
    text: Callable[..., Text]
    """Where there is a template, it takes a person's words as safe HTML."""
    template: str = ""
    """The template that a page of a person's names in order to be this one; blank where none can be."""


def read(root: Path, settings: Settings) -> Log:
    """Every notice of the project at `root`. Raises problem.Refused with the problems of all of them.

    The usual folder may be missing, as a site may have nothing to tell yet; one that was named may not.
    """
    if settings.incidents != INCIDENTS and not (root / settings.incidents).is_dir():
        beside = [path.name for path in root.iterdir() if path.is_dir()]
        sentence = f'there is no folder "{settings.incidents}" beside this file{nearest(settings.incidents, beside)}'
        raise Refused([Problem("mkdocs.yml", 1, 1, sentence, "incidents")])
    return folder.log(source.read(root / settings.incidents, settings.incidents), settings)


def documents(pages: Pages) -> Iterator[Document]:
    """Every page: those of which there is one each, the components', the months' and the notices'."""
    report, urls = pages.report, pages.urls
    for page in Page:
        yield Document(urls.page(page), report.now, partial(pages.page, page), f"{page}.html")
    for id_ in report.components:
        yield Document(urls.component(id_), report.now, partial(pages.component, id_), "component.html")
    for month in report.months:
        newest = max(notice.notice.last_posted for notice in month.notices)
        yield Document(urls.month(month.year, month.month), newest, partial(pages.month, month))
    for notice in report.notices.values():
        yield Document(urls.notice(notice.id), notice.notice.last_posted, partial(pages.notice, notice.id))


def artefacts(pages: Pages, wrap: Wrap, root: Path, *, taken: Container[str], scale: Fraction) -> Iterator[Artefact]:
    """Every file of ours, but for the paths that are `taken`: what a person wrote there is theirs.

    `wrap` puts a page into the host's frame, and `scale` fits the style sheets to the size of the host's letters.
    """
    return (artefact for artefact in _artefacts(pages, wrap, root, scale) if artefact.path not in taken)


def publish(artefacts: Iterable[Artefact], site: Path, *, may_fork: bool = False) -> None:
    """Write each file below the folder `site`. Raises ValueError for one that would lie outside.

    Where there is enough to do, and the caller has no other thread that a fork would break, two processes share it;
    the bytes are the same. What goes wrong in the other one is done again here, where it can be told.
    """
    todo = tuple(artefacts)
    if not may_fork or len(todo) < ENOUGH or not hasattr(os, "fork"):
        _write(todo, site)
        return
    mine, theirs = todo[::2], todo[1::2]
    sys.stdout.flush()
    sys.stderr.flush()
    other = os.fork()
    if not other:
        try:
            _write(theirs, site)
        except BaseException:  # whatever it is, it is told by the process that is left
            os._exit(1)
        os._exit(0)
    try:
        _write(mine, site)
    finally:
        _, failed = os.waitpid(other, 0)
    if failed:
        _write(theirs, site)


def _write(artefacts: Iterable[Artefact], site: Path) -> None:
    inside = site.resolve()
    folders: dict[str, Path] = {}
    for artefact in artefacts:
        folder, _, name = os.path.normpath(artefact.path).rpartition("/")
        if folder not in folders:
            folders[folder] = (inside / folder).resolve()
            if folders[folder].is_relative_to(inside):
                folders[folder].mkdir(parents=True, exist_ok=True)
        if not folders[folder].is_relative_to(inside) or name in ("", os.curdir, os.pardir):
            raise ValueError(f"{artefact.path} lies outside {site}, and nothing is ever written there")
        (folders[folder] / name).write_bytes(artefact.make())


def _artefacts(pages: Pages, wrap: Wrap, root: Path, scale: Fraction) -> Iterator[Artefact]:
    report, urls = pages.report, pages.urls
    for document in documents(pages):
        yield Artefact(urls.file(document.at), partial(_page, document, wrap))
    if report.settings.host.url:
        feeds = Feeds(report, urls, pages.to_html)
        yield Artefact(urls.feed(ATOM), feeds.atom)
        yield Artefact(urls.feed(RSS), feeds.rss)
    for notice in report.notices.values():
        for name in notice.notice.images:
            beside = root / Path(notice.notice.path).with_name(name)
            yield Artefact(unquote(urls.image(notice.id, name)), beside.read_bytes)
    for asset in sorted(files(__package__).joinpath("assets").iterdir(), key=lambda asset: asset.name):
        yield Artefact(urls.asset(asset.name), partial(_asset, asset.read_bytes, asset.name, scale))


def _page(document: Document, wrap: Wrap) -> bytes:
    return wrap(document.at, document.text()).encode()


def _asset(read: Callable[[], bytes], name: str, scale: Fraction) -> bytes:
    return scaled(read().decode(), scale).encode() if name.endswith(".css") and scale != 1 else read()


def scaled(css: str, scale: Fraction) -> str:
    """A style sheet whose rem are `scale` times as long.

    Ours are written for a root of 20 pixels, which is Material's. Where the root is the browser's 16, 1.25 times the
    rem are as many pixels.
    """
    rem = re.compile(r"(?<![\w.#])(?<![\w-]-)(\d+\.?\d*|\.\d+)rem\b")
    return rem.sub(lambda found: f"{float(Fraction(found[1]) * scale):.10g}rem", css)
