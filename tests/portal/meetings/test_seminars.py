"""Seminars: registration, attendance, quiz, certificates."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from boget.portal.accounts.models import Organisation
from boget.portal.core.errors import Conflict
from boget.portal.meetings.models import Meeting, MeetingState, QuizAnswer, Registration, WorkingGroup
from boget.portal.meetings.selectors import seminars as selectors
from boget.portal.meetings.services import seminars as services
from boget.portal.meetings.services.meetings import create_meeting
from boget.science.errors import InvalidInput

pytestmark = pytest.mark.django_db

QUIZ = "Сколько правил?\n- одно\n+ пять\n\nКто отвечает?\n+ оператор\n- никто"


@pytest.fixture
def seminar(cast: dict[str, Any]) -> Meeting:
    WorkingGroup.objects.create(
        code="kz", country="KZ", name_ru="Рабочая группа", host=Organisation.objects.get(code="test-emergency")
    )
    starts_at = dt.datetime(2026, 12, 15, 5, tzinfo=dt.UTC)
    values = {"starts_at": starts_at, "title_ru": "Руководства", "mode": "online"}
    return create_meeting(values, by=cast["secretary"], kind="seminar")


def test_signing_up_twice_is_one_participant_and_cancelling_keeps_the_row(seminar: Meeting, cast: dict[str, Any]) -> None:
    first, second = (services.register(seminar, by=cast["operator"]) for _n in range(2))
    assert first == second
    services.cancel_registration(first, by=cast["operator"])
    page = selectors.read_seminar(cast["operator"], seminar.number)
    assert page is not None
    assert (page.registered, page.own is not None and page.own.registration.is_cancelled) == (0, True)
    services.register(seminar, by=cast["operator"])
    assert Registration.objects.get().is_cancelled is False


def test_names_of_participants_are_for_the_organiser(seminar: Meeting, cast: dict[str, Any]) -> None:
    services.register(seminar, by=cast["operator"])
    services.register(seminar, by=cast["expert"])
    seen = {role: selectors.read_seminar(cast[role], seminar.number) for role in ("secretary", "expert", "observer")}
    assert {role: len(page.participants) for role, page in seen.items() if page} == {"secretary": 2, "expert": 0, "observer": 0}
    assert selectors.read_seminar(cast["anonymous"], seminar.number) is None


def test_certificates_go_to_those_who_were_there(seminar: Meeting, cast: dict[str, Any]) -> None:
    rows = [services.register(seminar, by=cast[role]) for role in ("operator", "expert")]
    guest = services.add_guest(seminar, name=" Гость  Иванов ", organisation_text="Акимат", by=cast["secretary"])
    again = services.add_guest(seminar, name="Гость Иванов", organisation_text="Акимат", by=cast["secretary"])
    assert guest == again
    marks = {rows[0].pk: True, rows[1].pk: False, guest.pk: True}
    assert services.take_attendance(seminar, marks, by=cast["secretary"]) == 3
    assert services.take_attendance(seminar, marks, by=cast["secretary"]) == 0
    names = [row.registration.name for row in selectors.list_certificates(seminar)]
    assert sorted(names) == sorted(["Гость Иванов", cast["operator"].name])


def test_the_best_try_counts(seminar: Meeting, cast: dict[str, Any]) -> None:
    services.set_quiz(seminar, QUIZ, by=cast["secretary"])
    row = services.register(seminar, by=cast["expert"])
    first, second = seminar.questions.all()
    services.answer_quiz(row, {first.pk: 1, second.pk: 0}, by=cast["expert"])
    services.answer_quiz(row, {first.pk: 0, second.pk: 0}, by=cast["expert"])
    page = selectors.read_seminar(cast["expert"], seminar.number)
    assert page is not None
    assert page.own is not None
    assert page.own.best is not None
    assert (page.own.best.right, page.own.best.of) == (2, 2)
    assert QuizAnswer.objects.count() == 2


def test_answers_are_complete_own_and_about_these_questions(seminar: Meeting, cast: dict[str, Any]) -> None:
    services.set_quiz(seminar, QUIZ, by=cast["secretary"])
    row = services.register(seminar, by=cast["expert"])
    first, second = seminar.questions.all()
    with pytest.raises(InvalidInput):
        services.answer_quiz(row, {first.pk: 1}, by=cast["expert"])
    with pytest.raises(InvalidInput):
        services.answer_quiz(row, {first.pk: 1, second.pk: 7}, by=cast["expert"])
    with pytest.raises(InvalidInput):
        services.answer_quiz(row, {first.pk: 1, second.pk: 0}, by=cast["operator"])
    with pytest.raises(Conflict):
        services.answer_quiz(row, {first.pk: 1, second.pk: 0, 999_999: 0}, by=cast["expert"])
    assert not QuizAnswer.objects.exists()


def test_answered_questions_are_not_changed_any_more(seminar: Meeting, cast: dict[str, Any]) -> None:
    services.set_quiz(seminar, QUIZ, by=cast["secretary"])
    assert services.write_questions(list(seminar.questions.all())) == QUIZ
    row = services.register(seminar, by=cast["expert"])
    services.answer_quiz(row, {question.pk: 0 for question in seminar.questions.all()}, by=cast["expert"])
    with pytest.raises(InvalidInput) as caught:
        services.set_quiz(seminar, "Другое?\n+ да\n- нет", by=cast["secretary"])
    assert caught.value.code == "quiz_answered"
    assert seminar.questions.count() == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("+ без вопроса", "required"),
        ("Вопрос?\n- а\n- б", "right_option"),
        ("Вопрос?\n+ а\n+ б", "right_option"),
        ("Вопрос?\n+ а", "range"),
        ("Вопрос?\n+ " + "а" * 501 + "\n- б", "too_long"),
    ],
)
def test_a_quiz_that_cannot_be_answered_is_refused(text: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        services.read_questions(text)
    assert caught.value.code == code


@pytest.mark.parametrize("state", [MeetingState.CANCELLED, MeetingState.DISTRIBUTED])
def test_nobody_signs_up_for_what_is_over(seminar: Meeting, cast: dict[str, Any], state: str) -> None:
    Meeting.objects.filter(pk=seminar.pk).update(state=state)
    with pytest.raises(InvalidInput) as caught:
        services.register(seminar, by=cast["expert"])
    assert caught.value.code == "wrong_state"
