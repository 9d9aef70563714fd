"""From a path and its flow in one season to travel times: length over velocity, and reservoirs by their residence."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from boget.science.errors import InvalidInput
from boget.science.river.flow_state import FlowState
from boget.science.river.path import NO_RESERVOIR, RiverPath
from boget.science.river.spread import Spread
from boget.science.river.travel_times import Course
from boget.science.river.velocity import tracer
from boget.science.river.velocity.slope import smooth_slope

Floats = NDArray[np.float64]


def describe_course(path: RiverPath, flow: FlowState, *, stops_m: Floats, spread: Spread) -> Course:
    """The times of a path in one season.

    A stretch takes its length over the velocity at the median discharge; what is not known of the discharge enters by the
    exponent of the velocity. A stretch in a reservoir takes its part of the residence, the volume over the discharge at the
    dam; a way that enters the reservoir below its head takes only the part of it that lies below.

    Raises
    ------
    InvalidInput
        "shape_mismatch"; "not_positive" where a discharge is not above zero.
    """
    discharge = np.asarray(flow.discharge_m3s, dtype=np.float64)
    if len(discharge) != len(path):
        raise InvalidInput("shape_mismatch", where="flow", value=len(discharge), allowed=f"{len(path)} stretches")
    if not (np.isfinite(discharge).all() and (discharge > 0).all()):
        raise InvalidInput("not_positive", where="discharge", value=float(np.min(discharge)), allowed="above zero")
    is_river = path.reservoir_index == NO_RESERVOIR
    slope = smooth_slope(path.slope, path.length_m)
    river_s = np.where(is_river, path.length_m / tracer.velocity(discharge, slope), 0.0)
    of_formula = np.maximum(tracer.sigma_ln(slope), spread.velocity_sigma)
    sigma = np.hypot(of_formula, tracer.exponent(slope) * np.asarray(flow.sigma_ln))
    return Course(path.length_m, river_s, sigma, find_residences(path, discharge), stops_m)


def find_residences(path: RiverPath, discharge: Floats) -> Floats:
    """Residence of each stretch, (n,), s: of a reservoir by its volume over the discharge at the dam, shared out by length."""
    residence = np.zeros(len(path))
    for number, reservoir in enumerate(path.reservoirs):
        inside = np.flatnonzero(path.reservoir_index == number)
        if not inside.size:
            continue
        length = float(path.length_m[inside].sum())
        part = min(1.0, length / reservoir.length_m) if reservoir.length_m else 1.0
        whole = part * reservoir.volume_m3 / float(discharge[inside[-1]])
        residence[inside] = whole * path.length_m[inside] / length
    return residence
