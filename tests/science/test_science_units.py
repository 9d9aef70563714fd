"""Units and the reading of numbers as people write them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boget.science.errors import InvalidInput
from boget.science.units import DIMENSIONS, LARGEST, UNITS, Quantity, convert, find_unit, parse_quantity

READ = [
    ("5,2 млн м3", "volume", 5.2e6),
    ("5200 тыс. м³", "volume", 5.2e6),
    ("5 200 тыс. м³", "volume", 5.2e6),
    ("5\u00a0200\u202f000 м³", "volume", 5.2e6),
    ("5,2 миллиона кубометров", "volume", 5.2e6),
    ("5200 мың м³", "volume", 5.2e6),
    ("5.2 Mm3", "volume", 5.2e6),
    ("5,200,000 m³", "volume", 5.2e6),
    ("1.250.000 м3", "volume", 1.25e6),
    ("0,0052 км³", "volume", 5.2e6),
    ("5 куб. м", "volume", 5.0),
    ("1 250,5", "volume", 1250.5),
    ("1,250.5", "volume", 1250.5),
    ("1.250,5", "volume", 1250.5),
    ("1.250", "volume", 1.25),
    ("0,250", "volume", 0.25),
    ("1250,250", "volume", 1250.25),
    ("1,250 млн м³", "volume", 1.25e6),
    ("100 200", "volume", 100200.0),
    ("12 га", "area", 120_000.0),
    ("12 ГА", "area", 120_000.0),
    ("2.5e-3 m", "length", 0.0025),
    ("−5 м", "length", -5.0),
    ("3923,9 тыс. т", "mass", 3.9239e9),
    ("1,5 т/м³", "density", 1500.0),
    ("1.5 g/cm3", "density", 1500.0),
    ("12 м³/с", "discharge", 12.0),
    ("36 км/ч", "speed", 10.0),
    ("15 %", "ratio", 0.15),
    ("0,2 g", "acceleration", 1.96133),
    ("5 мг/дм³", "concentration", 0.005),
    ("1 250 чел.", "count", 1250.0),
    ("5 млн тенге", "money_kzt", 5e6),
    ("\ufeff7 м", "length", 7.0),
]
BOUNDED = [
    ("30–34 млн м³", "volume", (30e6, 32e6, 34e6), "declared_range"),
    ("30-34 млн м3", "volume", (30e6, 32e6, 34e6), "declared_range"),
    ("30 млн м³ – 34 млн м³", "volume", (30e6, 32e6, 34e6), "declared_range"),
    ("800 тыс. – 1,2 млн м³", "volume", (8e5, 1e6, 1.2e6), "declared_range"),
    ("от 30 до 34 тыс. м³", "volume", (30e3, 32e3, 34e3), "declared_range"),
    ("from 30 to 34 m3", "volume", (30.0, 32.0, 34.0), "declared_range"),
    ("30-дан 34 млн м³-ге дейін", "volume", (30e6, 32e6, 34e6), "declared_range"),
    ("-5 – -3 м", "length", (-5.0, -4.0, -3.0), "declared_range"),
    ("32,0 млн м³ (30–34)", "volume", (30e6, 32e6, 34e6), "declared_range"),
    ("31 ± 0,5 м", "length", (30.5, 31.0, 31.5), "error"),
    ("31 м +/- 0,5", "length", (30.5, 31.0, 31.5), "error"),
    ("200 м ± 5 %", "length", (190.0, 200.0, 210.0), "error"),
    ("15 ± 2 %", "ratio", (0.13, 0.15, 0.17), "error"),
]
REFUSED = [
    ("", "empty"),
    (" \u00a0\u200b", "empty"),
    ("abc", "not_a_number"),
    ("нет данных", "not_a_number"),
    ("около", "not_a_number"),
    ("٥ м", "not_a_number"),
    ("12,5,6", "not_a_number"),
    ("nan", "not_finite"),
    ("NaN", "not_finite"),
    ("-inf", "not_finite"),
    ("∞", "not_finite"),
    ("1,250", "ambiguous_number"),
    ("-1,250 m", "ambiguous_number"),
    ("1,250 million", "ambiguous_number"),
    ("1,250–1,300 м", "ambiguous_number"),
    ("24 31", "two_numbers"),
    ("5,2 6,1", "two_numbers"),
    ("5 м 6 м", "two_numbers"),
    ("1e31", "too_large"),
    ("1e999", "too_large"),
    ("1" * 250, "too_long"),
    ("34–30 м", "reversed_range"),
    ("31 ± -2 м", "reversed_range"),
    ("40 (30–34)", "interval_order"),
    ("> 5 м", "one_sided"),
    ("до 5 млн", "one_sided"),
    ("не менее 5 м", "one_sided"),
    ("5 фут", "unknown_unit"),
    ("5² м", "unknown_unit"),
    ("5½ м", "unknown_unit"),
]


@pytest.mark.parametrize(("text", "dimension", "expected"), READ)
def test_reads_a_number(text: str, dimension: str, expected: float) -> None:
    found = parse_quantity(text, dimension)
    assert found.value == pytest.approx(expected, rel=1e-12)
    assert (found.low, found.high, found.interval, found.about) == (None, None, "none", False)


@pytest.mark.parametrize(("text", "dimension", "expected", "interval"), BOUNDED)
def test_reads_bounds(text: str, dimension: str, expected: tuple[float, float, float], interval: str) -> None:
    found = parse_quantity(text, dimension)
    assert (found.low, found.value, found.high) == pytest.approx(expected, rel=1e-12)
    assert found.interval == interval


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_refuses_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_quantity(text, "length")
    assert caught.value.code == code


@pytest.mark.parametrize("word", ["около", "примерно", "≈", "~", "about", "approx.", "шамамен", "ок."])
def test_about_is_kept(word: str) -> None:
    found = parse_quantity(f"{word} 5 млн м³", "volume")
    assert (found.value, found.about, found.unit_seen) == (5e6, True, "млн м³")


def test_unit_of_the_column_head_serves_a_bare_number() -> None:
    assert parse_quantity("5,2", "volume", default_unit="million_m3").value == 5.2e6
    assert parse_quantity("5,2 м³", "volume", default_unit="million_m3").value == 5.2
    assert parse_quantity("5 млн", "mass", default_unit="million_t").value == 5e9  # million tonnes, not million million
    with pytest.raises(InvalidInput, match="unit of another kind"):
        parse_quantity("5", "volume", default_unit="t")


@pytest.mark.parametrize("text", ["5 mm3", "5 тыс. Mm3", "5 м2", "5 M3x"])
def test_volume_does_not_guess(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_quantity(text, "volume")
    assert caught.value.code == "unknown_unit"


def test_case_never_turns_a_megagram_into_a_milligram() -> None:
    assert find_unit("мг/л", "concentration") is find_unit("Мг/л", "concentration")
    for spelling, dimension in (("Mg/L", "concentration"), ("MM", "length"), ("мПа", "pressure")):
        with pytest.raises(InvalidInput):
            find_unit(spelling, dimension)


def test_every_dimension_has_one_si_unit_and_symbols_in_three_languages() -> None:
    assert set(DIMENSIONS) == {unit.dimension for unit in UNITS.values()}
    for unit in UNITS.values():
        assert UNITS[DIMENSIONS[unit.dimension]].factor == 1
        assert UNITS[unit.plain].dimension == unit.dimension
        assert unit.name and (unit.key == "1" or all(unit.symbols.values()))
        if unit.key != "1":
            for symbol in unit.symbols.values():
                assert parse_quantity(f"2 {symbol}", unit.dimension).value == pytest.approx(2 * unit.factor)


def test_conversion_refuses_what_it_cannot() -> None:
    for call, code in (
        (lambda: convert(1.0, "m3", "t"), "unit_dimension"),
        (lambda: convert(1.0, "bushel", "t"), "unknown_unit"),
        (lambda: convert(math.nan, "m", "km"), "not_finite"),
    ):
        with pytest.raises(InvalidInput) as caught:
            call()
        assert caught.value.code == code


UNIT_KEYS = st.sampled_from(sorted(UNITS))
NUMBERS = st.floats(min_value=1e-6, max_value=1e12)


@given(NUMBERS, UNIT_KEYS, st.data())
def test_conversion_comes_back(number: float, key: str, data: st.DataObject) -> None:
    same_kind = sorted(other.key for other in UNITS.values() if other.dimension == UNITS[key].dimension)
    other = data.draw(st.sampled_from(same_kind))
    assert convert(convert(number, key, other), other, key) == pytest.approx(number, rel=1e-12)


def write(number: float, decimals: int, mark: str, space: str) -> str:
    """Print a number with groups of three, as a report would."""
    return f"{number:,.{decimals}f}".replace(",", "_").replace(".", mark).replace("_", space)


@given(
    st.integers(min_value=0, max_value=10**12),
    st.integers(min_value=0, max_value=4),
    st.sampled_from([",", "."]),
    st.sampled_from([" ", "\u00a0", "\u202f", "\u2009"]),
)
def test_what_is_printed_with_spaces_is_read_back(whole: int, decimals: int, mark: str, space: str) -> None:
    number = whole / 10**decimals
    text = write(number, decimals, mark, space)
    if decimals == 3 and mark == "," and 1 <= number < 1000:
        with pytest.raises(InvalidInput, match="decimal or as thousands"):
            parse_quantity(text, "volume")
        text += " млн"
        number *= 1e6
    assert parse_quantity(text, "volume").value == pytest.approx(number, rel=1e-12)


@given(st.integers(1, 10**9), st.integers(1, 10**9), st.sampled_from(["", " ", "\u00a0"]), st.sampled_from("-–—…"))
def test_range_keeps_its_order(first: int, second: int, space: str, dash: str) -> None:
    low, high = sorted((first, second))
    found = parse_quantity(f"{low}{space}{dash}{space}{high} м³", "volume")
    assert (found.low, found.high) == (low, high) and low <= found.value <= high


@given(st.text(alphabet=st.sampled_from("0123456789 .,–-±()eE<≈млнтысмm3³/% \u00a0об"), max_size=30))
def test_any_text_is_a_sound_quantity_or_a_clear_refusal(text: str) -> None:
    try:
        found = parse_quantity(text, "volume")
    except InvalidInput as error:
        assert error.code in {
            "empty", "not_a_number", "ambiguous_number", "two_numbers", "one_sided", "reversed_range", "interval_order",
            "unknown_unit", "too_large",
        }  # fmt: skip
        assert str(error).endswith(f"[{error.code}]")
    else:
        assert isinstance(found, Quantity)
        numbers = [number for number in (found.low, found.value, found.high) if number is not None]
        assert numbers == sorted(numbers) and all(abs(number) <= LARGEST for number in numbers)
