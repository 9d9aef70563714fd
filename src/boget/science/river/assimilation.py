"""Readings at stations sharpen a forecast: each member is weighed by how well it explains them.

The likelihood is log-normal: for a reading y with the spread sigma and a member that says x the logarithm ln(y / x) is normal
with the variance sigma^2 + floor^2, the floor being the error that the model keeps at its best. With a small probability the
reading is a blunder and says nothing, so that one wrong reading cannot throw out every member. The weight is the product over
the readings. Where fewer members than a table limit carry the weights, these are raised to a power below one until that
many do, and the caller is told: the prior did not hold what was seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from boget.science.errors import InvalidInput
from boget.science.river.ensemble import ARRIVAL, ARRIVAL10, PEAK, PEAK_TIME, EnsembleResult
from boget.science.river.member_waves import follow
from boget.science.river.members import Floats
from boget.science.river.priors import read_setting
from boget.science.river.release_rules import require_number
from boget.science.river.source_limit import draw_limited, evaluate_limited

ReadingKind = Literal["arrival", "concentration", "peak"]
LARGEST_SIGMA = 5.0
BISECTIONS = 60
EVEN_ODDS = 0.5
LEAST_LIKELY = 40.0
"""Half squares beyond this count as this: exp(-40) is nought beside any blunder."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Something seen at a place below the release.

    distance_m : along the river from the release; time_s : from the start of the release
    kind : arrival = the first sign at `time_s`: of the concentration `value`, or where that is None of a tenth of the peak;
        concentration = `value` at `time_s`; peak = the highest, `value`, and where it is known its time (None: not known)
    value : kg/m3; None for an arrival of which only the time is known, or a peak of which only the time is
    sigma : spread of its natural logarithm; of a peak that of the concentration
    time_sigma : the same of the time, for arrivals and peaks; None = the one of the model alone
    """

    distance_m: float
    time_s: float | None
    kind: ReadingKind
    value: float | None = None
    sigma: float = 0.1
    time_sigma: float | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights (m,), their sum is 1; `effective` members carry them; `power` below 1 where they had collapsed.

    unexplained : numbers of the readings, from 0, that are rather blunders than what the weighed members say
    """

    values: Floats
    effective: float
    power: float
    unexplained: tuple[int, ...] = ()

    @property
    def has_collapsed(self) -> bool:
        """The prior did not hold what was seen."""
        return self.power < 1.0


def check_reading(reading: Reading) -> None:
    """InvalidInput "unknown_choice", "not_finite", "not_positive", "range", "empty" or "target_upstream"."""
    kinds = get_args(ReadingKind)
    if reading.kind not in kinds:
        raise InvalidInput("unknown_choice", where="kind of reading", value=reading.kind, allowed=", ".join(kinds))
    if not reading.distance_m > 0:
        raise InvalidInput("target_upstream", where="place of the reading", value=reading.distance_m, allowed="above 0 m")
    require_number("spread of the reading", reading.sigma, low=0.0, high=LARGEST_SIGMA)
    if reading.time_sigma is not None:
        require_number("spread of the time", reading.time_sigma, low=0.0, high=LARGEST_SIGMA)
    if reading.time_s is None and reading.kind != "peak":
        raise InvalidInput("empty", where="time of the reading", hint="Say when it was.")
    if reading.value is None and (reading.kind == "concentration" or reading.time_s is None):
        raise InvalidInput("empty", where="value of the reading", hint="Say how much it was.")
    for name, number in (("time of the reading", reading.time_s), ("value of the reading", reading.value)):
        if number is not None:
            require_number(name, number, low=0.0, is_open=True)


def judge(said: Floats, seen: float, sigma: float) -> Floats:
    """Logarithm of the likelihood of a reading for what each member says (m,); at or below 0 = it says that nothing comes."""
    error = np.log(seen / np.maximum(said, 1e-300)) / sigma
    likely = np.exp(-np.minimum(0.5 * error * error, LEAST_LIKELY)) * (said > 0)
    blunder = read_setting("readings.blunder_share")
    return np.asarray(np.log((1.0 - blunder) * likely + blunder))


def judge_reading(result: EnsembleResult, reading: Reading, *, threads: int | None) -> Floats:
    """Logarithm of the likelihood of one reading, (m,)."""
    waves = follow(
        result.course,
        result.waves.members,
        result.waves.release,
        distance_m=np.array([reading.distance_m]),
        reach_sigma=result.prior.reach_sigma,
        seed=result.seed,
        threads=threads,
    )
    own = reading.sigma if reading.time_sigma is None else reading.time_sigma
    timed = np.hypot(own, read_setting("readings.arrival_sigma"))
    valued = np.hypot(reading.sigma, read_setting("readings.concentration_sigma"))
    said: list[tuple[Floats, float | None, float]] = []
    if reading.kind == "concentration" and reading.time_s is not None:
        said.append((draw_limited(waves, 0, np.array([reading.time_s]), threads=threads)[:, 0], reading.value, valued))
    else:
        level = reading.value if reading.kind == "arrival" and reading.value else result.threshold
        numbers = evaluate_limited(waves, 0, threshold=level, threads=threads)
        if reading.kind == "arrival":
            said.append((numbers[:, ARRIVAL if reading.value else ARRIVAL10], reading.time_s, timed))
        else:
            by_time = np.hypot(reading.time_sigma or 0.0, read_setting("readings.arrival_sigma"))
            said += [(numbers[:, PEAK], reading.value, valued), (numbers[:, PEAK_TIME], reading.time_s, by_time)]
    total = np.zeros(result.members)
    for values, seen, sigma in said:
        if seen is not None:
            total += judge(values, seen, float(sigma))
    return total


def count_effective(weights: Floats) -> float:
    """Number of equal members that tell as much: (sum w)^2 / sum w^2.

    Examples
    --------
    >>> count_effective(np.array([1.0, 1.0, 0.0]))
    2.0
    """
    return float(weights.sum() ** 2 / (weights**2).sum())


def raise_weights(likelihood: Floats, power: float) -> Floats:
    """Weights (m,) of a power of the likelihood, given by its logarithm; their sum is 1."""
    weights = np.exp(power * (likelihood - likelihood.max()))
    return np.asarray(weights / weights.sum())


def weigh_members(result: EnsembleResult, readings: Sequence[Reading], *, threads: int | None = None) -> Weights:
    """Weights of the members by the readings; all alike without one.

    Raises
    ------
    InvalidInput
        see `check_reading`; "range" for a place beyond the end of the path.
    """
    for reading in readings:
        check_reading(reading)
    judged = [judge_reading(result, reading, threads=threads) for reading in readings]
    likelihood = np.sum(judged, axis=0) if judged else np.zeros(result.members)
    power = find_power(likelihood, min(read_setting("readings.fewest_effective"), result.members / 2))
    weights = raise_weights(likelihood, power)
    blunder = read_setting("readings.blunder_share")
    doubts = [float((weights * blunder / np.exp(each)).sum()) for each in judged]
    unexplained = tuple(number for number, doubt in enumerate(doubts) if doubt > EVEN_ODDS)
    return Weights(weights, count_effective(weights), power, unexplained)


def find_power(likelihood: Floats, fewest: float) -> float:
    """The greatest power, up to 1, of the likelihood (m, its logarithm) that leaves `fewest` effective members."""
    if count_effective(raise_weights(likelihood, 1.0)) >= fewest:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(BISECTIONS):
        power = 0.5 * (low + high)
        if count_effective(raise_weights(likelihood, power)) < fewest:
            high = power
        else:
            low = power
    return low


def weigh(result: EnsembleResult, readings: Sequence[Reading]) -> Floats:
    """The weights (m,) alone: see `weigh_members`."""
    return weigh_members(result, readings).values
