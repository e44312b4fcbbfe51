"""Statuspage's JSON becomes notices, and whatever has no place is named."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, date, datetime
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import markdown
import pytest
import yaml
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from aboveboard import folder as whole
from aboveboard import options as site_settings
from aboveboard import source
from aboveboard.importers import files, html, plain, statuspage
from aboveboard.importers.imported import Imported, components_yaml, report
from aboveboard.model import Component, ComponentStatus, Impact, Incident, Maintenance, Notice, Section, Status
from aboveboard.problem import Refused
from aboveboard.settings import Host, Settings

HERE = Path(__file__).parent / "importers"
REAL = Path(__file__).parents[2] / "shared" / "data"
NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
GITHUB = REAL / "statuspage-github" / "incidents.json"
DISCORD = REAL / "statuspage-discord-samples"
FICTIONAL = sorted((HERE / "statuspage").glob("*.json"))

github = pytest.mark.skipif(not GITHUB.is_file(), reason=f"{GITHUB} is missing: there is no real data beside this")
discord = pytest.mark.skipif(not DISCORD.is_dir(), reason=f"{DISCORD} is missing: there is no real data beside this")


def read(*documents: object) -> Imported:
    return statuspage.read([(f"{n}.json", one) for n, one in enumerate(documents)], imported=NOW)


def fictional() -> Imported:
    return statuspage.read(files.read_json(FICTIONAL), imported=NOW)


def notice(imported: Imported, source_id: str) -> Any:
    return next(one for one in imported.notices if one.source and one.source.id == source_id)


def remarks(imported: Imported, about: str = "") -> list[str]:
    return [one.sentence for one in imported.remarks if one.notice.endswith(about)]


def incident(*updates: dict[str, Any], **keys: Any) -> dict[str, Any]:
    """One incident's document; an update is `{"status": …}` and whatever it needs."""
    told = [
        {"id": f"update{n}", "body": "Words.", "display_at": f"2026-01-01T{10 + n}:00:00.000Z", **update}
        for n, update in enumerate(updates)
    ]
    basic = {"id": "abc", "name": "It broke", "impact": "minor", "created_at": "2026-01-01T10:00:00.000Z"}
    return {"incident": basic | {"incident_updates": told[::-1]} | keys}


def affected(**statuses: str) -> list[dict[str, str]]:
    return [{"code": code, "name": code.title(), "new_status": status} for code, status in statuses.items()]


# The story of a page


def test_an_incident_is_told_with_its_times_components_and_link():
    mail: Incident = notice(fictional(), "inmailslow01")

    assert mail.id == "2026-01-10-inbound-mail-delayed-inmailslow01"
    assert mail.title == "Inbound mail delayed"
    assert mail.stated_start == datetime(2026, 1, 10, 9, 14, 0, tzinfo=UTC)
    assert mail.components == {"inbound": ComponentStatus.UNKNOWN, "webmail": ComponentStatus.UNKNOWN}
    assert [(update.id, update.status, dict(update.components)) for update in mail.updates] == [
        ("updinvest001", Status.INVESTIGATING, {}),
        ("updident0001", Status.IDENTIFIED, {"inbound": ComponentStatus.PARTIAL_OUTAGE}),
        ("updresolved1", Status.RESOLVED, {"inbound": ComponentStatus.OPERATIONAL}),
        ("updagain0001", Status.UPDATE, {}),
    ]
    assert mail.updates[1].body == "The spam filter's disk is full.\n\nMail waits with its sender."
    assert mail.source
    assert (mail.source.system, mail.source.url, mail.source.imported) == ("statuspage", "https://stspg.io/mail", NOW)
    assert mail.impact == Impact.MAJOR


def test_a_post_mortem_is_cut_at_its_headings_and_an_open_fence_is_text():
    account = notice(fictional(), "inmailslow01").post_mortem

    assert account.posted == datetime(2026, 1, 14, 18, 0, tzinfo=UTC)
    assert account.lead == "We are sorry."
    assert account.sections == (
        Section(title="What happened", body="The disk was full.\n\n#### Then\n\n- \\[ ] Page on disk at 80 %"),
        Section(title="What we are changing", body="A bigger disk.\n\n\\`\\`\\`\n\nrm -r /spool"),
    )


def test_a_maintenance_that_nobody_announced_is_dated_to_when_it_was_entered():
    work: Maintenance = notice(fictional(), "mtunannounced")

    assert (work.scheduled_for.isoformat(), work.scheduled_until.isoformat()) == (
        "2026-03-01T10:00:00+00:00",
        "2026-03-01T11:00:00+00:00",
    )
    assert work.components == {"webmail": ComponentStatus.UNKNOWN}
    assert [(update.id, update.status, update.body, dict(update.components)) for update in work.updates] == [
        ("20260220T200000Z", Status.SCHEDULED, "", {}),
        ("updbegun0001", Status.IN_PROGRESS, "We begin.", {"webmail": ComponentStatus.UNDER_MAINTENANCE}),
        ("upddone00001", Status.COMPLETED, "Done.", {"webmail": ComponentStatus.OPERATIONAL}),
        ("updthanks001", Status.UPDATE, "Thanks for your patience.", {}),
    ]
    assert remarks(fictional(), "mtunannounced") == [
        "No update announces it; it was entered at 2026-02-20 20:00:00Z, and Scheduled is dated 2026-02-20 20:00:00Z.",
        'Update 2026-03-01 12:00:00Z, "in_progress" after completed, is read as update.',
    ]


def test_what_was_dated_back_or_changed_is_said():
    imported = fictional()

    assert remarks(imported, "inbackdated1") == [
        "Update 2026-02-01 16:00:00Z was posted at 2026-02-02 17:00:00Z and dated otherwise.",
        "Update 2026-02-01 16:00:00Z has no words.",
        "It is said to have started at 2026-02-02 17:00:00Z, after its first update, whose time is taken.",
    ]
    assert remarks(imported, "inmailslow01") == [
        "Update 2026-01-10 10:05:00Z was changed at 2026-01-10 10:45:00Z; only its newest words are there.",
        'Update 2026-01-10 13:00:00Z, "resolved" after resolved, is read as update.',
    ]


def test_components_are_named_for_people_and_keep_their_source_ids():
    assert yaml.safe_load(components_yaml(fictional())) == {
        "timezone": "America/Los_Angeles",
        "groups": [{"id": "mail", "name": "Mail", "source_id": "groupmail001"}],
        "components": [
            {
                "id": "inbound",
                "name": "Inbound",
                "group": "mail",
                "description": "From the world to you",
                "source_id": "compmailin01",
            },
            {
                "id": "mail-webmail",
                "name": "Webmail",
                "group": "mail",
                "since": date(2026, 2, 15),
                "description": "Not the page of that name.",
                "source_id": "compmailou01",
            },
            {"id": "webmail", "name": "Webmail", "source_id": "compweb00001"},
            {"id": "login", "name": "Login", "source_id": "complogin001"},
        ],
    }


def test_a_component_is_not_said_to_have_been_well_before_the_first_notice():
    """Statuspage serves the newest fifty incidents of a page that may be ten years old."""
    imported = fictional()

    assert "There before the first notice that was read, and so without a since: Inbound (2024-01-01), " in report(
        imported
    )
    assert next(one for one in imported.components if one.id == "webmail").since is None


def test_a_component_keeps_the_names_it_had():
    renamed = affected(api="operational")
    renamed[0]["name"] = "API Requests"
    imported = read(
        incident({"status": "resolved", "affected_components": renamed}, components=[{"id": "api", "name": "API"}])
    )

    assert imported.components == (Component(id="api", name="API", was=("API Requests",), source_id="api"),)


# What is believed


def test_operational_is_not_believed_where_there_was_impact():
    """Statuspage writes it beside every component that nobody touched."""
    one = read(incident({"status": "investigating", "affected_components": affected(api="operational")})).notices[0]

    assert isinstance(one, Incident)
    assert one.components == {"api": ComponentStatus.UNKNOWN}
    assert (one.impact, one.stated_impact) == (Impact.MINOR, Impact.MINOR)


def test_operational_is_believed_where_there_was_no_impact():
    told = incident({"status": "investigating", "affected_components": affected(api="operational")}, impact="none")
    one = read(told).notices[0]

    assert isinstance(one, Incident)
    assert one.components == {"api": ComponentStatus.OPERATIONAL}


def test_a_return_from_stated_trouble_is_believed():
    one = read(
        incident(
            {"status": "investigating", "affected_components": affected(api="major_outage")},
            {"status": "monitoring", "affected_components": affected(api="operational")},
            {"status": "resolved", "affected_components": affected(api="operational")},
            impact="critical",
        )
    ).notices[0]

    assert isinstance(one, Incident)
    assert one.components == {"api": ComponentStatus.MAJOR_OUTAGE}
    assert [dict(update.components) for update in one.updates] == [{}, {"api": ComponentStatus.OPERATIONAL}, {}]
    assert (one.impact, one.stated_impact) == (Impact.CRITICAL, None)


def test_nothing_is_wrong_while_an_incident_is_resolved():
    """What is said of components then has no place, and a reopened incident goes on as it was before."""
    imported = read(
        incident(
            {"status": "investigating"},
            {"status": "identified", "affected_components": affected(mail="major_outage")},
            {"status": "resolved", "affected_components": affected(mail="degraded_performance")},
            {"status": "update", "affected_components": affected(mail="operational", web="partial_outage")},
            {"status": "monitoring", "affected_components": affected(mail="operational")},
        ),
        {"components": [{"id": "mail", "name": "Mail"}, {"id": "web", "name": "Web"}]},
    )

    assert [dict(update.components) for update in imported.notices[0].updates] == [
        {},
        {"mail": ComponentStatus.MAJOR_OUTAGE},
        {},
        {"mail": ComponentStatus.OPERATIONAL},
        {"mail": ComponentStatus.OPERATIONAL},
    ]
    assert [one for one in remarks(imported, "abc") if "resolved" in one] == [
        "Update 2026-01-01 12:00:00Z says of mail that all was not well, while it is resolved; that is left out.",
        "Update 2026-01-01 13:00:00Z says of web that all was not well, while it is resolved; that is left out.",
    ]
    assert back(imported) == imported.notices


@pytest.mark.parametrize("shortlink", ["javascript:alert(1)", "http://[", "https:///x", "stspg.io/x"])
def test_a_link_that_is_none_is_left_out(shortlink: str):
    imported = read(incident({"status": "resolved"}, shortlink=shortlink))

    assert imported.notices[0].source
    assert imported.notices[0].source.url == ""
    assert f'The shortlink "{shortlink}" is no link that a page may have.' in remarks(imported)
    assert back(imported) == imported.notices


def test_an_unstated_impact_is_not_made_none():
    imported = read(incident({"status": "investigating"}, impact=None))

    assert imported.notices[0].impact == Impact.MINOR  # type: ignore[attr-defined]
    assert remarks(imported) == ["No impact is stated; minor is written, so that nothing looks better than it was."]


# What cannot be taken as it stands


@pytest.mark.parametrize(
    ("statuses", "read_as"),
    [
        (["resolved", "resolved"], ["resolved", "update"]),
        (["resolved", "update", "investigating", "resolved"], ["resolved", "update", "investigating", "resolved"]),
        (["update", "fixed", "resolved"], ["investigating", "update", "resolved"]),
        (["in_progress", "completed"], ["investigating", "resolved"]),
        (["Investigating", "RESOLVED"], ["investigating", "resolved"]),
        ([None, None], ["investigating", "update"]),
    ],
)
def test_no_words_are_lost_where_a_status_cannot_follow(statuses: list[str], read_as: list[str]):
    one = read(incident(*({"status": status, "body": f"Words of {n}."} for n, status in enumerate(statuses)))).notices[
        0
    ]

    assert [update.status for update in one.updates] == read_as
    assert [update.body for update in one.updates] == [f"Words of {n}." for n in range(len(statuses))]


def test_a_resolution_that_only_the_incident_tells_is_written():
    imported = read(incident({"status": "investigating"}, status="resolved", resolved_at="2026-01-01T12:34:56.789Z"))

    assert imported.notices[0].updates[-1].status == Status.RESOLVED
    assert imported.notices[0].updates[-1].time == datetime(2026, 1, 1, 12, 34, 56, tzinfo=UTC)
    assert remarks(imported)[0] == (
        'It is called "resolved", though no update says so; that is dated 2026-01-01 12:34:56Z.'
    )


def test_an_incident_without_updates_begins_when_it_was_entered():
    one = read(incident(status="postmortem", resolved_at="2026-01-01T12:00:00Z")).notices[0]

    assert [(update.status, update.time.hour) for update in one.updates] == [("investigating", 10), ("resolved", 12)]


def test_updates_of_one_second_stand_in_the_sources_order():
    same = "2026-01-01T10:00:00.{}Z"
    imported = read(
        incident(
            {"status": "investigating", "display_at": same.format("100")},
            {"status": "identified", "display_at": same.format("100")},
            {"status": "resolved", "display_at": same.format("900")},
        )
    )

    assert [update.status for update in imported.notices[0].updates] == ["investigating", "identified", "resolved"]
    assert remarks(imported) == ["3 updates bear the time 2026-01-01 10:00:00Z; they stand in the source's order."]


def test_a_title_is_one_line_of_text():
    title = f"<b>Mail</b>\n is\x00 \ud800down\ufffe {'x' * 5000}"
    imported = read(incident({"status": "resolved", "body": "a\x07b\x85c"}, name=title))

    assert imported.notices[0].title == f"<b>Mail</b> is down {'x' * 5000}"
    assert imported.notices[0].id == "2026-01-01-b-mail-b-is-down-abc"
    assert imported.notices[0].updates[0].body == "ab\n\nc"
    assert len(remarks(imported)) == 2


def test_tags_that_vanish_are_named():
    body = "<!-- ours --><iframe src='https://e.example'>a film</iframe><SCRIPT>alert(1)</SCRIPT>"

    assert remarks(read(incident({"status": "resolved", "body": body}))) == [
        "Update 2026-01-01 10:00:00Z held <iframe>, <script>, <!-->; at most its words are kept."
    ]


def test_an_id_that_cannot_be_ours_becomes_a_digest():
    one = read(incident({"status": "resolved", "id": "Ü 1"}, id="A/b" * 1000, name="障害")).notices[0]

    assert re.fullmatch(r"2026-01-01-[0-9a-f]{12}", one.id)
    assert one.source
    assert one.source.id == "A/b" * 1000
    assert one.updates[0].id == "20260101T100000Z"


# Files


def test_the_order_of_files_changes_nothing():
    documents = files.read_json(FICTIONAL)
    expected = statuspage.read(documents, imported=NOW)

    assert all(statuspage.read(order, imported=NOW) == expected for order in permutations(documents))


def test_the_newest_copy_wins_and_others_are_told_of():
    old = incident({"status": "investigating"}, {"status": "identified"}, updated_at="2026-01-01T11:00:00Z")
    new = incident({"status": "investigating"}, name="It broke badly", updated_at="2026-01-01T12:00:00Z")
    imported = read(old, new, old)

    assert imported.notices[0].title == "It broke badly"
    assert remarks(imported)[0] == (
        "0.json or 2.json tells it differently from 1.json, the newest; 1 updates that only others have are left out."
    )


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ([1], "0.json:1:1: Statuspage's API answers nothing like this: it is a list of 1"),
        ({"metrics": []}, "0.json:1:1: Statuspage's API answers nothing like this: it is an object of metrics"),
        ({"incidents": {}}, "0.json:1:1: incidents: an object of  should be a list"),
        ({"incidents": [{}]}, "0.json:1:1: incidents[0].id: is missing"),
        ({"incident": {"id": "a"}}, "0.json:1:1: incident: an object of id has no time; created_at should tell it"),
        (
            incident({"status": "resolved", "display_at": "yesterday"}),
            '0.json:1:1: incident.incident_updates[0].display_at: "yesterday" is not a time; '
            "it should look like 2026-11-02T09:31:00.000Z",
        ),
        (
            incident({"status": "resolved", "display_at": "2026-01-01T10:00:00"}),
            '0.json:1:1: incident.incident_updates[0].display_at: "2026-01-01T10:00:00" has no offset from UTC; '
            "it should look like 2026-11-02T09:31:00.000Z",
        ),
        (
            incident(created_at="0001-01-01T00:00:00+14:00"),
            '0.json:1:1: incident.created_at: "0001-01-01T00:00:00+14:00" is no time that a status page tells of',
        ),
        ({"components": [{"id": ""}]}, '0.json:1:1: components[0].id: "" is empty'),
        ({"components": [{"id": 1, "name": [2]}]}, "0.json:1:1: components[0].name: a list of 1 should be text"),
    ],
)
def test_another_shape_is_refused_with_a_sentence(document: object, sentence: str):
    with pytest.raises(Refused) as refused:
        read(document)

    assert str(refused.value) == sentence


def test_two_pages_are_not_mixed():
    with pytest.raises(Refused) as refused:
        read({"page": {"id": "a", "name": "One"}}, {"page": {"id": "b", "name": "Two"}})

    assert str(refused.value).splitlines() == [
        '0.json:1:1: these files come from several pages; import "One" or "Two", one at a time',
        '1.json:1:1: these files come from several pages; import "One" or "Two", one at a time',
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b'{"page":\n  oops}', "2:3: this is not JSON: Expecting value"),
        (b"\xff{}", "1:1: this is not JSON: byte 0 is not utf-8"),
        (b"[" * 100_000, "1:1: this JSON is nested too deep to be read"),
    ],
)
def test_what_is_not_json_is_refused_with_its_place(tmp_path: Path, text: bytes, sentence: str):
    path = tmp_path / "x.json"
    path.write_bytes(text)

    with pytest.raises(Refused) as refused:
        files.read_json([path, tmp_path / "missing.json"])

    assert str(refused.value).splitlines() == [
        f"{tmp_path}/missing.json:1:1: it cannot be read: No such file or directory",
        f"{path}:{sentence}",
    ]


# Bodies


@pytest.mark.parametrize("case", yaml.safe_load((HERE / "bodies.yml").read_text("utf-8")), ids=lambda case: case["why"])
def test_bodies_become_markdown(case: dict[str, str]):
    assert html.markdown(case["typed"], base="https://status.example.com") == case["markdown"]


TYPED = st.text(st.sampled_from("ab1 \n\t*_`#>-+.!~=|[](){}<>&;:/\\\"'xé中"), max_size=60) | st.text(max_size=80)


def words(text: str) -> str:
    """Text without white space, and without the marks of lists, which Markdown draws itself."""
    return "".join(text.split())


def shown(body: str) -> str:
    """What a reader sees of Markdown, lists with the marks that were typed."""
    page = BeautifulSoup(
        markdown.markdown(body, extensions=["fenced_code", "tables", "attr_list", "def_list"]), "html.parser"
    )
    for item in page.find_all("li"):
        numbered = item.parent is not None and item.parent.name == "ol"
        item.insert(0, f"{len(item.find_previous_siblings('li')) + 1}." if numbered else "-")
    return words(page.get_text())


@given(TYPED)
def test_plain_text_is_shown_as_it_was_typed(typed: str):
    text = plain.writable(typed)
    if html.is_html(text):
        return

    typed_marks = re.sub(r"(?m)^(\s*)\*(?=\s)", r"\1-", text)
    assert shown(html.markdown(text)) in (words(text), words(typed_marks))


MARKS = """<h1> </h1> <h2 </h2> <hr> <li> </li> <ul> </ul> <pre> </pre> <code> </code> <b> <p> </p> <td> <br> <!-- -->
    &lt;h1> &lt;!-- <blockquote> <a </a> a --- === - = # ## ` ``` \\ |"""
HTML = st.lists(st.sampled_from([*MARKS.split(), "\n", "\n\n", "10:00 Resolved"]), max_size=20).map(" ".join)


@given(HTML, st.sampled_from(["investigating", "postmortem"]))
def test_no_html_makes_a_heading_that_would_divide_our_file(typed: str, status: str):
    """Neither by hashes, nor by a line below, a tag or a comment."""
    told = [{"status": "investigating", "body": "Words."}, {"status": status, "body": f"Words.\n{typed}"}]
    imported = read(incident(*told))

    assert back(imported) == imported.notices


@given(st.lists(TYPED, min_size=1, max_size=4))
def test_any_words_can_be_written_and_read_back(bodies: list[str]):
    imported = read(incident(*({"status": "investigating", "body": body} for body in bodies), name="".join(bodies)))

    assert back(imported) == imported.notices


STATUSES = [
    "investigating",
    "resolved",
    "scheduled",
    "in_progress",
    "verifying",
    "completed",
    "postmortem",
    "odd",
    None,
]
TIMES = [
    f"2026-{month}-{day:02}T0{hour}:30:00.{ms}Z"
    for month in ("03", "10")
    for day in (7, 8, 25)
    for hour in (0, 9)
    for ms in ("000", "999")
]
AFFECTED = st.dictionaries(st.sampled_from(["api", "web"]), st.sampled_from([*ComponentStatus, "odd"]), max_size=2).map(
    lambda statuses: affected(**statuses)
)
UPDATE = st.fixed_dictionaries(
    {
        "status": st.sampled_from(STATUSES),
        "body": TYPED,
        "display_at": st.sampled_from(TIMES),
        "affected_components": st.none() | AFFECTED,
    }
)
TIME = st.none() | st.sampled_from(TIMES)


@given(
    st.lists(UPDATE, max_size=5),
    st.fixed_dictionaries(
        {"impact": st.sampled_from([*Impact, "maintenance", "odd", None]), "status": st.sampled_from(STATUSES)},
        optional={"started_at": TIME, "resolved_at": TIME, "scheduled_for": TIME, "scheduled_until": TIME},
    ),
)
def test_whatever_was_posted_can_be_written_and_read_back(updates: list[dict[str, Any]], keys: dict[str, Any]):
    imported = read(incident(*updates, **keys), {"page": {"id": "p", "time_zone": "America/New_York"}})
    posted = {f"update{n}" for n, update in enumerate(updates) if update["status"] != "postmortem"}

    assert back(imported) == imported.notices
    assert posted <= {update.id for update in imported.notices[0].updates}
    left_out = "The post-mortem is left out, for it has no words." in remarks(imported)
    accounted = bool(imported.notices[0].post_mortem) or left_out
    assert accounted == any(update["status"] == "postmortem" for update in updates)


# Nothing is lost


def paths(value: object, path: str = "") -> Iterator[str]:
    """Every key path in JSON: `incidents[].name`."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield f"{path}.{key}".lstrip(".")
            yield from paths(part, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for part in value:
            yield from paths(part, f"{path}[]")


PLACED = re.compile(
    r"""page | page\.time_zone | components | incidents | scheduled_maintenances
    | (incidents|scheduled_maintenances)\[\]\.(id|name|impact|shortlink|started_at|scheduled_for|scheduled_until
        |incident_updates|components)
    | .*incident_updates\[\]\.(id|status|body|display_at|affected_components)
    | .*affected_components\[\]\.(code|name|new_status)
    | .*components\[\]\.(id|name|description|start_date|group_id)
    """,
    re.VERBOSE,
)
"""The fields that have a place, written down a second time: whoever drops one has to say so here."""


def unaccounted(documents: list[tuple[str, object]], imported: Imported) -> set[str]:
    """The key paths that have no place and that no line of the report names."""
    dropped = {one.path for one in imported.dropped}
    known = {path for _, document in documents for path in paths(document)}
    return {
        path
        for path in known
        if not PLACED.fullmatch(path)
        and path not in dropped
        and not any(path.startswith((f"{one}.", f"{one}[")) for one in dropped)
    }


def test_every_field_is_placed_or_named():
    documents = files.read_json(FICTIONAL)
    imported = fictional()

    assert unaccounted(documents, imported) == set()
    assert "incidents[].novelty: 1 times; for example an object of a\n      this importer does not know it." in report(
        imported
    )
    assert "incidents[].incident_updates[].tweet_id: 1 times; for example 1249851531920158720" in report(imported)


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (["page", "time_zone"], "Asia/Tokyo"),
        (["incidents", 0, "id"], "other0000001"),
        (["incidents", 0, "name"], "Other"),
        (["incidents", 0, "impact"], "critical"),
        (["incidents", 0, "shortlink"], "https://example.com/other"),
        (["incidents", 0, "started_at"], "2026-01-10T01:00:00.000-08:00"),
        (["incidents", 0, "components"], []),
        (["incidents", 0, "incident_updates", 1, "id"], "other0000002"),
        (["incidents", 0, "incident_updates", 3, "status"], "monitoring"),
        (["incidents", 0, "incident_updates", 3, "body"], "Other."),
        (["incidents", 0, "incident_updates", 3, "display_at"], "2026-01-10T02:06:00.000-08:00"),
        (["incidents", 0, "incident_updates", 3, "affected_components", 0, "code"], "compweb00001"),
        (["incidents", 0, "incident_updates", 3, "affected_components", 0, "name"], "Post"),
        (["incidents", 0, "incident_updates", 3, "affected_components", 0, "new_status"], "major_outage"),
        (["incidents", 0, "components", 0, "name"], "Postbox"),
        (["incidents", 0, "components", 0, "description"], "Where mail is put."),
        (["incidents", 0, "components", 0, "start_date"], "2026-01-31"),
        (["incidents", 0, "components", 0, "group_id"], None),
    ],
)
def test_what_has_a_place_shows(where: list[str | int], value: object):
    """A field counts as placed only because another value of it makes another import."""
    document = json.loads((HERE / "statuspage" / "incidents.json").read_text("utf-8"))
    changed = deepcopy(document)
    at = changed
    for key in where[:-1]:
        at = at[key]
    at[where[-1]] = value

    assert read(changed) != read(document)


# Written and read again


def settings_for(imported: Imported) -> Settings:
    """The settings of a site whose owner pasted what the import prints."""
    pasted = yaml.safe_load(components_yaml(imported))
    return site_settings.read(pasted, Host(name="Example", url="https://status.example.com/"))


def back(imported: Imported) -> tuple[Notice, ...]:
    """The notices, written and read again, with the settings that the import prints."""
    with TemporaryDirectory() as folder:
        files.write_all(imported, Path(folder))
        return whole.log(source.read(Path(folder), "incidents"), settings_for(imported)).notices


def test_a_page_is_read_back_as_it_was_written():
    assert back(fictional()) == fictional().notices


def test_the_pasted_components_are_read_as_the_same():
    imported = fictional()

    assert settings_for(imported).components == imported.components
    assert settings_for(imported).groups == imported.groups


@github
def test_two_years_of_github():
    documents = files.read_json([GITHUB])
    imported = statuspage.read(documents, imported=NOW)

    assert len(imported.notices) == 156
    assert sum(len(one.updates) for one in imported.notices) == 541
    assert back(imported) == imported.notices
    assert settings_for(imported).components == imported.components
    assert unaccounted(documents, imported) == set()
    troubled = [
        one
        for one in imported.notices
        if isinstance(one, Incident) and any(span.status.value not in QUIET for span in one.component_spans())
    ]
    assert len(troubled) == 10


QUIET = ("operational", "unknown")


@discord
def test_every_sample_of_discord():
    documents = files.read_json(
        path for path in sorted(DISCORD.glob("*.json")) if b'"metrics"' not in path.read_bytes()
    )
    imported = statuspage.read(documents, imported=NOW)
    told = {one["id"] for _, document in documents for one in document.get("scheduled_maintenances", [])}  # type: ignore[attr-defined]
    planned = [one for one in imported.notices if isinstance(one, Maintenance)]

    assert {one.source.id for one in planned if one.source} == told == {"chkt3cr0jf7b"}
    assert [update.status for update in planned[0].updates] == ["scheduled", "in_progress", "verifying", "completed"]
    assert len(imported.notices) == 2
    assert back(imported) == imported.notices
    assert unaccounted(documents, imported) == set()


def test_an_import_can_be_repeated(tmp_path: Path):
    first = files.write_all(fictional(), tmp_path)
    later = statuspage.read(files.read_json(FICTIONAL), imported=datetime(2027, 1, 1, tzinfo=UTC))
    again = files.write_all(later, tmp_path)

    assert [path.relative_to(tmp_path).as_posix() for path in first.new] == [
        "2026/2026-01-10-inbound-mail-delayed-inmailslow01.md",
        "2026/2026-02-01-login-failed-inbackdated1.md",
        "2026/2026-03-01-database-upgrade-mtunannounced.md",
    ]
    assert (again.new, again.same, again.kept) == ((), first.new, ())


def test_nobodys_words_are_overwritten(tmp_path: Path):
    mail, *_ = files.write_all(fictional(), tmp_path).new
    mail.write_text("Mine.\n", "utf-8")
    again = files.write_all(fictional(), tmp_path)

    assert [str(problem) for problem in again.kept] == [
        f"{mail}:1:1: it says something else than inmailslow01 at statuspage; "
        "it was left as it is, move it away to import that afresh"
    ]
    assert mail.read_text("utf-8") == "Mine.\n"


def test_a_notice_is_known_again_under_another_title(tmp_path: Path):
    files.write_all(read(incident({"status": "resolved"})), tmp_path)
    again = files.write_all(read(incident({"status": "resolved"}, name="Renamed")), tmp_path)

    assert (again.new, len(again.kept)) == ((), 1)
    assert len(list(tmp_path.rglob("*.md"))) == 1
