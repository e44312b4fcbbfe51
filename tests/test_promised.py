"""Promises told: each thing that became of one, once; and each on its day in a calendar."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from icalendar import Calendar
from markdown import markdown
from msgspec.structs import replace

from aboveboard.index import Index
from aboveboard.model import (
    ACCOUNT,
    Action,
    Edit,
    Evidence,
    Log,
    Notice,
    PostMortem,
    Record,
    Section,
    Translation,
)
from aboveboard.promised import Happened, promised
from aboveboard.render import due, machines, promises
from aboveboard.render.outlet import Basis, Outlet
from aboveboard.render.pages import Pages
from aboveboard.report import NO_RECORD, Report
from aboveboard.urls import Page, Urls
from make import at, incident, settings
from strategies import instants, logs, site
from test_calendar import NASTY
from test_calendar import check as check_calendar
from test_feeds import FEEDS, Reader, check, parsed

MADE = at("03-09 10:00")
NOW = at("03-20 12:00")
ONCE = hypothesis_settings(max_examples=max(8, hypothesis_settings.default.max_examples // 10))
BELOW = "feeds/kinds/promises/"


def action(day: str, done: str = "", text: str = "Page on disk at 80 %", owner: str = "platform") -> Action:
    """Days are `03-20`, of 2026."""
    kept = date.fromisoformat(f"2026-{done}") if done else None
    return Action(text=text, owner=owner, due=date.fromisoformat(f"2026-{day}"), done=kept)


def broke(*actions: Action, posted: datetime | None = MADE, **more: Any) -> Notice:
    account = PostMortem(posted=posted, sections=(Section(title="What we are changing", body="", actions=actions),))
    return incident("it-broke", started="14:00", ended="15:00", post_mortem=account, **more)


def basis(log: Log, known: Any, now: datetime, record: Record = NO_RECORD) -> Basis:
    return Basis(Report.of(log, known, now, record=record), Urls(known), markdown, Path("/nowhere"))


def of(*notices: Notice, now: datetime = NOW, record: Record = NO_RECORD, **known: Any) -> Basis:
    return basis(Log.of(notices), settings("api", "web", **known), now, record)


def files(outlet: Outlet, some: Basis) -> dict[str, bytes]:
    return {file.at.removeprefix(BELOW): file.make() for file in outlet.files(some)}


def titles(*notices: Notice, now: datetime = NOW, record: Record = NO_RECORD) -> list[str]:
    made = files(promises.OUTLET, of(*notices, now=now, record=record))
    return [item["title"] for item in json.loads(made["feed.json"])["items"]]


def events(some: Basis) -> list[Any]:
    (data,) = files(due.OUTLET, some).values()
    check_calendar(data)
    return list(Calendar.from_ical(data).walk("VEVENT"))


def test_a_subscriber_is_told_of_all_that_becomes_of_a_promise_and_of_each_once():
    """Made, corrected, renamed, found late by the clock alone, kept; and nothing on the days between."""
    text = "Page on disk at 80 %"
    first, owned = broke(action("03-12")), broke(action("03-12", owner="ops"), title="It really broke")
    kept = broke(action("03-12", "03-18"), action("03-30", text="Another"), title="It really broke")
    series: list[tuple[str, Notice, list[str]]] = [
        ("03-09 11:00", first, [f"Promised: {text}"]),
        ("03-10 09:00", first, []),
        ("03-11 09:00", owned, []),
        ("03-12 23:59", owned, []),
        ("03-13 00:00", owned, [f"Late: {text}"]),
        ("03-17 09:00", owned, []),
        ("03-18 09:00", kept, [f"Kept late: {text}", "Promised: Another"]),
        ("03-25 09:00", kept, []),
        ("03-31 00:00", kept, ["Late: Another"]),
    ]
    readers = {name: Reader() for name in FEEDS}
    for now, notice, expected in series:
        made = files(promises.OUTLET, of(notice, now=at(now)))
        for name in FEEDS:
            assert sorted(readers[name].shown(made[name])) == sorted(expected), (name, now)


def test_nothing_is_made_anew_on_a_day_on_which_nothing_became_of_any():
    """The clock alone changes the feeds and the calendar when a promise is found late, and then once."""
    notice = broke(action("03-12"), action("03-15", "03-14", text="Another"))

    def inputs(now: str) -> list[object]:
        return [
            file.inputs for outlet in (promises.OUTLET, due.OUTLET) for file in outlet.files(of(notice, now=at(now)))
        ]

    assert inputs("03-14 09:00") == inputs("03-30 09:00")
    assert inputs("03-12 23:59") != inputs("03-13 00:00")


@ONCE
@given(logs(), instants(), st.integers(0, 60))
def test_whatever_was_promised_every_feed_is_valid_and_equal_inputs_make_equal_bytes(
    log: Log, now: datetime, days: int
):
    """And nothing in one is dated ahead."""
    known = replace(site(), host=settings().host, feed_authority="status.example.com")
    early, late = (basis(log, known, instant) for instant in (now, now + timedelta(days=days)))
    check({file.at: file.make() for file in promises.OUTLET.files(early)}, now)
    for outlet in (promises.OUTLET, due.OUTLET):
        for one, other in zip(outlet.files(early), outlet.files(late), strict=True):
            if one.inputs == other.inputs:
                assert one.make() == other.make()


@ONCE
@given(logs(), st.lists(instants(), min_size=2, max_size=4))
def test_what_was_told_stays_told(log: Log, visits: Sequence[datetime]):
    """As the clock goes on, things are added, and nothing that a reader has seen changes its id or its time."""
    known = replace(site(), host=settings().host)
    seen: dict[str, dict[str, Any]] = {}
    for now in sorted(visits):
        report = Report.of(log, known, now)
        told = {f"{one.promise.notice}/{one.key}/{event.id}": event for one in promised(report) for event in one.events}
        dated = {f"{one.promise.notice}/{one.key}" for one in promised(report) if one.dated}
        for id_, event in seen.items():
            if id_.rpartition("/")[0] in dated:
                assert told[id_] == event
        seen = dict(told)


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_an_entry_is_a_promise_that_is_updated_by_what_becomes_of_it(kind: str):
    notice = broke(action("03-12", "03-18"), action("03-30", text="Another"))
    entries = parsed(files(promises.OUTLET, of(notice))[f"history.{kind}"]).entries

    assert [entry.title for entry in entries] == ["Kept late: Page on disk at 80 %", "Promised: Another"]
    assert entries[0].id.startswith("tag:status.example.com,2026:it-broke/promises/")
    assert "Done on 18 Mar 2026; it was due on 12 Mar 2026." in str(entries[0])
    assert "Promised on 9 Mar 2026, to be done by 12 Mar 2026." in str(entries[0])
    assert entries[0].link == "https://status.example.com/incidents/it-broke/#post-mortem"
    if kind == "atom":
        assert (entries[0].published, entries[0].updated) == ("2026-03-09T10:00:00+00:00", "2026-03-18T00:00:00+00:00")


def proved(*edits: tuple[str, str, str], notice: str = "it-broke") -> Record:
    """That a promise's line was another one: when, before and after."""
    changes = tuple(
        Edit(part=ACCOUNT, time=at(time), commit="c0ffee", before=before, after=after) for time, before, after in edits
    )
    appeared = {ACCOUNT: at("03-09 10:30")}
    return Record(
        head="c0ffee",
        evidence={notice: Evidence(appeared=appeared, edits=changes)},
        digests={notice: repr(edits).encode()},
        edited=(notice,),
    )


def line(day: str) -> str:
    another = "- [ ] Another (owner: x, due: 2026-01-01)"
    return f"### What we are changing\n\n{another}\n- [ ] Page on disk\n  at 80 % (owner: platform, due: 2026-{day})"


def test_a_day_that_was_moved_is_told_where_the_record_proves_it():
    """That it was late before it was moved stays told."""
    record = proved(("03-10 09:00", line("03-11"), line("03-12")), ("03-14 09:00", line("03-12"), line("03-30")))

    text = "Page on disk at 80 %"
    assert titles(broke(action("03-30")), record=record) == [
        f"Moved: {text}", f"Late: {text}", f"Moved: {text}", f"Promised: {text}",
    ]  # fmt: skip
    (told,) = promised(of(broke(action("03-30")), record=record).report)
    assert [(one.what, one.due) for one in told.events] == [
        (Happened.MADE, date(2026, 3, 11)),
        (Happened.MOVED, date(2026, 3, 12)),
        (Happened.LATE, date(2026, 3, 12)),
        (Happened.MOVED, date(2026, 3, 30)),
    ]
    assert len({one.id for one in told.events}) == len(told.events)


def test_when_a_promise_was_made_is_what_the_post_mortem_says_else_what_the_record_proves():
    """Where neither does, no day is named."""
    one = broke(action("03-30"), posted=None)

    (told,) = promised(of(one, record=proved()).report)
    assert (told.dated, told.events[0].time) == (True, at("03-09 10:30"))
    (told,) = promised(of(one).report)
    assert (told.dated, told.events[0].time) == (False, at("15:00"))
    made = json.loads(files(promises.OUTLET, of(one))["feed.json"])
    assert "<p>Promised, to be done by 30 Mar 2026.</p>" in made["items"][0]["content_html"]


def test_a_promise_keeps_its_id_in_another_language_and_two_alike_have_two():
    twice = broke(action("03-30"), action("03-30"))
    known = settings("api", "web", languages=["en", "de"])
    account = PostMortem(
        sections=(Section(title="Was wir ändern", body="", actions=(action("03-30", text="Alarm"),) * 2),)
    )
    words = Translation(notice="it-broke", lang="de", title="Es brach", bodies={}, post_mortem=account)
    report = Report.of(Log.of([twice], [words]), known, NOW)
    index = report.index["it-broke"]

    assert len(set(index.promise_keys)) == 2
    translated = Index.of(Log.of([twice], [words]), known.zone).in_language("de").entries[0]
    assert [text for text, *_ in translated.actions] == ["Alarm", "Alarm"]
    assert translated.promise_keys == index.promise_keys


STATES: Mapping[str, tuple[Action, str]] = {
    "open": (action("03-30"), "Due: "),
    "due today": (action("03-20"), "Due: "),
    "late": (action("03-19"), "Late: "),
    "kept": (action("03-19", "03-19"), "Kept: "),
    "kept late": (action("03-19", "03-20"), "Kept late: "),
    "kept tomorrow": (action("03-19", "03-21"), "Late: "),
}


@pytest.mark.parametrize("state", STATES)
def test_it_stands_in_the_calendar_on_its_day(state: str):
    one, said = STATES[state]
    (event,) = events(of(broke(one)))

    assert event["summary"] == f"{said}Page on disk at 80 %"
    assert (event["dtstart"].dt, event["dtend"].dt) == (one.due, one.due + timedelta(days=1))
    assert (event["status"], event["transp"]) == ("CONFIRMED", "TRANSPARENT")
    assert event["url"] == "https://status.example.com/incidents/it-broke/#post-mortem"
    assert event["categories"].cats == ["API"]
    assert event["description"].startswith("Owner: platform\n")


def test_what_becomes_of_it_is_the_same_event_of_a_higher_sequence():
    """A program that was told of it once replaces what it shows, also after the day has moved."""
    story = [
        (broke(action("03-15")), "03-10 09:00"),
        (broke(action("03-15")), "03-16 09:00"),
        (broke(action("03-18")), "03-16 10:00"),
        (broke(action("03-18")), "03-19 09:00"),
        (broke(action("03-18", "03-19")), "03-19 10:00"),
    ]
    told = [events(of(notice, now=at(now)))[0] for notice, now in story]

    assert len({str(event["uid"]) for event in told}) == 1
    sequences = [int(event["sequence"]) for event in told]
    assert sequences == sorted(set(sequences))


@pytest.mark.parametrize("nasty", NASTY)
def test_whatever_is_typed_it_is_well_formed(nasty: str):
    text = nasty.replace("\ud800", "")  # which no file can hold
    some = of(broke(action("03-30", text=text, owner=nasty), title=nasty))

    assert len(events(some)) == 1
    check({file.at: file.make() for file in promises.OUTLET.files(some)}, NOW)


def test_all_that_is_not_kept_is_in_the_calendar_and_of_the_rest_the_newest():
    kept = [action("03-01", "03-01", text=f"Kept {n}") for n in range(due.KEPT + 3)]
    late = [action("03-02", text=f"Late {n}") for n in range(due.KEPT + 3)]

    said = [str(event["summary"]).partition(":")[0] for event in events(of(broke(*kept, *late)))]
    assert (said.count("Kept"), said.count("Late")) == (due.KEPT, due.KEPT + 3)


@ONCE
@given(logs(), instants())
def test_page_feed_calendar_and_json_say_the_same_of_every_promise(log: Log, now: datetime):
    some = basis(log, replace(site(), host=settings().host), now)
    counts = json.loads({f.at: f.make for f in machines.OUTLET.every(some)}["api/aboveboard/actions.json"]())["counts"]

    assert {state: sum(one.promise.state == state for one in promised(some.report)) for state in counts} == counts
    page = BeautifulSoup(Pages(some.report, some.urls, markdown).page(Page.PROMISES).content, "html.parser")
    headings = {"late": "Late", "open": "Not yet due", "kept": "Kept", "kept_late": "Kept late"}
    for state, heading in headings.items():
        shown = [one for one in page.find_all("h2") if one.get_text() == heading]
        assert len(shown) == bool(counts[state])
        for one in shown:
            note = one.find_next_sibling("p")
            assert note is not None
            assert note.get_text().split()[0] == str(counts[state])
    said = [str(event["summary"]).partition(":")[0] for event in events(some)]
    words = {"late": "Late", "open": "Due", "kept": "Kept", "kept_late": "Kept late"}
    assert {state: said.count(word) for state, word in words.items()} == counts
    feed = json.loads({f.at: f.make for f in promises.OUTLET.files(some)}[f"{BELOW}feed.json"]())
    if len(feed["items"]) < 100:
        by_what = {what: [item for item in feed["items"] if f"/{what}" in item["id"]] for what in ("made", "kept")}
        assert len(by_what["made"]) == sum(counts.values())
        assert len(by_what["kept"]) == counts["kept"] + counts["kept_late"]


def test_a_site_without_promises_has_feeds_and_a_calendar_that_are_empty():
    made = files(promises.OUTLET, of())

    assert titles() == []
    assert parsed(made["updates.atom"]).feed.title == "Test status: promises, every update"
    assert events(of()) == []
