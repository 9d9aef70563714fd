"""Elder 1959 (elder1959): K = a H u*."""

from __future__ import annotations

from boget.science.river.dispersion.table import Floats, number


def dispersion(*, width_m: Floats, depth_m: Floats, velocity_ms: Floats, shear_velocity_ms: Floats) -> Floats:
    """K, m2/s, of arrays of one shape, all above zero.

    For a wide channel with a logarithmic profile and no banks: far too small for a river.
    """
    return number("elder.factor") * depth_m * shear_velocity_ms
