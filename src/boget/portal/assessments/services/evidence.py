"""What the register says about the inputs of the indices, as far as a level may know.

Rules over several structures (boget.science.hazard.gather_inputs): volumes add up, and one impoundment without volume,
design capacity or mass leaves the sum unknown; the worst water hazard class counts; the lowest factor of safety counts.
A volume that a design capacity stands in for is scored and counts as unknown. The type of the facility says which density
is assumed for a mass without one. A hidden value counts as unknown. Who is in charge is the field of that name, also where
it says outright "unknown"; where it says nothing, the status tells it for an active and for an abandoned facility.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from boget.portal.assessments.selectors.sources import MATERIAL_FIELD, SOURCES
from boget.portal.assessments.services.tables import Tables
from boget.portal.core.levels import Level
from boget.portal.registry.choices import FacilityType, Status
from boget.portal.registry.fields import DICTIONARY
from boget.portal.registry.models import Dam, Facility, Impoundment, Record
from boget.portal.registry.values import is_known
from boget.science.errors import BogetError
from boget.science.facility import Dam as ScienceDam
from boget.science.facility import Facility as ScienceFacility
from boget.science.facility import Impoundment as ScienceImpoundment
from boget.science.facility import Material, Span, Tailings
from boget.science.hazard import ExposureInputs, HazardInputs, gather_exposure, gather_inputs
from boget.science.units import convert

PUBLIC_LEVEL, FULL_LEVEL = 0, 2
READ_UP_TO = {PUBLIC_LEVEL: Level.PUBLIC, FULL_LEVEL: Level.GROUP}
"""Stored level of a result -> highest disclosure level of a value that enters it. AUTHORITY values never enter."""

UNITS = {"volume_m3": "m3", "pga_g": "g", "fos": "1", "population": "person"}
WATER_CLASSES = {"nwg": 0, "whc1": 1, "whc2": 2, "whc3": 3}
RECEIVING_WATERS = {
    "none": "none",
    "stream": "small_stream",
    "river": "perennial",
    "large": "large_or_source",
    "transboundary": "transboundary",
}
STATUSES = {Status.ACTIVE: "active", Status.REPROCESSING: "active", Status.ABANDONED: "abandoned"}
LEAST_AMOUNT = 1.0  # m3 or t
CLAIM_PARTS = ("value", "low", "high", "interval", "kind", "source", "date", "about")

Claim = dict[str, Any]
Rows = list[dict[str, Any]]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What enters the indices of one facility at one level, and where each value stands in the register.

    rows: one for each input, in the order of SOURCES. refusal: code of the science's refusal of some value; nothing is then
    taken as known. A change of the register never waits for a value that only the index cannot use.
    """

    hazard: HazardInputs
    exposure: ExposureInputs
    rows: Rows
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """A facility with its structures, loaded."""

    facility: Facility
    impoundments: Sequence[Impoundment]
    dams: Sequence[Dam]

    def records(self, of: str) -> Sequence[Record]:
        return {"facility": [self.facility], "impoundment": self.impoundments, "dam": self.dams}[of]

    @property
    def has_hidden_inputs(self) -> bool:
        """Whether some value enters the full level and not the public one."""
        return any(
            code in record.values
            for of, codes in SOURCES.values()
            for code in codes
            if DICTIONARY[of, code].level > Level.PUBLIC
            for record in self.records(of)
        )


def find_claim(record: Record, code: str, *, level: int) -> Claim | None:
    """The shown claim of a field, None when it is unknown or above the level."""
    stored = record.values.get(code)
    if not is_known(stored) or DICTIONARY[record.record_type, code].level > level:
        return None
    shown: Claim = stored["shown"]
    return shown


def gather_evidence(site: Site, *, level: int, tables: Tables) -> Evidence:
    """The inputs of both indices. level: disclosure level up to which values enter."""
    try:
        hazard, exposure = _gather_inputs(site, level=level, tables=tables)
    except BogetError as error:
        log_refusal(site.facility.public_id, error)
        hazard, exposure, refusal = HazardInputs(), ExposureInputs(), error.code
        return Evidence(hazard, exposure, _describe_inputs(site, hazard, exposure, level=level), refusal)
    return Evidence(hazard, exposure, _describe_inputs(site, hazard, exposure, level=level))


def log_refusal(public_id: str, error: BogetError) -> None:
    """The code and the place of the refused value; the value itself may not be open to whoever reads the log."""
    log.warning("%s: the index refuses a stored value: %s, %s", public_id, error.code, error.where)


def _gather_inputs(site: Site, *, level: int, tables: Tables) -> tuple[HazardInputs, ExposureInputs]:
    facility = build_facility(site, level=level)
    hazard = gather_inputs(facility, tables.thi)
    if site.facility.shown("management"):
        recorded = find_claim(site.facility, "management", level=level)
        hazard = replace(hazard, management=recorded["value"] if recorded else None)
    return hazard, gather_exposure(facility)


def build_facility(site: Site, *, level: int) -> ScienceFacility:
    """The facility as the science takes it: SI units, None for what the level does not know."""
    status = find_claim(site.facility, "status", level=level)
    pga = find_claim(site.facility, "pga_g", level=level)
    flood = find_claim(site.facility, "flood_prone", level=level)
    water = find_claim(site.facility, "receiving_water", level=level)
    material = _name_material(site.facility, level=level)
    return ScienceFacility(
        code=site.facility.public_id,
        status=STATUSES.get(status["value"]) if status else None,  # type: ignore[arg-type]  # values are the science's codes
        impoundments=tuple(_build_impoundment(basin, material, level=level) for basin in site.impoundments),
        dams=tuple(_build_dam(dam, level=level) for dam in site.dams),
        pga_g=_measured(pga),
        is_flood_prone=flood["value"] == "yes" if flood else None,
        population_at_risk=_span(find_claim(site.facility, "people_at_risk", level=level)),
        receiving_water=RECEIVING_WATERS[water["value"]] if water else None,  # type: ignore[arg-type]  # as above
    )


def _name_material(facility: Facility, *, level: int) -> Material:
    """Tailings only where the register says so: the density of anything else is a wider guess."""
    kind = find_claim(facility, MATERIAL_FIELD[1], level=level)
    return "tailings" if kind is not None and kind["value"] == FacilityType.TAILINGS else "other"


def _build_impoundment(record: Impoundment, material: Material, *, level: int) -> ScienceImpoundment:
    water_class = find_claim(record, "water_hazard_class", level=level)
    radioactive = find_claim(record, "is_radioactive", level=level)
    return ScienceImpoundment(
        stored_volume=_amount(find_claim(record, "volume_m3", level=level)),
        design_capacity=_amount(find_claim(record, "design_capacity_m3", level=level)),
        tailings=Tailings(
            mass=_amount(find_claim(record, "mass_t", level=level), unit="t", to="kg"),
            bulk_density=_span(find_claim(record, "bulk_density_t_m3", level=level), unit="t_m3", to="kg_m3"),
            water_hazard_class=WATER_CLASSES[water_class["value"]] if water_class else None,
            is_radioactive=radioactive["value"] == "yes" if radioactive else None,
            material=material,
        ),
    )


def _build_dam(record: Dam, *, level: int) -> ScienceDam:
    return ScienceDam(fos=_measured(find_claim(record, "fos_static", level=level)))


def _measured(claim: Claim | None) -> float | None:
    """A number that cannot be zero: an acceleration or a factor of 0 is an empty cell of somebody's table."""
    return (claim["value"] or None) if claim else None


def _span(claim: Claim | None, *, unit: str = "", to: str = "") -> Span | None:
    if claim is None:
        return None
    numbers = [claim["value"], claim.get("low"), claim.get("high")]
    value, low, high = (None if n is None else convert(n, unit, to) if to else float(n) for n in numbers)
    assert value is not None
    return Span(value, low, high)


def _amount(claim: Claim | None, *, unit: str = "", to: str = "") -> Span | None:
    """A volume or mass whose logarithm is taken: an interval that begins at zero is read from one unit on."""
    low = claim.get("low") if claim else None
    if claim is None or low is None or low > 0 or claim["value"] <= 0:
        return _span(claim, unit=unit, to=to)
    return _span({**claim, "low": min(LEAST_AMOUNT, claim["value"])}, unit=unit, to=to)


def _describe_inputs(site: Site, hazard: HazardInputs, exposure: ExposureInputs, *, level: int) -> Rows:
    used: dict[str, Any] = {
        "volume_m3": hazard.volume_m3,
        "water_hazard_class": hazard.water_hazard_class,
        "management": hazard.management,
        "pga_g": hazard.pga_g,
        "flood_prone": hazard.flood_prone,
        "fos": hazard.fos,
        "population": exposure.population,
        "receiving_water": exposure.receiving_water,
    }
    rows = [_describe_input(site, code, value, level=level) for code, value in used.items()]
    if hazard.volume is not None:
        low, high = hazard.volume.bounds
        rows[0] |= {"low": low, "high": high, "basis": hazard.volume_basis, "density_assumed": hazard.is_density_assumed}
    if hazard.is_volume_stood_in:
        stated = [claim for claim in rows[0]["claims"] if claim["field"] == "volume_m3"]
        rows[0] |= {"known": False, "ask": _list_askable(site, "volume_m3", stated)}
    if exposure.population_span is not None:
        rows[6] |= dict(zip(("low", "high"), exposure.population_span.bounds, strict=True))
    return rows


def _describe_input(site: Site, code: str, value: Any, *, level: int) -> dict[str, Any]:
    claims = list(_list_claims(site, code, level=level))
    ask = _list_askable(site, code, claims) if value is None else []
    return {"code": code, "known": value is not None, "value": value, "unit": UNITS.get(code, ""), "claims": claims, "ask": ask}


def _list_claims(site: Site, code: str, *, level: int) -> Iterator[dict[str, Any]]:
    """The claims that may enter an input; the status only where it says who is in charge."""
    of, fields = SOURCES[code]
    if code == "management":
        status = find_claim(site.facility, "status", level=level)
        is_told_by_status = status is not None and status["value"] in STATUSES
        fields = ("status",) if is_told_by_status and not site.facility.shown("management") else fields[:1]
    for record in site.records(of):
        for field in fields:
            claim = find_claim(record, field, level=level)
            if claim is not None:
                yield {"record": record.public_id, "field": field} | {k: claim[k] for k in CLAIM_PARTS if k in claim}


def _list_askable(site: Site, code: str, claims: Rows) -> list[str]:
    """Records in which the missing value belongs: those without any that the level knows, else all."""
    ids = [record.public_id for record in site.records(SOURCES[code][0])]
    held = {claim["record"] for claim in claims if claim["field"] != "bulk_density_t_m3"}
    return [public_id for public_id in ids if public_id not in held] or ids
