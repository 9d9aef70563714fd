"""Places in a ranking, with the interval of each place over everything that is not known."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from boget.science.errors import InvalidInput

Floats = npt.NDArray[np.float64]
DIGITS_THAT_COUNT = 9
"""Decimals after which two index values count as equal: above the rounding error of a sum, far below any real difference."""
PLACE_DTYPE = np.dtype([("place", "i8"), ("best", "i8"), ("worst", "i8")])


def rank_places(low: Floats, high: Floats, value: Floats) -> npt.NDArray[np.void]:
    """Rank facilities, the highest index first, and bound every place.

    The place is taken from ``value``; equal values share the better place (1, 2, 2, 4). ``best`` and ``worst`` are the
    least and the greatest place over all completions, each facility moving freely within its own bounds: at its best a
    facility stands at its high and all others at their low.

    Parameters
    ----------
    low, high, value : array of float, shape (n,)
        NaN in ``value`` = not ranked; all three are then ignored for that row.

    Returns
    -------
    structured array, shape (n,)
        ``place``, ``best``, ``worst``, from 1; 0 = not ranked. O(n log n).

    Raises
    ------
    InvalidInput
        ``shape_mismatch``, ``not_finite`` or ``interval_order``.

    Examples
    --------
    >>> low, high = np.array([10.0, 8.5, 4.0]), np.array([13.4, 11.5, 5.0])
    >>> rank_places(low, high, high).tolist()
    [(1, 1, 2), (2, 1, 2), (3, 3, 3)]
    """
    lows, highs, values = _read(low), _read(high), _read(value)
    if lows.ndim != 1 or not lows.shape == highs.shape == values.shape:
        shapes = (lows.shape, highs.shape, values.shape)
        raise InvalidInput("shape_mismatch", where="places", value=shapes, allowed="(n,) for all three")
    is_ranked = ~np.isnan(values)
    lows, highs, values = lows[is_ranked], highs[is_ranked], values[is_ranked]
    _require_bounds(lows, highs, values)
    places = np.zeros(is_ranked.shape, dtype=PLACE_DTYPE)
    places["place"][is_ranked] = 1 + _count_above(values, values)
    places["best"][is_ranked] = 1 + _count_above(lows, highs)
    # A facility with an open interval has its own high above its own low: it is not its own rival.
    places["worst"][is_ranked] = 1 + _count_above(highs, lows) - (highs > lows)
    return places


def _read(numbers: Floats) -> Floats:
    return np.asarray(np.round(numbers, DIGITS_THAT_COUNT), dtype=np.float64)


def _require_bounds(lows: Floats, highs: Floats, values: Floats) -> None:
    if not (np.isfinite(lows).all() and np.isfinite(highs).all() and np.isfinite(values).all()):
        raise InvalidInput("not_finite", where="places", allowed="finite bounds for every ranked row")
    if not ((lows <= values) & (values <= highs)).all():
        raise InvalidInput("interval_order", where="places", allowed="low <= value <= high in every row")


def _count_above(numbers: Floats, marks: Floats) -> npt.NDArray[np.int64]:
    """For each mark, count the numbers strictly above it."""
    return (numbers.size - np.searchsorted(np.sort(numbers), marks, side="right")).astype(np.int64)
