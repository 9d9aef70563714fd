"""Where the water of a facility enters the rivers: confirmed by a person, else from the embedded table, else traced.

The table holds the facilities of the inventory at the points it gave them; one that was registered later or moved since is
traced from its own point.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from boget.portal.core.levels import Level
from boget.portal.registry.models import Facility
from boget.portal.registry.selectors.reading import read_point
from boget.portal.scenarios.models import ReceivingWater
from boget.portal.scenarios.services.rivers import current_network_version, open_rivers

if TYPE_CHECKING:
    from boget.science.scenario.river_scenario import RiverScenario

Place = Mapping[str, Any]
"""{"kind": "confirmed" | "table" | "point" | "unknown", …}: what JSON can hold, so that it enters the fingerprint."""

SAME_PLACE_M = 200.0
"""A point this near to that of the table is the point of the table, whose lines are rounded to about 100 m."""
METRES_PER_DEGREE = 111_195.0


def find_place(facility: Facility, *, level: int) -> Place:
    """The entry of a facility as it stands in the register now; a traced point only as exact as the level may see it.

    A watercourse confirmed on another network does not count: its reach number may mean another river there.
    """
    confirmed = ReceivingWater.objects.filter(facility_id=facility.pk).first()
    if confirmed is not None and confirmed.network_version == current_network_version():
        return {"kind": "confirmed", "reach_id": confirmed.reach_id, "entry_km": confirmed.entry_km}
    if _is_where_the_table_has_it(facility):
        return {"kind": "table", "facility_id": facility.public_id}
    point = read_point(facility, level=level)
    if point is None:
        return {"kind": "unknown"}
    return {"kind": "point", "longitude": point[0], "latitude": point[1]}


def _is_where_the_table_has_it(facility: Facility) -> bool:
    entry = open_rivers().entries.get(facility.public_id)
    if entry is None or facility.longitude is None or facility.latitude is None:
        return entry is not None
    longitude, latitude = (float(x) for x in entry.line[0])
    east = (facility.longitude - longitude) * math.cos(math.radians(latitude))
    return math.hypot(east, facility.latitude - latitude) * METRES_PER_DEGREE <= SAME_PLACE_M


def is_exact_place(facility: Facility, place: Place) -> bool:
    """Whether the place tells a point that only the authority may know so exactly."""
    return place["kind"] == "point" and place != find_place(facility, level=Level.GROUP)


def place_scenario(scenario: RiverScenario, place: Place) -> RiverScenario:
    """The scenario at the place of its facility. One that names a place of its own stays where it is.

    Raises MissingData ("place_unknown") where the register has no point for the facility.
    """
    from boget.science.errors import MissingData

    if scenario.facility_id is None:
        return scenario
    match place["kind"]:
        case "confirmed":
            return replace(scenario, facility_id=None, reach_id=place["reach_id"], entry_km=place["entry_km"])
        case "point":
            return replace(scenario, facility_id=None, point=(place["longitude"], place["latitude"]))
        case "unknown":
            raise MissingData("place_unknown", where=scenario.facility_id)
    return scenario


def return_to_facility(scenario: RiverScenario, public_id: str) -> RiverScenario:
    """The scenario as it was before `place_scenario`."""
    return replace(scenario, facility_id=public_id, point=None, reach_id=None, entry_km=None)
