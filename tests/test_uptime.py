"""The arithmetic, by example. The laws are in test_properties.py."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from aboveboard import uptime
from aboveboard.model import ComponentStatus, Log, Notice, Rule
from aboveboard.span import Span
from make import DEGRADED, DUBLIN, FINE, MAJOR, PARTIAL, UNKNOWN, WORK, at, component, incident, maintenance

DAY = Span(at("00:00"), at("03-03 00:00"))
HOUR = Fraction(3600)


def tally(*notices: Notice, now: str = "03-05 00:00", window: Span = DAY) -> uptime.Tally:
    """What the day was made of, for `api`."""
    effects = uptime.effects(Log.of(notices), at(now))
    return uptime.tally(uptime.line(component(), effects.get("api", ()), at("2026-01-01 00:00"), at(now)), window)


def lost(made: uptime.Tally) -> dict[Rule, Fraction]:
    """Hours lost under each rule."""
    return {rule: made.figures[rule].lost / HOUR for rule in Rule}


def test_overlapping_outages_count_once():
    """Two teams reporting one outage do not make it twice as long."""
    made = tally(
        incident("one", started="14:00", ended="15:00"),
        incident("two", started="14:30", ended="15:30"),
    )

    assert made.of[MAJOR] == timedelta(minutes=90)
    assert made.notices == ("one", "two")


def test_the_worst_of_two_notices_wins():
    """While one notice says degraded and another down, it is down."""
    made = tally(
        incident("slow", started="13:00", ended="16:00", components={"api": DEGRADED}),
        incident("down", started="14:00", ended="15:00"),
    )

    assert made.of[MAJOR] == timedelta(hours=1)
    assert made.of[DEGRADED] == timedelta(hours=2)
    assert made.worst == MAJOR


def test_each_rule_weighs_by_its_own_table():
    """One hour each of slow, partly down and down."""
    made = tally(
        incident(
            "story",
            "10:00 investigating",
            ("11:00 update", {"api": PARTIAL}),
            ("12:00 update", {"api": MAJOR}),
            "13:00 resolved",
            components={"api": DEGRADED},
        )
    )

    assert lost(made) == {Rule.STRICT: 3, Rule.OUTAGE: 2, Rule.WEIGHTED: Fraction(13, 10)}
    assert {figure.known for figure in made.figures.values()} == {24 * HOUR}


def test_announced_maintenance_is_excused_by_all_but_the_strict_rule():
    made = tally(maintenance("m", "03-01 09:00 scheduled", "14:00 in_progress", "15:00 completed"))

    assert lost(made) == {Rule.STRICT: 1, Rule.OUTAGE: 0, Rule.WEIGHTED: 0}


def test_an_overrun_is_down_in_full():
    """Nobody said that it would take two hours."""
    made = tally(maintenance("m", "03-01 09:00 scheduled", "14:00 in_progress", "16:00 completed"))

    assert lost(made) == {Rule.STRICT: 2, Rule.OUTAGE: 1, Rule.WEIGHTED: 1}
    assert made.unexcused == timedelta(hours=1)


def test_an_overrun_is_not_softened_by_an_incident_that_is_less_bad():
    """A degraded component is up under the outage rule; that does not excuse the work that made it so."""
    work = maintenance("m", "03-01 09:00 scheduled", "14:00 in_progress", "16:00 completed")
    slow = incident("slow", started="15:00", ended="16:00", components={"api": DEGRADED})

    assert lost(tally(work, slow))[Rule.OUTAGE] == 1


def test_maintenance_announced_after_it_began_is_not_excused():
    made = tally(maintenance("m", "14:05 scheduled", "14:06 in_progress", "15:00 completed"))

    assert lost(made)[Rule.OUTAGE] == 1


def test_work_begun_before_its_window_is_excused_only_inside_it():
    made = tally(maintenance("m", "03-01 09:00 scheduled", "13:30 in_progress", "15:00 completed"))

    assert lost(made)[Rule.OUTAGE] == Fraction(1, 2)


def test_what_an_incident_calls_maintenance_was_announced_to_nobody():
    assert lost(tally(incident("x", started="14:00", ended="16:00", components={"api": WORK})))[Rule.OUTAGE] == 2


def test_cancelled_maintenance_costs_nothing():
    made = tally(maintenance("m", "03-01 09:00 scheduled", "13:00 cancelled"))

    assert made.of == {FINE: timedelta(days=1)}


def test_maintenance_follows_the_clock_until_a_person_completes_it():
    made = tally(maintenance("m"), now="17:00")

    assert made.of[ComponentStatus.UNDER_MAINTENANCE] == timedelta(hours=3)
    assert made.unexcused == timedelta(hours=2)


def test_unknown_is_no_data_and_never_good():
    """It leaves the denominator, and the rest is judged alone."""
    made = tally(incident("import", started="06:00", ended="18:00", components={"api": UNKNOWN}))

    assert made.no_data == timedelta(hours=12)
    assert made.figures[Rule.STRICT].known == 12 * HOUR
    assert made.worst == UNKNOWN


def test_known_trouble_is_told_although_another_notice_does_not_know():
    made = tally(
        incident("import", started="06:00", ended="18:00", components={"api": UNKNOWN}),
        incident("down", started="07:00", ended="08:00"),
    )

    assert made.of[MAJOR] == timedelta(hours=1)
    assert made.no_data == timedelta(hours=11)


def test_what_is_still_to_come_is_no_data():
    made = tally(now="06:00")

    assert made.of == {FINE: timedelta(hours=6)}
    assert made.no_data == timedelta(hours=18)


def test_an_empty_denominator_has_no_share():
    assert tally(window=Span(at("2025-01-01 00:00"), at("2025-01-02 00:00"))).figures[Rule.STRICT].share is None


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-07-01", 24)])
def test_a_day_is_as_long_as_the_clock_made_it(day: str, hours: int):
    assert uptime.calendar_day(date.fromisoformat(day), DUBLIN).length == timedelta(hours=hours)


def test_a_group_is_all_up_only_while_every_child_is():
    """Two children down one after the other: each lost an hour, all-up lost two."""
    log = Log.of(
        [
            incident("a", started="10:00", ended="11:00", components={"a": MAJOR}),
            incident("b", started="11:00", ended="12:00", components={"b": MAJOR}),
        ]
    )
    now, since = at("03-05 00:00"), at("2026-01-01 00:00")
    effects = uptime.effects(log, now)
    lines = [uptime.line(component(id), effects[id], since, now) for id in ("a", "b")]

    assert uptime.tally(uptime.worst_of(lines), DAY).figures[Rule.STRICT].lost == 2 * HOUR
    assert uptime.mean(uptime.tally(line, DAY).figures[Rule.STRICT] for line in lines) == Fraction(23, 24)


def test_a_child_without_data_does_not_vouch_for_its_group():
    log = Log.of([incident("a", started="10:00", ended="11:00", components={"a": UNKNOWN})])
    now, since = at("03-05 00:00"), at("2026-01-01 00:00")
    effects = uptime.effects(log, now)
    lines = [uptime.line(component(id), effects.get(id, ()), since, now) for id in ("a", "b")]

    assert uptime.tally(uptime.worst_of(lines), DAY).of[UNKNOWN] == timedelta(hours=1)


def test_a_glance_is_a_part_of_the_tally():
    """Of a day before, within and after a component's life, quiet or not."""
    unsaid = incident("b", started="14:30", components={"api": UNKNOWN})
    log = Log.of([incident("a", started="14:00", ended="15:00"), unsaid])
    now = at("03-05 10:00")
    line = uptime.line(component(since="2026-03-02 12:00"), uptime.effects(log, now).get("api", ()), now, now)
    for day in ("02-28", "03-02", "03-03", "03-05", "03-06"):
        window = Span(at(f"{day} 00:00"), at(f"{day} 00:00") + timedelta(days=1))
        whole = uptime.tally(line, window)
        quiet = whole.of.get(FINE, timedelta())

        (seen,) = uptime.glances(line, [window])
        assert seen == (whole.worst, sum(whole.of.values(), timedelta()) - quiet, whole.notices)
