"""Who reads and writes what in the working group. One rule for lists, pages, files, feeds and letters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from boget.portal.accounts.models import Organisation
from boget.portal.accounts.selectors import access_of, organisation_of, today
from boget.portal.core.levels import Level
from boget.portal.meetings.models import GroupBody, MeetingDocument, PlanItem, WorkPlan

_MEMO = "_boget_group_access"


@dataclass(frozen=True, slots=True)
class GroupAccess:
    """Rights of one person in the working group today.

    ``is_member``: reads plans, meetings and proposals: authority and group roles, and people of an organisation that has a
    place in the group. ``level`` is what of documents and figures the person reads there. ``speaks_for``: the organisation
    whose position the person states; None for who may only read. ``has_names``: is told the names of persons; an operator in
    the group reads bodies.
    """

    is_member: bool = False
    can_manage: bool = False
    level: Level = Level.PUBLIC
    organisation: Organisation | None = None
    speaks_for: Organisation | None = None
    has_names: bool = False

    @property
    def lineage(self) -> frozenset[int]:
        return self.organisation.lineage() if self.organisation else frozenset()


NOBODY = GroupAccess()


def group_access_of(user: Any) -> GroupAccess:
    """Rights of `user` in the group, kept on the object for the rest of the request."""
    access = access_of(user)
    if not access.roles:
        return NOBODY
    kept = user.__dict__.get(_MEMO)
    if isinstance(kept, GroupAccess):
        return kept
    organisation = organisation_of(user)
    place = _find_place(organisation)
    is_member = access.level >= Level.GROUP or place is not None
    found = GroupAccess(
        is_member=is_member,
        can_manage=access.can_administer,
        level=max(access.level, Level.GROUP) if is_member else Level.PUBLIC,
        organisation=organisation,
        speaks_for=organisation if place is not None and not place.is_observer else None,
        has_names=access.level >= Level.GROUP,
    )
    user.__dict__[_MEMO] = found
    return found


def _find_place(organisation: Organisation | None) -> GroupBody | None:
    if organisation is None:
        return None
    return GroupBody.objects.on(today()).filter(organisation__in=organisation.lineage()).order_by("is_observer", "pk").first()


def is_member(user: Any) -> bool:
    """For navigation and panels."""
    return group_access_of(user).is_member


def plans_visible_to(user: Any) -> QuerySet[WorkPlan]:
    """Members read every plan that is approved, the secretary drafts too, everybody a released one."""
    access = group_access_of(user)
    if access.can_manage:
        return WorkPlan.objects.all()
    if access.is_member:
        return WorkPlan.objects.exclude(state="draft")
    return WorkPlan.objects.filter(is_released=True).exclude(state="draft")


def items_reportable_by(user: Any) -> QuerySet[PlanItem]:
    """Items the person may report on: the secretary all, a ministry's editor or an operator those of their own body."""
    access = group_access_of(user)
    if access.can_manage:
        return PlanItem.objects.all()
    if access.organisation is None or access_of(user).roles <= {"observer"}:
        return PlanItem.objects.none()
    own = PlanItem.objects.filter(parties__organisation__in=access.lineage, parties__role="responsible")
    return own.filter(plan__in=plans_visible_to(user)).distinct()


def documents_visible_to(user: Any) -> QuerySet[MeetingDocument]:
    """Files of meetings up to the reader's level; removed ones nobody."""
    access = group_access_of(user)
    seen = MeetingDocument.objects.filter(removed_at=None)
    return seen.filter(level__lte=int(access.level)) if access.is_member else seen.none()
