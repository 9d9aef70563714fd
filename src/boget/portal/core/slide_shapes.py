"""What slides are made of: a blank wide presentation, places in points, text, tables, alternative texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu

from boget.portal.core.measure import Box

FONT = "Arial"
INK, QUIET = (RGBColor.from_string(code) for code in ("14202B", "475663"))
LANGUAGES = {"ru": "ru-RU", "kk": "kk-KZ", "en": "en-GB"}
TABLE_GRID = "{5940675A-B579-460E-94D1-54222C63F5DA}"  # the style "No Style, Table Grid"
BREAK, RUN, LOOK, FILL, COLOUR, TEXT = (qn(f"a:{name}") for name in ("br", "r", "rPr", "solidFill", "srgbClr", "t"))
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
EMU_PER_PT = 12700
DEFAULT_WIDTH = 4 / 3
"""How much wider a slide of 16:9 is than one of the library's own template."""


def make_blank() -> Any:
    """The library's template, made wide, white and set in Arial."""
    show = Presentation()
    show.slide_width, show.slide_height = Emu(12192000), Emu(6858000)
    for holder in (show.slide_master, *show.slide_layouts):
        for shape in holder.shapes:
            if shape.is_placeholder and shape._element.spPr.find(qn("a:xfrm")) is None:
                continue
            shape.left, shape.width = int(shape.left * DEFAULT_WIDTH), int(shape.width * DEFAULT_WIDTH)
    for relation in show.slide_master.part.rels.values():
        _set_theme_font(relation.target_part)
    return show


def _set_theme_font(part: Any) -> None:
    if "theme" in str(part.partname):
        text = re.sub(rb'(<a:(?:major|minor)Font>\s*<a:latin typeface=")[^"]*', rb"\g<1>" + FONT.encode(), part.blob)
        part._blob = text


def emu(points: float) -> int:
    return round(points * EMU_PER_PT)


def locate(box: Box) -> tuple[int, int, int, int]:
    return emu(box.x), emu(box.y), emu(box.width), emu(box.height)


def place(shape: Any, box: Box) -> None:
    shape.left, shape.top, shape.width, shape.height = locate(box)


def prepare(frame: Any) -> Any:
    """An empty text frame without margins that breaks its lines and does not shrink its text."""
    frame.clear()
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for name in ("a:normAutofit", "a:spAutoFit", "a:noAutofit"):
        for found in frame._txBody.bodyPr.findall(qn(name)):
            frame._txBody.bodyPr.remove(found)
    etree.SubElement(frame._txBody.bodyPr, qn("a:noAutofit"))
    return frame


def describe(shape: Any, text: str) -> None:
    """The alternative text."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", text)


def write_text(paragraph: Any, text: str, *, language: str, size_pt: float, is_bold: bool = False, colour: Any = INK) -> None:
    """Runs of a paragraph. Written directly: the library takes several times as long for a run."""
    element = paragraph._p
    element.get_or_add_pPr().set("algn", "l")
    for number, piece in enumerate(text.split("\n")):
        if number:
            etree.SubElement(element, BREAK)
        run = etree.SubElement(element, RUN)
        look = {"lang": language, "sz": str(round(size_pt * 100)), "b": str(int(is_bold))}
        fill = etree.SubElement(etree.SubElement(run, LOOK, look), FILL)
        etree.SubElement(fill, COLOUR, val=str(colour))
        etree.SubElement(run, TEXT).text = _CONTROL.sub(" ", piece)


def add_table(slide: Any, box: Box, rows: Sequence[Sequence[str]], *, shares: Sequence[float], caption: str) -> Any:
    """A native table with a head and a plain grid; the caption is its alternative text. Its cells are still empty."""
    frame = slide.shapes.add_table(len(rows), len(shares), *locate(box))
    describe(frame, caption)
    native = frame.table
    native._tbl.tblPr.find(qn("a:tableStyleId")).text = TABLE_GRID
    native.first_row, native.horz_banding = True, False
    for number, share in enumerate(shares):
        native.columns[number].width = emu(share * box.width)
    return native


def fill_cell(cell: Any, text: str, *, margin: tuple[float, float], is_number: bool, **look: Any) -> None:
    """Text of a cell at its top; ``look`` as `write_text` takes it. margin: at the sides, and above and below, in points."""
    cell.margin_left = cell.margin_right = emu(margin[0])
    cell.margin_top = cell.margin_bottom = emu(margin[1])
    cell.vertical_anchor = MSO_ANCHOR.TOP
    paragraph = cell.text_frame.paragraphs[0]
    write_text(paragraph, text, **look)
    if is_number:
        paragraph.alignment = PP_ALIGN.RIGHT
