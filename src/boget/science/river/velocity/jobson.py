"""Jobson 1996, equations 6, 7 and 12 to 19: travel time and unit peaks from drainage area, discharge and slope (jobson1996).

Times here are seconds and unit peaks 1/s; the report's hours and 1e-6/s are turned at the edge of each function. The unit
peak is the peak concentration times discharge over the mass that passes, so 1/s.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from boget.science.river.coefficients import load_coefficients
from boget.science.river.width import check_positive

Floats = NDArray[np.float64]
SECONDS_PER_HOUR = 3600.0
UNIT_PEAK = 1e-6
GAUSSIAN = 1 / math.sqrt(2 * math.pi)
"""Peak of a Gaussian wave of unit area times its standard deviation."""


def number(name: str) -> float:
    """A coefficient of the report."""
    return load_coefficients("jobson").number(name)


def reach_term(
    discharge: Floats, area_m2: Floats, *, mean_discharge: ArrayLike | None, slope: ArrayLike | None
) -> tuple[str, Floats, float]:
    """Set of equations for what is known, its variable term without the factor (m/s), and the power of Q in it."""
    fall = math.sqrt(number("gravity.g")) * area_m2**1.25
    if mean_discharge is None:
        power = number("area_only.area")
        return "area_only", (fall / discharge) ** power * discharge / area_m2, 1 - power
    mean = check_positive("mean discharge", mean_discharge)
    section = "no_slope" if slope is None else "slope"
    flow = number(f"{section}.flow")
    term = (fall / mean) ** number(f"{section}.area") * (discharge / mean) ** flow * discharge / area_m2
    if slope is not None:
        term = term * check_positive("slope", slope) ** number("slope.slope")
    return section, term, 1 + flow


def velocity(
    discharge: ArrayLike,
    area_m2: ArrayLike,
    *,
    mean_discharge: ArrayLike | None = None,
    slope: ArrayLike | None = None,
    is_greatest: bool = False,
) -> Floats:
    """Velocity of the peak, m/s.

    Parameters
    ----------
    discharge, area_m2 : m3/s, and drainage area in m2
    mean_discharge : mean annual, m3/s; without it equations 16 and 17
    slope : m/m; without it equations 14 and 15
    is_greatest : the greatest probable velocity (13, 15, 17) in place of the expected one (12, 14, 16)

    Raises
    ------
    InvalidInput
        "not_finite", "not_positive".
    """
    flow, area = check_positive("discharge", discharge), check_positive("drainage area", area_m2)
    section, term, _ = reach_term(flow, area, mean_discharge=mean_discharge, slope=slope)
    end = "_max" if is_greatest else ""
    return np.asarray(number(f"{section}.base{end}") + number(f"{section}.factor{end}") * term, dtype=np.float64)


def exponent(
    discharge: ArrayLike, area_m2: ArrayLike, *, mean_discharge: ArrayLike | None = None, slope: ArrayLike | None = None
) -> Floats:
    """d ln U / d ln Q of the expected velocity: the constant of the equation does not grow with the flow."""
    flow, area = check_positive("discharge", discharge), check_positive("drainage area", area_m2)
    section, term, power = reach_term(flow, area, mean_discharge=mean_discharge, slope=slope)
    grown = number(f"{section}.factor") * term
    return np.asarray(power * grown / (number(f"{section}.base") + grown), dtype=np.float64)


def unit_peak(peak_time_s: ArrayLike, flow_ratio: ArrayLike | None = None) -> Floats:
    """Unit peak, 1/s, at the travel time of the peak (s); `flow_ratio` = discharge over mean annual (equation 7, else 6)."""
    hours = check_positive("travel time", peak_time_s) / SECONDS_PER_HOUR
    if flow_ratio is None:
        peak = number("unit_peak.factor_no_mean") * hours ** number("unit_peak.time_no_mean")
    else:
        power = number("unit_peak.time") * check_positive("flow ratio", flow_ratio) ** number("unit_peak.flow")
        peak = number("unit_peak.factor") * hours**power
    return np.asarray(peak * UNIT_PEAK, dtype=np.float64)


def peak_kg_m3(unit_peak_per_s: ArrayLike, mass_kg: ArrayLike, discharge: ArrayLike) -> Floats:
    """Peak concentration, kg/m3, of the mass that gets through."""
    mass = np.asarray(mass_kg, dtype=np.float64)
    return np.asarray(np.asarray(unit_peak_per_s) * mass / check_positive("discharge", discharge), dtype=np.float64)


def leading_edge_s(peak_time_s: ArrayLike) -> Floats:
    """Travel time of the leading edge, s (equation 18)."""
    return number("shape.leading") * np.asarray(peak_time_s, dtype=np.float64)


def passage_s(unit_peak_per_s: ArrayLike) -> Floats:
    """Time from the leading edge until the concentration is down to 10 % of the peak, s (equation 19)."""
    return number("shape.passage") * UNIT_PEAK / np.asarray(unit_peak_per_s, dtype=np.float64)


def sigma_t_s(peak_time_s: ArrayLike, flow_ratio: ArrayLike | None = None) -> Floats:
    """Standard deviation in time, s, of a Gaussian wave with this unit peak: about 465 s times hours to the power 0.76.

    Wider with time than any Fickian cloud: the third structural member of a forecast.
    """
    return np.asarray(GAUSSIAN / unit_peak(peak_time_s, flow_ratio), dtype=np.float64)
