"""What our own files for machines look like: JSON Schema 2020-12 for each, and one OpenAPI 3.1 document for all.

Both are published beside the files, and the tests hold every file against them. No key is ever left out: what there is
nothing to say of is null.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from ..candour import PromiseState
from ..headline import Mood
from ..model import DETECTED_BY, SECTIONS, ComponentStatus, Impact, Kind, Rule, Status

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Json = dict[str, object]


def _text(description: str, **more: object) -> Json:
    return {"type": "string", "description": description, **more}


def _time(description: str) -> Json:
    return _text(f"{description} RFC 3339, in UTC.", format="date-time", pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")


def _day(description: str) -> Json:
    return _text(description, format="date")


def _url(description: str) -> Json:
    return _text(description, format="uri")


def _one_of(words: type[StrEnum], description: str) -> Json:
    return _text(description, enum=[str(word) for word in words])


def _number(description: str, *, whole: bool = True, **more: object) -> Json:
    return {"type": "integer" if whole else "number", "description": description, **more}


def _seconds(description: str) -> Json:
    return _number(f"{description} In seconds.", minimum=0)


def _yes(description: str) -> Json:
    return {"type": "boolean", "description": description}


def _list(of: Json, description: str) -> Json:
    return {"type": "array", "items": of, "description": description}


def _by(of: Json, description: str) -> Json:
    return {"type": "object", "additionalProperties": of, "description": description}


def _null(schema: Json) -> Json:
    """The same, or null."""
    if "enum" in schema or "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


def _object(description: str, /, **properties: Json) -> Json:
    """All of these, and nothing else."""
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_STATUS = _one_of(ComponentStatus, "How a component is. `unknown`: no data.")
_ID = _text("Ours, which never changes.", pattern="^[a-z0-9][a-z0-9-]{0,99}$")
_SPAN = _object(
    "A stretch of time, without its last instant.", start=_time("When it began."), end=_time("When it ended.")
)
_OPEN_END = _null(_time("When it ended; null while it lasts."))

_ACTION = _object(
    "A promise.",
    text=_text("Markdown."),
    owner=_text("Who keeps it."),
    due=_day("By when."),
    done=_null(_day("When it was kept.")),
)

_NOTICE = _object(
    "Anything posted. What is of another kind is null.",
    id=_ID,
    kind=_one_of(Kind, "What it is."),
    title=_text("As text."),
    url=_url("Its page."),
    markdown=_url("Its text, as it was written."),
    status=_one_of(Status, "What was posted last, or what the clock made of it."),
    state=_null(_one_of(ComponentStatus, "While it is open the worst that it does now; once over, the worst it did.")),
    is_open=_yes("Whether it goes on. Work that has not begun does not."),
    began=_time("By what it is filed: when it started, was planned to, or was posted."),
    started=_null(_time("When customers were first hurt.")),
    ended=_null(_time("When customers were last hurt.")),
    posted=_time("When its first update was published."),
    last_posted=_time("When its newest word was."),
    lasted=_null(_seconds("How long it hurt, pauses left out.")),
    hurt=_list(_object("A stretch.", start=_time("From when."), end=_OPEN_END), "When it did."),
    impact=_null(_one_of(Impact, "The worst that it ever reached.")),
    cause=_null(_text("A code of the site's.")),
    detected_by=_null(_text("Who noticed first.", enum=[*DETECTED_BY])),
    reports=_null(_number("How many customers reported it.", minimum=0)),
    credit=_null(_text("What they were credited for it. Markdown.")),
    us_if=_null(_text('Completes "It is us if …". Markdown.')),
    not_us_if=_null(_text('Completes "It is probably not us if …". Markdown.')),
    components=_list(
        _object(
            "One that it touches.",
            id=_ID,
            spans=_list(
                _object("While it was something.", status=_STATUS, start=_time("From when."), end=_OPEN_END),
                "In order. Of recurring work, those of the window that is on, else next, else last.",
            ),
        ),
        "In the order in which it names them.",
    ),
    window=_null(
        _object(
            "Of maintenance the window that is on, else the next, else the last.",
            start=_time("As announced."),
            end=_time("As announced."),
            recurs=_null(_text("An RFC 5545 rule, counted in the site's zone.")),
            overran=_seconds("How far it went past its end."),
        )
    ),
    announced=_null(_time("When a retirement was.")),
    ends=_null(_time("When what it retires ends.")),
    replaced_by=_null(_text("What to use instead. Markdown.")),
    export=_null(_text("How to take data away. Markdown.")),
    help=_null(_text("Who helps. Markdown.")),
    pinned_until=_null(_time("Until when an announcement heads the board.")),
    updates=_list(
        _object(
            "A public message.",
            id=_text("Ours, within its notice."),
            time=_time("When it was posted."),
            status=_one_of(Status, "What it says. `update`: what was said before holds."),
            body=_text("Markdown, without comments."),
            components=_by(_STATUS, "What it changes, by id."),
            occurrence=_null(_time("The start of the window that it speaks of, of recurring work.")),
            next_by=_null(_time("By when the next one was promised.")),
            recorded=_null(
                _time(
                    "When it reached the public record, where that was over ten minutes after the time that it gives."
                )
            ),
        ),
        "The oldest first.",
    ),
    edits=_null(
        _list(
            _object(
                "What was changed or taken away after it had been published.",
                time=_time("When the record had it so."),
                commit=_text("Git's name of the change."),
                part=_text("An update's id, `facts` or `post-mortem`."),
                before=_text(
                    "As it was. Of an update its status and what it changes, then Markdown, without comments."
                ),
                after=_null(_text("As it is from then on. Null: it was taken away.")),
            ),
            "As git proves it, the oldest first. Null: there is no record in which to look.",
        )
    ),
    post_mortem=_null(
        _object(
            "The account afterwards.",
            posted=_null(_time("When it was published.")),
            lead=_text("What stands before its sections. Markdown."),
            sections=_list(
                _object(
                    "A part of it.",
                    key=_null(_text("Which it is, of those known by name.", enum=[*SECTIONS])),
                    title=_text("As text."),
                    body=_text("Markdown, without its actions."),
                    actions=_list({"$ref": "#/$defs/action"}, "The promises made in it."),
                ),
                "In order.",
            ),
        )
    ),
    candour=_object(
        "What can be measured of it. Null: it cannot be.",
        told_after=_null(_number("Seconds from when it started to the first update; below 0 where that came first.")),
        said_over_after=_null(
            _number("Seconds from when it ended to the Resolved; null where nothing else tells the end.")
        ),
        longest_silence=_null(_seconds("Between two updates while it was open.")),
        post_mortem_after=_null(_number("Working days from its end to the post-mortem.")),
    ),
    source=_null(
        _object(
            "Where it was imported from.",
            system=_text("Which program's it was."),
            id=_text("What it was called there."),
            url=_null(_text("Where it stood.")),
            imported=_null(_time("When that was.")),
        )
    ),
)

_BRIEF = _object(
    "A notice in few words.",
    id=_ID,
    kind=_one_of(Kind, "What it is."),
    title=_text("As text."),
    url=_url("Its page."),
    status=_one_of(Status, "Where it stands."),
    state=_null(_one_of(ComponentStatus, "The worst that it does now.")),
    began=_time("When it started, or was planned to."),
    last_posted=_time("When its newest word was published."),
    next_by=_null(_time("By when the next update is promised.")),
    components=_by(_STATUS, "What it touches, as it is now, by id."),
)

_SHARE = _null(
    _number("Of the known time, what was not lost; rounded down. Null: no data.", whole=False, minimum=0, maximum=1)
)
_SHARES: Json = {"type": "object", "properties": {rule.value: _SHARE for rule in Rule}, "required": [*map(str, Rule)]}
_FIGURES = _object(
    "What a period was made of.",
    known=_seconds("What we speak for: the denominator."),
    no_data=_seconds("What we do not."),
    of=_by(_number("Seconds.", minimum=0), "How long it was what, by status."),
    unexcused=_seconds("Of these, maintenance outside its announced window."),
    notices=_number("How many notices are behind it.", minimum=0),
    **{
        rule.value: _object(
            f"Under the rule {rule.value}.",
            lost=_number("Seconds; exact.", whole=False, minimum=0),
            share=_SHARE,
        )
        for rule in Rule
    },
)

_COMPARED = _object(
    "What a period was made of, as it was seen. The known seconds are up, unseen, planned, told and untold together.",
    known=_seconds("When somebody looked: the denominator."),
    no_data=_seconds("When nobody did."),
    up=_seconds("Seen up, and nothing else was posted."),
    unseen=_seconds("Seen up, while a notice says that something was not operational."),
    down=_seconds("Seen down: planned, told and untold together."),
    planned=_seconds("Seen down in a window of maintenance that was announced before it began."),
    told=_seconds("Seen down, and a notice says so."),
    untold=_seconds("Seen down, and no notice says so."),
    share=_SHARE,
)

_PROMISE = _object(
    "A promise of a post-mortem, today.",
    notice=_ID,
    url=_url("The notice's page."),
    text=_text("Markdown."),
    owner=_text("Who keeps it."),
    due=_day("By when."),
    done=_null(_day("When it was kept.")),
    state=_one_of(PromiseState, "Where it stands."),
    days=_number("From due to done, or to today; below 0 while there is time."),
)

_MONTH = _object(
    "A month of history.",
    month=_text("In the site's zone.", pattern=r"^\d{4}-\d\d$"),
    notices=_number("How many began in it.", minimum=1),
    url=_url("The file with all of them."),
)

DOCUMENTS: Mapping[str, Json] = {
    "index": _object(
        "Where everything is.",
        name=_text("Whose status it is."),
        description=_text("What the page covers; may be blank."),
        url=_url("The board."),
        time_zone=_text("An IANA name."),
        language=_text("Of the pages."),
        contact=_null(_text("For whoever finds no answer.")),
        files=_by(_url("A file."), "What else there is, by name."),
        components=_list(
            _object(
                "A component.",
                id=_ID,
                name=_text("What readers call it."),
                url=_url("Its page."),
                uptime=_by(_url("Its spans."), "By year of UTC."),
            ),
            "As declared, those that have ended among them.",
        ),
        months=_list({"$ref": "#/$defs/one_month"}, "The newest first."),
        candour=_by(
            _url("A table, as CSV."), "What every incident measures of our candour, by the year in which it began."
        ),
    ),
    "status": _object(
        "How everything is.",
        as_of=_time("The time of the build."),
        mood=_one_of(Mood, "What the headline says."),
        state=_one_of(ComponentStatus, "How what it is about looks."),
        components=_list(
            _object(
                "A component that is shown today.",
                id=_ID,
                name=_text("What readers call it."),
                description=_null(_text("In a sentence.")),
                upstream=_null(_text("Whose service it is, where it is somebody else's.")),
                group=_null(_ID),
                status=_STATUS,
                since=_time("From when we speak for it."),
                url=_url("Its page."),
            ),
            "In the order of the board.",
        ),
        groups=_list(
            _object(
                "Components shown together.",
                id=_ID,
                name=_text("What readers call it."),
                status=_one_of(ComponentStatus, "The worst of its components'."),
            ),
            "Those with something to show.",
        ),
        open=_list(
            {"$ref": "#/$defs/brief"}, "Incidents and maintenance that go on, the one with the newest word first."
        ),
        ahead=_list(
            _object(
                "A window of work to come.",
                notice=_ID,
                title=_text("As text."),
                url=_url("The notice's page."),
                start=_time("As announced."),
                end=_time("As announced."),
                components=_by(_STATUS, "What it will do, by id."),
            ),
            "The nearest first; of recurring work, all of the next 60 days.",
        ),
    ),
    "notices": _object(
        "The newest notices.",
        notices=_list({"$ref": "#/$defs/notice"}, "The 50 that began last, the newest first."),
        months=_list({"$ref": "#/$defs/one_month"}, "Where all of them are, the newest first."),
    ),
    "month": _object(
        "The notices that began in a month.",
        month=_text("In the site's zone.", pattern=r"^\d{4}-\d\d$"),
        notices=_list({"$ref": "#/$defs/notice"}, "The newest first."),
    ),
    "uptime": _object(
        "Uptime, under three rules.",
        as_of=_time("The time of the build."),
        rule=_one_of(Rule, "Which of them heads the board."),
        weights=_by(_by(_number("Of a second.", whole=False), "By status."), "How much of a second is lost, by rule."),
        periods=_by(
            {"$ref": "#/$defs/span"}, "By key: 24h, 7d, … 365d and all, the last calendar months and every year."
        ),
        components=_list(
            _object("One of them.", id=_ID, periods=_by({"$ref": "#/$defs/figures"}, "By the key of the period.")),
            "As declared.",
        ),
        groups=_list(
            _object(
                "Some of them together.",
                id=_null(_ID),
                means=_by({"$ref": "#/$defs/shares"}, "The mean of its components' shares, by period and rule."),
                all_up=_by({"$ref": "#/$defs/figures"}, "The worst of them at each instant, by period."),
            ),
            "Null is the id of those in no group.",
        ),
        means=_by({"$ref": "#/$defs/shares"}, "The mean of all components' shares, by period and rule."),
    ),
    "spans": _object(
        "What a component was in a year, where it was not simply operational.",
        component=_ID,
        year=_number("Of UTC."),
        known=_list(
            _object("What we speak for.", start=_time("From when."), end=_OPEN_END), "Outside of it there is no data."
        ),
        spans=_list(
            _object(
                "A stretch in which the same notices held it in the same state.",
                start=_time("From when."),
                end=_OPEN_END,
                status=_STATUS,
                unexcused=_yes("Whether any of it is maintenance outside its announced window."),
                notices=_list(_ID, "Why."),
            ),
            "Disjoint and in order.",
        ),
    ),
    "measured": _object(
        "What monitoring saw beside what notices say.",
        as_of=_time("The time of the build."),
        components=_list(
            _object(
                "One that is measured.",
                id=_ID,
                interval=_seconds("Usually between two probes; 0 where monitoring states from when to when it looked."),
                counts_for=_seconds("How long a probe counts at most."),
                tolerance=_seconds(
                    "How far from what a notice says an outage may lie and be the one that it tells of."
                ),
                newest=_time("When the last probe was."),
                periods=_by({"$ref": "#/$defs/compared"}, "By the key of the period, as in uptime.json."),
            ),
            "As declared.",
        ),
        outages=_list(
            _object(
                "A stretch for which a component was seen down.",
                component=_ID,
                start=_time("From when."),
                end=_OPEN_END,
                lasted=_seconds("Until its end, or until now."),
                posted=_yes("Whether a notice tells of any of it."),
                planned=_yes("Whether all that tell of it are maintenance in its announced window."),
                untold=_list(
                    {"$ref": "#/$defs/span"}, "What of it lies further from what notices tell: until now at most."
                ),
                begins_later=_seconds("How much later a notice says that it began."),
                ends_sooner=_seconds("How much sooner a notice says that it was over."),
                notices=_list(_ID, "Which tell of it."),
            ),
            "The newest first.",
        ),
    ),
    "actions": _object(
        "What post-mortems promised.",
        counts=_by(_number("How many there are.", minimum=0), "Of all of them, by state."),
        actions=_list(
            {"$ref": "#/$defs/promise"},
            "All that are late, then all that are open, then the 50 kept that were due last.",
        ),
    ),
}
"""By the name of its schema's file."""

MEASURED = "measured"
"""The document that is not there where a site shows nothing of its monitoring."""


def documents(*, measured: bool) -> list[str]:
    """The names of those that a site has."""
    return [name for name in DOCUMENTS if measured or name != MEASURED]


DEFS: Mapping[str, Json] = {
    "span": _SPAN,
    "action": _ACTION,
    "notice": _NOTICE,
    "brief": _BRIEF,
    "figures": _FIGURES,
    "shares": _SHARES,
    "promise": _PROMISE,
    "compared": _COMPARED,
    "one_month": _MONTH,
}


def schema(name: str) -> Json:
    """The JSON Schema of a document, whole in itself."""
    document = DOCUMENTS[name]
    used = _used(document)
    return {
        "$schema": DIALECT,
        "title": name,
        **document,
        **({"$defs": {key: DEFS[key] for key in used}} if used else {}),
    }


def _used(value: object) -> list[str]:
    """The names of the definitions that it refers to, those of others among them."""
    found: dict[str, None] = {}
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, dict):
            name = str(one.get("$ref", "")).removeprefix("#/$defs/")
            if name and name not in found:
                found[name] = None
                todo.append(DEFS[name])
            todo += one.values()
        elif isinstance(one, list):
            todo += one
    return sorted(found)


PATHS: Mapping[str, tuple[str, str]] = {
    "aboveboard/index.json": ("index", "Where everything is"),
    "aboveboard/status.json": ("status", "How everything is"),
    "aboveboard/notices.json": ("notices", "The newest notices"),
    "aboveboard/notices/{month}.json": ("month", "The notices that began in a month"),
    "aboveboard/uptime.json": ("uptime", "Uptime, under three rules"),
    "aboveboard/uptime/{component}/{year}.json": ("spans", "What a component was in a year"),
    "aboveboard/measured.json": ("measured", "What monitoring saw beside what notices say"),
    "aboveboard/actions.json": ("actions", "What post-mortems promised"),
}
"""Of each address below `api/`, the document that lies there, and what it is in a line."""

PARAMETERS: Mapping[str, tuple[str, str]] = {
    "month": ("In the site's zone, as 2026-11; index.json lists those that there are.", r"^\d{4}-\d\d$"),
    "component": ("Its id; index.json lists them.", "^[a-z0-9][a-z0-9-]{0,99}$"),
    "year": ("Of UTC; index.json lists those that there are.", r"^\d{4}$"),
}

_TIME_OF_THEIRS = _text(
    "In UTC, to the millisecond.", format="date-time", pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"
)
_ID_OF_THEIRS = _text("Never changes.", pattern="^[a-z0-9]{8,24}$")
_STATES = _text("How a component is.", enum=[str(one) for one in ComponentStatus if one != ComponentStatus.UNKNOWN])


def _theirs(what: str, /, *statuses: str, **more: Json) -> Json:
    """An incident or a maintenance, as Statuspage tells it."""
    return _object(
        what,
        id=_ID_OF_THEIRS,
        name=_text("Its title.", maxLength=255),
        status=_text("Where it stands.", enum=[*statuses]),
        created_at=_TIME_OF_THEIRS,
        updated_at=_TIME_OF_THEIRS,
        monitoring_at=_null(_TIME_OF_THEIRS),
        resolved_at=_null(_TIME_OF_THEIRS),
        impact=_text("The worst that it ever reached.", enum=[*map(str, Impact), "maintenance"]),
        shortlink=_url("Its page."),
        started_at=_TIME_OF_THEIRS,
        page_id=_ID_OF_THEIRS,
        incident_updates=_list({"$ref": "#/components/schemas/update"}, "The newest first."),
        components=_list({"$ref": "#/components/schemas/component"}, "Those that it touches, as they are now."),
        **more,
        reminder_intervals={"type": "null", "description": "Statuspage's own."},
    )


_OF_INCIDENTS = ("investigating", "identified", "monitoring", "resolved", "postmortem")
_OF_WORK = ("scheduled", "in_progress", "verifying", "completed")

STATUSPAGE: Mapping[str, Json] = {
    "page": _object(
        "Whose page it is.",
        id=_ID_OF_THEIRS,
        name=_text("Whose status it is."),
        url=_url("The board."),
        time_zone=_text("An IANA name."),
        updated_at=_TIME_OF_THEIRS,
    ),
    "whole": _object(
        "The status of the whole.",
        indicator=_text("How bad it is.", enum=["none", "minor", "major", "critical", "maintenance"]),
        description=_text("In words."),
    ),
    "component": {
        **_object(
            "A component or a group.",
            id=_ID_OF_THEIRS,
            name=_text("What readers call it."),
            status=_STATES,
            created_at=_TIME_OF_THEIRS,
            updated_at=_TIME_OF_THEIRS,
            position=_number("Among those beside it, from 1.", minimum=1),
            description=_null(_text("In a sentence.")),
            showcase=_yes("Whether its uptime is shown."),
            start_date=_null(_day("From when it is counted.")),
            group_id=_null(_ID_OF_THEIRS),
            page_id=_ID_OF_THEIRS,
            group=_yes("Whether it is a group."),
            only_show_if_degraded=_yes("Statuspage's own."),
            components=_list(_ID_OF_THEIRS, "Of a group, what is in it."),
        ),
        "required": [
            *("id", "name", "status", "created_at", "updated_at", "position", "description", "showcase", "start_date"),
            *("group_id", "page_id", "group", "only_show_if_degraded"),
        ],
    },
    "update": _object(
        "A public message.",
        id=_ID_OF_THEIRS,
        status=_text("What it says.", enum=[*_OF_INCIDENTS, *_OF_WORK]),
        body=_text("Markdown."),
        incident_id=_ID_OF_THEIRS,
        created_at=_TIME_OF_THEIRS,
        updated_at=_TIME_OF_THEIRS,
        display_at=_TIME_OF_THEIRS,
        affected_components=_null(
            _list(
                _object(
                    "A component that had been named by then.",
                    code=_ID_OF_THEIRS,
                    name=_text("With its group's before it."),
                    old_status=_STATES,
                    new_status=_STATES,
                ),
                "As they were before and after.",
            )
        ),
        deliver_notifications=_yes("Statuspage's own."),
        custom_tweet={"type": "null", "description": "Statuspage's own."},
        tweet_id={"type": "null", "description": "Statuspage's own."},
    ),
    "incident": _theirs("An incident.", *_OF_INCIDENTS),
    "maintenance": _theirs("Planned work.", *_OF_WORK, scheduled_for=_TIME_OF_THEIRS, scheduled_until=_TIME_OF_THEIRS),
}
"""What Statuspage's files are made of, by name."""

_PAGE: Json = {"$ref": "#/components/schemas/page"}
_WHOLE: Json = {"$ref": "#/components/schemas/whole"}
_COMPONENTS = _list({"$ref": "#/components/schemas/component"}, "In the order of the board.")
_INCIDENTS = _list({"$ref": "#/components/schemas/incident"}, "The newest first.")
_WORK = _list({"$ref": "#/components/schemas/maintenance"}, "The newest first.")

FILES: Mapping[str, tuple[str, Mapping[str, Json]]] = {
    "summary": (
        "What there is to know now",
        {
            "page": _PAGE,
            "components": _COMPONENTS,
            "incidents": _INCIDENTS,
            "scheduled_maintenances": _WORK,
            "status": _WHOLE,
        },
    ),
    "status": ("The status of the whole", {"page": _PAGE, "status": _WHOLE}),
    "components": ("Components and groups", {"page": _PAGE, "components": _COMPONENTS}),
    "incidents": ("The 50 newest incidents", {"page": _PAGE, "incidents": _INCIDENTS}),
    "incidents/unresolved": ("Incidents that are open", {"page": _PAGE, "incidents": _INCIDENTS}),
    "scheduled-maintenances": ("The 50 newest maintenances", {"page": _PAGE, "scheduled_maintenances": _WORK}),
    "scheduled-maintenances/upcoming": ("Those to come", {"page": _PAGE, "scheduled_maintenances": _WORK}),
    "scheduled-maintenances/active": ("Those under way", {"page": _PAGE, "scheduled_maintenances": _WORK}),
}
"""Statuspage's files, by name."""


def openapi(title: str, server: str, version: str, *, measured: bool = False) -> Json:
    """All of it as one document, which stands on its own. `server` is the address below which `api/` lies."""
    used = {name: DOCUMENTS[name] for name in documents(measured=measured)}
    defs = {name: of for name, of in DEFS.items() if measured or of is not _COMPARED}
    return {
        "openapi": "3.1.1",
        "info": {
            "title": title,
            "version": version,
            "summary": "What a status page says, for machines.",
            "description": "Files, made when the site is built. No key, no limit; GET and HEAD are all there is.",
            "license": {"name": "The words are the site's own"},
        },
        "servers": [{"url": server}],
        "paths": {
            **{
                f"/api/{path}": _path(path, line, {"$ref": f"#/components/schemas/{name}"})
                for path, (name, line) in PATHS.items()
                if measured or name != MEASURED
            },
            **{
                f"/api/v2/{name}.json": _path(f"v2/{name}.json", line, _object(line, **parts))
                for name, (line, parts) in FILES.items()
            },
        },
        "components": {"schemas": {**_moved(used), **_moved(defs), **STATUSPAGE}},
    }


def _path(path: str, line: str, of: Json) -> Json:
    """What lies at an address."""
    said: Json = {
        "operationId": re.sub(r"[^a-z0-9]+", "_", path.removesuffix(".json")).strip("_"),
        "summary": line,
        "responses": {"200": {"description": line, "content": {"application/json": {"schema": of}}}},
    }
    names = re.findall(r"\{(\w+)\}", path)
    if names:
        said["parameters"] = [_parameter(name, *PARAMETERS[name]) for name in names]
    return {"get": said}


def _parameter(name: str, description: str, pattern: str) -> Json:
    schema: Json = {"type": "string", "pattern": pattern}
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}


def _moved(value: object) -> Any:
    """The same, with definitions where OpenAPI has them."""
    if isinstance(value, Mapping):
        return {key: _moved(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_moved(one) for one in value]
    return value.replace("#/$defs/", "#/components/schemas/") if isinstance(value, str) else value
