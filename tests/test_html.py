"""What is published is HTML and CSS as the standards have them: the Nu checker finds no error on any page."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

import stress
from conftest import NODE_PACKAGES, need
from looking import Site

BEHIND = re.compile(
    r"CSS: (“(container|vector-effect|paint-order)”: Property “\2” doesn't exist\."
    r"|Unrecognized at-rule “@container”)"
)
"""What the checker's CSS does not know yet, and browsers have for years: container queries and properties of SVG."""

JUDGED = re.compile(
    r"Trailing slash on void elements has no effect|This document appears to be written in"
    r"|Resource violates Content Security Policy \(meta tag\): external stylesheet"
)
"""What does no harm: `<hr />`, as Python-Markdown writes it on a person's own pages; a guess at the language; and that
a file is not of its own host, as the checker reads files. A browser would say so in test_browser.py."""


@pytest.fixture(scope="session")
def judged(java: str) -> Callable[[Iterable[Path]], list[str]]:
    """What the Nu checker says of files, one Java for all of them: a line each."""
    checker = NODE_PACKAGES / "vnu-jar" / "build" / "dist" / "vnu.jar"
    need(checker.exists(), "tests/node is not installed: run make test, which does it with npm")

    def of(files: Iterable[Path]) -> list[str]:
        command = [java, "-Xss4m", "-jar", checker, "--also-check-css", "--format", "json", "--stdout"]
        told = subprocess.run([*command, "--exit-zero-always", *files], check=True, capture_output=True, text=True)
        return [
            f"{one['url'].removeprefix('file:')}:{one.get('lastLine', 0)}: {one['message']} {one.get('extract', '')!r}"
            for one in json.loads(told.stdout)["messages"]
            if not BEHIND.match(one["message"]) and not JUDGED.match(one["message"])
        ]

    return of


def test_every_page_is_valid(judged, sites: Callable[[str], Site]):
    """Of the sample and of the crowded site, the boards of all others, and our style sheets: no error, no warning."""
    whole = [sites(name).folder for name in ("sample", "crowded")]
    files = [file for folder in whole for file in folder.rglob("*.html")]
    files += [sites(name).folder / "index.html" for name in stress.SITES]
    files += (whole[0] / "assets" / "aboveboard").glob("*.css")

    assert len(files) > 300
    assert "\n".join(judged(files)) == ""


def test_the_checker_is_asked(judged, tmp_path: Path):
    """It finds what is wrong in HTML and in CSS."""
    page, sheet = tmp_path / "a.html", tmp_path / "a.css"
    page.write_text("<!doctype html><html lang=en><title>x</title><p id=a><p id=a>", "utf-8")
    sheet.write_text("a { colour: red }", "utf-8")
    said = " ".join(judged([page, sheet]))

    assert "Duplicate ID “a”." in said
    assert "“colour”: Property “colour” doesn't exist." in said
