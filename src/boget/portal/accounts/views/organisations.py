"""Organisations: the list with what they are called now, one body with its names by period, add and rename."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from boget.portal.accounts import services
from boget.portal.accounts.forms import OrganisationForm, RenameForm
from boget.portal.accounts.models import Organisation
from boget.portal.accounts.selectors import (
    access_of,
    find_organisations,
    list_names,
    memberships_visible_to,
    organisations_visible_to,
    today,
)

PAGE = 50
MAX_QUERY = 200


def list_organisations(request: HttpRequest) -> HttpResponse:
    """All organisations, or those whose name of any time and language holds the text asked for."""
    text = request.GET.get("q", "")[:MAX_QUERY].strip()
    rows = find_organisations(request.user, text)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"page_of_rows": page, "text": text, "can_administer": access_of(request.user).can_administer}
    return render(request, "accounts/organisations.html", context)


def show_organisation(request: HttpRequest, code: str) -> HttpResponse:
    """One body: its names by period, its members where the reader may see people."""
    organisation = get_object_or_404(organisations_visible_to(request.user), code=code)
    members = memberships_visible_to(request.user).filter(organisation__in=organisation.lineage())
    context = {
        "organisation": organisation,
        "names": list_names(organisation),
        "now": organisation.current(),
        "members": members.on(today()).order_by("user__name"),
        "shows_members": bool(access_of(request.user).roles),
        "can_administer": access_of(request.user).can_administer,
    }
    return render(request, "accounts/organisation.html", context)


def add_organisation(request: HttpRequest) -> HttpResponse:
    """Register an organisation: the secretary."""
    _require_secretary(request)
    form = OrganisationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in services.ORGANISATION_FIELDS}
        by = services.actor_of(request.user)
        organisation = services.create_organisation(code=form.cleaned_data["code"], values=values, by=by)
        return redirect("accounts:organisation", code=organisation.code)
    return _render_form(request, "accounts/organisation_new.html", form)


def rename_organisation(request: HttpRequest, code: str) -> HttpResponse:
    """Register the new name of an organisation from a day on: the secretary."""
    _require_secretary(request)
    organisation = get_object_or_404(Organisation, code=code, successor=None)
    form = RenameForm(request.POST if request.method == "POST" else None, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        successor = services.rename_organisation(
            organisation,
            code=form.cleaned_data["code"],
            names={name: form.cleaned_data[name] for name in services.NAME_FIELDS},
            first_day=form.cleaned_data["first_day"],
            by=services.actor_of(request.user),
        )
        return redirect("accounts:organisation", code=successor.code)
    return _render_form(request, "accounts/organisation_rename.html", form, organisation=organisation)


def _require_secretary(request: HttpRequest) -> None:
    if not access_of(request.user).can_administer:
        raise Http404


def _render_form(request: HttpRequest, template: str, form: ModelForm, **context: Any) -> HttpResponse:
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)
