"""Facts as text: names, times, lengths and shares, as every page and feed words them, in one language.

What is wrapped in `_(…)` or `_n(…)` is a message: whole, with names for what is filled in, and found in every
catalogue. Nothing here is glued of parts that another language would put in another order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cached_property, lru_cache
from math import ceil, floor
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct

from ..archive import Choice, Facet
from ..candour import Promise, PromiseState
from ..headline import Headline, Mood
from ..language import ENGLISH as IN_ENGLISH
from ..language import Language
from ..model import Action, Component, ComponentStatus, Impact, Kind, Rule, Section, Status
from ..settings import Settings
from ..span import Span
from ..story import NoticeReport
from ..uptime import Tally

if TYPE_CHECKING:  # a site that shows nothing of its monitoring pays nothing for it
    from ..measured import Compared

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

MANY = 5
"""A number that stands for any, where a script fills one in: our units are abbreviations, which it seldom changes."""

MONTH = 30
"""From so many days on, hours say nothing any more."""

_NOTHING, _MINUTE = timedelta(), timedelta(minutes=1)


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
    full: str
    """`2025-11-02 09:14 GMT`: nothing left to guess."""


class Clock(Struct, frozen=True, dict=True):
    """Writes times in one zone and one language.

    With a `now`, its year goes without saying, and its day too. Without one nothing does: what it writes will read the
    same whenever it is written again.
    """

    zone: ZoneInfo
    now: datetime | None = None
    language: Language = IN_ENGLISH

    @cached_property
    def words(self) -> Words:
        """Our words in its language."""
        return Words(self.language)

    @cached_property
    def today(self) -> date | None:
        return self.now.astimezone(self.zone).date() if self.now else None

    def time(self, instant: datetime) -> str:
        """`09:14`. Seconds stand in the `datetime` of its element and in the feeds, for whoever needs them."""
        return self.local(instant).time

    @cached_property
    def day(self) -> Callable[[date], str]:
        """`2 Nov 2025`, or `2 Nov` of this year."""
        return self._by_year("short", "short_year")

    @cached_property
    def weekday(self) -> Callable[[date], str]:
        """`Mon 2 Nov 2026`, or `Mon 2 Nov` of this year."""
        return self._by_year("weekday", "weekday_year")

    @cached_property
    def day_of_year(self) -> Callable[[date], str]:
        """`Mon 2 Nov`, below a heading that names the year."""
        return lru_cache(1024)(lambda day: self.language.written("weekday", day))

    def _by_year(self, this: str, other: str) -> Callable[[date], str]:
        """Writes days in one way, and those of another year than this in another. It remembers the last."""
        year, write = self.today.year if self.today else None, self.language.written
        return lru_cache(1024)(lambda day: write(this if day.year == year else other, day))

    def long_day(self, day: date) -> str:
        """`Monday 2 November 2026`."""
        return self.language.written("long", day)

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
        return self.dated(local.time, local.short)

    def end(self, instant: datetime) -> str:
        """`Wednesday 30 June 2027, 12:00`; a midnight, which stands for its whole day, without its time."""
        local = instant.astimezone(self.zone)
        day = self.long_day(local.date())
        return self.dated(self.language.time(local.hour, local.minute), day) if local.hour or local.minute else day

    def full(self, instant: datetime) -> str:
        """`2026-11-02 09:14 GMT`: nothing left to guess."""
        return self.local(instant).full

    def window(self, start: datetime, end: datetime) -> str:
        """`02:00–03:30`, with the day of the end where it is another, and its year too."""
        first, last = self.local(start), self.local(end)
        if last.day == first.day:
            return f"{first.time}–{last.time}"
        day = last.short if last.day.year == first.day.year else self.language.written("short_year", last.day)
        return f"{first.time}–{self.dated(last.time, day)}"

    def epoch(self, instant: datetime) -> int:
        """Whole seconds since 1970, as scripts count."""
        return int(instant.timestamp())

    def iso(self, instant: datetime) -> str:
        """For `<time datetime>`."""
        return self.local(instant).iso

    @cached_property
    def local(self) -> Callable[[datetime], Local]:
        """All of it at once. A page and the feeds write the same times again and again, by clocks that are equal."""
        return _local(self)

    def dated(self, time: str, day: str) -> str:
        """`2 Nov, 09:14`."""
        return self.language.dated.format(time, day)


@lru_cache(16)
def _local(clock: Clock) -> Callable[[datetime], Local]:
    """What a clock writes; the last of it is remembered."""
    language, zone, today, day_of = clock.language, clock.zone, clock.today, clock.day

    @lru_cache(1024)
    def short(day: date) -> str:
        return language.written("short", day)

    @lru_cache(1024)
    def local(instant: datetime) -> Local:
        here = instant.astimezone(zone)
        day, iso, time = here.date(), here.isoformat(), language.time(here.hour, here.minute)
        when = time if day == today else clock.dated(time, day_of(day))
        full = language.isolated(f"{iso[:10]} {iso[11:16]} {here.tzname()}")
        return Local(day, short(day), time, when, iso, full)

    return local


class Said(Struct, frozen=True):
    """The headline in words."""

    kick: str
    sentence: str
    rest: str


class Words(Struct, frozen=True, dict=True):
    """Our words in one language."""

    language: Language = IN_ENGLISH

    @property
    def _(self) -> Callable[[str], str]:
        """A message."""
        return self.language.gettext

    @property
    def _c(self) -> Callable[[str, str], str]:
        """A message and, before it, what tells it apart from others of the same English."""
        return self.language.pgettext

    def _n(self, one: str, many: str, number: int, **filled: str) -> str:
        """A message that counts, filled in; the number is `count`."""
        return self.language.ngettext(one, many, number) % {"count": self.number(number), **filled}

    @cached_property
    def component_status(self) -> Mapping[ComponentStatus, str]:
        """How a component is."""
        return {
            ComponentStatus.OPERATIONAL: self._("Operational"),
            ComponentStatus.UNDER_MAINTENANCE: self._c("how a component is", "Maintenance"),
            ComponentStatus.DEGRADED_PERFORMANCE: self._("Degraded"),
            ComponentStatus.PARTIAL_OUTAGE: self._("Partial outage"),
            ComponentStatus.MAJOR_OUTAGE: self._("Major outage"),
            ComponentStatus.UNKNOWN: self._("No data"),
        }

    @cached_property
    def inside(self) -> Mapping[ComponentStatus | None, str]:
        """The same within a line."""
        return {
            ComponentStatus.OPERATIONAL: self._("operational"),
            ComponentStatus.UNDER_MAINTENANCE: self._("maintenance"),
            ComponentStatus.DEGRADED_PERFORMANCE: self._("degraded"),
            ComponentStatus.PARTIAL_OUTAGE: self._("partial outage"),
            ComponentStatus.MAJOR_OUTAGE: self._("major outage"),
            ComponentStatus.UNKNOWN: self._("no data"),
        }

    @cached_property
    def was(self) -> Mapping[ComponentStatus | None, str]:
        """The same of what is over."""
        return {
            ComponentStatus.OPERATIONAL: self._("was operational"),
            ComponentStatus.UNDER_MAINTENANCE: self._("was maintenance"),
            ComponentStatus.DEGRADED_PERFORMANCE: self._("was degraded"),
            ComponentStatus.PARTIAL_OUTAGE: self._("was partial outage"),
            ComponentStatus.MAJOR_OUTAGE: self._("was major outage"),
            ComponentStatus.UNKNOWN: self._("was no data"),
        }

    @cached_property
    def status(self) -> Mapping[Status, str]:
        """Where a notice stands."""
        return {
            Status.INVESTIGATING: self._("Investigating"),
            Status.IDENTIFIED: self._("Identified"),
            Status.MONITORING: self._("Monitoring"),
            Status.RESOLVED: self._("Resolved"),
            Status.UPDATE: self._("Update"),
            Status.SCHEDULED: self._("Scheduled"),
            Status.IN_PROGRESS: self._("In progress"),
            Status.VERIFYING: self._("Verifying"),
            Status.COMPLETED: self._("Completed"),
            Status.CANCELLED: self._("Cancelled"),
        }

    @cached_property
    def kind(self) -> Mapping[Kind, str]:
        """What a notice is."""
        return {
            Kind.INCIDENT: self._("Incident"),
            Kind.MAINTENANCE: self._("Maintenance"),
            Kind.RETIREMENT: self._("Retirement"),
            Kind.ANNOUNCEMENT: self._("Announcement"),
        }

    @cached_property
    def impact(self) -> Mapping[Impact, str]:
        """How bad it was."""
        return {
            Impact.NONE: self._c("impact", "None"),
            Impact.MINOR: self._c("impact", "Minor"),
            Impact.MAJOR: self._c("impact", "Major"),
            Impact.CRITICAL: self._c("impact", "Critical"),
        }

    @cached_property
    def detected_by(self) -> Mapping[str, str]:
        """Who noticed."""
        return {
            "customers": self._("customers"),
            "monitoring": self._("our monitoring"),
            "staff": self._("our own people"),
            "supplier": self._("a supplier"),
        }

    @cached_property
    def _causes(self) -> Mapping[str, str]:
        """The usual causes. A site may have words of its own for them, which are as they are."""
        return {
            "software bug": self._("software bug"),
            "hardware": self._("hardware"),
            "network": self._("network"),
            "capacity": self._("capacity"),
            "third party": self._("third party"),
            "human error": self._("human error"),
            "security": self._("security"),
            "maintenance": self._c("cause", "maintenance"),
            "one time": self._("one time"),
            "unknown": self._c("cause", "unknown"),
        }

    def cause(self, cause: str) -> str:
        """Why it happened, in the words of a site."""
        return self._causes.get(cause, cause)

    @cached_property
    def _sections(self) -> Mapping[str, str]:
        return {
            "summary": self._("Summary"),
            "happened": self._("What happened"),
            "impact": self._("Who was affected"),
            "why": self._("Why it happened"),
            "wrong": self._("What we got wrong"),
            "well": self._("What went well"),
            "lucky": self._("Where we were lucky"),
            "customers": self._("What customers told us"),
            "changing": self._("What we are changing"),
        }

    def section(self, section: Section) -> str:
        """The heading of a section: of those that are known by name in our words, of others as it is written."""
        return self._sections[section.key] if section.key and self.language is not IN_ENGLISH else section.title

    @cached_property
    def rule(self) -> Mapping[Rule, str]:
        """The rules by their names."""
        return {
            Rule.STRICT: self._("Strict"),
            Rule.OUTAGE: self._("Outages only"),
            Rule.WEIGHTED: self._("Weighted"),
        }

    @cached_property
    def rule_inside(self) -> Mapping[Rule, str]:
        """The same within a line."""
        return {
            Rule.STRICT: self._("strict"),
            Rule.OUTAGE: self._("outages only"),
            Rule.WEIGHTED: self._("weighted"),
        }

    @cached_property
    def rule_text(self) -> Mapping[Rule, str]:
        """What the rules say."""
        return {
            Rule.STRICT: self._("Every second that was not simply operational is lost: slow or down, planned or not."),
            Rule.OUTAGE: self._(
                "Partial and major outages are lost in full, degraded performance is not. Maintenance is excused "
                "inside the window that was announced before it began; past it, it is lost in full."
            ),
            Rule.WEIGHTED: self._(
                "A major outage is lost in full, a partial one by three tenths, degraded performance not at all. "
                "Maintenance is excused inside the window that was announced before it began; past it, it is lost in "
                "full."
            ),
        }

    @cached_property
    def period(self) -> Mapping[str, str]:
        """Windows over which uptime is told."""
        return {
            "24h": self._("24 hours"),
            "7d": self._("7 days"),
            "30d": self._("30 days"),
            "90d": self._("90 days"),
            "365d": self._("365 days"),
            "all": self._("since the start"),
        }

    @cached_property
    def comma(self) -> str:
        """Between the parts of a list."""
        return self._c("between the parts of a list", ", ")

    @cached_property
    def semicolon(self) -> str:
        """Between the parts of a list that have commas in them."""
        return self._c("between the parts of a list", "; ")

    def number(self, number: int) -> str:
        """`1,024`."""
        return self.language.number(number)

    @cached_property
    def length(self) -> Callable[[timedelta], str]:
        """`2 h 27 min`, `17 min`, `3 d 4 h`, `40 s`: two units at most, the smaller rounded down."""
        return lru_cache(4096)(self._length)

    def _length(self, time: timedelta) -> str:
        seconds = time.days * 86_400 + time.seconds
        minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
        if days:
            if hours % 24 and days < MONTH:
                return self._n("%(count)s d %(hours)s h", "%(count)s d %(hours)s h", days, hours=str(hours % 24))
            return self._n("%(count)s d", "%(count)s d", days)
        if hours:
            if minutes % 60:
                return self._("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes % 60}
            return self._("%(hours)s h") % {"hours": hours}
        return (
            self._("%(minutes)s min") % {"minutes": minutes}
            if minutes
            else self._("%(seconds)s s") % {"seconds": seconds}
        )

    @cached_property
    def for_script(self) -> Mapping[str, object]:
        """What a script on a page fills in: `{ago}`, `{time}`, and `{d}` to `{s}` in lengths."""
        days = self.language.ngettext("%(count)s d", "%(count)s d", MANY)
        days_and_hours = self.language.ngettext("%(count)s d %(hours)s h", "%(count)s d %(hours)s h", MANY)
        return {
            "yours": self._("{time} your time"),
            "stale": self._("We cannot say how things are now: this page was built {ago}, and should be younger."),
            "offline": self._("No connection. This is how things stood {ago}."),
            "lengths": {
                "dh": days_and_hours % {"count": "{d}", "hours": "{h}"},
                "d": days % {"count": "{d}"},
                "hm": self._("%(hours)s h %(minutes)s min") % {"hours": "{h}", "minutes": "{m}"},
                "h": self._("%(hours)s h") % {"hours": "{h}"},
                "m": self._("%(minutes)s min") % {"minutes": "{m}"},
                "s": self._("%(seconds)s s") % {"seconds": "{s}"},
            },
        }

    @cached_property
    def for_search(self) -> Mapping[str, str]:
        """What the script of the page that searches fills in and shows. Its holes are `{count}` and `{month}`."""
        return {
            "looking": self._("Searching …"),
            "all": self._("Found: {count}. That is all of them."),
            "some": self._("Found: {count}, the newest first, as far back as {month}."),
            "none": self._("Nothing that was posted here has all of these words."),
            "noneYet": self._("Nothing as far back as {month}."),
            "failed": self._("Some of the history could not be fetched. Try again."),
            "comma": self.comma,
        }

    def later(self, time: timedelta) -> str:
        """`17 min later`, `at once` within the minute, and `5 min too soon` of an end that was told before it came."""
        if abs(time) < _MINUTE:
            return self._("at once")
        if time > _NOTHING:
            return self._("%(length)s later") % {"length": self.length(time)}
        return self._("%(length)s too soon") % {"length": self.length(-time)}

    def lost(self, seconds: Fraction) -> str:
        """Lost time, rounded up against ourselves: `188 min`, `2 min`, `0 min`."""
        return self._("%(minutes)s min") % {"minutes": self.number(ceil(seconds / 60))}

    def known(self, seconds: Fraction) -> str:
        """Known time in minutes, rounded down."""
        return self._("%(minutes)s min") % {"minutes": self.number(floor(seconds / 60))}

    def share(self, share: Fraction | None) -> str:
        """A share with two decimals, rounded down: 100% only for no lost second, `no data` where nothing is known."""
        if share is None:
            return self._("no data")
        if share == 1:
            return self.language.percent.format("100")
        hundredths = floor(share * 10_000)
        return self.language.percent.format(f"{hundredths // 100}{self.language.decimal}{hundredths % 100:02}")

    def promised(self, share: Fraction) -> str:
        """A share that is promised, as it was written: `99.9%`."""
        hundredths = f"{float(share * 100):.10g}".replace(".", self.language.decimal)
        return self.language.percent.format(hundredths)

    def left(self, seconds: Fraction) -> str:
        """What is left of a promise, in minutes, rounded against ourselves; or by how much it was missed."""
        if seconds < 0:
            return self._("missed by %(minutes)s min") % {"minutes": self.number(ceil(-seconds / 60))}
        return self._("%(minutes)s min") % {"minutes": self.number(floor(seconds / 60))}

    def no_data(self, tally: Tally | Compared) -> str:
        """How much of a window is not known, leaving out what is still to come; a dash for none."""
        return self.length(tally.no_data) if tally.no_data else "–"

    def both(self, names: Sequence[str]) -> str:
        """`Webmail`, `Webmail and Spam filter`, `Webmail, Spam filter and two others`: two named, the rest counted."""
        if len(names) <= 2:
            return self.language.pair.format(*names) if len(names) == 2 else "".join(names)
        rest = len(names) - 2
        numbers = self._("one two three four five six seven eight").split()
        said = numbers[rest - 1] if rest <= len(numbers) else self.number(rest)
        first, second = names[:2]
        return self._n(
            "%(first)s, %(second)s and %(count)s other",
            "%(first)s, %(second)s and %(count)s others",
            rest,
            first=first,
            second=second,
            count=said,
        )

    def listed(self, parts: Iterable[str]) -> str:
        """`this, that, more`."""
        return self.comma.join(parts)

    def heading(self, text: str) -> str:
        """What stands within a line, on its own: with a capital, and with those that it has."""
        return text[:1].upper() + text[1:]

    def sentences(self, first: str, second: str) -> str:
        """Two, one after the other."""
        return self._("%(first)s %(second)s") % {"first": first, "second": second} if first else second

    def month(self, year: int, month: int) -> str:
        """`November 2026`."""
        return self.language.written("month", date(year, month, 1))

    def chosen(self, choice: Choice, settings: Settings) -> str:
        """What a page of history is about: `November 2026`, `Incidents`, `Cause: capacity, 2026`."""
        what = self.what(choice, settings)
        if choice.facet == Facet.CAUSE:
            what = self._("Cause: %(cause)s") % {"cause": what}
        if not choice.year:
            return what
        when = self.when(choice)
        return self._("%(what)s, %(when)s") % {"what": what, "when": when} if choice.facet else when

    def what(self, choice: Choice, settings: Settings) -> str:
        """Of which notices it is: `Everything`, `Incidents`, `capacity`, `Inbound mail`."""
        match choice.facet:
            case Facet.KIND:
                return self.kinds_of[Kind(choice.value)]
            case Facet.CAUSE:
                return self.cause(settings.causes.get(choice.value, choice.value))
            case Facet.COMPONENT:
                component = settings.component(choice.value)
                return component.name if component else choice.value
            case None:
                return self._("Everything")

    def when(self, choice: Choice) -> str:
        """Of which time it is: `All`, `2026`, `November 2026`."""
        if choice.month:
            return self.month(choice.year, choice.month)
        return str(choice.year) if choice.year else self._c("of all time", "All")

    @cached_property
    def kinds_of(self) -> Mapping[Kind, str]:
        """Notices by what they are, as a heading."""
        return {
            Kind.INCIDENT: self._("Incidents"),
            Kind.MAINTENANCE: self._("Maintenance"),
            Kind.RETIREMENT: self._("Retirements"),
            Kind.ANNOUNCEMENT: self._("Announcements"),
        }

    def customers(self, customers: int) -> str:
        """`120 customers`."""
        return self._n("%(count)s customer", "%(count)s customers", customers)

    def month_of(self, span: Span, zone: ZoneInfo) -> str:
        """`Nov 2026`: a calendar month of a zone."""
        return self.month_short(span.start.astimezone(zone).date())

    def month_short(self, day: date) -> str:
        """`Nov 2026`."""
        return f"{self.language.written('month_short', day)} {day.year}"

    def kinds(self, counted: Mapping[str, int]) -> str:
        """`3 incidents, 1 maintenance`."""
        say: Mapping[Kind, Callable[[int], str]] = {
            Kind.INCIDENT: lambda n: self._n("%(count)s incident", "%(count)s incidents", n),
            Kind.MAINTENANCE: lambda n: self._n("%(count)s maintenance", "%(count)s maintenances", n),
            Kind.RETIREMENT: lambda n: self._n("%(count)s retirement", "%(count)s retirements", n),
            Kind.ANNOUNCEMENT: lambda n: self._n("%(count)s announcement", "%(count)s announcements", n),
        }
        return self.listed(say[kind](counted[kind]) for kind in Kind if counted.get(kind))

    def all_operational(self, components: int) -> str:
        """`4 components operational`."""
        return self._n("%(count)s component operational", "%(count)s components operational", components)

    def promise(self, promise: Promise, clock: Clock) -> str:
        """`Done 15 Oct`, `Done 22 Oct, 3 days late`, `3 days late`, `Due in 11 days`."""
        days = abs(promise.days)
        done = clock.day(promise.action.done) if promise.action.done else ""
        match promise.state:
            case PromiseState.KEPT:
                return self._("Done %(day)s") % {"day": done}
            case PromiseState.KEPT_LATE:
                return self._done_late(done, days)
            case PromiseState.LATE:
                return self._n("%(count)s day late", "%(count)s days late", days)
            case PromiseState.OPEN if days:
                return self._n("Due in %(count)s day", "Due in %(count)s days", days)
            case PromiseState.OPEN:
                return self._("Due today")

    def _done_late(self, day: str, days: int) -> str:
        return self._n("Done %(day)s, %(count)s day late", "Done %(day)s, %(count)s days late", days, day=day)

    def promise_sum(self, promises: Iterable[Promise]) -> str:
        """`5 promises: 3 kept, 1 late, 1 not yet due.`"""
        states = [promise.state for promise in promises]
        kept, kept_late, late, due = (
            states.count(state)
            for state in (PromiseState.KEPT, PromiseState.KEPT_LATE, PromiseState.LATE, PromiseState.OPEN)
        )
        said = [
            kept and self._n("%(count)s kept", "%(count)s kept", kept),
            kept_late and self._n("%(count)s kept late", "%(count)s kept late", kept_late),
            late and self._n("%(count)s late", "%(count)s late", late),
            due and self._n("%(count)s not yet due", "%(count)s not yet due", due),
        ]
        return self._sum(len(states), [text for text in said if text])

    def _sum(self, promises: int, said: Iterable[str]) -> str:
        return self._n(
            "%(count)s promise: %(sums)s.", "%(count)s promises: %(sums)s.", promises, sums=self.listed(said)
        )

    def action(self, action: Action, clock: Clock) -> str:
        """`Done 15 Oct 2025`, `Done 22 Oct 2025, 3 days late`, `Not done`: as it is written, whatever day it is."""
        if not action.done:
            return self._("Not done")
        late, day = (action.done - action.due).days, clock.day(action.done)
        return self._done_late(day, late) if late > 0 else self._("Done %(day)s") % {"day": day}

    def action_sum(self, actions: Iterable[Action]) -> str:
        """`5 promises: 3 kept, 2 not done.`"""
        actions = tuple(actions)
        done = [action for action in actions if action.done]
        late = sum(bool(action.done and action.done > action.due) for action in done)
        kept, not_done = len(done) - late, len(actions) - len(done)
        said = [
            kept and self._n("%(count)s kept", "%(count)s kept", kept),
            late and self._n("%(count)s kept late", "%(count)s kept late", late),
            not_done and self._n("%(count)s not done", "%(count)s not done", not_done),
        ]
        return self._sum(len(actions), [text for text in said if text])

    def headline(self, headline: Headline, clock: Clock) -> Said:
        """The answer first: what is the matter and whose it is; then what else, and what works."""
        lead = headline.lead
        so_far = lead.length if lead and lead.lasts else None
        kick = [
            self.component_status[headline.state],
            self._("%(length)s so far") % {"length": self.length(so_far)} if so_far else "",
        ]
        match headline.mood:
            case Mood.OURS:
                sentence = self._("It is us. %(what)s") % {"what": self._has(headline)}
            case Mood.SUPPLIERS:
                sentence = self._("It is a supplier of ours. %(what)s") % {"what": self._has(headline)}
            case Mood.WATCHING:
                after = (
                    self._("after %(length)s") % {"length": self.length(lead.length)} if lead and lead.length else ""
                )
                kick = [self.status[lead.status] if lead else "", after]
                sentence = self._("It works again, and we are watching.")
            case Mood.LOOKING:
                kick[0] = self.status[lead.status] if lead else ""
                sentence = self._("We are looking into it. %(what)s") % {"what": _title(lead)}
            case Mood.OVERRUN:
                kick[1] = self._("%(length)s past its end") % {"length": self.length(lead.overran)} if lead else ""
                touched = self.both(self._touched(lead))
                sentence = self._("Planned work on %(names)s is taking longer than we said.") % {"names": touched}
            case Mood.MAINTENANCE:
                end = clock.when(lead.window.end) if lead and lead.window else ""
                kick[1] = self._("until %(time)s") % {"time": end} if end else ""
                sentence = self._("Planned work is going on: %(names)s.") % {"names": self.both(self._touched(lead))}
            case Mood.UNKNOWN if not headline.worst:
                sentence = self._("This page speaks for nothing yet: it knows of no component.")
            case Mood.UNKNOWN:
                sentence = self._unsaid(headline.worst)
            case Mood.WELL:
                quiet = clock.when(headline.quiet_since) if headline.quiet_since else ""
                kick[1] = self._("last incident ended %(time)s") % {"time": quiet} if quiet else ""
                sentence = self._well(headline.working)
        return Said(" · ".join(part for part in kick if part), sentence, self._rest(headline))

    def _has(self, headline: Headline) -> str:
        """`Inbound mail has a partial outage.`; of an incident without components its title."""
        names = _names(headline.worst)
        if not names:
            return _title(headline.lead)
        said, n = self.both(names), len(names)
        match headline.state:
            case ComponentStatus.UNDER_MAINTENANCE:
                return self._n("%(names)s is under maintenance.", "%(names)s are under maintenance.", n, names=said)
            case ComponentStatus.DEGRADED_PERFORMANCE:
                return self._n("%(names)s is degraded.", "%(names)s are degraded.", n, names=said)
            case ComponentStatus.PARTIAL_OUTAGE:
                return self._n("%(names)s has a partial outage.", "%(names)s have a partial outage.", n, names=said)
            case ComponentStatus.MAJOR_OUTAGE:
                return self._n("%(names)s is down.", "%(names)s are down.", n, names=said)
            case _:
                return self._unsaid(headline.worst)

    def _touched(self, lead: NoticeReport | None) -> list[str]:
        return _names(lead.components) if lead and lead.components else [self._("our systems")]

    def _well(self, working: int) -> str:
        match working:
            case 0:
                return self._("Nothing is wrong, as far as we know.")
            case 1:
                return self._("It is working, as far as we know.")
            case _:
                return self._n(
                    "The %(count)s component is working, as far as we know.",
                    "All %(count)s components are working, as far as we know.",
                    working,
                )

    def _unsaid(self, components: Sequence[Component]) -> str:
        names, n = self.both(_names(components)), len(components)
        return self._n("We cannot say how %(names)s is.", "We cannot say how %(names)s are.", n, names=names)

    def _rest(self, headline: Headline) -> str:
        """The second sentence: the other troubled components, those of which nothing is known, and how many work."""
        text = ""
        if headline.troubled:
            names, n = self.both(_names(headline.troubled)), len(headline.troubled)
            affected = self._n("%(names)s is affected too.", "%(names)s are affected too.", n, names=names)
            text = self.sentences(text, affected)
        if headline.unsaid:
            text = self.sentences(text, self._unsaid(headline.unsaid))
        if headline.working and (headline.worst or headline.troubled or headline.unsaid):
            text = self.sentences(text, self._others(headline.working))
        if headline.others:
            text = self.sentences(text, self._open(headline.others, more=headline.lead is not None))
        return text

    def _open(self, notices: int, *, more: bool) -> str:
        if more:
            return self._n("%(count)s more notice open.", "%(count)s more notices open.", notices)
        return self._n("%(count)s notice is open.", "%(count)s notices are open.", notices)

    def _others(self, working: int) -> str:
        if working == 1:
            return self._("The other component is working.")
        return self._n(
            "The other %(count)s component is working.", "The other %(count)s components are working.", working
        )


ENGLISH = Words()
"""Our words as they are written in the program."""


def action_class(action: Action) -> str:
    """The style class of what is written of a promise."""
    if not action.done:
        return PROMISE_CLASS[PromiseState.OPEN]
    return PROMISE_CLASS[PromiseState.KEPT_LATE if action.done > action.due else PromiseState.KEPT]


def _names(components: Iterable[Component]) -> list[str]:
    return [component.name for component in components]


def _title(notice: NoticeReport | None) -> str:
    """The title of a notice as a sentence."""
    return f"{notice.notice.title.rstrip('.')}." if notice else ""
