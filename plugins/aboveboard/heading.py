"""The heading of an update: `11:40 Resolved {mail=operational next=12:10}`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from difflib import get_close_matches
from functools import lru_cache, partial

from msgspec import Struct

from . import times
from .chosen import named, pick
from .lines import Line
from .model import FOLLOWS, ComponentStatus, Kind, Status
from .problem import Problem, nearest, one_of
from .settings import Settings

EXAMPLE = "## 11:40 Resolved"

_OFFSET = r"(?: [+-]\d\d(?::?\d\d)?(?=\s))?"
_PARTS = re.compile(
    rf"(?P<time>\d{{4}}-\d\d-\d\d(?:[ T]\d[^\s{{]*{_OFFSET})?|\d{{1,2}}:[^\s{{]*{_OFFSET}|\+[^\s{{]+)"
    r"(?:\s+(?P<status>[^{]*))?(?P<braces>\{.*)?"
)
_ATTRIBUTE = re.compile(
    r"#(?P<id>\S+)|(?P<key>[^\s=]+)=(?P<value>\d{4}-\d\d-\d\d[ T]\S+(?: [+-]\d\d:?\d\d)?|\S*)|(?P<stray>\S+)"
)
_LOOSE = re.compile(r"(?:^|\s)[\[(]?(?P<changes>[^\s=]+=.*)")
"""Changes outside braces, behind a status."""

_BRACKETS = str.maketrans("[](),", "     ")

KNOWN: Mapping[Kind, tuple[Status, ...]] = {
    kind: tuple(status for status in Status if any(status in row for row in rows.values()))
    for kind, rows in FOLLOWS.items()
}
"""The statuses of each kind of notice."""

Say = Callable[[str, int], None]
"""Takes a sentence and the column that it is about."""

_UPDATE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


class Heading(Struct, frozen=True):
    """What a heading says."""

    line: Line
    time: datetime
    status: Status | None
    """None where it is none that this kind of notice has."""
    components: Mapping[str, ComponentStatus]
    id: str = ""
    occurrence: datetime | None = None
    next_by: datetime | None = None


class Reader(Struct, frozen=True):
    """Reads the headings of one notice. What is wrong is added to `problems`."""

    kind: Kind
    settings: Settings
    path: str
    problems: list[Problem]

    def read(self, line: Line, number: int, before: datetime | None) -> Heading | None:
        """The heading in `line`, of update `number` from 0; None where it has no time.

        `before` is the time of the update before it; None where there is none, or it could not be read.
        """
        match = _PARTS.fullmatch(line.title)
        if not match:
            sentence = f'"{line.title}" is not the heading of an update; write a time and a status, like {EXAMPLE}'
            self._say(line, number, sentence, line.column)
            return None
        clock, words, braces = match.groups("")
        words, at_braces = words.rstrip(), match.start("braces")
        time = status = None
        try:
            time = times.after(clock, before, self.settings.zone)
        except ValueError as error:
            if before or not number or times.WHOLE.fullmatch(clock):  # else it follows from what was said before
                self._say(line, number, str(error), line.column)
        if "=" in words and (loose := _LOOSE.search(words)):
            at, changes = match.start("status") + loose.start("changes"), loose["changes"].translate(_BRACKETS)
            sentence = f"put changes in braces, like {{{' '.join(changes.split())}}}"
            self._say(line, number, sentence, line.column + at)
            words = words[: loose.start()].rstrip()
            braces, at_braces = (braces, at_braces) if braces else (f"{{{changes}}}", at - 1)
        try:
            status = _status(self.kind, words)
        except ValueError as error:
            at = match.start("status") if words else match.end("time")
            self._say(line, number, str(error), line.column + at)
        if not time:
            return None
        if not braces:
            return Heading(line, time, status, {})
        plain = _changes(braces) if self.kind in _CHANGING else None
        if plain and all(map(self.settings.component, plain)):
            return Heading(line, time, status, plain)
        components: dict[str, ComponentStatus] = {}
        more = self._attributes(time, braces, line.column + at_braces, components, partial(self._say, line, number))
        id_, occurrence, promised = str(more.get("id", "")), _time(more.get("at")), _time(more.get("next"))
        return Heading(line, time, status, components, id_, occurrence, promised)

    def _say(self, line: Line, number: int, sentence: str, column: int) -> None:
        self.problems.append(Problem(self.path, line.number, column, sentence, f"updates[{number}]"))

    def _attributes(
        self, time: datetime, braces: str, column: int, components: dict[str, ComponentStatus], say: Say
    ) -> dict[str, str | datetime]:
        """What stands in the braces of a heading of that time, which begin at `column`; `components` gets its part."""
        if not braces.rstrip().endswith("}"):
            say("the brace is not closed; end the line with }", column)
        if "," in braces:
            say("separate them with blanks, not commas", column + braces.index(","))
            braces = braces.replace(",", " ")
        more: dict[str, str | datetime] = {}
        for match in _ATTRIBUTE.finditer(braces.strip()[1:].rstrip("}")):
            at = column + 1 + match.start()
            try:
                self._attribute(match, time, components, more)
            except ValueError as error:
                say(str(error), at)
        return more

    def _attribute(
        self,
        match: re.Match[str],
        time: datetime,
        components: dict[str, ComponentStatus],
        more: dict[str, str | datetime],
    ) -> None:
        id_, key, value, stray = match.groups()
        if stray:
            raise ValueError(f'"{stray}" means nothing here; write component=status, #id, at=time or next=time')
        if id_:
            if not _UPDATE_ID.fullmatch(id_):
                raise ValueError(f'"#{id_}" is not an id; use letters, digits, hyphens, points and underscores')
            if "id" in more:
                raise ValueError("an update has one id")
            more["id"] = id_
            return
        if key in more or key in components:
            raise ValueError(f'"{key}" stands here twice')
        if key == "at":
            if self.kind != Kind.MAINTENANCE:
                raise ValueError("at= names a window of a recurring maintenance, and this is none")
            more["at"] = times.instant(value, self.settings.zone)
        elif key == "next":
            more["next"] = promised = times.after(value, time, self.settings.zone, far=True)
            if promised <= time:
                raise ValueError("the next update is promised for a time before this one; next= is later")
        elif self.kind not in _CHANGING:
            this = with_article(self.kind)
            raise ValueError(f"{this} changes no component; post an incident or a maintenance for that")
        else:
            check_component(key, self.settings)
            components[key] = pick(ComponentStatus, value, "a component's status")


_CHANGING = frozenset({Kind.INCIDENT, Kind.MAINTENANCE})
"""The kinds of notices that change components."""

_STATUSES: Mapping[str, ComponentStatus] = {one.value: one for one in ComponentStatus}


@lru_cache(maxsize=1024)  # the same few changes stand in all notices
def _changes(braces: str) -> Mapping[str, ComponentStatus] | None:
    """What braces say where all of it may be components and their statuses; None where it needs a closer look."""
    parts = [part.partition("=") for part in braces[1:-1].split(" ")]
    found = {key: _STATUSES[value] for key, _, value in parts if value in _STATUSES}
    return found if len(found) == len(parts) and braces.endswith("}") else None


@lru_cache(maxsize=256)  # the same few words stand in all notices
def _status(kind: Kind, text: str) -> Status:
    """The status of such a notice that `text` names. Raises ValueError with the choices."""
    known = KNOWN[kind]
    name = _name(text)
    if name in known:
        return Status(name)
    choices = one_of([status for status in known if status != Status.UPDATE] or known)
    if not text:
        raise ValueError(f"a status follows the time: {choices}")
    if name in list(Status):
        raise ValueError(f'"{text}" is not a status of {with_article(kind)}; use {choices}')
    raise ValueError(f'"{text}" is not a status; use {choices}')


def reads_as_update(title: str) -> bool:
    """Whether it is surely meant as the heading of an update: a time, and a status, be it misspelt, or changes."""
    match = _PARTS.fullmatch(title)
    if not match:
        return False
    words = re.sub(r"^\W+|\W+$", "", _LOOSE.sub("", match["status"] or ""))
    return "=" in (match["braces"] or "") or bool(get_close_matches(_name(words), list(Status), n=1, cutoff=0.8))


def check_component(component: str, settings: Settings) -> None:
    """Raises ValueError, with the nearest name, where no such component is declared."""
    if settings.component(component):
        return
    if settings.group(component):
        raise ValueError(f'"{component}" is a group; name the components in it that are affected')
    components = [one.id for one in settings.components]
    if not components:
        raise ValueError(f'there is no component "{component}"; declare it in mkdocs.yml, under aboveboard')
    near = nearest(component, components) or f"; there are {', '.join(components)}"
    raise ValueError(f'there is no component "{component}"{near}')


def _name(text: str) -> str:
    name = named(text)
    return Status.CANCELLED if name == "canceled" else name


def _time(value: str | datetime | None) -> datetime | None:
    return value if isinstance(value, datetime) else None


def with_article(kind: Kind) -> str:
    """`an incident`, `a maintenance`."""
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
