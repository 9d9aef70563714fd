"""Kashefipour and Falconer 2002, full form (kashefipour_falconer2002): K = [a + b (W/H)^c (u*/U)^d] (U/u*) H U."""

from __future__ import annotations

from boget.science.river.dispersion.table import Floats, number


def dispersion(*, width_m: Floats, depth_m: Floats, velocity_ms: Floats, shear_velocity_ms: Floats) -> Floats:
    """K, m2/s, of arrays of one shape, all above zero."""
    aspect = (width_m / depth_m) ** number("kashefipour_falconer_b.aspect_power")
    shear = (shear_velocity_ms / velocity_ms) ** number("kashefipour_falconer_b.shear_power")
    bracket = number("kashefipour_falconer_b.base") + number("kashefipour_falconer_b.factor") * aspect * shear
    return bracket * velocity_ms / shear_velocity_ms * depth_m * velocity_ms
