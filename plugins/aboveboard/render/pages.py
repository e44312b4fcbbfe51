"""The pages: from the report to what stands inside the host's page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined
from markupsafe import Markup

from ..candour import Promise
from ..model import PostMortem, Rule, Section, Update
from ..report import Month, Report
from ..settings import Settings
from ..urls import Page, Urls
from . import drawing, words
from .body import Bodies, ToHtml

TITLE: dict[Page, str] = {
    Page.BOARD: "Status",
    Page.HISTORY: "History",
    Page.MAINTENANCE: "Maintenance",
    Page.POST_MORTEMS: "Post-mortems",
    Page.PROMISES: "Promises",
    Page.UPTIME: "Uptime",
    Page.SUBSCRIBE: "Subscribe",
}
"""What each page is called, in its title and in the row of pages."""

FOLDED = 20
"""With more components than this, a group in which everything works is shown as one row."""


@dataclass(frozen=True, slots=True)
class Text:
    """A page without the host's frame around it."""

    title: str
    """Plain text, without the name of the site."""
    description: str
    """Plain text, a sentence, for search engines and link previews."""
    head: str
    """HTML for the host's head: style sheet and feeds."""
    content: str
    """HTML."""


@dataclass(frozen=True)
class Pages:
    """Prints pages of one report."""

    report: Report
    urls: Urls
    to_html: ToHtml
    overrides: tuple[Path, ...] = ()
    """Folders whose templates win over ours: a site changes one by placing a file of its name there."""
    own: bool = True
    """Whether the whole site is ours, rather than a part of somebody's."""

    def page(self, page: Page, intro: str = "") -> Text:
        """One of the pages of which there is one each. `intro` is safe HTML: what a person wrote on it."""
        title = words.headline(self.report.headline, self._clock).sentence if page == Page.BOARD else TITLE[page]
        return self._text(f"{page}.html", self.urls.page(page), title, page=page, intro=_safe(intro))

    def notice(self, notice: str) -> Text:
        """The page of a notice, by its id."""
        shown = self.report.notices[notice]
        return self._text(
            "notice.html",
            self.urls.notice(notice),
            shown.notice.title,
            page=Page.HISTORY,
            notice=shown,
            chart=drawing.chart(shown, self.report, self._clock),
        )

    def month(self, month: Month) -> Text:
        """A month of history."""
        months = self.report.months
        at = months.index(month)
        return self._text(
            "month.html",
            self.urls.month(month.year, month.month),
            f"{date(month.year, month.month, 1):%B %Y}",
            page=Page.HISTORY,
            month=month,
            later=months[at - 1] if at else None,
            earlier=months[at + 1] if at + 1 < len(months) else None,
        )

    def component(self, component: str, intro: str = "") -> Text:
        """The page of a component, by its id. `intro` is safe HTML: what a person wrote on it."""
        shown = self.report.components[component]
        at = self.urls.component(component)
        return self._text("component.html", at, shown.component.name, page=None, shown=shown, intro=_safe(intro))

    def prose(self, at: str, title: str, intro: str) -> Text:
        """A page of a person's own words in our frame. `intro` is safe HTML; its own level-1 heading is the title."""
        return self._text("prose.html", at, title, page=None, intro=_safe(intro))

    def _text(self, template: str, at: str, title: str, **context: object) -> Text:
        self._here.at = at
        context["title"] = title
        settings = self.report.settings
        is_board = at == self.urls.page(Page.BOARD)
        return Text(
            title=title,
            description=f"{title} {settings.description}".strip() if is_board else f"{title}. {settings.name}",
            head=self._environment.get_template("head.html").render(context),
            content=self._environment.get_template(template).render(context),
        )

    @cached_property
    def _clock(self) -> words.Clock:
        return words.Clock(self.report.settings.zone, self.report.now)

    @cached_property
    def _here(self) -> _Here:
        return _Here(Bodies(self.report, self.urls, self.to_html))

    @cached_property
    def _environment(self) -> Environment:
        env = environment(self.report, self.urls, self._clock, self.overrides, own=self.own)
        env.globals |= {"link": self._here.link, "body": self._here.body, "line": self._here.line}
        return env


@dataclass(slots=True)
class _Here:
    """What is spelled from where it stands. One page is printed after the other, and `at` goes along.

    The templates could be given these anew for each page, but then every macro would be made anew for each page, too,
    which costs as much as all the rest of a page.
    """

    bodies: Bodies
    at: str = ""
    """The address of the page that is being printed."""

    def link(self, to: str) -> str:
        """A link to an address."""
        return self.bodies.urls.link(to, self.at)

    def body(self, markdown: str, notice: str) -> Markup:
        """A body of a notice."""
        return _safe(self.bodies.on_page(markdown, notice, self.at))

    def line(self, markdown: str, notice: str) -> Markup:
        """A body of one line, without its paragraph."""
        return _safe(self.bodies.line(markdown, notice, self.at))


def environment(report: Report, urls: Urls, clock: words.Clock, overrides: Sequence[Path], *, own: bool) -> Environment:
    """The templates and what they may call on any page. An undefined name is an error, a value is escaped."""
    env = Environment(
        loader=ChoiceLoader([FileSystemLoader(overrides), PackageLoader("aboveboard", "templates/pages")]),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals |= {
        "clock": clock,
        "drawing": drawing,
        "feeds": bool(report.settings.host.url),
        "headline": words.headline(report.headline, clock),
        "own": own,
        "Page": Page,
        "page_titles": TITLE,
        "report": report,
        "rules": _rules(report.settings),
        "folded": FOLDED,
        "settings": report.settings,
        "strip": drawing.strip,
        "urls": urls,
        "words": words,
    }
    env.filters |= {
        "length": words.length,
        "later": words.later,
        "lost": words.lost,
        "known": words.known,
        "share": words.share,
        "state": words.CLASS.__getitem__,
        "state_name": words.COMPONENT_STATUS.__getitem__,
        "status_name": words.STATUS.__getitem__,
        "kind_name": words.KIND.__getitem__,
        "unsaid": words.no_data,
        "numbered": _numbered,
        "of_section": _of_section,
        "opening": _opening,
    }
    return env


def _safe(html: str) -> Markup:
    """HTML that was cleaned, or that the site's own pages are made of: not to be escaped again."""
    return Markup(html)  # noqa: S704


def _rules(settings: Settings) -> list[Rule]:
    """The three rules, the site's own choice first."""
    return sorted(Rule, key=lambda rule: rule != settings.rule)


def _numbered(updates: Sequence[Update], newest_first: bool) -> list[tuple[int, Update]]:
    """Updates with their numbers, which count from the oldest whichever stands first."""
    numbered = list(enumerate(updates, 1))
    return numbered[::-1] if newest_first else numbered


def _of_section(promises: Sequence[Promise], section: Section) -> list[Promise]:
    return [promise for promise in promises if promise.action in section.actions]


def _opening(post_mortem: PostMortem) -> str:
    """The first paragraph of an account: what a list of them shows."""
    text = post_mortem.lead or next((section.body for section in post_mortem.sections if section.body), "")
    return text.split("\n\n", 1)[0]


Wrap = Callable[[str, Text], str]
"""From an address and a page without its frame to the whole page."""
