"""Which of a few words is meant by what somebody typed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from .model import ComponentStatus
from .problem import nearest, one_of

E = TypeVar("E", bound=StrEnum)


def pick(kinds: type[E], text: str, what: str) -> E:
    """The member that `text` names. Raises ValueError with the choices."""
    name = named(text)
    try:
        return kinds(name)
    except ValueError:
        meant = MEANT.get(name) if kinds is ComponentStatus else None
        near = f"; did you mean {one_of(map(_QUOTED.format, meant))}?" if meant else nearest(name, kinds)
        raise ValueError(f'"{text}" is not {what}{near or f"; use {one_of(kinds)}"}') from None


@lru_cache(maxsize=256)  # the same few words stand in all notices
def named(text: str) -> str:
    """A word in any case, with blanks or hyphens for underscores, as the members of our enumerations are spelled."""
    return "_".join(text.casefold().replace("-", " ").replace("_", " ").split())


_QUOTED = '"{}"'
_PARTIAL, _MAJOR = ComponentStatus.PARTIAL_OUTAGE, ComponentStatus.MAJOR_OUTAGE

MEANT: Mapping[str, tuple[ComponentStatus, ...]] = {
    word: meant
    for meant, words in {
        (ComponentStatus.OPERATIONAL,): "up ok okay online working available healthy fine normal green",
        (ComponentStatus.DEGRADED_PERFORMANCE,): "degraded slow delayed impaired yellow",
        (ComponentStatus.UNDER_MAINTENANCE,): "maintenance in_maintenance planned scheduled blue",
        (_PARTIAL,): "partial partially_down",
        (_PARTIAL, _MAJOR): "outage disrupted disruption",
        (_MAJOR,): "down offline unavailable dead major full_outage critical red",
    }.items()
    for word in words.split()
}
"""What people type for a component's status, and what they mean by it."""
