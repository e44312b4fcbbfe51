"""What one can subscribe to: everything, a component, a group, a kind; and which notices each of them tells.

Nothing here knows the clock, and nothing is opened: it goes by what the index says.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from operator import attrgetter

from msgspec import Struct

from .index import Entry
from .model import Kind
from .report import Report
from .span import epoch

NOTICES = 50
"""How many notices a feed holds at least, of those with the newest word, where there are as many. So many are in a
full archive, too."""

UPDATES = 100
"""How many updates a feed of updates holds."""


class About(StrEnum):
    """What a channel is about. The value is its folder below `feeds/`."""

    EVERYTHING = ""
    COMPONENTS = "components"
    GROUPS = "groups"
    KINDS = "kinds"


POST_MORTEMS = "post-mortems"
"""The channel of notices with an account of what happened."""

KINDS: Mapping[str, Kind | None] = {
    "incidents": Kind.INCIDENT,
    "maintenance": Kind.MAINTENANCE,
    "retirements": Kind.RETIREMENT,
    "announcements": Kind.ANNOUNCEMENT,
    POST_MORTEMS: None,
}
"""The channels by kind."""

PROMISES = "promises"
"""The channel of what post-mortems promised, and of what became of it. Its entries are no notices."""


class Channel(Struct, frozen=True, kw_only=True):
    """Something that one can subscribe to."""

    about: About
    id: str
    """Of the component, group or kind; blank for everything."""
    name: str
    """Of the component or group; blank for others."""
    lists: tuple[Sequence[str], ...]
    """The ids of its notices. A notice that touches several components of a group is in several of its lists."""

    @property
    def promises(self) -> bool:
        """Whether it tells promises, and no notices."""
        return self.about == About.KINDS and self.id == PROMISES

    @property
    def only_accounts(self) -> bool:
        """Whether it tells post-mortems, and no updates."""
        return self.about == About.KINDS and self.id == POST_MORTEMS

    def entries(self, as_posted: Sequence[Entry]) -> Sequence[Entry]:
        """Its notices, of all in the order in which they were posted."""
        ids = {id_ for some in self.lists for id_ in some}
        return [one for one in as_posted if one.id in ids]


class Part(Struct, frozen=True, kw_only=True):
    """A stretch of a channel's history that is told in a document of its own."""

    name: str
    """`2026-1`: its year and number."""
    entries: Sequence[Entry]
    """In the order in which they were posted."""


def channels(report: Report) -> Iterator[Channel]:
    """Every channel of a site."""
    index, settings = report.index, report.settings
    by_kind: dict[str, list[str]] = {kind: [] for kind in Kind}
    for id_, entry in index.items():
        by_kind[entry.kind].append(id_)
    touching = {id_: component.notices.keys for id_, component in report.components.items()}
    yield Channel(about=About.EVERYTHING, id="", name="", lists=(list(index),))
    for component in settings.components:
        yield Channel(about=About.COMPONENTS, id=component.id, name=component.name, lists=(touching[component.id],))
    for group in settings.groups:
        inside = tuple(touching[one.id] for one in settings.components if one.group == group.id)
        yield Channel(about=About.GROUPS, id=group.id, name=group.name, lists=inside or ((),))
    for id_, kind in KINDS.items():
        some = by_kind[kind] if kind else report.post_mortems.keys
        yield Channel(about=About.KINDS, id=id_, name="", lists=(some,))
    yield Channel(about=About.KINDS, id=PROMISES, name="", lists=((),))


def newest(entries: Sequence[Entry], count: int) -> list[Entry]:
    """Those with the newest word, the newest first. Of two at one instant the order is always the same."""
    ordered = sorted(entries, key=_LAST)  # nearly as they come, which is quicker than to look for the newest
    least = _LAST(ordered[-count]) if count < len(ordered) else 0
    some = ordered[bisect_left(ordered, least, key=_LAST) :]
    return sorted(some, key=attrgetter("last_posted", "id"), reverse=True)[:count]


_LAST = attrgetter("last_posted")


def subscribed(entries: Sequence[Entry], parts: Sequence[Part]) -> list[Entry]:
    """What a feed of notices holds, given its archives: those with the newest word, and those that are in none yet."""
    kept = sum(len(part.entries) for part in parts)
    some = dict.fromkeys([*newest(entries, NOTICES), *(entries[kept:] if kept else ())])
    return newest(list(some), len(some))


def archives(entries: Sequence[Entry]) -> list[Part]:
    """The history in documents of `NOTICES` each, the oldest first; none where the feed itself holds everything.

    "The set of entries contained in an archive document published at a particular URI SHOULD NOT change over time."
    RFC 5005, section 4. So one is published once it is full, or its year is over in the channel, and a notice is filed
    by when it was first posted, which no later word changes.
    """
    if len(entries) <= NOTICES:
        return []
    found: list[Part] = []
    begin = 0
    while begin < len(entries):
        year = datetime.fromtimestamp(entries[begin].posted, UTC).year
        next_year = epoch(datetime(year + 1, 1, 1, tzinfo=UTC))
        end = bisect_left(entries, next_year, begin, key=attrgetter("posted"))
        for number, at in enumerate(range(begin, end, NOTICES), 1):
            found.append(Part(name=f"{year}-{number}", entries=entries[at : min(at + NOTICES, end)]))
        begin = end
    return found if len(found[-1].entries) == NOTICES else found[:-1]
