"""Which reservoirs lie on a path, and from where to where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boget.science.river.catchments import is_plausible
from boget.science.river.coefficients import load_coefficients
from boget.science.river.path_pieces import APPROACH, Draft
from boget.science.river.path_rules import read_rule
from boget.science.river.polyline import Foot, find_foot
from boget.science.river.reservoirs import Reservoir
from boget.science.river.river_names import can_be_same, gather_names, list_names

CUBIC_METRES_PER_KM3 = 1e9
BOX_MARGIN_DEG = 0.5
"""More than any limit of the table, even at 70 degrees north."""


@dataclass(frozen=True, slots=True)
class Lake:
    """A reservoir on a path: the lake from `head_m` to the dam at `dam_m`, m along the river."""

    reservoir: Reservoir
    head_m: float
    dam_m: float


def estimate_length(reservoir: Reservoir) -> float:
    """Length of a lake along the river, m: the table's, else by a power law of its volume (placeholder)."""
    if reservoir.length_m is not None:
        return reservoir.length_m
    volume_km3 = reservoir.volume_m3 / CUBIC_METRES_PER_KM3
    return float(read_rule("lake_length_factor") * volume_km3 ** read_rule("lake_length_power"))


@dataclass(frozen=True, slots=True)
class NamedDraft:
    """A draft with the names of the river of each piece; None on the approach, where no reservoir is looked for."""

    draft: Draft
    names: tuple[frozenset[str] | None, ...]

    def find_open(self, reservoir: Reservoir) -> NDArray[np.bool_]:
        """True for the segments between vertices that can be the river of the dam, by name and catchment, (k - 1,)."""
        asked, factor = list_names(reservoir.river), load_coefficients("discharge").number("snap.named_area")
        areas = () if reservoir.catchment_km2 is None else (reservoir.catchment_km2,)
        is_open = np.array(
            [
                known is not None and can_be_same(asked, known) and is_plausible(areas, piece.upland_km2, factor)
                for known, piece in zip(self.names, self.draft.pieces, strict=True)
            ]
        )
        return is_open[self.draft.find_segment_pieces()]

    def is_same_river(self, place: int, asked: frozenset[str]) -> bool:
        """The piece above another one is the same river: by its name, or nameless and no mere tributary of it."""
        known = self.names[place]
        if known is None or not can_be_same(asked, known):
            return False
        jump = load_coefficients("discharge").number("run.jump")
        is_grown = self.draft.pieces[place + 1].upland_km2 > jump * self.draft.pieces[place].upland_km2
        return bool(asked & known) or not is_grown


def name_draft(draft: Draft) -> NamedDraft:
    return NamedDraft(
        draft, tuple(None if piece.reach_id == APPROACH else gather_names(piece.names.values()) for piece in draft.pieces)
    )


def find_limit(named: NamedDraft, reservoir: Reservoir, segment: int) -> float:
    """How far a dam may lie from the line, m: farther where river and reservoir carry the same name."""
    known = named.names[named.draft.find_segment_pieces()[segment]]
    is_named = bool(known and known & list_names(reservoir.river))
    return read_rule("dam_limit_named" if is_named else "dam_limit")


def find_dam(named: NamedDraft, reservoir: Reservoir) -> Foot | None:
    """The place of the dam on the river of its name, or on one without a name, of its catchment; None if it is too far."""
    draft, point = named.draft, (reservoir.longitude, reservoir.latitude)
    foot = find_foot(draft.vertices, point, is_open=named.find_open(reservoir))
    return foot if foot is not None and foot.off_m <= find_limit(named, reservoir, foot.segment) else None


def find_river_head(named: NamedDraft, reservoir: Reservoir, dam_m: float) -> float:
    """How far up from its dam a lake can reach: to where the river of its name begins on this path, m along the river."""
    place = int(np.searchsorted(named.draft.river_m, dam_m, side="left")) - 1
    asked = list_names(reservoir.river)
    while place > 0 and named.is_same_river(place - 1, asked):
        place -= 1
    return float(named.draft.river_m[max(place, 0)])


def place_lake(named: NamedDraft, reservoir: Reservoir) -> Lake | None:
    """The lake of a reservoir on a path, None if its dam is not on it."""
    foot = find_dam(named, reservoir)
    if foot is None:
        return None
    draft = named.draft
    begin, end = draft.vertex_m[foot.segment], draft.vertex_m[foot.segment + 1]
    dam_m = float(begin + foot.share * (end - begin))
    head_m = max(dam_m - estimate_length(reservoir), find_river_head(named, reservoir, dam_m), draft.approach_m)
    return Lake(reservoir, head_m, dam_m)


def list_near(draft: Draft, reservoirs: Sequence[Reservoir]) -> list[Reservoir]:
    """The reservoirs within a box round the path, half a degree wider."""
    low, high = draft.vertices.min(axis=0) - BOX_MARGIN_DEG, draft.vertices.max(axis=0) + BOX_MARGIN_DEG
    return [
        dam for dam in reservoirs if low[0] <= dam.longitude <= high[0] and low[1] <= dam.latitude <= high[1]
    ]  # fmt: skip


def find_lakes(draft: Draft, reservoirs: Sequence[Reservoir]) -> tuple[Lake, ...]:
    """The reservoirs on a path in the order of the flow; none reaches above the dam of the one before.

    A dam that is nearest to the very point where the approach or a tributary comes to its river stands above that point: no
    water of the path is in its lake, and it is left out.
    """
    named = name_draft(draft)
    found = [lake for dam in list_near(draft, reservoirs) if (lake := place_lake(named, dam)) is not None]
    lakes: list[Lake] = []
    shortest = read_rule("shortest_stretch")
    for lake in sorted(found, key=lambda lake: lake.dam_m):
        head = max(lake.head_m, lakes[-1].dam_m) if lakes else lake.head_m
        if lake.dam_m - head > shortest:
            lakes.append(Lake(lake.reservoir, head, lake.dam_m))
    return tuple(lakes)
