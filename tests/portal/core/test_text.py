"""Search keys and sort keys in Kazakh, Russian and Latin spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boget.portal.core.text import KAZAKH_ORDER, build_collation_key, fold_exact, fold_keyboard, fold_latin

CYRILLIC = st.text(alphabet=KAZAKH_ORDER + KAZAKH_ORDER.upper() + " -№«»0123456789", max_size=30)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("ҚОЙМА", "қойма"),
        ("Өскемен", "өскемен"),
        ("Берёзовка", "березовка"),
        ("«Тишинское» хвостохранилище № 2", "тишинское хвостохранилище 2"),
        ("Қошқар-Ата", "қошқар ата"),
        ("Қошқар—Ата", "Қошқар  Ата"),
        ("KZ-0123", "kz 0123"),
        ("Ба\u0438\u0306", "Бай"),  # й as a letter and a mark
    ],
)
def test_spelling_of_one_script_folds(written: str, typed: str) -> None:
    assert fold_exact(written) == fold_exact(typed)


@pytest.mark.parametrize(("one", "other"), [("май", "маи"), ("іс", "ис"), ("қала", "кала"), ("өзен", "озен")])
def test_letters_of_their_own_stay_apart(one: str, other: str) -> None:
    assert fold_exact(one) != fold_exact(other)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Өскемен", "оскемен"),
        ("Жезқазған", "жезказган"),
        ("Қостанай", "костанай"),
        ("Һ", "х"),
        ("Ұлытау", "улытау"),
        ("Үлбі", "улбі"),
    ],
)
def test_kazakh_is_found_from_a_russian_keyboard(written: str, typed: str) -> None:
    assert fold_keyboard(written) == fold_keyboard(typed)


def test_the_russian_keyboard_keeps_the_letter_i() -> None:
    assert fold_keyboard("Ертіс") != fold_keyboard("Ертис")


@pytest.mark.parametrize(
    ("written", "spellings"),
    [
        ("Жайық", ["Zhaiyk", "Jaiyq", "Zhayik"]),
        ("Қошқар-Ата", ["Qoşqar-Ata", "Koshkar Ata"]),
        ("Ертіс", ["Yertis", "Ertis"]),
        ("Үлбі", ["Ülbı", "Ulbi"]),
        ("Шымкент", ["Shymkent", "Şymkent"]),
        ("Хромтау", ["Khromtau", "Hromtau"]),
    ],
)
def test_every_latin_spelling_finds_the_name(written: str, spellings: list[str]) -> None:
    assert {fold_latin(spelling) for spelling in spellings} == {fold_latin(written)}


@given(CYRILLIC)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold_exact(fold_exact(text)) == fold_exact(text)
    assert fold_keyboard(fold_keyboard(text)) == fold_keyboard(text)


@given(CYRILLIC)
def test_case_does_not_matter(text: str) -> None:
    assert fold_exact(text.upper()) == fold_exact(text.lower())
    assert fold_keyboard(text.upper()) == fold_keyboard(text)
    assert fold_latin(text.upper()) == fold_latin(text)


@given(st.text(max_size=60))
def test_any_text_has_keys(text: str) -> None:
    for key in (fold_exact(text), fold_keyboard(text), fold_latin(text), build_collation_key(text, "kk")):
        assert "«" not in key and "\n" not in key


def test_the_whole_kazakh_alphabet_sorts_in_its_order() -> None:
    shuffled = sorted(KAZAKH_ORDER)
    assert shuffled != list(KAZAKH_ORDER)
    assert sorted(shuffled, key=lambda letter: build_collation_key(letter, "kk")) == list(KAZAKH_ORDER)


def test_kazakh_and_russian_order_differ() -> None:
    names = ["Ыбырай", "Иманов", "Іле"]
    assert sorted(names, key=lambda n: build_collation_key(n, "kk")) == ["Иманов", "Ыбырай", "Іле"]
    assert sorted(names, key=lambda n: build_collation_key(n, "ru")) == ["Иманов", "Іле", "Ыбырай"]


def test_numbers_inside_names_sort_as_numbers() -> None:
    names = ["Карта № 10", "Карта № 2", "Карта № 1"]
    expected = ["Карта № 1", "Карта № 2", "Карта № 10"]
    assert sorted(names, key=lambda n: build_collation_key(n, "ru")) == expected


def test_a_name_sorts_before_its_longer_kin_and_quotes_do_not_count() -> None:
    names = ["«Бозшакол» южное", "Бозшакол", "Аксу"]
    assert sorted(names, key=lambda n: build_collation_key(n, "ru")) == ["Аксу", "Бозшакол", "«Бозшакол» южное"]
