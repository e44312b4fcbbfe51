"""The law of the memo: what is built with it is what is built from nothing, whatever was edited in between."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from aboveboard import write
from aboveboard.host import Done, build_site
from aboveboard.memo import MEMO, Memo
from aboveboard.model import Notice
from aboveboard.problem import Refused
from aboveboard.reading import packed, unpacked
from aboveboard.urls import Page
from building import SITE, lay_out
from make import MAJOR, incident
from repository import Repository
from strategies import COMPONENTS, FIRST, LAST, logs, notices

CONFIG = """\
site_name: Example
site_url: https://status.example.org/
theme: {{name: material, font: false, custom_dir: mine}}
plugins:
  - search
  - aboveboard:
      languages: [{languages}]
      uptime_rule: {rule}
      timezone: {zone}
      {measured}
      components:
{components}
"""

Names = st.sampled_from(["Mail", "Post", "E-mail & more"])
Zones = st.sampled_from(["UTC", "Europe/Dublin"])
Rules = st.sampled_from(["strict", "outage", "weighted"])
Languages = st.sampled_from(["en", "de", "en, de", "de, ar, en"])
Moments = st.integers(int(FIRST.timestamp()), int(LAST.timestamp()))

Edit = tuple[str, object]
"""What is done, and with what."""


def edits() -> st.SearchStrategy[Edit]:
    """One thing that somebody may do between two builds."""
    return st.one_of(
        st.tuples(st.just("add"), notices()),
        st.tuples(st.just("change"), st.tuples(st.integers(0, 9), notices())),
        st.tuples(st.just("rename"), st.integers(0, 9)),
        st.tuples(st.just("delete"), st.integers(0, 9)),
        st.tuples(st.just("settings"), st.tuples(Names, Zones, Rules)),
        st.tuples(st.just("languages"), Languages),
        st.tuples(st.just("translate"), st.tuples(st.integers(0, 9), st.sampled_from(["de", "ar"]), st.text("abc "))),
        st.tuples(
            st.just("template"), st.sampled_from(["", "<footer>Ours</footer>", "<footer>{{ clock.now }}</footer>"])
        ),
        st.tuples(st.just("words"), st.text("abc ", min_size=1)),
        st.tuples(st.just("clock"), Moments),
        st.tuples(st.just("lose"), st.sampled_from([".cache", "site", ".site.generations", "site/index.html"])),
        st.tuples(st.just("touch"), st.none()),
        st.tuples(st.just("commit"), st.none()),
    )


class Project:
    """A folder that somebody edits."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.now = int(FIRST.timestamp()) + 500 * 86400
        self.site = ("Mail", "UTC", "strict")
        self.languages = "en"
        self.measured = ""
        lay_out(root, {"docs/index.md": "---\ntemplate: board.html\n---\n\nHello.\n", "mine/aboveboard/.keep": ""})
        (root / "incidents").mkdir()
        (root / "seen").mkdir()
        self.configure()

    def configure(self) -> None:
        name, zone, rule = self.site
        lines = (f'        - {{id: "{id_}", name: "{name} {at}"}}' for at, id_ in enumerate(COMPONENTS))
        text = CONFIG.format(
            rule=rule, zone=zone, languages=self.languages, measured=self.measured, components="\n".join(lines)
        )
        (self.root / "mkdocs.yml").write_text(text, "utf-8")

    def post(self, notice: Notice) -> None:
        zone = ZoneInfo(self.site[1])
        file = self.root / "incidents" / f"{notice.id}.md"
        file.write_text(write.notice(notice, zone), "utf-8", newline="\n")
        for image in notice.images:
            (file.parent / image).write_bytes(notice.id.encode())

    def translate(self, file: Path, lang: str, words: str) -> None:
        """The title and the first update in another language; the rest is left as it is."""
        heading = next(line for line in file.read_text("utf-8").split("\n") if line.startswith("## "))
        text = f"---\ntitle: Übersetzt\n---\n\n{heading.partition(' {')[0]}\n\nWorte: {words}.\n"
        file.with_suffix(f".{lang}.md").write_text(text, "utf-8")

    def probe(self, component: str, days: list[int]) -> None:
        """What monitoring saw on some days, down in the middle of each; without any, the file is gone."""
        file, noon = self.root / "seen" / f"{component}.csv", int(FIRST.timestamp()) + 500 * 86400
        if not days:
            file.unlink(missing_ok=True)
            return
        turns = ((noon + day * 86400, part) for day in days for part in ("up", "down", "up"))
        rows = (f"{at + 3600 * nth},{at + 3600 * nth + 3600},{part}\n" for nth, (at, part) in enumerate(turns))
        file.write_text(f"time,until,state\n{''.join(rows)}", "utf-8")

    def edit(self, edit: Edit) -> None:
        what, how = edit
        files = sorted(file for file in (self.root / "incidents").glob("*.md") if "." not in file.stem)
        match what, how:
            case "add", Notice() as notice:
                self.post(notice)
            case "change", (int(at), Notice() as notice) if files:
                self.post(replace(notice, id=files[at % len(files)].stem))
            case "rename", int(at) if files:
                file = files[at % len(files)]
                for one in (file, *file.parent.glob(f"{file.stem}.*.md")):
                    kind = one.name.removeprefix(file.stem)
                    one.rename(one.with_name(f"x{file.stem[:90]}{kind}"))
            case "delete", int(at) if files:
                file = files[at % len(files)]
                for one in (file, *file.parent.glob(f"{file.stem}.*.md")):
                    one.unlink()
            case "settings", (str(name), str(zone), str(rule)):
                self.site = (name, zone, rule)
                self.configure()
            case "languages", str(languages):
                self.languages = languages
                self.configure()
            case "translate", (int(at), str(lang), str(text)) if files:
                self.translate(files[at % len(files)], lang, text)
            case "template", str(text):
                file = self.root / "mine/aboveboard/foot.html"
                file.write_text(text, "utf-8") if text else file.unlink(missing_ok=True)
            case "words", str(text):
                (self.root / "docs/index.md").write_text(f"---\ntemplate: board.html\n---\n\n{text}\n", "utf-8")
            case "clock", int(now):
                self.now = now
            case "lose", str(path):
                gone = self.root / path
                shutil.rmtree(gone, ignore_errors=True) if gone.is_dir() else gone.unlink(missing_ok=True)
            case "commit", _:
                self.commit()
            case "measure", bool(on):
                self.measured = "measured: seen" if on else ""
                self.configure()
            case "probe", (str(component), list(days)):
                self.probe(component, days)
            case "touch", _:
                for file in self.root.rglob("*.md"):
                    os.utime(file, (1, 1))

    def commit(self) -> None:
        """All that stands there, at the time of the next build."""
        when = f"{datetime.fromtimestamp(self.now, UTC):%Y-%m-%d %H:%M}"
        repository = Repository(self.root)
        (self.root / ".gitignore").write_text(".cache/\nsite/\n.site*\n", "utf-8")
        repository.commit(when)

    def build(self) -> Done:
        return built(self.root, self.now)


def built(root: Path, now: int) -> Done:
    with patch.dict(os.environ, {"SOURCE_DATE_EPOCH": str(now), "NO_MKDOCS_2_WARNING": "1"}):
        return build_site(root / "mkdocs.yml", root / "site", may_fork=False, progress=None)


def contents(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def stamps(site: Path) -> dict[str, tuple[int, int]]:
    found = ((path, path.stat()) for path in site.rglob("*") if path.is_file())
    return {path.relative_to(site).as_posix(): (one.st_ino, one.st_mtime_ns) for path, one in found}


def from_nothing(project: Project) -> dict[str, bytes] | None:
    """What a build makes that has never seen the project; None where it refuses."""
    with TemporaryDirectory() as folder:
        copy = Path(folder, "copy")
        shutil.copytree(project.root, copy, ignore=shutil.ignore_patterns(".cache", "site", ".site.*"))
        try:
            built(copy, project.now)
        except Refused:
            return None
        return contents(copy / "site")


@settings(
    max_examples=max(6, settings.default.max_examples // 20),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.generate],
)
@given(logs(), st.lists(edits(), min_size=1, max_size=5))
def test_what_is_remembered_changes_nothing(log, some: list[Edit]):
    """After each edit the site is, byte for byte, what is built from nothing; and what did not change is not written.

    What is refused leaves the site as it was.
    """
    with TemporaryDirectory() as folder:
        project = Project(Path(folder))
        for notice in log.notices:
            project.post(notice)
        published: dict[str, bytes] = {}
        for edit in [("clock", project.now), *some]:
            note(f"{edit}")
            project.edit(edit)
            site = Path(folder, "site")
            before, old = contents(site), stamps(site)
            expected = from_nothing(project)
            try:
                done = project.build()
            except Refused:
                assert expected is None
                assert contents(site) == before
                continue
            assert expected is not None
            now, new = contents(site), stamps(site)
            assert now.keys() == expected.keys()
            assert {path for path in now if now[path] != expected[path]} == set()
            if published:
                by_hand = {path for path in now if before.get(path) != published.get(path)}
                differs = {path for path in now if now[path] != published.get(path)}
                assert differs <= set(done.changed) <= differs | by_hand
                assert set(done.removed) <= published.keys() - now.keys()
                assert by_hand or set(done.removed) == published.keys() - now.keys()
                assert {path for path in now if now[path] == before.get(path) and new[path] != old[path]} == set()
            published = now
            assert project.build().changed == []


def test_what_monitoring_saw_is_remembered_as_everything_is(tmp_path: Path):
    """Files of it that come, change and go, and the setting itself; what a notice says is not made again for it."""
    project = Project(tmp_path)
    project.post(incident("x", started="2025-05-01 14:00", components={"mail": MAJOR}))
    project.build()
    steps: list[Edit] = [
        ("measure", True),
        ("probe", ("mail", [-3, -2])),
        ("probe", ("dns", [-1])),
        ("probe", ("mail", [-3])),
        ("probe", ("mail", [])),
        ("clock", project.now + 86400),
        ("measure", False),
    ]
    for step in steps:
        project.edit(step)
        done = project.build()
        site = contents(tmp_path / "site")

        assert site == from_nothing(project), step
        assert project.build().changed == [], step
        if step[0] == "probe":
            assert {path for path in done.changed if path.startswith("incidents/")} == set(), step
            assert {"measured.csv", "outages.csv", "uptime/index.html"} <= {*done.changed, *done.removed}, step
    assert "measured.csv" not in site


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Done]:
    """Builds the usual small site."""
    lay_out(tmp_path, SITE)
    return lambda now=1793620800: built(tmp_path, now)


ALLOWED = (
    "index.html",
    "404.html",
    "badge",
    "built.json",
    "badge",
    "embed/",
    "candour/",
    "embed/",
    "api/",
    "metrics.txt",
    "uptime.csv",
    "uptime/",
    "promises/",
    "maintenance/",
    "components/mail/index.html",
)
"""What may read the clock, with the other component's page and those of notices that go on."""


def test_at_a_later_time_only_what_reads_the_clock_is_written(project: Callable[..., Done]):
    """An hour, a day and two years later."""
    project()
    for now in (1793620800 + 3600, 1793620800 + 86400, 1793620800 + 2 * 365 * 86400):
        written = set(project(now).changed)
        live = {"incidents/2026-11-02-mail-late/index.html", "incidents/2026-11-08-routers/index.html"}
        others = written - live - {"components/webmail/index.html"}

        assert {path for path in others if not path.startswith(ALLOWED)} == set()
        assert "built.json" in written


def test_new_times_of_files_change_nothing(tmp_path: Path, project: Callable[..., Done]):
    """As after a fresh checkout."""
    project()
    for path in tmp_path.rglob("*.md"):
        os.utime(path, (1, 1))
    done = project()

    assert (done.changed, done.removed) == ([], [])


def spoilt(file: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    """What may become of it."""
    data = file.read_bytes()
    yield "truncated", lambda: file.write_bytes(data[: len(data) // 2])
    yield "empty", lambda: file.write_bytes(b"")
    yield "foreign", lambda: file.write_bytes(b"somebody else's" * 1000)
    yield "flipped", lambda: file.write_bytes(bytes(byte ^ 255 if at > 5000 else byte for at, byte in enumerate(data)))
    yield "writable by others", lambda: file.chmod(0o666)


@pytest.mark.parametrize("how", range(5), ids=["truncated", "empty", "foreign", "flipped", "writable"])
def test_a_memo_that_cannot_be_trusted_is_made_anew(tmp_path: Path, project: Callable[..., Done], how: int):
    """With a line that says so; the site is as from nothing."""
    project()
    expected = contents(tmp_path / "site")
    memo = tmp_path / MEMO
    name, spoil = list(spoilt(memo))[how]
    spoil()
    shutil.rmtree(tmp_path / "site")
    shutil.rmtree(tmp_path / ".site.generations")
    done = project()

    assert contents(tmp_path / "site") == expected
    assert str(memo) in done.trouble, name
    assert "\n" not in done.trouble
    again = project()
    assert (again.trouble, again.changed) == ("", [])


def test_a_memo_of_somebody_else_is_not_opened(tmp_path: Path, project: Callable[..., Done]):
    """Whoever writes it could run programs as whoever builds."""
    if os.geteuid():
        pytest.skip("only root may give files away")
    project()
    os.chown(tmp_path / MEMO, 12345, 12345)

    assert "belongs to somebody else" in project().trouble


def test_a_memo_of_another_program_is_replaced_in_silence(tmp_path: Path, project: Callable[..., Done]):
    project()
    expected = contents(tmp_path / "site")
    with patch("aboveboard.memo.program", lambda: b"another"):
        assert project().trouble == ""
    done = project()

    assert done.trouble == ""
    assert contents(tmp_path / "site") == expected


def test_where_nothing_can_be_remembered_the_site_is_made(tmp_path: Path, project: Callable[..., Done]):
    (tmp_path / ".cache").write_text("a file")
    done = project()

    assert done.changed
    assert str(tmp_path / MEMO) in done.trouble


def test_a_file_made_by_hand_in_the_site_does_not_last(tmp_path: Path, project: Callable[..., Done]):
    project()
    (tmp_path / "site/mine.html").write_text("mine")
    (tmp_path / "site/index.html").write_text("mine")
    project()

    assert not (tmp_path / "site/mine.html").exists()
    assert (tmp_path / "site/index.html").read_text("utf-8") != "mine"


def edited(root: Path, path: str, text: str) -> None:
    """Write a file, and the folders above it."""
    lay_out(root, {path: text})


MORE = """\
---
title: Another
components:
  mail: partial_outage
---

## 2026-11-01 09:00 Investigating

One.

## 10:00 Resolved

Two.
"""

CHANGES: dict[str, Callable[[Path], None]] = {
    "a page of the host's": lambda root: edited(root, "docs/about.md", "# About us\n\nLater.\n"),
    "a new page of the host's": lambda root: edited(root, "docs/more.md", "# More\n"),
    "a page behind a link": lambda root: edited(root, "elsewhere/x.md", "# Elsewhere, later\n"),
    "a notice of another day": lambda root: edited(root, "incidents/2026-11-01-b.md", MORE),
    "what a notice mentions in HTML": lambda root: edited(root, "incidents/b.md", MORE),
    "an extension of Markdown": lambda root: edited(
        root, "mkdocs.yml", (root / "mkdocs.yml").read_text() + "markdown_extensions: [smarty]\n"
    ),
    "a file where a notice's page would be": lambda root: edited(
        root, "docs/incidents/2026-10-01-disk/index.html", "theirs"
    ),
    "a template that counts": lambda root: edited(
        root, "mine/aboveboard/foot.html", "<p>{{ report.months|count }} {{ report.index|count }}</p>"
    ),
    "a notice gone": lambda root: (root / "incidents/2026/2026-11-08-routers.md").unlink(),
    "what monitoring saw": lambda root: edited(root, "seen/mail.csv", "time,until,state\n1793600000,1793610000,down\n"),
    "what another saw": lambda root: edited(root, "seen/web.csv", "time,state,component\n1793600000,up,webmail\n"),
    "a picture": lambda root: (root / "incidents/2026/x.png").write_bytes(b"two"),
}
"""What may change besides a notice's own text."""


ORDERS = [*CHANGES] if os.environ.get("ABOVEBOARD_ALL") else [*CHANGES][::3]
"""With which of them a series begins: each series has all of them."""


@pytest.mark.parametrize("first", ORDERS)
def test_whatever_changes_the_site_is_as_from_nothing(tmp_path: Path, first: str):
    """One thing, and after it everything else, one by one."""
    project = tmp_path / "project"
    config = SITE["mkdocs.yml"].replace("font: false", "font: false, custom_dir: mine")
    config = config.replace("aboveboard:\n", "aboveboard:\n      measured: seen\n")
    mention = SITE["incidents/2026/2026-10-01-disk.md"].replace(
        "Slow.", '"Slow" -- <a href="b.md">b</a> ![x](x.png)', 1
    )
    lay_out(project, SITE | {"mkdocs.yml": config, "incidents/2026/2026-10-01-disk.md": mention})
    lay_out(project, {"docs/about.md": "# About\n", "elsewhere/x.md": "# Elsewhere\n", "mine/.keep": ""})
    lay_out(project, {"seen/mail.csv": "time,until,state\n1793600000,1793610000,up\n"})
    (project / "incidents/2026/x.png").write_bytes(b"one")
    (project / "docs/sub").symlink_to(project / "elsewhere")
    built(project, 1793620800)
    assert built(project, 1793620800).changed == []
    for what in (first, *(name for name in CHANGES if name != first)):
        CHANGES[what](project)
        before = contents(project / "site")
        done = built(project, 1793620800)
        fresh = tmp_path / "fresh"
        shutil.copytree(project, fresh, symlinks=True, ignore=shutil.ignore_patterns(".cache", "site", ".site.*"))
        built(fresh, 1793620800)
        expected, now = contents(fresh / "site"), contents(project / "site")
        shutil.rmtree(fresh)

        assert now.keys() == expected.keys(), what
        assert [path for path in now if now[path] != expected[path]] == [], what
        assert set(done.changed) == {path for path in now if now[path] != before.get(path)}
        assert set(done.removed) == before.keys() - now.keys()


def test_a_site_whose_pages_a_person_wrote_is_built_again(tmp_path: Path, project: Callable[..., Done]):
    """Those that nobody wrote stand beside them, in a page of the host that the first build was not asked for."""
    some = set(Page) - {Page.BOARD, Page.SEARCH}
    lay_out(tmp_path, {f"docs/{page}/index.md": f"---\ntemplate: {page}.html\n---\n" for page in some})
    project()

    assert project().changed == []


def test_what_is_gone_is_told_although_nothing_is_remembered(tmp_path: Path, project: Callable[..., Done]):
    """Whoever copies by that list would keep it for ever."""
    project()
    (tmp_path / "incidents/2026/2026-11-08-routers.md").unlink()
    shutil.rmtree(tmp_path / ".site.generations")
    shutil.rmtree(tmp_path / ".cache")
    done = project()

    assert "incidents/2026-11-08-routers/index.html" in done.removed
    assert "incidents/2026-10-01-disk/index.html" not in done.removed
    assert "404.html" not in done.changed


def test_a_value_belongs_to_its_key(tmp_path: Path):
    """A file that is damaged may give one page's text for another's."""
    memo = Memo(tmp_path / "memo")
    memo.put("page", b"one", "1")
    memo.put("page", b"two", "2")
    memo.save()
    memo.close()
    with sqlite3.connect(tmp_path / "memo") as file:
        file.execute("UPDATE kept SET value = (SELECT value FROM kept WHERE key = ?) WHERE key = ?", (b"one", b"two"))
    again = Memo(tmp_path / "memo")

    assert again.get("page", b"two") is None
    assert again.trouble


def test_of_two_builds_at_once_one_does_without(tmp_path: Path):
    first, second = Memo(tmp_path / "memo"), Memo(tmp_path / "memo")
    for memo in (second, first):
        memo.put("page", b"one", memo is first)
        memo.save()
        memo.close()

    assert Memo(tmp_path / "memo").get("page", b"one") is True


def test_a_project_is_built_before_its_first_notice_is_committed(tmp_path: Path):
    repository = Repository(tmp_path)
    (tmp_path / "mkdocs.yml").write_text(SITE["mkdocs.yml"])
    repository.commit("2026-03-01 12:00")
    lay_out(tmp_path, SITE)
    built(tmp_path, 1793620800)

    assert "These notices are in no public record" in (tmp_path / "site/candour/index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("written", "told_of_it"),
    [
        ("nope", "'nope' is undefined"),
        ("1 // 0", "ZeroDivisionError, integer division or modulo by zero"),
        ("clock.when(none)", "AttributeError, 'NoneType' object has no attribute 'astimezone'"),
    ],
)
def test_a_template_that_is_wrong_is_told_in_a_sentence(tmp_path: Path, written: str, told_of_it: str):
    config = SITE["mkdocs.yml"].replace("font: false", "font: false, custom_dir: mine")
    lay_out(tmp_path, SITE | {"mkdocs.yml": config, "mine/aboveboard/foot.html": f"<p>\n{{{{ {written} }}}}</p>"})
    with pytest.raises(Refused) as told:
        built(tmp_path, 1793620800)

    (problem,) = told.value.problems
    assert str(problem).endswith(f"mine/aboveboard/foot.html:2:1: this template cannot be used: {told_of_it}")


@given(notices())
def test_a_notice_that_is_remembered_is_the_same_notice(notice: Notice) -> None:
    """With all of what it says, and where it stands."""
    again = unpacked(packed(notice))

    assert repr(again) == repr(notice)
