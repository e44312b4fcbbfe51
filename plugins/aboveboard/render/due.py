"""The calendar of promises: each stands on the day by which it is to be done.

They are events of a whole day, and not tasks, which RFC 5545 has a form for: most programs leave out the tasks of a
calendar that one subscribes to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from heapq import nlargest

from msgspec import Struct

from ..candour import PromiseState
from ..channels import Channel
from ..promised import Happened, Told, promised
from ..urls import Page, Urls
from . import ical
from .ical import dated, listed, text, timed
from .outlet import Basis, File, InParts, Outlet, Part
from .plain import plain
from .subscriptions import calendar_of, calendar_title

KEPT = 50
"""How many promises that were kept it holds, besides all that were not: those that were due last."""

_RANK: Mapping[PromiseState, int] = {
    PromiseState.OPEN: 0,
    PromiseState.LATE: 1,
    PromiseState.KEPT: 2,
    PromiseState.KEPT_LATE: 2,
}
"""A promise goes up in this, and never down."""


class Due(Struct, frozen=True):
    """Prints the calendar of promises."""

    basis: Basis
    channel: Channel

    def calendar(self) -> bytes:
        """All that is not kept, and what was kept lately."""
        told = sorted(self._shown(), key=lambda one: (one.promise.action.due, one.promise.notice, one.key))
        title = calendar_title(self.channel, self.basis.report.settings.name, self.basis.clock.words)
        at, page = calendar_of(self.urls, self.channel), self.urls.page(Page.PROMISES)
        changed = max((one.last for one in told), default=None)
        events = self.basis.parts(PARTS, "", map(self._part, told), self._events)
        return ical.calendar(self.basis, title, at, page, changed, events)

    def _part(self, told: Told) -> Part[Told]:
        entry = self.basis.report.index[told.promise.notice]
        inputs = (entry.key, self.basis.hidden(entry), told.key, told.promise.state, told.dated, repr(told.events))
        return inputs, told

    def _shown(self) -> Iterator[Told]:
        every = list(promised(self.basis.report))
        kept = [one for one in every if _RANK[one.promise.state] == _RANK[PromiseState.KEPT]]
        yield from (one for one in every if _RANK[one.promise.state] < _RANK[PromiseState.KEPT])
        yield from nlargest(KEPT, kept, key=lambda one: (one.promise.action.due, one.promise.notice, one.key))

    def _events(self, some: Iterable[Told]) -> Iterator[bytes]:
        return map(ical.event, map(self._event, some))

    def _event(self, told: Told) -> Iterator[str]:
        promise, newest, made = told.promise, told.last, told.events[0].time
        known, action = self.basis.report.settings, promise.action
        yield f"SUMMARY:{text(self._summary(told))}"
        # "The "DTEND" property for a "VEVENT" calendar component specifies the non-inclusive end of the event."  3.6.1
        yield dated("DTSTART", action.due)
        yield dated("DTEND", action.due + timedelta(days=1))
        yield timed("DTSTAMP", newest)
        yield f"UID:{text(f'{promise.notice}/promises/{told.key}@{known.feed_authority}')}"
        # "the 'Organizer' MUST increment the sequence number each time it makes a significant revision".  3.8.7.4
        # A day that is moved is later, and of one day a promise is open, then late, then kept.
        days = max((action.due - self.basis.clock.date(made)).days, 0)
        yield f"SEQUENCE:{3 * days + _RANK[promise.state]}"
        touched = [one.name for id_ in self.basis.report.index[promise.notice].touches if (one := known.component(id_))]
        if touched:
            yield f"CATEGORIES:{listed(touched)}"
        yield timed("CREATED", made)
        yield f"DESCRIPTION:{text(self._description(told))}"
        yield timed("LAST-MODIFIED", newest)
        yield "STATUS:CONFIRMED"  # of an event that is neither tentative nor called off
        yield "TRANSP:TRANSPARENT"  # nobody is busy because we are
        yield f"URL:{self._link(told)}"

    def _summary(self, told: Told) -> str:
        say = self.basis.clock.words._
        words = {"text": " ".join(plain(self._text(told)).split())}
        match told.promise.state:
            case PromiseState.OPEN:
                return say("Due: %(text)s") % words
            case PromiseState.LATE:
                return say("Late: %(text)s") % words
            case PromiseState.KEPT:
                return say("Kept: %(text)s") % words
            case PromiseState.KEPT_LATE:
                return say("Kept late: %(text)s") % words

    def _description(self, told: Told) -> str:
        say, action, day = self.basis.clock.words._, told.promise.action, self.basis.clock.day
        lines = [say("Owner: %(owner)s") % {"owner": action.owner}]
        if told.dated:
            made = {"made": day(self.basis.clock.date(told.events[0].time)), "due": day(told.events[0].due)}
            lines.append(say("Promised on %(made)s, to be done by %(due)s.") % made)
        for event in told.events:
            if event.what == Happened.MOVED and event.before:
                days = {"before": day(event.before), "due": day(event.due)}
                lines.append(say("Its day was %(before)s, and is now %(due)s.") % days)
        if action.done and told.events[-1].what == Happened.KEPT:
            lines.append(say("Done %(day)s") % {"day": day(action.done)})
        title = self.basis.report.index[told.promise.notice].title
        lines += [say("From the post-mortem of: %(title)s") % {"title": title}, self._link(told)]
        return "\n".join(lines)

    def _link(self, told: Told) -> str:
        return f"{self.urls.absolute(self.urls.notice(told.promise.notice))}#post-mortem"

    def _text(self, told: Told) -> str:
        return self.basis.bodies.in_feed(told.promise.action.text, told.promise.notice)

    @property
    def urls(self) -> Urls:
        return self.basis.urls


def _files(basis: Basis) -> Iterator[File]:
    channel = basis.promises
    yield File(calendar_of(basis.urls, channel), basis.promised, Due(basis, channel).calendar)


PARTS = "due"

OUTLET = Outlet(name="due", files=_files, in_parts=InParts(PARTS, lambda _: ("",)), mirrored=True, absolute=True)
