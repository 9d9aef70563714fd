"""The way of an action from proposal to verification. Each step is one entry of its story, one revision, one transaction.

Whether a person may take a step is a matter of querysets (`actions.selectors.rights`); here is what the state allows, and that
nobody confirms a claim of their own body.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import User
from boget.portal.accounts.selectors import memberships_on, organisation_of, today
from boget.portal.actions.models import OPEN_STATES, Action, ActionReport, Hold, PartyRole, ReportKind
from boget.portal.actions.services.parts import check_date, require_commitment, say
from boget.portal.actions.services.telling import tell_step
from boget.portal.actions.services.writing import WINDOW, find_claim, lock_action, read_parties, read_state, save_action
from boget.portal.core.errors import Conflict, refuse
from boget.portal.core.partial_dates import end_of
from boget.portal.registry.checks import check_text

LONGEST = 8000
LONGEST_REASON = 500
COMMITTED = ("agreed", "approved", "in_progress", "returned")
WORKING = ("approved", "in_progress", "returned")


@dataclass(frozen=True, slots=True)
class Step:
    """From which states a step leads where; an empty ``after`` keeps the state."""

    before: tuple[str, ...]
    after: str = ""


STEPS: Mapping[str, Step] = {
    "agree": Step(("proposed",), "agreed"),
    "approve": Step(("proposed", "agreed"), "approved"),
    "start": Step(("approved", "returned"), "in_progress"),
    "progress": Step(WORKING, "in_progress"),
    "claim": Step(WORKING, "done"),
    "verify": Step(("done",), "verified"),
    "return": Step(("done",), "returned"),
    "postpone": Step(COMMITTED),
    "block": Step(COMMITTED),
    "resume": Step(COMMITTED),
    "cancel": Step((*OPEN_STATES, "done"), "cancelled"),
}


@dataclass(slots=True)
class _Move:
    """What a step says and changes, before it is written."""

    kind: str
    text: str = ""
    evidence: str = ""
    percent: int | None = None
    new_due: str = ""
    allowed_by: str = ""
    changes: dict[str, Any] = field(default_factory=dict)


def list_possible(action: Action) -> list[str]:
    """Codes of the steps that the state of the action allows, whoever asks."""
    return [kind for kind in STEPS if _is_possible(action, kind)]


def _is_possible(action: Action, kind: str) -> bool:
    if action.state not in STEPS[kind].before:
        return False
    if kind == "resume":
        return action.hold == Hold.BLOCKED
    if kind == "block":
        return action.hold != Hold.BLOCKED
    return bool(action.due) if kind == "postpone" else True


# --- steps -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def agree(action: Action, *, by: User | None, version: int, text: str = "") -> Action:
    """The responsible body accepts the action. InvalidInput without a responsible body or a date."""
    return _take(action, _Move("agree", text), by=by, version=version)


@transaction.atomic
def approve(action: Action, *, by: User | None, version: int, text: str = "") -> Action:
    """The Working Group approves; text: by which decision."""
    return _take(action, _Move("approve", text), by=by, version=version)


@transaction.atomic
def start(action: Action, *, by: User | None, version: int, text: str = "") -> Action:
    return _take(action, _Move("start", text), by=by, version=version)


@transaction.atomic
def report_progress(
    action: Action, *, by: User | None, version: int, text: str, evidence: str = "", percent: int | None = None
) -> Action:
    """What was done since the last report. percent: 0 to 100 of the whole, or None for not stated."""
    _require(text, _("What was done"))
    move = _Move("progress", text, evidence, percent=_check_percent(percent))
    if percent is not None:
        move.changes["percent"] = percent
    return _take(action, move, by=by, version=version)


@transaction.atomic
def claim_done(action: Action, *, by: User | None, version: int, text: str, evidence: str = "") -> Action:
    """The responsible body says that the action is done; it counts as done when another body has verified it."""
    _require(text, _("What was done"))
    _require(evidence, _("Evidence"))
    move = _Move("claim", text, evidence, percent=100, changes={"percent": 100})
    if action.hold == Hold.BLOCKED:
        move.changes |= _release(action)
    return _take(action, move, by=by, version=version)


@transaction.atomic
def verify(action: Action, *, by: User, version: int, text: str = "", evidence: str = "") -> Action:
    """Another person of another body confirms the claim. InvalidInput ``own_claim`` otherwise."""
    _check_other_eyes(action, by)
    move = _Move("verify", text, evidence, changes={"closed_on": today(), "hold": Hold.NONE, "hold_reason": ""})
    return _take(action, move, by=by, version=version)


@transaction.atomic
def send_back(action: Action, *, by: User | None, version: int, text: str) -> Action:
    """The claim does not hold; text: what is missing. The share done is again that of the last progress report."""
    _require(text, _("What is missing"))
    last = ActionReport.objects.filter(action=action, kind=ReportKind.PROGRESS).exclude(percent=None).first()
    return _take(action, _Move("return", text, changes={"percent": last.percent if last else None}), by=by, version=version)


@transaction.atomic
def postpone(action: Action, *, by: User | None, version: int, text: str, new_due: str, allowed_by: str) -> Action:
    """Move the date to a later one; the first date stays. text: the reason; allowed_by: who allowed it."""
    _require(text, _("Reason"))
    _require(allowed_by, _("Who allowed it"))
    _require(new_due, _("New due date"))
    due = check_date("due", new_due)
    if action.due_end is not None and end_of(due) <= action.due_end:
        raise refuse("not_later", where=_("New due date"), value=say(due), allowed=say(action.due))
    changes: dict[str, Any] = {"due": due, "due_end": end_of(due)}
    if action.hold != Hold.BLOCKED:
        changes |= {"hold": Hold.POSTPONED, "hold_reason": _cut(text)}
    return _take(action, _Move("postpone", text, new_due=due, allowed_by=allowed_by, changes=changes), by=by, version=version)


@transaction.atomic
def block(action: Action, *, by: User | None, version: int, text: str) -> Action:
    """Something keeps the action from going on; text: what. It stays late where it is late."""
    _require(text, _("Reason"))
    changes = {"hold": Hold.BLOCKED, "hold_reason": _cut(text)}
    return _take(action, _Move("block", text, changes=changes), by=by, version=version)


@transaction.atomic
def resume(action: Action, *, by: User | None, version: int, text: str = "") -> Action:
    """What kept the action is gone."""
    return _take(action, _Move("resume", text, changes=_release(action)), by=by, version=version)


@transaction.atomic
def cancel(action: Action, *, by: User | None, version: int, text: str) -> Action:
    """The action is given up; text: why, and by whose decision. It stays in the plan with its reason."""
    _require(text, _("Reason"))
    changes = {"closed_on": today(), "hold": Hold.NONE, "hold_reason": ""}
    return _take(action, _Move("cancel", text, changes=changes), by=by, version=version)


# --- what every step does ----------------------------------------------------------------------------------------------


def _take(action: Action, move: _Move, *, by: User | None, version: int) -> Action:
    _check_move(move)
    try:
        current = lock_action(action, version)
    except Conflict:
        repeated = _find_repeated(action, move, by)
        if repeated is None:
            raise
        return repeated
    if not _is_possible(current, move.kind):
        allowed = ", ".join(str(ReportKind(kind).label) for kind in list_possible(current))
        raise refuse("illegal_step", where=current.public_id, value=current.get_state_display(), allowed=allowed or "—")
    if move.kind in ("agree", "approve"):
        require_commitment(current, read_parties(current))
    return _write(current, move, by=by)


def _write(action: Action, move: _Move, *, by: User | None) -> Action:
    before, old_due, now = read_state(action), action.due, timezone.now()
    action.first_due = action.first_due or action.due
    for name, value in move.changes.items():
        setattr(action, name, value)
    action.state = STEPS[move.kind].after or action.state
    if move.kind in ("progress", "claim"):
        action.reported_at = now
    report = ActionReport(
        action=action, kind=move.kind, at=now, by=by, organisation=organisation_of(by) if by else None, text=move.text,
        evidence=move.evidence, percent=move.percent, state_after=action.state, allowed_by=move.allowed_by,
        old_due=old_due if move.new_due else "", new_due=move.new_due,
    )  # fmt: skip
    report.save()
    save_action(action, before, by=by, reason=move.text or move.kind, report=_describe(report))
    tell_step(action, report, by=by)
    return action


def _describe(report: ActionReport) -> dict[str, Any]:
    names = ("kind", "text", "evidence", "percent", "old_due", "new_due", "allowed_by")
    return {name: getattr(report, name) for name in names if getattr(report, name) not in ("", None)}


def _find_repeated(action: Action, move: _Move, by: User | None) -> Action | None:
    """The action as the same form has just left it: a click too many."""
    last = ActionReport.objects.filter(action=action).first()
    if last is None or last.by != by or last.at < timezone.now() - WINDOW:
        return None
    said = (last.kind, last.text, last.evidence, last.new_due, last.allowed_by)
    is_same = said == (move.kind, move.text, move.evidence, move.new_due, move.allowed_by) and last.percent == move.percent
    return Action.objects.get(pk=action.pk) if is_same else None


def _check_move(move: _Move) -> None:
    move.text = check_text(_("Text"), move.text, limit=LONGEST)
    move.evidence = check_text(_("Evidence"), move.evidence, limit=LONGEST)
    move.allowed_by = check_text(_("Who allowed it"), move.allowed_by, limit=300)


def _check_percent(percent: int | None) -> int | None:
    if percent is not None and not 0 <= percent <= 100:
        raise refuse("range", where=_("Done, %"), value=percent, allowed="0–100")
    return percent


def _check_other_eyes(action: Action, by: User) -> None:
    """Neither who reported it as done nor anybody of that body or of a responsible one, whoever reported it for them."""
    claim = find_claim(action)
    if claim is None:
        return
    concerned = {party.organisation_id for party in read_parties(action) if party.role != PartyRole.SUPPORT}
    concerned |= {claim.organisation_id} if claim.organisation_id else set()
    own = [row.organisation.lineage() for row in memberships_on(by, today())]
    if claim.by_id == by.pk or not concerned.isdisjoint(frozenset[int]().union(*own)):
        raise refuse("own_claim", where=action.public_id)


def _release(action: Action) -> dict[str, Any]:
    """The hold when nothing blocks any more: a moved date stays to be seen."""
    is_moved = action.first_due not in ("", action.due)
    return {"hold": Hold.POSTPONED if is_moved else Hold.NONE, "hold_reason": ""}


def _require(text: str, where: Any) -> None:
    if not str(text or "").strip():
        raise refuse("required", where=where)


def _cut(text: str) -> str:
    return " ".join(text.split())[:LONGEST_REASON]


TAKERS: Mapping[str, Callable[..., Action]] = {
    "agree": agree, "approve": approve, "start": start, "progress": report_progress, "claim": claim_done, "verify": verify,
    "return": send_back, "postpone": postpone, "block": block, "resume": resume, "cancel": cancel,
}  # fmt: skip
