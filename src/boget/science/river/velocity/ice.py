"""Under ice the water has a second rough wall: velocity times 0.6 to 0.8."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from boget.science.river.coefficients import load_coefficients


def slow_under_ice(velocity_ms: ArrayLike, has_ice: ArrayLike) -> NDArray[np.float64]:
    """Velocities, m/s, times the factor of the table where there is ice."""
    factor = load_coefficients("hydraulics").number("ice.velocity_factor")
    return np.asarray(velocity_ms, dtype=np.float64) * np.where(np.asarray(has_ice, dtype=bool), factor, 1.0)
