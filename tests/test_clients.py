"""Programs that others wrote for Statuspage read a built site as they are: none of them is told that it is ours."""

from __future__ import annotations

import importlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page

from building import SITE, lay_out, mkdocs
from conftest import NODE_PACKAGES

QUIET = SITE["incidents/2026/2026-11-02-mail-late.md"] + "\n## 11:00 Resolved\n\nAll is delivered.\n"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    """A built site with an open incident and work ahead, on this machine."""
    return serve(mkdocs(lay_out(tmp_path_factory.mktemp("open"), SITE)).site)


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    """The same when all is over."""
    over = {**SITE, "incidents/2026/2026-11-02-mail-late.md": QUIET}
    return serve(mkdocs(lay_out(tmp_path_factory.mktemp("quiet"), over)).site)


def test_statuspage_io_of_npm(node: str, url: str):
    """https://www.npmjs.com/package/statuspage.io; its "active" asks for what is upcoming, and gets it."""
    script = Path(__file__).parent / "node/statuspage.io.js"
    done = subprocess.run([node, script, f"{url}/"], capture_output=True, text=True, check=True, timeout=60)
    said = json.loads(done.stdout)

    assert said["status"]["status"] == {"indicator": "major", "description": "Partial System Outage"}
    assert [(one["name"], one["status"]) for one in said["components"]["components"]] == [
        ("Mail", "partial_outage"),
        ("Webmail", "operational"),
    ]
    assert [one["name"] for one in said["incidents"]["incidents"]] == ["Mail is late", "A disk was replaced"]
    assert said["unresolved"]["incidents"] == said["summary"]["incidents"] == said["incidents"]["incidents"][:1]
    assert [one["name"] for one in said["upcoming"]["scheduled_maintenances"]] == ["New routers"]
    assert said["maintenances"]["scheduled_maintenances"] == said["summary"]["scheduled_maintenances"]


def test_atlassian_s_own_widget(node: str, url: str, quiet: str, tmp_path: Path, serve: Any, page: Page):  # noqa: ARG001
    """The npm package @statuspage/status-widget, in a page of another origin."""
    shutil.copy(NODE_PACKAGES / "@statuspage/status-widget/dist/index.js", tmp_path)
    elements = "".join(f'<statuspage-widget src="{src}"></statuspage-widget>' for src in (url, quiet))
    (tmp_path / "index.html").write_text(f'<!doctype html><script src="index.js"></script>{elements}')
    page.goto(serve(tmp_path))
    page.get_by_text("All Systems Operational").wait_for()

    shown = [
        element.evaluate("it => it.shadowRoot.textContent") for element in page.query_selector_all("statuspage-widget")
    ]
    assert ["Partial System Outage" in shown[0], "All Systems Operational" in shown[1]] == [True, True]


def test_an_exporter_for_prometheus(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """The package statuspage-prometheus-exporter of PyPI."""
    services = tmp_path / "services.json"
    services.write_text(
        json.dumps({"ours": {"name": "Ours", "type": "status_page", "url": f"{url}/api/v2/summary.json"}})
    )
    monkeypatch.setenv("SERVICES_JSON_PATH", str(services))
    monkeypatch.chdir(tmp_path)
    checker = importlib.import_module("statuspage_prometheus_exporter.service_checker")
    told = checker.check_service_status("ours", checker.SERVICES["ours"])

    assert (told["success"], told["status"], told["raw_status"]) == (True, 0, "major")
    assert told["component_metadata"] == [
        {"name": "Mail", "status": "partial_outage", "status_value": 0},
        {"name": "Webmail", "status": "operational", "status_value": 1},
    ]
    (incident,) = told["incident_metadata"]
    assert (incident["name"], incident["impact"], incident["affected_components"]) == (
        "Mail is late",
        "major",
        ["Mail"],
    )
    assert incident["shortlink"] == "https://status.example.org/incidents/2026-11-02-mail-late/"
    (work,) = told["maintenance_metadata"]
    assert (work["name"], work["scheduled_start"]) == ("New routers", "2026-11-08T02:00:00.000Z")


def test_a_wrapper_for_python(url: str):
    """The package DiscordStatus of PyPI, which knows all eight files."""
    client = importlib.import_module("discordstatus.discordstatus").DiscordStatus()
    client.base_target = f"{url}/api/v2"

    assert client.status["status"]["indicator"] == "major"
    assert client.summary["components"] == client.components["components"]
    assert client.unresolved_incidents["incidents"] == client.all_incidents["incidents"][:1]
    assert client.upcoming_maintenances["scheduled_maintenances"] == client.all_maintenances["scheduled_maintenances"]
    assert client.active_maintenances["scheduled_maintenances"] == []


def test_a_dashboard(url: str, quiet: str):
    """The package obsidian-flight-deck of PyPI, whose panel of services takes any page that speaks this API."""
    panel = importlib.import_module("flightdeck.panels.status").Status

    services = [{"label": "Ours", "url": url}, {"label": "Over", "url": f"{quiet}/"}]
    context = importlib.import_module("flightdeck.panels.base").Ctx(config=None, opts={"services": services}, now=None)

    assert panel(context).render() == [
        f"- [Ours]({url}): \N{LARGE ORANGE CIRCLE} major — Mail is late",
        f"- [Over]({quiet}/): \N{LARGE GREEN CIRCLE} none — all operational",
    ]


def test_a_command_for_terminals(url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """The package github-status-cli of PyPI, which is shown the way to us instead of to GitHub."""
    command: ModuleType = importlib.import_module("github_status.github_status")
    monkeypatch.setattr(command, "urlopen", lambda there: urlopen(re.sub(r"^https://[^/]+", url, there)))
    command.get_status()
    told = capsys.readouterr().out

    assert "Partial System Outage (Major Outage)" in told
    assert re.search(r"Mail is late .*major.*identified", told)
    assert re.search(r"Mail .*partial_outage", told)
    assert re.search(r"Webmail .*operational", told)
