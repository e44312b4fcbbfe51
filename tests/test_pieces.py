"""Small pieces of pages."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from aboveboard.render.pieces import escaped

values = st.one_of(st.text(), st.text("a&<>'\" "), st.text("a&<>'\" ").map(Markup), st.integers(), st.none())


@given(values)
def test_what_is_printed_is_escaped(value: object):
    """However little there is to escape."""
    assert str(escaped(value)) == str(escape(value))
