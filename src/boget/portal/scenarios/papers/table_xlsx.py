"""A forecast as a workbook: targets, stretches, inputs, origins. Numbers are numbers; nothing is a formula or a link."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from boget.portal.registry.exports.xlsx_file import LONGEST_CELL, OPTIONS
from boget.portal.scenarios.papers import run_words
from boget.portal.scenarios.papers.run_words import Paper
from boget.portal.scenarios.selectors import records
from boget.portal.scenarios.selectors.scenario_words import list_inputs

SAFE = OPTIONS | {"in_memory": True, "constant_memory": False}
WIDEST, NARROWEST = 60, 9


def write_workbook(paper: Paper) -> bytes:
    """Columns of the sheets of numbers are named as in the API, with the unit in the name; the others are for people."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, SAFE) as book:
        book.set_properties({"title": f"{paper.title} · {paper.run.public_id}", "author": "Boget", "company": ""})
        bold = book.add_format({"bold": True})
        for name, head, rows in _list_sheets(paper):
            _add_sheet(book, name, [head, *rows], bold)
    return stream.getvalue()


def _list_sheets(paper: Paper) -> Iterable[tuple[str, Sequence[Any], list[Sequence[Any]]]]:
    language = (get_language() or "ru")[:2]
    targets = records.list_records(paper.outcome, language=language)
    stretches = records.list_stretches(paper.outcome)
    yield "targets", list(targets[0]) if targets else [], [list(one.values()) for one in targets]
    yield "stretches", list(stretches[0]) if stretches else [], [list(one.values()) for one in stretches]
    about = [
        (_("Run"), paper.run.public_id),
        (pgettext("run", "Mode"), run_words.say_mode(paper.run)),
        (_("Standing"), "; ".join(run_words.list_marks(paper.run))),
    ]
    limits = [(_("What this does not say"), text) for text in run_words.list_limits(paper)]
    head = (pgettext("workbook", "Name"), pgettext("workbook", "Value"))
    yield "inputs", head, [*about, *list_inputs(paper.run, paper.substances), *limits]
    yield "versions", head, list(run_words.list_origins(paper))


def _add_sheet(book: Any, name: str, rows: Sequence[Sequence[Any]], bold: Any) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for number, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            _write(sheet, (number, column), cell, None if number else bold)
    for column in range(len(rows[0])):
        longest = max(len(str(cells[column])) for cells in rows)
        sheet.set_column(column, column, min(max(longest + 2, NARROWEST), WIDEST))


def _write(sheet: Any, at: tuple[int, int], cell: Any, look: Any) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, int | float):
        sheet.write_number(*at, cell, look)
    else:
        sheet.write_string(*at, str(cell)[:LONGEST_CELL], look)
