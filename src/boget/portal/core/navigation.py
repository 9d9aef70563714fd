"""The left navigation: each app registers its entries; entries without right are absent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class NavEntry:
    """An entry. prefix: addresses that belong to it, where these are more than its own page and what lies below."""

    code: str
    label: str | Promise
    url_name: str
    order: int = 100
    is_open_to: Callable[[Any], bool] = lambda user: True
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class NavLink:
    code: str
    label: str | Promise
    url: str
    is_current: bool


_entries: dict[str, NavEntry] = {}


def register(entry: NavEntry) -> None:
    _entries[entry.code] = entry


def build_navigation(request: HttpRequest) -> list[NavLink]:
    user = getattr(request, "user", None)
    links = []
    for entry in sorted(_entries.values(), key=lambda e: (e.order, e.code)):
        if entry.is_open_to(user):
            url = reverse(entry.url_name)
            links.append(NavLink(entry.code, entry.label, url, request.path.startswith(entry.prefix or url)))
    return links
