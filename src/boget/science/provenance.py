"""A figure: a value that never travels without its unit, interval, source and status."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, get_args

from boget.science.errors import InvalidInput
from boget.science.units import convert, unit_of

Interval = Literal["error", "p90", "unknown_inputs", "declared_range", "none"]
"""What the bounds mean: measurement error, 5-95 % of runs, span over unknown inputs, a stated range, no bounds."""
Kind = Literal["measured", "declared", "estimated", "computed"]
Status = Literal["verified", "provisional", "placeholder"]

SIGNIFICANT_IN_INTERVAL = 2
SIGNIFICANT_WITHOUT_WIDTH = 3
DIGITS_OF_A_FLOAT = 16
_DATE = re.compile(r"\d{4}(?:-(?:Q[1-4]|(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?))?")


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with everything a reader needs to judge it.

    Attributes
    ----------
    value : float or None
        In ``unit``; None = unknown.
    unit : str
        Key of `boget.science.units.UNITS`; ``"1"`` for a pure number.
    low, high : float or None
        Bounds in ``unit``. One of them may be open (None). Both are None if ``interval`` is ``"none"``.
    interval : {"error", "p90", "unknown_inputs", "declared_range", "none"}
        What the bounds mean. A computed figure always names one.
    kind : {"measured", "declared", "estimated", "computed"}
        How the value came about.
    source : str
        Where it comes from, as words.
    date : str
        ISO date of the value, as precise as known: ``2025``, ``2025-Q3``, ``2025-05``, ``2025-05-17``; empty = unknown.
    status : {"verified", "provisional", "placeholder"}
        Standing of the value or of the table behind it.
    about : bool
        The source said "about".
    formula, version : str
        For computed figures: the formula and the version of its table.
    cannot : str
        What it must not be used for.

    Raises
    ------
    InvalidInput
        ``unknown_unit``, ``unknown_choice``, ``not_finite``, ``interval_order``, ``interval_missing`` or ``bad_date``.

    Examples
    --------
    >>> Figure(32e6, "m3", low=30e6, high=34e6, interval="declared_range", source="survey").low
    30000000.0
    """

    value: float | None
    unit: str
    low: float | None = None
    high: float | None = None
    interval: Interval = "none"
    kind: Kind = "declared"
    source: str = ""
    date: str = ""
    status: Status = "provisional"
    about: bool = False
    formula: str = ""
    version: str = ""
    cannot: str = ""

    def __post_init__(self) -> None:
        unit_of(self.unit)
        for name, choices in (("interval", Interval), ("kind", Kind), ("status", Status)):
            _require_choice(f"figure.{name}", getattr(self, name), get_args(choices))
        if self.date and not _DATE.fullmatch(self.date):
            allowed = "2025, 2025-Q3, 2025-05, 2025-05-17"
            raise InvalidInput("bad_date", where="figure.date", value=self.date, allowed=allowed)
        _require_finite(self)
        _require_interval(self)


def _require_choice(where: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise InvalidInput("unknown_choice", where=where, value=value, allowed=", ".join(choices))


def _require_finite(figure: Figure) -> None:
    for name in ("value", "low", "high"):
        number = getattr(figure, name)
        if number is not None and not math.isfinite(number):
            raise InvalidInput("not_finite", where=f"figure.{name}", value=number, allowed="a finite number or None")


def _require_interval(figure: Figure) -> None:
    has_bounds = figure.low is not None or figure.high is not None
    if figure.interval == "none" and (has_bounds or figure.kind == "computed"):
        raise InvalidInput("interval_missing", where="figure.interval", value="none", allowed="a named kind of interval")
    if figure.interval != "none" and not has_bounds and figure.value is not None:
        raise InvalidInput("interval_missing", where="figure.low", allowed="at least one bound")
    known = [number for number in (figure.low, figure.value, figure.high) if number is not None]
    if known != sorted(known):
        shown = f"{figure.value} ({figure.low}–{figure.high})"
        raise InvalidInput("interval_order", where="figure", value=shown, allowed="low <= value <= high")


def round_figure(figure: Figure) -> Figure:
    """Round for the screen: the interval to two significant digits, the value to the same place.

    The width of the interval (the distance to the one known bound, if the other is open) sets the place; value and
    bounds are rounded half up to it, so a bound moves by at most a twentieth of the width and a value on its bound
    stays on it. A zero width gives no place: three significant digits then. Without an interval nothing is rounded,
    because the digits are those of the source.

    Examples
    --------
    >>> shown = round_figure(Figure(11.50515, "1", 8.50515, 11.50515, interval="unknown_inputs", kind="computed"))
    >>> shown.low, shown.value, shown.high
    (8.5, 11.5, 11.5)
    """
    known = [number for number in (figure.low, figure.value, figure.high) if number is not None]
    if figure.interval == "none" or not known:
        return figure
    width = max(known) - min(known)
    size, digits = (width, SIGNIFICANT_IN_INTERVAL) if width else (abs(known[0]), SIGNIFICANT_WITHOUT_WIDTH)
    if not size:
        return figure
    place = Decimal(repr(size)).adjusted() - digits + 1
    return replace(
        figure,
        value=_round_to(figure.value, place),
        low=_round_to(figure.low, place),
        high=_round_to(figure.high, place),
    )


def _round_to(number: float | None, place: int) -> float | None:
    if number is None:
        return None
    step = Decimal(1).scaleb(place)
    if abs(Decimal(number)) > step * Decimal(10) ** DIGITS_OF_A_FLOAT:
        return number  # finer than a float holds: nothing to round
    return float((Decimal(repr(number)) / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step)


def convert_figure(figure: Figure, unit: str) -> Figure:
    """Return the figure in another unit of the same dimension.

    Raises
    ------
    InvalidInput
        ``unknown_unit`` or ``unit_dimension``.
    """
    value, low, high = (
        None if number is None else convert(number, figure.unit, unit) for number in (figure.value, figure.low, figure.high)
    )
    return replace(figure, value=value, low=low, high=high, unit=unit)
