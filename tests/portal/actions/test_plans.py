"""Versions of the plan: frozen with a hash, compared with what is now, printed under the names of their day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from boget.portal.accounts import services as accounts
from boget.portal.accounts.selectors import today
from boget.portal.actions.models import PlanVersion
from boget.portal.actions.selectors.plans import compare_tables, is_intact, read_table
from boget.portal.actions.services import story
from boget.portal.actions.services.plans import approve_version, draft_version
from boget.portal.core.models import Revision
from boget.portal.core.services import SYSTEM
from boget.science.errors import InvalidInput

pytestmark = pytest.mark.django_db


def approve(cast: Any, decision: str = "4.5", **more: Any) -> PlanVersion:
    return approve_version(draft_version(by=cast["secretary"]), approved_by=decision, by=cast["secretary"], **more)


def test_an_approved_version_never_changes(cast: Any, make_action: Any) -> None:
    action = make_action("As approved", cost_kzt=1_000_000)
    plan = approve(cast)
    story.change_action(action, {"title": "Changed since"}, reason="r", by=cast["secretary"], version=1)
    make_action("Added since")
    plan.refresh_from_db()
    assert [row.frozen["title"] for row in read_table(cast["secretary"], plan).rows] == ["As approved"]
    assert is_intact(plan)
    assert plan.sha256 in Revision.objects.get(record_type="plan_version", kind="change").changes_text
    with pytest.raises(InvalidInput) as refused:
        approve_version(plan, approved_by="4.6", by=cast["secretary"])
    assert refused.value.code == "approved_plan"


def test_a_changed_content_shows(cast: Any, make_action: Any) -> None:
    make_action("As approved")
    plan = approve(cast)
    plan.content[0]["title"] = "Forged"
    PlanVersion.objects.filter(pk=plan.pk).update(content=plan.content)  # past the model, which refuses it
    assert not is_intact(plan)
    assert "does not hold what was approved" in cast["secretary"].client.get(f"/actions/plans/{plan.code}/").content.decode()


def test_there_is_one_draft_at_a_time_and_it_shows_the_rows_of_the_moment(cast: Any, make_action: Any) -> None:
    make_action("First")
    draft = draft_version("For the fifth meeting", by=cast["secretary"])
    assert draft_version(by=cast["secretary"]).pk == draft.pk
    make_action("Second")
    assert len(read_table(cast["secretary"], draft).rows) == 2
    assert draft.code == f"{today().year}-1"
    approve(cast)
    assert draft_version(by=cast["secretary"]).code == f"{today().year}-2"


def test_approving_needs_a_decision_and_a_day_that_was(cast: Any, make_action: Any) -> None:
    with pytest.raises(InvalidInput):
        approve(cast)  # no action in it
    make_action()
    with pytest.raises(InvalidInput):
        approve(cast, " ")
    with pytest.raises(InvalidInput):
        approve(cast, approved_on=today() + dt.timedelta(days=1))
    assert not PlanVersion.objects.filter(is_approved=True).exists()


def test_comparison_says_what_was_added_removed_and_changed(cast: Any, make_action: Any) -> None:
    kept, moved, gone = make_action("Kept"), make_action("Moved", due="2026-06"), make_action("Gone")
    older = approve(cast)
    story.postpone(moved, by=cast["secretary"], version=1, text="r", new_due="2027-06", allowed_by="5.4")
    story.cancel(gone, by=cast["secretary"], version=1, text="r")
    make_action("New", lead="editor")
    tables = [read_table(cast["secretary"], plan) for plan in (older, None)]
    found = compare_tables(*tables)
    assert ([r.number for r in found.added], [r.number for r in found.removed]) == (["A-0004"], ["A-0003"])
    assert [line.row.number for line in found.changed] == ["A-0002"]
    assert {(str(label), old, new) for label, old, new in found.changed[0].fields} == {
        ("Due", "06.2026", "06.2027"), ("Held", "", "postponed")
    }  # fmt: skip
    assert (found.same, kept.public_id) == (1, "A-0001")
    page = cast["secretary"].client.get(f"/actions/plans/compare/?older={older.code}&newer=live").content.decode()
    assert "06.2027" in page
    assert compare_tables(tables[0], tables[0]).is_empty


def test_a_version_prints_the_names_of_its_day(cast: Any, make_action: Any, body_of: Any) -> None:
    old = body_of("editor")
    accounts.rename_organisation(
        old, code="test-environment-2", names={"name_ru": "NEW NAME"}, first_day=dt.date(2023, 6, 1), by=SYSTEM
    )
    story.propose_action(
        {"title": "Written in 2022", "due": "2024"}, parties=[story.Party(old, "lead")], by=cast["secretary"], state="approved"
    )
    then, now = approve(cast, approved_on=dt.date(2022, 12, 1)), read_table(cast["secretary"], None)
    assert [row.parties["lead"] for row in read_table(cast["secretary"], then).rows] == ["test-environment"]
    assert [row.parties["lead"] for row in now.rows] == ["NEW NAME"]
    page = cast["secretary"].client.get("/actions/").content.decode()
    assert "NEW NAME" in page


def test_versions_on_pages(cast: Any, make_action: Any) -> None:
    make_action("Wells", working_area="safety measures", cost_kzt=5_000_000, funding="unfunded")
    client = cast["secretary"].client
    code = f"{today().year}-1"
    assert client.post("/actions/plans/new/")["Location"] == f"/actions/plans/{code}/"
    assert client.post(f"/actions/plans/{code}/approve/", {"approved_by": "", "approved_on": "2026-01-01"}).status_code == 422
    assert (
        client.post(f"/actions/plans/{code}/approve/", {"approved_by": "4.5", "approved_on": "2026-01-01"}).status_code == 302
    )
    assert (
        client.post(f"/actions/plans/{code}/approve/", {"approved_by": "4.6", "approved_on": "2026-01-01"}).status_code == 422
    )
    page = client.get(f"/actions/plans/{code}/").content.decode()
    for text in ("safety measures", "5\u202f000\u202f000", "unfunded", "4.5", PlanVersion.objects.get().sha256):
        assert text in page, text
    assert "decision 4.5" in client.get("/actions/").content.decode()
    assert client.get("/actions/plans/1999-1/").status_code == 404
    assert client.get("/actions/plans/compare/?older=1999-1").status_code == 404
