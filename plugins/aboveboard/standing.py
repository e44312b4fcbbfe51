"""How components and groups stand: now, day by day, and over the periods that uptime is told for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from msgspec import Struct

from . import uptime
from .index import Entry
from .lazy import Lazy, LazyMap
from .model import SEVERITY, Component, ComponentStatus, Group, Rule
from .settings import Settings
from .span import Span
from .story import NoticeReport
from .target import Period, Target, target
from .uptime import Line, Sums, Tally

PERIODS: tuple[int, ...] = (7, 30, 90, 365)
"""The lengths in calendar days over which uptime is told, besides 24 rolling hours and all of it."""

STRIP = 90
"""How many days of a component the board shows."""

YEAR = 365
"""How many its own page shows."""


class Day(Struct, frozen=True, kw_only=True):
    """One calendar day of one component."""

    day: date
    worst: ComponentStatus
    troubled: timedelta
    """Time that was not simply operational."""
    notices: tuple[str, ...]


class ComponentReport(Struct, frozen=True, kw_only=True):
    """A component and what is to be said of it."""

    component: Component
    group: Group | None
    status: ComponentStatus
    """Now."""
    since: datetime
    """The first instant we speak for."""
    line: Line
    days: tuple[Day, ...]
    """The last `STRIP` days, the oldest first."""
    tallies: Mapping[str, Tally]
    """By the key of the period."""
    calendar: Mapping[str, Tally]
    """Likewise of calendar months and years, each found out when somebody asks."""
    target: Target | None
    """How it stands against what is promised of it; None where nothing is."""
    notices: Lazy[NoticeReport]
    """Those that touch it, the newest first."""
    retired: bool
    """Whether it has ended."""


class GroupReport(Struct, frozen=True, kw_only=True):
    """Components that are shown together; `group` is None for those in no group."""

    group: Group | None
    components: tuple[ComponentReport, ...]
    """In declared order, without those that are retired or have not begun."""
    status: ComponentStatus
    """The worst of theirs."""
    days: tuple[Day, ...]
    """At each day the worst of theirs."""
    means: Mapping[str, Mapping[Rule, Fraction | None]]
    """The mean of the components' shares, by period and rule."""
    all_up: Mapping[str, Tally]
    """The rules on the worst component at each instant, by period."""


def periods_of(now: datetime, settings: Settings, since: Sequence[datetime], first: datetime) -> tuple[Period, ...]:
    """24 hours rolling, N calendar days of the site's zone, and all of it."""
    days = (Period(key=f"{n}d", span=uptime.last_days(n, now, settings.zone)) for n in PERIODS)
    start = min([first, *since, now - timedelta(seconds=1)])
    rolling = Period(key="24h", span=Span(now - timedelta(hours=24), now))
    return (rolling, *days, Period(key="all", span=Span(start, now)))


def standing(
    component: Component,
    settings: Settings,
    now: datetime,
    since: datetime,
    line: Line,
    periods: Iterable[Period],
    calendar: Mapping[str, Period],
    going_on: Sequence[NoticeReport],
    touching: Sequence[Entry],
    notices: Mapping[str, NoticeReport],
) -> ComponentReport:
    """What is to be said of a component. `going_on` are the notices that are open, `touching` those that touch it.

    `calendar` has the calendar months, the newest first, and then the years.
    """
    tallies = LazyMap(calendar, lambda key: uptime.tally(line, calendar[key].span))
    months = [period for period in calendar.values() if period.is_month]
    return ComponentReport(
        component=component,
        group=settings.group(component.group) if component.group else None,
        status=status_of(component, since, going_on, now),
        since=since,
        line=line,
        days=tuple(days_of(line, STRIP, now, settings.zone)),
        tallies={period.key: uptime.tally(line, period.span) for period in periods},
        calendar=tallies,
        target=target(component, settings.rule, since, months, lambda period: tallies[period.key]),
        notices=Lazy([entry.id for entry in touching], notices.__getitem__),
        retired=is_retired(component, now),
    )


def status_of(
    component: Component, since: datetime, going_on: Iterable[NoticeReport], now: datetime
) -> ComponentStatus:
    """How a component is while these notices are open: no data before it is ours to speak of, and once it has ended."""
    if now < since or is_retired(component, now):
        return ComponentStatus.UNKNOWN
    statuses = [status for notice in going_on for known, status in notice.now if known.id == component.id]
    return max(statuses, key=SEVERITY.__getitem__, default=ComponentStatus.OPERATIONAL)


def is_retired(component: Component, now: datetime) -> bool:
    """Whether it has ended."""
    return bool(component.until and component.until <= now)


def days_of(line: Line, number: int, now: datetime, zone: ZoneInfo) -> Iterator[Day]:
    """The last days of a component up to today, the oldest first."""
    today = uptime.day_of(now, zone)
    days = [today - timedelta(days=back) for back in range(number - 1, -1, -1)]
    told = uptime.glances(line, [uptime.calendar_day(day, zone) for day in days])
    for day, (worst, troubled, notices) in zip(days, told, strict=True):
        yield Day(day=day, worst=worst, troubled=troubled, notices=notices)


def groups_of(
    shown: Sequence[ComponentReport], settings: Settings, periods: Sequence[Period], sums: Sums
) -> Iterator[GroupReport]:
    """The groups in declared order, those that have something to show; components of none come first."""
    for group in (None, *settings.groups):
        inside = tuple(component for component in shown if component.group == group)
        if not inside:
            continue
        together = uptime.worst_of((component.line for component in inside), sums)
        yield GroupReport(
            group=group,
            components=inside,
            status=max((component.status for component in inside), key=SEVERITY.__getitem__),
            days=tuple(_worst_day(days) for days in zip(*(component.days for component in inside), strict=True)),
            means=means(inside, periods),
            all_up={period.key: uptime.tally(together, period.span) for period in periods},
        )


def _worst_day(days: Sequence[Day]) -> Day:
    """One day of several components. Before a component was ours to speak of it has no say."""
    known = [day for day in days if day.worst != ComponentStatus.UNKNOWN or day.notices] or days
    return Day(
        day=days[0].day,
        worst=max((day.worst for day in known), key=SEVERITY.__getitem__),
        troubled=max(day.troubled for day in days),
        notices=tuple(dict.fromkeys(notice for day in days for notice in day.notices)),
    )


def means(
    components: Iterable[ComponentReport], periods: Iterable[Period]
) -> Mapping[str, Mapping[Rule, Fraction | None]]:
    """The means of the components' shares, by period and rule."""
    components = list(components)
    return {
        period.key: {
            rule: uptime.mean(component.tallies[period.key].figures[rule] for component in components) for rule in Rule
        }
        for period in periods
    }
