"""Facts as text."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboveboard.model import Action
from aboveboard.render import outcome, words
from aboveboard.render.clock import Clock
from make import DUBLIN, at

CLOCK = Clock(DUBLIN, at("16:00"))


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Fraction(1), "100%"),
        (1 - Fraction(1, 10**9), "99.99%"),
        (Fraction(99_996, 100_000), "99.99%"),
        (Fraction(0), "0.00%"),
        (Fraction(1, 3), "33.33%"),
        (Fraction(99_05, 100_00), "99.05%"),
        (None, "no data"),
    ],
)
def test_shares_are_rounded_down(share, text):
    assert words.ENGLISH.share(share) == text


@given(st.fractions(0, 1))
def test_only_no_lost_second_is_a_hundred_percent(share):
    assert (words.ENGLISH.share(share) == "100%") == (share == 1)
    assert Fraction(words.ENGLISH.share(share).rstrip("%")) <= share * 100


@given(st.fractions(0, 10**8))
def test_lost_time_is_rounded_up_and_known_time_down(seconds):
    lost = int(words.ENGLISH.lost(seconds).removesuffix(" min").replace(",", ""))
    known = int(words.ENGLISH.known(seconds).removesuffix(" min").replace(",", ""))

    assert lost * 60 >= seconds > (lost - 1) * 60
    assert known == floor(seconds / 60)


@pytest.mark.parametrize(
    ("length", "text"),
    [
        ({"seconds": 40}, "40 s"),
        ({"minutes": 17, "seconds": 59}, "17 min"),
        ({"hours": 2, "minutes": 27}, "2 h 27 min"),
        ({"hours": 3}, "3 h"),
        ({"days": 3, "hours": 4, "minutes": 59}, "3 d 4 h"),
        ({"days": 5}, "5 d"),
        ({"days": 7, "hours": 7, "minutes": 50}, "7 d 7 h"),
        ({"days": 30, "hours": 7}, "30 d"),
    ],
)
def test_lengths_have_two_units_at_most(length, text):
    assert words.ENGLISH.length(timedelta(**length)) == text


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["A"], "A"),
        (["A", "B"], "A and B"),
        (["A", "B", "C"], "A, B and one other"),
        (["A", "B", "C", "D"], "A, B and two others"),
        ([str(n) for n in range(14)], "0, 1 and 12 others"),
    ],
)
def test_two_are_named_and_the_rest_counted(names, text):
    assert words.ENGLISH.both(names) == text


def test_times_are_the_sites_own():
    assert CLOCK.full(at("2026-07-01 12:00")) == "2026-07-01 13:00 IST"
    assert CLOCK.when(at("09:14")) == "09:14"
    assert CLOCK.when(at("03-01 09:14")) == "1 Mar, 09:14"
    assert CLOCK.day(date(2025, 3, 1)) == "1 Mar 2025"


def test_without_a_now_nothing_goes_without_saying():
    """So that what it writes is the same whenever it is written."""
    calendar = Clock(DUBLIN)

    assert calendar.when(at("09:14")) == "2 Mar 2026, 09:14"
    assert calendar.weekday(date(2025, 3, 1)) == "Sat 1 Mar 2025"


@pytest.mark.parametrize(
    ("instant", "before", "now", "text"),
    [
        ("09:30", "09:14", None, "09:30"),
        ("03-03 09:30", "09:14", None, "3 Mar, 09:30"),
        ("2027-01-01 00:10", "2026-12-31 23:50", None, "1 Jan 2027, 00:10"),
        ("09:30", None, None, "2 Mar 2026, 09:30"),
        ("09:30", "03-01 09:14", "16:00", "09:30"),
        ("03-01 09:30", "02-28 09:14", "16:00", "1 Mar, 09:30"),
        ("2025-03-02 09:30", "2024-03-02 09:30", "16:00", "2 Mar 2025, 09:30"),
    ],
)
def test_beside_another_time_the_same_day_and_year_are_left_out(instant, before, now, text):
    clock = Clock(DUBLIN, at(now) if now else None)

    assert clock.then(at(instant), at(before) if before else None) == text


def test_promises_as_they_are_written():
    def said(done: str | None) -> str:
        day = date.fromisoformat(done) if done else None
        return outcome.action(Action(text="x", owner="y", due=date(2025, 10, 19), done=day), Clock(DUBLIN))

    assert said(None) == "Not done"
    assert said("2025-10-15") == "Done 15 Oct 2025"
    assert said("2025-10-22") == "Done 22 Oct 2025, 3 days late"


def test_a_window_over_midnight_says_on_which_day_it_ends():
    assert CLOCK.window(at("22:00"), at("03-03 02:00")) == "22:00–3 Mar, 02:00"
    assert CLOCK.window(at("02:00"), at("03:30")) == "02:00–03:30"
    assert CLOCK.window(at("2026-12-31 22:00"), at("2027-01-01 02:00")) == "22:00–1 Jan 2027, 02:00"
