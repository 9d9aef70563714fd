"""Addresses and inputs that nobody honest sends: each is answered, none of them with an error of the server."""

from __future__ import annotations

import base64
import json
import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest

from boget.portal.core.geometry import MAX_VERTICES
from boget.portal.registry.models import Facility

LIST = "/registry/facilities/"
BLOCK = {"source": "Survey", "kind": "declared", "reason": "test"}
BIG = "9" * 400


def token(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


BAD_LISTS = {
    "first day": "updated_since=0001-01-01",
    "last day": "updated_since=9999-12-31",
    "moment before all": f"sort=updated&after={token('updated', 1, '0001-01-01T00:00:00+05:00', 'KZ-0001')}",
    "moment after all": f"sort=updated&after={token('updated', 1, '9999-12-31T23:59:59-05:00', 'KZ-0001')}",
    "half a character": f"sort=name&after={token('name', 1, chr(0xD800), 'KZ-0001')}",
    "nul": f"sort=name&after={token('name', 1, chr(0), 'KZ-0001')}",
    "huge number": f"sort=thi&after={token('thi', 1, int(BIG), 'KZ-0001')}",
    "huge position": f"sort=thi&after={token('thi', int(BIG), 1, 'KZ-0001')}",
    "no number": f"sort=thi&after={token('thi', 1, float('nan'), 'KZ-0001')}",
}


@pytest.mark.parametrize("query", BAD_LISTS.values(), ids=BAD_LISTS)
@pytest.mark.parametrize("address", [LIST, "/api/v1/facilities"])
def test_a_list_that_cannot_be_is_a_bad_request(address: str, query: str, clients: dict[str, Any], facility_own: Any) -> None:
    assert clients["anonymous"].get(f"{address}?{query}").status_code == 400


@pytest.mark.parametrize("day", ["9999-12-31", "9999-12-30", "9999-12-29"])
def test_the_card_at_the_end_of_time_is_that_of_now(day: str, clients: dict[str, Any], facility_own: Any) -> None:
    assert clients["anonymous"].get(f"{LIST}{facility_own.public_id}/?at={day}").status_code == 200


def test_the_card_at_the_beginning_of_time_is_not_there(clients: dict[str, Any], facility_own: Any) -> None:
    assert clients["anonymous"].get(f"{LIST}{facility_own.public_id}/?at=0001-01-01").status_code == 404


def send_shape(clients: dict[str, Any], facility: Any, what: str, **typed: str) -> Any:
    facility.refresh_from_db()
    address = f"{LIST}{facility.public_id}/geometry/?what={what}"
    return clients["editor"].post(address, BLOCK | {"version": str(facility.version)} | typed)


def test_a_coordinate_too_large_for_a_number_is_refused(clients: dict[str, Any], facility_own: Any) -> None:
    drawn = f'{{"type":"Point","coordinates":[{BIG},1]}}'
    assert send_shape(clients, facility_own, "point", geometry=drawn).status_code == 422


def test_typed_vertices_are_counted_before_they_are_read(
    clients: dict[str, Any], facility_own: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("boget.portal.core.coordinates.parse_degrees", lambda text, axis: pytest.fail("it was read"))
    answer = send_shape(clients, facility_own, "footprint", lines="50; 70\n" * (MAX_VERTICES + 1))
    assert answer.status_code == 422 and str(MAX_VERTICES) in answer.content.decode()


def test_a_drawing_is_measured_before_it_is_read(
    clients: dict[str, Any], facility_own: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("boget.portal.registry.forms.geometry.LONGEST_GEOJSON", 1000)
    drawn = json.dumps({"type": "Polygon", "coordinates": [[[67.2, 48.5]] * 200]})
    answer = send_shape(clients, facility_own, "footprint", geometry=drawn)
    assert answer.status_code == 422 and "1000" in answer.content.decode()


@pytest.mark.parametrize("mark", ["\ufffe", "\uffff", "\u202e", "\u2066", "\x0c"])
def test_text_that_files_cannot_hold_is_refused(mark: str, clients: dict[str, Any], facility_own: Any) -> None:
    facility_own.refresh_from_db()
    sent = BLOCK | {"version": str(facility_own.version), "f-mine": f"a{mark}b"}
    answer = clients["editor"].post(f"{LIST}{facility_own.public_id}/edit/identity/", sent)
    assert answer.status_code == 422 and "character that cannot be stored" in answer.content.decode()


def test_a_map_file_of_odd_text_is_well_formed(clients: dict[str, Any], facility_own: Any) -> None:
    facility_own.refresh_from_db()
    sent = BLOCK | {"version": str(facility_own.version), "f-mine": "<b>&amp;]]> \U0010ffff \u200d\n\t"}
    assert clients["editor"].post(f"{LIST}{facility_own.public_id}/edit/identity/", sent).status_code == 302
    answer = clients["anonymous"].get(f"{LIST}?f=kml")
    ElementTree.fromstring(b"".join(answer.streaming_content))  # noqa: S314 - our own file


def test_nothing_was_written_by_any_of_it(clients: dict[str, Any], facility_own: Any) -> None:
    version = Facility.objects.get(pk=facility_own.pk).version
    send_shape(clients, facility_own, "point", geometry=f'{{"type":"Point","coordinates":[{BIG},1]}}')
    assert Facility.objects.get(pk=facility_own.pk).version == version
