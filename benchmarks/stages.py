"""How long each stage of a build takes, in one process of its own. Prints JSON: seconds by stage.

    python benchmarks/stages.py FOLDER

FOLDER holds mkdocs.yml and the site that was built from it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from generate import NOW

NAMES = {
    "start": "start: imports, configuration",
    "read": "read: files, front matter",
    "parse": "parse: notices",
    "report": "report: everything decided",
    "markdown": "pages: Markdown",
    "templates": "pages: templates, without the theme's page around them",
    "search": "entries for search",
    "feeds": "feeds",
    "write": "write: every page, into an empty folder",
}
"""The stages in their order, and what the table calls them."""


class Stopwatch:
    """Adds up seconds."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(NAMES, 0.0)

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Count what is done meanwhile for `stage`."""
        began = perf_counter()
        yield
        self.seconds[stage] += perf_counter() - began


def measure(root: Path) -> dict[str, float]:
    """The plot of aboveboard/build.py, one stage after the other and nothing remembered."""
    stage = Stopwatch()
    with stage("start"):
        from mkdocs.config import load_config

        from aboveboard import build, folder, source
        from aboveboard.plugin import AboveboardPlugin
        from aboveboard.render import markdown, search
        from aboveboard.render.feeds import Feeds
        from aboveboard.render.pages import Pages
        from aboveboard.report import Report
        from aboveboard.urls import Urls

        config = load_config(str(root / "mkdocs.yml"))
    plugin = config.plugins["aboveboard"]
    if not isinstance(plugin, AboveboardPlugin):
        raise TypeError("what mkdocs.yml calls aboveboard is another plugin")
    settings, _ = plugin.read(config)
    with stage("read"):
        reading = source.read(root / settings.incidents, settings.incidents)
    with stage("parse"):
        log = folder.log(reading, settings)
    with stage("report"):
        report = Report.of(log, settings, NOW)
    converted = markdown.converter(config.markdown_extensions, config.mdx_configs)

    def to_html(text: str) -> str:
        with stage("markdown"):
            return converted(text)

    urls = Urls(settings)
    pages = Pages(report, urls, to_html)
    with stage("templates"):
        for document in build.documents(pages):
            document.text()
    stage.seconds["templates"] -= stage.seconds["markdown"]
    with stage("search"):
        list(search.entries(report, urls, converted))
    with stage("feeds"):
        feeds = Feeds(report, urls, converted)
        feeds.atom()
        feeds.rss()
    paths = [urls.file(document.at) for document in build.documents(pages)]
    files = [build.Artefact(path, partial(bytes, (root / "site" / path).read_bytes())) for path in paths]
    with TemporaryDirectory(dir=root) as site, stage("write"):
        build.publish(files, Path(site))
    return stage.seconds


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(Path(sys.argv[1]))))
