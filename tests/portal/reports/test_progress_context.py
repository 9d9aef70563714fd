"""What a progress report says: as of the period's end, by the level of its readers, unknown as unknown."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from boget.portal.core.levels import Level
from boget.portal.reports.progress.context import read_context, write_context

from .conftest import TODAY, at


def dump(context: Any) -> str:
    return json.dumps(write_context(context), ensure_ascii=False)


def late_items(context: Any) -> list[int]:
    return [row.number for row in context.plan.rows if row.is_late]


@pytest.mark.parametrize(
    ("day", "late"),
    [
        (dt.date(2022, 6, 30), []),
        (dt.date(2022, 7, 1), [1]),
        (dt.date(2022, 7, 31), [1]),
        (dt.date(2022, 8, 1), [1, 2, 3, 4]),
        (dt.date(2022, 12, 31), [1, 2, 3, 4, 5, 6]),
        (dt.date(2023, 1, 1), [1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_an_item_is_late_from_the_day_after_its_period(build: Any, day: dt.date, late: list[int]) -> None:
    context = build(until=day)
    assert late_items(context) == late
    assert context.plan.late.value == len(late)
    assert context.plan.rows[0].days_late == max((day - dt.date(2022, 6, 30)).days, 0)


def test_a_paper_of_2022_prints_the_name_of_2022(build: Any) -> None:
    for until in (dt.date(2022, 12, 31), dt.date(2026, 11, 1)):
        assert all("МЭГПР" in row.bodies for row in build(until=until).plan.rows)
    steps = build(until=dt.date(2026, 11, 1)).steps
    assert all("МЭПР" in row.bodies and "МЭГПР" not in row.bodies for row in steps)
    assert "ЭГТРМ" in build(language="kk").plan.rows[0].bodies


def test_the_mandate_is_said_in_each_language(build: Any) -> None:
    said = {language: build(language=language).group.mandate[0].text for language in ("ru", "kk", "en")}
    assert said["ru"] == (
        "Рабочая группа создана приказом Министра по чрезвычайным ситуациям Республики Казахстан №\u00a020 от 21\u00a0января 2022 года."
    )
    assert "2022 жылғы 21 қаңтардағы №\u00a020 бұйрығымен" in said["kk"]
    assert "order No 20 of the Minister for Emergency Situations" in said["en"]
    assert len(build().group.tasks) == 4


def test_states_are_those_of_the_end_of_the_period(build: Any, tell: Any) -> None:
    tell(3, at(2022, 5, 2), done="Начато")
    tell(3, at(2022, 12, 20), state="done", done="Закончено")
    before, after = build(until=dt.date(2022, 6, 1)), build()
    assert [row.state for row in before.plan.rows][2] == "in_progress"
    assert [row.state for row in after.plan.rows][2] == "done"
    assert before.plan.done.value == 0 and after.plan.done.value == 1
    assert "Закончено" not in dump(before)


def test_a_moved_date_is_rolled_back_and_the_first_one_never_lost(build: Any, tell: Any, plan: Any) -> None:
    item = plan.items.get(number=1)
    item.due, item.due_end = "2022-09", dt.date(2022, 9, 30)
    item.save()
    tell(1, at(2022, 8, 5), old_due="2022-06", new_due="2022-09", reason="нет ответов", state="planned")
    assert late_items(build(until=dt.date(2022, 7, 15))) == [1]
    moved = build(until=dt.date(2022, 9, 15)).plan.rows[0]
    assert not moved.is_late
    assert moved.due == "сентябрь 2022\u00a0г. (первоначально: июнь 2022\u00a0г.)"


def test_an_item_without_report_says_so(build: Any) -> None:
    assert "отчёта нет" in build().plan.rows[0].outcome
    assert build().items == ()


def test_items_show_what_was_reported_in_the_period(build: Any, desk: dict[str, Any]) -> None:
    context = build()
    assert [item.ref for item in context.items] == ["2022/1", "2022/3"]
    words = [line.text for line in context.items[1].lines]
    assert words[0] == "Сделано: Ответили 12 из 17 регионов"
    assert words[1].startswith("Дальше: Повторить запросы. Срок: декабрь 2022")
    assert [item.ref for item in build(since=dt.date(2022, 7, 1)).items] == ["2022/3"]
    assert "LATER-CANARY" not in dump(context)


def test_a_text_in_another_language_says_which(build: Any, desk: dict[str, Any]) -> None:
    words = build(language="en").items[0].lines[0].text
    assert words == "Done: Самооценка обновлена (in Russian)"


def test_further_steps_are_what_is_open_by_date(build: Any, desk: dict[str, Any]) -> None:
    steps = build().steps
    assert [row.number for row in steps] == ["2", "4", "5", "6", "3", "7"]
    assert "Повторить запросы" in steps[4].text


def test_actions_are_rolled_back_to_the_end_of_the_period(build: Any, make_action: Any) -> None:
    from boget.portal.actions.models import ActionReport

    action = make_action(due="2023-06", state="verified")
    ActionReport.objects.create(action=action, kind="start", at=at(2022, 4, 1), state_after="in_progress")
    ActionReport.objects.create(
        action=action, kind="postpone", at=at(2023, 1, 5), state_after="in_progress", old_due="2022-06", new_due="2023-06"
    )
    ActionReport.objects.create(action=action, kind="verify", at=at(2023, 5, 1), state_after="verified")
    make_action("Поздняя", created_at=at(2023, 3, 1))
    states = {row.code: row.number.value for row in build().actions.states}
    assert states["in_progress"] == 1 and states["verified"] == 0
    assert build().actions.total.value == 1
    assert [row.public_id for row in build().actions.overdue] == [action.public_id]
    later = build(until=dt.date(2023, 12, 31))
    assert {row.code: row.number.value for row in later.actions.states}["verified"] == 1


def test_changes_of_the_period_are_counted(build: Any, make_action: Any) -> None:
    from boget.portal.actions.models import ActionReport

    action = make_action(state="cancelled")
    ActionReport.objects.create(action=action, kind="cancel", at=at(2022, 11, 1), state_after="cancelled")
    changes = {row.code: row.number.value for row in build().actions.changes}
    assert changes["cancel"] == 1 and changes["proposed"] == 1
    assert {row.code: row.number.value for row in build(since=dt.date(2022, 12, 1)).actions.changes}["cancel"] == 0


# --- the register --------------------------------------------------------------------------------------------------


def test_a_register_younger_than_the_period_says_so(build: Any, facility_own: Any) -> None:
    register = build().register
    assert register.total.value == 1
    assert register.added.value is None and register.added.text == "неизвестно"
    assert any("22\u00a0ноября 2026" in note for note in register.notes)
    assert register.as_of == "22.11.2026"


class Earlier(dt.datetime):
    """A clock that stands in February 2022."""

    @classmethod
    def now(cls, tz: Any = None) -> dt.datetime:
        return at(2022, 2, 1).astimezone(tz)


def test_statuses_are_rolled_back_by_the_log(build: Any, make_facility: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from boget.portal.accounts.selectors import today
    from boget.portal.core.services import SYSTEM
    from boget.portal.registry.services import Source, change_values
    from boget.portal.registry.values import Claim

    with monkeypatch.context() as patch:
        patch.setattr("boget.portal.registry.services.registration.datetime", Earlier)
        facility = make_facility(name_ru="Первая", status="active")
    make_facility(name_ru="Вторая", status="planned")
    facility.refresh_from_db()
    change_values(facility, {"status": Claim("closed")}, source=Source("Test", "test"), actor=SYSTEM, version=facility.version)
    then = build().register
    assert {row.code: row.number.value for row in then.rows if row.number.value} == {"active": 1}
    assert then.added.value == 1 and then.as_of == "31.12.2022"
    now = build(until=today(), day=today()).register
    assert {row.code: row.number.value for row in now.rows if row.number.value} == {"closed": 1, "planned": 1}


def test_unknown_status_is_always_a_row(build: Any, facility_own: Any) -> None:
    assert [row.number.text for row in build().register.rows if row.code == "unknown"] == ["0"]


def test_the_register_of_a_report_is_that_of_the_country(build: Any, make_facility: Any) -> None:
    make_facility(name_ru="Своя")
    make_facility(name_ru="Чужая", country="KG")
    register = build().register
    assert register.total.value == 1
    assert "В реестре есть также объекты других стран: 1." in register.notes
    assert "country=KZ" in register.total.link


def test_points_are_as_exact_as_the_level(build: Any, facility_own: Any) -> None:
    group = build().register.points[0]
    assert (group.longitude, group.latitude) == (83.52, 50.35)
    authority = build(level=Level.AUTHORITY).register.points[0]
    assert (authority.longitude, authority.latitude) == (83.516123, 50.345123)


# --- rights --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "hidden"),
    [
        (Level.PUBLIC, ["ACTION-CANARY", "DRAFT-CANARY", "Мера группы", "Ответили 12", "Повторить запросы"]),
        (Level.GROUP, ["ACTION-CANARY", "DRAFT-CANARY"]),
        (Level.AUTHORITY, []),
    ],
)
def test_nothing_above_the_level_is_in_the_report(build: Any, desk: dict[str, Any], level: Level, hidden: list[str]) -> None:
    text = dump(build(level=level))
    assert [word for word in hidden if word in text] == []
    assert "AUTHORITY-CANARY" not in text and "GROUP-CANARY" not in text


@pytest.mark.parametrize(("level", "actions", "facilities"), [(Level.PUBLIC, 1, 2), (Level.GROUP, 2, 2), (Level.AUTHORITY, 3, 3)])
def test_counts_are_those_of_the_level(build: Any, desk: Any, level: Level, actions: int, facilities: int) -> None:
    context = build(level=level)
    assert context.actions.total.value == actions
    assert context.register.total.value == facilities
    assert sum(row.number.value for row in context.actions.states) == actions
    assert sum(row.number.value for row in context.register.rows) == facilities


def test_nobody_makes_a_report_above_the_own_level(build: Any, desk: Any, cast: dict[str, Any]) -> None:
    levels = {name: build(cast[name], level=Level.AUTHORITY).level for name in ("secretary", "editor", "expert", "observer", "operator")}
    assert levels == {"secretary": 2, "editor": 2, "expert": 1, "observer": 1, "operator": 0}
    assert build(cast["anonymous"], level=Level.AUTHORITY).level == 0


@pytest.mark.parametrize("name", ["secretary", "expert", "anonymous"])
def test_the_rows_of_a_level_are_those_its_readers_see(desk: Any, cast: dict[str, Any], name: str) -> None:
    from boget.portal.accounts.selectors import access_of
    from boget.portal.actions.models import Action
    from boget.portal.registry.models import Facility
    from boget.portal.reports.progress.audience import Audience

    audience = Audience(access_of(cast[name]).level)
    assert set(audience.facilities()) == set(Facility.objects.visible_to(cast[name]))
    assert set(audience.actions()) == set(Action.objects.visible_to(cast[name]))


def test_an_operators_own_hidden_values_do_not_enter(build: Any, desk: Any, cast: dict[str, Any]) -> None:
    as_operator, as_public = build(cast["operator"]), build(cast["anonymous"])
    assert as_operator.register.total.value == as_public.register.total.value
    assert as_operator.hazard == as_public.hazard


def test_a_hidden_file_is_not_named(build: Any, plan: Any, tell: Any) -> None:
    from boget.portal.meetings.models import Deliverable, Meeting, MeetingDocument

    tell(2, at(2022, 7, 14), done="Проведён")
    rest = {"meeting": Meeting.objects.first(), "path": "x", "size": 1, "sha256": "0", "kind": "application/pdf", "uploaded_at": at(2022, 7, 1)}
    for level in (1, 2):
        file = MeetingDocument.objects.create(title=f"FILE-{level}", file_name="a.pdf", level=level, **rest)
        Deliverable.objects.create(item=plan.items.get(number=2), kind="document", ref=str(file.pk), label=f"FILE-{level}")
    text = dump(build())
    assert "FILE-1" in text and "FILE-2" not in text


# --- form ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_a_context_survives_freezing(build: Any, desk: Any, language: str) -> None:
    context = build(language=language)
    assert read_context(json.loads(json.dumps(write_context(context)))) == context


def test_every_number_has_its_source(build: Any, desk: Any) -> None:
    numbers: list[dict[str, Any]] = []

    def collect(value: Any) -> None:
        if isinstance(value, dict):
            numbers.extend([value] if {"value", "text", "source"} <= set(value) and "low" not in value else [])
            for part in value.values():
                collect(part)
        elif isinstance(value, list):
            for part in value:
                collect(part)

    collect(write_context(build()))
    assert len(numbers) > 30
    assert [number for number in numbers if not number["source"] or not number["text"]] == []


def test_the_words_of_the_register_say_it_is_no_census(build: Any, desk: Any) -> None:
    assert "Реестр: 2 объекта (не перепись)" in build().register.sentence.text
    assert "Тізілім: 2 объект (санақ емес)" in build(language="kk").register.sentence.text
    assert "Register: 2 facilities (not a census)" in build(language="en").register.sentence.text


def test_without_group_and_plan_there_is_still_a_report(db: None) -> None:
    from boget.portal.reports.progress.build import build_context

    context = build_context(None, since=dt.date(2022, 1, 1), until=TODAY, year=2022, language="ru", day=TODAY)
    assert context.plan is None
    assert "неизвестно" in context.group.mandate[0].text
    assert any("плана работы на 2022 год" in sentence.text for sentence in context.results)
