"""The reference traces: from each site over the flow directions to the network, down to the end, with the borders met.

The reference was traced on the flow directions alone, which stop at 57 degrees north, while the network goes on: its "end" is
where the path leaves the raster, or where the water ends before. Distances there are lengths of the network, without
sinuosity; the network of the reference folder carries none.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from boget.science.io.d8 import RasterGrid, open_flow_grid
from boget.science.io.hydrorivers import read_network
from boget.science.io.polygons import CountryPolygons, make_polygons, read_polygon_layer
from boget.science.river.borders import BorderMeeting
from boget.science.river.crossing import find_meetings
from boget.science.river.network import RiverNetwork
from boget.science.river.polyline import ELLIPSOID, Floats
from boget.science.river.routing import route_from_point

HOME = "KZ"
CODES = {
    "Russia": "RU", "China": "CN", "Uzbekistan": "UZ", "Kyrgyzstan": "KG", "Tajikistan": "TJ", "Turkmenistan": "TM",
    "Mongolia": "MN",
}  # fmt: skip
ALLOWED_KM = 3.0
ALLOWED_SHARE = 0.02
REENTRIES = {"Khromtau": ["KZ-RU", "RU-RU", "RU-KZ"]}
"""What the text beside the table says of the Ural: it leaves, touches the border again and comes back."""

Line = tuple[Floats, Floats]


def read_borders(folder: Path) -> CountryPolygons:
    """The state by OpenStreetMap and its neighbours by Natural Earth; what lies between the two outlines is the border."""
    path = folder / "admin" / "kz_admin.gpkg"
    home, state = read_polygon_layer(path, layer="adm0", code=HOME)
    codes, neighbours = read_polygon_layer(path, layer="countries_region_ne10m", field="name", codes=CODES)
    return make_polygons([*home, *codes], [*state, *neighbours])


def follow_site(network: RiverNetwork, grid: RasterGrid, place: tuple[float, float]) -> Line:
    """Vertices of the whole path of a site and their distances, m."""
    path = route_from_point(network, *place, grid=grid, reservoirs=(), version="")
    return path.vertices, path.vertex_m


def stop_at_edge(line: Line, grid: RasterGrid) -> Line:
    """The path as far as the raster goes."""
    bounds = grid.directions.source.bounds
    inside = (line[0] >= (bounds.left, bounds.bottom)) & (line[0] <= (bounds.right, bounds.top))
    outside = np.flatnonzero(~inside.all(axis=1))
    last = int(outside[0]) if outside.size else len(line[1])
    return line[0][:last], line[1][:last]


def find_exits(meetings: tuple[BorderMeeting, ...]) -> tuple[float | None, float | None, str]:
    """First touch and final exit from the state, km, and the country entered; none where the path stays."""
    exits = [meeting for meeting in meetings if meeting.is_crossing and meeting.before == HOME]
    if not exits:
        return None, None, ""
    return meetings[0].touch_m / 1000, exits[-1].leave_m / 1000, exits[-1].after


def compare(kind: str, found: float | None, told: str) -> dict[str, Any]:
    """One figure beside the table's; within 3 km or 2 %."""
    if found is None or not told:
        return {"kind": kind, "is_met": found is None and not told, "km": 0.0, "share": 0.0}
    off = abs(found - float(told))
    share = off / float(told)
    return {"kind": kind, "is_met": off <= ALLOWED_KM or share <= ALLOWED_SHARE, "km": off, "share": share}


def check_site(row: Mapping[str, str], line: Line, borders: CountryPolygons) -> dict[str, Any]:
    """All figures of one row."""
    meetings = find_meetings(line[0], borders, line_m=line[1])
    touch, leave, after = find_exits(meetings)
    told = CODES.get(row["next_country"], "")
    pairs = [f"{meeting.before}-{meeting.after}" for meeting in meetings]
    off = ELLIPSOID.inv(*line[0][-1], float(row["terminal_lon"]), float(row["terminal_lat"]))[2] / 1000
    figures = [
        compare("touch", touch, row["km_first_touch_border"]),
        compare("exit", leave, row["km_final_exit_border"]),
        compare("end", float(line[1][-1]) / 1000, row["terminal_km"]),
    ]
    is_met = all(figure["is_met"] for figure in figures) and after == told
    is_met = is_met and pairs == REENTRIES.get(row["site"], pairs)
    return {"site": row["site"], "is_met": is_met, "figures": figures, "meetings": pairs, "terminal_off_km": off}


def check_traces(shared: Path) -> dict[str, Any]:
    """Largest differences by kind (touch, exit, end) in km and as a share, rows met, rows in all, and each row."""
    folder = shared / "geodata"
    network, borders = read_network(folder / "hydro"), read_borders(folder)
    with (folder / "hydro" / "trace_tests.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    with open_flow_grid(folder / "hydro") as grid:
        sites = [
            check_site(row, stop_at_edge(follow_site(network, grid, (float(row["lon"]), float(row["lat"]))), grid), borders)
            for row in rows
        ]
    figures = [figure for site in sites for figure in site["figures"]]
    kinds = ("touch", "exit", "end")
    largest = {
        f"max_{unit}_{kind}": max(figure[unit] for figure in figures if figure["kind"] == kind)
        for kind in kinds for unit in ("km", "share")
    }  # fmt: skip
    worst = max(min(figure["km"] / ALLOWED_KM, figure["share"] / ALLOWED_SHARE) for figure in figures)
    return {
        **largest,
        "worst_of_allowance": worst,
        "rows_met": sum(site["is_met"] for site in sites),
        "rows": len(sites),
        "sites": sites,
    }
