"""The bars of the ranking as SVG, for papers whose format has no charts of its own. The table beside it has the numbers."""

from __future__ import annotations

from xml.sax.saxutils import escape

from boget.portal.reports.progress.parts import Bars

WIDTH, ROW, LABEL, TEXT = 1000.0, 34.0, 400.0, 170.0
INK, BAR, RANGE = "#14202b", "#0b5a7a", "#d2600f"
FONTS = "Arial, Liberation Sans, Noto Sans, DejaVu Sans, Libertinus Serif"
SIZE = 17
LONGEST = 46
"""Letters of a label; the table has the whole name."""


def draw_bars(bars: Bars) -> str:
    """Label, bar with its interval and the number, one row each."""
    top = max((bar.high for bar in bars.bars), default=1.0) or 1.0
    scale = (WIDTH - LABEL - TEXT) / top
    rows = []
    for number, bar in enumerate(bars.bars):
        y = number * ROW + ROW / 2
        low, high = LABEL + bar.low * scale, LABEL + bar.high * scale
        label = bar.label if len(bar.label) <= LONGEST else f"{bar.label[:LONGEST]}…"
        rows.append(
            f'<text x="{LABEL - 10:g}" y="{y + 6:g}" text-anchor="end">{escape(label)}</text>'
            f'<rect x="{LABEL:g}" y="{y - 9:g}" width="{bar.value * scale:.1f}" height="18" fill="{BAR}"/>'
            f'<path d="M{low:.1f},{y:g}H{high:.1f}M{low:.1f},{y - 7:g}v14M{high:.1f},{y - 7:g}v14" '
            f'stroke="{RANGE}" stroke-width="3"/>'
            f'<text x="{high + 10:.1f}" y="{y + 6:g}" font-weight="bold">{escape(bar.text)}</text>'
        )
    height = ROW * max(len(bars.bars), 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:g}" width="{WIDTH:g}" height="{height:g}" '
        f'font-family="{FONTS}" font-size="{SIZE}" fill="{INK}">{"".join(rows)}</svg>'
    )
