"""The first moments of a build."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from time import time_ns

import pytest

from aboveboard import folder, reading, start
from aboveboard.history import Version
from aboveboard.memo import MEMO, Memo
from aboveboard.rows import Place
from aboveboard.start import FEW, Folder, Start
from make import settings

NOTICE = """---
title: Mail delayed
components: {mail: partial_outage}
---

## 2026-11-02 09:31 Investigating

Mail is late.
"""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    """A project that was built once, with one notice."""
    (tmp_path / "incidents").mkdir()
    write(tmp_path, "old")
    memo = Memo(tmp_path / MEMO)
    start.remember(memo, tmp_path / "mkdocs.yml", [Folder(tmp_path, settings("mail"))])
    reading.read(tmp_path, settings("mail"), Start(memo), time_ns())
    memo.save()
    memo.close()
    yield tmp_path
    Memo(tmp_path / MEMO).close()


def write(root: Path, id_: str, text: str = NOTICE) -> None:
    (root / "incidents" / f"{id_}.md").write_text(text, "utf-8")


def begun(root: Path) -> Start:
    made = start.begin(root / "mkdocs.yml", time_ns())
    assert made.early is not None  # while there is a file to look at
    made.memo.close()
    return made


def found(root: Path, **more: object) -> Place:
    return Place(root, settings("mail", **more))


def version(made: Start, root: Path, id_: str) -> Version | None:
    path = f"incidents/{id_}.md"
    return made.version(path, (root / path).read_bytes(), settings("mail"))


def told(root: Path, id_: str) -> Version | None:
    path = f"incidents/{id_}.md"
    return folder.version(path, (root / path).read_bytes(), settings("mail"))


def test_what_is_new_is_found_and_parsed_ahead(project: Path):
    write(project, "new")
    place = found(project)

    made = begun(project)

    ((id_, unit),) = made.changes(place, time_ns()).there
    assert id_ == "new"
    assert unit == place.found.units["new"]
    assert made.parsed(unit, place.settings) == folder.parsed(unit, place.settings)
    assert version(made, project, "new") == told(project, "new")


def test_what_is_gone_is_found(project: Path):
    (project / "incidents/old.md").unlink()

    assert begun(project).changes(found(project), time_ns()).gone == {"old"}


def test_only_just_that_is_taken(project: Path):
    """What is read on other terms, or was written meanwhile, is looked at when somebody asks."""
    write(project, "new")
    made = begun(project)
    elsewhere = found(project, timezone="Europe/Dublin")
    assert len(made.changes(elsewhere, time_ns()).there) == 2
    unit = elsewhere.found.units["new"]
    assert made.parsed(unit, elsewhere.settings) is None
    assert made.parsed(elsewhere.found.units["old"], settings("mail")) is None

    assert made.early
    write(project, "new", NOTICE.replace("late", "not late"))

    assert made.parsed(unit, settings("mail")) is None
    assert version(made, project, "new") == told(project, "new")


def test_what_is_wrong_is_told_when_it_is_asked_for(project: Path):
    write(project, "new", NOTICE.replace("Investigating", "Fixed"))
    write(project, "newer")

    (early,) = begun(project).early

    assert [*early.parsed] == ["incidents/newer.md"]


def test_of_many_none_is_parsed_ahead(project: Path):
    for number in range(FEW + 1):
        write(project, f"new-{number}")

    (early,) = begun(project).early

    assert early.parsed == {}
    assert len(early.changes.there) == FEW + 1


def test_nothing_is_known_of_a_project_that_was_never_built(tmp_path: Path):
    assert begun(tmp_path).early == ()


def test_what_checks_a_notice_is_not_imported_here():
    """Else nothing is won. What a commit held is understood without."""
    said = "import sys, aboveboard.wording, aboveboard.start, aboveboard.host; print(*(one for one in sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", said], capture_output=True, check=True, text=True).stdout.split()

    assert "aboveboard.host" in loaded
    assert {"aboveboard.front", "pydantic", "yaml", "mkdocs"}.isdisjoint(loaded)


@pytest.mark.parametrize("kind", ["rows", "entries", "notice"])
def test_what_was_remembered_of_a_notice_and_is_lost_is_read_again(project: Path, kind: str):
    """The process that looks and the one that goes on read it at two times, and each something else of it."""
    write(project, "new")
    with closing(connect(project / MEMO)) as file, file:
        file.execute("UPDATE kept SET value = x'00' || value WHERE kind = ?", (kind,))

    start_ = start.begin(project / "mkdocs.yml", time_ns())
    index = reading.read(project, settings("mail"), start_, time_ns())

    assert [entry.id for entry in index.entries] == ["new", "old"]
    assert [index.open(entry.id).title for entry in index.entries] == ["Mail delayed", "Mail delayed"]
    start_.memo.close()


def test_what_is_opened_ahead_is_what_each_is(project: Path):
    """One after the other a month is opened as a whole, but for what is lost, which is read once more."""
    ids = [f"n{number}" for number in range(40)]
    for id_ in ids:
        write(project, id_, NOTICE.replace("Mail is late.", f"{id_} is late."))
    known = settings("mail")
    with closing(Memo(project / MEMO)) as memo:
        index = reading.read(project, known, Start(memo), time_ns())
        memo.save()
    keys = {one.id: one.key for one in index.entries}
    with closing(connect(project / MEMO)) as file, file:
        file.execute("DELETE FROM kept WHERE kind = 'notice' AND key = ?", (keys["n30"],))
    with closing(Memo(project / MEMO)) as memo:
        again = reading.read(project, known, Start(memo), time_ns())
        opened = [again.open(id_) for id_ in ids]
        assert not memo.trouble

    assert [one.updates[0].body for one in opened] == [f"{id_} is late." for id_ in ids]


def test_a_site_in_which_nothing_has_changed_is_not_swept_with_another(tmp_path: Path):
    """Two plugins of one configuration have one memo."""
    large, small = settings("mail", incidents="large"), settings("mail", incidents="small")
    for known, count in ((large, 200), (small, 2)):
        (tmp_path / known.incidents).mkdir()
        for number in range(count):
            (tmp_path / known.incidents / f"{known.incidents}-{number}.md").write_text(NOTICE, "utf-8")

    def read() -> list[int]:
        memo = Memo(tmp_path / "memo")
        remembered = len(list(memo.all("notice")))
        at = time_ns()
        found = [len(reading.read(tmp_path, known, Start(memo), at).entries) for known in (large, small)]
        memo.save()
        memo.close()
        return [remembered, *found]

    assert read() == [0, 200, 2]
    (tmp_path / "small/small-2.md").write_text(NOTICE, "utf-8")
    assert read() == [202, 200, 3]
    assert read() == [203, 200, 3]
