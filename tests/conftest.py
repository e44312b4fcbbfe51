"""What several test modules need: how hard to look, and a browser to look with."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Page, Route, sync_playwright

import stress
from aboveboard.host import build_site
from building import lay_out
from hosting import hosted
from looking import Site

settings.register_profile("quick", max_examples=50, deadline=None, derandomize=True, database=None)
settings.register_profile(
    "all", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("all" if os.environ.get("ABOVEBOARD_ALL") else "quick")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
HERE = {"127.0.0.1", "localhost"}
ROOT = Path(__file__).parents[1]
NODE_PACKAGES = Path(__file__).parent / "node" / "node_modules"


def need(found: object, missing: str) -> None:
    """CI must have it; elsewhere the test that asks is skipped, and says what to install."""
    if not found:
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever asks for a browser is marked so: `pytest -m "not browser"` does without."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, headless. CI must have one; elsewhere its tests are skipped without."""
    need(CHROMIUM, "no Chromium on the PATH: install chromium (Debian, Ubuntu: apt-get install chromium)")
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=quiet)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def node() -> str:
    """The program `node`; what tests/node/package.json names lies in `NODE_PACKAGES`."""
    found = shutil.which("node")
    need(found, "no Node on the PATH: install it with npm (Debian, Ubuntu: apt-get install nodejs npm)")
    need((NODE_PACKAGES / ".made").exists(), "tests/node is not installed: run make test, which does it with npm")
    return str(found)


@pytest.fixture(scope="session")
def java() -> str:
    """The program `java`."""
    found = shutil.which("java")
    need(found, "no Java on the PATH: install it (Debian, Ubuntu: apt-get install default-jre-headless)")
    return str(found)


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Makes pages: `new_page(width=390, dark=True, script=False)`, and whatever else a browser context takes.

    A service worker may stay only where a test asks for it with `worker=True`.

    No page may ask another host for anything: such a request is refused and fails the test when it is over.
    """
    contexts, strangers = [], []

    def at_home(route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.hostname in HERE or address.scheme in {"data", "blob", "file"}:
            route.continue_()
        else:
            strangers.append(route.request.url)
            route.abort()

    def page(
        width: int = 1280,
        height: int = 900,
        *,
        dark: bool = False,
        script: bool = True,
        worker: bool = False,
        **more: Any,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            **more,
        )
        if not worker:
            context.add_init_script("delete Navigator.prototype.serviceWorker")
        contexts.append(context)
        context.route("**/*", at_home)
        return context.new_page()

    yield page
    for context in contexts:
        context.close()
    assert strangers == [], "a page asked other hosts"


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """One page, 1280 pixels wide, light, with script."""
    return new_page()


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], str]]:
    """Serves a built site on this machine: `serve(folder)` is its address, without a slash at the end."""
    with ExitStack() as served:
        yield lambda folder: served.enter_context(hosted(folder))


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> Callable[[str], Site]:
    """The sample, or a site of tests/stress.py by its name, built and served: `sites("crowded")`."""

    @cache
    def site(name: str) -> Site:
        made = tmp_path_factory.mktemp(name)
        project = ROOT if name == "sample" else lay_out(made, stress.SITES[name]())
        build_site(project / "mkdocs.yml", made / "site", strict=True, progress=None)
        return Site(serve(made / "site"), project, made / "site")

    return site
