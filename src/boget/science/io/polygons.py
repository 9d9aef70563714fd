"""Countries of points from polygons: the embedded outlines, or a GeoPackage or GeoJSON of a geodata folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray

from boget.science.errors import InvalidInput, MissingData
from boget.science.river.crossing import BETWEEN
from boget.science.river.path_rules import read_rule
from boget.science.river.polyline import Floats, scale_around

CODE_FIELDS = ("iso", "iso_a2", "ISO_A2", "iso_3166_1", "country", "COUNTRY")
CODE_LENGTH = 2


@dataclass(frozen=True, slots=True)
class CountryPolygons:
    """A lookup for `crossing.find_meetings`: polygons with ISO codes; where two overlap the earlier one counts.

    Outlines of one border from two sources differ by 1-5 km. A point between them, outside of all but near two countries,
    is marked with `crossing.BETWEEN` before the code of the nearest. Outside of all and not near two is the sea: no code.
    """

    codes: tuple[str, ...]
    shapes: tuple[Any, ...]

    def __call__(self, points: Floats) -> list[str]:
        found = np.full(len(points), -1, dtype=np.int64)
        for number, shape in enumerate(self.shapes):
            open_points = np.flatnonzero(found < 0)
            if not open_points.size:
                break
            inside = shapely.contains_xy(shape, points[open_points, 0], points[open_points, 1])
            found[open_points[inside]] = number
        names = [self.codes[number] if number >= 0 else "" for number in found]
        for place in np.flatnonzero(found < 0):
            names[place] = self._name_gap(points[place])
        return names

    def _name_gap(self, point: NDArray[np.float64]) -> str:
        """The mark and the nearest country if two are near, else nothing."""
        place, scale, limit = shapely.Point(point), scale_around(float(point[1])), read_rule("gap_limit")
        gaps: dict[str, float] = {}
        for code, shape in zip(self.codes, self.shapes, strict=True):
            if shapely.dwithin(shape, place, limit / scale.min()):
                start, end = shapely.get_coordinates(shapely.shortest_line(shape, place))
                gap = float(np.hypot(*((end - start) * scale)))
                if gap <= limit:
                    gaps[code] = min(gap, gaps.get(code, gap))
        return BETWEEN + min(gaps, key=lambda code: gaps[code]) if len(gaps) > 1 else ""


def make_polygons(codes: Sequence[str], shapes: Sequence[Any]) -> CountryPolygons:
    """Polygons made valid and prepared; those without a code are left out."""
    pairs = [(code, shapely.make_valid(shape)) for code, shape in zip(codes, shapes, strict=True) if code and shape]
    for _, shape in pairs:
        shapely.prepare(shape)
    return CountryPolygons(tuple(code for code, _ in pairs), tuple(shape for _, shape in pairs))


def read_polygon_layer(
    path: Path | str, *, layer: str | None = None, field: str = "", codes: Mapping[str, str] | None = None, code: str = ""
) -> tuple[list[str], list[Any]]:
    """Codes and shapes of one layer.

    Parameters
    ----------
    field : the field that names the country; the first of iso, iso_a2, country … that is there
    codes : ISO code of each value of the field, where the field holds names
    code : one code for all polygons, for a layer of one country

    Raises
    ------
    InvalidInput
        "missing_column" if no field names the country.
    """
    there = list(pyogrio.read_info(path, layer=layer)["fields"])
    chosen = field or next((name for name in CODE_FIELDS if name in there), "")
    if not code and chosen not in there:
        raise InvalidInput("missing_column", where=Path(path).name, value=field or CODE_FIELDS[0])
    meta, _, geometry, columns = pyogrio.raw.read(path, layer=layer, columns=[chosen] if chosen in there else [])
    shapes = list(shapely.from_wkb(geometry))
    if code:
        return [code] * len(shapes), shapes
    told = [str(value) if value is not None else "" for value in columns[list(meta["fields"]).index(chosen)]]
    if codes is not None:
        return [codes.get(name, "") for name in told], shapes
    return [name if len(name) == CODE_LENGTH else "" for name in told], shapes  # KZ-10 is a region, not a country


def read_countries(path: Path | str, *, layer: str | None = None) -> CountryPolygons:
    """Countries of one file with ISO codes, for example the embedded `kz/admin.geojson` (its regions are left out).

    Raises
    ------
    MissingData
        "file_missing" if it is not there.
    """
    if not Path(path).is_file():
        raise MissingData("file_missing", where="polygons", value=str(path), hint="Name an existing file.")
    told, shapes = read_polygon_layer(path, layer=layer)
    return make_polygons(told, shapes)
