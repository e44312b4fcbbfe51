"""Which lines are headings, and which only look so."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboveboard.lines import Line, joined, lines, marked, references, references_in


@pytest.mark.parametrize(
    ("line", "heading", "title", "column"),
    [
        ("## One", 2, "One", 4),
        ("   ##   One two  ", 2, "One two", 9),
        ("## One ##", 2, "One", 4),
        ("## One #two", 2, "One #two", 4),
        ("##", 2, "", 3),
        ("## ##", 2, "", 6),
        ("###### Six", 6, "Six", 8),
        ("####### Seven", 0, "", 1),
        ("    ## Four blanks", 0, "", 1),
        ("\t## A tab", 0, "", 1),
        ("- ## In a list", 0, "", 1),
        ("\\## Escaped", 0, "", 1),
    ],
)
def test_a_heading_is_hashes_and_a_blank(line: str, heading: int, title: str, column: int):
    """As in CommonMark, 4.2."""
    (one,) = lines(line)

    assert (one.heading, one.title, one.column) == (heading, title, column)


@pytest.mark.parametrize(("line", "glued"), [("##One", True), ("#one", True), ("###One", False), ("  ##One", False)])
def test_hashes_without_a_blank_are_told_apart(line: str, glued: bool):
    """Python-Markdown would make a heading of them."""
    assert lines(line)[0].glued == glued


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("```\n## in\n```\n## out", [4]),
        ("~~~ sh\n## in\n~~~\n## out", [4]),
        ("````\n```\n## in\n````\n## out", [5]),
        ("```\n~~~\n## in\n```\n## out", [5]),
        ("```\n``` no\n## in\n   `````  \n## out", [5]),
        ("``` a`b\n## out", [2]),
        ("    ```\n## out", [2]),
    ],
)
def test_nothing_inside_a_fence_is_a_heading(text: str, headings: list[int]):
    assert [line.number for line in lines(text) if line.heading] == headings


def test_a_fence_that_nothing_closes_is_told_where_it_opens():
    assert [line.number for line in lines("one\n~~~\n```\n## in", first=10) if line.unclosed] == [11]


def test_joined_lines_have_no_blank_ends():
    assert joined(lines("\n \n  one\n\ntwo  \n\t\n")) == "  one\n\ntwo  "
    assert joined(lines("\n\n")) == ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a ![b](c.png) d", [(8, "c.png", True)]),
        ("[b](c.md 'title')", [(5, "c.md", False)]),
        ("[![b](c.png)](d.md)", [(7, "c.png", True), (15, "d.md", False)]),
        ("[x]: c.md", [(6, "c.md", False)]),
        ('<img alt="" src="c.png">', [(18, "c.png", True)]),
        ("![b](<c.png>)", [(7, "c.png", True)]),
        ("`![b](c.png)` and ``[a](b.md) ` ``", []),
        ("```\n![b](c.png)\n```", []),
        ("\\` ![b](c.png) `![b](d.png)`", [(9, "c.png", True)]),
        ("plain <b>text</b> [not](", []),
        ("![p](<Screen Shot 1.png>)", [(7, "Screen Shot 1.png", True)]),
        ("![p](shot(1).png)", [(6, "shot(1).png", True)]),
        ("[![b](shot(1).png)](<a b.har>)", [(7, "shot(1).png", True), (22, "a b.har", False)]),
        ("[x]: <c d.md>", [(7, "c d.md", False)]),
        ("<img src='Screen Shot 1.png'>", [(11, "Screen Shot 1.png", True)]),
        ("<img alt=a><img src=c.png>", [(21, "c.png", True)]),
    ],
)
def test_what_a_text_points_to(text: str, found: list[tuple[int, str, bool]]):
    assert [(one.column, one.target, one.shown) for one in references(lines(text))] == found


@pytest.mark.parametrize("part", ["<img ", "<img src ", "![", "](", "[a](b(", "<!-- ", "`", "<h1"])
def test_a_long_line_is_read_at_once(part: str):
    """What opens again and again and never closes is looked at once, not once for each time it opens."""
    began = perf_counter()
    list(references(lines(part * 8000)))

    assert perf_counter() - began < 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a\n---", [2]),
        ("a\n=", [2]),
        ("a\nb\n   --  \nc", [3]),
        ("- a\n---", [2]),
        ("> a\n---", [2]),
        ("a\n\n---", []),
        ("---\na", []),
        ("a\n    ---", []),
        ("a\n- - -", []),
        ("a | b\n---|---", []),
        ("|a|\n|---|", []),
        ("### a\n---", []),
        ("```\na\n---\n```\n---", []),
    ],
)
def test_an_underline_makes_a_heading_of_what_it_touches(text: str, found: list[int]):
    """As in CommonMark, 4.3, and below a list or a quotation as in Python-Markdown."""
    assert [line.number for line in lines(text) if line.underline] == found


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("<!--\n## a\n-->\n## b", {2: 1, 3: 1}),
        ("a <!-- b --> <!-- c\nd --> <!-- e\nf", {2: 1, 3: 2}),
        ("`<!--`\n## a", {}),
        ("    <!--\n## a", {}),
        ("```\n<!--\n```\n## a", {}),
        ("<!-- a -->\n## b", {}),
    ],
)
def test_a_line_knows_the_comment_in_which_it_begins(text: str, inside: dict[int, int]):
    assert {line.number: line.comment for line in lines(text) if line.comment} == inside


PIECES = st.sampled_from(
    [
        "\n", "\n", "\n\n", "a", "b c", "# ", "## a", "##", "###a", "####### ", " ", "    ", "\t", "---", "===", "- ",
        "```", "~~~", "``", "<!--", "-->", "<h1>", "<H2 ", "<p>", "![a](b.png)", "](c)", "[x]: d", "[", "]", "(", "!",
        ":", "\\", "\x0b", "\u2028",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=16).map("".join), st.booleans())
def test_the_lines_that_are_more_than_text_are_found_without_the_others(text: str, calm: bool):
    """Whether they reach beyond themselves, as comments do, or not."""
    text = text.replace("<", "") if calm else text

    def is_more(line: Line) -> bool:
        odd = line.glued or line.underline or line.tag or line.comment or line.unclosed
        return bool(line.heading or odd or (line.text.startswith("###") and not line.fenced))

    assert marked(text, 7) == [line for line in lines(text, 7) if is_more(line)]


@given(st.lists(PIECES, max_size=16).map("".join))
def test_what_a_whole_text_points_to_is_what_its_lines_point_to(text: str):
    assert list(references_in(text, 7)) == list(references(lines(text, 7)))
