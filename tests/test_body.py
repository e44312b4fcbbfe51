"""A writer's Markdown on pages and in feeds: safe, and with links that work from where it stands."""

from __future__ import annotations

import re
from functools import cache

import pytest
from hypothesis import example, given

from aboveboard.model import Log
from aboveboard.render import markdown
from aboveboard.render.body import Bodies, Plain, apart
from aboveboard.report import Report
from aboveboard.urls import Urls
from make import at, incident, settings
from test_markdown import posts

NOTICE, BOARD = "incidents/it-broke/", ""


@pytest.fixture
def bodies() -> Bodies:
    return made()


def made() -> Bodies:
    log = Log.of([incident("it-broke", "14:00 investigating"), incident("not-yet", "18:00 investigating")])
    report = Report.of(log, settings(), at("16:00"))
    return Bodies(
        report,
        Urls(report.settings),
        markdown.converter(["footnotes", "toc", "attr_list", "tables", "fenced_code"], {}),
    )


@pytest.mark.parametrize(
    ("written", "on_its_page", "on_the_board"),
    [
        ("[x](https://www.example.com/a?b#c)", "https://www.example.com/a?b#c", "https://www.example.com/a?b#c"),
        ("[x](graph.svg)", "graph.svg", "incidents/it-broke/graph.svg"),
        ("[x](it-broke.md)", "./", "incidents/it-broke/"),
        ("[x](../2025/it-broke.md?a=1#b)", "./?a=1#b", "incidents/it-broke/?a=1#b"),
        ("[x](#post-mortem)", "./#post-mortem", "incidents/it-broke/#post-mortem"),
        ("[x](/search?q=1#f)", "../../search?q=1#f", "search?q=1#f"),
        ("[x](//www.example.com/a)", "https://www.example.com/a", "https://www.example.com/a"),
    ],
)
def test_links_are_spelled_from_where_they_stand(bodies, written, on_its_page, on_the_board):
    assert f'href="{on_its_page}"' in bodies.on_page(written, "it-broke", NOTICE)
    assert f'href="{on_the_board}"' in bodies.on_page(written, "it-broke", BOARD)


def test_no_link_in_a_feed_is_relative(bodies):
    text = (
        "[a](graph.svg) [b](#x) [c](it-broke.md) [d](//www.example.com/) ![e](graph.svg) [f](?q) It[^1]\n\n[^1]: Note"
    )
    html = bodies.in_feed(text, "it-broke")
    links = [part.split('"')[0] for name in ("href", "src") for part in html.split(f'{name}="')[1:]]

    assert len(links) == 8
    assert [link for link in links if not link.startswith("https://")] == []


def test_each_body_is_spelled_from_its_own_place(bodies):
    """Whichever was cleaned before it."""
    spelled = [bodies.on_page("[x](graph.svg)", "it-broke", at) for at in (NOTICE, BOARD, NOTICE)]

    assert 'href="graph.svg"' in spelled[0]
    assert 'href="incidents/it-broke/graph.svg"' in spelled[1]
    assert spelled[2] == spelled[0]


@pytest.mark.parametrize("target", ["not-yet.md", "http://[broken"])
def test_a_link_that_leads_nowhere_is_none(bodies, target):
    assert "href" not in bodies.on_page(f'<a href="{target}">x</a>', "it-broke", NOTICE)


@pytest.mark.parametrize(
    "source",
    [
        "https://evil.example/x.png",
        "//evil.example/x.png",
        "http:/evil.example/x",
        "/\\evil.example/x",
        "//[",
        "data:x",
    ],
)
def test_no_picture_is_asked_of_another_host(bodies, source):
    html = bodies.on_page(f'<img src="{source}" alt="a graph">', "it-broke", NOTICE)

    assert "src" not in html
    assert "a graph" in html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "<iframe src=x></iframe>",
        "<a href='jAvAsCrIpT:alert(1)'>x</a>",
        "<style>*{}</style>",
        "<form><input type=text name=a></form>",
        "<svg onload=alert(1)>",
        "[x](x){onclick=alert(1)}",
    ],
)
def test_nothing_in_a_body_can_act(bodies, hostile):
    html = bodies.on_page(hostile, "it-broke", NOTICE).lower()

    for act in ("script", "onerror", "onload", "onclick", "<iframe", "<style", "<form", 'type="text"'):
        assert act not in html


def test_footnotes_of_two_bodies_do_not_meet(bodies):
    one = bodies.on_page("One[^1]\n\n[^1]: First", "it-broke", NOTICE)
    two = bodies.on_page("Two[^1]\n\n[^1]: Second", "it-broke", NOTICE)
    ids = [{part.split('"')[0] for part in html.split('id="')[1:]} for html in (one, two)]

    assert not ids[0] & ids[1]
    assert all(f'href="#{id_}"' in one for id_ in ids[0])


LINKS = """a.md it-broke.md ../it-broke.md#x not-yet.md #a ?q=1 /x //x/y //x:1 a:b .md it-broke.md:x https://www.example.com
https://a.example/b?c=d#e https://a.example:80/b https://1.2.3.4.5/ https://a--b.example/ https://xn--a.example/ HTTP://a
https://a@b.example/ https://.example/ http:/a http://a http://a.b1 mailto:a@b.example javascript:alert %zz x~y"""


@cache
def both() -> tuple[Bodies, Bodies]:
    """As they are made, and such as have everything cleaned."""
    quick = made()
    return quick, Bodies(quick.report, quick.urls, lambda text: str(quick.to_html(text)))


@given(posts)
@example(" ".join(f"[x]({link})" for link in LINKS.split()))
@example("- a [b](c)\n- *d*\n\n`e` **f**")
def test_plain_markdown_is_as_safe_without_the_allow_list(post):
    """Which would leave it as it is, but for the addresses of its links."""
    bodies, cautious = both()

    assert bodies.on_page(post, "it-broke", BOARD) == cautious.on_page(post, "it-broke", BOARD)
    assert bodies.in_feed(post, "it-broke") == cautious.in_feed(post, "it-broke")


@pytest.mark.parametrize("link", LINKS.split())
def test_so_is_each_of_its_links(link):
    """One that is not certain to mean the same to everybody is left to the allow-list, with all around it."""
    bodies, cautious = both()

    assert isinstance(bodies.to_html(f"[x]({link})"), Plain)
    assert bodies.on_page(f"[x]({link})", "it-broke", NOTICE) == cautious.on_page(f"[x]({link})", "it-broke", NOTICE)


def test_a_wide_table_can_be_scrolled_by_keys(bodies):
    """On a page it takes the focus; a reader of feeds has its own ways."""
    written = "a | b\n--|--\n1 | 2"

    assert '<table tabindex="0">' in bodies.on_page(written, "it-broke", NOTICE)
    assert "<table>" in bodies.in_feed(written, "it-broke")


def test_the_same_words_twice_on_a_page_have_ids_of_their_own(bodies):
    """As one post about two notices has; what it links to is in the same copy."""
    one = bodies.on_page("### Why\n\n### Why\n\nLate.[^1]\n\n[^1]: By an hour.", "it-broke", NOTICE)
    page = apart(f"<p>{one}</p><p>{one}</p><p>{one}</p>")
    ids = re.findall(r' id="([^"]*)"', page)

    assert len(ids) == len(set(ids)) == 3 * len(re.findall(' id="', one))
    assert sorted(re.findall(r' href="#([^"]*)"', page)) == sorted(id_ for id_ in ids if "fn" in id_)
    assert page.startswith(f"<p>{one}</p>")
    assert apart(one) == one


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("![A graph](graph.svg)", '<a class="ab-shot" href="graph.svg"><img alt="A graph" src="graph.svg"></a>'),
        ("![](graph.svg)", '<img alt="" src="graph.svg">'),
        (
            "[![A graph](graph.svg)](data.csv)",
            '<a href="data.csv" rel="noopener"><img alt="A graph" src="graph.svg"></a>',
        ),
    ],
)
def test_a_picture_leads_to_itself(bodies, written: str, shown: str):
    """Unless it leads elsewhere, or nobody says what it shows. In a feed it is a picture."""
    assert bodies.on_page(written, "it-broke", NOTICE).strip() == f"<p>{shown}</p>"
    assert "ab-shot" not in bodies.in_feed(written, "it-broke")
