"""Markdown in notices: as the site writes it, less what a notice must not do."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown import Markdown

from aboveboard.render import markdown

EXTENSIONS = sorted(name for name in markdown.LEAVES_PROSE_ALONE if not name.startswith("pymdownx.blocks"))
SLOW = Markdown(extensions=EXTENSIONS)
FAST = markdown.converter(EXTENSIONS, {})

WORDS = """Mail is_late 41,300 1. 1) 12:30 a: :b (c) "q" it's 50% - + 80%. … é データ ل *x* _x_ `x` <b> & [x](y) # | ~~~
=== --- \\ http://x.example ! ? 2026-11-02 a_b_c 1/2 -- > : ::: !!! ??? [^1] {#x} &amp; ^ $x$"""
words = st.sampled_from([*WORDS.split(), "a  ", "  b", "    c", "\t"])
texts = st.lists(st.tuples(words, st.sampled_from(["", " ", "  ", "\n", "\n\n", "\n\n\n"]))).map(
    lambda parts: "".join(word + gap for word, gap in parts)
)


@given(texts)
@example("It is late.\n\n1. Not a list")
@example("Ends with a blank \nor two  \nmore")
def test_the_short_way_for_prose_writes_what_markdown_would(text: str):
    assert FAST(text) == SLOW.reset().convert(text)


@given(st.text(max_size=60))
def test_so_it_does_for_any_text(text: str):
    assert FAST(text) == SLOW.reset().convert(text)


def test_most_of_what_people_write_goes_the_short_way():
    """Else the law above says nothing."""
    post = "At 11:30 the queue held 18,900 messages (down from 41,300).\nIt shrinks.\n\nNothing is lost: it waits."

    assert markdown._PROSE.fullmatch(post)


@pytest.mark.parametrize("extension", ["smarty", "pymdownx.smartsymbols", "pymdownx.magiclink", "abbr"])
def test_an_extension_that_changes_prose_is_heard(extension: str):
    text = "It's (c) -- see https://www.example.com/ or +/-"

    assert markdown.converter([extension], {})(text) == Markdown(extensions=[extension]).convert(text)


def test_extensions_that_read_files_are_refused():
    assert markdown.refused(["tables", "pymdownx.snippets", "mdx_include.mdx_include"]) == [
        "pymdownx.snippets",
        "mdx_include.mdx_include",
    ]
