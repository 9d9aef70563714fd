"""The embedded inventory: facilities.csv and SOURCES.toml become records whose every value names its source.

Nothing is invented on the way. Empty cells stay unknown; what is a judgement of the compilers or of a rule is marked as
estimated and says so in its source.
"""

from __future__ import annotations

import hashlib
import io
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import resources
from typing import Any

from django.db import transaction

from boget.portal.accounts.selectors import match_operator
from boget.portal.core.services import SYSTEM, Actor, describe_installation
from boget.portal.registry.models import Facility
from boget.portal.registry.own_words import ACTIVE_RULE, BODY_RULE, NAME_RULE, NOBODY_RULE, PLACE_RULE, REASON
from boget.portal.registry.services.registration import NewFacility, register_facilities
from boget.portal.registry.values import Claim
from boget.science.errors import InvalidInput
from boget.science.io.inventory import InventoryRow, read_inventory
from boget.science.units import convert

TABLE, SOURCES = "data/kz/facilities.csv", "data/SOURCES.toml"
LOADED = "kz/facilities"
SOURCE = "boget: data/kz/facilities.csv, unofficial compilation"
UNKNOWN = "unknown"

JUDGEMENT = "compilers-judgement"  # the source in SOURCES.toml of what the compilers made by hand or by a rule
OWN_KINDS = frozenset({"own_knowledge", "judgement"})
JUDGED = frozenset({"confidence", "record_kind", "facility_type", "former_names", "note", "is_radioactive", "coord_precision"})
POINT = "point"  # use of words that were cited for the coordinates alone
NOBODY = re.compile(r"((legacy|ownerless)\b[^/;]*)?")  # an operator so worded names no body that could be in charge

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
    """What SOURCES.toml says: citation and kind by source, the words used for one facility by facility, source and use."""

    citations: Mapping[str, str]
    kinds: Mapping[str, str]
    words: Mapping[tuple[str, str, str], str] = field(default_factory=dict)

    def cite(self, facility_id: str, source_id: str, *, use: str = "") -> str:
        """The words cited for this use, else those for values, else the citation itself."""
        words = self.words.get((facility_id, source_id, use)) or self.words.get((facility_id, source_id, ""))
        return words or self.citations.get(source_id, source_id)

    def is_own(self, source_ids: Iterable[str]) -> bool:
        """Whether nobody but the compilers stands behind the sources."""
        return all(self.kinds.get(source_id) in OWN_KINDS for source_id in source_ids)


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
    words: dict[tuple[str, str, str], list[str]] = {}
    for source_id, source in table.items():
        for facility_id, phrase, *use in source.get("cited", ()):
            words.setdefault((facility_id, source_id, "".join(use)), []).append(phrase)
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
    source_id = row.coord_source_id or row.fact_source_ids[0]
    claim = Claim(
        {"longitude": row.lon, "latitude": row.lat, "radius_m": row.coord_radius_m},
        source="; ".join(filter(None, [citations.cite(row.id, source_id, use=POINT), row.coord_note])),
        source_id=source_id,
        kind="measured" if row.coord_precision == "surveyed" else "estimated",
        confidence=POINT_CONFIDENCE.get(row.coord_precision, "low"),
    )
    yield "point", claim
    yield "coordinate_precision", _cite(row, "coord_precision", row.coord_precision, citations)


def _list_judgements(row: InventoryRow, citations: Citations) -> Iterator[tuple[str, Claim]]:
    """What follows from other values by a rule, and the compilers' note."""
    if row.status in {"active", "abandoned"}:
        value, rule = judge_management(row)
        yield "management", Claim(value, source=rule, kind="estimated", confidence="low")
    included = f"Includes {', '.join(row.includes_ids)}." if row.includes_ids else ""
    note = " ".join(filter(None, [row.note, included]))
    if note:
        yield "history_note", _cite(row, "note", note, citations)


def judge_management(row: InventoryRow) -> tuple[str, str]:
    """Whether anybody is in charge of an active or abandoned facility, and the rule that says so."""
    if row.status == "active":
        return "managed", ACTIVE_RULE
    if NOBODY.fullmatch(row.operator):
        return "unmanaged", NOBODY_RULE
    # said outright, because an index would else take the bare status for an answer
    return UNKNOWN, BODY_RULE.format(operator=row.operator)


def _list_impoundment_claims(row: InventoryRow, citations: Citations) -> Iterator[tuple[str, Claim]]:
    for column in ("volume_m3", "design_capacity_m3", "mass_t", "toxic_components"):
        value = getattr(row, column)
        if value not in (None, ""):
            yield column, _cite(row, column, value, citations)
    if row.area_ha is not None:
        yield "area_m2", _convert_area(_cite(row, "area_ha", row.area_ha, citations))
    if row.is_radioactive != UNKNOWN:
        yield "is_radioactive", _cite(row, "is_radioactive", row.is_radioactive, citations)


def _build_dam(row: InventoryRow, citations: Citations) -> dict[str, Claim]:
    return {} if row.height_m is None else {"height_m": _cite(row, "height_m", row.height_m, citations)}


def _convert_area(claim: Claim) -> Claim:
    """From ha to m2."""
    ends = (claim.value, claim.low, claim.high)
    value, low, high = (None if end is None else round(convert(end, "ha", "m2"), 3) for end in ends)
    return replace(claim, value=value, low=low, high=high)


def _cite(row: InventoryRow, column: str, value: Any, citations: Citations) -> Claim:
    """A value as exact as its sources give it, with their words. What only the compilers say is estimated."""
    source_ids = (JUDGEMENT,) if column in JUDGED else row.find_sources(column)
    is_own, ends = citations.is_own(source_ids), row.find_range(column)
    low, high = ends or (None, None)
    return Claim(
        value,
        source="; ".join(citations.cite(row.id, source_id) for source_id in source_ids),
        low=low,
        high=high,
        interval="declared_range" if ends else "none",
        kind="estimated" if is_own else "declared",
        about=column in row.about_fields,
        source_id=";".join(source_ids),
        confidence="low" if is_own and JUDGEMENT not in source_ids else row.confidence,
    )
