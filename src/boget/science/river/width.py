"""Width and depth of the water in the channel at its flow: W = p Q^q, fitted to the tracer reaches; H = Q / (W U)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from boget.science.errors import InvalidInput
from boget.science.river.coefficients import load_coefficients

Floats = NDArray[np.float64]


def check_positive(name: str, values: ArrayLike) -> Floats:
    """The values as an array; InvalidInput("not_finite" or "not_positive") if one is not a number above zero."""
    array = np.asarray(values, dtype=np.float64)
    if not np.all(np.isfinite(array)):
        raise InvalidInput("not_finite", where=name, value=float(array[~np.isfinite(array)].flat[0]), allowed="above 0")
    if array.size and float(array.min()) <= 0:
        raise InvalidInput("not_positive", where=name, value=float(array.min()), allowed="above 0")
    return array


def width_m(discharge_m3s: ArrayLike) -> Floats:
    """Width of the water, m, from the discharge, m3/s.

    Raises
    ------
    InvalidInput
        "not_finite", "not_positive".

    Examples
    --------
    >>> round(float(width_m(100.0)))
    87
    """
    fit = load_coefficients("velocity_fit")
    power = check_positive("discharge", discharge_m3s) ** fit.number("width.power")
    return np.asarray(fit.number("width.factor") * power, dtype=np.float64)


def width_exponent() -> float:
    """d ln W / d ln Q."""
    return load_coefficients("velocity_fit").number("width.power")


def depth_m(discharge_m3s: ArrayLike, width: ArrayLike, velocity_ms: ArrayLike) -> Floats:
    """Mean depth, m, that passes the discharge at this width (m) and velocity (m/s)."""
    area = check_positive("discharge", discharge_m3s) / check_positive("velocity", velocity_ms)
    return np.asarray(area / check_positive("width", width), dtype=np.float64)
