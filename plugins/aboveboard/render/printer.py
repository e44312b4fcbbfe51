"""Templates, printed with or without a clock, now and as they will be."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from jinja2 import Environment
from markupsafe import Markup
from msgspec import Struct, field
from msgspec.structs import replace

from ..report import Report
from ..span import epoch
from .clock import Clock
from .environment import SLOT, turn
from .pieces import Pieces, safe

_MARK, _END = f"<{'=' * 15}", ">"
"""Around the name of a template, where there is what it prints. No page has that in it, and it is found in little time:
where a letter is none of a text that is looked for, its length is leapt over.
"""


class Live(NamedTuple):
    """What of a page the clock has a say on."""

    templates: Sequence[str]
    later: Iterable[Report]
    """The report at each instant at which something of it changes."""
    then: Callable[[Report, Clock], Mapping[str, object]]
    """What templates are told then in place of what they were told."""


class Printer(Struct, dict=True):
    """Prints templates, with or without a clock."""

    environment: Environment
    pieces: Pieces
    printed: dict[tuple[str, str, object], Markup] = {}
    """What is the same on every page of a folder: by template, folder and which of the pages it is."""
    parts: dict[str, tuple[object, str]] = {}
    """The parts of the page that was printed last on which the clock has a say: what each is about, and its HTML."""
    seen: set[str] = field(default_factory=set)
    """The names of those that were printed since."""
    bare: bool = False
    """Whether pages are printed with marks where there is what `same` prints."""

    def __post_init__(self) -> None:
        self.environment.globals |= {"same": self.same, "part": self.part}
        self._turn(self.pieces.report, self.pieces.clock)

    def _turn(self, report: Report, clock: Clock) -> None:
        """Tell of this report, at the time of that clock, from now on."""
        self.pieces.report, self.pieces.clock = report, clock
        turn(self.environment, self.pieces)
        self.environment.globals["parts"] = self.environment.get_template("parts.html").make_module()

    def coming(self, at: str, live: Live, context: Mapping[str, object]) -> str:
        """What the parts of the page that was printed last will be later, for its script; blank if they stay so.

        Of each instant only what differs from the one before is told.
        """
        report, clock = self.pieces.report, self.pieces.clock
        states = []
        for one in live.later:
            before, self.seen = dict(self.parts), set()
            self._turn(one, replace(clock, now=one.now))
            for template in live.templates:
                self.print(template, at, {**context, **live.then(one, self.pieces.clock)})
            self.parts |= dict.fromkeys(before.keys() - self.seen, (None, ""))
            changed = {name: html for name, (_, html) in self.parts.items() if before.get(name, (None, ""))[1] != html}
            if changed:
                states.append({"from": epoch(one.now), "parts": changed})
        if self.pieces.report is not report:
            self._turn(report, clock)
        return f'<script type="application/json" class="ab-coming">{_inside_script(states)}</script>' if states else ""

    def part(self, name: str, about: object = None, *, caller: Callable[[], Markup]) -> Markup:
        """A part of a page on which the clock has a say.

        It is about one thing, if any: while that is the very same value, it says what it said when it was last printed.
        """
        self.seen.add(name)
        was = self.parts.get(name)
        if not (was and about is not None and was[0] is about):
            was = self.parts[name] = (about, caller())
        return safe(f'<div data-part="{name}">\n{was[1]}</div>')

    def print(self, template: str, at: str, context: Mapping[str, object]) -> str:
        """What a template makes of the page at that address."""
        self.pieces.go(at)
        return self.environment.get_template(template).render(context)

    def same(self, template: str, page: object) -> Markup:
        """A part of the page that was printed last, in which nothing depends on its place in its folder."""
        return safe(f"{_MARK}{template}{_END}") if self.bare else self._same(template, page)

    def dressed(self, bare: str, page: object) -> str:
        """A page that was printed bare, with all that belongs in it."""
        first, *others = bare.split(_MARK)
        parts = [first]
        for other in others:
            template, _, text = other.partition(_END)
            parts += (self._same(template, page), text)
        return "".join(parts)

    def _same(self, template: str, page: object) -> Markup:
        at, place = self.pieces.at, self.pieces.place
        made = self.printed.get((template, place, page))
        if made is None:
            made = self.printed[template, place, page] = safe(self.print(template, place, {"page": page}))
            self.pieces.go(at)
        if self.environment.globals["languages"] and SLOT in made:
            return made.replace(SLOT, self.pieces.languages())
        return made


def _inside_script(value: object) -> str:
    """JSON that ends no script and begins no comment in one."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/").replace("<!", "\\u003c!")
