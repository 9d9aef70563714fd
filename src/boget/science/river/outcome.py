"""What a forecast says. All values in SI: seconds from the start of the release, kg/m3 (1 mg/L = 0.001 kg/m3), metres."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from boget.science.river.targets import Target


@dataclass(frozen=True, slots=True)
class Quantiles:
    """5, 50 and 95 % of the members; None where no member has the value (nothing arrives)."""

    p05: float | None
    p50: float | None
    p95: float | None


@dataclass(frozen=True, slots=True)
class Fan:
    """Concentration over time at one target: `times_s` (k,), and 5, 50 and 95 % of the members at each, kg/m3.

    typical : (k,) the curve of one member, the one that lies nearest to the medians of peak and time of peak. The median at
        each moment is no wave: where the time of arrival is uncertain it stays far below the peak of any member.
    """

    times_s: tuple[float, ...]
    p05: tuple[float, ...]
    p50: tuple[float, ...]
    p95: tuple[float, ...]
    typical: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetForecast:
    """Forecast for one target.

    probability : share of the members whose peak exceeds the threshold
    arrival_s : first crossing of the threshold, of the members that cross it
    arrival10_s : first time at 10 % of the member's own peak, of all members that arrive
    peak, peak_time_s, dose : peak in kg/m3, its time, and the integral of concentration over time in kg s/m3
    departure_s, duration_s : last crossing of the threshold and time above it, of the members that cross it
    exceedance : probability that the peak exceeds each of the named limits, by code
    concentrations are what the release adds to the river; its own background is not in them
    flags : codes: not_mixed, ice, behind_reservoir, dry_possible, beyond_record, low_confidence_flow
    factor_before_mixing : how many times the mean a bank plume may be; 1 when mixed
    dry_share : share of years in which the bed above the target is dry in this season; all else is told as if it carried
        water
    """

    target: Target
    probability: float
    arrival_s: Quantiles
    arrival10_s: Quantiles
    peak: Quantiles
    peak_time_s: Quantiles
    departure_s: Quantiles
    duration_s: Quantiles
    dose: Quantiles
    exceedance: Mapping[str, float]
    fan: Fan
    flags: tuple[str, ...]
    factor_before_mixing: float = 1.0
    dry_share: float = 0.0


@dataclass(frozen=True, slots=True)
class StretchForecast:
    """Median (5-95 %) arrival at the lower end of a stretch of the map: `vertices` as (lon, lat).

    reservoir : code of the reservoir in which the stretch lies, "" for a flowing one
    """

    from_m: float
    to_m: float
    arrival10_s: Quantiles
    vertices: tuple[tuple[float, float], ...]
    reservoir: str = ""


@dataclass(frozen=True, slots=True)
class EngineCheck:
    """The two engines on the median member: relative differences at the target where they differ most."""

    target: str
    peak_difference: float
    arrival_difference: float
    is_close: bool


@dataclass(frozen=True, slots=True)
class Caution:
    """Something the reader must know. `code` is translated by the portal with `values`."""

    code: str
    values: Mapping[str, float | str]


@dataclass(frozen=True, slots=True)
class RiverOutcome:
    """Everything a run gives. `formulas` maps a step (velocity, dispersion, …) to a formula code of the tables; `versions`
    names network, tables and code; `effective_members` is the sample left after readings were weighed (all without)."""

    targets: tuple[TargetForecast, ...]
    stretches: tuple[StretchForecast, ...]
    check: EngineCheck | None
    cautions: tuple[Caution, ...]
    formulas: Mapping[str, str]
    versions: Mapping[str, str]
    members: int
    effective_members: float
    prior: Mapping[str, Mapping[str, float]]
