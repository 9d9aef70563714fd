"""What holds for any river: mass never grows, the wave comes later downstream, more flow is never later, no number is NaN."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boget.science.river.crosscheck import compare_engines
from boget.science.river.ensemble import ARRIVAL10, DOSE, PEAK, PEAK_TIME, EnsembleResult, run_ensemble
from boget.science.river.fate import Fate
from boget.science.river.flow_state import FlowState
from boget.science.river.forecast import map_stretches, summarise
from boget.science.river.outcome import RiverOutcome
from boget.science.river.outcome_form import outcome_to_dict
from boget.science.river.path import RiverPath
from boget.science.river.priors import read_priors
from boget.science.river.release import Release
from tests.science.river.made_paths import make_flow, make_path, make_reservoir, make_target

STRETCHES = 12
NUMERIC = 0.02
"""Of an arrival behind a lake of a year: steps of the transform."""
A_MINUTE = 60.0
"""Close to the release the first tenth comes within seconds."""
few = settings(max_examples=12, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def rivers(draw: Any) -> tuple[RiverPath, FlowState, Release, Fate]:
    """A path of up to 480 km, from a brook to a great river, with or without a reservoir, ice, dry years and losses."""
    lake = draw(st.sampled_from([None, (0, 2), (4, 8), (10, 12)]))
    path = make_path(STRETCHES, length_m=draw(st.floats(500.0, 40_000.0)), lake=lake)
    slope = draw(st.sampled_from([np.nan, 0.0, 1e-4, 0.02]))
    path = replace(path, slope=np.where(np.arange(STRETCHES) % 3 == 0, slope, path.slope))
    first = draw(st.floats(0.01, 300.0))
    flow = make_flow(
        path,
        first=first,
        last=first * draw(st.floats(0.2, 300.0)),
        sigma_ln=np.full(STRETCHES, draw(st.floats(0.0, 1.5))),
        zero_share=np.full(STRETCHES, draw(st.sampled_from([0.0, 0.3, 1.0]))),
        has_ice=np.full(STRETCHES, draw(st.booleans())),
    )
    if lake:
        days = draw(st.floats(0.1, 700.0))
        volume = 86_400.0 * days * float(flow.discharge_m3s[lake[1] - 1])
        path = replace(path, reservoirs=(make_reservoir(volume_m3=volume),))
    kind = draw(st.sampled_from(["instant", "box", "hydrograph"]))
    duration = draw(st.floats(60.0, 3e6))
    rates = (0.0, 2.0 / duration, 0.0)
    release = {
        "instant": Release("instant", 1.0, 2.0),
        "box": Release("box", 1.0, 2.0, duration),
        "hydrograph": Release("hydrograph", 1.0, 2.0, 0.0, (0.0, duration / 2, duration), rates),
    }[kind]
    fate = draw(
        st.sampled_from(
            [
                Fate(),
                Fate(1e-5, 2.0),
                Fate(log10_kd=5.0, log10_kd_sigma=0.8, suspended_kg_m3=0.2, settling_m_s=1e-5, settling_gsd=3.0),
            ]
        )
    )
    return path, flow, release, fate


def run(river: tuple[RiverPath, FlowState, Release, Fate], **changes: Any) -> EnsembleResult:
    path, flow, release, fate = river
    targets = [make_target(share * path.total_m / 1000.0, f"t{share}") for share in (0.1, 0.35, 0.6, 0.8, 1.0)]
    given_: dict[str, Any] = {"prior": read_priors(), "threshold": 1e-4, "members": 100, "threads": 1}
    return run_ensemble(path, flow, release, fate=fate, targets=targets, **{**given_, **changes})


def columns_of(release: Release) -> tuple[int, ...]:
    """A long release has a level top: its peak may lie anywhere on it."""
    return (ARRIVAL10, PEAK_TIME) if release.kind == "instant" else (ARRIVAL10,)


@few
@given(rivers())
def test_mass_never_grows(river: tuple[RiverPath, FlowState, Release, Fate]) -> None:
    result = run(river)
    left = result.waves.cum[:, :, 3]
    assert left.max() <= 0
    assert np.diff(left, axis=1).max() <= 0
    passed = result.outcome[:, :, DOSE] / result.waves.strength[:, result.stops]
    assert passed.max() <= 1 + 1e-9
    assert np.diff(passed, axis=1).max() <= 1e-9


@few
@given(rivers())
def test_wave_comes_later_downstream(river: tuple[RiverPath, FlowState, Release, Fate]) -> None:
    result = run(river)
    for column in columns_of(river[2]):
        before, after = result.outcome[:, :-1, column], result.outcome[:, 1:, column]
        comes = after >= 0
        assert (after[comes] >= before[comes] * (1 - NUMERIC) - A_MINUTE).all()


@few
@given(rivers(), st.floats(1.1, 5.0))
def test_more_flow_is_never_later(river: tuple[RiverPath, FlowState, Release, Fate], factor: float) -> None:
    path, flow, release, _ = river
    fate = Fate()  # where nearly all is lost, slow water brings only its fastest part
    richer = replace(flow, discharge_m3s=factor * flow.discharge_m3s)
    slow, fast = run((path, flow, release, fate)), run((path, richer, release, fate))
    for column in columns_of(release):
        before, after = (np.median(each.outcome[:, :, column], axis=0) for each in (slow, fast))
        assert (after <= before * (1 + 2e-3) + A_MINUTE).all()


@few
@given(rivers())
def test_no_number_of_an_outcome_is_none(river: tuple[RiverPath, FlowState, Release, Fate]) -> None:
    result = run(river)
    assert np.isfinite(result.outcome).all()
    assert (result.outcome[:, :, PEAK] >= 0).all()
    forecasts = summarise(result, limits={"limit": 1e-5})
    outcome = RiverOutcome(forecasts, map_stretches(result), compare_engines(result), (), {}, {}, 100, 100.0, {})
    json.dumps(outcome_to_dict(outcome), allow_nan=False)
    for told in forecasts:
        assert 0.0 <= told.probability <= 1.0
        assert told.factor_before_mixing >= 1.0
        assert ("dry_possible" in told.flags) == (told.dry_share > 0)
