"""The pieces from which a path is put together: the approach, and the reaches it follows, each with its line."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from boget.science.errors import InvalidInput, MissingData
from boget.science.river.network import Line, RiverNetwork
from boget.science.river.path_rules import read_rule
from boget.science.river.polyline import Floats, measure_along

APPROACH = 0
"""`reach_id` of what lies before the network."""
METRES_PER_KM = 1000.0


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch with its line (k, 2). `upland_km2` at its end, `top_km2` at its beginning, NaN where unknown. `network_m`
    is its length in the source, the river is `sinuosity` times as long;
    `line_m` are the distances of the vertices in lengths of the source, from 0 to `network_m`."""

    reach_id: int
    network_m: float
    sinuosity: float
    upland_km2: float
    slope: float
    country: str
    names: Mapping[str, str]
    line: Line
    line_m: Floats
    top_km2: float = float("nan")


def make_approach(line: Line, length_m: float, country: str) -> Piece:
    """The way from a release to the network along a drawn line; its catchment is a placeholder of the table."""
    upland = read_rule("approach_upland")
    return Piece(APPROACH, length_m, 1.0, upland, float("nan"), country, {}, line, measure_along(line, length_m))


def make_piece(network: RiverNetwork, index: int) -> Piece:
    """A whole reach; MissingData("line_missing") if the network has no line for it."""
    reach = network.reaches[index]
    if reach.line is None or not len(reach.line):
        raise MissingData("line_missing", where="reach", value=reach.id, hint="The network needs the line of every reach.")
    length = reach.length_km * METRES_PER_KM
    sinuosity = reach.sinuosity if np.isfinite(reach.sinuosity) and reach.sinuosity > 0 else 1.0
    along = measure_along(reach.line, length)
    return Piece(
        reach.id, length, sinuosity, reach.upland_km2, reach.slope, reach.country, reach.names, reach.line, along,
        reach.top_km2,
    )  # fmt: skip


def cut_head(piece: Piece, skip_m: float) -> Piece:
    """The piece from `skip_m` (in lengths of the source) down to its end."""
    begin = min(max(skip_m, 0.0), piece.network_m)
    point = [np.interp(begin, piece.line_m, piece.line[:, axis]) for axis in (0, 1)]
    later = piece.line_m > begin
    line = np.vstack([point, piece.line[later]]) if later.any() else np.array([point, piece.line[-1]])
    gone = np.concatenate([[begin], piece.line_m[later]]) if later.any() else np.array([begin, piece.network_m])
    top = interpolate_upland(piece, begin)
    return replace(piece, network_m=piece.network_m - begin, line=line, line_m=gone - begin, top_km2=top)


def interpolate_upland(piece: Piece, along_m: float) -> float:
    """Catchment at a distance from the beginning of a piece, km2: grown evenly along it; NaN where the top is unknown."""
    share = along_m / piece.network_m if piece.network_m > 0 else 1.0
    return piece.top_km2 + (piece.upland_km2 - piece.top_km2) * share


def split_piece(piece: Piece) -> list[Piece]:
    """A piece in parts of one length whose catchments grow by no more than a table share each.

    The first reach of a river begins at the catchment where the network does and may end at ten times that: one discharge for
    all of it would thin a release at its head tenfold.
    """
    growth = piece.upland_km2 / piece.top_km2 - 1.0 if piece.top_km2 > 0 else 0.0
    count = min(math.ceil(growth / read_rule("growth")), int(piece.network_m // read_rule("shortest_part")))
    rest, parts = piece, []
    for number in range(1, count):
        step = piece.network_m / count
        after = cut_head(rest, step)
        parts.append(replace(cut_tail(rest, step), upland_km2=interpolate_upland(piece, number * step)))
        rest = after
    return [*parts, rest]


def cut_tail(piece: Piece, keep_m: float) -> Piece:
    """The first `keep_m` (in lengths of the source) of a piece."""
    point = [np.interp(keep_m, piece.line_m, piece.line[:, axis]) for axis in (0, 1)]
    before = piece.line_m < keep_m
    line, along = np.vstack([piece.line[before], point]), np.append(piece.line_m[before], keep_m)
    return replace(piece, network_m=keep_m, line=line, line_m=along)


def collect_pieces(network: RiverNetwork, index: int, skip_m: float) -> list[Piece]:
    """The reach at `index` from `skip_m` on, and all reaches below it; what has no length is left out."""
    pieces = [make_piece(network, int(step)) for step in network.trace_down(index)]
    pieces[0] = cut_head(pieces[0], skip_m)
    return [part for piece in pieces if piece.network_m > 0 for part in split_piece(piece)]


@dataclass(frozen=True, slots=True)
class Draft:
    """A path before it is cut: one stretch for each piece, shape (n,). `network_m` (n + 1,) and `river_m` (n + 1,) are the
    distances of the ends of the stretches in lengths of the source and of the river; `vertices` (k, 2), `vertex_m` (k,)
    along the river; `vertex_piece` (k,) is the piece of each vertex."""

    pieces: tuple[Piece, ...]
    network_m: Floats
    river_m: Floats
    vertices: Floats
    vertex_m: Floats
    vertex_piece: NDArray[np.int64]

    @property
    def approach_m(self) -> float:
        """Length of the way to the network, m."""
        return float(self.river_m[1]) if self.pieces[0].reach_id == APPROACH else 0.0

    def convert_m(self, network_m: float) -> float:
        """Distance along the river of a distance in lengths of the source."""
        return float(np.interp(network_m, self.network_m, self.river_m))

    def find_segment_pieces(self) -> NDArray[np.int64]:
        """The piece of each segment between two vertices, (k - 1,)."""
        return self.vertex_piece[1:]


def sum_up(lengths: Sequence[float]) -> Floats:
    return np.concatenate([[0.0], np.cumsum(np.array(lengths, dtype=np.float64))])


def keep_rising(distances: Floats) -> NDArray[np.bool_]:
    """True for the vertices that lie farther than every one before; the first always, the last one of equal ones never."""
    return np.concatenate([[True], np.diff(np.maximum.accumulate(distances)) > 0])


def draft_path(pieces: Sequence[Piece]) -> Draft:
    """Put pieces one after the other.

    Raises
    ------
    MissingData
        "no_watercourse" if nothing of the path has a length.
    InvalidInput
        "not_finite" if a length is not a number.
    """
    if not pieces:
        raise MissingData("no_watercourse", where="release", hint="Move the point to a river, or choose another facility.")
    network_m = sum_up([piece.network_m for piece in pieces])
    river_m = sum_up([piece.network_m * piece.sinuosity for piece in pieces])
    if not np.isfinite(river_m).all():
        raise InvalidInput("not_finite", where="length of the path", value=float(river_m[-1]))
    numbers = np.concatenate([np.full(len(piece.line), place) for place, piece in enumerate(pieces)]).astype(np.int64)
    lines: Any = [piece.line for piece in pieces]
    along = [begin + piece.line_m * piece.sinuosity for begin, piece in zip(river_m[:-1], pieces, strict=True)]
    vertices, distances = np.vstack(lines), np.concatenate(along)
    kept = keep_rising(distances)
    return Draft(tuple(pieces), network_m, river_m, vertices[kept], distances[kept], numbers[kept])
