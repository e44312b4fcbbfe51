"""What mkdocs.yml says of us, complete. Whatever is refused is in `mistakes/settings-*.yml`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import jsonschema
import pytest
import yaml

from aboveboard import options
from aboveboard.model import CAUSES, Component, Group, Rule
from aboveboard.problem import Refused
from aboveboard.settings import Host

HOST = Host(name="Example Hosting status", url="https://status.example.com/")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_without_a_word_everything_has_a_value():
    made = options.read({}, HOST)

    assert (made.name, made.zone, made.incidents, made.prefix) == (HOST.name, ZoneInfo("UTC"), "incidents", "")
    assert (made.components, made.groups, made.since, made.now) == ((), (), None, None)
    assert (made.rule, made.contact, made.description) == (Rule.STRICT, "", "")
    assert made.feed_authority == "status.example.com"
    assert made.causes == {code: code.replace("_", " ") for code in CAUSES}


def test_components_and_groups_keep_their_order_and_are_found_by_id():
    made = options.read(
        {
            "timezone": "Europe/Dublin",
            "groups": [{"id": "post", "name": "Mail"}],
            "components": [
                {"id": "web", "name": "Web", "was": ["Sites"], "upstream": "Example Ltd", "source_id": "abc"},
                {"id": "mail", "name": "Mail", "group": "post", "since": "2026-07-01", "until": "2026-12-01 12:00"},
            ],
        },
        HOST,
    )

    assert made.components == (
        Component(id="web", name="Web", was=("Sites",), upstream="Example Ltd", source_id="abc"),
        Component(id="mail", name="Mail", group="post", since=at("2026-06-30 23:00"), until=at("2026-12-01 12:00")),
    )
    assert made.component("mail") == made.components[1]
    assert made.group("post") == Group(id="post", name="Mail")
    assert (made.component("post"), made.group("mail"), made.group(None)) == (None, None, None)


@pytest.mark.parametrize(
    ("written", "since"),
    [
        ("2026-07-01", "2026-06-30 23:00"),
        (date(2026, 7, 1), "2026-06-30 23:00"),
        ("2026-07-01 10:00", "2026-07-01 09:00"),
        (at("2026-07-01 10:00").replace(tzinfo=None), "2026-07-01 09:00"),
        (at("2026-07-01 10:00"), "2026-07-01 10:00"),
    ],
)
def test_a_time_is_the_same_however_mkdocs_loaded_it(written: object, since: str):
    """YAML makes dates and times of some, text of others."""
    assert options.read({"timezone": "Europe/Dublin", "since": written}, HOST).since == at(since)


def test_causes_are_a_list_of_codes_or_codes_with_words():
    assert options.read({"causes": ["power", "human_error"]}, HOST).causes == {
        "power": "power",
        "human_error": "human error",
    }
    assert options.read({"causes": {"us": "It was us"}}, HOST).causes == {"us": "It was us"}


def test_a_cause_is_part_of_an_address():
    with pytest.raises(Refused) as refused:
        options.read({"causes": ["power", "../us"]}, HOST)

    assert [problem.sentence for problem in refused.value.problems] == [
        '"../us" is no code for a cause: it is part of an address, so use letters, digits, - and _'
    ]


@pytest.mark.parametrize("prefix", ["status", "/status", "status/", "/status/"])
def test_slashes_round_a_prefix_do_not_matter(prefix: str):
    assert options.read({"prefix": prefix}, HOST).prefix == "status"


@pytest.mark.parametrize(
    ("url", "authority"),
    [("https://status.example.com:8000/x/", "status.example.com"), (None, "localhost"), ("", "localhost")],
)
def test_the_authority_of_feed_ids_is_the_site_s_host(url: str | None, authority: str):
    assert options.read({}, Host(name="x", url=url)).feed_authority == authority


def test_a_key_with_nothing_behind_it_was_not_written():
    assert options.read({"since": None, "components": None, "prefix": None}, HOST) == options.read({}, HOST)


@pytest.mark.parametrize(
    ("plugins", "place"),
    [
        ("plugins:\n  - search\n  - aboveboard:\n      nam: x\n", "mkdocs.yml:4:7"),
        ("plugins:\n  aboveboard:\n    nam: x\n", "mkdocs.yml:3:5"),
        ("plugins: [{aboveboard: {nam: x}}]\nextra: !ENV [A]\n", "mkdocs.yml:1:25"),
        ("INHERIT: other.yml\n", "mkdocs.yml:1:1"),
        ("plugins: [\n", "mkdocs.yml:1:1"),
        ("", "mkdocs.yml:1:1"),
    ],
)
def test_a_problem_stands_where_the_key_does_as_far_as_can_be_told(plugins: str, place: str):
    with pytest.raises(Refused) as refused:
        options.read({"nam": "x"}, HOST, text=plugins)

    assert str(refused.value) == f'{place}: nam: there is no such key; did you mean "name"?'


def test_the_schema_takes_the_example_of_the_manual():
    schema = options.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    takes = jsonschema.Draft202012Validator(schema).is_valid
    example = yaml.safe_load(
        "{timezone: Europe/Zurich, since: '2025-03-01', groups: [{id: post, name: Mail}], causes: [power],"
        " components: [{id: mail, name: Mail delivery, group: post, was: [Post]}], uptime_rule: outage}"
    )

    assert takes(example)
    assert takes({"causes": {"power": "The power failed"}})
    assert not takes({"timezome": "UTC"})
    assert not takes({"components": [{"id": "mail"}]})
    assert not takes({"components": [{"id": "Mail", "name": "Mail"}]})
