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
4 variance added to a narrow wave, 5 damping times the window.
"""

from __future__ import annotations

import math

import numpy as np

from boget.science.river.compiling import Floats, Integers, inlined, kernel
from boget.science.river.laplace import Complexes

DAMPING = 4.0  # of the window: what lies beyond it comes back with exp(-4)
FADED = 17.0  # natural logarithm by which a spectrum has fallen where it is cut
BEFORE, AFTER, AFTER_STORE = 6.5, 7.0, 2.5  # spreads before and after the mean, and stays in the slowest store left
SHORT = 0.3  # a release shorter than this over the highest frequency counts by its mean and variance
RESERVE = 3  # points of the curve per frequency kept
LARGEST = 2048  # points of the longest curve
LOWEST = -60.0  # logarithm of what counts as nothing in a spectrum
TURN = 2.0 * math.pi
C2, C3, C4, C5, C6, C7, C8, C9, C10, C11, C12, C13, C14 = (1.0 / math.factorial(n) for n in range(2, 15))


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
    """Fill `plan` (m, 6) from cumulants (m, 4), durations (m,), dead zones (m, 2), tanks (m, r, 2) and losses (m,)."""
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
        highest, widening = _find_highest(cum[m], dead_zone[m], chains, (end - start, decay[m], slow))
        wider = BEFORE * math.sqrt(widening)
        plan[m, 0], plan[m, 1], plan[m, 2] = start - wider, end - start + 2.0 * wider, highest
        plan[m, 3], plan[m, 4], plan[m, 5] = slow, widening, DAMPING


@inlined
def _invert(z: complex) -> complex:
    """1 / z for a number that is neither tiny nor huge: no checks of scale."""
    scale = 1.0 / (z.real * z.real + z.imag * z.imag)
    return complex(z.real * scale, -z.imag * scale)


@inlined
def _scale(number: float, z: complex) -> complex:
    """number * z with two products: the compiler would make four of it."""
    return complex(number * z.real, number * z.imag)


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
    stored = _scale(share, s) * _invert(1.0 + _scale(stay, s))
    psi = s + stored
    curved = psi * _invert(1.0 + _root(1.0 + _scale(bend, psi)))
    return _scale(2.0 * b, curved * curved) - _scale(a, stored)


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
def _log_size(omega: float, cum: Floats, dead_zone: Floats, chains: Floats, rest: tuple[float, float, float]) -> float:
    """Logarithm of the modulus of the transform without release."""
    window, loss, slow = rest
    s = complex(DAMPING / window, omega)
    size = _exponent(s, (cum[0], cum[1], 2.0 * cum[2] / (3.0 * cum[1])), (dead_zone[0], dead_zone[1])).real
    product = _chain_product(s + loss, chains) * (1.0 + slow * (s + loss))
    return size - 0.5 * math.log(product.real * product.real + product.imag * product.imag)


@kernel
def _find_highest(cum: Floats, dead_zone: Floats, chains: Floats, rest: tuple[float, float, float]) -> tuple[float, float]:
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
def _grow(x: float) -> float:
    """exp(x) of a number up to some units, and 0 far below: a power of a short series, for several numbers at once."""
    y = max(x, LOWEST) * 0.015625  # 1 / 64
    e = 1.0 + y * (1.0 + y * (C2 + y * (C3 + y * (C4 + y * (C5 + y * (C6 + y * (C7 + y * (C8 + y * (C9 + y * C10)))))))))
    e *= e
    e *= e
    e *= e
    e *= e
    e *= e
    return e * e


@inlined
def _turn(angle: float) -> complex:
    """exp(i angle): the series at a quarter of the angle, doubled twice, for several numbers at once."""
    x = 0.25 * (angle - TURN * math.floor(angle / TURN + 0.5))
    y = x * x
    s = x * (1.0 + y * (-C3 + y * (C5 + y * (-C7 + y * (C9 + y * (-C11 + y * C13))))))
    c = y * (C2 + y * (-C4 + y * (C6 + y * (-C8 + y * (C10 + y * (-C12 + y * C14))))))  # 1 - cos
    s, c = 2.0 * s * (1.0 - c), 2.0 * s * s
    return complex(1.0 - 2.0 * s * s, 2.0 * s * (1.0 - c))


@kernel
def _fill_river(
    spectrum: Complexes, grid: tuple[float, float], cum: tuple[float, float, float], dead_zone: tuple[float, float],
    moved: tuple[float, float],
) -> None:  # fmt: skip
    """Transform of the river with its dead zones times exp(lead s + bell s^2) at the frequencies of a grid (damping, step)."""
    sigma, step = grid
    lead, bell = moved
    for q in range(spectrum.size):
        s = complex(sigma, step * q)
        power = _exponent(s, cum, dead_zone) + _scale(lead, s) + _scale(bell, s * s)
        spectrum[q] = _scale(_grow(power.real), _turn(power.imag))


@kernel
def _pass_tanks(spectrum: Complexes, grid: tuple[float, float], chains: Floats, loss: float, product: Complexes) -> None:
    """Send a spectrum through the tanks of the chains, with their loss; `product` is room of the same size."""
    sigma, step = grid
    product[:] = 1.0
    for r in range(chains.shape[0]):
        large, small = chains[r, 0], chains[r, 1]
        for _ in range(int(chains[r, 2])):
            for q in range(spectrum.size):
                product[q] *= complex(1.0 + large * (sigma + loss), large * step * q)
        if small > 0.0:
            for q in range(spectrum.size):
                product[q] *= complex(1.0 + small * (sigma + loss), small * step * q)
    for q in range(spectrum.size):
        spectrum[q] *= _invert(product[q])


@kernel
def _feed_release(spectrum: Complexes, grid: tuple[float, float], knots: Floats, total: Complexes) -> None:
    """Multiply by the transform of a release of unit mass and duration, the grid in that unit: jumps and bends of its rate at
    the knots (k, 3), the first at 0. `total` is room of the same size."""
    sigma, step = grid
    total[:] = knots[0, 1]
    for q in range(spectrum.size if knots[0, 2] != 0.0 else 0):
        total[q] += _scale(knots[0, 2], _invert(complex(sigma, step * q)))
    for k in range(1, knots.shape[0]):
        time, size = knots[k, 0], math.exp(-sigma * knots[k, 0])
        jump, bend = size * knots[k, 1], size * knots[k, 2]
        if bend == 0.0:
            for q in range(spectrum.size):
                total[q] += _scale(jump, _turn(-step * time * q))
        else:
            for q in range(spectrum.size):
                total[q] += _turn(-step * time * q) * (jump + _scale(bend, _invert(complex(sigma, step * q))))
    for q in range(spectrum.size):
        spectrum[q] *= total[q] * _invert(complex(sigma, step * q))


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
    room = np.empty(last + 1, np.complex128)
    chains = np.empty((tanks.shape[1], 3))
    for i in range(rows.size):
        m = rows[i]
        start, window, highest, slow, widening, damping = plan[m]
        sigma, step = damping / window, 2.0 * math.pi / window
        _lay_chains(tanks[m], chains)
        is_short = duration[m] * highest < SHORT
        lead = start - cum[m, 0] - (moments[0] * duration[m] if is_short else 0.0)
        variance = widening + (moments[1] * duration[m] ** 2 if is_short else 0.0)
        if slow > 0.0:
            variance -= (0.5 * window / last) ** 2 / 6.0  # that of the straight lines between the points before the slow tank
        kept = min(int(highest / step) + 2, last + 1)
        spectrum, used = spectra[i, :kept], room[:kept]
        plain = (cum[m, 0], cum[m, 1], 2.0 * cum[m, 2] / (3.0 * cum[m, 1]))
        _fill_river(spectrum, (sigma, step), plain, (dead_zone[m, 0], dead_zone[m, 1]), (lead, 0.5 * variance))
        _pass_tanks(spectrum, (sigma, step), chains, decay[m], used)
        if not is_short:
            _feed_release(spectrum, (sigma * duration[m], step * duration[m]), knots, used)
        spectra[i, kept:] = 0.0
