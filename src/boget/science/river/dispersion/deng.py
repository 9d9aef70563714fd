"""Deng, Singh and Bengtsson 2001 (deng2001): K = 0.15/(8 e) (W/H)^(5/3) (U/u*)^2 H u*, e = 0.145 + (U/u*) (W/H)^1.38 / 3520."""

from __future__ import annotations

from boget.science.river.dispersion.table import Floats, number


def dispersion(*, width_m: Floats, depth_m: Floats, velocity_ms: Floats, shear_velocity_ms: Floats) -> Floats:
    """K, m2/s, of arrays of one shape, all above zero."""
    aspect, friction = width_m / depth_m, velocity_ms / shear_velocity_ms
    bend = friction * aspect ** number("deng.transverse_aspect_power") / number("deng.transverse_divisor")
    transverse = number("deng.transverse_base") + bend
    shape = aspect ** number("deng.aspect_power") * friction ** number("deng.friction_power")
    return number("deng.factor") / (number("deng.divisor") * transverse) * shape * depth_m * shear_velocity_ms
