"""Language: ?lang=, account, cookie, Accept-Language, Russian."""

import pytest
from django.test import Client
from django.utils import timezone, translation

from boget.portal.accounts import services
from tests.portal.accounts.conftest import read_revisions

pytestmark = pytest.mark.django_db
ADDRESS = "/accounts/organisations/"


def ask(client, query="", accept=""):
    return client.get(ADDRESS + query, headers={"accept-language": accept} if accept else {})


def test_russian_is_the_default():
    response = ask(Client())
    assert response["Content-Language"] == "ru"
    assert '<html lang="ru"' in response.content.decode()


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("kk-KZ,ru;q=0.8", "kk"), ("de,en-GB;q=0.7,ru;q=0.3", "en"), ("de-DE", "ru"), ("*", "ru"), ("xx" * 500, "ru")],
)
def test_the_browser_is_heard(accepted, language):
    assert ask(Client(), accept=accepted)["Content-Language"] == language


def test_the_order_of_what_is_heard(person):
    services.change_preferences(person, {"language": "en"})
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["boget_language"] = "kk"
    assert ask(client, accept="ru")["Content-Language"] == "en"
    assert ask(client, "?lang=ru", accept="kk")["Content-Language"] == "ru"
    client.logout()
    client.cookies["boget_language"] = "kk"
    assert ask(client, accept="ru")["Content-Language"] == "kk"


def test_asking_is_remembered_in_the_cookie():
    client = Client()
    response = ask(client, "?lang=kk")
    cookie = response.cookies["boget_language"]
    assert (cookie.value, cookie["samesite"], cookie["httponly"]) == ("kk", "Lax", True)
    assert ask(client)["Content-Language"] == "kk"
    assert "boget_language" not in ask(client).cookies


def test_asking_is_remembered_in_the_account_once(clients, cast):
    clients["expert"].get(ADDRESS + "?lang=kk")
    clients["expert"].get(ADDRESS + "?lang=kk")
    cast["expert"].refresh_from_db()
    assert cast["expert"].language == "kk"
    changes = [entry.changes for entry in read_revisions("person", cast["expert"].code)]
    assert changes.count({"language": ["en", "kk"]}) == 1


@pytest.mark.parametrize("asked", ["de", "", "kk\r\nX-Evil: 1", "../../etc/passwd", "KK"])
def test_an_unknown_language_is_ignored(asked):
    response = Client().get(ADDRESS, {"lang": asked})
    assert response.status_code == 200
    assert response["Content-Language"] == "ru"
    assert "boget_language" not in response.cookies


def test_caches_are_told():
    vary = {part.strip() for part in ask(Client())["Vary"].split(",")}
    assert {"Accept-Language", "Cookie"} <= vary


def test_nothing_of_one_request_stays_for_the_next(clients, cast):
    services.change_preferences(cast["expert"], {"language": "kk", "time_zone": "UTC"})
    before = (translation.get_language(), timezone.get_current_timezone_name())
    clients["expert"].get(ADDRESS)
    assert (translation.get_language(), timezone.get_current_timezone_name()) == before


def test_times_are_shown_in_the_zone_of_the_account(clients, cast):
    import datetime as dt

    cast["editor"].last_login = dt.datetime(2026, 11, 22, 20, 30, tzinfo=dt.UTC)
    cast["editor"].save()
    assert "23.11.2026 01:30" in clients["secretary"].get("/accounts/people/").content.decode()
    services.change_preferences(cast["secretary"], {"time_zone": "UTC"})
    assert "22.11.2026 20:30" in clients["secretary"].get("/accounts/people/").content.decode()
