"""Which facilities reach which border, how soon, and with what probability within two days.

Two readings of the location criterion of the Industrial Accidents Convention stand side by side: the mean of the wave at the
mean annual flow (the legal one), and its leading edge at high flow (the protective one). The two days are an aid: a facility
on a way to a border stays in the list whatever its class, because beyond two days does not mean without effect.

References
----------
[unece2000_3] for the aid, [jobson1996] for the leading edge; classes and thresholds are ours (`tables/screening.toml`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from boget.science.errors import InvalidInput, MissingData
from boget.science.river.borders import BorderMeeting
from boget.science.river.flow_state import FlowState
from boget.science.river.outcome import Quantiles
from boget.science.river.path import RiverPath
from boget.science.river.screening_rules import read_rule
from boget.science.river.spread import HasSpread, Spread, read_spread
from boget.science.river.travel_courses import describe_course, find_residences
from boget.science.river.travel_times import draw_members, time_members

Floats = NDArray[np.float64]
Grade = Literal["yes", "possible", "no", "unknown"]
MeetingKind = Literal["exit", "entry", "reentry", "along", "touch", "end", "none"]
ReadingCode = Literal["mean", "edge", "high"]
READINGS: tuple[ReadingCode, ...] = get_args(ReadingCode)
"""mean: mean of the wave at mean flow. edge: leading edge at mean flow. high: leading edge at high flow."""
SEASONS = ("mean", "high")
SHARES = (0.05, 0.5, 0.95)
BORDER_IN_RESERVOIR = "border_in_reservoir"


@dataclass(frozen=True, slots=True)
class Reading:
    """Travel time to one border in one reading: 5, 50 and 95 % of the members, s. `p48`: share of them within two days."""

    time_s: Quantiles
    p48: float
    grade: Grade


@dataclass(frozen=True, slots=True)
class ScreeningRow:
    """A facility and one meeting of its water with a border.

    facility : key given to `screen`
    number : 1, 2, … in the order of the flow; 0 where the way meets no border
    kind : exit (leaves the country of the facility), entry (from one other country into another, or into the country that the
        screening protects), reentry (comes back), along, touch; end = a closed basin or the sea, none = no watercourse
    border : None for end and none
    country : into which it flows, ISO code; of a meeting along a border the country it runs in; "" for end and none
    distance_m : to the first touch, or to the end of the way, m along the river
    end : code of the lake, sea or hollow at the end of the way
    readings : by code, see `READINGS`; of an `end` the times to the end, without class; empty where there is no watercourse
    discharge_m3s : median discharge at the place by season
    reservoirs : codes of those crossed before it; pool_s : residence in them at mean flow, with the mean part of their volume
    rivers : names by language of the river at the place
    cautions : codes; point_… and others of the path, border_in_reservoir, dry_possible (in some years, anywhere before the
        place), low_confidence_flow (on most of the way)
    """

    facility: str
    number: int
    kind: MeetingKind
    border: BorderMeeting | None
    country: str
    distance_m: float | None
    end: str
    readings: Mapping[ReadingCode, Reading]
    discharge_m3s: Mapping[str, float]
    reservoirs: tuple[str, ...] = ()
    pool_s: float = 0.0
    rivers: Mapping[str, str] = field(default_factory=dict)
    cautions: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """The meeting on this way: "KZ-RU-1"; empty where there is none."""
        return f"{self.border.before}-{self.border.after}-{self.number}" if self.border else ""


def screen(
    paths: Mapping[str, RiverPath | None],
    flows: Mapping[str, Mapping[str, FlowState]],
    *,
    prior: Spread | HasSpread,
    members: int = 10_000,
    seed: int = 1,
) -> tuple[ScreeningRow, ...]:
    """One row for each facility and border meeting, or one for its end; in the order of `paths`, then of the flow.

    paths : way of the water of each facility; None = it has no watercourse
    flows : for each facility with a way its flow by season, "mean" and "high"
    prior : what is not known, see `spread.read_spread`
    MissingData "no_flow" for a way without its flows; InvalidInput "range" for fewer than 20 members.
    """
    if members < 20:
        raise InvalidInput("range", where="members", value=members, allowed="20 or more")
    spread = read_spread(prior)
    found = {key: path for key, path in paths.items() if path is not None}
    _require_flows(found, flows)
    times = _time_readings(found, flows, spread=spread, members=members, seed=seed)
    rows: list[ScreeningRow] = []
    place = 0
    for key, path in paths.items():
        if path is None:
            rows.append(ScreeningRow(key, 0, "none", None, "", None, "", {}, {}))
            continue
        made = list_rows(key, path, flows[key], spread=spread)
        for row in made:
            rows.append(replace(row, readings={code: times[code][place] for code in READINGS}))
            place += 1
    return tuple(rows)


def _require_flows(paths: Mapping[str, RiverPath], flows: Mapping[str, Mapping[str, FlowState]]) -> None:
    for key, path in paths.items():
        for season in SEASONS:
            flow = flows.get(key, {}).get(season)
            if flow is None or len(flow.discharge_m3s) != len(path):
                raise MissingData("no_flow", where=key, value=season, hint="Give the flow of every stretch for both seasons.")


def _time_readings(
    paths: Mapping[str, RiverPath],
    flows: Mapping[str, Mapping[str, FlowState]],
    *,
    spread: Spread,
    members: int,
    seed: int,
) -> dict[ReadingCode, list[Reading]]:
    """Readings of all stops of all ways, in their order. The seasons run side by side on the same draws."""
    draws = draw_members(spread, members=members, seed=seed)

    def run(season: str) -> tuple[list[Reading], list[Reading]]:
        courses = [
            describe_course(path, flows[key][season], stops_m=list_stops(path), spread=spread) for key, path in paths.items()
        ]
        times = time_members(courses, draws, spread.group_m)
        return summarise_times(times.mean) if season == "mean" else [], summarise_times(times.edge)

    with ThreadPoolExecutor(max_workers=len(SEASONS)) as pool:
        (mean, edge), (_, high) = pool.map(run, SEASONS)
    return {"mean": mean, "edge": edge, "high": high}


def summarise_times(times_s: Floats) -> list[Reading]:
    """The reading of each row of member times, shape (k, m), s."""
    members = times_s.shape[1]
    places = [min(int(share * members), members - 1) for share in SHARES]
    ordered = np.partition(times_s, places, axis=1)[:, places] if len(times_s) else np.zeros((0, len(SHARES)))
    shares = (times_s < read_rule("criterion.two_days")).mean(axis=1)
    return [
        Reading(Quantiles(*(float(x) for x in row)), float(share), grade_share(float(share)))
        for row, share in zip(ordered, shares, strict=True)
    ]


def grade_share(share: float | None) -> Grade:
    """The class of a probability of being there within two days; None is unknown.

    Examples
    --------
    >>> [grade_share(x) for x in (0.95, 0.9, 0.5, 0.1, 0.05, None)]
    ['yes', 'yes', 'possible', 'possible', 'no', 'unknown']
    """
    if share is None:
        return "unknown"
    if share >= read_rule("criterion.yes"):
        return "yes"
    return "possible" if share >= read_rule("criterion.possible") else "no"


def list_stops(path: RiverPath) -> Floats:
    """Distances at which a way is timed, m: the first touch of each border, or its end where it meets none."""
    touches = [meeting.touch_m for meeting in path.borders] or [path.total_m]
    return np.minimum(np.array(touches, dtype=np.float64), path.total_m)


def list_rows(key: str, path: RiverPath, flows: Mapping[str, FlowState], *, spread: Spread) -> list[ScreeningRow]:
    """The rows of one way without their readings."""
    residences = np.cumsum(find_residences(path, flows["mean"].discharge_m3s)) * sum(spread.active) / 2
    meetings: Sequence[BorderMeeting | None] = path.borders or (None,)
    rows = []
    for number, meeting in enumerate(meetings, start=1 if path.borders else 0):
        stretch = path.find_stretch(_measure(path, meeting))
        row = _make_row(key, path, flows, meeting=meeting, number=number)
        rows.append(replace(row, pool_s=float(residences[stretch])))
    return rows


def _measure(path: RiverPath, meeting: BorderMeeting | None) -> float:
    return min(meeting.touch_m, path.total_m) if meeting else path.total_m


def _make_row(
    key: str, path: RiverPath, flows: Mapping[str, FlowState], *, meeting: BorderMeeting | None, number: int
) -> ScreeningRow:
    distance = _measure(path, meeting)
    stretch = path.find_stretch(distance)
    crossed = [int(index) for index in dict.fromkeys(path.reservoir_index[: stretch + 1].tolist()) if index >= 0]
    return ScreeningRow(
        facility=key,
        number=number,
        kind=name_meeting(path, meeting),
        border=meeting,
        country=meeting.after if meeting else "",
        distance_m=distance,
        end=path.end,
        readings={},
        discharge_m3s={season: float(flows[season].discharge_m3s[stretch]) for season in SEASONS},
        reservoirs=tuple(path.reservoirs[index].code for index in crossed),
        rivers=path.rivers[stretch],
        cautions=_list_cautions(path, flows["mean"], stretch=stretch, meeting=meeting),
    )


def name_meeting(path: RiverPath, meeting: BorderMeeting | None) -> MeetingKind:
    """What a meeting is, seen from the country in which the way begins."""
    if meeting is None:
        return "end"
    home = path.countries[0] or path.borders[0].before
    if not meeting.is_crossing:
        return "along" if meeting.leave_m - meeting.touch_m >= read_rule("meeting.along") else "touch"
    if meeting.before == home:
        return "exit"
    return "reentry" if meeting.after == home else "entry"


def _list_cautions(path: RiverPath, flow: FlowState, *, stretch: int, meeting: BorderMeeting | None) -> tuple[str, ...]:
    codes = [code for code in path.cautions if code != BORDER_IN_RESERVOIR]  # said of a path as a whole; here of one meeting
    way = slice(0, stretch + 1)
    last = path.find_stretch(meeting.leave_m) if meeting else stretch
    if meeting and (path.reservoir_index[stretch : last + 1] >= 0).any():
        codes.append(BORDER_IN_RESERVOIR)
    if (flow.zero_share[way] > 0).any():
        codes.append("dry_possible")
    is_low = np.array([confidence == "low" for confidence in flow.confidence[way]])
    if float(path.length_m[way][is_low].sum()) > read_rule("criterion.low_flow_part") * float(path.length_m[way].sum()):
        codes.append("low_confidence_flow")
    return tuple(dict.fromkeys(codes))
