"""The discharge along a path in a season: mean annual flow, the regime of each stretch, and what is known today."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from boget.science.errors import InvalidInput
from boget.science.river.anchors import find_anchors
from boget.science.river.coefficients import load_coefficients
from boget.science.river.flow_state import FlowState
from boget.science.river.hydrology_records import Hydrology, Regime
from boget.science.river.mean_flow import MeanFlow, describe_stretches, estimate_mean, find_worse, find_zones
from boget.science.river.path import RiverPath
from boget.science.river.regime import check_season, find_regime, find_season
from boget.science.river.width import check_positive

Floats = NDArray[np.float64]
Announced = Sequence[tuple[float, float, float]]
"""Distance from the release (m), discharge known today (m3/s), spread of its logarithm."""


def find_regimes(path: RiverPath, hydrology: Hydrology, zones: Sequence[str]) -> tuple[Regime, ...]:
    """Regime of each stretch."""
    return tuple(find_regime(hydrology, where) for where in describe_stretches(path, zones))


def turn_to_season(mean: MeanFlow, regimes: Sequence[Regime], season: str) -> FlowState:
    """A season of the mean flow; each regime is asked once."""
    asked = {regime.code: regime for regime in regimes}
    answers = {code: find_season(regime, season) for code, regime in asked.items()}
    found = [answers[regime.code] for regime in regimes]
    floor = load_coefficients("discharge").number("floor.discharge_m3s")
    is_mean = season == "mean"
    told = [] if is_mean else [f"{regime.name}: {regime.source}" for regime in asked.values()]
    return FlowState(
        discharge_m3s=np.maximum(mean.discharge * np.array([each.ratio for each in found]), floor),
        sigma_ln=np.hypot(mean.sigma_ln, np.array([each.sigma_ln for each in found])),
        zero_share=np.array([each.zero_share for each in found]),
        has_ice=np.array([each.has_ice for each in found], dtype=np.bool_),
        basis=tuple(mean.basis),
        confidence=tuple(
            held if is_mean else find_worse(held, regime.confidence)
            for held, regime in zip(mean.confidence, regimes, strict=True)
        ),
        season=season,
        sources=(*mean.sources, *told),
        mean_m3s=np.maximum(mean.discharge, floor),
    )


def check_announced(path: RiverPath, announced: Announced) -> list[tuple[float, float, float]]:
    """Announced flows in the order of the river; InvalidInput "not_positive", "not_finite", "range" or "repeated"."""
    for distance, discharge, sigma in announced:
        check_positive("announced discharge", discharge)
        if not 0 <= distance <= path.total_m:
            allowed = f"0 to {path.total_m:.0f} m"
            raise InvalidInput("range", where="place of the announced discharge", value=distance, allowed=allowed)
        if not 0 <= sigma <= 3:
            raise InvalidInput("range", where="spread of the announced discharge", value=sigma, allowed="0 to 3")
    ordered = sorted(announced)
    for above, below in pairwise(ordered):
        if above[0] == below[0]:
            raise InvalidInput("repeated", where="announced discharge", value=above[0], hint="Give one value per place.")
    return ordered


def apply_announced(path: RiverPath, flow: FlowState, announced: Announced) -> FlowState:
    """Scale a path by what is known today.

    The logarithm of announced over estimated discharge goes evenly between two places and stays beyond the outermost. The
    spread is that of the announcement at its place and grows with the distance back to that of the season.
    """
    given = check_announced(path, announced)
    if not given:
        return flow
    table = load_coefficients("discharge")
    middle = path.start_m + path.length_m / 2
    places = np.array([distance for distance, _, _ in given])
    stretches = [path.find_stretch(float(distance)) for distance in places]
    ratios = np.array([np.log(value / flow.discharge_m3s[at]) for (_, value, _), at in zip(given, stretches, strict=True)])
    away = np.min(np.abs(middle[:, None] - places[None, :]), axis=1)
    away[stretches] = 0.0  # a place on a stretch holds for all of it
    near = np.interp(middle, places, np.array([sigma for _, _, sigma in given]))
    share = np.minimum(away / table.number("announced.reach_m"), 1.0)
    grown = np.hypot(near, table.number("sigma.announced_away") * share)
    is_held = away < table.number("announced.reach_m")
    sigma = np.where(is_held, np.minimum(grown, np.maximum(flow.sigma_ln, near)), flow.sigma_ln)
    return FlowState(
        discharge_m3s=flow.discharge_m3s * np.exp(np.interp(middle, places, ratios)),
        sigma_ln=sigma,
        zero_share=np.where(is_held, 0.0, flow.zero_share),
        has_ice=flow.has_ice,
        basis=tuple("announced" if held else basis for held, basis in zip(is_held, flow.basis, strict=True)),
        confidence=tuple("high" if held else each for held, each in zip(is_held, flow.confidence, strict=True)),
        season=flow.season,
        sources=flow.sources,
        mean_m3s=flow.mean_m3s,
    )


def estimate_flow(
    path: RiverPath,
    hydrology: Hydrology,
    *,
    season: str,
    announced: Announced = (),
    left_out: frozenset[str] = frozenset(),
) -> FlowState:
    """Discharge of every stretch of a path.

    Parameters
    ----------
    season : mean (annual mean, the legal reading), high (exceeded in a tenth of the flowing time, at least the median of
        the wettest month), low (the lowest month), or a month "01" to "12" of an unknown year
    announced : (distance from the release in m, m3/s, sigma_ln) known today; scales the path
    left_out : codes of posts, dams and crossings that take no part, for checks

    Returns
    -------
    FlowState
        Discharge always above zero; a bed that may be dry has a `zero_share`.

    Raises
    ------
    InvalidInput
        "unknown_choice" for the season; "range", "not_positive", "not_finite", "repeated" for an announced discharge.
    """
    check_season(season)
    zones = find_zones(path, hydrology)
    anchors = find_anchors(path, hydrology, left_out=left_out)
    mean = estimate_mean(path, hydrology, anchors, zones=zones, left_out=left_out)
    flow = turn_to_season(mean, find_regimes(path, hydrology, zones), season)
    return apply_announced(path, flow, announced)
