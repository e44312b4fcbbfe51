"""A notice written is a notice read again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboveboard import folder, source, write
from aboveboard.model import (
    Action,
    ComponentStatus,
    Incident,
    Log,
    Maintenance,
    Notice,
    Origin,
    PostMortem,
    Section,
    Status,
    Update,
)
from strategies import ZONES, logs, notices, site

AT = datetime(2026, 11, 2, 9, 31, tzinfo=UTC)


def again(log: Log, zone: str = "UTC") -> Log:
    """The log written to files and read from them."""
    with TemporaryDirectory() as place:
        for notice in log.notices:
            Path(place, f"{notice.id}.md").write_text(write.notice(notice, ZoneInfo(zone)), "utf-8", newline="\n")
            for image in notice.images:
                Path(place, image).touch()
        return folder.log(source.read(Path(place), "incidents"), site(zone))


@given(st.sampled_from(ZONES).flatmap(lambda zone: st.tuples(st.just(zone), notices(zone))))
def test_what_is_written_is_read_again(one: tuple[str, Notice]):
    """parse(write(n)) == n, whatever the title, the zone or the kind."""
    zone, notice = one

    assert again(Log.of([notice]), zone).notices == (notice,)


@given(logs())
def test_a_whole_log_too(log: Log):
    assert again(log) == log


@given(st.sampled_from(ZONES).flatmap(lambda zone: st.tuples(st.just(zone), notices(zone))))
def test_the_canonical_form_is_canonical(one: tuple[str, Notice]):
    """Written, read and written again it is the same text, and that ends in one line feed."""
    zone, notice = one
    text = write.notice(notice, ZoneInfo(zone))

    assert write.notice(again(Log.of([notice]), zone).notices[0], ZoneInfo(zone)) == text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def incident(**more: object) -> Incident:
    fields = {
        "id": "mail",
        "title": "Mail delayed",
        "components": {"mail": ComponentStatus.PARTIAL_OUTAGE},
        "updates": (Update(id="20261102T093100Z", time=AT, status=Status.INVESTIGATING, body="It is late."),),
    }
    return Incident(**(fields | more))  # type: ignore[arg-type]


def test_the_form_of_an_incident():
    """Keys in one order, times in the site's zone, ids only where they say something."""
    whole = incident(
        title='Mail "delayed": why?',
        updates=(
            Update(
                id="20261102T093100Z",
                time=AT,
                status=Status.INVESTIGATING,
                body="It is late.",
                next_by=AT + timedelta(minutes=30),
            ),
            Update(
                id="first",
                time=AT + timedelta(minutes=34),
                status=Status.IDENTIFIED,
                body="The disk is full.",
                components={"mail": ComponentStatus.MAJOR_OUTAGE, "dns": ComponentStatus.DEGRADED_PERFORMANCE},
            ),
            Update(id="20261102T114000Z", time=AT + timedelta(minutes=129), status=Status.RESOLVED, body="It is back."),
        ),
        stated_start=AT - timedelta(minutes=17),
        cause="capacity",
        detected_by="customers",
        reports=0,
        credit="A day for everybody.",
        us_if="mail is late",
        source=Origin(system="statuspage", id="abc", url="https://example.com/abc", imported=AT),
        post_mortem=PostMortem(
            posted=AT + timedelta(days=3),
            lead="In short.",
            sections=(
                Section(title="What happened", body="Three weeks."),
                Section(
                    title="What we are changing",
                    body="Two things.",
                    actions=(
                        Action(text="Page at 80 %", owner="platform", due=(AT + timedelta(days=18)).date()),
                        Action(text="Move it", owner="mail", due=AT.date(), done=AT.date()),
                    ),
                ),
            ),
        ),
    )

    assert write.notice(whole, ZoneInfo("Europe/Paris")) == FORM


FORM = """\
---
title: 'Mail "delayed": why?'
components:
  mail: partial_outage
started: 2026-11-02 10:14
cause: capacity
detected_by: customers
reports: 0
credit: A day for everybody.
us_if: mail is late
postmortem_posted: 2026-11-05 10:31
source:
  system: statuspage
  id: abc
  url: https://example.com/abc
  imported: 2026-11-02 10:31
---

## 2026-11-02 10:31 Investigating {next=2026-11-02T11:01}

It is late.

## 2026-11-02 11:05 Identified {mail=major_outage dns=degraded_performance #first}

The disk is full.

## 2026-11-02 12:40 Resolved

It is back.

## Post-mortem

In short.

### What happened

Three weeks.

### What we are changing

Two things.

- [ ] Page at 80 % (owner: platform, due: 2026-11-20)
- [x] Move it (owner: mail, due: 2026-11-02, done: 2026-11-02)
"""


@pytest.mark.parametrize(
    ("hour", "written"),
    [(0, "2026-10-25 01:00+01:00"), (1, "2026-10-25 01:00+00:00"), (2, "2026-10-25 02:00")],
)
def test_an_offset_stands_only_where_the_clock_leaves_a_doubt(hour: int, written: str):
    """Dublin's clocks go back at 01:00 UTC on 25 October 2026."""
    time = datetime(2026, 10, 25, hour, tzinfo=UTC)
    one = incident(updates=(Update(id=f"{time:%Y%m%dT%H%M%SZ}", time=time, status=Status.INVESTIGATING, body="Late."),))

    assert f"\n## {written} Investigating\n" in write.notice(one, ZoneInfo("Europe/Dublin"))


def test_a_recurrence_names_its_occurrences():
    start = datetime(2026, 3, 22, 2, tzinfo=UTC)
    weekly = Maintenance(
        id="weekly",
        title="Weekly",
        updates=(
            Update(
                id="20260302T090000Z",
                time=start - timedelta(days=20) + timedelta(hours=7),
                status=Status.SCHEDULED,
                body="Each Sunday.",
            ),
            Update(
                id="20260329T010500Z",
                time=datetime(2026, 3, 29, 1, 5, tzinfo=UTC),
                status=Status.COMPLETED,
                body="Done.",
                occurrence=datetime(2026, 3, 29, 1, tzinfo=UTC),
            ),
        ),
        scheduled_for=start,
        scheduled_until=start + timedelta(minutes=30),
        recurs="FREQ=WEEKLY",
        zone="Europe/Dublin",
    )

    assert "{at=2026-03-29T02:00}" in write.notice(weekly, ZoneInfo("Europe/Dublin"))
    assert again(Log.of([weekly]), "Europe/Dublin").notices == (weekly,)


def test_images_and_long_titles_come_back():
    """Five thousand characters are a poor title and no reason to lose a word."""
    long = incident(
        title="Mail: " * 1000 + "late",
        images=("queue.png",),
        updates=(Update(id="20261102T093100Z", time=AT, status=Status.RESOLVED, body="![The queue](queue.png)"),),
    )

    assert again(Log.of([long])).notices == (long,)


def test_a_twin_and_the_name_it_would_have_taken():
    """An id that was written by hand is never given to another update."""
    first, second = "20261102T093100Z-2", "20261102T093100Z"
    twins = incident(
        updates=(
            Update(id=first, time=AT, status=Status.INVESTIGATING, body="One."),
            Update(id=second, time=AT, status=Status.IDENTIFIED, body="Two."),
            Update(id="20261102T093100Z-3", time=AT, status=Status.RESOLVED, body="Three."),
        )
    )

    assert again(Log.of([twins])).notices == (twins,)
