"""Is this value possible? Every refusal says what, where, what is allowed."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from django.db.models import TextChoices

from boget.portal.core.errors import refuse
from boget.portal.core.geometry import check_geometry
from boget.portal.core.partial_dates import is_partial_date
from boget.portal.core.text import is_storable
from boget.portal.registry.choices import EvidenceKind
from boget.portal.registry.fields import Field
from boget.portal.registry.models import Dam, Facility, Impoundment
from boget.portal.registry.values import Claim

MAX_TEXT = 500
MAX_LONG_TEXT = 20_000
EVIDENCE = tuple(EvidenceKind.values)
INTERVALS = ("error", "p90", "unknown_inputs", "declared_range", "none")


def check_claim(field: Field, claim: Claim) -> Claim:
    """The claim with its value in the form that is stored, or InvalidInput."""
    value = CHECKS[field.kind](field, claim.value)
    if claim.kind not in EVIDENCE:
        raise refuse("not_in_list", where=field.label, value=claim.kind, allowed=", ".join(EVIDENCE))
    if claim.date and not is_partial_date(claim.date):
        raise refuse("not_a_date", where=field.label, value=claim.date)
    low, high, interval = _check_interval(field, claim, value)
    source = check_text(field.label, claim.source, limit=2000) if claim.source else ""
    checked: dict[str, Any] = {"value": value, "source": source, "low": low, "high": high, "interval": interval}
    changed = {name: part for name, part in checked.items() if part is not getattr(claim, name)}
    return replace(claim, **changed) if changed else claim


def _check_interval(field: Field, claim: Claim, value: Any) -> tuple[float | None, float | None, str]:
    """Lower end, upper end and kind of the interval; text and choices have none."""
    if claim.interval not in INTERVALS:
        raise refuse("not_in_list", where=field.label, value=claim.interval, allowed=", ".join(INTERVALS))
    if not field.is_numeric or (claim.low is None and claim.high is None):
        return None, None, "none"
    if claim.low is None or claim.high is None:
        raise refuse("interval_order", where=field.label, value=f"{claim.low}–{claim.high}")
    low, high = _check_number(field, claim.low), _check_number(field, claim.high)
    if not low <= value <= high:
        raise refuse("interval_order", where=field.label, value=f"{low:g}–{high:g}")
    return low, high, "declared_range" if claim.interval == "none" else claim.interval


def check_text(where: Any, value: Any, *, limit: int = MAX_TEXT) -> str:
    """Text in NFC that can be stored anywhere, at most limit characters."""
    given = str(value)
    text = unicodedata.normalize("NFC", given).strip() if len(given) <= 50 * limit else given
    if len(text) > limit:
        raise refuse("too_long", where=where, value=len(text), allowed=f"≤ {limit}")
    if not is_storable(text):
        raise refuse("control_character", where=where)
    return text


@cache
def _read_lengths() -> dict[tuple[str, str], int]:
    """What the mirrored columns hold: a longer text would be refused by PostgreSQL with an error."""
    columns = ((m.record_type, column) for m in (Facility, Impoundment, Dam) for column in m._meta.concrete_fields)
    return {(of, column.name): column.max_length for of, column in columns if column.max_length}


def _check_short_text(field: Field, value: Any) -> str:
    text = check_text(field.label, value, limit=min(MAX_TEXT, _read_lengths().get((field.of, field.code), MAX_TEXT)))
    if not text:
        raise refuse("required", where=field.label)
    return text


def _check_long_text(field: Field, value: Any) -> str:
    return check_text(field.label, value, limit=MAX_LONG_TEXT)


def _check_number(field: Field, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise refuse("not_a_number", where=field.label, value=str(value)[:80])
    low, high = field.minimum, field.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        unit = "" if field.unit == "1" else field.unit
        raise refuse("range", where=field.label, value=value, allowed=f"{low:g}–{high:g} {unit}".strip())
    return float(value)


def _check_integer(field: Field, value: Any) -> int:
    number = _check_number(field, value)
    if number != int(number):
        raise refuse("not_a_whole_number", where=field.label, value=value)
    return int(number)


def _check_date(field: Field, value: Any) -> str:
    if not is_partial_date(str(value)):
        raise refuse("not_a_date", where=field.label, value=str(value)[:40])
    return str(value)


@cache
def _list_choices(choices: type[TextChoices]) -> tuple[Any, ...]:
    """The codes of a list; its own property builds them anew each time."""
    return tuple(choices.values)


def _check_choice(field: Field, value: Any) -> str:
    assert field.choices is not None
    if value not in _list_choices(field.choices):
        raise refuse("not_in_list", where=field.label, value=str(value)[:80], allowed=", ".join(field.choices.values))
    return str(value)


def _check_point(field: Field, value: Any) -> dict[str, float | None]:
    """Degrees; a latitude beyond ±90 is refused with the hint that the two may be swapped."""
    try:
        longitude, latitude = float(value["longitude"]), float(value["latitude"])
        radius = float(value["radius_m"]) if value.get("radius_m") is not None else None
    except (KeyError, TypeError, ValueError, OverflowError):
        raise refuse("coordinates_incomplete") from None
    if not -90 <= latitude <= 90:
        raise refuse("latitude", value=f"{latitude:g}", allowed="−90…90")
    if not -180 <= longitude <= 180:
        raise refuse("longitude", value=f"{longitude:g}", allowed="−180…180")
    if radius is not None and not 0 <= radius <= 100_000:
        raise refuse("range", where=field.label, value=radius, allowed="0–100 000 m")
    return {"longitude": round(longitude, 6), "latitude": round(latitude, 6), "radius_m": radius}


def _check_shape(field: Field, value: Any) -> dict[str, Any]:
    return check_geometry(value, kind=field.kind, where=field.label)


CHECKS = {
    "text": _check_short_text,
    "long_text": _check_long_text,
    "number": _check_number,
    "integer": _check_integer,
    "year": _check_integer,
    "date": _check_date,
    "choice": _check_choice,
    "point": _check_point,
    "polygon": _check_shape,
    "line": _check_shape,
}


def check_together(values: Mapping[str, Any]) -> None:
    """Rules over several fields of one record: a class needs the name of its system."""
    rating = values.get("consequence_class")
    if rating and values.get("classification_system") in (None, "", "unknown"):
        raise refuse("system_missing", value=rating)


def needs_acceptance(field: Field, value: Any) -> bool:
    """Whether the value is possible but so large that the writer is asked once more."""
    return field.warn_above is not None and isinstance(value, int | float) and value > field.warn_above
