"""Forms of the plan: one way to show, save, refuse and, where two people wrote at once, put both texts side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from boget.portal.core.errors import Conflict, choose_status, translate
from boget.portal.meetings.models import PlanItem, WorkPlan
from boget.portal.meetings.selectors.plan import find_item, find_plan, say_text
from boget.portal.meetings.selectors.rights import group_access_of, items_reportable_by
from boget.science.errors import BogetError

UNPROCESSABLE = 422


@dataclass
class FormPage:
    """What a page with one form shows. compare: lines of (label, now, yours) when somebody was faster."""

    heading: str
    save_label: str
    back_url: str
    trail: list[tuple[Any, str]]
    facts: list[tuple[Any, Any]] = field(default_factory=list)
    note: str = ""
    is_danger: bool = False
    is_upload: bool = False
    template: str = "meetings/plan_form.html"
    compare: Callable[[Form], tuple[list[tuple[Any, str, str]], int]] | None = None
    more: dict[str, Any] = field(default_factory=dict)


def answer_form(request: HttpRequest, form: Form, page: FormPage, *, save: Callable[[Form], HttpResponse]) -> HttpResponse:
    """Show the form; on POST save it, or show it again with what was typed and what is wrong."""
    if request.method != "POST":
        return show_form(request, form, page)
    if not form.is_valid():
        return show_form(request, form, page, status=UNPROCESSABLE)
    try:
        return save(form)
    except Conflict as conflict:
        return show_conflict(request, form, page, conflict=conflict)
    except BogetError as error:
        form.add_error(None, translate(error))
        return show_form(request, form, page, status=choose_status(error))


def show_form(request: HttpRequest, form: Form, page: FormPage, *, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, page.template, {"form": form, "page": page, "trail": page.trail, **page.more, **more}, status=status)


def show_conflict(request: HttpRequest, form: Form, page: FormPage, *, conflict: Conflict) -> HttpResponse:
    """What the other person wrote and what is typed here, side by side; saving again is against the version shown."""
    lines, version = page.compare(form) if page.compare else ([], None)
    if version is not None:
        form.data = form.data.copy()
        form.data["version"] = str(version)
    more = {"message": translate(conflict), "lines": lines, "is_conflict": True}
    return show_form(request, form, page, status=choose_status(conflict), **more)


# --- what a page is about; refused and absent are the same ------------------------------------------------------------


def require_manager(request: HttpRequest) -> None:
    if not group_access_of(request.user).can_manage:
        raise Http404


def open_plan(request: HttpRequest, year: int) -> WorkPlan:
    plan = find_plan(request.user, year)
    if plan is None:
        raise Http404
    return plan


def open_item(request: HttpRequest, year: int, number: int) -> PlanItem:
    item = find_item(request.user, year, number)
    if item is None:
        raise Http404
    return item


def open_managed_item(request: HttpRequest, year: int, number: int) -> PlanItem:
    require_manager(request)
    return open_item(request, year, number)


def open_reportable_item(request: HttpRequest, year: int, number: int) -> PlanItem:
    item = open_item(request, year, number)
    if not items_reportable_by(request.user).filter(pk=item.pk).exists():
        raise Http404
    return item


def build_trail(plan: WorkPlan, *steps: tuple[Any, str]) -> list[tuple[Any, str]]:
    """Group › plan › …; the last step has no address."""
    head = [(_("Working group"), reverse("meetings:group"))]
    label = _("Work plan for %(year)s") % {"year": plan.year}
    return [*head, (label, reverse("meetings:plan", args=[plan.year]) if steps else ""), *steps]


def name_item(item: PlanItem) -> str:
    text, _language = say_text(item, "text", (get_language() or "ru")[:2])
    return f"{item.number}. {text}"


def item_url(item: PlanItem) -> str:
    return reverse("meetings:plan-item", args=[item.plan.year, item.number])
