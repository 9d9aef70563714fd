"""Dark colours keep their contrast; paper gets the content without what is only for the screen."""

from __future__ import annotations

import pytest

from tests.journeys.visitor import Visitor, find_axe_faults

PAGES = ("/registry/facilities/?size=25", "/registry/facilities/TJ-0001/", "/assessments/rankings/", "/design/")
ONLY_ON_SCREEN = ".topbar, .sidenav, .filters, .tabs, .page-actions, main button:not(.figure-source), a.skip, .breadcrumb"


@pytest.mark.parametrize("address", PAGES)
def test_dark_theme_keeps_contrast(visitor: Visitor, address: str) -> None:
    page = visitor.open(color_scheme="dark")
    page.goto(address)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 24, 31)"
    faults = find_axe_faults(page, rules=["color-contrast", "link-in-text-block"])
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("address", ["/registry/facilities/", "/registry/facilities/TJ-0001/"])
def test_paper_shows_the_content_only(visitor: Visitor, address: str) -> None:
    page = visitor.open("editor")
    page.goto(address)
    page.emulate_media(media="print", color_scheme="light")
    shown = page.locator(ONLY_ON_SCREEN).evaluate_all(
        "(nodes) => nodes.filter((node) => node.getClientRects().length).map((node) => node.outerHTML.slice(0, 120))"
    )
    assert shown == []
    assert page.locator("main h1").is_visible() and page.locator(".strip-demo").is_visible()
    assert page.locator("main :is(table, dl)").first.is_visible()
    assert len(page.pdf(format="A4")) > 20_000
