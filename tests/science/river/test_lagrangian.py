"""The second engine against exact solutions, its mass, and the two engines against each other."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from boget.science.errors import Unstable
from boget.science.river.crosscheck import compare_engines, pair_engines, read_passage
from boget.science.river.ensemble import EnsembleResult, run_ensemble
from boget.science.river.fate import Fate
from boget.science.river.lagrangian import Channel, Feed, drift, feed_release, fill_reservoir
from boget.science.river.priors import read_priors
from boget.science.river.release import Release
from tests.science.river.made_paths import KM, make_flow, make_path, make_release, make_target

U, K, Q = 0.8, 30.0, 50.0


def make_channel(loss: float = 0.0) -> Channel:
    ones = np.ones(20)
    return Channel(5 * KM * ones, U * ones, K * ones, Q * ones, loss * ones)


def slug_at(x: float, t: np.ndarray) -> np.ndarray:
    """Mass per second of 1 kg at a place of a uniform river, exact (flux concentration)."""
    return x / np.sqrt(4 * math.pi * K * t**3) * np.exp(-((x - U * t) ** 2) / (4 * K * t))


def test_slug_agrees_with_the_exact_wave() -> None:
    feed = feed_release(Release("instant", 1.0), 120.0)
    for place, passage in zip((20.0, 90.0), drift(make_channel(), feed, np.array([20 * KM, 90 * KM])), strict=True):
        times = np.maximum(passage.times_s, 1.0)
        exact = slug_at(place * KM, times)
        assert np.abs(passage.rate_kg_s - exact).sum() / exact.sum() < 0.004
        assert passage.rate_kg_s.max() == pytest.approx(exact.max(), rel=0.003)


def test_mass_is_kept_and_lost_by_decay_only() -> None:
    feed = feed_release(make_release(mass_kg=7.0), 300.0)
    kept = drift(make_channel(), feed, np.array([60 * KM]))[0]
    assert kept.mass_kg == pytest.approx(7.0, rel=1e-6)
    loss = 5e-6
    lost = drift(make_channel(loss), feed, np.array([60 * KM]))[0]
    assert lost.mass_kg == pytest.approx(7.0 * math.exp((U - math.sqrt(U**2 + 4 * loss * K)) * 60 * KM / (2 * K)), rel=1e-3)


def test_inflow_dilutes_and_does_not_change_the_mass() -> None:
    growing = replace(make_channel(), discharge=np.geomspace(10.0, 500.0, 20))
    feed = feed_release(Release("instant", 1.0), 120.0)
    assert drift(growing, feed, np.array([90 * KM]))[0].mass_kg == pytest.approx(1.0, rel=1e-6)


def test_places_between_two_cells_are_timed() -> None:
    feed = feed_release(Release("instant", 1.0), 600.0)
    ends = np.array([40.0, 40.1, 40.2, 40.3]) * KM
    times = [read_passage(each, Q)[1] for each in drift(make_channel(), feed, ends)]
    assert np.diff(times) == pytest.approx(np.full(3, 100 / U), rel=0.12)


@pytest.mark.parametrize("tanks", [1, 3])
def test_reservoir_delays_by_its_residence(tanks: int) -> None:
    feed = Feed(0.0, 600.0, np.array([1.0]))
    outflow = fill_reservoir(feed, residence_s=86_400.0, tanks=tanks, loss=0.0)
    assert outflow.mass_kg.sum() == pytest.approx(1.0, rel=1e-3)
    mean = np.average(outflow.middles_s, weights=outflow.mass_kg)
    spread = np.average((outflow.middles_s - mean) ** 2, weights=outflow.mass_kg)
    assert mean == pytest.approx(86_400.0 + 300.0, rel=0.01)
    assert spread == pytest.approx(86_400.0**2 / tanks, rel=0.03)
    lossy = fill_reservoir(feed, residence_s=86_400.0, tanks=tanks, loss=1e-5)
    assert lossy.mass_kg.sum() == pytest.approx((1 + 0.864 / tanks) ** -tanks, rel=2e-3)


def test_releases_in_steps() -> None:
    box = feed_release(make_release(mass_kg=10.0, duration_s=3600.0), 1000.0)
    assert box.mass_kg == pytest.approx([10 / 3.6, 10 / 3.6, 10 / 3.6, 0.6 * 10 / 3.6])
    ramp = Release("hydrograph", 10.0, times_s=(500.0, 2500.0), rates_kg_s=(0.0, 0.01))
    assert feed_release(ramp, 1000.0).mass_kg == pytest.approx([2.5, 7.5])


def test_engine_can_be_compiled_ahead() -> None:
    from boget.science.river import lagrangian, lagrangian_kernels

    lagrangian.compile_engine()
    assert lagrangian_kernels._drift.signatures and lagrangian_kernels._fill_tanks.signatures  # type: ignore[attr-defined]


def test_too_many_cells_are_refused() -> None:
    with pytest.raises(Unstable) as caught:
        drift(make_channel(), Feed(0.0, 0.1, np.array([1.0])), np.array([90 * KM]))
    assert caught.value.code == "too_many_cells"


def run(release: Release, lake: tuple[int, int] | None = None, fate: Fate | None = None) -> EnsembleResult:
    path = make_path(lake=lake)
    targets = [make_target(km) for km in (20, 90, 140, 180, 290)]
    return run_ensemble(
        path,
        make_flow(path),
        release,
        fate=fate or Fate(),
        targets=targets,
        prior=read_priors(),
        threshold=1e-6,
        members=100,
    )


RAMP = Release("hydrograph", 3600.0, times_s=(0.0, 3600.0, 7200.0), rates_kg_s=(0.0, 1.0, 0.0))


@pytest.mark.parametrize("release", [make_release(), make_release(kind="instant", duration_s=0.0), RAMP])
@pytest.mark.parametrize("lake", [None, (30, 36)])
def test_engines_agree(release: Release, lake: tuple[int, int] | None) -> None:
    fate = Fate(decay_per_s=1e-6, log10_kd=4.5, suspended_kg_m3=0.05, settling_m_s=5e-6)
    pairs = pair_engines(run(release, lake, fate))
    assert [pair.target.code for pair in pairs] == ["km-20", "km-90", "km-140", "km-180", "km-290"]
    for pair in pairs:
        peak, arrival = pair.differences
        assert abs(peak) < 0.015
        assert abs(arrival) < 0.01


def test_check_names_the_worst_target_and_sees_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    from boget.science.river import crosscheck

    result = run(make_release())
    check = compare_engines(result)
    assert check is not None and check.is_close
    monkeypatch.setattr(crosscheck, "read_passage", lambda passage, flow: (1.05 * read_passage(passage, flow)[0], 1.0))
    faulty = compare_engines(result)
    assert faulty is not None and not faulty.is_close


def test_nothing_to_compare_without_targets() -> None:
    path = make_path()
    result = run_ensemble(
        path, make_flow(path), make_release(), fate=Fate(), targets=[], prior=read_priors(), threshold=1e-6, members=100
    )
    assert compare_engines(result) is None
