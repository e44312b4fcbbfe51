"""Regulators' clocks: each from where it begins to what ends it, and nothing said where one of the two is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st
from markdown import markdown

from aboveboard.model import Evidence, Impact, Incident, Log, Notice, PostMortem, Record, Status
from aboveboard.regulators import STAGES, Run, Stage, Told, month_after, told
from aboveboard.render.pages import Pages
from aboveboard.report import NO_RECORD, Report
from aboveboard.settings import Regulation
from aboveboard.uptime import last_days
from aboveboard.urls import Page, Urls
from make import DEGRADED, at, incident, settings
from strategies import instants, logs, site

NOW = "2026-06-01 12:00"


def of(*notices: Notice, now: str = NOW, record: Record = NO_RECORD, **more: Any) -> dict[Stage, Told]:
    report = Report.of(Log.of(notices), settings("api", since="2024-01-01", **more), at(now), record=record)
    return {one.stage: one for regulation in Regulation for one in told(report, regulation)}


def how(found: Mapping[Stage, Told], *stages: Stage) -> list[str]:
    """Of one incident, how each clock went."""
    words = {"met": lambda one: one.met, "missed": lambda one: len(one.missed), "running": lambda one: len(one.running)}
    words["unknown"] = lambda one: one.unknown
    return [next(word for word, count in words.items() if count(found[stage])) for stage in stages]


def account(posted: str | None) -> PostMortem:
    return PostMortem(posted=at(posted) if posted else None, lead="We were wrong.")


NIS2 = (Stage.WARNING, Stage.NOTIFICATION, Stage.NIS2_FINAL)
DORA = (Stage.INITIAL, Stage.INITIAL_LATEST, Stage.INTERMEDIATE, Stage.DORA_FINAL)


def test_to_the_minute():
    """Each clock is met in its last minute and missed in the next."""
    posts = ("05-01 10:00 investigating", "05-03 10:00 monitoring", "05-04 10:00 resolved")
    in_time = incident("a", *posts, started="2026-04-30 10:00", post_mortem=account("2026-06-03 10:00"))
    assert how(of(in_time, now="2026-06-05 12:00"), *NIS2) == ["met", "met", "met"]

    posts = ("05-01 10:01 investigating", "05-03 10:01 monitoring", "05-04 10:01 resolved")
    late = incident("b", *posts, started="2026-04-30 10:00", post_mortem=account("2026-06-03 10:02"))
    found = of(late, now="2026-06-05 12:00")
    assert how(found, *NIS2) == ["missed", "missed", "missed"]
    minute = timedelta(minutes=1).total_seconds()
    assert [run.done - run.due for stage in NIS2 for run in found[stage].missed if run.done and run.due] == [minute] * 3


def test_dora_counts_from_the_first_post_and_from_the_last():
    posts = ("05-01 13:59 investigating", "05-04 13:59 update", "05-10 14:00 resolved")
    one = incident("a", *posts, started="2026-05-01 10:00", post_mortem=account("2026-06-10 14:00"))
    assert how(of(one, now="2026-06-20 12:00"), *DORA) == ["met", "met", "met", "met"]

    posts = ("05-01 14:01 investigating", "05-04 14:02 update", "05-10 14:00 resolved")
    one = incident("a", *posts, started="2026-05-01 10:00", post_mortem=account("2026-06-10 14:01"))
    assert how(of(one, now="2026-06-20 12:00"), *DORA) == ["missed", "met", "missed", "missed"]

    at_once = incident("a", "05-01 11:00 resolved", started="2026-05-01 10:00")
    assert how(of(at_once, now="2026-05-20 12:00"), *DORA) == ["met", "met", "met", "running"]


def test_what_is_still_to_come_is_running_and_then_missed():
    one = incident("a", "05-01 10:30 investigating", started="2026-05-01 10:00")
    assert how(of(one, now="2026-05-04 10:00"), Stage.NOTIFICATION, Stage.INTERMEDIATE) == ["running", "running"]
    assert how(of(one, now="2026-05-04 10:01"), Stage.NOTIFICATION, Stage.INTERMEDIATE) == ["missed", "running"]
    assert how(of(one, now="2026-05-04 10:31"), Stage.INTERMEDIATE) == ["missed"]


def test_of_what_goes_on_for_more_than_a_month_the_month_begins_with_its_end():
    """As article 23(4)(e) has it."""
    posts = ("04-01 10:30 identified",)
    going_on = incident("a", *posts, started="2026-04-01 10:00")
    assert of(going_on, now="2026-04-20 10:00")[Stage.NIS2_FINAL].running == [
        Run("a", int(at("2026-05-01 10:30").timestamp()), None)
    ]
    assert of(going_on, now="2026-05-20 10:00")[Stage.NIS2_FINAL].running == [Run("a", None, None)]
    over = incident("a", *posts, "05-20 10:00 resolved", started="2026-04-01 10:00")
    assert how(of(over, now="2026-06-20 10:00"), Stage.NIS2_FINAL) == ["running"]
    assert how(of(over, now="2026-06-20 10:01"), Stage.NIS2_FINAL) == ["missed"]
    short = incident("a", *posts, "04-30 10:00 resolved", started="2026-04-01 10:00")
    assert how(of(short, now="2026-05-01 10:31"), Stage.NIS2_FINAL) == ["missed"]


def test_what_is_not_written_down_is_not_scored():
    """Without a beginning, without a word of what was found, with an account of no date."""
    one = incident("a", "05-01 10:30 investigating", "05-01 11:00 resolved")
    assert how(of(one, now="2026-05-02 10:00"), *NIS2) == ["unknown", "unknown", "running"]
    one = incident("a", "05-01 10:30 investigating", started="2026-05-01 10:00")
    assert how(of(one, now="2026-05-02 10:00"), Stage.NIS2_FINAL) == ["unknown"]
    one = incident("a", "05-01 10:30 resolved", started="2026-05-01 10:00", post_mortem=account(None))
    assert how(of(one, now="2026-07-02 10:00"), Stage.NIS2_FINAL, Stage.DORA_FINAL) == ["unknown", "unknown"]


def test_only_what_is_major_or_critical_counts_and_only_of_this_year():
    minor = incident("a", started="2026-05-01 10:00", ended="2026-05-01 11:00", components={"api": DEGRADED})
    old = incident("b", started="2025-05-31 10:00", ended="2025-05-31 11:00")
    new = incident("c", started="2025-06-02 10:00", ended="2025-06-02 11:00")
    going_on = incident("d", "2025-01-02 11:00 investigating", started="2025-01-02 10:00")

    assert of(minor)[Stage.WARNING].met == 0
    assert of(old)[Stage.WARNING].met == 0
    assert of(new)[Stage.WARNING].met == 1
    assert of(going_on)[Stage.WARNING].met == 1


def test_the_first_post_counts_from_when_the_record_has_it():
    one = incident("a", "05-01 10:30 investigating", started="2026-05-01 10:00")
    appeared = {one.updates[0].id: at("2026-05-02 10:01")}
    record = Record(head="c0ffee", evidence={"a": Evidence(appeared=appeared)}, digests={"a": b"1"})

    assert how(of(one), *DORA[:2]) == ["met", "met"]
    assert how(of(one, record=record), *DORA[:2]) == ["missed", "missed"]


@pytest.mark.parametrize(
    ("zone", "begin", "end"),
    [
        ("UTC", "2026-01-31 10:00", "2026-02-28 10:00"),
        ("UTC", "2024-01-31 10:00", "2024-02-29 10:00"),
        ("UTC", "2026-12-15 23:59", "2027-01-15 23:59"),
        ("Europe/Dublin", "2026-10-02 11:00", "2026-11-02 12:00"),  # 12:00 there on both, an hour more in between
        ("Europe/Dublin", "2026-03-02 12:00", "2026-04-02 11:00"),
        ("Pacific/Auckland", "2026-01-30 12:00", "2026-02-27 12:00"),  # there the 31st and the 28th, at 01:00
    ],
)
def test_a_month_is_one_of_the_sites_calendar(zone: str, begin: str, end: str):
    found = month_after(int(at(begin).timestamp()), ZoneInfo(zone))
    assert datetime.fromtimestamp(found, ZoneInfo("UTC")) == at(end)


@given(instants(), st.sampled_from(["UTC", "Europe/Dublin", "America/New_York", "Australia/Lord_Howe", "Asia/Tokyo"]))
def test_a_month_is_what_another_library_says(begin: datetime, zone: str):
    begin = begin.replace(microsecond=0)
    theirs = begin.astimezone(ZoneInfo(zone)) + relativedelta(months=1)
    assert month_after(int(begin.timestamp()), ZoneInfo(zone)) == int(theirs.replace(fold=0).timestamp())


def naive(notice: Incident, now: datetime, zone: ZoneInfo) -> dict[Stage, str]:
    """The same as one would write it from the manual's table, with nothing shared."""

    def verdict(due: datetime | None, done: datetime | None, *, begun: bool = True) -> str:
        if not begun:
            return "unknown"
        if done is not None:
            return "met" if due is None or done <= due else "missed"
        return "running" if due is None or now <= due else "missed"

    def month(moment: datetime) -> datetime:
        return (moment.astimezone(zone) + relativedelta(months=1)).replace(fold=0)

    posts, start = notice.updates, notice.stated_start
    first, over = posts[0].time, notice.resolved_at
    wanted = (Status.IDENTIFIED, Status.MONITORING, Status.RESOLVED)
    found = min((one.time for one in posts if one.status in wanted), default=None)
    pm = notice.post_mortem
    said = pm.posted if pm else None
    undated = pm is not None and said is None
    hours = {Stage.WARNING: 24, Stage.INITIAL: 4, Stage.INITIAL_LATEST: 24, Stage.NOTIFICATION: 72}
    result = {
        stage: verdict(start + timedelta(hours=n), found if stage == Stage.NOTIFICATION else first)
        if start
        else "unknown"
        for stage, n in hours.items()
    }
    second = first if over == first else posts[1].time if len(posts) > 1 else None
    result[Stage.INTERMEDIATE] = verdict(first + timedelta(hours=72), second)
    result[Stage.DORA_FINAL] = verdict(month(over) if over else None, said, begun=not undated)
    if found is None or undated:
        result[Stage.NIS2_FINAL] = "unknown"
    elif over is None and said is None and now > month(found):
        result[Stage.NIS2_FINAL] = "running"
    else:
        due = month(over) if over and over > month(found) else month(found)
        result[Stage.NIS2_FINAL] = verdict(due, said)
    return result


@given(logs(), instants())
def test_whatever_is_posted_a_second_way_to_count_agrees(log: Log, now: datetime):
    known = site()
    report = Report.of(log, known, now)
    since = last_days(365, now, known.zone).start
    some = [
        one
        for notice in log.notices
        if isinstance(one := notice.as_of(now), Incident)
        and one.impact in (Impact.MAJOR, Impact.CRITICAL)
        and (one.began.replace(microsecond=0) >= since or now.timestamp() < report.index[one.id].closed)
    ]
    theirs = [naive(one, now, known.zone) for one in some]
    for regulation in Regulation:
        for one in told(report, regulation):
            counts = {
                "met": one.met, "missed": len(one.missed), "running": len(one.running), "unknown": one.unknown,
            }  # fmt: skip
            assert counts == {word: sum(each[one.stage] == word for each in theirs) for word in counts}, one.stage


def page(*notices: Notice, now: str = NOW, **more: Any) -> BeautifulSoup:
    known = settings("api", since="2024-01-01", **more)
    pages = Pages(Report.of(Log.of(notices), known, at(now)), Urls(known), markdown)
    return BeautifulSoup(pages.page(Page.CANDOUR).content, "html.parser")


def test_the_page_says_what_was_met_missed_and_runs():
    late = incident(
        "late", "05-02 10:30 investigating", "05-02 11:00 resolved", started="2026-05-01 10:00", title="Slow"
    )
    section = page(late, clocks=["nis2"]).select_one("section:has(#nis2)")
    assert section is not None
    text = re.sub(r"\s+", " ", section.get_text(" "))

    assert [[c.get_text() for c in row.find_all(["th", "td"])] for row in section.select("tbody tr")] == [
        ["Early warning", "24 h", "0", "1", "0"],
        ["Incident notification", "72 h", "1", "0", "0"],
        ["Final report", "1 month", "0", "0", "1"],
    ]
    assert "Slow Early warning: 30 min late" in text
    assert "Slow Final report: until 2 Jun, 11:00" in text
    assert "What is met here need not be a duty done" in text


def test_a_site_that_has_chosen_none_is_shown_none():
    assert "NIS2" not in page(incident("a", started="2026-05-01 10:00")).get_text()


def test_each_has_its_clocks():
    assert {regulation: len(stages) for regulation, stages in STAGES.items()} == {
        Regulation.NIS2: 3,
        Regulation.DORA: 4,
    }
    both = page(incident("a", started="2026-05-01 10:00"), clocks=["DORA", "nis2"])
    assert [h.get_text() for h in both.select("h2") if "clocks" in h.get_text()] == [
        "By the clocks of DORA",
        "By the clocks of NIS2",
    ]
