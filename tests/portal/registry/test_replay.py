"""The register replayed from its log: what was changed past the log is found, what the pages did is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from boget.portal.accounts.models import Membership, Organisation, User
from boget.portal.accounts.services import find_people_drift, load_organisations, rename_organisation, set_activity
from boget.portal.core.services import SYSTEM, Drift
from boget.portal.registry import services
from boget.portal.registry.models import Dam, Facility, Impoundment
from boget.portal.registry.services import Source
from boget.portal.registry.services.replay import find_register_drift
from boget.portal.registry.values import Claim

SOURCE = Source("Survey", "test")


@pytest.fixture
def used(cast: dict[str, Any], facility_own: Any, facility_other: Any) -> Any:
    """A register in which everything was done that the services do."""
    facility_own.refresh_from_db()
    change = services.change_values(
        facility_own, {"mine": Claim("a"), "status": None}, source=SOURCE, actor=SYSTEM, version=facility_own.version
    )
    services.undo_revision(change, reason="test", actor=SYSTEM)
    services.propose_values(facility_own, {"mine": Claim("b")}, source=SOURCE, actor=SYSTEM)
    facility_own.refresh_from_db()
    services.choose_claim(facility_own, "mine", 0, reason="test", actor=SYSTEM, version=facility_own.version)
    services.add_structure(facility_own, "dam", {"height_m": Claim(9.0)}, actor=SYSTEM, source="Survey", reason="test")
    services.set_disclosure(facility_other, "retired", reason="double", actor=SYSTEM, merged_into=facility_own.public_id)
    set_activity(cast["expert"], is_active=False, by=SYSTEM)
    set_activity(cast["expert"], is_active=True, by=SYSTEM)
    rename_organisation(
        Organisation.objects.get(code="test-university"), code="test-institute", names={"name_ru": "Институт"},
        first_day=dt.date(2025, 1, 1), by=SYSTEM,
    )  # fmt: skip
    load_organisations()
    facility_own.refresh_from_db()
    return facility_own


def find_drift() -> list[Drift]:
    return [*find_register_drift(), *find_people_drift()]


def test_what_the_services_do_is_in_the_log(used: Any) -> None:
    assert find_drift() == []


def move_dam(facility: Any) -> None:
    other = Facility.objects.exclude(pk=facility.pk).first()
    Dam.objects.filter(facility=facility, impoundment=None, height_m=9.0).update(facility=other)


def add_unlogged(facility: Any) -> None:
    Facility.objects.filter(pk=facility.pk).update(public_id="KZ-0777")


def change_value(facility: Any) -> None:
    values = facility.values | {"contact": {"shown": {"value": "somebody else", "source": "nobody"}}}
    Facility.objects.filter(pk=facility.pk).update(values=values)


def give_to_another(facility: Any) -> None:
    other = Organisation.objects.get(code="test-other-owner")
    Facility.objects.filter(pk=facility.pk).update(operator_organisation=other)


def take_over(code: str, other: str) -> None:
    """The rights of an operator go over to its successor, and back."""
    Organisation.objects.filter(code=code).update(successor=Organisation.objects.get(code=other))


TAMPERINGS: dict[str, tuple[Callable[[Any], Any], str, str]] = {
    "value": (change_value, "contact", "value"),
    "value of a structure": (lambda f: Impoundment.objects.filter(facility=f).update(values={}), "volume_m3", "value"),
    "column": (lambda f: Facility.objects.filter(pk=f.pk).update(status="closed"), "status", "column"),
    "place": (lambda f: Facility.objects.filter(pk=f.pk).update(longitude=1.0), "longitude", "column"),
    "disclosure": (lambda f: Facility.objects.filter(pk=f.pk).update(disclosure="draft"), "disclosure", "value"),
    "operator": (give_to_another, "operator_organisation", "value"),
    "a dam under another facility": (move_dam, "facility", "value"),
    "record deleted": (lambda f: Dam.objects.filter(facility=f).delete(), "", "missing"),
    "record renamed": (add_unlogged, "", "unlogged"),
    "role": (lambda f: Membership.objects.filter(role="observer").update(role="secretary"), "membership", "value"),
    "role deleted": (lambda f: Membership.objects.filter(role="observer").delete(), "membership", "value"),
    "address": (lambda f: User.objects.filter(name="Secretary").update(email="ghost@test.boget"), "email", "value"),
    "second factor": (
        lambda f: Authenticator.objects.create(user=User.objects.get(name="Editor"), type="totp", data={}),
        "second_factor.totp", "value",
    ),
    "successor": (lambda f: take_over("test-owner", "test-other-owner"), "successor", "value"),
    "kind of a body": (lambda f: Organisation.objects.filter(code="test-owner").update(kind="authority"), "kind", "value"),
    "days of a body": (lambda f: Organisation.objects.filter(code="test-owner").update(valid_to="2024-01-01"), "valid_to", "value"),
    "a made up body": (lambda f: Organisation.objects.create(code="ghost", kind="other", name_ru="g"), "", "unlogged"),
    "account opened": (lambda f: User.objects.filter(name="Observer").update(is_active=False), "is_active", "value"),
}


@pytest.mark.parametrize(("tamper", "field", "fault"), TAMPERINGS.values(), ids=TAMPERINGS)
def test_what_was_done_past_the_log_is_found(tamper: Callable[[Any], Any], field: str, fault: str, used: Any) -> None:
    tamper(used)
    assert (field, fault) in {(place.field, place.fault) for place in find_drift()}


def test_a_made_up_person_is_found(used: Any) -> None:
    User.objects.create(email="ghost@test.boget", name="Ghost")
    assert [(place.field, place.fault) for place in find_drift()] == [("is_active", "unlogged")]
