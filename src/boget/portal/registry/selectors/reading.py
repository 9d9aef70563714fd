"""What a reader of a level sees of a record: hidden fields are absent, not marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from boget.portal.core.levels import Level
from boget.portal.core.models import Revision
from boget.portal.registry.fields import DICTIONARY, Field, list_fields
from boget.portal.registry.models import Record
from boget.portal.registry.values import Claim, Value

PUBLIC_POINT_DIGITS = 2  # about 1 km: what the public sees of a point that is known more exactly
PUBLIC_RADIUS_M = 1000.0


def read_value(record: Record, field: Field, *, level: int) -> Value:
    """The value of a field as a reader of the level may see it. KeyError-like misuse (field above level) is an error."""
    if field.level > level:
        raise ValueError(f"{field.code} is above level {level}")
    value = Value.read(record.values.get(field.code))
    if level >= Level.AUTHORITY:
        return value
    claims = [_blur(field, claim) for claim in value.claims if not claim.is_proposal]
    shown = claims[0] if value.shown and claims else None
    return Value(shown, tuple(claims[1:] if shown else claims), value.why if level >= Level.GROUP else "")


def _blur(field: Field, claim: Claim) -> Claim:
    """Without the person's name; an exact point rounded."""
    claim = replace(claim, by="")
    if field.kind == "point" and (claim.value.get("radius_m") or 0) < PUBLIC_RADIUS_M:
        point = {name: round(claim.value[name], PUBLIC_POINT_DIGITS) for name in ("longitude", "latitude")}
        return replace(claim, value={**point, "radius_m": PUBLIC_RADIUS_M})
    return claim


def read_point(record: Any, *, level: int) -> tuple[float, float, float | None] | None:
    """Longitude, latitude and radius (degrees, m) of a facility as the level may see them, from its columns."""
    if record.longitude is None:
        return None
    if level >= Level.AUTHORITY or (record.coordinate_radius_m or 0) >= PUBLIC_RADIUS_M:
        return record.longitude, record.latitude, record.coordinate_radius_m
    return round(record.longitude, PUBLIC_POINT_DIGITS), round(record.latitude, PUBLIC_POINT_DIGITS), PUBLIC_RADIUS_M


def list_values(record: Record, *, level: int) -> list[tuple[Field, Value]]:
    """Every field of the record that the level may see, in the order of the dictionary, unknown ones included."""
    return [(f, read_value(record, f, level=level)) for f in list_fields(record.record_type, level=level)]


def filter_changes(revision: Revision, *, level: int) -> dict[str, list[Any]]:
    """The changes of a revision that the level may see. Fields that are not in the dictionary are for the authority.

    A field that looks the same before and after is left out: what changed there, a proposal, is not for this level.
    """
    kept = {}
    for code, pair in revision.changes.items():
        field = DICTIONARY.get((revision.record_type, code))
        if (field.level if field else Level.AUTHORITY) <= level:
            old, new = (_read_stored(field, stored, level=level) if field else stored for stored in pair)
            if old != new or level >= Level.AUTHORITY:
                kept[code] = [old, new]
    return kept


def _read_stored(field: Field, stored: Any, *, level: int) -> Any:
    value = Value.read(stored)
    if level >= Level.AUTHORITY:
        return value
    claims = [_blur(field, claim) for claim in value.claims if not claim.is_proposal]
    return Value(claims[0] if value.shown and claims else None, tuple(claims[1:] if value.shown else claims))


def list_revisions(revisions: Iterable[Revision], *, level: int) -> list[tuple[Revision, dict[str, list[Any]]]]:
    """Revisions with their visible changes; a revision that shows nothing to the level is absent."""
    pairs = [(revision, filter_changes(revision, level=level)) for revision in revisions]
    return [(revision, changes) for revision, changes in pairs if changes or level >= Level.AUTHORITY]
