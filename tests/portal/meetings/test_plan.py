"""The work plan of 2022: lateness, names of the day, reports, dates that are never erased, two writers, a story that goes on."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from importlib import resources
from typing import Any

import pytest
from django.utils import translation

from boget.portal.accounts.models import Organisation
from boget.portal.accounts.services import rename_organisation
from boget.portal.core.errors import Conflict
from boget.portal.core.models import Revision
from boget.portal.core.services import SYSTEM
from boget.portal.meetings.models import GroupBody, Meeting, PlanItem, PlanReport, WorkingGroup, WorkPlan
from boget.portal.meetings.selectors.plan import list_late_items, list_story, read_plan
from boget.portal.meetings.services import plan as services
from boget.portal.meetings.services.loading import load_working_group
from boget.portal.meetings.services.plan import ItemReport, NewItem
from boget.science.errors import BogetError, InvalidInput
from tests.portal.meetings.plan_2022 import item_of

PLAN = "/meetings/work-plans/2022/"
MEMBERS = ("secretary", "editor", "inspector", "expert", "observer")


def list_late(day: dt.date) -> list[int]:
    table = read_plan(None, 2022, day)
    assert table is not None
    return [row.number for row in table.rows if row.is_late]


# --- the fixture ------------------------------------------------------------------------------------------------------


def test_the_plan_is_in_the_words_of_the_ministry(plan: WorkPlan, shared: Any) -> None:
    rows = [
        line.split("|")[1:-1]
        for line in (shared / "mission.md").read_text(encoding="utf-8").splitlines()
        if re.match(r"\| \d ", line)
    ]
    wanted = [[cell.strip() for cell in row] for row in rows]
    table = read_plan(None, 2022, language="ru")
    assert table is not None and len(wanted) == 7
    got = [[str(row.number), row.text, ", ".join(row.responsible), ", ".join(row.support)] for row in table.rows]
    assert got == [[row[0], row[1], row[3], row[4]] for row in wanted]
    dues = ["2022-06", "2022-07", "2022-07", "2022-07", "2022-08", "2022-09", "2022-Q4"]
    assert [row.due for row in table.rows] == dues


def test_loading_twice_changes_nothing(plan: WorkPlan) -> None:
    before = (
        WorkPlan.objects.count(),
        PlanItem.objects.count(),
        Meeting.objects.count(),
        GroupBody.objects.count(),
        Revision.objects.count(),
    )
    assert load_working_group() == 0
    after = (
        WorkPlan.objects.count(),
        PlanItem.objects.count(),
        Meeting.objects.count(),
        GroupBody.objects.count(),
        Revision.objects.count(),
    )
    assert after == before


def test_what_the_installation_changed_is_not_loaded_over(plan: WorkPlan) -> None:
    from boget.portal.core.services import describe_installation

    PlanItem.objects.filter(plan=plan, number=1).update(text_ru="своё")
    installation = describe_installation()
    installation.loaded = {}
    installation.save()
    assert load_working_group() == 0
    assert item_of(plan, 1).text_ru == "своё"


def test_no_person_is_invented_and_every_statement_has_a_paper() -> None:
    text = resources.files("boget").joinpath("data/kz/working_group.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    papers = tomllib.loads(resources.files("boget").joinpath("data/SOURCES.toml").read_text(encoding="utf-8"))["paper"]
    assert "person" not in table and "email" not in text
    rows = [table["group"], table["plan"], *table["body"], *table["meeting"]]
    assert all(row["paper"] in papers and row["sure"] in ("seen", "reported", "own") for row in rows)
    assert all(item[language] for item in table["item"] for language in ("ru", "kk", "en"))


def test_the_meetings_known_from_papers(plan: WorkPlan) -> None:
    first, third = Meeting.objects.order_by("number")
    assert (first.number, first.mode, first.day) == (1, "online", dt.date(2022, 2, 11))
    assert (third.number, third.day) == (3, dt.date(2024, 8, 26)) and "ОБСЕ" in third.host and "IWAC" in third.host
    assert third.items.count() == 5
    group = WorkingGroup.objects.get()
    assert (group.order_number, group.order_date, len(group.tasks)) == ("20", dt.date(2022, 1, 21), 4)


# --- lateness and names -----------------------------------------------------------------------------------------------


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
def test_an_item_is_late_from_the_day_after_its_period(plan: WorkPlan, day: dt.date, late: list[int]) -> None:
    assert list_late(day) == late


def test_the_plan_of_2022_prints_the_name_of_2022(plan: WorkPlan, cast: dict[str, Any]) -> None:
    secretary = cast["secretary"]
    with translation.override("ru"):
        page = secretary.client.get(PLAN, headers={"accept-language": "ru"}, query_params={"lang": "ru"}).content.decode()
    assert "МЭГПР" in page and "МЭПР" not in page
    new = services.create_plan(2026, by=secretary)
    made = services.carry_item(item_of(plan, 5), 2026, "август 2026", by=secretary, version=1, reason="не завершено")
    table = read_plan(secretary, 2026, dt.date(2026, 3, 1), language="ru")
    assert table is not None and made.plan == new
    assert table.rows[0].responsible == ["МЧС", "МЭПР"]


def test_a_body_renamed_later_keeps_its_name_in_older_plans(plan: WorkPlan, cast: dict[str, Any]) -> None:
    mes = Organisation.objects.get(code="mes")
    names = {"name_ru": "Агентство по чрезвычайным ситуациям", "short_ru": "АЧС"}
    rename_organisation(mes, code="aes", names=names, first_day=dt.date(2023, 6, 1), by=SYSTEM)
    old = read_plan(cast["secretary"], 2022, dt.date(2026, 1, 1), language="ru")
    services.carry_item(item_of(plan, 1), 2024, "2024", by=cast["secretary"], version=1, reason="продолжается")
    new = read_plan(cast["secretary"], 2024, dt.date(2024, 2, 1), language="ru")
    assert old is not None and new is not None
    assert old.rows[0].responsible == ["МЧС", "МЭГПР"]
    assert new.rows[0].responsible == ["АЧС", "МЭПР"]


# --- dates ------------------------------------------------------------------------------------------------------------


def test_postponing_never_erases_the_first_date(plan: WorkPlan, cast: dict[str, Any]) -> None:
    secretary, item = cast["secretary"], item_of(plan, 3)
    item = services.postpone_item(item, "сентябрь 2022", by=secretary, version=item.version, reason="нет данных акиматов")
    item = services.postpone_item(item, "4 кв. 2022", by=secretary, version=item.version, reason="ещё раз")
    item.refresh_from_db()
    assert (item.first_due, item.due, item.due_end) == ("2022-07", "2022-Q4", dt.date(2022, 12, 31))
    assert [(r.old_due, r.new_due) for r in item.reports.order_by("id")] == [("2022-07", "2022-09"), ("2022-09", "2022-Q4")]
    page = secretary.client.get(PLAN).content.decode()
    assert "first: July" in page and 3 not in list_late(dt.date(2022, 12, 31))


def test_a_postponement_needs_a_later_date_and_a_reason(plan: WorkPlan, cast: dict[str, Any]) -> None:
    item = item_of(plan, 3)
    for due, reason, code in (
        ("июнь 2022", "x", "not_later"),
        ("2022-08", " ", "reason_missing"),
        ("летом", "x", "not_a_date"),
    ):
        with pytest.raises(BogetError) as refused:
            services.postpone_item(item, due, by=cast["secretary"], version=item.version, reason=reason)
        assert refused.value.code == code
    assert item_of(plan, 3).due == "2022-07" and not PlanReport.objects.exists()


def test_an_edit_of_an_approved_plan_cannot_move_the_date(plan: WorkPlan, cast: dict[str, Any]) -> None:
    item = item_of(plan, 1)
    bodies = [party.organisation for party in item.parties.all()]
    services.change_item(
        item, NewItem("Новый текст", due="2025", responsible=bodies), by=cast["secretary"], version=item.version
    )
    item.refresh_from_db()
    assert (item.text_ru, item.due, item.first_due) == ("Новый текст", "2022-06", "2022-06")


def test_a_carried_item_keeps_its_story(plan: WorkPlan, cast: dict[str, Any]) -> None:
    secretary, item = cast["secretary"], item_of(plan, 6)
    services.report_on_item(item, ItemReport(done="собраны предложения", next_step="свод"), by=secretary, version=item.version)
    item = item_of(plan, 6)
    made = services.carry_item(item, 2023, "июнь 2023", by=secretary, version=item.version, reason="не завершено")
    assert item_of(plan, 6).state == "carried" and 6 not in list_late(dt.date(2023, 1, 1))
    assert (made.first_due, made.due, made.next_steps, made.carried_from_id) == ("2022-09", "2023-06", "свод", item.pk)
    services.approve_plan(made.plan, approved_on=None, by=secretary, version=WorkPlan.objects.get(year=2023).version)
    again = item_of(made.plan, 1)
    services.report_on_item(again, ItemReport(done="сведены"), by=secretary, version=again.version)
    assert [r.done for r in list_story(again)] == ["сведены", "собраны предложения"]
    page = secretary.client.get("/meetings/work-plans/2023/1/").content.decode()
    assert "собраны предложения" in page and "2022/6" in page


# --- reports ----------------------------------------------------------------------------------------------------------


def test_done_by_the_responsible_body_waits_for_the_secretary(plan: WorkPlan, responsible: Any, cast: dict[str, Any]) -> None:
    page = f"{PLAN}1/report/"
    form = {
        "version": 1,
        "done": "",
        "result": "самооценка обновлена",
        "evidence": "письмо 14-2",
        "state": "done",
        "done_on": "26.06.2022",
    }
    assert responsible.client.post(page, form).status_code == 302
    item = item_of(plan, 1)
    assert (item.state, item.done_on, item.is_done_confirmed) == ("done", dt.date(2022, 6, 26), False)
    assert responsible.client.post(f"{PLAN}1/confirm/", {"version": item.version}).status_code == 404
    assert cast["secretary"].client.post(f"{PLAN}1/confirm/", {"version": item.version}).status_code == 302
    assert item_of(plan, 1).is_done_confirmed and 1 not in list_late(dt.date(2022, 8, 1))


def test_sent_back_it_is_work_again(plan: WorkPlan, responsible: Any, cast: dict[str, Any]) -> None:
    item = item_of(plan, 1)
    services.report_on_item(item, ItemReport(result="готово", state="done"), by=responsible, version=item.version)
    item = item_of(plan, 1)
    services.return_item(item, by=cast["secretary"], version=item.version, reason="нет приложений")
    item = item_of(plan, 1)
    assert (item.state, item.done_on, item.is_done_confirmed) == ("in_progress", None, False)
    assert item.reports.first().reason == "нет приложений"


def test_a_report_sent_twice_is_one(plan: WorkPlan, responsible: Any) -> None:
    form = {"version": 1, "done": "начато", "state": "in_progress"}
    for _time in range(2):
        assert responsible.client.post(f"{PLAN}2/report/", form).status_code == 302
    assert PlanReport.objects.count() == 1


def test_a_refused_report_changes_nothing(plan: WorkPlan, responsible: Any) -> None:
    before = Revision.objects.count()
    for form in (
        {"state": "in_progress"},
        {"state": "done", "done": "всё"},
        {"done": "x", "state": "carried"},
        {"done": "x", "next_due": "скоро", "state": "in_progress"},
    ):
        answer = responsible.client.post(f"{PLAN}2/report/", {"version": 1, **form})
        assert answer.status_code == 422
    assert not PlanReport.objects.exists() and Revision.objects.count() == before


def test_two_people_at_one_item_both_texts_are_on_the_page(plan: WorkPlan, responsible: Any, cast: dict[str, Any]) -> None:
    first = cast["secretary"].client.post(f"{PLAN}3/report/", {"version": 1, "done": "текст первого", "state": "in_progress"})
    second = responsible.client.post(f"{PLAN}3/report/", {"version": 1, "done": "текст второго", "state": "in_progress"})
    page = second.content.decode()
    assert (first.status_code, second.status_code) == (302, 409)
    assert "текст первого" in page and "текст второго" in page
    assert list(PlanReport.objects.values_list("done", flat=True)) == ["текст первого"]
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    again = {"version": version[1], "done": "текст второго", "state": "in_progress"}
    assert responsible.client.post(f"{PLAN}3/report/", again).status_code == 302
    assert PlanReport.objects.count() == 2


def test_two_people_editing_one_item_both_texts_are_on_the_page(plan: WorkPlan, cast: dict[str, Any]) -> None:
    item = item_of(plan, 4)
    parties = [party.organisation for party in item.parties.all()]
    services.change_item(item, NewItem("Слова другого", responsible=parties), by=cast["secretary"], version=item.version)
    form = {"version": 1, "text_ru": "Мои слова", "responsible": ["mes", "megnr"]}
    answer = cast["secretary"].client.post(f"{PLAN}4/edit/", form)
    page = answer.content.decode()
    assert answer.status_code == 409 and "Слова другого" in page and "Мои слова" in page
    assert item_of(plan, 4).text_ru == "Слова другого"


def test_a_stale_version_is_refused_by_every_step(plan: WorkPlan, cast: dict[str, Any]) -> None:
    item, by = item_of(plan, 5), cast["secretary"]
    steps: list[Any] = [
        lambda: services.postpone_item(item, "2023", by=by, version=99, reason="x"),
        lambda: services.cancel_item(item, by=by, version=99, reason="x"),
        lambda: services.carry_item(item, 2023, "2023", by=by, version=99, reason="x"),
        lambda: services.confirm_item(item, by=by, version=99),
        lambda: services.add_deliverable(item, "other", label="x", by=by, version=99),
        lambda: services.release_plan(plan, is_released=False, by=by, version=99),
    ]
    for step in steps:
        with pytest.raises(Conflict):
            step()
    assert item_of(plan, 5).version == 1 and not WorkPlan.objects.filter(year=2023).exists()


# --- the plan as a whole ----------------------------------------------------------------------------------------------


def test_a_plan_is_made_approved_released_and_ended(plan: WorkPlan, cast: dict[str, Any]) -> None:
    client, public = cast["secretary"].client, cast["anonymous"].client
    answer = client.post("/meetings/work-plans/new/", {"year": 2027, "carried": ["2022/1", "2022/7"]})
    assert answer.status_code == 302
    new = WorkPlan.objects.get(year=2027)
    assert [(i.number, i.due, i.first_due) for i in new.items.all()] == [(1, "2027", "2022-06"), (2, "2027", "2022-Q4")]
    assert cast["expert"].client.get("/meetings/work-plans/2027/").status_code == 404
    assert client.post("/meetings/work-plans/2027/approve/", {"version": new.version, "decision": "4.2"}).status_code == 302
    assert cast["expert"].client.get("/meetings/work-plans/2027/").status_code == 200
    assert public.get("/meetings/work-plans/2027/").status_code == 404
    new.refresh_from_db()
    client.post("/meetings/work-plans/2027/release/", {"version": new.version, "released": "1"})
    assert public.get("/meetings/work-plans/2027/").status_code == 200
    new.refresh_from_db()
    refused = client.post("/meetings/work-plans/2027/close/", {"version": new.version})
    assert refused.status_code == 422 and "1, 2" in refused.content.decode()


def test_an_empty_draft_cannot_be_approved_and_a_year_has_one_plan(plan: WorkPlan, cast: dict[str, Any]) -> None:
    secretary = cast["secretary"]
    draft = services.create_plan(2030, by=secretary)
    with pytest.raises(InvalidInput):
        services.approve_plan(draft, approved_on=None, by=secretary, version=draft.version)
    with pytest.raises(InvalidInput):
        services.create_plan(2030, by=secretary)
    with pytest.raises(InvalidInput):
        services.release_plan(draft, is_released=True, by=secretary, version=draft.version)


def test_a_draft_is_late_for_nobody(plan: WorkPlan, cast: dict[str, Any]) -> None:
    secretary, day = cast["secretary"], dt.date(2025, 1, 1)
    services.carry_item(item_of(plan, 1), 2023, "2023", by=secretary, version=1, reason="x")
    table = read_plan(secretary, 2023, day)
    assert table is not None and table.late == 0
    assert {row.item.plan.year for row in list_late_items(secretary, day)} == {2022}


def test_a_draft_takes_no_reports(plan: WorkPlan, cast: dict[str, Any]) -> None:
    secretary = cast["secretary"]
    draft = services.create_plan(2031, by=secretary)
    body = Organisation.objects.get(code="mes")
    item = services.add_item(draft, NewItem("Пункт", due="2031", responsible=[body]), by=secretary)
    with pytest.raises(InvalidInput):
        services.report_on_item(item, ItemReport(done="x"), by=secretary, version=item.version)


def test_an_item_needs_text_date_and_somebody(plan: WorkPlan, cast: dict[str, Any]) -> None:
    mes = Organisation.objects.get(code="mes")
    for new in (
        NewItem("", due="2022", responsible=[mes]),
        NewItem("x", due="", responsible=[mes]),
        NewItem("x", due="2022"),
        NewItem("x", due="2022", responsible=[mes], support=[mes]),
    ):
        with pytest.raises(InvalidInput):
            services.add_item(plan, new, by=cast["secretary"])
    assert plan.items.count() == 7


def test_the_new_item_page_adds_once(plan: WorkPlan, cast: dict[str, Any]) -> None:
    form = {"version": 1, "text_ru": "Восьмой", "due": "4 кв. 2022", "responsible": ["mes"], "support": ["unece"]}
    for _time in range(2):
        assert cast["secretary"].client.post(f"{PLAN}new/", form).status_code == 302
    item = item_of(plan, 8)
    assert (plan.items.count(), item.due, item.first_due) == (8, "2022-Q4", "2022-Q4")


def test_deliverables_name_objects_that_exist(plan: WorkPlan, cast: dict[str, Any]) -> None:
    from boget.portal.accounts.services import actor_of
    from boget.portal.registry.services.snapshots import make_snapshot

    secretary, item = cast["secretary"], item_of(plan, 3)
    made = make_snapshot("Инвентаризация 2022", by=actor_of(secretary))
    with pytest.raises(InvalidInput):
        services.add_deliverable(item, "snapshot", ref="999", by=secretary, version=item.version)
    services.add_deliverable(item, "snapshot", ref=str(made.number), by=secretary, version=item.version)
    form = {"version": 2, "object": "document:", "label": "Карта А1"}
    assert secretary.client.post(f"{PLAN}3/deliverables/", form).status_code == 302
    refused = secretary.client.post(f"{PLAN}3/deliverables/", {"version": 3, "object": "meeting:99", "label": "KEPT"})
    assert refused.status_code == 422 and "KEPT" in refused.content.decode()
    page = secretary.client.get(f"{PLAN}3/").content.decode()
    assert f"/registry/snapshots/{made.number}/" in page and "Карта А1" in page
    public = cast["anonymous"].client.get(f"{PLAN}3/").content.decode()
    assert f"/registry/snapshots/{made.number}/" in public and "Карта А1" not in public


def test_every_write_leaves_an_entry(plan: WorkPlan, cast: dict[str, Any]) -> None:
    secretary, item = cast["secretary"], item_of(plan, 2)
    services.postpone_item(item, "2023", by=secretary, version=1, reason="перенос")
    last = Revision.objects.first()
    assert last is not None and (last.record_type, last.record_id, last.reason) == ("plan_item", "2022/2", "перенос")
    assert last.changes["due"] == ["2022-07", "2023"]
    history = secretary.client.get(f"{PLAN}history/").content.decode()
    assert "перенос" in history and "2022/2" in history
