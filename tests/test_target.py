"""What is promised of a month, and what is left of it."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboveboard.model import Log, Rule
from aboveboard.options import read
from aboveboard.problem import Refused
from aboveboard.report import Report
from aboveboard.settings import Settings
from make import HOST, MAJOR, at, incident


def promising(share: object, *, zone: str = "UTC", **more: object) -> Settings:
    """A site that promises so much of `api`, since the new year."""
    component = {"id": "api", "name": "API", "target": share, "credit": "A tenth."}
    return read({"timezone": zone, "since": "2026-01-01", "components": [component]} | more, HOST)


def down(*spans: tuple[str, str]) -> Log:
    """The component was down in each of these."""
    return Log.of(
        incident(f"n{at}", f"{start} investigating", f"{end} resolved", components={"api": MAJOR})
        for at, (start, end) in enumerate(spans)
    )


def test_what_is_left_counts_the_whole_month():
    """99.9% of March's 31 days are all but 44.64 minutes; ten of them are gone."""
    found = (
        Report.of(down(("03-02 14:00", "03-02 14:10")), promising("99.9%"), at("03-10 12:00")).components["api"].target
    )
    assert found

    assert (found.allowed, found.lost, found.left) == (Fraction(267840, 100), 600, Fraction(207840, 100))
    assert (found.missed, found.credit) == ((), "A tenth.")


def test_a_month_is_missed_once_more_is_lost_than_allowed():
    log = down(("01-10 10:00", "01-10 11:00"), ("02-10 10:00", "02-10 10:30"), ("03-02 14:00", "03-02 15:00"))
    found = Report.of(log, promising("99.9%"), at("03-02 18:00")).components["api"].target
    assert found

    assert [period.key for period in found.missed] == ["2026-03", "2026-01"]
    assert found.left == Fraction(267840, 100) - 3600


def test_the_rule_is_the_one_that_heads_the_board():
    known = promising("100%", uptime_rule="weighted")
    found = Report.of(Log.of([]), known, at("03-02 18:00")).components["api"].target
    assert found

    assert (known.rule, found.left, found.missed) == (Rule.WEIGHTED, 0, ())


def test_a_month_in_which_the_clock_changes_is_as_long_as_it_is():
    """March of Berlin is an hour short."""
    found = Report.of(Log.of([]), promising("99%", zone="Europe/Berlin"), at("03-30 12:00")).components["api"].target
    assert found

    assert found.allowed == Fraction(31 * 86400 - 3600, 100)


def test_without_a_target_nothing_is_promised():
    known = read({"components": [{"id": "api", "name": "API"}]}, HOST)

    assert Report.of(Log.of([]), known, at("03-02 18:00")).components["api"].target is None


@given(
    st.lists(st.tuples(st.integers(0, 364 * 1440), st.integers(1, 3000)), max_size=8),
    st.sampled_from(["UTC", "Europe/Berlin"]),
)
def test_the_months_of_a_year_add_up_to_it(outages: list[tuple[int, int]], zone: str):
    """Lost and known seconds alike, whatever the clock did in between."""
    start = at("01-01 00:00")
    spans = [(start + timedelta(minutes=begin), start + timedelta(minutes=begin + length)) for begin, length in outages]
    log = down(*((f"{a:%Y-%m-%d %H:%M}", f"{b:%Y-%m-%d %H:%M}") for a, b in spans))
    calendar = Report.of(log, promising("99%", zone=zone), at("2026-12-31 22:00")).components["api"].calendar
    for rule in Rule:
        months = [calendar[f"2026-{month:02}"].figures[rule] for month in range(1, 13)]
        year = calendar["2026"].figures[rule]
        assert sum(one.lost for one in months) == year.lost
        assert sum(one.known for one in months) == year.known


@pytest.mark.parametrize("share", ["much", "0%", "101%", "99.99999999%", ""])
def test_a_target_is_a_share_of_a_month(share: str):
    with pytest.raises(Refused) as refused:
        promising(share)

    assert f'"{share}" is not a share of a month; write it like 99.9%' in str(refused.value)
