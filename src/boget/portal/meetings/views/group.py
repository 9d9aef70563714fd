"""The page of the working group, and what the secretary changes on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from boget.portal.accounts.selectors import access_of
from boget.portal.core.levels import Level
from boget.portal.meetings.forms.group import BodyForm, EndForm, PersonForm, RulesForm
from boget.portal.meetings.models import GroupBody, GroupPerson, WorkingGroup
from boget.portal.meetings.selectors.group import (
    find_group,
    list_accounts,
    list_kinds,
    list_persons,
    list_roles_by_body,
    list_tasks,
)
from boget.portal.meetings.selectors.plan import say_text
from boget.portal.meetings.selectors.rights import group_access_of
from boget.portal.meetings.services import group as services
from boget.portal.meetings.views.plan_forms import FormPage, answer_form, require_manager

FORM_METHODS = ["GET", "HEAD", "POST"]
TOO_LARGE = 2**31


@require_safe
def show_group(request: HttpRequest) -> HttpResponse:
    """Mandate and bodies for everybody; people for members."""
    group, language = find_group(), (get_language() or "ru")[:2]
    access = group_access_of(request.user)
    context: dict[str, Any] = {"group": group, "is_member": access.is_member, "can_manage": access.can_manage}
    if group is not None:
        context |= {
            "kinds": list_kinds(group),
            "persons": list_persons(request.user, group),
            "roles": list_roles_by_body(request.user, group),
            "has_names": access_of(request.user).level >= Level.GROUP,
            "tasks": list_tasks(group),
            "order_by": say_text(group, "order_by", language)[0],
            "language_code": language,
            "quorum": round(group.quorum_share * 100, 1),
        }
    return render(request, "meetings/group.html", context)


def open_group(request: HttpRequest) -> WorkingGroup:
    require_manager(request)
    group = find_group()
    if group is None:
        raise Http404
    return group


def build_page(heading: str, save_label: str, **more: Any) -> FormPage:
    url = reverse("meetings:group")
    return FormPage(heading, save_label, url, [(_("Working group"), url), (heading, "")], **more)


def save_with(action: Callable[[dict[str, Any]], Any]) -> Callable[[Any], HttpResponse]:
    """Saving of a form by a service, then back to the group."""

    def save(form: Any) -> HttpResponse:
        action(form)
        return redirect("meetings:group")

    return save


@require_http_methods(FORM_METHODS)
def add_body(request: HttpRequest) -> HttpResponse:
    group = open_group(request)
    form = BodyForm(request.POST or None)
    page = build_page(_("Add an organisation to the group"), _("Add the organisation"))
    return answer_form(
        request,
        form,
        page,
        save=save_with(lambda sent: services.add_body(group, **sent.cleaned_data, by=request.user)),  # type: ignore[attr-defined]
    )


@require_http_methods(FORM_METHODS)
def end_body(request: HttpRequest, pk: int) -> HttpResponse:
    group = open_group(request)
    body = get_object_or_404(GroupBody.objects.filter(group=group), pk=check_key(pk))
    page = build_page(
        _("End the membership of an organisation"),
        _("End the membership"),
        facts=[(_("Organisation"), str(body.organisation))],
        note=_("Its people leave the group on the same day. Papers of earlier days keep them."),
        is_danger=True,
    )
    form = EndForm(request.POST or None)
    return answer_form(
        request,
        form,
        page,
        save=save_with(lambda sent: services.end_body(body, **sent.cleaned_data, by=request.user)),  # type: ignore[attr-defined]
    )


@require_http_methods(FORM_METHODS)
def add_person(request: HttpRequest) -> HttpResponse:
    group = open_group(request)
    form = PersonForm(request.POST or None, group=group, accounts=list_accounts(request.user))
    page = build_page(_("Add a person to the group"), _("Add the person"))
    return answer_form(
        request,
        form,
        page,
        save=save_with(lambda sent: services.add_person(group, sent.build(), by=request.user)),  # type: ignore[attr-defined]
    )


@require_http_methods(FORM_METHODS)
def end_person(request: HttpRequest, pk: int) -> HttpResponse:
    group = open_group(request)
    person = get_object_or_404(GroupPerson.objects.filter(group=group), pk=check_key(pk))
    facts = [(_("Person"), person.name), (_("Organisation"), str(person.organisation)), (_("Role"), person.get_role_display())]
    page = build_page(_("End the role of a person"), _("End the role"), facts=facts, is_danger=True)
    form = EndForm(request.POST or None)
    return answer_form(
        request,
        form,
        page,
        save=save_with(lambda sent: services.end_person(person, **sent.cleaned_data, by=request.user)),  # type: ignore[attr-defined]
    )


@require_http_methods(FORM_METHODS)
def change_rules(request: HttpRequest) -> HttpResponse:
    group = open_group(request)
    initial = {
        "quorum": round(group.quorum_share * 100, 1),
        "chair_decides_ties": group.chair_decides_ties,
        "is_from_statute": group.quorum_status == "verified",
    }
    form = RulesForm(request.POST or None, initial=initial)
    page = build_page(_("Quorum and votes"), _("Save the rules"))

    def act(sent: Any) -> None:
        data = dict(sent.cleaned_data)
        services.change_rules(group, quorum_share=data.pop("quorum") / 100, **data, by=request.user)  # type: ignore[arg-type]

    return answer_form(request, form, page, save=save_with(act))


def check_key(pk: int) -> int:
    """404 for a number that no column holds."""
    if pk >= TOO_LARGE:
        raise Http404
    return pk
