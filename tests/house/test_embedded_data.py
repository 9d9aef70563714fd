"""What is embedded: the inventory keeps every fact and source it was compiled with."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from importlib import resources
from pathlib import Path

import pytest

from boget.science.io.inventory import InventoryRow, read_inventory

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
DATA = Path(str(resources.files("boget"))) / "data"
KZ = DATA / "kz"
PLANNED = {"KZ-0020", "KZ-0074", "KZ-0080"}
AGGREGATES = {"KG-0010", "KG-0018"}


@pytest.fixture(scope="module")
def inventory() -> list[InventoryRow]:
    rows, errors = read_inventory(KZ / "facilities.csv")
    assert errors == []
    return rows


@pytest.fixture(scope="module")
def compiled() -> list[dict[str, str]]:
    table = SHARED / "data" / "kz_tsf.csv"
    if not table.exists():
        pytest.skip(f"the reference folder {SHARED.name} is not beside this checkout")
    with table.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def sources() -> dict[str, dict]:
    return tomllib.loads((DATA / "SOURCES.toml").read_text(encoding="utf-8"))["source"]


def read_table(name: str) -> list[dict[str, str]]:
    with (KZ / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_rows_per_country_and_running_ids(inventory: list[InventoryRow]) -> None:
    assert Counter(row.country for row in inventory) == {"KZ": 82, "KG": 26, "UZ": 4, "TJ": 4, "CN": 3}
    for country, count in Counter(row.country for row in inventory).items():
        ids = [row.id for row in inventory if row.country == country]
        assert ids == [f"{country}-{number:04d}" for number in range(1, count + 1)]


def test_planned_and_aggregate_rows_are_marked(inventory: list[InventoryRow]) -> None:
    assert {row.id for row in inventory if row.status == "planned"} == PLANNED
    assert {row.id for row in inventory if row.record_kind == "aggregate"} == AGGREGATES
    known = {row.id for row in inventory}
    assert all(set(row.includes_ids) <= known for row in inventory)


def test_design_and_former_volumes_are_not_present_fill(inventory: list[InventoryRow]) -> None:
    by_id = {row.id: row for row in inventory}
    assert (by_id["KZ-0038"].volume_m3, by_id["KZ-0038"].design_capacity_m3) == (None, 80e6)
    assert (by_id["KG-0022"].volume_m3, by_id["KG-0022"].design_capacity_m3) == (None, 15e6)
    assert (by_id["KG-0009"].volume_m3, by_id["KG-0009"].historic_volume_m3) == (None, 1.2e6)
    assert sum(row.volume_m3 is not None for row in inventory) == 6


def test_radius_follows_precision_and_no_point_is_surveyed(inventory: list[InventoryRow]) -> None:
    radius = {"site": 5000.0, "mine": 10000.0, "town": 15000.0, "unknown": None}
    assert all(row.coord_radius_m == radius[row.coord_precision] for row in inventory)
    assert sum(row.lon is None for row in inventory) == 16


def test_every_code_has_names_in_three_languages(inventory: list[InventoryRow]) -> None:
    for table, used in (("regions.csv", "region"), ("basins.csv", "basin")):
        rows = read_table(table)
        assert {getattr(row, used) for row in inventory} <= {row["code"] for row in rows}
        assert all(row[f"name_{language}"] for row in rows for language in ("en", "ru", "kk"))
    national = [row for row in read_table("regions.csv") if row["country"] == "KZ"]
    assert len(national) == 20 and all(row["code"] == f"KZ-{row['kato2']}" for row in national)
    assert sum(row["is_water_management_basin"] == "yes" for row in read_table("basins.csv")) == 8


def test_kazakh_names_are_ours_and_written_in_kazakh(inventory: list[InventoryRow]) -> None:
    named = [row for row in inventory if row.name_kk]
    assert len(named) > 60 and all(row.name_kk_status == "own" for row in named)
    assert all(set(row.name_kk) & set("әғқңөұүһіӘҒҚҢӨҰҮІ") for row in named)


def test_every_source_is_listed_and_used(inventory: list[InventoryRow], sources: dict[str, dict]) -> None:
    assert {source for row in inventory for source in row.source_ids} == set(sources)
    kinds = {"press", "company", "authority", "encyclopaedia", "dataset", "study", "own_knowledge", "hearing"}
    assert all(entry["kind"] in kinds and entry["accessed"] == "2026-11" for entry in sources.values())
    valued = {name for row in inventory for name, _ in row.value_sources}
    assert valued <= set(InventoryRow.__slots__)


def test_every_value_names_its_source(inventory: list[InventoryRow]) -> None:
    measured = ("height_m", "volume_m3", "historic_volume_m3", "design_capacity_m3", "area_ha", "start_year")
    for row in inventory:
        have = {name for name in measured if getattr(row, name) is not None}
        have |= {"layout"} if row.layout != "unknown" else set()
        assert {name for name, _ in row.value_sources} == have, row.id
        assert bool(row.coord_source_id) == (row.lon is not None), row.id


@pytest.mark.shared
def test_facts_equal_the_compiled_table(inventory: list[InventoryRow], compiled: list[dict[str, str]]) -> None:
    assert len(inventory) == len(compiled)
    same = (
        "country",
        "name_en",
        "name_ru",
        "operator",
        "commodity",
        "coord_precision",
        "toxic_components",
        "confidence",
    )
    for row, old in zip(inventory, compiled, strict=True):
        assert all(getattr(row, name) == old[name] for name in same), row.id
        assert (row.basin_note, row.watercourse) == (old["river_basin"], old["nearest_watercourse"])
        assert row.status == ("planned" if row.id in PLANNED else old["status"])
        assert row.layout == old["construction"]
        numbers = (row.lon, row.lat, row.height_m, row.area_ha, row.start_year)
        texts = (old["lon"], old["lat"], old["height_m"], old["area_ha"], old["year_started"])
        assert numbers == tuple(float(text) if text else None for text in texts), row.id
        volumes = {row.volume_m3, row.design_capacity_m3, row.historic_volume_m3} - {None}
        assert volumes == ({float(old["volume_m3"])} if old["volume_m3"] else set())


@pytest.mark.shared
def test_no_word_of_a_source_is_lost(
    inventory: list[InventoryRow], compiled: list[dict[str, str]], sources: dict[str, dict]
) -> None:
    for row, old in zip(inventory, compiled, strict=True):
        cited = [text for entry in sources.values() for facility, text in entry["cited"] if facility == row.id]
        rest = old["source"]
        for text in sorted(cited, key=len, reverse=True):
            assert text in rest, (row.id, text)
            rest = rest.replace(text, "", 1)
        assert rest.strip(" ;") == "", (row.id, rest)
