"""The plan as a spreadsheet: the Ministry's columns, then state and the texts in the other languages."""

from __future__ import annotations

import io
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from boget.portal.meetings.selectors.plan import PlanRow, PlanTable
from boget.portal.meetings.selectors.plan_words import HEADS, LANGUAGES, SEPARATOR, TITLES

WIDTHS = {
    "number": 6,
    "text": 60,
    "due": 18,
    "responsible": 20,
    "support": 20,
    "status": 22,
    "first_due": 18,
    "last_report": 50,
}
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def write_plan(table: PlanTable, language: str) -> bytes:
    """The table as an XLSX file in one language; loaded again it gives the same items."""
    with translation.override(language):
        return _save(_build(table, language))


def list_columns(language: str) -> list[tuple[str, str]]:
    """Code and head of each column; the texts in the other languages come last."""
    columns = [(code, HEADS[code][language]) for code in WIDTHS]
    return columns + [(f"text_{other}", f"{HEADS['text'][language]} ({other})") for other in LANGUAGES if other != language]


def _build(table: PlanTable, language: str) -> Workbook:
    book = Workbook()
    sheet = book.active
    sheet.title = f"{table.plan.year}"
    columns = list_columns(language)
    _write_row(sheet, 1, [head for _code, head in columns], is_head=True)
    for position, row in enumerate(table.rows, start=2):
        cells = _list_cells(row, language, is_member=table.is_member)
        _write_row(sheet, position, [cells[code] for code, _head in columns])
    for position, (code, _head) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = WIDTHS.get(code, WIDTHS["text"])
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "landscape", 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    book.properties.title = TITLES[language] % {"year": table.plan.year}
    book.properties.creator = "Boget"
    return book


def _list_cells(row: PlanRow, language: str, *, is_member: bool) -> dict[str, Any]:
    late = _("overdue, days: %(days)s") % {"days": row.days_late} if row.is_late else ""
    texts = {f"text_{other}": getattr(row.item, f"text_{other}") for other in LANGUAGES}
    return {
        "number": row.number,
        "text": texts[f"text_{language}"],
        "due": row.due_label,
        "responsible": SEPARATOR.join(row.responsible),
        "support": SEPARATOR.join(row.support),
        "status": "; ".join(part for part in (row.state_label, late) if part),
        "first_due": row.first_due_label,
        "last_report": say_report(row) if is_member else "",
        **texts,
    }


def say_report(row: PlanRow) -> str:
    """The last report in one cell."""
    report = row.last_report
    return "\n".join(part for part in (report.done, report.result, report.next_step) if part) if report else ""


def _write_row(sheet: Any, position: int, values: list[Any], *, is_head: bool = False) -> None:
    thin = Side(style="thin", color="71808D")
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(row=position, column=column, value=value)
        if isinstance(value, str):
            cell.data_type = "s"  # a text that begins with = stays a text
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.border = Border(thin, thin, thin, thin)
        cell.font = Font(bold=is_head)


def _save(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
