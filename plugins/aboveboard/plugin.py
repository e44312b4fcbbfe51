"""The door to MkDocs: its events on one side, the plot in build.py on the other."""

from __future__ import annotations

import logging
import os
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from html import escape, unescape
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment
from mkdocs.commands.build import get_context
from mkdocs.config.base import LegacyConfig
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as HostPage
from mkdocs.utils.meta import get_data
from mkdocs.utils.templates import TemplateContext

from . import build, settings
from .model import Log
from .problem import Problem, Refused
from .render import markdown, search, sitemap
from .render.frame import HOLES, Frames, folders
from .render.pages import Pages, Text
from .report import Report, Withheld
from .settings import Host, Settings
from .urls import Urls

log = logging.getLogger("mkdocs.plugins.aboveboard")

MATERIAL = ("material", "materialx")
"""Themes whose root is 20 pixels and that have a block `container`."""

TEMPLATES = Path(__file__).with_name("templates") / "host"

PROSE = "prose.html"
"""The template of a page that holds nothing but a person's words, in our frame."""

_HEADING = re.compile(r"<h1\b.*?</h1>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Inside:
    """What our templates ask about the host, as `aboveboard_in`."""

    material: bool
    alone: bool
    """Whether the whole site is ours, and Material's own navigation and footer make room for ours."""


class Made(File):
    """A file of ours as MkDocs knows it: others may link to it, and we write it."""

    def __init__(self, path: str, config: MkDocsConfig) -> None:
        quiet = InclusionLevel.NOT_IN_NAV
        super().__init__(path, None, config.site_dir, config.use_directory_urls, dest_uri=path, inclusion=quiet)
        self.generated_by = "aboveboard"

    def copy_file(self, dirty: bool = False) -> None:
        """Nothing: there is nothing to copy."""


class AboveboardPlugin(BasePlugin[LegacyConfig]):  # type: ignore[no-untyped-call]
    """A status page in a MkDocs site. Several can be told apart by their `prefix`."""

    supports_multiple_instances = True

    def load_config(self, options: dict[str, Any], config_file_path: str | None = None) -> tuple[list[Any], list[Any]]:
        """Keep what is written under the plugin: settings.py alone knows what may stand there."""
        self.config = LegacyConfig((), config_file_path)
        self.config.load_dict(options)
        return [], []

    def read(self, config: MkDocsConfig) -> tuple[Settings, Log]:
        """The settings and every notice. Raises problem.Refused with all that is wrong with them."""
        path = Path(config.config_file_path or "mkdocs.yml")
        host = Host(
            name=config.site_name,
            url=config.site_url or None,
            directory_urls=config.use_directory_urls,
            language=str(config.theme.get("language") or config.theme.get("locale") or "en").replace("_", "-"),
        )
        text = path.read_text("utf-8-sig") if path.is_file() else ""
        known = settings.read(dict(self.config), host, text=text, path=path.name)
        return known, build.read(path.parent, known)

    def on_config(self, config: MkDocsConfig) -> None:
        """Read and decide everything before MkDocs empties the site."""
        try:
            self.settings, notices = self.read(config)
            now, fixed = _now(self.settings, os.environ)
        except Refused as refused:
            raise PluginError(str(refused)) from None
        self.report = Report.of(notices, self.settings, now, fixed=fixed)
        self.urls = Urls(self.settings)
        self.root = Path(config.config_file_path or "mkdocs.yml").parent
        material = config.theme.name in MATERIAL
        self.inside = Inside(material=material, alone=material and not self.settings.prefix)
        if self.inside.alone:
            config.extra_css.insert(0, self.urls.asset("shell.css"))
        config.theme.dirs.insert(1 if config.theme.custom_dir else 0, str(TEMPLATES))  # a site's own templates win
        if (self.root / self.settings.incidents).is_dir():
            config.watch.append(str(self.root / self.settings.incidents))
        self._tell(config)

    def _tell(self, config: MkDocsConfig) -> None:
        # A warning ends a strict build, and a post that is dated ahead by mistake must not keep back all others.
        say = log.info if config.strict else log.warning
        for one in self.report.withheld:
            say(_withheld(one, self.settings))
        for name in markdown.refused(config.markdown_extensions):
            log.info(f"{name} reads other files or rewrites links: notices do without it")
        if not (self.root / self.settings.incidents).is_dir():
            log.info(f"there is no folder {self.settings.incidents} beside mkdocs.yml: there is nothing to tell")
        if not config.site_url:
            log.info("without a site_url in mkdocs.yml there are no feeds: their links would lead nowhere")

    @event_priority(-50)
    def on_files(self, files: Files, *, config: MkDocsConfig) -> None:
        """Leave to persons what they wrote, and let links to everything else be checked."""
        self.files = files
        overrides = (Path(config.theme.custom_dir) / "aboveboard",) if config.theme.custom_dir else ()
        to_html = markdown.converter(config.markdown_extensions, config.mdx_configs)
        self.pages = Pages(self.report, self.urls, to_html, overrides, own=not self.settings.prefix)
        self.documents = {document.at: document for document in build.documents(self.pages)}
        for file in files.documentation_pages():
            self._rename(file)
        taken = {file.dest_uri: file for file in files if file.inclusion.is_included()}  # type: ignore[no-untyped-call]
        if isinstance(taken.get(self.urls.asset("aboveboard.css")), Made):
            raise PluginError("two aboveboard plugins write to one place: give one of them a prefix of its own")
        scale = Fraction(1) if self.inside.material else Fraction(5, 4)
        self.artefacts = tuple(build.artefacts(self.pages, self._wrap, self.root, taken=taken, scale=scale))
        for artefact in self.artefacts:
            files.append(Made(artefact.path, config))

    def _rename(self, file: File) -> None:
        """Without directory URLs, a `history.md` with our template is still the page at `history/`."""
        at = f"{file.dest_uri.removesuffix('.html')}/"
        template = self.documents[at].template if at in self.documents else ""
        if template and get_data(file.content_string)[1].get("template") == template:
            file.dest_uri = self.urls.file(at)
            file.__dict__.pop("url", None)  # MkDocs remembers what it made of the old address
            file.__dict__.pop("abs_dest_path", None)

    @event_priority(-100)
    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> None:  # noqa: ARG002
        """Keep what the theme's page will show."""
        self.nav = nav

    @event_priority(-100)
    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> None:
        """See to it that pages with our templates stand where links lead, and that search finds notices."""
        pages = [file.page for file in files.documentation_pages() if file.page]
        problems = [problem for page in pages for problem in self._misplaced(page, env, config)]
        if problems:
            raise PluginError(str(Refused(problems)))
        if self.inside.alone:
            for page in pages:
                page.meta.setdefault("template", PROSE)
                if page.meta["template"] == PROSE and page.title:
                    _escape_title(page)
        self.frames = Frames(lambda depth: self._render(depth, env, config), {})
        if index := search.Index.of(config.plugins):
            for entry in search.entries(self.report, self.urls, self.pages.to_html):
                index.add(entry)

    def _misplaced(self, page: HostPage, env: Environment, config: MkDocsConfig) -> Iterator[Problem]:
        """A page that asks for a template of ours and stands elsewhere: the links on it would be wrong."""
        every = [plugin for plugin in config.plugins.values() if isinstance(plugin, AboveboardPlugin)]
        ours = {at: document.template for plugin in every for at, document in plugin.documents.items()}
        template = page.meta.get("template")
        if template not in set(filter(None, ours.values())) or template == ours.get(_address(page)):
            return
        if Path(env.get_template(template).filename or "").parent == TEMPLATES:
            places = [f"{at}index.md" for at, named in ours.items() if named == template]
            path = Path(os.path.relpath(Path(config.docs_dir, page.file.src_uri), self.root)).as_posix()
            sentence = f'"{template}" is for {" or ".join(places[:2])}; move this page there'
            yield Problem(path, 1, 1, sentence, "template")

    @event_priority(-100)
    def on_page_context(
        self,
        context: TemplateContext,
        *,
        page: HostPage,
        config: MkDocsConfig,  # noqa: ARG002
        nav: Navigation,  # noqa: ARG002
    ) -> TemplateContext:
        """Give the report to a page that a person wrote and that asks for it."""
        document, template = self.documents.get(_address(page)), page.meta.get("template")
        words = page.content or ""
        if "aboveboard" in context:
            return context
        if document and document.template and document.template == template:
            return self._with(context, page, document.text(words))
        if template == PROSE:
            words = _HEADING.sub("", words, count=1)
            return self._with(context, page, self.pages.prose(_address(page), _title(page), words))
        return context

    def on_post_template(self, output: str, *, template_name: str, config: MkDocsConfig) -> str:
        """Put our pages into the sitemap."""
        if template_name != "sitemap.xml" or not config.site_url:
            return output
        made = {artefact.path for artefact in self.artefacts}
        ours = (one for one in self.documents.values() if self.urls.file(one.at) in made)
        return sitemap.extended(output, ((self.urls.absolute(one.at), one.changed.date()) for one in ours))

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write everything."""
        try:
            # `mkdocs serve` answers browsers in another thread, which a fork would leave half alive.
            build.publish(self.artefacts, Path(config.site_dir), may_fork=threading.active_count() == 1)
        except ValueError as wrong:
            raise PluginError(str(wrong)) from None

    def _wrap(self, at: str, text: Text) -> str:
        return self.frames.wrap(at, text)

    def _render(self, depth: int, env: Environment, config: MkDocsConfig) -> str:
        """The theme's page with holes, through the events that a page goes through, and into no list of pages."""
        quiet = InclusionLevel.NOT_IN_NAV
        name = f"{folders(depth)}index.md"
        file = File(name, None, config.site_dir, config.use_directory_urls, inclusion=quiet)
        file.generated_by = "aboveboard"
        page = HostPage(HOLES.title, file, config)
        page.markdown = page.content = ""
        page.meta = {"search": {"exclude": True}, "hide": ["toc"]}
        index = search.Index.of(config.plugins)
        found = len(index.entries) if index else 0
        context = self._with(get_context(self.nav, self.files, config, page), page, HOLES)
        context = config.plugins.on_page_context(context, page=page, config=config, nav=self.nav)
        if index:
            del index.entries[found:]  # MkDocs' own search knows no `exclude`
        html = env.get_template("aboveboard.html").render(context)
        return config.plugins.on_post_page(html, page=page, config=config)

    def _with(self, context: TemplateContext, page: HostPage, text: Text) -> TemplateContext:
        """What aboveboard.html prints. MkDocs' templates escape nothing by themselves."""
        page.meta.setdefault("description", escape(text.description))
        return cast("TemplateContext", {**context, "aboveboard": text, "aboveboard_in": self.inside})


def _address(page: HostPage) -> str:
    """Where a page stands, as urls.py spells it."""
    return page.file.dest_uri.removesuffix("index.html")


def _title(page: HostPage) -> str:
    """A person's title as plain text. MkDocs has it as HTML where it was a heading, and as written anywhere else."""
    return unescape(str(page.title))


def _escape_title(page: HostPage) -> None:
    """Let the title be HTML wherever it comes from: themes print it as it is."""
    page.title = escape(_title(page), quote=False)
    if page.meta.get("title"):
        page.meta["title"] = escape(unescape(str(page.meta["title"])), quote=False)


def _now(known: Settings, environment: Mapping[str, str]) -> tuple[datetime, bool]:
    """The time of this build, and whether it is a clock that stands still."""
    # "The value MUST be an ASCII representation of an integer with no fractional component, identical to the output
    # format of date +%s."  reproducible-builds.org/specs/source-date-epoch
    if stated := environment.get("SOURCE_DATE_EPOCH"):
        try:
            return datetime.fromtimestamp(int(stated), UTC), False
        except (ValueError, OverflowError, OSError):
            sentence = f'"{stated}" is not a time; write whole seconds since 1970, as `date +%s` does'
            raise Refused([Problem("SOURCE_DATE_EPOCH", 1, 1, sentence)]) from None
    if known.now:
        return known.now, True
    return datetime.now(UTC).replace(microsecond=0), False


def _withheld(one: Withheld, known: Settings) -> str:
    """What is not published yet, and why."""
    update, time = one.update, one.update.time.astimezone(known.zone)
    sentence = f"this update is dated {time:%Y-%m-%d %H:%M} ({known.zone.key}), which is still to come"
    if known.now and update.time > known.now:
        clock = known.now.astimezone(known.zone)
        sentence += f" while `now` in mkdocs.yml holds the clock at {clock:%Y-%m-%d %H:%M}; take that line out"
    return str(Problem(one.notice.path, update.line or 1, 1, f"{sentence}; it is not published yet"))
