"""What is decided for one `now`."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from aboveboard import uptime
from aboveboard.candour import PromiseState
from aboveboard.coming import coming
from aboveboard.headline import Mood
from aboveboard.model import (
    Action,
    Announcement,
    ComponentStatus,
    Impact,
    Log,
    Notice,
    PostMortem,
    Retirement,
    Section,
    Status,
)
from aboveboard.options import read as read_settings
from aboveboard.render.answer import Said, answer
from aboveboard.render.clock import Clock
from aboveboard.report import Report
from aboveboard.standing import days_of
from make import DEGRADED, FINE, HOST, MAJOR, PARTIAL, UNKNOWN, WORK, at, incident, maintenance, settings, updates
from strategies import ZONES, instants, logs, site

NOW = at("16:00")


def report(*notices: Notice, now=NOW, **more) -> Report:
    return Report.of(Log.of(notices), settings("api", "web", "db", **more), now)


def said(made: Report) -> Said:
    return answer(made.headline, Clock(made.settings.zone, made.now))


@pytest.mark.parametrize(
    ("notices", "mood", "sentence"),
    [
        ([], Mood.WELL, "All 3 components are working, as far as we know."),
        ([incident(started="14:00")], Mood.OURS, "It is us. API is down."),
        (
            [incident(started="14:00", components={"api": PARTIAL, "web": PARTIAL, "db": DEGRADED})],
            Mood.OURS,
            "It is us. API and WEB have a partial outage.",
        ),
        (
            [incident(started="14:00", cause="third_party", components={"db": DEGRADED})],
            Mood.SUPPLIERS,
            "It is a supplier of ours. DB is degraded.",
        ),
        (
            [incident("x", "14:00 investigating", ("15:00 monitoring", {"api": FINE}))],
            Mood.WATCHING,
            "It works again, and we are watching.",
        ),
        (
            [incident(started="14:00", components={}, stated_impact=Impact.MAJOR, title="Invoices are wrong")],
            Mood.OURS,
            "It is us. Invoices are wrong.",
        ),
        ([maintenance(window=("15:00", "17:00"))], Mood.MAINTENANCE, "Planned work is going on: API."),
        (
            [maintenance(window=("13:00", "14:00"))],
            Mood.OVERRUN,
            "Planned work on API is taking longer than we said.",
        ),
        ([maintenance(window=("03-03 13:00", "03-03 14:00"))], Mood.WELL, None),
        (
            [incident("x", started="14:00", components={"api": UNKNOWN}, stated_impact=Impact.NONE)],
            Mood.UNKNOWN,
            "We cannot say how API is.",
        ),
    ],
)
def test_the_headline_answers_whether_it_is_us(notices, mood, sentence):
    made = report(*notices)

    assert made.headline.mood == mood
    if sentence:
        assert said(made).sentence == sentence


@pytest.mark.parametrize(
    ("notices", "mood", "sentence"),
    [
        (
            [incident("x", "14:00 investigating", components={}, stated_impact=Impact.NONE, title="Odd noises")],
            Mood.LOOKING,
            "We are looking into this: Odd noises.",
        ),
        (
            [incident("x", "13:00 investigating", ("14:00 resolved", {"api": FINE}), "15:00 investigating")],
            Mood.OURS,
            "It is us. API is down.",
        ),
        (
            [
                incident("x", started="14:00", components={"api": DEGRADED}, cause="third_party"),
                maintenance(window=("13:00", "17:00"), components={"web": MAJOR}),
            ],
            Mood.SUPPLIERS,
            "It is a supplier of ours. API is degraded.",
        ),
        (
            [
                maintenance("late", window=("13:00", "14:00"), components={"db": WORK}),
                maintenance("fine", window=("15:00", "17:00"), components={"web": WORK}),
            ],
            Mood.OVERRUN,
            "Planned work on DB is taking longer than we said.",
        ),
    ],
    ids=["not hurt", "reopened", "not the supplier's work", "the late one"],
)
def test_the_headline_speaks_of_what_it_is_about(notices, mood, sentence):
    made = report(*notices)

    assert (made.headline.mood, said(made).sentence) == (mood, sentence)


def test_an_incident_without_components_says_nothing_of_those_that_work():
    made = report(incident(started="14:00", components={}, stated_impact=Impact.MAJOR, title="Checkout fails"))

    assert said(made).rest == ""


def test_days_between_two_outages_of_one_incident_are_not_days_of_outage():
    """It was reopened three days later: what happened is told on the days on which it happened."""
    flapping = incident(
        "x", "02-25 09:00 investigating", "02-25 10:00 resolved", "02-28 09:00 investigating", "02-28 10:00 resolved"
    )
    made = report(flapping)
    days = {day.day.isoformat(): [(event.state, event.lasted) for event in day.events] for day in made.recent}

    assert days["2026-02-25"] == days["2026-02-28"] == [(MAJOR, timedelta(hours=1))]
    assert days["2026-02-26"] == days["2026-02-27"] == []
    assert made.notices["x"].length == timedelta(hours=2)


def test_a_past_day_shows_what_it_was_and_today_that_it_is_open():
    watched = incident("x", "03-01 09:00 investigating", ("03-01 15:00 monitoring", {"api": FINE}))
    today, yesterday = report(watched).recent[:2]

    assert [(event.state, event.lasted, event.is_open) for event in today.events] == [(FINE, None, True)]
    assert [(event.state, event.lasted) for event in yesterday.events] == [(MAJOR, timedelta(hours=6))]


def test_a_window_of_a_series_is_told_as_what_it_was_itself():
    window = ("02-23 14:00", "02-23 15:00")
    weekly = maintenance("m", "02-01 09:00 scheduled", window=window, recurs="FREQ=WEEKLY")
    events = [event for day in report(weekly, now=at("02-25 12:00")).recent for event in day.events]

    assert [event.status for event in events] == [Status.COMPLETED]


def test_a_series_that_was_called_off_is_filed_by_its_last_window():
    off = maintenance(
        "m",
        "02-01 09:00 scheduled",
        "02-25 09:00 cancelled",
        window=("02-23 14:00", "02-23 15:00"),
        recurs="FREQ=WEEKLY",
    )

    assert report(off).notices["m"].window.start == at("02-23 14:00")


def test_maintenance_years_ahead_is_no_trouble():
    far = maintenance("m", window=("2036-01-01 00:00", "2036-01-01 01:00"), recurs="FREQ=YEARLY")

    assert [window.start for window in report(far).ahead] == [at("2036-01-01 00:00")]


def test_a_site_whose_first_notice_lies_ahead_speaks_from_when_it_was_posted():
    ahead = maintenance("m", window=("03-20 14:00", "03-20 15:00"))
    made = Report.of(Log.of([ahead]), read_settings({"components": [{"id": "api", "name": "API"}]}, HOST), NOW)

    assert made.components["api"].since == at("03-01 09:00")
    assert [day.known for day in made.recent[:3]] == [True, True, False]


def test_an_incident_born_resolved_keeps_its_impact():
    born = report(incident("x", "14:00 resolved", components={"api": MAJOR}))

    assert (born.notices["x"].notice.impact, born.notices["x"].state) == (Impact.CRITICAL, MAJOR)


def test_a_page_that_speaks_for_nothing_does_not_say_that_all_is_well():
    made = Report.of(Log.of([]), read_settings({}, HOST), NOW)

    assert made.headline.state == UNKNOWN
    assert said(made).sentence == "This page speaks for nothing yet: it knows of no component."


def test_the_headline_names_two_and_counts_the_rest():
    troubled = {f"c{n}": MAJOR for n in range(5)}
    made = Report.of(Log.of([incident(started="14:00", components=troubled)]), settings(*troubled, "ok"), NOW)

    assert said(made).sentence == "It is us. C0, C1 and three others are down."
    assert said(made).rest == "The other component is working."


def test_a_future_maintenance_never_makes_todays_board_anything_but_what_it_is():
    planned = report(maintenance(window=("17:00", "18:00")))

    assert {one.status for one in planned.components.values()} == {FINE}
    assert [window.start for window in planned.ahead] == [at("17:00")]
    assert planned.open == ()


def test_maintenance_under_way_is_open_and_then_past():
    work = maintenance("m", "03-01 09:00 scheduled", "15:00 in_progress", "17:00 completed", window=("15:00", "17:00"))

    assert report(work).components["api"].status == WORK
    assert [notice.id for notice in report(work).open] == ["m"]
    assert [window.id for window in report(work, now=at("18:00")).past] == ["m"]


def test_an_update_from_the_future_is_withheld_and_told():
    made = report(incident("x", "14:00 investigating", "18:00 resolved"))

    assert made.notices["x"].status == Status.INVESTIGATING
    assert [(one.notice.id, one.update.time) for one in made.withheld] == [("x", at("18:00"))]


def test_a_notice_from_the_future_is_not_there_at_all():
    assert not report(incident("x", "18:00 investigating")).notices


def test_quiet_days_are_told_as_such():
    made = report(incident("x", started="03-01 14:00", ended="03-01 15:00"))

    assert [len(day.events) for day in made.recent[:3]] == [0, 1, 0]
    assert len(made.recent) == 14


def test_an_outage_over_midnight_stands_on_both_days_with_its_part_of_each():
    made = report(incident("x", started="02-28 23:00", ended="03-01 02:00"))

    assert [event.lasted for day in made.recent for event in day.events] == [timedelta(hours=2), timedelta(hours=1)]


def test_days_before_we_spoke_for_a_component_are_no_data():
    made = report(since="2026-03-01")

    assert [day.worst for day in made.components["api"].days[-3:]] == [UNKNOWN, FINE, FINE]


def test_a_retirement_ends_its_component():
    going = Retirement(
        id="bye",
        title="DB ends",
        updates=updates("01-05 09:00 update"),
        components=("db",),
        announced=at("01-05 09:00"),
        ends=at("03-01 00:00"),
    )
    before, after = report(going, now=at("02-01 00:00")), report(going)

    assert [notice.id for notice in before.retiring] == ["bye"]
    assert after.components["db"].retired
    assert [one.component.id for group in after.groups for one in group.components] == ["api", "web"]
    assert after.components["db"].line.known[0].end == at("03-01 00:00")


def test_an_announcement_is_pinned_until_it_says():
    word = Announcement(id="hi", title="Hi", updates=updates("09:00 update"), pinned_until=at("17:00"))

    assert [notice.id for notice in report(word).pinned] == ["hi"]
    assert report(word, now=at("17:00")).pinned == ()


@pytest.mark.parametrize(
    ("due", "done", "state", "days"),
    [
        ("2026-03-02", None, PromiseState.OPEN, 0),
        ("2026-03-01", None, PromiseState.LATE, 1),
        ("2026-03-01", "2026-03-01", PromiseState.KEPT, 0),
        ("2026-02-20", "2026-02-23", PromiseState.KEPT_LATE, 3),
        ("2026-03-05", "2026-03-04", PromiseState.OPEN, -3),
    ],
)
def test_a_promise_is_kept_by_its_day_or_it_is_not(due, done, state, days):
    from datetime import date

    action = Action(
        text="Mend it", owner="us", due=date.fromisoformat(due), done=date.fromisoformat(done) if done else None
    )
    account = PostMortem(sections=(Section(title="What we are changing", body="", actions=(action,)),))
    (promise,) = report(
        replace(incident("x", started="02-01 14:00", ended="02-01 15:00"), post_mortem=account)
    ).promises

    assert (promise.state, promise.days) == (state, days)


def test_measures_are_none_where_nothing_was_stated():
    """A start that nobody stated is not measured as if the first post had been on time."""
    made = report(incident("x", "14:00 investigating", "15:00 resolved"))

    assert made.notices["x"].told_after is None


def test_measures_of_a_late_first_word():
    made = report(
        incident("x", "14:17 investigating", "14:30 identified", "15:20 resolved", started="14:00", ended=None)
    )
    shown = made.notices["x"]

    assert shown.told_after == timedelta(minutes=17)
    assert shown.longest_silence == timedelta(minutes=50)
    assert shown.said_over_after is None, "nothing but the Resolved tells its end"


def test_a_group_shows_the_worst_of_its_own():
    written = {
        "groups": [{"id": "core", "name": "Core"}],
        "components": [{"id": "api", "name": "API", "group": "core"}, {"id": "web", "name": "WEB", "group": "core"}],
    }
    made = report(incident(started="14:00"), **written)
    (group,) = made.groups

    assert group.status == MAJOR
    assert group.days[-1].worst == MAJOR
    assert group.all_up["7d"].figures["strict"].lost > 0


def test_an_import_that_names_no_status_is_told_as_no_data_not_as_good():
    imported = incident(
        "x", "14:00 investigating", "15:00 resolved", components={"api": UNKNOWN}, stated_impact=Impact.MINOR
    )
    made = report(imported)

    assert made.components["api"].days[-1].worst == UNKNOWN
    assert made.notices["x"].state == ComponentStatus.DEGRADED_PERFORMANCE


@given(logs(most=3), instants(), st.integers(1, 400), st.sampled_from(ZONES))
def test_days_are_told_as_if_each_was_looked_at(log: Log, now: datetime, number: int, zone: str):
    """Those on which nothing was take a shorter way."""
    known = site(zone)
    for shown in Report.of(log, known, now).components.values():
        told = list(days_of(shown.line, number, now, known.zone))
        looked_at = [next(uptime.glances(shown.line, [uptime.calendar_day(day.day, known.zone)])) for day in told]
        assert [(day.worst, day.troubled, day.notices) for day in told] == looked_at
        assert told[-1].day - told[0].day == timedelta(days=number - 1)
        assert told[-1].day == uptime.day_of(now, known.zone)


def test_where_the_headline_is_about_no_notice_none_is_one_more():
    """Nobody said how it is: the notice that does not say is open, and no further one."""
    made = report(incident("x", started="14:00", components={"api": UNKNOWN}))

    said = answer(made.headline, Clock(made.settings.zone, made.now))
    assert (said.sentence, said.rest) == (
        "We cannot say how API is.",
        "The other 2 components are working. 1 notice is open.",
    )


def test_what_names_no_component_stands_on_the_ruler_while_it_is_open():
    """Beside what others do; in the states to come as well."""
    log = Log.of(
        [
            incident("nameless", started="14:00", components={}, stated_impact=Impact.MAJOR),
            incident("it-broke", started="12:00", ended="13:00"),
        ]
    )
    report = Report.of(log, settings("api"), NOW)

    assert [(one.span.start, one.span.end, one.notices) for one in report.trouble] == [
        (at("12:00"), at("13:00"), ("it-broke",)),
        (at("14:00"), at("16:00"), ("nameless",)),
    ]
    later = list(coming(report))
    assert later
    assert [one.trouble[-1].notices for one in later] == [("nameless",)] * len(later)
