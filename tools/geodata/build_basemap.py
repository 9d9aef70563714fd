"""Build the offline basemap and the small tables of administrative units and places.

    python tools/geodata/build_basemap.py [FOLDER_TO_KEEP_THE_PACKAGES_IN]

Inputs: packages by name and version (origins.py), the spill paths (build_spill_paths.py) and the hand-made names beside
this script. Writes under src/boget/data/kz/

    basemap.pmtiles   vector tiles, zoom 0-9
    admin.geojson     20 units, Kazakhstan and its neighbours, generalised, for point-in-polygon checks
    places.csv        names of places in three languages with former names, for the search

Layers of the tiles: countries, country_label, adm1, adm1_label, border, rivers, lakes, places; every label stands in
name_ru, name_kk and name_en.
"""

from __future__ import annotations

import csv
import gzip
import json
import struct
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import shapely
from basemap_layers import (
    KZ,
    Feature,
    build_borders,
    build_countries,
    build_lakes,
    build_places,
    build_regions,
    build_rivers,
    outline_country,
    place_labels,
    simplify_regions,
)
from origins import fetch_packages, read_cities, read_countries, read_lakes, read_regions, read_rivers
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

MAXIMUM_ZOOM = 9
TILE_TOLERANCE_DEG = 0.0008
"""About a pixel at the largest zoom."""
CHECK_TOLERANCE_DEG = 0.004
"""For point-in-polygon checks: about 400 m, far below the precision of any point of the inventory."""
ATTRIBUTION = "© OpenStreetMap contributors · GeoNames · Natural Earth"
MINIMUM_ZOOM = {
    "adm1": {0: 3},
    "adm1_label": {0: 4},
    "rivers": {1: 2, 2: 4, 3: 5, 4: 6, 5: 7},
    "lakes": {1: 0, 2: 3, 3: 4, 4: 5, 5: 6},
    "places": {1: 2, 2: 4, 3: 5, 4: 6, 5: 8},
}
"""Smallest zoom by rank; 0 stands for a layer without ranks."""

Layers = dict[str, list[Feature]]


def build_layers(folder: Path) -> Layers:
    """All layers at the detail of the largest zoom."""
    regions = simplify_regions(build_regions(read_regions(folder)), TILE_TOLERANCE_DEG)
    countries = build_countries(list(read_countries(folder)), outline_country(regions))
    lakes = build_lakes(read_lakes(folder))
    return {
        "countries": countries,
        "country_label": place_labels(countries),
        "adm1": regions,
        "adm1_label": place_labels(regions),
        "border": build_borders(countries),
        "rivers": build_rivers(read_rivers(folder), lakes),
        "lakes": lakes,
        "places": build_places(read_cities(folder), regions),
    }


def render_feature(layer: str, fields: dict[str, Any], shape: BaseGeometry) -> dict[str, Any]:
    """A GeoJSON feature with the smallest zoom it is shown at; empty names and lists are left out."""
    zooms = MINIMUM_ZOOM.get(layer, {0: 0})
    smallest = zooms[fields.get("rank", 0)] if len(zooms) > 1 else zooms[0]
    shown = {key: value for key, value in fields.items() if value != "" and not isinstance(value, list)}
    return {
        "type": "Feature",
        "properties": shown,
        "geometry": mapping(shape),
        "tippecanoe": {"minzoom": smallest},
    }


def write_tiles(layers: Layers, path: Path) -> None:
    """Write one file per layer and let tippecanoe make the tiles; nothing is dropped to save room."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = []
        for layer, features in layers.items():
            items = [render_feature(layer, fields, shape) for fields, shape in features]
            text = json.dumps({"type": "FeatureCollection", "features": items})
            (Path(folder) / f"{layer}.geojson").write_text(text, encoding="utf-8")
            arguments += ["-L", f"{layer}:{layer}.geojson"]
        program = Path(sys.executable).parent / "tippecanoe"
        options = ["-q", "-f", "-Z0", f"-z{MAXIMUM_ZOOM}", "-r1", "--no-feature-limit", "--no-tile-size-limit"]
        options += ["--no-simplification-of-shared-nodes", "--simplification=3", "--buffer=4"]
        options += ["-n", "boget basemap", "-A", ATTRIBUTION, "-o", path.name]
        subprocess.run([str(program), *options, *arguments], check=True, cwd=folder)  # noqa: S603 - our own files
        path.write_bytes(drop_command_line((Path(folder) / path.name).read_bytes()))


def drop_command_line(archive: bytes) -> bytes:
    """Take the command line, with the paths of this machine, out of the metadata of a PMTiles archive (version 3)."""
    places = list(struct.unpack("<8Q", archive[8:72]))
    root, root_size, start, size, leaves, leaves_size, tiles, tiles_size = places
    metadata = json.loads(gzip.decompress(archive[start : start + size]))
    metadata.pop("generator_options", None)
    packed = gzip.compress(json.dumps(metadata, ensure_ascii=False).encode(), mtime=0)
    before = archive[root : root + root_size]
    places = [root, root_size, start, len(packed), start + len(packed), leaves_size]
    places += [start + len(packed) + leaves_size, tiles_size]
    after = archive[leaves : leaves + leaves_size] + archive[tiles : tiles + tiles_size]
    return archive[:8] + struct.pack("<8Q", *places) + archive[72:root] + before + packed + after


def write_admin(layers: Layers, path: Path) -> None:
    """Units and countries for checks, three decimals of a degree."""
    regions = simplify_regions(layers["adm1"], CHECK_TOLERANCE_DEG)
    country = outline_country(regions)
    items = [({**fields, "level": 1}, shape) for fields, shape in regions]
    for fields, shape in layers["countries"]:
        outline = country if fields["iso"] == "KZ" else shape.simplify(CHECK_TOLERANCE_DEG * 5)
        items.append(({**fields, "level": 0}, outline))
    features = []
    for fields, shape in items:
        rounded = shapely.set_precision(shape, 0.001)
        features.append({"type": "Feature", "properties": fields, "geometry": mapping(rounded)})
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text.replace('{"type":"Feature",', '\n{"type":"Feature",') + "\n", encoding="utf-8")


def write_places(layers: Layers, path: Path) -> None:
    columns = ("id", "country", "region", "rank", "population", "lon", "lat", "name_ru", "name_kk", "name_en",
               "other_names")  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        for fields, point in layers["places"]:
            place = {"lon": round(point.x, 3), "lat": round(point.y, 3), "other_names": ";".join(fields["other_names"])}
            writer.writerow(fields | place)


def build(folder: Path) -> None:
    fetch_packages(folder)
    layers = build_layers(folder)
    write_tiles(layers, KZ / "map" / "basemap.pmtiles")
    write_admin(layers, KZ / "admin.geojson")
    write_places(layers, KZ / "places.csv")
    for layer, features in layers.items():
        sys.stdout.write(f"{layer}: {len(features)}\n")


def main() -> None:
    if len(sys.argv) > 1:
        build(Path(sys.argv[1]).resolve())
        return
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder))


if __name__ == "__main__":
    main()
