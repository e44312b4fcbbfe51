"""Style sheets and scripts as they are published."""

from __future__ import annotations

from fractions import Fraction
from importlib.resources import files

from aboveboard.render.assets import scaled, slim, terse


def test_only_rem_are_scaled():
    css = ".a1rem{width:.8rem;margin:-1rem 10em;--x2rem:1.5rem}@media(min-width:60em){b{top:calc(2rem - 3px)}}"

    assert scaled(css, Fraction(5, 4)) == (
        ".a1rem{width:1rem;margin:-1.25rem 10em;--x2rem:1.875rem}@media(min-width:60em){b{top:calc(2.5rem - 3px)}}"
    )


def test_a_style_sheet_is_published_without_what_only_its_writers_need():
    """Its rules are as they were."""
    css = "/* Why\n   this is */\n:root {\n  --ab-ok: #060; /* green */\n}\n\n.ab a { color: red }\n"

    assert slim(css) == ":root {\n--ab-ok: #060;\n}\n.ab a { color: red }\n"


def test_a_script_is_published_without_what_only_its_writers_need():
    script = '// Why\n(() => {\n  "use strict";\n\n  // That\n  const a = `//b`; // here\n\n\n})();\n'

    assert terse(script) == '(() => {\n"use strict";\nconst a = `//b`; // here\n})();\n'


def test_no_string_of_a_script_spans_lines():
    """So that nothing is taken out of one."""
    for asset in (files("aboveboard") / "assets").iterdir():
        if asset.name.endswith(".js"):
            assert [line for line in asset.read_text("utf-8").splitlines() if line.count("`") % 2] == [], asset.name
