"""What may be typed: the kinds of values that settings and front matter hold, each with the sentence it earns.

Pydantic checks them, so that all problems come at once and editors get a JSON Schema.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, PlainValidator, ValidationError, ValidationInfo, WithJsonSchema

from . import times
from .chosen import pick
from .model import ID, ComponentStatus
from .problem import Key, Place, Problem, nearest, spelled

E = TypeVar("E", bound=StrEnum)


class Shape(BaseModel):
    """A mapping in which a key that is not known is a mistake. Its checks are built for the first that is looked at."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True)


def problems(
    error: ValidationError, shape: type[Shape], shown: str, place: Callable[[Key, bool], Place]
) -> Iterator[Problem]:
    """Every complaint as a problem. `place(key, content)` says where a key, or its value, stands."""
    for one in error.errors(include_url=False):
        key: Key = tuple(part for part in one["loc"] if part != "[key]")
        is_key = one["type"] in ("missing", "extra_forbidden")
        where = place(key[:-1] if one["type"] == "missing" else key, not is_key)
        yield Problem(shown, where.line, where.column, _sentence(one, shape), spelled(key))


def _sentence(one: Mapping[str, Any], shape: type[Shape]) -> str:
    match one["type"]:
        case "missing":
            key = str(one["loc"][-1])
            (example,) = _shape_at(shape, one["loc"][:-1]).model_fields[key].examples or ("…",)
            return f"this key is missing; write it like {key}: {example}"
        case "extra_forbidden":
            known = list(_shape_at(shape, one["loc"][:-1]).model_fields)
            others = f"there are {_all_of(known)}" if len(known) > 1 else f"there is only {known[0]}"
            return f"there is no such key{nearest(str(one['loc'][-1]), known) or f'; {others}'}"
        case "value_error":
            return str(one["ctx"]["error"])
        case "dict_type" | "model_type" | "model_attributes_type":
            return "write keys and values here, each on its own line"
        case "list_type" | "tuple_type":
            return "write a list here, each item on its own line after a hyphen"
        case _:
            return str(one["msg"])


def _shape_at(shape: type[Shape], loc: Iterable[object]) -> type[Shape]:
    """The shape that lies at `loc`, through lists and options."""
    for part in loc:
        if isinstance(part, str) and part in shape.model_fields:
            shape = next(_shapes_in(shape.model_fields[part].annotation), shape)
    return shape


def _shapes_in(annotation: Any) -> Iterator[type[Shape]]:
    if isinstance(annotation, type) and issubclass(annotation, Shape):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _shapes_in(inner)


def _all_of(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def zone_of(info: ValidationInfo) -> ZoneInfo:
    """The zone in which times are read, from the validation's context."""
    zone: ZoneInfo = info.context["zone"] if info.context else ZoneInfo("UTC")
    return zone


def text_of(value: object) -> str:
    """A scalar as typed. MkDocs loads its own YAML, so that a date in mkdocs.yml comes as one, and `010` as 8."""
    if type(value) is str:
        return value
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, bool | int | float):
        raise ValueError("put quotes round this; YAML takes it for something other than text")
    if not isinstance(value, str | date):
        raise ValueError("write one line of text here")
    return str(value)


def _line(value: object) -> str:
    """Text on one line; YAML may have it on several."""
    text = text_of(value)
    if text.isprintable():  # then it is on one line and holds no control character
        return text.strip()
    text = _BREAKS.sub(" ", text).strip()
    if odd := _CONTROL.search(text):
        raise ValueError(f"the control character U+{ord(odd[0]):04X} cannot be shown; take it out")
    return text


_BREAKS = re.compile(r"[ \t]*[\t\n]\s*")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def _title(value: object) -> str:
    text = _line(value) if value is not None else ""
    if not text:
        raise ValueError("a title says in a few words what is the matter; this one is empty")
    return text


def _id(value: object) -> str:
    text = text_of(value)
    if not ID.fullmatch(text):
        raise ValueError(f'"{text}" is not an id; use small letters a to z, digits and hyphens, 100 at most')
    return text


def _instant(value: object, info: ValidationInfo) -> datetime:
    return times.instant(text_of(value), zone_of(info))


def _moment(value: object, info: ValidationInfo) -> datetime:
    return times.midnight_or_instant(text_of(value), zone_of(info))


def choice(kinds: type[E], what: str) -> PlainValidator:
    """One of an enumeration, in any case, with blanks or hyphens for underscores."""

    def chosen(value: object) -> E:
        return pick(kinds, text_of(value), what)

    return PlainValidator(chosen, json_schema_input_type=kinds)


_TEXT = {"type": "string"}
_TIME = {"type": "string", "description": "A time: 2026-11-02 09:14, with seconds and an offset if need be."}
_DATE = {"type": "string", "description": "A date or a time: 2026-11-20 or 2026-11-20 09:00."}

Line = Annotated[str, PlainValidator(_line), WithJsonSchema(_TEXT)]
"""Text on one line."""
Title = Annotated[str, PlainValidator(_title), WithJsonSchema(_TEXT)]
Id = Annotated[str, PlainValidator(_id), WithJsonSchema({"type": "string", "pattern": f"^{ID.pattern}$"})]
Instant = Annotated[datetime, PlainValidator(_instant), WithJsonSchema(_TIME)]
"""A whole time."""
Moment = Annotated[datetime, PlainValidator(_moment), WithJsonSchema(_DATE)]
"""A whole time, or a date that stands for its first instant."""
State = Annotated[
    ComponentStatus,
    choice(ComponentStatus, "a component's status"),
    WithJsonSchema({"type": "string", "enum": list(ComponentStatus)}),
]
