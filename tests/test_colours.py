"""Colours: whatever is told in one can be told apart from what is beside it, by day and by night (WCAG 2.2, AA)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from itertools import product

import pytest

from aboveboard.render import cards

ASSETS = files("aboveboard") / "assets"
STATES = sorted(cards.PLATE)
TIMES = ("day", "night")


def every(*choices: Iterable[str]) -> list[tuple[str, ...]]:
    """Each with each."""
    return list(product(*choices))


def test_night_is_one_set_of_colours():
    """It is written down for every way in which a host may say that it is night."""
    nights = [night for name in ("aboveboard.css", "shell.css", "material.css") for night in every_night(name)]

    assert len(nights) == 3
    assert nights[0] == nights[1] == nights[2]
    assert nights[0].keys() <= tokens("day").keys()


@pytest.mark.parametrize(("text", "ground", "time"), every(("ink", "soft", "link", "major"), ("paper", "sheet"), TIMES))
def test_text_can_be_read(text: str, ground: str, time: str):
    assert contrast(tokens(time)[text], tokens(time)[ground]) >= 4.5


@pytest.mark.parametrize(("state", "time"), every(STATES, TIMES))
def test_what_stands_on_the_plate_of_a_state_can_be_read(state: str, time: str):
    plate, written = cards.PLATE[state]

    assert contrast(tokens(time)[plate], tokens(time)[written]) >= 4.5


@pytest.mark.parametrize(("state", "ground", "time"), every(STATES, ("paper", "sheet"), TIMES))
def test_the_shape_of_a_state_can_be_seen(state: str, ground: str, time: str):
    """1.4.11: three to one for what is no text."""
    assert contrast(tokens(time)[state], tokens(time)[ground]) >= 3


@pytest.mark.parametrize("state", STATES)
def test_the_band_can_be_read_at_night(state: str):
    """It is a quarter of the state's colour in black there, with the shape glowing on it."""
    night = tokens("night")
    mark = night[state]
    band = tuple(channel * 0.26 for channel in channels(mark))

    assert "color-mix(in srgb, var(--s) 26%, #000)" in (ASSETS / "shell.css").read_text("utf-8")
    assert ratio(band, channels(night["ink"])) >= 4.5
    assert ratio(band, channels(mark)) >= 3


def test_the_plates_are_the_style_sheet_s():
    """The table that cards are painted by says the same as the classes."""
    css = (ASSETS / "aboveboard.css").read_text("utf-8")
    for state, (plate, written) in cards.PLATE.items():
        (rule,) = re.findall(rf"^\.ab-{state} \{{ (--s.*) \}}$", css, re.MULTILINE)
        said = dict(re.findall(r"--(\w+): var\(--ab-(\w+)\)", rule))
        assert said["s"] == state
        assert (said.get("f", said["s"]), said["on"]) == (plate, written)


@cache
def tokens(time: str) -> dict[str, str]:
    """Every colour, by its name."""
    day = dict(cards.tokens())
    return day if time == "day" else day | every_night("aboveboard.css")[0]


def every_night(name: str) -> list[dict[str, str]]:
    """The blocks of a style sheet that give another value to paper than the first of all does."""
    blocks = re.findall(r"\{([^{}]*--ab-paper: #[^{}]*)\}", (ASSETS / name).read_text("utf-8"))
    found = [dict(re.findall(r"--ab-([\w-]+): (#[0-9a-f]{6})", block)) for block in blocks]
    return [block for block in found if block.get("paper") not in (None, cards.tokens()["paper"])]


def contrast(one: str, other: str) -> float:
    return ratio(channels(one), channels(other))


def ratio(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: tuple[float, ...]) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def channels(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
