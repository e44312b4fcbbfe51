"""What became of each promise: made, moved to another day, found late, kept; and when somebody could know it.

Days are given, not times, so a promise is late when the day after begins on the site's clock, and kept when the day
begins on which it was. Nothing is dated ahead: what has not begun by now has not happened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from msgspec import Struct

from . import candour, uptime
from .candour import Promise, PromiseState
from .index import Entry, action_key
from .model import ACCOUNT, Edit
from .report import Report


class Happened(StrEnum):
    """What may become of a promise."""

    MADE = "made"
    MOVED = "moved"
    """Another day was set, as the record proves."""
    LATE = "late"
    KEPT = "kept"


class Event(Struct, frozen=True, kw_only=True):
    """Something that became of a promise."""

    what: Happened
    time: datetime
    due: date
    """Its day from then on."""
    before: date | None = None
    """Of one that was moved, its day until then."""

    @property
    def id(self) -> str:
        """Tells it from everything else that became of the promise, whatever happens later."""
        return f"{self.what}-{self.due}" if self.what in (Happened.MOVED, Happened.LATE) else self.what


class Told(Struct, frozen=True, kw_only=True):
    """A promise and its story."""

    promise: Promise
    key: str
    """Tells it from the others of its notice for ever, by its words."""
    dated: bool
    """Whether it is known when it was made; else it counts from the last post of its notice."""
    events: tuple[Event, ...]
    """In their order. The first is that it was made."""

    @property
    def last(self) -> datetime:
        """When the newest of it happened."""
        return self.events[-1].time


def promised(report: Report) -> Iterator[Told]:
    """Every promise, in the order of the index."""
    zone, record = report.settings.zone, report.reckoning.record
    today = uptime.day_of(report.now, zone)
    edited = {*record.edited}
    for entry in report.index.values():
        if not entry.actions:
            continue
        proof = record.evidence.get(entry.id)
        known = _made(entry, proof.appeared if proof else {}, report.now)
        edits = [one for one in proof.edits if one.time <= report.now] if proof and entry.id in edited else []
        made = known or datetime.fromtimestamp(entry.last_posted, UTC)
        for key, action in zip(entry.promise_keys, entry.promised, strict=True):
            promise = candour.promise(entry.id, action, today)
            events = tuple(_events(promise, made, list(_moves(key, edits)), today, zone))
            yield Told(promise=promise, key=key, dated=bool(known), events=events)


def _made(entry: Entry, appeared: Mapping[str, datetime], now: datetime) -> datetime | None:
    """When a post-mortem was posted, as it says or as the record proves; None where neither does."""
    if entry.accounted:
        return datetime.fromtimestamp(entry.accounted, UTC)
    proved = appeared.get(ACCOUNT)
    return proved if proved and proved <= now else None


def _events(
    promise: Promise, made: datetime, moves: list[tuple[datetime, date, date]], today: date, zone: ZoneInfo
) -> Iterator[Event]:
    """In their order. One that was moved once it was late was late before."""
    due = moves[0][1] if moves else promise.action.due
    begins = made
    yield Event(what=Happened.MADE, time=made, due=due)
    for time, before, after in moves:
        moved, over = max(time, begins), uptime.midnight(before + timedelta(days=1), zone)
        if over <= moved:
            yield Event(what=Happened.LATE, time=max(over, begins), due=before)
        begins = moved
        yield Event(what=Happened.MOVED, time=moved, due=after, before=before)
    done, due = promise.action.done, promise.action.due
    if promise.state in (PromiseState.LATE, PromiseState.KEPT_LATE):
        begins = max(uptime.midnight(due + timedelta(days=1), zone), begins)
        yield Event(what=Happened.LATE, time=begins, due=due)
    if done and done <= today:
        yield Event(what=Happened.KEPT, time=max(uptime.midnight(done, zone), begins), due=due)


_TASK = re.compile(
    r"\[[ xX]\]\s+(?P<text>(?:(?!\[[ xX]\]).)*?)\s*\([^()]*\bdue\s*:\s*(?P<due>\d{4}-\d\d-\d\d)[^()]*\)", re.DOTALL
)
"""A promise in a post-mortem as it was once written, and its day."""


def _moves(key: str, edits: Iterable[Edit]) -> Iterator[tuple[datetime, date, date]]:
    """When the record shows another day for a promise: when, from which, to which."""
    for edit in edits:
        if edit.part == ACCOUNT:
            before, after = _day_of(key, edit.before), _day_of(key, edit.after)
            if before and after and before != after:
                yield edit.time, before, after


def _day_of(key: str, account: str) -> date | None:
    """The day of a promise in a post-mortem; None where it was not in it, or had none that exists."""
    for found in _TASK.finditer(account):
        if action_key(found["text"]) == key:
            try:
                return date.fromisoformat(found["due"])
            except ValueError:
                return None
    return None
