"""What git can prove: real repositories, made by the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from aboveboard import folder, history
from aboveboard.memo import Memo
from aboveboard.model import ACCOUNT, FACTS, Edit, Gone, Record
from make import at, settings
from repository import Repository

WRITTEN = """---
title: It broke
started: {started}
---

## 2026-03-02 14:05 Investigating

We are looking{more}.
"""
RESOLVED = "\n## 2026-03-02 15:00 Resolved\n\nIt is whole again.\n"


FIRST, LAST = "20260302T140500Z", "20260302T150000Z"
"""The ids of the two updates."""


def reads(path: str, data: bytes) -> history.Version | None:
    return folder.version(path, data, settings("api"))


def read(repository: Repository, memo: Memo | None = None, *passed_over: str) -> Record:
    return history.read(repository.root, "incidents", reads, b"", memo or Memo(None), passed_over=passed_over)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def note(more: str = "", *, started: str = "2026-03-02 14:00", resolved: bool = False) -> str:
    return WRITTEN.format(more=more, started=started) + (RESOLVED if resolved else "")


def test_every_part_appears_with_the_commit_that_brought_it(repository: Repository):
    repository.commit("14:07", it_broke=note())
    repository.commit("15:02", it_broke=note(resolved=True))
    evidence = read(repository).evidence["it-broke"]

    assert evidence.appeared == {
        FACTS: at("14:07"),
        FIRST: at("14:07"),
        LAST: at("15:02"),
    }
    assert evidence.edits == ()


def test_a_repository_that_holds_no_notice_proves_nothing(repository: Repository):
    """Somebody has begun a site and not committed a notice yet. With the first one there is a record."""
    (repository.root / "mkdocs.yml").write_text("site_name: Test\n")
    repository.commit("14:00")
    memo = Memo(None)

    assert read(repository, memo) == Record()
    repository.commit("14:07", it_broke=note())
    assert read(repository, memo).begins == at("14:07")


def test_an_edit_is_told_with_both_its_wordings(repository: Repository):
    repository.commit("14:07", it_broke=note())
    commit = repository.commit("14:30", it_broke=note(" hard"))

    before, after = "investigating\n\nWe are looking.", "investigating\n\nWe are looking hard."
    edit = Edit(part=FIRST, time=at("14:30"), commit=commit, before=before, after=after)
    assert read(repository).evidence["it-broke"].edits == (edit,)


def test_a_start_that_is_moved_afterwards_is_an_edit(repository: Repository):
    repository.commit("14:07", it_broke=note())
    repository.commit("16:00", it_broke=note(started="2026-03-02 14:04"))
    (edit,) = read(repository).evidence["it-broke"].edits

    assert (edit.part, edit.before, edit.after) == (
        FACTS,
        "started: 2026-03-02 14:00\ntitle: It broke",
        "started: 2026-03-02 14:04\ntitle: It broke",
    )


def test_an_update_that_is_given_another_time_stays_the_one_that_it_was(repository: Repository):
    """Whoever dates a post back cannot make it new by that."""
    repository.commit("14:40", it_broke=note())
    repository.commit("15:00", it_broke=note().replace("14:05", "14:01"))
    evidence = read(repository).evidence["it-broke"]

    assert evidence.appeared["20260302T140100Z"] == at("14:40")
    assert [(edit.part, edit.before == edit.after) for edit in evidence.edits] == [("20260302T140100Z", True)]


def test_an_update_that_is_taken_away_is_kept_here(repository: Repository):
    repository.commit("15:02", it_broke=note(resolved=True))
    repository.commit("15:30", it_broke=note())
    (edit,) = read(repository).evidence["it-broke"].edits

    assert (edit.part, edit.before, edit.after) == (LAST, "resolved\n\nIt is whole again.", "")


def test_what_the_first_commit_brought_at_once_is_older_than_the_record(repository: Repository):
    """Whoever adopts this with a history has not posted all of it on that day."""
    repository.commit("14:07", it_broke=note(), another=note())
    repository.commit("15:02", it_broke=note(resolved=True))

    assert read(repository).evidence["it-broke"].appeared == {LAST: at("15:02")}


def test_what_a_named_commit_brought_is_older_than_it(repository: Repository):
    repository.commit("13:00", another=note())
    commit = repository.commit("14:07", it_broke=note())

    assert read(repository, None, commit).evidence["it-broke"].appeared == {}


def test_a_notice_that_vanishes_is_named(repository: Repository):
    repository.commit("14:07", it_broke=note(), another=note())
    commit = repository.commit("17:00", it_broke=None)
    record = read(repository)

    assert list(record.evidence) == ["another"]
    assert record.gone == (Gone(notice="it-broke", title="It broke", time=at("17:00"), commit=commit),)


def test_a_notice_that_comes_back_is_there_since_it_first_was(repository: Repository):
    """And what was changed meanwhile was changed."""
    repository.commit("14:07", it_broke=note())
    repository.commit("17:00", it_broke=None)
    repository.commit("18:00", it_broke=note(" again"))
    record = read(repository)

    assert record.gone == ()
    assert record.evidence["it-broke"].appeared[FIRST] == at("14:07")
    assert [edit.part for edit in record.evidence["it-broke"].edits] == [FIRST]


def test_a_file_that_moves_is_neither_new_nor_edited(repository: Repository):
    repository.commit("14:07", it_broke=note())
    (repository.root / "incidents" / "2026").mkdir()
    repository.git("mv", "incidents/it-broke.md", "incidents/2026/it-broke.md")
    repository.commit("19:00")
    evidence = read(repository).evidence["it-broke"]

    assert (evidence.appeared[FIRST], evidence.edits) == (at("14:07"), ())


def test_a_notice_under_another_name_is_the_same_one(repository: Repository):
    repository.commit("14:07", it_broke=note())
    repository.git("mv", "incidents/it-broke.md", "incidents/mail-broke.md")
    repository.commit("19:00")
    record = read(repository)

    assert (list(record.evidence), record.gone) == (["mail-broke"], ())
    assert record.evidence["mail-broke"].appeared[FIRST] == at("14:07")


def test_a_file_that_was_put_aside_is_gone(repository: Repository):
    """A name that begins with _ is no notice: no reader sees it any more."""
    repository.commit("14:07", it_broke=note())
    repository.git("mv", "incidents/it-broke.md", "incidents/_it-broke.md")
    repository.commit("19:00")

    assert [gone.notice for gone in read(repository).gone] == ["it-broke"]


def test_what_no_page_shows_is_no_edit(repository: Repository):
    """A comment that comes, and one that goes."""
    repository.commit("14:07", it_broke=note(" <!-- who is on call? -->"))
    repository.commit("14:20", it_broke=note(" <!-- Ann is -->"))
    repository.commit("14:30", it_broke=note(" hard"))

    (edit,) = read(repository).evidence["it-broke"].edits
    assert (edit.time, edit.before.endswith("We are looking ."), "<!--" in edit.before) == (at("14:30"), True, False)


def test_a_version_that_cannot_be_read_says_nothing(repository: Repository):
    repository.commit("14:07", it_broke=note())
    repository.commit("14:10", it_broke="---\ntitle: [\n")
    repository.commit("14:20", it_broke=note(" hard"))
    (edit,) = read(repository).evidence["it-broke"].edits

    assert (edit.part, edit.time) == (FIRST, at("14:20"))


def test_a_change_of_form_is_passed_over_and_named(repository: Repository):
    repository.commit("14:07", it_broke=note())
    commit = repository.commit("20:00", it_broke=note(" *hard*"))
    record = read(repository, None, commit[:10])

    assert record.evidence["it-broke"].edits == ()
    assert record.passed_over == (commit,)


def test_the_order_of_front_matter_and_blank_lines_are_no_words(repository: Repository):
    repository.commit("14:07", it_broke=note())
    other = note().replace("title: It broke\nstarted: 2026-03-02 14:00", "started: 2026-03-02 14:00\ntitle: 'It broke'")
    repository.commit("20:00", it_broke=other.replace("\n\nWe are", "\n\n\nWe are"))

    assert read(repository).evidence["it-broke"].edits == ()


def test_a_promise_that_is_kept_is_no_edit_and_one_that_is_put_off_is(repository: Repository):
    account = note(resolved=True) + "\n## Post-mortem\n\n### Next\n\n- [ ] Mend it (owner: us, due: 2026-03-09)\n"
    kept = account.replace("- [ ]", "- [x]").replace("03-09)", "03-09, done: 2026-03-08)")
    repository.commit("18:00", it_broke=account)
    repository.commit("19:00", it_broke=kept)
    assert read(repository).evidence["it-broke"].edits == ()

    repository.commit("20:00", it_broke=account.replace("03-09", "04-09"))
    (edit,) = read(repository).evidence["it-broke"].edits
    assert (edit.part, edit.time) == (ACCOUNT, at("20:00"))


def test_an_account_in_a_file_of_its_own_belongs_to_its_notice(repository: Repository):
    repository.commit("15:02", it_broke=note(resolved=True))
    path = repository.root / "incidents" / "it-broke.postmortem.md"
    path.write_text("# What happened\n\nIt broke.\n")
    repository.commit("19:00")

    assert read(repository).evidence["it-broke"].appeared[ACCOUNT] == at("19:00")


def test_a_branch_counts_from_when_it_was_merged(repository: Repository):
    """Until then its words were where no reader looks."""
    repository.commit("13:00")
    repository.git("switch", "--quiet", "--create", "draft")
    repository.commit("14:07", it_broke=note())
    repository.git("switch", "--quiet", "main")
    repository.commit("14:10", another=note())
    repository.git("merge", "--quiet", "--no-ff", "--no-edit", "draft", when="14:50")

    assert read(repository).evidence["it-broke"].appeared[FIRST] == at("14:50")


def test_the_later_of_two_dates_counts_and_is_said(repository: Repository):
    """An author may write any date; and a rebase makes old words look new, which is the safe side to err on."""
    repository.commit("18:00", written="14:05", it_broke=note())
    record = read(repository)

    assert record.evidence["it-broke"].appeared[FIRST] == at("18:00")
    assert record.waited == 1


def test_no_commit_is_older_than_the_one_it_stands_on(repository: Repository):
    repository.commit("16:00", another=note())
    repository.commit("14:05", it_broke=note())
    record = read(repository)

    assert record.evidence["it-broke"].appeared[FIRST] == at("16:00")
    assert record.disordered == 1


def test_a_shallow_clone_says_how_far_it_sees(repository: Repository, tmp_path_factory: pytest.TempPathFactory):
    repository.commit("14:07", it_broke=note())
    repository.commit("16:00", another=note())
    clone = tmp_path_factory.mktemp("shallow") / "clone"
    repository.git("clone", "--quiet", "--depth", "1", f"file://{repository.root}", str(clone))
    record = history.read(clone, "incidents", reads, b"", Memo(None))

    assert (record.begins, record.is_cut) == (at("16:00"), True)
    assert record.evidence["it-broke"].appeared == {}


def test_a_clone_that_is_shallow_no_more_is_read_anew(repository: Repository, tmp_path_factory: pytest.TempPathFactory):
    """As where CI has kept what it found, and its owner lets it fetch all of the history from then on."""
    repository.commit("14:07", it_broke=note())
    repository.commit("16:00", it_broke=note(" hard"))
    root = tmp_path_factory.mktemp("shallow")
    repository.git("clone", "--quiet", "--depth", "1", f"file://{repository.root}", str(root / "clone"))
    clone = Repository.__new__(Repository)
    clone.root = root / "clone"
    memo = Memo(root / "memo")
    assert read(clone, memo).is_cut

    clone.git("fetch", "--quiet", "--unshallow")
    again = read(clone, memo)

    assert (again.is_cut, dict(again.evidence)) == (False, dict(read(repository).evidence))
    repository.commit("17:00", another=note())
    clone.git("pull", "--quiet")
    assert dict(read(clone, memo).evidence) == dict(read(repository).evidence)
    memo.close()


def test_without_git_there_is_no_evidence(tmp_path: Path):
    (tmp_path / "incidents").mkdir()
    record = history.read(tmp_path, "incidents", reads, b"", Memo(None))

    assert (record.head, dict(record.evidence)) == ("", {})


def test_a_project_inside_of_a_repository_sees_its_own_folder(repository: Repository):
    below = Repository.__new__(Repository)
    below.root = repository.root / "status"
    below.root.mkdir()
    below.commit("14:07", it_broke=note())
    repository.commit("14:30", elsewhere=note())

    assert list(read(below).evidence) == ["it-broke"]


def test_what_was_found_is_remembered_by_its_commit(repository: Repository, tmp_path_factory: pytest.TempPathFactory):
    """The next build reads what has come since, and finds what a first one would; so it is after a rebase, too."""
    at_rest = tmp_path_factory.mktemp("memo") / "memo"
    memo = Memo(at_rest)
    repository.commit("14:07", it_broke=note())
    read(repository, memo)
    repository.commit("14:30", it_broke=note(" hard"), another=note())
    repository.commit("15:02", it_broke=note(" hard", resolved=True), another=None)
    memo.save()
    again = read(repository, memo)
    assert (dict(again.evidence), again.gone) == (dict(read(repository).evidence), read(repository).gone)

    repository.git("reset", "--quiet", "--hard", "HEAD~1")
    repository.commit("15:10", it_broke=note(" very hard"))
    assert dict(read(repository, memo).evidence) == dict(read(repository).evidence)
    memo.close()
