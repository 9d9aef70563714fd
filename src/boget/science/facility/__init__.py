"""What a tailings facility is to the science: frozen structures in SI units, None = unknown."""

from boget.science.facility.span import Span
from boget.science.facility.structures import (
    Dam,
    DamFoundation,
    Facility,
    FacilityStatus,
    Impoundment,
    Material,
    Pond,
    RaisingMethod,
    ReceivingWater,
    Tailings,
)

__all__ = [
    "Dam",
    "DamFoundation",
    "Facility",
    "FacilityStatus",
    "Impoundment",
    "Material",
    "Pond",
    "RaisingMethod",
    "ReceivingWater",
    "Span",
    "Tailings",
]
