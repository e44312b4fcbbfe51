"""Small pieces of pages as HTML: times, states, links, posts. A page has a hundred, and macros would take most of
its time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache, partial

from markupsafe import Markup, escape

from ..candour import Promise
from ..index import Entry
from ..model import Action, Component, ComponentSpan, ComponentStatus, Incident, Kind, Status, Update
from ..report import Report
from ..story import NoticeReport
from ..urls import Urls
from . import words
from .body import Bodies
from .drawing import Chart, Row

safe: Callable[[str], Markup] = partial(str.__new__, Markup)
"""HTML that was cleaned, or that pages are made of: not to be escaped again. `Markup(html)` takes longer."""


@dataclass
class Pieces:
    """Prints small pieces of whichever page is being printed.

    Pages are printed one after the other, and `at` goes along. Templates could be given pieces of their own for each
    page, but then every macro would be made anew for each, which takes longer than the page.
    """

    report: Report
    clock: words.Clock
    bodies: Bodies
    at: str = ""
    """The address of the page."""

    @cached_property
    def urls(self) -> Urls:
        return self.bodies.urls

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The components' names as HTML."""
        return {one.id: f"<bdi>{escape(one.name)}</bdi>" for one in self.report.settings.components}

    def link(self, to: str) -> str:
        """A link to an address."""
        return self.urls.link(to, self.at)

    def body(self, markdown: str, notice: str) -> Markup:
        """A body of a notice."""
        return safe(self.bodies.on_page(markdown, notice, self.at))

    def line(self, markdown: str, notice: str) -> Markup:
        """A body of one line, without its paragraph."""
        return safe(self.bodies.line(markdown, notice, self.at))

    def notice_link(self, notice: str) -> Markup:
        """A link to a notice, given its id, by its title."""
        to = self.link(self.urls.notice(notice))
        return safe(f'<a href="{escape(to)}" dir="auto">{escape(self.report.index[notice].title)}</a>')

    def component_link(self, component: Component) -> Markup:
        """A link to a component by its name."""
        to = self.link(self.urls.component(component.id))
        return safe(f'<a href="{escape(to)}"><bdi>{escape(component.name)}</bdi></a>')

    def component_links(self, components: Iterable[Component]) -> Markup:
        """Links to components, with commas between them."""
        return safe(", ".join(map(self.component_link, components)))

    def time(self, instant: datetime, before: datetime | None = None) -> Markup:
        """An instant, as far as it does not go without saying, beside another one if there is one."""
        return safe(self._time(instant, before))

    def date(self, instant: datetime) -> Markup:
        """The day of an instant."""
        local = self.clock.local(instant)
        return safe(f'<time datetime="{local.iso}">{self.clock.day(local.day)}</time>')

    def weekday(self, instant: int) -> Markup:
        """The day of an instant in seconds since 1970, below a heading that names the year."""
        local = self.clock.local(datetime.fromtimestamp(instant, UTC))
        day = f"{words.DAYS[local.day.weekday()][:3]} {local.short}"
        return safe(f'<time class="ab-num" datetime="{local.iso}">{day}</time>')

    def facts(self, shown: NoticeReport) -> Markup:
        """The facts of an incident that are times and lengths, and who noticed, and why."""
        return safe("".join(_fact(*fact) for fact in self._facts(shown)))

    def posts(self, shown: NoticeReport) -> Markup:
        """The posts of a notice, with their numbers, which count from the oldest whichever stands first."""
        numbered = list(enumerate(shown.notice.updates, 1))
        if shown.is_open:
            numbered.reverse()
        above = [None, *(update.time for _, update in numbered)]
        return safe("".join(self._post(n, update, above[at], shown.id) for at, (n, update) in enumerate(numbered)))

    def promises(self, some: Iterable[Promise]) -> Markup:
        """Promises as they stand today, and where each was made."""
        return safe("".join(map(self._promise, some)))

    def written_promises(self, actions: Iterable[Action], notice: str) -> Markup:
        """Promises as they are written, on the page of the notice of that id."""
        clock = self.clock
        return safe(
            "".join(self._action(one, notice, words.action_class(one), words.action(one, clock)) for one in actions)
        )

    def _promise(self, one: Promise) -> str:
        shown = self._action(one.action, one.notice, words.PROMISE_CLASS[one.state], words.promise(one, self.clock))
        return f'{shown}<li class="ab-note ab-from">from {self.notice_link(one.notice)}</li>\n'

    def _action(self, action: Action, notice: str, class_: str, text: str) -> str:
        return (
            f'<li class="ab-prom"><span>{self.line(action.text, notice)}</span><span class="ab-note">'
            f'<span class="ab-off">Owner: </span><bdi>{escape(action.owner)}</bdi></span><span>'
            f'<span class="ab-off">Due: </span><time class="ab-num" datetime="{action.due}">'
            f"{self.clock.day(action.due)}</time></span>{state(class_, text)}</li>\n"
        )

    def spans(self, shown: NoticeReport) -> Markup:
        """How each component was, as rows of a table."""
        return safe("".join(self._span(span, shown.is_open) for span in shown.spans))

    def _facts(self, shown: NoticeReport) -> Iterator[tuple[str, str, str]]:
        """Term, description as HTML, and what stands below it."""
        incident = shown.notice
        if not isinstance(incident, Incident):
            return
        began = incident.started
        yield "Began", self.time(began), "" if incident.stated_start else "as far as we wrote"
        after = words.later(shown.told_after) if shown.told_after is not None else ""
        yield "First told", self.time(incident.posted, began), after
        if shown.ended:
            length = shown.length
            yield "Ended", self.time(shown.ended, began), f"after {words.length(length)}" if length else ""
        if shown.said_over_after is not None and incident.resolved_at:
            yield "Said to be over", self.time(incident.resolved_at, began), words.later(shown.said_over_after)
        if shown.longest_silence is not None:
            yield "Longest silence", words.length(shown.longest_silence), ""
        if shown.next_by:
            yield "Next word by", self.time(shown.next_by), "we are late" if shown.next_by < self.report.now else ""
        if incident.detected_by:
            yield "Who noticed", escape(words.DETECTED_BY[incident.detected_by]), ""
        if shown.cause:
            yield "Cause", escape(shown.cause), ""

    def _post(self, number: int, update: Update, above: datetime | None, notice: str) -> str:
        time = self._time(update.time, above)
        window = self.clock.day(self.clock.date(update.occurrence)) if update.occurrence else ""
        told = f'<span class="ab-note">window of {window}</span>' if window else ""
        hit = "".join(f"<li>{self.names[id_]} {component_state(one)}</li>" for id_, one in update.components.items())
        changes = f'<ul class="ab-hit">{hit}</ul>' if hit else ""
        return (
            f'<li class="ab-g ab-g3" id="{escape(update.id)}"><div class="ab-when"><span class="ab-no">{number}</span>'
            f"{time}<span>{words.STATUS[update.status]}</span>{told}</div>"
            f'<div class="ab-prose md-typeset" dir="auto">{self.bodies.on_page(update.body, notice, self.at)}</div>\n'
            f"{changes}</li>\n"
        )

    def _span(self, span: ComponentSpan, is_open: bool) -> str:
        end = "still"
        if span.end and span.end <= self.report.now:
            end = self._time(span.end, span.start)
        state = component_state(span.status, not is_open)
        name, start = self.names[span.component], self._time(span.start)
        return f"<tr><td>{name}</td><td>{start}</td><td>{end}</td><td>{state}</td></tr>"

    def _time(self, instant: datetime, before: datetime | None = None) -> str:
        """There is nothing to escape in what the clock writes."""
        return f'<time datetime="{self.clock.local(instant).iso}">{self.clock.then(instant, before)}</time>'


@lru_cache(1024)
def state(class_: str, text: str, over: bool = False) -> Markup:
    """A state in a shape, a colour and a word. Solid while it is true, hollow once it is over."""
    plate = "" if over or class_ in ("ok", "none") else " ab-plate"
    return safe(f'<span class="ab-s ab-st ab-{class_}{plate}">{glyph(class_, over)}{escape(text)}</span>')


def glyph(class_: str, hollow: bool = False) -> Markup:
    """The shape of a state."""
    return safe(f'<svg class="ab-i" aria-hidden="true"><use href="#ab-{"o" if hollow else "i"}-{class_}"/></svg>')


def component_state(status: ComponentStatus, over: bool = False) -> Markup:
    """How a component is, or was."""
    return state(words.CLASS[status], words.COMPONENT_STATUS[status], over)


def mark(shown: NoticeReport, status: ComponentStatus | None, is_open: bool, posted: Status | None) -> Markup:
    """What a notice is in a list: its state, or its kind where it is not about state."""
    if status is None:
        return safe(f'<span class="ab-s ab-st ab-kind">{words.KIND[shown.notice.kind]}</span>')
    if posted == Status.CANCELLED:
        return state("none", "Cancelled", over=True)
    if posted == Status.SCHEDULED:
        return state("maint", "Planned", over=True)
    if isinstance(shown.notice, Incident) and status == ComponentStatus.OPERATIONAL:
        return state("ok", "Watching" if is_open else "No impact", not is_open)
    return component_state(status, not is_open)


def listed_mark(entry: Entry) -> Markup:
    """What a notice is in a list of what is written, whatever the clock says."""
    if not entry.looks:
        return safe(f'<span class="ab-s ab-st ab-kind">{words.KIND[Kind(entry.kind)]}</span>')
    if entry.cancelled:
        return state("none", "Cancelled", over=True)
    if entry.kind == Kind.INCIDENT and entry.looks == ComponentStatus.OPERATIONAL:
        return state("ok", "Watching" if entry.is_open else "No impact", not entry.is_open)
    return component_state(ComponentStatus(entry.looks), not entry.is_open)


def marks(row: Row) -> Markup:
    """A row of tide marks."""
    months = f'<path class="ab-mon" d="{row.months}"/>' if row.months else ""
    return safe(months + "".join(f'<path class="ab-{class_}" d="{path}"/>' for class_, path in row.paths))


def drawn(chart: Chart, bottom: int) -> Markup:
    """The inside of a chart whose lanes end at `bottom`: a lane a component, the posts' numbers, the axis below."""
    text = "".join(_lane(n, component.name, row) for n, (component, row) in enumerate(chart.lanes))
    text += "".join(_number(str(post.x), post.text, 4 * len(post.text) + 4, bottom) for post in chart.posts)
    y = bottom + 20
    text += "".join(f'<text x="{one.x}%" y="{y}" text-anchor="middle">{one.text}</text>' for one in chart.axis)
    return safe(text)


def _lane(number: int, name: str, row: Row) -> str:
    y = 50 * number + 36
    return (
        f'<text class="ab-lane" x="0" y="{y}">{escape(name)}</text><svg class="ab-tide" y="{y + 6}" width="100%" '
        f'height="24" viewBox="0 0 270 24" preserveAspectRatio="none">{marks(row)}</svg>'
    )


def _number(x: str, text: str, half: int, bottom: int) -> str:
    return (
        f'<line class="ab-mk" x1="{x}%" x2="{x}%" y1="16" y2="{bottom}"/>'
        f'<svg x="{x}%"><rect class="ab-nb" x="-{half}" width="{2 * half}" height="16"/>'
        f'<text class="ab-nt" y="12.5" text-anchor="middle">{text}</text></svg>'
    )


def _fact(term: str, description: str, below: str) -> str:
    gauge = ' class="ab-num"' if term == "Longest silence" else ""
    small = f"<small>{below}</small>" if below else ""
    return f"<div><dt>{term}</dt><dd{gauge}>{description}{small}</dd></div>\n"
