"""The four forms of a report: native, described, within their pages, and nothing in them is a command."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from pptx import Presentation
from pptx.oxml.ns import qn
from pptx.util import Emu

from boget.portal.core.levels import Level
from boget.portal.core.measure import measure_width, wrap
from boget.portal.reports.progress.context import ActionRow, HazardRow, ItemPart, PlanRow, Sentence
from boget.portal.reports.progress.deck import PageSize, build_deck
from boget.portal.reports.progress.docx_file import write_docx
from boget.portal.reports.progress.map_drawing import draw_map
from boget.portal.reports.progress.parts import list_parts
from boget.portal.reports.progress.pdf_file import write_pdf
from boget.portal.reports.progress.pptx_file import write_pptx
from boget.portal.reports.progress.xlsx_file import write_xlsx

WRITERS = {"pptx": write_pptx, "docx": write_docx, "pdf": write_pdf, "xlsx": write_xlsx}
EMU = 12700
HOSTILE = '=cmd|"/c calc"!A1 #import "x" $x$ *b* _i_ \\ [link](x) <script>alert(1)</script> {{ 7 }} %(x)s'


def unpack(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist() if name.endswith((".xml", ".rels")))


def ranked(count: int) -> tuple[HazardRow, ...]:
    return tuple(
        HazardRow(f"1–{n}", f"KZ-{n:04d}", f"Хвостохранилище {n}", "область Абай", 14.0 - n / 2, 7.0, 14.0, "13,5 (7,0–14,0)", "2 из 6")
        for n in range(1, count + 1)
    )


@pytest.fixture
def context(build: Any, desk: Any) -> Any:
    found = build()
    return replace(found, hazard=replace(found.hazard, rows=ranked(10)))


@pytest.fixture
def crowded(context: Any) -> Any:
    """More than fits anywhere: long texts, long words, hostile texts, forty items."""
    long = "Провести обследование и согласовать результаты с заинтересованными органами " * 25
    word = "Хвостохранилищеобогатительнойфабрики" * 12
    plan = context.plan
    rows = [PlanRow(f"2022/{n}", n, text, "IV квартал 2022 г.", "МЧС, МЭГПР\nПри поддержке: " + word[:60], "Просрочено на 1 234 дня", "planned", 5, False)
            for n, text in enumerate([long, word, HOSTILE, *["Короткий пункт"] * 37], start=1)]
    items = [ItemPart(f"2022/{n}", f"Пункт {n}. {text}", (Sentence(f"Сделано: {text}", "x"), Sentence(HOSTILE, "x")), "в работе", "источник")
             for n, text in enumerate([long, word, HOSTILE], start=1)]
    actions = replace(context.actions, overdue=tuple(ActionRow(f"A-{n:04d}", HOSTILE, "2022", word, "x") for n in range(8)))
    return replace(context, plan=replace(plan, rows=tuple(rows)), items=tuple(items), actions=actions)


# --- slides --------------------------------------------------------------------------------------------------------


def test_slides_are_wide_white_and_numbered(context: Any) -> None:
    show = Presentation(io.BytesIO(write_pptx(context)))
    assert show.slide_width * 9 == show.slide_height * 16
    for number, slide in enumerate(show.slides, start=1):
        assert slide.shapes.title.has_text_frame and slide.shapes.title.text_frame.text.strip()
        assert "данные на 31.12.2022" in " ".join(s.text_frame.text for s in slide.shapes if s.has_text_frame)
        fields = slide.element.findall(".//" + qn("a:fld"))
        assert [field.get("type") for field in fields] == ["slidenum"]
        assert fields[0].find(qn("a:t")).text == str(number)
        assert slide.notes_slide.notes_text_frame.text.strip()


def test_tables_and_charts_are_native_and_everything_is_described(context: Any) -> None:
    show = Presentation(io.BytesIO(write_pptx(context)))
    shapes = [shape for slide in show.slides for shape in slide.shapes]
    tables, charts = [s for s in shapes if s.has_table], [s for s in shapes if s.has_chart]
    pictures = [s for s in shapes if s.shape_type == 13]
    assert len(charts) == 1 and len(pictures) == 1 and len(tables) >= 6
    for shape in (*tables, *charts, *pictures):
        assert shape._element.xpath(".//p:cNvPr")[0].get("descr"), shape.name
    assert "Карта Казахстана" in pictures[0]._element.xpath(".//p:cNvPr")[0].get("descr")
    series = charts[0].chart.plots[0].series[0]
    assert len(list(series.values)) == 10
    errors = series._element.find(qn("c:errBars"))
    minus = [point.find(qn("c:v")).text for point in errors.find(qn("c:minus")).iter(qn("c:pt"))]
    assert float(minus[0]) == pytest.approx(6.5)
    assert "ᴾ" in series.points[0].data_label.text_frame.text


def test_plan_tables_hold_at_most_four_rows_under_a_repeated_head(crowded: Any) -> None:
    show = Presentation(io.BytesIO(write_pptx(crowded)))
    heads = []
    for slide in show.slides:
        for shape in slide.shapes:
            if shape.has_table and "Наименование мероприятий" in [cell.text for cell in shape.table.rows[0].cells]:
                heads.append(slide.shapes.title.text_frame.text)
                assert len(shape.table.rows) <= 5
    assert len(heads) >= 10


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
@pytest.mark.parametrize("page", [PageSize(), PageSize(720, 405), PageSize(720, 540)])
def test_nothing_is_laid_out_beyond_the_page(crowded: Any, language: str, page: PageSize) -> None:
    deck = build_deck(replace(crowded, language=language), page=page)
    assert len(deck.slides) > 20
    for slide in deck.slides:
        assert slide.elements, f"an empty slide: {slide.title[:60]}"
        boxes = [slide.title_box, *(element.box for element in slide.elements)]
        for box in boxes:
            assert box.x >= 0 and box.x + box.width <= page.width + 0.1, slide.title[:60]
            assert box.y >= 0 and box.y + box.height <= page.height, (slide.title[:60], box)
        tops = sorted((e.box.y, e.box.height) for e in slide.elements if e.box.x < 100)
        assert all(y + h <= following + 0.1 for (y, h), (following, _h) in pairwise(tops))


def test_texts_are_large_enough(context: Any) -> None:
    show = Presentation(io.BytesIO(write_pptx(context)))
    sizes: dict[str, set[float]] = {"text": set(), "table": set()}
    for slide in show.slides:
        for shape in slide.shapes:
            if shape.has_table:
                sizes["table"] |= {r.font.size.pt for row in shape.table.rows for c in row.cells for p in c.text_frame.paragraphs for r in p.runs}
            elif shape.has_text_frame and not shape.is_placeholder:
                sizes["text"] |= {r.font.size.pt for p in shape.text_frame.paragraphs for r in p.runs if r.font.color.rgb != "475663"}
    assert sizes["table"] == {14.0}
    assert min(sizes["text"] - {14.0}) >= 18.0


def test_words_wider_than_a_column_are_cut(crowded: Any) -> None:
    lines = wrap("Ы" * 200, 14, 100)
    assert len(lines) > 20 and all(measure_width(line, 14) <= 100 for line in lines)
    assert "".join(lines) == "Ы" * 200
    assert wrap("", 14, 100) == [""]


def test_every_row_and_every_word_of_a_long_plan_is_kept(crowded: Any) -> None:
    deck = build_deck(crowded)
    rows = [row for slide in deck.slides if slide.part == "plan" for element in slide.elements for row in getattr(element.block, "rows", ())]
    assert [row[0] for row in rows if row[0]] == [str(n) for n in range(1, 41)]
    words = " ".join(row[1] for row in rows)
    assert words.count("обследование") == 25


def test_a_template_of_ones_own_gives_master_and_size(context: Any) -> None:
    own = Presentation()
    own.slide_width, own.slide_height = Emu(9144000), Emu(5143500)
    own.slides.add_slide(own.slide_layouts[0]).shapes.title.text = "OLD SLIDE"
    own.core_properties.comments = "INNER NOTE"
    stream = io.BytesIO()
    own.save(stream)
    made = Presentation(io.BytesIO(write_pptx(context, template=stream.getvalue())))
    assert (made.slide_width, made.slide_height) == (9144000, 5143500)
    texts = unpack(write_pptx(context, template=stream.getvalue()))
    assert "INNER NOTE" not in texts
    assert all("OLD SLIDE" not in shape.text_frame.text for slide in made.slides for shape in slide.shapes if shape.has_text_frame)
    for slide in made.slides:
        assert all(shape.top + shape.height <= made.slide_height + EMU for shape in slide.shapes)


# --- choices -------------------------------------------------------------------------------------------------------


def test_parts_are_left_out_moved_and_written_by_hand(context: Any) -> None:
    choices = {"hidden": ["ranking"], "order": ["title", "steps", "group"], "texts": {"ru": {"results": "Своими словами"}, "kk": {"results": "Басқа"}}}
    parts = list_parts(context, choices)
    codes = [part.code for part in parts]
    assert "ranking" not in codes
    assert codes.index("steps") < codes.index("group")
    results = next(part for part in parts if part.code == "results")
    assert results.text == "Своими словами"
    assert "выполнено 1 из 7" in results.source_text
    assert results.notes[0].startswith("Изменено вручную, по данным системы: За период")
    note = Presentation(io.BytesIO(write_pptx(context, choices))).slides
    assert any("Изменено вручную" in slide.notes_slide.notes_text_frame.text for slide in note)


def test_a_part_that_is_new_keeps_its_place_in_an_order(context: Any) -> None:
    codes = [part.code for part in list_parts(context)]
    chosen = [code for code in codes if code != "register"]
    assert [part.code for part in list_parts(context, {"order": chosen})] == codes


# --- the other forms -----------------------------------------------------------------------------------------------


def test_word_has_headings_repeated_heads_and_descriptions(context: Any) -> None:
    from docx import Document

    content = write_docx(context)
    document = Document(io.BytesIO(content))
    heads = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert heads[0] == "1. Рабочая группа" and heads[-1].endswith("Как получены числа")
    assert all(table._tbl.tr_lst[0].xpath("./w:trPr/w:tblHeader") for table in document.tables)
    assert all(shape._inline.docPr.get("descr") for shape in document.inline_shapes)
    assert document.core_properties.language == "ru-RU"
    xml = unpack(content)
    assert "NUMPAGES" in xml and "данные на 31.12.2022" in xml
    plan = next(t for t in document.tables if t.rows[0].cells[1].text == "Наименование мероприятий")
    assert len(plan.rows) == 8


def test_the_pdf_is_tagged_and_says_its_language(context: Any) -> None:
    content = write_pdf(context)
    assert content.startswith(b"%PDF-")
    assert b"pdfuaid" in content and b"/Lang" in content and b"/StructTreeRoot" in content


def test_a_workbook_has_numbers_and_no_formula(crowded: Any) -> None:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(write_xlsx(crowded)))
    assert book.sheetnames[-1] == "Источники"
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert any(cell.value and str(cell.value).startswith("=cmd") for cell in cells)
    assert book["Объекты по состоянию"]["B2"].data_type == "n"


@pytest.mark.parametrize("form", WRITERS)
def test_hostile_text_is_text(crowded: Any, form: str) -> None:
    assert len(WRITERS[form](crowded)) > 3000


@pytest.mark.parametrize("form", ["pptx", "docx", "xlsx"])
@pytest.mark.parametrize("level", list(Level))
def test_no_form_holds_what_is_above_its_level(build: Any, desk: Any, form: str, level: Level) -> None:
    text = unpack(WRITERS[form](build(level=level)))
    assert ("ACTION-CANARY" in text) == (level == Level.AUTHORITY)
    assert "DRAFT-CANARY" not in text or level == Level.AUTHORITY
    assert ("Мера группы" in text) == (level >= Level.GROUP)
    assert "AUTHORITY-CANARY" not in text and "LATER-CANARY" not in text
    assert not re.search(r"83[.,]516123", text)


def test_the_same_context_gives_the_same_pdf(context: Any) -> None:
    assert write_pdf(context) == write_pdf(context)


def test_the_map_shows_each_place_once_with_a_shape_of_its_own(context: Any) -> None:
    drawn = draw_map(context.register.points)
    empty = draw_map(())
    assert drawn.count("<circle") - empty.count("<circle") == 2  # both facilities of the desk are active
    assert "http://www.w3.org/2000/svg" in drawn and drawn.count("http") == 1
