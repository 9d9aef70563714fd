"""The notes of the score tables are in the reader's language; only formulas in symbols stay as they are."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from boget.portal.assessments.selectors.source_notes import JOIN, NOTES, PAGES, say_note, say_page
from boget.portal.assessments.services.tables import list_tables, name_table
from boget.science.hazard import ScoreTable

SYMBOLS = {"THI = Cap + Tox + Manag + Site + Dam", "Site = Seism + Flood", "TRI = THI + Population + Water"}
TABLES = list_tables()


@pytest.mark.parametrize("table", TABLES, ids=name_table)
@pytest.mark.parametrize("language", ["ru", "kk"])
def test_every_sentence_of_a_table_is_translated(table: ScoreTable, language: str) -> None:
    texts = {table.formula, table.cannot, *(entry.source for entry in table.entries.values())}
    parts = {part for text in texts for part in text.split(JOIN)} - SYMBOLS
    assert parts <= NOTES, "a note without a translation"
    assert {entry.page for entry in table.entries.values()} <= set(PAGES)
    with translation.override(language):
        said = [say_note(part) for part in parts] + [say_page(entry.page) for entry in table.entries.values()]
    assert all(any("а" <= char <= "я" for char in text.lower()) for text in said)


def test_no_note_is_kept_for_nothing() -> None:
    texts = {text for t in TABLES for text in (t.formula, t.cannot, *(entry.source for entry in t.entries.values()))}
    assert {part for text in texts for part in text.split(JOIN)} >= NOTES
    assert {entry.page for table in TABLES for entry in table.entries.values()} == set(PAGES)


def test_a_table_of_somebody_else_is_shown_as_it_is_written() -> None:
    with translation.override("ru"):
        assert say_note("Order of the ministry; an intermediate class may exist").startswith("Order of the ministry; возможно")


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "word"), [("ru", "первоисточник"), ("kk", "түпкі құжат")])
def test_the_page_of_a_table_has_no_english_sentence(client: Client, language: str, word: str) -> None:
    for table in TABLES:
        text = client.get(f"/assessments/tables/{name_table(table)}/?lang={language}").content.decode()
        assert not [note for note in NOTES if note in text], name_table(table)
    text = client.get(f"/assessments/tables/thi-0.1/?lang={language}").content.decode()
    assert word in text
