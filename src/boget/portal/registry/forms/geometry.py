"""The form of a point, a footprint or a dam axis: GeoJSON from the drawing, or coordinates typed by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import shapely
from shapely.geometry import mapping, shape

from boget.portal.core.coordinates import convert_pulkovo, parse_degrees, parse_positions
from boget.portal.core.country import is_covered, is_inside, is_swapped
from boget.portal.core.errors import refuse, translate
from boget.portal.core.formatting import format_quantity
from boget.portal.core.geometry import measure_area_m2
from boget.portal.registry.checks import check_claim
from boget.portal.registry.fields import Field
from boget.portal.registry.forms.reading import name_field, read_version
from boget.portal.registry.forms.sources import SourceBlock
from boget.portal.registry.models import Facility
from boget.portal.registry.selectors.card import Row
from boget.portal.registry.selectors.reading import read_value
from boget.portal.registry.selectors.wording import say_claim
from boget.portal.registry.values import Claim
from boget.science.errors import BogetError
from boget.science.units import parse_quantity

LARGE_AREA_M2 = 50e6  # placeholder: 50 km2, above nearly every tailings pond; the writer is warned, nothing is refused
LONGEST_GEOJSON = 4_000_000  # characters: more than the most vertices need with all the digits that a program writes
TEXTS = ("latitude", "longitude", "radius", "northing", "easting", "zone", "lines", "geometry")


@dataclass
class GeometryForm:
    """One geometry of one facility. ``typed`` holds every text as it was sent."""

    facility: Facility
    field: Field
    proposes: bool = False

    def __post_init__(self) -> None:
        self.row = Row(self.facility, self.field, read_value(self.facility, self.field, level=self.facility.level))
        self.version = self.facility.version
        self.source = SourceBlock()
        self.typed = dict.fromkeys(TEXTS, "") | {"geometry": self.current_text}
        self.is_swap_accepted = False
        self.claim: Claim | None = None
        self.messages: list[tuple[str, str]] = []

    @property
    def current(self) -> Any:
        return self.row.shown.value if self.row.shown else None

    @property
    def current_text(self) -> str:
        """The geometry now as GeoJSON for the drawing."""
        if self.current is None:
            return ""
        return json.dumps(_as_geojson(self.current) if self.field.kind == "point" else self.current)

    @property
    def holes_count(self) -> int:
        return len(_list_holes(self.current)) if self.field.kind == "polygon" and self.current else 0

    @property
    def summary(self) -> list[tuple[str, str]]:
        return self.source.summary + self.messages

    @property
    def can_accept_swap(self) -> bool:
        return self.is_swap_accepted or any(name == "swap" for name, _message in self.messages)

    def fill(self, data: Mapping[str, str]) -> GeometryForm:
        self.version = read_version(data)
        self.source = SourceBlock.read(data)
        self.typed = {name: str(data.get(name, "")) for name in TEXTS}
        self.is_swap_accepted = bool(data.get("accept-swapped"))
        return self

    def check(self) -> bool:
        """Whether the geometry can be saved; what is wrong is in ``summary`` and nothing typed is changed."""
        is_sound = self.source.check()
        try:
            value = self._read()
            claim = check_claim(self.field, Claim(value, date=self.source.iso_date, kind=self.source.kind))
            if claim.value == self.current:
                raise refuse("nothing_changed")
            self.claim = claim
            self._refuse_swapped()
        except BogetError as error:
            place = "swap" if error.code == "swapped_coordinates" else self._place_of(error)
            self.messages.append((place, translate(error)))
        return is_sound and not self.messages

    def _place_of(self, error: BogetError) -> str:
        if error.code in {"latitude", "longitude"}:
            return f"g-{error.code}"
        return "g-latitude" if self.field.kind == "point" else "draw-text"

    def _read(self) -> Any:
        return self._read_point() if self.field.kind == "point" else self._read_shape()

    def _read_point(self) -> dict[str, Any]:
        typed = self.typed
        radius = self._read_radius()
        if typed["northing"].strip() or typed["easting"].strip():
            longitude, latitude = convert_pulkovo(typed["northing"], typed["easting"], zone=typed["zone"].strip())
        elif typed["latitude"].strip() and typed["longitude"].strip():
            latitude, longitude = (parse_degrees(typed[axis], axis) for axis in ("latitude", "longitude"))
        elif typed["latitude"].strip() or typed["longitude"].strip():
            raise refuse("coordinates_incomplete")
        else:
            longitude, latitude = _read_drawn_point(typed["geometry"], where=self.field.label)
        return {"longitude": longitude, "latitude": latitude, "radius_m": radius}

    def _read_radius(self) -> float | None:
        text = self.typed["radius"]
        if not text.strip():
            return self.current.get("radius_m") if self.current else None
        try:
            return parse_quantity(text, "length").value
        except BogetError as error:
            raise name_field(error, self.field.label, text) from None

    def _read_shape(self) -> Any:
        if self.typed["lines"].strip():
            return self._build_shape(parse_positions(self.typed["lines"]))
        return read_geojson(self.typed["geometry"], where=self.field.label)

    def _build_shape(self, positions: list[tuple[float, float]]) -> dict[str, Any]:
        """A line, or a polygon with the holes that the footprint has now."""
        corners = [list(position) for position in positions]
        if self.field.kind == "line":
            return {"type": "LineString", "coordinates": corners}
        ring = corners if corners[:1] == corners[-1:] else [*corners, *corners[:1]]
        return {"type": "Polygon", "coordinates": [ring, *_list_holes(self.current)]}

    def _refuse_swapped(self) -> None:
        longitude, latitude = self._middle()
        if not self.is_swap_accepted and is_swapped(self.facility.country, longitude, latitude):
            raise refuse("swapped_coordinates", value=f"{latitude:g}, {longitude:g}")

    def _middle(self) -> tuple[float, float]:
        assert self.claim is not None
        if self.field.kind == "point":
            return self.claim.value["longitude"], self.claim.value["latitude"]
        point = shape(self.claim.value).representative_point()
        return point.x, point.y

    @property
    def is_outside(self) -> bool:
        """Whether the geometry is not wholly in the country of the facility."""
        assert self.claim is not None
        if self.field.kind == "point":
            return is_inside(self.facility.country, *self._middle()) is False
        return is_covered(self.facility.country, shape(self.claim.value)) is False

    @property
    def large_area(self) -> str:
        """The area in words when it is unusually large."""
        if self.claim is None or self.field.kind != "polygon":
            return ""
        area = measure_area_m2(self.claim.value)
        return format_quantity(round(area, -4), "m2") if area > LARGE_AREA_M2 else ""

    @property
    def echo(self) -> str:
        return say_claim(self.field, self.claim) if self.claim else ""

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Everything typed, to be carried to another page."""
        pairs = [(name, text) for name, text in self.typed.items() if text]
        return [*pairs, ("accept-swapped", "1")] if self.is_swap_accepted else pairs

    @property
    def stored_claim(self) -> Claim:
        assert self.claim is not None
        return replace(self.claim, date=self.source.iso_date, kind=self.source.kind)


def read_geojson(text: str, *, where: Any) -> Any:
    """The geometry of a GeoJSON text; a Feature or a collection of one feature is opened."""
    if len(text) > LONGEST_GEOJSON:
        raise refuse("too_long", where=where, value=len(text), allowed=f"≤ {LONGEST_GEOJSON}")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise refuse("geometry", where=where, value=text.strip()[:60] or "…", allowed="GeoJSON") from None
    features = found.get("features") if isinstance(found, dict) else None
    if isinstance(features, list) and len(features) == 1:
        found = features[0]
    if isinstance(found, dict) and found.get("type") == "Feature":
        found = found.get("geometry")
    return found


def _read_drawn_point(text: str, *, where: Any) -> tuple[float, float]:
    found = read_geojson(text, where=where)
    try:
        if found["type"] != "Point":
            raise refuse("geometry", where=where, value=str(found["type"])[:40], allowed="Point")
        longitude, latitude = (float(part) for part in found["coordinates"][:2])
    except (KeyError, TypeError, ValueError, OverflowError):
        raise refuse("coordinates_incomplete") from None
    return longitude, latitude


def _as_geojson(point: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [point["longitude"], point["latitude"]]}


def _list_holes(geometry: Any) -> list[Any]:
    """Inner rings of a stored polygon of one part."""
    if not geometry:
        return []
    parts = shapely.get_parts(shape(geometry))
    return [mapping(ring)["coordinates"] for part in parts for ring in part.interiors]
