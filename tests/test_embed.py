"""What stands in somebody else's page: on another origin, under a strict policy, and it never harms its host."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from markdown import markdown
from msgspec.structs import replace
from playwright.sync_api import Page

from aboveboard.model import Log, Notice
from aboveboard.render import assets, board, embed
from aboveboard.render.outlet import Basis
from aboveboard.report import Report
from aboveboard.urls import Urls
from make import DEGRADED, PARTIAL, WORK, at, incident, maintenance, settings
from test_feeds import NASTY

KNOWN: dict[str, Any] = {
    "name": "Harbour Lane",
    "components": [{"id": "mail", "name": "Mail", "group": "g"}, {"id": "web", "name": "Web"}],
    "groups": [{"id": "g", "name": "Post"}],
}
ALLOWED = {"h1", "div", "p", "span", "svg", "path", "ul", "li", "bdi", "a", "small", "time"}
BROKEN = incident("mail-broke", started="15:30", components={"mail": PARTIAL}, title="Mail is late")


def basis(*notices: Notice, now: str = "16:00", **known: Any) -> Basis:
    of = settings(**(KNOWN | known))
    return Basis(Report.of(Log.of(notices), of, at(now)), Urls(of), markdown, Path("/nowhere"))


def files(of: Basis) -> dict[str, bytes]:
    every = (*embed.OUTLET.files(of), *board.OUTLET.every(of), *assets.OUTLET.files(of))
    return {file.at: file.make() for file in every}


def framed(of: Basis, about: str = "") -> BeautifulSoup:
    return BeautifulSoup(files(of)[f"embed/{about}/index.html" if about else "embed/index.html"], "html.parser")


def test_a_page_for_a_frame_gives_the_answer_without_a_script():
    page = framed(basis(BROKEN))

    assert page.main is not None
    assert page.main.get_text(" ", strip=True) == (
        "Partial outage It is us. Mail has a partial outage. Mail Partial outage What we say about it "
        "As of 2026-03-02 16:00 UTC ."
    )
    assert [(link["href"], link["target"]) for link in page("a")] == [("https://status.example.com/", "_blank")]
    assert [(one["src"], one.get_text()) for one in page("script", src=True)] == [
        ("../assets/aboveboard/framed.js", "")
    ]
    assert "style=" not in str(page)


@pytest.mark.parametrize(
    ("about", "rows"), [("mail", ["Mail Partial outage"]), ("web", ["Web Operational"]), ("g", ["Mail Partial outage"])]
)
def test_a_frame_may_be_about_one_thing(about: str, rows: list[str]):
    assert [row.get_text(" ", strip=True) for row in framed(basis(BROKEN), about)("li")] == rows


def test_a_frame_of_a_clock_that_stands_still_has_no_script():
    of = settings(**KNOWN)
    of = Basis(Report.of(Log.of([]), of, at("16:00"), fixed=True), Urls(of), markdown, Path("/nowhere"))

    assert framed(of)("script") == []


@pytest.mark.parametrize("nasty", NASTY)
def test_names_are_text(nasty: str):
    """In the page and in the script, whatever they hold."""
    of = basis()
    known = replace(of.report.settings, name=nasty, components=(replace(of.report.settings.components[1], name=nasty),))
    log = Log.of([replace(BROKEN, components={"web": PARTIAL})])
    of = Basis(Report.of(log, known, at("16:00")), Urls(known), markdown, Path("/nowhere"))
    made = {file.at: file.make() for file in embed.OUTLET.files(of)}
    page = BeautifulSoup(made["embed/index.html"], "html.parser")
    script = made["embed.js"].decode()

    assert {one.name for one in page.main.find_all(True)} <= ALLOWED
    assert "</script" not in script
    assert script.count("\n") == files(basis())["embed.js"].decode().count("\n")


def test_the_script_is_small():
    assert len(files(basis())["embed.js"]) < 9000


# In a browser

POLICY = "default-src 'none'; script-src 'self' {status}; connect-src {status}; frame-src {status}"


class Served(SimpleHTTPRequestHandler):
    """A folder, with these headers."""

    def __init__(self, *args: Any, headers: dict[str, str], **more: Any) -> None:
        self.more = headers
        super().__init__(*args, **more)

    def end_headers(self) -> None:
        for name, value in self.more.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *args: object) -> None:
        """Nothing."""


@contextmanager
def serving(folder: Path, headers: dict[str, str]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Served, headers=headers, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


NOTHING = [("StaticText", "A shop")]
HEARD = {"region", "StaticText", "link", "button"}


@dataclass
class Host:
    """Somebody else's page, which names our script."""

    page: Page
    status: str
    folder: Path
    """Of our site."""
    address: str
    errors: list[str]

    def open(self) -> Page:
        self.page.goto(self.address)
        self.page.wait_for_load_state("networkidle")
        return self.page

    @property
    def heard(self) -> list[tuple[str, str]]:
        """What is there for whoever listens, by role and name: no script can look into our element."""
        return [(one["role"]["value"], one["name"]["value"]) for one in self._tree() if one["role"]["value"] in HEARD]

    def hide(self) -> None:
        """Press the button."""
        (button,) = (one for one in self._tree() if one["role"]["value"] == "button")
        where = self._session.send("DOM.getBoxModel", {"backendNodeId": button["backendDOMNodeId"]})["model"]["content"]
        self.page.mouse.click((where[0] + where[4]) / 2, (where[1] + where[5]) / 2)

    def _tree(self) -> list[Any]:
        nodes = self._session.send("Accessibility.getFullAXTree")["nodes"]
        return [one for one in nodes if not one["ignored"] and "name" in one]

    @cached_property
    def _session(self) -> Any:
        return self.page.context.new_cdp_session(self.page)


@pytest.fixture
def host(tmp_path: Path, new_page: Callable[..., Page]) -> Iterator[Callable[..., Host]]:
    """A page on another origin, under a policy that allows the script and nothing else."""
    stack: list[Any] = []

    def made(*notices: Notice, attributes: str = "", cors: bool = True, body: str = "", **page: Any) -> Host:
        ours, theirs = tmp_path / "ours", tmp_path / "theirs"
        for path, data in files(basis(*notices)).items():
            (ours / path).parent.mkdir(parents=True, exist_ok=True)
            (ours / path).write_bytes(data)
        theirs.mkdir(exist_ok=True)
        serves = serving(ours, {"Access-Control-Allow-Origin": "*"} if cors else {})
        status = serves.__enter__()
        stack.append(serves)
        script = f'<script src="{status}/embed.js" {attributes} async></script>'
        html = f'<!doctype html><html lang="en"><title>Shop</title><main><h1>A shop</h1>{body}{script}</main>'
        (theirs / "index.html").write_text(html, "utf-8")
        hosts = serving(theirs, {"Content-Security-Policy": POLICY.format(status=status)})
        address = hosts.__enter__()
        stack.append(hosts)
        opened, errors = new_page(**page), []
        opened.on("pageerror", lambda error: errors.append(str(error)))
        opened.on("console", lambda told: errors.append(told.text) if told.type == "error" else None)
        return Host(opened, status, ours, address, errors)

    yield made
    for one in stack:
        one.__exit__(None, None, None)


def test_a_banner_says_what_is_the_matter(host: Callable[..., Host]):
    """Under a policy without inline styles, on another origin, and nothing of it is refused."""
    shop = host(BROKEN)
    page = shop.open()

    assert sorted(shop.heard) == sorted(
        [
            ("region", "Status of Harbour Lane"),
            ("StaticText", "Partial outage"),
            ("StaticText", "It is us. Mail has a partial outage."),
            ("link", "What we say about it"),
            ("StaticText", "What we say about it"),
            ("button", "Hide"),
            ("StaticText", "×"),
            ("StaticText", "A shop"),
        ]
    )
    assert page.evaluate("document.body.firstElementChild.dataset.aboveboard") == "banner"
    box = page.locator("[data-aboveboard]").bounding_box()
    assert box
    assert box["height"] > 30
    assert [error for error in shop.errors if "favicon" not in error] == []


def test_it_says_nothing_when_all_is_well(host: Callable[..., Host]):
    shop = host()
    page = shop.open()

    assert page.locator("[data-aboveboard]").count() == 0
    assert page.locator("body > *").count() == 1


def test_it_says_so_when_it_is_asked_to(host: Callable[..., Host]):
    shop = host(attributes='data-show="always"')
    shop.open()

    assert ("StaticText", "Operational") in shop.heard


@pytest.mark.parametrize(("component", "said"), [("mail", "Mail: Partial outage"), ("g", "Mail: Partial outage")])
def test_it_may_be_about_some_of_it_only(host: Callable[..., Host], component: str, said: str):
    shop = host(BROKEN, attributes=f'data-component="{component}"')
    shop.open()

    assert ("StaticText", said) in shop.heard


def test_what_is_wrong_elsewhere_is_not_told(host: Callable[..., Host]):
    shop = host(BROKEN, attributes='data-component="web"')
    shop.open()

    assert shop.heard == NOTHING


def test_a_widget_stands_where_its_script_does(host: Callable[..., Host]):
    slow = incident("slow", started="15:00", components={"web": DEGRADED})
    shop = host(BROKEN, slow, attributes='data-as="widget"')
    page = shop.open()

    assert page.evaluate("document.querySelector('script').nextElementSibling.dataset.aboveboard") == "widget"
    assert sorted(name for role, name in shop.heard if role == "StaticText") == sorted(
        [
            *("A shop", "Partial outage", "It is us. Mail has a partial outage."),
            *("Mail", "Partial outage", "Web", "Degraded", "What we say about it"),
        ]
    )


def test_a_widget_may_be_put_elsewhere(host: Callable[..., Host]):
    shop = host(BROKEN, attributes='data-as="widget" data-target="#here"', body='<p id="here"></p>')
    page = shop.open()

    assert page.locator("#here > [data-aboveboard]").count() == 1


def test_whoever_hides_it_is_left_alone_until_there_is_news(host: Callable[..., Host]):
    shop = host(BROKEN)
    page = shop.open()
    shop.hide()
    assert shop.heard == NOTHING
    page.reload()
    page.wait_for_load_state("networkidle")
    assert shop.heard == NOTHING
    told = json.loads((shop.folder / "api/aboveboard/board.json").read_text("utf-8"))
    told["open"][0]["newest"]["id"] = "20260302T155900Z"
    (shop.folder / "api/aboveboard/board.json").write_text(json.dumps(told), "utf-8")
    page.reload()
    page.wait_for_load_state("networkidle")
    assert ("StaticText", "Partial outage") in shop.heard


def test_what_will_hold_later_is_shown_then(host: Callable[..., Host]):
    """Without a build in between: the page says what was known to come."""
    shop = host(maintenance("routers", "03-01 09:00 scheduled", window=("17:00", "18:00"), components={}))
    shop.page.clock.install(time=at("17:30"))
    shop.open()

    assert ("StaticText", "Maintenance") in shop.heard


@pytest.mark.parametrize("wrong", ["missing", "not json", "of another form", "no cors", "unknown component"])
def test_when_anything_fails_it_shows_nothing(host: Callable[..., Host], wrong: str):
    """And throws nothing into its host's page. What the browser itself writes down of a failed request is not ours."""
    attributes = 'data-component="nothing"' if wrong == "unknown component" else ""
    shop = host(BROKEN, cors=wrong != "no cors", attributes=attributes)
    told = shop.folder / "api/aboveboard/board.json"
    if wrong == "missing":
        told.unlink()
    elif wrong in ("not json", "of another form"):
        told.write_text("<html>" if wrong == "not json" else "[1]", "utf-8")
    thrown: list[str] = []
    shop.page.on("pageerror", lambda error: thrown.append(str(error)))
    page = shop.open()

    assert shop.heard == NOTHING
    assert page.locator("h1").inner_text() == "A shop"
    assert thrown == []


def test_nobody_can_look_into_it(host: Callable[..., Host]):
    shop = host(BROKEN)
    page = shop.open()

    assert page.evaluate("document.querySelector('[data-aboveboard]').shadowRoot") is None
    assert page.evaluate("Object.keys(window).filter(name => /aboveboard|said/.test(name))") == []


def test_a_frame_can_be_read_by_everybody(host: Callable[..., Host]):
    shop = host(BROKEN)
    shop.page.goto(f"{shop.status}/embed/")
    shop.page.get_by_text("It is us. Mail has a partial outage.").wait_for()

    assert [one["id"] for one in Axe().run(shop.page).response["violations"]] == []


def test_a_frame_is_shown_in_somebody_else_s_page(host: Callable[..., Host], tmp_path: Path):
    shop = host(BROKEN)
    frame = f'<!doctype html><title>Shop</title><iframe src="{shop.status}/embed/mail/" title="Status"></iframe>'
    (tmp_path / "theirs" / "index.html").write_text(frame, "utf-8")
    page = shop.open()

    assert page.frame_locator("iframe").get_by_text("Partial outage").count() == 1


class Framed:
    """A frame in somebody else's page, on a clock of its own, over a site that is built again and again."""

    def __init__(self, shop: Host, folder: Path) -> None:
        self.shop = shop
        html = f'<!doctype html><title>Shop</title><iframe src="{shop.status}/embed/" title="Status"></iframe>'
        (folder / "theirs" / "index.html").write_text(html, "utf-8")
        shop.page.clock.install(time=at("16:00"))
        self.main = shop.open().frame_locator("iframe").locator("main")

    def build(self, *notices: Notice, now: str) -> None:
        """What is there from then on."""
        for path, data in files(basis(*notices, now=now)).items():
            (self.shop.folder / path).write_bytes(data)

    def pass_(self, time: str) -> None:
        """Let the clock go on until then."""
        self.shop.page.clock.fast_forward(time)
        self.shop.page.wait_for_load_state("networkidle")


def test_a_frame_learns_what_was_written_since(host: Callable[..., Host], tmp_path: Path):
    """Under the policy that it brings along."""
    frame = Framed(host(BROKEN), tmp_path)
    over = incident("mail-broke", started="15:30", ended="16:00", components={"mail": PARTIAL}, title="Mail is late")
    frame.build(over, now="16:01")
    frame.pass_("02:00")
    frame.main.get_by_text("All 2 components are working").wait_for()

    assert frame.main.locator("li").count() == 0
    assert "16:01" in frame.main.inner_text()
    assert frame.main.locator("[data-part=head]").get_attribute("role") == "status"
    assert [error for error in frame.shop.errors if "favicon" not in error] == []


def test_a_frame_knows_what_the_clock_will_make_true(host: Callable[..., Host], tmp_path: Path):
    """Work begins, and nobody has built."""
    frame = Framed(host(maintenance("routers", window=("17:00", "18:00"), components={"mail": WORK})), tmp_path)
    assert frame.main.locator("li").count() == 0
    frame.pass_("01:00:05")
    frame.main.get_by_text("Maintenance").first.wait_for()

    assert frame.main.locator("li").count() == 1


def test_a_frame_that_gets_no_answer_stays_as_it_was(host: Callable[..., Host], tmp_path: Path):
    frame = Framed(host(BROKEN), tmp_path)
    (frame.shop.folder / "api/aboveboard/board.json").unlink()
    frame.pass_("02:00")

    assert "It is us." in frame.main.inner_text()
