"""Places with their intervals, against the enumeration of all completions; quintiles and their ties."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boget.science.errors import InvalidInput, MissingData
from boget.science.hazard import assign_classes, find_edges, rank_places

SPANS = st.lists(st.lists(st.integers(0, 6), min_size=3, max_size=3).map(sorted), min_size=1, max_size=6)


@given(SPANS)
def test_place_interval_is_that_of_all_completions(spans: list[list[int]]) -> None:
    low, value, high = np.array(spans, dtype=float).T
    found = rank_places(low, high, value)
    places = np.array([
        [1 + sum(other > own for other in ends) for own in ends]
        for ends in itertools.product(*((span[0], span[2]) for span in spans))
    ])
    assert found["best"].tolist() == places.min(axis=0).tolist()
    assert found["worst"].tolist() == places.max(axis=0).tolist()
    assert ((found["best"] <= found["place"]) & (found["place"] <= found["worst"])).all()


@given(st.lists(st.integers(0, 9), min_size=1, max_size=40))
def test_known_values_have_one_place_and_ties_share_the_better(numbers: list[int]) -> None:
    values = np.array(numbers, dtype=float)
    found = rank_places(values, values, values)
    expected = [1 + sum(other > own for other in numbers) for own in numbers]
    assert found["place"].tolist() == found["best"].tolist() == found["worst"].tolist() == expected


def test_unranked_rows_take_no_place_from_others() -> None:
    value = np.array([np.nan, 9.0, np.nan, 11.0])
    assert rank_places(value, value, value).tolist() == [(0, 0, 0), (2, 2, 2), (0, 0, 0), (1, 1, 1)]
    assert rank_places(*[np.array([])] * 3).size == 0


def test_rounding_error_of_a_sum_is_no_difference() -> None:
    value = np.array([5.39794 + 2 + 1, 5.39794 + 3 + 1e-13])
    assert rank_places(value, value, value)["place"].tolist() == [1, 1]


@pytest.mark.parametrize(
    ("low", "high", "value", "code"),
    [
        ([1.0], [2.0, 3.0], [1.0], "shape_mismatch"),
        ([1.0], [np.inf], [1.0], "not_finite"),
        ([np.nan], [2.0], [1.0], "not_finite"),
        ([1.0], [2.0], [3.0], "interval_order"),
    ],
)
def test_unsound_bounds_are_refused(low: list[float], high: list[float], value: list[float], code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        rank_places(np.array(low), np.array(high), np.array(value))
    assert caught.value.code == code


@given(st.lists(st.floats(0, 16), min_size=5, max_size=60))
def test_quintiles_keep_order_and_ties_together(numbers: list[float]) -> None:
    values = np.array(numbers)
    edges = find_edges(values)
    classes = assign_classes(values, edges)
    assert edges.tolist() == sorted(edges) and set(edges) <= set(numbers)
    assert set(classes) <= {1, 2, 3, 4, 5}
    order = np.argsort(values)
    assert (np.diff(classes[order]) >= 0).all()
    for number in set(numbers):
        assert len(set(classes[values == number])) == 1


@pytest.mark.parametrize("size", range(5, 41))
def test_quintiles_of_different_values_hold_a_fifth_each(size: int) -> None:
    values = np.arange(size, dtype=float)
    counts = np.bincount(assign_classes(values, find_edges(values)), minlength=6)[1:]
    assert counts.sum() == size and counts.max() - counts.min() <= 1
    for fifth, edge in enumerate(find_edges(values), start=1):
        assert (values < edge).sum() * 5 < fifth * size <= (values <= edge).sum() * 5


def test_all_equal_values_fall_into_the_lowest_class() -> None:
    values = np.full(7, 9.5)
    assert assign_classes(values, find_edges(values)).tolist() == [1] * 7


def test_quintiles_need_five_known_values() -> None:
    with pytest.raises(MissingData) as caught:
        find_edges(np.array([1.0, 2.0, 3.0, 4.0, np.nan]))
    assert caught.value.code == "insufficient_data"
