"""The shifted inverse Gaussian: the wave of an instant or an even release at one place, in closed form.

A path without storage is described by the mean `a`, the variance `b` and the third central moment `c` of the time its water
takes. The inverse Gaussian with these three has the parameters ``mu = 3 b^2 / c`` and ``lam = mu^3 / b`` and is shifted by
``a - mu``. Within one uniform reach it is the exact solution for the flux concentration.

With the time written as ``t = t_mode * exp(y)`` the logarithm of the density falls from its peak by

    G(y) = 1.5 (y + exp(-y) - 1) + p (exp(y) + exp(-y) - 2),      p = lam * t_mode / (2 mu^2)

which is convex, has one parameter and does not cancel: Newton's method from outside walks to each level without overshoot.
An even release of the duration T gives the difference of two distribution functions. Where T is short (variance of the
release at most `FOLDED` of that of the wave) its mean and variance are added to those of the path instead: the error of
the peak is below 0.15 FOLDED^2.

References
----------
[seshadri1999] for the inverse Gaussian, in ``docs/references.bib``.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import erfcx

from boget.science.river.compiling import Floats, inlined, kernel

FOLDED = 0.03
SMALLEST_SKEWNESS = 1e-6  # below it the wave is a Gauss curve to nine digits
SMALLEST_SPREAD = 1e-9  # of the travel time: a wave without dispersion still has a width
STEPS = 80
CLOSE = 1e-5  # relative; Newton doubles the digits, so what is left after such a step is below 1e-9
CELLS = 1024
FAR = 200.0
ROOT_HALF = math.sqrt(0.5)
ROOT_TWO_PI = math.sqrt(2.0 * math.pi)


def tabulate_erfcx(cells: int) -> Floats:
    """erfcx and its slope at equal steps of u = 2 / (2 + x), shape (cells + 1, 2); cubic pieces between are good to 1e-10."""
    u = np.arange(1, cells + 1) / cells
    x = 2.0 / u - 2.0
    far = -1.0 / x[x > FAR] ** 2 + 1.5 / x[x > FAR] ** 4 - 3.75 / x[x > FAR] ** 6  # the two terms cancel there
    steep = 2.0 * x * erfcx(x) - 2.0 / math.sqrt(math.pi)
    steep[x > FAR] = far / math.sqrt(math.pi)
    slope = steep * (-2.0 / u**2) / cells
    at_infinity = [[0.0, 0.5 / math.sqrt(math.pi) / cells]]
    return np.ascontiguousarray(np.vstack([at_infinity, np.column_stack([erfcx(x), slope])]))


ERFCX = tabulate_erfcx(CELLS)


@inlined
def _erfcx(x: float) -> float:
    """exp(x^2) erfc(x) for x >= 0 from the table."""
    place = CELLS * 2.0 / (2.0 + x)
    cell = min(int(place), CELLS - 1)
    f = place - cell
    g = 1.0 - f
    left = g * g * ((1.0 + 2.0 * f) * ERFCX[cell, 0] + f * ERFCX[cell, 1])
    return float(left + f * f * ((1.0 + 2.0 * g) * ERFCX[cell + 1, 0] - g * ERFCX[cell + 1, 1]))


@kernel
def _fall_to(depth: float, p: float, sign: float) -> float:
    """y on the side `sign` (-1 before, +1 after the peak) where the logarithm has fallen by `depth`: G(y) = depth."""
    y = sign * math.sqrt(2.0 * depth / (1.5 + 2.0 * p))
    farthest = math.log(2.0 + depth / p) if sign > 0 else depth + 2.0
    for _ in range(STEPS):
        if abs(y) > farthest:
            y = sign * farthest
        grown = math.expm1(y)
        shrunk = -grown / (1.0 + grown)  # exp(-y) - 1
        fallen = 1.5 * (y + shrunk) + p * (grown + shrunk)
        step = (fallen - depth) / (-1.5 * shrunk + p * (grown - shrunk))
        y -= step
        if abs(step) <= CLOSE * abs(y):
            break
    return y


@kernel
def _share_passed(t: float, mu: float, lam: float) -> tuple[float, float, float]:
    """Share of an instant release that has passed at `t`, the share still to come, and the density, 1/s."""
    if t <= 0.0:
        return 0.0, 1.0, 0.0
    root = math.sqrt(lam / t)
    z = root * (t - mu) / mu
    bell = math.exp(-0.5 * z * z)
    direct = _erfcx(abs(z) * ROOT_HALF)
    image = _erfcx((root * (t + mu) / mu) * ROOT_HALF)
    density = root / t * bell / ROOT_TWO_PI
    if z < 0.0:
        passed = 0.5 * bell * (direct + image)
        return passed, 1.0 - passed, density
    coming = max(0.5 * bell * (direct - image), 0.0)
    return 1.0 - coming, coming, density


@kernel
def _share_within(t: float, mu: float, lam: float, duration: float) -> tuple[float, float]:
    """Integral of the density over the last `duration` seconds, and its slope, 1/s."""
    passed, coming, density = _share_passed(t, mu, lam)
    passed_before, coming_before, density_before = _share_passed(t - duration, mu, lam)
    share = passed - passed_before if t < mu else coming_before - coming
    return max(share, 0.0), density - density_before


@kernel
def _box_peak(mode: float, mu: float, lam: float, duration: float) -> float:
    """Time of the peak of an even release: the density is the same at both ends of the last `duration` seconds."""
    low, high = max(mode, duration), mode + duration
    t = max(mode + 0.5 * duration, 0.5 * (low + high))
    for _ in range(STEPS):
        early = t - duration
        gap = -1.5 * math.log(t / early) - 0.5 * lam * (duration / (mu * mu) + 1.0 / t - 1.0 / early)
        slope = -1.5 * (1.0 / t - 1.0 / early) + 0.5 * lam * (1.0 / (t * t) - 1.0 / (early * early))
        if gap > 0.0:
            low = t
        else:
            high = t
        following = t - gap / slope
        if not low < following < high:
            following = 0.5 * (low + high)
        moved = abs(following - t)
        t = following
        if moved <= CLOSE * (high - mode):
            break
    return t


@kernel
def _box_level(outside: float, peak_time: float, box: tuple[float, float, float], share: float) -> float:
    """Time at which the share within the last seconds is `share`, between a time outside the wave and its peak."""
    mu, lam, duration = box
    far, near = outside, peak_time
    t = outside
    for _ in range(STEPS):
        within, slope = _share_within(t, mu, lam, duration)
        if within < share:
            far = t
        else:
            near = t
        following = 0.5 * (far + near)
        if within > 0.0 and slope != 0.0:
            newton = t - math.log(within / share) * within / slope
            if min(far, near) <= newton <= max(far, near):
                following = newton
        moved = abs(following - t)
        t = following
        if moved <= CLOSE * abs(near - t) or moved <= 1e-14 * t:
            break
    return t


@kernel
def _fit(a: float, b: float, c: float) -> tuple[float, float, float]:
    """Shift, mu and lam of the inverse Gaussian with the mean, the variance and the third central moment."""
    spread = max(math.sqrt(max(b, 0.0)), SMALLEST_SPREAD * (a + 1.0))
    skewness = max(c / (spread * spread * spread), SMALLEST_SKEWNESS)
    mu = 3.0 * spread / skewness
    return a - mu, mu, mu * (mu / spread) * (mu / spread)


@kernel
def _mode_of(mu: float, lam: float) -> float:
    """Time of the peak of the density, s."""
    r = 1.5 * mu / lam
    return mu / (math.sqrt(1.0 + r * r) + r)


@kernel
def _fold(cum: Floats, duration: float) -> tuple[float, float, float, float]:
    """Shift, mu and lam, and the duration that is left: 0 where a short release was added to the moments of the path.

    Short is compared with the whole spread and with that of the peak, which is narrower in a wave with a long tail.
    """
    shift, mu, lam = _fit(cum[0], cum[1], cum[2])
    mode = _mode_of(mu, lam)
    narrowest = min(cum[1], mode * mode / (1.5 + lam * mode / (mu * mu)))
    if duration * duration <= 12.0 * FOLDED * narrowest:
        shift, mu, lam = _fit(cum[0] + 0.5 * duration, cum[1] + duration * duration / 12.0, cum[2])
        duration = 0.0
    return shift, mu, lam, duration


@kernel
def _density(t: float, mu: float, lam: float) -> float:
    """Share of an instant release that passes per second at `t`."""
    if t <= 0.0:
        return 0.0
    z = math.sqrt(lam / t) * (t - mu) / mu
    return math.sqrt(lam / t) / t * math.exp(-0.5 * z * z) / ROOT_TWO_PI


@kernel
def _evaluate(cum: Floats, release: tuple[float, float], threshold: float, found: Floats) -> None:
    """Fill `found` (7,) for one member at one target: see `kernels.evaluate_closed`."""
    shift, mu, lam, duration = _fold(cum, release[1])
    amount = release[0] * math.exp(cum[3])
    mode = _mode_of(mu, lam)
    top = _density(mode, mu, lam)
    found[:] = -1.0
    found[2], found[6] = 0.0, amount
    if not amount * top > 0.0:
        return
    p = lam * mode / (2.0 * mu * mu)
    peak_time, peak = mode, amount * top
    if duration > 0.0:
        peak_time = _box_peak(mode, mu, lam, duration)
        amount /= duration
        peak = amount * _share_within(peak_time, mu, lam, duration)[0]
        top *= duration
    found[2], found[3] = peak, max(shift + peak_time, 0.0)
    for slot, level in ((0, threshold), (1, 0.1 * peak)):
        if level >= peak:
            continue
        depth = math.log(amount * top / level)
        start = mode * math.exp(_fall_to(depth, p, -1.0))
        end = mode * math.exp(_fall_to(depth, p, 1.0)) + duration if slot == 0 else 0.0
        if duration > 0.0:
            box = (mu, lam, duration)
            start = _box_level(start, peak_time, box, level / amount)
            end = _box_level(end, peak_time, box, level / amount) if slot == 0 else 0.0
        found[slot] = max(shift + start, 0.0)
        if slot == 0:
            found[4] = max(shift + end, 0.0)
            found[5] = found[4] - found[0]


@kernel
def _concentration(t: float, folded: tuple[float, float, float, float]) -> float:
    """Share per second at the time `t` since the start of the release, for the four numbers of `_fold`."""
    shift, mu, lam, duration = folded
    if duration > 0.0:
        return _share_within(t - shift, mu, lam, duration)[0] / duration
    return _density(t - shift, mu, lam)


@kernel
def _evaluate_closed(cum: Floats, strength: Floats, duration: Floats, threshold: float, out: Floats) -> None:
    for m in range(cum.shape[0]):
        for j in range(cum.shape[1]):
            _evaluate(cum[m, j], (strength[m, j], duration[m]), threshold, out[m, j])


@kernel
def _sample_closed(cum: Floats, strength: Floats, duration: Floats, times: Floats, out: Floats) -> None:
    for m in range(cum.shape[0]):
        folded = _fold(cum[m], duration[m])
        amount = strength[m] * math.exp(cum[m, 3])
        for i in range(times.size):
            out[m, i] = amount * _concentration(times[i], folded)
