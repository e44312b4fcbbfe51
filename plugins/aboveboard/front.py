"""What may stand in the front matter of each kind of notice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, PlainValidator, ValidationError, ValidationInfo, WithJsonSchema
from pydantic.json_schema import models_json_schema

from . import times, window
from .heading import check_component, with_article
from .mistakes import Mistakes
from .model import CAUSES, DETECTED_BY, LINES, Impact, Kind
from .problem import Key, nearest, one_of
from .settings import Settings
from .shape import Id, Instant, Line, Moment, Shape, State, Title, choice, problems, text_of

S = TypeVar("S", bound=Shape)

_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")


def _cause(value: object, info: ValidationInfo) -> str:
    code, known = text_of(value), info.context["causes"] if info.context else CAUSES
    if code not in known:
        raise ValueError(f'"{code}" is not a cause{nearest(code, known) or f"; use {one_of(known)}"}')
    return code


def _detected_by(value: object) -> str:
    who = text_of(value)
    if who not in DETECTED_BY:
        raise ValueError(f'"{who}" is nobody we know of; use {one_of(DETECTED_BY)}')
    return who


def _recurs(value: object) -> str:
    """An RRULE and nothing else: the first window is `scheduled_for`, and exceptions are updates."""
    text = " ".join(text_of(value).upper().split()).removeprefix("RRULE:")
    parts = dict(part.partition("=")[::2] for part in text.split(";"))
    if parts.get("FREQ") not in _FREQUENCIES:
        raise ValueError(f'"{text}" does not say how often; begin with FREQ={one_of(_FREQUENCIES)}')
    if "COUNT" in parts and "UNTIL" in parts:
        # "The UNTIL or COUNT rule parts are OPTIONAL, but they MUST NOT occur in the same 'recur'."  RFC 5545, 3.3.10
        raise ValueError("it ends after COUNT windows or at UNTIL, not both")
    if unknown := next((part for part in parts if part not in _PARTS), None):
        raise ValueError(f'"{unknown}" has no meaning here; use {one_of(_PARTS)}')
    if parts.get("UNTIL", "")[:4].isdecimal():
        times.check_year(parts["UNTIL"][:4])
    try:
        if not all(_is_within(_PARTS[part], values) for part, values in parts.items()):
            raise ValueError("a number is out of its range")
        window.rule(text, datetime(2026, 1, 1), ZoneInfo("UTC"))  # noqa: DTZ001, a rule counts local times
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(f'"{text}" is not a recurrence rule: {error}; write one like FREQ=MONTHLY;BYDAY=2TU') from None
    return text


_PARTS: Mapping[str, int] = {
    "FREQ": 0,
    "INTERVAL": 9999,
    "COUNT": 99_999,
    "UNTIL": 0,
    "BYDAY": 0,
    "BYMONTHDAY": -31,
    "BYMONTH": 12,
    "BYYEARDAY": -366,
    "BYWEEKNO": -53,
    "BYSETPOS": -366,
    "WKST": 0,
}
"""The parts of a rule, RFC 5545, 3.3.10, without those that are shorter than a day: a window begins at the hour of the
first. Behind each its largest number: below nought where it may count from the end, 0 where it holds no number."""


def _is_within(largest: int, values: str) -> bool:
    return not largest or all(
        1 <= abs(int(value)) <= abs(largest) and (largest < 0 or int(value) > 0) for value in values.split(",")
    )


def is_web_address(url: str) -> bool:
    """Whether a page may link to it as to where something was published."""
    try:
        parts = urlsplit(url)
    except ValueError:  # "http://[" is no URL
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not any(mark.isspace() for mark in url)


def _reports(value: object) -> int | None:
    text = text_of(value)
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        raise ValueError(f'"{text}" is not a number; write how many reported it, in figures, like 120')
    return int(text)


def _url(url: str) -> str:
    if url and not is_web_address(url):
        raise ValueError(f'"{url}" is not an address; write it like https://…')
    return url


_TEXT = {"type": "string"}


class Origin(Shape):
    """Where an imported notice came from."""

    system: Annotated[Line, Field(examples=["statuspage"])]
    id: Annotated[Line, Field(examples=["abc123"])]
    url: Annotated[Line, AfterValidator(_url)] = ""
    imported: Instant | None = None


class Common(Shape):
    """What every notice may say."""

    kind: Annotated[
        Kind,
        choice(Kind, "a kind of notice"),
        WithJsonSchema({"type": "string", "enum": list(Kind)}),
        Field(description="What sort of thing is posted; an incident unless stated."),
    ] = Kind.INCIDENT
    title: Annotated[
        Title,
        Field(description="In a few words what is the matter, as a customer would say it.", examples=["Mail delayed"]),
    ]
    postmortem_posted: Annotated[Instant | None, Field(description="When the post-mortem was published.")] = None
    source: Annotated[Origin | None, Field(description="Where an imported notice came from.")] = None


class Incident(Common):
    """Something broke."""

    components: dict[str, State] = Field(default_factory=dict, description="Each component's status from `started`.")
    started: Annotated[Instant | None, Field(description="When customers were first hurt.")] = None
    ended: Annotated[Instant | None, Field(description="When customers were last hurt.")] = None
    impact: Annotated[
        Impact | None,
        choice(Impact, "an impact"),
        WithJsonSchema({"type": "string", "enum": list(Impact)}),
        Field(description="The worst it ever reached, where no component says it."),
    ] = None
    cause: Annotated[
        str | None, PlainValidator(_cause), WithJsonSchema(_TEXT), Field(description="One code from the site's list.")
    ] = None
    detected_by: Annotated[
        str | None,
        PlainValidator(_detected_by),
        WithJsonSchema({"type": "string", "enum": list(DETECTED_BY)}),
        Field(description="Who noticed first."),
    ] = None
    reports: Annotated[
        int | None,
        PlainValidator(_reports),
        WithJsonSchema({"type": "integer", "minimum": 0}),
        Field(description="How many customers reported it."),
    ] = None
    credit: Annotated[Line, Field(description="What customers were credited for it.")] = ""
    us_if: Annotated[Line, Field(description='Completes "It is us if …".')] = ""
    not_us_if: Annotated[Line, Field(description='Completes "It is probably not us if …".')] = ""


class Maintenance(Common):
    """Planned work."""

    scheduled_for: Annotated[Instant, Field(description="When the window opens.", examples=["2026-11-15 02:00"])]
    scheduled_until: Annotated[Instant, Field(description="When the window closes.", examples=["2026-11-15 04:00"])]
    recurs: Annotated[
        str,
        PlainValidator(_recurs),
        WithJsonSchema(_TEXT),
        Field(description="An RFC 5545 rule: FREQ=MONTHLY;BYDAY=2TU."),
    ] = ""
    components: dict[str, State] = Field(default_factory=dict, description="Each component's status while it lasts.")
    started: Annotated[Instant | None, Field(description="When work began, where no post says it.")] = None
    ended: Annotated[Instant | None, Field(description="When work ended, where no post says it.")] = None


class Retirement(Common):
    """A service is being ended."""

    components: Annotated[tuple[Id, ...], Field(description="The components that end.")] = ()
    announced: Annotated[Moment, Field(description="When it was announced.", examples=["2026-01-12"])]
    ends: Annotated[Moment, Field(description="When the service ends.", examples=["2026-06-30"])]
    replaced_by: Annotated[Line, Field(description="What to use instead.")] = ""
    export: Annotated[Line, Field(description="How to take one's data away.")] = ""
    help: Annotated[Line, Field(description="Who helps.")] = ""


class Announcement(Common):
    """A word to everybody."""

    pinned_until: Annotated[Moment | None, Field(description="Until when it heads the board.")] = None


class Translation(Shape):
    """The title and the lines of Markdown in another language; everything else is the original's."""

    title: Annotated[Title, Field(examples=["Post verspätet"])]
    credit: Line = ""
    us_if: Line = ""
    not_us_if: Line = ""
    replaced_by: Line = ""
    export: Line = ""
    help: Line = ""


MARKDOWN = LINES
"""The keys whose line is Markdown, and so may show a picture or link a file."""

SHAPES: Mapping[Kind, type[Common]] = {
    Kind.INCIDENT: Incident,
    Kind.MAINTENANCE: Maintenance,
    Kind.RETIREMENT: Retirement,
    Kind.ANNOUNCEMENT: Announcement,
}


def read(kind: Kind, settings: Settings, mistakes: Mistakes) -> Common | None:
    """The front matter by the shape of its kind."""
    facts = shaped(SHAPES[kind], settings, mistakes)
    for key in () if facts else mistakes.source.front.values:
        owners = [other for other, one in SHAPES.items() if key in one.model_fields]
        if owners and kind not in owners:
            sentence = f"this belongs to {one_of(map(with_article, owners))}, and this is {with_article(kind)}"
            _replace_sentence(key, sentence, mistakes)
    components = mistakes.source.front.values.get("components")
    if isinstance(components, list if kind == Kind.RETIREMENT else dict):
        for at, component in enumerate(components):
            _known(("components", at if kind == Kind.RETIREMENT else component), str(component), settings, mistakes)
    return facts


def shaped(one: type[S], settings: Settings, mistakes: Mistakes) -> S | None:
    """The front matter in this shape; None where it has not got it, which is told."""
    source = mistakes.source
    written = {key: value for key, value in source.front.values.items() if value is not None or key == "title"}
    context = {"zone": settings.zone, "causes": settings.causes}
    try:
        return one.model_validate(written, context=context)
    except ValidationError as error:
        place = source.front.place
        found = problems(error, one, source.path, lambda key, content: place(key, content=content))
        mistakes.problems.extend(found)
        return None


def _replace_sentence(key: str, sentence: str, mistakes: Mistakes) -> None:
    """An unknown key that another kind knows gets the better sentence."""
    mistakes.problems[:] = [one for one in mistakes.problems if one.key != key]
    mistakes.say((key,), sentence, content=False)


def _known(key: Key, component: str, settings: Settings, mistakes: Mistakes) -> None:
    try:
        check_component(component, settings)
    except ValueError as error:
        mistakes.say(key, str(error), content=False)


def schema() -> dict[str, Any]:
    """The JSON Schema of the front matter, for editors."""
    _, made = models_json_schema([(shape, "validation") for shape in SHAPES.values()])
    for kind, shape in SHAPES.items():
        one = made["$defs"][shape.__name__]
        one["properties"]["kind"] |= {"enum": [kind]}
        one["required"] += ["kind"] if kind != Kind.INCIDENT else []
    refs = [{"$ref": f"#/$defs/{shape.__name__}"} for shape in SHAPES.values()]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The front matter of a notice",
        "anyOf": refs,
        **made,
    }
