"""The embedded inventory: facilities.csv and SOURCES.toml become records whose every value names its source.

Nothing is invented on the way. Empty cells stay unknown; what is a judgement of the compilers or of a rule is marked as
estimated and says so in its source.
"""

from __future__ import annotations

import hashlib
import io
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from django.db import transaction

from boget.portal.accounts.selectors import match_operator
from boget.portal.core.services import SYSTEM, Actor, describe_installation
from boget.portal.registry.models import Facility
from boget.portal.registry.services.registration import NewFacility, register_facilities
from boget.portal.registry.values import Claim
from boget.science.errors import InvalidInput
from boget.science.io.inventory import InventoryRow, read_inventory
from boget.science.units import convert

TABLE, SOURCES = "data/kz/facilities.csv", "data/SOURCES.toml"
LOADED = "kz/facilities"
SOURCE = "boget: data/kz/facilities.csv, unofficial compilation"
REASON = "first load of the embedded inventory"
UNKNOWN = "unknown"

OWN_KNOWLEDGE = "own_knowledge"
NAME_RULE = "rendering of the Russian name by the compilers, not an official name"
PLACE_RULE = "region and basin by the place of the facility, by the compilers"
MANAGEMENT = {"active": "managed", "abandoned": "unmanaged"}
MANAGEMENT_RULE = "rule: an active facility has someone in charge, an abandoned one nobody; its status is {status}"

LAYOUTS = {"sidehill": "side_hill"}  # the table's word -> ours
POINT_CONFIDENCE = {"surveyed": "high", "site": "medium", "mine": "low", "town": "low"}
TEXTS = {  # column of the table -> field of the facility
    "name_ru": "name_ru",
    "name_en": "name_en",
    "record_kind": "record_kind",
    "operator": "operator",
    "commodity": "commodity",
    "facility_type": "facility_type",
    "status": "status",
    "layout": "layout",
    "start_year": "start_year",
    "watercourse": "watercourse",
    "basin_note": "basin_note",
}


@dataclass(frozen=True, slots=True)
class Citations:
    """What SOURCES.toml says: citation and kind by source, the words used for one facility by facility and source."""

    citations: Mapping[str, str]
    kinds: Mapping[str, str]
    words: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def cite(self, facility_id: str, source_id: str) -> str:
        return self.words.get((facility_id, source_id)) or self.citations.get(source_id, source_id)


@transaction.atomic
def load_inventory(*, actor: Actor = SYSTEM) -> int:
    """Register the embedded facilities that are not registered yet; returns how many were added.

    A second load of the same files changes nothing, and what an installation has changed is never overwritten.
    InvalidInput for a faulty row of the table.
    """
    table, sources = _read(TABLE), _read(SOURCES)
    checksum = hashlib.sha256(table + sources).hexdigest()
    installation = describe_installation()
    if installation.loaded.get(LOADED) == checksum:
        return 0
    added = _register_missing(_parse_rows(table), read_citations(sources), actor=actor)
    installation.loaded = {**installation.loaded, LOADED: checksum}
    installation.save(update_fields=["loaded"])
    return added


def _read(path: str) -> bytes:
    return resources.files("boget").joinpath(path).read_bytes()


def _parse_rows(table: bytes) -> list[InventoryRow]:
    rows, errors = read_inventory(io.StringIO(table.decode("utf-8-sig")))
    if errors:
        fault = errors[0]
        raise InvalidInput("faulty_row", where=f"{TABLE}, row {fault.row}, {fault.column}", value=fault.value)
    return rows


def _register_missing(rows: list[InventoryRow], citations: Citations, *, actor: Actor) -> int:
    known = set(Facility.objects.filter(public_id__in=[row.id for row in rows]).values_list("public_id", flat=True))
    new = [build_facility(row, citations) for row in rows if row.id not in known]
    return len(register_facilities(new, actor=actor, source=SOURCE, reason=REASON)) if new else 0


def read_citations(text: bytes) -> Citations:
    """Citations of SOURCES.toml."""
    table: dict[str, Any] = tomllib.loads(text.decode("utf-8")).get("source", {})
    words: dict[tuple[str, str], list[str]] = {}
    for source_id, source in table.items():
        for facility_id, phrase in source.get("cited", ()):
            words.setdefault((facility_id, source_id), []).append(phrase)
    return Citations(
        {source_id: source["citation"] for source_id, source in table.items()},
        {source_id: source["kind"] for source_id, source in table.items()},
        {key: "; ".join(dict.fromkeys(phrases)) for key, phrases in words.items()},
    )


def build_facility(row: InventoryRow, citations: Citations) -> NewFacility:
    """The registration of one row: the facility, one impoundment, and a dam where its height is known."""
    organisation = match_operator(row.operator) if row.operator else None
    dam = _build_dam(row, citations)
    return NewFacility(
        country=row.country,
        claims=dict(_list_facility_claims(row, citations)),
        impoundments=[dict(_list_impoundment_claims(row, citations))],
        dams=[dam] if dam else [],
        public_id=row.id,
        operator_organisation_id=organisation.pk if organisation else None,
    )


def _list_facility_claims(row: InventoryRow, citations: Citations) -> Iterator[tuple[str, Claim]]:
    for column, code in TEXTS.items():
        value = getattr(row, column)
        if value not in (None, "", UNKNOWN):
            yield code, _cite(row, column, LAYOUTS.get(value, value), citations)
    yield "confidence", _cite(row, "confidence", row.confidence, citations)
    yield "region", Claim(row.region, source=PLACE_RULE, kind="estimated", confidence=row.confidence)
    if row.basin != UNKNOWN:
        yield "basin", Claim(row.basin, source=PLACE_RULE, kind="estimated", confidence=row.confidence)
    yield from _list_names(row, citations)
    yield from _list_place(row, citations)
    yield from _list_judgements(row, citations)


def _list_names(row: InventoryRow, citations: Citations) -> Iterator[tuple[str, Claim]]:
    if row.name_kk and row.name_kk_status == "official":
        yield "name_kk", _cite(row, "name_kk", row.name_kk, citations)
    elif row.name_kk:
        yield "name_kk", Claim(row.name_kk, source=NAME_RULE, kind="estimated", confidence="low")
    if row.former_names:
        yield "former_names", _cite(row, "former_names", "; ".join(row.former_names), citations)


def _list_place(row: InventoryRow, citations: Citations) -> Iterator[tuple[str, Claim]]:
    """The point, estimated unless it was surveyed: most points are those of a town or a mine."""
    if row.lon is None or row.lat is None:
        return
    source_id = row.coord_source_id or row.find_source("lon")
    claim = Claim(
        {"longitude": row.lon, "latitude": row.lat, "radius_m": row.coord_radius_m},
        source="; ".join(filter(None, [citations.cite(row.id, source_id), row.coord_note])),
        source_id=source_id,
        kind="measured" if row.coord_precision == "surveyed" else "estimated",
        confidence=POINT_CONFIDENCE.get(row.coord_precision, "low"),
    )
    yield "point", claim
    yield "coordinate_precision", Claim(row.coord_precision, source=claim.source, source_id=source_id)


def _list_judgements(row: InventoryRow, citations: Citations) -> Iterator[tuple[str, Claim]]:
    """What follows from other values by a rule, and the compilers' note."""
    if row.status in MANAGEMENT:
        rule = MANAGEMENT_RULE.format(status=row.status)
        yield "management", Claim(MANAGEMENT[row.status], source=rule, kind="estimated", confidence="low")
    included = f"Includes {', '.join(row.includes_ids)}." if row.includes_ids else ""
    note = " ".join(filter(None, [row.note, included]))
    if note:
        yield "history_note", _cite(row, "note", note, citations)


def _list_impoundment_claims(row: InventoryRow, citations: Citations) -> Iterator[tuple[str, Claim]]:
    for column in ("volume_m3", "design_capacity_m3", "toxic_components"):
        value = getattr(row, column)
        if value not in (None, ""):
            yield column, _cite(row, column, value, citations)
    if row.area_ha is not None:
        yield "area_m2", _cite(row, "area_ha", round(convert(row.area_ha, "ha", "m2"), 3), citations)
    if row.is_radioactive != UNKNOWN:
        yield "is_radioactive", _cite(row, "is_radioactive", row.is_radioactive, citations)


def _build_dam(row: InventoryRow, citations: Citations) -> dict[str, Claim]:
    return {} if row.height_m is None else {"height_m": _cite(row, "height_m", row.height_m, citations)}


def _cite(row: InventoryRow, column: str, value: Any, citations: Citations) -> Claim:
    """A value with the words of its source. What only the compilers know counts as low confidence."""
    source_id = row.find_source(column)
    is_own = citations.kinds.get(source_id) == OWN_KNOWLEDGE
    return Claim(
        value,
        source=citations.cite(row.id, source_id),
        source_id=source_id,
        confidence="low" if is_own else row.confidence,
    )
