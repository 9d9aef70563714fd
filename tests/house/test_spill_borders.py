"""Where the spill paths meet the border: the embedded file, and the tool that writes it."""

from __future__ import annotations

import csv
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely

from boget.science.io.inventory import read_inventory
from boget.science.io.spillpaths import read_border_meetings, read_facility_entries, read_spill_paths
from boget.science.river.borders import BorderMeeting
from boget.science.river.entries import FacilityEntry
from boget.science.river.network import RiverNetwork

ROOT = Path(__file__).resolve().parents[2]
KZ = Path(str(resources.files("boget"))) / "data" / "kz"
SAME_POINT_DEG = 0.02


@pytest.fixture(scope="module")
def paths() -> RiverNetwork:
    return read_spill_paths(KZ / "spill_paths.csv")


@pytest.fixture(scope="module")
def entries() -> dict[str, FacilityEntry]:
    return read_facility_entries(KZ / "facility_reach.csv")


@pytest.fixture(scope="module")
def meetings() -> dict[str, tuple[BorderMeeting, ...]]:
    return read_border_meetings(KZ / "spill_borders.csv")


def test_the_first_stretch_begins_in_the_country_of_the_facility(entries: dict[str, FacilityEntry]) -> None:
    rows, _ = read_inventory(KZ / "facilities.csv")
    country = {row.id: row.country for row in rows}
    # the point of Kadamjay comes from an unverified map and lies beyond the border of an enclave
    assert {key for key, entry in entries.items() if entry.countries[0] != country[key]} == {"KG-0017"}
    assert entries["KZ-0008"].countries == ("KZ", "RU")


def test_meetings_lead_from_the_first_country_to_that_of_the_end(
    paths: RiverNetwork, entries: dict[str, FacilityEntry], meetings: dict[str, tuple[BorderMeeting, ...]]
) -> None:
    """A path that ends on the other side of the border has met it, one that stays has not, and none jumps."""
    for key, entry in entries.items():
        if entry.reach_id is None:
            assert key not in meetings
            continue
        trace = paths.trace_down(paths.find_index(entry.reach_id))
        last = next(code for code in (paths.reaches[index].country for index in trace[::-1]) if code)
        met = meetings.get(key, ())
        is_home = [entry.countries[0] == "KZ", *(meeting.after == "KZ" for meeting in met)]
        assert is_home[-1] == (last == "KZ"), key
        assert [meeting.before == "KZ" for meeting in met] == is_home[:-1], key


def test_meetings_are_in_the_order_of_the_flow_and_on_the_path(
    paths: RiverNetwork, entries: dict[str, FacilityEntry], meetings: dict[str, tuple[BorderMeeting, ...]]
) -> None:
    assert len(meetings) == 63 and sum(map(len, meetings.values())) == 80
    for key, met in meetings.items():
        entry = entries[key]
        assert entry.reach_id is not None and entry.entry_km is not None
        trace = paths.trace_down(paths.find_index(entry.reach_id))
        whole = entry.off_network_km - entry.entry_km + float(paths.length_km[trace].sum())
        marks = [mark / 1000 for meeting in met for mark in (meeting.touch_m, meeting.leave_m)]
        assert marks == sorted(marks) and marks[0] > 0 and marks[-1] < whole, key
        drawn = np.vstack([entry.line, *(paths.reaches[index].line for index in trace)])  # type: ignore[list-item]
        line = shapely.LineString(drawn)
        assert all(line.distance(shapely.Point(place)) < 0.01 for m in met for place in (m.touch, m.leave)), key


def test_known_meetings(meetings: dict[str, tuple[BorderMeeting, ...]]) -> None:
    ridder, khromtau, kumtor = meetings["KZ-0001"], meetings["KZ-0050"], meetings["KG-0019"]
    assert [(m.before, m.after, round(m.touch_m / 1000)) for m in ridder] == [("KZ", "RU", 1096)]
    assert [(m.before, m.after, m.is_crossing) for m in khromtau] == [
        ("KZ", "RU", True), ("RU", "RU", False), ("RU", "KZ", True),
    ], "the Ural touches the border on its way through Russia and comes back"  # fmt: skip
    assert (kumtor[0].before, kumtor[0].after) == ("UZ", "KZ")
    (rudny,) = meetings["KZ-0046"]
    assert (round(rudny.touch_m / 1000), round(rudny.leave_m / 1000)) == (194, 255), (
        "the Tobol is the border for sixty kilometres"
    )
    assert not {"KZ-0057", "KZ-0068", "KZ-0061", "KZ-0055"} & set(meetings), "a lake, sands or the sea is no border"


@pytest.mark.shared
def test_first_touches_agree_with_the_reference_traces(shared: Path, meetings: dict[str, tuple[BorderMeeting, ...]]) -> None:
    rows, _ = read_inventory(KZ / "facilities.csv")
    with (shared / "geodata" / "hydro" / "trace_tests.csv").open(encoding="utf-8") as stream:
        sites = list(csv.DictReader(stream))
    compared = 0
    for site in sites:
        place = (float(site["lon"]), float(site["lat"]))
        near = [r.id for r in rows if r.lon is not None and np.allclose((r.lon, r.lat), place, atol=SAME_POINT_DEG)]
        for key in near:
            first = meetings[key][0].touch_m / 1000 if key in meetings else None
            told = float(site["km_first_touch_border"]) if site["km_first_touch_border"] else None
            assert first == pytest.approx(told, abs=5.0), (site["site"], key)
            compared += 1
    assert compared >= 5


# ---- the tool


@pytest.fixture
def square(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A state of one degree with a neighbour in the east and the sea in the west."""
    monkeypatch.syspath_prepend(str(ROOT / "tools" / "geodata"))
    sys.modules.pop("borders", None)
    from borders import Borders  # type: ignore[import-not-found]

    frames = {
        "adm0": [("KAZ", shapely.box(50, 50, 51, 51))],
        "countries_region_ne10m": [("Kazakhstan", shapely.box(50, 50, 51, 51)), ("Russia", shapely.box(51.01, 49, 53, 52))],
    }
    for layer, rows in frames.items():
        names, shapes = zip(*rows, strict=True)
        fields = ["iso_a3" if layer == "adm0" else "name"]
        pyogrio.raw.write(
            tmp_path / "kz_admin.gpkg", shapely.to_wkb(np.array(shapes)), [np.array(names, dtype=object)], fields,
            layer=layer, driver="GPKG", geometry_type="Polygon", crs="EPSG:4326",
        )  # fmt: skip
    return Borders(tmp_path, {"Kazakhstan": "KZ", "Russia": "RU"})


def follow(*points: tuple[float, float]) -> list[Any]:
    from borders import Vertex

    return [Vertex(point, 10.0 * number) for number, point in enumerate(points)]


def test_a_path_that_runs_along_the_border_meets_it_once(square: Any) -> None:
    wavering = follow((50.5, 50.5), (51.02, 50.5), (50.98, 50.6), (51.02, 50.7), (52.0, 50.7))
    (meeting,) = square.find_meetings(wavering)
    assert (meeting.before, meeting.after) == ("KZ", "RU")
    assert (meeting.touch.km, meeting.leave.km) == (pytest.approx(10 * 0.5 / 0.52, abs=1e-3), pytest.approx(25.0, abs=1e-3))
    assert meeting.leave.point == pytest.approx((51.0, 50.65), abs=1e-5)


def test_a_path_that_comes_back_meets_it_twice(square: Any) -> None:
    found = square.find_meetings(follow((50.5, 50.5), (51.5, 50.5), (51.5, 50.6), (50.5, 50.6)))
    assert [(meeting.before, meeting.after) for meeting in found] == [("KZ", "RU"), ("RU", "KZ")]


def test_a_shore_is_no_border_and_a_gap_between_outlines_is_the_neighbour(square: Any) -> None:
    assert square.find_meetings(follow((50.5, 50.5), (49.5, 50.5))) == []
    assert square.name_country((51.005, 50.5)) == "RU"
    assert square.list_countries([(50.5, 50.5), (50.9, 50.5), (51.5, 50.5), (50.5, 50.6)]) == ("KZ", "RU", "KZ")
