"""The rules of the house that neither ruff nor import-linter can see."""

from __future__ import annotations

import ast
import re
import shutil
import stat
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "plugins" / "aboveboard"
MODULES = sorted(PACKAGE.rglob("*.py"))

SHELLS = {"plugin.py", "host.py", "server.py", "cli.py"}
CLOCKS = {
    "datetime": {"now", "today", "utcnow"},
    "date": {"today"},
    "time": {"ctime", "gmtime", "localtime", "strftime", "time", "time_ns"},
}
"""Where the time of day can be had: by module or class, the names that read a clock."""

REGISTRIES = ("pypi" + ".org", "python" + "hosted", "registry." + "npmjs", "deb." + "debian")
FOLDERS = ("/" + "work/", "/" + "root/", "/" + "opt/pypi")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_module_says_what_it_is(path: Path):
    assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), f"{path.name} has no docstring"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_shells_know_a_clock(path: Path):
    """`now` is an argument: given the same one, everything below them makes the same bytes."""
    if path.name not in SHELLS or path.parent != PACKAGE:
        assert list(clocks(ast.parse(path.read_text("utf-8")))) == []


def test_no_module_is_called_utils():
    """What such a module would hold has a noun of its own."""
    vague = {"base", "common", "helper", "helpers", "misc", "util", "utils"}

    assert [path for path in MODULES if {path.stem, path.parent.name} & vague] == []


def test_the_maps_name_every_module():
    """A new module has no place until it stands in reading order, in the package and in the manual."""
    chart = ast.get_docstring(ast.parse((PACKAGE / "__init__.py").read_text("utf-8"))) or ""
    manual = (ROOT / "docs" / "how-it-works.md").read_text("utf-8")

    assert [name for name in top_level_modules() if not re.search(rf"\b{name}\b", chart)] == []
    assert [name for name in top_level_modules() if f"| `{name}` |" not in manual] == []


def test_no_file_says_where_packages_come_from_or_where_this_was_written():
    """A clone builds anywhere, from whichever registry its owner uses."""
    told = [
        f"{path}: {word}"
        for path in files()
        for word in (*REGISTRIES, *FOLDERS)
        if word.encode() in (ROOT / path).read_bytes()
    ]

    assert told == []


def test_there_is_no_lock_file_of_one_tool():
    """Requirements with hashes say the same to pip and to uv, and do not record hosts."""
    assert [path for path in files() if path.name in {"uv.lock", "poetry.lock", "Pipfile.lock"}] == []


@pytest.mark.parametrize("name", ["build", "run", "dev"])
def test_every_requirement_is_exact_and_hashed(name: str):
    for requirement in requirements(name):
        assert re.match(r"[\w.-]+==\S+ ", requirement), requirement
        assert " --hash=sha256:" in requirement, requirement


def test_the_tests_run_what_a_site_runs():
    """Whatever requirements/run.txt pins, requirements/dev.txt pins to the same release."""
    assert set(requirements("run")) <= set(requirements("dev"))


def test_requirements_hold_what_pyproject_asks_for():
    """`make lock` was run after the last change of a dependency."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = project["dependency-groups"]
    asked = {
        "build": groups["build"] + project["build-system"]["requires"],
        "run": project["project"]["dependencies"],
        "dev": groups["dev"],
    }
    for name, wanted in asked.items():
        pinned = {plain(requirement) for requirement in requirements(name)}
        assert [one for one in wanted if plain(one) not in pinned] == [], f"make lock: requirements/{name}.txt is old"


def test_ci_runs_what_make_test_runs():
    script = ROOT / ".ci" / "run"

    assert script.stat().st_mode & stat.S_IXUSR
    assert script.read_text("utf-8").rstrip().endswith("make test")


def top_level_modules() -> list[str]:
    """The modules and packages directly under aboveboard."""
    modules = [path.stem for path in PACKAGE.glob("*.py") if not path.stem.startswith("__")]
    packages = [path.parent.name for path in PACKAGE.glob("*/__init__.py")]
    return sorted(modules + packages)


def clocks(tree: ast.AST) -> Iterator[str]:
    """Every place where a clock is read or handed on: `datetime.now`, `from time import time`."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=holder) | ast.Attribute(attr=holder), attr=name):
                if name in CLOCKS.get(holder, ()):
                    yield f"line {node.lineno}: {holder}.{name}"
            case ast.ImportFrom(module="time", names=names):
                yield from (f"line {node.lineno}: time.{one.name}" for one in names if one.name in CLOCKS["time"])


@cache
def files() -> list[Path]:
    """Every file that is in the repository or would be with the next `git add`."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("this is not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    paths = map(Path, filter(None, listed.stdout.split("\0")))
    return [path for path in paths if (ROOT / path).is_file()]


@cache
def requirements(name: str) -> list[str]:
    """What a requirements file asks for, each with its hashes on one line."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    plain_lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    joined = re.sub(r"\s*\\\n\s*", " ", plain_lines)
    return [line for line in joined.splitlines() if line.strip()]


def plain(requirement: str) -> str:
    """The name in a requirement, as registries compare names: `lxml-stubs` and `lxml_stubs` are one."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name, requirement
    return re.sub(r"[-_.]+", "-", name.group()).lower()
