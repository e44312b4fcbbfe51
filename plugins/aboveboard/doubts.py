"""What does not fit together although each of it may be right: told to the writer, and never to the reader.

Nothing of this stops a build. Whoever is in the middle of an outage has no time for it; an hour later somebody has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from .model import ComponentStatus, Incident, Notice, Status
from .report import Report
from .story import NoticeReport

if TYPE_CHECKING:  # a site that shows nothing of its monitoring pays nothing for it
    from .measured import ComponentMeasured, Outage

WATCHED = timedelta(days=2)
"""An incident that is watched for longer is most likely over, and nobody has said so."""

QUIET = timedelta(hours=24)
"""An open incident of which nothing was heard for longer is forgotten, on a site that has set itself no goal."""

UNTOLD = timedelta(days=7)
"""For so long after its end whoever writes is reminded of an outage that nobody posted."""

DEAF = timedelta(days=1)
"""Monitoring of which nothing was heard for longer has most likely stopped writing its file."""

FRESH = timedelta(days=30)
"""For so long after it was published a post-mortem is read with this in mind."""


class Doubt(StrEnum):
    """What does not fit together."""

    WORKS = "works"
    """It is open, and everything that it touches works; it is not being watched."""
    WATCHED = "watched"
    """It has been watched for longer than `WATCHED`."""
    SILENT = "silent"
    """It is open, and nothing was heard for longer than our goal, or `QUIET`."""
    OVERRUN = "overrun"
    """Planned work is past its end, and nobody has completed it."""
    OTHER_START = "other_start"
    """Its post-mortem says that it began at another time than the notice does."""


class Doubted(Struct, frozen=True, kw_only=True):
    """A notice that does not fit together."""

    notice: Notice
    line: int
    """Where in its file, from 1."""
    doubt: Doubt
    since: datetime
    """From when on, or of when."""


def untold(report: Report) -> Iterator[Outage]:
    """Outages that monitoring saw and no notice tells of: those that go on, and those that ended within `UNTOLD`."""
    for outage in report.measured.untold if report.measured else ():
        if outage.goes_on or report.now - outage.span.end < UNTOLD:
            yield outage


def unheard(report: Report) -> Iterator[ComponentMeasured]:
    """What was not probed for longer than `DEAF`, while it is ours to speak of: of that nothing is known any more."""
    for id_, one in report.measured.components.items() if report.measured else ():
        if report.now - one.newest > DEAF and not report.components[id_].retired:
            yield one


def doubts(report: Report) -> Iterator[Doubted]:
    """Every one, in the order of the board and then of post-mortems, the newest first."""
    for one in report.open:
        yield from _of_open(one, report)
    for id_, entry in report.index.items():
        if entry.has_post_mortem and report.now.timestamp() - entry.told < FRESH.total_seconds():
            yield from _of_account(report.notices[id_].notice, report)


def _of_open(one: NoticeReport, report: Report) -> Iterator[Doubted]:
    notice, last = one.notice, one.notice.updates[-1]

    def doubted(doubt: Doubt, since: datetime) -> Doubted:
        return Doubted(notice=notice, line=last.line or 1, doubt=doubt, since=since)

    if not isinstance(notice, Incident):
        if one.window and one.overran:
            yield doubted(Doubt.OVERRUN, one.window.end)
        return
    works = bool(one.now) and all(status == ComponentStatus.OPERATIONAL for _, status in one.now)
    if works and one.status != Status.MONITORING:
        yield doubted(Doubt.WORKS, last.time)
    watched = next((update.time for update in notice.updates if _stands_since(update.time, notice)), last.time)
    if one.status == Status.MONITORING and report.now - watched > WATCHED:
        yield doubted(Doubt.WATCHED, watched)
    elif report.now - last.time > (report.settings.goals.silence or QUIET):
        yield doubted(Doubt.SILENT, last.time)


def _stands_since(when: datetime, notice: Notice) -> bool:
    """Whether it has been watched ever since that update."""
    after = [update.status for update in notice.updates if update.time >= when and update.status != Status.UPDATE]
    return bool(after) and set(after) == {Status.MONITORING}


_BEGAN = re.compile(
    r"\b(?:began|begun|started)(?: (?:at|around|about|on [\w ]{1,20} at))? (\d\d:\d\d)\b", re.IGNORECASE
)
"""Where an account says in English when it began: `it began at 14:00`, and not `we began to look, and by 14:10 …`."""


def _of_account(notice: Notice, report: Report) -> Iterator[Doubted]:
    """An account that says when it began, and never when the notice says so."""
    account = notice.post_mortem
    if not isinstance(notice, Incident) or not account or not notice.stated_start:
        return
    told = [account.lead, *(one.body for one in account.sections if one.key in ("summary", "happened"))]
    times = [found[1] for body in told for found in _BEGAN.finditer(body)]
    began = notice.started.astimezone(report.settings.zone)
    if times and f"{began:%H:%M}" not in times:
        since = began.replace(hour=int(times[0][:2]) % 24, minute=int(times[0][3:]) % 60)
        yield Doubted(notice=notice, line=1, doubt=Doubt.OTHER_START, since=since)
