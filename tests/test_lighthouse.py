"""The board as Lighthouse judges it, on a phone and on a desk: nothing is missing, or it is said what."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from conftest import CHROMIUM, need
from looking import Site

ALL = bool(os.environ.get("ABOVEBOARD_ALL"))
SCRIPT = Path(__file__).parent / "node" / "lighthouse.mjs"

Judged = Callable[[str], list[Mapping[str, Any]]]


@pytest.fixture(scope="session")
def judged(node: str) -> Judged:
    """What Lighthouse says of the page at an address: once as a phone has it, once as a desk has."""
    need(CHROMIUM, "no Chromium on the PATH: install chromium (Debian, Ubuntu: apt-get install chromium)")

    def of(address: str) -> list[Mapping[str, Any]]:
        told = subprocess.run([node, SCRIPT, str(CHROMIUM), address], check=True, capture_output=True, text=True)
        views: list[Mapping[str, Any]] = json.loads(told.stdout)
        return views

    return of


@pytest.mark.parametrize("name", ["sample", "crowded"] if ALL else ["sample"])
def test_nothing_is_missing_but_time(judged: Judged, sites: Callable[[str], Site], name: str):
    """Accessibility, best practices and what search engines want: 100 each. Speed on a busy machine says little."""
    for view in judged(f"{sites(name).address}/"):
        assert [one for one in view["missing"] if one["category"] != "performance"] == []
        assert {view["scores"][category] for category in ("accessibility", "best-practices", "seo")} == {100}


@pytest.mark.skipif(not ALL, reason="times are measured with ABOVEBOARD_ALL only: other tests run beside this one")
@pytest.mark.parametrize("name", ["sample", "crowded"])
def test_nothing_is_slow(judged: Judged, sites: Callable[[str], Site], name: str):
    """Performance: 100 on a desk and 95 on a phone, in the best of three tries, as other tests run beside this one."""
    tries = [judged(f"{sites(name).address}/") for _ in range(3)]
    phone, desk = (max(views, key=lambda view: view["scores"]["performance"]) for views in zip(*tries, strict=True))

    assert desk["scores"]["performance"] == 100, desk["missing"]
    assert phone["scores"]["performance"] >= 95, phone["missing"]
