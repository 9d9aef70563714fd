"""Readings weigh the members: towards what was seen, never into nothing."""

from __future__ import annotations

import numpy as np
import pytest

from boget.science.errors import InvalidInput
from boget.science.river.assimilation import Reading, judge, weigh, weigh_members
from boget.science.river.ensemble import ARRIVAL10, PEAK, PEAK_TIME, EnsembleResult, run_ensemble
from boget.science.river.fate import Fate
from boget.science.river.forecast import summarise
from boget.science.river.priors import read_priors
from tests.science.river.made_paths import KM, make_flow, make_path, make_release, make_target

TARGETS = [make_target(km) for km in (60, 120, 240)]


@pytest.fixture(scope="module")
def result() -> EnsembleResult:
    path = make_path(lake=(30, 36))
    return run_ensemble(
        path,
        make_flow(path),
        make_release(mass_gsd=2.5),
        fate=Fate(),
        targets=TARGETS,
        prior=read_priors(),
        threshold=1e-4,
        members=3000,
        seed=5,
    )


def width(result: EnsembleResult, weights: np.ndarray | None, number: int, name: str) -> float:
    told = getattr(summarise(result, weights)[number], name)
    return float(np.log(told.p95 / told.p05))


def test_no_reading_leaves_all_alike(result: EnsembleResult) -> None:
    assert weigh(result, []) == pytest.approx(np.full(3000, 1 / 3000))
    assert weigh_members(result, []).effective == pytest.approx(3000)


def test_weights_follow_an_early_arrival_downstream(result: EnsembleResult) -> None:
    seen = float(np.quantile(result.outcome[:, 0, ARRIVAL10], 0.2))
    found = weigh_members(result, [Reading(60 * KM, seen, "arrival", sigma=0.05)])
    assert found.power == 1.0 and 200 < found.effective < 2500
    assert found.values.sum() == pytest.approx(1.0)
    mean = float((found.values * np.log(result.outcome[:, 0, ARRIVAL10])).sum())
    assert mean == pytest.approx(np.log(seen), abs=0.03)
    before, after = summarise(result)[1].arrival10_s.p50, summarise(result, found.values)[1].arrival10_s.p50
    assert before is not None and after is not None and after < 0.95 * before
    assert width(result, found.values, 1, "arrival10_s") < 0.6 * width(result, None, 1, "arrival10_s")


def test_peak_reading_narrows_the_peak_and_its_time(result: EnsembleResult) -> None:
    peak, time = (float(np.median(result.outcome[:, 0, column])) for column in (PEAK, PEAK_TIME))
    found = weigh(result, [Reading(60 * KM, time, "peak", peak, sigma=0.1)])
    assert width(result, found, 0, "peak") < 0.6 * width(result, None, 0, "peak")
    assert width(result, found, 0, "peak_time_s") < 0.5 * width(result, None, 0, "peak_time_s")


def test_concentration_reading_behind_the_reservoir(result: EnsembleResult) -> None:
    time, peak = (float(np.median(result.outcome[:, 2, column])) for column in (PEAK_TIME, PEAK))
    found = weigh_members(result, [Reading(240 * KM, time, "concentration", peak, sigma=0.2)])
    assert 100 < found.effective < 3000
    assert width(result, found.values, 2, "peak") < width(result, None, 2, "peak")


def test_arrival_at_a_level(result: EnsembleResult) -> None:
    """The same moment, but for a higher level, asks for faster members."""
    seen = float(np.median(result.outcome[:, 0, ARRIVAL10]))
    by_share, by_level = (weigh(result, [Reading(60 * KM, seen, "arrival", value)]) for value in (None, 3e-3))
    speed = np.log(result.outcome[:, 0, PEAK_TIME])
    assert (by_level * speed).sum() < (by_share * speed).sum()


def test_what_nobody_expected_is_tempered_and_told(result: EnsembleResult) -> None:
    readings = [
        Reading(60 * KM, float(np.quantile(result.outcome[:, 0, ARRIVAL10], 0.003)), "arrival", sigma=0.0),
        Reading(60 * KM, None, "peak", float(np.quantile(result.outcome[:, 0, PEAK], 0.1)), sigma=0.0),
    ]
    found = weigh_members(result, readings)
    assert found.has_collapsed and found.power < 0.95
    assert found.effective == pytest.approx(50, rel=0.05)
    assert np.isfinite(found.values).all()


def test_reading_that_no_member_explains_is_told(result: EnsembleResult) -> None:
    seen = float(np.median(result.outcome[:, 1, ARRIVAL10]))
    found = weigh_members(result, [Reading(120 * KM, seen, "arrival"), Reading(60 * KM, 60.0, "arrival")])
    assert found.unexplained == (1,)


def test_one_blunder_does_not_undo_the_other_readings(result: EnsembleResult) -> None:
    arrivals = [float(np.median(result.outcome[:, number, ARRIVAL10])) for number in (0, 1)]
    good = [Reading(target.distance_m, time, "arrival") for target, time in zip(TARGETS, arrivals, strict=False)]
    bad = Reading(90 * KM, 10.0, "arrival")
    assert weigh(result, [*good, bad]) == pytest.approx(weigh(result, good), abs=1e-6)


def test_member_that_says_nothing_comes_is_least_likely() -> None:
    likely = judge(np.array([1.0, 2.0, -1.0]), 1.0, 0.2)
    assert likely[0] > likely[1] > likely[2]
    assert likely[2] == pytest.approx(np.log(1e-3))


@pytest.mark.parametrize(
    ("reading", "code"),
    [
        (Reading(0.0, 1.0, "arrival"), "target_upstream"),
        (Reading(1e9, 1.0, "arrival"), "range"),
        (Reading(10.0, 1.0, "colour"), "unknown_choice"),  # type: ignore[arg-type]
        (Reading(10.0, None, "arrival"), "empty"),
        (Reading(10.0, 1.0, "concentration"), "empty"),
        (Reading(10.0, None, "peak"), "empty"),
        (Reading(10.0, -1.0, "arrival"), "not_positive"),
        (Reading(10.0, float("nan"), "arrival"), "not_finite"),
        (Reading(10.0, 1.0, "peak", 0.0), "not_positive"),
        (Reading(10.0, 1.0, "arrival", sigma=-0.1), "range"),
    ],
)
def test_impossible_readings_are_refused(result: EnsembleResult, reading: Reading, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        weigh(result, [reading])
    assert caught.value.code == code
