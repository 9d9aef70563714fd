"""Reaches near a facility that may take its water, for the person who confirms which of them does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from boget.portal.registry.models import Facility
from boget.portal.registry.selectors.reading import read_point
from boget.portal.scenarios.services.rivers import open_rivers

if TYPE_CHECKING:
    from boget.science.river.network import RiverNetwork

NEAR_M = 25_000.0
MOST = 12


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reach near the facility. entry_km: its nearest place, km from its beginning; off_m: distance of that from the point."""

    reach_id: int
    entry_km: float
    length_km: float
    longitude: float
    latitude: float
    off_m: float
    upland_km2: float
    names: Mapping[str, str]
    line: tuple[tuple[float, float], ...]


def find_start(facility: Facility, *, level: int) -> tuple[float, float] | None:
    """Longitude and latitude of the facility as exact as the level may see them; None without a point."""
    point = read_point(facility, level=level)
    return (point[0], point[1]) if point else None


def list_candidates(point: tuple[float, float]) -> list[Candidate]:
    """Reaches within 25 km of a point, the nearest first, at most twelve."""
    from boget.science.river.snapping import measure_boxes

    network = open_rivers().network
    near = measure_boxes(network).list_near(point, NEAR_M)
    found = [candidate for index in near if (candidate := _measure(network, index, point)) is not None]
    return sorted(found, key=lambda one: one.off_m)[:MOST]


def find_candidate(reach_id: int, point: tuple[float, float]) -> Candidate | None:
    """One reach of the network with its place nearest to a point, however far; None for a reach without a line."""
    network = open_rivers().network
    return _measure(network, network.find_index(reach_id), point, limit_m=float("inf"))


def _measure(network: RiverNetwork, index: int, point: tuple[float, float], *, limit_m: float = NEAR_M) -> Candidate | None:
    import numpy as np

    from boget.science.river.polyline import find_foot, measure_along

    reach = network.reaches[index]
    if reach.line is None or len(reach.line) < 2:
        return None
    line = np.asarray(reach.line)
    foot = find_foot(line, point)
    if foot is None or foot.off_m > limit_m:
        return None
    along = measure_along(line, float(network.length_km[index]))
    km = float(along[foot.segment] + foot.share * (along[foot.segment + 1] - along[foot.segment]))
    vertices: Any = tuple((float(x), float(y)) for x, y in line)
    return Candidate(
        reach.id, min(max(km, 0.0), reach.length_km), reach.length_km, foot.longitude, foot.latitude, foot.off_m,
        reach.upland_km2, dict(reach.names), vertices,
    )  # fmt: skip
