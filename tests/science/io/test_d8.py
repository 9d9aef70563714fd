"""Flow directions read from GeoTIFF tile by tile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from boget.science.errors import BogetError, InvalidInput, MissingData
from boget.science.io import d8
from boget.science.io.d8 import open_flow_grid
from boget.science.river.tracing import ArrayGrid, trace_d8

pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")


def write_raster(path: Path, values: Any, *, west: float = 70.0, crs: str = "EPSG:4326", nodata: float | None = None) -> None:
    profile: dict[str, Any] = {"driver": "GTiff", "height": values.shape[0], "width": values.shape[1], "count": 1}
    with rasterio.open(
        path, "w", dtype=values.dtype, crs=crs, transform=from_origin(west, 50.0, 0.1, 0.1), nodata=nodata, **profile
    ) as target:
        target.write(values, 1)


def make_stairs(size: int) -> Any:
    """East and south by turns along the diagonal."""
    codes = np.full((size, size), 1, dtype=np.uint8)
    codes[np.arange(size - 1), np.arange(1, size)] = 4
    codes[-1, -1] = 0
    return codes


def test_a_walk_over_many_tiles_is_that_over_the_array(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(d8, "TILE", 7)
    monkeypatch.setattr(d8, "TILES_KEPT", 2)
    codes = make_stairs(40)
    write_raster(tmp_path / "area_d8_30s.tif", codes, nodata=247)
    with open_flow_grid(tmp_path) as grid:
        read = trace_d8(grid, 70.05, 49.95, threshold_km2=200)
        assert len(grid.directions.tiles) == 2
    held = trace_d8(ArrayGrid(codes, 70.0, 50.0, 0.1), 70.05, 49.95, threshold_km2=200)
    assert len(read.line) == 80 and read.line == pytest.approx(held.line) and not read.is_river


def test_catchments_beside_the_directions_are_used(tmp_path: Path) -> None:
    write_raster(tmp_path / "area_d8_30s.tif", make_stairs(5))
    write_raster(tmp_path / "area_upland_km2_30s.tif", np.arange(25, dtype=np.uint32).reshape(5, 5) * 20)
    with open_flow_grid(tmp_path) as grid:
        trace = trace_d8(grid, 70.05, 49.95, threshold_km2=200)
    assert trace.is_river and trace.line[-1].tolist() == pytest.approx([70.25, 49.75])


def test_no_data_is_the_edge(tmp_path: Path) -> None:
    codes = make_stairs(5)
    codes[2, 2] = 247
    write_raster(tmp_path / "d8.tif", codes, nodata=247)
    with open_flow_grid(tmp_path) as grid, pytest.raises(MissingData) as caught:
        trace_d8(grid, 70.05, 49.95, threshold_km2=200)
    assert caught.value.code == "outside_raster"


@pytest.mark.parametrize("code", ["flow_grid_missing", "raster_unreadable", "raster_frame", "shape_mismatch"])
def test_each_fault_has_its_code(tmp_path: Path, code: str) -> None:
    if code == "raster_unreadable":
        (tmp_path / "d8.tif").write_bytes(b"no raster")
    if code == "raster_frame":
        write_raster(tmp_path / "d8.tif", make_stairs(5), crs="EPSG:32642")
    if code == "shape_mismatch":
        write_raster(tmp_path / "d8.tif", make_stairs(5))
        write_raster(tmp_path / "upland.tif", make_stairs(5), west=71.0)
    with pytest.raises((InvalidInput, MissingData)) as caught:
        open_flow_grid(tmp_path)
    error: BogetError = caught.value
    assert error.code == code and code in str(error)
