"""How the dispersion formulas do on measured reaches: the table of the documentation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boget.science.river.dispersion import FORMULAS, find_dispersion
from boget.science.river.dispersion.table import Floats


@dataclass(frozen=True, slots=True)
class MeasuredReaches:
    """Arrays of one length: width, depth (m), velocity, shear velocity (m/s), measured dispersion (m2/s)."""

    width_m: Floats
    depth_m: Floats
    velocity_ms: Floats
    shear_velocity_ms: Floats
    measured: Floats


@dataclass(frozen=True, slots=True)
class Score:
    """Predicted over measured: median, spread as a factor, shares within the factors 2 and 3; root mean square, m2/s."""

    code: str
    title: str
    median_ratio: float
    spread: float
    within_2: float
    within_3: float
    rms_m2s: float


def share_within(ratio: Floats, factor: float) -> float:
    """Share of ratios between 1 / factor and factor."""
    inside: NDArray[np.bool_] = np.abs(np.log(ratio)) <= np.log(factor)
    return float(np.mean(inside))


def score_formula(code: str, reaches: MeasuredReaches) -> Score:
    """One formula on all reaches."""
    predicted = find_dispersion(
        code,
        width_m=reaches.width_m,
        depth_m=reaches.depth_m,
        velocity_ms=reaches.velocity_ms,
        shear_velocity_ms=reaches.shear_velocity_ms,
    )
    ratio = predicted / reaches.measured
    return Score(
        code=code,
        title=FORMULAS[code].title,
        median_ratio=float(np.median(ratio)),
        spread=float(np.exp(np.std(np.log(ratio), ddof=1))),
        within_2=share_within(ratio, 2.0),
        within_3=share_within(ratio, 3.0),
        rms_m2s=float(np.sqrt(np.mean((predicted - reaches.measured) ** 2))),
    )


def compare_formulas(reaches: MeasuredReaches) -> tuple[Score, ...]:
    """All formulas, the one with most reaches within the factor 2 first."""
    scores = (score_formula(code, reaches) for code in FORMULAS)
    return tuple(sorted(scores, key=lambda score: (-score.within_2, score.spread)))
