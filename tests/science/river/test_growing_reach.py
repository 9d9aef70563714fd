"""The first reach of a river begins as a brook: its catchment grows along it, and with it the discharge."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from boget.science.river.network import Reach, build_network
from boget.science.river.path_pieces import collect_pieces

LINE = np.array([[80.0, 50.0], [80.2, 50.0], [80.5, 50.1], [81.0, 50.1]])


def test_a_growing_reach_is_cut_and_keeps_its_length_and_line() -> None:
    network = build_network([Reach(1, 0, 80.0, 1800.0, country="KZ", line=LINE, top_km2=200.0)])
    pieces = collect_pieces(network, 0, 8_000.0)
    uplands = [piece.upland_km2 for piece in pieces]
    assert sum(piece.network_m for piece in pieces) == pytest.approx(72_000.0)
    assert uplands == sorted(uplands) and uplands[-1] == 1800.0
    assert uplands[0] == pytest.approx(360.0 + 1440.0 / len(pieces)), "the catchment at km 8 is 360 km2"
    assert max(b / a for a, b in itertools.pairwise(uplands)) < 1.2
    assert pieces[0].line_m[0] == 0 and np.allclose(pieces[-1].line[-1], LINE[-1])
    for one, after in itertools.pairwise(pieces):
        assert np.allclose(one.line[-1], after.line[0]) and one.line_m[-1] == pytest.approx(one.network_m)


@pytest.mark.parametrize("top", [float("nan"), 1700.0])
def test_a_reach_that_hardly_grows_or_of_unknown_top_stays_whole(top: float) -> None:
    network = build_network([Reach(1, 0, 80.0, 1800.0, country="KZ", line=LINE, top_km2=top)])
    assert len(collect_pieces(network, 0, 0.0)) == 1
