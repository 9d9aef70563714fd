"""Telling people about an item of the plan: the secretary that it is reported as done, those who reported what came of it."""

from __future__ import annotations

from boget.portal.accounts.models import Membership, Role, User
from boget.portal.accounts.selectors import today
from boget.portal.meetings.models import PlanItem
from boget.portal.notifications.services import notify

TOPIC = "plan_item"


def tell_secretary(item: PlanItem, *, by: User) -> None:
    """An item waits for the secretary's word."""
    rows = Membership.objects.on(today()).filter(role=Role.SECRETARY).exclude(user=by).select_related("user")
    _tell(item, [row.user for row in rows], event="reported")


def tell_reporters(item: PlanItem, *, by: User, event: str) -> None:
    """What was decided about an item that people have reported on: confirmed, returned, postponed, cancelled, carried."""
    reports = item.reports.exclude(by=None).exclude(by=by).select_related("by")
    _tell(item, [report.by for report in reports if report.by is not None], event=event)


def _tell(item: PlanItem, people: list[User], *, event: str) -> None:
    if people:
        context = {"event": event, "ref": item.ref, "due": item.due}
        notify(TOPIC, people, item.ref, context=context, dedupe_key=f"{TOPIC}-{item.ref}-{item.version}-{event}")
