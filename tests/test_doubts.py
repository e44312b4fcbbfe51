"""What does not fit together is told to whoever builds the site."""

from __future__ import annotations

import pytest

from aboveboard.doubts import Doubt, doubts
from aboveboard.model import Incident, Log, Notice, PostMortem, Section
from aboveboard.report import Report
from make import FINE, MAJOR, at, incident, maintenance, settings


def found(*notices: Notice, now: str, **more: object) -> list[Doubt]:
    return [one.doubt for one in doubts(Report.of(Log.of(notices), settings("api", **more), at(now)))]


def test_what_is_open_while_everything_works():
    works = incident("it-broke", "14:05 investigating", ("14:30 identified", {"api": FINE}), started="14:00")
    watched = incident("it-broke", "14:05 investigating", ("14:30 monitoring", {"api": FINE}), started="14:00")

    assert found(works, now="15:00") == [Doubt.WORKS]
    assert found(watched, now="15:00") == []


@pytest.mark.parametrize(("now", "expected"), [("03-04 14:00", []), ("03-04 15:00", [Doubt.WATCHED])])
def test_what_has_been_watched_for_days(now: str, expected: list[Doubt]):
    """An update in between says that it goes on."""
    one = incident("it-broke", "14:05 investigating", "14:30 monitoring", "03-04 13:00 update", started="14:00")

    assert found(one, now=now) == expected


@pytest.mark.parametrize(
    ("goals", "now", "expected"),
    [
        ({}, "03-03 14:00", []),
        ({}, "03-03 14:06", [Doubt.SILENT]),
        ({"silence": "1h"}, "15:05", []),
        ({"silence": "1h"}, "15:06", [Doubt.SILENT]),
    ],
)
def test_what_is_open_and_silent(goals: dict[str, str], now: str, expected: list[Doubt]):
    assert found(incident("it-broke", "14:05 investigating", started="14:00"), now=now, goals=goals) == expected


def test_work_that_is_past_its_end():
    assert found(maintenance(), now="03-20 12:00") == [Doubt.OVERRUN]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("It began at 13:40, with the deploy.", [Doubt.OTHER_START]),
        ("It began at 14:00. The deploy had started at 13:40.", []),
        ("It began on 2 November at 13:40.", [Doubt.OTHER_START]),
        ("When the alarm rang we began to look, and by 14:10 we knew.", []),
        ("Nobody knows.", []),
    ],
)
def test_an_account_of_another_start(told: str, expected: list[Doubt]):
    account = PostMortem(posted=at("03-05 10:00"), sections=(Section(title="What happened", body=told),))
    one = incident("it-broke", "14:05 investigating", "15:00 resolved", started="14:00", post_mortem=account)

    assert found(one, now="03-06 12:00") == expected


def test_what_fits_together_is_left_alone():
    over = incident("it-broke", "14:05 investigating", "15:00 resolved", started="14:00")
    fresh = Incident(id="b", title="B", components={"api": MAJOR}, updates=incident("b", "15:10 investigating").updates)

    assert found(over, fresh, now="15:30") == []
