"""The same form sent twice makes one record; the same words of another person, or later, make another one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from boget.portal.accounts.services import actor_of
from boget.portal.core.models import Revision
from boget.portal.registry.models import Dam, Facility
from boget.portal.registry.services import NewFacility, add_structure, register_facilities, repeats
from boget.portal.registry.values import Claim

NEW = "/registry/facilities/new/"
CORE = {
    "step": "register", "name_ru": "Новое хвостохранилище", "country": "KZ", "latitude": "48,5", "longitude": "67,2",
    "status": "active", "source": "Order 12", "source_date": "2025", "kind": "declared", "reason": "found in the cadastre",
    "why_new": "another valley",
}  # fmt: skip
DAM = {"source": "Survey", "kind": "declared", "reason": "seen", "f-height_m": "12"}


def test_a_facility_sent_twice_is_one(clients: dict[str, Any]) -> None:
    first, second = (clients["editor"].post(NEW, CORE) for _time in range(2))
    assert first.status_code == second.status_code == 302 and first.url == second.url
    assert Facility.objects.count() == 1 and Revision.objects.filter(record_type="facility").count() == 1


@pytest.mark.parametrize("other", [{"name_ru": "Другое"}, {"latitude": "48,51"}, {"reason": "again"}, {"status": "closed"}])
def test_another_facility_is_another(other: dict[str, str], clients: dict[str, Any]) -> None:
    clients["editor"].post(NEW, CORE)
    clients["editor"].post(NEW, CORE | other)
    assert Facility.objects.count() == 2


def test_another_person_registers_another(clients: dict[str, Any]) -> None:
    for name in ("editor", "inspector"):
        clients[name].post(NEW, CORE)
    assert Facility.objects.count() == 2


def test_later_the_same_words_are_meant(clients: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    clients["editor"].post(NEW, CORE)
    monkeypatch.setattr(repeats, "WINDOW", timedelta(0))
    clients["editor"].post(NEW, CORE)
    assert Facility.objects.count() == 2


def test_a_structure_sent_twice_is_one(clients: dict[str, Any], facility_own: Any, facility_other: Any) -> None:
    before = Dam.objects.count()
    for facility in (facility_own, facility_own, facility_other):
        clients["editor"].post(f"/registry/facilities/{facility.public_id}/structures/new/dam/", DAM)
    assert Dam.objects.count() == before + 2, "one for each facility"
    clients["editor"].post(f"/registry/facilities/{facility_own.public_id}/structures/new/dam/", DAM | {"f-height_m": "13"})
    assert Dam.objects.count() == before + 3


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["with structures first", "without structures first"])
def test_a_facility_without_structures_does_not_repeat_one_with_them(order: tuple[int, int], cast: dict[str, Any]) -> None:
    claims = {"name_ru": Claim("Хвостохранилище"), "status": Claim("active")}
    new = (NewFacility("KZ", claims, dams=[{"height_m": Claim(12.0)}]), NewFacility("KZ", claims))
    for place in order:
        register_facilities([new[place]], actor=actor_of(cast["editor"]), source="Survey", reason="seen")
    assert Facility.objects.count() == 2 and Dam.objects.count() == 1


def test_a_structure_does_not_repeat_one_that_came_with_the_facility(cast: dict[str, Any]) -> None:
    actor, dam = actor_of(cast["editor"]), {"height_m": Claim(12.0)}
    [made] = register_facilities(
        [NewFacility("KZ", {"name_ru": Claim("Хвостохранилище")}, dams=[dam])], actor=actor, source="Survey", reason="seen"
    )
    for _time in range(2):
        add_structure(made, "dam", dam, actor=actor, source="Survey", reason="seen")
    assert Dam.objects.count() == 2, "one that came with it, one that was added once"
