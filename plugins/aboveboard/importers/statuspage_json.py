"""The shapes of Statuspage's `/api/v2` JSON: what of it is read, and why the rest has no place here.

What a shape declares is read. Whatever else an object holds is counted, so that nothing is lost unsaid; for the keys
that Statuspage is known to send, `PLACELESS` says why. It also names what is read but shows only by its effect.
Every key but the ids may be missing or null.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Annotated, ClassVar, TypeVar

from msgspec import Struct
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from .. import times
from ..problem import Problem, Refused, one_of
from .imported import Dropped, example

EARLIEST = datetime(1, 1, 1, tzinfo=UTC)
"""Stands for a time that is not told, where the newest is looked for."""


def _text(value: object) -> str:
    """A string as it is, lone surrogates too, which pydantic would refuse; a number as its digits."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError("should be text")
    return str(value)


def _utc(value: datetime) -> datetime:
    _of_this_age(value)
    return value.astimezone(UTC)


def _of_this_age(value: date) -> date:
    if not times.FIRST_YEAR < value.year < times.LAST_YEAR:  # a day from the edge, for every zone
        raise ValueError("is no time that a status page tells of")
    return value


def _listed(value: object) -> object:
    return [] if value is None else value


T = TypeVar("T")
Text = Annotated[str, PlainValidator(_text)]
Id = Annotated[str, PlainValidator(_text), Field(min_length=1)]
Time = Annotated[AwareDatetime, AfterValidator(_utc)]
Day = Annotated[date, AfterValidator(_of_this_age)]
Several = Annotated[list[T], BeforeValidator(_listed)]


class Shape(BaseModel):
    """An object of the JSON."""

    model_config = ConfigDict(extra="allow", frozen=True)
    PLACELESS: ClassVar[Mapping[str, str]] = {}


class Page(Shape):
    """Whose page it is."""

    PLACELESS = {
        "id": "it names the page at Statuspage, and the notices keep ids of their own",
        "name": "a site's name is site_name in mkdocs.yml",
        "url": "a site's address is site_url in mkdocs.yml; relative links were made whole with this one",
        "updated_at": "it chose the newest time zone and says nothing else",
    }
    id: Text | None = None
    name: Text | None = None
    url: Text | None = None
    time_zone: Text | None = None
    updated_at: Time | None = None


class Component(Shape):
    """A component, or a group of them where `group` is true, as it was when the file was made."""

    PLACELESS = {
        "status": "what a component is today is worked out from the notices",
        "created_at": "where it tells more than start_date and the first notice, it became since",
        "updated_at": "it chose the newest of several copies and says nothing else",
        "position": "the order of the list keeps it",
        "page_id": "there is one page",
        "group": "groups are a list of their own",
        "components": "each component names its group",
        "showcase": "every component is shown",
        "only_show_if_degraded": "every component is shown",
        "automation_email": "notices come from files",
    }
    id: Id
    name: Text | None = None
    description: Text | None = None
    group: bool | None = None
    group_id: Text | None = None
    position: int | None = None
    start_date: Day | None = None
    created_at: Time | None = None
    updated_at: Time | None = None


class Affected(Shape):
    """What an update says about a component."""

    PLACELESS = {
        "old_status": "it tells what the component was just before, but not since when",
    }
    code: Text | None = None
    name: Text | None = None
    new_status: Text | None = None


class Update(Shape):
    """A public message."""

    PLACELESS = {
        "incident_id": "it is the notice that the update stands in",
        "created_at": "the time that was shown, display_at, is kept; where they are minutes apart, a remark says so",
        "updated_at": "only the newest words are there; where they were changed later, a remark says so",
        "deliver_notifications": "whom Statuspage sent mail to is not told to readers",
        "wants_twitter_update": "posts elsewhere are not told to readers",
        "custom_tweet": "posts elsewhere are not told to readers",
        "tweet_id": "posts elsewhere are not told to readers",
        "twitter_updated_at": "posts elsewhere are not told to readers",
    }
    id: Text | None = None
    status: Text | None = None
    body: Text | None = None
    display_at: Time | None = None
    created_at: Time | None = None
    updated_at: Time | None = None
    affected_components: Several[Affected] = []

    @property
    def shown(self) -> datetime:
        """The time that readers saw."""
        return self.display_at or self.created_at or self.updated_at or EARLIEST

    @model_validator(mode="after")
    def _has_a_time(self) -> Update:
        if self.shown == EARLIEST:
            raise ValueError("has no time; display_at or created_at should tell it")
        return self


class Incident(Shape):
    """An incident, or a maintenance where it has a `scheduled_for`."""

    PLACELESS = {
        "status": "it is that of the newest update; where it is not, a remark says so",
        "created_at": "the first update's time is kept; where it stands in for that, a remark says so",
        "updated_at": "it chose the newest of several copies and says nothing else",
        "monitoring_at": "it is the time of an update; where it is not, a remark says so",
        "resolved_at": "it is the time of an update; where it is not, a remark says so",
        "page_id": "there is one page",
        "reminder_intervals": "whom Statuspage reminded, and when, is not told to readers",
        "impact_override": "impact is what was shown",
        "backfilled": "the times of the updates show it",
        "metadata": "it is the owner's own, for other programs",
        "scheduled_remind_prior": "whom Statuspage reminded, and when, is not told to readers",
        "scheduled_reminded_at": "whom Statuspage reminded, and when, is not told to readers",
        "scheduled_auto_in_progress": "a maintenance follows the clock by itself",
        "scheduled_auto_completed": "only a person completes a maintenance; the updates tell when",
        "postmortem_body": "the update that published it is kept",
        "postmortem_body_last_updated_at": "the update that published it is kept",
        "postmortem_published_at": "the update that published it is kept",
        "postmortem_ignored": "an incident without a post-mortem has none",
        "postmortem_notified_subscribers": "whom Statuspage sent mail to is not told to readers",
        "postmortem_notified_twitter": "posts elsewhere are not told to readers",
    }
    id: Id
    name: Text | None = None
    status: Text | None = None
    impact: Text | None = None
    shortlink: Text | None = None
    created_at: Time | None = None
    updated_at: Time | None = None
    started_at: Time | None = None
    monitoring_at: Time | None = None
    resolved_at: Time | None = None
    scheduled_for: Time | None = None
    scheduled_until: Time | None = None
    incident_updates: Several[Update] = []
    """Newest first."""
    components: Several[Component] = []
    """As they were when the file was made, not when the incident was."""

    @property
    def made(self) -> datetime:
        """When it was entered, as well as that is told."""
        oldest = min((update.shown for update in self.incident_updates), default=EARLIEST)
        return self.created_at or self.started_at or self.updated_at or oldest

    @model_validator(mode="after")
    def _has_a_time(self) -> Incident:
        if self.made == EARLIEST:
            raise ValueError("has no time; created_at should tell it")
        return self


class Document(Shape):
    """What one of the endpoints answers."""

    PLACELESS = {
        "status": "what the whole page is today is worked out from the notices",
        "meta": "it is about the message, not the page",
    }
    page: Page | None = None
    incident: Incident | None = None
    incidents: Several[Incident] = []
    scheduled_maintenances: Several[Incident] = []
    components: Several[Component] = []


class Archive(Struct, frozen=True, kw_only=True):
    """Everything that the documents hold, each thing once, in its newest copy."""

    page: Page
    components: tuple[Component, ...]
    """Groups among them, by id."""
    names: Mapping[str, tuple[str, ...]]
    """Every name that a component ever had, by its id, the newest first."""
    incidents: tuple[Incident, ...]
    """Maintenances among them, by id."""
    differing: Mapping[str, str]
    """What to say of an incident that is told in different ways, by its id."""
    dropped: tuple[Dropped, ...]


def archive(documents: Iterable[tuple[str, object]]) -> Archive:
    """Read every document, in whatever order they come. Refused, with all problems, where one has another shape."""
    read = _documents(documents)
    pages = [document.page for _, document in read if document.page]
    incidents: dict[str, list[tuple[Incident, str]]] = {}
    components: dict[str, list[Component]] = {}
    for name, document in read:
        single = [document.incident] if document.incident else []
        for incident in (*single, *document.incidents, *document.scheduled_maintenances):
            incidents.setdefault(incident.id, []).append((incident, name))
            for component in incident.components:
                components.setdefault(component.id, []).append(component)
        for component in document.components:
            components.setdefault(component.id, []).append(component)
    for copies in incidents.values():
        copies.sort(key=lambda copy: (copy[0].updated_at or EARLIEST, len(copy[0].incident_updates)), reverse=True)
    for versions in components.values():
        versions.sort(key=lambda version: version.updated_at or EARLIEST, reverse=True)
    return Archive(
        page=max(pages, key=lambda page: page.updated_at or EARLIEST, default=Page()),
        components=tuple(versions[0] for _, versions in sorted(components.items())),
        names={code: tuple(dict.fromkeys(one.name for one in seen if one.name)) for code, seen in components.items()},
        incidents=tuple(copies[0][0] for _, copies in sorted(incidents.items())),
        differing={code: said for code, copies in incidents.items() if (said := _differing(copies))},
        dropped=_dropped(document for _, document in read),
    )


def _documents(documents: Iterable[tuple[str, object]]) -> list[tuple[str, Document]]:
    """The documents, in an order that does not depend on how they came."""
    read: list[tuple[str, Document]] = []
    problems: list[Problem] = []
    for name, value in sorted(documents, key=lambda document: (document[0], json.dumps(document[1], sort_keys=True))):
        if not isinstance(value, Mapping) or value.keys().isdisjoint(Document.model_fields):
            held = example(value)
            problems.append(Problem(name, 1, 1, f"Statuspage's API answers nothing like this: it is {held}"))
            continue
        try:
            read.append((name, Document.model_validate(value)))
        except ValidationError as refused:
            problems += (_problem(name, error) for error in refused.errors(include_url=False))
    pages = {document.page.id: (name, document.page) for name, document in read if document.page and document.page.id}
    if len(pages) > 1:
        names = one_of(sorted(f'"{page.name or page.id}"' for _, page in pages.values()))
        for name, _ in pages.values():
            problems.append(Problem(name, 1, 1, f"these files come from several pages; import {names}, one at a time"))
    if problems:
        raise Refused(problems)
    return read


_SENTENCES: Mapping[str, str] = {
    "missing": "is missing",
    "list_type": "should be a list",
    "model_type": "should be an object",
    "bool_type": "should be true or false",
    "bool_parsing": "should be true or false",
    "int_parsing": "should be a whole number",
    "int_type": "should be a whole number",
    "too_short": "is empty",
    "string_type": "should be text",
    "timezone_aware": "has no offset from UTC; it should look like 2026-11-02T09:31:00.000Z",
}
"""What pydantic found, by its name for it, as we say it."""

_NOT_A: Mapping[str, str] = {
    "datetime": "is not a time; it should look like 2026-11-02T09:31:00.000Z",
    "date": "is not a day; it should look like 2026-11-02",
}
"""The same for all of its names that begin so."""


def _problem(name: str, error: ErrorDetails) -> Problem:
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error["loc"]).lstrip(".")
    kind = error["type"]
    sentence = _SENTENCES.get(kind) or _NOT_A.get(kind.split("_")[0]) or error["msg"].removeprefix("Value error, ")
    found = "" if kind == "missing" else f"{example(error['input'])} "
    return Problem(name, 1, 1, f"{found}{sentence}", key)


def _differing(copies: list[tuple[Incident, str]]) -> str:
    """What to say where the copies, the newest first, are not all the same."""
    (newest, name), *older = copies
    others = [(copy, where) for copy, where in older if copy != newest]
    if not others:
        return ""
    ids = {update.id for update in newest.incident_updates}
    left = {update.id for copy, _ in others for update in copy.incident_updates} - ids
    more = f"; {len(left)} updates that only others have are left out" if left else ""
    return f"{one_of(dict.fromkeys(where for _, where in others))} tells it differently from {name}, the newest{more}."


def _dropped(documents: Iterable[Document]) -> tuple[Dropped, ...]:
    """Every field without a place, by its path."""
    found: dict[str, tuple[str, list[object]]] = {}
    for document in documents:
        for path, value, why in _placeless(document, ""):
            found.setdefault(path, (why, []))[1].append(value)
    return tuple(
        Dropped(
            path=path,
            count=len(values),
            empty=sum(value in (None, "", [], {}) for value in values),
            example=next((example(value) for value in values if value not in (None, "", [], {})), ""),
            why=why,
        )
        for path, (why, values) in sorted(found.items())
    )


def _placeless(shape: Shape, path: str) -> Iterator[tuple[str, object, str]]:
    """The path and value of each field that has no place, and why."""
    for key, value in (shape.model_extra or {}).items():
        yield f"{path}{key}", value, shape.PLACELESS.get(key, "this importer does not know it")
    for key in sorted(shape.model_fields_set & type(shape).model_fields.keys()):
        value = getattr(shape, key)
        if key in shape.PLACELESS:
            yield f"{path}{key}", _plain(value), shape.PLACELESS[key]
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, Shape):
                yield from _placeless(part, f"{path}{key}{'[]' if isinstance(value, list) else ''}.")


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
