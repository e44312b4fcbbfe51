"""How everything is, in Prometheus' text format: a file that its servers scrape like any exporter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ..model import ComponentStatus, Kind
from ..report import Report
from ..span import epoch
from .outlet import Basis, File, Outlet, Said

METRICS = "metrics.txt"

Sample = tuple[Mapping[str, str], int | float]
"""Labels and a value."""


class Metric(NamedTuple):
    """A gauge, with its samples."""

    name: str
    help: str
    samples: Iterable[Sample]


def metrics(report: Report) -> Iterator[Metric]:
    """All of them. What there is no data for has no sample."""
    shown = [one for group in report.groups for one in group.components]
    yield Metric(
        "aboveboard_component_state",
        "Whether a component is in a state: 1 for the one that it is in, 0 for the others.",
        (
            ({"component": one.component.id, "name": one.component.name, "state": state}, int(one.status == state))
            for one in shown
            for state in ComponentStatus
        ),
    )
    yield Metric(
        "aboveboard_notice_open",
        "1 for each incident and maintenance that goes on.",
        (({"notice": one.id, "kind": one.notice.kind, "title": one.notice.title}, 1) for one in report.open),
    )
    counts = Counter(one.notice.kind for one in report.open)
    yield Metric(
        "aboveboard_open_notices",
        "How many notices go on.",
        (({"kind": kind}, counts[kind]) for kind in (Kind.INCIDENT, Kind.MAINTENANCE)),
    )
    yield Metric(
        "aboveboard_uptime_ratio",
        "Of the time that is known, what was not lost, under a rule; cut, never rounded up.",
        (
            ({"component": one.component.id, "period": period, "rule": rule}, _cut(share.numerator, share.denominator))
            for one in shown
            for period, tally in one.tallies.items()
            for rule, figure in tally.figures.items()
            if (share := figure.share) is not None
        ),
    )
    yield Metric(
        "aboveboard_lost_seconds",
        "The time that was lost, under a rule.",
        (
            ({"component": one.component.id, "period": period, "rule": rule}, float(figure.lost))
            for one in shown
            for period, tally in one.tallies.items()
            for rule, figure in tally.figures.items()
        ),
    )
    yield Metric("aboveboard_built_timestamp_seconds", "When this was built.", [({}, epoch(report.now))])


def text(report: Report) -> bytes:
    """Version 0.0.4 of the format. Every metric stands there with its help, even where it has no sample today."""
    return "".join(line for metric in metrics(report) for line in _lines(metric)).encode(errors="replace")


def _lines(metric: Metric) -> Iterator[str]:
    # "All lines for a given metric must be provided as one single group, with the optional HELP and TYPE lines first."
    # prometheus.io/docs/instrumenting/exposition_formats
    yield f"# HELP {metric.name} {metric.help}\n# TYPE {metric.name} gauge\n"
    for labels, value in metric.samples:
        told = ",".join(f'{name}="{_escaped(label)}"' for name, label in labels.items())
        yield f"{metric.name}{{{told}}} {value:.15g}\n" if told else f"{metric.name} {value}\n"


def _escaped(label: str) -> str:
    # "label_value can be any sequence of UTF-8 characters, but the backslash (\), double-quote ("), and line feed (\n)
    # characters have to be escaped as \\, \", and \n, respectively."  As above.
    return label.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _cut(numerator: int, denominator: int) -> float:
    return numerator * 10**6 // denominator / 10**6


def _files(basis: Basis) -> Iterator[File]:
    yield File(basis.urls.feed(METRICS), basis.clocked, lambda: text(basis.report))


_SAMPLE = re.compile(r'(\w+)\{component="([^"]*)",.*state="(\w+)"\} 1$', re.MULTILINE)
_OPEN = re.compile(r'aboveboard_notice_open\{notice="([^"]*)"')


def _said(files: Mapping[str, bytes], _basis: Basis) -> Said:
    told = next(iter(files.values())).decode()
    states = {component: ComponentStatus(state) for _, component, state in _SAMPLE.findall(told)}
    return Said(states=states, open=frozenset(_OPEN.findall(told)))


OUTLET = Outlet(name="metrics", clocked=_files, said=_said)
