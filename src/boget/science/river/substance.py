"""Substances of tailings: sorption, hazard to water life, limit values, and their fate in a river."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from boget.science.errors import InvalidInput
from boget.science.river.coefficients import load_coefficients
from boget.science.river.fate import Fate

KG_M3_PER_MG_L = 1e-3
SECONDS_PER_DAY = 86_400.0
STATUSES = ("verified", "provisional", "placeholder")
"""From the best to the worst."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit value of one document.

    `value` or the span `minimum` to `maximum` (pH), in `unit`. `country` is the jurisdiction (ISO code, or WHO), `use` is
    drinking, fishery or surface. `qualifier` says what the value is of ("as nitrate ion").
    """

    code: str
    substance: str
    document: str
    titles: Mapping[str, str]
    country: str
    use: str
    unit: str
    value: float | None
    minimum: float | None
    maximum: float | None
    is_in_force: bool
    status: str
    source: str
    qualifier: str = ""

    @property
    def kg_m3(self) -> float | None:
        """The value in kg/m3; None where it is not a mass concentration (pH, Bq/L)."""
        return self.value * KG_M3_PER_MG_L if self.value is not None and self.unit == "mg/L" else None


@dataclass(frozen=True, slots=True)
class NoLimit:
    """A document that sets no value for a substance, with its reason by language."""

    substance: str
    document: str
    titles: Mapping[str, str]
    country: str
    use: str
    reasons: Mapping[str, str]
    source: str


@dataclass(frozen=True, slots=True)
class Substance:
    """A substance or parameter of the catalogue. None and "" mean: not known to this catalogue.

    log10_kd, log10_kd_sigma : sorption to suspended matter, L/kg
    limits, no_limits : its own; of a substance without any, those of the one that the catalogue compares it with
    aquatic_acute, aquatic_chronic : categories of hazard to water life of soluble compounds, "1" the worst
    """

    code: str
    symbol: str
    cas: str
    kind: str
    unit: str
    names: Mapping[str, str]
    notes: Mapping[str, str]
    log10_kd: float | None
    log10_kd_sigma: float
    kd_status: str
    kd_source: str
    aquatic_acute: str
    aquatic_chronic: str
    limits: tuple[Limit, ...]
    no_limits: tuple[NoLimit, ...]
    status: str

    @property
    def is_carried(self) -> bool:
        """A mass of it can be released: its concentrations are in mg/L."""
        return self.unit == "mg/L"

    def find_limits(self, country: str, use: str) -> tuple[Limit, ...]:
        """Limits of a jurisdiction and use, those in force first."""
        found = [limit for limit in self.limits if limit.country == country and limit.use == use]
        return tuple(sorted(found, key=lambda limit: not limit.is_in_force))


def find_worst(*statuses: str) -> str:
    """The worst of some statuses.

    Examples
    --------
    >>> find_worst("provisional", "verified")
    'provisional'
    """
    return max(statuses, key=STATUSES.index)


def find_cyanide_decay(temperature_c: float) -> float:
    """Loss of free and weakly bound cyanide, 1/s, by water temperature in degrees Celsius.

    The half-life falls evenly in its logarithm from the cold to the warm value of the table, and stays as it is beyond them.
    """
    table = load_coefficients("fate")
    cold, warm = table.number("cyanide.cold_c"), table.number("cyanide.warm_c")
    share = min(max((temperature_c - cold) / (warm - cold), 0.0), 1.0)
    slow, fast = (math.log(table.number(f"cyanide.half_life_{end}_d")) for end in ("cold", "warm"))
    return math.log(2) / (math.exp(slow + share * (fast - slow)) * SECONDS_PER_DAY)


def find_temperature(season: str) -> float:
    """Water temperature of a season ("mean", "high", "low", "01" to "12") where none was measured, degrees Celsius."""
    return load_coefficients("fate").number(f"water_temperature.{season}")


def choose_fate(substance: Substance, *, season: str = "mean", water_temperature_c: float | None = None) -> Fate:
    """What happens to a substance in a river of one season.

    Metals and metalloids with a Kd are partly on particles, which settle; suspended solids are all particles; free and weakly
    bound cyanide is lost with time, in cold water hardly; everything else goes with the water, total cyanide too. The status is
    the worst of all numbers used, also of an assumed temperature.

    Raises
    ------
    InvalidInput
        "substance_not_carried": it has no mass (pH, activity); "unknown_choice" for a season that is none.
    """
    if not substance.is_carried:
        raise InvalidInput("substance_not_carried", where="substance", value=substance.code, allowed="a substance in mg/L")
    table = load_coefficients("fate")
    assumed = table.entry(f"water_temperature.{season}") if water_temperature_c is None else None
    suspended, settling = table.entry(f"suspended.{find_suspended(season)}"), table.entry("settling.velocity_m_d")
    of_particles = (suspended.status, settling.status, table.entry("settling.gsd").status)
    particles = {"suspended_kg_m3": suspended.value, "settling_m_s": settling.value / SECONDS_PER_DAY}
    particles["settling_gsd"] = table.number("settling.gsd")
    if substance.log10_kd is not None:
        status = find_worst(substance.kd_status, *of_particles)
        return Fate(log10_kd=substance.log10_kd, log10_kd_sigma=substance.log10_kd_sigma, status=status, **particles)
    if substance.code == "SS":
        solid = table.number("settling.solids_log10_kd")
        return Fate(log10_kd=solid, status=find_worst(*of_particles), **particles)
    if substance.kind == "cyanide":
        decay = find_cyanide_decay(find_temperature(season) if water_temperature_c is None else water_temperature_c)
        used = [entry.status for name, entry in table.entries.items() if name.startswith("cyanide.")]
        status = find_worst(*used, *([assumed.status] if assumed is not None else []))
        return Fate(decay_per_s=decay, decay_gsd=table.number("cyanide.gsd"), status=status)
    return Fate(status=substance.status)


def find_suspended(season: str) -> str:
    """Which suspended matter belongs to a season: high, low or mean; months of the flood carry more."""
    return {"04": "high", "05": "high", "high": "high", "mean": "mean"}.get(season, "low")
