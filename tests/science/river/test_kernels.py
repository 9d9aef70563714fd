"""The compiled loops: sums along a path, the wave in closed form, and that nothing depends on threads or chunks."""

from __future__ import annotations

import inspect
import math
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba.core.registry import CPUDispatcher

from boget.science.errors import InvalidInput
from boget.science.river import curve_kernels, inverse_gaussian, kernels, storage_kernels
from boget.science.river.exact import Channel, dead_zone_cumulants, measure_slug
from boget.science.river.kernels import accumulate, evaluate_closed, sample_closed
from boget.science.river.warming import compile_kernels

HOUR, DAY = 3600.0, 86400.0
STRETCHES = 40
ARRIVAL, ARRIVAL10, PEAK, PEAK_TIME, DEPARTURE, DURATION, DOSE = range(7)


def run(members: int = 1, **changed: Any) -> np.ndarray:
    """Cumulants of members on a path of uneven stretches, with two stops."""
    rng = np.random.default_rng(3)
    given_ = {
        "length_m": rng.uniform(500.0, 2500.0, STRETCHES),
        "velocity": rng.uniform(0.4, 1.2, STRETCHES),
        "dispersion": rng.uniform(20.0, 90.0, STRETCHES),
        "depth": rng.uniform(1.0, 3.0, STRETCHES),
        "is_flowing": np.ones(STRETCHES, dtype=bool),
        "group": np.arange(STRETCHES) // 10,
        "stops": [[9, 0.25], [STRETCHES - 1, 1.0]],
        "member_velocity": np.exp(rng.normal(0.0, 0.2, members)),
        "member_dispersion": np.exp(rng.normal(0.0, 0.5, members)),
        "group_velocity": np.exp(rng.normal(0.0, 0.1, (members, 4))),
        "reach_sigma": 0.15,
        "decay": np.full(members, 1e-6),
        "settling": np.full(members, 1e-6),
        "seed": 7,
    } | changed
    return accumulate(given_.pop("length_m"), given_.pop("velocity"), given_.pop("dispersion"), **given_)


def one_channel(channel: Channel, length: float) -> np.ndarray:
    return accumulate(
        [length],
        [channel.velocity],
        [channel.dispersion],
        depth=[1.0],
        is_flowing=[True],
        group=[0],
        stops=[[0, 1.0]],
        member_velocity=[1.0],
        member_dispersion=[1.0],
        group_velocity=[[1.0]],
        reach_sigma=0.0,
        decay=[channel.loss],
        settling=[0.0],
        seed=1,
    )


def test_one_reach_has_the_exact_moments_and_loss() -> None:
    channel = Channel(0.8, 30.0, loss=1e-4)
    found = one_channel(channel, 5e4)[0, 0]
    assert found[:3] == pytest.approx(dead_zone_cumulants(channel, 5e4, share=0.0, exchange=0.0), rel=1e-12)
    assert found[3] == pytest.approx((0.8 - channel.effective_velocity) * 5e4 / 60.0, rel=1e-9)


def test_sums_are_those_of_the_stretches_one_by_one() -> None:
    quiet = {"reach_sigma": 0.0, "member_velocity": [1.0], "member_dispersion": [1.0], "group_velocity": np.ones((1, 4))}
    rng = np.random.default_rng(3)
    length, u, d, h = (rng.uniform(*span, STRETCHES) for span in ((500, 2500), (0.4, 1.2), (20, 90), (1, 3)))
    rows = [
        [*dead_zone_cumulants(Channel(*r[1:3], loss=1e-6 + 1e-6 / r[3]), r[0], share=0.0, exchange=0.0)]
        for r in zip(length, u, d, h, strict=True)
    ]
    parts = np.array(rows)
    found = run(**quiet)[0]
    assert found[1, :3] == pytest.approx(parts.sum(axis=0), rel=1e-12)
    assert found[0, :3] == pytest.approx(parts[:9].sum(axis=0) + 0.25 * parts[9], rel=1e-12)


def test_drowned_stretches_take_no_time() -> None:
    flows = np.arange(STRETCHES) % 4 != 0
    drowned = run(is_flowing=flows, velocity=np.where(flows, 0.5, 0.0), depth=np.where(flows, 2.0, 0.0), reach_sigma=0.0)
    emptied = np.where(flows, np.random.default_rng(3).uniform(500.0, 2500.0, STRETCHES), 0.0)
    assert drowned[0, 1] == pytest.approx(
        run(length_m=emptied, velocity=np.full(STRETCHES, 0.5), depth=np.full(STRETCHES, 2.0), reach_sigma=0.0)[0, 1]
    )


def test_numbers_do_not_depend_on_threads_or_on_how_many_members_there_are() -> None:
    one, three = run(700, threads=1), run(700, threads=3)
    assert np.array_equal(one, three)
    factors = {name: np.full(700, value) for name, value in (("member_velocity", 1.0), ("member_dispersion", 1.0))}
    all_, few = (
        run(700, **factors, group_velocity=np.ones((700, 4))),
        run(
            300,
            **{name: values[:300] for name, values in factors.items()},
            group_velocity=np.ones((300, 4)),
        ),
    )
    assert np.array_equal(all_[:300], few) and len(np.unique(all_[:, 1, 0])) == 700
    strength = np.ones((700, 2))
    closed = [evaluate_closed(one, strength, np.full(700, HOUR), threshold=1e-7, threads=n) for n in (1, 3)]
    assert np.array_equal(*closed)


def test_noise_of_the_stretches_has_its_spread_and_follows_the_seed() -> None:
    members = 2000
    plain = {
        "length_m": [1e3],
        "velocity": [1.0],
        "dispersion": [0.0],
        "depth": [1.0],
        "is_flowing": [True],
        "group": [0],
        "stops": [[0, 1.0]],
    }
    ones = {"member_velocity": np.ones(members), "member_dispersion": np.ones(members), "group_velocity": np.ones((members, 1))}
    logs = np.log(run(members, **plain, **ones, decay=np.zeros(members), settling=np.zeros(members), reach_sigma=0.3)[:, 0, 0])
    assert logs.std() == pytest.approx(0.3, rel=0.05) and logs.mean() == pytest.approx(math.log(1e3), abs=0.02)
    assert not np.array_equal(run(5, seed=1), run(5, seed=2))


@pytest.mark.parametrize("duration", [0.0, 0.2 * HOUR, 2 * HOUR, 30 * HOUR])
def test_wave_in_closed_form_is_that_of_its_own_curve(duration: float) -> None:
    cum = one_channel(Channel(0.8, 30.0), 5e4)
    found = evaluate_closed(cum, [[2.0]], [duration], threshold=1e-6)[0, 0]
    times = np.linspace(0.0, 5e4 / 0.8 * 2 + 1.5 * duration, 400_001)
    curve = sample_closed(cum[:, 0], [2.0], [duration], times=times)[0]
    above, tenth = np.flatnonzero(curve > 1e-6), np.flatnonzero(curve > 0.1 * curve.max())
    expected = [times[above[0]], times[tenth[0]], curve.max(), times[above[-1]], times[above[-1]] - times[above[0]]]
    assert found[[ARRIVAL, ARRIVAL10, PEAK, DEPARTURE, DURATION]] == pytest.approx(expected, rel=1e-4)
    assert curve[np.searchsorted(times, found[PEAK_TIME])] == pytest.approx(found[PEAK], rel=1e-6)
    assert np.trapezoid(curve, times) == pytest.approx(found[DOSE], rel=1e-6)


def test_instant_release_is_the_exact_slug() -> None:
    channel = Channel(0.8, 30.0, area=100.0)
    exact = measure_slug(channel, 1e4, mass=1e3, is_flux=True)
    found = evaluate_closed(one_channel(channel, 1e4), [[1e3 / 80.0]], [0.0], threshold=0.1 * exact.peak)[0, 0]
    expected = [exact.arrival10, exact.arrival10, exact.peak, exact.peak_time]
    assert found[:4] == pytest.approx(expected, rel=1e-9) and found[DURATION] == pytest.approx(exact.duration10, rel=1e-9)


def test_what_is_not_reached_is_minus_one() -> None:
    cum = one_channel(Channel(0.8, 30.0), 1e4)
    weak = evaluate_closed(cum, [[1.0]], [0.0], threshold=1.0)[0, 0]
    assert weak[[ARRIVAL, DEPARTURE, DURATION]] == pytest.approx(-1.0) and weak[ARRIVAL10] > 0 and weak[PEAK] > 0
    nothing = evaluate_closed(cum, [[0.0]], [0.0], threshold=1.0)[0, 0]
    assert nothing.tolist() == [-1.0, -1.0, 0.0, -1.0, -1.0, -1.0, 0.0]


def spans(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(math.log(low), math.log(high)).map(math.exp)


@given(
    length=spans(1.0, 2e6),
    velocity=spans(1e-4, 5.0),
    dispersion=spans(1e-9, 1e4),
    loss=st.one_of(st.just(0.0), spans(1e-12, 0.1)),
    duration=st.one_of(st.just(0.0), spans(1.0, 1e8)),
    threshold=spans(1e-12, 1.0),
)
def test_any_lawful_river_gives_numbers_in_order(
    length: float, velocity: float, dispersion: float, loss: float, duration: float, threshold: float
) -> None:
    cum = one_channel(Channel(velocity, dispersion, loss), length)
    found = evaluate_closed(cum, [[1e4]], [duration], threshold=threshold)[0, 0]
    assert np.isfinite(found).all() and 0.0 <= found[DOSE] <= 1e4
    assert (found[PEAK] > threshold) == (found[ARRIVAL] >= 0.0)
    if found[ARRIVAL] >= 0.0:
        assert found[ARRIVAL] <= found[PEAK_TIME] * (1 + 1e-9) and found[PEAK_TIME] <= found[DEPARTURE] * (1 + 1e-9)


def test_arrival_is_later_downstream_and_earlier_in_faster_water_and_loss_only_takes() -> None:
    stops = [[i, 1.0] for i in range(STRETCHES)]

    def evaluate(**changed: Any) -> np.ndarray:
        return evaluate_closed(run(stops=stops, **changed), np.ones((1, STRETCHES)), [6 * HOUR], threshold=1e-9)[0]

    slow, fast, lossy = evaluate(), evaluate(member_velocity=[1.3]), evaluate(decay=[1e-5])
    for column in (ARRIVAL, ARRIVAL10, PEAK_TIME):
        assert (np.diff(slow[:, column]) > 0).all()
        assert (fast[:, column] <= slow[:, column]).all()
    assert (lossy[:, DOSE] < slow[:, DOSE]).all() and (np.diff(lossy[:, DOSE]) < 0).all()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"velocity": np.full(STRETCHES, 0.0)}, "not_positive"),
        ({"velocity": np.full(STRETCHES, np.nan)}, "not_finite"),
        ({"depth": np.full(STRETCHES, 0.0)}, "not_positive"),
        ({"dispersion": np.full(STRETCHES, -1.0)}, "range"),
        ({"member_velocity": [np.inf]}, "not_finite"),
        ({"decay": [-1.0]}, "range"),
        ({"settling": [0.0, 0.0]}, "shape_mismatch"),
        ({"group": np.full(STRETCHES, 4)}, "range"),
        ({"stops": [[STRETCHES, 0.0]]}, "range"),
        ({"stops": [[5, 0.5], [4, 0.5]]}, "range"),
    ],
)
def test_unlawful_paths_are_refused(changed: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        run(**changed)
    assert refused.value.code == code


@pytest.mark.parametrize("module", [kernels, inverse_gaussian, storage_kernels, curve_kernels])
def test_kernels_call_only_kernels_of_their_own_file(module: ModuleType) -> None:
    """What numba keeps on disk is renewed when that file changes, and not when another one does."""
    own = [value for value in vars(module).values() if isinstance(value, CPUDispatcher) and value.__module__ == module.__name__]
    assert own
    for dispatcher in own:
        called = inspect.getclosurevars(dispatcher.py_func).globals.values()
        foreign = [c for c in called if isinstance(c, CPUDispatcher) and c.__module__ != module.__name__]
        assert foreign == []


def test_warming_compiles_all() -> None:
    compile_kernels()
    for module in (kernels, inverse_gaussian, storage_kernels, curve_kernels):
        loops = [v for v in vars(module).values() if isinstance(v, CPUDispatcher) and v.targetoptions.get("nogil")]
        assert all(loop.signatures for loop in loops if loop.__name__ in LOOPS)


LOOPS = {
    "_accumulate",
    "_evaluate_closed",
    "_sample_closed",
    "_plan_windows",
    "_fill_spectra",
    "_read_curves",
    "_sample_curves",
}
