"""The API under /api/v1/: one instance, its description at openapi.json, errors as application/problem+json."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

import boget
from boget.portal.assessments.api import router as assessments_router
from boget.portal.core.errors import choose_status, translate
from boget.portal.registry.api import router, send_problem
from boget.portal.scenarios.api import router as scenarios_router
from boget.science.errors import BogetError

PROBLEM_TYPE = "application/problem+json"
DESCRIPTION = "Reading of the register. Rights are those of the pages: sign in there, or read what is public."


class BogetAPI(NinjaAPI):
    """The description names the content type that errors really have."""

    def get_openapi_schema(self, **options: Any) -> Any:
        schema = super().get_openapi_schema(**options)
        for operations in schema["paths"].values():
            for operation in operations.values():
                _describe_problems(operation["responses"])
        return schema


def _describe_problems(responses: dict[Any, Any]) -> None:
    for status, response in responses.items():
        content = response.get("content", {})
        if int(status) >= HTTPStatus.BAD_REQUEST and "application/json" in content:
            content[PROBLEM_TYPE] = content.pop("application/json")


api = BogetAPI(
    title="Boget",
    version=boget.__version__,
    description=DESCRIPTION,
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
)
api.add_router("", router)
api.add_router("", assessments_router)
api.add_router("", scenarios_router)


@api.exception_handler(BogetError)
def send_refusal(request: HttpRequest, error: BogetError) -> HttpResponse:
    status = choose_status(error)
    return send_problem(status, HTTPStatus(status).phrase, detail=translate(error), code=error.code)


@api.exception_handler(Http404)
def send_not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return send_problem(404, HTTPStatus.NOT_FOUND.phrase, detail=gettext("Not found, or not open to you"), code="not_found")


@api.exception_handler(ValidationError)
def send_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0] if error.errors else {}
    where = ".".join(str(part) for part in first.get("loc", ())[1:])
    return send_problem(422, "Unprocessable Entity", detail=f"{where}: {first.get('msg', '')}", code="invalid")


@api.exception_handler(HttpError)
def send_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return send_problem(error.status_code, HTTPStatus(error.status_code).phrase, detail=str(error))


urlpatterns = [*api.urls[0]]
app_name = "api"
