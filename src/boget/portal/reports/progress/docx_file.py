"""The report in Word: the same parts as the slides, tables in full, headings, alternative texts, page numbers."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from boget.portal.reports.progress.bars_drawing import draw_bars
from boget.portal.reports.progress.build import say_footer
from boget.portal.reports.progress.context import ProgressContext
from boget.portal.reports.progress.map_drawing import draw_map
from boget.portal.reports.progress.parts import Line, Part, Table, list_parts
from boget.portal.reports.progress.typesetting import make_picture

FONT = "Arial"
TEXT_PT, TABLE_PT, NOTE_PT, TITLE_PT = 11, 9, 9, 20
WIDTH_CM = 17.0
SUBSECTIONS = ("item", "overdue")
"""Parts that belong to the one before them: what was reported on an item, the overdue actions."""
INK, QUIET = RGBColor(0x14, 0x20, 0x2B), RGBColor(0x47, 0x56, 0x63)
LANGUAGES = {"ru": "ru-RU", "kk": "kk-KZ", "en": "en-GB"}


def write_docx(context: ProgressContext, choices: Mapping[str, Any] | None = None, *, template: bytes | None = None) -> bytes:
    """The document, with styles, header and margins of a template where one is given."""
    document = Document(io.BytesIO(template)) if template else _make_blank()
    if template:
        _clear_body(document)
    with translation.override(context.language):
        writer = _Writer(document, context)
        for part in list_parts(context, choices):
            writer.add(part)
        _set_foot(document, say_footer(context))
    _describe_file(document, context)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _make_blank() -> Any:
    """A4 in Arial."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    sizes = {"Normal": TEXT_PT, "Title": TITLE_PT, "Heading 1": 15, "Heading 2": 12, "List Bullet": TEXT_PT, "Caption": NOTE_PT}
    for name, size in sizes.items():
        _set_style(document.styles[name], size)
    return document


def _set_style(style: Any, size: int) -> None:
    style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), INK
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        if name.endswith("Theme"):
            del fonts.attrib[name]
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), FONT)


def _clear_body(document: Any) -> None:
    for element in list(document.element.body):
        if not element.tag.endswith("}sectPr"):
            document.element.body.remove(element)


def _describe_file(document: Any, context: ProgressContext) -> None:
    core = document.core_properties
    core.title, core.language = context.title, LANGUAGES[context.language]
    core.author, core.last_modified_by = context.reporter.body or "Boget", "Boget"
    core.comments, core.keywords = "", ""
    defaults = document.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr")
    for properties in defaults:
        for found in properties.findall(qn("w:lang")):
            properties.remove(found)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), LANGUAGES[context.language])
        properties.append(language)


class _Writer:
    """Adds parts to a document."""

    def __init__(self, document: Any, context: ProgressContext) -> None:
        self.document, self.context = document, context
        self.sections = 0

    def add(self, part: Part) -> None:
        if part.code == "title":
            self._add_title(part)
            return
        if part.code.partition(":")[0] in SUBSECTIONS:
            self.document.add_heading(part.title, level=2)
        else:
            self.sections += 1
            self.document.add_heading(f"{self.sections}. {part.title}", level=1)
        self._add_lines(part.before)
        if part.map is not None:
            self._add_picture(draw_map(part.map.points), part.map.alt)
        for table in (*((part.table,) if part.table else ()), *part.more):
            self._add_table(table)
        if part.bars is not None:
            self._add_picture(draw_bars(part.bars), part.bars.alt)
        self._add_lines(part.after)
        self._add_sources(part)

    def _add_title(self, part: Part) -> None:
        self.document.add_paragraph(part.title, style="Title")
        self._add_lines((*part.before, *part.after))

    def _add_lines(self, lines: tuple[Line, ...]) -> None:
        for line in lines:
            style = "List Bullet" if line.kind == "list" else None
            paragraph = self.document.add_paragraph(style=style)
            paragraph.paragraph_format.space_after = Pt(4)
            run = paragraph.add_run(line.text)
            run.bold = line.kind == "strong" or None
            if line.kind == "quiet":
                run.font.size, run.font.color.rgb = Pt(NOTE_PT), QUIET

    def _add_sources(self, part: Part) -> None:
        notes = [note for note in dict.fromkeys(part.notes) if note]
        if notes and part.code != "sources":
            self._add_lines((Line(_("Source: %(source)s") % {"source": "; ".join(notes)}, "quiet"),))

    def _add_picture(self, svg: str, alt: str) -> None:
        self.document.add_picture(io.BytesIO(make_picture(svg, width_pt=720.0)), width=Cm(WIDTH_CM))
        shape = self.document.inline_shapes[-1]
        shape._inline.docPr.set("descr", alt)

    def _add_table(self, table: Table) -> None:
        native = self.document.add_table(rows=1, cols=len(table.columns))
        if "Table Grid" in [style.name for style in self.document.styles]:
            native.style = "Table Grid"
        native.alignment = WD_TABLE_ALIGNMENT.LEFT
        native.autofit = False
        for column, wanted in zip(native.columns, table.columns, strict=True):
            column.width = Cm(wanted.share * WIDTH_CM)
        _describe_table(native, table.caption)
        self._fill_row(native.rows[0], tuple(column.head for column in table.columns), table, is_head=True)
        _repeat_head(native.rows[0])
        for cells in table.rows:
            self._fill_row(native.add_row(), cells, table)
        self.document.add_paragraph().paragraph_format.space_after = Pt(2)

    def _fill_row(self, row: Any, cells: tuple[str, ...], table: Table, *, is_head: bool = False) -> None:
        _keep_together(row)
        for cell, text, column in zip(row.cells, cells, table.columns, strict=True):
            cell.width = Cm(column.share * WIDTH_CM)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            run = paragraph.add_run(text)
            run.font.size, run.bold = Pt(TABLE_PT), is_head or None
            if column.is_number:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _describe_table(native: Any, caption: str) -> None:
    properties = native._tbl.tblPr
    title = OxmlElement("w:tblCaption")
    title.set(qn("w:val"), caption)
    properties.append(title)


def _repeat_head(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _keep_together(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _set_foot(document: Any, text: str) -> None:
    """Day of the numbers and snapshot at the left, page and number of pages after it."""
    section = document.sections[0]
    paragraph = section.footer.paragraphs[0]
    paragraph.text = ""
    _add_run(paragraph, f"{text} · ")
    _add_field(paragraph, "PAGE")
    _add_run(paragraph, " / ")
    _add_field(paragraph, "NUMPAGES")


def _add_run(paragraph: Any, text: str = "") -> Any:
    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = Pt(NOTE_PT), QUIET
    return run


def _add_field(paragraph: Any, code: str) -> None:
    """A field that the office program fills in."""
    for kind in ("begin", "code", "separate", "shown", "end"):
        run = _add_run(paragraph)
        if kind == "code":
            text = OxmlElement("w:instrText")
            text.set(qn("xml:space"), "preserve")
            text.text = f" {code} "
            run._r.append(text)
        elif kind == "shown":
            run.text = "1"
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
