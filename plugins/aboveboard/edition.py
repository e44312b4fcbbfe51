"""A site in one language, ready to be printed, and digests of all that is printed in it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from .archive import Choice
from .fork import together
from .memo import Memo, program
from .outlets import OUTLETS
from .render import markdown
from .render.outlet import Basis, File, Outlet, Part, Shelf
from .render.pages import DAYS, Pages
from .report import Report
from .site import Site
from .times import rules
from .urls import Page

S = TypeVar("S")
T = TypeVar("T")

NO_MEMO = Memo(None)
"""Remembers nothing."""


class Edition:
    """One of them."""

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
        self._files: dict[str, Sequence[File]] = {}
        self._shelves: dict[str, Sequence[Shelf]] = {}

    def _kept(self, kind: str, inputs: tuple[object, ...], make: Callable[[], T]) -> T:
        return self.memo.kept(kind, self.of(kind, inputs), make)

    def _parts(
        self, kind: str, whole: object, parts: Iterable[Part[S]], make: Callable[[Sequence[S]], Iterable[T]]
    ) -> list[T]:
        key, asked = self.of(kind, whole), dict(parts)
        known: Mapping[tuple[object, ...], T] = self.memo.get(kind, key) or {}
        missing = [inputs for inputs in asked if inputs not in known]
        fresh: dict[tuple[object, ...], T] = {}
        for some in together(missing):
            fresh.update(zip(some, make([asked[inputs] for inputs in some]), strict=True))
        made = {inputs: fresh[inputs] if inputs in fresh else known[inputs] for inputs in asked}
        if made.keys() != known.keys():
            self.memo.put(kind, key, made)
        return list(made.values())

    @cached_property
    def outlets(self) -> Sequence[Outlet]:
        """All that there are on this site, or those alone of which there is one in each language."""
        every = (one for one in OUTLETS if self.site.settings.host.url or not one.absolute)
        return [one for one in every if one.mirrored or not self.urls.lang]

    def files(self, outlet: Outlet) -> Sequence[File]:
        """Those of an outlet's files that are looked at in every build: for where they lie, and again to be made."""
        if outlet.name not in self._files:
            self._files[outlet.name] = list(outlet.files(self.basis))
        return self._files[outlet.name]

    def shelves(self, outlet: Outlet) -> Sequence[Shelf]:
        """Its files that are looked at together."""
        if outlet.name not in self._shelves:
            self._shelves[outlet.name] = list(outlet.shelves(self.basis)) if outlet.shelves else []
        return self._shelves[outlet.name]

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
