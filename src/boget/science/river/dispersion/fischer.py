"""Fischer 1979 (fischer1979): K = a U^2 W^2 / (H u*)."""

from __future__ import annotations

from boget.science.river.dispersion.table import Floats, number


def dispersion(*, width_m: Floats, depth_m: Floats, velocity_ms: Floats, shear_velocity_ms: Floats) -> Floats:
    """K, m2/s, of arrays of one shape, all above zero."""
    return number("fischer.factor") * (velocity_ms * width_m) ** 2 / (depth_m * shear_velocity_ms)
