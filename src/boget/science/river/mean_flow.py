"""Mean annual discharge of every stretch of a path: between posts, beyond the outermost, without any.

A path is cut into runs where another river takes over. Within a run the posts, dams and crossings on it rule: between two
the logarithm of the discharge goes with that of the catchment if the two agree with it, else with the distance. Above the
first it goes to the next post up the same river, which need not be on the path, or falls with the catchment; below the last
it stays. A run without any takes what comes from above and adds the runoff of its zone; where nothing comes from above it is
runoff times catchment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from boget.science.river.anchors import RANKS, Anchor, KnownFlow, list_dams, list_known_flows
from boget.science.river.coefficients import load_coefficients
from boget.science.river.hydrology_records import Hydrology, Zone
from boget.science.river.path import RiverPath
from boget.science.river.polyline import scale_around
from boget.science.river.regime import Where, find_assigned_zone
from boget.science.river.river_names import gather_names

Floats = NDArray[np.float64]
CUBIC_METRES_PER_LITRE = 1e-3
METRES_PER_KM = 1000.0


@dataclass(slots=True)
class MeanFlow:
    """Being filled: arrays (n,) of discharge (m3/s, 0 = not yet), spread, and for each stretch basis and confidence."""

    discharge: Floats
    sigma_ln: Floats
    basis: list[str]
    confidence: list[str]
    sources: list[str] = field(default_factory=list)

    def put(self, place: int, value: tuple[float, float], *, basis: str, confidence: str) -> None:
        self.discharge[place], self.sigma_ln[place] = value
        self.basis[place], self.confidence[place] = basis, confidence

    def cite(self, source: str) -> None:
        """A source, once."""
        if source not in self.sources:
            self.sources.append(source)


def number(name: str) -> float:
    """A number of the table `discharge`."""
    return load_coefficients("discharge").number(name)


def find_worse(*confidences: str) -> str:
    """The worst of some confidences."""
    return max(confidences, key=RANKS.index)


def find_runs(path: RiverPath) -> list[range]:
    """Runs of stretches between the places where another river takes over; the approach is a run of its own."""
    jump = number("run.jump")
    names = [gather_names(each.values()) for each in path.rivers]
    cuts = [0]
    for place in range(1, len(path)):
        leaves_approach = path.reach_ids[place - 1] == 0 and path.reach_ids[place] != 0
        grows = path.upland_km2[place] > jump * path.upland_km2[place - 1]
        if leaves_approach or (path.reach_ids[place] != 0 and grows and not names[place - 1] & names[place]):
            cuts.append(place)
    return [range(begin, end) for begin, end in zip(cuts, [*cuts[1:], len(path)], strict=True)]


@dataclass(frozen=True, slots=True)
class PostZones:
    """Posts of the zones that have a runoff: position (k, 2) in degrees, zone and names of the river of each."""

    points: Floats
    zones: tuple[str, ...]
    names: tuple[frozenset[str], ...]


def list_post_zones(hydrology: Hydrology) -> PostZones:
    """Posts by which the zone of a stretch is found, unusable ones too: they too lie in their zone."""
    posts = [gauge for gauge in hydrology.gauges if gauge.zone in hydrology.zones]
    return PostZones(
        points=np.array([(gauge.longitude, gauge.latitude) for gauge in posts], dtype=np.float64).reshape(-1, 2),
        zones=tuple(gauge.zone for gauge in posts),
        names=tuple(gather_names(gauge.rivers.values()) for gauge in posts),
    )


def find_nearest_zone(posts: PostZones, point: tuple[float, float], names: frozenset[str]) -> str:
    """Zone of the nearest post on a river of these names, else of the nearest of all; empty if none is near enough."""
    if not len(posts.points):
        return ""
    away = np.hypot(*((posts.points - np.asarray(point)) * scale_around(point[1])).T)
    is_same = np.array([bool(names & other) for other in posts.names])
    for distances in (np.where(is_same, away, np.inf), away):
        place = int(np.argmin(distances))
        if distances[place] <= number("zone.search_m"):
            return posts.zones[place]
    return ""


def describe_stretches(path: RiverPath, zones: Sequence[str]) -> tuple[Where, ...]:
    """What the rules of rivers ask of each stretch."""
    middle = path.start_m + path.length_m / 2
    lon = np.interp(middle, path.vertex_m, path.vertices[:, 0])
    lat = np.interp(middle, path.vertex_m, path.vertices[:, 1])
    places = zip(path.rivers, path.countries, zones, path.upland_km2, lon, lat, strict=True)
    return tuple(
        Where(gather_names(names.values()), country, zone, float(area), (float(x), float(y)))
        for names, country, zone, area, x, y in places
    )


def find_zones(path: RiverPath, hydrology: Hydrology) -> tuple[str, ...]:
    """Zone of runoff of each stretch, by rule or nearest post; "" where no post is near.

    A rule that gives the first river a zone gives it to the approach too, unless one of its own does: the approach lies in the
    catchment of that river.
    """
    posts = list_post_zones(hydrology)
    wheres = describe_stretches(path, [""] * len(path))
    told = [find_assigned_zone(hydrology, where) for where in wheres]
    first = next((place for place in range(len(path)) if path.reach_ids[place] != 0), 0)
    return tuple(
        told[place] or (told[first] if place < first else "") or find_nearest_zone(posts, where.point, where.names)
        for place, where in enumerate(wheres)
    )


def read_runoff(zone: Zone | None) -> tuple[float, float, str]:
    """Runoff in m3/s per km2, its spread and confidence; the default of the table where there is no zone."""
    if zone is None:
        return number("zone.default_l_s_km2") * CUBIC_METRES_PER_LITRE, number("sigma.no_zone"), "low"
    return zone.runoff_l_s_km2 * CUBIC_METRES_PER_LITRE, zone.sigma_ln, zone.confidence


def interpolate(path: RiverPath, above: Anchor, below: Anchor, *, place: int) -> tuple[float, float]:
    """Discharge and spread of a stretch between two anchors, at the middle of the stretch or by its catchment."""
    first, last = np.log(above.flow.discharge_m3s), np.log(below.flow.discharge_m3s)
    areas = np.log(np.maximum(path.upland_km2[[above.stretch, place, below.stretch]], 1.0))
    grown = areas[2] - areas[0]
    power = (last - first) / grown if grown > 0 else 0.0
    middle = path.start_m[place] + path.length_m[place] / 2
    share = (middle - above.distance_m) / (below.distance_m - above.distance_m)
    if number("between.lowest_power") <= power <= number("between.highest_power"):
        share = (areas[1] - areas[0]) / grown
    share = float(np.clip(share, 0.0, 1.0))
    own = (1 - share) ** 2 * above.sigma_ln**2 + share**2 * below.sigma_ln**2
    spread = own + 4 * share * (1 - share) * number("between.sigma_ln") ** 2
    return float(np.exp(first + share * (last - first))), float(np.sqrt(spread))


@dataclass(frozen=True, slots=True)
class Feed:
    """What a run begins with: discharge (m3/s), its spread, and the catchment that brings it (km2)."""

    discharge_m3s: float
    sigma_ln: float
    area_km2: float
    source: str = ""


NO_FEED = Feed(0.0, 0.0, 0.0)


def find_post_above(path: RiverPath, run: range, known: Sequence[KnownFlow]) -> Feed | None:
    """The nearest known flow up the river of a run, off the path, by its name and catchment; None if there is none."""
    names, area = gather_names(path.rivers[run[0]].values()), float(path.upland_km2[run[0]])
    above = [
        flow for flow in known if flow.catchments and flow.catchments[-1] <= area and names & gather_names(flow.rivers.values())
    ]
    if not above:
        return None
    flow = max(above, key=lambda flow: flow.catchments[-1])
    return Feed(flow.discharge_m3s, number(f"sigma.{flow.confidence}"), flow.catchments[-1], flow.source)


def join_from_above(path: RiverPath, feed: Feed, anchor: Anchor, *, place: int) -> tuple[float, float]:
    """Discharge and spread between a post up the river and the first anchor, by the logarithm of the catchment."""
    areas = np.log([feed.area_km2, max(float(path.upland_km2[place]), 1.0), max(float(path.upland_km2[anchor.stretch]), 1.0)])
    grown = areas[2] - areas[0]
    share = float(np.clip((areas[1] - areas[0]) / grown, 0.0, 1.0)) if grown > 0 else 1.0
    first, last = np.log(feed.discharge_m3s), np.log(anchor.flow.discharge_m3s)
    own = (1 - share) ** 2 * feed.sigma_ln**2 + share**2 * anchor.sigma_ln**2
    spread = own + 4 * share * (1 - share) * number("between.sigma_ln") ** 2
    return float(np.exp(first + share * (last - first))), float(np.sqrt(spread))


def extend(path: RiverPath, anchor: Anchor, place: int, *, zones: Sequence[Zone | None]) -> tuple[float, float]:
    """Discharge and spread outside the outermost anchor of a run.

    The same below. Above, less with the catchment in the zone of the anchor; in another zone its own runoff.
    """
    area = float(path.upland_km2[place])
    ratio = area / max(float(path.upland_km2[anchor.stretch]), 1.0)
    zone = zones[place]
    if ratio < 1 and zone is not None and zone != zones[anchor.stretch]:
        runoff, sigma, _ = read_runoff(zone)
        return min(runoff * area, anchor.flow.discharge_m3s), sigma
    if ratio < 1:
        grown = number("sigma.beyond") * -float(np.log2(max(ratio, 1e-6)))
    else:
        grown = number("sigma.below") * float(
            np.sqrt(max(path.start_m[place] - anchor.distance_m, 0.0) / number("sigma.below_m"))
        )
    spread = float(np.hypot(anchor.sigma_ln, grown))
    return anchor.flow.discharge_m3s * min(ratio, 1.0), min(spread, number("sigma.no_zone"))


def fill_by_anchors(
    path: RiverPath,
    flow: MeanFlow,
    run: range,
    *,
    anchors: Sequence[Anchor],
    feed: Feed | None,
    zones: Sequence[Zone | None],
) -> None:
    """Fill a run that has anchors; `feed` is the post up the river, if there is one.

    Above the first anchor, where no post tells otherwise, no stretch carries more than the next one: an estimate there must
    not dilute what lies below.
    """
    for anchor in anchors:
        flow.cite(anchor.flow.source)
    middles = path.start_m + path.length_m / 2
    for place in run:
        above = [anchor for anchor in anchors if anchor.distance_m <= middles[place]]
        below = [anchor for anchor in anchors if anchor.distance_m > middles[place]]
        nearest = (above or below)[-1 if above else 0]
        confidence, basis = nearest.flow.confidence, "gauge"
        if above and below:
            value = interpolate(path, above[-1], below[0], place=place)
            confidence = find_worse(confidence, below[0].flow.confidence)
            is_on_it = any(anchor.stretch == place for anchor in anchors)
            basis = "gauge" if is_on_it else "between_gauges"
        elif below and feed is not None:
            flow.cite(feed.source)
            value, basis = join_from_above(path, feed, below[0], place=place), "between_gauges"
        else:
            value = extend(path, nearest, place, zones=zones)
        flow.put(place, value, basis=basis, confidence=confidence)
    if feed is None:
        limit = anchors[0].flow.discharge_m3s
        for place in reversed([each for each in run if middles[each] < anchors[0].distance_m]):
            flow.discharge[place] = limit = min(float(flow.discharge[place]), limit)


def fill_dams(path: RiverPath, flow: MeanFlow, *, left_out: frozenset[str]) -> None:
    """At a dam of known throughflow this counts, even where a post near by rules the river: it makes the residence."""
    for dam in list_dams(path):
        if dam.flow.code not in left_out:
            flow.put(dam.stretch, (dam.flow.discharge_m3s, dam.sigma_ln), basis="gauge", confidence=dam.flow.confidence)
            flow.cite(dam.flow.source)


def find_feed(path: RiverPath, flow: MeanFlow, run: range, *, known: Sequence[KnownFlow]) -> Feed:
    """What a run without anchors begins with: the post up its river, else the run before it, else nothing."""
    begin = run[0]
    if path.reach_ids[begin] != 0 and (post := find_post_above(path, run, known)) is not None:
        return post
    if begin == 0 or path.reach_ids[begin - 1] == 0:
        return NO_FEED
    return Feed(float(flow.discharge[begin - 1]), float(flow.sigma_ln[begin - 1]), float(path.upland_km2[begin - 1]))


def fill_by_zone(path: RiverPath, flow: MeanFlow, run: range, *, zones: Sequence[Zone | None], feed: Feed) -> None:
    """Fill a run without anchors: what it begins with, and what the catchment added since brings, each part by its zone."""
    if feed.source:
        flow.cite(feed.source)
    area, gained, doubt = feed.area_km2, 0.0, 0.0
    for place in run:
        zone = zones[place]
        runoff, sigma, confidence = read_runoff(zone)
        more = runoff * max(float(path.upland_km2[place]) - area, 0.0)
        area, gained, doubt = max(area, float(path.upland_km2[place])), gained + more, doubt + sigma * more
        value = max(feed.discharge_m3s + gained, number("floor.discharge_m3s"))
        spread = float(np.hypot(feed.sigma_ln * feed.discharge_m3s, doubt)) / value
        flow.put(place, (value, max(spread, number("sigma.high"))), basis="zone", confidence=confidence)
        if zone is not None:
            flow.cite(f"{zone.name}: {zone.source}")


def guess_approach_area(path: RiverPath, run: range) -> float:
    """Catchment of the way before the network, km2: from its length, never more than the river has where it is met."""
    length_km = float(np.sum(path.length_m[run.start : run.stop])) / METRES_PER_KM
    by_length = float((length_km / number("approach.length_factor")) ** (1 / number("approach.length_power")))
    area = max(number("approach.catchment_km2"), by_length)
    return min(area, float(path.upland_km2[run.stop])) if run.stop < len(path) else area


def fill_approach(path: RiverPath, flow: MeanFlow, run: range, *, zones: Sequence[Zone | None]) -> None:
    """Fill the way before the network: runoff of the zone times a catchment nobody knows."""
    area = guess_approach_area(path, run)
    for place in run:
        runoff, _, _ = read_runoff(zones[place])
        value = (max(runoff * area, number("floor.discharge_m3s")), number("sigma.approach"))
        flow.put(place, value, basis="approach", confidence="low")


def hold_to_river(path: RiverPath, flow: MeanFlow, runs: Sequence[range], *, anchored: Sequence[bool]) -> None:
    """No estimate by zone carries more than the river it runs into; from the end upwards."""
    for number_of_run in range(len(runs) - 2, -1, -1):
        if not anchored[number_of_run]:
            run = runs[number_of_run]
            limit = flow.discharge[runs[number_of_run + 1][0]]
            flow.discharge[run.start : run.stop] = np.minimum(flow.discharge[run.start : run.stop], limit)


def estimate_mean(
    path: RiverPath,
    hydrology: Hydrology,
    anchors: Sequence[Anchor],
    *,
    zones: Sequence[str],
    left_out: frozenset[str] = frozenset(),
) -> MeanFlow:
    """Mean annual discharge of a path from its anchors and the zone of each stretch; every value above zero."""
    count = len(path)
    flow = MeanFlow(np.zeros(count), np.zeros(count), [""] * count, [""] * count)
    known = [hydrology.zones.get(zone) for zone in zones]
    runs, others = find_runs(path), list_known_flows(hydrology, with_dams=True, left_out=left_out)
    anchored = []
    for run in runs:
        inside = [anchor for anchor in anchors if anchor.stretch in run]
        is_approach = path.reach_ids[run[0]] == 0
        anchored.append(bool(inside) and not is_approach)
        if is_approach:
            fill_approach(path, flow, run, zones=known)
        elif inside:
            fill_by_anchors(path, flow, run, anchors=inside, feed=find_post_above(path, run, others), zones=known)
        else:
            fill_by_zone(path, flow, run, zones=known, feed=find_feed(path, flow, run, known=others))
    hold_to_river(path, flow, runs, anchored=anchored)
    fill_dams(path, flow, left_out=left_out)
    flow.discharge = np.maximum(flow.discharge, number("floor.discharge_m3s"))
    return flow
