"""Koussis and Rodriguez-Mirasol 1998 (koussis1998): K = a W^2 u* / H."""

from __future__ import annotations

from boget.science.river.dispersion.table import Floats, number


def dispersion(*, width_m: Floats, depth_m: Floats, velocity_ms: Floats, shear_velocity_ms: Floats) -> Floats:
    """K, m2/s, of arrays of one shape, all above zero."""
    return number("koussis.factor") * width_m**2 * shear_velocity_ms / depth_m
