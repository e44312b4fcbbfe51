"""What customers said: nothing is added that nobody wrote down, and the page tells the rest in full."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from markdown import markdown
from msgspec.structs import replace

from aboveboard.edition import Edition
from aboveboard.heard import HeardYear
from aboveboard.index import Index
from aboveboard.model import Action, Incident, Log, Notice, PostMortem, Section
from aboveboard.render.pages import Pages
from aboveboard.report import Report
from aboveboard.site import Site
from aboveboard.urls import Page, Urls
from make import at, incident, settings
from strategies import instants, logs, site

NOW = at("03-20 12:00")
PROMISE = Action(text="Page on disk at 80 %", owner="platform", due=at("03-30 00:00").date())
ACCOUNT = PostMortem(
    sections=(
        Section(title="What we got wrong", body="We *never* looked."),
        Section(title="What customers told us", body="That we never looked."),
        Section(title="What we are changing", body="We look now.", actions=(PROMISE,)),
    )
)


def made(*notices: Notice, now: datetime = NOW, **known: Any) -> Pages:
    of = settings("api", "web", **known)
    return Pages(Report.of(Log.of(notices), of, now), Urls(of), markdown)


def page(*notices: Notice, now: datetime = NOW) -> BeautifulSoup:
    return BeautifulSoup(made(*notices, now=now).page(Page.CUSTOMERS).content, "html.parser")


def broke(id_: str = "it-broke", day: str = "03-02", **more: Any) -> Incident:
    return incident(id_, started=f"{day} 14:00", ended=f"{day} 15:00", **more)


def test_only_what_somebody_wrote_is_added_up():
    """None reported is a count; nothing written is none."""
    some = [
        broke("a", detected_by="customers", reports=12),
        broke("b", detected_by="monitoring", reports=0),
        broke("c", detected_by="staff"),
        broke("d"),
        broke("e", "2025-03-02", reports=3),
        broke("f", "2024-03-02"),
    ]

    assert made(*some).report.heard_years == (
        HeardYear(year=2026, incidents=4, counted=2, reports=12, ours=2, noticed=3),
        HeardYear(year=2025, incidents=1, counted=1, reports=3, ours=0, noticed=0),
    )
    rows = [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in page(*some).select("tbody tr")]
    assert rows == [["2026", "4", "12", "2", "2 of 3"], ["2025", "1", "3", "1", "–"]]


def test_what_they_said_stands_in_full_beside_what_came_of_it():
    shown = page(broke(post_mortem=ACCOUNT, detected_by="customers", reports=61, title="It <broke>"))
    text = shown.get_text(" ", strip=True)

    assert [h.get_text() for h in shown.select("h2.ab-title")] == ["It <broke>"]
    assert "That we never looked." in text
    assert [h.get_text() for h in shown.select("h3")] == ["What we got wrong", "What we are changing"]
    assert "We never looked." in text
    assert "We look now." in text
    assert "Page on disk at 80 %" in text
    assert [dd.get_text() for dd in shown.select(".ab-side dd")] == ["61 customers", "customers", "All of it"]
    assert shown.select_one(".ab-side a")["href"].endswith("incidents/it-broke/#post-mortem")  # type: ignore[index]


def test_where_only_their_number_is_known_that_is_said():
    shown = page(broke(reports=1)).get_text(" ", strip=True)

    assert "1 customer" in shown
    assert "What they said is not written down." in shown


def test_of_many_the_older_ones_are_told_in_brief_and_not_opened():
    """An edit among ten thousand notices reads twenty of them for this page."""
    some = [broke(f"n-{n}", f"{2020 + n // 12}-{n % 12 + 1:02}-02", reports=n) for n in range(60)]
    known, opened = settings("api", "web"), []
    index = Index.of(Log.of(some), known.zone)

    def open_(id_: str) -> Notice:
        opened.append(id_)
        return index.open(id_)

    pages = Pages(Report.of(replace(index, open=open_), known, NOW), Urls(known), markdown)
    opened.clear()
    shown = BeautifulSoup(pages.page(Page.CUSTOMERS).content, "html.parser")

    assert len(shown.select("h2.ab-title")) == 20
    assert len(shown.select(".ab-ev")) == 40
    assert "4 notices more" in shown.get_text()
    assert len(set(opened)) <= 20


def test_it_is_made_anew_when_something_in_it_has_changed_and_at_no_other_time():
    """Neither time nor a notice that tells nothing of the kind changes it."""

    def inputs(*notices: Notice, now: datetime = NOW) -> bytes:
        pages = made(*notices, now=now)
        where = Site(root=Path("/nowhere"), settings=pages.report.settings, extensions=(), configs={}, overrides=(),
                     own=True, shell=True, scale=1)  # type: ignore[arg-type]  # fmt: skip
        return Edition(where, pages).page(Page.CUSTOMERS)

    told = broke(post_mortem=ACCOUNT, reports=3)
    work = incident("open", "03-19 14:00 investigating")
    assert inputs(told, now=at("03-21 12:00")) == inputs(told)
    assert inputs(told, replace(work, title="Other")) == inputs(told, work)
    assert inputs(told, replace(work, reports=2)) != inputs(told, work)
    assert inputs(replace(told, reports=4)) != inputs(told)


def test_where_nothing_was_said_it_says_what_would_stand_here():
    shown = page(broke())

    assert "Nothing written down yet." in shown.get_text()
    assert shown.select("table") == []


@hypothesis_settings(max_examples=max(8, hypothesis_settings.default.max_examples // 10))
@given(logs(), instants())
def test_any_log_adds_up(log: Log, now: datetime):
    """By a second way to count: from the notices themselves."""
    known = site()
    report = Report.of(log, known, now)
    told = [
        one for notice in log.notices if isinstance(notice, Incident) and isinstance(one := notice.as_of(now), Incident)
    ]
    for year in report.heard_years:
        mine = [one for one in told if one.began.astimezone(known.zone).year == year.year]
        counted = [one.reports for one in mine if one.reports is not None]
        noticed = [one.detected_by for one in mine if one.detected_by]
        assert year[1:] == (
            len(mine), len(counted), sum(counted), len([one for one in noticed if one != "customers"]), len(noticed)
        )  # fmt: skip
    assert BeautifulSoup(Pages(report, Urls(known), markdown).page(Page.CUSTOMERS).content, "html.parser").find("h1")
