"""The map of a report as SVG, drawn from the embedded boundaries: no network, no letters, the same on every machine."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from boget.portal.reports.progress.context import Point

BOUNDARIES = "data/kz/admin.geojson"
COUNTRY = "KZ"
WIDTH, HEIGHT, MARGIN = 1000.0, 560.0, 14.0
SYMBOL = 8.0
PARALLELS = (43.0, 53.0)
ORIGIN = (67.0, 48.0)
INK, LAND, AROUND, EDGE, REGION = "#14202b", "#f4f3ee", "#ffffff", "#6b5b73", "#c9d2d9"
FILLS = {"active": "#0b5a7a", "inactive": "#8b98a3", "abandoned": "#b2303c", "planned": "#ffffff", "unknown": "#ffffff"}
"""Fill of a symbol; the shape tells the status without colour."""
DRAWN = ("active", "inactive", "planned", "unknown", "abandoned")
"""From the lowest to the topmost: those that need attention are not hidden by others."""


@dataclass(frozen=True, slots=True)
class Scale:
    """From degrees to the drawing: an equal-area conic projection, moved and stretched to the country."""

    factor: float
    left: float
    top: float

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        x, y = project(longitude, latitude)
        return (x - self.left) * self.factor + MARGIN, (self.top - y) * self.factor + MARGIN


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Albers equal-area conic on a sphere of radius 1 (Snyder 1987, USGS Professional Paper 1395, p. 100)."""
    first, second = (math.radians(parallel) for parallel in PARALLELS)
    n = (math.sin(first) + math.sin(second)) / 2
    c = math.cos(first) ** 2 + 2 * n * math.sin(first)
    radius = math.sqrt(c - 2 * n * math.sin(math.radians(latitude))) / n
    origin = math.sqrt(c - 2 * n * math.sin(math.radians(ORIGIN[1]))) / n
    angle = n * math.radians(longitude - ORIGIN[0])
    return radius * math.sin(angle), origin - radius * math.cos(angle)


@cache
def _read_features() -> list[dict[str, Any]]:
    text = resources.files("boget").joinpath(BOUNDARIES).read_text(encoding="utf-8")
    features: list[dict[str, Any]] = json.loads(text)["features"]
    return features


def _list_rings(geometry: dict[str, Any]) -> Iterator[Sequence[Sequence[float]]]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for polygon in polygons:
        yield from polygon


@cache
def choose_scale() -> Scale:
    """The country in the middle of the drawing."""
    own = next(f for f in _read_features() if f["properties"].get("iso") == COUNTRY and f["properties"]["level"] == 0)
    places = [project(*point[:2]) for ring in _list_rings(own["geometry"]) for point in ring]
    xs, ys = [x for x, _y in places], [y for _x, y in places]
    factor = min((WIDTH - 2 * MARGIN) / (max(xs) - min(xs)), (HEIGHT - 2 * MARGIN) / (max(ys) - min(ys)))
    left = (min(xs) + max(xs)) / 2 - (WIDTH / 2 - MARGIN) / factor
    top = (min(ys) + max(ys)) / 2 + (HEIGHT / 2 - MARGIN) / factor
    return Scale(factor, left, top)


@cache
def draw_ground() -> str:
    """Land, borders of the countries and of the regions."""
    level = {0: [], 1: []}  # type: dict[int, list[str]]
    own = ""
    for feature in _read_features():
        path = " ".join(_draw_ring(ring) for ring in _list_rings(feature["geometry"]))
        properties = feature["properties"]
        level[1 if properties["level"] else 0].append(path)
        if properties["level"] == 0 and properties.get("iso") == COUNTRY:
            own = path
    return (
        f'<rect width="{WIDTH:g}" height="{HEIGHT:g}" fill="{AROUND}"/>'
        f'<path d="{own}" fill="{LAND}"/>'
        f'<path d="{" ".join(level[1])}" fill="none" stroke="{REGION}" stroke-width="1.2"/>'
        f'<path d="{" ".join(level[0])}" fill="none" stroke="{EDGE}" stroke-width="1.1"/>'
        f'<path d="{own}" fill="none" stroke="{EDGE}" stroke-width="2.4"/>'
    )


def _draw_ring(ring: Sequence[Sequence[float]]) -> str:
    scale = choose_scale()
    return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in (scale.place(*point[:2]) for point in ring)) + "Z"


def draw_map(points: Iterable[Point]) -> str:
    """The map with a symbol at each facility, as an SVG document."""
    by_symbol: dict[str, list[Point]] = {}
    for point in points:
        by_symbol.setdefault(point.symbol, []).append(point)
    scale = choose_scale()
    places = [(code, scale.place(p.longitude, p.latitude)) for code in DRAWN for p in by_symbol.get(code, ())]
    drawn = "".join(draw_symbol(code, *place) for code, place in places)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" width="{WIDTH:g}" height="{HEIGHT:g}">'
        f"{draw_ground()}{drawn}</svg>"
    )


def draw_symbol(code: str, x: float, y: float, /) -> str:
    """The shape of a status around a point; an unknown one hollow and dashed."""
    style = f'fill="{FILLS[code]}" stroke="{INK}" stroke-width="1.4"'
    s = SYMBOL
    if code == "inactive":
        return f'<rect x="{x - s * 0.85:.1f}" y="{y - s * 0.85:.1f}" width="{1.7 * s:.1f}" height="{1.7 * s:.1f}" {style}/>'
    if code == "abandoned":
        corners = f"M{x:.1f},{y - 1.2 * s:.1f}L{x + 1.1 * s:.1f},{y + 0.8 * s:.1f}L{x - 1.1 * s:.1f},{y + 0.8 * s:.1f}Z"
        return f'<path d="{corners}" {style}/>'
    if code == "planned":
        corners = f"M{x:.1f},{y - 1.3 * s:.1f}L{x + s:.1f},{y:.1f}L{x:.1f},{y + 1.3 * s:.1f}L{x - s:.1f},{y:.1f}Z"
        return f'<path d="{corners}" {style}/>'
    dashes = ' stroke-dasharray="4 2.5"' if code == "unknown" else ""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{s:g}" {style}{dashes}/>'
