"""The plan of a year: its table, its history, its papers; what the secretary does with the plan as a whole."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from boget.portal.accounts.selectors import today
from boget.portal.core.errors import choose_status, refuse, translate
from boget.portal.core.partial_dates import end_of
from boget.portal.core.sheets import read_sheet
from boget.portal.meetings.forms.plan import ApproveForm, ImportForm, NewPlanForm
from boget.portal.meetings.models import PlanItem, PlanState, WorkPlan
from boget.portal.meetings.selectors.plan import OPEN_STATES, PlanRow, PlanTable, choose_plan, list_years, read_plan, say_text
from boget.portal.meetings.selectors.plan_history import read_plan_history
from boget.portal.meetings.selectors.plan_sheet import TYPE, write_plan
from boget.portal.meetings.selectors.plan_words import HEADS, TITLES
from boget.portal.meetings.selectors.rights import group_access_of
from boget.portal.meetings.selectors.timeline import build_timeline
from boget.portal.meetings.services.plan import approve_plan, carry_item, close_plan, create_plan, release_plan
from boget.portal.meetings.services.plan_import import FaultyRows, import_plan
from boget.portal.meetings.views.plan_forms import (
    UNPROCESSABLE,
    FormPage,
    answer_form,
    build_trail,
    open_plan,
    require_manager,
    show_form,
)
from boget.science.errors import BogetError

MOST_FAULTS = 50


@require_safe
def show_plans(request: HttpRequest) -> HttpResponse:
    """To the plan of this year, or the newest; members learn when there is none yet."""
    plan = choose_plan(request.user)
    if plan is not None:
        return redirect("meetings:plan", year=plan.year)
    access = group_access_of(request.user)
    if not access.is_member:
        raise Http404
    return render(request, "meetings/plan_none.html", {"can_manage": access.can_manage})


@require_safe
def show_plan(request: HttpRequest, year: int) -> HttpResponse:
    """The table; ``?f=xlsx`` as a file, ``?at=2022-07-01`` with lateness as of a day."""
    table = read_plan(request.user, year, read_day(request.GET.get("at", "")))
    if table is None:
        raise Http404
    if request.GET.get("f"):
        return send_file(request, table)
    return render(request, "meetings/plan.html", describe_plan(request, table))


def read_day(text: str) -> dt.date | None:
    """The day of ``?at=``; 404 for what is no date."""
    if not text:
        return None
    try:
        return end_of(text)
    except ValueError as error:
        raise Http404 from error


def describe_plan(request: HttpRequest, table: PlanTable) -> dict[str, Any]:
    plan, language = table.plan, (get_language() or "ru")[:2]
    return {
        "table": table,
        "plan": plan,
        "title": TITLES[language] % {"year": plan.year},
        "years": [row for row in list_years(request.user) if row.year != plan.year],
        "timeline": build_timeline(table),
        "is_today": table.day == today(),
        "can_manage": table.can_manage,
        "is_draft": plan.state == PlanState.DRAFT,
        "is_closed": plan.state == PlanState.CLOSED,
        "can_report": plan.state == PlanState.APPROVED,
        "first_reportable": choose_reportable(table),
        "heads": {code: words[language] for code, words in HEADS.items()},
        "language_code": language,
    }


def choose_reportable(table: PlanTable) -> PlanRow | None:
    """The item to report on first: the one that is late longest, else the next that is due."""
    rows = [row for row in table.rows if row.can_report] if table.plan.state == PlanState.APPROVED else []
    return min(rows, key=lambda row: (row.due_end, row.number), default=None)


def send_file(request: HttpRequest, table: PlanTable) -> HttpResponse:
    if request.GET["f"] != "xlsx":
        raise Http404
    content = write_plan(table, (get_language() or "ru")[:2])
    answer = HttpResponse(content, content_type=TYPE)
    answer["Content-Disposition"] = f'attachment; filename="work-plan-{table.plan.year}.xlsx"'
    return answer


@require_safe
def print_plan(request: HttpRequest, year: int) -> HttpResponse:
    """The Ministry's table alone, for paper."""
    table = read_plan(request.user, year, read_day(request.GET.get("at", "")))
    if table is None:
        raise Http404
    return render(request, "meetings/plan_print.html", describe_plan(request, table))


@require_safe
def show_history(request: HttpRequest, year: int) -> HttpResponse:
    """Who changed what in the plan and why; members only."""
    plan = open_plan(request, year)
    if not group_access_of(request.user).is_member:
        raise Http404
    context = {
        "plan": plan,
        "entries": read_plan_history(request.user, plan),
        "trail": build_trail(plan, (_("History"), "")),
    }
    return render(request, "meetings/plan_history.html", context)


# --- the secretary --------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def make_plan(request: HttpRequest) -> HttpResponse:
    """The plan of the next year, with the open items of the last one that are to go on."""
    require_manager(request)
    plans = list_years(request.user)
    last = next((plan for plan in plans if plan.state != PlanState.DRAFT), None)
    items = list(last.items.filter(state__in=OPEN_STATES).select_related("plan")) if last else []
    choices = [(item.ref, f"{item.number}. {say_text(item, 'text', (get_language() or 'ru')[:2])[0]}") for item in items]
    form = NewPlanForm(request.POST or None, items=choices, initial={"year": last.year + 1 if last else today().year})
    page = FormPage(
        heading=_("Plan of another year"),
        save_label=_("Make the plan"),
        back_url=reverse("meetings:plans"),
        trail=[(_("Working group"), reverse("meetings:group")), (_("Plan of another year"), "")],
    )
    return answer_form(request, form, page, save=lambda sent: save_new_plan(request, sent, items))


def save_new_plan(request: HttpRequest, form: Any, items: list[PlanItem]) -> HttpResponse:
    year = form.cleaned_data["year"]
    plan = WorkPlan.objects.filter(year=year).first() or create_plan(year, by=request.user)  # type: ignore[arg-type]
    wanted = set(form.cleaned_data.get("carried", []))
    reason = _("goes on in the plan for %(year)s") % {"year": year}
    for item in items:
        if item.ref in wanted:
            carry_item(item, year, str(year), by=request.user, version=item.version, reason=reason)  # type: ignore[arg-type]
    return redirect("meetings:plan", year=plan.year)


@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: HttpRequest, year: int) -> HttpResponse:
    require_manager(request)
    plan = open_plan(request, year)
    form = ApproveForm(request.POST or None, initial={"version": plan.version})
    page = FormPage(
        heading=_("Approve the work plan for %(year)s") % {"year": year},
        save_label=_("Approve the plan"),
        back_url=reverse("meetings:plan", args=[year]),
        trail=build_trail(plan, (_("Approval"), "")),
        facts=[(_("Items"), plan.items.count()), (_("Status"), plan.get_state_display())],
        note=_("From then on dates are moved only with a reason, and the first date stays."),
        compare=lambda sent: ([], WorkPlan.objects.get(pk=plan.pk).version),
    )

    def save(sent: Any) -> HttpResponse:
        data = sent.cleaned_data
        approve_plan(
            plan,
            approved_on=data["approved_on"],
            decision=data["decision"],
            by=request.user,
            version=data["version"],  # type: ignore[arg-type]
        )
        return redirect("meetings:plan", year=year)

    return answer_form(request, form, page, save=save)


@require_POST
def release(request: HttpRequest, year: int) -> HttpResponse:
    """Open the plan to the public, or take it back."""
    require_manager(request)
    plan = open_plan(request, year)
    is_released = request.POST.get("released") == "1"
    return step(request, plan, lambda version: release_plan(plan, is_released=is_released, by=request.user, version=version))  # type: ignore[arg-type]


@require_POST
def close(request: HttpRequest, year: int) -> HttpResponse:
    """The year is over and everything is settled."""
    require_manager(request)
    plan = open_plan(request, year)
    return step(request, plan, lambda version: close_plan(plan, by=request.user, version=version))  # type: ignore[arg-type]


def step(request: HttpRequest, plan: WorkPlan, action: Any) -> HttpResponse:
    """One button on the plan's page: done, or the page again with the reason why not."""
    version = request.POST.get("version", "")
    try:
        action(int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1)
    except BogetError as error:
        table = read_plan(request.user, plan.year)
        if table is None:
            raise Http404 from error
        context = describe_plan(request, table) | {"errors": [("", translate(error))]}
        return render(request, "meetings/plan.html", context, status=choose_status(error))
    return redirect("meetings:plan", year=plan.year)


@require_http_methods(["GET", "HEAD", "POST"])
def import_table(request: HttpRequest, year: int) -> HttpResponse:
    """Items from a spreadsheet: all rows or none."""
    require_manager(request)
    plan = open_plan(request, year)
    form = ImportForm(request.POST or None, request.FILES or None, initial={"version": plan.version})
    page = FormPage(
        heading=_("Import items of the plan for %(year)s") % {"year": year},
        save_label=_("Import the items"),
        back_url=reverse("meetings:plan", args=[year]),
        trail=build_trail(plan, (_("Import"), "")),
        note=_(
            "An XLSX file with the columns No, item, due, responsible, support, in Russian, Kazakh or English. "
            "Rows whose number is in the plan change that item; the other items stay. If one row is wrong, nothing is loaded."
        ),
        is_upload=True,
        compare=lambda sent: ([], WorkPlan.objects.get(pk=plan.pk).version),
    )
    return answer_form(request, form, page, save=lambda sent: save_import(request, plan, sent, page=page))


def save_import(request: HttpRequest, plan: WorkPlan, form: Any, *, page: FormPage) -> HttpResponse:
    upload = form.cleaned_data["file"]
    if upload.size > 5 * 2**20:
        raise refuse("file_too_large", where=upload.name, value=upload.name, allowed="5 MB")
    rows = read_sheet(upload.read(), name=upload.name)
    try:
        done = import_plan(plan, rows, by=request.user, version=form.cleaned_data["version"])  # type: ignore[arg-type]
    except FaultyRows as faulty:
        errors = [("", str(fault)) for fault in faulty.faults[:MOST_FAULTS]]
        return show_form(request, form, page, status=UNPROCESSABLE, errors=errors, fault_count=len(faulty.faults))
    messages.success(
        request, _("Loaded. Items added: %(added)s, changed: %(changed)s.") % {"added": done.added, "changed": done.changed}
    )
    return redirect("meetings:plan", year=plan.year)
