"""The answer to "is it me or is it you?", and how it is arrived at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from .model import SEVERITY, Component, ComponentStatus, Incident, Kind
from .story import NoticeReport

Present = Sequence[tuple[Component, ComponentStatus]]
"""The components that are shown, each as it is now, in declared order."""


class Mood(StrEnum):
    """What the headline says. Exactly one holds."""

    OURS = "ours"
    """Something is not working, and it is our doing or ours to mend."""
    SUPPLIERS = "suppliers"
    """Something is not working because of somebody we depend on."""
    WATCHING = "watching"
    """An incident is open although everything it hurt works again."""
    LOOKING = "looking"
    """An incident is open that has not hurt anything yet."""
    OVERRUN = "overrun"
    """Planned work has gone past its announced end."""
    MAINTENANCE = "maintenance"
    """Planned work is going on."""
    UNKNOWN = "unknown"
    """Of some component we have no data, or there is none of which to speak."""
    WELL = "well"
    """Everything works, as far as we know."""


class Headline(Struct, frozen=True, kw_only=True):
    """The answer to "is it me or is it you?"."""

    mood: Mood
    state: ComponentStatus
    """How what it is about looks now."""
    worst: tuple[Component, ...]
    """The components that are in that state because of it."""
    troubled: tuple[Component, ...]
    """The other components that are known not to be operational, the worst first."""
    unsaid: tuple[Component, ...]
    """The other components of which there is no data."""
    working: int
    """How many components are operational."""
    lead: NoticeReport | None
    """The notice that the headline is about: of several the latest to begin."""
    others: int
    """How many more notices are open or under way."""
    quiet_since: datetime | None
    """When the last incident ended, where all is well."""


def headline(present: Present, going_on: Sequence[NoticeReport], quiet_since: datetime | None) -> Headline:
    """The worst comes first: what is broken, then what is watched, then what was planned, then what is not known."""
    mood, about = _mood(present, going_on)
    state = max((notice.state for notice in about if notice.state), key=SEVERITY.__getitem__, default=None)
    if state is None:
        state = ComponentStatus.UNKNOWN if mood == Mood.UNKNOWN else ComponentStatus.OPERATIONAL
    named = {component.id for notice in about for component, status in notice.now if status == state}
    if mood == Mood.UNKNOWN:
        named = {component.id for component, status in present if status == ComponentStatus.UNKNOWN}
    others = [(component, status) for component, status in present if component.id not in named]
    wrong = [one for one in others if one[1] not in (ComponentStatus.OPERATIONAL, ComponentStatus.UNKNOWN)]
    lead = max(about, key=lambda n: (n.overran if mood == Mood.OVERRUN else timedelta(), n.notice.began), default=None)
    return Headline(
        mood=mood,
        state=state,
        worst=tuple(component for component, _ in present if component.id in named),
        troubled=tuple(component for component, _ in sorted(wrong, key=lambda one: -SEVERITY[one[1]])),
        unsaid=tuple(component for component, status in others if status == ComponentStatus.UNKNOWN),
        working=sum(status == ComponentStatus.OPERATIONAL for _, status in others),
        lead=lead,
        others=len(going_on) - bool(lead),
        quiet_since=quiet_since,
    )


def _mood(present: Present, going_on: Sequence[NoticeReport]) -> tuple[Mood, Sequence[NoticeReport]]:
    """What is to be said, and the notices that it is about."""
    incidents = [notice for notice in going_on if notice.notice.kind == Kind.INCIDENT]
    work = [notice for notice in going_on if notice.notice.kind == Kind.MAINTENANCE]
    bad = [notice for notice in incidents if SEVERITY[_looks(notice)] >= SEVERITY[ComponentStatus.UNDER_MAINTENANCE]]
    unsaid = any(status == ComponentStatus.UNKNOWN for _, status in present)
    if bad:
        worst = max((_looks(notice) for notice in bad), key=SEVERITY.__getitem__)
        worst_of_all = [notice for notice in bad if notice.state == worst]
        suppliers = all(_is_suppliers(notice) for notice in worst_of_all)
        return (Mood.SUPPLIERS if suppliers else Mood.OURS), worst_of_all
    if incidents and not unsaid:
        return (Mood.WATCHING if any(notice.hurt for notice in incidents) else Mood.LOOKING), incidents
    if late := [notice for notice in work if notice.overran]:
        return Mood.OVERRUN, late
    if work:
        return Mood.MAINTENANCE, work
    return (Mood.UNKNOWN if unsaid or not present else Mood.WELL), ()


def _looks(notice: NoticeReport) -> ComponentStatus:
    return notice.state or ComponentStatus.OPERATIONAL


def _is_suppliers(notice: NoticeReport) -> bool:
    """Whether its cause, or everything that it touches, is somebody else's."""
    incident = notice.notice
    named = isinstance(incident, Incident) and incident.cause == "third_party"
    return named or bool(notice.components and all(component.upstream for component in notice.components))
