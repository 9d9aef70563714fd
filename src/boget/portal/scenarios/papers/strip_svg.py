"""The way of the water as one straight line over kilometres: classes of arrival, dams, borders, targets by their number."""

from __future__ import annotations

from collections.abc import Sequence

from boget.portal.core.formatting import format_number, unit_symbol
from boget.portal.scenarios.papers import ink
from boget.portal.scenarios.selectors import saying
from boget.portal.scenarios.selectors.wave_rows import TargetRow
from boget.science.river.outcome import RiverOutcome

WIDTH, LEFT, SIZE = 720.0, 12.0, 11.0
RADIUS, LEVEL, MOST_LEVELS = 7.5, 17.0, 4
LINE, RIVER = 6.0, 12.0
TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
MOST_TICKS = 9
TAIL = 1.04
"""How far the line goes on behind the last target."""


def draw_strip(outcome: RiverOutcome, rows: Sequence[TargetRow], *, label: str) -> str:
    """An SVG document; the numbers of the targets are those of the table, from 1."""
    whole = max([one.to_m for one in outcome.stretches] + [row.forecast.target.distance_m for row in rows] + [1.0])
    length = min(whole, TAIL * max((row.forecast.target.distance_m for row in rows), default=whole))
    scale = (WIDTH - 2 * LEFT) / length
    levels = _stack([LEFT + row.forecast.target.distance_m * scale for row in rows])
    base = 8.0 + LEVEL * (max(levels, default=0) + 1) + RADIUS
    parts = [_draw_river(outcome, scale, base, length), _draw_scale(length, scale, base)]
    marks = [_draw_mark(row, LEFT + row.forecast.target.distance_m * scale, base) for row in rows]
    numbers = [
        _draw_number(number, row, LEFT + row.forecast.target.distance_m * scale, base - RIVER - LEVEL * level)
        for number, (row, level) in enumerate(zip(rows, levels, strict=True), start=1)
    ]
    return ink.wrap_svg("".join([*parts, *marks, *numbers]), WIDTH, base + 30, label=label, size=SIZE)


def _stack(places: Sequence[float]) -> list[int]:
    """For each place the lowest level at which its circle touches no other."""
    ends: list[float] = []
    levels = []
    for x in places:
        level = next((number for number, end in enumerate(ends) if x - end >= 2 * RADIUS + 1), len(ends))
        level = min(level, MOST_LEVELS - 1)
        if level == len(ends):
            ends.append(x)
        ends[level] = x
        levels.append(level)
    return levels


def _draw_river(outcome: RiverOutcome, scale: float, y: float, length: float) -> str:
    whole = min(length, max((one.to_m for one in outcome.stretches), default=0.0)) * scale
    casing = f'<path d="M{LEFT:.1f} {y:.1f}h{whole:.1f}" stroke="{ink.INK}" stroke-width="{LINE + 2:g}"/>'
    lines = "".join(
        f'<path d="M{LEFT + one.from_m * scale:.2f} {y:.1f}H{LEFT + min(one.to_m, length) * scale:.2f}" '
        f'stroke="{ink.colour_of(saying.class_of_arrival(one.arrival10_s.p50))}" stroke-width="{LINE:g}"/>'
        for one in outcome.stretches
        if one.from_m < length
    )
    start = f'<circle cx="{LEFT:g}" cy="{y:.1f}" r="5" fill="{ink.RELEASE}" stroke="{ink.PAPER}" stroke-width="1.5"/>'
    return casing + lines + start


def _draw_mark(row: TargetRow, x: float, y: float) -> str:
    """A dam, a border, or a tick for all else."""
    kind = row.forecast.target.kind
    if kind == "reservoir":
        shape = f"M{x:.1f} {y - 9:.1f}l-14 9l14 9Z"
        lake = f'<path d="{shape}" fill="{ink.PAPER}" stroke="{ink.INK}" stroke-width="1.2"/>'
        return lake + f'<path d="M{x:.1f} {y - 10:.1f}v20" stroke="{ink.INK}" stroke-width="3"/>'
    if kind == "border":
        return f'<path d="M{x:.1f} {y - 12:.1f}v24" stroke="{ink.BORDER}" stroke-width="3" stroke-dasharray="5 2"/>'
    return f'<path d="M{x:.1f} {y - 6:.1f}v12" stroke="{ink.INK}" stroke-width="1.2"/>'


def _draw_number(number: int, row: TargetRow, x: float, y: float) -> str:
    weight = 'font-weight="bold"' if row.is_above else ""
    fill = ink.PAPER if not row.is_above else ink.BAND
    circle = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{RADIUS:g}" fill="{fill}" stroke="{ink.INK}"/>'
    return circle + ink.write(str(number), x, y + 3.5, anchor="middle", look=f'font-size="10" {weight}'.strip())


def _draw_scale(length: float, scale: float, y: float) -> str:
    step = next((one for one in TICKS if length / 1e3 / one <= MOST_TICKS), TICKS[-1])
    parts = []
    for number in range(int(length / 1e3 / step) + 1):
        x = LEFT + number * step * 1e3 * scale
        text = format_number(number * step) + ("" if number else f"\u00a0{unit_symbol('km')}")
        parts.append(f'<path d="M{x:.1f} {y + 9:.1f}v4" stroke="{ink.QUIET}"/>')
        parts.append(ink.write(text, x, y + 25, anchor="middle" if number else "start", look=f'fill="{ink.QUIET}"'))
    return "".join(parts)
