"""The work plan: who may see and do what, and who is told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from boget.portal.accounts.models import Organisation
from boget.portal.core.errors import Conflict
from boget.portal.meetings.models import WorkPlan
from boget.portal.meetings.selectors.plan import list_late_items, read_plan
from boget.portal.meetings.selectors.plan_digest import list_late_lines
from boget.portal.meetings.services import plan as services
from boget.portal.meetings.services.plan import ItemReport, NewItem
from tests.portal.meetings.plan_2022 import item_of

PLAN = "/meetings/work-plans/2022/"
MEMBERS = ("secretary", "editor", "inspector", "expert", "observer")


# --- who may what -----------------------------------------------------------------------------------------------------


def test_the_cast_on_the_pages_of_a_released_plan(plan: WorkPlan, clients: dict[str, Any]) -> None:
    for role, client in clients.items():
        is_member, is_secretary = role in MEMBERS, role == "secretary"
        wanted = {"": 200, "1/": 200, "print/": 200, "?f=xlsx": 200, "history/": 200 if is_member else 404}
        managed = (
            "new/",
            "approve/",
            "import/",
            "1/edit/",
            "1/postpone/",
            "1/carry/",
            "1/cancel/",
            "1/send-back/",
            "1/report/",
        )
        wanted |= dict.fromkeys(managed, 200 if is_secretary else 404)
        met = {path: client.get(PLAN + path).status_code for path in wanted}
        assert met == wanted, role
        posts = ("release/", "close/", "1/confirm/", "1/deliverables/", "1/deliverables/1/remove/")
        if not is_secretary:
            assert {client.post(PLAN + path, {"version": 1}).status_code for path in posts} == {404}, role


def test_a_plan_that_is_not_released_is_for_members(plan: WorkPlan, clients: dict[str, Any]) -> None:
    WorkPlan.objects.update(is_released=False)
    for role, client in clients.items():
        wanted = 200 if role in MEMBERS else 404
        paths = ("", "1/", "print/", "?f=xlsx")
        assert {client.get(PLAN + path).status_code for path in paths} == {wanted}, role


def test_reports_are_for_members(plan: WorkPlan, clients: dict[str, Any], cast: dict[str, Any]) -> None:
    item = item_of(plan, 1)
    services.report_on_item(item, ItemReport(done="CANARY-DONE", evidence="CANARY-EV"), by=cast["secretary"], version=1)
    for role, client in clients.items():
        pages = [client.get(PLAN), client.get(f"{PLAN}1/"), client.get(f"{PLAN}print/")]
        text = "".join(page.content.decode() for page in pages)
        assert ("CANARY" in text) == (role in MEMBERS), role


def test_a_responsible_body_reports_on_its_own_items_only(plan: WorkPlan, responsible: Any, cast: dict[str, Any]) -> None:
    secretary = cast["secretary"]
    mes = Organisation.objects.get(code="mes")
    services.add_item(plan, NewItem("Чужой пункт", due="2022", responsible=[mes]), by=secretary)
    assert responsible.client.get(f"{PLAN}1/report/").status_code == 200
    assert responsible.client.get(f"{PLAN}8/report/").status_code == 404
    assert responsible.client.post(f"{PLAN}8/report/", {"version": 1, "done": "x", "state": "in_progress"}).status_code == 404


def test_the_digest_tells_each_body_of_its_own_late_items(plan: WorkPlan, responsible: Any, cast: dict[str, Any]) -> None:
    day = dt.date(2022, 8, 1)
    assert [line.path for line in list_late_lines(responsible, day)] == [f"{PLAN}{n}/" for n in (1, 2, 3, 4)]
    assert len(list_late_lines(cast["secretary"], day)) == 4
    assert list_late_lines(cast["operator"], day) == [] and list_late_lines(cast["observer"], day) == []
    assert [row.number for row in list_late_items(cast["anonymous"], day)] == [1, 2, 3, 4]


def test_the_table_costs_the_same_for_many_items(
    plan: WorkPlan, cast: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    mes = Organisation.objects.get(code="mes")
    for number in range(30):
        services.add_item(plan, NewItem(f"Пункт {number}", due="2022", responsible=[mes]), by=cast["secretary"])
    with django_assert_max_num_queries(30):
        table = read_plan(cast["secretary"], 2022)
    assert table is not None and len(table.rows) == 37


def list_told(person: Any) -> list[tuple[str, str]]:
    from boget.portal.notifications.models import Notification

    rows = Notification.objects.filter(user=person, event__topic="plan_item").select_related("event").order_by("pk")
    return [(row.event.subject_id, row.event.context["event"]) for row in rows]


def test_who_is_told_of_an_item(plan: WorkPlan, responsible: Any, cast: dict[str, Any]) -> None:
    secretary = cast["secretary"]
    services.report_on_item(item_of(plan, 1), ItemReport(result="готово", state="done"), by=responsible, version=1)
    assert list_told(secretary) == [("2022/1", "reported")] and list_told(responsible) == []
    services.return_item(item_of(plan, 1), by=secretary, version=2, reason="нет приложений")
    services.postpone_item(item_of(plan, 1), "2023", by=secretary, version=3, reason="ждём")
    assert list_told(responsible) == [("2022/1", "returned"), ("2022/1", "postponed")]
    page = responsible.client.get("/notifications/").content.decode()
    assert "sent back to work" in page and "/notifications/" in page


def test_a_report_that_is_refused_tells_nobody(plan: WorkPlan, responsible: Any, cast: dict[str, Any]) -> None:
    with pytest.raises(Conflict):
        services.report_on_item(item_of(plan, 1), ItemReport(result="x", state="done"), by=responsible, version=9)
    assert list_told(cast["secretary"]) == []
