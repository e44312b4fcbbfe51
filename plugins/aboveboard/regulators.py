"""The clocks of regulators, held against when the public was told.

They are for notices to an authority, which no status page shows, and begin when somebody becomes aware, or classifies
an incident, which none shows either. So what is measured here is another thing by the same lengths of time: when the
public was told, from when customers were first hurt. That is mostly the earlier beginning, which counts against us.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct

from . import uptime
from .index import Entry
from .measures import NEVER, Claims, measured
from .reckoning import YEAR
from .report import Report
from .settings import Regulation
from .span import epoch

HOUR = 3600


class Stage(StrEnum):
    """A notice or report that a regulator is owed, and by when."""

    # "(a) without undue delay and in any event within 24 hours of becoming aware of the significant incident, an early
    # warning"; "(b) ... within 72 hours of becoming aware of the significant incident, an incident notification";
    # "(d) a final report not later than one month after the submission of the incident notification under point (b)";
    # "(e) in the event of an ongoing incident at the time of the submission of the final report ..., a final report
    # within one month of their handling of the incident".  Directive (EU) 2022/2555, article 23(4)
    WARNING = "warning"
    NOTIFICATION = "notification"
    NIS2_FINAL = "nis2_final"
    # "(a) ... within four hours from the classification of the ICT-related incident as major, but no later than 24
    # hours from the moment the financial entity has become aware"; "(b) ... at the latest within 72 hours from the
    # submission of the initial notification"; "(c) ... no later than one month after either the submission of the
    # intermediate report or, where applicable, the latest updated intermediate report".
    # Delegated Regulation (EU) 2025/301, article 5(1)
    INITIAL = "initial"
    INITIAL_LATEST = "initial_latest"
    INTERMEDIATE = "intermediate"
    DORA_FINAL = "dora_final"


STAGES: Mapping[Regulation, Mapping[Stage, int | None]] = {
    Regulation.NIS2: {Stage.WARNING: 24, Stage.NOTIFICATION: 72, Stage.NIS2_FINAL: None},
    Regulation.DORA: {Stage.INITIAL: 4, Stage.INITIAL_LATEST: 24, Stage.INTERMEDIATE: 72, Stage.DORA_FINAL: None},
}
"""By regulation, its clocks and for how many hours each runs; None for one month."""


class Run(NamedTuple):
    """A clock of one incident."""

    incident: str
    """Its id."""
    due: int | None
    """In seconds since 1970; None while the incident is open and the month after it has not begun."""
    done: int | None


class Told(Struct, frozen=True, kw_only=True):
    """How the clocks of one kind went."""

    stage: Stage
    hours: int | None
    met: int
    missed: Sequence[Run]
    """The newest to begin first."""
    running: Sequence[Run]
    unknown: int
    """Of how many incidents nothing can be said, as a time is not written down."""


def told(report: Report, regulation: Regulation) -> Iterator[Told]:
    """How each clock of a regulation went, over major and critical incidents that began within `YEAR` days, and over
    those that are open.
    """
    some = list(_incidents(report))
    now, zone = epoch(report.now), report.settings.zone
    for stage, hours in STAGES[regulation].items():
        runs = [(entry, _run(stage, hours, entry, said, first, now, zone)) for entry, said, first in some]
        known = [run for _, run in runs if run]
        yield Told(
            stage=stage,
            hours=hours,
            met=sum(_is_met(run) for run in known),
            missed=[run for run in known if not _is_met(run) and not _is_running(run, now)],
            running=[run for run in known if _is_running(run, now)],
            unknown=len(runs) - len(known),
        )


def _incidents(report: Report) -> Iterator[tuple[Entry, Claims, int]]:
    """Each with what it says, and when it was first told, by the record where there is one."""
    since = uptime.last_days(YEAR, report.now, report.settings.zone).start.timestamp()
    now = report.now.timestamp()
    for entry in report.index.values():
        if entry.said and (entry.began >= since or now < entry.closed):
            said = entry.claims
            if said and said.ranks:
                evidence = report.reckoning.record.evidence.get(entry.id)
                one = measured(entry.id, entry.began, said, report.now, evidence)
                first = said.started + one.first_word if one.first_word != NEVER else said.posted
                yield entry, said, first


def _run(
    stage: Stage, hours: int | None, entry: Entry, said: Claims, first: int, now: int, zone: ZoneInfo
) -> Run | None:
    """A clock of an incident; None where it has no beginning, or where what would end it has no date."""
    found, over = _unless(said.found), _unless(said.resolved)
    accounted = entry.accounted or None
    undated = entry.has_post_mortem and not accounted
    match stage:
        case Stage.WARNING | Stage.INITIAL | Stage.INITIAL_LATEST:
            return _within(entry, _unless(said.started), hours, first)
        case Stage.NOTIFICATION:
            return _within(entry, _unless(said.started), hours, max(found, first) if found else None)
        case Stage.INTERMEDIATE:
            return _within(entry, first, hours, first if over == said.posted else _unless(said.second))
        case Stage.DORA_FINAL:
            return None if undated else Run(entry.id, over and month_after(over, zone), accounted)
    if undated or found is None:
        return None
    due = month_after(found, zone)
    if accounted is None and over is None:
        return Run(entry.id, due if now <= due else None, None)
    return Run(entry.id, month_after(over, zone) if over and over > due else due, accounted)


def _within(entry: Entry, begin: int | None, hours: int | None, done: int | None) -> Run | None:
    return None if begin is None or hours is None else Run(entry.id, begin + hours * HOUR, done)


def _is_met(run: Run) -> bool:
    """An account that came before the incident was over came in time."""
    return run.done is not None and (run.due is None or run.done <= run.due)


def _is_running(run: Run, now: int) -> bool:
    return run.done is None and (run.due is None or now <= run.due)


def month_after(instant: int, zone: ZoneInfo) -> int:
    """The same time of the same day of the next month on a zone's clock; of a shorter month the last day.

    By Regulation (EEC, Euratom) 1182/71, article 3(2)(c), a month ends with the last hour of that day. Ours ends with
    the minute, which is earlier.
    """
    local = datetime.fromtimestamp(instant, UTC).astimezone(zone)
    year, month = local.year + local.month // 12, local.month % 12 + 1
    day = min(local.day, monthrange(year, month)[1])
    return int(datetime.combine(date(year, month, day), time(local.hour, local.minute, local.second), zone).timestamp())


def _unless(instant: int) -> int | None:
    return None if instant == NEVER else instant
