"""Every address against every role; what each page shows and saves."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import URLPattern, get_resolver

from boget.portal.accounts import services, urls
from boget.portal.accounts.models import Membership, Organisation, User
from boget.portal.accounts.selectors import organisation_of
from boget.portal.core.services import SYSTEM, read_head
from tests.portal.accounts.conftest import read_revisions

pytestmark = pytest.mark.django_db

ROLES = ("anonymous", "secretary", "editor", "inspector", "operator", "other_operator", "expert", "observer")
EVERYBODY = dict.fromkeys(ROLES, 200)
SIGNED_IN = {**EVERYBODY, "anonymous": 302}
SECRETARY = {**dict.fromkeys(ROLES, 404), "secretary": 200}
SIGNED_IN_MOVED = dict.fromkeys(ROLES, 302)
NEVER = dict.fromkeys(ROLES, 404)
ENTRANCE = {**dict.fromkeys(ROLES, 302), "anonymous": 200}

# name of the route -> status of a GET by each role; "{person}", "{membership}" and "{code}" are filled in
GETS = {
    "account_login": ("sign-in/", ENTRANCE),
    "account_logout": ("sign-out/", SIGNED_IN),
    "account_inactive": ("closed/", EVERYBODY),
    "account_reauthenticate": ("confirm/", SIGNED_IN),
    "account_change_password": ("password/change/", SIGNED_IN),
    "account_reset_password": ("password/reset/", EVERYBODY),
    "account_reset_password_done": ("password/reset/sent/", EVERYBODY),
    "account_reset_password_from_key_done": ("password/reset/done/", EVERYBODY),
    "account_reset_password_from_key": ("password/set/1-abc-def/", dict.fromkeys(ROLES, 410)),
    "mfa_index": ("2fa/", SIGNED_IN),
    "mfa_authenticate": ("2fa/code/", SIGNED_IN_MOVED),
    "mfa_reauthenticate": ("2fa/confirm/", SIGNED_IN_MOVED),
    "mfa_activate_totp": ("2fa/on/", SIGNED_IN_MOVED),
    "mfa_deactivate_totp": ("2fa/off/", {**NEVER, "anonymous": 302}),
    "mfa_view_recovery_codes": ("2fa/recovery-codes/", {**NEVER, "anonymous": 302}),
    "mfa_generate_recovery_codes": ("2fa/recovery-codes/new/", SIGNED_IN_MOVED),
    "mfa_download_recovery_codes": ("2fa/recovery-codes/file/", {**NEVER, "anonymous": 302}),
    "me": ("me/", SIGNED_IN),
    "organisations": ("organisations/", EVERYBODY),
    "organisation_new": ("organisations/new/", SECRETARY),
    "organisation": ("organisations/{code}/", EVERYBODY),
    "organisation_rename": ("organisations/{code}/rename/", SECRETARY),
    "people": ("people/", SECRETARY),
    "person_new": ("people/new/", SECRETARY),
    "person": ("people/{person}/", SECRETARY),
    "person_link": ("people/{person}/link/", {**NEVER, "secretary": 405}),
    "person_activity": ("people/{person}/activity/", {**NEVER, "secretary": 405}),
    "membership_new": ("people/{person}/roles/", {**NEVER, "secretary": 405}),
    "membership_end": ("people/{person}/roles/{membership}/end/", SECRETARY),
}
POSTS_OF_THE_SECRETARY = (
    "organisation_new", "organisation_rename", "person_new", "person_link", "person_activity", "membership_new",
    "membership_end",
)  # fmt: skip


def list_routes(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name
        else:
            yield from list_routes(pattern.url_patterns)


@pytest.fixture
def address(cast):
    membership = cast["expert"].memberships.get()
    parts = {"person": cast["expert"].pk, "membership": membership.pk, "code": membership.organisation.code}
    return lambda name: "/accounts/" + GETS[name][0].format(**parts)


@pytest.fixture(autouse=True)
def _usable_passwords(cast):
    # with a hash that no password has, so that pages for people with a password open
    User.objects.update(password="md5$x$x")


@pytest.fixture
def clients(cast):
    for person in cast.values():
        if person.is_authenticated:
            person.refresh_from_db()
            person.client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return {name: person.client for name, person in cast.items()}


def test_no_route_is_left_out():
    assert set(list_routes(urls.urlpatterns)) == set(GETS)
    assert any("accounts" in str(pattern.pattern) for pattern in get_resolver().url_patterns)


@pytest.mark.parametrize("name", GETS)
def test_each_role_gets_what_it_may(clients, address, name):
    assert {role: clients[role].get(address(name)).status_code for role in ROLES} == GETS[name][1]


@pytest.mark.parametrize("name", POSTS_OF_THE_SECRETARY)
def test_nobody_but_the_secretary_writes(clients, address, name):
    head = read_head()
    values = {"is_active": "0", "last_day": "22.11.2026", "role": "secretary", "valid_from": "2022-01-21", "email": "x@y.zz"}
    for role in set(ROLES) - {"secretary"}:
        assert clients[role].post(address(name), values).status_code == 404
    assert read_head() == head


def test_refused_and_absent_look_the_same(clients, address):
    refused = clients["editor"].get(address("person")).content
    absent = clients["editor"].get("/accounts/people/999999/").content
    strip = re.compile(rb'(?:href|value|next)="[^"]*"|/accounts/people/\d+/')
    assert strip.sub(b"", refused) == strip.sub(b"", absent)


@pytest.mark.parametrize(
    "path", ["people/99999999999999999999999/", "organisations/absent/", "organisations/new/rename/", "people/0/"]
)
def test_what_does_not_exist_is_not_found(clients, path):
    assert clients["secretary"].get("/accounts/" + path).status_code == 404


# --- my account ---


@pytest.mark.parametrize(
    ("group", "value"), [("language", "kk"), ("theme", "dark"), ("density", "compact"), ("time_zone", "UTC")]
)
def test_each_group_saves_alone(clients, cast, group, value):
    before = {name: getattr(cast["expert"], name) for name in services.PREFERENCES}
    # values of other groups ride along and must not be taken
    extra = {"language": "ru", "theme": "light", "density": "comfortable", "time_zone": "Europe/Moscow", "is_staff": "1"}
    response = clients["expert"].post("/accounts/me/", {**extra, "group": group, group: value})
    assert response.status_code == 302
    cast["expert"].refresh_from_db()
    assert {name: getattr(cast["expert"], name) for name in services.PREFERENCES} == {**before, group: value}
    assert not cast["expert"].is_staff


def test_a_wrong_choice_is_told_and_changes_nothing(clients, cast):
    head = read_head()
    response = clients["expert"].post("/accounts/me/", {"group": "theme", "theme": "pink"})
    assert response.status_code == 422
    assert "Error" in response.content.decode()
    assert clients["expert"].post("/accounts/me/", {"group": "email", "email": "a@b.cc"}).status_code == 404
    assert read_head() == head


# --- organisations ---


def test_the_page_shows_names_by_period_and_what_it_is_called_now(clients):
    services.load_organisations()
    page = clients["anonymous"].get("/accounts/organisations/megnr/").content.decode()
    assert "МЭГПР" in page and "ЭТРМ" in page
    assert "17.06.2019–31.12.2022" in page
    assert re.search(r'Now called: <a href="/accounts/organisations/menr/">', page)


def test_members_are_shown_to_members_only(clients, cast):
    code = organisation_of(cast["expert"]).code
    for role, shown in (("observer", True), ("operator", True), ("anonymous", False)):
        page = clients[role].get(f"/accounts/organisations/{code}/").content.decode()
        assert (cast["expert"].name in page) is shown
        assert cast["expert"].email not in page


def test_search_keeps_its_text_and_escapes_it(clients):
    services.load_organisations()
    page = clients["anonymous"].get("/accounts/organisations/", {"q": "эколог"}).content.decode()
    assert "/accounts/organisations/megnr/" in page and "/accounts/organisations/mes/" not in page
    evil = clients["anonymous"].get("/accounts/organisations/", {"q": '"><script>x'}).content.decode()
    assert "<script>x" not in evil
    assert clients["anonymous"].get("/accounts/organisations/?page=-3").status_code == 200


def test_the_list_asks_few_questions(clients, django_assert_max_num_queries):
    services.load_organisations(has_examples=True)
    with django_assert_max_num_queries(14):
        clients["secretary"].get("/accounts/organisations/")


def test_the_secretary_adds_and_renames(clients, cast):
    form = {"code": "akimat", "kind": "authority", "name_ru": "Акимат", "valid_from": "01.02.2020"}
    assert clients["secretary"].post("/accounts/organisations/new/", form)["Location"].endswith("/akimat/")
    rename = {"first_day": "2025-03-01", "code": "akimat-2", "name_ru": "Акимат области", "short_ru": "АО"}
    response = clients["secretary"].post("/accounts/organisations/akimat/rename/", rename)
    assert response["Location"].endswith("/akimat-2/")
    old = Organisation.objects.get(code="akimat")
    assert (old.valid_to, old.successor.code) == (dt.date(2025, 2, 28), "akimat-2")
    kinds = [(entry.kind, entry.actor) for entry in read_revisions("organisation", "akimat")]
    assert kinds == [("create", cast["secretary"].email), ("change", cast["secretary"].email)]
    assert clients["secretary"].get("/accounts/organisations/akimat/rename/").status_code == 404


@pytest.mark.parametrize(
    "fault",
    [
        {"code": "test-emergency"},
        {"code": "Ё"},
        {"code": "new"},
        {"name_ru": ""},
        {"name_ru": "\x00"},
        {"name_ru": "x" * 301},
        {"kind": "king"},
        {"valid_from": "31.02.2020"},
        {"valid_from": "01.02.2020", "valid_to": "01.02.2019"},
    ],
)
def test_a_faulty_organisation_keeps_its_text(clients, fault):
    form = {"code": "akimat", "kind": "authority", "name_ru": "Акимат", "name_kk": "Әкімдік", **fault}
    head = read_head()
    response = clients["secretary"].post("/accounts/organisations/new/", form)
    assert response.status_code == 422
    assert "Әкімдік" in response.content.decode()
    assert read_head() == head


# --- people ---


def test_an_invitation_makes_the_account_and_shows_the_link_once(clients, cast):
    body = organisation_of(cast["editor"])
    form = {
        "email": "New.Person@Test.Boget", "name": "Жаңа Адам", "language": "kk",
        "organisation": body.pk, "role": "editor", "valid_from": "22.11.2022",
    }  # fmt: skip
    response = clients["secretary"].post("/accounts/people/new/", form)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    link = re.search(r"http://testserver(/accounts/password/set/[^<\s]+)", response.content.decode())[1]
    user = User.objects.get(email="new.person@test.boget")
    assert not user.has_usable_password()
    assert user.memberships.get().organisation == body
    page = clients["anonymous"].get(link, follow=True)
    phrase = "first words of my own 12"
    form = {"password1": phrase, "password2": phrase}
    assert clients["anonymous"].post(page.request["PATH_INFO"], form).status_code == 302
    signed = clients["anonymous"].post("/accounts/sign-in/", {"login": user.email, "password": phrase})
    assert signed.status_code == 302
    assert link not in clients["secretary"].get(f"/accounts/people/{user.pk}/").content.decode()


@pytest.mark.parametrize("fault", [{"email": "EDITOR@test.boget"}, {"email": "x"}, {"role": "king"}, {"valid_from": "x"}])
def test_a_faulty_invitation_makes_nothing(clients, cast, fault):
    head, body = read_head(), organisation_of(cast["editor"])
    form = {"email": "a@test.boget", "name": "А", "language": "kk", "organisation": body.pk, "role": "editor",
            "valid_from": "22.11.2022", **fault}  # fmt: skip
    response = clients["secretary"].post("/accounts/people/new/", form)
    assert response.status_code == 422
    assert read_head() == head
    assert not User.objects.filter(email="a@test.boget").exists()


def test_when_the_role_fails_the_account_is_not_made(clients, cast, monkeypatch):
    def refuse(*args, **kwargs):
        raise RuntimeError("no")

    monkeypatch.setattr(services, "issue_invitation", refuse)
    body = organisation_of(cast["editor"])
    form = {"email": "a@test.boget", "name": "А", "language": "kk", "organisation": body.pk, "role": "editor",
            "valid_from": "22.11.2022"}  # fmt: skip
    with pytest.raises(RuntimeError):
        clients["secretary"].post("/accounts/people/new/", form)
    assert not User.objects.filter(email="a@test.boget").exists()


def test_roles_are_added_and_ended(clients, cast):
    person, body = cast["expert"], organisation_of(cast["editor"])
    form = {"organisation": body.pk, "role": "editor", "valid_from": "01.01.2023"}
    address = f"/accounts/people/{person.pk}/roles/"
    assert clients["secretary"].post(address, form).status_code == 302
    assert clients["secretary"].post(address, form).status_code == 422
    assert clients["secretary"].post(address, {**form, "valid_to": "01.01.2022"}).status_code == 422
    membership = person.memberships.get(role="editor")
    end = f"{address}{membership.pk}/end/"
    assert clients["secretary"].post(end, {"last_day": "01.01.2020"}).status_code == 422
    assert clients["secretary"].post(end, {"last_day": "31.12.2023"}).status_code == 302
    membership.refresh_from_db()
    assert membership.valid_to == dt.date(2023, 12, 31)
    other = cast["observer"].memberships.get()
    assert clients["secretary"].get(f"{address}{other.pk}/end/").status_code == 404


def test_an_ended_role_closes_the_door_at_the_next_request(clients, cast):
    Membership.objects.filter(user=cast["secretary"]).update(valid_to=dt.date(2023, 1, 1))
    assert clients["secretary"].get("/accounts/people/").status_code == 404


def test_a_closed_account_is_out_at_once(clients, cast):
    address = f"/accounts/people/{cast['expert'].pk}/activity/"
    assert clients["secretary"].post(address, {"is_active": "0"}).status_code == 302
    assert clients["expert"].get("/accounts/me/").status_code == 302
    assert clients["secretary"].post(address, {"is_active": "1"}).status_code == 302
    own = f"/accounts/people/{cast['secretary'].pk}/activity/"
    assert clients["secretary"].post(own, {"is_active": "0"}).status_code == 404


def test_every_text_is_escaped(clients, cast):
    evil = '<img src=x onerror="alert(1)">'
    services.create_organisation(code="evil", values={"kind": "other", "name_ru": evil, "note": evil}, by=SYSTEM)
    user = services.create_user(email="evil@test.boget", name=evil, by=SYSTEM)
    body = Organisation.objects.get(code="evil")
    services.add_membership(user, body, role="expert", valid_from=dt.date(2022, 1, 1), by=SYSTEM)
    for path in ("organisations/", "organisations/evil/", "people/", f"people/{user.pk}/", "organisations/evil/rename/"):
        page = clients["secretary"].get("/accounts/" + path).content.decode()
        assert "<img src=x" not in page, path


@pytest.mark.parametrize("name", [name for name, (_path, statuses) in GETS.items() if statuses["secretary"] == 200])
def test_pages_have_one_heading_one_primary_action_and_nothing_inline(clients, address, name):
    page = clients["secretary"].get(address(name)).content.decode()
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert len(re.findall(r'class="[^"]*button-primary', page)) <= 1
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*src=)", page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
