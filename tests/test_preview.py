"""What other programs show of a page."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from aboveboard.model import Log, Notice, PostMortem, Section
from aboveboard.render.pages import Pages, Text
from aboveboard.render.preview import beginning
from aboveboard.report import Report
from aboveboard.settings import Settings
from aboveboard.urls import Page, Urls
from make import at, incident, maintenance, settings

HOSTILE = """"</script><script>alert(1)</script><!-- ' & \u2028"""


def pages(*notices: Notice, now: str = "16:00", known: Settings | None = None) -> Pages:
    known = known or settings("api", "web")
    return Pages(Report.of(Log.of(notices), known, at(now)), Urls(known), lambda text: f"<p>{text}</p>")


def seen(text: Text) -> dict[str, str]:
    """What a link preview is told."""
    head = html.fromstring(f"<head>{text.head}</head>")
    return {one.get("property") or one.get("name"): one.get("content") for one in head.iter("meta")}


def data(text: Text) -> dict[str, object] | None:
    """What a search engine is told."""
    head = html.fromstring(f"<head>{text.head}</head>")
    found = head.xpath("//script[@type='application/ld+json']/text()")
    return json.loads(found[0]) if found else None


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("The disk is full.\n\nMore tomorrow.", "The disk is full."),
        (
            "Mail is **late**, see [the disk](2026-10-01-disk.md) and ![a graph](queue.svg).",
            "Mail is late, see the disk and a graph.",
        ),
        ("- `smtp` is slow\n- so is imap", "smtp is slow so is imap"),
        ("> We wrote:\n> nothing", "We wrote: nothing"),
    ],
)
def test_a_description_is_the_first_paragraph_in_plain_words(markdown: str, text: str):
    assert beginning(markdown) == text


@given(st.text())
def test_a_description_is_short_and_one_line(markdown: str):
    text = beginning(markdown)

    assert len(text) <= 202
    assert "\n" not in text


def test_a_notice_is_previewed_by_what_was_said_last():
    shown = seen(pages(incident(title="Mail is late")).notice("it-broke"))

    assert shown["og:title"] == "Mail is late"
    assert shown["og:description"].startswith("Investigating. ")
    assert shown["og:url"] == "https://status.example.com/incidents/it-broke/"
    assert shown["og:site_name"] == "Test status"
    assert shown["twitter:card"] == "summary_large_image"


def test_nothing_that_is_written_ends_a_tag_or_a_script():
    """A title is text in an attribute and in the data for search engines."""
    work = maintenance(title=HOSTILE)
    text = pages(work).notice(work.id)

    assert seen(text)["og:title"] == HOSTILE
    told = data(text)
    assert told
    assert told["name"] == HOSTILE
    assert "alert(1)</script>" not in text.head.replace("&lt;", "<").replace(HOSTILE, "").partition("ld+json")[0]


def test_planned_work_is_an_event():
    work = maintenance(title="New routers")
    told = data(pages(work).notice(work.id))

    assert told
    assert told["@type"] == "Event"
    assert told["startDate"] == work.scheduled_for.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert told["endDate"] == work.scheduled_until.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert told["eventStatus"] == "https://schema.org/EventScheduled"


def test_an_account_of_what_went_wrong_is_an_article():
    account = PostMortem(posted=at("15:30"), sections=(Section(title="What happened", body="It broke."),))
    told = data(pages(incident(ended="15:00", post_mortem=account), now="16:00").notice("it-broke"))

    assert told
    assert told["@type"] == "Article"
    assert (told["datePublished"], told["dateModified"]) == ("2026-03-02T14:00:00Z", "2026-03-02T15:30:00Z")


def test_of_an_incident_search_engines_have_no_word():
    assert data(pages(incident()).notice("it-broke")) is None


def test_the_board_is_the_site():
    told = data(pages().page(Page.BOARD))

    assert told
    assert (told["@type"], told["url"]) == ("WebSite", "https://status.example.com/")
