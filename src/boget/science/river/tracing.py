"""Follow the flow directions of a grid (D8) from a point down to a river.

Codes are those of HydroSHEDS and ESRI: 1 east, then clockwise by doubling to 128 north-east; 0 and 255 are sinks, the mouth
and the inland sink of HydroSHEDS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from boget.science.errors import InvalidInput, MissingData
from boget.science.river.polyline import Floats
from boget.science.river.snapping import check_point

STEPS = {1: (0, 1), 2: (1, 1), 4: (1, 0), 8: (1, -1), 16: (0, -1), 32: (-1, -1), 64: (-1, 0), 128: (-1, 1)}
"""Row and column step of each code."""
SINKS = frozenset({0, 255})


class FlowGrid(Protocol):
    """A grid of flow directions; rows run south, columns east. `io.d8.open_flow_grid` reads one from GeoTIFF."""

    def find_cell(self, lon: float, lat: float) -> tuple[int, int]:
        """Row and column of a point; may lie outside."""
        ...

    def find_centre(self, row: int, column: int) -> tuple[float, float]:
        """Longitude and latitude of the middle of a cell."""
        ...

    def read_direction(self, row: int, column: int) -> int | None:
        """Code of a cell, None where it has none (outside, no data)."""
        ...

    def read_upland(self, row: int, column: int) -> float | None:
        """Catchment of a cell, km2, None where the grid has none."""
        ...


@dataclass(frozen=True, slots=True)
class ArrayGrid:
    """A grid held in memory: `directions` (rows, columns), catchments of the same shape or None, `west` and `north` edges
    and the size of a cell in degrees."""

    directions: NDArray[np.uint8]
    west: float
    north: float
    cell_deg: float
    upland_km2: NDArray[np.float64] | None = None

    def find_cell(self, lon: float, lat: float) -> tuple[int, int]:
        return int(np.floor((self.north - lat) / self.cell_deg)), int(np.floor((lon - self.west) / self.cell_deg))

    def find_centre(self, row: int, column: int) -> tuple[float, float]:
        return self.west + (column + 0.5) * self.cell_deg, self.north - (row + 0.5) * self.cell_deg

    def read_direction(self, row: int, column: int) -> int | None:
        rows, columns = self.directions.shape
        if not (0 <= row < rows and 0 <= column < columns):
            return None
        code = int(self.directions[row, column])
        return code if code in STEPS or code in SINKS else None

    def read_upland(self, row: int, column: int) -> float | None:
        return None if self.upland_km2 is None else float(self.upland_km2[row, column])


@dataclass(frozen=True, slots=True)
class Trace:
    """The way of the water over a grid: the point, then the centres of the cells, (k, 2); `is_river` tells whether it
    came to a river, else it ended in a sink: a lake, a hollow or the sea, which is a normal answer."""

    line: Floats
    is_river: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a walk has come to a river: a cell with more catchment than the threshold, or one the network calls its own."""

    threshold_km2: float
    meets: Callable[[float, float], bool] | None

    def is_reached(self, grid: FlowGrid, cell: tuple[int, int]) -> bool:
        upland = grid.read_upland(*cell)
        is_large = upland is not None and upland > self.threshold_km2
        return is_large or (self.meets is not None and self.meets(*grid.find_centre(*cell)))


def trace_d8(
    grid: FlowGrid,
    lon: float,
    lat: float,
    *,
    threshold_km2: float,
    meets: Callable[[float, float], bool] | None = None,
) -> Trace:
    """Walk from a point until the catchment exceeds a threshold or the water ends.

    Parameters
    ----------
    threshold_km2 : catchment from which the network has reaches
    meets : tells whether the network begins at a point (lon, lat), for grids without catchments

    Raises
    ------
    InvalidInput
        "range", "not_finite" (the point); "flow_cycle" if the directions lead back to a cell passed before.
    MissingData
        "outside_raster" if the point or the way leaves the grid or its data.
    """
    check_point(lon, lat)
    cell = grid.find_cell(lon, lat)
    stop, line, passed = Stop(threshold_km2, meets), [(lon, lat)], set[tuple[int, int]]()
    while True:
        code = grid.read_direction(*cell)
        if code is None:
            raise report_edge(line[-1])
        if cell in passed:
            raise report_cycle(line[-1])
        passed.add(cell)
        line.append(grid.find_centre(*cell))
        if stop.is_reached(grid, cell):
            return Trace(np.array(line), True)
        if code in SINKS:
            return Trace(np.array(line), False)
        cell = (cell[0] + STEPS[code][0], cell[1] + STEPS[code][1])


def report_edge(point: tuple[float, float]) -> MissingData:
    hint = "The flow directions end here before a river is met: load the tile beside, or put the point on a river."
    return MissingData("outside_raster", where="flow directions", value=f"{point[0]:.4f}, {point[1]:.4f}", hint=hint)


def report_cycle(point: tuple[float, float]) -> InvalidInput:
    hint = "The flow directions run in a circle here: correct the raster."
    return InvalidInput("flow_cycle", where="flow directions", value=f"{point[0]:.4f}, {point[1]:.4f}", hint=hint)
