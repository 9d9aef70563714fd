"""The letter of the day itself: "your deadline is today". Earlier and later reminders are lines of the digest."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from boget.portal.accounts.selectors import today
from boget.portal.actions.models import Action, PartyRole
from boget.portal.actions.selectors.reminders import list_due_on
from boget.portal.actions.services.telling import list_people
from boget.portal.jobs.kinds import Result
from boget.portal.jobs.running import JobContext
from boget.portal.notifications.models import OutboxEvent
from boget.portal.notifications.services import notify

DUE = "due"
FIRST_HOUR = 8
"""Hour of the installation's zone before which nobody is reminded."""


def has_reminders(now: dt.datetime) -> bool:
    """Whether something due today was not told yet."""
    return timezone.localtime(now, timezone.get_default_timezone()).hour >= FIRST_HOUR and bool(_list_untold())


def remind_all(context: JobContext) -> Result:
    """Tell the people responsible for what is due today, once for each date of an action."""
    untold = _list_untold()
    for number, action in enumerate(untold):
        context.report(number / len(untold))
        remind(action)
    return {"told": len(untold)}


def remind(action: Action) -> None:
    parties = action.parties.exclude(role=PartyRole.SUPPORT).select_related("organisation__successor")
    people = list_people([party.organisation for party in parties])
    notify(DUE, people, action.public_id, context={"number": action.public_id}, is_immediate=True, dedupe_key=_key(action))


def _list_untold() -> list[Action]:
    due = {_key(action): action for action in list_due_on(today())}
    told = set(OutboxEvent.objects.filter(dedupe_key__in=due).values_list("dedupe_key", flat=True)) if due else set()
    return [action for key, action in due.items() if key not in told]


def _key(action: Action) -> str:
    return f"due:{action.public_id}:{action.due}"
