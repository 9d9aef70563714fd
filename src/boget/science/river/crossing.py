"""Where a line meets borders: first touch, run along, final exit, re-entry.

A border between two samples of the line is found by halving. Crossings belong to one meeting as long as the line stays
within the hysteresis of a border, because outlines of the same border differ by 1-5 km between sources.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from boget.science.river.borders import BorderMeeting
from boget.science.river.path_rules import read_rule
from boget.science.river.polyline import Floats, find_foot, find_position, measure_along, measure_steps, scale_around

Countries = Callable[[Floats], Sequence[str]]
"""Gives the ISO code of the country of each point (k, 2) in degrees; empty on the sea or where it is not known. Between two
outlines of one border the code of the nearer country stands behind `BETWEEN`."""

BETWEEN = "~"
"""Marks a point between two outlines of a border: the first touch is where the line comes into the gap, the final exit where
it has left it."""

HALVINGS = 20
RAYS = 16
"""Directions in which a border is looked for round a point."""


def sample_line(line: Floats, line_m: Floats, step_m: float) -> tuple[Floats, Floats]:
    """The vertices and points between them at most `step_m` apart: points (s, 2) and their distances (s,), m."""
    counts = np.maximum(np.ceil(np.diff(line_m) / step_m).astype(int), 1)
    parts = [
        np.linspace(begin, end, count, endpoint=False) for (begin, end), count in zip(pairwise(line_m), counts, strict=True)
    ]
    marks = np.concatenate([*parts, line_m[-1:]])
    return np.column_stack([np.interp(marks, line_m, line[:, axis]) for axis in (0, 1)]), marks


def is_near_border(point: Floats, own: str, *, countries: Countries, radius_m: float) -> bool:
    """True if another country than `own` lies in one of 16 directions within a radius, whole or half, or a gap is there."""
    if own.startswith(BETWEEN):
        return True
    angles = np.linspace(0.0, 2 * np.pi, RAYS, endpoint=False)
    ring = np.column_stack([np.cos(angles), np.sin(angles)]) * radius_m / scale_around(float(point[1]))
    return any(code not in {"", own} for code in countries(np.vstack([point + ring, point + ring / 2])))


def halve(span: tuple[float, float], name: Callable[[float], str]) -> float:
    """Distance at which the country of the upper end of a span ends, m; `name` tells the country at a distance."""
    low, high = span
    before = name(low)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if name(middle) == before else (low, middle)
    return high


def group_crossings(places: Sequence[int], is_near: Callable[[int], bool]) -> list[list[int]]:
    """Crossings (each between sample `place` and the next) with all samples between them near a border are one meeting."""
    groups: list[list[int]] = []
    for place in places:
        if groups and all(is_near(sample) for sample in range(groups[-1][-1] + 1, place + 1)):
            groups[-1].append(place)
        else:
            groups.append([place])
    return groups


def find_meetings(
    line: Floats, countries: Countries, *, line_m: Floats | None = None, hysteresis_m: float | None = None
) -> tuple[BorderMeeting, ...]:
    """Every meeting of a line with a border, in the order of the line. A shore is no border.

    Parameters
    ----------
    line : vertices (k, 2), degrees
    line_m : distance of each vertex, m; measured on the ellipsoid if it is not given
    hysteresis_m : a line that stays this near to a border has met it once; the table's 3 km
    """
    marks = measure_along(line, float(measure_steps(line).sum())) if line_m is None else line_m
    radius = read_rule("border_hysteresis") if hysteresis_m is None else hysteresis_m
    points, at = sample_line(line, marks, read_rule("step"))
    codes = list(countries(points))
    changes = [place for place, (left, right) in enumerate(pairwise(codes)) if left and right and left != right]
    groups = group_crossings(
        changes, lambda place: is_near_border(points[place], codes[place], countries=countries, radius_m=radius)
    )
    meetings = []

    def name(distance: float) -> str:
        return countries(np.array([find_position(line, marks, distance)]))[0]

    for group in groups:
        ends = [halve((float(at[place]), float(at[place + 1])), name) for place in (group[0], group[-1])]
        touch, leave = (find_position(line, marks, end) for end in ends)
        before, after = (codes[place].removeprefix(BETWEEN) for place in (group[0], group[-1] + 1))
        meetings.append(BorderMeeting(before, after, ends[0], touch, ends[1], leave))
    return tuple(meetings)


# ---- meetings that are known already


def find_on_line(line: Floats, line_m: Floats, point: tuple[float, float]) -> float | None:
    """Distance at which a line passes a point, m; None if it stays away farther than the table allows."""
    foot = find_foot(line, point)
    if foot is None or foot.off_m > read_rule("same_place"):
        return None
    begin, end = line_m[foot.segment], line_m[foot.segment + 1]
    return float(begin + foot.share * (end - begin))


def locate_meetings(line: Floats, line_m: Floats, known: Sequence[BorderMeeting]) -> tuple[BorderMeeting, ...]:
    """Those of the known meetings that lie on a line, with their distances on it, each once.

    A line that comes in between the first touch and the final exit has both at the exit.
    """
    seen: dict[tuple[object, ...], BorderMeeting] = {}
    for meeting in known:
        leave_m = find_on_line(line, line_m, meeting.leave)
        touch_m = find_on_line(line, line_m, meeting.touch)
        if not leave_m:  # not on the line, or at its very beginning
            continue
        start, place = leave_m, meeting.leave
        if touch_m is not None and 0 < touch_m <= leave_m:
            start, place = touch_m, meeting.touch
        key = (meeting.before, meeting.after, meeting.leave)
        seen[key] = replace(meeting, touch_m=start, touch=place, leave_m=leave_m)
    return tuple(sorted(seen.values(), key=lambda meeting: meeting.leave_m))


def note_country_changes(line: Floats, line_m: Floats, starts: Sequence[tuple[float, str]]) -> tuple[BorderMeeting, ...]:
    """Crossings where the country told for the stretches changes; `starts` are their upper ends, m, with the country.

    Coarser than polygons: a border is then only known to the length of a reach.
    """
    told = [(begin, code) for begin, code in starts if code]
    meetings = []
    for (_, before), (begin, after) in pairwise(told):
        if before != after:
            place = find_position(line, line_m, begin)
            meetings.append(BorderMeeting(before, after, float(begin), place, float(begin), place))
    return tuple(meetings)
