"""From a release down to the end of its river: the path, cut at reservoirs and borders.

Distances are metres of the river: the length of the network times the sinuosity of the river, 1 where not measured.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from boget.science.errors import InvalidInput, MissingData
from boget.science.river.borders import BorderMeeting
from boget.science.river.crossing import Countries, find_meetings, locate_meetings, note_country_changes
from boget.science.river.entries import FacilityEntry
from boget.science.river.network import END, RiverNetwork
from boget.science.river.path import NO_RESERVOIR, RiverPath
from boget.science.river.path_pieces import (
    METRES_PER_KM,
    Draft,
    Piece,
    collect_pieces,
    draft_path,
    make_approach,
)
from boget.science.river.path_reservoirs import Lake, find_lakes
from boget.science.river.path_rules import read_rule
from boget.science.river.polyline import Floats, measure_steps
from boget.science.river.reservoirs import Reservoir
from boget.science.river.snapping import check_point, find_nearest_reach, measure_boxes
from boget.science.river.tracing import FlowGrid, Trace, trace_d8

VERSION_DIGITS = 12
LINE_DECIMALS = 7
FLAG_IN_RESERVOIR = "border_in_reservoir"
CHOSEN_POINT = "point_chosen"


def network_version(network: RiverNetwork) -> str:
    """Fingerprint of a network: the first 12 hexadecimal digits of the SHA-256 of its arrays, names and lines.

    Lines are rounded to a centimetre, so that the same network has the same fingerprint in every file format.
    """
    digest = hashlib.sha256()
    for array in (network.ids, network.next_index, network.length_km, network.upland_km2, network.slope):
        digest.update(np.ascontiguousarray(array).tobytes())
    for reach in network.reaches:
        text = f"{reach.sinuosity}|{reach.top_km2}|{sorted(reach.names.items())}|{reach.country}|{reach.terminal}"
        digest.update(text.encode())
        digest.update(b"" if reach.line is None else np.round(reach.line, LINE_DECIMALS).tobytes())
    return digest.hexdigest()[:VERSION_DIGITS]


def list_upstream(network: RiverNetwork, index: int) -> NDArray[np.int64]:
    """Indices of all reaches whose water comes through the reach at `index`, itself last, in the order of the flow."""
    wet = np.zeros(len(network), dtype=bool)
    wet[index] = True
    for place in range(index - 1, -1, -1):  # the next reach always stands later
        after = network.next_index[place]
        wet[place] = after != END and wet[after]
    return np.flatnonzero(wet[: index + 1]).astype(np.int64)


# ---- cuts


def cut_distances(draft: Draft, marks: Sequence[float]) -> Floats:
    """Ends of the stretches: those of the pieces and the marks between them, (n + 1,), m; nearer than a table limit is one."""
    shortest = read_rule("shortest_stretch")
    inner = np.array([mark for mark in sorted(marks) if np.abs(draft.river_m - mark).min() > shortest])
    if inner.size:
        inner = inner[np.concatenate([[True], np.diff(inner) > shortest])]
    return np.sort(np.concatenate([draft.river_m, inner]))


def find_lake_numbers(ends: Floats, lakes: Sequence[Lake]) -> NDArray[np.int64]:
    """The lake of each stretch, by its middle, or NO_RESERVOIR."""
    middle = (ends[:-1] + ends[1:]) / 2
    numbers = np.full(len(middle), NO_RESERVOIR, dtype=np.int64)
    for number, lake in enumerate(lakes):
        numbers[(middle > lake.head_m) & (middle < lake.dam_m)] = number
    return numbers


def name_countries(ends: Floats, told: Sequence[str], borders: Sequence[BorderMeeting]) -> tuple[str, ...]:
    """Country of each stretch: that of the network, unless a crossing above or below says that it cannot be that one."""
    crossings = [meeting for meeting in borders if meeting.is_crossing]
    leaves = np.array([meeting.leave_m for meeting in crossings])
    countries = []
    for middle, own in zip((ends[:-1] + ends[1:]) / 2, told, strict=True):
        passed = int(np.searchsorted(leaves, middle))
        entered = crossings[passed - 1].after if passed else ""
        left = crossings[passed - 1].before if passed else ""
        stays = crossings[passed].before if passed < len(crossings) else ""
        coming = crossings[passed].after if passed < len(crossings) else ""
        countries.append(entered or stays or own if own in {left, coming} - {""} or not own else own)
    return tuple(countries)


def has_border_inside(borders: Sequence[BorderMeeting], lakes: Sequence[Lake]) -> bool:
    """True if a path meets a border within a reservoir: there is no moment at which the water crosses it."""
    marks = [mark for meeting in borders for mark in (meeting.touch_m, meeting.leave_m)]
    return any(lake.head_m < mark < lake.dam_m for lake in lakes for mark in marks)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a path passes, and what is said of it."""

    reservoirs: Sequence[Reservoir]
    borders: Sequence[BorderMeeting]
    end: str
    cautions: tuple[str, ...]
    version: str


def finish_path(draft: Draft, around: Surroundings) -> RiverPath:
    """Cut a draft at its reservoirs and border crossings and write it as arrays."""
    lakes = find_lakes(draft, around.reservoirs)
    marks = [mark for lake in lakes for mark in (lake.head_m, lake.dam_m)]
    marks += [meeting.leave_m for meeting in around.borders if meeting.is_crossing]
    ends = cut_distances(draft, marks)
    owner = np.searchsorted(draft.river_m, (ends[:-1] + ends[1:]) / 2) - 1
    pieces = [draft.pieces[place] for place in owner]
    flags = (FLAG_IN_RESERVOIR,) if has_border_inside(around.borders, lakes) else ()
    return RiverPath(
        reach_ids=np.array([piece.reach_id for piece in pieces], dtype=np.int64),
        length_m=np.diff(ends),
        start_m=ends[:-1].copy(),
        sinuosity=np.array([piece.sinuosity for piece in pieces]),
        upland_km2=np.array([piece.upland_km2 for piece in pieces]),
        slope=np.array([piece.slope for piece in pieces]),
        reservoir_index=find_lake_numbers(ends, lakes),
        countries=name_countries(ends, [piece.country for piece in pieces], around.borders),
        rivers=tuple(piece.names for piece in pieces),
        reservoirs=tuple(lake.reservoir for lake in lakes),
        borders=tuple(around.borders),
        vertices=draft.vertices,
        vertex_m=draft.vertex_m,
        end=around.end,
        cautions=(*around.cautions, *flags),
        network_version=around.version,
    )


def find_end(network: RiverNetwork, index: int) -> str:
    """Code of the lake, sea or hollow where the path of a reach ends; empty where the network does not say."""
    return network.reaches[int(network.trace_down(index)[-1])].terminal


# ---- from a facility


def convert_meeting(draft: Draft, meeting: BorderMeeting) -> BorderMeeting:
    """A meeting in lengths of the network as one in lengths of the river."""
    return BorderMeeting(
        meeting.before,
        meeting.after,
        draft.convert_m(meeting.touch_m),
        meeting.touch,
        draft.convert_m(meeting.leave_m),
        meeting.leave,
    )


def route_from_entry(
    network: RiverNetwork,
    entry: FacilityEntry,
    *,
    reservoirs: Sequence[Reservoir],
    borders: Sequence[BorderMeeting],
    version: str,
) -> RiverPath:
    """The path of a facility's water, the approach first.

    Parameters
    ----------
    borders : meetings of this facility's path as `io.spillpaths.read_border_meetings` gives them: `touch_m`, `leave_m` in
        lengths of the network; in the path they are metres of the river
    version : `network_version` of the network

    Raises
    ------
    InvalidInput
        "unknown_reach" if the entry does not belong to the network.
    MissingData
        "line_missing"; "no_watercourse" where neither a reach nor a way to a lake is known.
    """
    pieces: list[Piece] = []
    if entry.off_network_km > 0:
        country = entry.countries[0] if entry.countries else ""
        pieces.append(make_approach(entry.line, entry.off_network_km * METRES_PER_KM, country))
    end = entry.end
    if entry.reach_id is not None:
        index = network.find_index(entry.reach_id)
        pieces += collect_pieces(network, index, (entry.entry_km or 0.0) * METRES_PER_KM)
        end = find_end(network, index)
    draft = draft_path(pieces)
    met = [convert_meeting(draft, meeting) for meeting in borders]
    return finish_path(draft, Surroundings(reservoirs, met, end, entry.cautions, version))


# ---- from a point or a place on a reach


def choose_borders(draft: Draft, known: Sequence[BorderMeeting], countries: Countries | None) -> tuple[BorderMeeting, ...]:
    """Meetings of a path: by polygons if there are any, else those known on this network, else where its countries change."""
    if countries is not None:
        return find_meetings(draft.vertices, countries, line_m=draft.vertex_m)
    if known:
        return locate_meetings(draft.vertices, draft.vertex_m, known)
    told = [piece.country for piece in draft.pieces]
    return note_country_changes(draft.vertices, draft.vertex_m, list(zip(draft.river_m[:-1], told, strict=True)))


def route_from_reach(
    network: RiverNetwork,
    reach_id: int,
    km: float,
    *,
    reservoirs: Sequence[Reservoir],
    version: str,
    borders: Sequence[BorderMeeting] = (),
    countries: Countries | None = None,
    lead: Piece | None = None,
    cautions: tuple[str, ...] = (),
) -> RiverPath:
    """The path from `km` (of the network) below the beginning of a reach.

    Parameters
    ----------
    borders : meetings known anywhere on this network; those on the path are found by their points
    countries : `io.polygons` or any other lookup of points; goes before `borders`
    lead : the way to the reach, if the release is not on it

    Raises
    ------
    InvalidInput
        "unknown_reach", "range" (a place that is not on the reach).
    """
    index = network.find_index(reach_id)
    length = float(network.length_km[index])
    if not 0 <= km <= length:
        raise InvalidInput("range", where=f"km of reach {reach_id}", value=km, allowed=f"0 to {length}")
    pieces = [lead] if lead is not None else []
    draft = draft_path([*pieces, *collect_pieces(network, index, km * METRES_PER_KM)])
    met = choose_borders(draft, borders, countries)
    return finish_path(draft, Surroundings(reservoirs, met, find_end(network, index), cautions, version))


def find_lead(network: RiverNetwork, point: tuple[float, float], grid: FlowGrid | None) -> Trace:
    """The way of the water from a point to the network: over the grid, or only the point where there is no grid."""
    if grid is None:
        return Trace(np.array([point]), True)
    boxes, cell = measure_boxes(network), read_rule("same_cell")

    def meets(lon: float, lat: float) -> bool:
        try:
            return find_nearest_reach(network, lon, lat, limit_m=cell, boxes=boxes).off_m <= cell
        except MissingData:
            return False

    has_upland = grid.read_upland(*grid.find_cell(*point)) is not None
    return trace_d8(grid, *point, threshold_km2=read_rule("network_upland"), meets=None if has_upland else meets)


def join_lead(line: Floats, country: str) -> Piece | None:
    """The way to the network as a piece; None where the release lies on the river."""
    length = float(measure_steps(line).sum())
    return make_approach(line, length, country) if length > read_rule("shortest_stretch") else None


def finish_in_sink(trace: Trace, around: Surroundings, countries: Countries | None) -> RiverPath:
    """The path of water that ends in a lake or a hollow before it meets a river."""
    lead = join_lead(trace.line, "")
    draft = draft_path([lead] if lead is not None else [])
    return finish_path(draft, replace(around, borders=choose_borders(draft, (), countries)))


def route_from_point(
    network: RiverNetwork,
    lon: float,
    lat: float,
    *,
    reservoirs: Sequence[Reservoir],
    version: str,
    borders: Sequence[BorderMeeting] = (),
    countries: Countries | None = None,
    grid: FlowGrid | None = None,
) -> RiverPath:
    """The path from a point in degrees: straight to the nearest reach, or over the flow directions of `grid`, then down.

    Parameters
    ----------
    borders, countries : as for `route_from_reach`
    grid : flow directions (`io.d8.open_flow_grid`); a walk that ends in a sink is a path of its own with the end inland_sink

    Raises
    ------
    InvalidInput
        "range", "not_finite" for a point that is not on the earth; "flow_cycle".
    MissingData
        "no_watercourse" if every reach is farther than the table allows; "outside_raster".
    """
    check_point(lon, lat)
    trace = find_lead(network, (lon, lat), grid)
    if not trace.is_river:
        cautions = (CHOSEN_POINT, "no_river")
        return finish_in_sink(trace, Surroundings(reservoirs, (), "inland_sink", cautions, version), countries)
    place = find_nearest_reach(network, float(trace.line[-1, 0]), float(trace.line[-1, 1]))
    reach = network.reaches[place.index]
    return route_from_reach(
        network,
        reach.id,
        place.km,
        reservoirs=reservoirs,
        version=version,
        borders=borders,
        countries=countries,
        lead=join_lead(np.vstack([trace.line, [place.longitude, place.latitude]]), reach.country),
        cautions=(CHOSEN_POINT,),
    )
