"""Compiled loops over members and stretches: the plain path, and the wave in closed form at its targets.

Arrays are float64 and contiguous; m members, n stretches, t targets. Every member is computed by itself, and the noise of a
stretch comes from a hash of (seed, member, stretch): neither the chunks nor the threads change a number.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.special import ndtri

from boget.science.errors import InvalidInput
from boget.science.river.compiling import Floats, Integers, inlined, kernel, pack, run_chunks
from boget.science.river.inverse_gaussian import _evaluate_closed, _sample_closed

NOISE_BITS = 12
NOISE_SHIFT = np.uint64(64 - NOISE_BITS)
GOLDEN, MIX_1, MIX_2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
SHIFT_1, SHIFT_2, SHIFT_3 = np.uint64(30), np.uint64(27), np.uint64(31)


@inlined
def _mix(x: np.uint64) -> np.uint64:
    """Scramble 64 bits so that neighbours share nothing (finaliser of splitmix64)."""
    x = (x ^ (x >> SHIFT_1)) * MIX_1
    x = (x ^ (x >> SHIFT_2)) * MIX_2
    return x ^ (x >> SHIFT_3)


def tabulate_noise(sigma: float) -> Floats:
    """exp(sigma z) at the middles of 4,096 equally likely classes of a normal z."""
    count = 1 << NOISE_BITS
    return np.asarray(np.exp(sigma * ndtri((np.arange(count) + 0.5) / count)), dtype=np.float64)


@kernel
def _accumulate(
    first: int,
    stretches: Floats,
    places: Integers,
    stops: Floats,
    members: Floats,
    group_velocity: Floats,
    noise: Floats,
    seed: np.uint64,
    out: Floats,
) -> None:
    """One chunk: `stretches` (n, 4) length, velocity, dispersion, 1/depth; `places` (n, 2) is_flowing, group;
    `members` (4, m) velocity, dispersion, decay, settling; `group_velocity` (g, m). The inner loop runs over members."""
    count = members.shape[1]
    sums, part = np.zeros((4, count)), np.zeros((4, count))
    keys = np.empty(count, np.uint64)
    for m in range(count):
        keys[m] = _mix(seed + np.uint64(first + m) * GOLDEN)
    stop = 0
    for i in range(stretches.shape[0]):
        length, velocity, dispersion, per_depth = stretches[i]
        if places[i, 0]:
            group = group_velocity[places[i, 1]]
            salt = np.uint64(i + 1) * GOLDEN
            for m in range(count):
                u = velocity * members[0, m] * group[m] * noise[_mix(keys[m] + salt) >> NOISE_SHIFT]
                d = dispersion * members[1, m]
                k = members[2, m] + members[3, m] * per_depth
                effective = math.sqrt(u * u + 4.0 * k * d)
                mean = length / effective
                spread = d / (effective * effective)
                part[0, m] = mean
                part[1, m] = 2.0 * spread * mean
                part[2, m] = 12.0 * spread * spread * mean
                part[3, m] = -2.0 * k * length / (u + effective)
        else:
            part[:] = 0.0
        while stop < stops.shape[0] and stops[stop, 0] <= i:
            for m in range(count):
                for j in range(4):
                    out[m, stop, j] = sums[j, m] + stops[stop, 1] * part[j, m]
            stop += 1
        for j in range(4):
            for m in range(count):
                sums[j, m] += part[j, m]


def accumulate(
    length_m: Any,
    velocity: Any,
    dispersion: Any,
    *,
    depth: Any,
    is_flowing: Any,
    group: Any,
    stops: Any,
    member_velocity: Any,
    member_dispersion: Any,
    group_velocity: Any,
    reach_sigma: float,
    decay: Any,
    settling: Any,
    seed: int,
    threads: int | None = None,
) -> Floats:
    """Travel time down a path for every member at every stop, without dead zones and reservoirs.

    Parameters
    ----------
    length_m, velocity, dispersion, depth : (n,) m, m/s, m2/s, m; above zero where the water flows (dispersion from zero)
    is_flowing : (n,) false where a reservoir has drowned the stretch: it takes no time here
    group : (n,) index of the group of stretches that share a factor of velocity
    stops : (t, 2) index of the stretch and the fraction of it, 0 to 1, in the order of the flow
    member_velocity, member_dispersion : (m,) factors; group_velocity : (m, g) factors
    reach_sigma : standard deviation of the logarithm of the velocity from stretch to stretch
    decay, settling : (m,) first-order loss, 1/s, and settling velocity, m/s; the loss by settling is settling / depth
    seed : of the noise from stretch to stretch

    Returns
    -------
    (m, t, 4) mean in s, variance in s2, third central moment in s3, logarithm of the mass left

    Raises
    ------
    InvalidInput
        "shape_mismatch", "not_finite", "not_positive", "range".
    """
    stretches = _pack_stretches(length_m, velocity, dispersion, depth=depth, is_flowing=is_flowing)
    n = len(stretches)
    places = np.column_stack([np.asarray(is_flowing, dtype=bool), np.asarray(group)]).astype(np.int64)
    factors = pack(member_velocity, "member velocity", shape=(None,), above=0.0)
    m = len(factors)
    columns = {"dispersion": member_dispersion, "decay": decay, "settling": settling}
    members = np.vstack([factors] + [pack(values, name, shape=(m,), above=0.0) for name, values in columns.items()])
    groups = pack(np.asarray(group_velocity).T, "group velocity", shape=(None, m), above=0.0)
    if n and not 0 <= places[:, 1].min() <= places[:, 1].max() < len(groups):
        raise InvalidInput("range", where="group", value=int(places[:, 1].max()), allowed=f"0 to {len(groups) - 1}")
    halts = pack(stops, "stops", shape=(None, 2), above=0.0)
    if len(halts) and (halts[-1, 0] >= n or halts[:, 1].max() > 1.0 or (np.diff(halts.sum(axis=1)) < 0).any()):
        raise InvalidInput("range", where="stops", allowed="stretches of the path in the order of the flow, fractions 0 to 1")
    noise, start = tabulate_noise(reach_sigma), np.uint64(seed & 0xFFFFFFFFFFFFFFFF)
    out = np.zeros((m, len(halts), 4))

    def work(first: int, last: int) -> None:
        chosen, shared = np.ascontiguousarray(members[:, first:last]), np.ascontiguousarray(groups[:, first:last])
        _accumulate(first, stretches, places, halts, chosen, shared, noise, start, out[first:last])

    run_chunks(m, work, threads=threads)
    return out


def _pack_stretches(length_m: Any, velocity: Any, dispersion: Any, *, depth: Any, is_flowing: Any) -> Floats:
    """Columns length, velocity, dispersion, 1/depth, shape (n, 4); ones where the water does not flow by itself."""
    flows = np.asarray(is_flowing, dtype=bool)
    given = {"length": length_m, "velocity": velocity, "dispersion": dispersion, "depth": depth}
    columns = [np.where(flows, np.asarray(values, dtype=np.float64), 1.0) for values in given.values()]
    for name, column in zip(given, columns, strict=True):
        pack(column, name, shape=flows.shape, above=0.0)
        if name in ("velocity", "depth") and column.size and column.min() <= 0.0:
            raise InvalidInput("not_positive", where=name, value=float(column.min()))
    columns[3] = 1.0 / columns[3]
    return np.ascontiguousarray(np.column_stack(columns))


def evaluate_closed(cum: Floats, strength: Any, duration: Any, *, threshold: float, threads: int | None = None) -> Floats:
    """The wave at every target in closed form: a river without dead zones and reservoirs.

    Parameters
    ----------
    cum : (m, t, 4) of `accumulate`
    strength : (m, t) mass released over the discharge at the target, kg s/m3
    duration : (m,) of an even release, s; 0 for an instant one
    threshold : kg/m3, above zero

    Returns
    -------
    (m, t, 7) arrival at the threshold, arrival at a tenth of the peak, peak, time of the peak, departure from the threshold,
    time above it, dose (kg s/m3). Times in s from the start of the release; -1 where the level is not reached.
    """
    moments = pack(cum, "cumulants", shape=(None, None, 4))
    m, t, _ = moments.shape
    amounts, times = pack(strength, "strength", shape=(m, t), above=0.0), pack(duration, "duration", shape=(m,), above=0.0)
    check_threshold(threshold)
    out = np.empty((m, t, 7))

    def work(first: int, last: int) -> None:
        part = slice(first, last)
        _evaluate_closed(moments[part], amounts[part], times[part], threshold, out[part])

    run_chunks(m, work, threads=threads)
    return out


def check_threshold(threshold: float) -> None:
    """InvalidInput("not_positive") unless the threshold is a number above zero."""
    if not 0.0 < threshold < math.inf:
        raise InvalidInput("not_positive", where="threshold", value=threshold)


def sample_closed(cum: Floats, strength: Any, duration: Any, *, times: Any, threads: int | None = None) -> Floats:
    """Concentrations (m, k) in kg/m3 at the `times` (k,) in s for one target; the rest as in `evaluate_closed`."""
    moments = pack(cum, "cumulants", shape=(None, 4))
    m = len(moments)
    amounts, lasting = pack(strength, "strength", shape=(m,), above=0.0), pack(duration, "duration", shape=(m,), above=0.0)
    moments_at = pack(times, "times", shape=(None,))
    out = np.empty((m, moments_at.size))

    def work(first: int, last: int) -> None:
        part = slice(first, last)
        _sample_closed(moments[part], amounts[part], lasting[part], moments_at, out[part])

    run_chunks(m, work, threads=threads)
    return out
