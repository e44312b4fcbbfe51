"""Our own search, in a real browser: all that was ever posted can be found, and nobody pays who does not look."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from aboveboard.host import build_site
from aboveboard.render.finding import plain
from building import SITE, lay_out
from hosting import hosted

JAPANESE = """\
---
title: メール配信の遅延
components:
  mail: degraded_performance
---

## 2025-03-01 10:00 Investigating

外部からのメールが遅れて届いています。

## 11:00 Resolved

復旧しました。
"""

ARABIC = """\
---
title: أعطال في البريد
components:
  webmail: major_outage
---

## 2025-02-01 10:00 Investigating

الخدمة متوقفة الآن.

## 11:00 Resolved

انتهى العطل.
"""

ACCENTS = """\
---
title: Zürich's café link
components:
  webmail: degraded_performance
---

## 2024-01-05 10:00 Investigating

A *naïve* [résumé](https://www.example.com/) of <b>what</b> happened.

## 11:00 Resolved

Over.
"""

FILES = {
    **SITE,
    "incidents/2025/2025-03-01-japan.md": JAPANESE,
    "incidents/2025/2025-02-01-arab.md": ARABIC,
    "incidents/2024/2024-01-05-cafe.md": ACCENTS,
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = lay_out(tmp_path_factory.mktemp("search"), FILES)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SOURCE_DATE_EPOCH", "1793620800")
        build_site(root / "mkdocs.yml", root / "site", may_fork=False, progress=None)
    return root / "site"


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with hosted(site) as at:
        yield at


def test_the_text_of_a_month_is_what_was_posted_in_it(site: Path):
    told = json.loads((site / "search/2026-10.json").read_text("utf-8"))

    assert told["notices"] == [
        [
            "2026-10-01-disk",
            "A disk was replaced",
            0,
            "1 Oct 2026",
            ["mail"],
            [
                ["20261001T100000Z", "Slow."],
                ["20261001T110000Z", "Not slow."],
                ["post-mortem", "What we are changing Page at 80 %"],
            ],
        ]
    ]
    assert ["Degraded" in mark for mark in told["marks"]] == [True]


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ('A *naïve* [résumé](https://www.example.com/ "A title") of `code`.', "A naïve résumé of code."),
        ("- one\n- two\n\n> said\n\n### Heading", "one two said Heading"),
        ("a < b and c > d, 3 * 4, snake_case", "a < b and c > d, 3 * 4, snake_case"),
        ("<b>bold</b> ![A chart](chart.png)", "bold A chart"),
    ],
)
def test_markdown_is_searched_as_its_words(markdown: str, text: str):
    assert plain(markdown) == text


@pytest.mark.parametrize(
    ("words", "id_", "marked"),
    [
        ("disk full", "2026-11-02-mail-late", {"disk", "full"}),
        ("page at 80", "2026-10-01-disk", {"Page", "at", "80"}),
        ("遅れて届", "2025-03-01-japan", {"遅れて届"}),
        ("メール 遅延", "2025-03-01-japan", {"メール", "遅延"}),
        ("اعطال", "2025-02-01-arab", {"أعطال"}),
        ("CAFE zurich", "2024-01-05-cafe", {"café", "Zürich"}),
        ("resume naive", "2024-01-05-cafe", {"résumé", "naïve"}),
    ],
)
def test_what_was_posted_is_found_in_any_script(page: Page, address: str, words: str, id_: str, marked: set[str]):
    page.goto(f"{address}/search/?q={words}")
    first = page.locator(".ab-found > li").first

    expect(first.locator("h2 a")).to_have_attribute("href", f"../incidents/{id_}/")
    assert set(first.locator("mark").all_text_contents()) >= marked


def test_a_passage_leads_to_its_update(page: Page, address: str):
    page.goto(f"{address}/search/?q=disk+full")
    page.locator(".ab-passage").first.click()

    expect(page).to_have_url(f"{address}/incidents/2026-11-02-mail-late/#20261102T100500Z")


def test_search_is_by_keyboard_from_any_page_and_says_what_it_found(page: Page, address: str):
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.goto(address)
    page.locator("#ab-q").focus()
    page.keyboard.type("replaced")
    page.keyboard.press("Enter")

    expect(page.locator(".ab-search-says")).to_have_text("Found: 1. That is all of them.")
    page.locator("#ab-s").fill("nowhere to be seen")
    expect(page.locator(".ab-search-says")).to_have_text("Nothing that was posted here has all of these words.")
    expect(page.locator(".ab-found > li")).to_have_count(0)
    assert complaints == []


def test_nothing_is_fetched_before_somebody_looks(page: Page, address: str):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.goto(f"{address}/search/")
    page.wait_for_load_state("networkidle")

    assert [url for url in asked if "/search/2" in url] == []


def test_without_script_the_page_says_so(new_page: Callable[..., Page], address: str):
    page = new_page(script=False)
    page.goto(f"{address}/search/")

    expect(page.locator(".ab-search")).to_be_hidden()
    expect(page.get_by_text("Searching needs a script, which does not run here.")).to_be_visible()
