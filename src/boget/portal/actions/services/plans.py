"""Versions of the action plan: drafted from the rows as they are, approved once, never changed after."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import User
from boget.portal.accounts.selectors import today
from boget.portal.actions.models import PlanVersion
from boget.portal.actions.selectors.plans import build_content, hash_content
from boget.portal.actions.services.writing import act_as, lock_writers
from boget.portal.core.errors import refuse
from boget.portal.core.services import Entry, append_revision
from boget.portal.registry.checks import check_text

RECORD = "plan_version"


@transaction.atomic
def draft_version(title: str = "", *, by: User | None) -> PlanVersion:
    """A new draft; the one that is open already is given back, for a draft is always the rows of the moment."""
    lock_writers()
    open_one = PlanVersion.objects.filter(is_approved=False).first()
    if open_one is not None:
        return open_one
    title = check_text(_("Title"), title, limit=300)
    plan = PlanVersion.objects.create(code=_next_code(), title=title, created_at=timezone.now(), created_by=by)
    changes = {"code": (None, plan.code), "title": (None, plan.title)}
    append_revision(Entry(RECORD, plan.code, "create", changes), actor=act_as(by))
    return plan


def _next_code() -> str:
    """Year and number in the year: 2026-2."""
    year = today().year
    taken = PlanVersion.objects.filter(code__startswith=f"{year}-").values_list("code", flat=True)
    return f"{year}-{max((int(code.partition('-')[2]) for code in taken), default=0) + 1}"


@transaction.atomic
def approve_version(plan: PlanVersion, *, approved_by: str, approved_on: dt.date | None = None, by: User | None) -> PlanVersion:
    """Freeze the rows as they are now. approved_by: the decision, such as "4.5".

    Raises InvalidInput: approved already, no decision named, no action in the plan, a day that is still to come.
    """
    lock_writers()
    current = PlanVersion.objects.select_for_update().get(pk=plan.pk)
    if current.is_approved:
        raise refuse("approved_plan", value=current.code)
    decision, day = check_text(_("Decision"), approved_by, limit=60), approved_on or today()
    if not decision:
        raise refuse("required", where=_("Decision"))
    if day > today():
        raise refuse("range", where=_("Day of the approval"), value=day.isoformat(), allowed=f"≤ {today().isoformat()}")
    content = build_content(day)
    if not content:
        raise refuse("required", where=_("Actions"))
    current.content, current.sha256 = content, hash_content(content)
    current.is_approved, current.approved_by, current.approved_on = True, decision, day
    current.save()
    changes = {"sha256": (None, current.sha256), "rows": (None, len(content)), "approved_on": (None, day.isoformat())}
    append_revision(Entry(RECORD, current.code, "change", changes, source=decision), actor=act_as(by))
    return current
