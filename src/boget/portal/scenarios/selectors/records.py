"""A forecast for machines: flat records of the targets, and the river with its targets as GeoJSON. Units are in the names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from boget.portal.scenarios.selectors.naming import choose_name
from boget.science.river.outcome import Quantiles, RiverOutcome, TargetForecast

HOUR_S = 3600.0
KG_M3_PER_MG_L = 1e-3
TIMES = {
    "arrival": "arrival_s", "arrival10": "arrival10_s", "peak_time": "peak_time_s", "departure": "departure_s",
    "duration": "duration_s",
}  # fmt: skip
SHARES = ("p05", "p50", "p95")
DIGITS = 6

Record = dict[str, Any]


def list_records(outcome: RiverOutcome, *, language: str) -> list[Record]:
    """One record a target, in the order of the river; None where no member has the value."""
    return [_describe(forecast, language) for forecast in outcome.targets]


def _describe(forecast: TargetForecast, language: str) -> Record:
    target = forecast.target
    return {
        "code": target.code,
        "kind": target.kind,
        "name": choose_name(target.names, language) or target.note,
        "country": target.country,
        "population": target.population,
        "distance_km": _round(target.distance_m, 1e3),
        "longitude": target.longitude,
        "latitude": target.latitude,
        "probability": _round(forecast.probability),
        **dict(_list_quantiles(forecast)),
        "factor_before_mixing": _round(forecast.factor_before_mixing),
        "flags": " ".join(forecast.flags),
    }


def _list_quantiles(forecast: TargetForecast) -> Iterator[tuple[str, float | None]]:
    for name, attribute in TIMES.items():
        yield from _spread(f"{name}_h", getattr(forecast, attribute), HOUR_S)
    yield from _spread("peak_mg_l", forecast.peak, KG_M3_PER_MG_L)
    yield from _spread("dose_mg_h_l", forecast.dose, KG_M3_PER_MG_L * HOUR_S)


def _spread(name: str, quantiles: Quantiles, unit: float) -> Iterator[tuple[str, float | None]]:
    for share in SHARES:
        yield f"{name}_{share}", _round(getattr(quantiles, share), unit)


def _round(value: float | None, unit: float = 1.0) -> float | None:
    """In the unit, with six digits: more would look like knowledge."""
    return None if value is None else float(f"{value / unit:.{DIGITS}g}")


def build_collection(outcome: RiverOutcome, *, language: str, facts: Record) -> Record:
    """GeoJSON (EPSG:4326): targets as points, stretches as lines with their arrival; `facts` of the run as a member."""
    records = list_records(outcome, language=language)
    points = [_make_feature("Point", [record.pop("longitude"), record.pop("latitude")], record) for record in records]
    lines = [
        _make_feature("LineString", [list(vertex) for vertex in stretch.vertices], record)
        for stretch, record in zip(outcome.stretches, list_stretches(outcome), strict=True)
        if len(stretch.vertices) > 1
    ]
    return {"type": "FeatureCollection", "run": facts, "features": [*points, *lines]}


def list_stretches(outcome: RiverOutcome) -> list[Record]:
    """One record a stretch of the map: its ends and the arrival at the lower one."""
    return [
        {"from_km": _round(one.from_m, 1e3), "to_km": _round(one.to_m, 1e3)}
        | dict(_spread("arrival10_h", one.arrival10_s, HOUR_S))
        for one in outcome.stretches
    ]


def _make_feature(kind: str, coordinates: Any, properties: Record) -> Record:
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": properties}
