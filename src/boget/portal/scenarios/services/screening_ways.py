"""The way of the water of every facility, with its discharge: what the screening and the trace upstream begin with."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings

from boget.portal.core.levels import Level
from boget.portal.registry.models import Facility
from boget.portal.scenarios.services.places import Place, find_place
from boget.portal.scenarios.services.rivers import open_rivers
from boget.science.errors import BogetError

if TYPE_CHECKING:
    from boget.science.river.flow_state import FlowState
    from boget.science.river.path import RiverPath
    from boget.science.river.screening import ScreeningRow as Line
    from boget.science.scenario.ports import RiverPorts

log = logging.getLogger(__name__)
SEASONS = ("mean", "high")


@dataclass(frozen=True, slots=True)
class Way:
    """place: as in `services.places`. path: None without a watercourse, then `refusal` says why. flows: by season."""

    place: Place
    path: RiverPath | None
    flows: Mapping[str, FlowState]
    refusal: str = ""


def list_places(facilities: Iterable[Facility]) -> dict[str, Place]:
    """Where the water of each facility enters the rivers, by number; points as exact as the register has them."""
    return {facility.public_id: find_place(facility, level=Level.AUTHORITY) for facility in facilities}


def trace_ways(
    places: Mapping[str, Place], *, seasons: Sequence[str] = SEASONS, on_progress: Callable[[float], None] | None = None
) -> dict[str, Way]:
    """The way of each place. What the science refuses for one of them is an answer about that one and stops no other."""
    ports = open_rivers()
    ways = {}
    for count, (number, place) in enumerate(places.items()):
        ways[number] = trace_way(place, ports, seasons=seasons)
        if on_progress is not None:
            on_progress((count + 1) / len(places))
    return ways


def trace_way(place: Place, ports: RiverPorts, *, seasons: Sequence[str]) -> Way:
    """One way with its flows."""
    from boget.science.river.discharge import estimate_flow

    if place["kind"] == "unknown":
        return Way(place, None, {}, "place_unknown")
    try:
        path = find_path(place, ports)
        return Way(place, path, {season: estimate_flow(path, ports.hydrology, season=season) for season in seasons})
    except BogetError as error:
        log.info("no way of the water: %s", error)
        return Way(place, None, {}, error.code)


def find_path(place: Place, ports: RiverPorts) -> RiverPath:
    """The path from a place; the typed errors of the science."""
    from boget.science.scenario import start

    match place["kind"]:
        case "confirmed":
            begin = start.Start(reach_id=place["reach_id"], entry_km=place["entry_km"])
        case "point":
            begin = start.Start(point=(place["longitude"], place["latitude"]))
        case _:
            begin = start.Start(facility_id=place["facility_id"])
    return start.find_path(begin, ports)


def name_reservoirs(line: Line, way: Way) -> list[dict[str, str]]:
    """Names by language of the reservoirs before the place of a row, in the order of the flow."""
    known = {one.code: dict(one.names) for one in way.path.reservoirs} if way.path else {}
    return [known[code] for code in line.reservoirs]


def name_end(code: str) -> dict[str, str]:
    """Names by language of the lake, sea or hollow at the end of a way; empty for a code that no table knows."""
    return _read_ends().get(code, {})


@cache
def _read_ends() -> dict[str, dict[str, str]]:
    from boget.science.io.spillpaths import read_path_ends

    return {end.code: dict(end.names) for end in read_path_ends(settings.PACKAGE / "data" / "kz" / "spill_ends.csv").values()}
