"""Everything that any output may say, decided once, for one `now`.

Pages, feeds and whatever else is written from here print what stands in a `Report`; none of them decides anything.
Facts only: words, dates as text and percentages as text are made in `render`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from . import candour, uptime
from .model import (
    SEVERITY,
    Announcement,
    Component,
    ComponentSpan,
    ComponentStatus,
    Group,
    Impact,
    Incident,
    Kind,
    Log,
    Maintenance,
    Notice,
    Retirement,
    Rule,
    Status,
    Update,
)
from .settings import Settings
from .span import Span, total, union
from .uptime import Line, Segment, Tally
from .window import Window, windows

PERIODS: tuple[int, ...] = (7, 30, 90, 365)
"""The lengths in calendar days over which uptime is told, besides 24 rolling hours and all of it."""

STRIP = 90
"""How many days of a component the board shows."""

RECENT = 14
"""How many days the board tells day by day."""

AHEAD = timedelta(days=60)
"""How far ahead windows of recurring maintenance are listed."""

BEHIND = timedelta(days=90)
"""How far back windows of recurring maintenance are listed one by one."""

RULER_BEFORE, RULER_AFTER = timedelta(hours=18), timedelta(hours=6)
"""What the ruler under the headline shows on either side of now."""

STATE_OF: Mapping[Impact, ComponentStatus] = {
    Impact.NONE: ComponentStatus.OPERATIONAL,
    Impact.MINOR: ComponentStatus.DEGRADED_PERFORMANCE,
    Impact.MAJOR: ComponentStatus.PARTIAL_OUTAGE,
    Impact.CRITICAL: ComponentStatus.MAJOR_OUTAGE,
}
"""How an incident looks that names no component, or none whose status is known."""


class Mood(StrEnum):
    """What the headline says. Exactly one holds."""

    OURS = "ours"
    """Something is not working, and it is our doing or ours to mend."""
    SUPPLIERS = "suppliers"
    """Something is not working because of somebody we depend on."""
    WATCHING = "watching"
    """An incident is open although everything it hurt works again."""
    LOOKING = "looking"
    """An incident is open that has not hurt anything yet."""
    OVERRUN = "overrun"
    """Planned work has gone past its announced end."""
    MAINTENANCE = "maintenance"
    """Planned work is going on."""
    UNKNOWN = "unknown"
    """Of some component we have no data, or there is none of which to speak."""
    WELL = "well"
    """Everything works, as far as we know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The answer to "is it me or is it you?"."""

    mood: Mood
    state: ComponentStatus
    """How what it is about looks now."""
    worst: tuple[Component, ...]
    """The components that are in that state because of it."""
    troubled: tuple[Component, ...]
    """The other components that are known not to be operational, the worst first."""
    unsaid: tuple[Component, ...]
    """The other components of which there is no data."""
    working: int
    """How many components are operational."""
    lead: NoticeReport | None
    """The notice that the headline is about: of several the latest to begin."""
    others: int
    """How many more notices are open or under way."""
    quiet_since: datetime | None
    """When the last incident ended, where all is well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeReport:
    """A notice and what is to be said of it."""

    notice: Notice
    state: ComponentStatus | None
    """While it is open, the worst that it does now; once over, the worst that it did. None: it is not about state."""
    status: Status
    """What a person posted last, or the clock made of it."""
    is_open: bool
    """Whether it still goes on; a maintenance that has not begun is not open."""
    now: tuple[tuple[Component, ComponentStatus], ...]
    """While it is open, each component that it touches as it is now."""
    span: Span | None
    """From when it began to when it ended, or to now; None for what has not begun or has no length."""
    hurt: tuple[Span, ...]
    """When anything was not operational because of it, up to now; of one without components, while it was open."""
    lasts: bool
    """Whether it still hurts."""
    ended: datetime | None
    spans: tuple[ComponentSpan, ...]
    """Each component's statuses over time, in the order in which the notice names them."""
    components: tuple[Component, ...]
    """Those that it touches."""
    window: Window | None
    """Of a maintenance the window that is on, else the next, else the last."""
    overran: timedelta
    """How far that window went past its announced end."""
    cause: str
    """In words; blank where none is stated."""
    told_after: timedelta | None
    said_over_after: timedelta | None
    longest_silence: timedelta | None
    post_mortem_after: int | None
    """Working days from the end to the post-mortem."""
    next_by: datetime | None
    """While it is open, when the next update is promised."""
    promises: tuple[candour.Promise, ...]
    earlier: str | None
    """The id of the notice before it that touches the same first component; of one that touches none, before it."""
    later: str | None

    @property
    def id(self) -> str:
        return self.notice.id

    @property
    def length(self) -> timedelta | None:
        """How long it has hurt, pauses left out; None for what never did."""
        return total(self.hurt) if self.hurt else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One calendar day of one component."""

    day: date
    worst: ComponentStatus
    troubled: timedelta
    """Time that was not simply operational."""
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A window over which uptime is told."""

    key: str
    """`24h`, `7d` … `365d`, `all`."""
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentReport:
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
    notices: tuple[NoticeReport, ...]
    """Those that touch it, the newest first."""
    retired: bool
    """Whether it has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupReport:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What a notice was on one day."""

    notice: NoticeReport
    state: ComponentStatus | None
    """The worst that it did on that day."""
    status: Status
    """Where it stood; of a recurring maintenance the window of that day."""
    lasted: timedelta | None
    """How long it hurt that day; None where it did not, or has no length."""
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentDay:
    """A day on the board; quiet where there are no events and something is known of it."""

    day: date
    events: tuple[Event, ...]
    known: bool
    """Whether we spoke for any component on that day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month of history, by when notices began."""

    year: int
    month: int
    notices: tuple[NoticeReport, ...]
    """The newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """An update that claims a time still to come: it is not published yet, and its writer is told."""

    notice: Notice
    update: Update


@dataclass(frozen=True, kw_only=True)
class Report:
    """The one value from which everything is written."""

    settings: Settings
    now: datetime
    fixed: bool
    """Whether `now` is a stopped clock rather than the time of the build."""
    headline: Headline
    ruler: Span
    trouble: tuple[Segment, ...]
    """What was not simply operational on the ruler, over all components."""
    planned: tuple[Window, ...]
    """Windows still to come on the ruler."""
    notices: Mapping[str, NoticeReport]
    """By id, the newest to begin first."""
    open: tuple[NoticeReport, ...]
    """Incidents and maintenance that go on, the one with the newest word first."""
    pinned: tuple[NoticeReport, ...]
    retiring: tuple[NoticeReport, ...]
    """Retirements still ahead, the nearest end first."""
    ahead: tuple[Window, ...]
    """Maintenance to come, the nearest first."""
    past: tuple[Window, ...]
    """Maintenance that was, the latest first; of a recurring one those of the last `BEHIND`."""
    groups: tuple[GroupReport, ...]
    components: Mapping[str, ComponentReport]
    """By id, in declared order, those retired among them."""
    periods: tuple[Period, ...]
    means: Mapping[str, Mapping[Rule, Fraction | None]]
    """The site: the mean of its components' shares, by period and rule."""
    recent: tuple[RecentDay, ...]
    """The last `RECENT` days, today first."""
    months: tuple[Month, ...]
    """The newest first; only those in which something began."""
    post_mortems: tuple[NoticeReport, ...]
    """Notices with a post-mortem, the newest to begin first."""
    promises: tuple[candour.Promise, ...]
    """The late ones first, then the open, then the kept; each by due day."""
    withheld: tuple[Withheld, ...]

    @classmethod
    def of(cls, log: Log, settings: Settings, now: datetime, *, fixed: bool = False) -> Report:
        """Decide everything. `now` is aware; what the log claims to have been posted after it is withheld."""
        withheld = tuple(
            Withheld(notice=notice, update=update)
            for notice in log.notices
            for update in notice.updates
            if update.time > now
        )
        log = log.as_of(now)
        effects = uptime.effects(log, now)
        declared = _with_ends(settings.components, log)
        begun = (min(notice.began, notice.posted) for notice in log.notices)
        first = settings.since or min(begun, default=now)
        series = {n.id: tuple(windows(n, _horizon(n, now))) for n in log.notices if isinstance(n, Maintenance)}
        notices = _notices(log, settings, series, now)
        newest_first = tuple(reversed(notices.values()))
        periods = _periods(now, settings, [component.since or first for component in declared], first)
        lines = {c.id: uptime.line(c, effects.get(c.id, ()), first, now) for c in declared}
        components = {
            component.id: _component(
                component, settings, now, component.since or first, lines[component.id], periods, newest_first
            )
            for component in declared
        }
        shown = [one for one in components.values() if not one.retired and one.since <= now]
        all_windows = _listed(series, now)
        ruler = Span(now - RULER_BEFORE, now + RULER_AFTER)
        going_on = tuple(
            sorted((n for n in newest_first if n.is_open), key=lambda n: n.notice.updates[-1].time, reverse=True)
        )
        months = _months(newest_first, settings)
        return cls(
            settings=settings,
            now=now,
            fixed=fixed,
            headline=_headline(shown, going_on, newest_first),
            ruler=ruler,
            trouble=tuple(uptime.worst_of(lines.values()).within(ruler)),
            planned=tuple(w for w in all_windows if now < w.start < ruler.end and w.status(now) == Status.SCHEDULED),
            notices={notice.id: notice for notice in newest_first},
            open=going_on,
            pinned=tuple(
                notice
                for notice in newest_first
                if isinstance(notice.notice, Announcement)
                and notice.notice.pinned_until
                and now < notice.notice.pinned_until
            ),
            retiring=tuple(
                sorted(
                    (n for n in newest_first if isinstance(n.notice, Retirement) and n.notice.ends > now),
                    key=lambda n: n.notice.ends if isinstance(n.notice, Retirement) else now,
                )
            ),
            ahead=tuple(w for w in all_windows if w.status(now) == Status.SCHEDULED),
            past=tuple(reversed([w for w in all_windows if _is_past(w, now)])),
            groups=tuple(_groups(shown, settings, periods)),
            components=components,
            periods=periods,
            means=_means(components.values(), periods),
            recent=tuple(_recent(newest_first, list(lines.values()), series, settings, now)),
            months=months,
            post_mortems=tuple(notice for notice in newest_first if notice.notice.post_mortem),
            promises=_promises(newest_first),
            withheld=withheld,
        )


def _with_ends(components: Iterable[Component], log: Log) -> list[Component]:
    """The declared components, each retired one with the end that its retirement gives it."""
    ends = {component: n.ends for n in log.notices if isinstance(n, Retirement) for component in n.components}
    return [
        component if component.until or component.id not in ends else replace(component, until=ends[component.id])
        for component in components
    ]


def _periods(now: datetime, settings: Settings, since: Sequence[datetime], first: datetime) -> tuple[Period, ...]:
    """24 hours rolling, N calendar days of the site's zone, and all of it."""
    days = (Period(key=f"{n}d", span=uptime.last_days(n, now, settings.zone)) for n in PERIODS)
    start = min([first, *since, now - timedelta(seconds=1)])
    rolling = Period(key="24h", span=Span(now - timedelta(hours=24), now))
    return (rolling, *days, Period(key="all", span=Span(start, now)))


def _component(
    component: Component,
    settings: Settings,
    now: datetime,
    since: datetime,
    line: Line,
    periods: Iterable[Period],
    newest_first: Sequence[NoticeReport],
) -> ComponentReport:
    retired = bool(component.until and component.until <= now)
    touching = tuple(notice for notice in newest_first if component.id in notice.notice.touches)
    statuses = [status for notice in touching for known, status in notice.now if known.id == component.id]
    status = max(statuses, key=SEVERITY.__getitem__, default=ComponentStatus.OPERATIONAL)
    return ComponentReport(
        component=component,
        group=settings.group(component.group) if component.group else None,
        status=status if since <= now and not retired else ComponentStatus.UNKNOWN,
        since=since,
        line=line,
        days=tuple(_days(line, settings, now)),
        tallies={period.key: uptime.tally(line, period.span) for period in periods},
        notices=touching,
        retired=retired,
    )


def _days(line: Line, settings: Settings, now: datetime) -> Iterator[Day]:
    today = uptime.day_of(now, settings.zone)
    for back in range(STRIP - 1, -1, -1):
        day = today - timedelta(days=back)
        tally = uptime.tally(line, uptime.calendar_day(day, settings.zone))
        quiet = tally.of.get(ComponentStatus.OPERATIONAL, timedelta())
        yield Day(
            day=day, worst=tally.worst, troubled=sum(tally.of.values(), timedelta()) - quiet, notices=tally.notices
        )


def _groups(shown: Sequence[ComponentReport], settings: Settings, periods: Sequence[Period]) -> Iterator[GroupReport]:
    """The groups in declared order, those that have something to show; components of none come first."""
    for group in (None, *settings.groups):
        inside = tuple(component for component in shown if component.group == group)
        if not inside:
            continue
        together = uptime.worst_of(component.line for component in inside)
        yield GroupReport(
            group=group,
            components=inside,
            status=max((component.status for component in inside), key=SEVERITY.__getitem__),
            days=tuple(_worst_day(days) for days in zip(*(component.days for component in inside), strict=True)),
            means=_means(inside, periods),
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


def _means(
    components: Iterable[ComponentReport], periods: Iterable[Period]
) -> Mapping[str, Mapping[Rule, Fraction | None]]:
    components = list(components)
    return {
        period.key: {
            rule: uptime.mean(component.tallies[period.key].figures[rule] for component in components) for rule in Rule
        }
        for period in periods
    }


def _notices(
    log: Log, settings: Settings, series: Mapping[str, Sequence[Window]], now: datetime
) -> dict[str, NoticeReport]:
    """Every notice, the oldest to begin first."""
    neighbours = _neighbours(log.notices)
    return {
        notice.id: _notice(notice, settings, series.get(notice.id, ()), now, neighbours[notice.id])
        for notice in log.notices
    }


def _notice(
    notice: Notice,
    settings: Settings,
    its_windows: Sequence[Window],
    now: datetime,
    neighbours: tuple[str | None, str | None],
) -> NoticeReport:
    components = tuple(c for id_ in notice.touches if (c := settings.component(id_)))
    spans: tuple[ComponentSpan, ...] = ()
    hurting: Iterable[ComponentSpan] = ()
    window: Window | None = None
    start: datetime | None = None
    ended: datetime | None = None
    is_open = False
    if isinstance(notice, Incident):
        spans = tuple(notice.component_spans())
        hurting = spans if notice.touches or notice.impact == Impact.NONE else notice.open_spans()
        start, ended = notice.started, notice.ended
        is_open = not notice.is_over
    elif isinstance(notice, Maintenance):
        window = _current(its_windows, now)
        if window.status(now) not in (Status.SCHEDULED, Status.CANCELLED) or window.closed:
            spans = tuple(window.component_spans())
            hurting = spans or window.spans()
            start, ended = window.began, window.finished
            is_open = window.status(now) in (Status.IN_PROGRESS, Status.VERIFYING)
    hurt = tuple(union(_until(hurting, now)))
    lasting = {span.component: span.status for span in spans if span.end is None or span.end > now}
    present = tuple((c, lasting.get(c.id, ComponentStatus.OPERATIONAL)) for c in components) if is_open else ()
    until = min(ended or now, now)
    incident = notice if isinstance(notice, Incident) else None
    post_mortem = notice.post_mortem
    written = (
        candour.working_days(uptime.day_of(ended, settings.zone), uptime.day_of(post_mortem.posted, settings.zone))
        if post_mortem and post_mortem.posted and ended
        else None
    )
    promised = notice.updates[-1].next_by
    return NoticeReport(
        notice=notice,
        state=_state(notice, [status for _, status in present] if is_open else None),
        status=window.status(now) if window else notice.status,
        is_open=is_open,
        now=present,
        span=Span(start, until) if start and start < until else None,
        hurt=hurt,
        lasts=is_open and bool(hurt) and hurt[-1].end >= now,
        ended=ended if ended and ended <= now else None,
        spans=spans,
        components=components,
        window=window,
        overran=window.overran(now) if window else timedelta(),
        cause=settings.causes.get(incident.cause, incident.cause) if incident and incident.cause else "",
        told_after=candour.told_after(incident) if incident else None,
        said_over_after=candour.said_over_after(incident) if incident else None,
        longest_silence=candour.longest_silence(incident, now) if incident else None,
        post_mortem_after=written,
        next_by=promised if is_open else None,
        promises=tuple(candour.promises(notice, uptime.day_of(now, settings.zone))),
        earlier=neighbours[0],
        later=neighbours[1],
    )


def _until(spans: Iterable[ComponentSpan], now: datetime) -> Iterator[Span]:
    """The stretches of time up to now in which something was not operational."""
    for span in spans:
        end = min(span.end or now, now)
        if span.status != ComponentStatus.OPERATIONAL and span.start < end:
            yield Span(span.start, end)


def _state(notice: Notice, statuses: Sequence[ComponentStatus] | None) -> ComponentStatus | None:
    """How a notice looks: by these statuses of its components, and where none are given by the worst it ever wrote.

    Where they do not say, an incident looks like its impact; planned work looks at least like planned work.
    """
    if isinstance(notice, Maintenance):
        planned = notice.components.values() if statuses is None else statuses
        return max(*planned, ComponentStatus.UNDER_MAINTENANCE, ComponentStatus.UNKNOWN, key=SEVERITY.__getitem__)
    if not isinstance(notice, Incident):
        return None
    known = notice.worst
    if statuses is not None:
        known = max(statuses, key=SEVERITY.__getitem__, default=None)
    return STATE_OF[notice.impact] if known in (None, ComponentStatus.UNKNOWN) else known


def _neighbours(notices: Sequence[Notice]) -> Mapping[str, tuple[str | None, str | None]]:
    """For each notice the ids of the one before and after it among those of its first component."""
    lanes: dict[str, list[str]] = defaultdict(list)
    for notice in notices:
        lanes[next(iter(notice.touches), "")].append(notice.id)
    return {
        id_: (lane[at - 1] if at else None, lane[at + 1] if at + 1 < len(lane) else None)
        for lane in lanes.values()
        for at, id_ in enumerate(lane)
    }


def _horizon(maintenance: Maintenance, now: datetime) -> datetime:
    """Until when its windows are looked at: the first one always is."""
    return max(now + AHEAD, maintenance.scheduled_for + timedelta(seconds=1))


def _current(its_windows: Sequence[Window], now: datetime) -> Window:
    """The window that is on, else the next one, else the last that was not called off, else the first."""
    going = (window for window in its_windows if window.status(now) in (Status.IN_PROGRESS, Status.VERIFYING))
    coming = (window for window in its_windows if window.status(now) == Status.SCHEDULED)
    kept = (window for window in reversed(its_windows) if not window.cancelled)
    return next(going, None) or next(coming, None) or next(kept, its_windows[0])


def _listed(series: Mapping[str, Sequence[Window]], now: datetime) -> list[Window]:
    """Every window that pages list one by one, in order of time."""
    found = [
        window
        for its_windows in series.values()
        for window in its_windows
        if not window.maintenance.recurs or window.end > now - BEHIND or window.updates
    ]
    return sorted(found, key=lambda window: (window.start, window.id))


def _is_past(window: Window, now: datetime) -> bool:
    """Whether it is completed or cancelled; windows of a series that was called off are not listed."""
    return not window.cancelled and window.status(now) in (Status.COMPLETED, Status.CANCELLED)


def _recent(
    newest_first: Sequence[NoticeReport],
    lines: Sequence[Line],
    series: Mapping[str, Sequence[Window]],
    settings: Settings,
    now: datetime,
) -> Iterator[RecentDay]:
    today = uptime.day_of(now, settings.zone)
    for back in range(RECENT):
        span = uptime.calendar_day(today - timedelta(days=back), settings.zone)
        events = (_event(notice, series.get(notice.id, ()), span, now) for notice in newest_first)
        yield RecentDay(
            day=today - timedelta(days=back),
            events=tuple(event for event in events if event),
            known=any(known.clip(span) for line in lines for known in line.known),
        )


def _event(notice: NoticeReport, its_windows: Sequence[Window], day: Span, now: datetime) -> Event | None:
    """What the notice was on that day: what it did, else that it is open, else that it was posted."""
    if isinstance(notice.notice, Maintenance):
        return next((event for window in its_windows if (event := _work(notice, window, day, now))), None)
    here = [cut for span in notice.hurt if (cut := span.clip(day))]
    is_now = notice.is_open and now in day
    if here:
        that_day = [
            span.status for span in notice.spans if span.start < day.end and (span.end is None or span.end > day.start)
        ]
        state = _state(notice.notice, that_day if notice.spans else None)
        return Event(notice=notice, state=state, status=notice.status, lasted=total(here), is_open=is_now)
    if is_now or (not notice.hurt and notice.notice.posted in day):
        return Event(notice=notice, state=notice.state, status=notice.status, lasted=None, is_open=notice.is_open)
    return None


def _work(notice: NoticeReport, window: Window, day: Span, now: datetime) -> Event | None:
    """What a window of maintenance was on that day."""
    finish = min(window.finished or now, now)
    if window.cancelled or window.began >= finish or not (cut := Span(window.began, finish).clip(day)):
        return None
    status = window.status(now)
    is_open = status in (Status.IN_PROGRESS, Status.VERIFYING)
    state = _state(window.maintenance, None)
    return Event(notice=notice, state=state, status=status, lasted=cut.length, is_open=is_open and now in day)


def _months(newest_first: Iterable[NoticeReport], settings: Settings) -> tuple[Month, ...]:
    by_month: dict[tuple[int, int], list[NoticeReport]] = defaultdict(list)
    for notice in newest_first:
        day = uptime.day_of(notice.notice.began, settings.zone)
        by_month[day.year, day.month].append(notice)
    return tuple(Month(year=y, month=m, notices=tuple(by_month[y, m])) for y, m in sorted(by_month, reverse=True))


def _promises(notices: Iterable[NoticeReport]) -> tuple[candour.Promise, ...]:
    order = list(candour.PromiseState)
    return tuple(
        sorted(
            (promise for notice in notices for promise in notice.promises),
            key=lambda promise: (order.index(promise.state), promise.action.due, promise.notice, promise.action.text),
        )
    )


def _headline(
    shown: Sequence[ComponentReport],
    going_on: Sequence[NoticeReport],
    newest_first: Sequence[NoticeReport],
) -> Headline:
    """The worst comes first: what is broken, then what is watched, then what was planned, then what is not known."""
    mood, about = _mood(shown, going_on)
    state = max((notice.state for notice in about if notice.state), key=SEVERITY.__getitem__, default=None)
    if state is None:
        state = ComponentStatus.UNKNOWN if mood == Mood.UNKNOWN else ComponentStatus.OPERATIONAL
    named = {component.id for notice in about for component, status in notice.now if status == state}
    if mood == Mood.UNKNOWN:
        named = {one.component.id for one in shown if one.status == ComponentStatus.UNKNOWN}
    others = [one for one in shown if one.component.id not in named]
    wrong = [one for one in others if one.status not in (ComponentStatus.OPERATIONAL, ComponentStatus.UNKNOWN)]
    lead = max(about, key=lambda n: (n.overran if mood == Mood.OVERRUN else timedelta(), n.notice.began), default=None)
    return Headline(
        mood=mood,
        state=state,
        worst=tuple(one.component for one in shown if one.component.id in named),
        troubled=tuple(one.component for one in sorted(wrong, key=lambda one: -SEVERITY[one.status])),
        unsaid=tuple(one.component for one in others if one.status == ComponentStatus.UNKNOWN),
        working=sum(one.status == ComponentStatus.OPERATIONAL for one in others),
        lead=lead,
        others=len(going_on) - bool(lead),
        quiet_since=max((n.ended for n in newest_first if n.ended and n.notice.kind == Kind.INCIDENT), default=None),
    )


def _mood(shown: Sequence[ComponentReport], going_on: Sequence[NoticeReport]) -> tuple[Mood, Sequence[NoticeReport]]:
    """What is to be said, and the notices that it is about."""
    incidents = [notice for notice in going_on if notice.notice.kind == Kind.INCIDENT]
    work = [notice for notice in going_on if notice.notice.kind == Kind.MAINTENANCE]
    bad = [notice for notice in incidents if SEVERITY[_looks(notice)] >= SEVERITY[ComponentStatus.UNDER_MAINTENANCE]]
    unsaid = any(one.status == ComponentStatus.UNKNOWN for one in shown)
    if bad:
        worst = max((_looks(notice) for notice in bad), key=SEVERITY.__getitem__)
        worst_of_all = [notice for notice in bad if notice.state == worst]
        suppliers = all(_is_suppliers(notice) for notice in worst_of_all)
        return (Mood.SUPPLIERS if suppliers else Mood.OURS), worst_of_all
    if incidents and not unsaid:
        return (Mood.WATCHING if any(notice.hurt for notice in incidents) else Mood.LOOKING), incidents
    if late := [notice for notice in work if notice.overran]:
        return Mood.OVERRUN, late
    if work:
        return Mood.MAINTENANCE, work
    return (Mood.UNKNOWN if unsaid or not shown else Mood.WELL), ()


def _looks(notice: NoticeReport) -> ComponentStatus:
    return notice.state or ComponentStatus.OPERATIONAL


def _is_suppliers(notice: NoticeReport) -> bool:
    """Whether its cause, or everything that it touches, is somebody else's."""
    incident = notice.notice
    named = isinstance(incident, Incident) and incident.cause == "third_party"
    return named or bool(notice.components and all(component.upstream for component in notice.components))
