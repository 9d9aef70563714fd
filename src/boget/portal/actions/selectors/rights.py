"""What a person may do with one action. Pages show these as buttons; their views ask again."""

from __future__ import annotations

from typing import Any

from boget.portal.accounts.selectors import access_of
from boget.portal.actions.models import Action, ActionState
from boget.portal.actions.querysets import ActionQuerySet

SECRETARY_STEPS = ("approve", "cancel")
OWNER_STEPS = ("agree", "start", "progress", "claim", "block", "resume")
EDITOR_STEPS = ("postpone",)
VERIFIER_STEPS = ("verify", "return")


def is_member(user: Any) -> bool:
    """Whether the plan is open to the person: to everybody who has a role; the public has none."""
    return bool(access_of(user).roles)


def may_propose(user: Any) -> bool:
    """Whether the person writes new actions and versions of the plan: the authority."""
    return access_of(user).can_edit


def may_manage_plans(user: Any) -> bool:
    """Whether the person makes and approves versions of the plan: the secretary."""
    return access_of(user).can_administer


def select_for_step(user: Any, kind: str) -> ActionQuerySet:
    """The actions on which the person may take a step of this kind, whatever their state."""
    if kind in OWNER_STEPS:
        return Action.objects.reportable_by(user)
    if kind in VERIFIER_STEPS:
        return Action.objects.verifiable_by(user)
    if kind in EDITOR_STEPS:
        return Action.objects.editable_by(user)
    is_allowed = kind in SECRETARY_STEPS and access_of(user).can_administer
    return Action.objects.all() if is_allowed else Action.objects.none()


def list_rights(user: Any, action: Action) -> frozenset[str]:
    """Codes of the steps the person may take on this action in some state, and "edit"."""
    rights: set[str] = set()
    one = {"pk": action.pk}
    if Action.objects.reportable_by(user).filter(**one).exists():
        rights |= set(OWNER_STEPS)
    if Action.objects.verifiable_by(user).filter(**one).exists():
        rights |= set(VERIFIER_STEPS)
    if Action.objects.editable_by(user).filter(**one).exists():
        rights |= set(EDITOR_STEPS)
        rights |= {"edit"} if action.state not in (ActionState.VERIFIED, ActionState.CANCELLED) else set()
    return frozenset(rights | (set(SECRETARY_STEPS) if access_of(user).can_administer else set()))
