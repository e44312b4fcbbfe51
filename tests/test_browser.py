"""What is published, in a real browser: every kind of page, in every view in which somebody may look at it."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import product
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Page

import stress
from looking import KINDS, NOTICES, Site, View, faults

ALL = bool(os.environ.get("ABOVEBOARD_ALL"))
"""Whether to look at everything; otherwise at a choice that takes a minute."""

EVERY = [
    *(
        View(width, dark, script=on)
        for width, dark, on in product((320, 390, 640, 768, 1280), (False, True), (True, False))
    ),
    *(View(width, dark, forced=True) for width, dark in product((390, 768, 1280), (False, True))),
    *(View(width, dark, language="ar") for width, dark in product((320, 390, 768, 1280), (False, True))),
]

CALM = [View(390), View(768, dark=True, script=False), View(1280, forced=True)]
HARD = [View(320), View(390, language="ar")]
MOODS = [View(390, dark=True)]
"""What is chosen where not everything is looked at."""

PAGES = [*(name for name in KINDS if name != "notice"), *NOTICES]


@pytest.fixture
def sample(sites: Callable[[str], Site]) -> Site:
    return sites("sample")


@pytest.mark.parametrize("view", [view for view in EVERY if not view.language] if ALL else CALM, ids=str)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_read_by_everybody(new_page, sample: Site, name: str, view: View):
    """No sideways scroll, no error, nothing that axe finds anywhere on it."""
    assert "\n".join(faults(new_page, view, sample.at(name, view))) == ""


@pytest.mark.parametrize("view", EVERY if ALL else HARD, ids=str)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_holds_whatever_is_put_on_it(new_page, sites, name: str, view: View):
    """A hundred components, titles of 200 characters and one word of 80, emoji, Arabic and Japanese."""
    crowded = sites("crowded")

    assert "\n".join(faults(new_page, view, crowded.at(name, view))) == ""


@pytest.mark.parametrize("view", [view for view in EVERY if not view.language] if ALL else MOODS, ids=str)
@pytest.mark.parametrize("name", sorted(stress.SITES.keys() - {"crowded"}))
def test_a_board_can_be_read_whatever_it_says(new_page, sites, name: str, view: View):
    """Nothing at all, one component, and every mood of the headline."""
    assert "\n".join(faults(new_page, view, f"{sites(name).address}/")) == ""


@pytest.mark.parametrize("name", ["sample", *stress.SITES])
def test_every_page_is_of_a_kind_that_is_looked_at(sites, name: str):
    """A new kind of page is on the list, or this fails; and the sample and the crowded site have each kind."""
    kinds = {kind for _, kind in sites(name).pages}

    assert kinds <= set(PAGES)
    assert kinds == set(PAGES) or name not in ("sample", "crowded")


def test_everything_is_there_without_script(new_page, sample: Site):
    page: Page = new_page(script=False)
    page.goto(sample.address)

    assert page.locator("h1").inner_text() == "It is us. Inbound mail has a partial outage."
    assert page.locator(".ab-comp").count() >= 12
    page.locator(".ab-comp summary").first.click()
    assert page.get_by_role("link", name="Everything about").first.is_visible()


def test_the_answer_is_above_the_fold_on_a_phone(new_page, sample: Site):
    page: Page = new_page(width=390, height=844)
    page.goto(sample.address)
    box = page.locator("#ab-now").bounding_box()

    assert box
    assert box["y"] + box["height"] < 600


def test_a_status_is_never_told_by_colour_alone(new_page, sample: Site):
    """Every mark of a state has a shape, hidden from readers of the word that stands beside it."""
    page: Page = new_page()
    page.goto(sample.address)
    marks = page.locator(".ab-st:not(.ab-kind)").all()

    assert len(marks) > 12
    for mark in marks:
        assert mark.locator("svg use").count() == 1
        assert (mark.text_content() or "").strip()


@pytest.mark.parametrize("dark", [False, True])
def test_in_forced_colours_what_is_written_on_a_plate_is_not_of_its_colour(new_page, sites, dark: bool):
    """A browser may lay something behind the letters, and need not."""
    page: Page = new_page(dark=dark, forced_colors="active")
    page.goto(f"{sites('crowded').address}/")
    told = page.locator(".ab-band, .ab-plate").evaluate_all(
        "all => all.map(one => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor])"
    )

    assert len(told) > 20
    assert [one for one in told if one[0] == one[1]] == []


def test_in_forced_colours_a_button_can_be_read(new_page, sample: Site):
    """What is written in the colour of paper has none under it once the browser lays the ground."""
    page: Page = new_page(forced_colors="active")
    for at, what in ("search/", ".ab-search button"), ("subscribe/", ".ab-sub"):
        page.goto(f"{sample.address}/{at}")
        inks = [page.locator(one).evaluate("one => getComputedStyle(one).color") for one in (what, "h1")]
        assert inks[0] == inks[1]


def test_a_notice_of_many_components_names_them_once_asked(new_page, sites):
    """Those that are alike share a lane; all of them are a click away, with script or without."""
    page: Page = new_page(width=390, script=False)
    page.goto(f"{sites('crowded').address}/incidents/open-and-everywhere/")
    lanes, asked = page.locator(".ab-lanes > li"), page.locator("summary", has_text="Which they are")

    assert lanes.count() == 3
    assert lanes.first.locator("span").inner_text().startswith("and ")
    lanes.first.locator("summary").click()
    assert lanes.first.get_by_role("link").first.is_visible()
    lanes.first.locator("summary").click()
    asked.click()
    assert asked.locator("xpath=..").get_by_role("link").count() == 40


def test_the_name_of_a_lane_lies_over_no_mark_of_it(new_page, sample: Site):
    page: Page = new_page(width=390)
    page.goto(sample.at("incident with post-mortem", View(390)))
    chart, marks = page.locator(".ab-chart").bounding_box(), page.locator(".ab-chart > .ab-tide").all()
    names = [one.bounding_box() for one in page.locator(".ab-lanes bdi").all()]

    assert chart
    assert len(names) == len(marks) > 0
    for name, row in zip(names, marks, strict=True):
        assert name
        assert name["y"] + name["height"] <= chart["y"] + float(row.get_attribute("y") or 0) + 1


@pytest.mark.parametrize("language", ["", "ar"])
def test_a_wide_table_keeps_what_its_rows_are_of_in_sight(new_page, sites, language: str):
    page: Page = new_page(width=390)
    page.goto(sites("crowded").at("uptime", View(390, language=language)))
    table = page.locator(".ab-scroll").filter(has=page.locator(".ab-cmp")).first
    name = table.locator("tbody th").first
    table.scroll_into_view_if_needed()
    before = name.bounding_box()
    table.evaluate("one => one.scrollBy({left: getComputedStyle(one).direction === 'rtl' ? -150 : 150})")

    assert name.bounding_box() == before


def test_every_link_of_the_site_leads_somewhere(new_page, sample: Site):
    """From the board, all that can be reached by links on the site is there."""
    page: Page = new_page(script=False)
    seen, todo = set(), [f"{sample.address}/"]
    while todo:
        address = todo.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = page.request.get(address)
        assert answer.ok, address
        if "text/html" not in answer.headers["content-type"]:
            continue
        found = BeautifulSoup(answer.text(), "lxml").select("a[href], link[href], img[src]")
        links = [urljoin(answer.url, str(one.get("href", one.get("src")))) for one in found]
        ours = {link.split("#")[0] for link in links if link.startswith(sample.address)}
        todo += {link for link in ours if not link.startswith(f"{sample.address}/de/")} - seen  # test_mirrors does them

    assert len(seen) > 40


def test_a_keyboard_is_enough(new_page, sample: Site):
    """From the top of the board to its end: everything that can be used is reached once, is seen, and shows it."""
    page: Page = new_page(height=700)
    page.goto(sample.address)
    assert page.locator("[tabindex]:not([tabindex='0'], [tabindex='-1'])").count() == 0
    stops: list[dict[str, object]] = []
    for _ in range(page.evaluate(REACHABLE)):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUSED))

    assert [stop["what"] for stop in stops if not stop["seen"]] == []
    assert [stop["what"] for stop in stops if not stop["marked"]] == []
    assert len({stop["at"] for stop in stops}) == len(stops) > 40


def test_what_is_folded_opens_with_a_key(new_page, sample: Site):
    page: Page = new_page()
    page.goto(sample.address)
    row = page.locator(".ab-comp").first
    row.locator("summary").focus()
    page.keyboard.press("Enter")

    assert row.get_by_role("link", name="Everything about").is_visible()


@pytest.mark.parametrize("language", ["", "ar"])
@pytest.mark.parametrize("width", [1280, 1000, 700, 390])
def test_a_day_of_a_strip_leads_to_what_happened_and_the_rest_of_its_row_opens(new_page, sites, width, language):
    """Its links lie beside the summary, exactly over its marks; whoever takes a key has them in the table behind."""
    page: Page = new_page(width=width)
    page.goto(sites("crowded").at("board", View(width, language=language)))
    row = page.locator(".ab-grp:not(.ab-fold) li[data-component]").filter(has=page.locator(TODAY)).last
    row.scroll_into_view_if_needed()
    marks, links = row.locator(".ab-strip").bounding_box(), row.locator(".ab-over-tide").bounding_box()
    figure, day = row.locator(".ab-up"), row.locator(TODAY)
    assert marks
    assert links
    assert abs(marks["x"] - links["x"]) < 1 > abs(marks["width"] - links["width"])
    assert links["y"] < marks["y"] + 2
    assert links["y"] + links["height"] > marks["y"] + marks["height"] - 2
    assert page.locator("summary a").count() == 0
    assert day.evaluate(UNDER)

    figure.click()
    assert row.locator("details").get_attribute("open") is not None
    figure.click()
    page.mouse.click(marks["x"] + 2, marks["y"] + 12)  # a day on which nothing was
    assert row.locator("details").get_attribute("open") is not None
    figure.click()
    day.click()
    page.wait_for_url("**/incidents/**")


TODAY = '.ab-over-tide path[d^="M267 "]'
"""The last day of a strip, where something was on it."""

UNDER = """one => {
    const box = one.getBoundingClientRect();
    return one.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
}"""
"""Whether a pointer in the middle of an element meets it."""


def test_the_first_key_leads_past_what_every_page_has(new_page, sample: Site):
    """The way to the content is hidden until it is reached."""
    page: Page = new_page()
    page.goto(f"{sample.address}/history/")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["seen"]
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.closest('main') !== null")


REACHABLE = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
    .filter(one => !one.disabled && one.tabIndex >= 0 && one.checkVisibility()).length"""
"""How many elements a keyboard should come to."""

FOCUSED = """() => {
    const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
    const within = (place, size) => Math.max(0, Math.min(place, size - 1));
    const middle = box.y + Math.min(box.height, innerHeight) / 2;
    const top = document.elementFromPoint(within(box.x + box.width / 2, innerWidth), within(middle, innerHeight));
    const all = [...document.querySelectorAll("*")];
    return {
        what: one.outerHTML.slice(0, 160),
        at: all.indexOf(one),
        seen: box.width > 1 && box.bottom > 0 && box.top < innerHeight && (one.contains(top) || top?.contains(one)),
        marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    };
}"""
"""Where the focus is, whether it can be seen there with nothing before it, and whether something marks it."""
