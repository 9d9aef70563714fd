"""From the list to a saved value without a mouse: skip links, a focus that is always seen, Ctrl+Enter."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.steps import read_row
from tests.journeys.visitor import Visitor, follow

MOST_STEPS = 250
POND = "KZ-0002-S01"
# the ring is there, and what has the focus is not wholly outside the window or under something that sticks
FIND_FOCUS_FAULT = """() => {
  const node = document.activeElement
  if (!node || node === document.body) return ''
  const name = node.outerHTML.slice(0, 120)
  const { outlineStyle, outlineWidth } = getComputedStyle(node)
  const ringed = node.closest(':focus-visible') ?? node
  if (outlineStyle === 'none' || parseFloat(outlineWidth) < 2) return `no ring: ${name}`
  const boxes = [...ringed.getClientRects()]
  const points = boxes.flatMap(({ left, top, width, height }) =>
    [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]].map(([x, y]) => [left + width * x, top + height * y]))
  const isSeen = points.some(([x, y]) => {
    const top = document.elementFromPoint(x, y)
    return top && (node.contains(top) || top.contains(node) || [...(node.labels ?? [])].some((label) => label.contains(top)))
  })
  return isSeen ? '' : `not to be seen: ${name}`
}"""


def press_tab_until(page: Page, selector: str) -> None:
    """Tab on until the focus is on the element; at each stop the focus is seen."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        assert page.evaluate(FIND_FOCUS_FAULT) == ""
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def test_skip_links_lead_to_content_and_table(visitor: Visitor) -> None:
    page = visitor.open("editor")
    page.goto("/registry/facilities/")
    press_tab_until(page, "a.skip[href='#content']")
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    page.reload()
    press_tab_until(page, "a.skip[href='#register']")
    page.keyboard.press("Enter")
    expect(page.locator("#register")).to_be_focused()


def test_value_is_changed_with_the_keyboard_only(visitor: Visitor) -> None:
    page = visitor.open("editor")
    page.goto("/registry/facilities/?q=KZ-0002")
    press_tab_until(page, "tr[data-facility=KZ-0002] a")
    follow(page, lambda: page.keyboard.press("Enter"))
    press_tab_until(page, f"a[href$='/edit/volume/?structure={POND}']")
    follow(page, lambda: page.keyboard.press("Enter"))
    for name, text in (("source", "Field book 7"), ("reason", "annual survey"), ("f-area_m2", "48 ha")):
        press_tab_until(page, f"main [name={name}]")
        page.keyboard.type(text)
    follow(page, lambda: page.keyboard.press("Control+Enter"))
    expect(page.locator("main .banner-ok")).to_have_count(1)
    assert re.search(r"\d", read_row(page, "area_m2", POND))


def test_menus_close_and_search_is_one_key_away(visitor: Visitor) -> None:
    page = visitor.open("editor")
    page.goto("/registry/facilities/")
    press_tab_until(page, "details.menu > summary")
    page.keyboard.press("Enter")
    expect(page.locator("details.menu[open]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("details.menu[open]")).to_have_count(0)
    assert page.evaluate("document.activeElement.matches('summary')")
    page.keyboard.press("Alt+s")
    expect(page.locator("[data-search]")).to_be_focused()


def test_every_stop_of_a_form_is_seen(visitor: Visitor) -> None:
    """All the way to the bar that sticks to the lower edge."""
    page = visitor.open("editor")
    page.goto(f"/registry/facilities/KZ-0002/edit/volume/?structure={POND}")
    press_tab_until(page, ".action-bar .button-primary")


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        (":focus-visible { outline: none !important }", "no ring"),
        (".topbar { position: fixed; inset: 0; z-index: 99 }", "not to be seen"),
    ],
)
def test_the_check_itself_finds_faults(visitor: Visitor, rule: str, fault: str) -> None:
    page = visitor.open()
    page.goto("/help/")
    page.evaluate("(rule) => { const [sheet] = document.styleSheets; sheet.insertRule(rule, sheet.cssRules.length) }", rule)
    page.locator("main a").first.focus()
    page.keyboard.press("Tab")
    assert str(page.evaluate(FIND_FOCUS_FAULT)).startswith(fault)
