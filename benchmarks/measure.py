"""Measures builds beside plain MkDocs, and writes the tables of docs/speed.md, which says how to read them.

python benchmarks/measure.py [--sizes 100,1000,10000] [--runs 5] [--quick]
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

import click
import commits
import generate
import stages
from generate import NOW, Plan

MANUAL = Path(__file__).parents[1] / "docs" / "speed.md"
BEGIN, END = "<!-- measured -->", "<!-- /measured -->"
"""What is between these two in the manual is ours."""

OURS: tuple[str, ...] = (str(Path(sys.executable).with_name("aboveboard")), "build")
PLAIN: tuple[str, ...] = (sys.executable, "-m", "mkdocs", "build", "--quiet")

OURS_IN = "incidents"
"""The folder of notices of Aboveboard's site."""

ENVIRONMENT = {
    **{key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"},
    "NO_MKDOCS_2_WARNING": "1",
}
"""As Python is installed nearly everywhere: what it has compiled once it keeps, for both of the two."""


@dataclass(frozen=True, slots=True)
class Used:
    """What one process took."""

    seconds: float
    memory: int
    """At most at one time, in bytes."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The same work done by both, one right after the other."""

    ours: Used
    plain: Used


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything about one number of notices."""

    notices: int
    cases: Mapping[str, Sequence[Pair]]
    nothing: Sequence[Mapping[str, float]]
    """Seconds by stage, of builds from nothing."""
    remembered: Sequence[Mapping[str, float]]
    """Seconds by stage, of builds after one edit."""
    together: int
    """What the processes of a build from nothing hold together, at most at one time, in bytes."""


@click.command()
@click.option("--sizes", default="100,1000,10000", show_default=True, help="Numbers of notices.")
@click.option("--runs", default=5, show_default=True, type=click.IntRange(1), help="Of how many to take medians.")
@click.option("--quick", is_flag=True, help="100 notices, once, and no table in the manual: to see that it works.")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="On which disk; else as TMPDIR says.")
def main(sizes: str, runs: int, quick: bool, folder: Path | None) -> None:
    """Measure, print the tables, and write them into docs/speed.md."""
    counts, runs = ([100], 1) if quick else ([int(size) for size in sizes.split(",")], runs)
    # All folders stay until the end: ext4 is slow to make files for minutes after so many were removed.
    with TemporaryDirectory(dir=folder) as made:
        measured = [measure(Plan(notices=count), runs, Path(made)) for count in counts]
    text = "\n\n".join(tables(measured, runs))
    click.echo(text)
    if not quick:
        before, _, rest = MANUAL.read_text("utf-8").partition(BEGIN)
        MANUAL.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.partition(END)[2]}", "utf-8")


def measure(plan: Plan, runs: int, folder: Path) -> Measured:
    """Every case so many times, each time in a new folder below that one."""
    cases: dict[str, list[Pair]] = {case: [] for case in CASES}
    nothing: list[dict[str, float]] = []
    remembered: list[dict[str, float]] = []
    for run in range(runs):
        ours, plain = generate.lay_out(folder / f"{plan.notices}-{run}", plan)
        for at, (case, change) in enumerate(CASES.items()):
            click.echo(f"{plan.notices:,} notices, run {run + 1} of {runs}: {case}", err=True)
            if change:
                change(ours / "incidents", plan)
                change(plain / "docs", plan)
            cases[case].append(_pair(ours, plain, NOW + timedelta(minutes=at), ours_first=(run + at) % 2 == 0))
            if case == NOTHING:
                nothing.append(_staged(ours))
        _edit(ours / "incidents", plan)
        remembered.append(_staged(ours, "--remembered"))
    together = _together(generate.lay_out(folder / f"{plan.notices}-memory", plan)[0], NOW)
    return Measured(plan.notices, cases, nothing, remembered, together)


def _edit(notices: Path, plan: Plan) -> None:
    made = generate.notice(plan, plan.notices // 2)
    generate.write(notices / made.path, f"{made.text}\nWe have looked at this once more, and it is so.\n")
    _commit(notices)


def _add(notices: Path, plan: Plan) -> None:
    made = generate.notice(plan, plan.notices)
    generate.write(notices / made.path, made.text)
    _commit(notices)


def _delete(notices: Path, plan: Plan) -> None:
    odd = (plan.notices // 3) | 1  # nothing links to it
    (notices / generate.notice(plan, odd).path).unlink()
    _commit(notices)


def _commit_all(notices: Path, plan: Plan) -> None:
    """Only Aboveboard asks git, so that the other site needs no repository."""
    if notices.name == OURS_IN:
        commits.commit_all(notices.parent, plan)


def _commit(notices: Path) -> None:
    if notices.name == OURS_IN:
        commits.commit(notices.parent, NOW)


NOTHING = "from nothing"
CASES: Mapping[str, Callable[[Path, Plan], None] | None] = {
    NOTHING: None,
    "git first asked": _commit_all,
    "nothing changed": None,
    "one notice edited": _edit,
    "one new notice": _add,
    "one notice deleted": _delete,
}
"""What happens before a build. Each begins with what the one before it has left, the first with notices alone."""


def _pair(ours: Path, plain: Path, now: datetime, *, ours_first: bool) -> Pair:
    if ours_first:
        return Pair(_used(OURS, ours, now), _used(PLAIN, plain, now))
    after = _used(PLAIN, plain, now)
    return Pair(_used(OURS, ours, now), after)


def _used(command: Sequence[str], root: Path, now: datetime) -> Used:
    """What a command takes in a folder, as a whole process. Raises click.ClickException where it fails."""
    os.sync()  # or the disk would still be busy with what the one before has written
    said = root.with_suffix(".log")
    environment = ENVIRONMENT | {"SOURCE_DATE_EPOCH": f"{now.timestamp():.0f}"}
    with said.open("wb") as log:
        began = perf_counter()
        child = subprocess.Popen(command, cwd=root, env=environment, stdout=log, stderr=log)  # noqa: S603, our own words
        _, status, usage = os.wait4(child.pid, 0)
        seconds = perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)  # subprocess cannot know that it was waited for
    if child.returncode:
        raise click.ClickException(f"{' '.join(command)}: status {child.returncode}\n{said.read_text('utf-8')}")
    # "ru_maxrss: This is the maximum resident set size used (in kilobytes)."  getrusage(2); macOS counts bytes
    return Used(seconds, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024))


def _together(root: Path, now: datetime) -> int:
    """What all processes of a build from nothing hold at one time, where they share memory counted once; else 0.

    It is looked at ten times a second, in a build of its own, as to look takes time too.
    """
    environment = ENVIRONMENT | {"SOURCE_DATE_EPOCH": f"{now.timestamp():.0f}"}
    child = subprocess.Popen(OURS, cwd=root, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    most = 0
    while child.poll() is None:
        most = max(most, sum(map(_share, _family(child.pid))))
        sleep(0.1)
    if child.returncode:
        raise click.ClickException(f"{' '.join(OURS)}: status {child.returncode}")
    return most


def _family(process: int) -> list[int]:
    """A process and all that it has started."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
    except OSError:  # it has ended, or this is not Linux
        return []
    return [process, *(one for child in children for one in _family(int(child)))]


def _share(process: int) -> int:
    """What a process holds in bytes: of what several hold, its share.

    "The 'proportional set size' (PSS) of a process is the count of pages it has in memory, where each page is divided
    by the number of processes sharing it."  The Linux kernel's documentation of /proc
    """
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def _staged(root: Path, *options: str) -> dict[str, float]:
    command = (sys.executable, stages.__file__, str(root), *options)
    told = subprocess.run(command, env=ENVIRONMENT, stdout=subprocess.PIPE, check=True)  # noqa: S603
    seconds: dict[str, float] = json.loads(told.stdout)
    return seconds


def tables(measured: Sequence[Measured], runs: int) -> Iterator[str]:
    """The tables as Markdown, and what they were measured with."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("mkdocs", "mkdocs-material", "markdown"))
    machine = f"{platform.system()} with {os.cpu_count()} cores, Python {platform.python_version()}"
    yield f"Medians of {runs}. {machine}, {packages}."
    yield _table(
        ("notices", "", "Aboveboard", "plain MkDocs", "ratio", "memory", "plain MkDocs", "ratio"),
        (_case(one, case, pairs) for one in measured for case, pairs in one.cases.items()),
    )
    together = ", ".join(f"{one.together / 2**20:.0f} MiB at {one.notices:,}" for one in measured if one.together)
    if together:
        yield f"From nothing, the two processes together hold at most {together}, what they share counted once."
    yield _table(
        ("milliseconds for each notice there is", *CASES, "plain MkDocs"),
        (_growth(one) for one in measured),
    )
    sizes = [f"{one.notices:,}" for one in measured]
    yield _table(
        ("seconds, from nothing, in one process", *sizes),
        (
            (words, *(f"{median(run[stage] for run in one.nothing):.3f}" for one in measured))
            for stage, words in stages.NOTHING.items()
        ),
    )
    yield _table(
        ("seconds, one notice edited", *sizes),
        (
            (words, *(f"{median(run[stage] for run in one.remembered):.3f}" for one in measured))
            for stage, words in stages.REMEMBERED.items()
        ),
    )


def _case(one: Measured, case: str, pairs: Sequence[Pair]) -> Iterator[str]:
    yield f"{one.notices:,}"
    yield case
    yield f"{median(pair.ours.seconds for pair in pairs):.2f} s"
    yield f"{median(pair.plain.seconds for pair in pairs):.2f} s"
    yield f"{median(pair.ours.seconds / pair.plain.seconds for pair in pairs):.3f}"
    yield f"{median(pair.ours.memory for pair in pairs) / 2**20:.0f} MiB"
    yield f"{median(pair.plain.memory for pair in pairs) / 2**20:.0f} MiB"
    yield f"{median(pair.ours.memory / pair.plain.memory for pair in pairs):.2f}"


def _growth(one: Measured) -> Iterator[str]:
    yield f"{one.notices:,}"
    for pairs in one.cases.values():
        yield f"{median(pair.ours.seconds for pair in pairs) / one.notices * 1000:.2f}"
    yield f"{median(pair.plain.seconds for pair in one.cases[NOTHING]) / one.notices * 1000:.2f}"


def _table(head: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    """The first column is words or a count, as are blank-headed ones; all others are figures."""
    rule = ["---" if not at or not name else "--:" for at, name in enumerate(head)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))


if __name__ == "__main__":
    main()
