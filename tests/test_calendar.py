"""The calendar: what any program that reads one makes of it is what the report says of planned work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from icalendar import Calendar, Event
from markdown import markdown
from msgspec.structs import replace

from aboveboard.model import ACCOUNT, FACTS, Edit, Evidence, Log, Maintenance, Notice, Record, Status, Update
from aboveboard.render import ical
from aboveboard.render.calendar import OUTLET
from aboveboard.render.outlet import Basis
from aboveboard.render.plain import plain
from aboveboard.report import Report
from aboveboard.urls import Urls
from aboveboard.window import starts, windows
from make import WORK, at, incident, maintenance, settings, updates
from strategies import logs, maintenances, site
from test_feeds import NASTY

NOW = at("03-20 12:00")

NOTHING = Record()
"""What git proves where it is not asked."""


def files(*notices: Notice, now: datetime = NOW, record: Record = NOTHING, **known: Any) -> dict[str, bytes]:
    return printed(Log.of(notices), settings("api", "web", **known), now, record)


def printed(log: Log, known: Any, now: datetime, record: Record = NOTHING) -> dict[str, bytes]:
    basis = Basis(Report.of(log, known, now, record=record), Urls(known), markdown, Path("/nowhere"))
    return {file.at: file.make() for file in OUTLET.files(basis)}


def events(data: bytes) -> list[Any]:
    check(data)
    return list(Calendar.from_ical(data).walk("VEVENT"))


def the_event(*notices: Notice, **known: Any) -> Any:
    (event,) = events(files(*notices, **known)["maintenance.ics"])
    return event


def check(data: bytes) -> None:
    """The rules of RFC 5545 that programs stumble over."""
    text = data.decode()
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    # "Lines of text SHOULD NOT be longer than 75 octets, excluding the line break."  3.1
    assert max(map(len, data.split(b"\r\n"))) <= 75
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text)
    assert len(text.splitlines()) == text.count("\r\n"), "what some programs take for the end of a line is in a line"
    calendar = Calendar.from_ical(data)
    assert [error for one in calendar.walk() for error in one.errors] == []
    zones = {str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")}
    named = set(re.findall(r"TZID=([^:;]+)[:;]", text))
    assert zones == named
    assert calendar.to_ical() == data, "the library prints it otherwise"
    seen = set()
    for event in calendar.walk("VEVENT"):
        for name in ("uid", "dtstamp", "dtstart", "summary", "sequence", "status", "last-modified", "url"):
            assert name in event, name
        which = str(event["uid"]), event["recurrence-id"].dt if "recurrence-id" in event else None
        assert which not in seen
        seen.add(which)
        # "The "VEVENT" … either 'dtend' or 'duration' MAY appear in a 'eventprop', but 'dtend' and 'duration' MUST NOT
        # occur in the same 'eventprop'."  3.6.1
        assert not ("dtend" in event and "duration" in event)
        if "dtend" in event:
            assert event["dtend"].dt > event["dtstart"].dt
        if "duration" in event:
            assert event["duration"].dt > timedelta()
        if until := event.get("rrule", {}).get("UNTIL"):
            assert until[0].utcoffset() == timedelta()


def test_work_stands_in_it_with_all_that_was_posted():
    event = the_event(maintenance("routers", "03-01 09:00 scheduled", "03-01 10:00 update", title="New; routers, two"))

    assert str(event["uid"]) == "routers@status.example.com"
    assert str(event["summary"]) == "New; routers, two"
    assert (event["dtstart"].dt, event["dtend"].dt) == (at("14:00"), at("15:00"))
    assert event["dtstamp"].dt == event["last-modified"].dt == at("03-01 10:00")
    assert event["created"].dt == at("03-01 09:00")
    assert (int(event["sequence"]), str(event["status"])) == (1, "CONFIRMED")
    assert str(event["url"]) == "https://status.example.com/incidents/routers/"
    assert event["categories"].cats == ["API"]
    assert str(event["description"]) == (
        "Update · 2026-03-01 10:00 UTC\nWe write at 03-01 10:00.\n\n"
        "Scheduled · 2026-03-01 09:00 UTC\nWe write at 03-01 09:00.\n\n"
        "https://status.example.com/incidents/routers/"
    )


def test_what_moves_is_the_same_event_of_a_higher_sequence():
    first = maintenance("routers")
    moved = maintenance("routers", "03-01 09:00 scheduled", "03-01 10:00 scheduled", window=("16:00", "18:00"))
    before, after = the_event(first), the_event(moved)

    assert before["uid"] == after["uid"]
    assert (int(before["sequence"]), int(after["sequence"])) == (0, 1)
    assert before["last-modified"].dt < after["last-modified"].dt
    assert after["dtstart"].dt == at("16:00")


def edited(*edits: tuple[str, str, str]) -> Record:
    """A record in which "routers" was changed: which part, when, and into what."""
    made = tuple(
        Edit(part=part, time=at(time), commit="c", before="before", after=after) for part, time, after in edits
    )
    return Record(head="c", evidence={"routers": Evidence(appeared={}, edits=made)}, digests={"routers": b"1"})


def test_a_window_that_moves_without_a_word_is_of_a_higher_sequence_too():
    """Git knows of it; a change of the post-mortem is none of the event's."""
    posted = maintenance("routers", "03-01 09:00 scheduled", "03-01 10:00 update")
    moved = replace(posted, scheduled_for=at("16:00"), scheduled_until=at("18:00"))
    record = edited((FACTS, "03-01 12:30", "scheduled_for: later"), (ACCOUNT, "03-09 12:00", "another"))
    before, after = the_event(posted), the_event(moved, record=record)

    assert (int(before["sequence"]), int(after["sequence"])) == (1, 2)
    assert before["last-modified"].dt == at("03-01 10:00")
    assert after["last-modified"].dt == after["dtstamp"].dt == at("03-01 12:30")
    calendar: Any = Calendar.from_ical(files(moved, record=record)["maintenance.ics"])
    assert calendar["last-modified"].dt == at("03-01 12:30")


def test_a_word_that_is_taken_away_does_not_lower_the_sequence():
    both = maintenance("routers", "03-01 09:00 scheduled", "03-01 10:00 update")
    one = maintenance("routers", "03-01 09:00 scheduled")
    record = edited((both.updates[1].id, "03-01 11:00", ""))

    assert int(the_event(both)["sequence"]) < int(the_event(one, record=record)["sequence"])


@pytest.mark.parametrize(
    ("posts", "times", "status"),
    [
        (("14:00 in_progress",), ("14:00", "15:00"), "CONFIRMED"),
        (("13:50 in_progress", "14:40 completed"), ("13:50", "14:40"), "CONFIRMED"),
        (("14:00 in_progress", "16:30 completed"), ("14:00", "16:30"), "CONFIRMED"),
        (("03-01 12:00 cancelled",), ("14:00", "15:00"), "CANCELLED"),
        (("14:10 in_progress", "14:20 cancelled"), ("14:00", "15:00"), "CANCELLED"),
    ],
)
def test_what_became_of_it_is_in_it(posts: tuple[str, ...], times: tuple[str, str], status: str):
    """From when to when it really was, once that was posted."""
    event = the_event(maintenance("routers", "03-01 09:00 scheduled", *posts))

    assert (event["dtstart"].dt, event["dtend"].dt) == (at(times[0]), at(times[1]))
    assert str(event["status"]) == status


def test_a_component_and_a_group_have_calendars_of_their_own():
    known = {"components": [{"id": "api", "name": "API", "group": "g"}, {"id": "web", "name": "Web"}],
             "groups": [{"id": "g", "name": "Group"}]}  # fmt: skip
    made = files(maintenance("one"), maintenance("two", components={"web": WORK}), incident(), **known)

    assert {path: [str(event["uid"]).partition("@")[0] for event in events(data)] for path, data in made.items()} == {
        "maintenance.ics": ["two", "one"],
        "feeds/components/api/maintenance.ics": ["one"],
        "feeds/components/web/maintenance.ics": ["two"],
        "feeds/groups/g/maintenance.ics": ["one"],
    }
    assert b"X-WR-CALNAME:Test status: planned work\\, Web\r\n" in made["feeds/components/web/maintenance.ics"]


def test_a_calendar_says_who_it_is_and_how_often_to_look():
    calendar: Any = Calendar.from_ical(files()["maintenance.ics"])

    assert str(calendar["name"]) == str(calendar["x-wr-calname"]) == "Test status: planned work"
    assert calendar["refresh-interval"].dt == timedelta(hours=1)
    assert str(calendar["source"]) == "https://status.example.com/maintenance.ics"
    assert calendar.walk("VEVENT") == []


def at_of(starts_: list[datetime], post: str, time: str) -> Update:
    (update,) = updates(post)
    return replace(update, occurrence=next(one for one in starts_ if one == at(time)))


def test_windows_about_which_something_was_posted_are_told_apart():
    """The rule tells when; one that was called off, and one that took longer, say so themselves."""
    series = maintenance("weekly", "03-01 09:00 scheduled", recurs="FREQ=WEEKLY")
    all_starts = list(islice(starts(series), 4))
    series = replace(
        series,
        updates=(
            *series.updates,
            at_of(all_starts, "03-02 14:01 in_progress", "03-02 14:00"),
            at_of(all_starts, "03-02 16:00 completed", "03-02 14:00"),
            at_of(all_starts, "03-08 10:00 cancelled", "03-09 14:00"),
        ),
    )
    whole, longer, off = events(files(series)["maintenance.ics"])

    assert dict(whole["rrule"]) == {"FREQ": ["WEEKLY"]}
    assert [one["recurrence-id"].dt for one in (longer, off)] == [at("03-02 14:00"), at("03-09 14:00")]
    assert longer["dtend"].dt == at("03-02 16:00")
    assert [str(one["status"]) for one in (whole, longer, off)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert [int(one["sequence"]) for one in (whole, longer, off)] == [0, 2, 1]


def test_a_series_that_was_called_off_ends_then():
    series = maintenance("weekly", "03-01 09:00 scheduled", "03-12 09:00 cancelled", recurs="FREQ=WEEKLY;COUNT=9")
    event = the_event(series)

    assert dict(event["rrule"]) == {"FREQ": ["WEEKLY"], "UNTIL": [at("03-12 08:59") + timedelta(seconds=59)]}
    assert (
        str(the_event(replace(series, scheduled_for=at("03-16 14:00"), scheduled_until=at("03-16 15:00")))["status"])
        == "CANCELLED"
    )


ZONES = ["UTC", "Europe/Dublin", "America/St_Johns", "Australia/Lord_Howe"]


@pytest.mark.parametrize("zone", ZONES)
@hypothesis_settings(max_examples=max(10, hypothesis_settings.default.max_examples // 5))
@given(st.data())
def test_any_log_makes_a_calendar_that_can_be_read(zone: str, data: st.DataObject):
    log = data.draw(logs(zone, most=3))
    known = replace(site(zone), host=settings().host)
    for made in printed(log, known, datetime(2028, 1, 1, tzinfo=UTC)).values():
        events(made)


@hypothesis_settings(max_examples=max(20, hypothesis_settings.default.max_examples // 2))
@given(maintenances("Europe/Dublin"))
def test_the_rule_counts_out_the_windows_that_the_report_knows(series: Maintenance):
    """In the zone that it names, over the changes of its clocks."""
    if not series.recurs:
        return
    known = replace(site("Europe/Dublin"), host=settings().host)
    whole = events(printed(Log.of([series]), known, datetime(2028, 1, 1, tzinfo=UTC))["maintenance.ics"])[0]
    zone = ZoneInfo("Europe/Dublin")
    first = whole["dtstart"].dt.replace(tzinfo=None)
    text = whole["rrule"].to_ical().decode()
    text = re.sub(r"UNTIL=(\d{8}T\d{6})Z", lambda found: f"UNTIL={until(found[1], zone)}", text)
    counted = [local.replace(tzinfo=zone).astimezone(UTC) for local in islice(rrulestr(text, dtstart=first), 12)]
    off = next((u.time for u in series.updates if not u.occurrence and u.status == Status.CANCELLED), None)
    if str(whole["status"]) == "CANCELLED":
        assert off
        assert off <= series.scheduled_for
        return
    held = [
        window.start for window in islice(windows(series, datetime(2060, 1, 1, tzinfo=UTC)), 12) if not window.cancelled
    ]
    assert counted == held[: len(counted)]
    assert len(counted) == min(12, len(held))


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        ("2026-10-25 00:59", "2026-10-25 01:00", ("20261025T015900", timedelta(minutes=1))),  # ends in the second 1 h
        ("2026-10-25 01:10", "2026-10-25 02:10", ("20261025T011000", timedelta(hours=1))),
        ("2026-10-24 23:30", "2026-10-25 00:30", ("20261025T003000", None)),
    ],
)
def test_a_series_whose_first_window_is_in_the_hour_that_comes_twice_tells_how_long_it_is(
    start: str, end: str, told: tuple[str, timedelta | None]
):
    begins, ends = (datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (start, end))
    series = replace(
        maintenance(recurs="FREQ=WEEKLY"), scheduled_for=begins, scheduled_until=ends, zone="Europe/Dublin"
    )
    known = replace(site("Europe/Dublin"), host=settings().host)
    (whole,) = events(printed(Log.of([series]), known, datetime(2026, 9, 1, tzinfo=UTC))["maintenance.ics"])

    assert whole["dtstart"].to_ical().decode() == told[0]
    assert ("duration" in whole and whole["duration"].dt) == (told[1] or False)


def until(utc: str, zone: ZoneInfo) -> str:
    return f"{datetime.strptime(utc, '%Y%m%dT%H%M%S').replace(tzinfo=UTC).astimezone(zone):%Y%m%dT%H%M%S}"


@pytest.mark.parametrize("nasty", NASTY)
def test_whatever_is_typed_it_is_well_formed(nasty: str):
    body = nasty.replace("\ud800", "")
    work = maintenance("routers", title=nasty)
    work = replace(work, updates=(replace(work.updates[0], body=body),))
    known = settings("api")
    known = replace(known, name=nasty, components=(replace(known.components[0], name=nasty),))
    for data in printed(Log.of([work]), known, NOW).values():
        (event,) = events(data)
        said = re.sub("[\x00\x07\x1b\ufffe\ud800]", "", nasty)
        assert str(event["summary"]) == re.sub("[\u2028\u2029\x85]", "\n", said)


def test_time_alone_changes_nothing():
    """Work that the clock begins, and past whose end nobody has posted."""
    notices = (
        maintenance("routers", window=("03-20 13:00", "03-20 14:00")),
        maintenance("weekly", recurs="FREQ=WEEKLY"),
    )
    made = {tuple(files(*notices, now=NOW + timedelta(hours=hours)).items()) for hours in (0, 1.5, 24, 24 * 400)}

    assert len(made) == 1


def test_much_of_the_past_is_left_out():
    """All that is not over stands in it, and the latest twenty of what is."""
    old = [
        maintenance(f"n{n:02}", "01-01 09:00 scheduled", f"02-0{n % 9 + 1} {n % 24:02}:59 completed",
                    window=(f"02-0{n % 9 + 1} {n % 24:02}:00", f"02-0{n % 9 + 1} {n % 24:02}:30"))
        for n in range(70)
    ]  # fmt: skip
    found = [
        str(event["uid"]).partition("@")[0] for event in events(files(*old, maintenance("new"))["maintenance.ics"])
    ]

    assert found[0] == "new"
    assert len(found) == 21


def html() -> Iterator[tuple[str, str]]:
    yield "<p>One.</p>\n<p>Two &amp; <b>three</b>.</p>", "One.\n\nTwo & three."
    yield "<ul><li>a</li><li>b</li></ul>", "- a\n- b"
    yield (
        '<p>See <a href="https://example.com/?a=1&amp;b=2" rel="noopener">there</a>.</p>',
        "See there (https://example.com/?a=1&b=2).",
    )
    yield '<p><img alt="A graph" src="https://example.com/x.png"></p>', "A graph"
    yield "<p>one<br>two</p>", "one\ntwo"
    yield "", ""


@pytest.mark.parametrize(("written", "expected"), list(html()))
def test_html_as_plain_text(written: str, expected: str):
    assert plain(written) == expected


@hypothesis_settings(max_examples=200)
@given(st.text(st.sampled_from('ab ,;:\\^\n"é日🏳'), max_size=400))
def test_an_event_is_printed_as_the_library_prints_it(words: str) -> None:
    """Lines are cut where it cuts them: within no letter, and never between a mark and the letter that it escapes."""
    known = Event()
    known.add("summary", words)

    assert ical.event([f"SUMMARY:{ical.text(words)}"]) == known.to_ical()


@hypothesis_settings(max_examples=200)
@given(st.text(st.sampled_from("ab,;\\^"), min_size=60, max_size=300))
def test_an_event_in_plain_letters_is_printed_as_the_library_prints_it(words: str) -> None:
    """As most are."""
    known = Event()
    known.add("description", words)

    assert ical.event([f"DESCRIPTION:{ical.text(words)}"]) == known.to_ical()
