"""XLSX: sheets facilities, dictionary, sources, about. Nothing is written as a formula or a link."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from boget.portal.core.levels import Level
from boget.portal.registry.exports.sheet import Line, Sheet
from boget.portal.registry.exports.writers import Writer
from boget.portal.registry.selectors.dictionary import COLUMNS, describe_field

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
    "default_date_format": "yyyy-mm-dd",
}
MOST_ROWS = 1_048_576
LONGEST_CELL = 32_767
SOURCE_COLUMNS = (
    "facility", "record", "record_type", "field", "value", "low", "high", "interval", "about", "kind", "source", "date",
    "confidence",
)  # fmt: skip


class _Pages:
    """Rows that run on to a further sheet where one is full."""

    def __init__(self, book: Any, name: str, head: Sequence[str]) -> None:
        self.book, self.name, self.head = book, name, head
        self.number, self.row = 0, MOST_ROWS

    def append(self, cells: Iterable[Any]) -> None:
        if self.row >= MOST_ROWS:
            self._open()
        _write_row(self.page, self.row, cells)
        self.row += 1

    def _open(self) -> None:
        self.number += 1
        self.page = self.book.add_worksheet(self.name if self.number == 1 else f"{self.name} {self.number}")
        self.page.freeze_panes(1, 0)
        _write_row(self.page, 0, self.head)
        self.row = 1


def write_xlsx(sheet: Sheet, path: Path) -> None:
    with xlsxwriter.Workbook(str(path), OPTIONS) as book:
        columns = [column for column in sheet.columns if column != "provenance"]
        facilities, sources = _Pages(book, "facilities", columns), _Pages(book, "sources", SOURCE_COLUMNS)
        facilities._open()
        _write_dictionary(book, sheet)
        sources._open()
        for entry in sheet.read_entries():
            facilities.append(entry.flatten(columns))
            for line in entry.lines:
                sources.append(_list_cells(entry.id, line))
        _write_about(book, sheet)


def _write_dictionary(book: Any, sheet: Sheet) -> None:
    pages = _Pages(book, "dictionary", COLUMNS)
    pages._open()
    for spec in sheet.fields:
        pages.append(str(describe_field(spec)[name]) for name in COLUMNS)


def _write_about(book: Any, sheet: Sheet) -> None:
    pages = _Pages(book, "about", ("name", "value"))
    for name, value in sheet.describe().items():
        pages.append((name, value))


def _list_cells(facility_id: str, line: Line) -> list[Any]:
    claim = line.claim
    value = claim.value if isinstance(claim.value, int | float | str) else str(claim.value)
    about = "yes" if claim.about else ""
    return [
        facility_id, line.record_id, line.record_type, line.code, value, claim.low, claim.high, claim.interval, about,
        claim.kind, claim.source, claim.date, claim.confidence,
    ]  # fmt: skip


def _write_row(page: Any, row: int, cells: Iterable[Any]) -> None:
    for column, cell in enumerate(cells):
        if cell is None or cell == "":
            continue
        if isinstance(cell, Level):
            cell = cell.code
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            page.write_number(row, column, cell)
        else:
            page.write_string(row, column, str(cell)[:LONGEST_CELL])


WRITER = Writer("XLSX", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write_xlsx)
