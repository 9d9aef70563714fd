"""What is embedded: the inventory keeps every fact and source it was compiled with."""

from __future__ import annotations

import csv
import re
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
AGGREGATES = {"KZ-0045", "KZ-0047", "KG-0010", "KG-0018", "KG-0026", "UZ-0001", "TJ-0002"}
JUDGEMENT = "compilers-judgement"
PAST = {"KG-0007": ("height_m", "volume_m3"), "KG-0009": ("volume_m3",)}  # true once, not now: left out
HEDGED = re.compile(r"\b(?:about|over) ([\d.]+) (Mm3|Mt|ha|m)\b")
PRINTED_RANGE = re.compile(r"\b(\d+)-(\d+) m\b")
COLUMN_OF = {"Mm3": ("volume_m3", 1e6), "Mt": ("mass_t", 1e6), "ha": ("area_ha", 1.0), "m": ("height_m", 1.0)}
NOT_STORED = {"KZ-0035", "UZ-0001"}  # "about 5 Mt since the 1950s", reprocessed; "over 40 Mt tailings a year"
ABOUT = {
    "KZ-0034": {"start_year"},  # "plant built four years earlier"
    "KZ-0048": {"mass_t"},  # "over 70 Mt ash"
    "KZ-0054": {"start_year"},  # "ponds after 1963"
    "KZ-0076": {"mass_t"},  # "over 17 Mt"
    "KG-0010": {"volume_m3"},  # "about 2 Mm3"
    "KG-0019": {"volume_m3"},  # "over 50 Mm3, critic's figure"
    "TJ-0001": {"volume_m3", "height_m", "area_ha"},  # "about 20 Mm3", "height about 40 m", "over 90 ha"
}


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
    failed, old = by_id["KG-0009"], by_id["KG-0007"]
    assert failed.volume_m3 is failed.design_capacity_m3 is old.volume_m3 is old.design_capacity_m3 is old.height_m is None
    assert "1.2 Mm3" in failed.note and "CSP2" in failed.note, "what was there once is told in the note, with its source"
    assert "110 500 m3" in old.note and "9 m" in old.note and "documents.pub" in old.note
    assert (by_id["KG-0017"].volume_m3, by_id["KG-0017"].design_capacity_m3) == (2.592e6, 2.6e6)
    assert sum(row.volume_m3 is not None for row in inventory) == 5


def test_masses_are_those_that_a_source_says_are_stored(inventory: list[InventoryRow]) -> None:
    masses = {row.id: row.mass_t for row in inventory if row.mass_t is not None}
    assert masses == {"KZ-0048": 70e6, "KZ-0055": 105e6, "KZ-0076": 17e6, "KG-0016": 3_923_900.0, "TJ-0001": 36e6}


def test_what_a_source_hedges_is_marked(inventory: list[InventoryRow]) -> None:
    assert {row.id: set(row.about_fields) for row in inventory if row.about_fields} == ABOUT
    assert {row.id: row.ranges for row in inventory if row.ranges} == {
        "KZ-0027": (("height_m", 15.0, 16.0),),
        "UZ-0004": (("height_m", 13.0, 15.0),),
    }


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
    kinds = {"press", "company", "authority", "encyclopaedia", "dataset", "study", "own_knowledge", "judgement", "hearing"}
    assert all(entry["kind"] in kinds and entry["accessed"] == "2026-11" for entry in sources.values())
    valued = {name for row in inventory for name, _ in row.value_sources}
    assert valued <= set(InventoryRow.__slots__)


def test_every_value_names_its_source(inventory: list[InventoryRow]) -> None:
    measured = ("height_m", "volume_m3", "design_capacity_m3", "mass_t", "area_ha", "start_year")
    for row in inventory:
        have = {name for name in measured if getattr(row, name) is not None}
        have |= {"layout"} if row.layout != "unknown" else set()
        have |= {"status"} if row.status == "planned" else set()
        assert {name for name, _ in row.value_sources} == have, row.id
        assert bool(row.coord_source_id) == (row.lon is not None), row.id


def test_sources_of_facts_are_not_those_of_the_point_or_of_our_judgement(
    inventory: list[InventoryRow], sources: dict[str, dict]
) -> None:
    assert sources[JUDGEMENT]["citation"] == "Boget compilers' judgement, November 2026"
    for row in inventory:
        assert not {JUDGEMENT, "geonames", "icmm-global-mining-dataset-september-2025-v1"} & set(row.fact_source_ids), row.id
    by_id = {row.id: row for row in inventory}
    assert all(by_id[code].find_sources("status") == (JUDGEMENT,) for code in PLANNED)
    assert by_id["TJ-0001"].fact_source_ids == ("istc-int-degmay-project", "germany-forum-ru", "nei-magazine-nov-2023")
    assert by_id["KZ-0009"].fact_source_ids == ("flashpress-kz-178650", "bezrao-ru-n-3706"), "own knowledge gives the layout"


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
        height, volume = ("" if name in PAST.get(row.id, ()) else old[name] for name in ("height_m", "volume_m3"))
        texts = (old["lon"], old["lat"], height, old["area_ha"], old["year_started"])
        assert numbers == tuple(float(text) if text else None for text in texts), row.id
        volumes = {row.volume_m3, row.design_capacity_m3} - {None}
        read = {2.6e6} if row.id == "KG-0017" else set()
        assert volumes == ({float(volume)} if volume else set()) | read


@pytest.mark.shared
def test_no_hedge_or_range_of_a_source_is_lost(inventory: list[InventoryRow], compiled: list[dict[str, str]]) -> None:
    for row, old in zip(inventory, compiled, strict=True):
        for number, unit in HEDGED.findall(old["source"]) if row.id not in NOT_STORED else ():
            column, factor = COLUMN_OF[unit]
            assert getattr(row, column) == float(number) * factor and column in row.about_fields, (row.id, number, unit)
        for low, high in PRINTED_RANGE.findall(old["source"]):
            assert row.find_range("height_m") == (float(low), float(high)), row.id


@pytest.mark.shared
def test_no_word_of_a_source_is_lost(
    inventory: list[InventoryRow], compiled: list[dict[str, str]], sources: dict[str, dict]
) -> None:
    for row, old in zip(inventory, compiled, strict=True):
        cited = [text for entry in sources.values() for facility, text, *_use in entry["cited"] if facility == row.id]
        rest = old["source"]
        for text in sorted(cited, key=len, reverse=True):
            assert text in rest, (row.id, text)
            rest = rest.replace(text, "", 1)
        assert rest.strip(" ;") == "", (row.id, rest)
