"""Everything that is published besides pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from . import __version__
from .render import (
    assets,
    badges,
    board,
    calendar,
    candid,
    cards,
    due,
    embed,
    feeds,
    finding,
    machines,
    manuscript,
    metrics,
    opml,
    probed,
    promises,
    sheet,
    statuspage,
    worker,
)
from .render.outlet import Basis, File, Outlet
from .report import Report

BUILT = "built.json"
"""Says when the site was made, to pages that do not."""


def _built(basis: Basis) -> Iterator[File]:
    yield File(basis.urls.feed(BUILT), (basis.report.now.isoformat(),), partial(_when, basis.report))


def _when(report: Report) -> bytes:
    said = {"built": report.now.strftime("%Y-%m-%dT%H:%M:%SZ"), "generator": f"Aboveboard {__version__}"}
    return f"{json.dumps(said)}\n".encode()


def _images(basis: Basis) -> Iterator[File]:
    for entry in basis.report.index.values():
        for name in entry.images:
            beside = basis.root / Path(entry.path).with_name(name)
            yield File(unquote(basis.urls.image(entry.id, name)), _stamp(beside), beside.read_bytes)


def _stamp(file: Path) -> tuple[int, ...]:
    """What changes with a file."""
    found = file.stat()
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


OUTLETS: tuple[Outlet, ...] = (
    Outlet(name="built", files=_built),
    board.OUTLET,
    feeds.OUTLET,
    finding.OUTLET,
    opml.OUTLET,
    calendar.OUTLET,
    promises.OUTLET,
    due.OUTLET,
    badges.OUTLET,
    embed.OUTLET,
    candid.OUTLET,
    statuspage.OUTLET,
    machines.OUTLET,
    manuscript.TEXTS,
    manuscript.LISTED,
    metrics.OUTLET,
    sheet.OUTLET,
    probed.OUTLET,
    Outlet(name="images", files=_images),
    assets.OUTLET,
    worker.OUTLET,
    cards.OUTLET,
)
"""A new one is a module in `render` and a line here."""
