"""The ranking page: order, places, who sees what, what is left out, and that its numbers are the science's."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import numpy as np
import pytest

from boget.portal.assessments.forms import OWN, read_query
from boget.portal.assessments.models import IndexResult
from boget.portal.assessments.views.rankings import build_ranking
from boget.portal.registry.models import Dam
from boget.science.hazard import find_edges, rank_places

pytestmark = pytest.mark.django_db
URL = "/assessments/rankings/"
CANARIES = ("GROUP-CANARY", "AUTHORITY-CANARY", "1.4187", "1,4187")
ROLES = ("secretary", "editor", "inspector", "operator", "other_operator", "expert", "observer", "anonymous")


@pytest.fixture
def three(make_facility: Any) -> list[Any]:
    """A known to the last input at 9; B between 6 and 12 at its worst; C known at 5."""
    known = {"management": "managed", "pga_g": 0.05, "flood_prone": "no"}
    a = make_facility(
        name_en="Alpha", impoundments=[{"volume_m3": 1e6, "water_hazard_class": "whc3"}], dams=[{"fos_static": 1.7}], **known
    )
    b = make_facility(name_en="Beta", status="closed", impoundments=[{"volume_m3": 1e6}], dams=[{"fos_static": 1.7}])
    c = make_facility(
        name_en="Gamma", impoundments=[{"volume_m3": 1e5, "water_hazard_class": "nwg"}], dams=[{"fos_static": 1.7}], **known
    )
    return [a, b, c]


def read_rows(response: Any) -> list[tuple[str, str, float]]:
    """Id, place and raw value of each row of the page."""
    text = response.content.decode()
    body = text[text.index("<tbody>") : text.index("</tbody>")]
    place, code = r'aria-hidden="true">([\d–]+)</span>', r'<span class="id">([\w-]+)</span>'
    value = r'<data class="figure-value" value="([\d.e+-]+)"'
    found = re.finditer(f"{place}.*?{code}.*?{value}", body, re.DOTALL)
    return [(m[2], m[1], float(m[3])) for m in found]


def test_worst_case_first_with_places_and_intervals(three: list[Any], cast: Any) -> None:
    a, b, c = (facility.public_id for facility in three)
    response = cast["expert"].client.get(URL)
    assert read_rows(response) == [(b, "1–2", 12.0), (a, "1–2", 9.0), (c, "3", 5.0)]
    text = response.content.decode()
    assert "12, from 6 to 12 over everything unknown" in text.replace(".0", "")
    assert text.count('class="interval-bar"') >= 3 and text.count('class="term-bar"') >= 3
    assert "term-assumed" in text and "does not say that a dam is stable" in text


@pytest.mark.parametrize(("order", "expected"), [("worst", "BAC"), ("best", "ABC"), ("known", "ABC"), ("width", "BAC")])
def test_orders(three: list[Any], cast: Any, order: str, expected: str) -> None:
    ids = dict(zip("ABC", (facility.public_id for facility in three), strict=True))
    rows = read_rows(cast["expert"].client.get(URL, {"as": order}))
    assert [row[0] for row in rows] == [ids[letter] for letter in expected]


def test_numbers_are_those_of_the_science(three: list[Any], make_case: Any, cast: Any) -> None:
    for number in range(1, 6):
        make_case(3.7e5 * number**3, number % 4, number % 2, 0, 1, number % 2)
    ranking = build_ranking(cast["expert"], read_query(_address("")))
    rows = [place.standing for place in ranking.places]
    value, low, high = (np.array([getattr(row, name) for row in rows]) for name in ("value", "low", "high"))
    expected = rank_places(low, high, value)
    assert [(p.first, p.last) for p in ranking.places] == [(int(row["best"]), int(row["worst"])) for row in expected]
    assert ranking.edges == tuple(find_edges(value))
    by_id = {row.result_id: row for row in rows}
    for result in IndexResult.objects.filter(pk__in=by_id):
        assert (result.value, result.low, result.high) == by_id[result.pk][5:8]


def test_classes_are_those_of_the_list(make_case: Any, cast: Any) -> None:
    from boget.portal.registry.selectors.quintiles import read_quintiles

    for number in range(1, 9):
        make_case(2.0e5 * number**3, number % 4, 0, 0, 0, 0)
    fifths = read_quintiles(cast["expert"])
    for scope in ("", "status=active&region=unknown"):
        ranking = build_ranking(cast["expert"], read_query(_address(scope)))
        assert ranking.edges == fifths.edges
        assert [p.quintile for p in ranking.places] == [fifths.classify(p.standing.value) for p in ranking.places]


def test_planned_and_several_ponds_move_no_edge(make_case: Any, cast: Any) -> None:
    from boget.portal.registry.selectors.quintiles import read_quintiles

    for number in range(1, 6):
        make_case(10.0**number, 0, 0, 0, 0, 0)
    before = build_ranking(cast["expert"], read_query(_address(""))).edges
    for number in range(3):
        make_case(1e9 + number, 3, 1, 1, 1, 1, record_kind="aggregate")
        make_case(1e9 + number, 3, 1, 1, 1, 1, status="planned")
    for scope in ("", "set=all"):
        ranking = build_ranking(cast["expert"], read_query(_address(scope)))
        assert ranking.edges == before == read_quintiles(cast["expert"]).edges
        assert ranking.rated == read_quintiles(cast["expert"]).rated == 5
    text = cast["expert"].client.get(URL).content.decode()
    assert "Quintiles of the THI of 5 rated facilities open to you, not an official class" in text


def test_too_few_for_quintiles_is_said_and_nothing_is_classed(three: list[Any], make_case: Any, cast: Any) -> None:
    make_case(1e9, 3, 1, 1, 1, 1, record_kind="aggregate")
    make_case(1e9, 3, 1, 1, 1, 1, record_kind="aggregate")
    for scope in ({}, {"set": "all"}):
        text = cast["expert"].client.get(URL, scope).content.decode()
        assert 'title="too few rated facilities for quintiles"' in text and "hazard-5" not in text
        assert "<p>too few rated facilities for quintiles</p>" in text


def test_row_says_what_stands_in_and_what_is_not_expressed(make_facility: Any, cast: Any) -> None:
    make_facility(name_en="Plain", impoundments=[{"volume_m3": 1e6}])
    plain = cast["anonymous"].client.get(URL).content.decode()
    assert "design capacity stands in" not in plain and "adioactive" not in plain
    make_facility(name_en="Marked", impoundments=[{"design_capacity_m3": 8e6, "is_radioactive": "yes"}])
    text = cast["anonymous"].client.get(URL).content.decode()
    row = next(part for part in text.split("<tr>") if "Marked" in part)
    assert "volume: design capacity stands in" in row and "radioactive" in row and "Tailings stored now" in row
    assert "the index does not express radiological hazard" in text
    lines = cast["anonymous"].client.get(URL, {"f": "csv"}).content.decode("utf-8-sig")
    marked = next(row for row in csv.DictReader(io.StringIO(lines)) if row["name_en"] == "Marked")
    assert {"volume_from_design_capacity", "radioactivity_not_expressed"} <= set(marked["cautions"].split())
    assert "volume_m3" in marked["missing"].split() and marked["value"] == "12.9"


def test_a_stood_in_volume_can_be_asked_first(make_facility: Any, make_case: Any, cast: Any) -> None:
    make_case(1e5, 2, 0, 0, 0, 0)
    known = {"management": "managed", "pga_g": 0.05, "flood_prone": "no", "dams": [{"fos_static": 1.7}]}
    make_facility(impoundments=[{"design_capacity_m3": 3e7, "water_hazard_class": "nwg"}], **known)
    agenda = build_ranking(cast["expert"], read_query(_address(""))).agenda
    assert [(q.code, q.facilities, q.pairs) for q in agenda.questions] == [("volume_m3", 1, 1)]


def test_order_does_not_depend_on_the_unit_of_the_volume(three: list[Any], cast: Any) -> None:
    ranking = build_ranking(cast["expert"], read_query(_address("")))
    value, low, high = (np.array([getattr(p.standing, n) for p in ranking.places]) for n in ("value", "low", "high"))
    assert (rank_places(low - 6, high - 6, value - 6) == rank_places(low, high, value)).all()


def test_planned_unknown_and_aggregate_are_out_with_counts(
    three: list[Any], make_case: Any, make_facility: Any, cast: Any
) -> None:
    planned = make_case(1e9, 3, 1, 1, 1, 1, status="planned", name_en="Planned one")
    empty = make_facility(name_en="Empty one")
    several = make_case(1e9, 3, 1, 1, 1, 1, record_kind="aggregate", name_en="Several ponds")
    client = cast["expert"].client
    response = client.get(URL)
    shown = {row[0] for row in read_rows(response)}
    assert shown == {facility.public_id for facility in three}
    for part, facility in (("planned", planned), ("insufficient", empty), ("aggregate", several)):
        listed = client.get(URL, {"part": part})
        assert facility.public_id in listed.content.decode() and not read_rows(listed)
        assert f"part={part}" in response.content.decode()
    widened = client.get(URL, {"set": "all"})
    assert several.public_id in {row[0] for row in read_rows(widened)}
    assert "several ponds in one record" in widened.content.decode()


@pytest.mark.parametrize("role", ROLES)
def test_every_role_reads_the_ranking_without_hidden_values(
    cast: Any, facility_own: Any, facility_other: Any, role: str
) -> None:
    text = cast[role].client.get(URL).content.decode()
    assert facility_own.public_id in text and facility_other.public_id in text
    shown = [canary for canary in CANARIES if canary in text]
    assert not shown


def test_who_sees_which_level(cast: Any, facility_own: Any, facility_other: Any) -> None:
    def read(role: str) -> dict[str, int]:
        ranking = build_ranking(cast[role], read_query(_address("")))
        levels = dict(IndexResult.objects.values_list("pk", "level"))
        return {place.standing.public_id: levels[place.standing.result_id] for place in ranking.places}

    own, other = facility_own.public_id, facility_other.public_id
    assert read("anonymous") == {own: 0, other: 0}
    assert read("operator") == {own: 2, other: 0}
    assert read("other_operator") == {own: 0, other: 2}
    assert read("observer") == read("secretary") == {own: 2, other: 2}


def test_public_ranking_does_not_move_with_a_hidden_value(cast: Any, three: list[Any], change: Any) -> None:
    public, group = cast["anonymous"].client, cast["expert"].client
    before, before_group = read_rows(public.get(URL)), read_rows(group.get(URL))
    change(Dam.objects.get(facility=three[0]), fos_static=1.1)
    assert read_rows(public.get(URL)) == before
    assert read_rows(group.get(URL)) != before_group


def test_missing_inputs_lead_to_the_field_pages(cast: Any, make_facility: Any) -> None:
    facility = make_facility(impoundments=[{"volume_m3": 1e6}], dams=[{"height_m": 20.0}])
    page = f"/registry/facilities/{facility.public_id}/fields"
    text = cast["expert"].client.get(URL).content.decode()
    assert f'href="{page}/pga_g/"' in text
    assert f'href="{page}/water_hazard_class/?structure={facility.public_id}-S01"' in text
    assert f'href="{page}/fos_static/?structure={facility.public_id}-S02"' in text
    assert "fos_static" not in cast["anonymous"].client.get(URL).content.decode()


def test_drafts_and_retired_records(cast: Any, make_case: Any) -> None:
    draft = make_case(1e6, 1, 0, 0, 0, 0, disclosure="draft")
    retired = make_case(1e6, 1, 0, 0, 0, 0, disclosure="retired")
    for role in ("anonymous", "expert", "operator"):
        assert draft.public_id not in cast[role].client.get(URL).content.decode()
    assert draft.public_id in cast["secretary"].client.get(URL).content.decode()
    assert retired.public_id not in cast["secretary"].client.get(URL).content.decode()


@pytest.mark.parametrize(
    ("query", "allowed"),
    [
        ({"index": "abc"}, "thi, tri"),
        ({"as": "best'--"}, "worst, best, known, width"),
        ({"set": "none"}, "single, all"),
        ({"part": "x"}, "ranked, insufficient, planned, aggregate"),
        ({"f": "exe"}, "html, csv"),
        ({"page": "0"}, "1–999999"),
        ({"page": "²"}, "1–999999"),
        ({"status": "gone"}, "active"),
        ({"colour": "red"}, ", ".join(OWN)),
    ],
)
def test_bad_values_are_refused_with_what_is_allowed(cast: Any, query: dict[str, str], allowed: str) -> None:
    response = cast["anonymous"].client.get(URL, query)
    assert response.status_code == 400
    assert allowed in response.content.decode()


def test_filters_are_those_of_the_list(three: list[Any], cast: Any) -> None:
    rows = read_rows(cast["anonymous"].client.get(URL, {"status": "closed"}))
    assert [row[:2] for row in rows] == [(three[1].public_id, "1")]
    found = read_rows(cast["anonymous"].client.get(URL, {"q": "alpha"}))
    assert [row[0] for row in found] == [three[0].public_id]
    assert "No facility with an index matches" in cast["anonymous"].client.get(URL, {"q": "zzzz"}).content.decode()


def test_csv_is_the_table(three: list[Any], cast: Any, change: Any) -> None:
    change(three[2], name_en="=cmd|' /C calc'!A0")
    client = cast["expert"].client
    response = client.get(URL, {"f": "csv", "as": "best"})
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    page = read_rows(client.get(URL, {"as": "best"}))
    assert [(row["id"], float(row["value"])) for row in rows] == [(code, value) for code, _place, value in page]
    beta = next(row for row in rows if row["id"] == three[1].public_id)
    assert (beta["place_from"], beta["place_to"], float(beta["low"]), beta["missing"]) == (
        "1", "2", 6.0, "water_hazard_class management pga_g flood_prone",
    )  # fmt: skip
    assert sum(float(beta[name]) for name in beta if name.startswith("term_")) == float(beta["value"])
    assert rows[-1]["name_en"].startswith("'=")
    assert beta["table_version"] == "thi-0.1"


def test_what_to_ask_first(three: list[Any], cast: Any) -> None:
    agenda = build_ranking(cast["expert"], read_query(_address(""))).agenda
    assert agenda.uncertain_pairs == 1
    assert {(q.code, q.facilities, q.pairs) for q in agenda.questions} == {
        ("water_hazard_class", 1, 1), ("management", 1, 0), ("pga_g", 1, 0), ("flood_prone", 1, 0),
    }  # fmt: skip
    assert "1 of 1" in cast["expert"].client.get(URL).content.decode()


def test_risk_ranking(make_case: Any, cast: Any) -> None:
    low = make_case(1e6, 3, 0, 0, 0, 0, people_at_risk=0, receiving_water="none")
    high = make_case(1e6, 1, 0, 0, 0, 0, people_at_risk=5000, receiving_water="large")
    rows = read_rows(cast["expert"].client.get(URL, {"index": "tri"}))
    assert rows == [(high.public_id, "1", 14.0), (low.public_id, "2", 9.0)]


def test_queries_of_the_page(make_case: Any, cast: Any, django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        make_case(1e5 * (number + 1), number % 4, 0, 1, 0, 0)
    for role in ("anonymous", "operator", "secretary"):
        cast[role].client.get(URL)
        with django_assert_max_num_queries(10):
            cast[role].client.get(URL)


def test_pages(make_case: Any, cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from boget.portal.assessments.views import rankings

    monkeypatch.setattr(rankings, "PAGE_SIZE", 2)
    for number in range(5):
        make_case(1e5 * (number + 1), 0, 0, 0, 0, 0)
    client = cast["anonymous"].client
    pages = [read_rows(client.get(URL, {"page": page})) for page in (1, 2, 3)]
    assert [len(rows) for rows in pages] == [2, 2, 1]
    values = [row[2] for rows in pages for row in rows]
    assert values == sorted(values, reverse=True) and len(set(values)) == 5
    assert read_rows(client.get(URL, {"page": 2})) == pages[1]


def test_empty_register(cast: Any) -> None:
    text = cast["anonymous"].client.get(URL).content.decode()
    assert "No facility can be ranked yet" in text


def _address(text: str) -> Any:
    from django.http import QueryDict

    return QueryDict(text)
