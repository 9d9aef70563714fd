"""A number with its bounds."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from boget.science.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Span:
    """A best value between two bounds, all in one unit.

    Attributes
    ----------
    value : float
    low, high : float or None
        Bounds; None = the value itself (exact as far as known).

    Raises
    ------
    InvalidInput
        ``not_finite`` or ``interval_order``.

    Examples
    --------
    >>> Span(32e6, 30e6, 34e6).bounds
    (30000000.0, 34000000.0)
    >>> Span(5e6).bounds
    (5000000.0, 5000000.0)
    """

    value: float
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        low, high = self.bounds
        for number in (low, self.value, high):
            if not math.isfinite(number):
                raise InvalidInput("not_finite", where="span", value=number, allowed="finite numbers")
        if not low <= self.value <= high:
            raise InvalidInput("interval_order", where="span", value=f"{self.value} ({low}–{high})")

    @property
    def bounds(self) -> tuple[float, float]:
        """Lowest and highest value."""
        return (self.value if self.low is None else self.low, self.value if self.high is None else self.high)


def add_spans(spans: Iterable[Span]) -> Span:
    """Add spans; bounds add too, which is the widest case.

    Examples
    --------
    >>> add_spans([Span(1.0, 0.5, 2.0), Span(3.0)])
    Span(value=4.0, low=3.5, high=5.0)
    """
    listed = list(spans)
    low, high = (sum(span.bounds[side] for span in listed) for side in (0, 1))
    return Span(sum(span.value for span in listed), low, high)
