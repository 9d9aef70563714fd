"""The hydrology tables: what is embedded, and that a fault is named by file, row and column."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from boget.science.errors import InvalidInput, MissingData
from boget.science.io.hydrology import COLUMNS, read_hydrology
from boget.science.river.hydrology_records import Hydrology

FOLDER = Path(__file__).resolve().parents[3] / "src" / "boget" / "data" / "kz" / "hydrology"
Change = Callable[[str, int, str, str], Path]


@pytest.fixture(scope="module")
def hydrology() -> Hydrology:
    return read_hydrology(FOLDER)


@pytest.fixture
def change(tmp_path: Path) -> Change:
    """Write one cell of a copy of the tables; rows count as in a spreadsheet."""

    def write(name: str, number: int, column: str, value: str) -> Path:
        folder = tmp_path / "hydrology"
        shutil.copytree(FOLDER, folder)
        path = folder / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        rows[number - 2][column] = value
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return folder

    return write


def test_what_is_embedded(hydrology: Hydrology) -> None:
    assert len(hydrology.gauges) == 129 and len(hydrology.regimes) == 26
    assert len(hydrology.reservoirs) == 28 and [dam.code for dam in hydrology.side_reservoirs] == ["koksaray"]
    assert len(hydrology.intakes) == 51 and len(hydrology.crossings) == 25
    shulba = next(dam for dam in hydrology.reservoirs if dam.code == "shulbinsk")
    assert (shulba.volume_m3, shulba.length_m, shulba.throughflow_m3s) == (2.39e9, 53_000.0, 922.0)
    assert all(set(dam.names) == {"ru", "kk", "en"} for dam in hydrology.reservoirs)
    assert all(gauge.source for gauge in hydrology.gauges)
    assert {gauge.zone for gauge in hydrology.gauges if gauge.code.startswith("own-")} == {
        "irtysh_main",
        "tobol_lower",
        "ob_upper",
        "sarysu_main",
        "talas_main",
    }
    assert hydrology.version == read_hydrology(FOLDER).version and len(hydrology.version) == 12


@pytest.mark.shared
def test_facts_equal_the_compiled_tables(shared: Path, hydrology: Hydrology) -> None:
    with (shared / "data" / "hydrology" / "gauges.csv").open(encoding="utf-8", newline="") as stream:
        compiled = list(csv.DictReader(stream))
    ours = [gauge for gauge in hydrology.gauges if not gauge.code.startswith("own-")]
    assert len(ours) == len(compiled)
    for gauge, row in zip(ours, compiled, strict=True):
        assert gauge.name == row["post_ru"]
        assert gauge.discharge_m3s == (float(row["mean_discharge_m3s"]) if row["mean_discharge_m3s"] else None)
        assert (gauge.longitude, gauge.latitude) == (float(row["lon"]), float(row["lat"]))


@pytest.mark.parametrize(
    ("name", "number", "column", "value", "code"),
    [
        ("gauges", 5, "mean_discharge_m3s", "много", "not_a_number"),
        ("gauges", 6, "mean_discharge_m3s", "0", "not_positive"),
        ("gauges", 7, "mean_discharge_m3s", "nan", "not_finite"),
        ("gauges", 8, "lat", "95", "range"),
        ("gauges", 9, "confidence", "sure", "unknown_choice"),
        ("gauges", 4, "code", "grdc-2311109", "repeated"),
        ("specific_runoff", 3, "source", "", "empty"),
        ("regime", 3, "month", "1", "regime_months"),
        ("regime", 6, "ratio", "9", "range"),
        ("river_rules", 20, "regime", "no_such", "unknown_choice"),
        ("reservoirs", 4, "is_on_river", "perhaps", "unknown_choice"),
        ("velocities", 3, "speed_ms", "fast", "not_a_number"),
    ],
)
def test_faults_name_file_row_and_column(change: Change, *, name: str, number: int, column: str, value: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_hydrology(change(name, number, column, value))
    assert caught.value.code == code
    assert caught.value.where.startswith(f"{name}.csv, row ") and caught.value.where.endswith(column)
    if code not in {"regime_months", "range"} or name == "gauges":
        assert f"row {number}," in caught.value.where


def test_missing_file_and_column(tmp_path: Path) -> None:
    folder = tmp_path / "hydrology"
    shutil.copytree(FOLDER, folder)
    (folder / "intakes.csv").write_text("code,name\n", encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        read_hydrology(folder)
    assert (caught.value.code, caught.value.where) == ("missing_column", "intakes.csv")
    (folder / "intakes.csv").unlink()
    with pytest.raises(MissingData) as missing:
        read_hydrology(folder)
    assert missing.value.code == "file_missing" and missing.value.value == "intakes.csv"


def test_tables_have_no_other_place_in_them() -> None:
    for name in COLUMNS:
        text = (FOLDER / f"{name}.csv").read_text(encoding="utf-8")
        assert "../" not in text and "shared network" not in text
