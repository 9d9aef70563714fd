"""Where a release begins: at a facility, at a point, or at a place on a reach; and the path from there."""

from __future__ import annotations

from dataclasses import dataclass

from boget.science.errors import InvalidInput, MissingData
from boget.science.river.borders import BorderMeeting
from boget.science.river.path import RiverPath
from boget.science.river.routing import route_from_entry, route_from_point, route_from_reach
from boget.science.scenario.ports import RiverPorts


@dataclass(frozen=True, slots=True)
class Start:
    """Exactly one of: a facility of the tables, a point (longitude, latitude; degrees), a reach with km from its head."""

    facility_id: str | None = None
    point: tuple[float, float] | None = None
    reach_id: int | None = None
    entry_km: float | None = None

    def __post_init__(self) -> None:
        given = [self.facility_id is not None, self.point is not None, self.reach_id is not None]
        if sum(given) != 1 or (self.reach_id is None) != (self.entry_km is None):
            allowed = "one of facility, point, or reach with km"
            raise InvalidInput("start_choice", where="place of the release", value=str(self), allowed=allowed)


def list_known_borders(ports: RiverPorts) -> tuple[BorderMeeting, ...]:
    """Every meeting known on this network once, wherever a path comes from."""
    known = {(met.before, met.after, met.touch, met.leave): met for mets in ports.borders.values() for met in mets}
    return tuple(known.values())


def find_path(start: Start, ports: RiverPorts) -> RiverPath:
    """The path of the water from a start.

    Raises
    ------
    InvalidInput
        "unknown_reach", "range", "flow_cycle".
    MissingData
        "no_watercourse" for a facility or point that no river of the network is near to; "outside_raster".
    """
    reservoirs, borders = ports.hydrology.reservoirs, list_known_borders(ports)
    if start.facility_id is not None:
        return _leave_facility(start.facility_id, ports)
    if start.reach_id is not None and start.entry_km is not None:
        return route_from_reach(
            ports.network,
            start.reach_id,
            start.entry_km,
            reservoirs=reservoirs,
            version=ports.version,
            borders=borders,
            countries=ports.countries,
            cautions=("reach_chosen",),
        )
    longitude, latitude = start.point or (float("nan"), float("nan"))
    return route_from_point(
        ports.network,
        longitude,
        latitude,
        reservoirs=reservoirs,
        version=ports.version,
        borders=borders,
        countries=ports.countries,
        grid=ports.flow_grid,
    )


def _leave_facility(facility_id: str, ports: RiverPorts) -> RiverPath:
    entry = ports.entries.get(facility_id)
    if entry is None:
        hint = "Confirm the watercourse of the facility, or give a point."
        raise MissingData("no_watercourse", where="facility", value=facility_id, hint=hint)
    borders = ports.borders.get(facility_id, ())
    return route_from_entry(ports.network, entry, reservoirs=ports.hydrology.reservoirs, borders=borders, version=ports.version)
