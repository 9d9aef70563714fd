"""The list of actions as a file: exactly the rows of the page, in its order. Nothing is written as a formula or a link."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

import boget
from boget.portal.actions.models import Action
from boget.portal.actions.querysets import ActionQuerySet
from boget.portal.actions.selectors.filters import Reader
from boget.portal.actions.selectors.rows import ActionRow, build_rows
from boget.portal.core.errors import Conflict
from boget.portal.core.levels import Level
from boget.portal.core.services import describe_installation
from boget.portal.registry.exports import Writer
from boget.portal.registry.exports.cells import guard_cell
from boget.portal.registry.exports.xlsx_file import LONGEST_CELL, OPTIONS

CHUNK = 500
WIDTHS = {"title": 60, "objective": 40, "expected_result": 40, "responsible": 24, "origins": 24}
COLUMNS: dict[str, Any] = {
    "number": _("Number"),
    "title": _("Action"),
    "area": _("Working area"),
    "objective": _("Objective"),
    "kind": _("Kind"),
    "priority": _("Priority"),
    "origins": pgettext_lazy("action", "Origin"),
    "facility": _("Facility"),
    "responsible": _("Responsible"),
    "co_responsible": _("Co-responsible"),
    "support": _("With the support of"),
    "start": _("Start"),
    "due": _("Due"),
    "first_due": _("First due date"),
    "days_late": _("Days overdue"),
    "cost_kzt": _("Money, KZT"),
    "funding": _("Source of money"),
    "resources": _("Other resources"),
    "expected_result": _("Expected result"),
    "indicator": _("Indicator"),
    "indicator_unit": _("Unit of the indicator"),
    "baseline": _("Baseline"),
    "target": _("Target"),
    "depends_on": _("Depends on"),
    "state": _("Status"),
    "hold": _("Held"),
    "hold_reason": _("Reason"),
    "percent": _("Done, %"),
    "reported": _("Last report"),
    "level": _("Open to"),
}


class ActionSheet:
    """A file being made: counted once, read in chunks."""

    def __init__(self, rows: ActionQuerySet, reader: Reader, *, conditions: Sequence[str] = ()) -> None:
        self.reader = reader
        self.conditions = tuple(conditions)
        found = list(rows.values_list("pk", "level"))
        self._ids = [pk for pk, _level in found]
        self.count = len(found)
        self.level = Level(max((level for _pk, level in found), default=0))

    @property
    def is_demo(self) -> bool:
        return describe_installation().is_demo

    def name_file(self, suffix: str) -> str:
        return f"boget-actions-{self.reader.day.isoformat()}-{self.level.code}{'-demo' if self.is_demo else ''}.{suffix}"

    def describe(self) -> dict[str, Any]:
        """The stamp of the file, by what it says."""
        demo = gettext("Demonstration data. Not official information.")
        return {
            gettext("Paper"): gettext("Action plan"),
            gettext("Note"): demo if self.is_demo else "",
            gettext("Open to"): str(self.level.label),
            gettext("Rows"): self.count,
            gettext("As of"): self.reader.day.isoformat(),
            gettext("Conditions"): "; ".join(self.conditions),
            gettext("Language"): (get_language() or "ru")[:2],
            gettext("Made by"): f"Boget {boget.__version__}",
        }

    def read_rows(self) -> Iterator[dict[str, Any]]:
        """Cells by column, in the order of the list. Conflict when a row disappeared meanwhile."""
        for start in range(0, self.count, CHUNK):
            ids = self._ids[start : start + CHUNK]
            found = Action.objects.visible_to(self.reader.user).in_bulk(ids)
            if len(found) < len(ids):
                raise Conflict("export_changed", where=gettext("Export"))
            for row in build_rows([found[pk] for pk in ids], self.reader):
                yield list_cells(row)


def list_cells(row: ActionRow) -> dict[str, Any]:
    action = row.action
    plain = ("title", "objective", "resources", "expected_result", "indicator", "indicator_unit", "baseline", "target")
    return {name: getattr(action, name) for name in (*plain, "start", "due", "first_due", "hold_reason", "percent")} | {
        "number": action.public_id,
        "area": action.working_area,
        "kind": str(action.get_kind_display()),
        "priority": str(action.get_priority_display()),
        "origins": "; ".join(f"{name} {label}".strip() for _kind, name, label in row.origins),
        "facility": row.facility,
        "responsible": "; ".join(row.leads),
        "co_responsible": "; ".join(row.partners),
        "support": "; ".join(row.supports),
        "days_late": row.days_late or None,
        "cost_kzt": None if action.cost_kzt is None else int(action.cost_kzt),
        "funding": str(action.get_funding_display()),
        "depends_on": row.depends_on,
        "state": row.state,
        "hold": row.hold,
        "reported": action.reported_at.strftime("%Y-%m-%d") if action.reported_at else "",
        "level": str(Level(action.level).label),
    }


def write_csv(sheet: ActionSheet, path: Path) -> None:
    """UTF-8 with a byte-order mark; heads are codes, every text is guarded against being read as a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for cells in sheet.read_rows():
            writer.writerow([guard_cell(cells[name]) for name in COLUMNS])


def write_xlsx(sheet: ActionSheet, path: Path) -> None:
    """Heads are words of the reader's language; numbers are numbers, everything else is text."""
    with xlsxwriter.Workbook(str(path), OPTIONS) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 2})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        page = book.add_worksheet("actions")
        page.freeze_panes(1, 2)
        page.set_landscape()
        page.repeat_rows(0)
        for column, (name, label) in enumerate(COLUMNS.items()):
            page.set_column(column, column, WIDTHS.get(name, 14))
            page.write_string(0, column, str(label), head)
        for number, cells in enumerate(sheet.read_rows(), start=1):
            for column, name in enumerate(COLUMNS):
                _write_cell(page, (number, column), cells[name], wrap)
        about = book.add_worksheet("about")
        for number, (name, value) in enumerate(sheet.describe().items()):
            about.write_string(number, 0, name)
            _write_cell(about, (number, 1), value, None)


def _write_cell(page: Any, place: tuple[int, int], value: Any, look: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, int | float) and not isinstance(value, bool):
        page.write_number(*place, value, look)
    else:
        page.write_string(*place, str(value)[:LONGEST_CELL], look)


WRITERS: dict[str, Writer] = {
    "xlsx": Writer(
        "XLSX",
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        write_xlsx,  # type: ignore[arg-type]
    ),
    "csv": Writer("CSV", "csv", "text/csv; charset=utf-8", write_csv),  # type: ignore[arg-type]
}
