"""The map of a result: the way of the water coloured by the class of arrival, targets with their times, the release."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from boget.portal.scenarios.selectors import saying
from boget.portal.scenarios.selectors.wave_rows import TargetRow, arrival_of
from boget.portal.scenarios.selectors.wave_words import name_target
from boget.science.river.outcome import RiverOutcome, StretchForecast
from boget.science.river.targets import Target

STEPS_S = ((72 * saying.HOUR, saying.HOUR), (30 * saying.DAY, 6 * saying.HOUR), (math.inf, 24 * saying.HOUR))
"""Longest wave (s) for each step of the slider (s): about 70 to 150 steps in all."""
DIGITS = 5
SAME_PLACE_M = 5000.0
"""Along the river: an intake and a town within it share a label."""
RANKS = {"border": 1.0, "intake": 2.0, "place": 3.0, "reservoir": 4.0}


def build_features(outcome: RiverOutcome, rows: Sequence[TargetRow]) -> dict[str, Any]:
    """GeoJSON as river_map.js reads it; `median` and `early` are seconds from the release, absent where nothing arrives."""
    features = [_draw_stretch(stretch, outcome) for stretch in outcome.stretches if len(stretch.vertices) > 1]
    if outcome.stretches and outcome.stretches[0].vertices:
        features.append(_point(outcome.stretches[0].vertices[0], {"kind": "release", "label": _("release")}))
    merged = merge_labels([row.forecast.target for row in rows])
    features += [draw_target(row, label=merged.get(row.code, shorten_name(row.forecast.target))) for row in rows]
    return {"type": "FeatureCollection", "features": features}


def _draw_stretch(stretch: StretchForecast, outcome: RiverOutcome) -> dict[str, Any]:
    times = stretch.arrival10_s
    line = [[round(x, DIGITS), round(y, DIGITS)] for x, y in stretch.vertices]
    properties = {
        "kind": "reservoir" if stretch.reservoir else "stretch",
        "class": saying.class_of_arrival(times.p50),
        "median": times.p50,
        "early": times.p05,
    }
    return {"type": "Feature", "geometry": {"type": "LineString", "coordinates": line}, "properties": properties}


def draw_target(row: TargetRow, *, label: str) -> dict[str, Any]:
    """A point; label: its name on the map, "" where a neighbour is named for both."""
    target, arrival = row.forecast.target, arrival_of(row.forecast)
    properties = {
        "kind": "target",
        "id": row.code,
        "of": target.kind,
        "name": row.name,
        "label": " ".join(filter(None, [label, row.arrival.value])) if label else "",
        "rank": rank_label(target),
        "class": row.arrival_class,
        "median": arrival.p50,
        "early": arrival.p05,
        "risk": row.is_above,
    }
    return _point((target.longitude, target.latitude), properties)


def merge_labels(targets: Sequence[Target]) -> dict[str, str]:
    """Labels of the towns and intakes that stand at the same place, by code: the town is named for both, the intake not."""
    found: dict[str, str] = {}
    for intake in targets:
        near = [one for one in targets if one.kind == "place" and abs(one.distance_m - intake.distance_m) <= SAME_PLACE_M]
        if intake.kind != "intake" or not near:
            continue
        town = min(near, key=lambda one: abs(one.distance_m - intake.distance_m))
        found[town.code] = _("%(town)s, intake") % {"town": name_target(town)}
        found[intake.code] = ""
    return found


def shorten_name(target: Target) -> str:
    """The name for a map: of an intake only what stands before the first comma, colon or bracket."""
    name = name_target(target)
    return re.split(r"[,:(]", name, maxsplit=1)[0].strip() if target.kind == "intake" else name


def rank_label(target: Target) -> float:
    """Lower goes first where labels have no room: borders, intakes, towns by size, reservoirs, the rest."""
    if target.kind == "place":
        return RANKS["place"] - min(0.9, math.log10(1 + (target.population or 0)) / 10)
    return RANKS.get(target.kind, max(RANKS.values()) + 1)


def _point(position: tuple[float, float], properties: dict[str, Any]) -> dict[str, Any]:
    place = [round(position[0], DIGITS), round(position[1], DIGITS)]
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": place}, "properties": properties}


# --- the slider ----------------------------------------------------------------------------------------------------


class Slider:
    """Steps of the time on the map. `step` and `last` in seconds; `at` is the moment of the address, at most the last step."""

    def __init__(self, outcome: RiverOutcome, started_at: dt.datetime, *, wanted: str) -> None:
        self.started_at = started_at
        ends = [time for one in outcome.stretches if (time := one.arrival10_s.p50) is not None]
        longest = max(ends, default=saying.DAY)
        self.step = next(step for most, step in STEPS_S if longest <= most)
        self.last = self.step * max(1, math.ceil(longest / self.step))
        asked = read_moment(wanted)
        self.is_set = asked is not None
        self.at = self.last if asked is None else min(self.step * round(asked / self.step), self.last)

    @property
    def texts(self) -> list[str]:
        """What each step is called: "+12 h · 22.11 18:00 UTC+5"."""
        return [self.say(self.step * index) for index in range(self.steps + 1)]

    @property
    def steps(self) -> int:
        return round(self.last / self.step)

    @property
    def index(self) -> int:
        return round(self.at / self.step)

    @property
    def text(self) -> str:
        return self.say(self.at)

    @property
    def step_text(self) -> str:
        return saying.say_seconds(self.step)

    @property
    def earlier(self) -> str:
        return write_moment(max(0.0, self.at - self.step))

    @property
    def later(self) -> str:
        return write_moment(min(self.last, self.at + self.step))

    def say(self, seconds: float) -> str:
        moment = self.started_at + dt.timedelta(seconds=seconds)
        shown = saying.say_seconds(seconds) if seconds else saying.say_seconds(0.0)
        return f"+{shown} · {saying.say_moment(moment)} {saying.name_zone(moment)}"


def read_moment(text: str) -> float | None:
    """Seconds of an address part such as "12h"; None for anything else."""
    number = text[:-1] if text.endswith("h") else ""
    return float(number) * saying.HOUR if number.isascii() and number.isdigit() and len(number) < 6 else None


def write_moment(seconds: float) -> str:
    return f"{round(seconds / saying.HOUR)}h"


def list_reached(rows: Sequence[TargetRow], seconds: float) -> tuple[list[str], list[str]]:
    """Names of the targets that the wave has reached by then in half of the runs, and of those it may have reached."""
    reached, maybe = [], []
    for row in rows:
        times = arrival_of(row.forecast)
        if times.p50 is not None and times.p50 <= seconds:
            reached.append(row.name)
        elif times.p05 is not None and times.p05 <= seconds:
            maybe.append(row.name)
    return reached, maybe


def count_classes(outcome: RiverOutcome) -> dict[int, float]:
    """Kilometres of the way in each class of arrival."""
    found = ((saying.class_of_arrival(one.arrival10_s.p50), one.to_m - one.from_m) for one in outcome.stretches)
    known = sorted((step, length) for step, length in found if step is not None)
    groups = itertools.groupby(known, key=lambda pair: pair[0])
    return {step: sum(part for _step, part in group) / 1e3 for step, group in groups}
