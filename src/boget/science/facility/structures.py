"""Facility, Impoundment, Dam, Pond, Tailings: only what the science reads.

SI units without suffix; a name with a suffix says another unit. None always means unknown, never "no" and never zero.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Literal, get_args

from boget.science.errors import InvalidInput
from boget.science.facility.span import Span

FacilityStatus = Literal["planned", "active", "inactive", "temporarily_closed", "closed", "rehabilitated", "abandoned"]
RaisingMethod = Literal["upstream", "downstream", "centreline", "single_stage", "other"]
DamFoundation = Literal["rock", "coarse_or_stiff", "plastic_clay"]
"""Foundation groups A, B (Б) and V (В) of the height table: rock; sandy, coarse or stiff clay; plastic clay."""
Material = Literal["tailings", "other"]
"""What is stored: tailings of ore dressing, or anything else (ash, phosphogypsum, sludge, ...), whose density differs."""
ReceivingWater = Literal["none", "small_stream", "perennial", "large_or_source", "transboundary"]
"""Water body within the influence area: none; ephemeral or small stream; perennial river or lake; large river,
reservoir or drinking-water source; the same and across a border within 48 h of travel."""

_CHOICES: dict[str, tuple[str, ...]] = {
    "status": get_args(FacilityStatus),
    "raising_method": get_args(RaisingMethod),
    "foundation": get_args(DamFoundation),
    "receiving_water": get_args(ReceivingWater),
    "material": get_args(Material),
}
MOST_HAZARDOUS_WATER_CLASS = 3
"""German water hazard classes run from 0 (nwg, not hazardous) to 3 (AwSV)."""


class _Checked:
    """Refuses negative, non-finite and unlisted values when a structure is made."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for field in fields(self):  # type: ignore[arg-type]  # every subclass is a dataclass
            _check_field(f"{type(self).__name__}.{field.name}", getattr(self, field.name))


def _check_field(where: str, value: object) -> None:
    name = where.rpartition(".")[2]
    if name in _CHOICES and value is not None and value not in _CHOICES[name]:
        raise InvalidInput("unknown_choice", where=where, value=value, allowed=", ".join(_CHOICES[name]))
    number = value.bounds[0] if isinstance(value, Span) else value
    if isinstance(number, bool) or not isinstance(number, int | float):
        return
    if not math.isfinite(number):
        raise InvalidInput("not_finite", where=where, value=number, allowed="a finite number or None")
    if number < 0:
        raise InvalidInput("range", where=where, value=number, allowed="0 or more")
    if name == "water_hazard_class" and number not in range(MOST_HAZARDOUS_WATER_CLASS + 1):
        raise InvalidInput("unknown_choice", where=where, value=number, allowed="0, 1, 2, 3")


@dataclass(frozen=True, slots=True)
class Tailings(_Checked):
    """What is stored.

    Attributes
    ----------
    mass : Span or None
        kg of stored tailings.
    bulk_density : Span or None
        kg/m3 of the deposit.
    water_hazard_class : int or None
        0 (nwg) to 3, class of the worst relevant substance.
    is_radioactive : bool or None
        Carried apart: the water hazard class says nothing about radiation.
    hazardous_share : float or None
        Hazardous waste as a share of the dry mass, 0 to 1.
    material : str
        A `Material`; decides which density is assumed where none is known.
    """

    mass: Span | None = None
    bulk_density: Span | None = None
    water_hazard_class: int | None = None
    is_radioactive: bool | None = None
    hazardous_share: float | None = None
    material: Material = "tailings"


@dataclass(frozen=True, slots=True)
class Pond(_Checked):
    """Free water on the tailings: volume in m3."""

    volume: Span | None = None


@dataclass(frozen=True, slots=True)
class Impoundment(_Checked):
    """One basin.

    Attributes
    ----------
    stored_volume, design_capacity : Span or None
        m3 of tailings held now, and held when full.
    tailings : Tailings
    pond : Pond
    """

    stored_volume: Span | None = None
    design_capacity: Span | None = None
    tailings: Tailings = Tailings()
    pond: Pond = Pond()


@dataclass(frozen=True, slots=True)
class Dam(_Checked):
    """One embankment.

    Attributes
    ----------
    height : Span or None
        m, from the lowest point of the foundation to the crest.
    foundation : str or None
        A `DamFoundation`.
    raising_method : str or None
        A `RaisingMethod`.
    fos : float or None
        Static factor of safety, above 0.
    """

    height: Span | None = None
    foundation: DamFoundation | None = None
    raising_method: RaisingMethod | None = None
    fos: float | None = None


@dataclass(frozen=True, slots=True)
class Facility(_Checked):
    """One tailings facility.

    Attributes
    ----------
    code : str
        Public id, for messages.
    status : str or None
        A `FacilityStatus`.
    has_aftercare : bool or None
        Somebody is in charge after closure.
    impoundments : tuple of Impoundment
    dams : tuple of Dam
    pga_g : float or None
        Peak ground acceleration with 10 % exceedance in 50 years, in g.
    is_flood_prone : bool or None
        The site lies in the area of the 500-year flood.
    population_at_risk : Span or None
        People in the influence area.
    receiving_water : str or None
        A `ReceivingWater`.
    """

    code: str = ""
    status: FacilityStatus | None = None
    has_aftercare: bool | None = None
    impoundments: tuple[Impoundment, ...] = ()
    dams: tuple[Dam, ...] = ()
    pga_g: float | None = None
    is_flood_prone: bool | None = None
    population_at_risk: Span | None = None
    receiving_water: ReceivingWater | None = None
