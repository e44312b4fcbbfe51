"""Pages that are open, in a real browser: what the clock, other builds, another zone and no network make of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

import pytest
from playwright.sync_api import Page, expect

from aboveboard.host import build_site
from building import lay_out
from hosting import hosted

CONFIG = """\
site_name: Example
site_url: https://status.example.org/
theme: {name: material, font: false}
plugins:
  - aboveboard:
      timezone: Europe/Dublin
      since: 2026-09-01
      max_age: 1h
      groups:
        - {id: post, name: Post}
        - {id: web, name: Web}
      components:
        - {id: mail, name: Mail, group: post}
        - {id: webmail, name: Webmail, group: post}
        - {id: sites, name: Websites, group: web}
"""

LATE = """\
---
title: Mail is late
components:
  mail: partial_outage
---

## 2026-11-02 09:31 Investigating

Mail from outside is arriving late.

## +34m Identified {next=2026-11-02 13:00}

The disk is full.
"""

WORK = """\
---
title: New routers
kind: maintenance
scheduled_for: 2026-11-02 14:00
scheduled_until: 2026-11-02 15:30
components:
  sites: under_maintenance
---

## 2026-10-26 09:00 Scheduled

Expect two short interruptions.
"""

ENDING = """\
---
title: Old mailboxes end
kind: retirement
announced: 2026-10-01
ends: 2026-11-03 09:00
components: [webmail]
---

## 2026-10-01 10:00 Update

They go.
"""

PINNED = """\
---
title: We are moving
kind: announcement
pinned_until: 2026-11-02 18:00
---

## 2026-11-01 10:00 Update

On Monday.
"""

FILES = {
    "mkdocs.yml": CONFIG,
    "docs/index.md": "---\ntemplate: board.html\n---\n\nHello.\n",
    "incidents/2026-11-02-late.md": LATE,
    "incidents/2026-11-02-routers.md": WORK,
    "incidents/2026-11-03-old.md": ENDING,
    "incidents/2026-11-01-moving.md": PINNED,
}

BUILT = datetime(2026, 11, 2, 12, tzinfo=UTC)


class Site:
    """A site that is built again and again, and served."""

    def __init__(self, root: Path) -> None:
        self.root, self.address = lay_out(root, FILES), ""
        self.build(BUILT)

    def build(self, now: datetime) -> None:
        with patch.dict(os.environ, {"SOURCE_DATE_EPOCH": str(int(now.timestamp()))}):
            build_site(self.root / "mkdocs.yml", self.root / "site", may_fork=False, progress=None)

    def write(self, name: str, text: str) -> None:
        (self.root / "incidents" / name).write_text(text, "utf-8")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    with hosted(tmp_path / "site") as made.address:
        yield made


@pytest.fixture
def visit(new_page: Callable[..., Page], site: Site) -> Iterator[Callable[..., Page]]:
    """Opens a page at a time: `visit("/", BUILT)`. Whatever its console says against it fails the test."""
    complaints: list[str] = []

    def visit(path: str, at: datetime, **more: object) -> Page:
        page = new_page(**more)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: (
                complaints.append(f"{said.text} {said.location}") if said.type in ("error", "warning") else None
            ),
        )
        page.clock.install(time=at)
        page.goto(site.address + path)
        return page

    yield visit
    assert [said for said in complaints if "ERR_INTERNET_DISCONNECTED" not in said] == []


def again(page: Page) -> int:
    """Let a page look once more, and once more, as the first time may meet the site just when it is exchanged."""
    for _ in range(2):
        page.clock.fast_forward("00:02:00")
        page.wait_for_timeout(300)
    return 5000


LIVE = """() => Object.fromEntries([...document.querySelectorAll("[data-part]")].map(part => {
    const copy = part.cloneNode(true);
    for (const gone of copy.querySelectorAll("svg, .ab-up, .ab-more, .ab-choose")) gone.remove();
    return [part.dataset.part, copy.textContent.replace(/\\s+/g, " ").trim()];
}))"""
"""What stands in the parts of a page on which the clock has a say, without drawings and figures."""


@pytest.mark.parametrize(
    "later",
    [
        timedelta(minutes=20),
        timedelta(hours=1, minutes=1),
        timedelta(hours=2, minutes=1),
        timedelta(hours=3, minutes=32),
        timedelta(hours=6, minutes=1),
        timedelta(hours=12, minutes=1),
        timedelta(hours=21, minutes=1),
    ],
    ids=str,
)
def test_an_open_page_says_what_one_built_then_would(site: Site, visit: Callable[..., Page], later: timedelta):
    """A promised word is late, maintenance begins and runs over, a pin ends, a day ends, a component does."""
    open_page = visit("/", BUILT)
    open_page.clock.fast_forward(int(later.total_seconds() * 1000))
    picked = open_page.evaluate(LIVE)
    site.build(BUILT + later)
    built = visit("/", BUILT + later).evaluate(LIVE)

    assert picked == built


def test_planned_work_begins_and_runs_over_before_the_reader_s_eyes(site: Site, visit: Callable[..., Page]):
    site.write("2026-11-02-late.md", LATE + "\n## 11:00 Resolved\n\nOver.\n")
    site.build(BUILT)
    page = visit("/", BUILT)
    headline, row = page.locator("#ab-now"), page.locator("[data-component=sites] summary .ab-st")

    expect(headline).to_have_text("All 3 components are working, as far as we know.")
    page.clock.fast_forward("01:59:00")
    expect(row).to_have_text("Operational")
    page.clock.fast_forward("00:01:30")
    expect(headline).to_have_text("Planned work is going on: Websites.")
    expect(row).to_have_text("Maintenance")
    page.clock.fast_forward("01:30:00")
    expect(headline).to_have_text("Planned work on Websites is taking longer than we said.")
    page.clock.fast_forward("00:30:00")
    expect(page.locator(".ab-kick")).to_have_text("Maintenance · 30 min past its end")


def test_what_was_written_since_comes_in_without_a_reload(site: Site, visit: Callable[..., Page]):
    """Focus stays, what was opened stays open, and a screen reader is told."""
    page = visit("/", BUILT)
    page.locator("[data-component=mail] summary").click()
    page.locator("[data-component=sites] summary").focus()
    page.evaluate("window.unreloaded = true")
    site.write("2026-11-02-late.md", LATE + "\n## 12:01 Resolved\n\nThe queue is **empty**.\n")
    site.build(BUILT + timedelta(minutes=1))
    again(page)

    expect(page.locator("#ab-now")).to_have_text("All 3 components are working, as far as we know.")
    expect(page.locator("[data-part=open]")).to_have_text("")
    expect(page.locator(".ab > [role=status]").first).to_have_text("All 3 components are working, as far as we know.")
    assert page.title().startswith("All 3 components are working")
    assert page.locator("link[data-icon]").get_attribute("href") == "assets/aboveboard/icon-ok.svg"
    assert page.evaluate("document.querySelector('[data-component=mail] details').open")
    assert page.evaluate("document.activeElement.closest('[data-component]').dataset.component") == "sites"
    assert page.evaluate("window.unreloaded")


def test_a_page_that_nobody_builds_says_that_it_is_too_old(site: Site, visit: Callable[..., Page]):
    page = visit("/", BUILT + timedelta(minutes=50))
    warning = page.locator(".ab-warn")

    expect(page.locator(".ab-age")).to_have_text(" That was 50 minutes ago.")
    expect(warning).to_be_hidden()
    page.clock.fast_forward("03:00:00")
    said = "We cannot say how things are now: this page was built 4 hours ago, and should be younger."
    expect(warning).to_have_text(said)
    site.build(BUILT + timedelta(hours=4))
    expect(warning).to_be_hidden(timeout=again(page))


def test_a_board_that_is_too_old_says_only_what_holds_if_nothing_has_changed(site: Site, visit: Callable[..., Page]):
    """Its shape is hollow, as of what is over, and so is the tab's."""
    page = visit("/", BUILT + timedelta(minutes=50))
    shape = page.locator(".ab-glyph use")

    expect(shape).to_have_attribute("href", "#ab-i-partial")
    page.clock.fast_forward("03:00:00")
    assert page.evaluate(BEFORE) == '"If nothing has changed since: "'
    expect(shape).to_have_attribute("href", "#ab-o-partial")
    assert page.locator("link[data-icon]").get_attribute("href") == "assets/aboveboard/icon-none.svg"
    site.build(BUILT + timedelta(hours=4))
    expect(page.locator(".ab-warn")).to_be_hidden(timeout=again(page))
    assert page.evaluate(BEFORE) == "none"
    expect(shape).to_have_attribute("href", "#ab-i-partial")
    assert page.locator("link[data-icon]").get_attribute("href") == "assets/aboveboard/icon-partial.svg"


BEFORE = "getComputedStyle(document.querySelector('.ab-kick'), '::before').content"
"""What is set before the line above the headline."""


def test_the_pen_goes_with_the_clock_while_the_page_is_fresh(site: Site, visit: Callable[..., Page]):
    """What goes on grows with it, and what was is drawn as past. A page that is too old shows its own time again."""
    site.build(BUILT - timedelta(minutes=30))
    page = visit("/", BUILT - timedelta(minutes=30))
    built = page.evaluate(RULER)
    page.clock.fast_forward("00:50:00")
    later = page.evaluate(RULER)

    assert (built["said"], later["said"]) == ("11:30 now", "12:20 now")
    assert (built["pen"], later["pen"]) == (75, pytest.approx(75 + 100 * 50 / 60 / 24, abs=0.02))
    assert later["past"] == later["ahead"] == later["pen"]
    assert later["grown"] == pytest.approx(built["grown"] + later["pen"] - 75, abs=0.03)
    assert (built["ticks"], later["ticks"]) == ([18, 6], [19, 5])
    page.clock.fast_forward("00:20:00")
    expect(page.locator(".ab-warn")).to_be_visible()
    assert page.evaluate(RULER) == built | {"said": "at 11:30"}


@pytest.mark.parametrize("width", [390, 1280])
def test_what_the_pen_says_stays_on_the_ruler(visit: Callable[..., Page], width: int):
    """Where there is no room to its right it stands to its left, and over nothing else."""
    page = visit("/", BUILT, width=width)
    page.clock.fast_forward("00:58:00")
    boxes = page.evaluate(
        """[...document.querySelectorAll(".ab-day > text[y='12']:not([visibility=hidden])")]
            .map(one => one.getBoundingClientRect()).map(box => [box.left, box.right]).sort((a, b) => a[0] - b[0])"""
    )

    assert all(one[1] < other[0] for one, other in pairwise(boxes))
    assert boxes[-1][1] <= width


RULER = """() => {
    const day = document.querySelector(".ab-day");
    const at = (what, name) => parseFloat(day.querySelector(what).getAttribute(name));
    return {
        said: day.querySelector("text").textContent,
        pen: at("svg:has(> .ab-pen)", "x"),
        past: at("line", "x2"),
        ahead: at("line.ab-fut", "x1"),
        grown: at("[data-on]", "width"),
        ticks: [...day.querySelectorAll("svg > path:not(.ab-pen)")]
            .map(one => one.getAttribute("d").match(/M/g).length),
    };
}"""
"""What the ruler under the headline shows, in percent."""


def test_pages_that_do_not_read_the_clock_learn_their_age(visit: Callable[..., Page]):
    page = visit("/history/", BUILT + timedelta(minutes=50))

    expect(page.locator(".ab-age")).to_have_text(" It was built 50 minutes ago.")


def test_without_a_connection_a_page_says_of_when_it_is(visit: Callable[..., Page]):
    page = visit("/", BUILT + timedelta(minutes=5))
    page.context.set_offline(True)

    expect(page.locator(".ab-warn")).to_have_text("No connection. This is how things stood 5 minutes ago.")
    page.context.set_offline(False)
    expect(page.locator(".ab-warn")).to_be_hidden()


def test_a_reader_elsewhere_sees_their_own_time_too(visit: Callable[..., Page]):
    """In the site's zone nothing is said twice."""
    far = visit("/", BUILT, timezone_id="Asia/Tokyo")
    near = visit("/", BUILT, timezone_id="Europe/London")
    post = ".ab-now > li:first-child time"

    assert far.locator(post).get_attribute("data-yours") == "19:05 your time"
    window = far.locator("[data-from]").first.get_attribute("data-yours")
    assert window
    assert " ".join(window.split()) == "Mon 2 Nov, 23:00 – Tue 3 Nov, 00:30 your time"
    assert near.locator("[data-yours]").count() == 0


def test_a_reader_s_components_lead_the_board(visit: Callable[..., Page]):
    """By keyboard, kept in the browser, with one address for them; and they are as they are when the clock goes on."""
    page = visit("/", BUILT)
    mine = page.locator(".ab-mine")

    expect(mine).to_be_hidden()
    page.locator(".ab-choose summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(mine.locator(".ab-name")).to_have_text(["Mail"])
    expect(mine.locator("[data-feed=feed] a")).to_have_attribute("href", "feeds/components/mail/updates.atom")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(mine.locator(".ab-name")).to_have_text(["Mail", "Webmail"])
    expect(mine.locator("[data-feed=group] a")).to_have_attribute("href", "feeds/groups/post/updates.atom")
    page.reload()
    page.locator(".ab-choose summary").click()
    page.get_by_label("Websites").check()
    expect(mine.locator("[data-feed=all] a")).to_be_visible()
    page.clock.fast_forward("02:30:00")
    expect(mine.locator("[data-of=sites] .ab-st").first).to_have_text("Maintenance")


def test_without_script_nothing_asks_for_one(visit: Callable[..., Page]):
    page = visit("/", BUILT, script=False)

    assert [page.locator(what).is_visible() for what in (".ab-mine", ".ab-choose", ".ab-warn")] == [False] * 2 + [False]
    expect(page.locator("#ab-now")).to_have_text("It is us. Mail has a partial outage.")


WORKS = "navigator.serviceWorker.ready.then(its => its.scope)"


KEPT = """async () => {
    for (let n = 0; n < 60; n++) await fetch("/history" + "/".repeat(n + 1));
    await Promise.all([fetch("/api/aboveboard/board.json"), fetch("/history.atom")]);
    for (let n = 0; ; n++) {
        const kept = [];
        for (const name of await caches.keys()) {
            for (const one of await (await caches.open(name)).keys()) kept.push(new URL(one.url).pathname);
        }
        if (kept.length <= 53 || n > 50) return kept;
        await new Promise(done => setTimeout(done, 100));
    }
}"""
"""Asks for sixty pages and some data, and says what is kept of all that: what is too much is let go of after a page."""


def unplugged(page: Page, path: str, site: Site) -> Page:
    """The page at an address, without a network."""
    page.context.set_offline(True)
    page.goto(site.address + path)
    return page


def test_the_board_that_was_seen_last_opens_without_a_network_and_says_how_old_it_is(
    site: Site, visit: Callable[..., Page]
):
    page = visit("/", BUILT + timedelta(minutes=5), worker=True)
    assert page.evaluate(WORKS) == f"{site.address}/"
    page.goto(f"{site.address}/history/")
    unplugged(page, "/", site)

    expect(page.locator("#ab-now")).to_have_text("It is us. Mail has a partial outage.")
    expect(page.locator(".ab-warn")).to_have_text("No connection. This is how things stood 5 minutes ago.")
    page.clock.fast_forward("02:00:00")
    expect(page.locator("[data-component=sites] summary .ab-st")).to_have_text("Maintenance")
    page.goto(f"{site.address}/history/")
    expect(page.locator("h1")).to_have_text("History")
    expect(page.locator(".ab-warn")).to_contain_text("No connection.")
    page.goto(f"{site.address}/uptime/")
    expect(page).to_have_url(f"{site.address}/")
    page.context.set_offline(False)
    page.goto(site.address)
    expect(page.locator(".ab-warn")).not_to_contain_text("No connection.")


def test_what_is_kept_is_bounded_and_never_data(site: Site, visit: Callable[..., Page]):
    page = visit("/", BUILT, worker=True)
    page.evaluate(WORKS)
    page.goto(site.address)
    kept = page.evaluate(KEPT)

    assert 50 <= len(kept) <= 53
    assert {"/", "/assets/aboveboard/aboveboard.js", "/assets/aboveboard/aboveboard.css"} <= {*kept}
    assert [path for path in kept if "json" in path or "atom" in path] == []


def test_a_site_that_wants_no_worker_takes_away_the_one_that_there_is(site: Site, visit: Callable[..., Page]):
    page = visit("/", BUILT, worker=True)
    page.evaluate(WORKS)
    config = site.root / "mkdocs.yml"
    config.write_text(config.read_text("utf-8").replace("max_age: 1h", "offline: false"), "utf-8")
    site.build(BUILT)
    page.goto(site.address)
    gone = "async () => !(await navigator.serviceWorker.getRegistrations()).length && !(await caches.keys()).length"

    page.wait_for_function(gone)


def test_filters_of_history_are_links_and_instant_with_script(visit: Callable[..., Page]):
    """The address changes, the page does not go, focus stays on what was chosen, and the way back works."""
    page = visit("/history/", BUILT)
    page.evaluate("window.unreloaded = true")
    everything = page.locator("main h1").inner_text()
    page.locator(".ab-filter").get_by_role("link", name="Incidents").focus()
    page.keyboard.press("Enter")

    page.wait_for_url("**/history/**/incident*/")
    expect(page.locator("main h1")).not_to_have_text(everything)
    expect(page.locator(".ab-week").get_by_role("link", name="Mail is late")).to_be_visible()
    expect(page.locator(".ab-week").get_by_role("link", name="New routers")).to_have_count(0)
    expect(page.locator(".ab > [role=status]").first).to_have_text(page.title())
    assert "Incidents" in page.evaluate("document.activeElement.textContent")
    assert page.locator(".ab-week a").first.evaluate("link => link.href").endswith("/incidents/2026-11-02-late/")
    page.go_back()
    expect(page.locator("main h1")).to_have_text(everything)
    expect(page.locator(".ab-week").get_by_role("link", name="New routers")).to_be_visible()
    assert page.evaluate("window.unreloaded")


@pytest.mark.parametrize(
    "path", ["/incidents/2026-11-02-routers/", "/incidents/2026-11-03-old/", "/components/sites/", "/maintenance/"]
)
@pytest.mark.parametrize("later", [timedelta(hours=2, minutes=1), timedelta(hours=20, minutes=31)], ids=str)
def test_other_pages_that_read_the_clock_stay_right_too(
    site: Site, visit: Callable[..., Page], path: str, later: timedelta
):
    """The heads of notices that go on and of components, and what is planned."""
    open_page = visit(path, BUILT)
    before = open_page.evaluate(LIVE)
    open_page.clock.fast_forward(int(later.total_seconds() * 1000))
    picked = open_page.evaluate(LIVE)
    site.build(BUILT + later)

    assert picked == visit(path, BUILT + later).evaluate(LIVE)
    assert picked != before or path == "/components/sites/"
