"""Kashefipour and Falconer 2002, simple form (kashefipour_falconer2002): K = a (U/u*) H U."""

from __future__ import annotations

from boget.science.river.dispersion.table import Floats, number


def dispersion(*, width_m: Floats, depth_m: Floats, velocity_ms: Floats, shear_velocity_ms: Floats) -> Floats:
    """K, m2/s, of arrays of one shape, all above zero."""
    return number("kashefipour_falconer_a.factor") * velocity_ms / shear_velocity_ms * depth_m * velocity_ms
