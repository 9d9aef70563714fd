"""Geometry as GeoJSON with Shapely behind it: checks, boxes, geodesic areas, rounding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import shapely
from pyproj import Geod
from shapely.geometry import mapping, shape

from boget.portal.core.errors import refuse

ALLOWED = {"polygon": ("Polygon", "MultiPolygon"), "line": ("LineString", "MultiLineString")}
MAX_VERTICES = 20_000
DIGITS = 6  # 0.1 m
ELLIPSOID = Geod(ellps="WGS84")


def check_geometry(value: Any, *, kind: str, where: Any = "") -> dict[str, Any]:
    """A valid GeoJSON geometry of the kind in degrees, rounded to 0.1 m, or InvalidInput that says why not.

    kind: polygon or line. Holes and several parts are kept.
    """
    geometry = _attempt(_parse, value, kind=kind, where=where)
    allowed = ", ".join(ALLOWED[kind])
    if geometry.geom_type not in ALLOWED[kind] or geometry.is_empty:
        raise refuse("geometry", where=where, value=geometry.geom_type, allowed=allowed)
    if shapely.get_num_coordinates(geometry) > MAX_VERTICES:
        raise refuse("geometry", where=where, value=shapely.get_num_coordinates(geometry), allowed=f"≤ {MAX_VERTICES}")
    geometry = _attempt(_flatten, geometry, kind=kind, where=where)  # behind the limit: it is slow on many vertices
    west, south, east, north = geometry.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise refuse("geometry", where=where, value=f"{west:g}, {south:g}, {east:g}, {north:g}", allowed="±180, ±90")
    if not geometry.is_valid:
        raise refuse("geometry", where=where, value=shapely.is_valid_reason(geometry), allowed=allowed)
    return _write(geometry)


def _parse(value: Any) -> shapely.Geometry:
    if not isinstance(value, dict) or "type" not in value:
        raise ValueError("not a GeoJSON object")
    return shape(value)


def _flatten(geometry: shapely.Geometry) -> shapely.Geometry:
    return shapely.set_precision(shapely.force_2d(geometry), 0)


def _attempt(step: Callable[[Any], shapely.Geometry], value: Any, *, kind: str, where: Any) -> shapely.Geometry:
    try:
        return step(value)
    except Exception as error:  # shapely raises several kinds for broken input
        raise refuse("geometry", where=where, value=str(error)[:120], allowed=", ".join(ALLOWED[kind])) from None


def _write(geometry: shapely.Geometry) -> dict[str, Any]:
    rounded = shapely.transform(geometry, lambda points: points.round(DIGITS))
    written: dict[str, Any] = mapping(rounded if rounded.is_valid else geometry)
    return _to_lists(written)


def _to_lists(node: Any) -> Any:
    """Tuples as lists, so that what is stored equals what is read back."""
    if isinstance(node, dict):
        return {key: _to_lists(part) for key, part in node.items()}
    return [_to_lists(part) for part in node] if isinstance(node, list | tuple) else node


def measure_area_m2(geometry: dict[str, Any]) -> float:
    """Geodesic area of a polygon on the WGS 84 ellipsoid, m2, holes left out."""
    parts = shapely.get_parts(shape(geometry))
    return sum(abs(ELLIPSOID.geometry_area_perimeter(shapely.orient_polygons(part))[0]) for part in parts)


def measure_length_m(geometry: dict[str, Any]) -> float:
    """Geodesic length of a line, m."""
    return float(ELLIPSOID.geometry_length(shape(geometry)))
