"""Ridder 2016: the way of the water from the Talovskoye facility, and when a spill comes where.

What the network names and what it does not: its names begin with the Ulba. That the first stretch is the valley of the
Filippovka and the Tikhaya is read from three things: the inventory names the Filippovka as the watercourse of the facility;
the stretch passes the town of Ridder, through which the Filippovka flows; and it comes to the village of Ulba, where the
Tikhaya and the Gromotukha make the Ulba [expert memory]. No other valley leads from the one to the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
from spill_facts import HOUR, KM, read_rows

from boget.science.io.hydrology import read_hydrology
from boget.science.io.inventory import read_inventory
from boget.science.io.places import read_places
from boget.science.io.spillpaths import read_border_meetings, read_facility_entries, read_spill_paths
from boget.science.river.discharge import estimate_flow
from boget.science.river.ensemble import ARRIVAL10, PEAK_TIME, run_ensemble
from boget.science.river.fate import Fate
from boget.science.river.forecast import find_quantiles
from boget.science.river.locating import list_path_targets, locate_targets
from boget.science.river.outcome import Quantiles
from boget.science.river.path import NO_RESERVOIR, RiverPath
from boget.science.river.priors import read_priors
from boget.science.river.release import Release
from boget.science.river.routing import network_version, route_from_entry
from boget.science.river.targets import Target

FACILITY = "KZ-0001"
DATA = Path(str(resources.files("boget"))) / "data" / "kz"
VALLEY_END = "Ulba"
"""The village at which the river of that name begins."""

WANTED = ("Ridder", VALLEY_END, "Oskemen (Ust-Kamenogorsk)", "Semey", "Pavlodar", "Omsk")
NEAR_M = 5 * KM
TOLD_DAYS = next(float(row["value"]) for row in read_rows("ridder_2016.csv") if row["item"] == "arrival at Omsk")
"""What was told in 2016: the pollution will be at Omsk in about as many days."""


@dataclass(frozen=True, slots=True)
class Way:
    """The path, what it passes in the order of the flow, and the rivers it names with where each begins, m."""

    path: RiverPath
    targets: tuple[Target, ...]
    rivers: tuple[tuple[str, float], ...]
    watercourse: str

    def find(self, name: str) -> Target:
        """A place by its English name, or a reservoir or border by the beginning of its code."""
        return next(target for target in self.targets if target.names.get("en") == name or target.code.startswith(name))

    @property
    def is_followed(self) -> bool:
        """The Filippovka is the watercourse, and Ridder, the village of Ulba, Oskemen, the reservoir, Semey, Pavlodar, the
        border and Omsk come in this order, the Ulba before the Irtysh."""
        order = [*WANTED[:3], "reservoir-shulbinsk", *WANTED[3:5], "border", WANTED[5]]
        marks = [self.find(name).distance_m for name in order]
        rivers = [name.split(" ")[0] for name, _from in self.rivers]
        return marks == sorted(marks) and rivers == ["Ulba", "Irtysh"] and "Filippovka" in self.watercourse


def read_way() -> Way:
    network = read_spill_paths(DATA / "spill_paths.csv")
    path = route_from_entry(
        network,
        read_facility_entries(DATA / "facility_reach.csv")[FACILITY],
        reservoirs=read_hydrology(DATA / "hydrology").reservoirs,
        borders=read_border_meetings(DATA / "spill_borders.csv")[FACILITY],
        version=network_version(network),
    )
    found = locate_targets(path, read_places(DATA / "places.csv"), reach_m=NEAR_M)
    towns = [target for target in found if target.names.get("en") in WANTED]
    targets = sorted([*towns, *list_path_targets(path)], key=lambda target: target.distance_m)
    rows, _errors = read_inventory(DATA / "facilities.csv")
    watercourse = next(row.watercourse for row in rows if row.id == FACILITY)
    return Way(path, tuple(targets), _list_rivers(path), watercourse)


def _list_rivers(path: RiverPath) -> tuple[tuple[str, float], ...]:
    """Names of the rivers in the order of the flow, and where each begins on the path, m."""
    found: list[tuple[str, float]] = []
    for names, start in zip(path.rivers, path.start_m, strict=True):
        name = names.get("en", "")
        if name and (not found or found[-1][0] != name):
            found.append((name, float(start)))
    return tuple(found)


# ---- when it comes where

SEASON = "05"
MASS_KG = 1000.0
DURATION_S = 24 * HOUR
"""Neither is known; times of a dissolved substance hardly depend on them, and concentrations are not given."""

MEMBERS = 2_000
THRESHOLD = 1e-12


@dataclass(frozen=True, slots=True)
class Times:
    """Forecasts at the places below the release, with the reservoir and as if it were a river."""

    targets: tuple[Target, ...]
    with_reservoir: tuple[Quantiles, ...]
    as_river: tuple[Quantiles, ...]
    peak_times: tuple[Quantiles, ...]
    share_in_ten_days: float

    def find(self, target: Target) -> tuple[Quantiles, Quantiles, Quantiles]:
        """First time at a tenth of the peak and time of the peak with the reservoir, and the first as if it were a river."""
        place = self.targets.index(target)
        return self.with_reservoir[place], self.peak_times[place], self.as_river[place]


def run_times(way: Way) -> Times:
    """Travel times of something dissolved that is not lost, in the flow of a usual May."""
    hydrology = read_hydrology(DATA / "hydrology")
    flow = estimate_flow(way.path, hydrology, season=SEASON)
    release = Release("box", MASS_KG, duration_s=DURATION_S, particulate_share=0.0)
    targets = [target for target in way.targets if target.distance_m > way.rivers[0][1]]
    river = replace(way.path, reservoir_index=np.full(len(way.path), NO_RESERVOIR, dtype=np.int64))
    found = [
        run_ensemble(
            path, flow, release, fate=Fate(), targets=targets, prior=read_priors(), threshold=THRESHOLD, members=MEMBERS
        )
        for path in (way.path, river)
    ]
    omsk = [target.names.get("en") for target in targets].index("Omsk")
    first = found[0].outcome[:, omsk, ARRIVAL10]
    return Times(
        targets=tuple(targets),
        with_reservoir=tuple(find_quantiles(found[0].outcome[:, place, ARRIVAL10]) for place in range(len(targets))),
        as_river=tuple(find_quantiles(found[1].outcome[:, place, ARRIVAL10]) for place in range(len(targets))),
        peak_times=tuple(find_quantiles(found[0].outcome[:, place, PEAK_TIME]) for place in range(len(targets))),
        share_in_ten_days=float(np.mean(first <= TOLD_DAYS * 24 * HOUR)),
    )


@cache
def run_study() -> tuple[Way, Times]:
    way = read_way()
    return way, run_times(way)
