"""Liu 1977 (liu1977): K = a (u*/U)^1.5 U^2 W^2 / (H u*)."""

from __future__ import annotations

from boget.science.river.dispersion.table import Floats, number


def dispersion(*, width_m: Floats, depth_m: Floats, velocity_ms: Floats, shear_velocity_ms: Floats) -> Floats:
    """K, m2/s, of arrays of one shape, all above zero."""
    shear = (shear_velocity_ms / velocity_ms) ** number("liu.shear_power")
    return number("liu.factor") * shear * (velocity_ms * width_m) ** 2 / (depth_m * shear_velocity_ms)
