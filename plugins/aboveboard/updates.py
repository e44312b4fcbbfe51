"""The updates of a notice, each of which follows from those before it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from . import lines, times
from .division import Part
from .heading import Heading, Reader, with_article
from .mistakes import Mistakes, nth
from .model import FOLLOWS, Kind, Status, Update, update_id
from .problem import one_of
from .settings import Settings


def read(parts: Sequence[Part], kind: Kind, settings: Settings, mistakes: Mistakes, *, imported: bool) -> list[Update]:
    """The updates whose headings can be read, in the order of the file."""
    reader = Reader(kind, settings, mistakes.source.path, mistakes.problems)
    updates: list[Update] = []
    taken: list[str] = []
    status: dict[datetime | None, Status | None] = {}
    before: datetime | None = None
    for number, part in enumerate(parts):
        heading = reader.read(part.heading, number, before)
        body = lines.stripped(part.texts)
        if not body and not imported:
            line = part.heading
            mistakes.say_at(line.number, line.column, "an update says something; this one is empty", nth(number))
        if heading:
            _follows(heading, number, before, status, kind, settings.zone, mistakes)
            updates.append(_update(heading, number, body, taken, mistakes))
            taken.append(updates[-1].id)
        before = heading.time if heading else None
    return updates


def _follows(
    heading: Heading,
    number: int,
    before: datetime | None,
    status: dict[datetime | None, Status | None],
    kind: Kind,
    zone: ZoneInfo,
    mistakes: Mistakes,
) -> None:
    """Checks the order of times and the life cycle, for each window of a recurring maintenance its own.

    `status` is where each stands; None where that could not be read, or is nowhere, and then anything may follow.
    """
    line, said, follows = heading.line, heading.status, FOLLOWS[kind]
    if before and heading.time < before:
        this, above = times.compared(heading.time, before, zone=zone)
        sentence = f"{this} is earlier than {above} above it; the oldest comes first"
        mistakes.say_at(line.number, line.column, sentence, nth(number))
    window = heading.occurrence if status else None  # it begins with the whole series, for each window
    last = status.get(window, Status.SCHEDULED if window else None)
    stands = said if said in follows else None
    if said is None or (last is None and window in status):
        status[window] = stands
        return
    allowed = follows.get(last, frozenset())
    if said not in allowed:
        known = [one for one in Status if one in allowed]
        sentence = (
            f"{said} cannot follow {last}; use {one_of(known)}"
            if last
            else f"{with_article(kind)} does not begin with {said}; begin with {one_of(known)}"
        )
        mistakes.say_at(line.number, line.column, sentence, nth(number))
    if said != Status.UPDATE or last is None:
        status[window] = stands


def _update(heading: Heading, number: int, body: str, taken: Sequence[str], mistakes: Mistakes) -> Update:
    if heading.id in taken:
        line = heading.line
        mistakes.say_at(line.number, line.column, f'"#{heading.id}" is the id of another update here', nth(number))
    return Update(
        id=heading.id or update_id(heading.time, taken),
        time=heading.time,
        status=heading.status or Status.UPDATE,
        body=body,
        components=heading.components,
        occurrence=heading.occurrence,
        next_by=heading.next_by,
        line=heading.line.number,
    )
