"""The sample site in a real browser: every kind of page, narrow and wide, light and dark, with and without script."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

ROOT = Path(__file__).parent.parent
PAGES = [
    "/",
    "/history/",
    "/history/2026-10/",
    "/incidents/2026-11-02-inbound-mail-delayed/",
    "/incidents/2026-10-14-databases-on-quay-3/",
    "/incidents/2026-11-08-routers-replaced/",
    "/incidents/2026-08-20-ftp-uploads-end/",
    "/components/mail-in/",
    "/maintenance/",
    "/post-mortems/",
    "/promises/",
    "/uptime/",
    "/candour/",
    "/subscribe/",
    "/about/",
]
VIEWS = [(390, False), (390, True), (1280, False), (1280, True)]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    """The address of the sample site, built as a stranger would build it."""
    site = tmp_path_factory.mktemp("sample") / "site"
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(site)]
    subprocess.run(command, cwd=ROOT, check=True)
    return serve(site)


@pytest.mark.parametrize(("width", "dark"), VIEWS)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_its_screen_and_can_be_read_by_everybody(new_page, sample: str, path: str, width: int, dark: bool):
    """No sideways scroll, no error, nothing that axe finds in what is ours."""
    page: Page = new_page(width=width, dark=dark)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("response", lambda answer: errors.append(answer.url) if answer.status >= 400 else None)
    page.goto(sample + path)
    found = Axe().run(page, context=".ab").response["violations"]

    assert errors == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_everything_is_there_without_script(new_page, sample: str):
    page: Page = new_page(script=False)
    page.goto(sample)

    assert page.locator("h1").inner_text() == "It is us. Inbound mail has a partial outage."
    assert page.locator(".ab-comp").count() >= 12
    page.locator(".ab-comp summary").first.click()
    assert page.get_by_role("link", name="Everything about").first.is_visible()


def test_the_answer_is_above_the_fold_on_a_phone(new_page, sample: str):
    page: Page = new_page(width=390, height=844)
    page.goto(sample)
    box = page.locator("#ab-now").bounding_box()

    assert box
    assert box["y"] + box["height"] < 600


def test_a_status_is_never_told_by_colour_alone(new_page, sample: str):
    """Every mark of a state has a shape, hidden from readers of the word that stands beside it."""
    page: Page = new_page()
    page.goto(sample)
    for mark in page.locator(".ab-st:not(.ab-kind)").all():
        assert mark.locator("svg use").count() == 1
        assert (mark.text_content() or "").strip()


def test_every_link_of_the_site_leads_somewhere(new_page, sample: str, tmp_path: Path):
    """From the board, all that can be reached by links on the site is there."""
    page: Page = new_page(script=False)
    seen, todo = set(), [f"{sample}/"]
    while todo:
        address = todo.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = page.request.get(address)
        assert answer.ok, address
        if "text/html" not in answer.headers["content-type"]:
            continue
        page.goto(address)
        links = page.eval_on_selector_all("a[href], link[href], img[src]", "all => all.map(one => one.href || one.src)")
        todo += {link.split("#")[0] for link in links if link.startswith(sample)} - seen
    shutil.rmtree(tmp_path)

    assert len(seen) > 40
