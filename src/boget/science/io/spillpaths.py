"""Read the embedded spill paths: the reaches downstream of the known facilities and where each facility enters them.

Lines are stored as text in the polyline code of signed, zig-zag, base-32 differences, with three decimals of a degree
(about 100 m): latitude first, as is usual for that code; here a line is always longitude and latitude.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from boget.science.errors import InvalidInput
from boget.science.river.borders import BorderMeeting
from boget.science.river.entries import FacilityEntry
from boget.science.river.network import Line, Reach, RiverNetwork, build_network

PATH_COLUMNS = (
    "id",
    "next",
    "length_km",
    "top_km2",
    "upland_km2",
    "slope",
    "sinuosity",
    "name_ru",
    "name_kk",
    "name_en",
    "country",
    "dist_down_km",
    "end",
    "line",
)
FACILITY_COLUMNS = ("facility_id", "reach_id", "entry_km", "off_network_km", "end", "countries", "cautions", "line")
BORDER_COLUMNS = (
    "facility_id",
    "number",
    "before",
    "after",
    "touch_km",
    "touch_lon",
    "touch_lat",
    "leave_km",
    "leave_lon",
    "leave_lat",
)
UNITS_PER_DEGREE = 1000
METRES_PER_KM = 1000.0
LANGUAGES = ("ru", "kk", "en")


@dataclass(frozen=True, slots=True)
class PathEnd:
    """Where paths end. `kind` is sea, lake, sands, hollow or network_edge; `names` by language."""

    code: str
    kind: str
    names: dict[str, str]


def encode_number(value: int) -> str:
    """One signed whole number as text.

    Examples
    --------
    >>> encode_number(-179)
    'dJ'
    """
    rest = ~(value << 1) if value < 0 else value << 1
    text = ""
    while rest >= 0x20:
        text += chr((0x20 | (rest & 0x1F)) + 63)
        rest >>= 5
    return text + chr(rest + 63)


def encode_line(points: Iterable[Iterable[float]]) -> str:
    """Text of a line given as (longitude, latitude) in degrees, rounded to 0.001.

    Examples
    --------
    >>> encode_line([(83.516, 50.345), (83.5, 50.35)])
    'qiaBwbbDI^'
    """
    text, before = "", (0, 0)
    for lon, lat in points:
        now = (round(lat * UNITS_PER_DEGREE), round(lon * UNITS_PER_DEGREE))
        text += encode_number(now[0] - before[0]) + encode_number(now[1] - before[1])
        before = now
    return text


def decode_numbers(text: str) -> Iterator[int]:
    """The signed whole numbers of an encoded text; InvalidInput("line_code") if it breaks off or holds other signs."""
    value = shift = 0
    for char in text:
        part = ord(char) - 63
        if not 0 <= part < 64:
            raise InvalidInput("line_code", where="line", value=char, hint="The encoded line is damaged.")
        value |= (part & 0x1F) << shift
        shift += 5
        if part < 0x20:
            yield ~(value >> 1) if value & 1 else value >> 1
            value = shift = 0
    if shift:
        raise InvalidInput("line_code", where="line", value=text, hint="The encoded line breaks off.")


def decode_line(text: str) -> Line:
    """Vertices of an encoded line, shape (k, 2): longitude, latitude in degrees.

    Examples
    --------
    >>> decode_line('qiaBwbbDI^').tolist()
    [[83.516, 50.345], [83.5, 50.35]]
    """
    steps = np.array(list(decode_numbers(text)), dtype=np.int64)
    if steps.size % 2:
        raise InvalidInput("line_code", where="line", value=text, hint="A point of the line has no longitude.")
    return np.cumsum(steps.reshape(-1, 2), axis=0)[:, ::-1] / UNITS_PER_DEGREE


def read_table(path: Path | str, columns: Iterable[str]) -> list[dict[str, str]]:
    """Rows of a CSV file; InvalidInput("missing_column") names the first column that is not there."""
    with Path(path).open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        for name in columns:
            if name not in (reader.fieldnames or ()):
                raise InvalidInput("missing_column", where=Path(path).name, value=name)
        return list(reader)


def make_reach(row: dict[str, str]) -> Reach:
    return Reach(
        id=int(row["id"]),
        next_id=int(row["next"]),
        length_km=float(row["length_km"]),
        upland_km2=float(row["upland_km2"]),
        slope=float(row["slope"]),
        top_km2=float(row["top_km2"] or "nan"),
        sinuosity=float(row["sinuosity"] or "nan"),
        names={code: row[f"name_{code}"] for code in LANGUAGES if row[f"name_{code}"]},
        country=row["country"],
        terminal=row["end"],
        line=decode_line(row["line"]),
    )


def read_spill_paths(path: Path | str) -> RiverNetwork:
    """The embedded network; `terminal` of a last reach is the code of its end in `spill_ends.csv`."""
    return build_network([make_reach(row) for row in read_table(path, PATH_COLUMNS)])


def make_facility_entry(row: dict[str, str]) -> FacilityEntry:
    return FacilityEntry(
        facility_id=row["facility_id"],
        reach_id=int(row["reach_id"]) if row["reach_id"] else None,
        entry_km=float(row["entry_km"]) if row["entry_km"] else None,
        off_network_km=float(row["off_network_km"]),
        end=row["end"],
        countries=tuple(part for part in row["countries"].split(";") if part),
        cautions=tuple(part for part in row["cautions"].split(";") if part),
        line=decode_line(row["line"]),
    )


def read_facility_entries(path: Path | str) -> dict[str, FacilityEntry]:
    """Entries by facility id; a facility without coordinates has none."""
    return {row["facility_id"]: make_facility_entry(row) for row in read_table(path, FACILITY_COLUMNS)}


def make_border_meeting(row: dict[str, str]) -> BorderMeeting:
    return BorderMeeting(
        before=row["before"],
        after=row["after"],
        touch_m=float(row["touch_km"]) * METRES_PER_KM,
        touch=(float(row["touch_lon"]), float(row["touch_lat"])),
        leave_m=float(row["leave_km"]) * METRES_PER_KM,
        leave=(float(row["leave_lon"]), float(row["leave_lat"])),
    )


def read_border_meetings(path: Path | str) -> dict[str, tuple[BorderMeeting, ...]]:
    """Meetings with the border of Kazakhstan by facility id, in the order of the flow; a path that has none is not there.

    Their distances are metres in lengths of the network: `routing.route_from_entry` makes metres of the river of them.
    """
    meetings: dict[str, tuple[BorderMeeting, ...]] = {}
    for row in read_table(path, BORDER_COLUMNS):
        meetings[row["facility_id"]] = (*meetings.get(row["facility_id"], ()), make_border_meeting(row))
    return meetings


def read_path_ends(path: Path | str) -> dict[str, PathEnd]:
    """Ends by code."""
    rows = read_table(path, ("end", "kind", *(f"name_{code}" for code in LANGUAGES)))
    return {row["end"]: PathEnd(row["end"], row["kind"], {code: row[f"name_{code}"] for code in LANGUAGES}) for row in rows}
