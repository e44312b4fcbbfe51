"""The host's page with holes: whatever is filled in stays where it was put."""

from __future__ import annotations

import json
import re

import pytest
from lxml import html

from aboveboard.render.frame import HOLES, Frame, Frames, folders
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


def test_each_depth_is_rendered_once():
    asked: list[int] = []

    def render(depth: int) -> str:
        asked.append(depth)
        return host(depth)

    frames = Frames(render)
    for at in ("", "uptime/", "history/", "incidents/a/", "incidents/b/", ""):
        frames.frame(at).filled(at, TEXT)

    assert asked == [0, 1, 2]


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
