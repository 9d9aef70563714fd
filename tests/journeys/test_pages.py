"""Every page, in three languages, on a wide and a narrow screen: no fault, nothing cut off, nothing left in English."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.faults import find_page_faults
from tests.journeys.routes import NO_PAGES, VISITS, Visit, list_routes
from tests.journeys.visitor import LANGUAGES, WIDE, Visitor

SitDown = Callable[[str, str], tuple[Visitor, Page]]


@pytest.fixture(scope="module")
def _desks(browser: Browser) -> Iterator[dict[tuple[str, str], tuple[Visitor, Page]]]:
    desks: dict[tuple[str, str], tuple[Visitor, Page]] = {}
    yield desks
    for person, _page in desks.values():
        person.close()


@pytest.fixture
def sit_down(_desks: dict[tuple[str, str], tuple[Visitor, Page]], visitor: Visitor) -> SitDown:
    """The open page of a role and language: most visits go there instead of opening a window anew."""

    def sit(role: str, language: str) -> tuple[Visitor, Page]:
        key = (role, language)
        if key not in _desks:
            person = Visitor(visitor.browser, visitor.site, visitor.states, visitor.languages)
            _desks[key] = (person, person.open(role, language=language))
        person, page = _desks[key]
        person.faults.clear()
        if role:
            person.use_language(page.context, role, language)
        page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        return person, page

    return sit


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("visit", VISITS, ids=str)
def test_page(sit_down: SitDown, visit: Visit, language: str) -> None:
    person, page = sit_down(visit.role, language)
    answer = page.goto(find_address(page, visit))
    assert answer is not None and answer.status == visit.status
    if page.locator("[data-map]").count():
        page.locator("[data-map][data-drawn]").first.wait_for()
    faults = find_page_faults(page, language) + person.faults
    assert not faults, "\n".join(faults)


def find_address(page: Page, visit: Visit) -> str:
    """The address of a visit; where a number in it is not known beforehand, from the page that links to it."""
    if not visit.on:
        return visit.address
    page.goto(visit.on)
    return visit.pick(page.eval_on_selector_all("main a[href]", "(nodes) => nodes.map((a) => a.getAttribute('href'))"))


def test_no_page_is_forgotten() -> None:
    known = {visit.route for visit in VISITS} | NO_PAGES
    routes = set(list_routes())
    assert routes - known == set()
    assert known - routes == set()


SPOIL = """() => {
  const main = document.querySelector('main')
  const add = (tag, text) => main.appendChild(Object.assign(document.createElement(tag), { textContent: text }))
  add('h1', 'Second head')
  add('button', 'Save')
  add('input', '')
  add('div', 'wide').style.width = '2000px'
  main.insertAdjacentHTML('beforeend', '<p style="color: red">red</p>')
  console.error('spoilt')
}"""


def test_the_checks_themselves_find_faults(visitor: Visitor) -> None:
    page = visitor.open(language="kk")
    page.goto("/help/")
    assert find_page_faults(page, "kk") == []
    page.evaluate(SPOIL)
    found = "\n".join([*find_page_faults(page, "kk"), *visitor.faults])
    for fault in (
        "headings of the first level",
        "not translated: Save",
        "label:",
        "scrollWidth",
        "policy: style-src",
        "spoilt",
    ):
        assert fault in found
    assert find_page_faults(page, "ru")[0] == "language of the page: kk"
    visitor.faults.clear()
