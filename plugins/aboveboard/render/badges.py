"""Badges: how the site, a group or a component is, and its uptime, as a picture to put anywhere and for shields.io."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import partial
from html import escape

from msgspec import Struct

from ..model import ComponentStatus
from ..report import Report
from ..urls import Urls
from .outlet import Basis, File, Outlet, Said
from .telling import sayable
from .words import CLASS, Words

SHAPES: Mapping[str, str] = {
    "ok": "M8 0a8 8 0 1 0 .01 0z",
    "degraded": "M8 .8 16 15H0z",
    "partial": "M8 0l8 8-8 8-8-8zM8 2.8 2.8 8h10.4z",
    "major": "M.4.4h15.2v15.2H.4zM4.3 2.9 2.9 4.3 6.6 8l-3.7 3.7 1.4 1.4L8 9.4l3.7 3.7 1.4-1.4L9.4 8l3.7-3.7-1.4-1.4L8 "
    "6.6z",
    "maint": "M.6.4h14.8L9.5 8l5.9 7.6H.6L6.5 8z",
    "none": "M0 6.2h16v3.6H0z",
}
"""The shape of each state, in a square of 16. A figure has none."""

FIGURE = "figure"
"""What is no state: a share of time. Colours are for states."""

PLATES: Mapping[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "ok": (("#1c6b51", "#fbf8f0"), ("#5fbf98", "#0f171a")),
    "degraded": (("#e5aa1c", "#17211f"), ("#e6b54c", "#0f171a")),
    "partial": (("#ea7a2c", "#17211f"), ("#f08a4b", "#0f171a")),
    "major": (("#a8182c", "#fbf8f0"), ("#f5625e", "#0f171a")),
    "maint": (("#2b5597", "#fbf8f0"), ("#8ab4f2", "#0f171a")),
    "none": (("#aaa598", "#17211f"), ("#848d8e", "#0f171a")),
    FIGURE: (("#565b51", "#fbf8f0"), ("#a9ab9c", "#0f171a")),
}
"""The colour of each state and of what is written on it, by day and by night: those of the style sheet."""

BAD = (ComponentStatus.PARTIAL_OUTAGE, ComponentStatus.MAJOR_OUTAGE)

CACHED = 300
"""For how many seconds shields.io shows the same: the least that it knows."""

LONGEST = 60
"""How many characters of a name are drawn. All of it is in the text alternative."""


class Badge(Struct, frozen=True):
    """What stands on one."""

    label: str
    message: str
    state: str
    """Its class: a key of `PLATES`."""
    is_bad: bool = False

    def svg(self) -> bytes:
        """A picture that fits its surroundings by day and by night; no font, script or other file is needed.

        Colours stand at each shape, too: a server's policy may refuse the style to whoever opens the picture itself.
        """
        label, message = _cut(self.label), _cut(self.message)
        shape = SHAPES.get(self.state)
        left, beside = _width(label) + 12, 21 if shape else 6
        right = beside + _width(message) + 6
        (day, on_day), (night, on_night) = PLATES[self.state]
        alternative = escape(f"{self.label}: {self.message}")
        day_of = f'class="o" fill="{on_day}"'
        drawn = (
            f'<path {day_of} fill-rule="evenodd" transform="translate({left + 6} 5) scale(.625)" d="{shape}"/>'
            if shape
            else ""
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" '
            f'aria-label="{alternative}"><title>{alternative}</title><style>'
            f"@media(prefers-color-scheme:dark){{.l{{fill:#172226;stroke:#2c3a3e}}.t{{fill:#ebe4d3}}.s{{fill:{night}}}"
            f".o{{fill:{on_night}}}}}text{{font:11px Helvetica,Arial,'Liberation Sans','DejaVu Sans',sans-serif}}"
            "</style>"
            f'<path class="l" fill="#fbf8f0" stroke="#d9d0bc" d="M.5.5h{left + right - 1}v19H.5z"/>'
            f'<path class="s" fill="{day}" d="M{left} 0h{right}v20h-{right}z"/>'
            f'<text class="t" fill="#17211f" x="6" y="14" textLength="{_width(label)}">{escape(label)}</text>{drawn}'
            f'<text {day_of} x="{left + beside}" y="14" textLength="{_width(message)}">{escape(message)}</text></svg>\n'
        ).encode()

    def endpoint(self) -> bytes:
        """What https://shields.io/badges/endpoint-badge reads."""
        said = {
            "schemaVersion": 1,
            "label": self.label,
            "message": self.message,
            "color": PLATES[self.state][0][0].removeprefix("#"),
            "isError": self.is_bad,
            "cacheSeconds": CACHED,
        }
        return f"{json.dumps(said, ensure_ascii=False)}\n".encode()


class Subject(Struct, frozen=True):
    """What badges are about."""

    id: str
    """Of the component or group; blank for the site."""
    name: str
    status: ComponentStatus | None
    """None: it has ended, or has not begun."""
    ended: bool
    shares: Mapping[str, Fraction | None]
    """Its uptime under the site's rule, by the keys of periods."""


def subjects(report: Report) -> Iterator[Subject]:
    """The site, the groups and the components."""
    rule = report.settings.rule
    means = {period: shares[rule] for period, shares in report.means.items()}
    yield Subject("", report.settings.name, report.headline.state, False, means)
    for group in report.groups:
        if group.group:
            shares = {period: some[rule] for period, some in group.means.items()}
            yield Subject(group.group.id, group.group.name, group.status, False, shares)
    for id_, one in report.components.items():
        speaks = not one.retired and one.since <= report.now
        shares = {period: tally.figures[rule].share for period, tally in one.tallies.items()}
        yield Subject(id_, one.component.name, one.status if speaks else None, one.retired, shares)


def state(subject: Subject, words: Words) -> Badge:
    """How it is."""
    name = sayable(subject.name)
    if subject.status is None:
        return Badge(name, words._("Retired") if subject.ended else words._("Not yet"), "none")
    message = words.component_status[subject.status]
    return Badge(name, message, CLASS[subject.status], subject.status in BAD)


def uptime(subject: Subject, period: str, words: Words) -> Badge:
    """How much of a period it was up. The figure is coloured by nothing but whether there is one: it is no state."""
    label = words._("%(name)s uptime, %(period)s") % {"name": sayable(subject.name), "period": words.period[period]}
    share = subject.shares[period]
    return Badge(label, words.share(share), "none" if share is None else FIGURE)


def icon(state: str) -> bytes:
    """A state as the small picture of a tab: its shape on its colour."""
    ground, ink = PLATES[state][0]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<path fill="{ground}" d="M0 0h32v32H0z"/>'
        f'<path fill="{ink}" fill-rule="evenodd" transform="translate(6 6) scale(1.25)" d="{SHAPES[state]}"/></svg>\n'
    ).encode()


def _files(basis: Basis) -> Iterator[File]:
    for name in SHAPES:
        yield File(basis.urls.icon(name), (name,), partial(icon, name))
    words = Words(basis.language)
    for subject in subjects(basis.report):
        yield from _made(basis.urls, subject.id, "", state(subject, words))
        for period in subject.shares:
            yield from _made(basis.urls, subject.id, period, uptime(subject, period, words))


def _made(urls: Urls, id_: str, period: str, badge: Badge) -> Iterator[File]:
    inputs = (badge.label, badge.message, badge.state)
    yield File(urls.badge(id_, period, "svg"), inputs, badge.svg)
    yield File(urls.badge(id_, period, "json"), inputs, badge.endpoint)


def _said(made: Mapping[str, bytes], basis: Basis) -> Said:
    called = {name: status for status, name in Words(basis.language).component_status.items()}
    told = {id_: json.loads(made[basis.urls.badge(id_, "", "json")])["message"] for id_ in basis.report.components}
    return Said(states={id_: called[message] for id_, message in told.items() if message in called})


OUTLET = Outlet(name="badges", files=_files, said=_said)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


_WIDTHS: Mapping[str, int] = {
    char: width
    for width, chars in {
        222: "ijl'",
        260: "|",
        278: " !,./:;I[\\]ft",
        333: "()-`r",
        334: "{}",
        355: '"',
        389: "*",
        469: "^",
        500: "Jckssvxyz",
        556: "#$0123456789?L_abdeghnopqu–",
        584: "+<=>~",
        611: "FTZ",
        667: "&ABEKPSVXY",
        722: "CDHNRUw",
        778: "GOQ",
        833: "Mm",
        889: "%",
        944: "W",
        1000: "…—",
        1015: "@",
    }.items()
    for char in chars
}
"""The widths of Helvetica's letters in thousandths of its size, as its maker publishes them; Arial's are the same."""

_WIDE, _LATIN, _SIZE = 1000, 611, 11


def _width(text: str) -> int:
    """How wide a line is in pixels. Where a browser has another font it fits the letters into it."""
    return round(sum(map(_letter, text)) * _SIZE / 1000)


def _letter(char: str) -> int:
    if char in _WIDTHS:
        return _WIDTHS[char]
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    if base := unicodedata.decomposition(char):
        first = base.split()[0]
        if not first.startswith("<"):
            return _letter(chr(int(first, 16)))
    return _WIDE if unicodedata.east_asian_width(char) in ("W", "F") else _LATIN
