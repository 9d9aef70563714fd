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
    code: str
    label: str | Promise
    url_name: str
    order: int = 100
    is_open_to: Callable[[Any], bool] = lambda user: True


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
            links.append(NavLink(entry.code, entry.label, url, request.path.startswith(url)))
    return links
