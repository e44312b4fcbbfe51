"""Statuspage's public API v2 as files: what was written for a hosted status page reads ours without noticing.

Every key, type, order and null is theirs. What they have no word for is told by the rules below, which the manual
prints. The files are made anew in every build, as work begins by the clock, and change only when what they say does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property, partial
from heapq import nlargest
from typing import NamedTuple

from msgspec import Struct

from .. import write
from ..index import Entry
from ..lines import without_comments
from ..model import SEVERITY, Component, ComponentStatus, Group, Incident, Kind, Notice, Status, Update
from ..report import Report
from ..span import epoch
from ..standing import ComponentReport
from ..story import NoticeReport
from ..uptime import Line, month_of
from ..urls import Page, Urls
from ..window import Window
from . import data
from .outlet import Basis, File, Outlet, Said

NEWEST = 50
"""How many incidents, and how many maintenances, a list holds that is not of what goes on. Statuspage's own number."""

LONGEST_NAME = 255
"""How many characters an incident's name has at most, as Statuspage's columns do."""

INDICATOR: Mapping[ComponentStatus, tuple[str, str]] = {
    ComponentStatus.OPERATIONAL: ("none", "All Systems Operational"),
    ComponentStatus.UNDER_MAINTENANCE: ("none", "Service Under Maintenance"),
    ComponentStatus.DEGRADED_PERFORMANCE: ("minor", "Partially Degraded Service"),
    ComponentStatus.PARTIAL_OUTAGE: ("major", "Partial System Outage"),
    ComponentStatus.MAJOR_OUTAGE: ("critical", "Major System Outage"),
}
"""The indicator and its description, by the worst that anything is now. Statuspage's words."""

MAINTENANCE = "maintenance"
"""The indicator of a site that wants planned work to show in it, and the impact of all planned work."""

BEGUN, FINISHED = "Scheduled maintenance is in progress.", "The scheduled maintenance has ended."
"""What the clock says where nobody wrote. Statuspage's clock posts updates, too."""

ENDS: Mapping[Status, Status] = {Status.CANCELLED: Status.COMPLETED}
"""What Statuspage has no word for, and the word that stands for it."""

SYSTEM = "statuspage"
"""What an import from there calls it in `source`."""

POST_MORTEM = "postmortem"
"""The status of an incident with a post-mortem, and of the update that is one."""

_WELL = ComponentStatus.OPERATIONAL

ACTIVE = frozenset({Status.IN_PROGRESS, Status.VERIFYING})

Json = dict[str, object]


def as_told(status: ComponentStatus) -> ComponentStatus:
    """A component's status in Statuspage's words. It has none for no data, and what is not known is not called good."""
    return ComponentStatus.DEGRADED_PERFORMANCE if status == ComponentStatus.UNKNOWN else status


def time(instant: datetime) -> str:
    """Clients read this with a fixed pattern, and compare it as text."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


class Post(NamedTuple):
    """An update, or what the clock did where nobody wrote."""

    id: str
    time: datetime
    status: str
    body: str
    changes: Sequence[tuple[str, ComponentStatus, ComponentStatus]]
    """Each component named so far, by our id: as it was before, and as it is from then on."""


class Statuspage(Struct, frozen=True, dict=True):
    """Prints the files of one report."""

    report: Report
    urls: Urls

    def files(self, basis: Basis) -> Iterator[File]:
        """The eight."""
        index = self.report.index
        told = [entry for entry in index.values() if entry.kind == Kind.INCIDENT]
        newest = _newest_first(nlargest(NEWEST, told, key=_posted))
        unresolved = _newest_first(index[one.id] for one in self.report.open if one.notice.kind == Kind.INCIDENT)
        ahead, active = self._ahead, self._active
        past = self.report.past[:NEWEST]
        of_incidents = (self._components, basis.timed(newest))
        planned = [window.maintenance.id for window in (*ahead, *active)]
        of_work = (self._components, basis.timed([*planned, *map(_notice_of, past.keys)]))
        of_now = (self._components, self._status, basis.timed(unresolved), of_work)

        def file(name: str, inputs: object, **parts: Callable[[], object]) -> File:
            """The page, and these parts in this order."""
            return File(self.urls.api(f"v2/{name}.json"), (self._page, inputs), partial(self._made, parts))

        def components() -> object:
            return self._components

        def status() -> object:
            return self._status

        def incidents(ids: Iterable[str]) -> Callable[[], object]:
            return lambda: [self._incident(self.report.notices[id_]) for id_ in ids]

        def maintenances(*lists: Iterable[Window]) -> Callable[[], object]:
            def made() -> object:
                newest_first = sorted((window for one in lists for window in one), key=_start, reverse=True)
                return [self._maintenance(window) for window in newest_first[:NEWEST]]

            return made

        yield file(
            "summary",
            of_now,
            components=components,
            incidents=incidents(unresolved),
            scheduled_maintenances=maintenances(ahead, active),
            status=status,
        )
        yield file("status", self._status, status=status)
        yield file("components", self._components, components=components)
        yield file("incidents", of_incidents, incidents=incidents(newest))
        yield file("incidents/unresolved", of_now, incidents=incidents(unresolved))
        yield file("scheduled-maintenances", of_work, scheduled_maintenances=maintenances(ahead, active, past))
        yield file("scheduled-maintenances/upcoming", of_work, scheduled_maintenances=maintenances(ahead))
        yield file("scheduled-maintenances/active", of_work, scheduled_maintenances=maintenances(active))

    def _made(self, parts: Mapping[str, Callable[[], object]]) -> bytes:
        said = {"page": self._page} | {key: make() for key, make in parts.items()}
        return data.written(said)

    @cached_property
    def _page(self) -> Json:
        known = self.report.settings
        touched = [
            one.last_posted for one in self.report.index.values() if one.kind in (Kind.INCIDENT, Kind.MAINTENANCE)
        ]
        moved = [
            epoch(at)
            for window in self._moved
            for at in (window.began, window.finished)
            if at and at <= self.report.now
        ]
        moved += [max(epoch(one.since), self._changed[one.component.id]) for one in self._shown]
        return {
            "id": self._page_id,
            "name": known.name,
            "url": self.urls.absolute(self.urls.page(Page.BOARD)).removesuffix("index.html").rstrip("/"),
            "time_zone": known.zone.key,
            "updated_at": _spelled(max([*touched, *moved], default=epoch(self.report.now))),
        }

    @cached_property
    def _page_id(self) -> str:
        return self.urls.statuspage_id("page", self.report.settings.feed_authority)

    @cached_property
    def _status(self) -> Json:
        """The worst that a component is, or an open incident does, now. While an incident is open, not all is well."""
        states = [as_told(one.status) for one in self._shown]
        for one in self.report.open:
            if one.notice.kind == Kind.INCIDENT:
                states += [ComponentStatus.DEGRADED_PERFORMANCE, as_told(one.state or ComponentStatus.UNKNOWN)]
            else:
                states.append(ComponentStatus.UNDER_MAINTENANCE)
        worst = max(states, key=SEVERITY.__getitem__, default=ComponentStatus.OPERATIONAL)
        indicator, description = INDICATOR[worst]
        if worst == ComponentStatus.UNDER_MAINTENANCE and self.report.settings.indicate_maintenance:
            indicator = MAINTENANCE
        return {"indicator": indicator, "description": description}

    @cached_property
    def _shown(self) -> list[ComponentReport]:
        """The components of the board, in its order."""
        return [one for group in self.report.groups for one in group.components]

    @cached_property
    def _components(self) -> list[Json]:
        """Components and groups in one list, a group before what is in it."""
        found: list[Json] = []
        position = 0
        for group in self.report.groups:
            inside = [self._component(one, at) for at, one in enumerate(group.components, 1)]
            if group.group is None:
                position = len(inside)
            else:
                position += 1
                found.append(self._group(group.group, group.status, inside, position))
            found += inside
        return found

    def _component(self, shown: ComponentReport, position: int) -> Json:
        component = shown.component
        return {
            "id": self._id_of(component),
            "name": component.name,
            "status": as_told(shown.status).value,
            "created_at": time(shown.since),
            "updated_at": _spelled(max(epoch(shown.since), self._changed[component.id])),
            "position": position,
            "description": component.description or None,
            "showcase": True,
            "start_date": shown.since.astimezone(self.report.settings.zone).date().isoformat(),
            "group_id": self._id_of(shown.group) if shown.group else None,
            "page_id": self._page_id,
            "group": False,
            "only_show_if_degraded": False,
        }

    def _group(self, group: Group, status: ComponentStatus, inside: Sequence[Json], position: int) -> Json:
        return {
            "id": self._id_of(group),
            "name": group.name,
            "status": as_told(status).value,
            "created_at": min(str(one["created_at"]) for one in inside),
            "updated_at": max(str(one["updated_at"]) for one in inside),
            "position": position,
            "description": None,
            "showcase": False,
            "start_date": None,
            "group_id": None,
            "page_id": self._page_id,
            "group": True,
            "only_show_if_degraded": False,
            "components": [one["id"] for one in inside],
        }

    @cached_property
    def _changed(self) -> Mapping[str, int]:
        """When each component last changed, or was last written about; 0 for never."""
        words, now = self.report.last_words, epoch(self.report.now)
        return {
            one.component.id: max(_last_change(one.line, now), words.get(one.component.id, 0)) for one in self._shown
        }

    def _id_of(self, one: Component | Group) -> str:
        return self.urls.statuspage_id("component", one.id, one.source_id)

    @cached_property
    def _now(self) -> Mapping[str, Json]:
        """Each shown component as it is now, by our id."""
        told = {one["id"]: one for one in self._components}
        return {one.component.id: told[self._id_of(one.component)] for one in self._shown}

    @cached_property
    def _ahead(self) -> list[Window]:
        """What is planned: of recurring work the next window, as on the board."""
        return list({window.maintenance.id: window for window in reversed(self.report.ahead)}.values())

    @cached_property
    def _active(self) -> list[Window]:
        return [one.window for one in self.report.open if one.window]

    @cached_property
    def _moved(self) -> list[Window]:
        """Those that the clock may have begun or ended."""
        index, now = self.report.index, epoch(self.report.now)
        past = self.report.past[:NEWEST]
        return [*self._active, *(past[n] for n, key in enumerate(past.keys) if now < index[_notice_of(key)].closed)]

    def _incident(self, shown: NoticeReport) -> Json:
        incident = shown.notice
        assert isinstance(incident, Incident)  # noqa: S101, the index says so
        posts = list(_of_incident(incident))
        watched = [update.time for update in incident.updates if update.status == Status.MONITORING]
        closed = incident.is_over and incident.post_mortem
        return self._told(
            incident,
            self.urls.statuspage_id("incident", incident.id, _source(incident)),
            _with_account(incident, posts),
            status=POST_MORTEM if closed else posts[-1].status,
            started=incident.started,
            monitoring=max(watched, default=None),
            resolved=incident.resolved_at,
            impact=incident.impact.value,
        )

    def _maintenance(self, window: Window) -> Json:
        work = window.maintenance
        posts = list(_of_window(window, self.report.now))
        over = (post.time for post in posts if post.status == Status.COMPLETED)
        return self._told(
            work,
            self.urls.statuspage_id("maintenance", window.id, "" if work.recurs else _source(work)),
            posts if work.recurs else _with_account(work, posts),
            status=posts[-1].status,
            started=posts[0].time,
            monitoring=None,
            resolved=next(over, None),
            impact=MAINTENANCE,
            scheduled_for=time(window.start),
            scheduled_until=time(window.end),
        )

    def _told(
        self,
        notice: Notice,
        id_: str,
        posts: Sequence[Post],
        *,
        status: str,
        started: datetime,
        monitoring: datetime | None,
        resolved: datetime | None,
        impact: str,
        **more: str,
    ) -> Json:
        name = notice.title
        return {
            "id": id_,
            "name": name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…",
            "status": status,
            "created_at": time(posts[0].time),
            "updated_at": time(max(post.time for post in posts)),
            "monitoring_at": time(monitoring) if monitoring else None,
            "resolved_at": time(resolved) if resolved else None,
            "impact": impact,
            "shortlink": self.urls.absolute(self.urls.notice(notice.id)),
            "started_at": time(started),
            "page_id": self._page_id,
            "incident_updates": [self._update(notice, post, id_) for post in reversed(posts)],
            "components": [self._now[one] for one in notice.touches if one in self._now],
            **more,
            "reminder_intervals": None,
        }

    def _update(self, notice: Notice, post: Post, incident: str) -> Json:
        own = post.id if notice.source and notice.source.system == SYSTEM else ""
        posted = time(post.time)
        changes = [
            {
                "code": self._id_of(known),
                "name": self._full_name(known),
                "old_status": old.value,
                "new_status": new.value,
            }
            for id_, old, new in post.changes
            if (known := self.report.settings.component(id_))
        ]
        return {
            "id": self.urls.statuspage_id("update", f"{incident} {post.id}", own),
            "status": post.status,
            "body": without_comments(post.body),
            "incident_id": incident,
            "created_at": posted,
            "updated_at": posted,
            "display_at": posted,
            "affected_components": changes or None,
            "deliver_notifications": True,
            "custom_tweet": None,
            "tweet_id": None,
        }

    def _full_name(self, component: Component) -> str:
        group = self.report.settings.group(component.group)
        return f"{group.name} - {component.name}" if group else component.name


def _of_incident(incident: Incident) -> Iterator[Post]:
    """Its updates. While it is resolved nothing is wrong; a reopened one goes on as before."""
    declared = dict(incident.components)
    before: dict[str, ComponentStatus] = {}
    status = incident.updates[0].status
    for update in incident.updates:
        status = status if update.status == Status.UPDATE else update.status
        resolved = status == Status.RESOLVED
        declared = {**update.components, **declared} if resolved else {**declared, **update.components}
        after = {id_: _WELL if resolved else as_told(one) for id_, one in declared.items()}
        yield Post(update.id, update.time, status.value, update.body, _changes(before, after))
        before = after


def _of_window(window: Window, now: datetime) -> Iterator[Post]:
    """The updates that speak of it, and what the clock did where nobody wrote. A plan changes nothing yet."""
    planned = dict(window.maintenance.components)
    before: dict[str, ComponentStatus] = {}
    status = Status.SCHEDULED
    for update in _with_the_clock(window, now):
        if update.status != Status.UPDATE and not (update.status == Status.SCHEDULED and status in ACTIVE):
            status = update.status
        if update.occurrence or not window.maintenance.recurs:
            planned |= update.components
        after = {id_: as_told(one) if status in ACTIVE else _WELL for id_, one in planned.items()}
        yield Post(update.id, update.time, ENDS.get(status, status).value, update.body, _changes(before, after))
        before = after


def _with_the_clock(window: Window, now: datetime) -> list[Update]:
    """The updates that speak of it, with one for each step that it took by the clock alone."""
    first, *others = window.maintenance.updates
    until = window.finished or now
    heard = [first, *(update for update in others if _speaks_of(update, window, until))]

    def stage(at: datetime) -> Status:
        said = [u.status for u in heard if u.time <= at and u.status != Status.UPDATE]
        return said[-1] if said else Status.SCHEDULED

    begun = max(window.began, first.time)
    if begun <= now and (not window.finished or begun < window.finished) and stage(begun) == Status.SCHEDULED:
        heard.append(Update(id="clock:begun", time=begun, status=Status.IN_PROGRESS, body=BEGUN))
        heard.sort(key=lambda update: update.time)
    if window.status(now) == Status.COMPLETED and stage(now) not in (Status.COMPLETED, Status.CANCELLED):
        ended = max(until, heard[-1].time)
        heard.append(Update(id="clock:finished", time=ended, status=Status.COMPLETED, body=FINISHED))
    return heard


def _speaks_of(update: Update, window: Window, until: datetime) -> bool:
    """Of recurring work, what names the window, and what was told to all of the series before it was over."""
    if not window.maintenance.recurs or update.occurrence == window.start:
        return True
    return not update.occurrence and update.time <= until and update.status != Status.CANCELLED


def _changes(
    before: Mapping[str, ComponentStatus], after: Mapping[str, ComponentStatus]
) -> list[tuple[str, ComponentStatus, ComponentStatus]]:
    return [(id_, before.get(id_, _WELL), status) for id_, status in after.items()]


def _with_account(notice: Notice, posts: list[Post]) -> list[Post]:
    """The same with the post-mortem, which Statuspage tells as an update."""
    account = notice.post_mortem
    if not account:
        return posts
    posted = account.posted or posts[-1].time
    return sorted(
        [*posts, Post("post:mortem", posted, POST_MORTEM, write.account(account), ())], key=lambda one: one.time
    )


def _source(notice: Notice) -> str:
    return notice.source.id if notice.source and notice.source.system == SYSTEM else ""


def _newest_first(entries: Iterable[Entry]) -> list[str]:
    """Their ids."""
    return [one.id for one in sorted(entries, key=_posted, reverse=True)]


def _posted(one: Entry) -> tuple[int, str]:
    return one.posted, one.id


def _start(window: Window) -> tuple[datetime, str]:
    return window.start, window.id


def _notice_of(window: str) -> str:
    """The id of the notice of a window, by the window's."""
    return window.partition("@")[0]


def _last_change(line: Line, now: int) -> int:
    """When the component last became what it is, in seconds since 1970; 0 where it never changed.

    Pieces are cut at the ends of months, where nothing need have changed.
    """
    for month in sorted(line.months, reverse=True):
        cuts = (at for start, end, *_ in line.months[month] for at in (start, end))
        changes = [at for at in cuts if at < now and month_of(at - 1) == month_of(at)]
        if changes:
            return max(changes)
    return 0


def _spelled(seconds: int) -> str:
    return time(datetime.fromtimestamp(seconds, UTC))


def _files(basis: Basis) -> Iterator[File]:
    return Statuspage(basis.report, basis.urls).files(basis)


def _said(files: Mapping[str, bytes], basis: Basis) -> Said:
    """What a client would gather from the lists of what is now."""
    urls, known = basis.urls, basis.report.settings.components

    def read(name: str, part: str) -> list[Json]:
        found: list[Json] = json.loads(files[urls.api(f"v2/{name}.json")])[part]
        return found

    ours = {urls.statuspage_id("component", one.id, one.source_id): one.id for one in known}
    listed = (one for one in read("components", "components") if not one["group"])
    pages = {urls.absolute(urls.notice(id_)): id_ for id_ in basis.report.index}
    open_ = [
        *read("incidents/unresolved", "incidents"),
        *read("scheduled-maintenances/active", "scheduled_maintenances"),
    ]
    return Said(
        states={ours[str(one["id"])]: ComponentStatus(str(one["status"])) for one in listed},
        open=frozenset(pages[str(one["shortlink"])] for one in open_),
    )


OUTLET = Outlet(name="statuspage", files=_files, absolute=True, said=_said, as_told=as_told)
