"""The year of a river: which regime a stretch has, and what a season makes of its mean annual discharge.

Seasons: "mean" is the mean annual discharge, as the criterion of the convention reads it. "01" to "12" is the median of the
month in an unknown year. "low" is the month with the smallest median. "high" is the discharge exceeded in a tenth of the
time in which the river flows (the 90 % quantile of the twelve log-normal months together, dry time left out), and at least
the median of the wettest month: the protective reading is never below an ordinary flood month.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

from scipy.optimize import brentq
from scipy.special import ndtr

from boget.science.errors import InvalidInput
from boget.science.river.coefficients import load_coefficients
from boget.science.river.hydrology_records import MONTHS, Hydrology, Regime, RiverRule
from boget.science.river.river_names import list_names

SEASONS = ("mean", "high", "low", *MONTHS)


@dataclass(frozen=True, slots=True)
class SeasonFlow:
    """A season over the mean of the year: median `ratio` above zero, `sigma_ln`, share of years without flow, ice."""

    ratio: float
    sigma_ln: float
    zero_share: float
    has_ice: bool


@dataclass(frozen=True, slots=True)
class Where:
    """What a rule asks of a stretch: folded names of its river, country, zone of runoff (may be empty), catchment in km2, and
    the point of its middle in degrees."""

    names: frozenset[str]
    country: str
    zone: str
    upland_km2: float
    point: tuple[float, float]


def is_inside(box: tuple[float, float, float, float], point: tuple[float, float]) -> bool:
    """A point in degrees lies in a box of west, east, south and north."""
    west, east, south, north = box
    return west <= point[0] <= east and south <= point[1] <= north


@cache
def list_rule_names(river: str) -> frozenset[str]:
    """Folded names of the river of a rule."""
    return list_names(river)


def fits(rule: RiverRule, where: Where, *, with_zone: bool = True) -> bool:
    """The rule is for this stretch; a named rule asks for a named river."""
    low, high = rule.low_km2 or 0.0, rule.high_km2 or math.inf
    if not low <= where.upland_km2 <= high or (rule.country and rule.country != where.country):
        return False
    if rule.box is not None and not is_inside(rule.box, where.point):
        return False
    if with_zone and rule.zone and rule.zone != where.zone:
        return False
    return not rule.river or bool(list_rule_names(rule.river) & where.names)


def find_assigned_zone(hydrology: Hydrology, where: Where) -> str:
    """Zone that a rule gives the stretch; empty if none does."""
    given = (rule.assign_zone for rule in hydrology.rules if rule.assign_zone and fits(rule, where, with_zone=False))
    return next(given, "")


def find_regime(hydrology: Hydrology, where: Where) -> Regime:
    """Regime of a stretch by the first rule that fits; InvalidInput("regime_missing") where no rule does."""
    for rule in hydrology.rules:
        if rule.regime and fits(rule, where):
            return hydrology.regimes[rule.regime]
    hint = "End the table of rules with a rule that fits every river."
    raise InvalidInput("regime_missing", where="rules of rivers", value=", ".join(sorted(where.names)), hint=hint)


def find_sigma(regime: Regime, month: int) -> float:
    """Spread of a month (0 to 11) between years; the default of the kind of river where it was not measured."""
    known, table = regime.sigma_ln[month], load_coefficients("discharge")
    if known is not None:
        return max(known, table.number("season.least_sigma_ln"))
    is_steppe = sum(sorted(regime.ratio)[-2:]) / len(MONTHS) >= table.number("season.steppe_share")
    return table.number(f"season.{'steppe' if is_steppe else 'base'}_sigma_ln")


def find_month(regime: Regime, month: int) -> SeasonFlow:
    """A month (0 to 11) of an unknown year in which it flows.

    The ratio of the table is a mean of all years, dry ones too: that of the flowing years is greater, and its log-normal
    median smaller.
    """
    sigma = find_sigma(regime, month)
    floor = load_coefficients("discharge").number("floor.ratio")
    is_dry = regime.ratio[month] <= 0 or regime.zero_share[month] >= 1
    flowing = 0.0 if is_dry else regime.ratio[month] / (1 - regime.zero_share[month])
    median = max(flowing * math.exp(-(sigma**2) / 2), floor)
    return SeasonFlow(median, sigma, 1.0 if is_dry else regime.zero_share[month], regime.has_ice[month])


def find_low(regime: Regime) -> SeasonFlow:
    """The month with the smallest median; of equal ones the driest."""
    return min((find_month(regime, month) for month in range(12)), key=lambda found: (found.ratio, -found.zero_share))


def find_exceeded(regime: Regime, share: float) -> float:
    """Ratio to the mean of the year that is exceeded in this share of the time in which the river flows, 0 < share < 1."""
    months = [find_month(regime, month) for month in range(12)]
    flowing = sum(1 - month.zero_share for month in months)

    def surplus(log_ratio: float) -> float:
        above = ((1 - month.zero_share) * float(ndtr((math.log(month.ratio) - log_ratio) / month.sigma_ln)) for month in months)
        return sum(above) / flowing - share

    low, high = math.log(load_coefficients("discharge").number("floor.ratio")), math.log(1e3)
    return math.exp(brentq(surplus, low, high)) if surplus(low) > 0 else math.exp(low)


def find_high(regime: Regime) -> SeasonFlow:
    """High water without ice: exceeded in a tenth of the flowing time, at least the wettest month's median and the mean."""
    table = load_coefficients("discharge")
    wettest = max(find_month(regime, month).ratio for month in range(12))
    ratio = max(find_exceeded(regime, table.number("season.high_share")), wettest, 1.0)
    return SeasonFlow(ratio, table.number("sigma.shape"), 0.0, has_ice=False)


def find_season(regime: Regime, season: str) -> SeasonFlow:
    """A season of `SEASONS` over the mean of the year; InvalidInput("unknown_choice").

    The mean has no spread of its own; its share without flow is that of the whole year.
    """
    check_season(season)
    if season == "mean":
        dry = sum(find_month(regime, month).zero_share for month in range(12)) / 12
        return SeasonFlow(1.0, 0.0, dry, has_ice=False)
    if season == "high":
        return find_high(regime)
    return find_low(regime) if season == "low" else find_month(regime, MONTHS.index(season))


def check_season(season: str) -> str:
    """The season, if it is one; else InvalidInput("unknown_choice")."""
    if season not in SEASONS:
        raise InvalidInput("unknown_choice", where="season", value=season, allowed=", ".join(SEASONS))
    return season
