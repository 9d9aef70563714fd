"""McQuivey and Keefer 1974 (mcquivey_keefer1974): K = a Q / (S W)."""

from __future__ import annotations

from boget.science.river.dispersion.table import Floats, find_slope, number


def dispersion(*, width_m: Floats, depth_m: Floats, velocity_ms: Floats, shear_velocity_ms: Floats) -> Floats:
    """K, m2/s, of arrays of one shape, all above zero. The slope is that of the shear velocity, u*^2 / (g H); Q / W is U H."""
    return number("mcquivey_keefer.factor") * velocity_ms * depth_m / find_slope(depth_m, shear_velocity_ms)
