"""Addresses of the field pages behind an input."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from boget.portal.assessments.selectors.sources import SOURCES
from boget.portal.registry.fields import DICTIONARY, Field


def main_field(code: str) -> Field:
    """The field of the register that answers an input first."""
    of, fields = SOURCES[code]
    return DICTIONARY[of, fields[0]]


def link_field(facility_id: str, record_id: str, field: str) -> str:
    """Address of the page of a value of the facility or of one of its structures."""
    url = reverse("registry:field", args=[facility_id, field])
    return url if record_id == facility_id else f"{url}?structure={record_id}"


def link_missing(facility_id: str, row: dict[str, Any], *, level: int) -> str:
    """Where a missing value is entered: the page of the field, the card where no structure holds it yet.

    Empty for a field above the disclosure level of the reader.
    """
    field = main_field(row["code"])
    if field.level > level:
        return ""
    if not row["ask"]:
        return reverse("registry:facility", args=[facility_id])
    return link_field(facility_id, row["ask"][0], field.code)

