"""The register against its log: every value, replayed from the entries, compared with what stands in the tables.

The chain shows that nobody changed the log. This shows that nobody changed the register past the log.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from boget.portal.core.models import Revision
from boget.portal.core.services import Drift
from boget.portal.registry.models import Dam, Facility, Impoundment, Record
from boget.portal.registry.services.summary import COLUMNS, fill_columns

TYPES = (Facility.record_type, Impoundment.record_type, Dam.record_type)
FACTS = ("disclosure", "merged_into", "operator_organisation")  # of a facility
PLACE = ("longitude", "latitude", "coordinate_radius_m", "footprint", "dam_axis")
CHUNK = 500


@dataclass(slots=True)
class _Told:
    """What the log says about one record: its facility and the last value of everything it names."""

    root_id: str
    values: dict[str, Any] = field(default_factory=dict)


def find_register_drift() -> Iterator[Drift]:
    """Records, values and mirrored columns that are not what the log says. Reads the whole log and the whole register."""
    told = _replay()
    for record in _read_register():
        yield from _compare(record, told.pop((record.record_type, record.public_id), None))
    yield from (Drift(record_id, "", "missing") for _record_type, record_id in sorted(told))


def _read_register() -> Iterator[Record]:
    yield from Facility.objects.order_by("pk").select_related("operator_organisation").iterator(chunk_size=CHUNK)
    yield from Impoundment.objects.order_by("pk").select_related("facility").iterator(chunk_size=CHUNK)
    yield from Dam.objects.order_by("pk").select_related("facility").iterator(chunk_size=CHUNK)


def _replay() -> dict[tuple[str, str], _Told]:
    told: dict[tuple[str, str], _Told] = {}
    for revision in Revision.objects.filter(record_type__in=TYPES).order_by("seq").iterator(chunk_size=CHUNK):
        key = (revision.record_type, revision.record_id)
        state = told.setdefault(key, _Told(revision.root_id))
        state.values.update({code: new for code, (_old, new) in revision.changes.items()})
    return told


def _compare(record: Record, told: _Told | None) -> Iterator[Drift]:
    if told is None:
        yield Drift(record.public_id, "", "unlogged")
        return
    owner = record if isinstance(record, Facility) else record.facility  # type: ignore[attr-defined]
    if owner.public_id != told.root_id:
        yield Drift(record.public_id, "facility", "value")
    facts = {name: told.values.pop(name, None) or "" for name in FACTS}
    if isinstance(record, Facility):
        yield from (Drift(record.public_id, name, "value") for name in FACTS if _read_fact(record, name) != facts[name])
    for code in sorted({*record.values, *told.values}):
        if record.values.get(code) != told.values.get(code):
            yield Drift(record.public_id, code, "value")
    yield from _compare_columns(record)


def _read_fact(facility: Facility, name: str) -> str:
    if name == "operator_organisation":
        return facility.operator_organisation.code if facility.operator_organisation else ""
    return str(getattr(facility, name))


def _compare_columns(record: Record) -> Iterator[Drift]:
    """What lists filter and show, against the values of the same record."""
    filled = copy.copy(record)
    fill_columns(filled)
    places = PLACE if isinstance(record, Facility) else ()
    for name in (*(spec.code for spec in COLUMNS[record.record_type]), *places):
        if getattr(filled, name) != getattr(record, name):
            yield Drift(record.public_id, name, "column")
