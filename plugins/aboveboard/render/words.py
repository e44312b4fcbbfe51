"""Facts as text: names, times, lengths and shares, as every page and feed words them. English, for now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cached_property, lru_cache
from math import ceil, floor
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ..candour import Promise, PromiseState
from ..days import Month
from ..headline import Headline, Mood
from ..model import Action, Component, ComponentStatus, Impact, Kind, Rule, Status
from ..story import NoticeReport
from ..uptime import Tally

COMPONENT_STATUS: Mapping[ComponentStatus, str] = {
    ComponentStatus.OPERATIONAL: "Operational",
    ComponentStatus.UNDER_MAINTENANCE: "Maintenance",
    ComponentStatus.DEGRADED_PERFORMANCE: "Degraded",
    ComponentStatus.PARTIAL_OUTAGE: "Partial outage",
    ComponentStatus.MAJOR_OUTAGE: "Major outage",
    ComponentStatus.UNKNOWN: "No data",
}

STATUS: Mapping[Status, str] = {status: status.replace("_", " ").capitalize() for status in Status}

KIND: Mapping[Kind, str] = {kind: kind.capitalize() for kind in Kind}

IMPACT: Mapping[Impact, str] = {impact: impact.capitalize() for impact in Impact}

DETECTED_BY: Mapping[str, str] = {
    "customers": "customers",
    "monitoring": "our monitoring",
    "staff": "our own people",
    "supplier": "a supplier",
}

RULE: Mapping[Rule, str] = {Rule.STRICT: "Strict", Rule.OUTAGE: "Outages only", Rule.WEIGHTED: "Weighted"}

RULE_TEXT: Mapping[Rule, str] = {
    Rule.STRICT: "Every second that was not simply operational is lost: slow or down, planned or not.",
    Rule.OUTAGE: "Partial and major outages are lost in full, degraded performance is not. Maintenance is excused "
    "inside the window that was announced before it began; past it, it is lost in full.",
    Rule.WEIGHTED: "A major outage is lost in full, a partial one by three tenths, degraded performance not at all. "
    "Maintenance is excused inside the window that was announced before it began; past it, it is lost in full.",
}

PERIOD: Mapping[str, str] = {
    "24h": "24 hours",
    "7d": "7 days",
    "30d": "30 days",
    "90d": "90 days",
    "365d": "365 days",
    "all": "since the start",
}

CLASS: Mapping[ComponentStatus | None, str] = {
    ComponentStatus.OPERATIONAL: "ok",
    ComponentStatus.UNDER_MAINTENANCE: "maint",
    ComponentStatus.DEGRADED_PERFORMANCE: "degraded",
    ComponentStatus.PARTIAL_OUTAGE: "partial",
    ComponentStatus.MAJOR_OUTAGE: "major",
    ComponentStatus.UNKNOWN: "none",
    None: "none",
}
"""The style class of a state: `ab-<class>` carries its colour, its shape and its height wherever it lands."""

PROMISE_CLASS: Mapping[PromiseState, str] = {
    PromiseState.KEPT: "ok",
    PromiseState.KEPT_LATE: "degraded",
    PromiseState.LATE: "major",
    PromiseState.OPEN: "none",
}

_HAVE: Mapping[ComponentStatus, tuple[str, str]] = {
    ComponentStatus.UNDER_MAINTENANCE: ("is under maintenance", "are under maintenance"),
    ComponentStatus.DEGRADED_PERFORMANCE: ("is degraded", "are degraded"),
    ComponentStatus.PARTIAL_OUTAGE: ("has a partial outage", "have a partial outage"),
    ComponentStatus.MAJOR_OUTAGE: ("is down", "are down"),
}


# Tables, as strftime would write another language where somebody sets a locale, and takes longer.
MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()  # noqa: SIM905


class Local(NamedTuple):
    """An instant as a clock writes it."""

    day: date
    short: str
    """`2 Nov`."""
    time: str
    """`09:14`."""
    when: str
    """`2 Nov 2025, 09:14`, as far as it does not go without saying."""
    iso: str


@dataclass(frozen=True)
class Clock:
    """Writes times in one zone.

    With a `now`, its year goes without saying, and its day too. Without one nothing does: what it writes will read the
    same whenever it is written again.
    """

    zone: ZoneInfo
    now: datetime | None = None

    @cached_property
    def today(self) -> date | None:
        return self.now.astimezone(self.zone).date() if self.now else None

    def time(self, instant: datetime) -> str:
        """`09:14`. Seconds stand in the `datetime` of its element and in the feeds, for whoever needs them."""
        return self.local(instant).time

    def day(self, day: date) -> str:
        """`2 Nov 2025`, or `2 Nov` of this year."""
        return _short(day) if self.today and day.year == self.today.year else f"{_short(day)} {day.year}"

    def weekday(self, day: date) -> str:
        """`Mon 2 Nov 2026`, or `Mon 2 Nov` of this year."""
        return f"{DAYS[day.weekday()][:3]} {self.day(day)}"

    def long_day(self, day: date) -> str:
        """`Monday 2 November 2026`."""
        return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"

    def date(self, instant: datetime) -> date:
        """The calendar day on which it lies."""
        return self.local(instant).day

    def when(self, instant: datetime) -> str:
        """`2 Nov 2025, 09:14`; without what goes without saying: this year, today."""
        return self.local(instant).when

    def then(self, instant: datetime, before: datetime | None) -> str:
        """As `when`, beside another time: without its day or its year where they are the same."""
        local, day = self.local(instant), self.local(before).day if before else None
        if local.day == day:
            return local.time
        if day is None or local.day.year != day.year or local.day == self.today:
            return local.when
        return f"{local.short}, {local.time}"

    def end(self, instant: datetime) -> str:
        """`Wednesday 30 June 2027, 12:00`; a midnight, which stands for its whole day, without its time."""
        time = self.time(instant)
        return self.long_day(self.date(instant)) + ("" if time == "00:00" else f", {time}")

    def full(self, instant: datetime) -> str:
        """`2026-11-02 09:14 GMT`: nothing left to guess."""
        local = instant.astimezone(self.zone)
        return f"{local:%Y-%m-%d %H:%M} {local:%Z}"

    def window(self, start: datetime, end: datetime) -> str:
        """`02:00–03:30`, with the day of the end where it is another, and its year too."""
        first, last = self.local(start), self.local(end)
        year = f" {last.day.year}" if last.day.year != first.day.year else ""
        day = f"{last.short}{year}, " if last.day != first.day else ""
        return f"{first.time}–{day}{last.time}"

    def iso(self, instant: datetime) -> str:
        """For `<time datetime>`."""
        return self.local(instant).iso

    @cached_property
    def local(self) -> Callable[[datetime], Local]:
        """All of it at once. It remembers the last: a page writes the same times again and again."""

        @lru_cache(1024)
        def local(instant: datetime) -> Local:
            here = instant.astimezone(self.zone)
            day, time = here.date(), f"{here.hour:02}:{here.minute:02}"
            short = _short(day)
            year = "" if self.today and day.year == self.today.year else f" {day.year}"
            when = time if day == self.today else f"{short}{year}, {time}"
            return Local(day, short, time, when, here.isoformat())

        return local


def _short(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1][:3]}"


_NOTHING, _MINUTE = timedelta(), timedelta(minutes=1)


def length(time: timedelta) -> str:
    """`2 h 27 min`, `17 min`, `3 d 4 h`, `40 s`: two units at most, the smaller rounded down."""
    return _units(time.days * 86_400 + time.seconds)


def later(time: timedelta) -> str:
    """`17 min later`, `at once` within the minute, and `5 min too soon` of an end that was told before it came."""
    if abs(time) < _MINUTE:
        return "at once"
    return f"{length(time)} later" if time > _NOTHING else f"{length(-time)} too soon"


def lost(seconds: Fraction) -> str:
    """Lost time, rounded up against ourselves: `188 min`, `2 min`, `0 min`."""
    return f"{ceil(seconds / 60):,} min"


def known(seconds: Fraction) -> str:
    """Known time in minutes, rounded down."""
    return f"{floor(seconds / 60):,} min"


def share(share: Fraction | None) -> str:
    """A share with two decimals, rounded down: 100% only for no lost second, `no data` where nothing is known."""
    if share is None:
        return "no data"
    if share == 1:
        return "100%"
    hundredths = floor(share * 10_000)
    return f"{hundredths // 100}.{hundredths % 100:02}%"


def count(number: int, one: str, many: str = "") -> str:
    """`1 notice`, `3 notices`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def both(names: Sequence[str]) -> str:
    """`Webmail`, `Webmail and Spam filter`, `Webmail, Spam filter and two others`: two named at most, then counted."""
    if len(names) <= 2:
        return " and ".join(names)
    rest = len(names) - 2
    return f"{names[0]}, {names[1]} and {_COUNT.get(rest, f'{rest:,}')} other{'s' if rest > 1 else ''}"


def promise(promise: Promise, clock: Clock) -> str:
    """`Done 15 Oct`, `Done 22 Oct, 3 days late`, `3 days late`, `Due in 11 days`."""
    days = count(abs(promise.days), "day")
    done = clock.day(promise.action.done) if promise.action.done else ""
    match promise.state:
        case PromiseState.KEPT:
            return f"Done {done}"
        case PromiseState.KEPT_LATE:
            return f"Done {done}, {days} late"
        case PromiseState.LATE:
            return f"{days} late"
        case PromiseState.OPEN:
            return f"Due in {days}" if promise.days else "Due today"


def promise_sum(promises: Iterable[Promise]) -> str:
    """`5 promises: 3 kept, 1 late, 1 not yet due.`"""
    states = [promise.state for promise in promises]
    said = {
        "kept": states.count(PromiseState.KEPT),
        "kept late": states.count(PromiseState.KEPT_LATE),
        "late": states.count(PromiseState.LATE),
        "not yet due": states.count(PromiseState.OPEN),
    }
    return _sum(len(states), said)


def _sum(promises: int, said: Mapping[str, int]) -> str:
    return f"{count(promises, 'promise')}: {', '.join(f'{n:,} {what}' for what, n in said.items() if n)}."


def action(action: Action, clock: Clock) -> str:
    """`Done 15 Oct 2025`, `Done 22 Oct 2025, 3 days late`, `Not done`: as it is written; no day but its own matters."""
    if not action.done:
        return "Not done"
    late = (action.done - action.due).days
    return f"Done {clock.day(action.done)}" + (f", {count(late, 'day')} late" if late > 0 else "")


def action_class(action: Action) -> str:
    """The style class of what is written of it."""
    if not action.done:
        return PROMISE_CLASS[PromiseState.OPEN]
    return PROMISE_CLASS[PromiseState.KEPT_LATE if action.done > action.due else PromiseState.KEPT]


def action_sum(actions: Iterable[Action]) -> str:
    """`5 promises: 3 kept, 2 not done.`"""
    actions = tuple(actions)
    done = [action for action in actions if action.done]
    late = sum(bool(action.done and action.done > action.due) for action in done)
    said = {"kept": len(done) - late, "kept late": late, "not done": len(actions) - len(done)}
    return _sum(len(actions), said)


@dataclass(frozen=True, slots=True)
class Said:
    """The headline in words."""

    kick: str
    sentence: str
    rest: str


def headline(headline: Headline, clock: Clock) -> Said:
    """The answer first: what is the matter and whose it is; then what else, and what works."""
    worst = [component.name for component in headline.worst]
    lead = headline.lead
    so_far = f"{length(lead.length)} so far" if lead and lead.length and lead.lasts else ""
    kick = [COMPONENT_STATUS[headline.state], so_far]
    match headline.mood:
        case Mood.OURS:
            sentence = f"It is us. {_has(worst, headline.state, lead)}"
        case Mood.SUPPLIERS:
            sentence = f"It is a supplier of ours. {_has(worst, headline.state, lead)}"
        case Mood.WATCHING:
            kick = [STATUS[lead.status] if lead else "", f"after {length(lead.length)}" if lead and lead.length else ""]
            sentence = "It works again, and we are watching."
        case Mood.LOOKING:
            kick[0] = STATUS[lead.status] if lead else ""
            sentence = f"We are looking into it. {_has([], headline.state, lead)}"
        case Mood.OVERRUN:
            kick[1] = f"{length(lead.overran)} past its end" if lead else ""
            sentence = f"Planned work on {both(_touched(lead))} is taking longer than we said."
        case Mood.MAINTENANCE:
            kick[1] = f"until {clock.when(lead.window.end)}" if lead and lead.window else ""
            sentence = f"Planned work is going on: {both(_touched(lead))}."
        case Mood.UNKNOWN if not worst:
            sentence = "This page speaks for nothing yet: it knows of no component."
        case Mood.UNKNOWN:
            sentence = f"We cannot say how {both(worst)} {'is' if len(worst) == 1 else 'are'}."
        case Mood.WELL:
            quiet = f"last incident ended {clock.when(headline.quiet_since)}" if headline.quiet_since else ""
            kick = [COMPONENT_STATUS[headline.state], quiet]
            sentence = _well(headline.working)
    return Said(" · ".join(part for part in kick if part), sentence, _rest(headline))


def _has(names: list[str], state: ComponentStatus, lead: NoticeReport | None) -> str:
    """`Inbound mail has a partial outage.`; of an incident without components its title."""
    if not names:
        return f"{lead.notice.title.rstrip('.')}." if lead else ""
    return f"{both(names)} {_HAVE[state][len(names) > 1]}."


def _touched(lead: NoticeReport | None) -> list[str]:
    return [component.name for component in lead.components] if lead and lead.components else ["our systems"]


def _well(working: int) -> str:
    match working:
        case 0:
            return "Nothing is wrong, as far as we know."
        case 1:
            return "It is working, as far as we know."
        case _:
            return f"All {working:,} components are working, as far as we know."


def _rest(headline: Headline) -> str:
    """The second sentence: the other troubled components, those of which nothing is known, and how many work."""
    parts = []
    if headline.troubled:
        is_or_are = "is" if len(headline.troubled) == 1 else "are"
        parts.append(f"{both(names(headline.troubled))} {is_or_are} affected too.")
    if headline.unsaid:
        is_or_are = "is" if len(headline.unsaid) == 1 else "are"
        parts.append(f"We cannot say how {both(names(headline.unsaid))} {is_or_are}.")
    if headline.working and (headline.worst or headline.troubled or headline.unsaid):
        parts.append(_others(headline.working))
    if headline.others:
        parts.append(f"{count(headline.others, 'more notice')} open.")
    return " ".join(parts)


def _others(working: int) -> str:
    return "The other component is working." if working == 1 else f"The other {working:,} components are working."


_COUNT: Mapping[int, str] = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight"}


WEEK = 7
"""From so many days on, hours say nothing any more."""


def _units(seconds: int) -> str:
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if days:
        return f"{days} d {hours % 24} h" if hours % 24 and days < WEEK else f"{days} d"
    if hours:
        return f"{hours} h {minutes % 60} min" if minutes % 60 else f"{hours} h"
    return f"{minutes} min" if minutes else f"{seconds} s"


def names(components: Iterable[Component]) -> list[str]:
    """Their names, in order."""
    return [component.name for component in components]


def month(month: Month) -> str:
    """`November 2026`."""
    return f"{MONTHS[month.month - 1]} {month.year}"


def kinds(counted: Mapping[str, int]) -> str:
    """`3 incidents, 1 maintenance`."""
    return ", ".join(count(counted[kind], kind, _PLURAL[kind]) for kind in Kind if counted.get(kind))


def no_data(tally: Tally) -> str:
    """How much of a window is not known, leaving out what is still to come; a dash for none."""
    return length(tally.no_data) if tally.no_data else "–"


_PLURAL: Mapping[Kind, str] = {
    Kind.INCIDENT: "incidents",
    Kind.MAINTENANCE: "maintenances",
    Kind.RETIREMENT: "retirements",
    Kind.ANNOUNCEMENT: "announcements",
}
