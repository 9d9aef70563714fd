"""The wave of every member at any distance down a path: its travel, the reservoirs above it, and what dilutes it.

Without storage the wave is a closed form; dead zones, reservoirs and drawn hydrographs go through the transfer function. A
member of Jobson's picture keeps its mean travel time, and its spread is that of the report at this time; it stays an inverse
Gaussian that begins at the release.

Water that is lost on the way (evaporation apart, which would leave the substance) takes its substance with it: where the
discharge falls along the path the concentration does not rise. A canal that takes a share of the water takes the same share
of the mass, and is not followed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boget.science.errors import InvalidInput
from boget.science.river.kernels import accumulate, evaluate_closed
from boget.science.river.members import JOBSON, Course, Floats, Integers, Members, loss_in_reservoirs
from boget.science.river.release import Release
from boget.science.river.transfer import ReleaseShape, curves, evaluate_storage, shape_box, shape_hydrograph
from boget.science.river.velocity.jobson import sigma_t_s

TIMES = (0, 1, 3)
"""Columns of the arrivals and of the time of the peak."""
MEAN_FLOW_RATIO = 1.0
"""Discharge over mean annual discharge in Jobson's equation 7; its power of 0.079 hardly matters."""


@dataclass(frozen=True, slots=True)
class Waves:
    """Members m at stops s along a path.

    distance_m : (s,) from the release, in the order of the flow
    cum : (m, s, 4) mean, variance, third central moment of the travel time and ln of the mass left, without storage
    strength : (m, s) mass over discharge, kg s/m3
    passed : (s, r) share of each reservoir above the stop, 0 to 1 within it
    release : kind of the release
    """

    distance_m: Floats
    cum: Floats
    strength: Floats
    passed: Floats
    release: Release
    members: Members


def locate_stops(course: Course, distance_m: Floats) -> Floats:
    """Stretch and share of it for each distance, (s, 2).

    Raises
    ------
    InvalidInput
        "target_upstream" for one that does not lie below the release, "range" for one beyond the end.
    """
    path = course.path
    if distance_m.size and not distance_m.min() > 0:
        hint = "Choose a place below the release, or another release."
        raise InvalidInput("target_upstream", where="distance", value=float(distance_m.min()), allowed="above 0 m", hint=hint)
    if distance_m.size and distance_m.max() > path.total_m * (1 + 1e-9):
        raise InvalidInput("range", where="distance", value=float(distance_m.max()), allowed=f"up to {path.total_m:.0f} m")
    place = np.clip(np.searchsorted(path.start_m, distance_m, side="left") - 1, 0, len(path) - 1)
    share = np.clip((distance_m - path.start_m[place]) / path.length_m[place], 0.0, 1.0)
    return np.column_stack([place, share])


def travel(course: Course, members: Members, stops: Floats, *, reach_sigma: float, seed: int, threads: int | None) -> Floats:
    """Cumulants (m, s, 4) of the plain path at the stops, with the spread in time of Jobson's members."""
    hydraulics, path = course.hydraulics, course.path
    cum = accumulate(
        path.length_m,
        hydraulics.velocity_ms,
        hydraulics.dispersion_m2s,
        depth=hydraulics.depth_m,
        is_flowing=course.is_flowing,
        group=course.group,
        stops=stops,
        member_velocity=np.ones(len(members)),
        member_dispersion=members.dispersion,
        group_velocity=members.velocity,
        reach_sigma=reach_sigma,
        decay=members.decay,
        settling=members.settling,
        seed=seed,
        threads=threads,
    )
    chosen = np.flatnonzero(members.structure == JOBSON)
    mean = np.maximum(cum[chosen, :, 0], 1.0)
    widening = np.sqrt(members.dispersion[chosen])[:, None]
    variance = (sigma_t_s(mean, MEAN_FLOW_RATIO) * widening) ** 2
    cum[chosen, :, 1] = variance
    cum[chosen, :, 2] = 3.0 * variance**2 / mean
    return cum


def find_strength(course: Course, members: Members, stops: Floats, *, mass_kg: float) -> Floats:
    """Mass over discharge at the stops, (m, s), kg s/m3; the discharge is the greatest on the way."""
    place = stops[:, 0].astype(np.int64)
    greatest = np.maximum.accumulate(course.flow.discharge_m3s)[place]
    flow = greatest * np.exp(course.flow.sigma_ln[place] * members.flow_z[:, course.group[place]])
    return np.asarray(mass_kg * members.mass[:, None] / flow, dtype=np.float64)


def share_passed(course: Course, distance_m: Floats) -> Floats:
    """Share of each reservoir of the path that lies above each distance, (s, r)."""
    path = course.path
    passed = np.zeros((len(distance_m), len(path.reservoirs)))
    for number in range(len(path.reservoirs)):
        inside = np.flatnonzero(path.reservoir_index == number)
        if inside.size:
            head, dam = path.start_m[inside[0]], path.start_m[inside[-1]] + path.length_m[inside[-1]]
            passed[:, number] = np.clip((distance_m - head) / (dam - head), 0.0, 1.0)
    return passed


def follow(
    course: Course,
    members: Members,
    release: Release,
    *,
    distance_m: Floats,
    reach_sigma: float,
    seed: int,
    threads: int | None = None,
) -> Waves:
    """The waves of the members at distances in the order of the flow; the same member is the same at any of them."""
    stops = locate_stops(course, distance_m)
    return Waves(
        distance_m=distance_m,
        cum=travel(course, members, stops, reach_sigma=reach_sigma, seed=seed, threads=threads),
        strength=find_strength(course, members, stops, mass_kg=release.mass_kg),
        passed=share_passed(course, distance_m),
        release=release,
        members=members,
    )


def take_rows(waves: Waves, rows: Integers) -> Waves:
    """Some of the members."""
    return Waves(
        waves.distance_m,
        np.ascontiguousarray(waves.cum[rows]),
        np.ascontiguousarray(waves.strength[rows]),
        waves.passed,
        waves.release,
        waves.members.take(rows),
    )


def shape_release(release: Release, members: int) -> ReleaseShape:
    """Form of the release for the transfer function."""
    if release.kind == "hydrograph":
        return shape_hydrograph(release.times_s, release.rates_kg_s, stretch=np.ones(members))
    return shape_box(np.full(members, release.duration_s if release.kind == "box" else 0.0))


def list_tanks(waves: Waves, stop: int) -> Floats:
    """Reservoirs above a stop, (m, k, 2): within one, that part of its residence and of its tanks, one at least."""
    crossed = np.flatnonzero(waves.passed[stop] > 0)
    tanks = waves.members.tanks[:, crossed] * waves.passed[stop, crossed][:, None]
    tanks[:, :, 1] = np.maximum(tanks[:, :, 1], 1.0)
    return np.ascontiguousarray(tanks)


def evaluate(waves: Waves, stop: int, *, threshold: float, threads: int | None = None) -> Floats:
    """The seven numbers of every member at a stop, (m, 7): see `kernels.evaluate_closed`."""
    tanks = list_tanks(waves, stop)
    needs_storage = waves.members.dead_zone[:, 0] > 0
    if tanks.shape[1] or waves.release.kind == "hydrograph":
        needs_storage[:] = True
    out = np.empty((len(waves.members), 7))
    plain, stored = np.flatnonzero(~needs_storage), np.flatnonzero(needs_storage)
    if plain.size:
        out[plain] = evaluate_plain(waves, stop, rows=plain, threshold=threshold, threads=threads)
    if stored.size:
        out[stored] = evaluate_storage(
            waves.cum[stored, stop],
            waves.strength[stored, stop],
            shape_release(waves.release, stored.size),
            dead_zone=waves.members.dead_zone[stored],
            tanks=tanks[stored],
            decay=loss_in_reservoirs(waves.members)[stored],
            threshold=threshold,
            threads=threads,
        )
    if tanks.shape[1]:
        early = find_early(out, waves.cum[:, stop, 0] + waves.release.duration_s)
        held = out[early]
        hold_back(held, evaluate_plain(waves, stop, rows=early, threshold=threshold, threads=threads))
        out[early] = held
    return out


def find_early(numbers: Floats, plain_by: Floats) -> Integers:
    """Members with a time (m, 7) before the peak without storage must have come, (m,) s: the mean and the whole release."""
    times = numbers[:, TIMES]
    return np.flatnonzero(((times >= 0) & (times < plain_by[:, None])).any(axis=1)).astype(np.int64)


def evaluate_plain(waves: Waves, stop: int, *, rows: Integers, threshold: float, threads: int | None) -> Floats:
    """The seven numbers of some members at a stop, (k, 7), as if nothing were stored on the way; a hydrograph as if at once."""
    duration = np.full(rows.size, waves.release.duration_s if waves.release.kind == "box" else 0.0)
    cum, strength = waves.cum[rows, stop : stop + 1], waves.strength[rows, stop : stop + 1]
    return evaluate_closed(cum, strength, duration, threshold=threshold, threads=threads)[:, 0]


def hold_back(numbers: Floats, plain: Floats) -> None:
    """Storage never lets a wave come earlier. In a lake of many years a step of the transform is longer than the whole river
    above it: there the times are lifted to those without storage, in place, both (m, 7)."""
    for column in TIMES:
        late = numbers[:, column] >= 0
        numbers[late, column] = np.maximum(numbers[late, column], plain[late, column])


def draw_curves(waves: Waves, stop: int, times_s: NDArray[np.float64], *, threads: int | None = None) -> Floats:
    """Concentrations (m, k), kg/m3, of every member at a stop and times in s."""
    return curves(
        waves.cum[:, stop],
        waves.strength[:, stop],
        shape_release(waves.release, len(waves.members)),
        dead_zone=waves.members.dead_zone,
        tanks=list_tanks(waves, stop),
        decay=loss_in_reservoirs(waves.members),
        times=times_s,
        threads=threads,
    )
