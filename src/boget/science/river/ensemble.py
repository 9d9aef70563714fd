"""A forecast with many members: the same release through as many rivers as the discharge, the velocity and the rest may be.

Theory in short. A path is a chain of linear filters; the time its water takes adds up by cumulants, the mass left by its
logarithm. At a place the wave is the release, put through that filter, over the discharge there. Particles and dissolved
part go together: a share `sorbed` (by Kd and the suspended matter; what was released on particles counts in full) settles
with its velocity over the depth, the rest decays. A bed that is dry in some years is computed as if it carried water, since a
release wets its own bed: how often it is dry is told beside the numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from boget.science.errors import InvalidInput
from boget.science.river import dispersion
from boget.science.river.fate import Fate
from boget.science.river.flow_state import FlowState
from boget.science.river.hydraulics import Hydraulics, VelocityCode, estimate_hydraulics
from boget.science.river.member_waves import Waves, follow
from boget.science.river.members import Course, Floats, draw_members, lay_course
from boget.science.river.path import RiverPath
from boget.science.river.priors import Prior, read_setting
from boget.science.river.release import Release
from boget.science.river.release_rules import check_fate, check_release
from boget.science.river.release_water import add_water, measure_reach
from boget.science.river.source_limit import evaluate_limited
from boget.science.river.targets import Target

Progress = Callable[[float], None]
ARRIVAL, ARRIVAL10, PEAK, PEAK_TIME, DEPARTURE, DURATION, DOSE = range(7)
"""Columns of the numbers of a member at a target."""
SMALL_STEP = 0.1
"""Of ln Q, for the exponents of depth and dispersion."""


@dataclass(frozen=True, slots=True)
class EnsembleResult:
    """All members at all targets.

    course, waves : the path as the members share it, and their waves at the targets and at the ends of the pieces of the map
    targets : in the order they were given; stops : (t,) place of each in `waves`
    map_stops : places in `waves` of the ends of the pieces of the map
    outcome : (m, t, 7) arrival at the threshold, at a tenth of the peak, peak, its time, departure, time above, dose; times in
        s from the start of the release, -1 where not reached; as if the bed held water
    water_to_m : distance down to which the water of the release counts in the discharge of `course`, m; 0 = nowhere
    """

    course: Course
    fate: Fate
    prior: Prior
    targets: tuple[Target, ...]
    waves: Waves
    stops: NDArray[np.int64]
    map_stops: NDArray[np.int64]
    outcome: Floats
    threshold: float
    seed: int
    velocity_code: str
    dispersion_code: str
    water_to_m: float = 0.0

    @property
    def members(self) -> int:
        """Number of members."""
        return len(self.waves.members)


def check_flow(path: RiverPath, flow: FlowState) -> None:
    """InvalidInput "shape_mismatch", "not_finite" or "not_positive" for a discharge that cannot be."""
    if len(flow.discharge_m3s) != len(path) or len(flow.sigma_ln) != len(path):
        raise InvalidInput("shape_mismatch", where="discharge", value=len(flow.discharge_m3s), allowed=f"{len(path)} stretches")
    for name, values in (("discharge", flow.discharge_m3s), ("spread of the discharge", flow.sigma_ln)):
        wrong = values[~np.isfinite(values)]
        if wrong.size:
            raise InvalidInput("not_finite", where=name, value=float(wrong[0]), allowed="a number above 0")
    if not (flow.discharge_m3s > 0).all():
        value = float(flow.discharge_m3s.min())
        hint = "A river without water carries nothing: choose another season, or give the share of dry years."
        raise InvalidInput("not_positive", where="discharge", value=value, allowed="above 0 m3/s", hint=hint)
    if (flow.sigma_ln < 0).any():
        raise InvalidInput("range", where="spread of the discharge", value=float(flow.sigma_ln.min()), allowed="0 or more")


def check_numbers(threshold: float, members: int, targets: Sequence[Target]) -> None:
    """InvalidInput "not_finite", "not_positive", "range" or "target_upstream"."""
    if not math.isfinite(threshold):
        raise InvalidInput("not_finite", where="threshold", value=threshold, allowed="above 0 kg/m3")
    if threshold <= 0:
        raise InvalidInput("not_positive", where="threshold", value=threshold, allowed="above 0 kg/m3")
    fewest, most = int(read_setting("limits.fewest_members")), int(read_setting("limits.most_members"))
    if not fewest <= members <= most:
        raise InvalidInput("range", where="members", value=members, allowed=f"{fewest} to {most}")
    for target in targets:
        if not target.distance_m > 0:
            hint = "Choose a place below the release, or another release."
            raise InvalidInput("target_upstream", where=target.code, value=target.distance_m, allowed="above 0 m", hint=hint)


def find_exponents(
    path: RiverPath, flow: FlowState, hydraulics: Hydraulics, *, codes: tuple[VelocityCode, str]
) -> tuple[float, float]:
    """d ln H / d ln Q and d ln K / d ln Q, means over the path, from a small step of the discharge."""
    richer = replace(flow, discharge_m3s=flow.discharge_m3s * math.exp(SMALL_STEP))
    other = estimate_hydraulics(path, richer, velocity=codes[0], dispersion_code=codes[1])
    steps = (np.log(other.depth_m / hydraulics.depth_m), np.log(other.dispersion_m2s / hydraulics.dispersion_m2s))
    depth, spread = (float(np.average(step, weights=path.length_m)) / SMALL_STEP for step in steps)
    return depth, spread


def prepare_course(
    path: RiverPath,
    flow: FlowState,
    *,
    prior: Prior,
    release: Release | None = None,
    velocity: VelocityCode = "tracer",
    dispersion_code: str = dispersion.DEFAULT,
) -> Course:
    """Path, discharge with the water of the release, and hydraulics in groups of stretches."""
    check_flow(path, flow)
    flow = add_water(path, flow, release) if release else flow
    hydraulics = estimate_hydraulics(path, flow, velocity=velocity, dispersion_code=dispersion_code)
    exponents = find_exponents(path, flow, hydraulics, codes=(velocity, dispersion_code))
    return lay_course(path, flow, hydraulics, exponents=exponents, group_m=prior.group_m)


def choose_map_ends(path: RiverPath) -> Floats:
    """Ends of the pieces of the map, m: those of the stretches, thinned to the number of the table by length.

    Where a reservoir begins and at its dam a piece ends in any case.
    """
    ends = path.start_m + path.length_m
    most = int(read_setting("shown.map_stops"))
    if len(ends) <= most:
        return ends
    wanted = path.total_m * np.arange(1, most + 1) / most
    chosen = np.unique(np.searchsorted(ends, wanted * (1 - 1e-12)).clip(0, len(ends) - 1))
    shores = np.flatnonzero(np.diff(path.reservoir_index))
    return np.asarray(ends[np.union1d(np.union1d(chosen, shores), [len(ends) - 1])])


def run_ensemble(
    path: RiverPath,
    flow: FlowState,
    release: Release,
    *,
    fate: Fate,
    targets: Sequence[Target],
    prior: Prior,
    threshold: float,
    members: int = 10_000,
    seed: int = 1,
    threads: int | None = None,
    velocity: VelocityCode = "tracer",
    dispersion_code: str = dispersion.DEFAULT,
    on_progress: Progress | None = None,
) -> EnsembleResult:
    """Send a release down a path in all members. Equal inputs give equal bits, whatever the number of threads.

    Parameters
    ----------
    threshold : kg/m3, above zero: what "arrived" means
    members : a run with few is the beginning of the same run with many
    on_progress : called with the share done, 0 to 1

    Raises
    ------
    InvalidInput
        "not_finite", "not_positive", "range", "shape_mismatch", "target_upstream", "release_too_long", "not_increasing",
        "unknown_choice".
    """
    check_release(release)
    check_fate(fate)
    check_numbers(threshold, members, targets)
    course = prepare_course(path, flow, prior=prior, release=release, velocity=velocity, dispersion_code=dispersion_code)
    report = on_progress or (lambda _share: None)
    drawn = draw_members(course, release, fate, prior=prior, members=members, seed=seed)
    places = np.array([target.distance_m for target in targets], dtype=np.float64)
    ends = choose_map_ends(path)
    distances = np.unique(np.concatenate([places, ends]))
    waves = follow(course, drawn, release, distance_m=distances, reach_sigma=prior.reach_sigma, seed=seed, threads=threads)
    stops = np.searchsorted(distances, places)
    report(1.0 / (len(targets) + 1))
    return EnsembleResult(
        course=course,
        fate=fate,
        prior=prior,
        targets=tuple(targets),
        waves=waves,
        stops=stops.astype(np.int64),
        map_stops=np.searchsorted(distances, ends).astype(np.int64),
        outcome=evaluate_targets(waves, stops, threshold=threshold, threads=threads, report=report),
        threshold=threshold,
        seed=seed,
        velocity_code=velocity,
        dispersion_code=dispersion_code,
        water_to_m=measure_reach(path, flow, release),
    )


def evaluate_targets(
    waves: Waves, stops: NDArray[np.int64], *, threshold: float, threads: int | None, report: Progress
) -> Floats:
    """The seven numbers of all members at all targets, (m, t, 7); an intake and its town are one place on the river."""
    outcome = np.empty((len(waves.members), len(stops), 7))
    for number, stop in enumerate(stops):
        same = int(np.argmax(stops == stop))
        outcome[:, number] = (
            outcome[:, same] if same < number else evaluate_limited(waves, int(stop), threshold=threshold, threads=threads)
        )
        report((number + 2.0) / (len(stops) + 1))
    return outcome


def share_dry(course: Course, distance_m: Floats) -> Floats:
    """Share of dry years above each distance, (t,)."""
    path = course.path
    place = np.clip(np.searchsorted(path.start_m, distance_m, side="left") - 1, 0, len(path) - 1)
    return np.asarray(np.maximum.accumulate(course.flow.zero_share)[place], dtype=np.float64)
