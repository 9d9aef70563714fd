"""Which country a point lies in: a generalised boundary, good for catching slips of the hand, not for disputes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import shapely
from shapely.geometry import shape

BOUNDARIES = "data/kz/admin.geojson"
MARGIN_DEG = 0.02
"""About 2 km: the boundary is generalised, so a point this near it counts as inside."""


@dataclass(frozen=True, slots=True)
class Country:
    """A country of the region. names: by language."""

    code: str
    names: Mapping[str, str]
    outline: shapely.Geometry


@cache
def read_countries() -> dict[str, Country]:
    """Kazakhstan and the countries around it by their ISO code; nothing where the file is not installed."""
    path = resources.files("boget").joinpath(BOUNDARIES)
    if not path.is_file():
        return {}
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return {f["properties"]["iso"]: _build(f) for f in features if f["properties"]["level"] == 0}


def _build(feature: dict) -> Country:  # type: ignore[type-arg]
    properties = feature["properties"]
    outline = shapely.make_valid(shape(feature["geometry"])).buffer(MARGIN_DEG)
    shapely.prepare(outline)
    names = {language: properties[f"name_{language}"] for language in ("ru", "kk", "en")}
    return Country(properties["iso"], names, outline)


def is_inside(country: str, longitude: float, latitude: float) -> bool | None:
    """Whether a point (degrees) lies in the country; None for a country whose boundary is not known here.

    >>> is_inside("KZ", 83.516, 50.345), is_inside("KZ", 50.345, 83.516)
    (True, False)
    """
    found = read_countries().get(country)
    return None if found is None else bool(found.outline.covers(shapely.Point(longitude, latitude)))


def is_covered(country: str, geometry: shapely.Geometry) -> bool | None:
    """Whether a whole shape lies in the country; None as above."""
    found = read_countries().get(country)
    return None if found is None else bool(found.outline.covers(geometry))


def is_swapped(country: str, longitude: float, latitude: float) -> bool:
    """Whether a point lies outside the country but would lie inside with its two coordinates swapped.

    >>> is_swapped("KZ", 50.345, 83.516), is_swapped("KZ", 83.516, 50.345)
    (True, False)
    """
    if is_inside(country, longitude, latitude) is not False or abs(longitude) > 90:
        return False
    return bool(is_inside(country, latitude, longitude))
