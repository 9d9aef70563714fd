"""Paths from releases: the embedded facilities, and small networks with every kind of trouble."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from boget.science.errors import InvalidInput, MissingData
from boget.science.io.spillpaths import read_border_meetings, read_facility_entries, read_spill_paths
from boget.science.river.borders import BorderMeeting
from boget.science.river.entries import FacilityEntry
from boget.science.river.network import Reach, RiverNetwork, build_network
from boget.science.river.path import NO_RESERVOIR, RiverPath
from boget.science.river.reservoirs import Reservoir
from boget.science.river.routing import (
    list_upstream,
    network_version,
    route_from_entry,
    route_from_point,
    route_from_reach,
)
from boget.science.river.tracing import ArrayGrid

KZ = Path(str(resources.files("boget"))) / "data" / "kz"


def make_reservoir(code: str, river: str, place: tuple[float, float], **more: Any) -> Reservoir:
    fields: dict[str, Any] = {"volume_m3": 1e9, "active_volume_m3": None, "length_m": 20e3, "throughflow_m3s": None} | more
    return Reservoir(code, {"en": code}, river, *place, confidence="low", source="test", **fields)


DAMS = (
    make_reservoir("bukhtarma", "Иртыш", (83.35, 49.66), volume_m3=49.6e9, length_m=425e3),
    make_reservoir("oskemen", "Иртыш", (82.72, 49.9), volume_m3=0.655e9, length_m=77e3),
    make_reservoir("shulba", "Иртыш", (81.09, 50.39), volume_m3=2.39e9, length_m=53e3),
    make_reservoir("karatomar", "Тобол", (63.1, 52.94), volume_m3=0.791e9, length_m=None),
    make_reservoir("kengir", "Каракенгир", (67.75, 47.83), volume_m3=0.319e9, length_m=8e3),
    make_reservoir("shardara", "Сырдарья", (67.968, 41.248), volume_m3=5.2e9, length_m=None),
)


@pytest.fixture(scope="module")
def network() -> RiverNetwork:
    return read_spill_paths(KZ / "spill_paths.csv")


@pytest.fixture(scope="module")
def entries() -> dict[str, FacilityEntry]:
    return read_facility_entries(KZ / "facility_reach.csv")


@pytest.fixture(scope="module")
def meetings() -> dict[str, tuple[BorderMeeting, ...]]:
    return read_border_meetings(KZ / "spill_borders.csv")


@pytest.fixture(scope="module")
def paths(
    network: RiverNetwork, entries: dict[str, FacilityEntry], meetings: Mapping[str, tuple[BorderMeeting, ...]]
) -> dict[str, RiverPath]:
    version = network_version(network)
    return {
        key: route_from_entry(network, entry, reservoirs=DAMS, borders=meetings.get(key, ()), version=version)
        for key, entry in entries.items()
    }


def list_runs(values: Any) -> list[Any]:
    """Each value as often as it begins."""
    values = list(values)
    return [value for place, value in enumerate(values) if place == 0 or values[place - 1] != value]


# ---- all embedded facilities


def test_every_facility_has_a_sound_path(paths: dict[str, RiverPath], entries: dict[str, FacilityEntry]) -> None:
    assert len(paths) == len(entries) >= 102
    for key, path in paths.items():
        n = len(path)
        for array in (path.length_m, path.start_m, path.sinuosity, path.upland_km2, path.vertex_m, path.vertices):
            assert np.isfinite(array).all(), key
        assert (path.length_m > 0).all() and (path.upland_km2 > 0).all() and (path.sinuosity >= 1).all(), key
        assert n == len(path.start_m) == len(path.countries) == len(path.rivers) == len(path.reservoir_index), key
        assert path.start_m == pytest.approx(np.concatenate([[0], np.cumsum(path.length_m)[:-1]])), key
        assert (np.diff(path.vertex_m) > 0).all() and path.vertex_m[0] == 0, key
        assert path.vertex_m[-1] == pytest.approx(path.total_m), key
        assert path.end and all(path.countries), key
        marks = [mark for border in path.borders for mark in (border.touch_m, border.leave_m)]
        assert marks == sorted(marks) and all(0 < mark < path.total_m for mark in marks), key


def test_the_length_is_that_of_approach_and_reaches_times_sinuosity(
    paths: dict[str, RiverPath], entries: dict[str, FacilityEntry], network: RiverNetwork
) -> None:
    for key, entry in entries.items():
        whole = entry.off_network_km
        if entry.reach_id is not None:
            assert entry.entry_km is not None
            trace = network.trace_down(network.find_index(entry.reach_id))
            known = [network.reaches[index].sinuosity for index in trace]
            factors = np.where(np.isfinite(known), known, 1.0)
            whole += float((network.length_km[trace] * factors).sum()) - entry.entry_km * factors[0]
        assert paths[key].total_m == pytest.approx(1000 * whole, abs=1.0), key


def test_the_approach_comes_first_and_only_first(paths: dict[str, RiverPath], entries: dict[str, FacilityEntry]) -> None:
    for key, path in paths.items():
        on_approach = np.flatnonzero(path.reach_ids == 0)
        assert on_approach.tolist() == list(range(len(on_approach))) and len(on_approach), key
        assert path.length_m[on_approach].sum() == pytest.approx(1000 * entries[key].off_network_km), key


def test_countries_follow_the_crossings(paths: dict[str, RiverPath]) -> None:
    expected = {
        "KZ-0001": ["KZ", "RU"], "KZ-0008": ["KZ", "RU"], "KZ-0050": ["KZ", "RU", "KZ"], "KZ-0057": ["KZ"],
        "CN-0001": ["CN", "KZ", "RU"], "KG-0011": ["KG", "UZ", "TJ", "UZ", "KZ"], "KG-0001": ["KG", "KZ"],
    }  # fmt: skip
    assert {key: list_runs(paths[key].countries) for key in expected} == expected
    for key, path in paths.items():
        for border in path.borders:
            if border.is_crossing:
                beside = (path.find_stretch(border.leave_m - 2.0), path.find_stretch(border.leave_m + 2.0))
                assert [path.countries[place] for place in beside] == [border.before, border.after], key


def test_meetings_are_in_metres_of_the_river(paths: dict[str, RiverPath]) -> None:
    (rudny,) = paths["KZ-0046"].borders  # the Tobol is 1.54 times as long as its line
    assert (rudny.touch_m, rudny.leave_m) == (pytest.approx(294e3, abs=1e3), pytest.approx(388e3, abs=1e3))
    for path in paths.values():
        for border in path.borders:
            place = [np.interp(border.touch_m, path.vertex_m, path.vertices[:, axis]) for axis in (0, 1)]
            assert np.abs(np.array(place) - border.touch).max() < 0.02


def test_reservoirs_lie_on_the_paths_that_cross_them(paths: dict[str, RiverPath]) -> None:
    crossed = {key: [dam.code for dam in path.reservoirs] for key, path in paths.items()}
    assert crossed["KZ-0004"] == ["bukhtarma", "oskemen", "shulba"]
    assert crossed["KZ-0001"] == ["shulba"], "the Ulba comes in below the dam of Oskemen"
    assert crossed["KZ-0042"] == ["karatomar"] and crossed["KZ-0046"] == [], "Rudny lies below the dam"
    assert crossed["KZ-0069"] == ["kengir"] and crossed["KZ-0068"] == []
    assert crossed["KZ-0050"] == [] and crossed["KZ-0057"] == []


def test_a_reservoir_is_cut_out_at_its_head_and_its_dam(paths: dict[str, RiverPath]) -> None:
    path = paths["KZ-0001"]
    inside = np.flatnonzero(path.reservoir_index == 0)
    assert inside.tolist() == list(range(inside[0], inside[-1] + 1))
    assert path.length_m[inside].sum() == pytest.approx(53e3)
    assert (path.reservoir_index[: inside[0]] == NO_RESERVOIR).all()
    altai = paths["KZ-0004"]  # the lake cannot begin above the mouth of the Bukhtarma, nor above the next dam
    wet = altai.reservoir_index >= 0
    assert next(altai.rivers[place].get("ru") for place in np.flatnonzero(wet)) == "Иртыш (Ертис)"
    assert list_runs(altai.reservoir_index) == [-1, 0, 1, -1, 2, -1]


def test_a_border_in_a_reservoir_is_said(paths: dict[str, RiverPath]) -> None:
    flagged = {key for key, path in paths.items() if "border_in_reservoir" in path.cautions}
    assert "KG-0011" in flagged and all(key[:2] in {"KG", "UZ", "TJ"} for key in flagged), "Shardara begins at the border"


def test_a_lake_without_a_river_is_an_end(paths: dict[str, RiverPath]) -> None:
    path = paths["KZ-0057"]
    assert (len(path), path.end, path.reach_ids.tolist()) == (1, "balkhash", [0])
    assert "no_river" in path.cautions
    assert paths["KZ-0068"].end == "lower_sarysu"


# ---- small networks


def draw(*points: tuple[float, float]) -> Any:
    return np.array(points, dtype=np.float64)


def make_fork(**changes: Any) -> RiverNetwork:
    """Two brooks of about 7 km meet and run east for 71 km along 50 degrees north."""
    first = Reach(1, 3, 7.2, 250, 0.01, names={"ru": "Малая"}, country="KZ", line=draw((70, 50), (70.1, 50)))
    second = Reach(2, 3, 11.1, 300, 0.01, country="KZ", line=draw((70.1, 50.1), (70.1, 50)))
    main = Reach(
        3, 0, 71.7, 900, 0.001, 1.5, {"ru": "Большая"}, "KZ", "salt_lake", draw((70.1, 50), (70.6, 50), (71.1, 50))
    )  # fmt: skip
    return build_network([first, second, replace(main, **changes)])


def test_a_point_runs_straight_to_the_nearest_reach() -> None:
    path = route_from_point(make_fork(), 70.05, 50.01, reservoirs=(), version="x")
    assert path.reach_ids.tolist() == [0, 1, 3]
    assert path.length_m[0] == pytest.approx(1113, abs=5)
    assert path.length_m[1] == pytest.approx(3600, abs=10)
    assert path.length_m[2] == pytest.approx(1.5 * 71.7e3)
    assert (path.end, path.cautions, path.network_version) == ("salt_lake", ("point_chosen",), "x")


def make_slope(code: int, upland: float | None = None) -> ArrayGrid:
    """Water runs south over two tenths of a degree, then as the code says; cells of 0.05 degrees from 70.4 E 50.15 N."""
    codes = np.array([[4], [4], [4], [code]], dtype=np.uint8)
    area = None if upland is None else np.array([[1.0], [2.0], [3.0], [upland]])
    return ArrayGrid(codes, 70.475, 50.175, 0.05, area)


@pytest.mark.parametrize("upland", [None, 900.0])
def test_a_point_runs_over_the_flow_directions(upland: float | None) -> None:
    path = route_from_point(make_fork(), 70.49, 50.15, reservoirs=(), version="x", grid=make_slope(0, upland))
    assert path.reach_ids.tolist() == [0, 3] and path.length_m[0] == pytest.approx(17.4e3, rel=0.01)
    assert len(path.vertices) == 7 and path.vertices[4].tolist() == pytest.approx([70.5, 50.0])


def test_water_that_ends_before_a_river_is_a_path() -> None:
    path = route_from_point(make_fork(), 70.49, 50.15, reservoirs=(), version="x", grid=make_slope(0, 4.0))
    assert path.reach_ids.tolist() == [0] and path.end == "inland_sink" and "no_river" in path.cautions


def test_a_point_on_the_river_has_no_approach() -> None:
    path = route_from_point(make_fork(), 70.6, 50.0, reservoirs=(), version="x")
    assert path.reach_ids.tolist() == [3] and path.total_m == pytest.approx(1.5 * 35.85e3, rel=1e-3)


@pytest.mark.parametrize(("lon", "lat", "code"), [(70.5, 50.3, "no_watercourse"), (10.0, -40.0, "no_watercourse")])
def test_a_point_far_from_every_river_has_no_watercourse(lon: float, lat: float, code: str) -> None:
    with pytest.raises(MissingData) as caught:
        route_from_point(make_fork(), lon, lat, reservoirs=(), version="x")
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("lon", "lat", "code"), [(float("nan"), 50.0, "not_finite"), (200.0, 50.0, "range"), (70.0, -91.0, "range")]
)
def test_what_is_no_point_is_refused(lon: float, lat: float, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        route_from_point(make_fork(), lon, lat, reservoirs=(), version="x")
    assert caught.value.code == code


@pytest.mark.parametrize("km", [-0.1, 7.3, float("nan")])
def test_a_place_beside_the_reach_is_refused(km: float) -> None:
    with pytest.raises(InvalidInput) as caught:
        route_from_reach(make_fork(), 1, km, reservoirs=(), version="x")
    assert caught.value.code == "range"


def test_the_very_end_of_the_last_reach_is_no_path() -> None:
    with pytest.raises(MissingData) as caught:
        route_from_reach(make_fork(), 3, 71.7, reservoirs=(), version="x")
    assert caught.value.code == "no_watercourse"


def test_a_network_without_lines_says_so() -> None:
    with pytest.raises(MissingData) as caught:
        route_from_reach(make_fork(line=None), 1, 0.0, reservoirs=(), version="x")
    assert caught.value.code == "line_missing"


def test_a_dam_on_another_river_is_not_on_the_path() -> None:
    own, other = make_reservoir("own", "Большая", (70.6, 50.01)), make_reservoir("other", "Чужая", (70.6, 50.01))
    assert route_from_reach(make_fork(), 1, 0.0, reservoirs=(other, own), version="x").reservoirs == (own,)
    far = make_reservoir("far", "Большая", (70.6, 50.06))
    assert route_from_reach(make_fork(), 1, 0.0, reservoirs=(far,), version="x").reservoirs == ()


def test_a_dam_above_the_entry_is_not_crossed() -> None:
    above = make_reservoir("above", "Большая", (70.59, 50.0))
    assert route_from_point(make_fork(), 70.601, 50.01, reservoirs=(above,), version="x").reservoirs == ()


def test_a_lake_does_not_reach_into_the_brook_of_another_name() -> None:
    dam = make_reservoir("dam", "Большая", (70.4, 50.0), length_m=200e3)
    path = route_from_reach(make_fork(), 1, 0.0, reservoirs=(dam,), version="x")
    assert path.reservoir_index.tolist() == [-1, 0, -1]


def test_known_meetings_are_found_by_their_points() -> None:
    known = BorderMeeting("KZ", "RU", 0.0, (70.6, 50.0), 0.0, (70.8, 50.0))
    elsewhere = BorderMeeting("KZ", "CN", 0.0, (75.0, 47.0), 0.0, (75.0, 47.0))
    path = route_from_reach(make_fork(), 1, 0.0, reservoirs=(), version="x", borders=(known, known, elsewhere))
    (border,) = path.borders
    assert border.touch_m == pytest.approx(7.2e3 + 1.5 * 35.85e3, rel=1e-3)
    assert border.leave_m == pytest.approx(7.2e3 + 1.5 * 50.19e3, rel=1e-3)
    assert list_runs(path.countries) == ["KZ", "RU"]
    below = route_from_reach(make_fork(), 3, 60.0, reservoirs=(), version="x", borders=(known,))
    assert below.borders == ()


def test_without_borders_the_countries_of_the_reaches_tell() -> None:
    path = route_from_reach(make_fork(country="RU"), 1, 0.0, reservoirs=(), version="x")
    (border,) = path.borders
    assert (border.before, border.after, border.touch_m) == ("KZ", "RU", pytest.approx(7.2e3))


def test_upstream_is_everything_that_comes_here() -> None:
    network = make_fork()
    assert network.ids[list_upstream(network, network.find_index(3))].tolist() == network.ids.tolist()
    assert network.ids[list_upstream(network, network.find_index(2))].tolist() == [2]


def test_upstream_of_the_irtysh_border_holds_ridder_but_not_rudny(
    network: RiverNetwork, entries: dict[str, FacilityEntry]
) -> None:
    ridder, rudny = entries["KZ-0001"].reach_id, entries["KZ-0046"].reach_id
    assert ridder is not None and rudny is not None
    last = int(network.trace_down(network.find_index(ridder))[-10])
    upstream = set(network.ids[list_upstream(network, last)].tolist())
    assert ridder in upstream and rudny not in upstream


@pytest.mark.parametrize(
    "change", [{"length_km": 71.8}, {"sinuosity": 1.4}, {"country": "RU"}, {"line": draw((70.1, 50), (71, 50))}]
)
def test_the_fingerprint_changes_with_what_decides_a_path(change: dict[str, Any]) -> None:
    first = network_version(make_fork())
    assert first == network_version(make_fork()) and len(first) == 12
    assert network_version(make_fork(**change)) != first
