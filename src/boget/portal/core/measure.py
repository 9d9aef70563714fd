"""How much room a text takes, so that nothing runs out of its place on a slide or in a drawing.

Widths are those of Arial (``widths.toml``). Where a paper is shown with a wider type the factor ``SLACK`` has room for it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

LINE_HEIGHT = 1.2
"""Height of a line as a multiple of the type size; the single spacing of the office programs for this type is 1.15."""
SLACK = 1.04
"""What a line is taken to be longer than measured: kerning, rounding and the type of another machine."""


@dataclass(frozen=True, slots=True)
class Box:
    """Where something stands on a page, in points from its upper left corner."""

    x: float
    y: float
    width: float
    height: float


@cache
def _read_widths() -> tuple[dict[bool, dict[str, int]], int]:
    table = tomllib.loads(resources.files(__package__).joinpath("widths.toml").read_text(encoding="utf-8"))
    widths = {
        is_bold: {letter: int(width) for width, letters in table[name].items() for letter in letters}
        for is_bold, name in ((False, "regular"), (True, "bold"))
    }
    return widths, int(table["other"])


@lru_cache(maxsize=20_000)
def _width_of(word: str, is_bold: bool) -> int:
    """Width of a word, in thousandths of the type size; papers repeat their words."""
    widths, other = _read_widths()
    known = widths[is_bold]
    return sum(known.get(letter, other) for letter in word)


def measure_width(text: str, size_pt: float, *, is_bold: bool = False) -> float:
    """Width of a line in points."""
    words = text.split(" ")
    gaps = _width_of(" ", is_bold) * (len(words) - 1)
    return (sum(_width_of(word, is_bold) for word in words) + gaps) * size_pt / 1000 * SLACK


def wrap(text: str, size_pt: float, width_pt: float, *, is_bold: bool = False) -> list[str]:
    """The lines of a text in a column of a width; a word wider than the column is cut."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _wrap_paragraph(paragraph, size_pt, width_pt, is_bold)
    return lines or [""]


def _wrap_paragraph(text: str, size_pt: float, width_pt: float, is_bold: bool) -> list[str]:
    lines: list[str] = []
    line: list[str] = []
    used, gap = 0.0, _width_of(" ", is_bold) * size_pt / 1000 * SLACK
    for word in _cut_words(text, size_pt, width_pt, is_bold):
        width = measure_width(word, size_pt, is_bold=is_bold)
        if line and used + gap + width > width_pt:
            lines.append(" ".join(line))
            line, used = [], 0.0
        used += width + (gap if line else 0.0)
        line.append(word)
    return [*lines, " ".join(line)]


def _cut_words(text: str, size_pt: float, width_pt: float, is_bold: bool) -> Iterator[str]:
    """The words; one that is wider than the column in pieces that fit."""
    for word in text.split(" "):
        if measure_width(word, size_pt, is_bold=is_bold) <= width_pt:
            yield word
            continue
        piece, used = "", 0.0
        for letter in word:
            width = measure_width(letter, size_pt, is_bold=is_bold)
            if piece and used + width > width_pt:
                yield piece
                piece, used = "", 0.0
            piece, used = piece + letter, used + width
        yield piece


def measure_height(text: str, size_pt: float, width_pt: float, *, is_bold: bool = False) -> float:
    """Height in points of a text in a column of a width."""
    return len(wrap(text, size_pt, width_pt, is_bold=is_bold)) * size_pt * LINE_HEIGHT
