"""Where on a path the water follows a bank: below the release, and again below each confluence with a larger river.

A river that joins a larger one is a release from its bank. There the plume holds at most as many times the mean of the
section as the water has grown, and less with the distance (see `mixing`). A reservoir mixes: below its dam only the
confluences that follow count.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from boget.science.river.coefficients import load_coefficients
from boget.science.river.members import Course
from boget.science.river.mixing import factor_before_mixing, find_mixed_from


@dataclass(frozen=True, slots=True)
class Plume:
    """Water along a bank from the head of a stretch: at most `most` times the mean of the section."""

    stretch: int
    most: float


def list_plumes(course: Course) -> tuple[Plume, ...]:
    """Plumes of a path in the order of the flow; the first is that of the release unless it enters a reservoir."""
    discharge, flows = course.flow.discharge_m3s, course.is_flowing
    growth = discharge[1:] / discharge[:-1]
    is_joined = (growth > load_coefficients("hydraulics").number("mixing.join_ratio")) & flows[1:] & flows[:-1]
    joined = tuple(Plume(int(place) + 1, float(growth[place])) for place in np.flatnonzero(is_joined))
    return (Plume(0, math.inf), *joined) if flows[0] else joined


def find_mixing_factor(course: Course, distance_m: float) -> float:
    """How many times the mean of the section a bank plume may hold at a distance, m; 1 when mixed. Of several the greatest."""
    path = course.path
    inside = np.clip(distance_m - path.start_m, 0.0, path.length_m)
    lakes = np.flatnonzero((inside > 0) & ~course.is_flowing)
    shares = inside / course.hydraulics.mixing_m
    factors = [
        min(plume.most, float(factor_before_mixing(float(shares[plume.stretch :].sum()), 1.0)))
        for plume in list_plumes(course)
        if inside[plume.stretch] > 0 and not (lakes.size and plume.stretch < lakes[-1])
    ]
    return max([1.0, *factors])


def measure_plume(course: Course, plume: Plume) -> float:
    """Length of a plume, m: until it is mixed across, or to the next reservoir, or to the end of the path."""
    path = course.path
    lakes = np.flatnonzero(~course.is_flowing[plume.stretch :])
    part = slice(plume.stretch, plume.stretch + int(lakes[0]) if lakes.size else len(path))
    mixed_from = find_mixed_from(path.length_m[part], course.hydraulics.mixing_m[part])
    return float(path.length_m[part].sum()) if mixed_from is None else mixed_from
