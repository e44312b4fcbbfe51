"""Short ways to make notices for tests. Times are `14:00` on 2 March 2026, or `03-05 14:00`, in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from aboveboard.model import Component, ComponentStatus, Group, Incident, Maintenance, Status, Update, update_id
from aboveboard.options import read as read_settings
from aboveboard.settings import Host, Settings

MAJOR = ComponentStatus.MAJOR_OUTAGE
PARTIAL = ComponentStatus.PARTIAL_OUTAGE
DEGRADED = ComponentStatus.DEGRADED_PERFORMANCE
WORK = ComponentStatus.UNDER_MAINTENANCE
UNKNOWN = ComponentStatus.UNKNOWN
FINE = ComponentStatus.OPERATIONAL
UTC_ZONE = ZoneInfo("UTC")

HOST = Host(name="Test status", url="https://status.example.com/")


def at(text: str) -> datetime:
    """`14:00`, `03-05 14:00` or `2026-03-05 14:00`, in UTC."""
    day, _, clock = text.rpartition(" ")
    date = {0: "2026-03-02", 1: f"2026-{day}", 2: day}[day.count("-") if day else 0]
    return datetime.fromisoformat(f"{date}T{clock}").replace(tzinfo=UTC)


def updates(*written: str | tuple[str, dict[str, ComponentStatus]]) -> tuple[Update, ...]:
    """`"14:05 investigating"`, or with components `("14:05 monitoring", {"api": FINE})`."""
    made: list[Update] = []
    for one in written:
        text, components = (one, {}) if isinstance(one, str) else one
        when, _, status = text.rpartition(" ")
        time = at(when)
        made.append(
            Update(
                id=update_id(time, [update.id for update in made]),
                time=time,
                status=Status(status),
                body=f"We write at {when}.",
                components=components,
            )
        )
    return tuple(made)


def incident(
    id: str = "it-broke",
    *written: str | tuple[str, dict[str, ComponentStatus]],
    started: str | None = None,
    ended: str | None = None,
    components: dict[str, ComponentStatus] | None = None,
    **more: object,
) -> Incident:
    """An incident of `api`, down from `started` until `ended`, posted when it happened, unless told otherwise."""
    posts = written or (f"{started or '14:00'} investigating", *([f"{ended} resolved"] if ended else []))
    return Incident(
        id=id,
        title=more.pop("title", "It broke"),  # type: ignore[arg-type]
        updates=updates(*posts),
        components={"api": MAJOR} if components is None else components,
        stated_start=at(started) if started else None,
        stated_end=at(ended) if ended else None,
        **more,  # type: ignore[arg-type]
    )


def maintenance(
    id: str = "planned",
    *written: str | tuple[str, dict[str, ComponentStatus]],
    window: tuple[str, str] = ("14:00", "15:00"),
    components: dict[str, ComponentStatus] | None = None,
    **more: object,
) -> Maintenance:
    """A maintenance of `api`, announced a day ahead."""
    return Maintenance(
        id=id,
        title=more.pop("title", "Planned work"),  # type: ignore[arg-type]
        updates=updates(*(written or ("03-01 09:00 scheduled",))),
        scheduled_for=at(window[0]),
        scheduled_until=at(window[1]),
        components={"api": WORK} if components is None else components,
        **more,  # type: ignore[arg-type]
    )


def settings(*components: str, zone: str = "UTC", since: str = "2026-01-01", **more: object) -> Settings:
    """The settings of a site with these components, `api` by default, each its own name."""
    written = {
        "timezone": zone,
        "since": since,
        "components": [{"id": id, "name": id.upper()} for id in components or ("api",)],
    }
    return read_settings(written | more, HOST)


def component(id: str = "api", since: str | None = "2026-01-01 00:00", until: str | None = None) -> Component:
    """A component, spoken for since the new year."""
    return Component(id=id, name=id.upper(), since=at(since) if since else None, until=at(until) if until else None)


DUBLIN = ZoneInfo("Europe/Dublin")
"""A zone whose clock changes."""

GROUP = Group(id="all", name="All")
