"""The people of the tests. They are made through the services once in a process; afterwards their rows are put back as they were.

Seven people in seven organisations with their entries in the log and their sessions take longer than most tests that ask for
them.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client

from boget.portal.accounts import services
from boget.portal.accounts.models import Organisation, User
from boget.portal.core.models import Revision
from boget.portal.core.services import SYSTEM
from tests.kept_rows import find_added, insert_rows, read_rows

FIRST_DAY = dt.date(2022, 1, 21)
PASSWORD = "korrekt-horse-7"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

# role in the cast -> (role of the membership, code of the organisation, its kind)
CAST = {
    "secretary": ("secretary", "test-emergency", "authority"),
    "editor": ("editor", "test-environment", "authority"),
    "inspector": ("inspector", "test-inspection", "authority"),
    "operator": ("operator", "test-owner", "operator"),
    "other_operator": ("operator", "test-other-owner", "operator"),
    "expert": ("expert", "test-university", "academia"),
    "observer": ("observer", "test-observer", "international"),
}

_kept: dict[str, Any] = {}  # rows: what the cast adds to an empty database; sessions: key of each person's session


def bring_cast() -> dict[str, Any]:
    """The person of each role, each with ``client``, a test client signed in as that person."""
    people: dict[str, Any] = {"anonymous": AnonymousUser()}
    people["anonymous"].client = open_client()
    if not _kept or (not _is_there() and not _is_empty()):
        return people | _create()
    if not _is_there():
        insert_rows(_kept["rows"])
    users = User.objects.in_bulk([_address(name) for name in CAST], field_name="email")
    for name, session in _kept["sessions"].items():
        people[name] = users[_address(name)]
        people[name].client = open_client()
        people[name].client.cookies[settings.SESSION_COOKIE_NAME] = session
    return people


def open_client() -> Client:
    return Client(headers={"accept-language": "en"})


def _address(name: str) -> str:
    return f"{name}@test.boget"


def _is_there() -> bool:
    return User.objects.filter(email=_address("secretary")).exists()


def _is_empty() -> bool:
    return not (Organisation.objects.exists() or User.objects.exists() or Revision.objects.exists())


def _create() -> dict[str, Any]:
    """The cast through the services; kept for later when nothing else was in the database. Only SQLite puts rows back so simply."""
    is_to_keep = connection.vendor == "sqlite" and _is_empty()
    before = read_rows() if is_to_keep else {}
    people: dict[str, Any] = {}
    for name, (role, code, kind) in CAST.items():
        organisation = services.create_organisation(code=code, values={"kind": kind, "name_ru": code}, by=SYSTEM)
        user = services.create_user(
            email=_address(name), name=name.replace("_", " ").title(), by=SYSTEM, language="en", password=PASSWORD
        )
        services.add_membership(user, organisation, role=role, valid_from=FIRST_DAY, by=SYSTEM)
        people[name] = user
        people[name].client = open_client()
        people[name].client.force_login(user, backend=BACKEND)
    if is_to_keep:
        _kept["rows"] = find_added(before)
        _kept["sessions"] = {name: person.client.cookies[settings.SESSION_COOKIE_NAME].value for name, person in people.items()}
    return people
