"""What an expert found by hand along the rivers: lakes, zones, seasons and losses that were wrong."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from boget.science.errors import InvalidInput
from boget.science.io.embedded import Rivers, open_ports
from boget.science.io.hydrology import read_hydrology
from boget.science.river.coefficients import load_coefficients
from boget.science.river.discharge import estimate_flow, find_regimes
from boget.science.river.hydraulics import estimate_hydraulics
from boget.science.river.mean_flow import find_zones
from boget.science.river.path import NO_RESERVOIR, RiverPath
from boget.science.river.priors import read_priors
from boget.science.river.regime import find_month, find_season
from boget.science.river.screening import screen
from boget.science.river.substance import choose_fate
from boget.science.river.velocity import ice
from boget.science.scenario.start import Start, find_path

DATA = Path(__file__).resolve().parents[3] / "src" / "boget" / "data"


@pytest.fixture(scope="module")
def rivers() -> Rivers:
    return open_ports(DATA)


def read_mean(rivers: Rivers, code: str, season: str = "mean") -> tuple[RiverPath, np.ndarray]:
    path = find_path(Start(facility_id=code), rivers)
    return path, estimate_flow(path, rivers.hydrology, season=season).discharge_m3s


def is_on(path: RiverPath, river: str) -> np.ndarray:
    return np.array([river in names.get("ru", "") for names in path.rivers])


# ---- lakes


def test_a_lake_of_the_main_river_is_not_on_its_tributary(rivers: Rivers) -> None:
    path, _ = read_mean(rivers, "TJ-0004")
    assert [lake.code for lake in path.reservoirs] == ["shardara"]
    flows = {"TJ-0004": {s: estimate_flow(path, rivers.hydrology, season=s) for s in ("mean", "high")}}
    first = screen({"TJ-0004": path}, flows, prior=read_priors(), members=500)[0]
    middle = first.readings["mean"].time_s.p50
    assert middle is not None and 2.0 < middle / 86_400 < 3.5 and first.readings["mean"].grade == "possible"


def test_what_comes_down_the_main_river_still_crosses_the_lake(rivers: Rivers) -> None:
    path, _ = read_mean(rivers, "KG-0007")
    assert "bahri-tojik" in [lake.code for lake in path.reservoirs]


def test_a_lake_begins_where_its_river_is_met(rivers: Rivers) -> None:
    path, _ = read_mean(rivers, "KG-0005")
    held = np.flatnonzero(path.reservoir_index != NO_RESERVOIR)
    assert path.upland_km2[held].min() > 20_000, "the Tasotkel reservoir is on the Chu, not on its tributary"


def test_a_dam_keeps_the_water_by_its_own_throughflow(rivers: Rivers) -> None:
    path, mean = read_mean(rivers, "KZ-0045")
    number = [lake.code for lake in path.reservoirs].index("karatomar")
    dam = int(np.flatnonzero(path.reservoir_index == number)[-1])
    assert mean[dam] == pytest.approx(9.4)
    assert estimate_flow(path, rivers.hydrology, season="mean", left_out=frozenset({"karatomar"})).discharge_m3s[dam] < 6


# ---- seasons


def test_high_water_is_an_ordinary_flood_month_at_least(rivers: Rivers) -> None:
    for regime in rivers.hydrology.regimes.values():
        months = [find_month(regime, month) for month in range(12)]
        assert find_season(regime, "high").ratio >= max(1.0, *(month.ratio for month in months)), regime.code
    for code in ("KZ-0023", "KZ-0057", "KZ-0063", "KZ-0069", "KZ-0079"):
        _, mean = read_mean(rivers, code)
        _, high = read_mean(rivers, code, "high")
        assert high[-1] > 2 * mean[-1], code


def test_a_month_that_is_dry_in_most_years_carries_more_in_the_others(rivers: Rivers) -> None:
    regime = rivers.hydrology.regimes["sarysu_ephemeral"]
    march = find_month(regime, 2)
    mean_of_flowing = march.ratio * math.exp(march.sigma_ln**2 / 2)
    assert mean_of_flowing * (1 - march.zero_share) == pytest.approx(regime.ratio[2])


def test_no_jump_of_the_season_at_the_border(rivers: Rivers) -> None:
    path, august = read_mean(rivers, "KZ-0001", "08")
    irtysh = np.flatnonzero(is_on(path, "Иртыш") & (path.upland_km2 > 250_000) & (path.upland_km2 < 500_000))
    assert np.abs(np.diff(np.log(august[irtysh]))).max() < 0.1


# ---- zones


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("KZ-0023", "balkhash_north"),
        ("KZ-0079", "betpakdala"),
        ("KZ-0080", "betpakdala"),
        ("KZ-0077", "syrdarya_karatau"),
        ("KG-0019", "naryn"),
    ],
)
def test_streams_have_the_runoff_of_their_own_country(rivers: Rivers, code: str, zone: str) -> None:
    path, mean = read_mean(rivers, code)
    first = int(np.argmax(path.reach_ids != 0))
    stream = [
        place for place in range(len(path)) if path.rivers[place] == path.rivers[first] and path.upland_km2[place] < 6_000
    ]
    local = [place for place in stream if path.reach_ids[place] != 0]
    zones = find_zones(path, rivers.hydrology)
    assert {zones[place] for place in local} == {zone}
    runoff = mean[local] / path.upland_km2[local] * 1000
    assert runoff.max() <= rivers.hydrology.zones[zone].runoff_l_s_km2 * 1.25


def test_an_approach_has_the_zone_of_the_river_it_joins(rivers: Rivers) -> None:
    path, mean = read_mean(rivers, "KZ-0008")
    assert find_zones(path, rivers.hydrology)[0] == "aley" and mean[0] < 0.5


def test_no_estimate_carries_more_than_a_later_one(rivers: Rivers) -> None:
    """The strength of a wave goes by the greatest discharge on the way: a guess above must not dilute what lies below."""
    for code in ("KZ-0008", "KZ-0023", "KZ-0063", "KZ-0076", "KZ-0079", "KG-0011", "KG-0016", "KG-0019", "CN-0002", "TJ-0002"):
        path = find_path(Start(facility_id=code), rivers)
        flow = estimate_flow(path, rivers.hydrology, season="mean")
        for place in range(len(path) - 1):
            if flow.basis[place] in ("zone", "approach"):
                assert flow.discharge_m3s[place] <= flow.discharge_m3s[place + 1] * 1.001, (code, place)
    _, kara_ertis = read_mean(rivers, "CN-0002")
    assert np.all(np.diff(kara_ertis[:10]) >= 0)


def test_zones_are_means_of_their_posts() -> None:
    """Posts of low confidence are left out where there are three better ones, as in the kalba."""
    folder = DATA / "kz" / "hydrology"
    with (folder / "gauges.csv").open(encoding="utf-8", newline="") as stream:
        posts = [row for row in csv.DictReader(stream) if row["specific_runoff_l_s_km2"]]
    with (folder / "specific_runoff.csv").open(encoding="utf-8", newline="") as stream:
        zones = [row for row in csv.DictReader(stream) if row["posts"]]
    for zone in zones:
        own = [row for row in posts if row["zone"] == zone["zone"]]
        better = [row for row in own if row["confidence"] != "low"]
        used = [row for row in own if f"{row['river_en']} {row['post_ru']}" in zone["posts"].split("; ")]
        assert {row["code"] for row in better} <= {row["code"] for row in used} and len(used) == int(zone["n_posts"])
        mean = math.exp(sum(math.log(float(row["specific_runoff_l_s_km2"])) for row in used) / len(used))
        assert float(zone["specific_runoff_l_s_km2"]) == pytest.approx(mean, rel=0.002), zone["zone"]


# ---- losses


def test_rivers_that_end_in_the_sand_lose_their_water(rivers: Rivers) -> None:
    for code in ("KZ-0068", "KZ-0069"):
        path, mean = read_mean(rivers, code)
        sarysu = np.flatnonzero(is_on(path, "Сарысу"))
        assert mean[sarysu[0]] == pytest.approx(7.5, rel=0.15), code
        assert np.all(np.diff(mean[sarysu]) <= 0) and mean[-1] < 0.5
    path, mean = read_mean(rivers, "KZ-0076")
    assert mean[is_on(path, "Талас")] == pytest.approx(22.0), "22 m3/s enter Kazakhstan"


# ---- what is said of them


def test_the_status_of_a_fate_is_that_of_its_worst_number(rivers: Rivers) -> None:
    assert load_coefficients("fate").entry("water_temperature.01").status == "placeholder"
    assert choose_fate(rivers.substances["CN_free"], season="01").status == "placeholder"


def test_ice_is_not_known_exactly(rivers: Rivers) -> None:
    spread = ice.sigma_ln([True, False])
    assert spread.tolist() == [pytest.approx(math.log(0.8 / 0.6) / 3.29), 0.0]
    path = find_path(Start(facility_id="KZ-0001"), rivers)
    winter, summer = (
        estimate_hydraulics(path, estimate_flow(path, rivers.hydrology, season=s)).sigma_ln.mean() for s in ("01", "08")
    )
    assert winter > summer


def test_total_cyanide_stays_and_is_held_against_the_limits_of_free_cyanide(rivers: Rivers) -> None:
    total, free, weak = (rivers.substances[code] for code in ("CN_total", "CN_free", "CN_WAD"))
    fate = choose_fate(total, season="08")
    assert (fate.decay_per_s, fate.log10_kd, fate.settling_m_s) == (0.0, None, 0.0)
    assert choose_fate(weak, season="08").decay_per_s > 0
    assert total.limits == free.limits == weak.limits and free.limits
    assert (total.aquatic_acute, total.names["ru"]) == ("", "Цианиды (общие)")


@pytest.mark.parametrize(
    "box", [("80", "79", "46", "48"), ("79", "80", "48", "46"), ("79", "80", "46", ""), ("79", "80", "46", "95")]
)
def test_a_box_of_a_rule_has_four_sides_in_order(tmp_path: Path, box: tuple[str, str, str, str]) -> None:
    for file in (DATA / "kz" / "hydrology").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    table = tmp_path / "river_rules.csv"
    head, first, *rest = table.read_text(encoding="utf-8").splitlines()
    cells = dict(zip(head.split(","), next(csv.reader([first])), strict=True))
    cells |= dict(zip(("west", "east", "south", "north"), box, strict=True))
    line = ",".join(f'"{cell}"' for cell in cells.values())
    table.write_text("\n".join([head, line, *rest]), encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        read_hydrology(tmp_path)
    assert "river_rules.csv, row 2" in caught.value.where


def test_regimes_of_boxes_follow_their_zone(rivers: Rivers) -> None:
    path = find_path(Start(facility_id="KZ-0079"), rivers)
    regimes = find_regimes(path, rivers.hydrology, find_zones(path, rivers.hydrology))
    assert {regime.code for regime in regimes} == {"sarysu_ephemeral"}
