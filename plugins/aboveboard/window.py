"""When a maintenance is on: its windows, those of a recurring one counted out, and what the clock makes of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct

from .model import ComponentSpan, ComponentStatus, Maintenance, Status, Update, component_spans

if TYPE_CHECKING:  # few maintenances recur
    from dateutil.rrule import rrule, rruleset


class Window(Struct, frozen=True, kw_only=True):
    """One stretch of planned work, and what was posted about it."""

    maintenance: Maintenance
    start: datetime
    """As announced."""
    end: datetime
    """As announced."""
    updates: tuple[Update, ...]
    """Those that speak of it: all, or of a recurring maintenance those that name it."""
    cancelled: datetime | None = None
    """When the whole series was called off, where that was before it started."""

    @property
    def id(self) -> str:
        """The notice's id, and for one of several `<id>@<UTC start>`."""
        notice = self.maintenance
        return f"{notice.id}@{self.start.astimezone(UTC):%Y%m%dT%H%M%SZ}" if notice.recurs else notice.id

    @property
    def announced(self) -> datetime:
        """When people were first told."""
        return self.maintenance.posted

    @property
    def plan(self) -> Update:
        """What was last announced: the newest Scheduled that speaks of it."""
        spoken = [update for update in self._heard if update.status == Status.SCHEDULED]
        return spoken[-1] if spoken else self.maintenance.updates[0]

    @property
    def news(self) -> Update | None:
        """The newest word after the plan."""
        newest = max(self._heard, key=lambda update: update.time, default=self.plan)
        return newest if newest.time > self.plan.time else None

    @property
    def _heard(self) -> tuple[Update, ...]:
        """The updates that speak of it, and of the series as a whole."""
        return tuple(update for update in self.maintenance.updates if update.occurrence in (None, self.start))

    @property
    def told_ahead(self) -> bool:
        """Whether it was announced before it began: only then is it excused."""
        return self.announced <= self.start

    @property
    def began(self) -> datetime:
        """When work began: as stated, else by the clock or by an earlier In progress."""
        if self.maintenance.stated_start and not self.maintenance.recurs:
            return self.maintenance.stated_start
        posted = (update.time for update in self.updates if update.status in (Status.IN_PROGRESS, Status.VERIFYING))
        return min(self.start, next(posted, self.start))

    @property
    def closed(self) -> Update | None:
        """The update that said it was over."""
        for update in self.updates:
            if update.status in _CLOSING:
                return update
        return None

    @property
    def finished(self) -> datetime | None:
        """When work ended; None until somebody says so.

        A window of a recurring maintenance about which nothing was posted since it began ran as announced: nobody is
        asked to write each week that all went well.
        """
        if self.cancelled:
            return self.cancelled
        if self.maintenance.stated_end and not self.maintenance.recurs:
            return self.maintenance.stated_end
        if closed := self.closed:
            return closed.time
        spoken = any(update.time >= self.began for update in self.updates)
        return self.end if self.maintenance.recurs and not spoken else None

    def status(self, now: datetime) -> Status:
        """Where it stands at `now`. Scheduled follows the clock into in progress; only a person completes it."""
        if self.cancelled:
            return Status.CANCELLED
        if closed := self.closed:
            return closed.status
        if (finished := self.finished) and finished <= now:
            return Status.COMPLETED
        said = next((u.status for u in reversed(self.updates) if u.status != Status.UPDATE), Status.SCHEDULED)
        if said == Status.SCHEDULED and self.began <= now:
            return Status.IN_PROGRESS
        return said

    def overran(self, now: datetime) -> timedelta:
        """How far work went past the announced end; zero where it did not, or never began."""
        finished = min(self.finished or now, now)
        return max(finished - max(self.end, self.began), timedelta())

    def spans(self) -> list[ComponentSpan]:
        """The time that it took, as if of a component without a name: for work that names none."""
        return component_spans([(self.began, {"": ComponentStatus.UNDER_MAINTENANCE})], self.finished)

    def component_spans(self) -> list[ComponentSpan]:
        """Each component's spans while work lasted. A stated end ends them all; a cancelled window has none."""
        began, finished = self.began, self.finished
        if finished and finished <= began:
            return []
        now_is = self.maintenance.components
        steps = [(began, now_is)]
        for update in self.updates:
            if update.components:
                now_is = {**now_is, **update.components}
            if update.time <= began:
                steps[0] = (began, now_is)
            else:
                steps.append((update.time, now_is))
        return component_spans(steps, finished)


_CLOSING = frozenset({Status.COMPLETED, Status.CANCELLED})


def windows(maintenance: Maintenance, until: datetime) -> Iterator[Window]:
    """The windows that start before `until`, in order; of a maintenance that does not recur, its one, always."""
    length = maintenance.scheduled_until - maintenance.scheduled_for
    if not maintenance.recurs:
        yield Window(
            maintenance=maintenance,
            start=maintenance.scheduled_for,
            end=maintenance.scheduled_until,
            updates=maintenance.updates,
        )
        return
    off = next((u.time for u in maintenance.updates if not u.occurrence and u.status == Status.CANCELLED), None)
    for start in takewhile(lambda start: start < until, starts(maintenance)):
        yield Window(
            maintenance=maintenance,
            start=start,
            end=start + length,
            updates=tuple(update for update in maintenance.updates if update.occurrence == start),
            cancelled=off if off and off <= start else None,
        )


def starts(maintenance: Maintenance) -> Iterator[datetime]:
    """The UTC starts of a recurring maintenance, in order, perhaps without end.

    "If the local time described does not occur (when changing from standard to daylight time), the DATE-TIME value
    is interpreted using the UTC offset before the gap in local times."  RFC 5545, 3.3.5; Python's fold=0 does that.
    """
    zone = ZoneInfo(maintenance.zone)
    for local in rule(maintenance.recurs, maintenance.scheduled_for.astimezone(zone).replace(tzinfo=None), zone):
        yield local.replace(tzinfo=zone).astimezone(UTC)


def rule(recurs: str, first: datetime, zone: ZoneInfo) -> rrule | rruleset:
    """The recurrence rule, counted from the naive local time `first` in `zone`. Raises ValueError where it is none.

    "If the DTSTART property is specified as a date with local time and time zone reference, then the UNTIL rule part
    MUST be specified as a date with UTC time."  RFC 5545, 3.3.10. Ours may also be local, as people write it.
    """
    from dateutil.rrule import rrulestr

    return rrulestr(_UNTIL_UTC.sub(lambda found: f"{_local(found[0], zone):%Y%m%dT%H%M%S}", recurs), dtstart=first)


_UNTIL_UTC = re.compile(r"(?<=UNTIL=)\d{8}T\d{6}Z")


def _local(utc: str, zone: ZoneInfo) -> datetime:
    return datetime.strptime(utc, "%Y%m%dT%H%M%S%z").astimezone(zone)
