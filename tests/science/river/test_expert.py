"""Errors in the dangerous direction that an expert found: a release without its water, dry beds, plumes below confluences."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest

from boget.science.errors import InvalidInput
from boget.science.river.assimilation import Weights
from boget.science.river.bank_plumes import find_mixing_factor
from boget.science.river.coefficients import load_coefficients
from boget.science.river.crosscheck import compare_engines
from boget.science.river.ensemble import ARRIVAL, ARRIVAL10, DOSE, PEAK, EnsembleResult, prepare_course, run_ensemble
from boget.science.river.fate import Fate
from boget.science.river.flow_state import FlowState
from boget.science.river.forecast import map_stretches, summarise
from boget.science.river.outcome import Caution
from boget.science.river.path import RiverPath
from boget.science.river.priors import read_priors
from boget.science.river.release import Release
from boget.science.river.release_rules import check_release
from boget.science.river.release_water import add_water, measure_reach
from boget.science.scenario.cautions import list_cautions
from boget.science.scenario.river_scenario import RiverScenario
from tests.science.river.made_paths import KM, make_flow, make_path, make_release, make_reservoir, make_target

GULLY = (0.05, 0.05, 0.05, 0.05)
"""Discharge of the first stretches, m3/s: what a release of some thousand m3 a day is the greater part of."""
HOURS = 6 * 3600.0


def make_gully(**changes: Any) -> tuple[RiverPath, FlowState]:
    """20 km of a gully, then a river of 20 m3/s; 100 km."""
    path = make_path(20)
    flow = np.array([*GULLY, *([20.0] * 16)])
    return path, make_flow(path, discharge_m3s=flow, **{"sigma_ln": np.zeros(20), **changes})


def spill(volume_m3: float | None, **changes: Any) -> Release:
    """400 kg in 6 h: 20 mg/L in 20,000 m3."""
    return Release(**{"kind": "box", "mass_kg": 400.0, "duration_s": HOURS, "volume_m3": volume_m3, **changes})


def send(release: Release, river: tuple[RiverPath, FlowState], *, at: tuple[float, ...] = (5, 15, 40), **more: Any) -> EnsembleResult:
    given: dict[str, Any] = {"prior": read_priors(), "threshold": 1e-6, "members": 200, "seed": 5, "threads": 1, **more}
    return run_ensemble(*river, release, fate=Fate(), targets=[make_target(km) for km in at], **given)


def warn(result: EnsembleResult) -> dict[str, Caution]:
    found = list_cautions(result, (), check=None, weights=Weights(np.ones(1), 1.0, 1.0))
    return {caution.code: caution for caution in found}


# ---- the water of the release


def test_no_water_is_stronger_than_the_source() -> None:
    alone, together = send(spill(None), make_gully()), send(spill(20_000.0), make_gully())
    assert np.median(alone.outcome[:, 0, PEAK]) > 0.1, "without its water the release is five times what it was: the error"
    assert together.outcome[:, :, PEAK].max() <= 0.02
    assert np.median(together.outcome[:, 0, PEAK]) == pytest.approx(0.02 * 0.926 / 0.976, rel=0.01)


def test_the_water_of_a_release_brings_it_sooner() -> None:
    alone, together = send(spill(None), make_gully()), send(spill(20_000.0), make_gully())
    assert np.median(together.outcome[:, 1, ARRIVAL10]) < 0.5 * np.median(alone.outcome[:, 1, ARRIVAL10])


def test_water_is_added_down_to_a_river_that_hardly_feels_it_or_to_a_lake() -> None:
    path, flow = make_gully()
    release = spill(20_000.0)
    grown = add_water(path, flow, release)
    assert grown.discharge_m3s == pytest.approx(flow.discharge_m3s + np.array([20_000.0 / HOURS] * 4 + [0.0] * 16))
    assert measure_reach(path, flow, release) == 20 * KM
    lake = make_path(20, lake=(2, 4))
    assert measure_reach(lake, flow, release) == 10 * KM
    assert measure_reach(path, flow, spill(None)) == measure_reach(path, flow, spill(20.0)) == 0.0
    assert measure_reach(path, flow, Release("instant", 1.0, volume_m3=1e4)) == 0.0
    assert measure_reach(path, flow, spill(1e7)) == path.total_m


def test_only_the_river_of_the_sum_is_uncertain() -> None:
    path, flow = make_gully(sigma_ln=np.full(20, 0.8))
    grown = add_water(path, flow, spill(20_000.0))
    assert grown.sigma_ln[0] == pytest.approx(0.8 * 0.05 / (0.05 + 20_000.0 / HOURS)) and grown.sigma_ln[-1] == 0.8


def test_far_below_nothing_changes() -> None:
    alone, together = send(spill(None), make_gully()), send(spill(20_000.0), make_gully())
    assert together.outcome[:, 2, DOSE] == pytest.approx(alone.outcome[:, 2, DOSE])


def test_an_instant_release_never_holds_more_than_its_source() -> None:
    at_once = {"kind": "instant", "duration_s": 0.0}
    alone, capped = send(spill(None, **at_once), make_gully()), send(spill(20_000.0, **at_once), make_gully(), threshold=0.03)
    assert (alone.outcome[:, 0, PEAK] > 0.02).all()
    assert capped.outcome[:, :, PEAK].max() == pytest.approx(0.02)
    assert (capped.outcome[:, 0, ARRIVAL] == -1).all(), "30 mg/L are nowhere where 20 mg/L were let out"
    assert (capped.outcome[:, 0, ARRIVAL10] < alone.outcome[:, 0, ARRIVAL10]).all(), "a tenth of 20 mg/L comes before one of more"
    assert max(summarise(capped)[0].fan.p95) <= 0.02
    assert summarise(capped)[0].probability == 0.0


def test_both_engines_have_the_water_of_the_release() -> None:
    check = compare_engines(send(spill(20_000.0), make_gully(), at=(40, 90)))
    assert check is not None and check.is_close


def test_cautions_of_the_water() -> None:
    counted, unknown = warn(send(spill(20_000.0), make_gully())), warn(send(spill(None), make_gully()))
    assert counted["release_dominates"].values == {"to_m": 20 * KM} and "release_water_unknown" not in counted
    assert unknown["release_water_unknown"].values == {"discharge_m3s": 0.05} and "release_dominates" not in unknown
    at_once = warn(send(spill(20_000.0, kind="instant", duration_s=0.0), make_gully()))
    assert "release_water_unknown" in at_once, "how fast the water comes is not known"
    path = make_path(20)
    assert not {"release_dominates", "release_water_unknown"} & set(warn(send(spill(None), (path, make_flow(path)))))


def test_scenarios_stored_without_a_volume_are_read() -> None:
    scenario = RiverScenario(spill(20_000.0), 1e-3, point=(80.0, 50.0), substance="Zn")
    stored = scenario.to_dict()
    assert RiverScenario.from_dict(stored) == scenario
    del stored["release"]["volume_m3"]
    assert RiverScenario.from_dict(stored).release == spill(None)
    assert asdict(spill(None))["volume_m3"] is None


@pytest.mark.parametrize("volume", [0.0, -1.0, float("nan"), float("inf")])
def test_a_volume_that_is_none_is_refused(volume: float) -> None:
    with pytest.raises(InvalidInput):
        check_release(spill(volume))


# ---- a bed that is dry in some years


def test_a_dry_bed_is_no_safety() -> None:
    path = make_path()
    result = send(make_release(), (path, make_flow(path)), at=(40, 200))
    dry = send(make_release(), (path, make_flow(path, zero_share=np.full(len(path), 0.95))), at=(40, 200))
    for wet, told in zip(summarise(result, limits={"any": 1e-9}), summarise(dry, limits={"any": 1e-9}), strict=True):
        assert told.probability == wet.probability and told.exceedance == wet.exceedance == {"any": 1.0}
        assert (told.peak, told.arrival_s, told.fan) == (wet.peak, wet.arrival_s, wet.fan)
        assert told.dry_share == 0.95 and "dry_possible" in told.flags and "dry_possible" not in wet.flags
    assert [piece.arrival10_s for piece in map_stretches(dry)] == [piece.arrival10_s for piece in map_stretches(result)]
    assert warn(dry)["dry_possible"].values == {"years": 0.95}


# ---- plumes below confluences


def make_joined(lake: tuple[int, int] | None = None) -> tuple[RiverPath, FlowState]:
    """A tributary of 2 m3/s, mixed long before it joins a river of 200 m3/s at km 50."""
    path = make_path(40, lake=lake)
    return path, make_flow(path, discharge_m3s=np.array([2.0] * 10 + [200.0] * 30))


def test_mixing_begins_anew_below_a_larger_river() -> None:
    course = prepare_course(*make_joined(), prior=read_priors())
    length = course.hydraulics.mixing_m[10:]
    assert find_mixing_factor(course, 49 * KM) == 1.0
    assert find_mixing_factor(course, 50.001 * KM) == pytest.approx(100.0), "at most what the tributary itself holds"
    share = 1 / length[0] * 5 * KM + 1 / length[1] * 5 * KM
    assert find_mixing_factor(course, 60 * KM) == pytest.approx(1 / np.sqrt(0.4 * np.pi * share))
    assert find_mixing_factor(course, 200 * KM) == 1.0
    near = summarise(send(make_release(), make_joined(), at=(55,)))[0]
    assert near.factor_before_mixing > 1.5 and "not_mixed" in near.flags


def test_a_small_tributary_restarts_nothing_and_a_reservoir_mixes() -> None:
    path, flow = make_joined()
    same = prepare_course(path, replace(flow, discharge_m3s=np.array([160.0] * 10 + [200.0] * 30)), prior=read_priors())
    alone = prepare_course(path, replace(flow, discharge_m3s=np.full(40, 200.0)), prior=read_priors())
    assert find_mixing_factor(same, 60 * KM) == pytest.approx(find_mixing_factor(alone, 60 * KM), rel=0.2)
    for lake in ((8, 10), (10, 12)):
        dammed = prepare_course(*make_joined(lake), prior=read_priors())
        assert find_mixing_factor(dammed, 65 * KM) == 1.0, lake
    below = prepare_course(*make_joined((4, 6)), prior=read_priors())
    assert find_mixing_factor(below, 55 * KM) > 1.5 and find_mixing_factor(below, 45 * KM) == 1.0


def test_the_longest_plume_below_a_confluence_is_told() -> None:
    found = warn(send(make_release(), make_joined()))
    course = prepare_course(*make_joined(), prior=read_priors())
    length = float(found["not_mixed_below"].values["length_m"])
    assert find_mixing_factor(course, 50 * KM + 0.7 * length) > 1.0
    assert find_mixing_factor(course, 50 * KM + 1.01 * length) == 1.0
    assert float(found["not_mixed"].values["length_m"]) < 5 * KM


# ---- Jobson's equation, and dams in spring


def test_jobson_gets_the_mean_of_the_year() -> None:
    path = make_path()
    low = make_flow(path)
    known = replace(low, mean_m3s=3.0 * low.discharge_m3s)
    for_season, for_year = (prepare_course(path, flow, prior=read_priors(), velocity="jobson") for flow in (low, known))
    base = load_coefficients("jobson").number("no_slope.base")
    ratio = (for_year.hydraulics.velocity_ms - base) / (for_season.hydraulics.velocity_ms - base)
    assert ratio == pytest.approx(np.full(len(path), 3.0 ** (0.465 - 0.821)))  # equation 14 at one discharge, three times the mean
    assert not np.allclose(for_year.hydraulics.exponent, for_season.hydraulics.exponent)


@pytest.mark.parametrize(("season", "is_told"), [("04", True), ("05", True), ("high", True), ("06", False), ("mean", False)])
def test_spring_release_is_to_be_typed_in(season: str, is_told: bool) -> None:
    path = replace(make_path(20, lake=(4, 8)), reservoirs=(make_reservoir("shulbinsk"),))
    flow = make_flow(path, season=season)
    assert ("spring_release" in warn(send(make_release(), (path, flow)))) is is_told
    told = replace(flow, basis=("announced",) * 20)
    assert "spring_release" not in warn(send(make_release(), (path, told)))
    other = replace(path, reservoirs=(make_reservoir("bukhtarma"),))
    assert "spring_release" not in warn(send(make_release(), (other, flow)))
