"""The host's page with holes: whatever is filled in stays where it was put."""

from __future__ import annotations

import json
import re

import pytest
from lxml import html

from aboveboard.render.frame import HOLES, Frame, Frames, folders, in_language
from aboveboard.render.pages import Text

HOSTILE = """</title></script><script>alert(1)</script>'"\\ & \u2028 {{ 7 * 7 }} aboveboard-hole-content"""

TEXT = Text(title=HOSTILE, description=HOSTILE, head="<link>", content="<p>Hello</p>")


def host(depth: int) -> str:
    """What a theme makes of a page at this depth: its title in all the places where themes print it."""
    return f"""<!doctype html><title>{HOLES.title}</title>
<meta name="description" content="{HOLES.description}"><meta name=title content={HOLES.title}>
<link rel="canonical" href="https://status.example.org/{folders(depth)}">
<script>var name = "{HOLES.title}", single = '{HOLES.title}', url = "/{folders(depth)}";</script>
{HOLES.head}<main>{HOLES.content}</main>"""


def test_text_is_text_wherever_a_theme_prints_it():
    """In an element, in an attribute with and without quotes, and in a string of a script."""
    page = html.fromstring(Frame.of(host(2), 2).filled("incidents/it-broke/", TEXT).decode())
    (script,) = page.xpath("//script/text()")
    quoted = re.search(r'name = ("(?:[^"\\]|\\.)*")', script)

    assert page.findtext(".//title") == HOSTILE
    assert page.xpath("//meta/@content") == [HOSTILE, HOSTILE]
    assert quoted
    assert json.loads(quoted[1]) == HOSTILE
    assert script.count("'") == 2


def test_a_page_is_told_its_own_address():
    at_depth_two = Frame.of(host(2), 2).filled("incidents/it-broke/", TEXT).decode()
    without_directory_urls = (
        Frame.of(host(1).replace(folders(1), f"{folders(1)}index.html"), 1).filled("status/", TEXT).decode()
    )

    assert at_depth_two.count("/incidents/it-broke/") == 2
    assert without_directory_urls.count("/status/index.html") == 2


def test_what_is_filled_in_is_not_filled_again():
    """A title that looks like a hole is a title."""
    assert Frame.of(host(0), 0).filled("", TEXT).decode().count("<p>Hello</p>") == 1


def test_each_depth_is_rendered_once_in_each_language():
    asked: list[tuple[int, str]] = []

    def render(depth: int, lang: str) -> str:
        asked.append((depth, lang))
        return host(depth)

    frames = Frames(render)
    for at in ("", "uptime/", "history/", "incidents/a/", "incidents/b/", ""):
        frames.frame(at).filled(at, TEXT)
    for at in ("de/", "de/uptime/", "de/history/"):
        frames.frame(at, "de").filled(at, TEXT)

    assert asked == [(0, ""), (1, ""), (2, ""), (1, "de"), (2, "de")]


@pytest.mark.parametrize("tag", ["<html>", '<html lang="en" class="x" dir="ltr">', "<HTML class=x lang=en>"])
def test_a_page_says_in_which_language_it_is(tag: str):
    """Whatever theme made it; what else is in its tags stays."""
    page = in_language(f'<!doctype html>{tag}<body class="y" dir="ltr"><p dir="ltr">', "ar", "rtl")

    assert re.search(r'<html lang="ar" dir="rtl"', page)
    assert ("class" in tag) == ("class" in page.partition("<body")[0])
    assert page.endswith('<body class="y" dir="rtl"><p dir="ltr">')


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        (
            HOLES.content,
            "the theme has neither a block `container` nor a block `content`: pages of ours cannot be shown",
        ),
        (HOLES.head, "the theme has no block `extrahead`: pages of ours would have no style sheet"),
    ],
)
def test_a_theme_that_leaves_us_out_is_told(missing: str, sentence: str):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        Frame.of(host(1).replace(missing, ""), 1)
