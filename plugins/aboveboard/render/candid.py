"""The page of candour: its table, its sections and their small charts; and the same as tables to take away."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache, partial
from io import StringIO
from math import ceil
from typing import NamedTuple

from msgspec import Struct

from ..measures import LATE, NEVER, Measured, Source
from ..reckoning import YEAR, Count, Measure, Reckoning, Sum, working_days_owed
from ..report import Report
from .clock import Clock
from .outlet import Basis, File, Outlet
from .words import Words

WRONG = frozenset({Count.TOLD_OVER, Count.BACKDATED, Count.EDITED, Count.REMOVED})
"""What went wrong is counted here, and what went well in the others."""

PROVED = frozenset({Count.BACKDATED, Count.EDITED, Count.REMOVED})
"""What nobody can know without a record."""

BEYOND = 4
"""Stems are drawn to so many times the aim, or what nine in ten are within if that is more: one that waited for days
would make all others too short to be seen. What is longer reaches the top, and the longest is named."""

OWED = 20
"""How many of the post-mortems that are owed are named."""

TALL, SHORT = 100, 30
"""How tall a stem stands that means what went wrong and one that does not, in percent."""


class Row(NamedTuple):
    """A measure at a glance."""

    key: str
    name: str
    this_year: str
    year_before: str
    aim: str
    worst: str
    at: str
    """The id of the incident with the worst; blank where there is none."""


class Stems(NamedTuple):
    """A stem for each incident of the year, at its day, on a canvas of 100 by 100."""

    good: str
    """Path data."""
    bad: str
    """The same of those that missed the aim, or went wrong."""
    grid: str
    aim: float | None
    """Where the aim is, in percent from above."""
    months: Sequence[tuple[float, str]]
    """Their first letters, at percents of the width."""
    worst: tuple[float, str] | None
    label: str


class Section(Struct, frozen=True, kw_only=True):
    """A measure in full."""

    key: str
    name: str
    figure: str
    of: str
    """What stands after the figure, smaller; blank where the figure says all."""
    rule: str
    stems: Stems | None
    facts: Sequence[tuple[str, str]]
    years: Sequence[tuple[int, str]]
    """The same figure by calendar year, the newest first."""


class Candid(Words, frozen=True, kw_only=True, dict=True):
    """What the page of candour says."""

    report: Report
    clock: Clock

    def rows(self) -> Iterator[Row]:
        """Every measure at a glance."""
        ours = self.report.reckoning
        for measure in Measure:
            found = ours.this_year.lengths[measure]
            worst = self._long(measure, found.worst) if found else "–"
            this, before = (self._median(one, measure) for one in (ours.this_year, ours.year_before))
            at = found.at if found else ""
            yield Row(measure, self.names[measure], this, before, self._aim(measure), worst, at)
        for count in Count:
            aim = self._("none") if count in WRONG else self._("all")
            this, before = (self._share(one, count) for one in (ours.this_year, ours.year_before))
            yield Row(count, self.names[count], this, before, aim, "–", "")

    def sections(self) -> Iterator[Section]:
        """Every measure in full."""
        for measure in Measure:
            yield self._of_length(measure)
        for count in Count:
            if self.report.reckoning.record.head or count not in PROVED:
                yield self._of_count(count)

    @cached_property
    def evidence(self) -> str:
        """Where this year's figures come from: `23 from the public record, 2 from what we wrote`."""
        counted = self.report.reckoning.sources
        say = {
            Source.GIT: ("%(count)s from the public record", "%(count)s from the public record"),
            Source.WRITTEN: ("%(count)s from what we wrote", "%(count)s from what we wrote"),
            Source.IMPORTED: ("%(count)s as another system has it", "%(count)s as another system has it"),
        }
        return self.listed(self._n(*say[source], counted[source]) for source in Source if counted.get(source))

    def owed(self) -> Iterator[tuple[str, int]]:
        """The ids of the incidents that have owed a post-mortem for longest, and for how many working days."""
        for one in self.report.reckoning.owed[:OWED]:
            yield one.incident, working_days_owed(one, self.report.now, self.report.settings.zone)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What each measure is called."""
        return {
            Measure.FIRST_WORD: self._("First word"),
            Measure.SILENCE: self._("Longest silence"),
            Measure.RESOLVE: self._("Time to resolve"),
            Measure.OVER_WORD: self._("Said to be over"),
            Measure.ACCOUNT: self._("Post-mortem"),
            Count.NEXT_KEPT: self._("Next word kept"),
            Count.TOLD_OVER: self._("Told after it was over"),
            Count.BACKDATED: self._("Posted later than it says"),
            Count.EDITED: self._("Edited after it was over"),
            Count.REMOVED: self._("Posts removed"),
            Count.COUNTED: self._("How many were hurt, said"),
            Count.OURS: self._("We noticed before you did"),
        }

    @cached_property
    def rules(self) -> Mapping[str, str]:
        """How each is counted."""
        late = self.length(LATE)
        return {
            Measure.FIRST_WORD: self._(
                "From when customers were first hurt to our first post. An incident for which we stated no beginning "
                "is left out."
            ),
            Measure.SILENCE: self._("The longest wait for the next post while an incident was open."),
            Measure.RESOLVE: self._(
                "From when customers were first hurt to when they were last hurt. Where we did not state one of these, "
                "our first post or our last stands for it."
            ),
            Measure.OVER_WORD: self._(
                "From when customers were last hurt to our post that said so. An incident of which nothing but that "
                "post tells the end is left out."
            ),
            Measure.ACCOUNT: self._(
                "Working days from the end of an incident to its post-mortem, Monday to Friday. It is owed after every "
                "major and critical incident."
            ),
            Count.NEXT_KEPT: self._(
                "Posts that promised another by a stated time, and how many of these came by then."
            ),
            Count.TOLD_OVER: self._("Incidents of which our first post came when they had already ended."),
            Count.BACKDATED: self._(
                "Incidents with a post that reached the public record more than %(length)s after the time it gives."
            )
            % {"length": late},
            Count.EDITED: self._(
                "Incidents of which published words were changed after we had said that they were over. A change is no "
                "fault; one that is not told would be."
            ),
            Count.REMOVED: self._("Incidents of which a published post was taken away."),
            Count.COUNTED: self._("Incidents in which a post says in numbers how many were hurt, or how much failed."),
            Count.OURS: self._(
                "Incidents that we noticed before customers told us. Here the record proves nothing: it is what we "
                "wrote."
            ),
        }

    def _of_length(self, measure: Measure) -> Section:
        ours = self.report.reckoning
        found, limit = ours.this_year.lengths[measure], self._limit(measure)
        lengths = [(one, getattr(one, measure)) for one in ours.year if getattr(one, measure) != NEVER]
        return Section(
            key=measure,
            name=self.names[measure],
            figure=self._median(ours.this_year, measure),
            of=self._("median") if found else "",
            rule=self.rules[measure],
            stems=self._stems(measure, lengths, limit) if found else None,
            facts=tuple(self._facts(ours.this_year, measure)),
            years=[(year, self._median(one, measure)) for year, one in ours.years.items() if one.lengths[measure]],
        )

    def _of_count(self, count: Count) -> Section:
        ours = self.report.reckoning
        some, of = ours.this_year.counts[count]
        return Section(
            key=count,
            name=self.names[count],
            figure=self.number(some) if of else "–",
            of=self._("of %(count)s") % {"count": self.number(of)} if of else "",
            rule=self.rules[count],
            stems=self._marks(count, ours.year) if of else None,
            facts=(),
            years=[(year, self._share(one, count)) for year, one in ours.years.items() if one.counts[count][1]],
        )

    def _facts(self, year: Sum, measure: Measure) -> Iterator[tuple[str, str]]:
        found = year.lengths[measure]
        if not found:
            return
        if measure in year.met:
            met = self._("%(some)s of %(all)s") % {"some": self.number(year.met[measure]), "all": self.number(found.of)}
            yield self._("Within %(length)s") % {"length": self._aim(measure)}, met
        yield self._("Nine in ten within"), self._long(measure, found.ninth)
        yield self._("Worst"), self._long(measure, found.worst)

    def _limit(self, measure: Measure) -> int | None:
        """What we aim for, in seconds or working days."""
        goals = self.report.settings.goals
        limits = {Measure.FIRST_WORD: goals.first_word, Measure.SILENCE: goals.silence}
        if measure == Measure.ACCOUNT:
            return goals.account
        limit = limits.get(measure)
        return int(limit.total_seconds()) if limit else None

    def _aim(self, measure: Measure) -> str:
        limit = self._limit(measure)
        return "–" if limit is None else self._long(measure, limit)

    def _median(self, year: Sum, measure: Measure) -> str:
        found = year.lengths[measure]
        return self._long(measure, found.median) if found else "–"

    def _share(self, year: Sum, count: Count) -> str:
        some, of = year.counts[count]
        return self._("%(some)s of %(all)s") % {"some": self.number(some), "all": self.number(of)} if of else "–"

    def _long(self, measure: Measure, length: int) -> str:
        """A length, rounded up to whole minutes, as shorter would be in our favour."""
        if measure == Measure.ACCOUNT:
            return self._n("%(count)s working day", "%(count)s working days", length)
        return self.length(timedelta(minutes=ceil(length / 60))) if length else self._("at once")

    def _stems(self, measure: Measure, lengths: Sequence[tuple[Measured, int]], limit: int | None) -> Stems:
        worst, found = max(lengths, key=lambda one: one[1]), self.report.reckoning.this_year.lengths[measure]
        top = max(min(worst[1], max(BEYOND * (limit or 0), found.ninth if found else 0)), limit or 0, 1)
        tall = [(one, 100 * min(length / top, 1), limit is not None and length > limit) for one, length in lengths]
        said = self._n(
            "%(name)s of %(count)s incident: in the middle %(median)s, at worst %(worst)s.",
            "%(name)s of %(count)s incidents: in the middle %(median)s, at worst %(worst)s.",
            len(lengths),
            name=self.names[measure],
            median=self._median(self.report.reckoning.this_year, measure),
            worst=self._long(measure, worst[1]),
        )
        day = self.clock.day(self.clock.date(datetime.fromtimestamp(worst[0].began, UTC)))
        label = self._("%(length)s, %(day)s") % {"length": self._long(measure, worst[1]), "day": day}
        return self._drawn(tall, 100 - 100 * limit / top if limit else None, (self._x(worst[0].began), label), said)

    def _marks(self, count: Count, year: Iterable[Measured]) -> Stems:
        wrong = [(one, wrong) for one in year if (wrong := _went_wrong(one, count)) is not None]
        said = self._n(
            "%(name)s: %(count)s incident of %(all)s.",
            "%(name)s: %(count)s incidents of %(all)s.",
            sum(bad == (count in WRONG) for _, bad in wrong),
            name=self.names[count],
            all=self.number(len(wrong)),
        )
        return self._drawn([(one, TALL if bad else SHORT, bad) for one, bad in wrong], None, None, said)

    def _drawn(
        self,
        stems: Iterable[tuple[Measured, float, bool]],
        aim: float | None,
        worst: tuple[float, str] | None,
        label: str,
    ) -> Stems:
        paths: dict[bool, list[str]] = {False: [], True: []}
        for one, tall, bad in stems:
            paths[bad].append(self._feet[one.began] + _height(tall))
        lines = "".join(f"M{x:g} 0V100" for x, _ in self._months)
        aim = None if aim is None else round(aim, 1)
        return Stems("".join(paths[False]), "".join(paths[True]), f"{lines}M0 100H100", aim, self._months, worst, label)

    @cached_property
    def _feet(self) -> Mapping[int, str]:
        """Where the stem of each incident of the year begins, by when it began: every chart has the same."""
        return {one.began: f"M{self._x(one.began):g} 100v-" for one in self.report.reckoning.year}

    @cached_property
    def _start(self) -> datetime:
        today = self.report.now.astimezone(self.report.settings.zone).date()
        first = today - timedelta(days=YEAR - 1)
        return datetime(first.year, first.month, first.day, tzinfo=self.report.settings.zone)

    def _x(self, instant: float) -> float:
        """Where an instant in seconds since 1970 is, in percent of the width."""
        begin, end = self._bounds
        return round(100 * (instant - begin) / (end - begin), 2)

    @cached_property
    def _bounds(self) -> tuple[float, float]:
        """Of the year, in seconds since 1970."""
        return self._start.timestamp(), self.report.now.timestamp()

    @cached_property
    def _months(self) -> Sequence[tuple[float, str]]:
        """Where each month begins, and its first letter."""
        found: list[tuple[float, str]] = []
        first = self._start.date()
        for at in range(1, 13):
            year, month = divmod(first.month - 1 + at, 12)
            day = date(first.year + year, month + 1, 1)
            begins = datetime(day.year, day.month, 1, tzinfo=self.report.settings.zone)
            if begins < self.report.now:
                found.append((self._x(begins.timestamp()), self.language.written("month_short", day)[:1]))
        return found


@lru_cache
def _height(tall: float) -> str:
    """Of a stem, in percent: what is close to nothing is still seen."""
    return f"{round(max(tall, 2), 1):g}"


def _went_wrong(one: Measured, count: Count) -> bool | None:
    """Whether it counts against us; None where it says nothing."""
    proved = one.source == Source.GIT
    match count:
        case Count.NEXT_KEPT:
            return one.missed > 0 if one.kept + one.missed else None
        case Count.TOLD_OVER:
            return one.told_over
        case Count.BACKDATED:
            return one.backdated > 0 if proved else None
        case Count.EDITED:
            return one.edited > 0 if proved else None
        case Count.REMOVED:
            return one.removed > 0 if proved else None
        case Count.COUNTED:
            return not one.counted
        case Count.OURS:
            return one.by == "customers" if one.by else None


COLUMNS = (
    "notice",
    "began",
    "evidence",
    "first_word_seconds",
    "longest_silence_seconds",
    "time_to_resolve_seconds",
    "said_to_be_over_seconds",
    "told_after_it_was_over",
    "next_words_kept",
    "next_words_missed",
    "post_mortem_working_days",
    "post_mortem_owed_since",
    "posts_later_than_they_say",
    "edited_after_it_was_over",
    "posts_removed",
    "numbers_given",
    "detected_by",
)
"""Of the tables; what there is nothing to say of is left blank."""


def _tables(basis: Basis) -> Iterator[File]:
    ours = basis.report.reckoning
    for year, digest in ours.digests.items():
        yield File(basis.urls.candour_year(year), (digest,), partial(_table, ours, year))


def _table(ours: Reckoning, year: int) -> bytes:
    written = StringIO()
    # "Each record is located on a separate line, delimited by a line break (CRLF)."  RFC 4180, 2
    table = csv.writer(written)
    table.writerow(COLUMNS)
    table.writerows(map(_cells, ours.rows(year)))
    return written.getvalue().encode()


_BEGAN, _TOLD_OVER, _OWED_SINCE, _COUNTED = map(Measured._fields.index, ("began", "told_over", "owed_since", "counted"))


def _cells(row: Measured) -> Sequence[object]:
    cells: list[object] = ["" if cell == NEVER else cell for cell in row]
    cells[_BEGAN], cells[_OWED_SINCE] = _instant(row.began), _instant(row.owed_since)
    cells[_TOLD_OVER], cells[_COUNTED] = (("no", "yes")[said] for said in (row.told_over, row.counted))
    return cells


def _instant(seconds: int) -> str:
    return "" if seconds == NEVER else f"{datetime.fromtimestamp(seconds, UTC).isoformat()[:19]}Z"


OUTLET = Outlet(name="candour tables", files=_tables)
