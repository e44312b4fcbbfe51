"""What can be said of every notice without opening it."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from aboveboard.index import _MENTION, mentions

pieces = st.sampled_from(
    ["a", "B1", "-", ".", ";", "&#46;", "&period;", "md", ".md", ".MD", ";md", " ", "\n", "\u0130"]
)


@given(st.lists(pieces, max_size=14).map("".join))
@example("[x](../2026/it-broke.md) and it-broke&#46;md")
def test_looking_at_the_lines_that_may_mention_something_finds_all_that_are_mentioned(text):
    assert mentions(text) == tuple(dict.fromkeys(_MENTION.findall(text)))


def test_a_mention_is_an_id_and_an_ending_however_they_are_spelled():
    assert mentions("[x](../it-broke.md), <a href='b&#46;md'>\nC.MD, .md, d.mdx") == ("it-broke", "b", "C")
