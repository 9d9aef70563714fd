"""Rights follow the memberships of today and nothing else."""

import datetime as dt

import pytest

from boget.portal.accounts import services
from boget.portal.accounts.models import Membership, Organisation, User
from boget.portal.accounts.selectors import (
    NOBODY,
    Access,
    access_of,
    forget_access,
    is_writer,
    memberships_visible_to,
    organisation_of,
    people_visible_to,
    today,
)
from boget.portal.core.levels import Level
from boget.portal.core.services import SYSTEM

pytestmark = pytest.mark.django_db

EXPECTED = {  # level, can_edit, can_administer, is_writer
    "anonymous": (Level.PUBLIC, False, False, False),
    "secretary": (Level.AUTHORITY, True, True, True),
    "editor": (Level.AUTHORITY, True, False, True),
    "inspector": (Level.AUTHORITY, True, False, True),
    "operator": (Level.PUBLIC, False, False, True),
    "other_operator": (Level.PUBLIC, False, False, True),
    "expert": (Level.GROUP, False, False, True),
    "observer": (Level.GROUP, False, False, False),
}


@pytest.mark.parametrize("role", EXPECTED)
def test_each_role_has_its_rights(cast, role):
    access = access_of(cast[role])
    assert (access.level, access.can_edit, access.can_administer, is_writer(cast[role])) == EXPECTED[role]


def test_only_an_operator_has_facilities_of_its_own(cast):
    own = organisation_of(cast["operator"])
    assert access_of(cast["operator"]).operator_ids == {own.pk}
    assert own.pk not in access_of(cast["other_operator"]).operator_ids
    assert all(not access_of(cast[role]).operator_ids for role in cast if "operator" not in role)


def test_an_operator_keeps_facilities_registered_under_former_names(cast):
    own = organisation_of(cast["operator"])
    successor = services.rename_organisation(
        own, code="renamed", names={"name_ru": "Новое имя"}, first_day=dt.date(2025, 1, 1), by=SYSTEM
    )
    forget_access(cast["operator"])
    assert access_of(cast["operator"]).operator_ids == {own.pk, successor.pk}


@pytest.mark.parametrize(
    ("first", "last"), [(-30, -1), (1, None), (1, 30)], ids=["ended yesterday", "from tomorrow", "next month"]
)
def test_a_role_out_of_its_dates_gives_nothing(cast, first, last):
    day = today()
    bounds = {
        "valid_from": day + dt.timedelta(days=first),
        "valid_to": day + dt.timedelta(days=last) if last else None,
    }
    for role in ("secretary", "operator"):
        Membership.objects.filter(user=cast[role]).update(**bounds)
        forget_access(cast[role])
        assert access_of(cast[role]) == NOBODY


def test_both_days_of_a_role_are_included(cast):
    Membership.objects.filter(user=cast["editor"]).update(valid_from=today(), valid_to=today())
    forget_access(cast["editor"])
    assert access_of(cast["editor"]).can_edit


def test_a_closed_account_has_no_rights(cast):
    services.set_activity(cast["secretary"], is_active=False, by=SYSTEM)
    assert access_of(cast["secretary"]) == NOBODY


def test_two_roles_add_up(cast):
    other = organisation_of(cast["expert"])
    services.add_membership(cast["operator"], other, role="expert", valid_from=today(), by=SYSTEM)
    access = access_of(cast["operator"])
    assert access.level == Level.GROUP
    assert access.roles == {"operator", "expert"}
    assert access.operator_ids


def test_rights_are_read_once_per_request(cast, django_assert_num_queries):
    forget_access(cast["editor"])
    with django_assert_num_queries(1):
        assert access_of(cast["editor"]) is access_of(cast["editor"])


def test_people_are_visible_to_members_and_all_of_them_to_the_secretary(cast, person):
    Membership.objects.filter(user=person).update(valid_to=dt.date(2023, 1, 1))
    assert person in people_visible_to(cast["secretary"])
    assert person not in people_visible_to(cast["observer"])
    assert cast["editor"] in people_visible_to(cast["observer"])
    assert not people_visible_to(cast["anonymous"]).exists()
    assert not memberships_visible_to(cast["anonymous"]).exists()


@pytest.mark.parametrize("role", ["secretary", "inspector", "operator", "expert"])
def test_a_body_that_has_ended_gives_no_rights(cast, role):
    """The role has no last day, the body has one and nobody goes on with it."""
    body = organisation_of(cast[role])
    Organisation.objects.filter(pk=body.pk).update(valid_to=today())
    assert access_of(_anew(cast[role])).roles == {role}, "the last day is included"
    Organisation.objects.filter(pk=body.pk).update(valid_to=today() - dt.timedelta(days=1))
    assert access_of(_anew(cast[role])) == Access()


def test_a_body_with_a_successor_goes_on(cast):
    body, other = organisation_of(cast["operator"]), organisation_of(cast["other_operator"])
    Organisation.objects.filter(pk=body.pk).update(valid_to=dt.date(2024, 1, 1), successor=other)
    assert access_of(_anew(cast["operator"])).operator_ids == {body.pk, other.pk}
    Organisation.objects.filter(pk=other.pk).update(valid_to=dt.date(2025, 1, 1))
    assert access_of(_anew(cast["operator"])) == Access(), "the successor has ended too"


def _anew(person):
    return User.objects.get(pk=person.pk)
