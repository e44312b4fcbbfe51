"""How a published page is looked at: which kinds of page there are, in which views, and what must hold in each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from mkdocs.config import load_config
from playwright.sync_api import Page

from aboveboard import folder, source
from aboveboard.model import Incident, Log, Notice
from aboveboard.options import read as read_settings
from aboveboard.settings import Host, Settings

KINDS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "board": r"",
        "history": r"history/",
        "month": r"history/\d{4}-\d\d/",
        "part of history": r"history/((kinds|causes)/[^/]+/)?(\d{4}/)?",
        "notice": r"incidents/[^/]+/",
        "component": r"components/[^/]+/",
        "component's year": r"components/[^/]+/\d{4}/",
        "all maintenance": r"maintenance/",
        "post-mortems": r"post-mortems/",
        "promises": r"promises/",
        "what customers said": r"customers/",
        "uptime": r"uptime/",
        "candour": r"candour/",
        "subscribe": r"subscribe/",
        "search": r"search/",
        "frame on another page": r"embed/([^/]+/)?",
        "a person's own": r"about/",
        "not found": r"404\.html",
    }.items()
}
"""What kind of page lies at which address, below a language's folder where there is one."""

NOTICES = (
    "open incident",
    "incident",
    "incident with post-mortem",
    "open maintenance",
    "maintenance",
    "retirement",
    "announcement",
)
"""The kinds of a notice's page."""


@dataclass(frozen=True)
class Site:
    """A site that is built and served."""

    address: str
    """Without a slash at its end."""
    project: Path
    """Where its `mkdocs.yml` lies."""
    folder: Path
    """Where what is published lies."""

    @cached_property
    def pages(self) -> Mapping[tuple[str, str], str]:
        """By language and kind, the path of the heaviest page. Raises ValueError for one of no known kind."""
        heaviest: dict[tuple[str, str], tuple[int, str]] = {}
        shapes = {f"incidents/{notice.id}/": shape(notice) for notice in self._log.notices}
        languages = self._settings.languages[1:]
        for file in sorted(self.folder.rglob("*.html")):
            path = file.relative_to(self.folder).as_posix().removesuffix("index.html")
            lead, _, rest = path.partition("/")
            language, below = (lead, rest) if lead in languages else ("", path)
            which = language, shapes.get(below) or kind(below)
            heaviest[which] = max(heaviest.get(which, (0, "")), (file.stat().st_size, path))
        return {which: path for which, (_, path) in heaviest.items()}

    def at(self, name: str, view: View) -> str:
        """The address of the heaviest page of a kind; what is there once only is the same for everybody."""
        path = self.pages.get((view.language, name), self.pages["", name])
        return f"{self.address}/{path}"

    @cached_property
    def _settings(self) -> Settings:
        options = load_config(str(self.project / "mkdocs.yml")).plugins["aboveboard"].config
        return read_settings(dict(options), Host(name="", url="https://status.example.org/"))

    @property
    def _log(self) -> Log:
        known = self._settings
        return folder.log(source.read(self.project / known.incidents, known.incidents), known)


def kind(path: str) -> str:
    """The kind of the page at a path. Raises ValueError for one that nobody has named yet."""
    for name, pattern in KINDS.items():
        if pattern.fullmatch(path):
            return name
    raise ValueError(f"{path} is of no known kind: name it in KINDS of tests/looking.py, so that it is looked at")


def shape(notice: Notice) -> str:
    """The kind of a notice's page."""
    open_ = "open " if notice.kind in ("incident", "maintenance") and not notice.is_over else ""
    account = " with post-mortem" if isinstance(notice, Incident) and notice.post_mortem else ""
    return f"{open_}{notice.kind}{'' if open_ else account}"


@dataclass(frozen=True)
class View:
    """How a reader looks at a page."""

    width: int
    dark: bool = False
    forced: bool = False
    """Whether the system forces its own few colours."""
    script: bool = True
    language: str = ""

    def __str__(self) -> str:
        parts = (self.width, self.dark and "dark", self.forced and "forced", not self.script and "no script")
        return " ".join(str(part) for part in (*parts, self.language) if part)

    def open(self, new_page: Callable[..., Page]) -> Page:
        """A page of the browser that looks so."""
        more: dict[str, Any] = {"forced_colors": "active"} if self.forced else {}
        return new_page(width=self.width, dark=self.dark, script=self.script, **more)


AXE = {"target-size": {"enabled": True}}
"""Every rule of axe, best practices too; this one (WCAG 2.2, 2.5.8) is off unless asked for."""


CANVAS = """() => {
    const root = document.documentElement;
    const clear = one => getComputedStyle(one).backgroundColor === "rgba(0, 0, 0, 0)";
    if (clear(root) && clear(document.body)) root.style.backgroundColor = "Canvas";
}"""
"""What a page without a ground of its own stands on by night is dark, too; axe takes it for white."""


def faults(new_page: Callable[..., Page], view: View, address: str) -> Iterator[str]:
    """What is wrong with the page at an address: a sentence each, for all that must hold of any page in any view."""
    said: list[str] = []
    page = view.open(new_page)
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.on("console", lambda told: said.append(f"console: {told.text}") if told.type in ("error", "warning") else None)
    page.on("response", lambda got: said.append(f"{got.status}: {got.url}") if got.status >= 400 else None)
    page.on("requestfailed", lambda asked: said.append(f"failed: {asked.url}"))
    page.goto(address)
    # What is not found is answered with 404, and the console says so: there it is meant.
    yield from (one for one in said if not (address.endswith("404.html") and "404" in one))
    yield from sideways(page)
    if not view.script:
        return  # axe is a script too
    rules = AXE | ({"color-contrast": {"enabled": False}} if view.forced else {})  # then colours are the system's
    page.evaluate(CANVAS)
    for one in Axe().run(page, options={"resultTypes": ["violations"], "rules": rules}).response["violations"]:
        for node in one["nodes"][:3]:
            why = " ".join(check["message"] for check in (*node["any"], *node["all"], *node["none"]))
            yield f"axe {one['id']}: {node['html'][:300]} ({why})"


def sideways(page: Page) -> list[str]:
    """Nothing, or how far the page scrolls sideways and the innermost elements that stick out."""
    return page.evaluate(
        """() => {
            const root = document.documentElement, width = root.clientWidth;
            if (root.scrollWidth <= width) return [];
            const out = [...document.body.querySelectorAll("*")].filter(one => {
                const box = one.getBoundingClientRect();
                return box.width && (box.right > width + 1 || box.left < -1);
            });
            const inner = out.filter(one => !out.some(other => other !== one && one.contains(other)));
            return [`${root.scrollWidth} pixels on a screen of ${width}`,
                ...inner.slice(0, 5).map(one => one.outerHTML.slice(0, 200))];
        }"""
    )
