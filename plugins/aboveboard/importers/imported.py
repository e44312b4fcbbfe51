"""What an import found, and how it tells: the components to paste, and everything that had no place."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from itertools import groupby
from zoneinfo import ZoneInfo

import yaml
from msgspec import Struct

from ..model import Component, Group, Notice


class Dropped(Struct, frozen=True, kw_only=True):
    """A field of the source that has no place in our files."""

    path: str
    """Where it stands: `incidents[].incident_updates[].tweet_id`."""
    count: int
    """How often it was there."""
    empty: int
    """How often of these it was null or blank."""
    example: str
    """The first value that was not empty, as JSON, perhaps cut short; blank where there was none."""
    why: str
    """A sentence without its full stop."""


class Remark(Struct, frozen=True, kw_only=True):
    """Something that was not taken just as it was."""

    notice: str
    """Its notice's id; blank where it is about no one of them."""
    sentence: str


class Imported(Struct, frozen=True, kw_only=True):
    """What was read from somebody's status page."""

    notices: tuple[Notice, ...]
    """By when they began, then by id."""
    components: tuple[Component, ...]
    """In the order in which the page showed them."""
    groups: tuple[Group, ...]
    zone: str
    """The page's IANA time zone."""
    dropped: tuple[Dropped, ...]
    """By path."""
    remarks: tuple[Remark, ...]
    """Those about no one notice first, then in the notices' order."""


def components_yaml(imported: Imported) -> str:
    """What to paste under the plugin in mkdocs.yml: the time zone, the groups and the components."""
    zone = ZoneInfo(imported.zone)
    lists: dict[str, object] = {"timezone": imported.zone}
    if imported.groups:
        lists["groups"] = [_present(id=one.id, name=one.name, source_id=one.source_id) for one in imported.groups]
    if imported.components:
        lists["components"] = [
            _present(
                id=one.id,
                name=one.name,
                group=one.group,
                since=_day_or_time(one.since, zone),
                was=list(one.was),
                description=one.description,
                source_id=one.source_id,
            )
            for one in imported.components
        ]
    return yaml.safe_dump(lists, sort_keys=False, allow_unicode=True, width=10_000)


def report(imported: Imported) -> str:
    """What was read, every field that had no place, and everything that was not taken just as it was."""
    return "\n".join((*_sum(imported), *_fields(imported.dropped), *_remarks(imported.remarks)))


def example(value: object) -> str:
    """A value for a person to recognise, as JSON on one line and not too long."""
    if isinstance(value, Mapping):
        return f"an object of {', '.join(map(str, value))}"[:60]
    if isinstance(value, list):
        return f"a list of {len(value)}"
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _present(**entry: object) -> dict[str, object]:
    """An entry without what is blank."""
    return {key: value for key, value in entry.items() if value}


def _day_or_time(when: datetime | None, zone: ZoneInfo) -> date | datetime | None:
    """A local day where it is one, else a local time, with its offset where the clock shows it twice."""
    if not when:
        return None
    local = when.astimezone(zone)
    if local.time() == time():
        return local.date()
    return local if local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset() else local.replace(tzinfo=None)


def _sum(imported: Imported) -> Iterator[str]:
    kinds = Counter(notice.kind for notice in imported.notices)
    updates = sum(len(notice.updates) for notice in imported.notices)
    account = sum(1 for notice in imported.notices if notice.post_mortem)
    yield ", ".join(
        (
            *(_count(n, kind) for kind, n in sorted(kinds.items())),
            _count(updates, "update"),
            _count(account, "post-mortem"),
            _count(len(imported.components), "component"),
            _count(len(imported.groups), "group"),
        )
    )
    yield f"Times are kept to the second and written in {imported.zone}, which mkdocs.yml must then say, too."


def _fields(dropped: Iterable[Dropped]) -> Iterator[str]:
    yield from ("", "Fields that have no place", "")
    for field in dropped:
        empty = "" if not field.empty else ", all empty" if field.empty == field.count else f", {field.empty} empty"
        shown = f"; for example {field.example}" if field.example else ""
        yield f"  {field.path}: {field.count} times{empty}{shown}"
        yield f"      {field.why}."


def _remarks(remarks: Iterable[Remark]) -> Iterator[str]:
    yield from ("", "What was not taken just as it was", "")
    for notice, about in groupby(remarks, key=lambda remark: remark.notice):
        yield f"  {notice or 'In general'}"
        yield from (f"      {remark.sentence}" for remark in about)


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"
