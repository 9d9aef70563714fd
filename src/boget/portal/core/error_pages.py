"""Error pages: what happened, what was kept, what to do. Refused and absent look the same."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader

from boget.portal.core.errors import choose_status, translate
from boget.science.errors import BogetError

API = "/api/"


def _send_problem(status: int, title: str) -> HttpResponse:
    """The error of an API address as RFC 9457."""
    problem = {"type": "about:blank", "title": title, "status": status, "detail": "", "code": ""}
    return JsonResponse(problem, status=status, content_type="application/problem+json")


def show_error(request: HttpRequest, error: BogetError) -> HttpResponse:
    status = choose_status(error)
    return render(request, f"{status}.html", {"message": translate(error), "error": error}, status=status)


def show_bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    if request.path.startswith(API):
        return _send_problem(400, "Bad Request")
    # no context processors: the session is not there yet for a request refused at the door
    return HttpResponse(loader.get_template("plain_error.html").render({"status": 400}), status=400)


def show_csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403.html", {}, status=403)


def show_not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    if request.path.startswith(API):
        return _send_problem(404, "Not Found")
    return render(request, "404.html", {}, status=404)


def show_server_error(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(API):
        return _send_problem(500, "Internal Server Error")
    # a plain page without context processors: the fault may be in any of them
    page = loader.get_template("plain_error.html").render({"status": 500, "incident": secrets.token_hex(4)})
    return HttpResponse(page, status=500)
