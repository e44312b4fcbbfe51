"""Uptime as a table for spreadsheets: a row for each component and period, calendar months and years among them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction

from ..model import Rule
from ..report import Report
from .outlet import Basis, File, Outlet

SHEET = "uptime.csv"

FORMULAE = ("=", "+", "-", "@", "\t", "\r")
"""What a cell must not begin with, lest a spreadsheet take a name for a formula and count it out."""

HEAD = (
    *("component", "name", "period", "start", "end", "known_seconds", "no_data_seconds"),
    *(f"{what}_{rule}" for rule in Rule for what in ("lost_seconds", "share")),
)


def text(report: Report) -> bytes:
    """RFC 4180, in UTF-8. Lost time is exact; shares are cut at six decimals, and blank where there is no data."""
    table = io.StringIO(newline="")
    writer = csv.writer(table)  # "Each record is located on a separate line, delimited by a line break (CRLF)."
    writer.writerow(HEAD)
    spans = {period.key: period.span for period in (*report.periods, *report.calendar.values())}
    for id_, one in report.components.items():
        for period, tally in (*one.tallies.items(), *one.calendar.items()):
            known = next(iter(tally.figures.values())).known
            figures = (cell for rule in Rule for cell in _cells(tally.figures[rule].lost, tally.figures[rule].share))
            window = spans[period]
            row = (_time(window.start), _time(window.end), int(known), int(tally.no_data.total_seconds()))
            writer.writerow((id_, _cell(one.component.name), period, *row, *figures))
    return table.getvalue().encode(errors="replace")


def _cells(lost: Fraction, share: Fraction | None) -> Iterator[str]:
    yield f"{float(lost):.15g}"
    yield "" if share is None else f"{share.numerator * 10**6 // share.denominator / 10**6:.6f}"


def _cell(name: str) -> str:
    return f"'{name}" if name.startswith(FORMULAE) else name


def _time(instant: datetime) -> str:
    return f"{instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def _files(basis: Basis) -> Iterator[File]:
    yield File(basis.urls.feed(SHEET), basis.clocked, lambda: text(basis.report))


OUTLET = Outlet(name="sheet", clocked=_files)
