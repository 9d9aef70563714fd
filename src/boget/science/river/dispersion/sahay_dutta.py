"""Sahay and Dutta 2009 (sahay_dutta2009): K = a (W/H)^b (U/u*)^c H u*."""

from __future__ import annotations

from boget.science.river.dispersion.table import Floats, number


def dispersion(*, width_m: Floats, depth_m: Floats, velocity_ms: Floats, shear_velocity_ms: Floats) -> Floats:
    """K, m2/s, of arrays of one shape, all above zero."""
    aspect = (width_m / depth_m) ** number("sahay_dutta.aspect_power")
    friction = (velocity_ms / shear_velocity_ms) ** number("sahay_dutta.friction_power")
    return number("sahay_dutta.factor") * aspect * friction * depth_m * shear_velocity_ms
