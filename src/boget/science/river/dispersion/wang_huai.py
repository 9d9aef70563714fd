"""Wang and Huai 2016 (wang_huai2016): K = a (W/H)^b (U/u*)^c H u*."""

from __future__ import annotations

from boget.science.river.dispersion.table import Floats, number


def dispersion(*, width_m: Floats, depth_m: Floats, velocity_ms: Floats, shear_velocity_ms: Floats) -> Floats:
    """K, m2/s, of arrays of one shape, all above zero."""
    aspect = (width_m / depth_m) ** number("wang_huai.aspect_power")
    friction = (velocity_ms / shear_velocity_ms) ** number("wang_huai.friction_power")
    return number("wang_huai.factor") * aspect * friction * depth_m * shear_velocity_ms
