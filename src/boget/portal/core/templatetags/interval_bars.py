"""Inline SVG of intervals and stacked terms. Geometry is in attributes and colour in classes: the CSP allows no style."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

WIDTH = 150
HEIGHT = 16
EDGE = 4
"""Pixels kept free at each end for the dot."""


def _place(value: float, lo: float, hi: float) -> float:
    share = (value - lo) / (hi - lo) if hi > lo else 0.5
    return round(EDGE + min(max(share, 0.0), 1.0) * (WIDTH - 2 * EDGE), 1)


def draw_interval(
    low: float | None,
    high: float | None,
    value: float | None,
    *,
    lo: float = 0.0,
    hi: float = 1.0,
    label: object = "",
    kind: str = "",
    threshold: float | None = None,
) -> SafeString:
    """Axis, bar of the interval, dot of the value, tick of the threshold. Nothing known: the axis alone.

    ``kind`` "open_low" or "open_high" says that the interval has no bound there.
    """
    marks = [format_html('<path class="axis" d="M{} 8H{}"/>', EDGE, WIDTH - EDGE)]
    if low is not None or high is not None:
        marks.append(_draw_range(low, high, (lo, hi), kind))
    if threshold is not None:
        marks.append(format_html('<path class="threshold" d="M{} 1V15"/>', _place(threshold, lo, hi)))
    if value is not None:
        marks.append(format_html('<circle class="dot" cx="{}" cy="8" r="3.5"/>', _place(value, lo, hi)))
    sentence = label or (gettext("too little data") if value is None else "")
    return _wrap("interval-bar", WIDTH, sentence, marks)


def _draw_range(low: float | None, high: float | None, scale: tuple[float, float], kind: str) -> SafeString:
    left = _place(scale[0] if low is None else low, *scale)
    right = _place(scale[1] if high is None else high, *scale)
    if low is not None and high is not None and not kind:
        return format_html('<rect class="range" x="{}" y="5" width="{}" height="6"/>', left, round(max(right - left, 1), 1))
    outline = f"M{right} 5H{left}V11H{right}" if high is None or kind == "open_high" else f"M{left} 5H{right}V11H{left}"
    return format_html('<path class="range" d="{}"/>', outline)


def draw_terms(terms: Iterable[tuple[float, bool]], scale: float, *, label: object = "") -> SafeString:
    """Terms of an index side by side; a term assumed at its worst is dashed."""
    marks, left, width = [], 0.0, 180
    for index, (value, is_assumed) in enumerate(terms, start=1):
        length = round(max(value, 0.0) / scale * (width - 2), 1) if scale > 0 else 0.0
        css = f"term-{index} term-assumed" if is_assumed else f"term-{index}"
        marks.append(format_html('<rect class="{}" x="{}" y="2" width="{}" height="12"/>', css, round(left + 1, 1), length))
        left += length
    return _wrap("term-bar", width, label, marks)


def _wrap(css: str, width: int, sentence: object, marks: list[SafeString]) -> SafeString:
    named = format_html(' role="img" aria-label="{}"', sentence) if sentence else mark_safe(' aria-hidden="true"')
    body = format_html_join("", "{}", ((part,) for part in marks))
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" width="{}" height="{}"{}>{}</svg>', css, width, HEIGHT, width, HEIGHT, named, body
    )
