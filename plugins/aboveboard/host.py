"""A whole site, published at once: by the short way where MkDocs would say what it said before, else by asking it."""

from __future__ import annotations

import gc
import logging
import os
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time_ns
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateError, TemplateSyntaxError
from msgspec import Struct
from msgspec.structs import replace

from . import build, given
from .advice import advice
from .edition import Edition
from .exchange import exchanged
from .given import SITEMAP, Given, Part
from .moment import moment
from .problem import Problem, Refused
from .publish import Bundle, Progress, holding, noted, publish
from .render.frame import Frames
from .start import CONFIGS, Folder, Start, begin, found, remember

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

    from .plugin import AboveboardPlugin

log = logging.getLogger("mkdocs.plugins.aboveboard")


class Done(Struct, frozen=True):
    """What came of a build."""

    site: Path
    count: int
    """How many files there are."""
    changed: Sequence[str]
    removed: Sequence[str]
    trouble: str
    """Why nothing could be remembered; blank where it could."""


@contextmanager
def _garbage_kept() -> Iterator[None]:
    """What a build makes lives until its end: to look for what does not takes a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@_garbage_kept()
def build_site(
    config: Path,
    site: Path | None = None,
    *,
    begun: Start | None = None,
    strict: bool = False,
    may_fork: bool = True,
    progress: Progress | None,
) -> Done:
    """Publish the site of a configuration, in another folder than it says where one is given.

    It may have `begun` before this module was imported. Raises problem.Refused, OSError with a path and a sentence, and
    what MkDocs raises and has logged. Then the site is as it was.
    """
    clock = datetime.now(UTC)
    begun = begun or begin(config, time_ns(), may_fork=False)
    memo = begun.memo
    try:
        known = given.remembered(memo, config.absolute(), os.environ, clock)
        before = config.read_bytes()
        asked = None if known else _configured(config, strict)
        shown = site or (known.site_dir if known else Path(asked.site_dir if asked else ""))
        with exchanged(shown.absolute().resolve()) as fresh, TemporaryDirectory(prefix="aboveboard-") as made:
            held = holding(fresh.note)
            theirs = held[given.HOST].files if given.HOST in held else {}
            every: Iterable[Bundle] | None = None
            later: list[Callable[[], None]] = []
            if known and theirs == known.files:
                every = _remembered(known, begun, clock, strict=strict, may_fork=may_fork)
            if every is None:
                asked = asked or _configured(config, strict)
                waiting = replace(begun, later=later)
                every = _asked(asked, Path(made), waiting, clock, before, may_fork=may_fork)
            gone = [] if held else list(_files(fresh.site))
            done = publish(
                every,
                fresh,
                held,
                memo,
                may_fork=may_fork,
                progress=progress or (lambda *_: None),
                besides=partial(_each, later),
            )
            fresh.done([*done.changed, *done.removed], noted(done.held), done.times)
        build.remember(memo)
        removed = sorted({*done.removed, *(path for path in gone if path not in done.times)})
        return Done(shown, done.count, done.changed, removed, memo.trouble)
    except Exception as wrong:
        if problem := _no_template(wrong):
            raise Refused([problem]) from None
        raise
    finally:
        memo.close()


def _each(some: Iterable[Callable[[], None]]) -> None:
    for one in some:
        one()


def _files(site: Path) -> Iterator[str]:
    """What is in a site of which nothing is known, without what is hidden."""
    for folder, inside, names in os.walk(site):
        below = Path(folder).relative_to(site)
        if below == Path():
            inside[:] = [name for name in inside if not name.startswith(".")]
            names = [name for name in names if not name.startswith(".")]  # noqa: PLW2901
        yield from ((below / name).as_posix() for name in names)


def _no_template(wrong: Exception) -> Problem | None:
    """What is wrong with a template; None where nothing is, or where one of ours has called what then went wrong."""
    frames = [frame for frame in traceback.extract_tb(wrong.__traceback__) if frame.filename.endswith(".html")]
    path, line = (frames[-1].filename, frames[-1].lineno or 1) if frames else ("templates", 1)
    if isinstance(wrong, TemplateSyntaxError):
        path, line = wrong.filename or wrong.name or path, wrong.lineno
    if isinstance(wrong, TemplateError):
        return Problem(path, line, 1, f"this template cannot be used: {wrong.message}")
    if not frames or Path(path).is_relative_to(Path(__file__).parent):
        return None
    return Problem(path, line, 1, f"this template cannot be used: {type(wrong).__name__}, {wrong}")


def _remembered(
    known: Given, begun: Start, clock: datetime, *, strict: bool, may_fork: bool
) -> Iterable[Bundle] | None:
    """Every file, without a word from MkDocs; None where it must be asked."""
    every: list[Sequence[Edition]] = []
    for part in known.parts:
        read = build.read(part.site, begun, time_ns(), may_fork=may_fork)
        now, fixed = moment(part.site.settings, os.environ, clock)
        pages = build.reported(part.site, read, now, begun, fixed=fixed)
        every.append(build.editions(part.site, pages, begun.memo))
    try:
        made = given.bundles(known, every, _nothing)
    except given.Unknown:
        return None
    for part, (own, *_) in zip(known.parts, every, strict=True):
        for line in advice(part.site, own.pages):
            (log.warning if line.loud and not strict else log.info)(line.text)
    return made


def _nothing(path: str) -> bytes:
    raise LookupError(path)


def _asked(
    config: MkDocsConfig, made: Path, begun: Start, clock: datetime, before: bytes, *, may_fork: bool
) -> list[Bundle]:
    """Every file, those of MkDocs from where it has made them."""
    from mkdocs.commands.build import build as host_build
    from mkdocs.exceptions import PluginError

    site_dir, config.site_dir = Path(config.site_dir), str(made)
    ours = plugins(config)
    read = [plugin.read(config, begun) for plugin in ours]
    compiled = build.compiled_meanwhile([plugin.made for plugin in ours], begun.memo, clock, may_fork=may_fork)
    memo, path, folders = begun.memo, _config_file(config), _folders(config)
    remember(memo, path, [Folder(plugin.made.root, plugin.made.settings) for plugin in ours])
    parts = tuple(Part(plugin.made, _NO_FRAMES) for plugin in ours)
    inputs = given.digest(path, folders, parts, os.environ, clock)
    apart = given.apart(path, folders, config.plugins, config.nav)
    try:
        for plugin, one in zip(ours, read, strict=True):
            plugin.decide(one, begun, clock)
            plugin.memo, plugin.apart = memo, apart
        with _warnings() as warned:
            config.plugins.on_startup(command="build", dirty=False)
            host_build(config)
            config.plugins.on_shutdown()
    finally:
        for plugin in ours:
            plugin.memo, plugin.apart = None, False  # MkDocs keeps plugins for another build in the same process
        compiled()
    known = _given(config, ours, made, site_dir, inputs)
    editions = [plugin.editions for plugin in ours]
    try:
        every = list(given.bundles(known, editions, lambda path: (made / path).read_bytes()))
    except ValueError as wrong:  # a theme without what no page can do without
        raise PluginError(str(wrong)) from None
    # Somebody may have written to the host's own files while it read them.
    same = path.read_bytes() == before and given.digest(path, folders, parts, os.environ, clock) == inputs
    templates = [*config.extra_templates, *config.theme.static_templates - _STATIC]
    if (
        same
        and apart
        and not warned
        and SEARCH not in known.files
        and given.may_be_kept(known, theme=config.theme.name or "", templates=templates)
    ):
        given.remember(memo, known)
    return every


_STATIC = {"404.html", "sitemap.xml"}
"""Templates that every theme of MkDocs has."""

_NO_FRAMES = Frames(given.unrendered)


def _config_file(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path or CONFIGS[0]).absolute()


def _folders(config: MkDocsConfig) -> tuple[Path, ...]:
    """Where MkDocs reads what a person wrote and changed."""
    return (Path(config.docs_dir), *([Path(config.theme.custom_dir)] if config.theme.custom_dir else []))


def _given(config: MkDocsConfig, ours: Sequence[AboveboardPlugin], made: Path, site_dir: Path, inputs: bytes) -> Given:
    """What MkDocs has made of a configuration."""
    from .render import search

    files = {one.relative_to(made).as_posix(): one for one in sorted(made.rglob("*")) if one.is_file()}
    for plugin in ours:
        for at in plugin.frames.written:
            files.pop(plugin.urls.file(at), None)
    sitemap = ours[0].sitemap
    if sitemap is not None:
        files.pop(SITEMAP, None)
        files.pop(f"{SITEMAP}.gz", None)
    found = None
    if (index := search.Index.of(config.plugins)) and (file := files.get(SEARCH)):
        entries = [entry for plugin in ours for entry in search.findable(plugin.pages)]
        found = given.Found.around(SEARCH, file.read_text("utf-8"), entries, shown_as_html=index.shown_as_html)
        if found:
            files.pop(SEARCH)
    return Given(
        config=_config_file(config),
        folders=_folders(config),
        inputs=inputs,
        changed=tuple(given.newest(plugin.pages) for plugin in ours),
        site_dir=site_dir,
        parts=tuple(Part(plugin.made, plugin.frames) for plugin in ours),
        files={path: blake2b(file.read_bytes(), digest_size=16).digest() for path, file in files.items()},
        sitemap=sitemap,
        found=found,
    )


SEARCH = "search/search_index.json"
"""Where both kinds of search have their index."""


@contextmanager
def _warnings() -> Iterator[list[logging.LogRecord]]:
    """What MkDocs warns of, which it shall be able to do again the next time."""
    warned: list[logging.LogRecord] = []

    def note(record: logging.LogRecord) -> bool:
        if record.levelno >= logging.WARNING and record.name != log.name:
            warned.append(record)
        return False

    handler = logging.Handler()
    handler.addFilter(note)
    logger = logging.getLogger("mkdocs")
    logger.addHandler(handler)
    try:
        yield warned
    finally:
        logger.removeHandler(handler)


def _configured(config: Path, strict: bool) -> MkDocsConfig:
    return load(config, strict=strict or None)


def load(file: Path | None, **options: Any) -> MkDocsConfig:
    """MkDocs' configuration, with a plugin of ours in it. Raises Refused, and what MkDocs raises and has logged."""
    from mkdocs.config import load_config
    from mkdocs.exceptions import ConfigurationError

    path = found(file)
    try:
        config = load_config(str(path), **options)
    except ConfigurationError as wrong:
        raise Refused([_no_configuration(path, wrong)]) from None
    except (OSError, UnicodeDecodeError) as wrong:
        raise Refused([Problem(str(path), 1, 1, f"this cannot be read: {wrong}")]) from None
    if not plugins(config):
        sentence = "aboveboard is not among the plugins; write `- aboveboard` below `plugins:`"
        raise Refused([Problem(str(path), 1, 1, sentence)])
    return config


def _no_configuration(path: Path, wrong: Exception) -> Problem:
    """What MkDocs could not make a configuration of, and where."""
    error = wrong.__context__
    mark = getattr(error, "problem_mark", None)
    if mark:
        return Problem(str(path), mark.line + 1, mark.column + 1, f"this is not YAML: {getattr(error, 'problem', '')}")
    if error:
        return Problem(str(path), 1, 1, f"this is not YAML: {' '.join(str(error).split())}")
    return Problem(str(path), 1, 1, "this is not a MkDocs configuration; write keys and values, like `site_name: …`")


def plugins(config: MkDocsConfig) -> list[AboveboardPlugin]:
    """Ours among the site's plugins."""
    from .plugin import AboveboardPlugin

    return [plugin for plugin in config.plugins.values() if isinstance(plugin, AboveboardPlugin)]
