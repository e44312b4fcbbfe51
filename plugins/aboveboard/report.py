"""Everything that any output may say, decided once, for one `now`.

Pages, feeds and whatever else is written from here print what stands in a `Report`; none of them decides anything.
Facts only: words, dates as text and percentages as text are made in `render`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import partial
from typing import Generic, TypeVar, overload

from . import candour, uptime
from .index import Entry, Index, hurting_spans, looks
from .model import (
    SEVERITY,
    Announcement,
    Component,
    ComponentSpan,
    ComponentStatus,
    Group,
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
from .uptime import Line, Piece, Segment, Sums, Tally, unremembered
from .window import Window, windows

T = TypeVar("T")

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


@dataclass(frozen=True, slots=True)
class Lazy(Sequence[T], Generic[T]):
    """A list that is known by its keys; what they stand for is made when somebody looks at it."""

    keys: Sequence[str]
    get: Callable[[str], T]

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Lazy[T]: ...
    def __getitem__(self, at: int | slice) -> T | Lazy[T]:
        return Lazy(self.keys[at], self.get) if isinstance(at, slice) else self.get(self.keys[at])

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True, slots=True)
class LazyMap(Mapping[str, T], Generic[T]):
    """A mapping that is known by its keys; what they stand for is made once, when somebody looks at it."""

    keys_: Mapping[str, object]
    make: Callable[[str], T]
    made: dict[str, T] = field(default_factory=dict)

    def __getitem__(self, key: str) -> T:
        if key not in self.made:
            if key not in self.keys_:
                raise KeyError(key)
            self.made[key] = self.make(key)
        return self.made[key]

    def __contains__(self, key: object) -> bool:
        return key in self.keys_

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys_)

    def __len__(self) -> int:
        return len(self.keys_)


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
    live: bool
    """Whether the clock may still change what is said of it: open, or ahead, or recurring."""
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
    """Working days from the end to the post-mortem, once a person has said that it is over."""
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
    notices: Lazy[NoticeReport]
    """Those that touch it, the newest first."""
    years: tuple[Year, ...]
    """The same by the year in which they began, the newest first."""
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
    notices: Lazy[NoticeReport]
    """The newest first."""
    entries: Sequence[Entry]
    """The same, as a list shows them."""
    kinds: Mapping[str, int]
    """How many there are of each kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """Some of the notices that began in a year."""

    year: int
    notices: Lazy[NoticeReport]
    """The newest first."""
    entries: Sequence[Entry]
    """The same, as a list shows them."""


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
    index: Mapping[str, Entry]
    """By id, the newest to begin first: what can be said without making a notice's own report."""
    neighbours: Mapping[str, tuple[str | None, str | None]]
    """By id, the notices before and after it that touch the same first component."""
    notices: Mapping[str, NoticeReport]
    """By id, the newest to begin first."""
    open: tuple[NoticeReport, ...]
    """Incidents and maintenance that go on, the one with the newest word first."""
    pinned: tuple[NoticeReport, ...]
    retiring: tuple[NoticeReport, ...]
    """Retirements still ahead, the nearest end first."""
    ahead: tuple[Window, ...]
    """Maintenance to come, the nearest first."""
    past: Lazy[Window]
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
    post_mortems: Lazy[NoticeReport]
    """Notices with a post-mortem, the newest to begin first."""
    promises: tuple[candour.Promise, ...]
    """The late ones first, then the open, then the kept; each by due day."""
    withheld: tuple[Withheld, ...]

    @classmethod
    def of(
        cls,
        log: Log | Index,
        settings: Settings,
        now: datetime,
        *,
        fixed: bool = False,
        sums: Sums = unremembered,
    ) -> Report:
        """Decide everything. `now` is aware; what the log claims to have been posted after it is withheld."""
        everything = log if isinstance(log, Index) else Index.of(log, settings.zone)
        index = everything.as_of(now, settings.zone)
        instant = int(now.timestamp())
        entries = {entry.id: entry for entry in reversed(index.entries)}
        live = {entry.id: index.open(entry.id) for entry in index.entries if instant < entry.closed}
        retirements = [
            n for e in index.entries if e.kind == Kind.RETIREMENT and isinstance(n := index.open(e.id), Retirement)
        ]
        declared = _with_ends(settings.components, retirements)
        begun = min((entry.first for entry in index.entries), default=instant)
        first = settings.since or datetime.fromtimestamp(begun, UTC)
        series = {n.id: tuple(windows(n, _horizon(n, now))) for n in live.values() if isinstance(n, Maintenance)}
        neighbours = _neighbours(index.entries)

        def windows_of(notice: Notice) -> Sequence[Window]:
            if notice.id not in series and isinstance(notice, Maintenance):
                series[notice.id] = tuple(windows(notice, _horizon(notice, now)))
            return series.get(notice.id, ())

        def notice(id_: str) -> NoticeReport:
            one = live.get(id_) or index.open(id_)
            return _notice(one, settings, windows_of(one), now, neighbours[id_], live=id_ in live)

        notices = LazyMap(entries, notice)
        some = partial(Lazy, get=notices.__getitem__)
        periods = _periods(now, settings, [component.since or first for component in declared], first)
        pieces = _pieces(index.entries, live, now)
        lines = {c.id: uptime.line_of(c, pieces.get(c.id, {}), first, now, sums) for c in declared}
        touching = _touching(entries.values())
        going_on = tuple(
            sorted(
                (one for id_ in live if (one := notices[id_]).is_open),
                key=lambda one: (one.notice.updates[-1].time, one.notice.began, one.id),
                reverse=True,
            )
        )
        components = {
            component.id: _component(
                component,
                settings,
                now,
                component.since or first,
                lines[component.id],
                periods,
                going_on,
                [entries[id_] for id_ in touching.get(component.id, ())],
                notices,
            )
            for component in declared
        }
        shown = [one for one in components.values() if not one.retired and one.since <= now]
        all_windows = _listed(series, now)
        ruler = Span(now - RULER_BEFORE, now + RULER_AFTER)
        quiet = max((entry.ended for entry in index.entries if entry.ended <= instant), default=0)
        return cls(
            settings=settings,
            now=now,
            fixed=fixed,
            headline=_headline(shown, going_on, datetime.fromtimestamp(quiet, UTC) if quiet else None),
            ruler=ruler,
            trouble=tuple(uptime.worst_of(lines.values()).within(ruler)),
            planned=tuple(w for w in all_windows if now < w.start < ruler.end and w.status(now) == Status.SCHEDULED),
            index=entries,
            neighbours=neighbours,
            notices=notices,
            open=going_on,
            pinned=tuple(
                notices[id_]
                for id_, one in reversed(live.items())
                if isinstance(one, Announcement) and one.pinned_until and now < one.pinned_until
            ),
            retiring=tuple(notices[one.id] for one in sorted(retirements, key=lambda one: one.ends) if one.ends > now),
            ahead=tuple(w for w in all_windows if w.status(now) == Status.SCHEDULED),
            past=_past(entries.values(), all_windows, live, index.open, now),
            groups=tuple(_groups(shown, settings, periods, sums)),
            components=components,
            periods=periods,
            means=_means(components.values(), periods),
            recent=tuple(_recent(entries.values(), notices, list(lines.values()), windows_of, settings, now)),
            months=_months(entries.values(), notices),
            post_mortems=some([entry.id for entry in entries.values() if entry.has_post_mortem]),
            promises=_promises(entries.values(), uptime.day_of(now, settings.zone)),
            withheld=tuple(_withheld(everything, now)),
        )


def _withheld(everything: Index, now: datetime) -> Iterator[Withheld]:
    """What claims to be posted after `now`."""
    for notice in (everything.open(entry.id) for entry in everything.entries if entry.told > now.timestamp()):
        for update in notice.updates:
            if update.time > now:
                yield Withheld(notice=notice, update=update)


def _pieces(
    entries: Iterable[Entry], live: Mapping[str, Notice], now: datetime
) -> Mapping[str, Mapping[int, Sequence[Piece]]]:
    """What everything did to every component, by component and month."""
    found: dict[str, dict[int, list[Piece]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        for component, month, piece in entry.pieces if entry.id not in live else ():
            found[component][month].append(piece)
    for notice in live.values():
        for component, effect in uptime.effects_of(notice, now):
            for month, piece in uptime.pieces(effect):
                found[component][month].append(piece)
    return found


def _touching(newest_first: Iterable[Entry]) -> Mapping[str, Sequence[str]]:
    """The ids of the notices that touch each component, the newest first."""
    found: dict[str, list[str]] = defaultdict(list)
    for entry in newest_first:
        for component in entry.touches:
            found[component].append(entry.id)
    return found


def _with_ends(components: Iterable[Component], retirements: Iterable[Retirement]) -> list[Component]:
    """The declared components, each retired one with the end that its retirement gives it."""
    ends = {component: retirement.ends for retirement in retirements for component in retirement.components}
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
    going_on: Sequence[NoticeReport],
    touching: Sequence[Entry],
    notices: Mapping[str, NoticeReport],
) -> ComponentReport:
    retired = bool(component.until and component.until <= now)
    statuses = [status for notice in going_on for known, status in notice.now if known.id == component.id]
    status = max(statuses, key=SEVERITY.__getitem__, default=ComponentStatus.OPERATIONAL)
    return ComponentReport(
        component=component,
        group=settings.group(component.group) if component.group else None,
        status=status if since <= now and not retired else ComponentStatus.UNKNOWN,
        since=since,
        line=line,
        days=tuple(_days(line, settings, now)),
        tallies={period.key: uptime.tally(line, period.span) for period in periods},
        notices=Lazy([entry.id for entry in touching], notices.__getitem__),
        years=_years(touching, notices),
        retired=retired,
    )


def _days(line: Line, settings: Settings, now: datetime) -> Iterator[Day]:
    today = uptime.day_of(now, settings.zone)
    for back in range(STRIP - 1, -1, -1):
        day = today - timedelta(days=back)
        worst, troubled, notices = uptime.glance(line, uptime.calendar_day(day, settings.zone))
        yield Day(day=day, worst=worst, troubled=troubled, notices=notices)


def _groups(
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


def _notice(
    notice: Notice,
    settings: Settings,
    its_windows: Sequence[Window],
    now: datetime,
    neighbours: tuple[str | None, str | None],
    *,
    live: bool,
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
        hurting = hurting_spans(notice, spans)
        start, ended = notice.started, notice.ended_by(spans)
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
    recurs = isinstance(notice, Maintenance) and notice.recurs  # each of its windows ends, and it does not
    written = (
        candour.working_days(uptime.day_of(ended, settings.zone), uptime.day_of(post_mortem.posted, settings.zone))
        if post_mortem and post_mortem.posted and ended and notice.is_over and not recurs
        else None
    )
    promised = notice.updates[-1].next_by
    return NoticeReport(
        notice=notice,
        state=looks(notice, [status for _, status in present] if is_open else None),
        status=window.status(now) if window else notice.status,
        is_open=is_open,
        live=live,
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
        said_over_after=candour.said_over_after(incident, ended) if incident else None,
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


def _neighbours(entries: Iterable[Entry]) -> Mapping[str, tuple[str | None, str | None]]:
    """For each notice the ids of the one before and after it among those of its first component."""
    lanes: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        lanes[entry.touches[0] if entry.touches else ""].append(entry.id)
    return {
        id_: (before, after)
        for lane in lanes.values()
        for id_, before, after in zip(lane, [None, *lane], [*lane[1:], None], strict=False)
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


def _past(
    newest_first: Iterable[Entry],
    all_windows: Iterable[Window],
    live: Mapping[str, Notice],
    open_: Callable[[str], Notice],
    now: datetime,
) -> Lazy[Window]:
    """What was completed or cancelled, the latest first; windows of a series that was called off are not listed."""
    these = {window.id: window for window in all_windows if window.maintenance.id in live and _is_past(window, now)}
    order = [(int(window.start.timestamp()), id_) for id_, window in these.items()]
    order += [(one.began, one.id) for one in newest_first if one.kind == Kind.MAINTENANCE and one.id not in live]

    def window(id_: str) -> Window:
        notice = None if id_ in these else open_(id_)
        return next(windows(notice, now)) if isinstance(notice, Maintenance) else these[id_]

    return Lazy([id_ for _, id_ in sorted(order, reverse=True)], window)


def _is_past(window: Window, now: datetime) -> bool:
    return not window.cancelled and window.status(now) in (Status.COMPLETED, Status.CANCELLED)


def _recent(
    newest_first: Iterable[Entry],
    notices: Mapping[str, NoticeReport],
    lines: Sequence[Line],
    windows_of: Callable[[Notice], Sequence[Window]],
    settings: Settings,
    now: datetime,
) -> Iterator[RecentDay]:
    today = uptime.day_of(now, settings.zone)
    horizon = uptime.last_days(RECENT, now, settings.zone).start.timestamp()
    some = [notices[entry.id] for entry in newest_first if entry.seen >= horizon or entry.closed > now.timestamp()]
    for back in range(RECENT):
        span = uptime.calendar_day(today - timedelta(days=back), settings.zone)
        events = (_event(notice, windows_of(notice.notice), span, now) for notice in some)
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
        state = looks(notice.notice, that_day if notice.spans else None)
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
    state = looks(window.maintenance, None)
    return Event(notice=notice, state=state, status=status, lasted=cut.length, is_open=is_open and now in day)


def _months(newest_first: Iterable[Entry], notices: Mapping[str, NoticeReport]) -> tuple[Month, ...]:
    by_month: dict[int, list[Entry]] = defaultdict(list)
    for entry in newest_first:
        by_month[entry.month].append(entry)
    return tuple(
        Month(
            year=month // 12,
            month=month % 12 + 1,
            notices=Lazy([entry.id for entry in by_month[month]], notices.__getitem__),
            entries=by_month[month],
            kinds=Counter(entry.kind for entry in by_month[month]),
        )
        for month in sorted(by_month, reverse=True)
    )


def _years(newest_first: Iterable[Entry], notices: Mapping[str, NoticeReport]) -> tuple[Year, ...]:
    by_year: dict[int, list[Entry]] = defaultdict(list)
    for entry in newest_first:
        by_year[entry.month // 12].append(entry)
    return tuple(
        Year(
            year=year,
            notices=Lazy([entry.id for entry in by_year[year]], notices.__getitem__),
            entries=by_year[year],
        )
        for year in sorted(by_year, reverse=True)
    )


def _promises(entries: Iterable[Entry], today: date) -> tuple[candour.Promise, ...]:
    order = {state: at for at, state in enumerate(candour.PromiseState)}
    made = (candour.promise(entry.id, action, today) for entry in entries if entry.actions for action in entry.promised)
    return tuple(sorted(made, key=lambda one: (order[one.state], one.action.due, one.notice, one.action.text)))


def _headline(
    shown: Sequence[ComponentReport],
    going_on: Sequence[NoticeReport],
    quiet_since: datetime | None,
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
        quiet_since=quiet_since,
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
