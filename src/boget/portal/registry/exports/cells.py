"""Text that a spreadsheet must not run: a cell that could be read as a formula gets an apostrophe in front."""

from __future__ import annotations

from typing import Any

GUARD = "'"
RISKY = frozenset("=+-@\t\r\n＝＋－＠" + GUARD)  # a leading guard is guarded too, so that it can be taken off again


def guard_cell(value: Any) -> Any:
    """The text as it goes into a CSV cell; numbers and nothing stay as they are.

    >>> guard_cell("=HYPERLINK(1)"), guard_cell("  @x"), guard_cell(-2.5), guard_cell("'so")
    ("'=HYPERLINK(1)", "'  @x", -2.5, "''so")
    """
    if not isinstance(value, str) or not value:
        return value
    return GUARD + value if value[0] in RISKY or value.lstrip()[:1] in RISKY else value


def unguard_cell(text: str) -> str:
    """The text that was guarded: what an import of our own file reads.

    >>> unguard_cell(guard_cell("=1+1"))
    '=1+1'
    """
    return text.removeprefix(GUARD)
