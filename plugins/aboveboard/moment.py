"""The time of a build."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from .problem import Problem, Refused
from .settings import Settings


def moment(known: Settings, environment: Mapping[str, str], clock: datetime) -> tuple[datetime, bool]:
    """The time of this build, and whether it is a clock that stands still. Raises problem.Refused."""
    # "The value MUST be an ASCII representation of an integer with no fractional component, identical to the output
    # format of date +%s."  reproducible-builds.org/specs/source-date-epoch
    if stated := environment.get("SOURCE_DATE_EPOCH"):
        try:
            return datetime.fromtimestamp(int(stated), UTC), False
        except (ValueError, OverflowError, OSError):
            sentence = f'"{stated}" is not a time; write whole seconds since 1970, as `date +%s` does'
            raise Refused([Problem("SOURCE_DATE_EPOCH", 1, 1, sentence)]) from None
    if known.now:
        return known.now, True
    return clock.replace(microsecond=0), False
