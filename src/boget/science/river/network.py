"""The river network as arrays: reaches in the order of the flow, each with its index of the next one downstream.

Sound by construction: every next reach exists or is the end, and no path runs in a circle. A path from any reach
therefore ends after at most as many steps as there are reaches.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from boget.science.errors import InvalidInput

END = -1
"""`next_index` of the last reach of a path."""

Line = NDArray[np.float64]
"""Vertices of a reach, shape (k, 2): longitude and latitude in degrees (EPSG:4326), in the direction of the flow."""


@dataclass(frozen=True, slots=True)
class Reach:
    """One reach as it was read.

    `next_id` is 0 at the end of a path. `length_km` and `upland_km2` (catchment above the outlet) are not negative.
    `slope` is dimensionless (m/m), NaN where unknown. `sinuosity` is the length of the real river over `length_km`, NaN
    where it was not measured; lengths are never stretched by it here. `top_km2` is the catchment at the beginning of the
    reach, NaN where unknown. `names` holds what is known of "ru", "kk", "en".
    """

    id: int
    next_id: int
    length_km: float
    upland_km2: float
    slope: float = float("nan")
    sinuosity: float = float("nan")
    names: Mapping[str, str] = field(default_factory=dict)
    country: str = ""
    terminal: str = ""
    line: Line | None = None
    top_km2: float = float("nan")


@dataclass(frozen=True, slots=True)
class RiverNetwork:
    """Reaches in topological order, upstream first: `next_index[i] > i`, or END.

    All arrays have the shape (n,): `ids`, `next_index`, `length_km`, `upland_km2`, `slope` (m/m, NaN unknown),
    `dist_down_km` (from the outlet of the reach to the end of its path, km).
    """

    reaches: tuple[Reach, ...]
    ids: NDArray[np.int64]
    next_index: NDArray[np.int64]
    length_km: NDArray[np.float64]
    upland_km2: NDArray[np.float64]
    slope: NDArray[np.float64]
    dist_down_km: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.reaches)

    def find_index(self, reach_id: int) -> int:
        """Position of a reach by its id; InvalidInput("unknown_reach") if the network has none such."""
        found = np.flatnonzero(self.ids == reach_id)
        if not found.size:
            raise InvalidInput("unknown_reach", where="reach", value=reach_id, allowed="an id of this network")
        return int(found[0])

    def trace_down(self, index: int) -> NDArray[np.int64]:
        """Indices of the path from a reach to its end, the reach itself first."""
        path = [index]
        while (index := int(self.next_index[index])) != END:
            path.append(index)
        return np.array(path, dtype=np.int64)


def index_ids(reaches: Sequence[Reach]) -> dict[int, int]:
    """Position of each id; InvalidInput("repeated_reach") where one stands twice."""
    positions: dict[int, int] = {}
    for position, reach in enumerate(reaches):
        if reach.id in positions:
            raise InvalidInput("repeated_reach", where="reach", value=reach.id, hint="Every reach needs its own id.")
        positions[reach.id] = position
    return positions


def find_next(reaches: Sequence[Reach]) -> list[int]:
    """Position of the next reach of each; InvalidInput("river_gap") where the next one is not there."""
    positions = index_ids(reaches)
    following = []
    for reach in reaches:
        if reach.next_id and reach.next_id not in positions:
            hint = f"Reach {reach.id} leads to it: load the missing part, or set its next reach to 0."
            raise InvalidInput("river_gap", where="next reach", value=reach.next_id, hint=hint)
        following.append(positions[reach.next_id] if reach.next_id else END)
    return following


def order_by_flow(following: Sequence[int]) -> list[int]:
    """Positions so that each stands before its next; a reach left over lies on a circle.

    Examples
    --------
    >>> order_by_flow([2, 0, -1])
    [1, 0, 2]
    """
    waiting = [0] * len(following)
    for after in following:
        if after != END:
            waiting[after] += 1
    order = [position for position, count in enumerate(waiting) if count == 0]
    for position in order:  # grows while it is walked: a reach follows when all above it stand in the order
        after = following[position]
        if after != END:
            waiting[after] -= 1
            if waiting[after] == 0:
                order.append(after)
    return order


def measure_to_end(next_index: NDArray[np.int64], length_km: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance in km from the outlet of each reach to the end of its path; arrays in the order of the flow."""
    distance = np.zeros(len(length_km))
    for index in range(len(length_km) - 1, -1, -1):
        after = next_index[index]
        if after != END:
            distance[index] = distance[after] + length_km[after]
    return distance


def check_measures(reaches: Iterable[Reach]) -> None:
    """Lengths and catchments are finite and not negative, else InvalidInput("range")."""
    for reach in reaches:
        for name in ("length_km", "upland_km2"):
            value = getattr(reach, name)
            if not 0 <= value < float("inf"):
                raise InvalidInput("range", where=f"{name} of reach {reach.id}", value=value, allowed="0 or more")


def build_network(reaches: Sequence[Reach]) -> RiverNetwork:
    """Order the reaches by flow and check them.

    Raises
    ------
    InvalidInput
        "repeated_reach", "river_gap", "river_cycle" or "range", with the id of the reach in the message.
    """
    check_measures(reaches)
    following = find_next(reaches)
    order = order_by_flow(following)
    if len(order) < len(reaches):
        stuck = min(reaches[position].id for position in set(range(len(reaches))) - set(order))
        hint = "Its path comes back to where it has been: correct the next reach."
        raise InvalidInput("river_cycle", where="reach", value=stuck, hint=hint)
    place = {position: index for index, position in enumerate(order)} | {END: END}
    ordered = tuple(reaches[position] for position in order)
    next_index = np.array([place[following[position]] for position in order], dtype=np.int64)
    length = np.array([reach.length_km for reach in ordered], dtype=np.float64)
    return RiverNetwork(
        reaches=ordered,
        ids=np.array([reach.id for reach in ordered], dtype=np.int64),
        next_index=next_index,
        length_km=length,
        upland_km2=np.array([reach.upland_km2 for reach in ordered], dtype=np.float64),
        slope=np.array([reach.slope for reach in ordered], dtype=np.float64),
        dist_down_km=measure_to_end(next_index, length),
    )


def find_breaks(network: RiverNetwork, tolerance_deg: float) -> list[tuple[int, int]]:
    """Pairs (id, next id) whose lines do not meet within the tolerance in degrees; reaches without a line are left."""
    breaks = []
    for index, after in enumerate(network.next_index):
        line = network.reaches[index].line
        following = network.reaches[after].line if after != END else None
        if line is None or following is None:
            continue
        if float(np.min(np.max(np.abs(following - line[-1]), axis=1))) > tolerance_deg:
            breaks.append((int(network.ids[index]), int(network.ids[after])))
    return breaks
