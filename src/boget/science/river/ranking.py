"""The order in which to look at the facilities on a way to a border: an open product, every term of it shown.

    value = peak of the release at the border × hazard of the water × people past the border × warning factor

The peak is the part x / (1 + x) of released tailings in the mixture, x = released volume × unit-peak concentration / discharge.
The water risk index, a logarithm of stock, is printed beside it; it measures what lies there, not what arrives.

References
----------
[larrauri2018] released volume; [jobson1996] unit-peak concentration; [icpdr_wri] factors of the hazard classes and the index.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from boget.science.errors import InvalidInput
from boget.science.river.screening_rules import read_rule
from boget.science.units import convert

TermCode = Literal["peak", "hazard", "people", "warning"]
CLASSES = ("nwg", "whc1", "whc2", "whc3")
SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Term:
    """One factor of the product: best estimate and its bounds. `is_known` False: the bounds are those of not knowing."""

    code: TermCode
    value: float
    low: float
    high: float
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class RankInput:
    """What the rank of one facility at one border needs.

    volume_m3 : stored tailings; None = unknown, which leaves the facility without a rank; low and high where it is a range
    hazard_class : nwg to whc3; "" = unknown, which counts at its worst
    time_s, discharge_m3s : travel time to the border (median; the reading of the mean of the wave) and discharge there
    pool_s : residence in the reservoirs on the way, median, s; `tanks` mixed tanks in each
    people : counted within the reach past the border; intakes_unstated : intakes there whose users nobody stated
    """

    volume_m3: float | None
    hazard_class: str
    time_s: float
    discharge_m3s: float
    people: int
    intakes_unstated: int = 0
    low_m3: float | None = None
    high_m3: float | None = None
    pool_s: float = 0.0
    tanks: float = 3.0


@dataclass(frozen=True, slots=True)
class RankValue:
    """The product with its bounds and its terms."""

    value: float
    low: float
    high: float
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Place in an order from 1, and the least and greatest place that the bounds allow."""

    place: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class WaterRisk:
    """Water risk index of some facilities: log10 of Σ mass × factor, None where nothing is known.

    counted : facilities in the sum; missing : those without mass or volume, or without a hazard class
    """

    value: float | None
    counted: int
    missing: int


def release_volume(volume_m3: float, quantile_z: float) -> float:
    """Released volume at a standard normal quantile, m3; never more than what is stored.

    Examples
    --------
    >>> round(release_volume(1e6, 0.0)), round(release_volume(1e6, 1.2816)), release_volume(1e6, 3.0)
    (333426, 1000000, 1000000.0)
    """
    if not (math.isfinite(volume_m3) and volume_m3 > 0):
        raise InvalidInput("not_positive", where="volume_m3", value=volume_m3, allowed="above zero")
    stored = convert(volume_m3, "m3", "million_m3")
    exponent = read_rule("release.intercept") + read_rule("release.slope") * math.log10(stored)
    return min(volume_m3, convert(10 ** (exponent + quantile_z * read_rule("release.sigma")), "million_m3", "m3"))


def unit_peak(time_s: float, *, pool_s: float = 0.0, tanks: float = 3.0) -> float:
    """Peak concentration over released mass, times the discharge, 1/s: the inverse of the time over which a cloud has spread.

    In the river as measured in dye tests; reservoirs add the variance of their chain of tanks, residence² / tanks.
    """
    if not (math.isfinite(time_s) and time_s > 0):
        raise InvalidInput("not_positive", where="time_s", value=time_s, allowed="above zero")
    river_hours = max(time_s - pool_s, SECONDS_PER_HOUR) / SECONDS_PER_HOUR
    river = read_rule("unit_peak.factor") * river_hours ** read_rule("unit_peak.exponent")
    return 1.0 / math.sqrt(river**-2 + 2.0 * math.pi * pool_s**2 / tanks)


def rank_term_peak(given: RankInput) -> Term:
    """Part of released tailings in the water at the border by the worst credible release; the least is a median release."""
    if given.volume_m3 is None:
        raise InvalidInput("empty", where="volume_m3", allowed="a volume: without one there is no rank")
    per_m3 = unit_peak(given.time_s, pool_s=given.pool_s, tanks=given.tanks) / given.discharge_m3s

    def share(volume_m3: float) -> float:
        return volume_m3 * per_m3 / (1.0 + volume_m3 * per_m3)

    worst = read_rule("release.worst")
    low = release_volume(given.low_m3 or given.volume_m3, 0.0)
    high = release_volume(given.high_m3 or given.volume_m3, worst)
    value = release_volume(given.volume_m3, worst)
    return Term("peak", share(value), share(low), share(high))


def rank_term_hazard(hazard_class: str) -> Term:
    """Factor of the hazard class; unknown counts at its worst, and the least is that of the lowest class."""
    if hazard_class in CLASSES:
        factor = read_rule(f"hazard.{hazard_class}")
        return Term("hazard", factor, factor, factor)
    least, worst = read_rule("hazard.nwg"), read_rule("hazard.whc3")
    return Term("hazard", worst, least, worst, is_known=False)


def rank_term_people(people: int, intakes_unstated: int) -> Term:
    """People past the border, never fewer than the least of the table; an intake without stated users counts as some."""
    least = read_rule("exposure.least_people")
    extra = intakes_unstated * read_rule("exposure.intake_people")
    value = max(least, people + extra)
    return Term("people", value, max(least, float(people)), value, is_known=intakes_unstated == 0 and people > 0)


def rank_term_warning(time_s: float) -> Term:
    """1 with less warning than the table's time, then falling as that time over the travel time.

    Examples
    --------
    >>> rank_term_warning(3600.0).value, rank_term_warning(172800.0).value
    (1.0, 0.5)
    """
    factor = min(1.0, read_rule("warning.full") / time_s)
    return Term("warning", factor, factor, factor)


def rank_facility(given: RankInput) -> RankValue | None:
    """The product of the terms; None without a volume: the facility stays listed, without a rank."""
    if given.volume_m3 is None:
        return None
    terms = (
        rank_term_peak(given),
        rank_term_hazard(given.hazard_class),
        rank_term_people(given.people, given.intakes_unstated),
        rank_term_warning(given.time_s),
    )
    return RankValue(
        value=math.prod(term.value for term in terms),
        low=math.prod(term.low for term in terms),
        high=math.prod(term.high for term in terms),
        terms=terms,
    )


def place_values(values: Sequence[RankValue]) -> list[Place]:
    """Places of the values, the greatest first; equal values share a place. The bounds give the least and greatest place."""
    return [
        Place(
            1 + sum(1 for other in values if other.value > own.value),
            1 + sum(1 for other in values if other.low > own.high),
            1 + sum(1 for place, other in enumerate(values) if place != index and other.high > own.low),
        )
        for index, own in enumerate(values)
    ]


def water_risk_index(stocks: Iterable[tuple[float | None, str]]) -> WaterRisk:
    """Index of stocks (mass in kg or None, hazard class or ""): who lacks one of the two is counted as missing, not as zero.

    Examples
    --------
    >>> water_risk_index([(1e9, "whc3"), (None, "whc1"), (1e8, "")])
    WaterRisk(value=9.0, counted=1, missing=2)
    """
    total, counted, missing = 0.0, 0, 0
    for mass_kg, hazard_class in stocks:
        if mass_kg is None or mass_kg <= 0 or hazard_class not in CLASSES:
            missing += 1
            continue
        total += mass_kg * read_rule(f"hazard.{hazard_class}")
        counted += 1
    return WaterRisk(math.log10(total) if total > 0 else None, counted, missing)
