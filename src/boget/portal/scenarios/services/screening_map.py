"""The ground of the screening's map as SVG paths: countries, and the rivers below the facilities."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from boget.portal.scenarios.services.rivers import current_network_version, open_rivers

BOUNDARIES = "data/kz/admin.geojson"
HOME = "KZ"
WEST, SOUTH, EAST, NORTH = 45.5, 38.6, 88.5, 57.4
WIDTH = 960.0
SHRINK = math.cos(math.radians((SOUTH + NORTH) / 2))
SCALE = WIDTH / ((EAST - WEST) * SHRINK)
HEIGHT = (NORTH - SOUTH) * SCALE
COARSE_DEG = 0.05
"""Bends smaller than this are left out: a pixel of the map is 0.06 degrees."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Paths in pixels of a picture of `width` × `height`: land of the country, of the others, rivers; names as (code, x, y)."""

    width: int
    height: int
    home: str
    abroad: str
    rivers: str
    labels: tuple[tuple[str, float, float], ...]


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Pixels of a point in degrees."""
    return round((longitude - WEST) * SHRINK * SCALE, 1), round((NORTH - latitude) * SCALE, 1)


def is_on_map(longitude: float, latitude: float) -> bool:
    return WEST <= longitude <= EAST and SOUTH <= latitude <= NORTH


def draw_ground() -> Ground:
    """The ground with the rivers in use; made once for each network."""
    return _draw_ground(current_network_version())


@lru_cache(maxsize=2)
def _draw_ground(_version: str) -> Ground:
    from shapely.geometry import box

    frame = box(WEST, SOUTH, EAST, NORTH)
    lands = {code: shape.intersection(frame).simplify(COARSE_DEG) for code, shape in _read_countries().items()}
    lands = {code: shape for code, shape in lands.items() if shape.area > 1.0}
    labels = [(code, *project(*shape.representative_point().coords[0])) for code, shape in lands.items() if code != HOME]
    abroad = "".join(_write_area(shape) for code, shape in lands.items() if code != HOME)
    lines = (reach.line for reach in open_rivers().network.reaches if reach.line is not None)
    return Ground(round(WIDTH), round(HEIGHT), _write_area(lands[HOME]), abroad, _write_lines(lines), tuple(labels))


def _read_countries() -> dict[str, Any]:
    from shapely.geometry import shape

    text = resources.files("boget").joinpath(BOUNDARIES).read_text(encoding="utf-8")
    features = [feature for feature in json.loads(text)["features"] if feature["properties"]["level"] == 0]
    return {feature["properties"]["iso"]: shape(feature["geometry"]).buffer(0) for feature in features}


def _write_area(area: Any) -> str:
    parts = area.geoms if hasattr(area, "geoms") else [area]
    return "".join(_write_path(part.exterior.coords) + "Z" for part in parts if part.geom_type == "Polygon")


def _write_lines(lines: Iterable[Any]) -> str:
    from shapely.geometry import LineString

    found = (LineString(line).simplify(COARSE_DEG / 2).coords for line in lines if len(line) > 1)
    return "".join(_write_path(line) for line in found)


def _write_path(points: Sequence[Sequence[float]]) -> str:
    pixels = list(dict.fromkeys(project(point[0], point[1]) for point in points))
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in pixels) if len(pixels) > 1 else ""
