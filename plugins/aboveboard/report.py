"""Everything that any output may say, decided once, for one `now`.

Pages, feeds and whatever else is written from here print what stands in a `Report`; none of them decides anything.
Facts only: words, dates as text and percentages as text are made in `render`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cached_property, partial
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from . import candour, target, uptime
from .archive import Archive
from .days import Month, RecentDay, months, recent_days
from .headline import Headline, headline
from .heard import HeardYear, heard, is_heard
from .index import Entry, Index
from .lazy import Lazy, LazyMap
from .model import (
    Announcement,
    Component,
    ComponentStatus,
    Kind,
    Log,
    Maintenance,
    Notice,
    Record,
    Retirement,
    Rule,
    Status,
    Update,
)
from .reckoning import Reckoning
from .settings import Settings
from .span import Span, epoch
from .standing import YEAR, ComponentReport, Day, GroupReport, days_of, groups_of, means, periods_of, standing
from .story import NoticeReport, neighbours_of, story
from .target import Period
from .uptime import Line, Piece, Remember, Segment, Sums, unremembered
from .window import Window, windows

if TYPE_CHECKING:  # a site that shows nothing of its monitoring pays nothing for it
    from .measured import Measured
    from .probe import Probes

NO_RECORD = Record()
"""Where nobody has kept one, nothing can be proved."""

AHEAD = timedelta(days=60)
"""How far ahead windows of recurring maintenance are listed."""

BEHIND = timedelta(days=90)
"""How far back windows of recurring maintenance are listed one by one."""

RULER_BEFORE, RULER_AFTER = timedelta(hours=18), timedelta(hours=6)
"""What the ruler under the headline shows on either side of now."""


class Withheld(Struct, frozen=True, kw_only=True):
    """An update that claims a time still to come: it is not published yet, and its writer is told."""

    notice: Notice
    update: Update


class Report(Struct, frozen=True, kw_only=True, dict=True):
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
    read: Callable[[str], Notice]
    """By id, what is written in a notice, for whoever needs nothing else of it: it takes a third of the time."""
    open: tuple[NoticeReport, ...]
    """Incidents and maintenance that go on: first what the headline is about, then the one with the newest word."""
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
    calendar: Mapping[str, Period]
    """The last calendar months by their keys, the newest first, and then all years."""
    means: Mapping[str, Mapping[Rule, Fraction | None]]
    """The site: the mean of its components' shares, by period and rule."""
    recent: tuple[RecentDay, ...]
    """The last `RECENT` days, today first."""
    months: tuple[Month, ...]
    """The newest first; only those in which something began."""
    archive: Archive
    """Every notice, as pages of history list them."""
    post_mortems: Lazy[NoticeReport]
    """Notices with a post-mortem, the newest to begin first."""
    heard: Lazy[NoticeReport]
    """Notices that tell what customers told us, or how many did, the newest to begin first."""
    heard_years: tuple[HeardYear, ...]
    """The same added up."""
    promises: tuple[candour.Promise, ...]
    """The late ones first, then the open, then the kept; each by due day."""
    reckoning: Reckoning
    withheld: tuple[Withheld, ...]
    measured: Measured | None = None
    """What monitoring saw, beside all this; None where the site shows nothing of it."""

    @cached_property
    def last_words(self) -> Mapping[str, int]:
        """When the newest word about each component was posted, in seconds since 1970, if there is one."""
        found: dict[str, int] = {}
        for entry in self.index.values():
            for component in entry.touches:
                if entry.last_posted > found.get(component, 0):
                    found[component] = entry.last_posted
        return found

    def mean_of(self, key: str, rule: Rule) -> Fraction | None:
        """The mean of the components' shares of a calendar month or year."""
        return uptime.mean(component.calendar[key].figures[rule] for component in self.components.values())

    def year(self, component: ComponentReport) -> tuple[Day, ...]:
        """The last `YEAR` days of a component, the oldest first."""
        return tuple(days_of(component.line, YEAR, self.now, self.settings.zone))

    @classmethod
    def of(
        cls,
        log: Log | Index,
        settings: Settings,
        now: datetime,
        *,
        fixed: bool = False,
        sums: Sums = unremembered,
        record: Record = NO_RECORD,
        remember: Remember = unremembered,
        probes: Probes | None = None,
    ) -> Report:
        """Decide everything. `now` is aware; what the log claims to have been posted after it is withheld.

        `record` is what can be proved, `probes` what was seen; `sums` and `years` remember months of uptime and years
        of candour.
        """
        everything = log if isinstance(log, Index) else Index.of(log, settings.zone)
        index = everything.as_of(now, settings.zone)
        instant = epoch(now)
        entries = {entry.id: entry for entry in reversed(index.entries)}
        live = {entry.id: index.open(entry.id) for entry in index.entries if instant < entry.closed}
        retirements = [
            n for e in index.entries if e.kind == Kind.RETIREMENT and isinstance(n := index.open(e.id), Retirement)
        ]
        declared = _with_ends(settings.components, retirements)
        begun = min((entry.first for entry in index.entries), default=instant)
        first = settings.since or datetime.fromtimestamp(begun, UTC)
        series = {n.id: tuple(windows(n, horizon(n, now))) for n in live.values() if isinstance(n, Maintenance)}
        neighbours = neighbours_of(index.entries)

        def windows_of(notice: Notice) -> Sequence[Window]:
            if notice.id not in series and isinstance(notice, Maintenance):
                series[notice.id] = tuple(windows(notice, horizon(notice, now)))
            return series.get(notice.id, ())

        def read(id_: str) -> Notice:
            return live.get(id_) or index.open(id_)

        def notice(id_: str) -> NoticeReport:
            one = read(id_)
            return story(
                one, settings, windows_of(one), now, neighbours[id_], live=id_ in live, proof=record.evidence.get(id_)
            )

        notices = LazyMap(entries, notice)
        some = partial(Lazy, get=notices.__getitem__)
        periods = periods_of(now, settings, [component.since or first for component in declared], first)
        start = periods[-1].span.start
        told = (*target.months(now, settings, start), *target.years(now, settings, start))
        calendar = {period.key: period for period in told}
        pieces = _pieces(index.entries, live, now)
        lines = {c.id: uptime.line_of(c, pieces.get(c.id, {}), first, now, sums) for c in declared}
        touching = _touching(entries.values())
        going_on = newest_word_first(one for id_ in live if (one := notices[id_]).is_open)
        components = {
            component.id: standing(
                component,
                settings,
                now,
                component.since or first,
                lines[component.id],
                periods,
                calendar,
                going_on,
                [entries[id_] for id_ in touching.get(component.id, ())],
                notices,
            )
            for component in declared
        }
        shown = [one for one in components.values() if not one.retired and one.since <= now]
        present = [(one.component, one.status) for one in shown]
        all_windows = listed(series, now)
        ruler = ruler_at(now)
        promises = _promises(entries.values(), uptime.day_of(now, settings.zone))
        quiet = max((entry.ended for entry in index.entries if entry.ended <= instant), default=0)
        answer = headline(present, going_on, datetime.fromtimestamp(quiet, UTC) if quiet else None)
        return cls(
            settings=settings,
            now=now,
            fixed=fixed,
            headline=answer,
            ruler=ruler,
            trouble=troubled(uptime.worst_of(lines.values()), going_on, ruler),
            planned=tuple(w for w in scheduled(all_windows, now) if now < w.start < ruler.end),
            index=entries,
            neighbours=neighbours,
            notices=notices,
            read=read,
            open=answer_first(going_on, answer),
            pinned=tuple(
                notices[id_]
                for id_, one in reversed(live.items())
                if isinstance(one, Announcement) and one.pinned_until and now < one.pinned_until
            ),
            retiring=tuple(notices[one.id] for one in sorted(retirements, key=lambda one: one.ends) if one.ends > now),
            ahead=tuple(scheduled(all_windows, now)),
            past=_past(entries.values(), all_windows, live, index.open, now),
            groups=tuple(groups_of(shown, settings, periods, sums)),
            components=components,
            periods=periods,
            calendar=calendar,
            means=means(components.values(), periods),
            recent=tuple(recent_days(entries.values(), notices, list(lines.values()), windows_of, settings, now)),
            months=months(entries.values(), notices),
            archive=Archive(
                entries.values(), tuple(settings.causes), tuple(one.id for one in declared), remember=remember
            ),
            post_mortems=some([entry.id for entry in entries.values() if entry.has_post_mortem]),
            heard=some([entry.id for entry in entries.values() if is_heard(entry)]),
            heard_years=heard(index.entries),
            promises=promises,
            reckoning=Reckoning(
                entries=index.entries,
                promises=promises,
                record=record,
                settings=settings,
                now=now,
                remember=remember,
            ),
            withheld=tuple(_withheld(everything, now)),
            measured=_measured(probes, declared, lines, (*periods, *told), index.entries, now) if probes else None,
        )


def _withheld(everything: Index, now: datetime) -> Iterator[Withheld]:
    """What claims to be posted after `now`."""
    for notice in (everything.open(entry.id) for entry in everything.entries if entry.told > now.timestamp()):
        for update in notice.updates:
            if update.time > now:
                yield Withheld(notice=notice, update=update)


def _measured(
    probes: Probes,
    declared: Iterable[Component],
    lines: Mapping[str, uptime.Line],
    periods: Iterable[Period],
    entries: Iterable[Entry],
    now: datetime,
) -> Measured:
    """What monitoring saw beside what notices say."""
    from .measured import measured

    work = frozenset(entry.id for entry in entries if entry.kind == Kind.MAINTENANCE)
    by_key = {period.key: period for period in periods}
    return measured(probes, [(one, lines[one.id]) for one in declared], by_key, work, now)


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


def newest_word_first(some: Iterable[NoticeReport]) -> tuple[NoticeReport, ...]:
    """Notices by when the newest word about each was posted."""
    order = sorted(some, key=lambda one: (one.notice.updates[-1].time, one.notice.began, one.id), reverse=True)
    return tuple(order)


def answer_first(going_on: Iterable[NoticeReport], answer: Headline) -> tuple[NoticeReport, ...]:
    """What the headline is about first, the others as they were."""
    return tuple(sorted(going_on, key=lambda one: one is not answer.lead))


def troubled(worst: Line, going_on: Iterable[NoticeReport], ruler: Span) -> tuple[Segment, ...]:
    """What is not simply operational on the ruler: of all components the worst, and what goes on and names none."""
    found = list(worst.within(ruler))
    for one in going_on:
        parts = (part for span in one.hurt if not one.notice.touches and (part := span.clip(ruler)))
        state = one.state or ComponentStatus.UNKNOWN
        found += (Segment(span=part, status=state, unexcused=False, notices=(one.id,)) for part in parts)
    return tuple(sorted(found, key=lambda one: (one.span.start, one.span.end)))


def ruler_at(now: datetime) -> Span:
    """What the ruler under the headline shows."""
    return Span(now - RULER_BEFORE, now + RULER_AFTER)


def horizon(maintenance: Maintenance, now: datetime) -> datetime:
    """Until when its windows are looked at: the first one always is."""
    return max(now + AHEAD, maintenance.scheduled_for + timedelta(seconds=1))


def listed(series: Mapping[str, Sequence[Window]], now: datetime) -> list[Window]:
    """Every window that pages list one by one, in order of time."""
    found = [
        window
        for its_windows in series.values()
        for window in its_windows
        if not window.maintenance.recurs or window.end > now - BEHIND or window.updates
    ]
    return sorted(found, key=lambda window: (window.start, window.id))


def scheduled(some: Iterable[Window], now: datetime) -> Iterator[Window]:
    """Those that are still to come."""
    return (window for window in some if window.status(now) == Status.SCHEDULED)


def _past(
    newest_first: Iterable[Entry],
    all_windows: Iterable[Window],
    live: Mapping[str, Notice],
    open_: Callable[[str], Notice],
    now: datetime,
) -> Lazy[Window]:
    """What was completed or cancelled, the latest first; windows of a series that was called off are not listed."""
    these = {window.id: window for window in all_windows if window.maintenance.id in live and _is_past(window, now)}
    order = [(epoch(window.start), id_) for id_, window in these.items()]
    order += [(one.began, one.id) for one in newest_first if one.kind == Kind.MAINTENANCE and one.id not in live]

    def window(id_: str) -> Window:
        notice = None if id_ in these else open_(id_)
        return next(windows(notice, now)) if isinstance(notice, Maintenance) else these[id_]

    return Lazy([id_ for _, id_ in sorted(order, reverse=True)], window)


def _is_past(window: Window, now: datetime) -> bool:
    return not window.cancelled and window.status(now) in (Status.COMPLETED, Status.CANCELLED)


def _promises(entries: Iterable[Entry], today: date) -> tuple[candour.Promise, ...]:
    order = {state: at for at, state in enumerate(candour.PromiseState)}
    made = (candour.promise(entry.id, action, today) for entry in entries if entry.actions for action in entry.promised)
    return tuple(sorted(made, key=lambda one: (order[one.state], one.action.due, one.notice, one.action.text)))
