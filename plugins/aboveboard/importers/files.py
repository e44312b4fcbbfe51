"""JSON from disk, and notices to disk."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct

from .. import write
from ..model import Notice
from ..problem import Problem, Refused
from .imported import Imported

_IMPORTED = re.compile(r"(?<=\bimported: )[^,}\n]+")


class Written(Struct, frozen=True, kw_only=True):
    """What became of the notices of an import."""

    new: tuple[Path, ...]
    """The files that were made."""
    same: tuple[Path, ...]
    """Those that were there and said the same."""
    kept: tuple[Problem, ...]
    """One for each that was there and said something else; it was left alone."""


def read_json(paths: Iterable[Path]) -> list[tuple[str, object]]:
    """Each file's name and its JSON. Refused, with the problems of all of them, where one holds none."""
    documents: list[tuple[str, object]] = []
    problems: list[Problem] = []
    for path in paths:
        name = path.as_posix()
        try:
            documents.append((name, json.loads(path.read_bytes())))
        except OSError as error:
            problems.append(Problem(name, 1, 1, f"it cannot be read: {error.strerror}"))
        except json.JSONDecodeError as error:
            problems.append(Problem(name, error.lineno, error.colno, f"this is not JSON: {error.msg}"))
        except UnicodeDecodeError as error:
            problems.append(Problem(name, 1, 1, f"this is not JSON: byte {error.start} is not {error.encoding}"))
        except RecursionError:
            problems.append(Problem(name, 1, 1, "this JSON is nested too deep to be read"))
        except ValueError as error:  # a number of more digits than Python converts
            problems.append(Problem(name, 1, 1, f"this JSON cannot be read: {error}"))
    if problems:
        raise Refused(problems)
    return documents


def write_all(imported: Imported, folder: Path, zone: ZoneInfo | None = None) -> Written:
    """Write each notice to `folder/<year>/<id>.md`, in the site's time zone (the page's, where none is given).

    No file is ever overwritten. A notice is known again by the source's id at the end of its own, wherever below
    `folder` it lies and even when its title or start has changed, so that an import can be repeated: what says the
    same is left alone, but for the moment of the import, and what says something else is left alone and told.
    """
    zone = zone or ZoneInfo(imported.zone)
    there = {path.stem: path for path in sorted(folder.rglob("*.md"))}
    by_source = {stem.rsplit("-", 1)[-1]: path for stem, path in there.items()}
    new: list[Path] = []
    same: list[Path] = []
    kept: list[Problem] = []
    for notice in imported.notices:
        text = write.notice(notice, zone)
        path = there.get(notice.id) or by_source.get(notice.id.rsplit("-", 1)[-1])
        if path is None:
            new.append(_write(notice, text, folder, zone))
        elif _IMPORTED.sub("", path.read_text("utf-8", "replace")) == _IMPORTED.sub("", text):
            same.append(path)
        else:
            kept.append(Problem(path.as_posix(), 1, 1, f"it says something else than {_source(notice)}; {_ADVICE}"))
    return Written(new=tuple(new), same=tuple(same), kept=tuple(kept))


_ADVICE = "it was left as it is, move it away to import that afresh"


def _write(notice: Notice, text: str, folder: Path, zone: ZoneInfo) -> Path:
    path = folder / f"{notice.began.astimezone(zone):%Y}" / f"{notice.id}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
    return path


def _source(notice: Notice) -> str:
    return f"{notice.source.id} at {notice.source.system}" if notice.source else "the source"
