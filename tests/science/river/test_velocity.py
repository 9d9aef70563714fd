"""Velocity: the fit to tracers, Manning, the power law, Jobson, slope and ice."""

from __future__ import annotations

import csv
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from boget.science.errors import InvalidInput
from boget.science.river.coefficients import load_coefficients, parse_coefficients
from boget.science.river.velocity import jobson, manning, power, tracer
from boget.science.river.velocity.ice import slow_under_ice
from boget.science.river.velocity.slope import smooth_slope
from boget.science.river.width import depth_m, width_exponent, width_m

TOOL = Path(__file__).resolve().parents[3] / "tools" / "river" / "fit_velocity.py"


@pytest.fixture(scope="module")
def fitting() -> dict[str, Any]:
    return runpy.run_path(str(TOOL))


def read_commented(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(line for line in stream if not line.startswith("#")))


@pytest.mark.shared
def test_left_out_error_of_the_tracer_roughness(shared: Path, fitting: dict[str, Any]) -> None:
    reaches = fitting["read_reaches"](shared / "data" / "tracer_dispersion_train.csv")
    _, ratio = fitting["fit_tracer"](reaches.keep(reaches.slope > 0))
    assert len(ratio) == 50
    assert np.mean(np.abs(ratio - 1)) <= 0.27
    assert abs(np.median(ratio) - 1) <= 0.05


@pytest.mark.shared
def test_the_table_is_what_the_tool_writes(shared: Path, fitting: dict[str, Any]) -> None:
    reaches = fitting["read_reaches"](shared / "data" / "tracer_dispersion_train.csv")
    reaches = reaches.keep(reaches.slope > 0)
    fit, _ = fitting["fit_tracer"](reaches)
    table = load_coefficients("velocity_fit")
    names = ("factor", "slope_power", "discharge_power")
    assert [table.number(f"tracer.{name}") for name in names] == pytest.approx(
        [np.exp(fit.numbers[0]), *fit.numbers[1:]], rel=1e-4
    )
    assert table.number("tracer.cov_ab") == pytest.approx(fit.covariance[0, 1], rel=1e-4)
    speed = tracer.velocity(reaches.discharge, reaches.slope, width=reaches.width)
    assert np.mean(np.abs(speed / reaches.velocity - 1)) < 0.25
    assert np.std(np.log(speed / reaches.velocity)) == pytest.approx(float(tracer.sigma_ln([1e-3])[0]), rel=0.05)


def test_textbook_roughness_is_faster_than_a_tracer() -> None:
    assert manning.velocity(100.0, 5e-4, width=60.0) > 1.25 * tracer.velocity(100.0, 5e-4, width=60.0)


def test_manning_keeps_its_own_balance() -> None:
    """Q = W h^(5/3) sqrt(S) / n for the depth that belongs to the velocity."""
    flow, slope, width, rough = 250.0, 3e-4, 90.0, 0.04
    speed = manning.velocity(flow, slope, roughness=rough, width=width)
    depth = depth_m(flow, width, speed)
    assert width * float(depth) ** (5 / 3) * slope**0.5 / rough == pytest.approx(flow, rel=1e-9)


@pytest.mark.parametrize("slope", [float("nan"), 0.0, 1e-5, 2e-4, 5e-3])
def test_exponent_is_the_derivative(slope: float) -> None:
    low, high = tracer.velocity([100.0, 101.0], slope)
    assert np.log(high / low) / np.log(1.01) == pytest.approx(float(tracer.exponent(slope)), abs=1e-9)


def test_unknown_slope_is_the_power_law_and_zero_is_the_floor() -> None:
    floor = load_coefficients("hydraulics").number("slope.floor")
    found = tracer.velocity([80.0, 80.0, 80.0], [float("nan"), 0.0, floor])
    assert found[0] == power.velocity(80.0)
    assert found[1] == found[2] > 0


def test_more_flow_is_never_slower() -> None:
    flows = np.geomspace(0.01, 5000, 60)
    for slope in (float("nan"), 1e-4, 1e-2):
        assert np.all(np.diff(tracer.velocity(flows, slope)) > 0)
    area = np.full(60, 2e10)
    for options in ({}, {"mean_discharge": 100.0}, {"mean_discharge": 100.0, "slope": 5e-4}):
        assert np.all(np.diff(jobson.velocity(flows, area, **options)) > 0)


@pytest.mark.parametrize("flow", [0.0, -1.0, float("nan"), float("inf")])
def test_no_velocity_without_flow(flow: float) -> None:
    for ask in (lambda: tracer.velocity([5.0, flow], 1e-3), lambda: power.velocity(flow), lambda: jobson.velocity(flow, 1e9)):
        with pytest.raises(InvalidInput) as caught:
            ask()
        assert caught.value.code in {"not_finite", "not_positive"}


def test_smoothing_keeps_the_fall_and_the_rivers_apart() -> None:
    length = np.full(40, 10_000.0)
    slope = np.where(np.arange(40) % 5 == 0, 1e-3, 0.0)
    smooth = smooth_slope(slope, length)
    assert smooth[5:35] == pytest.approx(np.full(30, 2e-4))
    apart = smooth_slope([1e-2, 1e-2, 1e-5, 1e-5], [5e3] * 4, [range(2), range(2, 4)])
    assert apart == pytest.approx([1e-2, 1e-2, 1e-5, 1e-5])
    assert np.isnan(smooth_slope([np.nan, np.nan], [1e3, 1e3])).all()
    assert smooth_slope([np.nan, 1e-3], [1e3, 1e3]) == pytest.approx([1e-3, 1e-3])


def test_ice_slows_by_the_factor_of_the_table() -> None:
    assert slow_under_ice([1.0, 1.0], [False, True]).tolist() == [1.0, 0.7]


def test_width_and_its_exponent() -> None:
    low, high = width_m([100.0, 200.0])
    assert np.log(high / low) / np.log(2) == pytest.approx(width_exponent())
    assert 150 < width_m(850.0) < 300, "the Irtysh below Semey"


# ---- Jobson 1996


@pytest.mark.shared
def test_jobson_cases(shared: Path) -> None:
    rows = read_commented(shared / "data" / "tracer_jobson_cases.csv")
    assert len(rows) == 4
    for row in rows:
        flow, mean = float(row["Q_m3s"]), float(row["Qa_m3s"])
        greatest = row["eq_set"].startswith("15")
        speed = jobson.velocity(flow, float(row["Da_km2"]) * 1e6, mean_discharge=mean, is_greatest=greatest)
        peak_time = float(row["L_km"]) * 1e3 / speed
        unit_peak = jobson.unit_peak(peak_time, flow / mean)
        found = (
            speed, peak_time / 3600, jobson.leading_edge_s(peak_time) / 3600, unit_peak * 1e6, jobson.passage_s(unit_peak) / 3600,
        )  # fmt: skip
        columns = ("V_ms", "Tp_h", "Tl_h", "Cup_1e6_per_s", "T10d_h")
        for value, column in zip(found, columns, strict=True):
            assert float(value) == pytest.approx(float(row[column]), rel=2e-3), (row["case"], column)


def test_jobson_peak_of_the_first_example() -> None:
    """6000 kg, 3.69 m3/s at the intake: 163 mg/L."""
    unit_peak = jobson.unit_peak(15.75 * 3600, 3.35 / 4.5)
    assert float(jobson.peak_kg_m3(unit_peak, 6000.0, 3.69)) == pytest.approx(0.163, rel=0.01)


def test_jobson_with_slope_and_with_area_only() -> None:
    """Equations 12 and 16 written out by hand."""
    flow, mean, area, slope = 20.0, 30.0, 3e9, 8e-4
    with_slope = 0.094 + 0.0143 * (area**1.25 * 9.8**0.5 / mean) ** 0.919 * (flow / mean) ** -0.469 * slope**0.159 * flow / area
    assert float(jobson.velocity(flow, area, mean_discharge=mean, slope=slope)) == pytest.approx(with_slope, rel=1e-12)
    area_only = 0.152 + 8.1 * (area**1.25 * 9.8**0.5 / flow) ** 0.595 * flow / area
    assert float(jobson.velocity(flow, area)) == pytest.approx(area_only, rel=1e-12)


@pytest.mark.parametrize("options", [{}, {"mean_discharge": 30.0}, {"mean_discharge": 30.0, "slope": 1e-3}])
def test_jobson_exponent_is_the_derivative(options: dict[str, float]) -> None:
    low, high = jobson.velocity([20.0, 20.002], 3e9, **options)
    slope = np.log(high / low) / np.log(1.0001)
    assert slope == pytest.approx(float(jobson.exponent(20.0, 3e9, **options)), rel=1e-4)


def test_jobson_wave_is_wider_with_time_than_a_fickian_one() -> None:
    hours = np.array([24.0, 96.0])
    sigma = jobson.sigma_t_s(hours * 3600, 1.0)
    assert sigma == pytest.approx(465.5 * hours**0.76, rel=1e-3)
    assert sigma[1] / sigma[0] > 2.0, "a Fickian cloud would double"


# ---- tables


def test_a_table_without_a_source_is_refused() -> None:
    text = '[table]\ncode = "t"\nversion = "1"\ntitle = "t"\n[a]\nb = { value = 1.0, unit = "m", page = "1", status = "verified" }\n'
    with pytest.raises(InvalidInput) as caught:
        parse_coefficients(text)
    assert caught.value.code == "table_invalid" and "t: a.b" in caught.value.where


@pytest.mark.parametrize("code", ["velocity", "velocity_fit", "jobson", "dispersion", "hydraulics", "discharge", "fate"])
def test_what_is_invented_says_so(code: str) -> None:
    entries = load_coefficients(code).entries
    assert entries
    for name, entry in entries.items():
        assert not entry.source.startswith("invented") or entry.status == "placeholder", name
