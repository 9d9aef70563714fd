"""The inputs of the indices, checked once."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal, get_args

from boget.science.errors import InvalidInput
from boget.science.facility import Dam, Facility, FacilityStatus, ReceivingWater, Span
from boget.science.facility.structures import MOST_HAZARDOUS_WATER_CLASS
from boget.science.hazard.table import ScoreTable
from boget.science.hazard.volume import STAND_IN, VolumeBasis, VolumeChoice, choose_total, name_basis

Management = Literal["managed", "unmanaged"]


@dataclass(frozen=True, slots=True)
class HazardInputs:
    """What the hazard index asks about a facility. None = unknown, for every field.

    Attributes
    ----------
    volume_m3 : float or None
        Stored tailings, m3. Zero or less is no volume: the index is then "insufficient data".
    volume_low_m3, volume_high_m3 : float or None
        Bounds of the volume, m3; not beyond zero. A volume that stands in for the stored one needs its lower bound.
    volume_bases : tuple of str
        What the volume was taken from: ``stored_volume``, ``design_capacity``, ``mass_and_density``.
    bulk_density : float or None
        kg/m3 that turned a mass into the volume.
    is_density_assumed : bool
        That density was the assumption of the table.
    is_material_other : bool
        It was assumed for a material that is not tailings.
    water_hazard_class : int or None
        0 (nwg) to 3.
    management : str or None
        ``managed`` or ``unmanaged``.
    pga_g : float or None
        Peak ground acceleration, 10 % in 50 years, g; 0 or more.
    flood_prone : bool or None
        In the area of the 500-year flood.
    fos : float or None
        Static factor of safety, above 0.
    is_radioactive : bool or None
        Adds a caution, never a score.

    Raises
    ------
    InvalidInput
        ``not_finite``, ``range``, ``not_positive``, ``interval_order``, ``interval_missing`` or ``unknown_choice``.
    """

    volume_m3: float | None = None
    volume_low_m3: float | None = None
    volume_high_m3: float | None = None
    volume_bases: tuple[VolumeBasis, ...] = ()
    bulk_density: float | None = None
    is_density_assumed: bool = False
    is_material_other: bool = False
    water_hazard_class: int | None = None
    management: Management | None = None
    pga_g: float | None = None
    flood_prone: bool | None = None
    fos: float | None = None
    is_radioactive: bool | None = None

    def __post_init__(self) -> None:
        for name in ("volume_m3", "volume_low_m3", "volume_high_m3", "bulk_density", "pga_g", "fos"):
            _require_finite(name, getattr(self, name))
        if self.pga_g is not None and self.pga_g < 0:
            raise InvalidInput("range", where="pga_g", value=self.pga_g, allowed="0 or more")
        if self.fos is not None and self.fos <= 0:
            raise InvalidInput("not_positive", where="fos", value=self.fos, allowed="above 0")
        for basis in self.volume_bases:
            _require_choice("volume_bases", basis, get_args(VolumeBasis))
        _require_choice("management", self.management, get_args(Management))
        _require_choice("water_hazard_class", self.water_hazard_class, tuple(range(MOST_HAZARDOUS_WATER_CLASS + 1)))
        _require_choice("flood_prone", self.flood_prone, (False, True))
        self._require_volume_order()

    def _require_volume_order(self) -> None:
        span = self.volume
        if span is not None and span.bounds[0] <= 0:
            raise InvalidInput("not_positive", where="volume_low_m3", value=self.volume_low_m3, allowed="above 0")
        if span is not None and self.is_volume_stood_in and span.low is None:
            raise InvalidInput("interval_missing", where="volume_low_m3", allowed="the least that may be stored")

    @property
    def volume_basis(self) -> str | None:
        """One word for the bases: the one there is, ``mixed`` for several, None for none."""
        return name_basis(self.volume_bases)

    @property
    def is_volume_stood_in(self) -> bool:
        """A design capacity stands in for the stored volume of some impoundment, so the volume is not known."""
        return STAND_IN in self.volume_bases

    @property
    def volume(self) -> Span | None:
        """The volume with its bounds, m3; None if missing or not above zero."""
        if self.volume_m3 is None or self.volume_m3 <= 0:
            return None
        return Span(self.volume_m3, self.volume_low_m3, self.volume_high_m3)


@dataclass(frozen=True, slots=True)
class ExposureInputs:
    """What the exposure terms ask. None = unknown.

    Attributes
    ----------
    population : float or None
        People in the influence area, 0 or more; an estimate need not be whole.
    population_low, population_high : float or None
        Its bounds.
    receiving_water : str or None
        A `boget.science.facility.ReceivingWater`.

    Raises
    ------
    InvalidInput
        ``not_finite``, ``range``, ``interval_order`` or ``unknown_choice``.
    """

    population: float | None = None
    population_low: float | None = None
    population_high: float | None = None
    receiving_water: ReceivingWater | None = None

    def __post_init__(self) -> None:
        for name in ("population", "population_low", "population_high"):
            _require_finite(name, getattr(self, name))
        _require_choice("receiving_water", self.receiving_water, get_args(ReceivingWater))
        span = self.population_span
        if span is not None and span.bounds[0] < 0:
            raise InvalidInput("range", where="population", value=span.bounds[0], allowed="0 or more")

    @property
    def population_span(self) -> Span | None:
        """The population with its bounds; None if unknown."""
        if self.population is None:
            return None
        return Span(self.population, self.population_low, self.population_high)


def _require_finite(name: str, number: float | None) -> None:
    if number is not None and not math.isfinite(number):
        raise InvalidInput("not_finite", where=name, value=number, allowed="a finite number, or None for unknown")


def _require_choice(name: str, value: object, choices: tuple[object, ...]) -> None:
    # True == 1 in Python: a yes/no must not pass for a class, nor a number for a yes/no.
    is_wrong_type = value is not None and type(value) not in {type(choice) for choice in choices}
    if value is not None and (is_wrong_type or value not in choices):
        allowed = ", ".join(str(choice) for choice in choices)
        raise InvalidInput("unknown_choice", where=name, value=value, allowed=f"{allowed}, or None for unknown")


def suggest_management(status: FacilityStatus | None, has_aftercare: bool | None) -> Management | None:
    """Say from the status whether somebody is in charge; None where the status alone does not tell.

    An active facility is managed, an abandoned one is not; any other is what its aftercare says.

    Examples
    --------
    >>> suggest_management("closed", None) is None
    True
    """
    if status == "active":
        return "managed"
    if status == "abandoned":
        return "unmanaged"
    if status in (None, "planned") or has_aftercare is None:
        return None
    return "managed" if has_aftercare else "unmanaged"


def gather_inputs(facility: Facility, table: ScoreTable) -> HazardInputs:
    """Collect the inputs of a whole facility from its parts.

    Volumes add up; the worst water hazard class and the lowest factor of safety count. A part that is not known leaves
    the whole unknown, unless a known part already is at the worst score.
    """
    inputs = HazardInputs(
        water_hazard_class=_worst_class(facility),
        management=suggest_management(facility.status, facility.has_aftercare),
        pga_g=facility.pga_g,
        flood_prone=facility.is_flood_prone,
        fos=_lowest_fos(facility.dams, table),
        is_radioactive=_any_known(tuple(basin.tailings.is_radioactive for basin in facility.impoundments)),
    )
    return _with_volume(inputs, choose_total(facility.impoundments, table))


def gather_exposure(facility: Facility) -> ExposureInputs:
    """Collect the exposure inputs of a facility."""
    people = facility.population_at_risk
    if people is None:
        return ExposureInputs(receiving_water=facility.receiving_water)
    return ExposureInputs(people.value, people.low, people.high, facility.receiving_water)


def _with_volume(inputs: HazardInputs, chosen: VolumeChoice) -> HazardInputs:
    if chosen.volume is None:
        return inputs
    return replace(
        inputs,
        volume_m3=chosen.volume.value,
        volume_low_m3=chosen.volume.low,
        volume_high_m3=chosen.volume.high,
        volume_bases=chosen.bases,
        bulk_density=chosen.density.value if chosen.density else None,
        is_density_assumed=chosen.is_density_assumed,
        is_material_other=chosen.is_material_other,
    )


def _worst_class(facility: Facility) -> int | None:
    classes = [basin.tailings.water_hazard_class for basin in facility.impoundments]
    known = [number for number in classes if number is not None]
    if not known or (len(known) < len(classes) and max(known) < MOST_HAZARDOUS_WATER_CLASS):
        return None
    return max(known)


def _lowest_fos(dams: tuple[Dam, ...], table: ScoreTable) -> float | None:
    known = [dam.fos for dam in dams if dam.fos is not None]
    if not known:
        return None
    scores = table.scores("dam")
    is_worst = scores[table.pick("dam", min(known))] == max(scores.values())
    return min(known) if is_worst or len(known) == len(dams) else None


def _any_known(answers: tuple[bool | None, ...]) -> bool | None:
    if True in answers:
        return True
    return None if None in answers or not answers else False
