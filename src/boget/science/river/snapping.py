"""The reach nearest to a point."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boget.science.errors import InvalidInput, MissingData
from boget.science.river.network import RiverNetwork
from boget.science.river.path_rules import read_rule
from boget.science.river.polyline import METRES_PER_DEGREE, Floats, find_foot, measure_along

WIDEST_LATITUDE = 89.0


@dataclass(frozen=True, slots=True)
class ReachPlace:
    """A place on a reach: its index in the network, `km` below its beginning in lengths of the network, and how far the
    point asked for lies from it, m."""

    index: int
    km: float
    longitude: float
    latitude: float
    off_m: float


def check_point(lon: float, lat: float) -> None:
    """InvalidInput "not_finite" or "range" for what is no point of the earth in degrees."""
    for name, value, limit in (("longitude", lon, 180.0), ("latitude", lat, 90.0)):
        if not math.isfinite(value):
            raise InvalidInput("not_finite", where=name, value=value)
        if abs(value) > limit:
            raise InvalidInput("range", where=name, value=value, allowed=f"-{limit:g} to {limit:g}")


@dataclass(frozen=True, slots=True)
class ReachBoxes:
    """The corners of the reaches that have a line: `numbers` (n,) in the network, `low` and `high` (n, 2) in degrees."""

    numbers: NDArray[np.int64]
    low: Floats
    high: Floats

    def list_near(self, point: tuple[float, float], limit_m: float) -> list[int]:
        """Numbers of the reaches whose box comes within `limit_m` of a point."""
        tall = limit_m / METRES_PER_DEGREE
        wide = tall / math.cos(math.radians(min(abs(point[1]), WIDEST_LATITUDE)))
        margin = np.array([wide, tall])
        is_near = ((self.low <= point + margin) & (self.high >= point - margin)).all(axis=1)
        return [int(number) for number in self.numbers[is_near]]


def measure_boxes(network: RiverNetwork) -> ReachBoxes:
    """Boxes of a network, to be kept where many points are looked for."""
    drawn = [number for number, reach in enumerate(network.reaches) if reach.line is not None and len(reach.line) > 1]
    if not drawn:
        return ReachBoxes(np.zeros(0, dtype=np.int64), np.zeros((0, 2)), np.zeros((0, 2)))
    lines = [np.asarray(network.reaches[number].line) for number in drawn]
    starts = np.concatenate([[0], np.cumsum([len(line) for line in lines])[:-1]])
    points = np.vstack(lines)
    low, high = np.minimum.reduceat(points, starts), np.maximum.reduceat(points, starts)
    return ReachBoxes(np.array(drawn, dtype=np.int64), low, high)


def find_nearest_reach(
    network: RiverNetwork, lon: float, lat: float, *, limit_m: float | None = None, boxes: ReachBoxes | None = None
) -> ReachPlace:
    """The nearest place on a network; of several equally near the lowest in the order of the flow.

    Parameters
    ----------
    boxes : those of this network, measured before

    Raises
    ------
    MissingData
        "no_watercourse" if it is farther than `limit_m` (the table's limit).
    InvalidInput
        "range", "not_finite" for a point that is not on the earth.
    """
    check_point(lon, lat)
    limit = read_rule("snap_limit") if limit_m is None else limit_m
    best: ReachPlace | None = None
    for index in (measure_boxes(network) if boxes is None else boxes).list_near((lon, lat), limit):
        line = np.asarray(network.reaches[index].line)
        foot = find_foot(line, (lon, lat))
        if foot is not None and foot.off_m <= (limit if best is None else best.off_m):
            along = measure_along(line, float(network.length_km[index]))
            km = float(along[foot.segment] + foot.share * (along[foot.segment + 1] - along[foot.segment]))
            best = ReachPlace(index, km, foot.longitude, foot.latitude, foot.off_m)
    if best is None:
        hint = f"No known river within {limit / 1000:g} km: move the point, or load a denser network."
        raise MissingData("no_watercourse", where="point", value=f"{lon:.4f}, {lat:.4f}", hint=hint)
    return best
