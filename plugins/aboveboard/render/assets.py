"""Style sheets, scripts and pictures that come with us, as they are published."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from importlib.resources import files

from .outlet import Basis, File, Outlet

_FOLDER = files("aboveboard") / "assets"


_ELSEWHERE = ("media.css", "shell.css", "worker.js", "no-worker.js")
"""Those that are published by other names."""


def _files(basis: Basis) -> Iterator[File]:
    for name, make in published(basis):
        yield File(basis.urls.asset(name), (name,), make)


OUTLET = Outlet(name="assets", files=_files)


def published(basis: Basis) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Their names, and how each is made."""
    for name, parts in _published(shell=basis.shell):
        yield name, partial(_made, name, parts, basis.scale)


def read(name: str) -> bytes:
    """One that comes with us, as it is."""
    return (_FOLDER / name).read_bytes()


def _published(*, shell: bool) -> Iterator[tuple[str, Sequence[str]]]:
    """Names under which something is published, and the files that it is made of.

    A first paint waits for one style sheet and no more, so that with our own shell its styles come with the others.
    """
    for asset in sorted(one.name for one in _FOLDER.iterdir()):
        if asset == "aboveboard.css":
            yield asset, (asset, "media.css", "shell.css") if shell else (asset, "media.css")
        elif asset not in _ELSEWHERE and not (shell and asset == "material.css"):
            yield asset, (asset,)


def _made(name: str, parts: Sequence[str], scale: Fraction) -> bytes:
    read = [(_FOLDER / part).read_bytes() for part in parts]
    if name.endswith(".js"):
        return terse("".join(part.decode() for part in read)).encode()
    if not name.endswith(".css"):
        return b"".join(read)
    return scaled(slim("".join(part.decode() for part in read)), scale).encode()


def terse(script: str) -> str:
    """A script without the lines that are comments, and without indentation; no string of ours spans lines."""
    return re.sub(r"^\s*(//.*)?\n|^[ \t]+", "", script, flags=re.MULTILINE)


def slim(css: str) -> str:
    """A style sheet without its comments and indentation: half a kilobyte less on the way."""
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)).strip() + "\n"


def scaled(css: str, scale: Fraction) -> str:
    """A style sheet whose rem are `scale` times as long.

    Ours are written for a root of 20 pixels, which is Material's. Where the root is the browser's 16, 1.25 times the
    rem are as many pixels.
    """
    if scale == 1:
        return css
    rem = re.compile(r"(?<![\w.#])(?<![\w-]-)(\d+\.?\d*|\.\d+)rem\b")
    return rem.sub(lambda found: f"{float(Fraction(found[1]) * scale):.10g}rem", css)
