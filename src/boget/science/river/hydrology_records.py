"""What is known of the hydrology: posts, zones of runoff, regimes, reservoirs, intakes, crossings. SI, m3/s, km2 where said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from boget.science.river.reservoirs import Reservoir

MONTHS = tuple(f"{number:02d}" for number in range(1, 13))


@dataclass(frozen=True, slots=True)
class Gauge:
    """A post, or another place whose mean discharge is known.

    discharge_m3s : long-term mean; None where none was found
    catchment_km2 : catchments by which the post may be known on a network: of the catalogue, of the network; none where empty
    zone : code of the zone of runoff
    why_unused : reason why the value is not used for a flow; empty where it is used
    """

    code: str
    rivers: Mapping[str, str]
    name: str
    longitude: float
    latitude: float
    discharge_m3s: float | None
    catchment_km2: tuple[float, ...]
    zone: str
    confidence: str
    period: str
    source: str
    note: str = ""
    why_unused: str = ""


@dataclass(frozen=True, slots=True)
class Zone:
    """Specific runoff of rivers without a post: `runoff_l_s_km2` with `sigma_ln`, from `posts` posts."""

    code: str
    name: str
    runoff_l_s_km2: float
    sigma_ln: float
    posts: int
    confidence: str
    source: str


@dataclass(frozen=True, slots=True)
class Regime:
    """The year of a kind of river, arrays of 12 from January.

    ratio : mean of the month over mean of the year
    has_ice : usually under ice
    sigma_ln : spread of the month between years; None where unknown
    zero_share : share of years without flow in the month, 0 where unknown
    is_measured : from series, not drawn by an expert
    """

    code: str
    name: str
    ratio: tuple[float, ...]
    has_ice: tuple[bool, ...]
    sigma_ln: tuple[float | None, ...]
    zero_share: tuple[float, ...]
    is_measured: bool
    confidence: str
    source: str


@dataclass(frozen=True, slots=True)
class RiverRule:
    """Which regime and zone belong to a stretch; the first rule that fits counts.

    river, country, zone : what the stretch must have; empty = any
    low_km2, high_km2 : span of its catchment; None = open
    box : west, east, south and north in degrees, in which its middle lies; None = anywhere
    regime : code of the regime
    assign_zone : zone of runoff of the stretch; empty = the one of the nearest post
    """

    river: str
    country: str
    zone: str
    low_km2: float | None
    high_km2: float | None
    box: tuple[float, float, float, float] | None
    regime: str
    assign_zone: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Intake:
    """A place where water is taken. `kinds`: drinking_surface, bank_filtration, groundwater, canal, transfer, industrial.

    `population` is that of the town, not of those served.
    """

    code: str
    names: Mapping[str, str]
    river: str
    longitude: float
    latitude: float
    kinds: tuple[str, ...]
    users: str
    population: int | None
    country: str
    confidence: str
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Crossing:
    """A known meeting of a river with the border: mean discharge, treaty, and who tells whom."""

    code: str
    river: str
    before: str
    after: str
    longitude: float
    latitude: float
    discharge_m3s: float | None
    kind: str
    first_town: str
    treaty: str
    channel: str
    confidence: str
    source: str


@dataclass(frozen=True, slots=True)
class TravelObservation:
    """A published travel time or velocity. `kind` tells water from wave: a wave is not water and never a travel time."""

    river: str
    start: str
    end: str
    distance_km: float | None
    time_h: float | None
    velocity_ms: tuple[float, float] | None
    kind: str
    condition: str
    confidence: str
    source: str


@dataclass(frozen=True, slots=True)
class Hydrology:
    """All of it.

    side_reservoirs : off the river (counter-regulators); a path never crosses them
    version : fingerprint of the tables
    """

    gauges: tuple[Gauge, ...]
    zones: Mapping[str, Zone]
    regimes: Mapping[str, Regime]
    rules: tuple[RiverRule, ...]
    reservoirs: tuple[Reservoir, ...]
    side_reservoirs: tuple[Reservoir, ...]
    intakes: tuple[Intake, ...]
    crossings: tuple[Crossing, ...]
    observations: tuple[TravelObservation, ...] = ()
    version: str = ""
