"""Invented paths for the tests of the forecast: a river that grows downstream, with reservoirs and dry years where asked for."""

from __future__ import annotations

from typing import Any

import numpy as np

from boget.science.river.flow_state import FlowState
from boget.science.river.path import NO_RESERVOIR, RiverPath
from boget.science.river.release import Release
from boget.science.river.reservoirs import Reservoir
from boget.science.river.targets import Target

KM = 1000.0


def make_reservoir(code: str = "lake", *, volume_m3: float = 2e8) -> Reservoir:
    return Reservoir(code, {"en": "Lake"}, "River", 0.0, 0.0, volume_m3, None, None, None, "medium", "invented")


def make_path(
    stretches: int = 60, *, length_m: float = 5 * KM, lake: tuple[int, int] | None = None, **changes: Any
) -> RiverPath:
    """Equal stretches from west to east; `lake` = first and last + 1 stretch of a reservoir."""
    lengths = np.full(stretches, length_m)
    starts = np.cumsum(lengths) - lengths
    index = np.full(stretches, NO_RESERVOIR, dtype=np.int64)
    if lake:
        index[slice(*lake)] = 0
    vertex_m = np.append(starts, starts[-1] + length_m)
    given: dict[str, Any] = {
        "reach_ids": np.arange(1, stretches + 1),
        "length_m": lengths,
        "start_m": starts,
        "sinuosity": np.ones(stretches),
        "upland_km2": 500.0 * np.arange(1, stretches + 1),
        "slope": np.linspace(2e-3, 3e-4, stretches),
        "reservoir_index": index,
        "countries": ("KZ",) * stretches,
        "rivers": ({"en": "River"},) * stretches,
        "reservoirs": (make_reservoir(),) if lake else (),
        "borders": (),
        "vertices": np.column_stack([80 + vertex_m / 7e4, np.full(len(vertex_m), 50.0)]),
        "vertex_m": vertex_m,
        "end": "sea",
        "cautions": (),
        "network_version": "invented",
    }
    return RiverPath(**{**given, **changes})


def make_flow(path: RiverPath, *, first: float = 10.0, last: float = 300.0, **changes: Any) -> FlowState:
    n = len(path)
    given: dict[str, Any] = {
        "discharge_m3s": np.geomspace(first, last, n),
        "sigma_ln": np.full(n, 0.2),
        "zero_share": np.zeros(n),
        "has_ice": np.zeros(n, dtype=np.bool_),
        "basis": ("gauge",) * n,
        "confidence": ("high",) * n,
        "season": "mean",
        "sources": ("invented",),
    }
    return FlowState(**{**given, **changes})


def make_target(km: float, code: str = "") -> Target:
    return Target(code or f"km-{km:g}", "point", km * KM, 0.0, 80.0, 50.0, {"en": f"km {km:g}"})


def make_release(**changes: Any) -> Release:
    return Release(**{"kind": "box", "mass_kg": 4000.0, "mass_gsd": 1.5, "duration_s": 6 * 3600.0, **changes})
