"""Every page, in three languages, on a wide and a narrow screen: no fault, nothing cut off, nothing left in English."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.routes import NO_PAGES, VISITS, Visit, list_routes
from tests.journeys.site import Site
from tests.journeys.visitor import LANGUAGES, NARROW, WIDE, Visitor, find_axe_faults, find_overflow

# names of formats, scales and codes are written alike in all languages
FIND_LATIN = """() => {
  const kept = /^(?:[\\d\\s.,:;()–−+×?·%-]|CSV|JSON|XLSX|GeoJSON|GeoPackage|KML|THI|TRI|SHA-256|KZ|KG|TJ|UZ|CN|MN|[A-Z]{2}-\\d+\\S*)*$/
  const words = 'h1, h2, main button:not(.figure-source), main .button, nav a, label, legend, summary, th[scope=col], main p'
  const isForeign = (node) => node.closest('[lang]') !== document.documentElement
  const nodes = [...document.querySelectorAll(words)].filter((node) => node.getClientRects().length && !isForeign(node))
  return nodes.map((node) => node.innerText.trim()).filter((text) => !/[\\u0400-\\u04ff]/.test(text) && !kept.test(text))
}"""


@pytest.fixture(scope="module")
def _desks(browser: Browser, site: Site) -> Iterator[dict[tuple[str, str], tuple[Visitor, Page]]]:
    """One open page for each role and language: a visit goes there instead of opening a browser window anew."""
    desks: dict[tuple[str, str], tuple[Visitor, Page]] = {}
    yield desks
    for person, _page in desks.values():
        person.close()


@pytest.fixture
def sit_down(_desks, visitor: Visitor):  # type: ignore[no-untyped-def]
    def sit(role: str, language: str) -> tuple[Visitor, Page]:
        person = Visitor(visitor.browser, visitor.site, visitor.states, visitor.languages)
        key = (role, language)
        if key not in _desks:
            _desks[key] = (person, person.open(role, language=language))
        person, page = _desks[key]
        person.faults.clear()
        if role:
            person.use_language(page.context, role, language)
        return person, page

    return sit


def check_page(page: Page, language: str) -> list[str]:
    """Faults that hold for any page."""
    faults = []
    if page.locator("html").get_attribute("lang") != language:
        faults.append(f"language of the page: {page.locator('html').get_attribute('lang')}")
    if page.locator("h1").count() != 1 or not page.locator("h1").inner_text().strip():
        faults.append(f"headings of the first level: {page.locator('h1').all_inner_texts()}")
    if language != "en":
        faults += [f"not translated: {text}" for text in page.evaluate(FIND_LATIN)]
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        faults += [f"{size['width']} px: {fault}" for fault in [*find_axe_faults(page), *find_overflow(page)]]
    return faults


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("visit", VISITS, ids=str)
def test_page(sit_down, visit: Visit, language: str) -> None:  # type: ignore[no-untyped-def]
    person, page = sit_down(visit.role, language)
    page.set_viewport_size(WIDE)
    answer = page.goto(visit.address)
    assert answer is not None and answer.status == visit.status
    if page.locator("[data-map]").count():
        page.locator("[data-map][data-drawn]").first.wait_for()
    faults = check_page(page, language) + person.faults
    assert not faults, "\n".join(faults)


def test_no_page_is_forgotten() -> None:
    known = {visit.route for visit in VISITS} | NO_PAGES
    routes = set(list_routes())
    assert routes - known == set()
    assert known - routes == set()
