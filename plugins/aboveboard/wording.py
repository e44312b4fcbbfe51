"""What a version of a notice's file says: its words, by part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from . import lines, updates
from .division import divided, kind_of
from .mistakes import Mistakes
from .model import ACCOUNT, FACTS
from .settings import Settings
from .source import Source


def said(source: Source, settings: Settings) -> tuple[str, Mapping[str, str]]:
    """What a version of a notice's file says: its title, and its words by part, as `model.Edit` names them.

    What is wrong with it is not told: it is long published. There are no parts where they cannot be told apart. A
    promise has the same words whether it is kept or not, keys of the front matter have no order, and comments are left
    out: what no page shows is no edit either.
    """
    if source.role:
        return "", {ACCOUNT: _unticked(lines.without_comments(source.body))}
    kind, mistakes = kind_of(source), Mistakes(source, [])
    written, told = divided(kind, mistakes, imported=True)
    words = {FACTS: "\n".join(_flat(source.front.values))}
    posts = updates.read(written, kind, settings, mistakes, imported=True)
    for update in posts:
        changes = [f"{component}={status}" for component, status in update.components.items()]
        body = lines.without_comments(update.body)
        words[update.id] = "\n\n".join(filter(None, (" ".join([update.status, *changes]), body)))
    if told:
        words[ACCOUNT] = _unticked(lines.without_comments("\n".join(told.texts)))
    return str(source.front.values.get("title") or ""), words if posts else {}


_TICKED = re.compile(r"^(\s*[-*+] \[)[xX](\] .*?)(, done: [0-9-]+)?(\)\s*)$", re.MULTILINE)


def _unticked(account: str) -> str:
    """A post-mortem in which no promise is kept yet."""
    return _TICKED.sub(r"\1 \2\4", account).strip()


def _flat(value: object, keys: tuple[str, ...] = ()) -> Iterator[str]:
    """Front matter as lines, one for each value, whatever the order in which it was written."""
    if isinstance(value, dict):
        for key in sorted(value, key=str):
            yield from _flat(value[key], (*keys, str(key)))
    elif isinstance(value, list):
        for one in value:
            yield from _flat(one, keys)
    elif value is not None:
        yield f"{'.'.join(keys)}: {lines.without_comments(str(value))}"
