"""The clocks of a paper: that of the reader, UTC, and that of whoever receives the wave where it is another one."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from boget.portal.scenarios.selectors import saying
from boget.science.river.targets import Target

TABLE = Path(__file__).parents[1] / "tables" / "receiver_zones.toml"


@cache
def _read_zones() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads(TABLE.read_text(encoding="utf-8"))["zone"]
    return rows


def find_zone(country: str, longitude: float) -> ZoneInfo | None:
    """The zone at a place; None for a country that is not in the table."""
    found = (row for row in _read_zones() if row["country"] == country and longitude <= row.get("east", 180.0))
    row = next(found, None)
    return ZoneInfo(row["name"]) if row else None


def list_windows(target: Target, started_at: dt.datetime, seconds: Sequence[float | None]) -> list[tuple[str, str]]:
    """(zone, window of the clock): the reader's, UTC where that is another one, the receiver's where it is neither."""
    moment = started_at + dt.timedelta(seconds=seconds[0] or 0.0)
    zones = [timezone.get_current_timezone(), dt.UTC, find_zone(target.country, target.longitude)]
    found: dict[str, str] = {}
    for zone in zones:
        if zone is not None:
            with timezone.override(zone):
                found.setdefault(saying.name_zone(moment), saying.say_window(started_at, seconds))
    return [(name, window) for name, window in found.items() if window]


def say_in_utc(moment: dt.datetime) -> str:
    """ "23.11 01:00 UTC" """
    with timezone.override(dt.UTC):
        return f"{saying.say_moment(moment)}\u00a0UTC"
