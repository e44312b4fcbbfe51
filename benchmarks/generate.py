"""Two sites of the same made-up notices: one for Aboveboard, one for plain MkDocs. The same plan, the same bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
"""The time of every build: it is part of what a site is made from."""

NEWEST = NOW - timedelta(days=30)
"""By when everything has begun, so that by now it is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is made up."""

    notices: int
    """Each of four updates."""
    components: int = 8
    years: int = 5
    post_mortem_each: int = 10
    """One notice in so many has a post-mortem."""
    maintenance_each: int = 8
    """One notice in so many is a maintenance; the others are incidents."""
    seed: int = 1

    def moment(self, number: int) -> datetime:
        """When notice `number` begins: they are evenly spread, and the one after the last is still in the past."""
        span = timedelta(days=365) * self.years
        return NEWEST - span + timedelta(minutes=span / timedelta(minutes=1) * number // (self.notices + 1))


@dataclass(frozen=True, slots=True)
class Made:
    """The file of a notice."""

    path: str
    """Below the folder of all notices: a year, and the notice's id with `.md`."""
    text: str


def lay_out(folder: Path, plan: Plan) -> tuple[Path, Path]:
    """Write both sites into a folder that is empty or missing: Aboveboard's, then plain MkDocs'."""
    ours, plain = folder / "ours", folder / "plain"
    write(ours / "mkdocs.yml", f"{_HEAD}{_ours(plan)}")
    write(ours / "docs" / "index.md", "---\ntemplate: board.html\n---\n\nWhat works, and what does not.\n")
    write(plain / "mkdocs.yml", f"{_HEAD}{_PLAIN}")
    write(plain / "docs" / "index.md", "# Status\n\nWhat works, and what does not.\n")
    for number in range(plan.notices):
        made = notice(plan, number)
        write(ours / "incidents" / made.path, made.text)
        write(plain / "docs" / made.path, made.text)
    return ours, plain


def notice(plan: Plan, number: int) -> Made:
    """One notice, from 0, the oldest. It may link to an older one of even number and to none of odd."""
    chance = Random(f"{plan.seed} {number}")  # noqa: S311, texts need no secret
    parts = _maintenance(plan, number, chance) if _is_work(plan, number) else _incident(plan, number, chance)
    text = "\n\n".join(parts)
    if number % plan.post_mortem_each == plan.post_mortem_each // 2:
        text = "\n\n".join([text, *_post_mortem(plan, number, chance)])
    return Made(_path(plan, number), f"{text}\n")


def write(path: Path, text: str) -> None:
    """Write a file, and make its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _is_work(plan: Plan, number: int) -> bool:
    return number % plan.maintenance_each == plan.maintenance_each - 1


_HEAD = """\
site_name: Made up
site_url: https://status.example.org/
theme: {name: material, font: false}
nav: [index.md]
"""

_PLAIN = """\
not_in_nav: /[0-9]*/
plugins: [search]
"""


def _ours(plan: Plan) -> str:
    components = "".join(f"        - {{id: {id_}, name: {_name(id_).capitalize()}}}\n" for id_ in _components(plan))
    return f"plugins:\n  - search\n  - aboveboard:\n      timezone: UTC\n      components:\n{components}"


_COMPONENTS = ("mail", "webmail", "websites", "databases", "files", "backups", "name-servers", "panel")


def _components(plan: Plan) -> list[str]:
    """The ids of the components: of `mail`, the first beyond the eight is `mail-2`."""
    rounds = (divmod(number, len(_COMPONENTS)) for number in range(plan.components))
    return [f"{_COMPONENTS[at]}-{nth + 1}" if nth else _COMPONENTS[at] for nth, at in rounds]


def _name(component: str) -> str:
    return component.replace("-", " ")


_STATUSES = ("degraded_performance", "degraded_performance", "partial_outage", "major_outage")
_CAUSES = ("software_bug", "hardware", "network", "capacity", "third_party", "human_error")
_COMPLAINTS = ("slow", "unreachable for some", "refusing connections", "late", "losing sessions", "failing at times")


def _incident(plan: Plan, number: int, chance: Random) -> Iterator[str]:
    posted = plan.moment(number)
    second = chance.choice(_components(plan))
    began = posted - timedelta(minutes=chance.randint(2, 40))
    yield (
        f"---\ntitle: {_title(plan, number)}\ncomponents:\n  {_subject(plan, number)}: {chance.choice(_STATUSES)}\n"
        f"started: {began:%Y-%m-%d %H:%M}\ncause: {chance.choice(_CAUSES)}\n---"
    )
    yield f"## {posted:%Y-%m-%d %H:%M} Investigating"
    yield _body(plan, number, chance)
    yield f"## +{chance.randint(5, 50)}m Identified {{{second}={chance.choice(_STATUSES)}}}"
    yield _body(plan, number, chance)
    yield f"## +{chance.randint(10, 150)}m Monitoring {{{second}=operational}}"
    yield _body(plan, number, chance)
    yield f"## +{chance.randint(10, 90)}m Resolved"
    yield _body(plan, number, chance)


def _maintenance(plan: Plan, number: int, chance: Random) -> Iterator[str]:
    opens = plan.moment(number)
    closes = opens + timedelta(minutes=chance.randint(60, 240))
    told = opens - timedelta(days=chance.randint(3, 14))
    yield (
        f"---\nkind: maintenance\ntitle: {_title(plan, number)}\n"
        f"scheduled_for: {opens:%Y-%m-%d %H:%M}\nscheduled_until: {closes:%Y-%m-%d %H:%M}\n"
        f"components:\n  {_subject(plan, number)}: under_maintenance\n---"
    )
    yield f"## {told:%Y-%m-%d %H:%M} Scheduled"
    yield _body(plan, number, chance)
    yield f"## {opens:%Y-%m-%d %H:%M} In progress"
    yield _body(plan, number, chance)
    yield f"## +{chance.randint(20, 40)}m Verifying"
    yield _body(plan, number, chance)
    yield f"## +{chance.randint(10, 60)}m Completed"
    yield _body(plan, number, chance)


def _subject(plan: Plan, number: int) -> str:
    """The component that a notice is about. It may be asked by itself, because links say titles too."""
    return Random(f"{plan.seed} {number} subject").choice(_components(plan))  # noqa: S311


def _title(plan: Plan, number: int) -> str:
    name = _name(_subject(plan, number)).capitalize()
    if _is_work(plan, number):
        return f"{name} move to new machines"
    return f"{name} {_COMPLAINTS[number % len(_COMPLAINTS)]}"


def _path(plan: Plan, number: int) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", _title(plan, number).lower())
    return f"{plan.moment(number):%Y}/{plan.moment(number):%Y-%m-%d}-{slug}-{number}.md"


_SENTENCES = (
    "About {share} % of what is sent to {place} waits, on average for {minutes} minutes.",
    "We saw {count} errors between {place} and {other} before the alarm went off.",
    "{place} was taken out of service after {minutes} minutes, and {other} carries its load.",
    "Nothing is lost: {count} items are queued and will be worked through in about {minutes} minutes.",
    "If you see a page that says it cannot connect, please try again; {share} % of attempts succeed.",
    "The change that was made on {place} has been taken back, which took {minutes} minutes.",
    "A disk on {place} was full to {share} %, and nobody was told, because {other} sends the alarms.",
    "Between {place} and {other} every packet took {minutes} milliseconds longer than it should.",
    "We are sorry. {count} customers could not work for {minutes} minutes, and more noticed it.",
    "Our supplier confirms a fault on the line to {place} and speaks of {minutes} minutes.",
    "What was written since the start of the fault is safe; {count} records were compared and agree.",
    "The number of open connections fell from {count} to a normal level within {minutes} minutes.",
    "We have added {minutes} workers on {place} and see the queue shrink by {count} an hour.",
    "Whoever uses an older program may have to sign in again; {count} sessions were ended.",
    "Please do not restart anything on your side, since that would not help and would cost {minutes} minutes.",
    "We will look at {place} again in the morning, when {share} % of the traffic is back.",
)
_PLACES = ("north", "south", "east", "west", "harbour", "quay", "lane", "bridge")


def _sentence(chance: Random) -> str:
    text = chance.choice(_SENTENCES).format(
        share=chance.randint(2, 98),
        minutes=chance.randint(2, 240),
        count=f"{chance.randint(20, 90_000):,}",
        place=_place(chance),
        other=_place(chance),
    )
    return f"{text[0].upper()}{text[1:]}"


def _place(chance: Random) -> str:
    return f"{chance.choice(_PLACES)} {chance.randint(1, 60)}"


def _prose(chance: Random, sentences: int) -> str:
    return " ".join(_sentence(chance) for _ in range(sentences))


_SHAPES = {"prose": 14, "list": 2, "link": 2, "code": 1, "block": 1}
"""How a body may look, and how many of twenty do."""


def _body(plan: Plan, number: int, chance: Random) -> str:
    (shape,) = chance.choices(list(_SHAPES), list(_SHAPES.values()))
    match shape:
        case "list":
            return _list(chance)
        case "link":
            return _link(plan, number, chance)
        case "code":
            return _code(chance)
        case "block":
            return _block(chance)
    return _paragraphs(chance)


def _paragraphs(chance: Random) -> str:
    return "\n\n".join(_prose(chance, chance.randint(1, 3)) for _ in range(chance.randint(1, 2)))


def _list(chance: Random) -> str:
    items = (f"- **{_place(chance)}:** {_sentence(chance)}" for _ in range(3))
    return f"{_prose(chance, 1)}\n\n" + "\n".join(items)


def _link(plan: Plan, number: int, chance: Random) -> str:
    """Prose with a link to an older notice, spelled as both sites know it, or to elsewhere where none is older."""
    name, to = "the figures", f"https://figures.example.org/{chance.randint(1, 999)}"
    if number > 1:
        older = chance.randrange(number // 2) * 2
        name, to = _title(plan, older), f"../{_path(plan, older)}"
    return f"{_prose(chance, 2)} Not to be confused with [{name}]({to}). {_sentence(chance)}"


def _code(chance: Random) -> str:
    return f"The answer is `{chance.randint(400, 599)} from {_place(chance)}`. *{_sentence(chance)}*"


def _block(chance: Random) -> str:
    lines = "\n".join(f"{_place(chance)}: {chance.randint(1, 9999)} ms" for _ in range(4))
    return f"{_prose(chance, 1)}\n\n```text\n{lines}\n```\n\n{_prose(chance, 1)}"


def _post_mortem(plan: Plan, number: int, chance: Random) -> Iterator[str]:
    posted = plan.moment(number).date() + timedelta(days=5)
    yield f"## Post-mortem\n\n{_prose(chance, 3)}"
    yield f"### What happened\n\n{_list(chance)}\n\n{_paragraphs(chance)}"
    yield f"### Why it happened\n\n{_code(chance)}\n\n{_paragraphs(chance)}"
    yield f"### What we got wrong\n\n{_link(plan, number, chance)}"
    yield f"### What we are changing\n\n{_promise(posted, chance)}\n{_promise(posted, chance, kept=True)}"


def _promise(posted: date, chance: Random, *, kept: bool = False) -> str:
    due = posted + timedelta(days=chance.randint(10, 90))
    done = f", done: {due - timedelta(days=3)}" if kept else ""
    text = f"Page at {chance.randint(50, 90)} % on {_place(chance)}"
    return f"- [{'x' if kept else ' '}] {text} (owner: platform, due: {due}{done})"
