"""How far from a release the water is mixed across the river; before that a plume follows a bank (fischer1979)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from boget.science.river.coefficients import load_coefficients
from boget.science.river.width import check_positive

Floats = NDArray[np.float64]


def transverse_m2s(depth_m: ArrayLike, shear_velocity_ms: ArrayLike) -> Floats:
    """Transverse mixing, m2/s, from the depth (m) and the shear velocity (m/s) of a natural river."""
    factor = load_coefficients("hydraulics").number("mixing.transverse")
    product = check_positive("depth", depth_m) * check_positive("shear velocity", shear_velocity_ms)
    return np.asarray(factor * product, dtype=np.float64)


def mixing_length_m(
    width_m: ArrayLike,
    depth_m: ArrayLike,
    velocity_ms: ArrayLike,
    *,
    shear_velocity_ms: ArrayLike,
    is_bank_release: bool = True,
) -> Floats:
    """Distance from the release, m, after which the river is mixed: k U W^2 / transverse mixing.

    Parameters
    ----------
    width_m, depth_m, velocity_ms, shear_velocity_ms : of one shape; m, m/s
    is_bank_release : from the bank; else from the middle, which takes a quarter of the way

    Raises
    ------
    InvalidInput
        "not_finite", "not_positive".
    """
    end = "bank" if is_bank_release else "centre"
    share = load_coefficients("hydraulics").number(f"mixing.length_{end}")
    speed, width = check_positive("velocity", velocity_ms), check_positive("width", width_m)
    return np.asarray(share * speed * width**2 / transverse_m2s(depth_m, shear_velocity_ms), dtype=np.float64)


def find_mixed_from(length_m: ArrayLike, mixing_m: ArrayLike, *, is_bank_release: bool = True) -> float | None:
    """Distance on a path, m, from which the water is mixed: stretch after stretch passes its share of the mixing length.

    Both arrays (n,); None if the path ends before.
    """
    lengths = np.asarray(length_m, dtype=np.float64)
    passed = np.cumsum(lengths / check_positive("mixing length", mixing_m))
    if not passed.size or passed[-1] < 1:
        return None
    place = int(np.searchsorted(passed, 1.0))
    before = float(passed[place - 1]) if place else 0.0
    share = (1.0 - before) / (float(passed[place]) - before)
    return float(np.sum(lengths[:place]) + share * lengths[place])


def factor_before_mixing(distance_m: ArrayLike, mixing_m: ArrayLike, *, is_bank_release: bool = True) -> Floats:
    """How many times the mean of the section the middle of the plume may hold, 1 when mixed.

    A plume of the spread sqrt(2 e x / U) between the banks: W / sqrt(pi e x / U) at the bank of the release, half of it in
    the middle of the river; with L the mixing length and k its factor, that is sqrt(k L / (pi x)) times the share.
    """
    end = "bank" if is_bank_release else "centre"
    share = load_coefficients("hydraulics").number(f"mixing.length_{end}")
    ratio = check_positive("mixing length", mixing_m) / check_positive("distance", distance_m)
    held = np.sqrt(ratio / (share * math.pi)) * (1.0 if is_bank_release else 0.5)
    return np.where(ratio <= 1.0, 1.0, np.maximum(held, 1.0))
