"""Points and distances along a line given in degrees; distances in metres on the ellipsoid WGS 84."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

ELLIPSOID = Geod(ellps="WGS84")
METRES_PER_DEGREE = 111_195.0
"""Of a meridian on the sphere of 6 371 km: near enough for a few kilometres round a point."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Foot:
    """The nearest point of a line: `segment` counts from 0, `share` of it is before the point, 0 to 1; `off_m` to it, m."""

    segment: int
    share: float
    off_m: float
    longitude: float
    latitude: float


def measure_steps(line: Floats) -> Floats:
    """Length of each segment of a line (k, 2), shape (k - 1,), m."""
    if len(line) < 2:
        return np.zeros(0)
    _, _, steps = ELLIPSOID.inv(line[:-1, 0], line[:-1, 1], line[1:, 0], line[1:, 1])
    return np.asarray(steps, dtype=np.float64)


def measure_along(line: Floats, length_m: float) -> Floats:
    """Distance of each vertex from the first when the whole line is `length_m` long by its source, shape (k,), m."""
    gone = np.concatenate([[0.0], np.cumsum(measure_steps(line))])
    if gone[-1] > 0:
        return np.asarray(gone * (length_m / gone[-1]))
    gone[-1] = length_m  # a line of one point or of two equal ones
    return gone


def scale_around(latitude: float) -> Floats:
    """Metres per degree of longitude and latitude."""
    return np.array([METRES_PER_DEGREE * np.cos(np.radians(latitude)), METRES_PER_DEGREE])


def find_feet(line: Floats, point: tuple[float, float]) -> tuple[Floats, Floats]:
    """Share and distance (m) of the nearest point of each segment of a line (k, 2) from a point; both (k - 1,)."""
    flat = (line - np.asarray(point)) * scale_around(point[1])
    begin, along = flat[:-1], np.diff(flat, axis=0)
    square = np.einsum("ij,ij->i", along, along)
    share = np.clip(-np.einsum("ij,ij->i", begin, along) / np.where(square > 0, square, 1.0), 0.0, 1.0)
    return share, np.hypot(*(begin + share[:, None] * along).T)


def find_foot(line: Floats, point: tuple[float, float], is_open: NDArray[np.bool_] | None = None) -> Foot | None:
    """The point of a line nearest to a point, among the segments that are open (all); None if there is none."""
    share, off = find_feet(line, point)
    if is_open is not None:
        off = np.where(is_open, off, np.inf)
    if not off.size or not np.isfinite(off.min()):
        return None
    segment = int(np.argmin(off))
    lon, lat = line[segment] + share[segment] * (line[segment + 1] - line[segment])
    return Foot(segment, float(share[segment]), float(off[segment]), float(lon), float(lat))


def find_position(line: Floats, line_m: Floats, distance_m: float) -> tuple[float, float]:
    """Longitude and latitude at a distance along a line whose vertices lie at `line_m`."""
    return float(np.interp(distance_m, line_m, line[:, 0])), float(np.interp(distance_m, line_m, line[:, 1]))
