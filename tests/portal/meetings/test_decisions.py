"""Decisions: refused with the reason where owner or date is missing, one click to an action, tracked once."""

from __future__ import annotations

from typing import Any

import pytest

from boget.portal.accounts.selectors import organisation_of
from boget.portal.actions.models import Action
from boget.portal.actions.selectors.overview import list_by_origin
from boget.portal.core.errors import Conflict, translate
from boget.portal.meetings.models import Decision
from boget.portal.meetings.services import attendance, decisions
from boget.science.errors import InvalidInput

TEXT = "Запросить у акиматов сведения о бесхозных объектах"


@pytest.fixture
def meeting(make_held: Any) -> Any:
    return make_held(number=5)


@pytest.fixture
def record(meeting: Any, cast: dict[str, Any]) -> Any:
    """Records a decision that becomes an action of the editor's body, with changes."""

    def write(*, bodies: Any = None, **values: Any) -> Any:
        given = {"text_ru": TEXT, "outcome": "action", "due": "1 кв. 2027", **values}
        responsible = [organisation_of(cast["editor"])] if bodies is None else bodies
        return decisions.record_decision(meeting, meeting.items.first(), given, responsible=responsible, by=cast["secretary"])

    return write


def test_no_owner_no_date_no_decision(record: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        record(bodies=[])
    assert "no responsible body" in translate(caught.value)
    with pytest.raises(InvalidInput) as caught:
        record(due="")
    assert "no date" in translate(caught.value)
    for wrong in ({"text_ru": "  "}, {"due": "скоро"}, {"outcome": "plan_item"}, {"outcome": "wrong"}):
        with pytest.raises(InvalidInput):
            record(**wrong)
    assert not Decision.objects.exists()


def test_a_decision_without_an_action_needs_neither(record: Any) -> None:
    decision = record(bodies=[], due="", outcome="none")
    assert (decision.ref, decision.due_end) == ("5.1", None)


def test_numbers_run_through_the_meeting_and_repeats_are_one(record: Any) -> None:
    first, again, other = record(), record(), record(text_ru="Другое")
    assert (first.ref, again.pk, other.ref) == ("5.1", first.pk, "5.2")
    assert first.due == "2027-Q1" and first.due_end.isoformat() == "2027-03-31"


def test_votes_add_up_to_members_who_are_present(record: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        record(vote_form="vote", votes_for=4, votes_against=1)
    assert caught.value.code == "too_many_votes"
    with pytest.raises(InvalidInput):
        record(vote_form="vote", votes_for=3)
    decision = record(vote_form="vote", votes_for=3, votes_against=1, votes_abstained=None, dissent="Против: срок нереален")
    assert (decision.votes_for, decision.dissent) == (3, "Против: срок нереален")
    noted = record(text_ru="Принять к сведению", vote_form="noted", votes_for=3)
    assert noted.votes_for is None


def test_one_click_makes_one_action(record: Any, cast: dict[str, Any]) -> None:
    decision = record(bodies=[organisation_of(cast["editor"]), organisation_of(cast["inspector"])])
    action = decisions.turn_into_action(decision, by=cast["secretary"])
    assert decisions.turn_into_action(decision, by=cast["secretary"]).pk == action.pk
    assert Action.objects.count() == 1
    assert (action.title, action.due, action.state) == (TEXT, "2027-Q1", "approved")
    parts = list(action.parties.order_by("position").values_list("organisation__code", "role"))
    assert parts == [("test-environment", "lead"), ("test-inspection", "co")]
    assert [row.public_id for row in list_by_origin(cast["expert"], "decision", "5.1")] == [action.public_id]
    decision.refresh_from_db()
    assert decision.action_id == action.public_id


def test_a_similar_action_is_linked_instead(record: Any, cast: dict[str, Any]) -> None:
    first = decisions.turn_into_action(record(), by=cast["secretary"])
    decision = record(text_ru="Запросить у акиматов сведения о бесхозных объектах повторно")
    decisions.link_action(decision, first, by=cast["secretary"])
    assert Action.objects.count() == 1
    assert {row.public_id for row in list_by_origin(cast["expert"], "decision", "5.2")} == {first.public_id}
    assert decisions.turn_into_action(decision, by=cast["secretary"]).pk == first.pk


def test_what_is_only_noted_becomes_no_action(record: Any, cast: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as caught:
        decisions.turn_into_action(record(outcome="none", due=""), by=cast["secretary"])
    assert caught.value.code == "not_an_action"


def test_a_taken_decision_keeps_its_outcome_and_stays(record: Any, cast: dict[str, Any]) -> None:
    by, decision = cast["secretary"], record()
    body = organisation_of(cast["editor"])
    decisions.turn_into_action(decision, by=by)
    decision.refresh_from_db()
    with pytest.raises(InvalidInput):
        decisions.change_decision(decision, {"outcome": "none"}, responsible=[body], by=by, version=decision.version)
    with pytest.raises(InvalidInput):
        decisions.remove_decision(decision, by=by, version=decision.version)
    changed = decisions.change_decision(decision, {"text_ru": "Точнее"}, responsible=[body], by=by, version=decision.version)
    with pytest.raises(Conflict):
        decisions.change_decision(decision, {"text_ru": "Иначе"}, responsible=[body], by=by, version=decision.version)
    assert changed.text_ru == "Точнее"


def test_a_decision_of_the_work_plan_names_its_item(record: Any, group: Any) -> None:
    import datetime as dt

    from django.utils import timezone

    from boget.portal.meetings.models import PlanItem, WorkPlan

    plan = WorkPlan.objects.create(group=group, year=2027, state="approved")
    PlanItem.objects.create(plan=plan, number=3, text_ru="п", due="2027", due_end=dt.date(2027, 12, 31), first_due="2027", updated_at=timezone.now())
    assert record(outcome="plan_item", plan_item_ref="2027/3", bodies=[], due="").plan_item_ref == "2027/3"
    with pytest.raises(InvalidInput):
        record(text_ru="Иное", outcome="plan_item", plan_item_ref="2027/9", bodies=[], due="")


def test_votes_are_not_limited_where_nobody_was_counted(make_held: Any, cast: dict[str, Any]) -> None:
    meeting = make_held(number=6, listed=True)
    marks = {row.pk: None for row in meeting.attendance.all()}
    attendance.mark_presence(meeting, marks, by=cast["secretary"])
    values = {"text_ru": "Решили", "vote_form": "vote", "votes_for": 12, "votes_against": 1}
    decision = decisions.record_decision(meeting, meeting.items.first(), values, by=cast["secretary"])
    assert decision.votes_for == 12
