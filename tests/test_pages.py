"""The pages: which of them may read the clock, and what becomes of long lists."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from mkdocs.config import load_config

from aboveboard import folder, source
from aboveboard.archive import Choice, Facet
from aboveboard.candour import PromiseState
from aboveboard.channels import channels
from aboveboard.model import Action, Log, Notice, PostMortem, Section
from aboveboard.options import read as read_settings
from aboveboard.render import pages as rendered
from aboveboard.render.pages import Pages
from aboveboard.report import Report
from aboveboard.settings import Settings
from aboveboard.urls import Page, Urls
from make import DEGRADED, HOST, at, incident, maintenance, settings
from strategies import ZONES, instants, logs, site

ROOT = Path(__file__).parent.parent


def pages(log: Log, known: Settings, now: datetime, *overrides: Path) -> Pages:
    return Pages(Report.of(log, known, now), Urls(known), lambda text: f"<p>{text}</p>", overrides)


def made(*notices: Notice, now: str = "16:00", known: Settings | None = None) -> Pages:
    return pages(Log.of(notices), known or settings("api", "web"), at(now))


@cache
def sample() -> tuple[Settings, Log]:
    """The sample site's."""
    plugin = load_config(str(ROOT / "mkdocs.yml")).plugins["aboveboard"]
    known = read_settings(dict(plugin.config), HOST)
    return known, folder.log(source.read(ROOT / known.incidents, known.incidents), known)


def clockless(of: Pages) -> dict[str, Callable[[], object]]:
    """Every page that may not read the clock, by its address."""
    urls, report = of.urls, of.report
    found: dict[str, Callable[[], object]] = {}
    for page in set(Page) - rendered.CLOCKED:
        found[urls.page(page)] = lambda page=page: of.page(page)
    for choice in report.archive.choices:
        found[urls.history(*choice)] = lambda choice=choice: of.history(choice)
    for id_, notice in report.notices.items():
        if not notice.live:
            found[urls.notice(id_)] = lambda id_=id_: of.notice(id_)
    found["about/"] = lambda: of.prose("about/", "About us", "<p>We are.</p>")
    return found


def differing(log: Log, known: Settings, now: datetime, later: datetime) -> list[str]:
    """The addresses of pages that may not read the clock, and do."""
    one, two = clockless(pages(log, known, now)), clockless(pages(log, known, later))
    return [where for where, make in one.items() if make() != two[where]()]


def texts(html: str, selector: str) -> list[str]:
    """What stands in the elements that are selected."""
    return [" ".join(element.get_text(" ").split()) for element in BeautifulSoup(html, "lxml").select(selector)]


@pytest.mark.parametrize("later", [{"hours": 8}, {"days": 3}, {"days": 400}])
def test_what_is_over_reads_the_same_whenever_it_is_built(later):
    """The sample site's clock, if it went on and nobody wrote anything."""
    known, log = sample()
    assert known.now
    told = log.as_of(known.now)

    assert differing(told, known, known.now, known.now + timedelta(**later)) == []


@given(st.data(), st.sampled_from(ZONES))
def test_only_live_pages_read_the_clock(data: st.DataObject, zone: str):
    """Whatever is written, and whatever of it is still open: between two words nothing changes but live pages."""
    log, known = data.draw(logs(zone)), site(zone)
    now = data.draw(instants())
    ahead = [time for notice in log.notices for time in said(notice) if time > now]
    gap = data.draw(st.sampled_from([timedelta(hours=8), timedelta(days=3), timedelta(days=400)]))
    later = min([now + gap, *(time - timedelta(seconds=1) for time in ahead)])

    assert differing(log, known, now, later) == []


def said(notice: Notice) -> list[datetime]:
    """When anything was published."""
    posted = notice.post_mortem.posted if notice.post_mortem else None
    return [*(update.time for update in notice.updates), *([posted] if posted else [])]


def test_a_page_that_reads_the_clock_says_when_it_was_built():
    both = made(incident("over", started="14:00", ended="15:00"), incident("open", "15:30 investigating"))

    assert "Built" in both.notice("open").content
    assert "Built" in both.page(Page.BOARD).content
    assert "Built" not in both.notice("over").content
    assert 'The <a href="../../">board</a> says how old this site is.' in both.notice("over").content


def test_what_is_over_says_its_years():
    over = made(incident("over", started="14:00", ended="03-03 15:00"), now="03-03 16:00").notice("over").content

    assert "Began 2 Mar 2026, 14:00" in over
    assert texts(over, ".ab-facts")[0].startswith("Began 2 Mar 2026, 14:00 First told 14:00 at once Ended 3 Mar, 15:00")


def test_in_lists_what_is_open_has_no_length_that_grows():
    log = made(
        incident("over", started="13:00", ended="13:30"),
        incident("open", "14:00 investigating"),
        maintenance("planned", window=("03-02 22:00", "03-02 23:00")),
        maintenance("begun", "03-01 09:00 scheduled", "15:00 in_progress", window=("15:00", "18:00")),
        maintenance("called-off", "03-01 09:00 scheduled", "10:00 cancelled", window=("12:30", "12:45")),
    )

    assert texts(log.history(Choice(year=2026, month=3)).content, ".ab-ev") == [
        "Maintenance Planned work",
        "Maintenance Planned work under way",
        "Major outage It broke open",
        "Major outage It broke 30 min",
        "Cancelled Planned work",
    ]


def promise(done: str = "", due: str = "2026-03-20") -> Action:
    return Action(
        text="Mend it", owner="us", due=date.fromisoformat(due), done=date.fromisoformat(done) if done else None
    )


def post_mortem(*actions: Action) -> PostMortem:
    return PostMortem(
        posted=at("03-04 10:00"), lead="It broke.", sections=(Section(title="Then", body="", actions=actions),)
    )


def test_a_notice_tells_its_promises_as_they_are_written_and_the_page_of_promises_judges():
    actions = (promise("2026-03-15"), promise("2026-03-23"), promise())
    log = made(incident("x", started="14:00", ended="15:00", post_mortem=post_mortem(*actions)), now="2026-04-01 12:00")

    assert log.report.promises[0].state == PromiseState.LATE
    assert texts(log.notice("x").content, ".ab-prom") == [
        "Mend it Owner: us Due: 20 Mar 2026 Done 15 Mar 2026",
        "Mend it Owner: us Due: 20 Mar 2026 Done 23 Mar 2026, 3 days late",
        "Mend it Owner: us Due: 20 Mar 2026 Not done",
    ]
    assert "3 promises: 1 kept, 1 kept late, 1 not done." in log.notice("x").content
    assert "12 days late" in log.page(Page.PROMISES).content


def many(number: int, **more: object) -> list[Notice]:
    """Incidents, a week apart, the first in January 2024."""
    first = at("2024-01-01 12:00")
    days = [f"{first + timedelta(weeks=n):%Y-%m-%d}" for n in range(number)]
    return [
        incident(f"n{n}", f"{day} 12:00 investigating", f"{day} 13:00 resolved", title=f"It broke {n}", **more)
        for n, day in enumerate(days)
    ]


@pytest.mark.parametrize(("number", "shown", "linked"), [(20, 20, []), (60, 20, ["2025", "2024"])])
def test_a_component_shows_the_newest_and_links_to_its_years(number: int, shown: int, linked: list[str]):
    content = made(*many(number), known=settings("api", since="2024-01-01")).component("api").content

    assert len(texts(content, ".ab-ev")) == shown
    assert re.findall(r'<a href="(\d{4})/">', content) == linked


@pytest.mark.parametrize(
    ("titles", "anchors"),
    [
        (["What happened", "Thanks"], []),
        (["What happened", "Thanks", "What we are changing"], ["pm-happened", "pm-2", "pm-changing"]),
        (["What happened", "Thanks", "What happened"], ["pm-happened", "pm-2", "pm-happened-3"]),
    ],
)
def test_a_long_post_mortem_has_contents_that_lead_to_its_sections(titles: list[str], anchors: list[str]):
    account = PostMortem(posted=at("15:30"), lead="", sections=tuple(Section(title=one, body="So.") for one in titles))
    some = made(incident("x", started="14:00", ended="15:00", post_mortem=account))
    soup = BeautifulSoup(some.notice("x").content, "lxml")
    links = soup.select(".ab-toc a")

    assert [link["href"] for link in links] == [f"#{anchor}" for anchor in anchors]
    assert [link.text for link in links] == (titles if anchors else [])
    assert all(soup.select_one(str(link["href"])).h3.text == link.text for link in links)


def test_each_post_has_an_address_of_its_own():
    content = made(incident("x", "14:00 investigating", "15:00 resolved")).notice("x").content

    assert [link["href"] for link in BeautifulSoup(content, "lxml").select(".ab-log .ab-no")] == [
        "#20260302T140000Z",
        "#20260302T150000Z",
    ]
    assert re.findall(r'<li [^>]*id="([^"]+)"', content) == ["20260302T140000Z", "20260302T150000Z"]


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 70)), max_size=8))
def test_each_day_of_trouble_leads_to_what_happened_exactly_once(told: list[tuple[int, int]]):
    """In the year of a component and in its strip on the board; the tables say the same to whoever uses no pointer."""
    first, form = at("2025-02-01 00:00"), "%Y-%m-%d %H:%M"
    notices = []
    for n, (day, length) in enumerate(told):
        began, ended = first + timedelta(days=day), first + timedelta(days=day, hours=length)
        notices.append(incident(f"n{n}", f"{began:{form}} investigating", f"{ended:{form}} resolved"))
    some = made(*notices, now="2026-03-20 12:00", known=settings("api", since="2025-01-01"))
    shown = some.report.components["api"]

    for content, where, days in [
        (some.component("api").content, ".ab-year", some.report.year(shown)),
        (some.page(Page.BOARD).content, ".ab-over-tide", shown.days),
    ]:
        soup = BeautifulSoup(content, "lxml")
        troubled = [day for day in days if day.notices]
        links = [str(link["href"]).rstrip("/").rpartition("/")[2] for link in soup.select(f"{where} a")]
        assert sorted(links) == sorted(day.notices[0] for day in troubled)
        assert [str(time["datetime"]) for time in soup.select(".ab-days time")] == [
            day.day.isoformat() for day in reversed(troubled)
        ]
        assert len(soup.select(".ab-days td:nth-child(2) a")) == sum(len(day.notices) for day in troubled)


def test_a_year_of_a_component_links_to_those_beside_it():
    of = made(*many(120), incident("other", components={"web": DEGRADED}), known=settings("api", "web"))
    known = of.report.archive.options(Choice(Facet.COMPONENT, "api")).when
    middle = of.history(Choice(Facet.COMPONENT, "api", 2025))

    assert [(one.choice.year, one.count) for one in known] == [(0, 114), (2026, 9), (2025, 52), (2024, 53)]
    assert middle.title == "API, 2025"
    assert len(texts(middle.content, ".ab-ev")) == 52
    assert texts(middle.content, ".ab-filter li") == ["All", "2026", "2025 52", "2024"]
    assert texts(middle.content, ".ab-pn a") == ["2024", "2026"]


def test_of_many_post_mortems_the_older_ones_are_told_in_brief():
    content = made(*many(60, post_mortem=post_mortem()), now="2027-01-01 00:00").page(Page.POST_MORTEMS).content

    assert len(texts(content, ".ab-title")) == 20
    assert len(texts(content, ".ab-ev")) == 40
    assert re.findall(r"<h2>(\d{4})</h2>.*?>([^<]+)</p>", content) == [("2024", "40 post-mortems more")]


def test_of_many_windows_the_older_ones_are_in_history():
    works = [
        maintenance(f"m{n}", f"02-{n + 1:02} 09:00 scheduled", f"02-{n + 1:02} 11:00 completed",
                    window=(f"02-{n + 1:02} 10:00", f"02-{n + 1:02} 11:00"))
        for n in range(25)
    ]  # fmt: skip
    content = made(*works).page(Page.MAINTENANCE).content

    assert len(texts(content, ".ab-ev")) == 20
    assert 'Older ones are in <a href="../history/">history</a>.' in content
    assert "Older ones" not in made(*works[:20]).page(Page.MAINTENANCE).content


def test_of_many_promises_those_that_are_kept_are_counted():
    actions = [promise("2026-03-15")] * 60 + [promise()] * 60
    of = made(incident("x", started="14:00", ended="15:00", post_mortem=post_mortem(*actions)), now="2026-04-01 12:00")
    content = of.page(Page.PROMISES).content

    assert len(texts(content, ".ab-prom")) == 110
    assert "120 promises: 60 kept, 60 late." in content
    assert "… and 10 more, each on the page of its notice." in content


def test_a_site_may_change_a_template(tmp_path: Path):
    """The foot, on pages of every kind; and it may extend ours."""
    (tmp_path / "foot.html").write_text("<footer>Ours, {{ settings.name }}.</footer>")
    (tmp_path / "notice.html").write_text(
        '{% extends "page.html" %}{% block main %}<p>{{ notice.id }}</p>{% endblock %}'
    )
    log = Log.of([incident("over", started="14:00", ended="15:00"), incident("open", "15:30 investigating")])
    of = pages(log, settings(), at("16:00"), tmp_path)

    for made_of in (of.notice("over"), of.notice("open"), of.page(Page.BOARD), of.history(Choice(year=2026))):
        assert made_of.content.count("<footer>Ours, Test status.</footer>") == 1
    assert "<p>over</p>" in of.notice("over").content
    assert "<p>open</p>" in of.notice("open").content


FOR_MACHINES = (".csv", ".json", ".txt")
"""How files end that are no pages and no feeds: whether they are there is looked at on whole sites."""


@pytest.mark.parametrize("prefix", ["", "help/status"])
def test_what_is_the_same_on_many_pages_links_from_each_of_them(prefix: str):
    """The row of pages, the foot and the style sheet are printed once for all notices, and right for each."""
    known = settings("api", prefix=prefix)
    of = pages(Log.of([*many(3), incident("open", "15:30 investigating")]), known, at("16:00"))
    urls = of.urls
    made = {urls.notice(id_): of.notice(id_) for id_ in of.report.notices}
    made |= {urls.page(page): of.page(page) for page in Page}
    made[urls.component("api")] = of.component("api")
    made |= {urls.history(*choice): of.history(choice) for choice in of.report.archive.choices}
    made |= {"about/": of.prose("about/", "About", ""), "about/us/": of.prose("about/us/", "Us", "")}
    feeds = ("history.atom", "history.rss", "updates.atom", "updates.rss", "feed.json", "maintenance.ics")
    ours = {*made, *map(urls.asset, ("aboveboard.css", "icon-major.svg"))}
    ours |= {urls.channel("", "", "promises.ics"), urls.archive("", "", "all.opml")}
    ours |= {urls.channel(one.about, one.id, name) for one in channels(of.report) for name in feeds}

    for where, text in made.items():
        links = re.findall(r'href="(?!#|https:|webcal:)([^"#]+)', text.head + text.content)
        reached = {urljoin(f"https://example.com/{where}", link).removeprefix("https://example.com/") for link in links}
        assert {urls.page(page) for page in Page} - {where} <= reached, where
        assert {address for address in reached if not address.endswith(FOR_MACHINES)} <= ours


def test_a_wide_table_of_a_person_s_own_can_be_scrolled_by_keys():
    assert '<table tabindex="0"><tr>' in made().prose("about/", "About", "<table><tr></tr></table>").content


def test_a_template_of_the_site_s_own_may_do_anything_with_what_pages_share(tmp_path: Path):
    """It gets the text itself, and not what stands for it while pages are remembered."""
    (tmp_path / "foot.html").write_text("the foot of {{ page }}{{ same('inner.html', page) }}")
    (tmp_path / "inner.html").write_text(", and inside it")
    (tmp_path / "notice.html").write_text("{{ same('foot.html', 'it')|upper }} {{ same('foot.html', page)|count }}")
    one = incident("mail-down", "14:00 investigating", "14:30 resolved")

    assert pages(Log.of([one]), settings("api"), at("16:00"), tmp_path).notice("mail-down").content == (
        "THE FOOT OF IT, AND INSIDE IT 34"
    )
