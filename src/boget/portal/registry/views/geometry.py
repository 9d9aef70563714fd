"""Where a facility lies: its point, its footprint, its dam axis; drawn on a map or typed as coordinates."""

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
from boget.portal.core.coordinates import ZONES
from boget.portal.core.errors import Conflict, choose_status, translate
from boget.portal.registry.fields import Field, find_field
from boget.portal.registry.forms.geometry import GeometryForm
from boget.portal.registry.models import Facility
from boget.portal.registry.selectors.card import SHAPES
from boget.portal.registry.selectors.conflicts import compare_versions
from boget.portal.registry.selectors.opening import open_facility
from boget.portal.registry.services import change_values, propose_values
from boget.portal.registry.views.card import build_trail
from boget.portal.registry.views.editing import UNPROCESSABLE, tell_saved
from boget.science.errors import BogetError

DRAWN = {"point": "point", "polygon": "polygon", "line": "linestring"}  # words of the drawing script


@require_http_methods(["GET", "HEAD", "POST"])
def edit_geometry(request: HttpRequest, public_id: str) -> HttpResponse:
    """One geometry at a time: ``?what=point|footprint|dam_axis``."""
    facility = open_facility(Facility.objects.proposable_by(request.user), public_id)
    form = GeometryForm(facility, read_what(request), proposes=not access_of(request.user).can_edit)
    if request.method != "POST":
        return show_form(request, form)
    if request.POST.get(f"take-{form.field.code}") == "theirs":
        messages.info(request, _("The other version stays. Nothing was saved."))
        return redirect("registry:facility", public_id=public_id)
    return save(request, form.fill(request.POST))


def read_what(request: HttpRequest) -> Field:
    code = request.GET.get("what", SHAPES[0])
    if code not in SHAPES:
        raise Http404
    return find_field("facility", code)


def save(request: HttpRequest, form: GeometryForm) -> HttpResponse:
    if not form.check():
        return show_form(request, form, status=UNPROCESSABLE)
    try:
        revisions = write(request, form)
    except Conflict as conflict:
        return show_conflict(request, form, conflict)
    except BogetError as error:
        form.messages.append(("", translate(error)))
        return show_form(request, form, status=choose_status(error))
    tell_saved(request, revisions, count=1, is_proposal=form.proposes)
    warn(request, form)
    return redirect("registry:facility", public_id=form.facility.public_id)


def write(request: HttpRequest, form: GeometryForm) -> list[Any]:
    actor, source, claims = actor_of(request.user), form.source.source, {form.field.code: form.stored_claim}
    if form.proposes:
        return propose_values(form.facility, claims, source=source, actor=actor)
    return [change_values(form.facility, claims, source=source, actor=actor, version=form.version)]


def warn(request: HttpRequest, form: GeometryForm) -> None:
    """What was saved and is still odd."""
    if form.is_outside:
        messages.warning(request, _("The geometry lies outside the country or crosses its border. Check it."))
    if form.large_area:
        messages.warning(request, _("The area is %(area)s, which is unusually large. Check it.") % {"area": form.large_area})


def show_form(request: HttpRequest, form: GeometryForm, *, status: int = 200) -> HttpResponse:
    return render(request, "registry/geometry.html", describe(form), status=status)


def describe(form: GeometryForm) -> dict[str, Any]:
    facility = form.facility
    return {
        "facility": facility,
        "form": form,
        "errors": form.summary,
        "form_action": form_url(form),
        "draw_type": DRAWN[form.field.kind],
        "context_source": reverse("registry:facility", args=[facility.public_id]) + "?f=geojson",
        "kinds": [(code, find_field("facility", code).label, code == form.field.code) for code in SHAPES],
        "zones": [(str(zone), str(zone) == form.typed["zone"]) for zone in ZONES],
        "trail": build_trail(facility, (_("Geometry"), "")),
        "save_label": _("Send the proposal") if form.proposes else _("Save the geometry"),
    }


def form_url(form: GeometryForm) -> str:
    return reverse("registry:geometry", args=[form.facility.public_id]) + f"?what={form.field.code}"


def show_conflict(request: HttpRequest, form: GeometryForm, conflict: Conflict) -> HttpResponse:
    current = Facility.objects.get(pk=form.facility.pk)
    context = describe(form) | {
        "message": translate(conflict),
        "lines": compare_versions(current, [form], version=form.version, level=form.facility.level),
        "version": current.version,
    }
    return render(request, "registry/conflict.html", context, status=choose_status(conflict))
