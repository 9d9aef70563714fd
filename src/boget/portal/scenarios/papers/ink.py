"""Colours, type and small parts of the drawings: those of the light pages, so that a picture and a page look the same."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from boget.portal.core.measure import measure_width

INK, QUIET, LINE, EDGE, PAPER = "#14202b", "#475663", "#c9d2d9", "#71808d", "#ffffff"
BAND, MEDIAN, LIMIT = "#d6e8f5", "#123f73", "#d2600f"
LAND, ABROAD, BORDER, WATER, RELEASE = "#f4f3ee", "#e6ebef", "#6b5b73", "#5b8fae", "#8a0d18"
ARRIVAL = {1: "#2d0b59", 2: "#5a2a9c", 3: "#3f6fc4", 4: "#4aa3c7", 5: "#8ccfc0", 6: "#d3edd0"}
UNKNOWN = "#dfe4e8"
FONTS = "Noto Sans, Arial, Liberation Sans, DejaVu Sans, Libertinus Serif, sans-serif"
WIDER = 1.08
"""Noto Sans is wider than the type whose widths are known."""


def colour_of(step: int | None) -> str:
    """Fill of a class of arrival."""
    return ARRIVAL.get(step or 0, UNKNOWN)


def wrap_svg(content: str, width: float, height: float, *, label: str, size: float = 13.0) -> str:
    """An SVG document with its alternative text."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'role="img" aria-label={quoteattr(label)} font-family="{FONTS}" font-size="{size:g}" fill="{INK}">'
        f"<title>{escape(label)}</title>{content}</svg>"
    )


def write(text: str, x: float, y: float, *, anchor: str = "start", look: str = "") -> str:
    """A text at a point of its base line."""
    side = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{side}{" " + look if look else ""}>{escape(text)}</text>'


def write_over(text: str, x: float, y: float, *, anchor: str = "start", look: str = "") -> str:
    """A text with a halo, because it may lie on a line."""
    halo = f'stroke="{PAPER}" stroke-width="3.5" stroke-linejoin="round" paint-order="stroke"'
    return write(text, x, y, anchor=anchor, look=f"{look} {halo}".strip())


def width_of(text: str, size: float, *, is_bold: bool = False) -> float:
    return measure_width(text, size, is_bold=is_bold) * WIDER
