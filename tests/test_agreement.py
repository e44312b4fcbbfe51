"""One log, one `now`, and everything that is published says the same about it.

Every outlet in `outlets.OUTLETS` is asked, so whoever adds one is held to it at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given, settings

from aboveboard.lazy import LazyMap
from aboveboard.model import ComponentStatus, Log
from aboveboard.outlets import OUTLETS
from aboveboard.render import words
from aboveboard.render.outlet import Basis, Outlet, Said
from aboveboard.render.pages import Pages
from aboveboard.report import Report
from aboveboard.urls import Page, Urls
from make import MAJOR, WORK, at, incident, maintenance
from make import settings as site_of
from strategies import instants, logs, site

ONCE = settings(max_examples=max(20, settings.default.max_examples // 5))
"""A page is read as HTML each time."""


def to_html(text: str) -> str:
    return f"<p>{text}</p>"


def basis(log: Log, now: datetime, known: Any = None) -> Basis:
    known = known or site()
    return Basis(Report.of(log, known, now), Urls(known), to_html, Path("/nowhere"))


def said(outlet: Outlet, of: Basis) -> Said:
    """What an outlet's own bytes say."""
    made = {file.at: file.make for file in outlet.every(of)} if outlet.said else {}
    return outlet.said(LazyMap(made, lambda at_: made[at_]()), of) if outlet.said else Said()


def on_the_board(of: Basis) -> Said:
    """What a reader sees."""
    html = Pages(of.report, of.urls, to_html).page(Page.BOARD).content
    board = BeautifulSoup(html, "html.parser")
    called = {name: status for status, name in words.Words().component_status.items()}
    states: dict[str, ComponentStatus] = {}
    for row in board.select("details.ab-comp:not(.ab-fold)"):
        state = row.select_one("summary .ab-st")
        assert state is not None
        states[_named(row, "components", ".ab-more > p:last-child a")] = called[state.get_text()]
    open_ = [
        _named(section, "incidents", "h3 a")
        for section in board.select("section.ab-sec")
        if (heading := section.find("h2")) and heading.get_text() in ("Open now", "Also open", "Under way")
    ]
    return Said(states=states, open=frozenset(open_))


def _named(within: Tag, folder: str, link: str) -> str:
    """The id in a link to one of our pages."""
    found = within.select_one(link)
    assert found is not None
    (id_,) = re.findall(rf"{folder}/([a-z0-9-]+)/$", str(found["href"]))
    return str(id_)


def decided(report: Report) -> Said:
    """What was decided, for those components that a reader may ask about today."""
    states = {id_: one.status for id_, one in report.components.items() if not one.retired and one.since <= report.now}
    return Said(states=states, open=frozenset(one.id for one in report.open))


def check(of: Basis) -> None:
    """The board and every outlet say what was decided."""
    expected = decided(of.report)
    assert expected.states is not None
    assert expected.open is not None
    assert on_the_board(of) == expected
    for outlet in OUTLETS:
        told = said(outlet, of)
        if told.states is not None:
            assert told.states == {id_: outlet.as_told(status) for id_, status in expected.states.items()}, outlet.name
        if told.open is not None:
            of_these = expected.open if told.of is None else expected.open & told.of
            assert told.open == of_these, outlet.name


@ONCE
@given(logs(), instants())
def test_everything_that_is_published_says_the_same(log: Log, now: datetime):
    """About the state of every component, and about which notices go on."""
    check(basis(log, now))


STORIES: Mapping[str, tuple[Any, ...]] = {
    "nothing": (),
    "an outage": (incident(started="14:00"),),
    "an outage and work": (incident(started="14:00"), maintenance(window=("15:00", "17:00"), components={"web": WORK})),
    "work that the clock began": (maintenance(window=("15:00", "17:00")),),
    "work that overran": (maintenance(window=("13:00", "14:00")),),
    "work that breaks what it works on": (maintenance(window=("15:00", "17:00"), components={"api": MAJOR}),),
    "all over": (incident(started="14:00", ended="15:00"),),
}


@pytest.mark.parametrize("story", STORIES)
def test_in_this_story_too(story: str):
    check(basis(Log.of(STORIES[story]), at("16:00"), site_of("api", "web")))


def test_no_two_outlets_write_one_file():
    of = basis(Log.of(STORIES["an outage and work"]), at("16:00"), site_of("api", "web"))
    found = [file.at for outlet in OUTLETS for file in outlet.every(of)]

    assert sorted(found) == sorted(set(found))
    assert len({outlet.name for outlet in OUTLETS}) == len(OUTLETS)


def liars() -> Iterator[tuple[str, Callable[..., Said]]]:
    yield "a state", lambda *_: Said(states={"api": ComponentStatus.OPERATIONAL, "web": ComponentStatus.OPERATIONAL})
    yield "a component", lambda *_: Said(states={"api": MAJOR})
    yield "a notice", lambda *_: Said(open=frozenset())


@pytest.mark.parametrize("lie", [lie for _, lie in liars()], ids=[what for what, _ in liars()])
def test_whoever_says_otherwise_is_found_out(monkeypatch: pytest.MonkeyPatch, lie: Callable[..., Said]):
    """The law would be worth nothing if an outlet could not break it."""
    of = basis(Log.of(STORIES["an outage"]), at("16:00"), site_of("api", "web"))
    monkeypatch.setattr("test_agreement.OUTLETS", (Outlet(name="liar", files=lambda _: (), said=lie),))

    with pytest.raises(AssertionError, match="liar"):
        check(of)
