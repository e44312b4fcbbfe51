"""The page of candour, and what notices' pages say of their own history: of sites in real repositories."""

from __future__ import annotations

import csv
import re
from html import unescape
from io import StringIO
from pathlib import Path

import pytest

from building import NOTICE, SITE, Built, lay_out, mkdocs
from repository import Repository

LATER = "1793624400"
"""An hour after the usual time of these tests' builds."""

TIMES = "started: 2026-11-02 09:20\nended: 2026-11-02 10:38\n"
OVER = f"""{NOTICE.replace("components:", f"{TIMES}components:", 1)}
## 10:40 Resolved

All mail is there.
"""


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A site whose repository began with two notices, in which the third was told of at 09:40."""
    files = {path: text for path, text in SITE.items() if "mail-late" not in path}
    made = Repository(lay_out(tmp_path, files | {".gitignore": "/site\n/.cache\n"}))
    made.commit("2026-10-30 09:00")
    told(made, OVER.partition("\n## 10:40")[0], "2026-11-02 09:55")
    return made


def told(repository: Repository, text: str, when: str) -> str:
    """Write the third notice."""
    (repository.root / "incidents/2026/2026-11-02-mail-late.md").write_text(text, "utf-8")
    return repository.commit(when)


def words(html: str) -> str:
    """What a reader reads of a page, on one line."""
    html = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def table(built: Built, year: int) -> dict[str, dict[str, str]]:
    return {row["notice"]: row for row in csv.DictReader(StringIO(built.text(f"candour/{year}.csv")))}


def test_the_first_word_is_that_of_the_record(repository: Repository):
    """It says 09:31, and was nowhere to be read before 09:55."""
    built = mkdocs(repository.root)
    row = table(built, 2026)["2026-11-02-mail-late"]

    assert (row["evidence"], row["first_word_seconds"], row["posts_later_than_they_say"]) == ("git", "2100", "1")
    assert "First word 35 min" in words(built.text("candour/index.html"))
    page = words(built.text("incidents/2026-11-02-mail-late/index.html"))
    assert "in the public record since 09:55, 24 min later than it says" in page


def test_what_the_repository_began_with_is_as_we_wrote_it(repository: Repository):
    row = table(mkdocs(repository.root), 2026)["2026-10-01-disk"]

    assert (row["evidence"], row["posts_later_than_they_say"]) == ("written", "0")


def test_an_edit_after_publication_is_shown_with_both_its_wordings(repository: Repository):
    told(repository, OVER, "2026-11-02 10:42")
    told(repository, OVER.replace("arriving late", "arriving up to an hour late"), "2026-11-02 11:30")
    built = mkdocs(repository.root)
    page = built.text("incidents/2026-11-02-mail-late/index.html")

    assert "Edited after publication" in words(page)
    assert re.search("arriving ?<ins> ?up to an hour ?</ins> ?late", page)
    assert table(built, 2026)["2026-11-02-mail-late"]["edited_after_it_was_over"] == "1"
    assert "11:30 Mail is late the post of 09:31" in words(built.text("candour/index.html"))


def test_a_notice_that_is_gone_is_named(repository: Repository):
    (repository.root / "incidents/2026/2026-11-08-routers.md").unlink()
    repository.commit("2026-11-02 11:00")

    assert "New routers taken away 11:00" in words(mkdocs(repository.root).text("candour/index.html"))


def test_the_page_says_where_git_knows_less(repository: Repository, tmp_path_factory: pytest.TempPathFactory):
    clone = tmp_path_factory.mktemp("shallow") / "clone"
    repository.git("clone", "--quiet", "--depth", "1", f"file://{repository.root}", str(clone))
    page = words(mkdocs(clone).text("candour/index.html"))

    assert "Older commits are missing in the copy from which this page was made." in page
    assert "The figures of the last 365 days: 2 from what we wrote." in page


def test_without_a_repository_the_page_says_so(tmp_path: Path):
    page = words(mkdocs(lay_out(tmp_path)).text("candour/index.html"))

    assert "These notices are in no public record: all times are what we wrote ourselves." in page


def test_a_site_need_not_ask_git(repository: Repository):
    config = repository.root / "mkdocs.yml"
    config.write_text(config.read_text("utf-8") + "      evidence: false\n", "utf-8")
    built = mkdocs(repository.root)

    assert table(built, 2026)["2026-11-02-mail-late"]["evidence"] == "written"
    assert "No public record was asked for this site" in words(built.text("candour/index.html"))


def test_goals_are_held_against_what_we_did(repository: Repository):
    config = repository.root / "mkdocs.yml"
    goals = "      goals: {first_word: 15m, silence: 1h, post_mortem: 10}\n"
    config.write_text(config.read_text("utf-8") + goals, "utf-8")
    page = words(mkdocs(repository.root).text("candour/index.html"))

    assert "First word 35 min – 15 min 35 min" in page
    assert "Within 15 min 0 of 1" in page


def test_a_build_that_remembers_says_of_the_record_what_one_from_nothing_does(repository: Repository):
    """A commit alone, of words that had stood in the folder before, changes what the pages say."""
    mkdocs(repository.root)
    (repository.root / "incidents/2026/2026-11-02-mail-late.md").write_text(OVER, "utf-8")
    before = mkdocs(repository.root).files()
    repository.commit("2026-11-02 10:42")
    remembered = mkdocs(repository.root).files()
    for name in ("site", ".cache"):
        (repository.root / name).rename(repository.root.parent / f"{repository.root.name}-{name}")

    assert mkdocs(repository.root).files() == remembered
    assert remembered != before


def test_a_notice_that_is_taken_out_of_the_folder_is_not_linked(repository: Repository):
    """Though it is in the last commit, and was edited."""
    told(repository, OVER, "2026-11-02 10:42")
    told(repository, OVER.replace("arriving late", "arriving up to an hour late"), "2026-11-02 11:30")
    assert "mail-late" in mkdocs(repository.root).text("candour/index.html")

    (repository.root / "incidents/2026/2026-11-02-mail-late.md").unlink()
    built = mkdocs(repository.root)

    assert built.status == 0, built.said
    assert "mail-late" not in built.text("candour/index.html")
