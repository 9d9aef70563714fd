"""Mean, variance and third central moment of travel times, which add up along a path: what storage and release add to them.

The plain path comes from `kernels.accumulate`. With dead zones of the share e and the mean stay tau in every reach, mean a,
variance b and third moment c become

    a (1 + e),     b (1 + e)^2 + 2 a e tau,     c (1 + e)^3 + 6 b (1 + e) e tau + 6 a e tau^2

and a mixed tank of the residence theta adds theta, theta^2 and 2 theta^3.

References
----------
[bencala_walters1983] and [levenspiel1999] in ``docs/references.bib``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from boget.science.river.compiling import Floats, pack


def add_dead_zones(cum: Floats, dead_zone: Any) -> Floats:
    """Cumulants (m, 4) with dead zones (m, 2): share of the stream's section, mean stay in s."""
    moments = pack(cum, "cumulants", shape=(None, 4))
    zones = pack(dead_zone, "dead zones", shape=(len(moments), 2), above=0.0)
    a, b, c, loss = moments.T
    more, stay = 1.0 + zones[:, 0], zones[:, 0] * zones[:, 1]
    third = c * more**3 + 6.0 * b * more * stay + 6.0 * a * stay * zones[:, 1]
    return np.column_stack([a * more, b * more**2 + 2.0 * a * stay, third, loss])


def add_tanks(cum: Floats, tanks: Any, decay: Any) -> Floats:
    """Cumulants (m, 4) behind reservoirs (m, r, 2): residence in s and number of tanks; `decay` (m,) 1/s acts in them.

    A broken number of tanks is taken as the gamma distribution of the same mean and variance.
    """
    moments = pack(cum, "cumulants", shape=(None, 4)).copy()
    chains = pack(tanks, "tanks", shape=(len(moments), None, 2), above=0.0)
    losses = pack(decay, "decay", shape=(len(moments),), above=0.0)
    for residence, number in np.moveaxis(chains, 0, -1):
        single = residence / number
        left = single / (1.0 + losses * single)
        added = (number * left, number * left**2, 2.0 * number * left**3, -number * np.log1p(losses * single))
        moments += np.column_stack(added)
    return moments


def add_release(cum: Floats, duration: Any, *, mean: float = 0.5, variance: float = 1.0 / 12.0) -> Floats:
    """Cumulants (m, 4) for a release of the `duration` (m,) in s; mean and variance in units of it, by default an even one."""
    moments = pack(cum, "cumulants", shape=(None, 4)).copy()
    lasting = pack(duration, "duration", shape=(len(moments),), above=0.0)
    moments[:, 0] += mean * lasting
    moments[:, 1] += variance * lasting**2
    return moments
