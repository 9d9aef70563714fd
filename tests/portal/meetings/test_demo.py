"""The accounts of a demonstration have places in the group, once, and never in a real installation."""

from __future__ import annotations

import pytest

from boget.portal.accounts.services import create_demo_accounts, load_organisations
from boget.portal.core.services import describe_installation
from boget.portal.meetings.models import GroupPerson
from boget.portal.meetings.services.demo import seat_demo_accounts
from boget.portal.meetings.services.loading import load_working_group
from boget.science.errors import InvalidInput

pytestmark = pytest.mark.django_db


def make_demo(*, is_demo: bool) -> None:
    installation = describe_installation()
    installation.is_demo = True
    installation.save()
    load_organisations()
    load_working_group()
    create_demo_accounts("korrekt-horse-7-demo")
    installation.is_demo = is_demo
    installation.save()


def test_places_are_taken_once() -> None:
    make_demo(is_demo=True)
    before = GroupPerson.objects.count()
    assert seat_demo_accounts() == 5
    assert seat_demo_accounts() == 0
    assert GroupPerson.objects.count() == before + 5
    chair = GroupPerson.objects.get(role="chair")
    assert chair.organisation.code == "cis"


def test_a_real_installation_gets_no_invented_members() -> None:
    make_demo(is_demo=False)
    with pytest.raises(InvalidInput) as caught:
        seat_demo_accounts()
    assert caught.value.code == "not_a_demo"
    assert not GroupPerson.objects.filter(user__isnull=False).exists()
