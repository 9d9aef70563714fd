"""A person with a password, and a visitor who goes through the sign-in page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth
from django.core.cache import cache
from django.test import Client

PASSWORD = "kestrel over the tailings 7"
EMAIL = "aigerim@test.boget"
MOMENT = 1_795_341_900.0  # seconds since 1970: what one-time codes take for now


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    """Rate limits count in the cache, which tests share."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _one_moment_for_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """One-time codes are of one half minute: a test on its edge would fail now and then."""
    monkeypatch.setattr(auth, "time", SimpleNamespace(time=lambda: MOMENT))


@pytest.fixture
def ministry(db: None) -> Any:
    from boget.portal.accounts import services
    from boget.portal.core.services import SYSTEM

    values = {"kind": "authority", "name_ru": "Министерство", "valid_from": dt.date(2020, 9, 1)}
    return services.create_organisation(code="ministry", values=values, by=SYSTEM)


@pytest.fixture
def person(ministry: Any) -> Any:
    """An editor with a password."""
    from boget.portal.accounts import services
    from boget.portal.core.services import SYSTEM

    user = services.create_user(email=EMAIL, name="Айгерім", by=SYSTEM, language="en", password=PASSWORD)
    services.add_membership(user, ministry, role="editor", valid_from=dt.date(2022, 1, 21), by=SYSTEM)
    return user


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def sign_in(visitor: Client) -> Any:
    """Posts the sign-in form: ``sign_in(email=…, password=…, next=…)``."""

    def post(email: str = EMAIL, password: str = PASSWORD, **fields: str) -> Any:
        return visitor.post("/accounts/sign-in/", {"login": email, "password": password, **fields})

    return post


def read_revisions(record_type: str, record_id: str) -> list[Any]:
    from boget.portal.core.models import Revision

    return list(Revision.objects.filter(record_type=record_type, record_id=record_id).order_by("seq"))
