"""U = a Q^b, fitted to the tracer reaches: for stretches whose slope is unknown."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from boget.science.river.coefficients import load_coefficients
from boget.science.river.width import check_positive

Floats = NDArray[np.float64]


def velocity(discharge: ArrayLike) -> Floats:
    """Velocity, m/s, of the discharge, m3/s; InvalidInput("not_finite", "not_positive")."""
    fit = load_coefficients("velocity_fit")
    return np.asarray(fit.number("power.factor") * check_positive("discharge", discharge) ** exponent(), dtype=np.float64)


def exponent() -> float:
    """d ln U / d ln Q."""
    return load_coefficients("velocity_fit").number("power.power")


def sigma_ln() -> float:
    """Spread of ln U about the fit, one reach at a time."""
    return load_coefficients("velocity_fit").number("power.sigma_ln")
