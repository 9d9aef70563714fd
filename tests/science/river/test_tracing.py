"""Flow directions followed cell by cell: rivers, sinks, edges and circles."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from boget.science.errors import BogetError, InvalidInput, MissingData
from boget.science.river.tracing import ArrayGrid, trace_d8

EAST, SOUTH, WEST, NODATA = 1, 4, 16, 247


def make_grid(rows: list[list[int]], upland: list[list[float]] | None = None) -> ArrayGrid:
    """Cells of a tenth of a degree; the north-west corner is 70 E 50 N."""
    area = None if upland is None else np.array(upland, dtype=np.float64)
    return ArrayGrid(np.array(rows, dtype=np.uint8), 70.0, 50.0, 0.1, area)


def test_the_walk_stops_where_the_catchment_is_that_of_a_river() -> None:
    grid = make_grid([[EAST, SOUTH], [0, EAST]], [[50, 150], [0, 250]])
    trace = trace_d8(grid, 70.02, 49.98, threshold_km2=200)
    assert trace.is_river
    assert trace.line == pytest.approx(np.array([(70.02, 49.98), (70.05, 49.95), (70.15, 49.95), (70.15, 49.85)]))


def test_a_grid_without_catchments_stops_where_the_network_begins() -> None:
    grid = make_grid([[EAST, EAST, 0]])
    trace = trace_d8(grid, 70.05, 49.95, threshold_km2=200, meets=lambda lon, lat: lon > 70.1)
    assert trace.is_river and trace.line[-1].tolist() == pytest.approx([70.15, 49.95])


@pytest.mark.parametrize("sink", [0, 255])
def test_a_sink_is_a_normal_end(sink: int) -> None:
    trace = trace_d8(make_grid([[EAST, sink]]), 70.05, 49.95, threshold_km2=200)
    assert not trace.is_river and trace.line[-1].tolist() == pytest.approx([70.15, 49.95])


@pytest.mark.parametrize(
    ("code", "step"),
    [(1, (0, 1)), (2, (1, 1)), (4, (1, 0)), (8, (1, -1)), (16, (0, -1)), (32, (-1, -1)), (64, (-1, 0)), (128, (-1, 1))],
)
def test_every_code_leads_to_its_neighbour(code: int, step: tuple[int, int]) -> None:
    rows = [[0] * 3 for _ in range(3)]
    rows[1][1] = code
    trace = trace_d8(make_grid(rows), 70.15, 49.85, threshold_km2=200)
    assert trace.line[-1].tolist() == pytest.approx([70.15 + 0.1 * step[1], 49.85 - 0.1 * step[0]])


@pytest.mark.parametrize(
    ("rows", "point", "kind", "code"),
    [
        ([[EAST, WEST]], (70.05, 49.95), InvalidInput, "flow_cycle"),
        ([[EAST, EAST]], (70.05, 49.95), MissingData, "outside_raster"),
        ([[EAST, NODATA]], (70.05, 49.95), MissingData, "outside_raster"),
        ([[EAST, 3]], (70.05, 49.95), MissingData, "outside_raster"),
        ([[0]], (69.0, 49.95), MissingData, "outside_raster"),
        ([[0]], (float("nan"), 49.95), InvalidInput, "not_finite"),
        ([[0]], (70.05, 99.0), InvalidInput, "range"),
    ],
)
def test_each_fault_has_its_code(rows: list[list[int]], point: tuple[float, float], kind: type[BogetError], code: str) -> None:
    with pytest.raises(kind) as caught:
        trace_d8(make_grid(rows), *point, threshold_km2=200)
    assert caught.value.code == code


def test_no_walk_is_longer_than_the_grid_has_cells() -> None:
    rng = np.random.default_rng(5)
    codes: Any = rng.choice([1, 2, 4, 8, 16, 32, 64, 128, 0], size=(30, 30)).astype(np.uint8)
    grid = ArrayGrid(codes, 70.0, 50.0, 0.1)
    ends = []
    for place in range(30):
        try:
            ends.append(len(trace_d8(grid, 70.05 + 0.1 * place, 48.5, threshold_km2=200).line))
        except BogetError as error:
            ends.append(0)
            assert error.code in {"flow_cycle", "outside_raster"}
    assert max(ends) <= 901 and len(ends) == 30
