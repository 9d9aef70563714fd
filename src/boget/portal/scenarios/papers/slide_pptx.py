"""A forecast as slides: table, native chart and instruction on the first, limits and origins on the second."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pptx.chart.data import XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.util import Pt

from boget.portal.core.measure import Box, measure_height
from boget.portal.core.slide_shapes import (
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
from boget.portal.scenarios.papers import ink, run_words
from boget.portal.scenarios.papers.page_fit import count_fitting
from boget.portal.scenarios.papers.run_words import Paper
from boget.portal.scenarios.papers.sheet_content import Texts, choose_fans, choose_orders, describe_table, say_fan, say_update
from boget.portal.scenarios.selectors import saying
from boget.portal.scenarios.selectors.catalogue import name_substance
from boget.portal.scenarios.selectors.scenario_words import say_inputs
from boget.portal.scenarios.selectors.wave_rows import TargetRow

PAGE = Box(0, 0, 960, 540)
LEFT, INNER, FOOT_Y = 48.0, 864.0, 502.0
TABLE_WIDTH, GAP = 560.0, 14.0
TITLES_PT, ORDER_PT, TEXT_PT, TABLE_PT, HEAD_PT, FOOT_PT = (26, 22, 18), 18, 14, 14, 11, 12
ORDERS_PT = 72.0
"""Room for the instructions."""
LONGEST_NAME = 44
"""Letters of a name above the chart; the table has the whole of it."""
MARGIN = (5.0, 3.0)
COLUMNS = ((1, 0.27), (2, 0.18), (3, 0.20), (5, 0.17), (6, 0.18))
"""Columns of the sheet's table that the slide has, with their share of the width."""
MOST_ORDERS = 2
DAY_ZERO = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - day 0 of a spreadsheet has no zone
STEPS_D = (1 / 24, 1 / 12, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 7, 14, 30)
MOST_TICKS = 5
TITLE_LAYOUT = 5  # "title only" of the library's template


def write_slides(paper: Paper) -> bytes:
    """A presentation of two slides, wide, white, in Arial."""
    show = make_blank()
    _describe_file(show, paper)
    _add_forecast(show, paper)
    _add_limits(show, paper)
    stream = io.BytesIO()
    show.save(stream)
    return stream.getvalue()


def _tag() -> str:
    return LANGUAGES[(get_language() or "ru")[:2]]


def _describe_file(show: Any, paper: Paper) -> None:
    core = show.core_properties
    core.title, core.language, core.author = f"{paper.title} · {paper.run.public_id}", _tag(), "Boget"
    core.subject, core.comments, core.keywords = run_words.say_mode(paper.run), "", ""
    core.last_modified_by = "Boget"


# --- slides --------------------------------------------------------------------------------------------------------


def _add_forecast(show: Any, paper: Paper) -> None:
    slide, y = _start(show, paper, f"{paper.title} · {paper.run.public_id}")
    substance = name_substance(paper.substances, paper.facts.substance)
    y = _add_lines(slide, y, [(say_inputs(paper.run, substance=substance), TEXT_PT, False)])
    orders = [run_words.say_order(one) for one in choose_orders(paper)[:MOST_ORDERS]] or [run_words.say_no_order(paper)]
    count = count_fitting(orders, lambda text: measure_height(text, ORDER_PT, INNER, is_bold=True), ORDERS_PT)
    y = _add_lines(slide, y, [(text, ORDER_PT, True) for text in orders[:count]]) + 4
    fans = choose_fans(paper)
    if fans:
        _add_chart(slide, paper, fans[0], Box(LEFT + TABLE_WIDTH + GAP, y, INNER - TABLE_WIDTH - GAP, FOOT_Y - 8 - y))
    _add_targets(slide, describe_table(paper), y, count=len(paper.rows))
    slide.notes_slide.notes_text_frame.text = "\n".join([run_words.say_rule(), *run_words.list_limits(paper)])


def _add_limits(show: Any, paper: Paper) -> None:
    slide, y = _start(show, paper, _("What this does not say"))
    lines = [(f"• {text}", TEXT_PT, False) for text in run_words.list_limits(paper)]
    y = _add_lines(slide, y, [*lines, (say_update(paper), TEXT_PT, True)])
    origins = [f"{label}: {value}" for label, value in run_words.list_origins(paper)]
    shown = origins
    while shown and measure_height("; ".join(shown), FOOT_PT, INNER) > FOOT_Y - 8 - y:
        shown = shown[:-1]  # all of them stand in the notes, the version and the result in the foot
    _add_lines(slide, y, [("; ".join(shown), FOOT_PT, False)])
    slide.notes_slide.notes_text_frame.text = "\n".join(origins)


def _start(show: Any, paper: Paper, title: str) -> tuple[Any, float]:
    """A slide with its mode, title and foot, and where the content begins."""
    slide = show.slides.add_slide(show.slide_layouts[TITLE_LAYOUT])
    _add_mode(slide, paper, Box(0, 0, PAGE.width, 22))
    sizes = {size: measure_height(title, size, INNER, is_bold=True) for size in TITLES_PT}
    size, height = next(((s, h) for s, h in sizes.items() if h < 2 * s), (TITLES_PT[-1], sizes[TITLES_PT[-1]]))
    place(slide.shapes.title, Box(LEFT, 28, INNER, height))
    _write(prepare(slide.shapes.title.text_frame).paragraphs[0], title, size, is_bold=True)
    foot = " · ".join([run_words.say_footer(paper), *run_words.list_marks(paper.run)])
    box = slide.shapes.add_textbox(*locate(Box(LEFT, FOOT_Y, INNER, 16)))
    _write(prepare(box.text_frame).paragraphs[0], foot, FOOT_PT, colour=QUIET)
    _add_mode(slide, paper, Box(0, PAGE.height - 22, PAGE.width, 22))
    return slide, 28 + height + 6


def _add_mode(slide: Any, paper: Paper, box: Box) -> None:
    """A strip with the word that says what the run is for."""
    colour = {"exercise": "4B2A7B", "real": "8A0D18"}.get(paper.run.mode, "475663")
    shape = slide.shapes.add_textbox(*locate(box))
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(colour)
    frame = prepare(shape.text_frame)
    frame.margin_left, frame.margin_top = emu(LEFT), emu(3)
    _write(frame.paragraphs[0], run_words.say_mode(paper.run), FOOT_PT + 1, is_bold=True, colour=RGBColor(255, 255, 255))


def _write(paragraph: Any, text: str, size_pt: float, *, is_bold: bool = False, colour: Any = INK) -> None:
    write_text(paragraph, text, language=_tag(), size_pt=size_pt, is_bold=is_bold, colour=colour)


def _add_lines(slide: Any, y: float, lines: Sequence[tuple[str, float, bool]]) -> float:
    """Paragraphs as (text, size, is bold) over the whole width; returns where they end."""
    heights = [measure_height(text, size, INNER, is_bold=is_bold) + 4 for text, size, is_bold in lines]
    shape = slide.shapes.add_textbox(*locate(Box(LEFT, y, INNER, sum(heights))))
    frame = prepare(shape.text_frame)
    for number, (text, size, is_bold) in enumerate(lines):
        paragraph = frame.add_paragraph() if number else frame.paragraphs[0]
        paragraph.space_after = Pt(4)
        _write(paragraph, text, size, is_bold=is_bold)
    return y + sum(heights)


# --- table ---------------------------------------------------------------------------------------------------------


def _add_targets(slide: Any, table: Texts, y: float, *, count: int) -> None:
    """As many rows as fit above the foot; how many there are in all stands below them."""
    head = [table["heads"][index].replace("\u2060", "") for index, _share in COLUMNS]
    rows = [[_join(row["cells"][index]) for index, _share in COLUMNS] for row in table["rows"]]
    heights = [_measure(head, is_bold=True), *(_measure(row) for row in rows)]
    room = FOOT_Y - 26 - y
    while len(rows) > 1 and sum(heights) > room:
        rows.pop()
        heights.pop()
    shares = [share for _index, share in COLUMNS]
    box = Box(LEFT, y, TABLE_WIDTH, sum(heights))
    native = add_table(slide, box, [head, *rows], shares=shares, caption=table["caption"])
    for number, (cells, height) in enumerate(zip([head, *rows], heights, strict=True)):
        native.rows[number].height = emu(height)
        for column, text in enumerate(cells):
            look = {"language": _tag(), "size_pt": TABLE_PT if number else HEAD_PT, "is_bold": number == 0}
            fill_cell(native.cell(number, column), text, margin=MARGIN, is_number=column in (1, 3, 4), **look)
    note = _("%(shown)s of %(all)s targets; %(limit)s") % {"shown": len(rows), "all": count, "limit": table["limit"]}
    shape = slide.shapes.add_textbox(*locate(Box(LEFT, y + sum(heights) + 3, TABLE_WIDTH, 16)))
    _write(prepare(shape.text_frame).paragraphs[0], note, FOOT_PT, colour=QUIET)


def _join(cell: tuple[str, list[str]]) -> str:
    """Value, and below it its interval; what else a cell of the sheet says is left to the sheet."""
    main, more = cell
    return "\n".join([main, *(line for line in more if line.startswith("("))])


def _measure(cells: Sequence[str], *, is_bold: bool = False) -> float:
    widths = [share * TABLE_WIDTH - 2 * MARGIN[0] for _index, share in COLUMNS]
    size = HEAD_PT if is_bold else TABLE_PT
    heights = [measure_height(text, size, width, is_bold=is_bold) for text, width in zip(cells, widths, strict=True)]
    return max(heights) + 2 * MARGIN[1] + 1.0


# --- chart ---------------------------------------------------------------------------------------------------------


def _add_chart(slide: Any, paper: Paper, row: TargetRow, box: Box) -> None:
    """A typical run, 5 and 95 % and the threshold over the reader's clock, as a chart that can be edited."""
    fan, numbers = row.forecast.fan, XyChartData()
    days = [_count_days(paper.run.started_at + dt.timedelta(seconds=time)) for time in fan.times_s]
    lines: list[tuple[str, Sequence[float]]] = [(_("a typical run"), fan.typical), (_("5 %"), fan.p05), (_("95 %"), fan.p95)]
    if paper.facts.threshold:
        lines.append((_("threshold %(value)s") % {"value": paper.threshold}, [paper.facts.threshold] * len(days)))
    for name, values in lines:
        series = numbers.add_series(name)
        for day, value in zip(days, values, strict=True):
            series.add_data_point(day, float(f"{saying.to_mg(value):.6g}"))
    frame = slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, *locate(box), numbers)
    describe(frame, say_fan(row))
    chart = frame.chart
    chart.font.size, chart.font.color.rgb = Pt(FOOT_PT), INK
    chart.has_title = True
    zone = saying.name_zone(paper.run.started_at)
    chart.chart_title.text_frame.text = f"{_shorten(row.name)}, {_('mg/L')}, {zone}"
    chart.chart_title.text_frame.paragraphs[0].font.size = Pt(TEXT_PT)
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    _set_axes(chart, days)
    for number, series in enumerate(chart.plots[0].series):
        _draw_line(series, number)


def _shorten(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME].rsplit(' ', 1)[0]}…"


def _count_days(moment: dt.datetime) -> float:
    """Days of a spreadsheet, by the reader's clock."""
    return (timezone.localtime(moment).replace(tzinfo=None) - DAY_ZERO) / dt.timedelta(days=1)


def _set_axes(chart: Any, days: Sequence[float]) -> None:
    clock, amount = chart.category_axis, chart.value_axis
    span = (days[-1] - days[0]) if days else 1.0
    step = next((one for one in STEPS_D if span / one <= MOST_TICKS), STEPS_D[-1])
    clock.minimum_scale, clock.maximum_scale = days[0] // step * step, days[-1]
    clock.major_unit, clock.has_major_gridlines = step, False
    clock.tick_labels.number_format = "dd.mm" if step >= 1 else "dd.mm hh:mm"
    clock.tick_labels.number_format_is_linked = False
    amount.minimum_scale = 0
    amount.major_gridlines.format.line.color.rgb = RGBColor.from_string(ink.LINE[1:].upper())


def _draw_line(series: Any, number: int) -> None:
    """Median solid, ends of the interval dashed, threshold in its own colour: told apart without colour."""
    line = series.format.line
    line.color.rgb = RGBColor.from_string((ink.LIMIT if number == 3 else ink.MEDIAN)[1:].upper())
    line.width = Pt(2.5 if number == 0 else 1.5)
    line.dash_style = (MSO_LINE.SOLID, MSO_LINE.SQUARE_DOT, MSO_LINE.DASH, MSO_LINE.LONG_DASH)[number]
    series.smooth = False
