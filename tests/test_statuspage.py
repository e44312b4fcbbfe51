"""Statuspage's API v2: exact in every key, free of contradictions, and the same ids for ever."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from aboveboard.importers import statuspage as importer
from aboveboard.model import Announcement, Impact, Log, Notice, Origin, PostMortem, Section, Update
from aboveboard.render.outlet import Basis
from aboveboard.render.statuspage import INDICATOR, NEWEST, OUTLET, as_told
from aboveboard.report import Report
from aboveboard.settings import Settings
from aboveboard.urls import Urls
from make import DEGRADED, FINE, MAJOR, PARTIAL, UNKNOWN, at, incident, maintenance
from make import settings as site_of
from strategies import COMPONENTS, instants, logs, site

Json = dict[str, Any]
NOW = at("16:00")
GITHUB = Path(__file__).parents[2] / "shared/data/statuspage-github/incidents.json"

NAMES = (
    "summary",
    "status",
    "components",
    "incidents",
    "incidents/unresolved",
    "scheduled-maintenances",
    "scheduled-maintenances/upcoming",
    "scheduled-maintenances/active",
)

INCIDENT, PLAN = "incidents", "scheduled_maintenances"

PARTS: Mapping[str, list[str]] = {
    "summary": ["page", "components", INCIDENT, PLAN, "status"],
    "status": ["page", "status"],
    "components": ["page", "components"],
    "incidents": ["page", INCIDENT],
    "incidents/unresolved": ["page", INCIDENT],
    "scheduled-maintenances": ["page", PLAN],
    "scheduled-maintenances/upcoming": ["page", PLAN],
    "scheduled-maintenances/active": ["page", PLAN],
}
"""What each file holds, in order."""

ID = re.compile(r"[a-z0-9]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
URL = re.compile(r"https://\S+[^/]/?")

STATES = {"operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance"}
OF_INCIDENTS = {"investigating", "identified", "monitoring", "resolved", "postmortem"}
OF_WORK = {"scheduled", "in_progress", "verifying", "completed"}

COMPONENT: Json = {
    "id": ID,
    "name": str,
    "status": STATES,
    "created_at": TIME,
    "updated_at": TIME,
    "position": int,
    "description": (str, None),
    "showcase": bool,
    "start_date": (DAY, None),
    "group_id": (ID, None),
    "page_id": ID,
    "group": bool,
    "only_show_if_degraded": bool,
}
UPDATE: Json = {
    "id": ID,
    "status": OF_INCIDENTS | OF_WORK,
    "body": str,
    "incident_id": ID,
    "created_at": TIME,
    "updated_at": TIME,
    "display_at": TIME,
    "affected_components": ([{"code": ID, "name": str, "old_status": STATES, "new_status": STATES}], None),
    "deliver_notifications": bool,
    "custom_tweet": None,
    "tweet_id": None,
}
SHAPE: Json = {
    "page": {"id": ID, "name": str, "url": re.compile(r"https?://\S*[^/]"), "time_zone": str, "updated_at": TIME},
    "status": {"indicator": {"none", "minor", "major", "critical"}, "description": str},
    "components": [COMPONENT],
    INCIDENT: [
        {
            "id": ID,
            "name": str,
            "status": OF_INCIDENTS,
            "created_at": TIME,
            "updated_at": TIME,
            "monitoring_at": (TIME, None),
            "resolved_at": (TIME, None),
            "impact": set(Impact),
            "shortlink": URL,
            "started_at": TIME,
            "page_id": ID,
            "incident_updates": [UPDATE],
            "components": [COMPONENT],
            "reminder_intervals": None,
        }
    ],
    PLAN: [
        {
            "id": ID,
            "name": str,
            "status": OF_WORK,
            "created_at": TIME,
            "updated_at": TIME,
            "monitoring_at": None,
            "resolved_at": (TIME, None),
            "impact": {"maintenance"},
            "shortlink": URL,
            "started_at": TIME,
            "page_id": ID,
            "incident_updates": [UPDATE],
            "components": [COMPONENT],
            "scheduled_for": TIME,
            "scheduled_until": TIME,
            "reminder_intervals": None,
        }
    ],
}
"""What stands where, and in which order: a type, a pattern, words to choose from, or one of several."""


def misfits(value: Any, shape: Any, where: str = "") -> list[str]:
    """Where the value is not of the shape."""
    if isinstance(shape, tuple):
        return [] if any(not misfits(value, one, where) for one in shape) else [f"{where}: {value!r}"]
    if isinstance(shape, dict):
        if isinstance(value, dict) and value.get("group") is True and shape is COMPONENT:
            shape = {**shape, "components": [ID]}
        if not isinstance(value, dict) or list(value) != list(shape):
            return [f"{where}: {list(value)}"]
        return [one for key in shape for one in misfits(value[key], shape[key], f"{where}.{key}")]
    if isinstance(shape, list) and isinstance(value, list):
        return [one for n, item in enumerate(value) for one in misfits(item, shape[0], f"{where}[{n}]")]
    if isinstance(shape, re.Pattern):
        fits = isinstance(value, str) and shape.fullmatch(value)
    elif isinstance(shape, set):
        fits = value in shape
    else:
        fits = value is None if shape is None else type(value) is shape
    return [] if fits else [f"{where}: {value!r}"]


def api(log: Iterable[Notice] | Log, now: datetime = NOW, known: Settings | None = None) -> dict[str, Json]:
    """Every file by its name, as a client decodes it."""
    known = known or site_of("api", "web")
    log = log if isinstance(log, Log) else Log.of(log)
    basis = Basis(Report.of(log, known, now), Urls(known), str, Path())
    made = {file.at: file.make() for file in OUTLET.files(basis)}
    return {at.removeprefix("api/v2/").removesuffix(".json"): json.loads(data) for at, data in made.items()}


def ungrouped(components: Iterable[Json]) -> list[Json]:
    return [one for one in components if not one["group"]]


GROUPED = replace(
    site(),
    components=tuple(replace(c, group="g" if c.id in COMPONENTS[:2] else None) for c in site().components),
    groups=site_of(groups=[{"id": "g", "name": "Together"}]).groups,
)


@given(logs(), instants(), st.sampled_from([site(), GROUPED]))
def test_any_log_at_any_time_is_told_as_statuspage_would(log: Log, now: datetime, known: Settings):
    """In their shape, without contradictions, and in order."""
    files = api(log, now, known)

    has_the_shape(files)
    does_not_contradict_itself(files)
    indicates_the_worst(files)
    tells_stories_in_order(files, now)


def has_the_shape(files: Mapping[str, Json]) -> None:
    """Of any log at any time: each key, in order, with its type."""
    assert tuple(files) == NAMES
    for name, said in files.items():
        assert list(said) == PARTS[name]
        assert [one for part in said for one in misfits(said[part], SHAPE[part], f"{name}.{part}")] == []


def does_not_contradict_itself(files: Mapping[str, Json]) -> None:
    """Neither the files one another, nor what is in one of them."""
    summary = files["summary"]
    assert len({json.dumps(said["page"]) for said in files.values()}) == 1
    assert summary["components"] == files["components"]["components"]
    assert summary["status"] == files["status"]["status"]
    assert summary[INCIDENT] == files["incidents/unresolved"][INCIDENT]
    planned = files["scheduled-maintenances/upcoming"][PLAN] + files["scheduled-maintenances/active"][PLAN]
    assert sorted(summary[PLAN], key=str) == sorted(planned, key=str)
    for part, every, some in (
        (INCIDENT, files["incidents"][INCIDENT], summary[INCIDENT]),
        (PLAN, files["scheduled-maintenances"][PLAN], planned),
    ):
        if len(every) < NEWEST:
            assert [one for one in some if one not in every] == [], part
    assert {one["status"] for one in summary[INCIDENT]} <= {"investigating", "identified", "monitoring"}
    assert {one["status"] for one in files["scheduled-maintenances/upcoming"][PLAN]} <= {"scheduled"}
    assert {one["status"] for one in files["scheduled-maintenances/active"][PLAN]} <= {"in_progress", "verifying"}
    over = [one for one in files["incidents"][INCIDENT] if one not in summary[INCIDENT]]
    assert {one["status"] for one in over} <= {"resolved", "postmortem"}
    assert all(one["resolved_at"] for one in over)
    assert not any(one["resolved_at"] for one in summary[INCIDENT])


def indicates_the_worst(files: Mapping[str, Json]) -> None:
    """`none` means that every component works and no incident is open; one that is worse names what is."""
    order = ["none", "minor", "major", "critical"]
    states = {one["status"] for one in files["components"]["components"]}
    worst = max([0, *(order.index(INDICATOR_OF[state]) for state in states)])
    indicator = order.index(files["status"]["status"]["indicator"])

    assert indicator >= worst
    assert indicator >= bool(files["incidents/unresolved"][INCIDENT])
    assert bool(indicator) == bool(worst or files["incidents/unresolved"][INCIDENT])
    assert (indicator, files["status"]["status"]["description"]) in {
        (order.index(word), description) for word, description in INDICATOR.values()
    }


INDICATOR_OF = {
    "operational": "none",
    "under_maintenance": "none",
    "degraded_performance": "minor",
    "partial_outage": "major",
    "major_outage": "critical",
}


def tells_stories_in_order(files: Mapping[str, Json], now: datetime) -> None:
    """The newest first; each component goes on from where the update before has left it; ids are nobody else's."""
    codes = {one["id"]: one for one in files["components"]["components"]}
    ids: list[str] = []
    for part, name in ((INCIDENT, "incidents"), (PLAN, "scheduled-maintenances")):
        listed = files[name][part]
        when = [one["created_at" if part == INCIDENT else "scheduled_for"] for one in listed]
        assert when == sorted(when, reverse=True)
        for one in listed:
            posts = one["incident_updates"]
            ids += [one["id"], *(post["id"] for post in posts)]
            assert {post["incident_id"] for post in posts} == {one["id"]}
            assert [post["display_at"] for post in posts] == sorted((p["display_at"] for p in posts), reverse=True)
            assert (one["created_at"], one["updated_at"]) == (posts[-1]["created_at"], posts[0]["created_at"])
            lived = [post for post in posts if post["status"] != "postmortem"]
            assert one["status"] in (lived[0]["status"], "postmortem")
            assert one["updated_at"] <= files["status"]["page"]["updated_at"] <= f"{now:%Y-%m-%dT%H:%M:%S}.999Z"
            assert all(component == codes[component["id"]] for component in one["components"])
            is_now = dict.fromkeys(codes, "operational")
            for post in reversed(lived):
                for change in post["affected_components"] or ():
                    if change["code"] in is_now:
                        assert change["old_status"] == is_now[change["code"]]
                        is_now[change["code"]] = change["new_status"]
    assert len(ids) == len(set(ids))


@settings(max_examples=settings.default.max_examples // 4)
@given(logs(), instants())
def test_our_own_importer_reads_it(log: Log, now: datetime):
    """What leaves in this form arrives in this form, somewhere else or here: its titles, times and statuses."""
    files = api(log, now, site())
    back = importer.read([(name, said) for name, said in files.items()], imported=now)
    listed = {one["id"]: one for name in ("incidents", "scheduled-maintenances") for one in files[name].popitem()[1]}

    assert {notice.source and notice.source.id for notice in back.notices} == set(listed)
    for notice in back.notices:
        assert notice.source
        one = listed[notice.source.id]
        posts = [post for post in one["incident_updates"] if post["status"] != "postmortem"]
        assert [said_at(update) for update in notice.updates] == [post["display_at"] for post in reversed(posts)]
        assert notice.status == posts[0]["status"]
        assert len(one["name"]) <= 255


def said_at(update: Update) -> str:
    return f"{update.time.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"


def test_an_incident_is_told_with_what_every_update_did():
    story = incident(
        "it-broke",
        "14:05 investigating",
        ("14:30 identified", {"api": PARTIAL, "web": DEGRADED}),
        ("15:00 monitoring", {"web": FINE}),
        "15:30 resolved",
        started="13:50",
        components={"api": MAJOR},
    )
    (told,) = api([story])["incidents"][INCIDENT]
    changes = [
        [(one["name"], one["old_status"], one["new_status"]) for one in post["affected_components"]]
        for post in reversed(told["incident_updates"])
    ]

    assert changes == [
        [("API", "operational", "major_outage")],
        [("API", "major_outage", "partial_outage"), ("WEB", "operational", "degraded_performance")],
        [("API", "partial_outage", "partial_outage"), ("WEB", "degraded_performance", "operational")],
        [("API", "partial_outage", "operational"), ("WEB", "operational", "operational")],
    ]
    assert {
        key: told[key] for key in ("impact", "status", "started_at", "created_at", "monitoring_at", "resolved_at")
    } == {
        "impact": "critical",
        "status": "resolved",
        "started_at": "2026-03-02T13:50:00.000Z",
        "created_at": "2026-03-02T14:05:00.000Z",
        "monitoring_at": "2026-03-02T15:00:00.000Z",
        "resolved_at": "2026-03-02T15:30:00.000Z",
    }
    assert told["shortlink"] == "https://status.example.com/incidents/it-broke/"


def test_work_begins_by_the_clock():
    """An update says so that nobody wrote, as Statuspage's clock does; the newest word and the status agree."""
    work = maintenance(window=("15:00", "17:00"))
    before, during = api([work], at("14:59")), api([work], at("15:00"))

    assert [one["status"] for one in before["scheduled-maintenances/upcoming"][PLAN]] == ["scheduled"]
    assert during["scheduled-maintenances/upcoming"][PLAN] == before["scheduled-maintenances/active"][PLAN] == []
    (told,) = during["scheduled-maintenances/active"][PLAN]
    assert [(one["status"], one["display_at"]) for one in told["incident_updates"]] == [
        ("in_progress", "2026-03-02T15:00:00.000Z"),
        ("scheduled", "2026-03-01T09:00:00.000Z"),
    ]
    assert told["components"][0]["status"] == "under_maintenance"
    assert during["status"]["status"] == {"indicator": "none", "description": "Service Under Maintenance"}
    assert before["status"]["status"] == {"indicator": "none", "description": "All Systems Operational"}


def test_maintenance_shows_in_the_indicator_of_a_site_that_wants_it():
    told = api([maintenance(window=("15:00", "17:00"))], known=site_of("api", indicate_maintenance=True))

    assert told["status"]["status"] == {"indicator": "maintenance", "description": "Service Under Maintenance"}


def test_time_alone_changes_no_byte_until_the_clock_does_something():
    """So that a rebuild every few minutes gives caches nothing to do."""
    notices = [incident(started="10:00"), maintenance(window=("18:00", "19:00"))]
    one, other, then = (api(notices, at(time)) for time in ("16:00", "17:59", "18:00"))

    assert one == other
    assert one != then


def test_work_that_was_called_off_is_completed_without_having_begun():
    """Statuspage has no word for it."""
    work = maintenance("w", "03-01 09:00 scheduled", "03-02 10:00 cancelled", window=("15:00", "17:00"))
    told = api([work])

    (one,) = told["scheduled-maintenances"][PLAN]
    assert [post["status"] for post in one["incident_updates"]] == ["completed", "scheduled"]
    assert told["scheduled-maintenances/active"][PLAN] == told["scheduled-maintenances/upcoming"][PLAN] == []
    assert one["incident_updates"][0]["affected_components"] == [
        {"code": one["components"][0]["id"], "name": "API", "old_status": "operational", "new_status": "operational"}
    ]


def test_recurring_work_is_one_maintenance_for_each_window():
    """Each with an id of its own, and only the next of those to come."""
    weekly = maintenance("m", "02-01 09:00 scheduled", window=("02-09 14:00", "02-09 15:00"), recurs="FREQ=WEEKLY")
    told = api([weekly], at("02-23 14:30"))

    assert [(one["scheduled_for"], one["status"]) for one in told["scheduled-maintenances"][PLAN]] == [
        ("2026-03-02T14:00:00.000Z", "scheduled"),
        ("2026-02-23T14:00:00.000Z", "in_progress"),
        ("2026-02-16T14:00:00.000Z", "completed"),
        ("2026-02-09T14:00:00.000Z", "completed"),
    ]
    assert len({one["id"] for one in told["scheduled-maintenances"][PLAN]}) == 4


def test_what_is_not_known_is_not_called_good():
    told = api([incident(started="14:00", components={"api": UNKNOWN}, stated_impact=Impact.NONE)])

    assert [one["status"] for one in told["components"]["components"]] == ["degraded_performance", "operational"]
    assert told["status"]["status"]["indicator"] == "minor"
    assert as_told(UNKNOWN) == DEGRADED


def test_an_incident_that_is_watched_still_shows():
    """Tools that ask the indicator alone would say that all is well while an incident is open."""
    told = api([incident("x", "14:00 investigating", ("15:00 monitoring", {"api": FINE}))])

    assert [one["status"] for one in told["components"]["components"]] == ["operational", "operational"]
    assert told["status"]["status"]["indicator"] == "minor"
    assert [one["status"] for one in told["incidents/unresolved"][INCIDENT]] == ["monitoring"]


def test_a_post_mortem_is_an_update():
    account = PostMortem(posted=at("03-09 10:00"), lead="Sorry.", sections=(Section(title="Why", body="A disk."),))
    story = replace(incident(started="14:00", ended="15:00"), post_mortem=account)
    (told,) = api([story], at("03-10 00:00"))["incidents"][INCIDENT]

    assert told["status"] == told["incident_updates"][0]["status"] == "postmortem"
    assert told["incident_updates"][0]["body"] == "Sorry.\n\n### Why\n\nA disk."
    assert told["updated_at"] == "2026-03-09T10:00:00.000Z"
    assert told["resolved_at"] == "2026-03-02T15:00:00.000Z"


def test_groups_stand_before_what_is_in_them():
    written = [{"id": id_, "name": id_.upper(), "group": "g" if id_ != "api" else None} for id_ in ("api", "web", "db")]
    known = site_of(components=written, groups=[{"id": "g", "name": "Backstage"}])
    told = api([incident(started="14:00", components={"db": PARTIAL})], known=known)
    api_, group, web, db = told["components"]["components"]

    assert [one["name"] for one in (api_, group, web, db)] == ["API", "Backstage", "WEB", "DB"]
    assert [one["position"] for one in (api_, group, web, db)] == [1, 2, 1, 2]
    assert group["components"] == [web["id"], db["id"]]
    assert (web["group_id"], api_["group_id"]) == (group["id"], None)
    assert (group["status"], group["group"]) == ("partial_outage", True)
    (change,) = told["incidents"][INCIDENT][0]["incident_updates"][0]["affected_components"]
    assert change["name"] == "Backstage - DB"


def test_ids_that_were_imported_are_kept_and_others_outlive_every_name():
    known = site_of(components=[{"id": "api", "name": "API", "source_id": "br0l2tvcx85d"}])
    post = Update(id="9l4jxyrc2tw2", time=at("14:00"), status=incident().status, body="")
    origin = Origin(system="statuspage", id="gh0vvxtlj5v7")
    came = replace(incident("came"), source=origin, updates=(post,))
    ours = incident("ours", "13:00 investigating")
    first, second = api([came, ours], known=known)["incidents"][INCIDENT]
    renamed = replace(known, name="New Ltd", components=(replace(known.components[0], name="Renamed"),))
    again = api([replace(came, title="x"), replace(ours, title="y")], known=renamed)

    assert first["id"] == "gh0vvxtlj5v7"
    assert [one["id"] for one in first["incident_updates"]] == ["9l4jxyrc2tw2"]
    assert first["components"][0]["id"] == "br0l2tvcx85d"
    assert second["id"] == "omawt9txpfw9"
    assert [one["id"] for one in again["incidents"][INCIDENT]] == ["gh0vvxtlj5v7", "omawt9txpfw9"]
    assert again["status"]["page"]["id"] == api([], known=known)["status"]["page"]["id"]


def test_the_list_ends_with_the_fiftieth():
    """A backfilled incident stands where it was posted, not where it began."""
    many = [incident(f"n{n:02}", f"03-{1 + n // 8:02} {n % 8:02}:00 investigating") for n in range(NEWEST + 5)]
    late = incident("late", "03-19 00:00 resolved", started="02-01 10:00", ended="02-01 11:00")
    told = api([*many, late], at("03-20 00:00"))

    names = [one["shortlink"].split("/")[-2] for one in told["incidents"][INCIDENT]]
    assert names == ["late", *(f"n{n:02}" for n in range(NEWEST + 4, 5, -1))]
    assert len(told["incidents/unresolved"][INCIDENT]) == NEWEST + 5


def test_announcements_have_no_place_in_it():
    word = Announcement(
        id="hello", title="Hello", updates=(Update(id="1", time=at("09:00"), status="update", body="x"),)
    )

    assert api([word])["incidents"][INCIDENT] == []


HOSTILE = "</script><&\">'\\ \u2028\u202e🏳️\u200d🌈\u200b" + "x" * 5000


def test_any_title_and_body_arrives_as_it_was_written():
    """But for a title's length, which theirs have too."""
    notice = replace(incident(), title=HOSTILE)
    notice = replace(notice, updates=(replace(notice.updates[0], body=HOSTILE),))
    (told,) = api([notice])["incidents"][INCIDENT]

    assert told["name"] == f"{HOSTILE[:254]}…"
    assert told["incident_updates"][0]["body"] == HOSTILE


def test_what_was_imported_from_statuspage_leaves_as_it_came():
    """GitHub's 156 incidents: ids, names, statuses, impacts and times to the second; of the newest fifty."""
    if not GITHUB.is_file():
        pytest.skip(f"{GITHUB} is not there: it lies beside the repository, not in it")
    source = json.loads(GITHUB.read_text("utf-8"))
    moment = datetime(2022, 8, 12, tzinfo=UTC)
    brought = importer.read([("incidents.json", source)], imported=moment)
    known = replace(site(), components=brought.components, groups=brought.groups)
    told = api(Log.of(brought.notices), moment, known)["incidents"][INCIDENT]
    theirs = {one["id"]: one for one in source["incidents"]}

    assert len(told) == NEWEST
    for one in told:
        was = theirs[one["id"]]
        assert (one["name"], one["status"], one["impact"]) == (was["name"].strip(), was["status"], was["impact"])
        assert one["resolved_at"][:19] == was["resolved_at"][:19]
        assert [post["id"] for post in one["incident_updates"]] == [post["id"] for post in was["incident_updates"]]
        assert one["components"] == [] or {c["id"] for c in one["components"]} == {c["id"] for c in was["components"]}
    dates = [one["created_at"] for one in told]
    assert all(one >= other for one, other in pairwise(dates))
    assert timedelta(0) <= moment - datetime.fromisoformat(dates[0])
