"""What a web server should say beside each file, as `_headers`, which Netlify, Cloudflare and others read.

Where two rules give one header to a file, one of these hosts joins the two and another takes the longer path's. So no
two rules do: a folder has one rule, and only what no folder says otherwise stands at `/*`.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection, Iterable, Iterator, Mapping
from hashlib import sha256

SOON = "public, max-age=30"
"""Of what says how things are: to go back to it is free, and it is never half a minute old."""

SELDOM = "public, max-age=3600, stale-while-revalidate=604800"
"""Of style sheets, scripts and pictures: they keep their names when they change, and nobody waits for the next."""

EVERYWHERE: Mapping[str, str] = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}

ANYWHERE: Mapping[str, str] = {"Access-Control-Allow-Origin": "*"}
"""Any page on the web may read it: that is what it is for."""

HIDDEN: Mapping[str, str] = {"X-Robots-Tag": "noindex"}

EMBEDDED = "embed"
"""The one folder whose pages may stand in the pages of others."""

ASSETS = frozenset({"assets", "cards"})

MIXED = frozenset({"candour", "embed", "incidents", "search"})
"""Folders of pages in which lies what programs read, too: a rule cannot tell the two apart."""


def text(
    pages: Iterable[str], data: Iterable[str], *, policy: str, hidden: bool, languages: Collection[str] = ()
) -> str:
    """The file, for a site with these pages and these other files, by their paths.

    `policy` is that of pages, without who may frame them; blank where none is known. `hidden` keeps search engines off.
    Below the folder of each of the other `languages` lies what lies at the root: it has rules for each folder too.
    """
    folders = sorted({_folder(path, languages) for path in pages})
    answers = sorted({_folder(path, languages) for path in data} - {*folders})
    rules: dict[str, Mapping[str, str]] = {"/*": {**EVERYWHERE, **(HIDDEN if hidden else {})}}
    for folder in folders:
        rules[folder] = _page(folder, policy)
    for folder in answers:
        name = folder.strip("/*").rpartition("/")[2]
        rules[folder] = {"Cache-Control": SELDOM} if name in ASSETS else {"Cache-Control": SOON, **ANYWHERE}
    return "".join(_written(rules))


def policy(scripts: Iterable[str] = (), *, theme: bool = False) -> str:
    """A Content-Security-Policy that allows what lies on this site, and these scripts inside pages by their hashes.

    The theme's style sheets hold pictures.
    """
    hashes = sorted({f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in scripts})
    parts = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *hashes]),
        "style-src": "'self'",
        "img-src": "'self' data:" if theme else "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in parts.items())


def _folder(path: str, languages: Collection[str]) -> str:
    """What a rule says of a file: everything in its first folder, or it alone."""
    first, below, rest = path.partition("/")
    if below and first in languages:
        return f"/{first}{_folder(rest, ())}"
    return f"/{first}/*" if below else f"/{'' if path == 'index.html' else path}"


def _page(folder: str, policy: str) -> Mapping[str, str]:
    name = folder.strip("/*").rpartition("/")[2] if folder.endswith("/*") else ""
    said = {"Cache-Control": SOON, **(ANYWHERE if name in MIXED else {})}
    framed = "*" if name == EMBEDDED else "'none'"
    return said | ({"Content-Security-Policy": f"{policy}; frame-ancestors {framed}"} if policy else {})


def _written(rules: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    for path, said in rules.items():
        yield f"{path}\n"
        yield from (f"  {name}: {value}\n" for name, value in said.items())
