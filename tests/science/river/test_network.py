"""The river network: order of the flow for any tree, and every fault by its code."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boget.science.errors import InvalidInput
from boget.science.river.network import END, Reach, build_network, find_breaks


def make_reach(key: int, after: int, **more: Any) -> Reach:
    return Reach(id=key, next_id=after, length_km=more.pop("length_km", 1.0), upland_km2=100.0, **more)


@st.composite
def forests(draw: st.DrawFn) -> list[Reach]:
    """Reaches that each run into one with a smaller number or end, shuffled."""
    count = draw(st.integers(1, 40))
    after = [draw(st.integers(0, key - 1)) for key in range(1, count + 1)]
    lengths = draw(st.lists(st.floats(0, 500), min_size=count, max_size=count))
    reaches = [make_reach(key + 1, after[key], length_km=lengths[key]) for key in range(count)]
    return draw(st.permutations(reaches))


@given(forests())
def test_every_reach_stands_before_its_next(reaches: list[Reach]) -> None:
    network = build_network(reaches)
    assert sorted(network.ids) == sorted(reach.id for reach in reaches)
    for index, after in enumerate(network.next_index):
        told = network.reaches[index].next_id
        assert (after == END and told == 0) or (after > index and network.ids[after] == told)


@given(forests())
def test_distance_down_is_the_sum_along_the_path(reaches: list[Reach]) -> None:
    network = build_network(reaches)
    for index in range(len(network)):
        path = network.trace_down(index)
        assert network.next_index[path[-1]] == END
        below = float(network.length_km[path[1:]].sum())
        assert network.dist_down_km[index] == pytest.approx(below, abs=1e-6)


@pytest.mark.parametrize(
    ("reaches", "code", "value"),
    [
        ([make_reach(1, 2)], "river_gap", 2),
        ([make_reach(1, 0), make_reach(1, 0)], "repeated_reach", 1),
        ([make_reach(1, 1)], "river_cycle", 1),
        ([make_reach(4, 0), make_reach(9, 7), make_reach(7, 9), make_reach(1, 9)], "river_cycle", 7),
        ([make_reach(1, 0, length_km=-0.1)], "range", -0.1),
        ([make_reach(1, 0, length_km=math.inf)], "range", math.inf),
    ],
)
def test_faults_name_the_reach(reaches: list[Reach], code: str, value: object) -> None:
    with pytest.raises(InvalidInput) as caught:
        build_network(reaches)
    assert (caught.value.code, caught.value.value) == (code, value)


def test_unknown_reach_is_refused() -> None:
    network = build_network([make_reach(5, 0)])
    assert network.find_index(5) == 0
    with pytest.raises(InvalidInput) as caught:
        network.find_index(6)
    assert caught.value.code == "unknown_reach"


def test_breaks_on_the_ground_are_found() -> None:
    upper = make_reach(1, 2, line=np.array([[80.0, 50.0], [80.1, 50.0]]))
    near = make_reach(2, 0, line=np.array([[80.09, 50.0], [80.11, 50.0]]))
    far = make_reach(2, 0, line=np.array([[80.5, 50.0], [80.6, 50.0]]))
    assert find_breaks(build_network([upper, near]), 0.02) == []
    assert find_breaks(build_network([upper, far]), 0.02) == [(1, 2)]
    assert find_breaks(build_network([upper, make_reach(2, 0)]), 0.02) == [], "without a line nothing can be said"


def test_no_reach_at_all_is_an_empty_network() -> None:
    assert len(build_network([])) == 0
