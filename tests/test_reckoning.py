"""How candid we were, over time, and what breaks."""

from __future__ import annotations

from aboveboard.model import Log, Notice
from aboveboard.reckoning import Broken, Count, Measure, Reckoning, Repeat, working_days_owed
from aboveboard.report import Report
from make import MAJOR, UTC_ZONE, at, incident, settings

HOUR = 3600


def of(*notices: Notice, now: str = "2026-11-02 12:00", **more: object) -> Reckoning:
    return Report.of(Log.of(notices), settings("api", since="2024-01-01", **more), at(now)).reckoning


def hour(id: str, day: str, cause: str | None = None, told: str = "10") -> Notice:
    """An incident of an hour from 10:00 on, told of at `10:10` or whenever else."""
    posts = (f"{day} 10:{told} investigating", f"{day} 11:05 resolved")
    return incident(id, *posts, started=f"{day} 10:00", ended=f"{day} 11:00", cause=cause, components={"api": MAJOR})


def test_this_year_is_the_last_365_days_and_calendar_years_are_their_own():
    ours = of(hour("a", "2024-11-03"), hour("b", "2025-11-02"), hour("c", "2025-11-03"), hour("d", "2026-10-01"))

    assert [one.id for one in ours.year] == ["c", "d"]
    assert (ours.this_year.incidents, ours.year_before.incidents) == (2, 2)
    assert {year: one.incidents for year, one in ours.years.items()} == {2026: 1, 2025: 2, 2024: 1}


def test_goals_count_what_was_within_them():
    ours = of(hour("a", "2026-09-01"), hour("b", "2026-10-01", told="30"), goals={"first_word": "15m"})

    found = ours.this_year.lengths[Measure.FIRST_WORD]
    assert found
    assert (found.median, found.ninth, found.at, ours.this_year.met) == (20 * 60, 30 * 60, "b", {Measure.FIRST_WORD: 1})


def test_without_a_record_nothing_is_said_of_edits():
    assert of(hour("a", "2026-09-01")).this_year.counts[Count.EDITED] == (0, 0)


def test_post_mortems_are_owed_the_longest_first():
    ours = of(hour("late", "2026-10-19"), hour("fresh", "2026-10-30"))

    days = [working_days_owed(one, at("2026-11-02 12:00"), UTC_ZONE) for one in ours.owed]
    assert ([one.incident for one in ours.owed], days) == (["late", "fresh"], [10, 1])


def test_what_breaks_is_told_by_its_cause():
    ours = of(
        hour("a", "2025-01-03", "hardware"),
        hour("b", "2026-01-03", "network"),
        hour("c", "2026-02-03", "capacity"),
        hour("d", "2026-03-03", "capacity"),
        hour("e", "2026-04-03"),
    )

    assert ours.causes == [
        Broken("capacity", 2, 2 * HOUR, 0, 0),
        Broken("network", 1, HOUR, 0, 0),
        Broken("hardware", 0, 0, 1, HOUR),
    ]
    assert ours.repeats == [Repeat("capacity", "api", ("d", "c"))]


def test_what_nobody_has_found_out_does_not_repeat():
    assert of(hour("a", "2026-01-03", "unknown"), hour("b", "2026-02-03", "unknown")).repeats == []


def test_months_and_years_that_are_over_are_measured_once():
    """And once more where a notice of them, or what is proved of it, is another."""
    kept, made = {}, []

    def remember(digest, make):
        if digest not in kept:
            kept[digest] = make()
            made.append(digest)
        return kept[digest]

    log = Log.of([hour("a", "2025-01-03"), hour("b", "2026-01-03")])
    known = settings("api", since="2024-01-01")
    for now in ("2026-11-02 12:00", "2026-11-03 12:00"):
        assert len(Report.of(log, known, at(now), remember=remember).reckoning.years) == 2

    assert len(made) == 4  # two years, and one month of each

    more = Log.of([*log.notices, hour("c", "2025-03-03")])
    assert len(Report.of(more, known, at("2026-11-03 12:00"), remember=remember).reckoning.years) == 2
    assert len(made) == 6  # its month and its year
