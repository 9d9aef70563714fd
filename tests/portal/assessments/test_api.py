"""The indices in the API: level of the reader, same numbers as the page, refused is absent."""

from __future__ import annotations

from typing import Any

import pytest
from ninja.testing import TestClient

from boget.portal.assessments.api import router
from boget.portal.assessments.models import IndexResult

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def api() -> Any:
    return TestClient(router)


@pytest.mark.parametrize(
    ("role", "level"),
    [("anonymous", 0), ("other_operator", 0), ("operator", 2), ("observer", 2), ("expert", 2), ("secretary", 2)],
)
@pytest.mark.parametrize("index", ["thi", "tri"])
def test_index_at_the_level_of_the_reader(api: Any, cast: Any, facility_own: Any, role: str, level: int, index: str) -> None:
    response = api.get(f"/facilities/{facility_own.public_id}/{index}", user=cast[role])
    body = response.json()
    stored = IndexResult.objects.get(facility=facility_own, index=index, level=level)
    assert (body["value"], body["low"], body["high"], body["known"], body["of"], body["id"]) == (
        *(round(number, 2) for number in (stored.value, stored.low, stored.high)), stored.known, stored.of, stored.public_id,
    )  # fmt: skip
    assert body["value"] != stored.value  # the volume of the case has a logarithm with many digits
    assert round(sum(term["value"] for term in body["terms"]), 2) == body["value"]
    assert len(body["inputs"]) == body["of"] == {"thi": 6, "tri": 8}[index]
    assert body["table"]["sha256"] == stored.table_hash
    assert ("1.4187" in response.content.decode()) == (level == 2)
    assert "CANARY" not in response.content.decode()


def test_inputs_name_their_pages(api: Any, cast: Any, facility_own: Any) -> None:
    body = api.get(f"/facilities/{facility_own.public_id}/thi", user=cast["anonymous"]).json()
    volume = body["inputs"][0]["claims"][0]
    own = facility_own.public_id
    assert (volume["record"], volume["field"], volume["source"]) == (f"{own}-S01", "volume_m3", "Test register")
    assert volume["url"] == f"/registry/facilities/{own}/fields/volume_m3/?structure={own}-S01"


def test_without_volume_the_value_is_null(api: Any, cast: Any, make_facility: Any) -> None:
    body = api.get(f"/facilities/{make_facility().public_id}/thi", user=cast["anonymous"]).json()
    assert (body["state"], body["value"], body["low"], body["high"]) == ("insufficient", None, None, None)


def test_a_capacity_is_said_to_stand_in(api: Any, cast: Any, make_facility: Any) -> None:
    facility = make_facility(impoundments=[{"design_capacity_m3": 8e6}])
    body = api.get(f"/facilities/{facility.public_id}/thi", user=cast["anonymous"]).json()
    volume, cap = body["inputs"][0], body["terms"][0]
    assert (volume["known"], volume["value"], volume["basis"], volume["low"]) == (False, 8e6, "design_capacity", 1.0)
    assert (cap["known"], cap["stood_in"], cap["low"], cap["high"]) == (False, True, 0.0, 6.9)
    assert "volume_m3" in body["missing"] and "volume_from_design_capacity" in body["cautions"]


def test_exposure_scores_are_called_placeholders(api: Any, cast: Any, facility_own: Any) -> None:
    bodies = {i: api.get(f"/facilities/{facility_own.public_id}/{i}", user=cast["anonymous"]).json() for i in ("thi", "tri")}
    assert "placeholder_scores" in bodies["tri"]["cautions"] and bodies["tri"]["table"]["status"] == "placeholder"
    assert "placeholder_scores" not in bodies["thi"]["cautions"]


def test_refused_and_absent_are_the_same(api: Any, cast: Any, make_facility: Any) -> None:
    draft = make_facility(disclosure="draft")
    answers = [api.get(f"/facilities/{code}/thi", user=cast["expert"]) for code in (draft.public_id, "KZ-9999")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()


def test_answers_under_the_common_address(cast: Any, facility_own: Any) -> None:
    client = cast["anonymous"].client
    body = client.get(f"/api/v1/facilities/{facility_own.public_id}/thi").json()
    assert (body["index"], body["inputs_up_to"]) == ("thi", "public")
    absent = client.get("/api/v1/facilities/KZ-9999/tri")
    assert (absent.status_code, absent["Content-Type"]) == (404, "application/problem+json")
