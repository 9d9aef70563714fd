"""Places on a path: towns, intakes, borders and reservoirs, on a made-up river and on the embedded ones."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from boget.science.io.places import read_places
from boget.science.io.spillpaths import read_border_meetings, read_facility_entries, read_spill_paths
from boget.science.river.borders import BorderMeeting
from boget.science.river.hydrology_records import Intake
from boget.science.river.locating import Place, list_path_targets, locate_targets, make_intake_place
from boget.science.river.network import Reach, build_network
from boget.science.river.path import RiverPath
from boget.science.river.reservoirs import Reservoir
from boget.science.river.routing import route_from_entry, route_from_point

KZ = Path(str(resources.files("boget"))) / "data" / "kz"
DEGREE_M = 71_700.0


def make_path(**options: Any) -> RiverPath:
    """An approach of 2 km, the Brook for a tenth of a degree, then the River east along 50 degrees north to 72 E."""
    brook = Reach(1, 2, 7.17, 250, names={"ru": "Ручей"}, country="KZ", line=np.array([(70.0, 50.0), (70.1, 50.0)]))
    river = Reach(2, 0, 136.2, 900, names={"ru": "Река (Су)"}, country="KZ", line=np.array([(70.1, 50.0), (72.0, 50.0)]))
    return route_from_point(
        build_network([brook, river]), 70.01, 50.018, **({"reservoirs": (), "version": "x"} | options)
    )  # fmt: skip


def put(code: str, lon: float, lat: float, **more: Any) -> Place:
    return Place(code, more.pop("kind", "place"), lon, lat, **more)


def locate(*places: Place, **options: Any) -> dict[str, float]:
    return {target.code: target.distance_m for target in locate_targets(make_path(), places, **options)}


def test_a_place_lies_where_the_river_passes_it() -> None:
    (target,) = locate_targets(make_path(), [put("town", 71.1, 50.01, names={"en": "Town"}, country="KZ", population=900)])
    assert target.distance_m == pytest.approx(2002 + 1.09 * DEGREE_M, rel=3e-3)
    assert target.off_m == pytest.approx(1112, abs=3)
    assert (target.code, target.kind, target.names, target.country, target.population) == (
        "town", "place", {"en": "Town"}, "KZ", 900,
    )  # fmt: skip
    assert (target.longitude, target.latitude) == (71.1, 50.01)


@pytest.mark.parametrize(
    ("off_km", "people", "is_on"),
    [
        (2.9, None, True),
        (3.1, None, False),
        (4.9, 20_000, True),
        (5.1, 20_000, False),
        (9.9, 200_000, True),
        (10.1, 200_000, False),
    ],
)
def test_a_larger_town_reaches_farther(off_km: float, people: int | None, is_on: bool) -> None:
    assert bool(locate(put("town", 71.0, 50.0 + off_km / 111.195, population=people))) == is_on


@pytest.mark.parametrize(("off_km", "is_on"), [(4.9, True), (5.1, False)])
def test_an_intake_is_on_the_river_within_five_km(off_km: float, is_on: bool) -> None:
    assert bool(locate(put("intake", 71.0, 50.0 + off_km / 111.195, kind="intake"))) == is_on


def test_one_distance_may_be_given_for_all() -> None:
    assert locate(put("town", 71.0, 50.01), reach_m=500.0) == {}
    assert set(locate(put("town", 71.0, 50.5), reach_m=60e3)) == {"town"}


def test_an_intake_of_another_river_is_not_caught() -> None:
    on = (71.0, 50.001)
    found = locate(*(put(name, *on, kind="intake", river=name) for name in ("Река", "Другая", "Су / Другая", "")))
    assert set(found) == {"Река", "Су / Другая", ""}


def test_an_intake_of_the_river_is_not_put_on_the_brook() -> None:
    assert locate(put("intake", 70.05, 50.0, kind="intake", river="Река")) == {}
    near = locate(put("intake", 70.09, 50.0, kind="intake", river="Река"))
    assert near["intake"] == pytest.approx(2002 + 0.09 * DEGREE_M, rel=3e-3), "so near that it may lie below the mouth"


def test_an_intake_at_the_approach_counts_only_where_the_approach_passes_it() -> None:
    assert locate(put("intake", 70.02, 50.009, kind="intake", river="Река"))["intake"] == pytest.approx(1001, abs=30)
    assert locate(put("intake", 70.035, 50.009, kind="intake", river="Река")) == {}


def test_what_lies_above_the_release_is_not_reached_but_its_town_is() -> None:
    above = (70.009, 50.02)
    assert locate(put("intake", *above, kind="intake"), put("post", *above, kind="gauge")) == {}
    assert locate(put("town", *above))["town"] == pytest.approx(2002, abs=80), "taken where the river is met"
    assert locate(put("far", 70.0, 50.08, population=20_000)) == {}


def test_targets_are_in_the_order_of_the_flow() -> None:
    found = locate_targets(make_path(), [put("c", 71.9, 50.0), put("a", 70.3, 50.0), put("b", 71.0, 50.0)])
    assert [target.code for target in found] == ["a", "b", "c"]


def test_an_intake_of_the_tables_becomes_a_place() -> None:
    intake = Intake("k1", {"ru": "Водозабор"}, "Река", 71.0, 50.0, ("bank_filtration", "industrial"), "u", 5, "KZ", "low", "s")
    place = make_intake_place(intake)
    assert (place.code, place.kind, place.note, place.river, place.names) == (
        "intake-k1", "intake", "bank_filtration", "Река", {"ru": "Водозабор"},
    )  # fmt: skip


def test_borders_and_dams_are_targets_of_the_path() -> None:
    dam = Reservoir("d", {"en": "Dam"}, "Река", 71.0, 50.0, 1e9, None, 10e3, None, "low", "s")
    leaving = BorderMeeting("KZ", "RU", 0.0, (71.2, 50.0), 0.0, (71.4, 50.0))
    back = BorderMeeting("RU", "KZ", 0.0, (71.8, 50.0), 0.0, (71.8, 50.0))
    path = make_path(reservoirs=(dam,), borders=(leaving, back))
    targets = list_path_targets(path)
    assert [(target.code, target.note, target.country) for target in targets] == [
        ("reservoir-d", "", "KZ"),
        ("border-1-touch", "KZ-RU", "RU"),
        ("border-1-exit", "KZ-RU", "RU"),
        ("border-2-exit", "RU-KZ", "KZ"),
    ]
    assert targets[0].longitude == pytest.approx(71.0, abs=1e-6) and targets[0].off_m == 0
    assert [target.distance_m for target in targets] == sorted(target.distance_m for target in targets)


# ---- embedded data


@pytest.fixture(scope="module")
def paths() -> dict[str, RiverPath]:
    network = read_spill_paths(KZ / "spill_paths.csv")
    entries = read_facility_entries(KZ / "facility_reach.csv")
    meetings = read_border_meetings(KZ / "spill_borders.csv")
    return {
        key: route_from_entry(network, entry, reservoirs=(), borders=meetings.get(key, ()), version="x")
        for key, entry in entries.items()
    }


@pytest.fixture(scope="module")
def towns() -> tuple[Place, ...]:
    return read_places(KZ / "places.csv")


def test_a_spill_at_ridder_passes_the_towns_of_the_irtysh(paths: dict[str, RiverPath], towns: tuple[Place, ...]) -> None:
    names = [target.names["en"] for target in locate_targets(paths["KZ-0001"], towns)]
    expected = ["Ridder", "Semey", "Pavlodar", "Omsk"]
    assert [name for name in names if name in expected] == expected
    assert not {"Karagandy", "Kostanay", "Astana"} & set(names)


def test_targets_of_all_facilities_are_sound(paths: dict[str, RiverPath], towns: tuple[Place, ...]) -> None:
    for key, path in paths.items():
        targets = [*locate_targets(path, towns), *list_path_targets(path)]
        assert all(0 < target.distance_m <= path.total_m and 0 <= target.off_m <= 10e3 for target in targets), key
        codes = [target.code for target in targets]
        assert len(codes) == len(set(codes)), key
    assert locate_targets(paths["KZ-0057"], towns) == () or paths["KZ-0057"].end == "balkhash"


def test_the_country_of_a_town_is_that_of_the_stretch(paths: dict[str, RiverPath], towns: tuple[Place, ...]) -> None:
    """Towns beyond the last exit are foreign: what a warning across the border needs."""
    path = paths["KZ-0001"]
    (border,) = path.borders
    for target in locate_targets(path, towns):
        assert (target.country == "RU") == (target.distance_m > border.leave_m), target.names
