"""The command: what it prints, where, and with which status; and that a failed build leaves the site as it was."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aboveboard import cli
from aboveboard.exchange import exchanged
from aboveboard.lock import BESIDE
from aboveboard.swap import MOUNTED
from building import CONFIG, NOTICE, NOW, SITE, Built, lay_out

BAD = {
    "incidents/2026/2026-11-02-mail-late.md": NOTICE.replace("Investigating", "Fixed").replace(
        "+34m", "2026-11-02 10:05"
    )
}


ABOVEBOARD = (sys.executable, "-c", "from aboveboard.cli import main; main()")
UNSHARED = ("unshare", "--map-root-user", "--mount", "true")
"""A command that may mount what nobody else sees."""


def run(*words: object) -> Result:
    """The command with these words; an exception that escapes it fails the test."""
    return CliRunner(env={"SOURCE_DATE_EPOCH": NOW}).invoke(
        cli.main, [str(word) for word in words], catch_exceptions=False
    )


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site to stand in."""
    lay_out(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_check_counts_the_notices(here: Path):
    told = run("check")

    assert (told.exit_code, told.stdout, told.stderr) == (0, "3 notices, no problem.\n", "")
    assert not (here / "site").exists()


def test_check_says_everything_that_is_wrong(here: Path):
    lay_out(here, BAD | {"incidents/Bad Name.md": "---\ntitle: A\n---\n"})
    told = run("check", "--config-file", here / "mkdocs.yml")

    assert told.exit_code == 1
    assert told.stdout == ""
    first, second = told.stderr.splitlines()
    assert first.startswith("incidents/2026/2026-11-02-mail-late.md:7:")
    assert second.startswith("incidents/Bad Name.md:1:1: ")


def test_build_writes_the_site(here: Path):
    told = run("build", "--strict")

    assert told.exit_code == 0, told.output
    assert told.stderr == ""
    files = sum(path.is_file() for path in (here / "site").rglob("*"))
    assert told.stdout == f"{here / 'site'}: {files} files, {files} written.\n"
    assert (here / "site/incidents/2026-11-02-mail-late/index.html").is_file()


def test_build_writes_elsewhere(here: Path):
    assert run("build", "--site-dir", "public").exit_code == 0
    assert (here / "public/index.html").is_file()
    assert not (here / "site").exists()


def test_a_build_that_fails_leaves_the_site_as_it_was(here: Path):
    """Whether a notice is wrong, or something breaks when half of the pages are written."""
    run("build")
    (here / "site/mark").write_text("old")
    lay_out(here, BAD)
    wrong_notice = run("build")
    lay_out(here, SITE | {"mkdocs.yml": CONFIG.replace("font: false", "font: false, custom_dir: mine")})
    lay_out(here, {"mine/aboveboard.html": "no content at all"})
    broken_theme = run("build")

    assert wrong_notice.exit_code == broken_theme.exit_code == 1
    assert wrong_notice.stderr.startswith("incidents/2026/2026-11-02-mail-late.md:7:")
    assert "the theme has neither a block `container` nor a block `content`" in broken_theme.stderr
    assert "Traceback" not in wrong_notice.output + broken_theme.output
    assert (here / "site/mark").read_text() == "old"
    assert sorted(path.name for path in here.iterdir()) == [
        ".cache",
        ".site.generations",
        "docs",
        "incidents",
        "mine",
        "mkdocs.yml",
        "site",
    ]


def test_a_new_site_has_nothing_of_the_old_but_what_is_hidden(here: Path):
    """As in MkDocs: whoever publishes from a git checkout in site/ keeps its .git."""
    run("build")
    (here / "site/mark").write_text("old")
    (here / "site/.git").mkdir()
    assert run("build").exit_code == 0

    assert not (here / "site/mark").exists()
    assert (here / "site/.git").is_dir()


def test_what_is_hidden_is_not_counted(here: Path):
    """It is not of the build's making."""
    told = run("build")
    (here / "site/.git").mkdir()
    (here / "site/.git/HEAD").write_text("ref")

    count = told.stdout.partition(",")[0]
    assert run("build").stdout == f"{count}, 0 written.\n"


def test_a_second_build_of_one_folder_is_told_so(here: Path):
    """And does its work once the first is through."""
    run("build")
    with exchanged(here / "site") as fresh:
        told = run("build")
        fresh.put("index.html", b"first")
        fresh.done(["index.html"], b"")

    assert_says(told, f"{here / 'site'}: another build of this folder is running; this one has changed nothing")
    assert (here / "site/index.html").read_text() == "first"
    assert run("build").exit_code == 0
    assert (here / "site/index.html").read_text() != "first"


def test_builds_that_overlap_leave_a_whole_site(here: Path):
    """Whoever is through says so; whoever is not has a sentence; and no file is missing."""
    run("build")
    whole = files(here)
    started = [command("build") for _ in range(3)]
    ended = [(one.communicate(timeout=60)[1], one.returncode) for one in started]

    busy = f"{here / 'site'}: another build of this folder is running; this one has changed nothing\n"
    assert ("", 0) in ended
    assert {*ended} <= {("", 0), (busy, 1)}
    assert files(here) == whole


@pytest.mark.parametrize("seconds", [0.3, 0.7, 1.1])
def test_a_build_that_is_killed_leaves_the_site_and_what_is_hidden(here: Path, seconds: float):
    run("build")
    (here / "site/.git").mkdir()
    (here / "site/.git/HEAD").write_text("ref")
    whole = files(here)
    killed = command("build")
    with contextlib.suppress(subprocess.TimeoutExpired):
        killed.communicate(timeout=seconds)
    killed.kill()
    killed.communicate()

    assert files(here) == whole
    assert run("build").exit_code == 0
    assert files(here) == whole


def test_a_site_below_a_file_is_a_sentence(here: Path):
    """As any folder that cannot be written to."""
    assert_says(
        run("build", "--site-dir", "mkdocs.yml/site"),
        f"{here / 'mkdocs.yml'}: File exists; the folder above a site must be writable, because the new site is made "
        "beside the old and exchanged with it",
    )


@pytest.mark.parametrize(
    ("mount", "place", "sentence"),
    [
        ("mount -t tmpfs none site", "site", MOUNTED),
        ("mount --bind site site", "site", MOUNTED),
        ("mount --bind . . && mount -o remount,bind,ro . && cd .", ".site.lock", f"Read-only file system; {BESIDE}"),
    ],
)
def test_a_site_that_cannot_be_exchanged_is_a_sentence(here: Path, mount: str, place: str, sentence: str):
    """A mount point, that of a folder on the same disk too; and a folder above that may not be written to."""
    if not shutil.which("unshare") or subprocess.run(UNSHARED, check=False, stderr=subprocess.DEVNULL).returncode:
        pytest.skip("nothing can be mounted here")
    run("build")
    whole = files(here)
    words = [*UNSHARED[:-1], "sh", "-c", f'cd "$0" && {mount} && cd "$0" && exec "$@"', str(here), *ABOVEBOARD, "build"]
    told = subprocess.run(words, capture_output=True, text=True, check=False, cwd=here)

    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.splitlines()[-1] == f"{here / place}: {sentence}"
    assert files(here) == whole


def test_strict_makes_warnings_mistakes(here: Path):
    lay_out(here, {"docs/other.md": "[nowhere](nowhere.md)\n"})
    lenient, strict = run("build"), run("build", "--strict")

    assert lenient.exit_code == 0
    assert "nowhere.md" in lenient.stderr
    assert strict.exit_code == 1
    assert strict.stderr.splitlines()[-1] == "Aborted with 1 warnings in strict mode!"


@pytest.mark.parametrize("command", ["build", "check", "serve"])
def test_without_a_configuration_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str):
    monkeypatch.chdir(tmp_path)

    assert_says(run(command), "mkdocs.yml:1:1: there is no such file here; name one with --config-file")
    assert_says(run(command, "-f", "other.yml"), "other.yml:1:1: there is no such file")


@pytest.mark.parametrize("command", ["build", "check", "serve"])
def test_a_configuration_without_us_is_told_what_to_add(here: Path, command: str):
    lay_out(here, {"mkdocs.yml": "site_name: Example\n"})

    assert_says(
        run(command), "mkdocs.yml:1:1: aboveboard is not among the plugins; write `- aboveboard` below `plugins:`"
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("site_name: [\n", "mkdocs.yml:2:1: this is not YAML: expected the node content, but found '<stream end>'"),
        ("site_name: a: b\n", "mkdocs.yml:1:13: this is not YAML: mapping values are not allowed here"),
        (
            "- a\n- list\n",
            "mkdocs.yml:1:1: this is not a MkDocs configuration; write keys and values, like `site_name: …`",
        ),
    ],
)
def test_a_configuration_that_is_none_is_told_where(here: Path, text: str, sentence: str):
    lay_out(here, {"mkdocs.yml": text})

    assert_says(run("check"), sentence)


def test_a_configuration_of_strange_bytes_is_told(here: Path):
    (here / "mkdocs.yml").write_bytes(b"site_name: \xff\xfe\n")
    told = run("check")

    assert told.exit_code == 1
    assert told.stderr.startswith("mkdocs.yml:1:1: ")
    assert len(told.stderr.splitlines()) == 1


def test_what_mkdocs_refuses_is_told_once(here: Path):
    lay_out(here, {"mkdocs.yml": CONFIG.replace("name: material", "name: nowhere")})
    told = run("check")

    assert told.exit_code == 1
    assert "theme" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.usefixtures("here")
def test_an_address_that_is_none_is_told():
    told = run("serve", "--addr", "nonsense")

    assert told.exit_code == 1
    assert "dev_addr" in told.stderr


@pytest.mark.usefixtures("here")
def test_an_address_that_is_taken_is_told():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        told = run("serve", "--addr", address)

    assert told.exit_code == 1
    assert told.stderr.splitlines()[-1] == f"{address}: Address already in use"


@pytest.mark.parametrize(("what", "key"), [("notice", "components"), ("settings", "timezone")])
def test_schema_is_for_editors(what: str, key: str):
    told = run("schema", what)

    assert told.exit_code == 0
    assert key in json.dumps(json.loads(told.stdout))


def test_an_import_is_written_and_reported(tmp_path: Path):
    source = {
        "page": {"id": "p1", "name": "Elsewhere", "url": "https://elsewhere.example", "time_zone": "Etc/UTC"},
        "incidents": [INCIDENT],
    }
    (tmp_path / "incidents.json").write_text(json.dumps(source), "utf-8")
    words = ("import", "statuspage", tmp_path / "incidents.json", "--to", tmp_path / "incidents")
    told, again = run(*words), run(*words)

    assert told.exit_code == again.exit_code == 0, told.output
    assert "1 incident" in told.stdout
    assert "1 file written" in told.stdout
    assert "timezone: Etc/UTC" in told.stdout
    assert "0 files written" in again.stdout
    assert len(list((tmp_path / "incidents").rglob("*.md"))) == 1


def test_an_import_of_nothing_is_a_sentence(tmp_path: Path):
    (tmp_path / "a.json").write_text("{", "utf-8")
    told = run("import", "statuspage", tmp_path / "a.json", "--to", tmp_path / "incidents")

    assert told.exit_code == 1
    assert told.stderr.startswith(f"{tmp_path / 'a.json'}:1:2: this is not JSON: ")
    assert not (tmp_path / "incidents").exists()


def test_mkdocs_is_loaded_by_those_who_need_it():
    """Everything but the shells would work behind another host, and an import or a schema does not wait for MkDocs."""
    modules = "aboveboard.cli, aboveboard.build, aboveboard.parse, aboveboard.report, aboveboard.render.pages"
    code = f"import sys, {modules}; print(sorted(set(sys.modules) & {{'mkdocs', 'feedgen'}}))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert told.stdout == "[]\n"


def command(*words: str) -> subprocess.Popen[str]:
    """The command in a process of its own."""
    environment = os.environ | {"SOURCE_DATE_EPOCH": NOW, "NO_MKDOCS_2_WARNING": "1"}
    pipe = subprocess.PIPE
    return subprocess.Popen([*ABOVEBOARD, *words], env=environment, stdout=pipe, stderr=pipe, text=True)


def files(here: Path) -> dict[str, bytes]:
    """Every file of the site, by its path."""
    return Built(0, "", here / "site").files()


def assert_says(told: Result, sentence: str) -> None:
    """It is this one line on standard error, and nothing else."""
    assert (told.exit_code, told.stdout, told.stderr) == (1, "", f"{sentence}\n")


INCIDENT = {
    "id": "abcdefghijkl",
    "name": "It broke",
    "status": "resolved",
    "impact": "minor",
    "created_at": "2026-03-02T14:00:00.000Z",
    "updated_at": "2026-03-02T15:00:00.000Z",
    "resolved_at": "2026-03-02T15:00:00.000Z",
    "started_at": "2026-03-02T14:00:00.000Z",
    "shortlink": "https://stspg.example/abc",
    "page_id": "p1",
    "components": [],
    "incident_updates": [
        {
            "id": "upd000000001",
            "status": "resolved",
            "body": "It works.",
            "created_at": "2026-03-02T15:00:00.000Z",
            "updated_at": "2026-03-02T15:00:00.000Z",
            "display_at": "2026-03-02T15:00:00.000Z",
            "incident_id": "abcdefghijkl",
            "affected_components": None,
        },
        {
            "id": "upd000000000",
            "status": "investigating",
            "body": "It is broken.",
            "created_at": "2026-03-02T14:05:00.000Z",
            "updated_at": "2026-03-02T14:05:00.000Z",
            "display_at": "2026-03-02T14:05:00.000Z",
            "incident_id": "abcdefghijkl",
            "affected_components": None,
        },
    ],
}
"""As Statuspage serves it."""
