"""What a published index is computed from may be known to the working group; what is searched is public."""

from __future__ import annotations

import pytest

from boget.portal.core.levels import Level
from boget.portal.registry.fields import DICTIONARY, Field
from boget.portal.registry.fields.base import GROUPS, KINDS, ORIGINS
from boget.science.units import UNITS

FIELDS = sorted(DICTIONARY.values(), key=lambda field: (field.of, field.code))


@pytest.mark.parametrize("field", [f for f in FIELDS if {"thi", "tri"} & set(f.used_by)], ids=lambda f: f"{f.of}.{f.code}")
def test_inputs_of_an_index_are_open_to_the_group(field: Field) -> None:
    assert field.level <= Level.GROUP


@pytest.mark.parametrize("field", FIELDS, ids=lambda f: f"{f.of}.{f.code}")
def test_fields_are_whole(field: Field) -> None:
    assert field.group in GROUPS
    assert field.kind in KINDS
    assert set(field.origin) <= set(ORIGINS)
    assert (field.choices is not None) == (field.kind == "choice")
    assert field.unit in {"", *UNITS}
    if field.kind == "number":
        assert field.unit
        assert field.minimum is not None and field.maximum is not None
    if field.choices is not None:
        assert any(value in {"unknown", "low", "medium", "high", "single"} for value in field.choices.values)


def test_columns_that_anybody_may_sort_by_hold_public_values() -> None:
    from boget.portal.registry.services.summary import SEARCHED

    facility = {f.code: f for f in FIELDS if f.of == "facility"}
    assert all(facility[code].level == Level.PUBLIC for code in SEARCHED)
    assert all(f.level == Level.PUBLIC for f in facility.values() if f.column)
