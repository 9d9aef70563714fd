"""The wave behind dead zones and reservoirs, and of any release: the transfer function of a path, inverted.

Each member at a target has its own window in time and as many frequencies as its wave needs; members that need the same
number are inverted together. See `storage_kernels` for the formulas.

References
----------
[bencala_walters1983], [levenspiel1999], [dubner_abate1968] in ``docs/references.bib``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.fft import irfft

from boget.science.errors import InvalidInput
from boget.science.river.compiling import Floats, Integers, pack, run_chunks
from boget.science.river.curve_kernels import _read_curves, _sample_curves
from boget.science.river.kernels import check_threshold, sample_closed
from boget.science.river.storage_kernels import LARGEST, RESERVE, _fill_spectra, _plan_windows

SIZES = np.array([(4 + k % 4) << (4 + k // 4) for k in range(20)] + [LARGEST])
BATCH = 1 << 16
"""Points of the curves treated together."""
SMALLEST_SPREAD = 1e-9  # of the travel time
MOST_TANKS = 1000


@dataclass(frozen=True, slots=True)
class ReleaseShape:
    """Form of a release in time, with unit mass and unit duration, stretched by each member to its own duration.

    duration : (m,) s; 0 = instant
    knots : (k, 3) time from 0 to 1, jump of the rate there, change of its slope there
    mean, variance : of the time, as shares of the duration
    """

    duration: Floats
    knots: Floats
    mean: float
    variance: float


BOX_KNOTS = np.array([[0.0, 1.0, 0.0], [1.0, -1.0, 0.0]])


def shape_box(duration: Any) -> ReleaseShape:
    """An even release; `duration` (m,) s, 0 for an instant one."""
    return ReleaseShape(pack(duration, "duration", shape=(None,), above=0.0), BOX_KNOTS, 0.5, 1.0 / 12.0)


def shape_hydrograph(times: Any, rates: Any, *, stretch: Any) -> ReleaseShape:
    """A release that is straight between (times, rates), (k,) s and any unit; `stretch` (m,) factors of its duration.

    Raises
    ------
    InvalidInput
        "shape_mismatch", "not_finite", "range" for a negative rate, "not_increasing" times, or "not_positive" without mass.
    """
    moments = pack(times, "times of the release", shape=(None,))
    rate = pack(rates, "rates of the release", shape=moments.shape, above=0.0)
    if len(moments) < 2 or (np.diff(moments) <= 0).any():
        raise InvalidInput("not_increasing", where="times of the release", hint="Give at least two times, each after the last.")
    length = moments[-1] - moments[0]
    u = (moments - moments[0]) / length
    mass = float(np.trapezoid(rate, u))
    if mass <= 0.0:
        raise InvalidInput("not_positive", where="mass of the release", value=mass)
    rate = rate / mass
    slopes = np.concatenate([[0.0], np.diff(rate) / np.diff(u), [0.0]])
    jumps = np.zeros(len(u))
    jumps[0], jumps[-1] = rate[0], -rate[-1]
    knots = np.ascontiguousarray(np.column_stack([u, jumps, np.diff(slopes)]))
    first, second = _moment(u, rate, 1), _moment(u, rate, 2)
    factors = pack(stretch, "stretch of the release", shape=(None,), above=0.0)
    return ReleaseShape(factors * length, knots, first, second - first**2)


def _moment(u: Floats, rate: Floats, power: int) -> float:
    """Integral of u^power times a rate that is straight between the points: Simpson's rule is exact for it."""
    middle, mean_rate = 0.5 * (u[1:] + u[:-1]), 0.5 * (rate[1:] + rate[:-1])
    ends = rate[1:] * u[1:] ** power + rate[:-1] * u[:-1] ** power
    return float(np.sum(np.diff(u) / 6.0 * (ends + 4.0 * mean_rate * middle**power)))


@dataclass(frozen=True, slots=True)
class _Case:
    """Checked arrays of all members at one target."""

    cum: Floats
    release: ReleaseShape
    dead_zone: Floats
    tanks: Floats
    decay: Floats
    amounts: Floats
    doses: Floats


Finish = Callable[[Integers, Floats, Floats], None]


def evaluate_storage(
    cum: Floats,
    strength: Any,
    release: ReleaseShape,
    *,
    dead_zone: Any,
    tanks: Any,
    decay: Any,
    threshold: float,
    threads: int | None = None,
) -> Floats:
    """The wave at one target behind dead zones and reservoirs.

    Parameters
    ----------
    cum : (m, 4) cumulants of the plain path from `kernels.accumulate`
    strength : (m,) mass released over the discharge at the target, kg s/m3
    release : form of the release, with the members' durations
    dead_zone : (m, 2) cross-section of the dead zones over that of the stream, mean stay in them in s
    tanks : (m, r, 2) residence of each reservoir above the target in s, and its number of tanks from 1 (may be broken)
    decay : (m,) first-order loss in the reservoirs, 1/s; that in the river is in `cum` already
    threshold : kg/m3, above zero

    Returns
    -------
    (m, 7) as `kernels.evaluate_closed`; the time above the threshold counts each part of a wave with several peaks.
    """
    check_threshold(threshold)
    case = _check_case(cum, strength, release, dead_zone=dead_zone, tanks=tanks, decay=decay)
    out = np.empty((len(case.cum), 7))
    out[:, 6] = case.doses

    def finish(rows: Integers, plan: Floats, curves: Floats) -> None:
        _read_curves(rows, plan, curves, case.amounts, case.decay, threshold, out)

    _invert(case, finish, threads)
    return out


def curves(
    cum: Floats,
    strength: Any,
    release: ReleaseShape,
    *,
    dead_zone: Any,
    tanks: Any,
    decay: Any,
    times: Any,
    threads: int | None = None,
) -> Floats:
    """Concentrations (m, k) in kg/m3 at the `times` (k,) in s for one target; the rest as in `evaluate_storage`.

    Without storage, and for an even or instant release, they come from the closed form.
    """
    case = _check_case(cum, strength, release, dead_zone=dead_zone, tanks=tanks, decay=decay)
    moments = pack(times, "times", shape=(None,))
    if release.knots is BOX_KNOTS and not case.tanks.shape[1] and not case.dead_zone[:, 0].any():
        return sample_closed(case.cum, strength, release.duration, times=moments, threads=threads)
    out = np.empty((len(case.cum), moments.size))

    def finish(rows: Integers, plan: Floats, found: Floats) -> None:
        _sample_curves(rows, plan, found, case.amounts, case.decay, moments, out)

    _invert(case, finish, threads)
    return out


def _check_case(cum: Any, strength: Any, release: ReleaseShape, *, dead_zone: Any, tanks: Any, decay: Any) -> _Case:
    moments = pack(cum, "cumulants", shape=(None, 4)).copy()
    m = len(moments)
    moments[:, 1] = np.maximum(moments[:, 1], (SMALLEST_SPREAD * (moments[:, 0] + 1.0)) ** 2)
    strengths = pack(strength, "strength", shape=(m,), above=0.0)
    chains = pack(tanks, "tanks", shape=(m, None, 2), above=0.0)
    if chains.size and not 1.0 <= chains[..., 1].min() <= chains[..., 1].max() <= MOST_TANKS:
        raise InvalidInput("range", where="number of tanks", value=float(chains[..., 1].min()), allowed=f"1 to {MOST_TANKS}")
    losses = pack(decay, "decay", shape=(m,), above=0.0)
    amounts = strengths * np.exp(moments[:, 3])
    kept = np.prod([keep_share(chains[:, r], losses) for r in range(chains.shape[1])], axis=0) if chains.size else 1.0
    return _Case(
        cum=moments,
        release=replace(release, duration=pack(release.duration, "duration", shape=(m,), above=0.0)),
        dead_zone=pack(dead_zone, "dead zones", shape=(m, 2), above=0.0),
        tanks=chains,
        decay=losses,
        amounts=amounts,
        doses=amounts * kept,
    )


def keep_share(chain: Floats, loss: Floats) -> Floats:
    """Share (m,) of the mass that a chain of tanks (m, 2) lets out when it is lost at `loss` (m,), 1/s."""
    residence, number = chain[:, 0], chain[:, 1]
    whole = np.ceil(number - 1e-9)
    rest = np.maximum(whole - 1.0, 1.0)
    small = np.where(whole > 1, (1.0 - np.sqrt(rest * np.maximum(whole / number - 1.0, 0.0))) / whole, 0.0)
    equal = residence * (1.0 - small) / rest
    return np.asarray((1.0 + loss * equal) ** -rest / (1.0 + loss * residence * small))


def _invert(case: _Case, finish: Finish, threads: int | None) -> None:
    """Plan the windows, transform members of the same size together, and hand the curves to `finish`."""
    release, count = case.release, len(case.cum)
    whole = (case.cum, release.duration, case.dead_zone, case.tanks, case.decay)
    moments = (release.mean, release.variance)
    plan = np.empty((count, 6))

    def look_ahead(first: int, last: int) -> None:
        cum, duration, dead_zone, tanks, decay = (array[first:last] for array in whole)
        _plan_windows(cum, duration, dead_zone, tanks, decay, plan[first:last])

    run_chunks(count, look_ahead, threads=threads)
    batches = list_batches(RESERVE / (2.0 * np.pi) * plan[:, 2] * plan[:, 1])

    def work(number: int, _last: int) -> None:
        rows, size = batches[number]
        spectra = np.empty((len(rows), size // 2 + 1), dtype=np.complex128)
        _fill_spectra(rows, plan, *whole, release.knots, moments, spectra)
        finish(rows, plan, irfft(spectra, size, axis=1, overwrite_x=True))

    run_chunks(len(batches), work, threads=threads, chunk=1)


def list_batches(wanted: Floats) -> list[tuple[Integers, int]]:
    """Members that get curves of the same number of points, at least what they want (m,), in batches that fit a cache."""
    sizes = SIZES[np.minimum(np.searchsorted(SIZES, wanted), len(SIZES) - 1)]
    order = np.argsort(sizes, kind="stable")
    batches = []
    for size, first, number in zip(*np.unique(sizes[order], return_index=True, return_counts=True), strict=True):
        step = max(BATCH // int(size), 1)
        batches += [(order[k : min(k + step, first + number)], int(size)) for k in range(first, first + number, step)]
    return batches
