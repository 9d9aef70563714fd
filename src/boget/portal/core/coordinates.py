"""Coordinates as people write them: decimal degrees with point or comma, degrees-minutes-seconds, Pulkovo 1942 zones."""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from pyproj import Transformer

from boget.portal.core.errors import refuse
from boget.portal.core.geometry import MAX_VERTICES
from boget.science.errors import BogetError
from boget.science.units import parse_quantity

LONGEST = 60
LIMITS = {"latitude": 90.0, "longitude": 180.0}
LABELS = {"latitude": _("Latitude"), "longitude": _("Longitude")}
SIDES = {
    "latitude": {"n": 1, "s": -1, "сш": 1, "юш": -1, "се": 1, "ое": -1},
    "longitude": {"e": 1, "w": -1, "вд": 1, "зд": -1, "шб": 1, "бб": -1},
}
ZONES = range(7, 17)
"""Six-degree zones of Pulkovo 1942 from 36° to 96° east: the country with its neighbours."""
FIRST_EPSG = 28400  # EPSG:28407 is "Pulkovo 1942 / Gauss-Kruger zone 7"; its eastings begin with the number of the zone
MILLION = 1_000_000
_NUMBER = re.compile(r"[+-]?\d{1,4}(?:[.,]\d{1,12})?")
_MARKS = re.compile("[°º˚'’′\"”″:]|''")


def parse_degrees(text: str, axis: str) -> float:
    """Degrees from one text; axis: latitude or longitude. InvalidInput for what is no angle or beyond the pole.

    >>> parse_degrees("50,345", "latitude"), parse_degrees("50°20'42\\" с. ш.", "latitude")
    (50.345, 50.345)
    >>> parse_degrees("83 30.96 E", "longitude")
    83.516
    """
    plain = " ".join(text.replace("\u2212", "-").split()) if len(text) <= LONGEST else ""
    side, numbers = _take_side(plain, axis), _MARKS.sub(" ", re.sub(r"[^\W\d_]\.?", " ", plain)).split()
    if side is None or not 1 <= len(numbers) <= 3 or not all(_NUMBER.fullmatch(n) for n in numbers):
        raise refuse("not_a_number", where=LABELS[axis], value=text[:LONGEST])
    degrees, *smaller = (float(number.replace(",", ".")) for number in numbers)
    if any(not 0 <= part < 60 for part in smaller):
        raise refuse("not_a_number", where=LABELS[axis], value=text[:LONGEST])
    angle = abs(degrees) + sum(part / 60 ** (n + 1) for n, part in enumerate(smaller))
    signed = round(math.copysign(angle, degrees) * side, 9)
    if abs(signed) > LIMITS[axis]:
        raise refuse(axis, value=f"{signed:g}", allowed=f"−{LIMITS[axis]:g}…{LIMITS[axis]:g}")
    return signed


def _take_side(plain: str, axis: str) -> int | None:
    """+1 or −1 by the letters of the hemisphere; None for letters that are none of this axis."""
    letters = "".join(letter for letter in plain.casefold() if letter.isalpha() and letter not in "º")
    return 1 if not letters else SIDES[axis].get(letters)


def parse_positions(text: str) -> list[tuple[float, float]]:
    """Longitude and latitude from lines "latitude; longitude", one vertex a line.

    >>> parse_positions("50,345; 83,516" + chr(10) + "50.4 83.6")
    [(83.516, 50.345), (83.6, 50.4)]
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MAX_VERTICES:
        raise refuse("geometry", value=len(lines), allowed=f"≤ {MAX_VERTICES}")
    return [_parse_position(line) for line in lines]


def _parse_position(line: str) -> tuple[float, float]:
    parts = [part.strip() for part in re.split(r"[;\t]|,\s", line) if part.strip()]
    if len(parts) == 1:
        parts = line.split()
    if len(parts) != 2:
        raise refuse("coordinates_incomplete")
    return parse_degrees(parts[1], "longitude"), parse_degrees(parts[0], "latitude")


def convert_pulkovo(northing: str, easting: str, *, zone: str = "") -> tuple[float, float]:
    """Longitude and latitude (WGS 84, degrees) of a point of Pulkovo 1942; without a zone the easting names it.

    Accuracy a few metres: the general datum shift, no local grid.
    """
    north, east = _read_metres(northing, _("Northing")), _read_metres(easting, _("Easting"))
    number = int(zone) if zone.isascii() and zone.isdigit() and len(zone) < 3 else int(east // MILLION)
    if number not in ZONES:
        raise refuse("zone", value=easting[:LONGEST], allowed=f"{ZONES.start}–{ZONES.stop - 1}")
    full = east if east >= MILLION else number * MILLION + east
    longitude, latitude = _make_transformer(number).transform(full, north)
    middle = 6 * number - 3
    if not (math.isfinite(longitude) and abs(longitude - middle) <= 6 and -90 <= latitude <= 90):
        raise refuse("zone", value=f"{northing[:20]} {easting[:20]}", allowed=str(number))
    return round(longitude, 6), round(latitude, 6)


def _read_metres(text: str, where: Any) -> float:
    try:
        return parse_quantity(text, "length").value
    except BogetError:
        raise refuse("not_a_number", where=where, value=text[:LONGEST]) from None


@cache
def _make_transformer(zone: int) -> Transformer:
    return Transformer.from_crs(f"EPSG:{FIRST_EPSG + zone}", "EPSG:4326", always_xy=True)
