"""Our words for what there is, as every page and feed has them, in one language.

What is wrapped in `_(…)` or `_n(…)` is a message: whole, with names for what is filled in, and found in every
catalogue. Nothing here is glued of parts that another language would put in another order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

from ..archive import Choice, Facet
from ..language import ENGLISH as IN_ENGLISH
from ..model import ComponentStatus, Impact, Kind, Rule, Section, Status
from ..settings import Settings
from ..span import Span
from ..urls import Page
from .figures import Figures

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


class Words(Figures, frozen=True, dict=True):
    """Our words in one language, and how it counts."""

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
    def pages(self) -> Mapping[Page, str]:
        """What each page is called, in its title and in the row of pages."""
        return {
            Page.BOARD: self._("Status"),
            Page.HISTORY: self._("History"),
            Page.MAINTENANCE: self._("Maintenance"),
            Page.POST_MORTEMS: self._("Post-mortems"),
            Page.PROMISES: self._("Promises"),
            Page.UPTIME: self._("Uptime"),
            Page.CANDOUR: self._("Candour"),
            Page.SUBSCRIBE: self._("Subscribe"),
            Page.CUSTOMERS: self._("What customers said"),
            Page.SEARCH: self._("Search"),
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


ENGLISH = Words()
"""Our words as they are written in the program."""
