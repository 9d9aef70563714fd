"""The screening for machines: flat records, one for each facility and meeting with a border. The units are in the names."""

from __future__ import annotations

from typing import Any

from boget.portal.scenarios.models import Screening, ScreeningRow

HOUR_S = 3600.0
TIMES = tuple(f"{reading}{share}" for reading in ("t", "edge", "high") for share in ("05", "50", "95"))
SHARES = ("p48", "p48_edge", "p48_high")
PLAIN = ("border", "kind", "country", "end", "longitude", "latitude", "reservoirs_crossed", "grade", "grade_edge", "grade_high")


def list_screened(screening: Screening) -> list[dict[str, Any]]:
    """Records by facility and flow. Times in hours: t mean of the wave, edge its front, high its front at high flow."""
    rows = screening.lines.select_related("facility").order_by("facility__public_id", "number")
    return [describe_row(row, row.facility.public_id) for row in rows]


def describe_row(row: ScreeningRow, facility: str) -> dict[str, Any]:
    """One record of a stored or an unsaved row."""
    plain = {name: getattr(row, name) for name in PLAIN}
    times = {f"{name}_h": _round(getattr(row, f"{name}_s"), HOUR_S) for name in TIMES}
    shares = {name: _round(getattr(row, name)) for name in SHARES}
    ranks = {"rank": row.rank, "rank_value": _round(row.rank_value), "water_risk_index": _round(row.water_risk_index)}
    distance = {"distance_km": _round(row.distance_m, 1e3)}
    return {"facility": facility, **plain, **distance, **times, **shares, **ranks, "cautions": row.cautions}


def _round(value: float | None, unit: float = 1.0) -> float | None:
    return None if value is None else float(f"{value / unit:.6g}")
