"""The nouns: notices, updates, components. Frozen, finished, and free of clocks and files.

All times are aware UTC datetimes with whole seconds. What can be derived is a property; a field that begins with
`stated_` holds what the writer wrote and is None where the writer left it to be derived.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Any, ClassVar, Self, TypeVar

from msgspec import Struct
from msgspec.structs import replace

T = TypeVar("T")

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
"""What an id of a notice, component or group looks like, from end to end."""

POST_MORTEM = "Post-mortem"
"""The one level-2 heading of a notice that is not an update."""


class Kind(StrEnum):
    """What sort of thing was posted."""

    INCIDENT = "incident"
    MAINTENANCE = "maintenance"
    RETIREMENT = "retirement"
    ANNOUNCEMENT = "announcement"


class Status(StrEnum):
    """What an update says the state of its notice is. UPDATE is a message that changes nothing."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    VERIFYING = "verifying"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    UPDATE = "update"


class ComponentStatus(StrEnum):
    """How a component is. In order of severity; UNKNOWN is no data and stands outside the order."""

    OPERATIONAL = "operational"
    UNDER_MAINTENANCE = "under_maintenance"
    DEGRADED_PERFORMANCE = "degraded_performance"
    PARTIAL_OUTAGE = "partial_outage"
    MAJOR_OUTAGE = "major_outage"
    UNKNOWN = "unknown"


class Impact(StrEnum):
    """The worst that a notice ever reached. In order."""

    NONE = "none"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class Rule(StrEnum):
    """How lost time is counted. Each rule is a row of weights in `uptime.WEIGHTS`; the site chooses which one leads."""

    STRICT = "strict"
    OUTAGE = "outage"
    WEIGHTED = "weighted"


UPDATE, RESOLVED, OPERATIONAL = Status.UPDATE, Status.RESOLVED, ComponentStatus.OPERATIONAL
"""Those that every update of every notice is compared with: to look one up in its enumeration takes five times as long.
"""

SEVERITY: Mapping[ComponentStatus, int] = {
    ComponentStatus.OPERATIONAL: 0,
    ComponentStatus.UNKNOWN: 1,
    ComponentStatus.UNDER_MAINTENANCE: 2,
    ComponentStatus.DEGRADED_PERFORMANCE: 3,
    ComponentStatus.PARTIAL_OUTAGE: 4,
    ComponentStatus.MAJOR_OUTAGE: 5,
}
"""Which status wins where two notices speak of one component: known trouble over no data, no data over all is well."""

_WORST_FIRST = sorted(SEVERITY, key=SEVERITY.__getitem__, reverse=True)

IMPACT_OF: Mapping[ComponentStatus, Impact] = {
    ComponentStatus.OPERATIONAL: Impact.NONE,
    ComponentStatus.UNKNOWN: Impact.NONE,
    ComponentStatus.UNDER_MAINTENANCE: Impact.NONE,
    ComponentStatus.DEGRADED_PERFORMANCE: Impact.MINOR,
    ComponentStatus.PARTIAL_OUTAGE: Impact.MAJOR,
    ComponentStatus.MAJOR_OUTAGE: Impact.CRITICAL,
}

_ACTIVE = frozenset({Status.INVESTIGATING, Status.IDENTIFIED, Status.MONITORING})
_WORKING = frozenset({Status.IN_PROGRESS, Status.VERIFYING})
_OVER = frozenset({Status.RESOLVED, Status.COMPLETED, Status.CANCELLED})

FOLLOWS: Mapping[Kind, Mapping[Status | None, frozenset[Status]]] = {
    Kind.INCIDENT: {
        None: _ACTIVE | {Status.RESOLVED},
        Status.INVESTIGATING: _ACTIVE | {Status.RESOLVED, Status.UPDATE},
        Status.IDENTIFIED: _ACTIVE | {Status.RESOLVED, Status.UPDATE},
        Status.MONITORING: _ACTIVE | {Status.RESOLVED, Status.UPDATE},
        Status.RESOLVED: _ACTIVE | {Status.UPDATE},
    },
    Kind.MAINTENANCE: {
        None: frozenset({Status.SCHEDULED}),
        Status.SCHEDULED: _WORKING | {Status.SCHEDULED, Status.COMPLETED, Status.CANCELLED, Status.UPDATE},
        Status.IN_PROGRESS: _WORKING | {Status.COMPLETED, Status.CANCELLED, Status.UPDATE},
        Status.VERIFYING: _WORKING | {Status.COMPLETED, Status.CANCELLED, Status.UPDATE},
        Status.COMPLETED: frozenset({Status.UPDATE}),
        Status.CANCELLED: frozenset({Status.UPDATE}),
    },
    Kind.RETIREMENT: {None: frozenset({Status.UPDATE}), Status.UPDATE: frozenset({Status.UPDATE})},
    Kind.ANNOUNCEMENT: {None: frozenset({Status.UPDATE}), Status.UPDATE: frozenset({Status.UPDATE})},
}
"""The life cycle: after the status on the left (None: nothing yet), which may be posted.

An UPDATE leaves the status as it was, so what may follow it is what might have followed before it.
"""

CAUSES: tuple[str, ...] = (
    "software_bug",
    "hardware",
    "network",
    "capacity",
    "third_party",
    "human_error",
    "security",
    "maintenance",
    "one_time",
    "unknown",
)
"""The resolution codes of a site that names none of its own."""

DETECTED_BY: tuple[str, ...] = ("customers", "monitoring", "staff", "supplier")
"""Who noticed an incident first."""

SECTIONS: Mapping[str, str] = {
    "summary": "Summary",
    "happened": "What happened",
    "impact": "Who was affected",
    "why": "Why it happened",
    "wrong": "What we got wrong",
    "well": "What went well",
    "lucky": "Where we were lucky",
    "customers": "What customers told us",
    "changing": "What we are changing",
}
"""The sections of a post-mortem that are known by name. Others are kept as they are written."""

_SECTION_KEYS = {title.casefold(): key for key, title in SECTIONS.items()}

WRONG, CUSTOMERS, CHANGING = "wrong", "customers", "changing"
"""Those that are also shown elsewhere than in their post-mortem."""


_PLACE = frozenset({"path", "line"})
"""Fields that say where something stands, and nothing of what it says."""


class Placed(Struct, frozen=True, eq=False):
    """Equal to another that says the same, wherever it stands."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._said() == other._said()

    def __hash__(self) -> int:
        return hash(self._said())

    def _said(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__struct_fields__ if name not in _PLACE)


class Group(Struct, frozen=True, kw_only=True):
    """Components that a reader would look for together."""

    id: str
    name: str
    source_id: str = ""
    """Its id where it was imported from; it wins where we speak that system's language."""


class Component(Struct, frozen=True, kw_only=True):
    """Something that a reader knows by name and that can be up or down."""

    id: str
    name: str
    group: str | None = None
    """The id of its group."""
    description: str = ""
    since: datetime | None = None
    """The first instant we speak for; None means since the site's, and that since the first notice."""
    until: datetime | None = None
    """The instant it was retired."""
    was: tuple[str, ...] = ()
    """Names it had before."""
    upstream: str = ""
    """Whose service it is, where it is somebody else's."""
    target: Fraction | None = None
    """The share of a calendar month that its owner promises, by the rule that heads the board."""
    credit: str = ""
    """What is due to customers when that is missed."""
    probes: tuple[str, ...] = ()
    """What it is called where it is monitored; its id where there is nothing here."""
    source_id: str = ""
    """Its id where it was imported from; it wins where we speak that system's language."""


class Update(Placed, frozen=True, kw_only=True):
    """One public message about a notice."""

    id: str
    """The first published UTC second, `20261102T093100Z`, `-2` for a twin; or what the writer put after `#`."""
    time: datetime
    """The time it claims to have been posted."""
    status: Status
    body: str
    """Markdown, as written, without the heading; no blank lines at either end."""
    components: Mapping[str, ComponentStatus] = {}
    """The components that change with it, by id, in the order written."""
    occurrence: datetime | None = None
    """The start of the window it speaks of, where its maintenance recurs."""
    next_by: datetime | None = None
    """When the next update is promised."""
    line: int = 0
    """Where its heading stands in its file, from 1."""


class Action(Struct, frozen=True, kw_only=True):
    """A promise: what will be done, by whom, by when."""

    text: str
    """Markdown, one line, without the parenthesis that holds the rest."""
    owner: str
    due: date
    done: date | None = None


class Section(Struct, frozen=True, kw_only=True):
    """A part of a post-mortem under its own heading."""

    title: str
    body: str
    """Markdown without its actions' lines; blank where nothing else is written."""
    actions: tuple[Action, ...] = ()

    @property
    def key(self) -> str | None:
        """Which of `SECTIONS` it is."""
        return _SECTION_KEYS.get(self.title.casefold())


class PostMortem(Struct, frozen=True, kw_only=True):
    """The candid account afterwards."""

    posted: datetime | None = None
    lead: str = ""
    """Markdown before the first section."""
    sections: tuple[Section, ...] = ()

    @property
    def actions(self) -> tuple[Action, ...]:
        """Every promise made in it, in order."""
        return tuple(action for section in self.sections for action in section.actions)

    def section(self, key: str) -> Section | None:
        """That of `SECTIONS`; the first, where there are several."""
        return next((section for section in self.sections if section.key == key), None)


class Origin(Struct, frozen=True, kw_only=True):
    """Where an imported notice came from."""

    system: str
    id: str
    url: str = ""
    imported: datetime | None = None

    @property
    def named(self) -> str:
        """The two that tell it apart, a line each."""
        return f"{self.system}\n{self.id}"


class ComponentSpan(Struct, frozen=True, kw_only=True):
    """A component had one status from start to end, as one notice tells it."""

    component: str
    status: ComponentStatus
    start: datetime
    end: datetime | None
    """None while it lasts."""


class Notice(Placed, frozen=True, kw_only=True, tag_field="kind", tag=str.lower):
    """Anything posted. One of the four kinds below."""

    kind: ClassVar[Kind]

    id: str
    title: str
    updates: tuple[Update, ...]
    """In order of time, the oldest first; never empty."""
    post_mortem: PostMortem | None = None
    source: Origin | None = None
    images: tuple[str, ...] = ()
    """File names beside the notice that its text refers to."""
    path: str = ""
    """The file it was read from, relative to the project, with forward slashes."""

    @property
    def posted(self) -> datetime:
        """When the first update was published."""
        return self.updates[0].time

    @property
    def last_posted(self) -> datetime:
        """When the newest word was published, the post-mortem's among them."""
        newest = self.updates[-1].time
        if self.post_mortem and self.post_mortem.posted:
            return max(newest, self.post_mortem.posted)
        return newest

    @property
    def status(self) -> Status:
        """The newest status that a person posted."""
        for update in reversed(self.updates):
            if update.status != UPDATE:
                return update.status
        return UPDATE

    @property
    def is_over(self) -> bool:
        """Whether a person said that it is over."""
        return self.status in _OVER

    @property
    def began(self) -> datetime:
        """The instant by which a notice is filed: in months, in order, on the board."""
        return self.posted

    @property
    def touches(self) -> tuple[str, ...]:
        """The components that it names, in the order in which it first names them."""
        return _touched({}, self.updates)

    def as_of(self, now: datetime) -> Self | None:
        """The notice without what claims to be posted after `now`; None where nothing is left."""
        told = tuple(update for update in self.updates if update.time <= now)
        if not told:
            return None
        post_mortem = self.post_mortem
        if post_mortem and post_mortem.posted and post_mortem.posted > now:
            post_mortem = None
        if len(told) == len(self.updates) and post_mortem is self.post_mortem:
            return self
        return replace(self, updates=told, post_mortem=post_mortem)


class Incident(Notice, frozen=True, kw_only=True):
    """Something broke."""

    kind: ClassVar[Kind] = Kind.INCIDENT

    components: Mapping[str, ComponentStatus] = {}
    """Each component's status from `started`."""
    stated_start: datetime | None = None
    stated_end: datetime | None = None
    stated_impact: Impact | None = None
    cause: str | None = None
    detected_by: str | None = None
    reports: int | None = None
    """How many customers reported it, where that was counted."""
    credit: str = ""
    """What they were credited for it, in Markdown on one line."""
    us_if: str = ""
    """Completes "It is us if …"."""
    not_us_if: str = ""
    """Completes "It is probably not us if …"."""

    @property
    def started(self) -> datetime:
        """When customers were first hurt: as stated, else when the first update was posted."""
        return self.stated_start or self.posted

    @property
    def began(self) -> datetime:
        """An incident is filed by when it started."""
        return self.started

    @property
    def resolved_at(self) -> datetime | None:
        """When the Resolved was posted that still stands."""
        for update in reversed(self.updates):
            if update.status != UPDATE:
                return update.time if update.status == RESOLVED else None
        return None

    @property
    def ended(self) -> datetime | None:
        """When customers were last hurt: as stated, else the end of the last span that was not operational."""
        return self.ended_by(() if self.stated_end else self.component_spans())

    def ended_by(self, spans: Iterable[ComponentSpan]) -> datetime | None:
        """The same, for whoever has its `component_spans` already."""
        if self.stated_end:
            return self.stated_end
        ends = [span.end for span in spans if span.status != OPERATIONAL]
        known = [end for end in ends if end]
        if len(known) < len(ends):
            return None
        return max(known) if known else self.resolved_at

    @property
    def impact(self) -> Impact:
        """As stated, else that of the worst status any component ever had."""
        if self.stated_impact:
            return self.stated_impact
        worst = self.worst
        return IMPACT_OF[worst] if worst else Impact.NONE

    @property
    def worst(self) -> ComponentStatus | None:
        """The worst status that is written in it for any component; None where it names none."""
        written = [*self.components.values()]
        for update in self.updates:
            if update.components:
                written += update.components.values()
        for status in _WORST_FIRST:
            if status in written:
                return status
        return None

    @property
    def touches(self) -> tuple[str, ...]:
        """The components that it names, those from the start first."""
        return _touched(self.components, self.updates)

    def component_spans(self) -> list[ComponentSpan]:
        """Each component's spans, touching ones of equal status joined.

        A status holds until an update changes it. While the notice is resolved nothing is wrong; a reopened one
        goes on with the statuses that it had before. A stated end ends every span, and one after the Resolved
        stretches the last.
        """
        return self._spans(self.components)

    def open_spans(self) -> list[ComponentSpan]:
        """The spans in which it was open, as if of a component without a name: for one that names none."""
        return self._spans({"": ComponentStatus.UNKNOWN})

    def _spans(self, now_is: Mapping[str, ComponentStatus]) -> list[ComponentSpan]:
        is_open = True
        steps: list[tuple[datetime, Mapping[str, ComponentStatus]]] = [(self.started, now_is)]
        end = self.stated_end
        resolved_at = self.resolved_at if end else None
        for update in self.updates:
            if update.status != UPDATE:
                is_open = update.status != RESOLVED
            if is_open and update.components and "" not in now_is:
                now_is = {**now_is, **update.components}
            stretched = end and resolved_at and update.time >= resolved_at and not is_open
            when = max(update.time, end) if end and stretched else update.time
            steps.append((when, now_is if is_open else {}))
        return component_spans(steps, end)


class Maintenance(Notice, frozen=True, kw_only=True):
    """Planned work."""

    kind: ClassVar[Kind] = Kind.MAINTENANCE

    scheduled_for: datetime
    scheduled_until: datetime
    components: Mapping[str, ComponentStatus] = {}
    """Each component's status while the work lasts."""
    recurs: str = ""
    """An RFC 5545 recurrence rule, counted from `scheduled_for` in `zone`."""
    zone: str = "UTC"
    """The IANA zone in which `recurs` is counted: the site's."""
    stated_start: datetime | None = None
    stated_end: datetime | None = None

    @property
    def began(self) -> datetime:
        """A maintenance is filed by when it was planned to start."""
        return self.scheduled_for

    @property
    def touches(self) -> tuple[str, ...]:
        """The components that it names, those planned first."""
        return _touched(self.components, self.updates)


class Retirement(Notice, frozen=True, kw_only=True):
    """A service is being ended."""

    kind: ClassVar[Kind] = Kind.RETIREMENT

    components: tuple[str, ...] = ()
    """The components that end with it, by id."""
    announced: datetime
    ends: datetime
    replaced_by: str = ""
    """Markdown, one line: what to use instead."""
    export: str = ""
    """Markdown, one line: how to take one's data away."""
    help: str = ""
    """Markdown, one line: who helps."""

    @property
    def began(self) -> datetime:
        """A retirement is filed by when it was announced."""
        return self.announced

    @property
    def touches(self) -> tuple[str, ...]:
        """The components that end."""
        return self.components


class Announcement(Notice, frozen=True, kw_only=True):
    """A word to everybody that is none of the others."""

    kind: ClassVar[Kind] = Kind.ANNOUNCEMENT

    pinned_until: datetime | None = None
    """It heads the board until then."""


LINES = ("credit", "us_if", "not_us_if", "replaced_by", "export", "help")
"""What of a notice is a line of Markdown."""


class Translation(Placed, frozen=True, kw_only=True):
    """The words of a notice in another language. Times and statuses are the original's."""

    notice: str
    lang: str
    title: str
    bodies: Mapping[str, str]
    """Markdown by the id of the update that it translates."""
    lines: Mapping[str, str] = {}
    """Those of its lines of Markdown that are translated, by their keys."""
    post_mortem: PostMortem | None = None
    path: str = ""

    def of(self, notice: Notice) -> Notice:
        """The notice in these words; what has none in its own."""
        updates = tuple(replace(one, body=self.bodies.get(one.id, one.body)) for one in notice.updates)
        account = (
            self.post_mortem and notice.post_mortem and replace(self.post_mortem, posted=notice.post_mortem.posted)
        )
        lines: dict[str, Any] = dict(self.lines)
        return replace(notice, title=self.title, updates=updates, post_mortem=account or notice.post_mortem, **lines)


FACTS, ACCOUNT = "facts", "post-mortem"
"""The parts of a notice that are no update: its front matter, and its post-mortem."""


class Edit(Struct, frozen=True, kw_only=True):
    """A part of a notice was changed after it had been published."""

    part: str
    """An update's id, `FACTS` or `ACCOUNT`."""
    time: datetime
    commit: str
    before: str
    after: str
    """Blank where it was taken away."""


class Evidence(Struct, frozen=True, kw_only=True):
    """What can be proved of a notice from outside of it."""

    appeared: Mapping[str, datetime]
    """When each part was first in the record, those that are gone again among them; without what is older than it."""
    edits: tuple[Edit, ...] = ()
    """The oldest first."""


class Gone(Struct, frozen=True, kw_only=True):
    """A notice that was published and is not there any more."""

    notice: str
    title: str
    time: datetime
    commit: str


class Record(Struct, frozen=True, kw_only=True):
    """All that can be proved of a folder of notices."""

    head: str = ""
    """The commit that was looked at; blank where there is no git, and so no evidence."""
    evidence: Mapping[str, Evidence] = {}
    """By the id of the notice."""
    digests: Mapping[str, bytes] = {}
    """A digest of each notice's evidence."""
    edited: tuple[str, ...] = ()
    """The ids of those with edits."""
    begins: datetime | None = None
    """The first commit. What it brought is older than the record, unless it is a single notice."""
    is_cut: bool = False
    """Whether older commits are missing, as in a shallow clone."""
    waited: int = 0
    """How many commits were made long after they were written: rewritten by a rebase, or held back. The later of the
    two times counts."""
    disordered: int = 0
    """How many claim to be older than the one that they stand on. They count as old as that."""
    passed_over: tuple[str, ...] = ()
    """Commits that, the owner says, change the form alone. What such a one brought is older than it."""
    gone: tuple[Gone, ...] = ()
    """Notices that were published and are not there any more, the latest to vanish first."""


class Log(Struct, frozen=True):
    """Every notice, in one order whatever the order of the files: by when it began, then by id."""

    notices: tuple[Notice, ...]
    translations: tuple[Translation, ...] = ()

    @classmethod
    def of(cls, notices: Iterable[Notice], translations: Iterable[Translation] = ()) -> Log:
        """Put them in order. Two notices of one id raise ValueError: the parser has told their writer before."""
        ordered = tuple(sorted(notices, key=lambda notice: (notice.began, notice.id)))
        if len({notice.id for notice in ordered}) < len(ordered):
            raise ValueError("two notices share an id")
        return cls(ordered, tuple(sorted(translations, key=lambda one: (one.notice, one.lang))))

    def as_of(self, now: datetime) -> Log:
        """What had been posted by `now`."""
        told = (notice.as_of(now) for notice in self.notices)
        return Log(tuple(notice for notice in told if notice), self.translations)


def update_id(time: datetime, taken: Collection[str]) -> str:
    """The id of an update first published at `time`: its UTC second, `-2` and so on for a twin of those `taken`."""
    utc = time.astimezone(UTC)
    plain = f"{_digits(utc.date())}T{_TWO[utc.hour]}{_TWO[utc.minute]}{_TWO[utc.second]}Z"
    if plain not in taken:
        return plain
    return next(twin for n in range(2, len(taken) + 3) if (twin := f"{plain}-{n}") not in taken)


_TWO = [f"{number:02}" for number in range(60)]


@lru_cache(1024)
def _digits(day: date) -> str:
    """`20261102`."""
    return day.isoformat().replace("-", "")


def _touched(first: Mapping[str, ComponentStatus], updates: Iterable[Update]) -> tuple[str, ...]:
    """The components that are named, in the order in which they first are."""
    named = dict(first)
    for update in updates:
        if update.components:
            named |= update.components
    return tuple(named)


def component_spans(
    steps: Sequence[tuple[datetime, Mapping[str, ComponentStatus]]], end: datetime | None
) -> list[ComponentSpan]:
    """Snapshots of what each component is, each holding until the next, as spans; `end` cuts them all.

    Of equal statuses that touch one span is made. Without an `end` the last ones still last.
    """
    found: list[ComponentSpan] = []
    components: dict[str, ComponentStatus] = {}
    for _, snapshot in steps:
        components |= snapshot
    for component in components:
        status, start = None, steps[0][0]
        for when, snapshot in steps:
            here = snapshot.get(component)
            if here != status:
                if status:
                    found += _span(component, status, start, min(when, end) if end else when)
                status, start = here, when
        if status:
            found += _span(component, status, start, end)
    return found


def _span(component: str, status: ComponentStatus, start: datetime, end: datetime | None) -> tuple[ComponentSpan, ...]:
    """The span, unless no time is left in it."""
    return (ComponentSpan(component=component, status=status, start=start, end=end),) if not end or end > start else ()
