"""The first moments of a build."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from aboveboard import folder, source, start
from aboveboard.folder import Unit
from aboveboard.memo import MEMO, Memo
from aboveboard.source import File
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
    memo.save()
    memo.close()
    yield tmp_path
    Memo(tmp_path / MEMO).close()


def write(root: Path, id_: str, text: str = NOTICE) -> None:
    (root / "incidents" / f"{id_}.md").write_text(text, "utf-8")


def begun(root: Path) -> Start:
    made = start.begin(root / "mkdocs.yml")
    made.memo.close()
    return made


def units(root: Path) -> dict[str, Unit[File]]:
    return dict(folder.sort(source.listed(root / "incidents", "incidents").files).units)


def test_what_was_written_since_is_parsed_ahead(project: Path):
    write(project, "new")

    made = begun(project)

    assert [*made.early] == ["incidents/new.md"]
    parsed = made.parsed(units(project)["new"], settings("mail"))
    assert parsed == folder.parsed(units(project)["new"], settings("mail"))
    data = (project / "incidents/new.md").read_bytes()
    found = made.version("incidents/new.md", data, settings("mail"))
    assert found == folder.version("incidents/new.md", data, settings("mail"))


def test_only_just_that_is_taken(project: Path):
    """A file that was written meanwhile, and one that is read on other terms, is parsed when it is asked for."""
    write(project, "new")
    made = begun(project)
    assert made.parsed(units(project)["new"], settings("mail", timezone="Europe/Dublin")) is None
    assert made.parsed(units(project)["old"], settings("mail")) is None

    assert made.early
    write(project, "new", NOTICE.replace("late", "not late"))

    assert made.parsed(units(project)["new"], settings("mail")) is None
    data = (project / "incidents/new.md").read_bytes()
    found = made.version("incidents/new.md", data, settings("mail"))
    assert found == folder.version("incidents/new.md", data, settings("mail"))


def test_what_is_wrong_is_told_when_it_is_asked_for(project: Path):
    write(project, "new", NOTICE.replace("Investigating", "Fixed"))
    write(project, "newer")

    assert [*begun(project).early] == ["incidents/newer.md"]


def test_of_many_none_is_parsed_ahead(project: Path):
    for number in range(FEW + 1):
        write(project, f"new-{number}")

    assert begun(project).early == {}


def test_nothing_is_known_of_a_project_that_was_never_built(tmp_path: Path):
    assert begun(tmp_path).early == {}


def test_what_parses_is_not_imported_here():
    """Else nothing is won."""
    said = "import sys, aboveboard.start, aboveboard.host; print(*(one for one in sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", said], capture_output=True, check=True, text=True).stdout.split()

    assert "aboveboard.host" in loaded
    assert {"aboveboard.parse", "pydantic", "yaml", "mkdocs"}.isdisjoint(loaded)
