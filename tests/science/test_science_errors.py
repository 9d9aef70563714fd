"""The error tree: whole sentences, stable codes, and errors that survive a process pool."""

import pickle

import pytest

from boget.science import errors


def test_message_has_place_value_allowed_and_advice() -> None:
    text = str(errors.InvalidInput("not_a_number", where="Row 4, volume", value="abc", allowed="a number"))
    assert text == "Row 4, volume: “abc” is not a number. Allowed: a number. Write it like 1 250,5. [not_a_number]"


def test_message_without_value_and_place_still_reads() -> None:
    assert str(errors.MissingData("insufficient_data")).startswith("the value is not enough to compute a result.")


def test_unlisted_code_takes_the_hint_given() -> None:
    error = errors.Unstable("depth_grows", where="cell 4", value=1e9, hint="Take a smaller time step.")
    assert "refused (depth grows)" in str(error) and "Take a smaller time step." in str(error)


def test_long_value_is_cut() -> None:
    assert len(str(errors.InvalidInput("too_long", value="9" * 5000))) < 300


@pytest.mark.parametrize("kind", [errors.InvalidInput, errors.OutsideValidity, errors.Unstable, errors.MissingData])
def test_error_comes_back_whole_from_a_pool(kind: type[errors.BogetError]) -> None:
    error = kind("range", where="pga_g", value=-1.0, allowed="0 or more", row=7)
    back = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes
    assert isinstance(back, kind) and isinstance(back, errors.BogetError)
    assert (back.code, back.where, back.value, back.allowed, back.context) == ("range", "pga_g", -1.0, "0 or more", {"row": 7})
    assert str(back) == str(error)


def test_every_wording_is_a_sentence_part_with_advice() -> None:
    for code, wording in errors.WORDINGS.items():
        assert wording.what and not wording.what.endswith("."), code
        assert wording.hint.endswith("."), code
