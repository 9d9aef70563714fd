"""Velocity, width, depth and dispersion of every stretch of a path at its discharge, by the formulas chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from boget.science.errors import InvalidInput
from boget.science.river import dispersion, mixing
from boget.science.river.coefficients import load_coefficients
from boget.science.river.dispersion.table import find_shear_velocity
from boget.science.river.flow_state import FlowState
from boget.science.river.mean_flow import find_runs
from boget.science.river.path import RiverPath
from boget.science.river.velocity import ice, jobson, manning, power, tracer
from boget.science.river.velocity.slope import settle_slope, smooth_slope
from boget.science.river.width import depth_m, width_m

Floats = NDArray[np.float64]
VelocityCode = Literal["tracer", "manning_textbook", "manning_tracer", "power", "jobson"]
SQUARE_METRES_PER_KM2 = 1e6


@dataclass(frozen=True, slots=True)
class Hydraulics:
    """Arrays of the shape (n,) over the stretches of a path; m, m/s, m2/s.

    slope : as used, smoothed and lifted to the floor; `is_slope_assumed` where the network had none above the floor
    exponent : d ln U / d ln Q
    sigma_ln : spread of ln U of one reach about its formula, and of the factor of ice where there is ice
    mixing_m : length of full mixing across for a release from the bank
    """

    velocity_ms: Floats
    width_m: Floats
    depth_m: Floats
    slope: Floats
    shear_velocity_ms: Floats
    dispersion_m2s: Floats
    exponent: Floats
    sigma_ln: Floats
    mixing_m: Floats
    is_slope_assumed: NDArray[np.bool_]


def find_velocity(
    code: VelocityCode, path: RiverPath, *, discharge: Floats, slope: Floats, mean: Floats
) -> tuple[Floats, Floats]:
    """Velocity (m/s) and d ln U / d ln Q by a formula, before ice.

    `slope` may hold NaN where unknown; `mean` is the mean annual discharge, for Jobson.
    """
    if code == "tracer":
        return tracer.velocity(discharge, slope), tracer.exponent(slope)
    if code == "power":
        return power.velocity(discharge), np.full(len(path), power.exponent())
    if code == "jobson":
        area = np.maximum(path.upland_km2, 1.0) * SQUARE_METRES_PER_KM2
        speed = jobson.velocity(discharge, area, mean_discharge=mean)
        return speed, jobson.exponent(discharge, area, mean_discharge=mean)
    rough = load_coefficients("velocity").number(f"manning.{code.removeprefix('manning_')}")
    floor = load_coefficients("hydraulics").number("slope.floor")
    speed = manning.velocity(discharge, np.where(np.isfinite(slope), slope, floor), roughness=rough)
    return speed, np.full(len(path), manning.exponent())


def estimate_hydraulics(
    path: RiverPath,
    flow: FlowState,
    *,
    velocity: VelocityCode = "tracer",
    dispersion_code: str = dispersion.DEFAULT,
    mean: Floats | None = None,
) -> Hydraulics:
    """Hydraulics of a path at the discharge of `flow`; ice slows the water.

    Parameters
    ----------
    velocity : tracer, manning_textbook, manning_tracer, power or jobson
    dispersion_code : a code of `dispersion.FORMULAS`
    mean : mean annual discharge (n,), m3/s, for Jobson; if not given that of `flow`, else its discharge

    Raises
    ------
    InvalidInput
        "unknown_choice" for a formula; "not_finite", "not_positive" for a discharge.
    """
    if velocity not in get_args(VelocityCode):
        allowed = ", ".join(get_args(VelocityCode))
        raise InvalidInput("unknown_choice", where="velocity formula", value=velocity, allowed=allowed)
    discharge = flow.discharge_m3s
    smooth = smooth_slope(path.slope, path.length_m, find_runs(path))
    known = flow.mean_m3s if mean is None else mean
    annual = discharge if known is None else known
    speed, exponent = find_velocity(velocity, path, discharge=discharge, slope=settle_slope(smooth), mean=annual)
    speed = ice.slow_under_ice(speed, flow.has_ice)
    width = width_m(discharge)
    depth = depth_m(discharge, width, speed)
    floor = load_coefficients("hydraulics").number("slope.floor")
    is_assumed = ~(np.isfinite(smooth) & (smooth >= floor))
    slope = np.where(np.isfinite(smooth), settle_slope(smooth), floor)
    shear = find_shear_velocity(depth, slope)
    spread = dispersion.find_dispersion(
        dispersion_code, width_m=width, depth_m=depth, velocity_ms=speed, shear_velocity_ms=shear
    )
    of_formula = tracer.sigma_ln(smooth) if velocity == "tracer" else np.full(len(path), power.sigma_ln())
    return Hydraulics(
        velocity_ms=speed,
        width_m=width,
        depth_m=depth,
        slope=slope,
        shear_velocity_ms=shear,
        dispersion_m2s=spread,
        exponent=exponent,
        sigma_ln=np.hypot(of_formula, ice.sigma_ln(flow.has_ice)),
        mixing_m=mixing.mixing_length_m(width, depth, speed, shear_velocity_ms=shear),
        is_slope_assumed=is_assumed,
    )
