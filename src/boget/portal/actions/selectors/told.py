"""What letters and the inbox say about actions, as they are when the text is read or sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _

from boget.portal.accounts.selectors import today
from boget.portal.actions.models import OPEN_STATES, Action, ReportKind
from boget.portal.actions.selectors.overview import is_late
from boget.portal.core.levels import Level

LONGEST = 300


def filter_open(user: Any, numbers: Collection[str]) -> set[str]:
    """Numbers of the actions that the person may read now."""
    return set(Action.objects.visible_to(user).filter(public_id__in=numbers).values_list("public_id", flat=True))


def filter_due(user: Any, numbers: Collection[str]) -> set[str]:
    """Of these, the ones on which something is still to be done: a reminder of a finished one is not sent."""
    found = Action.objects.visible_to(user).filter(public_id__in=numbers, state__in=OPEN_STATES)
    return set(found.values_list("public_id", flat=True))


def describe_action(number: str, context: Mapping[str, Any]) -> dict[str, Any]:
    """Words of the letter. A letter leaves the system: of an action open to authorities it names the number only."""
    action = Action.objects.filter(public_id=number).first()
    if action is None:
        return {"number": number, "title": number, "due": "", "expected": ""}
    is_closed = action.level >= Level.AUTHORITY
    event = context.get("event", "")
    return {
        "number": number,
        "title": _("an action open to authorities only") if is_closed else action.title,
        "due": action.due,
        "expected": "" if is_closed else action.expected_result[:LONGEST],
        "origin": "" if is_closed else context.get("origin", ""),
        "is_late": is_late(action, today()),
        "news": ReportKind(event).label if event in ReportKind.values else _("changed"),
        "is_returned": event == ReportKind.RETURN,
        "is_claimed": event == ReportKind.CLAIM,
    }
