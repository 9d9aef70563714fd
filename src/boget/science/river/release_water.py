"""The water that comes with a release: below it the river is greater, faster and thinner than it would be alone.

A known volume that comes over a time is a discharge of its own, volume over time. It is added to the river from the release
down to the first stretch where it is a small part of it, or to a reservoir, which takes it up. What is uncertain is the
river's share of the sum alone, so the spread of its logarithm shrinks by that share.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from boget.science.river.flow_state import FlowState
from boget.science.river.path import NO_RESERVOIR, RiverPath
from boget.science.river.priors import read_setting
from boget.science.river.release import Release
from boget.science.river.release_rules import measure_release


def find_rate(release: Release) -> float:
    """Discharge of the water of a release, m3/s; 0 where its volume is not known or it comes all at once."""
    lasting = measure_release(release)
    return release.volume_m3 / lasting if release.volume_m3 is not None and lasting > 0 else 0.0


def count_grown(path: RiverPath, flow: FlowState, release: Release) -> int:
    """Number of stretches, from the release down, in which its water counts beside that of the river."""
    is_small = find_rate(release) < read_setting("release.least_part") * flow.discharge_m3s
    beyond = np.flatnonzero(is_small | (path.reservoir_index != NO_RESERVOIR))
    return int(beyond[0]) if beyond.size else len(path)


def add_water(path: RiverPath, flow: FlowState, release: Release) -> FlowState:
    """The flow of a path with the water of a release; the same where that is not known or does not count."""
    count = count_grown(path, flow, release)
    if not count:
        return flow
    grown = flow.discharge_m3s + find_rate(release) * (np.arange(len(path)) < count)
    return replace(flow, discharge_m3s=grown, sigma_ln=flow.sigma_ln * flow.discharge_m3s / grown)


def measure_reach(path: RiverPath, flow: FlowState, release: Release) -> float:
    """Distance from the release, m, down to which its water counts, by the flow without it; 0 where it counts nowhere."""
    count = count_grown(path, flow, release)
    return float(path.start_m[count - 1] + path.length_m[count - 1]) if count else 0.0
