"""GeoPackage: facilities as points, footprints and dam axes, and plain tables of structures, sources and the stamp."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from boget.portal.registry.exports import layers
from boget.portal.registry.exports.sheet import (
    FIRST_COLUMNS,
    INDEX_COLUMNS,
    LAST_COLUMNS,
    STAMP_COLUMNS,
    STRUCTURES,
    Entry,
    Line,
    Sheet,
)
from boget.portal.registry.exports.writers import Writer
from boget.portal.registry.fields import Field

NUMBERS = frozenset({*FIRST_COLUMNS[3:], *INDEX_COLUMNS, "row_count"}) - {"thi_cautions"}
SHAPES = {"footprint": ("footprints", "MultiPolygon"), "dam_axis": ("dam_axes", "MultiLineString")}
SOURCE_COLUMNS = {
    "facility": False, "record": False, "record_type": False, "field": False, "value": False, "low": True, "high": True,
    "interval": False, "kind": False, "source": False, "date": False, "confidence": False,
}  # fmt: skip
Columns = dict[str, bool]


class _Package:
    """A GeoPackage being written chunk by chunk. A layer without rows is not made."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.made: set[str] = set()

    def add(self, layer: str, columns: Columns, rows: Sequence[Mapping[str, Any]], **options: Any) -> None:
        if rows or (layer == "facilities" and layer not in self.made):
            append = bool(self.made)
            layers.write_layer(self.path, layer, columns, rows=rows, driver="GPKG", append=append, **options)
            self.made.add(layer)


def write_gpkg(sheet: Sheet, path: Path) -> None:
    package = _Package(path)
    for entries in layers.batch(sheet.read_entries()):
        _add_facilities(package, sheet, entries)
        _add_structures(package, sheet, entries)
        _add_shapes(package, entries)
        _add_sources(package, entries)
    if not sheet.count:
        _add_facilities(package, sheet, [])
    package.add("about", {"name": False, "value": False}, [{"name": n, "value": v} for n, v in sheet.describe().items()])


def _add_facilities(package: _Package, sheet: Sheet, entries: Sequence[Entry]) -> None:
    columns = {
        **{name: name in NUMBERS for name in FIRST_COLUMNS},
        **_type_fields(f for f in sheet.fields if f.of == "facility"),
        **{name: name in NUMBERS for name in (*INDEX_COLUMNS, *LAST_COLUMNS, *STAMP_COLUMNS)},
    }
    stamp = dict(zip(STAMP_COLUMNS, sheet.list_stamp(), strict=True))
    rows = [{**dict(zip(columns, entry.flatten(list(columns)), strict=True)), **stamp} for entry in entries]
    points = [layers.build_point(entry.point) for entry in entries]
    package.add("facilities", columns, rows, geometry=points, geometry_type="Point")


def _type_fields(fields: Iterable[Field]) -> Columns:
    return {f.code: f.is_numeric for f in fields}


def _add_structures(package: _Package, sheet: Sheet, entries: Sequence[Entry]) -> None:
    for of in STRUCTURES:
        columns = {"id": False, "facility": False, **_type_fields(f for f in sheet.fields if f.of == of)}
        rows = [{"id": s.id, "facility": entry.id, **s.values} for entry in entries for s in entry.list_structures(of)]
        package.add(f"{of}s", columns, rows)


def _add_shapes(package: _Package, entries: Sequence[Entry]) -> None:
    for code, (layer, geometry_type) in SHAPES.items():
        found = [entry for entry in entries if code in entry.shapes]
        shapes = [layers.build_shape(entry.shapes[code]) for entry in found]
        package.add(layer, {"id": False}, [{"id": entry.id} for entry in found], geometry=shapes, geometry_type=geometry_type)


def _add_sources(package: _Package, entries: Sequence[Entry]) -> None:
    rows = [_describe_line(entry.id, line) for entry in entries for line in entry.lines]
    package.add("sources", SOURCE_COLUMNS, rows)


def _describe_line(facility_id: str, line: Line) -> dict[str, Any]:
    claim = line.claim
    return {
        "facility": facility_id, "record": line.record_id, "record_type": line.record_type, "field": line.code,
        "value": claim.value, "low": claim.low, "high": claim.high, "interval": claim.interval, "kind": claim.kind,
        "source": claim.source, "date": claim.date, "confidence": claim.confidence,
    }  # fmt: skip


WRITER = Writer("GeoPackage", "gpkg", "application/geopackage+sqlite3", write_gpkg)
