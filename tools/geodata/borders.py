"""Where spill paths meet the state border of Kazakhstan, and in which countries a line lies.

The border is that of the state polygon of `admin/kz_admin.gpkg` (OpenStreetMap); what lies outside it is named by the
neighbours of the same file (Natural Earth). The two differ by 1-5 km, so only the first decides where the border is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyproj import Geod

HOME = "KZ"
NEAR_KM = 3.0
"""A path that stays this near the border between two crossings has met it once: outlines of borders differ by 1-5 km."""
SHORE_KM = 10.0
"""Outside the state and farther than this from every neighbour is the sea, not a country."""
ELLIPSOID = Geod(ellps="WGS84")
Point = tuple[float, float]


@dataclass(frozen=True)
class Vertex:
    """A point of a path, km from its beginning."""

    point: Point
    km: float


@dataclass(frozen=True)
class Meeting:
    """The path touches the border at `touch`, leaves it for good at `leave`, and goes on in the country `after`.

    `before` and `after` are equal where it only ran along the border or cut a bend of it.
    """

    before: str
    after: str
    touch: Vertex
    leave: Vertex


def read_layer(folder: Path, layer: str) -> tuple[list[Any], list[str]]:
    meta, _, geometry, columns = pyogrio.raw.read(folder / "kz_admin.gpkg", layer=layer)
    names = columns[list(meta["fields"]).index("name" if "name" in meta["fields"] else "iso_a3")]
    return [shapely.make_valid(shape) for shape in shapely.from_wkb(geometry)], [str(name) for name in names]


class Borders:
    """The state polygon, its border as short lines, and the neighbours by their codes."""

    def __init__(self, folder: Path, codes: dict[str, str]) -> None:
        self.home = read_layer(folder, "adm0")[0][0]
        shapely.prepare(self.home)
        shapes, names = read_layer(folder, "countries_region_ne10m")
        abroad = [(codes[name], shape) for name, shape in zip(names, shapes, strict=True) if codes.get(name, HOME) != HOME]
        self.codes = [code for code, _ in abroad]
        self.shapes = [shape for _, shape in abroad]
        self.near: dict[Point, float] = {}

    @cached_property
    def pieces(self) -> shapely.STRtree:
        rings = shapely.get_parts(shapely.get_rings(shapely.get_parts(self.home)))
        lines = [line for ring in rings for line in pairwise(shapely.get_coordinates(ring))]
        return shapely.STRtree(shapely.linestrings(np.array(lines)))

    def is_home(self, point: Point) -> bool:
        return bool(shapely.contains_xy(self.home, *point))

    def name_country(self, point: Point) -> str:
        """The country of a point; empty on the sea."""
        if self.is_home(point):
            return HOME
        place = shapely.Point(point)
        shape, code = min(zip(self.shapes, self.codes, strict=True), key=lambda pair: shapely.distance(pair[0], place))
        return code if measure_gap(shape, place) <= SHORE_KM else ""

    def measure_to_border(self, point: Point) -> float:
        """Distance in km to the border of the state."""
        if point not in self.near:
            place = shapely.Point(point)
            self.near[point] = measure_gap(self.pieces.geometries[self.pieces.nearest(place)], place)
        return self.near[point]

    def list_countries(self, points: Iterable[Point]) -> tuple[str, ...]:
        """Countries in the order of the line, each as often as it is entered."""
        return tuple(code for code, _ in groupby(self.name_country(point) for point in points) if code)

    def find_meetings(self, path: Sequence[Vertex]) -> list[Meeting]:
        """Every meeting with the border, in the order of the flow. A shore is no border."""
        groups: list[list[tuple[int, Vertex]]] = []
        for place, vertex in self._find_crossings(path):
            if groups and self._stays_near(path[groups[-1][-1][0] + 1 : place + 1]):
                groups[-1].append((place, vertex))
            else:
                groups.append([(place, vertex)])
        return [self._describe(path, group) for group in groups]

    def _find_crossings(self, path: Sequence[Vertex]) -> Iterator[tuple[int, Vertex]]:
        inside = [self.is_home(vertex.point) for vertex in path]
        for place, (start, stop) in enumerate(pairwise(path)):
            outer = stop if inside[place] else start
            if inside[place] != inside[place + 1] and self.name_country(outer.point):
                yield place, self._cut(start, stop)

    def _cut(self, start: Vertex, stop: Vertex) -> Vertex:
        """Where the border lies between two points, by halving."""
        ends, side = np.array([start.point, stop.point]), self.is_home(start.point)
        low, high = 0.0, 1.0
        for _ in range(20):
            middle = (low + high) / 2
            point = tuple(ends[0] + middle * (ends[1] - ends[0]))
            low, high = (middle, high) if self.is_home(point) == side else (low, middle)  # type: ignore[arg-type]
        lon, lat = ends[0] + high * (ends[1] - ends[0])
        return Vertex((float(lon), float(lat)), start.km + high * (stop.km - start.km))

    def _stays_near(self, between: Sequence[Vertex]) -> bool:
        return all(self.measure_to_border(vertex.point) <= NEAR_KM for vertex in between)

    def _describe(self, path: Sequence[Vertex], group: list[tuple[int, Vertex]]) -> Meeting:
        first, last = group[0], group[-1]
        before, after = path[first[0]].point, path[last[0] + 1].point
        return Meeting(self.name_country(before), self.name_country(after), first[1], last[1])


def measure_gap(shape: Any, place: Any) -> float:
    """Distance in km from a point to a shape."""
    (lon1, lat1), (lon2, lat2) = shapely.get_coordinates(shapely.shortest_line(shape, place))
    return float(ELLIPSOID.inv(lon1, lat1, lon2, lat2)[2]) / 1000
