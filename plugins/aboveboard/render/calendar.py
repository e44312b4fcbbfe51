"""The calendar of planned work, for everything and for each component and group. It knows no clock: the same notices
make the same bytes, and what work did to its plan stands in it once somebody has posted so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, partial
from itertools import islice
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct

from ..channels import About, Channel
from ..index import NEVER, Entry
from ..model import ACCOUNT, Edit, Kind, Maintenance, Status
from ..urls import Page, Urls
from ..window import Window, windows
from . import ical
from .ical import listed, text, timed
from .outlet import Basis, File, InParts, Outlet, Part, Said
from .plain import plain
from .subscriptions import CALENDAR, calendar_of, calendar_title
from .telling import Teller

PAST = 20
"""How many maintenances that are over a calendar holds, besides all that are not."""

FAR = datetime(9999, 1, 1, tzinfo=UTC)
LAST = date(2040, 1, 1)
"""Until when the clock changes of a zone are told. Whoever reads this later is told them by a later version."""

_UNTIL = re.compile(r"UNTIL=(\d{8})(T\d{6})?Z?")


class Printed(NamedTuple):
    """What a calendar is told of a notice."""

    changed: datetime
    zone: str
    """In which it recurs; blank for what does not."""
    first: date
    """From when on the clock changes of that zone are told."""
    events: bytes


class Calendars(Struct, frozen=True, dict=True):
    """Prints calendars. There are none without a `site_url`, as links in them are absolute."""

    basis: Basis
    made: dict[str, Printed] = {}
    """What was made of notices lately, by their ids: one stands in several calendars."""

    def calendar(self, channel: Channel, some: Sequence[Entry]) -> bytes:
        """The calendar of a channel, with these in it."""
        work = self.basis.parts(PARTS, channel.id, map(self._part, some), lambda ids: map(self._printed, ids))
        zones: dict[str, date] = {}
        for one in work:
            if one.zone:
                zones[one.zone] = min(one.first, zones.get(one.zone, one.first))
        # "An individual 'VTIMEZONE' calendar component MUST be specified for each unique 'TZID' parameter value
        # specified in the iCalendar object."  RFC 5545, 3.6.5
        clocks = [_clock_changes(zone, first) for zone, first in zones.items() if zone != "UTC"]
        title = calendar_title(channel, self.basis.report.settings.name, self.basis.clock.words)
        at, page = calendar_of(self.urls, channel), self.urls.page(Page.MAINTENANCE)
        changed = max((one.changed for one in work), default=None)
        return ical.calendar(self.basis, title, at, page, changed, [*clocks, *(one.events for one in work)])

    def _part(self, entry: Entry) -> Part[str]:
        return (entry.key, *self.basis.proved([entry.id]), self.basis.hidden(entry)), entry.id

    def _printed(self, id_: str) -> Printed:
        if id_ not in self.made:
            notice = self.basis.report.read(id_)
            if not isinstance(notice, Maintenance):
                raise TypeError(f"{id_} is no maintenance")
            first = notice.scheduled_for.date() - timedelta(days=1)
            events = b"".join(map(ical.event, self._events(notice)))
            self.made[id_] = Printed(self._changed(notice), notice.zone if notice.recurs else "", first, events)
        return self.made[id_]

    def _events(self, notice: Maintenance) -> Iterator[Iterator[str]]:
        if notice.recurs:
            yield from self._series(notice)
        else:
            window = next(windows(notice, FAR))
            yield self._event(notice, window, *_times(window))

    def _series(self, notice: Maintenance) -> Iterator[Iterator[str]]:
        """The rule, and a word of its own for each window that something was posted about."""
        zone = ZoneInfo(notice.zone)
        first = next(windows(notice, FAR))
        off = next((u.time for u in notice.updates if not u.occurrence and u.status == Status.CANCELLED), None)
        yield self._event(notice, first, first.start, first.end, rule=_rule(notice, zone, off))
        spoken = {update.occurrence for update in notice.updates if update.occurrence}
        last = max(spoken, default=first.start)
        for window in windows(notice, last + timedelta(seconds=1)):
            if window.start in spoken:
                yield self._event(notice, window, *_times(window), instead=True)

    def _event(
        self,
        notice: Maintenance,
        window: Window,
        start: datetime,
        end: datetime,
        *,
        rule: str = "",
        instead: bool = False,
    ) -> Iterator[str]:
        """One window, which of a series stands `instead` of what its rule says; or the whole series by its first."""
        whole, zone = bool(rule), ZoneInfo(notice.zone)
        heard = [update for update in notice.updates if not update.occurrence] if whole else window.updates
        newest = max((update.time for update in heard), default=notice.posted)
        edits = self._edits(notice.id)
        changed = max([newest, *(edit.time for edit in edits)])
        off = window.cancelled or (not whole and window.status(FAR) == Status.CANCELLED)
        yield f"SUMMARY:{text(notice.title)}"
        yield timed("DTSTART", start, zone if whole else None)
        if end > start and whole and any(one.astimezone(zone).fold for one in (start, end)):
            # "If the local time described occurs more than once (when changing from daylight to standard time), the
            # DATE-TIME value refers to the first occurrence".  RFC 5545, 3.3.5: this end might be before the start.
            yield f"DURATION:{_length(end - start)}"
        elif end > start:
            yield timed("DTEND", end, zone if whole else None)
        yield timed("DTSTAMP", changed)
        # "The persistent, globally unique identifier": a series and its windows have one.  RFC 5545, 3.8.4.7
        yield f"UID:{text(f'{notice.id}@{self.basis.report.settings.feed_authority}')}"
        if instead:
            yield timed("RECURRENCE-ID", window.start, zone)
        # "the 'Organizer' MUST increment the sequence number each time it makes a significant revision".  3.8.7.4
        # Every word about it or the series is one, and so is every change of what was published before, as a window
        # that is moved without a word. A word that is taken away counts on, and its going counts too.
        about = (None,) if whole else (None, window.start)
        words = sum(update.occurrence in about for update in notice.updates)
        yield f"SEQUENCE:{words - 1 + sum(1 if edit.after else 2 for edit in edits)}"
        if rule:
            yield f"RRULE:{rule}"
        names = [self._teller.names[id_] for id_ in notice.touches if id_ in self._teller.names]
        if names:
            yield f"CATEGORIES:{listed(names)}"
        yield timed("CREATED", notice.posted)
        yield f"DESCRIPTION:{text(self._description(notice, window, whole))}"
        yield timed("LAST-MODIFIED", changed)
        yield f"STATUS:{'CANCELLED' if off else 'CONFIRMED'}"
        yield "TRANSP:TRANSPARENT"  # nobody is busy because we are
        yield f"URL:{self.urls.absolute(self.urls.notice(notice.id))}"

    def _description(self, notice: Maintenance, window: Window, whole: bool) -> str:
        """What was posted about it in plain text, the newest word first."""
        told = self._teller.told(notice)
        words = [
            f"{self.basis.clock.words.status[update.status]} · {self.basis.clock.full(update.time)}\n{plain(body)}"
            for update, body in zip(notice.updates, told.bodies, strict=True)
            if update in window.updates or (update.occurrence is None and (whole or not notice.recurs))
        ]
        return "\n\n".join([*reversed(words), self.urls.absolute(self.urls.notice(notice.id))])

    def _changed(self, notice: Maintenance) -> datetime:
        """When anything about it was last said, or said otherwise."""
        return max([notice.last_posted, *(edit.time for edit in self._edits(notice.id))])

    def _edits(self, notice: str) -> Sequence[Edit]:
        """What git knows to have been changed of what an event tells. Without git there is nothing to count."""
        proof = self.basis.report.reckoning.record.evidence.get(notice)
        return [edit for edit in proof.edits if edit.part != ACCOUNT] if proof else []

    @property
    def urls(self) -> Urls:
        return self.basis.urls

    @cached_property
    def _teller(self) -> Teller:
        return Teller(self.basis.report, self.urls, self.basis.to_html, self.basis.language)


def _times(window: Window) -> tuple[datetime, datetime]:
    """From when to when it was, as far as that was posted; else as it is planned."""
    if window.cancelled or window.status(FAR) == Status.CANCELLED:
        return window.start, window.end
    over = window.finished if window.closed or window.maintenance.stated_end else None
    return window.began, over or max(window.end, window.began)


def _clock_changes(zone: str, first: date) -> bytes:
    """When the clocks of a zone change, from that day on."""
    from icalendar import Timezone

    told: bytes = Timezone.from_tzid(zone, first_date=first, last_date=LAST).to_ical()
    return told


def _rule(notice: Maintenance, zone: ZoneInfo, off: datetime | None) -> str:
    """The recurrence rule as calendars take it. One that was called off ends before that.

    "If the DTSTART property is specified as a date with local time and time zone reference, then the UNTIL rule part
    MUST be specified as a date with UTC time."  RFC 5545, 3.3.10. Ours may also be local, as people write it.
    """
    from icalendar import vRecur

    rule = vRecur.from_ical(_UNTIL.sub(partial(_in_utc, zone=zone), notice.recurs))
    if off and off > notice.scheduled_for:
        rule.pop("COUNT", None)
        until = rule.get("UNTIL", [FAR])[0]
        rule["UNTIL"] = [min(until, (off - timedelta(seconds=1)).astimezone(UTC))]
    written: bytes = rule.to_ical()
    return written.decode()


def _length(of: timedelta) -> str:
    """`PT1H30M`."""
    from icalendar import vDuration

    written: bytes = vDuration(of).to_ical()  # type: ignore[no-untyped-call]
    return written.decode()


def _in_utc(found: re.Match[str], zone: ZoneInfo) -> str:
    if found[0].endswith("Z"):
        return found[0]
    local = datetime.strptime(f"{found[1]}{found[2] or 'T000000'}", "%Y%m%dT%H%M%S").replace(tzinfo=zone)
    return f"UNTIL={local.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _files(basis: Basis) -> Iterator[File]:
    calendars, index = Calendars(basis), basis.report.index
    work = {id_ for id_, entry in index.items() if entry.kind == Kind.MAINTENANCE}
    for channel in basis.channels:
        if channel.about != About.KINDS:
            ids = dict.fromkeys(id_ for some in channel.lists for id_ in some if id_ in work)
            shown = [index[id_] for id_ in ids if index[id_].closed == NEVER]
            shown += islice((index[id_] for id_ in ids if index[id_].closed != NEVER), PAST)
            hidden = [to for entry in shown for to in basis.hidden(entry)]
            inputs = basis.rows(entry.id for entry in shown), basis.proved(entry.id for entry in shown), hidden
            yield File(calendar_of(basis.urls, channel), inputs, partial(calendars.calendar, channel, shown))


def _said(made: Mapping[str, bytes], basis: Basis) -> Said:
    """Which work goes on now: that is between its start and its end, and was not called off.

    Of a series it is the rule that says so, and of what nobody has said is over although its end is past nobody.
    """
    from icalendar import Calendar

    now = basis.report.now
    known: dict[str, bool] = {}
    events: list[Any] = Calendar.from_ical(made[basis.urls.channel("", "", CALENDAR)]).walk("VEVENT")
    for event in events:
        start = event["dtstart"].dt
        end = event["dtend"].dt if "dtend" in event else start
        off = event["status"] == "CANCELLED"
        if "rrule" not in event and "recurrence-id" not in event and (off or now < end):
            known[str(event["uid"]).partition("@")[0]] = not off and start <= now
    return Said(open=frozenset(id_ for id_, on in known.items() if on), of=frozenset(known))


def _wholes(basis: Basis) -> Sequence[str]:
    known = basis.report.settings
    return ["", *(one.id for one in known.components), *(one.id for one in known.groups)]


PARTS = "work"

OUTLET = Outlet(
    name="calendar", files=_files, in_parts=InParts(PARTS, _wholes), mirrored=True, absolute=True, said=_said
)
