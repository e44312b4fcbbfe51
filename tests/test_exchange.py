"""A folder that takes another's place: whoever is killed, and whenever, nothing is lost.

Run as a program, this builds for those tests in which the builder is killed, forks or has no room.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import posixpath
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboveboard import generation, second
from aboveboard.exchange import exchanged
from aboveboard.inside import all_normal, normal
from aboveboard.lock import BUSY
from aboveboard.swap import MOUNTED

EVERY = 1 if os.environ.get("ABOVEBOARD_ALL") else 11
"""Of the moments at which a build can be killed, how many are tried: each, or each eleventh."""

Files = Mapping[str, str]

FIRST = {
    "index.html": "first",
    "404.html": "Nothing here.",
    "history.atom": "<feed/>",
    "robots.txt": "User-agent: *",
    "incidents/index.html": "What happened.",
    "incidents/mon/index.html": "What happened on mon.",
    "incidents/mon/queue.png": "(a picture)",
    "incidents/mon/disk.png": "(another)",
    "incidents/tue/index.html": "What happened on tue.",
    "assets/aboveboard/page.css": "main {}",
    "assets/aboveboard/icon.svg": "<svg/>",
    "uptime/index.html": "100 %",
}
SECOND = {path: text for path, text in FIRST.items() if path != "incidents/tue/index.html"} | {
    "index.html": "second",
    "incidents/wed/index.html": "What happened on wed.",
}
"""One is changed, one goes with its folder, and one comes with a folder."""
THIRD = {path: text for path, text in SECOND.items() if not path.startswith("assets/")} | {
    "index.html": "third",
    "assets": "A folder has become a file.",
}
FOURTH = {path: text for path, text in THIRD.items() if path != "assets"} | {
    "index.html": "fourth",
    "assets/aboveboard/page.css": "And a file a folder.",
    "incidents/tue/index.html": "What happened on tue.",
}
FIFTH = FOURTH | {"index.html": "fifth"}

HIDDEN = {
    ".git/refs/main": "1234",
    ".git/HEAD": "-> refs/main",
    ".well-known/security.txt": "Contact:",
    ".nojekyll": "",
    ".nowhere": "-> nowhere",
}
"""What is in the site and no build has made."""
COMMITTED = HIDDEN | {".git/refs/main": "5678"}


def built(site: Path, files: Files, *, check: bool = True) -> bool:
    """Build the site as a caller would, who keeps in the note what there is. Whether only what differs was written."""
    with exchanged(site) as new:
        known: dict[str, str] = json.loads(new.note) if new.note else {}
        if check:
            assert contents(site.with_name(f".{site.name}.generations") / "next") == known
        gone = known.keys() - files.keys()
        for path in gone:
            new.remove(path)
        changed = [path for path, text in files.items() if known.get(path) != text]
        times = {}
        for path in changed:
            there = None if known else new.same(path, files[path].encode())
            times[path] = (there or new.put(path, files[path].encode())).st_mtime_ns
        new.done([*gone, *changed], json.dumps(files).encode(), times)
    return bool(known)


def contents(folder: Path) -> dict[str, str]:
    """Every file and symlink, and every folder in which there is none of these."""
    found = {}
    for at, folders, names in os.walk(folder):
        for path in (Path(at, name) for name in (*names, *folders)):
            below = path.relative_to(folder).as_posix()
            if path.is_symlink():
                found[below] = f"-> {path.readlink()}"
            elif not path.is_dir():
                found[below] = path.read_text()
            elif not any(path.iterdir()):
                found[below] = "(an empty folder)"
    return found


def lay_out(folder: Path, files: Files) -> None:
    """Write files and symlinks as a person would who is not us."""
    for name, text in files.items():
        at = folder / name
        at.parent.mkdir(parents=True, exist_ok=True)
        at.unlink(missing_ok=True)
        if text.startswith("-> "):
            at.symlink_to(text.removeprefix("-> "))
        else:
            at.write_text(text)


def beside(site: Path) -> list[str]:
    """What a build has left beside the site, but for the second copy."""
    return [path.name for path in site.parent.iterdir() if path.name not in {site.name, f".{site.name}.generations"}]


def below(site: Path) -> list[str]:
    """What is kept for the next build."""
    return sorted(one.name for one in site.with_name(f".{site.name}.generations").iterdir())


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with things in it that no build made."""
    lay_out(tmp_path / "site", HIDDEN | {"index.html": "old"})
    return tmp_path / "site"


@pytest.fixture(params=["linux", "other"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that can exchange two folders in one step, as far as this machine can, and one that cannot."""
    if request.param == "other":
        monkeypatch.setattr(sys, "platform", request.param)


def program(*words: str | Path) -> subprocess.Popen[str]:
    """This module, run as a program."""
    return subprocess.Popen(
        [sys.executable, __file__, *map(str, words)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
@pytest.mark.parametrize("system", ["linux", "other"])
@pytest.mark.parametrize("before", [{}, {"index.html": "old"}], ids=["from nothing", "over a site"])
def test_whoever_is_killed_leaves_a_whole_site(tmp_path: Path, before: Files, system: str):
    """Before each thing asked of the system, in three builds. And what comes next is right.

    Where two are exchanged in one step, no moment is without a site.
    """
    generations = [before, FIRST, SECOND, THIRD]
    kept = [{}, HIDDEN if before else {}, HIDDEN, COMMITTED]
    quick = 0
    with program("killed", system) as builder:
        for moment in range(1, 2000, EVERY):
            site = tmp_path / str(moment) / "site"
            lay_out(site.parent, {"mkdocs.yml": ""})
            lay_out(site, before | kept[1])
            begun, is_killed = told(builder, f"{site} {moment}")
            hidden = kept[begun]
            if system == sys.platform or site.exists():
                assert contents(site) in (generations[begun - 1] | hidden, generations[begun] | hidden)
            quick += built(site, FOURTH)
            assert contents(site) == FOURTH | hidden
            quick += built(site, FIFTH)
            assert contents(site) == FIFTH | hidden
            assert beside(site) == ["mkdocs.yml"]
            if not is_killed:
                break
        builder.communicate()

    assert not is_killed
    assert moment > 200
    assert quick > moment // EVERY


def killed(system: str) -> None:
    """For each site and moment that is read, build three times, and be killed before the nth thing asked for."""
    for line in sys.stdin:
        site, moment = line.split()
        read, write = os.pipe()
        child = os.fork()
        if not child:
            counted = count_down(int(moment))
            sys.platform = system
            for files, hidden in ((FIRST, HIDDEN), (SECOND, COMMITTED), (THIRD, {})):
                os.write(write, b".")
                with counted():
                    built(Path(site), files, check=False)
                lay_out(Path(site), hidden)
            os._exit(0)
        os.close(write)
        _, status = os.waitpid(child, 0)
        begun = len(os.read(read, 3))
        os.close(read)
        assert status in {0, signal.SIGKILL}
        sys.stdout.write(f"{begun} {status}\n")
        sys.stdout.flush()


def count_down(rest: int) -> Callable[[], contextlib.AbstractContextManager[None]]:
    """Within this, be killed before the nth thing that is asked of the system."""
    counts = False

    def kill(event: str, _: object) -> None:
        nonlocal rest
        rest -= counts and event.startswith(("os.", "open", "shutil.", "ctypes.dlsym"))
        if not rest:
            os.kill(os.getpid(), signal.SIGKILL)

    @contextlib.contextmanager
    def counted() -> Iterator[None]:
        nonlocal counts
        counts = True
        yield
        counts = False

    sys.addaudithook(kill)
    return counted


def told(builder: subprocess.Popen[str], line: str) -> tuple[int, ...]:
    assert builder.stdin is not None
    assert builder.stdout is not None
    print(line, file=builder.stdin, flush=True)
    return tuple(map(int, builder.stdout.readline().split()))


@pytest.mark.usefixtures("system")
def test_files_that_stay_are_the_same_files(site: Path):
    """By number and time, build after build, so that a web server and rsync need not look at them again."""
    built(site, FIRST)
    before = (site / "uptime/index.html").stat()
    for files in (SECOND, THIRD, FOURTH, FIFTH):
        assert built(site, files)
        after = (site / "uptime/index.html").stat()
        assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
        assert contents(site) == files | HIDDEN


@pytest.mark.usefixtures("system")
def test_without_links_files_that_stay_keep_their_time(site: Path, monkeypatch: pytest.MonkeyPatch):
    def refused(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refused)
    built(site, FIRST)
    before = (site / "uptime/index.html").stat()
    for files in (SECOND, THIRD, FOURTH, FIFTH):
        assert built(site, files)
        assert (site / "uptime/index.html").stat().st_mtime_ns == before.st_mtime_ns
        assert contents(site) == files | HIDDEN


def test_a_site_that_is_made_anew_has_the_same_files_where_it_can(site: Path):
    """The second copy is lost, but what the site has need not be written again, and keeps its time."""
    built(site, FIRST)
    before = (site / "uptime/index.html").stat()
    shutil.rmtree(site.with_name(".site.generations"))
    with exchanged(site) as new:
        told = new.same("uptime/index.html", b"100 %")
        assert new.same("index.html", b"other") is None
        assert new.same("index.html", b"longer than first") is None
        assert new.same("missing/index.html", b"") is None
        assert new.same("incidents", b"") is None
        new.done(["uptime/index.html"], b"made")

    after = (site / "uptime/index.html").stat()
    assert told is not None
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns) == (told.st_ino, told.st_mtime_ns)
    assert contents(site) == {"uptime/index.html": "100 %"} | HIDDEN


def test_a_file_that_is_there_is_taken_as_it_is(site: Path):
    """It was made again and came out the same."""
    built(site, FIRST)
    with exchanged(site) as new:
        (new.folder / "uptime/index.html").unlink()  # one of its own, which the site's has no name of
        (new.folder / "uptime/index.html").write_bytes(b"100 %")
        before = (new.folder / "uptime/index.html").stat()
        told = new.same("uptime/index.html", b"100 %")
        assert told is not None
        assert (told.st_ino, told.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
        assert before.st_ino != (site / "uptime/index.html").stat().st_ino


def test_nothing_is_written_to_a_file_that_is_published(site: Path):
    """Though the same file has a name in the folder in which the next site is made."""
    built(site, FIRST)
    with exchanged(site) as new:
        assert (new.folder / "index.html").samefile(site / "index.html")
        told = new.put("index.html", b"the second")
        assert (site / "index.html").read_text() == "first"
        assert (told.st_size, told.st_ino) == (10, (new.folder / "index.html").stat().st_ino)
        new.remove("uptime/index.html")
        assert (site / "uptime/index.html").read_text() == "100 %"
        assert not (new.folder / "uptime").exists()
        assert new.folder.exists()

    assert contents(site) == FIRST | HIDDEN


def test_without_done_nothing_is_published(site: Path):
    """And where nothing was touched, the next build has as little to do."""
    built(site, FIRST)
    for _ in range(2):
        with exchanged(site) as new:
            assert new.note
    with exchanged(site) as new:
        new.put("index.html", b"half")

    assert contents(site) == FIRST | HIDDEN
    assert not built(site, SECOND)
    assert contents(site) == SECOND | HIDDEN


@pytest.mark.parametrize("touch", [False, True])
def test_what_goes_wrong_leaves_the_site_as_it_was(site: Path, touch: bool):
    built(site, FIRST)
    before = site.stat()
    with contextlib.suppress(ZeroDivisionError), exchanged(site) as new:
        if touch:
            new.put("index.html", b"new")
        assert 1 / 0

    assert (site.stat().st_ino, site.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert contents(site) == FIRST | HIDDEN
    assert beside(site) == []
    assert built(site, SECOND) != touch
    assert contents(site) == SECOND | HIDDEN


def test_what_goes_wrong_in_a_first_build_leaves_nothing_beside(site: Path):
    with contextlib.suppress(ZeroDivisionError), exchanged(site) as new:
        new.put("index.html", b"new")
        assert 1 / 0

    assert contents(site) == {"index.html": "old"} | HIDDEN
    assert list(site.parent.iterdir()) == [site]


def test_a_note_that_says_nothing_leaves_nothing_beside(site: Path):
    """For a caller who writes every file each time."""
    built(site, FIRST)
    for text in ("one", "two"):
        with exchanged(site) as new:
            assert new.note == b"" or text == "one"
            shutil.rmtree(new.folder)
            new.folder.mkdir()
            (new.folder / "index.html").write_text(text)
            new.done([], b"")

        assert contents(site) == {"index.html": text} | HIDDEN
        assert list(site.parent.iterdir()) == [site]


@pytest.mark.parametrize(
    "path", ["../a", "/a", "/etc/a", "a/../../b", "..", "", "a/", "a/..", ".", "a/.", "//a", "a\0b"]
)
def test_a_path_that_leads_out_is_refused(site: Path, path: str):
    with exchanged(site) as new, pytest.raises(ValueError, match=r"lies outside|null") as told:
        new.put(path, b"")
    if "\0" not in path:
        sentence = f"{path} lies outside {new.folder}, and nothing is ever written there"
        assert str(told.value) == sentence

    assert contents(site.parent) == {f"site/{name}": text for name, text in (HIDDEN | {"index.html": "old"}).items()}


def test_a_path_that_leads_back_in_is_none_that_leads_out(site: Path):
    with exchanged(site) as new:
        new.put("a/../b//./c", b"in")
        assert new.same("a/../.well-known/security.txt", b"Contact:")
        new.done(["a/../b//./c", "a/../.well-known/security.txt"], b"made")

    assert contents(site) == HIDDEN | {"b/c": "in"}


@pytest.mark.parametrize("made_by", ["hand in the site", "hand in the copy"])
def test_a_symlink_that_leads_out_is_not_followed(site: Path, made_by: str):
    """Neither to write nor to read nor to remove, for us or for the second copy. Nor does it end all builds."""
    for _ in range(2):
        built(site, FIRST)
    elsewhere = site.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "index.html").write_text("mine")
    folder = site if made_by == "hand in the site" else site.with_name(".site.generations") / "next"
    shutil.rmtree(folder / "uptime")
    (folder / "uptime").symlink_to(elsewhere)
    (folder / "index.html").unlink()
    (folder / "index.html").symlink_to(elsewhere / "index.html")
    for name in ("one", "two", "three"):
        files = FIRST | {"uptime/index.html": name, "index.html": name}
        with contextlib.suppress(ValueError):
            built(site, files, check=False)
        with exchanged(site) as new:
            assert new.same("uptime/index.html", b"mine") is None
            assert new.same("index.html", b"mine") is None
        assert contents(elsewhere) == {"index.html": "mine"}
    built(site, SECOND)

    assert contents(site) == SECOND | HIDDEN
    assert contents(elsewhere) == {"index.html": "mine"}


def test_a_symlinked_folder_is_refused_while_it_leads_out(tmp_path: Path):
    with exchanged(tmp_path / "site") as new:
        (new.folder / "out").symlink_to(tmp_path)
        (new.folder / "in").symlink_to("real")
        (new.folder / "real").mkdir()
        new.put("in/index.html", b"in")
        for refused in (partial(new.put, data=b""), new.remove):
            with pytest.raises(ValueError, match=r"^out/index\.html lies outside"):
                refused("out/index.html")

        assert (new.folder / "real/index.html").read_bytes() == b"in"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no second process")
def test_two_processes_share_the_work(tmp_path: Path):
    """What the other one does is published too, and known to have been done."""
    site = tmp_path / "site"
    built(site, FIRST)
    with program("shared", site) as builder:
        builder.communicate()

    assert builder.returncode == 0
    assert contents(site) == FIRST | {f"{n}/{n % 2}/index.html": str(n) for n in range(100)}
    assert built(site, SECOND | {"1/1/index.html": "1"})
    assert contents(site) == SECOND | {"1/1/index.html": "1"}
    with program("shared", site, "and then fail") as builder:
        builder.communicate()
    assert not built(site, THIRD)


def shared(site: str, *fail: str) -> None:
    """Build in two processes, one of which may do nothing itself."""
    with exchanged(Path(site)) as new:
        files = {f"{n}/{n % 2}/index.html": str(n) for n in range(100)}
        other = os.fork()
        if not other:
            for path in list(files)[1::2]:
                new.put(path, files[path].encode())
            os._exit(0)
        os.waitpid(other, 0)
        if fail:
            os._exit(1)
        for path in list(files)[::2]:
            new.put(path, files[path].encode())
        new.done(files, json.dumps(json.loads(new.note) | files).encode())


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
@pytest.mark.parametrize("too_long", ["page", "note"])
def test_without_room_the_site_stays_and_the_reason_is_told(site: Path, too_long: str):
    built(site, FIRST)
    with program("cramped", site, too_long) as builder:
        told, _ = builder.communicate()

    name = {"page": "next/uptime/index.html", "note": "state.new"}[too_long]
    assert told == f"{site.with_name('.site.generations') / name}: File too large\n"
    assert contents(site) == FIRST | HIDDEN
    assert beside(site) == []
    assert not built(site, SECOND)
    assert contents(site) == SECOND | HIDDEN


def cramped(site: str, too_long: str) -> None:
    """Build where no file may be longer than 5,000 bytes."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
    try:
        with exchanged(Path(site)) as new:
            new.put("uptime/index.html", b"x" * (10_000 if too_long == "page" else 1))
            new.done(["uptime/index.html"], b"x" * 10_000)
    except OSError as wrong:
        sys.stdout.write(f"{wrong.filename}: {wrong.strerror}\n")


def test_without_room_for_a_second_copy_the_site_is_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """From an empty folder each time, and nothing is left of the half of a copy."""
    site = tmp_path / "site"

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "link", full)
        patched.setattr(shutil, "copyfile", full)
        for files in (FIRST, SECOND, THIRD):
            assert not built(site, files)
            assert contents(site) == files
            assert below(site) == [".gitignore", "state"]
    for files in (FOURTH, FIFTH):
        assert built(site, files)
        assert contents(site) == files


def test_a_second_copy_is_made_by_the_next_build(tmp_path: Path):
    """Of the same files, but for what others have added, as most sites in CI are built but once."""
    site = tmp_path / "site"
    with exchanged(site) as new:
        new.put("old/file", b"first")
        times = {path: new.put(path, b"first").st_mtime_ns for path in ("a/b/c.html", ".hidden")}
        new.put("index.html", b"first")
        times["./index.html"] = new.put("index.html", b"again").st_mtime_ns
        new.remove("old/file")
        new.done(list(times), b"note", times)
    assert below(site) == [".gitignore", "state"]

    lay_out(site, {"index.html.gz": "gz", "a/b/c.html.gz": "gz", ".git/HEAD": "theirs"})
    with exchanged(site) as new:
        assert new.note == b"note"
    second = site.with_name(".site.generations") / "next"
    assert contents(second) == {"index.html": "again", "a/b/c.html": "first", ".hidden": "first"}
    assert (second / "index.html").samefile(site / "index.html")
    assert below(site) == [".gitignore", "next", "state"]


@pytest.mark.parametrize("told", ["every file", "nothing", "too little, with the folder in somebody's hands"])
def test_whoever_begins_with_nothing_need_not_say_what_there_is(site: Path, told: str):
    """But then it takes a look at every file."""
    with exchanged(site) as new:
        times = {path: new.put(path, text.encode()).st_mtime_ns for path, text in FIRST.items()}
        if told.startswith("too little"):
            (new.folder / "by hand").write_text("by hand")
        new.done(FIRST, b"note", {} if told == "nothing" else times)
    by_hand = {"by hand": "by hand"} if told.startswith("too little") else {}
    with exchanged(site) as new:
        assert new.note == b"note"
        assert contents(site.with_name(".site.generations") / "next") == FIRST | by_hand


@pytest.mark.parametrize("path", FIRST)
def test_the_second_copy_is_made_of_what_was_published_or_not_at_all(site: Path, path: str):
    """Whichever file somebody has written to, or taken away, since the first build."""
    built(site, FIRST)
    (site / path).write_text("theirs")
    assert not built(site, SECOND)
    assert contents(site) == SECOND | HIDDEN

    (site / "index.html").unlink()
    assert not built(site, FIRST)
    assert contents(site) == FIRST | HIDDEN


@pytest.mark.usefixtures("system")
def test_what_is_hidden_is_as_it_was_just_before(site: Path):
    """Not as it was two builds ago, when the folder was last the site."""
    built(site, FIRST)
    for commit, files in enumerate((SECOND, THIRD, FOURTH, FIFTH)):
        (site / ".git/refs/main").unlink()
        lay_out(site, {".git/refs/main": f"{commit}", f".git/objects/{commit}": "object"})
        (site / ".nojekyll").write_text(f"{commit}")
        assert built(site, files)

    git = {f".git/objects/{commit}": "object" for commit in range(4)} | {".git/refs/main": "3", ".nojekyll": "3"}
    assert contents(site) == FIFTH | HIDDEN | git


def test_what_is_hidden_comes_and_goes(site: Path):
    built(site, FIRST)
    shutil.rmtree(site / ".git")
    (site / ".nojekyll").unlink()
    (site / ".nowhere").unlink()
    lay_out(site, {".new/file": "new"})
    built(site, SECOND)
    wanted = {".new/file": "new", ".well-known/security.txt": "Contact:"}
    assert contents(site) == SECOND | wanted

    built(site, THIRD)
    assert contents(site) == THIRD | wanted


@pytest.mark.usefixtures("system")
def test_what_the_build_made_comes_before_what_was_hidden(site: Path):
    """As long as it does make it. What others have, they keep."""
    ours = {".well-known/ours.txt": "ours", ".plan": "ours"}
    theirs = {path: text for path, text in HIDDEN.items() if not path.startswith(".well-known")}
    built(site, FIRST | ours)
    assert contents(site) == FIRST | ours | theirs
    for files in (SECOND | ours, THIRD | ours | {".plan": "changed"}, FOURTH, FIFTH):
        assert built(site, files)
        assert contents(site) == files | theirs
    lay_out(site, {".well-known/theirs.txt": "theirs"})
    for files in (SECOND, THIRD):
        built(site, files)
        assert contents(site) == files | theirs | {".well-known/theirs.txt": "theirs"}
    built(site, FOURTH | ours)
    assert contents(site) == FOURTH | ours | theirs
    built(site, FIFTH | ours)
    assert contents(site) == FIFTH | ours | theirs


def test_what_somebody_may_have_made_their_own_is_kept(site: Path):
    """Where others have added something to the site, nobody knows whose it is, and what is hidden may be dear."""
    built(site, FIRST | {".plan": "ours"})
    built(site, SECOND | {".plan": "ours"})
    lay_out(site, {".new": "theirs"})
    for files in (THIRD, FOURTH, FIFTH):
        assert built(site, files)
        assert contents(site) == files | HIDDEN | {".plan": "ours", ".new": "theirs"}


def test_an_empty_folder_of_the_build_comes_before_what_was_hidden(site: Path):
    with exchanged(site) as new:
        (new.folder / ".well-known").mkdir()
        new.done([], b"")

    assert list((site / ".well-known").iterdir()) == []
    assert (site / ".git/HEAD").read_text() == "1234"


def removed(site: Path) -> None:
    """The site is gone."""
    shutil.rmtree(site)


def removed_copy(site: Path) -> None:
    """So is what the next build would have begun with."""
    shutil.rmtree(site.with_name(".site.generations"))


def removed_in_the_copy(site: Path) -> None:
    """But for the word that it is there. After the first build it is not."""
    shutil.rmtree(site.with_name(".site.generations") / "next", ignore_errors=True)


def another_copy(site: Path) -> None:
    """One of that name, and nobody knows of what."""
    removed_in_the_copy(site)
    lay_out(site.with_name(".site.generations") / "next", {"index.html": "foreign"})


def copied(site: Path) -> None:
    """As from a backup: the same files and others."""
    shutil.copytree(site.parent, site.parent.with_name("copy"), symlinks=True)
    shutil.rmtree(site.parent)
    site.parent.with_name("copy").rename(site.parent)


def another_site(site: Path) -> None:
    """Made by another program."""
    shutil.rmtree(site)
    lay_out(site, HIDDEN | {"index.html": "another", "other/index.html": "another"})


def written_to(site: Path) -> None:
    """In place, by an editor or a minifier."""
    (site / "index.html").write_text("minified")
    (site / "uptime/index.html").write_text("42 %")


def replaced(site: Path) -> None:
    """As `sed -i` does."""
    for name in ("index.html", "uptime/index.html"):
        (site / name).with_name("new").write_text("replaced")
        (site / name).with_name("new").rename(site / name)


def added(site: Path) -> None:
    """Next to our files, as a script that compresses them does, and deep below."""
    for name in ("", "uptime/", "incidents/tue/"):
        if (site / name / "index.html").exists():
            lay_out(site, {f"{name}index.html.gz": "gz"})
    lay_out(site, {"incidents/mon/new/deep/file": "deep", "assets/aboveboard/file": "in a folder that goes"})


def added_deep(site: Path) -> None:
    """Where nothing of ours has changed."""
    lay_out(site, {"uptime/index.html.gz": "gz"})


def taken(site: Path) -> None:
    """One that has changed in the last build, one that will in the next, and one that does not."""
    (site / "incidents/wed/index.html").unlink(missing_ok=True)
    (site / "index.html").unlink()
    shutil.rmtree(site / "uptime")


def moved(site: Path) -> None:
    """One folder has another's name."""
    (site / "incidents").rename(site / "old")


def no_site(site: Path) -> None:
    """Nor anything beside it."""
    shutil.rmtree(site)
    removed_copy(site)


@pytest.mark.parametrize(
    "touch",
    [
        *(removed, removed_copy, removed_in_the_copy, another_copy, copied, another_site, written_to, replaced, added),
        *(added_deep, taken, moved, no_site),
    ],
)
@pytest.mark.parametrize("builds", [1, 2, 3])
@pytest.mark.usefixtures("system")
def test_whatever_others_do_to_a_site_the_next_is_right(site: Path, builds: int, touch: Callable[[Path], None]):
    """And those after it, of which each begins with what the one before the last has left."""
    for files in (FIRST, SECOND, FIRST)[:builds]:
        built(site, files)
    touch(site)
    hidden = HIDDEN if touch not in (removed, no_site) else {}
    for files in (SECOND, THIRD, FOURTH, FIFTH):
        built(site, files)
        assert contents(site) == files | hidden


@pytest.mark.parametrize("touch", [added_deep, written_to])
def test_of_many_files_each_is_looked_at_in_the_end(
    site: Path, monkeypatch: pytest.MonkeyPatch, touch: Callable[[Path], None]
):
    """In both copies, though a build sees but one of them."""
    monkeypatch.setattr(second, "LOOKS", 5)
    built(site, FIRST)
    built(site, FIRST | {"robots.txt": ""})
    touch(site)
    for text in "12345678":
        built(site, FIRST | {"robots.txt": text}, check=False)
    for _ in range(2):
        built(site, FIRST)
        assert contents(site) == FIRST | HIDDEN


def test_a_state_that_is_damaged_is_none(site: Path):
    """Wherever it is cut off, and whichever of its bytes is another."""
    built(site, FIRST)
    state = site.with_name(".site.generations") / "state"
    whole = state.read_bytes()
    damaged = [whole[:length] for length in range(0, len(whole), 40)]
    damaged += [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(0, len(whole), 40)]
    damaged += [b"%08x\n%b" % (crc32(text), text) for text in (b"", b"null", b"{}", b'{"by": ""}\n', b"[]\n")]
    damaged += [whole.replace(whole[:8], b"not a nu")]
    files = FIRST
    for number, text in enumerate(damaged):
        state.write_bytes(text)
        files = FIRST | {"index.html": str(number)}
        assert not built(site, files)
        assert contents(site) == files | HIDDEN
    assert built(site, SECOND)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root can give a file away")
@pytest.mark.parametrize("name", ["", "state"])
def test_a_state_of_somebody_else_is_none(site: Path, name: str):
    built(site, FIRST)
    os.chown(site.with_name(".site.generations") / name, 12345, -1)

    assert not built(site, SECOND)
    assert contents(site) == SECOND | HIDDEN


@pytest.mark.skipif(sys.platform != "linux", reason="only there it is known")
def test_after_a_start_of_the_machine_nothing_is_taken_for_granted(site: Path, monkeypatch: pytest.MonkeyPatch):
    """What was written just before a power cut may be empty on the disk."""
    built(site, FIRST)
    monkeypatch.setattr(generation, "_boot", lambda: "another")

    assert not built(site, SECOND)
    assert built(site, THIRD)


def test_of_what_another_release_has_written_nothing_is_taken_for_granted(site: Path, monkeypatch: pytest.MonkeyPatch):
    """It may say other things of the files, or say them otherwise."""
    built(site, FIRST)
    monkeypatch.setattr(generation, "program", lambda: b"another")

    assert not built(site, SECOND)
    assert contents(site) == SECOND | HIDDEN
    assert built(site, THIRD)


def test_git_adds_nothing_of_what_lies_beside(site: Path):
    built(site, FIRST)

    assert (site.with_name(".site.generations") / ".gitignore").read_text() == "*\n"


def test_a_first_site_is_open_to_all_and_a_second_as_the_first(tmp_path: Path):
    """To a web server, most of all. What lies beside is nobody else's."""
    site, usual = tmp_path / "deep/site", tmp_path / "usual"
    usual.mkdir()
    built(site, FIRST)
    first = site.stat().st_mode
    for files in (SECOND, THIRD, FOURTH):
        site.chmod(0o750)
        built(site, files)
        assert site.stat().st_mode & 0o777 == 0o750

    assert first == usual.stat().st_mode
    assert site.with_name(".site.generations").stat().st_mode & 0o777 == 0o700


def test_what_an_earlier_version_put_aside_is_found_again(site: Path):
    """Even if another program has made a site meanwhile: what that one has is left, and what it lacks is given back."""
    old = site.with_name(".site.build-abcd1234") / "old"
    put_aside(site, old)
    with pytest.raises(ValueError, match="wrong"), exchanged(site):
        raise ValueError("wrong")

    assert contents(site) == found_again()
    assert list(site.parent.iterdir()) == [site]


def test_what_was_put_aside_is_found_again(site: Path):
    """By a build that was killed between two renames."""
    put_aside(site, site.with_name(".site.generations") / "old")
    with pytest.raises(ValueError, match="wrong"), exchanged(site):
        raise ValueError("wrong")

    assert contents(site) == found_again()
    assert list(site.parent.iterdir()) == [site]


def put_aside(site: Path, old: Path) -> None:
    old.parent.mkdir()
    site.rename(old)
    (site / ".well-known").mkdir(parents=True)
    (site / "index.html").write_text("another")


def found_again() -> Files:
    theirs = {path: text for path, text in HIDDEN.items() if not path.startswith(".well-known")}
    return theirs | {".well-known": "(an empty folder)", "index.html": "another"}


def test_sites_beside_one_another_are_built_at_once(tmp_path: Path):
    """And none takes another's work for what a killed build has left."""
    names = ["site", "site.generations", "site.build-1", "site.build-abcd1234", "site.build-abc"]
    for text in ("one", "two", "three"):
        with contextlib.ExitStack() as stack:
            for name in names:
                new = stack.enter_context(exchanged(tmp_path / name))
                assert bool(new.note) == (text != "one")
                new.put(f"{name}.html", text.encode())
                new.done([f"{name}.html"], text.encode())

        assert {path.name for path in tmp_path.iterdir()} == {*names, *(f".{name}.generations" for name in names)}
        for name in names:
            assert contents(tmp_path / name) == {f"{name}.html": text}


def test_there_is_one_build_at_a_time(site: Path):
    with exchanged(site), pytest.raises(BlockingIOError) as told, exchanged(site):
        pass

    assert (told.value.filename, told.value.strerror) == (str(site), BUSY)


def test_a_lock_that_a_killed_build_has_left_holds_nobody(site: Path):
    site.with_name(".site.lock").touch()
    built(site, FIRST)

    assert contents(site) == FIRST | HIDDEN
    assert beside(site) == []


def test_a_mount_point_is_refused_before_anything_is_made():
    with pytest.raises(OSError, match="mount point") as told, exchanged(Path("/")):
        pass

    assert (told.value.filename, told.value.strerror) == ("/", MOUNTED)


@pytest.mark.parametrize("name", ["site", ".site.generations"])
def test_a_file_is_no_folder(tmp_path: Path, name: str):
    (tmp_path / name).write_text("mine")
    with pytest.raises(NotADirectoryError) as told, exchanged(tmp_path / "site"):
        pass

    assert told.value.filename == str(tmp_path / name)
    assert contents(tmp_path) == {name: "mine"}


if __name__ == "__main__":
    {"killed": killed, "shared": shared, "cramped": cramped}[sys.argv[1]](*sys.argv[2:])


@given(st.lists(st.text("a/.\n\\", max_size=6), max_size=3))
def test_paths_without_a_detour_are_told_from_others(paths: list[str]):
    """However many are looked at together."""
    assert list(map(normal, paths)) == list(map(posixpath.normpath, paths))
    if all_normal(paths):
        assert list(map(normal, paths)) == paths
        assert not any(path.startswith(("/", "..")) for path in paths)
