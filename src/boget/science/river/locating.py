"""Places as targets of a path: where they lie along the river, and how far from it.

A place is caught if it lies within a distance of the table for its kind and size. Where the river of a place is known,
stretches of rivers with another name do not count; the approach has no name and counts only where it passes the very place,
as it may run through the lake of an intake. A place nearest to the very point of the release, or to the point where
the path comes to its river, lies above and is not reached, except a town at the release: people are there, and it is taken
where the approach meets the river.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from boget.science.river.borders import BorderMeeting
from boget.science.river.hydrology_records import Intake
from boget.science.river.path import RiverPath
from boget.science.river.path_pieces import APPROACH
from boget.science.river.path_rules import read_rule
from boget.science.river.polyline import Foot, find_foot, find_position
from boget.science.river.river_names import can_be_same, gather_names, list_names
from boget.science.river.targets import Target, TargetKind


@dataclass(frozen=True, slots=True)
class Place:
    """Something that may lie on a river: a town, an intake, a post.

    `code` is unique among the places given; `river` its name where known, several behind a slash, empty where not. `note`
    as in `Target`. Degrees of EPSG:4326; `population` None where unknown.
    """

    code: str
    kind: TargetKind
    longitude: float
    latitude: float
    names: Mapping[str, str] = field(default_factory=dict)
    country: str = ""
    population: int | None = None
    note: str = ""
    river: str = ""


def make_intake_place(intake: Intake) -> Place:
    """An intake of the hydrology tables; its first kind becomes the note."""
    return Place(
        code=f"intake-{intake.code}",
        kind="intake",
        longitude=intake.longitude,
        latitude=intake.latitude,
        names=intake.names,
        country=intake.country,
        population=intake.population,
        note=intake.kinds[0] if intake.kinds else "",
        river=intake.river,
    )


@dataclass(frozen=True, slots=True)
class PathFeet:
    """What finding places on a path needs: the stretch of each segment between vertices, and the names of the rivers."""

    path: RiverPath
    stretches: NDArray[np.int64]
    names: tuple[frozenset[str], ...]

    def find_open(self, river: str) -> NDArray[np.bool_]:
        """True for the segments that can be this river, (k - 1,); not the approach if it is named."""
        asked = list_names(river)
        is_open = np.array([can_be_same(asked, known) for known in self.names])
        return np.asarray((is_open & (self.path.reach_ids != APPROACH) if asked else is_open)[self.stretches])

    def find_network(self) -> NDArray[np.bool_]:
        """True for the segments that are not on the approach, (k - 1,)."""
        return np.asarray((self.path.reach_ids != APPROACH)[self.stretches])

    def measure(self, foot: Foot) -> float:
        """Distance of a foot from the release, m."""
        begin, end = self.path.vertex_m[foot.segment], self.path.vertex_m[foot.segment + 1]
        return float(begin + foot.share * (end - begin))


def prepare_feet(path: RiverPath) -> PathFeet:
    middle = (path.vertex_m[:-1] + path.vertex_m[1:]) / 2
    stretches = np.clip(np.searchsorted(path.start_m, middle, side="right") - 1, 0, len(path) - 1)
    return PathFeet(path, stretches, tuple(gather_names(names.values()) for names in path.rivers))


def choose_limit(place: Place) -> float:
    """How far from the river a place of this kind and size is still on it, m; reservoirs, borders and points like a post."""
    if place.kind == "intake":
        return read_rule("reach_of.intake")
    if place.kind != "place":
        return read_rule("reach_of.gauge")
    people = place.population or 0
    size = "large" if people >= read_rule("people.large") else "middle" if people >= read_rule("people.middle") else "small"
    return read_rule(f"reach_of.place_{size}")


def find_place(feet: PathFeet, place: Place, limit_m: float) -> Foot | None:
    """The nearest point of the path, None if it is too far or above the release."""
    point = (place.longitude, place.latitude)
    is_open = feet.find_open(place.river)
    foot = find_foot(feet.path.vertices, point, is_open=is_open)
    if foot is not None and is_above(feet, foot, is_begun(place, foot, is_open)):
        at_river = find_foot(feet.path.vertices, point, is_open=is_open & feet.find_network())
        foot = at_river if place.kind == "place" else None
    if place.river and (foot is None or foot.off_m > limit_m):
        foot, limit_m = find_foot(feet.path.vertices, point, is_open=~feet.find_network()), read_rule("same_place")
    return foot if foot is not None and foot.off_m <= limit_m and feet.measure(foot) > 0 else None


def is_begun(place: Place, foot: Foot, is_open: NDArray[np.bool_]) -> bool:
    """True if the foot is the point where the path comes to the river of the place, from another one or the approach."""
    return bool(place.river) and foot.share == 0 and not is_open[foot.segment - 1]


def is_above(feet: PathFeet, foot: Foot, is_beginning: bool) -> bool:
    """True if the foot is the release itself, or where the path comes to the river of this name while the place lies away:
    then it is on the part of that river that the path does not see. So near that both are one place, it counts."""
    return feet.measure(foot) <= 0 or (is_beginning and foot.off_m > read_rule("same_place"))


def locate_targets(path: RiverPath, places: Sequence[Place], *, reach_m: float | None = None) -> tuple[Target, ...]:
    """The places on a path, in the order of the flow.

    Parameters
    ----------
    reach_m : one distance for all places, m, instead of those of the table
    """
    feet = prepare_feet(path)
    targets = []
    for place in list_within(path, places, reach_m):
        foot = find_place(feet, place, choose_limit(place) if reach_m is None else reach_m)
        if foot is not None:
            targets.append(make_target(place, feet.measure(foot), foot.off_m))
    return tuple(sorted(targets, key=lambda target: (target.distance_m, target.code)))


def list_within(path: RiverPath, places: Sequence[Place], reach_m: float | None) -> list[Place]:
    """The places in the box of the path and as far round it as any limit goes: the others need not be looked at."""
    margin = max(reach_m or 0.0, read_rule("reach_of.place_large")) / read_rule("least_degree")
    low, high = path.vertices.min(axis=0) - margin, path.vertices.max(axis=0) + margin
    return [
        place for place in places if low[0] <= place.longitude <= high[0] and low[1] <= place.latitude <= high[1]
    ]  # fmt: skip


def make_target(place: Place, distance_m: float, off_m: float) -> Target:
    return Target(
        place.code,
        place.kind,
        distance_m,
        off_m,
        place.longitude,
        place.latitude,
        place.names,
        place.country,
        place.population,
        place.note,
    )


# ---- what the path itself carries


def make_border_target(meeting: BorderMeeting, number: int, is_touch: bool) -> Target:
    """One end of a meeting; `note` is the pair of countries, equal where the river only runs along the border."""
    distance, place = (meeting.touch_m, meeting.touch) if is_touch else (meeting.leave_m, meeting.leave)
    return Target(
        code=f"border-{number}-{'touch' if is_touch else 'exit'}",
        kind="border",
        distance_m=distance,
        off_m=0.0,
        longitude=place[0],
        latitude=place[1],
        names={},
        country=meeting.after,
        note=f"{meeting.before}-{meeting.after}",
    )


def list_border_targets(path: RiverPath) -> list[Target]:
    """First touch of each meeting, and its final exit where that is another point. A meeting at the very release is left."""
    shortest = read_rule("shortest_stretch")
    targets = []
    for number, meeting in enumerate(path.borders, start=1):
        if meeting.leave_m - meeting.touch_m > shortest:
            targets.append(make_border_target(meeting, number, is_touch=True))
        targets.append(make_border_target(meeting, number, is_touch=False))
    return [target for target in targets if 0 < target.distance_m <= path.total_m]


def list_reservoir_targets(path: RiverPath) -> list[Target]:
    """Each reservoir of the path at its dam."""
    targets = []
    for number, reservoir in enumerate(path.reservoirs):
        inside = np.flatnonzero(path.reservoir_index == number)
        if inside.size:
            last = int(inside[-1])
            distance = float(path.start_m[last] + path.length_m[last])
            lon, lat = find_position(path.vertices, path.vertex_m, distance)
            code, country = f"reservoir-{reservoir.code}", path.countries[last]
            targets.append(Target(code, "reservoir", distance, 0.0, lon, lat, reservoir.names, country))
    return targets


def list_path_targets(path: RiverPath) -> tuple[Target, ...]:
    """Borders (first touch, final exit, re-entry) and reservoirs (at their dams) of a path, in the order of the flow.

    Codes: border-1-touch and border-1-exit with the number of the meeting, reservoir- and the reservoir's code.
    """
    targets = [*list_border_targets(path), *list_reservoir_targets(path)]
    return tuple(sorted(targets, key=lambda target: (target.distance_m, target.code)))
