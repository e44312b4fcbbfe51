"""A notice to text, in its canonical form: reading it back gives the notice again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from . import times
from .model import (
    POST_MORTEM,
    Action,
    Announcement,
    ComponentStatus,
    Incident,
    Kind,
    Maintenance,
    Notice,
    PostMortem,
    Retirement,
    Status,
    Update,
    update_id,
)


def notice(notice: Notice, zone: ZoneInfo) -> str:
    """The file of a notice. Times stand in `zone`, with their offset only where the clock tells them twice.

    Canonical bodies come back as they were. They have no blank lines at their ends and nothing that would divide the
    file elsewhere, or be refused there: no heading of level 1 or 2, be it of hashes, underlined or in HTML, none that
    reads as an update, none in a comment, and no open code block.
    """
    written = _Times(zone)
    parts = ["---", *_front(notice, written), "---", ""]
    taken: list[str] = []
    for update in notice.updates:
        parts += [_heading(update, written, taken), "", *([update.body, ""] if update.body else [])]
        taken.append(update.id)
    if notice.post_mortem:
        parts += [f"## {POST_MORTEM}", "", *_account(notice.post_mortem)]
    return "\n".join(parts).rstrip("\n") + "\n"


def account(post_mortem: PostMortem) -> str:
    """A post-mortem's Markdown, without the heading of level 2 under which it stands in a notice's file."""
    return "\n".join(_account(post_mortem)).rstrip("\n")


class _Times:
    """Spells times in one zone."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self.is_utc = zone.key == "UTC"

    def __call__(self, instant: datetime) -> str:
        """`2026-11-02 09:14`, with seconds where there are some and the offset where the time comes twice."""
        if self.is_utc:  # in which none does, and in which all are given
            return times.spelled(instant)
        local = instant.astimezone(self.zone)
        offset = local.utcoffset() or timedelta()
        twice = local.replace(fold=not local.fold).utcoffset() != offset
        # An offset with seconds in it, as zones had before 1972, cannot be written: "hh:mm" is all that ISO 8601 has.
        return f"{times.spelled(local)}{_offset(offset)}" if twice else times.spelled(local)


def _offset(offset: timedelta) -> str:
    sign, minutes = ("-" if offset < timedelta() else "+"), abs(offset) // timedelta(minutes=1)
    return f"{sign}{minutes // 60:02}:{minutes % 60:02}"


def _front(notice: Notice, time: _Times) -> Iterator[str]:
    """The lines of the front matter, in the order of the manual."""
    if notice.kind != Kind.INCIDENT:
        yield f"kind: {notice.kind}"
    yield f"title: {_scalar(notice.title)}"
    match notice:
        case Incident():
            yield from _statuses(notice.components)
            yield from _stated(
                time,
                started=notice.stated_start,
                ended=notice.stated_end,
                impact=notice.stated_impact,
                cause=notice.cause,
                detected_by=notice.detected_by,
                reports=notice.reports,
                credit=notice.credit,
                us_if=notice.us_if,
                not_us_if=notice.not_us_if,
            )
        case Maintenance():
            yield from _stated(
                time,
                scheduled_for=notice.scheduled_for,
                scheduled_until=notice.scheduled_until,
                recurs=notice.recurs,
            )
            yield from _statuses(notice.components)
            yield from _stated(time, started=notice.stated_start, ended=notice.stated_end)
        case Retirement():
            if notice.components:
                yield "components:"
                yield from (f"  - {component}" for component in notice.components)
            yield from _stated(
                time,
                announced=notice.announced,
                ends=notice.ends,
                replaced_by=notice.replaced_by,
                export=notice.export,
                help=notice.help,
            )
        case Announcement():
            yield from _stated(time, pinned_until=notice.pinned_until)
    if notice.post_mortem:
        yield from _stated(time, postmortem_posted=notice.post_mortem.posted)
    if origin := notice.source:
        yield "source:"
        stated = _stated(time, system=origin.system, id=origin.id, url=origin.url, imported=origin.imported)
        yield from (f"  {line}" for line in stated)


def _statuses(statuses: Mapping[str, ComponentStatus]) -> list[str]:
    lines = [f"  {_scalar(component)}: {status}" for component, status in statuses.items()]
    return ["components:", *lines] if lines else []


def _stated(time: _Times, **values: datetime | str | int | None) -> list[str]:
    """A line for each of them that is stated."""
    return [
        f"{key}: {time(value) if isinstance(value, datetime) else _scalar(value) if isinstance(value, str) else value}"
        for key, value in values.items()
        if value is not None and value != ""
    ]


_CALM = re.compile(r"[A-Za-z](?:[\w ,.()/'%+-]*[\w.)%])?", re.ASCII)
"""Words that YAML would write as they stand, which takes it two hundred times as long."""

_NULLS = frozenset({"n", "N", "null", "Null", "NULL"})


def _scalar(text: str) -> str:
    """One line of YAML, quoted only where it must be."""
    if _CALM.fullmatch(text) and text not in _NULLS:
        return str(text)
    import yaml

    dumped = yaml.dump(str(text), allow_unicode=True, width=float("inf"), Dumper=_dumper())
    return str(dumped.removesuffix("\n").removesuffix("\n..."))


@cache
def _dumper() -> Any:
    """Writes `yes`, `12:30` and `2026` without quotes, as our own reading takes them for what they are.

    YAML is imported here: hardly a notice is in need of it.
    """
    from yaml import SafeDumper
    from yaml.resolver import Resolver

    class Plain(SafeDumper):
        pass

    Plain.yaml_implicit_resolvers = {}
    null = Resolver.yaml_implicit_resolvers["~"][0][1]
    Plain.add_implicit_resolver("tag:yaml.org,2002:null", null, ["~", "n", "N", ""])
    return Plain


_STATUSES = {status: status.replace("_", " ").capitalize() for status in Status}


def _heading(update: Update, time: _Times, taken: list[str]) -> str:
    more = [f"{component}={status}" for component, status in update.components.items()] if update.components else []
    if update.id != update_id(update.time, taken):
        more.append(f"#{update.id}")
    if update.occurrence:
        more.append(f"at={_one_word(time(update.occurrence))}")
    if update.next_by:
        more.append(f"next={_one_word(time(update.next_by))}")
    braces = f" {{{' '.join(more)}}}" if more else ""
    return f"## {time(update.time)} {_STATUSES[update.status]}{braces}"


def _one_word(time: str) -> str:
    return time.replace(" ", "T")


def _account(account: PostMortem) -> Iterator[str]:
    if account.lead:
        yield from (account.lead, "")
    for section in account.sections:
        yield from (f"### {section.title}", "")
        if section.body:
            yield from (section.body, "")
        if section.actions:
            yield from (*(_action(action) for action in section.actions), "")


def _action(action: Action) -> str:
    done = f", done: {action.done}" if action.done else ""
    return f"- [{'x' if action.done else ' '}] {action.text} (owner: {action.owner}, due: {action.due}{done})"
