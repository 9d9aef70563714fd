"""The report as slides for PowerPoint and LibreOffice: native tables and charts, alternative texts, notes with the sources."""

from __future__ import annotations

import copy
import io
from collections.abc import Mapping
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.packuri import PackURI
from pptx.oxml.ns import qn
from pptx.util import Pt

from boget.portal.core.measure import Box
from boget.portal.core.slide_shapes import (
    EMU_PER_PT,
    FONT,
    INK,
    LANGUAGES,
    QUIET,
    add_table,
    describe,
    emu,
    fill_cell,
    locate,
    make_blank,
    place,
    prepare,
    write_text,
)
from boget.portal.reports.progress.context import ProgressContext
from boget.portal.reports.progress.deck import (
    CELL_X,
    CELL_Y,
    FOOT,
    LIST_INDENT,
    MARGIN_X,
    PARAGRAPH_GAP,
    Deck,
    Element,
    Lines,
    PageSize,
    Slide,
    build_deck,
    measure_head,
    measure_row,
)
from boget.portal.reports.progress.map_drawing import draw_map
from boget.portal.reports.progress.parts import TABLE_PT, Bars, Table
from boget.portal.reports.progress.typesetting import make_picture

BAR, RANGE = (RGBColor.from_string(code) for code in ("0B5A7A", "D2600F"))
FOOT_PT, LABEL_PT = 12, 14


def write_pptx(context: ProgressContext, choices: Mapping[str, Any] | None = None, *, template: bytes | None = None) -> bytes:
    """The slides, in the master, type and colours of a template where one is given."""
    show = Presentation(io.BytesIO(template)) if template else make_blank()
    if template:
        _drop_slides(show)
    page = PageSize(show.slide_width / EMU_PER_PT, show.slide_height / EMU_PER_PT)
    deck = build_deck(context, choices, page)
    picture = make_picture(draw_map(context.register.points), width_pt=720.0)
    _quicken_naming(show.part.package)
    writer = _Writer(show, deck, picture)
    for number, slide in enumerate(deck.slides, start=1):
        writer.add(slide, number)
    _describe_file(show, deck, context)
    stream = io.BytesIO()
    show.save(stream)
    return stream.getvalue()


def _quicken_naming(package: Any) -> None:
    """Let the package remember the names it gave: by itself it walks through all its parts for each new one."""
    used = {str(part.partname) for part in package.iter_parts()}
    last: dict[str, int] = {}

    def next_partname(pattern: str) -> PackURI:
        number = last.get(pattern, 0) + 1
        while pattern % number in used:
            number += 1
        last[pattern] = number
        used.add(pattern % number)
        return PackURI(pattern % number)

    package.next_partname = next_partname


def _drop_slides(show: Any) -> None:
    """A template may come with slides: only its master and layouts are used."""
    ids = show.slides._sldIdLst
    for entry in list(ids):
        show.part.drop_rel(entry.rId)
        ids.remove(entry)


def _describe_file(show: Any, deck: Deck, context: ProgressContext) -> None:
    core = show.core_properties
    core.title, core.language, core.author = deck.title, LANGUAGES[deck.language], context.reporter.body or "Boget"
    core.subject, core.comments, core.keywords = deck.footer, "", ""
    core.last_modified_by = "Boget"


class _Writer:
    """Puts slides of a deck into a presentation."""

    def __init__(self, show: Any, deck: Deck, picture: bytes) -> None:
        self.show, self.deck, self.picture = show, deck, picture
        self.language, self.layout = LANGUAGES[deck.language], _choose_layout(show)

    def add(self, slide: Slide, number: int) -> None:
        made = self.show.slides.add_slide(self.layout)
        self._set_title(made, slide)
        for element in slide.elements:
            self._add_element(made, element)
        self._add_foot(made, number)
        made.notes_slide.notes_text_frame.text = "\n".join(slide.notes)

    def _set_title(self, made: Any, slide: Slide) -> None:
        title = made.shapes.title
        if title is None:
            title = made.shapes.add_textbox(0, 0, 0, 0)
        place(title, slide.title_box)
        frame = prepare(title.text_frame)
        frame.vertical_anchor = MSO_ANCHOR.TOP
        self._write(frame.paragraphs[0], slide.title, size_pt=slide.title_pt, is_bold=True)

    def _add_element(self, made: Any, element: Element) -> None:
        block = element.block
        if isinstance(block, Lines):
            self._add_lines(made, element.box, block)
        elif isinstance(block, Table):
            self._add_table(made, element.box, block)
        elif isinstance(block, Bars):
            self._add_bars(made, element.box, block)
        else:
            picture = made.shapes.add_picture(io.BytesIO(self.picture), *locate(element.box))
            describe(picture, block.alt)

    # --- text

    def _write(self, paragraph: Any, text: str, *, size_pt: float, is_bold: bool = False, colour: Any = INK) -> None:
        write_text(paragraph, text, language=self.language, size_pt=size_pt, is_bold=is_bold, colour=colour)

    def _add_lines(self, made: Any, box: Box, block: Lines) -> None:
        shape = made.shapes.add_textbox(*locate(box))
        frame = prepare(shape.text_frame)
        for number, line in enumerate(block.lines):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            paragraph.space_after = Pt(PARAGRAPH_GAP)
            colour = QUIET if line.kind == "quiet" else INK
            self._write(paragraph, line.text, size_pt=line.size_pt, is_bold=line.kind == "strong", colour=colour)
            if line.kind == "list":
                _set_bullet(paragraph)

    # --- tables

    def _add_table(self, made: Any, box: Box, table: Table) -> None:
        rows = [tuple(column.head for column in table.columns), *table.rows]
        native = add_table(made, box, rows, shares=[column.share for column in table.columns], caption=table.caption)
        heights = [measure_head(table, box.width), *(measure_row(row, table, box.width) for row in table.rows)]
        look = {"language": self.language, "size_pt": TABLE_PT, "margin": (CELL_X, CELL_Y)}
        for number, (cells, height) in enumerate(zip(rows, heights, strict=True)):
            native.rows[number].height = emu(height)
            for column, text in enumerate(cells):
                is_number = table.columns[column].is_number
                fill_cell(native.cell(number, column), text, is_number=is_number, is_bold=number == 0, **look)

    # --- chart

    def _add_bars(self, made: Any, box: Box, block: Bars) -> None:
        numbers = CategoryChartData()
        numbers.categories = [bar.label for bar in block.bars]
        numbers.add_series(block.name, [round(bar.value, 2) for bar in block.bars])
        frame = made.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *locate(box), numbers)
        describe(frame, block.alt)
        chart = frame.chart
        chart.has_legend, chart.has_title = False, False
        chart.font.size, chart.font.color.rgb = Pt(LABEL_PT), INK
        self._set_axes(chart, block)
        plot = chart.plots[0]
        plot.gap_width, plot.vary_by_categories = 45, False
        series = plot.series[0]
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = BAR
        for number, bar in enumerate(block.bars):
            self._label_bar(series.points[number], bar.text)
        _add_ranges(series, block)

    def _set_axes(self, chart: Any, block: Bars) -> None:
        axis = chart.category_axis
        axis.reverse_order = True
        axis.major_tick_mark = XL_TICK_MARK.NONE
        axis.tick_labels.font.size = Pt(LABEL_PT)
        axis.format.line.color.rgb = QUIET
        values = chart.value_axis
        values.minimum_scale = 0
        values.maximum_scale = _round_up(max(bar.high for bar in block.bars) * 1.3)
        values.has_major_gridlines = False
        values.tick_label_position = XL_TICK_LABEL_POSITION.NONE
        values.major_tick_mark = XL_TICK_MARK.NONE
        values.format.line.fill.background()

    def _label_bar(self, point: Any, text: str) -> None:
        label = point.data_label
        self._write(label.text_frame.paragraphs[0], text, size_pt=LABEL_PT, is_bold=True)
        label.text_frame._txBody.bodyPr.set("wrap", "none")
        label.position = XL_LABEL_POSITION.OUTSIDE_END

    # --- foot

    def _add_foot(self, made: Any, number: int) -> None:
        page, y = self.deck.page, self.deck.page.height - FOOT + 12
        numbered = Box(page.width - MARGIN_X - 60, y, 60, 22)
        text = Box(MARGIN_X, y, page.inner - 72, 22)
        foot = _copy_placeholder(made, PP_PLACEHOLDER.FOOTER) or made.shapes.add_textbox(0, 0, 0, 0)
        place(foot, text)
        self._write(prepare(foot.text_frame).paragraphs[0], self.deck.footer, size_pt=FOOT_PT, colour=QUIET)
        holder = _copy_placeholder(made, PP_PLACEHOLDER.SLIDE_NUMBER) or made.shapes.add_textbox(0, 0, 0, 0)
        place(holder, numbered)
        _write_page_number(prepare(holder.text_frame).paragraphs[0], number, self.language)


# --- shapes --------------------------------------------------------------------------------------------------------


def _set_bullet(paragraph: Any) -> None:
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", str(emu(LIST_INDENT)))
    properties.set("indent", str(-emu(LIST_INDENT)))
    etree.SubElement(properties, qn("a:buFont"), typeface=FONT)
    etree.SubElement(properties, qn("a:buChar"), char="•")


def _choose_layout(show: Any) -> Any:
    """The layout with a title and as little else as there is."""
    furniture = {PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.DATE}
    titles = {PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE}

    def rate(layout: Any) -> tuple[bool, int]:
        kinds = [holder.placeholder_format.type for holder in layout.placeholders]
        return not titles & set(kinds), sum(kind not in furniture | titles for kind in kinds)

    return min(show.slide_layouts, key=rate)


def _copy_placeholder(made: Any, kind: Any) -> Any:
    """The layout's own place for the foot or the number, as a shape of the slide; None where it has none."""
    for holder in made.slide_layout.placeholders:
        if holder.placeholder_format.type == kind:
            element = copy.deepcopy(holder._element)
            made.shapes._spTree.append(element)
            return next(shape for shape in made.shapes if shape._element is element)
    return None


def _write_page_number(paragraph: Any, number: int, language: str) -> None:
    """A field that counts by itself."""
    paragraph.alignment = PP_ALIGN.RIGHT
    field = etree.SubElement(paragraph._p, qn("a:fld"), id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}", type="slidenum")
    run = etree.SubElement(field, qn("a:rPr"), lang=language, sz=str(FOOT_PT * 100))
    fill = etree.SubElement(run, qn("a:solidFill"))
    etree.SubElement(fill, qn("a:srgbClr"), val=str(QUIET))
    etree.SubElement(field, qn("a:t")).text = str(number)


def _round_up(value: float) -> float:
    return float(int(value) + 1)


def _add_ranges(series: Any, block: Bars) -> None:
    """Error bars from the lower to the upper end of each interval."""
    bars = etree.Element(qn("c:errBars"))
    for name, value in (("c:errBarType", "both"), ("c:errValType", "cust"), ("c:noEndCap", "0")):
        etree.SubElement(bars, qn(name), val=value)
    for name, amounts in (
        ("c:plus", [bar.high - bar.value for bar in block.bars]),
        ("c:minus", [bar.value - bar.low for bar in block.bars]),
    ):
        literal = etree.SubElement(etree.SubElement(bars, qn(name)), qn("c:numLit"))
        etree.SubElement(literal, qn("c:formatCode")).text = "General"
        etree.SubElement(literal, qn("c:ptCount"), val=str(len(amounts)))
        for number, amount in enumerate(amounts):
            point = etree.SubElement(literal, qn("c:pt"), idx=str(number))
            etree.SubElement(point, qn("c:v")).text = f"{max(amount, 0.0):.4g}"
    outline = etree.SubElement(etree.SubElement(bars, qn("c:spPr")), qn("a:ln"), w=str(emu(2)))
    fill = etree.SubElement(outline, qn("a:solidFill"))
    etree.SubElement(fill, qn("a:srgbClr"), val=str(RANGE))
    series._element.find(qn("c:cat")).addprevious(bars)
