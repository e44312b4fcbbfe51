"""What outlets share."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from msgspec.structs import replace

from aboveboard.edition import Edition
from aboveboard.index import Index
from aboveboard.memo import Memo
from aboveboard.model import Log, Notice
from aboveboard.render.pages import Pages
from aboveboard.report import Report
from aboveboard.site import Site
from aboveboard.urls import Urls
from make import at, incident, maintenance, settings


def test_of_a_file_of_many_parts_those_are_made_that_have_changed():
    """An edit opens no other notice of its month, neither for search nor for data nor for calendars."""
    some: list[Notice] = [incident(f"x-{n}", started=f"03-{n:02} 14:00", ended=f"03-{n:02} 15:00") for n in range(1, 9)]
    done = ("03-01 09:00 scheduled", "03-02 14:00 in_progress", "03-02 15:00 completed")
    work = maintenance("work", *done, window=("03-02 14:00", "03-02 15:00"))
    memo = Memo(None)

    assert opened(memo, [*some, work]) == {*(one.id for one in some), "work"}
    assert opened(memo, [*some, work]) == set()
    assert opened(memo, [replace(some[0], title="Other"), *some[1:], work]) == {"x-1"}
    assert opened(memo, [*some[:-1], replace(work, title="Other")]) == {"x-1", "work"}


def opened(memo: Memo, notices: Sequence[Notice]) -> set[str]:
    """Which notices are opened for files of many parts."""
    known, asked = settings(), set[str]()
    index = Index.of(Log.of(notices), known.zone)

    def open_(id_: str) -> Notice:
        asked.add(id_)
        return index.open(id_)

    edition = edition_of(replace(index, open=open_), memo)
    files = [file for one in edition.outlets if one.in_parts for file in one.files(edition.basis)]
    asked.clear()
    for file in files:
        if file.at.endswith((".ics", "/2026-03.json")):
            file.make()
    return asked


def edition_of(index: Index, memo: Memo) -> Edition:
    known = settings()
    where = Site(root=Path("/nowhere"), settings=known, extensions=(), configs={}, overrides=(), own=True, shell=True,
                 scale=Fraction(1))  # fmt: skip
    return Edition(where, Pages(Report.of(index, known, at("06-01 12:00")), Urls(known), str), memo)


def test_what_is_remembered_in_parts_is_not_swept():
    """What is kept is told under the very keys under which it is asked for."""
    memo = Memo(None)
    work = maintenance("work", "03-01 09:00 scheduled", window=("03-02 14:00", "03-02 15:00"))
    edition = edition_of(Index.of(Log.of([incident("x"), work]), settings().zone), memo)
    for outlet in edition.outlets:
        for file in (*edition.files(outlet), *(file for shelf in edition.shelves(outlet) for file in shelf.files())):
            file.make()

    swept = {}
    for parts in (outlet.in_parts for outlet in edition.outlets if outlet.in_parts):
        told = {edition.of(parts.kind, whole) for whole in parts.wholes(edition.basis)}
        swept[parts.kind] = {key for key, _ in memo.all(parts.kind)} - told
    assert "atom" in swept
    assert not any(swept.values())
