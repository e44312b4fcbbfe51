"""Regulators' clocks, as the page of candour tells of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from math import ceil
from typing import NamedTuple

from msgspec import Struct

from ..regulators import Run, Stage, Told, told
from ..report import Report
from ..settings import Regulation
from ..span import epoch
from .clock import Clock
from .words import Words

NAMED = 10
"""How many incidents that missed a clock are named; the others are in the tables of the years."""


class Row(NamedTuple):
    """A clock at a glance."""

    name: str
    limit: str
    rule: str
    met: str
    missed: str
    running: str


class Line(NamedTuple):
    """What is said of an incident and a clock."""

    at: str
    """The incident's id."""
    clock: str
    said: str


class Law(Struct, frozen=True, kw_only=True):
    """A regulation and how its clocks went."""

    key: str
    name: str
    source: str
    rows: Sequence[Row]
    running: Sequence[Line]
    missed: Sequence[Line]
    more: int
    """How many more were missed than are named."""
    unknown: int
    """Of how many incidents at least one clock cannot be told."""


class Regulators(Words, frozen=True, kw_only=True, dict=True):
    """What the page says of them."""

    report: Report
    clock: Clock

    def laws(self) -> Iterator[Law]:
        """Each that the site has chosen."""
        for regulation in self.report.settings.clocks:
            stages = list(told(self.report, regulation))
            missed = [self._late(one, run) for one in stages for run in one.missed]
            name, source = self._laws[regulation]
            yield Law(
                key=regulation,
                name=name,
                source=source,
                rows=[self._row(one) for one in stages],
                running=[self._going(one, run) for one in stages for run in one.running],
                missed=missed[:NAMED],
                more=len(missed[NAMED:]),
                unknown=max(one.unknown for one in stages),
            )

    def _row(self, one: Told) -> Row:
        name, rule = self._stages[one.stage]
        numbers = (self.number(count) for count in (one.met, len(one.missed), len(one.running)))
        return Row(name, self._limit(one.hours), rule, *numbers)

    def _limit(self, hours: int | None) -> str:
        return self._("1 month") if hours is None else self._("%(hours)s h") % {"hours": hours}

    def _going(self, one: Told, run: Run) -> Line:
        said = self._("its month begins when it is over")
        if run.due is not None:
            said = self._("until %(time)s") % {"time": self.clock.when(datetime.fromtimestamp(run.due, UTC))}
        return Line(run.incident, self._stages[one.stage][0], said)

    def _late(self, one: Told, run: Run) -> Line:
        due, now = run.due or 0, epoch(self.report.now)
        length = self.length(timedelta(minutes=ceil(((run.done or now) - due) / 60)))
        said = self._("%(length)s late") if run.done else self._("%(length)s late, and not there yet")
        return Line(run.incident, self._stages[one.stage][0], said % {"length": length})

    @cached_property
    def _laws(self) -> Mapping[Regulation, tuple[str, str]]:
        return {
            Regulation.NIS2: ("NIS2", self._("Directive (EU) 2022/2555, article 23")),
            Regulation.DORA: ("DORA", self._("Delegated Regulation (EU) 2025/301, article 5")),
        }

    @cached_property
    def _stages(self) -> Mapping[Stage, tuple[str, str]]:
        """What each is called, and what is measured in its place."""
        return {
            Stage.WARNING: (
                self._("Early warning"),
                self._("Our first post, from when customers were first hurt."),
            ),
            Stage.NOTIFICATION: (
                self._("Incident notification"),
                self._("A post that says what was found, from when customers were first hurt."),
            ),
            Stage.NIS2_FINAL: (
                self._("Final report"),
                self._("The post-mortem, from that post; from the end, where it was still open a month later."),
            ),
            Stage.INITIAL: (
                self._("Initial notification"),
                self._(
                    "Our first post, from when customers were first hurt. The law counts from when an incident is "
                    "classified as major, which is mostly later, and shown nowhere."
                ),
            ),
            Stage.INITIAL_LATEST: (
                self._("Initial notification, at the latest"),
                self._("Our first post, from when customers were first hurt."),
            ),
            Stage.INTERMEDIATE: (
                self._("Intermediate report"),
                self._("Our next post, from the first; the first, where it said that all was over."),
            ),
            Stage.DORA_FINAL: (
                self._("Final report"),
                self._("The post-mortem, from our post that it was over."),
            ),
        }
