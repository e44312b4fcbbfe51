"""Small sites in a folder, and MkDocs run on them as a person would."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from click.testing import CliRunner
from mkdocs.__main__ import cli as mkdocs_cli

NOW = "1793620800"
"""2026-11-02 12:00 UTC, as SOURCE_DATE_EPOCH says it."""

CONFIG = """\
site_name: Example
site_url: https://status.example.org/
theme: {name: material, font: false}
plugins:
  - search
  - aboveboard:
      components:
        - {id: mail, name: Mail}
        - {id: webmail, name: Webmail}
"""

NOTICE = """\
---
title: Mail is late
components:
  mail: partial_outage
---

## 2026-11-02 09:31 Investigating

Mail from outside is arriving late. See [what we said before](2026-10-01-disk.md).

## +34m Identified

The disk is full.
"""

EARLIER = """\
---
title: A disk was replaced
components:
  mail: degraded_performance
cause: hardware
postmortem_posted: 2026-10-05 10:00
---

## 2026-10-01 10:00 Investigating

Slow.

## 11:00 Resolved

Not slow.

## Post-mortem

### What we are changing

- [ ] Page at 80 % (owner: platform, due: 2026-10-20)
"""

WORK = """\
---
title: New routers
kind: maintenance
scheduled_for: 2026-11-08 02:00
scheduled_until: 2026-11-08 03:30
components:
  webmail: under_maintenance
---

## 2026-10-26 09:00 Scheduled

Expect two short interruptions.
"""

SITE: Mapping[str, str] = {
    "mkdocs.yml": CONFIG,
    "docs/index.md": "---\ntemplate: board.html\n---\n\nHello.\n",
    "incidents/2026/2026-11-02-mail-late.md": NOTICE,
    "incidents/2026/2026-10-01-disk.md": EARLIER,
    "incidents/2026/2026-11-08-routers.md": WORK,
}


@dataclass(frozen=True)
class Built:
    """What came of a build."""

    status: int
    said: str
    site: Path

    def text(self, path: str) -> str:
        return (self.site / path).read_text("utf-8")

    def files(self) -> dict[str, bytes]:
        """Every file, by its path."""
        found = sorted(path for path in self.site.rglob("*") if path.is_file())
        return {path.relative_to(self.site).as_posix(): path.read_bytes() for path in found}

    def broken_links(self, below: str = "") -> list[str]:
        """Links of pages under a path that lead to no file of the site: pages, style sheets, scripts, feeds."""
        broken = []
        for path in self.files():
            for link in (
                LINK.findall(NOT_YET.sub("", self.text(path)))
                if path.startswith(below) and path.endswith(".html")
                else ()
            ):
                where = self.site if link.startswith("/") else (self.site / path).parent
                target = where / unquote(link.partition("#")[0].partition("?")[0]).lstrip("/")
                if not (target / "index.html" if target.is_dir() else target).is_file():
                    broken.append(f"{path}: {link}")
        return broken


NOT_YET = re.compile(r'<script type="application/json".*?</script>', re.DOTALL)
"""What a page will say later: JSON, in which quotes are spelled otherwise."""

LINK = re.compile(r"""\b(?:href|src)=["']?(?![a-z]+:|//)([^"'\s>]+)""")
"""Where a page refers to a file of its own site."""


def lay_out(root: Path, files: Mapping[str, str] = SITE) -> Path:
    """Write the files into a folder."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return root


def mkdocs(root: Path, *options: str, now: str | None = NOW) -> Built:
    """`mkdocs build` of the folder, in this process; without a `now`, by the site's own or the real clock."""
    told = CliRunner(env={"SOURCE_DATE_EPOCH": now, "NO_MKDOCS_2_WARNING": "1"}).invoke(
        mkdocs_cli,
        ["build", "-f", str(root / "mkdocs.yml"), "-d", str(root / "site"), *options],
        catch_exceptions=False,
    )
    return Built(told.exit_code, told.output, root / "site")
