"""What monitoring saw as tables for spreadsheets: its figures beside ours, and every outage, posted or not."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from ..report import Report
from .outlet import Basis, File, Outlet

if TYPE_CHECKING:  # a site that shows nothing of its monitoring pays nothing for it
    from ..measured import Measured

FIGURES, OUTAGES = "measured.csv", "outages.csv"

HEAD = (
    *("component", "name", "period", "start", "end", "known_seconds", "no_data_seconds", "down_seconds"),
    *("planned_seconds", "told_seconds", "untold_seconds", "unseen_seconds", "share", "reported_share"),
)

HEAD_OF_OUTAGES = (
    *("component", "name", "start", "end", "seconds", "posted", "untold_seconds"),
    *("begins_later_seconds", "ends_sooner_seconds", "notices"),
)


def figures(report: Report, seen: Measured) -> bytes:
    """A row for each component that is measured and each period, calendar months and years among them. RFC 4180."""
    rule = report.settings.rule
    rows: list[tuple[object, ...]] = []
    for id_, one in seen.components.items():
        told = report.components[id_]
        for key, over in one.periods.items():
            tally = told.tallies[key] if key in told.tallies else told.calendar[key]
            seconds = (over.known, _whole(over.no_data), over.down, over.planned, over.told, over.untold, over.unseen)
            window = (_time(over.window.start), _time(over.window.end))
            shares = (_share(over.share), _share(tally.figures[rule].share))
            rows.append((id_, _cell(one.component.name), key, *window, *seconds, *shares))
    return _table(HEAD, rows)


def outages(seen: Measured) -> bytes:
    """A row for each outage, the newest first; one that goes on has no end."""
    return _table(
        HEAD_OF_OUTAGES,
        (
            (
                *(one.component.id, _cell(one.component.name), _time(one.span.start)),
                *("" if one.goes_on else _time(one.span.end), _whole(one.span.length)),
                *("no" if one.is_untold else "yes", sum(_whole(part.length) for part in one.untold)),
                *(_whole(one.late), _whole(one.early), " ".join(one.notices)),
            )
            for one in seen.outages
        ),
    )


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(head)
    writer.writerows(rows)
    return table.getvalue().encode(errors="replace")


def _cell(name: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{name}" if name.startswith(("=", "+", "-", "@", "\t", "\r")) else name


def _share(share: Fraction | None) -> str:
    return "" if share is None else f"{share.numerator * 10**6 // share.denominator / 10**6:.6f}"


def _whole(length: timedelta) -> int:
    return int(length.total_seconds())


def _time(instant: datetime) -> str:
    return f"{instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def _files(basis: Basis) -> Iterator[File]:
    if seen := basis.report.measured:
        yield File(basis.urls.feed(FIGURES), basis.clocked, partial(figures, basis.report, seen))
        yield File(basis.urls.feed(OUTAGES), basis.clocked, partial(outages, seen))


OUTLET = Outlet(name="probed", files=_files)
