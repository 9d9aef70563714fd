"""The map of a result: the way of the water coloured by the class of arrival, targets with their times, the release."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from boget.portal.scenarios.selectors import saying
from boget.portal.scenarios.selectors.wave_rows import TargetRow, arrival_of
from boget.science.river.outcome import RiverOutcome, StretchForecast

STEPS_S = ((72 * saying.HOUR, saying.HOUR), (30 * saying.DAY, 6 * saying.HOUR), (math.inf, 24 * saying.HOUR))
"""Longest wave (s) for each step of the slider (s): about 70 to 150 steps in all."""
DIGITS = 5


def build_features(outcome: RiverOutcome, rows: Sequence[TargetRow]) -> dict[str, Any]:
    """GeoJSON as river_map.js reads it; `median` and `early` are seconds from the release, absent where nothing arrives."""
    features = [_draw_stretch(stretch, outcome) for stretch in outcome.stretches if len(stretch.vertices) > 1]
    if outcome.stretches and outcome.stretches[0].vertices:
        features.append(_point(outcome.stretches[0].vertices[0], {"kind": "release", "label": _("release")}))
    features += [draw_target(row) for row in rows]
    return {"type": "FeatureCollection", "features": features}


def _draw_stretch(stretch: StretchForecast, outcome: RiverOutcome) -> dict[str, Any]:
    times = stretch.arrival10_s
    line = [[round(x, DIGITS), round(y, DIGITS)] for x, y in stretch.vertices]
    properties = {
        "kind": "reservoir" if getattr(stretch, "reservoir", "") else "stretch",
        "class": saying.class_of_arrival(times.p50),
        "median": times.p50,
        "early": times.p05,
    }
    return {"type": "Feature", "geometry": {"type": "LineString", "coordinates": line}, "properties": properties}


def draw_target(row: TargetRow) -> dict[str, Any]:
    target, arrival = row.forecast.target, arrival_of(row.forecast)
    properties = {
        "kind": "target",
        "id": row.code,
        "of": target.kind,
        "name": row.name,
        "label": " ".join(filter(None, [row.name, row.arrival.value])),
        "class": row.arrival_class,
        "median": arrival.p50,
        "early": arrival.p05,
        "risk": row.is_above,
    }
    return _point((target.longitude, target.latitude), properties)


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
