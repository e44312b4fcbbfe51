"""Whatever is typed, every file that is no page can be read by what reads such files.

What a person writes in a file is refused where it holds characters that nothing can show. What comes from elsewhere may
hold them all the same, so no output takes that for granted.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any, NoReturn

import pytest
from lxml import etree
from markdown import markdown
from msgspec.structs import replace

from aboveboard.model import Action, Edit, Evidence, Log, Origin, PostMortem, Record, Section
from aboveboard.outlets import OUTLETS
from aboveboard.render.outlet import Basis
from aboveboard.report import Report
from aboveboard.urls import Urls
from make import PARTIAL, WORK, at, incident, maintenance, settings
from test_calendar import check as check_calendar
from test_feeds import NASTY

CHARACTERS = (
    *(f"lone {one} here" for one in ("\ud800", "\udfff", "\udc00\ud800")),
    "no characters \ufffe \uffff \ufdd0 \U0001ffff",
    "".join(map(chr, range(0x20))) + "\x7f" + "".join(map(chr, range(0x80, 0xA0))),
    "\u2028\u2029",
    "\u202a\u202b\u202d\u202e\u2066\u2067\u2068 never closed",
    "\ufeff begins with a mark",
    "]]> --> */ </style></script> \" ' ` $ {{ 7 * 7 }} {% raw %} <!-- <![CDATA[ &#xD800; &#0;",
    "=HYPERLINK(1)\t,\r\n;",
)


@pytest.mark.parametrize("nasty", [*NASTY, *CHARACTERS], ids=repr)
def test_every_file_can_be_read(nasty: str):
    for path, data in made(nasty):
        text = data if path.endswith((".png", ".ico")) else data.decode("utf-8")
        if isinstance(text, str):
            read(path, text, data)


def read(path: str, text: str, data: bytes) -> None:
    """As strictly as its form has it. Raises whatever is raised."""
    kind = path.rpartition(".")[2]
    if kind == "json":
        said = json.loads(text, parse_constant=_refused)
        json.dumps(said, ensure_ascii=False).encode()  # an escape may spell what no text can hold
    elif kind in ("atom", "rss", "svg", "opml", "xml"):
        etree.fromstring(data, etree.XMLParser(resolve_entities=False))
    elif kind == "ics":
        check_calendar(data)
    elif kind == "csv":
        widths = {len(row) for row in csv.reader(StringIO(text, newline=""), strict=True)}
        assert len(widths) == 1, path


def _refused(constant: str) -> NoReturn:
    raise AssertionError(f"{constant} is no JSON")


def made(nasty: str) -> Iterator[tuple[str, bytes]]:
    """Every file of a site on which everything that a person or an import may write is that."""
    known = replace(settings("api", "web"), name=nasty, description=nasty)
    known = replace(known, components=tuple(replace(one, name=nasty, description=nasty) for one in known.components))
    account = PostMortem(
        posted=at("03-02 18:00"),
        lead=nasty,
        sections=(Section(title=nasty, body=nasty, actions=(action(nasty),)),),
    )
    open_ = incident("open", title=nasty, started="15:00", components={"api": PARTIAL})
    over = incident("over", title=nasty, started="13:00", ended="14:00", post_mortem=account, credit=nasty)
    over = replace(over, source=Origin(system=nasty, id=nasty, url="https://example.org/"))
    work = maintenance("work", title=nasty, window=("03-03 14:00", "03-03 15:00"), components={"web": WORK})
    some = [replace(one, updates=tuple(replace(u, body=nasty) for u in one.updates)) for one in (open_, over, work)]
    edit = Edit(part="facts", time=at("15:30"), commit="c", before=nasty, after=nasty * 2)
    record = Record(
        head="c",
        begins=at("12:00"),
        evidence={"open": Evidence(appeared={}, edits=(edit,))},
        digests={"open": b"1"},
        edited=("open",),
    )
    report = Report.of(Log.of(some), known, at("16:00"), record=record)
    basis = Basis(report, Urls(known), _to_html, Path("/nowhere"))
    for outlet in OUTLETS:
        for file in outlet.files(basis):
            yield file.at, file.make()
        for shelf in outlet.shelves(basis) if outlet.shelves else ():
            for file in shelf.files():
                yield file.at, file.make()
        for entry in report.index.values() if outlet.beside else ():
            for file in outlet.beside(basis, entry):  # type: ignore[misc]
                yield file.at, file.make()


def action(nasty: str) -> Action:
    return Action(text=nasty, owner=nasty, due=date(2026, 3, 20), done=None)


def _to_html(text: str, *_: Any, **__: Any) -> str:
    """Markdown refuses what no text can hold."""
    return markdown(text.encode(errors="replace").decode())
