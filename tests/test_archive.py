"""The pages of history: every notice stands where it is looked for, and counts are of what a page lists."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboveboard import archive
from aboveboard.archive import Archive, Choice, Facet, Option
from aboveboard.index import Index
from aboveboard.model import CAUSES, Kind, Log
from make import DUBLIN, incident, settings
from test_pages import made, texts

PLAIN = Index.of(Log.of([incident(started="14:00", ended="15:00")]), DUBLIN).entries[0]


@st.composite
def archives(draw: st.DrawFn) -> Archive:
    """Notices of some months of some years, of any kind, cause and components."""
    incidents = st.tuples(st.just(Kind.INCIDENT), st.sampled_from(["", *CAUSES[:3]]))
    others = st.tuples(st.sampled_from([Kind.MAINTENANCE, Kind.RETIREMENT, Kind.ANNOUNCEMENT]), st.just(""))
    months = st.integers(12 * 2024, 12 * 2026)
    touches = st.lists(st.sampled_from(["api", "web", "mail"]), unique=True)
    drawn = draw(st.lists(st.tuples(months, incidents | others, touches), max_size=12))
    entries = tuple(
        PLAIN._replace(
            id=f"n{n}",
            key=bytes([n]),
            last_posted=n,
            kind=kind,
            cause=cause,
            month=month,
            touches=tuple(sorted(touched)),
        )
        for n, (month, (kind, cause), touched) in enumerate(sorted(drawn, key=lambda one: -one[0]))
    )
    return Archive(entries, CAUSES, ("api", "web", "mail"), draw(st.sampled_from([2, 500])))


def pages(history: Archive) -> set[Choice]:
    """Everything that has an address: the page of all history and those of components are pages of other kinds."""
    components = {Choice(Facet.COMPONENT, id_) for id_ in history.components}
    return {*history.choices, Choice(), *components}


def options(history: Archive, page: Choice) -> list[Option]:
    some = history.options(page)
    return [*some.when, *some.kinds, *some.causes, *some.components]


@given(archives())
def test_each_notice_is_listed_once_for_each_thing_that_it_is(history: Archive):
    """In the months and years of everything, of its kind, of its cause and of each of its components."""
    listed: Counter[tuple[Facet | None, str, str]] = Counter()
    for page in history.choices:
        rows = [entry for section in history.listing(page).sections for entry in section.entries]
        if page.year if page.facet else page.month:
            listed.update((page.facet, page.value, entry.id) for entry in rows)
        assert len(rows) <= history.bound or page.month or not page.year

    wanted: list[tuple[Facet | None, str, str]] = []
    for entry in history.newest_first:
        wanted += [(None, "", entry.id), (Facet.KIND, entry.kind, entry.id)]
        wanted += [(Facet.CAUSE, entry.cause, entry.id)] if entry.cause else []
        wanted += [(Facet.COMPONENT, one, entry.id) for one in entry.touches]
    assert listed == Counter(wanted)


@given(archives())
def test_counts_add_up(history: Archive):
    """On every page: kinds to everything, years to all time; no incident has two causes."""
    for page in pages(history):
        some = history.options(page)
        if not page.year:
            assert some.when[0].count == sum(one.count or 0 for one in some.when[1:])
        if page.facet != Facet.COMPONENT:
            assert some.kinds[0].count == sum(one.count or 0 for one in some.kinds[1:])
            assert sum(one.count or 0 for one in some.causes[1:]) <= (some.kinds[1].count or 0)


@given(archives())
def test_what_can_be_chosen_leads_to_as_many_rows_as_it_says(history: Archive):
    """And to a page that is there, at most one of each row of choices being the page itself. What is nothing leads
    nowhere.
    """
    known = pages(history)
    listed = {page: history.listing(page).sections for page in history.choices}
    for option in (option for page in known for option in options(history, page) if page != option.choice):
        assert (option.page is None) == (option.count == 0)
        assert not option.current
        assert option.page is None or option.page in known
        if option.page in listed and option.page.year and option.count is not None:
            found = [one for one in listed[option.page] if option.choice in (option.page, one.choice)]
            assert sum(section.count for section in found) == option.count
    assert all(sum(option.current for option in history.options(page).when) == 1 for page in known)


@given(archives(), st.data())
def test_a_page_says_nothing_of_another_year(history: Archive, data: st.DataObject):
    """A new notice changes the pages of its own year and of all time, as long as no year is new."""
    dated = [page for page in history.choices if page.year]
    if not dated:
        return
    page = data.draw(st.sampled_from(dated))
    others = [entry for entry in history.newest_first if entry.month // 12 != page.year]
    twin = data.draw(st.sampled_from(others or [None]))
    more = Archive(
        [*history.newest_first, *([twin._replace(id="twin")] if twin else [])],
        history.causes,
        history.components,
        history.bound,
    )

    assert more.listing(page) == history.listing(page)


def test_a_page_of_history_says_what_else_can_be_chosen():
    """Those of none are said and not linked, and the page itself is marked."""
    known = settings("api", "web", causes=["power", "us"])
    some = made(
        incident("a", "03-01 12:00 investigating", "03-01 13:00 resolved", cause="power"),
        incident("b", "02-01 12:00 investigating", "02-01 13:00 resolved"),
        known=known,
    )
    content = some.history(Choice(Facet.KIND, Kind.INCIDENT, 2026)).content

    assert texts(content, ".ab-filter li") == [
        *["All", "2026 2"],
        *["Everything 2", "Incidents 2", "Maintenance 0", "Retirements 0", "Announcements 0"],
        *["power 1", "us 0"],
        "API 2",
    ]
    assert texts(content, ".ab-filter [aria-current=page]") == ["2026 2", "Incidents 2"]
    assert re.findall(r'<li><a href="([^"]+)"[^>]*><bdi>', content) == [
        *["../", "./", "../../../2026/", "./", "../../../causes/power/2026/", "../../../../components/api/2026/"],
    ]
    assert texts(content, "h2") == ["When", "What", "Why", "Where", "March 2026", "February 2026"]


def test_a_month_without_a_page_of_its_own_is_a_part_of_its_year():
    some = made(incident("a", "03-01 12:00 investigating", "03-01 13:00 resolved", cause="capacity"))
    month = some.history(Choice(year=2026, month=3)).content
    year = some.history(Choice(Facet.CAUSE, "capacity", 2026)).content

    assert '<a href="../causes/capacity/2026/#m3"><bdi>capacity</bdi>' in month
    assert 'id="m3"' in year


def test_rows_say_what_they_are_about():
    some = made(incident("a", "03-01 12:00 investigating", "03-01 13:00 resolved", cause="capacity"))

    row = '<li class="ab-g" data-kind="incident" data-cause="capacity" data-components="api" data-year="2026">'
    assert row in some.history(Choice(year=2026)).content
    assert row in some.component("api").content


@pytest.mark.parametrize("number", [3, 700])
def test_a_page_of_all_time_lists_the_newest_and_leads_to_the_years(number: int):
    """However many there are, and of a year with more than a page may hold each month has its own."""
    days = [f"2025-{n % 12 + 1:02}-{n % 28 + 1:02}" for n in range(number)]
    some = made(
        *(incident(f"n{n}", f"{day} 12:00 investigating", f"{day} 13:00 resolved") for n, day in enumerate(days)),
        now="2026-03-02 12:00",
        known=settings("api", since="2024-01-01"),
    )
    whole, year = Choice(Facet.KIND, Kind.INCIDENT), Choice(Facet.KIND, Kind.INCIDENT, 2025)
    shown = len(texts(some.history(whole).content, ".ab-ev"))

    assert shown == min(number, archive.NEWEST)
    assert texts(some.history(whole).content, ".ab-filter li")[1] == f"2025 {number}"
    assert len(texts(some.history(year).content, ".ab-ev")) == (number if number <= archive.BOUND else 0)
    assert len(texts(some.history(year).content, ".ab-months li")) == (0 if number <= archive.BOUND else 12)


def test_usual_causes_are_all_there():
    assert [option.choice.value for option in made().report.archive.options(Choice()).causes[1:]] == list(CAUSES)


@given(archives(), archives())
def test_what_is_told_of_a_page_tells_pages_apart(one: Archive, other: Archive):
    """Pages are remembered by it: where it is the same, so is everything that can be chosen."""
    for page in pages(one) & pages(other):
        assert (one.told(page) == other.told(page)) == (one.options(page) == other.options(page))


@given(archives())
def test_digests_and_newest_words_are_of_what_is_chosen(history: Archive):
    """However they are put together."""
    for page in history.choices:
        assert history.count(page) == len(history.entries(page))
        assert history.changed(page) == max(entry.last_posted for entry in history.entries(page))
    for page in history.choices:
        twins = [other for other in history.choices if history.digest(other) == history.digest(page)]
        assert all(history.entries(other) == history.entries(page) for other in twins)
