"""Finding the record a page is about. Refused and absent are the same: 404."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from boget.portal.registry.choices import Disclosure
from boget.portal.registry.fields import DICTIONARY, GROUPS, Field, list_fields
from boget.portal.registry.models import Dam, Facility, Impoundment, Record
from boget.portal.registry.querysets import FacilityQuerySet

LONGEST_CHAIN = 10


def open_facility(facilities: FacilityQuerySet, public_id: str) -> Facility:
    """The facility of an id among those the reader may open."""
    facility: Facility | None = facilities.filter(public_id=public_id).first()
    if facility is None:
        raise Http404
    return facility


def find_successor_id(public_id: str) -> str:
    """The id of the record that a merged one leads to, over further merges; the id itself where it leads nowhere."""
    links = Facility.objects.filter(disclosure=Disclosure.RETIRED).exclude(merged_into="")
    found = public_id
    for _step in range(LONGEST_CHAIN):
        following = links.filter(public_id=found).values_list("merged_into", flat=True).first()
        if following is None:
            break
        found = following
    return found


def open_record(facility: Facility, structure_id: str) -> Record:
    """The facility itself, or its structure with this id."""
    if not structure_id:
        return facility
    if "\x00" in structure_id:  # PostgreSQL refuses it with an error
        raise Http404
    for model in (Impoundment, Dam):
        structure = model.objects.filter(facility=facility, public_id=structure_id).first()
        if structure is not None:
            structure.facility = facility
            return structure
    raise Http404


def open_group(facility: Facility, group: str, structure_id: str) -> tuple[Record, list[Field]]:
    """The record of a group and its fields; without an id the first structure that has the group."""
    fields = list_fields(group=group, level=facility.level) if group in GROUPS else []
    if not fields:
        raise Http404
    of = fields[0].of
    record = open_record(facility, structure_id) if structure_id or of == "facility" else _first_structure(facility, of)
    if record.record_type != of:
        raise Http404
    return record, fields


def _first_structure(facility: Facility, of: str) -> Record:
    model = {"impoundment": Impoundment, "dam": Dam}[of]
    structure: Any = model.objects.filter(facility=facility).first()
    if structure is None:
        raise Http404
    structure.facility = facility  # with the level of the reader
    return structure


def open_field(record: Record, code: str, *, level: int) -> Field:
    """The field of a record, if the level may see it."""
    field = DICTIONARY.get((record.record_type, code))
    if field is None or field.level > level:
        raise Http404
    return field
