"""Build the layers of the basemap from what the packages hold and from the hand-made tables of names."""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import LineString, Point, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge, unary_union

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
KZ = ROOT / "src" / "boget" / "data" / "kz"
sys.path.insert(0, str(ROOT / "src"))

from boget.science.io.spillpaths import read_spill_paths  # noqa: E402

Feature = tuple[dict[str, Any], BaseGeometry]
LANGUAGES = ("ru", "kk", "en")
FRAME = box(43.0, 37.0, 92.5, 59.0)
"""Kazakhstan and about 300 km around it, degrees."""
SEAM_DEG = 0.02
"""Two outlines of one border differ by up to this much after the gaps were given to the neighbour."""
SHORTEST_REST_DEG = 0.4
"""Shorter pieces of a river are only its two drawings lying a little apart."""
REPUBLIC_CITIES = {"Astana", "Almaty", "Shymkent"}
REGION_CENTRES = {
    "Semey", "Kokshetau", "Aktobe", "Konayev", "Atyrau", "Oral", "Taraz", "Taldykorgan", "Karagandy", "Kostanay",
    "Kyzylorda", "Aktau", "Pavlodar", "Petropavl", "Turkistan", "Zhezqazghan", "Ust-Kamenogorsk",
}  # fmt: skip
SMALLEST_CENTRE = 40_000
"""Villages share their name with a region centre: there are four places called Aktau."""
REGION_KEY = {
    "Abay": "KZ-10", "Akmola": "KZ-11", "Aktobe": "KZ-15", "Almaty Region": "KZ-19", "Atyrau": "KZ-23",
    "West Kazakhstan": "KZ-27", "Jambyl": "KZ-31", "Jetisu": "KZ-33", "Karaganda": "KZ-35", "Kostanay": "KZ-39",
    "Kyzylorda": "KZ-43", "Mangystau": "KZ-47", "Pavlodar": "KZ-55", "North Kazakhstan": "KZ-59",
    "Turkistan": "KZ-61", "Ulytau": "KZ-62", "East Kazakhstan": "KZ-63", "Astana": "KZ-71", "Almaty": "KZ-75",
    "Shymkent": "KZ-79",
}  # fmt: skip
"""The package's English name without "Region" (kept for Almaty Region) to our code."""


def read_names(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def pick_names(row: dict[str, str]) -> dict[str, str]:
    return {f"name_{code}": row[f"name_{code}"] for code in LANGUAGES}


def keep_polygons(geometry: BaseGeometry) -> BaseGeometry:
    """Only the polygons of what an overlay left."""
    return unary_union([part for part in getattr(geometry, "geoms", [geometry]) if part.area > 0])


def build_regions(raw: list[Feature]) -> list[Feature]:
    """The 20 units with code and names, in the order of the codes, meeting each other exactly."""
    names = {row["code"]: row for row in read_names(KZ / "regions.csv")}
    regions = []
    for fields, shape in raw:
        english = fields["ADM1_EN"]
        code = REGION_KEY[english if english == "Almaty Region" else english.removesuffix(" Region")]
        kind = "city" if code in {"KZ-71", "KZ-75", "KZ-79"} else "region"
        regions.append(({"iso": code, "kind": kind, **pick_names(names[code])}, keep_polygons(shape)))
    return sorted(regions, key=lambda item: item[0]["iso"])


def simplify_regions(regions: list[Feature], tolerance_deg: float) -> list[Feature]:
    """Generalise shared borders once, so that no gap opens between two units."""
    shapes = shapely.coverage_simplify([shape for _, shape in regions], tolerance_deg)
    return [(fields, shape) for (fields, _), shape in zip(regions, shapes, strict=True)]


def outline_country(regions: list[Feature]) -> BaseGeometry:
    """The state as the union of its units, without the slivers between them."""
    whole = unary_union([shape for _, shape in regions])
    parts = getattr(whole, "geoms", [whole])
    return unary_union([shapely.Polygon(part.exterior) for part in parts if part.area > 1e-4])


def give_gaps(neighbours: dict[str, BaseGeometry], gaps: BaseGeometry) -> dict[str, BaseGeometry]:
    """Give each gap between two outlines of the border to the neighbour that it touches most; the rest is sea."""
    taken: dict[str, list[BaseGeometry]] = defaultdict(list)
    for gap in getattr(gaps, "geoms", [gaps]):
        ring = gap.buffer(1e-4)
        shares = {code: ring.intersection(shape).area for code, shape in neighbours.items()}
        best = max(shares, key=lambda code: shares[code])
        if shares[best] > 0:
            taken[best].append(gap.buffer(1e-4))
    return {code: unary_union([shape, *taken[code]]) for code, shape in neighbours.items()}


def build_countries(raw: list[tuple[str, BaseGeometry]], kazakhstan: BaseGeometry) -> list[Feature]:
    """Kazakhstan by its own units, the neighbours up to that border."""
    names = {row["iso_numeric"]: row for row in read_names(HERE / "country_names.csv")}
    clipped = {names[number]["iso"]: shape.intersection(FRAME) for number, shape in raw if number in names}
    coarse = clipped.pop("KZ")
    closed = give_gaps(clipped, keep_polygons(coarse.difference(kazakhstan)))
    shapes = {"KZ": kazakhstan} | {code: keep_polygons(shape.difference(kazakhstan)) for code, shape in closed.items()}
    by_code = {row["iso"]: row for row in names.values()}
    return [({"iso": code, **pick_names(by_code[code])}, shape) for code, shape in sorted(shapes.items()) if not shape.is_empty]


def place_labels(features: list[Feature]) -> list[Feature]:
    """One point well inside the largest part of each polygon."""
    labels = []
    for fields, shape in features:
        largest = max(getattr(shape, "geoms", [shape]), key=lambda part: part.area)
        labels.append((fields, shapely.maximum_inscribed_circle(largest, tolerance=0.1).centroid))
    return [(fields, Point(shapely.get_coordinates(point)[0])) for fields, point in labels]


def keep_lines(geometry: BaseGeometry) -> BaseGeometry:
    """Only the lines of what an overlay left, joined where they meet."""
    parts = [part for part in getattr(geometry, "geoms", [geometry]) if part.length > 0 and "Line" in part.geom_type]
    singles = [line for part in parts for line in getattr(part, "geoms", [part])]
    return linemerge(singles) if len(singles) > 1 else unary_union(singles)


def build_borders(countries: list[Feature]) -> list[Feature]:
    """The state border by neighbour, and the borders between neighbours."""
    shapes = {fields["iso"]: shape for fields, shape in countries}
    kazakhstan = shapes.pop("KZ")
    borders = []
    for code, shape in shapes.items():
        line = keep_lines(kazakhstan.boundary.intersection(shape.buffer(SEAM_DEG)))
        borders.append(({"kind": "state", "iso": "KZ", "neighbour": code}, line))
    codes = sorted(shapes)
    for number, first in enumerate(codes):
        for second in codes[number + 1 :]:
            line = keep_lines(shapes[first].boundary.intersection(shapes[second].boundary))
            borders.append(({"kind": "other", "iso": first, "neighbour": second}, line))
    return [(fields, line) for fields, line in borders if not line.is_empty]


def rank_upland(upland_km2: float) -> int:
    """1 for the largest rivers to 5 for the smallest, by catchment."""
    return sum(upland_km2 < limit for limit in (100_000, 30_000, 8_000, 2_000)) + 1


def build_spill_rivers() -> list[Feature]:
    """The spill paths as rivers, joined by name and rank."""
    network = read_spill_paths(KZ / "spill_paths.csv")
    groups: dict[tuple[str, ...], list[LineString]] = defaultdict(list)
    for reach in network.reaches:
        names = tuple(reach.names.get(code, "") for code in LANGUAGES)
        if reach.line is not None and len(reach.line) > 1:
            groups[(*names, str(rank_upland(reach.upland_km2)))].append(LineString(reach.line))
    return [
        ({**dict(zip(("name_ru", "name_kk", "name_en"), key, strict=False)), "rank": int(key[3])}, linemerge(lines))
        for key, lines in sorted(groups.items())
    ]


def build_rivers(raw: list[Feature], lakes: list[Feature]) -> list[Feature]:
    """Spill paths, and Natural Earth rivers where no spill path runs; lakes are cut out."""
    names = {row["source_name"]: row for row in read_names(HERE / "ne_river_names.csv")}
    rivers = build_spill_rivers()
    known = unary_union([shape for _, shape in rivers]).buffer(0.07)
    for fields, shape in raw:
        row = names.get(str(fields["name"]))
        if row and shape.intersects(FRAME):
            rest = keep_lines(shape.intersection(FRAME).difference(known))
            long = [part for part in getattr(rest, "geoms", [rest]) if part.length > SHORTEST_REST_DEG]
            rivers.append(({**pick_names(row), "rank": int(row["rank"])}, unary_union(long)))
    water = unary_union([shape for _, shape in lakes])
    cut = [(fields, keep_lines(shape.difference(water))) for fields, shape in rivers]
    return [(fields, shape) for fields, shape in cut if not shape.is_empty]


def rank_area(shape: BaseGeometry) -> int:
    """1 to 5 by area in square degrees (one is about 8 000 km2 here)."""
    return sum(shape.area < limit for limit in (0.5, 0.1, 0.03, 0.012)) + 1


def build_lakes(raw: list[BaseGeometry]) -> list[Feature]:
    """Lakes of the frame; names are found by a point inside or just beside."""
    names = read_names(HERE / "lake_names.csv")
    lakes = []
    for shape in (item for item in raw if item.intersects(FRAME)):
        clipped = keep_polygons(shape.intersection(FRAME))
        near = [(clipped.distance(Point(float(row["lon"]), float(row["lat"]))), row) for row in names]
        distance, row = min(near, key=lambda pair: pair[0])
        label = pick_names(row) if distance < 0.05 else dict.fromkeys(("name_ru", "name_kk", "name_en"), "")
        lakes.append(({**label, "rank": rank_area(clipped)}, clipped))
    return lakes


def rank_place(city: dict[str, Any]) -> int:
    """1 cities of republican rank, 2 region centres and foreign millions, then by population."""
    home = city["countrycode"] == "KZ"
    if home and city["name"] in REPUBLIC_CITIES:
        return 1
    if home and city["name"] in REGION_CENTRES and city["population"] >= SMALLEST_CENTRE:
        return 2
    population = city["population"]
    limits = (50_000, 10_000) if home else (800_000, 250_000, 0)
    return min(5, (3 if home else 2) + sum(population < limit for limit in limits))


def find_other_names(city: dict[str, Any], shown: set[str]) -> list[str]:
    """Former and other names in Cyrillic letters, for the search."""
    cyrillic = [name for name in city["alternatenames"] if all("Ѐ" <= char <= "ӿ" or char in " -" for char in name)]
    return [name for name in cyrillic if name not in shown]


def build_places(cities: list[dict[str, Any]], regions: list[Feature]) -> list[Feature]:
    """All Kazakh places of the list, and the foreign ones with names of our own."""
    table = {(row["country"], row["geonames_name"], row["lon"]): row for row in read_names(HERE / "place_names.csv")}
    places = []
    for city in cities:
        key = (city["countrycode"], city["name"], f"{round(city['longitude'], 2):g}")
        row = table.pop(key, None)
        if (row["name_ru"] == "-") if row else (city["countrycode"] != "KZ"):
            continue  # a place listed twice, or a foreign one that we have no names for
        names = pick_names(row) if row else dict.fromkeys(("name_ru", "name_kk", "name_en"), city["name"])
        point = Point(city["longitude"], city["latitude"])
        fields = {"id": city["geonameid"], "country": city["countrycode"], "population": city["population"]}
        fields |= names | {"rank": rank_place(city), "region": find_region(point, regions)}
        places.append((fields | {"other_names": find_other_names(city, set(names.values()))}, point))
    if table:
        raise SystemExit(f"place_names.csv names places that the package has not: {sorted(table)}")
    return sorted(places, key=lambda item: (item[0]["rank"], -item[0]["population"], item[0]["id"]))


def find_region(point: Point, regions: list[Feature]) -> str:
    return next((fields["iso"] for fields, shape in regions if shape.contains(point)), "")
