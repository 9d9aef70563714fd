"""A duty officer from the call to the forecast, in each language: wizard, result, targets by the keyboard, the moment on the map."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.visitor import LANGUAGES, NARROW, Visitor, find_axe_faults, follow

FACILITY = "KZ-0001"
FORECAST_MS = 120_000
"""The first forecast compiles the kernels and waits behind the screening of all facilities."""
MASS = {"ru": "4 т (2–8)", "kk": "4 т (2–8)", "en": "4 t (2–8)"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_call_to_the_forecast(visitor: Visitor, language: str) -> None:
    page = visitor.open("expert", language=language)
    page.goto("/scenarios/rivers/new/")
    ask_for_forecast(page, language)
    expect(page.locator("#targets")).to_be_visible(timeout=FORECAST_MS)
    assert not find_axe_faults(page)
    choose_target_by_keyboard(page)
    move_through_time(page)
    assert visitor.faults == []


def ask_for_forecast(page: Page, language: str) -> None:
    """The facility brings its river; an exercise with a mass and the usual duration."""
    page.locator("#id_facility").select_option(FACILITY)
    expect(page.locator("#way [data-target]").first).to_be_visible(timeout=FORECAST_MS)
    assert not find_axe_faults(page)
    page.locator("input[name=amount][value=mass]").check()
    page.locator("#id_mass").fill(MASS[language])
    page.locator("input[name=mode][value=exercise]").check()
    follow(page, page.locator("main form .button-primary").click)
    assert re.search(r"/scenarios/runs/R-\d{4}-\d{4}/$", page.url), page.url


def choose_target_by_keyboard(page: Page) -> None:
    """Enter on a row changes the chart and the address, and the focus stays on the row."""
    link = page.locator("[data-target]:not(.is-selected) th a").first
    name, code = link.inner_text(), link.evaluate("(node) => node.closest('tr').dataset.target")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#fan-title")).to_contain_text(name)
    expect(page.locator(f"[data-target='{code}']")).to_have_class(re.compile("is-selected"))
    assert f"target={code}" in page.url
    expect(page.locator("#river-fan canvas")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == f"target-{code}"


def move_through_time(page: Page) -> None:
    """Home, arrows, Page Up and End move the slider; its words and the address follow."""
    slider = page.locator("#river-moment")
    slider.focus()
    page.keyboard.press("Home")
    assert "t=0h" in page.url
    page.keyboard.press("ArrowRight")
    page.keyboard.press("PageUp")
    assert slider.input_value() == "5"
    words = slider.get_attribute("aria-valuetext") or ""
    assert words.startswith("+") and "UTC" in words and page.locator("[data-moment]").inner_text() == words
    page.keyboard.press("End")
    assert slider.input_value() == slider.get_attribute("max")


def test_the_forecast_on_a_phone_and_without_script(visitor: Visitor) -> None:
    page = visitor.open("expert", language="ru", size=NARROW, java_script_enabled=False)
    page.goto(f"/scenarios/rivers/new/?facility={FACILITY}")
    expect(page.locator("#way [data-target]").first).to_be_visible()
    page.locator("#id_duration").fill("не знаю")
    follow(page, page.locator("main form .button-primary").click)
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.locator("#id_duration")).to_have_value("не знаю")
    page.goto("/scenarios/")
    expect(page.locator("main h1")).to_be_visible()
