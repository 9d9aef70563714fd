"""Text that no database can hold, and more than the server takes, are refused at the door; errors of ours become pages."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from boget.portal.core import error_pages
from boget.science.errors import BogetError

Handler = Callable[[HttpRequest], HttpResponse]


LONGEST_LENGTH = 16  # digits
SENSORS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class PermissionsPolicyMiddleware:
    """No page of ours, and nothing that could get into one, asks the browser for sensors or for money."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers["Permissions-Policy"] = SENSORS
        return response


class RefuseBadTextMiddleware:
    """A NUL byte in address or query is nobody's honest input, and PostgreSQL refuses it with an error."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return error_pages.show_bad_request(request)
        return self.get_response(request)


class RefuseLargeBodyMiddleware:
    """Django bounds the text of a form but not its files, which any visitor could pile up on the disk of the server."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _read_length(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return error_pages.show_bad_request(request)
        return self.get_response(request)


def _read_length(request: HttpRequest) -> float:
    """Bytes that the sender announced; nothing that is no number is let in."""
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_LENGTH else float("inf")


class ErrorPageMiddleware:
    """Maps BogetError that a view did not handle itself to the page of its status."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, BogetError):
            return error_pages.show_error(request, exception)
        return None
