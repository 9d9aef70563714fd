"""Values of the register as words of the reader's language: for cards, histories, confirmations."""

from __future__ import annotations

from typing import Any

import shapely
from django.utils.translation import get_language, gettext, ngettext
from shapely.geometry import shape

from boget.portal.core.formatting import FigureText, format_number, format_partial_date, format_quantity, unit_symbol
from boget.portal.core.geometry import measure_area_m2, measure_length_m
from boget.portal.registry.fields import Field
from boget.portal.registry.own_words import say_own_words
from boget.portal.registry.places import TABLES, name_place
from boget.portal.registry.values import Claim, Value, build_figure
from boget.science.provenance import Figure

LONGEST = 300
COORDINATE_DIGITS = {"ru": "с. ш.,в. д.", "kk": "с. е.,ш. б.", "en": "N,E"}


def say_claim(field: Field, claim: Claim | None) -> str:
    """What a claim says, with unit and interval; "unknown" without one."""
    if claim is None:
        return gettext("unknown")
    if field.is_numeric and field.kind != "year":
        return say_figure(build_figure(field, claim))
    about = "≈\u00a0" if claim.about else ""
    return about + say_value(field, claim.value)


def say_figure(figure: Figure) -> str:
    """A known figure in one line, with unit and interval."""
    text = FigureText(figure)
    return f"{text.value}{text.gap}{text.unit} {text.interval}".strip()


def say_value(field: Field, value: Any) -> str:
    """A stored value of any kind as text. None is "unknown"."""
    if value is None:
        return gettext("unknown")
    return str(WORDS.get(field.kind, _say_text)(field, value))


def _say_text(field: Field, value: Any) -> str:
    if field.of == "facility" and field.code in TABLES:
        return name_place(field.code, str(value), language=(get_language() or "ru")[:2])
    return str(value)


def _say_point(field: Field, value: Any) -> str:
    place = say_coordinates(value["longitude"], value["latitude"])
    radius = value.get("radius_m")
    if radius is None:
        return place
    precise = gettext("point precise to %(distance)s") % {"distance": format_quantity(radius, "m")}
    return f"{place}, {precise}"


def say_coordinates(longitude: float, latitude: float) -> str:
    """Degrees with the words of the reader's language: 50,345° с. ш., 83,516° в. д."""
    north, east = COORDINATE_DIGITS.get((get_language() or "ru")[:2], COORDINATE_DIGITS["en"]).split(",")
    words = ((latitude, north if latitude >= 0 else "S"), (longitude, east if longitude >= 0 else "W"))
    return ", ".join(f"{format_number(abs(degrees))}° {word}" for degrees, word in words)


def _say_polygon(field: Field, value: Any) -> str:
    geometry = shape(value)
    holes = sum(len(part.interiors) for part in shapely.get_parts(geometry))
    words = [gettext("polygon of %(area)s") % {"area": format_quantity(round(measure_area_m2(value), -2), "m2")}]
    if shapely.get_num_geometries(geometry) > 1:
        words.append(gettext("parts: %(count)s") % {"count": shapely.get_num_geometries(geometry)})
    if holes:
        words.append(ngettext("%(count)s hole", "%(count)s holes", holes) % {"count": holes})
    return ", ".join(words)


def _say_line(field: Field, value: Any) -> str:
    return gettext("line of %(length)s") % {"length": format_quantity(round(measure_length_m(value)), "m")}


WORDS = {
    "number": lambda field, value: format_quantity(float(value), field.unit or "1"),
    "integer": lambda field, value: format_quantity(float(value), field.unit or "1"),
    "year": lambda field, value: str(value),
    "date": lambda field, value: format_partial_date(str(value)),
    "choice": lambda field, value: field.label_of(value),
    "point": _say_point,
    "polygon": _say_polygon,
    "line": _say_line,
}


def cut(text: str, limit: int = LONGEST) -> str:
    """A long text shortened to one paragraph of a table."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def say_source(claim: Claim | None) -> str:
    """Source and date in one line."""
    if claim is None:
        return ""
    return " · ".join(part for part in (say_own_words(claim.source), format_partial_date(claim.date, short=True)) if part)


def say_dispute(field: Field, value: Value) -> str:
    """The differing values side by side: "24 and 31 m"."""
    words = dict.fromkeys(say_claim(field, claim) for claim in value.claims if not claim.is_proposal)
    return " / ".join(words)


def say_unit(field: Field) -> str:
    return unit_symbol(field.unit) if field.unit else ""
