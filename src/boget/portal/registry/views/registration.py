"""A new facility without making a double, a new structure, and who may see a record."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from boget.portal.accounts.selectors import access_of
from boget.portal.accounts.services import actor_of
from boget.portal.core.errors import choose_status, translate
from boget.portal.registry import services
from boget.portal.registry.fields import list_fields
from boget.portal.registry.forms.group import GroupForm
from boget.portal.registry.forms.registration import DisclosureForm, NewForm
from boget.portal.registry.models import Dam, Facility, Impoundment
from boget.portal.registry.selectors.nearby import Alike, list_alike
from boget.portal.registry.selectors.opening import open_facility
from boget.portal.registry.views.card import build_trail
from boget.portal.registry.views.editing import UNPROCESSABLE
from boget.science.errors import BogetError

STRUCTURES = {"impoundment": (Impoundment, "volume"), "dam": (Dam, "dam")}
PUBLISHERS = {"secretary", "editor"}


@require_http_methods(["GET", "HEAD", "POST"])
def register_facility(request: HttpRequest) -> HttpResponse:
    """Step 1 name and place, step 2 what is near and alike with the required core; then the card of the new record."""
    access = access_of(request.user)
    if not access.can_edit:
        raise Http404
    form = NewForm(can_publish=bool(access.roles & PUBLISHERS))
    if request.method != "POST":
        return show_new(request, form, step="look")
    if not form.fill(request.POST).check_place():
        step = request.POST.get("step", "look")
        return show_new(request, form, step="register" if step == "register" else "look", status=UNPROCESSABLE)
    if request.POST.get("step") != "register":
        return show_new(request, form, step="register")
    return register(request, form)


def register(request: HttpRequest, form: NewForm) -> HttpResponse:
    if not form.check_rest(has_alike=bool(find_alike(request, form))):
        return show_new(request, form, step="register", status=UNPROCESSABLE)
    source = form.source.source.text
    try:
        made = services.register_facilities([form.build()], actor=actor_of(request.user), source=source, reason=form.reason)
    except BogetError as error:
        form.messages.append(("", translate(error)))
        return show_new(request, form, step="register", status=choose_status(error))
    messages.success(request, _("Registered: %(id)s.") % {"id": made[0].public_id})
    if form.is_outside:
        messages.warning(request, _("The point lies outside the country. Check it."))
    return redirect("registry:facility", public_id=made[0].public_id)


def find_alike(request: HttpRequest, form: NewForm) -> list[Alike]:
    return list_alike(Facility.objects.visible_to(request.user), form.names, place=form.place)


def show_new(request: HttpRequest, form: NewForm, *, step: str, status: int = 200) -> HttpResponse:
    trail = [(_("Registry"), reverse("registry:facilities")), (_("New facility"), "")]
    context = {
        "form": form,
        "step": step,
        "errors": form.summary,
        "alike": find_alike(request, form) if step == "register" else [],
        "trail": trail,
    }
    return render(request, "registry/new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def add_structure(request: HttpRequest, public_id: str, record_type: str) -> HttpResponse:
    """A further impoundment or dam with its first values."""
    facility = open_facility(Facility.objects.editable_by(request.user), public_id)
    if record_type not in STRUCTURES:
        raise Http404
    model, group = STRUCTURES[record_type]
    record = model(facility=facility)
    form = GroupForm(record, list_fields(record_type, group=group, level=facility.level), level=facility.level)
    if request.method != "POST":
        return show_structure(request, facility, form)
    if not form.fill(request.POST).check():
        return show_structure(request, facility, form, status=UNPROCESSABLE)
    return save_structure(request, facility, form)


def save_structure(request: HttpRequest, facility: Facility, form: GroupForm) -> HttpResponse:
    source = form.source.source
    claims = {code: claim for code, claim in form.claims.items() if claim is not None}
    try:
        made = services.add_structure(
            facility, form.record.record_type, claims, actor=actor_of(request.user), source=source.text, reason=source.reason
        )
    except BogetError as error:
        form.add_error(error)
        return show_structure(request, facility, form, status=choose_status(error))
    messages.success(request, _("Registered: %(id)s.") % {"id": made.public_id})
    return redirect("registry:facility", public_id=facility.public_id)


def show_structure(request: HttpRequest, facility: Facility, form: GroupForm, *, status: int = 200) -> HttpResponse:
    context = {
        "facility": facility,
        "form": form,
        "heading": _("New dam") if form.record.record_type == "dam" else _("New impoundment"),
        "errors": form.summary,
    }
    context["trail"] = build_trail(facility, (context["heading"], ""))
    return render(request, "registry/new_structure.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def change_disclosure(request: HttpRequest, public_id: str) -> HttpResponse:
    """Publish, withdraw, retire or merge; the secretary and the editors only."""
    if not access_of(request.user).roles & PUBLISHERS:
        raise Http404
    facility = open_facility(Facility.objects.visible_to(request.user), public_id)
    form = DisclosureForm(facility)
    if request.method != "POST":
        return show_disclosure(request, form, [])
    form.fill(request.POST)
    try:
        made = services.set_disclosure(
            facility, form.disclosure, reason=form.reason, actor=actor_of(request.user), merged_into=form.merged_into
        )
    except BogetError as error:
        return show_disclosure(request, form, [(f"d-{place_error(error)}", translate(error))], status=choose_status(error))
    messages.success(request, _("Saved. Entry %(number)s of the log.") % {"number": made.seq})
    return redirect("registry:facility", public_id=public_id)


def place_error(error: BogetError) -> str:
    return {"merge_target": "merged_into", "not_in_list": "disclosure"}.get(error.code, "reason")


def show_disclosure(request: HttpRequest, form: DisclosureForm, errors: list[Any], *, status: int = 200) -> HttpResponse:
    context = {
        "facility": form.facility,
        "form": form,
        "errors": errors,
        "trail": build_trail(form.facility, (_("Disclosure"), "")),
    }
    return render(request, "registry/disclosure.html", context, status=status)
