"""CSV: UTF-8 with a byte-order mark for spreadsheets, one row a facility, sources as JSON in the column ``provenance``."""

from __future__ import annotations

import csv
from pathlib import Path

from boget.portal.registry.exports.cells import guard_cell
from boget.portal.registry.exports.sheet import STAMP_COLUMNS, Sheet
from boget.portal.registry.exports.writers import Writer


def write_csv(sheet: Sheet, path: Path) -> None:
    """Every text cell is guarded against being read as a formula. The stamp stands in the last columns of each row."""
    stamp = [guard_cell(part) for part in sheet.list_stamp()]
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow([*sheet.columns, *STAMP_COLUMNS])
        for entry in sheet.read_entries():
            writer.writerow([*(guard_cell(cell) for cell in entry.flatten(sheet.columns)), *stamp])


WRITER = Writer("CSV", "csv", "text/csv; charset=utf-8", write_csv)
