"""Two people change the same value at once: the second sees both, loses nothing and decides."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.steps import fill_source, open_group, read_row, save
from tests.journeys.visitor import Visitor

POND = "KZ-0004-S01"
CARD = "/registry/facilities/KZ-0004/"


def open_form(page: Page) -> None:
    page.goto(CARD)
    open_group(page, POND, "volume")


def fill(page: Page, *, volume: str, area: str, source: str) -> None:
    fill_source(page, source=source, reason="уточнение")
    page.locator("[name=f-volume_m3]").fill(volume)
    if area:
        page.locator("[name=f-area_m2]").fill(area)


def test_second_editor_sees_both_and_saves(visitor: Visitor) -> None:
    first, second = visitor.open("editor", language="ru"), visitor.open("inspector", language="ru")
    for page in (first, second):
        open_form(page)
    fill(first, volume="3 млн м3", area="", source="Отчёт первого")
    fill(second, volume="4 млн м3", area="50 га", source="Отчёт второго")
    save(first)
    with second.expect_response(lambda answer: answer.request.method == "POST") as answer:
        save(second)
    assert answer.value.status == 409
    lines = second.locator("main tbody tr")
    expect(lines.first).to_contain_text("3")
    expect(lines.first).to_contain_text("4")
    assert second.locator("main [name=source]").input_value() == "Отчёт второго"
    assert second.locator("main [name=f-area_m2]").input_value() == "50 га"
    second.locator("[name=take-volume_m3][value=mine]").check()
    save(second)
    assert second.url.endswith(CARD)
    assert read_row(second, "volume_m3", POND).startswith("4")
    assert read_row(second, "area_m2", POND) != ""
    first.goto(CARD)
    assert read_row(first, "volume_m3", POND).startswith("4")
    assert (second.goto(f"{CARD}history/") or answer.value).status == 200
    assert second.locator("tbody tr", has_text="уточнение").count() >= 2
