"""A folder that takes another's place: whoever is killed, and whenever, nothing is lost."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from aboveboard import exchange
from aboveboard.exchange import exchanged

KILLED = """
import os, signal, sys
from pathlib import Path
from aboveboard.exchange import exchanged

site, moment, sys.platform = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
passed = 0

def kill(event, _):
    global passed
    passed += event.startswith(("os.", "open", "shutil.", "ctypes.dlsym"))
    if passed == moment:
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(kill)
with exchanged(site) as new:
    (new / "index.html").write_text("new")
"""
"""Make a new site, and be killed before the nth thing that is asked of the system."""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with things in it that no build made."""
    made = tmp_path / "site"
    (made / ".git/refs").mkdir(parents=True)
    (made / ".git/refs/main").write_text("1234")
    (made / ".git/HEAD").symlink_to("refs/main")
    (made / ".well-known").mkdir()
    (made / ".well-known/security.txt").write_text("Contact:")
    (made / ".nojekyll").touch()
    (made / ".nowhere").symlink_to("nowhere")
    (made / "index.html").write_text("old")
    return made


HIDDEN = {".git", ".git/HEAD", ".git/refs", ".git/refs/main", ".nojekyll", ".nowhere", ".well-known"}
HIDDEN |= {".well-known/security.txt"}


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
@pytest.mark.parametrize("system", ["linux", "other"])
def test_whoever_is_killed_leaves_a_site_with_all_that_is_hidden(site: Path, system: str):
    """Before each thing asked of the system. Where two are exchanged in one step, no moment is without a site."""
    for moment in range(1, 200):
        words = [sys.executable, "-c", KILLED, str(site), str(moment), system]
        killed = subprocess.run(words, check=False, timeout=10).returncode
        if system == sys.platform or site.exists():
            assert_whole(site)
        with contextlib.suppress(KeyboardInterrupt), exchanged(site):
            assert_whole(site)
            raise KeyboardInterrupt
        assert_whole(site)
        assert beside(site) == []
        if not killed:
            break

    assert killed == 0
    assert moment > 20
    assert (site / "index.html").read_text() == "new"


def test_what_goes_wrong_leaves_the_site_as_it_was(site: Path):
    before = site.stat()
    with contextlib.suppress(ZeroDivisionError), exchanged(site) as new:
        (new / "index.html").write_text("new")
        assert 1 / 0

    assert (site.stat().st_ino, site.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert (site / "index.html").read_text() == "old"
    assert_whole(site)
    assert beside(site) == []


def test_a_first_site_is_open_to_all_and_a_second_as_the_first(tmp_path: Path):
    """To a web server, most of all."""
    site, usual = tmp_path / "deep/site", tmp_path / "usual"
    usual.mkdir()
    with exchanged(site):
        pass
    first = site.stat().st_mode
    site.chmod(0o750)
    with exchanged(site):
        pass

    assert first == usual.stat().st_mode
    assert site.stat().st_mode & 0o777 == 0o750


def test_what_the_build_made_comes_before_what_was_hidden(site: Path):
    with exchanged(site) as new:
        (new / ".well-known").mkdir()

    assert list((site / ".well-known").iterdir()) == []
    assert (site / ".git/HEAD").read_text() == "1234"


def test_what_was_put_aside_is_found_again(site: Path):
    """Even if another program has made a site meanwhile: what that one has is left, and what it lacks is given back."""
    old = site.with_name(".site.build-abcd1234") / "old"
    old.parent.mkdir()
    site.rename(old)
    (site / ".well-known").mkdir(parents=True)
    (site / "index.html").write_text("another")
    with pytest.raises(ValueError, match="wrong"), exchanged(site):
        raise ValueError("wrong")

    assert (site / "index.html").read_text() == "another"
    assert (site / ".git/HEAD").read_text() == "1234"
    assert list((site / ".well-known").iterdir()) == []
    assert beside(site) == []


def test_sites_beside_one_another_are_built_at_once(tmp_path: Path):
    """And none takes another's work for what a killed build has left."""
    with exchanged(tmp_path / "site.build-1") as one, exchanged(tmp_path / "site") as two:
        (one / "a").touch()
        (two / "b").touch()

    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")} == {
        "site",
        "site.build-1",
        "site.build-1/a",
        "site/b",
    }


def test_there_is_one_build_at_a_time(site: Path):
    with exchanged(site), pytest.raises(BlockingIOError) as told, exchanged(site):
        pass

    assert (told.value.filename, told.value.strerror) == (str(site), exchange.BUSY)


def test_a_lock_that_a_killed_build_has_left_holds_nobody(site: Path):
    site.with_name(".site.lock").touch()
    with exchanged(site):
        pass

    assert_whole(site, index=False)
    assert beside(site) == []


def test_a_mount_point_is_refused_before_anything_is_made():
    with pytest.raises(OSError, match="mount point") as told, exchanged(Path("/")):
        pass

    assert (told.value.filename, told.value.strerror) == ("/", exchange.MOUNTED)


def test_a_file_is_no_site(tmp_path: Path):
    (tmp_path / "site").write_text("mine")
    with pytest.raises(NotADirectoryError), exchanged(tmp_path / "site"):
        pass

    assert (tmp_path / "site").read_text() == "mine"
    assert beside(tmp_path / "site") == []


def assert_whole(site: Path, *, index: bool = True) -> None:
    """Everything hidden is there, and a page that is the old or the new."""
    found = {Path(folder, name) for folder, *names in os.walk(site) for name in (*names[0], *names[1])}
    assert {path.relative_to(site).as_posix() for path in found} == HIDDEN | ({"index.html"} if index else set())
    assert (site / ".git/HEAD").read_text() == "1234"
    assert (site / ".nowhere").is_symlink()
    assert not index or (site / "index.html").read_text() in {"old", "new"}


def beside(site: Path) -> list[str]:
    """What a build has left beside the site."""
    return [path.name for path in site.parent.iterdir() if path != site]
