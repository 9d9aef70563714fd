"""What a reader is told of the members: intervals, probabilities, flags, fan, map, and how it is stored."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from boget.science.errors import InvalidInput, Unstable
from boget.science.river.ensemble import ARRIVAL, ARRIVAL10, PEAK, EnsembleResult, run_ensemble
from boget.science.river.fate import Fate
from boget.science.river.forecast import (
    choose_rows,
    cut_line,
    find_quantiles,
    map_stretches,
    quantile_rows,
    summarise,
)
from boget.science.river.outcome import Caution, EngineCheck, Quantiles, RiverOutcome
from boget.science.river.outcome_form import outcome_from_dict, outcome_to_dict
from boget.science.river.priors import read_priors
from tests.science.river.made_paths import make_flow, make_path, make_release, make_target

TARGETS = [make_target(km) for km in (1, 120, 200, 280)]


@pytest.fixture(scope="module")
def result() -> EnsembleResult:
    path = make_path(lake=(30, 36))
    dry, ice = np.zeros(len(path)), np.zeros(len(path), dtype=np.bool_)
    dry[45], ice[:10] = 0.25, True
    confidence = ("high",) * 30 + ("low",) * 30
    flow = make_flow(path, zero_share=dry, has_ice=ice, confidence=confidence)
    given = {"fate": Fate(), "targets": TARGETS, "prior": read_priors(), "threshold": 1e-3, "members": 1000, "seed": 2}
    return run_ensemble(path, flow, make_release(), **given)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def outcome(result: EnsembleResult) -> RiverOutcome:
    return RiverOutcome(
        summarise(result, limits={"one": 1e-3, "none": 1.0}),
        map_stretches(result),
        EngineCheck("km-1", 0.01, -0.002, True),
        (Caution("reservoir", {"code": "lake"}),),
        {"velocity": "tracer"},
        {"network": "invented"},
        result.members,
        float(result.members),
        result.prior.to_dict(),
    )


def test_intervals_are_the_quantiles_of_the_members(result: EnsembleResult) -> None:
    told = summarise(result)[0]
    assert told.peak.p50 == pytest.approx(float(np.median(result.outcome[:, 0, PEAK])), rel=1e-3)
    for each in summarise(result):
        for interval in (each.arrival10_s, each.peak, each.peak_time_s, each.dose):
            assert interval.p05 is not None and interval.p50 is not None and interval.p95 is not None
            assert interval.p05 <= interval.p50 <= interval.p95


def test_probability_is_the_share_above_the_threshold(result: EnsembleResult) -> None:
    told = summarise(result, limits={"threshold": 1e-3, "half": 5e-4, "more": 1.0})[1]
    assert told.probability == pytest.approx(float((result.outcome[:, 1, ARRIVAL] >= 0).mean()))
    assert told.exceedance["threshold"] == told.probability
    assert told.exceedance["half"] > told.probability
    assert told.exceedance["more"] == 0.0


def test_dry_years_are_told_apart_and_take_nothing_away(result: EnsembleResult) -> None:
    told = summarise(result, limits={"any": 1e-30})
    assert told[2].dry_share == 0.0 and told[3].dry_share == 0.25
    assert told[2].exceedance["any"] == told[3].exceedance["any"] == 1.0
    assert told[3].peak.p50 == pytest.approx(float(np.median(result.outcome[:, 3, PEAK])), rel=1e-2)


def test_flags_and_bank_plume(result: EnsembleResult) -> None:
    near, middle, below, far = summarise(result)
    assert near.flags == ("not_mixed", "ice")
    assert near.factor_before_mixing > 1.0
    assert "low_confidence_flow" not in middle.flags
    assert set(below.flags) == {"behind_reservoir", "low_confidence_flow"}
    assert set(far.flags) == {"behind_reservoir", "low_confidence_flow", "dry_possible"}
    assert far.factor_before_mixing == 1.0


def test_nothing_where_nothing_crosses(result: EnsembleResult) -> None:
    path = result.course.path
    high = run_ensemble(
        path,
        result.course.flow,
        make_release(),
        fate=Fate(),
        targets=TARGETS[:1],
        prior=read_priors(),
        threshold=1e6,
        members=100,
    )
    told = summarise(high)[0]
    assert told.probability == 0.0
    assert told.arrival_s == told.departure_s == told.duration_s == Quantiles(None, None, None)
    assert told.arrival10_s.p50 is not None


def test_quantiles_with_equal_weights_are_those_without() -> None:
    values = np.random.default_rng(1).standard_normal((500, 3))
    plain, weighed = quantile_rows(values, None), quantile_rows(values, np.full(500, 0.3))
    assert plain is not None and weighed is not None
    assert weighed == pytest.approx(plain, rel=1e-12)
    assert find_quantiles(values[:, 0], np.zeros(500)) == Quantiles(None, None, None)


def test_weights_move_the_forecast_and_its_fan(result: EnsembleResult) -> None:
    early = (result.outcome[:, 0, ARRIVAL10] < np.quantile(result.outcome[:, 0, ARRIVAL10], 0.2)).astype(float)
    plain, weighed = summarise(result)[1], summarise(result, early)[1]
    assert weighed.arrival10_s.p50 is not None and plain.arrival10_s.p50 is not None
    assert weighed.arrival10_s.p50 < 0.9 * plain.arrival10_s.p50
    assert weighed.fan.times_s[0] < plain.fan.times_s[-1]
    assert map_stretches(result, early)[5].arrival10_s.p50 < map_stretches(result)[5].arrival10_s.p50  # type: ignore[operator]


@pytest.mark.parametrize("weights", [np.ones(3), np.zeros(1000), np.full(1000, np.nan), -np.ones(1000)])
def test_wrong_weights_are_refused(result: EnsembleResult, weights: np.ndarray) -> None:
    with pytest.raises(InvalidInput):
        summarise(result, weights)


def test_sample_stands_evenly_for_the_weights() -> None:
    assert choose_rows(10, 5, None).tolist() == [1, 3, 5, 7, 9]
    weights = np.zeros(10)
    weights[[2, 7]] = 0.25, 0.75
    assert np.bincount(choose_rows(10, 8, weights), minlength=10)[[2, 7]].tolist() == [2, 6]
    assert len(choose_rows(10, 500, None)) == 10


def test_fan_is_ordered_and_holds_the_peaks(result: EnsembleResult) -> None:
    for told in summarise(result):
        fan = told.fan
        assert 100 < len(fan.times_s) <= 120
        assert all(before < after for before, after in pairwise(fan.times_s))
        assert all(low <= mid <= high for low, mid, high in zip(fan.p05, fan.p50, fan.p95, strict=True))
        assert told.peak.p50 is not None and told.peak.p95 is not None
        assert 0.3 * told.peak.p50 < max(fan.p95) < 1.5 * told.peak.p95


def test_typical_run_has_the_peak_that_the_table_tells(result: EnsembleResult) -> None:
    for told in summarise(result):
        fan, peak, moment = told.fan, max(told.fan.typical), told.peak_time_s
        assert len(fan.typical) == len(fan.times_s)
        assert told.peak.p50 is not None and moment.p05 is not None and moment.p95 is not None
        assert peak == pytest.approx(told.peak.p50, rel=0.3)
        assert moment.p05 < fan.times_s[fan.typical.index(peak)] < moment.p95
    assert [one.fan for one in summarise(result)] == [one.fan for one in summarise(result, threads=1)]


def test_typical_run_follows_the_weights(result: EnsembleResult) -> None:
    early = (result.outcome[:, 0, ARRIVAL10] < np.quantile(result.outcome[:, 0, ARRIVAL10], 0.2)).astype(float)
    plain, weighed = summarise(result)[1], summarise(result, early)[1]
    assert weighed.fan.times_s[int(np.argmax(weighed.fan.typical))] < plain.fan.times_s[int(np.argmax(plain.fan.typical))]
    assert max(weighed.fan.typical) == pytest.approx(weighed.peak.p50, rel=0.3)


def test_pieces_of_the_map_end_at_the_shores_of_a_reservoir(result: EnsembleResult) -> None:
    path = result.course.path
    inside = np.flatnonzero(path.reservoir_index == 0)
    head, dam = path.start_m[inside[0]], path.start_m[inside[-1]] + path.length_m[inside[-1]]
    drowned = [piece for piece in map_stretches(result) if piece.reservoir]
    assert {piece.reservoir for piece in drowned} == {path.reservoirs[0].code}
    assert (drowned[0].from_m, drowned[-1].to_m) == (pytest.approx(head), pytest.approx(dam))


def test_map_follows_the_path(result: EnsembleResult) -> None:
    pieces = map_stretches(result)
    medians = [piece.arrival10_s.p50 for piece in pieces]
    assert all(before < after for before, after in pairwise(medians))  # type: ignore[operator]
    assert pieces[0].from_m == 0.0 and pieces[-1].to_m == pytest.approx(result.course.path.total_m)
    for before, after in pairwise(pieces):
        assert before.vertices[-1] == after.vertices[0]


def test_lines_of_the_map_are_simplified() -> None:
    path = make_path(4)
    bent = path.vertices.copy()
    bent[2, 1] += 0.5
    assert len(cut_line(path, 0.0, path.total_m)) == 2
    assert len(cut_line(replace(path, vertices=bent), 0.0, path.total_m)) == 5


def test_outcome_comes_back_from_json(outcome: RiverOutcome) -> None:
    text = json.dumps(outcome_to_dict(outcome), allow_nan=False)
    assert outcome_from_dict(json.loads(text)) == outcome


def test_a_number_that_is_none_is_not_stored(outcome: RiverOutcome) -> None:
    with pytest.raises(Unstable, match="effective_members"):
        outcome_to_dict(replace(outcome, effective_members=float("nan")))


@pytest.mark.parametrize("change", [{"targets": [{}]}, {"check": {"x": 1}}, {"targets": None}])
def test_what_is_no_outcome_is_refused(outcome: RiverOutcome, change: dict[str, object]) -> None:
    with pytest.raises(InvalidInput) as caught:
        outcome_from_dict({**outcome_to_dict(outcome), **change})
    assert caught.value.code == "outcome_form"
