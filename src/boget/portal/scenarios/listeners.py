"""Keeps the marks honest: what was computed from a record that has changed is out of date from that moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from boget.portal.scenarios.services.staleness import mark_screening_stale, refresh_runs_of


def mark_changed(sender: Any, *, facility_ids: Sequence[int], **_kwargs: Any) -> None:
    refresh_runs_of(facility_ids)
    mark_screening_stale()
