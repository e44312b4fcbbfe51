"""The feeds: valid whatever is in them, the same whenever they are made, and every id for ever."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from lxml import etree
from markdown import markdown
from msgspec.structs import replace

from aboveboard.channels import NOTICES, UPDATES
from aboveboard.importers import files as files_of
from aboveboard.importers import statuspage
from aboveboard.model import Action, Announcement, Log, Notice, PostMortem, Retirement, Section
from aboveboard.render import opml
from aboveboard.render.feeds import OUTLET
from aboveboard.render.outlet import Basis
from aboveboard.render.syndication import Category, Post, atom_entry, rss_item
from aboveboard.report import Report
from aboveboard.urls import Urls
from make import DEGRADED, MAJOR, at, incident, maintenance, settings, updates
from strategies import instants, logs, site

NOW = at("03-20 12:00")

HOSTILE = "</title>]]><b>&\"' \x00\x07\x1b\ufffe"
"""A title that means to end the feed, with characters that no XML can hold."""

NASTY = (
    HOSTILE,
    "\u202eoverride\u202c \u2066isolate\u2069 \u200bzero\u200dwidth\ufeff",
    "line\u2028separator\u2029paragraph\x85next",
    "surrogate \ud800 alone",
    "👩‍👩‍👧‍👦🏳️‍🌈" * 20,
    "x" * 5000,
    "<script>alert(1)</script>",
    "&amp; &#0; &lt;",
)
"""What bad input may hold."""


def files(*notices: Notice, now: datetime = NOW, **known: Any) -> dict[str, bytes]:
    """Every feed of a site with these notices, by its address."""
    return printed(Log.of(notices), settings("api", "web", **known), now)


def printed(log: Log, known: Any, now: datetime) -> dict[str, bytes]:
    basis = Basis(Report.of(log, known, now), Urls(known), markdown, Path("/nowhere"))
    assert OUTLET.shelves
    return {file.at: file.make() for shelf in OUTLET.shelves(basis) for file in shelf.files()}


def history(kind: str, *notices: Notice, now: datetime = NOW, **known: Any) -> bytes:
    """The feed of everything, in Atom or RSS."""
    return files(*notices, now=now, **known)[f"history.{kind}"]


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
    told = parsed(history(kind, notice))
    (entry,) = told.entries

    assert told.feed.title == "Test status: incidents and maintenance"
    assert told.feed.link == "https://status.example.com/"
    assert entry.id == "tag:status.example.com,2026:it-broke"
    assert entry.link == "https://status.example.com/incidents/it-broke/"
    assert entry.title == "It broke & burned"
    assert entry.published_parsed[:5] == (2026, 3, 2, 14, 5)
    assert [tag.term for tag in entry.tags] == (
        ["incident", "api", "resolved", "critical"] if kind == "atom" else ["incident", "API", "resolved", "critical"]
    )
    assert words_of(entry) == (
        "Resolved · 2026-03-02 14:40 UTC We write at 14:40. Investigating · 2026-03-02 14:05 UTC We write at 14:05."
    )


def test_an_entry_is_updated_by_every_word_and_by_nothing_else():
    """The post-mortem is a word, too; what happened, or was published, on another day is none."""
    first = incident("it-broke", "14:05 investigating")
    more = incident("it-broke", "14:05 investigating", "14:40 resolved")
    account = replace(more, post_mortem=PostMortem(posted=at("03-09 10:00"), lead="We were wrong."))
    updated = [parsed(history("atom", notice)).entries[0].updated for notice in (first, more, account)]

    assert updated == ["2026-03-02T14:05:00+00:00", "2026-03-02T14:40:00+00:00", "2026-03-09T10:00:00+00:00"]
    assert parsed(history("atom", account)).feed.updated == "2026-03-09T10:00:00+00:00"
    assert parsed(history("rss", account)).feed.updated == "Mon, 09 Mar 2026 10:00:00 +0000"


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_ids_outlive_titles_and_domains(kind: str):
    """A reader is told of a notice once, however often we rename it, or ourselves."""
    before = history(kind, incident(), feed_authority="status.example.com")
    after = history(kind, incident(title="Renamed"), feed_authority="status.example.com", name="New Ltd")

    assert [entry.id for entry in parsed(before).entries] == [entry.id for entry in parsed(after).entries]


def test_time_alone_changes_nothing():
    """Work that the clock has begun, an incident that lasts and a promise that grows late: not a byte."""
    late = PostMortem(sections=(Section(title="Why", body="", actions=(ACTION,)),))
    notices = (
        incident("open", "14:00 investigating"),
        maintenance("work", window=("03-20 13:00", "03-20 14:00")),
        replace(incident("over", started="10:00", ended="11:00"), post_mortem=late),
    )
    made = {tuple(files(*notices, now=NOW + timedelta(hours=hours)).items()) for hours in (0, 1.5, 24, 24 * 400)}

    assert len(made) == 1


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_what_is_still_to_come_is_not_told(kind: str):
    notice = incident("it-broke", "03-20 11:00 investigating", "03-20 13:00 resolved")

    assert "Resolved" not in words_of(parsed(history(kind, notice)).entries[0])


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_a_hostile_title_is_text(kind: str):
    """Control characters are dropped, the rest is kept as typed, with the rest of the feed as it was."""
    feed = etree.fromstring(history(kind, incident(title=HOSTILE)))
    title = feed.find(".//{*}entry/{*}title") if kind == "atom" else feed.find(".//item/title")

    assert title is not None
    assert title.text == "</title>]]><b>&\"' "


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_no_link_is_relative(kind: str):
    """Readers show an entry far from our site."""
    body = "[a](other.md) [b](#here) [c](/uptime/) [d](../x) ![e](graph.png) [f](https://example.org/)"
    entry = parsed(history(kind, with_body(incident(), body), incident("other"))).entries[-1]
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
    entry = parsed(history("atom", replace(incident(), post_mortem=told))).entries[0]

    assert words_of(entry).startswith(
        "Post-mortem · 2026-03-09 10:00 UTC Sorry. What <we> change Much. Page at 80 % platform, due 2026-03-10 "
    )


def test_the_newest_words_are_in_it():
    """An old notice with a new word is told before a new one with an old word."""
    many = [incident(f"n{n:02}", f"03-{1 + n // 4:02} {n % 4:02}:00 investigating") for n in range(NOTICES + 5)]
    many[0] = incident("n00", "03-01 00:00 investigating", "03-19 00:00 resolved")
    ids = [entry.id.rpartition(":")[2] for entry in parsed(history("atom", *many)).entries]

    assert len(ids) == NOTICES
    assert ids[:2] == ["n00", f"n{NOTICES + 4}"]


def test_a_site_without_notices_has_a_feed():
    """And it says the same tomorrow."""
    assert parsed(history("atom")).feed.updated == "1970-01-01T00:00:00+00:00"
    assert parsed(history("rss")).entries == []


def test_recurring_work_is_one_entry():
    notice = maintenance("weekly", recurs="FREQ=WEEKLY")

    assert len(parsed(history("atom", notice)).entries) == 1


@cache
def grammar() -> etree.RelaxNG:
    """RFC 4287, appendix B."""
    return etree.RelaxNG(etree.parse(Path(__file__).parent / "schemas" / "atom.rng"))


@cache
def schema() -> Draft202012Validator:
    """JSON Feed 1.1, as far as we write it."""
    return Draft202012Validator(json.loads((Path(__file__).parent / "schemas" / "jsonfeed.json").read_text("utf-8")))


def check(made: Mapping[str, bytes], now: datetime) -> None:
    """Every rule of the W3C's feed validator that what we write could break."""
    for path, data in made.items():
        if path.endswith(".atom"):
            check_atom(path, etree.fromstring(data), now)
        elif path.endswith(".rss"):
            check_rss(path, etree.fromstring(data), now)
        else:
            check_json(path, json.loads(data), now)
        told = parsed(data) if not path.endswith(".json") else None
        assert told is None or told.version in ("atom10", "rss20")


def check_atom(path: str, feed: Any, now: datetime) -> None:
    assert grammar().validate(feed), (path, grammar().error_log)
    name = "{http://www.w3.org/2005/Atom}%s"
    links = [(link.get("rel"), link.get("href")) for link in feed.findall(name % "link")]
    assert [href for rel, href in links if rel == "self"] == [f"https://status.example.com/{path}"]
    assert all(href.startswith("https://") for _, href in links)
    ids = [entry.findtext(name % "id") for entry in feed.findall(name % "entry")]
    assert len(ids) == len(set(ids))
    assert feed.findtext(name % "id") not in ids
    for id_ in ids:
        assert re.fullmatch(r"tag:[a-z0-9.-]+,2026:[a-z0-9/-]+[A-Za-z0-9/-]*", id_), id_
    for entry in feed.findall(name % "entry"):
        published, updated = (datetime.fromisoformat(entry.findtext(name % one)) for one in ("published", "updated"))
        assert published <= updated <= now
        assert [link.get("rel") for link in entry.findall(name % "link")] == ["alternate"]
        assert entry.findtext(name % "title").strip()
        check_html(entry.findtext(name % "content"))
    # "Feeds should be in reverse chronological order", by the word that counts.
    times = [datetime.fromisoformat(entry.findtext(name % "updated")) for entry in feed.findall(name % "entry")]
    assert "history-" in path or times == sorted(times, reverse=True)
    assert feed.findtext(name % "updated") == (max(times).isoformat() if times else "1970-01-01T00:00:00+00:00")


def check_rss(path: str, rss: Any, now: datetime) -> None:
    channel = rss[0]
    assert (rss.get("version"), len(rss)) == ("2.0", 1)
    assert all(channel.findtext(one) for one in ("title", "link", "description", "lastBuildDate"))
    links = {link.get("rel"): link.get("href") for link in channel.findall("{http://www.w3.org/2005/Atom}link")}
    assert links["self"] == f"https://status.example.com/{path}"
    guids = [item.findtext("guid") for item in channel.findall("item")]
    assert len(guids) == len(set(guids))
    for item in channel.findall("item"):
        assert [one.tag for one in item if one.tag != "category"] == ["title", "link", "guid", "pubDate", "description"]
        assert item.find("guid").get("isPermaLink") == "false"
        assert item.findtext("link").startswith("https://")
        assert parsedate_to_datetime(item.findtext("pubDate")) <= now
        assert all(one.text and one.get("domain") for one in item.findall("category"))
        check_html(item.findtext("description"))


def check_json(path: str, feed: Any, now: datetime) -> None:
    schema().validate(feed)
    assert feed["feed_url"] == f"https://status.example.com/{path}"
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"])
    for item in feed["items"]:
        assert datetime.fromisoformat(item["date_published"]) <= now
        check_html(item["content_html"])


def check_html(html: str) -> None:
    """No scripts, no links that lead from nowhere."""
    assert not re.search(r"<(script|style|iframe|object|embed|meta|link|form)\b|\son\w+=|javascript:", html, re.I)
    assert [to for to in re.findall(r'\s(?:href|src)="([^"]*)"', html) if not re.match(r"[a-z]+:", to)] == []


@hypothesis_settings(max_examples=max(8, hypothesis_settings.default.max_examples // 10))
@given(logs(), instants())
def test_whatever_is_posted_every_feed_is_valid(log: Log, now: datetime):
    """By the grammar of RFC 4287, the schema of JSON Feed, and the rules that the W3C's validator has besides."""
    known = replace(site(), host=settings().host, feed_authority="status.example.com")
    check(printed(log, known, now), now)


@pytest.mark.parametrize("nasty", NASTY)
def test_whatever_is_typed_every_feed_is_well_formed_and_says_the_same(nasty: str):
    """In a title, a body, a component's name, an account: less what XML cannot hold, more nothing."""
    # What is read from a file is UTF-8, which has no surrogates; a title may be spelled with escapes of YAML.
    body = nasty.replace("\ud800", "")
    account = PostMortem(posted=at("03-09 10:00"), lead=body, sections=(Section(title=body, body=body),))
    notice = replace(with_body(incident(title=nasty), body), post_mortem=account)
    known = settings("api")
    known = replace(known, name=nasty, components=(replace(known.components[0], name=nasty, group="g"),))
    made = printed(Log.of([notice]), known, NOW)
    check(made, NOW)
    expected = re.sub("[\x00\x07\x1b\ufffe\ud800]", "", nasty)
    name = "{http://www.w3.org/2005/Atom}%s"
    titles = {
        etree.fromstring(made["history.atom"]).findtext(f".//{name % 'entry'}/{name % 'title'}"),
        etree.fromstring(made["history.rss"]).findtext(".//item/title"),
        json.loads(made["feed.json"])["items"][-1]["title"].removeprefix("Investigating: "),
    }
    # "#xD#xA and any #xD that is not followed by #xA" is a line's end to XML; here nothing is one.
    assert titles == {expected}


class Reader:
    """A feed reader, as most are: it shows what it has not seen, by its id."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def shown(self, feed: bytes) -> list[str]:
        """The titles that are new to it."""
        if feed.startswith(b"{"):
            entries = [(item["id"], item["title"]) for item in json.loads(feed)["items"]]
        else:
            entries = [(entry.id, entry.title) for entry in parsed(feed).entries]
        new = [title for id_, title in entries if id_ not in self.seen]
        self.seen.update(id_ for id_, _ in entries)
        return new


FEEDS = ("updates.atom", "updates.rss", "feed.json")


def test_each_update_is_shown_once_and_nothing_when_nothing_was_posted():
    """Over a series of builds: posted, corrected, renamed, added to, over, accounted for."""
    first = incident("it-broke", "14:05 investigating")
    corrected = with_body(first, "We write at 14:06, without the typing error.")
    renamed = replace(corrected, title="It really broke")
    worse = replace(renamed, components={"api": DEGRADED, "web": MAJOR}, stated_start=at("13:50"))
    more = incident("it-broke", "14:05 investigating", "14:40 identified", title="It really broke")
    over = incident("it-broke", "14:05 investigating", "14:40 identified", "15:10 resolved", title="It really broke")
    account = replace(over, post_mortem=PostMortem(posted=at("03-09 10:00"), lead="We were wrong."))
    edited = replace(account, post_mortem=PostMortem(posted=at("03-09 10:00"), lead="We were very wrong."))
    other = incident("other", "03-10 09:00 investigating", title="Another")
    series: list[tuple[tuple[Notice, ...], list[str]]] = [
        ((first,), ["Investigating: It broke"]),
        ((first,), []),
        ((corrected,), []),
        ((renamed,), []),
        ((worse,), []),
        ((more,), ["Identified: It really broke"]),
        ((over,), ["Resolved: It really broke"]),
        ((account,), ["Post-mortem: It really broke"]),
        ((edited,), []),
        ((edited, other), ["Investigating: Another"]),
        ((edited, replace(other, updates=updates("03-10 09:00 investigating", "03-10 09:01 update"))),
         ["Update: Another"]),
    ]  # fmt: skip
    readers = {name: Reader() for name in FEEDS}
    for notices, expected in series:
        made = files(*notices)
        assert {name: readers[name].shown(made[name]) for name in FEEDS} == dict.fromkeys(FEEDS, expected)


@hypothesis_settings(max_examples=max(8, hypothesis_settings.default.max_examples // 10))
@given(logs(), st.lists(instants(), min_size=2, max_size=4))
def test_a_reader_that_comes_by_now_and_then_is_shown_everything_once(log: Log, visits: Sequence[datetime]):
    """As the clock goes on, what was withheld is posted, and is shown then."""
    known = replace(site(), host=settings().host)
    readers = {name: Reader() for name in FEEDS}
    for now in sorted(visits):
        made = printed(log, known, now)
        for name in FEEDS:
            readers[name].shown(made[name])
        told = [notice for one in log.notices if (notice := one.as_of(now))]
        ids = {f"{notice.id}/{update.id}" for notice in told for update in notice.updates}
        ids |= {f"{one.id}/post-mortem" for one in told if one.post_mortem and one.post_mortem.posted}
        for name in FEEDS:
            assert {id_.partition(",2026:")[2] for id_ in readers[name].seen} == ids


def test_a_reader_of_notices_is_told_that_one_was_added_to():
    """`updated` moves with every word, `published` never; a correction moves neither."""
    first = incident("it-broke", "14:05 investigating")
    more = incident("it-broke", "14:05 investigating", "14:40 resolved")
    told = [parsed(history("atom", one)).entries[0] for one in (first, with_body(first, "Corrected."), more)]

    assert [(entry.published[11:16], entry.updated[11:16]) for entry in told] == [
        ("14:05", "14:05"),
        ("14:05", "14:05"),
        ("14:05", "14:40"),
    ]


def test_each_channel_tells_what_it_is_about():
    """A component's, a group's and a kind's feeds, with the notices that belong there and no others."""
    known = {"components": [{"id": "api", "name": "API", "group": "g"}, {"id": "web", "name": "Web"}],
             "groups": [{"id": "g", "name": "Group"}]}  # fmt: skip
    account = replace(incident("api-broke", started="10:00", ended="11:00"), post_mortem=PostMortem(posted=NOW))
    notices = (
        account,
        incident("web-broke", components={"web": MAJOR}),
        incident("all-broke", components={}, stated_impact="critical"),
        maintenance("work"),
        Retirement(id="end", title="End", updates=updates("09:00 update"), components=("web",), announced=at("09:00"),
                   ends=at("03-30 09:00"), replaced_by="Another", export="Copy", help="Ask"),
        Announcement(id="news", title="News", updates=updates("08:00 update")),
    )  # fmt: skip
    made = files(*notices, **known)
    held = {
        path.removeprefix("feeds/").removesuffix("/history.atom"): {
            entry.id.rpartition(":")[2] for entry in parsed(data).entries
        }
        for path, data in made.items()
        if path.endswith("history.atom")
    }

    assert held == {
        "history.atom": {notice.id for notice in notices},
        "components/api": {"api-broke", "work"},
        "components/web": {"web-broke", "end"},
        "groups/g": {"api-broke", "work"},
        "kinds/incidents": {"api-broke", "web-broke", "all-broke"},
        "kinds/maintenance": {"work"},
        "kinds/retirements": {"end"},
        "kinds/announcements": {"news"},
        "kinds/post-mortems": {"api-broke"},
    }
    accounts = parsed(made["feeds/kinds/post-mortems/updates.atom"])
    assert [entry.title for entry in accounts.entries] == ["Post-mortem: It broke"]
    assert accounts.feed.title == "Test status: post-mortems, every update"
    assert accounts.feed.id == "tag:status.example.com,2026:feeds/kinds/post-mortems/updates"
    assert accounts.feed.link == "https://status.example.com/post-mortems/"


def test_what_comes_later_changes_nothing_of_an_update():
    """Its categories are as they were when it was posted, and so is its time."""
    first = incident("it-broke", "14:05 investigating", components={"api": DEGRADED})
    more = incident(
        "it-broke", "14:05 investigating", ("14:40 identified", {"web": MAJOR}), components={"api": DEGRADED}
    )
    before, after = (json.loads(files(one)["feed.json"])["items"][-1] for one in (first, more))

    assert before == after
    assert before["_aboveboard"] == {
        "notice": "it-broke",
        "kind": "incident",
        "status": "investigating",
        "impact": "minor",
        "components": ["api"],
    }


def many(count: int) -> list[Notice]:
    """So many notices over two years, some of the older ones with a newest word."""
    start = datetime(2024, 6, 1, tzinfo=UTC)
    made: list[Notice] = []
    for n in range(count):
        posted = start + timedelta(hours=90 * n)
        words = [f"{posted:%Y-%m-%d %H:%M} investigating"]
        if n % 17 == 0:
            words.append(f"2026-03-19 {n % 24:02}:30 resolved")
        made.append(incident(f"n{n:03}", *words))
    return made


def walked(made: Mapping[str, bytes], at_: str = "history.atom") -> list[feedparser.FeedParserDict]:
    """A feed and its archives, as a reader that walks back finds them."""
    found = []
    address: str | None = f"https://status.example.com/{at_}"
    while address:
        found.append(parsed(made[address.removeprefix("https://status.example.com/")]))
        address = next((link.href for link in found[-1].feed.links if link.rel == "prev-archive"), None)
    return found


@pytest.mark.parametrize("count", [0, NOTICES, NOTICES + 1, 173])
@pytest.mark.parametrize("at_", ["history.atom", "feeds/components/api/history.atom"])
def test_a_reader_can_walk_back_to_the_first_notice(count: int, at_: str):
    """RFC 5005: from archive to archive, each marked as one, until there is none before it."""
    made = files(*many(count))
    documents = walked(made, at_)
    if count == 173:
        check({path: data for path, data in made.items() if path.startswith(at_.removesuffix("history.atom"))}, NOW)

    assert {entry.id.rpartition(":")[2] for one in documents for entry in one.entries} == {
        f"n{n:03}" for n in range(count)
    }
    assert all("fh_archive" in one.feed for one in documents[1:])
    assert "fh_archive" not in documents[0].feed
    current = f"https://status.example.com/{at_}"
    for one in documents[1:]:
        assert [link.href for link in one.feed.links if link.rel == "current"] == [current]
        assert len(one.entries) <= NOTICES
    archives = [
        path
        for path in made
        if "history-" in path and path.startswith(at_.removesuffix("history.atom") or "feeds/history")
    ]
    assert len(documents) == 1 + len(archives)


def test_archives_never_change_once_they_are_full():
    """Each notice posted after another leaves every archive that is there as it is, to the byte."""
    notices, held = many(173), {}
    for count in range(49, 174, 31):
        made = files(*notices[:count])
        archives = {path: data for path, data in made.items() if "/history-" in path}
        assert {path: data for path, data in archives.items() if path in held} == held
        held = archives
    assert sorted(path for path in held if path.startswith("feeds/history")) == [
        "feeds/history-2024-1.atom",
        "feeds/history-2024-2.atom",
        "feeds/history-2025-1.atom",
        "feeds/history-2025-2.atom",
    ]


def test_a_feed_of_updates_holds_the_newest():
    """A hundred of them, whichever notices they are about."""
    made = files(*many(173))
    items = json.loads(made["feed.json"])["items"]

    assert len(items) == UPDATES
    assert [item["date_published"] for item in items] == sorted((one["date_published"] for one in items), reverse=True)
    assert items[0]["title"] == "Resolved: It broke"


def test_a_hub_is_named_where_there_is_one():
    """In every feed that changes; an archive does not."""
    hub = "https://hub.example.com/"
    made = files(*many(60), websub_hub=hub)
    for path, data in made.items():
        if path.endswith(".json"):
            assert json.loads(data)["hubs"] == [{"type": "WebSub", "url": hub}]
        else:
            links = [link.href for link in parsed(data).feed.links if link.rel == "hub"]
            assert links == ([] if "/history-" in path else [hub]), path


def test_planned_work_is_told_with_its_time():
    """In the feed of notices, and in the update that planned it last."""
    notice = maintenance("work", "03-01 09:00 scheduled", "03-01 10:00 update", "03-01 12:00 scheduled")
    items = json.loads(files(notice)["feed.json"])["items"]

    assert words_of(parsed(history("atom", notice)).entries[0]).startswith(
        "Planned for 2026-03-02 14:00 UTC to 2026-03-02 15:00 UTC. Scheduled · 2026-03-01 12:00 UTC"
    )
    assert ["Planned for" in item["content_html"] for item in items] == [True, False, False]


def words_of(entry: feedparser.FeedParserDict) -> str:
    """What an entry says, without its tags."""
    html = entry.content[0].value if "content" in entry else entry.summary
    return " ".join("".join(etree.HTML(html).itertext(with_tail=True)).split())


ACTION = Action(text="Page at 80 %", owner="platform", due=at("03-10 00:00").date())
"""A promise that is late by the day of the test."""


GITHUB = Path(__file__).parents[2] / "shared" / "data" / "statuspage-github" / "incidents.json"


@pytest.mark.skipif(not GITHUB.is_file(), reason=f"{GITHUB} is missing: there is no real data beside this")
def test_a_real_history_makes_valid_feeds():
    """A hundred and fifty-six incidents of somebody else's, as they are imported: every feed, and the way back."""
    imported = statuspage.read(files_of.read_json([GITHUB]), imported=datetime(2026, 11, 22, 5, 0, tzinfo=UTC))
    known = replace(settings(), components=imported.components, groups=imported.groups)
    now = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
    made = printed(Log.of(imported.notices), known, now)
    check(made, now)

    found = {entry.id for one in walked(made) for entry in one.entries}
    assert len(found) == len(imported.notices) >= 156


def test_one_file_brings_all_feeds_into_a_reader():
    """Each of them is there, and is called what it calls itself."""
    known = settings("api", "web")
    basis = Basis(Report.of(Log.of([incident()]), known, NOW), Urls(known), markdown, Path("/nowhere"))
    (file,) = opml.OUTLET.files(basis)
    listed = etree.fromstring(file.make()).iterfind(".//outline[@type='rss']")
    named = {one.get("xmlUrl", "").removeprefix("https://status.example.com/"): one.get("text") for one in listed}
    made = {at: data for at, data in files(incident()).items() if at.endswith("history.atom")}

    assert file.at == "feeds/all.opml"
    assert set(named) == {*made, "feeds/kinds/promises/history.atom"}  # which is promised's own
    for address, data in made.items():
        assert etree.fromstring(data).findtext("{http://www.w3.org/2005/Atom}title") == named[address]


TEXT = st.text(st.one_of(st.sampled_from("<>&\"' \t\n\r]"), st.characters(codec="utf-8", exclude_categories=["C"])))
POSTS = st.builds(
    Post,
    *(TEXT for _ in range(3)),
    *(st.datetimes(timezones=st.just(UTC)) for _ in range(2)),
    TEXT,
    st.lists(st.builds(Category, st.sampled_from(["kind", "component"]), TEXT, TEXT, TEXT)).map(tuple),
    TEXT,
)


@given(POSTS)
def test_an_entry_is_written_as_lxml_writes_it(post: Post):
    """Whatever is in it: it is put together in a tenth of the time, and not in another way."""
    entry, item = etree.Element("entry"), etree.Element("item")

    def said(parent: etree._Element, tag: str, text: str, **attributes: str) -> None:
        etree.SubElement(parent, tag, attributes).text = text

    said(entry, "id", post.id)
    said(entry, "title", post.title)
    etree.SubElement(entry, "link", rel="alternate", type="text/html", href=post.link)
    said(entry, "published", post.published.isoformat())
    said(entry, "updated", post.updated.isoformat())
    said(item, "title", post.title)
    said(item, "link", post.link)
    said(item, "guid", post.id, isPermaLink="false")
    said(item, "pubDate", format_datetime(post.published))
    for one in post.categories:
        etree.SubElement(entry, "category", term=one.term, scheme=one.scheme, label=one.label)
        said(item, "category", one.label if one.what == "component" else one.term, domain=one.scheme)
    said(entry, "content", post.content, type="html")
    said(item, "description", post.content)

    assert atom_entry(post) == etree.tostring(entry, encoding="utf-8")
    assert rss_item(post) == etree.tostring(item, encoding="utf-8")
