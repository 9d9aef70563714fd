"""The parts of `bench/river.py`: each gives its figures by the keys of the bench. Times are seconds of the processor, warm."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, TypeVar

import numpy as np

Result = TypeVar("Result")
REACHES = 1_000_000
SEED = 20261122


def time_second(work: Callable[[], Result]) -> tuple[Result, float, float]:
    """Result of the second run with its seconds of the processor (all threads) and of the clock."""
    work()
    begun = perf_counter(), process_time()
    result = work()
    return result, process_time() - begun[1], perf_counter() - begun[0]


def measure_pass() -> dict[str, Any]:
    """Travel time from every reach of a made-up network of a million reaches to its outlet."""
    from boget.science.river.travel_times import pass_to_outlet

    dice = np.random.default_rng(SEED)
    ahead = np.arange(REACHES) + 1 + dice.integers(0, 50, REACHES)
    next_index = np.where(ahead < REACHES, ahead, -1).astype(np.int64)
    own_s = dice.uniform(600.0, 7200.0, REACHES)
    times = [time_second(lambda: pass_to_outlet(next_index, own_s))[1] for _ in range(3)]
    return {"pass_1e6_ms": 1000 * min(times)}


def measure_hydraulics(shared: Path) -> dict[str, Any]:
    """Dispersion of the default formula within a factor of two, and the error of the velocity with each reach left out."""
    from tracer_reaches import read_measured, score_velocity

    from boget.science.river.dispersion.comparison import score_formula

    score = score_formula("disley", read_measured(shared))
    return {"k_within2": score.within_2, "k_spread": score.spread, "u_mape": score_velocity(shared).mape}


def measure_traces(shared: Path) -> dict[str, Any]:
    """The reference traces; `trace_worst_of_allowance` is the largest difference in parts of what is allowed (3 km or 2 %)."""
    from river_traces import check_traces

    found = check_traces(shared)
    return {f"trace_{name}": value for name, value in found.items() if name != "sites"}


def measure_exact(shared: Path) -> dict[str, Any]:
    from river_cases import check_exact

    return check_exact(shared / "data")


def measure_accuracy(_shared: Path) -> dict[str, Any]:
    """Closed form (n2) and transformed wave (n3) against the product of the transfer functions of all reaches."""
    from river_cases import check_n2, check_n3

    return check_n2() | check_n3()


def measure_uvas(shared: Path) -> dict[str, Any]:
    from river_cases import check_uvas

    return check_uvas(shared / "data")


def measure_speed(_shared: Path) -> dict[str, Any]:
    from river_cases import time_p1, time_p2

    return time_p1() | time_p2()


def measure_quickest() -> dict[str, Any]:
    """One member by ULTIMATE QUICKEST on the path of the speed test, and how far it is from the exact wave."""
    import river_cases as cases
    from river_peers import Channel, run_quickest

    path = cases.make_path()
    ends = np.cumsum(path.length)
    places = np.array([100, 400, 1000])
    stops = ends[places - 1] - 1.0
    last = cases.compute_reference(path, cases.PLAIN[0], 1000)[0][-1]
    channel = Channel(path.length, path.velocity, path.dispersion, path.discharge)
    run = run_quickest(channel, stops, mass_kg=cases.MASS, duration_s=cases.RELEASE, end_s=1.05 * last)
    exact = [cases.measure_curve(*cases.compute_reference(path, cases.PLAIN[0], int(place))) for place in places]
    peaks = run.find_peaks() / np.array([row[0] for row in exact]) - 1
    arrivals = run.find_arrivals() / np.array([row[1] for row in exact]) - 1
    return {
        "quickest_cpu_s_per_member": run.cpu_s,
        "quickest_cells": run.cells,
        "quickest_steps": run.steps,
        "quickest_worst_peak": float(np.abs(peaks).max()),
        "quickest_worst_arrival10": float(np.abs(arrivals).max()),
    }


def measure_lagrangian() -> dict[str, Any]:
    """One member by the Lagrangian scheme of the product on the path of the speed test, steps of an hour, 30 targets."""
    import river_cases as cases
    from boget.science.river.lagrangian import Channel, drift, feed_release
    from boget.science.river.release import Release

    path = cases.make_path()
    ends = np.cumsum(path.length)
    places = ends[np.linspace(1000 / 30, 1000, 30).astype(np.int64) - 1]
    channel = Channel(path.length, path.velocity, path.dispersion, path.discharge, np.zeros(len(ends)))
    release = Release("box", cases.MASS, duration_s=cases.RELEASE)
    passages, cpu_s, _ = time_second(lambda: drift(channel, feed_release(release, cases.HOUR), places))
    peak = passages[-1].rate_kg_s.max() / path.discharge[-1]
    exact = cases.measure_curve(*cases.compute_reference(path, cases.PLAIN[0], 1000))[0]
    return {"lagrangian_cpu_s_per_member": cpu_s, "lagrangian_peak": float(peak / exact - 1)}


def measure_peers(_shared: Path) -> dict[str, Any]:
    """Both other schemes: their time for one member times the members, over the time of the whole ensemble."""
    import river_cases as cases

    members = 10_000
    ours = cases.time_p1(members)["p1_cpu_s"]
    found = measure_quickest() | measure_lagrangian()
    return found | {
        "ratio_quickest": members * found["quickest_cpu_s_per_member"] / ours,
        "ratio_lagrangian": members * found["lagrangian_cpu_s_per_member"] / ours,
        "ratio_note": "time of one member times 10 000 over the ensemble of 10 000 members by 30 targets",
    }


def measure_screening(_shared: Path) -> dict[str, Any]:
    """Screening of all facilities with 10 000 members, paths and flows ready; and the pass over a million reaches."""
    from boget.science.river.priors import read_priors
    from boget.science.river.screening import screen

    paths, flows = collect_paths()
    prior = read_priors()
    rows, cpu_s, clock_s = time_second(lambda: screen(paths, flows, prior=prior, members=10_000, seed=1))
    return {"p4_s": clock_s, "p4_cpu_s": cpu_s, "p4_facilities": len(paths), "p4_rows": len(rows)} | measure_pass()


def collect_paths() -> tuple[dict[str, Any], dict[str, Any]]:
    """Paths of all facilities of the package, and their flows at mean and high water."""
    from importlib import resources

    from boget.science.errors import MissingData
    from boget.science.io.embedded import open_ports
    from boget.science.river.discharge import estimate_flow
    from boget.science.scenario.start import Start, find_path

    ports = open_ports(Path(str(resources.files("boget"))) / "data")
    paths: dict[str, Any] = {}
    for facility in ports.entries:
        try:
            paths[facility] = find_path(Start(facility, None, None, None), ports)
        except MissingData:
            paths[facility] = None
    flows = {
        key: {season: estimate_flow(path, ports.hydrology, season=season) for season in ("mean", "high")}
        for key, path in paths.items() if path is not None
    }  # fmt: skip
    return paths, flows


def measure_baia_mare(_shared: Path) -> dict[str, Any]:
    """The calibrated study at the places that the fit has not seen; see docs/validation.md for what it means."""
    from baia_mare import run_study

    study, lossy = run_study(), run_study(has_loss=True)
    return {
        "baia_mare_arrival_worst": study.worst_arrival,
        "baia_mare_peaks_within_two": study.peaks_within_two,
        "baia_mare_outside_band": study.outside_band,
        "baia_mare_lossy_peaks_within_two": lossy.peaks_within_two,
        "baia_mare_lossy_outside_band": lossy.outside_band,
    } | measure_ridder()


def measure_ridder() -> dict[str, Any]:
    from ridder import run_study

    way, times = run_study()
    return {"ridder_way_followed": way.is_followed, "ridder_omsk_in_ten_days": times.share_in_ten_days}
