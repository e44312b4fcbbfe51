"""Statuspage's JSON → our notices and components, with a sentence wherever something was not taken as it stood."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from msgspec import Struct
from msgspec.structs import replace

from .. import post_mortem
from ..front import is_web_address
from ..lines import lines
from ..model import (
    FOLLOWS,
    ID,
    ComponentStatus,
    Impact,
    Incident,
    Kind,
    Log,
    Maintenance,
    Notice,
    Origin,
    PostMortem,
    Status,
    Update,
    update_id,
)
from ..problem import Problem
from . import html, ids, statuspage_components
from . import statuspage_json as json
from .imported import Imported, Remark, example
from .plain import one_line, writable
from .statuspage_components import Components

SYSTEM = "statuspage"

WORDS: Mapping[Kind, Mapping[str, Status]] = {
    Kind.INCIDENT: {
        "investigating": Status.INVESTIGATING,
        "identified": Status.IDENTIFIED,
        "monitoring": Status.MONITORING,
        "resolved": Status.RESOLVED,
        "completed": Status.RESOLVED,
        "postmortem": Status.RESOLVED,
    },
    Kind.MAINTENANCE: {
        "scheduled": Status.SCHEDULED,
        "in_progress": Status.IN_PROGRESS,
        "verifying": Status.VERIFYING,
        "completed": Status.COMPLETED,
        "resolved": Status.COMPLETED,
        "postmortem": Status.COMPLETED,
        "cancelled": Status.CANCELLED,
        "canceled": Status.CANCELLED,
    },
}
"""What Statuspage's words for a status are with us. What ends the other kind ends this one, too.

An update that is a "postmortem" is none: it becomes the notice's post-mortem.
"""

BEGINS: Mapping[Kind, Status] = {Kind.INCIDENT: Status.INVESTIGATING, Kind.MAINTENANCE: Status.SCHEDULED}
"""What a first update says whose own word cannot come first."""

OVER = frozenset((Status.RESOLVED, Status.COMPLETED, Status.CANCELLED))

NOTICEABLE = timedelta(minutes=1)
"""Two times of the source that lie further apart are told apart in the report."""

Say = Callable[[str], None]
"""Takes a sentence for the report."""


def read(documents: Iterable[tuple[str, object]], *, imported: datetime) -> Imported:
    """Read any of the files that Statuspage's `/api/v2` serves, given as file names and decoded JSON.

    What several files tell is taken once, from the newest, whatever their order. `imported` is the moment of the
    import. Raises Refused with all problems where a file has another shape, or where they come from several pages.
    """
    archive = json.archive(documents)
    general: list[str] = []
    zone = _zone(archive.page, general.append)
    components = statuspage_components.of(archive, zone)
    told: dict[str, tuple[Notice, list[str]]] = {}
    for incident in archive.incidents:
        said = [archive.differing[incident.id]] if incident.id in archive.differing else []
        source = _Source(incident=incident, components=components, zone=zone, base=archive.page.url or "")
        notice = _notice(source, imported, said.append)
        told[notice.id] = notice, said
    log = Log.of(notice for notice, _ in told.values())
    return Imported(
        notices=log.notices,
        components=tuple(components.since(log)),
        groups=components.groups,
        zone=zone.key,
        dropped=archive.dropped,
        remarks=(
            *(Remark(notice="", sentence=sentence) for sentence in (*general, *components.remarks(log))),
            *(Remark(notice=one.id, sentence=sentence) for one in log.notices for sentence in told[one.id][1]),
        ),
    )


def _zone(page: json.Page, say: Say) -> ZoneInfo:
    if page.time_zone in available_timezones():
        return ZoneInfo(page.time_zone)
    if page.time_zone:
        say(f"The page's time zone, {_quoted(page.time_zone)}, is not known; UTC is taken.")
    return ZoneInfo("UTC")


class _Source(Struct, frozen=True, kw_only=True):
    """An incident or a maintenance of Statuspage's, with what it takes to understand it."""

    incident: json.Incident
    components: Components
    zone: ZoneInfo
    base: str
    """The page's address, for links that are relative to it."""

    @property
    def kind(self) -> Kind:
        planned = self.incident.scheduled_for or self.incident.scheduled_until
        return Kind.MAINTENANCE if planned or _word(self.incident.status) in _PLANNED_ONLY else Kind.INCIDENT


_PLANNED_ONLY = WORDS[Kind.MAINTENANCE].keys() - WORDS[Kind.INCIDENT].keys()


class _Post(Struct, frozen=True, kw_only=True):
    """A public message, before it has its place in a life cycle."""

    time: datetime
    """As shown, to the fraction of a second."""
    word: str
    """Its status in Statuspage's words."""
    id: str = ""
    """Blank where ours will do."""
    body: str = ""
    """Markdown."""
    components: Mapping[str, ComponentStatus]
    """What it says of components, by our ids."""


def _notice(source: _Source, imported: datetime, say: Say) -> Notice:
    """The whole of it as ours."""
    incident = source.incident
    title = one_line(incident.name or "") or "Untitled"
    if title != (incident.name or "").strip():
        say(f"The title was {_quoted(incident.name)}.")
    oldest_first = list(reversed(incident.incident_updates))
    oldest_first.sort(key=lambda update: update.shown)
    accounts = [update for update in oldest_first if _word(update.status) == "postmortem"]
    posts = [_post(source, update, say) for update in oldest_first if _word(update.status) != "postmortem"]
    posts = _complete(source, posts, say)
    updates = tuple(_updates(source.kind, posts, say))
    started = _started(source, posts[0].time, say)
    notice = (_maintenance if source.kind == Kind.MAINTENANCE else _incident)(source, updates, started, say)
    return replace(
        notice,
        id=_id(source, title, notice.began),
        title=title,
        post_mortem=_post_mortem(source, accounts, updates[0].time, say),
        source=Origin(
            system=SYSTEM,
            id=one_line(incident.id),
            url=_url(incident.shortlink, say),
            imported=_second(imported),
        ),
    )


def _id(source: _Source, title: str, began: datetime) -> str:
    """`2021-12-27-incident-with-codespaces-y0ldt0scdrxf`: the day for people, the source's id for ever.

    Without the source's id, a name would depend on which other files were read with it (GitHub's 156 incidents have
    117 titles), and an import could not tell that it has met a notice before whose title has changed since.
    """
    day = began.astimezone(source.zone).strftime("%Y-%m-%d").zfill(10)
    return "-".join(part for part in (day, ids.slug(title), ids.of_source(source.incident.id)) if part)


def _incident(source: _Source, updates: tuple[Update, ...], started: datetime | None, say: Say) -> Incident:
    """With its components' statuses over time, and with the impact that is stated where those do not tell it."""
    believed = source.incident.impact == Impact.NONE
    components, updates = _story(source, updates, started or updates[0].time, believed, say)
    incident = Incident(id="", title="", updates=updates, components=components, stated_start=started)
    stated = _impact(source.incident.impact, say)
    if stated is None and incident.impact == Impact.NONE:
        say("No impact is stated; minor is written, so that nothing looks better than it was.")
        stated = Impact.MINOR
    derived = incident.impact
    return replace(incident, stated_impact=stated if stated != derived or derived == Impact.NONE else None)


def _maintenance(source: _Source, updates: tuple[Update, ...], started: datetime | None, say: Say) -> Maintenance:
    """With its window as announced. Statuspage's start of a maintenance is when it was announced."""
    incident = source.incident
    if started:
        say(f"It is said to have started at {_told(started)}, before it was announced; that has no place.")
    if incident.impact not in (None, "maintenance", "none"):
        say(f"The impact, {_quoted(incident.impact)}, has no place in a maintenance.")
    worked = next((update.time for update in updates if update.status in (Status.IN_PROGRESS, Status.VERIFYING)), None)
    starts = _second(incident.scheduled_for or worked or updates[0].time)
    if not incident.scheduled_for:
        say(f"No scheduled_for is told; {_told(starts)} is taken.")
    finished = next((update.time for update in updates if update.status in OVER), None)
    ends = _second(incident.scheduled_until) if incident.scheduled_until else None
    if ends is None or ends <= starts:
        told = f"scheduled_until is {_told(ends)}, not after its start" if ends else "No scheduled_until is told"
        ends = max(finished or starts, starts + NOTICEABLE)
        say(f"{told}; {_told(ends)} is taken.")
    components, updates = _story(source, updates, starts, False, say)
    return Maintenance(
        id="",
        title="",
        updates=updates,
        components=components,
        scheduled_for=starts,
        scheduled_until=ends,
        zone=source.zone.key,
    )


def _post(source: _Source, update: json.Update, say: Say) -> _Post:
    """An update as a message, with what is to be said about it."""
    name = f"Update {_told(update.shown)}"
    if update.created_at and update.display_at and abs(update.created_at - update.display_at) > NOTICEABLE:
        say(f"{name} was posted at {_told(update.created_at)} and dated otherwise.")
    if update.created_at and update.updated_at and update.updated_at - update.created_at > NOTICEABLE:
        say(f"{name} was changed at {_told(update.updated_at)}; only its newest words are there.")
    identity = one_line(update.id or "")
    if identity and not ID.fullmatch(identity):
        say(f"{name} has the id {_quoted(identity)}, which cannot be kept.")
        identity = ""
    return _Post(
        time=update.shown,
        word=_word(update.status),
        id=identity,
        body=_body(update, source.base, html.UPDATE_HEADINGS, say),
        components=dict(_affected(source, update, say)),
    )


def _body(update: json.Update, base: str, headings: int, say: Say) -> str:
    """Its words as Markdown. Statuspage lets people write Markdown in a post-mortem, and only there."""
    raw = update.body or ""
    text = writable(raw)
    if lost := len(raw.replace("\r\n", "\n")) - len(text):
        say(f"Update {_told(update.shown)} held {lost} characters that no text may hold; they were left out.")
    if tags := html.vanishing(text):
        say(f"Update {_told(update.shown)} held {', '.join(f'<{tag}>' for tag in tags)}; at most its words are kept.")
    if headings == html.POST_MORTEM_HEADINGS and not html.is_html(text):
        body = html.from_markdown(text, base=base, headings=headings)
    else:
        body = html.markdown(text, base=base, headings=headings)
    if not body:
        say(f"Update {_told(update.shown)} has no words.")
    return body


def _affected(source: _Source, update: json.Update, say: Say) -> Iterator[tuple[str, ComponentStatus]]:
    """What it says of components, by our ids."""
    for affected in update.affected_components:
        component = source.components.ids.get(affected.code or "")
        if component is None:
            say(f"Update {_told(update.shown)} says of components only {_quoted(affected.name)}.")
        elif affected.new_status in frozenset(ComponentStatus):
            yield component, ComponentStatus(affected.new_status)
        elif affected.new_status:
            say(f"Update {_told(update.shown)} calls {component} {_quoted(affected.new_status)}, which is left out.")


def _complete(source: _Source, posts: list[_Post], say: Say) -> list[_Post]:
    """The messages, and one without words for each step that only the incident itself tells of."""
    incident, words = source.incident, WORDS[source.kind]
    made = min(incident.made, posts[0].time) if posts else incident.made
    if source.kind == Kind.MAINTENANCE and (not posts or words.get(posts[0].word) != Status.SCHEDULED):
        say(f"No update announces it; it was entered at {_told(incident.made)}, and Scheduled is dated {_told(made)}.")
        posts = [_Post(time=made, word="scheduled", components={}), *posts]
    if not posts:
        say(f"It has no updates; it was entered at {_told(made)}.")
        posts = [_Post(time=made, word=BEGINS[source.kind], components={})]
    status = words.get(_word(incident.status))
    newest = next((one for one in reversed(_statuses(source.kind, posts)) if one != Status.UPDATE), None)
    if status in OVER and newest not in OVER:
        ended = max(incident.resolved_at or incident.updated_at or posts[-1].time, posts[-1].time)
        say(f'It is called "{_word(incident.status)}", though no update says so; that is dated {_told(ended)}.')
        posts = [*posts, _Post(time=ended, word=status, components={})]
    elif status and newest and status != newest:
        say(f'It is called "{_word(incident.status)}", but its newest update says {newest}, which is taken.')
    shown = [post.time for post in posts]
    for key, told in (("monitoring_at", incident.monitoring_at), ("resolved_at", incident.resolved_at)):
        if told and min(abs(told - time) for time in shown) > NOTICEABLE:
            say(f"Its {key} is {_told(told)}, when no update was posted.")
    return posts


def _updates(kind: Kind, posts: list[_Post], say: Say) -> Iterator[Update]:
    """The messages as updates, in an order that our life cycle allows; what cannot follow is kept as an update."""
    taken: list[str] = []
    now: Status | None = None
    for post, status in zip(posts, _statuses(kind, posts), strict=True):
        time = _second(post.time)
        if post.word != status:
            after = f" after {now}" if now and post.word in WORDS[kind] else ""
            say(f'Update {_told(time)}, "{post.word}"{after}, is read as {status}.')
        now = now if status == Status.UPDATE else status
        identity = post.id if post.id and post.id not in taken else update_id(time, taken)
        taken.append(identity)
        yield Update(id=identity, time=time, status=status, body=post.body, components=post.components)
    for time, together in Counter(_second(post.time) for post in posts).items():
        if together > 1:
            say(f"{together} updates bear the time {_told(time)}; they stand in the source's order.")


def _statuses(kind: Kind, posts: list[_Post]) -> list[Status]:
    """What each message is in our life cycle."""
    statuses: list[Status] = []
    now: Status | None = None
    for post in posts:
        status = WORDS[kind].get(post.word, Status.UPDATE)
        if status not in FOLLOWS[kind][now]:
            status = Status.UPDATE if now else BEGINS[kind]
        now = now if status == Status.UPDATE else status
        statuses.append(status)
    return statuses


def _story(
    source: _Source, updates: tuple[Update, ...], start: datetime, believed: bool, say: Say
) -> tuple[dict[str, ComponentStatus], tuple[Update, ...]]:
    """Each component's status from the start, and the updates with only what changes.

    What is not stated is unknown. Statuspage writes operational beside a component that nobody touched, so where
    there was impact, only a return to operational from a stated trouble is believed.
    """
    known = source.components.ids
    listed = (known[one.id] for one in source.incident.components if one.id in known)
    named = dict.fromkeys((*listed, *(component for update in updates for component in update.components)))
    now = dict.fromkeys(named, ComponentStatus.UNKNOWN)
    first: dict[str, ComponentStatus] = dict(now)
    told: list[Update] = []
    before: dict[str, ComponentStatus] | None = None  # what a reopening goes on with, while an incident is resolved
    for update in updates:
        if update.status == Status.RESOLVED:
            before = dict(now) if before is None else before
        elif update.status != Status.UPDATE and before is not None:
            now, before = before, None
        changes = {
            component: status
            for component, status in update.components.items()
            if status != now[component]
            and (believed or status != ComponentStatus.OPERATIONAL or now[component] != ComponentStatus.UNKNOWN)
        }
        ill = [component for component, status in changes.items() if status != ComponentStatus.OPERATIONAL]
        name = f"Update {_told(update.time)}"
        if not told and update.time <= start:
            first, changes = {**now, **changes}, {}
            now = dict(first)
            before = dict(first) if before is not None else None
        elif before is not None and ill:
            say(f"{name} says of {', '.join(ill)} that all was not well, while it is resolved; that is left out.")
            changes, ill = {one: status for one, status in changes.items() if one not in ill}, []
        now |= changes
        told.append(replace(update, components=changes))
        if update.status in OVER and ill:
            say(f"{name} says {update.status}, and of {', '.join(ill)} that all was not well.")
    return first, tuple(told)


def _post_mortem(source: _Source, accounts: list[json.Update], first: datetime, say: Say) -> PostMortem | None:
    """The post-mortem, in sections where it has headings; one that is dated before the `first` update has no date."""
    if not accounts:
        return None
    if len(accounts) > 1:
        say(f"{len(accounts)} post-mortems were posted; they are one now, dated as the first.")
    bodies = [_body(account, source.base, html.POST_MORTEM_HEADINGS, say) for account in accounts]
    if not any(bodies):
        say("The post-mortem is left out, for it has no words.")
        return None
    problems: list[Problem] = []
    posted: datetime | None = _second(accounts[0].shown)
    if posted and posted < first:
        say(f"The post-mortem is dated {_told(posted)}, before the first update; it has no date now.")
        posted = None
    account = post_mortem.parse(lines("\n\n".join(bodies)), posted, "", problems)
    for problem in problems:
        say(f"Of the post-mortem: {problem.sentence}.")
    return account


def _started(source: _Source, posted: datetime, say: Say) -> datetime | None:
    """When it started, where that is told to have been before the first update, and not in the same moment."""
    started = source.incident.started_at
    if started is None or abs(started - posted) < timedelta(seconds=1):
        return None
    if started > posted:
        say(f"It is said to have started at {_told(started)}, after its first update, whose time is taken.")
        return None
    return _second(started)


def _impact(word: str | None, say: Say) -> Impact | None:
    if word == "maintenance":
        say('The impact "maintenance" is read as none.')
        return Impact.NONE
    if word in frozenset(Impact):
        return Impact(word)
    if word:
        say(f"The impact {_quoted(word)} is not known.")
    return None


def _url(shortlink: str | None, say: Say) -> str:
    url = one_line(shortlink or "")
    if url and not is_web_address(url):
        say(f"The shortlink {_quoted(url)} is no link that a page may have.")
        return ""
    return url


def _word(status: str | None) -> str:
    return re.sub(r"[\s-]+", "_", one_line(status or "").lower()) or "update"


def _second(time: datetime) -> datetime:
    return time.astimezone(UTC).replace(microsecond=0)


def _told(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}"


def _quoted(text: str | None) -> str:
    return example(text or "")
