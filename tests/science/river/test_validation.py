"""The studies of past spills: what the fit may see, what they reach, and that the page tells it, misses included."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from boget.science.river.outcome import Quantiles

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "validation.md"
FIT = ["csenger", "szamos_mouth", "confluence"]
PREDICTED = ["szolnok", "hu_yu_border", "tisza_mouth", "danube", "bazias", "bulgaria"]


@pytest.fixture(scope="module")
def tools() -> Any:
    """The modules of tools/river, which are no package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "tools" / "river"))
        import baia_mare
        import ridder
        import spill_facts
        import validation

        yield {"baia_mare": baia_mare, "ridder": ridder, "facts": spill_facts, "validation": validation}


@pytest.fixture(scope="module")
def study(tools: Any) -> Any:
    return tools["baia_mare"].run_study()


def test_the_fit_sees_the_border_and_the_confluence_only(tools: Any) -> None:
    facts = tools["facts"].read_facts("baia_mare_2000.csv")
    readings = tools["baia_mare"].make_readings(facts)
    assert [fact.code for fact in facts if fact.use == "fit"] == FIT
    assert [(r.distance_m, r.kind, r.time_s, r.value) for r in readings] == [
        (110_000.0, "arrival", 42 * 3600.0, None), (110_000.0, "peak", None, 0.032),
        (161_900.0, "arrival", 64 * 3600.0, None), (162_100.0, "peak", None, 0.020),
    ]  # fmt: skip


def test_predictions_do_not_move_with_what_was_seen_downstream(tools: Any) -> None:
    """The readings are the same whatever the predicted places report."""
    module, facts = tools["baia_mare"], tools["facts"].read_facts("baia_mare_2000.csv")
    changed = [replace(fact, elapsed_s=1.0, value=1.0) if fact.use != "fit" else fact for fact in facts]
    assert module.make_readings(changed) == module.make_readings(facts)


def test_every_fact_has_a_source_and_assumed_hours_are_marked(tools: Any) -> None:
    facts = tools["facts"].read_facts("baia_mare_2000.csv")
    assert all(fact.source for fact in facts)
    assert {fact.hour_status for fact in facts} == {"found", "day", "memory"}
    assert min(fact.sigma_s for fact in facts if fact.hour_status == "day") >= 8 * 3600.0
    for name in ("baia_mare_path.csv", "baia_mare_reservoirs.csv", "ridder_2016.csv"):
        for row in tools["facts"].read_rows(name):
            assert row.get("source") or row.get("discharge_source"), (name, row)
            memory = " ".join(value for key, value in row.items() if key.endswith("source"))
            statuses = {value for key, value in row.items() if key.endswith("status")}
            assert "memory" not in memory or "placeholder" in statuses, row


@pytest.mark.shared
def test_facts_are_those_of_the_compiled_table(shared: Path, tools: Any) -> None:
    text = (shared / "data" / "spill_baia_mare_2000.csv").read_text(encoding="utf-8")
    told = list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
    facts = [fact for fact in tools["facts"].read_facts("baia_mare_2000.csv") if fact.code != "szamos_mouth"]
    assert len(facts) == len(told), "all but the row that was found later"
    for fact, row in zip(facts, told, strict=True):
        assert fact.elapsed_s == float(row["elapsed_h"]) * 3600
        assert fact.distance_m == pytest.approx(float(row["km_from_spill_est"]) * 1000, abs=100)
        if fact.use != "release":
            assert (fact.value or 0) == pytest.approx(float(row["value"] or 0) * 1e-3)


def test_path_carries_more_water_downstream_and_one_reservoir(tools: Any) -> None:
    path, flow = tools["baia_mare"].read_path()
    assert path.total_m == 1_250_000 and len(path.reservoirs) == 1
    inside = path.start_m[path.reservoir_index == 0]
    assert (inside[0], inside[-1] + path.length_m[path.reservoir_index == 0][-1]) == (990_000, 1_120_000)
    marks = [path.find_stretch(km * 1000.0) for km in (50, 200, 600, 800, 900, 1200)]
    assert list(flow.discharge_m3s[marks]) == sorted(flow.discharge_m3s[marks])


def test_study_of_baia_mare(study: Any) -> None:
    """Fitted at the border and the confluence: times within 12 %, 4 peaks of 5 within a factor of two, all in the band."""
    assert [item.fact.code for item in study.list_predicted()] == PREDICTED
    assert study.worst_arrival <= 0.12
    assert study.peaks_within_two >= 4
    assert study.outside_band == 0
    assert study.list_missed() == [] and study.effective > 200


def test_readings_narrow_the_forecast(study: Any) -> None:
    for free, fitted in zip(study.uncalibrated, study.calibrated, strict=True):
        assert fitted.time.p95 / fitted.time.p05 < 0.9 * free.time.p95 / free.time.p05
        assert fitted.peak.p95 / fitted.peak.p05 < free.peak.p95 / free.peak.p05
    first = study.calibrated[0]
    assert first.peak_ratio is not None and abs(math.log(first.peak_ratio)) < math.log(1.5), "the fit follows its own reading"


def test_comparison_takes_the_time_the_report_speaks_of(tools: Any) -> None:
    module = tools["baia_mare"]
    fact = next(fact for fact in tools["facts"].read_facts("baia_mare_2000.csv") if fact.code == "bazias")
    forecast = module.PlaceForecast(Quantiles(90.0, 100.0, 110.0), Quantiles(190.0, 200.0, 210.0), Quantiles(1e-4, 3e-4, 9e-4))
    assert module.choose_time(replace(fact, event="arrival"), forecast).p50 == 100
    assert module.choose_time(replace(fact, event="peak"), forecast).p50 == 200
    assert module.choose_time(replace(fact, event="rising and peak"), forecast).p50 == 150
    exact = module.compare(replace(fact, event="peak", elapsed_s=250.0, sigma_s=0.0, value=6e-4, factor=1.0), forecast)
    assert (exact.is_time_inside, exact.is_peak_inside, exact.is_within_two) == (False, True, True)
    assert exact.time_error == pytest.approx(-0.2) and exact.peak_ratio == pytest.approx(0.5)
    wide = module.compare(replace(fact, event="peak", elapsed_s=250.0, sigma_s=40.0, value=2.7e-3, factor=1.1), forecast)
    assert wide.is_time_inside and not wide.is_peak_inside and not wide.is_within_two


def test_water_of_ridder_follows_the_reported_way(tools: Any) -> None:
    way, times = tools["ridder"].run_study()
    assert way.is_followed
    assert [name for name, _from in way.rivers] == ["Ulba", "Irtysh (Yertis)"]
    semey, _peak, river = times.find(way.find("Semey"))
    assert semey.p50 > river.p50 + 12 * 3600, "the Shulba reservoir holds the wave back"
    omsk = times.find(way.find("Omsk"))[0]
    assert omsk.p05 > 10 * 86400 and times.share_in_ten_days < 0.05


def test_page_is_what_the_script_writes(tools: Any, study: Any) -> None:
    validation = tools["validation"]
    found = validation.split_page(PAGE.read_text(encoding="utf-8"))
    assert set(found) >= {*validation.FAST, "numerics", "dispersion", "velocity", "traces"}
    assert validation.list_stale(found) == [], "run tools/river/validation.py"
    assert found["baia_mare"].count("MISSED") == len(study.list_missed())
    assert validation.split_page(validation.join_page(found)) == found
