"""Fixtures of the journeys: one server and one browser for all of them, a visitor for each."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.site import Site, find_lack, run_site
from tests.journeys.visitor import ARGUMENTS, Visitor

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
HERE = Path(__file__).resolve().parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def _equipment() -> None:
    """What the journeys need is here; where it is not they are left out, but never in CI."""
    lack = find_lack(CHROMIUM)
    if lack and os.environ.get("CI") == "true":
        pytest.fail(f"the journeys cannot run: {lack}")
    if lack:
        pytest.skip(lack)


@pytest.fixture(scope="session")
def site(_equipment: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with run_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="session")
def browser(_equipment: None) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def _memory() -> tuple[dict[str, Any], dict[str, str]]:
    return {}, {}


@pytest.fixture
def visitor(browser: Browser, site: Site, _memory: tuple[dict[str, Any], dict[str, str]]) -> Iterator[Visitor]:
    """Somebody at the browser; at the end nothing may have gone wrong in any page: policy, scripts, requests elsewhere."""
    states, languages = _memory
    person = Visitor(browser, site, states, languages)
    yield person
    person.close()
    assert person.faults == []
