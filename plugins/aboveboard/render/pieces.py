"""Small pieces of pages as HTML: times, states, links, posts. A page has a hundred, and macros would take most of
its time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property, lru_cache, partial

import markupsafe
from markupsafe import Markup, escape
from msgspec import Struct

from ..archive import Choice, Option
from ..candour import Promise
from ..index import Entry
from ..language import SPOKEN
from ..model import (
    LINES,
    Action,
    Component,
    ComponentSpan,
    ComponentStatus,
    Incident,
    Kind,
    PostMortem,
    Section,
    Status,
    Translation,
    Update,
)
from ..report import Report
from ..span import epoch
from ..standing import Day
from ..story import NoticeReport
from ..urls import Page, Urls
from ..window import Window
from . import outcome
from .body import Bodies, Plain
from .clock import Clock
from .drawing import Row
from .words import CLASS, Words

safe: Callable[[str], Markup] = partial(str.__new__, Markup)
"""HTML that was cleaned, or that pages are made of: not to be escaped again. `Markup(html)` takes longer."""

_ANY = "any-notice"
"""Stands for a notice's id at the end of an address."""

_escape_text: Callable[[str], str] = getattr(markupsafe, "_escape_inner", escape)
"""What `escape` is made of, as far as this release has it: it wraps what it is given in a tenth of the time."""


def escaped(value: object) -> str:
    """A value as HTML."""
    if value.__class__ is str:
        return _escape_text(value)
    if value.__class__ is Markup:
        return value
    return str(value) if value.__class__ in _NUMBERS else escape(value)


_NUMBERS = frozenset({int, float})

_NOTHING = Markup("")


class Pieces(Struct, dict=True):
    """Prints small pieces of whichever page is being printed.

    Pages are printed one after the other, and `at` goes along. Templates could be given pieces of their own for each
    page, but then every macro would be made anew for each, which takes longer than the page.
    """

    report: Report
    clock: Clock
    bodies: Bodies
    translations: Mapping[str, Translation] = {}
    """By the notices' ids, in the language of the pages; none where that is the site's own."""
    at: str = ""
    """The address of the page."""
    place: str = ""
    """An address in its folder at which there is no page, where there are many; else its own. Links to what lies
    elsewhere are the same on all pages of the folder."""
    own_ids: bool = False
    """Whether a body that was printed since that was last set has ids, perhaps."""
    mirrored: bool = True
    """Whether there is that page in every language."""

    def go(self, at: str) -> None:
        """Print the page at that address from now on."""
        if at == self.at:
            return
        among = at.endswith("/") and at.count("/") > self._depth
        self.at, self.place = at, f"{at[: at.rindex('/', 0, -1)]}/-/" if among else at

    @cached_property
    def _depth(self) -> int:
        """How deep pages lie of which there is one each."""
        return self.urls.page(Page.HISTORY).count("/")

    @cached_property
    def words(self) -> Words:
        """Our words in the language of the page."""
        return self.clock.words

    @cached_property
    def urls(self) -> Urls:
        return self.bodies.urls

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The components' names as HTML."""
        return {one.id: f"<bdi>{escaped(one.name)}</bdi>" for one in self.report.settings.components}

    @cached_property
    def _original(self) -> Markup:
        """Marks what is written in the site's own language on a page in another."""
        first = self.report.settings.languages[0]
        return safe(f' lang="{first}"') if self.urls.lang else safe("")

    def tongue(self, notice: str, update: str = "") -> Markup:
        """The attribute of what is written in a notice, or in an update of it, that nobody has translated."""
        words = self.translations.get(notice)
        return _NOTHING if words and (not update or update in words.bodies) else self._original

    def tongue_of_line(self, notice: str, key: str) -> Markup:
        """The same of a line of Markdown, by its key."""
        words = self.translations.get(notice)
        return _NOTHING if words and key in words.lines else self._original

    def tongue_of_account(self, notice: str) -> Markup:
        """The same of its post-mortem."""
        words = self.translations.get(notice)
        return _NOTHING if words and words.post_mortem else self._original

    def untranslated(self, shown: NoticeReport) -> str:
        """A sentence where not all of a notice is in the language of the page."""
        if not self.urls.lang:
            return ""
        words, told, say = self.translations.get(shown.id), shown.notice, self.words
        name = {"language": say.language.names[self.report.settings.languages[0]]}
        if not words:
            said = say._("Nobody has translated this notice. It is shown as it was written, in %(language)s.")
            return said % name
        whole = [
            *(update.id in words.bodies for update in told.updates),
            *(key in words.lines for key in LINES if getattr(told, key, "")),
            bool(words.post_mortem) == bool(told.post_mortem),
        ]
        said = say._("Not all of this notice is translated. The rest is shown as it was written, in %(language)s.")
        return "" if all(whole) else said % name

    def languages(self) -> Markup:
        """Links to the same page in the other languages; where there is none of it, to their boards."""
        at = self.at if self.mirrored else self.urls.page(Page.BOARD)
        here = self.urls.lang or self.report.settings.languages[0]
        return safe(
            "".join(
                f'<li><a href="{escaped(self.link(to))}" hreflang="{code}" lang="{code}">{SPOKEN[code]}</a></li>'
                for code, to in self.urls.elsewhere(at).items()
                if code != here
            )
        )

    def alternates(self) -> str:
        """For the head: the same page in every language."""
        if not self.mirrored or len(self.report.settings.languages) < 2:
            return ""
        spell = self.urls.absolute if self.report.settings.host.url else self.link
        found = self.urls.elsewhere(self.at)
        every = [*found.items(), ("x-default", found[self.report.settings.languages[0]])]
        return "".join(f'<link rel="alternate" hreflang="{code}" href="{escaped(spell(to))}">\n' for code, to in every)

    def link(self, to: str) -> str:
        """A link to an address."""
        return self.urls.link(to, self.at)

    def body(self, markdown: str, notice: str) -> Markup:
        """A body of a notice."""
        html = self._body(markdown, notice, self.at)
        if not isinstance(html, Plain):
            self.own_ids = True
        return safe(html)

    def line(self, markdown: str, notice: str) -> Markup:
        """A body of one line, without its paragraph."""
        self.own_ids = True
        return safe(self._line(markdown, notice, self.at))

    @cached_property
    def _body(self) -> Callable[[str, str, str], str]:
        """It remembers the last: what will hold in the next hours is mostly what holds now."""
        return lru_cache(256)(self.bodies.on_page)

    @cached_property
    def _line(self) -> Callable[[str, str, str], str]:
        return lru_cache(256)(self.bodies.line)

    def notice_link(self, notice: str) -> Markup:
        """A link to a notice, given its id, by its title."""
        return self._notice_link(notice, self.at if self.at.endswith(f"/{notice}/") else self.place)

    @cached_property
    def _notice_link(self) -> Callable[[str, str], Markup]:
        """It remembers the last: the notices before and after one both lead to it."""

        def made(notice: str, at: str) -> Markup:
            to = self.urls.link(self.urls.notice(notice), at)
            title = escaped(self.report.index[notice].title)
            return safe(f'<a href="{escaped(to)}"{self.tongue(notice)}><bdi>{title}</bdi></a>')

        return lru_cache(1024)(made)

    def component_link(self, component: Component) -> Markup:
        """A link to a component by its name."""
        return self._component_link(component.id, self.at if self.at.endswith(f"/{component.id}/") else self.place)

    @cached_property
    def _component_link(self) -> Callable[[str, str], Markup]:
        """It remembers the last: a component is named on every notice's page that touches it."""

        def made(component: str, at: str) -> Markup:
            to = self.urls.link(self.urls.component(component), at)
            return safe(f'<a href="{escaped(to)}">{self.names[component]}</a>')

        return lru_cache(1024)(made)

    def named(self, component: str) -> Markup:
        """The name of a component, given its id, which no name beside it turns round."""
        return safe(f"<bdi>{escaped(self.report.components[component].component.name)}</bdi>")

    def component_links(self, components: Iterable[Component]) -> Markup:
        """Links to components, with commas between them."""
        return safe(self.words.comma.join(map(self.component_link, components)))

    def time(self, instant: datetime, before: datetime | None = None) -> Markup:
        """An instant, as far as it does not go without saying, beside another one if there is one."""
        return safe(self._time(instant, before))

    def date(self, instant: datetime) -> Markup:
        """The day of an instant."""
        local = self.clock.local(instant)
        return safe(f'<time datetime="{local.day}">{self.clock.day(local.day)}</time>')

    def left(self, until: datetime) -> Markup:
        """How long it is until then; a script counts on."""
        now = self.clock.now or until
        return safe(f'<span data-until="{epoch(until)}">{escaped(self.words.length(until - now))}</span>')

    def gone(self, length: timedelta) -> Markup:
        """How long something has gone on that still does; a script counts on."""
        since = (self.clock.now or self.report.now) - length
        return safe(f'<span data-since="{epoch(since)}">{escaped(self.words.length(length))}</span>')

    def growing(self, lead: NoticeReport | None) -> Markup:
        """For the line that says how long the headline has held: since when its lengths are counted."""
        now = self.clock.now or self.report.now
        lengths = (lead.length if lead and lead.lasts else None, lead.overran if lead else None)
        since = " ".join(str(epoch(now - length)) for length in lengths if length)
        return safe(f' data-since="{since}"' if since else "")

    def ago(self, instant: datetime) -> Markup:
        """Where a script says how long ago that was."""
        return safe(f' <small class="ab-ago" data-ago="{epoch(instant)}"></small>')

    def apart(self, window: Window) -> Markup:
        """For the element of a window, which a script tells in the reader's own zone too."""
        return safe(f' data-from="{epoch(window.start)}" data-to="{epoch(window.end)}"')

    def weekday(self, instant: int) -> Markup:
        """The day of an instant in seconds since 1970, below a heading that names the year."""
        here = datetime.fromtimestamp(instant, self.clock.zone)
        return safe(f'<time class="ab-num" datetime="{here.isoformat()}">{self.clock.day_of_year(here.date())}</time>')

    def linked(self, days: Iterable[Day], first: int = 0) -> Markup:
        """What was on those of some days on which something was, over marks of which the first has that number.

        For a pointer: a table that says the same stands behind, for everybody.
        """
        return safe("".join(self._linked(at, day) for at, day in enumerate(days, first) if day.notices))

    def _linked(self, at: int, day: Day) -> str:
        index, day_text = self.report.index, self.clock.day(day.day)
        told = index[day.notices[0]].title
        if more := len(day.notices) - 1:
            told = self.words._n("%(title)s, and %(count)s more", "%(title)s, and %(count)s more", more, title=told)
        to = self.link(self.urls.notice(day.notices[0]))
        return (
            f'<a href="{escaped(to)}" tabindex="-1"><title>{day_text}: {escaped(told)}</title>'
            f'<path d="M{3 * at} 0h3v24h-3z"/></a>'
        )

    def rows(self, entries: Iterable[Entry]) -> Markup:
        """Notices as a list of days, as they are written, below a heading that names the year."""
        above, _, below = escaped(self.link(self.urls.notice(_ANY))).rpartition(_ANY)  # so it is with every one
        rows = [f"{before}{above}{one.id}{below}{after}" for one in entries for before, after in (self._row(one.id),)]
        return safe(f'<ol class="ab-log ab-week">\n{"".join(rows)}</ol>')

    @cached_property
    def _row(self) -> Callable[[str], tuple[str, str]]:
        """What stands in a notice's row before and after where its link leads, which is the same in every list.

        It remembers the last: a notice stands in six lists, and those of one month are printed together.
        """
        return lru_cache(4096)(self._row_of)

    def _row_of(self, notice: str) -> tuple[str, str]:
        entry = self.report.index[notice]
        lasted = ""
        if entry.is_open:
            lasted = self.words._("open") if entry.kind == Kind.INCIDENT else self.words._("under way")
        elif entry.lasted:
            lasted = self.words.length(timedelta(seconds=entry.lasted))
        when, mark = self.weekday(entry.began), self.listed_mark(entry)
        return (
            f'<li class="ab-g"{self.row_data(entry)}><div class="ab-when">{when}</div><ul><li class="ab-ev">{mark}'
            '<a href="',
            f'"{self.tongue(notice)}><bdi>{escaped(entry.title)}</bdi></a>'
            f'<span class="ab-num ab-soft">{lasted}</span></li></ul></li>\n',
        )

    def row_data(self, entry: Entry) -> Markup:
        """What a row is about, for whoever looks through rows by script."""
        cause = f' data-cause="{entry.cause}"' if entry.cause else ""
        components = f' data-components="{" ".join(entry.touches)}"' if entry.touches else ""
        return safe(f' data-kind="{entry.kind}"{cause}{components} data-year="{entry.month // 12}"')

    def times(self, some: Iterable[Option]) -> Markup:
        """Options that differ in time."""
        return self._options(some, self.words.when)

    def choices(self, some: Iterable[Option]) -> Markup:
        """Options that differ in what they are of."""
        settings = self.report.settings
        return self._options(some, lambda choice: self.words.what(choice, settings))

    def history_link(self, choice: Choice) -> str:
        """A link to where a choice is listed: of a month, to its part of a year where that has no page of its own."""
        page = self.report.archive.page(choice)
        part = "" if page == choice else f"#m{choice.month}"
        return f"{self.link(self.urls.history(*page))}{part}"

    def _options(self, some: Iterable[Option], text: Callable[[Choice], str]) -> Markup:
        return safe(f'<ul class="ab-opts">{"".join(self._option(one, text(one.choice)) for one in some)}</ul>')

    def _option(self, one: Option, text: str) -> str:
        count = "" if one.count is None else f' <span class="ab-num">{self.words.number(one.count)}</span>'
        label = f"<bdi>{escaped(text)}</bdi>{count}"
        if not one.page:
            return f'<li class="ab-soft">{label}</li>'
        current = ' aria-current="page"' if one.current else ""
        return f'<li><a href="{escaped(self.history_link(one.choice))}"{current}>{label}</a></li>'

    def facts(self, shown: NoticeReport) -> Markup:
        """The facts of an incident that are times and lengths, and who noticed, and why."""
        return safe("".join(self._facts(shown)))

    def in_short(self, shown: NoticeReport) -> Markup:
        """When an incident began, when we said so, and how long it lasted."""
        began, posted, length = shown.notice.began, shown.notice.posted, shown.length
        if shown.told_after is None:
            text = self.words._("First told %(time)s.") % {"time": self.clock.when(posted)}
        else:
            filled = {"began": self.clock.when(began), "told": self.clock.then(posted, began)}
            filled["later"] = escaped(self.words.later(shown.told_after))
            text = self.words._("Began %(began)s. We said so at %(told)s, %(later)s.") % filled
        return safe(f"{text} {self._lasted(length, shown)}" if length else text)

    def _lasted(self, length: timedelta, shown: NoticeReport) -> str:
        if shown.lasts:
            return self.words._("%(length)s so far.") % {"length": self.gone(length)}
        said, stretches = escaped(self.words.length(length)), len(shown.hurt)
        if stretches == 1:
            return self.words._("It lasted %(length)s.") % {"length": said}
        return self.words._n(
            "It lasted %(length)s in all, in %(count)s stretch.",
            "It lasted %(length)s in all, in %(count)s stretches.",
            stretches,
            length=said,
        )

    def post_sum(self, shown: NoticeReport) -> str:
        """How many posts there are, and which stands first."""
        posts = len(shown.notice.updates)
        if shown.is_open:
            return self.words._n("%(count)s post, the newest first.", "%(count)s posts, the newest first.", posts)
        return self.words._n("%(count)s post, in order.", "%(count)s posts, in order.", posts)

    def posts(self, shown: NoticeReport) -> Markup:
        """The posts of a notice, with their numbers, which count from the oldest whichever stands first."""
        updates = list(enumerate(shown.notice.updates, 1))
        if shown.is_open:
            updates.reverse()
        return safe("".join(self._posts(updates, shown)))

    def _posts(self, numbered: Iterable[tuple[int, Update]], shown: NoticeReport) -> Iterator[str]:
        """Each, with its time beside that of the one above."""
        notice, above = shown.notice.id, None
        status, to_html, at = self.words.status, self.bodies.on_page, self.at
        for number, update in numbered:
            anchor, body = escaped(update.id), to_html(update.body, notice, at)
            if not isinstance(body, Plain):
                self.own_ids = True
            changes = self._changes(update.components) if update.components else ""
            told = self._told(update, shown) if update.occurrence or update.id in shown.late else ""
            yield (
                f'<li class="ab-g ab-g3" id="{anchor}"><div class="ab-when"><a class="ab-no" href="#{anchor}">{number}'
                f"</a>{self._time(update.time, above)}<span>{status[update.status]}</span>{told}</div>"
                f'<div class="ab-prose md-typeset" dir="auto"{self.tongue(notice, update.id)}>'
                f"{body}</div>\n{changes}</li>\n"
            )
            above = update.time

    def _told(self, update: Update, shown: NoticeReport) -> str:
        """Of which window a post speaks, and that it was late."""
        told = ""
        if update.occurrence:
            said = self.words._("window of %(day)s") % {"day": self.clock.day(self.clock.date(update.occurrence))}
            told = f'<span class="ab-note">{said}</span>'
        return told + self._late(shown.late[update.id], update) if update.id in shown.late else told

    def _changes(self, components: Mapping[str, ComponentStatus]) -> str:
        """What a post changed."""
        changed = [f"<li>{self.names[id_]} {self.component_state(one)}</li>" for id_, one in components.items()]
        return f'<ul class="ab-hit">{"".join(changed)}</ul>'

    def neighbours(self, shown: NoticeReport) -> Markup:
        """Links to the notices before and after it."""
        component = escaped(shown.components[0].name) if shown.components else ""
        earlier = later = ""
        if shown.earlier:
            said = self.words._("Before on %(component)s") if component else self.words._("Before")
            earlier = self._neighbour(said, component, shown.earlier)
        if shown.later:
            said = self.words._("After on %(component)s") if component else self.words._("After")
            later = self._neighbour(said, component, shown.later)
        title = self.words._("Before and after")
        return safe(f'<nav class="ab-sec ab-pn" aria-label="{title}"><div>{earlier}</div><div>{later}</div></nav>')

    def _neighbour(self, said: str, component: str, notice: str) -> str:
        return f'<p class="ab-note">{said % {"component": component}}</p>{self.notice_link(notice)}'

    def sections(self, account: PostMortem) -> Sequence[tuple[str, Section]]:
        """The sections of an account, each with an anchor that stays when others are written before it."""
        anchors: dict[str, Section] = {}
        for number, section in enumerate(account.sections, 1):
            anchor = f"pm-{section.key.replace('_', '-') if section.key else number}"
            anchors[f"{anchor}-{number}" if anchor in anchors else anchor] = section
        return tuple(anchors.items())

    def promises(self, some: Iterable[Promise]) -> Markup:
        """Promises as they stand today, and where each was made."""
        return safe("".join(map(self._promise, some)))

    def written_promises(self, actions: Iterable[Action], notice: str) -> Markup:
        """Promises as they are written, on the page of the notice of that id."""
        told = (self._action(one, notice, outcome.class_of(one), outcome.action(one, self.clock)) for one in actions)
        return safe("".join(told))

    def component_state(self, status: ComponentStatus, over: bool = False) -> Markup:
        """How a component is, or was."""
        return state(CLASS[status], self.words.component_status[status], over)

    def mark(self, shown: NoticeReport, status: ComponentStatus | None, is_open: bool, posted: Status | None) -> Markup:
        """What a notice is in a list: its state, or its kind where it is not about state."""
        if status is None:
            return self._kind(shown.notice.kind)
        if posted == Status.CANCELLED:
            return self._cancelled
        if posted == Status.SCHEDULED:
            return state("maint", self.words._("Planned"), over=True)
        if isinstance(shown.notice, Incident) and status == ComponentStatus.OPERATIONAL:
            return self._harmless(is_open)
        return self.component_state(status, not is_open)

    def listed_mark(self, entry: Entry) -> Markup:
        """What a notice is in a list of what is written, whatever the clock says."""
        if not entry.looks:
            return self._kind(Kind(entry.kind))
        if entry.cancelled:
            return self._cancelled
        if entry.kind == Kind.INCIDENT and entry.looks == ComponentStatus.OPERATIONAL:
            return self._harmless(entry.is_open)
        return self.component_state(ComponentStatus(entry.looks), not entry.is_open)

    def _kind(self, kind: Kind) -> Markup:
        return safe(f'<span class="ab-s ab-st ab-kind">{escaped(self.words.kind[kind])}</span>')

    @cached_property
    def _cancelled(self) -> Markup:
        return state("none", self.words.status[Status.CANCELLED], over=True)

    def _harmless(self, is_open: bool) -> Markup:
        """Of an incident that hurts nothing."""
        return state("ok", self.words._("Watching") if is_open else self.words._("No impact"), not is_open)

    def _promise(self, one: Promise) -> str:
        text = outcome.promise(one, self.clock)
        shown = self._action(one.action, one.notice, outcome.PROMISE_CLASS[one.state], text)
        made = self.words._("from %(notice)s") % {"notice": self.notice_link(one.notice)}
        return f'{shown}<li class="ab-note ab-from">{made}</li>\n'

    def _action(self, action: Action, notice: str, class_: str, text: str) -> str:
        owner, due, tongue = self.words._("Owner:"), self.words._("Due:"), self.tongue_of_account(notice)
        return (
            f'<li class="ab-prom"><span dir="auto"{tongue}>{self.line(action.text, notice)}</span>'
            f'<span class="ab-note"><span class="ab-off">{owner} </span><bdi>{escaped(action.owner)}</bdi></span><span>'
            f'<span class="ab-off">{due} </span><time class="ab-num" datetime="{action.due}">'
            f"{self.clock.day(action.due)}</time></span>{state(class_, text, bool(action.done))}</li>\n"
        )

    def spans(self, shown: NoticeReport) -> Markup:
        """How each component was, as rows of a table."""
        return safe("".join([self._span(span, shown.is_open) for span in shown.spans]))

    def _facts(self, shown: NoticeReport) -> Iterator[str]:
        """Each."""
        incident = shown.notice
        if not isinstance(incident, Incident):
            return
        _, say, began = self.words._, self.words, incident.started
        yield _fact(_("Began"), self.time(began), "" if incident.stated_start else _("by our first post"))
        after = say.later(shown.told_after) if shown.told_after is not None else ""
        yield _fact(_("First told"), self.time(incident.posted, began), after)
        if shown.ended:
            length = shown.length
            lasted = _("after %(length)s") % {"length": say.length(length)} if length else ""
            yield _fact(_("Ended"), self.time(shown.ended, began), lasted)
        if shown.said_over_after is not None and incident.resolved_at:
            yield _fact(_("Said to be over"), self.time(incident.resolved_at, began), say.later(shown.said_over_after))
        if shown.longest_silence is not None:
            silence = shown.longest_silence
            lasts = shown.is_open and silence == self.report.now - shown.notice.updates[-1].time
            yield _fact(_("Longest silence"), self.gone(silence) if lasts else say.length(silence), gauge=True)
        if shown.next_by:
            late = shown.next_by < self.report.now
            yield _fact(_("Next word by"), self.time(shown.next_by), _("we are late") if late else "")
        if incident.detected_by:
            yield _fact(_("Who noticed"), escaped(say.detected_by[incident.detected_by]), "")
        if shown.cause:
            yield _fact(_("Cause"), escaped(say.cause(shown.cause)), "")
        if incident.reports is not None:
            yield _fact(_("Reported by"), say.customers(incident.reports))
        if incident.credit:
            yield _fact(_("Credited"), self.line(incident.credit, shown.id))

    def _late(self, recorded: datetime, update: Update) -> str:
        """That a post reached the public record long after the time that it gives."""
        filled = {"time": self.clock.then(recorded, update.time), "length": self.words.length(recorded - update.time)}
        said = self.words._("in the public record since %(time)s, %(length)s later than it says") % filled
        return f'<span class="ab-note ab-wrap">{said}</span>'

    def _span(self, span: ComponentSpan, is_open: bool) -> str:
        end = self.words._("still")
        if span.end and span.end <= self.report.now:
            end = self._time(span.end, span.start)
        state = self.component_state(span.status, not is_open)
        name, start = self.names[span.component], self._time(span.start)
        return f"<tr><td>{name}</td><td>{start}</td><td>{end}</td><td>{state}</td></tr>"

    def _time(self, instant: datetime, before: datetime | None = None) -> str:
        """There is nothing to escape in what the clock writes."""
        local = self.clock.local(instant)
        said = self.clock.beside(local, self.clock.local(before)) if before else local.when
        return f'<time datetime="{local.iso}">{said}</time>'


@lru_cache(1024)
def state(class_: str, text: str, over: bool = False) -> Markup:
    """A state in a shape, a colour and a word. Solid while it is true, hollow once it is over."""
    plate = "" if over or class_ in ("ok", "none") else " ab-plate"
    return safe(f'<span class="ab-s ab-st ab-{class_}{plate}">{glyph(class_, over)}{escaped(text)}</span>')


def glyph(class_: str, hollow: bool = False) -> Markup:
    """The shape of a state."""
    return safe(f'<svg class="ab-i" aria-hidden="true"><use href="#ab-{"o" if hollow else "i"}-{class_}"/></svg>')


def marks(row: Row) -> Markup:
    """A row of tide marks."""
    return safe(marks_of(row))


@lru_cache(1024)
def marks_of(row: Row) -> str:
    """The same as text. It remembers the last: most lanes of charts are alike."""
    months = f'<path class="ab-mon" d="{row.months}"/>' if row.months else ""
    return months + "".join([f'<path class="ab-{class_}" d="{path}"/>' for class_, path in row.paths])


def _fact(term: str, description: str, below: str = "", *, gauge: bool = False) -> str:
    """A term and its description, both HTML, and what stands below it; as an instrument shows it or as words."""
    class_ = ' class="ab-num"' if gauge else ""
    small = f"<small>{below}</small>" if below else ""
    return f"<div><dt>{term}</dt><dd{class_}>{description}{small}</dd></div>\n"
