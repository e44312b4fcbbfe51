"""Small pieces of pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from aboveboard.model import Log
from aboveboard.render import pieces
from aboveboard.render.body import Bodies
from aboveboard.render.clock import Clock
from aboveboard.render.pieces import Pieces, escaped
from aboveboard.report import Report
from aboveboard.urls import Urls
from make import at, incident, settings

values = st.one_of(st.text(), st.text("a&<>'\" "), st.text("a&<>'\" ").map(Markup), st.integers(), st.none())


@given(values)
def test_what_is_printed_is_escaped(value: object):
    """However little there is to escape."""
    assert str(escaped(value)) == str(escape(value))


@given(values)
def test_what_is_printed_is_escaped_by_any_release_of_markupsafe(value: object):
    """Of which some have no `_escape_inner`."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pieces, "_escape_text", escape)
        assert str(escaped(value)) == str(escape(value))


@pytest.mark.parametrize("prefix", ["", "status"])
def test_a_link_leads_from_the_page_that_is_printed(prefix: str):
    """Though most are the same on every page of a folder, and made once for it."""
    known = settings("api", "web", prefix=prefix)
    urls, log = Urls(known), Log.of([incident("one"), incident("two")])
    report = Report.of(log, known, at("16:00"))
    printed = Pieces(report, Clock(known.zone), Bodies(report, urls, str))
    places = [urls.notice("one"), urls.notice("two"), urls.component("api"), urls.component("web")]

    for here in (*places, urls.history(), urls.history(year=2026), urls.missing, *places):
        printed.go(here)
        assert f'href="{urls.link(urls.component("api"), here)}"' in printed.component_link(known.components[0])
        assert f'href="{urls.link(urls.notice("one"), here)}"' in printed.notice_link("one")
