"""What will hold in the next hours if nobody writes anything: pages take it along, and a script picks what is true.

A maintenance begins, its announced end passes, a promised word is late: all that is known already. It is decided as
everything is, by asking what the report asks, for an instant that is still to come.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from . import uptime
from .headline import headline
from .lazy import LazyMap
from .model import SEVERITY, Announcement, Incident, Maintenance, Notice, Retirement
from .report import Report, answer_first, horizon, listed, newest_word_first, ruler_at, scheduled, troubled
from .span import Span, epoch
from .standing import ComponentReport, GroupReport, groups_of, is_retired, status_of
from .story import NoticeReport, story
from .uptime import Effect, Line, Piece, unremembered
from .window import Window, windows

HOURS = timedelta(hours=48)
"""How far ahead it is told. A site that nobody builds for longer is too old to be believed."""

MOST = 24
"""How many instants are told of, the nearest."""

Series = Mapping[str, Sequence[Window]]
"""The windows of maintenance, by the id of its notice."""

_SECOND = timedelta(seconds=1)


def coming(report: Report) -> Iterator[Report]:
    """The report at each instant ahead at which something changes by itself.

    It says how everything stands. Figures, strips and lists of days are those of the report itself, and told as of it.
    Recurring maintenance is listed as far ahead as from that instant, until the next.
    """
    now = epoch(report.now)
    live = [report.notices[entry.id] for entry in report.index.values() if now < entry.closed]
    series = _series(live, report.now + HOURS)
    turns = [turn for one in live for turn in _turns(one.notice, series.get(one.id, ()))]
    lives = [end for one in report.components.values() for end in (one.since, one.component.until) if end]
    for instant in _instants(report, [*turns, *lives]):
        yield _at(instant, report, live, series)


def coming_of(report: Report, notice: str) -> Iterator[Report]:
    """The report at each instant ahead at which something about one notice changes by itself: of that notice only."""
    one = report.notices[notice]
    series = _series([one], report.now + HOURS) if one.live else {}
    turns = _turns(one.notice, series.get(notice, ()))
    for instant in _instants(report, turns, days=_tells_today(one.notice, report)) if one.live else ():
        yield replace(report, now=instant, notices=_notices(report, [one], series, instant))


def _series(live: Iterable[NoticeReport], until: datetime) -> Series:
    work = [one.notice for one in live if isinstance(one.notice, Maintenance)]
    return {one.id: tuple(windows(one, horizon(one, until))) for one in work}


def _tells_today(notice: Notice, report: Report) -> bool:
    """Whether a time of today stands in it, which goes without its date only today."""
    zone = report.settings.zone
    times = [notice.began, *(time for update in notice.updates for time in (update.time, update.next_by) if time)]
    return any(uptime.day_of(time, zone) == uptime.day_of(report.now, zone) for time in times)


def _instants(report: Report, turns: Iterable[datetime], *, days: bool = True) -> list[datetime]:
    """From when on something else holds, in order. With a new day, times of the old one are written with their date."""
    if report.fixed:
        return []
    today, zone = uptime.day_of(report.now, report.settings.zone), report.settings.zone
    midnights = (uptime.midnight(today + timedelta(days=n), zone) for n in (1, 2) if days)
    found = {*turns, *midnights}
    return sorted(instant for instant in found if report.now < instant <= report.now + HOURS)[:MOST]


def _turns(notice: Notice, its_windows: Iterable[Window]) -> Iterator[datetime]:
    """When what is to be said of a notice changes by itself."""
    if promised := notice.updates[-1].next_by:
        yield promised + _SECOND
    for window in its_windows:
        yield window.began
        yield window.end + _SECOND
        if window.finished:
            yield window.finished
    match notice:
        case Announcement(pinned_until=datetime() as end) | Retirement(ends=end):
            yield end
        case Incident():
            if over := notice.ended_by(tuple(notice.component_spans())):
                yield over


def _at(at: datetime, report: Report, live: Sequence[NoticeReport], series: Series) -> Report:
    """The report as it will stand at that instant."""
    notices = _notices(report, live, series, at)
    goes_on = [one.id for one in live if not _is_closed(report, one.id, at)]
    open_ = newest_word_first(
        one for was in live if was.is_open or was.id in series if was.id in goes_on and (one := notices[was.id]).is_open
    )
    components = {id_: _component(one, open_, at) for id_, one in report.components.items()}
    shown = [one for one in components.values() if not one.retired and one.since <= at]
    near = {id_: _near(some, at) for id_, some in series.items() if id_ in goes_on}
    all_windows, ruler = listed(near, at), ruler_at(at)
    answer = headline([(one.component, one.status) for one in shown], open_, _quiet_since(report, live, at))
    return replace(
        report,
        now=at,
        headline=answer,
        ruler=ruler,
        trouble=troubled(_worst(report, live, ruler, at), open_, ruler),
        planned=tuple(window for window in scheduled(all_windows, at) if at < window.start < ruler.end),
        notices=notices,
        open=answer_first(open_, answer),
        pinned=tuple(notices[one.id] for one in report.pinned if one.id in goes_on),
        retiring=tuple(notices[one.id] for one in report.retiring if one.id in goes_on),
        ahead=tuple(scheduled(all_windows, at)),
        groups=tuple(_groups(report, shown)),
        components=components,
    )


def _is_closed(report: Report, notice: str, at: datetime) -> bool:
    return report.index[notice].closed <= at.timestamp()


def _notices(report: Report, live: Iterable[NoticeReport], series: Series, at: datetime) -> Mapping[str, NoticeReport]:
    """Every notice, the live ones as they will be."""
    living = {one.id: one.notice for one in live}

    def notice(id_: str) -> NoticeReport:
        if id_ not in living:
            return report.notices[id_]
        its_windows, is_live = _near(series.get(id_, ()), at), not _is_closed(report, id_, at)
        return story(living[id_], report.settings, its_windows, at, report.neighbours[id_], live=is_live)

    return LazyMap(report.index, notice)


def _near(its_windows: Sequence[Window], at: datetime) -> Sequence[Window]:
    """Those at which a report of that instant looks."""
    return [window for window in its_windows if window.start < horizon(window.maintenance, at)]


def _component(was: ComponentReport, going_on: Sequence[NoticeReport], at: datetime) -> ComponentReport:
    """The component as it will stand; the very same value where it stands as it does."""
    status, retired = status_of(was.component, was.since, going_on, at), is_retired(was.component, at)
    same = status == was.status and retired == was.retired
    return was if same else replace(was, status=status, retired=retired)


def _groups(report: Report, shown: Sequence[ComponentReport]) -> Iterator[GroupReport]:
    """The groups as they will stand; the very same value for one that stands as it does."""
    before = {group.group: group for group in report.groups}
    for of in (None, *report.settings.groups):
        inside = tuple(one for one in shown if one.group == of)
        was = before.get(of)
        if not inside:
            continue
        if was and len(was.components) == len(inside) and all(map(_is, was.components, inside)):
            yield was
            continue
        if was:
            status = max((one.status for one in inside), key=SEVERITY.__getitem__)
            yield replace(was, components=inside, status=status)
        else:
            yield from groups_of(inside, report.settings, report.periods, unremembered)


def _is(one: object, other: object) -> bool:
    return one is other


def _quiet_since(report: Report, live: Iterable[NoticeReport], at: datetime) -> datetime | None:
    """When the last incident will have ended."""
    ends = [report.index[one.id].ended for one in live]
    ended = [datetime.fromtimestamp(end, UTC) for end in ends if 0 < end <= at.timestamp()]
    return max([*ended, *([report.headline.quiet_since] if report.headline.quiet_since else [])], default=None)


def _worst(report: Report, live: Sequence[NoticeReport], ruler: Span, at: datetime) -> Line:
    """The worst of all components on the ruler: of what is over, and of what goes on as long as it will have."""
    found: dict[str, list[Effect]] = defaultdict(list)
    for one in live:
        for component, effect in uptime.effects_of(one.notice, at):
            found[component].append(effect)
    living = {one.id for one in live}
    lines = []
    for id_, shown in report.components.items():
        of = uptime.line(shown.component, found[id_], shown.since, at)
        over = {month: [piece for piece in some if piece[-1] not in living] for month, some in _last(shown, ruler)}
        lines.append(
            Line(of.known, {month: [*over.get(month, ()), *of.months.get(month, ())] for month in {*over, *of.months}})
        )
    return uptime.worst_of(lines)


def _last(shown: ComponentReport, ruler: Span) -> Iterator[tuple[int, Sequence[Piece]]]:
    """What a component's line holds of the months of the ruler."""
    first, last = (uptime.month_of(epoch(instant)) for instant in (ruler.start, ruler.end))
    return ((month, shown.line.months[month]) for month in range(first, last + 1) if month in shown.line.months)
