"""The field dictionary: every field of the register, declared once."""

from __future__ import annotations

from collections.abc import Iterable

from boget.portal.core.levels import Level
from boget.portal.registry.fields import facility, structures
from boget.portal.registry.fields.base import GROUPS, ORIGINS, Field

__all__ = ["DICTIONARY", "GROUPS", "ORIGINS", "Field", "find_field", "list_codes", "list_fields"]

DICTIONARY: dict[tuple[str, str], Field] = {(f.of, f.code): f for f in facility.FIELDS + structures.FIELDS}


def find_field(of: str, code: str) -> Field:
    """KeyError for a field that the record does not have."""
    return DICTIONARY[(of, code)]


def list_fields(of: str | None = None, *, group: str | None = None, level: int = Level.AUTHORITY) -> list[Field]:
    """Fields in the order of the dictionary that a reader of the level may see."""
    return [
        f
        for f in DICTIONARY.values()
        if (of is None or f.of == of) and (group is None or f.group == group) and f.level <= level
    ]


def list_codes(fields: Iterable[Field]) -> frozenset[str]:
    return frozenset(f.code for f in fields)
