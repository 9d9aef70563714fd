"""Zeng and Huai 2014 (zeng_huai2014): K = a (W/H)^b (U/u*)^c H U."""

from __future__ import annotations

from boget.science.river.dispersion.table import Floats, number


def dispersion(*, width_m: Floats, depth_m: Floats, velocity_ms: Floats, shear_velocity_ms: Floats) -> Floats:
    """K, m2/s, of arrays of one shape, all above zero."""
    aspect = (width_m / depth_m) ** number("zeng_huai.aspect_power")
    friction = (velocity_ms / shear_velocity_ms) ** number("zeng_huai.friction_power")
    return number("zeng_huai.factor") * aspect * friction * depth_m * velocity_ms
