"""Pages of the action plan: list, action, steps, new and edit, with what was typed kept when something is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from boget.portal.actions.models import Action, ActionReport
from boget.portal.actions.services import story

pytestmark = pytest.mark.django_db

LIST = "/actions/"


def read(answer: Any) -> str:
    return answer.content.decode()


def list_numbers(answer: Any) -> list[str]:
    return re.findall(r'data-action="(A-\d+)"', read(answer))


def fill_form(body: Any, **more: Any) -> dict[str, Any]:
    return {
        "title": "Letters to the akimats about orphaned sites", "language": "en", "level": "1", "due": "Q1 2027",
        "body-0": str(body.pk), "part-0": "lead", **more,
    }  # fmt: skip


# --- the list ----------------------------------------------------------------------------------------------------------


def test_the_list_shows_what_a_row_must_say(cast: Any, make_action: Any, facility_own: Any) -> None:
    action = make_action(
        "Plug decant wells 1–2", due="2025-12", facility=facility_own, funding="unfunded", origins=[("checklist", "IV.4")]
    )
    story.postpone(action, by=cast["secretary"], version=1, text="winter", new_due="2026-06-30", allowed_by="decision 5.4")
    page = read(cast["secretary"].client.get(LIST))
    for text in ("A-0001", "Plug decant wells", facility_own.public_id, "checklist answer IV.4", "test-owner", "30.06.2026",
                 "first: 12.2025", "unfunded", "overdue by", "postponed"):  # fmt: skip
        assert text in page, text


def test_views_and_their_numbers_agree(cast: Any, make_action: Any) -> None:
    make_action("Late and unfunded", due="2025", funding="unfunded", indicator="number of wells")
    make_action("Of the editor", lead="editor", due="2099")
    make_action("Given up", due="2025", funding="unfunded", state="proposed")
    story.cancel(Action.objects.get(public_id="A-0003"), by=cast["secretary"], version=1, text="not needed")
    client = cast["editor"].client
    page = read(client.get(LIST))
    shown = dict(re.findall(r">([A-Z][\w ]+)&nbsp;(?:<strong>)?(\d+)", page))
    assert shown == {"All actions": "3", "Mine": "1", "Overdue": "1", "Unfunded": "1", "No indicator": "1"}
    for flag, numbers in (("mine", ["A-0002"]), ("late", ["A-0001"]), ("unfunded", ["A-0001"]), ("no_indicator", ["A-0002"])):
        assert list_numbers(client.get(f"{LIST}?{flag}=1")) == numbers


def test_the_order_is_what_is_late_first_and_what_is_closed_last(cast: Any, make_action: Any) -> None:
    for title, due in (("None", ""), ("Later", "2099"), ("Sooner", "2026-01"), ("Closed", "2024")):
        make_action(title, due=due, state="proposed")
    story.cancel(Action.objects.get(title="Closed"), by=cast["secretary"], version=1, text="r")
    titles = dict(Action.objects.values_list("public_id", "title"))
    client = cast["secretary"].client
    assert [titles[n] for n in list_numbers(client.get(LIST))] == ["Sooner", "Later", "None", "Closed"]
    assert [titles[n] for n in list_numbers(client.get(f"{LIST}?sort=-number"))] == ["Closed", "Sooner", "Later", "None"]


@pytest.mark.parametrize("text", ["отскемен", "өскемен", "Oskemen", "A-0001", "epr3 8.4"])
def test_search_folds_as_the_register_does(text: str, cast: Any, make_action: Any) -> None:
    make_action("Өскемен: учение на Ертисе", origins=[("recommendation", "EPR3-8.4-b")])
    make_action("Something else")
    found = list_numbers(cast["secretary"].client.get(LIST, {"q": text}))
    assert found == ([] if text == "отскемен" else ["A-0001"])


@pytest.mark.parametrize(
    "query", ["colour=red", "state=lost", "late=yes", "sort=colour", "size=7", "page=0", "page=x", "f=exe", "q=a%07b"]
)
def test_an_unknown_condition_is_answered_with_400(query: str, cast: Any) -> None:
    answer = cast["secretary"].client.get(f"{LIST}?{query}")
    assert answer.status_code == 400
    assert f'name="{query.partition("=")[0]}"' in read(answer)


def test_filters_by_body_and_facility(cast: Any, make_action: Any, facility_own: Any) -> None:
    make_action("One", lead="operator", co="editor", facility=facility_own)
    make_action("Two", lead="inspector", funding="unfunded", due="2025")
    client = cast["secretary"].client
    assert list_numbers(client.get(f"{LIST}?responsible=test-environment")) == ["A-0001"]
    assert list_numbers(client.get(f"{LIST}?responsible=test-environment&responsible=test-inspection&sort=number")) == [
        "A-0001", "A-0002"
    ]  # fmt: skip
    assert list_numbers(client.get(f"{LIST}?facility={facility_own.public_id}")) == ["A-0001"]
    sums = read(client.get(f"{LIST}?by=body"))
    assert "test-inspection" in sums
    assert "responsible=test-inspection&amp;late=1" in sums


def test_pages_of_the_list(cast: Any, make_action: Any) -> None:
    for number in range(27):
        make_action(f"Measure {number}")
    client = cast["secretary"].client
    pages = [list_numbers(client.get(f"{LIST}?size=25&page={page}")) for page in (1, 2, 99)]
    assert [len(page) for page in pages] == [25, 2, 2]
    assert len(set(pages[0] + pages[1])) == 27


def test_the_number_of_queries_does_not_grow_with_the_rows(
    cast: Any, make_action: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        make_action(f"Measure {number}", co="editor", origins=[("decision", f"5.{number}")])
    with django_assert_max_num_queries(24):
        cast["secretary"].client.get(LIST)


# --- one action --------------------------------------------------------------------------------------------------------


def test_the_page_of_an_action(cast: Any, make_action: Any, facility_own: Any) -> None:
    first = make_action("First")
    action = make_action(
        "Joint exercise", co="editor", facility=facility_own, depends_on=first, indicator="exercises held", baseline="0", target="1",
        cost_kzt=12_000_000, funding="donor", origins=[("decision", "5.3", "Hold the exercise")],
    )  # fmt: skip
    story.report_progress(action, by=cast["operator"], version=1, text="Date agreed", percent=40, evidence="letter 7")
    page = read(cast["secretary"].client.get(reverse("actions:action", args=[action.public_id])))
    for text in ("Joint exercise", "decision 5.3", "Hold the exercise", "0 → 1", "Date agreed", "letter 7", "40%", "A-0001",
                 facility_own.public_id, "in progress", "₸"):  # fmt: skip
        assert text in page, text
    assert "A-0002" in read(cast["secretary"].client.get("/actions/A-0001/"))


def test_persons_are_named_to_the_authority_only(cast: Any, make_action: Any) -> None:
    story.report_progress(make_action(lead="editor", co="operator"), by=cast["editor"], version=1, text="done a part")
    for name, is_told in (("secretary", True), ("operator", False), ("expert", False)):
        page = read(cast[name].client.get("/actions/A-0001/"))
        assert ("Editor" in page) is is_told, name
        assert "test-environment" in page
        assert "@test.boget" not in page.replace(cast[name].email, "")


def test_one_primary_button(cast: Any, make_action: Any) -> None:
    make_action()
    make_action("Proposed", state="proposed")
    for name in ("secretary", "operator", "observer", "inspector"):
        for number in ("A-0001", "A-0002"):
            answer = cast[name].client.get(f"/actions/{number}/")
            if answer.status_code == 200:
                assert len(re.findall(r'class="[^"]*button-primary', read(answer))) <= 1, (name, number)


def test_progress_by_the_owner_and_verification_by_the_secretary(cast: Any, make_action: Any) -> None:
    make_action()
    owner, secretary = cast["operator"].client, cast["secretary"].client
    sent = owner.post("/actions/A-0001/steps/progress/", {"version": 1, "text": "wells found", "percent": "30"})
    assert (sent.status_code, sent["Location"]) == (302, "/actions/A-0001/")
    owner.post("/actions/A-0001/steps/claim/", {"version": 2, "text": "plugged", "evidence": "act 3 of 01.06.2026"})
    assert owner.post("/actions/A-0001/steps/verify/", {"version": 3}).status_code == 404
    assert secretary.post("/actions/A-0001/steps/verify/", {"version": 3, "text": "seen on site"}).status_code == 302
    assert Action.objects.get().state == "verified"


def test_a_stale_step_is_409_and_keeps_what_was_typed(cast: Any, make_action: Any) -> None:
    make_action()
    client = cast["operator"].client
    client.post("/actions/A-0001/steps/progress/", {"version": 1, "text": "first"})
    answer = client.post("/actions/A-0001/steps/progress/", {"version": 1, "text": "KEEP-THIS"})
    assert answer.status_code == 409
    assert "KEEP-THIS" in read(answer)
    assert 'name="version" value="2"' in read(answer)
    assert ActionReport.objects.count() == 1


def test_a_step_that_lacks_something_says_so(cast: Any, make_action: Any) -> None:
    make_action()
    answer = cast["secretary"].client.post(
        "/actions/A-0001/steps/postpone/", {"version": 1, "text": "why", "new_due": "soon", "allowed_by": "x"}
    )
    assert answer.status_code == 422
    assert "not a date" in read(answer)
    assert cast["secretary"].client.get("/actions/A-0001/steps/dance/").status_code == 404
    assert "Not possible" in read(cast["secretary"].client.get("/actions/A-0001/steps/verify/"))


# --- new and edit ------------------------------------------------------------------------------------------------------


def test_a_new_action(cast: Any, body_of: Any, facility_own: Any) -> None:
    more = {
        "facility": facility_own.public_id.lower(), "cost_kzt": "12,5 млн", "funding": "donor", "body-1": str(body_of("editor").pk),
        "part-1": "support", "origin_kind": "decision", "origin_ref": "5.3",
    }  # fmt: skip
    answer = cast["editor"].client.post("/actions/new/", fill_form(body_of("operator"), **more))
    assert answer.status_code == 302, read(answer)
    action = Action.objects.get()
    assert (action.due, action.cost_kzt, action.state, action.facility) == ("2027-Q1", 12_500_000, "proposed", facility_own)
    assert [(p.organisation.code, p.role) for p in action.parties.all()] == [
        ("test-owner", "lead"),
        ("test-environment", "support"),
    ]
    assert [(o.kind, o.ref) for o in action.origins.all()] == [("decision", "5.3")]


@pytest.mark.parametrize(
    ("name", "value"),
    [("due", "soon"), ("cost_kzt", "a lot"), ("cost_kzt", "1,5"), ("facility", "KZ-9999"), ("depends_on", "A-9999"),
     ("title", ""), ("level", "7"), ("origin_ref", "5.3"), ("part-0", "boss")],
)  # fmt: skip
def test_a_new_action_that_is_refused_keeps_what_was_typed(name: str, value: str, cast: Any, body_of: Any) -> None:
    typed = fill_form(body_of("operator"), objective="KEEP-THIS") | {name: value}
    answer = cast["secretary"].client.post("/actions/new/", typed)
    assert answer.status_code == 422
    assert "KEEP-THIS" in read(answer)
    assert not Action.objects.exists()


def test_nothing_is_tracked_twice(cast: Any, make_action: Any, body_of: Any) -> None:
    make_action("Hold the joint exercise on the Ertis", origins=[("decision", "5.3")])
    client, body = cast["secretary"].client, body_of("operator")
    same_origin = fill_form(body, title="Drill", origin_kind="decision", origin_ref="5.3")
    same_words = fill_form(
        body, title="Joint exercises on the river Ertis held", origin_kind="recommendation", origin_ref="8.4-b"
    )
    for typed in (same_origin, same_words):
        answer = client.post("/actions/new/", typed)
        assert answer.status_code == 422
        assert "A-0001" in read(answer)
    linked = client.post("/actions/A-0001/link/", {"kind": "recommendation", "ref": "8.4-b", "label": ""})
    assert linked.status_code == 302
    assert Action.objects.get().origins.count() == 2
    assert client.post("/actions/new/", {**same_words, "is_new": "1"}).status_code == 302
    assert Action.objects.count() == 2


def test_editing_needs_a_reason_and_shows_the_change(cast: Any, make_action: Any, body_of: Any) -> None:
    make_action("Letters to the akimat", lead="editor")
    client = cast["editor"].client
    typed = fill_form(body_of("editor"), title="Letters to all akimats", due="30.06.2026", version="1")
    assert client.post("/actions/A-0001/edit/", typed).status_code == 422
    assert client.post("/actions/A-0001/edit/", {**typed, "reason": "all of them"}).status_code == 302
    page = read(client.get("/actions/A-0001/"))
    assert "Letters to all akimats" in page
    assert "all of them" in page
    assert (
        client.post(
            "/actions/A-0001/edit/", {**typed, "version": "2", "due": "2099", "title": "Again", "reason": "r"}
        ).status_code
        == 302
    )
    assert Action.objects.get().due == "2026-06-30"


def test_a_stale_edit_is_409_with_both_texts(cast: Any, make_action: Any, body_of: Any) -> None:
    action = make_action("Letters", lead="editor")
    story.change_action(action, {"objective": "THEIRS"}, reason="r", by=cast["secretary"], version=1)
    typed = fill_form(body_of("editor"), title="Letters", due="30.06.2026", objective="MINE", version="1", reason="r")
    answer = cast["editor"].client.post("/actions/A-0001/edit/", typed)
    assert answer.status_code == 409
    assert "THEIRS" in read(answer)
    assert "MINE" in read(answer)
    assert Action.objects.get().objective == "THEIRS"
    assert cast["editor"].client.post("/actions/A-0001/edit/", {**typed, "version": "2"}).status_code == 302
    assert Action.objects.get().objective == "MINE"


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_every_page_in_every_language(language: str, cast: Any, make_action: Any, facility_own: Any) -> None:
    make_action(facility=facility_own, funding="unfunded", origins=[("decision", "5.3")])
    client = cast["secretary"].client
    client.post("/actions/plans/new/")
    addresses = (
        LIST, f"{LIST}?by=body", f"{LIST}?q=nothing-like-it", "/actions/new/", "/actions/A-0001/", "/actions/A-0001/edit/",
        "/actions/A-0001/steps/postpone/", "/actions/plans/", "/actions/plans/compare/",
        f"/actions/facilities/{facility_own.public_id}/panel/",
    )  # fmt: skip
    for address in addresses:
        answer = client.get(address, {"lang": language} if "?" not in address else None)
        assert answer.status_code == 200, address
