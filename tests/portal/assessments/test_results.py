"""The page of one result, the score tables, the panel and the classes beside the index."""

from __future__ import annotations

from typing import Any

import pytest

from boget.portal.assessments.models import IndexResult
from boget.portal.assessments.services.explanation import explain
from boget.portal.registry.models import Facility, Impoundment
from boget.portal.registry.values import Claim
from boget.science.hazard import list_versions, load_table

pytestmark = pytest.mark.django_db
CANARIES = ("GROUP-CANARY", "AUTHORITY-CANARY", "1.4187", "1.419", "1.42")
ROLES = ("secretary", "editor", "inspector", "operator", "other_operator", "expert", "observer", "anonymous")


def result_url(facility: Any, index: str = "thi") -> str:
    return f"/assessments/index-results/{facility.public_id}/{index}/"


def test_page_names_input_rule_score_and_source(make_case: Any, cast: Any) -> None:
    facility = make_case(32e6, 3, 0, 1, 0, 0)
    text = cast["expert"].client.get(result_url(facility)).content.decode()
    formula = "THI = Cap + Tox + Manag + Seism + Flood + Dam"
    for expected in ("tox.3", "WHC 3", "&gt; 0.1", "Test register", formula, "provisional"):
        assert expected in text
    assert f'value="{IndexResult.objects.get(facility=facility, index="thi", level=2).value!r}"' in text
    assert f'href="/registry/facilities/{facility.public_id}/fields/pga_g/"' in text
    assert load_table().content_hash in text
    assert "does not say that a dam is stable" in text


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("index", ["thi", "tri"])
def test_level_of_the_reader(cast: Any, facility_own: Any, role: str, index: str) -> None:
    text = cast[role].client.get(result_url(facility_own, index)).content.decode()
    may_see = role in {"secretary", "editor", "inspector", "operator", "expert", "observer"}
    assert ("1.42" in text or "1.4187" in text) == may_see
    assert "CANARY" not in text
    assert (f"{facility_own.public_id}-{index.upper()}2" in text) == may_see
    assert ("fields/fos_static" in text) == may_see


def test_drafts_and_unknown_addresses_are_not_found(cast: Any, make_case: Any) -> None:
    draft = make_case(1e6, 1, 0, 0, 0, 0, disclosure="draft")
    client = cast["expert"].client
    addresses = [result_url(draft), f"/assessments/facilities/{draft.public_id}/panel/", "/assessments/tables/thi-99/"]
    published = make_case(1e6, 1, 0, 0, 0, 0)
    addresses += [result_url(published, "msr"), "/assessments/index-results/KZ-9999/thi/", "/assessments/tables/x/"]
    assert [client.get(address).status_code for address in addresses] == [404] * len(addresses)
    assert cast["secretary"].client.get(result_url(draft)).status_code == 200


def test_what_an_answer_would_change(make_facility: Any, change: Any) -> None:
    facility = make_facility(
        management="managed", pga_g=0.2, flood_prone="no", impoundments=[{"volume_m3": 32e6}], dams=[{"fos_static": 1.6}]
    )
    result = IndexResult.objects.get(facility=facility, index="thi", level=2)
    (question,) = explain(result, level=2).questions
    assert [p.value for p in question.prospects] == pytest.approx([8.505, 9.505, 10.505, 11.505], abs=5e-4)
    change(Impoundment.objects.get(facility=facility), water_hazard_class="whc1")
    known = IndexResult.objects.get(facility=facility, index="thi", level=2, is_current=True)
    promised = question.prospects[1]
    assert (known.value, known.low, known.high) == pytest.approx((promised.value, promised.low, promised.high))


def test_page_says_what_stands_in(make_facility: Any, cast: Any) -> None:
    facility = make_facility(impoundments=[{"design_capacity_m3": 8e6}])
    text = cast["anonymous"].client.get(result_url(facility)).content.decode()
    assert text.count("volume: design capacity stands in") == 2  # beside the number and in the row of the term
    assert "inputs 1 of 6" in text and "less may be stored" in text
    assert f"fields/volume_m3/?structure={facility.public_id}-S01" in text
    panel = cast["anonymous"].client.get(f"/assessments/facilities/{facility.public_id}/panel/").content.decode()
    assert panel.count("volume: design capacity stands in") == 2


def test_indices_have_one_decimal_on_pages(make_facility: Any, cast: Any) -> None:
    """Interval from 0 to 13: rounding by its width would leave whole numbers; a narrow one would show thousandths."""
    wide = make_facility(impoundments=[{"design_capacity_m3": 8e6}])
    known = {"management": "managed", "pga_g": 0.2, "flood_prone": "no", "dams": [{"fos_static": 1.8}]}
    basin = {"volume_m3": Claim(32e6, low=31.9e6, high=32.1e6), "water_hazard_class": "whc1"}
    narrow = make_facility(impoundments=[basin], **known)
    for facility, shown in ((wide, ("12.9", "(0.0–12.9)")), (narrow, ("9.5", "(9.5–9.5)"))):
        panel = f"/assessments/facilities/{facility.public_id}/panel/"
        for address in (result_url(facility), panel, "/assessments/rankings/"):
            text = cast["expert"].client.get(address).content.decode()
            assert f">{shown[0]}</data>" in text and shown[1] in text, address
    text = cast["expert"].client.get(result_url(narrow)).content.decode()
    assert "= 7.5 + 1.0 + 0.0 + 1.0 + 0.0 + 0.0 = 9.5" in text


def test_refusal_is_a_sentence(make_facility: Any, cast: Any) -> None:
    facility = make_facility()
    IndexResult.objects.filter(facility=facility).update(cautions="provisional_scores input_refused:range")
    assert "breaks the rule “range” of the index" in cast["anonymous"].client.get(result_url(facility)).content.decode()


def test_promises_hold_for_every_choice_of_the_risk_index(make_facility: Any) -> None:
    facility = make_facility(impoundments=[{"volume_m3": 5e6}])
    result = IndexResult.objects.get(facility=facility, index="tri", level=0)
    for question in explain(result, level=0).questions:
        values = [prospect.value for prospect in question.prospects]
        assert max(values) == pytest.approx(result.value)
        assert min(prospect.low for prospect in question.prospects) == pytest.approx(result.low)


def test_too_little_data_and_planned_are_words_never_zero(make_facility: Any, make_case: Any, cast: Any) -> None:
    empty = cast["expert"].client.get(result_url(make_facility())).content.decode()
    assert "too little data" in empty and "needs at least the volume" in empty
    planned = cast["expert"].client.get(result_url(make_case(1e6, 1, 0, 0, 0, 0, status="planned"))).content.decode()
    assert "planned, not rated" in planned
    assert "figure-hero" not in empty + planned


def test_history_keeps_earlier_results(make_case: Any, change: Any, cast: Any) -> None:
    facility = make_case(1e6, 2, 0, 0, 0, 0)
    change(Impoundment.objects.get(facility=facility), water_hazard_class="whc3")
    client = cast["secretary"].client
    now, before = client.get(result_url(facility)), client.get(result_url(facility), {"number": "1"})
    assert f"{facility.public_id}-THI2-002" in now.content.decode()
    assert "You are reading an earlier result" in before.content.decode()
    assert f"{facility.public_id}-THI2-001" in before.content.decode()
    refused = client.get(result_url(facility), {"number": "7"})
    assert refused.status_code == 400 and "2, 1" in refused.content.decode()


def test_the_weakest_table_marks_the_number(make_case: Any, cast: Any) -> None:
    facility = make_case(1e6, 2, 0, 0, 0, 0, people_at_risk=5)
    heads = [cast["expert"].client.get(result_url(facility, index)).content.decode().split("<h2")[0] for index in ("thi", "tri")]
    assert "provisional" in heads[0] and "placeholder value" not in heads[0]
    assert "placeholder value" in heads[1]
    text = cast["expert"].client.get(result_url(facility, "tri")).content.decode()
    assert "placeholders of ours, not those of a publication" in text and "placeholder scores of exposure" in text


def test_nothing_is_stale_and_another_table_is_marked(make_case: Any, cast: Any) -> None:
    facility = make_case(1e6, 2, 0, 0, 0, 0)
    client = cast["expert"].client
    assert "score table changed" not in client.get(result_url(facility)).content.decode()
    IndexResult.objects.filter(facility=facility).update(table_hash="0" * 64)
    assert "score table changed" in client.get(result_url(facility)).content.decode()


def test_classes_stand_beside_each_other_and_are_never_written(make_case: Any, cast: Any, change: Any) -> None:
    from boget.portal.registry.models import Dam

    facility = make_case(1e6, 2, 0, 0, 0, 0, people_at_risk=150, gistm_class="high", cis_class="3")
    change(Dam.objects.get(facility=facility), height_m=31.0)
    stored = Facility.objects.get(pk=facility.pk).values
    text = cast["expert"].client.get(result_url(facility)).content.decode()
    assert "at least: Very high" in text and "II–III" in text
    suggestions = text[text.index("II–III") : text.index("cis_class-0.1")]
    assert "Russian line, table B.1; not confirmed for Kazakhstan" in suggestions
    assert "Russian line, decree on storages of liquid waste; not confirmed for Kazakhstan" in text
    assert "danger to life" in text  # what the EU test asks and nobody has given
    box = text[text.index("Classes in other systems") : text.index("History of results")]
    assert "<strong>High</strong>" in box and "<strong>III</strong>" in box
    assert Facility.objects.get(pk=facility.pk).values == stored


def test_a_recorded_class_gives_no_suggestion_to_another_system(make_facility: Any, cast: Any) -> None:
    facility = make_facility(gistm_class="extreme", eu_category="yes", cis_class="1")
    text = cast["expert"].client.get(result_url(facility)).content.decode()
    box = text[text.index("Classes in other systems") : text.index("History of results")]
    assert box.count("too little data") == 3


def test_panel_is_a_fragment_for_htmx_and_a_page_otherwise(make_case: Any, cast: Any) -> None:
    facility = make_case(1e6, 2, 0, 0, 0, 0)
    address = f"/assessments/facilities/{facility.public_id}/panel/"
    client = cast["anonymous"].client
    fragment = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment and f"{facility.public_id}/thi/" in fragment and f"{facility.public_id}/tri/" in fragment
    assert "<html" in client.get(address).content.decode()


def test_card_offers_the_panel_and_the_navigation_the_app(make_case: Any, cast: Any) -> None:
    from boget.portal.core.navigation import build_navigation
    from boget.portal.core.panels import list_panels

    assert [panel.url_name for panel in list_panels("facility", cast["anonymous"]) if panel.code == "assessments"] == [
        "assessments:panel"
    ]
    request = cast["anonymous"].client.get("/assessments/rankings/").wsgi_request
    assert [(link.url, link.is_current) for link in build_navigation(request) if link.code == "assessments"] == [
        ("/assessments/", True)
    ]
    assert cast["anonymous"].client.get("/assessments/").url == "/assessments/rankings/"


@pytest.mark.parametrize("code", ["thi", "tri", "gistm", "eu_category", "cis_class", "water_hazard"])
def test_every_coefficient_of_a_table_is_shown(cast: Any, code: str) -> None:
    table = load_table(code=code)
    text = cast["anonymous"].client.get(f"/assessments/tables/{code}-{table.version}/").content.decode()
    for entry in table.entries.values():
        assert f'id="{entry.id}"' in text
    assert table.content_hash in text
    listed = cast["anonymous"].client.get("/assessments/tables/").content.decode()
    assert all(f"{code}-{version}" in listed for version in list_versions(code))


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_pages_in_every_language(cast: Any, make_facility: Any, language: str) -> None:
    facility = make_facility(name_ru="Северное", impoundments=[{"volume_m3": 2.5e6}])
    own = [result_url(facility, index) for index in ("thi", "tri")]
    for address in (*own, "/assessments/rankings/", "/assessments/tables/thi-0.1/", "/assessments/tables/gistm-2020.1/"):
        response = cast["anonymous"].client.get(address, {"lang": language})
        assert response.status_code == 200 and f'<html lang="{language}"' in response.content.decode()


def test_queries_of_the_result_page(make_case: Any, cast: Any, django_assert_max_num_queries: Any) -> None:
    facility = make_case(1e6, 2, 0, 0, 0, 0)
    client = cast["operator"].client
    client.get(result_url(facility))
    with django_assert_max_num_queries(14):
        client.get(result_url(facility))
