"""Where the water of a facility meets the river network."""

from __future__ import annotations

from dataclasses import dataclass

from boget.science.river.network import Line


@dataclass(frozen=True, slots=True)
class FacilityEntry:
    """Where the water of a facility meets the network.

    `reach_id` is None where the flow ends before it meets a river; `end` then names the lake. `entry_km` is the
    distance from the beginning of the reach, `off_network_km` the way to it; both in km, from a point that is only as
    good as the facility's `coord_precision`. `countries` are those of that way, in the order of the flow. `cautions` are
    codes: point_town, point_mine, point_site (how good the point is), long_approach (over 10 km before a river),
    no_river, other_river (not the one named by the inventory). `line` : vertices of the way to the network, (k, 2).
    """

    facility_id: str
    reach_id: int | None
    entry_km: float | None
    off_network_km: float
    end: str
    countries: tuple[str, ...]
    cautions: tuple[str, ...]
    line: Line
