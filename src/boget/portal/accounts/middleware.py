"""The reader's language and time zone for each request, and the second factor where a role must have one."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from boget.portal.accounts import services
from boget.portal.accounts.models import LANGUAGES
from boget.portal.accounts.selectors import is_writer

Handler = Callable[[HttpRequest], HttpResponse]

LANGUAGE_COOKIE_AGE = 365 * 24 * 3600

# what a person without a second factor may still open: the way to switch it on, and the way out
OPEN_WITHOUT_SECOND_FACTOR = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
    }
)


class LanguageMiddleware:
    """Language: `?lang=`, then account, cookie, Accept-Language, Russian. The time zone is that of the account."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("lang", "")
        asked = asked if asked in LANGUAGES else ""
        user = request.user
        if asked and user.is_authenticated and user.language != asked:
            services.change_preferences(user, {"language": asked})
        language = asked or choose_language(request)
        with translation.override(language), timezone.override(choose_time_zone(user)):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", language)
        if user.is_authenticated:
            # what one person saw must not come back out of the browser's store for the next one at the same desk
            response.headers.setdefault("Cache-Control", "private, no-store")
        if asked:
            _set_cookie(response, asked)
        return response


def choose_language(request: HttpRequest) -> str:
    """The first of account, cookie and Accept-Language that names a language of ours, else Russian."""
    if request.user.is_authenticated and request.user.language in LANGUAGES:
        return str(request.user.language)
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return cookie if cookie in LANGUAGES else _read_accepted(request)


def _read_accepted(request: HttpRequest) -> str:
    for tag, _quality in translation.trans_real.parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        language = tag.split("-")[0]
        if language in LANGUAGES:
            return language
    return settings.LANGUAGE_CODE


def choose_time_zone(user: Any) -> zoneinfo.ZoneInfo:
    """Zone of the account, else that of the installation."""
    return zoneinfo.ZoneInfo(getattr(user, "time_zone", "") or settings.TIME_ZONE)


def _set_cookie(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=LANGUAGE_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )


class TwoFactorMiddleware:
    """With BOGET_REQUIRE_TWO_FACTOR, a person whose role writes first switches the second factor on."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not settings.BOGET_REQUIRE_TWO_FACTOR or not request.user.is_authenticated:
            return None
        name = request.resolver_match.url_name if request.resolver_match else None
        if name in OPEN_WITHOUT_SECOND_FACTOR or not is_writer(request.user) or is_mfa_enabled(request.user):
            return None
        return _send_to_activation(request)


def _send_to_activation(request: HttpRequest) -> HttpResponse:
    address = reverse("mfa_activate_totp")
    if request.path.startswith("/api/"):
        problem = {"type": "about:blank", "title": "Second factor required", "status": 403}
        return JsonResponse(problem, status=403, content_type="application/problem+json")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
