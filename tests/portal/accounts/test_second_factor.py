"""The second factor: a code computed by the test as a phone would compute it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
from urllib.parse import unquote

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client, override_settings

from tests.portal.accounts.conftest import EMAIL, MOMENT, PASSWORD, read_revisions

pytestmark = pytest.mark.django_db


def compute_code(secret: str) -> str:
    """RFC 6238 with 30 s, SHA-1, 6 digits."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(MOMENT) // 30), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def spoil(code: str) -> str:
    """A code that is not the right one."""
    return f"{(int(code) + 333333) % 10**6:06d}"


def activate(client: Client) -> tuple[str, object]:
    """Switch the second factor on; returns the secret and the last response."""
    assert unquote(client.get("/accounts/2fa/on/")["Location"]) == "/accounts/confirm/?next=/accounts/2fa/on/"
    confirmed = client.post("/accounts/confirm/", {"password": PASSWORD, "next": "/accounts/2fa/on/"})
    assert confirmed["Location"] == "/accounts/2fa/on/"
    page = client.get("/accounts/2fa/on/").content.decode()
    secret = re.search(r'<code class="secret">([A-Z2-7]+)</code>', page)[1]
    return secret, client.post("/accounts/2fa/on/", {"code": compute_code(secret)}, follow=True)


@pytest.fixture
def signed(person, visitor, sign_in):
    sign_in()
    return visitor


@pytest.fixture
def secret(signed, person):
    return activate(signed)[0]


def read_codes(page: str) -> list[str]:
    return re.findall(r"<li><code>([^<]+)</code></li>", page)


def test_switching_on_shows_the_key_and_then_the_recovery_codes(signed, person):
    _secret, response = activate(signed)
    assert response.redirect_chain[-1][0] == "/accounts/2fa/recovery-codes/"
    assert len(read_codes(response.content.decode())) == 10
    changes = [entry.changes for entry in read_revisions("person", person.code)]
    assert {"second_factor.totp": [False, True]} in changes


def test_a_wrong_code_switches_nothing_on(signed):
    signed.get("/accounts/2fa/on/")
    signed.post("/accounts/confirm/", {"password": PASSWORD, "next": "/accounts/2fa/on/"})
    page = signed.get("/accounts/2fa/on/").content.decode()
    code = compute_code(re.search(r'<code class="secret">([A-Z2-7]+)</code>', page)[1])
    response = signed.post("/accounts/2fa/on/", {"code": spoil(code)})
    assert response.status_code == 422
    assert "Code: wrong or already used" in response.content.decode()
    assert not Authenticator.objects.exists()


def test_the_password_is_asked_again_first(signed):
    signed.get("/accounts/2fa/on/")
    refused = signed.post("/accounts/confirm/", {"password": "wrong one here", "next": "/accounts/2fa/on/"})
    assert refused.status_code == 422
    assert signed.get("/accounts/2fa/on/").status_code == 302


def test_signing_in_asks_for_the_code_and_goes_where_the_reader_wanted(secret, signed, sign_in):
    signed.post("/accounts/sign-out/")
    first = sign_in(next="/accounts/me/")
    assert first["Location"].startswith("/accounts/2fa/code/")
    assert "_auth_user_id" not in signed.session
    wrong = signed.post(first["Location"], {"code": spoil(compute_code(secret))})
    assert wrong.status_code == 422
    cache.clear()  # the code of this half minute was used for switching on
    done = signed.post(first["Location"], {"code": compute_code(secret)})
    assert done["Location"] == "/accounts/me/"
    assert "_auth_user_id" in signed.session


def test_a_code_works_once(secret, signed, sign_in):
    cache.clear()
    for expected in (302, 422):
        signed.post("/accounts/sign-out/")
        sign_in()
        assert signed.post("/accounts/2fa/code/", {"code": compute_code(secret)}).status_code == expected


def test_a_recovery_code_works_once(signed, sign_in):
    _secret, response = activate(signed)
    code = read_codes(response.content.decode())[0]
    for expected in (302, 422):
        signed.post("/accounts/sign-out/")
        sign_in()
        assert signed.post("/accounts/2fa/code/", {"code": code}).status_code == expected


def test_guessing_codes_is_stopped(secret, signed, sign_in):
    signed.post("/accounts/sign-out/")
    sign_in()
    for _ in range(5):
        signed.post("/accounts/2fa/code/", {"code": spoil(compute_code(secret))})
    cache_free = signed.post("/accounts/2fa/code/", {"code": compute_code(secret)})
    assert cache_free.status_code == 422
    assert "Too many attempts" in cache_free.content.decode()


def test_the_code_page_is_closed_without_a_password(secret):
    assert Client().get("/accounts/2fa/code/")["Location"] == "/accounts/sign-in/"


@pytest.mark.parametrize("code", ["", "\x00", "x" * 10_000])
def test_hostile_codes_are_faults_of_the_form(secret, signed, sign_in, code):
    signed.post("/accounts/sign-out/")
    sign_in()
    assert signed.post("/accounts/2fa/code/", {"code": code}).status_code == 422


def test_switching_off_and_new_codes(secret, signed, person):
    old = read_codes(signed.get("/accounts/2fa/recovery-codes/").content.decode())
    signed.post("/accounts/2fa/recovery-codes/new/")
    new = read_codes(signed.get("/accounts/2fa/recovery-codes/").content.decode())
    assert len(new) == 10 and not set(old) & set(new)
    assert signed.get("/accounts/2fa/recovery-codes/file/").content.decode().split() == new
    assert signed.get("/accounts/2fa/off/").status_code == 200
    assert signed.post("/accounts/2fa/off/").status_code == 302
    assert not Authenticator.objects.exists()
    changes = [entry.changes for entry in read_revisions("person", person.code)]
    assert {"second_factor.totp": [True, False]} in changes


def test_old_confirmation_is_not_enough_to_switch_off(secret, signed, sign_in):
    signed.post("/accounts/sign-out/")
    cache.clear()
    sign_in()
    signed.post("/accounts/2fa/code/", {"code": compute_code(secret)})
    assert signed.post("/accounts/2fa/off/")["Location"].startswith("/accounts/confirm/")
    page = signed.get("/accounts/2fa/confirm/?next=/accounts/2fa/off/")
    assert page.status_code == 200
    assert Authenticator.objects.filter(type="totp").exists()


class TestRequired:
    """BOGET_REQUIRE_TWO_FACTOR."""

    @pytest.fixture(autouse=True)
    def _required(self):
        with override_settings(BOGET_REQUIRE_TWO_FACTOR=True):
            yield

    @pytest.mark.parametrize("role", ["secretary", "editor", "inspector", "operator", "expert"])
    def test_a_role_that_writes_goes_to_activation(self, clients, role):
        assert clients[role].get("/accounts/me/")["Location"] == "/accounts/2fa/on/"
        assert clients[role].post("/accounts/me/", {"group": "theme", "theme": "dark"}).status_code == 302

    def test_who_only_reads_does_not(self, clients):
        assert clients["observer"].get("/accounts/me/").status_code == 200
        assert clients["anonymous"].get("/accounts/organisations/").status_code == 200

    def test_the_way_out_and_the_way_on_are_open(self, signed):
        assert signed.get("/accounts/2fa/").status_code == 200
        activate(signed)
        assert signed.get("/accounts/me/").status_code == 200
        assert signed.post("/accounts/sign-out/").status_code == 302

    def test_it_cannot_be_switched_off(self, secret, signed):
        response = signed.post("/accounts/2fa/off/")
        assert response.status_code == 422
        assert "cannot be switched off" in response.content.decode()
        assert Authenticator.objects.filter(type="totp").exists()

    def test_a_fragment_asks_the_whole_page_to_go(self, clients):
        response = clients["editor"].get("/accounts/me/", headers={"hx-request": "true"})
        assert (response.status_code, response["HX-Redirect"]) == (204, "/accounts/2fa/on/")


def test_without_the_setting_nobody_is_sent(clients):
    assert clients["secretary"].get("/accounts/me/").status_code == 200


def test_the_email_is_in_the_address_of_the_key(signed):
    signed.get("/accounts/2fa/on/")
    signed.post("/accounts/confirm/", {"password": PASSWORD, "next": "/accounts/2fa/on/"})
    response = signed.get("/accounts/2fa/on/")
    assert response.context["totp_url"].startswith(f"otpauth://totp/{EMAIL.replace('@', '%40')}?")
    assert "issuer=Boget" in response.context["totp_url"]
    assert re.search(r"<svg[^>]*><rect fill=\"white\"", response.content.decode())
