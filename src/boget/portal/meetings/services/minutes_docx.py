"""The minutes as a Word document: real headings, lists, tables with repeated heads, page numbers as fields."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from boget.portal.meetings.markup import Block
from boget.portal.meetings.services.minutes_paper import BLANK, Paper, PaperDecision, PaperItem, PaperPart, PaperTable

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT = "Times New Roman"  # the typeface of official papers in Kazakhstan; it has all Kazakh letters
BODY_PT, TABLE_PT, NOTE_PT = 12, 9.5, 9
WORD_LANGUAGES = {"ru": "ru-RU", "kk": "kk-KZ", "en": "en-GB"}
GREY = RGBColor(0x47, 0x56, 0x63)
TEXT_WIDTH_MM = 165


def write_docx(paper: Paper) -> bytes:
    """The paper as a DOCX file."""
    document = docx.Document()
    _set_page(document, paper)
    _write_head(document, paper)
    _write_people(document, paper)
    for item in paper.items:
        _write_item(document, item)
    _write_end(document, paper)
    for place, annex in enumerate(paper.annexes):
        _write_annex(document, annex, is_first=not place)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


# --- page ----------------------------------------------------------------------------------------------------------------


def _set_page(document: Document, paper: Paper) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)
    for name in ("Normal", "Heading 1", "Heading 2", "Title", "List Bullet", "List Number"):
        _set_style(document.styles[name], paper.language)
    document.styles["Normal"].font.size = Pt(BODY_PT)
    document.styles["Normal"].paragraph_format.space_after = Pt(4)
    core = document.core_properties
    core.title, core.author, core.language, core.comments = paper.name, "Boget", WORD_LANGUAGES[paper.language], ""
    _write_foot(section.footer.paragraphs[0], paper)
    if paper.marks:
        line = section.header.paragraphs[0]
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _add_text(line, " · ".join(paper.marks), size=NOTE_PT, color=GREY)


def _set_style(style: Any, language: str) -> None:
    style.font.name, style.font.color.rgb, style.font.italic = FONT, RGBColor(0, 0, 0), False
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), FONT)
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
        fonts.attrib.pop(qn(name), None)
    tag = OxmlElement("w:lang")
    tag.set(qn("w:val"), WORD_LANGUAGES[language])
    style.element.get_or_add_rPr().append(tag)


def _write_foot(line: Paragraph, paper: Paper) -> None:
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _add_text(line, f"{paper.foot} · ", size=NOTE_PT, color=GREY)
    before, _mark, rest = paper.page.partition("%(page)s")
    between, _mark, after = rest.partition("%(pages)s")
    for text, code in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        if text:
            _add_text(line, text, size=NOTE_PT, color=GREY)
        if code:
            _add_page_field(line, code)


def _add_page_field(line: Paragraph, code: str) -> None:
    for kind in ("begin", "code", "separate", "result", "end"):
        run = line.add_run("1" if kind == "result" else "")
        run.font.size, run.font.color.rgb = Pt(NOTE_PT), GREY
        if kind == "code":
            element = OxmlElement("w:instrText")
            element.text = code
            run._r.append(element)
        elif kind != "result":
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
            run._r.append(element)


# --- text ----------------------------------------------------------------------------------------------------------------


def _add_text(
    line: Paragraph,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    size: float = 0,
    color: RGBColor | None = None,
) -> None:
    run = line.add_run(text)  # a line feed becomes a break, a tab a tab
    run.bold, run.italic = bold or None, italic or None
    if size:
        run.font.size = Pt(size)
    if color is not None:
        run.font.color.rgb = color


def _add_line(
    document: Any, text: str = "", *, align: Any = None, bold: bool = False, after: float = 4, keep: bool = False
) -> Paragraph:
    line: Paragraph = document.add_paragraph()
    line.alignment = align
    line.paragraph_format.space_after = Pt(after)
    line.paragraph_format.keep_with_next = keep
    if text:
        _add_text(line, text, bold=bold)
    return line


def _write_head(document: Document, paper: Paper) -> None:
    center = WD_ALIGN_PARAGRAPH.CENTER
    _add_line(document, paper.body, align=center, after=14)
    for kind, text in paper.head:
        if kind == "title":
            line = document.add_paragraph(style="Heading 1")
            line.alignment = center
            line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(0), Pt(4)
            _add_text(line, text, bold=True, size=15)
        else:
            _add_line(document, text, align=center, keep=True)
    line = _add_line(document, after=12)
    line.paragraph_format.space_before = Pt(10)
    line.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT)
    _add_text(line, f"{paper.place}\t{paper.date}")
    for label, value in paper.facts:
        line = _add_line(document, after=2)
        _add_text(line, f"{label}: ")
        _add_text(line, value)


def _write_people(document: Document, paper: Paper) -> None:
    _add_heading(document, f"{paper.present_heading}:")
    for label, lines in paper.present:
        _add_line(document, f"{label}:", after=0, keep=True)
        for text in lines:
            line = _add_line(document, text, after=2)
            line.paragraph_format.left_indent = Mm(6)
    _add_line(document, paper.quorum, after=8)
    _add_heading(document, f"{paper.agenda_heading}:")
    for text in paper.agenda:
        line = _add_line(document, text, after=2)
        line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Mm(6), Mm(-6)


def _add_heading(document: Document, text: str) -> None:
    line = document.add_paragraph(style="Heading 2")
    line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(10), Pt(4)
    _add_text(line, text, bold=True, size=BODY_PT)


def _write_item(document: Document, item: PaperItem) -> None:
    _add_heading(document, " ".join(part for part in (f"{item.number}. {item.title}", item.mark) if part))
    for part in item.parts:
        _write_part(document, part)
    if item.decisions:
        _add_line(document, f"{item.decided}:", bold=True, keep=True)
        for decision in item.decisions:
            _write_decision(document, decision)
    if item.dissent is not None:
        _write_part(document, item.dissent)


def _write_part(document: Document, part: PaperPart) -> None:
    line = _add_line(document, after=2, keep=True)
    _add_text(line, f"{part.heading}:", bold=True)
    if part.mark:
        _add_text(line, f" {part.mark}", color=GREY)
    _write_blocks(document, part.blocks)


def _write_decision(document: Document, decision: PaperDecision) -> None:
    for place, text in enumerate(decision.paragraphs):
        line = _add_line(document, after=2, keep=True)
        line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Mm(10), Mm(-10)
        line.paragraph_format.tab_stops.add_tab_stop(Mm(10))
        _add_text(line, f"{'' if place else f'{decision.number}.'}\t{text}")
        if place == len(decision.paragraphs) - 1 and decision.mark:
            _add_text(line, f" {decision.mark}", color=GREY)
    for place, text in enumerate(decision.lines):
        line = _add_line(document, text, after=6 if place == len(decision.lines) - 1 else 0)
        line.paragraph_format.left_indent = Mm(10)


# --- blocks of the minutes ------------------------------------------------------------------------------------------------


def _write_blocks(holder: Any, blocks: Sequence[Block], *, depth: int = 0, size: float = 0) -> None:
    for block in blocks:
        if block["kind"] == "paragraph":
            _write_runs(holder.add_paragraph(), block["runs"], size=size)
        elif block["kind"] == "list":
            _write_list(holder, block, depth=depth, size=size)
        else:
            _write_table(holder, block)


def _write_runs(line: Paragraph, runs: Sequence[dict[str, Any]], *, size: float = 0) -> None:
    line.paragraph_format.space_after = Pt(3)
    for run in runs:
        _add_text(line, run["text"], bold=run["bold"], italic=run["italic"], size=size)


def _write_list(holder: Any, block: Block, *, depth: int, size: float) -> None:
    """Items with a written number or dash: lists of Word would go on counting from one item of the agenda to the next."""
    for number, item in enumerate(block["items"], start=1):
        first = item[0] if item and item[0]["kind"] == "paragraph" else None
        line = holder.add_paragraph()
        line.paragraph_format.left_indent = Mm(6 * (depth + 1))
        line.paragraph_format.first_line_indent = Mm(-6)
        line.paragraph_format.tab_stops.add_tab_stop(Mm(6 * (depth + 1)))
        _add_text(line, f"{number}.\t" if block["ordered"] else "–\t", size=size)
        if first is not None:
            _write_runs(line, first["runs"], size=size)
        _write_blocks(holder, item[1:] if first is not None else item, depth=depth + 1, size=size)


def _write_table(holder: Any, block: Block) -> None:
    width = max(sum(cell["colspan"] for cell in row) for row in block["rows"])
    covered: set[tuple[int, int]] = set()
    places: list[tuple[int, int, dict[str, Any]]] = []
    for y, row in enumerate(block["rows"]):
        x = 0
        for cell in row:
            while (y, x) in covered:
                x += 1
            places.append((y, x, cell))
            spans = [(y + dy, x + dx) for dy in range(cell["rowspan"]) for dx in range(cell["colspan"])]
            covered.update(spans)
            width = max(width, x + cell["colspan"])
            x += cell["colspan"]
    table = _make_table(holder, len(block["rows"]), width)
    for y, x, cell in places:
        last_y = min(y + cell["rowspan"], len(block["rows"])) - 1
        last_x = min(x + cell["colspan"], width) - 1
        target = table.cell(y, x)
        if (last_y, last_x) != (y, x):
            target = target.merge(table.cell(last_y, last_x))
        _fill_cell(target, cell)
    _end_table(holder)


def _make_table(holder: Any, rows: int, columns: int) -> Any:
    table = holder.add_table(rows, columns)
    if not isinstance(holder, _Cell):
        table.style = "Table Grid"
    return table


def _end_table(holder: Any) -> None:
    line = holder.add_paragraph()
    line.paragraph_format.space_after = Pt(2)


def _fill_cell(target: _Cell, cell: dict[str, Any]) -> None:
    _write_blocks(target, cell["blocks"], size=TABLE_PT + 0.5)
    first = target.paragraphs[0]
    if len(target.paragraphs) > 1 and not first.text:
        first._p.getparent().remove(first._p)
    if cell["head"]:
        for line in target.paragraphs:
            for run in line.runs:
                run.bold = True


# --- end -----------------------------------------------------------------------------------------------------------------


def _write_end(document: Document, paper: Paper) -> None:
    _add_line(document, after=6)
    for label, name in paper.signatures:
        line = _add_line(document, after=10, keep=True)
        line.paragraph_format.tab_stops.add_tab_stop(Mm(55))
        line.paragraph_format.tab_stops.add_tab_stop(Mm(120))
        _add_text(line, f"{label}\t{BLANK * 2}\t{name or BLANK}")
    note = _add_line(document, keep=bool(paper.attachments))
    _add_text(note, paper.signature_note, color=GREY)
    if paper.attachments:
        _add_line(document, paper.attachments)


def _write_annex(document: Document, annex: PaperTable, *, is_first: bool) -> None:
    line = document.add_paragraph(style="Heading 2")
    line.paragraph_format.page_break_before = is_first
    line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(14), Pt(6)
    _add_text(line, annex.heading, bold=True, size=BODY_PT)
    if not annex.rows:
        _add_line(document, annex.empty)
        return
    table = document.add_table(1, len(annex.head))
    table.style, table.autofit = "Table Grid", False
    for cell, text in zip(table.rows[0].cells, annex.head, strict=True):
        _add_text(cell.paragraphs[0], text, bold=True, size=TABLE_PT)
    _repeat_head(table.rows[0])
    for row in annex.rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            _add_text(cell.paragraphs[0], text, size=TABLE_PT)
    widths = [Mm(TEXT_WIDTH_MM * share / 100) for share in annex.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        _keep_row(row)
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width


def _repeat_head(row: Any) -> None:
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _keep_row(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
