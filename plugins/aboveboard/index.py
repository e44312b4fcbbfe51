"""What can be said of every notice without opening it: ten thousand rows are read in the time of a hundred notices."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import astuple

from . import uptime
from .language import spoken
from .measures import NEVER as UNTOLD
from .measures import Claims, claims
from .model import (
    CUSTOMERS,
    SEVERITY,
    Action,
    Announcement,
    ComponentSpan,
    ComponentStatus,
    Impact,
    Incident,
    Log,
    Maintenance,
    Notice,
    Retirement,
    Status,
    Translation,
    Update,
)
from .span import Span, epoch, total
from .uptime import Piece
from .window import windows

NEVER = 1 << 40
"""An instant that no clock will show, in seconds since 1970."""

_MENTION = re.compile(r"(?<![a-z0-9])([a-z0-9][a-z0-9-]*)(?:\.|&[a-z0-9#]+;)md\b", re.IGNORECASE)
"""An id from its beginning and an ending, however the dot is spelled."""

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
    posted: int
    """When its first update was posted: unlike all other times of it, this one does not change once it is published."""
    last_posted: int
    told: int
    """The newest time that anything in it claims to have been posted at."""
    looks: str
    """The status by which a list shows it, whatever the clock says; blank where it is not about state."""
    cause: str
    """Of an incident, its code; blank where none is stated."""
    cancelled: bool
    is_open: bool
    """Whether a person has not yet said that it is over: of maintenance, once it has begun."""
    lasted: int
    """For how many seconds it hurt, pauses left out; 0 while that may grow."""
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
    mentions: tuple[str, ...]
    """What may be names of notices in it, links and others: where one is published, what is shown of it may differ."""
    ends: tuple[tuple[str, int], ...]
    """Of a retirement, which components end and when, as far as that was looked for."""
    origin: str
    """The system that it was imported from and its id there, a line each; blank where it was written here."""
    path: str
    actions: tuple[tuple[str, str, int, int], ...]
    """The promises made in it: what, whose, due and done as ordinals of days, done 0 where it is not."""
    promise_keys: tuple[str, ...]
    """What tells each of them from the others of its notice, in every language."""
    has_post_mortem: bool
    accounted: int
    """When the post-mortem was posted, as it says; 0 where it does not."""
    quotes: bool
    """Whether its post-mortem says what customers told us."""
    reports: int
    """How many customers reported it; `measures.NEVER` where nobody counted."""
    said: tuple[object, ...]
    """Of an incident its `Claims`, as plain values."""

    @property
    def claims(self) -> Claims | None:
        """What it says of our candour; None for what is no incident."""
        return Claims(*self.said) if self.said else None  # type: ignore[arg-type]

    @property
    def promised(self) -> Iterator[Action]:
        """Its actions."""
        for text, owner, due, done in self.actions:
            done_on = date.fromordinal(done) if done else None
            yield Action(text=text, owner=owner, due=date.fromordinal(due), done=done_on)


STATE_OF: Mapping[Impact, ComponentStatus] = {
    Impact.NONE: ComponentStatus.OPERATIONAL,
    Impact.MINOR: ComponentStatus.DEGRADED_PERFORMANCE,
    Impact.MAJOR: ComponentStatus.PARTIAL_OUTAGE,
    Impact.CRITICAL: ComponentStatus.MAJOR_OUTAGE,
}
"""How an incident looks that names no component, or none whose status is known."""


class Index(Struct, frozen=True):
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

    def in_language(self, code: str) -> Index:
        """The same as far as it was translated: entries, and their keys, are of what its readers are shown."""
        words = {one.notice: one for one in self.translations if spoken(one.lang) == code}
        if not words:
            return self

        def open_(id_: str) -> Notice:
            notice = self.open(id_)
            return words[id_].of(notice) if id_ in words else notice

        entries = tuple(_translated(one, words[one.id]) if one.id in words else one for one in self.entries)
        return Index(entries, open_, tuple(words.values()))

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

        return Index(ordered([*kept, *cut]), open_, self.translations)


def _translated(entry: Entry, words: Translation) -> Entry:
    """An entry with a title in another language, and with the key of all that was translated."""
    account = words.post_mortem
    text = "\n".join([*words.bodies.values(), *words.lines.values(), *([account.lead] if account else [])])
    text += "\n".join(section.body for section in account.sections) if account else ""
    actions = tuple(_plain(action) for action in account.actions) if account else entry.actions
    return entry._replace(
        title=words.title,
        key=blake2b(entry.key + repr(words).encode(errors="replace"), digest_size=16).digest(),
        mentions=tuple(dict.fromkeys((*entry.mentions, *mentions(text)))),
        actions=actions,
    )


def ordered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """In the order of a log."""
    return tuple(sorted(entries, key=lambda one: (one.began, one.id)))


def looks(notice: Notice, statuses: Sequence[ComponentStatus] | None) -> ComponentStatus | None:
    """How a notice looks: by these statuses of its components, and where none are given by the worst it ever wrote.

    Where they do not say, an incident looks like its impact; planned work looks at least like planned work.
    """
    if isinstance(notice, Maintenance):
        planned = notice.components.values() if statuses is None else statuses
        return max(*planned, ComponentStatus.UNDER_MAINTENANCE, ComponentStatus.UNKNOWN, key=SEVERITY.__getitem__)
    if not isinstance(notice, Incident):
        return None
    known = notice.worst if statuses is None else max(statuses, key=SEVERITY.__getitem__, default=None)
    return STATE_OF[notice.impact] if known in (None, ComponentStatus.UNKNOWN) else known


def hurting_spans(incident: Incident, spans: Sequence[ComponentSpan]) -> Iterable[ComponentSpan]:
    """The spans that count as hurting; of an incident without components, those in which it was open."""
    return spans if spans or incident.touches or incident.impact == Impact.NONE else incident.open_spans()


def entry(
    notice: Notice,
    key: bytes,
    zone: ZoneInfo,
    links: tuple[str, ...] = (),
    ends: tuple[tuple[str, int], ...] = (),
) -> Entry:
    """The entry of a notice whose digest is `key`, on a site of that zone."""
    course, account = _course(notice, zone), notice.post_mortem
    posts = [update.time for update in notice.updates]
    accounted = account.posted if account else None
    began, posted, ended = epoch(notice.began), epoch(posts[0]), course.ended
    day = notice.began.astimezone(zone)
    return Entry(
        id=notice.id,
        kind=notice.kind.value,
        title=notice.title,
        key=key,
        began=began,
        first=min(began, posted),
        posted=posted,
        last_posted=epoch(max(posts[-1], accounted or posts[-1])),
        told=epoch(max(*posts, accounted or posts[0])),
        looks=course.looks.value if course.looks else "",
        cause=course.cause,
        cancelled=course.cancelled,
        is_open=course.is_open,
        lasted=int(course.lasted.total_seconds()),
        closed=course.closed,
        ended=epoch(ended) if ended and isinstance(notice, Incident) else 0,
        seen=max(posted, epoch(ended)) if ended else posted,
        month=12 * day.year + day.month - 1,
        touches=notice.touches,
        pieces=tuple(course.pieces),
        images=notice.images,
        links=links,
        mentions=mentions(_text(notice)),
        ends=ends,
        origin=notice.source.named if notice.source else "",
        path=notice.path,
        actions=tuple(_plain(action) for action in account.actions) if account else (),
        promise_keys=tuple(_twins_apart(action_key(action.text) for action in account.actions)) if account else (),
        has_post_mortem=bool(account),
        accounted=epoch(accounted) if accounted else 0,
        quotes=bool(account and account.section(CUSTOMERS)),
        reports=course.reports,
        said=course.said,
    )


def action_key(text: str) -> str:
    """What tells a promise from others by its words, whoever owns it and whenever it is due."""
    return blake2b(" ".join(text.split()).encode(errors="replace"), digest_size=5).hexdigest()


def _twins_apart(keys: Iterable[str]) -> Iterator[str]:
    seen: Counter[str] = Counter()
    for key in keys:
        seen[key] += 1
        yield f"{key}-{seen[key]}" if seen[key] > 1 else key


def mentions(text: str) -> tuple[str, ...]:
    """What may be names of notices in a text."""
    return tuple(dict.fromkeys([id_ for some in _about_names(text) for id_ in _MENTION.findall(some)]))


def _about_names(text: str) -> list[str]:
    """What of a text stands about the ending of a name, from blank to blank: to search it all takes thrice as long."""
    small = text.lower()
    if len(small) != len(text):  # as that of İ is two letters: then places are others
        return [text]
    found: list[str] = []
    at = small.find("md")
    while at >= 0:
        start, end = text.rfind(" ", 0, at) + 1, text.find(" ", at)
        found.append(text[start : end if end >= 0 else len(text)])
        at = small.find("md", end) if end >= 0 else -1
    return found


def _text(notice: Notice) -> str:
    """Everything that a person wrote in it."""
    account = notice.post_mortem
    parts = [update.body for update in notice.updates]
    if isinstance(notice, Incident):
        parts += [notice.credit, notice.us_if, notice.not_us_if]
    if isinstance(notice, Retirement):
        parts += [notice.replaced_by, notice.export, notice.help]
    if account:
        parts += [account.lead, *(section.body for section in account.sections)]
        parts += [action.text for action in account.actions]
    return "\n".join(parts)


class _Course(Struct, frozen=True, kw_only=True):
    """What each kind of notice says in its own way, by what is written and never by the clock."""

    closed: int = NEVER
    looks: ComponentStatus | None = None
    cancelled: bool = False
    is_open: bool = False
    lasted: timedelta = timedelta()
    ended: datetime | None = None
    pieces: Sequence[tuple[str, int, Piece]] = ()
    cause: str = ""
    reports: int = UNTOLD
    said: tuple[object, ...] = ()


def _course(notice: Notice, zone: ZoneInfo) -> _Course:
    last = notice.updates[-1].time
    match notice:
        case Incident():
            return _of_incident(notice, last, zone)
        case Maintenance() if notice.recurs:
            off = (update.time for update in notice.updates if not update.occurrence and _is_off(update))
            is_off = next(off, _FAR) <= notice.scheduled_for
            return _Course(looks=ComponentStatus.UNDER_MAINTENANCE, cancelled=is_off)
        case Maintenance():
            return _of_work(notice, last)
        case Retirement():
            return _Course(closed=epoch(max(last, notice.ends)))
        case Announcement() if notice.pinned_until:
            return _Course(closed=epoch(max(last, notice.pinned_until)))
    return _Course(closed=epoch(last))


def _of_incident(incident: Incident, last: datetime, zone: ZoneInfo) -> _Course:
    spans, is_open = incident.component_spans(), not incident.is_over
    ended = incident.ended_by(spans)
    now = None
    if is_open:
        lasting = {span.component: span.status for span in spans if span.end is None}
        now = [lasting.get(id_, ComponentStatus.OPERATIONAL) for id_ in incident.touches]
    return _Course(
        closed=NEVER if is_open else epoch(max(last, ended or last)),
        looks=looks(incident, now),
        is_open=is_open,
        lasted=timedelta() if is_open else _lasted(hurting_spans(incident, spans)),
        ended=ended,
        pieces=() if is_open else _pieces(incident, spans),
        cause=incident.cause or "",
        reports=UNTOLD if incident.reports is None else incident.reports,
        said=astuple(claims(incident, ended, zone)),
    )


def _of_work(work: Maintenance, last: datetime) -> _Course:
    """That of a maintenance that does not recur."""
    window = next(windows(work, _FAR))
    spans, is_over, finished = window.component_spans(), work.is_over, window.finished
    lasted = _lasted(spans or window.spans()) if is_over or work.stated_end else timedelta()
    return _Course(
        closed=epoch(max(last, finished or last)) if window.closed else NEVER,
        looks=looks(work, None) if is_over else ComponentStatus.UNDER_MAINTENANCE,
        cancelled=is_over and work.status == Status.CANCELLED,
        is_open=not is_over and work.status != Status.SCHEDULED and not lasted,
        lasted=lasted,
        ended=finished,
        pieces=_pieces(work, spans) if window.closed else (),
    )


def _is_off(update: Update) -> bool:
    return update.status == Status.CANCELLED


def _lasted(spans: Iterable[ComponentSpan]) -> timedelta:
    some = [Span(one.start, one.end) for one in spans if one.end and one.status != ComponentStatus.OPERATIONAL]
    return some[0].length if len(some) == 1 else total(some)  # mostly it is one


def _plain(action: Action) -> tuple[str, str, int, int]:
    return action.text, action.owner, action.due.toordinal(), action.done.toordinal() if action.done else 0


def _pieces(notice: Notice, spans: Sequence[ComponentSpan]) -> list[tuple[str, int, Piece]]:
    return [
        (component, month, piece)
        for component, effect in uptime.effects_of(notice, _FAR, spans)
        for month, piece in uptime.pieces(effect)
    ]


def _digest(notice: Notice) -> bytes:
    """For a notice that nobody has read from a file."""
    return blake2b(f"{notice!r} {notice.path}".encode(errors="replace"), digest_size=16).digest()
