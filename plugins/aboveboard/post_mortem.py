"""A post-mortem's Markdown to its sections and the promises in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import NamedTuple

from . import lines, times
from .division import Part, marked, without_comments
from .lines import Line, joined
from .mistakes import Mistakes
from .model import POST_MORTEM, Action, PostMortem, Section
from .problem import Problem
from .source import Source

_TASK = re.compile(r"(?P<mark> *(?:[-*+]|\d{1,9}[.)])[ \t]+\[(?P<tick>[ xX])\](?:[ \t]+|$))(?P<text>.*)")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])(?:\s|$)|\s*>")
_FACT = re.compile(r",(?=\s*\w+\s*:)")
_DETAILS = re.compile(r"(?P<text>.*?)\s*\((?P<details>[^()]*\b(?:owner|due|done)\s*:[^()]*)\)[.;]?\s*")
_EXAMPLE = "Page on disk at 80 % (owner: platform, due: 2026-11-20)"

_EMPTY = "the post-mortem is empty; take it out, or say what happened"


def read(told: Part | None, account: Source | None, posted: datetime | None, mistakes: Mistakes) -> PostMortem | None:
    """The post-mortem, from the file itself or from the one beside it."""
    problems = mistakes.problems
    if told and account:
        sentence = f"the post-mortem stands here and in {PurePosixPath(account.path).name}; keep one of them"
        mistakes.say_at(told.heading.number, told.heading.column, sentence)
    if account:
        if not account.body.strip():
            problems.append(Problem(account.path, 1, 1, _EMPTY))
        marked(Mistakes(account, problems))
        beside = without_comments(lines.lines(account.body, account.line))
        return parse(beside, posted, account.path, problems)
    if told:
        found = without_comments(lines.lines("\n".join(told.texts), told.heading.number + 1))
        below = [line for line in found if line.heading not in (1, 2)]
        if not any(line.text.strip() for line in below):
            mistakes.say_at(told.heading.number, told.heading.column, _EMPTY)
        return parse(below, posted, mistakes.source.path, problems)
    if posted:
        mistakes.say(
            ("postmortem_posted",), f'there is no post-mortem; write one below "## {POST_MORTEM}"', content=False
        )
    return None


def parse(some: Sequence[Line], posted: datetime | None, path: str, problems: list[Problem]) -> PostMortem:
    """The account in these lines. What is wrong with it is added to `problems`."""
    level = min([line.heading for line in some if line.heading], default=0)
    lead: list[Line] = []
    parts: list[tuple[Line, list[Line]]] = []
    for line in some:
        if level and line.heading == level:
            parts.append((line, []))
        else:
            (parts[-1][1] if parts else lead).append(line)
    for action in _tasks(lead):
        text = "a promise stands under a heading of its post-mortem, such as ### What we are changing"
        problems.append(Problem(path, action.lines[0].number, 1, text))
    return PostMortem(
        posted=posted,
        lead=joined(lead),
        sections=tuple(_section(heading, body, path, problems) for heading, body in parts),
    )


def _section(heading: Line, body: list[Line], path: str, problems: list[Problem]) -> Section:
    if not heading.title:
        problems.append(Problem(path, heading.number, heading.column, "a section of a post-mortem has a title"))
    tasks = list(_tasks(body))
    promised = {line.number for task in tasks for line in task.lines}
    actions = [_action(task, path, problems) for task in tasks]
    return Section(
        title=heading.title,
        body=joined(list(_without(promised, body)) if promised else body),
        actions=tuple([action for action in actions if action]),
    )


def _without(promised: Set[int], body: Sequence[Line]) -> Iterator[Line]:
    """The other lines. Where promises stood between two blank lines, one is left."""
    before: Line | None = None
    gap = False
    for line in body:
        if line.number in promised:
            gap = True
        elif not (gap and not line.text.strip() and (before is None or not before.text.strip())):
            yield line
            before, gap = line, False


class _Task(NamedTuple):
    lines: list[Line]
    match: re.Match[str]

    @property
    def text(self) -> str:
        """The item on one line."""
        return " ".join([self.match["text"].strip(), *(line.text.strip() for line in self.lines[1:])]).strip()


def _tasks(some: Sequence[Line]) -> Iterator[_Task]:
    """Task-list items, each with the lines that continue its paragraph, indented or not, as in CommonMark."""
    current: _Task | None = None
    for line in some:
        match = None if line.fenced or "[" not in line.text else _TASK.fullmatch(line.text)
        if match:
            if current:
                yield current
            current = _Task([line], match)
        elif current and line.text.strip() and not (line.fenced or line.heading or _ITEM.match(line.text)):
            current.lines.append(line)
        elif current:
            yield current
            current = None
    if current:
        yield current


def _action(task: _Task, path: str, problems: list[Problem]) -> Action | None:
    """The promise, or None with what is wrong with it told."""
    found: list[str] = []
    written = _facts(task, found)
    due, done = _day(written.get("due"), found), _day(written.get("done"), found)
    ticked = task.match["tick"] != " "
    if written and not written["text"]:
        found.append("a promise says what will be done")
    if written and not written.get("owner"):
        found.append(f"this promise has no owner; write who will do it, like {_EXAMPLE}")
    if written and "due" not in written:
        found.append(f"this promise has no day; write by when, like {_EXAMPLE}")
    if written and ticked and "done" not in written:
        found.append("this promise is ticked; write when it was kept, like done: 2026-11-06")
    if "done" in written and not ticked:
        found.append("this promise has a day on which it was kept, but is not ticked; write [x]")
    first = task.lines[0]
    problems.extend(Problem(path, first.number, len(task.match["mark"]) + 1, sentence) for sentence in found)
    if found or due is None:
        return None
    return Action(text=written["text"], owner=written["owner"], due=due, done=done)


def _facts(task: _Task, found: list[str]) -> dict[str, str]:
    """The text of a promise, and what stands in the parenthesis after it; nothing where that cannot be read."""
    match = _DETAILS.fullmatch(task.text)
    if not match:
        found.append(f"a promise has an owner and a day; write it like {_EXAMPLE}")
        return {}
    written = {"text": match["text"].strip()}
    for part in _FACT.split(match["details"]):
        name, _, value = (piece.strip() for piece in part.partition(":"))
        if name not in ("owner", "due", "done"):
            found.append(f'"{part.strip()}" is not part of a promise; there are owner, due and done')
            return {}
        if name in written:
            found.append(f'"{name}" stands here twice')
        written[name] = value
    return written


def _day(text: str | None, found: list[str]) -> date | None:
    if text is None:
        return None
    try:
        return times.day(text)
    except ValueError as error:
        found.append(str(error))
        return None
