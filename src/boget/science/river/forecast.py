"""From members to what a reader is told: intervals, probabilities, the fan of curves, and the colours of the map.

All is told as if the bed carried water, since a release wets its own bed; in how many years it is dry stands beside it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import shapely
from numpy.typing import NDArray

from boget.science.errors import InvalidInput
from boget.science.river.bank_plumes import find_mixing_factor
from boget.science.river.ensemble import (
    ARRIVAL,
    ARRIVAL10,
    DEPARTURE,
    DOSE,
    DURATION,
    PEAK,
    PEAK_TIME,
    EnsembleResult,
    share_dry,
)
from boget.science.river.member_waves import Waves, take_rows
from boget.science.river.members import Floats, Integers
from boget.science.river.outcome import Fan, Quantiles, StretchForecast, TargetForecast
from boget.science.river.path import NO_RESERVOIR, RiverPath
from boget.science.river.polyline import find_position
from boget.science.river.priors import read_setting
from boget.science.river.source_limit import draw_limited, evaluate_limited
from boget.science.river.targets import Target

SHARES = (0.05, 0.5, 0.95)
NOTHING = Quantiles(None, None, None)
NO_FAN = Fan((), (), (), ())
SMALLEST = 1e-300
"""Keeps a logarithm and a division finite."""
NO_LIMITS: Mapping[str, float] = MappingProxyType({})


def find_quantiles(values: Floats, weights: Floats | None = None) -> Quantiles:
    """5, 50 and 95 % of values (k,); between two values in a straight line over the middles of their weights.

    Examples
    --------
    >>> find_quantiles(np.arange(1.0, 101.0))
    Quantiles(p05=5.5, p50=50.5, p95=95.5)
    """
    found = quantile_rows(values[:, None], weights)
    return NOTHING if found is None else Quantiles(*(float(value) for value in found[:, 0]))


def quantile_rows(values: Floats, weights: Floats | None) -> Floats | None:
    """The three quantiles of each column of values (k, c), shape (3, c); None without a value of any weight."""
    if weights is not None:
        values, weights = values[weights > 0], weights[weights > 0]
    if not len(values):
        return None
    if weights is None:
        return np.asarray(np.quantile(values, SHARES, axis=0, method="hazen"))
    order = np.argsort(values, axis=0, kind="stable")
    ordered = np.take_along_axis(values, order, axis=0)
    middle = np.cumsum(weights[order], axis=0) - 0.5 * weights[order]
    total = weights.sum()
    return np.column_stack([np.interp(np.array(SHARES) * total, m, v) for m, v in zip(middle.T, ordered.T, strict=True)])


def choose_rows(members: int, count: int, weights: Floats | None) -> Integers:
    """Members that stand for all: evenly spaced along the sum of their weights, always the same ones."""
    marks = (np.arange(min(count, members)) + 0.5) / min(count, members)
    if weights is None:
        return np.asarray(marks * members, dtype=np.int64)
    passed = np.cumsum(weights)
    return np.asarray(np.minimum(np.searchsorted(passed, marks * passed[-1]), members - 1), dtype=np.int64)


def check_weights(result: EnsembleResult, weights: Floats | None) -> None:
    """InvalidInput "shape_mismatch", "not_finite" or "range"."""
    if weights is None:
        return
    if weights.shape != (result.members,):
        raise InvalidInput("shape_mismatch", where="weights", value=weights.shape, allowed=f"{result.members} members")
    if not np.isfinite(weights).all():
        raise InvalidInput("not_finite", where="weights")
    if (weights < 0).any() or not weights.sum() > 0:
        raise InvalidInput("range", where="weights", value=float(weights.min()), allowed="0 or more, not all 0")


def summarise(
    result: EnsembleResult,
    weights: Floats | None = None,
    *,
    limits: Mapping[str, float] = NO_LIMITS,
    threads: int | None = None,
) -> tuple[TargetForecast, ...]:
    """The forecast for each target, in the order of the result.

    Parameters
    ----------
    weights : (m,) of `assimilation.weigh`; None = all alike
    limits : concentrations in kg/m3 by code, for `exceedance`
    """
    check_weights(result, weights)
    rows = choose_rows(result.members, int(read_setting("shown.fan_members")), weights)
    shown = take_rows(result.waves, rows)
    told = [_summarise_target(result, number, weights=weights, limits=limits) for number in range(len(result.targets))]
    same = [int(np.argmax(result.stops == stop)) for stop in result.stops]  # the first target at the same place
    fans = {
        number: _make_fan(result, number, rows, shown=shown, told=told[number], threads=threads) for number in sorted(set(same))
    }
    return tuple(replace(one, fan=fans[first]) for one, first in zip(told, same, strict=True))


def _summarise_target(
    result: EnsembleResult, number: int, *, weights: Floats | None, limits: Mapping[str, float]
) -> TargetForecast:
    target, numbers = result.targets[number], result.outcome[:, number]

    def among(column: int) -> Quantiles:
        reached = (numbers[:, column] >= 0) & (numbers[:, PEAK] > 0)
        return find_quantiles(numbers[reached, column], None if weights is None else weights[reached])

    return TargetForecast(
        target=target,
        probability=_share(numbers[:, ARRIVAL] >= 0, weights),
        arrival_s=among(ARRIVAL),
        arrival10_s=among(ARRIVAL10),
        peak=among(PEAK),
        peak_time_s=among(PEAK_TIME),
        departure_s=among(DEPARTURE),
        duration_s=among(DURATION),
        dose=among(DOSE),
        exceedance={code: _share(numbers[:, PEAK] > limit, weights) for code, limit in limits.items()},
        fan=NO_FAN,
        flags=list_flags(result, target, last_s=among(DEPARTURE).p95 or among(PEAK_TIME).p95),
        factor_before_mixing=find_mixing_factor(result.course, target.distance_m),
        dry_share=float(share_dry(result.course, np.array([target.distance_m]))[0]),
    )


def _share(chosen: NDArray[np.bool_], weights: Floats | None) -> float:
    return float(chosen.mean()) if weights is None else float(weights[chosen].sum() / weights.sum())


# ---- flags


def list_flags(result: EnsembleResult, target: Target, *, last_s: float | None) -> tuple[str, ...]:
    """Codes of `TargetForecast.flags` that hold at a target; `last_s`: when the late members have passed."""
    course = result.course
    stop = int(np.searchsorted(result.waves.distance_m, target.distance_m))
    stretch = max(int(np.searchsorted(course.path.start_m, target.distance_m, side="left")) - 1, 0)
    dry = float(share_dry(course, np.array([target.distance_m]))[0])
    marks = {
        "not_mixed": find_mixing_factor(result.course, target.distance_m) > 1.0,
        "ice": bool(course.flow.has_ice[stretch]),
        "behind_reservoir": bool((result.waves.passed[stop] > 0).any()),
        "dry_possible": dry >= read_setting("limits.dry_share"),
        "beyond_record": last_s is not None and last_s > read_setting("limits.horizon_s"),
        "low_confidence_flow": course.flow.confidence[stretch] == "low",
    }
    return tuple(code for code, holds in marks.items() if holds)


# ---- fan


def _make_fan(
    result: EnsembleResult, number: int, rows: Integers, *, shown: Waves, told: TargetForecast, threads: int | None
) -> Fan:
    """Quantiles of the curves of the members `rows` at one target, and one of them; an empty fan where nothing comes."""
    numbers = result.outcome[rows, number]
    comes = numbers[:, PEAK] > 0
    if not comes.any():
        return NO_FAN
    typical = choose_typical(numbers[comes], told)
    times = choose_times(numbers[comes], numbers[comes][typical])
    chosen = take_rows(shown, np.flatnonzero(comes).astype(np.int64))
    drawn = draw_limited(chosen, int(result.stops[number]), times, threads=threads)
    low, middle, high = np.quantile(drawn, SHARES, axis=0, method="hazen")
    return Fan(*(tuple(round_digits(float(value)) for value in row) for row in (times, low, middle, high, drawn[typical])))


def choose_typical(numbers: Floats, told: TargetForecast) -> int:
    """Row of numbers (k, 7) nearest to the medians of peak and time of peak, both in logarithms and over their own spread.

    The medians are those that are told, with the weights in them; the rows are a sample that has the weights in it too. Of
    rows equally near it is the first, so the same run gives the same one.
    """
    away = np.zeros(len(numbers))
    for column, quantiles in ((PEAK, told.peak), (PEAK_TIME, told.peak_time_s)):
        values = np.log(np.maximum(numbers[:, column], SMALLEST))
        low, middle, high = (math.log(max(value or 0.0, SMALLEST)) for value in (quantiles.p05, quantiles.p50, quantiles.p95))
        away += ((values - middle) / max(high - low, SMALLEST)) ** 2
    return int(np.argmin(away))


def round_digits(value: float) -> float:
    """Six digits: a chart shows no more, and a stored outcome is half as long."""
    return float(f"{value:.6g}")


def choose_times(numbers: Floats, typical: Floats) -> Floats:
    """Times of a fan, s: from before the first arrivals until three half-widths after the late peaks.

    A third of them follow the wave of the typical member (7,), which is narrower than the fan; one is that of its peak.
    """
    count = int(read_setting("shown.fan_times"))
    rise = numbers[:, PEAK_TIME] - numbers[:, ARRIVAL10]
    start = float(np.quantile(numbers[:, ARRIVAL10], 0.02)) * 0.9
    end = float(np.quantile(numbers[:, PEAK_TIME] + 3.0 * rise, 0.95))
    even = np.linspace(start, max(end, start + 1.0), count - count // 3)
    wide = max(float(typical[PEAK_TIME] - typical[ARRIVAL10]), 1.0)
    own = typical[PEAK_TIME] + wide * np.linspace(-1.5, 3.0, count // 3)
    return np.unique(np.concatenate([even, np.maximum(own, 0.0)]))


# ---- map


def map_stretches(
    result: EnsembleResult, weights: Floats | None = None, *, threads: int | None = None
) -> tuple[StretchForecast, ...]:
    """Arrival at a tenth of the peak at the end of each piece of the map, from a sample of the members."""
    check_weights(result, weights)
    rows = choose_rows(result.members, int(read_setting("shown.map_members")), weights)
    shown = take_rows(result.waves, rows)
    path = result.course.path
    pieces, before = [], 0.0
    for stop in result.map_stops:
        end = float(result.waves.distance_m[stop])
        numbers = evaluate_limited(shown, int(stop), threshold=result.threshold, threads=threads)
        comes = numbers[:, PEAK] > 0
        arrival, line = find_quantiles(numbers[comes, ARRIVAL10]), cut_line(path, before, end)
        pieces.append(StretchForecast(before, end, arrival, line, name_reservoir(path, 0.5 * (before + end))))
        before = end
    return tuple(pieces)


def name_reservoir(path: RiverPath, distance_m: float) -> str:
    """Code of the reservoir that lies at a distance; "" where the river flows."""
    number = int(path.reservoir_index[path.find_stretch(distance_m)])
    return "" if number == NO_RESERVOIR else path.reservoirs[number].code


def cut_line(path: RiverPath, from_m: float, to_m: float) -> tuple[tuple[float, float], ...]:
    """The line of a path between two distances, simplified, as (lon, lat)."""
    inside = path.vertices[(path.vertex_m > from_m) & (path.vertex_m < to_m)]
    ends = [find_position(path.vertices, path.vertex_m, distance) for distance in (from_m, to_m)]
    line = np.vstack([ends[0], inside, ends[1]])
    kept = shapely.simplify(shapely.linestrings(line), read_setting("shown.map_tolerance_deg"), preserve_topology=False)
    points = shapely.get_coordinates(kept)
    points = points if len(points) else line[[0, -1]]
    return tuple((round(float(lon), 5), round(float(lat), 5)) for lon, lat in points)
