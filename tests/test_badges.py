"""Badges: what a picture and shields.io say of the site, a group or a component is what the board says."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from lxml import etree
from markdown import markdown
from msgspec.structs import replace

from aboveboard.model import Log, Notice
from aboveboard.render.badges import OUTLET, PLATES, Badge
from aboveboard.render.outlet import Basis
from aboveboard.report import Report
from aboveboard.urls import Urls
from make import DEGRADED, at, incident, maintenance, settings
from test_feeds import NASTY

SHIELDS = Draft202012Validator(
    {
        "type": "object",
        "required": ["schemaVersion", "label", "message"],
        "properties": {
            "schemaVersion": {"const": 1},
            "label": {"type": "string"},
            "message": {"type": "string", "minLength": 1},
            "color": {"type": "string", "pattern": "^[0-9a-f]{6}$"},
            "labelColor": {"type": "string"},
            "isError": {"type": "boolean"},
            "namedLogo": {"type": "string"},
            "logoSvg": {"type": "string"},
            "logoColor": {"type": "string"},
            "logoSize": {"type": "string"},
            "style": {"type": "string"},
            "cacheSeconds": {"type": "integer", "minimum": 300},
        },
        "additionalProperties": False,
    }
)
"""What shields.io takes from an endpoint: it refuses what it does not know."""

KNOWN: dict[str, Any] = {
    "components": [
        {"id": "api", "name": "API", "group": "g"},
        {"id": "web", "name": "Web"},
        {"id": "old", "name": "Old", "until": "2026-02-01"},
        {"id": "new", "name": "New", "since": "2026-05-01"},
    ],
    "groups": [{"id": "g", "name": "Group"}],
}


def files(*notices: Notice, now: datetime | None = None, **known: Any) -> dict[str, bytes]:
    return printed(Log.of(notices), settings(**(KNOWN | known)), now or at("16:00"))


def printed(log: Log, known: Any, now: datetime) -> dict[str, bytes]:
    basis = Basis(Report.of(log, known, now), Urls(known), markdown, Path("/nowhere"))
    return {file.at: file.make() for file in OUTLET.files(basis)}


def messages(made: dict[str, bytes], period: str = "") -> dict[str, str]:
    ending = f"/{period}.json" if period else ".json"
    found = {path: json.loads(data) for path, data in made.items() if path.endswith(ending)}
    return {
        path.removesuffix(ending).removeprefix("badges/"): said["message"]
        for path, said in found.items()
        if period or (path.count("/") < 2 and not path.startswith("badge/"))
    }


def test_each_says_how_it_is():
    made = files(incident(started="15:30", components={"api": DEGRADED}), maintenance("w", components={}))

    assert messages(made) == {
        "badge": "Degraded",
        "g": "Degraded",
        "api": "Degraded",
        "web": "Operational",
        "old": "Retired",
        "new": "Not yet",
    }
    assert json.loads(made["badges/api.json"]) == {
        "schemaVersion": 1,
        "label": "API",
        "message": "Degraded",
        "color": "e5aa1c",
        "isError": False,
        "cacheSeconds": 300,
    }


def test_each_says_its_uptime():
    """By the rule that heads the board, rounded as everywhere."""
    made = files(incident(started="15:00", ended="15:30"))

    assert messages(made, "24h") == {"badge": "98.95%", "g": "97.91%", "api": "97.91%", "web": "100%", "old": "no data",
                                     "new": "no data"}  # fmt: skip
    assert json.loads(made["badges/api/90d.json"])["label"] == "API uptime, 90 days"
    assert {path.rpartition("/")[2] for path in made if path.startswith("badges/api/")} == {
        f"{period}.{ending}" for period in ("24h", "7d", "30d", "90d", "365d", "all") for ending in ("svg", "json")
    }


def test_a_picture_says_in_words_what_it_shows():
    """A title, a shape, a word and a colour for day and for night."""
    svg = files(incident(started="15:30"))["badges/api.svg"].decode()
    root = etree.fromstring(svg.encode())
    name = "{http://www.w3.org/2000/svg}%s"

    assert (root.get("role"), root.get("aria-label")) == ("img", "API: Major outage")
    assert root[0].tag == name % "title"
    assert root[0].text == "API: Major outage"
    assert [text.text for text in root.iter(name % "text")] == ["API", "Major outage"]
    assert len(root.findall(name % "path")) == 3
    day, night = PLATES["major"]
    assert [one.get("fill") for one in root.findall(name % "path")] == ["#fbf8f0", *day]
    assert f".s{{fill:{night[0]}}}" in svg.partition("@media(prefers-color-scheme:dark)")[2]
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")


def test_a_figure_is_no_state():
    """Colours and shapes are for states."""
    root = etree.fromstring(files()["badges/api/90d.svg"])

    assert len(root.findall("{http://www.w3.org/2000/svg}path")) == 2


@pytest.mark.parametrize("nasty", [*NASTY, "日本語のサービス", "Ünïcödé", "ﷺ"])
def test_whatever_it_is_called_it_is_well_formed_and_says_so(nasty: str):
    known = settings("api")
    known = replace(known, components=(replace(known.components[0], name=nasty),))
    said = re.sub("[\x00\x07\x1b\ufffe\ud800]", "", nasty)
    for path, data in printed(Log.of([]), known, at("16:00")).items():
        if path.endswith(".json"):
            SHIELDS.validate(json.loads(data))
        else:
            root = etree.fromstring(data)
            assert int(root.get("width") or 0) < 1500
    made = printed(Log.of([]), known, at("16:00"))
    assert etree.fromstring(made["badges/api.svg"])[0].text == f"{said}: Operational"
    assert json.loads(made["badges/api.json"])["label"] == said


@pytest.mark.parametrize(("text", "width"), [("", 0), ("iiii", 10), ("WWWW", 42), ("e\u0301", 6), ("é", 6), ("語", 11)])
def test_widths_are_known_without_a_font(text: str, width: int):
    found = re.search(r'textLength="(\d+)"', Badge(text, "", "ok").svg().decode())

    assert found
    assert int(found[1]) == width
