"""Slides: the parts laid out on pages of a size so that nothing runs over. PPTX and PDF are drawn from the same layout.

Lengths are points. Texts, tables and charts keep their type size; what does not fit goes to a further slide with the same
title, and a table repeats its head.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils import translation

from boget.portal.core.measure import LINE_HEIGHT, Box, measure_height
from boget.portal.reports.progress.build import say_footer
from boget.portal.reports.progress.context import ProgressContext
from boget.portal.reports.progress.parts import SMALL_TEXT_PT, TABLE_PT, Bars, Line, Map, Part, Table, list_parts

TITLE_SIZES = (28, 26, 24, 22, 20, 18)
OPENING_SIZES = (32, 30, 28, 26, 24)
MOST_TITLE = 126.0
MARGIN_X, TITLE_TOP, FOOT = 48.0, 28.0, 46.0
GAP, PARAGRAPH_GAP, LIST_INDENT = 12.0, 6.0, 18.0
CELL_X, CELL_Y = 5.0, 3.0
LEAST_BARS = 250.0
MAP_SHARE = 0.56
MAP_RATIO = 0.56
"""Height of the map by its width: that of the country in its projection, with a margin."""


@dataclass(frozen=True, slots=True)
class PageSize:
    """Width and height of a slide; the usual one is 13.333 by 7.5 inches."""

    width: float = 960.0
    height: float = 540.0

    @property
    def inner(self) -> float:
        return self.width - 2 * MARGIN_X

    @property
    def bottom(self) -> float:
        return self.height - FOOT


@dataclass(frozen=True, slots=True)
class Lines:
    """Paragraphs of one text box."""

    lines: tuple[Line, ...]


Block = Lines | Table | Bars | Map


@dataclass(frozen=True, slots=True)
class Element:
    box: Box
    block: Block


@dataclass(frozen=True, slots=True)
class Slide:
    """One page. part: code of the part it belongs to."""

    part: str
    title: str
    title_pt: int
    title_box: Box
    elements: tuple[Element, ...]
    notes: tuple[str, ...]
    is_opening: bool = False


@dataclass(frozen=True, slots=True)
class Deck:
    title: str
    language: str
    footer: str
    page: PageSize
    slides: tuple[Slide, ...]


def build_deck(context: ProgressContext, choices: Mapping[str, Any] | None = None, page: PageSize | None = None) -> Deck:
    """The slides of a report."""
    size = page or PageSize()
    with translation.override(context.language):
        footer = say_footer(context)
        slides = [slide for part in list_parts(context, choices) for slide in lay_out(part, size)]
    return Deck(context.title, context.language, footer, size, tuple(slides))


# --- heights -------------------------------------------------------------------------------------------------------


def measure_line(line: Line, width: float) -> float:
    indent = LIST_INDENT if line.kind == "list" else 0.0
    height = measure_height(line.text, line.size_pt, width - indent, is_bold=line.kind == "strong")
    return height + PARAGRAPH_GAP


def measure_row(cells: Sequence[str], table: Table, width: float, *, is_head: bool = False) -> float:
    """Height of a row: its highest cell."""
    heights = [
        measure_height(text, TABLE_PT, column.share * width - 2 * CELL_X, is_bold=is_head)
        for text, column in zip(cells, table.columns, strict=True)
    ]
    return max(heights) + 2 * CELL_Y + 1.0


def measure_head(table: Table, width: float) -> float:
    return measure_row([column.head for column in table.columns], table, width, is_head=True)


def measure_table(table: Table, width: float) -> float:
    return measure_head(table, width) + sum(measure_row(row, table, width) for row in table.rows)


# --- layout --------------------------------------------------------------------------------------------------------


@dataclass
class _Sheet:
    """A slide that is being filled from the top."""

    y: float
    elements: list[Element] = field(default_factory=list)


def lay_out(part: Part, page: PageSize) -> list[Slide]:
    """The slides of one part."""
    if part.code == "title":
        return [_lay_out_opening(part, page)]
    part = _shorten_title(part, page)
    title_pt, height = _choose_title(part.title, page)
    filler = _fill(part, page, height)
    if len(filler.sheets) > 1:  # the title grows by its number
        title_pt, height = _choose_title(f"{part.title} (10/10)", page)
        filler = _fill(part, page, height)
    box = Box(MARGIN_X, TITLE_TOP, page.inner, height)
    sheets = filler.sheets
    titles = [part.title if len(sheets) == 1 else f"{part.title} ({n}/{len(sheets)})" for n in range(1, len(sheets) + 1)]
    return [
        Slide(part.code, title, title_pt, box, tuple(sheet.elements), part.notes)
        for title, sheet in zip(titles, sheets, strict=True)
    ]


def _shorten_title(part: Part, page: PageSize) -> Part:
    """A title that no type fits is cut at a word, and stands in full as the first line of the text."""
    smallest = TITLE_SIZES[-1]

    def fits(text: str) -> bool:
        return measure_height(f"{text}… (10/10)", smallest, page.inner, is_bold=True) <= MOST_TITLE

    if fits(part.title):
        return part
    kept, _rest = _cut_text(part.title, fits)
    return replace(part, title=f"{kept}…", before=(Line(part.title, "strong", SMALL_TEXT_PT), *part.before))


def _fill(part: Part, page: PageSize, title_height: float) -> _Filler:
    filler = _Filler(page, TITLE_TOP + title_height + GAP)
    if part.map is not None:
        filler.add_map(part)
    else:
        filler.add_lines(part.before)
        if part.table is not None:
            filler.add_table(part.table)
        if part.bars is not None:
            filler.add_bars(part.bars, part.after)
        filler.keep_together(part.after)
        filler.add_lines(part.after)
    return filler


def _choose_title(title: str, page: PageSize) -> tuple[int, float]:
    """The largest type in which the title takes at most two lines, else one in which it fits at all; with its height."""
    for size in TITLE_SIZES:
        height = measure_height(title, size, page.inner, is_bold=True)
        if height <= 2.1 * size * LINE_HEIGHT or (size <= TITLE_SIZES[-2] and height <= MOST_TITLE):
            return size, height
    return TITLE_SIZES[-1], measure_height(title, TITLE_SIZES[-1], page.inner, is_bold=True)


def _lay_out_opening(part: Part, page: PageSize) -> Slide:
    """The first slide: the title in the upper half, who reports below it."""
    most = page.height * 0.48
    heights = {size: measure_height(part.title, size, page.inner, is_bold=True) for size in OPENING_SIZES}
    size = next((size for size, height in heights.items() if height <= most), OPENING_SIZES[-1])
    height = heights[size]
    top = max(page.height * 0.14, TITLE_TOP)
    filler = _Filler(page, top + height + 2.5 * GAP)
    filler.add_lines((*part.before, *part.after))
    box = Box(MARGIN_X, top, page.inner, height)
    return Slide(part.code, part.title, size, box, tuple(filler.sheets[0].elements), part.notes, is_opening=True)


class _Filler:
    """Fills slides from top to bottom and begins the next one where something does not fit."""

    def __init__(self, page: PageSize, top: float) -> None:
        self.page, self.top = page, top
        self.sheets = [_Sheet(top)]

    @property
    def sheet(self) -> _Sheet:
        return self.sheets[-1]

    @property
    def room(self) -> float:
        return self.page.bottom - self.sheet.y

    def break_sheet(self) -> None:
        self.sheets.append(_Sheet(self.top))

    def put(self, block: Block, height: float, *, x: float = MARGIN_X, width: float = 0.0, is_beside: bool = False) -> None:
        self.sheet.elements.append(Element(Box(x, self.sheet.y, width or self.page.inner, height), block))
        if not is_beside:
            self.sheet.y += height + GAP

    def add_lines(self, lines: Sequence[Line]) -> None:
        """Paragraphs, as many on a slide as fit; a paragraph longer than a slide is cut at a word."""
        taken: list[Line] = []
        height = 0.0
        for line in self._cut(lines):
            need = measure_line(line, self.page.inner)
            is_full = height + need > self.room
            if is_full and (taken or self.sheet.elements):
                self._put_lines(taken, height)
                self.break_sheet()
                taken, height = [], 0.0
            taken.append(line)
            height += need
        self._put_lines(taken, height)

    def keep_together(self, lines: Sequence[Line]) -> None:
        """Begin a slide for lines that fit on one, but no longer on this."""
        need = sum(measure_line(line, self.page.inner) for line in lines)
        if lines and self.room < need <= self.page.bottom - self.top:
            self.break_sheet()

    def _put_lines(self, taken: list[Line], height: float) -> None:
        if taken:
            self.put(Lines(tuple(taken)), height)

    def _cut(self, lines: Sequence[Line]) -> list[Line]:
        whole = self.page.bottom - self.top
        return [piece for line in lines for piece in _cut_line(line, self.page.inner, whole)]

    def add_table(self, table: Table) -> None:
        """Rows, at most ``most_rows`` a slide, under a head on each."""
        width = self.page.inner
        head = measure_head(table, width)
        whole = self.page.bottom - self.top - head
        rows = _cut_rows(table, width, whole)
        heights = [measure_row(row, table, width) for row in rows]
        for number, group in enumerate(_balance(heights, self.room - head, whole, most=table.most_rows)):
            if number or not group:
                self.break_sheet()
            if group:
                shown = tuple(rows[place] for place in group)
                self.put(replace(table, rows=shown), head + sum(heights[place] for place in group))

    def add_bars(self, bars: Bars, after: Sequence[Line]) -> None:
        """The chart takes what the lines after it leave."""
        below = sum(measure_line(line, self.page.inner) for line in after) + GAP
        height = self.room - below
        if height < LEAST_BARS:
            height = self.room
        self.put(bars, height)

    def add_map(self, part: Part) -> None:
        """Sentences over the whole width, the map at the left, the table at the right, the notes where there is room."""
        self.add_lines(part.before)
        assert part.map is not None and part.table is not None
        width = self.page.inner * MAP_SHARE
        right, table_width = MARGIN_X + width + 2 * GAP, self.page.inner - width - 2 * GAP
        top, table_height = self.sheet.y, measure_table(part.table, table_width)
        below = sum(measure_line(line, table_width) for line in part.after)
        is_beside = table_height + GAP + below <= self.room
        notes = 0.0 if is_beside else sum(measure_line(line, width) for line in part.after)
        height = min(width * MAP_RATIO, self.room - notes - GAP)
        self.put(part.map, height, width=height / MAP_RATIO, is_beside=True)
        fits = table_height <= self.room
        if fits:
            self.put(part.table, table_height, x=right, width=table_width, is_beside=not is_beside)
        if part.after and is_beside:
            self.put(Lines(part.after), below, x=right, width=table_width)
        elif part.after:
            self.sheet.y = top + height + GAP
            self.put(Lines(part.after), notes, width=width)
        if not fits:
            self.break_sheet()
            self.add_table(part.table)


Groups = list[list[int]]


def _balance(heights: Sequence[float], first: float, room: float, *, most: int) -> Groups:
    """Numbers of the rows of each slide, spread evenly over as few slides as can hold them.

    first: room on the slide that is begun, room: on each further one. An empty first group: nothing fits there.
    """
    found = _group(heights, first, room, most=most)
    share = room
    while share > max(heights, default=0.0):
        share -= LINE_HEIGHT * TABLE_PT
        tighter = _group(heights, min(first, share), share, most=most)
        if len(tighter) > len(found):
            break
        found = tighter
    return found


def _group(heights: Sequence[float], first: float, room: float, *, most: int) -> Groups:
    groups: Groups = [[]]
    used = 0.0
    for number, height in enumerate(heights):
        limit = first if len(groups) == 1 else room
        if (used + height > limit or len(groups[-1]) == most) and (groups[-1] or len(groups) == 1):
            groups.append([])
            used = 0.0
        groups[-1].append(number)
        used += height
    return groups


def _cut_line(line: Line, width: float, height: float) -> list[Line]:
    """Pieces of a paragraph none of which is higher than a slide."""
    if measure_line(line, width) <= height:
        return [line]
    rest, pieces = line.text, []
    while rest:
        kept, rest = _cut_text(rest, lambda text: measure_line(replace(line, text=text), width) <= height)
        pieces.append(replace(line, text=kept))
    return pieces


def _cut_rows(table: Table, width: float, height: float) -> list[tuple[str, ...]]:
    """Rows none of which is higher than a slide: what is left of a long cell goes on in a further row."""
    rows = []
    for row in table.rows:
        rest = row
        while measure_row(rest, table, width) > height:
            cells = [_cut_cell(text, column.share * width, height) for text, column in zip(rest, table.columns, strict=True)]
            rows.append(tuple(kept for kept, _left in cells))
            rest = tuple(left for _kept, left in cells)
        rows.append(rest)
    return rows


def _cut_cell(text: str, width: float, height: float) -> tuple[str, str]:
    def fits(part: str) -> bool:
        return measure_height(part, TABLE_PT, width - 2 * CELL_X) + 2 * CELL_Y + 1.0 <= height

    return _cut_text(text, fits)


def _cut_text(text: str, fits: Callable[[str], bool]) -> tuple[str, str]:
    """As much of a text as fits, cut at a word, within it where not even one word fits; and the rest. At least a letter."""
    if fits(text):
        return text, ""
    words = text.split(" ")
    end = _count_fitting(words, lambda count: fits(" ".join(words[:count])))
    if end:
        return " ".join(words[:end]), " ".join(words[end:])
    letters = max(_count_fitting(text, lambda count: fits(text[:count])), 1)
    return text[:letters], text[letters:]


def _count_fitting(pieces: Sequence[str], fits: Callable[[int], bool]) -> int:
    """How many pieces from the first on fit."""
    low, high = 0, len(pieces)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(middle):
            low = middle
        else:
            high = middle - 1
    return low
