"""Figure: nothing unsound gets in; rounding follows the interval."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boget.science.errors import InvalidInput
from boget.science.provenance import Figure, convert_figure, round_figure


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"unit": "barrel"}, "unknown_unit"),
        ({"interval": "sigma"}, "unknown_choice"),
        ({"kind": "guessed"}, "unknown_choice"),
        ({"status": "final"}, "unknown_choice"),
        ({"value": math.nan}, "not_finite"),
        ({"high": math.inf}, "not_finite"),
        ({"low": 33e6}, "interval_order"),
        ({"low": 40e6, "high": 30e6}, "interval_order"),
        ({"interval": "none"}, "interval_missing"),
        ({"low": None, "high": None}, "interval_missing"),
        ({"interval": "none", "low": None, "high": None, "kind": "computed"}, "interval_missing"),
        ({"date": "May 2025"}, "bad_date"),
        ({"date": "2025-13"}, "bad_date"),
    ],
)
def test_unsound_figure_is_refused(changes: dict[str, object], code: str) -> None:
    sound: dict[str, object] = {"value": 32e6, "unit": "m3", "low": 30e6, "high": 34e6, "interval": "error"}
    Figure(**sound)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput) as caught:
        Figure(**(sound | changes))  # type: ignore[arg-type]
    assert caught.value.code == code


def test_unknown_and_open_figures_are_sound() -> None:
    assert Figure(None, "m3").value is None
    assert Figure(None, "1", kind="computed", interval="unknown_inputs").value is None
    assert Figure(5.0, "m", low=4.0, interval="error").high is None
    for date in ("2025", "2025-Q3", "2025-05", "2025-05-17"):
        assert Figure(5.0, "m", date=date).date == date


@pytest.mark.parametrize(
    ("given_numbers", "shown"),
    [
        ((32.04e6, 30.02e6, 34.03e6), (32.0e6, 30.0e6, 34.0e6)),
        ((31.04, 30.53, 31.54), (31.0, 30.5, 31.5)),
        ((11.50515, 8.50515, 11.50515), (11.5, 8.5, 11.5)),
        ((37.6, 26.4, 52.4), (38.0, 26.0, 52.0)),
        ((8.50515, 8.50515, 8.50515), (8.51, 8.51, 8.51)),
        ((0.25, 0.15, 1.25), (0.3, 0.2, 1.3)),
        ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),
    ],
)
def test_interval_sets_the_place(given_numbers: tuple[float, float, float], shown: tuple[float, float, float]) -> None:
    value, low, high = given_numbers
    rounded = round_figure(Figure(value, "m3", low=low, high=high, interval="error"))
    assert (rounded.value, rounded.low, rounded.high) == shown


def test_without_interval_the_digits_of_the_source_stay() -> None:
    figure = Figure(31.0459, "m")
    assert round_figure(figure) is figure


@given(st.lists(st.floats(-1e25, 1e25), min_size=3, max_size=3))
def test_rounding_keeps_order_and_moves_little(numbers: list[float]) -> None:
    low, value, high = sorted(numbers)
    rounded = round_figure(Figure(value, "1", low=low, high=high, interval="error"))
    assert rounded.low is not None and rounded.value is not None and rounded.high is not None
    assert rounded.low <= rounded.value <= rounded.high
    if high > low:
        assert abs(rounded.value - value) <= (high - low) * 0.0501 + 1e-15 * abs(value)
        again = round_figure(rounded) if rounded.high > rounded.low else rounded
        assert again.value == pytest.approx(rounded.value, abs=(high - low) * 0.06)


def test_figure_changes_its_unit() -> None:
    figure = convert_figure(Figure(32e6, "m3", low=30e6, interval="error", source="survey"), "million_m3")
    assert (figure.value, figure.low, figure.high, figure.source) == (32.0, 30.0, None, "survey")
