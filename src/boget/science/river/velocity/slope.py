"""The slope a velocity formula may use: fall over a length that the terrain grid can see, never below a floor."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from boget.science.river.coefficients import load_coefficients

Floats = NDArray[np.float64]


def settle_slope(slope: ArrayLike) -> Floats:
    """Slopes (m/m) between the floor and the ceiling of the table; an unknown one (NaN) stays NaN."""
    table = load_coefficients("hydraulics")
    return np.asarray(np.clip(slope, table.number("slope.floor"), table.number("slope.ceiling")), dtype=np.float64)


def smooth_slope(slope: ArrayLike, length_m: ArrayLike, runs: Sequence[range] | None = None) -> Floats:
    """Slope of each stretch of a path from the fall within a window round its middle, shape (n,), m/m.

    A grid of whole metres gives a plain river slopes of nought with a step here and there. Within a run (one river; the whole
    path if none are given) the fall is shared out; a stretch without a slope (NaN) takes no part and stays NaN unless its
    window holds others.
    """
    known, length = np.asarray(slope, dtype=np.float64), np.asarray(length_m, dtype=np.float64)
    smooth = np.empty_like(length)
    for run in runs if runs is not None else [range(len(length))]:
        part = slice(run.start, run.stop)
        smooth[part] = smooth_run(known[part], length[part])
    return smooth


def smooth_run(slope: Floats, length: Floats) -> Floats:
    """Slopes of one river."""
    is_known = np.isfinite(slope)
    known, fall = np.where(is_known, length, 0.0), np.where(is_known, slope, 0.0) * length
    ends = np.concatenate([[0.0], np.cumsum(length)])
    middle = (ends[:-1] + ends[1:]) / 2
    reach = np.maximum(load_coefficients("hydraulics").number("slope.window_m") / 2, length / 2)
    low, high = np.maximum(middle - reach, 0.0), np.minimum(middle + reach, ends[-1])
    fallen = np.interp([low, high], ends, np.concatenate([[0.0], np.cumsum(fall)]))
    seen = np.interp([low, high], ends, np.concatenate([[0.0], np.cumsum(known)]))
    width = seen[1] - seen[0]
    return np.where(width > 0, (fallen[1] - fallen[0]) / np.where(width > 0, width, 1.0), np.nan)
