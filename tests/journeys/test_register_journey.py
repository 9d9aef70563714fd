"""An editor of the ministry through the whole register in each language: find, read, change, undo, see on the map."""

from __future__ import annotations

import csv
import io
import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.steps import fill_source, find_row, look_at_map, open_group, read_row, save
from tests.journeys.visitor import LANGUAGES, Visitor, follow, read_numbers, sign_in

FORMER_NAME = "Лениногорск"  # the town is called Ridder now
# per language: what is typed, what the card says, a pond of its own so that the runs do not meet
TYPED = {
    "ru": ("5,2 млн м3", "5,2", "KZ-0001-S01"),
    "kk": ("5,2 млн м³", "5,2", "KZ-0002-S01"),
    "en": ("5.2 million m3", "5.2", "KZ-0003-S01"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_editor_finds_changes_and_undoes(visitor: Visitor, language: str) -> None:
    page = visitor.open(language=language)
    sign_in(page, "editor", visitor.site.password)
    page.goto(f"/?lang={language}")
    visitor.languages["editor"] = language
    find_by_former_name(page)
    assert_address_reproduces(page)
    assert_export_agrees(page)
    typed, shown, pond = TYPED[language]
    facility = pond.removesuffix("-S01")
    follow(page, page.locator(f"tr[data-facility={facility}] a").first.click)
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert_popover_tells_the_source(page)
    before = read_row(page, "volume_m3", pond)
    change_volume(page, pond, typed)
    assert read_row(page, "volume_m3", pond) == shown
    undo_from_history(page, facility, shown)
    page.goto(f"/registry/facilities/{facility}/")
    assert read_row(page, "volume_m3", pond) == before


def find_by_former_name(page: Page) -> None:
    """By status in its menu, then by a name that is no longer used."""
    follow(page, page.locator("nav a[href='/registry/facilities/']").click)
    menu = page.locator("details.menu", has=page.locator("input[name=status]"))
    menu.locator("summary").click()
    for status in ("active", "inactive"):
        menu.locator(f"input[name=status][value={status}]").check()
    follow(page, menu.locator("button").click)
    page.locator("#filter-q").fill(FORMER_NAME)
    follow(page, lambda: page.locator("#filter-q").press("Enter"))


def list_ids(page: Page) -> list[str]:
    return page.locator("tr[data-facility]").evaluate_all("(rows) => rows.map((row) => row.dataset.facility)")


def assert_address_reproduces(page: Page) -> None:
    """The address alone brings the same list, in another window and for anybody who may see it."""
    assert re.search(r"[?&]status=active&status=inactive", page.url) and "q=" in page.url
    other = page.context.new_page()
    other.goto(page.url)
    assert list_ids(other) == list_ids(page) == ["KZ-0001", "KZ-0002", "KZ-0003"]
    other.close()


def assert_export_agrees(page: Page) -> None:
    """Rows on the page, in the head ("3 of 119"), on the button and in the file are one number."""
    menu = page.locator("details.menu", has=page.locator("a[href*='f=csv']"))
    in_head = read_numbers(page.locator(".page-title .chip").first.inner_text())
    on_button = read_numbers(menu.locator("summary").inner_text())
    menu.locator("summary").click()
    with page.expect_download() as download:
        menu.locator("a[href*='f=csv']").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert on_button == [len(rows)] and len(rows) in in_head
    assert [row["id"] for row in rows] == list_ids(page)


def assert_popover_tells_the_source(page: Page) -> None:
    """A value's source opens beside it, is filled by the server, and Escape brings the reader back."""
    button = find_row(page, "status").locator("button.figure-source")
    button.click()
    popover = page.locator("[popover]:popover-open")
    expect(popover.locator("tbody tr")).not_to_have_count(0)
    expect(popover.locator("a[href$='/fields/status/']")).to_be_visible()
    page.keyboard.press("Escape")
    expect(popover).to_have_count(0)
    expect(button).to_be_focused()


def change_volume(page: Page, pond: str, typed: str) -> None:
    open_group(page, pond, "volume")
    fill_source(page, source="Отчёт о съёмке 14-2, с. 12", reason="годовая съёмка")
    page.locator("[name=f-volume_m3]").fill(typed)
    save(page)
    expect(page.locator("main .banner-ok")).to_have_count(1)


def undo_from_history(page: Page, facility: str, shown: str) -> None:
    follow(page, page.locator("nav.tabs a[href*='tab=history']").click)
    page.goto(f"/registry/facilities/{facility}/history/")
    newest = page.locator("tbody tr").first
    expect(newest).to_contain_text(shown)
    expect(newest).to_contain_text("годовая съёмка")
    follow(page, newest.locator("a[href$='/undo/']").click)
    expect(page.locator("main tbody")).to_contain_text(shown)
    page.locator("main [name=reason]").fill("не тот объект")
    save(page)
    expect(page.locator("tbody tr").first).to_contain_text("не тот объект")


@pytest.mark.parametrize("language", LANGUAGES)
def test_map_shows_what_the_table_holds(visitor: Visitor, language: str) -> None:
    """The map is drawn, speaks the language, and a row reached by keyboard is marked on it."""
    page = visitor.open("editor", language=language)
    page.goto("/registry/facilities/?q=KZ-0001")
    before = look_at_map(page)
    assert before["colours"] > 50 and before["amber"] == 0
    assert page.locator("[data-map]").get_attribute("data-language") == language
    label = page.locator("[data-map] canvas").get_attribute("aria-label") or ""
    assert label and bool(re.search("[а-яә]", label)) == (language != "en")
    assert_controls_speak(page, language)
    page.locator("a.skip[href='#register']").focus()
    page.keyboard.press("Enter")
    for _ in range(12):  # the heads of the table sort and come first
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('[data-facility]')?.dataset.facility") == "KZ-0001":
            break
    expect(page.locator("tr[data-facility=KZ-0001]")).to_have_class(re.compile("is-selected"))
    assert look_at_map(page)["amber"] > 20


def assert_controls_speak(page: Page, language: str) -> None:
    """Every control that the map library puts on the map is named in the reader's language, the scale too."""
    map_view = page.locator("[data-map]")
    words = map_view.locator(".maplibregl-ctrl :is([title], [aria-label])").evaluate_all(
        "(nodes) => nodes.flatMap((node) => [node.title, node.ariaLabel]).filter(Boolean)"
    )
    assert len(words) >= 3
    for text in [*words, map_view.locator(".maplibregl-ctrl-scale").inner_text()]:
        assert bool(re.search("[а-яә]", text)) == (language != "en"), text
