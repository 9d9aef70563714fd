"""The door of the action plan: new actions, their values, their origins; the steps of an action are in `steps`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from boget.portal.accounts.models import User
from boget.portal.actions.models import Action, ActionOrigin, ActionParty, ActionState, PartyRole
from boget.portal.actions.services.parts import (
    Origin,
    Party,
    check_origins,
    check_parties,
    check_together,
    check_values,
    fill_derived,
    label_of,
    require_commitment,
    say,
)
from boget.portal.actions.services.steps import (
    agree,
    approve,
    block,
    cancel,
    claim_done,
    postpone,
    report_progress,
    resume,
    send_back,
    start,
    verify,
)
from boget.portal.actions.services.telling import tell_assigned, tell_changed
from boget.portal.actions.services.writing import (
    RECORD,
    act_as,
    describe_action,
    find_repeated,
    lock_action,
    lock_writers,
    next_id,
    read_parties,
    read_state,
    save_action,
)
from boget.portal.core.errors import refuse
from boget.portal.core.levels import Level
from boget.portal.core.services import Entry, append_revision

__all__ = [
    "Origin", "Party", "agree", "approve", "block", "cancel", "change_action", "claim_done", "link_origin", "postpone",
    "propose_action", "report_progress", "resume", "send_back", "start", "verify",
]  # fmt: skip

FIRST_STATES = ("proposed", "agreed", "approved")


@transaction.atomic
def propose_action(
    values: Mapping[str, Any],
    *,
    parties: Sequence[Party],
    origins: Sequence[Origin] = (),
    by: User | None,
    level: Level = Level.GROUP,
    state: str = "proposed",
) -> Action:
    """A new action with its number, its bodies told. The same words sent twice within a minute give the same action.

    state: "approved" for one that a decision of the Working Group made; it then needs a responsible body and a date.
    Raises InvalidInput for an impossible value, a body named twice, a missing title.
    """
    bodies, sources = check_parties(parties), check_origins(origins)
    if state not in FIRST_STATES:
        raise refuse("not_in_list", where=label_of("state"), value=state, allowed=", ".join(FIRST_STATES))
    action = _build({"title": "", **values}, level=level, state=state)
    if state != ActionState.PROPOSED:
        require_commitment(action, bodies)
    lock_writers()
    described = describe_action(action, bodies, sources)
    changes = {name: (None, value) for name, value in described.items()}
    repeated = find_repeated(changes, actor=act_as(by))
    if repeated is not None:
        return repeated
    _insert(action, bodies, sources)
    append_revision(Entry(RECORD, action.public_id, "create", changes, reason=_say_origins(sources)), actor=act_as(by))
    tell_assigned(action, [p.organisation for p in bodies if p.role != PartyRole.SUPPORT], by=by, origins=sources)
    return action


def _build(values: Mapping[str, Any], *, level: Level, state: str) -> Action:
    now = timezone.now()
    action = Action(level=int(Level(level)), state=state, created_at=now, updated_at=now, **check_values(values))
    action.first_due = action.due
    fill_derived(action, ())
    check_together(action)
    return action


def _insert(action: Action, parties: Sequence[Party], origins: Sequence[Origin]) -> None:
    action.public_id = next_id()
    fill_derived(action, origins)
    action.save()
    _write_parties(action, parties)
    ActionOrigin.objects.bulk_create(ActionOrigin(action=action, kind=o.kind, ref=o.ref, label=o.label) for o in origins)


def _say_origins(origins: Sequence[Origin]) -> str:
    return "; ".join(origin.label or f"{origin.kind} {origin.ref}" for origin in origins)


def _write_parties(action: Action, parties: Sequence[Party]) -> None:
    ActionParty.objects.filter(action=action).delete()
    ActionParty.objects.bulk_create(
        ActionParty(action=action, organisation=party.organisation, role=party.role, position=position)
        for position, party in enumerate(parties)
    )


@transaction.atomic
def change_action(
    action: Action,
    values: Mapping[str, Any],
    *,
    parties: Sequence[Party] | None = None,
    level: Level | None = None,
    reason: str,
    by: User | None,
    version: int,
) -> Action:
    """Correct the words, bodies or money of an action. A date that was agreed moves only by postponing.

    Raises Conflict for a stale version, InvalidInput for an impossible value, no reason, or nothing changed.
    """
    checked = check_values(values)
    bodies = None if parties is None else check_parties(parties)
    if not reason.strip():
        raise refuse("reason_missing")
    current = lock_action(action, version)
    before, had = read_state(current), {party.organisation_id for party in read_parties(current) if party.role != "support"}
    _check_open(current, checked)
    _assign(current, checked, level)
    if bodies is not None:
        _write_parties(current, bodies)
    if current.state != ActionState.PROPOSED:
        require_commitment(current, read_parties(current))
    if not save_action(current, before, by=by, reason=reason.strip()[:500]):
        raise refuse("nothing_changed")
    new = [party.organisation for party in bodies or () if party.role != "support" and party.organisation.pk not in had]
    tell_assigned(current, new, by=by, origins=current.origins.all())
    tell_changed(current, by=by, but=new)
    return current


def _check_open(action: Action, values: Mapping[str, Any]) -> None:
    if action.state in (ActionState.VERIFIED, ActionState.CANCELLED):
        raise refuse("closed_action", where=action.public_id, value=action.get_state_display())
    is_moved = "due" in values and action.due and values["due"] != action.due
    if is_moved and action.state != ActionState.PROPOSED:
        raise refuse("agreed_due", where=label_of("due"), value=say(action.due))


def _assign(action: Action, values: Mapping[str, Any], level: Level | None) -> None:
    for name, value in values.items():
        setattr(action, name, value)
    if level is not None:
        action.level = int(Level(level))
    if action.state == ActionState.PROPOSED or not action.first_due:
        action.first_due = action.due
    fill_derived(action, action.origins.all())
    check_together(action)


@transaction.atomic
def link_origin(action: Action, origin: Origin, *, by: User | None) -> Action:
    """Let an action answer one more decision, answer or recommendation: nothing is tracked twice. Twice is once."""
    checked = check_origins([origin])[0]
    current = lock_action(action)
    before = read_state(current)
    try:
        with transaction.atomic():
            ActionOrigin.objects.create(action=current, kind=checked.kind, ref=checked.ref, label=checked.label)
    except IntegrityError:
        return current
    fill_derived(current, current.origins.all())
    save_action(current, before, by=by, reason=f"{checked.kind} {checked.ref}")
    tell_changed(current, by=by)
    return current
