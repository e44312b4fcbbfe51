"""The feeds of every channel: an entry per notice, an item per update, and archives of the notices. A clock that moves
on changes no byte of them.

What of a notice takes time to make is made once, with the pages of its month, and remembered: it stands in many feeds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, cached_property, lru_cache, partial
from itertools import pairwise
from typing import NamedTuple, TypeVar

from msgspec import Struct

from ..archive import Choice
from ..channels import UPDATES, Channel, Part, archives, newest, subscribed
from ..days import Month
from ..index import Entry
from ..model import Impact, Incident, Kind, Notice, Status, Update
from ..urls import Urls
from .heads import HISTORY, UPDATED, head
from .outlet import Basis, File, InParts, Outlet, Said, Shelf
from .syndication import (
    Category,
    Head,
    Post,
    atom,
    atom_entry,
    json_feed,
    posts,
    rss,
    rss_item,
)
from .telling import Teller, Told, sayable
from .words import Words

T = TypeVar("T")

NAMES = ("history.atom", "history.rss", "updates.atom", "updates.rss", "feed.json")
"""The feeds of a channel."""


class Item(NamedTuple):
    """One word in a feed of updates: an update, or the post-mortem."""

    notice: Notice
    at: int
    """Which of its updates; past the last one is the post-mortem."""
    time: datetime

    @property
    def update(self) -> Update | None:
        return self.notice.updates[self.at] if self.at < len(self.notice.updates) else None


class Feeds(Struct, frozen=True, dict=True):
    """Prints feeds. There are none without a `site_url`: every link in them is absolute."""

    basis: Basis
    read: dict[bytes, tuple[Notice, Told]] = {}
    """What was read lately, by the keys of notices: one stands in several feeds."""
    printed: dict[bytes, bytes] = {}
    """Likewise the entries in Atom: an archive of everything holds what the others hold."""
    listed: dict[tuple[str, str], list[Item]] = {}
    """By channel, the newest words: the same in three forms."""

    def history_atom(self, channel: Channel, some: Sequence[Entry], before: Part | None) -> bytes:
        """An entry per notice."""
        return atom(self._history(channel, "history.atom", some, before), map(self._atom_entry, some))

    def history_rss(self, channel: Channel, some: Sequence[Entry], before: Part | None) -> bytes:
        """The same in RSS. Its archives are Atom's, in which everything has the same id."""
        items = (rss_item(self._notice(entry)) for entry in some)
        return rss(self._history(channel, "history.rss", some, before), items)

    def archive(self, channel: Channel, part: Part, before: Part | None) -> bytes:
        """A part of the history, the newest first, and the way to the one before it.

        None leads to the one after it, which would have to be written into a document that is finished.
        """
        links = (("current", self.urls.absolute(self.urls.channel(channel.about, channel.id, "history.atom"))),)
        at = _archive(self.urls, channel, part)
        head = self._head(channel, HISTORY, at, _newest(part.entries), links + self._previous(channel, before), True)
        return atom(head, map(self._atom_entry, reversed(part.entries)))

    def updates_atom(self, channel: Channel, some: Sequence[Entry]) -> bytes:
        """An entry per update."""
        items = self._items(channel, some)
        return atom(self._updates(channel, "updates.atom", items), (atom_entry(self._update(item)) for item in items))

    def updates_rss(self, channel: Channel, some: Sequence[Entry]) -> bytes:
        """The same in RSS."""
        items = self._items(channel, some)
        return rss(self._updates(channel, "updates.rss", items), (rss_item(self._update(item)) for item in items))

    def updates_json(self, channel: Channel, some: Sequence[Entry]) -> bytes:
        """The same in JSON."""
        items = self._items(channel, some)
        return json_feed(self._updates(channel, "feed.json", items), map(self._update, items))

    @cached_property
    def urls(self) -> Urls:
        return self.basis.urls

    @cached_property
    def _words(self) -> Words:
        return Words(self.basis.language)

    @cached_property
    def _teller(self) -> Teller:
        return Teller(self.basis.report, self.urls, self.basis.to_html, self.basis.language)

    def of_month(self, month: Month) -> Mapping[bytes, bytes]:
        """The notices of a month in Atom, by their keys, as they are remembered."""
        return self._of_month(month.choice)

    @cached_property
    def _of_month(self) -> Callable[[Choice], Mapping[bytes, bytes]]:
        """It has the last at hand."""
        months = {month.choice: month for month in self.basis.report.months}

        @lru_cache(_MONTHS)
        def of_month(choice: Choice) -> Mapping[bytes, bytes]:
            entries = months[choice].entries
            # An entry is made of a notice's words, and of whether those that it mentions are published.
            parts = (((entry.key, self.basis.hidden(entry)), entry) for entry in entries)
            made = self.basis.parts(_KIND, tuple(choice), parts, self._made)
            return {entry.key: one for entry, one in zip(entries, made, strict=True)}

        return of_month

    def _made(self, some: Iterable[Entry]) -> Iterable[bytes]:
        notices = [self.basis.report.read(entry.id) for entry in some]
        told = [*map(self._teller.told, notices)]
        return map(atom_entry, [*map(self._post, notices, told)])

    def _atom_entry(self, entry: Entry) -> bytes:
        """A notice in Atom, which was printed with the pages of its month."""
        if entry.key not in self.printed:
            for key, made in self._of_month(Choice(year=entry.month // 12, month=entry.month % 12 + 1)).items():
                _make_room(self.printed, _AT_HAND)
                self.printed[key] = made
        return self.printed[entry.key]

    def _notice(self, entry: Entry) -> Post:
        return self._post(*self._read(entry))

    def _post(self, notice: Notice, told: Told) -> Post:
        return Post(
            # "When an Atom Document is relocated, migrated, syndicated, republished, exported, or imported, the content
            # of its atom:id element MUST NOT change."  RFC 4287, 4.2.6
            id=self.urls.feed_id(notice.id),
            title=sayable(notice.title),
            link=self.urls.absolute(self.urls.notice(notice.id)),
            published=notice.posted,
            updated=notice.last_posted,
            content=self._teller.story(notice, told),
            categories=self._categories(notice, notice.status),
            notice=notice.id,
        )

    def _update(self, item: Item) -> Post:
        """A word as it was when it was posted: no later one changes anything of it.

        What is corrected in it is no news either: an entry that says it was updated would be shown again.
        """
        notice, update = item.notice, item.update
        _, told = self._read(self.basis.report.index[notice.id])
        then = notice.as_of(item.time) or notice
        page, title = self.urls.absolute(self.urls.notice(notice.id)), sayable(notice.title)
        return Post(
            id=self.urls.feed_id(notice.id, update.id if update else "post-mortem"),
            title=f"{word}: {title}" if (word := self._word(item)) else title,
            link=f"{page}#{update.id}" if update else f"{page}#post-mortem",
            published=item.time,
            updated=item.time,
            content=self._teller.update(notice, item.at, told) if update else told.account,
            categories=self._categories(then, update.status if update else notice.status),
            notice=notice.id,
        )

    def _word(self, item: Item) -> str:
        """What stands before the title; nothing where the first word of a notice is no status."""
        if item.update is None:
            return self._words._("Post-mortem")
        return "" if item.at == 0 and item.update.status == Status.UPDATE else self._words.status[item.update.status]

    def _items(self, channel: Channel, some: Sequence[Entry]) -> list[Item]:
        """The newest words about these notices of a channel, the newest first."""
        if (known := self.listed.get((channel.about, channel.id))) is not None:
            return known
        found: list[Item] = []
        for entry in some:
            notice, _ = self._read(entry)
            account = notice.post_mortem
            if account and account.posted:  # of one without a time nobody knows when it came
                found.append(Item(notice, len(notice.updates), account.posted))
            if not channel.only_accounts:
                found += [Item(notice, at, update.time) for at, update in enumerate(notice.updates)]
        found.sort(key=lambda item: (item.time, item.notice.id, item.at), reverse=True)
        self.listed[channel.about, channel.id] = found[:UPDATES]
        return found[:UPDATES]

    def _read(self, entry: Entry) -> tuple[Notice, Told]:
        if entry.key not in self.read:
            _make_room(self.read, _OPEN)
            notice = self.basis.report.read(entry.id)
            self.read[entry.key] = notice, self._teller.told(notice)
        return self.read[entry.key]

    def _categories(self, notice: Notice, status: Status) -> tuple[Category, ...]:
        """Its kind, what it touches, where it stands, how bad it is."""
        impact = notice.impact if isinstance(notice, Incident) else None
        return self._filed(notice.kind, notice.touches, status, impact)

    @cached_property
    def _filed(self) -> Callable[[Kind, tuple[str, ...], Status, Impact | None], tuple[Category, ...]]:
        """The categories of notices that are alike in this. It remembers them, as many are."""
        known, words = self.basis.report.settings, self._words

        def category(what: str, term: str, label: str) -> Category:
            return Category(what, f"tag:{known.feed_authority},2026:scheme/{what}", term, sayable(label))

        @lru_cache(_ALIKE)
        def filed(kind: Kind, touches: tuple[str, ...], status: Status, impact: Impact | None) -> tuple[Category, ...]:
            touched = [one for id_ in touches if (one := known.component(id_))]
            groups = [group for group in known.groups if any(one.group == group.id for one in touched)]
            return (
                category("kind", kind, words.kind[kind]),
                *(category("component", one.id, one.name) for one in touched),
                *(category("group", group.id, group.name) for group in groups),
                category("status", status, words.status[status]),
                *((category("impact", impact, words.impact[impact]),) if impact else ()),
            )

        return filed

    def _history(self, channel: Channel, name: str, some: Sequence[Entry], before: Part | None) -> Head:
        at = self.urls.channel(channel.about, channel.id, name)
        return self._head(channel, HISTORY, at, _newest(some), self._previous(channel, before))

    def _updates(self, channel: Channel, name: str, items: Sequence[Item]) -> Head:
        at = self.urls.channel(channel.about, channel.id, name)
        return self._head(channel, UPDATED, at, items[0].time if items else _instant(0))

    def _previous(self, channel: Channel, before: Part | None) -> tuple[tuple[str, str], ...]:
        """Where the archive before it lies: "the immediately preceding archive document".  RFC 5005, 4."""
        return (("prev-archive", self.urls.absolute(_archive(self.urls, channel, before))),) if before else ()

    def _head(
        self,
        channel: Channel,
        what: str,
        at: str,
        updated: datetime,
        links: tuple[tuple[str, str], ...] = (),
        is_archive: bool = False,
    ) -> Head:
        _ = self._words._
        description = _("An entry for each notice, which is updated whenever something is added to it.")
        if what == UPDATED:
            description = _("An entry for each update, once, in the words in which it was posted.")
        return head(self.basis, channel, what, at, updated, description, links, is_archive=is_archive)


def _shelves(basis: Basis) -> Iterator[Shelf]:
    """Each channel is looked at when something in it has changed."""
    feeds = Feeds(basis)
    for channel in basis.channels:
        if channel.promises:
            continue
        keys = b"".join(basis.rows(some) for some in channel.lists)
        yield Shelf(f"{channel.about}/{channel.id}", (keys, basis.missing), cache(partial(_files, feeds, channel)))


def _files(feeds: Feeds, channel: Channel) -> Sequence[File]:
    return list(_listed(feeds, channel))


def _listed(feeds: Feeds, channel: Channel) -> Iterator[File]:
    basis = feeds.basis
    entries = channel.entries(basis.as_posted)
    parts = archives(entries)
    last = parts[-1] if parts else None
    held, lately = subscribed(entries, parts), newest(entries, UPDATES)
    made_of = (*_made_of(basis, held), last and last.name)
    for name, history in (("history.atom", feeds.history_atom), ("history.rss", feeds.history_rss)):
        at = basis.urls.channel(channel.about, channel.id, name)
        yield File(at, made_of, partial(history, channel, held, last))
    made_of = _made_of(basis, lately)
    updates = {"updates.atom": feeds.updates_atom, "updates.rss": feeds.updates_rss, "feed.json": feeds.updates_json}
    for name, make in updates.items():
        yield File(basis.urls.channel(channel.about, channel.id, name), made_of, partial(make, channel, lately))
    for before, part in pairwise([None, *parts]):
        if part:
            made_of = (*_made_of(basis, part.entries), before and before.name)
            yield File(_archive(basis.urls, channel, part), made_of, partial(feeds.archive, channel, part, before))


def _ahead(basis: Basis) -> Callable[[Month], object]:
    return Feeds(basis).of_month


def _wholes(basis: Basis) -> Sequence[tuple[object, ...]]:
    return [tuple(month.choice) for month in basis.report.months]


_KIND = "atom"
"""What entries are called where they are remembered."""


def _said(made: Mapping[str, bytes], basis: Basis) -> Said:
    """Which incidents go on, by the statuses in the feed of everything: of other notices that is the clock's to say."""
    entries = posts(made[basis.urls.channel("", "", "history.atom")])
    incidents = {id_: known["status"] for id_, known in entries if known["kind"] == Kind.INCIDENT}
    going_on = frozenset(id_ for id_, status in incidents.items() if status != Status.RESOLVED)
    return Said(open=going_on, of=frozenset(incidents))


def _shelved(basis: Basis) -> Iterator[str]:
    yield from (basis.urls.channel("", "", name) for name in NAMES)
    yield basis.urls.channel("kinds", "incidents", NAMES[0])


OUTLET = Outlet(
    name="feeds",
    shelves=_shelves,
    shelved=_shelved,
    ahead=_ahead,
    in_parts=InParts(_KIND, _wholes),
    mirrored=True,
    absolute=True,
    said=_said,
)


def _made_of(basis: Basis, entries: Sequence[Entry]) -> tuple[object, ...]:
    index = basis.report.index
    hidden = [to for entry in entries for to in entry.mentions if to not in index] if basis.missing else []
    return basis.rows([entry.id for entry in entries]), hidden


def _archive(urls: Urls, channel: Channel, part: Part) -> str:
    return urls.archive(channel.about, channel.id, f"history-{part.name}.atom")


def _newest(some: Sequence[Entry]) -> datetime:
    return _instant(max((entry.last_posted for entry in some), default=0))


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


_ALIKE = 1000

_AT_HAND = 3000
"""Entries: those of a year and a half of a busy site."""

_MONTHS = 3
"""Of so many months in a row, what a feed tells is mostly made."""

_OPEN = 500
"""Notices, which take more memory: those of which the feeds of all channels hold the newest words."""


def _make_room(kept: dict[bytes, T], most: int) -> None:
    """Archives are made in the order of time: what was put there first is not asked for again."""
    if len(kept) >= most:
        del kept[next(iter(kept))]
