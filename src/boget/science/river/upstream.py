"""An alarm at a place of a river: which facilities upstream can explain it, and when would each have released.

The travel time is the same as that of the screening, run backwards: a release at `alarm − travel time`. A facility upstream
is never taken off the list because its release would fall outside the stated window or its stock is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from boget.science.errors import InvalidInput, MissingData
from boget.science.river.flow_state import FlowState
from boget.science.river.network import RiverNetwork
from boget.science.river.outcome import Quantiles
from boget.science.river.path import RiverPath
from boget.science.river.screening import summarise_times
from boget.science.river.screening_rules import read_rule, read_stock
from boget.science.river.spread import HasSpread, Spread, read_spread
from boget.science.river.travel_courses import describe_course
from boget.science.river.travel_times import draw_members, pass_to_stop, time_members

Floats = NDArray[np.float64]
Phase = Literal["first", "peak"]
Fit = Literal["likely", "unlikely", "open"]
Match = Literal["yes", "no", "unknown"]
METRES_PER_KM = 1000.0


@dataclass(frozen=True, slots=True)
class Alarm:
    """What was seen, where and when.

    reach_id, km : place on the network, km from the beginning of the reach
    phase : first = the first sign of the wave, peak = the most of it
    window_s : earliest and latest moment of the release, s before the alarm (172800, 0) = within the two days before it;
        None = nothing is known of it
    substance : code or symbol of what was found, "" = unknown
    """

    reach_id: int
    km: float
    phase: Phase = "first"
    window_s: tuple[float, float] | None = None
    substance: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A facility upstream of an alarm.

    distance_m : along the river to the alarm
    back_s : travel time, that is how long before the alarm it would have released; 5, 50 and 95 % of the members, s
    share : members whose release falls in the window; None without a window
    fit : likely, unlikely by the window; open without one
    match : whether the stock holds the substance, as far as the register says
    reservoirs : codes of those between it and the alarm
    cautions : of its path
    """

    facility: str
    distance_m: float
    back_s: Quantiles
    share: float | None
    fit: Fit
    match: Match
    reservoirs: tuple[str, ...]
    cautions: tuple[str, ...]


def list_reaches_upstream(network: RiverNetwork, reach_id: int) -> frozenset[int]:
    """Ids of the reaches whose water comes to a reach, itself among them: one pass with the reach as the only stop.

    Whoever routes many facilities asks this first. InvalidInput "unknown_reach".
    """
    stops = np.full(len(network), -1.0)
    stops[network.find_index(reach_id)] = 0.0
    found = pass_to_stop(network.next_index, network.length_km, stops)
    return frozenset(int(key) for key in network.ids[found >= 0])


def locate_alarm(path: RiverPath, reach_id: int, above_end_m: float) -> float | None:
    """Distance of a place of the network along a path, m of the river; None if the path does not come past it.

    The place is `above_end_m` (of the network) above the lower end of the reach: a path holds the lower part of a reach
    whole, whatever it has of the upper. One that enters the reach below the place does not pass it.
    """
    left = above_end_m
    for place in np.flatnonzero(path.reach_ids == reach_id)[::-1]:
        network_m = float(path.length_m[place] / path.sinuosity[place])
        if left <= network_m:
            end = path.start_m[place] + path.length_m[place]
            return float(end - left * path.sinuosity[place])
        left -= network_m
    return None


def find_explanations(
    network: RiverNetwork,
    alarm: Alarm,
    *,
    paths: Mapping[str, RiverPath],
    flows: Mapping[str, FlowState],
    contents: Mapping[str, Sequence[str]],
    prior: Spread | HasSpread,
    members: int = 10_000,
    seed: int = 1,
) -> tuple[Explanation, ...]:
    """Facilities upstream of an alarm, the one with the shortest travel time first.

    paths, flows : way and flow of each facility, in the season of the alarm
    contents : what the register says of the commodity and the toxic components of each; a facility without is "unknown"
    InvalidInput "unknown_reach", "range" (a place not on the reach, a window that ends before it begins).
    """
    length = float(network.length_km[network.find_index(alarm.reach_id)])
    if not 0 <= alarm.km <= length:
        raise InvalidInput("range", where="km", value=alarm.km, allowed=f"0 to {length}")
    if alarm.window_s is not None and not 0 <= alarm.window_s[1] <= alarm.window_s[0] < np.inf:
        raise InvalidInput("range", where="window", value=str(alarm.window_s), allowed="earliest, then latest")
    above_end = (length - alarm.km) * METRES_PER_KM
    distances = {key: locate_alarm(path, alarm.reach_id, above_end) for key, path in paths.items()}
    found = {key: distance for key, distance in distances.items() if distance is not None}
    for key in found:
        if key not in flows:
            raise MissingData("no_flow", where=key, hint="Give the flow of every stretch.")
    spread = read_spread(prior)
    courses = [
        describe_course(paths[key], flows[key], stops_m=np.array([distance]), spread=spread) for key, distance in found.items()
    ]
    times = time_members(courses, draw_members(spread, members=members, seed=seed), spread.group_m)
    chosen = times.edge if alarm.phase == "first" else times.mean
    rows = [
        _explain(key, found[key], alarm, path=paths[key], back_s=chosen[place], contents=contents.get(key, ()))
        for place, key in enumerate(found)
    ]
    return tuple(sorted(rows, key=lambda row: (row.back_s.p50 or 0.0, row.facility)))


def _explain(
    key: str, distance: float, alarm: Alarm, *, path: RiverPath, back_s: Floats, contents: Sequence[str]
) -> Explanation:
    share = None
    if alarm.window_s is not None:
        earliest, latest = alarm.window_s
        share = float(((back_s <= earliest) & (back_s >= latest)).mean())
    stretch = path.find_stretch(distance)
    crossed = [int(index) for index in dict.fromkeys(path.reservoir_index[: stretch + 1].tolist()) if index >= 0]
    return Explanation(
        facility=key,
        distance_m=distance,
        back_s=summarise_times(back_s[np.newaxis])[0].time_s,
        share=share,
        fit="open" if share is None else "likely" if share >= read_rule("fits.likely") else "unlikely",
        match=match_stock(alarm.substance, contents),
        reservoirs=tuple(path.reservoirs[index].code for index in crossed),
        cautions=path.cautions,
    )


def match_stock(substance: str, contents: Sequence[str]) -> Match:
    """Whether the symbols of a register speak for a substance; without a substance or without symbols it is unknown.

    Examples
    --------
    >>> match_stock("Zn", ["Pb", "Zn"]), match_stock("CN", ["Au"]), match_stock("Hg", ["Pb"]), match_stock("Zn", [])
    ('yes', 'yes', 'no', 'unknown')
    """
    if not substance or not contents:
        return "unknown"
    wanted = {substance.casefold(), *(symbol.casefold() for symbol in read_stock().get(substance, ()))}
    return "yes" if wanted & {symbol.casefold() for symbol in contents} else "no"
