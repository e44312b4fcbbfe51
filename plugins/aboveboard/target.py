"""What an owner promises of a component's time, and how much of this month's is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from fractions import Fraction

from msgspec import Struct

from . import uptime
from .model import Component, Rule
from .settings import Settings
from .span import Span
from .uptime import Tally

MONTHS = 12
"""How many calendar months are told, this one among them."""


class Period(Struct, frozen=True, kw_only=True):
    """A window over which uptime is told."""

    key: str
    """`24h`, `7d` … `365d`, `all`; of calendar months `2026-11`, of years `2026`."""
    span: Span

    @property
    def is_month(self) -> bool:
        """Whether it is a calendar month."""
        return "-" in self.key


class Target(Struct, frozen=True, kw_only=True):
    """A promise about each calendar month, by the rule that heads the board."""

    share: Fraction
    credit: str
    """What is due when it is missed; blank where that is not said."""
    allowed: Fraction
    """Seconds that may be lost this month: of all that we speak for until it ends."""
    lost: Fraction
    """Seconds lost so far."""
    missed: tuple[Period, ...]
    """The months of the last `MONTHS` in which more was lost than allowed, the newest first; this one once it is."""

    @property
    def left(self) -> Fraction:
        """Seconds of this month that may still be lost; below nought once it is missed."""
        return self.allowed - self.lost


def months(now: datetime, settings: Settings, first: datetime) -> tuple[Period, ...]:
    """The last calendar months of the site's zone of which anything is known, the newest first and whole."""
    today, begun = uptime.day_of(now, settings.zone), uptime.day_of(first, settings.zone)
    found = [divmod(12 * today.year + today.month - 1 - back, 12) for back in range(MONTHS)]
    days = [date(year, month + 1, 1) for year, month in found]
    return tuple(
        Period(key=f"{day:%Y-%m}", span=uptime.calendar_months(day, day, settings.zone))
        for day in days
        if day >= begun.replace(day=1)
    )


def years(now: datetime, settings: Settings, first: datetime) -> tuple[Period, ...]:
    """The calendar years of the site's zone of which anything is known, the newest first and whole."""
    last, begun = uptime.day_of(now, settings.zone).year, uptime.day_of(first, settings.zone).year
    return tuple(
        Period(key=f"{year:04}", span=uptime.calendar_months(date(year, 1, 1), date(year, 12, 1), settings.zone))
        for year in range(last, begun - 1, -1)
    )


def target(
    component: Component, rule: Rule, since: datetime, told: Sequence[Period], tally: Callable[[Period], Tally]
) -> Target | None:
    """How a component stands against what was promised of it; None where nothing was.

    `told` are its months, the newest first, and `tally` says what one of them was made of.
    """
    share = component.target
    if share is None or not told:
        return None
    missed = []
    for period in told:
        figure = tally(period).figures[rule]
        if figure.lost > (1 - share) * (_ours(component, since, period.span) if period is told[0] else figure.known):
            missed.append(period)
    return Target(
        share=share,
        credit=component.credit,
        allowed=(1 - share) * _ours(component, since, told[0].span),
        lost=tally(told[0]).figures[rule].lost,
        missed=tuple(missed),
    )


def _ours(component: Component, since: datetime, month: Span) -> Fraction:
    """Seconds of a month that we speak for, those to come among them."""
    start, end = max(component.since or since, month.start), min(component.until or month.end, month.end)
    return Fraction(max(int((end - start).total_seconds()), 0))
