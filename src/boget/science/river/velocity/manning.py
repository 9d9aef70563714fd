"""Manning's formula for a channel much wider than deep: U = Q^0.4 S^0.3 n^-0.6 W^-0.4."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from boget.science.river.coefficients import load_coefficients
from boget.science.river.velocity.slope import settle_slope
from boget.science.river.width import check_positive, width_exponent, width_m

Floats = NDArray[np.float64]


def velocity(
    discharge: ArrayLike, slope: ArrayLike, *, roughness: ArrayLike | None = None, width: ArrayLike | None = None
) -> Floats:
    """Velocity, m/s, of the discharge (m3/s) at a slope (m/m).

    Parameters
    ----------
    roughness : Manning's n, s/m^(1/3); the textbook value of the table if not given
    width : of the water, m; fitted to the discharge if not given

    Raises
    ------
    InvalidInput
        "not_finite" (also for an unknown slope), "not_positive". A slope below the floor of the table is lifted to it.

    Examples
    --------
    >>> round(float(velocity(100.0, 5e-4, width=60.0)), 2)
    0.94
    """
    table = load_coefficients("velocity")
    flow = check_positive("discharge", discharge)
    fall = check_positive("slope", settle_slope(slope))
    rough = check_positive("roughness", table.number("manning.textbook") if roughness is None else roughness)
    across = width_m(flow) if width is None else check_positive("width", width)
    product = flow ** table.number("manning.discharge_power") * fall ** table.number("manning.slope_power")
    product = product * rough ** table.number("manning.roughness_power") * across ** table.number("manning.width_power")
    return np.asarray(product, dtype=np.float64)


def exponent(*, is_width_known: bool = False) -> float:
    """d ln U / d ln Q at a fixed roughness; a fitted width grows with the flow and takes part of it."""
    table = load_coefficients("velocity")
    across = 0.0 if is_width_known else width_exponent()
    return table.number("manning.discharge_power") + table.number("manning.width_power") * across
