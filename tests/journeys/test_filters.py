"""The conditions of the list: a choice sends itself, typed text waits for Enter or the button and is never lost."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.visitor import Visitor, follow

COUNT_SENT = "() => { window.sent = 0; document.addEventListener('submit', () => { window.sent += 1 }, true) }"
TEXT = "#filter-q"


def open_list(visitor: Visitor) -> Page:
    page = visitor.open()
    page.goto("/registry/facilities/?view=list")
    page.evaluate(COUNT_SENT)
    return page


def test_typed_text_waits_for_enter(visitor: Visitor) -> None:
    page = open_list(visitor)
    page.locator(TEXT).click()
    page.keyboard.type("Рддер")
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    page.keyboard.type("и")  # the caret is where the reader put it
    expect(page.locator(TEXT)).to_have_value("Риддер")
    page.keyboard.press("Tab")
    assert page.evaluate("window.sent") == 0, "leaving the field sent the form"
    page.locator(TEXT).focus()
    follow(page, lambda: page.keyboard.press("Enter"))
    expect(page.locator(TEXT)).to_have_value("Риддер")


def test_a_choice_sends_itself_with_the_text_typed_so_far(visitor: Visitor) -> None:
    page = open_list(visitor)
    page.locator(TEXT).fill("Ридд")
    menu = page.locator("details.menu", has=page.locator("input[name=status]"))
    menu.locator("summary").first.click()
    menu.locator("input[name=status][value=active]").check()
    assert page.evaluate("window.sent") == 0, "the menu is still open: more boxes may follow"
    follow(page, menu.locator("summary").first.click)
    assert "status=active" in page.url
    expect(page.locator(TEXT)).to_have_value("Ридд")


def test_text_in_a_menu_waits_for_its_button(visitor: Visitor) -> None:
    page = open_list(visitor)
    menu = page.locator("details.menu", has=page.locator("#filter-known_from"))
    menu.locator("summary").first.click()
    page.locator("#filter-known_from").fill("5")
    menu.locator("summary").first.click()
    expect(menu).not_to_have_attribute("open", "")
    assert page.evaluate("window.sent") == 0, "closing the menu sent the text"
    menu.locator("summary").first.click()
    expect(page.locator("#filter-known_from")).to_have_value("5")
    follow(page, menu.locator("button[type=submit]").click)
    assert "known_from=5" in page.url
