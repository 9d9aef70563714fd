"""Transverse mixing: the length after which a river is mixed, and the plume before."""

from __future__ import annotations

import numpy as np
import pytest

from boget.science.errors import InvalidInput
from boget.science.river.mixing import factor_before_mixing, find_mixed_from, mixing_length_m


def test_length_by_hand_and_the_bank_takes_four_times_as_long() -> None:
    bank = mixing_length_m(200.0, 4.0, 0.9, shear_velocity_ms=0.08)
    assert float(bank) == pytest.approx(0.4 * 0.9 * 200**2 / (0.6 * 4.0 * 0.08))
    centre = mixing_length_m(200.0, 4.0, 0.9, shear_velocity_ms=0.08, is_bank_release=False)
    assert float(bank / centre) == pytest.approx(4.0)


def test_mixed_from_adds_the_shares_of_stretches() -> None:
    assert find_mixed_from([1e3, 1e3, 1e3], [2e3, 1e3, 1e3]) == pytest.approx(1500.0)
    assert find_mixed_from([1e3, 1e3], [5e3, 5e3]) is None
    assert find_mixed_from([5e3], [2e3]) == pytest.approx(2000.0)


def test_plume_holds_more_near_the_source_and_the_mean_when_mixed() -> None:
    factors = factor_before_mixing(np.array([100.0, 1e3, 9e3, 1e4, 5e4]), 1e4)
    assert np.all(np.diff(factors) <= 0) and factors[-1] == factors[-2] == 1.0
    # W / sqrt(pi e x / U) with L = 0.4 U W^2 / e
    width, speed, spread = 100.0, 0.8, 0.2
    length, x = 0.4 * speed * width**2 / spread, 500.0
    by_hand = width / (np.pi * spread * x / speed) ** 0.5
    assert float(factor_before_mixing(x, length)) == pytest.approx(by_hand)


def test_no_depth_no_length() -> None:
    with pytest.raises(InvalidInput):
        mixing_length_m(10.0, 0.0, 0.5, shear_velocity_ms=0.1)
