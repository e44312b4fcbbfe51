"""Style sheets as they are published."""

from __future__ import annotations

from fractions import Fraction

from aboveboard.render.assets import scaled, slim


def test_only_rem_are_scaled():
    css = ".a1rem{width:.8rem;margin:-1rem 10em;--x2rem:1.5rem}@media(min-width:60em){b{top:calc(2rem - 3px)}}"

    assert scaled(css, Fraction(5, 4)) == (
        ".a1rem{width:1rem;margin:-1.25rem 10em;--x2rem:1.875rem}@media(min-width:60em){b{top:calc(2.5rem - 3px)}}"
    )


def test_a_style_sheet_is_published_without_what_only_its_writers_need():
    """Its rules are as they were."""
    css = "/* Why\n   this is */\n:root {\n  --ab-ok: #060; /* green */\n}\n\n.ab a { color: red }\n"

    assert slim(css) == ":root {\n--ab-ok: #060;\n}\n.ab a { color: red }\n"
