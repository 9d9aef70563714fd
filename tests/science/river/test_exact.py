"""Closed forms against the reference numbers; those have seven digits."""

from __future__ import annotations

import csv
import math
import re
from pathlib import Path

import numpy as np
import pytest
from scipy.special import erfcx

from boget.science.river.exact import (
    Channel,
    dead_zone_cumulants,
    inverse_gaussian_share,
    measure_slug,
    mixed_reservoir_box,
    ogata_banks,
    slug_flux,
)
from boget.science.river.inverse_gaussian import ERFCX, _erfcx, _share_passed

SEVEN_DIGITS = 1e-6


def read_cases(shared: Path, prefix: str) -> list[dict[str, str]]:
    lines = [line for line in (shared / "data" / "tracer_exact_cases.csv").read_text().splitlines() if not line.startswith("#")]
    return [row for row in csv.DictReader(lines) if row["case"].startswith(prefix)]


def channel_of(row: dict[str, str]) -> Channel:
    return Channel(float(row["U_ms"]), float(row["D_m2s"]), float(row["k_per_s"]), float(row["A_m2"] or 1.0))


def test_slugs(shared: Path) -> None:
    rows = read_cases(shared, "slug")
    assert len(rows) == 8
    for row in rows:
        # the reference has g/m3 of kg
        found = measure_slug(
            channel_of(row), float(row["x_m"]), mass=1000.0 * float(row["M_kg"]), is_flux=row["case"].endswith("IG")
        )
        expected = [float(row[name]) for name in ("t_peak_s_or_T0", "C_peak_or_ratio", "t_arr10_s", "dur10_s")]
        assert [found.peak_time, found.peak, found.arrival10, found.duration10] == pytest.approx(expected, rel=SEVEN_DIGITS)


def test_ogata_banks(shared: Path) -> None:
    for row in read_cases(shared, "ogata"):
        time_s, ratio = map(float, re.findall(r"[\d.]+(?= s|$)", row["note"]))
        found = ogata_banks(channel_of(row), float(row["x_m"]), times=np.array([time_s]))
        assert found[0] == pytest.approx(ratio, rel=SEVEN_DIGITS)


def test_ogata_banks_does_not_overflow_far_downstream() -> None:
    found = ogata_banks(Channel(1.0, 0.1), 1e6, times=np.array([0.5e6, 1e6, 2e6]))
    assert found[0] == 0.0 and found[1] == pytest.approx(0.5, rel=1e-3) and found[2] == pytest.approx(1.0)


def test_mixed_reservoir(shared: Path) -> None:
    for row in read_cases(shared, "cstr"):
        residence = float(re.findall(r"tau=([\d.]+)", row["note"])[0])
        share = float(re.findall(r"fraction out=([\d.]+)", row["note"])[0])
        ratio, kept = mixed_reservoir_box(residence, float(row["t_peak_s_or_T0"]), loss=float(row["k_per_s"]))
        assert ratio == pytest.approx(float(row["C_peak_or_ratio"]), rel=SEVEN_DIGITS)
        assert kept == pytest.approx(share, rel=SEVEN_DIGITS)


def test_dead_zone_cumulants(shared: Path) -> None:
    (row,) = read_cases(shared, "cumulants")
    share, exchange = map(float, re.findall(r"eps=([\d.]+) ts=(\d+)", row["note"])[0])
    found = dead_zone_cumulants(channel_of(row), float(row["x_m"]), share=share, exchange=exchange)
    expected = [float(row[name]) for name in ("t_peak_s_or_T0", "C_peak_or_ratio", "t_arr10_s")]
    assert found == pytest.approx(expected, rel=SEVEN_DIGITS)


def test_share_is_the_integral_of_the_flux_concentration() -> None:
    channel, distance = Channel(0.8, 30.0), 10_000.0
    times = np.linspace(1.0, 14_000.0, 20_001)
    passed = np.trapezoid(slug_flux(channel, distance, mass=0.8, times=times), times)
    mean, shape = distance / 0.8, distance**2 / 60.0
    assert passed == pytest.approx(inverse_gaussian_share(times[-1:], mean=mean, shape=shape)[0], rel=1e-8)


@pytest.mark.parametrize("time_s", [3e3, 1e4, 1.25e4, 1.6e4, 4e4])
def test_compiled_shares_equal_the_exact_one(time_s: float) -> None:
    mean, shape = 12_500.0, 1.6e6
    passed, coming, density = _share_passed(time_s, mean, shape)
    share = inverse_gaussian_share(np.array([time_s]), mean=mean, shape=shape)[0]
    assert passed == pytest.approx(share, rel=1e-10) and passed + coming == 1.0
    exact = math.sqrt(shape / (2 * math.pi * time_s**3)) * math.exp(-shape * (time_s - mean) ** 2 / (2 * mean**2 * time_s))
    assert density == pytest.approx(exact, rel=1e-12)


def test_table_of_erfcx() -> None:
    x = np.concatenate([np.linspace(0.0, 5.0, 999), np.geomspace(5.0, 1e9, 999)])
    compiled = np.array([_erfcx.py_func(value) for value in x])
    assert np.max(np.abs(compiled / erfcx(x) - 1.0)) < 1e-9 and ERFCX[-1, 0] == 1.0
