"""The page of a result: what it says, for whom, and in which states."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.utils import translation

from boget.portal.scenarios.selectors import advice, river_chart, river_map, saying
from boget.portal.scenarios.selectors.wave_rows import build_rows
from boget.science.river.outcome import Quantiles
from tests.portal.scenarios.outcomes import STARTED, THRESHOLD, make_outcome, make_outcome_json, make_run

HOUR, DAY = 3600.0, 86_400.0
ADDRESS = "/scenarios/runs/R-2026-0042/"


# --- words and numbers ---------------------------------------------------------------------------------------------


def test_times_are_hours_then_days_with_the_interval_in_the_same_unit() -> None:
    assert str(saying.say_time(Quantiles(26 * HOUR, 37 * HOUR, 52 * HOUR))) == "37\u00a0h (26–52)"
    assert str(saying.say_time(Quantiles(6 * DAY, 17 * DAY, 33 * DAY))) == "17\u00a0d (6–33)"
    assert str(saying.say_time(Quantiles(2.2 * DAY, 4.1 * DAY, 6 * DAY))) == "4.1\u00a0d (2.2–6.0)"
    assert saying.say_time(Quantiles(4800, 6600, 9600)).interval == "(1\u00a0h\u00a020\u00a0min – 2\u00a0h\u00a040\u00a0min)"
    assert saying.say_time(Quantiles(None, None, None)) == saying.NOTHING


def test_concentrations_have_two_digits_and_none_where_they_say_nothing() -> None:
    def told(low: float, middle: float, high: float) -> str:
        return str(saying.say_concentration(Quantiles(low * 1e-3, middle * 1e-3, high * 1e-3), THRESHOLD))

    assert told(0.52, 1.05, 2.1) == "1.1 (0.52–2.1)"
    assert told(0.001, 0.004, 0.02) == "<\u00a00.01 (0–0.020)"
    assert told(0.0001, 0.0002, 0.0003) == "<\u00a00.01"
    assert saying.say_probability(0.0) == "<\u00a00.01"
    assert saying.say_probability(0.9999) == ">\u00a00.99"


def test_classes_of_arrival_have_the_two_day_aid_as_an_edge() -> None:
    edges = [0, 6 * HOUR, 24 * HOUR, 48 * HOUR, 7 * DAY, 30 * DAY]
    assert [saying.class_of_arrival(edge) for edge in edges] == [1, 2, 3, 4, 5, 6]
    assert saying.class_of_arrival(48 * HOUR - 1) == 3
    assert saying.class_of_arrival(None) is None


def test_advice_closes_two_hours_before_the_earliest_and_opens_after_the_latest() -> None:
    intake = next(one for one in make_outcome().targets if one.target.kind == "intake")
    told = advice.advise(intake, STARTED, now=STARTED)
    assert told is not None
    earliest = STARTED + dt.timedelta(seconds=intake.arrival_s.p05 or 0)
    latest = STARTED + dt.timedelta(seconds=intake.departure_s.p95 or 0)
    assert dt.timedelta(0) <= (earliest - dt.timedelta(hours=2)) - told.close_at < dt.timedelta(minutes=10)
    assert dt.timedelta(0) <= told.open_at - latest < dt.timedelta(minutes=10)
    assert not told.is_due
    assert advice.advise(intake, STARTED, now=earliest).is_due  # type: ignore[union-attr]


def test_no_advice_where_nothing_is_above_the_threshold() -> None:
    outcome = make_outcome(nothing_arrives=True)
    assert advice.list_advice(outcome.targets, STARTED, now=STARTED) == []
    assert advice.choose_first(outcome.targets) is outcome.targets[0]


def test_intakes_go_before_towns() -> None:
    chosen = advice.choose_first(make_outcome().targets)
    assert chosen is not None and chosen.target.code == "oskemen"


def test_a_row_without_crossing_tells_the_wave() -> None:
    rows = {row.code: row for row in build_rows(make_outcome().targets, STARTED, threshold=THRESHOLD)}
    assert not rows["oskemen"].is_wave_only and rows["oskemen"].arrival.value == "37\u00a0h"
    assert rows["semey"].is_wave_only and rows["semey"].duration == saying.NOTHING
    assert rows["semey"].window == "03.12 – 14.12.2026" or rows["semey"].window.endswith("2026")


def test_the_slider_keeps_to_its_steps() -> None:
    outcome = make_outcome()
    slider = river_map.Slider(outcome, STARTED, wanted="13h")
    assert (slider.step, slider.at) == (6 * HOUR, 12 * HOUR)
    assert slider.text == "+12\u00a0h · 22.11 18:00 UTC+5"
    assert (slider.earlier, slider.later) == ("6h", "18h")
    assert river_map.Slider(outcome, STARTED, wanted="99999h").at == slider.last
    for wrong in ("", "-6h", "nan", "1e9h", "6", "²h"):
        assert river_map.Slider(outcome, STARTED, wanted=wrong).at == slider.last
    rows = build_rows(outcome.targets, STARTED, threshold=THRESHOLD)
    assert river_map.list_reached(rows, 12 * HOUR) == (["Example village 1"], [])
    assert river_map.list_reached(rows, 30 * HOUR) == (["Example village 1"], ["Oskemen intakes"])


def test_features_have_a_class_for_each_stretch() -> None:
    outcome = make_outcome()
    features = river_map.build_features(outcome, build_rows(outcome.targets, STARTED, threshold=THRESHOLD))["features"]
    lines = [one["properties"] for one in features if one["properties"]["kind"] in {"stretch", "reservoir"}]
    assert [one["class"] for one in lines] == sorted(one["class"] for one in lines)
    assert {one["properties"]["kind"] for one in features} >= {"stretch", "target", "release"}


def test_the_chart_has_readings_and_the_run_before() -> None:
    target = make_outcome(is_refined=True).targets[1]
    before = make_outcome().targets[1].fan
    chart = river_chart.build_chart(
        target,
        STARTED,
        threshold=THRESHOLD,
        now=STARTED + dt.timedelta(hours=12),
        readings=[(36 * HOUR, 0.0004)],
        before=("before", before),
    )
    roles = {one["role"]: one for one in chart["series"]}
    assert set(roles) == {"band", "typical", "before", "observed"}
    assert [value for value in roles["observed"]["values"] if value is not None] == [pytest.approx(0.4)]
    lengths = {
        len(chart["x"]["values"]),
        len(roles["band"]["low"]),
        len(roles["typical"]["values"]),
        len(roles["before"]["values"]),
    }
    assert len(lengths) == 1
    assert chart["thresholds"][0]["value"] == pytest.approx(0.5)
    assert chart["now"] == (STARTED + dt.timedelta(hours=12)).timestamp()


# --- the page ------------------------------------------------------------------------------------------------------


@pytest.fixture
def run(db: None) -> Any:
    return make_run()


def test_the_page_says_when_how_much_and_how_sure(run: Any, clients: dict[str, Any]) -> None:
    answer = clients["expert"].get(ADDRESS)
    assert answer.status_code == 200
    page = answer.content.decode()
    for part in (
        "River wave: Ulba", "close the intake by 23.11", "do not reopen before", "37\u00a0h", "(26–53)", "Oskemen intakes: concentration",
        "What this does not say", "0123456789ab", "screening, not calibrated", "Inputs, formulas, versions", "aaaaaaaaaaaaaaaa",
    ):  # fmt: skip
        assert part in page, part
    assert page.count("button-primary") == 1
    assert not re.search(r"\bnan\b", page.lower())


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_the_page_in_each_language(run: Any, clients: dict[str, Any], language: str) -> None:
    page = clients["expert"].get(f"{ADDRESS}?lang={language}").content.decode()
    name = {"ru": "Водозаборы Өскемена", "kk": "Өскемен су алғыштары", "en": "Oskemen intakes"}[language]
    assert name in page
    assert ("37\u00a0ч" in page) == (language == "ru")


def test_a_target_of_the_address_is_chosen_and_a_part_comes_alone(run: Any, clients: dict[str, Any]) -> None:
    whole = clients["expert"].get(f"{ADDRESS}?target=semey").content.decode()
    assert "Semey: concentration over time" in whole
    part = clients["expert"].get(f"{ADDRESS}?target=semey", headers={"HX-Request": "true", "HX-Target": "left"})
    text = part.content.decode()
    assert "Semey: concentration over time" in text and "<html" not in text
    assert "HX-Target" in part["Vary"]
    assert "Oskemen intakes: concentration" in clients["expert"].get(f"{ADDRESS}?target=nowhere").content.decode()


def test_the_map_is_asked_for_by_the_same_address(run: Any, clients: dict[str, Any]) -> None:
    answer = clients["expert"].get(f"{ADDRESS}?f=map")
    assert answer["Content-Type"] == "application/geo+json"
    assert len(answer.json()["features"]) == 16 + 1 + 6


@pytest.mark.parametrize("role", ["other_operator", "anonymous"])
def test_refused_is_like_absent(run: Any, clients: dict[str, Any], role: str) -> None:
    answer = clients[role].get(ADDRESS)
    assert answer.status_code in {302, 404}
    assert b"Ulba" not in answer.content


def test_exercise_is_on_the_page_and_real_is_not_called_so(db: None, clients: dict[str, Any]) -> None:
    make_run(mode="exercise")
    page = clients["editor"].get(ADDRESS).content.decode()
    assert "EXERCISE. Not a real accident." in page and "is-exercise" in page
    make_run("R-2026-0043", mode="real", level=2)
    page = clients["editor"].get("/scenarios/runs/R-2026-0043/").content.decode()
    assert "EXERCISE" not in page


def test_engines_that_differ_and_few_members_are_warned_of(db: None, clients: dict[str, Any]) -> None:
    outcome = make_outcome_json()
    outcome["check"] |= {"is_close": False, "peak_difference": 0.071}
    outcome["effective_members"] = 40.0
    make_run(outcome=outcome)
    page = clients["expert"].get(ADDRESS).content.decode()
    assert "the two engines differ" in page and "7.1%" in page
    assert "few members left" in page


def test_a_stale_run_keeps_its_numbers_and_offers_another(db: None, clients: dict[str, Any]) -> None:
    make_run(is_stale=True)
    page = clients["expert"].get(ADDRESS).content.decode()
    assert "inputs changed" in page and "Compute again" in page and "37\u00a0h" in page


def test_without_a_result_the_page_says_what_is_going_on(db: None, clients: dict[str, Any]) -> None:
    make_run(outcome=None)
    page = clients["expert"].get(ADDRESS).content.decode()
    assert "failed" in page and "Compute again" in page
    assert "concentration over time" not in page


def test_an_observer_reads_but_does_not_compute(run: Any, clients: dict[str, Any]) -> None:
    page = clients["observer"].get(ADDRESS).content.decode()
    assert "37\u00a0h" in page
    assert "Compute again" not in page and "Refine with observations" not in page


def test_the_line_of_inputs_has_mass_with_its_interval(run: Any) -> None:
    from boget.portal.scenarios.selectors.scenario_words import say_inputs

    line = say_inputs(run, substance="Cyanide, free")
    assert "22.11 06:00 (UTC+5)" in line and "4\u00a0t (2.1–7.8)" in line and "in 6\u00a0h" in line and "members: 10" in line
    with translation.override("ru"):
        assert "4\u00a0т (2,1–7,8)" in say_inputs(run, substance="")


@pytest.mark.parametrize("figure", ["arrival", "peak", "probability", "duration"])
def test_each_number_opens_to_formula_inputs_sources_and_versions(db: None, clients: dict[str, Any], figure: str) -> None:
    make_run()
    address = f"/scenarios/runs/R-2026-0042/?figure={figure}&target=oskemen"
    assert f"?figure={figure}&amp;target=oskemen" in clients["expert"].get("/scenarios/runs/R-2026-0042/").content.decode()
    page = clients["expert"].get(address).content.decode()
    for part in ("Oskemen intakes", "Formulas", "own fit to tracer tests", "122\u00a0km", "Versions", "0123456789ab"):
        assert part in page, part
    part = clients["expert"].get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "data-close" in part
    assert clients["anonymous"].get(address).status_code == 302
    assert clients["expert"].get(address.replace("oskemen", "nowhere")).status_code == 404


def test_the_probability_tells_how_far_the_sample_may_err(db: None, clients: dict[str, Any]) -> None:
    make_run()
    page = clients["expert"].get("/scenarios/runs/R-2026-0042/?figure=probability&target=oskemen").content.decode()
    assert "0.87–0.88 in 90 % of samples of 10\u202f000 runs" in page.replace("\u2009", "\u202f").replace("\u00a0", "\u202f")


def test_an_intake_and_its_town_share_a_label() -> None:
    from boget.science.river.targets import Target

    town = Target("town", "place", 1000.0, 0.0, 0.0, 0.0, {"en": "Semey"}, population=300_000)
    intake = Target("intake", "intake", 2000.0, 0.0, 0.0, 0.0, {"en": "Semey, island wells"})
    far = Target("far", "intake", 90_000.0, 0.0, 0.0, 0.0, {"en": "Canal (head)"})
    with translation.override("en"):
        assert river_map.merge_labels([town, intake, far]) == {"town": "Semey, intake", "intake": ""}
        assert river_map.shorten_name(far) == "Canal"
    assert river_map.rank_label(intake) < river_map.rank_label(town)
