"""What every table reader says about a faulty cell."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RowError:
    """One fault of a table: where it is, what stands there and which rule it breaks.

    `row` counts from 1 and includes the header, as a spreadsheet shows it. `rule` is a stable code that the portal
    translates: missing_column, required, choice, not_a_number, range, repeated and so on.
    """

    sheet: str
    row: int
    column: str
    value: str
    rule: str
