"""The score interval of a counted share against values worked out by its definition."""

from __future__ import annotations

import math

import pytest

from boget.science.errors import InvalidInput
from boget.science.river.proportion import Z90, score_interval


@pytest.mark.parametrize(("share", "sample"), [(0.5, 100.0), (0.02, 500.0), (0.96, 10_000.0)])
def test_the_score_at_each_end_is_that_of_the_quantile(share: float, sample: float) -> None:
    for end in score_interval(share, sample):
        assert abs(share - end) / math.sqrt(end * (1 - end) / sample) == pytest.approx(Z90, rel=1e-9)


def test_a_certainty_in_the_sample_is_none_beyond_it() -> None:
    low, high = score_interval(0.0, 50.0)
    assert low == 0.0 and 0.0 < high < 0.06
    assert score_interval(1.0, 50.0) == (pytest.approx(1 - high), 1.0)


@pytest.mark.parametrize(("share", "sample"), [(-0.1, 10.0), (1.1, 10.0), (0.5, 0.0), (math.nan, 10.0), (0.5, math.inf)])
def test_what_cannot_be_is_refused(share: float, sample: float) -> None:
    with pytest.raises(InvalidInput):
        score_interval(share, sample)
