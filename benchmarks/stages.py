"""How long each stage of a build takes, in one process of its own. Prints JSON: seconds by stage.

    python benchmarks/stages.py FOLDER [--remembered]

FOLDER holds mkdocs.yml and the site that was built from it. Without `--remembered` everything is made anew, one thing
after the other in one process; with it, only what a build makes of which one notice has just changed.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, time_ns

from generate import NOW

NOTHING = {
    "start": "start: imports, MkDocs' configuration",
    "read": "read: files, front matter",
    "parse": "parse: notices",
    "index": "index: what can be said without opening a notice",
    "report": "report: everything decided but notice by notice",
    "notices": "report: notice by notice",
    "markdown": "pages: Markdown",
    "templates": "pages: templates, without the theme's page around them",
    "search": "entries for search",
    "outlets": "feeds, tables and all else that is no page",
    "frames": "the theme's page around them",
    "write": "write: every page, into an empty folder",
}
REMEMBERED = {
    "start": "start: imports",
    "given": "what MkDocs gave the last time",
    "read": "read: which notices have changed, and those",
    "report": "report: everything decided",
    "inputs": "inputs: what has to be made",
    "exchange": "the second copy of the site, brought up to date",
    "make": "make and write what has to be",
    "publish": "exchange the two, and remember",
}
"""The stages in their order, and what the tables call them."""


class Stopwatch:
    """Adds up seconds."""

    def __init__(self, stages: dict[str, str]) -> None:
        self.seconds = dict.fromkeys(stages, 0.0)

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Count what is done meanwhile for `stage`."""
        began = perf_counter()
        yield
        self.seconds[stage] += perf_counter() - began


def nothing(root: Path) -> dict[str, float]:  # noqa: PLR0915, the plot from top to bottom
    """The plot of aboveboard/build.py, one stage after the other and nothing remembered."""
    stage = Stopwatch(NOTHING)
    with stage("start"):
        from mkdocs.config import load_config

        from aboveboard import build, documents, folder, source
        from aboveboard.given import remembered
        from aboveboard.host import plugins
        from aboveboard.index import Index
        from aboveboard.memo import MEMO, Memo
        from aboveboard.outlets import OUTLETS
        from aboveboard.render import markdown, search
        from aboveboard.render.pages import Pages
        from aboveboard.report import Report

        config = load_config(str(root / "mkdocs.yml"))
        (plugin,) = plugins(config)
        site = plugin.site(config)
    with stage("read"):
        reading = source.read(root / site.settings.incidents, site.settings.incidents)
    with stage("parse"):
        log = folder.log(reading, site.settings)
    with stage("index"):
        index = Index.of(log, site.settings.zone)
    with stage("report"):
        report = Report.of(index, site.settings, NOW)
    with stage("notices"):
        for id_ in report.notices:
            report.notices[id_]
    converted = markdown.converter(site.extensions, site.configs)

    def to_html(text: str) -> str:
        with stage("markdown"):
            return converted(text)

    pages = Pages(report, site.urls, to_html, shell=site.shell)
    editions = build.editions(site, pages)
    every = list(documents.every(editions))
    with stage("templates"):
        texts = [(document.at, document.text()) for document in every]
    stage.seconds["templates"] -= stage.seconds["markdown"]
    with stage("search"):
        list(search.entries(report, site.urls, converted))
    basis = editions[0].basis
    with stage("outlets"):
        for outlet in OUTLETS:
            found = [*outlet.files(basis)]
            if beside := outlet.beside:
                found += [file for entry in report.index.values() for file in beside(basis, entry)]
            for file in found:
                file.make()
    memo = Memo(root / MEMO)
    known = remembered(memo, root / "mkdocs.yml", {"SOURCE_DATE_EPOCH": f"{NOW.timestamp():.0f}"}, NOW)
    memo.close()
    if known is None:
        raise LookupError("the folder's site is not built for this time")
    frames = known.parts[0].frames
    with stage("frames"):
        whole = [(at, frames.frame(at).filled(at, text)) for at, text in texts]
    with TemporaryDirectory(dir=root) as empty, stage("write"):
        for at, data in whole:
            path = Path(empty, site.urls.file(at))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    return stage.seconds


def remembered(root: Path) -> dict[str, float]:
    """The short way of aboveboard/host.py, one stage after the other, a minute later."""
    stage = Stopwatch(REMEMBERED)
    with stage("start"):
        import aboveboard.cli  # noqa: F401, it is what begins
        from aboveboard import build, given
        from aboveboard.exchange import exchanged
        from aboveboard.memo import MEMO, Memo
        from aboveboard.publish import holding, noted, publish
        from aboveboard.start import Start

    now = NOW + timedelta(minutes=1)
    with stage("given"):
        memo = Memo(root / MEMO)
        epoch = {"SOURCE_DATE_EPOCH": f"{now.timestamp():.0f}"}
        known = given.remembered(memo, root / "mkdocs.yml", epoch, now)
    if known is None:
        raise LookupError("the folder's site is not built for this day")
    with stage("read"):
        read = build.read(known.parts[0].site, Start(memo), time_ns())
    with stage("report"):
        pages = build.reported(known.parts[0].site, read, now, Start(memo))
    with stage("inputs"):
        editions = build.editions(known.parts[0].site, pages, memo)
        every = list(given.bundles(known, [editions], _nothing))
    entered = exchanged(root / "site")
    with stage("exchange"):
        fresh = entered.__enter__()
        held = holding(fresh.note)
    with stage("make"):
        done = publish(every, fresh, held, memo)
    with stage("publish"):
        fresh.done([*done.changed, *done.removed], noted(done.held))
        entered.__exit__(None, None, None)
        build.remember(memo)
        memo.close()
    return stage.seconds


def _nothing(path: str) -> bytes:
    raise LookupError(path)


if __name__ == "__main__":
    gc.disable()  # as a build does
    measure: Callable[[Path], dict[str, float]] = remembered if "--remembered" in sys.argv else nothing
    sys.stdout.write(json.dumps(measure(Path(sys.argv[1]).resolve())))
