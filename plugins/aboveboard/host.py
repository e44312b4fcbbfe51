"""A whole site, published at once: by the short way where MkDocs would say what it said before, else by asking it."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time_ns
from typing import TYPE_CHECKING, Any

from . import build, given
from .exchange import exchanged
from .given import SITEMAP, Given, Part
from .memo import MEMO, Memo
from .problem import Problem, Refused
from .publish import Bundle, Progress, holding, noted, publish
from .render.pages import Pages

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

    from .plugin import AboveboardPlugin

CONFIGS = ("mkdocs.yml", "mkdocs.yaml")
"""Where MkDocs looks for a configuration."""

log = logging.getLogger("mkdocs.plugins.aboveboard")


@dataclass(frozen=True, slots=True)
class Done:
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
    config: Path, site: Path | None = None, *, strict: bool = False, may_fork: bool = True, progress: Progress | None
) -> Done:
    """Publish the site of a configuration, in another folder than it says where one is given.

    Raises problem.Refused, OSError with a path and a sentence, and what MkDocs raises and has logged. Then the site
    is as it was.
    """
    memo = Memo(config.absolute().parent / MEMO)
    known = given.remembered(memo, config.absolute(), os.environ, datetime.now(UTC))
    asked = None if known else _configured(config, strict)
    shown = site or (known.site_dir if known else Path(asked.site_dir if asked else ""))
    with exchanged(shown.absolute().resolve()) as fresh:
        held = holding(fresh.note)
        every: Sequence[Bundle] | None = None
        theirs = held[given.HOST].files if given.HOST in held else {}
        with TemporaryDirectory(prefix="aboveboard-") as made:
            if known and {path: one.digest for path, one in theirs.items()} == known.files:
                every = _remembered(known, memo, strict=strict, may_fork=may_fork)
            if every is None:
                every = _asked(asked or _configured(config, strict), Path(made), memo)
            done = publish(every, fresh, held, memo, may_fork=may_fork, progress=progress or (lambda *_: None))
        fresh.done([*done.changed, *done.removed], noted(done.held))
    build.remember(memo)
    return Done(shown, done.count, done.changed, done.removed, memo.trouble)


def _remembered(known: Given, memo: Memo, *, strict: bool, may_fork: bool) -> list[Bundle] | None:
    """Every file, without a word from MkDocs; None where it must be asked."""
    every: list[Pages] = []
    for part in known.parts:
        index = build.read(part.site, memo, time_ns(), may_fork=may_fork)
        now, fixed = build.moment(part.site.settings, os.environ, datetime.now(UTC))
        every.append(build.reported(part.site, index, now, memo, fixed=fixed))
        for line in build.told(part.site, every[-1].report):
            (log.warning if line.loud and not strict else log.info)(line.text)
    try:
        return list(given.bundles(known, every, memo, _nothing))
    except given.Unknown:
        return None


def _nothing(path: str) -> bytes:
    raise LookupError(path)


def _asked(config: MkDocsConfig, made: Path, memo: Memo) -> list[Bundle]:
    """Every file, those of MkDocs from where it has made them."""
    from mkdocs.commands.build import build as host_build
    from mkdocs.exceptions import PluginError

    site_dir, config.site_dir = Path(config.site_dir), str(made)
    ours = plugins(config)
    try:
        for plugin in ours:
            plugin.read(config, memo)
            plugin.memo = memo
        with _warnings() as warned:
            config.plugins.on_startup(command="build", dirty=False)
            host_build(config)
            config.plugins.on_shutdown()
    finally:
        for plugin in ours:
            plugin.memo = None  # MkDocs keeps plugins for another build in the same process
    known = _given(config, ours, made, site_dir)
    pages = [plugin.pages for plugin in ours]
    try:
        every = list(given.bundles(known, pages, memo, lambda path: (made / path).read_bytes()))
    except ValueError as wrong:  # a theme without what no page can do without
        raise PluginError(str(wrong)) from None
    events = any(plugin.made.settings.page_events for plugin in ours)
    if not (warned or events or SEARCH in known.files) and given.may_be_kept(
        known.config, config.plugins, config.markdown_extensions
    ):
        given.remember(memo, known)
    return every


def _given(config: MkDocsConfig, ours: Sequence[AboveboardPlugin], made: Path, site_dir: Path) -> Given:
    """What MkDocs has made of a configuration."""
    from .render import search

    path = Path(config.config_file_path or CONFIGS[0]).absolute()
    folders = (Path(config.docs_dir), *([Path(config.theme.custom_dir)] if config.theme.custom_dir else []))
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
        entries = [
            entry for plugin in ours for entry in search.entries(plugin.pages.report, plugin.urls, plugin.pages.to_html)
        ]
        found = given.Found.around(SEARCH, file.read_text("utf-8"), entries, shown_as_html=index.shown_as_html)
        if found:
            files.pop(SEARCH)
    return Given(
        config=path,
        folders=folders,
        inputs=given.digest(path, folders, ours[0].pages.report.now),
        site_dir=site_dir,
        parts=tuple(Part(plugin.made, plugin.frames) for plugin in ours),
        files={path: blake2b(file.read_bytes(), digest_size=16).digest() for path, file in files.items()},
        asked=frozenset(path for plugin in ours for path, made in plugin.ours.items() if made.asked),
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


def found(file: Path | None) -> Path:
    """The configuration file: the one that is named, else MkDocs' usual one."""
    for path in [file] if file else map(Path, CONFIGS):
        if path.exists():
            return path
    sentence = "there is no such file" if file else "there is no such file here; name one with --config-file"
    raise Refused([Problem(str(file or CONFIGS[0]), 1, 1, sentence)])


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
