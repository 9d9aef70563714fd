"""The list of runs, the comparison of two, readings, and the page of the receiving watercourse."""

from __future__ import annotations

from typing import Any

import pytest

from boget.portal.scenarios.models import ReceivingWater, Run
from boget.portal.scenarios.services.runs import read_scenario
from tests.portal.scenarios.outcomes import HOUR, make_outcome_json, make_run, make_scenario_json

LIST = "/scenarios/"
COMPARE = "/scenarios/runs/compare/"


def read(client: Any, address: str, **query: Any) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


# --- the list ------------------------------------------------------------------------------------------------------


def test_an_empty_list_says_what_it_is_for_and_offers_the_first_step(clients: dict[str, Any]) -> None:
    page = read(clients["expert"], LIST)
    assert "No runs yet." in page and "New scenario" in page
    assert "New scenario" not in read(clients["observer"], LIST)


def test_rows_tell_the_key_result_with_its_interval(db: None, clients: dict[str, Any]) -> None:
    make_run()
    page = read(clients["expert"], LIST)
    for part in ("R-2026-0042", "Oskemen intakes", "37\u00a0h (26–53)", "0.88", "1 of 1 visible to you"):
        assert part in page, part


def test_filters_narrow_the_list_and_can_be_taken_away(db: None, clients: dict[str, Any]) -> None:
    make_run("R-2026-0001", mode="exercise")
    make_run("R-2026-0002", is_stale=True)
    make_run("R-2026-0003", outcome=None, title="Левый берег")
    client = clients["expert"]
    assert numbers(read(client, LIST, mode="exercise")) == {"R-2026-0001"}
    assert numbers(read(client, LIST, state="stale")) == {"R-2026-0002"}
    assert numbers(read(client, LIST, state="done")) == {"R-2026-0001", "R-2026-0002"}
    assert numbers(read(client, LIST, q="Левый берег")) == {"R-2026-0003"}
    page = read(client, LIST, state="cancelled", mode="real")
    assert "No run matches." in page and "Mode: real" in page
    assert client.get(LIST, {"mode": "nonsense"}).status_code == 400


def numbers(page: str) -> set[str]:
    return {number for number in ("R-2026-0001", "R-2026-0002", "R-2026-0003") if f"/scenarios/runs/{number}/" in page}


def test_the_list_is_cut_into_pages(db: None, clients: dict[str, Any]) -> None:
    for number in range(27):
        make_run(f"R-2026-{number:04d}", outcome=None)
    page = read(clients["expert"], LIST, mode="study")
    assert "1–25 of 27" in page and "page=2" in page and "mode=study" in page
    assert "26–27 of 27" in read(clients["expert"], LIST, page="2")


# --- two side by side ----------------------------------------------------------------------------------------------


def test_two_runs_are_compared_where_they_differ(db: None, clients: dict[str, Any]) -> None:
    make_run("R-2026-0001")
    make_run("R-2026-0002", scenario=make_scenario_json(season="05"), outcome=make_outcome_json(is_refined=True))
    page = read(clients["expert"], COMPARE, a="R-2026-0001", b="R-2026-0002")
    assert page.count(">differs<") == 1
    assert "discharge: mean" in page and "discharge: May" in page
    assert "(26–53)" in page and "(31–45)" in page and "Oskemen intakes: concentration over time" in page
    assert "same numbers" not in page


def test_equal_runs_are_said_to_be_equal(db: None, clients: dict[str, Any]) -> None:
    make_run("R-2026-0001")
    make_run("R-2026-0002")
    assert "the same numbers, to the last digit" in read(clients["expert"], COMPARE, a="R-2026-0001", b="R-2026-0002")


def test_ticks_of_the_list_lead_to_the_comparison(db: None, clients: dict[str, Any]) -> None:
    make_run("R-2026-0001")
    make_run("R-2026-0002")
    client = clients["expert"]
    answer = client.get(COMPARE, {"run": ["R-2026-0001", "R-2026-0002"]})
    assert answer["Location"] == f"{COMPARE}?a=R-2026-0001&b=R-2026-0002"
    assert client.get(COMPARE, {"run": ["R-2026-0001"]}).status_code == 400
    assert client.get(COMPARE, {"a": "R-2026-0001", "b": "R-2099-0001"}).status_code == 404
    make_run("R-2026-0003", outcome=None)
    assert client.get(COMPARE, {"a": "R-2026-0001", "b": "R-2026-0003"}).status_code == 409


# --- readings ------------------------------------------------------------------------------------------------------


def rows(*typed: dict[str, str]) -> dict[str, str]:
    sent = {"r-TOTAL_FORMS": str(len(typed)), "r-INITIAL_FORMS": "0", "r-MIN_NUM_FORMS": "0", "r-MAX_NUM_FORMS": "40"}
    for number, row in enumerate(typed):
        sent |= {f"r-{number}-{name}": value for name, value in row.items()}
    return sent


READING = {"target": "oskemen", "kind": "concentration", "moment": "2026-11-23T18:00", "value": "0,4", "error": "0.2"}
READINGS = "/scenarios/runs/R-2026-0042/readings/"


def test_a_reading_becomes_a_run_that_refines(db: None, clients: dict[str, Any]) -> None:
    run = make_run()
    assert "Oskemen intakes" in read(clients["expert"], READINGS)
    answer = clients["expert"].post(READINGS, rows(READING, {"target": "", "value": "", "moment": ""}))
    refined = Run.objects.exclude(pk=run.pk).get()
    assert answer["Location"].endswith(f"{refined.public_id}/") and refined.refines == run
    reading = read_scenario(refined).readings[0]
    assert (reading.distance_m, reading.time_s, reading.value, reading.sigma) == (
        122_000.0,
        36 * HOUR,
        pytest.approx(0.0004),
        0.2,
    )
    assert refined.started_at == run.started_at


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"value": ""}, "empty"),
        ({"value": "-1"}, "outside"),
        ({"moment": ""}, "empty"),
        ({"moment": "2026-11-22T05:00"}, "is not later than"),
        ({"target": "", "kind": "peak"}, "Place"),
        ({"target": "nowhere"}, "valid choice"),
    ],
)
def test_a_reading_that_cannot_be_is_refused_and_kept(
    db: None, clients: dict[str, Any], changes: dict[str, str], words: str
) -> None:
    make_run()
    answer = clients["expert"].post(READINGS, rows({**READING, **changes}))
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page and "data-error-summary" in page
    assert changes.get("value", "0,4") in page
    assert Run.objects.count() == 1


def test_no_reading_at_all_is_refused(db: None, clients: dict[str, Any]) -> None:
    make_run()
    answer = clients["expert"].post(READINGS, rows({"target": ""}))
    assert answer.status_code == 422 and "No reading is given" in answer.content.decode()


def test_the_refined_page_shows_the_run_before_as_a_thin_line(db: None, clients: dict[str, Any]) -> None:
    before = make_run()
    reading = {
        "distance_m": 122_000.0,
        "time_s": 36 * HOUR,
        "kind": "concentration",
        "value": 0.0004,
        "sigma": 0.2,
        "time_sigma": None,
    }
    scenario = make_scenario_json(readings=[reading])
    make_run("R-2026-0043", refines=before, outcome=make_outcome_json(is_refined=True), scenario=scenario)
    page = read(clients["expert"], "/scenarios/runs/R-2026-0043/")
    assert "before: R-2026-0042" in page and '"role": "observed"' in page and "(31–45)" in page
    assert "Compare with R-2026-0042" in page


def test_who_may_not_compute_enters_no_readings(db: None, clients: dict[str, Any]) -> None:
    make_run()
    assert clients["observer"].get(READINGS).status_code == 404
    assert clients["observer"].post(READINGS, rows(READING)).status_code == 404


# --- the receiving watercourse -------------------------------------------------------------------------------------


def test_the_watercourse_is_confirmed_with_source_and_reason(clients: dict[str, Any], facility_own: Any) -> None:
    address = f"/scenarios/facilities/{facility_own.public_id}/water/"
    page = read(clients["editor"], address)
    assert "reach 746" in page and "not confirmed" in page
    typed = {"reach": "746", "other": "", "km": "", "source": "Проект 2003, лист 4", "reason": "коллектор", "version": "0"}
    assert clients["editor"].post(address, {**typed, "reason": ""}).status_code == 422
    assert clients["editor"].post(address, typed).status_code == 302
    water = ReceivingWater.objects.get()
    assert water.reach_id == 746 and 0 <= water.entry_km <= 40 and water.names
    assert "Confirmed: Ulba" in read(clients["editor"], address)
    assert clients["editor"].post(address, {**typed, "km": "3", "reason": "другое"}).status_code == 409


def test_an_operator_does_not_confirm_the_own_watercourse(clients: dict[str, Any], facility_own: Any) -> None:
    assert clients["operator"].get(f"/scenarios/facilities/{facility_own.public_id}/water/").status_code == 404
