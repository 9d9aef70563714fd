"""Iwasa and Aya 1991 (iwasa_aya1991): K = a (W/H)^1.5 H u*."""

from __future__ import annotations

from boget.science.river.dispersion.table import Floats, number


def dispersion(*, width_m: Floats, depth_m: Floats, velocity_ms: Floats, shear_velocity_ms: Floats) -> Floats:
    """K, m2/s, of arrays of one shape, all above zero."""
    aspect = (width_m / depth_m) ** number("iwasa_aya.aspect_power")
    return number("iwasa_aya.factor") * aspect * depth_m * shear_velocity_ms
