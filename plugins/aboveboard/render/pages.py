"""The pages: from the report to what stands inside the host's page."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from datetime import timedelta
from functools import cached_property, partial
from hashlib import blake2b
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import (
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    StrictUndefined,
    Template,
    nodes,
)
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from jinja2.utils import internalcode
from markupsafe import Markup, escape
from msgspec import Struct, field
from msgspec.structs import replace

from .. import __version__
from ..archive import Choice, Facet
from ..candour import Promise
from ..channels import KINDS, POST_MORTEMS, PROMISES, About, Channel, channels
from ..coming import coming, coming_of
from ..days import RecentDay
from ..index import Entry
from ..language import ENGLISH, Language
from ..model import (
    Maintenance,
    PostMortem,
    Rule,
    Translation,
)
from ..report import Report
from ..settings import Settings
from ..standing import YEAR
from ..story import NoticeReport
from ..uptime import midnight
from ..urls import Page, Urls
from ..window import Window
from . import cards, drawing, edits, outcome, preview, scripts
from .answer import answer
from .body import Bodies, ToHtml, apart
from .candid import Candid
from .clock import Clock
from .messages import Messages
from .outlet import Kept, made_anew
from .pieces import Pieces, drawn, escaped, glyph, marks, safe, state
from .preview import Preview
from .subscriptions import calendar_of, feeds_of, has_calendar, name_of, webcal
from .words import CLASS, Words

if TYPE_CHECKING:
    from .regulators import Law


def titles(words: Words) -> Mapping[Page, str]:
    """What each page is called, in its title and in the row of pages."""
    return {
        Page.BOARD: words._("Status"),
        Page.HISTORY: words._("History"),
        Page.MAINTENANCE: words._("Maintenance"),
        Page.POST_MORTEMS: words._("Post-mortems"),
        Page.PROMISES: words._("Promises"),
        Page.UPTIME: words._("Uptime"),
        Page.CANDOUR: words._("Candour"),
        Page.SUBSCRIBE: words._("Subscribe"),
        Page.CUSTOMERS: words._("What customers said"),
        Page.SEARCH: words._("Search"),
    }


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

FOLDED = 20
"""With more components than this, a group in which everything works is shown as one row."""

HIT = 8
"""How many components that a notice hurts stand beside it on the board; the others are folded."""

NEWEST = 20
"""How many notices, windows or accounts stand on a page of all of them; the older ones stand elsewhere, or in brief."""

LONG = 80
"""From so many letters on a heading is set smaller."""

KEPT = 50
"""How many promises that were kept stand on the page of promises."""


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


class Live(NamedTuple):
    """What of a page the clock has a say on."""

    templates: Sequence[str]
    later: Iterable[Report]
    """The report at each instant at which something of it changes."""
    then: Callable[[Report, Clock], Mapping[str, object]]
    """What templates are told then in place of what they were told."""


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
        """Put the code of all templates in its language into `COMPILED`."""
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
        title = titles(self.words)[page]
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
            f"{page}.html", at, title, seen, clocked=clocked, mirrored=True, about=about, live=live, **context
        )

    def notice(self, notice: str) -> Text:
        """The page of a notice, by its id."""
        shown = self.report.notices[notice]
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
            chart=drawing.chart(shown, self._clock if shown.live else self._calendar),
            windows=self._windows(shown),
            live=live,
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
        **context: object,
    ) -> Text:
        """`about` is the channel that tells what the page is about, where that is not everything."""
        printer = self._clocked if clocked else self._clockless
        printer.pieces.mirrored = mirrored
        printer.parts.clear()
        context["title"] = title
        content = apart(printer.print(template, at, context))
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


class Compiled(BytecodeCache):
    """Templates as Python's code, in one language: the next environment need not compile them again."""

    def __init__(self, code: MutableMapping[str, bytes], language: str) -> None:
        self.code, self.language = code, language

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Where a template's code is."""
        return f"{self.language} {super().get_cache_key(name, filename)}"

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.code:
            bucket.bytecode_from_string(self.code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.code[bucket.key] = bucket.bytecode_to_string()


COMPILED: dict[str, bytes] = {}
"""The code of every template that this process has compiled."""


SLOT = "<!--aboveboard languages-->"
"""Where links to a page in other languages go, in what is otherwise the same on every page of a folder."""


class Printer(Struct, dict=True):
    """Prints templates, with or without a clock."""

    environment: Environment
    pieces: Pieces
    printed: dict[tuple[str, str, object], Markup] = {}
    """What is the same on every page of a folder: by template, folder and which of the pages it is."""
    parts: dict[str, tuple[object, str]] = {}
    """The parts of the page that was printed last on which the clock has a say: what each is about, and its HTML."""
    seen: set[str] = field(default_factory=set)
    """The names of those that were printed since."""

    def __post_init__(self) -> None:
        self.environment.globals |= {"same": self.same, "part": self.part}
        self._turn(self.pieces.report, self.pieces.clock)

    def _turn(self, report: Report, clock: Clock) -> None:
        """Tell of this report, at the time of that clock, from now on."""
        self.pieces.report, self.pieces.clock = report, clock
        _turn(self.environment, self.pieces)
        self.environment.globals["parts"] = self.environment.get_template("parts.html").make_module()

    def coming(self, at: str, live: Live, context: Mapping[str, object]) -> str:
        """What the parts of the page that was printed last will be later, for its script; blank if they stay so.

        Of each instant only what differs from the one before is told.
        """
        report, clock = self.pieces.report, self.pieces.clock
        states = []
        for one in live.later:
            before, self.seen = dict(self.parts), set()
            self._turn(one, replace(clock, now=one.now))
            for template in live.templates:
                self.print(template, at, {**context, **live.then(one, self.pieces.clock)})
            self.parts |= dict.fromkeys(before.keys() - self.seen, (None, ""))
            changed = {name: html for name, (_, html) in self.parts.items() if before.get(name, (None, ""))[1] != html}
            if changed:
                states.append({"from": int(one.now.timestamp()), "parts": changed})
        if self.pieces.report is not report:
            self._turn(report, clock)
        return f'<script type="application/json" class="ab-coming">{_inside_script(states)}</script>' if states else ""

    def part(self, name: str, about: object = None, *, caller: Callable[[], Markup]) -> Markup:
        """A part of a page on which the clock has a say.

        It is about one thing, if any: while that is the very same value, it says what it said when it was last printed.
        """
        self.seen.add(name)
        was = self.parts.get(name)
        if not (was and about is not None and was[0] is about):
            was = self.parts[name] = (about, caller())
        return safe(f'<div data-part="{name}">\n{was[1]}</div>')

    def print(self, template: str, at: str, context: Mapping[str, object]) -> str:
        """What a template makes of the page at that address."""
        self.pieces.at = at
        return self.environment.get_template(template).render(context)

    def same(self, template: str, page: object) -> Markup:
        """A part of the page that was printed last, in which nothing depends on its place in its folder."""
        at = self.pieces.at
        among = at.endswith("/") and at.count("/") > self._depth
        key = template, f"{at[:-1].rpartition('/')[0]}/-/" if among else at, page
        made = self.printed.get(key)
        if made is None:
            made = self.printed[key] = safe(self.print(template, key[1], {"page": page}))
            self.pieces.at = at
        return made.replace(SLOT, self.pieces.languages()) if SLOT in made else made

    @cached_property
    def _depth(self) -> int:
        """How deep pages lie of which there is one each."""
        return self.pieces.urls.page(Page.HISTORY).count("/")


class Code(CodeGenerator):
    """Jinja's, which wraps every single value that is printed as HTML that is safe from then on; text will do."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.printed(")


class Calls(Context):
    """What a template knows. Jinja asks of each call whether it wants to be told of that, which takes longer than most.

    Of what there is to call, macros alone do.
    """

    @internalcode
    def call(self, what: Callable[..., object], /, *args: object, **kwargs: object) -> object:
        """The value of a call in a template."""
        if isinstance(what, Macro):
            return super().call(what, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return what(*args, **kwargs)


class Templates(Environment):
    """Templates in one language.

    They share what they may call and extend: Jinja's own ways to look these up take as long as the rest of a page.
    """

    code_generator_class = Code
    context_class = Calls
    messages: Messages
    known: dict[str, Template]

    printed = staticmethod(escaped)

    @internalcode
    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002, Jinja's name for it
    ) -> Template:
        """A template by its name, which is the same wherever it is asked for."""
        if not isinstance(name, str) or globals:
            return super().get_template(name, parent, globals)
        if name not in self.known:
            self.known[name] = super().get_template(name, parent)
        return self.known[name]

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **d} if d else self.globals

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        """Jinja's way in to change what is compiled."""
        return super()._generate(self.messages.visit(source), name, filename, defer_init)


def _inside_script(value: object) -> str:
    """JSON that ends no script and begins no comment in one."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/").replace("<!", "\\u003c!")


def environment(pieces: Pieces, overrides: Sequence[Path], *, shell: bool) -> Environment:
    """The templates and what they may call on any page. An undefined name is an error, a value is escaped."""
    report, clock = pieces.report, pieces.clock
    env = Templates(
        loader=ChoiceLoader([FileSystemLoader(overrides), PackageLoader("aboveboard", "templates/pages")]),
        autoescape=True,
        auto_reload=False,
        bytecode_cache=Compiled(COMPILED, clock.language.code),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.known = {}
    env.messages, env.newstyle_gettext = Messages(clock.language), True  # type: ignore[attr-defined]
    words = clock.words
    env.globals |= {
        "body": pieces.body,
        "clocked": clock.now is not None,
        "drawing": drawing,
        "feeds": bool(report.settings.host.url),
        "feeds_of": lambda channel: list(feeds_of(pieces.urls, channel, report.settings.name, clock.words)),
        "channels": list(channels(report)),
        "About": About,
        "calendar_of": partial(calendar_of, pieces.urls),
        "webcal": lambda channel: webcal(pieces.urls, calendar_of(pieces.urls, channel)),
        "name_of": lambda channel: name_of(channel, clock.words),
        "folded": FOLDED,
        "generator": f"Aboveboard {__version__}",
        "glyph": glyph,
        "has_calendar": has_calendar,
        "hit": HIT,
        "kept": KEPT,
        "languages": safe(SLOT) if len(report.settings.languages) > 1 else "",
        "line": pieces.line,
        "long": LONG,
        "link": pieces.link,
        "newest": NEWEST,
        "Page": Page,
        "page_titles": titles(words),
        "plural_form": clock.language.form,
        "all_history": Choice(),
        "of_component": partial(Choice, Facet.COMPONENT),
        "rules": _rules(report.settings),
        "script_words": json.dumps(scripts.for_pages(words), ensure_ascii=False, separators=(",", ":")),
        "settings": report.settings,
        "shell": shell,
        "state": state,
        "strip": partial(drawing.strip, said=words),
        "tongue": pieces.tongue,
        "tongue_of_account": pieces.tongue_of_account,
        "tongue_of_line": pieces.tongue_of_line,
        "untranslated": pieces.untranslated,
        "urls": pieces.urls,
        "words": words,
        "written": words.number,
    }
    env.filters |= {
        "component_link": pieces.component_link,
        "ago": pieces.ago,
        "apart": pieces.apart,
        "component_links": pieces.component_links,
        "component_state": pieces.component_state,
        "date": pieces.date,
        "drawn": drawn,
        "edits": partial(edits.all_of, clock=clock),
        "facts": pieces.facts,
        "gone": pieces.gone,
        "growing": pieces.growing,
        "left": pieces.left,
        "part_name": partial(edits.part, clock=clock),
        "mark": pieces.mark,
        "marks": marks,
        "notice_link": pieces.notice_link,
        "of_state": _of_state,
        "posts": pieces.posts,
        "promises": pieces.promises,
        "promise_sum": partial(outcome.promise_sum, words=words),
        "action_sum": partial(outcome.action_sum, words=words),
        "written_promises": pieces.written_promises,
        "spans": pieces.spans,
        "time": pieces.time,
        "weekday": pieces.weekday,
        "length": words.length,
        "later": words.later,
        "lost": words.lost,
        "known": words.known,
        "share": words.share,
        "state": CLASS.__getitem__,
        "state_name": words.component_status.__getitem__,
        "status_name": words.status.__getitem__,
        "kind_name": words.kind.__getitem__,
        "unsaid": words.no_data,
        "by_year": _by_year,
        "count_kinds": _count_kinds,
        "entries": _entries,
        "choices": pieces.choices,
        "history_link": pieces.history_link,
        "row_data": pieces.row_data,
        "rows": pieces.rows,
        "linked": pieces.linked,
        "sections": pieces.sections,
        "times": pieces.times,
        "listed_mark": pieces.listed_mark,
        "seconds": _seconds,
        "account_opening": _account_opening,
        "opening": _opening,
        "runs": _runs,
    }
    _turn(env, pieces)
    return env


def _turn(env: Environment, pieces: Pieces) -> None:
    """Let templates tell of the report and the clock of `pieces`."""
    env.globals |= {"report": pieces.report, "clock": pieces.clock}
    env.filters |= {"then": pieces.clock.then, "when": pieces.clock.when}


def _entries(index: Mapping[str, Entry], ids: Iterable[str]) -> list[Entry]:
    """Those of these ids."""
    return [index[id_] for id_ in ids]


def _channel(choice: Choice) -> tuple[About, str] | None:
    """Of what is chosen."""
    if choice.facet == Facet.KIND:
        return About.KINDS, next(name for name, kind in KINDS.items() if kind == choice.value)
    return (About.COMPONENTS, choice.value) if choice.facet == Facet.COMPONENT else None


def _count_kinds(entries: Iterable[Entry]) -> Mapping[str, int]:
    return Counter(entry.kind for entry in entries)


def _of_state(promises: Iterable[Promise], state: str) -> list[Promise]:
    return [promise for promise in promises if promise.state == state]


def _seconds(number: int) -> timedelta:
    return timedelta(seconds=number)


def _by_year(newest_first: Iterable[Entry]) -> list[tuple[int, list[Entry]]]:
    """By the year in which they began."""
    return [(year, list(some)) for year, some in groupby(newest_first, lambda entry: entry.month // 12)]


def _rules(settings: Settings) -> list[Rule]:
    """The three rules, the site's own choice first."""
    return sorted(Rule, key=lambda rule: rule != settings.rule)


def _account_opening(post_mortem: PostMortem) -> str:
    """The first paragraph of an account: what a list of them shows."""
    text = post_mortem.lead or next((section.body for section in post_mortem.sections if section.body), "")
    return _opening(text)[0]


def _opening(body: str) -> tuple[str, bool]:
    """The first paragraph of a body, and whether there is more of it."""
    first, _, rest = body.strip().partition("\n\n")
    return first, bool(rest)


def _runs(newest_first: Sequence[RecentDay]) -> Iterator[tuple[RecentDay, RecentDay | None]]:
    """Days, and with the first of several alike on which nothing was the last of them. Today stands by itself."""
    today, *others = newest_first
    yield today, None
    for key, run in groupby(others, lambda day: (day.known, day.day if day.events else None)):
        last, *earlier = run
        yield (earlier[-1], last) if earlier and not key[1] else (last, None)
