"""The manual is whole: nothing that can be typed is missing from it, and it agrees with the tables in the model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cache
from math import floor
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import click
import pytest

from aboveboard import cli, front, monitors, options
from aboveboard.model import (
    CAUSES,
    DETECTED_BY,
    FOLLOWS,
    SECTIONS,
    Component,
    ComponentStatus,
    Impact,
    Incident,
    Kind,
    Log,
    Maintenance,
    Rule,
    Status,
    Update,
)
from aboveboard.options import read as read_settings
from aboveboard.render import headers, manuscript, metrics, probed, schemas, sheet, statuspage
from aboveboard.report import Report
from aboveboard.settings import Host
from aboveboard.span import Span
from aboveboard.uptime import Figure, calendar_day, effects, line, tally
from aboveboard.urls import Page, Urls

ROOT = Path(__file__).parents[1]
MANUAL = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")])


def test_every_front_matter_key_is_in_the_manual():
    assert missing("docs/notices.md", keys(front.schema())) == []


def test_every_setting_is_in_the_manual():
    assert missing("docs/settings.md", keys(options.schema())) == []


@pytest.mark.parametrize("words", [Kind, Status, ComponentStatus, Impact, CAUSES, DETECTED_BY], ids=str)
def test_every_word_of_the_model_is_in_the_manual(words: Any):
    assert missing("docs/notices.md", map(str, words)) == []


def test_every_address_of_a_page_is_in_the_manual():
    urls, told = Urls(read_settings({}, Host(name="Test"))), text("docs/settings.md")
    whole = [urls.page(page) for page in Page]
    some = [urls.notice("<id>"), urls.component("<id>")]
    some += [urls.history("kinds", "<kind>"), urls.history("causes", "<cause>")]

    assert [at for at in whole + some if f"`/{at}`" not in told] == []


def test_every_known_section_of_a_post_mortem_is_in_the_manual():
    assert [title for title in SECTIONS.values() if f"`### {title}`" not in text("docs/notices.md")] == []


@pytest.mark.parametrize("kind", Kind)
def test_the_life_cycle_is_the_manual_s(kind: Kind):
    """What may follow what is one table, in the model and in the manual."""
    assert life_cycle(kind) in text("docs/notices.md"), f"docs/notices.md should say:\n\n{life_cycle(kind)}"


def test_the_indicator_is_the_manual_s():
    """How bad a state is to Statuspage's clients is one table, in the program and in the manual."""
    rows = [f"| `{state}` | `{word}` | {description} |" for state, (word, description) in statuspage.INDICATOR.items()]

    assert "\n".join(rows) in text("docs/machines.md")


def test_every_file_for_machines_is_in_the_manual():
    ours = [path.removeprefix("aboveboard/").replace("{", "<").replace("}", ">") for path in schemas.PATHS]
    theirs = [f"/api/v2/{name}.json" for name in schemas.FILES]
    others = [f"/{manuscript.LIST}", f"/{metrics.METRICS}", f"/{sheet.SHEET}"]
    others += [f"/{probed.FIGURES}", f"/{probed.OUTAGES}"]

    assert [path for path in (*ours, *theirs, *others) if f"`{path}`" not in text("docs/machines.md")] == []


def test_every_state_that_a_probe_may_have_is_in_the_manual():
    words = {word.replace("_", " ") for word in monitors.STATES}

    assert [word for word in words if f"`{word}`" not in text("docs/measured.md")] == []


def test_every_metric_is_in_the_manual_with_its_labels():
    report = Report.of(EXAMPLE, read_settings({"components": [{"id": "mail", "name": "Mail"}]}, Host(name="x")), at(12))
    rows = [
        f"| `{metric.name}` | {', '.join(labels)} |" if labels else f"| `{metric.name}` | |"
        for metric in metrics.metrics(report)
        for labels, _ in list(metric.samples)[:1]
    ]

    assert len(rows) >= 5
    assert [row for row in rows if row not in text("docs/machines.md")] == []


def test_every_command_and_option_is_in_the_manual():
    sections = re.split(r"^## ", text("docs/commands.md"), flags=re.MULTILINE)
    for name, command in commands(cli.main, "aboveboard"):
        section = next((section for section in sections if section.startswith(f"`{name}")), None)
        assert section, f"docs/commands.md has no section headed `{name}`"
        told = [option for option in options_of(command) if not re.search(rf"`{re.escape(option)}[ `]", section)]
        assert told == [], f"docs/commands.md does not explain these of `{name}`"


def test_the_policy_in_the_manual_is_the_one_that_is_published():
    assert f"```text\n{headers.policy()}\n```" in text("docs/deploying.md")


def test_every_make_target_is_in_the_manual():
    targets = re.findall(r"^([a-z-]+):.*?## ", text("Makefile"), flags=re.MULTILINE)

    assert targets
    assert [target for target in targets if f"`make {target}`" not in text("docs/commands.md")] == []


@pytest.mark.parametrize("page", MANUAL, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_in_the_manual_leads_somewhere(page: Path):
    """Relative links name a file that exists, and a heading that stands in it."""
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", without_code(page.read_text("utf-8"))):
        path, _, anchor = unquote(link).partition("#")
        if re.match(r"[a-z]+:", link):
            continue
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)

    assert broken == []


def test_the_readme_leads_to_every_page():
    pages = [f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")]

    assert [page for page in pages if f"]({page})" not in text("README.md")] == []


def test_the_example_in_the_manual_is_what_the_program_counts():
    """docs/uptime.md works four notices out by hand; `uptime` says the same to the second."""
    lost = {Rule.STRICT: 14_400, Rule.OUTAGE: 7_200, Rule.WEIGHTED: 5_940}
    known = 84_600

    mail = line(Component(id="mail", name="Mail"), effects(EXAMPLE, at(24))["mail"], at(0), at(24))
    figures = tally(mail, Span(at(0), at(24))).figures

    assert figures == {rule: Figure(Fraction(seconds), Fraction(known)) for rule, seconds in lost.items()}
    for rule, figure in figures.items():
        share = 1 - figure.lost / known
        cut = f"{floor(share * 10_000) / 100:.2f} %"
        assert f"| `{rule}` | 1 − {lost[rule]:,} ÷ 84,600 = {floor(share * 10**6) / 10**6:.6f}… | {cut} |" in text(
            "docs/uptime.md"
        )


def test_the_example_across_a_clock_change_is_what_the_program_counts():
    """Four incidents on a day of 25 hours, as they stand in docs/uptime.md, by day and by month, under each rule."""
    section = text("docs/uptime.md").partition("## The same where the clock changes")[2]
    row = r"\| (\w+)[^|]*\| (\d\d:\d\d)([+\d:]*) \| (\d\d:\d\d)([+\d:]*) \| ([a-z ]+) \| ([\d,]+) \|"
    incidents = []
    for name, start, off, end, off_then, status, seconds in re.findall(row, section):
        begins = datetime.fromisoformat(f"2026-10-25T{start}{off or '+00:00'}")
        ends = datetime.fromisoformat(f"2026-10-{26 if name == 'fourth' else 25}T{end}{off_then or '+00:00'}")
        assert ends - begins == timedelta(seconds=_number(seconds)), name
        posts = [
            Update(id=name + str(n), time=time.astimezone(UTC), status=posted, body="")
            for n, (time, posted) in enumerate([(begins, Status.INVESTIGATING), (ends, Status.RESOLVED)])
        ]
        state = ComponentStatus(status.replace(" ", "_"))
        incidents.append(Incident(id=name, title=name, components={"mail": state}, updates=tuple(posts)))
    assert len(incidents) == 4

    written = {"timezone": "Europe/Dublin", "since": "2026-10-01", "components": [{"id": "mail", "name": "Mail"}]}
    known = read_settings(written, Host(name="x"))
    mail = Report.of(Log.of(incidents), known, datetime(2026, 11, 20, tzinfo=UTC)).components["mail"]
    day = tally(mail.line, calendar_day(date(2026, 10, 25), known.zone))
    for rule in Rule:
        said = f"| `{rule}` "
        for part in (day, mail.calendar["2026-10"]):
            lost, whole = int(part.figures[rule].lost), int(part.figures[rule].known)
            exact = 1 - Fraction(lost, whole)
            said += f"| 1 − {lost:,} ÷ {whole:,} = {floor(exact * 10**6) / 10**6:.6f}… "
            said += f"| {floor(exact * 10_000) / 100:.2f} % "
        assert f"{said}|" in section
    sums = re.search(r"\| \*\*lost\*\* \| \| \*\*([\d,]+)\*\* \| \*\*([\d,]+)\*\* \| \*\*([\d,]+)\*\* \|", section)
    assert sums
    assert [_number(one) for one in sums.groups()] == [day.figures[rule].lost for rule in Rule]
    rows = re.findall(r"\| (?:first|second|third|fourth) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \|", section)
    assert [sum(_number(row[n]) for row in rows) for n in (1, 2, 3)] == [day.figures[rule].lost for rule in Rule]


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def at(hour: float) -> datetime:
    """A time on the day of the example."""
    return datetime(2026, 11, 2, tzinfo=UTC) + timedelta(hours=hour)


def said(hour: float, status: Status, **components: ComponentStatus) -> Update:
    """An update on the day of the example."""
    return Update(id=f"at-{hour}", time=at(hour), status=status, body="", components=components)


EXAMPLE = Log.of(
    [
        Maintenance(
            id="maintenance",
            title="Maintenance",
            scheduled_for=at(2),
            scheduled_until=at(3.5),
            components={"mail": ComponentStatus.UNDER_MAINTENANCE},
            updates=(said(-168, Status.SCHEDULED), said(4, Status.COMPLETED)),
        ),
        Incident(
            id="first",
            title="First",
            components={"mail": ComponentStatus.DEGRADED_PERFORMANCE},
            updates=(
                said(9, Status.INVESTIGATING),
                said(9.5, Status.IDENTIFIED, mail=ComponentStatus.MAJOR_OUTAGE),
                said(10.5, Status.RESOLVED),
            ),
        ),
        Incident(
            id="second",
            title="Second",
            components={"mail": ComponentStatus.PARTIAL_OUTAGE},
            updates=(said(10, Status.INVESTIGATING), said(11, Status.RESOLVED)),
        ),
        Incident(
            id="third",
            title="Third",
            components={"mail": ComponentStatus.UNKNOWN},
            updates=(said(20, Status.INVESTIGATING), said(20.5, Status.RESOLVED)),
        ),
    ]
)
"""The notices in docs/uptime.md."""


def life_cycle(kind: Kind) -> str:
    """The life cycle of a kind, as the manual prints it."""
    rows = [
        f"| {f'`{after}`' if after else '(nothing yet)'} | {', '.join(f'`{one}`' for one in Status if one in may)} |"
        for after, may in FOLLOWS[kind].items()
    ]
    return "\n".join(["| after | may come |", "|---|---|", *rows])


def keys(schema: Any) -> Iterator[str]:
    """Every key that a JSON Schema gives a name to, at any depth."""
    if isinstance(schema, dict):
        properties = schema.get("properties")
        if isinstance(properties, dict):
            yield from properties
        for value in schema.values():
            yield from keys(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from keys(value)


def commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by the words that are typed for it."""
    if isinstance(command, click.Group):
        for word, below in command.commands.items():
            yield from commands(below, f"{name} {word}")
    elif not command.hidden:
        yield name, command


def options_of(command: click.Command) -> list[str]:
    """Every option of a command, in its long spelling."""
    listed = [one for one in command.params if isinstance(one, click.Option) and not one.hidden]
    return [max(spelling, key=len) for one in listed for spelling in (one.opts, one.secondary_opts) if spelling]


def missing(page: str, words: Any) -> list[str]:
    """Those of the words that the page does not set in code."""
    return sorted(word for word in set(words) if f"`{word}`" not in text(page))


def anchors(page: Path) -> set[str]:
    """What a page's headings are called in links to them."""
    headings = re.findall(r"^#+ (.+)$", without_fences(page.read_text("utf-8")), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def without_code(markdown: str) -> str:
    """The text without its code blocks and what is set as code in its lines."""
    return re.sub(r"`[^`\n]+`", "", without_fences(markdown))


def without_fences(markdown: str) -> str:
    """The text without its code blocks."""
    return re.sub(r"^(`{3,}|~{3,}).*?^\1", "", markdown, flags=re.MULTILINE | re.DOTALL)


@cache
def text(path: str) -> str:
    """A file of the project."""
    return (ROOT / path).read_text("utf-8")
