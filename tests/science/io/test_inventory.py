"""The reader of the inventory: typed rows, and every fault with its row, column and rule."""

from __future__ import annotations

import csv
import io

import pytest

from boget.science.io.inventory import COLUMNS, read_inventory

SOUND = dict.fromkeys(COLUMNS, "") | {
    "id": "KZ-0901",
    "country": "KZ",
    "record_kind": "single",
    "name_en": "Example",
    "facility_type": "tailings",
    "lon": "83.5",
    "lat": "50.3",
    "coord_precision": "town",
    "coord_radius_m": "15000",
    "coord_source_id": "geonames",
    "status": "active",
    "layout": "valley",
    "height_m": "30",
    "start_year": "1979",
    "region": "KZ-63",
    "basin": "yertis",
    "is_radioactive": "unknown",
    "about_fields": "height_m",
    "ranges": "height_m=28:30",
    "source_ids": "press-a;press-b;geonames",
    "fact_source_ids": "press-a;press-b",
    "value_source_ids": "height_m=geonames",
    "confidence": "medium",
    "former_names": "Old; Older ;",
}


def write_table(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> io.StringIO:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    stream.seek(0)
    return stream


def test_sound_row_becomes_typed_values() -> None:
    rows, errors = read_inventory(write_table(SOUND))
    assert errors == []
    row = rows[0]
    assert (row.lon, row.lat, row.height_m, row.start_year) == (83.5, 50.3, 30.0, 1979)
    assert row.volume_m3 is None and row.area_ha is None, "an empty cell is unknown, not zero"
    assert row.former_names == ("Old", "Older")
    assert row.find_sources("height_m") == ("geonames",)
    assert row.find_sources("status") == ("press-a", "press-b"), "no source of its own: all that speak of the facility"
    assert row.about_fields == ("height_m",)
    assert (row.find_range("height_m"), row.find_range("volume_m3")) == ((28.0, 30.0), None)


@pytest.mark.parametrize(
    ("column", "text", "rule"),
    [
        ("id", "KZ-1", "id_form"),
        ("id", "", "required"),
        ("name_en", "", "required"),
        ("status", "sleeping", "choice"),
        ("layout", "", "choice"),
        ("height_m", "thirty", "not_a_number"),
        ("height_m", "nan", "not_a_number"),
        ("height_m", "-3", "range"),
        ("volume_m3", "1e99", "range"),
        ("start_year", "1979.5", "not_a_number"),
        ("lat", "91", "range"),
        ("lat", "", "half_a_position"),
        ("coord_precision", "unknown", "precision_without_position"),
        ("country", "KG", "country_of_id"),
        ("includes_ids", "KZ-0902", "single_includes"),
        ("region", "Ridder", "region_form"),
        ("coord_source_id", "elsewhere", "source_not_listed"),
        ("value_source_ids", "height_m=elsewhere", "source_not_listed"),
        ("value_source_ids", "height_m", "pair_form"),
        ("fact_source_ids", "elsewhere", "source_not_listed"),
        ("fact_source_ids", "", "required"),
        ("mass_t", "-1", "range"),
        ("about_fields", "volume_m3", "no_such_amount"),
        ("about_fields", "lon", "no_such_amount"),
        ("ranges", "height_m=28", "range_form"),
        ("ranges", "height_m=28:", "range_form"),
        ("ranges", "height_m=28:29:30", "range_form"),
        ("ranges", "height_m=low:30", "range_form"),
        ("ranges", "volume_m3=1:2", "no_such_amount"),
        ("ranges", "height_m=20:29", "range_order"),
    ],
)
def test_each_fault_names_row_column_and_rule(column: str, text: str, rule: str) -> None:
    rows, errors = read_inventory(write_table(SOUND | {"id": "KZ-0900"}, SOUND | {column: text}))
    assert [row.id for row in rows] == ["KZ-0900"], "the sound row is given, the faulty one is not"
    assert ("facilities", 3, column, text, rule) in [(e.sheet, e.row, e.column, e.value, e.rule) for e in errors]


def test_several_faults_of_a_row_are_all_told() -> None:
    _, errors = read_inventory(write_table(SOUND | {"status": "x", "height_m": "y"}))
    assert {error.column for error in errors} == {"status", "height_m"}


def test_repeated_id_is_refused_once() -> None:
    rows, errors = read_inventory(write_table(SOUND, SOUND))
    assert len(rows) == 1 and [(error.row, error.rule) for error in errors] == [(3, "repeated")]


def test_missing_column_is_told_before_any_row() -> None:
    columns = tuple(name for name in COLUMNS if name != "status")
    rows, errors = read_inventory(write_table(SOUND, columns=columns))
    assert rows == [] and [(error.column, error.rule) for error in errors] == [("status", "missing_column")]


def test_file_with_byte_order_mark_is_read(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "facilities.csv"
    path.write_text(write_table(SOUND).getvalue(), encoding="utf-8-sig")
    rows, errors = read_inventory(path)
    assert errors == [] and rows[0].id == "KZ-0901"
