"""Uvas Creek: a small stream with dead zones and lateral inflow against a fine solution by finite differences."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench.river_cases import check_exact, check_uvas
from boget.science.river.laplace import Reaches, Stream, transfer_reaches, transfer_stream


def test_five_stations(shared: Path) -> None:
    assert check_uvas(shared / "data")["uvas_l1"] < 0.01


def test_bench_sees_the_exact_cases(shared: Path) -> None:
    assert check_exact(shared / "data")["exact_max_rel"] < 1e-6


def test_inflow_dilutes_and_a_long_river_is_the_product_of_its_reaches() -> None:
    s = np.array([1e-9, 1e-5, 1e-4j], dtype=np.complex128)
    ones = np.ones(2)
    stream = Stream(1e5 * ones, 50.0 * ones, 1.0 * ones, np.array([0.0, 2e-4]), 0.1 * ones, 3600.0 * ones, discharge=40.0)
    passed = transfer_stream(stream, s, step=500.0)
    assert passed[1][0].real == pytest.approx(40.0 / 60.0, rel=1e-3)
    plain = Reaches(np.array([1e5]), np.array([0.8]), np.ones(1), np.zeros(1), np.array([0.1]), np.array([3600.0]))
    assert passed[0] == pytest.approx(transfer_reaches(plain, s), rel=1e-3)
