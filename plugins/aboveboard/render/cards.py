"""Pictures for link previews: a state's colour and shape, whose page it is, and the state in a word.

There is one for each state and not one for each notice: what is the matter stands beside the picture, in letters of the
reader's own. No notice is open for as long as somebody's copy of a preview.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING

from ..model import ComponentStatus
from .outlet import Basis, File, Outlet
from .words import CLASS, Words

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

SIZE = WIDTH, HEIGHT = 1200, 630
"""In pixels: what those who show link previews ask for."""

Points = Sequence[tuple[float, float]]

SOLID: Mapping[str, tuple[Points, Points]] = {
    "ok": ((), ()),
    "degraded": (((8, 0.8), (16, 15), (0, 15)), ()),
    "partial": (((8, 0), (16, 8), (8, 16), (0, 8)), ((8, 2.8), (2.8, 8), (13.2, 8))),
    "major": (
        ((0.4, 0.4), (15.6, 0.4), (15.6, 15.6), (0.4, 15.6)),
        (
            *((4.3, 2.9), (2.9, 4.3), (6.6, 8), (2.9, 11.7), (4.3, 13.1), (8, 9.4)),
            *((11.7, 13.1), (13.1, 11.7), (9.4, 8), (13.1, 4.3), (11.7, 2.9), (8, 6.6)),
        ),
    ),
    "maint": (((0.6, 0.4), (15.4, 0.4), (9.5, 8), (15.4, 15.6), (0.6, 15.6), (6.5, 8)), ()),
    "none": (((0, 6.2), (16, 6.2), (16, 9.8), (0, 9.8)), ()),
}
"""The shapes of templates/pages/shapes.svg, of what is true: what is painted, and what is cut out of it. A disc has no
corners."""

HOLLOW: Mapping[str, Sequence[Points]] = {
    "ok": (),
    "degraded": (((8, 2.2), (14.8, 14.2), (1.2, 14.2), (8, 2.2), (14.8, 14.2)),),
    "partial": (((8, 1), (15, 8), (8, 15), (1, 8), (8, 1), (15, 8)), ((1, 8), (15, 8))),
    "major": (
        ((1, 1), (15, 1), (15, 15), (1, 15), (1, 1), (15, 1)),
        ((4.6, 4.6), (11.4, 11.4)),
        ((11.4, 4.6), (4.6, 11.4)),
    ),
    "maint": (((1.9, 1.2), (14.1, 1.2), (9, 8), (14.1, 14.8), (1.9, 14.8), (7, 8), (1.9, 1.2), (14.1, 1.2)),),
    "none": (((1, 7), (15, 7), (15, 9), (1, 9), (1, 7), (15, 7)),),
}
"""The same of what is over: its lines."""

PLATE: Mapping[str, tuple[str, str]] = {
    "ok": ("ok", "on"),
    "degraded": ("amber", "on2"),
    "partial": ("orange", "on2"),
    "major": ("major", "on"),
    "maint": ("maint", "on"),
    "none": ("ash", "on2"),
}
"""The colours of the style sheet on which something true is written, and in which."""

_FINE = 4
"""How many times larger a shape is drawn, so that its edges are smooth."""
_SHADES = 15


PLAIN = "plain"
"""The card of a page that is about no state."""


HURT = (
    ComponentStatus.UNDER_MAINTENANCE,
    ComponentStatus.DEGRADED_PERFORMANCE,
    ComponentStatus.PARTIAL_OUTAGE,
    ComponentStatus.MAJOR_OUTAGE,
)
"""What a notice can be about."""


def of_component(status: ComponentStatus) -> str:
    """The name of the card of how something is."""
    return CLASS[status]


def of_notice(status: ComponentStatus | None, *, is_open: bool, planned: bool) -> str:
    """The name of the card of a notice: of what is the matter, was, or will be."""
    if status not in HURT:
        return PLAIN
    return f"{CLASS[status]}{'' if is_open else '-planned' if planned else '-over'}"


def _files(basis: Basis) -> Iterator[File]:
    words = Words(basis.language)
    for status, word in words.component_status.items():
        class_ = CLASS[status]
        said = {"": ""}
        if status in HURT:
            said["-over"] = words._("Over")
        if status == ComponentStatus.UNDER_MAINTENANCE:
            said["-planned"] = words._("Planned")
        for ending, below in said.items():
            yield _file(basis, f"{class_}{ending}", class_, word, below)
    yield _file(basis, PLAIN, "", "", "")


def _file(basis: Basis, name: str, class_: str, *words: str) -> File:
    lines = (basis.report.settings.name, *words)
    return File(basis.urls.card(name), (class_, lines), partial(card, class_, *lines))


OUTLET = Outlet(name="cards", files=_files, mirrored=True, absolute=True)


def card(class_: str, whose: str, word: str, below: str) -> bytes:
    """A picture in PNG: of equal arguments, equal bytes. What is true is painted in full, all else in lines."""
    from PIL import Image, ImageDraw

    colours, hollow = tokens(), bool(below)
    ground, paint = (colours[one] for one in (("paper", class_ or "ink") if hollow or not class_ else PLATE[class_]))
    mask = Image.new("L", SIZE)
    draw = ImageDraw.Draw(mask)
    if class_:
        mask.paste(_shape(class_, hollow=hollow, side=300), (90, 130))
        _write(draw, whose, 180, 58)
        _write(draw, word, 330, 124)
        _write(draw, below, 428, 58)
    else:
        _mark(draw)
        _write(draw, whose, 330, 124)
    _ruler(draw)
    picture = mask.point([round(shade / 255 * _SHADES) for shade in range(256)])
    picture.putpalette([channel for shade in range(_SHADES + 1) for channel in _between(ground, paint, shade)])
    written = BytesIO()
    picture.save(written, "PNG", bits=4, compress_level=1)
    return written.getvalue()


@cache
def tokens() -> Mapping[str, str]:
    """The colours by day, as the style sheet has them: `paper` is #f5f0e4."""
    css = (files("aboveboard") / "assets" / "aboveboard.css").read_text("utf-8")
    block = css.partition(":where(:root) {")[2].partition("}")[0]
    return dict(re.findall(r"--ab-([\w-]+): (#[0-9a-f]{6})", block))


def _shape(class_: str, *, hollow: bool, side: int) -> Image.Image:
    from PIL import Image, ImageDraw

    unit = side * _FINE / 16
    mask = Image.new("L", (side * _FINE, side * _FINE))
    draw = ImageDraw.Draw(mask)

    def at(points: Points) -> list[tuple[float, float]]:
        return [(x * unit, y * unit) for x, y in points]

    if class_ == "ok":
        margin = 0.3 * unit if hollow else 0
        box = (margin, margin, side * _FINE - 1 - margin, side * _FINE - 1 - margin)
        draw.ellipse(box, **({"outline": 255, "width": round(unit)} if hollow else {"fill": 255}))
    elif hollow:
        for line in HOLLOW[class_]:
            draw.line(at(line), fill=255, width=round(unit), joint="curve")
    else:
        painted, cut = SOLID[class_]
        draw.polygon(at(painted), fill=255)
        if cut:
            draw.polygon(at(cut), fill=0)
    return mask.reduce(_FINE)


def _mark(draw: ImageDraw.ImageDraw) -> None:
    """Ours, of assets/mark.svg."""
    unit = 300 / 24
    for nth, height in enumerate((7, 7, 13, 20, 7)):
        x = 90 + 5 * nth * unit
        draw.rectangle((x, 430 - height * unit, x + 3 * unit, 430), fill=255)


def _ruler(draw: ImageDraw.ImageDraw) -> None:
    """A day's hours, as the board has them, with nothing on it."""
    left, right, top = 90, WIDTH - 90, 530
    draw.rectangle((left, top, right, top + 2), fill=255)
    for hour in range(25):
        x = left + round((right - left) * hour / 24)
        draw.rectangle((x - 1, top, x + 1, top + (22 if hour % 6 == 0 else 10)), fill=255)


LETTERS = 300
"""More have no room on a line, however narrow they are."""


def _write(draw: ImageDraw.ImageDraw, text: str, base: int, size: int) -> None:
    """A line of text, smaller where it is long. In a script of which there are no letters here, none is written."""
    if not written_with(text):
        return
    text = " ".join(text.split())[:LETTERS]
    room = WIDTH - 90 - 450
    while draw.textlength(text, _font(size)) > room and size > 30:
        size -= 2
    while draw.textlength(text, _font(size)) > room:
        text = f"{text[:-2].rstrip()}…"
    draw.text((450, base), text, fill=255, font=_font(size), anchor="ls")


def written_with(text: str) -> bool:
    """Whether there are letters for all of it."""
    missing = _glyph("\U0010ffff")
    return all(letter.isspace() or _glyph(letter) != missing for letter in text)


@cache
def _glyph(letter: str) -> tuple[object, ...]:
    mask = _font(40).getmask(letter)
    return mask.size, bytes(mask)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    data = (files("aboveboard") / "fonts" / "RobotoCondensed-Bold.ttf").read_bytes()
    # The simple layout is the same on every machine; the better one is there only where a library is.
    return ImageFont.truetype(BytesIO(data), size, layout_engine=ImageFont.Layout.BASIC)


def _between(ground: str, paint: str, shade: int) -> Iterator[int]:
    for at in (1, 3, 5):
        one, other = int(ground[at : at + 2], 16), int(paint[at : at + 2], 16)
        yield round(one + (other - one) * shade / _SHADES)
