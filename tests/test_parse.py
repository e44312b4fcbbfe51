"""What a writer wrote is what the log says. Whatever is refused is in `mistakes/`."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboveboard import folder, front, source, window
from aboveboard.model import (
    Action,
    Announcement,
    ComponentStatus,
    Impact,
    Incident,
    Log,
    Maintenance,
    Notice,
    Origin,
    Retirement,
    Status,
)
from aboveboard.options import read as read_settings
from aboveboard.problem import Refused
from aboveboard.settings import Host, Settings

ROOT = Path(__file__).parents[1]
MAJOR, PARTIAL = ComponentStatus.MAJOR_OUTAGE, ComponentStatus.PARTIAL_OUTAGE
DEGRADED, FINE = ComponentStatus.DEGRADED_PERFORMANCE, ComponentStatus.OPERATIONAL


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def settings(zone: str = "UTC", **more: object) -> Settings:
    components = [{"id": id_, "name": id_} for id_ in ("mail", "webmail", "database")]
    return read_settings({"timezone": zone, "components": components} | more, Host(name="Test"))


def read(root: Path, zone: str = "UTC", **files: str) -> Log:
    """The log of a folder with these files; `_` in a name is a point, so that `x_de` is `x.de.md`."""
    for name, text in files.items():
        path = root / (f"{name.replace('_', '.')}.md" if name != "picture" else text)
        path.write_text("" if name == "picture" else text, "utf-8")
    return folder.log(source.read(root, "incidents"), settings(zone))


def notice(root: Path, text: str, zone: str = "UTC", **files: str) -> Any:
    """The one notice, `x.md`."""
    (one,) = read(root, zone, x=text, **files).notices
    return one


def incident(*updates: str, front: str = "components: {mail: partial_outage}") -> str:
    """An incident of these updates, a heading each; their bodies are all alike."""
    return f"---\ntitle: Mail delayed\n{front}\n---\n" + "".join(f"\n## {update}\n\nWords.\n" for update in updates)


def maintenance(*updates: str, front: str = "") -> str:
    """Weekly work, on Sundays at two."""
    window = "scheduled_for: 2026-10-18 02:00\nscheduled_until: 2026-10-18 02:30\nrecurs: FREQ=WEEKLY;BYDAY=SU\n"
    facts = f"kind: maintenance\ntitle: Upkeep\n{front or window}components: {{database: under_maintenance}}\n"
    return f"---\n{facts}---\n" + "".join(f"\n## {update}\n\nWords.\n" for update in updates)


EXAMPLE = """\
---
title: Inbound mail delayed
components:
  mail: partial_outage
started: 2026-11-02 09:14
cause: capacity
detected_by: customers
---

## 2026-11-02 09:31 Investigating

Mail from outside is arriving up to an hour late. Nothing is lost: it queues with the sender.

## +34m Identified {mail=major_outage webmail=degraded_performance}

The spam filter's disk is full. We should have been paged at 80 % and were not.

## 11:40 Resolved

The queue is empty. 41,300 messages were late, the longest by 2 h 12 min.

## Post-mortem

### What happened
### What we got wrong
### What customers told us
### What we are changing

- [ ] Page on disk at 80 % (owner: platform, due: 2026-11-20)
- [x] Move the filter's queue to its own volume (owner: mail, due: 2026-11-09, done: 2026-11-06)
"""


def test_the_example_of_the_manual(tmp_path: Path):
    one = notice(tmp_path, EXAMPLE)

    assert isinstance(one, Incident)
    assert (one.id, one.title, one.path) == ("x", "Inbound mail delayed", "incidents/x.md")
    assert (one.cause, one.detected_by, one.components) == ("capacity", "customers", {"mail": PARTIAL})
    assert (one.stated_start, one.stated_end, one.stated_impact) == (at("2026-11-02 09:14"), None, None)
    assert [(update.id, update.time, update.status, update.components, update.line) for update in one.updates] == [
        ("20261102T093100Z", at("2026-11-02 09:31"), Status.INVESTIGATING, {}, 10),
        ("20261102T100500Z", at("2026-11-02 10:05"), Status.IDENTIFIED, {"mail": MAJOR, "webmail": DEGRADED}, 14),
        ("20261102T114000Z", at("2026-11-02 11:40"), Status.RESOLVED, {}, 18),
    ]
    assert one.updates[2].body == "The queue is empty. 41,300 messages were late, the longest by 2 h 12 min."
    assert (one.ended, one.impact) == (at("2026-11-02 11:40"), Impact.CRITICAL)
    assert [section.key for section in one.post_mortem.sections] == ["happened", "wrong", "customers", "changing"]
    assert one.post_mortem.actions == (
        Action(text="Page on disk at 80 %", owner="platform", due=date(2026, 11, 20)),
        Action(
            text="Move the filter's queue to its own volume",
            owner="mail",
            due=date(2026, 11, 9),
            done=date(2026, 11, 6),
        ),
    )


@pytest.mark.parametrize(
    "path", [path for path in sorted((ROOT / "docs").glob("*.md")) if "\n---\nkind" in path.read_text("utf-8")]
)
def test_every_whole_notice_in_the_manual_can_be_read(path: Path, tmp_path: Path):
    examples = [block for block in path.read_text("utf-8").split("```markdown\n")[1:] if block.startswith("---\n")]
    known = ("mail", "webmail", "database", "webmail-classic")
    site = read_settings({"components": [{"id": id_, "name": id_} for id_ in known]}, Host(name="Test"))
    for number, block in enumerate(examples):
        (tmp_path / f"example-{number}.md").write_text(block.partition("\n```")[0] + "\n", "utf-8")

    assert len(folder.log(source.read(tmp_path, "incidents"), site).notices) == len(examples) >= 5


def test_times_are_those_of_the_site(tmp_path: Path):
    one = notice(tmp_path, incident("2026-07-02 23:50 Investigating", "00:10 Resolved"), "Europe/Dublin")

    assert [update.time for update in one.updates] == [at("2026-07-02 22:50"), at("2026-07-02 23:10")]


def test_the_hour_that_comes_twice_is_told_by_elapsed_time_or_offset(tmp_path: Path):
    text = incident(
        "2026-10-25 00:50 Investigating", "+30m Identified", "+1h Update", "2026-10-25 01:30+00:00 Resolved"
    )

    assert [update.time for update in notice(tmp_path, text, "Europe/Dublin").updates] == [
        at("2026-10-24 23:50"),
        at("2026-10-25 00:20"),
        at("2026-10-25 01:20"),
        at("2026-10-25 01:30"),
    ]


@pytest.mark.parametrize("word", ["In progress", "in_progress", "IN-PROGRESS", "In  Progress"])
def test_a_status_may_be_written_in_any_way(tmp_path: Path, word: str):
    front = "scheduled_for: 2026-11-08 02:00\nscheduled_until: 2026-11-08 03:00\n"
    text = maintenance("2026-11-01 09:00 Scheduled", f"2026-11-08 02:00 {word}", front=front)

    assert notice(tmp_path, text).status == Status.IN_PROGRESS


def test_the_american_spelling_is_understood(tmp_path: Path):
    assert notice(tmp_path, maintenance("2026-10-01 09:00 Scheduled", "+1h Canceled")).status == Status.CANCELLED


def test_what_stands_in_braces(tmp_path: Path):
    one = notice(
        tmp_path,
        incident(
            "2026-11-02 09:31 Investigating {mail=major_outage #first-word next=+30m}",
            "+10m Update {next=10:30 webmail=Partial-Outage}",
            "+10m Update {next=2026-11-03T08:00}",
            "+10m Update {next=2026-11-03 08:00 mail=operational}",
        ),
    )

    assert [update.next_by for update in one.updates] == [
        at("2026-11-02 10:01"),
        at("2026-11-02 10:30"),
        at("2026-11-03 08:00"),
        at("2026-11-03 08:00"),
    ]
    assert one.updates[0].id == "first-word"
    assert (one.updates[1].components, one.updates[3].components) == ({"webmail": PARTIAL}, {"mail": FINE})


def test_twins_have_ids_of_their_own(tmp_path: Path):
    one = notice(tmp_path, incident("2026-11-02 09:31 Investigating", "+0m Identified", "09:31 Resolved"))

    assert [update.id for update in one.updates] == ["20261102T093100Z", "20261102T093100Z-2", "20261102T093100Z-3"]


def test_a_resolved_incident_can_be_reopened(tmp_path: Path):
    one = notice(
        tmp_path,
        incident("2026-11-02 09:00 Resolved", "+1h Update", "+1h Investigating", "+1h Update", "+1h Resolved"),
    )

    assert (one.status, one.resolved_at) == (Status.RESOLVED, at("2026-11-02 13:00"))


def test_an_operational_component_after_the_stated_end_changes_nothing(tmp_path: Path):
    """Whoever writes that all is well again is not sent away for it."""
    text = incident(
        "2026-11-02 09:31 Investigating",
        "11:40 Resolved {mail=operational}",
        front="components: {mail: partial_outage}\nended: 2026-11-02 11:20",
    )

    assert notice(tmp_path, text).ended == at("2026-11-02 11:20")


def test_headings_in_code_and_deeper_ones_are_the_writer_s(tmp_path: Path):
    body = "### Details\n\n```sh\n## 2026-11-02 10:00 Resolved\n```\n\n~~~~\n~~~\n# no\n~~~~~\n\n    ## no\n\n> ## no"
    one = notice(tmp_path, incident("2026-11-02 09:31 Resolved").replace("Words.", body))

    assert [update.body for update in one.updates] == [body]


@pytest.mark.parametrize(
    "heading",
    ["14:05", "14:05 Disk full", "2026-11-02", "2026-11-02 09:00 Update from the supplier", "Resolved", "+34 %"],
)
def test_a_deeper_heading_with_a_time_in_it_is_the_writer_s_unless_it_reads_as_an_update(tmp_path: Path, heading: str):
    (update,) = notice(tmp_path, f"{incident('2026-11-02 09:31 Resolved')}\n### {heading}\n\nWords.\n").updates

    assert f"### {heading}" in update.body


def test_a_post_mortem_may_tell_what_was_posted_when(tmp_path: Path):
    one = notice(tmp_path, f"{incident('2026-11-02 09:31 Resolved')}\n## Postmortem\n\n### 09:31 Resolved\n\nWords.\n")

    assert [section.title for section in one.post_mortem.sections] == ["09:31 Resolved"]


def test_the_headings_of_an_import_are_somebody_else_s(tmp_path: Path):
    """From level 4, where our own importers put them."""
    text = incident("2026-11-02 09:31 Resolved", front="impact: minor\nsource: {system: statuspage, id: abc}")
    (update,) = notice(tmp_path, f"{text}\n#### 06:40 Resolved\n\n#### Post-mortem\n\nWords.\n").updates

    assert update.body == "Words.\n\n#### 06:40 Resolved\n\n#### Post-mortem\n\nWords."


def test_headings_may_be_indented_and_closed(tmp_path: Path):
    one = notice(tmp_path, incident("2026-11-02 09:31 Investigating ##").replace("\n## ", "\n   ## "))

    assert one.status == Status.INVESTIGATING


def test_a_recurring_maintenance(tmp_path: Path):
    """Two o'clock stays two o'clock; an update names its window by the local time."""
    one = notice(
        tmp_path,
        maintenance(
            "2026-10-12 09:00 Scheduled",
            "2026-10-18 02:31 In progress {at=2026-10-18T02:00}",
            "02:50 Completed {at=2026-10-18T02:00}",
            "2026-10-24 12:00 Cancelled {at=2026-10-25T02:00}",
            "2026-10-30 09:00 Update",
        ),
        "Europe/Dublin",
    )

    assert isinstance(one, Maintenance)
    assert (one.recurs, one.zone) == ("FREQ=WEEKLY;BYDAY=SU", "Europe/Dublin")
    first, second, third = window.windows(one, at("2026-11-02 00:00"))
    assert [one.start for one in (first, second, third)] == [
        at("2026-10-18 01:00"),
        at("2026-10-25 02:00"),
        at("2026-11-01 02:00"),
    ]
    assert [len(one.updates) for one in (first, second, third)] == [2, 1, 0]
    assert second.status(at("2026-11-02 00:00")) == Status.CANCELLED


@pytest.mark.parametrize("until", ["20261101", "20261101T020000", "20261101T020000Z"])
def test_a_recurrence_ends_on_a_day_at_a_local_time_or_in_utc(tmp_path: Path, until: str):
    """On 1 November Dublin's two o'clock is UTC's; a bare day ends before it."""
    text = maintenance("2026-10-12 09:00 Scheduled").replace("BYDAY=SU", f"BYDAY=SU;UNTIL={until}")

    assert len(list(window.starts(notice(tmp_path, text, "Europe/Dublin")))) == (2 if until == "20261101" else 3)


def test_a_retirement(tmp_path: Path):
    one = notice(
        tmp_path,
        "---\nkind: retirement\ntitle: The end\ncomponents: [webmail]\nannounced: 2026-01-12\nends: 2026-06-30 12:00\n"
        'replaced_by: "[Mail](https://mail.example.com/)"\nexport: >-\n  Address books:\n  as vCard\nhelp: us\n---\n\n'
        "## 2026-01-12 09:00 Update\n\nIt ends.\n",
        "Europe/Dublin",
    )

    assert isinstance(one, Retirement)
    assert (one.components, one.announced, one.ends) == (
        ("webmail",),
        at("2026-01-12 00:00"),
        at("2026-06-30 11:00"),
    )
    assert (one.replaced_by, one.export) == ("[Mail](https://mail.example.com/)", "Address books: as vCard")


def test_an_announcement(tmp_path: Path):
    text = (
        "---\nkind: announcement\ntitle: Hello\npinned_until: 2027-01-03\n---\n\n## 2026-12-18 10:00 Update\n\nHello.\n"
    )

    one = notice(tmp_path, text)

    assert isinstance(one, Announcement)
    assert (one.pinned_until, one.status) == (at("2027-01-03 00:00"), Status.UPDATE)


def test_an_import_says_where_it_came_from_and_may_have_said_nothing(tmp_path: Path):
    front = (
        "impact: none\nsource:\n  system: statuspage\n  id: 0123\n  url: https://example.com/0123\n"
        "  imported: 2026-11-02 10:00Z"
    )
    one = notice(tmp_path, incident("2026-11-02 09:31 Resolved {#abc}", front=front).replace("Words.\n", ""))

    assert one.source == Origin(
        system="statuspage", id="0123", url="https://example.com/0123", imported=at("2026-11-02 10:00")
    )
    assert (one.updates[0].id, one.updates[0].body) == ("abc", "")


@pytest.mark.parametrize(
    "title", ["<b>Mail</b>", "Mail: late", "no", "12:30", "2026-11-02", "ж" * 5000, "#1 {x}", "it's"]
)
def test_a_title_is_text(tmp_path: Path, title: str):
    text = incident("2026-11-02 09:31 Resolved").replace("Mail delayed", "'" + title.replace("'", "''") + "'")

    assert notice(tmp_path, text).title == title


def test_a_post_mortem_beside_its_notice_may_use_any_heading(tmp_path: Path):
    """It is divided at the highest level that it uses; deeper headings stay in the text."""
    one = notice(
        tmp_path,
        incident("2026-11-02 09:31 Resolved", front="impact: minor\npostmortem_posted: 2026-11-05 10:00"),
        x_postmortem="In short.\n\n## What happened\n\nMuch.\n\n### At night\n\nMore.\n\n## Else\n",
    )

    assert (one.post_mortem.posted, one.post_mortem.lead) == (at("2026-11-05 10:00"), "In short.")
    assert [(section.title, section.body) for section in one.post_mortem.sections] == [
        ("What happened", "Much.\n\n### At night\n\nMore."),
        ("Else", ""),
    ]


def test_pictures_and_files_that_a_text_names_are_the_notice_s(tmp_path: Path):
    (tmp_path / "trace.har").touch()
    (tmp_path / "unused.png").touch()
    body = "![The queue](queue.png) and [the trace](./trace.har), `![](code.png)`\n\n```\n![](code.png)\n```"
    text = incident("2026-11-02 09:31 Resolved").replace("Words.", body)

    assert notice(tmp_path, text, picture="queue.png").images == ("queue.png", "trace.har")


def test_pictures_and_files_in_front_matter_are_the_notice_s(tmp_path: Path):
    """Its lines are Markdown like the text below it."""
    (tmp_path / "Screen Shot 1.png").touch()
    (tmp_path / "trace.har").touch()
    front = 'impact: minor\nus_if: "you see ![this](<Screen Shot 1.png>)"\nnot_us_if: "[this](trace.har) is yours"'

    assert notice(tmp_path, incident("2026-11-02 09:31 Resolved", front=front)).images == (
        "Screen Shot 1.png",
        "trace.har",
    )


def test_links_between_notices_and_elsewhere_are_fine(tmp_path: Path):
    body = "As [before](../2025/y.md#x), [there](https://example.com/z.md), [here](/status/) [and](http://[broken)."
    other = incident("2026-11-01 09:31 Resolved")

    assert len(read(tmp_path, x=incident("2026-11-02 09:31 Resolved").replace("Words.", body), y=other).notices) == 2


def test_a_translation_matches_by_time_or_id_and_may_be_partial(tmp_path: Path):
    log = read(
        tmp_path,
        x=incident("2026-11-02 09:31 Investigating", "+10m Identified {#found}", "10:30 Resolved"),
        x_de="---\ntitle: Post verspätet\n---\n\n## 2026-11-02 09:31 Untersucht\n\nSpät.\n\n## {#found}\n\nGefunden.\n",
    )

    (german,) = log.translations
    assert (german.notice, german.lang, german.title) == ("x", "de", "Post verspätet")
    assert german.bodies == {"20261102T093100Z": "Spät.", "found": "Gefunden."}


def test_a_translation_with_more_updates_than_its_original_is_told_so(tmp_path: Path):
    more = "".join(f"\n## 1{n}:00 Mehr\n\nMehr.\n" for n in range(3))
    german = f"---\ntitle: Post verspätet\n---\n\n## 2026-11-02 09:31 Untersucht\n\nSpät.\n{more}"

    with pytest.raises(Refused) as refused:
        read(tmp_path, x=incident("2026-11-02 09:31 Investigating"), x_de=german)

    sentence = "the original, x.md, has no such update; use one of its times or ids"
    assert [str(problem) for problem in refused.value.problems] == [
        f"incidents/x.de.md:{line}:4: updates[{n}]: {sentence}" for n, line in enumerate((9, 13, 17), 1)
    ]


def test_after_a_status_that_is_none_to_begin_with_anything_may_follow(tmp_path: Path):
    with pytest.raises(Refused) as refused:
        read(tmp_path, x=incident("2026-11-02 09:31 Update", "+1m Update", "+1m Update", "+1m Resolved"))

    (problem,) = refused.value.problems
    assert problem.sentence.startswith("an incident does not begin with update; begin with investigating")


def test_parsing_needs_neither_yaml_nor_dateutil_until_somebody_writes_what_does():
    """They take as long to import as a hundred notices take to be read."""
    code = "import sys, aboveboard.parse; print([name for name in ('yaml', 'dateutil') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)

    assert done.stdout == "[]\n"


def test_the_order_of_the_files_does_not_matter(tmp_path: Path):
    texts = [incident(f"2026-11-0{day} 09:31 Resolved") for day in (3, 1, 2)]
    one = read(tmp_path, a=texts[0], b=texts[1], c=texts[2])
    reading = source.read(tmp_path, "incidents")
    backwards = source.Reading(reading.sources[::-1], ())

    assert folder.log(backwards, settings()) == one
    assert [notice.id for notice in one.notices] == ["b", "c", "a"]


def test_a_component_outside_its_time_may_be_named(tmp_path: Path):
    """An old notice is not refused because somebody wrote `since` down."""
    site = settings(components=[{"id": "mail", "name": "Mail", "since": "2027-01-01"}])
    (tmp_path / "x.md").write_text(incident("2026-11-02 09:31 Resolved"), "utf-8")

    assert len(folder.log(source.read(tmp_path, "incidents"), site).notices) == 1


def test_a_site_s_own_causes(tmp_path: Path):
    (tmp_path / "x.md").write_text(incident("2026-11-02 09:31 Resolved", front="impact: minor\ncause: power"), "utf-8")

    (one,) = folder.log(source.read(tmp_path, "incidents"), settings(causes=["power"])).notices

    assert isinstance(one, Incident)
    assert one.cause == "power"


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_any_body_is_a_notice_or_has_problems(tmp_path_factory: pytest.TempPathFactory, body: str):
    """Nothing that somebody types can stop the program."""
    text = incident("2026-11-02 09:31 Resolved") + body
    try:
        one = notice(tmp_path_factory.mktemp("any"), text)
    except Refused:
        return
    assert isinstance(one, Notice)


@given(
    st.text(alphabet="# 0123456789-:T+Z{}=mailresovdunctgxp\n`~", min_size=1),
    st.sampled_from(["## ", "## 2026-11-02 ", "## 10:00 Resolved {"]),
)
def test_any_heading_too(tmp_path_factory: pytest.TempPathFactory, rest: str, start: str):
    try:
        log = read(tmp_path_factory.mktemp("any"), x=incident("2026-11-02 09:31 Investigating") + start + rest)
    except Refused:
        return
    assert len(log.notices) == 1


def test_the_schema_takes_what_the_parser_takes():
    """And nothing that it refuses by its shape."""
    schema = front.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    takes = jsonschema.Draft202012Validator(schema).is_valid
    planned = {
        "kind": "maintenance",
        "title": "x",
        "scheduled_for": "2026-11-02 10:00",
        "scheduled_until": "2026-11-02 11:00",
    }

    assert takes({"title": "Mail delayed", "components": {"mail": "partial_outage"}, "started": "2026-11-02 09:14"})
    assert takes(planned)
    assert takes(
        {"kind": "retirement", "title": "x", "components": ["mail"], "announced": "2026-11-02", "ends": "2027-01-01"}
    )
    assert takes({"kind": "announcement", "title": "x", "pinned_until": "2027-01-01"})
    assert not takes({"components": {"mail": "partial_outage"}})
    assert not takes({"title": "x", "severity": "high"})
    assert not takes({"title": "x", "impact": "huge"})
    assert not takes({"title": "x", "scheduled_for": "2026-11-02 10:00"})
    assert not takes(planned | {"kind": "incident"})


def test_of_notices_that_are_parsed_together_each_has_its_own_problems(tmp_path: Path):
    texts = [incident("2026-11-02 09:31 Resolved"), incident("2026-11-02 09:31 Fixed"), incident("+1m Resolved")]
    for name, text in zip("abc", texts, strict=True):
        (tmp_path / f"{name}.md").write_text(text, "utf-8")
    units = [folder.Unit(one, None) for one in source.read(tmp_path, "incidents").sources]

    one, *others = folder.parsed_together(units, settings())

    assert one == folder.parsed(units[0], settings())
    for unit, problems in zip(units[1:], others, strict=True):
        with pytest.raises(Refused) as refused:
            folder.parsed(unit, settings())
        assert isinstance(problems, Refused)
        assert problems.problems == refused.value.problems
        assert {problem.path for problem in problems.problems} == {unit.notice.path}


def test_changes_are_read_alike_however_much_stands_beside_them(tmp_path: Path):
    plain, more = "{mail=major_outage webmail=operational}", "{#a  mail=Major-outage webmail=operational}"
    found = [
        notice(tmp_path, incident(f"2026-11-02 09:31 Identified {one}", front="impact: minor")) for one in (plain, more)
    ]

    assert [one.updates[0].components for one in found] == [{"mail": MAJOR, "webmail": FINE}] * 2
