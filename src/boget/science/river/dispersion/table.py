"""The coefficients of the dispersion formulas, and what several of them need."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from boget.science.river.coefficients import load_coefficients
from boget.science.units import STANDARD_GRAVITY

Floats = NDArray[np.float64]


def number(name: str) -> float:
    """A coefficient by "formula.name"."""
    return load_coefficients("dispersion").number(name)


def find_slope(depth_m: Floats, shear_velocity_ms: Floats) -> Floats:
    """Slope of the energy line that belongs to a shear velocity: u*^2 / (g H)."""
    return shear_velocity_ms**2 / (STANDARD_GRAVITY * depth_m)


def find_shear_velocity(depth_m: Floats, slope: Floats) -> Floats:
    """Shear velocity, m/s: the root of g H S."""
    return np.asarray(np.sqrt(STANDARD_GRAVITY * depth_m * slope), dtype=np.float64)
