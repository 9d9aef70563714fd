"""The page that says "try again in N minutes": the same for known and unknown addresses."""

from __future__ import annotations

import math
from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from axes.helpers import get_client_ip_address, get_client_username, get_cool_off
from axes.models import AccessAttempt
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

TOO_MANY_REQUESTS = 429


def read_client_ip(request: HttpRequest) -> str | None:
    """Address of the client as allauth reads it: the forwarded one only behind a trusted proxy."""
    return get_client_ip(request)  # type: ignore[no-any-return]


def build_lockout(request: HttpRequest, *, minutes: int) -> HttpResponse:
    """The page with status 429 and Retry-After in seconds."""
    response = render(request, "account/locked.html", {"minutes": minutes}, status=TOO_MANY_REQUESTS)
    response.headers["Retry-After"] = str(minutes * 60)
    return response


def show_lockout(request: HttpRequest, original: Any = None, credentials: dict[str, Any] | None = None) -> HttpResponse:
    """Answer of django-axes to a sign-in that is locked."""
    return build_lockout(request, minutes=count_minutes(request, credentials))


def count_minutes(request: HttpRequest, credentials: dict[str, Any] | None) -> int:
    """Whole minutes until the lock of this address and this computer opens, at least 1."""
    cool_off = get_cool_off(request)
    attempts = AccessAttempt.objects.filter(
        username=get_client_username(request, credentials), ip_address=get_client_ip_address(request)
    )
    last = attempts.order_by("-attempt_time").first()
    if cool_off is None or last is None:
        return 1
    left = (last.attempt_time + cool_off - timezone.now()).total_seconds()
    return max(1, math.ceil(left / 60))
