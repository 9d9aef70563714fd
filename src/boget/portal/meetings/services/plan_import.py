"""A plan from a spreadsheet: rows become items, all or none. Every fault is told with its row and column."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from boget.portal.accounts.models import Organisation, User
from boget.portal.accounts.selectors import today
from boget.portal.core.errors import refuse, translate
from boget.portal.core.formatting import format_partial_date
from boget.portal.core.text import fold_exact
from boget.portal.meetings.models import PlanItem, PlanState, WorkPlan
from boget.portal.meetings.selectors.plan import choose_paper_day
from boget.portal.meetings.selectors.plan_words import HEADS, LANGUAGES, recognise_heads
from boget.portal.meetings.services.plan import NewItem, add_item, change_item
from boget.portal.meetings.services.writing import read_due, require_version
from boget.science.errors import BogetError

HEAD_ROWS = 20  # a title may stand above the head of the table
NAME_FIELDS = ("code", "name_ru", "name_kk", "name_en", "short_ru", "short_kk", "short_en")


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong in one cell, in the reader's language."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        place = {"row": self.row, "column": self.column, "message": self.message}
        if not self.column:
            return gettext("Row %(row)s: %(message)s") % place
        return gettext("Row %(row)s, column “%(column)s”: %(message)s") % place


class FaultyRows(Exception):
    """The file has faults; nothing was loaded."""

    def __init__(self, faults: Sequence[RowFault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = list(faults)


@dataclass(frozen=True, slots=True)
class Imported:
    added: int
    changed: int


@dataclass
class _Sheet:
    """Rows of a file under the head that was found."""

    rows: list[list[str]]
    head: int
    columns: dict[str, int]
    faults: list[RowFault] = field(default_factory=list)

    def cell(self, row: list[str], code: str) -> str:
        position = self.columns.get(code)
        return row[position] if position is not None and position < len(row) else ""

    def blame(self, number: int, code: str, error: BogetError) -> None:
        position = self.columns.get(code)
        label = self.rows[self.head][position] if position is not None else ""
        self.faults.append(RowFault(number, label, translate(error)))


@transaction.atomic
def import_plan(plan: WorkPlan, rows: list[list[str]], *, by: User, version: int) -> Imported:
    """Rows whose number the plan has change that item, others are added. Items that the file does not name stay.

    Raises FaultyRows with every fault found, or InvalidInput where no head of a table is found; then nothing is changed.
    """
    plan = WorkPlan.objects.select_for_update().get(pk=plan.pk)
    require_version(plan, version, record_type="work_plan", record_id=str(plan.year))
    sheet = _find_table(rows)
    items = _read_items(sheet, plan)
    if sheet.faults:
        raise FaultyRows(sheet.faults)
    present = {item.number: item for item in plan.items.all()}
    items = _give_numbers(items, max([0, *present, *(new.number for _row, new in items)]))
    added = changed = 0
    for number, new in items:
        item = present.get(new.number)
        try:
            if item is None:
                added += bool(add_item(plan, new, by=by))
            else:
                changed += _change(item, new, by=by)
        except BogetError as error:
            sheet.faults.append(RowFault(number, "", translate(error)))
    if sheet.faults:
        raise FaultyRows(sheet.faults)
    return Imported(added, changed)


def _give_numbers(items: list[tuple[int, NewItem]], last: int) -> list[tuple[int, NewItem]]:
    """Rows without a number get the next free ones, in the order of the file."""
    numbers = itertools.count(last + 1)
    return [(row, new if new.number else replace(new, number=next(numbers))) for row, new in items]


def _change(item: PlanItem, new: NewItem, *, by: User) -> bool:
    """Whether something of the item was changed. A date that was agreed is not moved by a file."""
    due, _end = read_due(pgettext_lazy("date", "Due"), new.due)
    if item.plan.state != PlanState.DRAFT and due != item.due:
        raise refuse("agreed_date", where=pgettext_lazy("date", "Due"), value=format_partial_date(item.due))
    kept = {f"text_{code}": getattr(new, f"text_{code}") or getattr(item, f"text_{code}") for code in LANGUAGES}
    wanted = NewItem(**kept, due=new.due, responsible=new.responsible, support=new.support)
    try:
        change_item(item, wanted, by=by, version=item.version)
    except BogetError as error:
        if error.code == "nothing_changed":
            return False
        raise
    return True


def _find_table(rows: list[list[str]]) -> _Sheet:
    """The first row that holds the heads that are needed. InvalidInput names the first head that is missing."""
    best: dict[str, int] = {}
    for position, row in enumerate(rows[:HEAD_ROWS]):
        columns = recognise_heads(row)
        if not _list_missing(columns):
            return _Sheet(rows, position, columns)
        best = max(best, columns, key=len)
    raise refuse("sheet_header", allowed=HEADS[_list_missing(best)[0]]["ru"])


def _list_missing(columns: dict[str, int]) -> list[str]:
    has_text = any(f"text_{code}" in columns for code in LANGUAGES)
    there = {"text": has_text, "due": "due" in columns, "responsible": "responsible" in columns}
    return [code for code, is_there in there.items() if not is_there]


def _read_items(sheet: _Sheet, plan: WorkPlan) -> list[tuple[int, NewItem]]:
    index = _NameIndex(choose_paper_day(plan, today()), plan.year)
    found = []
    numbers: set[int] = set()
    for number, row in enumerate(sheet.rows[sheet.head + 1 :], start=sheet.head + 2):
        if any(row):
            item = _read_row(sheet, number, row, index)
            if item.number and item.number in numbers:
                sheet.blame(number, "number", refuse("duplicate", where=HEADS["number"]["ru"], value=item.number))
            numbers.add(item.number)
            found.append((number, item))
    if not found:
        sheet.faults.append(RowFault(sheet.head + 1, "", gettext("no row under the head of the table.")))
    return found


def _read_row(sheet: _Sheet, number: int, row: list[str], index: _NameIndex) -> NewItem:
    def read(code: str, action: Any, fallback: Any) -> Any:
        try:
            return action(sheet.cell(row, code))
        except BogetError as error:
            sheet.blame(number, code, error)
            return fallback

    texts = {f"text_{code}": sheet.cell(row, f"text_{code}") for code in LANGUAGES}
    if not any(texts.values()):
        first = next(f"text_{code}" for code in LANGUAGES if f"text_{code}" in sheet.columns)
        sheet.blame(number, first, refuse("required", where=gettext_lazy("Item")))
    responsible = read("responsible", index.find_all, [])
    if not responsible and not sheet.cell(row, "responsible"):
        sheet.blame(number, "responsible", refuse("required", where=pgettext_lazy("work plan", "Responsible")))
    return NewItem(
        **texts,
        due=read("due", lambda text: read_due(pgettext_lazy("date", "Due"), _add_year(text, index.year))[0], ""),
        responsible=responsible,
        support=read("support", index.find_all, []),
        number=read("number", _read_number, 0),
    )


def _add_year(text: str, year: int) -> str:
    """The Ministry's table says «июнь»: of the year of the plan."""
    return text if not text or re.search(r"\d{4}", text) else f"{text} {year}"


def _read_number(text: str) -> int:
    plain = text.strip().rstrip(".")
    if not plain:
        return 0
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 4 and int(plain)):
        raise refuse("not_a_whole_number", where=HEADS["number"]["ru"], value=text[:40])
    return int(plain)


class _NameIndex:
    """Organisations by any of their names; of several under one name the one that held it on the day of the plan."""

    def __init__(self, day: dt.date, year: int) -> None:
        self.day, self.year = day, year
        self.bodies: dict[str, list[Organisation]] = {}
        self.longest = 1  # parts between commas that a name has
        for body in Organisation.objects.select_related("successor").order_by("code"):
            self.longest = max(self.longest, *(getattr(body, part).count(",") + 1 for part in NAME_FIELDS))
            for name in {fold_exact(getattr(body, part)) for part in NAME_FIELDS} - {""}:
                self.bodies.setdefault(name, []).append(body)

    def find_all(self, text: str) -> list[Organisation]:
        """Bodies of a cell, separated by semicolons, lines or commas; a name may hold commas itself."""
        found: list[Organisation] = []
        for part in text.replace("\n", ";").split(";"):
            if part.strip():
                found += self._find_listed(part.strip())
        return list({body.pk: body for body in found}.values())

    def _find_listed(self, text: str) -> list[Organisation]:
        """The longest run of words between commas that is a name, then the next one; a run has no more than any name has."""
        words, found = text.rstrip(", ").split(","), []
        while words:
            runs = (",".join(words[:length]) for length in range(min(len(words), self.longest), 0, -1))
            run, body = next(((run, body) for run in runs if (body := self._find(run)) is not None), ("", None))
            if body is None:
                raise refuse("unknown_body", value=words[0].strip()[:80])
            found.append(body)
            words = words[run.count(",") + 1 :]
        return found

    def _find(self, name: str) -> Organisation | None:
        bodies = self.bodies.get(fold_exact(name), [])
        return next((body for body in bodies if body.is_valid_on(self.day)), bodies[0] if bodies else None)
