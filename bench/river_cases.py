"""Exact cases of the river engines, and the time the engines take: called by bench/river.py.

The path is made up: 1,000 uneven reaches over 1,506 km, discharge growing from 5 to 900 m3/s, dispersion after Seo and Cheong
(1998) so that it varies as in nature. The reference is the product of the transfer functions of all reaches.
"""

from __future__ import annotations

import csv
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from boget.science.river import exact, kernels, laplace, transfer

Floats = NDArray[np.float64]
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
HOUR, DAY = 3600.0, 86400.0
RELEASE = 6 * HOUR
MASS = 1e6
PLACES = (20, 100, 290, 400, 1000)  # reaches down to a station
DAM = 300  # reaches above the dam
POINTS = 1 << 15


@dataclass(frozen=True)
class TestPath:
    """Arrays (n,): m, m/s, m2/s, m, m3/s."""

    length: Floats
    velocity: Floats
    dispersion: Floats
    depth: Floats
    discharge: Floats


@dataclass(frozen=True)
class Store:
    """Loss 1/s, settling m/s, dead zones (share, stay in s), residence of the tank behind reach `DAM` (s, 0: none)."""

    name: str
    decay: float = 0.0
    settling: float = 0.0
    dead_zone: tuple[float, float] = (0.0, 1.0)
    tank: float = 0.0
    number: float = 1.0


PLAIN = (Store("conservative"), Store("decay and settling", 0.2 / DAY, 0.1 / DAY))
STORED = (
    Store("dead zones 0.15, 6 h", dead_zone=(0.15, 6 * HOUR)),
    Store("dead zones 0.3, 24 h", dead_zone=(0.3, 24 * HOUR)),
    Store("dead zones and 2 days", dead_zone=(0.1, 6 * HOUR), tank=2 * DAY),
    Store("dead zones and 20 days", dead_zone=(0.1, 6 * HOUR), tank=20 * DAY),
    Store("20 days alone", tank=20 * DAY),
    Store("20 days in 3 tanks", dead_zone=(0.1, 6 * HOUR), tank=20 * DAY, number=3.0),
    Store("loss in 20 days", decay=0.05 / DAY, dead_zone=(0.1, 6 * HOUR), tank=20 * DAY),
)


def make_path(count: int = 1000, total: float = 1.506e6, seed: int = 1) -> TestPath:
    """Uneven reaches of a river that grows from 5 to 900 m3/s."""
    rng = np.random.default_rng(seed)
    length = rng.lognormal(0.0, 0.6, count)
    length *= total / length.sum()
    x = np.cumsum(length) / total
    discharge = 5.0 * 180.0**x
    slope = 3e-3 * 30.0**-x * rng.lognormal(0.0, 0.3, count)
    width = 13.3 * discharge**0.404 * rng.lognormal(0.0, 0.25, count)
    roughness = 0.045 * rng.lognormal(0.0, 0.15, count)
    depth = (roughness * discharge / (width * np.sqrt(slope))) ** 0.6
    velocity = discharge / (width * depth)
    shear = np.sqrt(9.81 * depth * slope)
    dispersion = 5.915 * (width / depth) ** 0.620 * (velocity / shear) ** 1.428 * depth * shear
    return TestPath(length, velocity, dispersion, depth, discharge)


def accumulate(path: TestPath, store: Store, stops: Floats) -> Floats:
    """Cumulants of one plain member, (1, t, 4)."""
    one = np.ones(1)
    return kernels.accumulate(
        path.length,
        path.velocity,
        path.dispersion,
        depth=path.depth,
        is_flowing=np.ones(len(path.length), dtype=bool),
        group=np.zeros(len(path.length), dtype=np.int64),
        stops=stops,
        member_velocity=one,
        member_dispersion=one,
        group_velocity=one[:, None],
        reach_sigma=0.0,
        decay=store.decay * one,
        settling=store.settling * one,
        seed=0,
    )


def compute_reference(path: TestPath, store: Store, place: int) -> tuple[Floats, Floats]:
    """Times and exact concentrations after `place` reaches, kg/m3."""
    share, stay = store.dead_zone
    loss = store.decay + store.settling / path.depth
    full = np.ones(place)
    reaches = laplace.Reaches(
        path.length[:place], path.velocity[:place], path.dispersion[:place], loss[:place], share * full, stay * full
    )
    whole = int(store.number)
    tanks = [store.tank / whole] * whole if store.tank and place > DAM else []
    mean, variance, _, _ = accumulate(path, store, np.array([[place - 1, 1.0]]))[0, 0]
    spread = variance * (1 + share) ** 2 + 2 * mean * share * stay + RELEASE**2 / 12 + sum(tank**2 for tank in tanks)
    window = mean * (1 + share) + sum(tanks) + RELEASE + 14 * np.sqrt(spread)

    def transform(s: laplace.Complexes) -> laplace.Complexes:
        whole_river = laplace.transfer_reaches(reaches, s) * laplace.transfer_box(RELEASE, s)
        return whole_river * laplace.transfer_tanks(tanks, s, loss=store.decay)

    times, values = laplace.invert(transform, window=window, count=POINTS)
    return times, values * MASS / path.discharge[place - 1]


def measure_curve(times: Floats, values: Floats) -> tuple[float, float, float, float]:
    """Peak, first time at a tenth of it, time above a tenth of it, integral."""
    peak = float(values.max())
    above = np.flatnonzero(values > 0.1 * peak)
    first, last = int(above[0]), int(above[-1])
    start = np.interp(0.1 * peak, values[first - 1 : first + 1], times[first - 1 : first + 1])
    end = np.interp(-0.1 * peak, -values[last : last + 2], times[last : last + 2])
    return peak, float(start), float(end - start), float(np.trapezoid(values, times))


def evaluate(path: TestPath, store: Store, place: int, *, times: Floats, threshold: float) -> tuple[float, float, float, float]:
    """Peak, arrival, duration and the integral of the curve over `times` from the engine that fits: closed without storage."""
    cum = accumulate(path, store, np.array([[place - 1, 1.0]]))[:, 0]
    strength = np.array([MASS / path.discharge[place - 1]])
    tanks = [[[store.tank, store.number]]] if store.tank and place > DAM else np.empty((1, 0, 2))
    release = transfer.shape_box([RELEASE])
    rest: dict[str, Any] = {"dead_zone": [store.dead_zone], "tanks": tanks, "decay": [store.decay]}
    if store.tank or store.dead_zone[0]:
        found = transfer.evaluate_storage(cum, strength, release, threshold=threshold, **rest)[0]
    else:
        found = kernels.evaluate_closed(cum[:, None], strength[:, None], [RELEASE], threshold=threshold)[0, 0]
    curve = transfer.curves(cum, strength, release, times=times, **rest)[0]
    return float(found[2]), float(found[1]), float(found[5]), float(np.trapezoid(curve, times))


def compare(path: TestPath, store: Store, place: int) -> dict[str, float]:
    """Relative differences to the reference at one station."""
    times, values = compute_reference(path, store, place)
    measured = measure_curve(times, values)
    found = evaluate(path, store, place, times=times, threshold=0.1 * measured[0])
    names = ("peak", "arrival10", "duration", "mass")
    return {name: abs(have / want - 1.0) for name, have, want in zip(names, found, measured, strict=True)}


def list_differences(stores: tuple[Store, ...]) -> list[tuple[str, int, dict[str, float]]]:
    """Differences of every case at every station."""
    path = make_path()
    places = [(store, place) for store in stores for place in (*PLACES, *((DAM + 1,) if store.tank else ()))]
    return [(store.name, place, compare(path, store, place)) for store, place in places]


def _take_worst(stores: tuple[Store, ...], prefix: str, names: tuple[str, ...]) -> dict[str, float]:
    rows = [found for _, _, found in list_differences(stores)]
    return {f"{prefix}_{name}": max(row[name] for row in rows) for name in names}


def check_n2() -> dict[str, float]:
    """Closed form against the product of the reaches."""
    return _take_worst(PLAIN, "n2", ("peak", "arrival10", "mass"))


def check_n3() -> dict[str, float]:
    """Dead zones and reservoirs against the product of the reaches, the station just below the dam too."""
    return _take_worst(STORED, "n3", ("peak", "arrival10", "duration"))


def read_table(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file with lines of remarks."""
    return list(csv.DictReader(line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")))


def check_exact(folder: Path = SHARED) -> dict[str, float]:
    """Largest relative difference to the table of exact cases; its numbers have seven digits."""
    worst = 0.0
    for row in read_table(folder / "tracer_exact_cases.csv"):
        for have, want in zip(*solve_case(row), strict=True):
            worst = max(worst, abs(have / want - 1.0))
    return {"exact_max_rel": worst}


def solve_case(row: dict[str, str]) -> tuple[list[float], list[float]]:
    """Computed and expected numbers of one row of the table."""
    numbers = [float(row[name]) for name in ("t_peak_s_or_T0", "C_peak_or_ratio", "t_arr10_s", "dur10_s") if row[name]]
    noted = [float(text) for text in re.findall(r"=\s*([\d.]+)", row["note"])]
    distance = float(row["x_m"] or 0)
    channel = exact.Channel(
        float(row["U_ms"] or 1), float(row["D_m2s"] or 0), float(row["k_per_s"] or 0), float(row["A_m2"] or 1)
    )
    if row["case"].startswith("slug"):
        is_flux = row["case"].endswith("IG")
        wave = exact.measure_slug(channel, distance, mass=1000.0 * float(row["M_kg"]), is_flux=is_flux)
        return [wave.peak_time, wave.peak, wave.arrival10, wave.duration10], numbers
    if row["case"] == "ogata_banks":
        return [float(exact.ogata_banks(channel, distance, times=np.array(noted[:1]))[0])], noted[1:]
    if row["case"] == "cstr_box":
        ratio, kept = exact.mixed_reservoir_box(noted[0], numbers[0], loss=channel.loss)
        return [ratio, kept], [numbers[1], noted[-1]]
    return list(exact.dead_zone_cumulants(channel, distance, share=noted[0], exchange=noted[1])), numbers


UVAS_STATIONS_M = (38, 105, 281, 433, 619)
UVAS_OWN, UVAS_ADDED = 3.7, 7.7  # mg/L chloride
UVAS_START_H, UVAS_END_H = 8.4, 11.4
UVAS_FLOW = 0.0125  # m3/s


def check_uvas(folder: Path = SHARED) -> dict[str, float]:
    """Worst of the five stations of Uvas Creek: sum of the differences over the sum of what the creek carries above its own."""
    reference = read_table(folder / "tracer_uvas_otis_reference.csv")
    hours = np.array([float(row["time_h"]) for row in reference])
    differences = []
    for distance, found in zip(UVAS_STATIONS_M, compute_uvas(hours, folder), strict=True):
        expected = np.array([float(row[f"C_mgL_x{distance}m"]) for row in reference]) - UVAS_OWN
        differences.append(float(np.abs(found - expected).sum() / expected.sum()))
    return {"uvas_l1": max(differences)}


def read_uvas(folder: Path = SHARED) -> laplace.Stream:
    """The creek, its last segment cut at the last station."""
    rows = read_table(folder / "tracer_uvas_otis_params.csv")
    names = ("length_m", "D_m2s", "A_m2", "As_m2", "alpha_per_s", "qlat_m3_s_m")
    length, dispersion, area, dead_area, alpha, inflow = np.array([[float(row[name]) for name in names] for row in rows]).T
    ends = np.cumsum(length)
    last = UVAS_STATIONS_M[-1]
    length = np.append(np.diff(np.append(ends[:-1], last), prepend=0.0), ends[-1] - last)
    trades = alpha > 0.0
    share = np.where(trades, dead_area / area, 0.0)
    stay = share / np.where(trades, alpha, 1.0)
    columns = [np.append(column, column[-1]) for column in (area, dispersion, inflow, share, stay)]
    return laplace.Stream(length, *columns, discharge=UVAS_FLOW)


def compute_uvas(hours: Floats, folder: Path = SHARED) -> list[Floats]:
    """Chloride above the creek's own at each station, mg/L: a step of concentration at the upper end."""
    stream = read_uvas(folder)
    lasting = (UVAS_END_H - UVAS_START_H) * HOUR
    curves = []
    for place in range(len(UVAS_STATIONS_M)):

        def transform(s: laplace.Complexes, place: int = place) -> laplace.Complexes:
            passed = laplace.transfer_stream(stream, s, step=4.0)[place]
            return passed * laplace.transfer_box(lasting, s) * lasting

        times, values = laplace.invert(transform, window=4 * DAY, count=1 << 13)
        curves.append(np.asarray(UVAS_ADDED * np.interp((hours - UVAS_START_H) * HOUR, times, values, left=0.0)))
    return curves


@dataclass(frozen=True)
class Draws:
    """Factors of 10,000 members with the spread of a river nobody has calibrated."""

    velocity: Floats
    dispersion: Floats
    groups: Floats
    decay: Floats
    settling: Floats
    mass: Floats
    dead_zone: Floats
    tanks: Floats


def draw_members(count: int, groups: int, seed: int = 1) -> Draws:
    """Log-normal factors; dead zones 0.15 and 6 h, one reservoir of 2 days in 1 to 6 tanks."""
    rng = np.random.default_rng(seed)

    def spread(sigma: float, *shape: int) -> Floats:
        return np.exp(rng.normal(0.0, sigma, shape or (count,)))

    dead = np.column_stack([0.15 * spread(0.4), 6 * HOUR * spread(0.5)])
    tanks = np.column_stack([2 * DAY * spread(0.3), rng.uniform(1.0, 6.0, count)])[:, None, :]
    return Draws(
        spread(0.25), spread(0.74), spread(0.15, count, groups), 1e-6 * spread(0.5), 0.1 / DAY * spread(0.7),
        MASS * spread(0.5), dead, np.ascontiguousarray(tanks),
    )  # fmt: skip


def _run_members(path: TestPath, draws: Draws, targets: int, seed: int) -> tuple[Floats, Floats]:
    """Cumulants (m, t, 4) and strengths (m, t)."""
    count = len(path.length)
    last = np.linspace(count / targets, count, targets).astype(np.int64) - 1
    stops = np.column_stack([last, np.ones(targets)])
    cum = kernels.accumulate(
        path.length,
        path.velocity,
        path.dispersion,
        depth=path.depth,
        is_flowing=np.ones(count, dtype=bool),
        group=np.arange(count) * draws.groups.shape[1] // count,
        stops=stops,
        member_velocity=draws.velocity,
        member_dispersion=draws.dispersion,
        group_velocity=draws.groups,
        reach_sigma=0.15,
        decay=draws.decay,
        settling=draws.settling,
        seed=seed,
    )
    return cum, draws.mass[:, None] / path.discharge[last]


def _take_least(work: Callable[[int], Any], repeats: int) -> float:
    """Least CPU time of the process over repeated runs, after one that compiles, s."""
    work(0)
    spent = []
    for repeat in range(repeats):
        start = time.process_time()
        work(repeat + 1)
        spent.append(time.process_time() - start)
    return min(spent)


def time_p1(members: int = 10_000, repeats: int = 3) -> dict[str, float]:
    """CPU time of 10,000 members by 1,000 reaches by 30 targets in closed form."""
    path, draws = make_path(), draw_members(members, 20)
    duration = np.full(members, RELEASE)

    def work(seed: int) -> None:
        cum, strength = _run_members(path, draws, 30, seed)
        kernels.evaluate_closed(cum, strength, duration, threshold=1e-3)

    return {"p1_cpu_s": _take_least(work, repeats)}


def time_p2(members: int = 10_000, repeats: int = 3) -> dict[str, float]:
    """CPU time of 10,000 members by 1,000 reaches by 10 targets with dead zones and a reservoir."""
    path, draws = make_path(), draw_members(members, 20)
    release = transfer.shape_box(np.full(members, RELEASE))
    rest = {"dead_zone": draws.dead_zone, "tanks": draws.tanks, "decay": draws.decay, "threshold": 1e-3}

    def work(seed: int) -> None:
        cum, strength = _run_members(path, draws, 10, seed)
        for target in range(10):
            transfer.evaluate_storage(cum[:, target], strength[:, target], release, **rest)

    return {"p2_cpu_s": _take_least(work, repeats)}


def main() -> None:
    for name, place, found in list_differences(PLAIN + STORED):
        print(f"{name:26} {place:5d} " + "  ".join(f"{key} {100 * value:8.4f} %" for key, value in found.items()))
    checks: list[Callable[[], dict[str, float]]] = [time_p1, time_p2]
    if SHARED.is_dir():
        checks += [check_exact, check_uvas]
    for check in checks:
        print(check())


if __name__ == "__main__":
    main()
