"""Who upstream can explain an alarm, on a small network with known times."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from boget.science.errors import InvalidInput
from boget.science.river.flow_state import FlowState
from boget.science.river.network import Reach, RiverNetwork, build_network
from boget.science.river.path import RiverPath
from boget.science.river.spread import Spread
from boget.science.river.upstream import Alarm, find_explanations, list_reaches_upstream, locate_alarm
from boget.science.river.velocity import tracer

EXACT = Spread(velocity_sigma=0.0, correlation=1.0, group_m=50e3, tanks=(1.0, 1.0), active=(1.0, 1.0))
HOUR = 3600.0
SPEED = float(tracer.velocity([100.0], [math.nan])[0])


@pytest.fixture(autouse=True)
def _known_formula(monkeypatch: pytest.MonkeyPatch) -> None:
    """The velocity as the formula gives it, without its own error: times are known."""
    monkeypatch.setattr(tracer, "sigma_ln", lambda slope: np.zeros(len(slope)))


@pytest.fixture
def network() -> RiverNetwork:
    """Two headwaters 1 and 2 into 3, which flows to 4; 5 is another river."""
    following = {1: 3, 2: 3, 3: 4, 4: 0, 5: 0}
    return build_network([Reach(key, after, 20.0, 100.0) for key, after in following.items()])


def make_path(reaches: list[int], entry_km: float = 0.0) -> RiverPath:
    lengths = np.array([20e3 - entry_km * 1e3] + [20e3] * (len(reaches) - 1))
    count = len(reaches)
    return RiverPath(
        np.array(reaches), lengths, np.concatenate([[0.0], np.cumsum(lengths)[:-1]]), np.ones(count), np.full(count, 100.0),
        np.full(count, math.nan), np.full(count, -1), ("KZ",) * count, ({},) * count, (), (),
        np.array([[70.0, 50.0], [71.0, 50.0]]), np.array([0.0, lengths.sum()]), "hollow", ("point_town",), "test",
    )  # fmt: skip


def make_flow(count: int) -> FlowState:
    return FlowState(
        np.full(count, 100.0), np.zeros(count), np.zeros(count), np.zeros(count, dtype=bool), ("gauge",) * count, ("high",) * count,
        "mean", (),
    )  # fmt: skip


PATHS = {
    "upper": make_path([1, 3, 4], entry_km=5.0),
    "near": make_path([3, 4], entry_km=10.0),
    "below": make_path([3, 4], entry_km=18.0),
    "elsewhere": make_path([5]),
}
FLOWS = {key: make_flow(len(path)) for key, path in PATHS.items()}
ALARM = Alarm(reach_id=3, km=15.0, phase="peak")


def explain(network: RiverNetwork, alarm: Alarm, **contents: list[str]):  # type: ignore[no-untyped-def]
    return find_explanations(network, alarm, paths=PATHS, flows=FLOWS, contents=contents, prior=EXACT, members=100)


def test_only_what_lies_upstream_is_listed_the_nearest_first(network: RiverNetwork) -> None:
    rows = explain(network, ALARM)
    assert [row.facility for row in rows] == ["near", "upper"]
    assert [row.distance_m for row in rows] == [5e3, 30e3]
    assert rows[1].back_s.p50 == pytest.approx(30e3 / SPEED)
    assert rows[0].cautions == ("point_town",)


def test_the_first_sign_left_later_than_the_peak(network: RiverNetwork) -> None:
    first = explain(network, replace(ALARM, phase="first"))
    assert first[1].back_s.p50 == pytest.approx(0.89 * 30e3 / SPEED)


def test_a_window_takes_nobody_off_the_list(network: RiverNetwork) -> None:
    near, far = 5e3 / SPEED, 30e3 / SPEED
    rows = explain(network, replace(ALARM, window_s=(near * 1.1, near * 0.9)))
    assert [(row.share, row.fit) for row in rows] == [(1.0, "likely"), (0.0, "unlikely")]
    assert [row.fit for row in explain(network, replace(ALARM, window_s=(far * 2, 0.0)))] == ["likely", "likely"]
    assert {row.fit for row in explain(network, ALARM)} == {"open"}


def test_the_stock_matches_where_the_register_names_it(network: RiverNetwork) -> None:
    rows = explain(network, replace(ALARM, substance="Zn"), near=["Pb", "zn"], upper=["Au"])
    assert [row.match for row in rows] == ["yes", "no"]
    assert [row.match for row in explain(network, replace(ALARM, substance="CN"), upper=["Au"])] == ["unknown", "yes"]


def test_the_pass_finds_all_reaches_above(network: RiverNetwork) -> None:
    assert list_reaches_upstream(network, 3) == {1, 2, 3}
    assert list_reaches_upstream(network, 4) == {1, 2, 3, 4}


def test_a_bend_is_measured_along_the_river() -> None:
    path = replace(
        PATHS["near"], sinuosity=np.array([2.0, 1.0]), length_m=np.array([20e3, 20e3]), start_m=np.array([0.0, 20e3])
    )
    assert locate_alarm(path, 3, 4e3) == 12e3
    assert locate_alarm(path, 3, 11e3) is None


def test_bad_alarms_are_refused(network: RiverNetwork) -> None:
    for wrong, code in (
        (replace(ALARM, reach_id=77), "unknown_reach"),
        (replace(ALARM, km=21.0), "range"),
        (replace(ALARM, window_s=(1.0, 2.0)), "range"),
    ):
        with pytest.raises(InvalidInput, match=code):
            explain(network, wrong)
