"""The page on which a person says which watercourse takes the water of a facility."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from boget.portal.core.errors import choose_status, refuse, translate
from boget.portal.core.formatting import format_number, format_quantity
from boget.portal.registry.forms.reading import read_version
from boget.portal.registry.models import Facility
from boget.portal.registry.selectors.opening import open_facility
from boget.portal.scenarios.forms.receiving import ReceivingForm
from boget.portal.scenarios.selectors import saying
from boget.portal.scenarios.selectors.naming import choose_name
from boget.portal.scenarios.selectors.rights import may_confirm_water
from boget.portal.scenarios.selectors.runs import find_receiving_water
from boget.portal.scenarios.services.candidates import Candidate, find_candidate, find_start, list_candidates
from boget.portal.scenarios.services.receiving import Entrance, confirm_receiving_water
from boget.science.errors import BogetError

UNPROCESSABLE = 422
DIGITS = 1
"""Of the kilometre nearest to the facility, as fine as the embedded table: who reads a run may not know the exact point."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_water(request: HttpRequest, public_id: str) -> HttpResponse:
    """Reaches near the facility on a map and in a list; one is confirmed with source and reason."""
    facility = open_facility(Facility.objects.visible_to(request.user), public_id)
    if not may_confirm_water(request.user, facility):
        raise Http404
    point = find_start(facility, level=facility.level)  # type: ignore[attr-defined]
    candidates = list_candidates(point) if point else []
    options = {"candidates": candidates, "labels": [(str(one.reach_id), name_candidate(one)) for one in candidates]}
    if request.method != "POST":
        form = ReceivingForm(initial=_describe_now(facility, candidates), **options)
        return _show(request, facility, form, point=point)
    form = ReceivingForm(request.POST, **options)
    if not form.is_valid():
        return _show(request, facility, form, point=point, status=UNPROCESSABLE)
    try:
        _confirm(request, facility, form, point=point)
    except BogetError as error:
        form.add_error(None, translate(error))
        return _show(request, facility, form, point=point, status=choose_status(error))
    messages.success(request, _("Saved. Runs and the screening that had another way are marked."))
    return HttpResponseRedirect(f"{reverse('registry:facility', args=[public_id])}?tab=scenarios")


def _confirm(request: HttpRequest, facility: Facility, form: ReceivingForm, *, point: tuple[float, float] | None) -> None:
    found = form.candidates.get(str(form.reach_id))
    if found is None:
        found = find_candidate(form.reach_id or 0, point or (0.0, 0.0))
    if found is None or (point is None and form.entry_km is None):
        raise refuse("required", where=form.fields["km"].label)
    entrance = Entrance(
        found.reach_id,
        min(round(found.entry_km, DIGITS), found.length_km) if form.entry_km is None else form.entry_km,
        found.longitude,
        found.latitude,
        found.names,
    )
    words = {name: form.cleaned_data[name] for name in ("source", "reason")}
    confirm_receiving_water(facility, entrance, by=request.user, version=read_version(request.POST), **words)


def name_candidate(one: Candidate) -> str:
    """ "Ulba: 0.4 km from the facility, catchment 5 050 km²" """
    name = choose_name(one.names) or _("watercourse without a name")
    words = _("%(name)s, reach %(reach)s: %(distance)s from the facility, catchment %(area)s")
    return words % {
        "name": name,
        "reach": one.reach_id,
        "distance": saying.say_distance(one.off_m),
        "area": format_quantity(float(f"{one.upland_km2:.3g}"), "km2"),
    }


def _describe_now(facility: Facility, candidates: list[Candidate]) -> dict[str, Any]:
    """What is confirmed now, else the nearest reach."""
    water = find_receiving_water(facility)
    if water is None:
        return {"reach": str(candidates[0].reach_id)} if candidates else {"reach": "other"}
    is_near = any(one.reach_id == water.reach_id for one in candidates)
    return {
        "reach": str(water.reach_id) if is_near else "other",
        "other": "" if is_near else str(water.reach_id),
        "km": format_number(round(water.entry_km, 2)),
        "source": water.source,
    }


def _show(
    request: HttpRequest, facility: Facility, form: ReceivingForm, *, point: tuple[float, float] | None, status: int = 200
) -> HttpResponse:
    water = find_receiving_water(facility)
    context = {
        "facility": facility,
        "form": form,
        "water": water,
        "water_name": choose_name(water.names) if water else "",
        "version": read_version(request.POST) if request.method == "POST" else (water.version if water else 0),
        "features": build_features(point, form),
        "has_point": point is not None,
        "trail": [
            (facility.public_id, reverse("registry:facility", args=[facility.public_id])),
            (_("Receiving watercourse"), ""),
        ],
    }
    return render(request, "scenarios/receiving.html", context, status=status)


def build_features(point: tuple[float, float] | None, form: ReceivingForm) -> dict[str, Any]:
    """GeoJSON for the map: the facility, each reach near it, and its place of entry with its number."""
    features: list[dict[str, Any]] = []
    if point is not None:
        features.append(_feature("Point", list(point), {"kind": "release", "label": _("facility")}))
    for one in form.candidates.values():
        features.append(_feature("LineString", [list(vertex) for vertex in one.line], {"kind": "way"}))
        name = choose_name(one.names) or str(one.reach_id)
        features.append(
            _feature("Point", [one.longitude, one.latitude], {"kind": "target", "id": str(one.reach_id), "label": name})
        )
    return {"type": "FeatureCollection", "features": features}


def _feature(shape: str, coordinates: Any, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": shape, "coordinates": coordinates}, "properties": properties}
