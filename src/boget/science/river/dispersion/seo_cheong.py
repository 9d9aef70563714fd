"""Seo and Cheong 1998 (seo_cheong1998): K = a (W/H)^b (U/u*)^c H u*."""

from __future__ import annotations

from boget.science.river.dispersion.table import Floats, number


def dispersion(*, width_m: Floats, depth_m: Floats, velocity_ms: Floats, shear_velocity_ms: Floats) -> Floats:
    """K, m2/s, of arrays of one shape, all above zero."""
    aspect = (width_m / depth_m) ** number("seo_cheong.aspect_power")
    friction = (velocity_ms / shear_velocity_ms) ** number("seo_cheong.friction_power")
    return number("seo_cheong.factor") * aspect * friction * depth_m * shear_velocity_ms
