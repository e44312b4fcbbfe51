"""The site on this machine: an edit shows, and a mistake ends nothing."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

from building import NOTICE, SITE, lay_out

PATH = "incidents/2026/2026-11-02-mail-late.md"
PAGE = "incidents/2026-11-02-mail-late/"

Get = Callable[[str], str]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def get(address: str) -> str:
    """What a browser gets, an error's page too; blank while nobody answers."""
    try:
        with urlopen(address, timeout=10) as answer:
            return str(answer.read().decode())
    except HTTPError as error:
        with error:
            return error.read().decode()
    except (URLError, OSError):
        return ""


def soon(is_so: Callable[[], bool]) -> bool:
    """Whether it is so within as long as anybody would wait on a busy machine."""
    until = time.monotonic() + 30
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Callable[[], tuple[str, Path]]]:
    """Starts a server for a folder; afterwards it is stopped, and must not have ended by itself."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> tuple[str, Path]:
        port, said = free_port(), tmp_path / "said.log"
        words = ["-c", "from aboveboard.cli import run; run()", "serve", "--addr", f"127.0.0.1:{port}"]
        with said.open("wb") as log:
            started.append(subprocess.Popen([sys.executable, *words], cwd=tmp_path / "here", stdout=log, stderr=log))
        return f"http://127.0.0.1:{port}/", said

    yield start
    for one in started:
        assert one.poll() is None
        one.terminate()
        one.wait(10)


def test_an_edit_shows_and_a_mistake_ends_nothing(tmp_path: Path, served: Callable[[], tuple[str, Path]]):
    """The last good page stays until the mistake is mended; what is wrong is said in the terminal."""
    here = lay_out(tmp_path / "here")
    address, said = served()
    assert soon(lambda: "Mail from outside" in get(address + PAGE))

    lay_out(here, {PATH: NOTICE.replace("arriving late", "arriving very late")})
    assert soon(lambda: "arriving very late" in get(address + PAGE))

    lay_out(here, {PATH: NOTICE.replace("title:", "titel:")})
    assert soon(lambda: 'titel: there is no such key; did you mean "title"?' in said.read_text())
    assert "arriving very late" in get(address + PAGE)
    assert "did you mean" in get(address + "nowhere/")

    lay_out(here, {PATH: NOTICE.replace("arriving late", "arriving again")})
    assert soon(lambda: "arriving again" in get(address + PAGE))
    assert "Traceback" not in said.read_text()


def test_a_server_may_start_with_a_mistake(tmp_path: Path, served: Callable[[], tuple[str, Path]]):
    """The browser says what is wrong, and shows the site once it is mended."""
    here = lay_out(tmp_path / "here", SITE | {PATH: NOTICE.replace("title:", "titel:")})
    address, _ = served()
    assert soon(lambda: "did you mean" in get(address))

    lay_out(here, {PATH: NOTICE})
    assert soon(lambda: "Mail from outside" in get(address + PAGE))
