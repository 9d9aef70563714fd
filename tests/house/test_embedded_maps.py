"""What the map stands on: basemap, administrative units, places and the spill paths, all read back."""

from __future__ import annotations

import csv
import json
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyproj import Geod
from shapely.geometry import Point, shape
from shapely.ops import unary_union

from boget.science.io.inventory import read_inventory
from boget.science.io.spillpaths import read_facility_entries, read_path_ends, read_spill_paths
from boget.science.river.entries import FacilityEntry
from boget.science.river.network import END, RiverNetwork, find_breaks
from tests.house.pmtiles_archive import Archive, find_tile

DATA = Path(str(resources.files("boget"))) / "data"
KZ = DATA / "kz"
LANGUAGES = ("ru", "kk", "en")
LAYERS = {"countries", "country_label", "adm1", "adm1_label", "border", "rivers", "lakes", "places"}
LENGTH_TOLERANCE = 0.12
"""Generalising by a third of a cell shortens a reach of one or two cells by so much, a long one by under 2 %."""


@pytest.fixture(scope="module")
def archive() -> Archive:
    return Archive(KZ / "map" / "basemap.pmtiles")


@pytest.fixture(scope="module")
def units() -> list[dict[str, Any]]:
    return json.loads((KZ / "admin.geojson").read_text(encoding="utf-8"))["features"]


@pytest.fixture(scope="module")
def paths() -> RiverNetwork:
    return read_spill_paths(KZ / "spill_paths.csv")


@pytest.fixture(scope="module")
def entries() -> dict[str, FacilityEntry]:
    return read_facility_entries(KZ / "facility_reach.csv")


def read_names(archive: Archive, layer: str, *tile: int) -> list[dict[str, Any]]:
    return [feature["properties"] for feature in archive.read_tile(*tile).get(layer, {"features": []})["features"]]


# ---- sizes and licences


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("map/basemap.pmtiles", 3_000_000),
        ("admin.geojson", 600_000),
        ("places.csv", 200_000),
        ("spill_paths.csv", 600_000),
        ("facilities.csv", 200_000),
    ],
)
def test_embedded_files_stay_small(name: str, limit: int) -> None:
    assert (KZ / name).stat().st_size <= limit


def test_every_layer_states_origin_licence_and_files(archive: Archive) -> None:
    layers = tomllib.loads((DATA / "SOURCES.toml").read_text(encoding="utf-8"))["layer"]
    for layer in layers.values():
        assert layer["origin"] and layer["version"] and layer["licence"] and layer["derived"]
        assert all((DATA / file).exists() for file in layer["files"])
    assert {name for layer in layers.values() for name in layer["tile_layers"]} == LAYERS
    attribution = archive.read_metadata()["attribution"]
    assert all(word in attribution for word in ("OpenStreetMap", "GeoNames", "Natural Earth"))


# ---- basemap


def test_basemap_header_and_layers(archive: Archive) -> None:
    assert (archive.magic, archive.version) == (b"PMTiles", 3)
    assert (archive.kind, archive.minimum_zoom, archive.maximum_zoom) == (1, 0, 9)
    metadata = archive.read_metadata()
    assert {layer["id"] for layer in metadata["vector_layers"]} == LAYERS
    assert "generator_options" not in metadata, "a path of the building machine would stand there"


def test_every_tile_lies_inside_the_archive(archive: Archive) -> None:
    entries = archive.read_entries()
    assert len(entries) > 1000
    assert max(entry.offset + entry.length for entry in entries) == archive.places[7]
    assert all(entry.length and entry.run for entry in entries)


def test_ridder_tile_has_town_river_and_unit_in_three_languages(archive: Archive) -> None:
    tile = find_tile(9, 83.516, 50.345)
    places = read_names(archive, "places", *tile)
    ridder = next(place for place in places if place["name_en"] == "Ridder")
    assert (ridder["name_ru"], ridder["name_kk"], ridder["rank"]) == ("Риддер", "Риддер", 3)
    assert {"Үлбі"} <= {river.get("name_kk") for river in read_names(archive, "rivers", *tile)}
    assert {unit["iso"] for unit in read_names(archive, "adm1", *tile)} == {"KZ-63"}


def test_smallest_zoom_shows_the_country_and_its_neighbours(archive: Archive) -> None:
    codes = {country["iso"] for country in read_names(archive, "countries", 0, 0, 0)}
    assert {"KZ", "RU", "CN", "KG", "UZ", "TM"} <= codes


def test_border_knows_each_neighbour(archive: Archive) -> None:
    borders = read_names(archive, "border", *find_tile(4, 68.0, 48.0)) + read_names(archive, "border", 2, 2, 1)
    assert {line["neighbour"] for line in borders if line["kind"] == "state"} == {"RU", "CN", "KG", "UZ", "TM"}


def test_labels_of_units_and_lakes_are_complete(archive: Archive) -> None:
    tiles = [(5, column, row) for column in range(20, 25) for row in range(9, 13)]
    labels = [label for tile in tiles for label in read_names(archive, "adm1_label", *tile)]
    assert {label["iso"] for label in labels} == {unit["code"] for unit in read_regions()}
    assert all(label[f"name_{code}"] for label in labels for code in LANGUAGES)
    lakes = [lake for tile in tiles for lake in read_names(archive, "lakes", *tile)]
    assert {"Балқаш көлі", "Теңіз көлі", "Кіші Арал теңізі"} <= {lake.get("name_kk") for lake in lakes}


# ---- units and places


def read_regions() -> list[dict[str, str]]:
    with (KZ / "regions.csv").open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["country"] == "KZ"]


def test_twenty_units_make_up_the_country(units: list[dict[str, Any]]) -> None:
    regions = [unit for unit in units if unit["properties"]["level"] == 1]
    assert {unit["properties"]["iso"] for unit in regions} == {row["code"] for row in read_regions()}
    country = next(unit for unit in units if unit["properties"] == unit["properties"] | {"level": 0, "iso": "KZ"})
    whole, parts = shape(country["geometry"]), [shape(unit["geometry"]) for unit in regions]
    assert unary_union(parts).symmetric_difference(whole).area < 0.002 * whole.area
    assert sum(part.area for part in parts) == pytest.approx(whole.area, rel=0.002), "no gap and no overlap"
    area_km2 = abs(sum(Geod(ellps="WGS84").geometry_area_perimeter(part)[0] for part in parts)) / 1e6
    assert area_km2 == pytest.approx(2_724_902, rel=0.003), "the official area"


def test_points_of_the_inventory_lie_in_their_unit(units: list[dict[str, Any]]) -> None:
    shapes = {unit["properties"]["iso"]: shape(unit["geometry"]) for unit in units}
    rows, _ = read_inventory(KZ / "facilities.csv")
    placed = [row for row in rows if row.lon is not None and row.lat is not None]
    for row in placed:
        where = shapes[row.region if row.country == "KZ" else row.country]
        assert where.distance(Point(row.lon, row.lat)) < 0.01, row.id
        assert (row.country == "KZ") == shapes["KZ"].contains(Point(row.lon, row.lat)), row.id


def test_places_have_names_a_region_and_former_names() -> None:
    with (KZ / "places.csv").open(encoding="utf-8", newline="") as stream:
        places = list(csv.DictReader(stream))
    home = [place for place in places if place["country"] == "KZ"]
    assert len(home) > 300 and len({place["id"] for place in places}) == len(places)
    assert all(place[f"name_{code}"] for place in places for code in LANGUAGES)
    assert all(any("Ѐ" <= char <= "ӿ" for char in place["name_ru"]) for place in places)
    codes = {row["code"] for row in read_regions()}
    assert sum(place["region"] in codes for place in home) >= len(home) - 3, "a few lie just outside the coarse coast"
    former = {place["name_ru"]: place["other_names"] for place in home}
    assert "Лениногорск" in former["Риддер"] and "Чимкент" in former["Шымкент"] and "Зыряновск" in former["Алтай"]


# ---- spill paths


def test_spill_paths_follow_each_other(paths: RiverNetwork) -> None:
    assert 700 <= len(paths) <= 900
    assert all(after == END or after > index for index, after in enumerate(paths.next_index))
    assert find_breaks(paths, 0.005) == []


def test_file_itself_is_in_the_order_of_the_flow() -> None:
    with (KZ / "spill_paths.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    place = {row["id"]: number for number, row in enumerate(rows)}
    assert all(row["next"] == "0" or place[row["next"]] > number for number, row in enumerate(rows))


def test_distance_to_the_end_equals_the_sum_of_lengths(paths: RiverNetwork) -> None:
    with (KZ / "spill_paths.csv").open(encoding="utf-8", newline="") as stream:
        written = {int(row["id"]): float(row["dist_down_km"]) for row in csv.DictReader(stream)}
    told = np.array([written[int(reach)] for reach in paths.ids])
    assert np.max(np.abs(told - paths.dist_down_km)) < 1.0, "rounding of some hundred reaches"


def test_lengths_agree_with_the_lines(paths: RiverNetwork) -> None:
    drawn = []
    for reach in paths.reaches:
        assert reach.line is not None
        line = np.vstack([reach.line, reach.line[-1:]])
        drawn.append(Geod(ellps="WGS84").line_length(line[:, 0], line[:, 1]) / 1000)
    told = paths.length_km
    error = np.abs(np.array(drawn) - told)
    assert np.all(error <= np.maximum(0.3, LENGTH_TOLERANCE * told))
    assert sum(drawn) == pytest.approx(float(told.sum()), rel=0.02)


def test_catchments_grow_downstream(paths: RiverNetwork) -> None:
    followed = paths.next_index != END
    after = paths.upland_km2[paths.next_index[followed]]
    assert np.all(after >= paths.upland_km2[followed])


def test_every_path_ends_at_a_named_end(paths: RiverNetwork, entries: dict[str, FacilityEntry]) -> None:
    ends = read_path_ends(KZ / "spill_ends.csv")
    for reach, after in zip(paths.reaches, paths.next_index, strict=True):
        assert (reach.terminal in ends) == (after == END), reach.id
    assert {entry.end for entry in entries.values() if entry.reach_id is None} == {"balkhash", "issyk_kul"}
    assert all(end.names[code] for end in ends.values() for code in LANGUAGES)


def test_named_reaches_have_all_three_names(paths: RiverNetwork) -> None:
    assert all(len(reach.names) in (0, 3) for reach in paths.reaches)
    assert sum(bool(reach.names) for reach in paths.reaches) > 600
    assert {reach.country for reach in paths.reaches} == {"KZ", "RU", "CN", "UZ", "KG", "TJ", ""}
    assert [reach.terminal for reach in paths.reaches if not reach.country] == ["caspian_sea"], "the sea is no country"


def test_every_placed_facility_has_an_entry_with_a_caution(paths: RiverNetwork, entries: dict[str, FacilityEntry]) -> None:
    rows, _ = read_inventory(KZ / "facilities.csv")
    placed = {row.id: row for row in rows if row.lon is not None}
    assert set(entries) == set(placed)
    for key, entry in entries.items():
        assert f"point_{placed[key].coord_precision}" in entry.cautions, "no point is a surveyed toe"
        assert np.allclose(entry.line[0], (placed[key].lon, placed[key].lat), atol=0.0006)
        if entry.reach_id is not None and entry.entry_km is not None:
            index = paths.find_index(entry.reach_id)
            assert 0 <= entry.entry_km <= paths.length_km[index] + 0.1
        assert ("long_approach" in entry.cautions) == (entry.off_network_km > 10)


@pytest.mark.parametrize(
    ("facility", "rivers", "end"),
    [
        ("KZ-0001", ["Ульба", "Иртыш (Ертис)"], "beyond_network"),
        ("KZ-0049", ["Орь", "Урал (Жайык)"], "caspian_sea"),
        ("KZ-0061", ["Нура"], "tengiz"),
        ("KZ-0068", ["Кенгир", "Сарысу"], "lower_sarysu"),
        ("KZ-0046", ["Тобол (Тобыл)"], "beyond_network"),
        ("KZ-0072", ["Карашик", "Бугунь", "Сырдарья"], "small_aral"),
        ("KG-0019", ["Нарын", "Сырдарья"], "small_aral"),
        ("CN-0001", ["Чёрный Иртыш (Кара Ертис)", "Иртыш (Ертис)"], "beyond_network"),
    ],
)
def test_known_chains(
    paths: RiverNetwork, entries: dict[str, FacilityEntry], facility: str, rivers: list[str], end: str
) -> None:
    reach_id = entries[facility].reach_id
    assert reach_id is not None
    path = [paths.reaches[index] for index in paths.trace_down(paths.find_index(reach_id))]
    names = list(dict.fromkeys(reach.names["ru"] for reach in path if reach.names))
    assert (names, path[-1].terminal) == (rivers, end)
