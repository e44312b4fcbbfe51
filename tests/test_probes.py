"""Files of monitoring: what each form says, and the sentence that a wrong one earns."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aboveboard import monitors, probes
from aboveboard.memo import Memo
from aboveboard.options import read as read_settings
from aboveboard.probe import BLIND, DOWN, UP, Probes, series, together
from aboveboard.problem import Refused
from building import lay_out
from make import HOST

T = 1_790_000_400
"""A time, in seconds since 1970: 2026-09-21 14:20 UTC."""


def read(
    root: Path, files: Mapping[str, object], *, memo: Memo | None = None, zone: str = "UTC", **named: list[str]
) -> Probes:
    """What files say of `api` and `web`, which are probed by these names."""
    said = {path: text if isinstance(text, str) else json.dumps(text) for path, text in files.items()}
    lay_out(root, {f"measured/{path}": text for path, text in said.items()})
    components = [{"id": id, "name": id, **({"probes": named[id]} if id in named else {})} for id in ("api", "web")]
    settings = read_settings({"measured": "measured", "timezone": zone, "components": components}, HOST)
    return probes.read(root, settings, memo or Memo(None), 10**18 * 3)


def seen(of: Probes, component: str = "api") -> list[tuple[int, int, bool]]:
    """Since `T`."""
    return [(start - T, end - T, up) for start, end, up in of.components[component].stretches]


def every_minute(*states: object) -> list[tuple[int, object]]:
    return [(T + 60 * nth, state) for nth, state in enumerate(states)]


EXPECTED = [(0, 120, True), (120, 180, False), (180, 390, True)]
"""Of probes each minute that see up, up, down, up and up: the last holds for two and a half minutes."""

KUMA_NAMES = {"publicGroupList": [{"monitorList": [{"id": 7, "name": "The API"}]}]}

FORMS: dict[str, tuple[str, object, list[str]]] = {
    "a table": (
        "api.csv",
        "time,state\n2026-09-21 14:20,up\n2026-09-21 14:21,UP\n2026-09-21T14:22:00Z,Down\n"
        f"{T + 180},1\n2026-09-21 15:24:00.75+01:00,ok\n",
        [],
    ),
    "a table of several": (
        "all.csv",
        '"Component","Ping, ms",State,Time\n'
        + "".join(f'"Our ""API""",3,{state},{time}\n' for time, state in every_minute("up", "up", "error", "up", "up")),
        ['Our "API"'],
    ),
    "Prometheus": (
        "answer.json",
        {
            "status": "success",
            "data": {
                "resultType": "matrix",
                "result": [
                    {
                        "metric": {"__name__": "probe_success", "instance": "api.example.com", "job": "http"},
                        "values": [[T, "1"], [T + 60.4, "1"], [T + 120, "0.5"], [T + 180, "1"], [T + 240, "1"]],
                    },
                    {"metric": {"instance": "other.example.com"}, "values": [[T, "0"]]},
                ],
            },
        },
        ["api.example.com"],
    ),
    "Uptime Kuma": (
        "kuma.json",
        {
            "heartbeatList": {
                "7": [
                    {"status": status, "time": f"2026-09-21 14:2{nth}:00.123", "msg": "", "ping": 5}
                    for nth, status in enumerate([1, 1, 2, 1, 1])
                ],
                "8": [{"status": 0, "time": "2026-09-21 14:20:00.000"}],
            },
            "uptimeList": {"7_24": 1},
            **KUMA_NAMES,
        },
        ["The API"],
    ),
    "Gatus": (
        "gatus.json",
        [
            {
                "name": "front",
                "group": "core",
                "key": "core_front",
                "results": [
                    {"status": 200, "success": success, "timestamp": f"2026-09-21T16:2{nth}:00.987654321+02:00"}
                    for nth, success in enumerate([True, True, False, True, True])
                ],
            },
            {"name": "back", "key": "_back", "results": None},
        ],
        ["core_front"],
    ),
    "one endpoint of Gatus": (
        "api.json",
        {
            "name": "front",
            "results": [
                {"success": state == "up", "timestamp": f"2026-09-21T14:2{nth}:00Z"}
                for nth, state in enumerate(["up", "up", "down", "up", "up"])
            ],
        },
        [],
    ),
    "Upptime": (
        "upptime.log",
        "2026-09-21T14:24:00+00:00\t🟩 OurAPI is up (200 in 90 ms) [skip ci] [upptime]\n"
        "2026-09-21T14:23:00+00:00\t🟩 OurAPI is up (200 in 90 ms) [skip ci] [upptime]\n"
        "f00\t2026-09-21T16:22:00+02:00\t🟥 OurAPI is down (500 in 93 ms) [skip ci] [upptime]\n"
        "2026-09-21T14:21:30+00:00\t:bento: Update graphs [skip ci]\n"
        "2026-09-21T14:21:00+00:00\t🟩 OurAPI is up (200 in 90 ms) [skip ci] [upptime]\n"
        "2026-09-21T14:20:00+00:00\t🟩 OurAPI is up (200 in 90 ms) [skip ci] [upptime]\n",
        ["our-api"],
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_says_the_same(form: str, tmp_path: Path):
    """Degraded, pending and half of the probes are down; fractions of seconds are left out."""
    path, said, names = FORMS[form]
    found = read(tmp_path, {path: said}, **({"api": names} if names else {}))

    assert seen(found) == EXPECTED
    assert found.components["api"].interval == 60
    assert list(found.components) == ["api"]
    assert found.absent == ()


UPPTIME = Path(__file__).parents[2] / "shared" / "data" / "upptime-fujexo"


@pytest.mark.skipif(not UPPTIME.is_dir(), reason=f"{UPPTIME} is missing: there is no real data beside this")
def test_a_real_log_says_what_upptime_says_of_its_days():
    """Of six sites and half a year, to two minutes a day. Its own sums end with the log, and a last probe counts on."""
    log, days = UPPTIME / "git-log.tsv", json.loads((UPPTIME / "history/summary.json").read_text("utf-8"))
    told = monitors._Told("upptime.log")
    found = {one.names[-1]: one for one in monitors._commits(log, told, ZoneInfo("UTC"))}
    assert told.problems() == []
    for site in days:
        lost: dict[str, float] = {}
        for start, end, up in together([found[site["slug"]]]).stretches:
            for minute in range(start, end, 60) if not up else ():
                day = datetime.fromtimestamp(minute, UTC).date().isoformat()
                lost[day] = lost.get(day, 0) + min(60, end - minute) / 60
        theirs = site["dailyMinutesDown"]
        differ = [day for day in lost.keys() | theirs.keys() if abs(lost.get(day, 0) - theirs.get(day, 0)) > 2]

        assert [day for day in differ if day < "2021-07-14"] == [], site["slug"]


def test_a_table_may_say_from_when_to_when(tmp_path: Path):
    """Such a state ends when it says, whatever comes next; what overlaps is the worst of both."""
    said = f"time,until,state\n{T},{T + 60},up\n{T + 40},{T + 50},down\n{T + 100},{T + 160},unknown\n"
    found = read(tmp_path, {"api.csv": said})

    assert seen(found) == [(0, 40, True), (40, 50, False), (50, 60, True)]
    assert found.components["api"].interval == 0


def test_of_what_two_lost_probes_would_have_seen_nothing_is_known(tmp_path: Path):
    """One that is lost is bridged."""
    times = [0, 60, 120, 240, 300, 540, 600]
    found = read(tmp_path, {"api.csv": "time,state\n" + "".join(f"{T + time},up\n" for time in times)})

    assert seen(found) == [(0, 450, True), (540, 750, True)]


def test_a_monitor_that_does_not_look_sees_nothing(tmp_path: Path):
    """Until it does again. A cell with nothing in it is as much."""
    said = "time,state\n" + "".join(f"{T + 60 * nth},{state}\n" for nth, state in enumerate(["up", "paused", "", "up"]))

    assert seen(read(tmp_path, {"api.csv": said})) == [(0, 60, True), (180, 330, True)]


def test_files_that_overlap_are_one(tmp_path: Path):
    """As of a monitor that only holds the last probes: two answers are what one would have been."""
    rows = [f"{T + 60 * nth},{'down' if nth in (4, 5) else 'up'}\n" for nth in range(12)]
    parts = {f"{nth}/api.csv": "time,state\n" + "".join(rows[nth : nth + 5]) for nth in (0, 3, 6, 7)}

    assert seen(read(tmp_path, parts)) == [(0, 240, True), (240, 360, False), (360, 810, True)]


def test_where_monitors_differ_the_worst_counts(tmp_path: Path):
    """One that does not look has no say."""
    files = {
        "a.csv": f"time,until,state\n{T},{T + 100},up\n",
        "b.csv": f"time,until,state\n{T + 50},{T + 60},down\n{T + 60},{T + 200},unknown\n",
    }

    assert seen(read(tmp_path, files, api=["a", "b"])) == [(0, 50, True), (50, 60, False), (60, 100, True)]


def test_times_without_an_offset_are_the_site_s(tmp_path: Path):
    """Kuma's are UTC whatever the site's are."""
    said = "time,state\n2026-09-21 15:20,up\n2026-09-21 15:21,up\n"
    kuma = {"heartbeatList": {"1": [{"status": 1, "time": f"2026-09-21 14:2{nth}:00"} for nth in (0, 1)]}}
    found = read(tmp_path, {"api.csv": said, "k.json": kuma}, zone="Europe/Dublin", web=["1"])

    assert seen(found) == seen(found, "web") == [(0, 210, True)]


def test_a_name_that_no_file_has_is_told(tmp_path: Path):
    """Once a component has several, each of them."""
    found = read(tmp_path, {"api.csv": f"time,state\n{T},up\n"}, api=["api", "smtp"])

    assert found.absent == (("api", "smtp"),)


def test_files_for_people_and_hidden_ones_are_left_alone(tmp_path: Path):
    assert read(tmp_path, {"README.md": "x", "_new.json": "{", ".x/a.csv": "y", "_old/b.csv": "z"}).components == {}


CASES = sorted((Path(__file__).parent / "probes").glob("*.yml"))
"""Each is a file of monitoring, by its path and its text, and what it says of itself: anyone can add one."""

UNREADABLE = "this is JSON that nobody can read: a number of thousands of digits, or a thousand lists in lists"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_wrong_file_earns_its_sentences(path: Path, tmp_path: Path):
    """All of them, with their places, and no traceback."""
    case = yaml.safe_load(path.read_text("utf-8"))

    assert refused(tmp_path, case["path"], case["text"]) == case["says"]


def refused(root: Path, path: str, text: str) -> list[str]:
    with pytest.raises(Refused) as told:
        read(root, {path: text})
    return [str(one) for one in told.value.problems]


@pytest.mark.parametrize("text", ["[" * 100_000, "1" * 5000], ids=["lists in lists", "a number without end"])
def test_json_that_python_cannot_read_is_refused(text: str, tmp_path: Path):
    assert refused(tmp_path, "api.json", text) == [f"measured/api.json:1:1: {UNREADABLE}"]


def test_of_five_hundred_mistakes_the_first_are_told(tmp_path: Path):
    """What wrote such a file made the same one on every line."""
    *first, last = refused(tmp_path, "api.csv", "time,state\n" + f"{T},x\n" * 500)

    assert first == [
        f'measured/api.csv:{line}:12: "x" is not a state; write up, down or unknown' for line in range(2, 12)
    ]
    assert last == "measured/api.csv:11:12: and 490 more like this in the file"


def test_the_problems_of_all_files_are_told_at_once(tmp_path: Path):
    (tmp_path / "measured").mkdir()
    (tmp_path / "measured/b.csv").write_bytes(b"time,state\n\xff\n")
    with pytest.raises(Refused) as refused:
        read(tmp_path, {"a.json": "{"})

    assert [str(one) for one in refused.value.problems] == [
        "measured/a.json:1:2: this is not JSON: expecting property name enclosed in double quotes",
        "measured/b.csv:1:1: this is not UTF-8; save it as that",
    ]


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path):
    settings = read_settings({"measured": "mesured"}, HOST)
    (tmp_path / "measured").mkdir()
    with pytest.raises(Refused) as refused:
        probes.read(tmp_path, settings, Memo(None), 0)

    assert str(refused.value) == (
        'mkdocs.yml:1:1: measured: there is no folder "mesured" beside this file; did you mean "measured"?'
    )


KEYS = ["data", "resultType", "result", "metric", "values", "heartbeatList", "results", "name", "success", "timestamp"]
Json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text("x1:-", max_size=3),
    lambda some: st.lists(some, max_size=2) | st.dictionaries(st.sampled_from(KEYS), some, max_size=3),
)


@given(Json)
def test_nothing_that_is_json_ends_in_a_traceback(tmp_path_factory: pytest.TempPathFactory, said: Any):
    file = tmp_path_factory.getbasetemp() / "api.json"
    file.write_text(json.dumps(said), "utf-8")
    _, wrong = monitors.read("api.json", file, ZoneInfo("UTC"))

    assert all(one.line == 1 and one.column >= 1 for one in wrong)


@given(st.one_of(st.binary(), st.text('",ud0123456789-: \n').map(lambda text: f"time,state,until\n{text}".encode())))
def test_nothing_at_all_ends_in_a_traceback(tmp_path_factory: pytest.TempPathFactory, data: bytes):
    """Whatever its bytes are, and whatever it claims to be."""
    for ending in ("csv", "json", "log"):
        file = tmp_path_factory.getbasetemp() / f"api.{ending}"
        file.write_bytes(data)
        _, wrong = monitors.read(file.name, file, ZoneInfo("Europe/Dublin"))

        assert all("\n" not in str(one) for one in wrong)


def test_a_name_is_shown_on_one_line(tmp_path: Path):
    """And as something that a console can show."""
    said = {"heartbeatList": {"a\nb \ud800": [{"status": 9}]}}

    assert refused(tmp_path, "k.json", json.dumps(said)) == [
        "measured/k.json:1:36: heartbeatList.a b ?[0]: a heartbeat's status is 0, 1, 2 or 3"
    ]


def test_a_cell_that_is_too_long_is_refused(tmp_path: Path):
    text = 'time,state\n"' + "x" * 200_000 + '",up\n'

    assert refused(tmp_path, "api.csv", text) == [
        "measured/api.csv:1:1: this is not a table that can be read: field larger than field limit (131072)"
    ]


def test_what_has_not_changed_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Neither opened nor understood; a file with new times and old content is opened."""
    files = {"api.csv": f"time,state\n{T},up\n{T + 60},down\n"}
    first = read(tmp_path, files, memo=(memo := Memo(tmp_path / "memo")))
    memo.save()
    memo.close()
    memo = Memo(tmp_path / "memo")
    opened: list[str] = []
    original: Callable[..., Any] = monitors.read
    monkeypatch.setattr(monitors, "read", lambda path, *others: (opened.append(path), original(path, *others))[1])

    assert read(tmp_path, files, memo=memo) == first
    assert opened == []
    assert read(tmp_path, {"api.csv": f"time,state\n{T},up\n{T + 60},up\n"}, memo=memo).digest != first.digest
    assert opened == ["measured/api.csv"]


Probed = st.lists(st.tuples(st.integers(0, 40), st.sampled_from([DOWN, UP, BLIND])), min_size=1, max_size=30)


@given(Probed, Probed)
def test_what_is_seen_is_what_every_second_says(one: list[tuple[int, int]], other: list[tuple[int, int]]):
    """Of each second the worst that a monitor's last probe says of it, if that is near enough; by another way."""
    two = [series(name, [name], *zip(*some, strict=True)) for name, some in (("one", one), ("other", other))]
    found = together(two)
    by_second = {second: up for start, end, up in found.stretches for second in range(start, end)}

    def held(second: int, some: list[tuple[int, int]], hold: int) -> int:
        last = max((time for time, _ in some if time <= second), default=None)
        near = last is not None and second < last + hold
        return min(state for time, state in some if time == last) if near else BLIND

    for second in range(150):
        states = [held(second, some, of.hold) for some, of in zip((one, other), two, strict=True)]
        expected = {DOWN: False, UP: True, BLIND: None}[min(states)]
        assert by_second.get(second) is expected, second


def test_stretches_are_disjoint_in_order_and_joined():
    found = together([series("x", ["x"], [0, 10, 20, 30, 90, 100], [UP, UP, DOWN, UP, UP, UP])])

    assert found.stretches == ((0, 20, True), (20, 30, False), (30, 55, True), (90, 125, True))
