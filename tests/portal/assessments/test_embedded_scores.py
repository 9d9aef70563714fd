"""Every score of the embedded inventory, computed a second time from the text of the method and not by boget.science."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import pytest

from boget.portal.accounts.services import load_organisations
from boget.portal.assessments.models import IndexResult
from boget.portal.registry.models import Facility, Impoundment, Score
from boget.portal.registry.selectors.quintiles import choose_values, find_edges
from boget.portal.registry.services import load_inventory

pytestmark = pytest.mark.django_db
WORST = {"thi": [3, 1, 1, 1], "tri": [3, 1, 1, 1, 4, 4]}  # class, earthquake, flood, dam; people, water: unknown everywhere
DENSITIES = {"tailings": (1.7, 1.5, 1.3)}  # t/m3, for the least, the middle and the greatest volume
OTHER = (2.0, 1.0, 0.5)
CHARGE = {"managed": 0, "unmanaged": 1}


@pytest.fixture
def scores() -> dict[tuple[str, str, int], Score]:
    load_organisations()
    load_inventory()
    return {(s.facility.public_id, s.index, s.level): s for s in Score.objects.select_related("facility")}


def read_volume(facility: Facility) -> tuple[tuple[float, ...] | None, bool]:
    """Least, middle and greatest m3, and whether that counts as known. Each facility has one impoundment."""
    basin = Impoundment.objects.get(facility=facility)
    if basin.volume_m3:
        return (basin.volume_m3,) * 3, True
    if basin.design_capacity_m3:
        return (1.0, basin.design_capacity_m3, basin.design_capacity_m3), False
    if basin.mass_t:
        return tuple(basin.mass_t / density for density in DENSITIES.get(facility.facility_type, OTHER)), True
    return None, False


def expect(facility: Facility, index: str) -> tuple[Any, ...]:
    """low, value, high, known, of."""
    volume, is_known = read_volume(facility)
    charge = CHARGE.get(facility.value_of("management") or "")
    least, worst = charge or 0, sum(WORST[index]) + (1 if charge is None else charge)
    known = is_known + (charge is not None)
    if volume is None or facility.status == "planned":
        return None, None, None, known, len(WORST[index]) + 2
    low, value, high = map(math.log10, volume)
    return low + least, value + worst, high + worst, known, len(WORST[index]) + 2


def test_all_scores_at_both_levels(scores: dict[tuple[str, str, int], Score]) -> None:
    for facility, index, level in product(Facility.objects.all(), ("thi", "tri"), (0, 2)):
        row = scores[facility.public_id, index, level]
        found = (row.low, row.value, row.high, row.known, row.of)
        assert found == pytest.approx(expect(facility, index), abs=1e-9), (facility.public_id, index, level)
    assert len(scores) == 4 * Facility.objects.count() == 476


def test_what_the_theory_page_says_of_the_embedded_inventory(scores: dict[tuple[str, str, int], Score]) -> None:
    rated = [s for (_id, index, level), s in scores.items() if index == "thi" and level == 0 and s.value is not None]
    ranked = [s for s in rated if s.facility.record_kind == "single"]
    assert (len(rated), len(ranked)) == (11, 9)
    assert {s.known for s in ranked} == {1, 2}
    assert max(s.low for s in ranked) < min(s.high for s in ranked), "any of them may be the first or the last"
    values = choose_values((s.facility.record_kind, s.value) for s in rated)
    assert find_edges(values) == tuple(sorted(values)[place] for place in (1, 3, 5, 7)), "nine values: edges at 2, 4, 6, 8"
    assert IndexResult.objects.filter(is_current=True).count() == 476
