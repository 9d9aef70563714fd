"""A river scenario from its stored form to its outcome, over the embedded rivers."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import boget
from boget.science.errors import BogetError, InvalidInput, MissingData
from boget.science.io.embedded import Rivers, open_ports
from boget.science.river.assimilation import Reading
from boget.science.river.fate import Fate
from boget.science.river.outcome import RiverOutcome
from boget.science.river.outcome_form import outcome_to_dict
from boget.science.river.release import Release
from boget.science.scenario.river_scenario import ChosenPoint, RiverScenario, describe_path, run

DATA = Path(boget.__file__).parent / "data"
RIDDER = "KZ-0001"


@pytest.fixture(scope="module")
def ports() -> Rivers:
    return open_ports(DATA)


def make_scenario(**changes: Any) -> RiverScenario:
    release = Release("box", 4000.0, 1.5, 6 * 3600.0)
    given: dict[str, Any] = {"facility_id": RIDDER, "substance": "Zn", "season": "05", "members": 100}
    return RiverScenario(**{"release": release, "threshold": 1e-4, **given, **changes})


@pytest.fixture(scope="module")
def outcome(ports: Rivers) -> RiverOutcome:
    return run(make_scenario(), ports)


def find(outcome: RiverOutcome, code: str) -> Any:
    return next(each for each in outcome.targets if each.target.code == code)


def test_scenario_comes_back_from_json() -> None:
    scenario = make_scenario(
        announced=((0.0, 30.0, 0.1),),
        readings=(Reading(20e3, 9000.0, "arrival"), Reading(20e3, None, "peak", 1e-3, 0.2)),
        points=(ChosenPoint("bridge", 83.0, 50.2),),
    )
    assert RiverScenario.from_dict(json.loads(json.dumps(scenario.to_dict()))) == scenario
    drawn = make_scenario(release=Release("hydrograph", 60.0, times_s=(0.0, 60.0), rates_kg_s=(1.0, 1.0)))
    assert RiverScenario.from_dict(json.loads(json.dumps(drawn.to_dict()))) == drawn
    assert scenario.digest != drawn.digest != replace(drawn, seed=2).digest
    assert scenario.digest == RiverScenario.from_dict(scenario.to_dict()).digest


def test_same_scenario_gives_the_same_outcome(ports: Rivers, outcome: RiverOutcome) -> None:
    shares: list[float] = []
    again = run(make_scenario(), ports, on_progress=shares.append)
    assert outcome_to_dict(again) == outcome_to_dict(outcome)
    assert shares == sorted(shares) and shares[-1] == 1.0


def test_ridder_reaches_the_towns_in_the_order_of_the_flow(outcome: RiverOutcome) -> None:
    names = [each.target.names.get("en", "") for each in outcome.targets]
    order = [
        next(i for i, name in enumerate(names) if name.startswith(town)) for town in ("Ridder", "Oskemen", "Semey", "Pavlodar")
    ]
    assert order == sorted(order)
    medians = [each.arrival10_s.p50 for each in outcome.targets]
    assert medians == sorted(medians)
    border = next(each for each in outcome.targets if each.target.kind == "border")
    assert border.target.note == "KZ-RU" and border.target.distance_m == pytest.approx(1095.6e3, rel=0.02)
    assert "behind_reservoir" in border.flags


def test_outcome_says_what_it_came_from(ports: Rivers, outcome: RiverOutcome) -> None:
    assert outcome.check is not None and outcome.check.is_close
    assert outcome.versions["network"] == ports.version
    assert outcome.formulas["velocity"] == "tracer" and outcome.formulas["dispersion"] == "disley"
    assert outcome.prior["kd"]["log10_median"] == 5.1
    codes = [caution.code for caution in outcome.cautions]
    assert {"point_town", "not_calibrated", "reservoir", "not_mixed"} <= set(codes)
    assert all(0 <= share <= 1 for each in outcome.targets for share in each.exceedance.values())
    assert outcome.targets[0].exceedance and outcome.effective_members == 100


def test_reading_tightens_the_forecast(ports: Rivers, outcome: RiverOutcome) -> None:
    first = next(each for each in outcome.targets if each.target.distance_m > 50e3)
    reading = Reading(first.target.distance_m, first.arrival10_s.p50, "arrival", sigma=0.1)
    refined = run(make_scenario(readings=(reading,)), ports)
    assert refined.effective_members < 100
    assert "not_calibrated" not in [caution.code for caution in refined.cautions]
    told, before = (find(each, first.target.code).arrival10_s for each in (refined, outcome))
    assert told.p95 / told.p05 < before.p95 / before.p05


def test_announced_discharge_speeds_the_wave(ports: Rivers) -> None:
    low, high = (
        run(make_scenario(announced=((30e3, discharge, 0.05),)), ports).targets[2].arrival10_s.p50
        for discharge in (20.0, 400.0)
    )
    assert low is not None and high is not None and high < low


def test_chosen_point_becomes_a_target(ports: Rivers) -> None:
    sketch = describe_path(make_scenario(), ports)
    lon, lat = (float(x) for x in sketch.path.vertices[len(sketch.path.vertices) // 2])
    with_point = describe_path(make_scenario(points=(ChosenPoint("here", lon, lat),)), ports)
    assert len(with_point.targets) == len(sketch.targets) + 1


CASES: list[tuple[dict[str, Any], str]] = [
    ({"facility_id": "KZ-9999"}, "no_watercourse"),
    ({"facility_id": None, "point": (60.0, 40.0)}, "no_watercourse"),
    ({"facility_id": None, "reach_id": -5, "entry_km": 1.0}, "unknown_reach"),
    ({"substance": "Xx"}, "unknown_substance"),
    ({"season": "13"}, "unknown_choice"),
    ({"points": (ChosenPoint("Almaty", 76.9, 43.25),)}, "target_off_path"),
]


@pytest.mark.parametrize(("changes", "code"), CASES)
def test_what_cannot_be_run_has_a_code(ports: Rivers, changes: dict[str, Any], code: str) -> None:
    with pytest.raises((InvalidInput, MissingData)) as caught:
        run(make_scenario(**changes), ports)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"facility_id": None}, "start_choice"),
        ({"point": (83.0, 50.0)}, "start_choice"),
        ({"fate": Fate()}, "substance_choice"),
        ({"threshold": 0.0}, "not_positive"),
        ({"threshold": float("nan")}, "not_positive"),
        ({"members": 5}, "range"),
        ({"seed": -1}, "range"),
        ({"release": Release("box", -4.0, 1.0, 60.0)}, "not_positive"),
        ({"release": Release("box", 4.0, 1.0, 1e9)}, "release_too_long"),
        ({"readings": (Reading(-1.0, 60.0, "arrival"),)}, "target_upstream"),
        ({"velocity": "guess"}, "unknown_choice"),
        ({"dispersion": "guess"}, "unknown_choice"),
    ],
)
def test_scenario_that_cannot_be(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(BogetError) as caught:
        make_scenario(**changes)
    assert caught.value.code == code


@pytest.mark.parametrize("change", [{"form": 99}, {"colour": "red"}, {"release": {"kind": "box"}}, {"release": None}])
def test_stored_scenario_of_another_form(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as caught:
        RiverScenario.from_dict({**make_scenario().to_dict(), **change})
    assert caught.value.code == "scenario_form"
