"""A new river forecast: one form, checked on the server; parts of it come alone where a script asks for them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from boget.portal.core.coordinates import parse_degrees
from boget.portal.core.errors import translate
from boget.portal.scenarios.forms.prefilling import describe_run
from boget.portal.scenarios.forms.river import Origin, RiverForm, guess_release
from boget.portal.scenarios.models import Run
from boget.portal.scenarios.selectors import way_rows
from boget.portal.scenarios.selectors.catalogue import list_limits
from boget.portal.scenarios.selectors.presets import read_kinds
from boget.portal.scenarios.selectors.rights import may_confirm_water, may_request, may_request_anywhere
from boget.portal.scenarios.services import composing, rivers
from boget.portal.scenarios.services.runs import request_run
from boget.portal.scenarios.views.opening import build_trail, find_address
from boget.science.errors import BogetError

UNPROCESSABLE = 422
PARTS = {"way": "scenarios/wizard_way.html", "limits": "scenarios/wizard_limits.html", "taken": "scenarios/wizard_taken.html"}
PREFILLED = ("facility", "reach", "km", "latitude", "longitude", "substance", "preset", "mode", "season", "title")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start_river(request: HttpRequest) -> HttpResponse:
    """The form; ``?part=`` a part of it for what stands in the form; POST with ``look`` the same page, nothing asked for."""
    if not may_request(request.user):
        raise Http404
    substances = rivers.open_rivers().substances
    if request.method == "POST":
        form = RiverForm(request.POST, user=request.user, substances=substances)
        return _show(request, _loosen(form, request)) if "look" in request.POST else _ask(request, form)
    part = PARTS.get(request.GET.get("part", ""))
    if part:
        form = RiverForm(user=request.user, substances=substances, initial=_read_typed(request))
        return render(request, part, _describe(request, form))
    return _show(request, RiverForm(user=request.user, substances=substances, initial=_prefill(request)))


def _loosen(form: RiverForm, request: HttpRequest) -> RiverForm:
    """The typed form without its errors: whoever only wants to look has not finished it."""
    return RiverForm(user=request.user, substances=form.substances, initial={name: form.data.get(name) for name in form.fields})


def _read_typed(request: HttpRequest) -> dict[str, Any]:
    return {name: request.GET[name] for name in RiverForm.base_fields if name in request.GET}


def _prefill(request: HttpRequest) -> dict[str, Any]:
    """From another run, a facility, a reach or a point of the address."""
    filled: dict[str, Any] = {}
    origin = Run.objects.visible_to(request.user).filter(public_id=request.GET.get("from", "")[:20]).first()
    if origin is not None:
        filled |= describe_run(origin)
    filled |= {name: request.GET[name][:200] for name in PREFILLED if name in request.GET}
    if "reach" in request.GET:
        filled["place"] = "reach"
    elif "latitude" in request.GET:
        filled["place"] = "point"
    elif "facility" in request.GET:
        filled["place"] = "facility"
    return filled


def _ask(request: HttpRequest, form: RiverForm) -> HttpResponse:
    if not form.is_valid():
        return _show(request, form, status=UNPROCESSABLE)
    origin = form.origin or Origin()
    try:
        scenario = composing.compose(form.describe())
        run = request_run(
            scenario,
            by=request.user,
            facility=origin.facility,
            mode=form.cleaned_data["mode"],
            started_at=form.started_at,  # type: ignore[arg-type]
            title=form.cleaned_data["title"],
        )
    except BogetError as error:
        form.add_error(None, translate(error))
        return _show(request, form, status=UNPROCESSABLE)
    messages.success(request, _("Run %(number)s was asked for.") % {"number": run.public_id})
    return HttpResponseRedirect(find_address(run))


def _show(request: HttpRequest, form: RiverForm, *, status: int = 200) -> HttpResponse:
    return render(request, "scenarios/wizard.html", _describe(request, form), status=status)


def _describe(request: HttpRequest, form: RiverForm) -> dict[str, Any]:
    """Everything the templates need, for what stands in the form now."""
    guess = guess_release(form)
    return {
        "form": form,
        "trail": build_trail((_("New river forecast"), "")),
        "limits": list_limits(form.substances.get(form.read("substance"))),
        "guess": way_rows.say_guess(guess) if guess else None,
        "kind": read_kinds().get(form.read("preset")),
        "can_pick": may_request_anywhere(request.user),
        "features": way_rows.NOTHING,
        **_describe_way(request, form),
    }


def _describe_way(request: HttpRequest, form: RiverForm) -> dict[str, Any]:
    """What lies downstream of the place that stands in the form; a sentence where there is no way."""
    origin = _read_origin(form)
    if origin is None:
        return {"way": None}
    water_url = ""
    if origin.facility is not None and may_confirm_water(request.user, origin.facility):
        water_url = reverse("scenarios:receiving_water", args=[origin.facility.public_id])
    try:
        sketch = composing.sketch(origin, season=form.read("season"))
        way = way_rows.describe_way(sketch)
        return {"way": way, "features": way["features"], "water_url": water_url, "water": composing.find_confirmed(origin)}
    except BogetError as error:
        return {"way": None, "way_fault": translate(error), "water_url": water_url}


def _read_origin(form: RiverForm) -> Origin | None:
    """The place, as far as it can be read; None while it is not told, or is of a kind that is not open to the person."""
    place = form.read("place")
    match place if place in dict(form.fields["place"].choices) else "":  # type: ignore[attr-defined]
        case "facility":
            facility = form.facilities.get(form.read("facility"))
            return Origin(facility=facility) if facility else None
        case "point":
            try:
                latitude, longitude = (parse_degrees(form.read(axis), axis) for axis in ("latitude", "longitude"))
            except BogetError:
                return None
            return Origin(point=(longitude, latitude))
        case "reach":
            try:
                reach, km = form.read_whole(form.read("reach").strip()), form.read_kilometres(form.read("km").strip())
            except BogetError:
                return None
            return Origin(reach_id=reach, entry_km=km)
    return None
