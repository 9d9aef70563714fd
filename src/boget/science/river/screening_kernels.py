"""Compiled loops of the screening: the pass over the whole network, and the members of every path.

No NaN and no infinity go in or come out: a time that does not exist is `NOT_REACHED`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from boget.science.river.compiling import kernel

NOT_REACHED = -1.0

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@kernel
def pass_to_ends(next_index: Ints, own_s: Floats) -> Floats:
    """Travel time from the upper end of every reach to the end of its river, (n,), s: one pass from the ends upwards.

    next_index : (n,) in the order of the flow, `next_index[i] > i` or below zero at an end; own_s : (n,) time through it, s
    """
    to_end = np.empty(len(own_s))
    for index in range(len(own_s) - 1, -1, -1):
        after = next_index[index]
        to_end[index] = own_s[index] if after < 0 else own_s[index] + to_end[after]
    return to_end


@kernel
def pass_to_stops(next_index: Ints, own_s: Floats, stop_s: Floats) -> Floats:
    """Travel time from the upper end of every reach to the next stop downstream, (n,), s; NOT_REACHED where there is none.

    stop_s : (n,) time from the upper end of the reach to a stop inside it, s; NOT_REACHED where it holds none
    """
    to_stop = np.empty(len(own_s))
    for index in range(len(own_s) - 1, -1, -1):
        after = next_index[index]
        if stop_s[index] >= 0.0:
            to_stop[index] = stop_s[index]
        elif after >= 0 and to_stop[after] >= 0.0:
            to_stop[index] = own_s[index] + to_stop[after]
        else:
            to_stop[index] = NOT_REACHED
    return to_stop


@kernel
def sum_members(course: tuple[Floats, Ints], noise: tuple[Floats, Floats, Floats], out: Floats) -> None:
    """Travel times of every member to every stop of the paths, written into `out`.

    course : pieces (p, 3) median time in the river, s; spread of its logarithm; median residence in reservoirs, s;
        and places (p, 3) group of the piece on its path; stop at its lower end or below zero; 1 where a path begins
    noise : of the river (g, m) standard normal, a group of a path has the same in every season; of reservoirs (g, m) factor on
        the residence; (2, m) parts of the time in the river and of the residence after which the edge of the wave is through
    out : (s, 2, m) s: mean of the wave, its edge
    """
    pieces, places = course
    river_noise, pool_noise, edge = noise
    members = river_noise.shape[1]
    river = np.zeros(members)
    pool = np.zeros(members)
    for piece in range(len(pieces)):
        if places[piece, 2] == 1:
            river[:] = 0.0
            pool[:] = 0.0
        group, stop = places[piece, 0], places[piece, 1]
        seconds, spread, residence = pieces[piece, 0], pieces[piece, 1], pieces[piece, 2]
        if seconds > 0.0:
            for member in range(members):
                river[member] += seconds * np.exp(spread * river_noise[group, member])
        if residence > 0.0:
            for member in range(members):
                pool[member] += residence * pool_noise[group, member]
        if stop >= 0:
            for member in range(members):
                out[stop, 0, member] = river[member] + pool[member]
                out[stop, 1, member] = edge[0, member] * river[member] + edge[1, member] * pool[member]
