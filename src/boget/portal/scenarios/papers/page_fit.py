"""How many instructions and rows the first page of the sheet has room for, so that it stays one page with the longest names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from boget.portal.core.measure import measure_height

T = TypeVar("T")

ORDERS_PT = 190.0
"""Room for the instructions, in points."""
PAGE_PT = 435.0
"""Room for title, instructions and table together: the page less head, foot, charts, strip and the lines below them."""
TITLE_PT, ORDER_PT, TEXT_PT, NAME_PT, NOTE_PT = 15.0, 10.5, 8.5, 8.5, 7.5
WIDE, NAME = 500.0, 128.0
"""Widths of the whole page and of the column of names, in points."""
LEADING = 1.1
"""How much higher a line of the sheet is than one of the slides, for which heights are measured."""


def measure_title(text: str) -> float:
    return measure_height(text, TITLE_PT, WIDE, is_bold=True) * LEADING


def measure_order(order: str, numbers: str) -> float:
    return (measure_height(order, ORDER_PT, WIDE, is_bold=True) + measure_height(numbers, TEXT_PT, WIDE)) * LEADING + 5


def measure_row(name: str, facts: str, lines_beside: int) -> float:
    """The name with its facts, or the cells beside it where they are higher."""
    named = measure_height(name, NAME_PT, NAME, is_bold=True) + measure_height(facts, NOTE_PT, NAME)
    return max(named * LEADING, lines_beside * NAME_PT * 1.3) + 5.2


def count_fitting(items: Sequence[T], measure: Callable[[T], float], room: float) -> int:
    """How many of the items from the first on fit into the room; at least one where there is any."""
    used, count = 0.0, 0
    for item in items:
        used += measure(item)
        if count and used > room:
            break
        count += 1
    return count
