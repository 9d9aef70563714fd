"""One way of the water from a release down to the end of its river, cut into stretches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boget.science.river.borders import BorderMeeting
from boget.science.river.reservoirs import Reservoir

NO_RESERVOIR = -1


@dataclass(frozen=True, slots=True)
class RiverPath:
    """Stretches in the order of the flow, shape (n,), and what lies on them.

    reach_ids : id of the reach in the network; 0 on the approach, before the network is met
    length_m : length of the river, m: the length of the network times `sinuosity`
    start_m : distance of the upper end from the release along the river, m
    sinuosity : river length over network length; 1 where it was not measured
    upland_km2 : catchment at the lower end
    slope : m/m, NaN where unknown
    reservoir_index : place in `reservoirs` of the lake in which the stretch lies, or NO_RESERVOIR
    countries : ISO code of each stretch, "" where unknown
    rivers : names of the river of each stretch by language, empty where unknown
    vertices, vertex_m : the line, shape (k, 2) in degrees, and the distance of each vertex from the release, m
    end : code of the lake, sea or hollow where the path ends
    cautions : codes, such as point_town, long_approach, no_river (see `io.spillpaths.FacilityEntry`)
    network_version : fingerprint of the network that gave the path
    """

    reach_ids: NDArray[np.int64]
    length_m: NDArray[np.float64]
    start_m: NDArray[np.float64]
    sinuosity: NDArray[np.float64]
    upland_km2: NDArray[np.float64]
    slope: NDArray[np.float64]
    reservoir_index: NDArray[np.int64]
    countries: tuple[str, ...]
    rivers: tuple[Mapping[str, str], ...]
    reservoirs: tuple[Reservoir, ...]
    borders: tuple[BorderMeeting, ...]
    vertices: NDArray[np.float64]
    vertex_m: NDArray[np.float64]
    end: str
    cautions: tuple[str, ...]
    network_version: str

    def __len__(self) -> int:
        return len(self.length_m)

    @property
    def total_m(self) -> float:
        """Length of the whole path, m."""
        return float(self.start_m[-1] + self.length_m[-1])

    def find_stretch(self, distance_m: float) -> int:
        """Index of the stretch at a distance from the release, m."""
        return int(np.clip(np.searchsorted(self.start_m, distance_m, side="right") - 1, 0, len(self) - 1))
