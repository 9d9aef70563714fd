"""One item of the plan: its page, the report of the responsible body, what the secretary does with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from boget.portal.accounts.selectors import access_of
from boget.portal.actions.selectors.overview import list_by_origin
from boget.portal.core.errors import choose_status, translate
from boget.portal.core.formatting import format_partial_date
from boget.portal.core.levels import Level
from boget.portal.meetings.forms.plan import (
    CarryForm,
    DeliverableForm,
    PlanItemForm,
    PostponeForm,
    ReasonForm,
    ReportForm,
)
from boget.portal.meetings.models import ItemState, PlanItem, PlanState
from boget.portal.meetings.selectors.plan import list_objects, list_story, read_row
from boget.portal.meetings.selectors.plan_history import read_plan_history
from boget.portal.meetings.selectors.rights import group_access_of, items_reportable_by
from boget.portal.meetings.services import plan as services
from boget.portal.meetings.views.plan_forms import (
    FormPage,
    answer_form,
    build_trail,
    item_url,
    name_item,
    open_item,
    open_managed_item,
    open_plan,
    open_reportable_item,
    require_manager,
)
from boget.science.errors import BogetError

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
def show_item(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """The item with all that was reported on it, in earlier years too."""
    item = open_item(request, year, number)
    return render(request, "meetings/plan_item.html", describe_item(request, item))


def describe_item(request: HttpRequest, item: PlanItem) -> dict[str, Any]:
    access = group_access_of(request.user)
    row = read_row(request.user, item)
    is_in_force = item.plan.state == PlanState.APPROVED
    return {
        "item": row.item,
        "row": row,
        "plan": item.plan,
        "language_code": (get_language() or "ru")[:2],
        "is_member": access.is_member,
        "can_manage": access.can_manage and item.plan.state != PlanState.CLOSED,
        "can_report": row.can_report and is_in_force,
        "can_link": item.plan.state != PlanState.CLOSED
        and (access.can_manage or items_reportable_by(request.user).filter(pk=item.pk).exists()),
        "can_confirm": access.can_manage and row.is_waiting,
        "can_return": access.can_manage and is_in_force and row.state in (ItemState.DONE, ItemState.CANCELLED),
        "is_in_force": is_in_force,
        "story": list_story(row.item) if access.is_member else [],
        "has_names": access_of(request.user).level >= Level.GROUP,
        "carried_to": row.item.carried_to.select_related("plan").first(),
        "history": read_plan_history(request.user, item.plan, item=item.ref) if access.is_member else [],
        "actions": list_actions(request, item),
        "link_form": build_link_form(request, {"version": row.item.version}),
        "trail": build_trail(item.plan, (_("Item %(number)s") % {"number": item.number}, "")),
    }


def build_link_form(request: HttpRequest, initial: dict[str, Any]) -> DeliverableForm:
    return DeliverableForm(initial=initial, choices=list_objects(request.user), auto_id="link_%s")


def list_actions(request: HttpRequest, item: PlanItem) -> list[dict[str, str]]:
    """Actions that come from this item, as far as the reader may see them."""
    return [
        {
            "code": action.public_id,
            "text": action.title,
            "state": str(action.get_state_display()),
            "url": reverse("actions:action", args=[action.public_id]),
        }
        for action in list_by_origin(request.user, "plan_item", item.ref)
    ]


@require_http_methods(FORM_METHODS)
def add_item(request: HttpRequest, year: int) -> HttpResponse:
    require_manager(request)
    plan = open_plan(request, year)
    form = PlanItemForm(request.POST or None, plan=plan, initial={"version": plan.version})
    page = FormPage(
        heading=_("New item of the plan for %(year)s") % {"year": year},
        save_label=_("Add the item"),
        back_url=reverse("meetings:plan", args=[year]),
        trail=build_trail(plan, (_("New item"), "")),
    )

    def save(sent: Any) -> HttpResponse:
        made = services.add_item(plan, sent.build(), by=request.user)  # type: ignore[arg-type]
        return redirect(f"{reverse('meetings:plan', args=[year])}#item-{made.number}")

    return answer_form(request, form, page, save=save)


@require_http_methods(FORM_METHODS)
def edit_item(request: HttpRequest, year: int, number: int) -> HttpResponse:
    item = open_managed_item(request, year, number)
    initial = PlanItemForm.read_initial(item, item.plan)
    form = PlanItemForm(request.POST or None, plan=item.plan, item=item, initial=initial)
    page = describe_form(item, _("Change item %(number)s"), _("Save the item"))
    page.compare = lambda sent: compare_item(item, sent)

    def save(sent: Any) -> HttpResponse:
        data = sent.cleaned_data
        services.change_item(item, sent.build(), by=request.user, version=data["version"], reason=data["reason"])  # type: ignore[arg-type]
        return done(request, item)

    return answer_form(request, form, page, save=save)


def compare_item(item: PlanItem, form: Form) -> tuple[list[tuple[Any, str, str]], int]:
    """Label, what stands now, what is typed: for each field of the form that differs."""
    current = PlanItem.objects.select_related("plan").get(pk=item.pk)
    now = PlanItemForm.read_initial(current, current.plan)
    bodies: dict[str, Any] = getattr(form, "bodies", {})

    def say(value: Any) -> str:
        return ", ".join(str(bodies.get(code, code)) for code in value) if isinstance(value, list) else str(value)

    lines = []
    for name, spec in form.fields.items():
        typed = form.data.getlist(name) if isinstance(now.get(name), list) else form.data.get(name, "")  # type: ignore[union-attr]
        same = set(typed) == set(now[name]) if isinstance(typed, list) else str(now.get(name, "")) == typed
        if name in now and name != "version" and not same:
            lines.append((spec.label, say(now[name]), say(typed)))
    return lines, current.version


@require_http_methods(FORM_METHODS)
def report(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """What was done, what came of it, what is next; by a responsible body or the secretary."""
    item = open_reportable_item(request, year, number)
    form = ReportForm(request.POST or None, initial={"version": item.version, "next_step": item.next_steps})
    page = describe_form(item, _("Report on item %(number)s"), _("Send the report"))
    page.compare = lambda sent: compare_report(item, sent)
    if not group_access_of(request.user).can_manage:
        page.note = _("An item that you report as done waits for the word of the secretary.")

    def save(sent: Any) -> HttpResponse:
        language = (get_language() or "ru")[:2]
        services.report_on_item(item, sent.build(language), by=request.user, version=sent.cleaned_data["version"])  # type: ignore[arg-type]
        messages.success(request, _("Saved. The report stands in the story of the item."))
        return done(request, item)

    return answer_form(request, form, page, save=save)


def compare_report(item: PlanItem, form: Form) -> tuple[list[tuple[Any, str, str]], int]:
    """The report that came first, and the one that is typed here."""
    current = PlanItem.objects.get(pk=item.pk)
    last = current.reports.first()
    state = dict(ItemState.choices)
    lines = []
    for name, spec in form.fields.items():
        if name in ("version", "done_on"):
            continue
        theirs = str((current.state if name == "state" else getattr(last, name, "")) or "")
        mine = form.data.get(name, "")
        if name == "state":
            theirs, mine = str(state.get(theirs, theirs)), str(state.get(mine, mine))
        if theirs or mine:
            lines.append((spec.label, format_partial_date(theirs) if name == "next_due" else theirs, mine))
    return lines, current.version


def describe_form(item: PlanItem, heading: str, save_label: str, *, is_danger: bool = False) -> FormPage:
    heading = heading % {"number": item.number}
    return FormPage(
        heading=heading,
        save_label=save_label,
        back_url=item_url(item),
        trail=build_trail(item.plan, (_("Item %(number)s") % {"number": item.number}, item_url(item)), (heading, "")),
        facts=[
            (_("Item"), name_item(item)),
            (pgettext_lazy("date", "Due"), say_dates(item)),
            (_("Status"), item.get_state_display()),
        ],
        is_danger=is_danger,
        compare=lambda sent: compare_state(item),
    )


def compare_state(item: PlanItem) -> tuple[list[tuple[Any, str, str]], int]:
    current = PlanItem.objects.get(pk=item.pk)
    lines = [(_("Status"), str(current.get_state_display()), ""), (pgettext_lazy("date", "Due"), say_dates(current), "")]
    return lines, current.version


def say_dates(item: PlanItem) -> str:
    """The date, with the first one where it was moved."""
    due = format_partial_date(item.due)
    if item.first_due == item.due:
        return due
    return _("%(due)s (first: %(first)s)") % {"due": due, "first": format_partial_date(item.first_due)}


def done(request: HttpRequest, item: PlanItem) -> HttpResponse:
    return redirect(item_url(item))


# --- steps of the secretary -------------------------------------------------------------------------------------------


@require_http_methods(FORM_METHODS)
def postpone(request: HttpRequest, year: int, number: int) -> HttpResponse:
    item = open_managed_item(request, year, number)
    page = describe_form(item, _("Postpone item %(number)s"), _("Postpone the item"))
    page.note = _("The first date stays in the table beside the new one.")
    form = PostponeForm(request.POST or None, initial={"version": item.version})
    return answer_form(request, form, page, save=take(request, item, services.postpone_item, "due", "reason"))


@require_http_methods(FORM_METHODS)
def carry(request: HttpRequest, year: int, number: int) -> HttpResponse:
    item = open_managed_item(request, year, number)
    page = describe_form(item, _("Carry item %(number)s to another year"), _("Carry the item"))
    page.note = _("The reports and the first date go with it. A plan of that year is made as a draft if there is none.")
    form = CarryForm(request.POST or None, initial={"version": item.version, "year": year + 1, "due": str(year + 1)})
    return answer_form(request, form, page, save=take(request, item, services.carry_item, "year", "due", "reason"))


@require_http_methods(FORM_METHODS)
def cancel(request: HttpRequest, year: int, number: int) -> HttpResponse:
    item = open_managed_item(request, year, number)
    page = describe_form(item, _("Cancel item %(number)s"), _("Cancel the item"), is_danger=True)
    page.note = _("The item stays in the table with the reason.")
    form = ReasonForm(request.POST or None, initial={"version": item.version})
    return answer_form(request, form, page, save=take(request, item, services.cancel_item, "reason"))


@require_http_methods(FORM_METHODS)
def send_back(request: HttpRequest, year: int, number: int) -> HttpResponse:
    item = open_managed_item(request, year, number)
    page = describe_form(item, _("Send item %(number)s back to work"), _("Send the item back"))
    form = ReasonForm(request.POST or None, initial={"version": item.version})
    return answer_form(request, form, page, save=take(request, item, services.return_item, "reason"))


def take(request: HttpRequest, item: PlanItem, action: Callable[..., Any], *names: str) -> Callable[[Any], HttpResponse]:
    """Saving of a step: the named fields of the form go to the service by name."""

    def save(form: Any) -> HttpResponse:
        data = form.cleaned_data
        action(item, **{name: data[name] for name in names}, by=request.user, version=data["version"])
        return done(request, item)

    return save


@require_POST
def confirm(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """The secretary's word that the item is done."""
    item = open_managed_item(request, year, number)
    return press(request, item, lambda version: services.confirm_item(item, by=request.user, version=version))  # type: ignore[arg-type]


@require_POST
def link_deliverable(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """Link what the item has produced."""
    item = open_reportable_item(request, year, number)
    kind, _colon, ref = request.POST.get("object", "").partition(":")
    label = request.POST.get("label", "")
    return press(
        request,
        item,
        lambda version: services.add_deliverable(item, kind, ref=ref, label=label, by=request.user, version=version),  # type: ignore[arg-type]
    )


@require_POST
def unlink_deliverable(request: HttpRequest, year: int, number: int, *, pk: int) -> HttpResponse:
    item = open_reportable_item(request, year, number)
    return press(request, item, lambda version: services.remove_deliverable(item, pk, by=request.user, version=version))  # type: ignore[arg-type]


def press(request: HttpRequest, item: PlanItem, action: Callable[[int], Any]) -> HttpResponse:
    """One button on the item's page: done, or the page again with the reason why not and what was typed."""
    version = request.POST.get("version", "")
    try:
        action(int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1)
    except BogetError as error:
        context = describe_item(request, item) | {"errors": [("", translate(error))]}
        typed = {name: request.POST.get(name, "") for name in ("object", "label")}
        context["link_form"] = build_link_form(request, {**typed, "version": context["item"].version})
        return render(request, "meetings/plan_item.html", context, status=choose_status(error))
    return done(request, item)
