"""The screening as CSV and XLSX: the rows of the page with all three readings, and where the numbers come from."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.utils.translation import gettext, pgettext

from boget.portal.core.levels import Level
from boget.portal.core.services import describe_installation
from boget.portal.registry.exports.cells import guard_cell
from boget.portal.registry.exports.xlsx_file import LONGEST_CELL, OPTIONS
from boget.portal.registry.selectors.reading import PUBLIC_RADIUS_M
from boget.portal.scenarios.models import ScreeningRow
from boget.portal.scenarios.selectors.screening import Board, Line, ScreeningQuery, name_basin, section_of
from boget.portal.scenarios.selectors.screening_rules import list_rules

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TIMES = ("t05_s", "t50_s", "t95_s", "edge05_s", "edge50_s", "edge95_s", "high05_s", "high50_s", "high95_s")
SHARES = ("p48", "p48_edge", "p48_high")
COLUMNS = (
    "facility", "name_en", "name_ru", "name_kk", "country", "basin", "section", "is_main", "meeting", "kind", "receiver",
    "river", "longitude", "latitude", "distance_m", "reservoirs", "discharge_mean_m3s", "discharge_high_m3s", *TIMES, *SHARES,
    "class", "class_edge", "class_high", "is_imprecise_point", "end", "people_100km", "intakes_100km", "rank", "rank_first",
    "rank_last", "rank_value", "rank_low", "rank_high", "volume_m3", "water_hazard_class", "water_risk_index", "thi",
    "cautions",
)  # fmt: skip
TRACED = ("distance_m", *TIMES, "rank_value", "rank_low", "rank_high")
DIGITS = 2
"""Of a travel time or of what is made of it: as many as the page shows."""


def list_cells(board: Board) -> Iterator[list[Any]]:
    """A row of the file for each meeting of each line."""
    for line in board.lines:
        for row in (line.row, *line.others):
            cells = describe_facility(line) | describe_meeting(row) | (describe_rank(line) if row is line.row else {})
            is_exact = line.facility.level >= Level.AUTHORITY
            yield [cells.get(name) if is_exact else blur_cell(name, cells.get(name)) for name in COLUMNS]


def blur_cell(name: str, cell: Any) -> Any:
    """What follows from the exact point of a facility, no finer than the point that the reader may see."""
    if name not in TRACED or cell is None:
        return cell
    return PUBLIC_RADIUS_M * round(cell / PUBLIC_RADIUS_M) if name == "distance_m" else float(f"{cell:.{DIGITS}g}")


def describe_facility(line: Line) -> dict[str, Any]:
    facility, stock = line.facility, line.stock
    return {
        "facility": facility.public_id,
        **{name: getattr(facility, name) for name in ("name_en", "name_ru", "name_kk", "country")},
        "basin": name_basin(facility.basin),
        "section": section_of(line),
        "is_imprecise_point": "yes" if line.is_imprecise else "",
        "volume_m3": stock.volume_m3 if stock else None,
        "water_hazard_class": stock.hazard_class if stock else "",
        "thi": facility.thi_value,
    }


def describe_meeting(row: ScreeningRow) -> dict[str, Any]:
    details = row.details
    exposure, discharge = details.get("exposure") or {}, details.get("discharge_m3s", {})
    return {
        "meeting": row.border,
        "kind": row.kind,
        "receiver": row.country,
        "river": details.get("rivers", {}).get("ru", ""),
        **{name: getattr(row, name) for name in ("longitude", "latitude", "distance_m", *SHARES, "end", "cautions", *TIMES)},
        "reservoirs": row.reservoirs_crossed,
        "discharge_mean_m3s": discharge.get("mean"),
        "discharge_high_m3s": discharge.get("high"),
        "class": row.grade,
        "class_edge": row.grade_edge,
        "class_high": row.grade_high,
        "people_100km": exposure.get("people"),
        "intakes_100km": exposure.get("intakes"),
        "water_risk_index": row.water_risk_index,
    }


def describe_rank(line: Line) -> dict[str, Any]:
    cells: dict[str, Any] = {"is_main": "yes"}
    if line.value is not None and line.place is not None:
        cells |= {"rank": line.place.place, "rank_first": line.place.first, "rank_last": line.place.last}
        cells |= {"rank_value": line.value.value, "rank_low": line.value.low, "rank_high": line.value.high}
    return cells


def list_provenance(board: Board, query: ScreeningQuery) -> list[tuple[str, Any]]:
    """Where the numbers come from and what they do not say."""
    screening = board.screening
    demo = gettext("Demonstration data. Not official information.") if describe_installation().is_demo else ""
    filters = ", ".join(filter(None, [query.neighbour, name_basin(query.basin)]))
    return [
        (gettext("Title"), gettext("Transboundary screening")),
        (gettext("Notice"), demo),
        (gettext("Not a limit"), say_not_a_limit()),
        (gettext("Computed at"), screening.created_at.isoformat()),
        (gettext("Out of date since"), screening.stale_since.isoformat() if screening.stale_since else ""),
        (gettext("Network"), screening.network_version),
        (gettext("Code"), screening.code_version),
        (gettext("Fingerprint of the inputs"), screening.input_hash),
        *((str(name), value) for name, value in sorted(screening.basis.items())),
        (pgettext("screening file", "Filter"), filters),
    ]


def say_not_a_limit() -> str:
    return gettext("Beyond the two-day aid does not mean no effect: every facility on a way to a border stays in the list.")


def name_file(suffix: str) -> str:
    return f"boget-screening{'-demo' if describe_installation().is_demo else ''}.{suffix}"


def send_csv(board: Board, query: ScreeningQuery) -> HttpResponse:
    """UTF-8 with a mark, points as decimal marks, SI."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name_file("csv")}"'
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    for cells in list_cells(board):
        writer.writerow([guard_cell(cell) for cell in cells])
    return response


def send_xlsx(board: Board, query: ScreeningQuery) -> HttpResponse:
    """Sheets screening, sources (what the numbers rest on) and rules (every number of the table with its source)."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, OPTIONS | {"in_memory": True, "constant_memory": False}) as book:
        _write(book, "screening", [list(COLUMNS), *list_cells(board)])
        _write(book, "sources", [["name", "value"], *map(list, list_provenance(board, query))])
        rules = [[str(row.word), row.value, row.unit, row.source, row.page, row.status] for row in list_rules()]
        _write(book, "rules", [["rule", "value", "unit", "source", "page", "status"], *rules])
    response = HttpResponse(stream.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name_file("xlsx")}"'
    return response


def _write(book: Any, name: str, rows: list[list[Any]]) -> None:
    page = book.add_worksheet(name)
    page.freeze_panes(1, 0)
    for number, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if cell is None or cell == "":
                continue
            if isinstance(cell, int | float) and not isinstance(cell, bool):
                page.write_number(number, column, cell)
            else:
                page.write_string(number, column, str(cell)[:LONGEST_CELL])
