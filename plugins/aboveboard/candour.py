"""What can be measured of our candour, and which promises were kept. Pure: times in, lengths out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from msgspec import Struct

from .model import RESOLVED, UPDATE, Action, Incident, Notice

SATURDAY = 5
"""As `date.weekday` counts."""


class PromiseState(StrEnum):
    """Where an action stands on a given day."""

    LATE = "late"
    OPEN = "open"
    KEPT = "kept"
    KEPT_LATE = "kept_late"


class Promise(Struct, frozen=True, kw_only=True):
    """An action of a post-mortem, on a given day."""

    notice: str
    """The id of the notice whose post-mortem made it."""
    action: Action
    state: PromiseState
    days: int
    """Days from due to done, or to today where it is not done; negative while there is time."""


def promises(notice: Notice, today: date) -> Iterator[Promise]:
    """Every action of the notice's post-mortem, in its order."""
    for action in notice.post_mortem.actions if notice.post_mortem else ():
        yield promise(notice.id, action, today)


def promise(notice: str, action: Action, today: date) -> Promise:
    """An action of the notice of that id. One that will be done tomorrow is not done."""
    done = action.done if action.done and action.done <= today else None
    late = (done or today) > action.due
    if done:
        state = PromiseState.KEPT_LATE if late else PromiseState.KEPT
    else:
        state = PromiseState.LATE if late else PromiseState.OPEN
    return Promise(notice=notice, action=action, state=state, days=((done or today) - action.due).days)


def told_after(incident: Incident) -> timedelta | None:
    """From when customers were first hurt to when we first said so; None where no start was stated."""
    return incident.posted - incident.stated_start if incident.stated_start else None


def said_over_after(incident: Incident, ended: datetime | None) -> timedelta | None:
    """From when customers were last hurt to when we said it was over; None while it is not.

    None, too, where no end was told apart from that: it then ends when we said so, and nobody knows how long we waited.
    """
    resolved = incident.resolved_at
    return resolved - ended if resolved and ended and is_end_told(incident, ended, resolved) else None


def is_end_told(incident: Incident, ended: datetime | None, resolved: datetime | None) -> bool:
    """Whether its end is stated, or follows from a post before the one that says it is over."""
    return bool(ended and (incident.stated_end or (resolved and ended < resolved)))


def longest_silence(incident: Incident, now: datetime) -> timedelta | None:
    """The longest wait between two posts while it was open, until `now` if it still is. None if it never was open."""
    gaps = waits(incident)
    if not incident.is_over:
        gaps.append(now - incident.updates[-1].time)
    return max(gaps, default=None)


def waits(incident: Incident) -> list[timedelta]:
    """From each post that left it open to the next."""
    found: list[timedelta] = []
    is_open = False
    for before, after in pairwise(incident.updates):
        if before.status != UPDATE:
            is_open = before.status != RESOLVED
        if is_open:
            found.append(after.time - before.time)
    return found


def working_days(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`. Monday to Friday; holidays differ too much to guess."""
    weeks, rest = divmod(max((end - start).days, 0), 7)
    return 5 * weeks + sum((start + timedelta(days=n)).weekday() < SATURDAY for n in range(1, rest + 1))
