"""The members of a forecast: draws, dilution, storage, dry beds, and the same bits on every run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from boget.science.river.ensemble import (
    ARRIVAL10,
    DOSE,
    PEAK,
    PEAK_TIME,
    EnsembleResult,
    prepare_course,
    run_ensemble,
    share_dry,
)
from boget.science.river.fate import Fate
from boget.science.river.members import DEAD_ZONE, FICK, JOBSON, chain_normals, draw_members, find_sorbed
from boget.science.river.priors import Prior, read_priors
from tests.science.river.made_paths import KM, make_flow, make_path, make_release, make_target

TARGETS = [make_target(km) for km in (40, 120, 200, 280)]
LAKE = (20, 26)
"""Stretches 20 to 25: km 100 to 130."""


def run(path: Any = None, flow: Any = None, **changes: Any) -> EnsembleResult:
    path = path or make_path()
    given: dict[str, Any] = {"prior": read_priors(), "threshold": 1e-4, "members": 300, "seed": 3, "threads": 1}
    parts = {name: changes.pop(name, default) for name, default in (("release", make_release()), ("fate", Fate()))}
    return run_ensemble(
        path, flow or make_flow(path), **parts, targets=changes.pop("targets", TARGETS), **{**given, **changes}
    )


def known(structure: int) -> Prior:
    """Little is uncertain, and all members have one picture of the wave."""
    weights = [0.0, 0.0, 0.0]
    weights[structure] = 1.0
    return replace(
        read_priors(), velocity_gsd=1.0, reach_sigma=0.0, dispersion_gsd=1.0, structure=tuple(weights), tanks=(3.0, 3.0)
    )  # fmt: skip


@pytest.fixture(scope="module")
def result() -> EnsembleResult:
    path = make_path(lake=LAKE)
    return run(path, fate=Fate(decay_per_s=1e-6, decay_gsd=2.0))


def test_same_seed_gives_the_same_bits_on_any_number_of_threads(result: EnsembleResult) -> None:
    path = make_path(lake=LAKE)
    again = run(path, fate=Fate(decay_per_s=1e-6, decay_gsd=2.0), threads=3)
    assert np.array_equal(result.outcome, again.outcome)
    assert np.array_equal(result.waves.cum, again.waves.cum)


def test_another_seed_gives_other_members(result: EnsembleResult) -> None:
    other = run(make_path(lake=LAKE), fate=Fate(decay_per_s=1e-6, decay_gsd=2.0), seed=4)
    assert not np.isclose(result.outcome[:, 0, PEAK], other.outcome[:, 0, PEAK]).any()


def test_fewer_members_are_the_first_of_more(result: EnsembleResult) -> None:
    fewer = run(make_path(lake=LAKE), fate=Fate(decay_per_s=1e-6, decay_gsd=2.0), members=100)
    assert np.allclose(fewer.outcome, result.outcome[:100], rtol=1e-9)


def test_neighbouring_groups_are_correlated_and_distant_ones_less() -> None:
    chained = chain_normals(np.random.default_rng(1).standard_normal((20_000, 4)), 0.7)
    table = np.corrcoef(chained.T)
    assert table[0, 1] == pytest.approx(0.7, abs=0.02)
    assert table[0, 3] == pytest.approx(0.7**3, abs=0.03)
    assert chained.std(axis=0) == pytest.approx(np.ones(4), abs=0.02)


def test_spread_of_the_members_is_that_of_the_prior() -> None:
    path = make_path()
    prior = read_priors()
    course = prepare_course(path, make_flow(path, sigma_ln=np.full(len(path), 0.3)), prior=prior)
    drawn = draw_members(course, make_release(mass_gsd=2.0), Fate(), prior=prior, members=20_000, seed=1)
    assert np.log(drawn.mass).std() == pytest.approx(np.log(2.0), rel=0.03)
    rest = np.log(drawn.velocity) - course.flow_exponent * course.flow_sigma * drawn.flow_z
    assert rest.std(axis=0) == pytest.approx(np.full(4, np.log(prior.velocity_gsd)), rel=0.03)
    assert np.bincount(drawn.structure) / 20_000 == pytest.approx([1 / 3] * 3, abs=0.02)
    has_zone = drawn.dead_zone[:, 0] > 0
    assert np.array_equal(has_zone, drawn.structure == DEAD_ZONE)


def test_dose_is_the_mass_over_the_discharge() -> None:
    path = make_path()
    flow = make_flow(path, sigma_ln=np.zeros(len(path)))
    found = run(path, flow, release=make_release(mass_gsd=1.0))
    for number, target in enumerate(TARGETS):
        place = path.find_stretch(target.distance_m - 1)
        assert found.outcome[:, number, DOSE] == pytest.approx(4000.0 / flow.discharge_m3s[place], rel=1e-9)


def test_water_lost_on_the_way_takes_its_mass_with_it() -> None:
    path = make_path()
    rising = np.geomspace(10.0, 300.0, len(path))
    falling = np.where(np.arange(len(path)) > 40, 60.0, rising)
    flow = make_flow(path, discharge_m3s=falling, sigma_ln=np.zeros(len(path)))
    found = run(path, flow, release=make_release(mass_gsd=1.0))
    greatest = falling.max()
    assert found.outcome[:, 3, DOSE] == pytest.approx(4000.0 / greatest, rel=1e-9)


def test_each_picture_of_the_wave() -> None:
    """The same members each time: dead zones delay, Jobson's picture has its own spread, plain water takes L / U."""
    path = make_path()
    flow = make_flow(path, sigma_ln=np.zeros(len(path)))
    found = {each: run(path, flow, prior=known(each), members=100) for each in (FICK, DEAD_ZONE, JOBSON)}
    plain = found[FICK]
    stop = int(plain.stops[2])
    factors = plain.waves.members.velocity[0][plain.course.group[:40]]
    whole = (path.length_m / plain.course.hydraulics.velocity_ms)[:40] / factors
    assert plain.waves.cum[0, stop, 0] == pytest.approx(whole.sum(), rel=1e-9)
    delay = found[DEAD_ZONE].outcome[:, 2, PEAK_TIME] / plain.outcome[:, 2, PEAK_TIME]
    assert delay.min() > 1.0 and np.median(delay) > 1.03
    mean, variance = found[JOBSON].waves.cum[:, stop, :2].T
    assert mean == pytest.approx(plain.waves.cum[:, stop, 0], rel=1e-12)
    spread = 465.0 * (mean / 3600.0) ** 0.76 * np.sqrt(found[JOBSON].waves.members.dispersion)
    assert np.sqrt(variance) == pytest.approx(spread, rel=2e-3)


def test_reservoir_holds_the_wave_back_only_below_its_head() -> None:
    open_river, dammed = run(make_path()), run(make_path(lake=LAKE))
    assert np.allclose(open_river.outcome[:, 0], dammed.outcome[:, 0], rtol=1e-9)
    assert (dammed.outcome[:, 2, PEAK] < open_river.outcome[:, 2, PEAK]).mean() > 0.99
    assert np.median(dammed.outcome[:, 2, PEAK_TIME]) > np.median(open_river.outcome[:, 2, PEAK_TIME])


def test_residence_is_active_volume_over_the_discharge_at_the_dam() -> None:
    path = make_path(lake=LAKE)
    flow = make_flow(path, sigma_ln=np.zeros(len(path)))
    prior = replace(read_priors(), active=(1.0, 1.0), volume_gsd={"high": 1.0, "medium": 1.0, "low": 1.0})
    found = run(path, flow, prior=prior)
    assert found.waves.members.tanks[:, 0, 0] == pytest.approx(2e8 / flow.discharge_m3s[LAKE[1] - 1], rel=1e-12)
    assert found.waves.members.tanks[:, 0, 1].min() >= 1.0
    assert found.waves.members.tanks[:, 0, 1].max() <= 10.0


def test_target_within_a_reservoir_lies_between_head_and_dam() -> None:
    targets = [make_target(km) for km in (99, 110, 129.9)]
    found = run(make_path(lake=LAKE), targets=targets)
    arrival = np.median(found.outcome[:, :, ARRIVAL10], axis=0)
    assert arrival[0] < arrival[1] < arrival[2]


def test_loss_is_counted_in_the_river_and_in_the_reservoir() -> None:
    path = make_path(lake=LAKE)
    kept = run(path).outcome[:, :, DOSE]
    lost = run(path, fate=Fate(decay_per_s=2e-6)).outcome[:, :, DOSE]
    share = np.median(lost / kept, axis=0)
    assert (np.diff(share) < 0).all()
    assert 1.0 > share[0] > 0.5
    open_river = run(make_path(), fate=Fate(decay_per_s=2e-6)).outcome[:, 2, DOSE] / kept[:, 2]
    assert share[2] < 0.6 * np.median(open_river)  # some weeks at 2e-6 1/s


def test_sorbed_metals_settle_and_what_was_released_on_particles_stays_on_them() -> None:
    fate = Fate(log10_kd=5.0, suspended_kg_m3=0.05)
    by_water = find_sorbed(fate, None, np.array([5.0]))[0]
    assert by_water == pytest.approx(5.0 / 6.0)  # Kd SS = 1e5 L/kg x 5e-5 kg/L = 5
    assert find_sorbed(fate, 0.4, np.array([5.0]))[0] == pytest.approx(0.4 + 0.6 * by_water)
    assert find_sorbed(Fate(), 0.3, np.array([0.0]))[0] == pytest.approx(0.3)
    metal = Fate(log10_kd=5.0, suspended_kg_m3=0.05, settling_m_s=7e-6)
    assert (run(fate=metal).outcome[:, 3, DOSE] < run().outcome[:, 3, DOSE]).all()


def test_a_dry_bed_is_told_only_below_it_and_takes_no_member() -> None:
    path = make_path()
    dry = np.zeros(len(path))
    dry[30] = 0.4  # km 150 to 155
    found = run(path, make_flow(path, zero_share=dry))
    assert share_dry(found.course, np.array([149e3, 150e3, 151e3, 280e3])).tolist() == [0.0, 0.0, 0.4, 0.4]
    assert np.array_equal(found.outcome, run(path).outcome)


def test_hydrograph_of_a_box_is_the_box() -> None:
    box = run(release=make_release(mass_gsd=1.0, duration_s=36_000.0))
    drawn = make_release(kind="hydrograph", mass_gsd=1.0, duration_s=0.0, times_s=(0.0, 36_000.0), rates_kg_s=(1 / 9, 1 / 9))
    found = run(release=drawn)
    assert found.outcome[:, 2, PEAK] == pytest.approx(box.outcome[:, 2, PEAK], rel=5e-3)
    assert found.outcome[:, 2, ARRIVAL10] == pytest.approx(box.outcome[:, 2, ARRIVAL10], rel=5e-3)


def test_progress_grows_to_one() -> None:
    shares: list[float] = []
    run(on_progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_formula_of_the_velocity_can_be_chosen() -> None:
    slow = run(velocity="power").outcome[:, 0, ARRIVAL10]
    assert not np.allclose(slow, run().outcome[:, 0, ARRIVAL10], rtol=0.01)


def test_pieces_of_the_map_end_with_the_path() -> None:
    path = make_path(200, length_m=2 * KM)
    found = run(path, make_flow(path), members=100)
    ends = found.waves.distance_m[found.map_stops]
    assert len(ends) <= 81
    assert ends[-1] == pytest.approx(path.total_m)
