"""Reservoirs as nodes of a path: the water of the stretches they drown is replaced by a chain of mixed tanks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reservoir:
    """A reservoir at its dam.

    `longitude`, `latitude` of the dam in degrees (EPSG:4326). Volumes in m3 at full level, `length_m` of the lake along the
    river, `throughflow_m3s` the mean discharge through it; None where not found. `confidence` is high, medium or low and
    decides the spread of the volume. `catchment_km2` is the catchment of the network at the dam; None where the dam lies on no
    path that was looked at, and then nothing can be checked.
    """

    code: str
    names: Mapping[str, str]
    river: str
    longitude: float
    latitude: float
    volume_m3: float
    active_volume_m3: float | None
    length_m: float | None
    throughflow_m3s: float | None
    confidence: str
    source: str
    catchment_km2: float | None = None
