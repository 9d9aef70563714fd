"""The two engines on the median member: the forecast says so where they differ by more than the table allows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from boget.science.river.ensemble import ARRIVAL10, PEAK, EnsembleResult
from boget.science.river.lagrangian import TAILS, Channel, Feed, Passage, drift, feed_release, fill_reservoir
from boget.science.river.member_waves import Waves, evaluate, follow, share_passed
from boget.science.river.members import Course, Floats, Members, choose_median, loss_in_reservoirs
from boget.science.river.outcome import EngineCheck
from boget.science.river.priors import read_setting
from boget.science.river.release import Release
from boget.science.river.release_rules import measure_release
from boget.science.river.targets import Target

PEAK_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Pair:
    """Peak (kg/m3) and arrival at a tenth of it (s) at one target by the transfer function and by time steps; `strength` is the
    mass released over the discharge there, kg s/m3."""

    target: Target
    strength: float
    transfer: tuple[float, float]
    steps: tuple[float, float]

    @property
    def differences(self) -> tuple[float, float]:
        """Of the peak and of the arrival, second over first less one."""
        return self.steps[0] / self.transfer[0] - 1.0, self.steps[1] / self.transfer[1] - 1.0


def choose_targets(course: Course, targets: Sequence[Target]) -> list[Target]:
    """Targets on flowing water, far enough for a wave: the first K / U L is not compared."""
    hydraulics, path = course.hydraulics, course.path
    slow = hydraulics.dispersion_m2s / hydraulics.velocity_ms
    chosen = []
    for target in sorted(targets, key=lambda each: each.distance_m):
        stretch = path.find_stretch(target.distance_m * (1 - 1e-12))
        far = target.distance_m >= read_setting("check.least_peclet") * slow[: stretch + 1].max()
        if far and course.is_flowing[: stretch + 1].any() and not is_inside_reservoir(course, target.distance_m):
            chosen.append(target)
    return chosen


def is_inside_reservoir(course: Course, distance_m: float) -> bool:
    """Strictly between head and dam."""
    passed = share_passed(course, np.array([distance_m]))
    return bool(((passed > 0) & (passed < 1)).any())


def cut_pieces(course: Course) -> list[tuple[int, int, int]]:
    """First and last + 1 stretch of each piece, and its reservoir or -1."""
    marks = course.path.reservoir_index
    edges = [0, *(np.flatnonzero(np.diff(marks)) + 1).tolist(), len(marks)]
    return [(a, b, int(marks[a])) for a, b in pairwise(edges)]


def make_channel(course: Course, piece: tuple[int, int], member: Members) -> Channel:
    chosen = slice(*piece)
    hydraulics, length = course.hydraulics, course.path.length_m[chosen]
    greatest = np.maximum.accumulate(course.flow.discharge_m3s)[chosen]
    loss = float(member.decay[0]) + float(member.settling[0]) / hydraulics.depth_m[chosen]
    return Channel(length, hydraulics.velocity_ms[chosen], hydraulics.dispersion_m2s[chosen], greatest, loss)


def choose_step(course: Course, release: Release, first: Target) -> float:
    """Step of the second engine, s: a part of the spread of the wave at the first target compared; longer where the work, cells
    under the wave times steps, would pass the limit of the table."""
    stretch = course.path.find_stretch(first.distance_m * (1 - 1e-12)) + 1
    slow = course.hydraulics.dispersion_m2s / course.hydraulics.velocity_ms**2
    times = np.where(course.is_flowing, course.path.length_m / course.hydraulics.velocity_ms, 0.0)
    near, far = (math.sqrt(float((2.0 * slow * times)[:end].sum())) for end in (stretch, len(times)))
    travel, lasting = float(times.sum()), measure_release(release)
    work = (travel + lasting) * (min(lasting, travel) + TAILS * far)
    least = math.sqrt(work / read_setting("check.most_cell_steps"))
    return max(near / read_setting("check.cells_per_sigma"), read_setting("check.shortest_step_s"), least)


def walk_path(result: EnsembleResult, member: Members, targets: Sequence[Target]) -> list[Passage]:
    """Passages at the targets, in the order of the flow, by the second engine."""
    course, release = result.course, result.waves.release
    feed = feed_release(release, choose_step(course, release, targets[0]))
    found: list[Passage] = []
    loss = float(loss_in_reservoirs(member)[0])
    for first, last, reservoir in cut_pieces(course):
        start = float(course.path.start_m[first])
        end = float(course.path.start_m[last - 1] + course.path.length_m[last - 1])
        here = [target for target in targets if start < target.distance_m <= end] if reservoir < 0 else []
        if reservoir < 0:
            channel = make_channel(course, (first, last), member)
            places = np.array([*(target.distance_m - start for target in here), end - start])
            *passages, leaving = drift(channel, feed, places)
            found += passages
            feed = Feed(feed.start_s, feed.step_s, leaving.rate_kg_s * leaving.step_s)
        else:
            residence, number = member.tanks[0, reservoir]
            feed = widen(fill_reservoir(feed, residence_s=float(residence), tanks=round(float(number)), loss=loss))
            at_dam = [target for target in targets if start < target.distance_m <= end]
            found += [Passage(feed.middles_s, feed.mass_kg / feed.step_s, feed.step_s) for _ in at_dam]
        if len(found) == len(targets):
            break
    return found


def widen(feed: Feed) -> Feed:
    """Longer steps for a wave that a reservoir has made longer."""
    times, weights = feed.middles_s, np.maximum(feed.mass_kg, 0.0)
    if not weights.sum() > 0:
        return feed  # all was lost above
    mean = float(np.average(times, weights=weights))
    sigma = math.sqrt(float(np.average((times - mean) ** 2, weights=weights)))
    step = max(feed.step_s, sigma / (4.0 * read_setting("check.cells_per_sigma")))
    return feed.resample(step, len(feed.mass_kg) * feed.step_s) if step > feed.step_s else feed


def read_passage(passage: Passage, discharge: float) -> tuple[float, float]:
    """Peak in kg/m3 and the first time at a tenth of it, s."""
    curve = passage.rate_kg_s / discharge
    place = int(np.argmax(curve))
    peak = float(curve[place])
    if 0 < place < len(curve) - 1 and min(curve[place - 1], curve[place + 1]) > 0:
        left, right = np.log(curve[place - 1] / peak), np.log(curve[place + 1] / peak)
        peak *= math.exp(-0.125 * (left - right) ** 2 / (left + right)) if left + right < 0 else 1.0
    after = int(np.argmax(curve >= PEAK_SHARE * peak))
    if after == 0:
        return peak, float(passage.times_s[0])
    below, above = curve[after - 1], curve[after]
    share = (PEAK_SHARE * peak - below) / (above - below)
    return peak, float(passage.times_s[after - 1] + share * passage.step_s)


def pair_engines(result: EnsembleResult, *, threads: int | None = None) -> list[Pair]:
    """Both engines at all targets that can be compared, on the median member with plain dispersion and whole tanks."""
    course = result.course
    targets = choose_targets(course, result.targets)
    if not targets:
        return []
    member = choose_median(course, result.waves.release, result.fate, prior=result.prior)
    member.tanks[:, :, 1] = np.maximum(np.round(member.tanks[:, :, 1]), 1.0)
    distances = np.unique([target.distance_m for target in targets])
    waves = follow(
        course, member, result.waves.release, distance_m=distances, reach_sigma=0.0, seed=result.seed, threads=threads
    )
    walked = walk_path(result, member, targets)
    return [_pair(waves, target, passage) for target, passage in zip(targets, walked, strict=True)]


def _pair(waves: Waves, target: Target, passage: Passage) -> Pair:
    stop = int(np.searchsorted(waves.distance_m, target.distance_m))
    numbers: Floats = evaluate(waves, stop, threshold=1e-30)[0]
    strength = float(waves.strength[0, stop])
    discharge = waves.release.mass_kg / strength
    return Pair(target, strength, (float(numbers[PEAK]), float(numbers[ARRIVAL10])), read_passage(passage, discharge))


def is_comparable(pair: Pair) -> bool:
    """Something comes there: a wave near nought is rounding in time steps."""
    return min(pair.transfer) > 0 and pair.transfer[0] > read_setting("check.least_share") * pair.strength


def compare_engines(result: EnsembleResult, *, threads: int | None = None) -> EngineCheck | None:
    """The target at which the engines differ most; None where no target can be compared, or nothing is left to compare."""
    pairs = [pair for pair in pair_engines(result, threads=threads) if is_comparable(pair)]
    if not pairs:
        return None
    worst = max(pairs, key=lambda pair: max(abs(value) for value in pair.differences))
    peak, arrival = worst.differences
    limit = read_setting("check.tolerance")
    return EngineCheck(worst.target.code, peak, arrival, max(abs(peak), abs(arrival)) <= limit)
