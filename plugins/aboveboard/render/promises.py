"""The feeds of promises: an entry per promise, and an item for whatever becomes of it.

They change when somebody writes, and on the day on which a promise is found late: that is told, too, and told once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from heapq import nlargest

from markupsafe import escape
from msgspec import Struct

from ..candour import PromiseState
from ..channels import NOTICES, UPDATES, Channel
from ..promised import Event, Happened, Told, promised
from ..urls import Urls
from .heads import HISTORY, UPDATED, head
from .outlet import Basis, File, Outlet
from .plain import plain
from .syndication import Category, Head, Post, atom, atom_entry, json_feed, rss, rss_item
from .telling import sayable


class Promises(Struct, frozen=True, dict=True):
    """Prints the feeds of promises. There are none without a `site_url`, as for every feed."""

    basis: Basis
    channel: Channel

    def history_atom(self) -> bytes:
        """An entry per promise."""
        return atom(self._head("history.atom", HISTORY, self._promises), map(atom_entry, self._promises))

    def history_rss(self) -> bytes:
        """The same in RSS."""
        return rss(self._head("history.rss", HISTORY, self._promises), map(rss_item, self._promises))

    def updates_atom(self) -> bytes:
        """An item for each time that something became of one."""
        return atom(self._head("updates.atom", UPDATED, self._events), map(atom_entry, self._events))

    def updates_rss(self) -> bytes:
        """The same in RSS."""
        return rss(self._head("updates.rss", UPDATED, self._events), map(rss_item, self._events))

    def updates_json(self) -> bytes:
        """The same in JSON."""
        return json_feed(self._head("feed.json", UPDATED, self._events), self._events)

    @cached_property
    def _told(self) -> list[Told]:
        return list(promised(self.basis.report))

    @cached_property
    def _promises(self) -> list[Post]:
        """Those of which there is the newest word, the newest first."""
        newest = nlargest(NOTICES, self._told, key=lambda one: (one.last, one.promise.notice, one.key))
        return [self._promise(told) for told in newest]

    @cached_property
    def _events(self) -> list[Post]:
        """The newest events of all, the newest first."""
        every = [(told, at) for told in self._told for at in range(len(told.events))]
        newest = nlargest(
            UPDATES, every, key=lambda one: (one[0].events[one[1]].time, one[0].promise.notice, one[0].key, one[1])
        )
        return [self._event(told, at) for told, at in newest]

    def _promise(self, told: Told) -> Post:
        said = "".join(f"<li>{self._say(event, told)}</li>" for event in reversed(told.events))
        return Post(
            id=self._id(told),
            title=self._title(told, told.events[-1]),
            link=self._link(told),
            published=told.events[0].time,
            updated=told.last,
            content=self._content(told, f"<ul>{said}</ul>"),
            categories=tuple(self._categories(told, told.promise.state)),
            notice=told.promise.notice,
        )

    def _event(self, told: Told, at: int) -> Post:
        """What became of a promise, as it was then."""
        event = told.events[at]
        state = {Happened.LATE: PromiseState.LATE, Happened.KEPT: told.promise.state}.get(event.what, PromiseState.OPEN)
        return Post(
            id=f"{self._id(told, event.id)}",
            title=self._title(told, event),
            link=self._link(told),
            published=event.time,
            updated=event.time,
            content=self._content(told, f"<p>{self._say(event, told)}</p>"),
            categories=tuple(self._categories(told, state)),
            notice=told.promise.notice,
        )

    def _id(self, told: Told, event: str = "") -> str:
        return self.urls.feed_id(told.promise.notice, "/".join(filter(None, ("promises", told.key, event))))

    def _link(self, told: Told) -> str:
        return f"{self.urls.absolute(self.urls.notice(told.promise.notice))}#post-mortem"

    def _title(self, told: Told, event: Event) -> str:
        text = {"text": " ".join(plain(self._text(told)).split())}
        match event.what:
            case Happened.MADE:
                return self._("Promised: %(text)s") % text
            case Happened.MOVED:
                return self._("Moved: %(text)s") % text
            case Happened.LATE:
                return self._("Late: %(text)s") % text
            case Happened.KEPT if told.promise.state == PromiseState.KEPT_LATE:
                return self._("Kept late: %(text)s") % text
        return self._("Kept: %(text)s") % text

    def _say(self, event: Event, told: Told) -> str:
        """What happened, in a sentence: of an event alone, so that no later one changes it."""
        day = self.basis.clock.day
        match event.what:
            case Happened.MADE if told.dated:
                said = self._("Promised on %(made)s, to be done by %(due)s.")
                return said % {"made": day(self.basis.clock.date(event.time)), "due": day(event.due)}
            case Happened.MADE:
                return self._("Promised, to be done by %(due)s.") % {"due": day(event.due)}
            case Happened.MOVED:
                before = day(event.before) if event.before else ""
                return self._("Its day was %(before)s, and is now %(due)s.") % {"before": before, "due": day(event.due)}
            case Happened.LATE:
                return self._("It was due on %(due)s, and was not done by then.") % {"due": day(event.due)}
        done = told.promise.action.done or event.due
        return self._("Done on %(done)s; it was due on %(due)s.") % {"done": day(done), "due": day(event.due)}

    def _content(self, told: Told, said: str) -> str:
        notice = self.basis.report.index[told.promise.notice]
        title = f'<a href="{escape(self._link(told))}">{escape(sayable(notice.title))}</a>'
        owner = self._("Owner: %(owner)s") % {"owner": escape(sayable(told.promise.action.owner))}
        where = self._("From the post-mortem of: %(title)s") % {"title": title}
        return f"{self._text(told)}{said}<p>{owner}</p><p>{where}</p>"

    def _text(self, told: Told) -> str:
        return sayable(self.basis.bodies.in_feed(told.promise.action.text, told.promise.notice))

    def _categories(self, told: Told, state: PromiseState) -> Iterator[Category]:
        known = self.basis.report.settings
        yield self._category("kind", "promise", self._("Promise"))
        touched = [one for id_ in self.basis.report.index[told.promise.notice].touches if (one := known.component(id_))]
        for component in touched:
            yield self._category("component", component.id, component.name)
        for group in known.groups:
            if any(one.group == group.id for one in touched):
                yield self._category("group", group.id, group.name)
        yield self._category("status", state, self._states[state])

    def _category(self, what: str, term: str, label: str) -> Category:
        authority = self.basis.report.settings.feed_authority
        return Category(what, f"tag:{authority},2026:scheme/{what}", term, sayable(label))

    def _head(self, name: str, what: str, posts: list[Post]) -> Head:
        at = self.urls.channel(self.channel.about, self.channel.id, name)
        updated = max((post.updated for post in posts), default=datetime.fromtimestamp(0, UTC))
        description = (
            self._("An entry for each promise, which is updated when it is moved, found late or kept.")
            if what == HISTORY
            else self._("An entry for each promise that is made, moved to another day, found late or kept, once.")
        )
        return head(self.basis, self.channel, what, at, updated, description)

    @property
    def urls(self) -> Urls:
        return self.basis.urls

    def _(self, text: str) -> str:
        return self.basis.clock.words._(text)

    @cached_property
    def _states(self) -> Mapping[PromiseState, str]:
        return {
            PromiseState.OPEN: self._("Not yet due"),
            PromiseState.LATE: self._("Late"),
            PromiseState.KEPT: self._("Kept"),
            PromiseState.KEPT_LATE: self._("Kept late"),
        }


def _files(basis: Basis) -> Iterator[File]:
    channel = basis.promises
    feeds, inputs = Promises(basis, channel), basis.promised
    makes = {
        "history.atom": feeds.history_atom,
        "history.rss": feeds.history_rss,
        "updates.atom": feeds.updates_atom,
        "updates.rss": feeds.updates_rss,
        "feed.json": feeds.updates_json,
    }
    for name, make in makes.items():
        yield File(basis.urls.channel(channel.about, channel.id, name), inputs, make)


OUTLET = Outlet(name="promises", files=_files, mirrored=True, absolute=True)
