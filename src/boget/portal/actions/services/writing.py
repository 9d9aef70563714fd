"""The one way an action is written: locked, against the version that was read, with its revision, in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone

from boget.portal.accounts.models import User
from boget.portal.accounts.services import actor_of
from boget.portal.actions.models import Action, ActionOrigin, ActionParty, ActionReport
from boget.portal.core.errors import Conflict
from boget.portal.core.models import ChainHead, Revision
from boget.portal.core.services import SYSTEM, Actor, Entry, append_revision, write_canonical

RECORD = "action"
WINDOW = dt.timedelta(minutes=1)
"""The same input of the same person within this time is one form that was sent twice."""
PREFIX = "A-"

Changes = Mapping[str, Sequence[Any]]


def act_as(by: User | None) -> Actor:
    """Who the log names; the system itself where nobody does it."""
    return actor_of(by) if by is not None else SYSTEM


def lock_writers() -> None:
    """Let one writer in at a time, so that a number is given out once; the log would do it a moment later anyway."""
    ChainHead.objects.select_for_update().get_or_create(pk=1)


def next_id() -> str:
    """The next number. Call it behind `lock_writers`; actions are never deleted, so the newest has the highest number."""
    newest = Action.objects.order_by("-pk").values_list("public_id", flat=True).first()
    return f"{PREFIX}{int(newest.removeprefix(PREFIX)) + 1 if newest else 1:04d}"


def lock_action(action: Action, version: int | None = None) -> Action:
    """The row as it is now, locked. Conflict where it is no longer the version that was read."""
    lock_writers()
    current: Action = Action.objects.select_for_update().get(pk=action.pk)
    if version is not None and version != current.version:
        last = Revision.objects.filter(record_type=RECORD, record_id=current.public_id).first()
        who, at = (last.organisation or last.actor_name, last.at) if last else ("", "")
        raise Conflict("stale", where=current.public_id, who=who, time=at)
    return current


def describe_action(action: Action, parties: Sequence[Any], origins: Sequence[Any]) -> dict[str, Any]:
    """An action as the log holds it: values that JSON can hold, by name; empty ones left out."""
    values = {name: to_plain(getattr(action, name)) for name in LOGGED}
    values["parties"] = [[party.organisation.code, party.role] for party in parties]
    values["origins"] = [[origin.kind, origin.ref] for origin in origins]
    return {name: value for name, value in values.items() if value not in ("", None, [])}


LOGGED = (
    "level", "title", "language", "objective", "kind", "working_area", "priority", "facility", "depends_on", "start", "due",
    "first_due", "cost_kzt", "funding", "resources", "expected_result", "indicator", "indicator_unit", "baseline", "target",
    "state", "hold", "hold_reason", "percent", "closed_on",
)  # fmt: skip


def to_plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return str(getattr(value, "public_id", value.pk))
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value)
    return value if value is None or isinstance(value, str | int) else str(value)


def find_repeated(changes: Changes, *, actor: Actor) -> Action | None:
    """The action that the same person has just made of the same words."""
    text = write_canonical({name: list(pair) for name, pair in changes.items()})
    made = Revision.objects.filter(
        record_type=RECORD, kind="create", actor=actor.code, changes_text=text, at__gte=timezone.now() - WINDOW
    )
    number = made.values_list("record_id", flat=True).first()
    return Action.objects.filter(public_id=number).first() if number else None


def save_action(action: Action, before: Mapping[str, Any], *, by: User | None, reason: str = "", **facts: Any) -> Changes:
    """Save what changed with its revision; returns the changes, empty where there are none.

    before: `describe_action` of the row as it was; facts: further things that the log keeps, such as the report.
    """
    parties, origins = read_parties(action), list(ActionOrigin.objects.filter(action=action))
    after = describe_action(action, parties, origins)
    changes: dict[str, Sequence[Any]] = {
        name: (before.get(name), after.get(name)) for name in {**before, **after} if before.get(name) != after.get(name)
    }
    changes |= {name: (None, fact) for name, fact in facts.items() if fact}
    if not changes:
        return changes
    action.version += 1
    action.updated_at = timezone.now()
    action.save()
    append_revision(Entry(RECORD, action.public_id, "change", changes, reason=reason), actor=act_as(by))
    return changes


def read_parties(action: Action) -> list[ActionParty]:
    return list(ActionParty.objects.filter(action=action).select_related("organisation__successor"))


def read_state(action: Action) -> dict[str, Any]:
    """`describe_action` of a stored action."""
    return describe_action(action, read_parties(action), list(ActionOrigin.objects.filter(action=action)))


def find_claim(action: Action) -> ActionReport | None:
    """The newest claim that the action is done."""
    return ActionReport.objects.filter(action=action, kind="claim").select_related("organisation").first()
