"""Places of a path where the mean discharge is known: posts, dams and border crossings snapped to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from boget.science.river.catchments import is_plausible
from boget.science.river.coefficients import load_coefficients
from boget.science.river.hydrology_records import Hydrology
from boget.science.river.path import RiverPath
from boget.science.river.polyline import METRES_PER_DEGREE, find_foot
from boget.science.river.reservoirs import Reservoir
from boget.science.river.river_names import gather_names

AnchorKind = Literal["gauge", "reservoir", "crossing"]
RANKS = ("high", "medium", "low")
KIND_RANKS: tuple[AnchorKind, ...] = ("gauge", "crossing", "reservoir")


@dataclass(frozen=True, slots=True)
class KnownFlow:
    """A mean discharge known at a point, before it is looked for on a path; `catchments` in km2, empty where unknown."""

    code: str
    kind: AnchorKind
    rivers: Mapping[str, str]
    longitude: float
    latitude: float
    discharge_m3s: float
    catchments: tuple[float, ...]
    zone: str
    confidence: str
    source: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A known flow on a path, `distance_m` along the river from the release, on the stretch `stretch`."""

    flow: KnownFlow
    distance_m: float
    stretch: int

    @property
    def sigma_ln(self) -> float:
        """Spread of the mean by its confidence."""
        return load_coefficients("discharge").number(f"sigma.{self.flow.confidence}")

    @property
    def rank(self) -> tuple[int, int]:
        """The better of two comes first: by confidence, then posts before crossings and dams, often reckoned from posts."""
        return RANKS.index(self.flow.confidence), KIND_RANKS.index(self.flow.kind)


def list_known_flows(
    hydrology: Hydrology, *, with_dams: bool = False, left_out: frozenset[str] = frozenset()
) -> tuple[KnownFlow, ...]:
    """Posts that may be used and crossings with a mean discharge; dams if asked for (those on a path come with it)."""
    posts = (
        KnownFlow(
            gauge.code, "gauge", gauge.rivers, gauge.longitude, gauge.latitude, gauge.discharge_m3s,
            gauge.catchment_km2, gauge.zone, gauge.confidence, f"{gauge.rivers['ru']}, {gauge.name}: {gauge.source}",
        )
        for gauge in hydrology.gauges
        if gauge.discharge_m3s is not None and not gauge.why_unused
    )  # fmt: skip
    meetings = (
        KnownFlow(
            crossing.code, "crossing", {"ru": crossing.river}, crossing.longitude, crossing.latitude,
            crossing.discharge_m3s, (), "", crossing.confidence, f"{crossing.river}, {crossing.before}-{crossing.after}: "
            f"{crossing.source}",
        )
        for crossing in hydrology.crossings
        if crossing.discharge_m3s is not None
    )  # fmt: skip
    dams = (
        KnownFlow(
            dam.code, "reservoir", {"ru": dam.river}, dam.longitude, dam.latitude, dam.throughflow_m3s,
            (dam.catchment_km2,), "", dam.confidence, name_dam(dam),
        )
        for dam in hydrology.reservoirs
        if with_dams and dam.throughflow_m3s is not None and dam.catchment_km2 is not None
    )  # fmt: skip
    return tuple(flow for flow in (*posts, *meetings, *dams) if flow.code not in left_out)


def name_dam(dam: Reservoir) -> str:
    """Name and source of a dam, for the list of sources."""
    return f"{dam.names.get('ru', dam.code)}: {dam.source}"


def find_stretch_of_segments(path: RiverPath) -> NDArray[np.int64]:
    """Index of the stretch of each segment of the line, shape (k - 1,)."""
    middle = (path.vertex_m[:-1] + path.vertex_m[1:]) / 2
    found = np.clip(np.searchsorted(path.start_m, middle, side="right") - 1, 0, len(path) - 1)
    return np.asarray(found, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Snapper:
    """A path made ready for snapping: `segment_stretch` (k - 1,), names and openness of each stretch, box of the line."""

    path: RiverPath
    segment_stretch: NDArray[np.int64]
    names: tuple[frozenset[str], ...]
    is_river: NDArray[np.bool_]
    box: tuple[float, float, float, float]

    def is_near(self, flow: KnownFlow, limit_m: float) -> bool:
        """The point lies in the box of the line, widened by the limit (twice it for longitudes)."""
        pad = limit_m / METRES_PER_DEGREE
        west, south, east, north = self.box
        is_inside = west - 2 * pad <= flow.longitude <= east + 2 * pad
        return is_inside and south - pad <= flow.latitude <= north + pad

    def snap(self, flow: KnownFlow) -> Anchor | None:
        """The place of a known flow on the path; None if it is too far, on another river or its catchment disagrees."""
        table = load_coefficients("discharge")
        if not self.is_near(flow, table.number("snap.named_m")):
            return None
        wanted = gather_names(flow.rivers.values())
        shares = np.array([bool(wanted & names) for names in self.names]) & self.is_river
        anchor = self.place(flow, shares, "named")
        if anchor is not None or not flow.catchments:
            return anchor
        nameless = np.array([not names for names in self.names]) & self.is_river
        return self.place(flow, nameless, "unnamed")

    def place(self, flow: KnownFlow, is_open: NDArray[np.bool_], kind: str) -> Anchor | None:
        table = load_coefficients("discharge")
        open_segments = is_open[self.segment_stretch]
        foot = find_foot(self.path.vertices, (flow.longitude, flow.latitude), is_open=open_segments)
        if foot is None or foot.off_m > table.number(f"snap.{kind}_m"):
            return None
        stretch = int(self.segment_stretch[foot.segment])
        if not is_plausible(flow.catchments, float(self.path.upland_km2[stretch]), table.number(f"snap.{kind}_area")):
            return None
        begin, end = self.path.vertex_m[foot.segment : foot.segment + 2]
        return Anchor(flow, float(begin + foot.share * (end - begin)), stretch)


def make_snapper(path: RiverPath) -> Snapper:
    """Make a path ready for snapping."""
    lon, lat = path.vertices[:, 0], path.vertices[:, 1]
    return Snapper(
        path=path,
        segment_stretch=find_stretch_of_segments(path),
        names=tuple(gather_names(names.values()) for names in path.rivers),
        is_river=np.asarray(path.reach_ids != 0),
        box=(float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())),
    )


def list_dams(path: RiverPath) -> list[Anchor]:
    """Dams of the path with a known throughflow, each at the lower end of its lake.

    A dam whose catchment is not that of the path holds back another river that ends near by.
    """
    anchors = []
    factor = load_coefficients("discharge").number("snap.named_area")
    for place, reservoir in enumerate(path.reservoirs):
        held = np.flatnonzero(path.reservoir_index == place)
        if reservoir.throughflow_m3s is None or not held.size:
            continue
        last = int(held[-1])
        area = () if reservoir.catchment_km2 is None else (reservoir.catchment_km2,)
        flow = KnownFlow(
            reservoir.code, "reservoir", {"ru": reservoir.river}, reservoir.longitude, reservoir.latitude,
            reservoir.throughflow_m3s, area, "", reservoir.confidence, name_dam(reservoir),
        )  # fmt: skip
        if is_plausible(area, float(path.upland_km2[last]), factor):
            anchors.append(Anchor(flow, float(path.start_m[last] + path.length_m[last]), last))
    return anchors


def keep_best(anchors: Iterable[Anchor]) -> tuple[Anchor, ...]:
    """Anchors along the path; of two that are near to each other on it the better one."""
    table = load_coefficients("discharge")
    kept: list[Anchor] = []
    for anchor in sorted(anchors, key=lambda anchor: anchor.rank):
        limit = table.number("snap.merge_dam_m" if anchor.flow.kind == "reservoir" else "snap.merge_m")
        if all(abs(anchor.distance_m - other.distance_m) > limit for other in kept):
            kept.append(anchor)
    return tuple(sorted(kept, key=lambda anchor: anchor.distance_m))


def find_anchors(path: RiverPath, hydrology: Hydrology, *, left_out: frozenset[str] = frozenset()) -> tuple[Anchor, ...]:
    """Known flows on a path in the order of the flow; `left_out` codes take no part (checks by leaving one out)."""
    if len(path.vertices) < 2:
        return ()
    snapper = make_snapper(path)
    snapped = (snapper.snap(flow) for flow in list_known_flows(hydrology, left_out=left_out))
    dams = (dam for dam in list_dams(path) if dam.flow.code not in left_out)
    return keep_best([*(anchor for anchor in snapped if anchor is not None), *dams])
