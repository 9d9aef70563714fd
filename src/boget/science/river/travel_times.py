"""Travel times along many paths for many members: water between the stops, reservoirs as chains of mixed tanks.

The time through a stretch is its length over the velocity at the median discharge, times a log-normal factor for what is not
known of velocity and discharge. A reservoir keeps the water for its volume over the discharge through it. The members draw
the same numbers for every path and every season, so that a difference between two of them is never one of chance, and more
water is never later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import lambertw

from boget.science.errors import InvalidInput
from boget.science.river.screening_kernels import pass_to_ends, pass_to_stops, sum_members
from boget.science.river.screening_rules import read_rule
from boget.science.river.spread import Spread

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GROUPS = 24
"""Groups of stretches with one draw each; what lies farther shares the last."""


@dataclass(frozen=True, slots=True)
class Course:
    """A path in one season as times; arrays over its n stretches, in the order of the flow.

    length_m, river_s : length and median time through the stretch, s; the time is 0 inside a reservoir
    spread : standard deviation of the logarithm of that time
    pool_s : residence in the reservoir part of the stretch, s
    stops_m : distances of the stops from the beginning, ascending, m
    """

    length_m: Floats
    river_s: Floats
    spread: Floats
    pool_s: Floats
    stops_m: Floats

    def __post_init__(self) -> None:
        shape = self.length_m.shape
        if any(array.shape != shape for array in (self.river_s, self.spread, self.pool_s)):
            raise InvalidInput("shape_mismatch", where="course", value=shape, allowed="arrays of one length")
        for name in ("length_m", "river_s", "spread", "pool_s", "stops_m"):
            array = getattr(self, name)
            if not (np.isfinite(array).all() and (array >= 0).all()):
                raise InvalidInput("range", where=f"course {name}", value=str(array[:3]), allowed="finite, 0 or more")
        if (np.diff(self.stops_m) < 0).any():
            raise InvalidInput("range", where="course stops_m", value=str(self.stops_m[:3]), allowed="ascending distances")


@dataclass(frozen=True, slots=True)
class Draws:
    """What the members drew: `river` (g, m) standard normal, `pool` (g, m) factors; `edge` (2, m) the parts of the time in the
    river and of a residence after which the edge of the wave is through."""

    river: Floats
    pool: Floats
    edge: Floats

    @property
    def members(self) -> int:
        return int(self.river.shape[1])


@dataclass(frozen=True, slots=True)
class StopTimes:
    """Times of every member at every stop of all courses, shape (s, m), s: `mean` of the wave and its leading `edge`.

    first : place of the first stop of each course
    """

    mean: Floats
    edge: Floats
    first: tuple[int, ...]


def pass_to_outlet(next_index: Ints, own_s: Floats) -> Floats:
    """Time from the upper end of every reach to the end of its river, (n,), s, in one pass over the network.

    next_index : (n,) place of the next reach, greater than its own, or below zero; own_s : (n,) time through the reach, s.
    InvalidInput "range" or "shape_mismatch".
    """
    check_network(next_index, own_s)
    return np.asarray(pass_to_ends(as_places(next_index), as_times(own_s)))


def pass_to_stop(next_index: Ints, own_s: Floats, stop_s: Floats) -> Floats:
    """Time from the upper end of every reach to the next stop downstream, (n,), s; -1 where there is none.

    stop_s : (n,) time from the upper end of a reach to a stop in it, s, below zero where it holds none; the rest as above.
    """
    check_network(next_index, own_s)
    if len(stop_s) != len(own_s):
        raise InvalidInput("shape_mismatch", where="network", value=len(stop_s), allowed="arrays of one length")
    return np.asarray(pass_to_stops(as_places(next_index), as_times(own_s), as_times(stop_s)))


def check_network(next_index: Ints, own_s: Floats) -> None:
    if len(next_index) != len(own_s):
        raise InvalidInput("shape_mismatch", where="network", value=len(own_s), allowed="arrays of one length")
    if len(own_s) and not (own_s.min() >= 0 and own_s.max() < np.inf):  # a NaN is refused too
        raise InvalidInput("range", where="own_s", value="a time below zero or not finite", allowed="finite, 0 or more")


def as_places(values: Ints) -> Ints:
    return np.ascontiguousarray(values, dtype=np.int64)


def as_times(values: Floats) -> Floats:
    return np.ascontiguousarray(values, dtype=np.float64)


def draw_members(spread: Spread, *, members: int, seed: int) -> Draws:
    """The random numbers of a screening; the same for the same seed, whatever is screened."""
    stream = np.random.Generator(np.random.Philox(seed))
    shared = stream.standard_normal(members)
    own = stream.standard_normal((GROUPS, members))
    river = np.sqrt(spread.correlation) * shared + np.sqrt(1.0 - spread.correlation) * own
    active = spread.active[0] + (spread.active[1] - spread.active[0]) * stream.random(members)
    fewest, most = np.log(spread.tanks)
    tanks = np.exp(fewest + (most - fewest) * stream.random(members))
    edge = np.stack([np.full(members, read_rule("edge.time")), lead_of_tanks(tanks)])
    return Draws(river, np.ascontiguousarray(np.broadcast_to(active, river.shape)), edge)


def lead_of_tanks(tanks: Floats) -> Floats:
    """Part of the residence after which a pulse through mixed tanks in series reaches a tenth of its peak, (m,).

    The outflow of N tanks is t^(N-1) exp(-N t) with t in residences; its peak is at (N-1)/N, and the tenth before it solves
    x exp(1-x) = 0.1^(1/(N-1)) with x = t over the time of the peak. One wholly mixed tank answers at once.

    Examples
    --------
    >>> lead_of_tanks(np.array([1.0, 10.0])).round(3).tolist()
    [0.0, 0.4]
    """
    steps = np.maximum(tanks - 1.0, 1e-9)
    level = read_rule("edge.peak") ** (1.0 / steps)
    found = -np.real(lambertw(-level / np.e, 0)) * steps / tanks
    return np.asarray(np.clip(found, 0.0, 1.0), dtype=np.float64)


def cut_course(course: Course, group_m: float) -> tuple[Floats, Ints]:
    """Pieces of a course between the edges of the groups and the stops, as `sum_members` takes them; stops count from 0."""
    ends = np.concatenate([[0.0], np.cumsum(course.length_m)])
    total = ends[-1]
    stops = np.minimum(course.stops_m, total)
    edges = np.arange(1, GROUPS) * group_m
    marks = np.concatenate([edges[edges < total], stops])
    order = np.argsort(marks, kind="stable")
    marks = marks[order]
    stop_of = np.where(order >= len(marks) - len(stops), order - (len(marks) - len(stops)), -1)
    sums = [
        np.interp(marks, ends, np.concatenate([[0.0], np.cumsum(values)]))
        for values in (course.river_s, course.river_s * course.spread, course.pool_s)
    ]
    river, weighted, pool = (np.diff(column, prepend=0.0) for column in sums)
    starts = np.concatenate([[0.0], marks[:-1]])
    groups = np.minimum((starts / group_m).astype(np.int64), GROUPS - 1)
    spread = np.divide(weighted, river, out=np.zeros_like(river), where=river > 0)
    first = (np.arange(len(marks)) == 0).astype(np.int64)
    last = np.flatnonzero(stop_of >= 0)[-1] + 1
    pieces = np.column_stack([river, spread, pool])[:last]
    return pieces, np.column_stack([groups, stop_of, first])[:last].astype(np.int64)


def time_members(courses: Sequence[Course], draws: Draws, group_m: float) -> StopTimes:
    """Times of all members at all stops of all courses; every course has one stop at least.

    InvalidInput "empty" for a course without a stop or without a stretch.
    """
    pieces, places, first, count = [], [], [], 0
    for course in courses:
        if not (len(course.stops_m) and len(course.length_m)):
            raise InvalidInput("empty", where="course", value=len(course.stops_m), allowed="one stop and one stretch")
        found, marks = cut_course(course, group_m)
        marks[:, 1] += np.where(marks[:, 1] >= 0, count, 0)
        pieces.append(found)
        places.append(marks)
        first.append(count)
        count += len(course.stops_m)
    out = np.empty((count, 2, draws.members))
    if count:
        whole = np.ascontiguousarray(np.concatenate(pieces)), np.ascontiguousarray(np.concatenate(places))
        sum_members(whole, (draws.river, draws.pool, draws.edge), out)
    return StopTimes(out[:, 0], out[:, 1], tuple(first))
