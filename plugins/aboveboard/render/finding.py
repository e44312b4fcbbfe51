"""What our own search looks through: for each month a file with the text of its notices, fetched when a reader asks.

An edit makes one of them anew. A reader fetches them from the newest on until enough is found, so that all of history
can be found and nobody else fetches anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

from ..archive import Choice
from ..days import Month
from ..index import Entry
from ..model import Incident, Notice, Retirement
from ..report import Report
from . import data
from .clock import Clock
from .outlet import Basis, File, InParts, Outlet
from .pieces import Pieces


def month(basis: Basis, clock: Clock, of: Month) -> bytes:
    """The notices of a month, the newest first, as plain text with the anchors under which it stands on their pages.

    How each looks is finished HTML, which many share. What a list says of a notice does not depend on the clock.
    """
    report = basis.report
    pieces = Pieces(report, clock, basis.bodies)
    marks: dict[str, int] = {}
    found = []
    keyed = (((entry.key,), entry) for entry in of.entries)
    parts = basis.parts(PARTS, of.choice, keyed, lambda some: [_part(report, clock, entry) for entry in some])
    for entry, (day, told) in zip(of.entries, parts, strict=True):
        mark = marks.setdefault(str(pieces.listed_mark(entry)), len(marks))
        found.append([entry.id, entry.title, mark, day, entry.touches, told])
    said = {"marks": list(marks), "notices": found}
    return data.written(said)


def _part(report: Report, clock: Clock, entry: Entry) -> tuple[str, list[tuple[str, str]]]:
    """The day of a notice, and its text by the anchors."""
    notice = report.read(entry.id)
    told = [(anchor, text) for anchor, body in _told(notice) if (text := plain(body))]
    return clock.day(notice.began.astimezone(clock.zone).date()), told


def _told(notice: Notice) -> Iterator[tuple[str, str]]:
    """Everything that was written in it, by the anchor under which it stands on its page."""
    if isinstance(notice, Incident) and (notice.us_if or notice.not_us_if):
        yield "", f"{notice.us_if}\n{notice.not_us_if}"
    if isinstance(notice, Retirement):
        yield "", f"{notice.replaced_by}\n{notice.export}\n{notice.help}"
    for update in notice.updates:
        yield update.id, update.body
    if account := notice.post_mortem:
        parts = [account.lead]
        for section in account.sections:
            parts += [section.title, section.body, *(action.text for action in section.actions)]
        yield "post-mortem", "\n".join(parts)


_LINK = r"\[([^\]]*)\]\([^)\s]*(?:\s[^)]*)?\)"
"""Of a link the words remain."""

_BEGINNING = r"\n\s{0,3}(?:\#{1,6}\ |>|[-*+]\ |```\S*|~~~\S*)"
"""Marks with which a line begins."""

_BEGINNINGS = re.compile(_BEGINNING, re.VERBOSE)
_MARKS = re.compile(
    rf"""{_BEGINNING}
    |{_LINK}|!(?={_LINK})
    |<[^<>\s][^<>]*>
    |``*|\*\**(?=\S)|\*(?<=\S\*)\**|_(?<!\w_)_*|__*(?!\w)|\|""",
    re.VERBOSE,
)
"""Each way begins with a character of its own and with no group, so that the search leaps over words."""


def plain(markdown: str) -> str:
    """Markdown as text that one can search, roughly: without its marks, with the words of its links.

    To convert it to HTML would be exact, and take longer than everything else about a notice.
    """
    text = f"\n{markdown}"
    text = _MARKS.sub(_words, text) if _is_marked(text) else _BEGINNINGS.sub("\n", text)
    line = text.replace("\n\n", " ").replace("\n", " ").strip()
    return line if line.isprintable() and "  " not in line else " ".join(line.split())


def _is_marked(text: str) -> bool:
    """Whether a mark may stand within a line. To ask for each of them takes a tenth of the time of a pattern."""
    return "*" in text or "`" in text or "[" in text or "_" in text or "<" in text or "|" in text


def _words(found: re.Match[str]) -> str:
    """What remains of marks: of a link its words."""
    return "\n" if found[0][0] == "\n" else found[1] or ""


def _files(basis: Basis) -> Iterator[File]:
    report, clock = basis.report, basis.clock
    for one in report.months:
        make = partial(month, basis, clock, one)
        yield File(basis.urls.findable(one.choice.year, one.choice.month), (basis.rows(one.notices.keys),), make)


def _wholes(basis: Basis) -> Sequence[Choice]:
    return [one.choice for one in basis.report.months]


PARTS = "found"

OUTLET = Outlet(name="finding", files=_files, in_parts=InParts(PARTS, _wholes), mirrored=True)
