"""Reading a network with the fields of HydroRIVERS: a small GeoPackage, its faults, and the reference folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely

from boget.science.errors import InvalidInput, MissingData
from boget.science.io.hydrorivers import inspect_folder, read_network

SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "geodata"
LINES = [[(80.0, 50.0), (80.1, 50.0)], [(80.1, 50.1), (80.1, 50.0)], [(80.1, 50.0), (80.2, 50.0)]]
FIELDS: dict[str, Any] = {
    "HYRIV_ID": np.array([1, 2, 3], dtype=np.int64),
    "NEXT_DOWN": np.array([3, 3, 0], dtype=np.int64),
    "LENGTH_KM": np.array([7.1, 11.1, 7.1]),
    "UPLAND_SKM": np.array([250.0, 300.0, 600.0]),
}
DRIVERS = {".gpkg": "GPKG", ".shp": "ESRI Shapefile", ".gdb": "OpenFileGDB", ".geojson": "GeoJSON", ".json": "GeoJSON"}


def write_network(folder: Path, lines: list[Any] = LINES, file: str = "rivers.gpkg", **changes: Any) -> Path:
    """A file of three reaches: 1 and 2 run into 3. A change to None leaves the field out."""
    fields = {name: values for name, values in (FIELDS | changes).items() if values is not None}
    pyogrio.raw.write(
        folder / file,
        geometry=shapely.to_wkb([shapely.LineString(line) for line in lines]),
        field_data=list(fields.values()),
        fields=list(fields),
        geometry_type="LineString",
        crs="EPSG:4326",
        layer="rivers",
        driver=DRIVERS[Path(file).suffix],
    )
    return folder


def test_sound_network_is_ordered_by_flow(tmp_path: Path) -> None:
    network = read_network(write_network(tmp_path))
    assert sorted(network.ids[:2]) == [1, 2] and network.ids[2] == 3
    assert network.ids[network.trace_down(network.find_index(1))].tolist() == [1, 3]
    assert network.dist_down_km[network.find_index(2)] == pytest.approx(7.1)
    assert np.isnan(network.slope).all(), "HydroRIVERS has no slope, so it is unknown and not zero"


def test_optional_fields_are_read(tmp_path: Path) -> None:
    names = np.array(["Ульба", "", None], dtype=object)
    network = read_network(
        write_network(tmp_path, SLOPE_MKM=np.array([5.0, 2.0, 1.0]), NAME_RU=names, ENDORHEIC=np.array([1, 1, 1]))
    )
    first = network.reaches[network.find_index(1)]
    assert first.names == {"ru": "Ульба"} and first.slope == pytest.approx(0.005)
    assert first.terminal == "inland_sink" and network.reaches[network.find_index(2)].names == {}


@pytest.mark.filterwarnings("ignore:Field .* will be written as a Float64")
@pytest.mark.parametrize("file", ["rivers.gpkg", "rivers.shp", "rivers.gdb", "rivers.geojson", "rivers.json"])
def test_every_format_gives_the_same_network(tmp_path: Path, file: str) -> None:
    from boget.science.river.routing import network_version

    folder = write_network(
        tmp_path,
        file=file,
        COUNTRY=np.array(["Kazakhstan", "KZ", "Russia"], dtype=object),
        SINUOSITY=np.array([1.0, 1.5, np.nan]),
    )
    network = read_network(folder)
    assert sorted(network.ids) == [1, 2, 3] and network.ids[-1] == 3
    assert [network.reaches[network.find_index(key)].country for key in (1, 2, 3)] == ["KZ", "KZ", "RU"]
    assert network.reaches[network.find_index(2)].sinuosity == 1.5
    assert inspect_folder(folder).has_network
    (tmp_path / "second").mkdir()
    assert network_version(network) == network_version(
        read_network(
            write_network(
                tmp_path / "second", COUNTRY=np.array(["KZ", "KZ", "RU"], dtype=object), SINUOSITY=np.array([1.0, 1.5, np.nan])
            )
        )
    )


def test_json_of_other_use_is_passed_by_and_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"a": [1, 2]}')
    assert inspect_folder(write_network(tmp_path)).problems == ()
    (tmp_path / "broken.geojson").write_text('{"type": "FeatureColl')
    assert inspect_folder(tmp_path).problems == ("broken.geojson: file_unreadable: broken.geojson",)
    with pytest.raises(InvalidInput) as caught:
        read_network(tmp_path)
    assert caught.value.code == "file_unreadable"


@pytest.mark.parametrize(
    ("changes", "code", "value"),
    [
        ({"UPLAND_SKM": None}, "missing_column", "UPLAND_SKM"),
        ({"NEXT_DOWN": np.array([3, 99, 0])}, "river_gap", 99),
        ({"NEXT_DOWN": np.array([2, 1, 0])}, "river_cycle", 1),
        ({"HYRIV_ID": np.array([1, 1, 3])}, "repeated_reach", 1),
        ({"LENGTH_KM": np.array([7.0, -1.0, 7.0])}, "range", -1.0),
        ({"NEXT_DOWN": np.array([3, np.nan, 0])}, "not_a_number", None),
        ({"LENGTH_KM": np.array(["7", "long", "7"], dtype=object)}, "not_a_number", "long"),
        ({"UPLAND_SKM": np.array([7.0, np.nan, 7.0])}, "range", None),
        ({"lines": [LINES[0], LINES[1], [(81.0, 50.0), (82.0, 50.0)]]}, "river_break", 1),
    ],
)
def test_each_fault_has_its_code(tmp_path: Path, changes: dict[str, Any], code: str, value: object) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_network(write_network(tmp_path, **changes))
    assert caught.value.code == code
    assert value is None or caught.value.value == value


def test_folder_without_a_network_says_so(tmp_path: Path) -> None:
    with pytest.raises(MissingData) as caught:
        read_network(tmp_path)
    assert caught.value.code == "river_network_missing"
    with pytest.raises(MissingData) as caught:
        read_network(tmp_path / "nowhere")
    assert caught.value.code == "folder_missing"


def test_report_tells_layers_and_problems_without_raising(tmp_path: Path) -> None:
    report = inspect_folder(write_network(tmp_path, NEXT_DOWN=np.array([2, 1, 0])))
    assert [(layer.kind, layer.count) for layer in report.layers] == [("river_network", 3)]
    assert report.problems == ("rivers.gpkg: river_cycle: 1",) and not report.has_network
    assert inspect_folder(tmp_path / "nowhere").problems[0].startswith("folder_missing")
    empty = tmp_path / "empty"
    empty.mkdir()
    assert inspect_folder(empty).problems[0].startswith("river_network_missing")


def test_sound_folder_is_reported_sound(tmp_path: Path) -> None:
    (tmp_path / "terrain.tif").write_bytes(b"")
    report = inspect_folder(write_network(tmp_path))
    assert report.has_network and report.problems == ()
    assert [layer.kind for layer in report.layers] == ["river_network", "raster"]


@pytest.mark.shared
def test_reference_folder() -> None:
    if not SHARED.exists():
        pytest.skip("the reference folder is not beside this checkout")
    network = read_network(SHARED)
    assert len(network) == 11_115 and network.length_km.sum() == pytest.approx(260_000, rel=0.01)
    report = inspect_folder(SHARED)
    assert report.has_network and report.problems == ()
    assert {layer.kind for layer in report.layers} >= {"river_network", "settlements", "admin", "raster"}


@pytest.mark.shared
def test_reference_traces_reach_their_published_length() -> None:
    """Ridder and Temirtau run as far as the published traces say; the first stretch off the network is not counted."""
    if not SHARED.exists():
        pytest.skip("the reference folder is not beside this checkout")
    network = read_network(SHARED)
    for reach_id, told_km in ((746, 1735), (5603, 562)):
        index = network.find_index(reach_id)
        to_end = network.dist_down_km[index] + network.length_km[index]
        assert to_end >= told_km * 0.95, reach_id
