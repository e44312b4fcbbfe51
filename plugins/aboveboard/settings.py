"""Everything that a site decides about its status page, checked and complete."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from .language import ENGLISH
from .model import Component, Group, Rule

INCIDENTS = "incidents"
"""The folder of the notices, where no other is named."""

RESERVED = ("at", "next")
"""Words that mean something in an update's heading and so cannot be a component's id."""


class Shell(StrEnum):
    """What stands around our pages where the whole site is ours."""

    OWN = "own"
    """Our own header and footer, and nothing that no page of ours uses."""
    THEME = "theme"
    """The theme's, with its scripts, its tabs and whatever the site has told it to do."""


class Host(Struct, frozen=True, kw_only=True):
    """What the host, MkDocs, knows of the site."""

    name: str
    url: str | None = None
    """The site's URL with a slash at its end; None where it does not know its own address."""
    directory_urls: bool = True
    """Whether links to a page end in a slash, rather than in index.html."""
    language: str = "en"
    logo: str = ""
    """The address of the site's logo, from its root; blank where it has none."""
    favicon: str = ""
    """The same of the picture for a browser's tab."""


class Goals(Struct, frozen=True, kw_only=True):
    """What a site wants to be measured by; None where it has set itself nothing."""

    first_word: timedelta | None = None
    """From when customers were first hurt to the first post."""
    silence: timedelta | None = None
    """Between two posts while an incident is open."""
    account: int | None = None
    """Working days from the end of a major or critical incident to its post-mortem."""


class Regulation(StrEnum):
    """A law with clocks for those who run a service."""

    NIS2 = "nis2"
    DORA = "dora"


class Settings(Struct, frozen=True, kw_only=True):
    """Everything that a site decides about its status page."""

    host: Host
    name: str
    zone: ZoneInfo
    incidents: str = INCIDENTS
    """The folder of the notices, relative to `mkdocs.yml`."""
    prefix: str = ""
    """What stands before every public path of ours, without slashes at its ends."""
    components: tuple[Component, ...] = ()
    """In the order in which they are shown."""
    groups: tuple[Group, ...] = ()
    since: datetime | None = None
    feed_authority: str
    """Whose the ids in feeds are: a domain that was ours on 1 January 2026 or later."""
    rule: Rule = Rule.STRICT
    """Which of the rules heads the board."""
    causes: Mapping[str, str] = {}
    """The words for each resolution code."""
    contact: str = ""
    description: str = ""
    websub_hub: str = ""
    """A hub that tells subscribers of feeds at once, as feeds name it."""
    indicate_maintenance: bool = False
    """Whether the indicator of Statuspage's JSON may say `maintenance`, a word that not every client knows."""
    now: datetime | None = None
    """The time at which the clock stands, in a sample."""
    max_age: timedelta | None = None
    """How old the site may be before its pages warn that they are."""
    offline: bool = True
    """Whether a reader's browser keeps what they saw last, for when there is no network."""
    page_events: bool = False
    """Whether every page of ours goes through the host and its plugins, one by one."""
    noindex: bool = False
    """Whether search engines are asked to stay away."""
    shell: Shell = Shell.OWN
    """What is wanted around our pages; a guest on somebody's site has no say in it."""
    languages: tuple[str, ...] = (ENGLISH.code,)
    """In which the site is shown, by their codes. The first is its own, in which notices are written."""
    names: Mapping[str, Mapping[str, str]] = {}
    """What components and groups are called in other languages, by these and by their ids."""
    goals: Goals = Goals()
    clocks: tuple[Regulation, ...] = ()
    """The laws by whose clocks it is shown when the public was told."""
    evidence: bool = True
    """Whether git is asked when each word appeared."""
    measured: str = ""
    """The folder with what monitoring saw, relative to `mkdocs.yml`; blank where nothing is to be shown of it."""
    of_form: tuple[str, ...] = ()
    """Commits that change the form of notices and not their words, or that brought them from elsewhere."""

    def in_language(self, code: str) -> Settings:
        """The same with the names that components and groups have in a language."""
        names = self.names.get(code)
        if not names:
            return self
        components = tuple(replace(one, name=names.get(one.id, one.name)) for one in self.components)
        groups = tuple(replace(one, name=names.get(one.id, one.name)) for one in self.groups)
        return replace(self, components=components, groups=groups)

    def component(self, id: str) -> Component | None:  # noqa: A002
        """The declared component of that id."""
        for component in self.components:
            if component.id == id:
                return component
        return None

    def group(self, id: str | None) -> Group | None:  # noqa: A002
        """The declared group of that id."""
        return next((group for group in self.groups if group.id == id), None)
