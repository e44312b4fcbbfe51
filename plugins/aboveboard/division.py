"""The Markdown of a notice, divided at the headings of its updates."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from . import lines
from .chosen import pick
from .heading import reads_as_update
from .lines import Line
from .mistakes import Mistakes
from .model import POST_MORTEM, Kind
from .source import Source


class Part(Struct, frozen=True):
    """A heading and the lines below it."""

    heading: Line
    texts: list[str]


def divided(kind: Kind, mistakes: Mistakes, *, imported: bool) -> tuple[list[Part], Part | None]:
    """The updates, and the post-mortem where there is one."""
    source = mistakes.source
    texts = source.body.split("\n")
    parts: list[Part] = []
    account: Part | None = None
    above: list[str] = []
    below, begun = above, 0
    for line in marked(mistakes):
        meant = line if account or line.heading == 2 else _as_meant(line, mistakes, imported=imported)
        if meant.heading == 1:
            sentence = "a heading of level 1 is the title, which stands in the front matter; use ### here"
            mistakes.say_at(meant.number, meant.column, sentence)
            if not account:  # where its own headings are looked at again
                texts[line.number - source.line] = ""
        elif meant.heading == 2 and account:
            sentence = "the post-mortem comes last, after every update, and uses ### inside"
            mistakes.say_at(meant.number, meant.column, sentence)
        elif meant.heading == 2:
            at = line.number - source.line
            below += texts[begun:at]
            begun = at + 1
            part = Part(meant, [])
            below = part.texts
            if _is_account(meant):
                account = part
            else:
                parts.append(part)
    below += texts[begun:]
    for number, text in enumerate(above, source.line):
        if text.strip():
            sentence = f"every word stands below the heading of an update; begin with one, like {first(kind)}"
            mistakes.say_at(number, 1, sentence)
            break
    return parts, account


def marked(mistakes: Mistakes) -> list[Line]:
    """The lines that divide a body. What would divide it elsewhere than it seems to is a problem, told here."""
    source = mistakes.source
    found = lines.marked(source.body, source.line)
    for line in found:
        if line.heading and not line.comment:  # as nearly all of them are
            continue
        if line.unclosed:
            sentence = "this code block is not closed; end it with a line of the same marks"
            mistakes.say_at(line.number, 1, sentence)
        elif line.comment:
            if line.heading:
                sentence = (
                    f"this heading stands in a comment, from line {line.comment} on; "
                    "take out the comment's marks, or the draft"
                )
                mistakes.say_at(line.number, line.column, sentence)
        elif line.glued:
            sentence = "this would be shown as a heading; write a blank after the hash, or \\ before it"
            mistakes.say_at(line.number, 1, sentence)
        elif line.underline:
            sentence = (
                "this makes a heading of the line above; write a heading with ###, and leave a blank line above a rule"
            )
            mistakes.say_at(line.number, 1, sentence)
        elif line.tag:
            sentence = "a heading in HTML begins at <h3>; write it with ###"
            mistakes.say_at(line.number, line.tag, sentence)
    return without_comments(found)


def _as_meant(line: Line, mistakes: Mistakes, *, imported: bool) -> Line:
    """The line. One that should have two hashes, above the post-mortem, whose headings are its own, has them.

    That is a problem, told here; in an import the headings of level 4 and below are somebody else's words.
    """
    meant = None if imported and line.heading > 3 else _with_two_hashes(line)
    if meant:
        sentence = f'this looks like an update; write "## {meant.title}"'
        if _is_account(meant):
            sentence = f'the post-mortem has two marks: write "## {POST_MORTEM}"'
        mistakes.say_at(meant.number, meant.column, sentence)
    return meant or line


def without_comments(some: list[Line]) -> list[Line]:
    """The lines; a heading in a comment is none."""
    return [replace(line, heading=0) if line.comment else line for line in some]


def _with_two_hashes(line: Line) -> Line | None:
    """A heading of another level, or of three hashes and no blank, that reads as an update or as the post-mortem."""
    if line.comment or line.heading == 2 or not (line.heading or (line.text.startswith("###") and not line.fenced)):
        return None
    title = line.title or line.text.strip("# \t")
    meant = replace(line, heading=2, title=title, column=line.text.find(title) + 1)
    return meant if _is_account(meant) or reads_as_update(title) else None


def _is_account(line: Line) -> bool:
    return line.title[:1] not in _TIMES and line.title.casefold().replace("-", "").replace(" ", "") == "postmortem"


_TIMES = frozenset("0123456789+")
"""What the title of an update begins with, and that of no post-mortem."""


def first(kind: Kind) -> str:
    """The heading with which a notice of that kind begins."""
    words = {Kind.INCIDENT: "Investigating", Kind.MAINTENANCE: "Scheduled"}
    return f"## 2026-11-02 09:31 {words.get(kind, 'Update')}"


def kind_of(source: Source) -> Kind:
    """What the front matter says that it is; an incident where it says nothing, or nothing that can be read."""
    stated = source.front.values.get("kind")
    if not stated:
        return Kind.INCIDENT
    try:
        return pick(Kind, str(stated), "a kind of notice")
    except ValueError:
        return Kind.INCIDENT
