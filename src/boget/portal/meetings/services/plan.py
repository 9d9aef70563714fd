"""The work plan: making, approving and releasing it, its items and their parties."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from boget.portal.accounts.models import Organisation, User
from boget.portal.accounts.selectors import today
from boget.portal.core.errors import refuse
from boget.portal.core.formatting import format_partial_date
from boget.portal.meetings.models import (
    Deliverable,
    DeliverableKind,
    ItemParty,
    ItemPartyRole,
    ItemState,
    PlanItem,
    PlanState,
    WorkingGroup,
    WorkPlan,
)
from boget.portal.meetings.models.meeting import Meeting
from boget.portal.meetings.selectors.rights import documents_visible_to
from boget.portal.meetings.services.plan_telling import tell_reporters
from boget.portal.meetings.services.progress import (
    ItemReport,
    cancel_item,
    confirm_item,
    postpone_item,
    report_on_item,
    return_item,
)
from boget.portal.meetings.services.writing import (
    REPEAT,
    Changes,
    choose_actor,
    log,
    now,
    read_due,
    read_reason,
    read_text,
    require_version,
)
from boget.portal.registry.models import Snapshot

__all__ = [
    "ItemReport", "NewItem", "add_deliverable", "add_item", "approve_plan", "cancel_item", "carry_item", "change_item",
    "close_plan", "confirm_item", "create_plan", "postpone_item", "release_plan", "remove_deliverable", "report_on_item",
    "return_item",
]  # fmt: skip

FIRST_YEAR, LAST_YEAR = 2000, 2099
DOCUMENT_NAME = _("Name of the document")
TEXTS = ("text_ru", "text_kk", "text_en")


@dataclass(frozen=True, slots=True)
class NewItem:
    """What a row of a plan says. due: a partial date as people write it. number: 0 for the next free one."""

    text_ru: str = ""
    text_kk: str = ""
    text_en: str = ""
    due: str = ""
    responsible: Sequence[Organisation] = field(default_factory=tuple)
    support: Sequence[Organisation] = field(default_factory=tuple)
    number: int = 0


# --- the plan as a whole -------------------------------------------------------------------------------------------


@transaction.atomic
def create_plan(year: int, *, by: User | None, note: str = "") -> WorkPlan:
    """An empty draft of the plan of a year. InvalidInput: no working group yet, a year that has a plan, no year."""
    group = WorkingGroup.objects.select_for_update().order_by("pk").first()
    if group is None:
        raise refuse("group_missing")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise refuse("range", where=_("Year"), value=year, allowed=f"{FIRST_YEAR}–{LAST_YEAR}")
    if WorkPlan.objects.filter(year=year).exists():
        raise refuse("duplicate", where=_("Work plan"), value=year)
    plan = WorkPlan.objects.create(group=group, year=year, note=read_text(_("Note"), note))
    _log_plan(plan, {"state": (None, plan.state), "note": ("", plan.note)}, by=by, kind="create")
    return plan


@transaction.atomic
def approve_plan(plan: WorkPlan, *, approved_on: dt.date | None, decision: str = "", by: User, version: int) -> WorkPlan:
    """A draft becomes the plan. approved_on: None where the day is not known. Refused for an empty plan."""
    plan = _lock_plan(plan, version)
    _require_state(plan, PlanState.DRAFT)
    if not plan.items.exists():
        raise refuse("required", where=_("Items of the plan"))
    if approved_on and approved_on > today():
        raise refuse("day_to_come", where=_("Day of approval"), value=format_partial_date(approved_on.isoformat()))
    changes = {
        "state": (plan.state, PlanState.APPROVED.value),
        "approved_on": (plan.approved_on, approved_on),
        "approved_by": (plan.approved_by, read_text(_("Decision"), decision, limit=60)),
    }
    return _save_plan(plan, changes, by=by)


@transaction.atomic
def release_plan(plan: WorkPlan, *, is_released: bool, by: User, version: int) -> WorkPlan:
    """Open a plan to the public or close it again. A draft is never open."""
    plan = _lock_plan(plan, version)
    if is_released and plan.state == PlanState.DRAFT:
        raise refuse("illegal_step", where=_("Release"), value=plan.get_state_display(), allowed=_("Approve the plan"))
    return _save_plan(plan, {"is_released": (plan.is_released, is_released)}, by=by, kind="publish")


@transaction.atomic
def close_plan(plan: WorkPlan, *, by: User, version: int) -> WorkPlan:
    """End of the year: every item is done, carried or cancelled. Refused while one is open."""
    plan = _lock_plan(plan, version)
    _require_state(plan, PlanState.APPROVED)
    settled = (ItemState.CARRIED, ItemState.CANCELLED)
    unsettled = plan.items.exclude(state__in=settled).exclude(state=ItemState.DONE, is_done_confirmed=True)
    if numbers := [str(item.number) for item in unsettled]:
        raise refuse("items_open", value=", ".join(numbers))
    return _save_plan(plan, {"state": (plan.state, PlanState.CLOSED.value)}, by=by)


def _lock_plan(plan: WorkPlan, version: int) -> WorkPlan:
    current = WorkPlan.objects.select_for_update().get(pk=plan.pk)
    require_version(current, version, record_type="work_plan", record_id=str(current.year))
    return current


def _require_state(plan: WorkPlan, state: PlanState) -> None:
    if plan.state != state:
        raise refuse("illegal_step", where=_("Work plan"), value=plan.get_state_display(), allowed=state.label)


def _save_plan(plan: WorkPlan, changes: Changes, *, by: User | None, kind: str = "change") -> WorkPlan:
    for name, (_old, new) in changes.items():
        setattr(plan, name, new)
    plan.version += 1
    plan.save()
    _log_plan(plan, changes, by=by, kind=kind)
    return plan


def _log_plan(plan: WorkPlan, changes: Changes, *, by: User | None, kind: str = "change") -> None:
    log("work_plan", str(plan.year), changes, actor=choose_actor(by), kind=kind, root=f"plan {plan.year}")


# --- items ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_item(plan: WorkPlan, new: NewItem, *, by: User | None, carried_from: PlanItem | None = None) -> PlanItem:
    """A new row. The same row added a moment ago is given back and not made again, unless it comes with a number of its own.

    InvalidInput: no text, no responsible body, no due date, a closed plan, a number in use.
    """
    plan = WorkPlan.objects.select_for_update().get(pk=plan.pk)
    if plan.state == PlanState.CLOSED:
        raise refuse(
            "illegal_step", where=_("New item"), value=plan.get_state_display(), allowed=_("Open the plan of another year")
        )
    texts, parties = _read_texts(new), _read_parties(new)
    due, due_end = read_due(pgettext_lazy("date", "Due"), new.due)
    is_typed = by is not None and carried_from is None and not new.number
    if is_typed and (same := _find_repeated(plan, texts, due)):
        return same
    first_due = carried_from.first_due if carried_from else due
    item = PlanItem(plan=plan, number=_choose_number(plan, new.number), **texts, due=due, due_end=due_end, first_due=first_due)
    item.carried_from, item.updated_at = carried_from, now()
    item.save()
    _write_parties(item, parties)
    _bump(plan)
    changes: dict[str, tuple[Any, Any]] = {**{name: ("", text) for name, text in texts.items()}, "due": ("", due)}
    changes |= {role: ([], [body.code for body in bodies]) for role, bodies in parties.items()}
    changes["carried_from"] = (None, carried_from.ref if carried_from else None)
    _log_item(item, changes, by=by, kind="create")
    return item


@transaction.atomic
def change_item(item: PlanItem, new: NewItem, *, by: User, version: int, reason: str = "") -> PlanItem:
    """Other words or other bodies. The due date moves only in a draft; later it is postponed, with a reason.

    Conflict for a version that is no longer the current one. InvalidInput as of add_item; "nothing_changed".
    """
    item = _lock_open_plan(item, version)
    texts, parties = _read_texts(new), _read_parties(new)
    changes: dict[str, tuple[Any, Any]] = {name: (getattr(item, name), text) for name, text in texts.items()}
    changes |= _change_due(item, new.due)
    before = {role: _list_codes(item, role) for role in ItemPartyRole.values}
    changes |= {role: (before[role], [body.code for body in bodies]) for role, bodies in parties.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if not changes:
        raise refuse("nothing_changed")
    for name in (*TEXTS, "due", "due_end", "first_due"):
        if name in changes:
            setattr(item, name, changes[name][1])
    if any(role in changes for role in ItemPartyRole.values):
        item.parties.all().delete()
        _write_parties(item, parties)
    return _save_item(item, changes, by=by, reason=read_text(_("Reason"), reason, limit=500))


def _change_due(item: PlanItem, text: str) -> dict[str, tuple[Any, Any]]:
    if item.plan.state != PlanState.DRAFT or not text:
        return {}
    due, due_end = read_due(pgettext_lazy("date", "Due"), text)
    first = item.first_due if item.carried_from_id else due
    return {"due": (item.due, due), "due_end": (item.due_end, due_end), "first_due": (item.first_due, first)}


@transaction.atomic
def carry_item(item: PlanItem, year: int, due: str, *, by: User, version: int, reason: str) -> PlanItem:
    """The item goes on in the plan of a later year, made as a draft where there is none; its story goes with it.

    The old row stays, marked as carried. The first date is never erased. Bodies go on under the names of the new year.
    """
    item = lock_item(item, version)
    if item.state not in (ItemState.PLANNED, ItemState.IN_PROGRESS):
        raise refuse("illegal_step", where=item.ref, value=item.get_state_display(), allowed=_open_labels())
    if year <= item.plan.year:
        raise refuse("not_later", where=_("Year"), value=year, allowed=item.plan.year)
    why = read_reason(reason)
    plan = WorkPlan.objects.filter(year=year).first() or create_plan(year, by=by)
    first_day = dt.date(year, 1, 1)
    new = NewItem(
        text_ru=item.text_ru,
        text_kk=item.text_kk,
        text_en=item.text_en,
        due=due or str(year),
        responsible=_list_bodies(item, ItemPartyRole.RESPONSIBLE, first_day),
        support=_list_bodies(item, ItemPartyRole.SUPPORT, first_day),
    )
    made = add_item(plan, new, by=by, carried_from=item)
    made.next_steps = item.next_steps
    made.save(update_fields=["next_steps"])
    changes = {"state": (item.state, ItemState.CARRIED.value), "carried_to": (None, made.ref)}
    item.state = ItemState.CARRIED
    _save_item(item, changes, by=by, reason=why)
    tell_reporters(item, by=by, event="carried")
    return made


def _list_bodies(item: PlanItem, role: str, day: dt.date) -> list[Organisation]:
    parties = item.parties.filter(role=role).select_related("organisation__successor")
    return list({body.pk: body for body in (party.organisation.on_date(day) for party in parties)}.values())


def lock_item(item: PlanItem, version: int) -> PlanItem:
    """The item as it is now, locked. Conflict where it is not the version that was read."""
    current = PlanItem.objects.select_for_update().get(pk=item.pk)
    require_version(current, version, record_type="plan_item", record_id=current.ref)
    return current


def _lock_open_plan(item: PlanItem, version: int) -> PlanItem:
    """As `lock_item`; InvalidInput where the plan is closed: what is settled is not written anew."""
    current = lock_item(item, version)
    if current.plan.state == PlanState.CLOSED:
        allowed = f"{PlanState.DRAFT.label}, {PlanState.APPROVED.label}"
        raise refuse("illegal_step", where=_("Work plan"), value=current.plan.get_state_display(), allowed=allowed)
    return current


def _open_labels() -> str:
    return f"{ItemState.PLANNED.label}, {ItemState.IN_PROGRESS.label}"


def _read_texts(new: NewItem) -> dict[str, str]:
    texts = {name: read_text(_("Item"), getattr(new, name)) for name in TEXTS}
    if not any(texts.values()):
        raise refuse("required", where=_("Item"))
    return texts


def _read_parties(new: NewItem) -> dict[str, list[Organisation]]:
    """Bodies by role, each once; nobody is both."""
    responsible = list({body.pk: body for body in new.responsible}.values())
    support = list({body.pk: body for body in new.support}.values())
    if not responsible:
        raise refuse("required", where=pgettext_lazy("work plan", "Responsible"))
    if both := [str(body) for body in support if body in responsible]:
        raise refuse("body_twice", where=_("Support"), value=", ".join(both))
    return {ItemPartyRole.RESPONSIBLE.value: responsible, ItemPartyRole.SUPPORT.value: support}


def _find_repeated(plan: WorkPlan, texts: dict[str, str], due: str) -> PlanItem | None:
    return plan.items.filter(**texts, due=due, updated_at__gte=now() - REPEAT, version=1).first()


def _choose_number(plan: WorkPlan, wanted: int) -> int:
    if wanted and plan.items.filter(number=wanted).exists():
        raise refuse("duplicate", where=_("No"), value=wanted)
    return wanted or (plan.items.aggregate(last=Max("number"))["last"] or 0) + 1


def _write_parties(item: PlanItem, parties: dict[str, list[Organisation]]) -> None:
    for role, bodies in parties.items():
        for position, body in enumerate(bodies):
            ItemParty.objects.create(item=item, organisation=body, role=role, position=position)


def _list_codes(item: PlanItem, role: str) -> list[str]:
    return list(item.parties.filter(role=role).values_list("organisation__code", flat=True))


def _save_item(item: PlanItem, changes: Changes, *, by: User | None, reason: str = "") -> PlanItem:
    item.version += 1
    item.updated_at = now()
    item.save()
    _bump(item.plan)
    _log_item(item, changes, by=by, reason=reason)
    return item


def _bump(plan: WorkPlan) -> None:
    plan.version += 1
    plan.save(update_fields=["version"])


def _log_item(item: PlanItem, changes: Changes, *, by: User | None, kind: str = "change", reason: str = "") -> None:
    log("plan_item", item.ref, changes, actor=choose_actor(by), kind=kind, root=f"plan {item.plan.year}", reason=reason)


# --- deliverables --------------------------------------------------------------------------------------------------


@transaction.atomic
def add_deliverable(item: PlanItem, kind: str, *, ref: str = "", label: str = "", by: User, version: int) -> Deliverable:
    """Link what the item has produced. InvalidInput: an object that does not exist, a document without a name."""
    item = _lock_open_plan(item, version)
    ref, label = read_text(_("Number"), ref, limit=60), read_text(DOCUMENT_NAME, label, limit=300)
    if kind not in DeliverableKind.values:
        raise refuse("not_in_list", where=_("Kind"), value=kind[:40], allowed=", ".join(DeliverableKind.values))
    _check_object(DeliverableKind(kind), ref, label, by=by)
    made = Deliverable.objects.create(item=item, kind=kind, ref=ref, label=label)
    _save_item(item, {"deliverable": (None, _say_deliverable(made))}, by=by)
    return made


@transaction.atomic
def remove_deliverable(item: PlanItem, pk: int, *, by: User, version: int) -> None:
    """Take a link away again; the log keeps it. InvalidInput where the item has none of this key."""
    item = _lock_open_plan(item, version)
    gone = next((row for row in item.deliverables.all() if row.pk == pk), None)
    if gone is None:
        raise refuse("nothing_changed")
    text = _say_deliverable(gone)
    gone.delete()
    _save_item(item, {"deliverable": (text, None)}, by=by)


def _check_object(kind: DeliverableKind, ref: str, label: str, *, by: User) -> None:
    needs_number = kind in (DeliverableKind.SNAPSHOT, DeliverableKind.MEETING)
    if needs_number or (kind == DeliverableKind.DOCUMENT and ref):
        is_number = ref.isascii() and ref.isdigit() and len(ref) < 10
        if not is_number or not _find_object(kind, int(ref), by):
            raise refuse("no_such_object", where=kind.label, value=ref)
    elif not label:
        raise refuse("required", where=DOCUMENT_NAME)


def _find_object(kind: DeliverableKind, number: int, by: User) -> bool:
    """Whether the system has the snapshot, the meeting or, open to the person, the document of this number."""
    if kind == DeliverableKind.SNAPSHOT:
        return Snapshot.objects.filter(number=number).exists()
    if kind == DeliverableKind.MEETING:
        return Meeting.objects.filter(number=number, kind="session").exists()
    return documents_visible_to(by).filter(pk=number).exists()


def _say_deliverable(row: Deliverable) -> str:
    return " ".join(part for part in (row.kind, row.ref, row.label) if part)
