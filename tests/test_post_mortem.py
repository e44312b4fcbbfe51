"""Sections, and the promises in them."""

from __future__ import annotations

from datetime import date

import pytest

from aboveboard import post_mortem
from aboveboard.lines import lines
from aboveboard.model import Action, PostMortem
from aboveboard.problem import Problem

FACTS = "(owner: ops, due: 2026-11-20)"
DUE = date(2026, 11, 20)


def parse(text: str) -> PostMortem:
    """The account of a text that has no problem."""
    problems: list[Problem] = []
    made = post_mortem.parse(lines(text), None, "x.md", problems)
    assert problems == []
    return made


def test_it_is_divided_at_the_highest_heading_that_it_uses():
    made = parse("Lead.\n\n#### One\n\nText.\n\n##### Deeper\n\n#### Two ####")

    assert made.lead == "Lead."
    assert [(section.title, section.body) for section in made.sections] == [
        ("One", "Text.\n\n##### Deeper"),
        ("Two", ""),
    ]


def test_without_headings_all_is_lead():
    assert parse("One.\n\nTwo.\n") == PostMortem(lead="One.\n\nTwo.")


def test_a_section_is_known_by_its_name_in_any_case():
    assert [section.key for section in parse("### WHAT HAPPENED\n### What else").sections] == ["happened", None]


@pytest.mark.parametrize("bullet", ["-", "*", "+", "1.", "2)", "  -"])
def test_a_promise_is_an_item_with_a_box(bullet: str):
    assert parse(f"### A\n\n{bullet} [ ] Page {FACTS}\n").actions == (Action(text="Page", owner="ops", due=DUE),)


@pytest.mark.parametrize(
    "item",
    [
        "- [x] Page (owner: ops, due: 2026-11-20, done: 2026-11-06)",
        "- [X] Page (done: 2026-11-06, due: 2026-11-20, owner: ops)",
        "- [x] Page\n  (owner: ops, due: 2026-11-20,\n  done: 2026-11-06).",
        "- [x] Page\n(owner: ops, due: 2026-11-20, done: 2026-11-06)",
    ],
)
def test_a_kept_promise_in_any_order_and_over_several_lines(item: str):
    assert parse(f"### A\n\n{item}\n").actions == (Action(text="Page", owner="ops", due=DUE, done=date(2026, 11, 6)),)


def test_what_promises_may_say():
    made = parse("### A\n\n- [ ] Tell *all* (twice) by `[x]` (owner: on-call, by night, due: 2026-11-20)\n")

    assert made.actions == (Action(text="Tell *all* (twice) by `[x]`", owner="on-call, by night", due=DUE),)


def test_promises_are_taken_out_of_the_text_around_them():
    (section,) = parse(f"### A\n\nBefore.\n\n- [ ] One {FACTS}\n- [ ] Two {FACTS}\n\nAfter.\n\n- plain\n").sections

    assert section.body == "Before.\n\nAfter.\n\n- plain"
    assert [action.text for action in section.actions] == ["One", "Two"]


def test_a_box_in_code_is_no_promise():
    (section,) = parse("### A\n\n```\n- [ ] example\n\n\n```\n").sections

    assert (section.body, section.actions) == ("```\n- [ ] example\n\n\n```", ())
