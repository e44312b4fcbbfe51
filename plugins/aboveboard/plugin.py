"""The door to MkDocs: its events on one side, the plot in build.py on the other."""

from __future__ import annotations

import gc
import json
import logging
import os
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from functools import partial
from html import escape, unescape
from pathlib import Path
from shutil import rmtree
from time import time_ns
from typing import Any, cast

from jinja2 import Environment, FileSystemLoader
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
from msgspec import Struct
from msgspec.structs import replace

from . import build, bundling, documents, options
from .advice import advice
from .documents import Document
from .given import MATERIAL, SITEMAP
from .language import Language, spoken, tag
from .memo import MEMO, Memo
from .moment import moment
from .problem import Problem, Refused
from .publish import Kept, Plain, publish
from .render import search, sitemap
from .render.frame import HOLES, Frame, Frames, folders, in_language
from .render.pages import Text
from .settings import Host, Shell
from .site import Site
from .start import Start
from .urls import Page

log = logging.getLogger("mkdocs.plugins.aboveboard")

TEMPLATES = Path(__file__).with_name("templates") / "host"

SHELL = TEMPLATES.with_name("shell")
"""What stands in the place of the theme's own base.html where its shell makes room for ours."""

BEHIND = TEMPLATES.with_name("behind")
"""Templates whose names a theme may have for pages of its own: then they are its own."""

ROOT = TEMPLATES.with_name("root")
"""Templates for what there is one of on a whole site."""

PROSE = "prose.html"
"""The template of a page that holds nothing but a person's words, in our frame."""

_HEADING = re.compile(r"<h1\b.*?</h1>", re.DOTALL)


class Inside(Struct, frozen=True):
    """What our templates ask about the host, as `aboveboard_in`."""

    material: bool
    alone: bool
    """Whether the whole site is ours, and Material's own navigation and footer make room for ours."""
    shell: bool
    """Whether Material's whole shell makes room for ours."""
    favicon: str
    """The address of the picture in a browser's tab."""
    language: str
    direction: str
    """Of writing: `ltr` or `rtl`."""
    more: str
    """What other pages are called together."""


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

    memo: Memo | None = None
    """What is remembered. Whoever gives it has called `read`, and publishes what MkDocs makes."""
    apart = False
    """Whether nothing of MkDocs' own can ask for a notice's page, so that it need not hear of ten thousand."""
    remembered = Memo(None)
    """The same, or what this build has opened by itself."""
    sitemap: str | None = None
    """As MkDocs made it, without our pages."""
    listed: tuple[str, Sequence[tuple[str, int]], str] = "", (), ""
    """The last sitemap, our pages in it, and the whole."""
    speaks: str | None = None
    """The language in which the theme has its own words, where that is a setting of it."""
    serving = False
    """Whether MkDocs serves the site, and builds it again and again."""

    def load_config(self, options: dict[str, Any], config_file_path: str | None = None) -> tuple[list[Any], list[Any]]:
        """Keep what is written under the plugin: options.py alone knows what may stand there."""
        self.config = LegacyConfig((), config_file_path)
        self.config.load_dict(options)
        return [], []

    def site(self, config: MkDocsConfig) -> Site:
        """What is made here, besides the notices. Raises problem.Refused with all that is wrong with the settings."""
        path = Path(config.config_file_path or "mkdocs.yml")
        host = Host(
            name=config.site_name,
            url=config.site_url or None,
            directory_urls=config.use_directory_urls,
            language=str(config.theme.get("language") or config.theme.get("locale") or "en").replace("_", "-"),
            logo=_picture(config.theme.get("logo")),
            favicon=_picture(config.theme.get("favicon")),
        )
        text = path.read_text("utf-8-sig") if path.is_file() else ""
        known = options.read(dict(self.config), host, text=text, path=path.name)
        return Site(
            root=path.parent,
            settings=known,
            extensions=tuple(name for name in config.markdown_extensions if isinstance(name, str)),
            configs=config.mdx_configs,
            overrides=(Path(config.theme.custom_dir) / "aboveboard",) if config.theme.custom_dir else (),
            own=any(_ours(config)) and not known.prefix,
            shell=Shell.OWN in _ours(config),
            scale=Fraction(1) if config.theme.name in MATERIAL else Fraction(5, 4),
        )

    def checked(self, config: MkDocsConfig) -> int:
        """How many notices there are. Raises problem.Refused with all that is wrong with any of them."""
        made = self.site(config)
        return len(build.read(made, Start(Memo(None)), time_ns(), may_fork=_may_fork()).index.entries)

    def read(self, config: MkDocsConfig, begun: Start) -> build.Input:
        """Read everything. Raises problem.Refused."""
        self.remembered.close()
        self.remembered, self.sitemap = begun.memo, None
        self.made = self.site(config)
        self.urls = self.made.urls
        return build.read(self.made, begun, time_ns(), may_fork=_may_fork())

    def decide(self, given: build.Input, begun: Start, clock: datetime) -> None:
        """Decide everything, at the time that `clock` shows."""
        now, fixed = moment(self.made.settings, os.environ, clock)
        self.pages = build.reported(self.made, given, now, begun, fixed=fixed)

    def on_startup(self, *, command: str, dirty: bool) -> None:  # noqa: ARG002
        """Keep whether this is a build or a server."""
        self.serving = command == "serve"
        self.held: Mapping[str, Kept] = {}

    def on_config(self, config: MkDocsConfig) -> None:
        """Read and decide everything before MkDocs empties the site."""
        self.collects = gc.isenabled()
        gc.disable()  # nearly all that is made lives until everything is made, and to look takes a third of the time
        if not self.memo:
            try:
                path = Path(config.config_file_path or "mkdocs.yml").parent / MEMO
                begun = Start(Memo(path))
                self.decide(self.read(config, begun), begun, datetime.now(UTC))
            except Refused as refused:
                raise PluginError(str(refused)) from None
        self.speaks = config.theme.get("language")
        self.inside = Inside(
            material=config.theme.name in MATERIAL,
            alone=any(_ours(config)),
            shell=self.made.shell,
            favicon=self.made.settings.host.favicon or self.urls.asset("mark.svg"),
            language="",
            direction="",
            more="",
        )
        self._speak("", config)
        if self.inside.alone:
            # A table says how its columns are aligned in one of two ways; a strict policy forbids the other.
            config.mdx_configs.setdefault("tables", {}).setdefault("use_align_attribute", True)
        if self.inside.alone and not self.inside.shell:
            config.extra_css.insert(0, self.urls.asset("material.css"))
        folders = {TEMPLATES: True, SHELL: self.inside.shell, ROOT: not self.made.settings.prefix}
        for folder in (str(folder) for folder, wanted in folders.items() if wanted):
            config.theme.dirs.insert(1 if config.theme.custom_dir else 0, folder)  # a site's own templates win
        config.theme.dirs.append(str(BEHIND))
        config.theme.get_env = partial(_env, config.theme.get_env)  # type: ignore[method-assign]
        for name in (self.made.settings.incidents, self.made.settings.measured):
            if name and (self.made.root / name).is_dir():
                config.watch.append(str(self.made.root / name))
        for line in advice(self.made, self.pages):
            # A warning ends a strict build, and a post that is dated ahead by mistake must not keep back all others.
            (log.warning if line.loud and not config.strict else log.info)(line.text)

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """While MkDocs serves, put the notices' pages where it does not empty the folder."""
        rmtree(self._aside(config), ignore_errors=True)  # of a build that failed
        if not (self.serving and self.held and _rename(self._notices(config), self._aside(config))):
            self.held = {}

    @event_priority(-50)
    def on_files(self, files: Files, *, config: MkDocsConfig) -> None:
        """Leave to persons what they wrote, and let links to everything else be checked."""
        self.files = files
        self.texts: dict[str, Text] = {}
        untold = self.apart and not self.made.settings.page_events
        self.editions = build.editions(self.made, self.pages, self.remembered)
        known = documents.overviews(self.editions) if untold else documents.every(self.editions)
        self.documents = {document.at: document for document in known}
        for file in files.documentation_pages():
            self._rename(file)
        if self.inside.shell:
            unused = [file for file in files.media_files() if _is_of(file, config)]
            for file in unused:
                files.remove(file)
        taken = {file.dest_uri: file for file in files if file.inclusion.is_included()}  # type: ignore[no-untyped-call]
        if isinstance(taken.get(self.urls.asset("aboveboard.css")), Made):
            raise PluginError("two aboveboard plugins write to one place: give one of them a prefix of its own")
        if self.made.settings.page_events:
            for at, document in self.documents.items():
                if self.urls.file(at) not in taken:
                    files.append(_written(document, self.urls.file(at), config))
                    taken[self.urls.file(at)] = files.documentation_pages()[-1]
        self.taken = set(taken)
        every = bundling.paths(self.editions, self.documents.values(), beside=not untold)
        self.ours = {path: Made(path, config) for path in every if path not in taken}
        for made in self.ours.values():
            files.append(made)

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
        for page in pages if self.inside.alone else ():
            # MkDocs says that every page changed when it was built, also of those that stay as they are.
            page.update_date = sitemap.day(self.documents[self.urls.page(Page.BOARD)].changed)
            page.meta.setdefault("template", PROSE)
            if page.meta["template"] == PROSE and page.title:
                _escape_title(page)
        env.globals.setdefault("aboveboard_in", self.inside)  # for templates that are nobody's page
        self.frames = Frames(lambda depth, lang: self._render(depth, lang, env, config))
        self.frames.others[:] = [page.file.dest_uri for page in pages]
        if self.made.settings.page_events:
            return  # search reads the pages themselves
        if index := search.Index.of(config.plugins):
            for entry in search.findable(self.pages):
                index.add(entry)

    def _misplaced(self, page: HostPage, env: Environment, config: MkDocsConfig) -> Iterator[Problem]:
        """A page that asks for a template of ours and stands elsewhere: the links on it would be wrong."""
        every = [plugin for plugin in config.plugins.values() if isinstance(plugin, AboveboardPlugin)]
        ours = {at: document.template for plugin in every for at, document in plugin.documents.items()}
        template = page.meta.get("template")
        if template not in set(filter(None, ours.values())) or template == ours.get(_address(page)):
            return
        if Path(env.get_template(template).filename or "").parent in (TEMPLATES, BEHIND):
            places = [f"{at}index.md" for at, named in ours.items() if named == template]
            path = Path(os.path.relpath(Path(config.docs_dir, page.file.src_uri), self.made.root)).as_posix()
            sentence = f'"{template}" is for {" or ".join(places[:2])}; move this page there'
            yield Problem(path, 1, 1, sentence, "template")

    @event_priority(100)
    def on_page_content(self, html: str, *, page: HostPage, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG002
        """Of a page that goes through MkDocs, give its content to the plugins that come after."""
        document = self.documents.get(_address(page))
        if document is None or page.file.generated_by != "aboveboard":  # it may be another plugin's of this name
            return html
        self.texts[page.file.dest_uri] = text = document.text()
        return text.content

    @event_priority(-100)
    def on_page_context(
        self,
        context: TemplateContext,
        *,
        page: HostPage,
        config: MkDocsConfig,
        nav: Navigation,  # noqa: ARG002
    ) -> TemplateContext:
        """Give the report to a page that a person wrote and that asks for it: first holes, which are filled last."""
        document, template = self.documents.get(_address(page)), page.meta.get("template")
        words = page.content or ""
        if "aboveboard" in context:
            return context
        if text := self.texts.get(page.file.dest_uri):
            return self._with(context, page, text._replace(content=words))
        if document and document.template and document.template == template:
            self.frames.words[document.at] = words
            self._speak(document.lang, config)
            return self._with(context, page, HOLES)
        if template == PROSE:
            words = _HEADING.sub("", words, count=1)
            return self._with(context, page, self.pages.prose(_address(page), _title(page), words))
        return context

    @event_priority(-100)
    def on_post_page(self, output: str, *, page: HostPage, config: MkDocsConfig) -> str:
        """Fill the holes of a page that a person wrote."""
        at = _address(page)
        if at not in self.frames.words or page.title == HOLES.title:
            return output
        output = self._in_language(output, self._speak(self.documents[at].lang, config))
        self._speak("", config)
        return self._filled(at, output, lambda: self.documents[at].text(self.frames.words[at]))

    def _filled(self, at: str, output: str, text: Callable[[], Text]) -> str:
        """A page of the host with holes, filled unless whoever publishes it does so."""
        try:
            frame = self.frames.written[at] = Frame.of(output, 0)
        except ValueError as wrong:
            raise PluginError(str(wrong)) from None
        return output if self.memo else frame.filled(at, text()).decode()

    def on_template_context(
        self,
        context: TemplateContext,
        *,
        template_name: str,
        config: MkDocsConfig,  # noqa: ARG002
    ) -> TemplateContext:
        """Give holes to the page for whatever is not there."""
        if template_name != self.urls.missing or self.made.settings.prefix:
            return context
        return cast("TemplateContext", {**context, "aboveboard": HOLES, "aboveboard_in": self.inside})

    def on_post_template(self, output: str, *, template_name: str, config: MkDocsConfig) -> str:
        """Fill the page for whatever is not there, unless it is the site's own, and put our pages into the sitemap."""
        if template_name == self.urls.missing and HOLES.content in output and not self.made.settings.prefix:
            return self._filled(self.urls.missing, output, self.pages.missing)
        if template_name != SITEMAP or not config.site_url:
            return output
        self.sitemap = output
        if self.memo:
            return output
        shown = [(one.at, one.changed) for one in self.documents.values() if self.urls.file(one.at) in self.ours]
        if self.listed[:2] != (output, shown):  # mostly an edit changes nothing of it
            text = sitemap.extended(output, ((self.urls.absolute(at), changed) for at, changed in shown))
            self.listed = output, shown, text
        return self.listed[2]

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write everything, unless somebody else does."""
        if self.memo:
            return  # and neither are holes filled and the sitemap extended
        if self.serving and self.held and not _rename(self._aside(config), self._notices(config)):
            rmtree(self._aside(config), ignore_errors=True)
            self.held = {}
        held = {name: one for name, one in self.held.items() if bundling.NOTICES in name}
        try:
            known = list(documents.overviews(self.editions))
            ours = bundling.bundles(self.editions, known, self.frames, taken=self.taken)
            every = [bundling.clocked(self.editions, self.frames, taken=self.taken), *ours]
            published = publish(every, Plain(Path(config.site_dir)), held, self.remembered, may_fork=_may_fork())
        except ValueError as wrong:
            raise PluginError(str(wrong)) from None
        self.held = published.held
        build.remember(self.remembered)
        self.remembered.close()
        say_trouble(self.remembered)
        if self.collects:
            gc.enable()

    def on_build_error(self, *, error: Exception) -> None:  # noqa: ARG002
        """Start from an empty folder the next time."""
        if self.collects:
            gc.enable()
        self.held = {}

    def _notices(self, config: MkDocsConfig) -> Path:
        """The folder with most of what we make."""
        return Path(config.site_dir, self.urls.notices)

    def _aside(self, config: MkDocsConfig) -> Path:
        """Where that folder is while MkDocs empties the site: it leaves alone what begins with a dot."""
        return Path(config.site_dir, f".aboveboard{self.made.settings.prefix.replace('/', '-')}")

    def _render(self, depth: int, lang: str, env: Environment, config: MkDocsConfig) -> str:
        """The theme's page with holes, through the events that a page goes through, and into no list of pages."""
        language = self._speak(lang, config)
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
        html = config.plugins.on_post_page(html, page=page, config=config)
        self._speak("", config)
        return self._in_language(html, language)

    def _speak(self, lang: str, config: MkDocsConfig) -> Language:
        """Let Material speak a language, or the site's own again, and say how that is written."""
        if self.speaks is not None:
            config.theme["language"] = lang or self.speaks
        pages = next(one for one in self.pages.every if one.urls.lang == lang)
        code, told = pages.language.code, self.made.settings.host.language
        self.inside = replace(
            self.inside, language=tag(code, told), direction=pages.language.direction, more=pages.words._("More")
        )
        return pages.language

    def _in_language(self, html: str, language: Language) -> str:
        """A page of the theme, which says in which language it is: of that of its settings it does so by itself."""
        if language.code == spoken(self.made.settings.host.language) and language.direction == "ltr":
            return html
        return in_language(html, language.code, language.direction)

    def _with(self, context: TemplateContext, page: HostPage, text: Text) -> TemplateContext:
        """What aboveboard.html prints. MkDocs' templates escape nothing by themselves."""
        page.meta.setdefault("description", escape(text.description))
        return cast("TemplateContext", {**context, "aboveboard": text, "aboveboard_in": self.inside})


def _env(theirs: Callable[[], Environment]) -> Environment:
    """The theme's environment, in which hidden folders are not looked through."""
    env = theirs()
    if type(env.loader) is FileSystemLoader:
        env.loader = _Shown(env.loader.searchpath)
    return env


class _Shown(FileSystemLoader):
    """MkDocs asks for every file of a theme, and leaves out what is hidden: of Material's, ten thousand icons."""

    def list_templates(self) -> list[str]:
        found: set[str] = set()
        for top in self.searchpath:
            for folder, inside, names in os.walk(top):
                inside[:] = [name for name in inside if not name.startswith(".")]
                below = Path(folder).relative_to(top)
                found.update((below / name).as_posix() for name in names)
        return sorted(found)


def _ours(config: MkDocsConfig) -> Iterator[str]:
    """Which shells are asked for by those of our plugins whose the whole site is."""
    every = [plugin.config for plugin in config.plugins.values() if isinstance(plugin, AboveboardPlugin)]
    if config.theme.name in MATERIAL:
        yield from (str(one.get("shell") or Shell.OWN).lower() for one in every if not one.get("prefix"))


def _is_of(file: File, config: MkDocsConfig) -> bool:
    """Whether a file was brought by the theme, and only the theme's own shell asks for it."""
    theirs = file.src_dir in config.theme.dirs and file.src_dir != config.theme.custom_dir
    return theirs and file.dest_uri.startswith("assets/")


def _picture(path: object) -> str:
    """The address of a picture of the site's own; blank for the theme's, and for one that another host would serve."""
    text = str(path or "")
    return "" if "//" in text or text == "assets/images/favicon.png" else text.removeprefix("/")


def _address(page: HostPage) -> str:
    """Where a page stands, as urls.py spells it."""
    return page.file.dest_uri.removesuffix("index.html")


def _written(document: Document, path: str, config: MkDocsConfig) -> File:
    """A page of ours as if a person had written it."""
    title = json.dumps(escape(document.text().title, quote=False))
    head = f"---\ntitle: {title}\ntemplate: aboveboard.html\nhide: [toc]\n---\n"
    file = File.generated(config, f"{document.at}index.md", content=head, inclusion=InclusionLevel.NOT_IN_NAV)
    file.generated_by = "aboveboard"
    file.dest_uri = path
    return file


def _title(page: HostPage) -> str:
    """A person's title as plain text. MkDocs has it as HTML where it was a heading, and as written anywhere else."""
    return unescape(str(page.title))


def _escape_title(page: HostPage) -> None:
    """Let the title be HTML wherever it comes from: themes print it as it is."""
    page.title = escape(_title(page), quote=False)
    if page.meta.get("title"):
        page.meta["title"] = escape(unescape(str(page.meta["title"])), quote=False)


def say_trouble(memo: Memo) -> None:
    """One line, where what was remembered is of no use."""
    if memo.trouble:
        log.info(memo.trouble)


def _may_fork() -> bool:
    """`mkdocs serve` answers browsers in another thread, which a fork would leave half alive."""
    return threading.active_count() == 1


def _rename(old: Path, new: Path) -> bool:
    """Whether a folder has another name now; it has not where another folder has that."""
    if not old.is_dir() or new.exists():
        return False
    new.parent.mkdir(parents=True, exist_ok=True)
    old.rename(new)
    return True
