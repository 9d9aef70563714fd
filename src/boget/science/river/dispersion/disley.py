"""Disley, Gharabaghi, Mahboubi and McBean 2015 (disley2015): K = a Fr^b (W/H)^c (U/u*)^d H u*."""

from __future__ import annotations

import numpy as np

from boget.science.river.dispersion.table import Floats, number
from boget.science.units import STANDARD_GRAVITY


def dispersion(*, width_m: Floats, depth_m: Floats, velocity_ms: Floats, shear_velocity_ms: Floats) -> Floats:
    """K, m2/s, of arrays of one shape, all above zero. The default: the best of all here on the tracer reaches."""
    aspect = (width_m / depth_m) ** number("disley.aspect_power")
    friction = (velocity_ms / shear_velocity_ms) ** number("disley.friction_power")
    froude = (velocity_ms / np.sqrt(STANDARD_GRAVITY * depth_m)) ** number("disley.froude_power")
    return number("disley.factor") * froude * aspect * friction * depth_m * shear_velocity_ms
