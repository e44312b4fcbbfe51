"""What was changed in a notice after it had been published, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from difflib import SequenceMatcher

from markupsafe import Markup, escape

from ..model import ACCOUNT, FACTS, Edit
from .clock import Clock

_WORD = re.compile(r"\s+|\w+|[^\s\w]")
_DATED = re.compile(r"\d{8}T\d{6}Z")


def listed(edit: Edit, clock: Clock) -> str:
    """A change as an item of a list: when, of which part, and its words as HTML."""
    words = "".join(f"<{tag}>{escape(text)}</{tag}>" if tag else str(escape(text)) for tag, text in pieces(edit))
    gone = clock.words._("taken away")
    gone = "" if edit.after else f"<span>{gone}</span>"
    return (
        f'<li class="ab-g"><div class="ab-when"><time datetime="{clock.iso(edit.time)}">{clock.when(edit.time)}</time> '
        f'<span>{escape(part(edit.part, clock))}</span>{gone}</div><div class="ab-edit" dir="auto">{words}</div></li>\n'
    )


def part(part: str, clock: Clock) -> str:
    """What a part of a notice is called."""
    if part == FACTS:
        return clock.words._("the facts")
    if part == ACCOUNT:
        return clock.words._("the post-mortem")
    dated = _DATED.match(part)
    time = datetime.strptime(dated[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if dated else None
    return clock.words._("the post of %(time)s") % {"time": clock.when(time) if time else part}


def pieces(edit: Edit) -> Iterator[tuple[str, str]]:
    """The words in the order in which they are read: `del` and `ins` for what went and came, blank for what stayed."""
    before, after = _WORD.findall(edit.before), _WORD.findall(edit.after)
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        went, came = "".join(before[a:b]), "".join(after[c:d])
        if kind == "equal":
            yield "", went
            continue
        if went:
            yield "del", went
        if came:
            yield "ins", came


def all_of(some: tuple[Edit, ...], clock: Clock) -> Markup:
    """Changes as items of a list."""
    return Markup("").join(Markup(listed(one, clock)) for one in some)  # noqa: S704, escaped above
