"""The agenda fills itself from what is open, and keeps what people put into it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from boget.portal.accounts.selectors import organisation_of
from boget.portal.core.errors import Conflict
from boget.portal.meetings.models import AgendaKind, ItemParty, PlanItem, PlanReport, WorkPlan
from boget.portal.meetings.selectors.agenda import brief_items, list_items, list_open_decisions
from boget.portal.meetings.services import agenda, meetings
from boget.portal.meetings.services.decisions import record_decision, turn_into_action
from boget.portal.registry.services import Source, change_values
from boget.portal.registry.values import Claim
from boget.science.errors import InvalidInput


@pytest.fixture
def plan(group: Any, cast: dict[str, Any]) -> Any:
    """Three items of this year: done, open with a report, open without one."""
    year = timezone.now().year
    made = WorkPlan.objects.create(group=group, year=year, state="approved")
    for number, state in ((1, "done"), (2, "in_progress"), (3, "planned")):
        item = PlanItem.objects.create(
            plan=made, number=number, text_ru=f"Пункт {number}", due=f"{year}-07", due_end=dt.date(year, 7, 31),
            first_due=f"{year}-07", state=state, updated_at=timezone.now(),
        )  # fmt: skip
        ItemParty.objects.create(item=item, organisation=organisation_of(cast["editor"]), role="responsible")
    PlanReport.objects.create(item=made.items.get(number=2), at=timezone.now(), done="12 из 17", next_step="письма", state_after="in_progress")
    return made


def fill(meeting: Any, cast: dict[str, Any]) -> list[str]:
    meeting.refresh_from_db()
    agenda.fill_agenda(meeting, by=cast["secretary"], version=meeting.version)
    return [item.kind for item in list_items(meeting)]


def test_it_fills_itself(make_meeting: Any, make_held: Any, plan: Any, facility_own: Any, cast: dict[str, Any]) -> None:
    earlier = make_held(number=1)
    body = organisation_of(cast["editor"])
    values = {"text_ru": "Запросить сведения у акиматов", "outcome": "action", "due": "2027-03"}
    record_decision(earlier, earlier.items.first(), values, responsible=[body], by=cast["secretary"])
    change_values(facility_own, {"status": Claim("closed")}, source=Source("Test", "test"), actor=_system(), version=_version(facility_own))
    meeting = make_meeting(items=(), number=2)
    kinds = fill(meeting, cast)
    assert kinds == [
        "opening", "earlier_decisions", "plan_item", "plan_item", "register_changes", "cross_border", "next_meeting",
    ]  # fmt: skip
    items = list_items(meeting)
    assert [item.ref for item in items if item.kind == "plan_item"] == [f"{plan.year}/2", f"{plan.year}/3"]
    assert all(items[0].title_ru and items[0].title_kk and items[0].title_en for _ in (1,))
    briefings = brief_items(meeting, items, cast["expert"])
    assert "Запросить сведения" in briefings[items[1].pk].lines[0].text
    assert any("12 из 17" in line.text for line in briefings[items[2].pk].lines)
    assert any("No report yet." in line.text for line in briefings[items[3].pk].lines)
    assert any(facility_own.public_id in line.text for line in briefings[items[4].pk].lines)


def test_filled_twice_adds_nothing_and_keeps_changes(make_meeting: Any, plan: Any, cast: dict[str, Any]) -> None:
    meeting = make_meeting(items=("Своё",))
    before = fill(meeting, cast)
    own = next(item for item in list_items(meeting) if item.title_ru == "Своё")
    assert fill(meeting, cast) == before
    assert list_items(meeting)[-1].kind == AgendaKind.NEXT_MEETING
    assert own.position == 1


def test_a_fulfilled_decision_is_not_reported_again(make_meeting: Any, make_held: Any, cast: dict[str, Any]) -> None:
    earlier, by = make_held(number=1), cast["secretary"]
    values = {"text_ru": "Сделать дело", "outcome": "action", "due": "2027"}
    decision = record_decision(earlier, earlier.items.first(), values, responsible=[organisation_of(cast["editor"])], by=by)
    meeting = make_meeting(items=(), number=2)
    assert list_open_decisions(meeting) == [decision]
    action = turn_into_action(decision, by=by)
    assert list_open_decisions(meeting) == [decision]
    type(action).objects.filter(pk=action.pk).update(state="verified")
    assert list_open_decisions(meeting) == []


def test_changes_of_a_hidden_facility_are_told_to_nobody_who_may_not_see_it(
    make_meeting: Any, make_facility: Any, cast: dict[str, Any]
) -> None:
    make_meeting(hours=-200, number=1)
    draft = make_facility(name_en="DRAFT-CANARY", disclosure="draft")
    meeting = make_meeting(items=(), number=2)
    fill(meeting, cast)
    items = list_items(meeting)
    lines = {name: str(brief_items(meeting, items, cast[name])) for name in ("secretary", "expert", "observer")}
    assert draft.public_id in lines["secretary"]
    assert draft.public_id not in lines["expert"] and "CANARY" not in lines["observer"]


def test_items_are_added_changed_moved_and_removed(make_meeting: Any, cast: dict[str, Any]) -> None:
    meeting, by = make_meeting(items=("а", "б", "в")), cast["secretary"]
    items = list_items(meeting)
    agenda.move_item(items[2], "up", by=by, version=meeting.version)
    meeting.refresh_from_db()
    assert [item.title_ru for item in list_items(meeting)] == ["а", "в", "б"]
    agenda.move_item(items[0], "up", by=by, version=meeting.version)
    changed = agenda.change_item(items[1], {"title_kk": "бб", "minutes_planned": 20}, by=by, version=items[1].version)
    assert (changed.version, changed.title_kk) == (2, "бб")
    agenda.remove_item(items[0], by=by, version=items[0].version)
    assert [item.position for item in list_items(meeting)] == [1, 2]


def test_two_people_change_one_item_or_the_order(make_meeting: Any, cast: dict[str, Any]) -> None:
    meeting, by = make_meeting(items=("а", "б")), cast["secretary"]
    item = list_items(meeting)[0]
    agenda.change_item(item, {"title_ru": "первый"}, by=by, version=item.version)
    with pytest.raises(Conflict):
        agenda.change_item(item, {"title_ru": "второй"}, by=by, version=item.version)
    version = meeting.version
    agenda.move_item(item, "down", by=by, version=version)
    with pytest.raises(Conflict):
        agenda.move_item(item, "up", by=by, version=version)
    with pytest.raises(Conflict):
        agenda.add_item(meeting, {"title_ru": "в"}, by=by, version=version)


def test_an_adopted_agenda_is_changed_only_after_it_was_opened_again(make_meeting: Any, cast: dict[str, Any]) -> None:
    meeting, by = make_meeting(hours=-1), cast["secretary"]
    meetings.adopt_agenda(meeting, by=by, version=meeting.version)
    meeting.refresh_from_db()
    with pytest.raises(InvalidInput) as caught:
        agenda.add_item(meeting, {"title_ru": "в"}, by=by, version=meeting.version)
    assert caught.value.code == "agenda_adopted"
    meetings.reopen_agenda(meeting, by=by, version=meeting.version)
    meeting.refresh_from_db()
    assert agenda.add_item(meeting, {"title_ru": "в"}, by=by, version=meeting.version).position == 2


@pytest.mark.parametrize("values", [{"title_ru": " "}, {"title_ru": "х" * 501}, {"title_ru": "х", "kind": "wrong"}, {"title_ru": "х", "minutes_planned": 0}])
def test_impossible_items_are_refused(make_meeting: Any, cast: dict[str, Any], values: dict[str, Any]) -> None:
    meeting = make_meeting(items=())
    with pytest.raises(InvalidInput):
        agenda.add_item(meeting, values, by=cast["secretary"], version=meeting.version)
    assert not list_items(meeting)


def _system() -> Any:
    from boget.portal.core.services import SYSTEM

    return SYSTEM


def _version(record: Any) -> int:
    record.refresh_from_db()
    return int(record.version)
