"""Mirrored columns: what lists filter and sort by, derived from the shown values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from boget.portal.core.levels import Level
from boget.portal.core.text import build_collation_key, fold_all
from boget.portal.registry.choices import Radioactive
from boget.portal.registry.fields import Field, list_fields
from boget.portal.registry.models import Dam, Facility, Impoundment, Record
from boget.portal.registry.services.completeness import list_unknown
from boget.portal.registry.values import Claim, Value, find_coarsest_step, is_known

FIELDS = {of: {f.code: f for f in list_fields(of)} for of in ("facility", "impoundment", "dam")}
COLUMNS = {of: [f for f in fields.values() if f.column] for of, fields in FIELDS.items()}
DEFAULTS = {
    model.record_type: {f.code: getattr(model(), f.code) for f in COLUMNS[model.record_type]}
    for model in (Facility, Impoundment, Dam)
}
SORT_LENGTH = 240  # 60 letters: enough to sort by, short enough for an index
SEARCHED = ("name_ru", "name_kk", "name_en", "former_names", "mine", "operator", "other_ids", "watercourse")
assert all(FIELDS["facility"][code].level == Level.PUBLIC for code in SEARCHED), "search must not reach hidden fields"
assert FIELDS["impoundment"]["is_radioactive"].level == Level.PUBLIC, "the mark of a row must not tell a hidden value"


def fill_columns(record: Record) -> None:
    """Copy the shown values of the record into its typed columns."""
    for field in COLUMNS[record.record_type]:
        setattr(record, field.code, _column_value(record, field))
    if isinstance(record, Facility):
        _fill_place(record)
        _fill_search(record)


def _column_value(record: Record, field: Field) -> Any:
    value = record.value_of(field.code)
    return DEFAULTS[record.record_type][field.code] if value is None else value


def _fill_place(facility: Facility) -> None:
    point = facility.value_of("point") or {}
    facility.longitude, facility.latitude = point.get("longitude"), point.get("latitude")
    facility.coordinate_radius_m = point.get("radius_m")
    facility.footprint, facility.dam_axis = facility.value_of("footprint"), facility.value_of("dam_axis")
    # no box of the footprint: a search by area must tell nobody where a hidden shape lies
    facility.west = facility.east = facility.longitude
    facility.south = facility.north = facility.latitude


def _fill_search(facility: Facility) -> None:
    words = [facility.public_id, *(facility.value_of(code) or "" for code in SEARCHED)]
    keys = [part for word in words for part in str(word).split(";") if part.strip()]
    folded = zip(*(fold_all(key) for key in keys), strict=True)
    facility.search_exact, facility.search_keyboard, facility.search_latin = ("|".join(parts) for parts in folded)
    for language in ("ru", "kk", "en"):
        name = facility.value_of(f"name_{language}") or first_name(facility)
        setattr(facility, f"sort_{language}", build_collation_key(name, language)[:SORT_LENGTH])


def first_name(facility: Facility) -> str:
    """The name in the first language that has one, else the id."""
    names = (facility.value_of(f"name_{language}") for language in ("ru", "kk", "en"))
    return next((str(name) for name in names if name), facility.public_id)


def refresh_totals(facility: Facility) -> None:
    """Read the structures of a saved facility, sum up and save."""
    sum_up(facility, list(Impoundment.objects.filter(facility=facility)), list(Dam.objects.filter(facility=facility)))
    facility.save()


def sum_up(facility: Facility, impoundments: Sequence[Impoundment], dams: Sequence[Dam]) -> None:
    """Totals over the structures and the counts of the card. Only public fields enter: the columns are open to all."""
    volumes = [i.volume_m3 for i in impoundments if i.volume_m3 is not None]
    claims = [Claim.from_stored(stored) for i in impoundments if (stored := i.shown("volume_m3"))]
    heights = [d.height_m for d in dams if d.height_m is not None]
    facility.volume_m3 = sum(volumes) if volumes and len(volumes) == len(impoundments) else None
    facility.volume_step_m3 = find_coarsest_step(claims) if facility.volume_m3 is not None else None
    facility.height_m = max(heights) if heights else None
    facility.is_radioactive = any(i.is_radioactive == Radioactive.YES for i in impoundments)
    facility.structures_count = len(impoundments) + len(dams)
    facility.unknown_inputs = list_unknown(facility, impoundments, dams)
    records: list[Record] = [facility, *impoundments, *dams]
    facility.known_count = sum(
        is_known(stored) for r in records for code, stored in r.values.items() if _is_public(r, code)
    )
    facility.is_disputed = any(
        Value.read(stored).is_disputed(FIELDS[r.record_type][code])
        for r in records
        for code, stored in r.values.items()
        if stored.get("others") and _is_public(r, code)
    )


def _is_public(record: Record, code: str) -> bool:
    return FIELDS[record.record_type][code].level == Level.PUBLIC
