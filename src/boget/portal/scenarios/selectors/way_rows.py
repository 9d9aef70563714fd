"""The way of the water before anything is computed: rivers in turn, what lies downstream, discharge, and a small map."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from boget.portal.core.formatting import format_quantity
from boget.portal.scenarios.selectors import saying
from boget.portal.scenarios.selectors.naming import choose_name
from boget.portal.scenarios.selectors.presets import Guess
from boget.portal.scenarios.selectors.river_map import merge_labels, rank_label, shorten_name
from boget.portal.scenarios.selectors.scenario_words import ONE_SIGMA_TO_90
from boget.portal.scenarios.selectors.wave_words import SENTENCES, name_target, say_kind

if TYPE_CHECKING:
    from boget.science.river.flow_state import FlowState
    from boget.science.river.path import RiverPath
    from boget.science.scenario.river_scenario import PathSketch

MOST_VERTICES = 1500
NOTHING = {"type": "FeatureCollection", "features": []}
"""A map on which nothing is drawn yet."""
CONFIDENCE = {"high": gettext_lazy("well known"), "medium": gettext_lazy("fairly known"), "low": gettext_lazy("poorly known")}
BASIS = {
    "gauge": gettext_lazy("gauging station"),
    "between_gauges": gettext_lazy("between gauging stations"),
    "zone": gettext_lazy("specific runoff of the zone"),
    "approach": gettext_lazy("approach to the river"),
    "announced": gettext_lazy("as announced"),
    "network": gettext_lazy("river network"),
}


def describe_way(sketch: PathSketch) -> dict[str, Any]:
    """Rivers, targets in the order of the flow, discharge at the release, cautions, end and features for the map."""
    path = sketch.path
    return {
        "rivers": " → ".join(_list_rivers(path)) or _("river without a name in the network"),
        "length": saying.say_distance(path.total_m),
        "end": path.end,
        "targets": [_describe_target(target) for target in sketch.targets],
        "flow": _say_flow(sketch.flow),
        "has_ice": bool(sketch.flow.has_ice.any()),
        "may_be_dry": bool((sketch.flow.zero_share > 0).any()),
        "cautions": [SENTENCES.get(code, code) for code in path.cautions if code in SENTENCES],
        "features": build_features(sketch),
    }


def _list_rivers(path: RiverPath) -> list[str]:
    """Names in the order of the flow, each once in a row."""
    names = (choose_name(names) for names in path.rivers if names)
    return [name for name, _group in itertools.groupby(names) if name]


def _describe_target(target: Any) -> dict[str, str]:
    return {
        "code": target.code,
        "name": name_target(target),
        "kind": str(say_kind(target.kind)),
        "distance": saying.say_distance(target.distance_m),
        "off": saying.say_distance(target.off_m) if target.off_m >= 1000 else "",
    }


def _say_flow(flow: FlowState) -> dict[str, Any]:
    """Discharge of the first river stretch with 5–95 %, where it comes from and how well it is known."""
    first = next((index for index, basis in enumerate(flow.basis) if basis != "approach"), 0)
    middle, spread = float(flow.discharge_m3s[first]), float(flow.sigma_ln[first]) * ONE_SIGMA_TO_90
    low, high = middle * math.exp(-spread), middle * math.exp(spread)
    shown = format_quantity(float(f"{middle:.3g}"), "m3_s")
    return {
        "value": f"{shown} ({saying.format_digits(low)}–{saying.format_digits(high)})",
        "basis": BASIS.get(flow.basis[first], flow.basis[first]),
        "confidence": CONFIDENCE.get(flow.confidence[first], flow.confidence[first]),
        "is_poor": flow.confidence[first] == "low",
    }


def build_features(sketch: PathSketch) -> dict[str, Any]:
    """GeoJSON as river_map.js reads it: the line without classes, the release, the targets."""
    vertices = sketch.path.vertices
    step = max(1, len(vertices) // MOST_VERTICES)
    line = [[round(float(x), 5), round(float(y), 5)] for x, y in (*vertices[:-1:step], vertices[-1])]
    features: list[dict[str, Any]] = [
        _feature("LineString", line, {"kind": "way"}),
        _feature("Point", line[0], {"kind": "release", "label": _("release")}),
    ]
    merged = merge_labels(sketch.targets)
    for target in sketch.targets:
        place = [round(target.longitude, 5), round(target.latitude, 5)]
        label = merged.get(target.code, shorten_name(target))
        given = {"kind": "target", "id": target.code, "label": label, "rank": rank_label(target), "class": None}
        features.append(_feature("Point", place, given))
    return {"type": "FeatureCollection", "features": features}


def _feature(shape: str, coordinates: Any, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": shape, "coordinates": coordinates}, "properties": properties}


def say_guess(guess: Guess) -> dict[str, Any]:
    """The mass that is taken for an unknown one, with its interval, and from what."""
    spread = guess.mass_gsd**ONE_SIGMA_TO_90
    unit, size = ("t", 1000.0) if guess.mass_kg >= 1000 else ("kg", 1.0)
    ends = "–".join(saying.format_digits(mass / size) for mass in (guess.mass_kg / spread, guess.mass_kg * spread))
    return {
        "mass": f"{format_quantity(float(f'{guess.mass_kg / size:.2g}'), unit, wanted=unit)} ({ends})",
        "volume": format_quantity(float(f"{guess.volume_m3:.3g}"), "m3"),
        "concentration": saying.say_mg(float(f"{guess.concentration_mg_l * 1e-3:.3g}")),
        "sources": [_(source) for source in guess.sources],
        "status": guess.status,
    }
