"""Point, footprint and dam axis: typed, drawn, refused, kept."""

from __future__ import annotations

import html
import json
from typing import Any

import pytest
from pyproj import Transformer

from boget.portal.accounts.services import actor_of
from boget.portal.core.models import Revision
from boget.portal.registry import services
from boget.portal.registry.models import Facility
from boget.portal.registry.services import Source
from boget.portal.registry.values import Claim

EDITORS = ("secretary", "editor", "inspector")
REFUSED = ("other_operator", "expert", "observer", "anonymous")
BLOCK = {"source": "Survey 14-2", "source_date": "05.2025", "kind": "measured", "reason": "new survey"}
SQUARE = [[67.2, 48.5], [67.21, 48.5], [67.21, 48.51], [67.2, 48.51], [67.2, 48.5]]
HOLE = [[67.203, 48.503], [67.206, 48.503], [67.206, 48.506], [67.203, 48.506], [67.203, 48.503]]
BOW_TIE = [[67.2, 48.5], [67.21, 48.51], [67.21, 48.5], [67.2, 48.51], [67.2, 48.5]]


def url(facility: Any, what: str = "") -> str:
    return f"/registry/facilities/{facility.public_id}/geometry/" + (f"?what={what}" if what else "")


def fill(facility: Any, **typed: Any) -> dict[str, str]:
    facility.refresh_from_db()
    texts = {name: text if isinstance(text, str) else json.dumps(text) for name, text in typed.items()}
    return BLOCK | {"version": str(facility.version)} | texts


def state(facility: Any) -> tuple[Any, ...]:
    return Facility.objects.filter(pk=facility.pk).values().get(), Revision.objects.count()


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


@pytest.fixture
def facility(make_facility: Any) -> Any:
    return make_facility(point={"longitude": 67.2, "latitude": 48.5, "radius_m": 500.0})


def test_who_may_open_and_save(clients: dict[str, Any], facility_own: Any) -> None:
    for who in (*EDITORS, "operator"):
        assert clients[who].get(url(facility_own)).status_code == 200, who
    before = state(facility_own)
    for who in REFUSED:
        assert clients[who].get(url(facility_own)).status_code == 404, who
        assert clients[who].post(url(facility_own), fill(facility_own, latitude="48", longitude="67")).status_code == 404
    assert clients["editor"].get(url(facility_own, "nothing")).status_code == 404
    assert state(facility_own) == before


@pytest.mark.parametrize(
    ("typed", "longitude", "latitude", "radius"),
    [
        ({"latitude": "48,55", "longitude": "67.25"}, 67.25, 48.55, 500.0),
        ({"latitude": "48°33'00\"", "longitude": "67 15 0 E", "radius": "30 м"}, 67.25, 48.55, 30.0),
        ({"latitude": "48,55° с. ш.", "longitude": "67,25° в. д.", "radius": "15 км"}, 67.25, 48.55, 15_000.0),
        ({"geometry": '{"type":"Point","coordinates":[67.25,48.55]}'}, 67.25, 48.55, 500.0),
        ({"geometry": '{"type":"Point","coordinates":[67.2,48.5]}', "radius": "20"}, 67.2, 48.5, 20.0),
        ({"latitude": "48.55", "longitude": "67.25", "geometry": "broken"}, 67.25, 48.55, 500.0),
    ],
)
def test_a_point_as_people_write_it(
    typed: dict[str, str], longitude: float, latitude: float, radius: float, clients: dict[str, Any], facility: Any
) -> None:
    answer = clients["inspector"].post(url(facility), fill(facility, **typed))
    assert answer.status_code == 302
    facility.refresh_from_db()
    assert (facility.longitude, facility.latitude, facility.coordinate_radius_m) == (longitude, latitude, radius)
    revision = Revision.objects.first()
    assert (list(revision.changes), revision.kind, revision.source) == (["point"], "change", "Survey 14-2")
    assert facility.values["point"]["others"][0]["value"]["radius_m"] == 500.0


def test_a_point_of_pulkovo_1942(clients: dict[str, Any], facility: Any) -> None:
    east, north = Transformer.from_crs("EPSG:4326", "EPSG:28412", always_xy=True).transform(67.25, 48.55)
    sent = fill(facility, northing=f"{north:.1f}", easting=f"{east:.1f}".replace(".", ","))
    assert clients["editor"].post(url(facility), sent).status_code == 302
    facility.refresh_from_db()
    assert facility.longitude == pytest.approx(67.25, abs=2e-6) and facility.latitude == pytest.approx(48.55, abs=2e-6)


BAD_POINTS = [
    ({"latitude": "91", "longitude": "67"}, "may be swapped"),
    ({"latitude": "48", "longitude": "181"}, "is outside"),
    ({"latitude": "67,2", "longitude": "48,5"}, "would lie inside with latitude and longitude swapped"),
    ({"latitude": "48", "longitude": ""}, "only one of the two"),
    ({"latitude": "here", "longitude": "there"}, "is not a number"),
    ({"latitude": "48 75 00", "longitude": "67"}, "is not a number"),
    ({"latitude": "4\x008", "longitude": "67"}, "is not a number"),
    ({"latitude": "4" * 10_000_000, "longitude": "67"}, "is not a number"),
    ({"latitude": "48.1", "longitude": "67", "radius": "-1"}, "is outside"),
    ({"latitude": "48.1", "longitude": "67", "radius": "far"}, "is not a number"),
    ({"geometry": ""}, "GeoJSON"),
    ({"geometry": "{"}, "GeoJSON"),
    ({"geometry": '{"type":"LineString","coordinates":[[1,2],[3,4]]}'}, "Allowed: Point"),
    ({"geometry": '{"type":"Point","coordinates":["a","b"]}'}, "only one of the two"),
    ({"geometry": '{"type":"Point","coordinates":[NaN,48]}'}, ""),
    ({"northing": "5400000", "easting": "99500000"}, "is not a point of zone"),
    ({"northing": "5400000", "easting": "500000"}, "is not a point of zone"),
    ({"northing": "north", "easting": "12500000"}, "is not a number"),
    ({"northing": "9" * 12, "easting": "12500000"}, "is not a point of zone"),
]


@pytest.mark.parametrize(("typed", "message"), BAD_POINTS, ids=lambda part: str(part)[:50])
def test_a_point_that_cannot_be(typed: dict[str, str], message: str, clients: dict[str, Any], facility: Any) -> None:
    before = state(facility)
    answer = clients["editor"].post(url(facility), fill(facility, **typed))
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 422 and message in page
    assert all(text in page for text in typed.values()) and BLOCK["reason"] in page
    assert state(facility) == before


def test_a_swap_may_be_meant(clients: dict[str, Any], facility: Any) -> None:
    sent = fill(facility, latitude="67,2", longitude="48,5")
    assert 'name="accept-swapped"' in clients["editor"].post(url(facility), sent).content.decode()
    answer = clients["editor"].post(url(facility), sent | {"accept-swapped": "1"}, follow=True)
    assert "lies outside the country" in answer.content.decode()
    facility.refresh_from_db()
    assert facility.latitude == 67.2


def test_outside_the_country_is_a_warning(clients: dict[str, Any], facility: Any) -> None:
    answer = clients["editor"].post(url(facility), fill(facility, latitude="56", longitude="60"), follow=True)
    assert "lies outside the country" in answer.content.decode()
    facility.refresh_from_db()
    assert facility.latitude == 56.0


def test_a_footprint_with_a_hole(clients: dict[str, Any], facility: Any) -> None:
    assert clients["editor"].post(url(facility, "footprint"), fill(facility, geometry=polygon(SQUARE, HOLE))).status_code == 302
    facility.refresh_from_db()
    assert len(facility.footprint["coordinates"]) == 2
    assert facility.west == facility.longitude  # the columns of the search by area say nothing about a hidden shape
    page = clients["editor"].get(url(facility, "footprint")).content.decode()
    assert "The footprint has 1 hole" in page


def test_vertices_typed_by_hand_keep_the_holes(clients: dict[str, Any], facility: Any) -> None:
    clients["editor"].post(url(facility, "footprint"), fill(facility, geometry=polygon(SQUARE, HOLE)))
    lines = "48,499; 67,199\n48.499 67.22\n48,52; 67,22\n48°31'12\"; 67,199"
    assert clients["editor"].post(url(facility, "footprint"), fill(facility, lines=lines)).status_code == 302
    facility.refresh_from_db()
    outer, hole = facility.footprint["coordinates"]
    assert outer[0] == outer[-1] == [67.199, 48.499] and len(outer) == 5 and outer[3] == [67.199, 48.52]
    assert sorted(map(tuple, hole)) == sorted(map(tuple, HOLE))


def test_a_dam_axis(clients: dict[str, Any], facility: Any) -> None:
    sent = fill(facility, lines="48,5; 67,2\n48,51; 67,21\n48,52; 67,23")
    assert clients["editor"].post(url(facility, "dam_axis"), sent).status_code == 302
    facility.refresh_from_db()
    assert facility.dam_axis == {"type": "LineString", "coordinates": [[67.2, 48.5], [67.21, 48.51], [67.23, 48.52]]}
    assert "line of" in clients["editor"].get(url(facility, "dam_axis")).content.decode()


def test_a_feature_is_opened(clients: dict[str, Any], facility: Any) -> None:
    feature = {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": polygon(SQUARE)}]}
    assert clients["editor"].post(url(facility, "footprint"), fill(facility, geometry=feature)).status_code == 302
    facility.refresh_from_db()
    assert facility.footprint["type"] == "Polygon"


BAD_SHAPES = [
    ({"geometry": polygon(BOW_TIE)}, "Self-intersection"),
    ({"geometry": {"type": "LineString", "coordinates": SQUARE}}, "Allowed: Polygon"),
    ({"geometry": {"type": "Point", "coordinates": [67, 48]}}, "Allowed: Polygon"),
    ({"geometry": polygon([])}, "Geometry:"),
    ({"geometry": polygon([[67.2, 48.5], [67.3, 48.5]])}, "Geometry:"),
    ({"geometry": polygon([[670, 48], [671, 48], [671, 49], [670, 48]])}, "±180"),
    ({"geometry": polygon([[y, x] for x, y in SQUARE])}, "latitude and longitude swapped"),
    ({"geometry": {"type": "Polygon"}}, "Geometry:"),
    ({"geometry": {"type": "Polygon", "coordinates": "abc"}}, "Geometry:"),
    ({"geometry": [1, 2, 3]}, "Geometry:"),
    ({"geometry": "null"}, "Geometry:"),
    ({"geometry": "not json at all"}, "GeoJSON"),
    ({"geometry": "[" * 200_000}, "GeoJSON"),
    ({"geometry": '{"type":"Polygon","coordinates":[[[NaN,1],[2,3],[4,5],[NaN,1]]]}'}, "Geometry:"),
    ({"geometry": "x" * 10_000_000}, "GeoJSON"),
    ({"geometry": "\x00"}, "GeoJSON"),
    ({"lines": "48,5; 67,2\n48,6"}, "only one of the two"),
    ({"lines": "48,5; 67,2\n48,6; 67,3"}, "Geometry:"),
    ({"lines": "48,5; 67,2\nx; y\n48,6; 67,3"}, "is not a number"),
    ({"lines": "95; 67,2\n48,5; 67\n48,6; 67,3"}, "is outside"),
]


@pytest.mark.parametrize(("typed", "message"), BAD_SHAPES, ids=lambda part: str(part)[:60])
def test_a_footprint_that_cannot_be(typed: dict[str, Any], message: str, clients: dict[str, Any], facility: Any) -> None:
    before = state(facility)
    sent = fill(facility, **typed)
    answer = clients["editor"].post(url(facility, "footprint"), sent)
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 422 and message in page
    assert all(sent[name] in page for name in typed) and BLOCK["source"] in page
    assert state(facility) == before


def test_too_many_vertices_are_refused(clients: dict[str, Any], facility: Any) -> None:
    import math

    ring = [[67 + 0.1 * math.cos(a / 5000), 48 + 0.1 * math.sin(a / 5000)] for a in range(31_000)]
    before = state(facility)
    answer = clients["editor"].post(url(facility, "footprint"), fill(facility, geometry=polygon([*ring, ring[0]])))
    assert answer.status_code == 422
    assert state(facility) == before


def test_a_large_area_is_saved_with_a_warning(clients: dict[str, Any], facility: Any) -> None:
    large = [[67.0, 48.0], [67.2, 48.0], [67.2, 48.2], [67.0, 48.2], [67.0, 48.0]]
    answer = clients["editor"].post(url(facility, "footprint"), fill(facility, geometry=polygon(large)), follow=True)
    assert "unusually large" in answer.content.decode()
    facility.refresh_from_db()
    assert facility.footprint is not None


@pytest.mark.parametrize("block", [{"source": ""}, {"reason": " "}, {"source_date": "soon"}, {"kind": "computed"}])
def test_source_and_reason_are_needed(block: dict[str, str], clients: dict[str, Any], facility: Any) -> None:
    before = state(facility)
    sent = fill(facility, latitude="48,7", longitude="67,3") | block
    assert clients["editor"].post(url(facility), sent).status_code == 422
    assert state(facility) == before


def test_the_same_geometry_is_no_change(clients: dict[str, Any], facility: Any) -> None:
    before = state(facility)
    answer = clients["editor"].post(url(facility), fill(facility, latitude="48,5", longitude="67,2"))
    assert answer.status_code == 422 and "No value was changed" in answer.content.decode()
    assert state(facility) == before


def test_a_conflict_shows_both_and_keeps_the_text(clients: dict[str, Any], cast: dict[str, Any], facility: Any) -> None:
    stale = fill(facility, latitude="48,7", longitude="67,3")
    claims = {"point": Claim({"longitude": 67.9, "latitude": 48.9, "radius_m": 5.0})}
    services.change_values(
        facility, claims, source=Source("Their survey", "r"), actor=actor_of(cast["inspector"]), version=facility.version
    )
    before = state(facility)
    answer = clients["editor"].post(url(facility), stale)
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 409
    assert all(
        text in page for text in ("48.5° N, 67.2° E", "48.9° N, 67.9° E", "48.7° N, 67.3° E", "Their survey", "Inspector")
    )
    assert state(facility) == before
    again = fill(facility, latitude="48,7", longitude="67,3") | {"take-point": "mine"}
    assert clients["editor"].post(url(facility), again).status_code == 302
    facility.refresh_from_db()
    assert facility.latitude == 48.7
    theirs = fill(facility, latitude="48,1", longitude="67,1") | {"take-point": "theirs"}
    before = state(facility)
    assert clients["editor"].post(url(facility), theirs).status_code == 302
    assert state(facility) == before


def test_an_operator_proposes_a_place(clients: dict[str, Any], facility_own: Any) -> None:
    sent = fill(facility_own, latitude="50,36", longitude="83,52")
    assert clients["operator"].post(url(facility_own), sent).status_code == 302
    facility_own.refresh_from_db()
    assert facility_own.latitude == 50.345123
    assert facility_own.values["point"]["others"][0]["is_proposal"] is True
    public = clients["anonymous"].get(f"/registry/facilities/{facility_own.public_id}/fields/point/").content.decode()
    assert "50.36" not in public


def test_the_drawing_page_holds_what_the_script_needs(clients: dict[str, Any], facility: Any) -> None:
    for what, kind in (("point", "point"), ("footprint", "polygon"), ("dam_axis", "linestring")):
        page = clients["editor"].get(url(facility, what)).content.decode()
        assert f'data-type="{kind}"' in page and "data-draw-text" in page and 'name="geometry"' in page
        assert "style=" not in page and "onclick" not in page
