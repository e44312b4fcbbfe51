"""Generated notices in canonical form, of all kinds and in zones whose clocks change: what `write` must bring back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from typing import Any

from hypothesis import strategies as st
from msgspec.structs import replace

from aboveboard.model import (
    CAUSES,
    DETECTED_BY,
    FOLLOWS,
    ID,
    SECTIONS,
    Action,
    Announcement,
    ComponentStatus,
    Impact,
    Incident,
    Kind,
    Log,
    Maintenance,
    Notice,
    Origin,
    PostMortem,
    Retirement,
    Section,
    Status,
    Update,
    update_id,
)
from aboveboard.options import read as read_settings
from aboveboard.settings import Host, Settings
from aboveboard.window import starts

COMPONENTS = ("mail", "web-mail", "dns", "010", "no")
"""Some that YAML would take for something else."""

ZONES = ("UTC", "Europe/Dublin", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia")

FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)

REOPENING = (Status.INVESTIGATING, Status.IDENTIFIED, Status.MONITORING)

RECURRENCES = (
    "FREQ=WEEKLY;COUNT=20",
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=MONTHLY",
    "FREQ=MONTHLY;UNTIL=20281231T000000",
    "FREQ=YEARLY;COUNT=3",
)


def site(zone: str = "UTC") -> Settings:
    """The settings of a site that knows every generated component."""
    components = [{"id": id_, "name": id_} for id_ in COMPONENTS]
    return read_settings({"timezone": zone, "components": components}, Host(name="Test", url="https://example.com/"))


def lines() -> st.SearchStrategy[str]:
    """One line of any text that can be shown, without blanks at its ends: quotes, colons, hashes, every script."""
    anything = st.text(
        st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co", "Zl", "Zp", "Zs"), include_characters=" ")
    )
    awkward = st.sampled_from(
        [
            "no", "~", "null", "12:30", "010", "1_000", "2026-11-02", "- [x] a", "# not a comment", "a: b", "a #b",
            "'single'", '"double"', "it's", "{braces}", "[brackets]", "*star", "&and", "!bang", "|", ">", "%", "@", "`",
            "<b>HTML</b>", "back\\slash", "---", "...", "?", "? a", "-", "- a", "=", "<<", "true", "a:", ":a",
            "🔥", "اب",
        ]
    )  # fmt: skip
    return st.one_of(awkward, anything).map(lambda text: " ".join(text.split())).filter(bool)


def ids() -> st.SearchStrategy[str]:
    return st.from_regex(ID, fullmatch=True).filter(lambda text: text.isascii())


def instants(first: datetime = FIRST, last: datetime = LAST) -> st.SearchStrategy[datetime]:
    """Whole seconds; most of them whole minutes, and many near the hours in which clocks change."""
    seconds = st.integers(0, (last - first) // timedelta(seconds=1))
    return st.one_of(
        seconds.map(lambda n: first + timedelta(seconds=n)),
        seconds.map(lambda n: first + timedelta(seconds=n // 60 * 60)),
        st.builds(
            lambda day, minutes: min(max(day + timedelta(minutes=minutes), first), last),
            st.sampled_from([datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 3, 29, tzinfo=UTC)]),
            st.integers(-60, 180),
        ),
    )


def bodies(*, least: int = 1) -> st.SearchStrategy[str]:
    """Markdown that an update may hold: paragraphs, lists, deeper headings, and fences full of what is no heading."""
    plain = st.sampled_from(["Mail is late.", "It *is* back.", "Nothing is lost: it queues.", "41,300 messages, 2 h."])
    blocks = st.one_of(
        plain,
        st.lists(plain, min_size=2, max_size=3).map("\n".join),
        st.lists(plain, min_size=1, max_size=3).map(lambda items: "\n".join(f"- {item}" for item in items)),
        st.sampled_from(
            [
                "### A heading of the writer's",
                "```\n## 2026-11-02 09:31 Investigating\n```",
                "~~~~ text\n~~~\n# no heading\n\n\n```\n~~~~",
                "    ## indented",
                "> ## quoted",
                "\\## escaped",
                "#### Deeper ####",
                "<p>HTML</p>",
                "a | b\n--|--\n1 | 2",
            ]
        ),
    )
    return st.lists(blocks, min_size=least, max_size=3).map("\n\n".join)


def component_statuses(*, least: int = 0) -> st.SearchStrategy[dict[str, ComponentStatus]]:
    return st.dictionaries(st.sampled_from(COMPONENTS), st.sampled_from(ComponentStatus), min_size=least, max_size=3)


@st.composite
def times(draw: st.DrawFn, count: int, first: datetime = FIRST) -> list[datetime]:
    """Times in order, from twins of one second to weeks apart."""
    found = [draw(instants(first, max(first, LAST)))]
    for _ in range(count - 1):
        gap = draw(st.sampled_from([0, 1, 60, 34 * 60, 3600, 12 * 3600, 12 * 3600 + 1, 86_400, 20 * 86_400]))
        found.append(found[-1] + timedelta(seconds=gap))
    return found


@st.composite
def walks(draw: st.DrawFn, kind: Kind) -> list[Status]:
    """Statuses that may follow one another."""
    said: list[Status] = []
    at: Status | None = None
    for _ in range(draw(st.integers(1, 5))):
        status = draw(st.sampled_from(sorted(FOLLOWS[kind][at])))
        said.append(status)
        at = at if status == Status.UPDATE and at else status
    return said


@st.composite
def updates(draw: st.DrawFn, kind: Kind, *, may_be_empty: bool = False) -> tuple[Update, ...]:
    walk = draw(walks(kind))
    made: list[Update] = []
    changes = component_statuses() if kind in (Kind.INCIDENT, Kind.MAINTENANCE) else st.just({})
    resolved = False
    for status, time in zip(walk, draw(times(len(walk))), strict=True):
        resolved = status == Status.RESOLVED or (resolved and status == Status.UPDATE)
        changed = draw(changes)
        made.append(
            Update(
                id="",
                time=time,
                status=status,
                body=draw(bodies(least=0 if may_be_empty else 1)),
                components=dict.fromkeys(changed, ComponentStatus.OPERATIONAL) if resolved else changed,
                next_by=time + timedelta(seconds=draw(st.integers(1, 100_000))) if draw(st.booleans()) else None,
            )
        )
    return named(made, draw(st.sets(st.integers(0, len(made) - 1), max_size=2)))


def named(made: list[Update], by_hand: set[int]) -> tuple[Update, ...]:
    """The updates with their ids: those of `by_hand` written by somebody, the others after their times."""
    taken = {f"Fixed-{n}" for n in by_hand}
    found: list[Update] = []
    for n, update in enumerate(made):
        id_ = f"Fixed-{n}" if n in by_hand else update_id(update.time, taken)
        taken.add(id_)
        found.append(replace(update, id=id_))
    return tuple(found)


def actions() -> st.SearchStrategy[Action]:
    days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
    return st.builds(
        Action,
        text=st.sampled_from(["Page on disk at 80 %", "Tell *everybody* (twice)", "`x = [ ]`", "[Move](a.html) it"]),
        owner=st.sampled_from(["platform", "mail team", "on-call, by night", "Ops & co."]),
        due=days,
        done=st.one_of(st.none(), days),
    )


@st.composite
def post_mortems(draw: st.DrawFn, first: datetime) -> PostMortem:
    """With headings of level 3, as in a notice's own file; its text has deeper ones at most."""
    text = bodies(least=0).filter(lambda body: "### A heading" not in body)
    titles = draw(st.lists(st.sampled_from([*SECTIONS.values(), "Something else", "A # b"]), max_size=3, unique=True))
    sections = tuple(
        Section(title=title, body=draw(text), actions=tuple(draw(st.lists(actions(), max_size=2)))) for title in titles
    )
    lead = draw(text if sections else text.filter(bool))
    posted = draw(st.one_of(st.none(), st.integers(0, 10**6).map(lambda n: first + timedelta(seconds=n))))
    return PostMortem(posted=posted, lead=lead.replace("#### Deeper ####", "Deep"), sections=sections)


def origins() -> st.SearchStrategy[Origin]:
    return st.builds(
        Origin,
        system=st.sampled_from(["statuspage", "cstate"]),
        id=lines(),
        url=st.sampled_from(["", "https://example.com/incidents/1?a=b#c"]),
        imported=st.one_of(st.none(), instants()),
    )


@st.composite
def common(draw: st.DrawFn, kind: Kind) -> dict[str, Any]:
    """What all kinds have."""
    source = draw(st.one_of(st.none(), origins()))
    posts = draw(updates(kind, may_be_empty=source is not None))
    return {
        "id": draw(ids()),
        "title": draw(lines()),
        "updates": posts,
        "post_mortem": draw(st.one_of(st.none(), post_mortems(posts[0].time))),
        "source": source,
    }


def is_trouble(components: Mapping[str, ComponentStatus]) -> bool:
    return any(status not in (ComponentStatus.OPERATIONAL, ComponentStatus.UNKNOWN) for status in components.values())


@st.composite
def incidents(draw: st.DrawFn) -> Incident:
    fields = draw(common(Kind.INCIDENT))
    posts: tuple[Update, ...] = fields["updates"]
    components = draw(component_statuses())
    trouble = is_trouble(components) or any(is_trouble(update.components) for update in posts)
    started = draw(st.one_of(st.none(), st.integers(0, 10**5).map(lambda n: posts[0].time - timedelta(seconds=n))))
    resolved = [n for n, update in enumerate(posts) if update.status == Status.RESOLVED]
    reopened = [update.time for update in posts[min(resolved, default=len(posts)) :] if update.status in REOPENING]
    changed = max([*reopened, *(update.time for update in posts if update.components)], default=posts[0].time)
    ended = draw(st.one_of(st.none(), st.integers(0, 10**5).map(lambda n: changed + timedelta(seconds=n))))
    return Incident(
        **fields,
        components=components,
        stated_start=started,
        stated_end=ended,
        stated_impact=draw(st.sampled_from([*Impact, *([None] if trouble else [])])),
        cause=draw(st.sampled_from([None, *CAUSES])),
        detected_by=draw(st.sampled_from([None, *DETECTED_BY])),
        reports=draw(st.none() | st.integers(0, 10**6)),
        credit=draw(st.just("") | lines()),
        us_if=draw(st.just("") | lines()),
        not_us_if=draw(st.just("") | lines()),
    )


@st.composite
def maintenances(draw: st.DrawFn, zone: str = "UTC") -> Maintenance:
    """Planned work, once or again and again."""
    fields = draw(common(Kind.MAINTENANCE))
    posts: tuple[Update, ...] = fields["updates"]
    start = draw(instants())
    plan = Maintenance(
        **fields,
        scheduled_for=start,
        scheduled_until=start + timedelta(seconds=draw(st.integers(1, 86_000))),
        components=draw(component_statuses()),
        zone=zone,
    )
    if draw(st.booleans()):
        return draw(recurring(plan))
    changed = max([update.time for update in posts if update.components], default=posts[0].time)
    began = draw(st.one_of(st.none(), st.integers(0, 1000).map(lambda n: changed - timedelta(seconds=n))))
    ended = draw(st.one_of(st.none(), st.integers(0, 1000).map(lambda n: changed + timedelta(seconds=n))))
    return replace(plan, stated_start=began, stated_end=ended)


@st.composite
def recurring(draw: st.DrawFn, plan: Maintenance) -> Maintenance:
    """The same again and again, with updates about the series and about occurrences."""
    series = replace(plan, recurs=draw(st.sampled_from(RECURRENCES)))
    windows = list(islice(starts(series), 3))
    if not windows or windows[0] != series.scheduled_for:  # a start on a day or at an hour that not every month has
        return plan
    if any(two - one < series.scheduled_until - series.scheduled_for for one, two in pairwise(windows)):
        return plan
    said: dict[datetime | None, Status] = {None: Status.SCHEDULED}
    made = [replace(series.updates[0], status=Status.SCHEDULED)]
    whole_series = {Status.SCHEDULED, Status.UPDATE, Status.CANCELLED}
    for update in series.updates[1:]:
        about = draw(st.sampled_from([None, *windows]))
        may = FOLLOWS[Kind.MAINTENANCE][said.get(about, Status.SCHEDULED)] & (
            whole_series if about is None else set(Status)
        )
        status = draw(st.sampled_from(sorted(may)))
        if status != Status.UPDATE:
            said[about] = status
        made.append(replace(update, status=status, occurrence=about))
    return replace(series, updates=tuple(made))


@st.composite
def retirements(draw: st.DrawFn) -> Retirement:
    announced = draw(instants())
    return Retirement(
        **draw(common(Kind.RETIREMENT)),
        components=tuple(draw(st.lists(st.sampled_from(COMPONENTS), min_size=1, unique=True))),
        announced=announced,
        ends=announced + timedelta(seconds=draw(st.integers(1, 10**8))),
        replaced_by=draw(st.just("") | lines()),
        export=draw(st.just("") | lines()),
        help=draw(st.just("") | lines()),
    )


@st.composite
def announcements(draw: st.DrawFn) -> Announcement:
    return Announcement(**draw(common(Kind.ANNOUNCEMENT)), pinned_until=draw(st.none() | instants()))


def notices(zone: str = "UTC") -> st.SearchStrategy[Notice]:
    """One notice of any kind, as a site in that zone would write it."""
    return st.one_of(incidents(), maintenances(zone), retirements(), announcements())


def logs(zone: str = "UTC", *, most: int = 5) -> st.SearchStrategy[Log]:
    """Several notices, each with an id of its own."""
    return (
        st.lists(notices(zone), max_size=most, unique_by=(lambda notice: notice.id, _came_from))
        .map(ended_once)
        .map(Log.of)
    )


def _came_from(notice: Notice) -> object:
    """What no two notices share: where one was imported from, or that it is itself."""
    return notice.source.named if notice.source else (notice.id,)


def ended_once(some: list[Notice]) -> list[Notice]:
    """The notices, each component in the first of the retirements that would end it."""
    ended: set[str] = set()
    kept: list[Notice] = []
    for notice in some:
        if isinstance(notice, Retirement):
            components = tuple(one for one in notice.components if one not in ended)
            ended.update(components)
            kept.append(replace(notice, components=components))
        else:
            kept.append(notice)
    return kept
