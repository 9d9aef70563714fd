"""The concentration at one target over time, for the chart and for the table beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from boget.portal.scenarios.selectors import saying
from boget.portal.scenarios.selectors.outcome_reading import interpolate
from boget.science.river.outcome import Fan, TargetForecast

TABLE_ROWS = 24
"""Rows of the table under the chart; the file has every point."""
SMALLEST_TOLD = 0.01
"""Of a hundredth of the highest band."""


def build_chart(
    forecast: TargetForecast,
    started_at: dt.datetime,
    *,
    threshold: float | None = None,
    now: dt.datetime | None = None,
    readings: Sequence[tuple[float, float]] = (),
    before: tuple[str, Fan] | None = None,
) -> dict[str, Any]:
    """The dict that chart.js reads: seconds of the clock on x, mg/L on y.

    readings: (s from the start, kg/m3) that were entered at this target. before: name and fan of another run, as a thin line.
    """
    fan = forecast.fan
    times = sorted({*fan.times_s, *(time for time, _value in readings), *(before[1].times_s if before else ())})
    series: list[dict[str, Any]] = [
        {"label": _("5–95 % of runs"), "role": "band", "low": _take(times, fan, fan.p05), "high": _take(times, fan, fan.p95)},
        {"label": _("a typical run"), "role": "typical", "values": _take(times, fan, fan.typical)},
    ]
    if before is not None:
        series.append({"label": before[0], "role": "before", "values": _take(times, before[1], before[1].typical)})
    if readings:
        told = dict(readings)
        values = [saying.to_mg(told[time]) if time in told else None for time in times]
        series.append({"label": _("readings"), "role": "observed", "values": values})
    start = started_at.timestamp()
    zone = timezone.localtime(started_at).utcoffset() or dt.timedelta()
    return {
        "x": {
            "label": saying.name_zone(started_at),
            "values": [start + time for time in times],
            "clock": {"offset": zone.total_seconds()},
        },
        "y": {"label": _("mg/L")},
        "series": series,
        "thresholds": _mark_threshold(threshold),
        **_mark_now(now, start, times),
    }


def _take(times: Sequence[float], fan: Fan, values: Sequence[float]) -> list[float]:
    return [float(f"{saying.to_mg(interpolate(time, fan.times_s, values)):.6g}") for time in times]


def _mark_threshold(threshold: float | None) -> list[Mapping[str, Any]]:
    if not threshold:
        return []
    return [{"value": saying.to_mg(threshold), "label": _("threshold %(value)s") % {"value": saying.say_mg(threshold)}}]


def _mark_now(now: dt.datetime | None, start: float, times: Sequence[float]) -> dict[str, Any]:
    """The line of "now" where it lies on the chart."""
    if now is None or not times or not times[0] <= now.timestamp() - start <= times[-1]:
        return {}
    return {"now": now.timestamp(), "nowLabel": _("now %(moment)s") % {"moment": saying.say_moment(now)}}


def _tell(value: float, floor: float) -> str:
    """mg/L with two digits; 0 where it is nothing against the wave."""
    return saying.format_digits(saying.to_mg(value)) if value > SMALLEST_TOLD * floor else "0"


def list_points(forecast: TargetForecast, started_at: dt.datetime) -> list[tuple[str, str, str, str]]:
    """Moment, typical run, 5 % and 95 % in mg/L: rows evenly over the wave, without the empty time before it."""
    fan = forecast.fan
    if not fan.times_s:
        return []
    floor = 0.01 * max(fan.p95, default=0.0)
    first = next((index for index, value in enumerate(fan.p95) if value > floor), 0)
    last = next((index for index in range(len(fan.p95) - 1, -1, -1) if fan.p95[index] > floor), 0)
    step = max(1, (last - first + 1) // TABLE_ROWS)
    return [
        (
            saying.say_moment(started_at + dt.timedelta(seconds=fan.times_s[index])),
            *(_tell(line[index], floor) for line in (fan.typical, fan.p05, fan.p95)),
        )
        for index in range(first, last + 1, step)
    ]
