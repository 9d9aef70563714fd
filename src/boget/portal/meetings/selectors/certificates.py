"""The list of certificates of a seminar as a file. Nothing is written as a formula or a link."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import xlsxwriter
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from boget.portal.core.services import describe_installation
from boget.portal.meetings.models import Meeting
from boget.portal.meetings.selectors.ical import name_meeting
from boget.portal.meetings.selectors.seminars import Participant, list_certificates
from boget.portal.registry.exports.cells import guard_cell
from boget.portal.registry.exports.xlsx_file import LONGEST_CELL, OPTIONS

COLUMNS: dict[str, Any] = {
    "number": _("No."),
    "name": pgettext_lazy("person", "Name"),
    "organisation": _("Organisation"),
    "seminar": _("Seminar"),
    "day": _("Day"),
    "place": pgettext_lazy("meeting", "Place"),
    "quiz_right": _("Quiz, right answers"),
    "quiz_of": _("Quiz, questions"),
}
WIDTHS = {"name": 36, "organisation": 60, "seminar": 60, "place": 30}
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def write_certificates(seminar: Meeting, suffix: str) -> bytes:
    """Those who were there, as ``csv`` (heads are codes) or ``xlsx`` (heads are words). KeyError for another suffix."""
    return {"csv": _write_csv, "xlsx": _write_xlsx}[suffix](seminar)


def name_file(seminar: Meeting, suffix: str) -> str:
    demo = "-demo" if describe_installation().is_demo else ""
    return f"boget-{seminar.code}-certificates{demo}.{suffix}"


def _list_rows(seminar: Meeting) -> Iterator[list[Any]]:
    for number, row in enumerate(list_certificates(seminar), start=1):
        yield [number, *_list_cells(seminar, row)]


def _list_cells(seminar: Meeting, row: Participant) -> list[Any]:
    person, best = row.registration, row.best
    quiz = (best.right, best.of) if best else (None, None)
    return [person.name, person.organisation_text, name_meeting(seminar), seminar.day.isoformat(), seminar.place, *quiz]


def _write_csv(seminar: Meeting) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for cells in _list_rows(seminar):
        writer.writerow([guard_cell(cell) for cell in cells])
    return stream.getvalue().encode("utf-8-sig")


def _write_xlsx(seminar: Meeting) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {**OPTIONS, "in_memory": True, "constant_memory": False}) as book:
        page = book.add_worksheet("certificates")
        page.freeze_panes(1, 0)
        head = book.add_format({"bold": True, "bottom": 2})
        for column, (code, label) in enumerate(COLUMNS.items()):
            page.set_column(column, column, WIDTHS.get(code, 12))
            page.write_string(0, column, str(label), head)
        for number, cells in enumerate(_list_rows(seminar), start=1):
            for column, cell in enumerate(cells):
                if isinstance(cell, int):
                    page.write_number(number, column, cell)
                elif cell:
                    page.write_string(number, column, str(cell)[:LONGEST_CELL])
    return stream.getvalue()
