"""Our own files for machines: each is what its schema says, and all say what the report says."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from msgspec.structs import replace
from openapi_spec_validator import OpenAPIV31SpecValidator
from prometheus_client.parser import text_string_to_metric_families

from aboveboard import folder, source, write
from aboveboard.lines import without_comments
from aboveboard.model import Action, ComponentStatus, Edit, Evidence, Log, Notice, PostMortem, Record, Rule, Section
from aboveboard.render import machines, manuscript, metrics, schemas, sheet, statuspage
from aboveboard.render.outlet import Basis
from aboveboard.report import Report
from aboveboard.settings import Settings
from aboveboard.urls import Urls
from make import DEGRADED, MAJOR, UNKNOWN, at, incident, maintenance
from make import settings as site_of
from strategies import instants, lines, logs, site

NOW = at("16:00")
FEW = settings(max_examples=max(15, settings.default.max_examples // 4))


NOTHING = Record()
"""What git proves where it is not asked."""


def basis(log: Log, now: datetime = NOW, known: Settings | None = None, record: Record = NOTHING) -> Basis:
    known = known or site_of("api", "web")
    return Basis(Report.of(log, known, now, record=record), Urls(known), str, Path())


def of(*notices: Notice, now: datetime = NOW, known: Settings | None = None, record: Record = NOTHING) -> Basis:
    return basis(Log.of(notices), now, known, record)


def made(of: Basis) -> dict[str, Any]:
    """Every file of ours, decoded, by its name."""
    return {
        file.at.removeprefix("api/aboveboard/").removesuffix(".json"): json.loads(file.make())
        for file in machines.OUTLET.every(of)
    }


@cache
def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(schemas.schema(name), format_checker=FormatChecker())


def document(name: str) -> str:
    """The name of the schema that a file is to follow."""
    return "month" if name.startswith("notices/") else "spans" if name.startswith("uptime/") else name


@FEW
@given(logs(), instants())
def test_every_file_is_what_its_schema_says(log: Log, now: datetime):
    """Of any log at any time, and nothing that no schema speaks of is published."""
    found = made(basis(log, now, site()))
    for name, said in found.items():
        if name != "openapi" and not name.startswith("schemas/"):
            wrong = [
                f"{name}: {error.json_path}: {error.message}" for error in validator(document(name)).iter_errors(said)
            ]
            assert wrong == []

    assert {f"schemas/{name}" for name in schemas.documents(measured=False)} <= set(found)
    assert set(schemas.DOCUMENTS) >= {document(name) for name in found} - {"openapi", *found.keys() & _schemas(found)}


def _schemas(found: Iterable[str]) -> set[str]:
    return {name for name in found if name.startswith("schemas/")}


@pytest.mark.parametrize("name", schemas.DOCUMENTS)
def test_every_schema_is_one(name: str):
    """And none would let anything through: an object names all its keys."""
    Draft202012Validator.check_schema(schemas.schema(name))

    assert list(validator(name).iter_errors({})) != []
    assert list(validator(name).iter_errors({"nonsense": 1})) != []


def test_the_openapi_document_is_valid_and_whole():
    """Every file that is published lies at one of its addresses, and it refers to nothing that is not in it."""
    both = of(incident(started="14:00"), maintenance(window=("15:00", "17:00")))
    told = made(both)["openapi"]
    OpenAPIV31SpecValidator(told).validate()
    patterns = [re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)) for path in told["paths"]]
    files = [*machines.OUTLET.every(both), *statuspage.OUTLET.files(both)]
    unsaid = [file.at for file in files if not any(re.fullmatch(one, f"/{file.at}") for one in patterns)]

    assert [at for at in unsaid if "/schemas/" not in at] == ["api/aboveboard/openapi.json"]
    assert told["servers"] == [{"url": "https://status.example.com"}]
    refs = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(told)))
    assert refs <= set(told["components"]["schemas"])


@FEW
@given(logs(), instants())
def test_statuspage_s_files_are_what_the_openapi_document_says(log: Log, now: datetime):
    whole = basis(log, now, site())
    told = schemas.openapi("x", "https://status.example.com", "1")
    for file in statuspage.OUTLET.files(whole):
        name = file.at.removeprefix("api/v2/").removesuffix(".json")
        schema = told["paths"][f"/{file.at}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]  # type: ignore[index]
        judge = Draft202012Validator({**schema, "components": told["components"]}, format_checker=FormatChecker())
        assert [
            f"{name}: {error.json_path}: {error.message}" for error in judge.iter_errors(json.loads(file.make()))
        ] == []


def test_a_notice_is_told_whole():
    account = PostMortem(
        posted=at("03-09 10:00"),
        lead="Sorry. <!-- ask the lawyers -->",
        sections=(
            Section(
                title="What we are changing",
                body="Much.",
                actions=(Action(text="Page", owner="ops", due=at("03-20 00:00").date()),),
            ),
            Section(title="Else", body=""),
        ),
    )
    story = incident(
        "it-broke", "14:05 investigating", ("14:30 identified", {"web": DEGRADED}), "15:30 resolved",
        started="13:50", cause="network", detected_by="customers",
    )  # fmt: skip
    (told,) = made(of(replace(story, post_mortem=account), now=at("03-10 00:00")))["notices"]["notices"]

    assert {key: told[key] for key in ("id", "started", "ended", "posted", "lasted", "impact", "cause", "state")} == {
        "id": "it-broke",
        "started": "2026-03-02T13:50:00Z",
        "ended": "2026-03-02T15:30:00Z",
        "posted": "2026-03-02T14:05:00Z",
        "lasted": 6000,
        "impact": "critical",
        "cause": "network",
        "state": "major_outage",
    }
    assert [(one["id"], [(*span.values(),) for span in one["spans"]]) for one in told["components"]] == [
        ("api", [("major_outage", "2026-03-02T13:50:00Z", "2026-03-02T15:30:00Z")]),
        ("web", [("degraded_performance", "2026-03-02T14:30:00Z", "2026-03-02T15:30:00Z")]),
    ]
    assert told["candour"] == {
        "told_after": 900,
        "said_over_after": None,
        "longest_silence": 3600,
        "post_mortem_after": 5,
    }
    assert told["post_mortem"]["lead"] == "Sorry."
    assert [section["key"] for section in told["post_mortem"]["sections"]] == ["changing", None]
    assert told["updates"][1]["components"] == {"web": "degraded_performance"}


def test_what_git_proves_is_told():
    """Both wordings of what was changed, what was taken away, and which post was late. Without git, nothing is said."""
    story = incident("it-broke", "14:05 investigating", "15:30 resolved")
    first = story.updates[0].id
    edits = (
        Edit(
            part=first,
            time=at("16:00"),
            commit="3f9c2ab",
            before="investigating\n\nAll.",
            after="investigating\n\nOne.",
        ),
        Edit(part="20260302T150000Z", time=at("17:00"), commit="4f9c2ab", before="update\n\nNever mind.", after=""),
    )
    proof = Evidence(appeared={first: at("14:06"), story.updates[1].id: at("18:00")}, edits=edits)
    record = Record(head="4f9c2ab", begins=at("10:00"), evidence={"it-broke": proof}, digests={"it-broke": b"1"})
    with_git, without = of(story, now=at("20:00"), record=record), of(story, now=at("20:00"))
    (told,) = made(with_git)["notices/2026-03"]["notices"]
    (untold,) = made(without)["notices/2026-03"]["notices"]

    assert [update["recorded"] for update in told["updates"]] == [None, "2026-03-02T18:00:00Z"]
    assert [(edit["part"], edit["time"], edit["after"]) for edit in told["edits"]] == [
        (first, "2026-03-02T16:00:00Z", "investigating\n\nOne."),
        ("20260302T150000Z", "2026-03-02T17:00:00Z", None),
    ]
    assert (untold["edits"], untold["updates"][1]["recorded"]) == (None, None)
    validator("notices").validate(made(with_git)["notices"])
    inputs = [{file.at: file.inputs for file in machines.OUTLET.every(each)} for each in (with_git, without)]
    assert inputs[0]["api/aboveboard/notices/2026-03.json"] != inputs[1]["api/aboveboard/notices/2026-03.json"]


def test_what_lasts_has_no_end():
    """And so is told in the same bytes an hour later."""
    lasting = incident(started="14:00", components={"api": MAJOR})
    one, later = (of(lasting, now=at(time)) for time in ("15:00", "16:00"))
    (told,) = made(one)["notices"]["notices"]

    assert told["hurt"] == [{"start": "2026-03-02T14:00:00Z", "end": None}]
    assert (told["ended"], told["lasted"]) == (None, None)
    (span,) = made(one)["uptime/api/2026"]["spans"]
    assert (span["start"], span["end"], span["notices"]) == ("2026-03-02T14:00:00Z", None, ["it-broke"])
    assert {name for name, said in made(one).items() if said != made(later)[name]} == {"status", "uptime"}
    inputs = [{file.at: file.inputs for file in machines.OUTLET.every(each)} for each in (one, later)]
    assert inputs[0]["api/aboveboard/uptime/api/2026.json"] == inputs[1]["api/aboveboard/uptime/api/2026.json"]


@FEW
@given(logs(), instants())
def test_spans_add_up_to_the_figures(log: Log, now: datetime):
    """Whoever adds the published seconds finds the published sums, and shares are never rounded up."""
    whole = basis(log, now, site())
    found = made(whole)
    for one in found["uptime"]["components"]:
        tallies, calendar = whole.report.components[one["id"]].tallies, whole.report.components[one["id"]].calendar
        spans = [
            span for name, said in found.items() if name.startswith(f"uptime/{one['id']}/") for span in said["spans"]
        ]
        lengths: dict[str, timedelta] = {}
        for span in spans:
            end = instant(span["end"]) if span["end"] else now
            lengths[span["status"]] = lengths.get(span["status"], timedelta()) + end - instant(span["start"])
        every = one["periods"]["all"]
        told = {status: seconds for status, seconds in every["of"].items() if status != "operational"}
        assert told == {status: length.total_seconds() for status, length in lengths.items() if length}
        for period, figures in one["periods"].items():
            for rule in Rule:
                exact = (tallies.get(period) or calendar[period]).figures[rule].share
                share = figures[rule]["share"]
                assert (share is None) == (exact is None)
                if exact is not None:
                    assert Fraction(share).limit_denominator(10**6) <= exact
                    assert (share == 1) == (exact == 1)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_year_that_is_over_is_made_once_more():
    """Its end is then the year's, where it was open before."""
    inside, after = (
        of(incident(started="14:00", ended="15:00"), now=at(time)) for time in ("16:00", "2027-03-02 16:00")
    )
    files = [
        {file.at: file for file in machines.OUTLET.every(each)}["api/aboveboard/uptime/api/2026.json"]
        for each in (inside, after)
    ]
    known = [json.loads(file.make())["known"] for file in files]

    assert known == [
        [{"start": "2026-01-01T00:00:00Z", "end": None}],
        [{"start": "2026-01-01T00:00:00Z", "end": "2027-01-01T00:00:00Z"}],
    ]
    assert files[0].inputs != files[1].inputs


def test_a_month_is_made_again_only_for_what_is_in_it():
    """The files of other months need not even be looked at."""
    old, new = (
        incident("old", started="02-02 10:00", ended="02-02 11:00"),
        incident("new", started="10:00", ended="11:00"),
    )
    before = {file.at: file.inputs for file in machines.OUTLET.every(of(old, new))}
    after = {file.at: file.inputs for file in machines.OUTLET.every(of(old, replace(new, title="Renamed")))}

    assert before["api/aboveboard/notices/2026-02.json"] == after["api/aboveboard/notices/2026-02.json"]
    assert before["api/aboveboard/notices/2026-03.json"] != after["api/aboveboard/notices/2026-03.json"]
    assert before["api/aboveboard/index.json"] == after["api/aboveboard/index.json"]


def samples(told: bytes) -> Iterator[tuple[str, Mapping[str, str], float]]:
    for family in text_string_to_metric_families(told.decode()):
        assert family.documentation
        assert family.type == "gauge"
        yield from ((sample.name, sample.labels, sample.value) for sample in family.samples)


@FEW
@given(logs(), instants(), lines())
def test_metrics_are_read_as_they_are_meant(log: Log, now: datetime, name: str):
    """By Prometheus' own parser: one state for each component, whatever is in names and titles."""
    known = site()
    known = replace(known, components=(replace(known.components[0], name=name), *known.components[1:]))
    report = basis(log, now, known).report
    found = list(samples(metrics.text(report)))
    states = {
        labels["component"]: labels["state"] for what, labels, value in found if what.endswith("_state") and value
    }
    shown = [one for group in report.groups for one in group.components]

    assert states == {one.component.id: one.status for one in shown}
    assert {labels["name"] for what, labels, _ in found if labels.get("component") == "mail" and "name" in labels} <= {
        name
    }
    assert {labels["title"] for what, labels, _ in found if what == "aboveboard_notice_open"} == {
        one.notice.title for one in report.open
    }
    assert len(found) == len({(what, *labels.items()) for what, labels, _ in found})


@pytest.mark.parametrize("metric", [*metrics.metrics(of().report)], ids=lambda one: one.name)
def test_metrics_are_named_as_promtool_wants_them(metric: metrics.Metric):
    """Its linter's rules: base units, no type in the name, no _total or _count on a gauge, a help text."""
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", metric.name)
    assert not re.search(
        r"_(total|count|sum|bucket|gauge|counter|info|minutes|hours|days|milliseconds|percent)$", metric.name
    )
    assert metric.help.endswith(".")
    assert "\n" not in metric.help


def test_the_sheet_has_a_row_for_each_component_and_period():
    told = sheet.text(of(incident(started="14:00", components={"api": UNKNOWN, "web": MAJOR})).report)
    rows = list(csv.DictReader(io.StringIO(told.decode(), newline="")))
    by_period = {(row["component"], row["period"]): row for row in rows}

    assert {row["period"] for row in rows} >= {"24h", "7d", "30d", "90d", "365d", "all", "2026-03", "2026"}
    assert len(rows) == len(by_period)
    assert by_period["web", "24h"]["lost_seconds_strict"] == "7200"
    assert by_period["web", "24h"]["share_strict"] == "0.916666"
    assert (by_period["api", "24h"]["known_seconds"], by_period["api", "24h"]["no_data_seconds"]) == ("79200", "7200")
    assert told.endswith(b"\r\n")


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "-2", "+3", '=HYPERLINK("x")'])
def test_no_name_is_a_formula(name: str):
    """A spreadsheet would count it out, or worse."""
    known = site_of(components=[{"id": "api", "name": name}])
    told = sheet.text(of(known=known).report)

    assert next(csv.DictReader(io.StringIO(told.decode())))["name"] == f"'{name}"


@FEW
@given(logs(), st.sampled_from(["UTC", "Europe/Dublin"]))
def test_a_manuscript_reads_back(log: Log, zone: str):
    """Whoever takes the text from beside a page has the notice."""
    for notice in log.notices:
        text = manuscript.text(notice, ZoneInfo(zone)).decode()
        assert text == write.notice(notice, ZoneInfo(zone))


def test_what_is_commented_out_is_published_nowhere(tmp_path: Path):
    """Pages do not show it, so nothing does."""
    body = (
        "Mail is late. <!-- it was Bob -->\n\n<!--\ncall `him`\n-->\n\n```\n<!-- shown -->\n```\n\nUse `<!-- -->` well."
    )
    notice = incident()
    notice = replace(notice, updates=(replace(notice.updates[0], body=body),))
    whole = of(notice)
    files = {file.at: file.make().decode() for file in [*machines.OUTLET.every(whole), *statuspage.OUTLET.files(whole)]}
    text = manuscript.text(notice, ZoneInfo("UTC")).decode()

    assert [at for at, told in [*files.items(), ("", text)] if "Bob" in told or "him" in told] == []
    assert "Mail is late.\n\n\n```\n<!-- shown -->\n```\n\nUse `<!-- -->` well." in text
    (tmp_path / "it-broke.md").write_text(text)
    (read,) = folder.log(source.read(tmp_path, "incidents"), site_of("api")).notices
    assert read.updates[0].body == without_comments(body)


@given(st.text("<!-> \nab`", max_size=40))
def test_taking_comments_out_twice_takes_no_more(text: str):
    once = without_comments(text)

    assert "<!--" in text or once == text
    assert without_comments(once) == once or "`" in text or "-->" in once


def test_the_list_for_readers_of_prose_names_the_newest():
    """Titles are text: none of them makes a link or a heading."""
    notices = [incident(f"n{n:02}", f"03-{1 + n // 24:02} {n % 24:02}:00 investigating") for n in range(55)]
    notices[-1] = replace(notices[-1], title="# [x](https://evil.example) <b>`a`_b_")
    whole = of(*notices, now=at("03-20 00:00"))
    told = manuscript.listed(whole.report, whole.urls).decode()

    assert told.startswith("# Test status\n\n> ")
    links = re.findall(
        r"^- \[(.*)\]\((https://status\.example\.com/incidents/n\d\d/index\.md)\): (.*)$", told, re.MULTILINE
    )
    assert len(links) == manuscript.NEWEST
    assert links[0][0] == r"\# \[x\](https://evil.example) \<b\>\`a\`\_b\_"
    assert links[0][2] == "incident, 2026-03-03"


HOSTILE = "</script><&\">'\\ \u2028\u202e🏳️\u200d🌈\u200b\u0085x" + "y" * 5000


def test_any_title_and_body_arrives_as_it_was_written():
    """In JSON, in metrics and in text."""
    notice = replace(incident(), title=HOSTILE)
    notice = replace(notice, updates=(replace(notice.updates[0], body=HOSTILE),))
    whole = of(notice)
    (told,) = made(whole)["notices"]["notices"]
    found = {
        labels["title"] for what, labels, _ in samples(metrics.text(whole.report)) if what == "aboveboard_notice_open"
    }

    assert told["title"] == HOSTILE
    assert told["updates"][0]["body"] == HOSTILE
    assert found == {HOSTILE}


def test_half_a_character_does_not_stop_a_build():
    """A lone surrogate in YAML's escapes is no text: it becomes a question mark, and all else is as it is without."""
    known = replace(site_of("api"), name="A\ud800B")
    whole, plain = (of(replace(incident(), title=title), known=known) for title in ("C\ud800D", "C?D"))

    assert made(whole)["index"]["name"] == "A?B"
    assert made(whole)["notices"] == made(plain)["notices"]
    assert manuscript.listed(whole.report, whole.urls).startswith(b"# A?B\n")
    assert {json.loads(file.make())["page"]["name"] for file in statuspage.OUTLET.files(whole)} == {"A?B"}


@given(st.from_regex(r"\A[A-Za-z][\w ,.()/'%+-]{0,20}\Z", fullmatch=True))
def test_calm_words_are_written_as_yaml_writes_them(text: str):
    """The short way round YAML is no other way."""
    dumped = yaml.dump(text, allow_unicode=True, width=float("inf"), Dumper=write._dumper())

    assert write._scalar(text) == dumped.removesuffix("\n").removesuffix("\n...")


def test_a_state_that_nobody_knows_is_said_to_be_unknown():
    told = made(of(incident(started="14:00", components={"api": UNKNOWN})))["status"]

    assert [one["status"] for one in told["components"]] == [ComponentStatus.UNKNOWN, ComponentStatus.OPERATIONAL]
