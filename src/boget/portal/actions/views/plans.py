"""Versions of the action plan: the list of them, one as a table to print, two side by side."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from boget.portal.accounts.selectors import today
from boget.portal.actions.forms import ApprovalForm
from boget.portal.actions.models import PlanVersion
from boget.portal.actions.selectors.plans import LIVE, compare_tables, is_intact, plans_visible_to, read_table
from boget.portal.actions.selectors.rights import may_manage_plans
from boget.portal.actions.selectors.rows import say_tenge
from boget.portal.actions.services.plans import approve_version, draft_version
from boget.portal.actions.views.opening import build_trail
from boget.portal.core.errors import choose_status, translate
from boget.science.errors import BogetError

UNPROCESSABLE = 422


@login_required
@require_safe
def list_plans(request: HttpRequest) -> HttpResponse:
    plans = list(plans_visible_to(request.user))
    context = {
        "plans": plans,
        "can_manage": may_manage_plans(request.user),
        "has_draft": any(not plan.is_approved for plan in plans),
        "trail": build_trail((_("Versions of the plan"), "")),
    }
    return render(request, "actions/plans.html", context)


def draft_plan(request: HttpRequest) -> HttpResponse:
    if not may_manage_plans(request.user):
        raise Http404
    return _draft(request)


@require_POST
def _draft(request: HttpRequest) -> HttpResponse:
    plan = draft_version(request.POST.get("title", ""), by=request.user)  # type: ignore[arg-type]
    return redirect("actions:plan", code=plan.code)


def open_plan(request: HttpRequest, code: str) -> PlanVersion:
    plan: PlanVersion | None = plans_visible_to(request.user).filter(code=code).first()
    if plan is None:
        raise Http404
    return plan


@login_required
@require_safe
def show_plan(request: HttpRequest, code: str) -> HttpResponse:
    """The table of a version, by working area, as it is printed."""
    plan = open_plan(request, code)
    return render(request, "actions/plan.html", describe_plan(request, plan))


def describe_plan(request: HttpRequest, plan: PlanVersion) -> dict[str, Any]:
    table = read_table(request.user, plan)
    earlier = plans_visible_to(request.user).filter(is_approved=True).exclude(pk=plan.pk)
    if plan.is_approved:
        earlier = earlier.filter(approved_on__lte=plan.approved_on, pk__lt=plan.pk)
    before = earlier.first()
    difference = compare_tables(read_table(request.user, before), table) if before else None
    return {
        "plan": plan,
        "table": table,
        "total": len(table.rows),
        "money": say_tenge(table.cost_kzt) if table.cost_stated else "",
        "before": before,
        "difference": difference,
        "is_intact": is_intact(plan),
        "can_approve": may_manage_plans(request.user) and not plan.is_approved,
        "today": today(),
        "trail": build_trail((_("Versions of the plan"), reverse("actions:plans")), (plan.code, "")),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: HttpRequest, code: str) -> HttpResponse:
    """Freeze a draft by a decision."""
    if not may_manage_plans(request.user):
        raise Http404
    plan = open_plan(request, code)
    form = ApprovalForm(request.POST or None, initial={"approved_on": today()})
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                approve_version(plan, **form.cleaned_data, by=request.user)  # type: ignore[arg-type]
                messages.success(request, _("Approved. This version is not changed any more."))
                return redirect("actions:plan", code=plan.code)
            except BogetError as error:
                form.add_error(None, translate(error))
                status = choose_status(error)
        else:
            status = UNPROCESSABLE
    links = ((_("Versions of the plan"), reverse("actions:plans")), (plan.code, reverse("actions:plan", args=[plan.code])))
    context = {"plan": plan, "form": form, "trail": build_trail(*links, (_("Approve"), ""))}
    return render(request, "actions/approve.html", context, status=status)


@login_required
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Two versions: ``?older=2026-1&newer=2026-2``; "live" is the rows as they are now."""
    plans = list(plans_visible_to(request.user))
    approved = [plan for plan in plans if plan.is_approved]
    default = approved[0].code if approved else LIVE
    older, newer = request.GET.get("older", default), request.GET.get("newer", LIVE)
    tables = {code: read_table(request.user, _choose(approved, code)) for code in {older, newer}}
    context = {
        "older": older,
        "newer": newer,
        "choices": [(plan.code, plan.code) for plan in approved] + [(LIVE, _("as it is now"))],
        "comparison": compare_tables(tables[older], tables[newer]),
        "trail": build_trail((_("Versions of the plan"), reverse("actions:plans")), (_("Comparison"), "")),
    }
    return render(request, "actions/compare.html", context)


def _choose(plans: list[PlanVersion], code: str) -> PlanVersion | None:
    if code == LIVE:
        return None
    for plan in plans:
        if plan.code == code:
            return plan
    raise Http404
