"""What stands in other people's pages: a script that shows how things are, and pages to put into a frame."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from html import escape
from importlib.resources import files

from msgspec.structs import replace

from ..model import SEVERITY, ComponentStatus
from ..report import Report
from ..span import epoch
from ..urls import Page, Urls
from .answer import answer
from .badges import SHAPES
from .clock import Clock
from .outlet import Basis, File, Outlet
from .telling import sayable
from .words import CLASS, Words

_FOLDER = files("aboveboard") / "templates" / "embed"

STYLE, SCRIPT = "embed.css", "framed.js"

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'"
"""Of a page in a frame, whatever the server says: it may only load what lies here. Who may frame it only a server can
say, and `_headers` tells it."""


class Embed:
    """Prints them."""

    def __init__(self, basis: Basis) -> None:
        self.basis = basis
        self.clock = Clock(basis.report.settings.zone, basis.report.now, basis.language)

    def script(self) -> bytes:
        """The script. What it has to know and does not change is in it; the rest it asks the board's JSON for."""
        known, words = self.report.settings, self.words
        said = {
            "board": self.urls.link(self.urls.board_json, self.urls.embed_script),
            "name": sayable(known.name),
            "url": self.urls.absolute(self.urls.page(Page.BOARD)),
            "lang": self.basis.language.code,
            "dir": self.basis.language.direction,
            "label": self._label,
            "more": self._more,
            "hide": words._("Hide"),
            "names": {one.id: sayable(one.name) for one in known.components},
            "groups": {
                group.id: [one.id for one in known.components if one.group == group.id] for group in known.groups
            },
            # From the best to the worst.
            "words": {
                status: [CLASS[status], words.component_status[status]]
                for status in sorted(ComponentStatus, key=SEVERITY.__getitem__)
            },
            "shapes": SHAPES,
            "style": _slim((_FOLDER / "embed.css").read_text("utf-8")),
        }
        written = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        # What ends a line of a script in old browsers, and what could end one that somebody puts into a page.
        written = written.replace("\u2028", r"\u2028").replace("\u2029", r"\u2029").replace("</", r"<\/")
        return _slim((_FOLDER / "embed.js").read_text("utf-8")).replace("SAID", written, 1).encode()

    def page(self, about: str) -> bytes:
        """A page for a frame: the answer, what is not well, and the way here. It is whole without a script, and keeps
        itself right with one.
        """
        at, language = self.urls.embed(about), self.basis.language
        to = escape(self.urls.link(self.urls.asset(STYLE), at))
        board = escape(self.urls.absolute(self._home(about)))
        built = f'<time datetime="{self.clock.iso(self.report.now)}">{escape(self.clock.full(self.report.now))}</time>'
        as_of = escape(self.words._("As of %(time)s.")) % {"time": built}
        return (
            f'<!doctype html>\n<html lang="{language.code}" dir="{language.direction}">\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
            f"<title>{escape(self._label)}</title>\n"
            '<meta name="viewport" content="width=device-width">\n<meta name="robots" content="noindex">\n'
            '<meta name="color-scheme" content="light dark">\n'
            f'<link rel="stylesheet" href="{to}">\n'
            f"<main>\n{self._standing(about, self.report)}"
            f'<p data-part="way"><a href="{board}" target="_blank" rel="noopener">{escape(self._more)}</a> '
            f"<small>{as_of}</small></p>\n</main>\n{self._scripts(about, at)}</html>\n"
        ).encode()

    def _scripts(self, about: str, at: str) -> str:
        """What keeps it right, and what it will say if nobody writes. None where the clock stands still."""
        if self.report.fixed:
            return ""
        later = [{"from": epoch(one.now), "html": self._standing(about, one)} for one in self.basis.later]
        data = json.dumps(later, ensure_ascii=False, separators=(",", ":")).replace("<", r"\u003c")
        data = f'<script type="application/json" class="coming">{data}</script>\n' if later else ""
        script, board = (escape(self.urls.link(one, at)) for one in (self.urls.asset(SCRIPT), self.urls.board_json))
        built = self.basis.instant
        return f'{data}<script src="{script}" data-built="{built}" data-board="{board}" defer></script>\n'

    def _standing(self, about: str, report: Report) -> str:
        """How it stands. What is said first is read out when it changes."""
        rows = "".join(self._rows(about, report))
        rows = f"<ul>{rows}</ul>" if rows else ""
        head = self._head(about, report)
        return f'<div data-part="head" role="status">{head}</div>\n<div data-part="rows">{rows}</div>\n'

    def _head(self, about: str, report: Report) -> str:
        if about:
            return f"<h1><bdi>{escape(self._name(about))}</bdi></h1>"
        headline = answer(report.headline, replace(self.clock, now=report.now))
        plate = self._plate(report.headline.state)
        return f"<h1>{plate} <span>{escape(sayable(headline.sentence))}</span></h1>"

    def _rows(self, about: str, report: Report) -> Iterator[str]:
        """Those that it is about, or of all those that are not well."""
        chosen = {about, *(one.id for one in self.report.settings.components if one.group == about)} if about else None
        for id_, one in report.components.items():
            if one.retired or one.since > report.now:
                continue
            fine = one.status in (ComponentStatus.OPERATIONAL, ComponentStatus.UNKNOWN)
            if id_ in chosen if chosen else not fine:
                yield f"<li><bdi>{escape(sayable(one.component.name))}</bdi> {self._plate(one.status)}</li>"

    def _plate(self, status: ComponentStatus) -> str:
        state = CLASS[status]
        shape = f'<svg viewBox="0 0 16 16" aria-hidden="true"><path fill-rule="evenodd" d="{SHAPES[state]}"/></svg>'
        return f'<span class="plate {state}">{shape}{escape(self.words.component_status[status])}</span>'

    def _name(self, about: str) -> str:
        known = self.report.settings
        found = known.component(about) or known.group(about)
        return sayable(found.name if found else about)

    def _home(self, about: str) -> str:
        is_component = bool(about) and about in self.report.components
        return self.urls.component(about) if is_component else self.urls.page(Page.BOARD)

    @property
    def _label(self) -> str:
        return self.words._("Status of %(site)s") % {"site": sayable(self.report.settings.name)}

    @property
    def _more(self) -> str:
        return self.words._("What we say about it")

    @property
    def report(self) -> Report:
        return self.basis.report

    @property
    def urls(self) -> Urls:
        return self.basis.urls

    @cached_property
    def words(self) -> Words:
        return self.clock.words


def framed(report: Report) -> Sequence[str]:
    """What there are pages for a frame about: everything, and each group and component."""
    known = report.settings
    return ["", *(one.id for one in known.groups), *(one.id for one in known.components)]


def _files(basis: Basis) -> Iterator[File]:
    embed = Embed(basis)
    yield File(basis.urls.embed_script, (), embed.script)
    for about in framed(basis.report):
        yield File(basis.urls.file(basis.urls.embed(about)), basis.clocked, partial(embed.page, about))


OUTLET = Outlet(name="embed", files=_files, mirrored=True, absolute=True)


def _slim(text: str) -> str:
    """Without comments on lines of their own, and indentation."""
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)).strip() + "\n"
