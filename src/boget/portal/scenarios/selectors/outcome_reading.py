"""What is asked of an outcome: one target, and what lies between two points of its fan."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from boget.science.river.outcome import RiverOutcome, TargetForecast


def find_target(outcome: RiverOutcome, code: str) -> TargetForecast | None:
    return next((one for one in outcome.targets if one.target.code == code), None)


def interpolate(at: float, xs: Sequence[float], ys: Sequence[float]) -> float:
    """Linear between the points, 0 before the first and after the last: a fan ends where the wave does. `xs` rise."""
    if not xs or at < xs[0] or at > xs[-1]:
        return 0.0
    right = bisect_right(xs, at)
    if right == len(xs):
        return ys[-1]
    share = (at - xs[right - 1]) / (xs[right] - xs[right - 1])
    return ys[right - 1] + share * (ys[right] - ys[right - 1])
