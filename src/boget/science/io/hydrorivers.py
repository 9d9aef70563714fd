"""Read a river network with the field names of HydroRIVERS from a folder of geodata.

GeoPackage, file geodatabase, shapefile or GeoJSON. Fields: HYRIV_ID, NEXT_DOWN, LENGTH_KM, UPLAND_SKM are needed;
SLOPE_MKM, SINUOSITY, NAME_RU, NAME_KK, NAME_EN, COUNTRY, TERMINAL and ENDORHEIC are used where they are. Source of the
schema: HydroRIVERS Technical Documentation, version 1.0 (Lehner and Grill 2013, doi:10.1002/hyp.9740).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataSourceError

from boget.science.errors import BogetError, InvalidInput, MissingData
from boget.science.river.network import Line, Reach, RiverNetwork, build_network, find_breaks

NEEDED = ("HYRIV_ID", "NEXT_DOWN", "LENGTH_KM", "UPLAND_SKM")
USED = ("SLOPE_MKM", "SINUOSITY", "NAME_RU", "NAME_KK", "NAME_EN", "COUNTRY", "TERMINAL", "ENDORHEIC")
VECTOR_FILES = (".gpkg", ".shp", ".gdb", ".geojson", ".json")
OTHER_JSON = ".json"
"""A file of this ending that holds no features is none of ours, and no fault."""
COUNTRY_CODES = {
    "Kazakhstan": "KZ",
    "Russia": "RU",
    "China": "CN",
    "Uzbekistan": "UZ",
    "Kyrgyzstan": "KG",
    "Tajikistan": "TJ",
    "Turkmenistan": "TM",
    "Mongolia": "MN",
    "Afghanistan": "AF",
}
"""ISO codes of the names Natural Earth gives to Kazakhstan and the countries its rivers know; a code stays as it is."""
RASTER_FILES = (".tif", ".tiff")
MEETING_TOLERANCE_DEG = 0.02
"""Two reaches meet if their ends are nearer than this: two cells of the 30" terrain grid."""
METRES_PER_KM = 1000.0

Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class LayerReport:
    """One layer of a folder: `kind` is river_network, settlements, admin, raster or other."""

    file: str
    layer: str
    kind: str
    count: int
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FolderReport:
    """What a folder of geodata holds. `problems` are stable codes, each with what it was met on."""

    folder: str
    layers: tuple[LayerReport, ...]
    problems: tuple[str, ...]

    @property
    def has_network(self) -> bool:
        """True if the folder holds a sound river network."""
        return any(layer.kind == "river_network" and not layer.problems for layer in self.layers)


def list_layers(path: Path) -> list[str]:
    """Names of the layers of a file; InvalidInput("file_unreadable") if it cannot be read, none for JSON of other use."""
    try:
        return [str(name) for name, _ in pyogrio.list_layers(path)]
    except DataSourceError as error:
        if path.suffix.lower() == OTHER_JSON:
            return []
        hint = "The file is damaged or of another format: copy it again or take it out."
        raise InvalidInput("file_unreadable", where="file", value=path.name, hint=hint) from error


def list_vector_files(folder: Path) -> list[Path]:
    """The vector files of a folder and its subfolders, by name."""
    return [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in VECTOR_FILES]


def list_vector_layers(folder: Path) -> Iterator[tuple[Path, str]]:
    """All vector layers of a folder and its subfolders, by name."""
    for path in list_vector_files(folder):
        for layer in list_layers(path):
            yield path, layer


def find_network_layer(folder: Path) -> tuple[Path, str]:
    """The first layer with HYRIV_ID; MissingData("river_network_missing") if there is none."""
    if not folder.is_dir():
        raise MissingData("folder_missing", where="folder", value=str(folder), hint="Name an existing folder.")
    for path, layer in list_vector_layers(folder):
        if NEEDED[0] in pyogrio.read_info(path, layer=layer)["fields"]:
            return path, layer
    hint = "Put a GeoPackage, file geodatabase, shapefile or GeoJSON with the fields of HydroRIVERS there."
    raise MissingData("river_network_missing", where="folder", value=str(folder), hint=hint)


def read_columns(path: Path, layer: str) -> tuple[Columns, list[Line]]:
    """Fields and lines of a layer; InvalidInput("missing_column") names the first field that is not there."""
    there = set(pyogrio.read_info(path, layer=layer)["fields"])
    for name in NEEDED:
        if name not in there:
            hint = f"Add the field {name}; the names are those of HydroRIVERS."
            raise InvalidInput("missing_column", where=f"{path.name}: {layer}", value=name, hint=hint)
    wanted = [name for name in (*NEEDED, *USED) if name in there]
    meta, _, geometry, fields = pyogrio.raw.read(path, layer=layer, columns=wanted)
    lines = [shapely.get_coordinates(shape) for shape in shapely.from_wkb(geometry)]
    return dict(zip(meta["fields"], fields, strict=True)), lines


def read_text(columns: Columns, name: str, row: int) -> str:
    """A text cell; empty where the field or the value is not there."""
    value = columns[name][row] if name in columns else None
    return value.strip() if isinstance(value, str) else ""


def read_number(columns: Columns, name: str, row: int) -> float:
    """A cell as a number; InvalidInput("not_a_number") names the field where it holds something else."""
    value = columns[name][row]
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise InvalidInput("not_a_number", where=f"{name}, row {row + 1}", value=value) from error


def read_id(columns: Columns, name: str, row: int) -> int:
    """A cell as a whole number; InvalidInput("not_a_number") where it is empty or broken."""
    value = read_number(columns, name, row)
    if not value.is_integer():
        raise InvalidInput("not_a_number", where=f"{name}, row {row + 1}", value=value, allowed="a whole number")
    return int(value)


def read_or_unknown(columns: Columns, name: str, row: int) -> float:
    """A cell as a number, NaN where the field is not there."""
    return read_number(columns, name, row) if name in columns else float("nan")


def find_terminal(columns: Columns, row: int) -> str:
    """Where the path of a reach ends: the layer's own word, else inland_sink or sea by ENDORHEIC."""
    own = read_text(columns, "TERMINAL", row)
    if own or "ENDORHEIC" not in columns:
        return own
    return "inland_sink" if columns["ENDORHEIC"][row] else "sea"


def make_reach(columns: Columns, row: int, line: Line) -> Reach:
    names = {code.lower(): read_text(columns, f"NAME_{code}", row) for code in ("RU", "KK", "EN")}
    country = read_text(columns, "COUNTRY", row)
    return Reach(
        id=read_id(columns, "HYRIV_ID", row),
        next_id=read_id(columns, "NEXT_DOWN", row),
        length_km=read_number(columns, "LENGTH_KM", row),
        upland_km2=read_number(columns, "UPLAND_SKM", row),
        slope=read_or_unknown(columns, "SLOPE_MKM", row) / METRES_PER_KM,
        sinuosity=read_or_unknown(columns, "SINUOSITY", row),
        names={code: name for code, name in names.items() if name},
        country=COUNTRY_CODES.get(country, country),
        terminal=find_terminal(columns, row),
        line=line if len(line) else None,
    )


def note_tops(reaches: Sequence[Reach]) -> list[Reach]:
    """The reaches with the catchment at their beginning: that of all above together; unknown for the first of a river."""
    above: dict[int, float] = {}
    for reach in reaches:
        above[reach.next_id] = above.get(reach.next_id, 0.0) + reach.upland_km2
    return [replace(reach, top_km2=min(above[reach.id], reach.upland_km2)) if reach.id in above else reach for reach in reaches]


def read_layer(path: Path, layer: str) -> RiverNetwork:
    """Read one layer and check that its reaches follow each other, by number and on the ground."""
    columns, lines = read_columns(path, layer)
    network = build_network(note_tops([make_reach(columns, row, line) for row, line in enumerate(lines)]))
    breaks = find_breaks(network, MEETING_TOLERANCE_DEG)
    if breaks:
        hint = f"Its end does not touch reach {breaks[0][1]}; such breaks: {len(breaks)}."
        raise InvalidInput("river_break", where="reach", value=breaks[0][0], hint=hint)
    return network


def read_network(folder: Path | str) -> RiverNetwork:
    """Read the river network of a folder.

    Parameters
    ----------
    folder : path of a folder with a GeoPackage, file geodatabase, shapefile or GeoJSON (EPSG:4326)

    Raises
    ------
    MissingData
        "folder_missing", "river_network_missing".
    InvalidInput
        "file_unreadable", "missing_column", "not_a_number", "range"; "repeated_reach", "river_gap", "river_cycle",
        "river_break".
    """
    return read_layer(*find_network_layer(Path(folder)))


def name_kind(fields: set[str]) -> str:
    """What a layer is, by its fields."""
    if NEEDED[0] in fields:
        return "river_network"
    if "population" in fields:
        return "settlements"
    return "admin" if "iso_3166_2" in fields else "other"


def inspect_layer(path: Path, layer: str) -> LayerReport:
    """Kind and size of one layer; a river network is read whole and checked."""
    meta = pyogrio.read_info(path, layer=layer, force_feature_count=True)
    kind = name_kind(set(meta["fields"]))
    problems: tuple[str, ...] = ()
    if kind == "river_network":
        try:
            read_layer(path, layer)
        except BogetError as error:
            problems = (f"{error.code}: {error.value}",)
    return LayerReport(path.name, layer, kind, int(meta["features"]), problems)


def inspect_file(path: Path) -> list[LayerReport]:
    """The layers of one file; a file that cannot be read is one layer with that problem."""
    try:
        return [inspect_layer(path, layer) for layer in list_layers(path)]
    except InvalidInput as error:
        return [LayerReport(path.name, "", "other", 0, (f"{error.code}: {error.value}",))]


def inspect_folder(path: Path | str) -> FolderReport:
    """Say what a folder of geodata holds and what is wrong with it; nothing is raised for a faulty layer."""
    folder = Path(path)
    if not folder.is_dir():
        return FolderReport(str(folder), (), (f"folder_missing: {folder}",))
    layers = [layer for file in list_vector_files(folder) for layer in inspect_file(file)]
    rasters = [file for file in sorted(folder.rglob("*")) if file.suffix.lower() in RASTER_FILES]
    layers += [LayerReport(file.name, "", "raster", 1) for file in rasters]
    problems = [f"{layer.file}: {text}" for layer in layers for text in layer.problems]
    if not any(layer.kind == "river_network" for layer in layers):
        problems.append(f"river_network_missing: {folder}")
    return FolderReport(str(folder), tuple(layers), tuple(problems))
