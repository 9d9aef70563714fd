"""The default: Manning with the roughness that gives the velocity of a tracer, n = a S^b Q^c, own fit.

Dead water, bends and pools hold a tracer back, so this roughness is greater than a textbook one; it was fitted to field
reaches with measured discharge, width and slope (`tools/river/fit_velocity.py`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from boget.science.river.coefficients import load_coefficients
from boget.science.river.velocity import manning, power
from boget.science.river.velocity.slope import settle_slope
from boget.science.river.width import check_positive

Floats = NDArray[np.float64]


def roughness(discharge: ArrayLike, slope: ArrayLike) -> Floats:
    """Roughness for a tracer, s/m^(1/3), from discharge (m3/s) and slope (m/m)."""
    fit = load_coefficients("velocity_fit")
    flow, fall = check_positive("discharge", discharge), check_positive("slope", slope)
    powers = fall ** fit.number("tracer.slope_power") * flow ** fit.number("tracer.discharge_power")
    return np.asarray(fit.number("tracer.factor") * powers, dtype=np.float64)


def velocity(discharge: ArrayLike, slope: ArrayLike, *, width: ArrayLike | None = None) -> Floats:
    """Velocity, m/s, of the discharge (m3/s) at a slope (m/m; NaN where unknown: then from the discharge alone).

    Shapes are those of the arguments broadcast together; `width`, m, is fitted to the discharge if not given.

    Raises
    ------
    InvalidInput
        "not_finite" and "not_positive" for discharge or width.

    Examples
    --------
    >>> velocity([100.0, 100.0], [5e-4, float("nan")]).round(2).tolist()
    [0.64, 0.6]
    """
    flow, fall = np.broadcast_arrays(check_positive("discharge", discharge), settle_slope(slope))
    is_known = np.isfinite(fall)
    steady = np.where(is_known, fall, load_coefficients("hydraulics").number("slope.floor"))
    with_slope = manning.velocity(flow, steady, roughness=roughness(flow, steady), width=width)
    return np.where(is_known, with_slope, power.velocity(flow))


def exponent(slope: ArrayLike, *, is_width_known: bool = False) -> Floats:
    """d ln U / d ln Q of each stretch; the roughness changes with the flow too."""
    rough = load_coefficients("velocity").number("manning.roughness_power")
    change = rough * load_coefficients("velocity_fit").number("tracer.discharge_power")
    with_slope = manning.exponent(is_width_known=is_width_known) + change
    return np.where(np.isfinite(np.asarray(slope, dtype=np.float64)), with_slope, power.exponent())


def sigma_ln(slope: ArrayLike) -> Floats:
    """Spread of ln U about the fit, one reach at a time; greater where the slope is unknown."""
    known = load_coefficients("velocity_fit").number("tracer.sigma_ln")
    return np.where(np.isfinite(np.asarray(slope, dtype=np.float64)), known, power.sigma_ln())
