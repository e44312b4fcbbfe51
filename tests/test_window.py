"""Windows of maintenance, and what the clock makes of them."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from aboveboard.model import Status, Update
from aboveboard.window import starts, windows
from make import at, maintenance


def only(notice, now="03-05 00:00"):
    (window,) = windows(notice, at(now))
    return window


def test_scheduled_follows_the_clock_into_in_progress_and_no_further():
    window = only(maintenance("m"))

    assert window.status(at("13:59")) == Status.SCHEDULED
    assert window.status(at("14:00")) == Status.IN_PROGRESS
    assert window.status(at("23:00")) == Status.IN_PROGRESS
    assert window.overran(at("23:00")) == timedelta(hours=8)


def test_a_person_completes_it():
    window = only(maintenance("m", "03-01 09:00 scheduled", "14:00 in_progress", "14:40 completed"))

    assert window.status(at("15:00")) == Status.COMPLETED
    assert window.finished == at("14:40")
    assert window.overran(at("15:00")) == timedelta()


def test_a_recurring_window_nobody_wrote_about_ran_as_announced():
    """Nobody is asked to write each week that all went well."""
    weekly = maintenance("m", recurs="FREQ=WEEKLY;COUNT=3")
    first, second, third = windows(weekly, at("2026-12-01 00:00"))

    assert first.id == "m@20260302T140000Z"
    assert second.status(at("03-09 14:30")) == Status.IN_PROGRESS
    assert second.status(at("03-09 15:00")) == Status.COMPLETED
    assert third.status(at("03-09 15:00")) == Status.SCHEDULED


def test_a_recurring_window_somebody_wrote_about_waits_for_its_completion():
    spoken = Update(id="u", time=at("14:05"), status=Status.IN_PROGRESS, body="Begun.", occurrence=at("14:00"))
    weekly = maintenance("m", recurs="FREQ=WEEKLY")
    first = next(windows(replace(weekly, updates=(*weekly.updates, spoken)), at("03-05 00:00")))

    assert first.finished is None
    assert first.status(at("16:00")) == Status.IN_PROGRESS


def test_calling_off_a_series_calls_off_what_has_not_begun():
    weekly = maintenance("m", "03-01 09:00 scheduled", "03-10 09:00 cancelled", recurs="FREQ=WEEKLY;COUNT=3")
    first, second, third = windows(weekly, at("2026-12-01 00:00"))

    assert (first.cancelled, second.cancelled) == (None, None)
    assert third.status(at("2026-12-01 00:00")) == Status.CANCELLED


def test_a_recurrence_keeps_its_local_time_when_the_clock_changes():
    """Two in the morning stays two in the morning; in UTC it moves. RFC 5545 counts in local time."""
    nightly = maintenance("m", window=("03-27 02:00", "03-27 03:00"), recurs="FREQ=DAILY;COUNT=4", zone="Europe/Dublin")

    assert [start.strftime("%d %H:%M") for start in starts(nightly)] == ["27 02:00", "28 02:00", "29 01:00", "30 01:00"]


def test_a_local_time_that_does_not_exist_counts_by_the_offset_before():
    nightly = maintenance("m", window=("03-28 01:30", "03-28 02:00"), recurs="FREQ=DAILY;COUNT=2", zone="Europe/Dublin")

    assert list(starts(nightly))[1] == at("03-29 01:30")


def test_a_word_before_a_window_binds_nobody_to_complete_it():
    reminder = Update(id="u", time=at("09:00"), status=Status.UPDATE, body="Today.", occurrence=at("14:00"))
    weekly = maintenance("m", recurs="FREQ=WEEKLY")
    first = next(windows(replace(weekly, updates=(*weekly.updates, reminder)), at("03-05 00:00")))

    assert first.finished == at("15:00")
