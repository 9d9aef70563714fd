"""Addresses of the lists behind the numbers; they serve the pages, papers do not print them."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse


def link_to(name: str, *args: Any) -> str:
    """Address of a page, empty where this installation has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
