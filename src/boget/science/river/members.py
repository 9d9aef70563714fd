"""The members of a forecast: what each takes for velocity, discharge, dispersion, storage, mass and loss.

Every kind of quantity has its own stream of random numbers, filled row by row: a run with fewer members is the beginning of a
run with more, and a quantity added later changes no other. The first members are therefore a fair sample of all.

Along a path the stretches are taken in groups of one length. ln Q of the groups is a chain in which neighbours are correlated;
the error of the velocity formula has one part for the whole path and one for each group, and the velocity follows the
discharge by the exponent of its formula. Depth and dispersion follow the discharge with their mean exponents.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from boget.science.river.fate import Fate
from boget.science.river.flow_state import FlowState
from boget.science.river.hydraulics import Hydraulics
from boget.science.river.path import NO_RESERVOIR, RiverPath
from boget.science.river.priors import STRUCTURES, Prior, read_setting
from boget.science.river.release import Release

Floats = NDArray[np.float64]
Shape = int | tuple[int, ...]
Integers = NDArray[np.int64]
FICK, DEAD_ZONE, JOBSON = range(len(STRUCTURES))
STREAMS = (
    "discharge", "velocity_path", "velocity_group", "dispersion", "dead_zone", "exchange", "structure", "tanks", "active",
    "volume", "mass", "decay", "kd", "settling",
)  # fmt: skip
"""Order of the streams of random numbers; new ones go to the end."""
LITRES_PER_M3 = 1000.0


class Stream(Protocol):
    """Random numbers of one quantity."""

    def random(self, shape: Shape) -> Floats:
        """Even between 0 and 1."""
        ...

    def standard_normal(self, shape: Shape) -> Floats:
        """Normal with mean 0 and standard deviation 1."""
        ...


class _Still:
    """A stream that always gives the middle."""

    def random(self, shape: Shape) -> Floats:
        return np.full(shape, 0.5)

    def standard_normal(self, shape: Shape) -> Floats:
        return np.zeros(shape)


@dataclass(frozen=True, slots=True)
class Course:
    """What the members share: a path at its discharge, in groups of stretches.

    group : (n,) index of the group of each stretch; is_flowing : (n,) false in a reservoir
    velocity_sigma, flow_sigma, flow_exponent : (g,) means over the stretches of each group: spread of the formula, of ln Q,
        and d ln U / d ln Q
    depth_exponent, dispersion_exponent : d ln H / d ln Q and d ln K / d ln Q of the whole path
    """

    path: RiverPath
    flow: FlowState
    hydraulics: Hydraulics
    group: Integers
    is_flowing: NDArray[np.bool_]
    velocity_sigma: Floats
    flow_sigma: Floats
    flow_exponent: Floats
    depth_exponent: float
    dispersion_exponent: float


@dataclass(frozen=True, slots=True)
class Members:
    """Draws of m members, g groups, r reservoirs.

    flow_z : (m, g) standard normal of ln Q; velocity : (m, g) factor of the velocity, discharge included
    dispersion, mass : (m,) factors
    structure : (m,) index in `STRUCTURES`; dead_zone : (m, 2) dead over flowing area and time of exchange in s, 0 without
    decay : (m,) loss of the dissolved part, 1/s; settling : (m,) settling velocity times the part on particles, m/s
    sorbed : (m,) part on particles
    tanks : (m, r, 2) residence of each whole reservoir in s, and number of tanks
    """

    flow_z: Floats
    velocity: Floats
    dispersion: Floats
    mass: Floats
    structure: Integers
    dead_zone: Floats
    decay: Floats
    settling: Floats
    sorbed: Floats
    tanks: Floats

    def __len__(self) -> int:
        return len(self.mass)

    def take(self, rows: Integers) -> Members:
        """Some of the members, in the order of `rows`."""
        return Members(*(np.ascontiguousarray(getattr(self, name)[rows]) for name in self.__slots__))


def group_means(group: Integers, weights: Floats, values: Floats) -> Floats:
    """Weighted mean of the values of each group."""
    return np.asarray(np.bincount(group, weights * values) / np.bincount(group, weights), dtype=np.float64)


def lay_course(
    path: RiverPath, flow: FlowState, hydraulics: Hydraulics, *, exponents: tuple[float, float], group_m: float
) -> Course:
    """Cut a path into groups. `exponents` : d ln H / d ln Q and d ln K / d ln Q."""
    middle = path.start_m + path.length_m / 2
    _, group = np.unique((middle // group_m).astype(np.int64), return_inverse=True)
    return Course(
        path=path,
        flow=flow,
        hydraulics=hydraulics,
        group=group.astype(np.int64),
        is_flowing=path.reservoir_index == NO_RESERVOIR,
        velocity_sigma=group_means(group, path.length_m, hydraulics.sigma_ln),
        flow_sigma=group_means(group, path.length_m, flow.sigma_ln),
        flow_exponent=group_means(group, path.length_m, hydraulics.exponent),
        depth_exponent=exponents[0],
        dispersion_exponent=exponents[1],
    )


def open_streams(seed: int) -> dict[str, Stream]:
    """A generator for each kind of quantity."""
    seeds = np.random.SeedSequence(seed).spawn(len(STREAMS))
    return {name: cast(Stream, np.random.default_rng(each)) for name, each in zip(STREAMS, seeds, strict=True)}


def chain_normals(normals: Floats, correlation: float) -> Floats:
    """Standard normals (m, g) in which each column has the correlation with the one before (autoregression of order one)."""
    chained = normals.copy()
    fresh = math.sqrt(1.0 - correlation * correlation)
    for column in range(1, normals.shape[1]):
        chained[:, column] = correlation * chained[:, column - 1] + fresh * normals[:, column]
    return chained


def spread_evenly(stream: Stream, shape: Shape, ends: tuple[float, float], *, is_log: bool) -> Floats:
    """Values evenly between two ends, or evenly in the logarithm."""
    share = stream.random(shape)
    if not is_log:
        return ends[0] + (ends[1] - ends[0]) * share
    return np.asarray(np.exp(math.log(ends[0]) + math.log(ends[1] / ends[0]) * share))


def draw_velocity(course: Course, prior: Prior, streams: dict[str, Stream], *, flow_z: Floats) -> Floats:
    """Factors (m, g) of the median velocity: error of the formula, and the discharge by its exponent."""
    members, groups = flow_z.shape
    shared = streams["velocity_path"].standard_normal((members, 1))
    own = streams["velocity_group"].standard_normal((members, groups))
    mixed = math.sqrt(prior.velocity_correlation) * shared + math.sqrt(1.0 - prior.velocity_correlation) * own
    sigma = np.maximum(course.velocity_sigma, math.log(prior.velocity_gsd))
    return np.asarray(np.exp(sigma * mixed + course.flow_exponent * course.flow_sigma * flow_z))


def draw_structure(prior: Prior, streams: dict[str, Stream], members: int) -> tuple[Integers, Floats]:
    """Picture of the wave of each member (m,), and its dead zone (m, 2), zeros where it has none."""
    ends = np.cumsum(prior.structure)[:-1]
    structure = np.searchsorted(ends, streams["structure"].random(members), side="right").astype(np.int64)
    share = spread_evenly(streams["dead_zone"], members, prior.dead_zone_share, is_log=True)
    stay = spread_evenly(streams["exchange"], members, prior.exchange_s, is_log=True)
    return structure, np.where((structure == DEAD_ZONE)[:, None], np.column_stack([share, stay]), 0.0)


def draw_tanks(course: Course, prior: Prior, streams: dict[str, Stream], *, flow_z: Floats) -> Floats:
    """Residence and number of tanks (m, r, 2): active volume over the discharge at the dam.

    A path that enters a reservoir below its head takes the part of the volume that lies below, by length.
    """
    path = course.path
    shape = (len(flow_z), len(path.reservoirs))
    active = spread_evenly(streams["active"], shape, prior.active, is_log=False)
    error = streams["volume"].standard_normal(shape)
    tanks = np.stack([active, spread_evenly(streams["tanks"], shape, prior.tanks, is_log=True)], axis=2)
    for number, reservoir in enumerate(path.reservoirs):
        inside = np.flatnonzero(path.reservoir_index == number)
        if not inside.size:
            tanks[:, number] = (0.0, 1.0)
            continue
        dam, length = int(inside[-1]), float(path.length_m[inside].sum())
        part = min(1.0, length / reservoir.length_m) if reservoir.length_m else 1.0
        volume = part * reservoir.volume_m3 * np.exp(math.log(prior.volume_gsd[reservoir.confidence]) * error[:, number])
        flow = course.flow.discharge_m3s[dam] * np.exp(course.flow.sigma_ln[dam] * flow_z[:, course.group[dam]])
        tanks[:, number, 0] *= volume / flow
    return tanks


def find_sorbed(fate: Fate, particulate_share: float | None, log10_kd: Floats) -> Floats:
    """Part on particles: by Kd and the suspended matter of the river; what is released on particles stays on them.

    The two classes are not followed apart: exchange with the suspended matter of the river takes hours, a forecast days.
    """
    ratio = 10.0**log10_kd * fate.suspended_kg_m3 / LITRES_PER_M3
    by_water = ratio / (1.0 + ratio) if fate.log10_kd is not None else np.zeros(len(log10_kd))
    held = particulate_share or 0.0
    return np.asarray(held + (1.0 - held) * by_water, dtype=np.float64)


def draw_members(course: Course, release: Release, fate: Fate, *, prior: Prior, members: int, seed: int) -> Members:
    """All draws. The same seed gives the same members, and the first of them whatever their number."""
    streams = open_streams(seed)

    def factors(name: str, gsd: float) -> Floats:
        return np.asarray(np.exp(math.log(gsd) * streams[name].standard_normal(members)), dtype=np.float64)

    flow_z = chain_normals(streams["discharge"].standard_normal((members, len(course.flow_sigma))), prior.discharge_correlation)
    richer = np.exp((flow_z * course.flow_sigma).mean(axis=1))
    structure, dead_zone = draw_structure(prior, streams, members)
    log10_kd = (fate.log10_kd or 0.0) + fate.log10_kd_sigma * streams["kd"].standard_normal(members)
    sorbed = find_sorbed(fate, release.particulate_share, log10_kd)
    settling = fate.settling_m_s * factors("settling", fate.settling_gsd) * sorbed
    return Members(
        flow_z=flow_z,
        velocity=draw_velocity(course, prior, streams, flow_z=flow_z),
        dispersion=factors("dispersion", prior.dispersion_gsd) * richer**course.dispersion_exponent,
        mass=factors("mass", release.mass_gsd),
        structure=structure,
        dead_zone=dead_zone,
        decay=fate.decay_per_s * factors("decay", fate.decay_gsd) * (1.0 - sorbed),
        settling=settling * richer**-course.depth_exponent,
        sorbed=sorbed,
        tanks=draw_tanks(course, prior, streams, flow_z=flow_z),
    )


def choose_median(course: Course, release: Release, fate: Fate, *, prior: Prior) -> Members:
    """One member with the middle of every draw and plain dispersion, for the check of the engines."""
    still: dict[str, Stream] = {name: _Still() for name in STREAMS}
    groups = len(course.flow_sigma)
    flow_z = np.zeros((1, groups))
    sorbed = find_sorbed(fate, release.particulate_share, np.array([fate.log10_kd or 0.0]))
    one = np.ones(1)
    return Members(
        flow_z=flow_z,
        velocity=np.ones((1, groups)),
        dispersion=one,
        mass=one,
        structure=np.full(1, FICK, dtype=np.int64),
        dead_zone=np.zeros((1, 2)),
        decay=fate.decay_per_s * (1.0 - sorbed),
        settling=fate.settling_m_s * sorbed,
        sorbed=sorbed,
        tanks=draw_tanks(course, prior, still, flow_z=flow_z),
    )


def loss_in_reservoirs(members: Members) -> Floats:
    """First-order loss in a reservoir, 1/s, (m,): decay, and settling over the depth of the table."""
    return np.asarray(members.decay + members.settling / read_setting("reservoir.depth_m"), dtype=np.float64)
