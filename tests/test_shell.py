"""What stands around our pages where the whole site is ours: little, from one host, and the site's to change."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urljoin

import pytest
from lxml import html
from playwright.sync_api import Page

from building import CONFIG, NOTICE, SITE, Built, lay_out, mkdocs
from conftest import Quiet

HEAVIEST = 80_000
"""How many bytes the board may be over the wire, with all that it asks for."""

AIM = 40_000

MATERIAL = re.compile(r"assets/(javascripts|stylesheets)/")


def with_options(*lines: str) -> str:
    """The configuration with more options under the plugin."""
    return CONFIG + "".join(f"      {line}\n" for line in lines)


def test_nothing_of_the_theme_s_is_asked_for(tmp_path: Path):
    """Neither its bundle nor its styles, and no script or style that a strict policy would have to allow by name."""
    built = mkdocs(lay_out(tmp_path))

    assert built.status == 0, built.said
    for path, page in pages(built):
        assert not MATERIAL.search(html.tostring(page, encoding="unicode")), path
        assert page.xpath("//script[not(@src)][not(contains(@type, 'json'))] | //style | //@style") == [], path
        assert page.xpath("//@*[starts-with(name(), 'on')]") == [], path
        assert len(page.xpath("//link[@rel='stylesheet']")) == 1, path
    assert built.broken_links() == []


def test_a_site_may_have_the_theme_s_shell(tmp_path: Path):
    """With one word: for a site that needs what Material brings."""
    built = mkdocs(lay_out(tmp_path, SITE | {"mkdocs.yml": with_options("shell: theme")}))
    page = built.text("index.html")

    assert built.status == 0, built.said
    assert len(MATERIAL.findall(page)) >= 3
    assert 'href="assets/aboveboard/material.css"' in page
    assert "ab-top" not in page
    assert built.broken_links() == []


def test_what_a_site_adds_to_its_theme_is_there(tmp_path: Path):
    """Its style sheet comes after ours, so that its colours win; its script and its own main.html are in every page."""
    config = CONFIG.replace("font: false", "font: false, custom_dir: mine, logo: logo.svg, favicon: tab.png")
    built = mkdocs(
        lay_out(
            tmp_path,
            SITE
            | {
                "mkdocs.yml": f"extra_css: [mine.css]\nextra_javascript: [mine.js]\n{config}",
                "docs/mine.css": ":root { --ab-ok: #060 }",
                "docs/mine.js": "",
                "docs/logo.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
                "docs/tab.png": "",
                "mine/main.html": """{% extends "base.html" %}
                {% block extrahead %}{{ super() }}<meta name="mine" content="1">{% endblock %}
                {% block announce %}<p>Mine.</p>{% endblock %}""",
            },
        )
    )

    assert built.status == 0, built.said
    for path, page in pages(built):
        sheets = [link.rpartition("/")[2] for link in page.xpath("//link[@rel='stylesheet']/@href")]
        assert sheets == ["aboveboard.css", "mine.css"], path
        assert page.xpath("//meta[@name='mine']"), path
        assert page.xpath("//p[.='Mine.']"), path
        assert [link.rpartition("/")[2] for link in page.xpath("//script/@src")][-1] == "mine.js", path
        assert page.xpath("//header//img/@src")[0].endswith("logo.svg"), path
        assert page.xpath("//link[@rel='icon']/@href")[0].endswith("tab.png"), path
    assert built.broken_links() == []


def test_a_template_of_a_site_s_own_may_have_the_page_for_what_is_not_there(tmp_path: Path):
    config = CONFIG.replace("font: false", "font: false, custom_dir: mine")
    built = mkdocs(lay_out(tmp_path, SITE | {"mkdocs.yml": config, "mine/404.html": "<p>Mine.</p>"}))

    assert built.status == 0, built.said
    assert built.text("404.html") == "<p>Mine.</p>"


@pytest.mark.parametrize("url", ["https://status.example.org/", "https://example.org/status/"])
@pytest.mark.parametrize("theme", ["material", "mkdocs", "readthedocs"])
def test_where_there_is_no_page_the_state_is_told(tmp_path: Path, theme: str, url: str):
    """Every link of ours works from any address, and whatever it asks for is on this site."""
    config = CONFIG.replace("{name: material, font: false}", theme).replace("https://status.example.org/", url)
    built = mkdocs(lay_out(tmp_path, SITE | {"mkdocs.yml": config}))
    page = html.fromstring(built.text("404.html"))

    assert built.status == 0, built.said
    assert "It is us. Mail has a partial outage." in page.text_content()
    assert "There is no page at this address." in page.text_content()
    assert "404.html" not in built.text("sitemap.xml")
    for link in page.xpath("//a/@href | //link/@href | //img/@src | //script/@src"):
        if link.startswith("#") or (theme != "material" and "//" in link):
            continue  # what those themes ask other hosts for is theirs
        arrived = urljoin(f"{url}no/such/page/at/all", link)
        assert arrived.startswith(url), link
        path = arrived.removeprefix(url).partition("#")[0]
        assert (built.site / (f"{path}index.html" if not path or path.endswith("/") else path)).is_file(), link


def test_the_page_for_what_is_not_there_is_somebody_s_own_where_the_site_is(tmp_path: Path):
    built = mkdocs(lay_out(tmp_path, SITE | {"mkdocs.yml": with_options("prefix: status"), "docs/index.md": ""}))

    assert built.status == 0, built.said
    assert "404 - Not found" in built.text("404.html")
    assert not (built.site / "status/404.html").exists()


def test_the_board_is_light(tmp_path: Path, page: Page):
    """100 components and three open incidents: every byte of every answer, heads included, to a cold browser."""
    built = mkdocs(lay_out(tmp_path, crowded()))
    assert built.status == 0, built.said
    with counted(built.site) as (address, sent):
        page.goto(address, wait_until="networkidle")
        first = page.evaluate("performance.getEntriesByType('paint').map(one => one.name)")
        blocking = page.evaluate(
            "performance.getEntriesByType('resource').filter(one => one.renderBlockingStatus == 'blocking')"
            ".map(one => one.name)"
        )

    assert page.locator(".ab-comp:not(.ab-fold)").count() == 100
    assert "first-contentful-paint" in first
    assert [one.removeprefix(address) for one in blocking] == ["assets/aboveboard/aboveboard.css"]
    assert sum(sent.values()) <= HEAVIEST, sent
    assert sum(sent.values()) <= AIM, sent


def crowded() -> dict[str, str]:
    """100 components in twelve groups, three open incidents, and a year of others behind them."""
    groups = "".join(f"        - {{id: group-{one}, name: Services of region {one}}}\n" for one in range(12))
    components = "".join(
        f"        - {{id: service-{one}, name: Service number {one}, group: group-{one % 12},"
        f" description: What service {one} does for customers.}}\n"
        for one in range(100)
    )
    config = CONFIG.partition("      components:")[0]
    files = {
        "mkdocs.yml": f"{config}      since: 2025-01-01\n      groups:\n{groups}      components:\n{components}",
        "docs/index.md": SITE["docs/index.md"],
    }
    for one in range(3):
        hit = "".join(f"\n  service-{one * 9 + other}: partial_outage" for other in range(4))
        files[f"incidents/2026/2026-11-02-open-{one}.md"] = NOTICE.replace("\n  mail: partial_outage", hit).replace(
            " See [what we said before](2026-10-01-disk.md).", f" We are looking at case {one}."
        )
    for one in range(60):
        day = f"2026-{8 + one // 24:02}-{1 + one % 24:02}"
        files[f"incidents/2026/{day}-{one}.md"] = (
            f"---\ntitle: Service {one} was slow\ncomponents:\n  service-{one}: degraded_performance\n---\n\n"
            f"## {day} 10:{one % 60:02} Investigating\n\nSlow.\n\n## +{one + 5}m Resolved\n\nNot slow.\n"
        )
    return files


@contextmanager
def counted(site: Path) -> Iterator[tuple[str, dict[str, int]]]:
    """A folder served as a web server does, packed, and how many bytes went out for each path."""
    sent: dict[str, int] = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Packed, sent=sent, directory=str(site)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", sent
    server.shutdown()
    server.server_close()


class Packed(Quiet):
    """Serves text packed with gzip, and counts."""

    def __init__(self, *args: object, sent: dict[str, int], **more: object) -> None:
        self.sent = sent
        super().__init__(*args, **more)  # type: ignore[arg-type]

    def do_GET(self) -> None:  # noqa: N802
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            self.sent[self.path] = 0
            return
        body, kind = path.read_bytes(), self.guess_type(path)
        head = {"Content-Type": kind}
        if kind.startswith("text/") or "json" in kind or "javascript" in kind or "xml" in kind:
            body = gzip.compress(body, 6)
            head["Content-Encoding"] = "gzip"
        self.send_response(200)
        for name, value in (head | {"Content-Length": str(len(body))}).items():
            self.send_header(name, value)
        self.sent[self.path] = self.sent.get(self.path, 0) + sum(map(len, self._headers_buffer)) + 2 + len(body)
        self.end_headers()
        self.wfile.write(body)


def pages(built: Built) -> Iterator[tuple[str, html.HtmlElement]]:
    """Every page of a site."""
    for path in built.files():
        if path.endswith(".html"):
            yield path, html.fromstring(built.text(path))
