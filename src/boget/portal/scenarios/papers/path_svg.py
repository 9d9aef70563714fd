"""The map of a result as a picture: the way coloured by arrival with its casing, dams, borders, targets, scale and legend."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from boget.portal.core.formatting import format_number, unit_symbol
from boget.portal.scenarios.papers import ink

BOUNDARIES = "data/kz/admin.geojson"
HOME = "KZ"
MARGIN = 0.08
LEAST_SPAN_KM = 40.0
KM_PER_DEGREE = 111.195  # of a sphere of 6371 km
WAY, CASING, RADIUS = 4.5, 6.5, 5.5
LEGEND_ROW, LEGEND_SWATCH = 17.0, 22.0
SCALES_KM = (5, 10, 20, 50, 100, 200, 500)

Position = Sequence[float]


@dataclass(frozen=True, slots=True)
class Scale:
    """Degrees to pixels: equal lengths in both directions at the middle latitude."""

    west: float
    north: float
    shrink: float
    pixels: float

    def place(self, position: Position) -> tuple[float, float]:
        return (position[0] - self.west) * self.shrink * self.pixels, (self.north - position[1]) * self.pixels

    @property
    def pixels_per_km(self) -> float:
        return self.pixels / KM_PER_DEGREE


def draw_path(
    features: Mapping[str, Any], *, label: str, classes: Sequence[tuple[int, str]], width: float = 720.0, height: float = 400.0
) -> str:
    """An SVG document of the features of `river_map.build_features`. classes: step and words of the legend."""
    found = features["features"]
    scale = _choose_scale([p for one in found for p in _list_positions(one)], width, height)
    lines = [one for one in found if one["geometry"]["type"] == "LineString"]
    points = [one for one in found if one["geometry"]["type"] == "Point"]
    used = {one["properties"].get("class") for one in found}
    legend = [(step, words) for step, words in classes if step in used]
    parts = [
        f'<rect width="{width:g}" height="{height:g}" fill="{ink.ABROAD}"/>',
        _draw_ground(scale, width, height),
        _draw_way(lines, scale),
        *(_draw_point(one, scale) for one in points),
        *_name_points(points, scale, (width, height), _measure_legend(legend)),
        _draw_legend(legend),
        _draw_scale_bar(scale, width, height),
        f'<rect x="0.5" y="0.5" width="{width - 1:g}" height="{height - 1:g}" fill="none" stroke="{ink.EDGE}"/>',
    ]
    return ink.wrap_svg("".join(parts), width, height, label=label, size=12)


def _list_positions(feature: Mapping[str, Any]) -> list[Position]:
    geometry = feature["geometry"]
    return [geometry["coordinates"]] if geometry["type"] == "Point" else list(geometry["coordinates"])


def _choose_scale(positions: Sequence[Position], width: float, height: float) -> Scale:
    """Everything in the picture with a margin; a short way is not blown up over the whole of it."""
    xs, ys = [p[0] for p in positions] or [67.0], [p[1] for p in positions] or [48.0]
    middle_x, middle_y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    shrink = math.cos(math.radians(middle_y))
    least = LEAST_SPAN_KM / KM_PER_DEGREE
    wide, high = max((max(xs) - min(xs)) * shrink, least), max(max(ys) - min(ys), least)
    pixels = min(width * (1 - 2 * MARGIN) / wide, height * (1 - 2 * MARGIN) / high)
    return Scale(middle_x - width / 2 / pixels / shrink, middle_y + height / 2 / pixels, shrink, pixels)


# --- ground --------------------------------------------------------------------------------------------------------


@cache
def _read_lands() -> list[tuple[str, Any]]:
    """Countries as (ISO code, shape)."""
    from shapely.geometry import shape

    text = resources.files("boget").joinpath(BOUNDARIES).read_text(encoding="utf-8")
    features = [one for one in json.loads(text)["features"] if one["properties"]["level"] == 0]
    return [(one["properties"]["iso"], shape(one["geometry"]).buffer(0)) for one in features]


def _draw_ground(scale: Scale, width: float, height: float) -> str:
    """Land of the country, borders of all, and the code of each country that is in the picture."""
    from shapely.geometry import box

    east, south = scale.west + width / scale.pixels / scale.shrink, scale.north - height / scale.pixels
    frame = box(scale.west, south, east, scale.north)
    parts, names = [], []
    for code, land in _read_lands():
        shown = land.intersection(frame)
        if shown.is_empty:
            continue
        fill = ink.LAND if code == HOME else ink.ABROAD
        parts.append(f'<path d="{_write_area(shown, scale)}" fill="{fill}"/>')
        line = land.boundary.intersection(frame)
        parts.append(f'<path d="{_write_lines(line, scale)}" fill="none" stroke="{ink.BORDER}" stroke-width="1.6"/>')
        x, y = scale.place(shown.representative_point().coords[0])
        names.append(ink.write_over(code, x, y, anchor="middle", look=f'font-weight="bold" fill="{ink.BORDER}"'))
    return "".join([*parts, *names])


def _write_area(area: Any, scale: Scale) -> str:
    polygons = [one for one in getattr(area, "geoms", [area]) if one.geom_type == "Polygon"]
    return "".join(_write_line(ring.coords, scale) + "Z" for one in polygons for ring in (one.exterior, *one.interiors))


def _write_lines(lines: Any, scale: Scale) -> str:
    return "".join(_write_line(one.coords, scale) for one in getattr(lines, "geoms", [lines]) if one.geom_type == "LineString")


def _write_line(positions: Iterable[Position], scale: Scale) -> str:
    pixels = dict.fromkeys(f"{x:.1f} {y:.1f}" for x, y in map(scale.place, positions))
    return "M" + "L".join(pixels) if len(pixels) > 1 else ""


# --- the way -------------------------------------------------------------------------------------------------------


def _draw_way(lines: Sequence[Mapping[str, Any]], scale: Scale) -> str:
    """The casing of all stretches below the colours of all; a reservoir is broken by white."""
    shapes = [(_write_line(one["geometry"]["coordinates"], scale), one["properties"]) for one in lines]
    drawn = [(path, properties) for path, properties in shapes if path]
    style = 'fill="none" stroke-linecap="round" stroke-linejoin="round"'
    casing = "".join(path for path, _properties in drawn)
    parts = [f'<path d="{casing}" {style} stroke="{ink.INK}" stroke-width="{CASING:g}"/>']
    parts += [f'<path d="{p}" {style} stroke="{ink.colour_of(one["class"])}" stroke-width="{WAY:g}"/>' for p, one in drawn]
    lakes = "".join(path for path, one in drawn if one["kind"] == "reservoir")
    return "".join(parts) + f'<path d="{lakes}" fill="none" stroke="{ink.PAPER}" stroke-width="1.6" stroke-dasharray="2 3"/>'


def _draw_point(point: Mapping[str, Any], scale: Scale) -> str:
    """The shape tells the kind: triangle a dam, bar a border, square an intake, circle all else."""
    x, y = scale.place(point["geometry"]["coordinates"])
    given = point["properties"]
    if given["kind"] == "release":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{ink.RELEASE}" stroke="{ink.PAPER}" stroke-width="2"/>'
    r, style = RADIUS, f'fill="{ink.colour_of(given["class"])}" stroke="{ink.INK}" stroke-width="1.4"'
    match given.get("of"):
        case "reservoir":
            return f'<path d="M{x:.1f} {y - 1.3 * r:.1f}l{1.3 * r:.1f} {2.3 * r:.1f}h{-2.6 * r:.1f}Z" {style}/>'
        case "border":
            return f'<path d="M{x - 3:.1f} {y - 8:.1f}h6v16h-6Z" {style}/>'
        case "intake":
            return f'<path d="M{x - r:.1f} {y - r:.1f}h{2 * r:.1f}v{2 * r:.1f}h{-2 * r:.1f}Z" {style}/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:g}" {style}/>'


Area = tuple[float, float, float, float]


def _name_points(points: Sequence[Mapping[str, Any]], scale: Scale, page: tuple[float, float], legend: Area) -> Iterator[str]:
    """Names where they lie on nothing else; those at risk first. A name without room is left to the table."""
    taken: list[Area] = [legend]
    places = [scale.place(one["geometry"]["coordinates"]) for one in points]
    taken += [(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS) for x, y in places]
    order = sorted(range(len(points)), key=lambda n: (not points[n]["properties"].get("risk"), n))
    for number in order:
        given = points[number]["properties"]
        text, is_bold = given["label"], bool(given.get("risk"))
        wide = ink.width_of(text, 12, is_bold=is_bold)
        for x, y in _list_corners(*places[number], wide):
            area = (x, y - 11, x + wide, y + 3)
            is_inside = area[0] >= 2 and area[1] >= 2 and area[2] <= page[0] - 2 and area[3] <= page[1] - 2
            if is_inside and not any(_overlap(area, other) for other in taken):
                taken.append(area)
                yield ink.write_over(text, x, y, look='font-weight="bold"' if is_bold else "")
                break


def _list_corners(x: float, y: float, wide: float) -> list[tuple[float, float]]:
    gap = RADIUS + 4
    return [(x + gap, y + 4), (x - gap - wide, y + 4), (x - wide / 2, y - gap - 1), (x - wide / 2, y + gap + 10)]


def _overlap(one: Area, other: Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


# --- legend and scale ----------------------------------------------------------------------------------------------


def _measure_legend(legend: Sequence[tuple[int, str]]) -> Area:
    wide = max((ink.width_of(words, 12) for _step, words in legend), default=0.0) + LEGEND_SWATCH + 28
    return 8.0, 8.0, 8.0 + wide, 8.0 + 10 + LEGEND_ROW * len(legend)


def _draw_legend(legend: Sequence[tuple[int, str]]) -> str:
    """Class number and words: a print in black and white stays readable."""
    left, top, right, bottom = _measure_legend(legend)
    size = f'x="{left:g}" y="{top:g}" width="{right - left:.1f}" height="{bottom - top:.1f}"'
    parts = [f'<rect {size} fill="{ink.PAPER}" stroke="{ink.LINE}"/>']
    for row, (step, words) in enumerate(legend):
        y = top + 6 + LEGEND_ROW * row
        box = f'x="{left + 8:g}" y="{y:.1f}" width="{LEGEND_SWATCH:g}" height="12"'
        parts.append(f'<rect {box} fill="{ink.colour_of(step)}" stroke="{ink.INK}"/>')
        look = f'font-size="10" font-weight="bold" fill="{ink.PAPER if step <= 3 else ink.INK}"'
        parts.append(ink.write(str(step), left + 8 + LEGEND_SWATCH / 2, y + 9.5, anchor="middle", look=look))
        parts.append(ink.write(words, left + 16 + LEGEND_SWATCH, y + 10))
    return "".join(parts)


def _draw_scale_bar(scale: Scale, width: float, height: float) -> str:
    """A bar of round length, at most a quarter of the picture."""
    length = max((km for km in SCALES_KM if km * scale.pixels_per_km <= width / 4), default=SCALES_KM[0])
    x, y, wide = 14.0, height - 14, length * scale.pixels_per_km
    bar = f'<path d="M{x:g} {y - 5:g}v5h{wide:.1f}v-5" fill="none" stroke="{ink.INK}" stroke-width="1.6"/>'
    return bar + ink.write_over(f"{format_number(length)}\u00a0{unit_symbol('km')}", x + wide + 6, y)
