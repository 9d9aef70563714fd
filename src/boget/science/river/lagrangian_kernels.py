"""Compiled loops of the second engine: cells that the water crosses in one step, and mixed tanks."""

from __future__ import annotations

import numpy as np

from boget.science.river.compiling import Floats, Integers, kernel

EMPTY = 1e-12
"""Of the mass in the river: cells below it at either end of the wave are left out."""
PAD = 8
"""Cells taken in at either end of the wave in each step, for its dispersion."""


@kernel
def _drift(inflow: Floats, volume: Floats, exchange: Floats, keep: Floats, stops: Integers, passed: Floats) -> None:
    """Move the wave through a river.

    inflow : (k,) kg entering in each step; volume : (n,) m3 of each cell, the discharge times the step
    exchange : (n + 1,) m3 that dispersion swaps in a step across the upper face of each cell; 0 at both ends
    keep : (n,) share of the mass that a step leaves; stops : (s,) number of the face, 1 to n
    passed : (k, s) filled with the kg that cross each face in each step, dispersion included

    A step moves every cell by one, which is exact for the advection; then dispersion is solved with the mean of its old and
    new gradients. Mass crosses faces only, so none is made or lost but by `keep`. Cells outside low and high are empty.
    """
    n = volume.size
    mass, old, new = np.zeros(n + 1), np.zeros(n), np.zeros(n)
    ratio = np.empty(n)
    low, high = 0, 0
    for step in range(inflow.size):
        for s in range(stops.size):
            passed[step, s] = mass[stops[s] - 1] * keep[stops[s] - 1]
        for i in range(high, low - 1, -1):
            mass[i + 1] = mass[i] * keep[i]
        mass[low] = 0.0
        mass[0] += inflow[step]
        low, high = 0 if inflow[step] > 0.0 else min(low + 1, n - 1), min(high + 1, n - 1)
        low, high = max(low - PAD, 0), min(high + PAD, n - 1)
        _disperse(mass, (low, high), volume, exchange, ratio, old, new)
        for s in range(stops.size):
            face = stops[s]
            if low < face <= high:
                passed[step, s] += 0.5 * exchange[face] * (old[face - 1] - old[face] + new[face - 1] - new[face])
        least = EMPTY * mass[low : high + 1].sum()
        while low < high and abs(mass[low]) <= least:
            mass[low] = 0.0
            low += 1
        while high > low and abs(mass[high]) <= least:
            mass[high] = 0.0
            high -= 1


@kernel
def _disperse(
    mass: Floats, window: tuple[int, int], volume: Floats, exchange: Floats, ratio: Floats, old: Floats, new: Floats
) -> None:
    """One step of dispersion in the cells of the window: `mass`, and the concentrations before and after it, are filled."""
    first, last = window
    for i in range(first, last + 1):
        old[i] = mass[i] / volume[i]
    for i in range(first, last + 1):
        upper = 0.5 * exchange[i] if i > first else 0.0
        lower = 0.5 * exchange[i + 1] if i < last else 0.0
        right = mass[i]
        pivot = volume[i] + upper + lower
        if i > first:
            right += upper * (old[i - 1] - old[i] + new[i - 1])
            pivot -= upper * ratio[i - 1]
        if i < last:
            right += lower * (old[i + 1] - old[i])
        ratio[i], new[i] = lower / pivot, right / pivot
    for i in range(last - 1, first - 1, -1):
        new[i] += ratio[i] * new[i + 1]
    for i in range(first, last + 1):
        mass[i] = new[i] * volume[i]


@kernel
def _fill_tanks(inflow: Floats, step_s: float, residence_s: float, loss: float, count: int, outflow: Floats) -> None:
    """Put a series of masses per step (k,) through `count` equal tanks of `residence_s` each; exact for an even inflow."""
    share = step_s / residence_s + loss * step_s
    stays = np.exp(-share)
    gain = 1.0 / (1.0 + loss * residence_s)
    through = gain * (1.0 - (1.0 - stays) / share)
    held = (1.0 - stays) / share
    current = inflow.copy()
    for _ in range(count):
        store = 0.0
        for i in range(current.size):
            entering = current[i]
            current[i] = store * gain * (1.0 - stays) + entering * through
            store = store * stays + entering * held
    outflow[:] = current
