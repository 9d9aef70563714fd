"""Facilities as plain objects for programs: values with their sources, at the reader's level."""

from __future__ import annotations

from typing import Any

from boget.portal.core.levels import Level
from boget.portal.registry.models import Record
from boget.portal.registry.selectors.filters import Reader
from boget.portal.registry.selectors.reading import list_values, read_point
from boget.portal.registry.selectors.scores import round_index
from boget.portal.registry.values import Claim, Value

SUMMARY = (
    "country", "name_ru", "name_kk", "name_en", "record_kind", "status", "facility_type", "operator", "region", "basin",
    "volume_m3", "height_m",
)  # fmt: skip


def describe_claim(claim: Claim | None) -> dict[str, Any] | None:
    """A claim without the parts it does not give, and without who entered it."""
    if claim is None:
        return None
    parts = {
        "low": claim.low, "high": claim.high, "interval": "" if claim.interval == "none" else claim.interval,
        "about": claim.about or None, "kind": claim.kind, "source": claim.source, "date": claim.date,
        "confidence": claim.confidence,
    }  # fmt: skip
    return {"value": claim.value, **{name: part for name, part in parts.items() if part not in ("", None)}}


def describe_values(record: Record, *, level: int) -> dict[str, Any]:
    """Known fields of a record by code. A point stands in its own three numbers."""
    described = {}
    for spec, value in list_values(record, level=level):
        if value.claims and spec.kind != "point":
            described[spec.code] = {
                "unit": spec.unit,
                "shown": describe_claim(value.shown),
                "others": [describe_claim(claim) for claim in value.others],
                "why": value.why,
                "is_disputed": value.is_disputed(spec),
            }
    return described


def describe_place(facility: Any) -> dict[str, float | None]:
    point = read_point(facility, level=facility.level) or (None, None, None)
    return dict(zip(("longitude", "latitude", "radius_m"), point, strict=True))


def describe_summary(facility: Any, reader: Reader) -> dict[str, Any]:
    """A row of the list."""
    return {
        "id": facility.public_id,
        "level": Level(facility.level).code,
        **{name: getattr(facility, name) for name in SUMMARY},
        **describe_place(facility),
        "thi": {
            "value": round_index(facility.thi_value), "low": round_index(facility.thi_low),
            "high": round_index(facility.thi_high), "class": reader.quintiles.classify(facility.thi_value),
            "known": facility.thi_known, "of": facility.thi_of, "cautions": (facility.thi_cautions or "").split(),
        },
        "is_radioactive": facility.is_radioactive,
        "known_fields": facility.known_count,
        "updated_at": facility.updated_at.isoformat(),
    }  # fmt: skip


def describe_facility(facility: Any) -> dict[str, Any]:
    """A facility with its structures. facility: with ``level``."""
    structures = [*facility.impoundments.all(), *facility.dams.all()]
    return {
        "id": facility.public_id,
        "country": facility.country,
        "level": Level(facility.level).code,
        "disclosure": facility.disclosure,
        **describe_place(facility),
        "values": describe_values(facility, level=facility.level),
        "structures": [
            {"id": s.public_id, "type": s.record_type, "values": describe_values(s, level=facility.level)} for s in structures
        ],
        "updated_at": facility.updated_at.isoformat(),
    }


def describe_changes(changes: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """Changes of a revision, as reading.filter_changes leaves them."""
    return [
        {"field": code, "old": _describe_side(old), "new": _describe_side(new)} for code, (old, new) in changes.items()
    ]


def _describe_side(side: Any) -> dict[str, Any] | None:
    if isinstance(side, Value):
        return describe_claim(side.shown)
    return None if side is None else {"value": side}
