"""What monitoring writes, in each of the forms that we know, to what was seen."""

from __future__ import annotations

import csv
import json
import re
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from msgspec import Struct

from . import times
from .probe import BLIND, DOWN, UP, Run, Series, series
from .problem import Key, Place, Problem, one_of, spelled

STATES: Mapping[str, int] = {
    word: state
    for state, words in {
        UP: "up 1 ok true operational success healthy online",
        # Whatever is not simply up is down: a probe that finds something slow has found customers waiting.
        DOWN: "down 0 false fail failed failure error offline unhealthy degraded pending",
        BLIND: "unknown none paused maintenance no_data nan",
    }.items()
    for word in words.split()
}
"""What may stand for a state, in any case. With nothing there, nobody knows."""

KUMA: Mapping[int, int] = {0: DOWN, 1: UP, 2: DOWN, 3: BLIND}
"""Uptime Kuma's DOWN, UP, PENDING and MAINTENANCE; in the last it does not look."""

MOST = 10
"""How many of a file's problems are told. What writes such files makes the same mistake on every line."""

LAST = 221_845_392_000
"""The first second of the last year that is read, of times as numbers: what is larger counts milliseconds."""

_COLUMNS = ("time", "until", "state", "component")
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d)[ Tt](\d\d):([0-5]\d)(?::([0-5]\d)(?:[.,]\d+)?)?( ?(?:Z|z|[+-]\d\d:?\d\d))?")
_COMMIT = re.compile(r"\S+ (?P<name>.+) is (?P<state>up|down|degraded) \(")
"""What Upptime writes of a change, as `🟥 Website is down (500 in 93 ms)`."""

_HUMPS = re.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
"""Where Upptime parts a name to name a file: `BookStack` becomes `book-stack`."""

_FORMS = "Prometheus' query_range, Uptime Kuma's heartbeats or Gatus' statuses"


def read(path: str, file: Path, zone: ZoneInfo) -> tuple[Sequence[Series], Sequence[Problem]]:
    """What a file holds and what is wrong with it, called by this path. Times without an offset are of that zone."""
    told = _Told(path)
    forms: Mapping[str, Callable[[Path, _Told, ZoneInfo], list[Series]]] = {
        ".csv": _table,
        ".json": _json,
        ".log": _commits,
    }
    form = forms.get(file.suffix.lower())
    some: list[Series] = []
    if form is None:
        told.say(1, 1, f"the name of a file of probes ends in {one_of(forms)}; this one is none of them")
    else:
        try:
            some = form(file, told, zone)
        except _Unreadable:
            pass
        except UnicodeDecodeError:
            told.say(1, 1, "this is not UTF-8; save it as that")
        except csv.Error as wrong:
            told.say(1, 1, f"this is not a table that can be read: {wrong}")
    return some, told.problems()


class _Unreadable(Exception):
    """There is nothing to be had from a file."""


class _Told(Struct):
    """What is wrong with one file."""

    path: str
    first: list[Problem] = []
    more: int = 0

    def say(self, line: int, column: int, sentence: str, key: str = "") -> None:
        if len(self.first) < MOST:
            self.first.append(Problem(self.path, line, column, on_one_line(sentence), on_one_line(key)))
        else:
            self.more += 1

    def stop(self, line: int, column: int, sentence: str, key: str = "") -> NoReturn:
        self.say(line, column, sentence, key)
        raise _Unreadable

    def problems(self) -> list[Problem]:
        if not self.more:
            return self.first
        last = self.first[-1]
        return [
            *self.first,
            Problem(last.path, last.line, last.column, f"and {self.more:,} more like this in the file"),
        ]


def on_one_line(text: str) -> str:
    """On one line, and without what no console can show."""
    return " ".join(text.encode(errors="replace").decode().split())


class _Instants:
    """Times as text to whole seconds since 1970. Half a million of them are alike but for their minutes."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self.hours: dict[tuple[str, str, str], int | None] = {}

    def __call__(self, text: str) -> int:
        """Raises ValueError with a sentence."""
        found = _STAMP.fullmatch(text)
        if not found:
            return self._plain(text)
        day, hour, minute, second, offset = found.groups()
        key = (day, hour, offset or "")
        if key not in self.hours:
            self.hours[key] = self._hour(*key)
        base = self.hours[key]
        if base is None:
            when = times.instant(f"{day} {hour}:{minute}:{second or '00'}{(offset or '').strip()}", self.zone)
            return int(when.timestamp())
        return base + int(minute) * 60 + int(second or 0)

    def _hour(self, day: str, hour: str, offset: str) -> int | None:
        """When an hour begins; None where the clock was changed in it or there is none, which takes a closer look."""
        try:
            first, last = (
                times.instant(f"{day} {hour}:{minute}{offset.strip()}", self.zone).timestamp()
                for minute in ("00", "59")
            )
        except ValueError:
            return None
        return int(first) if last - first == 59 * 60 else None

    def _plain(self, text: str) -> int:
        try:
            number = float(text)
        except ValueError:
            raise ValueError(
                f'"{text}" is not a time; write it like 2026-11-02 09:14 or in seconds since 1970'
            ) from None
        return _seconds(number)


def _seconds(number: object) -> int:
    """Seconds since 1970, whole ones. Raises ValueError with a sentence."""
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise ValueError("a time is a number of seconds since 1970")
    if not 0 <= number < LAST:
        raise ValueError(
            f"{number:.15g} is not a time in seconds since 1970{'; is it in milliseconds?' * (number > 0)}"
        )
    return int(number)


def _state(text: str) -> int:
    """What a word says. Raises ValueError with a sentence."""
    if not text:
        return BLIND
    state = STATES.get(text)
    if state is None:
        state = STATES.get("_".join(text.casefold().split()))
    if state is None:
        raise ValueError(f'"{text}" is not a state; write up, down or unknown')
    return state


class _Gathered:
    """Single probes, by whose they are."""

    def __init__(self) -> None:
        self.names: dict[str, tuple[str, ...]] = {}
        self.times: dict[str, array[int]] = defaultdict(partial(array, "q"))
        self.states: dict[str, bytearray] = defaultdict(bytearray)

    def add(self, id_: str, names: Iterable[str], time: int, state: int) -> None:
        if id_ not in self.names:
            self.names[id_] = tuple(names)
        self.times[id_].append(time)
        self.states[id_].append(state)

    def all(self) -> list[Series]:
        return [series(id_, names, self.times[id_], self.states[id_]) for id_, names in self.names.items()]


def _table(file: Path, told: _Told, zone: ZoneInfo) -> list[Series]:
    """A table of times and states. Its first line names the columns, of which all but four are passed over."""
    instant, gathered = _Instants(zone), _Gathered()
    stated: dict[str, list[Run]] = defaultdict(list)
    with file.open(encoding="utf-8-sig", newline="") as opened:
        first = opened.readline()
        head = [name.strip().casefold() for name in next(csv.reader([first]), [])]
        lacking = [name for name in ("time", "state") if name not in head]
        if lacking:
            told.stop(
                1, 1, f"the first line names the columns, and {one_of(lacking)} is not among them; write time,state"
            )
        at = {name: head.index(name) for name in _COLUMNS if name in head}
        time_at, state_at = at["time"], at["state"]
        until_at, name_at = at.get("until"), at.get("component")
        for number, line in enumerate(opened, 2):
            cells = line.rstrip("\r\n").split(",") if '"' not in line else next(csv.reader([line]))
            if cells in ([], [""]):
                continue
            if len(cells) < len(head):
                told.say(number, 1, f"this line has {len(cells)} of the {len(head)} columns that the first one names")
                continue
            where = time_at
            try:
                time = instant(cells[where].strip())
                where = state_at
                state = _state(cells[where].strip())
                name = file.stem
                if name_at is not None:
                    where = name_at
                    name = cells[where].strip()
                    if not name:
                        raise ValueError("this line does not say of which component it is")
                if until_at is None:
                    gathered.add(f"table {name}", (name,), time, state)
                    continue
                where = until_at
                until = instant(cells[where].strip())
                if until <= time:
                    raise ValueError(f'"{cells[where].strip()}" is not after the time on this line')
                stated[name].append((time, until, state))
            except ValueError as wrong:
                before = cells[:where] if '"' not in line else []
                told.say(number, sum(map(len, before)) + len(before) + 1, str(wrong))
    spans = [Series(f"spans {name}", (name,), 0, 0, tuple(sorted(runs))) for name, runs in stated.items()]
    return [*gathered.all(), *spans]


def _commits(file: Path, told: _Told, zone: ZoneInfo) -> list[Series]:
    """Upptime's history: the log of its repository, of each commit its time, a tab and its subject."""
    instant, gathered = _Instants(zone), _Gathered()
    with file.open(encoding="utf-8-sig") as opened:
        for number, line in enumerate(opened, 1):
            before, _, subject = line.rstrip("\n").rpartition("\t")
            found = _COMMIT.match(subject)
            if not found:
                continue
            name, text = found["name"], before.rpartition("\t")[2]
            try:
                time = instant(text.strip())
            except ValueError as wrong:
                told.say(number, max(line.find(text), 0) + 1, str(wrong))
                continue
            slug = re.sub("[^a-z0-9]+", "-", _HUMPS.sub("-", name).lower()).strip("-")
            gathered.add(f"upptime {name}", (name, slug), time, STATES[found["state"]])
    if not gathered.names:
        told.stop(1, 1, "no commit in this log is Upptime's; write it with git log --format='%cI%x09%s'")
    return gathered.all()


def _json(file: Path, told: _Told, zone: ZoneInfo) -> list[Series]:
    """What one of the monitors that we know says of itself."""
    text = file.read_text(encoding="utf-8-sig")
    try:
        said = json.loads(text)
    except json.JSONDecodeError as wrong:
        told.stop(wrong.lineno, wrong.colno, f"this is not JSON: {wrong.msg[:1].lower()}{wrong.msg[1:]}")
    except (ValueError, RecursionError):
        told.stop(
            1, 1, "this is JSON that nobody can read: a number of thousands of digits, or a thousand lists in lists"
        )
    form = _form(said)
    if form is None:
        told.stop(1, 1, f"this is none of the forms that are read here: {_FORMS}")
    read = _Read(text, told, _Gathered(), file.stem, _Instants(ZoneInfo("UTC")), zone)
    form(said, read)
    some = read.gathered.all()
    return [one._replace(names=(*one.names, file.stem)) for one in some] if len(some) == 1 else some


class _Read(Struct):
    """Where what a form holds goes."""

    text: str
    told: _Told
    gathered: _Gathered
    stem: str
    instant: _Instants
    zone: ZoneInfo

    def say(self, key: Key, sentence: str) -> None:
        """What is wrong, and where. That is looked for now, as nearly always nothing is."""
        place = _place(self.text, key) if len(self.told.first) < MOST else Place(1, 1)
        self.told.say(place.line, place.column, sentence, spelled(key))


def _form(said: object) -> Callable[[Any, _Read], None] | None:
    match said:
        case {"data": {"resultType": _}} | {"status": "error"}:
            return _prometheus
        case {"heartbeatList": _}:
            return _kuma
        case {"results": _}:
            return lambda one, read: _gatus([one], read, lambda _: ())
        case [{"dailyMinutesDown": _}, *_]:
            return _upptime_summary
        case [{"results": _}, *_] | []:
            return lambda some, read: _gatus(some, read, lambda at: (at,))
        case {} if said and all(isinstance(one, dict) and "results" in one for one in said.values()):
            keys = list(said)
            return lambda some, read: _gatus(list(some.values()), read, lambda at: (keys[at],))
    return None


def _upptime_summary(_: object, read: _Read) -> None:
    log = "git log --format='%cI%x09%s' > upptime.log"
    read.say((), f"this says for how long it was down and not when; take it out, and write {log} in its repository")


def _prometheus(said: dict[str, Any], read: _Read) -> None:
    """`{"data": {"resultType": "matrix", "result": [{"metric": {…}, "values": [[1762074840, "1"], …]}]}}`."""
    data = said.get("data")
    kind = data.get("resultType") if isinstance(data, dict) else None
    if kind != "matrix" or not isinstance(data, dict):
        what = f"Prometheus refused: {said.get('error')}" if said.get("status") == "error" else f"this is a {kind}"
        read.say(
            ("data", "resultType") if kind else ("status",), f"{what}; ask /api/v1/query_range, which gives a matrix"
        )
        return
    for at, one in enumerate(_items(data.get("result"), read, ("data", "result"))):
        key: Key = ("data", "result", at)
        labels = one.get("metric") if isinstance(one, dict) else None
        if not isinstance(one, dict) or not isinstance(labels, dict):
            read.say(key, "a series has its labels in metric and its values in values")
            continue
        id_ = f"prometheus {sorted(labels.items())}"
        names = [str(text) for label, text in sorted(labels.items()) if label != "__name__"] or [read.stem]
        for nth, pair in enumerate(_items(one.get("values"), read, (*key, "values"))):
            try:
                time, value = pair
                state = _VALUES[value] if value in ("1", "0", "NaN") else _of_value(value)
                time = _seconds(time)
            except (TypeError, ValueError) as wrong:
                sentence = str(wrong) if isinstance(pair, list) and len(pair) == 2 else "a value is a time and a text"
                read.say((*key, "values", nth), sentence)
                continue
            read.gathered.add(id_, names, time, state)


_VALUES: Mapping[str, int] = {"1": UP, "0": DOWN, "NaN": BLIND}


def _of_value(value: object) -> int:
    """1 is up, and what is less is not: `avg_over_time(up[5m])` of half of them is down."""
    try:
        number = float(value) if isinstance(value, str | int | float) else None
    except ValueError:
        number = None
    if number is None:
        raise ValueError(f'{json.dumps(value)[:40]} is not a value; up and probe_success are "1" or "0"')
    if number != number:  # noqa: PLR0124 - as no number but NaN is
        return BLIND
    if not 0 <= number <= 1:
        raise ValueError(f'"{value}" is neither 0 nor 1 nor between them; ask for up or probe_success')
    return UP if number == 1 else DOWN


def _kuma(said: dict[str, Any], read: _Read) -> None:
    """`{"heartbeatList": {"1": [{"status": 1, "time": "2026-11-02 09:14:07.191"}, …]}}`, times in UTC."""
    named = _kuma_names(said)
    found = said["heartbeatList"]
    if not isinstance(found, dict):
        read.say(("heartbeatList",), "heartbeats are listed by their monitors' numbers here")
        return
    for monitor, beats in found.items():
        for at, beat in enumerate(_items(beats, read, ("heartbeatList", monitor))):
            key: Key = ("heartbeatList", monitor, at)
            status, time = (beat.get("status"), beat.get("time")) if isinstance(beat, dict) else (None, None)
            try:
                if not isinstance(status, int) or isinstance(status, bool) or status not in KUMA:
                    raise ValueError("a heartbeat's status is 0, 1, 2 or 3")
                when = _time_of(time, read)
            except ValueError as wrong:
                read.say(key, str(wrong))
                continue
            read.gathered.add(f"kuma {monitor}", (monitor, *named.get(monitor, ())), when, KUMA[status])


def _kuma_names(said: Mapping[str, Any]) -> Mapping[str, tuple[str, ...]]:
    """The monitors' names, where somebody put the page's own answer into the same file."""
    groups = said.get("publicGroupList")
    monitors = [
        one
        for group in (groups if isinstance(groups, list) else ())
        if isinstance(group, dict) and isinstance(group.get("monitorList"), list)
        for one in group["monitorList"]
        if isinstance(one, dict)
    ]
    return {str(one.get("id")): (str(one["name"]),) for one in monitors if "name" in one}


def _gatus(some: Sequence[Any], read: _Read, where: Callable[[int], Key]) -> None:
    """`[{"name": "api", "group": "core", "key": "core_api", "results": [{"success": true, "timestamp": "…"}, …]}]`."""
    for at, one in enumerate(some):
        key = where(at)
        if not isinstance(one, dict) or not isinstance(one.get("name"), str):
            read.say(key, "an endpoint has its name in name and what was seen of it in results")
            continue
        group, name = one.get("group") or "", one["name"]
        names = [*([one["key"]] if isinstance(one.get("key"), str) else ()), name]
        for nth, result in enumerate(_items(one.get("results"), read, (*key, "results"))):
            success = result.get("success") if isinstance(result, dict) else None
            try:
                if not isinstance(success, bool):
                    raise ValueError("a result's success is true or false")
                when = _time_of(result.get("timestamp"), read)
            except ValueError as wrong:
                read.say((*key, "results", nth), str(wrong))
                continue
            read.gathered.add(f"gatus {group} {name}", names, when, UP if success else DOWN)


def _items(value: object, read: _Read, key: Key) -> Iterable[Any]:
    if isinstance(value, list):
        return value
    if value is not None:  # Go writes null for a list in which nothing is
        read.say(key, "there should be a list here")
    return ()


def _time_of(value: object, read: _Read) -> int:
    return read.instant(value) if isinstance(value, str) else _seconds(value)


def _place(text: str, key: Key) -> Place:
    """Where something stands in JSON that can be read: what is before it is passed over, value by value."""
    decoder, at = json.JSONDecoder(), _blank(text, 0)
    with suppress(ValueError):  # what is missing stands nowhere: then it is what it is missing from
        for part in key:
            at = _inside(text, at, part, decoder)
    return Place(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))


def _inside(text: str, at: int, part: str | int, decoder: json.JSONDecoder) -> int:
    """Where the value of a key, or the member of that number, of what begins at `at` begins. Raises ValueError."""
    at, passed = _blank(text, at + 1), 0
    while True:
        name: object = passed
        if isinstance(part, str):
            name, at = decoder.raw_decode(text, at)
            at = _blank(text, _blank(text, at) + 1)
        if name == part:
            return at
        _, at = decoder.raw_decode(text, at)
        at, passed = _blank(text, _blank(text, at) + 1), passed + 1


_BLANKS = re.compile(r"[ \t\r\n]*")


def _blank(text: str, at: int) -> int:
    """Where what is not blank goes on."""
    found = _BLANKS.match(text, at)
    return found.end() if found else at
