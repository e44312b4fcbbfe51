"""What incidents measure of our candour, alone and together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboveboard.candour import working_days
from aboveboard.measures import NEVER, Figure, Measured, Source, claims, figure, late_posts, measured
from aboveboard.model import FACTS, Edit, Evidence, Incident, Section, Update
from aboveboard.model import PostMortem as Account
from make import DEGRADED, FINE, MAJOR, UTC_ZONE, at, incident


def seen(one: Incident, now: str = "03-20 12:00", proof: Evidence | None = None) -> Measured:
    """What it measures at `now`."""
    return measured(one.id, int(one.began.timestamp()), claims(one, one.ended, UTC_ZONE), at(now), proof)


def proof(edits: Sequence[Edit] = (), **appeared: str) -> Evidence:
    """A record in which the update of `p1405` appeared at a time."""
    parts = {f"20260302T{part[1:]}00Z": at(time) for part, time in appeared.items()}
    return Evidence(appeared=parts, edits=tuple(edits))


def test_an_incident_measures_what_it_says():
    one = incident(
        "it-broke",
        "14:17 investigating",
        "14:30 identified",
        "15:20 monitoring",
        "15:45 resolved",
        started="14:00",
        ended="15:30",
    )
    found = seen(one)

    assert found.source == Source.WRITTEN
    assert (found.first_word, found.silence, found.over_word) == (17 * 60, 50 * 60, 15 * 60)
    assert found.resolve == 90 * 60
    assert not found.told_over


def test_where_nothing_more_is_stated_posts_tell_how_long_it_took_to_resolve():
    posts = ("14:17 investigating", "15:20 monitoring", "15:45 resolved")

    assert seen(incident("it-broke", *posts)).resolve == 88 * 60
    assert seen(incident("it-broke", *posts[:2])).resolve == NEVER


def test_without_a_stated_start_nobody_says_how_long_we_waited():
    """The first post is when we noticed, and counts as no quick one."""
    assert seen(incident("it-broke", "14:05 investigating", "15:00 resolved")).first_word == NEVER


@pytest.mark.parametrize(
    ("posts", "ended", "length"),
    [
        (("14:05 investigating", "15:00 resolved"), None, NEVER),
        (("14:05 investigating", "15:00 resolved"), "14:50", 600),
        (("14:05 investigating", "15:00 resolved"), "15:00", 0),
        (("14:05 investigating", ("14:50 monitoring", {"api": FINE}), "15:00 resolved"), None, 600),
    ],
)
def test_what_nothing_but_the_resolved_ends_was_not_said_to_be_over_at_once(posts, ended: str | None, length: int):
    """Most imports tell no other end: that is no praise."""
    assert seen(incident("it-broke", *posts, started="14:00", ended=ended)).over_word == length


def test_the_record_s_time_counts_where_it_is_later():
    one = incident("it-broke", "14:05 investigating", "15:00 resolved", started="14:00", ended="14:50")
    found = seen(one, proof=proof(p1405="14:40", p1500="15:01"))

    assert found.source == Source.GIT
    assert (found.first_word, found.over_word, found.backdated) == (40 * 60, 11 * 60, 1)


def test_a_post_that_was_recorded_before_its_time_is_no_earlier_for_it():
    one = incident("it-broke", "14:05 investigating", "15:00 resolved", started="14:00")

    assert seen(one, proof=proof(p1405="13:50", p1500="15:01")).first_word == 5 * 60


def test_what_is_recorded_after_now_is_not_known_yet():
    one = incident("it-broke", "14:05 investigating", "15:00 resolved", started="14:00")

    assert seen(one, now="16:00", proof=proof(p1405="17:00")).source == Source.WRITTEN


def test_an_incident_that_was_over_before_we_told():
    one = incident("it-broke", "15:05 resolved", started="14:00", ended="14:30")

    assert seen(one).told_over


def test_while_it_is_open_silence_grows_and_a_promised_word_is_missed():
    posts = incident("it-broke", "14:05 investigating", started="14:00").updates
    promised = Update(id=posts[0].id, time=posts[0].time, status=posts[0].status, body="We look.", next_by=at("15:00"))
    one = Incident(id="it-broke", title="It broke", components={"api": MAJOR}, updates=(promised,))

    assert (seen(one, "14:35").silence, seen(one, "14:35").missed) == (30 * 60, 0)
    assert (seen(one, "16:05").silence, seen(one, "16:05").missed) == (120 * 60, 1)


@pytest.mark.parametrize(("status", "owed"), [(MAJOR, True), (DEGRADED, False)])
def test_a_post_mortem_is_owed_after_what_was_bad(status, owed: bool):
    one = incident("it-broke", "14:05 investigating", "15:00 resolved", started="14:00", components={"api": status})

    assert (seen(one).owed_since != NEVER) == owed


def test_a_post_mortem_is_counted_in_working_days():
    account = Account(posted=at("03-09 10:00"), sections=(Section(title="What happened", body="It broke."),))
    one = incident("it-broke", "14:05 investigating", "15:00 resolved", started="14:00", post_mortem=account)

    assert (seen(one).account, seen(one).owed_since) == (5, NEVER)


@pytest.mark.parametrize(
    ("before", "after", "counts"),
    [
        ("cause: network", "cause: network\nended: 2026-03-02 15:00", False),
        ("started: 14:00", "started: 14:20", True),
    ],
)
def test_a_fact_that_is_added_takes_nothing_back(before: str, after: str, counts: bool):
    one = incident("it-broke", "14:05 investigating", "15:00 resolved", started="14:00")
    edit = Edit(part=FACTS, time=at("03-05 10:00"), commit="c", before=before, after=after)

    assert seen(one, proof=proof([edit], p1405="14:06", p1500="15:01")).edited == int(counts)


@pytest.mark.parametrize(
    ("body", "counts"),
    [
        ("About 4 % of requests failed.", True),
        ("41,300 messages were late.", True),
        ("1200 paying customers could not sign in.", True),
        ("All of lane 7, about 1,160 of 14,000.", True),
        ("412 shops were slow.", True),
        ("Some users may have seen errors.", False),
        ("On 3 of November it was quiet.", False),
        ("Since 14:05 the API answers with 502.", False),
        ("Quay 3 is back.", False),
    ],
)
def test_how_many_were_hurt_is_said_in_numbers_or_not(body: str, counts: bool):
    one = incident("it-broke", "14:05 investigating", started="14:00")
    told = Update(id=one.updates[0].id, time=one.updates[0].time, status=one.updates[0].status, body=body)

    assert seen(Incident(id="a", title="A", components={"api": MAJOR}, updates=(told,))).counted == counts


def test_posts_that_came_late_are_named():
    one = incident("it-broke", "14:05 investigating", "15:00 resolved", started="14:00")

    assert late_posts(one, proof(p1405="14:15", p1500="15:11")) == {"20260302T150000Z": at("15:11")}


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=60))
def test_medians_and_percentiles_are_those_of_a_second_reckoning(lengths: list[int]):
    """Counted out one by one: the figure that so many do not exceed."""
    found = figure((length, f"n{at}") for at, length in enumerate(lengths))
    assert found

    low = next(n for n in sorted(lengths) if 2 * sum(one <= n for one in lengths) >= len(lengths))
    high = next(n for n in sorted(lengths, reverse=True) if 2 * sum(one >= n for one in lengths) >= len(lengths))
    ninth = next(
        n for n in sorted(lengths) if Fraction(sum(one <= n for one in lengths), len(lengths)) >= Fraction(9, 10)
    )
    assert (found.of, found.median, found.ninth) == (len(lengths), ceil(Fraction(low + high, 2)), ninth)
    assert (found.worst, lengths[int(found.at[1:])]) == (max(lengths), max(lengths))


def test_what_is_not_there_is_not_counted():
    """Nothing that is missing makes a figure better."""
    assert figure([(NEVER, "a"), (300, "b")]) == Figure(1, 300, 300, 300, "b")
    assert figure([(NEVER, "a")]) is None


@given(st.dates(), st.integers(0, 800))
def test_working_days_are_those_that_are_counted_one_by_one(start, days: int):
    end = min(start.max, start + timedelta(days=days)) if (start.max - start).days > days else start.max

    counted = sum((start + timedelta(days=n)).weekday() < 5 for n in range(1, (end - start).days + 1))
    assert working_days(start, end) == counted
