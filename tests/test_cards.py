"""Pictures for link previews."""

from __future__ import annotations

from io import BytesIO

import pytest
from lxml import etree
from PIL import Image

from aboveboard.render import cards
from aboveboard.render.assets import _FOLDER as ASSETS
from building import SITE, lay_out, mkdocs


def opened(*said: str) -> Image.Image:
    return Image.open(BytesIO(cards.card(*said)))


@pytest.mark.parametrize("class_", cards.PLATE)
def test_a_card_has_the_size_that_is_asked_for_and_few_bytes(class_: str):
    data = cards.card(class_, "Harbour Lane Hosting", "Partial outage", "")

    assert Image.open(BytesIO(data)).size == (1200, 630)
    assert len(data) < 20_000
    assert data == cards.card(class_, "Harbour Lane Hosting", "Partial outage", "")


def test_no_two_states_have_one_card():
    """Nor do a thing that is true and the same when it is over, without their words."""
    every = {cards.card(class_, "", "", below) for class_ in cards.PLATE for below in ("", "Over")}

    assert len(every) == 2 * len(cards.PLATE)


def test_the_ground_is_the_state_s_while_it_is_true():
    assert opened("major", "x", "x", "").convert("RGB").getpixel((5, 5)) == (0xA8, 0x18, 0x2C)
    assert opened("major", "x", "x", "Over").convert("RGB").getpixel((5, 5)) == (0xF5, 0xF0, 0xE4)


@pytest.mark.parametrize("name", ["Zürich Łódź Ğ", "Ελλάδα", "Київ", "Harbour & Lane – “Mail”…"])
def test_the_scripts_of_europe_are_written(name: str):
    assert cards.written_with(name)
    assert cards.card("ok", name, "", "") != cards.card("ok", "", "", "")


@pytest.mark.parametrize("name", ["港の道ホスティング", "استضافة", "Mail 📮"])
def test_what_cannot_be_written_is_left_out(name: str):
    """Rather that than empty boxes: it stands beside the picture."""
    assert not cards.written_with(name)
    assert cards.card("ok", name, "", "") == cards.card("ok", "", "", "")


def test_a_long_name_stays_inside():
    wide = opened("ok", "A name of more letters than any sensible company would have " * 3, "x" * 200, "")
    ground = wide.getpixel((5, 5))

    assert {wide.getpixel((x, y)) for x in range(1112, 1200) for y in range(630)} == {ground}


def test_the_shapes_are_the_pages_():
    """Corners in the drawing for pages are corners here, wherever that has them one by one."""
    shapes = (ASSETS / ".." / "templates" / "pages" / "shapes.svg").read_text("utf-8")
    drawn = {one.get("id"): one for one in etree.fromstring(shapes).iter("symbol")}

    assert {f"ab-i-{class_}" for class_ in cards.SOLID} | {f"ab-o-{class_}" for class_ in cards.HOLLOW} == drawn.keys()


def test_every_page_shows_a_card_that_is_there(tmp_path):
    """And none that says another state than the page."""
    built = mkdocs(lay_out(tmp_path, SITE))
    shown = {}
    for path in built.files():
        if path.endswith("index.html") and not path.startswith("embed/"):  # a frame is shared with nobody
            image = built.text(path).partition('<meta property="og:image" content="https://status.example.org/')[2]
            shown[path.removesuffix("index.html")] = image.partition('"')[0]

    assert built.status == 0, built.said
    assert all((built.site / card).is_file() for card in shown.values())
    assert shown[""] == "cards/partial.png"
    assert shown["incidents/2026-11-02-mail-late/"] == "cards/partial.png"
    assert shown["incidents/2026-10-01-disk/"] == "cards/degraded-over.png"
    assert shown["incidents/2026-11-08-routers/"] == "cards/maint-planned.png"
    assert shown["components/mail/"] == "cards/partial.png"
    assert shown["components/webmail/"] == "cards/ok.png"
    assert shown["history/"] == "cards/plain.png"


def test_a_site_that_does_not_know_its_address_has_none(tmp_path):
    built = mkdocs(lay_out(tmp_path, SITE | {"mkdocs.yml": SITE["mkdocs.yml"].replace("site_url", "#")}))

    assert not (built.site / "cards").exists()
    assert "og:" not in built.text("index.html")
