"""What templates may call on any page."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from itertools import groupby
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined

from .. import __version__
from ..archive import Choice, Facet
from ..candour import Promise
from ..channels import About, channels
from ..days import RecentDay
from ..index import Entry
from ..model import PostMortem, Rule
from ..settings import Settings
from ..urls import Page
from . import drawing, edits, outcome, scripts
from .chart import drawn, figure
from .messages import Messages
from .pieces import Pieces, glyph, marks, safe, state
from .subscriptions import calendar_of, feeds_of, has_calendar, name_of, webcal
from .templates import COMPILED, Compiled, Templates
from .words import CLASS

FOLDED = 20
"""With more components than this, a group in which everything works is shown as one row."""

HIT = 8
"""How many components that a notice hurts stand beside it on the board; the others are folded."""

FEW = 6
"""How many components may be named in a sentence; more are counted there, and named in a list."""

NEWEST = 20
"""How many notices, windows or accounts stand on a page of all of them; the older ones stand elsewhere, or in brief."""

LONG = 80
"""From so many letters on a heading is set smaller."""

KEPT = 50
"""How many promises that were kept stand on the page of promises."""

SLOT = "<!--aboveboard languages-->"
"""Where links to a page in other languages go, in what is otherwise the same on every page of a folder."""


def environment(pieces: Pieces, overrides: Sequence[Path], *, shell: bool) -> Environment:
    """The templates and what they may call on any page. An undefined name is an error, a value is escaped."""
    report, clock = pieces.report, pieces.clock
    env = Templates(
        loader=ChoiceLoader([FileSystemLoader(overrides), PackageLoader("aboveboard", "templates/pages")]),
        autoescape=True,
        auto_reload=False,
        bytecode_cache=Compiled(COMPILED, clock.language.code),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.known = {}
    env.messages, env.newstyle_gettext = Messages(clock.language), True  # type: ignore[attr-defined]
    words = clock.words
    env.globals |= {
        "body": pieces.body,
        "clocked": clock.now is not None,
        "drawing": drawing,
        "feeds": bool(report.settings.host.url),
        "feeds_of": lambda channel: list(feeds_of(pieces.urls, channel, report.settings.name, clock.words)),
        "channels": list(channels(report)),
        "About": About,
        "calendar_of": partial(calendar_of, pieces.urls),
        "webcal": lambda channel: webcal(pieces.urls, calendar_of(pieces.urls, channel)),
        "name_of": lambda channel: name_of(channel, clock.words),
        "folded": FOLDED,
        "generator": f"Aboveboard {__version__}",
        "glyph": glyph,
        "has_calendar": has_calendar,
        "hit": HIT,
        "few": FEW,
        "kept": KEPT,
        "languages": safe(SLOT) if len(report.settings.languages) > 1 else "",
        "line": pieces.line,
        "long": LONG,
        "link": pieces.link,
        "newest": NEWEST,
        "Page": Page,
        "page_titles": words.pages,
        "plural_form": clock.language.form,
        "all_history": Choice(),
        "of_component": partial(Choice, Facet.COMPONENT),
        "rules": _rules(report.settings),
        "script_words": json.dumps(scripts.for_pages(words), ensure_ascii=False, separators=(",", ":")),
        "settings": report.settings,
        "shell": shell,
        "state": state,
        "strip": partial(drawing.strip, said=words),
        "tongue": pieces.tongue,
        "tongue_of_account": pieces.tongue_of_account,
        "tongue_of_line": pieces.tongue_of_line,
        "untranslated": pieces.untranslated,
        "urls": pieces.urls,
        "words": words,
        "written": words.number,
    }
    env.filters |= {
        "component_link": pieces.component_link,
        "ago": pieces.ago,
        "apart": pieces.apart,
        "component_links": pieces.component_links,
        "component_state": pieces.component_state,
        "date": pieces.date,
        "drawn": drawn,
        "edits": partial(edits.all_of, clock=clock),
        "facts": pieces.facts,
        "figure": partial(figure, pieces=pieces),
        "gone": pieces.gone,
        "growing": pieces.growing,
        "in_short": pieces.in_short,
        "left": pieces.left,
        "named": pieces.named,
        "part_name": partial(edits.part, clock=clock),
        "mark": pieces.mark,
        "marks": marks,
        "notice_link": pieces.notice_link,
        "neighbours": pieces.neighbours,
        "of_state": _of_state,
        "post_sum": pieces.post_sum,
        "posts": pieces.posts,
        "promises": pieces.promises,
        "promise_sum": partial(outcome.promise_sum, words=words),
        "action_sum": partial(outcome.action_sum, words=words),
        "written_promises": pieces.written_promises,
        "spans": pieces.spans,
        "time": pieces.time,
        "weekday": pieces.weekday,
        "length": words.length,
        "later": words.later,
        "lost": words.lost,
        "known": words.known,
        "share": words.share,
        "state": CLASS.__getitem__,
        "state_name": words.component_status.__getitem__,
        "status_name": words.status.__getitem__,
        "kind_name": words.kind.__getitem__,
        "unsaid": words.no_data,
        "by_year": _by_year,
        "count_kinds": _count_kinds,
        "entries": _entries,
        "choices": pieces.choices,
        "history_link": pieces.history_link,
        "row_data": pieces.row_data,
        "rows": pieces.rows,
        "linked": pieces.linked,
        "sections": pieces.sections,
        "times": pieces.times,
        "listed_mark": pieces.listed_mark,
        "seconds": _seconds,
        "account_opening": _account_opening,
        "opening": _opening,
        "runs": _runs,
    }
    turn(env, pieces)
    return env


def turn(env: Environment, pieces: Pieces) -> None:
    """Let templates tell of the report and the clock of `pieces`."""
    env.globals |= {"report": pieces.report, "clock": pieces.clock}
    env.filters |= {"then": pieces.clock.then, "when": pieces.clock.when}


def _entries(index: Mapping[str, Entry], ids: Iterable[str]) -> list[Entry]:
    """Those of these ids."""
    return [index[id_] for id_ in ids]


def _count_kinds(entries: Iterable[Entry]) -> Mapping[str, int]:
    return Counter(entry.kind for entry in entries)


def _of_state(promises: Iterable[Promise], state: str) -> list[Promise]:
    return [promise for promise in promises if promise.state == state]


def _seconds(number: int) -> timedelta:
    return timedelta(seconds=number)


def _by_year(newest_first: Iterable[Entry]) -> list[tuple[int, list[Entry]]]:
    """By the year in which they began."""
    return [(year, list(some)) for year, some in groupby(newest_first, lambda entry: entry.month // 12)]


def _rules(settings: Settings) -> list[Rule]:
    """The three rules, the site's own choice first."""
    return sorted(Rule, key=lambda rule: rule != settings.rule)


def _account_opening(post_mortem: PostMortem) -> str:
    """The first paragraph of an account: what a list of them shows."""
    text = post_mortem.lead or next((section.body for section in post_mortem.sections if section.body), "")
    return _opening(text)[0]


def _opening(body: str) -> tuple[str, bool]:
    """The first paragraph of a body, and whether there is more of it."""
    first, _, rest = body.strip().partition("\n\n")
    return first, bool(rest)


def _runs(newest_first: Sequence[RecentDay]) -> Iterator[tuple[RecentDay, RecentDay | None]]:
    """Days, and with the first of several alike on which nothing was the last of them. Today stands by itself."""
    today, *others = newest_first
    yield today, None
    for key, run in groupby(others, lambda day: (day.known, day.day if day.events else None)):
        last, *earlier = run
        yield (earlier[-1], last) if earlier and not key[1] else (last, None)
