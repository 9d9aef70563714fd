"""Panels: how a lower page shows what an upper app knows, without importing it.

An upper app registers a panel in its ``apps.py``; the lower page lists the panels of its slot and loads each by its URL.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Panel:
    slot: str  # the page that shows it: "facility"
    code: str
    label: str | Promise
    url_name: str  # reversed with the record's public id
    order: int = 100
    is_open_to: Callable[[Any], bool] = lambda user: True


_panels: dict[tuple[str, str], Panel] = {}


def register(panel: Panel) -> None:
    _panels[(panel.slot, panel.code)] = panel


def list_panels(slot: str, user: Any) -> list[Panel]:
    chosen = [p for p in _panels.values() if p.slot == slot and p.is_open_to(user)]
    return sorted(chosen, key=lambda p: (p.order, p.code))
