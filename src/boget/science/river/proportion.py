"""Interval of a share that was counted in a sample, by its score (Wilson 1927, wilson1927)."""

from __future__ import annotations

import math

from boget.science.errors import InvalidInput

Z90 = 1.6448536269514722
"""5 and 95 % of the normal distribution."""


def score_interval(share: float, sample: float) -> tuple[float, float]:
    """Ends that hold the true share in 90 % of samples of this size; `share` 0 to 1, `sample` members, above 0.

    Raises
    ------
    InvalidInput
        "range" for a share or a size that cannot be.

    Examples
    --------
    >>> low, high = score_interval(0.5, 100.0)
    >>> round(low, 3), round(high, 3)
    (0.419, 0.581)
    """
    if not 0.0 <= share <= 1.0 or not 0.0 < sample < math.inf:
        raise InvalidInput("range", where="share", value=share, allowed="0 to 1, of a sample above 0")
    weight = Z90**2 / sample
    middle = (share + 0.5 * weight) / (1.0 + weight)
    half = math.sqrt(share * (1.0 - share) * weight + 0.25 * weight**2) / (1.0 + weight)
    return max(0.0, middle - half), min(1.0, middle + half)
