"""Discharge along paths: posts, zones, regimes, seasons, announced values; and posts left out as a check."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from boget.science.errors import InvalidInput
from boget.science.io.hydrology import read_hydrology
from boget.science.io.spillpaths import read_facility_entries, read_spill_paths
from boget.science.river.anchors import Anchor, find_anchors, list_dams, list_known_flows, make_snapper
from boget.science.river.discharge import estimate_flow
from boget.science.river.flow_state import FlowState
from boget.science.river.hydraulics import estimate_hydraulics
from boget.science.river.hydrology_records import Hydrology
from boget.science.river.mean_flow import MeanFlow, find_runs, hold_to_river
from boget.science.river.path import RiverPath
from boget.science.river.regime import SEASONS, find_month, find_season
from boget.science.river.routing import route_from_entry

KZ = Path(__file__).resolve().parents[3] / "src" / "boget" / "data" / "kz"
SECTION_M = 20_000.0


@pytest.fixture(scope="module")
def hydrology() -> Hydrology:
    return read_hydrology(KZ / "hydrology")


@pytest.fixture(scope="module")
def paths(hydrology: Hydrology) -> dict[str, RiverPath]:
    """Path of every facility that has a river."""
    network, entries = read_spill_paths(KZ / "spill_paths.csv"), read_facility_entries(KZ / "facility_reach.csv")
    return {
        code: route_from_entry(network, entry, reservoirs=hydrology.reservoirs, borders=(), version="test")
        for code, entry in entries.items()
        if entry.reach_id is not None
    }


@pytest.fixture(scope="module")
def means(paths: dict[str, RiverPath], hydrology: Hydrology) -> dict[str, FlowState]:
    return {code: estimate_flow(path, hydrology, season="mean") for code, path in paths.items()}


def find_near(path: RiverPath, lon: float, lat: float) -> int:
    """Stretch nearest to a point."""
    place = int(np.argmin(np.hypot((path.vertices[:, 0] - lon) * np.cos(np.radians(lat)), path.vertices[:, 1] - lat)))
    return path.find_stretch(float(path.vertex_m[place]))


def name_river(path: RiverPath, place: int) -> str:
    return path.rivers[place].get("ru", "")


# ---- the rivers of the country


@pytest.mark.parametrize(
    ("facility", "lon", "lat", "low", "high"),
    [
        ("KZ-0001", 82.842, 50.011, 93, 105),  # Ulba at Perevalochnaya, 98.8
        ("KZ-0001", 82.5, 49.98, 650, 800),  # Irtysh below the Ulba: 640 from the dam and 99 of the Ulba
        ("KZ-0001", 78.312, 50.886, 850, 890),  # Semiyarka 873
        ("KZ-0001", 75.03, 53.796, 830, 870),  # border, about 850
        ("KZ-0001", 73.3, 55.02, 800, 840),  # Omsk 817
        ("KZ-0030", 76.8, 52.3, 830, 880),  # joins the Irtysh between two posts
        ("KZ-0041", 69.371, 55.379, 47, 52),  # Ishim at the border, about 50
        ("KZ-0045", 63.652, 53.21, 11, 13.5),  # Tobol at Kostanay
        ("KZ-0045", 64.83, 54.47, 26, 29),  # Tobol at Zverinogolovskoye
        ("KZ-0050", 58.5, 51.22, 55, 80),  # Ural below the Or
        ("KZ-0050", 51.136, 50.865, 280, 300),  # Ural at Kushum
        ("KZ-0053", 56.138, 50.838, 19, 23),  # Ilek at the border
        ("KZ-0065", 72.9, 50.1, 10, 12),  # Nura below Temirtau
        ("KG-0007", 68.579, 41.021, 460, 500),  # Syr Darya at the border
        ("KG-0007", 62.139, 45.738, 310, 340),  # at Kazaly
        ("KG-0001", 74.179, 43.288, 45, 55),  # Chu at the border
        ("KZ-0082", 78.7, 44.87, 14, 30),  # Karatal at Tekeli: more than its share of the catchment at Ushtobe
        ("KZ-0076", 69.6, 43.9, 10, 50),  # lower Talas: never the runoff of the mountains times the steppe
    ],
)
def test_known_flows(
    paths: dict[str, RiverPath], means: dict[str, FlowState], *, facility: str, lon: float, lat: float, low: float, high: float
) -> None:
    place = find_near(paths[facility], lon, lat)
    assert low <= means[facility].discharge_m3s[place] <= high, name_river(paths[facility], place)


def test_every_path_has_a_flow_in_every_season(paths: dict[str, RiverPath], hydrology: Hydrology) -> None:
    assert len(paths) > 90
    for code in list(paths)[::9]:
        for season in SEASONS:
            flow = estimate_flow(paths[code], hydrology, season=season)
            assert flow.discharge_m3s.shape == (len(paths[code]),)
            for values in (flow.discharge_m3s, flow.sigma_ln, flow.zero_share):
                assert np.isfinite(values).all(), (code, season)
            assert flow.discharge_m3s.min() > 0 and flow.sigma_ln.max() < 3
            assert flow.zero_share.min() >= 0 and flow.zero_share.max() <= 1
            assert set(flow.confidence) <= {"high", "medium", "low"}


def test_the_approach_is_marked_and_below_the_river(paths: dict[str, RiverPath], means: dict[str, FlowState]) -> None:
    for code, path in paths.items():
        on_approach = path.reach_ids == 0
        assert [basis == "approach" for basis in means[code].basis] == on_approach.tolist()
        if on_approach.any() and not on_approach.all():
            first = int(np.argmin(on_approach))
            assert means[code].discharge_m3s[0] <= means[code].discharge_m3s[first]
            assert means[code].sigma_ln[0] == 0.8


def test_posts_that_must_not_be_used_are_not(hydrology: Hydrology) -> None:
    used = {flow.code for flow in list_known_flows(hydrology)}
    unused = {gauge.name for gauge in hydrology.gauges if gauge.why_unused}
    assert {"с. Бобровский (Жанабет)", "с. Новоникольское", "г. Павлодар"} <= unused
    assert not used & {gauge.code for gauge in hydrology.gauges if gauge.why_unused or gauge.discharge_m3s is None}


def test_a_post_of_another_catchment_is_not_on_the_path(paths: dict[str, RiverPath], hydrology: Hydrology) -> None:
    snapper = make_snapper(paths["KZ-0001"])
    semiyarka = next(flow for flow in list_known_flows(hydrology) if flow.code == "grdc-2311104")
    found = snapper.snap(semiyarka)
    assert found is not None and abs(found.distance_m - 547_000) < 5_000
    assert snapper.snap(replace(semiyarka, catchments=(9_000.0,))) is None
    assert snapper.snap(replace(semiyarka, rivers={"ru": "Шаган"})) is None
    assert snapper.snap(replace(semiyarka, latitude=semiyarka.latitude + 0.3)) is None


def test_of_two_values_near_each_other_the_better_one_counts(paths: dict[str, RiverPath], hydrology: Hydrology) -> None:
    codes = {anchor.flow.code for anchor in find_anchors(paths["KZ-0045"], hydrology)}
    assert "grdc-2311308" in codes and "karatomar" not in codes, "the post below the dam, not the reckoned throughflow"
    codes = {anchor.flow.code for anchor in find_anchors(paths["KG-0001"], hydrology)}
    assert "tasotkel" in codes and "grdc-2315500" not in codes, "three years only"


def test_a_dam_rules_below_itself_and_not_on_another_river(paths: dict[str, RiverPath], hydrology: Hydrology) -> None:
    path = paths["KZ-0004"]
    dam = next(anchor for anchor in find_anchors(path, hydrology) if anchor.flow.code == "ust-kamenogorsk")
    flow = estimate_flow(path, hydrology, season="mean")
    assert flow.discharge_m3s[dam.stretch] == pytest.approx(640.0)
    assert flow.discharge_m3s[dam.stretch + 1] == pytest.approx(640.0, rel=0.05)
    small = replace(path, upland_km2=np.full(len(path), 2_000.0))
    assert list_dams(small) == []


def test_an_estimate_never_carries_more_than_the_river_it_joins(paths: dict[str, RiverPath]) -> None:
    path = paths["KZ-0001"]
    runs = find_runs(path)
    flow = MeanFlow(np.full(len(path), 500.0), np.ones(len(path)), ["zone"] * len(path), ["low"] * len(path))
    flow.discharge[runs[1].start : runs[1].stop] = 90.0
    hold_to_river(path, flow, runs, anchored=[False, True, True])
    assert flow.discharge[0] == 90.0, "the approach"
    assert flow.discharge[runs[2].start] == 500.0
    hold_to_river(path, flow, runs, anchored=[True, True, True])
    assert flow.discharge[runs[2].start] == 500.0


# ---- posts left out


def predict_left_out(path: RiverPath, hydrology: Hydrology, anchor: Anchor) -> tuple[float, float]:
    """Logarithm of predicted over known flow, and its sigma, with all that is known within 20 km left out."""
    snapper = make_snapper(path)
    places = [found for flow in list_known_flows(hydrology) if (found := snapper.snap(flow)) is not None]
    places += list_dams(path)
    near = frozenset(other.flow.code for other in places if abs(other.distance_m - anchor.distance_m) < SECTION_M)
    flow = estimate_flow(path, hydrology, season="mean", left_out=near | {anchor.flow.code})
    value = float(np.log(flow.discharge_m3s[anchor.stretch] / anchor.flow.discharge_m3s))
    return value, float(np.hypot(flow.sigma_ln[anchor.stretch], anchor.sigma_ln))


def test_posts_left_out_are_found_again(paths: dict[str, RiverPath], hydrology: Hydrology) -> None:
    found: dict[str, tuple[float, float]] = {}
    for path in paths.values():
        for anchor in find_anchors(path, hydrology):
            is_measured = anchor.flow.kind == "gauge" and not anchor.flow.code.startswith("own-")
            if is_measured and anchor.flow.code not in found:
                found[anchor.flow.code] = predict_left_out(path, hydrology, anchor)
    error, sigma = np.array(list(found.values())).T
    assert len(found) > 30
    assert np.median(np.abs(error)) < 0.25, "half of the posts within a quarter"
    assert 0.80 <= np.mean(np.abs(error) <= 1.645 * sigma) <= 1.0, "the interval of 90 % holds what it says"


# ---- seasons


def test_high_is_exceeded_in_a_tenth_of_the_flowing_time_or_is_the_wettest_month(hydrology: Hydrology) -> None:
    random = np.random.default_rng(7)
    for code in ("altai_ulba", "ural_lower", "syrdarya_energy_today", "sarysu_ephemeral", "steppe_ishim_upper"):
        months = [find_month(hydrology.regimes[code], month) for month in range(12)]
        drawn = [m.ratio * np.exp(m.sigma_ln * random.standard_normal(int(20_000 * (1 - m.zero_share)))) for m in months]
        exceeded = float(np.quantile(np.concatenate(drawn), 0.9))
        wettest = max(month.ratio for month in months)
        assert find_season(hydrology.regimes[code], "high").ratio == pytest.approx(max(exceeded, wettest), rel=0.05), code


@pytest.mark.shared
def test_monthly_medians_of_the_posts(shared: Path, hydrology: Hydrology) -> None:
    """The median month of the Ulba, 1978-87, by the regime and by the series."""
    with (shared / "data" / "hydrology" / "monthly_observed.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["river_ru"] == "Ульба"]
    months = [np.array([float(row[f"m{number:02d}"]) for row in rows if row[f"m{number:02d}"]]) for number in range(1, 13)]
    year = np.mean([month.mean() for month in months])
    medians = np.array([np.median(month) for month in months]) / year
    ours = np.array([find_month(hydrology.regimes["altai_ulba"], month).ratio for month in range(12)])
    assert np.max(np.abs(np.log(ours / medians))) < 0.3
    assert np.median(np.abs(np.log(ours / medians))) < 0.1


def test_seasons_are_in_order_and_winter_has_ice(paths: dict[str, RiverPath], hydrology: Hydrology) -> None:
    flows = {
        season: estimate_flow(paths["KZ-0001"], hydrology, season=season) for season in ("mean", "high", "low", "01", "05")
    }
    assert np.all(flows["low"].discharge_m3s < flows["mean"].discharge_m3s)
    assert np.all(flows["mean"].discharge_m3s <= flows["high"].discharge_m3s)
    assert flows["01"].has_ice.all() and not flows["mean"].has_ice.any() and not flows["high"].has_ice.any()
    assert np.all(flows["05"].sigma_ln > flows["mean"].sigma_ln), "a month of an unknown year is known worse"


def test_a_dry_bed_is_an_answer(paths: dict[str, RiverPath], hydrology: Hydrology) -> None:
    summer = estimate_flow(paths["KZ-0069"], hydrology, season="08")
    assert summer.zero_share.max() == 1.0 and summer.discharge_m3s.min() > 0
    assert estimate_flow(paths["KZ-0069"], hydrology, season="04").zero_share.max() < 1.0


def test_unknown_season_is_refused(paths: dict[str, RiverPath], hydrology: Hydrology) -> None:
    with pytest.raises(InvalidInput) as caught:
        estimate_flow(paths["KZ-0069"], hydrology, season="13")
    assert caught.value.code == "unknown_choice" and "mean" in caught.value.allowed


# ---- what is known today


def test_announced_flow_scales_the_path(paths: dict[str, RiverPath], hydrology: Hydrology) -> None:
    path = paths["KZ-0001"]
    before = estimate_flow(path, hydrology, season="05")
    place = path.find_stretch(540_000.0)
    after = estimate_flow(path, hydrology, season="05", announced=((540_000.0, 3200.0, 0.07),))
    assert after.discharge_m3s[place] == pytest.approx(3200.0)
    assert after.sigma_ln[place] == pytest.approx(0.07) and after.basis[place] == "announced"
    ratio = after.discharge_m3s / before.discharge_m3s
    assert ratio == pytest.approx(np.full(len(path), ratio[0]))
    assert np.all(after.sigma_ln <= before.sigma_ln + 1e-12) and after.basis[0] == "approach"


def test_two_announced_flows_are_joined(paths: dict[str, RiverPath], hydrology: Hydrology) -> None:
    path = paths["KZ-0001"]
    before = estimate_flow(path, hydrology, season="mean")
    places = [path.find_stretch(distance) for distance in (300_000.0, 900_000.0)]
    announced = tuple((distance, 2.0 * float(before.discharge_m3s[at]) * factor, 0.1)
                      for distance, at, factor in zip((300_000.0, 900_000.0), places, (1.0, 2.0), strict=True))  # fmt: skip
    ratio = estimate_flow(path, hydrology, season="mean", announced=announced).discharge_m3s / before.discharge_m3s
    assert ratio[0] == pytest.approx(2.0) and ratio[-1] == pytest.approx(4.0)
    assert np.all(np.diff(ratio) >= -1e-9)


@pytest.mark.parametrize(
    ("announced", "code"),
    [
        (((1e9, 5.0, 0.1),), "range"),
        (((-1.0, 5.0, 0.1),), "range"),
        (((1e3, 0.0, 0.1),), "not_positive"),
        (((1e3, float("nan"), 0.1),), "not_finite"),
        (((1e3, 5.0, float("nan")),), "range"),
        (((1e3, 5.0, 0.1), (1e3, 6.0, 0.1)), "repeated"),
    ],
)
def test_impossible_announcements_are_refused(
    paths: dict[str, RiverPath], hydrology: Hydrology, *, announced: tuple[tuple[float, float, float], ...], code: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        estimate_flow(paths["KZ-0069"], hydrology, season="mean", announced=announced)
    assert caught.value.code == code


# ---- hydraulics of a path


def test_hydraulics_of_the_irtysh(paths: dict[str, RiverPath], means: dict[str, FlowState]) -> None:
    path, flow = paths["KZ-0001"], means["KZ-0001"]
    found = estimate_hydraulics(path, flow)
    assert found.velocity_ms * found.width_m * found.depth_m == pytest.approx(flow.discharge_m3s)
    days = float(np.sum(path.length_m / found.velocity_ms)) / 86_400
    assert 25 < days < 45, "2 200 km at 0.6 to 1 m/s, the reservoirs left aside"
    for name in ("manning_textbook", "power", "jobson"):
        other = estimate_hydraulics(path, flow, velocity=name)
        assert np.isfinite(other.dispersion_m2s).all() and np.all(other.velocity_ms > 0)
    with pytest.raises(InvalidInput):
        estimate_hydraulics(path, flow, velocity="guess")  # type: ignore[arg-type]


def test_runs_part_at_confluences(paths: dict[str, RiverPath]) -> None:
    path = paths["KZ-0001"]
    runs = find_runs(path)
    assert [place for run in runs for place in run] == list(range(len(path)))
    assert [name_river(path, run[0]).split(" ")[0] for run in runs if name_river(path, run[0])] == ["Ульба", "Иртыш"]
