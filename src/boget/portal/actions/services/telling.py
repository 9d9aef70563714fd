"""Who is told what about an action: the people of its bodies, and the verifiers when something is to be verified."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from boget.portal.accounts.models import Membership, Organisation, Role, User
from boget.portal.accounts.selectors import today
from boget.portal.actions.models import Action, ActionReport, ReportKind
from boget.portal.notifications.services import notify

ASSIGNED = "assigned"
CHANGED = "action"
AT_ONCE = (ReportKind.CLAIM, ReportKind.RETURN)
"""Steps after which somebody else has to do something."""
TO_VERIFIERS = (ReportKind.CLAIM,)
VERIFIERS = (Role.SECRETARY, Role.INSPECTOR)


def list_people(organisations: Iterable[Organisation], *, roles: Sequence[str] = ()) -> list[User]:
    """People who act for these bodies today, under whatever name; observers only read and are not told."""
    bodies = {pk for organisation in organisations for pk in organisation.lineage()}
    if not bodies:
        return []
    held = Membership.objects.on(today()).filter(organisation__in=bodies).exclude(role=Role.OBSERVER)
    found = held.filter(role__in=roles) if roles else held
    return list(User.objects.filter(is_active=True, pk__in=found.values("user_id")).order_by("pk"))


def list_verifiers() -> list[User]:
    held = Membership.objects.on(today()).filter(role__in=VERIFIERS)
    return list(User.objects.filter(is_active=True, pk__in=held.values("user_id")).order_by("pk"))


def _list_bodies(action: Action) -> list[Organisation]:
    return [party.organisation for party in action.parties.select_related("organisation__successor")]


def tell_assigned(
    action: Action, organisations: Sequence[Organisation], *, by: User | None, origins: Iterable[Any] = ()
) -> None:
    """Tell the people of bodies that have become responsible."""
    people = _without(list_people(organisations), by)
    if people:
        origin = "; ".join(str(o.label or o.ref) for o in origins)
        notify(ASSIGNED, people, action.public_id, context={"number": action.public_id, "origin": origin})


def tell_changed(action: Action, *, by: User | None, but: Sequence[Organisation] = ()) -> None:
    """Tell the people of the action's bodies that its words changed; ``but``: bodies that were told already."""
    told = {user.pk for user in list_people(but)}
    people = [user for user in _without(list_people(_list_bodies(action)), by) if user.pk not in told]
    if people:
        notify(CHANGED, people, action.public_id, context={"number": action.public_id, "event": "change"})


def tell_step(action: Action, report: ActionReport, *, by: User | None) -> None:
    """Tell about a step: its bodies, and who verifies when something was reported as done."""
    people = list_people(_list_bodies(action))
    if report.kind in TO_VERIFIERS:
        people += list_verifiers()
    people = _without(people, by)
    if people:
        context = {"number": action.public_id, "event": str(report.kind), "new_due": report.new_due}
        is_immediate = True if report.kind in AT_ONCE else None
        notify(CHANGED, people, action.public_id, context=context, is_immediate=is_immediate)


def _without(people: Iterable[User], by: User | None) -> list[User]:
    return [user for user in people if by is None or user.pk != by.pk]
