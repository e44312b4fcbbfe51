"""What the benchmarks compare is the same work, and real work. Nothing here looks at a clock."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from unittest.mock import patch

import pytest

from aboveboard.host import build_site
from building import mkdocs

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
sys.path.append(str(BENCHMARKS))

import commits  # noqa: E402
import generate  # noqa: E402
import measure  # noqa: E402
import stages  # noqa: E402

PLAN = generate.Plan(notices=40)
NOW = str(int(generate.NOW.timestamp()))


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Ours and plain MkDocs'."""
    return generate.lay_out(tmp_path_factory.mktemp("made"), PLAN)


def test_the_same_plan_makes_the_same_bytes(sites: tuple[Path, Path], tmp_path: Path):
    again = generate.lay_out(tmp_path, PLAN)

    assert [files(site) for site in again] == [files(site) for site in sites]


def test_both_sites_are_made_of_the_same_markdown(sites: tuple[Path, Path]):
    ours, plain = files(sites[0] / "incidents"), files(sites[1] / "docs")

    assert len(ours) == PLAN.notices
    assert plain.items() - {("index.md", plain["index.md"])} == ours.items()


def test_every_notice_reads_without_a_problem(sites: tuple[Path, Path]):
    """Nor is one withheld, or a page left out: a strict build has nothing to say."""
    built = mkdocs(sites[0], "--strict", now=NOW)

    assert built.status == 0, built.said
    assert "WARNING" not in built.said
    assert len(list(built.site.glob("incidents/*/index.html"))) == PLAN.notices


def test_plain_mkdocs_builds_it_too(sites: tuple[Path, Path]):
    built = mkdocs(sites[1], "--strict", now=NOW)

    assert built.status == 0, built.said
    assert len(list(built.site.glob("2*/*/index.html"))) == PLAN.notices


def test_no_two_bodies_are_alike():
    """A text that was converted once is not converted again: equal ones would be measured as one."""
    updates = [part for text in texts(400) for part in text.partition("## Post-mortem")[0].split("\n## ")[1:]]
    bodies = [update.partition("\n")[2] for update in updates]

    assert len(bodies) == len(set(bodies)) == 4 * 400


def test_every_shape_of_markdown_is_there():
    made = "\n".join(texts(400))

    assert [
        mark for mark in ("\n- **", "](../20", "```text", "`4", "\n- [ ] ", "kind: maintenance") if mark not in made
    ] == []


def test_one_in_ten_has_a_post_mortem():
    assert sum("## Post-mortem" in text for text in texts(400)) == 40


@pytest.mark.parametrize("notices", [1, 4, 10, 101])
def test_the_notice_after_the_last_one_is_over_by_now(notices: int):
    """The benchmark adds it, and nothing of it may be withheld."""
    plan = generate.Plan(notices=notices)

    assert plan.moment(notices - 1) < plan.moment(notices) <= generate.NEWEST


def test_every_change_leaves_a_site_that_builds(tmp_path: Path):
    """Each changes one file, but for the one that puts all of them under git; and no link breaks."""
    ours, _ = generate.lay_out(tmp_path, PLAN)
    changed = []
    for change in filter(None, measure.CASES.values()):
        before = files(ours / "incidents")
        change(ours / "incidents", PLAN)
        changed.append(len({path for path, _ in before.items() ^ files(ours / "incidents").items()}))

    assert changed == [0, 1, 1, 1]
    assert commits.git(ours, "status", "--short") == ""
    assert int(commits.git(ours, "rev-list", "--count", "HEAD")) == 2 * PLAN.notices + 4

    built = mkdocs(ours, "--strict", now=NOW)
    assert built.status == 0, built.said


def test_every_stage_is_measured(sites: tuple[Path, Path]):
    """The stages are called by name: where the code gives them others, this fails rather than the benchmark."""
    with patch.dict(os.environ, {"SOURCE_DATE_EPOCH": NOW}):
        build_site(sites[0] / "mkdocs.yml", progress=None)

    assert list(stages.nothing(sites[0])) == list(stages.NOTHING)
    assert list(stages.remembered(sites[0])) == list(stages.REMEMBERED)


def test_the_tables_hold_every_case_and_stage():
    pair = measure.Pair(measure.Used(1.0, 2**20), measure.Used(4.0, 2**21))
    staged = [[dict.fromkeys(names, 0.5)] for names in (stages.NOTHING, stages.REMEMBERED)]
    one = measure.Measured(1000, {case: [pair] for case in measure.CASES}, *staged, 3 * 2**20)

    said = "\n".join(measure.tables([one], 5))

    assert "| 1,000 | one notice edited | 1.00 s | 4.00 s | 0.250 | 1 MiB | 2 MiB | 0.50 |" in said
    assert "together hold at most 3 MiB at 1,000, what they share counted once." in said
    assert "| 1,000 | 1.00 | 1.00 | 1.00 | 1.00 | 1.00 | 1.00 | 4.00 |" in said
    assert [
        words for words in (*measure.CASES, *stages.NOTHING.values(), *stages.REMEMBERED.values()) if words not in said
    ] == []


def test_the_manual_has_a_place_for_the_tables():
    text = measure.MANUAL.read_text("utf-8")

    assert text.count(measure.BEGIN) == text.count(measure.END) == 1


def texts(notices: int) -> list[str]:
    """The notices of a plan of so many."""
    plan = generate.Plan(notices=notices)
    return [generate.notice(plan, number).text for number in range(notices)]


def files(root: Path) -> Mapping[str, bytes]:
    """Every file below a folder, but for what a build has left there, by its path."""
    left = {root / "site", root / ".cache", root / ".site.generations"}
    found = (path for path in root.rglob("*") if path.is_file() and left.isdisjoint(path.parents))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}
