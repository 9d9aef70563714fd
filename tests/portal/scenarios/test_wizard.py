"""The wizard: what is asked of a duty officer, what is understood, and what becomes of it."""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import Any

import pytest

from boget.portal.scenarios.forms import reading_text
from boget.portal.scenarios.forms.defaults import FIRST_SUBSTANCE
from boget.portal.scenarios.forms.prefilling import describe_run
from boget.portal.scenarios.forms.river import RiverForm
from boget.portal.scenarios.models import Run
from boget.portal.scenarios.selectors import presets
from boget.portal.scenarios.selectors.catalogue import list_limits
from boget.portal.scenarios.services import computing
from boget.portal.scenarios.services.rivers import open_rivers
from boget.portal.scenarios.services.runs import read_scenario
from boget.science.errors import BogetError
from tests.portal.scenarios.outcomes import HOUR, make_run, make_scenario_json

ADDRESS = "/scenarios/rivers/new/"
TYPED = {
    "place": "point",
    "facility": "",
    "latitude": "50,345",
    "longitude": "83,516",
    "reach": "",
    "km": "",
    "preset": "pipeline",
    "substance": "CN_free",
    "amount": "mass",
    "mass": "2–8 т",
    "volume": "",
    "concentration": "",
    "day": "2026-11-22",
    "clock": "06:00",
    "zone": "Asia/Almaty",
    "shape": "box",
    "duration": "6 ч",
    "hydrograph": "",
    "season": "11",
    "announced": "",
    "threshold": "own",
    "own_threshold": "0,5",
    "points": "",
    "mode": "exercise",
    "members": "2000",
    "title": "Учение на Ульбе",
}


# --- what people write ---------------------------------------------------------------------------------------------


def test_a_range_is_a_median_with_a_spread_that_holds_90_percent() -> None:
    middle, gsd = reading_text.find_spread(reading_text.read_quantity("2–8 т", "mass", "t"))
    assert middle == pytest.approx(4000.0)
    assert middle * gsd**1.645 == pytest.approx(8000.0, rel=1e-3)
    middle, gsd = reading_text.find_spread(reading_text.read_quantity("5 т (2–9)", "mass", "t"))
    assert middle == pytest.approx(5000.0)
    assert reading_text.find_spread(reading_text.read_quantity("4", "mass", "t")) == (4000.0, 1.0)


def test_a_hydrograph_is_read_in_hours_and_its_mass_is_the_area() -> None:
    times, rates = reading_text.read_hydrograph("0; 0\n1; 0,5\n\n3\t0.5\n4 0")
    assert times == (0.0, HOUR, 3 * HOUR, 4 * HOUR)
    assert reading_text.sum_hydrograph(times, rates) == pytest.approx(0.5 * 3 * HOUR)


@pytest.mark.parametrize(
    "rows", ["0; 1", "0; 1\n0; 2", "0; 0\n1; 0", "0; x\n1; 1", "0; 1; 2\n1; 1", "0; -1\n1; 1", "0; nan\n1; 1"]
)
def test_a_hydrograph_that_cannot_be_is_refused(rows: str) -> None:
    with pytest.raises(BogetError):
        reading_text.read_hydrograph(rows)


def test_further_places_are_read_as_latitude_longitude_name() -> None:
    assert reading_text.read_extra_places("50,1; 83,2; Мост\n50.2; 83.3") == [
        {"name": "Мост", "longitude": 83.2, "latitude": 50.1},
        {"name": "50.2, 83.3", "longitude": 83.3, "latitude": 50.2},
    ]
    with pytest.raises(BogetError):
        reading_text.read_extra_places("Мост у плотины")


def test_each_kind_of_failure_gives_a_mass_with_its_spread_and_source(db: None) -> None:
    substances = open_rivers().substances
    for kind in presets.read_kinds().values():
        guess = presets.guess_mass(kind, substances["CN_free"])
        assert guess is not None and guess.mass_kg > 0 and guess.mass_gsd > 1.5 and all(guess.sources)
    breach = presets.read_kinds()["dam_breach"]
    small, large = (presets.guess_mass(breach, substances["Zn"], stored_m3=volume) for volume in (1e6, 1e7))
    assert small and large and large.mass_kg == pytest.approx(10 * small.mass_kg)
    assert small.status == "placeholder"


def test_cyanide_means_total_cyanide_and_its_guess_covers_baia_mare(db: None) -> None:
    """126 mg/L in the effluent, by the table of that spill."""
    substances = open_rivers().substances
    for text in ("CN", "cyanide", "Цианиды", "цианидтер", "CN_total"):
        assert computing.choose_substance(text) == "CN_total", text
    assert computing.choose_substance("cn_free") == "CN_free" and computing.choose_substance("zn") == "Zn"
    assert FIRST_SUBSTANCE in substances
    for code in ("CN_total", "CN_free", "CN_WAD"):
        rows = {row["substance"]: row for row in tomllib.loads(presets.TABLE.read_text(encoding="utf-8"))["concentration"]}
        assert rows[code]["value"] * rows[code]["gsd"] ** 1.645 > 126, code
        assert list_limits(substances[code]) == list_limits(substances["CN_free"]) != []


# --- the form ------------------------------------------------------------------------------------------------------


def fill(user: Any, **changes: Any) -> RiverForm:
    return RiverForm({**TYPED, **changes}, user=user, substances=open_rivers().substances)


def test_what_was_typed_becomes_a_release_in_si(cast: dict[str, Any]) -> None:
    form = fill(cast["expert"])
    assert form.is_valid(), form.errors
    told = form.describe()
    assert told["release"].mass_kg == pytest.approx(4000.0) and told["release"].duration_s == 6 * HOUR
    assert told["threshold"] == pytest.approx(0.0005)
    assert told["point"] == (83.516, 50.345)
    assert form.started_at == dt.datetime(2026, 11, 22, 1, 0, tzinfo=dt.UTC)


def test_volume_times_concentration(cast: dict[str, Any]) -> None:
    form = fill(cast["expert"], amount="volume", volume="1 350 м³", concentration="20–80")
    assert form.is_valid(), form.errors
    assert form.release is not None
    assert form.release.mass_kg == pytest.approx(1350 * 0.040)
    assert form.release.mass_gsd == pytest.approx(2 ** (1 / 1.645), rel=1e-3)
    assert form.release.volume_m3 == pytest.approx(1350), "the water comes with the mass"
    known = fill(cast["expert"])
    assert known.is_valid() and known.release is not None and known.release.volume_m3 is None


def test_unknown_takes_the_usual_range_and_the_usual_time(cast: dict[str, Any]) -> None:
    form = fill(cast["expert"], amount="unknown", mass="", duration="")
    assert form.is_valid(), form.errors
    assert form.release is not None and form.guess is not None
    assert form.release.mass_gsd == form.guess.mass_gsd > 2
    assert form.release.volume_m3 == form.guess.volume_m3 > 0
    assert form.release.duration_s == 2 * HOUR


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"mass": ""}, "mass"),
        ({"mass": "−4 т"}, "mass"),
        ({"mass": "0"}, "mass"),
        ({"mass": "много"}, "mass"),
        ({"latitude": "95"}, "latitude"),
        ({"longitude": ""}, "longitude"),
        ({"place": "facility", "facility": "KZ-9999"}, "facility"),
        ({"place": "facility"}, "facility"),
        ({"place": "reach", "reach": "12x", "km": "1"}, "reach"),
        ({"place": "reach", "reach": "12", "km": "-1"}, "km"),
        ({"duration": "900 d"}, "duration"),
        ({"shape": "hydrograph"}, "hydrograph"),
        ({"own_threshold": ""}, "own_threshold"),
        ({"own_threshold": "0"}, "own_threshold"),
        ({"announced": "сто"}, "announced"),
        ({"day": "2026-13-01"}, "day"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"substance": "kryptonite"}, "substance"),
        ({"points": "мост"}, "points"),
    ],
)
def test_each_fault_stands_at_its_field(cast: dict[str, Any], changes: dict[str, str], field: str) -> None:
    form = fill(cast["expert"], **changes)
    assert not form.is_valid()
    assert field in form.errors, form.errors


def test_an_operator_computes_for_the_own_facility_only(cast: dict[str, Any], facility_own: Any, facility_other: Any) -> None:
    form = fill(cast["operator"])
    assert not form.is_valid() and "place" in form.errors
    assert facility_own.public_id in form.facilities and facility_other.public_id not in form.facilities


# --- the page ------------------------------------------------------------------------------------------------------


def test_the_page_opens_with_what_a_duty_officer_needs(clients: dict[str, Any], facility_own: Any) -> None:
    answer = clients["expert"].get(ADDRESS, {"facility": facility_own.public_id})
    page = answer.content.decode()
    assert answer.status_code == 200
    for part in (
        "Compute the forecast",
        "Taken for an unknown amount",
        "default range, not measured",
        "Downstream",
        "Ulba",
        "Limits of this substance",
    ):
        assert part in page, part
    assert page.count("button-primary") == 1


def test_parts_of_the_page_come_alone(clients: dict[str, Any]) -> None:
    where = {"part": "way", "place": "point", "latitude": "50.345", "longitude": "83.516", "season": "05"}
    way = clients["expert"].get(ADDRESS, where).content.decode()
    assert "Downstream" in way and "<html" not in way
    nowhere = clients["expert"].get(ADDRESS, {**where, "latitude": "10", "longitude": "10"}).content.decode()
    assert "no way found" in nowhere
    limits = clients["expert"].get(ADDRESS, {"part": "limits", "substance": "Zn"}).content.decode()
    assert "Document" in limits


@pytest.mark.parametrize("role", ["observer", "anonymous"])
def test_who_may_not_compute_has_no_wizard(clients: dict[str, Any], role: str) -> None:
    assert clients[role].get(ADDRESS).status_code in {302, 404}
    assert clients[role].post(ADDRESS, TYPED).status_code in {302, 404}
    assert not Run.objects.exists()


def test_a_refused_form_keeps_all_that_was_typed(clients: dict[str, Any]) -> None:
    answer = clients["expert"].post(ADDRESS, {**TYPED, "mass": "много"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "data-error-summary" in page and 'value="много"' in page and 'value="50,345"' in page and "Учение на Ульбе" in page
    assert "Error:" in page


def test_looking_asks_for_nothing_and_keeps_what_was_typed(clients: dict[str, Any]) -> None:
    page = clients["expert"].post(ADDRESS, {**TYPED, "mass": "", "look": "1"}).content.decode()
    assert "Downstream" in page and "error-summary" not in page and 'value="50,345"' in page
    assert not Run.objects.exists()


def test_a_good_form_becomes_a_run(clients: dict[str, Any]) -> None:
    answer = clients["expert"].post(ADDRESS, TYPED)
    run = Run.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/scenarios/runs/{run.public_id}/"
    scenario = read_scenario(run)
    assert (scenario.season, scenario.members, scenario.substance) == ("11", 2000, "CN_free")
    assert run.mode == "exercise" and run.title == "Учение на Ульбе" and run.watercourse
    assert "waiting" in clients["expert"].get(answer["Location"]).content.decode()


def test_a_place_without_a_river_is_told_in_words(clients: dict[str, Any]) -> None:
    answer = clients["expert"].post(ADDRESS, {**TYPED, "latitude": "10", "longitude": "10"})
    assert answer.status_code == 422
    assert not Run.objects.exists()


def test_a_run_fills_in_the_wizard_for_the_next_one(db: None, cast: dict[str, Any]) -> None:
    stored = make_scenario_json(announced=[[0.0, 61.0, 0.1]])
    form = RiverForm(
        {**TYPED, **{name: str(value) for name, value in describe_run(make_run(scenario=stored)).items()}, "day": "2026-11-22"},
        user=cast["expert"], substances=open_rivers().substances,
    )  # fmt: skip
    assert form.is_valid(), form.errors
    told = form.describe()
    assert told["release"].mass_kg == pytest.approx(4000.0)
    assert told["release"].mass_gsd == pytest.approx(1.5, rel=1e-3)
    assert told["threshold"] == pytest.approx(0.0005) and told["announced"][0][1] == pytest.approx(61.0)


def test_the_water_of_a_run_is_filled_in_with_it(db: None, cast: dict[str, Any]) -> None:
    stored = make_scenario_json()
    stored["release"]["volume_m3"] = 80_000.0
    filled = {name: str(value) for name, value in describe_run(make_run(scenario=stored)).items()}
    form = RiverForm({**TYPED, **filled, "day": "2026-11-22"}, user=cast["expert"], substances=open_rivers().substances)
    assert form.is_valid() and form.release is not None, form.errors
    assert form.release.volume_m3 == pytest.approx(80_000.0) and form.release.mass_kg == pytest.approx(4000.0)
    assert form.release.mass_gsd == pytest.approx(1.5, rel=1e-3)


def test_every_source_of_the_presets_is_there_to_be_translated() -> None:
    from boget.portal.scenarios.selectors import presets

    table = presets._read_table()
    assert {row["source"] for row in (*table["kind"], *table["concentration"], table["other"])} == set(presets.SOURCES)
