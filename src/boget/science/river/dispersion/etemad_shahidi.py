"""Etemad-Shahidi and Taghipour 2012 (etemad_shahidi2012): K = a (W/H)^b (U/u*)^c H u*, two sets by W/H."""

from __future__ import annotations

import numpy as np

from boget.science.river.dispersion.table import Floats, number


def shape(aspect: Floats, friction: Floats, kind: str) -> Floats:
    """The power law of one set, dimensionless."""
    powers = (number(f"etemad_shahidi.{name}_power_{kind}") for name in ("aspect", "friction"))
    by_aspect, by_friction = powers
    return number(f"etemad_shahidi.factor_{kind}") * aspect**by_aspect * friction**by_friction


def dispersion(*, width_m: Floats, depth_m: Floats, velocity_ms: Floats, shear_velocity_ms: Floats) -> Floats:
    """K, m2/s, of arrays of one shape, all above zero. Two sets of numbers, for narrow and for wide channels."""
    aspect, friction = width_m / depth_m, velocity_ms / shear_velocity_ms
    narrow, wide = (shape(aspect, friction, kind) for kind in ("narrow", "wide"))
    chosen = np.where(aspect <= number("etemad_shahidi.aspect_limit"), narrow, wide)
    return chosen * depth_m * shear_velocity_ms
