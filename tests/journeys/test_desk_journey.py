"""The working group's year at the desk: plan, second meeting, minutes, decisions, actions, the Ministry's slides."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import desk_steps as desk
from tests.journeys.desk_content import LATE_ACTION
from tests.journeys.desk_steps import Decided, say_day
from tests.journeys.faults import find_foreign_words
from tests.journeys.visitor import Visitor, email_of

SECOND = 2  # the first and the third meeting are known from public papers, the second is held here
DONE = "Сверены перечни хвостохранилищ двух ведомств."
RESULT = "Реестр дополнен неактивными объектами."
NEXT = "Уточнить координаты по космическим снимкам."
HEARD = "Слушали доклад о ходе обновления реестра. "
SPOKE = "Представитель КЧС предложил выезд на объекты. "
LATE = "Представитель института поддержал предложение. "
CHECK = "Провести выездную проверку трёх неактивных хвостохранилищ."
SURVEY = "Представить съёмку карты намыва за 2026 год."
GUEST = "Серикова Айгуль"
BODY, OPERATOR = "МЭПР", "Казцинк"


def test_from_the_plan_to_the_slides(visitor: Visitor) -> None:
    page = visitor.open("secretary", language="ru")
    keep_the_plan(page)
    meeting = prepare_second_meeting(page)
    invite_and_hold(page, meeting)
    take_minutes(visitor, page, meeting)
    actions = decide(page, meeting)
    assert_paper_holds(page, meeting)
    report_as_owners(visitor, actions)
    verify(page, actions[0])
    assert_slides_hold(page)


def keep_the_plan(page: Page) -> None:
    page.goto(desk.PLAN)
    rows = page.locator("main tbody tr")
    expect(rows).to_have_count(7)
    expect(rows.first).to_contain_text("Обновление самооценки выполнения требований Конвенции по промышленным авариям")
    desk.report_on_item(page, 3, {"done": DONE, "result": RESULT, "next_step": NEXT})
    snapshot = desk.make_snapshot(page, "Пересмотр реестра 2022 года")
    desk.link_snapshot(page, 3, snapshot)


def prepare_second_meeting(page: Page) -> str:
    meeting = desk.plan_meeting(page, desk.Plan(SECOND, say_day(1), "Астана, проспект Мәңгілік Ел, 8", "ru"))
    desk.fill_agenda(page, meeting)
    agenda = page.locator("main tbody")
    for words in ("Открытие заседания", "Пересмотр и обновление инвентаризации", "Дата и повестка следующего заседания"):
        expect(agenda).to_contain_text(words)
    assert desk.fill_agenda(page, meeting) == agenda.locator("tr").count()
    return meeting


def invite_and_hold(page: Page, meeting: str) -> None:
    page.goto(f"{meeting}participants/")
    desk.submit(page, to="/participants/members/")
    desk.add_participant(page, meeting, name="Демо Оператор", email=email_of("operator"))
    desk.add_participant(page, meeting, name=GUEST)
    page.goto(f"{meeting}invitations/")
    desk.click_on(page, page.locator("main form .button-primary"))
    desk.take_step(page, meeting, "adopt")
    move_to_today(page, meeting)
    desk.mark_all_present(page, meeting)
    desk.take_step(page, meeting, "hold")
    assert page.url.endswith(f"{meeting}minutes/")


def move_to_today(page: Page, meeting: str) -> None:
    """A meeting is invited to before it begins and held when it has begun: it is moved, and those invited are told why."""
    page.goto(f"{meeting}edit/")
    desk.fill(page, {"day": say_day(), "begins": "00:01", "ends": "", "note": "Перенос по просьбе Комитета."})
    desk.save(page)
    expect(page.locator("main")).to_contain_text(say_day())


def take_minutes(visitor: Visitor, page: Page, meeting: str) -> None:
    """Two people type into the same part at once: what came second waits beside the first, and both stay."""
    other = visitor.open("deputy", language="ru")
    for window in (page, other):
        window.goto(f"{meeting}minutes/")
    desk.write_part(page, "heard", HEARD)
    desk.write_part(page, "spoke", SPOKE)
    editor = desk.open_part(other, "spoke")
    editor.click()
    with other.expect_response(lambda answer: "/spoke/save/" in answer.url, timeout=desk.SAVED_MS) as answer:
        other.keyboard.type(LATE)
    assert answer.value.status == 409
    merge(other)
    forgive(visitor, "409 (Conflict)", f"{visitor.site.url}{meeting}minutes/")
    page.goto(f"{meeting}minutes/")
    for words in (SPOKE, LATE):
        expect(desk.open_part(page, "spoke")).to_contain_text(words.strip())
    expect(desk.open_part(page, "heard")).to_contain_text(HEARD.strip())


def forgive(visitor: Visitor, *words: str) -> None:
    """The browser notes an answer that this journey asked for as a fault; any other fault stays."""
    meant = [fault for fault in visitor.faults if all(word in fault for word in words)]
    assert len(meant) == 1, visitor.faults
    visitor.faults.remove(meant[0])


def merge(page: Page) -> None:
    """Both texts stand side by side; the merged one holds both."""
    conflict = page.locator("form.minute-conflict")
    for words in (SPOKE, LATE):
        expect(conflict.locator(".versus")).to_contain_text(words.strip())
        expect(conflict.locator(".minute-text")).to_contain_text(words.strip())
    desk.click_on(page, conflict.locator("button[value=merged]"))
    expect(page.locator("form.minute-conflict")).to_have_count(0)


def decide(page: Page, meeting: str) -> list[str]:
    """Without a body the decision is refused with the reason and stays typed; then two decisions become actions."""
    page.goto(f"{meeting}minutes/")
    desk.type_decision(page, Decided(CHECK, say_day(60)))
    expect(page.locator("[role=alert]").first).to_contain_text("ответственн")
    assert page.locator("#decided [name=text_ru]").input_value() == CHECK
    actions = []
    for decision in (Decided(CHECK, say_day(60), bodies=[BODY]), Decided(SURVEY, "IV квартал 2027", other=OPERATOR)):
        page.goto(f"{meeting}minutes/")
        desk.type_decision(page, decision)
        expect(page.locator("main")).to_contain_text(decision.text)
        actions.append(desk.turn_into_action(page))
    return actions


def assert_paper_holds(page: Page, meeting: str) -> None:
    desk.close_meeting(page, meeting)
    paper = desk.read_docx(desk.download(page, page.locator("main a[href*='f=docx']")))
    heads = ("Протокол", "Слушали", "Выступили", "Решили")
    for words in (*heads, CHECK, SURVEY, HEARD.strip(), SPOKE.strip(), LATE.strip(), GUEST):
        assert words.casefold() in paper.casefold(), words


def report_as_owners(visitor: Visitor, actions: list[str]) -> None:
    """The ministry reports progress and claims its action, the operator reports on its own and sees no way to verify."""
    owner = visitor.open("editor", language="ru")
    desk.report_progress(owner, actions[0], text="Выехали на два объекта.", percent="60")
    desk.take_action_step(owner, actions[0], "claim", {"text": "Проверены все три.", "evidence": "Акты 1–3 от 20.11.2026"})
    assert owner.locator("main a[href$='/steps/verify/']").count() == 0
    operator = visitor.open("operator", language="ru")
    desk.report_progress(operator, actions[1], text="Съёмка заказана.", percent="10")


def verify(page: Page, action: str) -> None:
    desk.take_action_step(page, action, "verify", {"text": "Акты получены."})
    expect(page.locator("main")).to_contain_text("Акты получены.")
    assert page.locator("main a[href$='/steps/claim/']").count() == 0


def assert_slides_hold(page: Page) -> None:
    """The Ministry's title, the seven rows of the plan, what was reported, the actions by state, the second meeting."""
    shown = desk.make_slides(page, "ru")
    assert shown.texts[0].startswith("Достигнутый прогресс и дальнейшие шаги по реализации Плана работы Рабочей группы")
    plan = [row for row in shown.rows if len(row) == 5 and re.fullmatch("[1-7]", row[0])]
    assert [row[0] for row in plan] == list("1234567")
    assert [row[1] for row in plan][2].startswith("Пересмотр и обновление инвентаризации и карты")
    for words in (RESULT, NEXT, LATE_ACTION):
        assert words in shown.words, words
    states = {row[0]: row[1] for row in shown.rows}
    assert states["Исполнение подтверждено"] == "1"
    assert int(states["Исполняется"]) >= 1
    assert [say_day(), str(SECOND), "2"] in [[row[0], row[1], row[-1]] for row in shown.rows]


# --- the same in Kazakh and in English -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Words:
    """What is typed in a language, and what its papers must say. item: of the plan that is reported on."""

    number: int
    item: int
    done: str
    heard: str
    decision: str
    body: str
    due: str
    paper: tuple[str, ...]
    title: str


SPOKEN = {
    "kk": Words(
        number=21,
        item=4,
        done="Ұсыныстар жиналды.",
        heard="Тізілімнің жаңартылуы туралы баяндама тыңдалды.",
        decision="Үш қалдық қоймасына шығып тексеру жүргізілсін.",
        body="ЭТРМ",
        due="2027 ж. шілде",
        paper=("хаттама", "Тыңдалды", "Шешім қабылданды", "Жауапты"),
        title="жұмыс тобының",
    ),
    "en": Words(
        number=22,
        item=5,
        done="The draft was sent to the ministries.",
        heard="The report on the register was heard.",
        decision="Carry out a site visit to three inactive facilities.",
        body="MENR",
        due="July 2027",
        paper=("Minutes", "Heard", "Decided", "Responsible"),
        title="Progress achieved and further steps",
    ),
}


@pytest.mark.parametrize("language", sorted(SPOKEN))
def test_pages_speak_the_language_on_the_way(visitor: Visitor, language: str) -> None:
    """A shorter way over the same pages, entered by hand after the meeting; every page is looked at."""
    words = SPOKEN[language]
    page = visitor.open("secretary", language=language)
    desk.report_on_item(page, words.item, {"done": words.done})
    look(page, language)
    meeting = desk.plan_meeting(page, desk.Plan(words.number, say_day(-1), "Астана", language))
    look(page, language)
    hold_past_meeting(page, meeting, language)
    desk.write_part(page, "heard", words.heard)
    look(page, language)
    action = decide_once(page, words, language)
    desk.close_meeting(page, meeting)
    look(page, language)
    paper = desk.read_docx(desk.download(page, page.locator("main a[href*='f=docx']")))
    for text in (*words.paper, words.heard, words.decision):
        assert text.casefold() in paper.casefold(), text
    verify_in_turn(visitor, page, action, language)
    shown = desk.make_slides(page, language)
    assert words.title in shown.texts[0] and words.done in shown.words
    look(page, language)


def look(page: Page, language: str) -> None:
    faults = find_foreign_words(page, language)
    assert not faults, f"{page.url}: {faults}"


def hold_past_meeting(page: Page, meeting: str, language: str) -> None:
    """Yesterday's meeting needs no invitations."""
    assert desk.fill_agenda(page, meeting) > 5
    look(page, language)
    page.goto(f"{meeting}participants/")
    desk.submit(page, to="/participants/members/")
    desk.mark_all_present(page, meeting)
    look(page, language)
    for step in ("adopt", "hold"):
        desk.take_step(page, meeting, step)
        look(page, language)


def decide_once(page: Page, words: Words, language: str) -> str:
    typed = Decided(words.decision, words.due, language, bodies=[words.body])
    desk.type_decision(page, typed)
    look(page, language)
    action = desk.turn_into_action(page)
    look(page, language)
    return action


def verify_in_turn(visitor: Visitor, page: Page, action: str, language: str) -> None:
    """The owner claims, the secretary verifies; the list of actions shows it."""
    owner = visitor.open("editor", language=language)
    desk.take_action_step(owner, action, "claim", {"text": "1–3", "evidence": "12-3/45"})
    look(owner, language)
    desk.take_action_step(page, action, "verify", {"text": "1–3"})
    look(page, language)
    page.goto("/actions/")
    look(page, language)
