"""Members of the group for a demonstration: the accounts of the demonstration take their places in it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from boget.portal.accounts.models import User
from boget.portal.accounts.selectors import organisation_of
from boget.portal.core.errors import refuse
from boget.portal.core.services import describe_installation
from boget.portal.meetings.models import GroupBody, WorkingGroup
from boget.portal.meetings.services.group import NewPerson, add_body, add_person

PLACES = (
    ("inspector@demo.boget", "chair"),
    ("secretary@demo.boget", "secretary"),
    ("editor@demo.boget", "member"),
    ("expert@demo.boget", "member"),
    ("observer@demo.boget", "observer"),
)
FIRST_DAY = dt.date(2022, 2, 11)  # of the first meeting: by then every body of the embedded table is in the group
SOURCE = "demonstration"


@transaction.atomic
def seat_demo_accounts() -> int:
    """Give the accounts of the demonstration their places in the group; returns how many are new.

    InvalidInput where the installation is not a demonstration.
    """
    if not describe_installation().is_demo:
        raise refuse("not_a_demo")
    group = WorkingGroup.objects.first()
    users = {user.email: user for user in User.objects.filter(email__in=dict(PLACES))}
    if group is None or group.persons.filter(user__in=users.values()).exists():
        return 0
    for email, role in PLACES:
        _seat(group, users[email], role, by=users["secretary@demo.boget"])
    return len(PLACES)


def _seat(group: WorkingGroup, user: User, role: str, *, by: User) -> None:
    organisation = organisation_of(user)
    assert organisation is not None  # every account of the demonstration speaks for a body
    if not GroupBody.objects.filter(group=group, organisation__in=organisation.lineage()).exists():
        add_body(group, organisation, valid_from=FIRST_DAY, is_observer=False, by=by, source=SOURCE)
    add_person(group, NewPerson(organisation.on_date(FIRST_DAY), role, FIRST_DAY, user=user), by=by)
