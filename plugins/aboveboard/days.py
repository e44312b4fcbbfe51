"""Notices by the calendar: what each was on a day, and which began in a month."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from . import uptime
from .archive import Choice
from .index import Entry, looks
from .lazy import Lazy
from .model import ComponentStatus, Maintenance, Notice, Status
from .settings import Settings
from .span import Span, total
from .story import NoticeReport
from .uptime import Line
from .window import Window

RECENT = 14
"""How many days the board tells day by day."""


class Event(Struct, frozen=True, kw_only=True):
    """What a notice was on one day."""

    notice: NoticeReport
    state: ComponentStatus | None
    """The worst that it did on that day."""
    status: Status
    """Where it stood; of a recurring maintenance the window of that day."""
    lasted: timedelta | None
    """How long it hurt that day; None where it did not, or has no length."""
    is_open: bool


class RecentDay(Struct, frozen=True, kw_only=True):
    """A day on the board; quiet where there are no events and something is known of it."""

    day: date
    events: tuple[Event, ...]
    known: bool
    """Whether we spoke for any component on that day."""


class Month(Struct, frozen=True, kw_only=True):
    """A month of history, by when notices began."""

    choice: Choice
    """Its page of history."""
    notices: Lazy[NoticeReport]
    """The newest first."""
    entries: Sequence[Entry]
    """The same, as a list shows them."""
    kinds: Mapping[str, int]
    """How many there are of each kind."""


def recent_days(
    newest_first: Iterable[Entry],
    notices: Mapping[str, NoticeReport],
    lines: Sequence[Line],
    windows_of: Callable[[Notice], Sequence[Window]],
    settings: Settings,
    now: datetime,
) -> Iterator[RecentDay]:
    """The last `RECENT` days, today first."""
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


def months(newest_first: Iterable[Entry], notices: Mapping[str, NoticeReport]) -> tuple[Month, ...]:
    """The months in which something began, the newest first."""
    by_month: dict[int, list[Entry]] = defaultdict(list)
    for entry in newest_first:
        by_month[entry.month].append(entry)
    return tuple(
        Month(
            choice=Choice(year=month // 12, month=month % 12 + 1),
            notices=Lazy([entry.id for entry in by_month[month]], notices.__getitem__),
            entries=by_month[month],
            kinds=Counter(entry.kind for entry in by_month[month]),
        )
        for month in sorted(by_month, reverse=True)
    )
