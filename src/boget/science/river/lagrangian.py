"""The second engine: time steps instead of a transfer function, written apart from it to check it.

The river is cut into cells that the water crosses in one step, whatever its velocity. Advection is then an exact shift by one
cell, dilution the growth of the cells' volume, and dispersion an implicit exchange between neighbours that keeps the mass.
Concentrations are those of the water that passes (flux), as in the transfer function. Reservoirs are chains of equal mixed
tanks between the pieces of the river; each piece has its own step, as long as its wave allows. Releases may be drawn freely.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from boget.science.errors import Unstable
from boget.science.river.lagrangian_kernels import _drift, _fill_tanks
from boget.science.river.release import Release

Floats = NDArray[np.float64]
MOST_CELLS = 200_000
TAILS = 12.0
"""Residences after which a chain of tanks counts as empty, and standard deviations after which a wave has passed."""
STEPS_OF_A_TANK = 500.0
SMALLEST = 1e-12
"""m3 that dispersion swaps in a step where there is none."""
BEYOND = 8.0
"""Cells are added below the end for this many times K / U^2, so that the wave does not feel it."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A piece of river, (n,) stretches: m, m/s, m2/s, m3/s, and the loss, 1/s."""

    length_m: Floats
    velocity: Floats
    dispersion: Floats
    discharge: Floats
    loss: Floats


@dataclass(frozen=True, slots=True)
class Feed:
    """Mass over time: `mass_kg` (k,) in steps of `step_s` from `start_s`."""

    start_s: float
    step_s: float
    mass_kg: Floats

    @property
    def middles_s(self) -> Floats:
        """Middle of each step, s."""
        return np.asarray(self.start_s + (np.arange(len(self.mass_kg)) + 0.5) * self.step_s, dtype=np.float64)

    def resample(self, step_s: float, length_s: float) -> Feed:
        """The same mass in other steps, followed by nothing until `length_s` are full."""
        edges = np.arange(len(self.mass_kg) + 1) * self.step_s
        gone = np.concatenate([[0.0], np.cumsum(self.mass_kg)])
        steps = max(math.ceil(length_s / step_s), 1)
        return Feed(self.start_s, step_s, np.diff(np.interp(np.arange(steps + 1) * step_s, edges, gone)))


@dataclass(frozen=True, slots=True)
class Passage:
    """What crosses a place: times of the middles of the steps, s, and mass per second there, kg/s; both (k,)."""

    times_s: Floats
    rate_kg_s: Floats
    step_s: float

    @property
    def mass_kg(self) -> float:
        """All that crosses."""
        return float(self.rate_kg_s.sum() * self.step_s)


def feed_release(release: Release, step_s: float) -> Feed:
    """The release in steps. An instant one fills one step, half of it before zero, so that its middle is at zero."""
    if release.kind == "instant":
        return Feed(-step_s / 2, step_s, np.array([release.mass_kg]))
    times: tuple[float, ...] = (0.0, release.duration_s)
    rates: tuple[float, ...] = (1.0, 1.0)
    if release.kind == "hydrograph":
        times, rates = tuple(time - release.times_s[0] for time in release.times_s), release.rates_kg_s
    edges = np.arange(math.ceil(times[-1] / step_s) + 1) * step_s
    fine = np.union1d(edges, times)
    rate = np.interp(fine, times, rates, right=0.0)
    rate[fine > times[-1]] = 0.0
    last = np.interp(fine, times, rates)
    middle = (rate[1:] + last[:-1]) / 2 * (fine[1:] <= times[-1])
    gone = np.concatenate([[0.0], np.cumsum(middle * np.diff(fine))])
    mass = np.diff(np.interp(edges, fine, gone))
    return Feed(0.0, step_s, mass * (release.mass_kg / mass.sum()))


def measure_wave(channel: Channel) -> tuple[float, float]:
    """Travel time of a piece, s, and standard deviation of the wave at its end, s."""
    times = channel.length_m / channel.velocity
    return float(times.sum()), math.sqrt(float((2.0 * channel.dispersion / channel.velocity**2 * times).sum()))


def average(values: Floats, ends_s: Floats, marks_s: NDArray[np.floating[Any]]) -> Floats:
    """Means (k - 1,) between the travel times `marks_s` (k,) of a quantity (n,) of stretches between `ends_s` (n + 1,).

    A cell seldom ends where a stretch does. The last stretch goes on below the end.
    """
    edges = np.append(ends_s[:-1], max(ends_s[-1], marks_s[-1]))
    total = np.concatenate([[0.0], np.cumsum(values * np.diff(edges))])
    return np.asarray(np.diff(np.interp(marks_s, edges, total)) / np.diff(marks_s), dtype=np.float64)


def drift(channel: Channel, feed: Feed, places_m: Floats) -> list[Passage]:
    """What passes at some places of a piece of river, m from its beginning, 0 to its length.

    Raises
    ------
    Unstable
        "too_many_cells" where the step is too short for the piece.
    """
    travel_s, sigma = measure_wave(channel)
    ends_s = np.concatenate([[0.0], np.cumsum(channel.length_m / channel.velocity)])
    ends_m = np.concatenate([[0.0], np.cumsum(channel.length_m)])
    beyond = BEYOND * float((channel.dispersion / channel.velocity**2)[-1])
    cells = math.ceil((travel_s + beyond) / feed.step_s) + 2
    if cells > MOST_CELLS:
        raise Unstable("too_many_cells", where="second engine", value=cells, allowed=f"up to {MOST_CELLS}")
    faces = np.arange(cells + 1) * feed.step_s
    volume = average(channel.discharge, ends_s, faces) * feed.step_s
    swapped = channel.discharge * channel.dispersion / channel.velocity**2  # K A / dx times the step, dx = U times the step
    exchange = np.zeros(cells + 1)
    resistance = 1.0 / np.maximum(swapped, SMALLEST)  # in a row from the middle of one cell to the next they add
    exchange[1:-1] = 1.0 / average(resistance, ends_s, faces[:-1] + 0.5 * feed.step_s)
    keep = np.exp(-average(channel.loss, ends_s, faces) * feed.step_s)
    place_s = np.interp(places_m, ends_m, ends_s) / feed.step_s
    face = np.clip(place_s.astype(np.int64), 0, cells - 2)
    stops = np.unique(np.concatenate([face, face + 1]))
    stops = stops[stops > 0]
    whole = feed.resample(feed.step_s, len(feed.mass_kg) * feed.step_s + travel_s + TAILS * sigma + beyond)
    passed = np.empty((len(whole.mass_kg), len(stops)))
    _drift(whole.mass_kg, volume, exchange, keep, stops, passed)
    return [_read_passage(whole, passed, stops, float(place)) for place in place_s]


def _read_passage(feed: Feed, passed: Floats, stops: NDArray[np.int64], place: float) -> Passage:
    """Between two faces the curve is that of either one, moved by its part of a step."""
    face = int(place)
    share = place - face
    times = feed.middles_s

    def at(number: int) -> Floats:
        return feed.mass_kg if number == 0 else passed[:, int(np.searchsorted(stops, number))]

    here = np.interp(times - share * feed.step_s, times, at(face), left=0.0, right=0.0)
    if share > 0:
        below = np.interp(times + (1.0 - share) * feed.step_s, times, at(face + 1), left=0.0, right=0.0)
        here = (1.0 - share) * here + share * below
    return Passage(times, here / feed.step_s, feed.step_s)


def fill_reservoir(feed: Feed, *, residence_s: float, tanks: int, loss: float) -> Feed:
    """The outflow of a reservoir: `residence_s` in all its equal tanks, loss 1/s. The step is at least a part of one tank's."""
    length = len(feed.mass_kg) * feed.step_s + TAILS * residence_s / tanks * (1.0 + 0.25 * tanks)
    longer = feed.resample(max(feed.step_s, residence_s / tanks / STEPS_OF_A_TANK), length)
    outflow = np.empty_like(longer.mass_kg)
    _fill_tanks(longer.mass_kg, longer.step_s, residence_s / tanks, loss, tanks, outflow)
    return Feed(longer.start_s, longer.step_s, outflow)


def compile_engine() -> None:
    """Compile the loops of this engine before somebody waits for them."""
    one = np.ones(1)
    drift(Channel(1000.0 * one, one, one, one, 0.0 * one), Feed(0.0, 100.0, one), np.array([500.0]))
    fill_reservoir(Feed(0.0, 100.0, one), residence_s=100.0, tanks=1, loss=0.0)
