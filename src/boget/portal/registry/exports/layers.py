"""Layers for GDAL: columns as arrays, geometries as WKB, written through pyogrio."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

CHUNK = 500
CRS = "EPSG:4326"
Cells = Mapping[str, Any]


def batch(entries: Iterable[Any]) -> Iterator[list[Any]]:
    """Lists of at most CHUNK entries."""
    source = iter(entries)
    while chunk := list(islice(source, CHUNK)):
        yield chunk


def build_column(cells: Sequence[Any], *, is_number: bool) -> np.ndarray[Any, Any]:
    """A column of real numbers with NaN for unknown, or of text with None for unknown."""
    if is_number:
        return np.array([np.nan if cell is None else float(cell) for cell in cells], dtype="float64")
    return np.array([None if cell is None or cell == "" else str(cell) for cell in cells], dtype=object)


def build_point(point: tuple[float, float, float | None] | None) -> bytes | None:
    return None if point is None else shapely.to_wkb(shapely.Point(point[0], point[1]))


def build_shape(geometry: Mapping[str, Any]) -> bytes:
    shape = shapely.geometry.shape(geometry)
    return shapely.to_wkb(_as_many(shape))


def _as_many(shape: Any) -> Any:
    """Polygons and lines as their multi forms, so that a layer holds one type."""
    if shape.geom_type == "Polygon":
        return shapely.MultiPolygon([shape])
    return shapely.MultiLineString([shape]) if shape.geom_type == "LineString" else shape


def write_layer(
    path: Path, layer: str, columns: Mapping[str, bool], *, rows: Sequence[Cells], driver: str, **options: Any
) -> None:
    """Add rows to a layer, which is made with the first ones. columns: name -> whether it holds numbers.

    Options: ``geometry`` WKB of each row, ``geometry_type`` its type; without them the layer is a plain table.
    """
    arrays = [build_column([row.get(name) for row in rows], is_number=is_number) for name, is_number in columns.items()]
    geometry = options.get("geometry")
    pyogrio.raw.write(
        str(path),
        None if geometry is None else np.array(geometry, dtype=object),
        arrays,
        list(columns),
        layer=layer,
        driver=driver,
        geometry_type=options.get("geometry_type"),
        crs=CRS if geometry is not None else None,
        append=bool(options.get("append")),
    )
