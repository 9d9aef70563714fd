"""The table of a result: one row a target in the order of the river, each value with its interval, by the reader's clock."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from boget.portal.core.formatting import format_number
from boget.portal.scenarios.selectors import saying
from boget.portal.scenarios.selectors.advice import has_crossing
from boget.portal.scenarios.selectors.saying import NOTHING, Said
from boget.portal.scenarios.selectors.wave_words import FLAGS, TARGET_NOTES, WARNING_FLAGS, Words, name_target, say_kind
from boget.science.river.outcome import Quantiles, TargetForecast

FEW = 8
"""Rows of a table in which every row tells all its flags."""
HUNDREDS = -2
"""Population is told in hundreds: it is an estimate."""
LEAST_FACTOR = 1.05
"""A factor of a bank plume below this would be told as 1."""


@dataclass(frozen=True, slots=True)
class TargetRow:
    """What the page says about a target. `is_wave_only`: too few runs reach the threshold, so the times are of the wave."""

    forecast: TargetForecast
    code: str
    name: str
    facts: str
    arrival: Said
    arrival_class: int | None
    is_wave_only: bool
    window: str
    peak: Said
    probability: str
    is_above: bool
    duration: Said
    flags: tuple[Words, ...]
    warnings: tuple[Words, ...]
    factor: str


def build_rows(forecasts: Sequence[TargetForecast], started_at: dt.datetime, *, threshold: float | None) -> list[TargetRow]:
    """Rows in the order of the targets. `threshold` in kg/m3 sets how small a peak is still told."""
    return [_build(one, started_at, threshold) for one in forecasts]


def list_common(rows: Sequence[TargetRow]) -> list[tuple[Words, str]]:
    """Flags that hold for half of the rows or more, with how many: they are told once, under the table."""
    counts = Counter(word for row in rows for word in (*row.flags, *row.warnings))
    return [(word, f"{number}/{len(rows)}") for word, number in counts.items() if len(rows) > FEW and 2 * number >= len(rows)]


def arrival_of(forecast: TargetForecast) -> Quantiles:
    """At the threshold, or of the wave itself (10 % of its peak) where too few runs reach the threshold."""
    return forecast.arrival_s if has_crossing(forecast) else forecast.arrival10_s


def _build(forecast: TargetForecast, started_at: dt.datetime, threshold: float | None) -> TargetRow:
    target, arrival, factor = forecast.target, arrival_of(forecast), forecast.factor_before_mixing
    is_crossing = has_crossing(forecast)
    return TargetRow(
        forecast,
        code=target.code,
        name=name_target(target),
        facts=_list_facts(forecast),
        arrival=saying.say_time(arrival),
        arrival_class=saying.class_of_arrival(arrival.p50),
        is_wave_only=not is_crossing and arrival.p50 is not None,
        window=saying.say_window(started_at, (arrival.p05, arrival.p95)),
        peak=saying.say_concentration(forecast.peak, threshold),
        probability=saying.say_probability(forecast.probability),
        is_above=forecast.probability >= 0.5,
        duration=saying.say_time(forecast.duration_s) if is_crossing else NOTHING,
        flags=tuple(FLAGS.get(flag, flag) for flag in forecast.flags if flag not in WARNING_FLAGS),
        warnings=tuple(FLAGS.get(flag, flag) for flag in forecast.flags if flag in WARNING_FLAGS),
        factor=format_number(factor, decimals=1) if factor >= LEAST_FACTOR else "",
    )


def _list_facts(forecast: TargetForecast) -> str:
    """ "122 km, water intake, 331 thousand people" """
    target = forecast.target
    facts = [saying.say_distance(target.distance_m)]
    facts += [str(say_kind(target.kind))] if target.kind != "place" else []
    facts += [str(TARGET_NOTES[target.note])] if target.note in TARGET_NOTES else []
    if target.population:
        shown = format_number(round(target.population, HUNDREDS) or target.population)
        facts.append(ngettext("%(count)s person", "%(count)s people", target.population) % {"count": shown})
    if target.off_m >= 1000:
        facts.append(_("%(distance)s from the river") % {"distance": saying.say_distance(target.off_m)})
    return ", ".join(facts)
