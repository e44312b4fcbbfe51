"""What keeps the last seen board for when there is no network: a service worker, which a browser lets look after
everything below its own address. A site that wants none publishes one that takes itself away.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from hashlib import blake2b

from . import assets
from .outlet import Basis, File, Outlet

KEPT = ("aboveboard.css", "aboveboard.js")
"""What a board needs."""


def worker(basis: Basis) -> bytes:
    """It is another one as soon as what it keeps is, and browsers then take the new."""
    if not basis.report.settings.offline:
        return assets.read("no-worker.js")
    made = {name: make() for name, make in assets.published(basis) if name in KEPT}
    prefix = len(basis.urls.own(basis.urls.worker)) - len("sw.js")
    own = {
        "version": blake2b(b"\0".join(made.values()), digest_size=6).hexdigest(),
        "assets": [basis.urls.asset(name)[prefix:] for name in made],
    }
    return f"const own = {json.dumps(own)};\n".encode() + assets.read("worker.js")


def _files(basis: Basis) -> Iterator[File]:
    yield File(basis.urls.worker, (), partial(worker, basis))


OUTLET = Outlet(name="worker", files=_files)
