"""What is not known before a forecast is calibrated, read from `tables/priors.toml`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from boget.science.errors import InvalidInput
from boget.science.river.coefficients import load_coefficients
from boget.science.river.spread import Spread

TABLE = "priors"
STRUCTURES = ("fick", "dead_zone", "jobson")
"""Pictures of the wave that members may have: plain dispersion, dead zones, the widening with time of Jobson's report."""


@dataclass(frozen=True, slots=True)
class Prior:
    """Spread of the parameters; `gsd` are factors of one standard deviation (1 = known), `sigma` of a natural logarithm.

    velocity_correlation : part of the error of the velocity shared by the whole path, 0 to 1
    discharge_correlation : of ln Q of neighbouring groups of stretches, each `group_m` long
    dead_zone_share, exchange_s : least and greatest ratio of dead to flowing area and time of exchange, s
    structure : weights of `STRUCTURES`, their sum is 1
    tanks, active : least and greatest number of tanks and active part of a reservoir
    volume_gsd : of a reservoir by its confidence
    """

    velocity_gsd: float
    velocity_correlation: float
    reach_sigma: float
    dispersion_gsd: float
    discharge_correlation: float
    group_m: float
    dead_zone_share: tuple[float, float]
    exchange_s: tuple[float, float]
    structure: tuple[float, float, float]
    tanks: tuple[float, float]
    active: tuple[float, float]
    volume_gsd: Mapping[str, float]
    version: str

    def __post_init__(self) -> None:
        is_sound = (
            all(1 <= gsd < 100 for gsd in (self.velocity_gsd, self.dispersion_gsd, *self.volume_gsd.values()))
            and all(0 <= rho <= 1 for rho in (self.velocity_correlation, self.discharge_correlation))
            and 0 <= self.reach_sigma < 2
            and 0 < self.group_m < math.inf
            and 0 < self.dead_zone_share[0] <= self.dead_zone_share[1] < 10
            and 0 < self.exchange_s[0] <= self.exchange_s[1] < math.inf
            and min(self.structure) >= 0
            and abs(sum(self.structure) - 1) < 1e-9
            and 1 <= self.tanks[0] <= self.tanks[1] < 1000
            and 0 < self.active[0] <= self.active[1] <= 1
        )
        if not is_sound:
            raise InvalidInput("range", where="prior", value=str(self), allowed="see the fields of Prior")

    @property
    def spread(self) -> Spread:
        """As much of it as the travel times of the screening need."""
        sigma = math.log(self.velocity_gsd)
        return Spread(sigma, self.velocity_correlation, self.group_m, self.tanks, self.active)

    def to_dict(self) -> dict[str, dict[str, float]]:
        """By parameter, as a result keeps it."""
        return {
            "velocity": {"gsd": self.velocity_gsd, "correlation": self.velocity_correlation, "reach_sigma": self.reach_sigma},
            "dispersion": {"gsd": self.dispersion_gsd},
            "discharge": {"correlation": self.discharge_correlation, "group_m": self.group_m},
            "dead_zone_share": {"low": self.dead_zone_share[0], "high": self.dead_zone_share[1]},
            "exchange_s": {"low": self.exchange_s[0], "high": self.exchange_s[1]},
            "structure": dict(zip(STRUCTURES, self.structure, strict=True)),
            "tanks": {"low": self.tanks[0], "high": self.tanks[1]},
            "active": {"low": self.active[0], "high": self.active[1]},
        }


def read_setting(name: str) -> float:
    """A number of the table by "section.name"."""
    return load_coefficients(TABLE).number(name)


def read_pair(section: str, first: str, second: str) -> tuple[float, float]:
    return read_setting(f"{section}.{first}"), read_setting(f"{section}.{second}")


@cache
def read_priors() -> Prior:
    """The prior of the table."""
    weights = [read_setting(f"structure.{name}") for name in STRUCTURES]
    fick, dead, jobson = (weight / sum(weights) for weight in weights)
    return Prior(
        velocity_gsd=read_setting("velocity.gsd"),
        velocity_correlation=read_setting("velocity.correlation"),
        reach_sigma=read_setting("velocity.reach_sigma"),
        dispersion_gsd=read_setting("dispersion.gsd"),
        discharge_correlation=read_setting("discharge.correlation"),
        group_m=read_setting("discharge.group_m"),
        dead_zone_share=read_pair("dead_zone", "share_low", "share_high"),
        exchange_s=read_pair("dead_zone", "exchange_low_s", "exchange_high_s"),
        structure=(fick, dead, jobson),
        tanks=read_pair("reservoir", "tanks_low", "tanks_high"),
        active=read_pair("reservoir", "active_low", "active_high"),
        volume_gsd={name: read_setting(f"reservoir.volume_gsd_{name}") for name in ("high", "medium", "low")},
        version=load_coefficients(TABLE).version,
    )
