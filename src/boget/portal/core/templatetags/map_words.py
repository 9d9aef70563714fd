"""Words that the map, the drawing tools and the charts show; handed to the scripts as JSON in the page."""

from __future__ import annotations

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

# the same replacements as django.utils.html.json_script: a text can never close its script element
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}
MAP_WORDS = {
    "open": _("Open the card"),
    "close": _("Close"),
    "class": _("class %(step)s"),
    "unknown": _("too little data"),
    "precise": _("position precise to %(distance)s"),
    "inView": _("Only in this view"),
    "cluster": _("%(count)s facilities, %(unknown)s with too little data"),
    "noBasemap": _("The base map could not be loaded. The points are still right."),
    "noSource": _("The points could not be loaded. They are in the table."),
    "zoomIn": _("Zoom in"),
    "zoomOut": _("Zoom out"),
    "wholeCountry": _("Whole country"),
    "canvas": _("Arrows move the map, plus and minus zoom, Escape leaves."),
    "attribution": _("© OpenStreetMap contributors · GeoNames · Natural Earth · HydroSHEDS · GRDC"),
    "toggleAttribution": _("Show or hide the sources of the map"),
    "map": _("map"),
    "km": _("km"),
    "m": _("m"),
}
DRAW_WORDS = {
    "polygon": _("Draw the outline"),
    "linestring": _("Draw the dam axis"),
    "point": _("Place the point"),
    "select": _("Move vertices"),
    "undo": _("Undo"),
    "remove": _("Remove the shape"),
    "vertex": _("Vertex"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
    "add": _("Add a vertex"),
    "removeVertex": _("Remove vertex %(number)s"),
    "part": _("Part %(number)s"),
    "addPart": _("Add a part"),
    "holes": _("Holes in the outline: %(count)s. They are kept, but cannot be edited here."),
    "wrong": _("Vertex %(number)s: latitude is −90 to 90, longitude −180 to 180. The shape is not changed."),
    "few": _("Vertices: %(count)s. The shape needs at least %(least)s."),
    "changed": _("Vertices: %(count)s."),
    "area": _("Area: %(area)s km²."),
    "length": _("Length: %(length)s m."),
}


def dump_json(value: Any) -> SafeString:
    return mark_safe(json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False).translate(ESCAPES))  # noqa: S308


def write_script(name: str, value: Any) -> SafeString:
    return format_html('<script type="application/json" id="{}">{}</script>', name, dump_json(value))
