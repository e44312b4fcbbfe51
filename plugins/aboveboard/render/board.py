"""The board as JSON: what open pages look at to learn whether something was written, and what a tool may read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial

from ..model import ComponentStatus
from ..report import Report
from ..standing import ComponentReport
from ..story import NoticeReport
from ..urls import Urls
from ..window import Window
from .answer import answer
from .clock import Clock
from .outlet import Basis, File, Outlet, Said
from .words import Words


def board(basis: Basis) -> bytes:
    """How everything stands, and how it will stand later if nobody writes. Words are finished, in one language."""
    report, urls, words = basis.report, basis.urls, Words(basis.language)
    said: dict[str, object] = {
        "built": _iso(report.now),
        "max_age": int(report.settings.max_age.total_seconds()) if report.settings.max_age else None,
        "name": report.settings.name,
        "url": _address(urls, ""),
        **_standing(report, words),
        "open": [_open(one, urls, words) for one in report.open],
        "ahead": [_window(one, urls) for one in report.ahead],
        "coming": [{"from": _iso(one.now), **_standing(one, words)} for one in basis.later],
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode(errors="replace") + b"\n"


def _standing(report: Report, words: Words) -> dict[str, object]:
    headline = report.headline
    said = answer(headline, Clock(report.settings.zone, report.now, words.language))
    return {
        "headline": {
            "mood": headline.mood,
            "status": headline.state,
            "kick": said.kick,
            "sentence": said.sentence,
            "rest": said.rest,
        },
        "components": {id_: one.status for id_, one in report.components.items() if _is_shown(one, report)},
    }


def _is_shown(one: ComponentReport, report: Report) -> bool:
    return not one.retired and one.since <= report.now


def _open(one: NoticeReport, urls: Urls, words: Words) -> dict[str, object]:
    newest = one.notice.updates[-1]
    return {
        "id": one.id,
        "kind": one.notice.kind,
        "title": one.notice.title,
        "url": _address(urls, urls.notice(one.id)),
        "status": one.status,
        "components": {component.id: status for component, status in one.now},
        "next_word_by": _iso(one.next_by) if one.next_by else None,
        "newest": {
            "id": newest.id,
            "time": _iso(newest.time),
            "status": newest.status,
            "said": words.status[newest.status],
            "markdown": newest.body,
        },
    }


def _window(window: Window, urls: Urls) -> dict[str, object]:
    return {
        "id": window.id,
        "title": window.maintenance.title,
        "url": _address(urls, urls.notice(window.maintenance.id)),
        "from": _iso(window.start),
        "until": _iso(window.end),
        "components": list(window.maintenance.touches),
    }


def _address(urls: Urls, to: str) -> str:
    """Absolute where the site knows its own address, else from its root."""
    return urls.absolute(to) if urls.settings.host.url else f"/{urls.named(to)}"


def _iso(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _files(basis: Basis) -> Iterator[File]:
    yield File(basis.urls.board_json, basis.clocked, partial(board, basis))


def _said(files: Mapping[str, bytes], basis: Basis) -> Said:
    """What it says, read back."""
    told = json.loads(files[basis.urls.board_json])
    states = {id_: ComponentStatus(status) for id_, status in told["components"].items()}
    return Said(states=states, open=frozenset(one["id"] for one in told["open"]))


OUTLET = Outlet(name="board", clocked=_files, mirrored=True, said=_said)
