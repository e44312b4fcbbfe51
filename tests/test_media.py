"""The sample site where it is not on a usual screen: on paper, enlarged, in a reader's own colours."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from aboveboard.urls import Page as Pages
from looking import Site

NOTICE = "incidents/2026-10-14-databases-on-quay-3/"


def test_letters_may_be_twice_as_large(new_page: Callable[..., Page], sites: Callable[[str], Site]):
    """WCAG 1.4.4: without a zoom, by the browser's own size of letters; nothing scrolls sideways then."""
    page, wide = new_page(), []
    for path in [*(f"{one}/" for one in Pages if one != Pages.BOARD), "", "components/mail-in/", "about/", NOTICE]:
        page.goto(f"{sites('sample').address}/{path}")
        page.evaluate("document.documentElement.style.fontSize = '250%'")
        if page.evaluate("document.documentElement.scrollWidth") > 1280:
            wide.append(path)

    assert wide == []


def test_on_paper_everything_is_said_and_little_ink_used(new_page: Callable[..., Page], sites: Callable[[str], Site]):
    """By night as by day: what is folded lies open, and nothing stands on a ground of colour."""
    page = new_page(dark=True)
    page.goto(sites("sample").address)
    page.emulate_media(media="print")
    tables = page.locator(".ab-comp .ab-days")

    assert tables.count() > 5
    assert all(table.is_visible() for table in tables.all())
    assert page.locator(".ab-open ol").first.is_visible()
    assert not page.locator(".ab-nav").is_visible()
    grounds = page.eval_on_selector_all(
        ".ab, .ab :not(.ab-no, .ab-skip)", "all => [...new Set(all.map(one => getComputedStyle(one).backgroundColor))]"
    )
    assert set(grounds) <= {"rgba(0, 0, 0, 0)", "rgb(255, 255, 255)"}
    page.goto(f"{sites('sample').address}/about/")
    link = page.locator(".ab-prose a[href^=mailto]").first
    assert link.evaluate("one => getComputedStyle(one, '::after').content") == "none"


def test_a_reader_s_own_colours_leave_shapes_and_heights(new_page: Callable[..., Page], sites: Callable[[str], Site]):
    """Forced colours: marks have the colour of text, plates and bands have edges, one page is the current one."""
    page = new_page(forced_colors="active", dark=True)
    page.goto(sites("sample").address)

    def style(selector: str, name: str) -> list[str]:
        return page.eval_on_selector_all(
            selector, f"all => [...new Set(all.map(one => getComputedStyle(one)['{name}']))]"
        )

    (text,) = style(".ab-head h1", "color")
    assert style(".ab-strip .ab-ok, .ab-strip .ab-partial, .ab-strip .ab-major", "stroke") == [text]
    assert style(".ab-plate", "borderTopWidth") == ["1px"]
    assert style(".ab-band", "borderBottomWidth") == ["4px"]
    assert style(".ab-nav a:not([aria-current])", "borderBottomColor") == style("body", "backgroundColor")
    assert style(".ab-nav a[aria-current]", "borderBottomColor") != style("body", "backgroundColor")


def test_nothing_moves(new_page: Callable[..., Page], sites: Callable[[str], Site]):
    """Whoever asks for no motion gets none; there is none for anybody else that lasts."""
    page = new_page(reduced_motion="reduce")
    page.goto(sites("sample").address)
    moving = page.eval_on_selector_all(
        "*", "all => all.filter(one => parseFloat(getComputedStyle(one).transitionDuration) > 0).length"
    )

    assert moving == 0
    assert page.evaluate("document.getAnimations().length") == 0
