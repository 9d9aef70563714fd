"""The exact transfer of a path, reach by reach in the Laplace domain, and its numerical inversion: slow and sure.

A reach of the length L turns the transform of the concentration into itself times

    H(s) = exp[ U L / (2 K) (1 - sqrt(1 + 4 K Psi / U^2)) ],      Psi(s) = s + k + eps s / (1 + s tau)

with dead zones of the share `eps` of the stream's section and the mean stay `tau`. A mixed tank multiplies by
1 / (1 + (s + k) theta). Lateral inflow dilutes what has entered. All factors commute.

References
----------
[bencala_walters1983] for the dead zones, [dubner_abate1968] for the inversion, in ``docs/references.bib``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boget.science.river.compiling import Floats

Complexes = NDArray[np.complex128]
DAMPING = 6.0
"""The wave of the next window is left over with exp(-6) of what there is of it after the end of the window."""


@dataclass(frozen=True, slots=True)
class Reaches:
    """Reaches in a row, arrays (n,): m, m/s, m2/s, 1/s, dead share, mean stay in s."""

    length: Floats
    velocity: Floats
    dispersion: Floats
    loss: Floats
    dead_share: Floats
    dead_stay: Floats


def transfer_reaches(reaches: Reaches, s: Complexes) -> Complexes:
    """Product of the transfer functions of the reaches at `s`, 1/s."""
    exponent = np.zeros_like(s)
    for length, u, d, loss, share, stay in zip(
        reaches.length, reaches.velocity, reaches.dispersion, reaches.loss, reaches.dead_share, reaches.dead_stay, strict=True
    ):
        psi = s + loss + share * s / (1.0 + s * stay)
        exponent -= 2.0 * psi * (length / u) / (1.0 + np.sqrt(1.0 + 4.0 * d * psi / u**2))
    return np.exp(exponent)


def transfer_tanks(tanks: Sequence[float], s: Complexes, *, loss: float = 0.0) -> Complexes:
    """Product over mixed tanks of the residences in s."""
    product = np.ones_like(s)
    for residence in tanks:
        product /= 1.0 + (s + loss) * residence
    return product


def transfer_box(duration: float, s: Complexes) -> Complexes:
    """Transform of an even release of unit mass over `duration` seconds."""
    return (1.0 - np.exp(-s * duration)) / (s * duration)


def invert(transform: Callable[[Complexes], Complexes], *, window: float, count: int) -> tuple[Floats, Floats]:
    """Times (count,) from 0 to before `window` and the function there, by a damped Fourier series.

    The window must hold the function to its end; `count` must resolve its sharpest part.
    """
    sigma = DAMPING / window
    s = sigma + 2j * math.pi / window * np.arange(count // 2 + 1)
    times = window / count * np.arange(count)
    values = np.fft.irfft(transform(np.asarray(s, dtype=np.complex128)), count) * count / window * np.exp(sigma * times)
    return np.asarray(times, dtype=np.float64), np.asarray(values, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Stream:
    """A small stream in segments, arrays (n,): m, m2, m2/s, inflow in m3/s per m, dead share, mean stay in s.

    `discharge` enters at the upper end, m3/s.
    """

    length: Floats
    area: Floats
    dispersion: Floats
    inflow: Floats
    dead_share: Floats
    dead_stay: Floats
    discharge: float


def transfer_stream(stream: Stream, s: Complexes, *, step: float) -> list[Complexes]:
    """Concentration at the end of each segment over that of the water let in at the upper end, at `s`, 1/s.

    In short segments of little flow dispersion works upstream too: concentration and dispersive flux A K dC/dx are continuous
    between segments, the mass flow at the upper end is given, and nothing comes back from below the last segment. Lateral
    inflow, clean, is cut into steps of even flow of at most `step` m. The walk goes upstream with the slope C'/C, in each
    step C = P exp(r1 x) + R exp(r2 (x - L)).
    """
    factors: list[list[Complexes]] = []
    flow = stream.discharge + float(np.sum(stream.inflow * stream.length))
    slope_flux: Complexes | None = None
    for i in range(len(stream.length) - 1, -1, -1):
        count = max(1, math.ceil(stream.length[i] / step))
        length, gain = stream.length[i] / count, stream.inflow[i] * stream.length[i] / count
        area, d = stream.area[i], stream.dispersion[i]
        psi = s + stream.dead_share[i] * s / (1.0 + s * stream.dead_stay[i]) + stream.inflow[i] / area
        factors.append([])
        for _ in range(count):
            u = (flow - 0.5 * gain) / area
            root = np.sqrt(u * u + 4.0 * d * psi)
            down, up = -2.0 * psi / (u + root), (u + root) / (2.0 * d)
            slope = down if slope_flux is None else slope_flux / (area * d)
            back = (slope - down) / (up - slope)
            both = back * np.exp((down - up) * length)
            factors[-1].append(np.exp(down * length) * (1.0 + back) / (1.0 + both))
            slope_flux = area * d * (down + up * both) / (1.0 + both)
            flow -= gain
    segments = [np.prod(part, axis=0) for part in reversed(factors)]
    at_top = 1.0 - (0.0 if slope_flux is None else slope_flux) / stream.discharge
    return list(np.cumprod(segments, axis=0) / at_top)
