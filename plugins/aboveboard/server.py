"""The site on this machine, built again whenever a file changes. A mistake is told and ends nothing."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import click
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.livereload import LiveReloadServer
from watchdog import events
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

from .host import build_site, load, plugins
from .problem import Refused
from .settings import INCIDENTS

DELAY = 0.05
"""Seconds without another change after which a build begins: an editor may write a file in several steps."""

CHANGES: list[type[events.FileSystemEvent]] = [
    events.FileCreatedEvent,
    events.FileModifiedEvent,
    events.FileMovedEvent,
    events.FileDeletedEvent,
    events.DirMovedEvent,
    events.DirDeletedEvent,
]
"""What happens to files when somebody changes them. A build opens and closes them as well."""

log = logging.getLogger("mkdocs.plugins.aboveboard")


def serve(config_file: Path, address: str | None, say: Callable[[Refused], None]) -> None:
    """Until somebody presses Ctrl-C. Raises what `load` raises, and OSError where the port is taken."""
    config = load(config_file, dev_addr=address)
    host, port = config.dev_addr
    with TemporaryDirectory(prefix="aboveboard-") as folder:
        site = Path(folder, "site")
        mistakes: list[str] = []

        def build(*, may_fork: bool = False) -> None:
            mistakes[:] = []
            try:
                done = build_site(config_file, site, may_fork=may_fork, progress=None)
            except Refused as refused:
                say(refused)
                mistakes[:] = [str(problem) for problem in refused.problems]
            except (click.ClickException, OSError) as wrong:
                log.error(str(wrong))
                mistakes[:] = [str(wrong)]
            else:
                log.info(f"{len(done.changed):,} of {done.count:,} files written")

        build(may_fork=True)
        root = urlsplit(config.site_url or "").path or "/"
        server = LiveReloadServer(build, host, port, str(site), root)
        server.build_delay = DELAY
        server.observer = _observer()  # type: ignore[assignment]
        server.error_handler = lambda code: _page(code, mistakes, site)
        for path in _watched(config_file, config):
            server.watch(path)
        try:
            server.serve()  # type: ignore[no-untyped-call]
        except KeyboardInterrupt:
            log.info("Shutting down...")
        finally:
            server.shutdown()


def _watched(config_file: Path, config: MkDocsConfig) -> Iterator[str]:
    yield str(config_file)
    yield from (str(folder) for folder in (config.docs_dir, config.theme.custom_dir) if folder)
    yield from config.watch
    for plugin in plugins(config):
        named = plugin.config.get("incidents") or INCIDENTS, plugin.config.get("measured")
        for folder in (config_file.absolute().parent / str(name) for name in named if name):
            if folder.is_dir():
                yield str(folder)


def _page(code: int, mistakes: list[str], site: Path) -> bytes | None:
    """What is shown in place of a page that is not there: the mistakes, or the site's own."""
    if mistakes:
        lines = "\n".join(map(escape, mistakes))
        head = '<meta charset="utf-8"><meta http-equiv="refresh" content="1"><title>Not built</title>'
        return f"<!doctype html>{head}<pre>{lines}</pre>".encode()
    with contextlib.suppress(OSError):
        return (site / f"{code}.html").read_bytes()
    return None


def _observer() -> BaseObserver:
    """One that is told of changes by the system, rather than looking for them twice a second."""

    class Told(Observer):  # type: ignore[misc, valid-type]
        def schedule(
            self, handler: events.FileSystemEventHandler, path: str, *, recursive: bool = False
        ) -> ObservedWatch:
            watch: ObservedWatch = super().schedule(handler, path, recursive=recursive, event_filter=CHANGES)
            return watch

    return Told()
