"""Dates and coordinates as people write them."""

from __future__ import annotations

import pytest

from boget.portal.core.coordinates import convert_pulkovo, parse_degrees, parse_positions
from boget.portal.core.country import is_inside, is_swapped
from boget.portal.core.formatting import format_partial_date
from boget.portal.core.partial_dates import MONTHS, is_partial_date, parse_partial_date
from boget.science.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2019", "2019"), ("2019 г.", "2019"), ("2019 год", "2019"), ("2019 ж.", "2019"), ("2019 жыл", "2019"),
        ("июль 2026", "2026-07"), ("ИЮЛЬ 2026 г.", "2026-07"), ("2026 ж. шілде", "2026-07"),
        ("2026 жылғы шілде", "2026-07"),
        ("July 2026", "2026-07"), ("Sept 2026", "2026-09"), ("мая 2026", "2026-05"), ("07.2026", "2026-07"),
        ("7/2026", "2026-07"),
        ("4 кв. 2026", "2026-Q4"), ("IV квартал 2026 года", "2026-Q4"), ("2026 жылғы IV тоқсан", "2026-Q4"),
        ("Q4 2026", "2026-Q4"),
        ("3 quarter 2026", "2026-Q3"), ("2026-Q4", "2026-Q4"), ("22.07.2026", "2026-07-22"),
        ("22 июля 2026 г.", "2026-07-22"),
        ("2026 жылғы 22 шілде", "2026-07-22"), ("22 July 2026", "2026-07-22"), ("July 22, 2026", "2026-07-22"),
        ("2026-07-22", "2026-07-22"), ("29.02.2024", "2024-02-29"), ("2026 жылғы сәуірдің 5", "2026-04-05"),
    ],
)  # fmt: skip
def test_dates_of_three_languages(text: str, iso: str) -> None:
    assert parse_partial_date(text) == iso
    assert is_partial_date(iso)


@pytest.mark.parametrize(
    "text",
    ["", " ", "soon", "31.02.2026", "29.02.2025", "2026-13", "2026-00", "2026-07-00", "13.2026", "0.2026",
     "5 кв. 2026", "0 кв. 2026",
     "кв. 2026", "IV 2026", "22 2026", "2026 2027", "2026–2027", "май", "1 мая", "мартышка 2026", "июль август 2026", "32 мая 2026",
     "12026", "0999", "3000", "2026-07-22T10:00", "x" * 10_000_000, "2\x0019", "²019"],
)  # fmt: skip
def test_texts_that_are_no_date(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_partial_date(text, where="Date")
    assert refused.value.code == "not_a_date" and len(str(refused.value.value)) <= 60


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
@pytest.mark.parametrize(
    "iso", ["2026", "2026-Q3", "2026-02", "2026-12-31", *(f"2026-{m:02d}" for m in range(1, len(MONTHS) + 1))]
)
def test_what_is_written_is_read_back(iso: str, language: str) -> None:
    assert parse_partial_date(format_partial_date(iso, language=language)) == iso


@pytest.mark.parametrize("text", ["2026-02-31", "2026-7", "26", "2026-Q5", "", "2026-07-22 ", "июль 2026"])
def test_only_the_stored_form_is_stored(text: str) -> None:
    assert not is_partial_date(text)


@pytest.mark.parametrize(
    ("text", "axis", "degrees"),
    [("50,345", "latitude", 50.345), ("-12.5", "longitude", -12.5), ("50°20'42\"", "latitude", 50.345),
     ("50 20,7", "latitude", 50.345),
     ("12.5 W", "longitude", -12.5), ("23 ю. ш.", "latitude", -23.0), ("83,5° ш. б.", "longitude", 83.5), ("−70,5", "longitude", -70.5),
     ("-0 30 0", "latitude", -0.5)],
)  # fmt: skip
def test_degrees(text: str, axis: str, degrees: float) -> None:
    assert parse_degrees(text, axis) == pytest.approx(degrees, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "axis"),
    [("", "latitude"), ("north", "latitude"), ("91", "latitude"), ("-180.1", "longitude"),
     ("50 60", "latitude"), ("50 20 61", "latitude"),
     ("50.3 E", "latitude"), ("1 2 3 4", "latitude"), ("1e2", "latitude"), ("9" * 10_000, "latitude"), ("5\x000", "latitude"),
     ("50 -20", "latitude")],
)  # fmt: skip
def test_texts_that_are_no_angle(text: str, axis: str) -> None:
    with pytest.raises(InvalidInput):
        parse_degrees(text, axis)


def test_lines_of_vertices() -> None:
    assert parse_positions("50,345; 83,516\n\n50.4\t83.6\n50.4, 83.7") == [(83.516, 50.345), (83.6, 50.4), (83.7, 50.4)]


def test_pulkovo_needs_its_zone() -> None:
    with_zone = convert_pulkovo("5581234", "536700", zone="14")
    assert with_zone == convert_pulkovo("5 581 234", "14 536 700")
    for northing, easting, zone in (("5581234", "536700", ""), ("x", "14536700", ""), ("5581234", "14536700", "99")):
        with pytest.raises(InvalidInput):
            convert_pulkovo(northing, easting, zone=zone)


def test_the_country_of_a_point() -> None:
    assert is_inside("KZ", 67.2, 48.5) and not is_inside("KZ", 60.0, 56.0) and is_inside("KG", 74.6, 42.6)
    assert is_inside("XX", 67.2, 48.5) is None
    assert is_swapped("KZ", 48.5, 67.2) and not is_swapped("KZ", 67.2, 48.5) and not is_swapped("KZ", 60.0, 56.0)
