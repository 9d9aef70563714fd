"""What a browser keeps of a signed-in reader: no pages, no drafts after signing out, no draft of another form."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache.backends.filebased import FileBasedCache

from boget.portal import settings as portal_settings
from boget.portal.accounts.models import Organisation

PAGES = ("/", "/registry/facilities/", "/accounts/me/", "/registry/facilities/?f=csv", "/assessments/rankings/?f=csv", "/absent/")


@pytest.mark.parametrize("address", PAGES)
def test_pages_of_a_signed_in_reader_are_not_stored(address: str, clients: dict[str, Any]) -> None:
    assert "no-store" in clients["observer"].get(address)["Cache-Control"]
    assert "no-store" not in clients["anonymous"].get(address).headers.get("Cache-Control", "")


def test_signing_out_empties_the_store_of_the_browser(clients: dict[str, Any]) -> None:
    answer = clients["editor"].post("/accounts/sign-out/")
    assert answer.status_code == 302 and answer["Clear-Site-Data"] == '"storage"'


def test_no_page_may_use_sensors(clients: dict[str, Any]) -> None:
    for address in ("/", "/absent/", "/api/v1/facilities"):
        assert "geolocation=()" in clients["anonymous"].get(address)["Permissions-Policy"]


def test_each_form_keeps_a_draft_of_its_own(clients: dict[str, Any], cast: dict[str, Any]) -> None:
    """With one name for all, a role typed for one person would stand in the form of the next."""
    people = [f"/accounts/people/{cast[name].pk}/" for name in ("editor", "observer")]
    forms = ["/accounts/people/new/", "/accounts/organisations/new/", "/accounts/organisations/test-owner/rename/"]
    keys = [re.findall(r'data-keep(?:="([^"]*)")?', clients["secretary"].get(a).content.decode()) for a in (*people, *forms)]
    assert all(len(found) == 1 and found[0] for found in keys)
    assert len({found[0] for found in keys}) == len(keys)


def test_counts_of_wrong_passwords_are_not_pushed_out(tmp_path: Any) -> None:
    """They are kept in the cache, which throws entries away at random when it is full."""
    options = portal_settings.CACHES["default"]["OPTIONS"]
    cache = FileBasedCache(str(tmp_path), {"OPTIONS": options})
    for number in range(400):
        cache.set(f"attempts:{number}", [1.0], 300)
    assert all(cache.get(f"attempts:{number}") for number in range(400))


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("/accounts/organisations/test-owner/rename/", {"code": "later", "name_ru": "Имя", "first_day": "0001-01-01"}),
        ("/accounts/organisations/new/", {"code": "odd", "kind": "ngo", "name_ru": "a\u202eb"}),
        ("/accounts/organisations/new/", {"code": "odd", "kind": "ngo", "name_ru": "a\ufffeb"}),
    ],
)
def test_a_name_or_a_day_that_cannot_be_kept(address: str, sent: dict[str, str], clients: dict[str, Any]) -> None:
    before = Organisation.objects.count()
    assert clients["secretary"].post(address, sent).status_code == 422
    assert Organisation.objects.count() == before
