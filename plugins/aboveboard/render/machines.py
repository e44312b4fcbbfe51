"""Our own files for machines: everything that pages say, and what it is made of. `schemas` says what they look like."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Self

from msgspec import Struct

from .. import __version__
from ..archive import Choice
from ..candour import Promise, PromiseState
from ..days import Month
from ..lines import without_comments
from ..model import (
    Action,
    Announcement,
    ComponentStatus,
    Edit,
    Incident,
    Maintenance,
    Notice,
    PostMortem,
    Retirement,
    Rule,
    Status,
    Update,
)
from ..report import Report
from ..span import Span, epoch
from ..standing import ComponentReport, GroupReport
from ..story import NoticeReport
from ..uptime import WEIGHTS, Line, Tally, month_of
from ..urls import Page, Urls
from ..window import Window
from . import data, schemas
from .outlet import Basis, File, InParts, Outlet, Part, Said

if TYPE_CHECKING:  # a site that shows nothing of its monitoring pays nothing for it
    from ..measured import Compared, Measured

NEWEST = 50
"""How many notices, and how many promises that were kept, stand in a file that is not of a month."""

PLACES = 10**6
"""Shares are cut to six decimals: against ourselves."""

Json = dict[str, object]


def clocked(basis: Basis) -> Iterator[File]:
    """What lies below `/api/aboveboard/` and says how everything is now."""
    report = basis.report
    printed = Machines(report, basis.urls)
    yield _file(basis, "status", basis.clocked, printed.status)
    yield _file(basis, "uptime", basis.clocked, printed.uptime)
    if seen := report.measured:
        yield _file(basis, "measured", basis.clocked, partial(printed.measured, seen))
    yield _file(basis, "actions", (report.now.date(), *basis.clocked), printed.actions)


def settled(basis: Basis) -> Iterator[File]:
    """What lies there besides."""
    report, urls = basis.report, basis.urls
    printed, file = Machines(report, urls), partial(_file, basis)
    months = [(_month(month), len(month.notices)) for month in report.months]
    years = {id_: list(_years(one.line)) for id_, one in report.components.items()}
    newest = list(report.index)[:NEWEST]
    proves = bool(report.reckoning.record.head)

    def written(ids: Sequence[str]) -> tuple[object, ...]:
        return basis.timed(ids), basis.proved(ids), proves

    yield file("index", (months, years, list(report.reckoning.digests)), partial(printed.index, years))
    yield file("notices", (months, written(newest)), partial(printed.newest, newest))
    for month in report.months:
        key = _month(month)
        where, make = urls.api(f"aboveboard/notices/{key}.json"), partial(_notices, basis, printed, month)
        yield File(where, (written(month.notices.keys),), make)
    for id_, one in report.components.items():
        for year in years[id_]:
            inputs = _year_of(one.line, year, report.now)
            yield file(f"uptime/{id_}/{year}", inputs, partial(printed.spans, one, year))
    for name in schemas.documents(measured=bool(report.measured)):
        yield file(f"schemas/{name}", name, partial(schemas.schema, name))
    yield file("openapi", "openapi", partial(printed.openapi))


def _file(basis: Basis, name: str, inputs: object, make: Callable[[], object]) -> File:
    return File(basis.urls.api(f"aboveboard/{name}.json"), (inputs,), lambda: data.written(make()))


class Machines(Struct, frozen=True):
    """Prints the files of one report."""

    report: Report
    urls: Urls

    def index(self, years: Mapping[str, Sequence[int]]) -> Json:
        """Where everything is. It says nothing that the clock may change."""
        known = self.report.settings
        seen = bool(self.report.measured)
        names = ("status", "notices", "uptime", *(["measured"] if seen else []), "actions", "openapi")
        return {
            "name": known.name,
            "description": known.description,
            "url": self._page(Page.BOARD),
            "time_zone": known.zone.key,
            "language": known.host.language,
            "contact": known.contact or None,
            "files": {
                **{name: self._file(name) for name in names},
                **{f"schema_{name}": self._file(f"schemas/{name}") for name in schemas.documents(measured=seen)},
                "statuspage": self.urls.absolute(self.urls.api("v2/summary.json")),
                "metrics": self.urls.absolute(self.urls.feed("metrics.txt")),
                "uptime_csv": self.urls.absolute(self.urls.feed("uptime.csv")),
                **(
                    {f"{name}_csv": self.urls.absolute(self.urls.feed(f"{name}.csv")) for name in _TABLES}
                    if seen
                    else {}
                ),
                "built": self.urls.absolute(self.urls.feed("built.json")),
            },
            "components": [
                {
                    "id": id_,
                    "name": one.component.name,
                    "url": self.urls.absolute(self.urls.component(id_)),
                    "uptime": {str(year): self._file(f"uptime/{id_}/{year}") for year in years[id_]},
                }
                for id_, one in self.report.components.items()
            ],
            "months": self._months(),
            "candour": {
                str(year): self.urls.absolute(self.urls.candour_year(year)) for year in self.report.reckoning.digests
            },
        }

    def status(self) -> Json:
        """How everything is."""
        report = self.report
        shown = [one for group in report.groups for one in group.components]
        return {
            "as_of": report.now,
            "mood": report.headline.mood,
            "state": report.headline.state,
            "components": [
                {
                    "id": one.component.id,
                    "name": one.component.name,
                    "description": one.component.description or None,
                    "upstream": one.component.upstream or None,
                    "group": one.component.group,
                    "status": one.status,
                    "since": one.since,
                    "url": self.urls.absolute(self.urls.component(one.component.id)),
                }
                for one in shown
            ],
            "groups": [
                {"id": group.group.id, "name": group.group.name, "status": group.status}
                for group in report.groups
                if group.group
            ],
            "open": [self._brief(one) for one in report.open],
            "ahead": [self._window_ahead(window) for window in report.ahead],
        }

    def newest(self, ids: Iterable[str]) -> Json:
        """The newest notices, and where the others are."""
        return {"notices": [self.notice(self.report.notices[id_]) for id_ in ids], "months": self._months()}

    def notice(self, shown: NoticeReport) -> Json:
        """All of a notice."""
        notice, length = shown.notice, shown.length
        of_kind: Json = {}
        match notice:
            case Incident():
                of_kind = {
                    "impact": notice.impact,
                    "cause": notice.cause,
                    "detected_by": notice.detected_by,
                    "reports": notice.reports,
                    "credit": _words(notice.credit),
                    "us_if": _words(notice.us_if),
                    "not_us_if": _words(notice.not_us_if),
                }
            case Maintenance() if shown.window:
                of_kind["window"] = {
                    "start": shown.window.start,
                    "end": shown.window.end,
                    "recurs": notice.recurs or None,
                    "overran": _whole(shown.overran),
                }
            case Retirement():
                of_kind = {
                    "announced": notice.announced,
                    "ends": notice.ends,
                    "replaced_by": _words(notice.replaced_by),
                    "export": _words(notice.export),
                    "help": _words(notice.help),
                }
            case Announcement():
                of_kind["pinned_until"] = notice.pinned_until
        return {
            "id": notice.id,
            "kind": notice.kind,
            "title": notice.title,
            "url": self.urls.absolute(self.urls.notice(notice.id)),
            "markdown": self.urls.absolute(self.urls.markdown(notice.id)),
            "status": shown.status,
            "state": shown.state,
            "is_open": shown.is_open,
            "began": notice.began,
            "started": notice.started if isinstance(notice, Incident) else shown.span and shown.span.start,
            "ended": shown.ended,
            "posted": notice.posted,
            "last_posted": notice.last_posted,
            "lasted": _whole(length) if length and not shown.lasts else None,
            "hurt": _hurt(shown),
            **_NOTHING,
            **of_kind,
            "components": [
                {
                    "id": component.id,
                    "spans": [
                        {"status": span.status, "start": span.start, "end": span.end}
                        for span in shown.spans
                        if span.component == component.id
                    ],
                }
                for component in shown.components
            ],
            "updates": [_Update.of(update, shown.late.get(update.id)) for update in notice.updates],
            "edits": [_edit(edit) for edit in shown.edits] if self.report.reckoning.record.head else None,
            "post_mortem": _post_mortem(notice.post_mortem) if notice.post_mortem else None,
            "candour": {
                "told_after": _seconds(shown.told_after),
                "said_over_after": _seconds(shown.said_over_after),
                "longest_silence": None if shown.is_open else _seconds(shown.longest_silence),
                "post_mortem_after": shown.post_mortem_after,
            },
            "source": _source(notice),
        }

    def uptime(self) -> Json:
        """Every figure of every period."""
        report = self.report
        return {
            "as_of": report.now,
            "rule": report.settings.rule,
            "weights": {rule: {state: float(lost) for state, lost in of.items()} for rule, of in WEIGHTS.items()},
            "periods": {period.key: _span(period.span) for period in (*report.periods, *report.calendar.values())},
            "components": [
                {
                    "id": id_,
                    "periods": {key: _figures(tally) for key, tally in (*one.tallies.items(), *one.calendar.items())},
                }
                for id_, one in report.components.items()
            ],
            "groups": [self._group(group) for group in report.groups],
            "means": _shares(report.means),
        }

    def spans(self, one: ComponentReport, year: int) -> Json:
        """What a component was in a year."""
        line, now = one.line, self.report.now
        cut = Span(datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC))
        known = [part for span in line.known if (part := span.clip(cut))]
        return {
            "component": one.component.id,
            "year": year,
            "known": [{"start": span.start, "end": _unless(span.end, now)} for span in known],
            "spans": [
                {
                    "start": segment.span.start,
                    "end": _unless(segment.span.end, now),
                    "status": segment.status,
                    "unexcused": segment.unexcused,
                    "notices": segment.notices,
                }
                for segment in line.within(cut)
            ],
        }

    def measured(self, seen: Measured) -> Json:
        """What monitoring saw beside what was posted."""
        return {
            "as_of": self.report.now,
            "components": [
                {
                    "id": id_,
                    "interval": _whole(one.interval),
                    "counts_for": _whole(one.hold),
                    "tolerance": _whole(one.tolerance),
                    "newest": one.newest,
                    "periods": {key: _compared(over) for key, over in one.periods.items()},
                }
                for id_, one in seen.components.items()
            ],
            "outages": [
                {
                    "component": one.component.id,
                    "start": one.span.start,
                    "end": None if one.goes_on else one.span.end,
                    "lasted": _whole(one.span.length),
                    "posted": not one.is_untold,
                    "planned": one.planned,
                    "untold": [_span(part) for part in one.untold],
                    "begins_later": _whole(one.late),
                    "ends_sooner": _whole(one.early),
                    "notices": list(one.notices),
                }
                for one in seen.outages
            ],
        }

    def actions(self) -> Json:
        """What post-mortems promised: all that is not done, and some of the rest."""
        made = self.report.promises
        kept = [one for one in made if one.action.done and one.state in _KEPT]
        newest = sorted(kept, key=lambda one: one.action.due, reverse=True)[:NEWEST]
        return {
            "counts": {state: sum(one.state == state for one in made) for state in PromiseState},
            "actions": [self._promise(one) for one in (*(one for one in made if one.state not in _KEPT), *newest)],
        }

    def openapi(self) -> Json:
        """All of it for tools that read OpenAPI."""
        board = self._page(Page.BOARD).removesuffix("index.html").rstrip("/")
        seen = bool(self.report.measured)
        return schemas.openapi(self.report.settings.name, board, __version__, measured=seen)

    def _page(self, page: Page) -> str:
        return self.urls.absolute(self.urls.page(page))

    def _file(self, name: str) -> str:
        return self.urls.absolute(self.urls.api(f"aboveboard/{name}.json"))

    def _months(self) -> list[Json]:
        return [
            {"month": key, "notices": len(month.notices), "url": self._file(f"notices/{key}")}
            for month in self.report.months
            for key in (_month(month),)
        ]

    def _brief(self, shown: NoticeReport) -> Json:
        notice = shown.notice
        return {
            "id": notice.id,
            "kind": notice.kind,
            "title": notice.title,
            "url": self.urls.absolute(self.urls.notice(notice.id)),
            "status": shown.status,
            "state": shown.state,
            "began": notice.began,
            "last_posted": notice.last_posted,
            "next_by": shown.next_by,
            "components": {component.id: status for component, status in shown.now},
        }

    def _window_ahead(self, window: Window) -> Json:
        work = window.maintenance
        return {
            "notice": work.id,
            "title": work.title,
            "url": self.urls.absolute(self.urls.notice(work.id)),
            "start": window.start,
            "end": window.end,
            "components": dict(work.components),
        }

    def _group(self, group: GroupReport) -> Json:
        return {
            "id": group.group.id if group.group else None,
            "means": _shares(group.means),
            "all_up": {key: _figures(tally) for key, tally in group.all_up.items()},
        }

    def _promise(self, one: Promise) -> Json:
        url = self.urls.absolute(self.urls.notice(one.notice))
        return {"notice": one.notice, "url": url, **_action(one.action), "state": one.state, "days": one.days}


def _notices(basis: Basis, printed: Machines, month: Month) -> bytes:
    """All that began in a month."""
    report, live = basis.report, basis.live
    proves = bool(report.reckoning.record.head)

    def part(id_: str) -> Part[str]:
        return (report.index[id_].key, basis.instant if id_ in live else 0, *basis.proved([id_]), proves), id_

    def made(ids: Iterable[str]) -> Iterable[bytes]:
        said = [printed.notice(report.notices[id_]) for id_ in ids]
        return [data.written(one).rstrip() for one in said]

    notices = basis.parts(PARTS, month.choice, map(part, month.notices.keys), made)
    head, end = data.written({"month": _month(month), "notices": []}).split(b"]")
    return head + b",".join(notices) + b"]" + end


def _compared(over: Compared) -> Json:
    share = over.share
    return {
        "known": over.known,
        "no_data": _whole(over.no_data),
        "up": over.up,
        "unseen": over.unseen,
        "down": over.down,
        "planned": over.planned,
        "told": over.told,
        "untold": over.untold,
        "share": None if share is None else share.numerator * PLACES // share.denominator / PLACES,
    }


_TABLES = ("measured", "outages")

_KEPT = frozenset({PromiseState.KEPT, PromiseState.KEPT_LATE})

_NOTHING: Json = dict.fromkeys(
    (
        *("impact", "cause", "detected_by", "reports", "credit", "us_if", "not_us_if", "window"),
        *("announced", "ends", "replaced_by", "export", "help", "pinned_until"),
    )
)
"""What only some kinds of notices have."""


def _hurt(shown: NoticeReport) -> Sequence[Span | Json]:
    """When it did; while it does, the last has no end."""
    if shown.lasts and shown.hurt:
        return [*shown.hurt[:-1], {"start": shown.hurt[-1].start, "end": None}]
    return shown.hurt


class _Update(Struct):
    """An update as a file has it. There are many, and structs are made and written in less time than dicts."""

    id: str
    time: datetime
    status: Status
    body: str
    components: Mapping[str, ComponentStatus]
    occurrence: datetime | None
    next_by: datetime | None
    recorded: datetime | None

    @classmethod
    def of(cls, update: Update, recorded: datetime | None) -> Self:
        body = without_comments(update.body)
        return cls(
            update.id, update.time, update.status, body, update.components, update.occurrence, update.next_by, recorded
        )


def _edit(edit: Edit) -> Json:
    return {
        "time": edit.time,
        "commit": edit.commit,
        "part": edit.part,
        "before": edit.before,
        "after": edit.after or None,
    }


def _post_mortem(account: PostMortem) -> Json:
    return {
        "posted": account.posted,
        "lead": without_comments(account.lead),
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "body": without_comments(section.body),
                "actions": [_action(action) for action in section.actions],
            }
            for section in account.sections
        ],
    }


def _action(action: Action) -> Json:
    return {
        "text": without_comments(action.text),
        "owner": action.owner,
        "due": action.due,
        "done": action.done,
    }


def _source(notice: Notice) -> Json | None:
    origin = notice.source
    if not origin:
        return None
    return {
        "system": origin.system,
        "id": origin.id,
        "url": origin.url or None,
        "imported": origin.imported,
    }


def _figures(tally: Tally) -> Json:
    known = next(iter(tally.figures.values())).known
    return {
        "known": int(known),
        "no_data": _whole(tally.no_data),
        "of": {status: _whole(length) for status, length in tally.of.items()},
        "unexcused": _whole(tally.unexcused),
        "notices": len(tally.notices),
        **{
            rule.value: {"lost": _number(figure.lost), "share": share(figure.share)}
            for rule, figure in tally.figures.items()
        },
    }


def _shares(means: Mapping[str, Mapping[Rule, Fraction | None]]) -> Json:
    return {key: {rule: share(one) for rule, one in of.items()} for key, of in means.items()}


def share(exact: Fraction | None) -> float | None:
    """Cut, and never rounded up: 1 is only for no lost second."""
    return None if exact is None else exact.numerator * PLACES // exact.denominator / PLACES


def _number(exact: Fraction) -> int | float:
    """Seconds; tenths of one are all that a rule makes."""
    return int(exact) if exact.denominator == 1 else float(exact)


def _years(line: Line) -> Iterable[int]:
    """Those in which we speak for it, the newest first."""
    if not line.known:
        return ()
    last = line.known[-1].end - timedelta(microseconds=1)
    return range(last.year, line.known[0].start.year - 1, -1)


def _year_of(line: Line, year: int, now: datetime) -> tuple[object, ...]:
    """All that is known of a component in a year, where what lasts until now has no end."""
    present = epoch(now)
    current = month_of(present - 1)
    months = range(12 * year, 12 * year + 12)
    past = [line.digests.get(month, b"") for month in months if month < current]
    lately = [
        (start, 0 if end >= present else end, *more)
        for start, end, *more in (line.months.get(current, ()) if current in months else ())
    ]
    known = [(span.start.isoformat(), span.end.isoformat() if span.end < now else "") for span in line.known]
    return past, lately, known


def _month(month: Month) -> str:
    return f"{month.choice.year:04}-{month.choice.month:02}"


def _unless(instant: datetime, now: datetime) -> datetime | None:
    return instant if instant < now else None


def _span(span: Span) -> Json:
    return {"start": span.start, "end": span.end}


def _whole(length: timedelta) -> int:
    return length // _SECOND


def _seconds(length: timedelta | None) -> int | None:
    return None if length is None else _whole(length)


def _words(markdown: str) -> str | None:
    return without_comments(markdown) or None


def _said(files: Mapping[str, bytes], basis: Basis) -> Said:
    status = json.loads(files[basis.urls.api("aboveboard/status.json")])
    return Said(
        states={one["id"]: ComponentStatus(one["status"]) for one in status["components"]},
        open=frozenset(one["id"] for one in status["open"]),
    )


def _wholes(basis: Basis) -> Sequence[Choice]:
    return [month.choice for month in basis.report.months]


_SECOND = timedelta(seconds=1)

PARTS = "data"

OUTLET = Outlet(
    name="machines", clocked=clocked, files=settled, in_parts=InParts(PARTS, _wholes), absolute=True, said=_said
)
