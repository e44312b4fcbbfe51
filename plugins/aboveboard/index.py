"""What can be said of every notice without opening it: ten thousand rows are read in the time of a hundred notices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import blake2b
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

from . import uptime
from .model import Action, Announcement, ComponentSpan, Incident, Log, Maintenance, Notice, Retirement, Translation
from .uptime import Piece
from .window import Window, windows

NEVER = 1 << 40
"""An instant that no clock will show, in seconds since 1970."""

_FAR = datetime(9999, 1, 1, tzinfo=UTC)


class Entry(NamedTuple):
    """A notice in the index. Instants are whole seconds since 1970, as plain numbers are kept and compared at once."""

    id: str
    kind: str
    title: str
    key: bytes
    """A digest of everything that the notice says. Of equal keys, everything is equal."""
    began: int
    first: int
    """When it began or was posted, whichever came first."""
    last_posted: int
    told: int
    """The newest time that anything in it claims to have been posted at."""
    closed: int
    """The instant from which on nothing about it depends on the clock; `NEVER` while it goes on."""
    ended: int
    """Of an incident, when it ended; 0 where it has not."""
    seen: int
    """The newest instant at which a list of days might show it."""
    month: int
    """The month of the site's zone in which it began: twelve times the year, and from 0 on."""
    touches: tuple[str, ...]
    pieces: tuple[tuple[str, int, Piece], ...]
    """By component and month what it did, once closed."""
    images: tuple[str, ...]
    links: tuple[str, ...]
    """The ids of the notices that it links to, as far as that was looked for."""
    ends: tuple[tuple[str, int], ...]
    """Of a retirement, which components end and when."""
    path: str
    actions: tuple[tuple[str, str, int, int], ...]
    """The promises made in it: what, whose, due and done as ordinals of days, done 0 where it is not."""
    has_post_mortem: bool

    @property
    def promised(self) -> Iterator[Action]:
        """Its actions."""
        for text, owner, due, done in self.actions:
            done_on = date.fromordinal(done) if done else None
            yield Action(text=text, owner=owner, due=date.fromordinal(due), done=done_on)


@dataclass(frozen=True)
class Index:
    """Every notice's entry, in the order of a log, and the way to the notice itself."""

    entries: tuple[Entry, ...]
    open: Callable[[str], Notice]
    """The notice of that id."""
    translations: tuple[Translation, ...] = ()

    @classmethod
    def of(cls, log: Log, zone: ZoneInfo) -> Self:
        """The index of a log that is in memory as a whole."""
        notices = {notice.id: notice for notice in log.notices}
        entries = tuple(entry(notice, _digest(notice), zone) for notice in log.notices)
        return cls(entries, notices.__getitem__, log.translations)

    def as_of(self, now: datetime, zone: ZoneInfo) -> Index:
        """What had been posted by `now`."""
        instant = now.timestamp()
        early = {one.id: self.open(one.id) for one in self.entries if one.told > instant}
        if not early:
            return self
        told = {id_: notice.as_of(now) for id_, notice in early.items()}
        kept = [one for one in self.entries if one.id not in told]
        links = {one.id: one.links for one in self.entries if one.id in told}
        cut = [entry(notice, _digest(notice), zone, links[notice.id]) for notice in told.values() if notice]

        def open_(id_: str) -> Notice:
            return told.get(id_) or self.open(id_)

        return Index(_ordered([*kept, *cut]), open_, self.translations)


def _ordered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """In the order of a log."""
    return tuple(sorted(entries, key=lambda one: (one.began, one.id)))


def entry(notice: Notice, key: bytes, zone: ZoneInfo, links: tuple[str, ...] = ()) -> Entry:
    """The entry of a notice whose digest is `key`, on a site of that zone."""
    its_window = _window(notice)
    spans = tuple(notice.component_spans()) if isinstance(notice, Incident) else ()
    over = notice.ended_by(spans) if isinstance(notice, Incident) else None
    closed = _closed(notice, its_window, over)
    pieces = _pieces(notice, spans) if closed != NEVER else ()
    account = notice.post_mortem
    posted = (update.time for update in notice.updates)
    day = notice.began.astimezone(zone)
    ended = its_window.finished if its_window else over
    return Entry(
        id=notice.id,
        kind=notice.kind.value,
        title=notice.title,
        key=key,
        began=_seconds(notice.began),
        first=_seconds(min(notice.began, notice.posted)),
        last_posted=_seconds(notice.last_posted),
        told=_seconds(max(*posted, account.posted if account and account.posted else notice.posted)),
        closed=closed,
        ended=_seconds(over) if over else 0,
        seen=max(_seconds(notice.posted), _seconds(ended) if ended else 0),
        month=12 * day.year + day.month - 1,
        touches=notice.touches,
        pieces=tuple(pieces),
        images=notice.images,
        links=links,
        ends=tuple((id_, _seconds(notice.ends)) for id_ in notice.components) if isinstance(notice, Retirement) else (),
        path=notice.path,
        actions=tuple(_plain(action) for action in account.actions) if account else (),
        has_post_mortem=bool(account),
    )


def _plain(action: Action) -> tuple[str, str, int, int]:
    return action.text, action.owner, action.due.toordinal(), action.done.toordinal() if action.done else 0


def _window(notice: Notice) -> Window | None:
    """The one window of a maintenance that does not recur."""
    return next(windows(notice, _FAR)) if isinstance(notice, Maintenance) and not notice.recurs else None


def _closed(notice: Notice, its_window: Window | None, ended: datetime | None) -> int:
    """From when on the clock is not asked about it."""
    last = notice.updates[-1].time
    if isinstance(notice, Incident):
        return _seconds(max(last, ended or last)) if notice.is_over else NEVER
    if isinstance(notice, Maintenance):
        over = its_window and its_window.closed
        return _seconds(max(last, its_window.finished or last)) if its_window and over else NEVER
    if isinstance(notice, Retirement):
        return _seconds(max(last, notice.ends))
    if isinstance(notice, Announcement) and notice.pinned_until:
        return _seconds(max(last, notice.pinned_until))
    return _seconds(last)


def _pieces(notice: Notice, spans: Sequence[ComponentSpan]) -> Iterator[tuple[str, int, Piece]]:
    for component, effect in uptime.effects_of(notice, _FAR, spans):
        for month, piece in uptime.pieces(effect):
            yield component, month, piece


def _digest(notice: Notice) -> bytes:
    """For a notice that nobody has read from a file."""
    return blake2b(f"{notice!r} {notice.path}".encode(errors="replace"), digest_size=16).digest()


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())
