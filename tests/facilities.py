"""Facilities and scores as tests describe them."""

from __future__ import annotations

from typing import Any

from boget.portal.core.services import SYSTEM
from boget.portal.registry.models import Facility, Score
from boget.portal.registry.services import NewFacility, register_facilities
from boget.portal.registry.values import Claim


def describe_facility(
    *,
    country: str = "KZ",
    public_id: str = "",
    owner: Any = None,
    disclosure: str = "published",
    impoundments: Any = (),
    dams: Any = (),
    **values: Any,
) -> NewFacility:
    """A facility to register: ``describe_facility(name_en="North", impoundments=[{"volume_m3": 1e6}], owner=organisation)``.

    Keywords are codes of facility fields; a plain value becomes a declared claim of the test's source.
    """

    def claim(values: dict[str, Any]) -> dict[str, Claim]:
        return {code: v if isinstance(v, Claim) else Claim(v, source="Test register") for code, v in values.items()}

    return NewFacility(
        country=country,
        claims=claim({"name_en": "Test facility", "status": "active", **values}),
        impoundments=[claim(structure) for structure in impoundments],
        dams=[claim(structure) for structure in dams],
        public_id=public_id,
        operator_organisation_id=owner.pk if owner else None,
        disclosure=disclosure,
    )


def register_all(described: list[NewFacility]) -> list[Facility]:
    """The facilities of ``describe_facility``, registered together."""
    return register_facilities(described, actor=SYSTEM, source="Test register", reason="test")


def score(facility: Facility, value: float | None, *, level: int = 0, known: int = 4) -> Score:
    """A THI, unsaved."""
    low = None if value is None else value - 2
    return Score(facility=facility, index="thi", level=level, value=value, low=low, high=value, known=known, of=6)
