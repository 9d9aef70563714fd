"""The discharge along a path in one season, with its spread and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class FlowState:
    """Arrays of the shape (n,) over the stretches of a path.

    discharge_m3s : median discharge, above zero
    sigma_ln : standard deviation of its natural logarithm
    zero_share : share of years in which the bed is dry in this season, 0 to 1
    has_ice : the stretch is usually under ice in this season
    basis : code of the origin of each discharge: gauge, between_gauges, zone, approach, announced, network
    confidence : high, medium or low of each
    season : "mean", "high", "low", or "01" to "12"
    sources : texts of the posts and zones used, each once
    mean_m3s : mean annual discharge, above zero; None where it is not known
    """

    discharge_m3s: NDArray[np.float64]
    sigma_ln: NDArray[np.float64]
    zero_share: NDArray[np.float64]
    has_ice: NDArray[np.bool_]
    basis: tuple[str, ...]
    confidence: tuple[str, ...]
    season: str
    sources: tuple[str, ...]
    mean_m3s: NDArray[np.float64] | None = None
