"""Under ice the water has a second rough wall: velocity times 0.6 to 0.8."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from boget.science.river.coefficients import load_coefficients


def slow_under_ice(velocity_ms: ArrayLike, has_ice: ArrayLike) -> NDArray[np.float64]:
    """Velocities, m/s, times the factor of the table where there is ice."""
    factor = load_coefficients("hydraulics").number("ice.velocity_factor")
    return np.asarray(velocity_ms, dtype=np.float64) * np.where(np.asarray(has_ice, dtype=bool), factor, 1.0)


def sigma_ln(has_ice: ArrayLike) -> NDArray[np.float64]:
    """Spread of the logarithm of that factor where there is ice, else 0: the ends of the table hold 90 % of the rivers."""
    table = load_coefficients("hydraulics")
    low, high = (table.number(f"ice.velocity_factor_{end}") for end in ("low", "high"))
    return np.where(np.asarray(has_ice, dtype=bool), np.log(high / low) / (2 * table.number("ice.quantile_95")), 0.0)
