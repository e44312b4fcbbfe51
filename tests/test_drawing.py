"""Geometry of the charts."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from aboveboard.model import ComponentStatus, Log
from aboveboard.render import drawing, words
from aboveboard.render.clock import Clock
from aboveboard.report import Report
from aboveboard.standing import Day
from make import MAJOR, PARTIAL, at, incident, settings


def days(*states: ComponentStatus) -> list[Day]:
    first = date(2026, 3, 2) - timedelta(days=len(states) - 1)
    return [
        Day(day=first + timedelta(days=n), worst=state, troubled=timedelta(), notices=())
        for n, state in enumerate(states)
    ]


@given(st.lists(st.sampled_from(list(ComponentStatus)), min_size=90, max_size=90))
def test_every_day_is_drawn_once_in_its_own_state(states):
    """Reading the paths back gives the days that were drawn."""
    read: dict[int, str] = {}
    for state, path in drawing.strip(days(*states), words.ENGLISH).row.paths:
        for start, y, length in re.findall(r"M(\d+) ([\d.]+)h(\d+)", path):
            assert float(y) == 24 - drawing.HEIGHT[state] / 2
            for mark in range(int(start) // 3, (int(start) + int(length) + 1) // 3):
                assert mark not in read
                read[mark] = state

    assert [read[mark] for mark in range(90)] == [words.CLASS[state] for state in states]


@given(st.lists(st.sampled_from(list(ComponentStatus)), min_size=1, max_size=366), st.dates())
def test_a_year_shows_every_day_once_below_its_number(states, last):
    """Each row a month, the newest first; reading the paths back gives the days that were drawn."""
    first = last - timedelta(days=len(states) - 1)
    drawn = [replace(day, day=first + timedelta(days=n)) for n, day in enumerate(days(*states))]
    read: dict[date, str] = {}
    for month in drawing.year(drawn):
        for state, path in month.row.paths:
            for start, length in re.findall(r"M(\d+) [\d.]+h(\d+)", path):
                for mark in range(int(start) // 3, (int(start) + int(length) + 1) // 3):
                    day = month.days[0].day.replace(day=mark + 1)
                    assert day not in read
                    read[day] = state
        assert {(one.day.year, one.day.month) for one in month.days} == {(day.year, day.month)}

    assert read == {day.day: words.CLASS[day.worst] for day in drawn}


def test_a_notice_that_does_not_say_how_bad_it_was_is_seen():
    """No data is a dot; where there was something all the same, it is a mark."""
    (day,) = days(ComponentStatus.UNKNOWN)

    assert dict(drawing.strip([replace(day, notices=("x",))], words.ENGLISH).row.paths) == {"unsaid": "M0 18h2"}


def test_a_quiet_strip_is_small():
    """A few hundred bytes a row, so that a hundred components are no weight."""
    drawn = drawing.strip(days(*[ComponentStatus.OPERATIONAL] * 90), words.ENGLISH)

    assert sum(len(path) for _, path in drawn.row.paths) < 20
    assert drawn.label == "90 days to today: 90 days without incident"


def test_the_worse_the_taller():
    states = sorted(ComponentStatus, key=drawing.SEVERITY.__getitem__)
    known = [drawing.HEIGHT[words.CLASS[state]] for state in states if state != ComponentStatus.UNKNOWN]

    assert known == sorted(known)


def chart(*notices, now="16:00", read=True):
    made = Report.of(Log.of(notices), settings("api", "web"), at(now))
    return drawing.chart(made.notices[notices[0].id], Clock(made.settings.zone, made.now if read else None))


def test_a_chart_shows_what_was_not_told():
    made = chart(incident("x", "14:30 investigating", "15:00 resolved", started="14:00"))

    assert made.untold[1] > 30
    assert [post.text for post in made.posts] == ["1", "2"]


def test_close_posts_share_a_mark():
    made = chart(
        incident("x", "14:00 investigating", "14:01 identified", "14:02 update", "16:00 resolved"), now="17:00"
    )

    assert [post.text for post in made.posts] == ["1–3", "4"]


def test_marks_of_many_posts_leave_room_for_their_numbers():
    """Sixty posts, evenly spread: no two marks touch, and every post is under one."""
    posts = [f"{14 + n // 60}:{n % 60:02} {'update' if n else 'investigating'}" for n in range(0, 300, 5)]
    made = chart(incident("x", *posts, started="14:00"), now="19:00")

    assert [post.text for post in made.posts][:2] == ["1–7", "8–15"]
    assert made.posts[-1].text.endswith("60")
    for one, other in pairwise(made.posts):
        assert other.x - one.x > (len(one.text) + len(other.text)) / 2 * 2.2


def test_a_chart_has_a_lane_for_each_component_and_says_the_same_in_words():
    made = chart(incident("x", "14:00 investigating", ("14:20 update", {"web": PARTIAL}), "15:00 resolved"))

    assert [component.id for (component,), _ in made.lanes] == ["api", "web"]
    assert made.label == (
        "API: major outage from 14:00 to 15:00; WEB: partial outage from 14:20 to 15:00. We first said so at 14:00."
    )


def test_components_that_were_alike_all_the_time_share_a_lane_and_a_sentence():
    """Forty that failed together are one lane, and are named two by two and counted; one that differs has its own."""
    names = [f"c{n}" for n in range(40)]
    touched = {**dict.fromkeys(names, MAJOR), "api": PARTIAL}
    broken = incident("x", "14:00 investigating", "15:00 resolved", components=touched)
    made = Report.of(Log.of([broken]), settings("api", *names), at("16:00"))
    drawn = drawing.chart(made.notices["x"], Clock(made.settings.zone, made.now))

    assert sorted(len(alike) for alike, _ in drawn.lanes) == [1, 40]
    assert "C0, C1 and 38 others: major outage from 14:00 to 15:00" in drawn.label


def test_axis_labels_stay_few_whatever_the_length():
    for end in ("14:05", "18:00", "03-04 14:00", "05-01 14:00"):
        made = chart(incident("x", started="14:00", ended=end), now="06-01 00:00")
        assert 1 <= len(made.axis) <= drawing.LABELS


def test_a_chart_that_does_not_read_the_clock_tells_nothing_past_the_last_word():
    """Nobody said how it was afterwards: an hour of trouble and a tenth of an hour of quiet before it."""
    made = chart(incident("x", started="14:00", ended="15:00"), now="2027-01-01 00:00", read=False)
    (_, row), *_ = made.lanes

    assert sum(int(marks) + 1 for _, path in row.paths for marks in re.findall(r"h(\d+)", path)) == 3 * 83
    assert made.label == "API: major outage from 2 Mar 2026, 14:00 to 15:00. We first said so at 2 Mar 2026, 14:00."
