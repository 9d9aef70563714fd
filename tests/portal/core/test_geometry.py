"""Geometry: what is refused and why, boxes, areas and lengths on the ellipsoid."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape

from boget.portal.core.geometry import MAX_VERTICES, check_geometry, measure_area_m2, measure_length_m
from boget.science.errors import InvalidInput

SQUARE = [[83.0, 50.0], [83.1, 50.0], [83.1, 50.1], [83.0, 50.1], [83.0, 50.0]]
HOLE = [[83.04, 50.04], [83.06, 50.04], [83.06, 50.06], [83.04, 50.06], [83.04, 50.04]]


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


@pytest.mark.parametrize(
    ("kind", "value", "says"),
    [
        ("polygon", None, "not a GeoJSON"),
        ("polygon", {"type": "Polygon"}, ""),
        ("polygon", {"type": "Point", "coordinates": [83, 50]}, "Point"),
        ("line", polygon(SQUARE), "Polygon"),
        ("polygon", polygon([[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]), "Self-intersection"),
        ("polygon", polygon([[190, 50], [191, 50], [191, 51], [190, 50]]), "190"),
        ("polygon", polygon([[50, 91], [51, 91], [51, 92], [50, 91]]), "91"),
        ("line", {"type": "LineString", "coordinates": []}, ""),
        ("line", {"type": "LineString", "coordinates": [[83, "x"], [84, 50]]}, ""),
        ("polygon", {"type": "Polygon", "coordinates": [[[83, float("nan")], [83, 50], [84, 50], [83, 50]]]}, ""),
    ],
)
def test_impossible_shapes_are_refused(kind: str, value: Any, says: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        check_geometry(value, kind=kind, where="footprint")
    assert refusal.value.code == "geometry"
    assert says in str(refusal.value.value)


def test_too_many_vertices_are_refused() -> None:
    ring = [[83 + math.cos(t / 4000) / 10, 50 + math.sin(t / 4000) / 10] for t in range(MAX_VERTICES + 1)]
    with pytest.raises(InvalidInput) as refusal:
        check_geometry({"type": "LineString", "coordinates": ring}, kind="line")
    assert str(MAX_VERTICES) in str(refusal.value.allowed)


def test_holes_and_parts_are_kept() -> None:
    stored = check_geometry(polygon(SQUARE, HOLE), kind="polygon")
    assert len(stored["coordinates"]) == 2
    parts = {"type": "MultiPolygon", "coordinates": [[SQUARE], [[[84, 50], [84.1, 50], [84.1, 50.1], [84, 50]]]]}
    assert len(check_geometry(parts, kind="polygon")["coordinates"]) == 2


def test_what_is_stored_is_what_is_read_back() -> None:
    import json

    stored = check_geometry(polygon([[x + 1e-9, y] for x, y in SQUARE]), kind="polygon")
    assert json.loads(json.dumps(stored)) == stored
    assert check_geometry(stored, kind="polygon") == stored


def test_heights_are_dropped_and_digits_cut() -> None:
    stored = check_geometry({"type": "LineString", "coordinates": [[83.12345678, 50.0, 300], [83.2, 50.1, 301]]}, kind="line")
    assert stored["coordinates"] == [[83.123457, 50.0], [83.2, 50.1]]


def test_area_and_length_on_the_ellipsoid() -> None:
    """At 50° N on WGS 84 a tenth of a degree is 7169.6 m along the parallel (N cos φ) and 11123.0 m along the meridian (M)."""
    along = {"type": "LineString", "coordinates": [[83.0, 50.0], [83.1, 50.0]]}
    up = {"type": "LineString", "coordinates": [[83.0, 50.0], [83.0, 50.1]]}
    assert measure_length_m(along) == pytest.approx(7169.6, rel=1e-5)
    assert measure_length_m(up) == pytest.approx(11123.0, rel=1e-5)
    assert measure_area_m2(polygon(SQUARE)) == pytest.approx(7162.1 * 11123.0, rel=1e-4)


def test_a_hole_is_left_out_of_the_area_whatever_its_direction() -> None:
    whole, hole = measure_area_m2(polygon(SQUARE)), measure_area_m2(polygon(HOLE))
    assert measure_area_m2(polygon(SQUARE, HOLE)) == pytest.approx(whole - hole)
    assert measure_area_m2(polygon(SQUARE, HOLE[::-1])) == pytest.approx(whole - hole)
    assert measure_area_m2(polygon(SQUARE[::-1], HOLE)) == pytest.approx(whole - hole)


@given(st.floats(-170, 170), st.floats(-80, 80), st.floats(0.001, 1))
def test_a_valid_square_passes_unchanged_in_kind(west: float, south: float, side: float) -> None:
    ring = [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]]
    stored = check_geometry(polygon(ring), kind="polygon")
    assert stored["type"] == "Polygon"
    assert shape(stored).bounds == pytest.approx((west, south, west + side, south + side), abs=1e-6)
