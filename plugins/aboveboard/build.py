"""The plot, top to bottom: what is read, and what is made of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from . import history, reading
from .edition import NO_MEMO, Edition
from .fork import meanwhile
from .index import Index
from .language import ENGLISH, Language, load, spoken
from .memo import Memo, program
from .model import Log, Record
from .problem import Problem, Refused, nearest
from .render import markdown
from .render.pages import Pages
from .render.templates import COMPILED
from .report import Report
from .settings import INCIDENTS, Settings
from .site import Site
from .start import Start
from .times import rules
from .uptime import Sum
from .urls import Urls

if TYPE_CHECKING:  # a site that shows nothing of its monitoring pays nothing for it
    from .probe import Probes

T = TypeVar("T")


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
        found: T | None = memo.get("periods", digest)  # which another process may have put there a moment ago
        if found is None:
            memo.put("periods", digest, found := make())
        return found

    def said_in(code: str) -> Pages:
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
            language=_language(memo, code),
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
    _take_compiled(memo)
    return pages


def editions(site: Site, pages: Pages, memo: Memo = NO_MEMO) -> tuple[Edition, ...]:
    """The site in each of its languages, its own first."""
    return tuple(Edition(site, one, memo) for one in pages.every)


def remember(memo: Memo) -> None:
    """Keep what was found out on the way, once everything is made."""
    if COMPILED.keys() != (memo.get("templates", b"") or {}).keys():
        memo.put("templates", b"", COMPILED)
    memo.save()


def compiled_meanwhile(sites: Sequence[Site], memo: Memo, now: datetime, *, may_fork: bool) -> Callable[[], None]:
    """Have another process compile the templates, if none is yet. What is returned waits for that and takes them over.

    Two processes that print would else compile them both. What templates may call does not depend on what is reported.
    """
    _take_compiled(memo)
    if COMPILED or not (may_fork and hasattr(os, "fork")):
        return lambda: None

    def compiled() -> dict[str, bytes]:
        for site in sites:
            report = Report.of(Index.of(Log.of(()), site.settings.zone), site.settings, now)
            for code in site.settings.languages:
                Pages(
                    report, site.urls, str, site.overrides, shell=site.shell, language=_language(memo, code)
                ).compile()
        return COMPILED

    answer = meanwhile(compiled)
    return lambda: COMPILED.update(answer() or {})


def _take_compiled(memo: Memo) -> None:
    COMPILED.update(memo.get("templates", b"") or {})


def _language(memo: Memo, code: str) -> Language:
    return memo.kept("language", code.encode(), partial(load, code)) if code != ENGLISH.code else ENGLISH


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


def _record(site: Site, start: Start) -> Record:
    """What git can prove of the notices, where the site wants it to be asked."""
    known = site.settings
    if not known.evidence:
        return Record()
    ids = [one.id for one in known.components], [one.id for one in known.groups]
    scope = program() + rules(known.zone) + repr((known.zone, ids)).encode()
    reads = partial(start.version, settings=known)
    asked = partial(start.news, site.root, known)
    return history.read(site.root, known.incidents, reads, scope, start.memo, passed_over=known.of_form, asked=asked)
