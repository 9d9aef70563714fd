"""The concentration over time as a picture: what the chart of the page shows, without a script, on paper and in the PDF."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from boget.portal.core.formatting import format_number
from boget.portal.scenarios.papers import ink

TOP, BOTTOM, RIGHT = 22.0, 26.0, 12.0
HEADROOM = 1.08
MOST_TICKS_Y = 5
ROLES = ("band", "before", "typical", "observed")
"""Series from the lowest to the topmost."""
STEPS_S = tuple(3600 * hours for hours in (1, 2, 3, 6, 12, 24, 48, 96, 168, 336, 720, 1440))
DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the chart stands in the picture, and what its axes span: seconds of the clock and mg/L."""

    width: float
    height: float
    left: float
    first: float
    last: float
    highest: float
    offset: float
    size: float

    def x(self, time: float) -> float:
        return self.left + (time - self.first) / (self.last - self.first) * (self.width - RIGHT - self.left)

    def y(self, value: float) -> float:
        return self.height - BOTTOM - value / self.highest * (self.height - BOTTOM - TOP)


def draw_fan(chart: Mapping[str, Any], *, label: str, width: float = 720.0, height: float = 280.0, size: float = 13.0) -> str:
    """An SVG document of a chart as `river_chart.build_chart` describes it. label: its alternative text."""
    frame = _frame(chart, width, height, size)
    parts = [_draw_axes(frame, chart)]
    series = {role: [one for one in chart["series"] if one["role"] == role] for role in ROLES}
    times = chart["x"]["values"]
    parts += [_draw_band(frame, times, one) for one in series["band"]]
    parts += [_draw_line(frame, times, one["values"], 'stroke-width="1" stroke-dasharray="2 3"') for one in series["before"]]
    parts += [_draw_line(frame, times, one["values"], 'stroke-width="2.4"') for one in series["typical"]]
    parts += [_draw_points(frame, times, one["values"]) for one in series["observed"]]
    parts.append(_draw_marks(frame, chart))
    parts += [_name_top(frame, times, one) for one in (*series["typical"], *series["before"])]
    return ink.wrap_svg("".join(parts), width, height, label=label, size=size)


def _frame(chart: Mapping[str, Any], width: float, height: float, size: float) -> Frame:
    values = [v for one in chart["series"] for name in ("high", "values") for v in one.get(name, ()) if v is not None]
    limits = [one["value"] for one in chart["thresholds"]]
    highest = max([*values, *limits, 0.0]) * HEADROOM or 1.0
    times = chart["x"]["values"] or [0.0, 1.0]
    last = times[-1] if times[-1] > times[0] else times[0] + 1.0
    labels = [format_number(tick) for tick in _list_levels(highest)]
    left = 8.0 + max(ink.width_of(text, size) for text in labels)
    return Frame(width, height, left, times[0], last, highest, chart["x"]["clock"]["offset"], size)


# --- axes ----------------------------------------------------------------------------------------------------------


def _draw_axes(frame: Frame, chart: Mapping[str, Any]) -> str:
    base, parts = frame.y(0.0), []
    for level in _list_levels(frame.highest):
        y = frame.y(level)
        parts.append(f'<path d="M{frame.left:.1f} {y:.1f}H{frame.width - RIGHT:.1f}" stroke="{ink.LINE}"/>')
        parts.append(ink.write(format_number(level), frame.left - 6, y + frame.size / 3, anchor="end", look=_quiet()))
    for time, text in _list_moments(frame):
        x = frame.x(time)
        parts.append(f'<path d="M{x:.1f} {base:.1f}v4" stroke="{ink.INK}"/>')
        parts.append(ink.write(text, x, base + 6 + frame.size, anchor="middle", look=_quiet()))
    parts.append(f'<path d="M{frame.left:.1f} {base:.1f}H{frame.width - RIGHT:.1f}" stroke="{ink.INK}"/>')
    parts.append(ink.write(chart["y"]["label"], 2, frame.size, look=_quiet()))
    parts.append(ink.write(chart["x"]["label"], frame.width - 2, frame.size, anchor="end", look=_quiet()))
    return "".join(parts)


def _quiet() -> str:
    return f'fill="{ink.QUIET}"'


def _list_levels(highest: float) -> list[float]:
    """Round numbers from 0, at most as many as can be read."""
    raw = highest / MOST_TICKS_Y
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw)
    return [float(f"{step * number:.6g}") for number in range(int(highest / step) + 1)]


def _list_moments(frame: Frame) -> Iterator[tuple[float, str]]:
    """Seconds of the clock with their words: days at midnight of the page's zone, hours between."""
    most = (frame.width - frame.left) / (ink.width_of("00.00", frame.size) + 14)
    step = next((one for one in STEPS_S if (frame.last - frame.first) / one <= most), STEPS_S[-1])
    first = math.ceil((frame.first + frame.offset) / step) * step - frame.offset
    for number in range(int((frame.last - first) / step) + 1):
        time = first + number * step
        moment = dt.datetime.fromtimestamp(time + frame.offset, tz=dt.UTC)
        yield time, f"{moment:%d.%m}" if (time + frame.offset) % DAY_S == 0 else f"{moment:%H:%M}"


# --- curves --------------------------------------------------------------------------------------------------------


def _trace(frame: Frame, times: Sequence[float], values: Sequence[float | None]) -> str:
    return "L".join(f"{frame.x(t):.1f} {frame.y(v):.1f}" for t, v in zip(times, values, strict=True) if v is not None)


def _draw_band(frame: Frame, times: Sequence[float], one: Mapping[str, Any]) -> str:
    upper, lower = _trace(frame, times, one["high"]), _trace(frame, times, one["low"])
    back = _trace(frame, list(reversed(times)), list(reversed(one["low"])))
    edge = f'fill="none" stroke="{ink.MEDIAN}" stroke-width="1" stroke-dasharray="4 4"'
    return f'<path d="M{upper}L{back}Z" fill="{ink.BAND}"/><path d="M{upper}" {edge}/><path d="M{lower}" {edge}/>'


def _draw_line(frame: Frame, times: Sequence[float], values: Sequence[float | None], look: str) -> str:
    return f'<path d="M{_trace(frame, times, values)}" fill="none" stroke="{ink.MEDIAN}" stroke-linejoin="round" {look}/>'


def _draw_points(frame: Frame, times: Sequence[float], values: Sequence[float | None]) -> str:
    """Readings as open circles."""
    return "".join(
        f'<circle cx="{frame.x(t):.1f}" cy="{frame.y(v):.1f}" r="4" fill="{ink.PAPER}" stroke="{ink.INK}" stroke-width="1.6"/>'
        for t, v in zip(times, values, strict=True)
        if v is not None
    )


def _draw_marks(frame: Frame, chart: Mapping[str, Any]) -> str:
    """The threshold and the line of "now", each with its name."""
    parts = []
    for limit in chart["thresholds"]:
        y = frame.y(limit["value"])
        line = f'd="M{frame.left:.1f} {y:.1f}H{frame.width - RIGHT:.1f}" stroke="{ink.LIMIT}"'
        parts.append(f'<path {line} stroke-width="1.6" stroke-dasharray="8 4"/>')
        parts.append(ink.write_over(limit["label"], frame.width - RIGHT - 4, y - 5, anchor="end"))
    if "now" in chart:
        x = frame.x(chart["now"])
        parts.append(f'<path d="M{x:.1f} {TOP:g}V{frame.y(0):.1f}" stroke="{ink.INK}" stroke-width="1.6"/>')
        room = frame.width - RIGHT - ink.width_of(chart["nowLabel"], frame.size)
        parts.append(ink.write_over(chart["nowLabel"], min(x + 5, room), TOP + frame.size))
    return "".join(parts)


def _name_top(frame: Frame, times: Sequence[float], one: Mapping[str, Any]) -> str:
    """The name of a curve at its highest point: at its end it would lie on the axis."""
    values = [-1.0 if value is None else value for value in one["values"]]
    if not values:
        return ""
    top = values.index(max(values))
    room = frame.width - RIGHT - ink.width_of(one["label"], frame.size)
    return ink.write_over(one["label"], min(frame.x(times[top]) + 6, room), frame.y(values[top]) - 6)
