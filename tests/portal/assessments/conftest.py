"""Facilities of the reference cases and changes of single values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

WATER_CLASSES = ("nwg", "whc1", "whc2", "whc3")


@pytest.fixture
def make_case(make_facility: Callable[..., Any]) -> Callable[..., Any]:
    """A facility whose six inputs are given as in the reference table: volume m3, class 0-3, four switches 0 or 1."""

    def make(volume: float, water: int, *switches: int, **values: Any) -> Any:
        management, seism, flood, dam = switches
        return make_facility(
            management="unmanaged" if management else "managed",
            pga_g=0.25 if seism else 0.05,
            flood_prone="yes" if flood else "no",
            impoundments=[{"volume_m3": volume, "water_hazard_class": WATER_CLASSES[water]}],
            dams=[{"fos_static": 1.2 if dam else 1.7}],
            **values,
        )

    return make


@pytest.fixture
def change() -> Callable[..., Any]:
    """Changes values of a record: ``change(record, pga_g=0.2)``; None makes a field unknown. Returns the revision."""
    from boget.portal.core.services import SYSTEM
    from boget.portal.registry.services import Source, change_values
    from boget.portal.registry.values import Claim

    def apply(record: Any, **values: Any) -> Any:
        record.refresh_from_db()
        claims = {code: None if value is None else Claim(value) for code, value in values.items()}
        source = Source("Survey 2026", "test")
        return change_values(record, claims, source=source, actor=SYSTEM, version=record.version)

    return apply


@pytest.fixture
def read_result() -> Callable[..., Any]:
    """The current result of a facility."""
    from boget.portal.assessments.models import IndexResult

    def read(facility: Any, index: str = "thi", level: int = 2) -> Any:
        return IndexResult.objects.get(facility=facility, index=index, level=level, is_current=True)

    return read
