"""The slide of the screening: its range, its rows by neighbour, whom it shows, and that it is absent without a screening."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.utils import timezone

from boget.portal.core.levels import Level
from boget.portal.reports.progress.context import read_context, write_context
from boget.portal.reports.progress.deck import build_deck
from boget.portal.reports.progress.docx_file import write_docx
from boget.portal.reports.progress.parts import list_parts
from boget.portal.reports.progress.pdf_file import write_pdf
from boget.portal.reports.progress.xlsx_file import write_xlsx
from boget.portal.scenarios.models import Screening, ScreeningRow

HOUR = 3600.0
POINT = {"longitude": 70.0, "latitude": 50.0, "radius_m": 500.0}


def put_row(screening: Screening, facility: Any, *, hours: float, grade: str, to: str = "RU", **values: Any) -> None:
    times = {f"t{share}_s": factor * hours * HOUR for share, factor in (("05", 0.5), ("50", 1.0), ("95", 2.0))}
    rest = {"border": "KZ-RU-1", "number": 1, "kind": "exit", "country": to, "grade": grade, **values}
    ScreeningRow.objects.create(screening=screening, facility=facility, **times, **rest)


@pytest.fixture
def screening(plan: Any, make_facility: Any) -> Screening:
    """Two to Russia, one sure and one possible, a draft, one without a border, one above us."""
    made = Screening.objects.create(
        network_version="0123456789abcdef", code_version="0.4.0", input_hash="a" * 64, is_current=True, created_at=timezone.now()
    )

    def make(name: str, **values: Any) -> Any:
        return make_facility(name_ru=name, name_en=name, basin="yertis", point=POINT, **values)

    put_row(made, make("Near"), hours=19, grade="yes")
    put_row(made, make("Far"), hours=46, grade="possible")
    put_row(made, make("DRAFT-CANARY", disclosure="draft"), hours=5, grade="yes")
    put_row(made, make("Lake"), hours=5, grade="unknown", to="", border="", kind="end", end="balkhash")
    put_row(made, make("Above", country="KG"), hours=30, grade="yes", to="KZ", border="KG-KZ-1")
    return made


def find_part(context: Any) -> Any:
    return next((part for part in list_parts(context) if part.code == "transboundary"), None)


@pytest.mark.django_db
def test_without_a_screening_there_is_no_slide(build: Any) -> None:
    context = build(language="en")
    assert context.transboundary is None and find_part(context) is None


def test_the_range_and_the_rows_are_those_of_the_screening(build: Any, screening: Screening) -> None:
    part = build(language="en").transboundary
    assert (part.low.value, part.high.value) == (1, 2)
    assert part.heading == "To a border in less than 48 hours: from 1 to 2 facilities (screening)ᴾ"
    assert [(row.code, row.total, row.yes, row.possible) for row in part.rows] == [
        ("neighbour-RU-yertis", 2, 1, 1), ("foreign-KG", 1, 1, 0),
    ]  # fmt: skip
    assert part.rows[0].soonest.startswith("19\u00a0h (10–38), Near (KZ-")
    assert "in a closed basin: 1" in part.sentence.text and "0123456789ab" in part.source


def test_the_page_and_the_slide_count_alike(build: Any, screening: Screening, cast: Any) -> None:
    from boget.portal.scenarios.selectors.screening import ScreeningQuery, read_board

    board = read_board(cast["observer"], ScreeningQuery())
    part = build(language="en").transboundary
    assert board is not None
    assert (part.low.value, part.high.value) == (board.counts.yes, board.counts.yes + board.counts.possible)


def test_a_draft_counts_for_the_authority_alone(build: Any, screening: Screening) -> None:
    group, authority = (build(language="en", level=level).transboundary for level in (Level.GROUP, Level.AUTHORITY))
    assert "DRAFT-CANARY" not in str(write_context(group))
    assert authority.low.value == 2 and "DRAFT-CANARY" in authority.rows[0].soonest


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_the_slide_says_what_it_is_not(build: Any, screening: Screening, language: str) -> None:
    context = build(language=language)
    part = find_part(context)
    words = {"ru": ("скрининг", "Риддер", "48 часов"), "kk": ("скрининг", "Риддер", "48 сағат")}[language]
    text = " ".join([part.title, *(line.text for line in part.after)])
    assert all(word in text for word in words), text
    assert any(slide.part == "transboundary" for slide in build_deck(context).slides)


def test_a_stale_screening_says_so(build: Any, screening: Screening) -> None:
    Screening.objects.update(stale_since=timezone.now())
    assert any("to be computed again" in note for note in build(language="en").transboundary.notes)


def test_the_other_forms_have_it_too(build: Any, screening: Screening) -> None:
    context = build(language="en")
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(context)))
    rows = list(book["Transboundary screening"].iter_rows(values_only=True))
    assert rows[1][1:4] == (2, 1, 1)
    assert write_docx(context)[:2] == b"PK" and write_pdf(context).startswith(b"%PDF")


def test_a_report_released_before_there_was_a_screening_is_read(build: Any, screening: Screening) -> None:
    context = build(language="en")
    stored = write_context(context)
    assert read_context(stored) == context
    del stored["transboundary"]
    assert read_context(stored).transboundary is None
    del stored["hazard"]
    with pytest.raises(TypeError):
        read_context(stored)
