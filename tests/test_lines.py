"""Which lines are headings, and which only look so."""

from __future__ import annotations

import pytest

from aboveboard.lines import joined, lines, references


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
        ("plain <b>text</b> [not](", []),
    ],
)
def test_what_a_text_points_to(text: str, found: list[tuple[int, str, bool]]):
    assert [(one.column, one.target, one.shown) for one in references(lines(text))] == found
