"""The report as a workbook: a sheet for each table, numbers as numbers, sources on a sheet of their own. No formula is live."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from boget.portal.reports.progress.build import say_footer
from boget.portal.reports.progress.context import CountRow, Number, ProgressContext
from boget.portal.reports.progress.parts import list_parts
from boget.portal.reports.progress.transboundary_part import list_heads

Row = Sequence[Any]
Sheet = tuple[str, str, Sequence[str], Iterable[Row]]  # part, name, head, rows
SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
LONGEST_NAME = 31
WIDEST = 60


def write_xlsx(context: ProgressContext, choices: Mapping[str, Any] | None = None) -> bytes:
    """All tables in full; parts that were left out of the slides are left out here too."""
    stream = io.BytesIO()
    with translation.override(context.language):
        shown = {part.code.partition(":")[0] for part in list_parts(context, choices)}
        with xlsxwriter.Workbook(stream, SAFE) as book:
            book.set_properties({"title": context.title, "author": context.reporter.body or "Boget", "company": ""})
            writer = _Writer(book)
            for code, name, head, rows in _list_sheets(context, choices):
                if code in shown:
                    writer.add(name, head, rows)
            writer.add(_("Sources"), [_("Part"), _("Source"), _("As of")], _list_sources(context))
    return stream.getvalue()


class _Writer:
    """Writes sheets with a head that stays in view."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": "#f2f5f7"})
        self.cell = book.add_format({"text_wrap": True, "valign": "top", "border": 1})

    def add(self, name: str, head: Sequence[str], rows: Iterable[Row]) -> None:
        sheet = self.book.add_worksheet(name.translate(FORBIDDEN)[:LONGEST_NAME])
        widths = [len(text) for text in head]
        sheet.write_row(0, 0, head, self.head)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                self._write(sheet, (number, place), value)
                widths[place] = max(widths[place], *(len(line) for line in str(value).split("\n")))
        for place, width in enumerate(widths):
            sheet.set_column(place, place, min(max(width + 2, 8), WIDEST))
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)

    def _write(self, sheet: Any, at: tuple[int, int], value: Any) -> None:
        """Text is always text: what begins with = is no formula."""
        if isinstance(value, int | float):
            sheet.write_number(*at, value, self.cell)
        else:
            sheet.write_string(*at, str(value), self.cell)


def _read(number: Number) -> Any:
    return number.text if number.value is None else number.value


def _list_sheets(context: ProgressContext, choices: Mapping[str, Any] | None) -> Iterable[Sheet]:
    texts = {part.code: part for part in list_parts(context, choices)}
    if "results" in texts:
        yield "results", _("Main results"), [_("Main results of the period")], [[line.text] for line in texts["results"].before]
    if context.plan:
        yield "plan", _("Work plan"), _name_plan_columns(), _list_plan(context)
    items = [(part.title, part.text) for part in texts.values() if part.code.startswith("item:")]
    if items:
        yield "item", _("Reported items"), [pgettext("plan table", "Activity"), _("Reported")], items
    yield "register", _("Facilities by status"), [_("Status"), _("Facilities")], _list_register(context)
    yield "ranking", _("Ranking"), _name_ranking_columns(), _list_ranking(context)
    if context.transboundary:
        rows = [(row.label, row.total, row.yes, row.possible, row.soonest) for row in context.transboundary.rows]
        yield "transboundary", _("Transboundary screening"), list_heads(), rows
    yield "actions", _("Actions"), [_("Number of"), _("Actions")], _list_actions(context)
    yield "overdue", _("Overdue actions"), _name_action_columns(), _list_overdue(context)
    if context.meetings:
        yield "meetings", _("Meetings"), _name_meeting_columns(), _list_meetings(context)
    steps = [(row.number, row.text, row.due, row.bodies) for row in context.steps]
    yield "steps", _("Further steps"), _name_plan_columns()[:4], steps


def _name_plan_columns() -> list[str]:
    names = [pgettext("plan table", "No"), pgettext("plan table", "Activity"), pgettext("plan table", "Due")]
    return [*names, pgettext("plan table", "Responsible bodies"), pgettext("plan table", "Implementation"), _("Days overdue")]


def _list_plan(context: ProgressContext) -> Iterable[Row]:
    rows = context.plan.rows if context.plan else ()
    return [(row.number, row.text, row.due, row.bodies, row.outcome, row.days_late) for row in rows]


def _list_register(context: ProgressContext) -> Iterable[Row]:
    register = context.register
    rows = [(row.label, _read(row.number)) for row in register.rows]
    more = [
        (_("Total in the register (not a census)"), _read(register.total)),
        (_("Added in the period"), _read(register.added)),
        (_("Place unknown"), _read(register.unplaced)),
    ]
    return [*rows, *more]


def _name_ranking_columns() -> list[str]:
    ends = [_("THI, lowest"), _("THI, highest")]
    return [_("Place"), _("Number of the record"), _("Facility"), _("Region"), "THI", *ends, _("Inputs known")]


def _list_ranking(context: ProgressContext) -> Iterable[Row]:
    for row in context.hazard.rows:
        numbers = [round(value, 2) for value in (row.value, row.low, row.high)]
        yield row.place, row.public_id, row.name, row.region, *numbers, row.inputs


def _list_actions(context: ProgressContext) -> Iterable[Row]:
    actions = context.actions
    return [
        (_("Total"), _read(actions.total)),
        *_list_counts(actions.states, _("Status: %(name)s")),
        *_list_counts(actions.gaps, "%(name)s"),
        *_list_counts(actions.changes, _("In the period: %(name)s")),
        (actions.money.text, ""),
    ]


def _list_counts(rows: Iterable[CountRow], pattern: str) -> list[Row]:
    return [(pattern % {"name": row.label.lower() if ":" in pattern else row.label}, _read(row.number)) for row in rows]


def _name_action_columns() -> list[str]:
    names = [pgettext("plan table", "No"), pgettext("plan table", "Action"), pgettext("plan table", "Due")]
    return [*names, pgettext("plan table", "Responsible bodies"), pgettext("plan table", "Implementation")]


def _list_overdue(context: ProgressContext) -> Iterable[Row]:
    return [(row.public_id, row.title, row.due, row.bodies, row.status) for row in context.actions.overdue]


def _name_meeting_columns() -> list[str]:
    return [_("Date"), pgettext("plan table", "No"), _("Kind"), _("Form"), _("Decisions")]


def _list_meetings(context: ProgressContext) -> Iterable[Row]:
    return [(row.date, row.number, row.kind, row.mode, _read(row.decisions)) for row in context.meetings]


def _list_sources(context: ProgressContext) -> Iterable[Row]:
    rows = [(row.part, row.source, row.as_of) for row in context.sources]
    notes = (*context.register.notes, *context.hazard.notes, *context.actions.notes, *context.limits, say_footer(context))
    notes += context.transboundary.notes if context.transboundary else ()
    return [*rows, *(("", note, "") for note in notes)]
