"""Compiled parts of the transfer with storage: the slow tank, and what is read from a curve.

The curves come from the inverse transform of the spectra of `storage_kernels`, still damped. Columns of a plan are told there.
"""

from __future__ import annotations

import math

import numpy as np

from boget.science.river.compiling import Floats, Integers, kernel

FLOOR = 1e-5  # of the peak: below it the curve is rounding, and fronts are continued as parabolas of the logarithm


@kernel
def _finish_curve(curve: Floats, plan: Floats, loss: float, amount: float) -> tuple[float, float]:
    """Undo the damping, put the curve (N,) through the slow tank, scale it; residence of its tail and highest value.

    Between the points the inflow of the tank is taken as straight: the filter is exact for it.
    """
    count = curve.size
    dt = plan[1] / count
    slow = plan[3]
    gain = 1.0 / (1.0 + loss * slow)
    slow *= gain
    growth, weight = math.exp(plan[5] / count), amount * count / plan[1]
    x = dt / slow if slow > 0.0 else np.inf
    stays = math.exp(-x)
    new = 1.0 + math.expm1(-x) / x if slow > 0.0 else 1.0
    old = 1.0 - stays - new if slow > 0.0 else 0.0
    before, out, top = 0.0, 0.0, 0.0
    for i in range(count):
        inflow = curve[i] * weight * gain
        out = stays * out + old * before + new * inflow
        before = inflow
        weight *= growth
        curve[i] = out
        top = max(top, out)
    return slow, top


@kernel
def _find_peak(curve: Floats, top: float) -> tuple[float, float]:
    """Place (in steps) and height of the peak, between the points by a parabola of the logarithm."""
    i = 0
    while curve[i] < top:
        i += 1
    if i == 0 or i == curve.size - 1 or min(curve[i - 1], curve[i + 1]) <= 0.0:
        return float(i), top
    left, right = math.log(curve[i - 1] / top), math.log(curve[i + 1] / top)
    bend = left + right
    if bend >= 0.0:
        return float(i), top
    shift = 0.5 * (left - right) / bend
    return i + shift, top * math.exp(-0.5 * bend * shift * shift)


@kernel
def _cross(curve: Floats, i: int, level: float) -> float:
    """Place (in steps) between i - 1 and i where the curve passes the level: its logarithm as a parabola of 3 points."""
    low, high = curve[i - 1], curve[i]
    if low <= FLOOR * level or high <= FLOOR * level:
        return float(i - 1 + (level - low) / (high - low))
    first, second = math.log(low / level), math.log(high / level)
    slope, bend = second - first, 0.0
    if i + 1 < curve.size and curve[i + 1] > 0.0:
        bend = 0.5 * (math.log(curve[i + 1] / level) - 2.0 * second + first)
    x = -first / slope
    for _ in range(3):
        x -= (first + slope * x + bend * x * (x - 1.0)) / (slope + bend * (2.0 * x - 1.0))
    return i - 1 + min(max(x, 0.0), 1.0)


@kernel
def _extend_front(curve: Floats, i: int, level: float) -> float:
    """Place (in steps) before the first sure point `i` where a parabola of the logarithm falls to a level below the floor."""
    if i + 2 >= curve.size or min(curve[i], min(curve[i + 1], curve[i + 2])) <= 0.0:
        return float(i)
    first, second, third = math.log(curve[i] / level), math.log(curve[i + 1] / level), math.log(curve[i + 2] / level)
    bend = min(0.5 * (third - 2.0 * second + first), 0.0)
    slope = second - first - bend
    if slope <= 0.0:
        return float(i)
    x = -first / slope
    for _ in range(8):
        x -= (first + slope * x + bend * x * x) / (slope + 2.0 * bend * x)
    return i + min(x, 0.0)


@kernel
def _tail_length(curve: Floats, dt: float, slow: float, level: float) -> float:
    """Seconds after the end of the window until the curve, above the level there, has fallen to it as an exponential."""
    count = curve.size
    residence = slow
    earlier = curve[count - 1 - count // 16]
    if earlier > curve[count - 1]:
        residence = max(slow, (count // 16) * dt / math.log(earlier / curve[count - 1]))
    return residence * math.log(curve[count - 1] / level)


@kernel
def _read_levels(curve: Floats, window: tuple[float, float, float], level: float, top: float) -> tuple[float, float, float]:
    """First and last passage of a level below the top, and time above it, s; `window`: start, step, residence of the tail."""
    start, dt, slow = window
    sure = max(level, FLOOR * top)
    above, first, last, i = 0.0, -1.0, 0.0, 0
    is_above = curve[0] > sure
    begun = 0.0
    if is_above:
        first = 0.0
    for i in range(1, curve.size):
        if (curve[i] > sure) == is_above:
            continue
        place = _cross(curve, i, sure)
        if not is_above:
            if first < 0.0:
                first = _extend_front(curve, i, level) if level < sure else place
                place = first
            begun = place
        else:
            last = place
            above += place - begun
        is_above = not is_above
    if is_above:
        last = curve.size - 1.0 + _tail_length(curve, dt, slow, level) / dt
        above += last - begun
    return max(start + first * dt, 0.0), start + last * dt, above * dt


@kernel
def _find_first(curve: Floats, level: float) -> float:
    """Place (in steps) of the first passage of a level well above the floor; 0 where the curve begins above it."""
    i = 0
    while curve[i] <= level and i < curve.size - 1:
        i += 1
    return _cross(curve, i, level) if i > 0 else 0.0


@kernel
def _read_curves(
    rows: Integers,
    plan: Floats,
    curves: Floats,
    amounts: Floats,
    decay: Floats,
    threshold: float,
    out: Floats,
) -> None:
    """Fill rows of `out` (m, 7) from the curves (k, N) of the members `rows`; `curves` becomes concentrations."""
    for i in range(rows.size):
        m = rows[i]
        start, dt = plan[m, 0], plan[m, 1] / curves.shape[1]
        slow, top = _finish_curve(curves[i], plan[m], decay[m], amounts[m])
        out[m, 0:6] = -1.0
        out[m, 2] = 0.0
        if not top > 0.0:
            continue
        place, peak = _find_peak(curves[i], top)
        at = max(start + place * dt, 0.0)
        out[m, 2], out[m, 3] = peak, at
        out[m, 1] = min(max(start + _find_first(curves[i], 0.1 * peak) * dt, 0.0), at)
        if threshold < top:
            first, last, above = _read_levels(curves[i], (start, dt, slow), threshold, top)
            out[m, 0], out[m, 4] = min(first, at), max(last, at)
            out[m, 5] = min(above, out[m, 4] - out[m, 0])  # what a widened wave has before the release does not count


@kernel
def _sample_curves(
    rows: Integers,
    plan: Floats,
    curves: Floats,
    amounts: Floats,
    decay: Floats,
    times: Floats,
    out: Floats,
) -> None:
    """Fill rows of `out` (m, k) with the concentrations at the times (k,): cubic pieces, then the tail of the slow tank."""
    count = curves.shape[1]
    for i in range(rows.size):
        m = rows[i]
        start, dt = plan[m, 0], plan[m, 1] / count
        slow, _ = _finish_curve(curves[i], plan[m], decay[m], amounts[m])
        for j in range(times.size):
            place = (times[j] - start) / dt
            if place <= 0.0:
                out[m, j] = 0.0
            elif place >= count - 1.0:
                beyond = (place - count + 1.0) * dt
                out[m, j] = max(curves[i, count - 1], 0.0) * math.exp(-beyond / slow) if slow > 0.0 else 0.0
            else:
                out[m, j] = max(_between(curves[i], place), 0.0)


@kernel
def _between(curve: Floats, place: float) -> float:
    """Value at a place in steps by the cubic through the four points round it."""
    i = min(max(int(place), 1), curve.size - 3)
    x = place - i
    left = -x * (x - 1.0) * (x - 2.0) / 6.0 * curve[i - 1] + (x + 1.0) * (x - 1.0) * (x - 2.0) / 2.0 * curve[i]
    right = -(x + 1.0) * x * (x - 2.0) / 2.0 * curve[i + 1] + (x + 1.0) * x * (x - 1.0) / 6.0 * curve[i + 2]
    return float(left + right)
