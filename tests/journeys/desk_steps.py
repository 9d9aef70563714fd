"""Steps of the working group's desk that its journeys share: plan, meeting, minutes, decisions, actions, papers."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from docx import Document
from playwright.sync_api import Locator, Page, expect
from pptx import Presentation

from tests.journeys.desk_content import ZONE, today
from tests.journeys.steps import save
from tests.journeys.visitor import follow

PLAN = "/meetings/work-plans/2022/"
SAVED_MS = 30_000
"""A part of the minutes saves itself two seconds after the last key; a busy machine needs longer."""


def say_day(days: int = 0) -> str:
    """A day from today as it is typed: 22.07.2026."""
    return f"{today() + dt.timedelta(days=days):%d.%m.%Y}"


def click_on(page: Page, button: Locator) -> None:
    follow(page, button.click)


def submit(page: Page, *, to: str, button: str = "button") -> None:
    """Press a button of the form that is sent to an address, given by its end."""
    click_on(page, page.locator(f"form[action$='{to}'] {button}").first)


def fill(page: Page, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        page.locator(f"main [name={name}]").fill(value)


def choose(page: Page, name: str, *values: str) -> None:
    for value in values:
        page.locator(f"main [name={name}][value='{value}']").check()


def download(page: Page, link: Locator) -> bytes:
    with page.expect_download() as download:
        link.click()
    return download.value.path().read_bytes()


# --- plan ----------------------------------------------------------------------------------------------------------------


def report_on_item(page: Page, number: int, words: Mapping[str, str]) -> None:
    """From the table of the plan to the item, its report and back to its story."""
    page.goto(PLAN)
    click_on(page, page.locator(f"#item-{number} th a").first)
    # the secretary's page has other buttons beside this one
    click_on(page, page.locator(f"main a[href='{PLAN}{number}/report/']").first)
    fill(page, words)
    save(page)
    for text in words.values():
        expect(page.locator("main article.story").first).to_contain_text(text)


def make_snapshot(page: Page, name: str) -> int:
    """A snapshot of the register as it stands; its number."""
    page.goto("/registry/snapshots/")
    fill(page, {"name": name})
    save(page)
    expect(page.locator("h1")).to_contain_text(name)
    found = re.search(r"/snapshots/(\d+)/$", page.url)
    assert found, page.url
    return int(found[1])


def link_snapshot(page: Page, number: int, snapshot: int) -> None:
    """Name a snapshot as what an item of the plan has produced."""
    page.goto(f"{PLAN}{number}/")
    box = page.locator("details", has=page.locator("form[action$='/deliverables/']"))
    box.locator("summary").click()
    box.locator("[name=object]").select_option(f"snapshot:{snapshot}")
    submit(page, to="/deliverables/")
    expect(page.locator(f"main ul a[href='/registry/snapshots/{snapshot}/']")).to_be_visible()


# --- meeting -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Plan:
    """What the secretary types for a new meeting."""

    number: int
    day: str
    place: str
    language: str


def plan_meeting(page: Page, plan: Plan) -> str:
    """Write down a meeting; the address of its page."""
    page.goto("/meetings/")
    click_on(page, page.locator("main a[href='/meetings/new/']"))
    fill(page, {"number": str(plan.number), "day": plan.day, "begins": "10:00", "ends": "13:00", "place": plan.place})
    page.locator("main [name=time_zone]").select_option(str(ZONE))
    choose(page, "languages", *{"ru", plan.language})
    choose(page, "minutes_language", plan.language)
    save(page)
    assert page.url.endswith(f"/meetings/{plan.number}/"), page.locator("main").inner_text()
    return f"/meetings/{plan.number}/"


def fill_agenda(page: Page, meeting: str) -> int:
    """The agenda fills itself; how many items stand on it."""
    page.goto(f"{meeting}agenda/")
    submit(page, to="/agenda/fill/")
    return page.locator("main tbody tr").count()


def add_participant(page: Page, meeting: str, *, name: str, email: str = "") -> None:
    page.goto(f"{meeting}participants/new/")
    fill(page, {"name": name, "email": email})
    save(page)
    expect(page.locator("main tbody")).to_contain_text(name)


def mark_all_present(page: Page, meeting: str) -> None:
    page.goto(f"{meeting}participants/")
    for box in page.locator("input[name^='present-'][value=yes]").all():
        box.check()
    click_on(page, page.locator("button[form=presence]"))
    expect(page.locator("input[name^='present-'][value=yes]:not(:checked)")).to_have_count(0)


def take_step(page: Page, meeting: str, step: str) -> None:
    """The next act of the secretary, from the page of the meeting."""
    page.goto(meeting)
    click_on(page, page.locator(f"form[action$='/step/'] button[value={step}]"))


# --- minutes -------------------------------------------------------------------------------------------------------------


def open_part(page: Page, part: str) -> Locator:
    """The live editor of a part of the item that is shown: heard, spoke, dissent."""
    editor = page.locator(f".minute-part[id$='-{part}'] form[data-keep] .minute-text")
    expect(editor).to_be_visible()
    return editor


def write_part(page: Page, part: str, text: str) -> None:
    """Type at the end of a part and wait until it has saved itself."""
    editor = open_part(page, part)
    editor.click()
    page.keyboard.press("Control+End")
    with page.expect_response(lambda answer: f"/{part}/save/" in answer.url, timeout=SAVED_MS) as answer:
        page.keyboard.type(text)
    assert answer.value.status == 200
    expect(page.locator("#saved")).to_contain_text(re.compile(r"\d\d:\d\d:\d\d"), timeout=SAVED_MS)


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as it is typed. ``bodies``: names as the page writes them; ``other``: a body outside of the group."""

    text: str
    due: str
    language: str = "ru"
    bodies: Sequence[str] = ()
    other: str = ""


def type_decision(page: Page, decision: Decided) -> None:
    form = page.locator("#decided form[action$='/decisions/']")
    form.locator(f"[name=text_{decision.language}]").fill(decision.text)
    form.locator("[name=due]").fill(decision.due)
    for body in decision.bodies:
        form.get_by_label(body, exact=True).check()
    if decision.other:
        form.locator("[name=other]").select_option(label=decision.other)
    click_on(page, form.locator(".button-primary"))


def turn_into_action(page: Page) -> str:
    """One click on the page of the decision; the number of the action."""
    submit(page, to="/action/", button=".button-primary")
    link = page.locator("main dl.keys a[href^='/actions/A-']")
    expect(link).to_be_visible()
    return link.inner_text().strip()


def close_meeting(page: Page, meeting: str) -> None:
    page.goto(f"{meeting}minutes/")
    submit(page, to="/minutes/close/")
    assert f"{meeting}minutes/versions/1/" in page.url


def read_docx(content: bytes) -> str:
    """All words of a Word file, those of its tables too."""
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


# --- actions and the report ----------------------------------------------------------------------------------------------


def report_progress(page: Page, action: str, *, text: str, percent: str) -> None:
    """The box of the responsible body on the page of its action."""
    page.goto(f"/actions/{action}/")
    fill(page, {"text": text, "percent": percent})
    submit(page, to="/steps/progress/")
    expect(page.locator("section", has=page.locator("#story"))).to_contain_text(text)


def take_action_step(page: Page, action: str, kind: str, words: Mapping[str, str]) -> None:
    """A step of an action from its page."""
    page.goto(f"/actions/{action}/")
    click_on(page, page.locator(f"main a[href='/actions/{action}/steps/{kind}/']"))
    fill(page, words)
    save(page)
    assert page.url.endswith(f"/actions/{action}/"), page.locator("main").inner_text()


@dataclass(frozen=True, slots=True)
class Shown:
    """What a file of slides holds: the words of each slide, its title and the rows of its tables among them."""

    texts: list[str]
    rows: list[list[str]]

    @property
    def words(self) -> str:
        return "\n".join([*self.texts, *("\t".join(row) for row in self.rows)])


def read_slides(content: bytes) -> Shown:
    texts, rows = [], []
    for slide in Presentation(io.BytesIO(content)).slides:
        texts.append("\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame))
        tables = [shape.table for shape in slide.shapes if shape.has_table]
        rows += [[cell.text for cell in row.cells] for table in tables for row in table.rows]
    return Shown(texts, rows)


def make_slides(page: Page, language: str) -> Shown:
    """From the dashboard: the report, its draft, its slides: three clicks."""
    page.goto("/dashboard/")
    click_on(page, page.locator("main a[href='/reports/progress/new/']"))
    save(page)
    assert re.search(r"/reports/progress/\d{4}-\d+/", page.url), page.locator("main").inner_text()
    return read_slides(download(page, page.locator(f"#files ~ * a, a[href*='f=pptx'][href*='in={language}']").first))
