"""Statuspage's components and groups as ours: ids that a person can type, and every name they ever had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time
from itertools import chain, count
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from ..model import Component, Group, Log
from ..settings import RESERVED
from . import ids as spelled
from . import statuspage_json as json
from .plain import one_line

LATEST = datetime(9999, 12, 31, tzinfo=UTC)
"""Stands for a time that is not told, where the oldest is looked for."""


class Components(Struct, frozen=True, kw_only=True):
    """The components of a page, each known by Statuspage's id for it."""

    ids: Mapping[str, str]
    """Ours by theirs, of components only."""
    components: tuple[Component, ...]
    """In the order in which the page showed them, without `since`."""
    groups: tuple[Group, ...]
    existed: Mapping[str, datetime]
    """When a component began to be counted or was made, by our id, where that is told."""
    lost: tuple[str, ...]
    """What of them has no place, as sentences."""

    def since(self, log: Log) -> Iterator[Component]:
        """The components, with `since` where they began after the first notice.

        A page is older than what its JSON still tells, the fifty newest incidents. Nothing is said about the time
        before the first notice, for it would look as if all had been well.
        """
        first = min((notice.began for notice in log.notices), default=LATEST)
        for component in self.components:
            existed = self.existed.get(component.id)
            yield replace(component, since=existed) if existed and existed > first else component

    def remarks(self, log: Log) -> Iterator[str]:
        """What is not kept of them."""
        yield from self.lost
        kept = {component.id for component in self.since(log) if component.since}
        older = [one for one in self.components if one.id in self.existed and one.id not in kept]
        if older:
            told = ", ".join(f"{one.name} ({self.existed[one.id]:%Y-%m-%d})" for one in older)
            yield f"There before the first notice that was read, and so without a since: {told}."


def of(archive: json.Archive, zone: ZoneInfo) -> Components:
    """Those that the documents list, and those that only an update names."""
    listed = {one.id: one for one in archive.components}
    groups = {one.id: one for one in archive.components if one.group}
    called = _called(archive, groups)
    unlisted = {code: _unlisted(code, names[0], groups) for code, names in called.items() if code not in listed}
    everything = listed | unlisted
    ids = _ids(everything, groups)
    shown = sorted(everything.values(), key=lambda one: (*_place(groups.get(one.group_id or "") or one), *_place(one)))
    return Components(
        ids={code: ids[code] for code, one in everything.items() if not one.group},
        components=tuple(
            Component(
                id=ids[one.id],
                name=name(one),
                group=ids[one.group_id] if one.group_id in groups else None,
                description=one_line(one.description or ""),
                was=tuple(old for old in called.get(one.id, ()) if old != name(one)),
                source_id=one.id,
            )
            for one in shown
            if not one.group
        ),
        groups=tuple(Group(id=ids[one.id], name=name(one), source_id=one.id) for one in shown if one.group),
        lost=tuple(_lost(shown, groups)),
        existed={ids[one.id]: began for one in shown if (began := _began(one, zone))},
    )


def name(component: json.Component) -> str:
    """What a reader knows it by; its id where it has no name."""
    return one_line(component.name or "") or component.id


def _called(archive: json.Archive, groups: Mapping[str, json.Component]) -> dict[str, tuple[str, ...]]:
    """Every name that anything calls a component by, without its group's, by Statuspage's id."""
    called: dict[str, dict[str, None]] = {
        code: dict.fromkeys(map(one_line, names)) for code, names in archive.names.items()
    }
    for incident in archive.incidents:
        for update in incident.incident_updates:
            for affected in update.affected_components:
                if affected.code and affected.name:
                    _, alone = _split(one_line(affected.name), groups)
                    called.setdefault(affected.code, {})[alone] = None
    return {code: tuple(names) for code, names in called.items() if names}


def _split(full: str, groups: Mapping[str, json.Component]) -> tuple[str | None, str]:
    """Statuspage calls a component "Group - Name" where it has a group: the group's id, and the name."""
    for group in groups.values():
        if full.startswith(f"{name(group)} - "):
            return group.id, full.removeprefix(f"{name(group)} - ")
    return None, full


def _unlisted(code: str, full: str, groups: Mapping[str, json.Component]) -> json.Component:
    group, alone = _split(full, groups)
    return json.Component(id=code, name=alone, group_id=group)


def _ids(everything: Mapping[str, json.Component], groups: Mapping[str, json.Component]) -> dict[str, str]:
    """Our id for each. The oldest of one name gets the plain one, so that a newcomer changes nobody's."""
    ids: dict[str, str] = {}
    taken = set(RESERVED)
    for one in sorted(everything.values(), key=lambda one: (one.created_at or LATEST, one.id)):
        plain = spelled.slug(name(one)) or spelled.of_source(one.id)
        group = groups.get(one.group_id or "")
        longer = f"{spelled.slug(name(group))}-{plain}".strip("-") if group else plain
        longer = f"{plain}-group" if one.group else longer
        wanted = chain((plain, longer[:100]), (f"{longer[:90]}-{n}" for n in count(2)))
        ids[one.id] = next(candidate for candidate in wanted if candidate not in taken)
        taken.add(ids[one.id])
    return ids


def _place(one: json.Component) -> tuple[int, str]:
    """Where the page showed it; those that do not tell come last."""
    return (one.position if one.position is not None else 1_000_000, one.id)


def _lost(shown: list[json.Component], groups: Mapping[str, json.Component]) -> Iterator[str]:
    for one in shown:
        if one.group and one.description:
            yield f"The group {name(one)} has a description, for which there is no place: {one_line(one.description)}"
        if one.group_id and one.group_id not in groups:
            yield f"{name(one)} is in the group {one_line(one.group_id)}, which no file lists."


def _began(one: json.Component, zone: ZoneInfo) -> datetime | None:
    if one.group:
        return None
    if one.start_date:
        return datetime.combine(one.start_date, time(), zone).astimezone(UTC)
    return one.created_at.replace(microsecond=0) if one.created_at else None
