"""No water of the river holds more than what was released into it: each member's mass over the volume of the release.

Nothing happens where the volume is not known. Where it is, a release all at once and a river smaller than thought are what
the limit is for: dilution alone would make the source stronger than itself.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from boget.science.river.member_waves import Waves, draw_curves, evaluate, take_rows
from boget.science.river.members import Floats

ARRIVAL, ARRIVAL10, PEAK, _, DEPARTURE, DURATION, _ = range(7)
TENTH = 0.1
"""Of the peak."""


def find_limit(waves: Waves) -> Floats | None:
    """Concentration of the source of each member, (m,), kg/m3; None where the volume is not known."""
    release = waves.release
    return None if release.volume_m3 is None else waves.members.mass * (release.mass_kg / release.volume_m3)


def evaluate_limited(waves: Waves, stop: int, *, threshold: float, threads: int | None = None) -> Floats:
    """The seven numbers of every member at a stop, (m, 7), see `member_waves.evaluate`; no peak above that of the source.

    A peak that was cut has its tenth earlier; a threshold above it is not reached. The dose stays: it is mass over discharge.
    """
    numbers = evaluate(waves, stop, threshold=threshold, threads=threads)
    limit = find_limit(waves)
    over = np.flatnonzero(numbers[:, PEAK] > limit) if limit is not None else np.array([], dtype=np.int64)
    if limit is None or not over.size:
        return numbers
    shares = take_rows(waves, over)
    shares = replace(shares, strength=shares.strength / limit[over, None])
    numbers[over, ARRIVAL10] = evaluate(shares, stop, threshold=TENTH, threads=threads)[:, ARRIVAL]
    numbers[over, PEAK] = limit[over]
    unreached = over[limit[over] <= threshold]
    for column in (ARRIVAL, DEPARTURE, DURATION):
        numbers[unreached, column] = -1.0
    return numbers


def draw_limited(waves: Waves, stop: int, times_s: Floats, *, threads: int | None = None) -> Floats:
    """Concentrations (m, k), kg/m3, of every member at a stop and times in s, none above that of the source."""
    drawn, limit = draw_curves(waves, stop, times_s, threads=threads), find_limit(waves)
    return drawn if limit is None else np.minimum(drawn, limit[:, None])
