"""Compiled parts of the transfer with storage: windows, spectra, the slow tank, and what is read from a curve.

The transform of the wave of one member at one target is

    exp[-a Psi + 2 b Psi^2 / (1 + sqrt(1 + 2 c Psi / (3 b)))^2] x tanks x release,     Psi = s + eps s / (1 + s tau)

the inverse Gaussian with the path's cumulants (a, b, c), taken at Psi: dead zones stretch the time of every reach alike.
The slowest tank of all reservoirs is left out of it and applied to the curve as an exact exponential filter: a window then
has to hold the rest of the wave only, not the tail of a lake of a month, and that tail is known as a formula.

A chain of N tanks with a broken N is made of the next whole number of tanks, one of them smaller, with the same mean and
the same variance tau^2 / N.

A wave too narrow for the finest grid is widened by a Gauss curve just until the grid holds it: no ringing, no false fronts.

Columns of a plan: 0 start of the window, 1 its length, 2 highest circular frequency, 3 residence of the slow tank,
4 variance added to a narrow wave.
"""

from __future__ import annotations

import math

import numpy as np

from boget.science.river.compiling import Floats, Integers, inlined, kernel
from boget.science.river.laplace import Complexes

DAMPING = 4.0  # of the window: what lies beyond it comes back with exp(-4)
FADED = 16.0  # natural logarithm by which a spectrum has fallen where it is cut
BEFORE, AFTER, AFTER_STORE = 6.5, 7.0, 2.5  # spreads before and after the mean, and stays in the slowest store left
SHORT = 0.3  # a release shorter than this over the highest frequency counts by its mean and variance
FLOOR = 1e-5  # of the peak: below it the curve is rounding, and fronts are continued as parabolas of the logarithm
RESERVE = 4  # points of the curve per frequency kept
LARGEST = 2048  # points of the longest curve


@kernel
def _split_chain(residence: float, number: float) -> tuple[float, float, int]:
    """Residence of the equal tanks, of the smaller one (0: none) and count of the equal ones for a chain of tanks."""
    whole = math.ceil(number - 1e-9)
    if whole <= 1:
        return residence, 0.0, 1
    rest = whole - 1.0
    # a + rest b = tau, a^2 + rest b^2 = tau^2 / N
    inner = rest * max(whole / number - 1.0, 0.0)
    small = (1.0 - math.sqrt(inner)) / whole
    return residence * (1.0 - small) / rest, residence * small, whole - 1


@kernel
def _lay_chains(tanks: Floats, chains: Floats) -> float:
    """Fill `chains` (r, 3) with the residence of the equal tanks, of the smaller one and the count of the equal ones of each
    reservoir (r, 2), less the slowest tank of all, whose residence is returned; 0 without reservoirs."""
    slow, slowest = 0.0, 0
    for r in range(tanks.shape[0]):
        large, small, count = _split_chain(tanks[r, 0], tanks[r, 1])
        chains[r, 0], chains[r, 1], chains[r, 2] = large, small, count
        if large > slow:
            slow, slowest = large, r
    if slow > 0.0:
        chains[slowest, 2] -= 1.0
    return slow


@kernel
def _plan_windows(cum: Floats, duration: Floats, dead_zone: Floats, tanks: Floats, decay: Floats, plan: Floats) -> None:
    """Fill `plan` (m, 5) from cumulants (m, 4), durations (m,), dead zones (m, 2), tanks (m, r, 2) and losses (m,)."""
    chains = np.empty((tanks.shape[1], 3))
    for m in range(cum.shape[0]):
        a, b = cum[m, 0], cum[m, 1]
        share, stay = dead_zone[m]
        slow = _lay_chains(tanks[m], chains)
        mean = a * (1.0 + share)
        variance = b * (1.0 + share) ** 2 + 2.0 * a * share * stay
        longest = stay if share > 0.0 else 0.0
        for r in range(chains.shape[0]):
            large, small, count = chains[r]
            mean += count * large + small
            variance += count * large * large + small * small
            longest = max(longest, large if count > 0 else small)
        start = max(a - BEFORE * math.sqrt(b), 0.0)
        end = mean + AFTER * math.sqrt(variance) + AFTER_STORE * longest + duration[m]
        highest, widening = _find_highest(cum[m], dead_zone[m], chains, (end - start, decay[m]))
        wider = BEFORE * math.sqrt(widening)
        plan[m, 0], plan[m, 1], plan[m, 2] = start - wider, end - start + 2.0 * wider, highest
        plan[m, 3], plan[m, 4] = slow, widening


@inlined
def _invert(z: complex) -> complex:
    """1 / z for a number that is neither tiny nor huge: no checks of scale."""
    scale = 1.0 / (z.real * z.real + z.imag * z.imag)
    return complex(z.real * scale, -z.imag * scale)


@inlined
def _root(z: complex) -> complex:
    """Square root where the real part is above zero."""
    real = math.sqrt(0.5 * (math.sqrt(z.real * z.real + z.imag * z.imag) + z.real))
    return complex(real, 0.5 * z.imag / real)


@inlined
def _exponent(s: complex, cum: tuple[float, float, float], dead_zone: tuple[float, float]) -> complex:
    """Logarithm of the transform of the river with its dead zones, without the shift by the mean of the plain path."""
    a, b, bend = cum
    share, stay = dead_zone
    stored = share * s * _invert(1.0 + stay * s)
    psi = s + stored
    curved = psi * _invert(1.0 + _root(1.0 + bend * psi))
    return 2.0 * b * curved * curved - a * stored


@inlined
def _chain_product(s: complex, chains: Floats) -> complex:
    """Product of 1 + s theta over the tanks of the chains."""
    product = complex(1.0, 0.0)
    for r in range(chains.shape[0]):
        factor = 1.0 + chains[r, 0] * s
        for _ in range(int(chains[r, 2])):
            product *= factor
        product *= 1.0 + chains[r, 1] * s
    return product


@kernel
def _log_size(omega: float, cum: Floats, dead_zone: Floats, chains: Floats, rest: tuple[float, float]) -> float:
    """Logarithm of the modulus of the transform without release and slow tank."""
    window, loss = rest
    s = complex(DAMPING / window, omega)
    size = _exponent(s, (cum[0], cum[1], 2.0 * cum[2] / (3.0 * cum[1])), (dead_zone[0], dead_zone[1])).real
    product = _chain_product(s + loss, chains)
    return size - 0.5 * math.log(product.real * product.real + product.imag * product.imag)


@kernel
def _find_highest(cum: Floats, dead_zone: Floats, chains: Floats, rest: tuple[float, float]) -> tuple[float, float]:
    """Circular frequency, 1/s, beyond which the transform has faded, within a tenth, and the variance to be added for that."""
    at_rest = _log_size(0.0, cum, dead_zone, chains, rest)
    low, high, limit = 0.0, 32.0 * math.pi / rest[0], math.pi * LARGEST / rest[0]
    while high < limit and at_rest - _log_size(high, cum, dead_zone, chains, rest) < FADED:
        low, high = high, 2.0 * high
    if high >= limit:
        fallen = at_rest - _log_size(limit, cum, dead_zone, chains, rest)
        return limit, max(2.0 * (FADED - fallen), 0.0) / (limit * limit)
    for _ in range(3):
        middle = 0.5 * (low + high)
        if at_rest - _log_size(middle, cum, dead_zone, chains, rest) < FADED:
            low = middle
        else:
            high = middle
    return high, 0.0


@inlined
def _release_factor(s: complex, knots: Floats, phases: Complexes) -> complex:
    """Transform of the release of unit mass and duration, s in that unit: jumps and bends of its rate at the knots, of which
    the phases exp(-s t) are given."""
    jumps, bends = complex(0.0, 0.0), complex(0.0, 0.0)
    for k in range(knots.shape[0]):
        jumps += knots[k, 1] * phases[k]
        bends += knots[k, 2] * phases[k]
    per_s = _invert(s)
    return (jumps + bends * per_s) * per_s


@kernel
def _fill_spectra(
    rows: Integers,
    plan: Floats,
    cum: Floats,
    duration: Floats,
    dead_zone: Floats,
    tanks: Floats,
    decay: Floats,
    knots: Floats,
    moments: tuple[float, float],
    spectra: Complexes,
) -> None:
    """Spectra (k, N/2 + 1) of the members `rows` (k,), damped, from the start of each window."""
    last = spectra.shape[1] - 1
    turns, phases = np.empty(knots.shape[0], np.complex128), np.empty(knots.shape[0], np.complex128)
    chains = np.empty((tanks.shape[1], 3))
    for i in range(rows.size):
        m = rows[i]
        start, window, highest, _, widening = plan[m]
        sigma, step = DAMPING / window, 2.0 * math.pi / window
        plain = (cum[m, 0], cum[m, 1], 2.0 * cum[m, 2] / (3.0 * cum[m, 1]))
        stores = (dead_zone[m, 0], dead_zone[m, 1])
        _lay_chains(tanks[m], chains)
        is_short = duration[m] * highest < SHORT
        lead = start - cum[m, 0] - (moments[0] * duration[m] if is_short else 0.0)
        bell = 0.5 * (widening + (moments[1] * duration[m] ** 2 if is_short else 0.0))
        for k in range(knots.shape[0]):
            turns[k] = np.exp(complex(0.0, -step * duration[m] * knots[k, 0]))
            phases[k] = math.exp(-sigma * duration[m] * knots[k, 0])
        kept = min(int(highest / step) + 1, last)
        for q in range(kept + 1):
            s = complex(sigma, step * q)
            power = _exponent(s, plain, stores) + lead * s + bell * s * s
            size = math.exp(power.real)
            value = complex(size * math.cos(power.imag), size * math.sin(power.imag))
            value *= _invert(_chain_product(s + decay[m], chains))
            if not is_short:
                value *= _release_factor(s * duration[m], knots, phases)
                for k in range(knots.shape[0]):
                    phases[k] *= turns[k]
            spectra[i, q] = value
        spectra[i, kept + 1 :] = 0.0


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
    growth, weight = math.exp(DAMPING / count), amount * count / plan[1]
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
        out[m, 1] = min(_read_levels(curves[i], (start, dt, slow), 0.1 * peak, top)[0], at)
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
