"""What is said about an item of the plan while it is carried out: reports, confirmation, other dates, cancellation.

Every step is a report that is never changed, an entry of the log and a new version of the item.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import User
from boget.portal.accounts.selectors import organisation_of, today
from boget.portal.core.errors import refuse
from boget.portal.core.formatting import format_partial_date
from boget.portal.meetings.models import ItemState, PlanItem, PlanReport, PlanState
from boget.portal.meetings.selectors.rights import group_access_of
from boget.portal.meetings.services.plan_telling import tell_reporters, tell_secretary
from boget.portal.meetings.services.writing import (
    REPEAT,
    choose_actor,
    log,
    now,
    read_due,
    read_reason,
    read_text,
    require_version,
)

OPEN = (ItemState.PLANNED, ItemState.IN_PROGRESS)
REPORTED = (ItemState.PLANNED, ItemState.IN_PROGRESS, ItemState.DONE)  # states that a report may leave an item in
TEXTS = {"done": _("Done so far"), "result": _("Result"), "evidence": _("Evidence"), "next_step": _("Next step")}


@dataclass(frozen=True, slots=True)
class ItemReport:
    """What a responsible body says about its item. state: empty leaves it as it is, a planned item goes to work."""

    done: str = ""
    result: str = ""
    evidence: str = ""
    next_step: str = ""
    next_due: str = ""
    state: str = ""
    done_on: dt.date | None = None
    language: str = "ru"


@transaction.atomic
def report_on_item(item: PlanItem, report: ItemReport, *, by: User, version: int) -> PlanReport:
    """Keep a report; the state may change with it. "Done" of a responsible body waits for the secretary's word.

    The same report of the same person a moment ago is given back and not kept again. Conflict for a stale version.
    InvalidInput: nothing said, done without a result, a day in the future, an item that is closed.
    """
    item = PlanItem.objects.select_for_update().get(pk=item.pk)
    texts = {name: read_text(label, getattr(report, name)) for name, label in TEXTS.items()}
    if same := _find_repeated(item, texts, by):
        return same
    require_version(item, version, record_type="plan_item", record_id=item.ref)
    _require_open(item)
    state = _choose_state(item, report, texts)
    next_due = read_due(_("Due of the next step"), report.next_due)[0] if report.next_due else ""
    changes: dict[str, tuple[Any, Any]] = {"state": (item.state, state)}
    if state == ItemState.DONE:
        changes["done_on"] = (item.done_on, _read_day(report.done_on))
        changes["is_done_confirmed"] = (item.is_done_confirmed, group_access_of(by).can_manage)
    changes["next_steps"] = (item.next_steps, texts["next_step"])
    made = _keep(item, by, changes, language=report.language, next_due=next_due, **texts)
    if state == ItemState.DONE and not item.is_done_confirmed:
        tell_secretary(item, by=by)
    return made


@transaction.atomic
def confirm_item(item: PlanItem, *, by: User, version: int) -> PlanItem:
    """The secretary's word that a reported item is done."""
    item = _open(item, version, allowed=(ItemState.DONE,))
    if item.is_done_confirmed:
        raise refuse("nothing_changed")
    _keep(item, by, {"is_done_confirmed": (False, True)})
    tell_reporters(item, by=by, event="confirmed")
    return item


@transaction.atomic
def return_item(item: PlanItem, *, by: User, version: int, reason: str) -> PlanItem:
    """Not done yet after all: back to work, with a reason. Reopens a confirmed item as well."""
    item = _open(item, version, allowed=(ItemState.DONE, ItemState.CANCELLED))
    why = read_reason(reason)
    changes = {
        "state": (item.state, ItemState.IN_PROGRESS.value),
        "done_on": (item.done_on, None),
        "is_done_confirmed": (item.is_done_confirmed, False),
    }
    _keep(item, by, changes, reason=why)
    tell_reporters(item, by=by, event="returned")
    return item


@transaction.atomic
def cancel_item(item: PlanItem, *, by: User, version: int, reason: str) -> PlanItem:
    """The item is no longer to be done; it stays in the table with the reason."""
    item = _open(item, version, allowed=OPEN)
    _keep(item, by, {"state": (item.state, ItemState.CANCELLED.value)}, reason=read_reason(reason))
    tell_reporters(item, by=by, event="cancelled")
    return item


@transaction.atomic
def postpone_item(item: PlanItem, due: str, *, by: User, version: int, reason: str) -> PlanItem:
    """A later date with a reason. The first date stays with the item for good.

    InvalidInput: a date that is not later than the present one, no reason.
    """
    item = _open(item, version, allowed=OPEN)
    stored, last_day = read_due(_("New date"), due)
    if last_day <= item.due_end:
        shown = [format_partial_date(date) for date in (stored, item.due)]
        raise refuse("not_later", where=_("New date"), value=shown[0], allowed=shown[1])
    why = read_reason(reason)
    changes = {"due": (item.due, stored), "due_end": (item.due_end, last_day)}
    _keep(item, by, changes, reason=why, old_due=item.due, new_due=stored)
    tell_reporters(item, by=by, event="postponed")
    return item


def _open(item: PlanItem, version: int, *, allowed: tuple[ItemState, ...]) -> PlanItem:
    current = PlanItem.objects.select_for_update().get(pk=item.pk)
    require_version(current, version, record_type="plan_item", record_id=current.ref)
    _require_plan(current)
    if current.state not in allowed:
        _refuse_step(current, allowed)
    return current


def _require_open(item: PlanItem) -> None:
    _require_plan(item)
    if item.state not in OPEN:
        _refuse_step(item, OPEN)


def _require_plan(item: PlanItem) -> None:
    """Work is reported on a plan that is in force, not on a draft and not on a closed one."""
    if item.plan.state != PlanState.APPROVED:
        state = item.plan.get_state_display()
        raise refuse("illegal_step", where=_("Work plan"), value=state, allowed=PlanState.APPROVED.label)


def _refuse_step(item: PlanItem, allowed: tuple[ItemState, ...]) -> None:
    labels = ", ".join(str(state.label) for state in allowed)
    raise refuse("illegal_step", where=item.ref, value=item.get_state_display(), allowed=labels)


def _choose_state(item: PlanItem, report: ItemReport, texts: dict[str, str]) -> str:
    if not any(texts.values()):
        raise refuse("required", where=TEXTS["done"])
    state = report.state or ItemState.IN_PROGRESS.value
    if state not in REPORTED:
        allowed = ", ".join(str(known.label) for known in REPORTED)
        raise refuse("not_in_list", where=_("Status"), value=state[:40], allowed=allowed)
    if state == ItemState.DONE and not texts["result"]:
        raise refuse("required", where=TEXTS["result"])
    return state


def _read_day(day: dt.date | None) -> dt.date:
    if day is not None and day > today():
        raise refuse("day_to_come", where=_("Done on"), value=format_partial_date(day.isoformat()))
    return day or today()


def _find_repeated(item: PlanItem, texts: dict[str, str], by: User) -> PlanReport | None:
    recent = PlanReport.objects.filter(item=item, by=by, at__gte=now() - REPEAT)
    return recent.filter(**texts).exclude(**dict.fromkeys(TEXTS, "")).first()


def _keep(item: PlanItem, by: User, changes: dict[str, tuple[Any, Any]], **said: Any) -> PlanReport:
    """Write the changes of the item, the report and the entry of the log."""
    for name, (_old, new) in changes.items():
        setattr(item, name, new)
    item.version += 1
    item.updated_at = now()
    item.save()
    reason = said.pop("reason", "")
    report = PlanReport.objects.create(
        item=item, at=item.updated_at, by=by, organisation=organisation_of(by), state_after=item.state, reason=reason, **said
    )
    told = {name: ("", text) for name, text in said.items() if text and name not in ("old_due", "new_due", "language")}
    log("plan_item", item.ref, {**told, **changes}, actor=choose_actor(by), root=f"plan {item.plan.year}", reason=reason)
    return report
