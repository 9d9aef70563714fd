"""The watercourse that takes the water of a facility: confirmed by a person, with reason, against the newest version."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from boget.portal.core.errors import Conflict
from boget.portal.core.models import Revision
from boget.portal.scenarios.models import ReceivingWater, Run
from boget.portal.scenarios.services.places import find_place
from boget.portal.scenarios.services.receiving import Entrance, confirm_receiving_water
from boget.science.errors import InvalidInput
from tests.portal.scenarios.conftest import SmallScience, make_entry
from tests.portal.scenarios.test_services import ask

pytestmark = pytest.mark.django_db
TIKHAYA = Entrance(747, 12.5, 83.4, 50.3, {"ru": "Тихая"})
WORDS = {"source": "Site visit", "reason": "The table names another river"}


def test_a_confirmed_water_stands_above_the_table_and_makes_older_runs_stale(
    cast: Any, facility_own: Any, science: SmallScience
) -> None:
    science.entries = {facility_own.public_id: make_entry(facility_own.public_id)}
    before = ask(facility_own, cast["expert"])
    water = confirm_receiving_water(facility_own, TIKHAYA, by=cast["inspector"], **WORDS)
    assert (water.version, water.confirmed_by, water.network_version) == (1, cast["inspector"], science.version)
    after = ask(facility_own, cast["expert"])
    assert (after.scenario["reach_id"], after.scenario["entry_km"], after.scenario["facility_id"]) == (747, 12.5, None)
    assert [run.is_stale for run in Run.objects.order_by("pk")] == [True, False]
    entry = Revision.objects.get(record_type="receiving_water")
    assert (entry.record_id, entry.reason, entry.source) == (facility_own.public_id, WORDS["reason"], WORDS["source"])
    assert entry.changes["reach_id"] == [None, 747]
    assert before.pk != after.pk


def test_two_people_at_once(cast: Any, facility_own: Any, science: SmallScience) -> None:
    confirm_receiving_water(facility_own, TIKHAYA, by=cast["expert"], **WORDS)
    with pytest.raises(Conflict):
        confirm_receiving_water(facility_own, replace(TIKHAYA, entry_km=1.0), by=cast["inspector"], **WORDS)
    second = confirm_receiving_water(facility_own, replace(TIKHAYA, entry_km=1.0), by=cast["inspector"], version=1, **WORDS)
    assert (second.version, ReceivingWater.objects.get().entry_km) == (2, 1.0)


def test_the_same_form_twice_is_one_confirmation(cast: Any, facility_own: Any, science: SmallScience) -> None:
    for _ in range(2):
        confirm_receiving_water(facility_own, TIKHAYA, by=cast["expert"], **WORDS)
    assert Revision.objects.filter(record_type="receiving_water").count() == 1


@pytest.mark.parametrize(
    ("changes", "words", "code"),
    [
        ({"reach_id": 9}, {}, "unknown_reach"),
        ({"entry_km": 30.5}, {}, "range"),
        ({"entry_km": float("nan")}, {}, "range"),
        ({"longitude": 200.0}, {}, "longitude"),
        ({"latitude": -91.0}, {}, "latitude"),
        ({}, {"reason": " "}, "reason_missing"),
        ({}, {"source": ""}, "source_missing"),
        ({}, {"source": "x" * 301}, "too_long"),
    ],
)
def test_refused_places_leave_nothing(
    changes: Any, words: Any, code: str, cast: Any, facility_own: Any, science: SmallScience
) -> None:
    with pytest.raises(InvalidInput) as caught:
        confirm_receiving_water(facility_own, replace(TIKHAYA, **changes), by=cast["expert"], **{**WORDS, **words})
    assert caught.value.code == code
    assert not ReceivingWater.objects.exists()
    assert not Revision.objects.filter(record_type="receiving_water").exists()


@pytest.mark.parametrize("role", ["operator", "other_operator", "observer"])
def test_nobody_else_confirms(role: str, cast: Any, facility_own: Any, science: SmallScience) -> None:
    with pytest.raises(InvalidInput):
        confirm_receiving_water(facility_own, TIKHAYA, by=cast[role], **WORDS)


def test_a_water_confirmed_on_another_network_does_not_count(cast: Any, facility_own: Any, science: SmallScience) -> None:
    confirm_receiving_water(facility_own, TIKHAYA, by=cast["inspector"], **WORDS)
    assert find_place(facility_own, level=2)["kind"] == "confirmed"
    ReceivingWater.objects.update(network_version="another")
    assert find_place(facility_own, level=2)["kind"] != "confirmed", "its reach number may be another river there"
