"""From what a form holds to a scenario of the science, and the look at a way of the water before anything is computed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from boget.portal.scenarios.models import ReceivingWater
from boget.portal.scenarios.services import computing
from boget.portal.scenarios.services.places import find_place, place_scenario
from boget.science.river.fate import Fate
from boget.science.river.release import Release, ReleaseKind

if TYPE_CHECKING:
    from boget.science.river.assimilation import Reading
    from boget.science.scenario.river_scenario import PathSketch, RiverScenario

ANNOUNCED_SIGMA = 0.10
"""ln; of a discharge told without a range: the upper end of what the hydrology tables say of a discharge known today."""
LOOK = Release("instant", 1.0)
"""A look at the way needs a release, and none of its numbers is shown."""


def compose(told: Mapping[str, Any]) -> RiverScenario:
    """The scenario of a form. `told`: keys of `RiverForm.describe`. Raises the typed errors of the science."""
    from boget.science.scenario.river_scenario import ChosenPoint, RiverScenario

    points = tuple(ChosenPoint(**place) for place in told.get("points", ()))
    return RiverScenario(**{**told, "points": points})


def make_release(kind: ReleaseKind, mass_kg: float, **more: Any) -> Release:
    """A release of the science; `more`: its other fields."""
    return Release(kind, mass_kg, **more)


def announce(discharge_m3s: float, gsd: float) -> tuple[float, float, float]:
    """(distance m, m3/s, sigma of the logarithm) of a discharge told for the place of the release."""
    return 0.0, discharge_m3s, math.log(gsd) if gsd > 1 else ANNOUNCED_SIGMA


def sketch(origin: Any, *, season: str) -> PathSketch:
    """Path, targets and flow from a place. The facility's place is only as exact as the person may know it."""
    told: dict[str, Any] = {"release": LOOK, "threshold": 1.0, "fate": Fate(), "season": season}
    if origin.facility is not None:
        scenario = compose({**told, "facility_id": origin.facility.public_id})
        level = getattr(origin.facility, "level", 0)
        return computing.sketch_scenario(place_scenario(scenario, find_place(origin.facility, level=level)))
    if origin.point is not None:
        return computing.sketch_scenario(compose({**told, "point": origin.point}))
    return computing.sketch_scenario(compose({**told, "reach_id": origin.reach_id, "entry_km": origin.entry_km}))


def find_confirmed(origin: Any) -> ReceivingWater | None:
    """The confirmed watercourse of a facility; None where nobody has confirmed any."""
    if origin.facility is None:
        return None
    return ReceivingWater.objects.filter(facility_id=origin.facility.pk).select_related("confirmed_by").first()


def make_readings(rows: Sequence[Mapping[str, Any]]) -> tuple[Reading, ...]:
    """Readings of the science from plain rows. Raises InvalidInput where one cannot be."""
    from boget.science.river.assimilation import Reading

    return tuple(Reading(**row) for row in rows)
