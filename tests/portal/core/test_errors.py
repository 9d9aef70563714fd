"""Errors become a sentence in the reader's language and a status; refused and absent look the same."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import translation

from boget.portal.core import error_pages
from boget.portal.core.errors import MESSAGES, Conflict, choose_status, refuse, translate
from boget.portal.core.middleware import ErrorPageMiddleware, RefuseBadTextMiddleware
from boget.science.errors import BogetError, InvalidInput, MissingData

PARTS = {"where": "Height", "value": "-3", "allowed": "0–500 m", "who": "A", "time": "12:00"}


@pytest.mark.parametrize("code", sorted(MESSAGES))
@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_every_code_has_a_whole_sentence(code: str, language: str) -> None:
    with translation.override(language):
        sentence = str(MESSAGES[code]) % PARTS
        assert "%(" not in sentence
        assert sentence.rstrip().endswith((".", "?", "»", ")"))


def test_a_refusal_says_what_where_and_what_is_allowed() -> None:
    error = refuse("range", where="Height", value=-3, allowed="0–500 m")
    assert isinstance(error, InvalidInput)
    assert translate(error) == "Height: -3 is outside 0–500 m. Check the unit and correct the value."


def test_an_unlisted_code_falls_back_to_the_errors_own_text() -> None:
    error = MissingData("table_missing", where="tables", value="thi-9.9")
    assert "thi-9.9" in translate(error)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidInput("range"), 422),
        (Conflict("stale"), 409),
        (InvalidInput("unknown_filter"), 400),
        (MissingData("table_missing"), 422),
    ],
)
def test_statuses(error: BogetError, status: int) -> None:
    assert choose_status(error) == status


@pytest.mark.django_db
def test_an_error_of_a_view_becomes_a_page(rf: RequestFactory) -> None:
    request = rf.get("/registry/facilities/")
    request.user = _nobody()  # type: ignore[assignment]
    error = refuse("range", where="H", value=1, allowed="0")
    answer = ErrorPageMiddleware(lambda _request: None).process_exception(request, error)  # type: ignore[arg-type,return-value]
    assert answer is not None
    assert answer.status_code == 422
    assert "outside" in answer.content.decode()


def test_other_errors_are_left_alone(rf: RequestFactory) -> None:
    middleware = ErrorPageMiddleware(lambda _request: None)  # type: ignore[arg-type,return-value]
    assert middleware.process_exception(rf.get("/"), ValueError("x")) is None


def _nobody() -> Any:
    from django.contrib.auth.models import AnonymousUser

    return AnonymousUser()


@pytest.mark.parametrize("address", ["/registry/\x00/", "/search/?q=%00"])
def test_a_nul_byte_is_refused_at_the_door(rf: RequestFactory, address: str) -> None:
    request = rf.get("/")
    request.path, _, request.META["QUERY_STRING"] = address.partition("?")
    answer = RefuseBadTextMiddleware(lambda _request: pytest.fail("the view was reached"))(request)
    assert answer.status_code == 400


@pytest.mark.django_db
def test_absent_pages_answer_404_in_every_form(clients: dict[str, Any]) -> None:
    for name, client in clients.items():
        assert client.get("/nothing/here/").status_code == 404, name
    answer = clients["anonymous"].get("/api/v1/nothing")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_the_page_of_a_fault_shows_a_number_and_nothing_else(rf: RequestFactory) -> None:
    answer = error_pages.show_server_error(rf.get("/"))
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Traceback" not in page
    assert answer.content != error_pages.show_server_error(rf.get("/")).content, "each fault has a number of its own"
