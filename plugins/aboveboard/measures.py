"""How candid we were: what each incident measures, by which evidence, and what they measure together.

Pure: times in, lengths out. What an incident says of itself stands in its `Claims`, which are kept with the index; what
can be proved of it comes on top. Nothing that is missing is scored, neither well nor badly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct

from .candour import is_end_told, waits, working_days
from .model import ACCOUNT, FACTS, Edit, Evidence, Impact, Incident, Notice, Status
from .span import epoch
from .uptime import day_of

LATE = timedelta(minutes=10)
"""A post that reaches the record so much later than it says was dated back, or waited: that is told."""

NEVER = -1
"""Stands for what is not there, among plain numbers."""

_NUMBER = re.compile(
    r"""\d (?: \s?% | \s+of\s+(?:the\s+)?\d | \s+ (?:[a-z-]+\s+)?
    (?: accounts | customers | databases | devices | domains | emails | errors | invoices | jobs | logins | mailboxes
      | mails | messages | orders | pages | payments | people | requests | servers | sessions | shops | sites
      | subscribers | transactions | uploads | users | visitors | websites ) \b )""",
    re.IGNORECASE | re.VERBOSE,
)
"""A share, so many of so many, or how many of what readers count. All begin with a figure, where alone it is tried."""

_PER_CENT = re.compile(r"\bper ?cent\b", re.IGNORECASE)
"""A share in words."""


class Source(StrEnum):
    """Where a figure comes from."""

    GIT = "git"
    """When the words reached the public record."""
    WRITTEN = "written"
    """What we wrote ourselves."""
    IMPORTED = "imported"
    """What another system says that we wrote there."""


class Claims(Struct, frozen=True):
    """What an incident says of itself, as plain numbers: they are kept for each of ten thousand. Lengths in seconds,
    instants in seconds since 1970, `NEVER` for what is not there.
    """

    started: int
    """Where it was stated: without, nobody says how long we waited."""
    posted: int
    first: str
    """The id of the first update."""
    ended: int
    resolved: int
    """When we said that it is over, if we have."""
    told: str
    """The id of that update."""
    silence: int
    """The longest wait between two posts while it was open, as far as it is written."""
    last: int
    """When the newest post was made, if it is still open."""
    promised: int
    """By when the newest post promises another, if it is still open."""
    kept: int
    """How many promised next words came in time."""
    missed: int
    account: int
    """Working days from its end to the post-mortem."""
    has_account: bool
    ranks: bool
    """Whether it was major or critical, after which a post-mortem is owed."""
    counted: bool
    """Whether any post says in numbers how many were hurt."""
    by: str
    """Who noticed first; blank where that is not said."""
    imported: bool
    found: int
    """When a post first said what was found: Identified, Monitoring or Resolved."""
    second: int
    """When we posted again."""
    end_told: bool
    """Whether its end was told apart from the post that says it is over: without, nobody says how long we waited."""


class Measured(NamedTuple):
    """What one incident measures of our candour. As `Claims`, plain numbers, and `NEVER` where nothing can be said."""

    id: str
    began: int
    source: Source
    first_word: int
    """From when customers were first hurt to our first post."""
    silence: int
    """The longest wait for the next post while it was open."""
    resolve: int
    """From when it began to when it was over."""
    over_word: int
    """From when customers were last hurt to when we said that it is over."""
    told_over: bool
    """Whether it was over already when we first told of it."""
    kept: int
    """How many promised next words came in time."""
    missed: int
    account: int
    """Working days from its end to the post-mortem."""
    owed_since: int
    """When it ended, where a post-mortem is owed and not written."""
    backdated: int
    """How many posts reached the record more than `LATE` after the time that they give."""
    edited: int
    """How many changes were made after we had said that it is over."""
    removed: int
    """How many posts were taken away after they had been published."""
    counted: bool
    by: str


class Figure(NamedTuple):
    """Several lengths together."""

    of: int
    """How many."""
    median: int
    """Of an even number the mean of the two in the middle, rounded up, as that is never in our favour."""
    ninth: int
    """The 90th percentile by nearest rank: nine in ten are no longer."""
    worst: int
    at: str
    """The id of the incident with the worst."""


def claims(incident: Incident, ended: datetime | None, zone: ZoneInfo) -> Claims:
    """What an incident says of itself, given when it ended."""
    posts, is_over = incident.updates, incident.is_over
    resolved = next((one for one in reversed(posts) if one.status == Status.RESOLVED), None) if is_over else None
    nexts = [(one.next_by, after.time) for one, after in pairwise(posts) if one.next_by]
    account = incident.post_mortem
    written = account.posted if account else None
    return Claims(
        started=_seconds(incident.stated_start),
        posted=_seconds(incident.posted),
        first=posts[0].id,
        ended=_seconds(ended),
        resolved=_seconds(resolved.time if resolved else None),
        told=resolved.id if resolved else "",
        silence=_silence(incident),
        last=NEVER if is_over else _seconds(posts[-1].time),
        promised=NEVER if is_over else _seconds(posts[-1].next_by),
        kept=sum(came <= by for by, came in nexts),
        missed=sum(came > by for by, came in nexts),
        account=_workdays(ended, written, zone) if written and ended and is_over else NEVER,
        has_account=bool(account),
        ranks=incident.impact in (Impact.MAJOR, Impact.CRITICAL),
        counted=any(_counts(one.body) for one in posts),
        by=incident.detected_by or "",
        imported=bool(incident.source),
        found=_seconds(next((one.time for one in posts if one.status in _FOUND), None)),
        second=_seconds(posts[1].time if len(posts) > 1 else None),
        end_told=is_end_told(incident, ended, resolved.time if resolved else None),
    )


_FOUND = frozenset({Status.IDENTIFIED, Status.MONITORING, Status.RESOLVED})


def measured(id_: str, began: int, said: Claims, now: datetime, proof: Evidence | None) -> Measured:
    """The same with what can be proved of it, None where there is no record. `now` matters only while it is open."""
    instant = epoch(now)
    proved = {part: at for part, at in proof.appeared.items() if at <= now} if proof and not said.imported else {}
    edits = [edit for edit in proof.edits if edit.time <= now] if proof and not said.imported else []
    is_open = said.resolved == NEVER
    posted = max(said.posted, _seconds(proved.get(said.first)))
    resolved = NEVER if is_open else max(said.resolved, _seconds(proved.get(said.told)))
    return Measured(
        id=id_,
        began=began,
        source=Source.IMPORTED if said.imported else Source.GIT if said.first in proved else Source.WRITTEN,
        first_word=posted - said.started if said.started != NEVER else NEVER,
        silence=max(said.silence, instant - said.last) if is_open else said.silence,
        resolve=NEVER if is_open else (said.resolved if said.ended == NEVER else said.ended) - began,
        over_word=resolved - said.ended if said.end_told and resolved != NEVER else NEVER,
        told_over=said.ended != NEVER and posted >= said.ended,
        kept=said.kept,
        missed=said.missed + (NEVER < said.promised < instant),
        account=said.account,
        owed_since=said.ended if said.ranks and not is_open and not said.has_account else NEVER,
        backdated=sum(_is_backdated(part, at) for part, at in proved.items()) if proved else 0,
        edited=sum(is_rewriting(edit) and edit.time.timestamp() > resolved for edit in edits if not is_open),
        removed=sum(not edit.after for edit in edits) if edits else 0,
        counted=said.counted,
        by=said.by,
    )


def figure(lengths: Iterable[tuple[int, str]]) -> Figure | None:
    """What some incidents measure together: how long each, and its id. None where none of them has that length."""
    found = sorted(one for one in lengths if one[0] != NEVER)
    if not found:
        return None
    count = len(found)
    middle = found[(count - 1) // 2][0] + found[count // 2][0]
    return Figure(count, -(-middle // 2), found[-(-9 * count // 10) - 1][0], *found[-1])


def _silence(incident: Incident) -> int:
    longest = max(waits(incident), default=None)
    return NEVER if longest is None else int(longest.total_seconds())


def _counts(text: str) -> bool:
    return bool(_NUMBER.search(text) or ("cent" in text.lower() and _PER_CENT.search(text)))


def late_posts(notice: Notice, proof: Evidence) -> Mapping[str, datetime]:
    """The posts that reached the record more than `LATE` after the time that they give, and when they did."""
    return {
        update.id: at
        for update in notice.updates
        if (at := proof.appeared.get(update.id)) and at - update.time > LATE and not notice.source
    }


def is_rewriting(edit: Edit) -> bool:
    """Whether words that stood there are other words now. A fact that is added, or a post-mortem, takes none back."""
    if edit.part == ACCOUNT:
        return False
    return edit.part != FACTS or not set(edit.before.split("\n")) <= set(edit.after.split("\n"))


_ID = re.compile(r"\d{8}T\d{6}Z")


def _is_backdated(part: str, appeared: datetime) -> bool:
    """By the time that an update gives, which is its id, unless its writer has given it another."""
    found = _ID.match(part)
    return found is not None and appeared - datetime.fromisoformat(found[0]) > LATE


def _workdays(start: datetime, end: datetime, zone: ZoneInfo) -> int:
    return working_days(day_of(start, zone), day_of(end, zone))


def _seconds(instant: datetime | None) -> int:
    return epoch(instant) if instant else NEVER
