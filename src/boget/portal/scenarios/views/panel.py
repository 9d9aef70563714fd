"""The panel on the card of a facility: its runs, as the reader may see them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from boget.portal.registry.models import Facility
from boget.portal.registry.selectors.opening import open_facility
from boget.portal.scenarios.selectors.crossings import list_crossings, say_crossing
from boget.portal.scenarios.selectors.naming import choose_name
from boget.portal.scenarios.selectors.rights import facilities_computable_by, may_confirm_water, may_read
from boget.portal.scenarios.selectors.run_list import build_rows
from boget.portal.scenarios.selectors.runs import find_receiving_water, list_of_facility

SHOWN = 20


@require_safe
@vary_on_headers("HX-Request")
def show_panel(request: HttpRequest, public_id: str) -> HttpResponse:
    """A fragment for htmx, else a page of its own; the card does not offer it to the public, which gets 404."""
    if not may_read(request.user):
        raise Http404
    facility = open_facility(Facility.objects.visible_to(request.user), public_id)
    runs = list(list_of_facility(request.user, facility)[: SHOWN + 1])
    water = find_receiving_water(facility)
    context = {
        "facility": facility,
        "rows": build_rows(runs[:SHOWN]),
        "has_more": len(runs) > SHOWN,
        "water": water,
        "water_name": choose_name(water.names) if water else "",
        "can_confirm": may_confirm_water(request.user, facility),
        "crossings": [(row, say_crossing(row)) for row in list_crossings(facility)],
        "can_run": facilities_computable_by(request.user).filter(pk=facility.pk).exists(),
        "trail": [(public_id, reverse("registry:facility", args=[public_id])), (_("Scenarios"), "")],
    }
    is_fragment = bool(request.headers.get("HX-Request"))
    return render(request, "scenarios/panel_body.html" if is_fragment else "scenarios/panel.html", context)
