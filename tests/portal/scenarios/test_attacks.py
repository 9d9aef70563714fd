"""What somebody would try who wants a neighbour's figures, an exact point, a broken page or a busy server."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any
from xml.etree import ElementTree

import pytest

from boget.portal.core.errors import Conflict
from boget.portal.core.levels import Level
from boget.portal.core.models import Revision
from boget.portal.scenarios.forms import reading_text
from boget.portal.scenarios.forms.readings import MOST_ROWS
from boget.portal.scenarios.forms.river import RiverForm
from boget.portal.scenarios.models import Run, ScreeningRow
from boget.portal.scenarios.selectors.runs import read_run
from boget.portal.scenarios.services import runs
from boget.portal.scenarios.services.receiving import Entrance, confirm_receiving_water
from boget.portal.scenarios.services.rivers import open_rivers
from boget.portal.scenarios.services.runs import request_run
from boget.science.errors import BogetError
from boget.science.river.release import Release
from boget.science.river.release_rules import check_release
from boget.science.scenario.river_scenario import ChosenPoint
from tests.portal.scenarios.conftest import SmallScience, make_entry, make_scenario
from tests.portal.scenarios.outcomes import make_outcome_json, make_run, make_scenario_json
from tests.portal.scenarios.test_screening import computed, register  # noqa: F401
from tests.portal.scenarios.test_services import SIX, ask, finish
from tests.portal.scenarios.test_wizard import TYPED

pytestmark = pytest.mark.django_db
WIZARD = "/scenarios/rivers/new/"
UPSTREAM = "/scenarios/upstream/"
SCREENING = "/scenarios/screening/"
EVIL = "=HYPERLINK(1)</script><svg onload=alert(1)>&'#[$x$]"
EXACT = {"longitude": 83.516_432, "latitude": 50.345_679, "radius_m": 30.0}


def read_rows(**typed: Any) -> dict[str, str]:
    """A posted form of readings with one row."""
    row = {"target": "oskemen", "kind": "arrival", "moment": "2026-11-23T06:00", "value": "", "error": "0.1", **typed}
    head = {"r-TOTAL_FORMS": "1", "r-INITIAL_FORMS": "0"}
    return head | {f"r-0-{name}": str(value) for name, value in row.items()}


# --- levels --------------------------------------------------------------------------------------------------------


def test_a_refinement_is_not_more_open_than_what_it_refines(cast: Any, make_facility: Any, science: SmallScience) -> None:
    """The scenario of a run holds the exact point: a refinement takes it over and with it who may read it."""
    facility = make_facility(point=EXACT)
    first = finish(ask(facility, cast["secretary"]))
    assert first.level == Level.AUTHORITY and first.scenario["point"] == [EXACT["longitude"], EXACT["latitude"]]
    answer = cast["secretary"].client.post(f"/scenarios/runs/{first.public_id}/readings/", read_rows())
    assert answer.status_code == 302
    refined = Run.objects.get(refines=first)
    assert refined.level == Level.AUTHORITY
    assert read_run(cast["expert"], refined.public_id) is None
    again = runs.renew_run(finish(refined), by=cast["secretary"])
    assert again.level == Level.AUTHORITY


def test_a_refinement_of_a_facility_is_about_it_still(cast: Any, make_facility: Any, science: SmallScience) -> None:
    from tests.portal.scenarios.test_services import move

    facility = make_facility(point=EXACT)
    first = finish(ask(facility, cast["secretary"]))
    cast["secretary"].client.post(f"/scenarios/runs/{first.public_id}/readings/", read_rows())
    refined = Run.objects.get(refines=first)
    assert refined.is_at_facility
    move(facility, longitude=70.0, latitude=50.0)
    refined.refresh_from_db()
    assert refined.is_stale


def test_the_screening_tells_no_distance_finer_than_the_point(cast: Any, computed: Any, register: Any) -> None:  # noqa: F811
    """Traced from the exact point: metres along the river and seconds of travel would give it back."""
    ScreeningRow.objects.filter(screening=computed).update(distance_m=20_123.456, t50_s=86_543.21, rank_value=0.123456789)
    for role, is_exact in (("secretary", True), ("expert", False), ("observer", False), ("operator", False)):
        rows = list(csv.DictReader(io.StringIO(cast[role].client.get(SCREENING, {"f": "csv"}).content.decode("utf-8-sig"))))
        row = next(one for one in rows if one["facility"] == register["near"].public_id)
        assert ("20123.456" in row["distance_m"]) == is_exact, role
        assert ("86543.21" in row["t50_s"]) == is_exact, role
        if not is_exact:
            assert float(row["distance_m"]) == 20_000.0
            assert float(row["rank_value"]) == float(f"{float(row['rank_value']):.2g}")


def test_the_public_summary_does_not_single_out_a_facility(clients: Any, computed: Any, register: Any) -> None:  # noqa: F811
    """Filters would cut the count of the whole country down to that of one facility: its class."""
    whole = clients["anonymous"].get(SCREENING).content.decode()
    for asked in (
        {"border": "RU"},
        {"basin": "nura_sarysu"},
        {"flow": "high"},
        {"border": "RU", "basin": "yertis"},
        {"f": "csv"},
    ):
        assert strip(clients["anonymous"].get(SCREENING, asked).content.decode()) == strip(whole), asked


def strip(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def test_drafts_do_not_move_a_public_count(clients: Any, computed: Any, register: Any) -> None:  # noqa: F811
    before = strip(clients["anonymous"].get(SCREENING).content.decode())
    assert "CANARY" not in before
    type(register["near"]).objects.filter(pk=register["far"].pk).update(disclosure="draft")
    after = strip(clients["anonymous"].get(SCREENING).content.decode())
    assert register["far"].public_id not in after and register["far"].public_id in before


def test_an_operator_asks_nothing_of_a_neighbour(
    cast: Any, facility_own: Any, facility_other: Any, science: SmallScience
) -> None:
    science.entries = {one.public_id: make_entry(one.public_id) for one in (facility_own, facility_other)}
    run = finish(ask(facility_other, cast["secretary"]))
    client = cast["operator"].client
    for address in (f"/scenarios/runs/{run.public_id}/repeat/", f"/scenarios/runs/{run.public_id}/readings/"):
        assert client.post(address, read_rows()).status_code == 404
    assert client.post(f"/scenarios/facilities/{facility_own.public_id}/water/", {}).status_code == 404
    own = finish(ask(facility_own, cast["operator"]))
    for a, b in ((own, run), (run, own)):
        assert client.get("/scenarios/runs/compare/", {"a": a.public_id, "b": b.public_id}).status_code == 404
    assert client.get(f"/jobs/{run.job.public_id}/").status_code == 404
    assert Run.objects.count() == 2


def test_an_operator_gets_no_way_of_a_neighbour(cast: Any, facility_own: Any, facility_other: Any) -> None:
    client = cast["operator"].client
    typed = {**TYPED, "place": "facility", "facility": facility_other.public_id}
    assert client.post(WIZARD, typed).status_code == 422
    assert client.post(WIZARD, TYPED).status_code == 422, "a point of the river is not for an operator"
    for asked in (typed, TYPED, {**TYPED, "place": "reach", "reach": "1", "km": "1"}):
        assert "way-features" not in client.get(WIZARD, {**asked, "part": "way"}).content.decode(), asked["place"]
    assert not Run.objects.exists()


# --- what is kept --------------------------------------------------------------------------------------------------


def test_a_changed_outcome_is_not_shown(cast: Any, science: SmallScience) -> None:
    outcome = make_outcome_json()
    run = make_run(outcome=outcome)
    outcome["targets"][0]["peak"]["p50"] *= 10
    Run.objects.filter(pk=run.pk).update(outcome=outcome)
    with pytest.raises(BogetError) as caught:
        runs.read_outcome(Run.objects.get(pk=run.pk))
    assert caught.value.code == "outcome_altered"
    client = cast["secretary"].client
    for place in ("", "fan.svg", "paper.csv", "readings/"):
        assert client.get(f"/scenarios/runs/{run.public_id}/{place}").status_code == 409, place
    assert client.get(f"/api/v1/runs/{run.public_id}").status_code == 409


def test_the_list_outlives_an_outcome_that_cannot_be_read(cast: Any) -> None:
    make_run("R-2026-0042", outcome={"form": 99})
    make_run("R-2026-0043", scenario={})
    make_run("R-2026-0044", scenario=make_scenario_json(form=0))
    client = cast["secretary"].client
    page = client.get("/scenarios/")
    assert page.status_code == 200 and b"R-2026-0042" in page.content
    for number in ("42", "43", "44"):
        assert client.get(f"/scenarios/runs/R-2026-00{number}/").status_code < 500, number
        assert client.get(f"/scenarios/runs/R-2026-00{number}/readings/").status_code < 500, number
        assert client.get(WIZARD, {"from": f"R-2026-00{number}"}).status_code < 500, number


def test_the_log_knows_what_came_out(cast: Any, facility_own: Any, science: SmallScience) -> None:
    science.entries = {facility_own.public_id: make_entry(facility_own.public_id)}
    run = finish(ask(facility_own, cast["expert"]))
    told = Revision.objects.filter(record_type="run", record_id=run.public_id).order_by("seq").last()
    assert told is not None and told.changes == {"outcome_hash": [None, run.outcome_hash]}
    assert run.outcome_hash


# --- what people type ----------------------------------------------------------------------------------------------


DAYS = ("0001-01-01", "9999-12-31", "1066-10-14")
KMS = ("²", "٣", "9" * 400, "nan", "-1", "1e308", "1.2.3", "")


@pytest.mark.parametrize("day", DAYS)
def test_a_moment_no_clock_has_is_refused(day: str, cast: Any) -> None:
    client = cast["secretary"].client
    assert client.post(WIZARD, {**TYPED, "day": day, "clock": "00:00"}).status_code == 422
    assert client.get(UPSTREAM, {"latitude": "50", "longitude": "83", "day": day, "clock": "00:00"}).status_code == 422


def test_the_door_itself_refuses_what_cannot_be_shown(cast: Any, science: SmallScience) -> None:
    point = {"point": (83.0, 50.0)}
    for fault in (
        {"started_at": SIX.replace(year=9000)},
        {"title": "a\x01b"},
        {"title": "txt.\u202egnp"},
        {"scenario": make_scenario(**point, points=(ChosenPoint("\x1b[31m", 83.0, 50.0),))},
    ):
        given: dict[str, Any] = {"scenario": make_scenario(**point), "started_at": SIX, **fault}
        with pytest.raises(BogetError):
            request_run(given.pop("scenario"), by=cast["secretary"], **given)


def test_no_reach_breaks_the_wizard(cast: Any) -> None:
    client = cast["secretary"].client
    for reach, km in [*(("746", km) for km in KMS), ("²", "1"), ("9" * 15, "1"), ("-1", "1")]:
        asked = {"part": "way", "place": "reach", "reach": reach, "km": km, "season": "нет"}
        assert client.get(WIZARD, asked).status_code == 200, (reach, km)
    assert client.get(WIZARD, {"reach": "²", "km": "²"}).status_code == 200


NUMBERS = ("nan", "inf", "-1", "0", "1e308", "9" * 79, "٣", "²", "\u202e1", "[]", "{}", "1\x01")


@pytest.mark.parametrize("name", ["mass", "duration", "own_threshold", "announced", "hydrograph", "points"])
def test_no_number_breaks_the_form(name: str, cast: Any) -> None:
    """Unicode digits, NaN, infinite, negative, huge: a sentence, not a fault of the server."""
    substances = open_rivers().substances
    for number in NUMBERS:
        typed = {**TYPED, name: number, **({"shape": "hydrograph"} if name == "hydrograph" else {})}
        form = RiverForm(typed, user=cast["secretary"], substances=substances)
        assert name in form.errors, number


def test_long_and_late_tables_are_refused() -> None:
    for row in ("1", "1e300"):
        with pytest.raises(BogetError):
            reading_text.read_hydrograph("\n".join(f"{count}; {row}" for count in range(reading_text.MOST_ROWS + 1)))
    with pytest.raises(BogetError):
        reading_text.read_extra_places("\n".join(["50,1; 83,2; Мост"] * (reading_text.MOST_PLACES + 1)))
    times, rates = reading_text.read_hydrograph("1e300; 1\n2e300; 1")
    with pytest.raises(BogetError):
        check_release(Release("hydrograph", reading_text.sum_hydrograph(times, rates), times_s=times, rates_kg_s=rates))


def test_no_row_of_readings_breaks_the_page(cast: Any, science: SmallScience) -> None:
    run = make_run()
    client = cast["secretary"].client
    address = f"/scenarios/runs/{run.public_id}/readings/"
    for typed in (
        {"value": "nan"}, {"kind": "concentration", "value": "1e308"}, {"kind": "concentration", "value": "²"},
        {"moment": "0001-01-01T00:00"}, {"moment": "9999-12-31T23:59", "kind": "peak", "value": "x"}, {"target": "R-2026-0042"},
        {"error": "1e308"}, {"kind": "__class__"},
    ):  # fmt: skip
        assert client.post(address, read_rows(**typed)).status_code == 422, typed
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {**read_rows(), "r-TOTAL_FORMS": "-1"}).status_code == 422
    assert not Run.objects.filter(refines=run).exists()


def test_a_form_of_a_thousand_rows_is_not_drawn(cast: Any, science: SmallScience) -> None:
    run = make_run()
    page = cast["secretary"].client.post(f"/scenarios/runs/{run.public_id}/readings/", {**read_rows(), "r-TOTAL_FORMS": "999"})
    assert page.status_code == 422
    assert page.content.decode().count('-target"') <= 3 * (MOST_ROWS + 1)


@pytest.mark.parametrize("form", ["", "fan.svg", "paper.svg", "paper.csv", "paper.xlsx", "compare"])
def test_a_title_or_name_is_text_wherever_it_stands(form: str, cast: Any) -> None:
    outcome = make_outcome_json()
    for one in outcome["targets"]:
        one["target"]["names"] = dict.fromkeys(("ru", "kk", "en"), EVIL)
    run = make_run(outcome=outcome, title=EVIL)
    address = f"/scenarios/runs/{run.public_id}/{form}"
    if form == "compare":
        address = f"/scenarios/runs/compare/?a={run.public_id}&b={run.public_id}"
    answer = cast["secretary"].client.get(address)
    assert answer.status_code == 200
    body = answer.content
    if form == "paper.xlsx":
        book = zipfile.ZipFile(io.BytesIO(body))
        assert not any(b"<f>" in book.read(name) for name in book.namelist())
    elif form == "paper.csv":
        cells = [cell for row in csv.reader(io.StringIO(body.decode("utf-8-sig"))) for cell in row]
        assert any("HYPERLINK" in cell for cell in cells) and not any(cell.startswith("=") for cell in cells)
    else:
        assert b"<svg onload" not in body and b"HYPERLINK" in body
        if form.endswith("svg"):
            ElementTree.fromstring(body)  # noqa: S314 - our own


def test_one_person_does_not_fill_the_queue(cast: Any, science: SmallScience) -> None:
    place = {"place": (83.0, 50.0)}
    for number in range(runs.MOST_LIVE):
        last = ask(None, cast["expert"], title=str(number), **place)
    assert ask(None, cast["expert"], title=str(number), **place) == last, "the same form again is the same run"
    with pytest.raises(BogetError) as caught:
        ask(None, cast["expert"], title="one more", **place)
    assert caught.value.code == "too_many_live"
    assert ask(None, cast["inspector"], title="somebody else", **place).pk
    finish(last)
    assert ask(None, cast["expert"], title="one more", **place).pk


def test_writes_need_a_token_and_a_post(cast: Any, facility_own: Any) -> None:
    from django.test import Client

    run = make_run(facility=facility_own, is_stale=True)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast["secretary"])
    for address in (
        WIZARD, f"/scenarios/runs/{run.public_id}/readings/", f"/scenarios/runs/{run.public_id}/repeat/",
        f"/scenarios/facilities/{facility_own.public_id}/water/",
    ):  # fmt: skip
        assert strict.post(address, TYPED).status_code == 403, address
    count = Revision.objects.count(), Run.objects.count()
    client = cast["secretary"].client
    for method in (client.get, client.put, client.delete, client.patch):
        assert method(f"/scenarios/runs/{run.public_id}/repeat/").status_code == 405
    assert (Revision.objects.count(), Run.objects.count()) == count


def test_pages_with_figures_are_not_kept_on_the_way(cast: Any, facility_own: Any) -> None:
    run = make_run(facility=facility_own)
    client = cast["secretary"].client
    for address in (
        "/scenarios/", f"/scenarios/runs/{run.public_id}/", f"/scenarios/runs/{run.public_id}/?f=map",
        f"/scenarios/runs/{run.public_id}/paper.csv", f"/scenarios/runs/{run.public_id}/fan.svg", f"/api/v1/runs/{run.public_id}",
        f"/scenarios/facilities/{facility_own.public_id}/panel/", SCREENING, WIZARD,
    ):  # fmt: skip
        told = client.get(address).headers["Cache-Control"]
        assert "private" in told and ("no-store" in told or "no-cache" in told), (address, told)


# --- the watercourse -----------------------------------------------------------------------------------------------


def test_who_confirms_second_is_told(cast: Any, facility_own: Any, science: SmallScience) -> None:
    first, second = (Entrance(reach, 1.0, 83.0, 50.0) for reach in (746, 747))
    confirm_receiving_water(facility_own, first, source="map", reason="slope", by=cast["expert"])
    with pytest.raises(Conflict):
        confirm_receiving_water(facility_own, second, source="map", reason="slope", by=cast["inspector"])
    assert Revision.objects.filter(record_type="receiving_water").count() == 1


def test_nothing_but_a_place_of_the_network_is_confirmed(cast: Any, facility_own: Any, science: SmallScience) -> None:
    words = {"source": "map", "reason": "slope"}
    for entrance, more in (
        (Entrance(746, float("nan"), 83.0, 50.0), {}),
        (Entrance(746, float("inf"), 83.0, 50.0), {}),
        (Entrance(746, 20.5, 83.0, 50.0), {}),
        (Entrance(746, 1.0, float("nan"), 50.0), {}),
        (Entrance(1, 1.0, 83.0, 50.0), {}),
        (Entrance(746, 1.0, 83.0, 50.0), {"source": "a\x01"}),
        (Entrance(746, 1.0, 83.0, 50.0), {"reason": "\u202e"}),
        (Entrance(746, 1.0, 83.0, 50.0), {"reason": "x" * 501}),
    ):
        with pytest.raises(BogetError):
            confirm_receiving_water(facility_own, entrance, by=cast["expert"], **{**words, **more})
    with pytest.raises(BogetError):
        confirm_receiving_water(facility_own, Entrance(746, 1.0, 83.0, 50.0), by=cast["operator"], **words)


def test_another_reason_for_the_same_place_is_written_down(cast: Any, facility_own: Any, science: SmallScience) -> None:
    entrance = Entrance(746, 1.0, 83.0, 50.0)
    confirm_receiving_water(facility_own, entrance, source="map", reason="slope", by=cast["expert"])
    water = confirm_receiving_water(facility_own, entrance, source="map", reason="a visit", by=cast["inspector"], version=1)
    assert (water.reason, water.version) == ("a visit", 2)
