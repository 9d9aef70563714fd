"""The rank of a facility at a border, from what the screening found and what the register says of its stock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boget.portal.scenarios.models import ScreeningRow
from boget.portal.scenarios.selectors.screening_stocks import Stock

if TYPE_CHECKING:
    from boget.science.river.ranking import RankValue


def value_row(row: ScreeningRow, stock: Stock | None) -> RankValue | None:
    """The value of a row with its terms; None without a volume or without a border."""
    from boget.science.river.ranking import RankInput, rank_facility

    exposure = row.details.get("exposure")
    if stock is None or stock.volume_m3 is None or not row.border or exposure is None or not row.t50_s:
        return None
    given = RankInput(
        volume_m3=stock.volume_m3,
        low_m3=stock.low_m3,
        high_m3=stock.high_m3,
        hazard_class=stock.hazard_class,
        time_s=row.t50_s,
        discharge_m3s=row.details["discharge_m3s"]["mean"],
        pool_s=row.details["pool_s"],
        people=exposure["people"],
        intakes_unstated=exposure["intakes_unstated"],
    )
    return rank_facility(given)
