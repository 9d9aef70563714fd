"""The screening as the card of a facility tells it: each border its water meets, with the times to it."""

from __future__ import annotations

from boget.portal.registry.models import Facility
from boget.portal.scenarios.models import ScreeningRow
from boget.portal.scenarios.selectors import saying
from boget.portal.scenarios.selectors.saying import Said
from boget.science.river.outcome import Quantiles


def list_crossings(facility: Facility) -> list[ScreeningRow]:
    """Rows of the current screening that end at a border, the nearest first; none where there is no screening yet."""
    rows = ScreeningRow.objects.filter(screening__is_current=True, facility=facility).exclude(border="")
    return list(rows.select_related("screening").order_by("distance_m"))


def say_crossing(row: ScreeningRow) -> Said:
    """Time of travel at the mean flow with its interval."""
    return saying.say_time(Quantiles(row.t05_s, row.t50_s, row.t95_s))
