"""The screening on ways with known travel times, its classes, its rank."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from boget.science.errors import InvalidInput, MissingData
from boget.science.river import ranking
from boget.science.river.borders import BorderMeeting
from boget.science.river.flow_state import FlowState
from boget.science.river.path import RiverPath
from boget.science.river.priors import read_priors
from boget.science.river.reservoirs import Reservoir
from boget.science.river.screening import READINGS, ScreeningRow, grade_share, screen
from boget.science.river.spread import Spread, read_spread
from boget.science.river.travel_times import lead_of_tanks, pass_to_outlet, pass_to_stop
from boget.science.river.velocity import tracer

EXACT = Spread(velocity_sigma=0.0, correlation=1.0, group_m=50e3, tanks=(1.0, 1.0), active=(1.0, 1.0))
SURE = replace(EXACT, velocity_sigma=0.3)
HOUR = 3600.0
DISCHARGE = 100.0
SPEED = float(tracer.velocity([DISCHARGE], [math.nan])[0])
LAKE = Reservoir("lake", {}, "", 70.0, 50.0, 5e6 * HOUR / 3600.0, None, None, None, "high", "test")


@pytest.fixture(autouse=True)
def _known_formula(monkeypatch: pytest.MonkeyPatch) -> None:
    """The velocity as the formula gives it, without its own error: times are known."""
    monkeypatch.setattr(tracer, "sigma_ln", lambda slope: np.zeros(len(slope)))


def make_meeting(at_m: float, before: str = "KZ", after: str = "RU", *, run_m: float = 0.0) -> BorderMeeting:
    return BorderMeeting(before, after, at_m, (70.0, 50.0), at_m + run_m, (70.0, 50.0))


def make_path(length_m: float, borders: tuple[BorderMeeting, ...] = (), **changes: Any) -> RiverPath:
    """Ten stretches of one length with unknown slope, so that the velocity follows from the discharge alone."""
    count = 10
    lengths = np.full(count, length_m / count)
    path = RiverPath(
        reach_ids=np.arange(1, count + 1),
        length_m=lengths,
        start_m=np.concatenate([[0.0], np.cumsum(lengths)[:-1]]),
        sinuosity=np.ones(count),
        upland_km2=np.full(count, 1000.0),
        slope=np.full(count, math.nan),
        reservoir_index=np.full(count, -1),
        countries=("KZ",) * count,
        rivers=({},) * count,
        reservoirs=(),
        borders=borders,
        vertices=np.array([[70.0, 50.0], [71.0, 50.0]]),
        vertex_m=np.array([0.0, length_m]),
        end="hollow",
        cautions=(),
        network_version="test",
    )
    return replace(path, **changes)


def make_flow(discharge: float = DISCHARGE, *, sigma: float = 0.0, season: str = "mean", count: int = 10) -> FlowState:
    return FlowState(
        discharge_m3s=np.full(count, discharge),
        sigma_ln=np.full(count, sigma),
        zero_share=np.zeros(count),
        has_ice=np.zeros(count, dtype=bool),
        basis=("gauge",) * count,
        confidence=("high",) * count,
        season=season,
        sources=(),
    )


def screen_paths(
    paths: dict[str, RiverPath | None],
    *,
    prior: Spread = EXACT,
    mean: float = DISCHARGE,
    high: float = 300.0,
    members: int = 400,
) -> tuple[ScreeningRow, ...]:
    flows = {key: {"mean": make_flow(mean), "high": make_flow(high, season="high")} for key in paths}
    return screen(paths, flows, prior=prior, members=members)


# ---- travel times and classes


def test_known_travel_times_give_every_class_right() -> None:
    hours = [1, 12, 24, 47, 47.9, 48.1, 49, 100, 1000]
    paths = {str(h): make_path(h * HOUR * SPEED, (make_meeting(h * HOUR * SPEED),)) for h in hours}
    for row in screen_paths(paths):
        wanted = float(row.facility) * HOUR
        assert row.readings["mean"].time_s.p50 == pytest.approx(wanted, rel=1e-9)
        assert row.readings["mean"].grade == ("yes" if wanted < 48 * HOUR else "no")
        assert row.readings["edge"].time_s.p50 == pytest.approx(0.89 * wanted, rel=1e-9)


def test_the_probability_is_that_of_the_log_normal_time() -> None:
    """With one factor for the whole way P(T < 48 h) is known: Φ(ln(48 h / T) / σ)."""
    hours = [20, 30, 40, 48, 60, 80, 120]
    paths = {str(h): make_path(h * HOUR * SPEED, (make_meeting(h * HOUR * SPEED),)) for h in hours}
    rows = screen_paths(paths, prior=SURE, members=20_000)
    for row in rows:
        exact = 0.5 * math.erfc(-math.log(48 / float(row.facility)) / 0.3 / math.sqrt(2))
        assert row.readings["mean"].p48 == pytest.approx(exact, abs=0.012)
        assert row.readings["mean"].grade == grade_share(exact)
    spreads = [row.readings["mean"].time_s for row in rows]
    assert all(q.p05 < q.p50 < q.p95 for q in spreads if q.p05 and q.p50 and q.p95)


def test_more_water_is_never_later_and_never_less_probable() -> None:
    path = {"a": make_path(60 * HOUR * SPEED, (make_meeting(50 * HOUR * SPEED),))}
    spread = replace(SURE, correlation=0.5, tanks=(1.0, 10.0), active=(0.3, 1.0))
    rows = [screen_paths(path, prior=spread, mean=q, high=q)[0] for q in (5.0, 20.0, 100.0, 400.0, 2000.0)]
    for code in READINGS:
        times = [row.readings[code].time_s.p50 or 0.0 for row in rows]
        shares = [row.readings[code].p48 for row in rows]
        assert times == sorted(times, reverse=True)
        assert shares == sorted(shares)


def test_a_reservoir_keeps_the_water_for_its_residence() -> None:
    inside = np.array([-1, -1, -1, 0, 0, -1, -1, -1, -1, -1])
    length = 10 * HOUR * SPEED
    path = make_path(
        length, (make_meeting(length),), reservoir_index=inside, reservoirs=(replace(LAKE, volume_m3=DISCHARGE * 30 * HOUR),)
    )
    row = screen_paths({"a": path})[0]
    assert row.readings["mean"].time_s.p50 == pytest.approx(8 * HOUR + 30 * HOUR)
    assert row.readings["edge"].time_s.p50 == pytest.approx(0.89 * 8 * HOUR)  # one mixed tank answers at once
    assert row.reservoirs == ("lake",)
    assert row.pool_s == pytest.approx(30 * HOUR)


def test_a_way_that_enters_a_reservoir_below_its_head_takes_only_a_part() -> None:
    inside = np.array([0] * 5 + [-1] * 5)
    length = 10_000.0
    lake = replace(LAKE, volume_m3=DISCHARGE * 30 * HOUR, length_m=10_000.0)
    path = make_path(length, (make_meeting(length),), reservoir_index=inside, reservoirs=(lake,))
    time = screen_paths({"a": path})[0].readings["mean"].time_s.p50
    assert time == pytest.approx(15 * HOUR + 5_000 / SPEED)


def test_the_border_inside_a_reservoir_is_said() -> None:
    inside = np.full(10, 0)
    path = make_path(10_000.0, (make_meeting(5_000.0),), reservoir_index=inside, reservoirs=(LAKE,))
    assert "border_in_reservoir" in screen_paths({"a": path})[0].cautions


def test_every_meeting_with_a_border_has_a_row() -> None:
    borders = (
        make_meeting(10e3),
        make_meeting(20e3, "RU", "RU", run_m=9e3),
        make_meeting(40e3, "RU", "RU", run_m=100.0),
        make_meeting(60e3, "RU", "KZ"),
        make_meeting(80e3, "KZ", "RU"),
    )
    rows = screen_paths({"a": make_path(100e3, borders)})
    assert [row.kind for row in rows] == ["exit", "along", "touch", "reentry", "exit"]
    assert [row.code for row in rows] == ["KZ-RU-1", "RU-RU-2", "RU-RU-3", "RU-KZ-4", "KZ-RU-5"]
    times = [row.readings["mean"].time_s.p50 or 0.0 for row in rows]
    assert times == sorted(times)


def test_a_transit_between_two_other_countries_is_an_entry() -> None:
    borders = (make_meeting(10e3, "KG", "UZ"), make_meeting(20e3, "UZ", "KZ"))
    assert [row.kind for row in screen_paths({"a": make_path(30e3, borders, countries=("KG",) * 10)})] == ["exit", "entry"]


def test_closed_basins_and_missing_watercourses_are_answers() -> None:
    rows = screen_paths({"far": make_path(900e3, (make_meeting(900e3),)), "lake": make_path(50e3), "dry": None})
    assert [(row.facility, row.kind) for row in rows] == [("far", "exit"), ("lake", "end"), ("dry", "none")]
    assert rows[0].readings["mean"].grade == "no"  # listed all the same
    assert rows[1].end == "hollow" and rows[1].readings["mean"].time_s.p50 == pytest.approx(50e3 / SPEED)
    assert rows[2].readings == {}


def test_the_same_seed_gives_the_same_numbers_whatever_else_is_screened() -> None:
    one = {"a": make_path(300e3, (make_meeting(250e3),))}
    two = {"b": make_path(99e3, (make_meeting(80e3),)), **one}
    alone, together = screen_paths(one, prior=SURE)[0], screen_paths(two, prior=SURE)[1]
    assert alone == together


def test_bad_inputs_are_refused() -> None:
    path = make_path(100e3, (make_meeting(50e3),))
    with pytest.raises(MissingData, match="no_flow"):
        screen({"a": path}, {"a": {"mean": make_flow()}}, prior=EXACT)
    for wrong in (0.0, -1.0, math.nan):
        with pytest.raises(InvalidInput, match="not_positive"):
            screen_paths({"a": path}, mean=wrong)
    with pytest.raises(InvalidInput, match="unknown_choice"):
        screen({"a": path}, {"a": {"mean": make_flow(), "high": make_flow()}}, prior="guess")  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="range"):
        read_spread(replace(EXACT, correlation=1.5))


def test_the_spread_of_the_forecast_is_taken_over() -> None:
    spread = read_spread(read_priors())
    assert spread.velocity_sigma == pytest.approx(math.log(read_priors().velocity_gsd))
    assert spread.tanks == read_priors().tanks


# ---- the pass over a network


def test_the_pass_adds_times_from_the_ends_upwards() -> None:
    following = np.array([2, 2, 4, 4, -1, -1])
    own = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0])
    assert pass_to_outlet(following, own).tolist() == [21.0, 22.0, 20.0, 24.0, 16.0, 32.0]
    stops = np.array([-1.0, -1.0, 3.0, -1.0, -1.0, -1.0])
    assert pass_to_stop(following, own, stops).tolist() == [4.0, 5.0, 3.0, -1.0, -1.0, -1.0]


@pytest.mark.parametrize("wrong", [math.nan, -1.0, math.inf])
def test_the_pass_refuses_times_that_are_none(wrong: float) -> None:
    with pytest.raises(InvalidInput, match="range"):
        pass_to_outlet(np.array([1, -1]), np.array([1.0, wrong]))


def test_the_edge_leaves_more_tanks_later() -> None:
    parts = lead_of_tanks(np.array([1.0, 1.5, 2.0, 4.0, 10.0, 100.0]))
    assert (np.diff(parts) > 0).all() and parts[0] == 0.0 and parts[-1] < 1.0
    tenth = parts[2] * 2  # two tanks: t exp(-2t), peak at t = 1/2
    assert tenth * math.exp(1 - tenth) == pytest.approx(0.1, rel=1e-6)


# ---- rank

GIVEN = ranking.RankInput(volume_m3=5e6, hazard_class="whc2", time_s=36 * HOUR, discharge_m3s=50.0, people=20_000)


def test_every_term_of_the_rank_is_shown_and_multiplies() -> None:
    result = ranking.rank_facility(GIVEN)
    assert result is not None
    terms = {term.code: term for term in result.terms}
    released = 10 ** (-0.477 + 0.954 * math.log10(5.0) + 1.2816 * 0.68) * 1e6
    ratio = 857e-6 * 36**-0.760 * min(released, 5e6) / 50.0
    assert terms["peak"].value == pytest.approx(ratio / (1 + ratio))
    assert (terms["hazard"].value, terms["people"].value) == (0.1, 20_000)
    assert terms["warning"].value == pytest.approx(24 / 36)
    assert result.value == pytest.approx(math.prod(term.value for term in result.terms))
    assert result.low < result.value <= result.high


def test_without_a_volume_there_is_no_rank() -> None:
    assert ranking.rank_facility(replace(GIVEN, volume_m3=None)) is None


def test_unknown_terms_count_at_their_worst_and_widen_the_interval() -> None:
    known, open_ = ranking.rank_facility(GIVEN), ranking.rank_facility(replace(GIVEN, hazard_class=""))
    assert known and open_ and open_.value > known.value and open_.low < known.low
    assert not next(term for term in open_.terms if term.code == "hazard").is_known
    nobody = ranking.rank_facility(replace(GIVEN, people=0))
    assert nobody and nobody.value > 0


def test_the_rank_falls_with_distance_dilution_and_storage() -> None:
    def value(**changes: Any) -> float:
        result = ranking.rank_facility(replace(GIVEN, **changes))
        assert result
        return result.value

    own = value()
    assert value(time_s=72 * HOUR) < own and value(discharge_m3s=500.0) < own
    assert value(time_s=36 * HOUR, pool_s=30 * HOUR) < own and value(volume_m3=5e4) < own and value(people=200_000) > own


def test_places_show_what_the_bounds_allow() -> None:
    def make(value: float, low: float, high: float) -> ranking.RankValue:
        return ranking.RankValue(value, low, high, ())

    places = ranking.place_values([make(5, 1, 9), make(10, 8, 12), make(0.5, 0.4, 0.6)])
    assert places == [ranking.Place(2, 1, 2), ranking.Place(1, 1, 2), ranking.Place(3, 3, 3)]


def test_the_water_risk_index_says_who_is_missing() -> None:
    assert ranking.water_risk_index([(1e6, "whc3"), (1e9, "nwg"), (None, "whc3"), (5.0, "")]) == ranking.WaterRisk(
        pytest.approx(math.log10(2e6)), 2, 2
    )
    assert ranking.water_risk_index([(None, "whc1")]) == ranking.WaterRisk(None, 0, 1)
