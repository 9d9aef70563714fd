"""The trace upstream: who is listed, at which level, and what wrong alarms are told."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from boget.portal.scenarios.forms import upstream as forms
from boget.portal.scenarios.services import upstream
from boget.portal.scenarios.services.screening_ways import Way
from boget.portal.scenarios.views import upstream as views
from boget.science.errors import MissingData
from boget.science.river import snapping
from boget.science.river.network import Reach, build_network
from tests.science.river.test_upstream import make_flow, make_path

pytestmark = pytest.mark.django_db
PAGE = "/scenarios/upstream/"
ZINC = SimpleNamespace(code="Zn", symbol="Zn", names={"en": "Zinc", "ru": "Цинк", "kk": "Мырыш"}, is_carried=True)
ALARM = {"reach": "3", "km": "15", "day": "2026-07-01", "clock": "12:00", "phase": "peak", "season": "month"}


@pytest.fixture
def register(cast: dict[str, Any], make_facility: Any, facility_own: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The operator's own facility above the alarm, one that enters below it, one on another river, one without a place."""
    found = {
        "own": facility_own,
        "below": make_facility(name_en="Below"),
        "elsewhere": make_facility(name_en="Elsewhere"),
        "lost": make_facility(name_en="Lost"),
    }
    ways = {"own": [1, 3, 4], "below": [4], "elsewhere": [5]}
    numbers = {found[name].public_id: reaches for name, reaches in ways.items()}
    network = build_network([Reach(key, after, 20.0, 100.0) for key, after in {1: 3, 2: 3, 3: 4, 4: 0, 5: 0}.items()])
    entries = {number: SimpleNamespace(reach_id=reaches[0]) for number, reaches in numbers.items()}
    ports = SimpleNamespace(network=network, entries=entries, substances={"Zn": ZINC})
    monkeypatch.setattr(upstream, "open_rivers", lambda: ports)
    monkeypatch.setattr(views, "open_rivers", lambda: ports)
    monkeypatch.setattr(upstream, "MEMBERS", 200)

    def find_place(facility: Any, level: int) -> Any:
        is_known = facility.public_id in numbers
        return {"kind": "table", "facility_id": facility.public_id} if is_known else {"kind": "unknown"}

    def trace_place(place: Any, season: str) -> Way:
        path = make_path(numbers[place["facility_id"]])
        return Way(place, path, {season: make_flow(len(path))})

    monkeypatch.setattr(upstream, "find_place", find_place)
    monkeypatch.setattr(upstream, "trace_place", trace_place)
    return found


def ask(person: Any, **more: str) -> Any:
    return person.client.get(PAGE, {**ALARM, **more})


def test_only_facilities_above_the_place_are_listed(cast: dict[str, Any], register: dict[str, Any]) -> None:
    page = ask(cast["expert"]).content.decode()
    assert "Facilities upstream: 1" in page and register["own"].public_id in page
    for name in ("below", "elsewhere", "lost"):
        assert register[name].public_id not in page
    assert "Facilities without coordinates, not placed: 1." in page


def test_the_contact_is_for_those_who_may_see_it(cast: dict[str, Any], register: dict[str, Any]) -> None:
    for role, is_shown in (
        ("secretary", True),
        ("operator", True),
        ("expert", False),
        ("observer", False),
        ("other_operator", False),
    ):
        page = ask(cast[role]).content.decode()
        assert ("AUTHORITY-CANARY" in page) == is_shown, role


def test_a_window_keeps_everybody_and_says_who_fits(cast: dict[str, Any], register: dict[str, Any]) -> None:
    page = ask(cast["secretary"], since="1").content.decode()
    assert "fit the time: 0" in page and "does not fit the time" in page and "Facilities upstream: 1" in page
    assert "fit the time: 1" in ask(cast["secretary"], since="720").content.decode()


def test_the_substance_is_looked_for_in_the_register(cast: dict[str, Any], register: dict[str, Any]) -> None:
    assert "Zn: not" in ask(cast["secretary"], substance="Zn").content.decode()
    assert upstream.split_symbols("Pb-Zn-Cu; Au, cyanide (old)") == ["Pb", "Zn", "Cu", "Au", "cyanide", "old"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"reach": "77"}, "77"),
        ({"km": "21"}, "21"),
        ({"km": "far"}, "far"),
        ({"since": "2", "until": "5"}, "less than the other"),
        ({"reach": "", "latitude": "95", "longitude": "82"}, "95"),
        ({"reach": "", "latitude": "50"}, "Longitude"),
    ],
)
def test_wrong_alarms_are_told_what_is_wrong(cast: dict[str, Any], register: dict[str, Any], wrong: Any, told: str) -> None:
    answer = ask(cast["secretary"], **wrong)
    assert answer.status_code == 422
    assert told in answer.content.decode()


def test_a_point_far_from_every_river_is_refused(
    cast: dict[str, Any], register: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: Any) -> Any:
        raise MissingData("no_watercourse", where="point", value="70, 45")

    monkeypatch.setattr(snapping, "find_nearest_reach", refuse)
    answer = ask(cast["secretary"], reach="", latitude="45", longitude="70")
    assert answer.status_code == 422 and "no known river is near" in answer.content.decode()


def test_the_form_begins_with_now_and_is_for_signed_in_people(cast: dict[str, Any], register: dict[str, Any]) -> None:
    page = cast["observer"].client.get(PAGE)
    assert page.status_code == 200 and "Find facilities upstream" in page.content.decode()
    assert cast["anonymous"].client.get(PAGE).status_code == 302
    assert set(forms.start_values()) == {"day", "clock", "phase", "season"}


def test_an_address_with_a_place_alone_is_enough(cast: dict[str, Any], register: dict[str, Any]) -> None:
    answer = cast["secretary"].client.get(PAGE, {"reach": "3", "km": "15"})
    assert answer.status_code == 200 and "Facilities upstream: 1" in answer.content.decode()
