"""Home, search, health, open data and short links, for each role and language."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

LANGUAGES = ("ru", "kk", "en")


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def register(make_facility: Any) -> dict[str, Any]:
    return {
        "qoshqar": make_facility(name_kk="Қошқар-Ата", name_ru="Кошкар-Ата", name_en="Koshkar-Ata", status="abandoned"),
        "ulba": make_facility(name_ru="Тишинское", name_en="Tishinskoe", watercourse="Ульба", impoundments=[{"volume_m3": 1e6}]),
        "draft": make_facility(name_en="Secret draft", disclosure="draft"),
    }


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_home_of_an_empty_register_says_so(client: Client, language: str) -> None:
    page = read(client, f"/?lang={language}")
    assert f'<html lang="{language}"' in page
    assert "112" in page and "<table" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_home_counts_what_is_published(client: Client, register: dict[str, Any], language: str) -> None:
    said = {"ru": "2 объекта в реестре (не перепись)", "kk": "тізілімде 2 объект (санақ емес)"}
    page = read(client, f"/?lang={language}")
    assert said.get(language, "2 facilities in the register (not a census)") in page
    assert "/registry/facilities/?status=abandoned" in page


def test_home_counts_drafts_for_those_who_may_see_them(register: dict[str, Any], clients: dict[str, Any]) -> None:
    assert "3 facilities in the register" in read(clients["editor"], "/")
    assert "2 facilities in the register" in read(clients["expert"], "/")


def test_home_counts_volumes_as_the_list_does(register: dict[str, Any], make_facility: Any, clients: dict[str, Any]) -> None:
    make_facility(record_kind="aggregate", impoundments=[{"volume_m3": 9e6}])
    make_facility(status="planned", impoundments=[{"volume_m3": 9e6}])
    make_facility(disclosure="retired", impoundments=[{"volume_m3": 9e6}])
    for name in ("anonymous", "secretary"):
        page, totals = read(clients[name], "/"), clients[name].get("/registry/facilities/").context["totals"]
        assert f"{totals.count} facilities in the register" in page
        assert f"Volume known: {totals.volume_known} of {totals.counted}." in page
        assert "Not counted here: records of several ponds (1) and planned facilities (1)." in page
    assert "Volume known: 1 of 2." in read(clients["anonymous"], "/")


def test_pages_have_one_heading_and_at_most_one_primary_action(register: dict[str, Any], clients: dict[str, Any]) -> None:
    for address in ("/", "/search/?q=ulba", "/search/?q=nothing", "/health/", "/health/?check=1", "/public/data/", "/help/"):
        for client in (clients["anonymous"], clients["secretary"]):
            page = read(client, address)
            assert page.count("<h1") == 1, address
            assert page.count("button-primary") <= 1, address


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Қошқар", ["KZ-0001"]),
        ("кошкар", ["KZ-0001"]),
        ("Qoşqar-Ata", ["KZ-0001"]),
        ("KZ-0002", ["KZ-0002"]),
        ("ульба", ["KZ-0002"]),
        ("draft", []),
        ("z", []),
        ("%", []),
        ("'; DROP TABLE", []),
    ],
)
def test_search_finds_by_every_spelling(client: Client, register: dict[str, Any], query: str, found: list[str]) -> None:
    answer = client.get("/search/", {"q": query})
    assert [facility.public_id for facility in answer.context["findings"].facilities] == found
    assert ("Nothing found." in answer.content.decode()) == (not found)


def test_search_finds_organisations(cast: dict[str, Any], client: Client) -> None:
    answer = client.get("/search/", {"q": "test-univ"})
    assert [body.code for body in answer.context["findings"].organisations] == ["test-university"]


@pytest.mark.django_db
def test_search_without_a_query_is_a_form(client: Client) -> None:
    page = read(client, "/search/")
    assert 'name="q"' in page and "Nothing found." not in page


@pytest.mark.django_db
def test_search_escapes_what_was_typed(client: Client) -> None:
    page = read(client, "/search/?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in page


def test_search_asks_the_database_a_fixed_number_of_times(
    client: Client, make_facility: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        make_facility(name_en=f"North {number}")
    with django_assert_max_num_queries(8):
        assert client.get("/search/?q=north").context["findings"].facilities_count == 30


@pytest.mark.django_db
def test_a_monitor_reads_a_short_form(client: Client) -> None:
    answer = client.get("/health/?f=json")
    assert answer.json()["status"] == "ok"
    assert set(answer.json()) == {"status", "version"}
    assert "no-store" in answer.headers["Cache-Control"] or "no-cache" in answer.headers["Cache-Control"]


def test_only_the_secretary_reads_the_whole_state(clients: dict[str, Any]) -> None:
    from boget.portal.core.services import read_head

    digest = read_head()[1]
    for name, client in clients.items():
        assert (digest in read(client, "/health/")) == (name == "secretary"), name


def test_the_secretary_checks_the_log(clients: dict[str, Any]) -> None:
    assert "not run on this page" in read(clients["secretary"], "/health/")
    assert "no break" in read(clients["secretary"], "/health/?check=1")


def test_a_break_of_the_log_is_shown(clients: dict[str, Any]) -> None:
    from boget.portal.core.models import ChainHead

    ChainHead.objects.update(hash="f" * 64)
    page = read(clients["secretary"], "/health/?check=1")
    assert "1 break" in page and "head" in page


@pytest.mark.parametrize("prefix", ["/f/", "/public/facilities/"])
def test_a_short_address_leads_to_the_card(client: Client, register: dict[str, Any], prefix: str) -> None:
    assert client.get(f"{prefix}KZ-0001/").headers["Location"] == "/registry/facilities/KZ-0001/"
    assert client.get(f"{prefix}kz-0001/").headers["Location"] == "/registry/facilities/KZ-0001/"
    assert client.get(f"{prefix}KZ-0003/").status_code == 404
    assert client.get(f"{prefix}KZ-7777/").status_code == 404


def test_the_address_of_a_merged_record_leads_to_the_record_it_became(client: Client, register: dict[str, Any]) -> None:
    from boget.portal.core.services import SYSTEM
    from boget.portal.registry.services import set_disclosure

    set_disclosure(register["ulba"], "retired", reason="the same", actor=SYSTEM, merged_into="KZ-0001")
    assert client.get("/f/KZ-0002/").headers["Location"] == "/registry/facilities/KZ-0001/"


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", ["registry", "ranking", "sources", "accessibility"])
def test_help_is_written_in_every_language(client: Client, topic: str, language: str) -> None:
    page = read(client, f"/help/{topic}/?lang={language}")
    cyrillic = sum("а" <= letter <= "я" for letter in page.casefold())
    assert (cyrillic > 300) == (language != "en")
    assert any(letter in page for letter in "ұқғ") == (language == "kk") or language != "kk"


@pytest.mark.django_db
def test_sources_name_every_layer_of_the_map(client: Client) -> None:
    page = read(client, "/help/sources/")
    assert "OpenStreetMap contributors" in page and "ODbL" in page
    assert client.get("/help/nothing/").status_code == 404
