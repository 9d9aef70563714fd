"""Items of the plan of 2022 as a page reads them."""

from __future__ import annotations

from boget.portal.meetings.models import PlanItem, WorkPlan


def item_of(plan: WorkPlan, number: int) -> PlanItem:
    """The item as it is now."""
    return PlanItem.objects.select_related("plan").get(plan=plan, number=number)
