"""The pages: from the report to what stands inside the host's page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup, escape
from msgspec import Struct

from ..archive import Choice, Facet
from ..channels import KINDS, POST_MORTEMS, PROMISES, About, Channel, channels
from ..coming import coming, coming_of
from ..language import ENGLISH, Language
from ..model import Maintenance, Translation
from ..report import Report
from ..standing import YEAR
from ..story import NoticeReport
from ..uptime import midnight
from ..urls import Page, Urls
from ..window import Window
from . import cards, drawing, preview, scripts
from .answer import answer
from .body import Bodies, ToHtml, apart
from .candid import Candid
from .chart import figure
from .clock import Clock
from .environment import environment
from .outlet import Kept, made_anew
from .pieces import Pieces, safe
from .preview import Preview
from .printer import Live, Printer
from .subscriptions import feeds_of
from .words import Words

if TYPE_CHECKING:
    from .regulators import Law


CLOCKED = frozenset({Page.BOARD, Page.MAINTENANCE, Page.PROMISES, Page.UPTIME, Page.CANDOUR})
"""The pages that may read the clock, with components' and live notices'. The others stay as they are until somebody
writes something."""

_ABOUT: Mapping[Page, tuple[About, str]] = {
    Page.MAINTENANCE: (About.KINDS, "maintenance"),
    Page.POST_MORTEMS: (About.KINDS, POST_MORTEMS),
    Page.PROMISES: (About.KINDS, PROMISES),
}
"""The channels of pages that are not about everything."""

LIVE: Mapping[Page, Sequence[str]] = {
    Page.BOARD: ("board-now.html", "board-live.html"),
    Page.MAINTENANCE: ("maintenance-live.html",),
}
"""The templates of what on a page changes within hours by itself."""


class Text(NamedTuple):
    """A page without the host's frame around it."""

    title: str
    """Plain text, without the name of the site."""
    description: str
    """Plain text, a sentence, for search engines and link previews."""
    head: str
    """HTML for the host's head: style sheet and feeds."""
    content: str
    """HTML."""


DAYS = "days"
"""What a component's year is called where it is remembered."""


class Pages(Struct, frozen=True, dict=True):
    """Prints pages of one report."""

    report: Report
    urls: Urls
    to_html: ToHtml
    overrides: tuple[Path, ...] = ()
    """Folders whose templates win over ours: a site changes one by placing a file of its name there."""
    shell: bool = True
    """Whether our pages stand in a shell of our own, rather than in the host's."""
    language: Language = ENGLISH
    translations: Mapping[str, Translation] = {}
    """By the notices' ids, in the language of the pages; none where that is the site's own."""
    mirrors: tuple[Pages, ...] = ()
    """The same in the other languages of the site."""
    unshown: tuple[str, ...] = ()
    """The languages into which something was translated that nobody is shown."""
    kept: Kept = made_anew
    """Where what takes time is remembered."""

    @property
    def every(self) -> tuple[Pages, ...]:
        """In each language, the site's own first."""
        return (self, *self.mirrors)

    def compile(self) -> None:
        """Put the code of all templates in its language into `templates.COMPILED`."""
        templates = self._clocked.environment
        for name in templates.list_templates(extensions=("html",)):
            templates.get_template(name)

    @cached_property
    def words(self) -> Words:
        """Ours, in its language."""
        return self._clock.words

    def page(self, page: Page, intro: str = "") -> Text:
        """One of the pages of which there is one each. `intro` is safe HTML: what a person wrote on it."""
        context: dict[str, object] = {"page": page, "intro": safe(intro)}
        title = self.words.pages[page]
        seen = Preview(description=self._of(page))
        if page == Page.BOARD:
            context["headline"] = said = answer(self.report.headline, self._clock)
            title = said.sentence
            told = f"{said.rest} {self.report.settings.description}".strip()
            seen = Preview(cards.of_component(self.report.headline.state), told or title, self._site)
        if page == Page.CANDOUR:
            context["candid"] = Candid(self.language, report=self.report, clock=self._clock)
            context["laws"] = list(self._laws()) if self.report.settings.clocks else []
        at = self.urls.page(page)
        about, clocked = _ABOUT.get(page), page in CLOCKED
        if page == Page.UPTIME and self.report.measured:
            context["tolerance"] = self.report.measured.tolerance
        if page == Page.SEARCH:
            context["searched"] = self._searched()
        live = Live(LIVE[page], self._later, self._headline) if page in LIVE else None
        return self._text(
            f"{page}.html",
            at,
            title,
            seen,
            clocked=clocked,
            mirrored=True,
            about=about,
            live=live,
            bare=False,
            **context,
        )

    def notice(self, notice: str) -> Text:
        """The page of a notice, by its id."""
        (bare,) = self.bare_notices([notice])
        return self.dressed(notice, bare)

    def dressed(self, notice: str, bare: Text) -> Text:
        """The same of what `bare_notices` has printed."""
        if self.overrides:
            return bare
        printer = self._clockless
        printer.pieces.go(self.urls.notice(notice))
        printer.pieces.mirrored = True
        head, content = printer.dressed(bare.head, Page.HISTORY), printer.dressed(bare.content, Page.HISTORY)
        return Text(bare.title, bare.description, head, content)

    def bare_notices(self, notices: Iterable[str]) -> list[Text]:
        """Pages without what is the same on every notice's, which is half of it and not worth remembering.

        A live one, which another printer prints with a clock, is whole. So is each where templates are the site's own:
        these may do more with what `same` gives them than print it. All of them go through one step after the other:
        it saves a tenth of the time.
        """
        some = [self.report.notices[notice] for notice in notices]
        charts = [drawing.chart(one, self._clock if one.live else self._calendar) for one in some]
        figures = [self._figure(one, chart) if chart else None for one, chart in zip(some, charts, strict=True)]
        return [self._bare_notice(*one) for one in zip(some, charts, figures, strict=True)]

    def _figure(self, shown: NoticeReport, chart: drawing.Chart) -> Markup:
        pieces = (self._clocked if shown.live else self._clockless).pieces
        pieces.go(self.urls.notice(shown.id))
        return figure(chart, shown, pieces=pieces)

    def _bare_notice(self, shown: NoticeReport, chart: drawing.Chart | None, figure: Markup | None) -> Text:
        notice = shown.id
        said = f"{self.words.status[shown.status]}. {preview.newest(shown.notice)}"
        data = preview.story(shown, self.report, self.urls, said) if self._absolute else None
        live = None
        if shown.live:
            later = coming_of(self.report, notice)
            live = Live(("notice-now.html",), later, lambda then, _: {"notice": then.notices[notice]})
        return self._text(
            "notice.html",
            self.urls.notice(notice),
            shown.notice.title,
            Preview(preview.card(shown), said, data),
            clocked=shown.live,
            page=Page.HISTORY,
            notice=shown,
            chart=chart,
            figure=figure,
            windows=self._windows(shown),
            live=live,
            bare=not (shown.live or self.overrides),
        )

    def history(self, choice: Choice) -> Text:
        """A page of history: a month, a year or all of it, of everything or of one kind, cause or component."""
        return self._text(
            "listing.html",
            self.urls.history(*choice),
            self.words.chosen(choice, self.report.settings),
            page=Page.HISTORY,
            about=_channel(choice),
            listing=self.report.archive.listing(choice),
        )

    def component(self, component: str, intro: str = "") -> Text:
        """The page of a component, by its id. `intro` is safe HTML: what a person wrote on it."""
        shown, later = self.report.components[component], self._later_of(component)
        about = {"component": shown.component.name, "site": self.report.settings.name}
        about["state"] = self.words.inside[shown.status]
        return self._text(
            "component.html",
            self.urls.component(component),
            shown.component.name,
            Preview(cards.of_component(shown.status), self.words._("%(component)s at %(site)s: %(state)s.") % about),
            clocked=True,
            page=None,
            shown=shown,
            days=self._days(component),
            intro=safe(intro),
            live=Live(("component-now.html",), later, lambda then, _: {"shown": then.components[component]}),
            about=(About.COMPONENTS, component),
        )

    def _days(self, component: str) -> Markup:
        """Its year, day by day."""

        def make() -> str:
            at = self.urls.component(component)
            return self._clocked.print("days.html", at, {"shown": self.report.components[component]})

        inputs = self.days_of(component)
        return safe(self.kept(DAYS, inputs, make) if inputs else make())

    def days_of(self, component: str) -> tuple[object, ...]:
        """All that the year of a component depends on; nothing while something that touches it goes on.

        Else the clock changes no more of it than which day is the last, and the figure of the month in which that is.
        """
        report = self.report
        shown, index, instant = report.components[component], report.index, report.now.timestamp()
        today = self._clock.date(report.now)
        first = (today - timedelta(days=YEAR - 1)).replace(day=1)
        begin = midnight(first, report.settings.zone).timestamp()
        touching = [one for id_ in shown.notices.keys if begin <= (one := index[id_]).closed]
        if any(instant < one.closed for one in touching):
            return ()
        month = shown.calendar.get(f"{today:%Y-%m}")
        told = month and month.figures[report.settings.rule].share
        keys = blake2b(b"".join([one.key for one in touching]), digest_size=16).digest()
        return component, shown.since, shown.component.until, today, told, keys

    def prose(self, at: str, title: str, intro: str) -> Text:
        """A page of a person's own words in our frame. `intro` is safe HTML; its own level-1 heading is the title."""
        reachable = intro.replace("<table>", '<table tabindex="0">')  # a wide one scrolls sideways
        return self._text("prose.html", at, title, mirrored=False, page=None, intro=safe(reachable))

    def missing(self) -> Text:
        """What is shown where there is no page: what is the matter now, as that is what most come for."""
        said = answer(self.report.headline, self._clock)
        title = self.words._("No page here")
        return self._text("404.html", self.urls.missing, title, clocked=True, mirrored=False, page=None, headline=said)

    def _text(
        self,
        template: str,
        at: str,
        title: str,
        seen: Preview = Preview(),  # noqa: B008 - frozen
        *,
        clocked: bool = False,
        mirrored: bool = True,
        about: tuple[About, str] | None = None,
        live: Live | None = None,
        bare: bool = False,
        **context: object,
    ) -> Text:
        """`about` is the channel that tells what the page is about, where that is not everything.

        A `bare` page is one for `Printer.dressed`.
        """
        printer = self._clocked if clocked else self._clockless
        printer.bare = bare
        printer.pieces.mirrored = mirrored
        printer.pieces.own_ids = False
        printer.parts.clear()
        context["title"] = title
        content = printer.print(template, at, context)
        if printer.pieces.own_ids:
            content = apart(content)
        if live:
            content += printer.coming(at, live, context)
        description = seen.description or f"{title}. {self.report.settings.name}"
        head = str(printer.same("head.html", context["page"])) + self._feeds(about, at) + printer.pieces.alternates()
        if self._absolute and at != self.urls.missing:
            head += preview.tags(seen, title, description, at, self.urls)
        return Text(title=title, description=description, head=head, content=content)

    @property
    def _absolute(self) -> bool:
        """Whether the site knows its own address."""
        return bool(self.report.settings.host.url)

    @cached_property
    def _site(self) -> Mapping[str, object] | None:
        return preview.site(self.report, self.urls) if self._absolute else None

    def _of(self, page: Page) -> str:
        """A page of which there is one, in a sentence; blank where its title says enough."""
        said = {
            Page.HISTORY: self.words._("Everything that %(site)s has told here: incidents, maintenance and more."),
            Page.MAINTENANCE: self.words._("Work that %(site)s plans, and what became of what was planned."),
            Page.POST_MORTEMS: self.words._("What went wrong at %(site)s, why, and what is changed because of it."),
            Page.PROMISES: self.words._("What %(site)s promised to change, by when, and what became of it."),
            Page.UPTIME: self.words._("How much time was lost at %(site)s, counted under three rules."),
            Page.CUSTOMERS: self.words._("What customers told %(site)s about its incidents, and what came of it."),
            Page.SEARCH: self.words._("Find anything that %(site)s has told here."),
            Page.SUBSCRIBE: self.words._("How to be told when something is the matter at %(site)s."),
        }
        return said.get(page, "") % {"site": self.report.settings.name}

    def _feeds(self, about: tuple[About, str] | None, at: str) -> str:
        """What a page's head says of the feeds that are about no more than the page is."""
        if not about or not self.report.settings.host.url:
            return ""
        site = self.report.settings.name
        return "".join(
            f'<link rel="alternate" type="{feed.media_type}" title="{escape(feed.title)}" '
            f'href="{escape(self.urls.link(feed.at, at))}">\n'
            for feed in feeds_of(self.urls, self._channels[about], site, self.words)
        )

    @cached_property
    def _channels(self) -> Mapping[tuple[About, str], Channel]:
        return {(channel.about, channel.id): channel for channel in channels(self.report)}

    def _laws(self) -> Iterator[Law]:
        from .regulators import Regulators  # which few sites have chosen

        return Regulators(self.language, report=self.report, clock=self._clock).laws()

    def _searched(self) -> Mapping[str, str]:
        """What the script that searches is told, as JSON."""
        months = [month.choice for month in self.report.months]
        listed = [(f"{one.year:04}-{one.month:02}", self.words.month(one.year, one.month)) for one in months]
        names = {one.id: one.name for one in self.report.settings.components}
        told = {"months": listed, "names": names, "words": scripts.for_search(self.words)}
        return {name: json.dumps(value, ensure_ascii=False) for name, value in told.items()}

    @cached_property
    def _later(self) -> Sequence[Report]:
        """The report as it will be if nobody writes."""
        return tuple(coming(self.report))

    def _headline(self, later: Report, clock: Clock) -> Mapping[str, object]:
        return {"headline": answer(later.headline, clock)}

    def _later_of(self, component: str) -> Iterator[Report]:
        """The report as it will be, at instants at which a component stands otherwise than before."""

        def how(report: Report) -> tuple[object, ...]:
            touching = (one.id for one in report.open if component in one.notice.touches)
            return report.components[component].status, report.components[component].retired, *touching

        was = how(self.report)
        for one in self._later:
            if how(one) != was:
                was = how(one)
                yield one

    def _windows(self, shown: NoticeReport) -> list[Window]:
        """Those of a series that are listed, the latest first."""
        if not isinstance(shown.notice, Maintenance) or not shown.notice.recurs:
            return []
        ahead, past = self.report.ahead, self.report.past
        listed = [window for window in reversed(ahead) if window.maintenance.id == shown.id]
        return listed + [past.get(key) for key in past.keys if key.startswith(f"{shown.id}@")]

    @cached_property
    def _clock(self) -> Clock:
        return Clock(self.report.settings.zone, self.report.now, self.language)

    @cached_property
    def _calendar(self) -> Clock:
        """For pages that do not read the clock."""
        return Clock(self.report.settings.zone, language=self.language)

    @cached_property
    def _clocked(self) -> Printer:
        return self._printer(self._clock)

    @cached_property
    def _clockless(self) -> Printer:
        return self._printer(self._calendar)

    def _printer(self, clock: Clock) -> Printer:
        pieces = Pieces(self.report, clock, Bodies(self.report, self.urls, self.to_html), self.translations)
        return Printer(environment(pieces, self.overrides, shell=self.shell), pieces)


def _channel(choice: Choice) -> tuple[About, str] | None:
    """Of what is chosen."""
    if choice.facet == Facet.KIND:
        return About.KINDS, next(name for name, kind in KINDS.items() if kind == choice.value)
    return (About.COMPONENTS, choice.value) if choice.facet == Facet.COMPONENT else None
