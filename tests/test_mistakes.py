"""Every mistake earns its sentence. A case is a file in `mistakes/` that anyone can add:

files:     path and text, for each file of the project
bytes:     the same for files that are not UTF-8, written in Latin-1
links:     path and target, for symbolic links
settings:  what stands under the plugin, in place of a part of SETTINGS
mkdocs:    the whole text of mkdocs.yml, where that is what is wrong
says:      the problems, all of them, whole, in order
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from aboveboard import folder, source
from aboveboard.options import read as read_settings
from aboveboard.problem import Refused
from aboveboard.settings import Host, Settings

CASES = sorted((Path(__file__).parent / "mistakes").glob("*.yml"))

HOST = Host(name="Test status", url="https://status.example.com/")

SETTINGS: dict[str, Any] = {
    "timezone": "UTC",
    "groups": [{"id": "post", "name": "Post"}],
    "components": [
        {"id": "mail", "name": "Mail", "group": "post"},
        {"id": "web", "name": "Web"},
        {"id": "old", "name": "Old", "until": "2026-12-01"},
    ],
}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_mistake_earns_its_sentence(path: Path, tmp_path: Path):
    case = yaml.safe_load(path.read_text("utf-8"))

    with pytest.raises(Refused) as refused:
        read(case, tmp_path)

    assert [str(problem) for problem in refused.value.problems] == case["says"]


def test_there_are_many_mistakes():
    """Each was made by somebody, or will be."""
    assert len(CASES) >= 60


def test_a_sentence_is_one_line_and_names_no_exception():
    for path in CASES:
        for sentence in yaml.safe_load(path.read_text("utf-8"))["says"]:
            assert "\n" not in sentence, path.stem
            assert not sentence.endswith("."), path.stem
            assert "Error" not in sentence, path.stem


def read(case: dict[str, Any], root: Path) -> None:
    """Read the settings and all notices of the project that the case describes."""
    for kind in ("files", "bytes", "links"):
        for name, content in case.get(kind, {}).items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if kind == "links":
                path.symlink_to(content)
            else:
                path.write_bytes(content.encode("latin-1" if kind == "bytes" else "utf-8"))
    folder.log(source.read(root / "incidents", "incidents"), settings(case))


def settings(case: dict[str, Any]) -> Settings:
    """The settings of the project, from its mkdocs.yml where it has one."""
    if "mkdocs" not in case:
        return read_settings(SETTINGS | case.get("settings", {}), HOST)
    plugins = yaml.safe_load(case["mkdocs"])["plugins"]
    ours = next(plugin["aboveboard"] for plugin in plugins if isinstance(plugin, dict))
    return read_settings(ours, HOST, text=case["mkdocs"])
