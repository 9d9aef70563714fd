"""Read the inventory of facilities (`facilities.csv`) into typed rows; every fault comes with its row number.

The reader never guesses: a row with a fault is left out and reported, all other rows are given.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from boget.science.io.rows import RowError

SHEET = "facilities"
ID_FORM = re.compile(r"[A-Z]{2}-\d{4}")
REGION_FORM = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")

CHOICES: dict[str, frozenset[str]] = {
    "record_kind": frozenset({"single", "aggregate"}),
    "facility_type": frozenset(
        ["tailings", "sludge", "ash", "settling", "evaporation", "heap_leach", "phosphogypsum", "mine_water", "unknown"]
    ),
    "coord_precision": frozenset(["surveyed", "site", "mine", "town", "unknown"]),
    "status": frozenset(
        [
            "active",
            "inactive",
            "temporarily_closed",
            "neglected",
            "closed",
            "closed_rehabilitated",
            "abandoned",
            "reprocessing",
            "planned",
            "unknown",
        ]
    ),
    "layout": frozenset(["valley", "ring", "sidehill", "pit", "unknown"]),
    "is_radioactive": frozenset({"yes", "no", "unknown"}),
    "confidence": frozenset({"high", "medium", "low"}),
    "name_kk_status": frozenset({"", "own", "official"}),
}
RANGES: dict[str, tuple[float, float]] = {
    "lon": (-180.0, 180.0),
    "lat": (-90.0, 90.0),
    "coord_radius_m": (0.0, 100_000.0),
    "height_m": (0.0, 500.0),
    "volume_m3": (0.0, 1e10),
    "design_capacity_m3": (0.0, 1e10),
    "mass_t": (0.0, 4e10),
    "area_ha": (0.0, 1e6),
    "start_year": (1700.0, 2100.0),
}
PLACE = ("lon", "lat", "coord_radius_m")
AMOUNTS = tuple(name for name in RANGES if name not in PLACE)
REQUIRED = ("id", "country", "name_en", "region", "basin", "source_ids", "fact_source_ids")


@dataclass(frozen=True, slots=True)
class InventoryRow:
    """One facility as compiled. `None` or an empty text means unknown, never zero and never "no".

    Lengths in m, volumes in m3, mass in t, area in ha, `lon`/`lat` in degrees (EPSG:4326). `coord_radius_m` is how far
    the object may lie from the point. `design_capacity_m3` may be there one day and is no present fill; what was there
    once is told in the `note`, because the register has no field for it. `about_fields`: the source said "about" or
    "over". `ranges`: column, lower and upper end as the source prints them, in the unit of the column. `value_sources`
    names the source of single values, `fact_source_ids` those of everything else that is said of the facility,
    `source_ids` all, those of the point too.
    """

    id: str
    country: str
    record_kind: str
    includes_ids: tuple[str, ...]
    name_en: str
    name_ru: str
    name_kk: str
    name_kk_status: str
    former_names: tuple[str, ...]
    operator: str
    commodity: str
    facility_type: str
    lon: float | None
    lat: float | None
    coord_precision: str
    coord_radius_m: float | None
    coord_source_id: str
    coord_note: str
    status: str
    layout: str
    height_m: float | None
    volume_m3: float | None
    design_capacity_m3: float | None
    mass_t: float | None
    area_ha: float | None
    start_year: int | None
    about_fields: tuple[str, ...]
    ranges: tuple[tuple[str, float, float], ...]
    region: str
    basin: str
    basin_note: str
    watercourse: str
    toxic_components: str
    is_radioactive: str
    source_ids: tuple[str, ...]
    fact_source_ids: tuple[str, ...]
    value_sources: tuple[tuple[str, str], ...]
    confidence: str
    note: str

    def find_sources(self, field: str) -> tuple[str, ...]:
        """Ids of the sources of one value: its own, else all that speak of the facility."""
        own = dict(self.value_sources).get(field)
        return (own,) if own else self.fact_source_ids

    def find_range(self, field: str) -> tuple[float, float] | None:
        """Lower and upper end that the source prints for a value, in the unit of its column."""
        return next(((low, high) for name, low, high in self.ranges if name == field), None)


def split_list(text: str) -> tuple[str, ...]:
    """Cut a cell at its semicolons; empty parts fall away."""
    return tuple(part.strip() for part in text.split(";") if part.strip())


def split_pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Cut `field=source;field=source`; a part without "=" raises ValueError."""
    pairs = []
    for part in split_list(text):
        name, sign, value = part.partition("=")
        if not (sign and name and value):
            raise ValueError(part)
        pairs.append((name.strip(), value.strip()))
    return tuple(pairs)


def split_ranges(text: str) -> tuple[tuple[str, float, float], ...]:
    """Cut `field=low:high;field=low:high`; a part without both ends raises ValueError."""
    parts = []
    for name, ends in split_pairs(text):
        low, high = (parse_number(end) for end in ends.split(":"))
        if low is None or high is None:
            raise ValueError(ends)
        parts.append((name, low, high))
    return tuple(parts)


def parse_number(text: str) -> float | None:
    """A finite number, or None for an empty cell; anything else raises ValueError."""
    if not text:
        return None
    value = float(text)
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError(text)
    return value


def parse_year(text: str) -> int | None:
    return int(text) if text else None


PARSERS: dict[str, Callable[[str], Any]] = dict.fromkeys(RANGES, parse_number) | {
    "start_year": parse_year,
    "former_names": split_list,
    "includes_ids": split_list,
    "about_fields": split_list,
    "ranges": split_ranges,
    "source_ids": split_list,
    "fact_source_ids": split_list,
    "value_source_ids": split_pairs,
}
FORM_RULES = {"value_source_ids": "pair_form", "ranges": "range_form"}
COLUMNS = tuple("value_source_ids" if name == "value_sources" else name for name in InventoryRow.__slots__)


def find_rule(column: str, text: str) -> str:
    """The rule that a cell breaks, or an empty text."""
    if column in REQUIRED and not text:
        return "required"
    if column == "id" and not ID_FORM.fullmatch(text):
        return "id_form"
    if column == "region" and not REGION_FORM.fullmatch(text):
        return "region_form"
    if column in CHOICES and text not in CHOICES[column]:
        return "choice"
    try:
        value = PARSERS.get(column, str)(text)
    except ValueError:
        return FORM_RULES.get(column, "not_a_number")
    low, high = RANGES.get(column, (0.0, 0.0))
    return "range" if column in RANGES and value is not None and not low <= value <= high else ""


def find_row_rules(cells: dict[str, str]) -> list[tuple[str, str]]:
    """Rules that bind several cells of one row: (column, rule)."""
    faults = []
    if bool(cells["lon"]) != bool(cells["lat"]):
        faults.append(("lat", "half_a_position"))
    if bool(cells["lon"]) != (cells["coord_precision"] != "unknown"):
        faults.append(("coord_precision", "precision_without_position"))
    if not cells["id"].startswith(cells["country"] + "-"):
        faults.append(("country", "country_of_id"))
    if cells["record_kind"] == "single" and cells["includes_ids"]:
        faults.append(("includes_ids", "single_includes"))
    return faults + find_source_rules(cells) + find_exactness_rules(cells)


def find_source_rules(cells: dict[str, str]) -> list[tuple[str, str]]:
    """Every source that a cell names must be one of the row's."""
    named = {
        "coord_source_id": split_list(cells["coord_source_id"]),
        "fact_source_ids": split_list(cells["fact_source_ids"]),
        "value_source_ids": tuple(source for _, source in split_pairs(cells["value_source_ids"])),
    }
    cited = set(split_list(cells["source_ids"]))
    return [(column, "source_not_listed") for column, sources in named.items() if not cited.issuperset(sources)]


def find_exactness_rules(cells: dict[str, str]) -> list[tuple[str, str]]:
    """The mark "about" and a range need an amount to belong to, and the amount lies in its range."""
    faults = []
    amounts = {name: value for name in AMOUNTS if (value := parse_number(cells[name])) is not None}
    if not amounts.keys() >= set(split_list(cells["about_fields"])):
        faults.append(("about_fields", "no_such_amount"))
    for name, low, high in split_ranges(cells["ranges"]):
        if name not in amounts:
            faults.append(("ranges", "no_such_amount"))
        elif not low <= amounts[name] <= high:
            faults.append(("ranges", "range_order"))
    return faults


def check_row(number: int, cells: dict[str, str]) -> list[RowError]:
    """All faults of one row; the rules over several cells are asked only where each cell is sound."""
    faults = [(column, rule) for column in COLUMNS if (rule := find_rule(column, cells[column]))]
    faults = faults or find_row_rules(cells)
    return [RowError(SHEET, number, column, cells[column], rule) for column, rule in faults]


def build_row(cells: dict[str, str]) -> InventoryRow:
    values = {column: PARSERS.get(column, str)(cells[column]) for column in COLUMNS}
    values["value_sources"] = values.pop("value_source_ids")
    return InventoryRow(**values)


def read_rows(lines: Iterable[str]) -> tuple[list[InventoryRow], list[RowError]]:
    """Read the lines of the table; row 1 is the header."""
    reader = csv.DictReader(lines)
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        return [], [RowError(SHEET, 1, name, "", "missing_column") for name in missing]
    rows: list[InventoryRow] = []
    errors: list[RowError] = []
    seen: set[str] = set()
    for number, raw in enumerate(reader, start=2):
        cells = {name: (raw[name] or "").strip() for name in COLUMNS}
        faults = check_row(number, cells)
        if cells["id"] in seen:
            faults.append(RowError(SHEET, number, "id", cells["id"], "repeated"))
        seen.add(cells["id"])
        errors += faults
        rows += [] if faults else [build_row(cells)]
    return rows, errors


def read_inventory(source: TextIO | Path | str) -> tuple[list[InventoryRow], list[RowError]]:
    """Read an inventory from an open text stream or from a UTF-8 file.

    Parameters
    ----------
    source : text stream, or path of a CSV file (UTF-8, with or without byte-order mark)

    Returns
    -------
    rows : the sound rows, in the order of the file
    errors : one entry per fault, with sheet, row, column, value and rule

    Examples
    --------
    >>> import io
    >>> rows, errors = read_inventory(io.StringIO("id,country\\n"))
    >>> rows, errors[0].rule, errors[0].column
    ([], 'missing_column', 'record_kind')
    """
    if isinstance(source, (str, Path)):
        with Path(source).open(encoding="utf-8-sig", newline="") as stream:
            return read_rows(stream)
    return read_rows(source)
