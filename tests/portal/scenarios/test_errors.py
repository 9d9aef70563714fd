"""Every refusal of the science has a sentence in the reader's language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import translation

import boget.science
from boget.portal.core.errors import MESSAGES, PLACES, translate
from boget.science.errors import InvalidInput, MissingData

SCIENCE = Path(boget.science.__file__).parent
RIVER = [*(SCIENCE / "river").rglob("*.py"), *(SCIENCE / "scenario").rglob("*.py"), SCIENCE / "io" / "embedded.py"]
RAISED = re.compile(r"(?:InvalidInput|MissingData|OutsideValidity|Unstable)\(\s*\"([a-z0-9_]+)\"")
OF_TABLES = {"table_invalid", "table_missing"}
"""Faults of the package's own tables, which its tests find and no reader meets."""


def test_every_code_of_the_river_has_a_message() -> None:
    codes = {code for path in RIVER for code in RAISED.findall(path.read_text(encoding="utf-8"))}
    assert len(codes) > 10
    assert codes - set(MESSAGES) - OF_TABLES == set()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Mass: -4.0 is not above zero. Check the sign and the unit."),
        ("ru", "Масса: -4.0 не больше нуля. Проверьте знак и единицу."),
        ("kk", "Масса: -4.0 нөлден үлкен емес. Таңбасы мен бірлігін тексеріңіз."),
    ],
)
def test_place_and_advice_are_in_the_language_of_the_reader(language: str, said: str) -> None:
    with translation.override(language):
        assert translate(InvalidInput("not_positive", where="mass", value=-4.0, allowed="above zero")) == said


def test_bounds_are_said_in_the_language_of_the_reader() -> None:
    with translation.override("ru"):
        error = InvalidInput("range", where="members", value=1, allowed="50 to 200000")
        assert translate(error).startswith("Число расчётов: ")
        assert "50–200000" in translate(error)
        assert "1 и больше" in translate(InvalidInput("range", where="seed", value=0, allowed="1 or more"))


def test_a_place_that_is_a_name_is_printed_as_it_is() -> None:
    with translation.override("ru"):
        assert "KZ-0001" in translate(MissingData("no_flow", where="KZ-0001"))
    assert "KZ-0001" not in PLACES
