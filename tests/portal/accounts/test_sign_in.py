"""Signing in: no hint which part was wrong, locked after five, home after it, never elsewhere."""

from __future__ import annotations

import re

import pytest
from axes.models import AccessAttempt
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from boget.portal.accounts import services
from boget.portal.accounts.models import User
from boget.portal.core.services import SYSTEM
from tests.portal.accounts.conftest import EMAIL, PASSWORD, read_revisions

pytestmark = pytest.mark.django_db
WRONG = "not the right one 3"
STRANGER = "nobody@test.boget"


def strip_tokens(response, *addresses):
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    for address in addresses:
        text = text.replace(address, "")
    return text


@pytest.mark.parametrize("email", [EMAIL, EMAIL.upper(), f"  {EMAIL.title()} "])
def test_the_address_is_taken_in_any_case(person, sign_in, visitor, email):
    assert sign_in(email).status_code == 302
    assert visitor.session["_auth_user_id"] == str(person.pk)


def test_wrong_password_and_unknown_address_answer_alike(person):
    answers = []
    for email in (EMAIL, STRANGER):
        response = Client().post("/accounts/sign-in/", {"login": email, "password": WRONG})
        answers.append((response.status_code, strip_tokens(response, email)))
    assert answers[0] == answers[1]
    assert answers[0][0] == 422


def test_what_was_typed_stays_except_the_password(person, sign_in):
    page = sign_in(password=WRONG).content.decode()
    assert f'value="{EMAIL}"' in page
    assert WRONG not in page


@pytest.mark.parametrize("email", [EMAIL, STRANGER])
def test_five_wrong_passwords_lock_and_the_page_says_for_how_long(person, sign_in, email):
    statuses = [sign_in(email, WRONG).status_code for _ in range(5)]
    assert statuses == [422, 422, 422, 422, 429]
    locked = sign_in(email)
    assert locked.status_code == 429
    assert "Try again in 15 minutes" in locked.content.decode()
    assert int(locked["Retry-After"]) == 15 * 60


def test_a_locked_page_is_the_same_for_a_stranger(person):
    pages = []
    for email in (EMAIL, STRANGER):
        client = Client()
        for _ in range(5):
            response = client.post("/accounts/sign-in/", {"login": email, "password": WRONG})
        pages.append((response.status_code, strip_tokens(response, email)))
    assert pages[0] == pages[1]


def test_the_lock_is_of_the_address_in_any_case_and_of_no_other(person, sign_in, cast):
    cast["expert"].set_password(PASSWORD)
    cast["expert"].save()
    for _ in range(5):
        sign_in(EMAIL.upper(), WRONG)
    assert sign_in().status_code == 429
    assert sign_in(cast["expert"].email).status_code == 302


def test_the_right_password_clears_the_count(person, sign_in, visitor):
    for _ in range(4):
        sign_in(password=WRONG)
    assert sign_in().status_code == 302
    assert not AccessAttempt.objects.exists()


def test_wrong_passwords_are_not_stored(person, sign_in):
    sign_in(password=WRONG)
    attempt = AccessAttempt.objects.get()
    assert WRONG not in attempt.post_data


def test_too_many_from_one_computer_are_stopped_for_any_address(person, sign_in):
    statuses = [sign_in(f"somebody{n}@test.boget", WRONG).status_code for n in range(12)]
    assert statuses[:10] == [422] * 10
    assert statuses[-1] == 429


def test_a_made_up_forwarding_header_does_not_evade_the_lock(person, visitor):
    statuses = [
        visitor.post(
            "/accounts/sign-in/", {"login": EMAIL, "password": WRONG}, headers={"x-forwarded-for": f"10.0.0.{n}"}
        ).status_code
        for n in range(6)
    ]
    assert statuses[4:] == [429, 429]


@override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1)
def test_behind_a_trusted_proxy_each_computer_has_its_own_lock(person, visitor):
    def post(address, password):
        headers = {"x-forwarded-for": address}
        return visitor.post("/accounts/sign-in/", {"login": EMAIL, "password": password}, headers=headers).status_code

    assert [post("10.0.0.1", WRONG) for _ in range(4)] == [422] * 4
    assert AccessAttempt.objects.get().ip_address == "10.0.0.1"
    assert post("10.0.0.2", PASSWORD) == 302


def test_a_closed_account_says_so_only_to_who_knows_the_password(person, sign_in, visitor):
    services.set_activity(person, is_active=False, by=SYSTEM)
    assert sign_in(password=WRONG).status_code == 422
    assert sign_in()["Location"] == "/accounts/closed/"
    assert "_auth_user_id" not in visitor.session


@pytest.mark.parametrize("target", ["/accounts/me/?x=1", "/registry/facilities/KZ-0001/edit/dam/"])
def test_after_signing_in_the_reader_is_where_the_reader_wanted_to_be(person, sign_in, target):
    assert sign_in(next=target)["Location"] == target


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:///evil.example", "\\\\x",
     "http://localhost/x", " //evil.example", "https:evil.example"],
)  # fmt: skip
def test_redirects_stay_at_home(person, sign_in, visitor, target):
    assert sign_in(next=target)["Location"] == "/welcome/"
    assert visitor.post("/accounts/sign-out/", {"next": target})["Location"] == "/"


def test_next_is_kept_through_a_wrong_password(person, visitor, sign_in):
    page = visitor.get("/accounts/sign-in/", {"next": "/accounts/me/"}).content.decode()
    assert '<input type="hidden" name="next" value="/accounts/me/">' in page
    again = sign_in(password=WRONG, next="/accounts/me/").content.decode()
    assert '<input type="hidden" name="next" value="/accounts/me/">' in again


def test_a_page_that_needs_an_account_leads_to_the_door_and_back(visitor):
    response = visitor.get("/accounts/me/")
    assert response["Location"] == "/accounts/sign-in/?next=/accounts/me/"


def test_signing_out_is_a_post(person, sign_in, visitor):
    sign_in()
    assert visitor.get("/accounts/sign-out/").status_code == 200
    assert "_auth_user_id" in visitor.session
    assert visitor.post("/accounts/sign-out/").status_code == 302
    assert "_auth_user_id" not in visitor.session


@pytest.mark.parametrize("address", ["/accounts/sign-in/", "/accounts/sign-out/", "/accounts/password/reset/", "/accounts/me/"])
def test_a_post_without_a_token_is_refused(person, address):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(address, {"login": EMAIL, "password": PASSWORD, "email": EMAIL}).status_code == 403


@pytest.mark.parametrize("field", ["login", "password", "next"])
@pytest.mark.parametrize("text", ["\x00", "a\x00b@test.boget", "x" * 10_000_000], ids=["nul", "nul inside", "10 MB"])
def test_hostile_text_is_a_fault_of_the_form(person, visitor, field, text):
    values = {"login": EMAIL, "password": WRONG, "next": "/", field: text}
    assert 400 <= visitor.post("/accounts/sign-in/", values).status_code < 500


def test_more_than_the_server_takes_is_refused(person, visitor):
    response = visitor.post("/accounts/sign-in/", f"login={'x' * 13_000_000}", content_type="application/x-www-form-urlencoded")
    assert response.status_code in {400, 413}


def test_a_file_as_large_is_refused_before_it_is_read(person, visitor, monkeypatch):
    """Django counts the text of a form, not its files; nothing of this one may reach the disk."""
    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryFileUploadHandler.new_file", lambda *_args: pytest.fail("kept"))
    for address in ("/accounts/sign-in/", "/registry/facilities/new/", "/api/v1/facilities", "/nowhere/"):
        large = SimpleUploadedFile("a.bin", b"x" * 13_000_000)
        assert visitor.post(address, {"login": EMAIL, "password": PASSWORD, "file": large}).status_code == 400


@pytest.mark.parametrize("length", ["-1", "1e3", "9" * 5000, "²"])
def test_a_length_that_is_no_number_is_refused(visitor, length):
    assert visitor.generic("POST", "/accounts/sign-in/", b"", CONTENT_LENGTH=length).status_code == 400


def test_nobody_signs_up(visitor):
    assert visitor.get("/accounts/signup/").status_code == 404
    assert visitor.get("/accounts/login/").status_code == 404
    assert visitor.get("/accounts/email/").status_code == 404


# --- a forgotten password ---


def test_the_reset_form_answers_known_and_unknown_alike(person, visitor):
    answers = []
    for email in (EMAIL, STRANGER):
        response = visitor.post("/accounts/password/reset/", {"email": email}, follow=True)
        answers.append((response.redirect_chain, strip_tokens(response, email)))
    assert answers[0] == answers[1]
    assert [message.to for message in mail.outbox] == [[EMAIL]]


def test_the_mail_is_in_the_language_of_the_receiver(person, visitor):
    services.change_preferences(person, {"language": "kk"})
    visitor.post("/accounts/password/reset/", {"email": EMAIL})
    (message,) = mail.outbox
    assert message.subject == "«Бөгет»: құпиясөзді қалпына келтіру"
    assert "Сілтемені ашып" in message.body
    assert "password was asked" not in message.body


def open_link(visitor, path):
    return visitor.get(path, follow=True)


def test_the_link_sets_a_password_once(person, visitor, sign_in):
    visitor.post("/accounts/password/reset/", {"email": EMAIL})
    path = re.search(r"http://testserver(\S+)", mail.outbox[0].body)[1]
    page = open_link(visitor, path)
    fresh = "a quite different phrase 11"
    form = {"password1": fresh, "password2": fresh}
    assert visitor.post(page.request["PATH_INFO"], form).status_code == 302
    assert sign_in(password=fresh).status_code == 302
    assert read_revisions("person", person.code)[-1].changes == {"password": [None, "set"]}
    assert open_link(Client(), path).status_code == 410


@pytest.mark.parametrize("path", ["/accounts/password/set/1-abc-def/", "/accounts/password/set/zzzzzzzzzzzzz-a-b/"])
def test_a_made_up_link_is_gone(person, visitor, path):
    assert visitor.get(path).status_code == 410


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("short one 1", "too short"),
        ("administrator", "too common"),
        ("123456789012345", "entirely numeric"),
        ("aigerim@test.boget", "too similar"),
        ("x" * 257, "at most 256"),
        ("twelve\x00letters", "Null characters"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(person, visitor, sign_in, password, fault):
    sign_in()
    form = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    response = visitor.post("/accounts/password/change/", form)
    assert response.status_code == 422
    assert fault in response.content.decode()
    assert User.objects.get(pk=person.pk).check_password(PASSWORD)


def test_changing_the_password_needs_the_old_one_and_keeps_the_session(person, visitor, sign_in):
    sign_in()
    fresh = "a quite different phrase 11"
    form = {"oldpassword": WRONG, "password1": fresh, "password2": fresh}
    assert visitor.post("/accounts/password/change/", form).status_code == 422
    assert visitor.post("/accounts/password/change/", {**form, "oldpassword": PASSWORD}).status_code == 302
    assert visitor.get("/accounts/me/").status_code == 200
    other = visitor.post("/accounts/password/change/", {**form, "oldpassword": fresh, "password2": "something else 1"})
    assert "You must type the same password each time." in other.content.decode()


@override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend")
def test_an_installation_without_mail_does_not_promise_one(visitor):
    page = visitor.get("/accounts/password/reset/").content.decode()
    assert "does not send mail" in page
    assert 'name="email"' not in page


def test_passwords_are_kept_with_argon2():
    from boget.portal import settings

    assert settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


@pytest.mark.parametrize(
    "address", ["/accounts/sign-in/", "/accounts/password/reset/", "/accounts/password/reset/sent/", "/accounts/closed/"]
)
def test_pages_keep_to_the_strict_policy(visitor, address):
    response = visitor.get(address)
    page = response.content.decode()
    assert response.status_code == 200
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*src=)", page)
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert len(re.findall(r'class="[^"]*button-primary', page)) <= 1
