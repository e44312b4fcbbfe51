"""A source to a notice: a finished value, or all that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice, pairwise, takewhile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from . import lines, post_mortem, times, window
from .chosen import pick
from .heading import Heading, Reader, check_component, reads_as_update
from .lines import Line
from .model import (
    ACCOUNT,
    FACTS,
    FOLLOWS,
    LINES,
    POST_MORTEM,
    Announcement,
    ComponentStatus,
    Incident,
    Kind,
    Maintenance,
    Notice,
    Origin,
    PostMortem,
    Retirement,
    Status,
    Translation,
    Update,
    update_id,
)
from .problem import Key, Problem, Refused, nearest, one_of, spelled
from .settings import Settings
from .source import Source

if TYPE_CHECKING:  # what git remembers of a file is understood without checking it
    from . import front, shape

S = TypeVar("S", bound="shape.Shape")

SAMPLE = 60
"""How many windows of a recurring maintenance are looked at to see whether they overlap."""

HORIZON = 5000
"""How many windows of a recurring maintenance are looked through for the one that an update names."""


_ACTIVE = frozenset((Status.INVESTIGATING, Status.IDENTIFIED, Status.MONITORING))

_EMPTY = "the post-mortem is empty; take it out, or say what happened"


def notice(source: Source, settings: Settings, *, post_mortem: Source | None = None) -> Notice:
    """One notice, with its post-mortem where that is a file of its own. Raises Refused with all its problems."""
    return _Parser(source, settings).notice(post_mortem)


def translation(source: Source, original: Notice, settings: Settings) -> Translation:
    """The words of `original` in another language. Raises Refused with all its problems."""
    return _Parser(source, settings).translation(original)


def parts(source: Source, settings: Settings) -> tuple[str, Mapping[str, str]]:
    """What a version of a notice's file says: its title, and its words by part, as `model.Edit` names them.

    What is wrong with it is not told: it is long published. There are no parts where they cannot be told apart. A
    promise has the same words whether it is kept or not, and keys of the front matter have no order.
    """
    return _Parser(source, settings).said()


def schema() -> dict[str, Any]:
    """The JSON Schema of the front matter, for editors."""
    from . import front

    return front.schema()


class _Part(NamedTuple):
    """A heading and the lines below it."""

    heading: Line
    texts: list[str]


class _Parser:
    """Reads one file; its problems gather here until all are found."""

    def __init__(self, source: Source, settings: Settings) -> None:
        self.source = source
        self.settings = settings
        self.components = [component.id for component in settings.components]
        self.groups = [group.id for group in settings.groups]
        self.kind = _kind(source)
        self.problems: list[Problem] = []

    def notice(self, account: Source | None) -> Notice:
        """The notice, or Refused."""
        facts = self._front()
        parts, told = self._parts(imported="source" in self.source.front.values)
        updates = self._updates(parts, imported=bool(facts and facts.source))
        account_read = self._account(told, account, facts)
        images = tuple(
            dict.fromkeys(
                (
                    *self._images_in_front(facts),
                    *self._images(self.source),
                    *(self._images(account) if account else ()),
                )
            )
        )
        if facts is None or (self.problems and not updates):
            raise Refused(self.problems)
        if not updates:
            line = self.source.line
            self._say_at(line, 1, f"a notice has at least one update; write a heading like {_first(facts.kind)}")
            raise Refused(self.problems)
        made = self._made(facts, updates, account_read, images)
        self._check(made)
        if self.problems:
            raise Refused(self.problems)
        return made

    def said(self) -> tuple[str, Mapping[str, str]]:
        """As `parts`, without comments: what no page shows is no edit either."""
        if self.source.role:
            return "", {ACCOUNT: _unticked(lines.without_comments(self.source.body))}
        written, told = self._parts(imported=True)
        said = {FACTS: "\n".join(_flat(self.source.front.values))}
        updates = self._updates(written, imported=True)
        for update in updates:
            changes = [f"{component}={status}" for component, status in update.components.items()]
            body = lines.without_comments(update.body)
            said[update.id] = "\n\n".join(filter(None, (" ".join([update.status, *changes]), body)))
        if told:
            said[ACCOUNT] = _unticked(lines.without_comments("\n".join(told.texts)))
        return str(self.source.front.values.get("title") or ""), said if updates else {}

    def translation(self, original: Notice) -> Translation:
        """The translation, or Refused."""
        from . import front

        facts = self._shaped(front.Translation)
        parts, told = self._parts(imported=original.source is not None)
        bodies: dict[str, str] = {}
        for number, part in enumerate(parts):
            update = self._translated(part, number, original)
            if update:
                bodies[update.id] = lines.stripped(part.texts)
        account = self._account(told, None, None)
        self._check_translation(account, original)
        lines_ = {key: text for key in LINES if (text := getattr(facts, key, ""))}
        for key in lines_:
            if not getattr(original, key, ""):
                self._say((key,), f"{PurePosixPath(original.path).name} has no {key} to translate")
        if self.problems or facts is None:
            raise Refused(self.problems)
        return Translation(
            notice=original.id,
            lang=self.source.role,
            title=facts.title,
            bodies=bodies,
            lines=lines_,
            post_mortem=account,
            path=self.source.path,
        )

    # What is wrong

    def _say(self, key: Key, sentence: str, *, content: bool = True) -> None:
        place = self.source.front.place(key, content=content)
        self.problems.append(Problem(self.source.path, place.line, place.column, sentence, spelled(key)))

    def _say_at(self, line: int, column: int, sentence: str, key: str = "") -> None:
        self.problems.append(Problem(self.source.path, line, column, sentence, key))

    # Front matter

    def _front(self) -> front.Common | None:
        """The front matter by the shape of its kind."""
        from . import front

        kind = self.kind
        facts = self._shaped(front.SHAPES[kind])
        for key in () if facts else self.source.front.values:
            owners = [other for other, one in front.SHAPES.items() if key in one.model_fields]
            if owners and kind not in owners:
                self._replace_sentence(key, f"this belongs to {one_of(_kinds(owners))}, and this is {_a(kind)}")
        components = self.source.front.values.get("components")
        if isinstance(components, list if kind == Kind.RETIREMENT else dict):
            for at, component in enumerate(components):
                self._known(("components", at if kind == Kind.RETIREMENT else component), str(component))
        return facts

    def _shaped(self, one: type[S]) -> S | None:
        from pydantic import ValidationError

        from . import shape

        written = {key: value for key, value in self.source.front.values.items() if value is not None or key == "title"}
        context = {"zone": self.settings.zone, "causes": self.settings.causes}
        try:
            return one.model_validate(written, context=context)
        except ValidationError as error:
            place = self.source.front.place
            found = shape.problems(error, one, self.source.path, lambda key, content: place(key, content=content))
            self.problems.extend(found)
            return None

    def _replace_sentence(self, key: str, sentence: str) -> None:
        """An unknown key that another kind knows gets the better sentence."""
        self.problems = [one for one in self.problems if one.key != key]
        self._say((key,), sentence, content=False)

    def _known(self, key: Key, component: str) -> None:
        try:
            check_component(component, self.components, self.groups)
        except ValueError as error:
            self._say(key, str(error), content=False)

    # The body

    def _marked(self, source: Source) -> list[Line]:
        """The lines that divide a body. What would divide it elsewhere than it seems to is a problem, told here."""
        found = lines.marked(source.body, source.line)
        for line in found:
            if line.unclosed:
                sentence = "this code block is not closed; end it with a line of the same marks"
                self.problems.append(Problem(source.path, line.number, 1, sentence))
            elif line.comment:
                if line.heading:
                    sentence = (
                        f"this heading stands in a comment, from line {line.comment} on; "
                        "take out the comment's marks, or the draft"
                    )
                    self.problems.append(Problem(source.path, line.number, line.column, sentence))
            elif line.glued:
                sentence = "this would be shown as a heading; write a blank after the hash, or \\ before it"
                self.problems.append(Problem(source.path, line.number, 1, sentence))
            elif line.underline:
                sentence = (
                    "this makes a heading of the line above; write a heading with ###, "
                    "and leave a blank line above a rule"
                )
                self.problems.append(Problem(source.path, line.number, 1, sentence))
            elif line.tag:
                sentence = "a heading in HTML begins at <h3>; write it with ###"
                self.problems.append(Problem(source.path, line.number, line.tag, sentence))
        return _without_comments(found)

    def _parts(self, *, imported: bool) -> tuple[list[_Part], _Part | None]:
        """The updates, and the post-mortem where there is one."""
        texts = self.source.body.split("\n")
        parts: list[_Part] = []
        account: _Part | None = None
        above: list[str] = []
        below, begun = above, 0
        for line in self._marked(self.source):
            meant = line if account or line.heading == 2 else self._as_meant(line, imported=imported)
            if meant.heading == 1:
                sentence = "a heading of level 1 is the title, which stands in the front matter; use ### here"
                self._say_at(meant.number, meant.column, sentence)
                if not account:  # where its own headings are looked at again
                    texts[line.number - self.source.line] = ""
            elif meant.heading == 2 and account:
                sentence = "the post-mortem comes last, after every update, and uses ### inside"
                self._say_at(meant.number, meant.column, sentence)
            elif meant.heading == 2:
                at = line.number - self.source.line
                below += texts[begun:at]
                begun = at + 1
                part = _Part(meant, [])
                below = part.texts
                if _is_account(meant):
                    account = part
                else:
                    parts.append(part)
        below += texts[begun:]
        for number, text in enumerate(above, self.source.line):
            if text.strip():
                sentence = f"every word stands below the heading of an update; begin with one, like {_first(self.kind)}"
                self._say_at(number, 1, sentence)
                break
        return parts, account

    def _as_meant(self, line: Line, *, imported: bool) -> Line:
        """The line. One that should have two hashes, above the post-mortem, whose headings are its own, has them.

        That is a problem, told here; in an import the headings of level 4 and below are somebody else's words.
        """
        meant = None if imported and line.heading > 3 else _with_two_hashes(line)
        if meant:
            sentence = f'this looks like an update; write "## {meant.title}"'
            if _is_account(meant):
                sentence = f'the post-mortem has two marks: write "## {POST_MORTEM}"'
            self._say_at(meant.number, meant.column, sentence)
        return meant or line

    def _updates(self, parts: Sequence[_Part], *, imported: bool) -> list[Update]:
        """The updates whose headings can be read, in the order of the file."""
        reader = Reader(self.kind, self.settings.zone, self.components, self.groups, self.source.path, self.problems)
        updates: list[Update] = []
        status: dict[datetime | None, Status | None] = {}
        before: datetime | None = None
        for number, part in enumerate(parts):
            heading = reader.read(part.heading, number, before)
            body = lines.stripped(part.texts)
            if not body and not imported:
                line = part.heading
                self._say_at(line.number, line.column, "an update says something; this one is empty", _nth(number))
            if heading:
                self._follows(heading, number, before, status)
                updates.append(self._update(heading, number, body, updates))
            before = heading.time if heading else None
        return updates

    def _follows(
        self,
        heading: Heading,
        number: int,
        before: datetime | None,
        status: dict[datetime | None, Status | None],
    ) -> None:
        """Checks the order of times and the life cycle, for each window of a recurring maintenance its own.

        `status` is where each stands; None where that could not be read, or is nowhere, and then anything may follow.
        """
        line = heading.line
        if before and heading.time < before:
            this, above = times.compared(heading.time, before, zone=self.settings.zone)
            sentence = f"{this} is earlier than {above} above it; the oldest comes first"
            self._say_at(line.number, line.column, sentence, _nth(number))
        window = heading.occurrence if status else None  # it begins with the whole series, for each window
        last = status.get(window, Status.SCHEDULED if window else None)
        stands = heading.status if heading.status in FOLLOWS[self.kind] else None
        if heading.status is None or (last is None and window in status):
            status[window] = stands
            return
        allowed = FOLLOWS[self.kind].get(last, frozenset())
        if heading.status not in allowed:
            known = [one for one in Status if one in allowed]
            sentence = (
                f"{heading.status} cannot follow {last}; use {one_of(known)}"
                if last
                else f"{_a(self.kind)} does not begin with {heading.status}; begin with {one_of(known)}"
            )
            self._say_at(line.number, line.column, sentence, _nth(number))
        if heading.status != Status.UPDATE or last is None:
            status[window] = stands

    def _update(self, heading: Heading, number: int, body: str, earlier: Sequence[Update]) -> Update:
        taken = [update.id for update in earlier]
        if heading.id in taken:
            line = heading.line
            self._say_at(line.number, line.column, f'"#{heading.id}" is the id of another update here', _nth(number))
        return Update(
            id=heading.id or update_id(heading.time, taken),
            time=heading.time,
            status=heading.status or Status.UPDATE,
            body=body,
            components=heading.components,
            occurrence=heading.occurrence,
            next_by=heading.next_by,
            line=heading.line.number,
        )

    def _translated(self, part: _Part, number: int, original: Notice) -> Update | None:
        """The update of the original that this heading names, by its time or by its id."""
        line = part.heading
        by_id = {update.id: update for update in original.updates}
        name = line.title.partition("{")[0].split()
        if named := next(
            (word[1:] for word in line.title.replace("{", " ").replace("}", " ").split() if word[0] == "#"), ""
        ):
            if named in by_id:
                return by_id[named]
        else:
            reader = Reader(original.kind, self.settings.zone, self.components, self.groups, self.source.path, [])
            before = original.updates[min(number, len(original.updates)) - 1].time if number else None
            heading = reader.read(line, number, before) if name else None
            same = [update for update in original.updates if heading and update.time == heading.time]
            if same:
                return same[0]
        sentence = f"the original, {PurePosixPath(original.path).name}, has no such update; use one of its times or ids"
        self._say_at(line.number, line.column, sentence, _nth(number))
        return None

    def _account(self, told: _Part | None, account: Source | None, facts: front.Common | None) -> PostMortem | None:
        """The post-mortem, from the file itself or from the one beside it."""
        posted = facts.postmortem_posted if facts else None
        if told and account:
            sentence = f"the post-mortem stands here and in {PurePosixPath(account.path).name}; keep one of them"
            self._say_at(told.heading.number, told.heading.column, sentence)
        if account:
            if not account.body.strip():
                self.problems.append(Problem(account.path, 1, 1, _EMPTY))
            self._marked(account)
            beside = _without_comments(lines.lines(account.body, account.line))
            return post_mortem.parse(beside, posted, account.path, self.problems)
        if told:
            found = _without_comments(lines.lines("\n".join(told.texts), told.heading.number + 1))
            below = [line for line in found if line.heading not in (1, 2)]
            if not lines.joined(below):
                self._say_at(told.heading.number, told.heading.column, _EMPTY)
            return post_mortem.parse(below, posted, self.source.path, self.problems)
        if posted:
            self._say(
                ("postmortem_posted",), f'there is no post-mortem; write one below "## {POST_MORTEM}"', content=False
            )
        return None

    def _images(self, source: Source) -> Iterator[str]:
        """The files beside `source` that its text shows or links; a picture that is missing is a problem."""
        for reference in lines.references_in(source.body, source.line):
            name = reference.local
            if name in source.beside:
                yield name
            elif name and reference.shown:
                sentence = _no_picture(name, source)
                self.problems.append(Problem(source.path, reference.line, reference.column, sentence))

    def _images_in_front(self, facts: front.Common | None) -> Iterator[str]:
        """The same of the front matter's lines, which are Markdown, too."""
        for key in LINES:
            if facts is None or not self.source.front.values.get(key):
                continue
            for reference in lines.references_in(str(getattr(facts, key, ""))):
                name = reference.local
                if name in self.source.beside:
                    yield name
                elif name and reference.shown:
                    self._say((key,), _no_picture(name, self.source))

    def _check_translation(self, account: PostMortem | None, original: Notice) -> None:
        """A translation shows what the original shows, and accounts for what the original accounts for."""
        for reference in lines.references_in(self.source.body, self.source.line):
            name = reference.local
            if name and reference.shown and name not in original.images:
                sentence = f'the original shows no picture "{name}"{nearest(name, original.images)}'
                self._say_at(reference.line, reference.column, sentence)
        if account and not original.post_mortem:
            self._say_at(1, 1, f"{PurePosixPath(original.path).name} has no post-mortem to translate")
        if account and original.post_mortem:
            ours, theirs = ([(one.due, one.done) for one in some.actions] for some in (account, original.post_mortem))
            if ours != theirs:
                name = PurePosixPath(original.path).name
                sentence = "a translation makes the same promises, in the same order, with the same days"
                self._say_at(1, 1, f"the promises are not those of {name}; {sentence}")

    # The finished value

    def _made(
        self, facts: front.Common, updates: Sequence[Update], account: PostMortem | None, images: tuple[str, ...]
    ) -> Notice:
        from . import front

        common: dict[str, Any] = {
            "id": self.source.stem,
            "title": facts.title,
            "updates": tuple(updates),
            "post_mortem": account,
            "source": Origin(**dict(facts.source)) if facts.source else None,
            "images": images,
            "path": self.source.path,
        }
        match facts:
            case front.Incident():
                return Incident(
                    **common,
                    components=facts.components,
                    stated_start=facts.started,
                    stated_end=facts.ended,
                    stated_impact=facts.impact,
                    cause=facts.cause,
                    detected_by=facts.detected_by,
                    reports=facts.reports,
                    credit=facts.credit,
                    us_if=facts.us_if,
                    not_us_if=facts.not_us_if,
                )
            case front.Maintenance():
                return Maintenance(
                    **common,
                    scheduled_for=facts.scheduled_for,
                    scheduled_until=facts.scheduled_until,
                    recurs=facts.recurs,
                    zone=self.settings.zone.key,
                    components=facts.components,
                    stated_start=facts.started,
                    stated_end=facts.ended,
                )
            case front.Retirement():
                return Retirement(
                    **common,
                    components=facts.components,
                    announced=facts.announced,
                    ends=facts.ends,
                    replaced_by=facts.replaced_by,
                    export=facts.export,
                    help=facts.help,
                )
            case front.Announcement():
                return Announcement(**common, pinned_until=facts.pinned_until)
        raise TypeError(type(facts))

    def _check(self, notice: Notice) -> None:
        """What no part of a notice says wrong alone."""
        if notice.post_mortem and notice.post_mortem.posted and notice.post_mortem.posted < notice.posted:
            self._say(("postmortem_posted",), "the post-mortem is older than the first update; it comes after it")
        match notice:
            case Incident():
                self._check_incident(notice)
            case Maintenance():
                self._check_maintenance(notice)
            case Retirement():
                if notice.ends <= notice.announced:
                    self._say(("ends",), "the service ends before its end is announced; ends is later than announced")

    def _check_incident(self, incident: Incident) -> None:
        if incident.stated_start and incident.stated_start > incident.posted:
            posted, _ = times.compared(incident.posted, incident.stated_start, zone=self.settings.zone)
            sentence = f"the first update was posted before it, at {posted}; write an earlier started, or leave it out"
            self._say(("started",), sentence)
        self._check_end(incident, incident.started)
        self._check_resolved(incident)
        known = {ComponentStatus.OPERATIONAL, ComponentStatus.UNKNOWN}
        statuses = [*incident.components.values(), *(s for u in incident.updates for s in u.components.values())]
        if incident.stated_impact is None and known.issuperset(statuses):
            sentence = "no component says how bad it was; write impact: none, minor, major or critical"
            self._say(("impact",), sentence)

    def _check_resolved(self, incident: Incident) -> None:
        """While it is resolved nothing is wrong, and what was reopened had not ended before."""
        resolved = False
        for number, update in enumerate(incident.updates):
            if resolved and update.status in _ACTIVE and incident.stated_end and update.time > incident.stated_end:
                posted, _ = times.compared(update.time, incident.stated_end, zone=self.settings.zone)
                sentence = f"it was reopened after that, at {posted}; write when it ended for good, or leave it out"
                self._say(("ended",), sentence)
            here = update.status == Status.RESOLVED
            resolved = here or (resolved and update.status == Status.UPDATE)
            advice = "post Identified or Monitoring instead" if here else "reopen it with Investigating or Identified"
            for component, status in update.components.items():
                if resolved and status != ComponentStatus.OPERATIONAL:
                    sentence = f"{component} cannot be {status} while the incident is resolved; {advice}"
                    self._say_at(update.line, 4, sentence, _nth(number))

    def _check_end(self, notice: Incident | Maintenance, start: datetime | None) -> None:
        end = notice.stated_end
        if end and start and end < start:
            self._say(("ended",), "it ends before it starts; ended is later than started")
        for number, update in enumerate(notice.updates):
            if (
                end
                and update.components
                and update.time > end
                and any(status != ComponentStatus.OPERATIONAL for status in update.components.values())
            ):
                sentence = "a component changes after the end that the front matter states; correct ended or the time"
                self._say_at(update.line, 4, sentence, _nth(number))

    def _check_maintenance(self, work: Maintenance) -> None:
        if work.scheduled_until <= work.scheduled_for:
            self._say(("scheduled_until",), "the window ends before it begins; it is later than scheduled_for")
        self._check_end(work, work.stated_start)
        named = [(update.occurrence, number, update) for number, update in enumerate(work.updates) if update.occurrence]
        if not work.recurs:
            for _, number, update in named:
                sentence = "at= names a window of a recurring maintenance, and this one does not recur"
                self._say_at(update.line, 4, sentence, _nth(number))
            return
        for key in ("started", "ended"):
            if self.source.front.values.get(key):
                sentence = f"a maintenance that recurs has no one time at which it {key}; say it in updates with at="
                self._say((key,), sentence, content=False)
        if not self._check_recurrence(work):
            return
        latest = max((when for when, _, _ in named), default=work.scheduled_for)
        starts = set(takewhile(lambda start: start <= latest, islice(window.starts(work), HORIZON)))
        for when, number, update in named:
            if when not in starts:
                sentence = f"{self._clock(when)} is not the start of one of its windows"
                self._say_at(update.line, 4, sentence, _nth(number))
        for number, update in enumerate(work.updates):
            if not update.occurrence and update.status in (Status.IN_PROGRESS, Status.VERIFYING, Status.COMPLETED):
                sentence = (
                    f"{update.status} is about one window of those that recur; name it like {{at={_example(work)}}}"
                )
                self._say_at(update.line, 4, sentence, _nth(number))

    def _check_recurrence(self, work: Maintenance) -> bool:
        """Whether the rule begins with the window that is written out, and lets each end before the next begins."""
        try:
            starts = list(islice(window.starts(work), SAMPLE))
        except OverflowError:
            self._say(("recurs",), f"this rule goes past the year {times.LAST_YEAR}; end it with UNTIL or COUNT")
            return False
        if not starts or starts[0] != work.scheduled_for:
            first = f"has its first window at {self._clock(starts[0])}" if starts else "never has a window"
            self._say(("recurs",), f"this rule {first}; scheduled_for is its first, so change one of the two")
            return False
        length = work.scheduled_until - work.scheduled_for
        if two := next((two for one, two in pairwise(starts) if one + length > two), None):
            self._say(("recurs",), f"the window at {self._clock(two)} would begin before the one before it ends")
            return False
        return True

    def _clock(self, instant: datetime) -> str:
        return f"{instant.astimezone(self.settings.zone):%Y-%m-%d %H:%M}"


def _kind(source: Source) -> Kind:
    """What the front matter says that it is; an incident where it says nothing, or nothing that can be read."""
    try:
        return pick(Kind, str(source.front.values.get("kind") or Kind.INCIDENT), "a kind of notice")
    except ValueError:
        return Kind.INCIDENT


def _without_comments(some: list[Line]) -> list[Line]:
    """The lines; a heading in a comment is none."""
    return [line._replace(heading=0) if line.comment else line for line in some]


def _with_two_hashes(line: Line) -> Line | None:
    """A heading of another level, or of three hashes and no blank, that reads as an update or as the post-mortem."""
    if line.comment or line.heading == 2 or not (line.heading or (line.text.startswith("###") and not line.fenced)):
        return None
    title = line.title or line.text.strip("# \t")
    meant = line._replace(heading=2, title=title, column=line.text.find(title) + 1)
    return meant if _is_account(meant) or reads_as_update(title) else None


def _no_picture(name: str, source: Source) -> str:
    return f'there is no picture "{name}" beside this file{nearest(name, source.beside)}'


def _is_account(line: Line) -> bool:
    return line.title[:1] not in _TIMES and line.title.casefold().replace("-", "").replace(" ", "") == "postmortem"


_TIMES = frozenset("0123456789+")
"""What the title of an update begins with, and that of no post-mortem."""


def _first(kind: Kind) -> str:
    """The heading with which a notice of that kind begins."""
    words = {Kind.INCIDENT: "Investigating", Kind.MAINTENANCE: "Scheduled"}
    return f"## 2026-11-02 09:31 {words.get(kind, 'Update')}"


def _nth(number: int) -> str:
    return f"updates[{number}]"


def _a(kind: Kind) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _kinds(kinds: Iterable[Kind]) -> list[str]:
    return [_a(kind) for kind in kinds]


def _example(work: Maintenance) -> str:
    return work.scheduled_for.astimezone(ZoneInfo(work.zone)).strftime("%Y-%m-%dT%H:%M")


_TICKED = re.compile(r"^(\s*[-*+] \[)[xX](\] .*?)(, done: [0-9-]+)?(\)\s*)$", re.MULTILINE)


def _unticked(account: str) -> str:
    """A post-mortem in which no promise is kept yet."""
    return _TICKED.sub(r"\1 \2\4", account).strip()


def _flat(value: object, keys: tuple[str, ...] = ()) -> Iterator[str]:
    """Front matter as lines, one for each value, whatever the order in which it was written."""
    if isinstance(value, dict):
        for key in sorted(value, key=str):
            yield from _flat(value[key], (*keys, str(key)))
    elif isinstance(value, list):
        for one in value:
            yield from _flat(one, keys)
    elif value is not None:
        yield f"{'.'.join(keys)}: {lines.without_comments(str(value))}"
