"""The register works where scripts are off: list, filters, card, change, undoing."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.steps import fill_source, open_group, save
from tests.journeys.visitor import Visitor, follow

POND = "KZ-0006-S01"
CARD = "/registry/facilities/KZ-0006/"


def test_register_without_script(visitor: Visitor) -> None:
    page = visitor.open("editor", java_script_enabled=False)
    filter_list(page)
    follow(page, page.locator("tr[data-facility=KZ-0006] a").first.click)
    expect(page.locator("h1")).to_be_visible()
    open_source(page)
    change_and_undo(page)


def filter_list(page: Page) -> None:
    page.goto("/registry/facilities/")
    everything = page.locator("tr[data-facility]").count()
    page.locator("#filter-q").fill("KZ-0006")
    menu = page.locator("details.menu", has=page.locator("input[name=status]"))
    menu.locator("summary").click()
    for box in menu.locator("input[name=status]").all():
        box.check()
    follow(page, menu.locator("button").click)
    assert "status=" in page.url
    assert 0 < page.locator("tr[data-facility]").count() < everything
    page.locator("#filter-q").fill("KZ-0006")
    follow(page, page.locator(".filters > .no-script-only").click)
    expect(page.locator("tr[data-facility=KZ-0006]")).to_have_count(1)


def open_source(page: Page) -> None:
    """The popover opens by itself and holds the way to everything about the value."""
    page.goto(CARD)
    page.locator("button.figure-source").first.click()
    link = page.locator("[popover]:popover-open a")
    expect(link).to_be_visible()
    follow(page, link.click)
    expect(page.locator("main tbody tr").first).to_be_visible()


def change_and_undo(page: Page) -> None:
    page.goto(CARD)
    open_group(page, POND, "volume")
    fill_source(page, source="Paper form 3", reason="no script here")
    page.locator("[name=f-volume_m3]").fill("6.25 million m3")
    save(page)
    section = page.locator(f"section[id='{POND}']")
    expect(section).to_contain_text("6.25")
    follow(page, page.locator("main .banner-ok a[href$='/undo/']").click)
    page.locator("main [name=reason]").fill("typed for another pond")
    save(page)
    page.goto(CARD)
    expect(section).not_to_contain_text("6.25")
