"""New facilities without doubles, new structures, disclosure."""

from __future__ import annotations

import html
from typing import Any

import pytest

from boget.portal.accounts.selectors import organisation_of
from boget.portal.core.models import Revision
from boget.portal.core.services import SYSTEM
from boget.portal.registry import services
from boget.portal.registry.models import Dam, Facility, IdCounter, Impoundment

NEW = "/registry/facilities/new/"
EDITORS = ("secretary", "editor", "inspector")
OTHERS = ("operator", "other_operator", "expert", "observer", "anonymous")
PLACE = {"name_ru": "Новое хвостохранилище", "country": "KZ", "latitude": "48,5", "longitude": "67,2", "radius": "300 м"}
CORE = PLACE | {
    "step": "register",
    "status": "active",
    "source": "Order 12",
    "source_date": "2025",
    "kind": "declared",
    "reason": "found in the cadastre",
}


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Facility, Impoundment, Dam, Revision))


@pytest.fixture
def near(make_facility: Any) -> Any:
    return make_facility(name_ru="Таловское хвостохранилище", point={"longitude": 67.25, "latitude": 48.52, "radius_m": 50.0})


def test_who_may_register(clients: dict[str, Any]) -> None:
    before = counts()
    for who in (*EDITORS, *OTHERS):
        expected = 200 if who in EDITORS else 404
        assert clients[who].get(NEW).status_code == expected, who
        if who in OTHERS:
            assert clients[who].post(NEW, CORE).status_code == 404
    assert counts() == before


def test_the_first_step_lists_what_is_near_and_alike(clients: dict[str, Any], near: Any, make_facility: Any) -> None:
    far = make_facility(name_ru="Чашинское", point={"longitude": 80.0, "latitude": 50.0, "radius_m": 50.0})
    alike = make_facility(name_ru="Talovskoye TSF", point={"longitude": 80.0, "latitude": 50.0, "radius_m": 50.0})
    page = clients["editor"].post(NEW, PLACE | {"name_ru": "Таловское", "step": "look"}).content.decode()
    assert near.public_id in page and "4.3 km away" in html.unescape(page).replace("\u00a0", " ")
    assert alike.public_id in page and far.public_id not in page
    assert 'name="why_new"' in page and 'name="step" value="register"' in page


def test_nothing_near_asks_no_why(clients: dict[str, Any]) -> None:
    page = clients["editor"].post(NEW, PLACE | {"step": "look"}).content.decode()
    assert "Nothing within 15 km" in page and 'name="why_new"' not in page


def test_generic_words_are_no_likeness(clients: dict[str, Any], make_facility: Any) -> None:
    other = make_facility(name_ru="Западное хвостохранилище")
    page = clients["editor"].post(NEW, PLACE | {"name_ru": "Восточное хвостохранилище", "step": "look"}).content.decode()
    assert other.public_id not in page


def test_registering(clients: dict[str, Any]) -> None:
    answer = clients["editor"].post(NEW, CORE | {"disclosure": "published"})
    assert answer.status_code == 302
    facility = Facility.objects.get()
    assert answer["Location"] == f"/registry/facilities/{facility.public_id}/"
    assert (facility.country, facility.status, facility.disclosure) == ("KZ", "active", "published")
    assert (facility.latitude, facility.longitude, facility.coordinate_radius_m) == (48.5, 67.2, 300.0)
    claim = facility.shown("name_ru")
    assert (claim["source"], claim["date"], claim["by"]) == ("Order 12", "2025", "editor@test.boget")
    revision = Revision.objects.get(record_id=facility.public_id)
    assert (revision.kind, revision.reason) == ("create", "found in the cadastre")


def test_a_new_record_is_a_draft_unless_an_editor_says_otherwise(clients: dict[str, Any]) -> None:
    assert clients["inspector"].post(NEW, CORE).status_code == 302
    assert Facility.objects.get().disclosure == "draft"
    before = counts()
    assert (
        clients["inspector"]
        .post(NEW, CORE | {"name_ru": "Другое имя", "why_new": "other", "disclosure": "published"})
        .status_code
        == 422
    )
    assert counts() == before


def test_a_double_needs_a_why(clients: dict[str, Any], near: Any) -> None:
    before = counts()
    answer = clients["editor"].post(NEW, CORE)
    assert answer.status_code == 422 and "Why it is new: not given" in answer.content.decode()
    assert counts() == before
    assert clients["editor"].post(NEW, CORE | {"why_new": "second cell of the plant"}).status_code == 302
    made = Facility.objects.exclude(pk=near.pk).get()
    assert "second cell of the plant" in Revision.objects.get(record_id=made.public_id).reason


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"name_ru": "  "}, "Name: not given"),
        ({"name_ru": "x" * 301}, "Shorten the text"),
        ({"name_ru": "x" * 10_000_000}, "Shorten the text"),
        ({"name_ru": "a\x00b"}, "cannot be stored"),
        ({"country": "XX"}, "is not in the list"),
        ({"status": ""}, "Status: empty"),
        ({"status": "sleeping"}, "is not in the list"),
        ({"source": ""}, "Every value needs a source"),
        ({"reason": ""}, "Reason: not given"),
        ({"latitude": "95"}, "may be swapped"),
        ({"longitude": "200"}, "is outside"),
        ({"latitude": "north"}, "is not a number"),
        ({"longitude": ""}, "only one of the two"),
        ({"latitude": "67,2", "longitude": "48,5"}, "latitude and longitude swapped"),
        ({"radius": "big"}, "is not a number"),
        ({"radius": "-5"}, "is outside"),
        ({"radius": "500 km"}, "is outside"),
        ({"operator": "nobody"}, "is not in the list"),
        ({"operator": "a\x00"}, "is not in the list"),
        ({"disclosure": "secret"}, "is not in the list"),
        ({"source_date": "31.02.2025"}, "is not a date"),
    ],
    ids=lambda part: str(part)[:40],
)
def test_bad_input_registers_nothing(typed: dict[str, str], message: str, clients: dict[str, Any]) -> None:
    before = counts()
    answer = clients["editor"].post(NEW, CORE | typed)
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 422 and message in page
    assert counts() == before and not IdCounter.objects.filter(last__gt=0).exists()
    kept = {**CORE, **typed}
    assert all(kept[name] in page for name in ("name_ru", "latitude", "longitude", "radius"))
    assert kept["source"] in page and kept["reason"] in page


def test_swapped_coordinates_may_be_meant(clients: dict[str, Any]) -> None:
    swapped = CORE | {"latitude": "67,2", "longitude": "48,5"}
    refused = clients["editor"].post(NEW, swapped)
    assert 'name="accept-swapped"' in refused.content.decode()
    answer = clients["editor"].post(NEW, swapped | {"accept-swapped": "1"}, follow=True)
    assert "lies outside the country" in answer.content.decode()
    assert Facility.objects.get().latitude == 67.2


def test_a_point_outside_the_country_is_saved_with_a_warning(clients: dict[str, Any]) -> None:
    answer = clients["editor"].post(NEW, CORE | {"latitude": "56", "longitude": "60"}, follow=True)
    assert answer.status_code == 200 and "lies outside the country" in answer.content.decode()
    assert Facility.objects.get().latitude == 56.0


def test_a_place_may_be_unknown(clients: dict[str, Any]) -> None:
    assert clients["editor"].post(NEW, CORE | {"latitude": "", "longitude": ""}).status_code == 302
    assert Facility.objects.get().shown("point") is None


def test_an_operator_gets_its_facility(clients: dict[str, Any], cast: dict[str, Any]) -> None:
    operator = organisation_of(cast["operator"])
    assert clients["editor"].post(NEW, CORE | {"operator": operator.code}).status_code == 302
    facility = Facility.objects.get()
    assert facility.operator_organisation_id == operator.pk and facility.operator == operator.name_ru
    assert clients["operator"].get(f"/registry/facilities/{facility.public_id}/").status_code == 200
    assert clients["other_operator"].get(f"/registry/facilities/{facility.public_id}/").status_code == 404


# --- structures ----------------------------------------------------------------------------------------------------

STRUCTURE = {"source": "Survey", "reason": "second dam", "kind": "measured", "f-name": "East dam", "f-height_m": "12,5"}


def structure_url(facility: Any, record_type: str = "dam") -> str:
    return f"/registry/facilities/{facility.public_id}/structures/new/{record_type}/"


def test_adding_a_structure(clients: dict[str, Any], facility_own: Any) -> None:
    assert clients["inspector"].post(structure_url(facility_own), STRUCTURE).status_code == 302
    dam = facility_own.dams.get(public_id=f"{facility_own.public_id}-S03")
    assert (dam.name, dam.height_m) == ("East dam", 12.5)
    facility_own.refresh_from_db()
    assert facility_own.structures_count == 3 and facility_own.height_m == 32.0
    revision = Revision.objects.first()
    assert (revision.record_id, revision.root_id, revision.kind) == (dam.public_id, facility_own.public_id, "create")


@pytest.mark.parametrize(
    "typed", [{"source": ""}, {"reason": ""}, {"f-height_m": "-3"}, {"f-height_m": "310"}, {"f-name": "", "f-height_m": ""}]
)
def test_a_bad_structure_is_not_added(typed: dict[str, str], clients: dict[str, Any], facility_own: Any) -> None:
    before = counts()
    assert clients["editor"].post(structure_url(facility_own), STRUCTURE | typed).status_code == 422
    assert counts() == before


def test_who_may_add_a_structure(clients: dict[str, Any], facility_own: Any) -> None:
    before = counts()
    for who in OTHERS:
        assert clients[who].get(structure_url(facility_own)).status_code == 404
        assert clients[who].post(structure_url(facility_own), STRUCTURE).status_code == 404
    assert clients["editor"].get(structure_url(facility_own, "pond")).status_code == 404
    assert clients["editor"].get(structure_url(facility_own, "impoundment")).status_code == 200
    assert counts() == before


# --- disclosure ----------------------------------------------------------------------------------------------------


def disclosure_url(facility: Any) -> str:
    return f"/registry/facilities/{facility.public_id}/disclosure/"


def test_who_may_change_the_disclosure(clients: dict[str, Any], facility_own: Any) -> None:
    for who in (*EDITORS, *OTHERS):
        allowed = who in {"secretary", "editor"}
        assert clients[who].get(disclosure_url(facility_own)).status_code == (200 if allowed else 404), who
        if not allowed:
            assert clients[who].post(disclosure_url(facility_own), {"disclosure": "draft", "reason": "a"}).status_code == 404
    facility_own.refresh_from_db()
    assert facility_own.disclosure == "published"


def test_withdraw_retire_and_publish_again(clients: dict[str, Any], facility_own: Any, facility_other: Any) -> None:
    steps = [
        ({"disclosure": "draft"}, "draft", ""),
        ({"disclosure": "retired", "merged_into": facility_other.public_id}, "retired", facility_other.public_id),
        ({"disclosure": "published", "merged_into": facility_other.public_id}, "published", ""),
    ]
    for sent, disclosure, merged in steps:
        assert clients["secretary"].post(disclosure_url(facility_own), sent | {"reason": "decided"}).status_code == 302
        facility_own.refresh_from_db()
        assert (facility_own.disclosure, facility_own.merged_into) == (disclosure, merged)
        assert Revision.objects.first().reason == "decided"


@pytest.mark.parametrize(
    "sent",
    [
        {"disclosure": "secret"},
        {"disclosure": ""},
        {"disclosure": "published"},  # as it is
        {"disclosure": "draft", "reason": " "},
        {"disclosure": "draft", "reason": "x" * 10_000_000},
        {"disclosure": "draft", "reason": "a\x00b"},
        {"disclosure": "retired", "merged_into": "KZ-7777"},
        {"disclosure": "retired", "merged_into": "KZ-0001"},  # itself
        {"disclosure": "retired", "merged_into": "a\x00b"},
    ],
    ids=lambda part: str(part)[:50],
)
def test_a_disclosure_that_cannot_be(sent: dict[str, str], clients: dict[str, Any], facility_own: Any) -> None:
    assert facility_own.public_id == "KZ-0001"
    count = Revision.objects.count()
    answer = clients["editor"].post(disclosure_url(facility_own), {"reason": "TYPED-REASON"} | sent)
    assert answer.status_code == 422 and ({"reason": "TYPED-REASON"} | sent)["reason"].strip() in answer.content.decode()
    facility_own.refresh_from_db()
    assert (facility_own.disclosure, facility_own.merged_into, Revision.objects.count()) == ("published", "", count)


def test_merging_into_a_retired_record_is_refused(clients: dict[str, Any], facility_own: Any, facility_other: Any) -> None:
    services.set_disclosure(facility_other, "retired", reason="a", actor=SYSTEM)
    sent = {"disclosure": "retired", "merged_into": facility_other.public_id, "reason": "double"}
    assert clients["editor"].post(disclosure_url(facility_own), sent).status_code == 422
