"""What is made of notices on one site, besides the notices."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from msgspec import Struct

from .settings import Settings
from .urls import Urls


class Site(Struct, frozen=True, kw_only=True):
    """A site, or our part of one."""

    root: Path
    """The project's folder."""
    settings: Settings
    extensions: tuple[str, ...]
    """Of Markdown, by name."""
    configs: Mapping[str, Mapping[str, object]]
    """Their options, by their names."""
    overrides: tuple[Path, ...]
    """Folders with templates that win over ours."""
    own: bool
    """Whether the whole site is ours, rather than a part of somebody's, and we know what it asks for."""
    shell: bool
    """Whether our pages stand in a shell of our own, rather than in the host's."""
    scale: Fraction
    """Fits the style sheets to the size of the host's letters."""

    @property
    def urls(self) -> Urls:
        """Its addresses."""
        return Urls(self.settings)
