"""Public paths, and the links between them."""

from __future__ import annotations

from posixpath import normpath
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboveboard.options import read
from aboveboard.settings import Host
from aboveboard.urls import Page, Urls
from make import settings

names = st.sampled_from(["incidents", "history", "a", "b", "2026-11"])
folders = st.lists(names, max_size=4).map(lambda parts: "".join(f"{part}/" for part in parts))
addresses = st.one_of(folders, st.tuples(folders, st.sampled_from(["history.atom", "graph.svg"])).map("".join))


@given(to=addresses, at=folders)
def test_a_link_leads_from_any_page_to_any_other(to: str, at: str):
    """A browser that follows it arrives."""
    link = Urls(settings()).link(to, at)

    assert urljoin(f"https://status.example.com/{at}", link) == f"https://status.example.com/{to}"
    assert not link.startswith("/")


@given(to=addresses, at=folders)
def test_where_files_are_named_it_leads_to_the_file(to: str, at: str):
    urls = Urls(read({}, Host(name="x", url="https://status.example.com/", directory_urls=False)))
    arrived = urljoin(f"https://status.example.com/{at}index.html", urls.link(to, at))

    assert arrived == f"https://status.example.com/{urls.file(to)}"


@given(
    url=st.sampled_from(["https://a.example", "https://a.example/", "https://a.example/b", "https://a.example/b/c/"]),
    to=st.text("ab1./~_-?#:%@ é", max_size=10),
)
def test_the_whole_url_is_what_a_browser_would_make_of_it(url: str, to: str):
    """Although almost none has anything that would have to be resolved."""
    assert Urls(read({}, Host(name="x", url=url))).absolute(to) == urljoin(url, to)


def test_a_detour_never_leaves_the_site():
    """Whatever somebody writes in a body, a site below a path of another one links to itself."""
    urls = Urls(settings())

    assert urls.link("incidents/x/../y/../graph.svg", "incidents/x/") == "../graph.svg"
    assert urls.link("incidents/x/../../../../history/", "incidents/x/") == "../../history/"


@pytest.mark.parametrize(("prefix", "history"), [("", "history/"), ("help/status", "help/status/history/")])
def test_everything_lies_below_the_prefix(prefix: str, history: str):
    urls = Urls(settings(prefix=prefix))

    assert urls.page(Page.HISTORY) == history
    for at in (
        urls.notice("x"),
        urls.history(year=2026, month=3),
        urls.history("kinds", "incident", 2026),
        urls.component("api"),
        urls.history("components", "api", 2026),
        urls.feed("history.atom"),
    ):
        assert normpath(at).startswith(prefix)


def test_feed_ids_know_neither_domain_nor_title():
    urls = Urls(settings(feed_authority="status.example.org"))

    assert urls.feed_id() == "tag:status.example.org,2026:history"
    assert urls.feed_id(update="updates") == "tag:status.example.org,2026:updates"
    assert urls.feed_id("it-broke", "20260302T140000Z") == "tag:status.example.org,2026:it-broke/20260302T140000Z"
