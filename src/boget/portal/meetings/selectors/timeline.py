"""The strip of a plan's year by quarter: which items are due when, and where today is."""

from __future__ import annotations

from dataclasses import dataclass

from boget.portal.core.formatting import format_partial_date
from boget.portal.meetings.models import ItemState
from boget.portal.meetings.selectors.plan import PlanRow, PlanTable


@dataclass(frozen=True, slots=True)
class Quarter:
    """One quarter with its items; ``code`` is before, 1 to 4, or after."""

    code: str
    label: str
    rows: list[PlanRow]
    is_current: bool


def build_timeline(table: PlanTable) -> list[Quarter]:
    """The four quarters of the plan's year, and what lies before or after it where an item does."""
    by_code: dict[str, list[PlanRow]] = {code: [] for code in ("before", "1", "2", "3", "4", "after")}
    for row in table.rows:
        if row.state not in (ItemState.CANCELLED, ItemState.CARRIED):
            by_code[_place(row.due_end.year, row.due_end.month, table.plan.year)].append(row)
    current = _place(table.day.year, table.day.month, table.plan.year)
    return [
        Quarter(code, _say(code, table.plan.year), rows, code == current)
        for code, rows in by_code.items()
        if code.isdigit() or rows
    ]


def _place(year: int, month: int, of: int) -> str:
    if year != of:
        return "before" if year < of else "after"
    return str((month + 2) // 3)


def _say(code: str, year: int) -> str:
    if code.isdigit():
        return format_partial_date(f"{year}-Q{code}")
    return f"< {year}" if code == "before" else f"> {year}"
