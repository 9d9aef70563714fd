"""A peer to measure against: the explicit ULTIMATE QUICKEST scheme on the cells of a whole path.

Third order in space and time with a limiter [leonard1979, leonard1991], variable discharge, area and dispersion, in flux
form so that mass is kept. Only the cells that the wave covers are computed, which is the fair way to run it.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import process_time

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[np.float64]

CELL_M = 200.0
LARGEST_COURANT = 0.8
LARGEST_DIFFUSION = 0.4  # of dispersion times step over the square of the cell: explicit schemes blow up at one half
SPARE_CELLS = 50  # below the last stop, like the last reach
TRIM = 1e-9  # of the highest concentration: cells below it on either end are left out


@dataclass(frozen=True, slots=True)
class Channel:
    """Reaches in the order of the flow, shape (n,): m, m/s, m2/s, m3/s."""

    length_m: Array
    velocity: Array
    dispersion: Array
    discharge: Array


@dataclass(frozen=True, slots=True)
class PeerRun:
    """Concentrations (times, stops) in kg/m3, times in s, and what the run took: seconds of the processor, cells, steps."""

    times_s: Array
    concentrations: Array
    cpu_s: float
    cells: int
    steps: int

    def find_peaks(self) -> Array:
        return self.concentrations.max(axis=0)

    def find_arrivals(self, share: float = 0.1) -> Array:
        """First time at a share of the peak of each stop, s, between two steps by a straight line."""
        found = []
        for curve in self.concentrations.T:
            after = int(np.argmax(curve >= share * curve.max()))
            before = max(after - 1, 0)
            rise = curve[after] - curve[before]
            part = (share * curve.max() - curve[before]) / rise if rise > 0 else 1.0
            found.append(self.times_s[before] + part * (self.times_s[after] - self.times_s[before]))
        return np.array(found)


@njit(cache=True, nogil=True)
def _limit_face(up: float, centre: float, down: float, courant: float, diffusion: float) -> float:
    """Concentration on the lower face of a cell, from the cell above, itself and the cell below."""
    curve = down - 2.0 * centre + up
    face = 0.5 * (centre + down) - 0.5 * courant * (down - centre)
    face -= (1.0 - courant * courant - 3.0 * diffusion) * curve / 6.0
    whole = down - up
    if abs(whole) < 1e-300 or (centre - up) * (down - centre) <= 0.0:
        return centre
    ratio = (centre - up) / whole
    share = (face - up) / whole
    share = max(share, ratio)
    share = min(share, 1.0, ratio / courant if courant > 0.0 else 1.0)
    return up + share * whole


@njit(cache=True, nogil=True)
def _advance(mass, area, face_flow, face_spread, feed, stops, seen, dx, dt, trim):  # type: ignore[no-untyped-def]
    """Fill `seen` (steps, stops): `mass` (cells,) kg/m, `area` m2, `face_flow` m3/s, `face_spread` m4/s, `feed` kg/s."""
    cells = mass.size
    flux = np.zeros(cells + 1)
    low, high = 0, 3
    for step in range(seen.shape[0]):
        flux[low] = feed[step] if low == 0 else 0.0
        highest = 0.0
        for i in range(low, high):
            centre = mass[i] / area[i]
            up = mass[i - 1] / area[i - 1] if i > 0 else centre
            down = mass[i + 1] / area[i + 1]
            face_area = 0.5 * (area[i] + area[i + 1])
            courant = face_flow[i] / face_area * dt / dx
            diffusion = face_spread[i] / face_area * dt / (dx * dx)
            face = _limit_face(up, centre, down, courant, diffusion)
            slope = (down - centre) - 0.5 * courant * (down - 2.0 * centre + up)
            flux[i + 1] = face_flow[i] * face - face_spread[i] * slope / dx
            highest = max(highest, centre)
        flux[high + 1] = face_flow[high] * mass[high] / area[high] if high == cells - 2 else 0.0  # out at the lower end
        for i in range(low, high + 1):
            mass[i] += (flux[i] - flux[i + 1]) * dt / dx
        if mass[high] / area[high] > trim * highest and high < cells - 2:
            high += 1
        while low < high - 3 and feed[step] == 0.0 and mass[low] / area[low] < trim * highest:
            low += 1
        for j in range(stops.size):
            seen[step, j] = mass[stops[j]] / area[stops[j]]


def _choose_step(area: Array, face_flow: Array, face_spread: Array) -> float:
    """The longest stable step, s: no cell gives more than it holds, by flow or by dispersion through both its faces."""
    both = 0.5 * (face_spread + np.append(face_spread[0], face_spread[:-1]))
    by_flow = LARGEST_COURANT * CELL_M / np.max(face_flow / area)
    return float(min(by_flow, LARGEST_DIFFUSION * CELL_M**2 / np.max(both / area)))


def _lay_cells(channel: Channel, stops_m: Array, dx: float) -> tuple[Array, Array, Array]:
    """Area (cells,) m2, flow and spread (area times dispersion) on the lower faces (cells,) m3/s and m4/s."""
    ends = np.cumsum(channel.length_m)
    cells = int(np.ceil(stops_m.max() / dx)) + SPARE_CELLS
    reach = np.minimum(np.searchsorted(ends, (np.arange(cells) + 0.5) * dx), len(ends) - 1)
    flow = channel.discharge[reach]
    area = flow / channel.velocity[reach]
    face_flow = 0.5 * (flow + np.append(flow[1:], flow[-1]))
    spread = area * channel.dispersion[reach]
    return area, face_flow, 0.5 * (spread + np.append(spread[1:], spread[-1]))


def run_quickest(channel: Channel, stops_m: Array, *, mass_kg: float, duration_s: float, end_s: float) -> PeerRun:
    """One member: a box release at the head of the channel, followed until `end_s`."""
    dx = CELL_M
    area, face_flow, spread = _lay_cells(channel, stops_m, dx)
    dt = _choose_step(area, face_flow, spread)
    steps = int(np.ceil(end_s / dt))
    feed = np.zeros(steps)
    fed = max(round(duration_s / dt), 1)
    feed[:fed] = mass_kg / (fed * dt)
    stops = np.minimum((stops_m / dx).astype(np.int64), len(area) - 2)
    seen = np.zeros((steps, len(stops)))
    _advance(np.zeros(len(area)), area, face_flow, spread, feed, stops, seen[:3].copy(), dx, dt, TRIM)  # compile
    begun = process_time()
    _advance(np.zeros(len(area)), area, face_flow, spread, feed, stops, seen, dx, dt, TRIM)
    return PeerRun((np.arange(steps) + 1.0) * dt, seen, process_time() - begun, len(area), steps)
