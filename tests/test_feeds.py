"""The feeds: valid whatever is in them, the same whenever they are made, and every id for ever."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

import feedparser
import pytest
from lxml import etree
from markdown import markdown

from aboveboard.model import Action, Log, Notice, PostMortem, Section
from aboveboard.render.feeds import NEWEST, Feeds
from aboveboard.report import Report
from aboveboard.urls import Urls
from make import at, incident, maintenance, settings

NOW = at("03-20 12:00")

HOSTILE = "</title>]]><b>&\"' \x00\x07\x1b\ufffe"
"""A title that means to end the feed, with characters that no XML can hold."""


def feeds(*notices: Notice, now: datetime = NOW, **site: object) -> Feeds:
    """The feeds of a site with these notices."""
    known = settings("api", "web", **site)
    return Feeds(Report.of(Log.of(notices), known, now), Urls(known), markdown)


def parsed(feed: bytes) -> feedparser.FeedParserDict:
    told = feedparser.parse(feed)
    assert not told.bozo, told.bozo_exception
    return told


def with_body(notice: Notice, body: str) -> Notice:
    return replace(notice, updates=(replace(notice.updates[0], body=body), *notice.updates[1:]))


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_an_entry_is_a_notice(kind: str):
    """With who, what and when, the newest word first."""
    notice = incident("it-broke", "14:05 investigating", "14:40 resolved", title="It broke & burned")
    told = parsed(getattr(feeds(notice), kind)())
    (entry,) = told.entries

    assert told.feed.title == "Test status: incidents and maintenance"
    assert told.feed.link == "https://status.example.com/"
    assert entry.id == "tag:status.example.com,2026:it-broke"
    assert entry.link == "https://status.example.com/incidents/it-broke/"
    assert entry.title == "It broke & burned"
    assert entry.published_parsed[:5] == (2026, 3, 2, 14, 5)
    assert [tag.term for tag in entry.tags] == ["Incident", "API", "Critical"]
    assert words_of(entry) == (
        "Resolved · 2026-03-02 14:40 UTC We write at 14:40. Investigating · 2026-03-02 14:05 UTC We write at 14:05."
    )


def test_an_entry_is_updated_by_every_word_and_by_nothing_else():
    """The post-mortem is a word, too; what happened, or was published, on another day is none."""
    first = incident("it-broke", "14:05 investigating")
    more = incident("it-broke", "14:05 investigating", "14:40 resolved")
    account = replace(more, post_mortem=PostMortem(posted=at("03-09 10:00"), lead="We were wrong."))
    updated = [parsed(feeds(notice).atom()).entries[0].updated for notice in (first, more, account)]

    assert updated == ["2026-03-02T14:05:00+00:00", "2026-03-02T14:40:00+00:00", "2026-03-09T10:00:00+00:00"]
    assert parsed(feeds(account).atom()).feed.updated == "2026-03-09T10:00:00+00:00"
    assert parsed(feeds(account).rss()).feed.updated == "Mon, 09 Mar 2026 10:00:00 +0000"


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_ids_outlive_titles_and_domains(kind: str):
    """A reader is told of a notice once, however often we rename it, or ourselves."""
    before = getattr(feeds(incident(), feed_authority="status.example.com"), kind)()
    after = getattr(feeds(incident(title="Renamed"), feed_authority="status.example.com", name="New Ltd"), kind)()

    assert [entry.id for entry in parsed(before).entries] == [entry.id for entry in parsed(after).entries]


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_time_alone_changes_nothing(kind: str):
    """Work that the clock has begun, an incident that lasts and a promise that grows late: not a byte."""
    late = PostMortem(sections=(Section(title="Why", body="", actions=(ACTION,)),))
    notices = (
        incident("open", "14:00 investigating"),
        maintenance("work", window=("03-20 13:00", "03-20 14:00")),
        replace(incident("over", started="10:00", ended="11:00"), post_mortem=late),
    )
    made = {getattr(feeds(*notices, now=NOW + timedelta(hours=hours)), kind)() for hours in (0, 1.5, 24, 24 * 400)}

    assert len(made) == 1


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_what_is_still_to_come_is_not_told(kind: str):
    notice = incident("it-broke", "03-20 11:00 investigating", "03-20 13:00 resolved")

    assert "Resolved" not in words_of(parsed(getattr(feeds(notice), kind)()).entries[0])


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_a_hostile_title_is_text(kind: str):
    """Control characters are dropped, the rest is kept as typed, with the rest of the feed as it was."""
    feed = etree.fromstring(getattr(feeds(incident(title=HOSTILE)), kind)())
    title = feed.find(".//{*}entry/{*}title") if kind == "atom" else feed.find(".//item/title")

    assert title is not None
    assert title.text == "</title>]]><b>&\"' "


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_no_link_is_relative(kind: str):
    """Readers show an entry far from our site."""
    body = "[a](other.md) [b](#here) [c](/uptime/) [d](../x) ![e](graph.png) [f](https://example.org/)"
    entry = parsed(getattr(feeds(with_body(incident(), body), incident("other")), kind)()).entries[-1]
    links = re.findall(r'(?:href|src)="([^"]*)"', entry.content[0].value if "content" in entry else entry.summary)

    assert len(links) >= 6
    assert [link for link in links if not re.match(r"https?://", link)] == []


def test_a_post_mortem_is_told_with_its_promises():
    """What was promised by when is a fact; that it is late is the clock's."""
    told = PostMortem(
        posted=at("03-09 10:00"),
        lead="Sorry.",
        sections=(Section(title="What <we> change", body="Much.", actions=(ACTION,)),),
    )
    entry = parsed(feeds(replace(incident(), post_mortem=told)).atom()).entries[0]

    assert words_of(entry).startswith(
        "Post-mortem · 2026-03-09 10:00 UTC Sorry. What <we> change Much. Page at 80 % platform, due 2026-03-10 "
    )


def test_the_newest_words_are_in_it():
    """An old notice with a new word is told before a new one with an old word."""
    many = [incident(f"n{n:02}", f"03-{1 + n // 4:02} {n % 4:02}:00 investigating") for n in range(NEWEST + 5)]
    many[0] = incident("n00", "03-01 00:00 investigating", "03-19 00:00 resolved")
    ids = [entry.id.rpartition(":")[2] for entry in parsed(feeds(*many).atom()).entries]

    assert len(ids) == NEWEST
    assert ids[:2] == ["n00", f"n{NEWEST + 4}"]


def test_a_site_without_notices_has_a_feed():
    """And it says the same tomorrow."""
    assert parsed(feeds().atom()).feed.updated == "1970-01-01T00:00:00+00:00"
    assert parsed(feeds().rss()).entries == []


def test_recurring_work_is_one_entry():
    notice = maintenance("weekly", recurs="FREQ=WEEKLY")

    assert len(parsed(feeds(notice).atom()).entries) == 1


def words_of(entry: feedparser.FeedParserDict) -> str:
    """What an entry says, without its tags."""
    html = entry.content[0].value if "content" in entry else entry.summary
    return " ".join("".join(etree.HTML(html).itertext(with_tail=True)).split())


ACTION = Action(text="Page at 80 %", owner="platform", due=at("03-10 00:00").date())
"""A promise that is late by the day of the test."""
