"""Flow directions (D8) and catchments from GeoTIFF, read tile by tile: a continent need not fit into memory.

Codes as in HydroSHEDS DIR; catchments in km2. The two rasters must lie on the same grid, EPSG:4326.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Self

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.errors import RasterioIOError
from rasterio.windows import Window

from boget.science.errors import InvalidInput, MissingData
from boget.science.river.tracing import SINKS, STEPS

TILE = 512
"""Rows and columns read at a time."""
TILES_KEPT = 64
DIRECTION_WORDS = ("d8", "dir", "flowdir")
UPLAND_WORDS = ("upland", "upa")
RASTER_FILES = (".tif", ".tiff")


@dataclass(slots=True)
class TiledRaster:
    """One band of an open raster; the tiles last used are kept. Threads may share it: they read one after the other."""

    source: Any
    tiles: OrderedDict[tuple[int, int], NDArray[Any]] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def read_cell(self, row: int, column: int) -> float | None:
        """Value of a cell; None outside the raster and where it holds no data."""
        if not (0 <= row < self.source.height and 0 <= column < self.source.width):
            return None
        with self.lock:
            value = self._read_tile(row // TILE, column // TILE)[row % TILE, column % TILE]
        return None if self.source.nodata is not None and value == self.source.nodata else float(value)

    def _read_tile(self, high: int, across: int) -> NDArray[Any]:
        key = (high, across)
        if key not in self.tiles:
            rows = min(TILE, self.source.height - high * TILE)
            columns = min(TILE, self.source.width - across * TILE)
            self.tiles[key] = self.source.read(1, window=Window(across * TILE, high * TILE, columns, rows))
            if len(self.tiles) > TILES_KEPT:
                self.tiles.popitem(last=False)
        self.tiles.move_to_end(key)
        return self.tiles[key]


@dataclass(slots=True)
class RasterGrid:
    """A `tracing.FlowGrid` over open files; close it, or use it in a `with` statement."""

    directions: TiledRaster
    upland: TiledRaster | None

    def find_cell(self, lon: float, lat: float) -> tuple[int, int]:
        row, column = self.directions.source.index(lon, lat, op=np.floor)
        return int(row), int(column)

    def find_centre(self, row: int, column: int) -> tuple[float, float]:
        lon, lat = self.directions.source.xy(row, column)
        return float(lon), float(lat)

    def read_direction(self, row: int, column: int) -> int | None:
        code = self.directions.read_cell(row, column)
        return int(code) if code is not None and (code in STEPS or code in SINKS) else None

    def read_upland(self, row: int, column: int) -> float | None:
        return None if self.upland is None else self.upland.read_cell(row, column)

    def close(self) -> None:
        self.directions.source.close()
        if self.upland is not None:
            self.upland.source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def open_raster(path: Path) -> TiledRaster:
    """InvalidInput("raster_unreadable") if it is no raster, ("raster_frame") if it is not in degrees of EPSG:4326."""
    try:
        source = rasterio.open(path)
    except RasterioIOError as error:
        raise InvalidInput("raster_unreadable", where="raster", value=path.name, hint="Give a GeoTIFF.") from error
    if source.crs is None or source.crs.to_epsg() != 4326:
        source.close()
        raise InvalidInput("raster_frame", where="raster", value=path.name, hint="Convert it to EPSG:4326.")
    return TiledRaster(source)


def find_raster(folder: Path, words: tuple[str, ...]) -> Path | None:
    """The first GeoTIFF of a folder whose name holds one of the words between its underscores."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in RASTER_FILES and set(path.stem.lower().split("_")) & set(words):
            return path
    return None


def open_flow_grid(folder: Path | str) -> RasterGrid:
    """Flow directions of a folder of geodata, and the catchments if it has them.

    Directions are looked for in files with d8, dir or flowdir between the underscores of their names, catchments (km2) with
    upland or upa.

    Raises
    ------
    MissingData
        "flow_grid_missing" if there is none.
    InvalidInput
        "raster_unreadable", "raster_frame"; "shape_mismatch" if the two rasters do not lie on one grid.
    """
    place = Path(folder)
    path = find_raster(place, DIRECTION_WORDS)
    if path is None:
        hint = "Put a GeoTIFF of flow directions there, for example hydro_d8_30s.tif."
        raise MissingData("flow_grid_missing", where="folder", value=str(folder), hint=hint)
    directions, beside = open_raster(path), find_raster(place, UPLAND_WORDS)
    upland = open_raster(beside) if beside is not None else None
    if upland is not None and not is_same_frame(directions.source, upland.source):
        directions.source.close()
        upland.source.close()
        raise InvalidInput("shape_mismatch", where=str(beside), value=None, allowed=f"the grid of {path.name}")
    return RasterGrid(directions, upland)


def is_same_frame(first: Any, second: Any) -> bool:
    return bool(first.shape == second.shape and first.transform.almost_equals(second.transform))
