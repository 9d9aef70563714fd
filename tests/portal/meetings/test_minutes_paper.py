"""The «Протокол» in Word and PDF, in three languages, from frozen content."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import docx
import pytest

from boget.portal.accounts.selectors import organisation_of, today
from boget.portal.accounts.services import rename_organisation
from boget.portal.core.services import SYSTEM
from boget.portal.meetings.services import decisions, minutes
from boget.portal.meetings.services import minutes_steps as steps
from boget.portal.meetings.services.minutes_content import build_content
from boget.portal.meetings.services.minutes_docx import write_docx
from boget.portal.meetings.services.minutes_paper import lay_out, lay_out_version
from boget.portal.meetings.services.minutes_pdf import write_pdf
from tests.portal.meetings.test_markup import WORD

HEADS = {
    "ru": ["ПРОТОКОЛ № 5", "СЛУШАЛИ:", "ВЫСТУПИЛИ:", "РЕШИЛИ:", "Особое мнение", "Председатель", "Приложение А", "Приложение Б", "ПРОЕКТ"],
    "kk": ["№ 5 ХАТТАМАСЫ", "ТЫҢДАЛДЫ:", "СӨЗ СӨЙЛЕДІ:", "ШЕШІМ ҚАБЫЛДАНДЫ:", "Ерекше пікір", "Төраға", "А қосымшасы", "Ә қосымшасы", "ЖОБА"],
    "en": ["MINUTES No 5", "HEARD:", "TOOK THE FLOOR:", "DECIDED:", "Dissenting opinion", "Chair", "Annex A", "Annex B", "DRAFT"],
}  # fmt: skip


@pytest.fixture
def meeting(make_held: Any, cast: dict[str, Any]) -> Any:
    """Meeting 5 with a table pasted from Word, a text in Kazakh only, a vote and a dissent."""
    held, by = make_held(number=5, items=("Инвентаризация хвостохранилищ", "Разное")), cast["secretary"]
    first, second = held.items.all()
    minutes.save_block(first, "heard", "ru", html=WORD, version=0, by=by)
    minutes.save_block(first, "spoke", "ru", html="<p>А. Серик: поддерживает</p>", version=0, by=by)
    minutes.save_block(first, "dissent", "ru", html="<p>срок нереален</p>", version=0, by=by)
    minutes.save_block(second, "heard", "kk", html="<p>Қазақша ғана</p>", version=0, by=by)
    values = {
        "text_ru": "Запросить сведения", "outcome": "action", "due": "2027-Q1", "vote_form": "vote",
        "votes_for": 3, "votes_against": 1, "dissent": "Просим срок до июля",
    }  # fmt: skip
    body = organisation_of(cast["editor"])
    decision = decisions.record_decision(held, first, values, responsible=[body], by=by)
    decisions.turn_into_action(decision, by=by)
    return held


def read_docx(content: bytes) -> str:
    """Every word of the document in order: paragraphs, tables, head and foot."""
    document = docx.Document(io.BytesIO(content))
    lines = [p.text for p in document.paragraphs]
    lines += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    section = document.sections[0]
    return "\n".join([*lines, *(p.text for p in (*section.header.paragraphs, *section.footer.paragraphs))])


def read_pdf(content: bytes, folder: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("needs pdftotext")
    path = folder / "paper.pdf"
    path.write_bytes(content)
    return subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("language", HEADS)
def test_word_has_the_form_of_a_protocol(meeting: Any, language: str, cast: dict[str, Any]) -> None:
    text = read_docx(write_docx(lay_out(build_content(meeting), language)))
    assert [head for head in HEADS[language] if head not in text] == []
    for fact in ("Инвентаризация хвостохранилищ", "1.1.", "5.1", "A-0001", "Астана", cast["secretary"].name, "test-environment"):
        assert fact in text


@pytest.mark.parametrize("language", HEADS)
def test_pdf_has_the_same_words(meeting: Any, language: str, tmp_path: Path) -> None:
    content = write_pdf(lay_out(build_content(meeting), language))
    assert content.startswith(b"%PDF-")
    text = read_pdf(content, tmp_path)
    assert [head for head in HEADS[language] if head.rstrip(":") not in text] == []
    assert "Қойма № 2" in text and "Қазақша ғана" in text  # Kazakh letters are in the typeface


def test_a_table_pasted_from_word_is_a_table_in_word_and_pdf(meeting: Any, tmp_path: Path) -> None:
    paper = lay_out(build_content(meeting), "ru")
    document = docx.Document(io.BytesIO(write_docx(paper)))
    pasted = document.tables[0]
    assert [[cell.text for cell in row.cells] for row in pasted.rows] == [
        ["Область", "Область", "Всего"], ["Абай", "31\nуточнить", "Всего"],
    ]  # fmt: skip
    assert pasted.cell(0, 0)._tc is pasted.cell(0, 1)._tc  # joined as in the source
    assert pasted.cell(0, 2)._tc is pasted.cell(1, 2)._tc
    lines = read_pdf(write_pdf(paper), tmp_path).splitlines()
    assert any("Абай" in line and "31" in line for line in lines)


def test_a_text_in_one_language_is_marked_in_the_others(meeting: Any) -> None:
    content = build_content(meeting)
    marks = {"ru": "(на казахском языке)", "en": "(in Kazakh)"}
    for language, mark in marks.items():
        assert lay_out(content, language).items[1].parts[0].mark == mark
    kazakh = lay_out(content, "kk")
    assert kazakh.items[1].parts[0].mark == ""
    assert kazakh.items[0].parts[0].mark == "(орыс тілінде)"
    assert "(орыс тілінде)" in kazakh.agenda[0]


def test_what_people_typed_is_never_a_language_of_the_paper(meeting: Any, cast: dict[str, Any], tmp_path: Path) -> None:
    from boget.portal.meetings.models import AgendaItem

    evil = '#read("/etc/passwd") $x$ *b* _i_ `c` @ref <l> \\ "quote" ] #{1}'
    AgendaItem.objects.filter(meeting=meeting, position=2).update(title_ru=evil, speaker=evil)
    text = read_pdf(write_pdf(lay_out(build_content(meeting), "ru")), tmp_path)
    assert '#read("/etc/passwd")' in text and "root:" not in text and "*b*" in text


def test_signed_papers_are_made_of_the_frozen_version(meeting: Any, cast: dict[str, Any], sign_off: Any) -> None:
    signed = sign_off(meeting)
    before = write_docx(lay_out_version(signed, "ru"))
    steps.correct_minutes(meeting, reason="Опечатка", by=cast["secretary"], version=_version(meeting))
    minutes.save_block(meeting.items.first(), "spoke", "ru", html="<p>Иное</p>", version=1, by=cast["secretary"])
    first_day = today() - dt.timedelta(days=400)
    rename_organisation(organisation_of(cast["editor"]), code="renamed", names={"name_ru": "Новое имя"}, first_day=first_day, by=SYSTEM)
    signed.refresh_from_db()
    assert read_docx(write_docx(lay_out_version(signed, "ru"))) == read_docx(before)
    assert "не подписан" not in read_docx(before) and "ПРОЕКТ" not in read_docx(before)
    now = read_docx(write_docx(lay_out(build_content(meeting), "ru")))
    assert "Иное" in now and "Новое имя" in now


def test_minutes_of_2022_print_the_name_of_2022(make_meeting: Any, cast: dict[str, Any], group: Any) -> None:
    """МЭГПР until 2023, its successor after: each paper has the name of its own day, also for a body of a decision."""
    from boget.portal.meetings.services.attendance import mark_presence
    from boget.portal.meetings.services.meetings import adopt_agenda

    old = organisation_of(cast["editor"])
    old.name_ru, old.short_ru = "Министерство экологии, геологии и природных ресурсов", "МЭГПР"
    old.save()
    names = {"name_ru": "Министерство экологии и природных ресурсов", "short_ru": "МЭПР"}
    new = rename_organisation(old, code="menr-test", names=names, first_day=dt.date(2023, 1, 3), by=SYSTEM)
    texts = {}
    for day in (dt.datetime(2022, 2, 11, 5, tzinfo=dt.UTC), dt.datetime(2024, 8, 26, 5, tzinfo=dt.UTC)):
        meeting = make_meeting(starts_at=day)
        mark_presence(meeting, {row.pk: True for row in meeting.attendance.all()}, by=cast["secretary"])
        adopt_agenda(meeting, by=cast["secretary"], version=meeting.version)
        meeting.refresh_from_db()
        values = {"text_ru": "Сделать", "outcome": "action", "due": "2025"}
        decisions.record_decision(meeting, meeting.items.first(), values, responsible=[new], by=cast["secretary"])
        texts[day.year] = read_docx(write_docx(lay_out(build_content(meeting), "ru")))
    assert "Министерство экологии, геологии" in texts[2022] and "Ответственный: МЭГПР" in texts[2022] and "МЭПР" not in texts[2022]
    assert "Министерство экологии и природных" in texts[2024] and "Ответственный: МЭПР" in texts[2024]


def _version(meeting: Any) -> int:
    meeting.refresh_from_db()
    return int(meeting.version)
