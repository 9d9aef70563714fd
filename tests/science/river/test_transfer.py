"""Dead zones, reservoirs and releases of any form against the product of the reaches, and what never may happen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bench.river_cases import DAM, DAY, HOUR, PLAIN, STORED, compare, compute_reference, make_path
from boget.science.errors import InvalidInput
from boget.science.river import laplace
from boget.science.river.kernels import evaluate_closed
from boget.science.river.transfer import (
    ReleaseShape,
    curves,
    evaluate_storage,
    keep_share,
    shape_box,
    shape_hydrograph,
)

CUM = np.array([[2e5, 4e8, 6e11, -0.1]])  # a wave after two days, some five hours long
NO_TANKS = np.empty((1, 0, 2))
NO_ZONE = [[0.0, 1.0]]
ARRIVAL, ARRIVAL10, PEAK, PEAK_TIME, DEPARTURE, DURATION, DOSE = range(7)


def evaluate(cum: np.ndarray = CUM, **changed: Any) -> np.ndarray:
    given = {"release": shape_box([6 * HOUR]), "dead_zone": NO_ZONE, "tanks": NO_TANKS, "decay": [0.0], "threshold": 1e-9}
    given |= changed
    return evaluate_storage(cum, [1.0], given.pop("release"), **given)[0]


@pytest.mark.parametrize("store", PLAIN, ids=lambda store: store.name)
def test_closed_form_against_the_product_of_the_reaches(store: Any) -> None:
    found = compare(make_path(), store, 100)
    assert found["peak"] < 0.005 and found["arrival10"] < 0.002 and found["mass"] < 0.001


@pytest.mark.parametrize(("store", "place"), [(STORED[0], 20), (STORED[1], 100), (STORED[2], DAM + 1), (STORED[3], DAM + 1)])
def test_storage_against_the_product_of_the_reaches(store: Any, place: int) -> None:
    found = compare(make_path(), store, place)
    assert found["peak"] < 0.01 and found["arrival10"] < 0.02 and found["duration"] < 0.02 and found["mass"] < 0.001


def test_without_storage_it_equals_the_closed_form() -> None:
    for duration in (0.0, HOUR, 6 * HOUR, 30 * HOUR):
        closed = evaluate_closed(CUM[:, None], [[1.0]], [duration], threshold=1e-9)[0, 0]
        assert evaluate(release=shape_box([duration])) == pytest.approx(closed, rel=1e-3)


def test_low_thresholds_are_reached_when_the_closed_form_says() -> None:
    peak = evaluate()[PEAK]
    for share in (1e-3, 1e-5, 1e-7):
        closed = evaluate_closed(CUM[:, None], [[1.0]], [6 * HOUR], threshold=share * peak)[0, 0]
        assert evaluate(threshold=share * peak)[ARRIVAL] == pytest.approx(closed[ARRIVAL], rel=0.01)


def test_even_hydrograph_is_a_box_and_any_other_keeps_its_mass() -> None:
    even = shape_hydrograph([0.0, 5 * HOUR], [3.0, 3.0], stretch=[1.0])
    assert evaluate(release=even) == pytest.approx(evaluate(release=shape_box([5 * HOUR])), rel=1e-9)
    tooth = shape_hydrograph([0.0, 10 * HOUR, 40 * HOUR], [0.0, 2.0, 0.0], stretch=[1.0])
    times = np.linspace(1e5, 6e5, 4001)
    curve = curves(CUM, [1.0], tooth, dead_zone=NO_ZONE, tanks=NO_TANKS, decay=[0.0], times=times)[0]
    mean = np.trapezoid(curve * times, times) / np.trapezoid(curve, times)
    assert np.trapezoid(curve, times) == pytest.approx(np.exp(-0.1), rel=1e-5)
    assert mean == pytest.approx(2e5 + (10 + 40) / 3 * HOUR, rel=1e-5) and tooth.mean == pytest.approx(1 / 2.4)


def test_release_in_two_parts_is_above_the_threshold_twice() -> None:
    twice = shape_hydrograph(
        np.array([0.0, 1.0, 2.0, 200.0, 201.0, 202.0]) * HOUR, [0.0, 1.0, 0.0, 0.0, 1.0, 0.0], stretch=[1.0]
    )
    found = evaluate(release=twice, threshold=1e-6)
    assert found[DURATION] < 0.5 * (found[DEPARTURE] - found[ARRIVAL])


def test_curve_agrees_with_what_is_read_from_it() -> None:
    stores = {"dead_zone": [[0.2, 6 * HOUR]], "tanks": [[[20 * DAY, 1.0], [2 * DAY, 2.4]]], "decay": [1e-7]}
    found = evaluate(threshold=1e-8, **stores)
    times = np.linspace(0.0, 2e7, 200_001)
    curve = curves(CUM, [1.0], shape_box([6 * HOUR]), times=times, **stores)[0]
    above = np.flatnonzero(curve > 1e-8)
    assert curve.max() == pytest.approx(found[PEAK], rel=1e-5)
    assert times[above[[0, -1]]] == pytest.approx(found[[ARRIVAL, DEPARTURE]], rel=1e-3)
    assert np.trapezoid(curve, times) == pytest.approx(found[DOSE], rel=1e-3) and (curve >= 0.0).all()


def test_broken_number_of_tanks_has_the_mean_and_the_variance_of_the_chain() -> None:
    times = np.linspace(0.0, 4e6, 100_001)
    for number in (1.3, 2.0, 2.9, 5.5):
        stores = {"dead_zone": NO_ZONE, "tanks": [[[3 * DAY, number]]], "decay": [0.0]}
        curve = curves(CUM, [1.0], shape_box([0.0]), times=times, **stores)[0] * np.exp(0.1)
        mean = np.trapezoid(curve * times, times)
        assert mean == pytest.approx(2e5 + 3 * DAY, rel=3e-4)
        assert np.trapezoid(curve * (times - mean) ** 2, times) == pytest.approx(4e8 + (3 * DAY) ** 2 / number, rel=3e-3)


def test_share_kept_by_tanks() -> None:
    chain, loss = np.array([[3 * DAY, 1.0], [3 * DAY, 3.0], [3 * DAY, 2.999999]]), np.full(3, 1e-6)
    expected = [1 / (1 + 1e-6 * 3 * DAY), (1 + 1e-6 * DAY) ** -3, (1 + 1e-6 * DAY) ** -3]
    assert keep_share(chain, loss) == pytest.approx(expected, rel=1e-6)


def test_lawful_extremes_give_numbers_in_order() -> None:
    rng = np.random.default_rng(5)
    count = 400

    def spread(low: float, high: float, *shape: int) -> np.ndarray:
        return np.exp(rng.uniform(np.log(low), np.log(high), shape or (count,)))

    mean = spread(1e2, 1e8)
    per_mean = spread(1e-12, 10.0)  # variance over mean squared; an inverse Gaussian has 3 b^2 / a as third moment
    cum = np.column_stack([mean, per_mean * mean**2, 3.0 * per_mean**2 * mean**3, -spread(1e-6, 1e5)])
    duration = spread(1.0, 1e8) * (rng.random(count) < 0.8)
    for reservoirs in (0, 2):
        tanks = np.dstack([spread(60.0, 1e8, count, reservoirs), rng.uniform(1.0, 12.0, (count, reservoirs))])
        zones = np.column_stack([spread(1e-3, 1.0) * (rng.random(count) < 0.8), spread(60.0, 1e6)])
        stores: dict[str, Any] = {"dead_zone": zones, "tanks": tanks, "decay": spread(1e-12, 1e-2)}
        found = evaluate_storage(cum, np.full(count, 1e4), shape_box(duration), threshold=1e-6, **stores)
        assert np.isfinite(found).all()
        reached = found[found[:, ARRIVAL] >= 0.0]
        assert len(reached) > 20
        assert (reached[:, ARRIVAL] <= reached[:, PEAK_TIME]).all() and (reached[:, PEAK_TIME] <= reached[:, DEPARTURE]).all()
        assert (reached[:, DURATION] <= (reached[:, DEPARTURE] - reached[:, ARRIVAL]) * (1 + 1e-9)).all()
        assert (found[found[:, ARRIVAL] < 0.0, PEAK] <= 1e-6).all()
        times = np.geomspace(1.0, 1e9, 50)
        drawn = curves(cum, np.full(count, 1e4), shape_box(duration), times=times, **stores)
        assert np.isfinite(drawn).all() and (drawn >= 0.0).all()


def test_arrival_is_later_downstream_and_loss_and_stores_only_take() -> None:
    count = 30
    cum = CUM * np.linspace(0.2, 2.0, count)[:, None]

    def run(dead: float, loss: float, number: float) -> np.ndarray:
        stores = {"dead_zone": np.tile([dead, 6 * HOUR], (count, 1)), "tanks": np.tile([2 * DAY, number], (count, 1, 1))}
        return evaluate_storage(
            cum, np.ones(count), shape_box(np.full(count, HOUR)), decay=np.full(count, loss), threshold=1e-9, **stores
        )

    plain, lossy, stored = run(0.1, 0.0, 1.0), run(0.1, 1e-6, 1.0), run(0.3, 0.0, 1.0)
    for column in (ARRIVAL, ARRIVAL10, PEAK_TIME):
        assert (np.diff(plain[:, column]) > 0).all()
    assert (lossy[:, DOSE] < plain[:, DOSE]).all() and (lossy[:, PEAK] < plain[:, PEAK]).all()
    assert (stored[:, ARRIVAL10] > plain[:, ARRIVAL10]).all() and (stored[:, PEAK] < plain[:, PEAK]).all()
    assert (run(0.1, 0.0, 4.0)[:, ARRIVAL10] > plain[:, ARRIVAL10]).all()


def test_numbers_do_not_depend_on_threads() -> None:
    count = 600
    cum = np.repeat(CUM, count, axis=0) * np.linspace(0.8, 1.2, count)[:, None]
    stores: dict[str, Any] = {
        "dead_zone": np.full((count, 2), 0.1),
        "tanks": np.full((count, 1, 2), 3.0),
        "decay": np.zeros(count),
    }
    one, three = (
        evaluate_storage(cum, np.ones(count), shape_box(np.full(count, HOUR)), threshold=1e-9, threads=n, **stores)
        for n in (1, 3)
    )
    assert np.array_equal(one, three)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"threshold": 0.0}, "not_positive"),
        ({"threshold": float("nan")}, "not_positive"),
        ({"tanks": [[[DAY, 0.5]]]}, "range"),
        ({"tanks": [[[-DAY, 1.0]]]}, "range"),
        ({"dead_zone": [[np.nan, 1.0]]}, "not_finite"),
        ({"decay": [0.0, 0.0]}, "shape_mismatch"),
        ({"release": ReleaseShape(np.array([-1.0]), np.zeros((2, 3)), 0.5, 0.1)}, "range"),
    ],
)
def test_unlawful_stores_are_refused(changed: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        evaluate(**changed)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("times", "rates", "code"),
    [
        ([0.0, 1.0], [1.0], "shape_mismatch"),
        ([0.0, 0.0], [1.0, 1.0], "not_increasing"),
        ([0.0, 1.0], [0.0, 0.0], "not_positive"),
        ([0.0, 1.0], [1.0, -1.0], "range"),
        ([0.0, np.inf], [1.0, 1.0], "not_finite"),
    ],
)
def test_unlawful_hydrographs_are_refused(times: list[float], rates: list[float], code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        shape_hydrograph(times, rates, stretch=[1.0])
    assert refused.value.code == code


def test_reference_keeps_the_mass_and_its_inversion_finds_a_known_wave() -> None:
    times, values = laplace.invert(lambda s: laplace.transfer_tanks([100.0], s), window=3000.0, count=1 << 14)
    assert values[500:9000] == pytest.approx(np.exp(-times[500:9000] / 100.0) / 100.0, abs=2e-5)
    path = make_path()
    times, values = compute_reference(path, PLAIN[0], 20)
    assert np.trapezoid(values, times) == pytest.approx(1e6 / path.discharge[19], rel=1e-6)
