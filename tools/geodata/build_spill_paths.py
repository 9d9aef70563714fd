"""Compute the spill paths: where water runs from each known facility, down to a sea, a lake or the edge of the data.

    python tools/geodata/build_spill_paths.py [../shared/geodata/hydro]

Walks the 30" flow directions (D8) from the point of each facility until it meets the river network, takes every reach
from there to the end, and writes under src/boget/data/kz/

    spill_paths.csv       reaches, upstream first; the line is generalised and rounded to 0.001 degrees
    spill_ends.csv        where the paths end, with names
    facility_reach.csv    the entry of each facility into the network, its countries, and what to be careful about
    spill_borders.csv     where each path meets the border of Kazakhstan (borders.py)

The network, the grid and the polygons (`admin` beside the folder) themselves stay outside the repository. Needs rasterio
(tools/geodata/requirements.txt).
"""

from __future__ import annotations

import csv
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import rasterio
import shapely
from pyproj import Geod

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "src"), str(HERE)]

from borders import Borders, Meeting, Vertex  # noqa: E402

from boget.science.io.inventory import InventoryRow, read_inventory  # noqa: E402
from boget.science.io.spillpaths import BORDER_COLUMNS, FACILITY_COLUMNS, PATH_COLUMNS, encode_line  # noqa: E402

DEFAULT_FOLDER = ROOT.parent / "shared" / "geodata" / "hydro"
KZ = ROOT / "src" / "boget" / "data" / "kz"
STEP = {1: (0, 1), 2: (1, 1), 4: (1, 0), 8: (1, -1), 16: (0, -1), 32: (-1, -1), 64: (-1, 0), 128: (-1, 1)}
"""Row and column step of each D8 code (ESRI and HydroSHEDS DIR): 1 is east, then clockwise."""
TOLERANCE_DEG = 0.003
"""Lines are generalised by at most this much, a third of a cell: the stairs of the grid go, the course stays."""
LONG_APPROACH_KM = 10.0
NETWORK_UPLAND_KM2 = 200.0
"""Catchment from which the network has reaches."""
"""From here the first stretch is too long to be trusted on a 1 km terrain."""
ELLIPSOID = Geod(ellps="WGS84")
CELLS_PER_DEGREE = 1200
"""Key of a vertex: half cells of 1/600 degree never coincide."""


@dataclass(frozen=True)
class Entry:
    """Where a facility's water meets the network; `reach` is 0 where it ends before."""

    facility: InventoryRow
    reach: int
    entry_km: float
    off_network_km: float
    line: list[tuple[float, float]]


def read_reaches(folder: Path) -> dict[int, dict[str, Any]]:
    """All reaches by id, with their lines."""
    meta, _, geometry, columns = pyogrio.raw.read(folder / "kz_rivers_network.gpkg", layer="rivers")
    rows = zip(*columns, strict=True)
    reaches = [dict(zip(meta["fields"], row, strict=True)) for row in rows]
    for reach, shape in zip(reaches, shapely.from_wkb(geometry), strict=True):
        reach["line"] = [tuple(point) for point in shapely.get_coordinates(shape)]
    known = {int(reach["HYRIV_ID"]): reach for reach in reaches}
    note_tops(known)
    return known


def make_key(point: Iterable[float]) -> tuple[int, ...]:
    return tuple(round(value * CELLS_PER_DEGREE) for value in point)


def index_vertices(reaches: dict[int, dict[str, Any]]) -> dict[tuple[int, ...], tuple[int, int]]:
    """Reach and vertex number of each cell of the network; a shared cell belongs to the reach that begins there."""
    last = {make_key(reach["line"][-1]): (key, len(reach["line"]) - 1) for key, reach in reaches.items()}
    inner = {
        make_key(point): (key, number) for key, reach in reaches.items() for number, point in enumerate(reach["line"][:-1])
    }
    return last | inner


def measure_km(line: list[tuple[float, float]]) -> float:
    """Length on the ellipsoid in km."""
    lons, lats = zip(*line, strict=True)
    return ELLIPSOID.line_length(lons, lats) / 1000 if len(line) > 1 else 0.0


def walk_down(grid: Any, directions: np.ndarray, start: tuple[float, float], vertices: dict) -> list:  # type: ignore[type-arg]
    """Cell centres from the cell of a point to the network, or to where the flow ends."""
    row, column = grid.index(*start)
    path = [grid.xy(row, column)]
    while make_key(path[-1]) not in vertices and int(directions[row, column]) in STEP:
        step = STEP[int(directions[row, column])]
        row, column = row + step[0], column + step[1]
        path.append(grid.xy(row, column))
    return path


def find_entries(folder: Path, reaches: dict[int, dict[str, Any]]) -> list[Entry]:
    """The entry of every facility that has coordinates."""
    facilities, errors = read_inventory(KZ / "facilities.csv")
    if errors:
        raise SystemExit(f"facilities.csv: {errors[0]}")
    vertices = index_vertices(reaches)
    entries = []
    with rasterio.open(folder / "kz_d8_30s.tif") as grid:
        directions = grid.read(1)
        for row in facilities:
            if row.lon is not None and row.lat is not None:
                path = walk_down(grid, directions, (row.lon, row.lat), vertices)
                entries.append(make_entry(row, path, reaches, vertices))
    return entries


def make_entry(row: InventoryRow, path: list[tuple[float, float]], reaches: dict, vertices: dict) -> Entry:  # type: ignore[type-arg]
    reach, vertex = vertices.get(make_key(path[-1]), (0, 0))
    inside = measure_km(reaches[reach]["line"][: vertex + 1]) if vertex else 0.0
    line = [(row.lon, row.lat), *path]
    return Entry(row, reach, inside, measure_km(line), line)  # type: ignore[arg-type]


def collect_downstream(entries: list[Entry], reaches: dict[int, dict[str, Any]]) -> list[int]:
    """Every reach below an entry, upstream first: by the distance of its outlet from the end."""
    used: set[int] = set()
    for entry in entries:
        reach = entry.reach
        while reach and reach not in used:
            used.add(reach)
            reach = int(reaches[reach]["NEXT_DOWN"])
    depth: dict[int, int] = {0: 0}

    def count_steps(reach: int) -> int:
        chain = []
        while reach not in depth:
            chain.append(reach)
            reach = int(reaches[reach]["NEXT_DOWN"])
        for link in reversed(chain):
            depth[link] = depth[int(reaches[link]["NEXT_DOWN"])] + 1
        return depth[chain[0]] if chain else depth[reach]

    return sorted(used, key=lambda key: (-count_steps(key), key))


def find_name(reach: dict[str, Any], rules: list[dict[str, Any]]) -> str:
    """The network's Russian name after the corrections."""
    own = reach["NAME_RU"]
    name = own if isinstance(own, str) else ""
    for rule in rules:
        holds = (
            rule["from"] == name,
            reach["line"][0][0] >= rule.get("min_lon", -180),
            int(reach["MAIN_RIV"]) == rule.get("main", int(reach["MAIN_RIV"])),
            rule.get("min_upland_km2", 0) <= reach["UPLAND_SKM"] <= rule.get("max_upland_km2", float("inf")),
        )
        name = rule["to"] if all(holds) else name
    return name


def generalise(line: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Take the stairs of the grid out of a line; its ends stay."""
    if len(line) < 3:
        return line
    return [tuple(point) for point in shapely.get_coordinates(shapely.LineString(line).simplify(TOLERANCE_DEG))]  # type: ignore[misc]


def find_end(reach: int, rules: dict[str, Any]) -> str:
    return next((code for code, end in rules["end"].items() if reach in end["reaches"]), "")


def find_nearest_end(point: tuple[float, float], rules: dict[str, Any]) -> str:
    """The end named by a point within half a degree, for water that stops before it meets the network."""
    for code, end in rules["end"].items():
        for lon, lat in end.get("points", []):
            if max(abs(point[0] - lon), abs(point[1] - lat)) < 0.5:
                return str(code)
    raise SystemExit(f"no end named near {point}")


def find_country(reach: dict[str, Any], rules: dict[str, Any], borders: Borders) -> str:
    """The network's country, else that of the place of the reach; empty on the sea."""
    told = reach["COUNTRY"]
    return rules["country"][told] if isinstance(told, str) else borders.name_country(reach["line"][0])


def note_tops(reaches: dict[int, dict[str, Any]]) -> None:
    """Note on every reach the catchment at its beginning: that of the reaches above it together, km2."""
    for reach in reaches.values():
        below = reaches.get(int(reach["NEXT_DOWN"]))
        if below is not None:
            below["TOP_SKM"] = below.get("TOP_SKM", 0.0) + float(reach["UPLAND_SKM"])


def find_top(reach: dict[str, Any]) -> float:
    """Catchment at the beginning of a reach; the first of a river begins where the network does."""
    return min(float(reach.get("TOP_SKM", NETWORK_UPLAND_KM2)), float(reach["UPLAND_SKM"]))


def render_reach(reach: dict[str, Any], rules: dict[str, Any], borders: Borders) -> dict[str, Any]:
    """One line of spill_paths.csv."""
    river = rules["river"].get(find_name(reach, rules["rename"]), {})
    last = not int(reach["NEXT_DOWN"])
    return {
        "id": int(reach["HYRIV_ID"]),
        "next": int(reach["NEXT_DOWN"]),
        "length_km": round(float(reach["LENGTH_KM"]), 2),
        "top_km2": round(find_top(reach)),
        "upland_km2": round(float(reach["UPLAND_SKM"])),
        "slope": round(float(reach["SLOPE_MKM"]) / 1000, 6),
        "sinuosity": river.get("sinuosity", ""),
        **{f"name_{code}": river.get("names", {}).get(code, "") for code in ("ru", "kk", "en")},
        "country": find_country(reach, rules, borders),
        "dist_down_km": round(float(reach["DIST_DN_KM"]), 1),
        "end": find_end(int(reach["HYRIV_ID"]), rules) if last else "",
        "line": encode_line(generalise(reach["line"])),
    }


def find_cautions(entry: Entry, others: list[str]) -> list[str]:
    """What a reader must know before using the first stretch."""
    cautions = [f"point_{entry.facility.coord_precision}"]
    cautions += ["long_approach"] if entry.off_network_km > LONG_APPROACH_KM else []
    cautions += [] if entry.reach else ["no_river"]
    return cautions + (["other_river"] if entry.facility.id in others else [])


def follow_path(entry: Entry, reaches: dict[int, dict[str, Any]]) -> list[Vertex]:
    """Every point from the facility to the end, with its distance in the lengths of the network."""
    path = list(measure_along(entry.line, 0.0, entry.off_network_km))
    reach, skip = entry.reach, entry.entry_km
    while reach:
        line, length = reaches[reach]["line"], float(reaches[reach]["LENGTH_KM"])
        begin = path[-1].km - skip
        path += [vertex for vertex in measure_along(line, begin, length) if vertex.km > path[-1].km]
        path.append(Vertex(line[-1], max(begin + length, path[-1].km)))
        reach, skip = int(reaches[reach]["NEXT_DOWN"]), 0.0
    return path


def measure_along(line: list[tuple[float, float]], begin: float, length: float) -> Iterator[Vertex]:
    """The points of a line that is `length` km long by its source and begins at `begin`."""
    steps = [0.0, *(measure_km(list(pair)) for pair in pairwise(line))]
    scale, gone = length / (sum(steps) or 1.0), 0.0
    for point, step in zip(line, steps, strict=True):
        gone += step * scale
        yield Vertex(point, begin + gone)


def render_meeting(facility_id: str, number: int, meeting: Meeting) -> dict[str, Any]:
    """One line of spill_borders.csv."""
    ends = {"touch": meeting.touch, "leave": meeting.leave}
    row = {"facility_id": facility_id, "number": number, "before": meeting.before, "after": meeting.after}
    for name, vertex in ends.items():
        row |= {f"{name}_km": round(vertex.km, 1)}
        row |= {f"{name}_lon": round(vertex.point[0], 3), f"{name}_lat": round(vertex.point[1], 3)}
    return row


def render_entry(entry: Entry, rules: dict[str, Any], borders: Borders) -> dict[str, Any]:
    """One line of facility_reach.csv."""
    return {
        "facility_id": entry.facility.id,
        "reach_id": entry.reach or "",
        "entry_km": round(entry.entry_km, 1) if entry.reach else "",
        "off_network_km": round(entry.off_network_km, 1),
        "end": "" if entry.reach else find_nearest_end(entry.line[-1], rules),
        "countries": ";".join(borders.list_countries(entry.line)),
        "cautions": ";".join(find_cautions(entry, rules["other_river"]["ids"])),
        "line": encode_line(generalise(entry.line)),
    }


def write_table(name: str, columns: Iterable[str], rows: Iterable[dict[str, Any]]) -> None:
    with (KZ / name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(columns), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main(folder: Path = DEFAULT_FOLDER) -> None:
    rules = tomllib.loads((HERE / "spill_paths.toml").read_text(encoding="utf-8"))
    reaches = read_reaches(folder)
    entries = find_entries(folder, reaches)
    used = collect_downstream(entries, reaches)
    borders = Borders(folder.parent / "admin", rules["country"])
    write_table("spill_paths.csv", PATH_COLUMNS, (render_reach(reaches[key], rules, borders) for key in used))
    write_table("facility_reach.csv", FACILITY_COLUMNS, (render_entry(entry, rules, borders) for entry in entries))
    meetings = (
        render_meeting(entry.facility.id, number, meeting)
        for entry in entries
        for number, meeting in enumerate(borders.find_meetings(follow_path(entry, reaches)), start=1)
    )
    write_table("spill_borders.csv", BORDER_COLUMNS, meetings)
    ends = ({"end": code, "kind": end["kind"]} | {f"name_{k}": v for k, v in end["names"].items()}
            for code, end in rules["end"].items())  # fmt: skip
    write_table("spill_ends.csv", ("end", "kind", "name_en", "name_ru", "name_kk"), ends)
    sys.stdout.write(f"{len(used)} reaches below {len(entries)} facilities\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
