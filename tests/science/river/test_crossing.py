"""Lines that meet borders, over two made-up countries side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from boget.science.river.borders import BorderMeeting
from boget.science.river.crossing import find_meetings, locate_meetings, note_country_changes

DEGREE_M = 111_195.0 * np.cos(np.radians(50.0))
"""Of longitude at 50 degrees north; the ellipsoid differs by 0.4 %."""


def lookup(points: Any) -> Sequence[str]:
    """KZ west of 51 E, RU east of it, CN north of 50.9 N east of 52 E, sea beyond 54 E."""
    return [
        "" if lon > 54 else "CN" if lon > 52 and lat > 50.9 else "RU" if lon > 51 else "KZ" for lon, lat in points
    ]  # fmt: skip


def gap_lookup(points: Any) -> Sequence[str]:
    """The outlines of KZ and RU lie a tenth of a degree apart."""
    return ["KZ" if lon < 51 else "~KZ" if lon < 51.05 else "~RU" if lon < 51.1 else "RU" for lon, _ in points]


def meet(*points: tuple[float, float], countries: Any = lookup, **options: Any) -> list[tuple[str, str]]:
    return [(m.before, m.after) for m in find_meetings(np.array(points), countries, **options)]


def test_a_crossing_is_found_where_the_border_is() -> None:
    (meeting,) = find_meetings(np.array([(50.5, 50.0), (51.5, 50.0)]), lookup)
    assert (meeting.before, meeting.after, meeting.is_crossing) == ("KZ", "RU", True)
    assert meeting.touch == meeting.leave == pytest.approx((51.0, 50.0), abs=1e-4)
    assert meeting.touch_m == pytest.approx(0.5 * DEGREE_M, rel=5e-3)


def test_distances_may_be_given() -> None:
    (meeting,) = find_meetings(np.array([(50.5, 50.0), (51.5, 50.0)]), lookup, line_m=np.array([0.0, 200e3]))
    assert meeting.touch_m == pytest.approx(100e3, abs=1.0)


def test_a_line_that_wavers_about_the_border_meets_it_once() -> None:
    line = np.array([(50.5, 50.0), (51.02, 50.0), (50.98, 50.1), (51.02, 50.2), (51.5, 50.2)])
    (meeting,) = find_meetings(line, lookup)
    assert (meeting.before, meeting.after) == ("KZ", "RU")
    assert meeting.touch[1] == pytest.approx(50.0) and meeting.leave[1] == pytest.approx(50.15, abs=1e-3)
    assert len(find_meetings(line, lookup, hysteresis_m=100.0)) == 3


def test_a_line_that_touches_and_turns_back_stays() -> None:
    assert meet((50.5, 50.0), (51.02, 50.0), (50.5, 50.1)) == [("KZ", "KZ")]


def test_reentry_is_another_meeting() -> None:
    assert meet((50.5, 50.0), (51.5, 50.0), (51.5, 50.1), (50.5, 50.1)) == [("KZ", "RU"), ("RU", "KZ")]


def test_a_third_country_is_a_meeting_of_its_own() -> None:
    assert meet((50.5, 50.5), (53.0, 50.5), (53.0, 51.5)) == [("KZ", "RU"), ("RU", "CN")]


def test_a_shore_is_no_border() -> None:
    assert meet((53.5, 50.0), (54.5, 50.0)) == []


def test_between_two_outlines_the_touch_is_the_first_and_the_exit_the_second() -> None:
    (meeting,) = find_meetings(np.array([(50.5, 50.0), (51.5, 50.0)]), gap_lookup)
    assert (meeting.before, meeting.after) == ("KZ", "RU")
    assert (meeting.touch[0], meeting.leave[0]) == (pytest.approx(51.0, abs=1e-4), pytest.approx(51.1, abs=1e-4))


def test_a_line_that_begins_between_the_outlines_begins_in_the_nearer_country() -> None:
    assert meet((51.02, 50.0), (50.5, 50.0), countries=gap_lookup) == [("KZ", "KZ")]


def test_a_line_that_meets_nothing() -> None:
    assert meet((50.0, 50.0), (50.5, 50.0)) == [] and meet((50.0, 50.0)) == []


LINE = np.array([(50.0, 50.0), (52.0, 50.0)])
LINE_M = np.array([0.0, 200e3])


def known(touch: tuple[float, float], leave: tuple[float, float]) -> BorderMeeting:
    return BorderMeeting("KZ", "RU", 1.0, touch, 2.0, leave)


def test_known_meetings_take_the_distances_of_the_line() -> None:
    (found,) = locate_meetings(LINE, LINE_M, [known((50.5, 50.001), (51.0, 50.0))] * 2)
    assert (found.touch_m, found.leave_m) == (pytest.approx(50e3), pytest.approx(100e3))


def test_a_line_that_comes_in_below_the_touch_has_only_the_exit() -> None:
    (found,) = locate_meetings(LINE, LINE_M, [known((49.0, 50.0), (51.0, 50.0))])
    assert found.touch_m == found.leave_m == pytest.approx(100e3)
    (near,) = locate_meetings(LINE, LINE_M, [known((49.99, 50.0), (51.0, 50.0))])
    assert near.touch_m == near.leave_m == pytest.approx(100e3), "the touch is just above the beginning"
    assert locate_meetings(LINE, LINE_M, [known((49.5, 50.0), (50.0, 50.0))]) == ()
    assert locate_meetings(LINE, LINE_M, [known((49.0, 50.0), (49.5, 50.0)), known((51.0, 50.0), (51.0, 50.5))]) == ()


def test_countries_told_for_stretches_change_where_the_stretch_begins() -> None:
    changes = note_country_changes(LINE, LINE_M, [(0.0, "KZ"), (50e3, ""), (80e3, "KZ"), (100e3, "RU")])
    assert [(m.before, m.after, m.touch_m, m.touch) for m in changes] == [("KZ", "RU", 100e3, (51.0, 50.0))]
